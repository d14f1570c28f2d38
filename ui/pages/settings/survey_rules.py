"""The rules of surveys and checks: expiry, distance, which voices count, the pass mark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.domain.settings import SETTINGS
from svcdesk.i18n.catalog import _
from svcdesk.services import settings
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE
from ui.pages.settings.general import NumberField
from ui.pages.wording import say
from ui.widgets.button import Button, Kind
from ui.widgets.editors import CheckField
from ui.widgets.form import Form
from ui.widgets.labels import box, label

if TYPE_CHECKING:
    from ui.pages.page import Workplace


class SurveyRulesPane(QWidget):
    """The settings of surveys and quality checks."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self.form = Form(columns=3)
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        text = _(
            "Of the other voices only those ticked enter the satisfaction figures; the figures of "
            "every period follow at once, the answers stay as they are."
        )
        column.addWidget(label(text, "small", "2", wrap=True))
        for setting in SETTINGS:
            if setting.group in {"surveys", "quality"}:
                if isinstance(setting.default, bool):
                    self.form.add(setting.key, "", CheckField(_(setting.label)))
                else:
                    self.form.add(setting.key, _(setting.label), NumberField("", 3))
        column.addWidget(self.form)
        row = QHBoxLayout()
        row.addStretch(1)
        self.save = Button(_("Save settings"), kind=Kind.MAIN)
        self.save.clicked.connect(self._on_save)
        row.addWidget(self.save)
        column.addLayout(row)
        column.addStretch(1)
        outer.addWidget(card)
        self.show_settings()

    def show_settings(self) -> None:
        """Fill in what holds now."""
        known = self._place.desk.reference.settings
        keys = [s.key for s in SETTINGS if s.group in {"surveys", "quality"}]
        self.form.populate({key: known[key] for key in keys})

    def _on_save(self) -> None:
        desk, values = self._place.desk, self.form.values()
        handle = self._place.runner.start(
            lambda _context: settings.change(desk, values), lane=WRITE, owner=self
        )
        handle.on_success(self._on_saved).on_failure(self._on_refused)

    def _on_saved(self, _outcome: Any) -> None:
        self._place.shell.say(_("Settings saved"))

    def _on_refused(self, error: object) -> None:
        if isinstance(error, ProblemsError):
            for problem in error.problems:
                self.form.field(problem.field).show_problem(say(problem))
        else:
            self._place.shell.tell(error)
