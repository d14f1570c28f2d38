"""Contact plans: which there are, who was reached, a new one."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import N_, _, current, pgettext
from svcdesk.services import contact_plans, customer_tiers, queries
from svcdesk.services.contact_plans import MemberState
from svcdesk.services.queries import Op, Query
from svcdesk.system.job import ImmediateContext
from ui.jobs.runner import WRITE, Latest
from ui.models.choices import Choice
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.customers.dialogs import DateField
from ui.pages.form_dialog import FormDialog
from ui.pages.wording import DASH, Words
from ui.theme.tokens import GAP, MARGIN, px
from ui.widgets.button import Button, Kind
from ui.widgets.data_table import DataTable
from ui.widgets.editors import ChoiceField, ManyField, TextField
from ui.widgets.labels import box, label
from ui.widgets.side_by_side import Beside, SideBySide

if TYPE_CHECKING:
    from collections.abc import Callable

    from svcdesk.services.contact_plans import Member, PlanRow
    from svcdesk.services.desk import Desk, Outcome
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

STATES: dict[MemberState, tuple[str, str, str]] = {
    # state -> icon, ink, words
    MemberState.REACHED: ("circle-check", "ok", N_("Reached")),
    MemberState.REFUSED: ("phone-off", "warn", N_("Refused")),
    MemberState.UNREACHABLE: ("phone-missed", "danger", N_("Unreachable")),
    MemberState.OPEN: ("circle-dashed", "text-2", N_("Not yet")),
    MemberState.OPT_OUT: ("ban", "text-3", N_("No callbacks")),
}


@dataclass(frozen=True)
class _Row:
    """A member under the key of his row."""

    id: int
    member: Member


def rate_text(plan: PlanRow) -> str:
    """Return the reach rate with its numbers, "—" when nobody is to be reached."""
    if not plan.due:
        return DASH
    rate = 100 * plan.reached / plan.due
    return _("{rate} % ({n} of {all})").format(rate=f"{rate:.1f}", n=plan.reached, all=plan.due)


def plan_columns() -> list[ColumnDef]:
    """Return the columns of the plans."""
    return [
        ColumnDef("name", _("Contact plan"), lambda r: Cell(r.name, tip=r.name), 140, stretch=True,
                  elide=True),
        ColumnDef("span", _("Span"), lambda r: Cell(f"{r.starts_on[5:]} – {r.ends_on[5:]}",
                  colour="text-2", tip=f"{r.starts_on} – {r.ends_on}"), 104),
        ColumnDef("rate", _("Reached"), lambda r: Cell(rate_text(r)), 152, right=True),
    ]  # fmt: skip


def member_columns(desk: Desk) -> list[ColumnDef]:
    """Return the columns of the reach list."""
    words = Words(desk)

    def state(row: _Row) -> Cell:
        icon, ink, text = STATES[row.member.state]
        return Cell(_(text), icon, icon_colour=ink)

    def when(row: _Row) -> Cell:
        shown = row.member.row
        at = shown.reached_at or shown.refused_at or shown.unreachable_at
        if at is not None:
            return Cell(words.day(at), colour="text-2")
        text = _("due {day}").format(day=words.day(shown.due_at)) if shown.due_at else DASH
        return Cell(text, colour="text-2")

    return [
        ColumnDef("name", _("Customer"), lambda r: Cell(
            words.customer(r.member.row.name, r.member.row.kind), "gem", icon_colour="violet"),
            130, stretch=True, elide=True),
        ColumnDef("number", _("Customer no."), lambda r: Cell(r.member.row.number,
                  colour="text-2"), 92, drop=1),
        ColumnDef("phone", _("Phone"), lambda r: Cell(words.phone(r.member.row.phone),
                  colour="text-2"), 116),
        ColumnDef("state", _("Status"), state, 122),
        ColumnDef("at", _("Time"), when, 124, right=True),
        ColumnDef("assignee", _("Assigned to"), lambda r: Cell(
            words.person(r.member.row.assignee_id), colour="text-2"), 96, elide=True),
    ]  # fmt: skip


class PlansView(QWidget):
    """The plans at the left, the members of the current one at the right."""

    customer_wanted = Signal(object)

    def __init__(self, place: Workplace, listed: Callable[[], Query]) -> None:
        super().__init__()
        self._place = place
        self._listed = listed  # the customers that the list shows
        self._words = Words(place.desk)
        self._plans: dict[int, PlanRow] = {}
        self._members: dict[int, Member] = {}
        self._key: int | None = None
        self._list = Latest(place.runner, self)
        self._of = Latest(place.runner, self)
        self.table = self._table("plans", plan_columns())
        self.table.current_changed.connect(self._on_plan)
        self.members = self._table("members", member_columns(place.desk))
        self.members.opened.connect(self._on_member)
        names = (pgettext("pane", "List"), pgettext("pane", "Plan"))
        self._split = SideBySide(self.table, self._build_right(), (430, 800), names)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._split)

    def _table(self, name: str, columns: list[ColumnDef]) -> DataTable:
        table = DataTable(RowWindowModel(columns, self._place.runner, self), f"contact_{name}")
        table.empty.set("phone-call", _("No contact plan yet."), "")
        return table

    def _build_right(self) -> QWidget:
        side = box("surface", "left")
        column = QVBoxLayout(side)
        column.setContentsMargins(0, GAP, 0, 0)
        column.setSpacing(GAP)
        row = Beside((MARGIN, 0, MARGIN, 0), GAP)
        self._head = label("", "strong", wrap=True)
        self._head.setMinimumWidth(px(240))
        row.add(self._head, 1)
        copy = Button(_("Copy"), kind=Kind.QUIET, icon="copy", small=True)
        copy.setToolTip(_("Copy the reach list; names and phones are masked"))
        copy.clicked.connect(self._copy)
        export = Button(_("Export…"), kind=Kind.QUIET, icon="download", small=True)
        export.clicked.connect(self._choose_file)
        printing = Button(_("Print…"), kind=Kind.QUIET, icon="printer", small=True)
        printing.clicked.connect(self.print)
        remove = Button(_("Remove plan"), kind=Kind.QUIET, icon="x", small=True)
        remove.clicked.connect(self._remove)
        self._tools = (copy, printing, export, remove)
        tools = QWidget()
        line = QHBoxLayout(tools)
        line.setContentsMargins(0, 0, 0, 0)
        for button in self._tools:
            line.addWidget(button)
        row.add(tools)
        column.addWidget(row)
        column.addWidget(self.members, 1)
        return side

    # --- showing -------------------------------------------------------------------------

    def load(self) -> None:
        """Ask for the plans again."""
        desk = self._place.desk

        def work(_context: JobContext) -> list[PlanRow]:
            return contact_plans.plans(desk)

        self._list.start(work).on_success(self._show).on_failure(self._place.shell.tell)

    def _show(self, plans: list[PlanRow]) -> None:
        self._plans = {plan.id: plan for plan in plans}
        self.table.rows.show(RecordList(plans))
        if self._key not in self._plans:
            self._key = plans[0].id if plans else None
        self._load_members()

    def _on_plan(self, key: object) -> None:
        if isinstance(key, int) and key != self._key:
            self._key = key
            self._load_members()

    def _load_members(self) -> None:
        for button in self._tools:
            button.setEnabled(self._key is not None)
        desk, key = self._place.desk, self._key
        if key is None:
            self._head.setText("")
            self._show_members([])
            return

        def work(_context: JobContext) -> list[Member]:
            return contact_plans.members(desk, key)

        self._of.start(work).on_success(self._show_members).on_failure(self._place.shell.tell)

    def _show_members(self, members: list[Member]) -> None:
        self._members = {member.row.id: member for member in members}
        self.members.rows.show(RecordList([_Row(m.row.id, m) for m in members]))
        plan = self._plans.get(self._key or 0)
        if plan is not None:
            text = _("{name}: {rate} reached, {members} on the list")
            self._head.setText(
                text.format(name=plan.name, rate=rate_text(plan), members=plan.members)
            )

    # --- acting --------------------------------------------------------------------------

    def _on_member(self, key: object) -> None:
        if isinstance(key, int) and key in self._members:
            self.customer_wanted.emit(self._members[key].row.customer_id)

    def lines(self) -> list[list[str]]:
        """Return the reach list as it is shown, with its header: for copying and files."""
        columns = self.members.rows.columns
        rows = [[column.label for column in columns]]
        rows += [
            [column.cell(_Row(member.row.id, member)).text for column in columns]
            for member in self._members.values()
        ]
        return rows

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in self.lines()))
        self._place.shell.say(_("Copied"), undo=False)

    def _choose_file(self) -> None:
        kinds = "Excel (*.xlsx);;CSV (*.csv);;PDF (*.pdf)"
        dialog = QFileDialog(self, _("Export list"), "contacts.xlsx", kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(self.export_to)
        dialog.open()

    def export_to(self, name: str) -> None:
        """Write the reach list to a file, masked as it is shown."""
        self._write(Path(name), self._on_exported)

    def _write(self, path: Path, done: Callable[[Any], None]) -> None:
        from svcdesk.services import listing

        lines, desk, title, t = self.lines(), self._place.desk, self._head.text(), current()
        handle = self._place.runner.start(
            lambda context: listing.write(
                desk, path, lines, "contact-plan", context, title=title, t=t
            ),
            lane=WRITE, owner=self,
        )  # fmt: skip
        handle.on_success(done).on_failure(self._place.shell.tell)

    def print(self) -> None:
        """Show the reach list as it will be printed."""
        self._paper = Path(tempfile.mkdtemp(prefix="svcdesk-")) / "contacts.pdf"
        self._write(self._paper, self._on_printable)

    def _on_printable(self, _rows: int) -> None:
        from ui.widgets.print_pdf import print_preview

        print_preview(self, self._paper, self._head.text())
        self._paper.unlink(missing_ok=True)
        self._paper.parent.rmdir()

    def _on_exported(self, rows: int) -> None:
        text = _("{n} rows written; names and phones are masked")
        self._place.shell.say(text.format(n=rows), undo=False)

    def _remove(self) -> None:
        desk, key = self._place.desk, self._key
        if key is None:
            return
        handle = self._place.runner.start(
            lambda _context: contact_plans.remove(desk, key), lane=WRITE, owner=self
        )
        handle.on_success(self._on_removed).on_failure(self._place.shell.tell)

    def _on_removed(self, _outcome: Any) -> None:
        self._place.shell.say(_("Contact plan removed; its open callbacks are cancelled"))

    def new_plan(self) -> None:
        """Open the form of a new plan."""
        dialog = PlanDialog(self, self._place, self._listed())
        dialog.saved.connect(self._on_made)
        dialog.open()

    def _on_made(self, key: object) -> None:
        if isinstance(key, int):
            self._key = key
            self._place.shell.say(_("Contact plan made; its callbacks stand in the queue"))


class PlanDialog(FormDialog):
    """A new plan: name, span, who is called, who calls."""

    def __init__(self, parent: QWidget, place: Workplace, listed: Query) -> None:
        super().__init__(parent, place, _("New contact plan"), _("Make plan"))
        self._latest = Latest(place.runner, self)  # an older count must not come after a newer one
        words = Words(place.desk)
        first = customer_tiers.today(place.desk)
        last = first.replace(day=1)
        month = last.month + 3 - (last.month - 1) % 3  # first month of the next quarter
        last = last.replace(year=last.year + (month > 12), month=(month - 1) % 12 + 1)
        last = last.fromordinal(last.toordinal() - 1)
        self.form.add("name", _("Contact plan"), TextField("", 60), span=2, required=True)
        starts, ends = DateField(_("Without end")), DateField(_("Without end"))
        self.form.add("starts_on", _("First day"), starts)
        self.form.add("ends_on", _("Last day"), ends)
        members = [
            Choice("key", _("All key customers")),
            Choice("listed", _("The customers that the list shows")),
        ]
        self._listed = listed
        self.form.add("members", _("Who is called"), ChoiceField(members), span=2)
        ways = [
            Choice("manager", _("The named manager, else in turn")),
            Choice("spread", _("Everybody chosen, in turn")),
        ]
        self.form.add("way", _("Who calls"), ChoiceField(ways))
        self.form.add(
            "people", _("In turn"), ManyField(words.people(), pgettext("manager", "Nobody"))
        )
        quarter = f"{first.year}Q{(first.month - 1) // 3 + 1}"
        self.form.populate(
            {
                "name": _("Key customers {quarter}").format(quarter=quarter),
                "starts_on": first.isoformat(), "ends_on": last.isoformat(), "way": "manager", "members": "key",
                "people": [place.desk.actor.id],
            }
        )  # fmt: skip
        for field in (starts, ends):
            field.require()
        self.form.edited.connect(self._on_edited)
        self.form.editor("name").setFocus()
        self._count()

    def _on_edited(self, key: str) -> None:
        if key == "members":
            self._count()

    def _query(self) -> Query:
        if self.form.editor("members").value() == "listed":
            return self._listed
        return Query("customer").where("tier", Op.IN, "key")

    def _count(self) -> None:
        """Say how many will be on the list."""
        desk, query = self.place.desk, self._query()

        def work(_context: JobContext) -> tuple[int, int]:
            return (
                queries.count(desk, query),
                queries.count(desk, query.where("opt_out", Op.IN, 1)),
            )

        self._latest.start(work).on_success(self._say_count).on_failure(self.place.shell.tell)

    def _say_count(self, counts: tuple[int, int]) -> None:
        text = _("{n} customers; {out} of them refuse callbacks and get none.")
        self.advise(text.format(n=counts[0], out=counts[1]))

    def save(self) -> None:
        """Make the plan."""
        desk, values, query = self.place.desk, self.form.values(), self._query()
        listed = values["members"] == "listed"

        def work() -> Outcome[int]:
            chosen = list(queries.DeskRows(desk, query).ids(ImmediateContext())) if listed else None
            return contact_plans.create(
                desk, values["name"] or "", values["starts_on"] or "", values["ends_on"] or "",
                customers=chosen, by_manager=values["way"] == "manager", people=values["people"],
            )  # fmt: skip

        self.write(work)
