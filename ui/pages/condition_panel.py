"""The editor of a condition of one's own: lines of field, operator and value, in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.services.queries import Match
from ui.models.choices import Choice
from ui.pages.conditions import FieldDef, build, combined, lines, operators, take_apart
from ui.pages.periods import coming_choices, older_choices, period_choices
from ui.widgets.button import Button, Kind, icon_button
from ui.widgets.editors import ChoiceField, ManyField, TextField
from ui.widgets.labels import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from svcdesk.domain.query import Part
    from svcdesk.services.desk import Desk


MATCH_LENGTH = 18  # characters


class _Line(QWidget):
    """One condition: field, operator, value, and the way to take it out."""

    removed = Signal(QWidget)

    def __init__(self, desk: Desk, fields: Sequence[FieldDef]) -> None:
        super().__init__()
        self._desk = desk
        self._fields = {field.key: field for field in fields}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.field = ChoiceField([Choice(field.key, field.label) for field in fields])
        self.field.setAccessibleName(_("Field"))
        self.field.setCurrentIndex(0)
        self.operator = ChoiceField([])
        self.operator.setAccessibleName(_("Operator"))
        self._slot = QHBoxLayout()
        self._value: ManyField | ChoiceField | TextField | None = None
        row.addWidget(self.field, 2)
        row.addWidget(self.operator, 2)
        row.addLayout(self._slot, 3)
        out = icon_button("x", _("Remove condition"))
        out.clicked.connect(self._remove)
        row.addWidget(out)
        self.field.changed.connect(self._on_field)
        self.operator.changed.connect(self._on_operator)
        self._on_field()

    def _remove(self) -> None:
        self.removed.emit(self)

    def _on_field(self) -> None:
        field = self._fields[str(self.field.value())]
        self.operator.set_choices([Choice(a.key, a.label) for a in operators(field.kind)])
        if self.operator.currentIndex() < 0:
            self.operator.setCurrentIndex(0)
        self._on_operator()

    def _on_operator(self) -> None:
        if self._value is not None:
            self._value.hide()
            self._value.deleteLater()
            self._value = None
        field = self._fields[str(self.field.value())]
        takes = next((a.takes for a in operators(field.kind) if a.key == self.operator.value()), "")
        if takes == "choice":
            self._value = ManyField(list(field.choices()), _("Choose…"))
        elif takes == "span":
            spans = {c.value: c for c in [*coming_choices(), *period_choices(self._desk)]}
            self._value = ChoiceField([*spans.values(), *older_choices()])
            self._value.setCurrentIndex(0)
        elif takes == "text":
            self._value = TextField()
        if self._value is not None:
            self._value.setAccessibleName(_("Value"))
            self._slot.addWidget(self._value)

    def show_part(self, part: Part) -> bool:
        """Show a condition; False when the editor has no line for it."""
        found = take_apart(part, list(self._fields.values()))
        if found is None:
            return False
        field, asked, condition = found
        self.field.set_value(field.key)
        self.operator.set_value(asked.key)
        if isinstance(self._value, ManyField):
            self._value.set_value(list(condition.values))
        elif self._value is not None:
            self._value.set_value(condition.values[0])
        return True

    def part(self) -> Part | None:
        """Return the condition, None while its value is missing."""
        field = self._fields[str(self.field.value())]
        asked = next(a for a in operators(field.kind) if a.key == self.operator.value())
        values: list[Any] = []
        if self._value is not None:
            value = self._value.value()
            values = list(value) if isinstance(value, list) else [value] if value else []
            if not values:
                return None
        return build(asked, field.key, values)


class ConditionPanel(QFrame):
    """Lines that count together; Enter shows the result, Esc leaves everything as it was."""

    applied = Signal(object)  # Part or None
    closed = Signal()

    def __init__(self, desk: Desk, fields: Sequence[FieldDef], part: Part | None = None) -> None:
        super().__init__()
        self.setProperty("box", "sunken")
        self._desk = desk
        self._fields = list(fields)
        self._lines: list[_Line] = []
        self._kept: list[Part] = []  # parts that the editor has no line for
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(label(_("Records for which"), "small", "2"))
        self.match = ChoiceField(
            [
                Choice(Match.ALL, _("all of these hold")),
                Choice(Match.ANY, _("one of these holds")),
                Choice(Match.NONE, _("none of these holds")),
            ]
        )
        self.match.setMinimumContentsLength(MATCH_LENGTH)
        self.match.setAccessibleName(_("How the conditions count together"))
        head.addWidget(self.match)
        head.addStretch(1)
        column.addLayout(head)
        self._column = QVBoxLayout()
        self._column.setSpacing(6)
        column.addLayout(self._column)
        column.addLayout(self._buttons())
        match, parts = lines(part) if part is not None else (Match.ALL, ())
        self.match.set_value(match)
        for one in parts:
            if not self.add_line(one):
                self._kept.append(one)
        if not self._lines:
            self.add_line()

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        more = Button(_("Another condition"), kind=Kind.QUIET, icon="plus", small=True)
        more.clicked.connect(self._on_more)
        row.addWidget(more)
        row.addStretch(1)
        leave = Button(_("Cancel"), small=True)
        leave.clicked.connect(self.closed)
        row.addWidget(leave)
        show = Button(_("Show"), kind=Kind.MAIN, small=True, key="Enter")
        show.clicked.connect(self.apply)
        row.addWidget(show)
        return row

    def _on_more(self) -> None:
        self.add_line()
        self._lines[-1].field.setFocus()

    def add_line(self, part: Part | None = None) -> bool:
        """Add a line; False when there is none for ``part``."""
        line = _Line(self._desk, self._fields)
        if part is not None and not line.show_part(part):
            line.deleteLater()
            return False
        line.removed.connect(self._on_removed)
        self._lines.append(line)
        self._column.addWidget(line)
        return True

    def _on_removed(self, line: QWidget) -> None:
        self._lines = [one for one in self._lines if one is not line]
        line.hide()
        line.deleteLater()

    def apply(self) -> None:
        """Hand over what the lines say; lines without a value are left out."""
        parts = [part for line in self._lines if (part := line.part()) is not None]
        self.applied.emit(combined(Match(self.match.value()), [*parts, *self._kept]))

    def focus(self) -> None:
        """Begin with the first field."""
        if self._lines:
            self._lines[0].field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter applies, Esc closes."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.apply()
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
