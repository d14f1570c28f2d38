"""Reasons of a low score as chips with digit keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFocusEvent, QKeyEvent

    from ui.models.choices import Choice


class ReasonChips(QWidget):
    """Several of a few reasons; while it has the focus a digit chooses or drops one."""

    changed = Signal()
    finished = Signal()  # Enter: on to the words

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Reasons of the low score"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        self._head = label("", "small", "2")
        column.addWidget(self._head)
        holder = QWidget()
        self._flow = FlowLayout(holder, 4)
        column.addWidget(holder)
        self._buttons: list[Button] = []
        self._show_head()

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer the reasons, each with its digit."""
        for button in self._buttons:
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
        for place, choice in enumerate(choices[:9], start=1):
            button = Button(choice.label, key=str(place), small=True)
            button.setCheckable(True)
            button.setProperty("reason", choice.value)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(self.changed)
            self._flow.addWidget(button)
            self._buttons.append(button)

    def value(self) -> list[int]:
        """Return the keys of the chosen reasons."""
        return [int(b.property("reason")) for b in self._buttons if b.isChecked()]

    def set_value(self, reasons: Sequence[int]) -> None:
        """Choose reasons, without a signal."""
        for button in self._buttons:
            button.setChecked(int(button.property("reason")) in set(reasons))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digit: choose or drop; Enter: on to the words."""
        place = event.key() - Qt.Key.Key_1
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and 0 <= place < len(self._buttons):
            self._buttons[place].setChecked(not self._buttons[place].isChecked())
            self.changed.emit()
        elif plain and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.finished.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say which keys work now."""
        super().focusInEvent(event)
        self._show_head()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Go back to the plain heading."""
        super().focusOutEvent(event)
        self._show_head()

    def _show_head(self) -> None:
        text = _("Why? (digits choose, Enter goes on)") if self.hasFocus() else _("Why so low?")
        self._head.setText(text)
