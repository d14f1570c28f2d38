"""The columns of a table: shown, hidden, moved, remembered, dropped when the room is small."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, QPoint, QSettings, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from svcdesk.i18n.catalog import _, language
from ui.theme.tokens import px, text_size

if TYPE_CHECKING:
    from ui.widgets.data_table import DataTable

SAVE_MS = 300


class TableLayout(QObject):
    """Keeps the columns of one table."""

    def __init__(self, table: DataTable) -> None:
        super().__init__(table)
        self._table = table
        self._dropped: set[int] = set()
        # of the language and text size that the table was built in, also when it goes with them
        size = "" if text_size() == 100 else f"/{text_size()}"
        self._key = f"tables/{table.name}/{language()}/{len(table.rows.columns)}{size}"
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(SAVE_MS)
        self._later.timeout.connect(self._save)

    def menu(self) -> QMenu:
        """Return the menu that shows and hides columns."""
        menu = QMenu(self._table)
        header = self._table.horizontalHeader()
        for place, column in enumerate(self._table.rows.columns):
            action = QAction(column.label, menu)
            action.setCheckable(True)
            action.setChecked(not header.isSectionHidden(place))
            action.setEnabled(not column.stretch)
            action.setData(place)
            action.toggled.connect(self._on_column_toggled)
            menu.addAction(action)
        menu.addSeparator()
        reset = QAction(_("Reset columns"), menu)
        reset.triggered.connect(self.reset)
        menu.addAction(reset)
        return menu

    def _on_column_toggled(self, shown: bool) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._table.horizontalHeader().setSectionHidden(int(action.data()), not shown)
            self.save()

    def on_header_menu(self, place: QPoint) -> None:
        """Open the menu at the header."""
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._table.horizontalHeader().mapToGlobal(place))

    def save(self) -> None:
        """Remember the columns after a pause: a drag says so at every pixel, and each writes a file."""
        self._later.start()

    def flush(self) -> None:
        """Remember now what waits to be."""
        if self._later.isActive():
            self._later.stop()
            self._save()

    def _save(self) -> None:
        """Remember the columns as they are with enough room."""
        header = self._table.horizontalHeader()
        header.blockSignals(True)
        for place in self._dropped:
            header.setSectionHidden(place, False)
        state = header.saveState()
        if state != QSettings().value(self._key):
            QSettings().setValue(self._key, state)
        for place in self._dropped:
            header.setSectionHidden(place, True)
        header.blockSignals(False)

    def restore(self) -> None:
        """Take back what was remembered."""
        state = QSettings().value(self._key)
        if isinstance(state, QByteArray):
            self._table.horizontalHeader().restoreState(state)

    def reset(self) -> None:
        """Give every column its declared width, place and visibility, the rows their order."""
        QSettings().remove(self._key)
        header = self._table.horizontalHeader()
        for place, column in enumerate(self._table.rows.columns):
            header.moveSection(header.visualIndex(place), place)
            header.resizeSection(place, px(column.width))
            header.setSectionHidden(place, column.hidden)
        self._table.order_requested.emit(())

    def drop(self) -> None:
        """Hide columns in their declared order while the stretched one has no room."""
        header = self._table.horizontalHeader()
        order = sorted(
            (-column.drop, place)
            for place, column in enumerate(self._table.rows.columns)
            if column.drop
        )
        for place in self._dropped:
            header.setSectionHidden(place, False)
        self._dropped.clear()
        room = self._table.viewport().width()
        for _rank, place in order:
            if self._needed_width() <= room:
                break
            if not header.isSectionHidden(place):
                self._dropped.add(place)
                header.setSectionHidden(place, True)

    def _needed_width(self) -> int:
        header = self._table.horizontalHeader()
        return sum(
            px(column.width) if column.stretch else header.sectionSize(place)
            for place, column in enumerate(self._table.rows.columns)
            if not header.isSectionHidden(place)
        )
