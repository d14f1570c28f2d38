"""One ticket: what is due, who has it, what happened, what to do next."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label
from ui.pages.complaints.detected_banners import DetectedBanners
from ui.pages.knowledge.suggestions import Suggestions
from ui.pages.page import Route
from ui.pages.tickets.checklist_tab import ChecklistTab
from ui.pages.tickets.facts import TicketFacts
from ui.pages.tickets.files_tab import FilesTab
from ui.pages.tickets.head import TicketHead
from ui.pages.tickets.history_tab import HistoryTab
from ui.pages.tickets.pane_bottom import PaneBottom
from ui.pages.tickets.tag_strip import TagStrip
from ui.pages.tickets.work_tab import WorkTab
from ui.pages.wording import Words, yuan
from ui.theme.tokens import px
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import label
from ui.widgets.tabs import TabDef, TabRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent

    from svcdesk.services.tickets import TicketDetail
    from ui.pages.page import Workplace


class TicketPane(QFrame):
    """The right side of the ticket page, or a window of its own; it shows, others act."""

    step_wanted = Signal(str)
    step_filled = Signal(str, object)
    say_wanted = Signal(str, str)  # kind, text
    edit_wanted = Signal()
    field_wanted = Signal(str)  # edit the ticket, beginning with this field
    customer_wanted = Signal(object)
    move_wanted = Signal(int)  # to the next or previous ticket of the list
    made_wanted = Signal(str, object)  # a move of ui.pages.tickets.moves, its row
    merge_chosen = Signal(object, object)  # target, choices
    not_the_same = Signal(object)
    open_wanted = Signal(object)  # another ticket
    copy_wanted = Signal(bool)
    window_wanted = Signal()
    form_wanted = Signal(str, object)  # open the form of a step or move, do nothing yet
    macro_wanted = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._desk = place.desk
        self._place = place
        self._words = Words(place.desk)
        self.detail: TicketDetail | None = None
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setProperty("box", "surface")
        self.setMinimumWidth(px(320))
        self.setAcceptDrops(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        self._inner = QVBoxLayout(inner)
        self._inner.setContentsMargins(14, 8, 14, 8)
        self._inner.setSpacing(7)
        self._scroll.setWidget(inner)
        column.addWidget(self._scroll, 1)
        self._suspicion: Banner | None = None
        self._request: Banner | None = None
        self._build_upper()
        self._build_tabs()
        self._inner.addStretch(1)
        self._build_bottom()
        column.addWidget(self.bottom)
        self.setVisible(False)

    # --- parts ---------------------------------------------------------------------------

    def _build_upper(self) -> None:
        self.head = TicketHead(self._place)
        self.head.edit_wanted.connect(self.edit_wanted)
        self.head.move_wanted.connect(self.move_wanted)
        self.head.open_wanted.connect(self.open_wanted)
        self.head.complaint_wanted.connect(self._open_complaint)
        self.head.window_wanted.connect(self.window_wanted)
        self._inner.addWidget(self.head)
        self.tags = TagStrip(self._place)
        self._inner.addWidget(self.tags)
        self.facts = TicketFacts(self._desk)
        self.facts.customer_wanted.connect(self.customer_wanted)
        self._inner.addWidget(self.facts)

        self.detected = DetectedBanners(self._place)  # of the complaints linked with it
        self.detected.record_wanted.connect(self._open_complaint)
        self._inner.addWidget(self.detected)

    def _open_complaint(self, key: object) -> None:
        if isinstance(key, int):
            self._place.shell.go(Route("complaints", key))

    def _build_tabs(self) -> None:
        self._tabs = TabRow([TabDef("timeline", _("Timeline")), TabDef("text", _("Description")),
                             TabDef("checks", _("Checklist")), TabDef("files", _("Attachments")),
                             TabDef("knowledge", _("Knowledge")),
                             TabDef("more", _("Requests, visits, links"))])  # fmt: skip
        self._tabs.choose("timeline")
        self._tabs.chosen.connect(self.go_to_tab)
        self._inner.addWidget(self._tabs)
        self.history = HistoryTab(self._desk)
        self.history.copy_wanted.connect(self.copy_wanted)
        self.history.open_wanted.connect(self.open_wanted)
        self._text = label("", wrap=True, selectable=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.checks = ChecklistTab(self._place)
        self.files = FilesTab(self._place)
        self.files.added.connect(self._show_files)
        self.knowledge = Suggestions(self._place)
        self.knowledge.inserted.connect(self._on_article)
        self.knowledge.opened.connect(self._open_article)
        self.knowledge.found.connect(self._count_articles)
        self.work = WorkTab(self._desk)
        self.work.move_wanted.connect(self.made_wanted)
        self.work.open_wanted.connect(self.open_wanted)
        self._pages: dict[str, QWidget] = {
            "timeline": self.history, "text": self._text, "checks": self.checks,
            "files": self.files, "knowledge": self.knowledge, "more": self.work,
        }  # fmt: skip
        for page in self._pages.values():
            self._inner.addWidget(page)
        self.show_tab("timeline")

    def _build_bottom(self) -> None:
        self.bottom = PaneBottom(self._place)
        self.bottom.step_wanted.connect(self.step_wanted)
        self.bottom.step_filled.connect(self.step_filled)
        self.bottom.move_wanted.connect(self.made_wanted)
        self.bottom.form_wanted.connect(self.form_wanted)
        self.bottom.macro_wanted.connect(self.macro_wanted)
        self.talk = self.bottom.talk
        self.talk.said.connect(self.say_wanted)
        self.talk.field_wanted.connect(self.field_wanted)
        self.talk.files_pasted.connect(self.files.add_data)
        self.panel, self.draft = self.bottom.panel, self.bottom.draft
        self.merging, self.steps = self.bottom.merging, self.bottom.steps
        self.merging.merged.connect(self.merge_chosen)

    @property
    def words_box(self) -> Any:
        """The field in which replies and notes are written."""
        return self.talk.words_box

    # --- showing -------------------------------------------------------------------------

    def show_ticket(self, detail: TicketDetail) -> None:
        """Show a ticket; what is being typed for the same one stays."""
        same = self.detail is not None and self.detail.ticket["id"] == detail.ticket["id"]
        self.detail = detail
        self.bottom.show_detail(detail)
        if not same:
            self._scroll.verticalScrollBar().setValue(0)
        self.head.show_detail(detail)
        self.tags.show_detail(detail)
        self.facts.show_detail(detail)
        self._show_suspicion(detail)
        self._show_request(detail)
        self.detected.show_ticket(int(detail.ticket["id"]))
        self.history.show_detail(detail)
        self._tabs.set_count("timeline", self.history.count)
        self._show_text(detail)
        self.knowledge.show_ticket(
            int(detail.ticket["id"]),
            f"{detail.ticket['title']} {detail.ticket.get('description') or ''}",
            detail.ticket["issue_sub_id"] or detail.ticket["issue_id"],
        )
        self._tabs.set_count("checks", self.checks.show_detail(detail))
        self._tabs.set_count("files", self.files.show_detail(detail))
        self._tabs.set_count("more", self.work.show_detail(detail))
        self.setVisible(True)
        if not same:
            self.bottom.restore_form()

    @property
    def busy(self) -> bool:
        """Whether a form is open at the bottom."""
        return self.bottom.busy

    def show_position(self, position: int, count: int) -> None:
        """Show which of the list's records this is."""
        self.head.show_position(position, count)

    def _show_text(self, detail: TicketDetail) -> None:
        ticket = detail.ticket
        parts = [str(ticket["description"] or _("No description."))]
        if ticket["solution"]:
            code = code_label("ResolutionCode", str(ticket["resolution_code"] or ""))
            parts.append(_("Solution ({how}): {text}").format(how=code, text=ticket["solution"]))
        if detail.customer.get("spend_12m") is not None:
            spend = yuan(detail.customer["spend_12m"])
            parts.append(_("Customer's spend in 12 months: {amount}").format(amount=spend))
        self._text.setText("\n\n".join(parts))

    def _show_suspicion(self, detail: TicketDetail) -> None:
        """Show the banner that asks whether another ticket is the same case (4.6)."""
        if self._suspicion is not None:
            self._suspicion.hide()
            self._suspicion.deleteLater()
            self._suspicion = None
        if not detail.suspects:
            return
        first = detail.suspects[0]
        text = _("Perhaps the same case: {number}").format(number=first.number)
        banner = Banner("warn", "git-merge", text)
        banner.setToolTip(first.title)
        line = QWidget()
        flow = FlowLayout(line, gap=4)
        actions = (("merge", _("Merge…")), ("open", _("Open")), ("deny", _("Not the same")))
        for action, name in actions:
            button = Button(name, small=True)
            button.setProperty("action", action)
            button.clicked.connect(self._on_suspicion)
            flow.addWidget(button)
        banner.add(line)
        self._inner.insertWidget(1, banner)
        self._suspicion = banner

    def _show_request(self, detail: TicketDetail) -> None:
        """Show what a department is asked, with the keys that answer it."""
        if self._request is not None:
            self._request.hide()
            self._request.deleteLater()
            self._request = None
        if not detail.open_handoffs:
            return
        row = detail.open_handoffs[0]
        text = _("Waits for {department} until {time}: {request}").format(
            department=self._words.item(row["department_id"]),
            time=self._words.time(row["due_at"]),
            request=row["request"],
        )
        late = row["due_at"] < self._words.now()
        banner = Banner("danger" if late else "warn", "building-2", text)
        line = QWidget()
        flow = FlowLayout(line, gap=4)
        for move, name, key in (
            ("answer", pgettext("request", "Answer"), "Y"),
            ("promise", _("Promised…"), "P"),
        ):
            button = Button(name, small=True, key=key)
            button.clicked.connect(partial(self.made_wanted.emit, move, row["id"]))
            flow.addWidget(button)
        banner.add(line)
        self._inner.insertWidget(1, banner)
        self._request = banner

    def _on_suspicion(self) -> None:
        sender = self.sender()
        if sender is None or self.detail is None or not self.detail.suspects:
            return
        action = str(sender.property("action"))
        other = self.detail.suspects[0].id
        if action == "merge":
            self.open_merge(other)
        elif action == "open":
            self.open_wanted.emit(other)
        else:
            self.not_the_same.emit(other)

    def show_tab(self, key: str) -> None:
        """Show one of the tabs: timeline, description, checklist, attachments and so on."""
        self._tabs.choose(key)
        for name, page in self._pages.items():
            page.setVisible(name == key)

    def go_to_tab(self, key: str) -> None:
        """Show a tab and scroll it into view, below its row of tabs."""
        self.show_tab(key)
        QTimer.singleShot(0, self, self._scroll_to_tabs)  # once the page has its height

    def _scroll_to_tabs(self) -> None:
        self._scroll.verticalScrollBar().setValue(self._tabs.y())

    def show_checks(self) -> None:
        """Go to the checklist, to its first open item."""
        self.go_to_tab("checks")
        self.checks.focus_open()

    def _show_files(self) -> None:
        self.go_to_tab("files")

    def _count_articles(self, count: int) -> None:
        self._tabs.set_count("knowledge", count)

    def _on_article(self, text: str, _key: object) -> None:
        """Put an article's solution where the solution is asked for, else into the reply."""
        if not self.panel.offer("solution", text):
            known = self.words_box.value()
            self.words_box.set_value(f"{known}\n{text}" if known else text)
            self.words_box.setFocus()

    def _open_article(self, key: object) -> None:
        if isinstance(key, int):
            self._place.shell.go(Route("knowledge", key))

    # --- forms at the bottom ---------------------------------------------------------------

    def open_step(
        self, action: str, title: str, names: tuple[str, ...],
        record: Mapping[str, Any] | None = None, row: int = 0,
    ) -> None:  # fmt: skip
        """Ask in place for what a step or a move needs."""
        self.bottom.open_step(action, title, names, record, row)

    def open_merge(self, target: int | None = None) -> None:
        """Prepare a merge in place."""
        self.bottom.open_merge(target)

    def close_forms(self) -> None:
        """Put every open form away."""
        self.bottom.close_forms()

    # --- keys, files from outside --------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter records or takes the open step, Esc closes it, Ctrl+V attaches."""
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.bottom.submit()
        elif event.key() == Qt.Key.Key_Escape and self.busy:
            self.close_forms()
        elif not (event.matches(QKeySequence.StandardKey.Paste) and self.paste()):
            super().keyPressEvent(event)

    def paste(self) -> bool:
        """Attach the picture or the files on the clipboard; return whether there were any."""
        return self.detail is not None and self.files.add_data(
            QGuiApplication.clipboard().mimeData()
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and pictures."""
        if self.detail is not None and FilesTab.takes(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Attach what was dropped."""
        if self.files.add_data(event.mimeData()):
            event.acceptProposedAction()
