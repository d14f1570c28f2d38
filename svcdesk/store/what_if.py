"""What another calendar or other limits would make of the past: computed beside it, not in it.

The times that would change are worked out by the code that a real change runs, and put into
temporary tables of one private connection, whose file is open for reading only. Temporary views
with the names of the tables lay them over the stored rows; the figures are then counted by the
same engine as always. Nothing can reach the data file, no writer waits, and what is shown is what
a real change brings.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from svcdesk.i18n.catalog import N_
from svcdesk.store import kept, recompute
from svcdesk.store.connection import open_reader
from svcdesk.store.figures import Board
from svcdesk.store.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from svcdesk.domain.metrics.definition import MetricDef
    from svcdesk.domain.period import Period
    from svcdesk.store.connection import Connection
    from svcdesk.store.reference import Reference, TimeRules
    from svcdesk.system.job import JobContext

_TICKET = ("response_limit", "resolution_limit", "response_due_at", "response_late_at", "due_at",
           "late_at", "warn_at", "response_seconds", "resolution_seconds", "cycle_seconds")  # fmt: skip


class _Uncounted(Kept):
    """No kept sums: they speak of the stored times."""

    def read(
        self, metrics: Iterable[MetricDef], months: Sequence[Period], by: str | None
    ) -> dict[tuple[str, str], kept.Groups]:
        """Return nothing."""
        del metrics, months, by
        return {}

    def offer(self, metric: MetricDef, month: Period, by: str | None, groups: kept.Groups) -> None:
        """Keep nothing."""


@dataclass(frozen=True)
class Counted:
    """How many tickets and complaints got other times."""

    tickets: int
    complaints: int


@contextmanager
def private(path: Path) -> Iterator[Connection]:
    """Give a connection of its own to the file, open for reading, with temporary tables."""
    connection = open_reader(path)
    try:
        connection.execute("PRAGMA query_only = OFF")  # the file itself is opened read-only
        connection.execute("BEGIN")  # one moment of the file for both sides
        yield connection
    finally:
        connection.close()


def _columns(connection: Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA main.table_info({table})").fetchall()]


def _lay_over(
    connection: Connection, table: str, keys: Sequence[str], names: Sequence[str]
) -> None:
    """Let ``table`` show the values of ``temp.other_{table}`` where there are any."""
    shown = ", ".join(
        f"CASE WHEN w.{keys[0]} IS NULL THEN m.{name} ELSE w.{name} END AS {name}"
        if name in names
        else f"m.{name}"
        for name in _columns(connection, table)
    )
    same = " AND ".join(f"w.{key} = m.{key}" for key in keys)
    connection.execute(
        f"CREATE TEMP VIEW {table} AS SELECT {shown} FROM main.{table} m "
        f"LEFT JOIN temp.other_{table} w ON {same}"
    )


def other_times(
    connection: Connection, reference: Reference, since: int, context: JobContext
) -> Counted:
    """Work out the times under another ``reference`` and lay them over the stored ones.

    ``since``: tickets created and resolved before it do not matter.
    """
    settled = recompute.settled(connection, reference)
    connection.execute(
        f"CREATE TEMP TABLE other_ticket ({', '.join(_TICKET)}, id INTEGER PRIMARY KEY)"
    )
    connection.execute(
        "CREATE TEMP TABLE other_ticket_pause (late_at, ticket_id INTEGER, seq INTEGER, "
        "PRIMARY KEY (ticket_id, seq)) WITHOUT ROWID"
    )
    limits = recompute.COMPLAINT_LIMITS
    connection.execute(
        f"CREATE TEMP TABLE other_complaint ({', '.join(limits)}, id INTEGER PRIMARY KEY)"
    )
    low, high = connection.execute("SELECT min(id), max(id) FROM main.ticket").fetchone()
    tickets = 0
    for found in recompute.ticket_times(connection, reference, settled, since):
        context.check()
        context.progress(found.last - low, max(1, high - low), N_("Working out other times"))
        marks = ", ".join("?" * (len(_TICKET) + 1))
        connection.executemany(f"INSERT INTO other_ticket VALUES ({marks})", found.changed)
        connection.executemany("INSERT INTO other_ticket_pause VALUES (?, ?, ?)", found.waits)
        tickets += len(found.changed)
    changed = recompute.complaint_limits(connection, reference, settled)
    marks = ", ".join("?" * (len(limits) + 1))
    connection.executemany(f"INSERT INTO other_complaint VALUES ({marks})", changed)
    _lay_over(connection, "ticket", ("id",), _TICKET)
    _lay_over(connection, "ticket_pause", ("ticket_id", "seq"), ("late_at",))
    _lay_over(connection, "complaint", ("id",), limits)
    return Counted(tickets, len(changed))


def board(connection: Connection, reference: Reference, as_of: int) -> Board:
    """Return a board that counts every figure from the records it sees."""
    found = Board(connection, reference, as_of)
    found.kept = _Uncounted(found.run)
    return found


def with_rules(reference: Reference, rules: TimeRules) -> Reference:
    """Return the reference data with other calendars and limits."""
    calendars, default, policies = rules.built()
    return replace(reference, calendars=calendars, default_calendar_id=default, policies=policies)


def policy_since(connection: Connection) -> dict[int, Any]:
    """Return from when each stored policy holds."""
    return dict(connection.execute("SELECT id, valid_from FROM sla_policy").fetchall())
