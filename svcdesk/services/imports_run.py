"""One run of an import: the stream of rows, what is done with each, and the writing in bulk.

A dry run and an import are the same run; the dry run has no unit of work, so its writes go
nowhere and its new records have keys below zero.
"""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING, Any

from svcdesk.domain.anomalies import EARLIEST
from svcdesk.domain.localtime import midnight
from svcdesk.i18n.catalog import N_
from svcdesk.interchange.cleaning import plain
from svcdesk.interchange.columns import CHUNK, Chunk, RowReader
from svcdesk.interchange.plan import Action, ImportPlan
from svcdesk.interchange.problems import Bad
from svcdesk.store import erasure
from svcdesk.store import imports as store
from svcdesk.store.numbers import NumberBlock, next_number
from svcdesk.store.segment import initials

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from svcdesk.interchange.kinds import Kind
    from svcdesk.interchange.source import Source
    from svcdesk.services.desk import Desk
    from svcdesk.services.imports_refs import Resolver
    from svcdesk.services.imports_tables import Handler
    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork
    from svcdesk.system.job import JobContext

KEYS_AT_ONCE = 500
COMMON = ("id", "entered_at", "created_by", "updated_at", "batch_id")
# Rows of these are written before rows that refer to them.
ORDER = ("customer", "product", "sales_order", "ticket", "complaint")


@dataclass(slots=True)
class Row:
    """One good row: its line in the file, its values by field, and who it is.

    ``fingerprint`` says what the row says, ``key`` is the record's key once it has one;
    ``changes``: the row changes a record that exists.
    """

    line: int
    place: int
    values: dict[str, Any]
    fingerprint: int
    identity: tuple[Any, ...] = ()
    key: int | None = None
    changes: bool = False

    @property
    def record(self) -> int:
        """The key of the record; the engine sets it before a handler writes."""
        if self.key is None:
            raise RuntimeError("the row has no record yet")
        return self.key


class Run:
    """The state of one import while it runs."""

    def __init__(
        self, desk: Desk, plan: ImportPlan, uow: UnitOfWork | None, context: JobContext
    ) -> None:
        self._context = context
        self._progress = (0, 0, "")
        self.desk = desk
        self.plan = plan
        self.uow = uow
        self.reference = desk.reference
        self.now = desk.clock.now()
        self.zone = desk.zone  # of times without one; a mapping may name another
        self.connection: Connection = uow.connection if uow is not None else desk.reader
        self.undone = store.undone_batches(self.connection)
        self.written: Counter[str] = Counter()
        self.touched_tickets: set[int] = set()
        self.touched_complaints: set[int] = set()
        self._buffers: dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]] = {}
        self._fingerprints: list[tuple[int, str, int]] = []
        self._numbers: dict[str, NumberBlock] = {}
        self._next_fake = 0
        self._launches: dict[int, int] | None = None
        self._keys: Iterator[int] = iter(())
        self.common_tail: tuple[Any, ...] = (self.now, None, self.now, None)

    def beat(self, text: str, done: int = 1, total: int = 1) -> None:
        """Show how far the work is, and stop here when the user asked to."""
        self._context.check()
        self._progress = (done, total, text)
        self._context.progress(done, total, text)

    def pulse(self) -> None:
        """Show that the work goes on where it was; between the steps of a long one."""
        self._context.progress(*self._progress)

    @property
    def writing(self) -> UnitOfWork:
        """The unit of work; only a run that is no dry run has one."""
        if self.uow is None:
            raise RuntimeError("a dry run writes nothing")
        return self.uow

    # ---- keys and numbers -----------------------------------------------------------------

    def new_key(self) -> int:
        """Return a key for a new record."""
        if self.uow is None:
            self._next_fake -= 1
            return self._next_fake
        for key in self._keys:
            return key
        self._keys = iter(self.uow.keys.take(KEYS_AT_ONCE))
        return next(self._keys)

    def number(self, entity: str, at: int, given: str | None = None) -> str:
        """Return a number for a new record; one of our own series that is given is kept."""
        if self.uow is None:
            return given or ""
        block = self._block(entity)
        if given is not None and block.seen(given):
            return given
        return block.take(at)

    def is_ours(self, entity: str, given: str) -> bool:
        """Tell whether ``given`` is a number of our own series."""
        return self.uow is not None and self._block(entity).seen(given)

    def _block(self, entity: str) -> NumberBlock:
        block = self._numbers.get(entity)
        if block is None:
            block = self._numbers[entity] = NumberBlock(self.writing, entity, self.desk.zone)
        return block

    def release(self, table: str, column: str, numbers: Sequence[str]) -> None:
        """Give numbers free that rows of a taken-back import still hold."""
        if self.uow is not None and numbers and self.undone:
            store.release_numbers(self.uow, table, column, numbers)

    def launched_at(self, product: int | None) -> int | None:
        """Return when a product came on the market: nothing can have happened to it before."""
        if self._launches is None:
            zone = str(self.reference.settings["timezone"])
            self._launches = {
                key: midnight(date.fromisoformat(day), zone)
                for key, day in store.names_of(self.connection, "product", "launch_date")
            }
        return self._launches.get(product) if product is not None else None

    # ---- writing --------------------------------------------------------------------------

    def common(self, key: int) -> tuple[Any, ...]:
        """Return the values of the columns ``COMMON`` for a new row."""
        return (key, *self.common_tail)

    def begin(self, batch: int) -> None:
        """Take up the batch that new rows carry."""
        uow = self.writing
        self.common_tail = (uow.now, uow.actor_id, uow.now, batch)

    def add(self, table: str, names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
        """Take rows for insertion; they are written with the next :meth:`flush`."""
        if self.uow is None:
            return
        buffer = self._buffers.get(table)
        if buffer is None:
            buffer = self._buffers[table] = (names, [])
        buffer[1].extend(rows)

    def insert(self, table: str, values: dict[str, Any]) -> int:
        """Insert one row of a table with common columns, at once, and return its key."""
        key = self.new_key()
        if self.uow is not None:
            self.uow.insert(table, values, key=key)
            self.written[table] += 1
        return key

    def update(self, table: str, key: int, values: dict[str, Any]) -> None:
        """Change a row; logged, so that undo can put it back."""
        if self.uow is not None and values:
            self.uow.update(table, key, values)

    def remember(self, row: Row, table: str) -> None:
        """Keep what a row said, so that the same row again changes nothing."""
        self.remember_print(row.key, table, row.fingerprint)

    def remember_print(self, key: int | None, table: str, said: int) -> None:
        """Keep a fingerprint of what was said of a record."""
        if self.uow is not None and key is not None:
            self._fingerprints.append((key, table, said))

    def flush(self) -> None:
        """Write the rows taken, those that others refer to first."""
        if self.uow is None:
            return
        rank = {table: place for place, table in enumerate(ORDER)}
        for table in sorted(self._buffers, key=lambda name: rank.get(name, len(rank))):
            names, rows = self._buffers[table]
            if rows:
                self.pulse()
                self.uow.insert_many(table, names, rows)
                if "batch_id" in names:
                    self.written[table] += len(rows)
                rows.clear()
        store.remember_rows(self.uow, self._fingerprints)
        self._fingerprints.clear()

    def finish(self) -> None:
        """Write what is left and the ends of the number series."""
        self.flush()
        for block in self._numbers.values():
            block.save()

    def next_plain_number(self, entity: str) -> str:
        """Return the next number of a series without months, at once."""
        if self.uow is None:
            return ""
        return next_number(self.uow, entity, self.now, self.desk.zone)


def fingerprint(values: Sequence[object], salt: str) -> int:
    """Return what a row says as a 63-bit integer: the same over programs, PCs and years.

    ``salt`` names the fields of the values.
    """
    told = f"{salt}{values!r}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(told, digest_size=8).digest(), "big") >> 1


def row_number(cells: Sequence[object], seen: Counter[str]) -> str:
    """Make the number of a row that has none: what it says and how often that was said before."""
    told = "\x1f".join(plain(cell).strip() for cell in cells)
    name = blake2b(told.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    seen[name] += 1
    return f"#{name}" if seen[name] == 1 else f"#{name}-{seen[name]}"


READING = N_("Reading rows")
ERASED = N_("The customer of this row was erased; nothing about him is taken in again.")
WHO = ("customer", "customer_phone")
_ABOUT = ("customer", "ticket", "complaint", "survey")


class _Told:
    """What a file has said of one record: the last row, and the rows that were known before.

    Until the file changes the record, rows of the batch before it are known. From then on only
    the row just read is: the last word of a file counts, as often as it names a record.
    """

    __slots__ = ("changed", "key", "known", "last")

    def __init__(self, key: int | None) -> None:
        self.key = key
        self.last: int | None = None
        self.changed = False
        self.known: list[int] = []

    def is_known(self, row: Row, prints: dict[int, set[int]]) -> bool:
        """Tell whether a row says nothing new of its record."""
        if self.changed or self.key is None:
            return self.last == row.fingerprint
        if row.fingerprint not in prints.get(self.key, ()):
            return False
        self.known.append(row.fingerprint)
        return True


@dataclass
class Engine:
    """Reads a file chunk by chunk and lets the handler of its kind act on each row."""

    run: Run
    kind: Kind
    source: Source
    reader: RowReader
    resolver: Resolver
    handler: Handler
    _seen: dict[tuple[Any, ...], _Told] = dataclasses.field(default_factory=dict)
    _first: int = 0
    _latest: int = 0
    _row_numbers: Counter[str] = dataclasses.field(default_factory=Counter)
    _any_erased: bool = False

    def work(self) -> None:
        """Go through the file once."""
        plan, done = self.run.plan, [0]
        self._any_erased = erasure.any_erased(self.run.connection)
        self._warm_up()

        def progressed(position: int) -> None:
            done[0] = position
            self.run.beat(READING, position, self.source.total)

        records = self.source.records(progressed)
        while rows := list(islice(records, CHUNK)):
            self.run.beat(READING, done[0], self.source.total)
            plan.rows_read += len(rows)
            chunk = self.reader.read(rows)
            self._take(chunk)
            self._note_rejected(chunk)
        self.run.flush()
        plan.left_out = self.source.left_out
        if self._latest:
            calendar = self.run.reference.calendar
            first = max(self._first, EARLIEST)
            plan.missing_years = tuple(calendar.missing_years(first, max(first, self._latest)))

    def _warm_up(self) -> None:
        """Load what the first row would wait for: readings of names, the working days."""
        run = self.run
        run.beat(READING, 0, self.source.total)
        if "customer" in self.kind.by_name:
            initials("客")
            run.pulse()
        if self.resolver.learns and all(map(self.reader.fills, WHO)):
            self.resolver.learn(self._look)
        run.reference.calendar.add_business_seconds(run.now, 1)
        run.pulse()

    def _look(self) -> Iterator[tuple[object, object]]:
        """Give name and phones of every row, as a look ahead."""
        records = self.source.records(lambda _position: self.run.beat(READING, 0, 1))
        while rows := list(islice(records, CHUNK)):
            yield from self.reader.look(WHO, rows)

    def _take(self, chunk: Chunk) -> None:
        rows = self._rows(chunk)
        begun = chunk.data.get("created_at") or chunk.data.get("received_at") or ()
        moments = [at for at in begun if isinstance(at, int)]
        if moments:
            self._first = min(self._first or moments[0], *moments)
            self._latest = max(self._latest, *moments)
        self.resolver.resolve(rows, chunk)
        rows = [row for row in rows if row.place not in chunk.rejected]
        for row in rows:
            for bad in self.handler.check(row):
                chunk.reject(row.place, self.kind.by_name.get(bad.values.get("field", "")), bad)
        rows = [row for row in rows if row.place not in chunk.rejected]
        self.handler.identify(rows)
        self._act(rows, chunk)

    def _rows(self, chunk: Chunk) -> list[Row]:
        names = list(chunk.data)
        columns = list(chunk.data.values())
        rows = []
        salt = "\x1f".join(names)
        needs_number = self.kind.has_external
        for place, values in enumerate(zip(*columns, strict=True)):
            fields = dict(zip(names, values, strict=True))
            row = Row(chunk.numbers[place], place, fields, fingerprint(values, salt))
            if needs_number and not self.handler.named(fields):
                fields["external_no"] = row_number(chunk.raw[place], self._row_numbers)
            rows.append(row)
        return rows

    def _act(self, rows: list[Row], chunk: Chunk) -> None:
        known = [row.key for row in rows if row.key is not None]
        prints = store.fingerprints(self.run.connection, known, self.run.undone) if known else {}
        erased = self._erased(rows)
        fresh: list[Row] = []
        counts = self.run.plan.counts
        for row in rows:
            told = self._told(row)
            row.key = told.key
            if told.is_known(row, prints):
                counts[Action.SKIP] += 1
                if told.changed:
                    self.run.remember(row, self.kind.table)
            elif row.place in erased:  # what is known of them is skipped, nothing is added
                chunk.reject(row.place, None, Bad("erased", ERASED))
                continue
            elif row.key is not None:
                self._insert(fresh)  # an earlier row of this chunk may be the one to change
                changed = self.handler.update(row)
                counts[Action.UPDATE if changed else Action.SKIP] += 1
                self._changed(row, told)
            else:
                row.key = told.key = self.run.new_key()
                fresh.append(row)
                told.changed = True
            told.last = row.fingerprint
        self._insert(fresh)

    def _erased(self, rows: list[Row]) -> set[int]:
        """Return the places of rows about customers who were erased, or about their records."""
        if not self._any_erased:
            return set()
        found: set[int] = set()
        for table, field in ((self.kind.table, ""), *((name, name) for name in _ABOUT)):
            keys = {
                row.place: key
                for row in rows
                if isinstance(key := row.values.get(field) if field else row.key, int)
            }
            gone = erasure.of_erased(self.run.connection, table, set(keys.values()))
            found |= {place for place, key in keys.items() if key in gone}
        return found

    def _told(self, row: Row) -> _Told:
        """Return what this file has said of the record of ``row`` so far."""
        told = self._seen.get(row.identity) if row.identity else None
        if told is None:
            told = _Told(row.key)
            if row.identity:
                self._seen[row.identity] = told
        return told

    def _changed(self, row: Row, told: _Told) -> None:
        """Keep the row, and those before it that were known, as what this batch says."""
        self.run.remember(row, self.kind.table)
        for said in told.known:
            self.run.remember_print(told.key, self.kind.table, said)
        told.known.clear()
        told.changed = True

    def _insert(self, fresh: list[Row]) -> None:
        if not fresh:
            return
        written = self.handler.insert(fresh)
        for row in fresh:
            self.run.remember(row, self.kind.table)
        self.run.plan.counts[Action.INSERT] += written
        self.run.plan.counts[Action.SKIP] += len(fresh) - written
        self.run.flush()
        fresh.clear()

    def _note_rejected(self, chunk: Chunk) -> None:
        plan = self.run.plan
        plan.problems += sorted(chunk.problems, key=lambda problem: problem.row)
        plan.counts[Action.REJECT] += len(chunk.rejected)
        for place in sorted(chunk.rejected):
            plan.keep(chunk.numbers[place], chunk.raw[place])
        for problem in chunk.problems:
            if problem.code.startswith("AB"):
                plan.flagged[problem.code] += 1


def flags_json(flags: Iterable[str]) -> str | None:
    """Return AB codes as they are stored."""
    listed = sorted(set(flags))
    return json.dumps(listed) if listed else None


def refusal(code: str, text: str, field: str = "", **values: Any) -> Bad:
    """Return why a whole row is refused, at a field."""
    return Bad(code, text, field=field, **values)
