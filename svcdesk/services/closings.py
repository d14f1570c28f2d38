"""Closing months: freezing what was reported, and reading it later (``domain.md 0.1`` rule 4, 3.2).

A closed month keeps figures, lists and definitions as they were. The dashboards go on computing
live; what changed since appears as restatements (:mod:`svcdesk.services.restatements`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from svcdesk.domain.localtime import local_date
from svcdesk.domain.metrics.registry import METRICS
from svcdesk.domain.people import Permission
from svcdesk.domain.period import Period, month_of, parse_period
from svcdesk.i18n.catalog import N_
from svcdesk.services import (
    closing_evaluation,
    improvement_effect,
    improvement_proposals,
    improvement_raising,
)
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import closing_board, closing_lists, closing_times, closings, given_figures
from svcdesk.store.closing_lists import MAIN_DIMENSIONS, RecordList
from svcdesk.store.closings import Closing
from svcdesk.store.reference import time_rules
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svcdesk.domain.evaluation import Evaluation
    from svcdesk.domain.metrics.figure import Figure
    from svcdesk.services.improvement_effect import Effect
    from svcdesk.store.connection import Connection
    from svcdesk.store.reference import Reference, TimeRules
    from svcdesk.system.job import JobContext


__all__ = [
    "Closing", "CutOff", "Frozen", "Month", "MonthState", "Prepared", "close", "definitions_of",
    "earlier_open", "find", "fingerprint", "frozen", "frozen_groups", "frozen_lists", "months",
    "period_of", "prepare", "reopen", "save", "state",
]  # fmt: skip


class CutOff(StrEnum):
    """Up to when events count: the end of the month, or the moment of closing."""

    PERIOD_END = "period_end"
    NOW = "now"


class MonthState(StrEnum):
    """What a month is."""

    RUNNING = "running"
    READY = "ready"  # over, not closed
    REOPENED = "reopened"
    CLOSED = "closed"


@dataclass(frozen=True)
class Month:
    """One month with its closings, the latest last."""

    period: Period
    state: MonthState
    closings: tuple[Closing, ...] = ()

    @property
    def closing(self) -> Closing | None:
        """Return the closing that stands."""
        return next((c for c in reversed(self.closings) if c.stands), None)


@dataclass(frozen=True)
class Prepared:
    """A month worked out and not written yet: its row, its parts, what it found and proved."""

    period: Period
    values: dict[str, Any]
    parts: dict[str, bytes]
    findings: list[Evaluation]
    effects: list[tuple[int, Effect]] = field(default_factory=list)  # by improvement item


@dataclass(frozen=True)
class Frozen:
    """What a closing froze.

    ``definitions``: metrics, parameters, calendars and limits as they were; ``paretos`` and
    ``distributions`` by ``metric:dimension``; what the parts of ``composite`` hold says
    :func:`svcdesk.store.closing_board.composite_row`. Groups: :func:`frozen_groups`.
    """

    closing: Closing
    figures: dict[str, Figure]
    findings: list[Evaluation]
    definitions: dict[str, Any]
    composite: dict[str, Any]
    flow: dict[str, int]
    paretos: dict[str, list[list[Any]]]
    distributions: dict[str, list[list[Any]]]


def period_of(desk: Desk, text: str) -> Period:
    """Read a month; refuse what is none."""
    settings = desk.reference.settings
    period = parse_period(text, settings["period_start_day"], settings["timezone"])
    if period.kind != "month":
        raise UserError("“{value}” is not a month; write it as 2026-03.", code="month", value=text)
    return period


def months(desk: Desk) -> list[Month]:
    """Return the months from the first record to the present one, the latest first."""
    settings = desk.reference.settings
    start_day, zone, now = settings["period_start_day"], settings["timezone"], desk.clock.now()
    with desk.reading() as connection:
        begin = given_figures.first_moment(connection)
        by_month: dict[str, list[Closing]] = {}
        for closing in closings.listed(connection):
            by_month.setdefault(closing.month, []).append(closing)
    if begin is None:
        return []
    found = []
    period = month_of(local_date(now, zone), start_day, zone)
    while period.end_at > begin:
        own = tuple(by_month.pop(period.code, ()))
        found.append(Month(period, _state(period, own, now), own))
        period = period.previous
    return found


def _state(period: Period, own: Sequence[Closing], now: int) -> MonthState:
    if any(closing.stands for closing in own):
        return MonthState.CLOSED
    if period.incomplete(now):
        return MonthState.RUNNING
    return MonthState.REOPENED if own else MonthState.READY


def earlier_open(desk: Desk, month: str) -> list[str]:
    """Return the months before that are over and not closed: closing them first is advised."""
    found = [m for m in months(desk) if m.period.code < month]
    return [m.period.code for m in reversed(found) if m.state is not MonthState.CLOSED]


# -- closing ---------------------------------------------------------------------------------


def definitions_of(
    reference: Reference, rules: TimeRules, params: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what figures are computed by: metrics, parameters, settings, calendars, limits."""
    return {
        "catalogue": sha256(repr(METRICS).encode()).hexdigest()[:12],
        "metrics": [
            {"id": m.id, "label": m.label, "note": m.note, "unit": str(m.unit),
             "direction": str(m.direction)}
            for m in METRICS
        ],
        "params": {name: value for name, value in sorted(params.items()) if name != "as_of"},
        "settings": reference.settings,
        "rules": asdict(rules),
    }  # fmt: skip


def fingerprint(definitions: Mapping[str, Any]) -> str:
    """Return a short mark that is equal exactly when the definitions are."""
    return sha256(closing_lists.pack(definitions)).hexdigest()[:12]


def _refuse(desk: Desk, period: Period) -> None:
    desk.require(Permission.MAKE_REPORTS)
    if period.incomplete(desk.clock.now()):
        raise UserError(
            "{month} is not over yet. It can be closed from {day} on.", code="not_over",
            month=period.code, day=period.end.isoformat(),
        )  # fmt: skip
    if closings.standing(desk.reader, period.code) is not None:
        raise UserError(
            "{month} is closed already. Reopen it with a reason to close it again.",
            code="closed", month=period.code,
        )  # fmt: skip
    begin = given_figures.first_moment(desk.reader)
    if begin is None or begin >= period.end_at:
        raise UserError("There are no records in {month}.", code="no_data", month=period.code)


def prepare(
    desk: Desk, month: str, context: JobContext, cut_off: CutOff = CutOff.PERIOD_END
) -> Prepared:
    """Work out everything that closing ``month`` freezes; nothing is written yet."""
    period = period_of(desk, month)
    _refuse(desk, period)
    as_of = period.end_at if cut_off is CutOff.PERIOD_END else desk.clock.now()
    steps = closing_lists.pass_count() + len(MAIN_DIMENSIONS) + 3
    done = 0

    def step(text: str = N_("Reading the records of the month")) -> None:
        nonlocal done
        done += 1
        context.check()
        context.progress(done, steps, text)

    with desk.reading() as connection:
        context.on_cancel(connection.interrupt)
        log_id = closings.last_log_id(connection)
        reference = desk.reference
        empty = closing_board.MonthBoard(connection, reference, as_of, period, [])
        steps += len(closing_evaluation.dimensions(empty, period)) + 1
        lists = closing_lists.month_lists(empty.run, period, step)
        board = closing_board.MonthBoard(connection, reference, as_of, period, lists)
        definitions = definitions_of(reference, time_rules(connection), board.run.params)
        parts: dict[str, Any] = {
            "figures": closing_board.figure_rows(board, period),
            "composite": closing_board.composite_row(board, period),
        }
        for by in MAIN_DIMENSIONS:
            step(N_("Counting groups"))
            parts[f"groups:{by}"] = closing_board.group_rows(board, period, by)
        parts["paretos"] = closing_board.pareto_rows(board, period)
        parts["distributions"] = closing_board.distribution_rows(board, period)
        parts["flow"] = closing_board.flow_row(board, period)
        step(N_("Judging the month"))
        found = closing_evaluation.findings(board, period, lambda: step(N_("Judging the month")))
        effects = improvement_effect.followed(board, period.end_at)
    parts["definitions"] = definitions
    bodies = {name: closing_lists.pack(value) for name, value in parts.items()}
    bodies["lists"] = closing_lists.packed_lists(lists)
    step()
    values = {
        "month": period.code, "start_at": period.start_at, "end_at": period.end_at,
        "start_day": period.start_day, "as_of": as_of, "log_id": log_id,
        "definitions": fingerprint(definitions),
    }  # fmt: skip
    return Prepared(period, values, bodies, found, effects)


def save(desk: Desk, prepared: Prepared) -> Outcome[int]:
    """Write a closing that :func:`prepare` worked out; one step, which can be undone.

    Missed thresholds and group complaints become improvement items in the same step (4.7, 4.3).
    """
    _refuse(desk, prepared.period)
    with desk.write(N_("Close {month}"), month=prepared.period.code) as uow:
        key = closings.save(uow, prepared.values, prepared.parts, prepared.findings)
        improvement_raising.raise_found(uow, desk, prepared.period.code, prepared.findings)
        improvement_proposals.raise_groups(uow, desk, prepared.period)
        improvement_effect.write(uow, prepared.effects)
    return Outcome(key, uow.changes)


def close(
    desk: Desk, month: str, context: JobContext, cut_off: CutOff = CutOff.PERIOD_END
) -> Outcome[int]:
    """Close a month: freeze its figures, lists and definitions, and judge it (3.2, 4.7)."""
    return save(desk, prepare(desk, month, context, cut_off))


def reopen(desk: Desk, month: str, reason: str) -> Outcome[None]:
    """Open a closed month again, with a reason; what was frozen stays readable."""
    desk.require(Permission.PUBLISH_REPORTS)
    period = period_of(desk, month)
    closing = closings.standing(desk.reader, period.code)
    if closing is None:
        raise UserError("{month} is not closed.", code="not_closed", month=period.code)
    if not reason.strip():
        raise UserError("Say why {month} is opened again.", code="reason", month=period.code)
    with desk.write(N_("Reopen {month}"), month=period.code) as uow:
        closings.reopen(uow, closing, reason.strip())
        closing_times.opened(uow, closing.id)  # it had been kept from a change of the rules
    return Outcome(None, uow.changes)


# -- reading ---------------------------------------------------------------------------------


def find(desk: Desk, month: str, version: int | None = None) -> Closing:
    """Return the closing of a month that stands, or its ``version``."""
    with desk.reading() as connection:
        found = closings.listed(connection, month)
    wanted = [c for c in found if (c.stands if version is None else c.version == version)]
    if not wanted:
        raise UserError("{month} is not closed.", code="not_closed", month=month)
    return wanted[-1]


def frozen(desk: Desk, month: str, version: int | None = None) -> Frozen:
    """Return what was frozen when a month was closed."""
    closing = find(desk, month, version)
    with desk.reading() as connection:
        return _frozen(connection, closing)


def _frozen(connection: Connection, closing: Closing) -> Frozen:
    definitions = closings.content(connection, closing.id, "definitions")
    period = closing.period(str(definitions["settings"]["timezone"]))
    known = {m.id for m in METRICS}
    rows = closings.content(connection, closing.id, "figures")
    return Frozen(
        closing,
        {
            metric: closing_board.figure_from(metric, period, row)
            for metric, row in rows.items()
            if metric in known
        },
        closings.evaluations(connection, closing.id),
        definitions,
        *(
            closings.content(connection, closing.id, name)
            for name in ("composite", "flow", "paretos", "distributions")
        ),
    )


def frozen_groups(desk: Desk, closing: Closing, by: str) -> dict[str, dict[Any, Figure]]:
    """Return the frozen figures of a dimension: metric → key → figure."""
    with desk.reading() as connection:
        rows = closings.content(connection, closing.id, f"groups:{by}")
        zone = closings.content(connection, closing.id, "definitions")["settings"]["timezone"]
    period, known = closing.period(str(zone)), {m.id for m in METRICS}
    return {
        metric: {key: closing_board.figure_from(metric, period, row) for key, row in groups}
        for metric, groups in rows.items()
        if metric in known
    }


def frozen_lists(desk: Desk, closing: Closing) -> list[RecordList]:
    """Return the frozen record lists of a closing."""
    with desk.reading() as connection:
        return closing_lists.unpacked_lists(closings.part(connection, closing.id, "lists"))


def state(desk: Desk, period: Period) -> Closing | None:
    """Return the closing of a period's month, ``None``: it is no closed month (for a mark)."""
    if period.kind != "month":
        return None
    with desk.reading() as connection:
        return closings.standing(connection, period.code)
