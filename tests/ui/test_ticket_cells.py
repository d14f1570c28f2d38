"""The time left in the list: words, icon and tone, by the working clock of the team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.query import Query
from svcdesk.services import tickets
from svcdesk.services.queries import DeskRows
from tests.services.desks import a_ticket
from ui.pages.tickets.rows import TicketCells

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.services.queries import TicketRow
    from svcdesk.system.clock import FixedClock

HOUR, DAY = 3600, 86400


def row(desk: Desk, key: int) -> TicketRow:
    (found,) = DeskRows(desk, Query("ticket")).rows([key])
    return found  # type: ignore[no-any-return]


def test_the_time_left_runs_in_working_time_and_changes_its_tone(
    desk: Desk, clock: FixedClock
) -> None:
    # Wednesday 10:00, 1620 working minutes: due on Tuesday at 10:00, after 清明
    key, cells = a_ticket(desk), TicketCells(desk)
    cell = cells.due(row(desk, key))
    assert (cell.icon, cell.colour) == ("clock", "text-2")
    assert cell.text == "3.0 working days left"
    clock.advance(6 * DAY - HOUR)
    cell = cells.due(row(desk, key))
    assert (cell.text, cell.icon, cell.colour) == ("1 h 0 min left", "clock-alert", "warn")
    assert "due soon" in cell.tip
    clock.advance(2 * HOUR)
    cell = cells.due(row(desk, key))
    assert (cell.text, cell.icon, cell.colour) == ("Overdue 1 h 0 min", "circle-alert", "danger")
    assert cell.bold


def test_the_clock_stands_while_the_customer_is_waited_for(desk: Desk, clock: FixedClock) -> None:
    key, cells = a_ticket(desk), TicketCells(desk)
    tickets.say(desk, key, "您好，请发照片", "public_reply")
    clock.advance(HOUR)
    tickets.step(desk, key, "wait_customer")
    clock.advance(20 * DAY)
    cell = cells.due(row(desk, key))
    assert (cell.text, cell.icon, cell.colour) == (
        "Paused 2.9 working days", "circle-pause", "text-2",
    )  # fmt: skip


def test_a_promised_time_runs_by_the_clock_on_the_wall(desk: Desk, clock: FixedClock) -> None:
    key = a_ticket(desk, promised_at=clock.now() + 10 * HOUR)
    cells = TicketCells(desk)
    assert cells.due(row(desk, key)).text == "10 h 0 min left"
    clock.advance(8 * HOUR + 60)
    assert cells.due(row(desk, key)).icon == "clock-alert"  # more than 80 % is used
    clock.advance(3 * HOUR)
    assert cells.due(row(desk, key)).icon == "circle-alert"


def test_a_cell_is_made_once_a_minute_and_anew_when_the_row_changes(
    desk: Desk, clock: FixedClock
) -> None:
    key, cells = a_ticket(desk), TicketCells(desk)
    first = cells.due(row(desk, key))
    clock.advance(20)
    assert cells.due(row(desk, key)) is first
    clock.advance(60)
    assert cells.due(row(desk, key)) is not first
    second = cells.due(row(desk, key))
    tickets.change(desk, key, {"priority": "high"})
    assert cells.due(row(desk, key)) != second


def test_the_checklist_and_tags_are_told(desk: Desk) -> None:
    key, cells = a_ticket(desk), TicketCells(desk)
    assert cells.checklist(row(desk, key)).text == ""
    with desk.write("x") as uow:
        for done in (desk.clock.now(), None, None):
            uow.insert("checklist_item", {"ticket_id": key, "text": "检查", "done_at": done})
        uow.update("ticket", key, {"tags": '["急", "VIP"]'})
    assert cells.checklist(row(desk, key)).text == "1/3"
    assert cells.checklist(row(desk, key)).tip == "1 of 3 steps of the checklist done"
    assert cells.tags(row(desk, key)).text == "急、VIP"
