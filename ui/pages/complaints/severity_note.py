"""The proposed severity with every reason, while a complaint is typed (domain.md 2.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout

from svcdesk.domain.complaint import Severity
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from svcdesk.services import complaint_severity
from ui.jobs.runner import Latest
from ui.pages.entry_dialog import EntryExtra
from ui.pages.wording import SEVERITY_ICONS, Words
from ui.widgets.editors import ChoiceField
from ui.widgets.labels import Tag, label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.domain.complaint_severity import Proposal
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

# fields whose change may change what is proposed
WATCHED = frozenset({"description", "demand_amount", "product", "channel", "category_l1",
                     "social_exposure", ""})  # fmt: skip


def reasons_text(proposal: Proposal) -> str:
    """Return the reasons in words, each with its evidence."""
    parts = []
    for reason in proposal.reasons:
        name = code_label("SeverityReason", reason.code)
        if reason.code == "chain":
            name = _("Repeat complaint no. {n}").format(n=reason.evidence)
            parts.append(name)
        elif reason.evidence:
            parts.append(_("{reason} ({evidence})").format(reason=name, evidence=reason.evidence))
        else:
            parts.append(name)
    return _(", ").join(parts)


class SeverityNote(EntryExtra):
    """What is proposed and why; with ``choice`` the severity is chosen here."""

    def __init__(self, place: Workplace, *, choice: bool = False) -> None:
        super().__init__()
        self._place = place
        self._latest = Latest(place.runner, self)
        self.choice: ChoiceField | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        if choice:
            name = label(_("Severity"), "small", "2")
            row.addWidget(name)
            codes = [str(severity) for severity in Severity]
            self.choice = ChoiceField(Words(place.desk).codes("Severity", codes), _("as proposed"))
            self.choice.setAccessibleName(_("Severity"))
            name.setBuddy(self.choice)
            row.addWidget(self.choice)
        self._tag = Tag("", "")
        row.addWidget(self._tag)
        self._why = label("", "small", "2", wrap=True)
        row.addWidget(self._why, 1)
        self.proposal: Proposal | None = None

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Propose for what stands in a form (columns), in the background."""
        desk, typed = self._place.desk, dict(values)

        def work(_context: JobContext) -> Proposal:
            return complaint_severity.proposal_for(desk, typed)

        self._latest.start(work).on_success(self.show_proposal)

    def show_proposal(self, proposal: Proposal) -> None:
        """Show a proposal."""
        self.proposal = proposal
        severity = str(proposal.severity)
        icon, ink = SEVERITY_ICONS[severity]
        name = code_label("Severity", severity)
        tone = ink if ink in {"danger", "warn"} else "neutral"
        self._tag.set(_("Proposed: {severity}").format(severity=name), icon, tone)
        why = reasons_text(proposal) or _("no reason for more")
        self._why.setText(why)
        self._tag.setAccessibleName(f"{name}: {why}")

    def values(self) -> dict[str, Any]:
        """Return the severity that was chosen, nothing while the proposed one holds."""
        chosen = self.choice.value() if self.choice is not None else None
        return {} if chosen is None else {"severity": chosen}
