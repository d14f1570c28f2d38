"""Forms: label, editor and inline problem per field; filling a form never writes.

A field is checked when it is left, not on each key. ``populate`` sets values with signals off, so
loading a record can never look like an edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from svcdesk.i18n.catalog import _
from ui.theme.tokens import text_size
from ui.widgets.labels import icon_label, label

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from svcdesk.domain.problem import Problem


class Field(QWidget):
    """Label above, editor, sentence about what is wrong below."""

    left_with = Signal(str)  # key; the field lost the focus after a change

    def __init__(self, key: str, text: str, editor: QWidget, *, required: bool = False) -> None:
        super().__init__()
        self.key = key
        self.editor = editor
        self.required = required
        self._touched = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        self._label = label(f"{text} *" if required else text, "small", "2")
        self._label.setBuddy(editor)
        if not text:
            self._label.hide()  # never shown here: without a parent it would be a window
        editor.setAccessibleName(text)
        layout.addWidget(self._label)
        layout.addWidget(editor)
        self._problem = QWidget()
        row = QHBoxLayout(self._problem)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._sign = icon_label("circle-alert", "danger", 14)
        self._text = label("", "small", "danger", wrap=True)
        row.addWidget(self._sign, alignment=Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self._problem.hide()
        layout.addWidget(self._problem)
        layout.addStretch(1)
        editor.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice when the field is left."""
        if (
            isinstance(event, QFocusEvent)
            and event.type() == QEvent.Type.FocusOut
            and event.reason() != Qt.FocusReason.PopupFocusReason
            and self._touched
        ):
            self.left_with.emit(self.key)
        return super().eventFilter(watched, event)

    def touch(self) -> None:
        """Note that the user changed the value."""
        self._touched = True

    def show_problem(self, text: str) -> None:
        """Show the sentence ``text`` at the field; "" takes it away."""
        self._text.setText(text)
        self._problem.setVisible(bool(text))
        self.editor.setProperty("invalid", bool(text))
        self.editor.style().unpolish(self.editor)
        self.editor.style().polish(self.editor)
        self.editor.setAccessibleDescription(text)

    @property
    def problem(self) -> str:
        """The sentence shown, "" for none."""
        return self._text.text() if self._problem.isVisibleTo(self) else ""


class Form(QWidget):
    """Fields by key in a grid; large text makes it narrower, down to two columns."""

    edited = Signal(str)  # key of the field the user changed
    dirty_changed = Signal(bool)
    left_with = Signal(str)

    def __init__(self, columns: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields: dict[str, Field] = {}
        self._loaded: dict[str, Any] = {}
        self._loading = False
        self._dirty = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(9)
        self._columns = columns = max(min(columns, 2), columns * 100 // text_size())
        self._next = 0
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)

    def add(
        self, key: str, text: str, editor: QWidget, *, span: int = 1, required: bool = False
    ) -> Field:
        """Add a field after the last one, ``span`` columns wide."""
        span = min(span, self._columns)
        field = Field(key, text, editor, required=required)
        self.add_widget(field, span)
        self._fields[key] = field
        field.left_with.connect(self.left_with)
        changed = getattr(editor, "changed", None)
        if changed is not None:
            editor.setProperty("field", key)
            changed.connect(self._on_changed)
        return field

    def add_widget(self, widget: QWidget, span: int = 1) -> None:
        """Put something that is no field after the last one, ``span`` columns wide."""
        row, column = divmod(self._next, self._columns)
        if column + span > self._columns:
            row, column = row + 1, 0
        self._grid.addWidget(widget, row, column, 1, span)
        self._next = row * self._columns + column + span

    def field(self, key: str) -> Field:
        """Return the field ``key``."""
        return self._fields[key]

    def editor(self, key: str) -> Any:
        """Return the editor of ``key``."""
        return self._fields[key].editor

    def populate(self, values: Mapping[str, Any]) -> None:
        """Show ``values``; no signal leaves the form and nothing counts as edited."""
        self._loading = True
        for key, field in self._fields.items():
            editor: Any = field.editor
            editor.set_value(values.get(key))
            field.show_problem("")
        self._loading = False
        self._loaded = self.values()
        self._set_dirty(on=False)

    def enter(self, values: Mapping[str, Any]) -> None:
        """Put ``values`` into their fields as if they had been typed; they count as edited."""
        for key, value in values.items():
            if key in self._fields:
                editor: Any = self._fields[key].editor
                editor.set_value(value)
        self._set_dirty(on=bool(self.changes()))

    def values(self) -> dict[str, Any]:
        """Return what stands in the fields."""
        found: dict[str, Any] = {}
        for key, field in self._fields.items():
            editor: Any = field.editor
            found[key] = editor.value()
        return found

    def changes(self) -> dict[str, Any]:
        """Return the values that differ from what was filled in."""
        return {
            key: value for key, value in self.values().items() if value != self._loaded.get(key)
        }

    @property
    def dirty(self) -> bool:
        """Whether the user changed something since ``populate``."""
        return self._dirty

    def show_problems(
        self, problems: Sequence[Problem], say: Callable[[Problem], str]
    ) -> list[str]:
        """Put each problem at its field, focus the first; return those without a field here."""
        texts: dict[str, list[str]] = {}
        other: list[str] = []
        for problem in problems:
            if problem.field in self._fields:
                texts.setdefault(problem.field, []).append(say(problem))
            else:
                other.append(say(problem))
        for key, field in self._fields.items():
            field.show_problem(" ".join(texts.get(key, [])))
        first = next((key for key in self._fields if key in texts), None)
        if first is not None:
            self._fields[first].editor.setFocus()
        return other

    def missing(self) -> list[str]:
        """Mark required fields that are empty and return their labels' keys."""
        keys = []
        for key, field in self._fields.items():
            editor: Any = field.editor
            if field.required and editor.value() in (None, ""):
                field.show_problem(_("This is needed."))
                keys.append(key)
        return keys

    def _on_changed(self) -> None:
        if self._loading:
            return
        sender = self.sender()
        key = "" if sender is None else str(sender.property("field") or "")
        if key in self._fields:
            self._fields[key].touch()
            self._fields[key].show_problem("")
        self._set_dirty(on=bool(self.changes()))
        self.edited.emit(key)

    def _set_dirty(self, *, on: bool) -> None:
        if on != self._dirty:
            self._dirty = on
            self.dirty_changed.emit(on)
