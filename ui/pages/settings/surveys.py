"""Settings of surveys and quality checks: the survey form, the form of checks, the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from ui.pages.settings.quality_form import QualityFormPane
from ui.pages.settings.survey_form import SurveyFormPane
from ui.pages.settings.survey_rules import SurveyRulesPane
from ui.widgets.button import Segments

if TYPE_CHECKING:
    from ui.pages.page import Workplace


class SurveysTab(QWidget):
    """Three panes, one at a time."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(10)
        names = [("form", _("Survey form")), ("check", _("Form of quality checks")),
                 ("rules", _("Rules"))]  # fmt: skip
        self.panes = Segments(names)
        self.panes.set_value("form")
        self.panes.changed.connect(self._show)
        row = QHBoxLayout()
        row.addWidget(self.panes)
        row.addStretch(1)
        column.addLayout(row)
        self.form = SurveyFormPane(place)
        self.check = QualityFormPane(place)
        self.rules = SurveyRulesPane(place)
        self._stack = QStackedWidget()
        for pane in (self.form, self.check, self.rules):
            self._stack.addWidget(pane)
        column.addWidget(self._stack, 1)

    def choose(self, name: str) -> None:
        """Show a pane by its name."""
        self.panes.set_value(name)
        self._stack.setCurrentIndex(("form", "check", "rules").index(name))

    def refresh(self, tables: set[str]) -> None:
        """Show what a write has changed."""
        if "survey_form" in tables:
            self.form.show_form()
        if "quality_form" in tables:
            self.check.show_form()
        if "setting" in tables:
            self.rules.show_settings()

    def _show(self, number: int) -> None:
        self._stack.setCurrentIndex(number)
