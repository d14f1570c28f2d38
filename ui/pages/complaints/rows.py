"""Columns, views and filters of the complaint log."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from svcdesk.domain.complaint import ComplaintStatus, Severity
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from svcdesk.services.queries import ME, ComplaintRow, Op, Query
from ui.models.choices import Choice
from ui.models.columns import Cell, ColumnDef
from ui.pages.conditions import FLAG, TEXT, TIME, FieldDef, Offer
from ui.pages.periods import period_choices
from ui.pages.wording import DASH, SEVERITY_ICONS, STATUS_ICONS, Words, due_width, fit
from ui.widgets.filter_bar import FilterDef
from ui.widgets.tabs import TabDef

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk

QUIET = frozenset({"rejected", "withdrawn", "merged"})


class ComplaintCells:
    """Makes the cells of one complaint row."""

    def __init__(self, desk: Desk) -> None:
        self._words = Words(desk)

    def number(self, row: ComplaintRow) -> Cell:
        """Return the number."""
        return Cell(row.number, colour="text-3" if row.status in QUIET else "text")

    def title(self, row: ComplaintRow) -> Cell:
        """Return the first words, with the sign of a group or a repeat."""
        bold = row.status == "registered"
        if row.group_id:
            return Cell(
                row.title,
                "users",
                "text",
                "danger",
                bold,
                _("Group complaint: {title}").format(title=row.title),
            )
        if row.is_repeat:
            return Cell(
                row.title,
                "repeat",
                "text",
                "warn",
                bold,
                _("Repeat complaint: {title}").format(title=row.title),
            )
        return Cell(row.title, bold=bold, tip=row.title)

    def customer(self, row: ComplaintRow) -> Cell:
        """Return the masked complainant."""
        name = self._words.customer(row.customer, row.customer_kind)
        if row.tier == "key":
            tip = _("{name}, key customer").format(name=name)
            return Cell(name, "gem", icon_colour="violet", tip=tip)
        return Cell(name)

    def severity(self, row: ComplaintRow) -> Cell:
        """Return the severity."""
        icon, ink = SEVERITY_ICONS[row.severity]
        return Cell(code_label("Severity", row.severity), icon, ink)

    def status(self, row: ComplaintRow) -> Cell:
        """Return the status."""
        icon, ink = STATUS_ICONS[row.status]
        return Cell(code_label("ComplaintStatus", row.status), icon, icon_colour=ink)

    def category(self, row: ComplaintRow) -> Cell:
        """Return the category."""
        return Cell(self._words.item(row.category_id))

    def department(self, row: ComplaintRow) -> Cell:
        """Return the responsible department."""
        return Cell(
            self._words.item(row.resp_dept_id), colour="text" if row.resp_dept_id else "text-3"
        )

    def handler(self, row: ComplaintRow) -> Cell:
        """Return who handles it."""
        return Cell(
            self._words.person(row.handler_id), colour="text" if row.handler_id else "text-3"
        )

    def due(self, row: ComplaintRow) -> Cell:
        """Return the time left."""
        return self._words.remaining(
            row.due_at,
            None,
            ended_at=row.first_resolved_at,
            closed=row.status in QUIET,
            strict=True,
        )

    def channel(self, row: ComplaintRow) -> Cell:
        """Return the channel."""
        return Cell(self._words.item(row.channel_id), colour="text-2")

    def received(self, row: ComplaintRow) -> Cell:
        """Return when it was received."""
        return Cell(
            self._words.time(row.received_at),
            colour="text-2",
            tip=self._words.full_time(row.received_at),
        )

    def received_copy(self, row: ComplaintRow) -> str:
        """Return the full time for a spreadsheet."""
        return self._words.full_time(row.received_at)


def columns(desk: Desk) -> list[ColumnDef]:
    """Return the columns of the log."""
    cells = ComplaintCells(desk)
    return [
        ColumnDef("number", _("Complaint no."), cells.number, 118, sort="number"),
        ColumnDef("title", _("Complaint text"), cells.title, 220, stretch=True, sort="title", elide=True),
        ColumnDef("customer", _("Complainant"), cells.customer, 100, sort="customer", elide=True),
        ColumnDef("severity", _("Severity"), cells.severity, fit("Severity", _("Severity")), sort="severity"),
        ColumnDef("category", _("Category"), cells.category, 110, sort="category_id", elide=True),
        ColumnDef("department", _("Department"), cells.department, 92, sort="resp_dept_id", drop=2, elide=True),
        ColumnDef("status", _("Status"), cells.status, fit("ComplaintStatus", _("Status")), sort="status"),
        ColumnDef("handler", _("Handler"), cells.handler, 76, sort="handler_id", drop=1, elide=True),
        ColumnDef("due", _("Time left"), cells.due, due_width(), sort="due_at"),
        ColumnDef("channel", _("Channel"), cells.channel, 80, sort="channel_id", drop=3, elide=True),
        ColumnDef("received", _("Received"), cells.received, 96, right=True, sort="received_at",
                  copy=cells.received_copy),
    ]  # fmt: skip


def views() -> list[TabDef]:
    """Return the saved views."""
    return [
        TabDef("open", _("Open complaints")),
        TabDef("mine", _("My open complaints")),
        TabDef("overdue", _("Overdue"), "circle-alert", "danger"),
        TabDef("soon", _("Due soon"), "clock-alert", "warn"),
        TabDef("major", _("Major and urgent"), "triangle-alert", "danger"),
        TabDef("repeat", _("Repeat"), "repeat", "warn"),
        TabDef("all", _("Complaint log")),
    ]


def view_query(_desk: Desk, view: str) -> Query:
    """Return the query of a view that comes with the program."""
    base = Query("complaint", sort="due_at", descending=False)
    if view == "mine":
        return base.where("open", Op.OPEN).where("handler_id", Op.IN, ME)
    if view == "overdue":
        return base.where("overdue", Op.OVERDUE)
    if view == "soon":
        return base.where("soon", Op.DUE_SOON)
    if view == "major":
        return base.where("open", Op.OPEN).where("severity", Op.IN, "major", "urgent")
    log = Query("complaint", sort="received_at", descending=True)
    if view == "repeat":
        return log.where("is_repeat", Op.IN, 1)
    return log if view == "all" else base.where("open", Op.OPEN)


def filters(desk: Desk) -> list[FilterDef]:
    """Return the conditions that can be set as chips."""
    words = Words(desk)
    return [
        FilterDef(
            "status",
            _("Status"),
            lambda: words.codes("ComplaintStatus", ComplaintStatus),
            pinned=True,
        ),
        FilterDef("handler_id", _("Handler"), words.people, pinned=True),
        FilterDef("category_id", _("Category"), lambda: words.items("category"), pinned=True),
        FilterDef("severity", _("Severity"), lambda: words.codes("Severity", Severity)),
        FilterDef("resp_dept_id", _("Department"), lambda: words.items("department", tree=True)),
        FilterDef("channel_id", _("Channel"), lambda: words.items("channel")),
        FilterDef(
            "received_at", _("Received"), lambda: period_choices(desk), many=False, pinned=True
        ),
    ]


def offer(desk: Desk) -> Offer:
    """Return what the log offers beyond columns, views and chips."""
    words = Words(desk)

    def people() -> list[Choice]:
        return [Choice(ME, _("Me")), Choice(None, _("Nobody")), *words.people()]

    def name(field: str, value: Any) -> str:
        kinds = {"status": "ComplaintStatus", "severity": "Severity", "tier": "Tier"}
        if value is None:
            return _("Nobody") if field == "handler_id" else DASH
        if field in kinds:
            return code_label(kinds[field], str(value))
        return words.person(int(value)) if field == "handler_id" else words.item(int(value))

    fields = (
        *(
            replace(found, choices=people) if found.key == "handler_id" else found
            for found in map(FieldDef.of, filters(desk))
        ),
        FieldDef(
            "tier", _("Customer tier"), choices=lambda: words.codes("Tier", ("key", "normal"))
        ),
        FieldDef("title", _("Complaint text"), TEXT),
        FieldDef("due_at", _("Due"), TIME),
        FieldDef("closed_at", _("Closed"), TIME),
        FieldDef("flagged", _("Shows abnormal data"), FLAG),
    )
    groups = (
        ("status", _("Status")), ("handler_id", _("Handler")), ("category_id", _("Category")),
        ("severity", _("Severity")), ("resp_dept_id", _("Department")),
        ("channel_id", _("Channel")), ("received_at", _("Day")),
    )  # fmt: skip
    return Offer(fields, groups, name)
