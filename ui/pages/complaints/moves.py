"""What can be done at a complaint beside its steps: form, key and service.

A move asks for its fields in the side pane; one without fields is done at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain.complaint_approval import ApprovalState, may_approve
from svcdesk.i18n.catalog import N_, _
from svcdesk.services import (
    complaint_approvals,
    complaint_cases,
    complaint_departments,
    complaint_exposure,
    complaint_links,
    complaint_severity,
    complaint_terms,
    complaint_trace,
    complaints,
)
from svcdesk.services.complaint_detail import sees_penalty

if TYPE_CHECKING:
    from collections.abc import Callable

    from svcdesk.services.complaint_detail import ComplaintDetail
    from svcdesk.services.desk import Desk, Outcome
    from ui.pages.wording import Words

    Run = Callable[[Desk, ComplaintDetail, int, dict[str, Any]], Outcome[int]]
    Fill = Callable[[Desk, ComplaintDetail, int], dict[str, Any]]

OPEN = ("registered", "accepted", "investigating", "responded")
ACTIVE = (*OPEN, "resolved", "closed")
_IDS = {"department": "department_id", "person": "person_id", "to": "to_id",
        "told_channel": "told_channel_id", "why": "cause"}  # fmt: skip
_FIELDS = {column: name for name, column in _IDS.items() if name != "why"}


@dataclass(frozen=True)
class Move:
    """One thing to do; ``part`` is the entity of its fields, ``row`` moves act on one row of it."""

    key: str
    label: str
    part: str
    names: tuple[str, ...]
    run: Run
    icon: str = ""
    letter: str = ""
    states: tuple[str, ...] = ACTIVE
    fill: Fill | None = None

    def fields(self, desk: Desk) -> tuple[str, ...]:
        """Return the names of the form's fields; notes on penalties only for those who see them."""
        names = [n for n in self.names if n != "penalty_note" or sees_penalty(desk)]
        return tuple(f"{self.part}.{name}" if self.part else name for name in names)

    def stored(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return form values by the names of the service."""
        plain = {name.rpartition(".")[2]: value for name, value in values.items()}
        return {_IDS.get(name, name): value for name, value in plain.items()}

    def shown(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return stored values by the names of the form."""
        named = {_FIELDS.get(name, name): value for name, value in values.items()}
        return {f"{self.part}.{name}" if self.part else name: v for name, v in named.items()}

    def at_field(self, field: str) -> str:
        """Return the field of the form at which a problem of the service stands."""
        name = "why" if field == "cause" and self.part == "complaint_escalation" else field
        return f"{self.part}.{name}" if self.part else name


def _id(detail: ComplaintDetail) -> int:
    return int(detail.complaint["id"])


def _text(values: dict[str, Any], name: str) -> str:
    return str(values.get(name) or "")


def _case_row(_desk: Desk, detail: ComplaintDetail, row: int) -> dict[str, Any]:
    found = next((case for case in detail.cases if case["id"] == row), None)
    return dict(found) if found else {}


def _new_case(desk: Desk, _detail: ComplaintDetail, _row: int) -> dict[str, Any]:
    now = desk.clock.now()
    return {"body": "12315", "received_at": now, **complaint_cases.proposed(desk, "12315", now)}


def _task(desk: Desk, detail: ComplaintDetail, _row: int) -> dict[str, Any]:
    due = complaint_departments.default_due(desk, detail.complaint)
    first = not detail.departments
    return {"department_id": detail.complaint["resp_dept_id"] if first else None, "due_at": due}


def _told(desk: Desk, detail: ComplaintDetail, _row: int) -> dict[str, Any]:
    known = detail.complaint
    return {
        "told_at": desk.clock.now(),
        "told_channel": known["told_channel_id"] or known["channel_id"],
    }


def _trace(_desk: Desk, detail: ComplaintDetail, _row: int) -> dict[str, Any]:
    known = detail.complaint
    return dict(detail.trace or {"department_id": known["resp_dept_id"],
                                 "person_id": known["resp_person_id"]})  # fmt: skip


def _contact(kind: str) -> Run:
    return lambda d, t, _r, v: complaints.note(d, _id(t), kind, _text(v, "text"))


MOVES: dict[str, Move] = {
    move.key: move
    for move in (
        Move("contacted", N_("First contact"), "", (), _contact("contacted"), "phone-call", "F", OPEN),
        Move("interim", N_("Interim feedback"), "", (), _contact("interim_feedback"),
             "message-square-reply", "I", OPEN),
        Move("tell", N_("Result told"), "", ("told_at", "told_channel", "text"),
             lambda d, t, _r, v: complaint_terms.tell(d, _id(t), v), "phone-call", "T", fill=_told),
        Move("ask", N_("Ask a department"), "complaint_department",
             ("department", "person", "due_at", "task"),
             lambda d, t, _r, v: complaint_departments.ask(d, _id(t), v), "building-2", "H",
             (*OPEN, "resolved"), _task),
        Move("answer", N_("Department's answer"), "complaint_department", ("answer",),
             lambda d, _t, r, v: complaint_departments.answer(d, r, _text(v, "answer")),
             "building-2", "Y"),
        Move("make_main", N_("Make it the main department"), "", (),
             lambda d, _t, r, _v: complaint_departments.make_main(d, r)),
        Move("take_back", N_("Take the request back"), "", (),
             lambda d, _t, r, _v: complaint_departments.remove(d, r)),
        Move("extend", N_("Extend deadline"), "", ("due_at", "extension_reason"),
             lambda d, t, _r, v: complaints.extend(
                 d, _id(t), int(v["due_at"]), _text(v, "extension_reason")),
             "calendar", "D", OPEN, lambda _d, t, _r: {"due_at": t.complaint["due_at"]}),
        Move("escalate", N_("Escalate"), "complaint_escalation",
             ("level", "why", "to", "to_name", "reason"),
             lambda d, t, _r, v: complaint_terms.escalate(d, _id(t), v), "chevrons-up", "X",
             (*OPEN, "resolved"), lambda _d, _t, _r: {"level": "supervisor"}),
        Move("case", N_("External case"), "complaint_case",
             ("body", "case_no", "received_at", "accept_due_at", "due_at"),
             lambda d, t, _r, v: complaint_cases.save(d, _id(t), v), "landmark", "K", fill=_new_case),
        Move("case_edit", N_("Change the case"), "complaint_case",
             ("body", "case_no", "received_at", "accept_due_at", "due_at", "outcome"),
             lambda d, t, r, v: complaint_cases.save(d, _id(t), v, r), fill=_case_row),
        Move("case_accept", N_("Accepted there"), "", (),
             lambda d, _t, r, _v: complaint_cases.accept(d, r)),
        Move("case_close", N_("Closed there"), "complaint_case", ("outcome",),
             lambda d, _t, r, v: complaint_cases.close(d, r, _text(v, "outcome"))),
        Move("case_remove", N_("Remove the case"), "", (),
             lambda d, _t, r, _v: complaint_cases.remove(d, r)),
        Move("exposure", N_("Note of the day"), "exposure_note", ("state", "reach", "text"),
             lambda d, t, _r, v: complaint_exposure.note(d, _id(t), v), "siren", "B",
             fill=lambda _d, t, _r: {"state": t.complaint["exposure_state"]}),
        Move("trace", N_("Trace responsibility"), "complaint_trace",
             ("cause", "measure", "department", "person", "personal_fault", "penalty_note"),
             lambda d, t, _r, v: complaint_trace.save(d, _id(t), v), "repeat", "Q", fill=_trace),
        Move("link", N_("Link a ticket"), "", ("ticket_number",),
             lambda d, t, _r, v: complaint_links.add(d, _id(t), _text(v, "ticket_number")),
             "link", "L"),
        Move("unlink", N_("Remove the link"), "", (),
             lambda d, _t, r, _v: complaint_links.remove(d, r)),
        Move("ask_approval", N_("Ask for approval"), "complaint_approval", ("reason",),
             lambda d, t, _r, v: complaint_approvals.request(d, _id(t), _text(v, "reason")),
             "circle-check", "G", OPEN),
        Move("approve", N_("Approve"), "complaint_approval", ("note",),
             lambda d, _t, r, v: complaint_approvals.decide(d, r, grant=True, note=_text(v, "note")),
             "circle-check", "G", OPEN),
        Move("refuse", N_("Refuse"), "complaint_approval", ("note",),
             lambda d, _t, r, v: complaint_approvals.decide(d, r, grant=False, note=_text(v, "note")),
             "circle-x", "", OPEN),
        Move("take_over", N_("Take the severity over"), "", (),
             lambda d, t, _r, _v: complaint_severity.take_over(d, _id(t)), "triangle-alert", "S"),
    )
}  # fmt: skip
MENU = ("contacted", "interim", "tell", "ask", "escalate", "extend", "case", "exposure", "trace",
        "link")  # fmt: skip


def may_take(desk: Desk, detail: ComplaintDetail, move: Move) -> bool:
    """Tell whether a move makes sense for a complaint as it stands."""
    complaint = detail.complaint
    if complaint["status"] not in move.states:
        return False
    if move.key == "exposure":
        return bool(complaint["social_exposure"]) and complaint["exposure_state"] != "calm"
    if move.key == "take_over":
        return detail.open_proposal is not None
    if move.key == "extend":
        return complaint["due_at"] is not None and may_approve(desk.roles)
    return True


def heading(move: Move, words: Words, detail: ComplaintDetail, row: int) -> tuple[str, str]:
    """Return the heading of a move's form; an answer names the department and what it was asked."""
    asked = next((part for part in detail.departments if part["id"] == row), None)
    if move.key != "answer" or asked is None:
        return _(move.label), ""
    name = words.item(asked["department_id"])
    return _("Answer of {department}").format(department=name), str(asked["task"] or "")


def open_request(detail: ComplaintDetail) -> int:
    """Return the request for approval that waits, 0 without one."""
    return next((int(row["id"]) for row in detail.approvals if row["state"] == "open"), 0)


def by_letter(desk: Desk, detail: ComplaintDetail, letter: str) -> tuple[Move, int] | None:
    """Return the move of a single key and the row it acts on.

    Y answers the first department that has not; G approves what waits for it, or asks.
    """
    if letter == "Y":
        waiting = [row for row in detail.departments if row["answered_at"] is None]
        return (MOVES["answer"], int(waiting[0]["id"])) if waiting else None
    if letter == "G":
        request = open_request(detail)
        if request and may_approve(desk.roles):
            return MOVES["approve"], request
        asks = detail.approval in {ApprovalState.MISSING, ApprovalState.REFUSED}
        return (MOVES["ask_approval"], 0) if asks else None
    for move in MOVES.values():
        if letter and move.letter == letter and may_take(desk, detail, move):
            return move, 0
    return None
