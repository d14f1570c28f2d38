"""Editors of one value each: text, money, choice, several of a list, yes or no, a moment.

Every editor has ``value``, ``set_value`` and the signal ``changed``, so that a form can read and
fill it without knowing its kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDateTime, Qt, QTimeZone, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateTimeEdit,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from svcdesk.i18n.catalog import _
from ui.models.choices import Choice, fill, select
from ui.theme.tokens import control_height
from ui.widgets.button import FieldButton
from ui.widgets.chips import ChoicePopup

if TYPE_CHECKING:
    from collections.abc import Sequence


class TextField(QLineEdit):
    """One line of text."""

    changed = Signal()

    def __init__(self, hint: str = "", limit: int = 32767) -> None:
        super().__init__()
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setMaxLength(limit)
        self.setMinimumHeight(control_height())
        self.textChanged.connect(self.changed)

    def value(self) -> Any:
        """Return the text without outer spaces, None when empty."""
        return self.text().strip() or None

    def set_value(self, value: Any) -> None:
        """Show ``value``."""
        self.setText("" if value is None else str(value))


class MoneyField(TextField):
    """An amount in yuan; the value is integer fen."""

    def __init__(self) -> None:
        super().__init__("0.00", 14)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)

    def value(self) -> Any:
        """Return fen, None when empty, or the raw text when it is no amount."""
        text = self.text().replace(",", "").replace("，", "").strip()
        if not text:
            return None
        whole, _dot, part = text.partition(".")
        if not whole.isdigit() or (part and not part.isdigit()) or len(part) > 2:
            return text
        return int(whole) * 100 + int((part + "00")[:2])

    def set_value(self, value: Any) -> None:
        """Show fen as yuan."""
        self.setText("" if value is None else f"{value // 100:,}.{value % 100:02d}")


class LongTextField(QPlainTextEdit):
    """Several lines; Tab leaves the field."""

    changed = Signal()

    def __init__(self, hint: str = "", lines: int = 3) -> None:
        super().__init__()
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setTabChangesFocus(True)
        line = self.fontMetrics().lineSpacing()
        self.setFixedHeight(line * lines + 18)
        self.textChanged.connect(self.changed)

    def value(self) -> str | None:
        """Return the text without outer spaces, None when empty."""
        return self.toPlainText().strip() or None

    def set_value(self, value: Any) -> None:
        """Show ``value``."""
        self.setPlainText("" if value is None else str(value))


class ChoiceField(QComboBox):
    """One of a list; ``empty`` names the entry for "not set"."""

    changed = Signal()

    def __init__(self, choices: Sequence[Choice], empty: str | None = None) -> None:
        super().__init__()
        self.setMinimumHeight(control_height())
        self.setMinimumContentsLength(6)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMaxVisibleItems(16)
        self._empty = empty
        self.set_choices(choices)
        self.currentIndexChanged.connect(self.changed)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer other entries; the chosen value stays when it is among them."""
        fill(self, choices, self._empty)

    def value(self) -> Any:
        """Return the stored value of the entry."""
        return self.currentData()

    def set_value(self, value: Any) -> None:
        """Choose the entry with ``value``."""
        select(self, value)

    def wheelEvent(self, event: Any) -> None:
        """Scroll the page, not the value."""
        event.ignore()


class ManyField(FieldButton):
    """Several of a list, chosen in a popup and named on the field."""

    changed = Signal()

    def __init__(self, choices: Sequence[Choice], empty: str) -> None:
        super().__init__(empty)
        self._choices = list(choices)
        self._empty = empty
        self._chosen: list[Any] = []
        self.clicked.connect(self._open)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer other entries; what is chosen stays where it is among them."""
        self._choices = list(choices)
        self.set_value(self._chosen)

    def value(self) -> list[Any]:
        """Return the chosen values in the order of the list."""
        return [choice.value for choice in self._choices if choice.value in self._chosen]

    def set_value(self, value: Any) -> None:
        """Show ``value``, a list."""
        self._chosen = list(value or [])
        names = [choice.label for choice in self._choices if choice.value in self._chosen]
        self.set_text(_(", ").join(names) or self._empty)

    def _open(self) -> None:
        popup = ChoicePopup(self._choices, self._chosen, many=True)
        popup.changed.connect(self._take)
        popup.open_under(self)

    def _take(self, values: list[Any]) -> None:
        self.set_value(values)
        self.changed.emit()


class CheckField(QCheckBox):
    """Yes or no."""

    changed = Signal()

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.toggled.connect(self.changed)

    def value(self) -> bool:
        """Return whether it is checked."""
        return self.isChecked()

    def set_value(self, value: Any) -> None:
        """Show ``value``."""
        self.setChecked(bool(value))


class TimeField(QDateTimeEdit):
    """A moment in the team's zone; the value is UTC seconds."""

    changed = Signal()

    def __init__(self, zone: str) -> None:
        super().__init__()
        self._zone = QTimeZone(zone.encode())
        self.setTimeZone(self._zone)
        self.setDisplayFormat("yyyy-MM-dd HH:mm")
        self.setCalendarPopup(True)
        self.setMinimumHeight(control_height())
        self.dateTimeChanged.connect(self.changed)

    def value(self) -> int:
        """Return UTC seconds."""
        return int(self.dateTime().toSecsSinceEpoch())

    def set_value(self, value: Any) -> None:
        """Show UTC seconds."""
        if value is not None:
            self.setDateTime(QDateTime.fromSecsSinceEpoch(int(value), self._zone))

    def wheelEvent(self, event: Any) -> None:
        """Scroll the page, not the value."""
        event.ignore()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Let Tab leave the field; the arrow keys go through year, month, day and time."""
        return QWidget.focusNextPrevChild(self, forward)
