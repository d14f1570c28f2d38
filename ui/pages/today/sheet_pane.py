"""The hand-over sheets: a department at a time, to look at, promise, answer, print and copy."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _, current
from svcdesk.services import hand_over, handoffs
from ui.jobs.runner import READ, WRITE, Latest
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.wording import DASH, Words
from ui.widgets.button import Button, Kind
from ui.widgets.data_table import DataTable
from ui.widgets.editors import TextField
from ui.widgets.labels import box, label
from ui.widgets.side_by_side import Beside
from ui.widgets.tabs import TabDef, TabRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from svcdesk.services.hand_over import Sheet, Waiting
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

ALL = "all"


class _Line:
    """An entry of a sheet as a row of the table."""

    def __init__(self, place: int, entry: Waiting, part: str, at: int) -> None:
        self.id = place + 1
        self.entry = entry
        self.part = part  # waiting, promised, done
        self.at = at

    @property
    def late(self) -> bool:
        """Whether the answer is overdue."""
        due = self.entry.due_at
        return self.entry.answered_at is None and due is not None and due < self.at


class SheetPane(QFrame):
    """Tabs of departments over a table; below it what can be done with the current entry."""

    opened = Signal(object)  # key of the ticket

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.setProperty("box", "surface")
        self._place = place
        self._words = Words(place.desk)
        self._sheets: list[Sheet] = []
        self._lines: dict[int, _Line] = {}
        self._shown = ALL
        self._latest = Latest(place.runner, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._head = box("surface", "bottom")
        self._head_row = QHBoxLayout(self._head)
        self._head_row.setContentsMargins(8, 0, 8, 0)
        self._tabs: TabRow | None = None
        column.addWidget(self._head)
        self._summary = label("", "small", "2", wrap=True)
        self._summary.setContentsMargins(14, 6, 14, 6)
        column.addWidget(self._summary)
        self._model = RowWindowModel(self._columns(), place.runner, self)
        self.table = DataTable(self._model, "hand_over")
        self.table.opened.connect(self._on_opened)
        self._model.counted.connect(self._on_counted)
        self.table.current_changed.connect(self._on_current)
        column.addWidget(self.table, 1)
        column.addWidget(self._build_bottom())

    # --- parts ---------------------------------------------------------------------------

    def _columns(self) -> list[ColumnDef]:
        w = self._words
        return [
            ColumnDef("part", _("State"), self._part, 120),
            ColumnDef("department", _("Department"),
                      lambda r: Cell(w.item(r.entry.department_id)), 100, elide=True),
            ColumnDef("number", _("Ticket no."), lambda r: Cell(r.entry.number), 130),
            ColumnDef("title", _("Title"), lambda r: Cell(r.entry.title), 160, stretch=True,
                      elide=True),
            ColumnDef("request", _("Request or answer"), self._told, 240, elide=True),
            ColumnDef("asked", _("Asked by"), lambda r: Cell(w.person(r.entry.asked_by_id)), 90,
                      drop=1),
            ColumnDef("due", _("Due"), self._due, 150),
        ]  # fmt: skip

    def _part(self, line: _Line) -> Cell:
        if line.part == "done":
            return Cell(_("Done today"), "circle-check", "ok")
        if line.late:
            return Cell(_("Overdue"), "circle-alert", "danger", bold=True)
        if line.part == "promised":
            return Cell(_("Promised for today"), "clock", "accent")
        return Cell(_("Waiting"), "circle-pause", "text-2")

    def _told(self, line: _Line) -> Cell:
        entry = line.entry
        text = " ".join((entry.request if entry.answered_at is None else entry.answer).split())
        return Cell(text or DASH, tip=text)

    def _due(self, line: _Line) -> Cell:
        due = line.entry.due_at if line.entry.answered_at is None else line.entry.answered_at
        return Cell(DASH if due is None else self._words.deadline(due))

    def _build_bottom(self) -> QWidget:
        bottom = box("sunken", "top")
        both = Beside((14, 8, 14, 8), 8)
        around = QHBoxLayout(bottom)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(both)
        entry, tools = QWidget(), QWidget()
        row, rest = QHBoxLayout(entry), QHBoxLayout(tools)
        for line in (row, rest):
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(8)
        both.add(entry, 1)
        both.add(tools)
        self._promise = Button(_("Can be done today"), icon="circle-check")
        self._promise.clicked.connect(self._on_promise)
        self._answer = TextField(_("The department's answer"), 2000)
        self._answer.returnPressed.connect(self._on_answer)
        self._record = Button(_("Record the answer"), kind=Kind.MAIN, key="↵")
        self._record.clicked.connect(self._on_answer)
        row.addWidget(self._promise)
        row.addWidget(self._answer, 1)
        row.addWidget(self._record)
        for text, icon, act in (
            (_("Copy as text"), "copy", self.copy_text),
            (_("Save as PDF…"), "file-text", self._choose_pdf),
            (_("Print…"), "printer", self.print),
        ):
            button = Button(text, icon=icon)
            button.clicked.connect(act)
            rest.addWidget(button)
        rest.addStretch(1)
        return bottom

    # --- showing -------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the sheets again, in the background."""
        desk = self._place.desk

        def work(_context: JobContext) -> list[Sheet]:
            return hand_over.sheets(desk)

        self._latest.start(work).on_success(self._on_found).on_failure(self._place.shell.tell)

    def _on_found(self, sheets: list[Sheet]) -> None:
        self._sheets = sheets
        if self._tabs is not None:
            self._head_row.removeWidget(self._tabs)
            self._tabs.deleteLater()
        names = [TabDef(ALL, _("All departments"))]
        names += [TabDef(str(s.department_id), self._words.item(s.department_id)) for s in sheets]
        self._tabs = TabRow(names)
        for sheet in sheets:
            waiting = len(sheet.waiting) + len(sheet.promised)
            self._tabs.set_count(str(sheet.department_id), waiting)
        self._tabs.chosen.connect(self._show)
        self._head_row.addWidget(self._tabs)
        if self._shown not in {str(s.department_id) for s in sheets}:
            self._shown = ALL
        self._show(self._shown)

    def chosen(self) -> list[Sheet]:
        """Return the sheets shown."""
        return [s for s in self._sheets if self._shown in {ALL, str(s.department_id)}]

    def _show(self, department: str) -> None:
        self._shown = department
        if self._tabs is not None:
            self._tabs.choose(department)
        sheets = self.chosen()
        parts = [
            (entry, part, sheet.at)
            for sheet in sheets
            for part, entries in (("waiting", sheet.waiting), ("promised", sheet.promised),
                                  ("done", sheet.done))
            for entry in entries
        ]  # fmt: skip
        self._lines = {n + 1: _Line(n, *entry) for n, entry in enumerate(parts)}
        text = _(
            "{waiting} waiting, of these {late} overdue; {promised} promised today; {done} done today"
        )
        self._summary.setText(
            text.format(
                waiting=sum(len(s.waiting) + len(s.promised) for s in sheets),
                late=sum(s.late for s in sheets), promised=sum(len(s.promised) for s in sheets),
                done=sum(len(s.done) for s in sheets),
            )
        )  # fmt: skip
        self.table.empty.set("circle-check", _("Nothing waits on a department."))
        self._model.show(RecordList(list(self._lines.values())))
        self._on_current(self.table.current_id())

    def _line(self) -> _Line | None:
        key = self.table.current_id()
        return self._lines.get(key) if key is not None else None

    def _on_current(self, _key: object) -> None:
        line = self._line()
        asked = line is not None and line.part != "done" and line.entry.handoff_id is not None
        for widget in (self._answer, self._record):
            widget.setEnabled(asked)
        self._promise.setEnabled(asked and line is not None and line.part == "waiting")

    def _on_counted(self, count: int) -> None:
        if count and self.table.current_id() is None:
            self.table.step(0)

    def _on_opened(self, key: object) -> None:
        line = self._lines.get(key) if isinstance(key, int) else None
        if line is not None:
            self.opened.emit(line.entry.ticket_id)

    # --- acting --------------------------------------------------------------------------

    def _write(self, act: Callable[[], Any], done: Callable[[Any], None]) -> None:
        handle = self._place.runner.start(lambda _context: act(), lane=WRITE, owner=self)
        handle.on_success(done).on_failure(self._place.shell.tell)

    def _on_promise(self) -> None:
        line = self._line()
        if line is None or line.entry.handoff_id is None:
            return
        desk, key = self._place.desk, line.entry.handoff_id
        day = datetime.fromtimestamp(desk.clock.now(), desk.zone).date().isoformat()
        self._write(lambda: handoffs.promise(desk, key, day), self._on_promised)

    def _on_promised(self, _outcome: Any) -> None:
        self._place.shell.say(_("Promise noted"))

    def _on_answer(self) -> None:
        line, text = self._line(), str(self._answer.value() or "")
        if line is None or line.entry.handoff_id is None or not text:
            self._answer.setFocus()
            return
        desk, key = self._place.desk, line.entry.handoff_id
        self._write(lambda: handoffs.answer(desk, key, text), self._on_answered)

    def _on_answered(self, _outcome: Any) -> None:
        self._answer.clear()
        self.table.setFocus()
        self._place.shell.say(_("Answer recorded"))

    # --- handing out ---------------------------------------------------------------------

    def copy_text(self) -> None:
        """Put the sheets shown on the clipboard as text for a chat."""
        text = hand_over.as_text(self._place.desk, self.chosen(), current())
        QGuiApplication.clipboard().setText(text)
        self._place.shell.say(_("Copied"), undo=False)

    def _choose_pdf(self) -> None:
        dialog = QFileDialog(self, _("Save as PDF"), _("Hand-over sheet") + ".pdf", "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(self._on_pdf_file)
        dialog.open()

    def _on_pdf_file(self, name: str) -> None:
        self._make_pdf(Path(name), self._on_saved)

    def _make_pdf(self, target: Path, done: Callable[[Path], None]) -> None:
        desk, sheets, t = self._place.desk, self.chosen(), current()

        def work(context: JobContext) -> Path:
            hand_over.write_pdf(desk, sheets, target, t, context)
            return target

        handle = self._place.runner.start(work, lane=READ, owner=self)
        handle.on_success(done).on_failure(self._place.shell.tell)

    def _on_saved(self, path: Path) -> None:
        self._place.shell.say(_("Saved: {name}").format(name=path.name), undo=False)

    def print(self) -> None:
        """Show the sheets as they will be printed."""
        folder = tempfile.mkdtemp(prefix="svcdesk-")
        self._make_pdf(Path(folder) / "sheet.pdf", self._on_printable)

    def _on_printable(self, path: Path) -> None:
        from ui.widgets.print_pdf import print_preview

        print_preview(self, path, _("Hand-over sheet"))
        path.unlink(missing_ok=True)
        path.parent.rmdir()
