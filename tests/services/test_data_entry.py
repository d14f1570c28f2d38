"""Timeliness and completeness of data entry by owner (3.6 entry_timeliness, Q12, Q13)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from svcdesk.services import dashboards, data_entry, tickets, undo
from svcdesk.system.errors import UserError
from tests.conftest import NOW
from tests.services.desks import a_resolved_ticket
from tests.services.importing import brought, written

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.domain.period import Period
    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

DAY = 86_400


def april(desk: Desk) -> Period:
    return dashboards.period_of(desk, "2026-04")


def of(desk: Desk, key: str) -> data_entry.SetSummary:
    return next(s for s in data_entry.summary(desk, april(desk)) if s.key == key)


def closed(desk: Desk, clock: FixedClock, entered_after: int) -> int:
    """A ticket closed now, the closing entered so many seconds later."""
    key = a_resolved_ticket(desk, callback_required=0)
    tickets.step(desk, key, "close", {})
    moment = tickets.get(desk, key).ticket["closed_at"]
    with desk.write("Enter {n}", n=1) as uow:
        (event,) = [e for e in tickets.get(desk, key).events if e["type"] == "closed"]
        uow.update("ticket_event", event["id"], {"entered_at": moment + entered_after})
    clock.advance(60)
    return key


def test_within_24_hours_inclusive(desk: Desk, clock: FixedClock) -> None:
    closed(desk, clock, 0)
    closed(desk, clock, DAY)
    late = closed(desk, clock, DAY + 1)
    clock.advance(2 * DAY)
    found = of(desk, "tickets")
    assert (found.whole.n, found.whole.entered, found.whole.late) == (3, 3, 1)
    assert found.whole.timeliness == Fraction(200, 3)
    (row,) = data_entry.lacking(desk, "tickets", april(desk), data_entry.LATE)
    assert (row.record_id, row.entered_at) == (late, row.event_at + DAY + 1)
    # the same definition as the metric
    figure = dashboards.figures(desk, april(desk), metric_ids=["entry_timeliness"])
    assert figure["entry_timeliness"].value == found.whole.timeliness


def test_fields_are_expected_where_they_make_sense(desk: Desk, clock: FixedClock) -> None:
    """The product is missing; nothing was late, so no reason is expected."""
    key = closed(desk, clock, 0)
    found = of(desk, "tickets").whole
    assert (found.expected, found.filled, found.incomplete) == (4, 3, 1)
    assert found.completeness == 75
    (row,) = data_entry.lacking(desk, "tickets", april(desk), data_entry.INCOMPLETE)
    assert (row.record_id, row.missing) == (key, ("product",))
    assert data_entry.missing_words(row) == "Product"
    with desk.write("Late {n}", n=1) as uow:
        uow.update("ticket", key, {"late_at": NOW - 1})
    assert of(desk, "tickets").whole.expected == 5
    (row,) = data_entry.lacking(desk, "tickets", april(desk))
    assert data_entry.missing_words(row) == "Product and Reason for delay"


def test_by_owner_and_by_period(desk: Desk, clock: FixedClock) -> None:
    closed(desk, clock, DAY + 1)
    (line,) = of(desk, "tickets").owners
    assert (line.owner_id, line.name, line.late) == (desk.actor.id, "周敏", 1)
    march = dashboards.period_of(desk, "2026-03")
    before = data_entry.summary(desk, march)[0]
    assert (before.whole.n, before.whole.timeliness, before.owners) == (0, None, ())
    mine = data_entry.lacking(desk, "tickets", april(desk), whose=(desk.actor.id,))
    nobodys = data_entry.lacking(desk, "tickets", april(desk), whose=(None,))
    assert (len(mine), nobodys) == (1, [])


def test_imports_have_no_time_of_entry(desk: Desk, tmp_path: Path) -> None:
    table = (
        "外部单号,客户,渠道,问题类型,受理时间,首次响应时间,解决时间,关闭时间,状态,标题\n"
        "A1,李明,在线聊天,产品质量缺陷,2026-03-31 09:00,2026-03-31 09:20,2026-04-01 09:00,"
        "2026-04-01 09:30,已关闭,一\n"
    )
    brought(desk, written(tmp_path / "t.csv", table), "tickets")
    found = of(desk, "tickets").whole
    assert (found.n, found.entered, found.timeliness) == (1, 0, None)
    assert found.completeness is not None


def test_every_set_can_be_asked(desk: Desk) -> None:
    for key in data_entry.SETS:
        assert data_entry.lacking(desk, key, april(desk)) == []
        assert of(desk, key).whole.completeness is None
    with pytest.raises(UserError, match="no set of data"):
        data_entry.lacking(desk, "weather", april(desk))


def test_who_answers_for_a_set(desk: Desk) -> None:
    assert of(desk, "surveys").data_owner_id is None
    data_entry.set_owner(desk, "surveys", desk.actor.id)
    assert of(desk, "surveys").data_owner == "周敏"
    undo.undo(desk)
    assert of(desk, "surveys").data_owner == ""
