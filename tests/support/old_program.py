"""Parts of the program that an older version did not have, taken out of a test that plays one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.store import kept_follow

if TYPE_CHECKING:
    import pytest


def keeps_no_sums(patch: pytest.MonkeyPatch) -> None:
    """Let units of work go by without the kept sums, which came with version 4."""
    patch.setattr(kept_follow, "follow", lambda *_args, **_flags: None)
