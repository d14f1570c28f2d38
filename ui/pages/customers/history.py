"""Rows of a customer's history and of what is promised to him, and where each of them opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.i18n.catalog import N_, _, pgettext
from svcdesk.i18n.labels import code_label
from ui.models.columns import Cell, ColumnDef
from ui.pages.wording import Words, yuan

if TYPE_CHECKING:
    from svcdesk.services.customer_page import CustomerPage, Entry, Promise
    from svcdesk.services.desk import Desk

FACES: dict[str, tuple[str, str, str]] = {
    # source -> icon, ink, name
    "ticket": ("inbox", "text-2", N_("Ticket")),
    "complaint": ("message-square-warning", "danger", N_("Complaint")),
    "callback": ("phone", "text-2", N_("Callback")),
    "survey": ("target", "text-2", N_("Survey answer")),
    "visit": ("wrench", "text-2", N_("Visit")),
    "order": ("box", "text-2", N_("Order")),
}
STATES = {"ticket": "TicketStatus", "complaint": "ComplaintStatus", "callback": "CallbackState",
          "visit": "VisitOutcome"}  # fmt: skip
PAGES = {"ticket": "tickets", "complaint": "complaints", "callback": "callbacks",
         "visit": "tickets"}  # fmt: skip


@dataclass(frozen=True)
class History:
    """One entry of the history under a key of its own: a visit shares its ticket's record."""

    id: int
    source: str
    record_id: int
    number: str
    title: str
    state: str
    at: int
    note: str

    @classmethod
    def of(cls, entry: Entry) -> History:
        """Return the row of an entry."""
        return cls(*entry)

    def words(self) -> str:
        """Return what it is about."""
        if self.source == "callback":
            return " ".join((code_label("CallbackKind", self.title), self.note)).strip()
        return self.title

    def outcome(self) -> str:
        """Return its state, score or amount."""
        if self.source == "survey":
            return _("score {n}").format(n=self.state) if self.state else ""
        if self.source == "order":
            return yuan(int(self.note)) if self.note else ""
        if self.source == "visit" and self.state == "planned":
            return pgettext("visit", "planned")
        return code_label(STATES[self.source], self.state)


def targets(detail: CustomerPage) -> dict[int, tuple[str, int]]:
    """Return where each row opens: (page, key); answers and orders have no page of their own."""
    found = {
        entry.id: (PAGES[entry.source], entry.record_id)
        for entry in detail.history
        if entry.source in PAGES
    }
    for promise in detail.promises:
        found[promise.id] = (PAGES[promise.kind], promise.record_id)
    return found


def history_columns(desk: Desk) -> list[ColumnDef]:
    """Return the columns of the history."""
    words = Words(desk)

    def kind(row: History) -> Cell:
        icon, ink, name = FACES[row.source]
        return Cell(_(name), icon, icon_colour=ink)

    return [
        ColumnDef("at", _("Time"), lambda r: Cell(words.time(r.at), colour="text-2",
                  tip=words.full_time(r.at)), 92),
        ColumnDef("kind", _("Kind"), kind, 128),
        ColumnDef("number", pgettext("record", "Number"), lambda r: Cell(r.number, colour="text-2"), 118, drop=1),
        ColumnDef("title", _("Title"), lambda r: Cell(r.words(), tip=r.words()), 160,
                  stretch=True, elide=True),
        ColumnDef("state", _("Status"), lambda r: Cell(r.outcome(), colour="text-2"), 96, elide=True),
    ]  # fmt: skip


def promise_columns(desk: Desk) -> list[ColumnDef]:
    """Return the columns of what is promised."""
    words = Words(desk)

    def kind(row: Promise) -> Cell:
        icon, ink, name = FACES[row.kind]
        return Cell(_(name), icon, icon_colour=ink)

    def due(row: Promise) -> Cell:
        late = row.at < words.now()
        text = words.time(row.at)
        if late:
            tip = _("Overdue since {time}").format(time=words.full_time(row.at))
            return Cell(text, "circle-alert", "danger", tip=tip)
        return Cell(text, "clock", icon_colour="text-2", tip=words.full_time(row.at))

    def title(row: Promise) -> Cell:
        text = code_label("CallbackKind", row.title) if row.kind == "callback" else row.title
        return Cell(text, tip=text)

    return [
        ColumnDef("at", _("Due"), due, 118),
        ColumnDef("kind", _("Kind"), kind, 128),
        ColumnDef(
            "number",
            pgettext("record", "Number"),
            lambda r: Cell(r.number, colour="text-2"),
            118,
            drop=1,
        ),
        ColumnDef("title", _("Title"), title, 160, stretch=True, elide=True),
    ]
