"""What the ticket form asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.i18n.catalog import _
from svcdesk.services import tickets
from ui.pages.entry_dialog import EntrySpec

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk

_EDIT = ("title", "description", "channel", "request_type", "priority", "priority_reason",
         "issue_l1", "issue_l2", "product", "serial_no", "order", "resp_dept", "complexity")  # fmt: skip
_NEW = ("title", "description", "channel", "owner", "request_type", "priority",
        "issue_l1", "issue_l2", "product", "order", "serial_no", "resp_dept", "priority_reason")  # fmt: skip


def ticket_spec() -> EntrySpec:
    """Return the declaration of the ticket form in the present language."""
    return EntrySpec(
        entity="ticket",
        title_new=_("New ticket"),
        title_edit=_("Edit ticket"),
        save=_("Save ticket"),
        names=_NEW,
        names_edit=_EDIT,
        wide=frozenset({"title", "description"}),
        required=frozenset({"title", "channel", "request_type", "priority"}),
        hints={"description": _("What fails, since when, what was seen")},
        subtypes={"issue_l1": ("issue_l2", "issue")},
        problems=tickets.problems,
        create=tickets.create,
        change=tickets.change,
        similar=tickets.similar,
        page="tickets",
        kinds=True,
    )


def ticket_defaults(desk: Desk) -> dict[str, Any]:
    """Return what a new ticket starts with: a phone call that the actor takes."""
    phone = desk.reference.by_code("channel", "phone")
    return {
        "request_type": "consult",
        "priority": "normal",
        "channel": phone.id if phone else None,
        "owner": desk.actor.id,
    }
