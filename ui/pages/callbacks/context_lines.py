"""What was done, promised, answered and tried, as short lines with icon and time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label
from ui.pages.wording import Words, yuan

if TYPE_CHECKING:
    from typing import Any

    from svcdesk.services.callbacks import CallbackDetail

LONGEST = 90  # characters of a solution or answer; the tooltip has all of it


class LineDef(NamedTuple):
    """One line; ``ink`` colours the icon, the words say the same."""

    icon: str
    ink: str
    text: str
    tip: str = ""


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else flat[: LONGEST - 1] + "…"


def done_lines(detail: CallbackDetail, words: Words) -> list[LineDef]:
    """Return visits with parts, the solution or answer, and when it was settled."""
    case: dict[str, Any] = detail.ticket or detail.complaint or {}
    found = []
    for visit in detail.visits[-2:]:
        state = code_label("VisitOutcome", visit["outcome"]) if visit["outcome"] else _("planned")
        at = visit["arrived_at"] or visit["window_start"]
        text = _("Visit {time}, {name}: {state}").format(
            time=words.time(at), name=words.person(visit["technician_id"]), state=state
        )
        if visit["parts_used"]:
            text += " · " + _("parts: {parts}").format(parts=visit["parts_used"])
        found.append(LineDef("wrench", "text-2", text))
    answer = str(case.get("solution") or case.get("answer") or "")
    if answer:
        found.append(LineDef("circle-check", "ok", _short(answer), answer))
    if case.get("resolved_at"):
        text = _("Resolved {time}").format(time=words.full_time(case["resolved_at"]))
        handler = words.person(detail.handler_id) if detail.handler_id else ""
        found.append(LineDef("clock", "text-2", f"{text} · {handler}" if handler else text))
    return found


def promise_lines(detail: CallbackDetail, words: Words) -> list[LineDef]:
    """Return what was promised to the customer or asked of departments; open ones are marked."""
    case: dict[str, Any] = detail.ticket or detail.complaint or {}
    found = []
    if case.get("promised_at"):
        settled = case.get("first_resolved_at")
        kept = settled is not None and settled <= case["promised_at"]
        state = _("kept") if kept else _("broken") if settled else _("open")
        icon, ink = ("circle-check", "ok") if kept else ("circle-alert", "danger")
        text = _("Promised for {time}: {state}").format(
            time=words.time(case["promised_at"]), state=state
        )
        found.append(LineDef(icon, ink, text))
    for handoff in detail.handoffs:
        if handoff["cancelled_at"] is not None:
            continue
        name = words.item(handoff["department_id"])
        if handoff["answered_at"] is not None:
            text = _("{name} answered: {text}").format(name=name, text=_short(handoff["answer"]))
            found.append(LineDef("circle-check", "ok", text, handoff["answer"]))
            continue
        due = handoff["promised_on"] or words.time(handoff["due_at"])
        text = _("Open: {name}, {text} (for {due})").format(
            name=name, text=_short(handoff["request"]), due=due
        )
        found.append(LineDef("circle-alert", "warn", text, handoff["request"]))
    return found


def answer_lines(detail: CallbackDetail, words: Words) -> list[LineDef]:
    """Return the customer's last answers, the newest first."""
    found = []
    for answer in detail.answers[:3]:
        scores = []
        if answer["csat"] is not None:
            scores.append(_("{n} of 5").format(n=answer["csat"]))
        if answer["nps"] is not None:
            scores.append(_("NPS {n}").format(n=answer["nps"]))
        low = answer["csat"] is not None and answer["csat"] <= 2
        text = f"{words.day(answer['responded_at'])}  {' · '.join(scores) or '—'}"
        if answer["kind"] == "recovery":
            text += " · " + _("after recovery")
        if answer["comment"]:
            text += f"  “{_short(answer['comment'])}”"
        icon, ink = ("thumbs-down", "danger") if low else ("thumbs-up", "text-2")
        found.append(LineDef(icon, ink, text, answer["comment"]))
    return found


def attempt_lines(detail: CallbackDetail, words: Words) -> list[LineDef]:
    """Return the attempts so far."""
    found = []
    for attempt in detail.attempts[-4:]:
        text = _("{n}. {time} {result}, {name}").format(
            n=attempt["seq"], time=words.time(attempt["at"]),
            result=code_label("AttemptResult", str(attempt["result"])),
            name=words.person(attempt["actor_id"]),
        )  # fmt: skip
        if attempt["phone_place"] and attempt["phone_place"] > 1:
            text += " · " + _("number {n}").format(n=attempt["phone_place"])
        found.append(LineDef("phone-missed", "text-2", text, attempt["note"]))
    callback = detail.callback
    if detail.open and callback["retry_at"]:
        time = words.time(callback["retry_at"])
        text = _("Agreed: {time}") if callback["agreed"] else _("Next try: {time}")
        found.append(LineDef("clock", "accent", text.format(time=time)))
    return found


def outcome_lines(detail: CallbackDetail, words: Words) -> list[LineDef]:
    """Return what a finished callback brought, and what was made of it."""
    callback = detail.callback
    found = []
    if not detail.open:
        text = code_label("CallbackState", str(callback["state"]))
        if callback["completed_at"]:
            text += f" {words.time(callback['completed_at'])}"
        if callback["result"]:
            text += " · " + code_label("CallbackResult", str(callback["result"]))
        if callback["notes"]:
            text += f" · {_(callback['notes'])}"
        found.append(LineDef("circle-check", "text-2", text))
    if callback["recovery_result"]:
        found.append(_recovery_line(detail))
    if detail.new_ticket_no:
        text = _("Ticket {number} was made of it.").format(number=detail.new_ticket_no)
        found.append(LineDef("circle-plus", "accent", text))
    if detail.new_complaint_no:
        text = _("Complaint {number} was made of it.").format(number=detail.new_complaint_no)
        found.append(LineDef("message-square-warning", "accent", text))
    return found


def _recovery_line(detail: CallbackDetail) -> LineDef:
    """Return what came of a recovery: put right, converted, given."""
    callback = detail.callback
    text = code_label("RecoveryResult", str(callback["recovery_result"]))
    converted = next((a for a in detail.answers if a["id"] == callback["answer_id"]), None)
    if converted is not None and converted["csat"] is not None:
        yes = converted["csat"] >= 4
        text += " · " + (pgettext("recovery", "converted") if yes
                         else pgettext("recovery", "not converted"))  # fmt: skip
    given = [callback["given"]] if callback["given"] else []
    if callback["given_amount"]:
        given.append(yuan(callback["given_amount"]))
    if given:
        text += " · " + _("given: {what}").format(what=" ".join(given))
    return LineDef("heart-handshake", "warn", text)
