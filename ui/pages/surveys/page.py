"""The survey page: every survey with its answers, and the answers without a case."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from svcdesk.i18n.catalog import _
from ui.pages.callbacks.survey_dialog import SurveyDialog
from ui.pages.list_pane import ListPane
from ui.pages.page import Changes, Page, Route, Workplace
from ui.pages.surveys import rows
from ui.pages.surveys.detail import SurveyPane
from ui.pages.surveys.unmatched import UnmatchedView
from ui.widgets.button import Button, Kind
from ui.widgets.side_by_side import SideBySide
from ui.widgets.tabs import TabDef, TabRow

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

LIST, UNMATCHED = "list", "unmatched"
TABLES = frozenset({"survey", "survey_answer", "callback", "ticket", "customer", "setting"})


class SurveysPage(Page):
    """Surveys."""

    key = "surveys"
    searchable = True

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        desk = place.desk
        self.tabs = TabRow(
            [TabDef(LIST, _("Surveys"), "message-square-reply"),
             TabDef(UNMATCHED, _("Without a case"), "circle-dashed")]
        )  # fmt: skip
        self.tabs.chosen.connect(self._show_tab)
        self.list = ListPane(
            place, "survey", rows.columns(desk), rows.views(), rows.filters(desk),
            partial(rows.view_query, desk),
        )  # fmt: skip
        self.list.current_changed.connect(self._on_current)
        self.list.opened.connect(self._to_entry)
        self.pane = SurveyPane(place)
        self.pane.written.connect(self.place.shell.say)
        self.unmatched = UnmatchedView(place)
        self.unmatched.matched.connect(self.place.shell.say)
        self.unmatched.counted.connect(lambda n: self.tabs.set_count(UNMATCHED, n))
        self._split = SideBySide(self.list, self.pane, (760, 440), (_("List"), _("Survey")))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._split)
        self._stack.addWidget(self.unmatched)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self._stack, 1)
        self._shown = False

    def title(self) -> str:
        """Return the page's name."""
        return _("Surveys")

    def tools(self) -> list[QWidget]:
        """Return import and the entry of an answer that came in by itself."""
        bring = Button(_("Import answers"), icon="upload")
        bring.clicked.connect(
            lambda: self.place.shell.go(Route("import", values={"kind": "questionnaires"}))
        )
        record = Button(_("Record answer"), kind=Kind.MAIN, icon="plus")
        record.clicked.connect(self._record)
        return [bring, record]

    def show_route(self, route: Route) -> None:
        """Show the list, a tab, one survey, or those behind a figure."""
        if route.query is not None:
            self.list.show_query(route.query, route.title)
        elif not self._shown or "view" in route.values:
            self.list.show_view(str(route.values.get("view", "answered")))
        if not self._shown:
            self.unmatched.load()
        self._shown = True
        self._show_tab(str(route.values.get("tab", LIST)))
        if route.record is not None:
            self.list.select(route.record)
            self.pane.load(route.record)
            self._split.bring(detail=True)

    def _show_tab(self, key: str) -> None:
        self.tabs.choose(key)
        self._stack.setCurrentIndex(0 if key == LIST else 1)
        (self.list.table if key == LIST else self.unmatched.table).setFocus()

    def _on_current(self, key: object) -> None:
        if isinstance(key, int):
            self.pane.load(key)

    def _to_entry(self, _key: object) -> None:
        self._split.bring(detail=True)
        self.pane.entry.box.scores.setFocus()

    def _record(self) -> None:
        dialog = SurveyDialog(self, self.place)
        dialog.saved.connect(lambda: self.place.shell.say(_("Answer saved")))
        dialog.open()

    def search(self, text: str) -> None:
        """Narrow the list to words."""
        self._show_tab(LIST)
        self.list.search(text)

    def refresh(self, changes: Changes) -> None:
        """Show what a write has changed."""
        if not changes.tables() & TABLES:
            return
        self.list.refresh(changes)
        self.pane.reload()
        if self._shown and "survey_answer" in changes.tables():
            self.unmatched.load()

    def record_shown(self) -> tuple[str, int] | None:
        """Return the survey in the pane."""
        detail = self.pane.detail
        return None if detail is None else ("survey", int(detail.survey["id"]))

    def save_state(self) -> dict[str, Any]:
        """Return the list's state and the tab."""
        return {"list": self.list.save_state(), "tab": self.tabs.key(), "shown": self._shown}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take the list's state back."""
        if state["shown"]:
            self.list.restore_state(state["list"])
            self._shown = True
            self.unmatched.load()
            self._show_tab(state["tab"] or LIST)
