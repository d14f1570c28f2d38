"""What the complaint form asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.i18n.catalog import _
from svcdesk.services import complaints
from ui.pages.entry_dialog import EntrySpec

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk

_NEW = ("description", "channel", "category_l1", "category_l2", "pain_tags", "demand",
        "demand_amount", "resp_dept", "handler", "on_behalf", "order")  # fmt: skip
# in the record's own form, four columns
FORM = ("category_l1", "category_l2", "channel", "severity", "resp_dept", "handler", "demand",
        "demand_amount", "description", "liability", "pain_tags", "cause", "remedy",
        "compensation", "answer", "overdue_reason", "overdue_plan")  # fmt: skip
SPANS = {"description": 4, "cause": 2, "answer": 2, "overdue_plan": 3}
REQUIRED = frozenset({"category_l1", "channel", "severity", "description"})


def complaint_spec() -> EntrySpec:
    """Return the declaration of the form that registers a complaint."""
    return EntrySpec(
        entity="complaint",
        title_new=_("Register complaint"),
        title_edit=_("Edit complaint"),
        save=_("Register"),
        names=_NEW,
        names_edit=_NEW,
        wide=frozenset({"description"}),
        required=frozenset({"description", "channel", "category_l1"}),
        hints={"description": _("What the customer says, in their words")},
        subtypes={"category_l1": ("category_l2", "category")},
        problems=complaints.problems,
        create=complaints.create,
        change=complaints.change,
        page="complaints",
    )


def complaint_defaults(desk: Desk) -> dict[str, Any]:
    """Return what a new complaint starts with."""
    phone = desk.reference.by_code("channel", "phone")
    return {"channel": phone.id if phone else None, "handler": desk.actor.id}
