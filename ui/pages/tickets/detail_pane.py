"""One ticket: what is due, who has it, what happened, what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QMenu, QScrollArea, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from ui.pages.drafts import DraftKeeper
from ui.pages.knowledge.suggestions import Suggestions
from ui.pages.page import Route
from ui.pages.steps import StepBar, StepPanel
from ui.pages.tickets import moves
from ui.pages.tickets.facts import TicketFacts
from ui.pages.tickets.fields import TicketFields
from ui.pages.tickets.head import TicketHead
from ui.pages.tickets.history_tab import HistoryTab
from ui.pages.tickets.merge_panel import MergePanel
from ui.pages.tickets.talk import TalkBox
from ui.pages.tickets.work_tab import WorkTab
from ui.pages.wording import Words, yuan
from ui.widgets.banner import Banner
from ui.widgets.button import Button, Kind
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import box, label
from ui.widgets.tabs import TabDef, TabRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QKeyEvent

    from svcdesk.services.tickets import TicketDetail
    from ui.pages.page import Workplace


class TicketPane(QFrame):
    """The right side of the ticket page, or a window of its own; it shows, others act."""

    step_wanted = Signal(str)
    step_filled = Signal(str, object)
    say_wanted = Signal(str, str)  # kind, text
    edit_wanted = Signal()
    customer_wanted = Signal(object)
    move_wanted = Signal(int)  # to the next or previous ticket of the list
    made_wanted = Signal(str, object)  # a move of ui.pages.tickets.moves, its row
    merge_chosen = Signal(object, object)  # target, choices
    not_the_same = Signal(object)
    open_wanted = Signal(object)  # another ticket
    copy_wanted = Signal(bool)
    window_wanted = Signal()
    form_wanted = Signal(str, object)  # open the form of a step or move, do nothing yet

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._desk = place.desk
        self._place = place
        self._words = Words(place.desk)
        self.detail: TicketDetail | None = None
        self._row = 0
        self._before: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setProperty("box", "surface")
        self.setMinimumWidth(320)
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
        self._build_upper()
        self._build_tabs()
        self._inner.addStretch(1)
        column.addWidget(self._build_bottom())
        self.setVisible(False)

    # --- parts ---------------------------------------------------------------------------

    def _build_upper(self) -> None:
        self.head = TicketHead(self._place)
        self.head.edit_wanted.connect(self.edit_wanted)
        self.head.move_wanted.connect(self.move_wanted)
        self.head.open_wanted.connect(self.open_wanted)
        self.head.window_wanted.connect(self.window_wanted)
        self._inner.addWidget(self.head)
        self.facts = TicketFacts(self._desk)
        self.facts.customer_wanted.connect(self.customer_wanted)
        self._inner.addWidget(self.facts)

    def _build_tabs(self) -> None:
        self._tabs = TabRow([TabDef("timeline", _("Timeline")), TabDef("text", _("Description")),
                             TabDef("knowledge", _("Knowledge")),
                             TabDef("more", _("Requests, visits, links"))])  # fmt: skip
        self._tabs.choose("timeline")
        self._tabs.chosen.connect(self.show_tab)
        self._inner.addWidget(self._tabs)
        self.history = HistoryTab(self._desk)
        self.history.copy_wanted.connect(self.copy_wanted)
        self.history.open_wanted.connect(self.open_wanted)
        self._inner.addWidget(self.history)
        self._text = label("", wrap=True, selectable=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._inner.addWidget(self._text)
        self.knowledge = Suggestions(self._place)
        self.knowledge.inserted.connect(self._on_article)
        self.knowledge.opened.connect(self._open_article)
        self.knowledge.found.connect(self._count_articles)
        self._inner.addWidget(self.knowledge)
        self.work = WorkTab(self._desk)
        self.work.move_wanted.connect(self.made_wanted)
        self.work.open_wanted.connect(self.open_wanted)
        self._inner.addWidget(self.work)
        self.show_tab("timeline")

    def _build_bottom(self) -> QWidget:
        self._bottom_box = bottom = box("sunken", "top")
        self._bottom = QVBoxLayout(bottom)
        self._bottom.setContentsMargins(14, 8, 14, 10)
        self._bottom.setSpacing(8)
        self.talk = TalkBox(self._desk)
        self.talk.said.connect(self.say_wanted)
        self._bottom.addWidget(self.talk)
        self.panel = StepPanel(TicketFields(self._desk), "ticket")
        self.panel.submitted.connect(self._on_submitted)
        self.panel.closed.connect(self._on_panel_closed)
        self._bottom.addWidget(self.panel)
        self.draft = DraftKeeper(self, self._desk, self._typed)
        self.panel.edited.connect(self.draft.touch)
        self._draft_banner: Banner | None = None
        self.merging = MergePanel(self._place)
        self.merging.merged.connect(self.merge_chosen)
        self.merging.closed.connect(self._on_panel_closed)
        self._bottom.addWidget(self.merging)
        self.steps = StepBar()
        self.steps.chosen.connect(self.step_wanted)
        self._bottom.addWidget(self.steps)
        return bottom

    @property
    def words_box(self) -> Any:
        """The field in which replies and notes are written."""
        return self.talk.words_box

    # --- showing -------------------------------------------------------------------------

    def show_ticket(self, detail: TicketDetail) -> None:
        """Show a ticket; what is being typed for the same one stays."""
        same = self.detail is not None and self.detail.ticket["id"] == detail.ticket["id"]
        if not same:
            self._keep_form()
        self.detail = detail
        if not same:
            self.talk.open(int(detail.ticket["id"]))
            self._scroll.verticalScrollBar().setValue(0)
        self.head.show_detail(detail)
        self.facts.show_detail(detail)
        self._show_suspicion(detail)
        self.history.show_detail(detail)
        self._tabs.set_count("timeline", self.history.count)
        self._show_text(detail)
        self.knowledge.show_ticket(
            int(detail.ticket["id"]),
            f"{detail.ticket['title']} {detail.ticket.get('description') or ''}",
            detail.ticket["issue_sub_id"] or detail.ticket["issue_id"],
        )
        self._tabs.set_count("more", self.work.show_detail(detail))
        if not self.busy:
            self._show_steps()
        self.setVisible(True)
        if not same:
            self._restore_form()

    @property
    def busy(self) -> bool:
        """Whether a form is open at the bottom."""
        return bool(self.panel.open_action) or self.merging.is_open

    def show_position(self, position: int, count: int) -> None:
        """Show which of the list's records this is."""
        self.head.show_position(position, count)

    def _show_steps(self) -> None:
        if self.detail is None:
            return
        self.steps.show_steps(self.detail.steps, fold=True)
        if moves.open_to(self.detail) or self.steps.folded:
            more = Button(_("More"), kind=Kind.QUIET, arrow=True)
            more.clicked.connect(self._open_more)
            self.steps.add(more)
            self._more_button = more

    def _open_more(self) -> None:
        if self.detail is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for move in moves.open_to(self.detail):
            action = menu.addAction(f"{_(move.label)}\t{move.letter}")
            action.setData(move.key)
        if self.steps.folded:
            menu.addSeparator()
        for step in self.steps.folded:
            action = menu.addAction(f"{_(step.label)}\t{self.steps.key_of(step.action)}")
            action.setData(step.action)
        menu.triggered.connect(self._on_more)
        menu.popup(self._more_button.mapToGlobal(self._more_button.rect().bottomLeft()))

    def _on_more(self, action: Any) -> None:
        key = str(action.data())
        if key in moves.MOVES:
            self.made_wanted.emit(key, 0)
        else:
            self.step_wanted.emit(key)

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
        """Show the timeline, the description or what belongs to the ticket."""
        self._tabs.choose(key)
        self.history.setVisible(key == "timeline")
        self._text.setVisible(key == "text")
        self.work.setVisible(key == "more")
        self.knowledge.setVisible(key == "knowledge")

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
        if self.detail is None:
            return
        self._row = row
        self._remember_focus()
        self._drop_banner()
        self.talk.hide()
        self.steps.hide()
        self.merging.hide()
        self.panel.open_for(action, title, names, self.detail.ticket if record is None else record)
        self.draft.open(self._draft_key())

    def open_merge(self, target: int | None = None) -> None:
        """Prepare a merge in place."""
        if self.detail is not None:
            self._put_form_away()
            self._remember_focus()
            self.talk.hide()
            self.steps.hide()
            self.merging.open_for(self.detail, target)

    def _on_submitted(self, action: str, entered: dict[str, Any]) -> None:
        if action in moves.MOVES:
            self.step_filled.emit(f"move:{action}:{self._row}", entered)
        else:
            self.step_filled.emit(action, entered)

    def close_forms(self) -> None:
        """Put every open form away: what it asked for is done, or is not wanted."""
        self.draft.done()
        self.draft.open("")
        if self.panel.open_action:
            self.panel.close_panel()
        if self.merging.is_open:
            self.merging.close_panel()

    def _on_panel_closed(self) -> None:
        self._drop_banner()
        self.draft.done()
        self.draft.open("")
        self.talk.show()
        self._show_steps()
        before, self._before = self._before, None
        if before is not None and shiboken6.isValid(before) and before.isVisible():
            before.setFocus()
        else:
            self.setFocus()

    def _remember_focus(self) -> None:
        """Note where the keys went, to give them back when the form is put away."""
        widget = QApplication.focusWidget()
        if widget is not None and not self._bottom_box.isAncestorOf(widget):
            self._before = widget

    # --- drafts of the form ------------------------------------------------------------------

    def _draft_key(self) -> str:
        return f"ticket-{self.detail.ticket['id']}-step" if self.detail is not None else ""

    def _typed(self) -> dict[str, Any]:
        if not self.panel.open_action:
            return {}
        values = self.panel.values()
        return (
            {"action": self.panel.open_action, "row": self._row, "values": values} if values else {}
        )

    def _keep_form(self) -> None:
        """Leave the open form of a ticket as a draft when another ticket is shown."""
        self.draft.flush()
        self.draft.open("")
        self._put_form_away()

    def _put_form_away(self) -> None:
        if self.panel.open_action:
            self.draft.open("")  # the draft stays on disk
            self.panel.close_panel()
        if self.merging.is_open:
            self.merging.close_panel()

    def _restore_form(self) -> None:
        left = self.draft.open(self._draft_key())
        if left is None or self.detail is None:
            self.draft.open("")
            return
        action, row = str(left.values.get("action", "")), int(left.values.get("row", 0))
        self.draft.open("")  # opening the form must not write over what was left
        self.form_wanted.emit(action, row)
        if self.panel.open_action != action:
            return
        self.panel.restore(dict(left.values.get("values", {})))
        self._draft_banner = self.draft.banner(left)
        self._draft_banner.acted.connect(self.close_forms)
        self._bottom.insertWidget(0, self._draft_banner)
        self.draft.open(self._draft_key())

    def _drop_banner(self) -> None:
        if self._draft_banner is not None:
            self._draft_banner.hide()
            self._draft_banner.deleteLater()
            self._draft_banner = None

    # --- keys ----------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter records or takes the open step, Esc closes it."""
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.panel.open_action:
                self.panel.submit()
            elif self.merging.is_open:
                self.merging.submit()
            else:
                self.talk.send()
        elif event.key() == Qt.Key.Key_Escape and self.busy:
            self.close_forms()
        else:
            super().keyPressEvent(event)
