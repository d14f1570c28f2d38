"""A change or pilot: the months before and after it, equally many, with the gap between (R9)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.effectiveness import Phase
from svcdesk.services import change_effects, undo
from svcdesk.system.errors import ProblemsError
from tests.domain.calendars import at
from tests.services.desks import no_callbacks
from tests.services.test_improvement_effect import a_month_of_answers

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.services.report_material import Event
    from svcdesk.system.clock import FixedClock

RATE = "csat_rate"


@pytest.fixture
def months(desk: Desk, clock: FixedClock) -> None:
    """Answers of five months: 60, 60, 50, 90, 100 % satisfied of ten."""
    no_callbacks(desk)
    for month, good in (("2026-01", 6), ("2026-02", 6), ("2026-03", 5), ("2026-04", 9),
                        ("2026-05", 10)):  # fmt: skip
        a_month_of_answers(desk, clock, month, good=good, bad=10 - good)
    clock.at = at("2026-06-02 10:00")


def an_event(desk: Desk, first: str, last: str) -> Event:
    values = {"title": "简化报修步骤", "starts_on": first, "ends_on": last, "kind": "change"}
    key = change_effects.save(desk, None, values).value
    return next(event for event in change_effects.events(desk) if event.id == key)


@pytest.mark.usefixtures("months")
def test_equal_windows_beside_the_months_it_touches(desk: Desk) -> None:
    found = change_effects.effect(desk, an_event(desk, "2026-03-10", "2026-03-12"), RATE)
    phases = {month.code: month.phase for month in found.months}
    assert (phases["2026-02"], phases["2026-03"], phases["2026-04"]) == (
        Phase.BEFORE, Phase.SETTLING, Phase.AFTER,
    )  # fmt: skip
    assert found.size == 2
    assert found.before == (Fraction(60), 20)
    assert found.after == (Fraction(95), 20)
    assert found.baseline_improved is True


@pytest.mark.usefixtures("months")
def test_the_last_day_counts_to_its_end(desk: Desk) -> None:
    found = change_effects.effect(desk, an_event(desk, "2026-03-31", "2026-03-31"), RATE)
    assert {m.code: m.phase for m in found.months}["2026-04"] is Phase.AFTER
    found = change_effects.effect(desk, an_event(desk, "2026-03-31", "2026-04-01"), RATE)
    assert {m.code: m.phase for m in found.months}["2026-04"] is Phase.SETTLING


@pytest.mark.usefixtures("months")
def test_what_still_runs_has_no_after(desk: Desk) -> None:
    found = change_effects.effect(desk, an_event(desk, "2026-05-20", "2026-08-31"), RATE)
    assert [m for m in found.months if m.phase is Phase.AFTER] == []
    assert (found.size, found.baseline_improved) == (0, None)


def test_the_latest_comes_first_and_undo_takes_it_back(desk: Desk) -> None:
    first, second = (
        an_event(desk, "2026-01-05", "2026-01-05"),
        an_event(desk, "2026-03-05", "2026-03-06"),
    )
    assert [e.id for e in change_effects.events(desk)] == [second.id, first.id]
    change_effects.remove(desk, second.id)
    assert [e.id for e in change_effects.events(desk)] == [first.id]
    undo.undo(desk)
    assert [e.id for e in change_effects.events(desk)] == [second.id, first.id]


def test_a_kind_that_is_none(desk: Desk) -> None:
    with pytest.raises(ProblemsError):
        change_effects.save(desk, None, {"title": "x", "starts_on": "2026-01-01",
                                         "ends_on": "2026-01-01", "kind": "magic"})  # fmt: skip
