"""Columns, views and filters of the ticket list."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from svcdesk.domain.ticket import Priority, RequestType, TicketStatus
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from svcdesk.services import views as saved_views
from svcdesk.services.queries import ME, Query, TicketRow
from ui.models.choices import Choice
from ui.models.columns import Cell, ColumnDef
from ui.pages.conditions import FLAG, LIST, TEXT, TIME, FieldDef, Offer
from ui.pages.periods import period_choices
from ui.pages.wording import DASH, PRIORITY_ICONS, STATUS_ICONS, Words, due_width, fit
from ui.widgets.filter_bar import FilterDef
from ui.widgets.tabs import TabDef

if TYPE_CHECKING:
    from collections.abc import Callable

    from svcdesk.services.desk import Desk

DONE = frozenset({"resolved", "closed", "cancelled", "merged"})
QUIET = frozenset({"cancelled", "merged"})
DUE_KEPT = 5000  # cells


class TicketCells:
    """Makes the cells of one ticket row."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._words = Words(desk)
        self._due: dict[int, tuple[int, int, Cell]] = {}

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
        """Return the time left; kept for a minute, as long as the row stays as it is."""
        minute = self._words.now() // 60
        known = self._due.get(row.id)
        if known is not None and known[:2] == (row.row_version, minute):
            return known[2]
        if len(self._due) > DUE_KEPT:
            self._due.clear()
        cell = self._due_now(row)
        self._due[row.id] = (row.row_version, minute, cell)
        return cell

    def _due_now(self, row: TicketRow) -> Cell:
        if row.status in DONE or row.due_at is None:
            return self._words.remaining(
                row.due_at,
                row.resolution_limit,
                ended_at=row.first_resolved_at if row.status in DONE else None,
                closed=row.status in QUIET,
                strict=row.promised_at is not None,
            )
        now = self._words.now()
        moment = row.waiting_since or now  # the clock stands still while the customer is waited for
        tip = _("due {time}").format(time=self._words.deadline(row.due_at))
        if row.late_at is not None and row.late_at <= moment:
            text = _("Overdue {time}").format(time=self._span(row, row.due_at, moment))
            return Cell(text, "circle-alert", "danger", bold=True, tip=f"{text}, {tip}")
        left = self._span(row, moment, max(moment, row.due_at))
        if row.waiting_since is not None:
            text = _("Paused {time}").format(time=left)
            tip = _("Paused, {time} left").format(time=left)
            return Cell(text, "circle-pause", "text-2", tip=tip)
        text = _("{time} left").format(time=left)
        soon = row.warn_at is not None and row.warn_at <= now
        icon, ink = ("clock-alert", "warn") if soon else ("clock", "text-2")
        tip = _("{text}, due soon, {due}").format(text=text, due=tip) if soon else f"{text}, {tip}"
        return Cell(text, icon, ink, tip=tip)

    def _span(self, row: TicketRow, start: int, end: int) -> str:
        """Return a working time; times promised to the customer run by the clock on the wall."""
        if row.promised_at is not None:
            return self._words.calendar_time(end - start)
        seconds = self._desk.reference.calendar.business_seconds(start, end)
        return self._words.working(seconds)

    def channel(self, row: TicketRow) -> Cell:
        """Return the channel."""
        return Cell(self._words.item(row.channel_id), colour="text-2")

    def issue(self, row: TicketRow) -> Cell:
        """Return the issue type."""
        return Cell(self._words.item(row.issue_id), colour="text-2")

    def updated(self, row: TicketRow) -> Cell:
        """Return when it was touched last."""
        return Cell(
            self._words.time(row.updated_at),
            colour="text-2",
            tip=self._words.full_time(row.updated_at),
        )

    def moment(self, name: str) -> Callable[[TicketRow], Cell]:
        """Return the cell maker of a moment."""

        def cell(row: TicketRow) -> Cell:
            at = getattr(row, name)
            return Cell(self._words.time(at), colour="text-2", tip=self._words.full_time(at))

        return cell

    def full_moment(self, name: str) -> Callable[[TicketRow], str]:
        """Return what a spreadsheet gets of a moment."""
        return lambda row: self._words.full_time(getattr(row, name))

    def text(self, name: str) -> Callable[[TicketRow], Cell]:
        """Return the cell maker of a plain text."""

        def cell(row: TicketRow) -> Cell:
            value = getattr(row, name)
            return Cell(str(value), colour="text-2") if value else Cell(DASH, colour="text-3")

        return cell

    def department(self, row: TicketRow) -> Cell:
        """Return the responsible department."""
        return Cell(self._words.item(row.resp_dept_id), colour="text-2")

    def request_type(self, row: TicketRow) -> Cell:
        """Return what is to be done."""
        return Cell(code_label("RequestType", row.request_type), colour="text-2")

    def first_owner(self, row: TicketRow) -> Cell:
        """Return who took it first."""
        return Cell(self._words.person(row.first_owner_id), colour="text-2")

    def tags(self, row: TicketRow) -> Cell:
        """Return the tags."""
        names = json.loads(row.tags) if row.tags else []
        return Cell("、".join(names), "tag" if names else "", "text-2")

    def checklist(self, row: TicketRow) -> Cell:
        """Return how far the checklist is."""
        if row.checklist is None:
            return Cell("")
        done, _slash, total = row.checklist.partition("/")
        tip = _("{done} of {total} steps of the checklist done").format(done=done, total=total)
        if done == total:
            return Cell(f"{done}/{total}", "circle-check", "text-2", "ok", tip=tip)
        return Cell(f"{done}/{total}", "list", "text-2", tip=tip)


def columns(desk: Desk) -> list[ColumnDef]:
    """Return the columns of the list."""
    cells = TicketCells(desk)
    return [
        ColumnDef("number", _("Ticket no."), cells.number, 112, sort="number"),
        ColumnDef("title", _("Title"), cells.title, 176, stretch=True, sort="title", elide=True),
        ColumnDef("customer", _("Customer"), cells.customer, 84, sort="customer", elide=True),
        ColumnDef("priority", _("Priority"), cells.priority, fit("Priority", _("Priority")), sort="priority", drop=1),
        ColumnDef("status", _("Status"), cells.status, fit("TicketStatus", _("Status")), sort="status"),
        ColumnDef("owner", _("Owner"), cells.owner, 62, sort="owner_id", drop=2, elide=True),
        ColumnDef("due", _("Time left"), cells.due, due_width(), sort="due_at"),
        ColumnDef("issue", _("Issue type"), cells.issue, 110, sort="issue_id", hidden=True, elide=True),
        ColumnDef("channel", _("Channel"), cells.channel, 70, sort="channel_id", drop=4, elide=True),
        _moment(cells, "created", _("Received"), "created_at"),
        ColumnDef("updated", _("Updated"), cells.updated, 92, right=True, sort="updated_at", drop=3,
                  copy=cells.full_moment("updated_at")),
        ColumnDef("product", _("Product"), cells.text("product"), 120, sort="product", hidden=True, elide=True),
        ColumnDef("department", _("Department"), cells.department, 92, sort="resp_dept_id", hidden=True, elide=True),
        ColumnDef("request_type", _("Service type"), cells.request_type,
                  fit("RequestType", _("Service type")), sort="request_type", hidden=True),
        ColumnDef("order_no", _("Order no."), cells.text("order_no"), 120, sort="order_no", hidden=True, elide=True),
        ColumnDef("serial_no", _("Serial no."), cells.text("serial_no"), 120, sort="serial_no", hidden=True, elide=True),
        ColumnDef("region", _("Region"), cells.text("region"), 92, sort="region", hidden=True, elide=True),
        ColumnDef("first_owner", _("First owner"), cells.first_owner, 76, sort="first_owner_id", hidden=True, elide=True),
        _moment(cells, "resolved", _("Resolved"), "resolved_at"),
        _moment(cells, "closed", _("Closed"), "closed_at"),
        ColumnDef("tags", _("Tags"), cells.tags, 120, sort="tags", hidden=True, elide=True),
        ColumnDef("checklist", _("Checklist"), cells.checklist, 76, hidden=True),
    ]  # fmt: skip


def _moment(cells: TicketCells, key: str, label: str, name: str) -> ColumnDef:
    return ColumnDef(key, label, cells.moment(name), 96, right=True, sort=name, hidden=True,
                     copy=cells.full_moment(name))  # fmt: skip


ICONS = {"overdue": ("circle-alert", "danger"), "soon": ("clock-alert", "warn")}


def views() -> list[TabDef]:
    """Return the views that come with the program."""
    return [
        TabDef(view.key, _(view.name), *ICONS.get(view.key, ()))
        for view in saved_views.TICKET_VIEWS
    ]


def view_query(_desk: Desk, view: str) -> Query:
    """Return the query of a view that comes with the program."""
    return saved_views.built_in("ticket", view)


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


def fields(desk: Desk) -> list[FieldDef]:
    """Return what conditions of one's own may ask about, beyond the chips."""
    words = Words(desk)

    def people() -> list[Choice]:
        return [Choice(ME, _("Me")), Choice(None, _("Nobody")), *words.people()]

    return [
        *(
            replace(found, choices=people) if found.key == "owner_id" else found
            for found in map(FieldDef.of, filters(desk))
        ),
        FieldDef(
            "tier", _("Customer tier"), choices=lambda: words.codes("Tier", ("key", "normal"))
        ),
        FieldDef("first_owner_id", _("First owner"), choices=people),
        FieldDef("title", _("Title"), TEXT),
        FieldDef("order_no", _("Order no."), TEXT),
        FieldDef("serial_no", _("Serial no."), TEXT),
        FieldDef("region", _("Region"), TEXT),
        FieldDef("tags", _("Tags"), LIST),
        FieldDef("due_at", _("Due"), TIME),
        FieldDef("updated_at", _("Updated"), TIME),
        FieldDef("resolved_at", _("Resolved"), TIME),
        FieldDef("closed_at", _("Closed"), TIME),
        FieldDef("waiting_department", _("Waits for a department"), FLAG),
        FieldDef("to_call_back", _("To be called back"), FLAG),
        FieldDef("breached", _("Missed a limit"), FLAG),
        FieldDef("reopened", _("Was reopened"), FLAG),
        FieldDef("flagged", _("Shows abnormal data"), FLAG),
    ]


def offer(desk: Desk) -> Offer:
    """Return what the list offers beyond columns, views and chips."""
    return Offer(tuple(fields(desk)), tuple(groups()), partial(group_name, desk))


def groups() -> list[tuple[str, str]]:
    """Return by what the list can be counted: (field, name)."""
    return [
        ("status", _("Status")), ("owner_id", _("Owner")), ("priority", _("Priority")),
        ("channel_id", _("Channel")), ("issue_id", _("Issue type")),
        ("resp_dept_id", _("Department")), ("tier", _("Customer tier")), ("created_at", _("Day")),
    ]  # fmt: skip


def group_name(desk: Desk, field: str, value: Any) -> str:
    """Return the name of one value of a field."""
    words = Words(desk)
    kinds = {"status": "TicketStatus", "priority": "Priority", "tier": "Tier",
             "request_type": "RequestType"}  # fmt: skip
    if value is None:
        return _("Nobody") if field == "owner_id" else DASH
    if field in kinds:
        return code_label(kinds[field], str(value))
    if field == "owner_id":
        return words.person(int(value))
    if isinstance(value, str):
        return value
    return words.item(int(value))
