"""While nobody does anything on the reports page, sums of past months are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.services import preparing
from tests.services.desks import a_resolved_ticket, no_callbacks

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock
    from tests.ui.pages import Workshop

DAY = 86400


def test_idle_time_counts_what_will_be_asked_for(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:
    no_callbacks(desk)
    a_resolved_ticket(desk)
    clock.advance(40 * DAY)
    page = shop.go("reports")
    shop.qtbot.wait(200)  # what is closed by itself after a week
    shop.settle()
    clock.advance(60)
    assert preparing.missing(desk)
    page._preparing._look()  # type: ignore[attr-defined] # as if the pause were over
    shop.qtbot.waitUntil(lambda: not preparing.missing(desk), timeout=20_000)
    shop.settle()
    page._preparing._look()  # type: ignore[attr-defined]
    shop.settle()
    page.hide()
    page._preparing._look()  # type: ignore[attr-defined]
    assert shop.runner.busy == 0
