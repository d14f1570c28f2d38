"""Decisions about abnormal data, kept beside the flags; they die with the values they judged.

Flags are derived by whoever writes a record; what follows for flags of records that nobody derives
anew (visits, complaints, customers) and for decisions is settled here, at the end of every unit of
work, so that no way of writing can forget it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from svcdesk.domain import anomalies
from svcdesk.domain.data_quality import (
    ENTITIES,
    Decision,
    judged_fields,
    same_values,
    verdicts_of,
)
from svcdesk.domain.text import is_phone
from svcdesk.store.change_log import BY_OPERATION, columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

_OWN = frozenset({"data_verdicts", "updated_at", "row_version"})
DERIVED_ELSEWHERE = frozenset({"ticket", "survey"})  # their flags come with their events, answers
_LISTED = ", ".join(f"'{name}'" for name in ENTITIES)
_TOUCHED = (
    # rows of this operation that have flags, lost them, or were decided about
    "SELECT DISTINCT c.tbl, c.row_id FROM change_log c " + BY_OPERATION + " "
    f"WHERE c.operation_id = ? AND c.tbl IN ({_LISTED}) AND c.before IS NOT NULL "
    "AND c.after IS NOT NULL AND (instr(c.before, '\"data_flags\"') OR EXISTS ("
    "SELECT 1 FROM data_decision d WHERE d.entity = c.tbl AND d.record_id = c.row_id "
    "AND d.deleted_at IS NULL) OR CASE c.tbl "
    "WHEN 'ticket' THEN (SELECT 1 FROM ticket t WHERE t.id = c.row_id "
    "AND t.data_flags IS NOT NULL) "
    "WHEN 'complaint' THEN (SELECT 1 FROM complaint t WHERE t.id = c.row_id "
    "AND t.data_flags IS NOT NULL) "
    "WHEN 'customer' THEN (SELECT 1 FROM customer t WHERE t.id = c.row_id "
    "AND t.data_flags IS NOT NULL) "
    "WHEN 'visit' THEN instr(c.after, '_at\"') ELSE 0 END)"
)


def values_of(
    connection: Connection, entity: str, record_id: int, names: tuple[str, ...]
) -> dict[str, Any]:
    """Return columns of a record as stored; nothing when it is gone."""
    row = connection.execute(
        f"SELECT {', '.join(names)} FROM {entity} WHERE id = ?", (record_id,)
    ).fetchone()
    return {} if row is None else dict(zip(names, row, strict=True))


def of_record(connection: Connection, entity: str, record_id: int) -> dict[str, dict[str, Any]]:
    """Return the decisions in force about one record by code."""
    names = ("id", "decision", "reason", "judged", "entered_at", "created_by")
    return {
        code: dict(zip(names, row, strict=True)) | {"judged": json.loads(row[3])}
        for code, *row in connection.execute(
            f"SELECT code, {', '.join(names)} FROM data_decision WHERE entity = ? "
            "AND record_id = ? AND deleted_at IS NULL",
            (entity, record_id),
        ).fetchall()
    }


def decide(
    uow: UnitOfWork, entity: str, record_id: int, code: str, decision: Decision | None,
    reason: str = "",
) -> bool:  # fmt: skip
    """Write what was decided about a code of a record (``None``: open again); tell what changed."""
    known = of_record(uow.connection, entity, record_id).get(code)
    if known is not None and (known["decision"], known["reason"]) == (decision, reason):
        return False
    if known is None and decision is None:
        return False
    if known is not None:
        uow.remove("data_decision", known["id"])
    if decision is not None:
        names = judged_fields(entity, code)
        judged = values_of(uow.connection, entity, record_id, names)
        _write(uow, entity, record_id, code, decision, reason, judged)
    show(uow, entity, record_id)
    return True


def _write(
    uow: UnitOfWork, entity: str, record_id: int, code: str, decision: Decision, reason: str,
    judged: Mapping[str, Any],
) -> None:  # fmt: skip
    uow.insert(
        "data_decision",
        {"entity": entity, "record_id": record_id, "code": code, "decision": str(decision),
         "reason": reason, "judged": json.dumps(dict(judged), ensure_ascii=False)},
    )  # fmt: skip


def show(uow: UnitOfWork, entity: str, record_id: int) -> None:
    """Let the record carry the decisions that figures heed."""
    if entity == "customer":
        return
    found = of_record(uow.connection, entity, record_id)
    verdicts = verdicts_of({code: row["decision"] for code, row in found.items()})
    stored = json.dumps(verdicts) if verdicts else None
    now = values_of(uow.connection, entity, record_id, ("data_verdicts",))
    if now and now["data_verdicts"] != stored:
        uow.update(entity, record_id, {"data_verdicts": stored})


# -- at the end of a unit of work --------------------------------------------------------------


def settle(uow: UnitOfWork) -> None:
    """Bring flags and decisions in line with the values that a unit of work wrote."""
    if not columns(uow.connection, "data_decision"):
        return  # a file of an older version, while it is being upgraded
    names: dict[str, tuple[str, ...]] = {}
    for entity, record_id in uow.connection.execute(_TOUCHED, (uow.operation_id,)).fetchall():
        if entity not in names:
            names[entity] = tuple(columns(uow.connection, entity))
        _settle_record(uow, entity, record_id, names[entity])


def _before(uow: UnitOfWork, entity: str, record_id: int) -> dict[str, Any]:
    """Return the columns that the operation changed, as they were before it."""
    found: dict[str, Any] = {}
    for (image,) in uow.connection.execute(
        f"SELECT before FROM change_log {BY_OPERATION} WHERE operation_id = ? AND tbl = ? "
        "AND row_id = ? AND before IS NOT NULL ORDER BY id DESC",
        (uow.operation_id, entity, record_id),
    ).fetchall():
        found.update(json.loads(image))  # the earliest image is read last and stays
    return found


def _settle_record(
    uow: UnitOfWork, entity: str, record_id: int, names: tuple[str, ...]
) -> None:  # fmt: skip
    old = _before(uow, entity, record_id)
    if old.keys() <= _OWN:
        return  # a decision was made, and about what there is
    row = values_of(uow.connection, entity, record_id, names)
    before = set(json.loads(old.get("data_flags", row["data_flags"]) or "[]"))
    changed = {name for name, value in old.items() if row[name] != value}
    stored = set(json.loads(row["data_flags"] or "[]"))
    flags = _flags_now(entity, row, stored, stored - before, changed, uow.now)
    if flags != stored:
        uow.update(entity, record_id, {"data_flags": json.dumps(sorted(flags)) if flags else None})
    known = of_record(uow.connection, entity, record_id)
    if not known and before <= flags:
        return
    for code in sorted(before - flags):
        judged = {name: old.get(name, row[name]) for name in judged_fields(entity, code)}
        _fixed(uow, entity, record_id, code, known.get(code), judged)
    for code, decision in known.items():
        fixed = decision["decision"] == Decision.FIXED
        if (fixed and code in flags) or (
            not fixed and code in flags and not same_values(decision["judged"], row)
        ):
            uow.remove("data_decision", decision["id"])
    show(uow, entity, record_id)


def _fixed(
    uow: UnitOfWork, entity: str, record_id: int, code: str, known: dict[str, Any] | None,
    judged: Mapping[str, Any],
) -> None:  # fmt: skip
    """Note that an abnormality went away, with the values it was seen in."""
    if known is not None and known["decision"] == Decision.FIXED:
        return
    if known is not None:
        uow.remove("data_decision", known["id"])
    reason = known["reason"] if known is not None else ""
    _write(uow, entity, record_id, code, Decision.FIXED, reason, judged)


def _flags_now(
    entity: str, row: Mapping[str, Any], stored: set[str], new: set[str], changed: set[str],
    now: int,
) -> set[str]:  # fmt: skip
    """Return the flags of a record after some of its columns changed.

    Codes whose values did not change stay as they are; those that no test over one record finds
    go with the values they were about, unless they are ``new``: then they are about the values
    of now (closing in bulk writes the time and the flag together).
    """
    concerned = {a.code for a in anomalies.ANOMALIES
                 if changed.intersection(judged_fields(entity, a.code))}  # fmt: skip
    if not concerned:
        return stored
    if entity == "customer":
        bad = any(not is_phone(phone) for phone in json.loads(row["phones"] or "[]"))
        return stored if bad else stored - {"AB11"}
    untested = (anomalies.KEPT_FLAGS & concerned) - new
    if entity in DERIVED_ELSEWHERE:
        return stored - untested
    found = set(anomalies.flags(entity, row, now))
    # the order of a complaint's events is judged when they are brought in, not here
    tested = concerned - untested - {"AB15"}
    return (stored - tested - untested) | (found & tested)
