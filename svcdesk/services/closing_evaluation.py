"""What the close of a month finds: verdicts by threshold and scope, early warnings (4.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain import evaluation
from svcdesk.domain.comparisons import Direction
from svcdesk.domain.evaluation import MONTHS_OF_DECLINE, Evaluation, Finding
from svcdesk.domain.metrics.registry import BY_ID, METRICS
from svcdesk.domain.settings import BY_KEY
from svcdesk.store import closing_board, closings
from svcdesk.store.given_figures import WHOLE_DESK, scope_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svcdesk.domain.metrics.figure import Figure
    from svcdesk.domain.period import Period
    from svcdesk.store.figures import Board

FREQUENT = (("complaint_received", "category"), ("ticket_created", "issue"))
# dimensions whose every group can be judged, and the setting that says so
EVERY_GROUP = tuple(name for name in ("department", "product", "agent")
                    if f"evaluate_{name}" in BY_KEY)  # fmt: skip


class _Past:
    """The months before: as frozen where they are closed, else counted now."""

    def __init__(self, board: Board, period: Period) -> None:
        self._board = board
        self.months = [period.shifted(-i) for i in range(MONTHS_OF_DECLINE, 0, -1)]
        self._closed = {
            m.code: found
            for m in self.months
            if (found := closings.standing(board.run.connection, m.code)) is not None
            and (found.start_at, found.end_at) == (m.start_at, m.end_at)
        }
        self._frozen: dict[tuple[str, str], Any] = {}

    def _part(self, month: Period, name: str) -> Any:
        key = (month.code, name)
        if key not in self._frozen:
            closing = self._closed[month.code]
            self._frozen[key] = closings.content(self._board.run.connection, closing.id, name)
        return self._frozen[key]

    def whole(self, figures: dict[str, Figure]) -> dict[str, list[Figure]]:
        """Return by metric of the whole desk the months before, oldest first.

        Only as far back as it went down: what broke the row needs no month before it.
        """
        found: dict[str, list[Figure]] = {m: [] for m in figures}
        later = {m: f for m, f in figures.items() if f.value is not None and not f.small_sample}
        for month in reversed(self.months):
            earlier = self._month(list(later), month)
            for metric_id, figure in earlier.items():
                found[metric_id].insert(0, figure)
            later = {m: f for m, f in earlier.items() if evaluation.is_worse(later[m], f)}
        return found

    def _month(self, metric_ids: Sequence[str], month: Period) -> dict[str, Figure]:
        kept = self._part(month, "figures") if month.code in self._closed else {}
        counted = self._board.figures([m for m in metric_ids if m not in kept], [month])
        return {
            m: closing_board.figure_from(m, month, kept[m]) if m in kept else counted[m][month.code]
            for m in metric_ids
        }

    def groups(self, metric_ids: Sequence[str], by: str) -> dict[tuple[str, str], list[Figure]]:
        """Return by metric and scope the figures of the months before that have one."""
        open_months = [m for m in self.months if m.code not in self._closed]
        if open_months:
            self._board.begin_groups(metric_ids, open_months, by)
        found: dict[tuple[str, str], list[Figure]] = {}
        for month in self.months:
            for metric_id in metric_ids:
                if month.code in self._closed:
                    rows = self._part(month, f"groups:{by}").get(metric_id, [])
                    pairs = [
                        (key, closing_board.figure_from(metric_id, month, row)) for key, row in rows
                    ]
                else:
                    pairs = [(g.key, g.figure) for g in self._board.groups(metric_id, month, by)]
                for key, figure in pairs:
                    found.setdefault((metric_id, scope_of(by, key)), []).append(figure)
        return found


def _judged(board: Board, period: Period) -> list[str]:
    """Return the metrics of the whole desk that have a direction and a threshold or target."""
    return [
        m.id
        for m in METRICS
        if m.direction is not Direction.NEUTRAL and board.target(m, period)[:2] != (None, None)
    ]


def _own_targets(board: Board, period: Period) -> dict[str, dict[str, set[str]]]:
    """Return by dimension the scopes with targets of their own, each with its metrics."""
    found: dict[str, dict[str, set[str]]] = {}
    for metric_id, scope, month, _ in closings.target_owners(board.run.connection):
        by = scope.partition(":")[0]
        if scope != WHOLE_DESK and month <= period.code and metric_id in BY_ID:
            found.setdefault(by, {}).setdefault(scope, set()).add(metric_id)
    return found


def _owners(board: Board, period: Period) -> dict[tuple[str, str], int | None]:
    return {
        (metric_id, scope): owner
        for metric_id, scope, month, owner in closings.target_owners(board.run.connection)
        if month <= period.code
    }


def dimensions(board: Board, period: Period) -> list[str]:
    """Return the dimensions whose groups a close judges: those with targets, those set to be."""
    settings = board.reference.settings
    every = [by for by in EVERY_GROUP if settings.get(f"evaluate_{by}")]
    return list(dict.fromkeys((*_own_targets(board, period), *every)))


def findings(
    board: Board, period: Period, told: Callable[[], None] = lambda: None
) -> list[Evaluation]:
    """Return what the close of ``period`` finds: the whole desk, then scopes, then causes.

    ``told`` is called after the whole desk and before each of the ``dimensions``.
    """
    owners, past = _owners(board, period), _Past(board, period)
    ids = _judged(board, period)
    figures = {m: found[period.code] for m, found in board.figures(ids, [period]).items()}
    before = past.whole(figures)
    found: list[Evaluation] = []
    for metric_id in ids:
        owner = owners.get((metric_id, WHOLE_DESK))
        found += evaluation.evaluate(figures[metric_id], WHOLE_DESK, before[metric_id], owner)
    own = _own_targets(board, period)
    for by in dimensions(board, period):
        told()
        every = bool(board.reference.settings.get(f"evaluate_{by}")) and by in EVERY_GROUP
        found += _of_dimension(board, period, by, own.get(by, {}), ids if every else [], past,
                               owners)  # fmt: skip
    told()
    return found + frequent(board, period)


def _of_dimension(
    board: Board, period: Period, by: str, own: dict[str, set[str]], every: Sequence[str],
    past: _Past, owners: dict[tuple[str, str], int | None],
) -> list[Evaluation]:  # fmt: skip
    """Judge the groups of a dimension: counted once for all its scopes and metrics."""
    ids = list(dict.fromkeys((*every, *(m for metrics in own.values() for m in sorted(metrics)))))
    ids = [m for m in ids if BY_ID[m].per_group]
    board.begin_groups(ids, [period], by)
    before = past.groups(ids, by)
    found = []
    for metric_id in ids:
        present = {scope_of(by, g.key): g.figure for g in board.groups(metric_id, period, by)}
        wanted = [s for s in present if metric_id in every or metric_id in own.get(s, ())]
        for scope in wanted:
            owner = owners.get((metric_id, scope), owners.get((metric_id, WHOLE_DESK)))
            months = before.get((metric_id, scope), [])
            found += evaluation.evaluate(present[scope], scope, months, owner)
        found += [
            evaluation.nothing(metric_id, scope, *board.target(BY_ID[metric_id], period, scope)[:2])
            for scope, metrics in own.items()
            if metric_id in metrics and scope not in present
        ]
    return found


def frequent(board: Board, period: Period) -> list[Evaluation]:
    """Return the vital-few categories that rose by 20 % or more with at least 5 cases."""
    found = []
    paretos = closing_board.pareto_rows(board, period)
    for metric_id, by in FREQUENT:
        rows = paretos.get(f"{metric_id}:{by}", [])
        previous = {g.key: g.figure.n for g in board.groups(metric_id, period.previous, by)}
        if not board.has_data(period.previous):
            continue
        for key, count, _share, _cumulative, vital in rows:
            earlier = previous.get(key, 0)
            if key is not None and evaluation.is_frequent(count, earlier, vital=vital):
                found.append(evaluation.rise(metric_id, scope_of(by, key), count, earlier))
    return found


def warnings(found: Sequence[Evaluation]) -> list[Evaluation]:
    """Return the early warnings among what a closing found."""
    return [one for one in found if one.kind is not Finding.THRESHOLD]
