"""What a quality meeting should look at: carried decisions, then items that wait for something."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why something stands on an agenda; an item stands once, under its first reason."""

    CARRIED = "carried"  # an open decision of the last meeting
    OVERDUE = "overdue"
    BLOCKED = "blocked"
    RECHECK = "recheck"
    VERIFYING = "verifying"
    NEW = "new"


@dataclass(frozen=True)
class State:
    """What decides whether an item stands on the agenda.

    ``late`` and ``blocked`` count its measures; ``is_new``: found since the last meeting.
    """

    status: str
    target_date: str | None
    late: int
    blocked: int
    recheck_due: str | None
    is_new: bool


def reason(state: State, today: str) -> Reason | None:
    """Return why an item stands on the agenda, ``None`` when nothing about it waits."""
    if state.status == "closed":
        due = state.recheck_due is not None and state.recheck_due <= today
        return Reason.RECHECK if due else None
    if state.late or (state.target_date is not None and state.target_date < today):
        return Reason.OVERDUE
    if state.blocked:
        return Reason.BLOCKED
    if state.status == "verifying":
        return Reason.VERIFYING
    return Reason.NEW if state.is_new else None
