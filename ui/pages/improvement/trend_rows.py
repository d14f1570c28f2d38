"""Columns and words of what rises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.domain.chart import ChartKind, ChartSpec, Reference, Series
from svcdesk.i18n.catalog import N_, _, ngettext, pgettext
from svcdesk.i18n.labels import code_label
from svcdesk.services import trends
from svcdesk.services.trends import Rise
from ui.models.columns import Cell, ColumnDef
from ui.pages.wording import STATUS_ICONS

if TYPE_CHECKING:
    from svcdesk.services.trends import Case, Finding, Look
    from ui.pages.wording import Words

KINDS = {  # kind of subject -> its name, its icon
    "volume": (N_("All records"), "inbox"),
    "issue": (N_("Issue type"), "tag"),
    "issue_sub": (N_("Issue subtype"), "tag"),
    "category": (N_("Complaint category"), "tag"),
    "category_sub": (N_("Complaint subcategory"), "tag"),
    "product": (N_("Product"), "box"),
    "product_category": (N_("Product category"), "box"),
    "word": (N_("Word"), "text"),
}
STATUSES = {"ticket": "TicketStatus", "complaint": "ComplaintStatus"}
LEAST_LINE = 0.05  # records; less is expected to be none
SURE = 1_000_000  # beyond, a chance is no longer told exactly


@dataclass(frozen=True)
class Row:
    """A finding with its place in the list."""

    id: int
    finding: Finding


def name(found: Finding) -> str:
    """Return what a finding is about."""
    if found.kind == "volume":
        return _("All complaints") if found.scope == trends.COMPLAINT else _("All tickets")
    return f"“{found.name}”" if found.kind == "word" else found.name


def named(found: Finding) -> str:
    """Return a finding with its kind, as one under another is told."""
    return f"{_(KINDS[found.kind][0])} {name(found)}"


def ratio(found: Finding) -> str:
    """Return how many times what was expected."""
    if found.rise is Rise.NEW or found.ratio is None:
        return pgettext("trend", "new")
    return f"×{found.ratio:.1f}"


def chance(found: Finding) -> str:
    """Return the chance that it is accident, as one in so many."""
    if found.chance * SURE < 1:
        return f"< 1 : {SURE:,}"
    return f"1 : {1 / found.chance:,.0f}"


def weighed(found: Finding) -> str:
    """Return how sure it is and since when it goes on, as a sentence."""
    text = _("The chance that it is accident: {chance}. Above its mean since the week of {day}.")
    return text.format(chance=chance(found), day=found.since)


def became(found: Finding) -> Cell:
    """Return the open item about the same, or that somebody said no."""
    if found.item is not None:
        return Cell(found.item[1], "trending-up", icon_colour="accent")
    if found.declined is not None:
        return Cell(_("Declined"), "x", "text-2", tip=found.declined[1])
    return Cell("")


def columns() -> list[ColumnDef]:
    """Return the columns of the findings."""

    def kind(row: Row) -> Cell:
        label, icon = KINDS[row.finding.kind]
        return Cell(_(label), icon, icon_colour="text-2")

    def subject(row: Row) -> Cell:
        tip = "\n".join([name(row.finding), *map(named, row.finding.also)])
        return Cell(name(row.finding), tip=tip)

    def expected(row: Row) -> Cell:
        return Cell(f"{row.finding.expected:.1f}")

    def odds(row: Row) -> Cell:
        return Cell(chance(row.finding), tip=_("How often chance alone would do it"))

    return [
        ColumnDef("kind", pgettext("trend", "Kind"), kind, 126, drop=3),
        ColumnDef("subject", _("What rises"), subject, 130, stretch=True, elide=True),
        ColumnDef("count", pgettext("trend", "This week"), lambda r: Cell(f"{r.finding.count:,}"), 84, right=True),
        ColumnDef("expected", pgettext("trend", "Expected"), expected, 80, right=True, drop=2),
        ColumnDef("ratio", _("Times"), lambda r: Cell(ratio(r.finding)), 60, right=True, drop=1),
        ColumnDef("chance", _("Chance"), odds, 104, right=True, drop=4),
        ColumnDef("since", pgettext("trend", "Since"),
                  lambda r: Cell(r.finding.since.strftime("%m-%d")), 64, right=True, drop=5),
        ColumnDef("became", _("Became"), lambda r: became(r.finding), 120, drop=2),
    ]  # fmt: skip


def case_columns(words: Words) -> list[ColumnDef]:
    """Return the columns of the records behind a finding."""

    def status(case: Case) -> Cell:
        icon, ink = STATUS_ICONS[case.status]
        known = code_label("TicketStatus", case.status)
        if known == case.status:
            known = code_label("ComplaintStatus", case.status)
        return Cell(known, icon, icon_colour=ink)

    return [
        ColumnDef("number", _("No."), lambda c: Cell(c.number), 128),
        ColumnDef("title", _("Case"), lambda c: Cell(c.title, tip=c.title), 140, stretch=True,
                  elide=True),
        ColumnDef("customer", _("Customer"),
                  lambda c: Cell(words.customer(c.customer, c.customer_kind)), 84, drop=3),
        ColumnDef("product", _("Product"), lambda c: Cell(c.product or ""), 90, elide=True, drop=2),
        ColumnDef("at", _("Received"), lambda c: Cell(words.time(c.at)), 96, right=True, drop=1),
        ColumnDef("status", _("Status"), status, 96, drop=4),
    ]  # fmt: skip


def chart(found: Finding) -> ChartSpec:
    """Return the weeks of a finding as columns, the one in question set in bold."""
    told = _("expected {n}").format(n=f"{found.expected:.1f}")
    line = (Reference(round(found.expected, 1), told),) if found.expected >= LEAST_LINE else ()
    return ChartSpec(
        ChartKind.COLUMNS, name(found), tuple(week.strftime("%m-%d") for week in found.weeks),
        (Series(pgettext("trend", "Records"), tuple(map(float, found.counts))),),
        references=line, emphasis=len(found.weeks) - 1,
        note=_("by week"),
    )  # fmt: skip


def looked_at(look: Look) -> str:
    """Return what was looked at, in words."""
    if not look.weeks:
        return _("There are no four whole weeks of records before this one yet.")
    parts = [
        ngettext("{n} category or product", "{n} categories and products", look.subjects)
        .format(n=f"{look.subjects:,}"),
        ngettext("{n} word", "{n} words", look.tested.get("word", 0))
        .format(n=f"{look.tested.get('word', 0):,}"),
    ]  # fmt: skip
    text = _("{subjects} in {n} weeks, {records} records")
    return text.format(subjects=_(", ").join(parts), n=len(look.weeks),
                       records=f"{sum(look.volumes):,}")  # fmt: skip
