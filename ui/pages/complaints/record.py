"""One complaint: where it stands, its form, its terms, its history, its next steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.domain.people import Permission, may
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from ui.pages.complaints import banners, head, moves
from ui.pages.complaints.detected_banners import DetectedBanners
from ui.pages.complaints.fields import ComplaintFields
from ui.pages.complaints.forms import ComplaintForms
from ui.pages.complaints.merge_panel import MergePanel
from ui.pages.complaints.terms import TermsView, empty_layout
from ui.pages.fields import from_columns, to_columns
from ui.pages.steps import StepBar, StepPanel
from ui.pages.wording import Words, say
from ui.theme.tokens import px, text_size
from ui.widgets.button import Button, Kind
from ui.widgets.editors import LongTextField
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Link, box, label
from ui.widgets.scroll_area import FitArea
from ui.widgets.side_by_side import SideBySide
from ui.widgets.strips import ProgressStrip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from svcdesk.domain.problem import Problem
    from svcdesk.services.complaints import ComplaintDetail
    from ui.pages.page import Workplace

NARROW_FROM = 150  # % text size from which the tags stand below the title
CONTACT = ("contacted", "interim_feedback", "note")
FOLDED = ("tell", "ask", "escalate", "extend")  # of the moves that have a button in the side pane


class ComplaintRecord(QWidget):
    """Shows one complaint; the page acts."""

    step_wanted = Signal(str)
    step_filled = Signal(str, object)
    save_wanted = Signal(object)
    note_wanted = Signal(str, str)
    record_wanted = Signal(object)
    page_wanted = Signal(str, object)  # page, key
    move_wanted = Signal(str, object)  # move, row

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._desk = place.desk
        self._words = Words(place.desk)
        self.open_for: tuple[str, int] = ("", 0)  # the move that the panel is open for, its row
        self.detail: ComplaintDetail | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.detected = DetectedBanners(place)
        self.detected.record_wanted.connect(self.record_wanted)
        self.detected.merge_wanted.connect(self.merge_with)
        names = (_("Complaint"), _("Deadlines and steps"))
        self._split = SideBySide(self._build_middle(), self._build_side(), (1000, 358), names)
        row.addWidget(self._split)

    # --- middle --------------------------------------------------------------------------

    def _build_middle(self) -> QWidget:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(8)
        narrow = text_size() >= NARROW_FROM
        way = QBoxLayout.Direction
        top = QBoxLayout(way.TopToBottom if narrow else way.LeftToRight)
        self._title = label("", "page", wrap=True)
        tags = QWidget()
        self._tags = FlowLayout(tags, gap=5)
        top.addWidget(self._title, 1)
        top.addWidget(tags, 1)
        column.addLayout(top)
        strip = box("card")
        strip_column = QVBoxLayout(strip)
        strip_column.setContentsMargins(4, 0, 4, 0)
        self._strip = ProgressStrip()
        strip_column.addWidget(self._strip)
        column.addWidget(strip)
        self._banners = QVBoxLayout()
        self._banners.setSpacing(8)
        column.addLayout(self._banners)
        column.addWidget(self.detected)
        column.addWidget(self._build_form())
        column.addStretch(1)
        return FitArea(inner)

    def _build_form(self) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        person = QHBoxLayout()
        person.addWidget(label(_("Complainant"), "small", "3"))
        self._customer = Link("")
        self._customer.clicked.connect(self._unmask)
        self._customer.setToolTip(_("Click to show name and number"))
        person.addWidget(self._customer)
        self._product = label("", "", "2")
        person.addSpacing(16)
        person.addWidget(self._product)
        person.addStretch(1)
        column.addLayout(person)
        self.form = ComplaintForms(self._place)
        self.form.dirty_changed.connect(self._on_dirty)
        self.form.edited.connect(self._on_edited)
        self.form.move_wanted.connect(self.move_wanted)
        self.form.record_wanted.connect(self.page_wanted)
        column.addWidget(self.form)
        self._save_bar = QWidget()
        row = QHBoxLayout(self._save_bar)
        row.setContentsMargins(0, 0, 0, 0)
        self._wrong = label("", "small", "danger", wrap=True)
        row.addWidget(self._wrong, 1)
        discard = Button(_("Discard changes"))
        discard.clicked.connect(self._discard)
        save = Button(_("Save changes"), kind=Kind.MAIN, key="Ctrl+S")
        save.clicked.connect(self.save)
        row.addWidget(discard)
        row.addWidget(save)
        self._save_bar.hide()
        column.addWidget(self._save_bar)
        return card

    # --- side ----------------------------------------------------------------------------

    def _build_side(self) -> QWidget:
        side = QFrame()
        side.setProperty("box", "surface")
        side.setProperty("line", "left")
        side.setFixedWidth(max(358, px(280)))
        outer = QVBoxLayout(side)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._terms = TermsView(self._desk)
        outer.addWidget(self._terms, 1)
        outer.addWidget(self._build_bottom())
        return side

    def _build_bottom(self) -> QWidget:
        bottom = box("sunken", "top")
        column = QVBoxLayout(bottom)
        column.setContentsMargins(14, 8, 14, 10)
        column.setSpacing(8)
        self._say_box = QWidget()
        inner = QVBoxLayout(self._say_box)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(6)
        self.words_box = LongTextField(_("What was said or done…"), lines=2)
        self.words_box.textChanged.connect(self._on_words)
        inner.addWidget(self.words_box)
        self._note_row = QWidget()
        row = QHBoxLayout(self._note_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        for kind in CONTACT:
            button = Button(code_label("ComplaintEventType", kind), small=True)
            button.setProperty("kind", kind)
            button.clicked.connect(self._on_note)
            row.addWidget(button)
        row.addStretch(1)
        self._note_row.hide()
        inner.addWidget(self._note_row)
        column.addWidget(self._say_box)
        self.panel = StepPanel(ComplaintFields(self._desk, self._place.runner), "complaint")
        self.panel.submitted.connect(self.step_filled)
        self.panel.closed.connect(self._on_panel_closed)
        column.addWidget(self.panel)
        self.merging = MergePanel(self._place)
        self.merging.closed.connect(self._on_panel_closed)
        column.addWidget(self.merging)
        self.steps = StepBar()
        self.steps.chosen.connect(self.step_wanted)
        column.addWidget(self.steps)
        column.addWidget(self._build_moves())
        return bottom

    def _build_moves(self) -> QWidget:
        self._moves = QWidget()
        flow = FlowLayout(self._moves, gap=5)
        self._buttons: dict[str, Button] = {}
        for key in FOLDED:
            move = moves.MOVES[key]
            button = Button(_(move.label), kind=Kind.QUIET, icon=move.icon, small=True,
                            key=move.letter)  # fmt: skip
            button.setProperty("move", key)
            button.clicked.connect(self._on_move)
            flow.addWidget(button)
            self._buttons[key] = button
        return self._moves

    # --- showing -------------------------------------------------------------------------

    def show_complaint(self, detail: ComplaintDetail) -> None:
        """Show a complaint; unsaved typing in the same one stays."""
        same = self.detail is not None and self.detail.complaint["id"] == detail.complaint["id"]
        keep = same and self.form.dirty
        self.detail = detail
        complaint = detail.complaint
        if not same:
            self._unmasked = False
            self.words_box.clear()
            self.close_panels()
        self._title.setText(str(complaint["title"]))
        self._show_tags(detail)
        self._strip.show_steps(head.way(detail, self._words))
        self._show_banners(detail)
        self.detected.show_complaint(int(detail.complaint["id"]))
        self._show_customer(detail)
        if not keep:
            values = from_columns(complaint, self.form.names())
            self.form.populate(values)
            self.form.subtypes()
            self.form.populate(values)
        self.form.show_detail(detail)
        self._terms.show_complaint(detail)
        if not self.panel.open_action and not self.merging.is_open:
            self._show_steps(detail)

    def _show_steps(self, detail: ComplaintDetail) -> None:
        self.steps.show_steps(detail.steps)
        edits = may(self._desk.roles, Permission.EDIT_COMPLAINTS)
        for key, button in self._buttons.items():
            button.setVisible(edits and moves.may_take(self._desk, detail, moves.MOVES[key]))
        self._moves.show()
        self._moves.updateGeometry()

    def _show_tags(self, detail: ComplaintDetail) -> None:
        self._tags.clear()
        for tag in head.tags(detail):
            self._tags.addWidget(tag)
            tag.show()

    def _show_banners(self, detail: ComplaintDetail) -> None:
        empty_layout(self._banners)
        for banner in banners.of(self._desk, detail, self._words):
            banner.acted.connect(self._on_banner)
            self._banners.addWidget(banner)

    def _on_banner(self, action: str) -> None:
        detail = self.detail
        if detail is None:
            return
        if action == "open" and detail.chain:
            self.record_wanted.emit(detail.chain[-1]["id"])
        elif action == "merged" and detail.merged_into is not None:
            self.record_wanted.emit(detail.merged_into["id"])
        elif action == "plan":
            self.form.show_section("handling")
            self.form.editor("overdue_plan").setFocus()
        elif action in moves.MOVES:
            self.move_wanted.emit(action, 0)

    def _show_customer(self, detail: ComplaintDetail) -> None:
        customer = detail.customer
        phone = customer["phones"][0] if customer["phones"] else ""
        if self._unmasked:
            text = f"{customer['name']}  {phone}"
        else:
            name = self._words.customer(customer["name"], customer["kind"])
            text = f"{name}  {self._words.phone(phone)}"
        self._customer.setText(text)
        product = str(detail.product["name"]) if detail.product else ""
        self._product.setText(_("Product: {name}").format(name=product) if product else "")

    _unmasked = False

    def _unmask(self) -> None:
        self._unmasked = not self._unmasked
        if self.detail is not None:
            self._show_customer(self.detail)

    # --- editing -------------------------------------------------------------------------

    def _on_edited(self, key: str) -> None:
        self._wrong.setText("")
        if self.detail is not None:
            self.form.propose(key, self.detail.complaint)

    def _on_dirty(self, dirty: bool) -> None:
        self._save_bar.setVisible(dirty)

    def _discard(self) -> None:
        detail, self.detail = self.detail, None
        if detail is not None:
            self.form.populate({})
            self.show_complaint(detail)

    def save(self) -> None:
        """Ask the page to save what was changed."""
        if self.form.dirty:
            self.save_wanted.emit(to_columns(self.form.changes()))

    def saved(self) -> None:
        """Take the values as saved."""
        self.form.populate(self.form.values())

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Put problems at their fields."""
        self._split.bring(detail=False)
        self._wrong.setText(" ".join(self.form.show_problems(list(problems), say)))

    # --- acting --------------------------------------------------------------------------

    def open_step(self, action: str, title: str, names: Sequence[str]) -> None:
        """Ask in place for what a step needs."""
        if self.detail is None:
            return
        self.open_for = ("", 0)
        self._make_room()
        self.panel.open_for(action, title, names, self.detail.complaint)

    def open_move(self, move: moves.Move, row: int) -> None:
        """Ask in place for what a move needs."""
        detail = self.detail
        if detail is None:
            return
        self.open_for = (move.key, row)
        filled = move.fill(self._desk, detail, row) if move.fill is not None else {}
        self._make_room()
        names = move.fields(self._desk)
        title, about = moves.heading(move, self._words, detail, row)
        self.panel.open_for(move.key, title, names, move.shown(filled), about)

    def merge_with(self, number: str) -> None:
        """Prepare the merge into a complaint that is known already."""
        self.open_merge()
        self.merging.name_target(number)

    def open_merge(self) -> None:
        """Ask what the complaint is merged into."""
        if self.detail is not None:
            self._make_room()
            self.merging.open_for(self.detail)

    def close_panels(self) -> None:
        """Put away whatever form is open in the side pane."""
        if self.panel.open_action:
            self.panel.close_panel()
        if self.merging.is_open:
            self.merging.close_panel()

    def _make_room(self) -> None:
        self._split.bring(detail=True)
        for widget in (self._say_box, self.steps, self._moves):
            widget.hide()

    def _on_move(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.move_wanted.emit(str(sender.property("move")), 0)

    def _on_panel_closed(self) -> None:
        self._say_box.show()
        self.setFocus()
        if self.detail is not None:
            self._show_steps(self.detail)

    def _on_words(self) -> None:
        self._note_row.setVisible(self.words_box.value() is not None)

    def _on_note(self) -> None:
        sender = self.sender()
        text = self.words_box.value()
        if sender is not None and text:
            self.note_wanted.emit(str(sender.property("kind")), text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+S saves, Ctrl+Enter takes the open step, Esc closes it."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() == Qt.Key.Key_S:
            self.save()
        elif control and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self.panel.open_action:
                self.panel.submit()
            elif self.merging.is_open:
                self.merging.submit()
        elif event.key() == Qt.Key.Key_Escape and (self.panel.open_action or self.merging.is_open):
            self.close_panels()
        else:
            super().keyPressEvent(event)
