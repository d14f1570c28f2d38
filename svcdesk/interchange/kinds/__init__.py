"""The kinds of import: one declaration each, from which everything else derives."""

from __future__ import annotations

from svcdesk.i18n.catalog import N_
from svcdesk.interchange.kinds import complaints, contacts, figures, masters, tickets
from svcdesk.interchange.kinds.model import Field, FieldType, Kind, choice_names, normal
from svcdesk.system.errors import UserError

__all__ = ["KINDS", "Field", "FieldType", "Kind", "choice_names", "kind_of", "normal"]

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        masters.CUSTOMERS,
        masters.PRODUCTS,
        masters.ORDERS,
        tickets.TICKETS,
        tickets.TICKET_EVENTS,
        tickets.VISITS,
        complaints.COMPLAINTS,
        complaints.COMPLAINT_EVENTS,
        contacts.CALLBACKS,
        contacts.CALLBACK_ATTEMPTS,
        contacts.SURVEYS,
        contacts.QUESTIONNAIRES,
        tickets.QUALITY_CHECKS,
        tickets.KNOWLEDGE,
        masters.USERS,
        figures.TARGETS,
        figures.CALENDAR,
        figures.CHANNEL_DAILY,
        figures.ORDER_VOLUME,
        figures.SPARE_PARTS,
        figures.MANUAL_METRICS,
    )
}


def kind_of(code: str) -> Kind:
    """Return the kind of that name; refuse an unknown one with the list of names."""
    if not code.strip():
        raise UserError(
            N_("Say what the file holds; choose one of: {kinds}."),
            code="no_kind",
            kinds=", ".join(KINDS),
        )
    kind = KINDS.get(code.strip().lower().replace("_", "-"))
    if kind is None:
        raise UserError(
            N_("“{kind}” cannot be imported; choose one of: {kinds}."),
            code="unknown_kind",
            kind=code,
            kinds=", ".join(KINDS),
        )
    return kind
