"""What a unit of work takes away from the kept sums: every month that it may have changed.

A record counts in months from its earliest time on, and reaches back as far as a later record can
speak of an earlier one (a follow-up ticket, a second complaint). So each change gives one moment;
all sums of months that end after it, less the reach, go. That is more than needed and never less:
what it costs is counting a month again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from svcdesk.store import change_log

if TYPE_CHECKING:
    from svcdesk.store.changes import Changes
    from svcdesk.store.connection import Connection

# Rows that no kept sum reads, or that change together with a row that is followed.
UNREAD = frozenset({
    "action", "attachment", "callback_attempt", "callback_rule", "checklist_item",
    "closing_evaluation", "complaint_approval", "complaint_case", "complaint_department",
    "complaint_escalation", "complaint_text", "complaint_ticket", "complaint_trace",
    "contact_plan", "contact_plan_member", "data_decision", "exposure_note", "handoff",
    "improvement_declined", "improvement_item", "improvement_link", "improvement_occurrence",
    "improvement_recheck", "key_event", "knowledge", "knowledge_version", "knowledge_vote",
    "manual_figure", "manual_metric", "meeting", "meeting_point", "metric_target", "month_closing",
    "notification", "open_review", "order_volume", "person_leave", "plan_task", "product",
    "quality_form", "rca", "reference_value", "report", "report_note", "report_pick",
    "report_setup", "sales_order", "saved_view", "sla_breach", "spare_parts", "survey_form",
    "template", "ticket_link", "ticket_text", "training", "training_person", "verification",
    "work_entry",
})  # fmt: skip
# Rows whose changes are followed to the months of their records; any other table: all months.
FOLLOWED = frozenset({
    "callback", "complaint", "complaint_event", "complaint_extension", "complaint_group",
    "customer", "detection_verdict", "quality_check", "survey", "survey_answer", "ticket",
    "ticket_event", "ticket_knowledge", "visit",
})  # fmt: skip
_COMPLAINTS = frozenset({
    "complaint", "complaint_event", "complaint_extension", "complaint_group", "detection_verdict",
})  # fmt: skip
# What the figures read of a customer: the same for records of all times.
_OF_CUSTOMER = frozenset({"opt_out", "deleted_at", "merged_into_id", "region"})
_NO_TIME_OF_IT = frozenset({"entered_at", "updated_at", "deleted_at"})
_PARENTS = {
    "ticket_id": "ticket", "complaint_id": "complaint", "survey_id": "survey",
    "other_id": "complaint", "group_id": "complaint_group", "answer_id": "survey",
}  # fmt: skip
_EARLIEST = {
    "ticket": (
        ("SELECT min(min(t.created_at, ifnull(t.first_resolved_at, t.created_at), "
        "ifnull(t.resolved_at, t.created_at), ifnull(t.closed_at, t.created_at), "
        "ifnull(t.first_dispatch_at, t.created_at))) "
        "FROM json_each(:ids) i JOIN ticket t ON t.id = i.value"),
        ("SELECT min(min(s.sent_at, ifnull(s.responded_at, s.sent_at))) "
        "FROM json_each(:ids) i JOIN survey s ON s.ticket_id = i.value"),
        "SELECT min(v.window_start) FROM json_each(:ids) i JOIN visit v ON v.ticket_id = i.value",
        "SELECT min(q.at) FROM json_each(:ids) i JOIN quality_check q ON q.ticket_id = i.value",
    ),
    "complaint": (
        ("SELECT min(min(c.received_at, ifnull(c.first_resolved_at, c.received_at), "
        "ifnull(c.resolved_at, c.received_at), ifnull(c.closed_at, c.received_at), "
        "ifnull(c.withdrawn_at, c.received_at), ifnull(c.escalated_at, c.received_at), "
        "ifnull(c.satisfaction_at, c.received_at), ifnull(g.triggered_at, c.received_at))) "
        "FROM json_each(:ids) i JOIN complaint c ON c.id = i.value "
        "LEFT JOIN complaint_group g ON g.id = c.group_id"),
        ("SELECT min(min(s.sent_at, ifnull(s.responded_at, s.sent_at))) "
        "FROM json_each(:ids) i JOIN survey s ON s.complaint_id = i.value"),
    ),
    "survey": (
        ("SELECT min(min(s.sent_at, ifnull(s.responded_at, s.sent_at), ifnull(s.first_at, s.sent_at)))"
        " FROM json_each(:ids) i JOIN survey s ON s.id = i.value"),
    ),
    "complaint_group": (
        "SELECT min(g.triggered_at) FROM json_each(:ids) i JOIN complaint_group g ON g.id = i.value",
    ),
}  # fmt: skip


class _Touched:
    """The records and moments that an operation touched."""

    def __init__(self) -> None:
        self.records: dict[str, set[int]] = defaultdict(set)
        self.moments: dict[bool, set[int]] = {True: set(), False: set()}  # of complaints?
        self.everything = False

    def add(self, entry: change_log.Entry) -> None:
        """Note one changed row, as it was and as it is."""
        if entry.table == "customer":
            before, after = entry.before or {}, entry.after or {}
            # a new customer has no records yet; those that get one are followed themselves
            if entry.before is not None and _OF_CUSTOMER & (before.keys() | after.keys()):
                self.everything = True
            return
        if entry.table in _EARLIEST:
            self.records[entry.table].add(entry.row_id)
        for image in (entry.before, entry.after):
            for name, value in (image or {}).items():
                if value is None:
                    continue
                if name in _PARENTS:
                    self.records[_PARENTS[name]].add(value)
                elif (name.endswith("_at") or name == "at") and name not in _NO_TIME_OF_IT:
                    self.moments[entry.table in _COMPLAINTS].add(value)


def _parents(connection: Connection, touched: _Touched, rows: dict[str, set[int]]) -> None:
    """Note the records that changed rows belong to: an update does not log the unchanged key."""
    for table, ids in rows.items():
        names = [n for n in change_log.columns(connection, table) if n in _PARENTS]
        if not names:
            continue
        for row in connection.execute(
            f"SELECT {', '.join(names)} FROM {table} WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(ids)),),
        ).fetchall():
            for name, value in zip(names, row, strict=True):
                if value is not None:
                    touched.records[_PARENTS[name]].add(value)


def _answers(connection: Connection, touched: _Touched) -> None:
    """Note the surveys whose recovery is judged by an answer: they count when they came."""
    ids = json.dumps(sorted(touched.records["survey"]))
    for survey, ticket, complaint in connection.execute(
        "SELECT k.survey_id, k.ticket_id, k.complaint_id FROM json_each(?) i "
        "JOIN callback k ON k.answer_id = i.value",
        (ids,),
    ).fetchall():
        for kind, key in (("survey", survey), ("ticket", ticket), ("complaint", complaint)):
            if key is not None:
                touched.records[kind].add(key)


def _since(
    connection: Connection, touched: _Touched, reach: int, complaint_reach: int
) -> int | None:
    """Return the earliest moment from which months may have changed."""
    moments = [at - complaint_reach for at in touched.moments[True]]
    moments += [at - reach for at in touched.moments[False]]
    for kind, ids in touched.records.items():
        values = {"ids": json.dumps(sorted(ids))}
        back = complaint_reach if kind in _COMPLAINTS else reach
        for statement in _EARLIEST[kind]:
            (moment,) = connection.execute(statement, values).fetchone()
            if moment is not None:
                moments.append(moment - back)
    return min(moments, default=None)


def follow(connection: Connection, changes: Changes, *, unlogged: bool) -> None:
    """Take away the sums that an operation may have changed; part of its transaction.

    ``unlogged``: it wrote rows without logging each, so that nobody can say which.
    """
    tables = changes.tables() - UNREAD
    shape = connection.execute("SELECT reach, complaint_reach FROM kept_shape").fetchone()
    if shape is None or not (tables or unlogged):
        return
    if unlogged or changes.many or tables - FOLLOWED:
        connection.execute("DELETE FROM kept_sum")
        return
    touched = _Touched()
    rows: dict[str, set[int]] = defaultdict(set)
    for entry in change_log.entries_of(connection, changes.operation_id):
        if entry.table in FOLLOWED:
            touched.add(entry)
            if entry.table != "customer":
                rows[entry.table].add(entry.row_id)
    _parents(connection, touched, rows)
    if touched.records["survey"]:
        _answers(connection, touched)
    since = 0 if touched.everything else _since(connection, touched, *shape)
    if since is not None:
        connection.execute("DELETE FROM kept_sum WHERE end_at > ?", (since,))
