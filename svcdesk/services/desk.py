"""The Desk: an open data file, with the clock, the acting person and its connections.

Built once by the window or the command line and passed down. Connections belong to the thread
that uses them: every thread reads through one of its own, and one thread at a time writes.
"""

from __future__ import annotations

import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from svcdesk.domain.people import Permission, Role, may
from svcdesk.store import (
    change_log,
    configuration,
    kept,
    migrations,
    recompute,
    reference,
    search,
    seed,
)
from svcdesk.store.connection import (
    Connection,
    check_file,
    open_keeper,
    open_reader,
    open_writer,
    speaking,
)
from svcdesk.store.keys import KeyGenerator
from svcdesk.store.unit_of_work import UnitOfWork, unit_of_work
from svcdesk.system.clock import Clock, SystemClock
from svcdesk.system.errors import EnvironmentProblem, UserError
from svcdesk.system.lock import FileLock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from svcdesk.store.changes import Changes
    from svcdesk.store.kept import Kept
    from svcdesk.store.reference import Person, Reference

T = TypeVar("T")


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """The result of a service function and what it touched."""

    value: T
    changes: Changes


class Desk:
    """An open data file."""

    def __init__(self, path: Path, clock: Clock, lock: FileLock | None) -> None:
        self.path = path
        self.clock = clock
        self._lock = lock
        self._local = threading.local()
        self._reference: Reference | None = None
        self._reference_stamp = 0
        self._actor_id: int | None = None
        self._keys: KeyGenerator | None = None
        self._keys_guard = threading.Lock()
        self._listeners: list[Callable[[Changes], None]] = []

    # -- opening and closing ---------------------------------------------------------------

    @classmethod
    def create(
        cls, path: Path, *, person: str = "管理员", timezone: str = "Asia/Shanghai",
        clock: Clock | None = None,
    ) -> Desk:  # fmt: skip
        """Make a new data file and open it."""
        clock = clock or SystemClock()
        migrations.create(
            path, lambda connection: seed.fill(connection, clock, person=person, timezone=timezone)
        )
        return cls.open(path, clock=clock)

    @classmethod
    def open(cls, path: Path, *, write: bool = True, clock: Clock | None = None) -> Desk:
        """Open ``path``; with ``write`` it is locked for this process and upgraded when older."""
        clock = clock or SystemClock()
        if not write:
            check_file(path)
            desk = cls(path, clock, None)
            try:
                desk._refuse_other_version()
            except BaseException:
                desk.close()
                raise
            return desk
        migrations.ready(path)
        lock = FileLock(path)
        lock.acquire()
        desk = cls(path, clock, lock)
        try:
            if migrations.upgrade(desk.writer, path, desk._backup_before_upgrade):
                with desk.write("Upgrade", kind="system") as uow:
                    recompute.complete(uow, desk.reference)
        except BaseException:
            desk.close()
            raise
        return desk

    def _refuse_other_version(self) -> None:
        found = migrations.version_of(self.reader)
        if found > migrations.VERSION:
            raise EnvironmentProblem(
                "“{path}” was written by a newer version of svcdesk. "
                "Install the newer version on this PC; the file was not changed.",
                code="newer_file",
                path=str(self.path),
            )
        if found < migrations.VERSION:
            raise UserError(
                "“{path}” is of an older version. Open it once for writing to upgrade it.",
                code="older_file",
                path=str(self.path),
            )

    def _backup_before_upgrade(self, path: Path) -> Path:
        from svcdesk.store import backup
        from svcdesk.system.job import ImmediateContext

        version = migrations.version_of(self.writer)
        target = path.with_name(f"{path.stem}-before-upgrade-v{version}{path.suffix}")
        if not target.exists():
            backup.copy(self.writer, target, ImmediateContext())
        return target

    def close_thread(self) -> None:
        """Close the connections of the calling thread."""
        for name in ("reader", "writer"):
            connection = getattr(self._local, name, None)
            if connection is not None:
                if name == "writer":
                    configuration.optimize(connection)
                connection.close()
                delattr(self._local, name)

    def close(self) -> None:
        """Close this thread's connections and give the file free."""
        self.close_thread()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Desk:
        """Return the desk itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the desk."""
        self.close()

    # -- connections -----------------------------------------------------------------------

    @property
    def reader(self) -> Connection:
        """Return the calling thread's read-only connection.

        Inside :meth:`together` it is the writing one, which sees what was just written.
        """
        joined: UnitOfWork | None = getattr(self._local, "joined", None)
        if joined is not None:
            return joined.connection
        connection: Connection | None = getattr(self._local, "reader", None)
        if connection is None:
            connection = open_reader(self.path)
            self._local.reader = connection
        return connection

    @property
    def writer(self) -> Connection:
        """Return the calling thread's writing connection."""
        if self._lock is None:
            raise UserError(
                "“{path}” was opened for reading only.", code="read_only", path=str(self.path)
            )
        connection: Connection | None = getattr(self._local, "writer", None)
        if connection is None:
            connection = open_writer(self.path)
            self._local.writer = connection
        return connection

    def unsearchable(self) -> int:
        """Return how many records of an import are not in the search index yet."""
        return search.pending_count(self.reader)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the file for the whole block."""
        connection = self.reader
        with speaking(self.path):
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")

    def keep(self, sums: Kept, seen: int) -> None:
        """Keep what a reading counted for the next one; ``seen`` is the newest operation it saw.

        Nobody waits for it: it is left out while somebody else writes.
        """
        if self._lock is None or getattr(self._local, "joined", None) is not None:
            return
        if not sums.fresh:
            return
        with closing(open_keeper(self.path)) as connection:
            kept.store(connection, sums, seen)

    @property
    def keys(self) -> KeyGenerator:
        """Return the key generator of this file."""
        with self._keys_guard:
            if self._keys is None:
                station, last = configuration.key_state(self.reader)
                self._keys = KeyGenerator(station, self.clock.now_ms, last)
            return self._keys

    @contextmanager
    def write(self, label: str, *, kind: str = "edit", undoes_id: int | None = None,
              **args: Any) -> Iterator[UnitOfWork]:  # fmt: skip
        """Open a unit of work: one transaction, one undo step named ``label`` (a msgid)."""
        joined: UnitOfWork | None = getattr(self._local, "joined", None)
        if joined is not None:
            yield joined
            return
        with unit_of_work(
            self.writer,
            self.keys,
            now=self.clock.now(),
            actor_id=self.actor.id,
            label=label,
            args=args,
            kind=kind,
            undoes_id=undoes_id,
            path=str(self.path),
        ) as uow:
            yield uow
        self.announce(uow.changes)

    @contextmanager
    def together(self, label: str, **args: Any) -> Iterator[UnitOfWork]:
        """Make all units of work that this thread opens inside one: one transaction, one undo."""
        with self.write(label, **args) as uow:
            outer: UnitOfWork | None = getattr(self._local, "joined", None)
            self._local.joined = uow
            try:
                yield uow
            except BaseException:
                self._forget_reference()  # it may have been read from what is taken back now
                raise
            finally:
                self._local.joined = outer

    # -- what everybody looks up -----------------------------------------------------------

    @property
    def reference(self) -> Reference:
        """Return the lists, people, calendars, policies and settings."""
        found = self._reference
        if found is None:
            stamp = self._reference_stamp
            with speaking(self.path):
                found = reference.load(self.reader)
            if stamp == self._reference_stamp:  # else another thread changed it meanwhile
                self._reference = found
        return found

    def _forget_reference(self) -> None:
        self._reference_stamp += 1
        self._reference = None

    @property
    def zone(self) -> ZoneInfo:
        """Return the team's time zone."""
        return self.reference.zone

    @property
    def actor(self) -> Person:
        """Return the acting person."""
        people = self.reference.people
        if self._actor_id is None or self._actor_id not in people:
            known = int(configuration.get_meta(self.reader, "person") or 0)
            self._actor_id = known if known in people else next(iter(people))
        return people[self._actor_id]

    def act_as(self, person_id: int) -> None:
        """Let another person act from here on."""
        if person_id not in self.reference.people:
            raise UserError("This person is not on the list any more.", code="unknown_person")
        self._actor_id = person_id

    def require(self, permission: Permission) -> None:
        """Refuse what the acting person may not do."""
        if not may(self.actor.roles, permission):
            raise UserError(
                "{name} may not do this. Ask a supervisor.",
                code="not_allowed",
                name=self.actor.name,
            )

    @property
    def roles(self) -> tuple[Role, ...]:
        """Return the acting person's roles."""
        return self.actor.roles

    # -- changes ---------------------------------------------------------------------------

    def listen(self, listener: Callable[[Changes], None]) -> None:
        """Call ``listener`` after every unit of work, in the thread that wrote."""
        self._listeners.append(listener)

    def announce(self, changes: Changes) -> None:
        """Drop what is out of date and tell the listeners."""
        if changes.tables() & reference.TABLES:
            self._forget_reference()
        if not changes.is_empty:
            for listener in list(self._listeners):
                listener(changes)

    def history(self, row_id: int) -> list[tuple[int, change_log.Entry]]:
        """Return every change of a record, oldest first."""
        return change_log.history_of(self.reader, row_id)
