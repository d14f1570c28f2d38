"""The typed texts of a section, ticked when the report is not published without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from ui.theme.tokens import px
from ui.widgets.labels import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.services.report_setup import SlotView


class NeededTexts(QWidget):
    """A list to tick by Space; away when the section has no typed text."""

    ticked = Signal(str, bool)  # key of the text, whether it is needed

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        column.addWidget(label(_("Not published without"), "small", "2"))
        self.list = QListWidget()
        self.list.setAccessibleName(_("Texts without which the report is not published"))
        self.list.setToolTip(_("Space ticks a text; the report is not published while it is empty"))
        self.list.setWordWrap(True)
        self.list.itemChanged.connect(self._on_changed)
        column.addWidget(self.list, 1)
        text = _("A cause is needed whenever a target of the section was missed, ticked or not.")
        self._always = label(text, "small", "2", wrap=True)
        column.addWidget(self._always)

    def show_slots(self, slots: Sequence[SlotView], required: set[str]) -> None:
        """Show the texts of a section."""
        self.list.blockSignals(True)
        self.list.clear()
        for slot in slots:
            item = QListWidgetItem(slot.prompt)
            item.setData(Qt.ItemDataRole.UserRole, slot.key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            ticked = slot.key in required
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.blockSignals(False)
        self._always.setVisible(any(slot.when_missed for slot in slots))
        self.setVisible(bool(slots))

    def _on_changed(self, item: QListWidgetItem) -> None:
        key = str(item.data(Qt.ItemDataRole.UserRole))
        self.ticked.emit(key, item.checkState() is Qt.CheckState.Checked)
