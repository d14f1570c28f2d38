"""Training records: what was held, who came and passed, who still needs what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from svcdesk.domain.people import Permission, may
from svcdesk.domain.training import totals
from svcdesk.i18n.catalog import _, current, pgettext
from svcdesk.services import dashboards, trainings
from ui.jobs.runner import Latest
from ui.models.choices import Choice
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.improvement.training_dialog import TrainingDialog, kind_name
from ui.pages.improvement.training_pane import TrainingPane
from ui.pages.improvement.training_words import days_text, share_text
from ui.pages.improvement.view import LoopView
from ui.pages.wording import Words
from ui.theme.tokens import GAP, MARGIN
from ui.widgets.button import Button, Kind, Segments
from ui.widgets.data_table import DataTable
from ui.widgets.editors import ChoiceField
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Tag
from ui.widgets.side_by_side import SideBySide

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from svcdesk.domain.training import Need, Totals
    from svcdesk.services.trainings import TrainingDetail, TrainingRow
    from svcdesk.system.job import JobContext
    from ui.pages.page import Changes, Route, Workplace

WATCHED = frozenset({"training", "training_person", "improvement_item", "person"})
RECORDS, NEEDS = "records", "needs"
MONTHS, QUARTERS = 25, 9
EVERYTHING = "all"


@dataclass(frozen=True)
class _Found:
    rows: list[TrainingRow]
    totals: Totals
    needs: list[Need]


@dataclass(frozen=True)
class _NeedRow:
    id: int
    need: Need


class TrainingView(LoopView):
    """Records of a period with their figures, or the list of who needs what."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._may = may(place.desk.roles, Permission.EDIT_IMPROVEMENTS)
        self._words = Words(place.desk)
        self._listing = Latest(place.runner, self)
        self._opening = Latest(place.runner, self)
        self._shown = False
        self._wanted: int | None = None
        self._needs: dict[int, Need] = {}
        self.parts = Segments(
            [(RECORDS, pgettext("training", "Records")), (NEEDS, _("Who needs what"))]
        )
        self.parts.set_value(RECORDS)
        self.parts.changed.connect(self._on_part)
        self.period = ChoiceField(self._periods())
        self.period.setAccessibleName(_("Period"))
        self.period.set_value(EVERYTHING)
        self.period.currentIndexChanged.connect(lambda _place: self.reload())
        self._figures = QWidget()
        self._flow = FlowLayout(self._figures, gap=6)
        self._flow.setContentsMargins(MARGIN, 0, MARGIN, GAP)
        self.table = DataTable(RowWindowModel(self._columns(), place.runner, self), "trainings")
        self.table.setAccessibleName(_("Trainings"))
        self.table.current_changed.connect(self._on_current)
        self.table.empty.acted.connect(self.new)
        model = RowWindowModel(self._need_columns(), place.runner, self)
        self.need_table = DataTable(model, "training_needs")
        self.need_table.setAccessibleName(_("Who needs what"))
        self.need_table.empty.set("circle-check", _("Everybody attended and passed what they "
                                                    "were expected at."))  # fmt: skip
        self.need_table.opened.connect(self._on_need)
        self.pane = TrainingPane(place)
        self.pane.opened.connect(self.opened)
        self.pane.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        row.setSpacing(GAP)
        row.addWidget(self.parts)
        row.addWidget(self.period)
        row.addStretch(1)
        names = (pgettext("pane", "List"), pgettext("pane", "Training"))
        self._stack = QStackedWidget()
        self._stack.addWidget(SideBySide(self.table, self.pane, (600, 620), names))
        self._stack.addWidget(self.need_table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._figures)
        column.addWidget(self._stack, 1)

    def _periods(self) -> list[Choice]:
        desk, t = self.place.desk, current()
        month = dashboards.this_month(desk)
        quarter = dashboards.period_of(desk, f"{month.year}-Q{(month.number - 1) // 3 + 1}")
        found = [Choice(EVERYTHING, pgettext("period", "All"))]
        for one, count in ((quarter, QUARTERS), (month, MONTHS)):
            periods = [one.shifted(-back) for back in range(count)]
            found += [Choice(p.code, p.title(t)) for p in periods]
        return found

    def _columns(self) -> list[ColumnDef]:
        def share(row: TrainingRow, name: str) -> Cell:
            return Cell(share_text(getattr(totals([row.held], 0), name)))

        return [
            ColumnDef("day", pgettext("date", "Day"), lambda r: Cell(r.held_on), 96),
            ColumnDef("title", pgettext("training", "About"), lambda r: Cell(r.title), 150,
                      stretch=True, elide=True),
            ColumnDef("kind", _("Kind"), lambda r: Cell(kind_name(r.kind)), 88, drop=3),
            ColumnDef("coverage", _("Attended"), lambda r: share(r, "coverage"), 112, right=True),
            ColumnDef("passed", _("Passed"), lambda r: share(r, "exams"), 112, right=True, drop=1),
            ColumnDef("trainer", _("Trainer"), lambda r: Cell(r.trainer), 88, elide=True, drop=2),
        ]  # fmt: skip

    def _need_columns(self) -> list[ColumnDef]:
        return [
            ColumnDef("person", pgettext("training", "Person"),
                      lambda r: Cell(self._words.person(r.need.person_id), "user-round"), 140),
            ColumnDef("why", _("Why"), self._why, 160),
            ColumnDef("title", pgettext("training", "About"), lambda r: Cell(r.need.title), 200,
                      stretch=True, elide=True),
            ColumnDef("day", _("Held on"), lambda r: Cell(r.need.day), 110),
        ]  # fmt: skip

    def _why(self, row: _NeedRow) -> Cell:
        if row.need.failed:
            return Cell(_("exam not passed"), "circle-x", icon_colour="danger")
        return Cell(_("did not attend"), "circle-dashed", icon_colour="warn")

    # --- reading -------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the trainings of the period, and who needs what."""
        self._shown = True
        desk, code = self.place.desk, str(self.period.value())

        def work(_context: JobContext) -> _Found:
            if code == EVERYTHING:
                rows = trainings.listed(desk)
                today = str(self._words.local(desk.clock.now()).date())
                figures = trainings.of_rows(row for row in rows if row.held_on <= today)
            else:
                period = dashboards.period_of(desk, code)
                rows, figures = trainings.listed(desk, period), trainings.summary(desk, period)
            return _Found(rows, figures, trainings.needs(desk))

        self._listing.start(work).on_success(self._on_read).on_failure(self.place.shell.tell)

    def tools(self) -> list[QWidget]:
        """Return the form of a new training."""
        if not self._may:
            return []
        make = Button(_("New training"), kind=Kind.MAIN, icon="plus")
        make.clicked.connect(self.new)
        return [make]

    def show_route(self, route: Route) -> None:
        """Show a part of the view, or the training a route names."""
        key, part = route.values.get("training"), str(route.values.get("show", ""))
        if part in {RECORDS, NEEDS}:
            self.parts.set_value(part)
            self._stack.setCurrentIndex(int(part == NEEDS))
        self._wanted = key if isinstance(key, int) else self._wanted
        self.reload()

    def record_shown(self) -> tuple[str, int] | None:
        """Return the training in the pane."""
        detail = self.pane.detail
        return None if detail is None else ("training", detail.row.id)

    def refresh(self, changes: Changes) -> None:
        """Read again when a training was written."""
        if self._shown and changes.tables() & WATCHED:
            self.reload()

    def save_state(self) -> dict[str, Any]:
        """Keep part, period and training."""
        return {"part": self.parts.value(), "period": self.period.value(),
                "key": self.table.current_id()}  # fmt: skip

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take them back."""
        self.parts.set_value(state["part"])
        self._stack.setCurrentIndex(int(state["part"] == NEEDS))
        self.period.blockSignals(True)
        self.period.set_value(state["period"])
        self.period.blockSignals(False)
        self._wanted = state["key"]
        self.reload()

    def _on_read(self, found: _Found) -> None:
        self._show_figures(found)
        wanted, self._wanted = self._wanted, None
        keys = [row.id for row in found.rows]
        present = self.table.current_id()
        never = str(self.period.value()) == EVERYTHING
        text = _("No training in this period.")
        if never:
            text = _("No training is recorded yet.")
        self.table.empty.set("users", text, _("New training") if self._may else "")
        self.table.rows.show(RecordList(found.rows))
        rows = [_NeedRow(place, need) for place, need in enumerate(found.needs, start=1)]
        self._needs = {row.id: row.need for row in rows}
        self.need_table.rows.show(RecordList(rows))
        chosen = next((key for key in (wanted, present) if key in keys), None)
        if chosen is None:
            chosen = keys[0] if keys else None
        self.pane.setVisible(chosen is not None)
        if chosen is not None:
            self.table.go_to(chosen)
            self._load(chosen)

    def _show_figures(self, found: _Found) -> None:
        self._flow.clear()
        figures = found.totals
        hours = f"{figures.minutes / 60:.1f}"
        tags = [
            Tag(_("trainings: {n}").format(n=figures.trainings), "book-open"),
            Tag(_("hours: {n}").format(n=hours), "clock"),
            Tag(_("coverage {share}").format(share=share_text(figures.coverage)), "users"),
            Tag(_("exams passed {share}").format(share=share_text(figures.exams)), "circle-check"),
            Tag(_("newcomers passed {share}").format(share=share_text(figures.newcomers)),
                "circle-user"),
            Tag(_("days until working alone {days}").format(days=days_text(figures.days)),
                "calendar-clock"),
        ]  # fmt: skip
        tips = {2: _("Attended of those expected, over all trainings of the period together"),
                3: _("Passed of those examined"), 4: _("Passed of those examined in onboarding"),
                5: _("Mean of the newcomers whose days are known")}  # fmt: skip
        for place, tag in enumerate(tags):
            tag.setToolTip(tips.get(place, ""))
            self._flow.addWidget(tag)
            tag.show()

    def _on_current(self, key: object) -> None:
        shown = self.pane.detail
        if isinstance(key, int) and (shown is None or shown.row.id != key):
            self._load(key)

    def _load(self, key: int) -> None:
        desk = self.place.desk

        def work(_context: JobContext) -> TrainingDetail:
            return trainings.get(desk, key)

        self._opening.start(work).on_success(self.pane.show_training).on_failure(self._on_gone)

    def _on_gone(self, error: object) -> None:
        if getattr(error, "code", "") != "gone":  # undo took the training that was shown
            self.place.shell.tell(error)

    # --- acting --------------------------------------------------------------------------

    def new(self) -> None:
        """Open the form of a new training."""
        dialog = TrainingDialog(self, self.place)
        dialog.saved.connect(self._on_made)
        dialog.open()

    def _on_made(self, key: object) -> None:
        if isinstance(key, int):
            self.place.shell.say(_("Training written down"))
            self.show_training(key)

    def show_training(self, key: int) -> None:
        """Show one training, whatever its period."""
        self.restore_state({"part": RECORDS, "period": EVERYTHING, "key": key})

    def _on_need(self, key: object) -> None:
        need = self._needs.get(key) if isinstance(key, int) else None
        if need is not None:
            self.show_training(need.training_id)

    def _on_part(self, number: int) -> None:
        self._stack.setCurrentIndex(number)
        (self.need_table if number else self.table).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Single keys: they arrive here only while no text field has the focus."""
        key = event.text().upper()
        table = self.need_table if self.parts.value() == NEEDS else self.table
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        elif key in {"J", "K"}:
            table.step(1 if key == "J" else -1)
        elif key == "E" and self.parts.value() == RECORDS:
            self.pane.edit_training()
        else:
            super().keyPressEvent(event)
