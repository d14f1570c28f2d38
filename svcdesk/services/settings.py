"""Settings, people, targets and calendars of the data file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from svcdesk.domain import settings as rules
from svcdesk.domain.people import Permission, Role
from svcdesk.domain.problem import Problem
from svcdesk.domain.workcalendar import parse_spans
from svcdesk.i18n.catalog import N_
from svcdesk.services import customer_tiers
from svcdesk.services import targets as desk_targets
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import configuration, detections, detections_local, given_figures, recompute
from svcdesk.store.numbers import next_number
from svcdesk.store.reference import load
from svcdesk.system.errors import ProblemsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date


def change(desk: Desk, values: Mapping[str, Any]) -> Outcome[None]:
    """Set several settings as one step."""
    desk.require(Permission.SETTINGS)
    problems = [problem for key, value in values.items() for problem in rules.check(key, value)]
    if problems:
        raise ProblemsError(problems)
    with desk.write(N_("Change settings")) as uow:
        configuration.save_settings(uow, values)
        if "timezone" in values:
            configuration.set_timezone(
                uow, desk.reference.default_calendar_id, str(values["timezone"])
            )
            recompute.times(uow, load(uow.connection))
        elif any(key.startswith("complaint_") for key in values):
            recompute.complaint_times(uow, load(uow.connection))
        if set(values) & set(detections.PARAMETERS):
            fresh = load(uow.connection)
            detections_local.update(uow, detections.settings_from(fresh.settings), fresh.zone)
    if set(values) & set(customer_tiers.PARAMETERS):
        customer_tiers.recompute(desk)
    return Outcome(None, uow.changes)


def _check_person(name: str, roles: Sequence[Role], department_id: int | None) -> None:
    problems = []
    if Role.DEPT in roles and department_id is None:
        text = N_("Choose the department that this person answers for.")
        problems.append(Problem("department", "required", text))
    if not name.strip():
        problems.append(Problem("name", "required", N_("Enter the name.")))
    if not roles:
        problems.append(Problem("roles", "required", N_("Choose at least one role.")))
    if problems:
        raise ProblemsError(problems)


def _person_values(
    name: str, roles: Sequence[Role], team: str | None, department_id: int | None
) -> dict[str, Any]:
    return {
        "name": name.strip(),
        "roles": json.dumps([role.value for role in roles]),
        "team": team or None,
        "department_id": department_id,
    }


def add_person(
    desk: Desk,
    name: str,
    roles: Sequence[Role],
    *,
    team: str | None = None,
    department_id: int | None = None,
) -> Outcome[int]:
    """Put somebody on the list of people."""
    desk.require(Permission.USERS)
    _check_person(name, roles, department_id)
    with desk.write(N_("Add person {name}"), name=name.strip()) as uow:
        number = next_number(uow, "person", uow.now, desk.zone)
        values = _person_values(name, roles, team, department_id)
        key = uow.insert("person", {"person_no": number, **values})
    return Outcome(key, uow.changes)


def change_person(desk: Desk, person_id: int, name: str, roles: Sequence[Role], *,
                  active: bool = True, team: str | None = None,
                  department_id: int | None = None) -> Outcome[int]:  # fmt: skip
    """Change a person's name, roles, team or whether they are still in service."""
    desk.require(Permission.USERS)
    _check_person(name, roles, department_id)
    with desk.write(N_("Change person {name}"), name=name.strip()) as uow:
        values = _person_values(name, roles, team, department_id)
        uow.update("person", person_id, {**values, "active": int(active)})
    return Outcome(person_id, uow.changes)


def set_target(desk: Desk, metric: str, month: str, target: float | None, *,
               threshold: float | None = None, weight: int = 0) -> Outcome[int]:  # fmt: skip
    """Set the target of the whole desk from ``month`` on; earlier months keep theirs (2.13)."""
    return desk_targets.save(desk, metric, month, target, threshold=threshold, weight=weight)


def set_day(desk: Desk, day: date, kind: str | None, name: str,
            spans: Sequence[Sequence[str]] | None = None) -> Outcome[None]:  # fmt: skip
    """Make ``day`` a day off or a working day; ``None`` lets it follow the weekly pattern."""
    desk.require(Permission.SETTINGS)
    if spans:
        parse_spans(spans)
    calendar_id = desk.reference.default_calendar_id
    with desk.write(N_("Change calendar")) as uow:
        if kind is None:
            configuration.remove_day(uow, calendar_id, day.isoformat())
        else:
            configuration.save_day(uow, calendar_id, day.isoformat(), kind, name, spans)
        recompute.times(uow, load(uow.connection))
    return Outcome(None, uow.changes)


def set_pattern(desk: Desk, pattern: Sequence[Sequence[Sequence[str]]]) -> Outcome[None]:
    """Set the working spans of the seven weekdays; several spans a day are allowed."""
    desk.require(Permission.SETTINGS)
    for spans in pattern:
        parse_spans(spans)
    with desk.write(N_("Change working hours")) as uow:
        configuration.set_pattern(uow, desk.reference.default_calendar_id, pattern)
        recompute.times(uow, load(uow.connection))
    return Outcome(None, uow.changes)


def targets(desk: Desk) -> dict[str, list[tuple[str, float | None, float | None, int]]]:
    """Return by metric its targets: (from month, target, threshold, weight), oldest first."""
    return given_figures.targets(desk.reader)
