"""Columns, views and filters of the customer list."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from svcdesk.domain.customer import CustomerKind, Tier
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from svcdesk.services.queries import CustomerRow, Op, Query
from ui.models.columns import Cell, ColumnDef
from ui.pages.wording import DASH, Words, yuan
from ui.widgets.filter_bar import FilterDef
from ui.widgets.tabs import TabDef

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svcdesk.services.desk import Desk


def reasons_text(desk: Desk, reasons: Iterable[str]) -> str:
    """Return why somebody is a key customer; the share is the one that is set."""
    share = desk.reference.settings["key_share"]
    texts = [
        _("Top {n} % by spend").format(n=share)
        if reason == "top_spend"
        else code_label("TierReason", reason)
        for reason in reasons
    ]
    return _(", ").join(texts)


class CustomerCells:
    """Makes the cells of one customer row."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._words = Words(desk)

    def number(self, row: CustomerRow) -> Cell:
        """Return the number."""
        return Cell(row.number, colour="text-2")

    def name(self, row: CustomerRow) -> Cell:
        """Return the masked name, with the mark of key customers."""
        name = self._words.customer(row.name, row.kind)
        if row.tier == "key":
            tip = _("{name}, key customer").format(name=name)
            return Cell(name, "gem", icon_colour="violet", tip=tip)
        return Cell(name)

    def phone(self, row: CustomerRow) -> Cell:
        """Return the masked first phone."""
        phones = json.loads(row.phones)
        more = f" +{len(phones) - 1}" if len(phones) > 1 else ""
        return Cell(self._words.phone(phones[0]) + more if phones else DASH, colour="text-2")

    def tier(self, row: CustomerRow) -> Cell:
        """Return tier and reasons."""
        if row.tier != "key":
            return Cell(code_label("Tier", "normal"), colour="text-2")
        reasons = reasons_text(self._desk, json.loads(row.tier_reasons))
        return Cell(reasons or code_label("Tier", "key"), tip=reasons)

    def tickets(self, row: CustomerRow) -> Cell:
        """Return open and all tickets."""
        text = f"{row.open_tickets:,} / {row.tickets:,}"
        tip = _("{open} open of {all} tickets").format(open=row.open_tickets, all=row.tickets)
        return Cell(text, colour="text" if row.open_tickets else "text-2", tip=tip)

    def complaints(self, row: CustomerRow) -> Cell:
        """Return the complaints of 12 months."""
        return Cell(str(row.complaints_12m), colour="text" if row.complaints_12m else "text-3")

    def spend(self, row: CustomerRow) -> Cell:
        """Return the spend of 12 months."""
        return Cell(yuan(row.spend_12m), colour="text" if row.spend_12m else "text-3")

    def contact(self, row: CustomerRow) -> Cell:
        """Return when he was last in contact."""
        return Cell(
            self._words.day(row.last_contact),
            colour="text-2",
            tip=self._words.full_time(row.last_contact),
        )

    def manager(self, row: CustomerRow) -> Cell:
        """Return the named manager."""
        return Cell(
            self._words.person(row.manager_id), colour="text" if row.manager_id else "text-3"
        )

    def region(self, row: CustomerRow) -> Cell:
        """Return the region."""
        return Cell(row.region or DASH, colour="text-2")

    def opt_out(self, row: CustomerRow) -> Cell:
        """Return whether he refuses callbacks."""
        return Cell(_("No callbacks"), "ban", "text-2") if row.opt_out else Cell("")


def columns(desk: Desk) -> list[ColumnDef]:
    """Return the columns of the list."""
    cells = CustomerCells(desk)
    return [
        ColumnDef("number", _("Customer no."), cells.number, 92, sort="number", drop=4),
        ColumnDef("name", _("Customer"), cells.name, 130, sort="name", elide=True),
        ColumnDef("phone", _("Phone"), cells.phone, 132),
        ColumnDef("tier", _("Customer tier"), cells.tier, 170, stretch=True, sort="tier", elide=True),
        ColumnDef("tickets", _("Open / tickets"), cells.tickets, 104, right=True),
        ColumnDef("complaints", _("Complaints 12 m"), cells.complaints, 116, right=True),
        ColumnDef("spend", _("Spend in 12 months"), cells.spend, 132, right=True, sort="spend_12m"),
        ColumnDef("contact", _("Last contact"), cells.contact, 96, right=True),
        ColumnDef("manager", _("Service manager"), cells.manager, 112, sort="manager_id", drop=2, elide=True),
        ColumnDef("region", _("Region"), cells.region, 110, sort="region", drop=3, elide=True),
        ColumnDef("opt_out", _("Callbacks"), cells.opt_out, 112, sort="opt_out", drop=5),
    ]  # fmt: skip


def views() -> list[TabDef]:
    """Return the saved views."""
    return [
        TabDef("all", _("All customers")),
        TabDef("key", _("Key customers"), "gem", "violet"),
        TabDef("open", _("With open tickets")),
        TabDef("risk", _("May leave"), "triangle-alert", "danger"),
        TabDef("quiet", _("Key, silent for 90 days"), "clock-alert", "warn"),
        TabDef("opt_out", _("No callbacks"), "ban"),
    ]


def view_query(view: str) -> Query:
    """Return the query of a saved view."""
    base = Query("customer", sort="updated_at", descending=True)
    key = Query("customer", sort="spend_12m", descending=True).where("tier", Op.IN, "key")
    if view == "key":
        return key
    if view == "open":
        return base.where("open_tickets", Op.YES)
    if view == "risk":
        return key.where("churn_risk", Op.YES)
    if view == "quiet":
        return key.where("no_contact_90", Op.YES)
    return base.where("opt_out", Op.IN, 1) if view == "opt_out" else base


def filters(desk: Desk) -> list[FilterDef]:
    """Return the conditions that can be set as chips."""
    words = Words(desk)
    return [
        FilterDef("tier", _("Customer tier"), lambda: words.codes("Tier", Tier), pinned=True),
        FilterDef(
            "kind", _("Customer type"), lambda: words.codes("CustomerKind", CustomerKind),
            pinned=True,
        ),
        FilterDef("manager_id", _("Service manager"), words.people, pinned=True),
    ]  # fmt: skip
