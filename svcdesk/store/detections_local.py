"""Detection in the neighbourhood of what changed; the same result as applying the rules to all.

Every row's finding depends on earlier rows only through the row before it (repeats), on what was
resolved before it (seconds), or on the state of its product's walk (groups). So each walk starts
at a changed place with the state before it, writes what differs, and ends as soon as a row past
the change comes out as it is stored.
"""

from __future__ import annotations

import heapq
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from svcdesk.domain.detection import NO_VERDICTS, Repeat, judge, second_rank
from svcdesk.domain.localtime import DAY
from svcdesk.store import detections
from svcdesk.store.detections import ROW, VALID, row_of, verdicts
from svcdesk.store.detections_groups import Entangled, refuse_entangled, walk_groups, write_groups
from svcdesk.store.detections_touched import Position, Touched, position
from svcdesk.store.detections_touched import touched as find_touched

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator
    from zoneinfo import ZoneInfo

    from svcdesk.domain.detection import ComplaintRow, DetectionSettings, Verdicts
    from svcdesk.store.unit_of_work import UnitOfWork

RUN = 40  # rows of a walk read at a time
_REPEAT = "c.repeat_of_id, c.duplicate_of_id, c.chain"


@dataclass
class News:
    """What was not found before: complaint → other complaint or group."""

    repeats: dict[int, int] = field(default_factory=dict)
    duplicates: dict[int, int] = field(default_factory=dict)
    seconds: dict[int, int] = field(default_factory=dict)
    joined: dict[int, int] = field(default_factory=dict)
    formed: set[int] = field(default_factory=set)  # groups
    suggested: list[int] = field(default_factory=list)


class _Matter(NamedTuple):
    """Whose complaints about what follow each other; ``product`` by option."""

    customer: Hashable
    category: int
    product: int | None


def update(
    uow: UnitOfWork,
    settings: DetectionSettings,
    zone: ZoneInfo,
    *,
    wary: bool = False,
    groups: frozenset[int] | set[int] = frozenset(),
) -> News:
    """Bring all findings up to date with what the unit of work has changed; return what is new.

    A step that changed very much, or the rules themselves, has them applied to everything; then
    nothing is told as new. ``wary``: the stored findings may not be those of the last detection;
    ``groups``: groups that may have lost their members.
    """
    changed = find_touched(uow.connection, uow.operation_id)
    if not changed.everything:
        try:
            return follow(uow, changed, settings, zone, wary=wary, groups=groups)
        except Entangled:
            pass
    detections.recompute(uow, settings, zone, words=changed.words)
    return News()


def follow(
    uow: UnitOfWork, touched: Touched, settings: DetectionSettings, zone: ZoneInfo, *,
    wary: bool = False, groups: frozenset[int] | set[int] = frozenset(),
) -> News:  # fmt: skip
    """Bring all findings up to date after ``touched``; return what is new."""
    news = News()
    nothing = dict.fromkeys(detections.DERIVED) | {"is_repeat": 0, "chain": 1}
    nothing.pop("group_id")  # the walks of the groups take it away
    for key in touched.void:
        uow.update("complaint", key, nothing)
    _Repeats(uow, settings, news).follow(touched)
    _follow_seconds(uow, touched, settings, news)
    walked = walk_groups(uow, touched, settings)
    if wary:
        refuse_entangled(uow, walked)
    news.joined, news.formed = write_groups(uow, walked, zone, groups)
    if touched.reworded:
        news.suggested = detections.suggest_exposures(uow, settings, touched.reworded)
    return news


class _Repeats:
    """Walks along the complaints of one customer and category (4.1)."""

    def __init__(self, uow: UnitOfWork, settings: DetectionSettings, news: News) -> None:
        self._uow = uow
        self._settings = settings
        self._news = news
        self._pending: list[tuple[Position, int, _Matter]] = []
        self._queued: set[tuple[Position, _Matter]] = set()
        self._fresh: set[int] = set()

    def follow(self, touched: Touched) -> None:
        self._fresh = touched.fresh
        for row in touched.places():
            self._queue(row)
        for key in ({row.id for row in touched.places()} | set(touched.void)) - touched.fresh:
            self._queue_followers(key)
        while self._pending:
            start, _, matter = heapq.heappop(self._pending)
            self._queued.discard((start, matter))
            self._walk(start, matter)

    def _queue(self, row: ComplaintRow) -> None:
        # by option an unknown product equals no other: such a row stands alone
        product = (row.product or -row.id) if self._settings.repeat_same_product else None
        matter = _Matter(row.customer, row.category, product)
        entry = (position(row), matter)
        if entry not in self._queued:
            self._queued.add(entry)
            heapq.heappush(self._pending, (entry[0], len(self._queued), matter))

    def _queue_followers(self, key: int) -> None:
        """Look again at what people linked to a complaint: its chain may have changed."""
        for row in self._uow.execute(
            f"SELECT DISTINCT {ROW} FROM detection_verdict v JOIN complaint c "
            "ON c.id = v.complaint_id WHERE v.other_id = ? AND v.rule = 'repeat' "
            f"AND v.verdict = 'confirmed' AND v.deleted_at IS NULL AND {VALID}",
            (key,),
        ).fetchall():
            self._queue(row_of(row))

    def _walk(self, start: Position, matter: _Matter) -> None:
        previous = self._before(start, matter)
        for row, stored in self._rows(start, matter):
            found = self._judge(row, previous)
            if found != stored:
                self._write(row.id, found, stored)
                self._queue_followers(row.id)
            elif position(row) > start:
                return
            previous = row

    def _judge(self, row: ComplaintRow, previous: ComplaintRow | None) -> Repeat:
        def chain_of(key: int) -> int | None:
            found = self._uow.execute(
                f"SELECT c.chain FROM complaint c WHERE c.id = ? AND {VALID} "
                "AND (c.received_at, c.id) < (?, ?)",
                (key, *position(row)),
            ).fetchone()
            return found[0] if found else None

        fresh = row.id in self._fresh
        if fresh and previous is None:
            return Repeat()
        said = NO_VERDICTS if fresh else verdicts(self._uow.connection, [row.id])
        return judge(row, previous, chain_of, self._settings, said)

    def _write(self, key: int, found: Repeat, stored: Repeat) -> None:
        self._uow.update(
            "complaint",
            key,
            {
                "repeat_of_id": found.repeat_of,
                "is_repeat": int(found.repeat_of is not None),
                "chain": found.chain,
                "duplicate_of_id": found.duplicate_of,
            },
        )
        if found.repeat_of is not None and found.repeat_of != stored.repeat_of:
            self._news.repeats[key] = found.repeat_of
        if found.duplicate_of is not None and found.duplicate_of != stored.duplicate_of:
            self._news.duplicates[key] = found.duplicate_of

    def _where(self, matter: _Matter) -> tuple[str, list[Any]]:
        sql = f"c.customer_id = ? AND c.category_id = ? AND {VALID}"
        chosen: list[Any] = [matter.customer, matter.category]
        if matter.product is not None and matter.product < 0:
            return sql + " AND c.id = ?", [*chosen, -matter.product]
        if matter.product is not None:
            return sql + " AND c.product_id = ?", [*chosen, matter.product]
        return sql, chosen

    def _before(self, start: Position, matter: _Matter) -> ComplaintRow | None:
        where, chosen = self._where(matter)
        row = self._uow.execute(
            f"SELECT {ROW} FROM complaint c INDEXED BY complaint_matter WHERE {where} "
            "AND (c.received_at, c.id) < (?, ?) ORDER BY c.received_at DESC, c.id DESC LIMIT 1",
            (*chosen, *start),
        ).fetchone()
        return row_of(row) if row else None

    def _rows(self, start: Position, matter: _Matter) -> Iterator[tuple[ComplaintRow, Repeat]]:
        where, chosen = self._where(matter)
        sql = (
            f"SELECT {ROW}, {_REPEAT} FROM complaint c INDEXED BY complaint_matter WHERE {where} "
            "AND (c.received_at, c.id) {sign} (?, ?) ORDER BY c.received_at, c.id LIMIT ?"
        )
        last, sign = start, ">="
        while True:
            rows = self._uow.execute(sql.format(sign=sign), (*chosen, *last, RUN)).fetchall()
            for row in rows:
                repeat_of, duplicate_of, chain = row[7:10]
                yield row_of(row), Repeat(repeat_of, duplicate_of, chain)
            if len(rows) < RUN:
                return
            last, sign = position(row_of(rows[-1])), ">"


def _follow_seconds(
    uow: UnitOfWork, touched: Touched, settings: DetectionSettings, news: News
) -> None:
    """Look again at the complaints that may follow a changed one (4.2)."""
    later = {row.id for row in touched.after} | touched.pairs
    window = settings.second_days * DAY
    for row in touched.places():
        if row.first_resolved_at is not None:
            later |= _received(uow, row, row.first_resolved_at, window)
    for key in ({row.id for row in touched.places()} | set(touched.void)) - touched.fresh:
        later |= _linked(uow, key)
    for row in touched.after:
        if row.id in touched.fresh:  # nothing is stored or answered about it yet
            later.discard(row.id)
            _write_second(uow, row.id, _second_of(uow, row, window, NO_VERDICTS), None, news)
    for key in sorted(later):
        found = uow.execute(
            f"SELECT {ROW}, c.second_of_id FROM complaint c WHERE c.id = ? AND {VALID}", (key,)
        ).fetchone()
        if found is None:
            continue
        said = verdicts(uow.connection, [key])
        _write_second(uow, key, _second_of(uow, row_of(found), window, said), found[7], news)


def _write_second(
    uow: UnitOfWork, key: int, earlier: int | None, stored: int | None, news: News
) -> None:
    if earlier != stored:
        uow.update("complaint", key, {"second_of_id": earlier})
        if earlier is not None:
            news.seconds[key] = earlier


def _received(uow: UnitOfWork, row: ComplaintRow, resolved: int, window: int) -> set[int]:
    return {
        key
        for (key,) in uow.execute(
            "SELECT c.id FROM complaint c INDEXED BY complaint_matter WHERE c.customer_id = ? "
            "AND c.category_id = ? AND c.received_at > ? AND c.received_at <= ?",
            (row.customer, row.category, resolved, resolved + window),
        ).fetchall()
    }


def _linked(uow: UnitOfWork, key: int) -> set[int]:
    return {
        later
        for (later,) in uow.execute(
            "SELECT complaint_id FROM detection_verdict WHERE other_id = ? AND rule = 'second' "
            "AND complaint_id IS NOT NULL UNION SELECT id FROM complaint WHERE second_of_id = ?",
            (key, key),
        ).fetchall()
    }


def _second_of(uow: UnitOfWork, row: ComplaintRow, window: int, said: Verdicts) -> int | None:
    """Return the complaint resolved last before this one came, within the window."""
    low, high = row.received_at - window, row.received_at
    denied = json.dumps([other for _, other in said.second_denied] + [row.id])
    span = "c.first_resolved_at >= ? AND c.first_resolved_at < ?"
    best = uow.execute(
        f"SELECT {ROW} FROM complaint c INDEXED BY complaint_settled WHERE c.customer_id = ? "
        f"AND c.category_id = ? AND {span} AND {VALID} "
        "AND c.id NOT IN (SELECT value FROM json_each(?)) "
        "ORDER BY c.first_resolved_at DESC, c.received_at DESC, c.id DESC LIMIT 1",
        (row.customer, row.category, low, high, denied),
    ).fetchall()
    named = said.second_of.get(row.id)
    if named is not None:
        best += uow.execute(
            f"SELECT {ROW} FROM complaint c WHERE c.id = ? AND {span} AND {VALID} "
            "AND c.id NOT IN (SELECT value FROM json_each(?))",
            (named, low, high, denied),
        ).fetchall()
    return max(map(row_of, best), key=second_rank).id if best else None
