"""Everything abnormal in the data as one list: flags, decisions about them, suspected duplicates.

A finding is one code of one record (``domain.md 4.5, 4.6``). Flags are read from the partial
indexes over flagged rows, so that the list is as long as the findings, not as the data.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from svcdesk.domain.anomalies import TIMES
from svcdesk.domain.data_quality import ENTITIES, OPEN, Decision

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

SAME = "AB06"  # suspected duplicates carry the code of duplicates


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed to; an empty part narrows nothing. ``[start, end)`` in seconds."""

    start: int | None = None
    end: int | None = None
    codes: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    owners: tuple[int, ...] = ()
    states: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()  # record numbers, where a figure's excluded part leads here
    out: bool = False  # only what takes its record out of figures


class Key(NamedTuple):
    """One finding, as short as a long list needs it."""

    entity: str
    record_id: int
    code: str
    at: int
    owner_id: int | None
    state: str


@dataclass(frozen=True)
class _Shape:
    """Where the findings of one kind of record are."""

    start: str
    owner: str
    kept: str
    number: str
    join: str = ""


_SHAPES: dict[str, _Shape] = {
    "ticket": _Shape("m.created_at", "m.owner_id", "m.is_test = 0 AND m.status <> 'merged'",
                     "m.ticket_no"),
    "complaint": _Shape("m.received_at", "m.handler_id",
                        "m.is_test = 0 AND m.status NOT IN ('merged', 'rejected')",
                        "m.complaint_no"),
    "survey": _Shape("coalesce(m.responded_at, m.sent_at)", "m.agent_id", "1", "m.survey_no"),
    "visit": _Shape("m.window_start", "m.technician_id", "n.is_test = 0 AND n.status <> 'merged'",
                    "n.ticket_no", " JOIN ticket n ON n.id = m.ticket_id"),
    "customer": _Shape("m.entered_at", "m.manager_id", "m.merged_into_id IS NULL",
                       "m.customer_no"),
}  # fmt: skip
_STATE = (
    "CASE WHEN m.data_verdicts IS NULL THEN 'open' "
    "WHEN instr(m.data_verdicts, f.value || ':excluded') THEN 'excluded' "
    "WHEN instr(m.data_verdicts, f.value || ':accepted') THEN 'accepted' ELSE 'open' END"
)
_CUSTOMER_STATE = (
    "coalesce((SELECT d.decision FROM data_decision d WHERE d.entity = 'customer' "
    "AND d.record_id = m.id AND d.code = f.value AND d.deleted_at IS NULL), 'open')"
)


def _marks(values: Sequence[Any], name: str, parameters: dict[str, Any]) -> str:
    parameters[name] = json.dumps(list(values))
    return f"(SELECT value FROM json_each(:{name}))"


def _narrow(shape: _Shape, wanted: Filter, parameters: dict[str, Any]) -> str:
    """Return what holds of the record, whatever the code."""
    parts = ["m.deleted_at IS NULL", shape.kept]
    if wanted.start is not None:
        parts.append(f"{shape.start} >= :start")
        parameters["start"] = wanted.start
    if wanted.end is not None:
        parts.append(f"{shape.start} < :end")
        parameters["end"] = wanted.end
    if wanted.owners:
        parts.append(f"{shape.owner} IN {_marks(wanted.owners, 'owners', parameters)}")
    if wanted.numbers:
        parts.append(f"{shape.number} IN {_marks(wanted.numbers, 'numbers', parameters)}")
    return " AND ".join(parts)


def _flags(entity: str, where: str) -> str:
    shape = _SHAPES[entity]
    state = _CUSTOMER_STATE if entity == "customer" else _STATE
    return (
        f"SELECT '{entity}' AS entity, m.id AS id, f.value AS code, {shape.start} AS at, "
        f"{shape.owner} AS owner, {state} AS state "
        f"FROM {entity} m{shape.join}, json_each(m.data_flags) f "
        f"WHERE m.data_flags IS NOT NULL AND {where}"
    )


def _mended(entity: str, where: str) -> str:
    shape = _SHAPES[entity]
    return (
        f"SELECT '{entity}', m.id, d.code, {shape.start}, {shape.owner}, 'fixed' "
        f"FROM data_decision d JOIN {entity} m ON m.id = d.record_id{shape.join} "
        f"WHERE d.entity = '{entity}' AND d.decision = 'fixed' AND d.deleted_at IS NULL "
        f"AND {where}"
    )


# the later ticket of a pair that no link, merge or verdict has settled; what an import flagged
# is listed by its flag
_DENIED = (
    "EXISTS (SELECT 1 FROM detection_verdict v WHERE v.rule = 'duplicate' "
    "AND v.verdict = 'denied' AND v.deleted_at IS NULL "
    "AND v.ticket_id = min(m.id, o.id) AND v.other_id = max(m.id, o.id))"
)
_PAIRED = (
    "o.customer_id = m.customer_id AND o.created_at BETWEEN m.created_at - :window "
    "AND m.created_at AND (o.created_at < m.created_at OR o.id < m.id) AND o.id <> m.id "
    "AND o.issue_id IS m.issue_id AND (o.product_id IS NULL OR m.product_id IS NULL "
    "OR o.product_id = m.product_id) AND o.deleted_at IS NULL AND o.is_test = 0 "
    "AND o.status NOT IN ('merged', 'cancelled')"
)


def _pairs(where: str) -> str:
    return (
        "SELECT 'ticket', m.id, 'AB06', m.created_at, m.owner_id, "
        f"CASE WHEN min({_DENIED}) THEN 'accepted' ELSE 'open' END "
        f"FROM ticket m JOIN ticket o ON {_PAIRED} WHERE {where} AND m.status <> 'cancelled' "
        "AND (m.data_flags IS NULL OR instr(m.data_flags, 'AB06') = 0) "
        "AND NOT EXISTS (SELECT 1 FROM ticket_link l WHERE l.deleted_at IS NULL "
        "AND ((l.ticket_id = m.id AND l.other_id = o.id) "
        "OR (l.ticket_id = o.id AND l.other_id = m.id))) GROUP BY m.id"
    )


def _query(wanted: Filter, window: int, *, pairs: bool) -> tuple[str, dict[str, Any]]:
    parameters: dict[str, Any] = {}
    parts: list[str] = []
    flagged = not wanted.states or set(wanted.states) & {OPEN, Decision.EXCLUDED, Decision.ACCEPTED}
    for entity in wanted.entities or ENTITIES:
        where = _narrow(_SHAPES[entity], wanted, parameters)
        if flagged:
            parts.append(_flags(entity, where))
        if not wanted.states or Decision.FIXED in wanted.states:
            parts.append(_mended(entity, where))
        if entity == "ticket" and pairs and flagged and (not wanted.codes or SAME in wanted.codes):
            parameters["window"] = window
            parts.append(_pairs(where))
    outer = ["1"]
    if wanted.codes:
        outer.append(f"code IN {_marks(wanted.codes, 'codes', parameters)}")
    if wanted.states:
        outer.append(f"state IN {_marks(wanted.states, 'states', parameters)}")
    found = f"WITH x (entity, id, code, at, owner, state) AS ({' UNION ALL '.join(parts)})"
    return f"{found} SELECT * FROM x WHERE {' AND '.join(outer)}", parameters


def listed(connection: Connection, wanted: Filter, window: int, *, pairs: bool = True) -> list[Key]:
    """Return the findings, the newest record first; ``window`` as for suspected duplicates (s)."""
    sql, parameters = _query(wanted, window, pairs=pairs)
    rows = connection.execute(f"{sql} ORDER BY at DESC, id DESC, code", parameters).fetchall()
    return [Key(*row) for row in rows]


# -- the rows that are looked at ---------------------------------------------------------------

_TIMES = {
    "ticket": (*TIMES["ticket"], "first_resolved_at", "request_type"),
    "complaint": (*TIMES["complaint"], "first_resolved_at"),
    "survey": TIMES["survey"],
    "visit": (*TIMES["visit"], "dispatched_at", "ticket_id", "seq"),
    "customer": ("phones",),
}


def records(connection: Connection, entity: str, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return what is shown of records of one kind: number, times, when each came in."""
    shape = _SHAPES[entity]
    names = ("id", "number", "entered_at", *_TIMES[entity])
    columns = ", ".join(["m.id", shape.number, "m.entered_at",
                         *(f"m.{name}" for name in _TIMES[entity])])  # fmt: skip
    rows = connection.execute(
        f"SELECT {columns} FROM {entity} m{shape.join} "
        "WHERE m.id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    ).fetchall()
    return {row[0]: dict(zip(names, row, strict=True)) for row in rows}


def decisions(connection: Connection, ids: Iterable[int]) -> dict[tuple[int, str], dict[str, Any]]:
    """Return what was decided about records: ``(record, code)`` → decision, reason, who, when."""
    names = ("decision", "reason", "judged", "entered_at", "created_by")
    return {
        (record_id, code): {**dict(zip(names, row, strict=True)), "judged": json.loads(row[2])}
        for record_id, code, *row in connection.execute(
            f"SELECT record_id, code, {', '.join(names)} FROM data_decision "
            "WHERE deleted_at IS NULL AND record_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        ).fetchall()
    }


def since(connection: Connection, ids: Iterable[int]) -> dict[tuple[int, str], int]:
    """Return when each flag came up, where it did not come in with the record."""
    found: dict[tuple[int, str], int] = {}
    for record_id, before, after, at in connection.execute(
        "SELECT c.row_id, c.before ->> 'data_flags', c.after ->> 'data_flags', o.at "
        "FROM change_log c JOIN operation o ON o.id = c.operation_id "
        "WHERE c.row_id IN (SELECT value FROM json_each(?)) AND c.before IS NOT NULL "
        "AND instr(c.after, '\"data_flags\"') ORDER BY c.id",
        (json.dumps(list(ids)),),
    ).fetchall():
        fresh = set(json.loads(after or "[]")) - set(json.loads(before or "[]"))
        found.update({(record_id, code): at for code in fresh})
    return found


def partners(
    connection: Connection, ticket_ids: Iterable[int], window: int
) -> dict[int, tuple[int, str, int]]:
    """Return for tickets the one each may repeat: key, number, time of receipt."""
    rows = connection.execute(
        "SELECT m.id, o.id, o.ticket_no, o.created_at FROM ticket m JOIN ticket o "
        "ON o.customer_id = m.customer_id AND o.created_at BETWEEN m.created_at - :window "
        "AND m.created_at + :window AND o.id <> m.id AND o.issue_id IS m.issue_id "
        "AND (o.product_id IS NULL OR m.product_id IS NULL OR o.product_id = m.product_id) "
        "AND o.deleted_at IS NULL AND o.is_test = 0 AND o.status NOT IN ('merged', 'cancelled') "
        "WHERE m.id IN (SELECT value FROM json_each(:ids)) ORDER BY m.id, o.created_at DESC",
        {"window": window, "ids": json.dumps(list(ticket_ids))},
    ).fetchall()
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def all_partners(connection: Connection, ticket_id: int, window: int) -> list[int]:
    """Return every ticket that one may repeat or be repeated by."""
    rows = connection.execute(
        "SELECT o.id FROM ticket m JOIN ticket o ON o.customer_id = m.customer_id "
        "AND o.created_at BETWEEN m.created_at - :window AND m.created_at + :window "
        "AND o.id <> m.id AND o.issue_id IS m.issue_id AND (o.product_id IS NULL "
        "OR m.product_id IS NULL OR o.product_id = m.product_id) AND o.deleted_at IS NULL "
        "AND o.is_test = 0 AND o.status NOT IN ('merged', 'cancelled') WHERE m.id = :id "
        "ORDER BY o.id",
        {"window": window, "id": ticket_id},
    ).fetchall()
    return [row[0] for row in rows]


def take_back_verdicts(uow: UnitOfWork, ticket_id: int) -> None:
    """Take back that a ticket is another case than those it was compared with."""
    for (key,) in uow.connection.execute(
        "SELECT id FROM detection_verdict WHERE rule = 'duplicate' AND verdict = 'denied' "
        "AND deleted_at IS NULL AND ticket_id IS NOT NULL AND (ticket_id = ?1 OR other_id = ?1)",
        (ticket_id,),
    ).fetchall():
        uow.remove("detection_verdict", key)
