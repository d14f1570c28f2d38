"""One complaint: where it stands, its form, its terms, its history, its next steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from svcdesk.domain.people import Permission, may
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label
from ui.pages.complaints.entry import FORM, REQUIRED, SPANS
from ui.pages.complaints.terms import TermsView, empty_layout
from ui.pages.fields import Fields, from_columns, to_columns
from ui.pages.steps import StepBar, StepPanel
from ui.pages.wording import SEVERITY_ICONS, Words, say
from ui.theme.tokens import px, text_size
from ui.widgets.banner import Banner
from ui.widgets.button import Button, Kind
from ui.widgets.editors import ChoiceField, LongTextField
from ui.widgets.flow import FlowLayout
from ui.widgets.form import Form
from ui.widgets.labels import Link, Tag, box, label
from ui.widgets.strips import CURRENT, DONE, FUTURE, ProgressStrip, Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from svcdesk.domain.problem import Problem
    from svcdesk.services.complaints import ComplaintDetail
    from svcdesk.services.desk import Desk

WAY = ("registered", "accepted", "investigating", "responded", "resolved", "closed")
TIMES = {"registered": "received_at", "responded": "responded_at", "resolved": "resolved_at",
         "closed": "closed_at"}  # fmt: skip
NARROW_FROM = 150  # % text size from which the tags stand below the title
CONTACT = ("contacted", "interim_feedback", "note")


class ComplaintRecord(QWidget):
    """Shows one complaint; the page acts."""

    step_wanted = Signal(str)
    step_filled = Signal(str, object)
    save_wanted = Signal(object)
    note_wanted = Signal(str, str)
    record_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._words = Words(desk)
        self.detail: ComplaintDetail | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._build_middle(), 1)
        row.addWidget(self._build_side())

    # --- middle --------------------------------------------------------------------------

    def _build_middle(self) -> QWidget:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(8)
        narrow = text_size() >= NARROW_FROM
        way = QBoxLayout.Direction
        head = QBoxLayout(way.TopToBottom if narrow else way.LeftToRight)
        self._title = label("", "page", wrap=True)
        tags = QWidget()
        self._tags = FlowLayout(tags, gap=5)
        head.addWidget(self._title, 1)
        head.addWidget(tags, 1)
        column.addLayout(head)
        strip = box("card")
        strip_column = QVBoxLayout(strip)
        strip_column.setContentsMargins(4, 0, 4, 0)
        self._strip = ProgressStrip()
        strip_column.addWidget(self._strip)
        column.addWidget(strip)
        self._banners = QVBoxLayout()
        self._banners.setSpacing(8)
        column.addLayout(self._banners)
        column.addWidget(self._build_form())
        column.addStretch(1)
        area.setWidget(inner)
        return area

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
        self.form = Form(columns=4)
        fields = Fields(self._desk)
        for name in FORM:
            fields.add(
                self.form, "complaint", name, span=SPANS.get(name, 1), required=name in REQUIRED
            )
        self.form.dirty_changed.connect(self._on_dirty)
        self.form.edited.connect(self._on_edited)
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
        self.panel = StepPanel(Fields(self._desk), "complaint")
        self.panel.submitted.connect(self.step_filled)
        self.panel.closed.connect(self._on_panel_closed)
        column.addWidget(self.panel)
        self.steps = StepBar()
        self.steps.chosen.connect(self.step_wanted)
        column.addWidget(self.steps)
        self._extend = Button(_("Extend deadline…"), kind=Kind.QUIET, icon="calendar", small=True)
        self._extend.clicked.connect(self._on_extend)
        column.addWidget(self._extend)
        return bottom

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
            if self.panel.open_action:
                self.panel.close_panel()
        self._title.setText(str(complaint["title"]))
        self._show_tags(detail)
        self._show_way(complaint)
        self._show_banners(detail)
        self._show_customer(detail)
        if not keep:
            values = from_columns(complaint, list(FORM))
            self.form.populate(values)
            self._subtypes()
            self.form.populate(values)
        self._terms.show_complaint(detail)
        if not self.panel.open_action:
            self._show_steps(detail)

    def _show_steps(self, detail: ComplaintDetail) -> None:
        self.steps.show_steps(detail.steps)
        complaint = detail.complaint
        running = complaint["due_at"] is not None and complaint["status"] in WAY[:4]
        self._extend.setVisible(running and may(self._desk.roles, Permission.PUBLISH_REPORTS))

    def _show_tags(self, detail: ComplaintDetail) -> None:
        complaint = detail.complaint
        self._tags.clear()
        tags = []
        severity = str(complaint["severity"])
        icon, ink = SEVERITY_ICONS[severity]
        tone = ink if ink == "danger" else "neutral"
        tags.append(Tag(code_label("Severity", severity), icon, tone))
        if complaint["is_repeat"]:
            text = _("Repeat complaint no. {n}").format(n=complaint["chain"])
            tags.append(Tag(text, "repeat", "warn"))
        if complaint["group_id"]:
            tags.append(Tag(_("Group complaint"), "users", "danger"))
        if complaint["social_exposure"]:
            tags.append(Tag(_("Social-media exposure"), "siren", "danger"))
        if complaint["tier"] == "key":
            tags.append(Tag(pgettext("tag", "Key customer"), "gem", "violet"))
        if complaint["status"] not in WAY:
            tags.append(Tag(code_label("ComplaintStatus", str(complaint["status"])), "circle-x"))
        for tag in tags:
            self._tags.addWidget(tag)
            tag.show()

    def _show_way(self, complaint: dict[str, Any]) -> None:
        status = str(complaint["status"])
        here = WAY.index(status) if status in WAY else len(WAY)
        reached = {}
        for event in self.detail.events if self.detail else []:
            reached[str(event["type"])] = event["at"]
        steps = []
        for place, name in enumerate(WAY):
            at = complaint.get(TIMES.get(name, "")) or reached.get(name)
            ended = here == len(WAY) and at is None  # left the way here: withdrawn or rejected
            if (place < here and not ended) or (place == here and name == "closed"):
                below = self._words.time(at) if at else ""
                steps.append(Step(code_label("ComplaintStatus", name), below, DONE))
            elif place == here:
                below = self._words.time(at) if at else _("under way")
                steps.append(Step(code_label("ComplaintStatus", name), below, CURRENT))
            else:
                below = ""
                if name == "resolved" and complaint["due_at"]:
                    below = _("due {time}").format(
                        time=self._words.local(complaint["due_at"]).strftime("%m-%d")
                    )
                steps.append(Step(code_label("ComplaintStatus", name), below, FUTURE))
        self._strip.show_steps(steps)

    def _show_banners(self, detail: ComplaintDetail) -> None:
        empty_layout(self._banners)
        if detail.chain:
            numbers = " → ".join(
                f"{c['complaint_no']} ({self._words.day(c['received_at'])})" for c in detail.chain
            )
            actions = (("open", _("Open the one before")),)
            banner = Banner(
                "warn", "repeat", _("Same customer and category again"), numbers, actions
            )
            banner.acted.connect(self._open_previous)
            self._banners.addWidget(banner)
        if detail.complaint["exposure_suggested"] and not detail.complaint["social_exposure"]:
            text = _("The text mentions exposure or an authority. Check severity and escalation.")
            self._banners.addWidget(Banner("neutral", "lightbulb", text))

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

    def _subtypes(self) -> None:
        editor = self.form.editor("category_l2")
        parent = self.form.editor("category_l1").value()
        if isinstance(editor, ChoiceField):
            choices = self._words.items("category", parent_id=parent) if parent else []
            editor.set_choices(choices)
            editor.setEnabled(bool(choices))

    def _on_edited(self, key: str) -> None:
        if key == "category_l1":
            self._subtypes()
        self._wrong.setText("")

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
        self._wrong.setText(" ".join(self.form.show_problems(list(problems), say)))

    # --- acting --------------------------------------------------------------------------

    def open_step(self, action: str, title: str, names: Sequence[str]) -> None:
        """Ask in place for what a step needs."""
        if self.detail is None:
            return
        self._say_box.hide()
        self.steps.hide()
        self._extend.hide()
        self.panel.open_for(action, title, names, self.detail.complaint)

    def _on_extend(self) -> None:
        self.open_step("extend", _("Extend deadline"), ("due_at", "extension_reason"))

    def _on_panel_closed(self) -> None:
        self._say_box.show()
        if self.detail is not None:
            self._show_steps(self.detail)

    def _on_words(self) -> None:
        self._note_row.setVisible(self.words_box.value() is not None)

    def _on_note(self) -> None:
        sender = self.sender()
        text = self.words_box.value()
        if sender is not None and text:
            self.note_wanted.emit(str(sender.property("kind")), text)

    def _open_previous(self, _action: str) -> None:
        if self.detail is not None and self.detail.chain:
            self.record_wanted.emit(self.detail.chain[-1]["id"])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+S saves, Ctrl+Enter takes the open step, Esc closes it."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() == Qt.Key.Key_S:
            self.save()
        elif control and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self.panel.open_action:
                self.panel.submit()
        elif event.key() == Qt.Key.Key_Escape and self.panel.open_action:
            self.panel.close_panel()
        else:
            super().keyPressEvent(event)
