"""What every test shares: a desk in a temporary folder, a clock that stands still, no stray log."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from svcdesk.i18n import catalog
from svcdesk.services.desk import Desk
from svcdesk.system.clock import FixedClock

if TYPE_CHECKING:
    from collections.abc import Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Wednesday 2026-04-01 10:00 in Shanghai: a working day before the 清明 holiday (4–6 April)
NOW = 1_775_008_800
SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture
def clock() -> FixedClock:
    """A clock at 2026-04-01 10:00 Shanghai."""
    return FixedClock(NOW)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    """A new, empty data file."""
    with Desk.create(tmp_path / "desk.svcdesk", person="周敏", clock=clock) as opened:
        yield opened


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Texts in English unless a test asks for another language."""
    catalog.set_language("en")
    yield
    catalog.set_language("en")


@pytest.fixture(autouse=True)
def _no_stray_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test that lets the program log a warning or worse unnoticed."""
    yield
    for phase in ("setup", "call"):
        for record in caplog.get_records(phase):
            if record.levelno >= logging.WARNING and not getattr(record, "expected", False):
                pytest.fail(f"unexpected log line: {record.name}: {record.getMessage()}")
