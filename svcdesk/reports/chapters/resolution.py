"""Resolution: times, one-time resolution, complex issues, overdue tickets (5.2, chapter 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.reports.chapters.ids import RESOLUTION
from svcdesk.reports.model import (
    Column,
    Figure,
    Heading,
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
    blocks += [
        n.say("main", *sentences),
        n.metric_table(t("Resolution figures"), RESOLUTION),
        Heading(t("One-time resolution by agent")),
        Figure(n.columns_by("fcr_rate", "agent"),
               t("One-time resolution rate by agent, % (n below the column, hatched: n < 5)")),
        Heading(t("Complex issues")),
        Figure(n.trend("complex_cycle_wd", n.period.last_months(6)),
               t("Resolution cycle of complex issues in working days, 6 months")),
        Heading(t("Overdue tickets")),
        *_overdue(n),
    ]  # fmt: skip
    return blocks


def _overdue(n: Numbers) -> list[Paragraph | Figure | Table]:
    t = n.t
    count = n.count("overdue_total")
    if not count:
        return [Paragraph(t("No breached ticket in this period."))]
    text = t("{n} breached tickets: {open} still open at the end of the period, {late} resolved late.").format(
        n=count, open=n.count("overdue_open"), late=n.count("late_resolved"))  # fmt: skip
    blocks: list[Paragraph | Figure | Table] = [
        Paragraph(text),
        Figure(n.pareto_chart(t("Reasons for delay"), "overdue_reasons", "overdue_reason"),
               t("Pareto of the reasons for delay (n={n})").format(n=count)),
    ]  # fmt: skip
    rows = report_rows.overdue_tickets(n.board, n.period, t)
    columns = (Column(t("Ticket")), Column(t("Title"), share=0.34), Column(t("Owner")), Column(t("Due")),
               Column(t("Reason for delay")))  # fmt: skip
    if not n.rankings:
        from svcdesk.domain.masking import mask_name

        rows = [(a, b, mask_name(c) if c != "—" else c, d, e) for a, b, c, d, e in rows]
    blocks.append(Table(t("Overdue and open at the end of the period"), columns, tuple(rows)))
    return blocks
