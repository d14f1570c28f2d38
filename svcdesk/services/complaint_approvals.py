"""Compensation above what somebody may grant alone: ask, approve, refuse (features C12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.complaint_approval import may_approve, own_limit
from svcdesk.domain.people import Permission, Role
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_
from svcdesk.services.complaint_rows import YUAN, approval_of, event, stored
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import notices, records
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.store.unit_of_work import UnitOfWork

ASKED = N_("{name} asks to approve a compensation of {amount}: {number}")
GRANTED = N_("The compensation of {amount} was approved: {number}")
REFUSED = N_("The compensation of {amount} was refused: {number}")


def yuan(amount: int) -> str:
    """Return an amount in fen as people read it."""
    return f"¥{amount / YUAN:,.2f}"


def limit(desk: Desk) -> int:
    """Return up to which amount (fen) the acting person grants alone."""
    settings = desk.reference.settings
    return own_limit(
        desk.roles,
        settings["compensation_agent"] * YUAN,
        settings["compensation_supervisor"] * YUAN,
    )


def follow(uow: UnitOfWork, desk: Desk, complaint: Mapping[str, Any], amount: int | None) -> None:
    """Ask for approval when a compensation goes above the limit of whoever enters it.

    An amount within one's own authority counts as granted by it; one that needs no approval any
    more drops what was asked.
    """
    complaint_id, agents = int(complaint["id"]), desk.reference.settings["compensation_agent"]
    rows = records.children(uow.connection, "complaint_approval", "complaint_id", complaint_id)
    for row in rows:
        if row["state"] == "open":
            uow.update("complaint_approval", row["id"], {"state": "dropped", "decided_at": uow.now})
    if not amount or amount <= agents * YUAN:
        return
    if any(row["state"] == "granted" and row["amount"] >= amount for row in rows):
        return
    if amount <= limit(desk):
        uow.insert("complaint_approval", {
            "complaint_id": complaint_id, "amount": amount, "requested_at": uow.now,
            "requested_by_id": uow.actor_id, "state": "granted", "decided_at": uow.now,
            "decided_by_id": uow.actor_id,
        })  # fmt: skip
        return
    _ask(uow, desk, complaint, amount, "")


def _ask(
    uow: UnitOfWork, desk: Desk, complaint: Mapping[str, Any], amount: int, reason: str
) -> int:
    key = uow.insert("complaint_approval", {
        "complaint_id": complaint["id"], "amount": amount, "reason": reason.strip(),
        "requested_at": uow.now, "requested_by_id": uow.actor_id,
    })  # fmt: skip
    event(uow, int(complaint["id"]), "note", name="approval_asked", new=str(amount), text=reason)
    for person in desk.reference.people.values():
        if person.active and person.id != uow.actor_id and may_approve(person.roles):
            notices.insert(
                uow, person_id=person.id, kind="approval", at=uow.now, table="complaint",
                record_id=int(complaint["id"]), text=ASKED,
                args={"name": desk.actor.name, "amount": yuan(amount),
                      "number": complaint["complaint_no"], "title": complaint["title"]},
                occasion=f"approval:{key}:{person.id}",
            )  # fmt: skip
    return key


def request(desk: Desk, complaint_id: int, reason: str) -> Outcome[int]:
    """Ask for the approval of the compensation as it stands, with the reason."""
    desk.require(Permission.EDIT_COMPLAINTS)
    complaint = stored(desk, complaint_id)
    amount = complaint["compensation"]
    state = approval_of(desk, complaint_id, amount)
    if state in {"none", "granted"}:
        raise UserError("This compensation needs no approval.", code="no_approval")
    if not reason.strip():
        raise ProblemsError([Problem("reason", "required", N_("Write why so much is granted."))])
    with desk.write(N_("Ask for approval: {number}"), number=complaint["complaint_no"]) as uow:
        for row in records.children(
            uow.connection, "complaint_approval", "complaint_id", complaint_id
        ):
            if row["state"] == "open":
                uow.update(
                    "complaint_approval", row["id"], {"state": "dropped", "decided_at": uow.now}
                )
        key = _ask(uow, desk, complaint, amount, reason)
    return Outcome(key, uow.changes)


def decide(desk: Desk, approval_id: int, *, grant: bool, note: str = "") -> Outcome[int]:
    """Approve or refuse: a supervisor's right, never one's own request; a refusal needs its reason."""
    desk.require(Permission.EDIT_COMPLAINTS)
    row = records.get(desk.reader, "complaint_approval", approval_id)
    if row is None or row["state"] != "open":
        raise UserError("This request was decided in the meantime.", code="decided")
    if not may_approve(desk.roles):
        raise UserError("Only a supervisor may approve a compensation.", code="not_allowed")
    if row["requested_by_id"] == desk.actor.id and Role.SYSTEM not in desk.roles:
        raise UserError(
            "Nobody approves their own request. Another supervisor decides.", code="own_request"
        )
    if not grant and not note.strip():
        raise ProblemsError([Problem("note", "required", N_("Write why it is refused."))])
    complaint = stored(desk, row["complaint_id"])
    label = N_("Approve compensation: {number}") if grant else N_("Refuse compensation: {number}")
    with desk.write(label, number=complaint["complaint_no"]) as uow:
        state = "granted" if grant else "refused"
        uow.update("complaint_approval", approval_id, {
            "state": state, "decided_at": uow.now, "decided_by_id": uow.actor_id,
            "note": note.strip(),
        })  # fmt: skip
        event(uow, row["complaint_id"], "note", name=f"approval_{state}", new=str(row["amount"]),
              text=note.strip())  # fmt: skip
        if row["requested_by_id"] is not None:
            notices.insert(
                uow, person_id=row["requested_by_id"], kind="approval_decided", at=uow.now,
                table="complaint", record_id=row["complaint_id"],
                text=GRANTED if grant else REFUSED,
                args={"amount": yuan(row["amount"]), "number": complaint["complaint_no"],
                      "title": complaint["title"]},
                occasion=f"approval_decided:{approval_id}",
            )  # fmt: skip
    return Outcome(row["complaint_id"], uow.changes)
