"""Names of the codes around a ticket: links, time spent, missed limits (``domain.md 1``)."""

from __future__ import annotations

from svcdesk.i18n.catalog import N_

TICKET_LABELS: dict[str, dict[str, str]] = {
    "LinkKind": {
        "related": N_("Related"),
        "follow_up": N_("Follow-up"),
        "duplicate": N_("Duplicate"),
        "split": N_("Split off"),
    },
    "WorkActivity": {
        "phone": N_("On the phone"),
        "reply": N_("Writing"),
        "visit": N_("On site"),
        "research": N_("Looking up"),
        "coordination": N_("Coordination"),
        "remote": N_("Remote guidance"),
        "other": N_("Other"),
    },
    "BreachKind": {
        "response": N_("First response too late"),
        "resolution": N_("Resolution too late"),
    },
}
