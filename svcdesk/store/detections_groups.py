"""Group complaints in the neighbourhood of what changed (4.3).

A walk starts at a changed place with the state before it and ends where the new state and the
stored one agree; what lies beyond belongs to the same groups as before. Which number a group
keeps is decided over all groups that the walks met, as in a full recomputation.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from svcdesk.domain.detection import GroupFound, GroupKey, GroupWalk, group_key, keep_by_shares
from svcdesk.domain.localtime import DAY
from svcdesk.store import detections
from svcdesk.store.detections import ROW, VALID, row_of
from svcdesk.store.detections_touched import Position, Touched, position

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from svcdesk.domain.detection import ComplaintRow, DetectionSettings
    from svcdesk.store.unit_of_work import UnitOfWork

RUN = 60  # rows of a walk read at a time
_START = Position(-(1 << 62), 0)
_END = Position(1 << 62, 0)
# the newest answer counts: one that a person took out of all groups is passed over
_COUNTED = (
    f"{VALID} AND (SELECT v.verdict FROM detection_verdict v WHERE v.complaint_id = c.id "
    "AND v.rule = 'group' AND v.deleted_at IS NULL ORDER BY v.id DESC LIMIT 1) IS NOT 'denied'"
)


class Entangled(Exception):  # noqa: N818 - not an error: the rules are applied to all then
    """Stored groups reach beyond what the walks met: steps in between were taken back."""


class _Span(NamedTuple):
    """Rows of a stored group that a walk had no need to read: from exclusive to exclusive."""

    group: int
    low: Position
    high: Position


@dataclass
class _Met:
    """A group that a walk came through."""

    found: GroupFound
    read: dict[int, int | None] = field(default_factory=dict)  # member → group stored
    spans: list[_Span] = field(default_factory=list)

    def groups(self) -> set[int]:
        return {group for group in self.read.values() if group} | {s.group for s in self.spans}


@dataclass
class Walked:
    """What the walks found: groups, and complaints in none of them (→ the group stored)."""

    met: list[_Met] = field(default_factory=list)
    loose: dict[int, int | None] = field(default_factory=dict)


def walk_groups(uow: UnitOfWork, touched: Touched, settings: DetectionSettings) -> Walked:
    """Walk along every product that a changed complaint belonged or belongs to."""
    places: dict[GroupKey, set[Position]] = defaultdict(set)
    alone = set(touched.void)
    for row in touched.places():
        key = group_key(row, settings)
        if key is not None:
            places[key].add(position(row))
        alone.add(row.id)
    walked = Walked()
    for key, positions in places.items():
        walk = _Walk(uow, key, settings)
        walk.run(sorted(positions))
        walked.met += walk.met
        walked.loose |= walk.loose
    for group in walked.met:
        for member in group.read:
            walked.loose.pop(member, None)
            alone.discard(member)
    walked.loose |= _stored_of(uow, alone - walked.loose.keys())
    walked.met.sort(key=lambda group: (group.found.triggered_at, group.found.trigger))
    return walked


def refuse_entangled(uow: UnitOfWork, walked: Walked) -> None:
    """Make sure that no stored group has members which the walks did not meet."""
    seen = Counter(key for group in walked.met for key in group.read.values() if key)
    seen.update(key for key in walked.loose.values() if key)
    for group in walked.met:
        for span in group.spans:
            seen[span.group] += len(_members(uow, group.found.key, span))
    for key, count in seen.items():
        there = uow.execute(
            "SELECT count(*) FROM complaint WHERE group_id = ? AND deleted_at IS NULL", (key,)
        ).fetchone()[0]
        if there != count:
            raise Entangled


def _stored_of(uow: UnitOfWork, ids: set[int]) -> dict[int, int | None]:
    found = {}
    for key in ids:
        row = uow.execute("SELECT group_id FROM complaint WHERE id = ?", (key,)).fetchone()
        if row is not None:
            found[key] = row[0]
    return found


class _Walk:
    """Walks along the complaints of one product, or of one part of it."""

    def __init__(self, uow: UnitOfWork, key: GroupKey, settings: DetectionSettings) -> None:
        self._uow = uow
        self._key = key
        self._settings = settings
        self._window = settings.group_days * DAY
        self._triggers: dict[int, Position | None] = {}
        self._tails: dict[int, _Met] = {}
        self.met: list[_Met] = []
        self.loose: dict[int, int | None] = {}

    def run(self, positions: list[Position]) -> None:
        """Walk from every changed place until nothing differs any more."""
        while positions:
            end = self._segment(positions)
            positions = [place for place in positions if place > end]

    def _segment(self, positions: list[Position]) -> Position:
        """Walk from the first place; return the last one that was read."""
        start = positions[0]
        state, current = self._seed(start)
        here = start
        for row, stored in self._rows(start):
            here = position(row)
            found = state.step(row)
            if found is None:
                self.loose[row.id] = stored
                current = None
            else:
                if current is None or current.found is not found:
                    current = _Met(found)
                    self.met.append(current)
                    for member in found.members:  # the days before it, ungrouped until now
                        current.read[member] = self.loose.pop(member, None)
                current.read[row.id] = stored
            if self._agrees(here, stored, current, positions):
                if current is not None and stored is not None:
                    current.spans.append(_Span(stored, here, _END))
                    self._tails[stored] = current
                return here
        return _END

    def _agrees(
        self, here: Position, stored: int | None, current: _Met | None, places: list[Position]
    ) -> bool:
        """Tell whether everything after ``here`` belongs together as it is stored."""
        passed = [place for place in places if place <= here]
        coming = places[len(passed)] if len(passed) < len(places) else None
        if passed[-1] == here or (coming is not None and coming.at - here.at <= self._window):
            return False
        if current is not None:
            trigger = None if stored is None else self._trigger(stored)
            return trigger is not None and trigger <= here  # both go on from the same row
        return stored is None and here.at - passed[-1].at > self._window

    def _seed(self, start: Position) -> tuple[GroupWalk, _Met | None]:
        """Return the state before ``start``: the group that is active, or the days before."""
        last = self._last_before(start)
        if last is None:
            return GroupWalk(self._key, self._settings), None
        row, stored = last
        trigger = None if stored is None else self._trigger(stored)
        if stored is not None and trigger is not None and trigger < start:
            met = self._tails.pop(stored, None)
            if met is None:
                found = GroupFound(
                    self._key.product, self._key.category, trigger.id, trigger.at, [],
                    row.received_at, self._key.serial,
                )  # fmt: skip
                met = _Met(found, spans=[_Span(stored, _START, start)])
                self.met.append(met)
            else:  # the group that an earlier segment left goes on as far as here
                tail = met.spans.pop()
                met.spans.append(tail._replace(high=start))
                met.found.last_at = row.received_at
            return GroupWalk(self._key, self._settings, active=met.found), met
        recent = self._recent(start)
        self.loose |= {earlier.id: group for earlier, group in recent}
        return GroupWalk(self._key, self._settings, [earlier for earlier, _ in recent]), None

    def _trigger(self, group: int) -> Position | None:
        if group not in self._triggers:
            row = self._uow.execute(
                "SELECT triggered_at, trigger_id FROM complaint_group WHERE id = ? "
                "AND deleted_at IS NULL",
                (group,),
            ).fetchone()
            self._triggers[group] = Position(*row) if row else None
        return self._triggers[group]

    # --- reading -------------------------------------------------------------------------

    def _where(self) -> tuple[str, list[Any]]:
        return within(self._key, self._settings)

    def _last_before(self, start: Position) -> tuple[ComplaintRow, int | None] | None:
        where, chosen = self._where()
        row = self._uow.execute(
            f"SELECT {ROW}, c.group_id FROM complaint c INDEXED BY complaint_product WHERE {where} "
            "AND c.received_at >= ? AND (c.received_at, c.id) < (?, ?) "
            "ORDER BY c.received_at DESC, c.id DESC LIMIT 1",
            (*chosen, start.at - self._window, *start),
        ).fetchone()
        return (row_of(row), row[7]) if row else None

    def _recent(self, start: Position) -> list[tuple[ComplaintRow, int | None]]:
        where, chosen = self._where()
        rows = self._uow.execute(
            f"SELECT {ROW}, c.group_id FROM complaint c INDEXED BY complaint_product WHERE {where} "
            "AND c.received_at >= ? AND (c.received_at, c.id) < (?, ?) "
            "ORDER BY c.received_at, c.id",
            (*chosen, start.at - self._window, *start),
        ).fetchall()
        return [(row_of(row), row[7]) for row in rows]

    def _rows(self, start: Position) -> Iterator[tuple[ComplaintRow, int | None]]:
        where, chosen = self._where()
        sql = (
            f"SELECT {ROW}, c.group_id FROM complaint c INDEXED BY complaint_product WHERE {where} "
            "AND (c.received_at, c.id) {sign} (?, ?) ORDER BY c.received_at, c.id LIMIT ?"
        )
        last, sign = start, ">="
        while True:
            rows = self._uow.execute(sql.format(sign=sign), (*chosen, *last, RUN)).fetchall()
            for row in rows:
                yield row_of(row), row[7]
            if len(rows) < RUN:
                return
            last, sign = position(row_of(rows[-1])), ">"


def within(key: GroupKey, settings: DetectionSettings) -> tuple[str, list[Any]]:
    """Return the condition for the complaints that count for a group key, and its values."""
    sql = f"c.product_id = ? AND {_COUNTED}"
    chosen: list[Any] = [key.product]
    if key.category is not None:
        sql += " AND c.category_id = ?"
        chosen.append(key.category)
    if key.serial is not None:
        sql += " AND substr(coalesce(c.serial_no, ''), 1, ?) = ?"
        chosen += [settings.group_serial_prefix, key.serial]
    return sql, chosen


# --- writing ---------------------------------------------------------------------------------


def write_groups(
    uow: UnitOfWork, walked: Walked, zone: ZoneInfo, others: frozenset[int] | set[int]
) -> tuple[dict[int, int], set[int]]:
    """Write what differs; return who joined which group, and the groups formed.

    ``others``: further groups that go when nobody is left in them.
    """
    met, loose = walked.met, walked.loose
    joined: dict[int, int] = {}
    formed: set[int] = set()
    olds = {key for group in met for key in group.groups()}
    olds |= {key for key in loose.values() if key} | others
    stored = detections.stored_groups(uow.connection, olds)
    kept = _kept(uow, met, stored)
    for group, going_on in zip(met, kept, strict=True):
        known = detections.write_group(uow, group.found, going_on, stored, zone)
        if going_on is None:
            formed.add(known)
        for key, before in _moved(uow, group, known):
            uow.update("complaint", key, {"group_id": known})
            if before is None:
                joined[key] = known
    for key, before in loose.items():
        if before is not None:
            uow.update("complaint", key, {"group_id": None})
    for gone in stored.keys() - set(kept):
        if not _used(uow, gone):
            uow.remove("complaint_group", gone)
    return joined, formed


def _moved(uow: UnitOfWork, group: _Met, known: int) -> list[tuple[int, int | None]]:
    """Return the members that are stored elsewhere: (complaint, group stored)."""
    moved = [(key, before) for key, before in group.read.items() if before != known]
    for span in group.spans:
        if span.group != known:
            moved += [(key, span.group) for key in _members(uow, group.found.key, span)]
    return moved


def _kept(uow: UnitOfWork, met: list[_Met], stored: dict[int, dict[str, Any]]) -> list[int | None]:
    claims = [group.groups() & stored.keys() for group in met]
    times = Counter(key for claim in claims for key in claim)
    if all(len(claim) <= 1 for claim in claims) and all(n == 1 for n in times.values()):
        return [next(iter(claim), None) for claim in claims]
    shares = []
    for group in met:
        count = Counter(key for key in group.read.values() if key in stored)
        for span in group.spans:
            if span.group in stored:
                count[span.group] += len(_members(uow, group.found.key, span))
        shares.append(count)
    return keep_by_shares(shares)


def _members(uow: UnitOfWork, key: GroupKey, span: _Span) -> list[int]:
    sql = (
        "SELECT c.id FROM complaint c INDEXED BY complaint_member WHERE c.group_id = ? "
        "AND (c.received_at, c.id) > (?, ?) AND (c.received_at, c.id) < (?, ?) "
        f"AND c.product_id = ? AND {_COUNTED}"
    )
    chosen: list[Any] = [span.group, *span.low, *span.high, key.product]
    if key.category is not None:
        sql += " AND c.category_id = ?"
        chosen.append(key.category)
    return [row[0] for row in uow.execute(sql, chosen).fetchall()]


def _used(uow: UnitOfWork, group: int) -> bool:
    found = uow.execute(
        "SELECT 1 FROM complaint WHERE group_id = ? AND deleted_at IS NULL LIMIT 1", (group,)
    ).fetchone()
    return found is not None
