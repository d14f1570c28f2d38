"""The quarter looked back on and planned ahead (5.4)."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from svcdesk.domain.chart import ChartKind, ChartSpec, Series
from svcdesk.domain.localtime import local_date
from svcdesk.domain.metrics.registry import metric
from svcdesk.domain.statistics import format_number
from svcdesk.reports import tables
from svcdesk.reports.chapters.plan import figure_with, following, open_items
from svcdesk.reports.model import (
    BulletRow,
    Bullets,
    Column,
    Figure,
    Heading,
    Multiples,
    Note,
    Plan,
    Table,
    Task,
)
from svcdesk.store import loop_rows, plan_rows, report_material
from svcdesk.store.dwell import dwell

if TYPE_CHECKING:
    from datetime import date

    from svcdesk.domain.period import Period
    from svcdesk.reports.draft import Draft
    from svcdesk.reports.model import Block
    from svcdesk.store.figures import Board

KPIS = ("ticket_created", "ticket_resolved", "frt_mean_min", "frt_sla_rate", "res_mean_h",
        "res_sla_rate", "fcr_rate", "complex_cycle_wd", "csat_mean", "csat_rate", "csat_very_rate",
        "nps", "complaint_received", "timely_rate", "second_rate", "callback_rate",
        "key_reach_rate")  # fmt: skip
LINES = ("csat_rate", "csat_very_rate", "complex_cycle_wd", "second_rate", "key_reach_rate",
         "fcr_rate")  # fmt: skip
GOALS = ("csat_rate", "csat_very_rate", "complex_cycle_wd", "second_rate", "key_reach_rate")
SUPPORT = ("manual.training_coverage", "manual.newcomer_pass", "manual.process_improvements",
           "manual.feedback_accuracy", "knowledge_use_rate", "service_compliance_rate",
           "action_ontime_rate")  # fmt: skip
QUARTERS = 6
WEEKS = 13
LONGEST_HOLIDAY = 31  # days
HOUR = 3600
CLOSED = frozenset({"done", "verified", "cancelled"})


def quarter_review(n: Draft) -> list[Block]:
    """Return the chapter 现状复盘: months, quarter, last one, last year; what holds it back."""
    t = n.t
    months = [(month.code, month) for month in n.period.months()]
    periods = [*months, (n.period.code, n.period), (n.period.previous.code, n.period.previous),
               (n.period.year_ago.code, n.period.year_ago)]  # fmt: skip
    begun = n.begun_later()
    return [
        n.say(
            "main",
            n.concentration("ticket_created", "issue"),
            n.concentration("complaint_received", "category"),
        ),
        tables.side_by_side(n, t("Figures of the quarter"), KPIS, periods, target=False),
        *([Note(begun)] if begun else []),
        tables.attainment(n, t("Targets of this quarter and what came of them"), KPIS),
        Multiples(
            tuple(n.trend(metric_id, _quarters(n.period)) for metric_id in LINES),
            t("Six figures over {n} quarters (dashed: target)").format(n=QUARTERS),
        ),
        Heading(t("Main problems")),
        Figure(
            n.pareto_chart(t("Tickets by issue type"), "ticket_created", "issue"),
            t("Pareto of issue types (n={n}; dark: the vital few, dashed line: 80%)").format(
                n=n.count("ticket_created")),
        ),
        *_waiting(n),
        Heading(t("Differences between agents")),
        tables.by_group(n, t("Figures by agent"), t("Agent"), "agent",
                        ("fcr_rate", "frt_mean_min", "csat_mean")),
        Heading(t("Key customers and others")),
        tables.by_group(n, t("Figures by customer tier"), t("Customer tier"), "tier",
                        ("csat_rate", "frt_mean_min", "res_mean_h")),
    ]  # fmt: skip


def _quarters(period: Period) -> list[Period]:
    return [period.shifted(-back) for back in reversed(range(QUARTERS))]


def _waiting(n: Draft) -> list[Block]:
    """Return where resolved tickets waited, by department."""
    t = n.t
    found = dwell(n.board, n.period)
    shown = sorted(
        ((key, share) for key, share in found.by_department.items() if key is not None),
        key=lambda one: -Fraction(one[1].seconds, one[1].tickets),
    )[:8]
    if not shown:
        return [Note(t("No resolved ticket of the quarter waited for another department."))]
    values = [Fraction(share.seconds, HOUR * share.tickets) for _, share in shown]
    chart = ChartSpec(
        ChartKind.BARS, t("Waiting for departments"),
        tuple(n.listed(key) for key, _ in shown),
        (Series("", tuple(map(float, values)),
                tuple(format_number(value, 1) for value in values),
                tuple(share.tickets for _, share in shown)),),
        unit=t("hours"), decimals=1,
        hatched=frozenset(i for i, (_, share) in enumerate(shown) if share.tickets < 5),
        metric="res_mean_h",
    )  # fmt: skip
    caption = t("Mean hours that tickets lay with a department (n: tickets that did)")
    return [Heading(t("Waiting across departments")), Figure(chart, caption)]


def goals(n: Draft) -> list[Block]:
    """Return the chapter 核心目标: last value, goal, basis; support goals below."""
    t = n.t
    blocks: list[Block] = [
        _goal_table(n, t("Core goals of the next quarter"), GOALS),
        _bullets(n),
        Heading(t("Supporting goals")),
        _goal_table(n, t("Supporting goals"), SUPPORT),
    ]
    return blocks


def _goal_table(n: Draft, caption: str, metric_ids: tuple[str, ...]) -> Table:
    t, ahead = n.t, following(n.period)
    owners = {key: item.owner for key, item in open_items(n).items()}
    rows = []
    for metric_id in metric_ids:
        # typed rates have no figure of several months: their last month stands for them (2.16)
        alone = metric(metric_id).formula == "typed_alone"
        period = n.period.months()[-1] if alone else n.period
        figure, before = n.figure(metric_id, period), n.figure(metric_id, period.previous)
        target = n.board.target(figure.metric, ahead)[0]
        goal = "—" if target is None else n.shown_target(figure_with(figure, target))
        basis = t("{value} in {period}, {before} in {earlier}").format(
            value=n.in_cell(figure, marks=False), period=period.code,
            before=n.in_cell(before, marks=False), earlier=period.previous.code,
        )  # fmt: skip
        if figure.value is None and before.value is None:
            basis = "—"
        owner = owners.get(metric_id, "") or "—"
        label = n.labelled(metric_id)
        if alone and basis != "—":
            label = n.counted(label, period.code)
        rows.append((label, n.in_cell(figure), goal, basis, owner))
    columns = (
        Column(t("Metric"), share=0.26), Column(t("This quarter"), right=True, share=0.13),
        Column(t("Goal of the next"), right=True, share=0.13), Column(t("Basis"), share=0.38),
        Column(t.p("plan", "Owner"), share=0.1),
    )  # fmt: skip
    notes = n.marks_told(row[1] for row in rows)
    return Table(caption, columns, tuple(rows), wrap=True, links=metric_ids, notes=tuple(notes))


def _bullets(n: Draft) -> Bullets:
    t = n.t
    rows = []
    for metric_id in GOALS:
        figure = n.figure(metric_id)
        if figure.target is None:
            continue
        before = n.compared(metric_id).previous.value
        values = [float(v) for v in (figure.value, figure.target, before) if v is not None]
        percent = str(figure.metric.unit) == "percent"
        rows.append(
            BulletRow(
                n.name(metric_id), tables.as_float(figure), float(figure.target),
                None if before is None else float(before),
                100.0 if percent else max(values) * 1.4, figure.display, n.shown_target(figure),
                figure.met, metric_id,
            )
        )  # fmt: skip
    return Bullets(
        tuple(rows), t("Core goals: this quarter against the target (circle: the quarter before)")
    )


def actions(n: Draft) -> list[Block]:
    """Return the chapter 实施措施与行动路径: measures by week over the next quarter."""
    t, ahead = n.t, following(n.period)
    connection = n.board.run.connection
    end = min(n.period.end_at, n.board.as_of)
    items = loop_rows.items(connection, n.period.start_at, end)
    titles = {item.id: f"{item.number} {item.title}" for item in items}
    tasks: list[Task] = []
    groups: list[tuple[int, str]] = []
    last = None
    found = plan_rows.measures(connection, list(titles))
    open_ones = [m for m in found if m.state not in CLOSED and m.due]
    for measure in sorted(open_ones, key=lambda m: (list(titles).index(m.item_id), m.due or "")):
        due = _week(ahead, measure.due or "")
        if due is None:
            continue
        if measure.item_id != last:
            last = measure.item_id
            groups.append((len(tasks), titles[measure.item_id]))
        first = _week(ahead, measure.span(n.board.zone)[0].isoformat()) or 0
        owner = n.board.reference.people.get(measure.owner_id or 0)
        tasks.append(
            Task(measure.text, owner.name if owner else "—", first, due, measure.percent / 100)
        )
    planned = report_material.tasks(connection, ahead.code)
    if planned:
        groups.append((len(tasks), t("Planned tasks")))
        tasks += [
            Task(task.text, task.owner or "—", 0, _week(ahead, task.due_date or "") or WEEKS - 1,
                 1.0 if task.state == "done" else 0.0)
            for task in planned if task.state != "dropped"
        ]  # fmt: skip
    if not tasks:
        return [Note(t("No open measure and no task falls due in the next quarter."))]
    columns = tuple(t.p("printed", "W{n}").format(n=week + 1) for week in range(WEEKS))
    caption = t("Measures and tasks over the {n} weeks of {period}").format(
        n=WEEKS, period=ahead.title(t)
    )
    return [Plan(columns, tuple(tasks), caption, tuple(groups))]


def _week(ahead: Period, day: str) -> int | None:
    """Return the week of a quarter in which a day lies; earlier ones in the first, none later."""
    from datetime import date

    if not day:
        return None
    distance = (date.fromisoformat(day) - ahead.start).days
    if date.fromisoformat(day) > ahead.last_day:
        return None
    return min(WEEKS - 1, max(0, distance // 7))


def review_day(board: Board, month: Period) -> date:
    """Return the day on which a month is reviewed: the first working day after it.

    Where nobody works for a whole month, it is the first day.
    """
    first = local_date(month.end_at, board.zone)
    days = (first + timedelta(days=step) for step in range(LONGEST_HOLIDAY))
    return next((day for day in days if board.reference.calendar.is_working_day(day)), first)


def checkpoints(n: Draft) -> list[Block]:
    """Return the chapter 检查节奏: the reviews of the next quarter, one after each month."""
    t, ahead = n.t, following(n.period)
    rows = [
        (month.code, review_day(n.board, month).isoformat(),
         t("Monthly report, targets, open measures"))
        for month in ahead.months()
    ]  # fmt: skip
    columns = (
        Column(t("Month")),
        Column(t("Review on")),
        Column(t("What is looked at"), share=0.5),
    )
    return [
        Table(
            t("Reviews of the next quarter: the first working day after each month"), columns,
            tuple(rows),
        )
    ]  # fmt: skip
