"""The data quality centre: what is abnormal, what was decided, which figures are affected.

Fix, exclude from statistics, accept and open again; each is one undo step with a reason
(``domain.md 0.1`` rule 6, 4.5, 4.6).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain.data_findings import MOMENTS, Told, told
from svcdesk.domain.data_quality import (
    BY_CODE,
    GROUPS,
    OPEN,
    STATES,
    Decision,
    can_exclude,
    groups_left,
)
from svcdesk.domain.localtime import local
from svcdesk.domain.masking import mask_phone
from svcdesk.domain.metrics.expression import fields_of
from svcdesk.domain.metrics.registry import METRICS
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_, Translator, current
from svcdesk.i18n.labels import FIELD_LABELS
from svcdesk.services import dashboards
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import data_decisions, data_findings, data_scope, ticket_parts
from svcdesk.store.data_findings import SAME, Filter, Key
from svcdesk.system.errors import ProblemsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svcdesk.domain.anomalies import Group
    from svcdesk.domain.period import Period
    from svcdesk.store.data_scope import Scope
    from svcdesk.store.measures import Filters
    from svcdesk.store.unit_of_work import UnitOfWork

__all__ = ["OPEN", "STATES", "Decision", "Filter", "Finding", "Key", "Listing", "decide",
           "describe", "listing", "metrics_left", "scope"]  # fmt: skip

# what a record of a kind is in: the source of the metrics that count it
_SOURCES = {"ticket": "ticket", "complaint": "complaint", "survey": "survey", "visit": "visit"}


@dataclass(frozen=True)
class Listing:
    """All findings of a filter; ``counts`` by code and state, whatever codes and states it asks."""

    keys: list[Key]
    counts: dict[tuple[str, str], int]


@dataclass(frozen=True)
class Finding:
    """One abnormality of one record, ready to be read."""

    key: Key
    number: str
    meaning: str  # what the code stands for
    sentence: str  # what is wrong, with the values
    field: str  # where to put it right; empty: the record as a whole
    value: int | None  # the time in that field
    since: int
    owner: str
    period: str  # month of the record, 2026-03
    metrics: tuple[str, ...]  # ids of the figures that it is out of
    reason: str
    decided_by: str
    decided_at: int | None
    other_id: int | None  # the ticket that it may repeat
    page_id: int  # the record that opens: a visit opens its ticket


def duplicate_window(desk: Desk) -> int:
    """Return how many seconds two tickets of a suspected pair lie apart at most (4.6)."""
    return int(desk.reference.settings["duplicate_ticket_minutes"]) * 60


def listing(desk: Desk, wanted: Filter, *, pairs: bool = True) -> Listing:
    """Return the findings of ``wanted``; without ``pairs`` no duplicates are looked for."""
    wide = Filter(wanted.start, wanted.end, (), wanted.entities, wanted.owners, (), wanted.numbers)
    with desk.reading() as connection:
        found = data_findings.listed(connection, wide, duplicate_window(desk), pairs=pairs)
    codes, states = set(wanted.codes), set(wanted.states)
    return Listing(
        [
            key for key in found
            if (not codes or key.code in codes) and (not states or key.state in states)
            and (not wanted.out or groups_left(key.entity, key.code, key.state))
        ],
        dict(Counter((key.code, key.state) for key in found)),
    )  # fmt: skip


def metrics_left(entity: str, groups: Iterable[Group]) -> tuple[str, ...]:
    """Return the ids of the metrics that a record which leaves ``groups`` is out of."""
    names = {f"bad_{group}" for group in groups}
    source = _SOURCES.get(entity)
    return tuple(
        m.id for m in METRICS
        if m.source == source and m.excluded is not None and fields_of(m.excluded) & names
    )  # fmt: skip


# -- what is shown of a finding ----------------------------------------------------------------


def describe(desk: Desk, keys: Sequence[Key], t: Translator | None = None) -> list[Finding]:
    """Return the findings of ``keys`` as they are read; records that are gone are left out."""
    words = t or current()
    by_entity: dict[str, list[int]] = defaultdict(list)
    for key in keys:
        by_entity[key.entity].append(key.record_id)
    ids = [key.record_id for key in keys]
    pairs = [key.record_id for key in keys if key.code == SAME]
    with desk.reading() as connection:
        rows = {
            record_id: row
            for entity, found in by_entity.items()
            for record_id, row in data_findings.records(connection, entity, found).items()
        }
        decided = data_findings.decisions(connection, ids)
        since = data_findings.since(connection, ids)
        others = data_findings.partners(connection, pairs, duplicate_window(desk)) if pairs else {}
    return [
        _finding(desk, key, rows[key.record_id], decided.get((key.record_id, key.code)),
                 since.get((key.record_id, key.code)), others.get(key.record_id), words)
        for key in keys
        if key.record_id in rows
    ]  # fmt: skip


def _finding(
    desk: Desk, key: Key, row: dict[str, Any], decided: dict[str, Any] | None, since: int | None,
    other: tuple[int, str, int] | None, t: Translator,
) -> Finding:  # fmt: skip
    seen = {**row, **decided["judged"]} if key.state == Decision.FIXED and decided else row
    what = told(key.entity, key.code, seen)
    if key.code == SAME and other is not None:
        values = {"a": other[2], "b": row["created_at"], "number": other[1]}
        what = Told(what.text, values)
    elif key.code == SAME:
        what = Told(BY_CODE[SAME].label)
    people = desk.reference.people
    owner = people[key.owner_id].name if key.owner_id in people else ""
    number = f"{row['number']}/{row['seq']}" if key.entity == "visit" else str(row["number"])
    by = people.get(decided["created_by"]) if decided else None
    return Finding(
        key, number, t(BY_CODE[key.code].label), _sentence(desk, key.entity, what, t),
        what.field, row.get(what.field) if what.field else None,
        row["entered_at"] if since is None else since, owner,
        local(key.at, desk.reference.settings["timezone"]).strftime("%Y-%m"),
        metrics_left(key.entity, groups_left(key.entity, key.code, key.state)),
        decided["reason"] if decided else "", by.name if by else "",
        decided["entered_at"] if decided else None, other[0] if other else None,
        row["ticket_id"] if key.entity == "visit" else key.record_id,
    )  # fmt: skip


def _sentence(desk: Desk, entity: str, what: Told, t: Translator) -> str:
    zone = desk.reference.settings["timezone"]
    filled: dict[str, Any] = {}
    for name, value in what.values.items():
        if name in MOMENTS:
            filled[name] = "—" if value is None else local(value, zone).strftime("%Y-%m-%d %H:%M")
        elif name == "field":
            filled[name] = t(FIELD_LABELS[entity].get(str(value), str(value)))
        elif name == "phones":
            filled[name] = ", ".join(mask_phone(phone) for phone in json.loads(value or "[]"))
        else:
            filled[name] = value
    return t(what.text).format(**filled)


# -- decisions ---------------------------------------------------------------------------------

_LABELS = {
    Decision.EXCLUDED: (N_("Exclude from statistics: {number}"),
                        N_("Exclude from statistics: {n} findings")),
    Decision.ACCEPTED: (N_("Accept abnormal data: {number}"),
                        N_("Accept abnormal data: {n} findings")),
    None: (N_("Open again: {number}"), N_("Open again: {n} findings")),
}  # fmt: skip


def decide(desk: Desk, keys: Sequence[Key], decision: Decision | None, reason: str) -> Outcome[int]:
    """Exclude or accept findings, or (``None``) open them again; return how many changed.

    Excluding and accepting need a reason. Where there is no figure to leave (a phone number, a
    suspected duplicate) excluding is refused for all: nothing is done by halves.
    """
    desk.require(Permission.MAKE_REPORTS)
    problems = []
    if decision is not None and not reason.strip():
        problems.append(Problem("reason", "required", N_("Give a reason: the appendix shows it.")))
    if decision == Decision.EXCLUDED:
        without = sorted({k.code for k in keys if not can_exclude(k.entity, k.code)})
        problems += [
            Problem("code", "no_figures", N_("{name}: no figure uses this value, so there is "
                    "nothing to exclude it from. Fix or accept it."), {"name": code})
            for code in without
        ]  # fmt: skip
    if decision == Decision.FIXED:
        problems.append(Problem("decision", "fixed", N_("A value is fixed by putting it right.")))
    if problems:
        raise ProblemsError(problems)
    one, many = _LABELS[decision]
    named = describe(desk, keys[:1]) if len(keys) == 1 else []
    label, args = (one, {"number": named[0].number}) if named else (many, {"n": len(keys)})
    changed = 0
    with desk.write(label, **args) as uow:
        for key in keys:
            changed += _decide(desk, uow, key, decision, reason.strip())
    return Outcome(changed, uow.changes)


def _decide(desk: Desk, uow: UnitOfWork, key: Key, decision: Decision | None, reason: str) -> bool:
    changed = False
    if key.code == SAME and key.entity == "ticket":
        changed = _judge_pairs(desk, uow, key.record_id, decision)
        flags = data_decisions.values_of(uow.connection, "ticket", key.record_id, ("data_flags",))
        if SAME not in (flags.get("data_flags") or ""):
            return changed
    return data_decisions.decide(
        uow, key.entity, key.record_id, key.code, decision, reason
    ) or changed  # fmt: skip


def _judge_pairs(desk: Desk, uow: UnitOfWork, ticket_id: int, decision: Decision | None) -> bool:
    """Keep of an accepted duplicate that its pairs are different cases, or take that back."""
    others = data_findings.all_partners(uow.connection, ticket_id, duplicate_window(desk))
    denied = ticket_parts.not_the_same(uow.connection, ticket_id)
    if decision == Decision.ACCEPTED:
        fresh = [other for other in others if other not in denied]
        for other in fresh:
            uow.insert("detection_verdict", {
                "rule": "duplicate", "ticket_id": min(ticket_id, other),
                "other_id": max(ticket_id, other), "verdict": "denied",
            })  # fmt: skip
        return bool(fresh)
    if decision is None and denied:
        data_findings.take_back_verdicts(uow, ticket_id)
        return True
    return False


def excluded_groups(entity: str, code: str) -> frozenset[Group]:
    """Return the figures that excluding a record for ``code`` takes it out of."""
    return groups_left(entity, code, Decision.EXCLUDED) & GROUPS[entity]


def scope(desk: Desk, period: Period, *, as_of: int | None = None,
          filters: Filters | None = None) -> Scope:  # fmt: skip
    """Return what the figures of a period rest on: the scope page of reports (G4)."""
    with dashboards.board(desk, as_of, filters) as board:
        return data_scope.scope(board, period)
