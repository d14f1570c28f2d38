"""Everything that happened to a ticket as entries of one timeline, and as text for a chat."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from svcdesk.domain.masking import mask_text
from svcdesk.i18n.catalog import N_, _
from svcdesk.i18n.labels import code_label, field_label
from ui.pages.fields import COLUMNS, own_field
from ui.pages.kind_fields import kind_label, kind_value
from ui.widgets.timeline import Moment

if TYPE_CHECKING:
    from svcdesk.services.tickets import TicketDetail
    from ui.pages.wording import Words

CUSTOMER, INTERNAL, CHANGES, CALLS = "customer", "internal", "changes", "calls"
ICONS: dict[str, tuple[str, str]] = {
    "created": ("inbox", "text-2"),
    "dispatched": ("circle-arrow-right", "text-2"),
    "accepted": ("circle-dot", "accent"),
    "rejected_back": ("undo-2", "warn"),
    "public_reply": ("message-square-reply", "ok"),
    "call_in": ("phone-incoming", "text-2"),
    "call_out": ("phone-call", "text-2"),
    "internal_note": ("lock", "text-3"),
    "transferred": ("arrow-right", "text-2"),
    "escalated": ("chevrons-up", "danger"),
    "visit_planned": ("calendar", "text-2"),
    "visit_rescheduled": ("calendar", "warn"),
    "visit_arrived": ("wrench", "text-2"),
    "visit_done": ("wrench", "ok"),
    "resolved": ("circle-check", "ok"),
    "reopened": ("repeat", "warn"),
    "closed": ("circle-check", "ok"),
    "cancelled": ("circle-x", "text-3"),
    "merged": ("git-merge", "text-3"),
    "unmerged": ("undo-2", "text-2"),
    "field_changed": ("pencil", "text-3"),
}
# what was added to a ticket: the event holds its name
_AIDS = {
    "complaint_linked": (N_("{who} linked it with complaint {name}"), "message-square-warning"),
    "complaint_unlinked": (
        N_("{who} removed the link with complaint {name}"),
        "message-square-warning",
    ),
    "macro": (N_("{who} ran the macro “{name}”"), "zap"),
    "checklist": (N_("{who} added the checklist “{name}”"), "list-checks"),
    "attachment": (N_("{who} attached “{name}”"), "paperclip"),
}
_SPEAKING = frozenset({"public_reply", "call_in", "call_out", "visit_planned", "visit_rescheduled",
                       "visit_arrived", "visit_done"})  # fmt: skip
# What the customer may read of a status without knowing how the company is organised.
_TOLD = frozenset({"created", "resolved", "reopened", "closed", "cancelled"})
_STORED = {column: name for name, column in COLUMNS.items()}
_ENUMS = {"priority": "Priority", "request_type": "RequestType", "complexity": "Complexity",
          "resolution_code": "ResolutionCode"}  # fmt: skip


class Moments:
    """Makes the timeline of one ticket."""

    def __init__(self, detail: TicketDetail, words: Words) -> None:
        self._detail = detail
        self._words = words
        numbers = {m.id: m.number for m in detail.merged_in}
        numbers.update({link["other_id"]: link["number"] for link in detail.links})
        self._numbers = numbers

    def all(self) -> list[Moment]:
        """Return every entry, the oldest first."""
        detail = self._detail
        found = [self.event(event) for event in detail.events]
        for source in detail.merged_in:
            found += [self._merged_in(source.number, event) for event in source.events]
        for handoff in detail.handoffs:
            found += self._handoff(handoff)
        found += [self._work(entry) for entry in detail.work]
        found += [self._breach(row) for row in detail.breaches]
        found += [self._link(link) for link in detail.links]
        found += [self._callback(row) for row in detail.callbacks]
        found += [self._survey(row) for row in detail.surveys if row["responded_at"] is not None]
        return sorted(found, key=lambda moment: moment.at)

    def _moment(self, icon: str, title: str, text: str, at: int, ink: str = "text-2") -> Moment:
        words = self._words
        return Moment(icon, title, text, words.time(at), ink, words.full_time(at),
                      frozenset((INTERNAL,)), at=at)  # fmt: skip

    # --- events --------------------------------------------------------------------------

    def event(self, event: dict[str, Any]) -> Moment:
        """Return the entry of an event."""
        kind, words = str(event["type"]), self._words
        icon, ink = ICONS.get(kind, ("circle-dot", "text-2"))
        actor = words.person(event["actor_id"]) if event["actor_id"] else ""
        title = " ".join(part for part in (actor, code_label("TicketEventType", kind)) if part)
        text = str(event["text"] or "")
        if kind == "status_changed":
            title, icon, ink = self._status(event, actor, icon, ink)
        elif kind == "field_changed":
            title, text = self._field(event, actor)
        elif kind in {"dispatched", "transferred"} and str(event["new"] or "").isdigit():
            text = _joined(f"→ {words.person(int(event['new']))}", text)
        elif event["name"]:
            title, text, icon, ink = self._named(event, actor, title, text, icon, ink)
        if event["department_id"]:
            text = _joined(f"→ {words.item(event['department_id'])}", text)
        return replace(
            self._moment(icon, title, text, event["at"], ink),
            groups=_groups(event),
            visible=bool(event["visible_to_customer"]) or kind in _TOLD,
        )

    def _status(self, event: dict[str, Any], actor: str, icon: str,
                ink: str) -> tuple[str, str, str]:  # fmt: skip
        status = code_label("TicketStatus", str(event["new"]))
        title = _("{who}: {status}").format(who=actor, status=status)
        if event["new"] == "pending_internal":
            return title, "building-2", "warn"
        return title, icon, ink

    def _named(self, event: dict[str, Any], actor: str, title: str, text: str, icon: str,
               ink: str) -> tuple[str, str, str, str]:  # fmt: skip
        """Return title, text, icon and ink of the events that say more by their name."""
        name, new, words = str(event["name"]), str(event["new"] or ""), self._words
        if name == "handoff_promised":
            return (_("{who}: answer promised for {day}").format(who=actor, day=new), text,
                    "calendar", "text-2")  # fmt: skip
        if name in {"merged_in", "merged_out", "split"}:
            other = self._numbers.get(int(new) if new.isdigit() else 0, "")
            sentences = {
                "merged_in": _("{who} merged {number} into this ticket"),
                "merged_out": _("{who} took the merge of {number} back"),
                "split": _("{who} split {number} off"),
            }
            title = sentences[name].format(who=actor, number=other)
            return title, text, "split" if name == "split" else "git-merge", "text-2"
        if name in _AIDS:
            sentence, sign = _AIDS[name]
            return _(sentence).format(who=actor, name=text), "", sign, "text-2"
        if name == "visit_ended":
            outcome = code_label("VisitOutcome", new)
            return _("Visit: {outcome}").format(outcome=outcome), text, "wrench", "warn"
        if name == "visit_cancelled":
            by = code_label("Party", new)
            return _("Visit cancelled ({by})").format(by=by), text, "wrench", "text-3"
        if event["type"] == "escalated":
            return title, _joined(code_label("EscalationLevel", name), text), icon, ink
        if event["type"] == "visit_rescheduled" and new.isdigit():
            old = str(event["old"] or "")
            times = " → ".join(words.time(int(t)) for t in (old, new) if t.isdigit())
            return title, _joined(code_label("Party", name), times, text), icon, ink
        if name == "missed":
            return title, text, "phone-missed", "warn"
        return title, text, icon, ink

    def _field(self, event: dict[str, Any], actor: str) -> tuple[str, str]:
        name = str(event["name"] or "")
        label = (
            kind_label(name) if own_field(name) else field_label("ticket", _STORED.get(name, name))
        )
        title = _("{who} changed: {field}").format(who=actor, field=label)
        return title, f"{self._value(name, event['old'])} → {self._value(name, event['new'])}"

    def _value(self, name: str, value: object) -> str:
        text, words = str(value or "—"), self._words
        if own_field(name):
            return kind_value(name, value)
        if name == "tags":
            return _(", ").join(json.loads(text)) if text.startswith("[") else text
        if name.endswith("_at") and text.isdigit():
            return words.full_time(int(text))
        if name == "product_id" and text.isdigit():
            return words.product(int(text))
        if name.endswith("_id") and text.isdigit():
            number = int(text)
            return words.person(number) if "owner" in name else words.item(number)
        if name in _ENUMS:
            return code_label(_ENUMS[name], text)
        return text if len(text) <= 60 else text[:60] + "…"

    def _merged_in(self, number: str, event: dict[str, Any]) -> Moment:
        moment = self.event(event)
        return replace(moment, title=f"{number}  {moment.title}")

    # --- what belongs to the ticket --------------------------------------------------------

    def _handoff(self, row: dict[str, Any]) -> list[Moment]:
        words = self._words
        department = words.item(row["department_id"])
        asked = _("{who} asked {department}").format(
            who=words.person(row["asked_by_id"]), department=department
        )
        due = _("answer due {time}").format(time=words.time(row["due_at"]))
        found = [self._moment("building-2", asked, _joined(row["request"], f"({due})"),
                              row["asked_at"], "warn")]  # fmt: skip
        if row["answered_at"] is not None:
            who = words.person(row["answered_by_id"])
            title = _("{department} answered ({who})").format(department=department, who=who)
            found.append(self._moment("building-2", title, row["answer"], row["answered_at"], "ok"))
        if row["cancelled_at"] is not None:
            title = _("Request to {department} taken back").format(department=department)
            found.append(self._moment("building-2", title, "", row["cancelled_at"], "text-3"))
        return found

    def _work(self, row: dict[str, Any]) -> Moment:
        title = _("{who}: {n} min, {activity}").format(
            who=self._words.person(row["person_id"]),
            n=row["minutes"],
            activity=code_label("WorkActivity", row["activity"]),
        )
        return self._moment("clock", title, row["note"], row["at"], "text-3")

    def _breach(self, row: dict[str, Any]) -> Moment:
        text = _("due {time}, {who} had it").format(
            time=self._words.full_time(row["due_at"]), who=self._words.person(row["owner_id"])
        )
        title = code_label("BreachKind", row["kind"])
        return self._moment("circle-alert", title, text, row["due_at"], "danger")

    def _link(self, row: dict[str, Any]) -> Moment:
        kind = code_label("LinkKind", row["kind"])
        title = _("Linked: {kind} {number}").format(kind=kind, number=row["number"])
        moment = self._moment("link", title, row["title"], row["at"])
        return replace(moment, groups=frozenset((CHANGES,)), record=row["other_id"])

    def _callback(self, row: dict[str, Any]) -> Moment:
        state = code_label("CallbackState", str(row["state"]))
        title = f"{code_label('CallbackKind', str(row['kind']))}: {state}"
        at = row["completed_at"] or row["entered_at"]
        due = _("due {time}").format(time=self._words.time(row["due_at"]))
        moment = self._moment("phone", title, _joined(row["callback_no"], due), at)
        return replace(moment, groups=frozenset((CALLS,)))

    def _survey(self, row: dict[str, Any]) -> Moment:
        score = "—" if row["csat"] is None else f"{row['csat']} / 5"
        title = _("Satisfaction: {score}").format(score=score)
        moment = self._moment("target", title, row["comment"], row["responded_at"])
        return replace(moment, groups=frozenset((CUSTOMER,)), visible=True)


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _groups(event: dict[str, Any]) -> frozenset[str]:
    kind = str(event["type"])
    found = set()
    if event["visible_to_customer"] or kind in _SPEAKING:
        found.add(CUSTOMER)
    elif kind == "internal_note":
        found.add(INTERNAL)
    if kind in {"call_in", "call_out"}:
        found.add(CALLS)
    if kind not in _SPEAKING and kind != "internal_note":
        found.add(CHANGES)
    return frozenset(found)


def for_customer(detail: TicketDetail, words: Words) -> str:
    """Return what a customer may read: visible entries, without names and phones of others."""
    ticket = detail.ticket
    lines = [f"{ticket['ticket_no']}  {mask_text(str(ticket['title']))}"]
    for event in detail.events:
        kind = str(event["type"])
        if not (event["visible_to_customer"] or kind in _TOLD):
            continue
        text = str(event["text"] or "")
        if kind in {"created", "cancelled", "reopened", "visit_rescheduled"}:
            text = ""  # may hold what was meant for colleagues
        label = code_label("TicketEventType", kind)
        lines.append(_joined(f"{words.full_time(event['at'])}  {label}", mask_text(text)))
    visit = detail.next_visit
    if visit is not None and visit["promised_at"] is not None:
        window = (
            f"{words.full_time(visit['window_start'])}–{words.local(visit['window_end']):%H:%M}"
        )
        lines.append(_("Visit planned: {window}").format(window=window))
    return "\n".join(lines)


def for_manager(detail: TicketDetail, words: Words) -> str:
    """Return the whole case for a colleague: state, people, everything that happened."""
    ticket = detail.ticket
    customer = words.customer(detail.customer["name"], detail.customer["kind"])
    lines = [
        f"{ticket['ticket_no']}  {ticket['title']}",
        _("Status: {status}; owner: {owner}; customer: {customer}").format(
            status=code_label("TicketStatus", str(ticket["status"])),
            owner=words.person(ticket["owner_id"]),
            customer=customer,
        ),
    ]
    if ticket["due_at"] is not None:
        lines.append(_("Due at {time}").format(time=words.full_time(ticket["due_at"])))
    lines += [mask_text(moment.plain()) for moment in Moments(detail, words).all()]
    return "\n".join(lines)
