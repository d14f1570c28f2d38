"""Where the hours of the tickets resolved in a period went, per state and per department."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from svcdesk.domain.dwell import stays
from svcdesk.domain.metrics.registry import metric
from svcdesk.domain.ticket_history import TicketEvent
from svcdesk.store import measures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from svcdesk.domain.period import Period
    from svcdesk.store.figures import Board

LONGEST = 200  # tickets named for a state or department
BATCH = 2000  # tickets whose events are read at a time


@dataclass
class Share:
    """What one state or department took: calendar and working seconds, and the tickets."""

    seconds: int = 0
    working: int = 0
    tickets: int = 0
    longest: list[tuple[int, str]] = field(default_factory=list)

    def add(self, seconds: int, working: int, number: str) -> None:
        """Add one ticket's time."""
        self.seconds += seconds
        self.working += working
        self.tickets += 1
        self.longest.append((seconds, number))
        if len(self.longest) > 2 * LONGEST:
            self.trim()

    def trim(self) -> None:
        """Keep the tickets that took longest."""
        self.longest = sorted(self.longest, key=lambda one: (-one[0], one[1]))[:LONGEST]

    @property
    def numbers(self) -> list[str]:
        """Return the tickets that took longest, the longest first."""
        self.trim()
        return [number for _, number in self.longest]


@dataclass
class Dwell:
    """The time of all tickets by state and by department (key ``None``: at the desk)."""

    tickets: int = 0
    seconds: int = 0
    by_status: dict[str, Share] = field(default_factory=lambda: defaultdict(Share))
    by_department: dict[int | None, Share] = field(default_factory=lambda: defaultdict(Share))


def dwell(board: Board, period: Period, check: Callable[[], None] = lambda: None) -> Dwell:
    """Return where the hours went of the tickets resolved in ``period``.

    From receipt to the final resolution, so that the parts add up to the resolution times;
    departments are rolled up to the first level. ``check`` is called now and then.
    """
    found = Dwell()
    calendar = board.reference.calendar
    for key, number, created, resolved, events in _histories(board, period, check):
        del key
        found.tickets += 1
        found.seconds += max(0, resolved - created)
        statuses: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        departments: dict[int | None, list[int]] = defaultdict(lambda: [0, 0])
        for stay in stays(created, resolved, events):
            working = calendar.business_seconds(stay.start, stay.end)
            group = board.run.group_key("department", stay.department)
            for sums in (statuses[stay.status], departments[group]):
                sums[0] += stay.end - stay.start
                sums[1] += working
        for status, (seconds, working) in statuses.items():
            found.by_status[status].add(seconds, working, number)
        for department, (seconds, working) in departments.items():
            found.by_department[department].add(seconds, working, number)
    return found


History = tuple[int, str, int, int, list[TicketEvent]]


def _histories(board: Board, period: Period, check: Callable[[], None]) -> Iterator[History]:
    """Yield the tickets resolved in a period with their events before the cut-off."""
    connection = board.run.connection
    definition = metric("ticket_resolved")
    tickets: dict[int, tuple[str, int, int]] = {}
    for facts, where, values in measures.ways(board.run, definition, period):
        resolved = facts.fields["resolved_at"]
        for row in connection.execute(
            f"SELECT t.id, t.ticket_no, t.created_at, {resolved} FROM {facts.table} WHERE {where}",
            values,
        ).fetchall():
            tickets[row[0]] = (row[1], row[2], row[3])
    keys = sorted(tickets)
    for first in range(0, len(keys), BATCH):
        check()
        events: dict[int, list[TicketEvent]] = defaultdict(list)
        for row in connection.execute(
            "SELECT e.ticket_id, e.at, e.type, e.seq, e.automatic, e.name, e.new, "
            "e.department_id FROM json_each(:keys) k JOIN ticket_event e "
            "ON e.ticket_id = k.value WHERE e.deleted_at IS NULL AND e.at < :as_of",
            {"keys": json.dumps(keys[first : first + BATCH]), "as_of": board.as_of},
        ).fetchall():
            events[row[0]].append(
                TicketEvent(row[1], row[2], row[3], bool(row[4]), row[5], row[6], row[7])
            )
        for key in keys[first : first + BATCH]:
            yield (key, *tickets[key], events[key])
