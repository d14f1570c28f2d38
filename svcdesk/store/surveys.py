"""Surveys and their answers: the closing they ask about, what stood then, what came of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from svcdesk.store import records

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svcdesk.store.connection import Connection

CASES = ("ticket", "complaint")
# what is frozen, per case: column of the survey -> column of the case
FROZEN = {
    "ticket": {"agent_id": "owner_id", "channel_id": "channel_id", "issue_id": "issue_id",
               "product_id": "product_id", "tier": "tier"},
    "complaint": {"agent_id": "handler_id", "channel_id": "channel_id",
                  "product_id": "product_id", "tier": "tier"},
}  # fmt: skip


class Closing(NamedTuple):
    """An end of a case that a survey asks about: which try it was, and when it was settled."""

    seq: int
    at: int


def closing(connection: Connection, case: str, record_id: int, before: int) -> Closing | None:
    """Return the last settlement of a case at or before a moment, ``None`` before the first."""
    row = connection.execute(
        f"SELECT seq, ended_at FROM {case}_episode WHERE {case}_id = ? AND ended_by = 'resolved' "
        "AND ended_at <= ? ORDER BY seq DESC LIMIT 1",
        (record_id, before),
    ).fetchone()
    return None if row is None else Closing(*row)


def _operation_of_closing(connection: Connection, case: str, record_id: int, at: int) -> int | None:
    """Return the step in which a settlement was written; a bulk import is one step."""
    row = connection.execute(
        f"SELECT e.id, e.batch_id FROM {case}_event e WHERE e.{case}_id = ? AND e.at = ? "
        "AND e.deleted_at IS NULL AND (e.type = 'resolved' OR (e.type = 'status_changed' "
        "AND e.new = 'resolved')) ORDER BY e.seq DESC LIMIT 1",
        (record_id, at),
    ).fetchone()
    if row is None:
        return None
    found = connection.execute(
        "SELECT operation_id FROM change_log WHERE row_id = ? AND tbl = ? AND before IS NULL "
        "ORDER BY id DESC LIMIT 1",
        (row[0], f"{case}_event"),
    ).fetchone()
    if found is None and row[1] is not None:
        found = connection.execute(
            "SELECT min(id) FROM operation WHERE batch_id = ?", (row[1],)
        ).fetchone()
    return None if found is None else found[0]


def _changed(connection: Connection, case: str, record_id: int) -> bool:
    """Tell whether the log knows of a change to a case or to people, so that it may differ now."""
    row = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM change_log WHERE row_id = ? AND tbl = ? AND before IS NOT "
        f"NULL) OR EXISTS (SELECT 1 FROM {case} c JOIN change_log l ON l.row_id = "
        f"c.{FROZEN[case]['agent_id']} AND l.tbl = 'person' AND l.before IS NOT NULL "
        "WHERE c.id = ?)",
        (record_id, case, record_id),
    ).fetchone()
    return bool(row[0])


def as_it_was(
    connection: Connection, table: str, row_id: int, operation_id: int | None
) -> dict[str, Any]:
    """Return a record as it stood after a step: what was changed later is taken back."""
    found = dict(records.get(connection, table, row_id) or {})
    if operation_id is None or not found:
        return found
    for (before,) in connection.execute(
        "SELECT before FROM change_log WHERE row_id = ? AND tbl = ? AND operation_id > ? "
        "AND before IS NOT NULL ORDER BY id DESC",
        (row_id, table, operation_id),
    ).fetchall():
        found.update(json.loads(before))
    return found


def attribution(
    connection: Connection, case: str, record_id: int, closed: Closing | None
) -> dict[str, Any]:
    """Return who and what an answer is about, as it stood when the case was closed (V11).

    A case that is not closed yet is taken as it stands. ``participants`` are all who took part.
    """
    step = None
    if closed is not None and _changed(connection, case, record_id):
        step = _operation_of_closing(connection, case, record_id, closed.at)
    row = as_it_was(connection, case, record_id, step)
    if not row:
        return {}
    found = {ours: row[theirs] for ours, theirs in FROZEN[case].items()}
    now = records.get(connection, case, record_id) if step is not None else row
    found["customer_id"] = (now or row)["customer_id"]  # a merged customer is the one that stays
    found["team"] = None
    if found["agent_id"] is not None:
        found["team"] = as_it_was(connection, "person", found["agent_id"], step).get("team")
    if closed is not None:
        found.update(closing_seq=closed.seq, closing_at=closed.at)
    found["participants"] = json.dumps(_participants(connection, case, record_id, closed, found))
    return found


def _participants(
    connection: Connection, case: str, record_id: int, closed: Closing | None,
    found: dict[str, Any],
) -> list[int]:  # fmt: skip
    people = {
        row[0]
        for row in connection.execute(
            f"SELECT DISTINCT actor_id FROM {case}_event WHERE {case}_id = ? AND actor_id "
            "IS NOT NULL AND deleted_at IS NULL AND at <= ?",
            (record_id, closed.at if closed is not None else 1 << 62),
        ).fetchall()
    }
    return sorted(people | {found["agent_id"]} - {None})


def of_closing(
    connection: Connection, case: str, record_id: int, closed: Closing | None
) -> dict[str, Any] | None:
    """Return the survey that already asks about a closing; invalid ones and recoveries do not."""
    row = connection.execute(
        f"SELECT id FROM survey WHERE {case}_id = ? AND closing_seq IS ? AND kind = 'normal' "
        "AND source = 'customer' AND invalid = 0 AND counted = 1 AND deleted_at IS NULL "
        "ORDER BY id LIMIT 1",
        (record_id, None if closed is None else closed.seq),
    ).fetchone()
    return None if row is None else records.get(connection, "survey", row[0])


def last_sent(connection: Connection, customer_id: int) -> tuple[int, str] | None:
    """Return when a customer was last asked, and the survey's number."""
    row = connection.execute(
        "SELECT sent_at, survey_no FROM survey WHERE customer_id = ? AND kind = 'normal' "
        "AND source = 'customer' AND deleted_at IS NULL ORDER BY sent_at DESC LIMIT 1",
        (customer_id,),
    ).fetchone()
    return None if row is None else (row[0], row[1])


def answers(connection: Connection, survey_id: int) -> list[dict[str, Any]]:
    """Return every answer of a survey, in the order they were given."""
    return records.children(connection, "survey_answer", "survey_id", survey_id, "responded_at, id")


def changes_of(connection: Connection, survey_id: int) -> list[tuple[int, int | None, str]]:
    """Return ``(time, actor, label)`` of the steps that changed a survey, oldest first."""
    return list(
        connection.execute(
            "SELECT DISTINCT o.at, o.actor_id, o.label FROM change_log c JOIN operation o "
            "ON o.id = c.operation_id WHERE c.row_id = ? AND c.tbl = 'survey' ORDER BY o.id",
            (survey_id,),
        ).fetchall()
    )


def recoveries(connection: Connection, survey_id: int) -> list[dict[str, Any]]:
    """Return the recovery callbacks of a low score, with the score that was given then."""
    names = ("id", "callback_no", "state", "due_at", "completed_at", "recovery_result", "csat",
             "assignee_id")  # fmt: skip
    rows = connection.execute(
        "SELECT k.id, k.callback_no, k.state, k.due_at, k.completed_at, k.recovery_result, r.csat, "
        "k.assignee_id FROM callback k LEFT JOIN survey r ON r.id = k.answer_id "
        "WHERE k.survey_id = ? AND k.kind = 'low_score' AND k.deleted_at IS NULL ORDER BY k.id",
        (survey_id,),
    ).fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]


# -- finding the case of an answer ---------------------------------------------------------------


def tickets_of_order(connection: Connection, order_no: str) -> list[int]:
    """Return the tickets of an order number."""
    rows = connection.execute(
        "SELECT id FROM ticket WHERE order_no = ? AND deleted_at IS NULL AND is_test = 0",
        (order_no,),
    ).fetchall()
    return [row[0] for row in rows]


def tickets_of_customers(connection: Connection, customers: Iterable[int]) -> list[int]:
    """Return the tickets of some customers."""
    rows = connection.execute(
        "SELECT t.id FROM json_each(?) j JOIN ticket t ON t.customer_id = j.value "
        "WHERE t.deleted_at IS NULL AND t.is_test = 0",
        (json.dumps(sorted(customers)),),
    ).fetchall()
    return [row[0] for row in rows]


def closest_before(connection: Connection, tickets: Sequence[int], at: int) -> int | None:
    """Return which of the tickets is closest before a moment.

    Settled ones by their settlement come before those that had only begun.
    """
    row = connection.execute(
        "SELECT t.id, (SELECT max(e.ended_at) FROM ticket_episode e WHERE e.ticket_id = t.id "
        "AND e.ended_by = 'resolved' AND e.ended_at <= ?2) AS settled FROM json_each(?1) j "
        "JOIN ticket t ON t.id = j.value WHERE t.created_at <= ?2 AND t.deleted_at IS NULL "
        "AND t.status NOT IN ('merged', 'cancelled') "
        "ORDER BY settled IS NULL, settled DESC, t.created_at DESC, t.id DESC LIMIT 1",
        (json.dumps(list(tickets)), at),
    ).fetchone()
    return None if row is None else row[0]


def unmatched(connection: Connection, limit: int = 500) -> list[dict[str, Any]]:
    """Return the answers without a case, newest first."""
    names = records.columns_of(connection, "survey_answer")
    return [
        records.as_dict(names, row)
        for row in connection.execute(
            f"SELECT {', '.join(names)} FROM survey_answer WHERE survey_id IS NULL "
            "AND deleted_at IS NULL ORDER BY responded_at DESC, id DESC LIMIT ?",
            (limit,),
        ).fetchall()
    ]


def count_unmatched(connection: Connection, start: int = 0, end: int = 1 << 62) -> int:
    """Return how many answers of a span have no case; they are in no figure."""
    row = connection.execute(
        "SELECT count(*) FROM survey_answer WHERE survey_id IS NULL AND deleted_at IS NULL "
        "AND responded_at >= ? AND responded_at < ?",
        (start, end),
    ).fetchone()
    return int(row[0])


def without_closing(connection: Connection) -> list[int]:
    """Return the surveys whose closing is not noted, by key."""
    rows = connection.execute(
        "SELECT id FROM survey WHERE closing_at IS NULL AND first_at IS NULL ORDER BY id"
    ).fetchall()
    return [row[0] for row in rows]


def answered_by_text(connection: Connection, since: int) -> list[int]:
    """Return the surveys answered by text message since a moment, low scores first."""
    rows = connection.execute(
        "SELECT id FROM survey WHERE method = 'sms' AND responded_at >= ? AND kind = 'normal' "
        "ORDER BY csat, id",
        (since,),
    ).fetchall()
    return [row[0] for row in rows]


def of_batch(connection: Connection, table: str, batch: int) -> int:
    """Return how many rows of a table an import brought."""
    row = connection.execute(
        f"SELECT count(*) FROM {table} WHERE batch_id = ?", (batch,)
    ).fetchone()
    return int(row[0])


# -- forms ---------------------------------------------------------------------------------------


def form_use(connection: Connection, form_id: int) -> int:
    """Return how many surveys were sent with a version of a form."""
    row = connection.execute("SELECT count(*) FROM survey WHERE form_id = ?", (form_id,)).fetchone()
    return int(row[0])


def forms(connection: Connection, table: str = "survey_form") -> list[dict[str, Any]]:
    """Return all versions of all forms of a table, newest version of a form first."""
    names = records.columns_of(connection, table)
    return [
        records.as_dict(names, row)
        for row in connection.execute(
            f"SELECT {', '.join(names)} FROM {table} WHERE deleted_at IS NULL "
            "ORDER BY coalesce(root_id, id), version DESC"
        ).fetchall()
    ]
