"""The cheat sheet of all keys."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from svcdesk.i18n.catalog import _
from ui.dialogs.frame import FrameDialog
from ui.shell.actions import ACTIONS, PAGE_KEYS, shown_keys
from ui.widgets.button import Button, Kind
from ui.widgets.labels import KeyHint, label


class CheatSheet(FrameDialog):
    """All keys, from the declared actions."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent, _("Keyboard shortcuts"), 640)
        area = QScrollArea()
        area.setWidgetResizable(True)
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        row = 0
        group = ""
        entries = [
            (_("Everywhere"), shown_keys(definition.keys[0]), _(definition.text).replace("&", ""))
            for definition in ACTIONS
            if definition.keys
        ]
        entries += [(_(page), keys, _(text)) for page, keys, text in PAGE_KEYS]
        for name, keys, text in entries:
            if name != group:
                group = name
                grid.addWidget(label(name, "strong"), row, 0, 1, 2)
                row += 1
            grid.addWidget(KeyHint(keys), row, 0, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label(text), row, 1)
            row += 1
        area.setWidget(inner)
        self.column.addWidget(area)
        close = Button(_("Close"), kind=Kind.MAIN)
        close.clicked.connect(self.accept)
        self.add_buttons(close)
        self.resize(QSize(640, 560))
