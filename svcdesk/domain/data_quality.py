"""Decisions about abnormal data: excluded from statistics, accepted, fixed (``domain.md 0.1, 4.5``).

A flag takes a record out of the figures that use the broken value, or only marks it
(:mod:`svcdesk.domain.anomalies`). A person may decide otherwise for one record and one code:
*excluded* takes it out of every figure that uses the value (never of a volume), *accepted* lets it
count, unless the times are in an order that gives no duration: then it only says that somebody
has looked. A decision is about the values that were looked at; when one changes, it is void.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from svcdesk.domain.anomalies import ANOMALIES, LASTING, TIMES, Group, breaking, excluding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Decision(StrEnum):
    """What was decided about one code of one record; fixed is noted by the program."""

    EXCLUDED = "excluded"
    ACCEPTED = "accepted"
    FIXED = "fixed"


OPEN = "open"  # flagged, and nobody has decided
STATES = (OPEN, Decision.EXCLUDED, Decision.ACCEPTED, Decision.FIXED)
ENTITIES = ("ticket", "complaint", "survey", "visit", "customer")
BY_CODE = {anomaly.code: anomaly for anomaly in ANOMALIES}
# which figures a record of each kind has
GROUPS: dict[str, frozenset[Group]] = {
    "ticket": frozenset({Group.RESPONSE, Group.RESOLUTION}),
    "complaint": frozenset({Group.RESOLUTION}),
    "survey": frozenset({Group.SURVEY}),
    "visit": frozenset({Group.VISIT}),
    "customer": frozenset(),
}

_START = {"complaint": "received_at"}
_VALUES: dict[str, tuple[str, ...]] = {
    "AB01": ("created_at", "first_response_at", "channel_id"),
    "AB02": ("resolved_at", "first_resolved_at"),
    "AB03": ("created_at", "first_response_at"),
    "AB04": ("resolved_at", "closed_at"),
    "AB06": ("created_at", "customer_id", "issue_id", "product_id"),
    "AB09": ("created_at", "resolved_at", "request_type"),
    "AB10": ("created_at", "first_response_at", "resolved_at"),
    "AB11": ("phones",),
    "AB12": ("dispatched_at", "arrived_at", "left_at"),
    "AB14": ("sent_at", "responded_at"),
    "AB15": ("first_response_at", "resolved_at", "closed_at", "reopen_count"),
    "AB16": ("closed_at",),
}
_LACKS = {"complaint": {"first_response_at", "channel_id"}}


def judged_fields(entity: str, code: str) -> tuple[str, ...]:
    """Return the columns of a record that a decision about ``code`` was made on."""
    names = _VALUES.get(code, TIMES.get(entity, ()))
    if code == "AB02":
        names = (_START.get(entity, "created_at"), *names)
    return tuple(name for name in names if name not in _LACKS.get(entity, ()))


def verdict(code: str, decision: str) -> str:
    """Return how a decision stands beside the flags: ``AB01:accepted``."""
    return f"{code}:{decision}"


def verdicts_of(decisions: Mapping[str, str]) -> list[str]:
    """Return the decisions of one record (code → decision) that figures heed, in order."""
    return [
        verdict(code, decision)
        for code, decision in sorted(decisions.items())
        if decision != Decision.FIXED
    ]


def leaves(flags: Iterable[str], verdicts: Iterable[str], group: Group) -> bool:
    """Tell whether a record is out of the figures of ``group`` (SQL: ``fact_shape.flagged``)."""
    said = set(verdicts)
    usual = excluding(group)
    return any(
        verdict(code, Decision.EXCLUDED) in said
        or (code in usual and (code in LASTING or verdict(code, Decision.ACCEPTED) not in said))
        for code in flags
        if code in breaking(group)
    )


def groups_left(entity: str, code: str, state: str) -> frozenset[Group]:
    """Return the figures that a record of ``entity`` is out of because of ``code``."""
    anomaly = BY_CODE.get(code)
    if anomaly is None or state == Decision.FIXED:
        return frozenset()
    if state == Decision.ACCEPTED and not anomaly.lasting:
        return frozenset()
    out = anomaly.breaks if state == Decision.EXCLUDED else anomaly.excludes
    return out & GROUPS[entity]


def can_exclude(entity: str, code: str) -> bool:
    """Tell whether there are figures that excluding could take the record out of."""
    anomaly = BY_CODE.get(code)
    return anomaly is not None and bool(anomaly.breaks & GROUPS[entity])


def same_values(judged: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Tell whether a record still has the values that were judged."""
    return all(record.get(name) == value for name, value in judged.items())
