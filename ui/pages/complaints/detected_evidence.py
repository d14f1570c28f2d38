"""The evidence of one finding, and the answer to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from svcdesk.services import detection_findings as findings
from ui.pages.complaints.detected_words import (
    LOOKS,
    STATES,
    marked,
    rule_name,
    sentence,
    state_name,
)
from ui.pages.wording import Words
from ui.widgets.button import Button, Kind
from ui.widgets.editors import LongTextField
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Link, Tag, box, label

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.services.detection_findings import Finding, Side

TEXT_LIMIT = 600  # characters of a complaint's text that are shown


class EvidencePane(QWidget):
    """Shows a finding: both records side by side, what they share, the question and its answer."""

    answered = Signal(object, str, str)  # finding, verdict, note
    asked_again = Signal(object)
    merge_wanted = Signal(object, str)  # complaint, number of the one that goes on
    record_wanted = Signal(object)
    group_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._words = Words(desk)
        self.finding: Finding | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(14, 12, 14, 12)
        self._column.setSpacing(10)
        area.setWidget(self._body)
        outer.addWidget(area, 1)
        outer.addWidget(self._build_bottom())
        self.show_finding(None)

    def _build_bottom(self) -> QWidget:
        self._bottom = box("sunken", "top")
        column = QVBoxLayout(self._bottom)
        column.setContentsMargins(14, 8, 14, 10)
        column.setSpacing(8)
        self.note = LongTextField(_("Why (optional)"), lines=2)
        self.note.setAccessibleName(_("Why (optional)"))
        column.addWidget(self.note)
        holder = QWidget()
        row = FlowLayout(holder, gap=6)
        self.confirm = Button(_("Confirm"), kind=Kind.MAIN, icon="circle-check", key="Y")
        self.deny = Button(_("Deny"), icon="circle-x", key="N")
        self.again = Button(_("Ask again"), icon="undo-2", key="U")
        self.again.setToolTip(_("Forget the answer and ask again"))
        self.merge = Button(_("Merge the two…"), icon="git-merge", key="M")
        self.group = Button(_("Show the group"), kind=Kind.QUIET, icon="users", key="G")
        for button, slot in (
            (self.confirm, self._on_confirm),
            (self.deny, self._on_deny),
            (self.again, self._on_again),
            (self.merge, self._on_merge),
            (self.group, self._on_group),
        ):
            button.clicked.connect(slot)
            row.addWidget(button)
        column.addWidget(holder)
        return self._bottom

    # --- showing -------------------------------------------------------------------------

    def show_finding(self, finding: Finding | None) -> None:
        """Show a finding; ``None``: nothing is chosen."""
        if finding != self.finding:
            self.note.set_value("")
        self.finding = finding
        self._clear()
        self._bottom.setVisible(finding is not None)
        if finding is None:
            self._column.addWidget(label(_("Nothing chosen."), "small", "3"))
            self._column.addStretch(1)
            return
        self._show_head(finding)
        self._column.addWidget(self._side(finding, finding.side, _("This complaint")))
        if finding.other is not None:
            self._column.addWidget(self._side(finding, finding.other, _("The earlier one")))
        self._show_shared(finding)
        self._show_answer(finding)
        self._column.addStretch(1)
        self._show_buttons(finding)

    def _clear(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _show_head(self, finding: Finding) -> None:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        icon, tone = LOOKS[finding.rule]
        row.addWidget(Tag(rule_name(finding.rule), icon, tone))
        state_tone = {"open": "neutral", "confirmed": "ok", "denied": "neutral"}[finding.state]
        row.addWidget(Tag(state_name(finding.state), STATES[finding.state], state_tone))
        row.addStretch(1)
        self._column.addWidget(head)
        self._column.addWidget(label(sentence(finding, self._words), "strong", wrap=True))

    def _side(self, finding: Finding, side: Side, name: str) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.addWidget(label(name, "small", "3"))
        link = Link(side.number, "strong")
        link.setToolTip(_("Open this complaint"))
        link.clicked.connect(lambda key=side.id: self.record_wanted.emit(key))
        row.addWidget(link)
        row.addWidget(label(self._words.full_time(side.received_at), "small", "2"))
        row.addStretch(1)
        row.addWidget(label(code_label("ComplaintStatus", side.status), "small", "2"))
        column.addLayout(row)
        facts = [
            self._words.customer(side.customer, side.customer_kind),
            self._words.item(side.category_id),
            side.product or _("no product"),
            self._words.item(side.channel_id),
        ]
        if side.resolved_at is not None:
            facts.append(_("resolved {time}").format(time=self._words.full_time(side.resolved_at)))
        column.addWidget(label(" · ".join(facts), "small", "2", wrap=True))
        column.addWidget(self._text(side, finding.words if side is finding.side else ()))
        return card

    def _text(self, side: Side, found: tuple[str, ...]) -> QLabel:
        text = (side.text or side.title).strip()
        if len(text) > TEXT_LIMIT:
            text = text[:TEXT_LIMIT] + "…"
        shown = QLabel(marked(text, found))
        shown.setTextFormat(Qt.TextFormat.RichText)
        shown.setWordWrap(True)
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        shown.setAccessibleName(text)
        return shown

    def _show_shared(self, finding: Finding) -> None:
        other = finding.other
        if other is None:
            return
        side = finding.side
        shared = [
            (_("Customer"), side.customer_id == other.customer_id),
            (_("Category"), side.category_id == other.category_id),
            (_("Product"), side.product_id == other.product_id and side.product_id is not None),
        ]
        holder = QWidget()
        row = FlowLayout(holder, gap=5)
        for name, same in shared:
            text = _("{name}: the same") if same else _("{name}: another or unknown")
            row.addWidget(Tag(text.format(name=name), "circle-check" if same else "circle-dashed"))
        self._column.addWidget(holder)

    def _show_answer(self, finding: Finding) -> None:
        said = finding.answer
        if said is None:
            return
        text = _("{state} by {name}, {time}").format(
            state=state_name(said.verdict),
            name=self._words.person(said.person_id),
            time=self._words.full_time(said.at),
        )
        self._column.addWidget(label(text, "small", "2", wrap=True))
        if said.note:
            self._column.addWidget(label(said.note, "small", "2", wrap=True, selectable=True))

    def _show_buttons(self, finding: Finding) -> None:
        asked = finding.answer is None
        self.confirm.setVisible(asked)
        self.deny.setVisible(asked)
        self.note.setVisible(asked)
        self.again.setVisible(not asked)
        self.merge.setVisible(findings.merge_offer(finding) is not None)
        self.group.setVisible(finding.group is not None)

    # --- acting --------------------------------------------------------------------------

    def answer(self, verdict: str) -> None:
        """Answer the question that is shown."""
        if self.finding is not None and self.finding.answer is None:
            self.answered.emit(self.finding, verdict, self.note.value() or "")

    def ask_again(self) -> None:
        """Take the answer back."""
        if self.finding is not None and self.finding.answer is not None:
            self.asked_again.emit(self.finding)

    def offer_merge(self) -> None:
        """Ask for the merge that a confirmed duplicate calls for."""
        target = findings.merge_offer(self.finding) if self.finding is not None else None
        if self.finding is not None and target is not None:
            self.merge_wanted.emit(self.finding.side.id, target)

    def open_group(self) -> None:
        """Open the page of the group."""
        if self.finding is not None and self.finding.group is not None:
            self.group_wanted.emit(self.finding.group.id)

    def _on_confirm(self) -> None:
        self.answer(findings.CONFIRMED)

    def _on_deny(self) -> None:
        self.answer(findings.DENIED)

    def _on_again(self) -> None:
        self.ask_again()

    def _on_merge(self) -> None:
        self.offer_merge()

    def _on_group(self) -> None:
        self.open_group()
