"""The cheat sheet of all keys, in as many columns as the window has room for."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from ui.dialogs.frame import FrameDialog
from ui.shell.actions import ACTIONS, PAGE_KEYS, shown_keys
from ui.theme.room import room
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind
from ui.widgets.labels import KeyHint, label

WIDTH, HEIGHT = 1140, 640
COLUMN = 360  # width of one column
Entry = tuple[str, str, str]  # group, keys, what they do


def entries() -> list[Entry]:
    """Return all keys in the user's language; the groups stand together."""
    found = [
        (_("Everywhere"), "  ".join(map(shown_keys, definition.keys)), _(definition.text))
        for definition in ACTIONS
        if definition.keys
    ]
    order = {page: number for number, (page, _keys, _text) in reversed([*enumerate(PAGE_KEYS)])}
    for page, keys, text in sorted(PAGE_KEYS, key=lambda entry: order[entry[0]]):
        found.append((_(page), keys, _(text)))
    return [(group, keys, text.replace("&", "")) for group, keys, text in found]


class CheatSheet(FrameDialog):
    """All keys, from the declared actions."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent, _("Keyboard shortcuts"), 640)
        size = room(WIDTH, HEIGHT)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setAccessibleName(_("Keyboard shortcuts"))
        inner = QWidget()
        row = QHBoxLayout(inner)
        row.setSpacing(24)
        for part in _columns(entries(), max(size.width() // px(COLUMN), 1)):
            column = QVBoxLayout()
            column.addLayout(_grid(part))
            column.addStretch(1)
            row.addLayout(column, 1)
        area.setWidget(inner)
        self.column.addWidget(area, 1)
        close = Button(_("Close"), kind=Kind.MAIN)
        close.clicked.connect(self.accept)
        self.add_buttons(close)
        self.resize(size)


def _columns(found: list[Entry], count: int) -> list[list[Entry]]:
    """Split ``found`` into parts of about the same height; a heading counts as one line."""
    lines = len(found) + len({group for group, _keys, _text in found})
    parts: list[list[Entry]] = [[]]
    used, last = 0, ""
    for entry in found:
        used += 1 + (entry[0] != last)
        last = entry[0]
        if used > lines * len(parts) / count + 1 and len(parts) < count:
            parts.append([])
        parts[-1].append(entry)
    return parts


def _grid(part: list[Entry]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(3)
    grid.setColumnStretch(1, 1)
    row = 0
    for group, lines in groupby(part, key=lambda entry: entry[0]):
        grid.addWidget(label(group, "strong"), row, 0, 1, 2)
        for number, (_group, keys, text) in enumerate(lines, row + 1):
            grid.addWidget(KeyHint(keys), number, 0, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label(text, wrap=True), number, 1)
            row = number
        row += 1
    return grid
