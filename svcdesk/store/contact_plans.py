"""Contact plans as rows: their members and who of them was reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from svcdesk.store.connection import Connection


class PlanRow(NamedTuple):
    """A contact plan with its counts: members, those without opt-out, those reached."""

    id: int
    name: str
    starts_on: str
    ends_on: str
    active: int
    members: int
    due: int
    reached: int


class MemberRow(NamedTuple):
    """One member of a plan with what his contacts in the span brought."""

    id: int
    customer_id: int
    number: str
    name: str
    kind: str
    phone: str | None
    assignee_id: int | None
    callback_id: int | None
    callback_state: str | None
    due_at: int | None
    opt_out: int
    reached_at: int | None
    refused_at: int | None
    unreachable_at: int | None


_SPAN = "k.completed_at >= p.starts_at AND k.completed_at < p.ends_at"
# the plans with the first and the last moment of their days, which only the domain can tell
_PLANS = (
    "(SELECT c.*, j.value ->> 1 AS starts_at, j.value ->> 2 AS ends_at FROM json_each(?) j "
    "JOIN contact_plan c ON c.id = j.value ->> 0)"
)
_CONTACT = (
    "(SELECT max(k.completed_at) FROM callback k WHERE k.customer_id = m.customer_id "
    f"AND k.state = '{{state}}' AND k.deleted_at IS NULL AND {_SPAN})"
)


# reached: a completed callback, or an answer to a survey (3.6)
_REACHED = (
    "(SELECT min(r.at) FROM (SELECT k.completed_at AS at FROM callback k "
    "WHERE k.customer_id = m.customer_id AND k.state = 'completed' AND k.deleted_at IS NULL "
    f"AND {_SPAN} UNION ALL SELECT s.responded_at FROM survey s WHERE s.customer_id = m.customer_id "
    "AND s.responded_at >= p.starts_at AND s.responded_at < p.ends_at AND s.deleted_at IS NULL "
    "AND s.invalid = 0) r)"
)


def _contact(state: str) -> str:
    return _CONTACT.format(state=state)


def spans(connection: Connection, plan_id: int | None = None) -> list[tuple[int, str, str]]:
    """Return key, first and last day of every plan, or of one."""
    return list(
        connection.execute(
            "SELECT id, starts_on, ends_on FROM contact_plan WHERE deleted_at IS NULL "
            "AND (? IS NULL OR id = ?)",
            (plan_id, plan_id),
        ).fetchall()
    )


def plans(connection: Connection, moments: str) -> list[PlanRow]:
    """Return every plan, the latest first; a customer who is in it twice counts once.

    ``moments``: JSON list of [key, first moment, moment after the last].
    """
    return [
        PlanRow._make(row)
        for row in connection.execute(
            "SELECT id, name, starts_on, ends_on, active, count(customer_id), "
            "count(CASE WHEN opt_out = 0 THEN 1 END), "
            "count(CASE WHEN opt_out = 0 AND reached IS NOT NULL THEN 1 END) FROM ("
            "SELECT DISTINCT p.id, p.name, p.starts_on, p.ends_on, p.active, m.customer_id, "
            f"c.opt_out, {_REACHED} AS reached FROM {_PLANS} p "
            "LEFT JOIN contact_plan_member m ON m.plan_id = p.id AND m.deleted_at IS NULL "
            "LEFT JOIN customer c ON c.id = m.customer_id WHERE p.deleted_at IS NULL) "
            "GROUP BY id ORDER BY starts_on DESC, id DESC",
            (moments,),
        ).fetchall()
    ]


def members(connection: Connection, plan_id: int, moments: str) -> list[MemberRow]:
    """Return the members of a plan by name; ``moments`` as for :func:`plans`."""
    return [
        MemberRow._make(row)
        for row in connection.execute(
            "SELECT m.id, c.id, c.customer_no, c.name, c.kind, c.phones ->> 0, m.assignee_id, "
            f"b.id, b.state, b.due_at, c.opt_out, {_REACHED}, "
            f"{_contact('refused')}, {_contact('unreachable')} FROM contact_plan_member m "
            f"JOIN {_PLANS} p ON p.id = m.plan_id JOIN customer c ON c.id = m.customer_id "
            "LEFT JOIN callback b ON b.id = m.callback_id AND b.deleted_at IS NULL "
            "WHERE m.plan_id = ? AND m.deleted_at IS NULL GROUP BY c.id ORDER BY c.name, c.id",
            (moments, plan_id),
        ).fetchall()
    ]


def key_customers(connection: Connection) -> list[dict[str, Any]]:
    """Return the key customers that can be contacted: key, manager, opt-out."""
    return [
        {"id": key, "manager_id": manager, "opt_out": opt_out}
        for key, manager, opt_out in connection.execute(
            "SELECT id, manager_id, opt_out FROM customer WHERE tier = 'key' "
            "AND deleted_at IS NULL AND merged_into_id IS NULL ORDER BY id"
        ).fetchall()
    ]


def among(connection: Connection, ids: str) -> list[dict[str, Any]]:
    """Return the same of the customers in the JSON list ``ids``."""
    return [
        {"id": key, "manager_id": manager, "opt_out": opt_out}
        for key, manager, opt_out in connection.execute(
            "SELECT id, manager_id, opt_out FROM customer WHERE id IN (SELECT value FROM "
            "json_each(?)) AND deleted_at IS NULL AND merged_into_id IS NULL ORDER BY id",
            (ids,),
        ).fetchall()
    ]


def last_callback(connection: Connection, customer_id: int) -> int | None:
    """Return the key of the customer's newest callback."""
    row = connection.execute(
        "SELECT max(id) FROM callback WHERE customer_id = ? AND deleted_at IS NULL", (customer_id,)
    ).fetchone()
    return None if row[0] is None else int(row[0])
