"""Columns of the review of open cases: common causes, and the cases of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.i18n.catalog import _, ngettext, pgettext
from svcdesk.i18n.labels import code_label
from svcdesk.services import open_review
from ui.models.columns import Cell, ColumnDef
from ui.pages.wording import DAY, STATUS_ICONS

if TYPE_CHECKING:
    from svcdesk.domain.period import Period
    from svcdesk.services.desk import Desk
    from svcdesk.services.open_review import Cause, OpenCase, Review
    from ui.pages.wording import Words

ALL = 1  # key of the row that holds every case
STATUSES = {"ticket": "TicketStatus", "complaint": "ComplaintStatus"}


@dataclass(frozen=True)
class CauseRow:
    """A cause under its key in the list; ``ALL`` has none of its own."""

    id: int
    cause: Cause


def cause_rows(review: Review) -> list[CauseRow]:
    """Return the causes, all cases first."""
    whole = open_review.Cause(
        None, len(review.cases), review.reviewed, sum(one.carried for one in review.causes)
    )
    rows = [CauseRow(ALL, whole)] if review.cases else []
    return rows + [CauseRow(ALL + n, one) for n, one in enumerate(review.causes, 1)]


def cause_columns(desk: Desk) -> list[ColumnDef]:
    """Return the columns of the causes."""

    def name(row: CauseRow) -> Cell:
        if row.id == ALL:
            return Cell(_("All open cases"), "inbox", icon_colour="text-2", bold=True)
        unsaid = row.cause.reason_id is None
        text = open_review.cause_name(desk, row.cause.reason_id)
        return Cell(text, "circle-dashed" if unsaid else "tag", "text-2" if unsaid else "text",
                    icon_colour="text-3")  # fmt: skip

    def reviewed(row: CauseRow) -> Cell:
        done = row.cause.reviewed == row.cause.cases
        return Cell(f"{row.cause.reviewed:,}", "circle-check" if done else "", icon_colour="ok")

    return [
        ColumnDef("cause", _("Common cause"), name, 130, stretch=True, elide=True),
        ColumnDef("cases", pgettext("review", "Cases"), lambda r: Cell(f"{r.cause.cases:,}"), 66, right=True),
        ColumnDef("reviewed", pgettext("review", "Reviewed"), reviewed, 84, right=True),
        ColumnDef("carried", _("Carried"), lambda r: Cell(f"{r.cause.carried:,}"), 76, right=True,
                  drop=1),
    ]  # fmt: skip


class CaseCells:
    """Makes the cells of an open case; ``period`` and ``at`` are those of the review."""

    def __init__(self, desk: Desk, words: Words) -> None:
        self._desk = desk
        self._words = words
        self.period: Period | None = None
        self.at = 0

    def state(self, case: OpenCase) -> Cell:
        """Return whether somebody looked at it in this review."""
        if case.reviewed_at is not None:
            return Cell("", "circle-check", icon_colour="ok", tip=pgettext("review", "Reviewed"))
        if case.review_id is not None:
            return Cell("", "forward", icon_colour="text-2",
                        tip=_("Brought along from the month before, not looked at yet"))  # fmt: skip
        return Cell("", "circle-dashed", icon_colour="text-3", tip=_("Not reviewed yet"))

    def title(self, case: OpenCase) -> Cell:
        """Return what it is about, with its status now."""
        icon, ink = STATUS_ICONS[case.status]
        status = code_label(STATUSES[case.entity], case.status)
        tip = "\n".join(filter(None, (f"{case.number}  {case.title}", case.product, status)))
        return Cell(case.title, icon, icon_colour=ink, tip=tip)

    def age(self, case: OpenCase) -> Cell:
        """Return for how many days it had been open."""
        days = max(0, self.at - case.opened_at) // DAY
        return Cell(_("{n} d").format(n=f"{days:,}"), tip=self._words.full_time(case.opened_at))

    def carried(self, case: OpenCase) -> Cell:
        """Return how many months it has been carried."""
        if self.period is None:
            return Cell("")
        n = open_review.carried_months(case, self.period)
        if not n:
            return Cell("")
        tip = ngettext("Open at the end of {n} month before as well",
                       "Open at the end of {n} months before as well", n)  # fmt: skip
        return Cell(f"{n}", colour="danger" if n > 1 else "text", tip=tip.format(n=n))

    def cause(self, case: OpenCase) -> Cell:
        """Return why it is open; a reason that only the record gives stands lighter."""
        reason = open_review.reason_of(case)
        own = case.review_id is None and reason is not None
        text = open_review.cause_name(self._desk, reason) if reason is not None else ""
        return Cell(text, colour="text-2" if own else "text")

    def due(self, case: OpenCase) -> Cell:
        """Return until when the next step is to be done."""
        return Cell(case.due_date[5:] if case.due_date else "", tip=case.due_date or "")


def case_columns(cells: CaseCells, words: Words) -> list[ColumnDef]:
    """Return the columns of the cases."""
    return [
        ColumnDef("state", pgettext("column", "Review"), cells.state, 62),
        ColumnDef("number", _("No."), lambda c: Cell(c.number), 122, drop=6),
        ColumnDef("title", _("Case"), cells.title, 130, stretch=True, elide=True),
        ColumnDef("customer", _("Customer"),
                  lambda c: Cell(words.customer(c.customer, c.customer_kind)), 80, drop=8,
                  elide=True),
        ColumnDef("age", _("Open for"), cells.age, 66, right=True, drop=2),
        ColumnDef("carried", _("Carried"), cells.carried, 64, right=True, drop=3),
        ColumnDef("cause", _("Cause"), cells.cause, 100, elide=True, drop=4),
        ColumnDef("next", _("Next step"), lambda c: Cell(c.next_step, tip=c.next_step), 104,
                  elide=True, drop=1),
        ColumnDef("owner", _("In charge"), lambda c: Cell(
            words.person(c.owner_id) if c.owner_id is not None else ""), 64, elide=True, drop=5),
        ColumnDef("due", _("Due"), cells.due, 62, drop=5),
        ColumnDef("item", _("Item"), lambda c: Cell(c.item_no or ""), 116, drop=9),
    ]  # fmt: skip
