"""Tickets as they stood at a cut-off, from plain rows; see :mod:`plain_desk`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.anomalies import Group
from svcdesk.domain.metrics.definition import RESOLUTION_CLASSES, RESPONSE_CLASSES
from svcdesk.domain.metrics.plain_desk import (
    HUMAN,
    TICKET_ENDS,
    RawDesk,
    Row,
    class_of,
    closing_of,
    dispatches_of,
    events_of,
    flagged,
    known_before,
    moment_dims,
    reopenings_of,
    still_valid,
    tries_of,
    waits_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def ticket_row(desk: RawDesk, row: Row) -> Row | None:
    """Return the fields of a ticket at the cut-off, nothing when it does not count."""
    t = desk.as_of
    if row["is_test"] or row["created_at"] >= t:
        return None
    events = events_of(desk, "ticket_event", "ticket_id", row["id"], t)
    tries = tries_of(row["created_at"], events, TICKET_ENDS)
    if not still_valid(tries, frozenset({"merged"})):
        return None
    last, created = tries[-1], row["created_at"]
    response = next(
        (e["at"] for e in events
         if e["type"] in HUMAN and not e["automatic"] and e.get("name") != "missed"), None
    )  # fmt: skip
    first = next((x["ended"] for x in tries if x["by"] == "resolved"), None)
    resolved = last["ended"] if last["by"] == "resolved" else None
    response_limit, resolution_limit = desk.limits(row)
    dispatches = dispatches_of(events)

    def seconds(end: int | None) -> int | None:
        return (
            None if end is None or end < created else desk.calendar.business_seconds(created, end)
        )

    net = None
    if first is not None and first >= created:
        net = desk.calendar.net_seconds(created, first, waits_of(events))
    visits = [
        v for v in desk.of("visit", ticket_id=row["id"])
        if v["outcome"] == "done"
        and next(x for x in (v["left_at"], v["arrived_at"], v["window_end"]) if x is not None) < t
    ]  # fmt: skip
    done = sum(e["type"] == "visit_done" for e in events)
    waited, taken = seconds(response), None if resolved is None else resolved - created
    return {
        **ticket_dims(desk, row),
        **moment_dims(desk, created),
        "response_class": class_of(waited, 60, RESPONSE_CLASSES),
        "resolution_class": class_of(taken, 3600, RESOLUTION_CLASSES),
        "created_at": created,
        "promised_at": row["promised_at"],
        "request_type": row["request_type"],
        "complexity": row["complexity"],
        "resolution_code": row["resolution_code"],
        "callback_required": row["callback_required"],
        "live": int(row["channel_id"] in desk.live),
        "bad_response": flagged(row, Group.RESPONSE),
        "bad_resolution": flagged(row, Group.RESOLUTION),
        "first_response_at": response,
        "first_resolved_at": first,
        "resolved_at": resolved,
        "closed_at": closing_of(last),
        "cancelled": int(last["by"] == "cancelled"),
        "response_limit": response_limit,
        "resolution_limit": resolution_limit,
        "response_late_at": None if response_limit is None
        else desk.calendar.add_business_seconds(created, response_limit + 1),
        "response_seconds": seconds(response),
        "resolution_seconds": net,
        "cycle_seconds": seconds(resolved),
        "dispatch_count": len(dispatches),
        "first_dispatch_at": dispatches[0] if dispatches else None,
        "transfer_count": sum(e["type"] == "transferred" for e in events),
        "visit_count": max(done, len(visits)),
        "reopen_count": reopenings_of(tries),
        "escalated_at": next((e["at"] for e in events if e["type"] == "escalated"), None),
        "follow_ups": _follow_ups(desk, row, resolved),
        "knowledge_count": len(desk.of("ticket_knowledge", ticket_id=row["id"])),
        "closing_entered_at": _closing_entry(events, closing_of(last)),
        **_callback(desk, row, resolved),
    }  # fmt: skip


def ticket_dims(desk: RawDesk, row: Row) -> Row:
    """Return the dimensions of a ticket and its number."""
    return {
        "channel": row["channel_id"],
        "issue": row["issue_id"],
        "department": desk.root(row["resp_dept_id"]),
        "agent": row["owner_id"],
        "priority": row["priority"],
        "tier": row["tier"],
        "number": row["ticket_no"],
    }


def _follow_ups(desk: RawDesk, row: Row, resolved: int | None) -> int:
    if resolved is None:
        return 0
    count = 0
    for other in desk.of("ticket", customer_id=row["customer_id"]):
        late = other["created_at"] - resolved
        if (
            other["id"] == row["id"] or other["is_test"] or other["created_at"] >= desk.as_of
            or not 0 < late <= desk.params["fcr_seconds"] or row["issue_id"] is None
            or other["issue_id"] != row["issue_id"]
        ):  # fmt: skip
            continue
        products = {row["product_id"], other["product_id"]}
        events = events_of(desk, "ticket_event", "ticket_id", other["id"], desk.as_of)
        tries = tries_of(other["created_at"], events, TICKET_ENDS)
        if (None in products or len(products) == 1) and still_valid(
            tries, frozenset({"merged", "cancelled"})
        ):
            count += 1
    return count


def _closing_entry(events: Iterable[Row], closed: int | None) -> int | None:
    entries = [
        e["entered_at"] for e in events
        if e["at"] == closed and e["batch_id"] is None
        and (e["type"] == "closed" or (e["type"] == "status_changed" and e["new"] == "closed"))
    ]  # fmt: skip
    return min(entries, default=None)


def _callback(desk: RawDesk, row: Row, resolved: int | None) -> Row:
    known = desk.of("callback", ticket_id=row["id"])
    t = desk.as_of
    tasks = [
        c for c in known
        if c["state"] != "cancelled"
        or (c["entered_at"] < t <= c["updated_at"] and c["batch_id"] is None)
    ]  # fmt: skip
    over = [c for c in tasks if known_before(c["completed_at"], desk.as_of) is not None]
    done = [c["completed_at"] for c in over if c["state"] == "completed"]
    due = min((c["due_at"] for c in tasks), default=None)
    if due is None and resolved is not None:
        due = resolved + desk.params["callback_seconds"]
    customer = desk.of("customer", id=row["customer_id"])[0]
    return {
        "opt_out": customer["opt_out"],
        "callback_completed_at": min(done, default=None),
        "callback_due_at": due,
        "callback_attempted": int(
            any(c["state"] in {"completed", "unreachable", "refused"} for c in over)
        ),
    }


def open_tickets(desk: RawDesk, moment: int) -> Iterator[Row]:
    """Yield the tickets open at ``moment`` (those merged by the cut-off never count)."""
    for row in desk.of("ticket"):
        if ticket_row(desk, row) is None or row["created_at"] >= moment:
            continue
        events = events_of(desk, "ticket_event", "ticket_id", row["id"], moment)
        if tries_of(row["created_at"], events, TICKET_ENDS)[-1]["ended"] is not None:
            continue
        limit = desk.limits(row)[1]
        if row["promised_at"] is not None:
            overdue = moment > row["promised_at"]
        else:
            net = desk.calendar.net_seconds(row["created_at"], moment, waits_of(events))
            overdue = limit is not None and net > limit
        yield {**ticket_dims(desk, row), "overdue": int(overdue)}
