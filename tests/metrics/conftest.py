"""A month to write records into."""

from __future__ import annotations

import pytest

from tests.metrics.month import Month


@pytest.fixture
def month() -> Month:
    """March 2026 of a desk without records."""
    return Month()
