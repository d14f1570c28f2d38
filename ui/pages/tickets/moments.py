"""A ticket's events as entries of its timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label, field_label
from ui.pages.fields import COLUMNS
from ui.widgets.timeline import Moment

if TYPE_CHECKING:
    from ui.pages.wording import Words

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
}
_STORED = {column: name for name, column in COLUMNS.items()}


def moment(event: dict[str, Any], words: Words) -> Moment:
    """Return one entry."""
    kind = str(event["type"])
    icon, ink = ICONS.get(kind, ("circle-dot", "text-2"))
    actor = words.person(event["actor_id"]) if event["actor_id"] else ""
    title = " ".join(part for part in (actor, code_label("TicketEventType", kind)) if part)
    text = str(event["text"] or "")
    if kind == "status_changed":
        title = _("{who}: {status}").format(
            who=actor, status=code_label("TicketStatus", str(event["new"]))
        )
        if event["new"] == "pending_internal":
            icon, ink = "building-2", "warn"
    elif kind == "field_changed":
        title, text = _field(event, actor, words)
        icon, ink = "pencil", "text-3"
    elif kind in {"dispatched", "transferred"} and str(event["new"] or "").isdigit():
        target = words.person(int(event["new"]))
        text = " ".join(part for part in (f"→ {target}", text) if part)
    if event["department_id"]:
        text = " ".join(part for part in (f"→ {words.item(event['department_id'])}", text) if part)
    return Moment(icon, title, text, words.time(event["at"]), ink)


def _field(event: dict[str, Any], actor: str, words: Words) -> tuple[str, str]:
    name = str(event["name"] or "")
    label = field_label("ticket", _STORED.get(name, name))
    title = _("{who} changed: {field}").format(who=actor, field=label)
    return title, f"{_value(name, event['old'], words)} → {_value(name, event['new'], words)}"


def _value(name: str, value: object, words: Words) -> str:
    text = str(value or "—")
    if name.endswith("_id") and text.isdigit():
        number = int(text)
        if name in {"owner_id", "first_owner_id"}:
            return words.person(number)
        return words.item(number)
    if name in {"priority", "request_type", "complexity", "resolution_code"}:
        kind = {"priority": "Priority", "request_type": "RequestType",
                "complexity": "Complexity", "resolution_code": "ResolutionCode"}[name]  # fmt: skip
        return code_label(kind, text)
    return text if len(text) <= 60 else text[:60] + "…"
