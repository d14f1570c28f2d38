"""What changed in a closed month since it was closed, and what that does to its figures.

The month is read again at the same cut-off, by the same definitions; what differs is due to the
records alone. Nothing of it changes what was frozen (``domain.md 0.1`` rule 4).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from svcdesk.domain.metrics.definition import Kind
from svcdesk.domain.metrics.figure import Tally, value_of
from svcdesk.domain.metrics.registry import BY_ID, METRICS, with_parts
from svcdesk.domain.people import Permission, may
from svcdesk.i18n.catalog import N_
from svcdesk.services import closings as service
from svcdesk.store import closing_board, closing_lists, closing_times, closings
from svcdesk.store import restatements as rows
from svcdesk.store.closing_lists import DAY_OF_MONTH, GIVEN, MAIN_DIMENSIONS, RECORDS
from svcdesk.store.given_figures import WHOLE_DESK, scope_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from svcdesk.domain.metrics.figure import Figure
    from svcdesk.services.desk import Desk
    from svcdesk.store.closings import Closing
    from svcdesk.store.connection import Connection
    from svcdesk.store.restatements import Differing, FieldChange
    from svcdesk.system.job import JobContext

MOST_CACHED = 24
_TYPED = {"order_volume": ("per_orders",), "spare_parts": ("spare_turnover", "dead_stock"),
          "manual_metric": ()}  # fmt: skip


class Cause(StrEnum):
    """How a record came to differ."""

    EDITED = "edited"
    ENTERED = "entered"  # after the closing, about a time before the cut-off
    IMPORTED = "imported"
    REMOVED = "removed"
    RELATED = "related"  # another record of the customer changed
    RULES = "rules"  # a list, a limit or a setting changed


CAUSES: dict[Cause, str] = {
    Cause.EDITED: N_("changed"),
    Cause.ENTERED: N_("entered later"),
    Cause.IMPORTED: N_("imported later"),
    Cause.REMOVED: N_("deleted"),
    Cause.RELATED: N_("follows from another record"),
    Cause.RULES: N_("follows from a setting or list"),
}


@dataclass(frozen=True)
class FigureMove:
    """A figure as it was frozen and as it is now, of the whole desk or of a group."""

    metric: str
    scope: str
    before: Figure | None
    now: Figure | None


@dataclass(frozen=True)
class Effect:
    """What one record alone does to a figure of the whole desk; ``None``: not to be told apart."""

    metric: str
    before: Fraction | None
    now: Fraction | None
    told: bool


@dataclass(frozen=True)
class RecordMove:
    """A record that changed a figure: why, what was changed, what that did.

    ``metrics`` are all figures it is part of and that it changed; ``dims``: dimension → keys
    before and now.
    """

    table: str
    record_id: int | None
    number: str
    cause: Cause
    metrics: tuple[str, ...]
    effects: tuple[Effect, ...]
    dims: dict[str, tuple[list[Any], list[Any]]]
    changes: tuple[FieldChange, ...]

    @property
    def at(self) -> int:
        """Return when it was changed last, 0 when nobody knows."""
        return max((change.at for change in self.changes), default=0)


@dataclass(frozen=True)
class Restatements:
    """Everything that changed in a closed month since.

    ``rules``: changes of calendars, limits, lists and settings; the closed month is still read by
    the frozen calendars, limits and settings.
    """

    closing: Closing
    figures: tuple[FigureMove, ...]
    records: tuple[RecordMove, ...]
    rules: tuple[FieldChange, ...]

    @property
    def count(self) -> int:
        """Return how many records changed figures."""
        return len(self.records)


_known: OrderedDict[tuple[str, int], tuple[int, Restatements]] = OrderedDict()


def of_month(
    desk: Desk, month: str, context: JobContext, version: int | None = None
) -> Restatements:
    """Return what changed in a closed month since it was closed (or its ``version``)."""
    return of_closing(desk, service.find(desk, month, version), context)


def of_closing(desk: Desk, closing: Closing, context: JobContext) -> Restatements:
    """Return what changed since a closing; known from before when nothing was written since."""
    key = (str(desk.path), closing.id)
    with desk.reading() as connection:
        context.on_cancel(connection.interrupt)
        last = closings.last_log_id(connection)
        known = _known.get(key)
        if known is not None and known[0] == last:
            return known[1]
        if known is not None and not rows.may_differ(connection, known[0], closing.as_of):
            found = known[1]
        elif rows.may_differ(connection, closing.log_id, closing.as_of):
            found = _compare(desk, connection, closing, context)
        else:
            found = Restatements(
                closing, (), (), tuple(rows.rule_changes(connection, closing.log_id))
            )
    _known[key] = (last, found)
    if len(_known) > MOST_CACHED:
        _known.popitem(last=False)
    return found


def _compare(
    desk: Desk, connection: Connection, closing: Closing, context: JobContext
) -> Restatements:
    """Read the month again by the frozen definitions and tell the difference."""
    definitions = closings.content(connection, closing.id, "definitions")
    reference = closing_times.frozen_reference(desk.reference, definitions)
    period = closing.period(str(definitions["settings"]["timezone"]))
    steps, done = closing_lists.pass_count() + 2, 0

    def step() -> None:
        nonlocal done
        done += 1
        context.check()
        context.progress(done, steps, N_("Reading the records of the month"))

    def board(lists: list[closing_lists.RecordList]) -> closing_board.MonthBoard:
        return closing_board.MonthBoard(
            connection, reference, closing.as_of, period, lists, definitions["params"]
        )

    live = closing_lists.month_lists(board([]).run, period, step)
    frozen = closing_lists.unpacked_lists(closings.part(connection, closing.id, "lists"))
    differing = rows.differences(frozen, live)
    now = board(live)
    step()
    figures = _moved(connection, closing, now)
    moved = {move.metric for move in figures}
    dims = {name for one in differing for name in one.dims if name in MAIN_DIMENSIONS}
    figures += _moved_groups(connection, closing, now, sorted(dims | _scopes(differing)))
    rules = rows.rule_changes(connection, closing.log_id)
    wanted = [
        one
        for one in differing
        if set(one.dims) - {DAY_OF_MONTH}
        or _touched(one) & moved
        or any(a != b for a, b in one.metrics.values())
    ]
    before = {m.metric: m.before for m in _all(connection, closing, now)}
    records = _records(connection, closing, wanted, before, now.run.params, rules)
    step()
    return Restatements(closing, tuple(figures), tuple(records), tuple(rules))


def _scopes(differing: list[Differing]) -> set[str]:
    """Return the dimensions in which records that came or went may change a group."""
    return set(MAIN_DIMENSIONS) if differing else set()


def _all(
    connection: Connection, closing: Closing, now: closing_board.MonthBoard
) -> list[FigureMove]:
    kept = closings.content(connection, closing.id, "figures")
    fresh = now.figures([m.id for m in METRICS], [now.period])
    return [
        FigureMove(
            m.id, WHOLE_DESK, closing_board.figure_from(m.id, now.period, kept[m.id]),
            fresh[m.id][now.period.code],
        )
        for m in METRICS
        if m.id in kept
    ]  # fmt: skip


def _same(one: Figure | None, other: Figure | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.value, one.num, one.den, one.n, one.excluded, one.not_yet_due) == (
        other.value, other.num, other.den, other.n, other.excluded, other.not_yet_due
    )  # fmt: skip


def _moved(
    connection: Connection, closing: Closing, now: closing_board.MonthBoard
) -> list[FigureMove]:
    return [m for m in _all(connection, closing, now) if not _same(m.before, m.now)]


def _moved_groups(
    connection: Connection, closing: Closing, now: closing_board.MonthBoard, dims: list[str]
) -> list[FigureMove]:
    """Return the figures of groups that are not what they were."""
    found = []
    for by in dims:
        kept = closings.content(connection, closing.id, f"groups:{by}")
        ids = [m.id for m in METRICS if m.per_group]
        now.begin_groups(ids, [now.period], by)
        for metric in ids:
            before = {
                key: closing_board.figure_from(metric, now.period, row)
                for key, row in kept.get(metric, [])
            }
            after = {g.key: g.figure for g in now.groups(metric, now.period, by)}
            found += [
                FigureMove(metric, scope_of(by, key), before.get(key), after.get(key))
                for key in dict.fromkeys((*before, *after))
                if not _same(before.get(key), after.get(key))
            ]
    return found


def _typed_metrics(number: str) -> set[str]:
    formulas = _TYPED.get(number.partition(":")[0], ())
    return {m.id for m in METRICS if m.formula in formulas}


def _touched(one: Differing) -> set[str]:
    """Return the figures that a record is part of, those made of others included."""
    if one.source == GIVEN:
        return _typed_metrics(one.number)
    own = set(one.metrics)
    made = {
        m.id
        for m in METRICS
        if m.kind is Kind.OF_OTHERS and own & {part.id for part in with_parts([m.id])}
    }
    return own | made


def _records(
    connection: Connection, closing: Closing, differing: list[Differing],
    figures: Mapping[str, Figure | None], params: Mapping[str, Any], rules: list[FieldChange],
) -> list[RecordMove]:  # fmt: skip
    """Return the records with what was changed about them, the latest change first."""
    found = []
    by_table: dict[str, list[Differing]] = {}
    for one in differing:
        table = one.number.partition(":")[0] if one.source == GIVEN else RECORDS[one.source][0]
        by_table.setdefault(table, []).append(one)
    for table, group in by_table.items():
        if group[0].source == GIVEN:
            found += _typed(connection, closing, table, group)
            continue
        ids = rows.record_ids(connection, table, [one.number for one in group])
        known = list(ids.values())
        changes = rows.changes_of(connection, table, known, closing.log_id)
        silent = [key for key in known if not changes.get(key)]
        imported = rows.imported(connection, table, silent)
        related = rows.related(connection, table, silent, closing.log_id)
        for one in group:
            key = ids.get(one.number)
            own = changes.get(key or 0) or []
            cause, told = _cause(
                own, imported.get(key or 0), related.get(key or 0, []), rules, closing
            )
            found.append(
                RecordMove(
                    table, key, one.number, cause, tuple(sorted(_touched(one))),
                    tuple(_effects(one, figures, params)), one.dims, tuple(told),
                )
            )  # fmt: skip
    return sorted(found, key=lambda move: (-move.at, move.number))


def _cause(
    own: list[FieldChange], imported: FieldChange | None, related: list[FieldChange],
    rules: list[FieldChange], closing: Closing,
) -> tuple[Cause, list[FieldChange]]:  # fmt: skip
    """Return why a record differs and the changes that say so."""
    if own:
        whole = [c for c in own if not c.name and c.table in _OWNERS]
        if any(c.before is None for c in whole):
            return Cause.ENTERED, own
        if any(c.name == "deleted_at" and c.after is not None for c in own):
            return Cause.REMOVED, own
        return Cause.EDITED, own
    if imported is not None and imported.at >= closing.closed_at:
        return Cause.IMPORTED, [imported]
    since = [c for c in related if c.at >= closing.closed_at]
    if since:
        return Cause.RELATED, since
    return Cause.RULES, rules


_OWNERS = frozenset(table for table, _ in RECORDS.values())


def _typed(
    connection: Connection, closing: Closing, table: str, group: list[Differing]
) -> list[RecordMove]:
    """Return what was changed about figures that are typed by month."""
    changes = rows.of_table(connection, table, closing.log_id)
    return [
        RecordMove(
            table, None, one.number.partition(":")[2], Cause.EDITED,
            tuple(sorted(_touched(one))), (), {}, tuple(changes),
        )
        for one in group
    ]  # fmt: skip


def _effects(
    one: Differing, figures: Mapping[str, Figure | None], params: Mapping[str, Any]
) -> list[Effect]:
    """Return what a record alone does to each figure that it is counted in."""
    found = []
    for metric_id, (before, after) in one.metrics.items():
        figure, metric = figures.get(metric_id), BY_ID[metric_id]
        if before == after or figure is None:
            continue
        told = metric.kind in {Kind.COUNT, Kind.RATIO, Kind.SUM, Kind.QUOTIENT}
        value = None
        if told:
            whole = _tally(figure)
            for cells, sign in ((before, -1), (after, 1)):
                part = Tally()
                for cell in cells:
                    closing_board.add_cell(part, metric, cell, 1)
                whole.n += sign * part.n
                whole.total += sign * part.total
                whole.divisor += sign * part.divisor
            value = value_of(metric, whole, params).value
        found.append(Effect(metric_id, figure.value, value, told))
    return found


def _tally(figure: Figure) -> Tally:
    """Return what a frozen figure was made of."""
    num, den = figure.num or 0, figure.den or 0
    kind = figure.metric.kind
    if kind is Kind.COUNT:
        return Tally(n=num)
    if kind is Kind.SUM:
        return Tally(n=figure.n, total=num)
    if kind is Kind.QUOTIENT:
        return Tally(n=figure.n, total=num, divisor=den)
    return Tally(n=den, total=num)


def touched(desk: Desk, operation_id: int) -> list[str]:
    """Return the closed months that a step may have changed, for those who answer for them."""
    if not may(desk.actor.roles, Permission.PUBLISH_REPORTS):
        return []
    with desk.reading() as connection:
        return rows.touched_months(connection, operation_id)


def as_json(found: Restatements) -> dict[str, Any]:
    """Return restatements as ``svcdesk restatements --json`` prints them."""
    return {
        "month": found.closing.month,
        "version": found.closing.version,
        "as_of": found.closing.as_of,
        "figures": [
            {
                "metric": move.metric, "scope": move.scope,
                "before": None if move.before is None else move.before.to_json(),
                "now": None if move.now is None else move.now.to_json(),
            }
            for move in found.figures
        ],
        "records": [
            {
                "table": record.table, "number": record.number, "cause": str(record.cause),
                "metrics": list(record.metrics),
                "changes": [
                    {"field": c.name, "before": c.before, "after": c.after, "at": c.at,
                     "by": c.actor_id, "table": c.table}
                    for c in record.changes
                ],
            }
            for record in found.records
        ],
    }  # fmt: skip
