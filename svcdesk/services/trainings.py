"""Training records: courses and onboarding, who was expected, who came, how the exam went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain import training as rules
from svcdesk.domain.people import Permission, Role
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.improvement_rows import is_day, today
from svcdesk.store import trainings as rows
from svcdesk.store.trainings import TrainingRow
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from svcdesk.domain.period import Period
    from svcdesk.domain.training import Need, Totals
    from svcdesk.store.unit_of_work import UnitOfWork

__all__ = ["TrainingDetail", "TrainingRow", "get", "listed", "needs", "remove", "save",
           "save_seats", "staff", "summary"]  # fmt: skip

LONGEST = 100  # characters of a title
_WORKING = frozenset({Role.AGENT, Role.TECH, Role.CALLBACK})
SEAT_FIELDS = ("attended", "score", "passed", "days")


@dataclass(frozen=True)
class TrainingDetail:
    """A training as its form shows it, and as the list counts it."""

    training: dict[str, Any]
    row: TrainingRow


def staff(desk: Desk) -> list[int]:
    """Return who is expected at a training unless said otherwise: those who work on cases."""
    return [
        person.id for person in desk.reference.people.values()
        if person.active and not person.is_bot and set(person.roles) & _WORKING
    ]  # fmt: skip


def listed(desk: Desk, period: Period | None = None) -> list[TrainingRow]:
    """Return the trainings of a period, or all, the newest first."""
    if period is None:
        return rows.listed(desk.reader)
    return rows.listed(desk.reader, str(period.start), str(period.last_day))


def get(desk: Desk, training_id: int) -> TrainingDetail:
    """Return a training, or refuse one that is gone."""
    with desk.reading() as connection:
        found = rows.training(connection, training_id)
        if found is None:
            raise UserError("This training was deleted.", code="gone")
        (row,) = rows.listed(connection, training_id=training_id)
        return TrainingDetail(found, row)


def summary(desk: Desk, period: Period) -> Totals:
    """Return coverage, exams and days of the trainings held in a period up to today."""
    last = min(str(period.last_day), today(desk).isoformat())
    return of_rows(rows.listed(desk.reader, str(period.start), last))


def of_rows(found: Iterable[TrainingRow]) -> Totals:
    """Return the figures of trainings."""
    taken = list(found)
    return rules.totals([row.held for row in taken], sum(row.minutes or 0 for row in taken))


def needs(desk: Desk) -> list[Need]:
    """Return who missed or failed what and did not make up for it."""
    active = [person.id for person in desk.reference.people.values() if person.active]
    held = [row.held for row in rows.listed(desk.reader)]
    return rules.needs(held, active, today(desk).isoformat())


# -- writing -------------------------------------------------------------------------------------


def problems(values: Mapping[str, Any]) -> list[Problem]:
    """Return what is missing or wrong in the form of a training."""
    found = []
    title = str(values.get("title") or "").strip()
    if not title:
        found.append(Problem("title", "required", N_("Say what the training is about.")))
    elif len(title) > LONGEST:
        found.append(
            Problem("title", "long", N_("At most {n} characters fit here."), {"n": LONGEST})
        )
    if not is_day(values.get("held_on")):
        found.append(Problem("held_on", "day", N_("Write the day as 2026-03-31.")))
    if values.get("kind") not in rules.KINDS:
        found.append(Problem("kind", "choice", N_("Choose a course or onboarding.")))
    found += _whole(values, "minutes", None)
    return found + _whole(values, "pass_mark", rules.FULL_SCORE)


def _whole(values: Mapping[str, Any], name: str, most: int | None) -> list[Problem]:
    value = values.get(name)
    if value is None:
        return []
    if not isinstance(value, int) or value < 0 or (most is not None and value > most):
        if most is None:
            return [Problem(name, "number", N_("Write a whole number, such as 90."))]
        return [Problem(name, "range", N_("Write a whole number from 0 to {most}."),
                        {"most": most})]  # fmt: skip
    return []


def save(
    desk: Desk, key: int | None, values: Mapping[str, Any], version: int | None = None
) -> Outcome[int]:
    """Write a training; ``people`` are the keys of those expected (a new one: the staff)."""
    desk.require(Permission.EDIT_IMPROVEMENTS)
    known = {"kind": rules.COURSE, **values}
    faults = problems(known)
    expected = list(known["people"]) if "people" in known else staff(desk)
    if not expected and ("people" in known or key is None):
        faults.append(Problem("people", "required", N_("Choose who is expected.")))
    if faults:
        raise ProblemsError(faults)
    row = {
        "title": str(known["title"]).strip(), "held_on": known["held_on"], "kind": known["kind"],
        "minutes": known.get("minutes"), "trainer": str(known.get("trainer") or "").strip(),
        "pass_mark": known.get("pass_mark"), "item_id": known.get("item_id"),
        "note": str(known.get("note") or "").strip(),
    }  # fmt: skip
    with desk.write(N_("Training {title}"), title=row["title"]) as uow:
        if key is None:
            key = uow.insert("training", row)
        else:
            uow.update("training", key, row, version=version)
            if "people" not in known:
                return Outcome(key, uow.changes)
        _expect(uow, key, expected)
    return Outcome(key, uow.changes)


def _expect(uow: UnitOfWork, key: int, expected: list[int]) -> None:
    """Expect exactly these people; what is known of those who stay is kept."""
    present = rows.seat_keys(uow.connection, key)
    for person in dict.fromkeys(expected):
        if person not in present:
            uow.insert("training_person", {"training_id": key, "person_id": person})
    for person, seat in present.items():
        if person not in expected:
            uow.remove("training_person", seat)


def remove(desk: Desk, training_id: int) -> Outcome[None]:
    """Take a training with its people away."""
    desk.require(Permission.EDIT_IMPROVEMENTS)
    found = get(desk, training_id)
    with desk.write(N_("Training {title} removed"), title=found.row.title) as uow:
        for seat in rows.seat_keys(uow.connection, training_id).values():
            uow.remove("training_person", seat)
        uow.remove("training", training_id)
    return Outcome(None, uow.changes)


def save_seats(
    desk: Desk, training_id: int, seats: Mapping[int, Mapping[str, Any]]
) -> Outcome[int]:
    """Write who came and how the exam went, by person; who was not expected comes in.

    A score says that the person was there, unless the same writing says otherwise.
    """
    desk.require(Permission.EDIT_IMPROVEMENTS)
    found = get(desk, training_id)
    with desk.write(N_("Results of {title}"), title=found.row.title) as uow:
        present = rows.seat_keys(uow.connection, training_id)
        for person, values in seats.items():
            row = {name: values[name] for name in SEAT_FIELDS if name in values}
            if row.get("score") is not None and "attended" not in row:
                row["attended"] = 1
            if person in present:
                uow.update("training_person", present[person], row)
            else:
                uow.insert(
                    "training_person", {"training_id": training_id, "person_id": person, **row}
                )
    return Outcome(len(seats), uow.changes)
