"""Random small desks: the same rows as plain dictionaries and as a data file."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sqlcipher3
from hypothesis import strategies as st

from svcdesk.domain import sla
from svcdesk.domain.complaint_history import ComplaintEvent, fold_complaint
from svcdesk.domain.localtime import DEFAULT_ZONE, midnight
from svcdesk.domain.metrics.plain_desk import RawDesk, Row
from svcdesk.domain.ticket_history import TicketEvent, fold_ticket
from svcdesk.store.derived import columns_of, write_episodes, write_pauses
from svcdesk.store.migrations import SCHEMA_FOLDER
from svcdesk.store.reference import Reference, load
from tests.domain.calendars import at, china

if TYPE_CHECKING:
    from svcdesk.store.connection import Connection

# Few distinct moments, so that they often fall together: opening, lunch, closing and midnight of
# twelve days around the turn of the month, with a make-up Saturday and a Sunday.
START = at("2026-02-24 00:00")
MOMENTS = [day * 24 + hour for day in range(12) for hour in (0, 9, 13, 18)]
FCR_DAYS, SECOND_DAYS = 2, 3
LISTS = (
    (1, "channel", "chat", None, 0), (2, "channel", "phone", None, 1), (3, "issue", "quality", None, 0),
    (4, "issue", "install", None, 0), (5, "category", "service", None, 0),
    (6, "category", "product", None, 0), (7, "department", "logistics", None, 0),
    (8, "department", "logistics.warehouse", 7, 0), (9, "overdue_reason", "parts", None, 0),
)  # fmt: skip
TABLES = (
    "metric_target", "order_volume", "spare_parts",
    "ticket_knowledge", "knowledge", "verification", "action", "improvement_item", "channel_daily",
    "quality_check", "callback", "survey", "detection_verdict", "complaint_event",
    "complaint_episode", "complaint", "complaint_group", "visit", "ticket_pause", "ticket_episode",
    "ticket_event", "ticket", "product", "customer", "person",
)  # fmt: skip
DERIVED = frozenset({"ticket_pause", "ticket_episode", "complaint_episode"})


@lru_cache(maxsize=1)
def connection() -> Connection:
    """An empty data file in memory with lists, calendar and the default policies."""
    found: Connection = sqlcipher3.connect(":memory:", isolation_level=None)
    found.executescript((SCHEMA_FOLDER / "0001_initial.sql").read_text(encoding="utf-8"))
    for key, name, code, parent, live in LISTS:
        found.execute(
            "INSERT INTO list_item (id, entered_at, updated_at, list, code, name, parent_id, live) "
            "VALUES (?, 0, 0, ?, ?, ?, ?, ?)",
            (key, name, code, code, parent, live),
        )
    pattern = json.dumps([[["09:00", "18:00"]]] * 5 + [[], []])
    found.execute(
        "INSERT INTO calendar (id, entered_at, updated_at, name, timezone, pattern, is_default) "
        "VALUES (1, 0, 0, 'work', ?, ?, 1)",
        (DEFAULT_ZONE, pattern),
    )
    for day in china().exceptions.values():
        found.execute(
            "INSERT INTO calendar_day (entered_at, updated_at, calendar_id, date, kind) "
            "VALUES (0, 0, 1, ?, ?)",
            (day.date.isoformat(), "work" if day.work else "off"),
        )
    for position, (priority, (response, resolution)) in enumerate(sla.DEFAULT_LIMITS.items()):
        found.execute(
            "INSERT INTO sla_policy (entered_at, updated_at, name, position, conditions, "
            "calendar_id, response_minutes, resolution_minutes) VALUES (0, 0, ?, ?, ?, 1, ?, ?)",
            (priority, position, json.dumps({"priority": [priority]}), response, resolution),
        )
    for key, value in (("fcr_days", FCR_DAYS), ("second_days", SECOND_DAYS)):
        found.execute(
            "INSERT INTO setting (entered_at, updated_at, key, value) VALUES (0, 0, ?, ?)",
            (key, str(value)),
        )
    return found


@lru_cache(maxsize=1)
def reference() -> Reference:
    """The lists, calendar and settings of that file."""
    return load(connection())


hours = st.sampled_from(MOMENTS)
maybe_hours = st.none() | hours
flag = st.integers(0, 1)


def stamp(hour: int | None) -> int | None:
    return None if hour is None else START + hour * 3600


@st.composite
def ticket_events(draw: st.DrawFn, start: int) -> list[dict[str, Any]]:
    """Events in a believable order, some not: the fold has to cope."""
    kinds = draw(
        st.lists(
            st.sampled_from(
                ["dispatched", "dispatch_withdrawn", "accepted", "public_reply", "call_out",
                 "internal_note", "transferred", "escalated", "wait", "work", "visit_done",
                 "resolved", "resolved", "reopened", "closed", "cancelled", "merged", "unmerged"]
            ),
            min_size=2, max_size=10,
        )
    )  # fmt: skip
    events, now = [{"type": "created", "at": start}], start
    for kind in kinds:
        now += draw(st.sampled_from([0, 300, 4 * 3600, 4 * 3600, 5 * 3600, 15 * 3600, 86400]))
        event: dict[str, Any] = {"type": kind, "at": now}
        if kind in {"wait", "work"}:
            event["type"] = "status_changed"
            event["new"] = {
                "wait": draw(st.sampled_from(["pending_customer", "pending_internal"])),
                "work": "in_progress",
            }[kind]
        if kind == "call_out":
            event["name"] = draw(st.sampled_from(["answered", "missed"]))
        if kind == "public_reply":
            event["automatic"] = draw(flag)
        event["entered_at"] = now + draw(st.sampled_from([0, 86400, 86401]))
        event["batch_id"] = draw(st.sampled_from([None, None, 1]))
        events.append(event)
    return events


@st.composite
def complaint_events(draw: st.DrawFn, start: int) -> list[dict[str, Any]]:
    kinds = draw(
        st.lists(
            st.sampled_from(
                ["contacted", "accepted", "investigating", "responded", "resolved", "resolved",
                 "closed", "reopened", "withdrawn", "escalated", "rejected", "appealed"]
            ),
            min_size=1, max_size=8,
        )
    )  # fmt: skip
    events, now = [{"type": "registered", "at": start}], start
    for kind in kinds:
        now += draw(st.sampled_from([0, 2 * 3600, 9 * 3600, 15 * 3600, 86400, 3 * 86400]))
        events.append({"type": kind, "at": now})
    return events


customers = st.fixed_dictionaries({"opt_out": flag, "tier": st.sampled_from(["key", "normal"])})
tickets = st.fixed_dictionaries(
    {
        "created_at": hours,
        "customer_id": st.integers(1, 3),
        "product_id": st.none() | st.integers(1, 2),
        "channel_id": st.integers(1, 2),
        "issue_id": st.sampled_from([None, 3, 3, 4]),
        "resp_dept_id": st.sampled_from([None, 7, 8]),
        "owner_id": st.none() | st.integers(1, 2),
        "priority": st.sampled_from(["urgent", "high", "normal", "low"]),
        "tier": st.sampled_from(["key", "normal"]),
        "complexity": st.sampled_from(["basic", "complex"]),
        "request_type": st.sampled_from(["consult", "return", "repair"]),
        "resolution_code": st.sampled_from([None, "onsite", "abandoned"]),
        "promised_at": st.sampled_from([None, None, None, 9, 24]),
        "callback_required": flag,
        "overdue_reason_id": st.sampled_from([None, 9]),
        "is_test": st.sampled_from([0, 0, 0, 0, 1]),
        "data_flags": st.sampled_from([None] * 6 + [["AB01"], ["AB02"], ["AB15"], ["AB09"]]),
        "knowledge": flag,
    }
)
complaints = st.fixed_dictionaries(
    {
        "received_at": hours,
        "customer_id": st.sampled_from([1, 1, 2]),
        "channel_id": st.integers(1, 2),
        "category_id": st.sampled_from([5, 5, 6]),
        "resp_dept_id": st.sampled_from([None, 7, 8]),
        "severity": st.sampled_from(["normal", "major", "urgent"]),
        "tier": st.sampled_from(["key", "normal"]),
        "liability": st.sampled_from([None, "liable", "partly", "not_liable", "pending"]),
        "is_repeat": flag,
        "social_exposure": flag,
        "compensation": st.none() | st.integers(0, 9999),
        "satisfaction": st.none() | st.integers(1, 5),
        "satisfaction_at": hours,
        "group_id": st.none() | st.just(1),
        "is_test": st.sampled_from([0, 0, 0, 1]),
        "data_flags": st.sampled_from([None, None, None, ["AB02"]]),
    }
)
score = st.none() | st.integers(1, 5)
surveys = st.fixed_dictionaries(
    {
        "ticket": st.none() | st.integers(0, 9),
        "customer_id": st.none() | st.integers(1, 3),
        "agent_id": st.none() | st.integers(1, 2),
        "channel_id": st.none() | st.integers(1, 2),
        "tier": st.sampled_from(["key", "normal"]),
        "sent_at": hours,
        "responded_at": maybe_hours,
        "csat": score,
        "dim_attitude": score,
        "dim_speed": score,
        "dim_skill": score,
        "dim_result": score,
        "nps": st.none() | st.integers(0, 10),
        "kind": st.sampled_from(["normal", "normal", "normal", "recovery"]),
        "counted": st.sampled_from([1, 1, 1, 0]),
        "invalid": st.sampled_from([0, 0, 0, 1]),
        "data_flags": st.sampled_from([None, None, None, ["AB14"]]),
    }
)
callbacks = st.fixed_dictionaries(
    {
        "ticket": st.integers(0, 9),
        "survey": st.integers(0, 9),
        "answer": st.none() | st.integers(0, 9),
        "kind": st.sampled_from(["routine", "low_score", "low_score"]),
        "customer_id": st.integers(1, 3),
        "due_at": hours,
        "state": st.sampled_from(
            ["planned", "completed", "completed", "unreachable", "refused", "cancelled"]
        ),
        "completed_at": hours,
    }
)
visits = st.fixed_dictionaries(
    {
        "ticket": st.integers(0, 9),
        "technician_id": st.none() | st.integers(1, 2),
        "window_start": hours,
        "length": st.integers(1, 3),
        "promised_at": maybe_hours,
        "arrived_at": maybe_hours,
        "left_at": maybe_hours,
        "outcome": st.sampled_from([None, "done", "done", "not_done", "cancelled"]),
        "cancelled_by": st.sampled_from([None, None, "customer", "company"]),
        "rescheduled_by": st.sampled_from([None, None, None, "customer", "company"]),
        "data_flags": st.sampled_from([None, None, None, ["AB12"]]),
    }
)
days = st.integers(0, 11).map(lambda n: date.fromordinal(date(2026, 2, 24).toordinal() + n))
items = st.fixed_dictionaries(
    {
        "created_at": hours,
        "closed_at": maybe_hours,
        "target_date": st.none() | days,
        "status": st.sampled_from(["identified", "closed", "void", "merged"]),
        "verdict": st.sampled_from([None, "effective", "ineffective", "watching"]),
        "verified": maybe_hours,
        "due_date": st.none() | days,
        "done_at": maybe_hours,
        "state": st.sampled_from(["todo", "done", "cancelled"]),
    }
)
counts = st.tuples(days, st.integers(0, 9), st.integers(0, 9))


def _row(columns: dict[str, Any], key: int) -> Row:
    return {"id": key, "entered_at": 0, "updated_at": 0, "deleted_at": None, **columns}


class Desk:
    """The rows of one drawn desk."""

    def __init__(self) -> None:
        self.tables: dict[str, list[Row]] = defaultdict(list)

    def add(self, table: str, **columns: Any) -> Row:
        row = _row(columns, len(self.tables[table]) + 1)
        self.tables[table].append(row)
        return row

    def __repr__(self) -> str:
        """Print the rows, so that a failing example can be read."""
        lines = []
        for table, rows in self.tables.items():
            for row in rows:
                shown = {k: v for k, v in row.items() if v not in (None, 0) and k != "title"}
                lines.append(f"{table} {shown}")
        return "\n".join(lines)

    def raw(self, as_of: int) -> RawDesk:
        """The desk for the plain evaluation."""
        settings = reference().settings
        params = {
            "as_of": as_of,
            "low_score": settings["low_score"],
            "low_score_seconds": settings["low_score_hours"] * 3600,
            "fcr_seconds": settings["fcr_days"] * 86400,
            "second_seconds": settings["second_days"] * 86400,
            "callback_seconds": settings["callback_hours"] * 3600,
            "standard_day_seconds": 540 * 60,
        }

        def limits(row: Row) -> tuple[int, int]:
            response, resolution = sla.DEFAULT_LIMITS[row["priority"]]
            return response * 60, resolution * 60

        return RawDesk(
            calendar=china(),
            limits=limits,
            params=params,
            midnight=lambda day: None if day is None else midnight(date.fromisoformat(day)),
            live=frozenset({2}),
            root=lambda key: 7 if key == 8 else key,
            tables=self.tables,
        )

    def store(self) -> Connection:
        """The same desk as a data file."""
        found = connection()
        found.execute("BEGIN")
        for table in TABLES:
            found.execute(f"DELETE FROM {table}")
        for table, rows in self.tables.items():
            for row in rows:
                values = {k: json.dumps(v) if isinstance(v, list) else v for k, v in row.items()}
                names = ", ".join(values)
                marks = ", ".join("?" for _ in values)
                found.execute(
                    f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values())
                )
        for row in self.tables["ticket"]:
            self._derive_ticket(found, row)
        for row in self.tables["complaint"]:
            self._derive_complaint(found, row)
        found.execute("COMMIT")
        return found

    def _derive_ticket(self, found: Connection, row: Row) -> None:
        events = [
            TicketEvent(e["at"], e["type"], e["seq"], bool(e["automatic"]), e["name"], e["new"])
            for e in self.tables["ticket_event"]
            if e["ticket_id"] == row["id"]
        ]
        facts = fold_ticket(row["created_at"], events)
        policy = sla.match(reference().policies, {"priority": row["priority"]}, row["created_at"])
        clocks = sla.ticket_clocks(row["created_at"], facts, policy, china(), row["promised_at"])
        columns = columns_of(facts, clocks) | {"status": facts.status}
        sets = ", ".join(f"{name} = ?" for name in columns)
        found.execute(f"UPDATE ticket SET {sets} WHERE id = ?", [*columns.values(), row["id"]])
        write_episodes(found, "ticket", row["id"], facts.episodes)
        write_pauses(found, row["id"], facts, clocks)

    def _derive_complaint(self, found: Connection, row: Row) -> None:
        events = [
            ComplaintEvent(e["at"], e["type"], e["seq"])
            for e in self.tables["complaint_event"]
            if e["complaint_id"] == row["id"]
        ]
        facts = fold_complaint(row["received_at"], events)
        columns = {
            name: getattr(facts, name)
            for name in ("contacted_at", "responded_at", "first_resolved_at", "resolved_at",
                         "closed_at", "withdrawn_at", "rejected_at", "escalated_at",
                         "reopen_count", "last_event_at", "status")
        }  # fmt: skip
        sets = ", ".join(f"{name} = ?" for name in columns)
        found.execute(f"UPDATE complaint SET {sets} WHERE id = ?", [*columns.values(), row["id"]])
        write_episodes(found, "complaint", row["id"], facts.episodes)


def _add_tickets(draw: st.DrawFn, desk: Desk) -> None:
    for number, drawn in enumerate(draw(st.lists(tickets, min_size=3, max_size=8)), start=1):
        knowledge = drawn.pop("knowledge")
        created = START + drawn["created_at"] * 3600
        drawn |= {
            "created_at": created,
            "promised_at": None if drawn["promised_at"] is None
            else created + drawn["promised_at"] * 3600,
            "ticket_no": f"GD{number:04d}", "title": "t", "last_event_at": created,
        }  # fmt: skip
        row = desk.add("ticket", **drawn)
        for seq, event in enumerate(draw(ticket_events(created)), start=1):
            blank = {"name": None, "new": None, "automatic": 0, "batch_id": None}
            desk.add("ticket_event", ticket_id=row["id"], seq=seq, **(blank | event))
        if knowledge:
            if not desk.tables["knowledge"]:
                desk.add("knowledge", article_no="ZS1", title="a", solution="s")
            desk.add("ticket_knowledge", ticket_id=row["id"], knowledge_id=1)


def _add_complaints(draw: st.DrawFn, desk: Desk) -> None:
    desk.add("complaint_group", group_no="QT1", product_id=None, category_id=None,
             triggered_at=START + draw(hours) * 3600, trigger_id=1)  # fmt: skip
    for number, drawn in enumerate(draw(st.lists(complaints, min_size=2, max_size=6)), start=1):
        received = START + drawn["received_at"] * 3600
        due = sla.complaint_due(drawn["severity"], received, china())
        rated = None if drawn["satisfaction"] is None else stamp(drawn["satisfaction_at"])
        drawn |= {
            "received_at": received, "due_at": due, "satisfaction_at": rated,
            "complaint_no": f"TS{number:04d}", "title": "t", "last_event_at": received,
        }  # fmt: skip
        row = desk.add("complaint", **drawn)
        for seq, event in enumerate(draw(complaint_events(received)), start=1):
            desk.add("complaint_event", complaint_id=row["id"], seq=seq, **event)
    place = st.integers(1, len(desk.tables["complaint"]))
    said = st.tuples(place, place, st.sampled_from(["confirmed", "denied"]))
    for later, earlier, verdict in draw(
        st.lists(said, min_size=2, max_size=5, unique_by=lambda v: v[:2])
    ):
        desk.add("detection_verdict", rule="second", complaint_id=later, other_id=earlier,
                 verdict=verdict)  # fmt: skip


def _add_answers(draw: st.DrawFn, desk: Desk) -> None:
    count = len(desk.tables["ticket"])

    def ticket_id(place: int | None) -> int | None:
        return place % count + 1 if count and place is not None else None

    for number, drawn in enumerate(draw(st.lists(surveys, min_size=2, max_size=6)), start=1):
        answered = stamp(drawn["responded_at"])
        desk.add(
            "survey", survey_no=f"WJ{number:04d}", ticket_id=ticket_id(drawn.pop("ticket")),
            **(drawn | {"sent_at": stamp(drawn["sent_at"]), "responded_at": answered}),
        )  # fmt: skip
    answers = len(desk.tables["survey"])
    for number, drawn in enumerate(draw(st.lists(callbacks, min_size=2, max_size=6)), start=1):
        place, about, answer = drawn.pop("ticket"), drawn.pop("survey"), drawn.pop("answer")
        low = drawn["kind"] == "low_score"
        over = drawn["state"] in {"completed", "unreachable", "refused"}
        desk.add(
            "callback", callback_no=f"HF{number:04d}",
            ticket_id=None if low else ticket_id(place),
            survey_id=about % answers + 1 if low and answers else None,
            answer_id=answer % answers + 1 if answers and answer is not None else None,
            **(drawn | {"due_at": stamp(drawn["due_at"]),
                        "completed_at": stamp(drawn["completed_at"]) if over else None}),
        )  # fmt: skip
    if count:
        _add_field_work(draw, desk, ticket_id)


def _add_field_work(draw: st.DrawFn, desk: Desk, ticket_id: Any) -> None:
    for seq, drawn in enumerate(draw(st.lists(visits, min_size=1, max_size=5)), start=1):
        start = START + drawn["window_start"] * 3600
        end = start + drawn.pop("length") * 1800
        times = {n: stamp(drawn[n]) for n in ("promised_at", "arrived_at", "left_at")}
        place = ticket_id(drawn.pop("ticket"))
        desk.add("visit", ticket_id=place, seq=seq,
                 **(drawn | times | {"window_start": start, "window_end": end}))  # fmt: skip
    for place, hour, passed in draw(
        st.lists(st.tuples(st.integers(0, 9), hours, st.none() | flag), max_size=4)
    ):
        desk.add("quality_check", ticket_id=ticket_id(place), at=stamp(hour), passed=passed,
                 voided=int(hour % 5 == 0))  # fmt: skip


def _add_loop(draw: st.DrawFn, desk: Desk) -> None:
    for number, drawn in enumerate(draw(st.lists(items, max_size=3)), start=1):
        verified, due = drawn.pop("verified"), drawn.pop("due_date")
        done, state = drawn.pop("done_at"), drawn.pop("state")
        target = drawn["target_date"]
        row = desk.add(
            "improvement_item", item_no=f"GS{number:03d}", title="i", source="manual",
            **(drawn | {"created_at": stamp(drawn["created_at"]),
                        "closed_at": stamp(drawn["closed_at"]),
                        "target_date": None if target is None else target.isoformat()}),
        )  # fmt: skip
        if verified is not None:
            desk.add("verification", item_id=row["id"], at=stamp(verified))
        desk.add("action", action_no=f"CS{number:03d}", item_id=row["id"], text="a",
                 kind="corrective", due_date=None if due is None else due.isoformat(),
                 done_at=stamp(done), state=state)  # fmt: skip
    for day, offered, answered in draw(st.lists(counts, max_size=4, unique_by=lambda c: c[0])):
        desk.add("channel_daily", date=day.isoformat(), channel_id=2,
                 offered=max(offered, answered), answered=answered)  # fmt: skip


@st.composite
def desks(draw: st.DrawFn) -> Desk:
    """A small desk with every kind of record."""
    desk = Desk()
    for number in (1, 2):
        desk.add("person", name=f"p{number}")
        desk.add("product", product_no=f"P{number}", name="p")
    for number in (1, 2, 3):
        desk.add("customer", customer_no=f"KH{number}", name="c", merged_into_id=None,
                 **draw(customers))  # fmt: skip
    _add_tickets(draw, desk)
    _add_complaints(draw, desk)
    _add_answers(draw, desk)
    _add_loop(draw, desk)
    return desk


cut_offs = st.just(START + 90 * 86400) | st.builds(
    lambda hour, more: START + hour * 3600 + more, hours, st.sampled_from([0, 1])
)
