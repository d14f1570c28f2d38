"""The list half of a page: views, chips, table; the same for every entity."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _, current
from svcdesk.services import queries
from svcdesk.services.queries import DeskRows, Query
from ui.jobs.runner import WRITE, Latest
from ui.models.row_window import RowWindowModel
from ui.pages.periods import with_filters
from ui.widgets.chips import Chip
from ui.widgets.data_table import DataTable
from ui.widgets.filter_bar import FilterBar, FilterDef
from ui.widgets.labels import box
from ui.widgets.tabs import TabDef, TabRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svcdesk.system.job import JobContext
    from ui.models.columns import ColumnDef
    from ui.pages.page import Changes, Workplace


class ListPane(QFrame):
    """Shows a query; says which record is current and how many there are."""

    current_changed = Signal(object)
    opened = Signal(object)
    counted = Signal(object)

    def __init__(
        self,
        place: Workplace,
        entity: str,
        columns: Sequence[ColumnDef],
        views: Sequence[TabDef],
        filters: Sequence[FilterDef],
        view_query: Callable[[str], Query],
    ) -> None:
        super().__init__()
        self.setProperty("box", "surface")
        self._place = place
        self._entity = entity
        self._view_query = view_query
        self._periods = {f.key for f in filters if f.key.endswith("_at")}
        self._views = [view.key for view in views]
        self._base: Query | None = None
        self._reason = ""
        self._text = ""
        self._sort: tuple[str, bool] | None = None
        self._first: int | None = None
        self._make_chips(list(views), filters)
        self._make_table(columns)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = box("surface", "bottom")
        inner = QVBoxLayout(head)
        inner.setContentsMargins(8, 0, 8, 0)
        inner.addWidget(self.tabs)
        column.addWidget(head)
        column.addWidget(self.chips)
        column.addWidget(self.table, 1)
        self._counts = Latest(place.runner, self)

    def _make_chips(self, views: list[TabDef], filters: Sequence[FilterDef]) -> None:
        self.tabs = TabRow(views)
        self.tabs.chosen.connect(self.show_view)
        self.chips = FilterBar(filters)
        self.chips.changed.connect(self._on_narrowed)
        self.chips.columns_requested.connect(self._open_columns)
        self.chips.export_requested.connect(self._choose_export)
        self.narrowed = Chip("")
        self.narrowed.removed.connect(self._drop_reason)
        self.narrowed.clicked.connect(self._drop_reason)
        self.narrowed.hide()
        self.chips.insert(self.narrowed)

    def _make_table(self, columns: Sequence[ColumnDef]) -> None:
        self.rows = RowWindowModel(columns, self._place.runner, self)
        self.rows.on_failure(self._place.shell.tell)
        self.rows.counted.connect(self._on_counted)
        self.table = DataTable(self.rows, self._entity)
        self.table.sort_requested.connect(self._on_sort)
        self.table.current_changed.connect(self.current_changed)
        self.table.opened.connect(self.opened)
        self.table.empty.acted.connect(self.chips.clear)

    # --- what is shown -------------------------------------------------------------------

    def show_view(self, view: str) -> None:
        """Show a saved view."""
        self.tabs.choose(view)
        self._base = self._view_query(view)
        self._reason = ""
        self._sort = None
        self._on_narrowed()

    def show_query(self, query: Query, reason: str) -> None:
        """Show the records behind a figure or of a customer; ``reason`` is the chip's words."""
        self.tabs.choose("")
        self.chips.set_values({})
        self._base = query
        self._reason = reason
        self._sort = None
        self._on_narrowed()

    def search(self, text: str) -> None:
        """Narrow to words."""
        self._text = text
        self._on_narrowed()

    def _on_narrowed(self) -> None:
        self.table.start_over()
        self.reload()

    def query(self) -> Query:
        """Return the query that is shown."""
        query = self._base or self._view_query(self._views[0])
        query = with_filters(self._place.desk, query, self.chips.values(), self._periods)
        if self._text:
            query = query.searching(self._text)
        if self._sort is not None:
            query = query.ordered(self._sort[0], descending=self._sort[1])
        return query

    def reload(self) -> None:
        """Ask again."""
        query = self.query()
        self.narrowed.setVisible(bool(self._reason))
        self.narrowed.show_condition(self._reason, is_set=True)
        self.table.set_sort(query.sort, descending=query.descending)
        self.table.empty.set(
            "inbox",
            _("Nothing matches these conditions.") if self._narrowed() else _("Nothing here."),
            _("Clear filters") if self._narrowed() else "",
        )
        self.rows.show(DeskRows(self._place.desk, query))
        self.count_views()

    def _narrowed(self) -> bool:
        return bool(self.chips.values() or self._text)

    def _drop_reason(self) -> None:
        self.show_view(self._views[0])

    def _on_sort(self, key: str, descending: bool) -> None:
        self._sort = (key, descending)
        self.reload()

    def _on_counted(self, count: int) -> None:
        self.chips.count.setText(_("{n} records").format(n=f"{count:,}"))
        self.counted.emit(count)
        if self.table.current_id() is None and count and self._first is None:
            self.table.step(0)

    def select(self, key: int) -> None:
        """Make a record current; when the list does not hold it, show all first."""
        if self.rows.position_of(key) < 0 and self.rows.complete:
            self.chips.set_values({})
            self.show_view(self._views[-1])
        self.table.go_to(key)

    def count_views(self) -> None:
        """Count what each saved view holds."""
        desk = self._place.desk
        named = {view: self._view_query(view) for view in self._views}

        def work(context: JobContext) -> dict[str, int]:
            context.on_cancel(desk.reader.interrupt)
            found = {}
            for view, query in named.items():
                context.check()
                found[view] = queries.count(desk, query)
            return found

        self._counts.start(work).on_success(self._show_counts)

    def _show_counts(self, counts: dict[str, int]) -> None:
        for view, count in counts.items():
            self.tabs.set_count(view, count)

    # --- after a write -------------------------------------------------------------------

    def refresh(self, changes: Changes) -> None:
        """Show what a write has changed, keeping place and selection."""
        if changes.tables() & {self._entity, "customer", "person", "list_item"}:
            self.rows.refresh_rows(changes.touched(self._entity))
            self.rows.requery()
            self.count_views()

    # --- export --------------------------------------------------------------------------

    def _choose_export(self) -> None:
        """Ask where the list goes; personal data in it are masked."""
        kind = f"{self._entity}s"
        dialog = QFileDialog(self, _("Export list"), f"{kind}.xlsx", "Excel (*.xlsx);;CSV (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(self._on_export_file)
        dialog.open()

    def _on_export_file(self, name: str) -> None:
        self.export_to(Path(name))

    def export_to(self, path: Path) -> None:
        """Write the list as it is shown, in its order, to a spreadsheet."""
        from svcdesk.services import exports

        desk, t = self._place.desk, current()
        request = exports.Request(f"{self._entity}s", query=self.query())
        handle = self._place.runner.start(
            lambda context: exports.export(desk, request, path, t, context),
            lane=WRITE, owner=self,
        )  # fmt: skip
        handle.on_success(self._on_exported).on_failure(self._place.shell.tell)

    def _on_exported(self, done: Any) -> None:
        text = _("{n} rows written to {name}; names and phones are masked")
        self._place.shell.say(text.format(n=f"{done.rows:,}", name=done.path.name), undo=False)

    # --- columns and state ---------------------------------------------------------------

    def _open_columns(self, button: QWidget) -> None:
        menu = self.table.column_menu()
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def save_state(self) -> dict[str, Any]:
        """Return view, chips, words, order and current record."""
        return {
            "view": self.tabs.key(),
            "chips": self.chips.values(),
            "text": self._text,
            "sort": self._sort,
            "base": self._base,
            "reason": self._reason,
            "current": self.table.current_id(),
        }

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take back what :meth:`save_state` gave."""
        self.tabs.choose(state["view"])
        self.chips.set_values(state["chips"])
        self._text, self._sort = state["text"], state["sort"]
        self._base, self._reason = state["base"], state["reason"]
        self.reload()
        if state["current"] is not None:
            self.table.go_to(state["current"])
