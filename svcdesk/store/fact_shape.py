"""The shape of a way to count: which rows, their fields, their dimensions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from svcdesk.domain.anomalies import LASTING, Group, breaking, excluding
from svcdesk.domain.data_quality import Decision, verdict
from svcdesk.domain.metrics.definition import MORE, RESOLUTION_CLASSES, RESPONSE_CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True)
class Facts:
    """One way to read a source: FROM, WHERE, its fields, its dimensions, its record number."""

    table: str
    where: str
    fields: Mapping[str, str]
    number: str
    dims: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)  # dimensions with several values each
    # moments that are worked out: how an index finds the rows where they lie within something
    # it changes no figure, so it is no part of the shape that kept sums are made by
    stored_in: Mapping[str, Callable[[Callable[[str], str]], str]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Add the dimensions that follow from the fields: hour, weekday, classes of durations."""
        added = derived_dims(self.fields)
        object.__setattr__(self, "dims", {**added, **self.dims})


# when a record began, by the first of these fields that it has; its hour and weekday
_BEGINNINGS = ("created_at", "received_at", "responded_at", "window_start", "triggered_at", "at")


def derived_dims(fields: Mapping[str, str]) -> dict[str, str]:
    """Return dimensions that records have because of their fields (3.3, 3.4)."""
    found: dict[str, str] = {}
    began = next((fields[name] for name in _BEGINNINGS if name in fields), None)
    if began is not None:
        found["hour"] = f"svc_hour({began})"
        found["weekday"] = f"svc_weekday({began})"
    if "visit_count" in fields:  # of tickets: who made the first visit that was completed
        found["technician"] = (
            "(SELECT v.technician_id FROM visit v WHERE v.ticket_id = t.id "
            "AND v.outcome = 'done' AND v.deleted_at IS NULL ORDER BY v.seq LIMIT 1)"
        )
    if "arrived_at" in fields:
        found["technician"] = "v.technician_id"
    if "response_seconds" in fields:
        minutes = [(bound * 60, bound) for bound in RESPONSE_CLASSES]
        found["response_class"] = _classes(fields["response_seconds"], minutes)
    if "resolved_at" in fields and began is not None:
        hours = [(bound * 3600, bound) for bound in RESOLUTION_CLASSES]
        found["resolution_class"] = _classes(f"({fields['resolved_at']} - {began})", hours)
    return found


def _classes(amount: str, bounds: Sequence[tuple[int, int]]) -> str:
    """Return SQL for the class of an amount: the first bound that it does not exceed."""
    cases = " ".join(f"WHEN {amount} <= {most} THEN '{name}'" for most, name in bounds)
    return f"CASE WHEN {amount} IS NULL THEN NULL {cases} ELSE '{MORE}' END"


def flagged(column: str, group: Group, verdicts: str | None = None) -> str:
    """Return SQL for: the codes in ``column`` take the record out of ``group``.

    ``verdicts``: the column with what a person decided about them (``data_quality.leaves``).
    """
    usual, broken = excluding(group), breaking(group)
    plain = " OR ".join(f"instr({column}, '{code}')" for code in usual)
    if verdicts is None:
        return f"({column} IS NOT NULL AND ({plain}))"
    decided = " OR ".join(
        [f"instr({column}, '{code}')" for code in usual if code in LASTING]
        + [
            f"(instr({column}, '{code}') AND NOT "
            f"instr({verdicts}, '{verdict(code, Decision.ACCEPTED)}'))"
            for code in usual
            if code not in LASTING
        ]
        + [
            f"(instr({column}, '{code}') AND "
            f"instr({verdicts}, '{verdict(code, Decision.EXCLUDED)}'))"
            for code in broken
        ]
    )
    return (
        f"({column} IS NOT NULL AND CASE WHEN {verdicts} IS NULL THEN ({plain}) "
        f"ELSE ({decided}) END)"
    )
