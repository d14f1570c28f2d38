"""What is told and granted on the way: notes, feedback, extension, escalation (2.7, C6, C13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.complaint import EscalationCause, EscalationLevel
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_
from svcdesk.services.complaint_rows import event, stored, told
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import derived, notices
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

# what an action that is not a state change writes to the history
CONTACTS = {"contacted": N_("First contact"), "interim_feedback": N_("Interim feedback"),
            "note": N_("Note")}  # fmt: skip
ESCALATED = N_("{name} escalated {number}")
OPEN = frozenset({"registered", "accepted", "investigating", "responded"})


def note(desk: Desk, complaint_id: int, kind: str, text: str) -> Outcome[int]:
    """Record a first contact, an interim feedback or a note; only a note needs words."""
    desk.require(Permission.EDIT_COMPLAINTS)
    if kind not in CONTACTS:
        raise UserError("This step is not possible.", code="transition")
    if kind == "note" and not text.strip():
        raise ProblemsError([Problem("text", "required", N_("Write something first."))])
    complaint = stored(desk, complaint_id)
    with desk.write(N_("Note on {number}"), number=complaint["complaint_no"]) as uow:
        event(uow, complaint_id, kind, text=text.strip())
        derived.refresh_complaint(uow, complaint_id, desk.reference)
    return Outcome(complaint_id, uow.changes)


def tell(desk: Desk, complaint_id: int, values: Mapping[str, Any]) -> Outcome[int]:
    """Record that the result was told to the complainant: ``told_at``, ``told_channel_id``, text."""
    desk.require(Permission.EDIT_COMPLAINTS)
    complaint = stored(desk, complaint_id)
    at, channel = values.get("told_at"), values.get("told_channel_id")
    faults = []
    if at is None:
        faults.append(Problem("told_at", "required", N_("Enter when the result was told.")))
    elif at > desk.clock.now():
        faults.append(Problem("told_at", "future", N_("This lies in the future.")))
    elif at < complaint["received_at"]:
        text = N_("This cannot lie before the receipt of the complaint.")
        faults.append(Problem("told_at", "order", text))
    if channel is None:
        text = N_("Choose how the result was told to the complainant.")
        faults.append(Problem("told_channel", "required", text))
    if faults:
        raise ProblemsError(faults)
    with desk.write(N_("Result told: {number}"), number=complaint["complaint_no"]) as uow:
        uow.update("complaint", complaint_id, {"told_at": at, "told_channel_id": channel})
        event(uow, complaint_id, "note", name="told", new=str(channel),
              text=str(values.get("text") or "").strip())  # fmt: skip
        derived.refresh_complaint(uow, complaint_id, desk.reference)
    return Outcome(complaint_id, uow.changes)


def extend(desk: Desk, complaint_id: int, due_at: int, reason: str) -> Outcome[int]:
    """Extend the deadline: a supervisor's right, with the reason; every earlier one is kept."""
    desk.require(Permission.PUBLISH_REPORTS)
    complaint = stored(desk, complaint_id)
    faults = []
    if complaint["status"] not in OPEN:
        text = N_("Only the deadline of an open complaint can be extended.")
        faults.append(Problem("due_at", "state", text))
    if not reason.strip():
        text = N_("The reason is missing. Write why.")
        faults.append(Problem("extension_reason", "required", text))
    if complaint["due_at"] is not None and due_at <= complaint["due_at"]:
        text = N_("The new deadline must lie after the old one.")
        faults.append(Problem("due_at", "order", text))
    if faults:
        raise ProblemsError(faults)
    with desk.write(N_("Extend {number}"), number=complaint["complaint_no"]) as uow:
        original = complaint["due_original_at"] or complaint["due_at"]
        uow.update("complaint", complaint_id, {
            "due_original_at": original, "due_at": due_at, "extension_reason": reason.strip(),
        })  # fmt: skip
        uow.insert("complaint_extension", {
            "complaint_id": complaint_id, "at": uow.now, "granted_by_id": uow.actor_id,
            "old_due_at": complaint["due_at"], "new_due_at": due_at, "reason": reason.strip(),
        })  # fmt: skip
        event(uow, complaint_id, "extended", text=reason.strip(),
              old=told(complaint["due_at"]), new=str(due_at))  # fmt: skip
        derived.refresh_complaint(uow, complaint_id, desk.reference)
    return Outcome(complaint_id, uow.changes)


def _escalation_faults(desk: Desk, values: Mapping[str, Any]) -> list[Problem]:
    found = []
    level, cause = values.get("level"), values.get("cause")
    if level not in set(EscalationLevel):
        found.append(Problem("level", "required", N_("Choose the level it is raised to.")))
    if cause not in set(EscalationCause):
        found.append(Problem("cause", "required", N_("Choose why it is escalated.")))
    if not str(values.get("reason") or "").strip():
        found.append(Problem("reason", "required", N_("The reason is missing. Write why.")))
    known = values.get("to_id") or str(values.get("to_name") or "").strip()
    if not known and level in set(EscalationLevel) - {EscalationLevel.SUPERVISOR}:
        text = N_("Choose the person, or write the name of who takes it outside the desk.")
        found.append(Problem("to_name", "required", text))
    if values.get("to_id") and values["to_id"] not in desk.reference.people:
        found.append(Problem("to", "gone", N_("This person is not on the list any more.")))
    return found


def escalate(desk: Desk, complaint_id: int, values: Mapping[str, Any]) -> Outcome[int]:
    """Raise a complaint: ``level``, ``cause``, ``reason``, ``to_id`` or ``to_name`` (C13)."""
    desk.require(Permission.EDIT_COMPLAINTS)
    complaint = stored(desk, complaint_id)
    faults = _escalation_faults(desk, values)
    if faults:
        raise ProblemsError(faults)
    level, reason = str(values["level"]), str(values["reason"]).strip()
    with desk.write(N_("Escalate {number}"), number=complaint["complaint_no"]) as uow:
        key = uow.insert("complaint_escalation", {
            "complaint_id": complaint_id, "at": uow.now, "level": level, "from_id": uow.actor_id,
            "to_id": values.get("to_id"), "to_name": str(values.get("to_name") or "").strip(),
            "cause": values["cause"], "reason": reason,
        })  # fmt: skip
        # when it first was: a further level later counts in no other month (3.7)
        first = complaint["escalated_at"] or uow.now
        uow.update("complaint", complaint_id, {"escalated_to": level, "escalated_at": first})
        event(uow, complaint_id, "escalated", new=level, text=reason)
        if values.get("to_id") not in (None, uow.actor_id):
            notices.insert(
                uow, person_id=values["to_id"], kind="escalated", at=uow.now, table="complaint",
                record_id=complaint_id, text=ESCALATED,
                args={"name": desk.actor.name, "number": complaint["complaint_no"],
                      "title": complaint["title"]},
                occasion=f"complaint_escalated:{key}",
            )  # fmt: skip
        derived.refresh_complaint(uow, complaint_id, desk.reference)
    return Outcome(complaint_id, uow.changes)
