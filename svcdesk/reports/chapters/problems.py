"""Problems: what is most frequent, what hurts, what it costs (5.2, chapter 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.chart import ChartSpec, Series
from svcdesk.domain.comparisons import compare
from svcdesk.domain.metrics.definition import SMALL_SAMPLE
from svcdesk.domain.metrics.registry import metric
from svcdesk.reports.chapters.complaint_spread import pain
from svcdesk.reports.chart_specs import upright_or_not
from svcdesk.reports.model import (
    Column,
    Figure,
    Heading,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.reports.draft import Draft
    from svcdesk.reports.figures import Numbers
    from svcdesk.reports.model import Block


def problems(n: Draft) -> list[Block]:
    """Return the chapter."""
    t = n.t
    blocks: list[Block] = []
    rows = _problem_rows(n)
    blocks += [
        n.say("top", _top_sentence(n, rows)),
        Heading(t("Main problems")),
        Figure(
            n.pareto_chart(t("Main problems"), "ticket_created", _level(n)),
            t("Pareto of problems (n={n}; dark: the vital few, dashed line: 80%)").format(
                n=n.count("ticket_created")),
        ),
        Figure(
            _problem_chart(n, rows),
            t("Main problems, this and last period")
            if n.board.has_data(n.period.previous)
            else t("Main problems"),
        ),
        _problem_table(n, rows),
        Heading(t("What hurts customers")),
        pain(n, n.count("complaint_received")),
        Heading(t("Impact")),
        n.metric_table(t("Impact on the business"), ("return_rate_share", "compensation_sum", "complaint_per_1k")),
    ]  # fmt: skip
    return blocks


ProblemRow = tuple[str, int, int]


def _level(n: Numbers) -> str:
    """Return the level problems are told by: the second one where the desk writes it down."""
    groups = n.groups("ticket_created", "issue_sub")
    return "issue_sub" if any(group.key is not None for _, group in groups) else "issue"


def _problem_rows(n: Numbers) -> list[ProblemRow]:
    """Return the issue types with most tickets: name, this and last period."""
    by = _level(n)
    before = {g.key: g.figure.n for _, g in n.groups("ticket_created", by, n.period.previous)}
    found = [
        (name, group.figure.n, before.get(group.key, 0))
        for name, group in n.groups("ticket_created", by)
        if group.key is not None
    ]
    return found[:8]


def _top_sentence(n: Numbers, rows: Sequence[ProblemRow]) -> str:
    t = n.t
    if not rows:
        return t("No data in this reporting period.")
    name, count, before = rows[0]
    known = n.known_before() and (not before or before >= SMALL_SAMPLE)
    change = compare(count, before if known else None, metric("ticket_created").comparison)
    if n.period.kind == "month":
        said = t.n(
            "The most frequent problem is {name} with {n} ticket, {change} month on month.",
            "The most frequent problem is {name} with {n} tickets, {change} month on month.",
            count,
        )
    else:
        said = t.n(
            "The most frequent problem is {name} with {n} ticket, {change} against the period before.",
            "The most frequent problem is {name} with {n} tickets, {change} against the period before.",
            count,
        )
    return said.format(name=name, n=count, change=change.words(t))


def _problem_chart(n: Numbers, rows: Sequence[ProblemRow]) -> ChartSpec:
    known = n.board.has_data(n.period.previous)
    last = Series(n.t("Last period"), tuple(float(last) for _, _, last in rows))
    return ChartSpec(
        upright_or_not(name for name, _, _ in rows),
        n.t("Main problems"),
        tuple(name for name, _, _ in rows),
        (
            Series(n.t("This period"), tuple(float(now) for _, now, _ in rows)),
            *((last,) if known else ()),
        ),
        metric="ticket_created",
    )


def _problem_table(n: Numbers, rows: Sequence[ProblemRow]) -> Table:
    t = n.t
    known = n.board.has_data(n.period.previous) and not n.incomplete
    columns = (Column(t("Problem")), Column(t("This period"), right=True), Column(t("Last period"), right=True),
               Column(t("Change rate"), right=True))  # fmt: skip
    cells = tuple(
        (
            name,
            str(now),
            str(last) if known else "—",
            n.change_rate(now, last),
        )
        for name, now, last in rows
    )
    return Table(t("Problems with most tickets"), columns, cells)
