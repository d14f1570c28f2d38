"""Closed months: which are closed, closing one, and what became of it since."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.services import closings, restatements
from svcdesk.services.closings import CutOff, MonthState
from ui.jobs.progress import ProgressStripe
from ui.jobs.runner import READ, WRITE, Latest
from ui.models.choices import Choice
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.page import Route
from ui.pages.reports import closing_rows as rows
from ui.pages.reports.closing_detail import ClosedMonth
from ui.pages.reports.closing_mark import WATCHED
from ui.pages.reports.own_tab import OwnTab
from ui.pages.wording import Words
from ui.theme.tokens import GAP, MARGIN, px
from ui.widgets.banner import Banner
from ui.widgets.button import Button, Kind
from ui.widgets.data_table import DataTable
from ui.widgets.editors import ChoiceField, TextField
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import label
from ui.widgets.side_by_side import SideBySide

if TYPE_CHECKING:
    from svcdesk.services.closings import Frozen, Month, Prepared
    from svcdesk.services.restatements import Restatements
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

PAGES = {
    "ticket": "tickets",
    "complaint": "complaints",
    "survey": "surveys",
    "customer": "customers",
}


class ClosingTab(OwnTab):
    """The months left, the chosen one right."""

    watched: ClassVar[frozenset[str]] = WATCHED

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._words = Words(place.desk)
        self._months: list[Month] = []
        self._restated: dict[str, int] = {}
        self._month: str = ""
        self._version: int | None = None
        self._wanted = ""  # month to show once the list is there
        self._read = Latest(place.runner, self)
        self._open = Latest(place.runner, self)
        self._compare = Latest(place.runner, self)
        self._count = Latest(place.runner, self)
        self.progress = ProgressStripe()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.progress)
        both = SideBySide(
            self._build_months(), self._build_month(), (px(380), px(850)), (_("Months"), _("Month"))
        )
        self.both = both
        column.addWidget(both, 1)

    # --- parts ---------------------------------------------------------------------------

    def _build_months(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(MARGIN, GAP, GAP, MARGIN)
        self._model = RowWindowModel(rows.month_columns(), self.place.runner, self)
        self.months = DataTable(self._model, "closing_months")
        self.months.setAccessibleName(_("Months"))
        self.months.current_changed.connect(self._on_month)
        self.months.opened.connect(lambda _key: self.both.bring(detail=True))
        column.addWidget(self.months)
        side.setMinimumWidth(px(350))
        return side

    def _build_month(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(GAP, GAP, MARGIN, MARGIN)
        column.setSpacing(GAP)
        self._title = label("", "strong")
        self._facts = label("", "small", "2", wrap=True)
        column.addWidget(self._title)
        column.addWidget(self._facts)
        self._advice = QVBoxLayout()
        column.addLayout(self._advice)
        column.addWidget(self._build_actions())
        column.addWidget(self._build_reason())
        self.detail = ClosedMonth(self.place, self._words)
        self.detail.record_wanted.connect(self._go)
        column.addWidget(self.detail, 1)
        self.blank = QWidget()
        self._nothing = EmptyState(self.blank)
        column.addWidget(self.blank, 1)
        return side

    def _build_actions(self) -> QWidget:
        holder = QWidget()
        row = FlowLayout(holder, gap=6)
        self.cut_off = ChoiceField([
            Choice(CutOff.PERIOD_END.value, _("Figures as at the end of the month")),
            Choice(CutOff.NOW.value, _("Figures as of now")),
        ])  # fmt: skip
        self.cut_off.set_value(CutOff.PERIOD_END.value)
        self.cut_off.setAccessibleName(_("Data cut-off"))
        self.cut_off.setToolTip(_("Up to when events count"))
        self.cut_off.setMinimumWidth(px(210))
        self.close_button = Button(_("Close the month"), kind=Kind.MAIN, icon="lock")
        self.close_button.setToolTip(_("Freeze its figures, lists and definitions, and judge it"))
        self.close_button.clicked.connect(self.close_month)
        self.version = ChoiceField([])
        self.version.setAccessibleName(_("Version"))
        self.version.setToolTip(_("Every version stays readable"))
        self.version.changed.connect(self._on_version)
        self.reopen_button = Button(_("Reopen…"), kind=Kind.QUIET, icon="refresh-cw")
        self.reopen_button.setToolTip(_("Open the month again, with a reason"))
        self.reopen_button.clicked.connect(self._ask_reason)
        for widget in (self.cut_off, self.close_button, self.version, self.reopen_button):
            row.addWidget(widget)
            widget.hide()
        return holder

    def _build_reason(self) -> QWidget:
        self._reason_row = QWidget()
        row = QHBoxLayout(self._reason_row)
        row.setContentsMargins(0, 0, 0, 0)
        self.reason = TextField(_("Why is it opened again?"), 200)
        self.reason.returnPressed.connect(self.reopen)
        confirm = Button(_("Reopen"), kind=Kind.MAIN)
        confirm.clicked.connect(self.reopen)
        back = Button(_("Cancel"))
        back.clicked.connect(self._reason_row.hide)
        row.addWidget(self.reason, 1)
        row.addWidget(confirm)
        row.addWidget(back)
        self._reason_row.hide()
        return self._reason_row

    # --- reading -------------------------------------------------------------------------

    def show_route(self, route: Route) -> None:
        """Show a month, and what changed in it when that is asked for."""
        self._wanted = str(route.values.get("month", ""))
        view = str(route.values.get("view", ""))
        if view in self.detail.tables:
            self.detail.choose(view)
        self._choose_wanted()

    def reload(self) -> None:
        """Read the months again."""
        desk = self.place.desk
        handle = self._read.start(lambda _context: closings.months(desk))
        handle.on_success(self._on_months).on_failure(self.place.shell.tell)

    def _on_months(self, months: list[Month]) -> None:
        self._months = months
        self._restated = {}
        self._show_months()
        if not months:
            self._show_nothing(
                "calendar", _("There are no records yet, so there is no month to close.")
            )
        elif self.months.current_id() is None:
            if not self._choose_wanted():
                over = [i for i, m in enumerate(months) if m.state is not MonthState.RUNNING]
                self._choose(over[0] if over else 0)
        else:
            self._on_month(self.months.current_id())
        self._count_changes()

    def _show_months(self) -> None:
        self._model.show(RecordList(rows.month_rows(self._months, self._restated)))

    def _choose_wanted(self) -> bool:
        places = [i for i, m in enumerate(self._months) if m.period.code == self._wanted]
        if not places:
            return False
        self._wanted = ""
        self._choose(places[0])
        return True

    def _choose(self, place: int) -> None:
        self.months.go_to(place)
        self._on_month(place)

    def _count_changes(self) -> None:
        """Count behind the list what changed in each closed month."""
        desk = self.place.desk
        closed = [m.closing for m in self._months if m.closing is not None]
        if not closed:
            return

        def work(context: JobContext) -> dict[str, int]:
            return {c.month: restatements.of_closing(desk, c, context).count for c in closed}

        self._count.start(work).on_success(self._on_counted).on_failure(self.place.shell.tell)

    def _on_counted(self, found: dict[str, int]) -> None:
        self._restated = found
        self._show_months()

    # --- one month -----------------------------------------------------------------------

    def _on_month(self, key: object) -> None:
        if not (isinstance(key, int) and key < len(self._months)):
            return
        month = self._months[key]
        self._month, self._version = month.period.code, None
        self._title.setText(_("Month {month}").format(month=self._month))
        self._reason_row.hide()
        self._clear_advice()
        self._show_actions(month)
        if not month.closings:
            self._show_open(month)
            return
        names = [
            Choice(c.version, _("version {n}").format(n=c.version))
            for c in reversed(month.closings)
        ]
        self.version.blockSignals(True)
        self.version.set_choices(names)
        self.version.set_value(month.closings[-1].version)
        self.version.blockSignals(False)
        self._version = month.closings[-1].version
        self._load()

    def _show_actions(self, month: Month) -> None:
        can_close = month.state in {MonthState.READY, MonthState.REOPENED}
        self.close_button.setVisible(can_close)
        self.cut_off.setVisible(can_close)
        self.version.setVisible(len(month.closings) > 1)
        self.reopen_button.setVisible(month.state is MonthState.CLOSED)

    def _show_open(self, month: Month) -> None:
        """Say what stands in the way of a month, or what closing does."""
        if month.state is MonthState.RUNNING:
            day = month.period.end.isoformat()
            text = _("This month is still running. It can be closed from {day} on.").format(day=day)
            self._show_nothing("clock", text)
        else:
            text = _(
                "Closing freezes every figure, the records behind it and the definitions. Later "
                "changes are listed here with their effect; nothing changes silently."
            )
            self._show_nothing("lock", text)
            self._advise(month)
        self._facts.setText("")

    def _advise(self, month: Month) -> None:
        earlier = [
            m.period.code
            for m in reversed(self._months)
            if m.period.code < month.period.code and m.state is not MonthState.CLOSED
        ]
        if earlier:
            text = _("Earlier months are open: {months}. Close them first, if you can.").format(
                months=", ".join(earlier[-6:])
            )
            self._advice.addWidget(Banner("info", "info", text))

    def _clear_advice(self) -> None:
        while (item := self._advice.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()

    def _show_nothing(self, icon: str, text: str) -> None:
        self.detail.hide()
        self.blank.show()
        self._nothing.set(icon, text)
        self._nothing.place()

    def _on_version(self) -> None:
        value = self.version.value()
        if isinstance(value, int) and value != self._version:
            self._version = value
            self._load()

    def _load(self) -> None:
        desk, month, version = self.place.desk, self._month, self._version
        handle = self._open.start(lambda _context: closings.frozen(desk, month, version))
        handle.on_success(self._on_frozen).on_failure(self.place.shell.tell)

    def _on_frozen(self, frozen: Frozen) -> None:
        closing, words = frozen.closing, self._words
        if closing.month != self._month:
            return
        self.blank.hide()
        self.detail.show()
        person = self.place.desk.reference.people.get(closing.closed_by or 0)
        facts = _("Closed {time} by {name}; data up to {cut_off}").format(
            time=words.full_time(closing.closed_at), name=person.name if person else "—",
            cut_off=words.full_time(closing.as_of),
        )  # fmt: skip
        if closing.reopened_at is not None:
            facts += "\n" + _("Reopened {time}: {reason}").format(
                time=words.full_time(closing.reopened_at), reason=closing.reason
            )
        self._facts.setText(facts)
        self.detail.show_closing(frozen)
        desk = self.place.desk
        handle = self._compare.start(
            lambda context: restatements.of_closing(desk, closing, context)
        )
        self.progress.watch(handle, _("Comparing with the records of now…"))
        handle.on_success(self._on_compared).on_failure(self._on_not_compared)

    def _on_compared(self, found: Restatements) -> None:
        if found.closing.month == self._month and found.closing.version == self._version:
            self.detail.show_changes(found)

    def _on_not_compared(self, error: object) -> None:
        self.detail.show_failure(_("The comparison with the records of now failed."))
        self.place.shell.tell(error)

    def _go(self, table: str, key: object) -> None:
        if table in PAGES and isinstance(key, int):
            self.place.shell.go(Route(PAGES[table], key))
        else:
            self.place.shell.say(_("There is no page for this record."), undo=False)

    # --- closing and reopening -----------------------------------------------------------

    def close_month(self) -> None:
        """Close the chosen month in the background."""
        desk, month = self.place.desk, self._month
        cut_off = CutOff(self.cut_off.value())
        self.close_button.setEnabled(False)

        def work(context: JobContext) -> Prepared:
            return closings.prepare(desk, month, context, cut_off)

        handle = self.place.runner.start(work, lane=READ, owner=self)
        self.progress.watch(handle, _("Closing {month}").format(month=month))
        handle.finished.connect(lambda: self.close_button.setEnabled(True))
        handle.on_success(self._on_prepared).on_failure(self.place.shell.tell)

    def _on_prepared(self, prepared: Prepared) -> None:
        desk = self.place.desk
        handle = self.place.runner.start(
            lambda _context: closings.save(desk, prepared), lane=WRITE, owner=self
        )
        text = _("{month} is closed").format(month=prepared.period.code)
        handle.on_success(lambda _outcome: self._done(text)).on_failure(self.place.shell.tell)

    def _ask_reason(self) -> None:
        self._reason_row.show()
        self.reason.clear()
        self.reason.setFocus()

    def reopen(self) -> None:
        """Open the chosen month again for the reason typed."""
        desk, month, reason = self.place.desk, self._month, self.reason.text()
        handle = self.place.runner.start(
            lambda _context: closings.reopen(desk, month, reason), lane=WRITE, owner=self
        )
        text = _("{month} is open again").format(month=month)
        handle.on_success(lambda _outcome: self._done(text)).on_failure(self.place.shell.tell)

    def _done(self, text: str) -> None:
        self._reason_row.hide()
        self.place.shell.say(text)
        self.reload()
