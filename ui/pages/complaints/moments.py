"""A complaint's events as entries of its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label, field_label
from ui.pages.fields import COLUMNS
from ui.pages.wording import yuan
from ui.widgets.timeline import Moment

if TYPE_CHECKING:
    from ui.pages.wording import Words

ICONS: dict[str, tuple[str, str]] = {
    "registered": ("message-square-warning", "text-2"),
    "accepted": ("circle-arrow-right", "text-2"),
    "rejected": ("circle-x", "danger"),
    "contacted": ("phone-call", "ok"),
    "interim_feedback": ("message-square-reply", "ok"),
    "investigating": ("circle-dot", "accent"),
    "department_changed": ("building-2", "text-2"),
    "responded": ("message-square-reply", "accent"),
    "resolved": ("circle-check", "ok"),
    "reopened": ("repeat", "warn"),
    "closed": ("circle-check", "ok"),
    "withdrawn": ("undo-2", "text-3"),
    "escalated": ("chevrons-up", "danger"),
    "extended": ("calendar", "warn"),
    "merged": ("git-merge", "text-3"),
    "note": ("lock", "text-3"),
    "field_changed": ("pencil", "text-3"),
}
NOTES: dict[str, tuple[str, str]] = {
    "told": ("phone-call", "ok"),
    "department_asked": ("building-2", "warn"),
    "department_answered": ("building-2", "ok"),
    "department_removed": ("building-2", "text-3"),
    "approval_asked": ("clock-alert", "warn"),
    "approval_granted": ("circle-check", "ok"),
    "approval_refused": ("circle-x", "danger"),
    "case_added": ("landmark", "warn"),
    "case_changed": ("landmark", "text-2"),
    "case_accepted": ("landmark", "text-2"),
    "case_closed": ("landmark", "ok"),
    "exposure": ("siren", "warn"),
    "trace": ("repeat", "warn"),
    "ticket_linked": ("link", "text-2"),
    "ticket_unlinked": ("link", "text-3"),
    "merged_in": ("git-merge", "text-2"),
    "merged_out": ("git-merge", "text-3"),
    "severity_taken": ("triangle-alert", "danger"),
}
_STORED = {column: name for name, column in COLUMNS.items()}


def moment(event: dict[str, Any], words: Words) -> Moment:
    """Return one entry."""
    kind = str(event["type"])
    icon, ink = ICONS.get(kind, ("circle-dot", "text-2"))
    actor = words.person(event["actor_id"]) if event["actor_id"] else ""
    title = " ".join(part for part in (actor, code_label("ComplaintEventType", kind)) if part)
    text = str(event["text"] or "")
    name = str(event.get("name") or "")
    if kind == "note" and name in NOTES:
        icon, ink = NOTES[name]
        title = " ".join(part for part in (actor, code_label("ComplaintNote", name)) if part)
        text = " ".join(part for part in (_told_more(event, words), _note_text(event)) if part)
    elif kind == "escalated" and event.get("new"):
        text = f"{code_label('EscalationLevel', str(event['new']))}: {text}"
    elif kind == "extended" and event.get("new"):
        due = words.full_time(int(event["new"]))
        text = _("until {time}: {text}").format(time=due, text=text)
    if kind == "field_changed":
        field = field_label("complaint", _STORED.get(name, name))
        title = _("{who} changed: {field}").format(who=actor, field=field)
    if event.get("department_id"):
        text = " ".join(part for part in (f"→ {words.item(event['department_id'])}", text) if part)
    if event.get("of"):
        title = _("{title} (on {number})").format(title=title, number=event["of"])
    return Moment(icon, title, text, words.time(event["at"]), ink)


def _note_text(event: dict[str, Any]) -> str:
    if event["name"] == "severity_taken":
        codes = str(event["text"] or "").split(", ")
        return _(", ").join(code_label("SeverityReason", code) for code in codes if code)
    return str(event["text"] or "")


def _told_more(event: dict[str, Any], words: Words) -> str:
    """Return what a note's columns say besides its text."""
    name, new = str(event["name"]), str(event.get("new") or "")
    if name == "told" and new.isdigit():
        return words.item(int(new))
    if name.startswith("approval_") and new.isdigit():
        return yuan(int(new))
    if name.startswith("case_") and new:
        return code_label("CaseBody", new)
    if name == "exposure" and new:
        return code_label("ExposureState", new)
    if name == "severity_taken" and new:
        return code_label("Severity", new)
    if name in {"ticket_linked", "merged_in", "merged_out"}:
        return new
    if name == "ticket_unlinked":
        return str(event.get("old") or "")
    return ""
