"""What the events of a complaint say: its times and tries (``domain.md 2.7, 2.19``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING

from svcdesk.domain.complaint import ComplaintEventType, ComplaintStatus
from svcdesk.domain.ticket_history import Episode

if TYPE_CHECKING:
    from collections.abc import Iterable

_E, _S = ComplaintEventType, ComplaintStatus
_STATUS_AFTER = {
    _E.ACCEPTED: _S.ACCEPTED,
    _E.INVESTIGATING: _S.INVESTIGATING,
    _E.DEPARTMENT_CHANGED: _S.INVESTIGATING,
    _E.RESPONDED: _S.RESPONDED,
}
_ENDS = {
    _E.RESOLVED: (_S.RESOLVED, "resolved"),
    _E.WITHDRAWN: (_S.WITHDRAWN, "withdrawn"),
    _E.REJECTED: (_S.REJECTED, "rejected"),
    _E.MERGED: (_S.MERGED, "merged"),
}
# What opens a record again, the status it gets, and the ends it may follow.
_OPENS = {
    _E.REOPENED: (_S.INVESTIGATING, frozenset({"resolved", "withdrawn"})),
    _E.APPEALED: (_S.REGISTERED, frozenset({"rejected"})),
    _E.UNMERGED: (_S.REGISTERED, frozenset({"merged"})),
}


@dataclass(frozen=True, slots=True)
class ComplaintEvent:
    """One event of a complaint."""

    at: int
    type: str
    seq: int = 0


@dataclass(slots=True)
class ComplaintFacts:
    """The derived columns of a complaint."""

    status: str = "registered"
    contacted_at: int | None = None
    interim_feedback_at: int | None = None
    responded_at: int | None = None
    first_resolved_at: int | None = None
    resolved_at: int | None = None
    closed_at: int | None = None
    withdrawn_at: int | None = None
    rejected_at: int | None = None
    escalated_at: int | None = None
    reopen_count: int = 0
    last_event_at: int = 0
    impossible_order: bool = False  # AB15
    episodes: list[Episode] = field(default_factory=list)


class _Fold:
    """Walks through the events once."""

    def __init__(self, received_at: int) -> None:
        self.facts = ComplaintFacts(last_event_at=received_at)
        self.facts.episodes.append(Episode(1, received_at))

    def take(self, event: ComplaintEvent) -> None:
        facts, kind = self.facts, ComplaintEventType(event.type)
        facts.last_event_at = max(facts.last_event_at, event.at)
        self._moments(kind, event.at)
        current = facts.episodes[-1]
        if kind in _ENDS:
            self._end(kind, event.at)
        elif kind in _OPENS:
            self._open(kind, event.at)
        elif kind is _E.CLOSED:
            self._close(event.at)
        elif kind in _STATUS_AFTER and current.ended_at is None:
            facts.status = str(_STATUS_AFTER[kind])

    def _moments(self, kind: ComplaintEventType, at: int) -> None:
        facts = self.facts
        if kind is _E.CONTACTED and facts.contacted_at is None:
            facts.contacted_at = at
        elif kind is _E.INTERIM_FEEDBACK and facts.interim_feedback_at is None:
            facts.interim_feedback_at = at
        elif kind is _E.RESPONDED:
            facts.responded_at = at
        elif kind is _E.ESCALATED and facts.escalated_at is None:
            facts.escalated_at = at

    def _end(self, kind: ComplaintEventType, at: int) -> None:
        facts, current = self.facts, self.facts.episodes[-1]
        if current.ended_at is not None:
            return  # said twice: the first time counts
        status, by = _ENDS[kind]
        current.ended_at, current.ended_by, facts.status = at, by, str(status)
        if by == "resolved":
            facts.resolved_at = at
            if facts.first_resolved_at is None:
                facts.first_resolved_at = at
        elif by == "withdrawn":
            facts.withdrawn_at = at
        elif by == "rejected":
            facts.rejected_at = at

    def _open(self, kind: ComplaintEventType, at: int) -> None:
        facts, current = self.facts, self.facts.episodes[-1]
        status, after = _OPENS[kind]
        if current.ended_by not in after:
            facts.impossible_order = True
            return
        if current.ended_by == "resolved":
            facts.reopen_count += 1
        facts.episodes.append(Episode(len(facts.episodes) + 1, at))
        facts.resolved_at = facts.closed_at = facts.withdrawn_at = facts.rejected_at = None
        facts.status = str(status)

    def _close(self, at: int) -> None:
        if self.facts.episodes[-1].ended_at is None:
            self._end(_E.RESOLVED, at)  # closing says that it was settled
        last = self.facts.episodes[-1]
        if last.ended_by == "resolved" and last.closed_at is None:  # said twice: the first counts
            self.facts.closed_at = last.closed_at = at
            self.facts.status = str(_S.CLOSED)


def fold_complaint(received_at: int, events: Iterable[ComplaintEvent]) -> ComplaintFacts:
    """Derive the facts of a complaint from its events, in any order given.

    ``first_resolved_at`` is never reset: the on-time rate rests on it (8, question 4).
    """
    fold = _Fold(received_at)
    ordered = sorted(events, key=attrgetter("at", "seq"))
    ordered.sort(key=lambda event: event.type != _E.REGISTERED)
    for event in ordered:
        fold.take(event)
    return fold.facts
