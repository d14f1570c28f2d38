"""Sums of months that are over, kept so that a figure need not count its records again.

A sum is kept when nothing but a write can change it: its month is over and nothing in it is still
to fall due. Every unit of work takes away, in its own transaction, the sums that its rows may have
changed (:func:`follow`); what is not logged row by row takes all of them away. What they were
counted by (definitions, settings) is part of their shape: with another shape they are worth
nothing. ``kept_check.py`` counts them again and shows that nothing was lost.
"""

from __future__ import annotations

import json
import zlib
from array import array
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from svcdesk.domain.metrics.definition import Kind, MetricDef, Source
from svcdesk.domain.metrics.expression import names_param
from svcdesk.domain.metrics.figure import Tally
from svcdesk.domain.metrics.registry import METRICS
from svcdesk.store.connection import StoreError
from svcdesk.store.facts import facts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svcdesk.domain.period import Period
    from svcdesk.store.connection import Connection
    from svcdesk.store.measures import Run

DAY = 86400
MOST_GROUPS = 500  # a dimension with more (single surveys, say) is not kept
MANY_SUMS = 12  # of a month by a dimension: more than a chart asks for
MOST_LATER = 1000  # more records with later events: an earlier cut-off, not a clock that is wrong
_SOURCES = frozenset({
    Source.TICKET, Source.OPEN_TICKET, Source.COMPLAINT, Source.SURVEY, Source.VISIT,
    Source.QUALITY_CHECK,
})  # fmt: skip
Groups = dict[Any, Tally]
_definitions: list[str] = []  # of this program, written once


def adds(metric: MetricDef) -> bool:
    """Tell whether the sums of a metric's months make the sum of a longer period.

    A state at the end adds nothing: the longer period shows that of its last month.
    """
    return metric.kind is not Kind.OF_OTHERS and metric.source in _SOURCES


def lasts(metric: MetricDef) -> bool:
    """Tell whether time alone leaves a sum as it is, once nothing in it is to fall due."""
    parts = (metric.scope, metric.weight, metric.divisor, metric.excluded)
    return adds(metric) and not any(p is not None and names_param(p, "as_of") for p in parts)


def _shape(run: Run) -> str:
    """Return what the sums of a run are made by: definitions, SQL of the facts, parameters."""
    if not _definitions:
        _definitions.append(repr(METRICS))
    facts = [
        facts_of(source, run.reference, at_end=source is Source.OPEN_TICKET) for source in _SOURCES
    ]
    params = sorted((k, v) for k, v in run.params.items() if k != "as_of")
    text = f"{_definitions[0]}|{sorted(map(repr, facts))}|{params}"
    return sha256(text.encode()).hexdigest()


def _reach(run: Run) -> tuple[int, int]:
    """Return how far a later record speaks of an earlier one: a ticket, a complaint."""
    return int(run.params["fcr_seconds"]) + DAY, int(run.params["second_seconds"]) + DAY


@dataclass
class Kept:
    """The kept sums as one reading sees them, and what it counted that can be kept."""

    run: Run
    fresh: dict[tuple[str, Period], dict[str, Groups]] = field(default_factory=dict)
    _shape: str | None = None
    _valid: bool | None = None

    @property
    def usable(self) -> bool:
        """Tell whether the sums speak of this run: of all records, in the shape of today."""
        if self.run.filters:
            return False
        if self._valid is None:
            self._shape = _shape(self.run)
            row = self.run.connection.execute("SELECT shape FROM kept_shape").fetchone()
            self._valid = row is not None and row[0] == self._shape
        return True

    def read(
        self, metrics: Iterable[MetricDef], months: Sequence[Period], by: str | None
    ) -> dict[tuple[str, str], Groups]:
        """Return the kept sums by metric and month."""
        wanted = {m.id for m in metrics if lasts(m)}
        if not (self.usable and self._valid and wanted):
            return {}
        codes = {month.start_at: month for month in months if month.end_at <= self.run.as_of}
        rows = self.run.connection.execute(
            "SELECT k.metric, k.start_at, k.end_at, k.groups, k.numbers "
            "FROM json_each(:starts) s JOIN kept_sum k ON k.dimension = :by "
            "AND k.start_at = s.value WHERE k.known_at <= :as_of "
            "AND (k.until IS NULL OR k.until > :as_of)",
            {"by": by or "", "starts": json.dumps(list(codes)), "as_of": self.run.as_of},
        ).fetchall()
        return {
            (metric, codes[start].code): unpacked(groups, numbers)
            for metric, start, end, groups, numbers in rows
            if metric in wanted and codes[start].end_at == end
        }

    def offer(self, metric: MetricDef, month: Period, by: str | None, groups: Groups) -> None:
        """Note what was counted, when nothing but a write can change it."""
        settled = lasts(metric) and not any(tally.not_yet_due for tally in groups.values())
        if (
            self.usable
            and settled
            and month.end_at <= self.run.as_of
            and len(groups) <= MOST_GROUPS
        ):
            self.fresh.setdefault((by or "", month), {})[metric.id] = groups

    @property
    def shape(self) -> str:
        """Return what the sums of this run are made by."""
        return self._shape or _shape(self.run)


# -- rows --------------------------------------------------------------------------------------


def _packed(groups: Groups) -> tuple[str, bytes | None]:
    """Return groups as JSON, and their single values and keys as packed integers."""
    rows, numbers = [], array("q")
    for key, t in groups.items():
        lists = (sorted(t.values), sorted(t.keys), sorted(t.marked_keys))
        rows.append([key, t.n, t.total, t.divisor, t.excluded, *map(len, lists)])
        for values in lists:
            numbers.extend(values)
    return json.dumps(rows), zlib.compress(numbers.tobytes(), 1) if numbers else None


def unpacked(text: str, packed: bytes | None) -> Groups:
    """Return the groups of a kept row."""
    numbers = array("q")
    if packed is not None:
        numbers.frombytes(zlib.decompress(packed))
    groups: Groups = {}
    place = 0
    for key, n, total, divisor, excluded, values, keys, marked in json.loads(text):
        ends = (place + values, place + values + keys, place + values + keys + marked)
        groups[key] = Tally(
            n, total, divisor, excluded, 0, numbers[place : ends[0]].tolist(),
            set(numbers[ends[0] : ends[1]]), set(numbers[ends[1] : ends[2]]),
        )  # fmt: skip
        place = ends[2]
    return groups


def known(connection: Connection) -> set[tuple[str, int]]:
    """Return the dimensions (empty: all records) and beginnings of months that are kept.

    A few sums of a chart or two do not make it so: then the others are still to be counted.
    """
    return {
        (dimension, start_at)
        for dimension, start_at in connection.execute(
            "SELECT dimension, start_at FROM kept_sum GROUP BY 1, 2 HAVING count(*) >= ?",
            (MANY_SUMS,),
        ).fetchall()
    }


def top(connection: Connection) -> int:
    """Return the newest operation that a connection sees."""
    row = connection.execute("SELECT max(id) FROM operation").fetchone()
    return int(row[0] or 0)


_LATER = (
    ("ticket", ("SELECT min(e.at), count(DISTINCT t.id) FROM (SELECT id FROM ticket "
     "WHERE last_event_at >= :a LIMIT :most) t JOIN ticket_event e ON e.ticket_id = t.id "
     "WHERE e.at >= :a")),
    ("complaint", ("SELECT min(e.at), count(DISTINCT c.id) FROM (SELECT id FROM complaint "
     "WHERE last_event_at >= :a LIMIT :most) c JOIN complaint_event e ON e.complaint_id = c.id "
     "WHERE e.at >= :a")),
    ("callback", "SELECT min(completed_at), 0 FROM callback WHERE completed_at >= :a"),
    ("answer", "SELECT min(responded_at), 0 FROM survey WHERE responded_at >= :a"),
    ("sending", "SELECT min(sent_at), 0 FROM survey WHERE sent_at >= :a"),
    ("change", "SELECT min(responded_at), 0 FROM survey_answer WHERE responded_at >= :a"),
    ("visit", ("SELECT min(max(ifnull(left_at, 0), ifnull(arrived_at, 0), window_end)), 0 "
     "FROM visit WHERE outcome = 'done' AND (left_at >= :a OR arrived_at >= :a "
     "OR window_end >= :a)")),
)  # fmt: skip


def _until(connection: Connection, as_of: int) -> int | None:
    """Return the first moment in the file that lies at or after the cut-off.

    ``as_of`` itself: too many do, this is the past.
    """
    moments = []
    for _, statement in _LATER:
        moment, records = connection.execute(
            statement, {"a": as_of, "most": MOST_LATER + 1}
        ).fetchone()
        if records > MOST_LATER:
            return as_of
        if moment is not None:
            moments.append(moment)
    return min(moments, default=None)


def store(connection: Connection, kept: Kept, seen: int) -> int:
    """Keep what a reading counted, unless something was or is being written; return the rows kept.

    ``seen`` is the newest operation that the reading saw.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
    except StoreError:
        return 0  # somebody writes, or the disk is full: it is only counted again
    try:
        rows = _rows(connection, kept) if top(connection) == seen else []
        if rows:
            _make_room(connection, kept)
            connection.executemany(
                "INSERT INTO kept_sum (dimension, start_at, end_at, metric, known_at, until, "
                "groups, numbers) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET known_at = excluded.known_at, until = excluded.until, "
                "groups = excluded.groups, numbers = excluded.numbers "
                "WHERE excluded.known_at > known_at",
                rows,
            )
        connection.execute("COMMIT")
    except BaseException as error:
        connection.execute("ROLLBACK")
        if isinstance(error, StoreError):
            return 0
        raise
    return len(rows)


def _rows(connection: Connection, kept: Kept) -> list[tuple[Any, ...]]:
    known_at = kept.run.as_of
    until = _until(connection, known_at)
    if until is not None and until <= known_at:
        return []
    return [
        (by, month.start_at, month.end_at, metric, known_at, until, *_packed(groups))
        for (by, month), found in kept.fresh.items()
        for metric, groups in found.items()
    ]


def _make_room(connection: Connection, kept: Kept) -> None:
    """Drop the sums of another shape."""
    row = connection.execute("SELECT shape FROM kept_shape").fetchone()
    if row is None or row[0] != kept.shape:
        connection.execute("DELETE FROM kept_sum")
        connection.execute(
            "INSERT OR REPLACE INTO kept_shape (id, shape, reach, complaint_reach) "
            "VALUES (1, ?, ?, ?)",
            (kept.shape, *_reach(kept.run)),
        )
