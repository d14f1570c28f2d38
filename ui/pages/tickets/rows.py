"""Columns, views and filters of the ticket list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.ticket import Priority, RequestType, TicketStatus
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from svcdesk.services.queries import Op, Query, TicketRow
from ui.models.choices import Choice
from ui.models.columns import Cell, ColumnDef
from ui.pages.periods import period_choices
from ui.pages.wording import PRIORITY_ICONS, SOON_SECONDS, STATUS_ICONS, Words, due_width, fit
from ui.widgets.filter_bar import FilterDef
from ui.widgets.tabs import TabDef

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk

DONE = frozenset({"resolved", "closed", "cancelled", "merged"})
QUIET = frozenset({"cancelled", "merged"})


class TicketCells:
    """Makes the cells of one ticket row."""

    def __init__(self, desk: Desk) -> None:
        self._words = Words(desk)

    def number(self, row: TicketRow) -> Cell:
        """Return the number."""
        return Cell(row.number, colour="text-3" if row.status in QUIET else "text")

    def title(self, row: TicketRow) -> Cell:
        """Return the title; bold while nobody has taken the ticket."""
        return Cell(row.title, bold=row.status == "new", tip=row.title)

    def customer(self, row: TicketRow) -> Cell:
        """Return the masked customer, with the sign of a key customer."""
        name = self._words.customer(row.customer, row.customer_kind)
        if row.tier == "key":
            tip = _("{name}, key customer").format(name=name)
            return Cell(name, "gem", icon_colour="violet", tip=tip)
        return Cell(name)

    def priority(self, row: TicketRow) -> Cell:
        """Return the priority."""
        icon, ink = PRIORITY_ICONS[row.priority]
        return Cell(code_label("Priority", row.priority), icon, ink)

    def status(self, row: TicketRow) -> Cell:
        """Return the status."""
        icon, ink = STATUS_ICONS[row.status]
        return Cell(code_label("TicketStatus", row.status), icon, icon_colour=ink)

    def owner(self, row: TicketRow) -> Cell:
        """Return who has it."""
        name = self._words.person(row.owner_id)
        return Cell(name, colour="text" if row.owner_id else "text-3")

    def due(self, row: TicketRow) -> Cell:
        """Return the time left."""
        return self._words.remaining(
            row.due_at,
            row.resolution_limit,
            ended_at=row.first_resolved_at if row.status in DONE else None,
            paused=row.status == "pending_customer",
            closed=row.status in QUIET,
            strict=row.resolution_limit is None,
        )

    def channel(self, row: TicketRow) -> Cell:
        """Return the channel."""
        return Cell(self._words.item(row.channel_id), colour="text-2")

    def issue(self, row: TicketRow) -> Cell:
        """Return the issue type."""
        return Cell(self._words.item(row.issue_id), colour="text-2")

    def created(self, row: TicketRow) -> Cell:
        """Return when it came in."""
        return Cell(
            self._words.time(row.created_at),
            colour="text-2",
            tip=self._words.full_time(row.created_at),
        )

    def updated(self, row: TicketRow) -> Cell:
        """Return when it was touched last."""
        return Cell(
            self._words.time(row.updated_at),
            colour="text-2",
            tip=self._words.full_time(row.updated_at),
        )

    def created_copy(self, row: TicketRow) -> str:
        """Return the full time for a spreadsheet."""
        return self._words.full_time(row.created_at)

    def updated_copy(self, row: TicketRow) -> str:
        """Return the full time for a spreadsheet."""
        return self._words.full_time(row.updated_at)


def columns(desk: Desk) -> list[ColumnDef]:
    """Return the columns of the list."""
    cells = TicketCells(desk)
    return [
        ColumnDef("number", _("Ticket no."), cells.number, 112, sort="number"),
        ColumnDef("title", _("Title"), cells.title, 176, stretch=True, sort="title", elide=True),
        ColumnDef("customer", _("Customer"), cells.customer, 84, sort="customer", elide=True),
        ColumnDef("priority", _("Priority"), cells.priority, fit("Priority", _("Priority")), sort="priority"),
        ColumnDef("status", _("Status"), cells.status, fit("TicketStatus", _("Status")), sort="status"),
        ColumnDef("owner", _("Owner"), cells.owner, 62, sort="owner_id", drop=1, elide=True),
        ColumnDef("due", _("Time left"), cells.due, due_width(), sort="due_at"),
        ColumnDef("issue", _("Issue type"), cells.issue, 110, sort="issue_id", hidden=True, elide=True),
        ColumnDef("channel", _("Channel"), cells.channel, 70, sort="channel_id", drop=3, elide=True),
        ColumnDef("created", _("Received"), cells.created, 96, right=True, sort="created_at",
                  hidden=True, copy=cells.created_copy),
        ColumnDef("updated", _("Updated"), cells.updated, 92, right=True, sort="updated_at", drop=2,
                  copy=cells.updated_copy),
    ]  # fmt: skip


def views() -> list[TabDef]:
    """Return the saved views."""
    return [
        TabDef("mine", _("My open tickets")),
        TabDef("open", _("All open")),
        TabDef("overdue", _("Overdue"), "circle-alert", "danger"),
        TabDef("soon", _("Due soon"), "clock-alert", "warn"),
        TabDef("internal", _("Waiting internally")),
        TabDef("customer", _("Waiting for customer")),
        TabDef("all", _("All tickets")),
    ]


def view_query(desk: Desk, view: str) -> Query:
    """Return the query of a saved view."""
    now = desk.clock.now()
    base = Query("ticket", sort="due_at", descending=False)
    if view == "mine":
        return base.where("open", Op.OPEN).where("owner_id", Op.IN, desk.actor.id)
    if view == "overdue":
        return base.where("overdue", Op.OVERDUE, now)
    if view == "soon":
        until = desk.reference.calendar.add_business_seconds(now, SOON_SECONDS)
        return base.where("soon", Op.DUE_SOON, now, until)
    if view in {"internal", "customer"}:
        return base.where("status", Op.IN, f"pending_{view}")
    if view == "all":
        return Query("ticket", sort="created_at", descending=True)
    return base.where("open", Op.OPEN)


def filters(desk: Desk) -> list[FilterDef]:
    """Return the conditions that can be set as chips."""
    words = Words(desk)

    def people() -> list[Choice]:
        return [Choice(None, _("Nobody")), *words.people()]

    return [
        FilterDef(
            "status", _("Status"), lambda: words.codes("TicketStatus", TicketStatus), pinned=True
        ),
        FilterDef("owner_id", _("Owner"), people, pinned=True),
        FilterDef(
            "priority", _("Priority"), lambda: words.codes("Priority", Priority), pinned=True
        ),
        FilterDef("issue_id", _("Issue type"), lambda: words.items("issue")),
        FilterDef("channel_id", _("Channel"), lambda: words.items("channel")),
        FilterDef(
            "created_at", _("Received"), lambda: period_choices(desk), many=False, pinned=True
        ),
        FilterDef(
            "request_type", _("Service type"), lambda: words.codes("RequestType", RequestType)
        ),
        FilterDef("resp_dept_id", _("Department"), lambda: words.items("department", tree=True)),
    ]
