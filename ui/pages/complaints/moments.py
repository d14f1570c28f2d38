"""A complaint's events as entries of its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label, field_label
from ui.pages.fields import COLUMNS
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
_STORED = {column: name for name, column in COLUMNS.items()}


def moment(event: dict[str, Any], words: Words) -> Moment:
    """Return one entry."""
    kind = str(event["type"])
    icon, ink = ICONS.get(kind, ("circle-dot", "text-2"))
    actor = words.person(event["actor_id"]) if event["actor_id"] else ""
    title = " ".join(part for part in (actor, code_label("ComplaintEventType", kind)) if part)
    text = str(event["text"] or "")
    if kind == "field_changed":
        name = str(event.get("name") or "")
        field = field_label("complaint", _STORED.get(name, name))
        title = _("{who} changed: {field}").format(who=actor, field=field)
    if event.get("department_id"):
        text = " ".join(part for part in (f"→ {words.item(event['department_id'])}", text) if part)
    return Moment(icon, title, text, words.time(event["at"]), ink)
