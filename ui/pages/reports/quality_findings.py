"""Everything abnormal as one list, beside what can be done about it, by keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDateTimeEdit,
    QFileDialog,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from svcdesk.domain.data_quality import OPEN, Decision
from svcdesk.i18n.catalog import _, current, ngettext
from svcdesk.services import data_corrections, data_quality, listing
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE, Latest
from ui.models.columns import text_for_copy
from ui.models.row_window import RowWindowModel
from ui.pages.page import Route, Workplace
from ui.pages.reports import quality_rows
from ui.pages.reports.quality_pane import QualityPane
from ui.pages.wording import Words, say
from ui.theme.tokens import GAP, MARGIN
from ui.widgets.button import Button, Kind
from ui.widgets.data_table import DataTable
from ui.widgets.filter_bar import FilterBar
from ui.widgets.flow import FlowLayout
from ui.widgets.side_by_side import SideBySide

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from svcdesk.services.data_quality import Finding, Listing
    from svcdesk.services.desk import Outcome
    from svcdesk.system.job import JobContext

PAGES = {"ticket": "tickets", "complaint": "complaints", "survey": "surveys",
         "visit": "tickets", "customer": "customers"}  # fmt: skip
WIDTHS = (880, 360)
EXPORTED = 100_000  # lines of one file


class FindingsView(QWidget):
    """Filters, counts by code, the list, and the pane."""

    said = Signal(str)

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._words = Words(place.desk)
        self._ids = quality_rows.Numbers()
        self._numbers: tuple[str, ...] = ()  # records of a figure that led here
        self._source: quality_rows.FindingSource | None = None
        self._job = Latest(place.runner, self)
        self._after = Latest(place.runner, self)
        self.filters = FilterBar(quality_rows.filters(place.desk))
        self.filters.set_values({"state": [OPEN]})
        self.filters.changed.connect(self._on_filters)
        self.filters.export_requested.connect(self.choose_export)
        self.filters.print_requested.connect(self.choose_export)
        self._codes = QWidget()
        self._row = FlowLayout(self._codes, gap=GAP)
        self._row.setContentsMargins(MARGIN, 0, MARGIN, GAP)
        model = RowWindowModel(quality_rows.columns(self._words), place.runner, self)
        model.on_failure(place.shell.tell)
        self.table = DataTable(model, "data_quality")
        self.table.setAccessibleName(_("Abnormal data"))
        self.table.current_changed.connect(self._on_chosen)
        self.table.selection_counted.connect(self._on_chosen)
        self.table.opened.connect(self.open_record)
        self.filters.columns_requested.connect(
            lambda at: self.table.column_menu().popup(at.mapToGlobal(at.rect().bottomLeft()))
        )
        self.pane = QualityPane(place.desk)
        self.pane.decided.connect(self.decide)
        self.pane.corrected.connect(self.correct)
        self.pane.opened.connect(self.open_record)
        self.pane.other_opened.connect(self.open_other)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.filters, self._codes):
            column.addWidget(part)
        column.addWidget(self.table, 1)
        self._split = SideBySide(left, self.pane, WIDTHS, (_("List"), _("Finding")))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._split)

    # --- reading -------------------------------------------------------------------------

    def narrow(self, values: dict[str, list[Any]], numbers: tuple[str, ...] = ()) -> None:
        """Show what a figure's excluded part led to, or what the address asks for."""
        self._numbers = numbers
        self.filters.set_values(values)
        self.filters.set_extras(
            [ngettext("{n} record of the figure", "{n} records of the figure",
                      len(numbers)).format(n=len(numbers))] if numbers else []
        )  # fmt: skip
        self.filters.extras_changed.connect(
            self._forget_numbers, Qt.ConnectionType.UniqueConnection
        )
        self.load()

    def _forget_numbers(self, _place: int) -> None:
        self._numbers = ()
        self.filters.set_extras([])
        self.load()

    def _on_filters(self) -> None:
        self.load()

    def load(self) -> None:
        """Read the findings; flags first, suspected duplicates when they are found."""
        desk = self._place.desk
        wanted = quality_rows.wanted(desk, self.filters.values(), self._numbers)

        def flags(context: JobContext) -> Listing:
            context.on_cancel(desk.reader.interrupt)
            return data_quality.listing(desk, wanted, pairs=False)

        def everything(context: JobContext) -> Listing:
            context.on_cancel(desk.reader.interrupt)
            return data_quality.listing(desk, wanted)

        def then(found: Listing) -> None:
            if self._source is None:  # something to look at while duplicates are looked for
                self._show(found)
            self._job.start(everything).on_success(self._show).on_failure(self._place.shell.tell)

        self._job.start(flags).on_success(then).on_failure(self._place.shell.tell)

    def _show(self, found: Listing) -> None:
        self._source = quality_rows.FindingSource(self._place.desk, found.keys, self._ids)
        self._show_emptiness(found)
        self.table.rows.show(self._source)
        n = len(found.keys)
        self.filters.count.setText(ngettext("{n} finding", "{n} findings", n).format(n=f"{n:,}"))
        self._show_codes(found)
        if self.table.current_id() is None and found.keys:
            self.table.go_to(self._ids.of(found.keys[0]))
        self._on_chosen(None)

    def _show_emptiness(self, found: Listing) -> None:
        if found.counts:
            self.table.empty.set("search", _("No finding fits these filters."), "")
        else:
            self.table.empty.set(
                "circle-check", _("No abnormal data: every value makes sense."), ""
            )

    def _show_codes(self, found: Listing) -> None:
        """Offer the codes with what is open of each."""
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        codes = sorted({code for code, _state in found.counts})
        for code in codes:
            opened = found.counts.get((code, OPEN), 0)
            whole = sum(n for (one, _state), n in found.counts.items() if one == code)
            button = Button(f"{code}  {opened:,} / {whole:,}", kind=Kind.QUIET, small=True)
            button.setToolTip(
                _("{code}: {open} open of {all}").format(code=code, open=opened, all=whole)
            )
            button.setAccessibleName(button.toolTip())
            button.setProperty("code", code)
            button.clicked.connect(self._on_code)
            self._row.addWidget(button)
        self._codes.setVisible(bool(codes))
        self._codes.updateGeometry()

    def _on_code(self) -> None:
        code = str(self.sender().property("code"))
        chosen = self.filters.values().get("code", [])
        self.filters.set_condition("code", [] if chosen == [code] else [code])

    # --- choosing ------------------------------------------------------------------------

    def chosen_keys(self) -> list[data_quality.Key]:
        """Return the chosen findings."""
        if self._source is None:
            return []
        ids = self.table.selected_ids()
        current_id = self.table.current_id()
        if not ids and current_id is not None:
            ids = [current_id]
        return [self._source.keys[number] for number in ids if number in self._source.keys]

    def _on_chosen(self, _what: object) -> None:
        keys = self.chosen_keys()
        desk, t = self._place.desk, current()

        def work(_context: JobContext) -> list[Finding]:
            return data_quality.describe(desk, keys, t)

        if keys:
            self._after.start(work).on_success(self.pane.show_findings)
        else:
            self._after.cancel()
            self.pane.show_findings([])

    def _one(self) -> Finding | None:
        return self.pane.found[0] if len(self.pane.found) == 1 else None

    def open_record(self, _key: object = None) -> None:
        """Open the record of the finding."""
        one = self._one()
        if one is not None:
            self._place.shell.go(Route(PAGES[one.key.entity], one.page_id))

    def open_other(self) -> None:
        """Open the later ticket of a pair, where it can be merged."""
        one = self._one()
        if one is not None and one.other_id is not None:
            self._place.shell.go(Route("tickets", one.page_id))
            self._place.shell.act("ticket.merge")

    # --- doing ---------------------------------------------------------------------------

    def decide(self, decision: Decision | None, reason: str) -> None:
        """Write a decision about all chosen findings."""
        desk, keys = self._place.desk, self.chosen_keys()
        words = quality_rows.state_word(decision or OPEN)
        text = ngettext("{done}: {n} finding", "{done}: {n} findings", len(keys))
        self._write(lambda: data_quality.decide(desk, keys, decision, reason),
                    text.format(done=words, n=len(keys)))  # fmt: skip

    def correct(self, at: int, reason: str) -> None:
        """Put the time of the chosen finding right."""
        desk, one = self._place.desk, self._one()
        if one is not None:
            key = one.key
            self._write(
                lambda: data_corrections.correct(
                    desk, key.entity, key.record_id, one.field, at, reason
                ),
                _("{number}: the time is corrected").format(number=one.number),
            )

    def _write(self, work: Callable[[], Outcome[Any]], text: str) -> None:
        handle = self._place.runner.start(lambda _context: work(), lane=WRITE, owner=self)
        handle.on_success(lambda _outcome: self.said.emit(text)).on_failure(self._on_refused)

    def _on_refused(self, error: object) -> None:
        if isinstance(error, ProblemsError):
            self.pane.show_problem(" ".join(say(problem) for problem in error.problems))
        else:
            self._place.shell.tell(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """X excludes, A accepts, U opens again, F goes to the value, M to the merge; J and K go."""
        typing = isinstance(QApplication.focusWidget(), QLineEdit | QDateTimeEdit | QComboBox)
        plain = event.modifiers() in {
            Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier,
        }  # fmt: skip
        if typing or not plain or not self._act(event.text().lower()):
            super().keyPressEvent(event)

    def _act(self, letter: str) -> bool:
        actions: dict[str, Callable[[], None]] = {
            "x": lambda: self.pane.ask(Decision.EXCLUDED),
            "a": lambda: self.pane.ask(Decision.ACCEPTED),
            "u": self.pane.take_back,
            "f": self.pane.start_correcting,
            "m": self.open_other,
            "j": lambda: self.table.step(1),
            "k": lambda: self.table.step(-1),
        }
        act = actions.get(letter)
        if act is not None:
            act()
        return act is not None

    # --- taking it out -------------------------------------------------------------------

    def choose_export(self) -> None:
        """Ask where the list goes."""
        dialog = QFileDialog(
            self, _("Export list"), _("Data quality") + ".xlsx",
            "Excel (*.xlsx);;CSV (*.csv);;PDF (*.pdf)",
        )  # fmt: skip
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(lambda name: self.export_to(Path(name)))
        dialog.open()

    def export_to(self, path: Path) -> None:
        """Write the list as it is filtered."""
        desk, source, t = self._place.desk, self._source, current()
        if source is None:
            return
        columns = quality_rows.columns(self._words)
        numbers = list(source.keys)[:EXPORTED]

        def work(context: JobContext) -> int:
            lines = [[column.label for column in columns]]
            for start in range(0, len(numbers), 1000):
                context.check()
                lines += [
                    [text_for_copy(column, row) for column in columns]
                    for row in source.rows(numbers[start : start + 1000])
                ]
            return listing.write(desk, path, lines, "data-quality", context,
                                 title=t("Data quality"), t=t)  # fmt: skip

        handle = self._place.runner.start(work, lane=WRITE, owner=self)
        handle.on_success(
            lambda n: self.said.emit(_("{n} lines written to {name}").format(n=n, name=path.name))
        ).on_failure(self._place.shell.tell)
