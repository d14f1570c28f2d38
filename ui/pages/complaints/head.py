"""The head of a complaint: its marks, and how far it has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label
from ui.pages.wording import SEVERITY_ICONS, Words
from ui.widgets.labels import Tag
from ui.widgets.strips import CURRENT, DONE, FUTURE, Step

if TYPE_CHECKING:
    from svcdesk.services.complaint_detail import ComplaintDetail

WAY = ("registered", "accepted", "investigating", "responded", "resolved", "closed")
TIMES = {"registered": "received_at", "responded": "responded_at", "resolved": "resolved_at",
         "closed": "closed_at"}  # fmt: skip


def tags(detail: ComplaintDetail) -> list[Tag]:
    """Return the marks of a complaint: severity, chain, group, exposure, customer, end."""
    complaint = detail.complaint
    severity = str(complaint["severity"])
    icon, ink = SEVERITY_ICONS[severity]
    found = [Tag(code_label("Severity", severity), icon, ink if ink == "danger" else "neutral")]
    if complaint["is_repeat"]:
        text = _("Repeat complaint no. {n}").format(n=complaint["chain"])
        found.append(Tag(text, "repeat", "warn"))
    if complaint["group_id"]:
        found.append(Tag(_("Group complaint"), "users", "danger"))
    if complaint["social_exposure"]:
        found.append(Tag(_("Social-media exposure"), "siren", "danger"))
    if complaint["escalated_to"]:
        level = code_label("EscalationLevel", str(complaint["escalated_to"]))
        text = _("Escalated: {level}").format(level=level)
        found.append(Tag(text, "chevrons-up", "danger"))
    if complaint["external_case"]:
        found.append(Tag(_("External case"), "landmark", "warn"))
    if complaint["tier"] == "key":
        found.append(Tag(pgettext("tag", "Key customer"), "gem", "violet"))
    if complaint["status"] not in WAY:
        found.append(Tag(code_label("ComplaintStatus", str(complaint["status"])), "circle-x"))
    return found


def way(detail: ComplaintDetail, words: Words) -> list[Step]:
    """Return the steps from registered to closed, with the times of those taken."""
    complaint = detail.complaint
    status = str(complaint["status"])
    here = WAY.index(status) if status in WAY else len(WAY)
    reached = {str(event["type"]): event["at"] for event in detail.events if not event["of"]}
    steps = []
    for place, name in enumerate(WAY):
        at = complaint.get(TIMES.get(name, "")) or reached.get(name)
        title = code_label("ComplaintStatus", name)
        ended = here == len(WAY) and at is None  # left the way here: withdrawn or rejected
        if (place < here and not ended) or (place == here and name == "closed"):
            steps.append(Step(title, words.time(at) if at else "", DONE))
        elif place == here:
            steps.append(Step(title, words.time(at) if at else _("under way"), CURRENT))
        else:
            below = ""
            if name == "resolved" and complaint["due_at"]:
                due = words.local(complaint["due_at"]).strftime("%m-%d")
                below = _("due {time}").format(time=due)
            steps.append(Step(title, below, FUTURE))
    return steps
