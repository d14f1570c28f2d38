"""The first and the last day of a period of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.i18n.catalog import _
from svcdesk.services import reports
from ui.pages.customers.dialogs import DateField
from ui.pages.form_dialog import FormDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from svcdesk.domain.period import Period
    from ui.pages.page import Workplace


class DaysDialog(FormDialog):
    """Two days, both included; ``saved`` gives the period's code."""

    def __init__(self, parent: QWidget, place: Workplace, shown: Period) -> None:
        super().__init__(parent, place, _("Days of the report"), _("Take these days"))
        for name, text, day in (
            ("first", _("First day"), shown.start), ("last", _("Last day"), shown.last_day),
        ):  # fmt: skip
            field = DateField(text)
            field.require()
            self.form.add(name, text, field)
            field.set_value(day.isoformat())
        self.advise(_("Both days are included. It is compared with as many days before, and with "
                      "the same days of last year."))  # fmt: skip

    def save(self) -> None:
        """Take the days, or say what is wrong with them."""
        values = self.form.values()
        try:
            found = reports.period_of(self.place.desk, f"{values['first']}..{values['last']}")
        except Exception as error:  # noqa: BLE001 - told in a sentence
            self.place.shell.tell(error)
            return
        self.saved.emit(found.code)
        self.accept()
