"""The pane beside the figures: what one means, and the records of each of its parts.

Not a dialog: the figures stay in sight and can be used. Esc closes it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QScrollArea,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from svcdesk.domain.people import Permission, may
from svcdesk.i18n.catalog import _, current
from svcdesk.services import definitions, durations, improvement_figures, sheet_drill
from ui.jobs.runner import READ, WRITE, Latest
from ui.pages.page import Route
from ui.pages.reports.duration_box import DurationBox
from ui.pages.reports.lines_model import TOP, WHY, LinesModel
from ui.pages.wording import Words
from ui.theme.tokens import px, row_height
from ui.widgets.button import Button, Kind, icon_button
from ui.widgets.labels import ElidedLabel, box, label
from ui.widgets.tabs import TabDef, TabRow

if TYPE_CHECKING:
    from svcdesk.services.definitions import Definition, Line, Listing
    from svcdesk.services.desk import Outcome
    from svcdesk.services.sheets import View
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

DEFINITION = "definition"
LEAST = 320  # width
WINDOW = 200  # rows that come in at a time


class _Rows(QTableView):
    """The list; Enter opens the current record."""

    opened = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the record."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.opened.emit()
            return
        super().keyPressEvent(event)


class FigurePane(QFrame):
    """Definition, numerator, denominator, left out, not yet due of one figure."""

    closed = Signal()
    opened = Signal(str, int, str)  # entity, key, number of a record
    listed = Signal(str, str)  # metric and link whose records are to be listed

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._words = Words(place.desk)
        self._metric, self._link = "", ""
        self._view: View | None = None
        self._job = Latest(place.runner, self)
        self._rows_job = Latest(place.runner, self)
        self._model: LinesModel | None = None
        self.definition: Definition | None = None
        self.setMinimumWidth(px(LEAST))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        self._body = QVBoxLayout()
        self._body.setContentsMargins(12, 8, 12, 8)
        self._body.setSpacing(6)
        column.addLayout(self._body, 1)
        self._content: QWidget | None = None

    def _head(self) -> QWidget:
        head = box("surface", "bottom")
        column = QVBoxLayout(head)
        column.setContentsMargins(12, 8, 8, 0)
        column.setSpacing(2)
        row = QHBoxLayout()
        self._title = ElidedLabel("", "title")
        row.addWidget(self._title, 1)
        close = icon_button("x", _("Close (Esc)"))
        close.clicked.connect(self.closed)
        row.addWidget(close)
        column.addLayout(row)
        self._value = label("", "small", "2")
        column.addWidget(self._value)
        self.tabs = TabRow([TabDef(DEFINITION, _("Definition"))])
        self.tabs.choose(DEFINITION)
        self.tabs.chosen.connect(self.show_part)
        column.addWidget(self.tabs)
        return head

    # --- what is shown -------------------------------------------------------------------

    def explain(self, metric_id: str, view: View, link: str = "", part: str = DEFINITION) -> None:
        """Show a figure of ``view``, narrowed by the link of a point."""
        desk, t = self._place.desk, current()
        period, _part, filters = sheet_drill.read_link(desk, view.period, link, view.filters)
        self._metric, self._link = metric_id, link
        view = self._view = replace(view, period=period, filters=filters)

        def work(context: JobContext) -> Definition:
            context.on_cancel(desk.reader.interrupt)
            return definitions.define(desk, metric_id, view, t)

        handle = self._job.start(work)
        handle.on_success(lambda found: self._on_defined(found, part))
        handle.on_failure(self._place.shell.tell)

    def _on_defined(self, found: Definition, part: str) -> None:
        self.definition = found
        self._title.set_text(found.name)
        when = self._view.period.title(current()) if self._view is not None else ""
        self._value.setText(f"{when}  {found.value}")
        shown = [key for key, count in found.parts if count or key in {"num", "den"}]
        names = {key: _(definitions.PART_NAMES[key]) for key in shown}
        if "num" not in names and "den" in names:
            names["den"] = _("Counted records")
        self.tabs.set_tabs(
            [TabDef(DEFINITION, _("Definition")), *(TabDef(k, n) for k, n in names.items())]
        )
        for key, count in found.parts:
            self.tabs.set_count(key, count)
        self.show_part(part if part in names else DEFINITION)

    def show_part(self, part: str) -> None:
        """Show the definition, or the list of a part."""
        self.tabs.choose(part)
        if self.definition is None:
            return
        self._rows_job.cancel()
        self._place_content(
            self._defined(self.definition) if part == DEFINITION else self._list(part)
        )

    def _place_content(self, content: QWidget) -> None:
        if self._content is not None:
            self._body.removeWidget(self._content)
            self._content.hide()
            self._content.deleteLater()
        self._content = content
        self._body.addWidget(content, 1)

    # --- the definition ------------------------------------------------------------------

    def _defined(self, found: Definition) -> QWidget:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(_("Definition"))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(6)
        column.addWidget(label(found.note, wrap=True, selectable=True))
        column.addWidget(label(_("How this value came about"), "strong"))
        for line in (*found.example, *found.sentences):
            column.addWidget(label(line, "", "", wrap=True, selectable=True))
        for name, text in found.facts:
            column.addWidget(label(name, "small", "3"))
            column.addWidget(label(text, wrap=True, selectable=True))
        column.addLayout(self._acts())
        column.addStretch(1)
        area.setWidget(inner)
        return area

    def _acts(self) -> QHBoxLayout:
        row = QHBoxLayout()
        copy = Button(_("Copy as text"), kind=Kind.QUIET, icon="copy", small=True)
        copy.clicked.connect(self.copy_definition)
        row.addWidget(copy)
        if may(self._place.desk.roles, Permission.EDIT_IMPROVEMENTS):
            self.improve_button = Button(_("Improve this…"), icon="trending-up", small=True)
            self.improve_button.setToolTip(
                _("Make an improvement item of this figure as it is now, or add it to the open one")
            )
            self.improve_button.clicked.connect(self.improve)
            row.addWidget(self.improve_button)
        row.addStretch(1)
        return row

    def improve(self) -> None:
        """Make an improvement item of the figure, and open it."""
        desk, metric_id, view = self._place.desk, self._metric, self._view
        if view is None:
            return
        shown = view
        handle = self._place.runner.start(
            lambda _context: improvement_figures.of_view(desk, metric_id, shown),
            lane=WRITE, owner=self,
        )  # fmt: skip
        handle.on_success(self._on_item).on_failure(self._place.shell.tell)

    def _on_item(self, outcome: Outcome[int]) -> None:
        self._place.shell.say(_("Improvement item made"))
        self._place.shell.go(Route("improvement", outcome.value))

    def copy_definition(self) -> None:
        """Put the definition and its example on the clipboard."""
        found = self.definition
        if found is None:
            return
        lines = [found.name, found.note, *found.example, *found.sentences]
        lines += [f"{name}: {text}" for name, text in found.facts]
        QGuiApplication.clipboard().setText("\n".join(lines))
        self._place.shell.say(_("Copied"), undo=False)

    # --- the records of a part -----------------------------------------------------------

    def _list(self, part: str) -> QWidget:
        why = _("Why") if part == "excluded" else _("Due") if part == "not_yet_due" else ""
        model = self._model = LinesModel(self._words, why)
        model.wanted.connect(lambda offset: self._fetch(model, part, offset))
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        rows = self.rows = _Rows()
        rows.setModel(model)
        rows.setProperty("padded", True)
        rows.setAccessibleName(self.tabs.key())
        rows.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        rows.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        rows.setShowGrid(False)
        rows.setWordWrap(False)
        rows.setTabKeyNavigation(False)
        rows.verticalHeader().hide()
        rows.verticalHeader().setDefaultSectionSize(row_height() - 4)
        header = rows.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setResizeContentsPrecision(50)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        rows.setColumnHidden(WHY, not why)
        rows.setMinimumHeight(3 * row_height())
        rows.opened.connect(self._open_current)
        rows.doubleClicked.connect(lambda _index: self._open_current())
        rows.selectionModel().currentRowChanged.connect(self._on_row)
        column.addWidget(rows, 1)
        self._account = DurationBox(self._place)
        self._account.hide()
        column.addWidget(self._account)
        column.addLayout(self._tools(part))
        self._fetch(model, part, 0)
        return holder

    def _tools(self, part: str) -> QHBoxLayout:
        row = QHBoxLayout()
        listed = Button(_("Open as list"), icon="list", small=True)
        listed.clicked.connect(lambda: self.listed.emit(self._metric, f"{self._link}&{part}"))
        export = Button(_("Export…"), kind=Kind.QUIET, icon="download", small=True)
        export.clicked.connect(lambda: self._choose_file(part))
        copy = Button(_("Copy rows"), kind=Kind.QUIET, icon="copy", small=True)
        copy.clicked.connect(self._copy_rows)
        row.addWidget(listed)
        row.addWidget(export)
        row.addWidget(copy)
        row.addStretch(1)
        return row

    def _fetch(self, model: LinesModel, part: str, offset: int) -> None:
        desk, metric_id, view, t = self._place.desk, self._metric, self._view, current()
        if view is None:
            return
        shown = view

        def work(context: JobContext) -> Listing:
            context.on_cancel(desk.reader.interrupt)
            return definitions.records(desk, metric_id, shown, part, t, offset=offset, limit=WINDOW)

        handle = self._rows_job.start(work)
        handle.on_success(lambda listing: self._on_lines(model, listing))
        handle.on_failure(self._place.shell.tell)

    def _on_lines(self, model: LinesModel, listing: Listing) -> None:
        if model is self._model:
            model.take(listing)

    def _line(self) -> Line | None:
        index = self.rows.currentIndex()
        return self._model.lines[index.row()] if self._model and index.isValid() else None

    def _on_row(self, now: QModelIndex, _before: QModelIndex = TOP) -> None:
        """Show how the duration of the current ticket adds up, when the figure is one."""
        line = self._model.lines[now.row()] if self._model and now.isValid() else None
        kind = durations.OF_METRIC.get(self._metric)
        shown = line is not None and line.entity == "ticket" and kind is not None
        self._account.setVisible(shown)
        if shown and line is not None and kind is not None and self._view is not None:
            self._account.show_ticket(line.id, kind, self._view.as_of)

    def _open_current(self) -> None:
        line = self._line()
        if line is not None:
            self.opened.emit(line.entity, line.id, line.number)

    def _copy_rows(self) -> None:
        if self._model is not None:
            QGuiApplication.clipboard().setText(self._model.as_text())
            text = _("{n} rows copied").format(n=len(self._model.lines))
            self._place.shell.say(text, undo=False)

    def _choose_file(self, part: str) -> None:
        name = f"{self._title.toolTip() or self._metric} {_(definitions.PART_NAMES[part])}.csv"
        dialog = QFileDialog(self, _("Export the records"), name, "CSV (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(lambda path: self.export(part, Path(path)))
        dialog.open()

    def export(self, part: str, path: Path) -> None:
        """Write all records of a part into a file."""
        desk, metric_id, view, t = self._place.desk, self._metric, self._view, current()
        if view is None:
            return
        shown = view

        def work(context: JobContext) -> int:
            return definitions.export(desk, metric_id, shown, part, path, t, context)

        handle = self._place.runner.start(work, lane=READ, owner=self)
        handle.on_success(
            lambda n: self._place.shell.say(
                _("{n} records written to {name}").format(n=n, name=path.name), undo=False
            )
        ).on_failure(self._place.shell.tell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)
