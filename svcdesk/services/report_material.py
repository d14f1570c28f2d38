"""What people bring to a report: key events, the tasks of its plan, customers' words (5.2, 5.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from svcdesk.domain.improvement import EventKind
from svcdesk.domain.masking import mask_name, mask_text
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_
from svcdesk.services import reports
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import report_material as store
from svcdesk.store import report_versions
from svcdesk.store.report_material import Event, Task
from svcdesk.system.errors import ProblemsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svcdesk.store.unit_of_work import UnitOfWork

__all__ = ["Event", "Task"]

LONGEST = 200  # characters of a title or task
OFFERED = 300  # comments to pick from
STATES = ("open", "done", "dropped")


def _day(values: Mapping[str, Any], field: str, problems: list[Problem]) -> str:
    text = str(values.get(field) or "")
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        problems.append(Problem(field, "date", N_("This is not a day; write 2026-03-31.")))
        return ""


def _text(values: Mapping[str, Any], field: str, problems: list[Problem]) -> str:
    text = str(values.get(field) or "").strip()
    if not text:
        problems.append(Problem(field, "required", N_("This is needed.")))
    elif len(text) > LONGEST:
        problems.append(
            Problem(field, "long", N_("At most {n} characters fit here."), {"n": LONGEST})
        )
    return text


def _put(uow: UnitOfWork, table: str, key: int | None, row: Mapping[str, Any]) -> int:
    """Write a row, or a new one without a key; return its key."""
    if key is None:
        return uow.insert(table, dict(row))
    uow.update(table, key, dict(row))
    return key


# -- key events --------------------------------------------------------------------------------


def events(desk: Desk, period: str, kind: str = "monthly") -> list[Event]:
    """Return the key events of a period; charts over longer times show earlier ones, too."""
    found = reports.period_of(desk, period, kind)
    return store.events(desk.reader, str(found.start), str(found.last_day))


def save_event(desk: Desk, key: int | None, values: Mapping[str, Any]) -> Outcome[int]:
    """Write a key event: first and last day, title, kind, how it was handled."""
    desk.require(Permission.MAKE_REPORTS)
    problems: list[Problem] = []
    title = _text(values, "title", problems)
    first, last = _day(values, "starts_on", problems), _day(values, "ends_on", problems)
    if first and last and last < first:
        problems.append(Problem("ends_on", "order", N_("The last day lies before the first one.")))
    kind = str(values.get("kind") or EventKind.OTHER)
    if kind not in set(EventKind):
        problems.append(Problem("kind", "choice", N_("This is needed.")))
    if problems:
        raise ProblemsError(problems)
    row = {
        "starts_on": first, "ends_on": last, "title": title, "kind": kind,
        "state": str(values.get("state") or "").strip(),
    }  # fmt: skip
    with desk.write(N_("Key event {title}"), title=title) as uow:
        kept = _put(uow, "key_event", key, row)
    return Outcome(kept, uow.changes)


def remove_event(desk: Desk, key: int) -> Outcome[None]:
    """Take a key event away."""
    desk.require(Permission.MAKE_REPORTS)
    with desk.write(N_("Key event removed")) as uow:
        uow.remove("key_event", key)
    return Outcome(None, uow.changes)


# -- tasks -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plans:
    """The tasks of a report's period and of the one after it, each under its code."""

    period: str
    following: str
    tasks: tuple[Task, ...]
    ahead: tuple[Task, ...]


def plans(desk: Desk, period: str, kind: str = "monthly") -> Plans:
    """Return what was planned for a period and what is planned next."""
    now = reports.period_of(desk, period, kind)
    after = now.shifted(1)
    return Plans(
        now.code, after.code, tuple(store.tasks(desk.reader, now.code)),
        tuple(store.tasks(desk.reader, after.code)),
    )  # fmt: skip


def save_task(desk: Desk, key: int | None, values: Mapping[str, Any]) -> Outcome[int]:
    """Write a task of a plan: text, owner, due day, state, result."""
    desk.require(Permission.MAKE_REPORTS)
    problems: list[Problem] = []
    text = _text(values, "text", problems)
    due = _day(values, "due_date", problems) if values.get("due_date") else None
    state = str(values.get("state") or "open")
    if state not in STATES:
        problems.append(Problem("state", "choice", N_("This is needed.")))
    if problems:
        raise ProblemsError(problems)
    row = {
        "period": str(values["period"]), "text": text, "owner_id": values.get("owner_id"),
        "due_date": due, "state": state, "result": str(values.get("result") or "").strip(),
    }  # fmt: skip
    with desk.write(N_("Task of the plan for {period}"), period=row["period"]) as uow:
        kept = _put(uow, "plan_task", key, row)
    return Outcome(kept, uow.changes)


def remove_task(desk: Desk, key: int) -> Outcome[None]:
    """Take a task away."""
    desk.require(Permission.MAKE_REPORTS)
    with desk.write(N_("Task of the plan removed")) as uow:
        uow.remove("plan_task", key)
    return Outcome(None, uow.changes)


# -- customers' words --------------------------------------------------------------------------


@dataclass(frozen=True)
class Quotable:
    """A comment as it would be printed, masked; ``picked``: it is in the report."""

    id: int
    number: str
    customer: str
    score: int | None
    text: str
    picked: bool


def quotable(desk: Desk, kind: str, period: str) -> list[Quotable]:
    """Return the comments of a period's answers, those picked first."""
    found = reports.period_of(desk, period, kind)
    picked = {key for entity, key in report_versions.picks(desk.reader, kind, found.code)
              if entity == "survey"}  # fmt: skip
    rows = [
        Quotable(
            row.id, row.number,
            mask_name(row.customer, organisation=row.customer_kind == "company"), row.score,
            mask_text(row.text), row.id in picked,
        )
        for row in store.words(desk.reader, found.start_at, found.end_at, OFFERED)
    ]  # fmt: skip
    return sorted(rows, key=lambda row: not row.picked)


def pick(desk: Desk, kind: str, period: str, keys: Sequence[int]) -> Outcome[None]:
    """Let these comments be printed in a report, masked."""
    desk.require(Permission.MAKE_REPORTS)
    code = reports.period_of(desk, period, kind).code
    with desk.write(N_("Customers' words in the report for {period}"), period=code) as uow:
        report_versions.pick(uow, kind, code, [("survey", key) for key in keys])
    return Outcome(None, uow.changes)
