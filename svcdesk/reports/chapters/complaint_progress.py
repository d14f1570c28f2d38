"""How far complaints are, what is late and why, what customers say of it (5.3, chapters 6, 7, 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain import narrative
from svcdesk.domain.chart import ChartKind, ChartSpec, Series
from svcdesk.domain.localtime import DAY, local
from svcdesk.domain.masking import mask_name, mask_text
from svcdesk.reports import tables
from svcdesk.reports.chapters.complaints import delay_reasons
from svcdesk.reports.chapters.ids import COMPLAINT_CLASSES
from svcdesk.reports.chapters.resolution import reasons
from svcdesk.reports.model import Column, Figure, Heading, Note, Table
from svcdesk.store import report_lists

if TYPE_CHECKING:
    from svcdesk.domain.period import Period
    from svcdesk.reports.draft import Draft
    from svcdesk.reports.model import Block

COLUMNS = 6  # months that stand side by side on a page
PROGRESS = ("completion_rate", "closure_rate", "timely_rate", "ack_rate", "clearance_ratio",
            "handling_mean_days")  # fmt: skip
FEEDBACK = ("handling_csat_mean", "handling_csat_rate", "complaint_resolution_rate")
TRACKED = ("completion_rate", "csat_mean", "complaint_resolution_rate", "handling_mean_days",
           "second_rate", "repeat_rate")  # fmt: skip
AGES = ((3, "≤3"), (7, "4–7"), (15, "8–15"), (30, "16–30"))
LISTED = 30
LOW = (1, 2)  # scores that ask for a reason (4.9)


def progress(n: Draft) -> list[Block]:
    """Return the chapter: completion, what is open by age, what is overdue and why."""
    t = n.t
    causes = delay_reasons(n)
    late = n.count("complaint_overdue_open") + n.count("complaint_late_resolved")
    blocks: list[Block] = [
        n.say(
            "main",
            *n.kpi_sentences(("completion_rate", "timely_rate")),
            narrative.overdue(t, still_open=n.count("complaint_overdue_open"),
                              late=n.count("complaint_late_resolved"), reasons=causes),
        ),
        n.metric_table(t("Progress of complaints"), PROGRESS),
        Figure(
            _completion(n),
            t("Share of complaints that were settled, {n} months").format(n=len(n.recent())),
        ),
        Heading(t("Open complaints by age")),
        _open_by_age(n),
        Heading(t("Overdue and not settled")),
        _overdue(n),
    ]  # fmt: skip
    if late:
        blocks += reasons(n, "complaint_overdue", late)
    return blocks


def _completion(n: Draft) -> ChartSpec:
    """Return the outcomes of each month's complaints as 100 %."""
    months = n.recent()
    found = n.board.figures(list(COMPLAINT_CLASSES), months)
    from svcdesk.i18n.labels import code_label

    return ChartSpec(
        ChartKind.STACKED,
        n.t("Outcomes by month"),
        tuple(month.code for month in months),
        tuple(
            Series(
                code_label("ComplaintClass", m.removeprefix("complaint_"), n.t),
                tuple(tables.as_float(found[m][month.code]) for month in months),
            )
            for m in COMPLAINT_CLASSES
        ),
        hatched=frozenset({4}),
        share=True,
        metric="completion_rate",
    )


def _until(n: Draft) -> Period:
    """Return all time up to the end of the period: what is open may be older than it."""
    from dataclasses import replace
    from datetime import date

    return replace(n.period, kind="range", start=date(2000, 1, 1))


def _open_by_age(n: Draft) -> Table:
    t = n.t
    cut = min(n.period.end_at, n.board.as_of)
    span = _until(n)
    numbers = [
        number
        for metric_id in ("complaint_overdue_open", "complaint_not_yet_due")
        for number in n.board.drill(metric_id, span, "den")
    ]
    ages = report_lists.ages(n.board.run.connection, numbers, cut)
    counts = dict.fromkeys((*(label for _, label in AGES), ">30"), 0)
    for age in ages:
        days = -(-age // DAY)
        counts[next((label for most, label in AGES if days <= most), ">30")] += 1
    rows = [
        (t("{days} days").format(days=label), str(count), n.share_text(count, len(ages)))
        for label, count in counts.items()
    ]
    rows.append((t("Total"), str(len(ages)), n.share_text(len(ages), len(ages))))
    columns = (Column(t("Age in calendar days")), Column(t.p("state", "Open"), right=True, adds=True),
               Column(t("Share"), right=True))  # fmt: skip
    return Table(t("Open complaints at the end of the period, of whatever month"), columns,
                 tuple(rows), total=True)  # fmt: skip


def _overdue(n: Draft) -> Table:
    t = n.t
    numbers = n.board.drill("complaint_overdue_open", _until(n), "den")
    cut = min(n.period.end_at, n.board.as_of)
    rows = tuple(
        (row.number, n.listed(row.category_id), n.listed(row.department_id) or "—",
         str(max(0, -(-(cut - row.due_at) // DAY))),
         n.listed(row.reason_id) or t("Not filled in"), row.plan or t("Not filled in"),
         n.person(row.owner) or "—")
        for row in report_lists.overdue(n.board.run.connection, numbers, LISTED)
    )  # fmt: skip
    columns = (
        Column(t("Complaint no."), share=0.15), Column(t("Category"), share=0.17),
        Column(t("Department"), share=0.14), Column(t("Days overdue"), right=True, share=0.1),
        Column(t("Reason"), share=0.15), Column(t("Plan"), share=0.19),
        Column(t("Owner"), share=0.1),
    )  # fmt: skip
    left = len(numbers) - LISTED
    notes = (t("… and {n} more").format(n=left),) if left > 0 else ()
    return Table(t("Overdue cases that are not settled, the longest overdue first"), columns, rows,
                 wrap=True, notes=notes)  # fmt: skip


def feedback(n: Draft) -> list[Block]:
    """Return the chapter: what complainants say of the handling."""
    t = n.t
    groups = n.groups("handling_csat_mean", "handling_csat")
    scores = {str(group.key): group.figure.n for _, group in groups}
    shown = [(str(score), float(scores.get(str(score), 0))) for score in (5, 4, 3, 2, 1)]
    return [
        n.say("main", *n.kpi_sentences(("handling_csat_mean", "handling_csat_rate"))),
        n.metric_table(t("Satisfaction with the handling"), FEEDBACK),
        Figure(
            ChartSpec(
                ChartKind.STACKED, t("Scores of the handling"), ("",),
                tuple(Series(t("{n} points").format(n=name), (value,)) for name, value in shown),
                graded=True, metric="handling_csat_mean",
            ),
            t("Scores of the handling in five levels (n={n})").format(
                n=n.figure("handling_csat_mean").n),
        ),
        Heading(t("Low scores of the handling")),
        _dissatisfied(n, sum(group.figure.n for _, group in groups if group.key in LOW)),
    ]  # fmt: skip


def _dissatisfied(n: Draft, count: int) -> Table | Note:
    """Return the complaints scored 2 and less, masked, with what customers said (5.3, chapter 7)."""
    t, zone = n.t, n.board.zone
    if not n.figure("handling_csat_mean").n:
        return Note(t("No data in this reporting period."))
    if not count:
        return Note(t("No handling was scored 2 or less."))
    numbers = n.board.drill("handling_csat_mean", n.period, "den")
    found = report_lists.dissatisfied(n.board.run.connection, numbers, max(LOW), LISTED)
    rows = tuple(
        (row.number, mask_name(row.customer, organisation=row.customer_kind == "company") or "—",
         n.listed(row.category_id), n.listed(row.department_id) or "—", str(row.score),
         f"{local(row.scored_at, zone):%m-%d}", mask_text(row.words) or t("Not filled in"))
        for row in found
    )  # fmt: skip
    columns = (
        Column(t("Complaint no."), share=0.15), Column(t("Customer"), share=0.14),
        Column(t("Category"), share=0.16), Column(t("Department"), share=0.13),
        Column(t("Score"), right=True, share=0.07), Column(t("Scored on"), share=0.11),
        Column(t("What was said"), share=0.24),
    )  # fmt: skip
    left = count - len(found)
    notes = (t("… and {n} more").format(n=left),) if left > 0 else ()
    return Table(t("Complaints whose handling was scored 2 or less"), columns, rows, wrap=True,
                 notes=notes)  # fmt: skip


def tracking(n: Draft) -> list[Block]:
    """Return the chapter: the tracked figures over six months, drawn over a longer period."""
    t = n.t
    months = n.recent()
    return [
        tables.side_by_side(
            n, t("Tracked figures over {n} months").format(n=COLUMNS), TRACKED,
            tables.months_of(n, COLUMNS),
        ),
        Figure(
            n.trend("second_rate", months),
            t("Second-complaint rate, {n} months").format(n=len(months)),
        ),
    ]  # fmt: skip
