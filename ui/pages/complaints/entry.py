"""What the complaint form asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.i18n.catalog import _
from svcdesk.services import complaints
from ui.pages.complaints.detected_typing import DetectedExtra, DetectedStrip
from ui.pages.complaints.severity_note import SeverityNote
from ui.pages.entry_dialog import EntrySpec

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk, Outcome

ENTRY_FIELDS = ("description", "channel", "category_l1", "category_l2", "product", "pain_tags", "demand",
        "demand_amount", "resp_dept", "handler", "complained_of", "on_behalf", "order", "serial_no",
        "region", "received_at")  # fmt: skip


def complaint_spec(ticket_ids: tuple[int, ...] = ()) -> EntrySpec:
    """Return the declaration of the form that registers a complaint, linked with ``ticket_ids``."""

    def create(desk: Desk, values: dict[str, Any]) -> Outcome[int]:
        return complaints.create(desk, {**values, "ticket_ids": ticket_ids})

    return EntrySpec(
        entity="complaint",
        title_new=_("Register complaint"),
        title_edit=_("Edit complaint"),
        save=_("Register"),
        names=ENTRY_FIELDS,
        names_edit=ENTRY_FIELDS,
        wide=frozenset({"description"}),
        required=frozenset({"description", "channel", "category_l1"}),
        hints={"description": _("What the customer says, in their words")},
        subtypes={"category_l1": ("category_l2", "category")},
        problems=complaints.problems,
        create=create,
        change=complaints.change,
        page="complaints",
        extra=lambda place: DetectedExtra(SeverityNote(place, choice=True), DetectedStrip(place)),
    )


def complaint_defaults(desk: Desk) -> dict[str, Any]:
    """Return what a new complaint starts with."""
    phone = desk.reference.by_code("channel", "phone")
    return {"channel": phone.id if phone else None, "handler": desk.actor.id,
            "received_at": desk.clock.now()}  # fmt: skip
