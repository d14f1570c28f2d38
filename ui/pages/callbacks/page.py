"""The callback page: the queue with entry by keyboard, all callbacks, survey answers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.services import callbacks
from svcdesk.services.queries import DeskRows, Op, Query
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE, Latest
from ui.pages.callbacks import rows
from ui.pages.callbacks.context_pane import ContextPane
from ui.pages.callbacks.entry_pane import EntryPane
from ui.pages.callbacks.queue import Queue
from ui.pages.callbacks.survey_dialog import SurveyDialog
from ui.pages.entry_dialog import EntryDialog
from ui.pages.list_pane import ListPane
from ui.pages.page import Changes, Page, Route, Workplace
from ui.pages.tickets.entry import ticket_defaults, ticket_spec
from ui.pages.wording import Words
from ui.theme.tokens import px
from ui.widgets.button import Button
from ui.widgets.labels import KeyHint, box, label
from ui.widgets.strips import ShareBar
from ui.widgets.tabs import TabDef, TabRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from svcdesk.services.callbacks import CallbackDetail
    from svcdesk.system.job import JobContext

ROOM_FOR_QUEUE = 1100
FUNCTION_KEYS = (Qt.Key.Key_F1, Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_F5,
                 Qt.Key.Key_F6)  # fmt: skip


class CallbacksPage(Page):
    """Callbacks and surveys."""

    key = "callbacks"
    searchable = True

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        desk = place.desk
        self._words = Words(desk)
        self.tabs = TabRow(
            [
                TabDef("queue", _("Queue")),
                TabDef("all", _("All callbacks")),
                TabDef("answers", _("Survey answers")),
            ]
        )
        self.tabs.choose("queue")
        self.tabs.chosen.connect(self._show_tab)
        self.queue = Queue(desk, place.runner)
        self.queue.current_changed.connect(self._on_current)
        self.queue.rows.counted.connect(self._on_counted)
        self.context = ContextPane(desk)
        self.entry = EntryPane(desk)
        self.entry.save_wanted.connect(self._save)
        self.entry.ticket_wanted.connect(self._new_ticket)
        self.all = ListPane(
            place, "callback", rows.callback_columns(desk), rows.callback_views(),
            rows.callback_filters(desk), partial(rows.callback_query, desk),
        )  # fmt: skip
        self.all.opened.connect(self._open_in_queue)
        self.answers = ListPane(
            place, "survey", rows.survey_columns(desk), rows.survey_views(),
            rows.survey_filters(desk), partial(rows.survey_query, desk),
        )  # fmt: skip
        self._stack = QStackedWidget()
        self._stack.addWidget(self._build_queue())
        self._stack.addWidget(self.all)
        self._stack.addWidget(self.answers)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_head())
        column.addWidget(self._stack, 1)
        self._detail_job = Latest(place.runner, self)
        self._done_job = Latest(place.runner, self)
        self._detail: CallbackDetail | None = None
        self._shown: set[str] = set()
        self._next: int | None = None

    # --- building ------------------------------------------------------------------------

    def _build_head(self) -> QWidget:
        head = box("surface", "bottom")
        row = QHBoxLayout(head)
        row.setContentsMargins(8, 0, 14, 0)
        row.addWidget(self.tabs, 1)
        self._bar = ShareBar()
        self._today = label("", "small", "2")
        row.addWidget(self._bar)
        row.addWidget(self._today)
        return head

    def _build_queue(self) -> QWidget:
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        left = QFrame()
        left.setProperty("box", "surface")
        left.setProperty("line", "right")
        left.setFixedWidth(px(262))
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.queue.empty.set("phone", _("No callback is due."))
        column.addWidget(self.queue, 1)
        foot = box("sunken", "top")
        keys = QHBoxLayout(foot)
        keys.setContentsMargins(12, 5, 12, 5)
        keys.addWidget(KeyHint("J"))
        keys.addWidget(KeyHint("K"))
        keys.addWidget(label(_("next and previous"), "small", "2"))
        keys.addStretch(1)
        column.addWidget(foot)
        row.addWidget(left)
        self._left = left
        row.addWidget(self.context, 1)
        row.addWidget(self.entry)
        return whole

    # --- Page ----------------------------------------------------------------------------

    def title(self) -> str:
        """Return the page's name."""
        return _("Callbacks")

    def tools(self) -> list[QWidget]:
        """Return the entry of an answer that came in by itself."""
        record = Button(_("Record answer"), icon="plus")
        record.clicked.connect(self._record_answer)
        return [record]

    def _record_answer(self) -> None:
        dialog = SurveyDialog(self, self.place)
        dialog.saved.connect(self._on_answer)
        dialog.open()

    def _on_answer(self) -> None:
        self.place.shell.say(_("Answer saved"))

    def show_route(self, route: Route) -> None:
        """Show the queue, one callback in it, or a list behind a figure."""
        if route.query is not None:
            tab = "answers" if route.query.entity == "survey" else "all"
            self._shown.add(tab)
            self.tabs.choose(tab)
            self._stack.setCurrentIndex(2 if tab == "answers" else 1)
            (self.answers if tab == "answers" else self.all).show_query(route.query, route.title)
            return
        self._show_tab(self.tabs.key() or "queue")
        if route.record is not None:
            self._open_in_queue(route.record)

    def _show_tab(self, tab: str) -> None:
        self.tabs.choose(tab)
        self._stack.setCurrentIndex({"queue": 0, "all": 1, "answers": 2}[tab])
        first = tab not in self._shown
        self._shown.add(tab)
        if tab == "queue":
            if first:
                self.queue.rows.show(DeskRows(self.place.desk, callbacks.queue()))
                self._count_today()
            self.queue.setFocus()
        elif first:
            (self.all.show_view("open") if tab == "all" else self.answers.show_view("answered"))

    def search(self, text: str) -> None:
        """Narrow the list that is shown."""
        tab = self.tabs.key()
        if tab == "queue":
            self.queue.rows.show(DeskRows(self.place.desk, callbacks.queue().searching(text)))
        else:
            (self.all if tab == "all" else self.answers).search(text)

    def refresh(self, changes: Changes) -> None:
        """Show what a write has changed."""
        if "queue" in self._shown and changes.tables() & {
            "callback",
            "customer",
            "ticket",
            "complaint",
        }:
            self.queue.rows.refresh_rows(changes.touched("callback"))
            self.queue.rows.requery()
            self._count_today()
        for tab, pane in (("all", self.all), ("answers", self.answers)):
            if tab in self._shown:
                pane.refresh(changes)

    def save_state(self) -> dict[str, Any]:
        """Return which tab is shown and the lists' states."""
        states = {tab: pane.save_state() for tab, pane in (("all", self.all), ("answers", self.answers))
                  if tab in self._shown}  # fmt: skip
        return {"tab": self.tabs.key(), "lists": states, "current": self.queue.current_id()}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take back what :meth:`save_state` gave."""
        for tab, kept in state["lists"].items():
            (self.all if tab == "all" else self.answers).restore_state(kept)
            self._shown.add(tab)
        self._show_tab(state["tab"] or "queue")
        if state["current"] is not None:
            self.queue.go_to(state["current"])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the room to context and entry when the window is narrow; J and K still move."""
        super().resizeEvent(event)
        self._left.setVisible(self.width() >= px(ROOM_FOR_QUEUE))

    # --- one callback --------------------------------------------------------------------

    def _on_counted(self, count: int) -> None:
        self.tabs.set_count("queue", count)
        if self.isVisible():
            self.place.shell.set_status(
                _("Entry by keyboard is on. Press F1–F6, then digits; ? shows all keys.")
            )

    def _on_current(self, key: object) -> None:
        if not isinstance(key, int):
            self.entry.setEnabled(False)
            return
        desk = self.place.desk

        def work(_context: JobContext) -> CallbackDetail:
            return callbacks.get(desk, key)

        self._detail_job.start(work).on_success(self._on_loaded).on_failure(self.place.shell.tell)

    def _on_loaded(self, detail: CallbackDetail) -> None:
        self._detail = detail
        self.context.show_callback(detail)
        self.entry.show_callback(detail)
        if self.tabs.key() == "queue":
            self.entry.scores.setFocus()

    def _open_in_queue(self, key: object) -> None:
        if isinstance(key, int):
            self._show_tab("queue")
            self.queue.go_to(key)
            self._on_current(key)

    def _count_today(self) -> None:
        desk = self.place.desk
        now = self._words.local(desk.clock.now())
        start = int(now.replace(hour=0, minute=0, second=0, microsecond=0).timestamp())

        def work(_context: JobContext) -> tuple[int, int]:
            done = Query("callback").where("completed_at", Op.BETWEEN, start, None)
            left = callbacks.queue().where("due_at", Op.BETWEEN, None, start + 86400)
            return DeskRows(desk, done).count(), DeskRows(desk, left).count()

        self._done_job.start(work).on_success(self._show_today)

    def _show_today(self, counts: tuple[int, int]) -> None:
        done, left = counts
        self._today.setText(_("Today: {done} done, {left} left").format(done=done, left=left))
        self._bar.show_share(done / (done + left) if done + left else 0)

    # --- saving --------------------------------------------------------------------------

    def _save(self, result: str, values: dict[str, Any]) -> None:
        detail = self._detail
        if detail is None:
            return
        position = self.queue.rows.position_of(int(detail.callback["id"]))
        after = self.queue.rows.id_at(position + 1)
        self._next = after if after is not None else self.queue.rows.id_at(position - 1)
        desk, key = self.place.desk, int(detail.callback["id"])
        values = {name: value for name, value in values.items() if value is not None}
        handle = self.place.runner.start(
            lambda _context: callbacks.record(desk, key, result, values), lane=WRITE, owner=self
        )
        handle.on_success(self._on_saved).on_failure(self._on_refused)

    def _on_saved(self, _outcome: Any) -> None:
        detail = self._detail
        if detail is not None:
            self.place.shell.say(_("{number} saved").format(number=detail.callback["callback_no"]))
        if self._next is not None:
            self.queue.go_to(self._next)

    def _on_refused(self, error: object) -> None:
        if isinstance(error, ProblemsError):
            self.entry.show_problems(error.problems)
        else:
            self.place.shell.tell(error)

    def _new_ticket(self) -> None:
        if self._detail is None:
            return
        dialog = EntryDialog(
            self, self.place, ticket_spec(), defaults=ticket_defaults(self.place.desk)
        )
        dialog.choose_customer(int(self._detail.callback["customer_id"]))
        dialog.saved.connect(self._on_ticket)
        dialog.open()

    def _on_ticket(self, _key: object) -> None:
        self.place.shell.say(_("Ticket saved"))
        self.entry.choose_outcome("new_problem")

    # --- keys ----------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of the entry; they arrive here only while no text field has the focus."""
        key = event.key()
        if self.tabs.key() != "queue":
            super().keyPressEvent(event)
            return
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entry.save()
        elif key in FUNCTION_KEYS:
            self.entry.choose_result(FUNCTION_KEYS.index(Qt.Key(key)))
        elif not self._letter(event):
            super().keyPressEvent(event)

    def _letter(self, event: QKeyEvent) -> bool:
        entry = self.entry
        actions: dict[Qt.Key, Callable[[], None]] = {
            Qt.Key.Key_J: partial(self.queue.step, 1),
            Qt.Key.Key_K: partial(self.queue.step, -1),
            Qt.Key.Key_PageUp: partial(self.context.move_script, -1),
            Qt.Key.Key_PageDown: partial(self.context.move_script, 1),
            Qt.Key.Key_N: entry.focus_words,
            Qt.Key.Key_G: self._new_ticket,
            Qt.Key.Key_X: entry.choose_refused,
            Qt.Key.Key_L: entry.choose_again,
            Qt.Key.Key_Return: entry.save,
            Qt.Key.Key_Enter: entry.save,
        }
        action = actions.get(Qt.Key(event.key()))
        if action is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        action()
        return True
