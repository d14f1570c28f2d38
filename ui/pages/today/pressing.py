"""The list of what is late or soon will be, whatever kind of record it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from svcdesk.domain.deadlines import Deadline, Kind
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.services import deadlines
from ui.jobs.runner import Latest
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.wording import DASH, Words, due_width
from ui.widgets.data_table import DataTable
from ui.widgets.tabs import TabDef, TabRow, tab_head

if TYPE_CHECKING:
    from collections.abc import Callable

    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

ICONS = {
    Kind.RESPONSE: "message-square-reply", Kind.RESOLUTION: "inbox",
    Kind.COMPLAINT: "message-square-warning", Kind.CALLBACK: "phone", Kind.HANDOFF: "building-2",
    Kind.VISIT: "wrench", Kind.ACTION: "lightbulb", Kind.COMPLAINT_ACK: "phone-call",
    Kind.COMPLAINT_INTERIM: "message-square-reply", Kind.COMPLAINT_ANSWER: "message-square-reply",
    Kind.COMPLAINT_TASK: "building-2", Kind.CASE: "landmark", Kind.EXPOSURE: "siren",
}  # fmt: skip


def kind_name(kind: Kind) -> str:
    """Return what has the deadline."""
    return {
        Kind.RESPONSE: pgettext("deadline", "First response"),
        Kind.RESOLUTION: pgettext("deadline", "Resolution"),
        Kind.COMPLAINT: pgettext("deadline", "Complaint"),
        Kind.COMPLAINT_ACK: pgettext("deadline", "First contact"),
        Kind.COMPLAINT_INTERIM: pgettext("deadline", "Interim feedback"),
        Kind.COMPLAINT_ANSWER: pgettext("deadline", "Answer"),
        Kind.COMPLAINT_TASK: pgettext("deadline", "Department's answer"),
        Kind.CASE: pgettext("deadline", "External case"),
        Kind.EXPOSURE: pgettext("deadline", "Exposure note"),
        Kind.CALLBACK: pgettext("deadline", "Callback"),
        Kind.HANDOFF: pgettext("deadline", "Department's answer"),
        Kind.VISIT: pgettext("deadline", "Visit"),
        Kind.ACTION: pgettext("deadline", "Measure"),
    }[kind]


class _Line:
    """A deadline as a row of the table."""

    def __init__(self, place: int, deadline: Deadline) -> None:
        self.id = place + 1
        self.deadline = deadline


class PressingList(QFrame):
    """Views: all, mine, late, soon; Enter opens the record."""

    opened = Signal(object)  # Deadline
    counted = Signal(int, int)  # late, soon

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.setProperty("box", "surface")
        self._place = place
        self._words = Words(place.desk)
        self._found: list[Deadline] = []
        self._lines: dict[int, _Line] = {}
        self._now = 0
        self._latest = Latest(place.runner, self)
        self.tabs = TabRow(
            [
                TabDef("all", _("All")),
                TabDef("mine", _("Mine")),
                TabDef("late", _("Overdue"), "circle-alert", "danger"),
                TabDef("soon", _("Soon"), "clock-alert", "warn"),
            ]
        )
        self.tabs.choose("all")
        self.tabs.chosen.connect(self._show)
        self._model = RowWindowModel(self._columns(), place.runner, self)
        self.table = DataTable(self._model, "pressing")
        self.table.opened.connect(self._on_opened)
        self._model.counted.connect(self._on_counted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(tab_head(self.tabs))
        column.addWidget(self.table, 1)

    def _columns(self) -> list[ColumnDef]:
        w = self._words

        def cell(act: Callable[[Deadline], Cell]) -> Callable[[_Line], Cell]:
            return lambda line: act(line.deadline)

        return [
            ColumnDef("left", _("Time left"), cell(self._left), due_width()),
            ColumnDef("due", _("Due"), cell(lambda d: Cell(w.deadline(d.due_at))), 150),
            ColumnDef(
                "kind", _("Deadline of"),
                cell(lambda d: Cell(kind_name(d.kind), ICONS[d.kind], icon_colour="text-2")), 130,
            ),
            ColumnDef("number", _("Record no."), cell(lambda d: Cell(d.number)), 130),
            ColumnDef("title", _("Title"), cell(lambda d: Cell(d.title)), 200, stretch=True,
                      elide=True),
            ColumnDef("customer", _("Customer"), cell(self._customer), 110, drop=2),
            ColumnDef("owner", _("Owner"), cell(lambda d: Cell(w.person(d.owner_id))), 90),
            ColumnDef("department", _("Department"), cell(lambda d: Cell(w.item(d.department_id))),
                      90, drop=1),
        ]  # fmt: skip

    def _customer(self, deadline: Deadline) -> Cell:
        if not deadline.customer:
            return Cell(DASH, colour="text-3")
        name = self._words.customer(deadline.customer, deadline.customer_kind)
        if not deadline.key_customer:
            return Cell(name)
        return Cell(name, "gem", icon_colour="violet",
                    tip=_("{name}, key customer").format(name=name))  # fmt: skip

    def _left(self, deadline: Deadline) -> Cell:
        calendar = self._place.desk.reference.calendar
        if deadline.is_late(self._now):
            seconds = calendar.business_seconds(deadline.due_at, self._now)
            time = (self._words.working(seconds) if seconds
                    else self._words.calendar_time(self._now - deadline.due_at))  # fmt: skip
            return Cell(_("Overdue {time}").format(time=time), "circle-alert", "danger", bold=True)
        left = calendar.business_seconds(self._now, max(self._now, deadline.due_at))
        time = (self._words.working(left) if left
                else self._words.calendar_time(deadline.due_at - self._now))  # fmt: skip
        soon = deadline.is_soon(self._now)
        return Cell(_("{time} left").format(time=time), "clock-alert" if soon else "clock",
                    "warn" if soon else "text-2")  # fmt: skip

    # --- showing -------------------------------------------------------------------------

    def reload(self) -> None:
        """Look again, in the background."""
        desk = self._place.desk

        def work(_context: JobContext) -> list[Deadline]:
            return deadlines.pressing(desk)

        self._latest.start(work).on_success(self._on_found).on_failure(self._place.shell.tell)

    def _on_found(self, found: list[Deadline]) -> None:
        self._found = found
        self._now = self._place.desk.clock.now()
        for key in ("all", "mine", "late", "soon"):
            self.tabs.set_count(key, len(self._of(key)))
        self._show(self.tabs.key())
        self.counted.emit(len(self._of("late")), len(self._of("soon")))

    def _of(self, view: str) -> list[Deadline]:
        if view == "mine":
            return [d for d in self._found if d.owner_id == self._place.desk.actor.id]
        if view == "late":
            return [d for d in self._found if d.is_late(self._now)]
        if view == "soon":
            return [d for d in self._found if d.is_soon(self._now)]
        return self._found

    def _show(self, view: str) -> None:
        self.tabs.choose(view)
        # what still can be kept comes first, the longest overdue last
        found = sorted(
            self._of(view), key=lambda d: (d.is_late(self._now), abs(d.due_at - self._now))
        )
        self._lines = {line.id: line for line in (_Line(n, d) for n, d in enumerate(found))}
        self.table.empty.set("circle-check", _("Nothing is overdue or about to be."))
        self._model.show(RecordList(list(self._lines.values())))

    def _on_counted(self, count: int) -> None:
        if count and self.table.current_id() is None:
            self.table.step(0)

    def _on_opened(self, key: object) -> None:
        line = self._lines.get(key) if isinstance(key, int) else None
        if line is not None:
            self.opened.emit(line.deadline)
