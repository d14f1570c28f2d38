"""The list half of a page: views, chips, table; the same for every entity."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QSettings, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.domain.selection import Selection
from svcdesk.i18n.catalog import _
from svcdesk.services import searching, views
from svcdesk.services.queries import DeskRows, Query
from ui.jobs.runner import Latest
from ui.models.row_window import RowWindowModel
from ui.pages.conditions import FieldDef, Offer, reads
from ui.pages.list_bulk import ListBulk
from ui.pages.list_conditions import OwnConditions
from ui.pages.list_export import ListExport
from ui.pages.list_groups import ListGroups
from ui.pages.list_views import ListViews
from ui.pages.periods import with_filters
from ui.pages.wording import told_note
from ui.widgets.chips import Chip
from ui.widgets.data_table import DataTable
from ui.widgets.filter_bar import FilterBar, FilterDef
from ui.widgets.labels import box, label
from ui.widgets.tabs import TabDef, TabRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from svcdesk.domain.query import Part
    from svcdesk.system.job import JobContext
    from ui.models.columns import ColumnDef
    from ui.pages.page import Changes, Workplace

MINUTE_MS = 60_000
COUNTED = frozenset({"callback", "handoff", "sla_breach"})  # what views ask about besides
UNSAVED = ("overdue", "soon", "open")


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
        offer: Offer | None = None,
    ) -> None:
        super().__init__()
        self.setProperty("box", "surface")
        self.place = place
        self.entity = entity
        offer = offer or Offer(tuple(FieldDef.of(found) for found in filters))
        self.fields = list(offer.fields)
        self.groups = list(offer.groups)
        self.group_name = offer.group_name
        self._built_in_query = view_query
        self._built_in = list(views)
        self._periods = {f.key for f in filters if f.key.endswith("_at")}
        self._chip_keys = {f.key for f in filters}
        self._base: Query | None = None
        self._reason = ""
        self._text = ""
        self._order: tuple[tuple[str, bool], ...] = ()
        self._counted = False
        self._counts = Latest(place.runner, self)
        self._make_chips(list(views), filters)
        self._make_table(columns)
        self._lay_out()
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS)
        self._minute.timeout.connect(self._on_minute)
        self._minute.start()

    def _make_chips(self, built_in: list[TabDef], filters: Sequence[FilterDef]) -> None:
        self.tabs = TabRow(built_in)
        self.tabs.chosen.connect(self.show_view)
        self.chips = FilterBar(filters)
        self.chips.allow(conditions=True, groups=bool(self.groups))
        self.chips.changed.connect(self.narrow)
        self.chips.columns_requested.connect(self._open_columns)
        self.own = OwnConditions(self)
        self.narrowed = Chip("")
        self.narrowed.removed.connect(self._drop_reason)
        self.narrowed.clicked.connect(self._drop_reason)
        self.narrowed.hide()
        self.chips.insert(self.narrowed)
        self.note = label("", "small", "warn", wrap=True)
        self.note.setContentsMargins(12, 2, 12, 2)
        self.note.hide()

    def _make_table(self, columns: Sequence[ColumnDef]) -> None:
        self.rows = RowWindowModel(columns, self.place.runner, self)
        self.rows.on_failure(self.place.shell.tell)
        self.rows.counted.connect(self._on_counted)
        self.table = DataTable(self.rows, self.entity)
        self.table.order_requested.connect(self._on_order)
        self.table.current_changed.connect(self.current_changed)
        self.table.opened.connect(self.opened)
        self.table.empty.acted.connect(self._clear)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = box("surface", "bottom")
        inner = QHBoxLayout(head)
        inner.setContentsMargins(8, 0, 8, 0)
        inner.addWidget(self.tabs, 1)
        column.addWidget(head)
        self.drawer = QVBoxLayout()  # where panels open, between the tabs and the chips
        column.addLayout(self.drawer)
        self._panel: QWidget | None = None
        column.addWidget(self.chips)
        self.saved = ListViews(self, inner)
        self.taking_out = ListExport(self)
        self.bulk = ListBulk(self, column) if self.entity == "ticket" else None
        column.addWidget(self.note)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        self.grouping = ListGroups(self, middle)
        middle.addWidget(self.table, 1)
        column.addLayout(middle, 1)

    def built_in(self) -> list[TabDef]:
        """Return the views that come with the program."""
        return self._built_in

    def open_panel(self, panel: QWidget) -> None:
        """Show a panel above the list, in place of the one that is open."""
        self.close_panel()
        self._panel = panel
        self.drawer.addWidget(panel)
        panel.show()

    def close_panel(self) -> None:
        """Close the open panel; the keys go back to the list."""
        if self._panel is not None:
            self.drawer.removeWidget(self._panel)
            self._panel.hide()
            self._panel.deleteLater()
            self._panel = None
            self.table.setFocus()

    @property
    def panel(self) -> QWidget | None:
        """The panel that is open above the list."""
        return self._panel

    # --- what is shown -------------------------------------------------------------------

    def _view_query(self, view: str) -> Query:
        return self.saved.query(view) or self._built_in_query(view)

    def show_view(self, view: str) -> None:
        """Show a view: one that comes with the program, or a saved one."""
        self.tabs.choose(view)
        self._reason = ""
        self._order = self._remembered(view)
        self.own.set(())
        stored = self.saved.query(view)
        if stored is None:
            self._base = self._built_in_query(view)
            self.grouping.set_field("")
        else:
            self._take_stored(stored)
        self.narrow()

    def _take_stored(self, stored: Query) -> None:
        """Lay a saved query out as chips, conditions of one's own, order and groups."""
        values: dict[str, list[Any]] = {}
        own: list[Part] = []
        base = Query(self.entity, ids=stored.ids).sorted_by(stored.order)
        for part in stored.conditions:
            key = getattr(part, "field", "")
            plain = str(getattr(part, "op", "")) == ("within" if key in self._periods else "in")
            if key in self._chip_keys and plain and key not in values:
                values[key] = list(part.values)  # type: ignore[union-attr]
            elif key in UNSAVED:
                base = base.narrowed(part)
            else:
                own.append(part)
        self._base = base
        self.own.set(own)
        self._text = stored.text
        self.chips.set_values(values)
        self.grouping.set_field(stored.group)

    def show_query(self, query: Query, reason: str) -> None:
        """Show the records behind a figure or of a customer; ``reason`` is the chip's words."""
        self.tabs.choose("")
        self.chips.set_values({})
        self._base = query
        self._reason = reason
        self._order = ()
        self.own.set(())
        self.narrow()

    def search(self, text: str) -> None:
        """Narrow to words."""
        self._text = text
        self.narrow()

    def narrow(self) -> None:
        """Show the records of other conditions, from the top."""
        self.table.start_over()
        self.reload()

    def _asked(self) -> Query:
        """Return the view with its conditions and order, without words and group."""
        query = self._base or self._view_query(self.tabs.all_keys()[0])
        query = with_filters(query, self.chips.values(), self._periods).narrowed(*self.own.parts)
        return query.sorted_by(self._order) if self._order else query

    def _found(self) -> searching.Narrowed:
        return searching.narrow(self.place.desk, self._asked(), self._text)

    def _in_group(self, query: Query) -> Query:
        part = self.grouping.part()
        return query if part is None else query.narrowed(part)

    def query(self) -> Query:
        """Return the query that is shown."""
        return self._in_group(self._found().query)

    def to_save(self) -> Query:
        """Return what a view of the present list would keep."""
        return self._asked().searching(self._text).grouped(self.grouping.field)

    def reload(self) -> None:
        """Ask again."""
        found = self._found()
        query = self._in_group(found.query)
        words = found.words
        self.narrowed.setVisible(bool(self._reason))
        self.narrowed.show_condition(self._reason, is_set=True)
        self.table.set_order(query.order)
        self.table.highlight = (lambda text: searching.hit_spans(text, words)) if words else None
        self.note.setText("  ".join(told_note(note) for note in found.notes))
        self.note.setVisible(bool(found.notes))
        self.table.empty.set(
            "inbox",
            _("Nothing matches these conditions.") if self._narrowed() else _("Nothing here."),
            _("Clear filters") if self._narrowed() else "",
        )
        self.rows.show(DeskRows(self.place.desk, query))
        self.grouping.reload(found.query)
        if not self._counted:  # later a write or the minute asks: words and orders change no count
            self.count_views()

    def _narrowed(self) -> bool:
        return bool(self.chips.values() or self._text or self.own.parts or self.grouping.part())

    def _clear(self) -> None:
        """Take every condition out that was put in."""
        self._text = ""
        self.own.set(())
        self.grouping.forget()
        self.chips.set_values({})
        self.narrow()

    def _drop_reason(self) -> None:
        self.show_view(self.tabs.all_keys()[0])

    def _on_order(self, order: object) -> None:
        self._order = tuple(order)  # type: ignore[arg-type]
        view = self.tabs.key()
        if view:
            QSettings().setValue(self._order_key(view), json.dumps(self._order))
        self.reload()

    def _order_key(self, view: str) -> str:
        return f"orders/{self.entity}/{view}"

    def _remembered(self, view: str) -> tuple[tuple[str, bool], ...]:
        """Return the order that the user gave a view; one by a column that is gone is none."""
        known = {column.sort for column in self.rows.columns}
        found = json.loads(str(QSettings().value(self._order_key(view)) or "[]"))
        order = tuple((str(name), bool(descending)) for name, descending in found)
        return order if all(name in known for name, _descending in order) else ()

    def _on_counted(self, count: int) -> None:
        self.chips.count.setText(_("{n} records").format(n=f"{count:,}"))
        self.counted.emit(count)
        if self.table.current_id() is None and count:
            self.table.step(0)

    def select(self, key: int) -> None:
        """Make a record current; when the list does not hold it, show all first."""
        if self.rows.position_of(key) < 0 and self.rows.complete:
            self.chips.set_values({})
            self.show_view(self._built_in[-1].key)
        self.table.go_to(key)

    def _on_minute(self) -> None:
        """Let the times left run on."""
        if self.isVisible():
            self.table.viewport().update()
            self.count_views()

    def count_views(self) -> None:
        """Count what each view holds, in the background."""
        self._counted = True
        desk = self.place.desk
        named = {view: self._view_query(view) for view in self.tabs.all_keys()}

        def work(context: JobContext) -> dict[str, int]:
            return views.counts(desk, named, context)

        self._counts.start(work).on_success(self._show_counts)

    def _show_counts(self, counts: dict[str, int]) -> None:
        for view, count in counts.items():
            self.tabs.set_count(view, count)

    # --- selection -----------------------------------------------------------------------

    def selection(self) -> Selection:
        """Return the selected records; all of a long list as its query."""
        ids, rest = self.table.chosen()
        if ids is None:
            return Selection.everything(self.query(), rest)
        return Selection.of(self.entity, ids)

    def act(self, action: str) -> None:
        """Run an action of the window that is about the list."""
        acts: dict[str, Callable[[], None]] = {
            "save_view": self.saved.save_as,
            "views": self.saved.manage,
            "condition": lambda: self.own.edit(-1),
            "group": self.grouping.open_menu,
            "export": self.taking_out.choose_export,
            "print": self.taking_out.choose_print,
            "select_all": self.table.selectAll,
        }
        if action in acts:
            acts[action]()
        elif self.bulk is not None:
            self.bulk.start(action)

    # --- after a write -------------------------------------------------------------------

    def refresh(self, changes: Changes) -> None:
        """Show what a write has changed, keeping place and selection."""
        if "saved_view" in changes.tables():
            self.saved.reload()
            self.count_views()
        if changes.tables() & {self.entity, "customer", "person", "list_item", "checklist_item"}:
            self.rows.refresh_rows(changes.touched(self.entity))
            self.rows.requery()
            self.grouping.reload(self._found().query)
            self.count_views()
        elif changes.tables() & COUNTED:
            self.count_views()

    # --- export and print ----------------------------------------------------------------

    def export_to(self, path: Path, query: Query | None = None) -> None:
        """Write the list as it is shown, in its order, to a spreadsheet."""
        self.taking_out.export_to(path, query)

    def conditions_in_words(self) -> list[str]:
        """Return what narrows the list, one sentence each."""
        said = [self._reason] if self._reason else []
        said += self.chips.texts()
        said += [reads(part, self.fields) for part in self.own.parts]
        if self._text:
            said.append(_("Search: {words}").format(words=self._text))
        return said

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
            "order": self._order,
            "own": tuple(self.own.parts),
            "group": self.grouping.field,
            "base": self._base,
            "reason": self._reason,
            "current": self.table.current_id(),
        }

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take back what :meth:`save_state` gave."""
        self.tabs.choose(state["view"])
        self.chips.set_values(state["chips"])
        self._text, self._order = state["text"], tuple(state["order"])
        self.own.set(state["own"])
        self._base, self._reason = state["base"], state["reason"]
        self.grouping.set_field(state["group"])
        self.reload()
        if state["current"] is not None:
            self.table.go_to(state["current"])

    def keyPressEvent(self, event: Any) -> None:
        """Esc takes the selection back to the current row."""
        if event.key() == Qt.Key.Key_Escape and self.table.selected_count() > 1:
            self.table.select_current()
        else:
            super().keyPressEvent(event)
