"""What the events of a ticket say: its times, tries, waits and counts (``domain.md 2.4, 2.5``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING

from svcdesk.domain.ticket import RESPONSE_EVENTS, TicketEventType, TicketStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WITHDRAWAL_SECONDS = 600  # a dispatch withdrawn within 10 minutes never happened (3.4)
_MISSED = "missed"

_E, _S = TicketEventType, TicketStatus
_STATUS_AFTER = {
    _E.DISPATCHED: _S.ASSIGNED,
    _E.ACCEPTED: _S.IN_PROGRESS,
    _E.REJECTED_BACK: _S.NEW,
    _E.TRANSFERRED: _S.ASSIGNED,
}
# What neither begins nor ends a try, and of a wait at most the end.
CALM_EVENTS = frozenset(_E) - {
    _E.CREATED, _E.STATUS_CHANGED, _E.RESOLVED, _E.REOPENED, _E.CLOSED, _E.CANCELLED, _E.MERGED,
    _E.UNMERGED,
}  # fmt: skip
# What leaves a ticket in its state and where it lies: such events say nothing about its way.
STILL_EVENTS = frozenset(
    {_E.CREATED, _E.PUBLIC_REPLY, _E.CALL_IN, _E.CALL_OUT, _E.INTERNAL_NOTE, _E.ESCALATED,
     _E.VISIT_PLANNED, _E.VISIT_RESCHEDULED, _E.VISIT_ARRIVED, _E.VISIT_DONE, _E.FIELD_CHANGED}
)  # fmt: skip
# A bare change of status says the same as the event it stands for.
_MEANING = {
    _S.RESOLVED: _E.RESOLVED,
    _S.CLOSED: _E.CLOSED,
    _S.CANCELLED: _E.CANCELLED,
    _S.MERGED: _E.MERGED,
}
_PAUSES = {_S.PENDING_CUSTOMER: "customer", _S.PENDING_INTERNAL: "internal"}


@dataclass(frozen=True, slots=True)
class TicketEvent:
    """One event.

    ``automatic``: not a human action; ``name`` of a call: ``answered`` or ``missed``; ``new`` of
    a status change: the status code.
    """

    at: int
    type: str
    seq: int = 0
    automatic: bool = False
    name: str | None = None
    new: str | None = None
    department_id: int | None = None


@dataclass(slots=True)
class Episode:
    """One try: from opening or reopening to its end; ``ended_by`` resolved, cancelled, merged."""

    seq: int
    opened_at: int
    ended_at: int | None = None
    ended_by: str | None = None
    closed_at: int | None = None


@dataclass(slots=True)
class Pause:
    """A wait for ``customer`` or ``internal``; open while ``ended_at`` is missing."""

    seq: int
    kind: str
    started_at: int
    ended_at: int | None = None
    department_id: int | None = None


@dataclass(slots=True)
class TicketFacts:
    """The derived columns of a ticket."""

    status: str = "new"
    first_response_at: int | None = None
    first_resolved_at: int | None = None
    resolved_at: int | None = None
    closed_at: int | None = None
    cancelled_at: int | None = None
    first_dispatch_at: int | None = None
    escalated_at: int | None = None
    dispatch_count: int = 0
    transfer_count: int = 0
    visit_count: int = 0
    reopen_count: int = 0
    last_event_at: int = 0
    impossible_order: bool = False  # AB15
    episodes: list[Episode] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)


def is_response(event: TicketEvent) -> bool:
    """Tell whether the customer noticed a human in ``event``; automatic ones do not count."""
    return event.type in RESPONSE_EVENTS and not event.automatic and event.name != _MISSED


class _Fold:
    """Walks through the events once; each kind has its rule."""

    def __init__(self, created_at: int) -> None:
        self.facts = TicketFacts(last_event_at=created_at)
        self.facts.episodes.append(Episode(1, created_at))
        self.dispatches: list[int] = []
        self.created_seen = False
        self.rules = {
            _E.CREATED: self._created,
            _E.DISPATCHED: self._dispatched,
            _E.DISPATCH_WITHDRAWN: self._withdrawn,
            _E.TRANSFERRED: self._transferred,
            _E.ESCALATED: self._escalated,
            _E.STATUS_CHANGED: self._status_changed,
            _E.VISIT_DONE: self._visit_done,
            _E.RESOLVED: self._resolved,
            _E.REOPENED: self._reopened,
            _E.CLOSED: self._closed,
            _E.CANCELLED: self._cancelled,
            _E.MERGED: self._merged,
            _E.UNMERGED: self._unmerged,
        }

    def take(self, event: TicketEvent) -> None:
        facts = self.facts
        facts.last_event_at = max(facts.last_event_at, event.at)
        if facts.first_response_at is None and is_response(event):
            facts.first_response_at = event.at
        kind = TicketEventType(event.type)
        if kind is _E.STATUS_CHANGED and event.new in _MEANING:
            kind = _MEANING[TicketStatus(event.new)]
        rule = self.rules.get(kind)
        if rule is not None:
            rule(event)
        status = _STATUS_AFTER.get(kind)
        if status is not None and self.open:
            self._enter(status, event)

    @property
    def open(self) -> bool:
        return self.facts.episodes[-1].ended_at is None

    def _enter(self, status: TicketStatus, event: TicketEvent) -> None:
        """Set the status; a wait ends with it and another may begin."""
        facts = self.facts
        facts.status = str(status)
        if facts.pauses and facts.pauses[-1].ended_at is None:
            facts.pauses[-1].ended_at = event.at
        if status in _PAUSES:
            facts.pauses.append(
                Pause(
                    len(facts.pauses) + 1,
                    _PAUSES[status],
                    event.at,
                    department_id=event.department_id,
                )
            )

    def _end(self, status: TicketStatus, event: TicketEvent, by: str) -> None:
        self._enter(status, event)
        self.facts.episodes[-1].ended_at = event.at
        self.facts.episodes[-1].ended_by = by

    def _open(self, status: TicketStatus, event: TicketEvent) -> None:
        facts = self.facts
        facts.episodes.append(Episode(len(facts.episodes) + 1, event.at))
        facts.resolved_at = facts.closed_at = facts.cancelled_at = None
        self._enter(status, event)

    def _created(self, event: TicketEvent) -> None:
        del event
        self.created_seen = True

    def _dispatched(self, event: TicketEvent) -> None:
        self.dispatches.append(event.at)

    def _withdrawn(self, event: TicketEvent) -> None:
        if self.dispatches and event.at - self.dispatches[-1] <= WITHDRAWAL_SECONDS:
            self.dispatches.pop()
        if self.open and self.facts.status == _S.ASSIGNED:
            self._enter(_S.NEW, event)

    def _transferred(self, event: TicketEvent) -> None:
        del event
        self.facts.transfer_count += 1

    def _escalated(self, event: TicketEvent) -> None:
        if self.facts.escalated_at is None:
            self.facts.escalated_at = event.at

    def _visit_done(self, event: TicketEvent) -> None:
        del event
        self.facts.visit_count += 1

    def _status_changed(self, event: TicketEvent) -> None:
        if event.new is None:
            return
        status = TicketStatus(event.new)
        if self.open:
            self._enter(status, event)
        elif self.facts.episodes[-1].ended_by == "resolved":
            self._reopened(event, status)
        else:
            self._open(status, event)  # restored after a cancellation

    def _resolved(self, event: TicketEvent) -> None:
        facts = self.facts
        if not self.created_seen:
            facts.impossible_order = True
        if not self.open:
            return  # said twice: the first time counts
        self._end(_S.RESOLVED, event, "resolved")
        facts.resolved_at = event.at
        if facts.first_resolved_at is None:
            facts.first_resolved_at = event.at

    def _reopened(self, event: TicketEvent, status: TicketStatus = _S.IN_PROGRESS) -> None:
        if self.open or self.facts.episodes[-1].ended_by == "merged":
            self.facts.impossible_order = True
            return
        if self.facts.episodes[-1].ended_by == "resolved":
            self.facts.reopen_count += 1
        self._open(status, event)

    def _closed(self, event: TicketEvent) -> None:
        if self.open:
            self._resolved(event)  # closing says that it was solved
        last = self.facts.episodes[-1]
        if last.ended_by == "resolved" and last.closed_at is None:  # said twice: the first counts
            self.facts.closed_at = last.closed_at = event.at
            self.facts.status = str(_S.CLOSED)

    def _cancelled(self, event: TicketEvent) -> None:
        if self.open:
            self._end(_S.CANCELLED, event, "cancelled")
            self.facts.cancelled_at = event.at

    def _merged(self, event: TicketEvent) -> None:
        if self.open:
            self._end(_S.MERGED, event, "merged")

    def _unmerged(self, event: TicketEvent) -> None:
        if self.facts.episodes[-1].ended_by == "merged":
            self._open(_S.NEW, event)

    def finish(self) -> TicketFacts:
        self.facts.dispatch_count = len(self.dispatches)
        self.facts.first_dispatch_at = self.dispatches[0] if self.dispatches else None
        return self.facts


def fold_ticket(created_at: int, events: Iterable[TicketEvent]) -> TicketFacts:
    """Derive the facts of a ticket from its events, in any order given.

    The creation comes first whatever its time says; other events are taken by time, then by
    sequence. The first response is never reset by a reopening.
    """
    fold = _Fold(created_at)
    for event in in_order(events):
        fold.take(event)
    return fold.finish()


def in_order(events: Iterable[TicketEvent]) -> list[TicketEvent]:
    """Return events as they are taken: the creation first, then by time and sequence."""
    ordered = sorted(events, key=attrgetter("at", "seq"))
    ordered.sort(key=lambda event: event.type != _E.CREATED)
    return ordered


def statuses(
    created_at: int, events: Iterable[TicketEvent]
) -> Iterator[tuple[TicketEvent, str, int | None]]:
    """Give after each event the status, and the department that a wait inside is for."""
    fold = _Fold(created_at)
    for event in in_order(events):
        fold.take(event)
        waits = fold.facts.pauses and fold.facts.pauses[-1].ended_at is None
        yield event, fold.facts.status, fold.facts.pauses[-1].department_id if waits else None
