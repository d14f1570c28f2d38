"""Where the hours of the tickets resolved in a period went, per state and per department."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from svcdesk.domain.dwell import closed_after, moves, stays
from svcdesk.domain.metrics.registry import metric
from svcdesk.domain.statistics import percentile_inc
from svcdesk.domain.ticket import TicketStatus
from svcdesk.domain.ticket_history import STILL_EVENTS, TicketEvent
from svcdesk.store import measures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from fractions import Fraction

    from svcdesk.domain.period import Period
    from svcdesk.store.figures import Board

LONGEST = 200  # tickets named for a state or department
BATCH = 2000  # tickets whose events are read at a time
_STILL = json.dumps(sorted(STILL_EVENTS))


@dataclass
class Share:
    """What one state or department took: calendar and working seconds, and the tickets."""

    seconds: int = 0
    working: int = 0
    tickets: int = 0
    longest: list[tuple[int, str]] = field(default_factory=list)
    spent: list[int] = field(default_factory=list)  # seconds of each ticket

    def add(self, seconds: int, working: int, number: str) -> None:
        """Add one ticket's time."""
        self.seconds += seconds
        self.working += working
        self.tickets += 1
        self.spent.append(seconds)
        self.longest.append((seconds, number))
        if len(self.longest) > 2 * LONGEST:
            self.trim()

    def trim(self) -> None:
        """Keep the tickets that took longest."""
        self.longest = sorted(self.longest, key=lambda one: (-one[0], one[1]))[:LONGEST]

    def percentile(self, share: Fraction) -> Fraction | None:
        """Return a percentile of the seconds that a ticket took; 1/2 is the median."""
        return percentile_inc(sorted(self.spent), share)

    @property
    def numbers(self) -> list[str]:
        """Return the tickets that took longest, the longest first."""
        self.trim()
        return [number for _, number in self.longest]


@dataclass
class Dwell:
    """The time of all tickets by state and by department (key ``None``: at the desk).

    ``waiting`` is the wait inside by the department that was asked; ``moves`` counts the steps
    from state to state; ``closing`` is what lies between the final resolution and the closing,
    which is no part of the sums.
    """

    tickets: int = 0
    seconds: int = 0
    by_status: dict[str, Share] = field(default_factory=lambda: defaultdict(Share))
    by_department: dict[int | None, Share] = field(default_factory=lambda: defaultdict(Share))
    waiting: dict[int | None, Share] = field(default_factory=lambda: defaultdict(Share))
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    closing: Share = field(default_factory=Share)


History = tuple[int, str, int, int, list[TicketEvent]]


def dwell(board: Board, period: Period, check: Callable[[], None] = lambda: None) -> Dwell:
    """Return where the hours went of the tickets resolved in ``period``.

    From receipt to the final resolution, so that the parts add up to the resolution times;
    departments are rolled up to the first level. ``check`` is called now and then.
    """
    found = Dwell()
    for history in _histories(board, period, check):
        _add(found, board, history)
    return found


_Sums = defaultdict[Any, list[int]]  # calendar and working seconds by state or department


def _pair() -> list[int]:
    return [0, 0]


def _add(found: Dwell, board: Board, history: History) -> None:
    """Add the stretches, the steps and the closing of one ticket."""
    _key, number, created, resolved, events = history
    calendar = board.reference.calendar
    found.tickets += 1
    found.seconds += max(0, resolved - created)
    stretches = stays(created, resolved, events)
    statuses, departments, waiting = _Sums(_pair), _Sums(_pair), _Sums(_pair)
    for stay in stretches:
        working = calendar.business_seconds(stay.start, stay.end)
        group = board.run.group_key("department", stay.department)
        sums = [statuses[stay.status], departments[group]]
        if stay.status == TicketStatus.PENDING_INTERNAL:
            sums.append(waiting[group])
        for one in sums:
            one[0] += stay.end - stay.start
            one[1] += working
    for shares, parts in (
        (found.by_status, statuses),
        (found.by_department, departments),
        (found.waiting, waiting),
    ):
        for key, (seconds, working) in parts.items():
            shares[key].add(seconds, working, number)
    found.moves.update(moves(stretches))
    closed = closed_after(resolved, events)
    if closed is not None:
        found.moves[str(TicketStatus.RESOLVED), str(TicketStatus.CLOSED)] += 1
        found.closing.add(closed - resolved, calendar.business_seconds(resolved, closed), number)


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
            "ON e.ticket_id = k.value WHERE e.deleted_at IS NULL AND e.at < :as_of "
            "AND e.type NOT IN (SELECT value FROM json_each(:still))",
            {"keys": json.dumps(keys[first : first + BATCH]), "as_of": board.as_of,
             "still": _STILL},
        ).fetchall():  # fmt: skip
            events[row[0]].append(
                TicketEvent(row[1], row[2], row[3], bool(row[4]), row[5], row[6], row[7])
            )
        for key in keys[first : first + BATCH]:
            yield (key, *tickets[key], events[key])
