"""Sums are counted while nobody waits; then a filter by any group counts no records of the month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.services import dashboards, preparing
from svcdesk.store import measures
from svcdesk.system.job import ImmediateContext
from tests.services.desks import a_resolved_ticket, a_ticket, no_callbacks

if TYPE_CHECKING:
    import pytest

    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

DAY = 86400
IDS = ["ticket_created", "frt_mean_min", "res_mean_h", "backlog_end"]


def prepared(desk: Desk) -> list[preparing.Step]:
    """Take every step that is missing, each once."""
    taken: list[preparing.Step] = []
    while step := next((one for one in preparing.missing(desk) if one not in taken), None):
        preparing.prepare(desk, step, ImmediateContext())
        taken.append(step)
    return taken


def test_an_empty_desk_has_nothing_to_prepare(desk: Desk) -> None:
    assert preparing.missing(desk) == []


def test_what_is_prepared_is_not_counted_again(
    desk: Desk, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_callbacks(desk)
    a_resolved_ticket(desk)
    a_ticket(desk)
    clock.advance(70 * DAY)
    month = dashboards.period_of(desk, "2026-04")
    with dashboards.board(desk) as board:
        (group,) = board.groups("ticket_created", month, "channel")
        plain = {m: board.figure(m, month).value for m in IDS}
    steps = prepared(desk)
    assert {step.by for step in steps} == {None, *preparing.DIMENSIONS}
    assert {step.month for step in steps} == {"2026-04", "2026-05"}
    assert preparing.missing(desk) == []
    counted: list[Any] = []
    real = measures.count

    def counting(run: Any, metrics: Any, periods: Any, by: Any = None) -> Any:
        counted.append((list(metrics), periods))
        return real(run, metrics, periods, by)

    monkeypatch.setattr(measures, "count", counting)
    with dashboards.board(desk, None, {"channel": (group.key,)}) as board:
        found = board.figures(IDS, [month])
    assert {m: found[m][month.code].value for m in IDS} == plain
    assert counted == []


def test_a_write_in_a_month_makes_it_missing_again(desk: Desk, clock: FixedClock) -> None:
    no_callbacks(desk)
    a_resolved_ticket(desk)
    clock.advance(70 * DAY)
    prepared(desk)
    clock.advance(-70 * DAY)
    a_ticket(desk)
    clock.advance(70 * DAY)
    again = prepared(desk)
    assert again
    assert {step.month for step in again} == {"2026-04", "2026-05"}
