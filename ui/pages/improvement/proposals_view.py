"""What a month proposes to improve: taken up as an item with one key, or declined with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from svcdesk.domain.people import Permission, may
from svcdesk.i18n.catalog import N_, _, current, pgettext
from svcdesk.i18n.labels import code_label
from svcdesk.services import dashboards, improvement_proposals
from ui.jobs.runner import READ, WRITE, Latest
from ui.models.choices import Choice
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.form_dialog import FormDialog
from ui.pages.improvement.view import LoopView, strip
from ui.pages.page import Route
from ui.widgets.button import Button, Kind
from ui.widgets.data_table import DataTable
from ui.widgets.editors import ChoiceField, LongTextField
from ui.widgets.labels import label

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from svcdesk.services.improvement_proposals import Proposal
    from svcdesk.services.queries import Query
    from svcdesk.system.job import JobContext
    from ui.pages.page import Changes, Workplace

WATCHED = frozenset({
    "complaint", "complaint_group", "quality_check", "improvement_item", "improvement_occurrence",
    "improvement_link", "improvement_declined", "ticket",
})  # fmt: skip
MONTHS = 13
ICONS = {"repeat": "repeat", "group": "users", "exposure": "siren", "pareto": "chart-column",
         "quality": "list-checks"}  # fmt: skip
WHY = {
    "repeat": N_("Three repeat complaints of a category in a month, or a third one by a customer"),
    "group": N_("Three customers complain of a product within seven days"),
    "exposure": N_("A complaint was exposed on social media"),
    "pareto": N_("One of the vital few, and 20 % more than the month before, at least 5 cases"),
    "quality": N_("A line of the form failed in three checks, or a critical one once"),
}
ENTITY_PAGES = {"ticket": "tickets", "complaint": "complaints"}


@dataclass(frozen=True)
class Row:
    """A proposal with its place in the list."""

    id: int
    proposal: Proposal


class DeclineDialog(FormDialog):
    """Why a proposal needs no item."""

    def __init__(self, parent: QWidget, place: Workplace, proposal: Proposal) -> None:
        super().__init__(parent, place, _("No item is needed"), _("Decline"))
        self._proposal = proposal
        self.advise(proposal.title)
        self.form.add("reason", _("Reason"), LongTextField("", 2), span=2, required=True)
        self.form.editor("reason").setFocus()

    def save(self) -> None:
        """Keep the answer."""
        desk, reason = self.place.desk, str(self.form.values()["reason"] or "")
        self.write(lambda: improvement_proposals.decline(desk, self._proposal, reason))


class ProposalsView(LoopView):
    """Proposals."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._job = Latest(place.runner, self)
        self._found: list[Proposal] = []
        self._shown = False
        present = dashboards.this_month(place.desk)
        codes = [present.shifted(-n).code for n in range(MONTHS)]
        self.month = ChoiceField([Choice(code, code) for code in codes], "")
        self.month.set_value(codes[1])
        self.month.setAccessibleName(_("Month"))
        self.month.changed.connect(self.reload)
        self._told = label("", "small", "2")
        self._model = RowWindowModel(columns(), place.runner, self)
        self.table = DataTable(self._model, "improvement_proposals")
        self.table.setAccessibleName(_("Proposals"))
        self.table.current_changed.connect(lambda _key: self._show_why())
        self.table.opened.connect(lambda _key: self.show_records())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addWidget(self.table, 1)
        column.addWidget(self._foot())

    def _head(self) -> QWidget:
        head, row = strip()
        row.addWidget(label(_("Month"), "small", "2"))
        row.addWidget(self.month)
        row.addWidget(self._told, 1)
        return head

    def _foot(self) -> QWidget:
        foot, row = strip("top")
        self.why = label("", "small", "2", wrap=True)
        self.records = Button(_("Show the records"), icon="list", key="↵", small=True)
        self.records.clicked.connect(self.show_records)
        self.take = Button(_("Make it an item"), kind=Kind.MAIN, icon="plus", key="N", small=True)
        self.take.clicked.connect(self.take_up)
        self.no = Button(_("Decline…"), kind=Kind.QUIET, icon="x", key="D", small=True)
        self.no.clicked.connect(self.decline)
        row.addWidget(self.why, 1)
        for button in (self.records, self.no, self.take):
            row.addWidget(button)
        return foot

    # --- view ----------------------------------------------------------------------------

    def show_route(self, route: Route) -> None:
        """Show the proposals of a month."""
        month = str(route.values.get("month", ""))
        if month:
            self.month.set_value(month)
        self.reload()

    def reload(self) -> None:
        """Read what the month proposes."""
        self._shown = True
        desk, month, t = self.place.desk, str(self.month.value()), current()

        def work(context: JobContext) -> list[Proposal]:
            context.on_cancel(desk.reader.interrupt)
            return improvement_proposals.find(desk, month, t)

        self._job.start(work).on_success(self._on_found).on_failure(self.place.shell.tell)

    def refresh(self, changes: Changes) -> None:
        """Look again when something that is counted here was written."""
        if self._shown and self.isVisible() and changes.tables() & WATCHED:
            self.reload()  # unseen it is read when it is shown next

    def save_state(self) -> dict[str, Any]:
        """Keep the month."""
        return {"month": self.month.value(), "shown": self._shown}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take it back."""
        self.month.set_value(state["month"])
        if state["shown"]:
            self.reload()

    # --- list ----------------------------------------------------------------------------

    def _on_found(self, found: list[Proposal]) -> None:
        self._found = found
        self._model.show(RecordList([Row(number, one) for number, one in enumerate(found, 1)]))
        self._told.setText(_("{n} proposals, none of them taken up yet").format(n=len(found)))
        self._told.setVisible(bool(found))
        text = _("Nothing in this month asks for an item: repeats, groups, exposure, vital few "
                 "and quality checks were looked at.")  # fmt: skip
        self.table.empty.set("circle-check", text)
        self.counted.emit(len(found))
        if found:
            self.table.go_to(1)
        self._show_why()

    def current(self) -> Proposal | None:
        """Return the proposal that is chosen."""
        key = self.table.current_id()
        return self._found[key - 1] if key is not None and 0 < key <= len(self._found) else None

    def _show_why(self) -> None:
        one = self.current()
        editor = may(self.place.desk.roles, Permission.EDIT_IMPROVEMENTS)
        self.why.setText(_(WHY[one.kind]) if one is not None else "")
        self.records.setEnabled(one is not None)
        for button in (self.take, self.no):
            button.setEnabled(one is not None and editor)
        goes_on = one is not None and one.item_id is not None
        self.take.set_text(_("Add to the open item") if goes_on else _("Make it an item"))

    # --- acting --------------------------------------------------------------------------

    def take_up(self) -> None:
        """Make an item of the proposal, and open it."""
        one, desk = self.current(), self.place.desk
        if one is None:
            return
        handle = self.place.runner.start(
            lambda _context: improvement_proposals.take_up(desk, one), lane=WRITE, owner=self
        )
        handle.on_success(self._on_taken).on_failure(self.place.shell.tell)

    def _on_taken(self, outcome: Any) -> None:
        self.place.shell.say(_("Improvement item made"))
        self.opened.emit(Route("improvement", int(outcome.value)))

    def decline(self) -> None:
        """Ask why the proposal needs no item."""
        one = self.current()
        if one is not None:
            dialog = DeclineDialog(self, self.place, one)
            dialog.saved.connect(lambda _key: self.place.shell.say(_("Proposal declined")))
            dialog.open()

    def show_records(self) -> None:
        """Open the list of the records behind the proposal."""
        one, desk = self.current(), self.place.desk
        if one is None:
            return

        def work(_context: JobContext) -> Query | None:
            return improvement_proposals.records_behind(desk, one)

        def done(query: Query | None) -> None:
            page = None if query is None else ENTITY_PAGES.get(query.entity)
            if page is not None:
                self.opened.emit(Route(page, query=query, title=one.title))

        handle = self.place.runner.start(work, lane=READ, owner=self)
        handle.on_success(done).on_failure(self.place.shell.tell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Single keys: they arrive here only while no text field has the focus."""
        key = event.text().upper()
        act = {"N": self.take_up, "D": self.decline}.get(key)
        if act is not None and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            act()
        elif key in {"J", "K"}:
            self.table.step(1 if key == "J" else -1)
        else:
            super().keyPressEvent(event)


def columns() -> list[ColumnDef]:
    """Return the columns of the list."""

    def source(row: Row) -> Cell:
        kind = row.proposal.kind
        return Cell(code_label("ItemSource", kind), ICONS[kind], icon_colour="text-2")

    def goes_into(row: Row) -> Cell:
        return Cell("" if row.proposal.item_id is None else _("open item"))

    def before(row: Row) -> Cell:
        return Cell("" if row.proposal.before is None else f"{row.proposal.before:,}")

    return [
        ColumnDef("source", _("Source"), source, 150),
        ColumnDef("title", pgettext("improvement", "What speaks for it"),
                  lambda r: Cell(r.proposal.title, tip=r.proposal.title), 300, stretch=True,
                  elide=True),
        ColumnDef("count", pgettext("improvement", "Cases"), lambda r: Cell(f"{r.proposal.count:,}"), 80, right=True),
        ColumnDef("before", _("Month before"), before, 110, right=True, drop=2),
        ColumnDef("goes", _("Goes into"), goes_into, 120, drop=1),
    ]  # fmt: skip
