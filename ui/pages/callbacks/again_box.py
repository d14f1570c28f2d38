"""When to call again: handy times by digit keys, or any time typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from ui.pages.wording import Words
from ui.widgets.button import Button
from ui.widgets.editors import TimeField
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from svcdesk.services.desk import Desk


class AgainBox(QWidget):
    """The appointment of a customer; the value is UTC seconds."""

    chosen = Signal()  # by a digit: nothing more to enter

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._words = Words(desk)
        self._times: list[int] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Call again at"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(label(_("Call again at (digit, or type the time)"), "small", "2"))
        holder = QWidget()
        self._flow = FlowLayout(holder, 4)
        column.addWidget(holder)
        self._buttons: list[Button] = []
        row = QHBoxLayout()
        self.time = TimeField(str(desk.reference.settings["timezone"]))
        self.time.setAccessibleName(_("Call again at"))
        self.time.setToolTip(_("The time the customer asked for"))
        row.addWidget(self.time)
        row.addStretch(1)
        column.addLayout(row)

    def offer(self, times: Sequence[int]) -> None:
        """Offer times; the first one stands in the field."""
        for button in self._buttons:
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons, self._times = [], list(times)
        for place, at in enumerate(self._times, start=1):
            button = Button(self._words.time(at), key=str(place), small=True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setProperty("place", place)
            button.clicked.connect(self._on_clicked)
            self._flow.addWidget(button)
            self._buttons.append(button)
        if self._times:
            self.time.set_value(self._times[0])

    def value(self) -> int:
        """Return the time chosen."""
        return self.time.value()

    def _on_clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._take(int(sender.property("place")))

    def _take(self, place: int) -> None:
        self.time.set_value(self._times[place - 1])
        self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digit: that time; anything else goes on to the page."""
        place = event.key() - Qt.Key.Key_0
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and 1 <= place <= len(self._times):
            self._take(place)
        else:
            super().keyPressEvent(event)
