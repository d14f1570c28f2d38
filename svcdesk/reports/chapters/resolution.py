"""Resolution: times, one-time resolution, complex issues, overdue tickets (5.2, chapter 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.localtime import local
from svcdesk.domain.masking import mask_text
from svcdesk.reports.chapters.ids import RESOLUTION
from svcdesk.reports.model import (
    Column,
    Figure,
    Heading,
    Note,
    Paragraph,
    Table,
)
from svcdesk.store import report_rows

if TYPE_CHECKING:
    from svcdesk.reports.draft import Draft
    from svcdesk.reports.figures import Numbers
    from svcdesk.reports.model import Block


def resolution(n: Draft) -> list[Block]:
    """Return the chapter."""
    t = n.t
    blocks: list[Block] = []
    sentences = n.kpi_sentences(("res_sla_rate", "fcr_rate", "first_line_rate", "complex_cycle_wd"))
    months = n.recent()
    blocks += [
        n.say("main", *sentences),
        n.metric_table(t("Resolution figures"), RESOLUTION),
        Heading(t("One-time resolution by agent")),
        n.drawn(n.columns_by("fcr_rate", "agent"),
               t("One-time resolution rate by agent, % (n below the column, hatched: n < 5)")),
        Heading(t("Complex issues")),
        Figure(n.trend("complex_cycle_wd", months),
               t("Resolution cycle of complex issues in working days, {n} months")
               .format(n=len(months))),
        Heading(t("Overdue tickets")),
        *_overdue(n),
    ]  # fmt: skip
    return blocks


def _overdue(n: Numbers) -> list[Block]:
    t = n.t
    count = n.count("overdue_total")
    if not count:
        return [Paragraph(t("No breached ticket in this period."))]
    text = t.n(
        "{n} breached ticket: {open} still open at the end of the period, {late} resolved late.",
        "{n} breached tickets: {open} still open at the end of the period, {late} resolved late.",
        count,
    ).format(n=count, open=n.count("overdue_open"), late=n.count("late_resolved"))
    blocks: list[Block] = [
        Paragraph(text),
        *reasons(n, "overdue_reasons", count),
    ]
    blocks.append(_overdue_open(n))
    return blocks


def reasons(n: Numbers, metric_id: str, count: int) -> list[Figure | Note]:
    """Return the Pareto of the reasons for delay, or that nobody wrote any."""
    t = n.t
    if all(group.key is None for _, group in n.groups(metric_id, "overdue_reason")):
        said = t.n(
            "No reason for delay was filled in for this record.",
            "No reason for delay was filled in for these {n} records.",
            count,
        )
        return [Note(said.format(n=count))]
    chart = n.pareto_chart(t("Reasons for delay"), metric_id, "overdue_reason")
    return [Figure(chart, t("Pareto of the reasons for delay (n={n}; dark: the vital few, dashed line: 80%)")
                   .format(n=count))]  # fmt: skip


def _overdue_open(n: Numbers) -> Table:
    t = n.t
    found = report_rows.overdue_tickets(n.board, n.period)
    rows = tuple(
        (row.number, mask_text(row.title), n.person(row.owner) or "—",
         "—" if row.due_at is None else f"{local(row.due_at, n.board.zone):%Y-%m-%d %H:%M}",
         n.listed(row.reason_id) or t("Not filled in"))
        for row in found
    )  # fmt: skip
    columns = (Column(t("Ticket"), share=0.16), Column(t("Title"), share=0.38),
               Column(t("Owner"), share=0.11), Column(t("Due"), share=0.17),
               Column(t("Reason for delay"), share=0.18))  # fmt: skip
    left = n.count("overdue_open") - len(found)
    notes = (t("… and {n} more").format(n=left),) if left > 0 else ()
    return Table(t("Overdue and open at the end of the period"), columns, rows, wrap=True,
                 notes=notes)  # fmt: skip
