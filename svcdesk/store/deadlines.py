"""Open records with a time to keep, read for the watcher and the list of deadlines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from svcdesk.store.connection import Connection

AT_MOST = 500  # of a kind: the latest to pass are told, older ones stand in the lists
_OPEN_TICKET = "m.status IN ('new','assigned','in_progress','pending_customer','pending_internal')"
_CUSTOMER = "JOIN customer c ON c.id = m.customer_id"
_OF_TICKET = f"JOIN ticket m ON m.id = s.ticket_id {_CUSTOMER}"


class Row(NamedTuple):
    """A record with its due time; ``start`` and ``limit`` are what a warning is worked out from.

    ``late_at`` 0: a second after it is due.
    """

    record_id: int
    number: str
    title: str
    customer: str
    customer_kind: str
    tier: str
    owner_id: int | None
    department_id: int | None
    due_at: int
    warn_at: int
    late_at: int
    start: int
    limit: int
    kind: str
    source_id: int


_HEAD = "m.id, m.{no}, m.title, c.name, c.kind, m.tier"
# Each takes :since (nothing that was late before) and :until (nothing that is due after), and
# leaves out what was late when an import brought it: imported rows start no alarms.
_RESOLUTION = (
    f"SELECT {_HEAD.format(no='ticket_no')}, m.owner_id, m.resp_dept_id, m.due_at, "
    "m.warn_at, m.late_at, m.created_at, 0, '', 0 "
    f"FROM ticket m {_CUSTOMER} WHERE {_OPEN_TICKET} "
    "AND (m.status <> 'pending_customer' OR m.promised_at IS NOT NULL) "  # a promise is not paused
    "AND m.warn_at <= :until AND m.late_at > :since AND m.deleted_at IS NULL AND m.is_test = 0 "
    "AND (m.batch_id IS NULL OR m.late_at > m.entered_at) ORDER BY m.warn_at DESC LIMIT :most"
)
_RESPONSE = (
    f"SELECT {_HEAD.format(no='ticket_no')}, m.owner_id, m.resp_dept_id, m.response_due_at, "
    "0, m.response_late_at, m.created_at, m.response_limit, '', 0 "
    f"FROM ticket m {_CUSTOMER} WHERE {_OPEN_TICKET} AND m.first_response_at IS NULL "
    "AND m.response_due_at <= :until AND m.response_due_at >= :since - 86400 "
    "AND m.response_late_at > :since AND m.deleted_at IS NULL AND m.is_test = 0 "
    "AND (m.batch_id IS NULL OR m.response_late_at > m.entered_at) "
    "ORDER BY m.response_due_at DESC LIMIT :most"
)
_COMPLAINT = (
    f"SELECT {_HEAD.format(no='complaint_no')}, m.handler_id, m.resp_dept_id, m.due_at, "
    "0, 0, m.received_at, 0, m.severity, 0 "
    f"FROM complaint m {_CUSTOMER} WHERE m.status IN ('registered','accepted','investigating',"
    "'responded') AND m.due_at <= :until AND m.due_at >= :since AND m.deleted_at IS NULL "
    "AND m.is_test = 0 AND (m.batch_id IS NULL OR m.due_at > m.entered_at) "
    "ORDER BY m.due_at DESC LIMIT :most"
)
_OPEN_COMPLAINT = "m.status IN ('registered','accepted','investigating','responded')"


def _complaint_limit(column: str, done: str) -> str:
    """Return the query of a limit of open complaints besides the closing one."""
    return (
        f"SELECT {_HEAD.format(no='complaint_no')}, m.handler_id, m.resp_dept_id, m.{column}, "
        "0, 0, m.received_at, 0, m.severity, 0 "
        f"FROM complaint m {_CUSTOMER} WHERE {_OPEN_COMPLAINT} AND {done} "
        f"AND m.{column} <= :until AND m.{column} >= :since AND m.deleted_at IS NULL "
        f"AND m.is_test = 0 AND (m.batch_id IS NULL OR m.{column} > m.entered_at) "
        f"ORDER BY m.{column} DESC LIMIT :most"
    )


_OF_COMPLAINT = f"JOIN complaint m ON m.id = s.complaint_id {_CUSTOMER}"
_COMPLAINT_TASK = (
    f"SELECT {_HEAD.format(no='complaint_no')}, coalesce(s.person_id, m.handler_id), "
    "s.department_id, s.due_at, 0, 0, s.asked_at, 0, m.severity, s.id "
    f"FROM complaint_department s {_OF_COMPLAINT} WHERE s.answered_at IS NULL "
    f"AND s.deleted_at IS NULL AND m.deleted_at IS NULL AND {_OPEN_COMPLAINT} "
    "AND s.due_at <= :until AND s.due_at >= :since ORDER BY s.due_at DESC LIMIT :most"
)
# acceptance while it is open, then mediation
_CASE_DUE = (
    "CASE WHEN s.accepted_at IS NULL AND s.accept_due_at IS NOT NULL "
    "THEN min(s.accept_due_at, coalesce(s.due_at, s.accept_due_at)) ELSE s.due_at END"
)
_CASE = (
    f"SELECT {_HEAD.format(no='complaint_no')}, m.handler_id, m.resp_dept_id, {_CASE_DUE} AS due, "
    "0, 0, s.received_at, 0, s.body, s.id "
    f"FROM complaint_case s {_OF_COMPLAINT} WHERE s.closed_at IS NULL AND s.deleted_at IS NULL "
    "AND m.deleted_at IS NULL AND m.status NOT IN ('rejected', 'merged') "
    "AND due <= :until AND due >= :since ORDER BY due DESC LIMIT :most"
)
# due_at: the day after the last note, as a date in UTC; 0 without a note: the day of ``start``
_EXPOSURE_START = "coalesce(m.exposure_since, m.received_at)"
_EXPOSURE = (
    f"SELECT {_HEAD.format(no='complaint_no')}, coalesce(m.exposure_handler_id, m.handler_id), "
    "m.resp_dept_id, coalesce((SELECT CAST(strftime('%s', max(n.day), '+1 day') AS INTEGER) "
    "FROM exposure_note n WHERE n.complaint_id = m.id AND n.deleted_at IS NULL), 0) AS due, "
    f"0, 0, {_EXPOSURE_START}, 0, '', 0 "
    f"FROM complaint m {_CUSTOMER} WHERE m.social_exposure = 1 "
    "AND m.exposure_state IN ('watching', 'answered') AND m.deleted_at IS NULL AND m.is_test = 0 "
    "AND m.status NOT IN ('rejected', 'merged') AND m.batch_id IS NULL "
    f"AND max(due, {_EXPOSURE_START}) BETWEEN :since - 172800 AND :until + 86400 "
    "ORDER BY due DESC LIMIT :most"
)
_CALLBACK = (
    "SELECT m.id, m.callback_no, coalesce(t.title, k.title, ''), c.name, c.kind, c.tier, "
    "m.assignee_id, NULL, m.due_at, 0, 0, 0, 0, m.kind, 0 "
    f"FROM callback m {_CUSTOMER} LEFT JOIN ticket t ON t.id = m.ticket_id "
    "LEFT JOIN complaint k ON k.id = m.complaint_id WHERE m.state IN ('planned','in_progress') "
    "AND m.due_at <= :until AND m.due_at >= :since AND m.deleted_at IS NULL "
    "AND (m.batch_id IS NULL OR m.due_at > m.entered_at) ORDER BY m.due_at DESC LIMIT :most"
)
_HANDOFF = (
    f"SELECT {_HEAD.format(no='ticket_no')}, m.owner_id, s.department_id, s.due_at, "
    f"0, 0, s.asked_at, 0, '', s.id FROM handoff s {_OF_TICKET} WHERE s.answered_at IS NULL "
    "AND s.cancelled_at IS NULL AND s.deleted_at IS NULL AND m.deleted_at IS NULL "
    "AND m.status NOT IN ('closed', 'cancelled', 'merged') "
    "AND s.due_at <= :until AND s.due_at >= :since ORDER BY s.due_at DESC LIMIT :most"
)
_VISIT = (
    f"SELECT {_HEAD.format(no='ticket_no')}, coalesce(s.technician_id, m.owner_id), m.resp_dept_id, "
    f"s.window_start, 0, s.window_end + 1, s.window_start, 0, '', s.id FROM visit s {_OF_TICKET} "
    "WHERE s.arrived_at IS NULL AND s.outcome IS NULL AND s.deleted_at IS NULL "
    f"AND m.deleted_at IS NULL AND {_OPEN_TICKET} AND s.window_start <= :until "
    "AND s.window_end >= :since AND s.batch_id IS NULL ORDER BY s.window_start DESC LIMIT :most"
)
_ACTION = (
    "SELECT i.id, s.action_no, s.text, '', 'company', 'normal', s.owner_id, i.department_id, "
    "CAST(strftime('%s', s.due_date) AS INTEGER), 0, 0, 0, 0, '', s.id FROM action s "
    "JOIN improvement_item i ON i.id = s.item_id WHERE s.state IN ('todo','doing','blocked') "
    "AND s.due_date IS NOT NULL AND s.deleted_at IS NULL AND i.deleted_at IS NULL "
    "AND s.due_date <= :day_until AND s.due_date >= :day_since ORDER BY s.due_date DESC LIMIT :most"
)
QUERIES = {
    "resolution": _RESOLUTION, "response": _RESPONSE, "complaint": _COMPLAINT,
    "complaint_ack": _complaint_limit("ack_due_at", "m.contacted_at IS NULL"),
    "complaint_interim": _complaint_limit(
        "interim_due_at", "m.interim_feedback_at IS NULL AND m.responded_at IS NULL"
    ),
    # the answer has an alarm of its own only where it is due before the settlement
    "complaint_answer": _complaint_limit(
        "answer_due_at", "m.responded_at IS NULL AND m.answer_due_at < m.due_at"
    ),
    "complaint_task": _COMPLAINT_TASK, "case": _CASE, "exposure": _EXPOSURE,
    "callback": _CALLBACK, "handoff": _HANDOFF, "visit": _VISIT, "action": _ACTION,
}  # fmt: skip


def rows(connection: Connection, kind: str, *, since: int, until: int, days: tuple[str, str],
         most: int = AT_MOST) -> list[Row]:  # fmt: skip
    """Return the open records of a kind that fall due from ``since`` to ``until``.

    ``days``: the same span as dates of the team's zone, for what has a date only.
    """
    parameters: dict[str, Any] = {
        "since": since, "until": until, "day_since": days[0], "day_until": days[1], "most": most,
    }  # fmt: skip
    used = {name: value for name, value in parameters.items() if f":{name}" in QUERIES[kind]}
    return [Row._make(row) for row in connection.execute(QUERIES[kind], used).fetchall()]


def unwarned(connection: Connection, limit: int) -> list[int]:
    """Return up to ``limit`` open tickets whose time of warning was never worked out."""
    return [
        row[0]
        for row in connection.execute(
            f"SELECT m.id FROM ticket m WHERE {_OPEN_TICKET} AND m.warn_at IS NULL "
            "AND m.late_at IS NOT NULL AND m.resolved_at IS NULL AND m.deleted_at IS NULL LIMIT ?",
            (limit,),
        ).fetchall()
    ]
