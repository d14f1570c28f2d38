"""What rises among tickets and complaints: the findings of a week, their weeks, their records."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from svcdesk.domain.people import Permission, may
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.services import trends
from svcdesk.services.queries import Query
from ui.jobs.progress import ProgressStripe
from ui.jobs.runner import WRITE, Latest
from ui.models.choices import Choice
from ui.models.columns import text_for_copy
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.form_dialog import FormDialog
from ui.pages.improvement import trend_rows
from ui.pages.improvement.list_out import Lines, ListOut
from ui.pages.improvement.trend_rows import Row
from ui.pages.improvement.view import LoopView, strip
from ui.pages.page import Route
from ui.pages.wording import Words
from ui.theme.tokens import GAP, MARGIN, px
from ui.widgets.button import Button, Kind, Segments
from ui.widgets.chart_view import ChartView
from ui.widgets.data_table import DataTable
from ui.widgets.editors import ChoiceField, LongTextField
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import box, label
from ui.widgets.side_by_side import SideBySide

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from svcdesk.services.trends import Case, Finding, Look
    from svcdesk.system.job import JobContext
    from ui.pages.page import Changes, Workplace

BECAME = frozenset({"improvement_item", "improvement_declined"})
PAGES = {trends.TICKET: "tickets", trends.COMPLAINT: "complaints"}
WEEKS = 26


class DeclineDialog(FormDialog):
    """Why a finding needs no item."""

    def __init__(self, parent: QWidget, place: Workplace, found: Finding) -> None:
        super().__init__(parent, place, _("No item is needed"), _("Decline"))
        self._found = found
        self.advise(trends.title(found))
        self.form.add("reason", _("Reason"), LongTextField("", 2), span=2, required=True)
        self.form.editor("reason").setFocus()

    def save(self) -> None:
        """Keep the answer."""
        desk, reason = self.place.desk, str(self.form.values()["reason"] or "")
        self.write(lambda: trends.decline(desk, self._found, reason))


class TrendsView(LoopView):
    """The findings left, the chosen one right."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._words = Words(place.desk)
        self._look: Look | None = None
        self._wanted: str = ""  # subject to choose once the findings are there
        self._job = Latest(place.runner, self)
        self._after = Latest(place.runner, self)
        self._reading = Latest(place.runner, self)
        self.progress = ProgressStripe()
        self.out = ListOut(self, place, "trends", _("What rises"), self._lines)
        self._split = SideBySide(
            self._build_list(), self._build_detail(), (px(640), px(560)),
            (_("List"), pgettext("trend", "Finding")),
        )  # fmt: skip
        self.stack(self._build_head(), self.progress, self._split)
        self._show_chosen()

    # --- parts ---------------------------------------------------------------------------

    def _build_head(self) -> QWidget:
        head, row = strip()
        self.scope = Segments([(trends.TICKET, _("Tickets")), (trends.COMPLAINT, _("Complaints"))])
        self.scope.set_value(trends.TICKET)
        self.scope.changed.connect(lambda _place: self.reload())
        last = trends.last_week(self.place.desk)
        mondays = [last - timedelta(weeks=n) for n in range(WEEKS)]
        self.week = ChoiceField([Choice(str(day), _week_name(day)) for day in mondays])
        self.week.set_value(str(last))
        self.week.setAccessibleName(_("Week"))
        self.week.setToolTip(_("The week that is compared with the eight before it"))
        self.week.setMinimumWidth(px(190))
        self.week.changed.connect(self.reload)
        self.told = label("", "small", "2", wrap=True)
        row.addWidget(self.scope)
        row.addWidget(self.week)
        row.addWidget(self.told, 1)
        return head

    def _build_list(self) -> QWidget:
        self._model = RowWindowModel(trend_rows.columns(), self.place.runner, self)
        self.table = DataTable(self._model, "trends")
        self.table.setAccessibleName(_("What rises"))
        self.table.current_changed.connect(lambda _key: self._show_chosen())
        self.table.opened.connect(self._to_cases)
        return self.table

    def _build_detail(self) -> QWidget:
        side = box("surface", "left")
        side.setMinimumWidth(px(420))
        self._column = QVBoxLayout(side)
        self._column.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        self._column.setSpacing(GAP)
        self.about = label("", "small", "2", wrap=True, selectable=True)
        self._chart: ChartView | None = None
        columns = trend_rows.case_columns(self._words)
        self._cases = RowWindowModel(columns, self.place.runner, self)
        self.cases = DataTable(self._cases, "trend_cases")
        self.cases.setAccessibleName(_("Records behind it"))
        self.cases.empty.set("inbox", _("Choose a finding to see its records."))
        self.cases.opened.connect(self._open_case)
        self._column.addWidget(self.about)
        self._column.addWidget(self.cases, 1)
        self._column.addWidget(self._build_actions())
        return side

    def _build_actions(self) -> QWidget:
        holder = QWidget()
        row = FlowLayout(holder, gap=6)
        self.records = Button(_("Show the records"), icon="list", key="S", small=True)
        self.records.clicked.connect(self.show_records)
        self.no = Button(_("Decline…"), kind=Kind.QUIET, icon="x", key="D", small=True)
        self.no.clicked.connect(self.decline)
        self.yes = Button(_("Take the no back"), kind=Kind.QUIET, icon="undo-2", key="U",
                          small=True)  # fmt: skip
        self.yes.clicked.connect(self.take_back)
        self.take = Button(_("Make it an item"), kind=Kind.MAIN, icon="plus", key="N", small=True)
        self.take.clicked.connect(self.make_item)
        for button in (self.records, self.no, self.yes, self.take):
            row.addWidget(button)
        return holder

    # --- view ----------------------------------------------------------------------------

    def tools(self) -> list[QWidget]:
        """Return the way of the list out of the program."""
        return [self.out.button(_("The findings as a spreadsheet, CSV or PDF"))]

    def show_route(self, route: Route) -> None:
        """Show the findings of a scope and week."""
        scope, week = str(route.values.get("scope", "")), str(route.values.get("week", ""))
        if scope in PAGES:
            self.scope.set_value(scope)
        if week:
            self._set_week(week)
        self.reload()

    def _set_week(self, week: str) -> None:
        if self.week.findData(week) < 0:  # longer ago than the list goes back
            return
        self.week.blockSignals(True)
        self.week.set_value(week)
        self.week.blockSignals(False)

    def reload(self) -> None:
        """Look again."""
        desk, scope = self.place.desk, self.scope.value()
        week = date.fromisoformat(str(self.week.value()))
        chosen = self.chosen()
        self._wanted = self._wanted or ("" if chosen is None else chosen.subject)

        def work(context: JobContext) -> Look:
            return trends.find(desk, scope, context, week=week)

        handle = self._job.start(work)
        self.progress.watch(handle, _("Looking for what rises"))
        handle.on_success(self._on_found).on_failure(self.place.shell.tell)

    def refresh(self, changes: Changes) -> None:
        """Show what became of the findings; the weeks that are over are not counted again."""
        desk, look = self.place.desk, self._look
        if look is None or not changes.tables() & BECAME:
            return
        chosen = self.chosen()
        self._wanted = "" if chosen is None else chosen.subject

        def work(_context: JobContext) -> Look:
            return trends.settled(desk, look)

        self._after.start(work).on_success(self._on_found).on_failure(self.place.shell.tell)

    def save_state(self) -> dict[str, Any]:
        """Keep what is shown."""
        chosen = self.chosen()
        return {
            "scope": self.scope.value(), "week": str(self.week.value()),
            "shown": self._look is not None, "subject": "" if chosen is None else chosen.subject,
        }  # fmt: skip

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take it back."""
        self.scope.set_value(state["scope"])
        self._set_week(state["week"])
        self._wanted = state["subject"]
        if state["shown"]:
            self.reload()

    # --- list ----------------------------------------------------------------------------

    def _on_found(self, look: Look) -> None:
        self._look = look
        rows = [Row(number, one) for number, one in enumerate(look.findings, 1)]
        told = trend_rows.looked_at(look)
        if look.weeks and not rows:
            self.table.empty.set("circle-check", _("{looked}: nothing stands out.").format(
                looked=told))  # fmt: skip
        else:
            self.table.empty.set("calendar", told)
        self.told.setText(told if rows else "")
        self._model.show(RecordList(rows))
        open_ones = [r for r in rows if r.finding.declined is None and r.finding.item is None]
        self.counted.emit(len(open_ones))
        wanted, self._wanted = self._wanted, ""
        at = next((row.id for row in rows if row.finding.subject == wanted), 1)
        if rows:
            self.table.go_to(at)
        self._show_chosen()

    def chosen(self) -> Finding | None:
        """Return the finding that is chosen."""
        key, look = self.table.current_id(), self._look
        if look is None or key is None or not 0 < key <= len(look.findings):
            return None
        return look.findings[key - 1]

    def _show_chosen(self) -> None:
        found = self.chosen()
        self._show_chart(found)
        self.about.setText("" if found is None else _about(found))
        self.about.setVisible(found is not None)
        editor = may(self.place.desk.roles, Permission.EDIT_IMPROVEMENTS)
        declined = found is not None and found.declined is not None
        self.records.setEnabled(found is not None)
        self.take.setEnabled(found is not None and editor)
        self.no.setEnabled(found is not None and editor)
        self.no.setVisible(not declined)
        self.yes.setVisible(declined)
        goes_on = found is not None and found.item is not None
        self.take.set_text(_("Add to the open item") if goes_on else _("Make it an item"))
        self._read_cases(found)

    def _show_chart(self, found: Finding | None) -> None:
        if self._chart is not None:
            self._column.removeWidget(self._chart)
            self._chart.hide()
            self._chart.deleteLater()
            self._chart = None
        if found is not None:
            self._chart = ChartView(trend_rows.chart(found))
            self._chart.setFixedHeight(px(220))
            self._chart.said.connect(lambda text: self.place.shell.say(text, undo=False))
            self._column.insertWidget(0, self._chart)

    def _read_cases(self, found: Finding | None) -> None:
        desk = self.place.desk
        if found is None:
            self._reading.cancel()
            self._cases.show(RecordList([]))
            return
        scope, keys = found.scope, found.cases

        def work(_context: JobContext) -> list[Case]:
            return trends.cases(desk, scope, keys)

        def done(cases: list[Case]) -> None:
            self._cases.show(RecordList(cases))

        self._reading.start(work).on_success(done).on_failure(self.place.shell.tell)

    # --- acting --------------------------------------------------------------------------

    def _to_cases(self, _key: object) -> None:
        self._split.bring(detail=True)
        self.cases.setFocus()
        if self.cases.current_id() is None:
            self.cases.step(1)

    def _open_case(self, key: object) -> None:
        found = self.chosen()
        if found is not None and isinstance(key, int):
            self.opened.emit(Route(PAGES[found.scope], key))

    def show_records(self) -> None:
        """Open the list of the records behind the finding."""
        found = self.chosen()
        if found is not None:
            query = Query(found.scope, ids=found.cases)
            self.opened.emit(Route(PAGES[found.scope], query=query, title=trends.title(found)))

    def make_item(self) -> None:
        """Make an item of the finding, and open it."""
        found, desk = self.chosen(), self.place.desk
        if found is None or not self.take.isEnabled():
            return
        handle = self.place.runner.start(
            lambda _context: trends.make_item(desk, found), lane=WRITE, owner=self
        )
        handle.on_success(self._on_made).on_failure(self.place.shell.tell)

    def _on_made(self, outcome: Any) -> None:
        self.place.shell.say(_("Improvement item made"))
        self.opened.emit(Route("improvement", int(outcome.value)))

    def decline(self) -> None:
        """Ask why the finding needs no item."""
        found = self.chosen()
        if found is not None and found.declined is None and self.no.isEnabled():
            dialog = DeclineDialog(self, self.place, found)
            dialog.saved.connect(lambda _key: self.place.shell.say(_("Finding declined")))
            dialog.open()

    def take_back(self) -> None:
        """Take the no back."""
        found, desk = self.chosen(), self.place.desk
        if found is None or found.declined is None:
            return
        key = found.declined[0]
        handle = self.place.runner.start(
            lambda _context: trends.take_back(desk, key), lane=WRITE, owner=self
        )
        handle.on_success(
            lambda _outcome: self.place.shell.say(_("The finding is open again"))
        ).on_failure(self.place.shell.tell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Single keys: they arrive here only while no text field has the focus."""
        key = event.text().upper()
        act = {"N": self.make_item, "D": self.decline, "U": self.take_back,
               "S": self.show_records}.get(key)  # fmt: skip
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        elif act is not None:
            act()
        elif key in {"J", "K"}:
            self.table.step(1 if key == "J" else -1)
        else:
            super().keyPressEvent(event)

    def _lines(self) -> Lines:
        """Return the findings with their weeks, and beside each what goes with it."""
        look = self._look
        if look is None:
            return []
        columns = trend_rows.columns()
        lines = [[*(column.label for column in columns), _("With it"), *map(str, look.weeks)]]
        for found in look.findings:
            row = Row(0, found)
            lines.append([
                *(text_for_copy(column, row) for column in columns),
                _(", ").join(map(trend_rows.named, found.also)), *map(str, found.counts),
            ])  # fmt: skip
        return lines


def _week_name(monday: date) -> str:
    sunday = monday + timedelta(days=6)
    return f"{monday} – {sunday:%m-%d}"


def _about(found: Finding) -> str:
    """Return what stands under the chart: the finding in words and what goes with it."""
    text = f"{trends.title(found)}\n{trend_rows.weighed(found)}"
    if found.also:
        told = _(", ").join(map(trend_rows.named, found.also))
        text += "\n" + _("The same records: {findings}").format(findings=told)
    if found.declined is not None:
        text += "\n" + _("Declined: {reason}").format(reason=found.declined[1])
    return text
