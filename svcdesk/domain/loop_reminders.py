"""What the improvement loop reminds of, and when (features R7): days only, no clock.

A measure due within three days or past its day, one that has been blocked for a week, a recheck
that is due, figures that are ready for a verdict. Each thing has one reminder at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from svcdesk.i18n.catalog import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SOON_DAYS = 3  # a measure is told of from three days before its due day on
BLOCKED_DAYS = 7
OPEN = frozenset({"todo", "doing", "blocked"})


class Kind(StrEnum):
    """What is reminded of, the gravest first."""

    MEASURE_LATE = "loop_measure_late"
    RECHECK_LATE = "loop_recheck_late"
    MEASURE_BLOCKED = "loop_measure_blocked"
    VERDICT = "loop_verdict"
    RECHECK = "loop_recheck"
    MEASURE_TODAY = "loop_measure_today"
    MEASURE_SOON = "loop_measure_soon"


# {number}, {title}, {due} (a day) and {n} (days) are filled in
SENTENCES: dict[Kind, str] = {
    Kind.MEASURE_LATE: N_("{number}: the measure was due on {due} (days late: {n})"),
    Kind.RECHECK_LATE: N_("{number}: the recheck was due on {due} (days late: {n})"),
    Kind.MEASURE_BLOCKED: N_("{number}: the measure has been blocked for {n} days"),
    Kind.VERDICT: N_("{number}: the figures are complete, a verdict can be confirmed"),
    Kind.RECHECK: N_("{number}: the recheck is due today"),
    Kind.MEASURE_TODAY: N_("{number}: the measure is due today"),
    Kind.MEASURE_SOON: N_("{number}: the measure is due on {due} (days left: {n})"),
}
TABS = {  # where in the item it is settled
    Kind.MEASURE_LATE: "plan", Kind.MEASURE_BLOCKED: "plan", Kind.MEASURE_SOON: "plan",
    Kind.MEASURE_TODAY: "plan",
    Kind.RECHECK_LATE: "effect", Kind.RECHECK: "effect", Kind.VERDICT: "effect",
}  # fmt: skip


@dataclass(frozen=True)
class Reminder:
    """One thing somebody has to see to. ``record_id``: of the measure, recheck or verification."""

    kind: Kind
    record_id: int
    item_id: int
    number: str
    title: str
    due: str
    days: int
    people: tuple[int, ...] = ()

    @property
    def thing(self) -> str:
        """Return what makes the reminders of several days one and the same."""
        return f"{self.kind}:{self.record_id}"


def of_measure(state: str, due: str | None, blocked_on: date | None, today: date
               ) -> tuple[Kind, int] | None:  # fmt: skip
    """Return what a measure is reminded of, and the days that are told; ``None`` for nothing.

    Late comes before blocked, blocked before soon.
    """
    if state not in OPEN:
        return None
    left = None if due is None else (date.fromisoformat(due) - today).days
    if left is not None and left < 0:
        return Kind.MEASURE_LATE, -left
    if state == "blocked" and blocked_on is not None:
        held = (today - blocked_on).days
        if held >= BLOCKED_DAYS:
            return Kind.MEASURE_BLOCKED, held
    if left is not None and left <= SOON_DAYS:
        return (Kind.MEASURE_SOON, left) if left else (Kind.MEASURE_TODAY, 0)
    return None


def of_recheck(due: str, today: date) -> tuple[Kind, int] | None:
    """Return what a recheck that is not done is reminded of."""
    past = (today - date.fromisoformat(due)).days
    if past < 0:
        return None
    return (Kind.RECHECK_LATE, past) if past else (Kind.RECHECK, 0)


def blocked_at(log: Sequence[Mapping[str, Any]]) -> int | None:
    """Return when a measure was blocked the last time, from its log (UTC seconds)."""
    moments = [int(entry["at"]) for entry in log if entry.get("state") == "blocked"]
    return moments[-1] if moments else None


def soon(today: date) -> str:
    """Return the last due day that is told of."""
    return (today + timedelta(days=SOON_DAYS)).isoformat()
