"""A list on paper: A4 across, with view, conditions and count, set like the reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.i18n.catalog import N_, Translator
from svcdesk.reports.model import Column, PageFormat, Paragraph, ReportData, Section, Table
from svcdesk.reports.pdf import document

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from svcdesk.system.job import JobContext

READING = N_("Reading the list")
EVERY = 500  # rows between two looks at whether it is still wanted


@dataclass(frozen=True)
class PaperColumn:
    """A column: its title, its share of the width, and whether its values are figures."""

    title: str
    share: float
    right: bool = False


@dataclass(frozen=True)
class Listing:
    """What is printed: ``rows`` yields ``count`` lines of cells in the order of ``columns``.

    ``printed`` says when and by whom, ``at`` the moment alone.
    """

    title: str
    conditions: tuple[str, ...]
    organisation: str
    confidentiality: str
    printed: str
    at: str
    columns: tuple[PaperColumn, ...]
    count: int
    rows: Iterator[Sequence[str]]


def collect(listing: Listing, t: Translator, context: JobContext) -> ReportData:
    """Read the rows of a list into the report that is drawn."""
    rows = []
    for number, cells in enumerate(listing.rows):
        if number % EVERY == 0:
            context.check()
            context.progress(number, 3 * max(1, listing.count), READING)
        rows.append(tuple(cells))
    whole = sum(column.share for column in listing.columns) or 1
    columns = tuple(
        Column(one.title, right=one.right, share=one.share / whole) for one in listing.columns
    )
    counted = t(N_("{n} records")).format(n=f"{listing.count:,}")
    told = t(N_("; ")).join((*listing.conditions, counted))
    return ReportData(
        t.language, listing.organisation, listing.title, "", listing.printed,
        listing.confidentiality, listing.at, "", "", "", listing.at,
        sections=[Section("list", listing.title, "", [Paragraph(told), Table("", columns, tuple(rows))])],
        page_format=PageFormat.ACROSS,
    )  # fmt: skip


def write(listing: Listing, target: Path, t: Translator, context: JobContext) -> int:
    """Write a list as PDF to ``target`` and return its number of pages."""
    return document.write(collect(listing, t, context), target, context, cover=False)
