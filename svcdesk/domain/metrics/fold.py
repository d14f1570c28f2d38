"""The same declarations evaluated over plain rows: the second opinion on every figure.

Written for clarity, not for speed, from raw rows and events alone: no derived column is read.
``tests/metrics`` draws random desks and asks that SQL and this agree for every metric.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from svcdesk.domain.anomalies import Group, excluding
from svcdesk.domain.metrics.definition import Kind, MetricDef, Source
from svcdesk.domain.metrics.expression import evaluate
from svcdesk.domain.metrics.figure import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from svcdesk.domain.period import Period
    from svcdesk.domain.workcalendar import WorkCalendar

Row = dict[str, Any]
_HUMAN = {"public_reply", "call_in", "call_out", "visit_arrived"}
_ENDS = {"resolved": "resolved", "cancelled": "cancelled", "merged": "merged"}
_COMPLAINT_ENDS = {**_ENDS, "withdrawn": "withdrawn", "rejected": "rejected"}
_SURVEY_ANSWERS = (
    "responded_at", "csat", "nps", "dim_attitude", "dim_speed", "dim_skill", "dim_result",
)  # fmt: skip


@dataclass
class RawDesk:
    """A desk as plain rows: tables by name, events by record, all with the schema's columns.

    ``limits`` gives the working seconds allowed to response and resolution of a ticket;
    ``live`` are the channels answered while recorded; ``params`` as for SQL; ``midnight`` turns
    a date into its first second; ``root`` rolls a department up.
    """

    calendar: WorkCalendar
    limits: Callable[[Row], tuple[int | None, int | None]]
    params: Mapping[str, Any]
    midnight: Callable[[str | None], int | None]
    live: frozenset[int] = frozenset()
    root: Callable[[int | None], int | None] = lambda key: key
    tables: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    _read: dict[Any, list[Row]] = field(default_factory=dict)

    def once(self, key: Any, read: Callable[[], Iterable[Row | None]]) -> list[Row]:
        """Return the records that ``read`` gives; read them once."""
        if key not in self._read:
            self._read[key] = [row for row in read() if row is not None]
        return self._read[key]

    @property
    def as_of(self) -> int:
        """Return the cut-off."""
        cut_off: int = self.params["as_of"]
        return cut_off

    def of(self, table: str, **where: Any) -> list[Row]:
        """Return the rows of ``table`` that are not deleted and equal ``where``."""
        return [
            row
            for row in self.tables[table]
            if row.get("deleted_at") is None and all(row[k] == v for k, v in where.items())
        ]


def _flagged(row: Row, group: Group) -> int:
    return int(any(code in (row.get("data_flags") or ()) for code in excluding(group)))


def _known_before(moment: int | None, cut_off: int) -> int | None:
    return moment if moment is not None and moment < cut_off else None


# -- histories ---------------------------------------------------------------------------------


def _events(desk: RawDesk, table: str, owner: str, key: int, before: int) -> list[Row]:
    found = [e for e in desk.of(table, **{owner: key}) if e["at"] < before]
    found.sort(key=lambda e: (e["type"] not in {"created", "registered"}, e["at"], e["seq"]))
    return found


def _tries(start: int, events: Iterable[Row], ends: Mapping[str, str]) -> list[Row]:
    """Return the tries of a record: opened, ended, by what, closed."""
    tries: list[Row] = [{"opened": start, "ended": None, "by": None, "closed": None}]
    for event in events:
        kind, now = event["type"], tries[-1]
        if kind == "status_changed" and event.get("new") in {*ends, "closed"}:
            kind = event["new"]
        if kind == "closed":
            if now["ended"] is None:
                now["ended"], now["by"] = event["at"], "resolved"
            if now["by"] == "resolved":
                now["closed"] = event["at"]
        elif kind in ends and now["ended"] is None:
            now["ended"], now["by"] = event["at"], ends[kind]
        elif now["ended"] is not None and _opens(kind, now["by"]):
            tries.append({"opened": event["at"], "ended": None, "by": None, "closed": None})
    return tries


def _opens(kind: str, ended_by: str) -> bool:
    if kind == "status_changed":
        return True
    if kind == "reopened":
        return ended_by in {"resolved", "withdrawn", "cancelled"}
    return (kind, ended_by) in {("unmerged", "merged"), ("appealed", "rejected")}


def _pauses(events: Iterable[Row]) -> list[tuple[int, int | None]]:
    """Return the waits for the customer."""
    waits: list[tuple[int, int | None]] = []
    moving = {
        "dispatched", "accepted", "rejected_back", "transferred", "status_changed", "resolved",
        "closed", "cancelled", "merged",
    }  # fmt: skip
    for event in events:
        if event["type"] in moving:
            if waits and waits[-1][1] is None:
                waits[-1] = (waits[-1][0], event["at"])
            if event["type"] == "status_changed" and event["new"] == "pending_customer":
                waits.append((event["at"], None))
    return waits


def _dispatches(events: Iterable[Row]) -> list[int]:
    found: list[int] = []
    for event in events:
        if event["type"] == "dispatched":
            found.append(event["at"])
        elif event["type"] == "dispatch_withdrawn" and found and event["at"] - found[-1] <= 600:
            found.pop()
    return found


def _reopenings(tries: list[Row]) -> int:
    return sum(before["by"] == "resolved" for before in tries[:-1])


def _closed(last: Row) -> int | None:
    return None if last["closed"] is None else max(last["closed"], last["ended"])


# -- tickets -----------------------------------------------------------------------------------


def _valid(tries: list[Row], bad: frozenset[str]) -> bool:
    return tries[-1]["by"] not in bad


def _ticket(desk: RawDesk, row: Row) -> Row | None:
    """Return the fields of a ticket at the cut-off, nothing when it does not count."""
    t = desk.as_of
    if row["is_test"] or row["created_at"] >= t:
        return None
    events = _events(desk, "ticket_event", "ticket_id", row["id"], t)
    tries = _tries(row["created_at"], events, _ENDS)
    if not _valid(tries, frozenset({"merged"})):
        return None
    last, created = tries[-1], row["created_at"]
    response = next(
        (e["at"] for e in events
         if e["type"] in _HUMAN and not e["automatic"] and e.get("name") != "missed"), None
    )  # fmt: skip
    first = next((x["ended"] for x in tries if x["by"] == "resolved"), None)
    resolved = last["ended"] if last["by"] == "resolved" else None
    response_limit, resolution_limit = desk.limits(row)
    dispatches = _dispatches(events)

    def seconds(end: int | None) -> int | None:
        return (
            None if end is None or end < created else desk.calendar.business_seconds(created, end)
        )

    net = None
    if first is not None and first >= created:
        net = desk.calendar.net_seconds(created, first, _pauses(events))
    visits = [
        v for v in desk.of("visit", ticket_id=row["id"])
        if v["outcome"] == "done"
        and next(x for x in (v["left_at"], v["arrived_at"], v["window_end"]) if x is not None) < t
    ]  # fmt: skip
    done = sum(e["type"] == "visit_done" for e in events)
    return {
        **_dims(desk, row),
        "created_at": created,
        "promised_at": row["promised_at"],
        "request_type": row["request_type"],
        "complexity": row["complexity"],
        "resolution_code": row["resolution_code"],
        "callback_required": row["callback_required"],
        "live": int(row["channel_id"] in desk.live),
        "bad_response": _flagged(row, Group.RESPONSE),
        "bad_resolution": _flagged(row, Group.RESOLUTION),
        "first_response_at": response,
        "first_resolved_at": first,
        "resolved_at": resolved,
        "closed_at": _closed(last),
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
        "reopen_count": _reopenings(tries),
        "escalated_at": next((e["at"] for e in events if e["type"] == "escalated"), None),
        "follow_ups": _follow_ups(desk, row, resolved),
        "knowledge_count": len(desk.of("ticket_knowledge", ticket_id=row["id"])),
        "closing_entered_at": _closing_entry(events, _closed(last)),
        **_callback(desk, row, resolved),
    }  # fmt: skip


def _dims(desk: RawDesk, row: Row) -> Row:
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
        events = _events(desk, "ticket_event", "ticket_id", other["id"], desk.as_of)
        tries = _tries(other["created_at"], events, _ENDS)
        if (None in products or len(products) == 1) and _valid(
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
    tasks = desk.of("callback", ticket_id=row["id"], kind="routine")
    over = [c for c in tasks if _known_before(c["completed_at"], desk.as_of) is not None]
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


def _open_tickets(desk: RawDesk, moment: int) -> Iterator[Row]:
    """Yield the tickets open at ``moment`` (those merged by the cut-off never count)."""
    for row in desk.of("ticket"):
        if _ticket(desk, row) is None or row["created_at"] >= moment:
            continue
        events = _events(desk, "ticket_event", "ticket_id", row["id"], moment)
        if _tries(row["created_at"], events, _ENDS)[-1]["ended"] is not None:
            continue
        limit = desk.limits(row)[1]
        if row["promised_at"] is not None:
            overdue = moment > row["promised_at"]
        else:
            net = desk.calendar.net_seconds(row["created_at"], moment, _pauses(events))
            overdue = limit is not None and net > limit
        yield {**_dims(desk, row), "overdue": int(overdue)}


# -- complaints --------------------------------------------------------------------------------


def _complaint_tries(desk: RawDesk, row: Row) -> tuple[list[Row], list[Row]]:
    events = _events(desk, "complaint_event", "complaint_id", row["id"], desk.as_of)
    return events, _tries(row["received_at"], events, _COMPLAINT_ENDS)


def _complaint(desk: RawDesk, row: Row) -> Row | None:
    t = desk.as_of
    if row["is_test"] or row["received_at"] >= t:
        return None
    events, tries = _complaint_tries(desk, row)
    if not _valid(tries, frozenset({"merged", "rejected"})):
        return None
    last = tries[-1]
    first = next((x["ended"] for x in tries if x["by"] == "resolved"), None)

    def at(kind: str) -> int | None:
        return next((e["at"] for e in events if e["type"] == kind), None)

    group = desk.of("complaint_group", id=row["group_id"])
    rated = _known_before(row["satisfaction_at"], t)
    return {
        "number": row["complaint_no"],
        "channel": row["channel_id"],
        "category": row["category_id"],
        "department": desk.root(row["resp_dept_id"]),
        "tier": row["tier"],
        "received_at": row["received_at"],
        "due_at": row["due_at"],
        "severity": row["severity"],
        "liability": row["liability"],
        "is_repeat": row["is_repeat"],
        "social_exposure": row["social_exposure"],
        "compensation": row["compensation"],
        "customer": row["customer_id"],
        "satisfaction": None if rated is None else row["satisfaction"],
        "satisfaction_at": rated,
        "group_triggered_at": group[0]["triggered_at"] if group else None,
        "bad_resolution": _flagged(row, Group.RESOLUTION),
        "contacted_at": at("contacted"),
        "escalated_at": at("escalated"),
        "first_resolved_at": first,
        "resolved_at": last["ended"] if last["by"] == "resolved" else None,
        "closed_at": _closed(last),
        "withdrawn_at": last["ended"] if last["by"] == "withdrawn" else None,
        "second": int(first is not None and _has_second(desk, row, first, tries)),
    }


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
        if not _valid(_complaint_tries(desk, other)[1], frozenset({"merged", "rejected"})):
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


def _survey(desk: RawDesk, row: Row) -> Row | None:
    t = desk.as_of
    ticket = desk.of("ticket", id=row["ticket_id"])
    if row["sent_at"] >= t or (ticket and ticket[0]["is_test"]):
        return None
    answered = _known_before(row["responded_at"], t) is not None
    calls = [
        c for c in desk.of("callback", survey_id=row["id"], kind="low_score", state="completed")
        if _known_before(c["completed_at"], t) is not None
    ]  # fmt: skip
    latest = max(
        (c for c in calls if desk.of("survey", id=c["answer_id"])),
        key=lambda c: (c["completed_at"], c["id"]), default=None,
    )  # fmt: skip
    customer = desk.of("customer", id=row["customer_id"])
    return {
        "number": row["survey_no"],
        "channel": row["channel_id"],
        "tier": row["tier"],
        "agent": row["agent_id"],
        **{name: row[name] if answered else None for name in _SURVEY_ANSWERS},
        **{name: row[name] for name in ("sent_at", "kind", "counted", "invalid")},
        "opt_out": customer[0]["opt_out"] if customer else 0,
        "bad_survey": _flagged(row, Group.SURVEY),
        "loop_at": min((c["completed_at"] for c in calls), default=None),
        "recovery_csat": None if latest is None
        else desk.of("survey", id=latest["answer_id"])[0]["csat"],
    }  # fmt: skip


def _visit(desk: RawDesk, row: Row) -> Row | None:
    ticket = desk.of("ticket", id=row["ticket_id"])
    if not ticket or _ticket(desk, ticket[0]) is None or row["window_start"] >= desk.as_of:
        return None
    names = ("window_start", "window_end", "promised_at", "cancelled_by", "rescheduled_by")
    return {
        **_dims(desk, ticket[0]),
        "agent": row["technician_id"],
        **{name: row[name] for name in names},
        "arrived_at": _known_before(row["arrived_at"], desk.as_of),
        "bad_visit": _flagged(row, Group.VISIT),
    }


def _quality_check(desk: RawDesk, row: Row) -> Row | None:
    ticket = desk.of("ticket", id=row["ticket_id"])
    if not ticket or ticket[0]["is_test"] or row["at"] >= desk.as_of:
        return None
    return {**_dims(desk, ticket[0]), **{name: row[name] for name in ("at", "voided", "passed")}}


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
        if _known_before(v["at"], desk.as_of) is not None
    ]  # fmt: skip
    return {
        "number": row["item_no"],
        "created_at": row["created_at"],
        "closed_at": _known_before(row["closed_at"], desk.as_of),
        "status": row["status"],
        "verdict": row["verdict"],
        "target_at": desk.midnight(row["target_date"]),
        "verdict_at": max(verdicts, default=None),
    }


def _action(desk: RawDesk, row: Row) -> Row | None:
    item = desk.of("improvement_item", id=row["item_id"])
    if not item or item[0]["created_at"] >= desk.as_of:
        return None
    return {
        "number": row["action_no"],
        "due_at": desk.midnight(row["due_date"]),
        "done_at": _known_before(row["done_at"], desk.as_of),
        "state": row["state"],
    }


_READERS: dict[Source, tuple[str, Callable[[RawDesk, Row], Row | None]]] = {
    Source.TICKET: ("ticket", _ticket),
    Source.COMPLAINT: ("complaint", _complaint),
    Source.SURVEY: ("survey", _survey),
    Source.VISIT: ("visit", _visit),
    Source.QUALITY_CHECK: ("quality_check", _quality_check),
    Source.CHANNEL_DAY: ("channel_daily", _channel_day),
    Source.GROUP: ("complaint_group", _group),
    Source.ITEM: ("improvement_item", _item),
    Source.ACTION: ("action", _action),
}


def _key_customers(desk: RawDesk, start: int, end: int) -> Iterator[Row]:
    for row in desk.of("customer", tier="key"):
        if row["merged_into_id"] is not None:
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
        return desk.once(("open", end), lambda: _open_tickets(desk, end))
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


def part_of(metric: MetricDef, row: Row, params: Mapping[str, Any]) -> str | None:
    """Return the part a record falls into: excluded, not_yet_due, counted, or none."""
    if not evaluate(metric.scope, row, params):
        return None
    if metric.excluded is not None and evaluate(metric.excluded, row, params):
        return "excluded"
    if metric.not_yet_due is not None and evaluate(metric.not_yet_due, row, params):
        return "not_yet_due"
    return "counted"


def tallies(
    desk: RawDesk, metric: MetricDef, period: Period, by: str | None = None
) -> dict[Any, Tally]:
    """Return the tallies of a metric by group (``None``: the whole)."""
    found: dict[Any, Tally] = defaultdict(Tally)
    if period.start_at >= desk.as_of:
        return {}
    for row in rows_of(desk, metric, period):
        part = part_of(metric, row, desk.params)
        if part is None:
            continue
        tally = found[row[by] if by is not None else None]
        if part == "excluded":
            tally.excluded += 1
        elif part == "not_yet_due":
            tally.not_yet_due += 1
        else:
            _count(tally, metric, row, desk.params)
    return dict(found)


def _count(tally: Tally, metric: MetricDef, row: Row, params: Mapping[str, Any]) -> None:
    tally.n += 1
    weight = evaluate(metric.weight, row, params)
    if metric.kind is Kind.PERCENTILE:
        tally.values.append(weight)
    elif metric.kind in {Kind.PER_KEY, Kind.KEY_SHARE}:
        key = row[metric.key or ""]
        if key is not None:
            tally.keys.add(key)
            if weight:
                tally.marked_keys.add(key)
    elif metric.kind is not Kind.COUNT:
        tally.total += weight
        if metric.kind is Kind.QUOTIENT:
            tally.divisor += evaluate(metric.divisor, row, params)


def numbers(desk: RawDesk, metric: MetricDef, period: Period, part: str) -> list[str]:
    """Return the record numbers of a part, as drill-down must list them."""
    found: set[str] = set()
    if period.start_at >= desk.as_of:
        return []
    for row in rows_of(desk, metric, period):
        place = part_of(metric, row, desk.params)
        counted = place == "counted" and part in {"num", "den"}
        if counted and part == "num":
            counted = bool(evaluate(metric.weight, row, desk.params))
        if counted or place == part:
            found.add(row["number"])
    return sorted(found)
