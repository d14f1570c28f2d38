"""Figures beside what they are compared with, whatever that is (``domain.md 3.9``)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from svcdesk.domain.basis import (
    GIVEN,
    MONTHLY,
    Against,
    Basis,
    festival_shift,
    first_days,
    whole_days,
    window,
)
from svcdesk.domain.comparisons import Change, compare
from svcdesk.domain.metrics.registry import metric
from svcdesk.domain.period import Period, parse_period
from svcdesk.domain.statistics import exact
from svcdesk.store import given_figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.metrics.figure import Figure
    from svcdesk.store.figures import Board


@dataclass(frozen=True)
class Beside:
    """A figure beside its basis; ``base`` is exact and unrounded, ``None``: there is none.

    ``base_figure`` is what was counted for it, when it was; ``source`` where a given value comes
    from; ``festival``: the Spring Festival lies in only one of the two periods; ``days``: both
    were counted over so many first days; ``to_date``: the period is not over.
    """

    figure: Figure
    base: Fraction | None
    change: Change
    base_figure: Figure | None = None
    base_period: Period | None = None
    source: str = ""
    festival: bool = False
    days: int = 0
    to_date: bool = False


def beside(
    board: Board, metric_ids: Sequence[str], period: Period, basis: Basis
) -> dict[str, Beside]:
    """Return each metric beside its basis.

    A period that is not over is compared only over its whole days, and only when the basis asks
    for it; a value that is given (baseline, industry) stands beside whatever there is so far.
    """
    if basis.against in GIVEN:
        return _given(board, metric_ids, period, basis)
    if basis.against in MONTHLY:
        return _monthly(board, metric_ids, period, basis)
    other = _other(period, basis)
    now, then, days = period, other, 0
    unfinished = period.incomplete(board.as_of)
    if unfinished and basis.same_days:
        days = whole_days(period, board.as_of)
        now, then = first_days(period, days), first_days(other, days)
    found = board.figures(metric_ids, [period, *([now, then] if days else [then])])
    shift = festival_shift(board.reference.calendar, now, then) if not unfinished or days else False
    result = {}
    for metric_id in metric_ids:
        figures = found[metric_id]
        comparable = not unfinished or days > 0
        value = figures[now.code].value if comparable else None
        base = figures[then.code]
        result[metric_id] = Beside(
            figures[period.code], base.value, _change(metric_id, value, base.value), base, then,
            festival=shift, days=days, to_date=unfinished,
        )  # fmt: skip
    return result


def periods_needed(period: Period, basis: Basis, as_of: int) -> list[Period]:
    """Return the periods that :func:`beside` counts, so that a caller can count them at once."""
    if basis.against in GIVEN:
        return [period]
    if basis.against is Against.PREV3:
        return [period, *_months_before(period), window(period, back=1)]
    if basis.against is Against.ROLL3:
        return [period, *_rolling(period)]
    other = _other(period, basis)
    if period.incomplete(as_of) and basis.same_days and (days := whole_days(period, as_of)):
        return [period, first_days(period, days), first_days(other, days)]
    return [period, other]


def rolled(
    board: Board, metric_ids: Sequence[str], months: Sequence[Period]
) -> dict[str, list[Fraction | None]]:
    """Return the rolling three-month value of each month: rates pooled, counts averaged (3.9)."""
    wanted = [*(m.shifted(-i) for m in months for i in range(3)), *(window(m) for m in months)]
    board.figures(metric_ids, wanted)
    return {
        metric_id: [_pooled(board, metric_id, month) for month in months]
        for metric_id in metric_ids
    }


def _change(metric_id: str, now: Fraction | None, base: Fraction | None) -> Change:
    definition = metric(metric_id)
    return compare(now, base, definition.comparison, definition.direction)


def _other(period: Period, basis: Basis) -> Period:
    if basis.against is Against.YOY:
        return period.year_ago
    if basis.against is Against.OWN:
        return parse_period(basis.other, period.start_day, period.zone)
    return period.previous


def _months_before(period: Period) -> list[Period]:
    return [period.shifted(-i) for i in (1, 2, 3)] if period.kind == "month" else []


def _rolling(period: Period) -> list[Period]:
    """Return the six months of the two windows, and the windows."""
    if period.kind != "month":
        return []
    return [*(period.shifted(-i) for i in range(6)), window(period), window(period, back=3)]


def _pooled(board: Board, metric_id: str, month: Period) -> Fraction | None:
    """Return the value of the three months up to ``month``; all three must exist."""
    definition = metric(metric_id)
    values = [board.figure(metric_id, month.shifted(-i)).value for i in range(3)]
    if any(value is None for value in values):
        return None
    if definition.is_pooled:
        return board.figure(metric_id, window(month)).value
    return sum((value for value in values if value is not None), Fraction(0)) / 3


def _monthly(
    board: Board, metric_ids: Sequence[str], period: Period, basis: Basis
) -> dict[str, Beside]:
    """Compare a month with the mean of the three before, or three months with three."""
    needed = periods_needed(period, basis, board.as_of)
    board.figures(metric_ids, needed)
    unfinished = period.incomplete(board.as_of)
    rolls = basis.against is Against.ROLL3
    result = {}
    for metric_id in metric_ids:
        figure = board.figure(metric_id, period)
        base = now = None
        if period.kind == "month":
            base = _pooled(board, metric_id, period.shifted(-3 if rolls else -1))
            now = _pooled(board, metric_id, period) if rolls else figure.value
        result[metric_id] = Beside(
            figure, base, _change(metric_id, None if unfinished else now, base),
            base_period=window(period, back=3 if rolls else 1) if period.kind == "month" else None,
            to_date=unfinished,
        )  # fmt: skip
    return result


def _given(
    board: Board, metric_ids: Sequence[str], period: Period, basis: Basis
) -> dict[str, Beside]:
    """Compare with values that somebody gave; those of the period's last month hold."""
    month = period.months()[-1].code
    given: dict[str, given_figures.ReferenceValue] = {}
    values = given_figures.reference_values(board.run.connection)
    for value in sorted(values, key=lambda value: value.month or ""):
        if value.kind == basis.against and (value.month or "") <= month:
            given[value.metric] = value
    found = board.figures(metric_ids, [period])
    result = {}
    for metric_id in metric_ids:
        figure, known = found[metric_id][period.code], given.get(metric_id)
        base = None if known is None else exact(known.value)
        result[metric_id] = Beside(
            figure, base, _change(metric_id, figure.value, base),
            source="" if known is None else known.source,
            to_date=period.incomplete(board.as_of),
        )  # fmt: skip
    return result
