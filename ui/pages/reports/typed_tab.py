"""Typed figures: channel days, orders, spare parts, figures by month, values to compare with."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _, current, ngettext
from svcdesk.services import dashboards, typed_figures, typed_saving
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE, Latest
from ui.models.choices import Choice
from ui.pages.reports.own_tab import OwnTab
from ui.pages.reports.training_offer import TrainingOffer
from ui.pages.reports.typed_grid import GridView
from ui.pages.wording import say
from ui.theme.tokens import GAP, MARGIN, px
from ui.widgets.button import Button, Segments
from ui.widgets.editors import ChoiceField, TextField
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import label

if TYPE_CHECKING:
    from typing import Any

    from svcdesk.services.desk import Outcome
    from svcdesk.services.typed_figures import Grid
    from svcdesk.services.typed_saving import BadCell
    from svcdesk.system.job import JobContext
    from ui.pages.page import Route, Workplace

YEARS, MONTHS = 4, 25
NAME, UNIT, NOTE = 40, 8, 200


class TypedTab(OwnTab):
    """One grid at a time; every typed cell and every paste is one step that can be undone."""

    watched: ClassVar[frozenset[str]] = frozenset({
        "manual_metric", "manual_figure", "channel_daily", "order_volume", "spare_parts",
        "reference_value", "product", "list_item", "training", "training_person",
    })  # fmt: skip

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        desk, t = place.desk, current()
        self._job = Latest(place.runner, self)
        self.kinds = Segments(
            [(kind, t(typed_figures.LABELS[kind])) for kind in typed_figures.GRIDS]
        )
        self.kinds.set_value(typed_figures.MANUAL_GRID)
        self.kinds.changed.connect(self._on_kind)
        latest = dashboards.this_month(desk)
        years = [str(latest.year - back) for back in range(YEARS)]
        self.year = ChoiceField([Choice(year, year) for year in years])
        self.year.setAccessibleName(_("Year"))
        self.year.set_value(str(latest.year))
        self.month = ChoiceField(
            [Choice(m.code, m.title(t)) for m in (latest.shifted(-n) for n in range(MONTHS))]
        )
        self.month.setAccessibleName(_("Month"))
        self.month.set_value(latest.code)
        self.scope = ChoiceField([])
        self.scope.setAccessibleName(_("Channel or part class"))
        self.new_class = TextField(_("Another part class"), NAME)
        self.new_class.setAccessibleName(_("Another part class"))
        self.new_class.returnPressed.connect(self._on_class)
        for field in (self.year, self.month, self.scope):
            field.currentIndexChanged.connect(self._on_choice)
        self.view = GridView(list(typed_figures.metric_names(desk, t).values()))
        self.view.cells.edited.connect(self.save)
        self.view.cut_off.connect(self._on_cut_off)
        self.view.selectionModel().currentChanged.connect(self._on_cell)
        self._told = label("", "small", "danger", wrap=True)
        self._hint = label("", "small", "2", wrap=True)
        self.offer = TrainingOffer(place)
        self.offer.taken.connect(self.reload)
        self._make_notes()
        self._lay_out()

    def _make_notes(self) -> None:
        self.note = TextField(_("Source, e.g. report and page"), NOTE)
        self.note.setAccessibleName(_("Source of the chosen cells"))
        self.note.returnPressed.connect(self.write_note)
        self.name = TextField(_("Name of a figure of your own"), NAME)
        self.name.setAccessibleName(_("Name of a figure of your own"))
        self.unit = TextField(_("Unit"), UNIT)
        self.unit.setAccessibleName(_("Unit"))
        self.unit.setMaximumWidth(px(70))
        self.way = ChoiceField([
            Choice("up", _("Higher is better")), Choice("down", _("Lower is better")),
            Choice("neutral", _("Neither")),
        ])  # fmt: skip
        self.way.setAccessibleName(_("Which way is better"))
        self.way.set_value("up")
        self.add = Button(_("Add figure"), icon="plus")
        self.add.clicked.connect(self.declare)
        self.name.returnPressed.connect(self.declare)

    def _lay_out(self) -> None:
        top = QWidget()
        row = FlowLayout(top, gap=GAP)
        row.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        for widget in (self.kinds, self.year, self.month, self.scope, self.new_class):
            row.addWidget(widget)
        self._notes = QWidget()
        line = QHBoxLayout(self._notes)
        line.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        line.setSpacing(GAP)
        line.addWidget(label(_("Source of the chosen cells"), "small", "2"))
        line.addWidget(self.note, 2)
        line.addWidget(self.name, 1)
        for part in (self.unit, self.way, self.add):
            line.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        for text in (self._hint, self._told):
            text.setContentsMargins(MARGIN, 0, MARGIN, GAP)
            column.addWidget(text)
        column.addWidget(self.offer)
        column.addWidget(self.view, 1)
        column.addWidget(self._notes)

    # --- what is shown -------------------------------------------------------------------

    def show_route(self, route: Route) -> None:
        """Show the grid that an address asks for."""
        kind = str(route.values.get("grid", ""))
        if kind in typed_figures.GRIDS and kind != self.kinds.value():
            self.kinds.set_value(kind)
            self._on_kind(0)

    @property
    def kind(self) -> str:
        """Which grid is shown."""
        return self.kinds.value()

    def _on_kind(self, _number: int) -> None:
        desk, t = self.place.desk, current()
        self.scope.blockSignals(True)
        self.scope.clear()
        for key, name in typed_figures.scopes(desk, self.kind, t):
            self.scope.addItem(name, key)
        self.scope.blockSignals(False)
        self.reload()

    def _on_choice(self, _number: int) -> None:
        self.reload()

    def _on_class(self) -> None:
        name = str(self.new_class.value() or "").strip()
        if name and self.scope.findData(name) < 0:
            self.scope.addItem(name, name)
        if name:
            self.new_class.set_value("")
            self.scope.setCurrentIndex(self.scope.findData(name))
            self.view.setFocus()

    def reload(self) -> None:
        """Read the grid."""
        kind, t, desk = self.kind, current(), self.place.desk
        by_month = kind == typed_figures.CHANNELS
        values = kind in {typed_figures.INDUSTRY, typed_figures.BASELINE}
        self.year.setVisible(not by_month and not values)
        self.month.setVisible(by_month)
        self.scope.setVisible(kind in {typed_figures.CHANNELS, typed_figures.PARTS})
        self.new_class.setVisible(kind == typed_figures.PARTS)
        self._notes.setVisible(kind == typed_figures.MANUAL_GRID)
        code = str(self.month.value() if by_month else self.year.value())
        scope = str(self.scope.value() or "")
        self._hint.setText(self._hint_of(kind))
        ready = kind != typed_figures.PARTS or bool(scope)
        self.view.setEnabled(ready)

        def work(_context: JobContext) -> Grid:
            return typed_figures.grid(desk, kind, dashboards.period_of(desk, code), scope, t)

        self._job.start(work).on_success(self._show).on_failure(self.place.shell.tell)

    def _hint_of(self, kind: str) -> str:
        hints = {
            typed_figures.MANUAL_GRID: _("External data: they are shown as such in reports. "
                                         "An empty cell is a gap, never 0."),
            typed_figures.CHANNELS: _("Contacts offered and answered of each day, for the connect "
                                      "rate. Type, or paste a block from a spreadsheet."),
            typed_figures.ORDERS: _("Orders of each month, for complaints per 1,000 orders."),
            typed_figures.PARTS: _("Four amounts of each month and part class, for turnover and "
                                   "dead stock."),
            typed_figures.INDUSTRY: _("Values of the industry, each with its source: figures can "
                                      "be compared with them."),
            typed_figures.BASELINE: _("Values from before a change: figures can be compared with "
                                      "them."),
        }  # fmt: skip
        return hints[kind]

    def _show(self, grid: Grid) -> None:
        self.view.show_grid(grid)
        self._tell()
        self._on_cell()

    def _tell(self) -> None:
        """Say how many cells are not written, and why the first of them."""
        bad = self.view.cells.bad
        self._told.setVisible(bool(bad))
        if bad:
            n = len(bad)
            words = ngettext("{n} cell is not written", "{n} cells are not written", n)
            self._told.setText(f"{words.format(n=n)}: {next(iter(bad.values()))}")

    def _on_cut_off(self, n: int) -> None:
        text = ngettext("{n} cell of the paste had no room in this grid",
                        "{n} cells of the paste had no room in this grid", n)  # fmt: skip
        self.place.shell.say(text.format(n=n), undo=False)

    # --- writing -------------------------------------------------------------------------

    def save(self) -> None:
        """Write what is typed and not written yet, as one step."""
        grid = self.view.cells.grid
        edits = dict(self.view.cells.waiting)
        if not edits:
            return
        desk, t = self.place.desk, current()
        handle = self.place.runner.start(
            lambda _context: typed_saving.save(desk, grid.kind, grid.scope, edits, t),
            lane=WRITE, owner=self,
        )  # fmt: skip

        def done(outcome: Outcome[list[BadCell]]) -> None:
            if self.view.cells.grid.kind == grid.kind:
                self.view.cells.take(edits, outcome.value)
                self._tell()
                if not outcome.changes.is_empty:
                    self.reload()

        handle.on_success(done).on_failure(self.place.shell.tell)

    def _on_cell(self, *_: Any) -> None:
        """Show the source of the current cell."""
        index = self.view.currentIndex()
        if self.kind != typed_figures.MANUAL_GRID or not index.isValid():
            self.offer.show_month("")
            return
        month, key = self.view.cells.place(index)
        if not self.note.hasFocus():
            self.note.set_value(typed_figures.note_of(self.place.desk, key, month))
        self.offer.show_month(month)

    def write_note(self) -> None:
        """Give the chosen cells their source."""
        desk, text = self.place.desk, str(self.note.value() or "")
        keys = [(column, row) for row, column in self.view.chosen()]
        handle = self.place.runner.start(
            lambda _context: typed_figures.set_note(desk, keys, text), lane=WRITE, owner=self
        )

        def done(outcome: Outcome[int]) -> None:
            n = outcome.value
            words = ngettext("Source noted for {n} value", "Source noted for {n} values", n)
            self.place.shell.say(words.format(n=n) if n else _("Type the values first."),
                                 undo=bool(n))  # fmt: skip
            self.view.setFocus()

        handle.on_success(done).on_failure(self.place.shell.tell)

    def declare(self) -> None:
        """Add a figure of one's own."""
        desk = self.place.desk
        name, unit, way = self.name.value(), self.unit.value(), self.way.value()
        handle = self.place.runner.start(
            lambda _context: typed_figures.declare(desk, str(name or ""), str(unit or ""), str(way)),
            lane=WRITE, owner=self,
        )  # fmt: skip

        def done(outcome: Outcome[str]) -> None:
            self.name.set_value("")
            self.unit.set_value("")
            self.place.shell.say(_("Figure added: {name}").format(name=outcome.value))
            self.reload()

        handle.on_success(done).on_failure(self._on_refused)

    def _on_refused(self, error: object) -> None:
        if isinstance(error, ProblemsError):
            self._told.setText(" ".join(say(problem) for problem in error.problems))
            self._told.setVisible(True)
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.place.shell.tell(error)
