"""The callback page: the queue with entry by keyboard, all callbacks, survey answers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from ui.pages.callbacks import rows
from ui.pages.callbacks.queue_pane import QueuePane
from ui.pages.callbacks.survey_dialog import SurveyDialog
from ui.pages.list_pane import ListPane
from ui.pages.page import Changes, Page, Route, Workplace
from ui.widgets.button import Button
from ui.widgets.labels import box, label
from ui.widgets.strips import ShareBar
from ui.widgets.tabs import TabDef, TabRow

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from svcdesk.services.callbacks import CallbackDetail

TABLES = frozenset({"callback", "callback_attempt", "customer", "ticket", "complaint", "survey",
                    "handoff", "visit"})  # fmt: skip
WORDS = frozenset({"template", "list_item", "setting"})  # script, reasons, who is the organisation


class CallbacksPage(Page):
    """Callbacks and surveys."""

    key = "callbacks"
    searchable = True

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._actor = place.desk.actor.id
        desk = place.desk
        self.tabs = TabRow(
            [
                TabDef("queue", _("Queue")),
                TabDef("all", _("All callbacks")),
                TabDef("answers", _("Survey answers")),
            ]
        )
        self.tabs.choose("queue")
        self.tabs.chosen.connect(self._show_tab)
        self.pane = QueuePane(place)
        self.pane.counted.connect(self._show_today)
        self.queue, self.entry, self.context = self.pane.queue, self.pane.entry, self.pane.context
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
        for widget in (self.pane, self.all, self.answers):
            self._stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_head())
        column.addWidget(self._stack, 1)
        self._shown: set[str] = set()

    @property
    def detail(self) -> CallbackDetail | None:
        """Return the callback that is shown in the queue."""
        return self.pane.detail

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

    # --- Page ----------------------------------------------------------------------------

    def title(self) -> str:
        """Return the page's name."""
        return _("Callbacks")

    def tools(self) -> list[QWidget]:
        """Return hand-out, and the entry of an answer that came in by itself."""
        share = Button(_("Hand out…"), icon="users")
        share.clicked.connect(self._hand_out)
        record = Button(_("Record answer"), icon="plus")
        record.clicked.connect(self._record_answer)
        return [share, record]

    def act(self, action: str) -> bool:
        """Hand callbacks out."""
        if action != "callback.hand_out":
            return False
        self._hand_out()
        return True

    def _hand_out(self) -> None:
        self._show_tab("queue")
        self.pane.open_hand_out()

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
        if self._actor != self.place.desk.actor.id:  # the script names who calls
            self._actor = self.place.desk.actor.id
            self.pane.reload()
        if route.record is not None:
            self._open_in_queue(route.record)

    def _show_tab(self, tab: str) -> None:
        self.tabs.choose(tab)
        self._stack.setCurrentIndex({"queue": 0, "all": 1, "answers": 2}[tab])
        first = tab not in self._shown
        self._shown.add(tab)
        if tab == "queue":
            if first:
                self.pane.show_queue()
                self.pane.count()
            self.queue.setFocus()
        elif first:
            (self.all.show_view("open") if tab == "all" else self.answers.show_view("answered"))

    def search(self, text: str) -> None:
        """Narrow the list that is shown."""
        tab = self.tabs.key()
        if tab == "queue":
            self.pane.search(text)
        else:
            (self.all if tab == "all" else self.answers).search(text)

    def refresh(self, changes: Changes) -> None:
        """Show what a write has changed."""
        tables = changes.tables()
        if "queue" in self._shown and tables & TABLES:
            self.pane.refresh(changes)
        if tables & WORDS:
            self.pane.reload()
        for tab, pane in (("all", self.all), ("answers", self.answers)):
            if tab in self._shown:
                pane.refresh(changes)

    def save_state(self) -> dict[str, Any]:
        """Return which tab is shown and the lists' states."""
        self.entry.draft.flush()
        states = {tab: pane.save_state() for tab, pane in (("all", self.all), ("answers", self.answers))
                  if tab in self._shown}  # fmt: skip
        return {"tab": self.tabs.key(), "lists": states, "current": self.queue.current_id(),
                "chip": self.pane.head.chip}  # fmt: skip

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take back what :meth:`save_state` gave."""
        for tab, kept in state["lists"].items():
            (self.all if tab == "all" else self.answers).restore_state(kept)
            self._shown.add(tab)
        self.pane.head.choose(state.get("chip", "all"))
        self._show_tab(state["tab"] or "queue")
        if state["current"] is not None:
            self.queue.go_to(state["current"])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the keys of the queue work wherever the focus is on the page."""
        if self.tabs.key() == "queue":
            self.pane.keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def _open_in_queue(self, key: object) -> None:
        if isinstance(key, int):
            self._show_tab("queue")
            self.pane.open_record(key)

    def _show_today(self, done: int, left: int, count: int) -> None:
        self._today.setText(_("Today: {done} done, {left} left").format(done=done, left=left))
        self._bar.show_share(done / (done + left) if done + left else 0)
        self.tabs.set_count("queue", count)
