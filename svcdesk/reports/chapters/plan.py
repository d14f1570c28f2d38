"""What was planned and came of it, and what is planned next (5.2 ch. 1 and 11, 5.3 ch. 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.reports.model import Column, Note, Table
from svcdesk.store import loop_rows, report_material

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.metrics.figure import Figure
    from svcdesk.domain.period import Period
    from svcdesk.reports.draft import Draft
    from svcdesk.reports.model import Block

COMPLAINT_GOALS = ("complaint_received", "timely_rate", "completion_rate", "closure_rate",
                   "ack_rate", "repeat_rate", "second_rate", "handling_csat_rate")  # fmt: skip


def following(period: Period) -> Period:
    """Return the period after one."""
    return period.shifted(1)


def review(n: Draft) -> list[Block]:
    """Return the chapter: the period's plan, what was done of it (N-PLAN)."""
    t = n.t
    tasks = report_material.tasks(n.board.run.connection, n.period.code)
    if not tasks:
        return [Note(t("No tasks were planned for this period."))]
    done = sum(task.state == "done" for task in tasks)
    dropped = sum(task.state == "dropped" for task in tasks)
    sentence = t("{n} tasks were planned: {done} done, {open} open, {dropped} dropped.").format(
        n=len(tasks), done=done, open=len(tasks) - done - dropped, dropped=dropped
    )
    return [n.say("main", sentence), _tasks(n, t("Tasks of this period"), tasks)]


def _tasks(n: Draft, caption: str, tasks: Sequence[report_material.Task]) -> Table:
    t = n.t
    states = {"open": t.p("task", "Open"), "done": t.p("task", "Done"), "dropped": t("Dropped")}
    rows = tuple(
        (task.text, task.owner or "—", task.due_date or "—", states[task.state], task.result or "—")
        for task in tasks
    )
    columns = (
        Column(t("Task"), share=0.38), Column(t.p("plan", "Owner"), share=0.12), Column(t("Due"), share=0.14),
        Column(t("State"), share=0.1), Column(t("Result"), share=0.26),
    )  # fmt: skip
    return Table(caption, columns, rows, wrap=True)


def ahead(n: Draft) -> list[Block]:
    """Return the chapter: goals of the next period, proposed for what missed its target."""
    return _ahead(n, n.metrics)


def complaint_goals(n: Draft) -> list[Block]:
    """Return the chapter of the complaint report: each tracked figure with its next goal."""
    return _ahead(n, COMPLAINT_GOALS, every=True)


def _ahead(n: Draft, metric_ids: Sequence[str], *, every: bool = False) -> list[Block]:
    t = n.t
    figures = [n.figure(metric_id) for metric_id in metric_ids]
    shown = [f for f in figures if f.target is not None and (every or f.met is False)]
    blocks: list[Block] = []
    if shown:
        blocks.append(_goals(n, shown))
    else:
        blocks.append(Note(t("No figure missed its target; nothing is proposed.")))
    tasks = report_material.tasks(n.board.run.connection, following(n.period).code)
    if tasks:
        blocks.append(_tasks(n, t("Tasks of the next period"), tasks))
    return blocks


def open_items(n: Draft) -> dict[str | None, loop_rows.Item]:
    """Return the improvement item that is open for each metric at the end of the period."""
    end = min(n.period.end_at, n.board.as_of)
    found = loop_rows.items(n.board.run.connection, n.period.start_at, end)
    return {i.metric: i for i in found if i.closed_at is None or i.closed_at >= end}


def _goals(n: Draft, figures: Sequence[Figure]) -> Table:
    """Return current value and goal; a goal is the target that holds, as a proposal (5.7)."""
    t, ahead_of = n.t, following(n.period)
    taken_up = open_items(n)
    rows = []
    for figure in figures:
        target = n.board.target(figure.metric, ahead_of)[0]
        proposed = "—" if target is None else n.shown_target(figure_with(figure, target))
        item = taken_up.get(figure.metric.id)
        action = f"{item.number} {item.title}" if item else "—"
        rows.append(
            (n.labelled(figure.metric.id), n.in_cell(figure), n.shown_target(figure), proposed, action,
             (item.owner if item else "") or "—")
        )  # fmt: skip
    columns = (
        Column(t("Metric"), share=0.23), Column(t("Current"), right=True, share=0.16),
        Column(t("Target of this period"), right=True, share=0.12),
        Column(t("Goal of the next"), right=True, share=0.12),
        Column(t("Improvement item"), share=0.26), Column(t.p("plan", "Owner"), share=0.11),
    )  # fmt: skip
    notes = [*n.marks_told(row[1] for row in rows),
             t("Goals are the targets that hold from then on; change them under targets.")]  # fmt: skip
    return Table(
        t("Goals of the next period"), columns, tuple(rows), wrap=True, notes=tuple(notes),
        links=tuple(figure.metric.id for figure in figures),
    )  # fmt: skip


def figure_with(figure: Figure, target: object) -> Figure:
    """Return a figure with another target, to be shown beside it."""
    from dataclasses import replace
    from fractions import Fraction

    return replace(figure, target=target if isinstance(target, Fraction) else None)
