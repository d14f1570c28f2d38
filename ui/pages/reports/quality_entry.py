"""Data-entry discipline: how promptly and completely, by set of data and owner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from svcdesk.domain.statistics import format_number
from svcdesk.i18n.catalog import _, current, pgettext
from svcdesk.services import dashboards, data_entry
from ui.jobs.runner import WRITE, Latest
from ui.models.choices import Choice
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.page import Route, Workplace
from ui.pages.wording import DASH, Words
from ui.theme.tokens import GAP, MARGIN
from ui.widgets.button import Button
from ui.widgets.data_table import DataTable
from ui.widgets.editors import ChoiceField
from ui.widgets.labels import label

if TYPE_CHECKING:
    from fractions import Fraction

    from svcdesk.services.data_entry import Lacking, OwnerLine, SetSummary
    from svcdesk.system.job import JobContext

MONTHS = 24
PAGES = {"ticket": "tickets", "complaint": "complaints", "callback": "callbacks",
         "survey": "surveys"}  # fmt: skip
TIMELY, COMPLETE = 95, 95  # % [S2]; below: marked


@dataclass(frozen=True)
class OwnerRow:
    """A set of data as a whole (``owner`` none), or one owner's part of it."""

    id: int
    summary: SetSummary
    line: OwnerLine
    whole: bool


@dataclass(frozen=True)
class LackingRow:
    """A record that was entered late or lacks fields."""

    id: int
    record: Lacking


def _percent(value: Fraction | None, aim: int) -> Cell:
    if value is None:
        return Cell(DASH, colour="text-3", tip=_("Nothing to look at in this period"))
    text = format_number(value, 1) + "%"
    if value >= aim:
        return Cell(text)
    return Cell(text, "circle-alert", "text", "warn", tip=_("Below {n}%").format(n=aim))


class EntryView(QWidget):
    """Above the sets and owners, below the late and incomplete records of the chosen line."""

    said = Signal(str)

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._words = Words(place.desk)
        self._job, self._list_job = Latest(place.runner, self), Latest(place.runner, self)
        self._rows: dict[int, OwnerRow] = {}
        self._records: dict[int, LackingRow] = {}
        latest = dashboards.this_month(place.desk)
        months = [latest.shifted(-back) for back in range(MONTHS)]
        self.period = ChoiceField([Choice(m.code, m.title(current())) for m in months])
        self.period.set_value(latest.previous.code)
        self.period.setAccessibleName(_("Period"))
        self.period.currentIndexChanged.connect(self.load)
        people = [Choice(p.id, p.name) for p in place.desk.reference.people.values()
                  if p.active and not p.is_bot]  # fmt: skip
        self.owner = ChoiceField(people, _("nobody"))
        self.owner.setAccessibleName(_("Data owner"))
        self.answer = Button(_("Make data owner"), icon="user-round")
        self.answer.clicked.connect(self.make_owner)
        self.table = DataTable(RowWindowModel(self._columns(), place.runner, self), "data_entry")
        self.table.setAccessibleName(_("Data entry by owner"))
        self.table.current_changed.connect(self._on_line)
        self.records = DataTable(
            RowWindowModel(self._record_columns(), place.runner, self), "data_entry_records"
        )
        self.records.setAccessibleName(_("Entered late or incomplete"))
        self.records.opened.connect(self._open)
        self._lay_out()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        top.setSpacing(GAP)
        top.addWidget(label(_("Period"), "small", "2"))
        top.addWidget(self.period)
        note = _("Entered within 24 hours of the event; expected fields filled in. "
                 "Imports have no time of entry.")  # fmt: skip
        top.addWidget(label(note, "small", "2", wrap=True), 1)
        top.addWidget(label(_("Data owner"), "small", "2"))
        top.addWidget(self.owner)
        top.addWidget(self.answer)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.table)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._title = label("", "strong")
        self._title.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        column.addWidget(self._title)
        column.addWidget(self.records, 1)
        split.addWidget(below)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(top)
        outer.addWidget(split, 1)

    @staticmethod
    def _columns() -> list[ColumnDef]:
        def name(row: OwnerRow) -> Cell:
            return Cell(row.summary.label, bold=True) if row.whole else Cell("")

        def owner(row: OwnerRow) -> Cell:
            if not row.whole:
                return Cell(row.line.name)
            who = row.summary.data_owner or _("nobody")
            return Cell(_("Data owner: {name}").format(name=who), colour="text-2")

        return [
            ColumnDef("set", _("Data"), name, 120),
            ColumnDef("owner", _("Owner"), owner, 200, stretch=True),
            ColumnDef("n", pgettext("count", "Records"), lambda r: Cell(f"{r.line.n:,}"), 90, right=True),
            ColumnDef("timely", _("Within 24 h"),
                      lambda r: _percent(r.line.timeliness, TIMELY), 120, right=True),
            ColumnDef("late", pgettext("column", "Late"), lambda r: Cell(f"{r.line.late:,}"), 80,
                      right=True),
            ColumnDef("entered", _("By hand"), lambda r: Cell(f"{r.line.entered:,}"), 90,
                      right=True, drop=2),
            ColumnDef("complete", _("Fields filled"),
                      lambda r: _percent(r.line.completeness, COMPLETE), 120, right=True),
            ColumnDef("fields", _("Fields expected"), lambda r: Cell(f"{r.line.expected:,}"), 110,
                      right=True, drop=2),
            ColumnDef("incomplete", _("Incomplete"), lambda r: Cell(f"{r.line.incomplete:,}"), 100,
                      right=True),
        ]  # fmt: skip

    def _record_columns(self) -> list[ColumnDef]:
        words = self._words

        def late(row: LackingRow) -> Cell:
            if not row.record.late:
                return Cell(DASH, colour="text-3")
            took = (row.record.entered_at or 0) - row.record.event_at
            return Cell(words.calendar_time(took), "clock-alert", "text", "warn")

        return [
            ColumnDef("number", _("Record"), lambda r: Cell(r.record.number), 150),
            ColumnDef("event", _("Event"), lambda r: Cell(words.full_time(r.record.event_at)), 140),
            ColumnDef("entered", _("Entered"),
                      lambda r: Cell(words.full_time(r.record.entered_at)), 140),
            ColumnDef("late", _("Entered after"), late, 130),
            ColumnDef("missing", _("Fields missing"),
                      lambda r: Cell(data_entry.missing_words(r.record, current()) or DASH), 260,
                      stretch=True, elide=True),
        ]  # fmt: skip

    # --- reading -------------------------------------------------------------------------

    def load(self) -> None:
        """Read the sets of the chosen month."""
        desk, t = self._place.desk, current()
        code = str(self.period.value())

        def work(context: JobContext) -> list[SetSummary]:
            context.on_cancel(desk.reader.interrupt)
            return data_entry.summary(desk, dashboards.period_of(desk, code), t)

        self._job.start(work).on_success(self._show).on_failure(self._place.shell.tell)

    def _show(self, found: list[SetSummary]) -> None:
        rows: list[OwnerRow] = []
        for summary in found:
            lines = [(summary.whole, True), *((line, False) for line in summary.owners)]
            rows += [
                OwnerRow(len(rows) + place, summary, line, whole)
                for place, (line, whole) in enumerate(lines, start=1)
            ]
        self._rows = {row.id: row for row in rows}
        self.table.rows.show(RecordList(rows))
        if self.table.current_id() is None:
            self.table.go_to(1)
        self._on_line(self.table.current_id())

    def _on_line(self, key: object) -> None:
        row = self._rows.get(key) if isinstance(key, int) else None
        self.answer.setEnabled(row is not None)
        if row is None:
            return
        self.owner.set_value(row.summary.data_owner_id)
        name = row.summary.label if row.whole else f"{row.summary.label} · {row.line.name}"
        self._title.setText(_("Entered late or incomplete: {name}").format(name=name))
        desk, code, key_of_set = self._place.desk, str(self.period.value()), row.summary.key
        whose = () if row.whole else (row.line.owner_id,)

        def work(context: JobContext) -> list[Lacking]:
            context.on_cancel(desk.reader.interrupt)
            period = dashboards.period_of(desk, code)
            return data_entry.lacking(desk, key_of_set, period, whose=whose)

        self._list_job.start(work).on_success(self._show_records).on_failure(self._place.shell.tell)

    def _show_records(self, found: list[Lacking]) -> None:
        rows = [LackingRow(place, record) for place, record in enumerate(found, start=1)]
        self._records = {row.id: row for row in rows}
        text = _("Everything was entered in time and completely.")
        self.records.empty.set("circle-check", text, "")
        self.records.rows.show(RecordList(rows))

    def _open(self, key: Any) -> None:
        row = self._records.get(key)
        if row is not None:
            self._place.shell.go(Route(PAGES[row.record.entity], row.record.record_id))

    # --- who answers for it --------------------------------------------------------------

    def make_owner(self) -> None:
        """Let the chosen person answer for the set of the current line."""
        row = self._rows.get(self.table.current_id() or 0)
        if row is None:
            return
        desk, person, data_set = self._place.desk, self.owner.value(), row.summary.key
        handle = self._place.runner.start(
            lambda _context: data_entry.set_owner(desk, data_set, person), lane=WRITE, owner=self
        )
        text = _("Data owner of “{name}” set").format(name=row.summary.label)
        handle.on_success(lambda _outcome: self.said.emit(text)).on_failure(self._place.shell.tell)
