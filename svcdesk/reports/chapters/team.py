"""The team: training, knowledge written and used, warm-service stories (5.2, chapter 12)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from svcdesk.domain.masking import mask_name, mask_text
from svcdesk.domain.statistics import format_number
from svcdesk.i18n.catalog import N_
from svcdesk.reports.model import Column, Heading, Note, Paragraph, Table
from svcdesk.store import knowledge as store
from svcdesk.store import report_rows

if TYPE_CHECKING:
    from svcdesk.reports.draft import Draft
    from svcdesk.reports.figures import Numbers
    from svcdesk.reports.model import Block
    from svcdesk.store.knowledge import CaseRow

GOAL = 10  # stories a month (S4)
TYPED = {"training_coverage": N_("Training coverage"),
         "newcomer_pass": N_("Newcomers who passed to work on their own")}  # fmt: skip


def team(n: Draft) -> list[Block]:
    """Return the chapter."""
    t = n.t
    blocks: list[Block] = []
    blocks += [Heading(t("Training and knowledge")), _counts(n)]
    picked = store.picked(n.board.run.connection, n.period.code)
    stories = [row for row in picked if row.kind == "praise"]
    cases = [row for row in picked if row.kind == "case"]
    blocks.append(Heading(t("Warm-service stories")))
    blocks += _stories(n, stories)
    text = t("{n} stories picked for this month; the goal is {goal} a month.")
    blocks.append(Note(text.format(n=len(stories), goal=GOAL)))
    if cases:
        blocks.append(Heading(t("Cases to copy")))
        blocks += _stories(n, cases)
    return blocks


def _counts(n: Numbers) -> Table:
    t = n.t
    end = min(n.period.end_at, n.board.as_of)
    found = store.month_counts(n.board.run.connection, n.period.start_at, end)
    typed = report_rows.typed_figures(n.board.run.connection, n.period.code)
    rows = [
        (t(name), format_number(Fraction(typed[key]), 1) + "%")
        for key, name in TYPED.items()
        if typed.get(key) is not None
    ]
    rows += [
        (t("Articles published"), str(found["published"])),
        (t("Articles revised"), str(found["changed"])),
        (t("Tickets in which an article was used"), str(found["used"])),
    ]
    columns = (Column(t("Metric")), Column(t("This month"), right=True))
    return Table(t("Training and knowledge"), columns, tuple(rows))


def _stories(n: Numbers, rows: list[CaseRow]) -> list[Block]:
    """Return each story with its title, whom it came from and who is praised; names are masked."""
    t = n.t
    if not rows:
        return [Paragraph(t("No data in this reporting period."))]
    found: list[Block] = []
    for row in rows:
        customer = ""
        if row.customer is not None:
            customer = mask_name(row.customer, organisation=row.customer_kind == "company")
        facts = [row.number, customer, row.source_number or ""]
        found.append(Heading(mask_text(row.title), 3))
        text = " ".join(mask_text(part) for part in (row.symptom, row.solution) if part)
        found.append(Paragraph(text))
        found.append(Note(" · ".join(fact for fact in facts if fact)))
    return found
