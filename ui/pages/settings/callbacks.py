"""Settings of callbacks: rules with a try-out, scripts, reasons and leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from ui.pages.settings.callback_rules import CallbackRulesPane
from ui.pages.settings.callback_words import ReasonsPane, ScriptsPane
from ui.widgets.button import Segments

if TYPE_CHECKING:
    from ui.pages.page import Workplace


class CallbacksTab(QWidget):
    """Three panes, one at a time."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(10)
        names = [("rules", _("Rules")), ("scripts", _("Scripts")),
                 ("reasons", _("Reasons and leave"))]  # fmt: skip
        self.panes = Segments(names)
        self.panes.set_value("rules")
        self.panes.changed.connect(self._show)
        row = QHBoxLayout()
        row.addWidget(self.panes)
        row.addStretch(1)
        column.addLayout(row)
        self.rules = CallbackRulesPane(place)
        self.scripts = ScriptsPane(place)
        self.reasons = ReasonsPane(place)
        self._stack = QStackedWidget()
        for pane in (self.rules, self.scripts, self.reasons):
            self._stack.addWidget(pane)
        column.addWidget(self._stack, 1)

    def choose(self, name: str) -> None:
        """Show a pane by its name."""
        self.panes.set_value(name)
        self._stack.setCurrentIndex(("rules", "scripts", "reasons").index(name))

    def refresh(self, tables: set[str]) -> None:
        """Show what a write has changed."""
        if "callback_rule" in tables:
            self.rules.show_rules()
        if "template" in tables:
            self.scripts.show_script()
        if tables & {"list_item", "person_leave", "person"}:
            self.reasons.show_lists()

    def _show(self, number: int) -> None:
        self._stack.setCurrentIndex(number)
