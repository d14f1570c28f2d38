"""Steps that nobody has to take: what was settled and stayed silent is closed (domain.md 2.19).

Run by the watch of the window once a minute. A record that lacks something – a reason for the
delay, an open checklist – stays where it is until a person sees to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain import lifecycle
from svcdesk.domain.localtime import DAY
from svcdesk.domain.people import SYS
from svcdesk.domain.statemachine import CLOSE_AFTER_DAYS
from svcdesk.i18n.catalog import N_
from svcdesk.services import callback_rules, complaint_rows, ticket_rows
from svcdesk.store import automatic as due

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk


def take_due(desk: Desk) -> int:
    """Close what was resolved seven days ago and resolve what no customer answers; count them.

    A ticket is resolved only after two reminders and when its solution is written down already.
    """
    before = desk.clock.now() - CLOSE_AFTER_DAYS * DAY
    with desk.reading() as connection:
        tickets = due.settled(connection, "ticket", before)
        complaints = due.settled(connection, "complaint", before)
        waiting = due.waiting(connection, before)
    count = sum(_ticket(desk, key, "close", {}) for key in tickets)
    count += sum(
        _ticket(desk, key, "resolve", {"pending_since": since, "reminders": reminders})
        for key, since, reminders in waiting
    )
    return count + sum(_complaint(desk, key) for key in complaints)


def _ticket(desk: Desk, ticket_id: int, action: str, more: dict[str, Any]) -> bool:
    ticket = ticket_rows.stored(desk, ticket_id)
    known = {**ticket_rows.facts(desk, ticket), **more}
    step = lifecycle.find(lifecycle.TICKET, ticket["status"], action, SYS)
    if step is None or lifecycle.check(lifecycle.TICKET, known, action, SYS, desk.clock.now()):
        return False
    with desk.write(
        N_("{step}: {number}"), kind="system", step=step.label, number=ticket["ticket_no"]
    ) as uow:
        uow.update("ticket", ticket_id, {"status": step.target}, version=ticket["row_version"])
        ticket_rows.event(uow, ticket_id, step.event, automatic=True, actor_id=None)
        ticket_rows.refresh(uow, desk, ticket_id)
        if step.target == "resolved":
            callback_rules.plan_for_ticket(uow, desk, ticket_id)
    return True


def _complaint(desk: Desk, complaint_id: int) -> bool:
    complaint = complaint_rows.stored(desk, complaint_id)
    known = complaint_rows.facts(desk, complaint)
    step = lifecycle.find(lifecycle.COMPLAINT, complaint["status"], "close", SYS)
    if step is None or lifecycle.check(lifecycle.COMPLAINT, known, "close", SYS, desk.clock.now()):
        return False
    with desk.write(
        N_("{step}: {number}"), kind="system", step=step.label, number=complaint["complaint_no"]
    ) as uow:
        version = complaint["row_version"]
        uow.update("complaint", complaint_id, {"status": step.target}, version=version)
        complaint_rows.event(uow, complaint_id, step.event, actor_id=None)
        complaint_rows.settle(uow, desk, complaint_id, (complaint["customer_id"],))
    return True
