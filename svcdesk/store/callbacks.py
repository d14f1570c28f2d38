"""Callback rules, leave, loads and what the entry screen reads beside the record."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from svcdesk.domain.callback import CALLBACK_DUE_SECONDS, HOUR, CallbackKind
from svcdesk.domain.callback_rules import COMPLAINT, TICKET, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

_OPEN = "state IN ('planned','in_progress') AND deleted_at IS NULL"
_LINE = f"FROM callback INDEXED BY callback_line WHERE {_OPEN}"


class Open(NamedTuple):
    """An open callback of a case."""

    id: int
    number: str
    kind: str
    state: str


class Unassigned(NamedTuple):
    """An open callback that nobody has."""

    id: int
    number: str
    kind: str
    due_at: int
    customer: str
    customer_kind: str
    handler_id: int | None
    row_version: int


class Counts(NamedTuple):
    """What the chips of the queue count, in one pass over the index."""

    all: int
    mine: int
    unassigned: int
    overdue: int
    low: int
    again: int


class Leave(NamedTuple):
    """Days on which somebody is away, both included."""

    id: int
    person_id: int
    starts_on: str
    ends_on: str
    note: str


# -- rules -----------------------------------------------------------------------------------


def rules(connection: Connection) -> list[Rule]:
    """Return the rules in their order, those out of use as well."""
    return [
        Rule(row[0], row[1], row[2], {k: tuple(v) for k, v in json.loads(row[3]).items()}, row[4],
             row[5], row[6], bool(row[7]))
        for row in connection.execute(
            "SELECT id, name, record, conditions, kind, percent, delay_hours, active "
            "FROM callback_rule WHERE deleted_at IS NULL ORDER BY position, id"
        ).fetchall()
    ]  # fmt: skip


def save_rule(uow: UnitOfWork, rule: Rule, place: int) -> int:
    """Write a rule (``id`` 0: a new one) at its place; an unchanged row is left as it is."""
    wanted = {key: list(values) for key, values in rule.conditions.items() if values}
    row: dict[str, Any] = {
        "name": rule.name.strip(), "position": place, "record": rule.record,
        "conditions": json.dumps(wanted, ensure_ascii=False), "kind": rule.kind,
        "percent": rule.percent, "delay_hours": rule.delay_hours, "active": int(rule.active),
    }  # fmt: skip
    if not rule.id:
        return uow.insert("callback_rule", row)
    before = uow.execute(
        f"SELECT {', '.join(row)} FROM callback_rule WHERE id = ?", (rule.id,)
    ).fetchone()
    same = dict(zip(row, before, strict=True))
    same["conditions"] = json.dumps(json.loads(same["conditions"]), ensure_ascii=False)
    if same != row:
        uow.update("callback_rule", rule.id, row)
    return rule.id


def routine_hours(connection: Connection) -> int:
    """Return after how many hours a ticket's callback is due that was never planned.

    By the rule for every ticket, else by the first rule for tickets.
    """
    row = connection.execute(
        "SELECT delay_hours FROM callback_rule WHERE record = 'ticket' AND active = 1 "
        "AND deleted_at IS NULL ORDER BY conditions <> '{}', position, id LIMIT 1"
    ).fetchone()
    return int(row[0]) if row else CALLBACK_DUE_SECONDS[CallbackKind.ROUTINE] // HOUR


def settled(connection: Connection, record: str, since: int) -> Iterator[dict[str, Any]]:
    """Yield the tickets or complaints settled since a moment, as rules see them.

    Left out: imported rows, test cases, and customers who refuse callbacks (``opt_out`` 1).
    """
    own = {TICKET: ("issue_id", "request_type"), COMPLAINT: ("category_id", "severity")}[record]
    names = ("id", *own, "channel_id", "tier")
    for row in connection.execute(
        f"SELECT {', '.join('m.' + name for name in names)}, c.opt_out FROM {record} m "
        "JOIN customer c ON c.id = m.customer_id WHERE m.resolved_at >= ? AND m.deleted_at IS NULL "
        "AND m.is_test = 0",
        (since,),
    ):
        yield dict(zip((*names, "opt_out"), row, strict=True))


# -- tasks -----------------------------------------------------------------------------------


def open_of(connection: Connection, column: str, record_id: int) -> list[Open]:
    """Return the open callbacks of a ticket, complaint or customer."""
    return [
        Open(*row)
        for row in connection.execute(
            f"SELECT id, callback_no, kind, state FROM callback WHERE {column} = ? AND {_OPEN}",
            (record_id,),
        ).fetchall()
    ]


def loads(connection: Connection) -> dict[int, int]:
    """Return person → open callbacks."""
    return dict(
        connection.execute(
            f"SELECT assignee_id, count(*) {_LINE} AND assignee_id IS NOT NULL GROUP BY assignee_id"
        ).fetchall()
    )


def held(connection: Connection, person_id: int, since: int, until: int) -> list[int]:
    """Return the open callbacks of a person that are to be made from ``since`` to ``until``."""
    return [
        row[0]
        for row in connection.execute(
            f"SELECT id {_LINE} AND assignee_id = ? AND coalesce(retry_at, due_at) >= ? "
            "AND coalesce(retry_at, due_at) < ?",
            (person_id, since, until),
        ).fetchall()
    ]


def unassigned(connection: Connection, until: int | None) -> list[Unassigned]:
    """Return the open callbacks that nobody has and that are due before ``until``."""
    return [
        Unassigned(*row)
        for row in connection.execute(
            "SELECT m.id, m.callback_no, m.kind, m.due_at, c.name, c.kind, "
            "coalesce(t.owner_id, k.handler_id), m.row_version "
            "FROM callback m INDEXED BY callback_line "
            "JOIN customer c ON c.id = m.customer_id LEFT JOIN ticket t ON t.id = m.ticket_id "
            "LEFT JOIN complaint k ON k.id = m.complaint_id "
            "WHERE m.state IN ('planned','in_progress') AND m.deleted_at IS NULL "
            "AND m.assignee_id IS NULL AND c.opt_out = 0 AND (:until IS NULL OR m.due_at < :until) "
            "ORDER BY m.due_at, m.id",
            {"until": until},
        ).fetchall()
    ]


def counts(connection: Connection, actor_id: int, now: int, today: tuple[int, int]) -> Counts:
    """Return how many open callbacks each chip of the queue stands for.

    ``today``: its first second and that of tomorrow.
    """
    row = connection.execute(
        "SELECT count(*), total(assignee_id = :me), total(assignee_id IS NULL), "
        "total(due_at < :now), total(kind = 'low_score'), "
        f"total(retry_at >= :first AND retry_at < :last) {_LINE}",
        {"me": actor_id, "now": now, "first": today[0], "last": today[1]},
    ).fetchone()
    return Counts(*(int(value) for value in row))


def handler_of(
    connection: Connection, ticket_id: int | None, complaint_id: int | None
) -> int | None:
    """Return who handled a case."""
    row = connection.execute(
        "SELECT coalesce((SELECT owner_id FROM ticket WHERE id = ?), "
        "(SELECT handler_id FROM complaint WHERE id = ?))",
        (ticket_id, complaint_id),
    ).fetchone()
    return None if row is None else row[0]


# -- leave -----------------------------------------------------------------------------------


def leaves(connection: Connection, since: str) -> list[Leave]:
    """Return the leave that ends on or after the day ``since``."""
    return [
        Leave(*row)
        for row in connection.execute(
            "SELECT id, person_id, starts_on, ends_on, note FROM person_leave "
            "WHERE deleted_at IS NULL AND ends_on >= ? ORDER BY starts_on, id",
            (since,),
        ).fetchall()
    ]


def away(connection: Connection, day: str) -> set[int]:
    """Return who is on leave on ``day``."""
    return {leave.person_id for leave in leaves(connection, day) if leave.starts_on <= day}


# -- scripts ---------------------------------------------------------------------------------


def scripts(connection: Connection) -> dict[str, tuple[int, list[dict[str, str]]]]:
    """Return kind of callback → (key, steps) of the scripts that were written for this team."""
    return {
        name: (key, json.loads(body)["steps"])
        for key, name, body in connection.execute(
            "SELECT id, name, body FROM template WHERE kind = 'script' AND deleted_at IS NULL"
        ).fetchall()
    }
