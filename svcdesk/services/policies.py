"""Service level policies: which limits hold for which tickets; the first that matches wins (2.14)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from svcdesk.domain import sla
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.domain.ticket import Priority
from svcdesk.i18n.catalog import N_
from svcdesk.i18n.labels import LABELS, Msg
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import policies as rows
from svcdesk.store import recompute
from svcdesk.store.reference import load
from svcdesk.system.errors import ProblemsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_LIMIT = 100_000  # minutes
CONDITIONS = ("priority", "tier", "category", "channel")


@dataclass(frozen=True)
class PolicyRow:
    """One policy as it is edited; ``id`` 0 is a new one.

    ``conditions`` maps ``priority``, ``tier``, ``category`` or ``channel`` to the accepted values;
    a missing or empty one accepts all. Limits are working minutes, ``None``: no limit.
    ``always``: they run day and night instead of by the working calendar.
    """

    id: int
    name: str
    conditions: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    response_minutes: int | None = None
    resolution_minutes: int | None = None
    always: bool = False

    def plain(self) -> sla.Policy:
        """Return the policy as the rules use it, without its calendar."""
        wanted = {key: values for key, values in self.conditions.items() if values}
        return sla.Policy(self.name, self.response_minutes, self.resolution_minutes, wanted)


def listed(desk: Desk) -> list[PolicyRow]:
    """Return the policies in their order."""
    return [
        PolicyRow(key, name, {k: tuple(v) for k, v in conditions.items()}, response, resolution,
                  always)
        for key, name, conditions, response, resolution, always in rows.listed(desk.reader)
    ]  # fmt: skip


def match(policies: Sequence[PolicyRow], record: Mapping[str, object]) -> PolicyRow | None:
    """Return the first policy for a ticket with ``priority, tier, category, channel``."""
    return next((p for p in policies if p.plain().matches(record, 1 << 40)), None)


def problems(policies: Sequence[PolicyRow]) -> list[Problem]:
    """Return what is wrong with a list of policies; the field is ``place.name``."""
    found = []
    for place, policy in enumerate(policies):
        if not policy.name.strip():
            found.append(Problem(f"{place}.name", "required", N_("Give the policy a name.")))
        for name in ("response_minutes", "resolution_minutes"):
            value = getattr(policy, name)
            if value is not None and not (isinstance(value, int) and 1 <= value <= MAX_LIMIT):
                text = N_("“{value}” is no limit; use whole minutes from 1 to {high}.")
                found.append(
                    Problem(f"{place}.{name}", "range", text, {"value": value, "high": MAX_LIMIT})
                )
        first, last = policy.response_minutes, policy.resolution_minutes
        if isinstance(first, int) and isinstance(last, int) and first > last:
            text = N_("The first response must not be allowed more time than the resolution.")
            found.append(Problem(f"{place}.response_minutes", "order", text))
    return found


def advice(policies: Sequence[PolicyRow]) -> list[Problem]:
    """Return what a list of policies leaves open: priorities without a limit, hidden policies."""
    found = []
    for priority in Priority:
        record = {"priority": str(priority), "tier": None, "category": None, "channel": None}
        if match(policies, record) is None:
            text = N_("No policy holds for every ticket of priority “{priority}”.")
            name = Msg(LABELS["Priority"][str(priority)])
            found.append(Problem("", "uncovered", text, {"priority": name}))
    for place, policy in enumerate(policies):
        above = next((other for other in policies[:place] if _covers(other, policy)), None)
        if above is not None:
            text = N_("“{name}” is never reached: “{other}” above it takes all its tickets.")
            found.append(
                Problem(str(place), "hidden", text, {"name": policy.name, "other": above.name})
            )
    return found


def _covers(first: PolicyRow, second: PolicyRow) -> bool:
    """Tell whether everything that ``second`` matches is taken by ``first``."""
    for key in CONDITIONS:
        accepted = set(first.conditions.get(key) or ())
        wanted = set(second.conditions.get(key) or ())
        if accepted and (not wanted or not wanted <= accepted):
            return False
    return True


def save(desk: Desk, policies: Sequence[PolicyRow]) -> Outcome[None]:
    """Set the policies and their order; the due times of open tickets follow (2.14)."""
    desk.require(Permission.SETTINGS)
    faults = problems(policies)
    if faults:
        raise ProblemsError(faults)
    with desk.write(N_("Change time limits")) as uow:
        kept = {policy.id for policy in policies}
        for gone in listed(desk):
            if gone.id not in kept:
                uow.remove("sla_policy", gone.id)
        for place, policy in enumerate(policies):
            clean = replace(
                policy, conditions={k: tuple(v) for k, v in policy.conditions.items() if v}
            )
            rows.save(
                uow, policy.id, place, clean.name.strip(), clean.conditions,
                (clean.response_minutes, clean.resolution_minutes), always=clean.always,
                default_calendar=desk.reference.default_calendar_id,
            )  # fmt: skip
        recompute.times(uow, load(uow.connection))
    return Outcome(None, uow.changes)
