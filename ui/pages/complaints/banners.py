"""What about a complaint must be seen at once, each with its way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.complaint_approval import ApprovalState, may_approve
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from svcdesk.services import complaint_exposure
from ui.pages.complaints.severity_note import reasons_text
from ui.pages.wording import Words, yuan
from ui.widgets.banner import Banner

if TYPE_CHECKING:
    from svcdesk.services.complaint_detail import ComplaintDetail
    from svcdesk.services.desk import Desk


def of(desk: Desk, detail: ComplaintDetail, words: Words) -> list[Banner]:
    """Return the banners of a complaint, the most pressing first."""
    found = [
        _merged(detail), _overdue(detail), _proposal(detail), _approval(desk, detail),
        _exposure(desk, detail), _chain(detail, words),
    ]  # fmt: skip
    return [banner for banner in found if banner is not None]


def _merged(detail: ComplaintDetail) -> Banner | None:
    if detail.merged_into is None:
        return None
    text = _("Merged into {number}").format(number=detail.merged_into["complaint_no"])
    return Banner("neutral", "git-merge", text, str(detail.merged_into["title"]),
                  (("merged", _("Open it")),))  # fmt: skip


def _overdue(detail: ComplaintDetail) -> Banner | None:
    complaint = detail.complaint
    if not detail.overdue or str(complaint["overdue_plan"] or "").strip():
        return None
    return Banner("danger", "circle-alert", _("Overdue without a plan"),
                  _("Write what will be done by when."), (("plan", _("Write the plan")),))  # fmt: skip


def _proposal(detail: ComplaintDetail) -> Banner | None:
    found = detail.open_proposal
    if found is None:
        return None
    name = code_label("Severity", str(found.severity))
    return Banner("warn", "triangle-alert", _("Proposed now: {severity}").format(severity=name),
                  reasons_text(found), (("take_over", _("Take over")),))  # fmt: skip


def _approval(desk: Desk, detail: ComplaintDetail) -> Banner | None:
    if detail.approval in {ApprovalState.NONE, ApprovalState.GRANTED}:
        return None
    state = str(detail.approval)
    waits = detail.approval is ApprovalState.OPEN
    actions: tuple[tuple[str, str], ...] = (("ask_approval", _("Ask for approval")),)
    if waits:
        mine = may_approve(desk.roles)
        actions = (("approve", _("Approve…")), ("refuse", _("Refuse…"))) if mine else ()
    text = _("Compensation {amount}").format(amount=yuan(detail.complaint["compensation"]))
    icon, tone = ("clock-alert", "warn") if waits else ("circle-alert", "danger")
    return Banner(tone, icon, code_label("ApprovalState", state), text, actions)


def _exposure(desk: Desk, detail: ComplaintDetail) -> Banner | None:
    if not complaint_exposure.note_due(desk, detail.complaint):
        return None
    state = code_label("ExposureState", str(detail.complaint["exposure_state"] or "watching"))
    return Banner("warn", "siren", _("The note of the day on the publication is due"), state,
                  (("exposure", _("Write it")),))  # fmt: skip


def _chain(detail: ComplaintDetail, words: Words) -> Banner | None:
    if not detail.chain or detail.trace is not None:
        return None
    numbers = " → ".join(
        f"{c['complaint_no']} ({words.day(c['received_at'])})" for c in detail.chain
    )
    actions = (("trace", _("Trace responsibility")),)
    return Banner("warn", "repeat", _("Same customer and category again"), numbers, actions)
