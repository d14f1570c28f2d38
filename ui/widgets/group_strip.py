"""The strip beside a list: the values of a field with how many records hold each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout

from svcdesk.i18n.catalog import _
from ui.theme.tokens import height, metrics
from ui.widgets.button import icon_button
from ui.widgets.labels import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

USER = Qt.ItemDataRole.UserRole
CHARACTERS = 14  # width of the strip in digits


class GroupStrip(QFrame):
    """Counts by one field; a click or Enter narrows the list to the value."""

    chosen = Signal(object)  # place in the list of values, None: all
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("box", "surface")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 4, 4)
        column.setSpacing(2)
        head = QHBoxLayout()
        self._title = ElidedLabel("", "strong")
        head.addWidget(self._title, 1)
        leave = icon_button("x", _("Stop grouping"))
        leave.clicked.connect(self.closed)
        head.addWidget(leave)
        column.addLayout(head)
        self.list = QListWidget()
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._on_item)
        self.list.itemActivated.connect(self._on_item)
        column.addWidget(self.list, 1)
        self.setFixedWidth(metrics().horizontalAdvance("0" * CHARACTERS) + 60)

    def show_groups(
        self, title: str, named: Sequence[tuple[str, int]], total: int, chosen: int | None
    ) -> None:
        """Show the values by name with their counts; ``chosen`` is the place of the set one."""
        self._title.set_text(title)
        self.list.setAccessibleName(title)
        self.list.clear()
        self._add(_("All"), total, None)
        for place, (name, count) in enumerate(named):
            self._add(name, count, place)
        self.list.setCurrentRow(0 if chosen is None else chosen + 1)

    def _add(self, name: str, count: int, place: int | None) -> None:
        text = _("{name}  {count}").format(name=name, count=f"{count:,}")
        item = QListWidgetItem(text)
        item.setToolTip(text)
        item.setData(USER, place)
        item.setSizeHint(QSize(0, height(4)))
        self.list.addItem(item)

    def _on_item(self, item: QListWidgetItem) -> None:
        place: Any = item.data(USER)
        self.chosen.emit(place)
