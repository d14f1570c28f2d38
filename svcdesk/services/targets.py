"""Targets and thresholds by metric, scope and month of validity (``domain.md 2.13``).

A target is the level below which people are warned, the threshold the level that alarms; without
a threshold the target is both. What holds from a month on leaves the months before as they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.domain.metrics.registry import BY_ID, METRICS
from svcdesk.domain.people import Permission
from svcdesk.domain.period import parse_period
from svcdesk.domain.problem import Problem
from svcdesk.domain.text import fold
from svcdesk.i18n.catalog import LANGUAGES, N_, Translator, current, translator
from svcdesk.i18n.labels import sentence
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import targets as rows
from svcdesk.store.given_figures import WHOLE_DESK as ALL
from svcdesk.store.given_figures import scope_of
from svcdesk.store.group_names import DIMENSIONS, item_name
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.store.connection import Connection
    from svcdesk.store.reference import Reference

WHOLE_DESK = ALL  # the scope of the whole desk
SCOPES = ("department", "product", "category", "issue", "channel", "team", "agent")
WHOLE = N_("Whole desk")
_WHOLE_WORDS = frozenset({"", "all", "全部", "整体", "*"})
SCOPE_NAMES = {scope: DIMENSIONS[scope] for scope in SCOPES}  # msgids
_LISTS = {"department": "department", "category": "category", "issue": "issue",
          "channel": "channel"}  # fmt: skip
NO_SCOPE = N_("“{value}” is no scope; write “all”, or such as “department:name”.")
NO_NAME = N_("There is no {dimension} called “{value}”.")


@dataclass(frozen=True)
class Target:
    """What holds for a metric and scope from a month on; ``None`` target: none any more."""

    id: int
    metric: str
    scope: str
    month: str
    target: float | None
    threshold: float | None
    weight: int
    owner_id: int | None


@dataclass(frozen=True)
class Weights:
    """The weights of a month: their sum, and what each comes to when they are renormalised."""

    total: int
    shares: dict[str, float]


# -- scopes ----------------------------------------------------------------------------------


def scope_code(connection: Connection, reference: Reference, text: str) -> str:
    """Return the scope that a person wrote, e.g. ``department:物流`` or ``全部``."""
    cleaned = text.strip().replace("：", ":")
    if cleaned.casefold() in _WHOLE_WORDS or fold(cleaned).casefold() in _words(WHOLE):
        return WHOLE_DESK
    head, colon, name = (part.strip() for part in cleaned.partition(":"))
    by = next(
        (d for d in SCOPES if head == d or fold(head).casefold() in _words(DIMENSIONS[d])), None
    )
    if by is None or not colon or not name:
        raise UserError(NO_SCOPE, code="scope", value=text)
    key = _key_of(connection, reference, by, name)
    if key is None:
        raise UserError(NO_NAME, code="scope_name", value=name, dimension=current()(DIMENSIONS[by]))
    return scope_of(by, key)


def _words(msgid: str) -> set[str]:
    return {fold(translator(code)(msgid)).casefold() for code in LANGUAGES}


def _key_of(connection: Connection, reference: Reference, by: str, name: str) -> object | None:
    """Return the key of a group by its name, code or key."""
    if by == "team":
        return name if name in {p.team for p in reference.people.values()} else None
    if by == "product":
        return rows.product_key(connection, name)
    if by == "agent":
        people = reference.people.values()
        return next((p.id for p in people if name in {p.name, str(p.id)}), None)
    wanted = fold(name)
    for item in reference.items.values():
        if item.list == _LISTS[by] and item.parent_id is None:
            names = {fold(item_name(item, translator(code))) for code in LANGUAGES}
            if wanted in {fold(item.name), *names} or name in {item.code, str(item.id)}:
                return item.id
    return None


def scope_name(
    connection: Connection, reference: Reference, scope: str, t: Translator | None = None
) -> str:
    """Return a scope as people write it; it can be read again by :func:`scope_code`."""
    words = t or current()
    if scope == WHOLE_DESK:
        return words(WHOLE)
    by, _, key = scope.partition(":")
    return f"{words(DIMENSIONS[by])}: {_name_of(connection, reference, by, key, words)}"


def _name_of(
    connection: Connection, reference: Reference, by: str, key: str, t: Translator
) -> str:  # fmt: skip
    if by == "team" or not key.isdigit():
        return key
    if by == "product":
        return rows.product_name(connection, int(key)) or key
    if by == "agent":
        person = reference.people.get(int(key))
        return person.name if person is not None else key
    item = reference.items.get(int(key))
    return item_name(item, t) if item is not None else key


def named(desk: Desk, scope: str, t: Translator | None = None) -> str:
    """Return the name of a scope."""
    return scope_name(desk.reader, desk.reference, scope, t)


def groups_of(desk: Desk, by: str, t: Translator | None = None) -> list[tuple[str, str]]:
    """Return ``(scope, name)`` of every group of a dimension that can have a target."""
    words, reference = t or current(), desk.reference
    if by in _LISTS:
        items = reference.items_of(_LISTS[by])
        return [(scope_of(by, i.id), item_name(i, words)) for i in items]
    if by == "product":
        return [(scope_of(by, key), name) for key, name in rows.products(desk.reader)]
    people = [p for p in reference.people.values() if p.active and not p.is_bot]
    if by == "agent":
        return [(scope_of(by, p.id), p.name) for p in people]
    return [(scope_of(by, team), team) for team in sorted({p.team for p in people if p.team})]


# -- targets ---------------------------------------------------------------------------------


def entries(desk: Desk, metric: str | None = None) -> list[Target]:
    """Return every target with its history: by metric and scope, the earliest first."""
    return [Target(*row) for row in rows.listed(desk.reader, metric)]


def check(
    desk: Desk, metric: str, scope: str, month: str, target: float | None,
    threshold: float | None, weight: int,
) -> list[Problem]:  # fmt: skip
    """Return what is wrong with a target."""
    del desk
    found = []
    definition = BY_ID.get(metric)
    if definition is None:
        found.append(Problem("metric", "unknown", N_("There is no such metric.")))
    try:
        valid = parse_period(month).kind == "month"
    except UserError:
        valid = False
    if not valid:
        found.append(Problem("month", "month", N_("Write the month as 2026-04.")))
    if not 0 <= weight <= 100:
        found.append(Problem("weight", "range", N_("A weight lies between 0 and 100.")))
    if weight and scope != WHOLE_DESK:
        text = N_("Only the whole desk has weights; leave the weight of a scope empty.")
        found.append(Problem("weight", "scope", text))
    if target is None and threshold is not None:
        text = N_("A threshold needs a target, too.")
        found.append(Problem("target", "required", text))
    if definition is not None and target is not None and threshold is not None:
        lower = str(definition.direction) == "down"
        if (threshold < target) if lower else (threshold > target):
            text = N_("The threshold alarms later than the target: it must be the easier one.")
            found.append(Problem("threshold", "order", text))
    return found


def save(  # noqa: PLR0913 - a row
    desk: Desk, metric: str, month: str, target: float | None, *, scope: str = WHOLE_DESK,
    threshold: float | None = None, weight: int = 0, owner_id: int | None = None,
) -> Outcome[int]:  # fmt: skip
    """Set what holds for a metric and scope from ``month`` on; earlier months keep theirs."""
    desk.require(Permission.SETTINGS)
    faults = check(desk, metric, scope, month, target, threshold, weight)
    if faults:
        raise ProblemsError(faults)
    values = {"target": target, "threshold": threshold, "weight": weight, "owner_id": owner_id}
    with desk.write(N_("Set target")) as uow:
        key = rows.save(uow, metric, scope, month, values)
    return Outcome(key, uow.changes)


def remove(desk: Desk, target_id: int) -> Outcome[None]:
    """Take one entry away: what held before it holds on."""
    desk.require(Permission.SETTINGS)
    with desk.write(N_("Remove target")) as uow:
        uow.remove("metric_target", target_id)
    return Outcome(None, uow.changes)


def valid(desk: Desk, month: str) -> dict[tuple[str, str], Target]:
    """Return by metric and scope the entry that holds in ``month``."""
    found: dict[tuple[str, str], Target] = {}
    for entry in entries(desk):
        if entry.month <= month:
            found[entry.metric, entry.scope] = entry
    return found


def weights(desk: Desk, month: str) -> Weights:
    """Return the weights of the composite score in ``month`` (3.10)."""
    stored = valid(desk, month)
    own = {
        m.id: stored[m.id, WHOLE_DESK].weight if (m.id, WHOLE_DESK) in stored else m.score_weight
        for m in METRICS
    }
    own = {metric: weight for metric, weight in own.items() if weight > 0}
    total = sum(own.values())
    return Weights(total, {metric: 100 * weight / total for metric, weight in own.items()})


def export(desk: Desk, path: Path, t: Translator | None = None) -> int:
    """Write all targets to a .csv or .xlsx file that can be imported again; return the rows."""
    from svcdesk.interchange.kinds import KINDS
    from svcdesk.interchange.writers import write_table

    desk.require(Permission.EXPORT)
    words = t or current()
    people = desk.reference.people
    lines = [
        [
            e.metric, named(desk, e.scope, words), e.month, e.target, e.threshold, e.weight,
            people[e.owner_id].name if e.owner_id in people else None,
        ]
        for e in entries(desk)
    ]  # fmt: skip
    kind = KINDS["targets"]
    write_table(path, [kind.header(one, words) for one in kind.fields], lines)
    return len(lines)


def paste(desk: Desk, text: str) -> Outcome[int]:
    """Set targets from rows copied out of a spreadsheet: all of them or, with a fault, none.

    Columns: metric (code or name), scope, from month, target, threshold, weight, owner; a row of
    headers is left out. The sentence of a fault names its row.
    """
    desk.require(Permission.SETTINGS)
    lines = [line.split("\t") for line in text.splitlines() if line.strip()]
    names = {n: m.id for m in METRICS for n in (m.id, *_words(m.label))}
    read = []
    for number, cells in enumerate(lines, start=1):
        row = [cell.strip() for cell in (*cells, *[""] * 7)][:7]
        metric = names.get(row[0]) or names.get(fold(row[0]).casefold())
        if metric is None and number == 1:
            continue  # the headers
        read.append(_pasted(desk, number, metric or row[0], row[1:]))
    with desk.write(N_("Paste targets")) as uow:
        for metric, scope, month, values in read:
            rows.save(uow, metric, scope, month, values)
    return Outcome(len(read), uow.changes)


def _pasted(
    desk: Desk, number: int, metric: str, cells: list[str]
) -> tuple[str, str, str, dict[str, float | int | None]]:
    """Read one pasted row; its faults name it."""
    scope_text, month, *amounts, owner = cells
    numbers = []
    for cell in amounts:
        try:
            numbers.append(float(cell.replace(",", "").removesuffix("%")) if cell else None)
        except ValueError:
            raise UserError(
                N_("Row {row}: “{value}” is not a number."), code="number", row=number, value=cell
            ) from None
    target, threshold, weight = numbers
    scope = scope_code(desk.reader, desk.reference, scope_text)
    people = desk.reference.people.values()
    owner_id = next((p.id for p in people if owner and p.name == owner), None)
    faults = check(desk, metric, scope, month, target, threshold, int(weight or 0))
    if owner and owner_id is None:
        faults.append(Problem("owner", "unknown", N_("Nobody is called so.")))
    if faults:
        raise UserError(
            N_("Row {row}: {problem}"), code="row", row=number, problem=sentence(
                faults[0].text, faults[0].values
            ),
        )  # fmt: skip
    values = {"target": target, "threshold": threshold, "weight": int(weight or 0),
              "owner_id": owner_id}  # fmt: skip
    return metric, scope, month, values
