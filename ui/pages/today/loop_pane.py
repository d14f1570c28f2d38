"""What the improvement loop reminds of today: measures, rechecks, verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from svcdesk.domain.loop_reminders import SENTENCES, Kind, Reminder
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import sentence
from svcdesk.services import loop_reminders
from ui.jobs.runner import Latest
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.wording import Words
from ui.widgets.data_table import DataTable
from ui.widgets.tabs import TabDef, TabRow, tab_head

if TYPE_CHECKING:
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

ICONS = {
    Kind.MEASURE_LATE: ("circle-alert", "danger"), Kind.RECHECK_LATE: ("circle-alert", "danger"),
    Kind.MEASURE_BLOCKED: ("circle-pause", "warn"), Kind.VERDICT: ("eye", "accent"),
    Kind.RECHECK: ("repeat", "warn"), Kind.MEASURE_TODAY: ("clock-alert", "warn"), Kind.MEASURE_SOON: ("clock-alert", "warn"),
}  # fmt: skip


@dataclass(frozen=True)
class _Line:
    id: int
    reminder: Reminder


class LoopPane(QFrame):
    """Views: mine, all; Enter opens the item where the thing is settled."""

    opened = Signal(object)  # Reminder

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.setProperty("box", "surface")
        self._place = place
        self._words = Words(place.desk)
        self._found: list[Reminder] = []
        self._lines: dict[int, _Line] = {}
        self._latest = Latest(place.runner, self)
        self.tabs = TabRow([TabDef("mine", _("Mine")), TabDef("all", _("All"))])
        self.tabs.choose("mine")
        self.tabs.chosen.connect(self._show)
        self._model = RowWindowModel(self._columns(), place.runner, self)
        self.table = DataTable(self._model, "loop_reminders")
        self.table.setAccessibleName(_("Reminders of the improvement loop"))
        self.table.opened.connect(self._on_opened)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(tab_head(self.tabs))
        column.addWidget(self.table, 1)

    def _columns(self) -> list[ColumnDef]:
        return [
            ColumnDef("what", pgettext("reminder", "What"), lambda r: self._what(r.reminder), 420,
                      elide=True),
            ColumnDef("title", _("Title"), lambda r: Cell(r.reminder.title), 200, stretch=True,
                      elide=True),
            ColumnDef("due", _("Due"), lambda r: Cell(r.reminder.due), 110, drop=2),
            ColumnDef("people", _("In charge"), lambda r: self._people(r.reminder), 110, drop=1,
                      elide=True),
        ]  # fmt: skip

    def _what(self, one: Reminder) -> Cell:
        text = sentence(SENTENCES[one.kind], {"number": one.number, "due": one.due, "n": one.days})
        icon, ink = ICONS[one.kind]
        return Cell(text, icon, "danger" if ink == "danger" else "text", icon_colour=ink)

    def _people(self, one: Reminder) -> Cell:
        return Cell(_(", ").join(self._words.person(key) for key in one.people))

    def reload(self) -> None:
        """Look again, in the background."""
        desk = self._place.desk

        def work(_context: JobContext) -> list[Reminder]:
            return loop_reminders.pressing(desk)

        self._latest.start(work).on_success(self._on_found).on_failure(self._place.shell.tell)

    def _on_found(self, found: list[Reminder]) -> None:
        self._found = found
        for key in ("mine", "all"):
            self.tabs.set_count(key, len(self._of(key)))
        self._show(self.tabs.key())

    def _of(self, view: str) -> list[Reminder]:
        me = self._place.desk.actor.id
        return [one for one in self._found if view == "all" or me in one.people]

    def _show(self, view: str) -> None:
        self.tabs.choose(view)
        lines = [_Line(place, one) for place, one in enumerate(self._of(view), start=1)]
        self._lines = {line.id: line for line in lines}
        self.table.empty.set("circle-check", _("No measure, recheck or verdict is waiting."))
        self._model.show(RecordList(lines))

    def _on_opened(self, key: object) -> None:
        line = self._lines.get(key) if isinstance(key, int) else None
        if line is not None:
            self.opened.emit(line.reminder)
