"""Improvement items by stage, the one that is worked on beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from svcdesk.domain.people import Permission, may
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.services import improvements
from svcdesk.services.improvement_parts import Form
from ui.jobs.runner import Latest
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.improvement import rows
from ui.pages.improvement.dialogs import ItemDialog
from ui.pages.improvement.forms_tab import save_paper
from ui.pages.improvement.pane import ItemPane
from ui.pages.improvement.view import LoopView
from ui.pages.wording import Words
from ui.widgets.button import Button, Kind
from ui.widgets.data_table import DataTable
from ui.widgets.empty_state import EmptyState
from ui.widgets.side_by_side import SideBySide
from ui.widgets.tabs import TabRow, tab_head

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from svcdesk.services.improvements import ItemDetail, ListRow
    from svcdesk.system.job import JobContext
    from ui.pages.page import Changes, Route, Workplace

WATCHED = frozenset({
    "improvement_item", "improvement_occurrence", "improvement_link", "improvement_recheck", "rca",
    "action", "verification", "month_closing", "person",
    "attachment",
})  # fmt: skip


class ItemsView(LoopView):
    """Items."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._words = Words(place.desk)
        self._all: list[ListRow] = []
        self._wanted: int | None = None
        self._asked = ""  # a step that is to be taken once the item wanted is there
        self._shown = False
        self._listing = Latest(place.runner, self)
        self._opening = Latest(place.runner, self)
        self.tabs = TabRow(rows.views())
        self.tabs.chosen.connect(self.show_view)
        self.tabs.choose("open")
        self._cells = rows.ItemCells(place.desk, self._today())
        self._model = RowWindowModel(rows.columns(self._cells), place.runner, self)
        self.table = DataTable(self._model, "improvement_items")
        self.table.setAccessibleName(_("Improvement items"))
        self.table.current_changed.connect(self._on_current)
        left = QWidget()
        inner = QVBoxLayout(left)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(tab_head(self.tabs))
        inner.addWidget(self.table, 1)
        self._nothing = EmptyState(self.table)
        self._nothing.set("trending-up", "", _("New improvement item"))
        self._nothing.acted.connect(self.new)
        self.pane = ItemPane(place)
        self.pane.written.connect(place.shell.say)
        self.pane.opened.connect(self.opened)
        names = (pgettext("pane", "List"), pgettext("pane", "Item"))
        self._split = SideBySide(left, self.pane, (600, 620), names)
        self.stack(self._split)

    # --- view ----------------------------------------------------------------------------

    def tools(self) -> list[QWidget]:
        """Return the page of the item shown, and the form of a new one."""
        paper = Button(_("A3 page as PDF…"), kind=Kind.QUIET, icon="printer")
        paper.setToolTip(_("Problem, causes, measures and effect of the item shown"))
        paper.clicked.connect(self.ask_paper)
        if not may(self.place.desk.roles, Permission.EDIT_IMPROVEMENTS):
            return [paper]
        new = Button(_("New improvement item"), kind=Kind.MAIN, icon="plus")
        new.clicked.connect(self.new)
        return [paper, new]

    def show_route(self, route: Route) -> None:
        """Show a view or one item, at one of its tabs."""
        self._shown = True
        view = str(route.values.get("view", ""))
        if view in self.tabs.all_keys():
            self.tabs.choose(view)
        tab = str(route.values.get("tab", ""))
        if tab:
            self.pane.show_tab(tab)
        if route.record is not None:
            self._wanted = route.record
            self._asked = str(route.values.get("step", ""))
        self.reload()

    def refresh(self, changes: Changes) -> None:
        """Read the items again when one of them, or a part of one, was written."""
        if changes.tables() & WATCHED and self._shown:
            self.reload()

    def save_state(self) -> dict[str, Any]:
        """Keep what is shown."""
        detail = self.pane.detail
        return {"view": self.tabs.key(), "tab": self.pane.tabs.key(), "shown": self._shown,
                "key": None if detail is None else int(detail.item["id"])}  # fmt: skip

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take it back."""
        if state["shown"]:
            self._shown = True
            self.tabs.choose(state["view"])
            self.pane.show_tab(state["tab"])
            self._wanted = state["key"]
            self.reload()

    def record_shown(self) -> tuple[str, int] | None:
        """Return the item in the pane."""
        detail = self.pane.detail
        return None if detail is None else ("improvement_item", int(detail.item["id"]))

    def act(self, action: str) -> bool:
        """Run a page action."""
        if action == "improvement.new":
            self.new()
            return True
        return False

    # --- list ----------------------------------------------------------------------------

    def _today(self) -> str:
        return self._words.local(self._words.now()).date().isoformat()

    def reload(self) -> None:
        """Read all items."""
        desk = self.place.desk

        def work(_context: JobContext) -> list[ListRow]:
            return improvements.listed(desk)

        self._listing.start(work).on_success(self._on_listed).on_failure(self.place.shell.tell)

    def _on_listed(self, found: list[ListRow]) -> None:
        self._all = found
        self.pane.others = found
        self._cells.today = self._today()
        me = self.place.desk.actor.id
        self.counted.emit(sum(rows.shows("open", row, me, self._cells.today) for row in found))
        for view in self.tabs.all_keys():
            count = sum(rows.shows(view, row, me, self._cells.today) for row in found)
            self.tabs.set_count(view, count)
        wanted, self._wanted = self._wanted, None
        if wanted is not None and wanted not in [row.id for row in self._of(self.tabs.key())]:
            view = next(
                (v for v in self.tabs.all_keys() if wanted in [r.id for r in self._of(v)]), ""
            )
            self.tabs.choose(view or self.tabs.key())
        self._fill(wanted)

    def _of(self, view: str) -> list[ListRow]:
        me = self.place.desk.actor.id
        return rows.ordered([r for r in self._all if rows.shows(view, r, me, self._cells.today)])

    def show_view(self, view: str) -> None:
        """Show the items of a view."""
        self.tabs.choose(view)
        self._fill(None)
        self.table.setFocus()

    def _fill(self, wanted: int | None) -> None:
        found = self._of(self.tabs.key() or "open")
        shown = self.pane.detail
        present = None if shown is None else int(shown.item["id"])
        self._model.show(RecordList(found))
        keys = [row.id for row in found]
        told = _("No improvement item here.")
        if not self._all:
            told = _("No improvement item yet. Missed targets become one when a month is closed.")
        self._nothing.set("trending-up", told, _("New improvement item"))
        self._nothing.setVisible(not found)
        self._nothing.place()
        chosen: int | None
        if wanted in keys:
            chosen = wanted
        elif present in {row.id for row in self._all}:
            chosen = present  # stays beside the list, even when it left the view
        else:
            chosen = keys[0] if keys else None
        if chosen is None:
            return
        if chosen in keys:
            self.table.go_to(chosen)
        self._load(chosen)
        self.place.shell.set_status(_("{n} improvement items shown").format(n=len(found)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the empty sentence in the middle."""
        super().resizeEvent(event)
        self._nothing.place()

    # --- one item ------------------------------------------------------------------------

    def _on_current(self, key: object) -> None:
        shown = self.pane.detail
        if isinstance(key, int) and (shown is None or shown.item["id"] != key):
            self._load(key)

    def _load(self, key: int) -> None:
        desk = self.place.desk

        def work(_context: JobContext) -> ItemDetail:
            return improvements.get(desk, key)

        self._opening.start(work).on_success(self._on_opened).on_failure(self._on_gone)

    def _on_opened(self, detail: ItemDetail) -> None:
        self.pane.show_item(detail)
        asked, self._asked = self._asked, ""
        if asked:
            self.pane.step(asked)

    def _on_gone(self, error: object) -> None:
        if getattr(error, "code", "") != "gone":  # undo took the item that was shown
            self.place.shell.tell(error)

    def new(self) -> None:
        """Open the form of a new item."""
        dialog = ItemDialog(self, self.place)
        dialog.saved.connect(self._on_made)
        dialog.open()

    def ask_paper(self) -> None:
        """Ask where the page of the item shown goes."""
        if self.pane.detail is None:
            self.place.shell.say(_("Choose an item first."), undo=False)
            return
        save_paper(self, self.place, self.pane.detail, Form.A3)

    def _on_made(self, key: object) -> None:
        if isinstance(key, int):
            self._wanted = key
            self.place.shell.say(_("Improvement item made"))
            self.reload()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Single keys: they arrive here only while no text field has the focus."""
        key = event.text().upper()
        step = {"J": 1, "K": -1}.get(key, 0)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        elif step:
            self.table.step(step)
        elif key == "E":
            self.pane.edit()
        elif key == "M" and self.pane.detail is not None:
            self.pane.show_tab("plan")
            self.pane.plan.new()
        elif action := self.pane.steps.by_key(key) if key else "":
            self.pane.step(action)
        else:
            super().keyPressEvent(event)
