"""Data-entry discipline: timeliness and completeness by owner, and who answers for which data.

A set of data has a data owner (数据责任人, Q13): the person who sees to it that it is entered;
each record has an owner of its own, whose records are told apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from svcdesk.domain import narrative
from svcdesk.domain.people import Permission
from svcdesk.i18n.catalog import N_, Translator, current
from svcdesk.i18n.labels import FIELD_LABELS
from svcdesk.services import settings
from svcdesk.store import data_entry as store
from svcdesk.store.data_entry import INCOMPLETE, LATE, Discipline, Lacking
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.period import Period
    from svcdesk.services.desk import Desk, Outcome

__all__ = ["INCOMPLETE", "LATE", "SETS", "Discipline", "Lacking", "OwnerLine", "SetSummary",
           "lacking", "missing_words", "owner_setting", "set_owner", "summary"]  # fmt: skip

SETS = tuple(one.key for one in store.SETS)
LABELS = {
    "tickets": N_("Tickets"),
    "complaints": N_("Complaints"),
    "callbacks": N_("Callbacks"),
    "surveys": N_("Survey answers"),
    "visits": N_("Visits"),
}
_ENTITIES = {"tickets": "ticket", "complaints": "complaint", "callbacks": "callback",
             "surveys": "survey", "visits": "visit"}  # fmt: skip
_OWN_LABELS = {"csat": N_("Satisfaction score")}


def _rate(part: int, whole: int) -> Fraction | None:
    """Return a percentage; without anything to look at there is none (0.1, rule 2)."""
    return Fraction(100 * part, whole) if whole else None


@dataclass(frozen=True)
class OwnerLine:
    """One owner in one set; rates in percent, ``None`` when there is nothing to look at."""

    owner_id: int | None
    name: str
    n: int
    entered: int
    late: int
    timeliness: Fraction | None
    expected: int
    filled: int
    incomplete: int
    completeness: Fraction | None


@dataclass(frozen=True)
class SetSummary:
    """One set of data in a period: its data owner, the whole, and each owner."""

    key: str
    label: str
    data_owner_id: int | None
    data_owner: str
    whole: OwnerLine
    owners: tuple[OwnerLine, ...]


def owner_setting(data_set: str) -> str:
    """Return the key of the setting that holds who answers for a set of data."""
    return f"data_owner_{data_set}"


def _line(name: str, rows: Sequence[Discipline], owner_id: int | None = None) -> OwnerLine:
    n, entered, late, expected, filled, incomplete = (
        sum(getattr(row, field) for row in rows)
        for field in ("n", "entered", "late", "expected", "filled", "incomplete")
    )
    return OwnerLine(owner_id, name, n, entered, late, _rate(entered - late, entered), expected,
                     filled, incomplete, _rate(filled, expected))  # fmt: skip


def summary(desk: Desk, period: Period, t: Translator | None = None) -> list[SetSummary]:
    """Return every set of data of ``period``: as a whole and by owner, those with most to do first."""
    words = t or current()
    reference, now = desk.reference, desk.clock.now()
    nobody = words(N_("Without owner"))
    found = []
    with desk.reading() as connection:
        for one in store.SETS:
            rows = store.by_owner(connection, one, period, now)
            lines = [
                _line(
                    reference.people[row.owner_id].name
                    if row.owner_id in reference.people else nobody, [row], row.owner_id,
                )
                for row in rows
            ]  # fmt: skip
            lines.sort(key=lambda line: (-line.late - line.incomplete, -line.n, line.name))
            answerable = int(reference.settings[owner_setting(one.key)])
            person = reference.people.get(answerable)
            found.append(
                SetSummary(one.key, words(LABELS[one.key]), answerable or None,
                           person.name if person else "", _line(words(N_("All")), rows),
                           tuple(lines))
            )  # fmt: skip
    return found


def lacking(
    desk: Desk, data_set: str, period: Period, what: str = "", *,
    whose: tuple[int | None, ...] = (),
) -> list[Lacking]:  # fmt: skip
    """Return the records of a set that were entered late or are incomplete, the latest first.

    ``whose`` narrows to one owner, ``(None,)`` to the records of nobody.
    """
    one = store.BY_KEY.get(data_set)
    if one is None:
        raise UserError(N_("There is no set of data “{name}”."), code="data_set", name=data_set)
    with desk.reading() as connection:
        return store.lacking(connection, one, period, desk.clock.now(), what=what, whose=whose)


def missing_words(one: Lacking, t: Translator | None = None) -> str:
    """Return the names of the fields that a record lacks."""
    words = t or current()
    labels = {**FIELD_LABELS[_ENTITIES[one.data_set]], **_OWN_LABELS}
    return narrative.join([words(labels.get(name, name)) for name in one.missing], words)


def set_owner(desk: Desk, data_set: str, person_id: int | None) -> Outcome[None]:
    """Let a person answer for a set of data (``None``: nobody)."""
    desk.require(Permission.SETTINGS)
    if data_set not in SETS:
        raise UserError(N_("There is no set of data “{name}”."), code="data_set", name=data_set)
    return settings.change(desk, {owner_setting(data_set): person_id or 0})
