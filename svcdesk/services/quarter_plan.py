"""The plan of a quarter as it runs: targets with live actuals, tasks and measures by week, reviews.

Tasks are those of the quarterly report (``domain.md 5.4``), which prints the same plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from svcdesk.domain import quarter_goals
from svcdesk.domain.localtime import local_date
from svcdesk.domain.metrics.definition import Unit
from svcdesk.domain.metrics.figure import NO_VALUE
from svcdesk.domain.metrics.manual import MANUAL, key_of
from svcdesk.domain.people import Permission
from svcdesk.domain.plan_bars import PlanBar, begins
from svcdesk.domain.problem import Problem
from svcdesk.domain.quarter_goals import Standing
from svcdesk.domain.statistics import format_number
from svcdesk.i18n.catalog import N_, Translator, current
from svcdesk.reports.chapters.quarter import GOALS, SUPPORT, WEEKS, review_day
from svcdesk.reports.figures import Numbers
from svcdesk.services import dashboards, plan_board, trainings
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.improvement_rows import today
from svcdesk.services.report_material import STATES
from svcdesk.store import plan_rows, records, report_rows
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from svcdesk.domain.metrics.definition import MetricDef
    from svcdesk.domain.metrics.figure import Figure
    from svcdesk.domain.period import Period
    from svcdesk.store.figures import Board

__all__ = ["WEEKS", "Checkpoint", "Goal", "QuarterPlan", "Standing", "get", "quarters", "set_state"]

AHEAD, BACK = 1, 4  # quarters that can be looked at beside the running one
TYPED_FROM = 1000  # place of the first typed target, behind those of records
TRAINED = {"training_coverage": "coverage", "newcomer_pass": "newcomers"}


@dataclass(frozen=True)
class Goal:
    """One target: figures as they are read; ``months`` are the quarter's, one text each.

    ``share`` is the way behind it, 0 to 1, ``None`` where none can be told; ``source`` says where
    the actual comes from when it is not a metric of records.
    """

    id: int  # its place
    metric: str
    name: str
    before: str
    target: str
    actual: str
    sample: str
    standing: Standing
    share: Fraction | None
    months: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True)
class Checkpoint:
    """The review of a month: its first working day after; ``over``: that day has passed."""

    month: str
    day: date
    over: bool


@dataclass(frozen=True)
class QuarterPlan:
    """A quarter's plan at one moment."""

    period: Period
    goals: tuple[Goal, ...]
    bars: tuple[PlanBar, ...]
    checkpoints: tuple[Checkpoint, ...]
    today: date


def quarters(desk: Desk) -> list[Period]:
    """Return the quarters to choose from: the next one, the running one, those before."""
    month = dashboards.this_month(desk)
    running = dashboards.period_of(desk, f"{month.year}-Q{(month.number - 1) // 3 + 1}")
    return [running.shifted(step) for step in range(AHEAD, -BACK - 1, -1)]


def get(desk: Desk, code: str, t: Translator | None = None) -> QuarterPlan:
    """Return the plan of a quarter with what has come of it until now."""
    words, day = t or current(), today(desk)
    period = dashboards.period_of(desk, code)
    if period.kind != "quarter":
        raise UserError(N_("“{name}” is not a quarter; write it as 2026-Q2."), code="quarter",
                        name=code)  # fmt: skip
    with dashboards.board(desk) as board:
        connection = board.run.connection
        tasks = [(one, plan_rows.tasks(connection, one.code)) for one in (period, *period.months())]
        wanted = dict.fromkeys((*GOALS, *SUPPORT))
        wanted |= dict.fromkeys(
            t.metric for _one, found in tasks for t in found if t.metric and t.state != "dropped"
        )
        counted = [metric_id for metric_id in wanted if key_of(metric_id) is None]
        goals = _goals(board, period, counted, words, day)
        goals += _typed(desk, board, period, [m for m in MANUAL if m.id in wanted], words)
        measures = plan_rows.measures(connection)
        reviews = tuple(
            Checkpoint(month.code, found, found <= day)
            for month in period.months()
            for found in (review_day(board, month),)
        )
    bars = [_task(desk, one, row, words) for one, found in tasks for row in found]
    for row in measures:
        bar = plan_board.bar(desk, row)
        if bar.start <= period.last_day and _goes_on(bar, period, day):
            bars.append(bar)
    return QuarterPlan(period, tuple(goals), tuple(bars), reviews, day)


def _goes_on(bar: PlanBar, period: Period, day: date) -> bool:
    """Tell whether a measure is worked on in a quarter: given up ones are not, nor what ended."""
    return bar.state != "cancelled" and bar.last(day) >= period.start


# -- targets -------------------------------------------------------------------------------------


def _goals(board: Board, period: Period, metric_ids: list[str], t: Translator, day: date
           ) -> list[Goal]:  # fmt: skip
    months = period.months()
    found = board.figures(metric_ids, [period, period.previous, *months])
    numbers = Numbers(board, period, t, rankings=False)
    time = quarter_goals.elapsed(period.start, period.end, day)
    goals = []
    for place, metric_id in enumerate(metric_ids, start=1):
        of = found[metric_id]
        now, before = of[period.code], of[period.previous.code]
        judged = None if now.small_sample else now.value
        state, share = quarter_goals.standing(
            before.value, judged, now.target, now.metric.direction, time
        )
        goals.append(
            Goal(place, metric_id, numbers.labelled(metric_id), before.display, _target(now),
                 now.display, numbers.sample(now), state, share,
                 tuple(of[month.code].display for month in months))
        )  # fmt: skip
    return goals


def _target(figure: Figure) -> str:
    return figure.text(figure.target)


def _typed(
    desk: Desk, board: Board, period: Period, metrics: list[MetricDef], t: Translator
) -> list[Goal]:
    """Return targets that are typed by month, those of training from its records where there are.

    Of typed figures the newest month of the quarter speaks: several months have no figure (2.16).
    """
    time = quarter_goals.elapsed(period.start, period.end, today(desk))
    goals = []
    for place, metric in enumerate(metrics, start=TYPED_FROM):
        target = board.target(metric, period)[0]
        now, before = _value(desk, metric, period), _value(desk, metric, period.previous)
        state, share = quarter_goals.standing(before[0], now[0], target, metric.direction, time)
        months = tuple(_text(metric, _value(desk, metric, m)[0]) for m in period.months())
        source = t("Training records") if now[1] else t("Typed figures")
        goals.append(
            Goal(place, metric.id, t(metric.label), _text(metric, before[0]),
                 _text(metric, target), _text(metric, now[0]), now[1], state, share,
                 months, source)
        )  # fmt: skip
    return goals


def _value(desk: Desk, metric: MetricDef, period: Period) -> tuple[Fraction | None, str]:
    """Return a typed figure, and what it is made of when it comes from the training records."""
    if metric.key in TRAINED:
        share = getattr(trainings.summary(desk, period), TRAINED[metric.key])
        if share.percent is not None:
            return share.percent, f"{share.num}/{share.den}"
    for month in reversed(period.months()):
        typed = report_rows.typed_figures(desk.reader, month.code).get(metric.key or "")
        if typed is not None:
            return Fraction(str(typed)), ""
    return None, ""


def _text(metric: MetricDef, value: Fraction | None) -> str:
    if value is None:
        return NO_VALUE
    number = format_number(value, metric.decimals)
    return f"{number}%" if metric.unit is Unit.PERCENT else number


# -- tasks ---------------------------------------------------------------------------------------


def _task(desk: Desk, period: Period, row: plan_rows.TaskRow, t: Translator) -> PlanBar:
    """Return a task as a bar: from the day it was written, within its period, to its due day."""
    zone = desk.reference.settings["timezone"]
    due = period.last_day if row.due is None else date.fromisoformat(row.due)
    entered = max(local_date(row.entered_at, zone), period.start)
    ended = local_date(row.updated_at, zone) if row.state == "done" else None
    return PlanBar(
        row.id, "plan_task", row.text, plan_board.person(desk, row.owner_id), row.state,
        begins(entered, None, due), due, 100 if row.state == "done" else 0, ended,
        group=t("Plan of {period}").format(period=period.title(t)), note=row.result,
        owner_id=row.owner_id,
    )  # fmt: skip


def set_state(desk: Desk, task_id: int, state: str) -> Outcome[int]:
    """Tick a task of a plan done, drop it, or open it again."""
    desk.require(Permission.MAKE_REPORTS)
    if state not in STATES:
        raise ProblemsError([Problem("state", "choice", N_("This is needed."))])
    if records.get(desk.reader, "plan_task", task_id) is None:
        raise UserError(N_("This task was deleted."), code="gone")
    labels = {"done": N_("Task of the plan done"), "dropped": N_("Task of the plan dropped"),
              "open": N_("Task of the plan open again")}  # fmt: skip
    with desk.write(labels[state]) as uow:
        uow.update("plan_task", task_id, {"state": state})
    return Outcome(task_id, uow.changes)
