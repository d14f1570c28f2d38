"""Complaints, answers, visits and the rest as they stood at a cut-off; see :mod:`plain_desk`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.anomalies import Group
from svcdesk.domain.metrics.definition import (
    RECURS_WITHIN,
    RESOLUTION_CLASSES,
    MetricDef,
    Source,
)
from svcdesk.domain.metrics.plain_desk import (
    COMPLAINT_ENDS,
    RawDesk,
    Row,
    class_of,
    closing_of,
    events_of,
    flagged,
    known_before,
    moment_dims,
    still_valid,
    tries_of,
)
from svcdesk.domain.metrics.plain_tickets import open_tickets, ticket_dims, ticket_row
from svcdesk.domain.survey import counted_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from svcdesk.domain.period import Period

_SURVEY_ANSWERS = (
    "responded_at", "csat", "nps", "dim_attitude", "dim_speed", "dim_skill", "dim_result",
)  # fmt: skip

# -- complaints --------------------------------------------------------------------------------


def _complaint_tries(desk: RawDesk, row: Row) -> tuple[list[Row], list[Row]]:
    events = events_of(desk, "complaint_event", "complaint_id", row["id"], desk.as_of)
    return events, tries_of(row["received_at"], events, COMPLAINT_ENDS)


def _complaint(desk: RawDesk, row: Row) -> Row | None:
    t = desk.as_of
    if row["is_test"] or row["received_at"] >= t:
        return None
    events, tries = _complaint_tries(desk, row)
    if not still_valid(tries, frozenset({"merged", "rejected"})):
        return None
    last = tries[-1]
    first = next((x["ended"] for x in tries if x["by"] == "resolved"), None)

    def at(kind: str) -> int | None:
        return next((e["at"] for e in events if e["type"] == kind), None)

    group = desk.of("complaint_group", id=row["group_id"])
    rated = known_before(row["satisfaction_at"], t)
    return {
        "number": row["complaint_no"],
        **moment_dims(desk, row["received_at"]),
        "resolution_class": None
        if last["by"] != "resolved"
        else class_of(last["ended"] - row["received_at"], 3600, RESOLUTION_CLASSES),
        "channel": row["channel_id"],
        "category": row["category_id"],
        "department": desk.root(row["resp_dept_id"]),
        "tier": row["tier"],
        "received_at": row["received_at"],
        "due_at": _due_then(desk, row),
        "ack_due_at": row["ack_due_at"],
        "severity": row["severity"],
        "liability": row["liability"],
        "is_repeat": row["is_repeat"],
        "social_exposure": row["social_exposure"],
        "compensation": row["compensation"],
        "customer": row["customer_id"],
        "satisfaction": None if rated is None else row["satisfaction"],
        "satisfaction_at": rated,
        "group_triggered_at": group[0]["triggered_at"] if group else None,
        "bad_resolution": flagged(row, Group.RESOLUTION),
        "contacted_at": at("contacted"),
        "escalated_at": at("escalated"),
        "first_resolved_at": first,
        "resolved_at": last["ended"] if last["by"] == "resolved" else None,
        "closed_at": closing_of(last),
        "withdrawn_at": last["ended"] if last["by"] == "withdrawn" else None,
        "second": int(first is not None and _has_second(desk, row, first, tries)),
    }


def _due_then(desk: RawDesk, row: Row) -> int | None:
    """Return the deadline as it was at the cut-off: extensions granted since do not exist."""
    later = [
        x for x in desk.of("complaint_extension", complaint_id=row["id"]) if x["at"] >= desk.as_of
    ]
    old = min(later, key=lambda x: (x["at"], x["id"]))["old_due_at"] if later else None
    due: int | None = row["due_at"] if old is None else old
    return due


def _has_second(desk: RawDesk, row: Row, first: int, tries: list[Row]) -> bool:
    window = desk.params["second_seconds"]
    if any(0 < x["opened"] - first <= window for x in tries[1:]):
        return True
    for other in desk.of("complaint"):
        late = other["received_at"] - first
        if (
            other["id"] == row["id"] or other["is_test"] or not 0 < late <= window
            or other["received_at"] >= desk.as_of
        ):  # fmt: skip
            continue
        if not still_valid(_complaint_tries(desk, other)[1], frozenset({"merged", "rejected"})):
            continue
        said = {
            v["verdict"]
            for v in desk.of("detection_verdict", rule="second", complaint_id=other["id"],
                             other_id=row["id"])
        }  # fmt: skip
        same = (other["customer_id"], other["category_id"]) == (
            row["customer_id"], row["category_id"],
        )  # fmt: skip
        if "confirmed" in said or (same and "denied" not in said):
            return True
    return False


# -- surveys, visits and the rest --------------------------------------------------------------


def _recovers(callback: Row, survey: Row) -> bool:
    """Tell whether a recovery is about a low answer: its own, or one of the case before it."""
    if callback["survey_id"] == survey["id"]:
        return True
    same = any(
        survey.get(name) is not None and callback.get(name) == survey.get(name)
        for name in ("ticket_id", "complaint_id")
    )
    answered = survey["responded_at"]
    return same and answered is not None and callback["completed_at"] >= answered


def _as_answered(desk: RawDesk, row: Row) -> Row:
    """Return a survey with the answer that counted at the cut-off."""
    first, last = row["first_at"], row["responded_at"]
    if first is None or last is None or not first < desk.as_of <= last:
        return row
    known = [
        a for a in desk.of("survey_answer", survey_id=row["id"]) if a["responded_at"] < desk.as_of
    ]  # fmt: skip
    counted = counted_answer((a["responded_at"], a["id"]) for a in known)
    then = next((a for a in known if counted and a["id"] == counted[1]), None)
    if then is None:
        return row
    # a decision is about the answer that counts now
    return {**row, **{n: then[n] for n in (*_SURVEY_ANSWERS, "data_flags")}, "data_verdicts": None}


def _survey(desk: RawDesk, row: Row) -> Row | None:
    t = desk.as_of
    row = _as_answered(desk, row)
    ticket = desk.of("ticket", id=row["ticket_id"])
    complaint = desk.of("complaint", id=row.get("complaint_id"))
    if row["sent_at"] >= t or any(about["is_test"] for about in (*ticket, *complaint)):
        return None
    answered = known_before(row["responded_at"], t) is not None
    calls = [
        c for c in desk.of("callback", kind="low_score", state="completed")
        if known_before(c["completed_at"], t) is not None and _recovers(c, row)
    ]  # fmt: skip
    latest = max(
        (c for c in calls if desk.of("survey", id=c["answer_id"])),
        key=lambda c: (c["completed_at"], c["id"]), default=None,
    )  # fmt: skip
    customer = desk.of("customer", id=row["customer_id"])
    return {
        "number": row["survey_no"],
        **moment_dims(desk, row["responded_at"] if answered else None),
        "channel": row["channel_id"],
        "tier": row["tier"],
        "agent": row["agent_id"],
        "team": row["team"],
        "department": desk.root(next((x["resp_dept_id"] for x in (*ticket, *complaint)), None)),
        "category": complaint[0]["category_id"] if complaint else None,
        "voice": row["source"],
        **{name: row[name] if answered else None for name in _SURVEY_ANSWERS},
        **{name: row[name] for name in ("sent_at", "kind", "counted", "invalid", "source")},
        "opt_out": customer[0]["opt_out"] if customer else 0,
        "bad_survey": flagged(row, Group.SURVEY),
        "loop_at": min((c["completed_at"] for c in calls), default=None),
        "recovery_csat": None if latest is None
        else desk.of("survey", id=latest["answer_id"])[0]["csat"],
    }  # fmt: skip


def _visit(desk: RawDesk, row: Row) -> Row | None:
    ticket = desk.of("ticket", id=row["ticket_id"])
    if not ticket or ticket_row(desk, ticket[0]) is None or row["window_start"] >= desk.as_of:
        return None
    names = ("window_start", "window_end", "promised_at", "cancelled_by", "rescheduled_by")
    return {
        **ticket_dims(desk, ticket[0]),
        "agent": row["technician_id"],
        **{name: row[name] for name in names},
        "arrived_at": known_before(row["arrived_at"], desk.as_of),
        "bad_visit": flagged(row, Group.VISIT),
    }


def _quality_check(desk: RawDesk, row: Row) -> Row | None:
    ticket = desk.of("ticket", id=row["ticket_id"])
    if not ticket or ticket[0]["is_test"] or row["at"] >= desk.as_of:
        return None
    return {
        **ticket_dims(desk, ticket[0]),
        **{name: row[name] for name in ("at", "voided", "passed")},
    }


def _channel_day(desk: RawDesk, row: Row) -> Row | None:
    return {
        "number": row["date"],
        "channel": row["channel_id"],
        "day_at": desk.midnight(row["date"]),
        "offered": row["offered"],
        "answered": row["answered"],
    }


def _group(desk: RawDesk, row: Row) -> Row | None:
    del desk
    return {"number": row["group_no"], "triggered_at": row["triggered_at"]}


def _item(desk: RawDesk, row: Row) -> Row | None:
    if row["created_at"] >= desk.as_of:
        return None
    verdicts = [
        v["at"] for v in desk.of("verification", item_id=row["id"])
        if known_before(v["at"], desk.as_of) is not None
    ]  # fmt: skip
    return {
        "number": row["item_no"],
        "created_at": row["created_at"],
        "closed_at": known_before(row["closed_at"], desk.as_of),
        "status": row["status"],
        "verdict": row["verdict"],
        "target_at": desk.midnight(row["target_date"]),
        "verdict_at": max(verdicts, default=None),
        "reopened": int(_reopened(row)),
        "recurs": int(
            _reopened(row) or any(_came_back(row, other) for other in desk.of("improvement_item"))
        ),
    }


def _reopened(row: Row) -> bool:
    """Tell whether the closed item about the same was opened again and took this one in."""
    former = row.get("recurs_of_id")
    return former is not None and row.get("merged_into_id") == former


def _came_back(row: Row, other: Row) -> bool:
    """Tell whether ``row`` is about what ``other`` was closed for within six months before."""
    closed, metric_id = other["closed_at"], row.get("metric")
    return (
        other["id"] != row["id"] and metric_id is not None and other.get("metric") == metric_id
        and other.get("scope", "all") == row.get("scope", "all")
        and other["status"] not in {"void", "merged"}
        and closed is not None and 0 <= row["created_at"] - closed <= RECURS_WITHIN
    )  # fmt: skip


def _action(desk: RawDesk, row: Row) -> Row | None:
    item = desk.of("improvement_item", id=row["item_id"])
    if not item or item[0]["created_at"] >= desk.as_of:
        return None
    return {
        "number": row["action_no"],
        "due_at": desk.midnight(row["due_date"]),
        "done_at": known_before(row["done_at"], desk.as_of),
        "state": row["state"],
    }


_READERS: dict[Source, tuple[str, Callable[[RawDesk, Row], Row | None]]] = {
    Source.TICKET: ("ticket", ticket_row),
    Source.COMPLAINT: ("complaint", _complaint),
    Source.SURVEY: ("survey", _survey),
    Source.VISIT: ("visit", _visit),
    Source.QUALITY_CHECK: ("quality_check", _quality_check),
    Source.CHANNEL_DAY: ("channel_daily", _channel_day),
    Source.GROUP: ("complaint_group", _group),
    Source.ITEM: ("improvement_item", _item),
    Source.ACTION: ("action", _action),
}


def _tier_at(desk: RawDesk, customer: Row, moment: int) -> str:
    """Return the tier a customer had: what a later change says it was before."""
    later = [
        c for c in desk.of("change_log", row_id=customer["id"])
        if next(o for o in desk.tables["operation"] if o["id"] == c["operation_id"])["at"] >= moment
    ]  # fmt: skip
    first = min(later, key=lambda c: c["id"], default=None)
    return str(customer["tier"] if first is None else first["before"]["tier"])


def _key_customers(desk: RawDesk, start: int, end: int) -> Iterator[Row]:
    for row in desk.of("customer"):
        if row["merged_into_id"] is not None or _tier_at(desk, row, end) != "key":
            continue
        calls = [
            c["completed_at"] for c in desk.of("callback", customer_id=row["id"], state="completed")
        ]
        answers = [s["responded_at"] for s in desk.of("survey", customer_id=row["id"], invalid=0)]
        reached = any(x is not None and start <= x < end for x in calls + answers)
        yield {"number": row["customer_no"], "opt_out": row["opt_out"], "reached": int(reached)}


def _open_items(desk: RawDesk, end: int) -> Iterator[Row]:
    for row in desk.of("improvement_item"):
        found = _item(desk, row)
        if found is not None and row["created_at"] < end:
            still = row["closed_at"] is None or row["closed_at"] >= end
            yield {**found, "open": int(still)}


def rows_at_end(desk: RawDesk, metric: MetricDef, period: Period) -> list[Row]:
    """Return the rows of a metric of state: as they stand at the end of the period."""
    start, end = period.start_at, min(period.end_at, desk.as_of)
    if metric.source is Source.OPEN_TICKET:
        return desk.once(("open", end), lambda: open_tickets(desk, end))
    if metric.source is Source.KEY_CUSTOMER:
        return desk.once(("key", start, end), lambda: _key_customers(desk, start, end))
    return desk.once(("items", end), lambda: _open_items(desk, end))


def rows_of(desk: RawDesk, metric: MetricDef, period: Period) -> list[Row]:
    """Return the records of a metric's cohort in the period, as they stand at the cut-off."""
    cohort = metric.cohort
    if cohort is None:
        return rows_at_end(desk, metric, period)
    table, read = _READERS[metric.source]
    rows = desk.once(metric.source, lambda: (read(desk, raw) for raw in desk.of(table)))
    start, end = period.start_at, min(period.end_at, desk.as_of)
    return [row for row in rows if row[cohort] is not None and start <= row[cohort] < end]
