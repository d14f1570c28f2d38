"""One closed month: what was judged, warned of, changed since, and the definitions it was made by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.services import closing_words
from ui.models.choices import Choice
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.reports import closing_rows as rows
from ui.theme.tokens import GAP
from ui.widgets.button import Segments
from ui.widgets.data_table import DataTable
from ui.widgets.editors import ChoiceField, TextField
from ui.widgets.labels import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.services.closings import Frozen
    from svcdesk.services.restatements import RecordMove, Restatements
    from ui.models.columns import ColumnDef
    from ui.pages.page import Workplace
    from ui.pages.wording import Words

JUDGED, WARNINGS, FIGURES, RECORDS, DEFINITIONS = (
    "judged", "warnings", "figures", "records", "definitions",
)  # fmt: skip


class ClosedMonth(QWidget):
    """Five lists about one closing, one shown at a time."""

    record_wanted = Signal(str, object)  # table, key

    def __init__(self, place: Workplace, words: Words) -> None:
        super().__init__()
        self._place = place
        self._words = words
        self._frozen: Frozen | None = None
        self._found: Restatements | None = None
        self.views = Segments(self._names())
        self.views.set_value(JUDGED)
        self.views.changed.connect(self._on_view)
        self.tables: dict[str, DataTable] = {}
        self._stack = QStackedWidget()
        for key, columns in self._columns().items():
            self._add(key, columns)
        self.tables[FIGURES].opened.connect(self._on_figure)
        self.tables[RECORDS].opened.connect(self._on_record)
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(self.views)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addLayout(head)
        column.addWidget(self._build_filter())
        self.told = label("", "small", "2", wrap=True)
        column.addWidget(self.told)
        column.addWidget(self._stack, 1)
        self._show_filter()

    def _columns(self) -> dict[str, list[ColumnDef]]:
        return {
            JUDGED: rows.judged_columns(), WARNINGS: rows.warning_columns(),
            FIGURES: rows.figure_columns(), RECORDS: rows.record_columns(),
            DEFINITIONS: rows.definition_columns(),
        }  # fmt: skip

    def _add(self, key: str, columns: Sequence[ColumnDef]) -> None:
        model = RowWindowModel(columns, self._place.runner, self)
        table = DataTable(model, f"closing_{key}")
        table.setAccessibleName(dict(self._names())[key])
        self.tables[key] = table
        self._stack.addWidget(table)

    def _names(self) -> list[tuple[str, str]]:
        return [
            (JUDGED, _("Evaluation")), (WARNINGS, _("Early warnings")),
            (FIGURES, _("Changed figures")), (RECORDS, _("Changed records")),
            (DEFINITIONS, _("As closed")),
        ]  # fmt: skip

    def _build_filter(self) -> QWidget:
        self._filter = QWidget()
        row = QHBoxLayout(self._filter)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        self.figure = ChoiceField([], _("all figures"))
        self.figure.setAccessibleName(_("Figure"))
        self.figure.setToolTip(_("Show what moved this figure"))
        self.figure.changed.connect(self._show_changes)
        self.number = TextField(_("No. of the record"), 40)
        self.number.setAccessibleName(_("No. of the record"))
        self.number.setToolTip(_("Show records whose number has this in it"))
        self.number.changed.connect(self._show_changes)
        row.addWidget(self.figure, 1)
        row.addWidget(self.number, 1)
        row.addStretch(1)
        return self._filter

    # --- showing -------------------------------------------------------------------------

    def show_closing(self, frozen: Frozen) -> None:
        """Show what was frozen; what changed since follows."""
        self._frozen, self._found = frozen, None
        desk = self._place.desk
        self._fill(JUDGED, rows.judged_rows(desk, frozen, warnings=False))
        self._fill(WARNINGS, rows.judged_rows(desk, frozen, warnings=True))
        self._fill(DEFINITIONS, rows.definition_rows(frozen))
        for key, text in (
            (JUDGED, _("No metric has a threshold.")),
            (WARNINGS, _("Nothing comes close to its threshold, and nothing gets worse.")),
            (FIGURES, _("Comparing with the records of now…")),
            (RECORDS, _("Comparing with the records of now…")),
        ):
            self.tables[key].empty.set("circle-check" if key == WARNINGS else "info", text)
        self._fill(FIGURES, [])
        self._fill(RECORDS, [])
        self._say()

    def show_changes(self, found: Restatements) -> None:
        """Show what changed since the closing."""
        self._found = found
        names = {m.metric: closing_words.metric_name(m.metric) for m in found.figures}
        self.figure.set_choices(
            [Choice(key, name) for key, name in sorted(names.items(), key=lambda n: n[1])]
        )
        none = _("Nothing has changed since this month was closed.")
        for key in (FIGURES, RECORDS):
            self.tables[key].empty.set("circle-check", none)
        self._show_changes()
        self._say()

    def show_failure(self, text: str) -> None:
        """Tell that the comparison could not be made."""
        for key in (FIGURES, RECORDS):
            self.tables[key].empty.set("circle-alert", text)

    def _show_changes(self) -> None:
        if self._found is None:
            return
        desk, metric = self._place.desk, str(self.figure.value() or "")
        self._fill(FIGURES, rows.figure_rows(desk, self._found, metric))
        text = self.number.text()
        self._fill(RECORDS, rows.record_rows(desk, self._words, self._found, metric, text))

    def _fill(self, key: str, lines: list[rows.Row]) -> None:
        self.tables[key].rows.show(RecordList(lines))

    def _say(self) -> None:
        """Say under the tabs what the list is about."""
        view, found = self.views.value(), self._found
        text = ""
        if view in {FIGURES, RECORDS} and found is not None and found.rules:
            text = _(
                "Calendars, time limits, lists or settings were changed since, too ({n}). The "
                "closed month is still read by those of then."
            ).format(n=len(found.rules))
        elif view == DEFINITIONS and self._frozen is not None:
            text = _("Definitions {catalogue}, fingerprint {mark}").format(
                catalogue=self._frozen.definitions["catalogue"],
                mark=self._frozen.closing.definitions,
            )
        self.told.setText(text)
        self.told.setVisible(bool(text))

    def choose(self, view: str) -> None:
        """Show one of the lists."""
        self.views.set_value(view)
        self._on_view(0)

    def _on_view(self, _number: int) -> None:
        self._stack.setCurrentWidget(self.tables[self.views.value()])
        self._show_filter()
        self._say()

    def _show_filter(self) -> None:
        self._filter.setVisible(self.views.value() in {FIGURES, RECORDS})

    def _behind(self, view: str, key: object) -> Any:
        table = self.tables[view].rows
        row = table.row_at(table.position_of(key)) if isinstance(key, int) else None
        return None if row is None else row.behind

    def _on_figure(self, key: object) -> None:
        """Show the records that moved a figure."""
        move = self._behind(FIGURES, key)
        if move is not None:
            self.figure.set_value(move.metric)
            self._show_changes()
            self.choose(RECORDS)
            self.tables[RECORDS].setFocus()

    def _on_record(self, key: object) -> None:
        record: RecordMove | None = self._behind(RECORDS, key)
        if record is not None:
            self.record_wanted.emit(record.table, record.record_id)
