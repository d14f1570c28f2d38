"""Several of a short list as chips that are switched on and off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.widgets.chips import Chip
from ui.widgets.flow import FlowLayout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFocusEvent

    from ui.models.choices import Choice


class ChipField(QWidget):
    """One chip per entry; Space or a click switches it."""

    changed = Signal()

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._chips: list[tuple[Any, str, Chip]] = []
        flow = FlowLayout(self, gap=5)
        for choice in choices:
            chip = Chip(choice.label, self)
            chip.show_condition(choice.label, is_set=False)
            chip.setProperty("value", choice.value)
            chip.clicked.connect(self._on_toggled)
            chip.removed.connect(self._on_toggled)
            flow.addWidget(chip)
            self._chips.append((choice.value, choice.label, chip))

    def value(self) -> list[Any]:
        """Return the entries that are on, in the order of the list."""
        return [value for value, _label, chip in self._chips if chip.is_set]

    def set_value(self, value: Any) -> None:
        """Switch on what is in ``value``, a list."""
        on = set(value or ())
        for key, text, chip in self._chips:
            chip.show_condition(text, is_set=key in on)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the focus to the first chip."""
        super().focusInEvent(event)
        if self._chips:
            self._chips[0][2].setFocus(event.reason())

    def _on_toggled(self) -> None:
        sender = self.sender()
        for _value, text, chip in self._chips:
            if chip is sender:
                chip.show_condition(text, is_set=not chip.is_set)
                self.changed.emit()
