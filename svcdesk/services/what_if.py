"""Trying another calendar or other time limits on the last twelve months, before they are saved.

Nothing is written (:mod:`svcdesk.store.what_if` says how). Months that are closed or published do
not move: a change touches open periods only (``domain.md 2.14``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from svcdesk.domain.localtime import local_date
from svcdesk.domain.people import Permission
from svcdesk.domain.period import Period, month_of
from svcdesk.domain.workcalendar import parse_spans
from svcdesk.services import policies as limits
from svcdesk.store import recompute
from svcdesk.store import what_if as store
from svcdesk.store.reference import load, time_rules
from svcdesk.system.errors import ProblemsError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from svcdesk.domain.metrics.figure import Figure
    from svcdesk.services.desk import Desk
    from svcdesk.services.policies import PolicyRow
    from svcdesk.store.connection import Connection
    from svcdesk.store.reference import TimeRules
    from svcdesk.system.job import JobContext

MONTHS = 12
# the figures that a calendar or a limit can move
METRICS = (
    "frt_mean_min", "frt_p90_min", "frt_sla_rate", "res_sla_rate", "overdue_open", "overdue_total",
    "complex_cycle_wd", "timely_rate", "complaint_overdue", "daily_avg_handled",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """What would be different: the weekly hours, one day, the policies; ``None``: as it is.

    ``day`` is ``(date, kind, name, spans)`` with kind ``off``, ``work`` or ``None`` (follows the
    weekly hours).
    """

    pattern: Sequence[Sequence[Sequence[str]]] | None = None
    day: tuple[date, str | None, str, Sequence[Sequence[str]] | None] | None = None
    policies: Sequence[PolicyRow] | None = None


@dataclass(frozen=True)
class Line:
    """One figure over the months: as it is, and as it would be."""

    metric: str
    now: tuple[Figure, ...]
    then: tuple[Figure, ...]

    def differs(self, place: int) -> bool:
        """Tell whether the month at ``place`` would have another value."""
        one, other = self.now[place], self.then[place]
        return (one.value, one.n, one.not_yet_due) != (other.value, other.n, other.not_yet_due)


@dataclass(frozen=True)
class WhatIf:
    """The difference on the last months; ``settled`` are those that stay as they were judged."""

    months: tuple[Period, ...]
    lines: tuple[Line, ...]
    settled: frozenset[str]
    tickets: int
    complaints: int

    @property
    def changed(self) -> tuple[Line, ...]:
        """Return the figures that would be different in some month."""
        return tuple(
            line for line in self.lines if any(line.differs(i) for i in range(len(self.months)))
        )


def _rules(connection: Connection, change: Change, default: int) -> TimeRules:
    """Return calendars and limits as they would be stored."""
    rules = time_rules(connection)
    if change.pattern is not None:
        calendars = [
            [*row[:2], json.dumps(change.pattern), *row[3:]] if row[0] == default else row
            for row in rules.calendars
        ]
        rules = replace(rules, calendars=calendars)
    if change.day is not None:
        day, kind, name, spans = change.day
        days = [r for r in rules.days if (r[0], r[1]) != (default, day.isoformat())]
        if kind is not None:
            days.append(
                [default, day.isoformat(), kind, name, json.dumps(spans) if spans else None]
            )
        rules = replace(rules, days=sorted(days, key=lambda row: str(row[1])))
    if change.policies is not None:
        rules = _with_policies(connection, rules, change.policies, default)
    return rules


def _with_policies(
    connection: Connection, rules: TimeRules, policies: Sequence[PolicyRow], default: int
) -> TimeRules:
    always = next((row[0] for row in rules.calendars if row[4]), None)
    calendars = rules.calendars
    if always is None and any(policy.always for policy in policies):
        always = 0  # no calendar has this key: made when it is saved
        zone = next(row[1] for row in calendars if row[0] == default)
        calendars = [*calendars, [always, zone, json.dumps([[]] * 7), 1440, 1, 0]]
    since = store.policy_since(connection)
    rows = [
        [
            policy.name,
            json.dumps({k: list(v) for k, v in policy.conditions.items() if v}),
            always if policy.always else default,
            policy.response_minutes,
            policy.resolution_minutes,
            since.get(policy.id, 0),
        ]
        for policy in policies
    ]
    return replace(rules, calendars=calendars, policies=rows)


def _check(change: Change) -> None:
    for spans in change.pattern or ():
        parse_spans(spans)
    if change.day is not None and change.day[3]:
        parse_spans(change.day[3])
    if change.policies is not None:
        faults = limits.problems(change.policies)
        if faults:
            raise ProblemsError(faults)


def preview(desk: Desk, change: Change, context: JobContext) -> WhatIf:
    """Return what ``change`` would make of the last twelve months; nothing is written."""
    desk.require(Permission.SETTINGS)
    _check(change)
    now = desk.clock.now() + 1  # what happens in this second counts: nothing is folded back
    with store.private(desk.path) as connection:
        context.on_cancel(connection.interrupt)
        reference = load(connection)
        settings = reference.settings
        zone = settings["timezone"]
        present = month_of(local_date(now, zone), settings["period_start_day"], zone)
        months = present.last_months(MONTHS)
        as_is = store.board(connection, reference, now).series(METRICS, months)
        context.check()
        default = reference.default_calendar_id
        then = store.with_rules(reference, _rules(connection, change, default))
        counted = store.other_times(connection, then, months[0].start_at, context)
        context.check()
        would_be = store.board(connection, then, now).series(METRICS, months)
        settled = recompute.settled(connection, reference)
    kept = frozenset(m.code for m in months if m.start_at in settled and m.end_at - 1 in settled)
    return WhatIf(
        tuple(months),
        tuple(Line(m, tuple(as_is[m]), tuple(would_be[m])) for m in METRICS),
        kept, counted.tickets, counted.complaints,
    )  # fmt: skip
