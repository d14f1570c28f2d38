"""The review of what a month leaves open: why, what next, who, until when (features R5).

Cases are put together by their common cause, the reasons of being overdue (``domain.md 2.15``).
What is still open at the end of the next month is carried there with what was said last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain.localtime import local_date
from svcdesk.domain.people import Permission
from svcdesk.domain.period import month_of
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_, current, language
from svcdesk.i18n.labels import code_label
from svcdesk.services import closings, improvements
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.improvement_rows import is_day
from svcdesk.store import open_rows as rows
from svcdesk.store import trend_rows
from svcdesk.store.open_rows import OpenCase
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svcdesk.domain.period import Period
    from svcdesk.system.job import JobContext

__all__ = [
    "FIELDS", "REASONS", "Cause", "OpenCase", "Review", "carried_months", "carry", "cause_name", "make_item", "months",
    "read", "reason_of", "say",
]  # fmt: skip

FIELDS = ("reason_id", "next_step", "owner_id", "due_date")
REASONS = "overdue_reason"
LINKED = 200  # cases linked with an item as its evidence; the snapshot tells how many there were
MONTHS = 14
READING = N_("Reading the open cases")


@dataclass(frozen=True)
class Cause:
    """Cases open for the same reason; ``None``: nobody said why."""

    reason_id: int | None
    cases: int
    reviewed: int
    carried: int  # of them, open at the end of a month before as well


@dataclass(frozen=True)
class Review:
    """What a month leaves open; ``at`` is its end, or now while it runs."""

    month: str
    at: int
    running: bool
    cases: tuple[OpenCase, ...]
    causes: tuple[Cause, ...]  # the most cases first, the unsaid last

    @property
    def reviewed(self) -> int:
        """Return how many cases somebody has looked at in this review."""
        return sum(case.reviewed_at is not None for case in self.cases)


def months(desk: Desk) -> list[str]:
    """Return the months that can be reviewed, the latest first."""
    return [month.period.code for month in closings.months(desk)[:MONTHS]]


def _moment(desk: Desk, period: Period) -> int:
    return min(period.end_at, desk.clock.now())


def _opened_in(case: OpenCase, period: Period) -> Period:
    return month_of(local_date(case.opened_at, period.zone), period.start_day, period.zone)


def carried_months(case: OpenCase, period: Period) -> int:
    """Return at the ends of how many months before the case was open already."""
    first = _opened_in(case, period)
    return (period.year - first.year) * 12 + period.number - first.number


def reason_of(case: OpenCase) -> int | None:
    """Return the cause of a case: what its review says, else what the record says itself."""
    return case.reason_id if case.review_id is not None else case.own_reason_id


def read(desk: Desk, month: str, context: JobContext) -> Review:
    """Read the open cases of a month with what was said of them."""
    period = closings.period_of(desk, month)
    at = _moment(desk, period)
    context.progress(0, 0, READING)
    with desk.reading() as connection:
        context.on_cancel(connection.interrupt)
        found = rows.cases(connection, period.code, at)
    context.check()
    return Review(period.code, at, period.incomplete(desk.clock.now()), tuple(found),
                  tuple(_causes(found, period)))  # fmt: skip


def _causes(found: Sequence[OpenCase], period: Period) -> list[Cause]:
    by: dict[int | None, list[OpenCase]] = {}
    for case in found:
        by.setdefault(reason_of(case), []).append(case)
    causes = [
        Cause(reason, len(own), sum(case.reviewed_at is not None for case in own),
              sum(carried_months(case, period) > 0 for case in own))
        for reason, own in by.items()
    ]  # fmt: skip
    return sorted(causes, key=lambda one: (one.reason_id is None, -one.cases))


def cause_name(desk: Desk, reason_id: int | None) -> str:
    """Return a cause in the user's language."""
    item = desk.reference.items.get(reason_id) if reason_id is not None else None
    if item is None:
        return current()(N_("Not said"))
    return code_label(item.list, item.code) if item.code and language() != "zh_CN" else item.name


# -- carrying --------------------------------------------------------------------------------


def carry(desk: Desk, month: str) -> Outcome[int]:
    """Bring along what was said last of cases that are open still; return how many.

    Done whenever the review of a month is opened, and never twice for a case: a copy by the
    program, which no undo takes back and which counts as reviewed only when somebody confirms it.
    What was said before a case was settled and opened again stays where it is.
    """
    desk.require(Permission.EDIT_IMPROVEMENTS)
    period = closings.period_of(desk, month)
    with desk.write(N_("Carry the open cases to {month}"), kind="system", month=month) as uow:
        keys = rows.spoken_of(uow.connection, period.code)
        found = rows.cases(uow.connection, period.code, _moment(desk, period), keys)
        wanted = [(case.entity, case.id, _opened_in(case, period).code) for case in found]
        entries = rows.last_entries(uow.connection, period.code, wanted)
        for entry in entries:
            rows.carry(uow, period.code, entry)
    return Outcome(len(entries), uow.changes)


# -- saying ----------------------------------------------------------------------------------


def problems(desk: Desk, values: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong in what is said of cases."""
    found = []
    reason = values.get("reason_id")
    item = desk.reference.items.get(reason) if reason is not None else None
    if reason is not None and (item is None or item.list != REASONS):
        found.append(Problem("reason_id", "choice", N_("Choose a reason of the list.")))
    owner = values.get("owner_id")
    if owner is not None and owner not in desk.reference.people:
        found.append(Problem("owner_id", "choice", N_("Choose somebody of the desk.")))
    day = values.get("due_date")
    if day and not is_day(day):
        found.append(Problem("due_date", "day", N_("Write the day as 2026-03-31.")))
    return found


def say(desk: Desk, month: str, keys: Sequence[int], values: Mapping[str, Any]) -> Outcome[int]:
    """Write what is said of cases that a month leaves open; one step for all of them.

    Only the fields given change; without any, the cases are confirmed as they stand. Return how
    many were open and so reviewed.
    """
    desk.require(Permission.EDIT_IMPROVEMENTS)
    given = {name: values[name] for name in FIELDS if name in values}
    faults = problems(desk, given)
    if faults:
        raise ProblemsError(faults)
    if "next_step" in given:
        given["next_step"] = str(given["next_step"] or "").strip()
    period = closings.period_of(desk, month)
    with desk.write(N_("Review open cases ({n})"), n=len(keys)) as uow:
        found = rows.cases(uow.connection, period.code, _moment(desk, period), keys)
        if not found:
            raise UserError("These cases were not open at the end of {month}.", code="not_open",
                            month=month)  # fmt: skip
        for case in found:
            rows.save(uow, period.code, case, given, uow.now)
    return Outcome(len(found), uow.changes)


# -- a cause becomes an item -----------------------------------------------------------------

_TITLE = N_("{cause}: {n} cases open at the end of {month}")


def make_item(desk: Desk, month: str, keys: Sequence[int]) -> Outcome[int]:
    """Make an item of cases of one cause, or go on with the open item about the same cause.

    That one gets the month as an occurrence and the cases as evidence; nothing doubles.
    """
    desk.require(Permission.EDIT_IMPROVEMENTS)
    period = closings.period_of(desk, month)
    at = _moment(desk, period)
    found = rows.cases(desk.reader, period.code, at, keys)
    reasons = {reason_of(case) for case in found}
    if len(reasons) != 1:
        raise UserError("Choose cases that are open for the same reason.", code="causes")
    reason = reasons.pop()
    title = current()(_TITLE).format(cause=cause_name(desk, reason), n=len(found), month=month)
    with desk.together(N_("Make an item of “{name}”"), name=title) as uow:
        subject = f"open:{reason or 0}"
        known = trend_rows.open_items(uow.connection, "open").get(subject)
        links = [(case.entity, case.id) for case in found[:LINKED]]
        if known is None:
            key = improvements.create(desk, {
                "title": title, "source": "manual", "period": month, "links": links,
                "baseline": float(len(found)), "baseline_n": len(found),
                "snapshot": {"proposal": "open", "subject": subject, "period": month,
                             "value": str(len(found)), "n": len(found)},
            }).value  # fmt: skip
        else:
            key = known[0]
            if not trend_rows.has_occurrence(uow.connection, key, month):
                uow.insert("improvement_occurrence", {
                    "item_id": key, "period": month, "value": float(len(found)), "n": len(found),
                })  # fmt: skip
            for entity, record in links:
                improvements.link(desk, key, entity, record)
        for case in found:
            rows.save(uow, period.code, case, {"item_id": key}, None)
    return Outcome(key, uow.changes)
