"""Random small desks: the same rows as plain dictionaries and as a data file."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING, Any

import sqlcipher3
from hypothesis import strategies as st

from svcdesk.domain import sla
from svcdesk.domain.complaint_history import ComplaintEvent, fold_complaint
from svcdesk.domain.localtime import DEFAULT_ZONE, midnight
from svcdesk.domain.metrics.plain_desk import RawDesk, Row
from svcdesk.domain.ticket_history import TicketEvent, fold_ticket
from svcdesk.store.derived import columns_of, write_episodes, write_pauses
from svcdesk.store.migrations import make_tables
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
    "data_decision", "metric_target", "order_volume", "spare_parts",
    "ticket_knowledge", "knowledge", "verification", "action", "improvement_item", "channel_daily",
    "quality_check", "callback", "survey_answer", "survey", "detection_verdict",
    "complaint_extension", "complaint_event",
    "complaint_episode", "complaint", "complaint_group", "visit", "ticket_pause", "ticket_episode",
    "ticket_event", "ticket", "product", "customer", "person", "change_log", "operation",
)  # fmt: skip
LOG, LOGGED_WITHOUT = {"operation", "change_log"}, {"entered_at", "updated_at", "deleted_at"}
DERIVED = frozenset({"ticket_pause", "ticket_episode", "complaint_episode"})


@lru_cache(maxsize=1)
def connection() -> Connection:
    """An empty data file in memory with lists, calendar and the default policies."""
    found: Connection = sqlcipher3.connect(":memory:", isolation_level=None)
    make_tables(found)
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


Choices = dict[str, Sequence[Any]]
HOURS: tuple[int, ...] = tuple(MOMENTS)
MAYBE_HOURS: tuple[int | None, ...] = (*HOURS, *(None,) * (len(HOURS) // 3))
FLAG = (0, 1)


def pick(rng: Random, choices: Choices) -> dict[str, Any]:
    """One value for each field."""
    return {name: rng.choice(values) for name, values in choices.items()}


def decided(rng: Random, drawn: dict[str, Any]) -> dict[str, Any]:
    """Add what a person decided about each flag of a record."""
    said = [
        f"{code}:{decision}"
        for code in drawn["data_flags"] or []
        if (decision := rng.choice([None, None, "excluded", "accepted"])) is not None
    ]
    return {**drawn, "data_verdicts": said or None}


def several(rng: Random, choices: Choices, low: int, high: int) -> list[dict[str, Any]]:
    """Between ``low`` and ``high`` records."""
    return [pick(rng, choices) for _ in range(rng.randint(low, high))]


def stamp(hour: int | None) -> int | None:
    return None if hour is None else START + hour * 3600


def changed_answers(rng: Random, desk: Desk, row: Row) -> None:
    """Give a survey earlier and later answers; its own row holds the one that counts."""
    times = sorted({row["responded_at"], *(stamp(rng.choice(HOURS)) for _ in range(2))})
    made = [
        desk.add("survey_answer", survey_id=row["id"], responded_at=at_, method="sms",
                 **pick(rng, ANSWERS))
        for at_ in times
    ]  # fmt: skip
    counted = [a for a in made if a["responded_at"] <= times[0] + 7 * 86400][-1]
    row |= {name: counted[name] for name in ("responded_at", *ANSWERS)} | {"first_at": times[0]}


TICKET_STEPS = (
    "dispatched", "dispatch_withdrawn", "accepted", "public_reply", "call_out", "internal_note",
    "transferred", "escalated", "wait", "work", "visit_done", "resolved", "resolved", "resolved",
    "reopened", "closed", "cancelled", "merged", "unmerged",
)  # fmt: skip
COMPLAINT_STEPS = (
    "contacted", "accepted", "investigating", "responded", "resolved", "resolved", "closed",
    "reopened", "withdrawn", "escalated", "rejected", "appealed",
)  # fmt: skip


def ticket_events(rng: Random, start: int) -> list[dict[str, Any]]:
    """Events in a believable order, some not: the fold has to cope."""
    events: list[dict[str, Any]] = [{"type": "created", "at": start}]
    now = start
    for kind in rng.choices(TICKET_STEPS, k=rng.randint(1, 9)):
        now += rng.choice([0, 300, 4 * 3600, 4 * 3600, 5 * 3600, 15 * 3600, 86400])
        event: dict[str, Any] = {"type": kind, "at": now}
        if kind == "wait":
            new = rng.choice(["pending_customer", "pending_customer", "pending_internal"])
            event |= {"type": "status_changed", "new": new}
        if kind == "work":
            event |= {"type": "status_changed", "new": "in_progress"}
        if kind == "call_out":
            event["name"] = rng.choice(["answered", "missed"])
        if kind == "public_reply":
            event["automatic"] = rng.choice([0, 0, 1])
        event["entered_at"] = now + rng.choice([0, 86400, 86401])
        event["batch_id"] = rng.choice([None, None, 1])
        events.append(event)
    return events


def complaint_events(rng: Random, start: int) -> list[dict[str, Any]]:
    """Events of a complaint."""
    events: list[dict[str, Any]] = [{"type": "registered", "at": start}]
    now = start
    for kind in rng.choices(COMPLAINT_STEPS, k=rng.randint(0, 7)):
        now += rng.choice([0, 2 * 3600, 9 * 3600, 15 * 3600, 86400, 3 * 86400])
        events.append({"type": kind, "at": now})
    return events


CUSTOMERS: Choices = {"opt_out": FLAG, "tier": ["key", "normal"]}
TICKETS: Choices = {
    "created_at": HOURS,
    "customer_id": range(1, 4),
    "product_id": [None, *range(1, 3)],
    "channel_id": range(1, 3),
    "issue_id": [None, 3, 3, 4],
    "resp_dept_id": [None, 7, 8],
    "owner_id": [None, *range(1, 3)],
    "priority": ["urgent", "high", "normal", "low"],
    "tier": ["key", "normal"],
    "complexity": ["basic", "complex"],
    "request_type": ["consult", "return", "repair"],
    "resolution_code": [None, "onsite", "abandoned"],
    "promised_at": [None, None, None, 9, 24],
    "callback_required": [0, 1, 1],
    "overdue_reason_id": [None, 9],
    "is_test": [0, 0, 0, 0, 1],
    "data_flags": [None] * 6
    + [["AB01"], ["AB02"], ["AB15"], ["AB09"], ["AB01", "AB16"], ["AB05"], ["AB02", "AB10"]],
    "knowledge": FLAG,
}
COMPLAINTS: Choices = {
    "received_at": HOURS,
    "customer_id": [1, 1, 2],
    "channel_id": range(1, 3),
    "category_id": [5, 5, 6],
    "resp_dept_id": [None, 7, 8],
    "severity": ["normal", "major", "urgent"],
    "tier": ["key", "normal"],
    "liability": [None, "liable", "partly", "not_liable", "pending"],
    "is_repeat": FLAG,
    "social_exposure": FLAG,
    "compensation": [None, 0, 5, 9999],
    "satisfaction": [None, *range(1, 6)],
    "satisfaction_at": HOURS,
    "group_id": [None, 1],
    "is_test": [0, 0, 0, 1],
    "data_flags": [None, None, None, ["AB02"], ["AB04"]],
    "granted_at": MAYBE_HOURS,
}
CHECKS: Choices = {
    "ticket_id": range(10),
    "at": HOURS,
    "passed": [None, 0, 1],
    "voided": [0, 0, 0, 1],
}
SCORE = (None, 1, 2, 2, 3, 4, 5)
SURVEYS: Choices = {
    "ticket": [None, *range(10)],
    "customer_id": [None, *range(1, 4)],
    "agent_id": [None, *range(1, 3)],
    "channel_id": [None, *range(1, 3)],
    "tier": ["key", "normal"],
    "sent_at": HOURS,
    "responded_at": MAYBE_HOURS,
    "csat": SCORE,
    "dim_attitude": SCORE,
    "dim_speed": SCORE,
    "dim_skill": SCORE,
    "dim_result": SCORE,
    "nps": [None, *range(11)],
    "kind": ["normal", "normal", "normal", "recovery"],
    "counted": [1, 1, 1, 0],
    "invalid": [0, 0, 0, 1],
    "team": [None, "甲组", "乙组"],
    "source": ["customer", "customer", "customer", "mystery", "partner"],
    "data_flags": [None, None, None, ["AB14"], ["AB13"]],
}
ANSWERS: Choices = {
    "csat": SCORE,
    "dim_attitude": SCORE,
    "dim_speed": SCORE,
    "dim_skill": SCORE,
    "dim_result": SCORE,
    "nps": [None, *range(11)],
    "data_flags": [None, None, None, ["AB14"]],
}
CALLBACKS: Choices = {
    "ticket": range(10),
    "survey": range(10),
    "answer": [None, *range(10)],
    "kind": ["routine", "low_score", "low_score"],
    "customer_id": range(1, 4),
    "due_at": HOURS,
    "state": ["planned", "completed", "completed", "unreachable", "refused", "cancelled"],
    "completed_at": HOURS,
    "updated_at": HOURS,
    "batch_id": [None, None, 1],
}
VISITS: Choices = {
    "ticket": range(10),
    "technician_id": [None, *range(1, 3)],
    "window_start": HOURS,
    "length": range(1, 4),
    "promised_at": MAYBE_HOURS,
    "arrived_at": MAYBE_HOURS,
    "left_at": MAYBE_HOURS,
    "outcome": [None, "done", "done", "not_done", "cancelled"],
    "cancelled_by": [None, None, "customer", "company"],
    "rescheduled_by": [None, None, None, "customer", "company"],
    "data_flags": [None, None, None, ["AB12"], ["AB05", "AB12"]],
}
DAYS = [date(2026, 2, 24) + timedelta(days=n) for n in range(12)]
ITEMS: Choices = {
    "created_at": HOURS,
    "closed_at": MAYBE_HOURS,
    "target_date": [None, *DAYS],
    "metric": [None, "fcr_rate", "fcr_rate", "csat_mean"],
    "status": ["identified", "closed", "void", "merged"],
    "verdict": [None, "effective", "ineffective", "watching"],
    "verified": MAYBE_HOURS,
    "due_date": [None, *DAYS],
    "done_at": MAYBE_HOURS,
    "state": ["todo", "done", "cancelled"],
}


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
            **{f"count_{name}": 0 for name in ("mystery", "partner", "third_party")},
            "low_score_seconds": settings["low_score_hours"] * 3600,
            "fcr_seconds": settings["fcr_days"] * 86400,
            "second_seconds": settings["second_days"] * 86400,
            "callback_seconds": 72 * 3600,
            "standard_day_seconds": 540 * 60,
            "count_mystery": 0,
            "count_partner": 0,
            "count_third_party": 0,
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
                values = {
                    k: json.dumps(v) if isinstance(v, list | dict) else v
                    for k, v in row.items()
                    if table not in LOG or k not in LOGGED_WITHOUT
                }
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


def _add_tickets(rng: Random, desk: Desk) -> None:
    for number, drawn in enumerate(several(rng, TICKETS, 3, 8), start=1):
        knowledge = drawn.pop("knowledge")
        created = START + drawn["created_at"] * 3600
        promised = drawn["promised_at"]
        drawn |= {
            "created_at": created,
            "promised_at": None if promised is None else created + promised * 3600,
            "ticket_no": f"GD{number:04d}", "title": "t", "last_event_at": created,
        }  # fmt: skip
        row = desk.add("ticket", **decided(rng, drawn))
        for seq, event in enumerate(ticket_events(rng, created), start=1):
            blank = {"name": None, "new": None, "automatic": 0, "batch_id": None}
            desk.add("ticket_event", ticket_id=row["id"], seq=seq, **(blank | event))
        if knowledge:
            if not desk.tables["knowledge"]:
                desk.add("knowledge", article_no="ZS1", title="a", solution="s")
            desk.add("ticket_knowledge", ticket_id=row["id"], knowledge_id=1)


def _add_complaints(rng: Random, desk: Desk) -> None:
    desk.add("complaint_group", group_no="QT1", product_id=None, category_id=None,
             triggered_at=START + rng.choice(HOURS) * 3600, trigger_id=1)  # fmt: skip
    for number, drawn in enumerate(several(rng, COMPLAINTS, 2, 6), start=1):
        received = START + drawn["received_at"] * 3600
        due = sla.complaint_due(drawn["severity"], received, china())
        hours = {"normal": 24, "major": 12, "urgent": 2}[drawn["severity"]]
        granted = drawn.pop("granted_at")
        rated = None if drawn["satisfaction"] is None else stamp(drawn["satisfaction_at"])
        drawn |= {
            "received_at": received, "due_at": due, "satisfaction_at": rated,
            "ack_due_at": received + hours * 3600,
            "complaint_no": f"TS{number:04d}", "title": "t", "last_event_at": received,
        }  # fmt: skip
        row = desk.add("complaint", **decided(rng, drawn))
        events = complaint_events(rng, received)
        if granted is not None and received + granted * 1800 > received:
            at_ = received + granted * 1800
            row["due_at"] = due + 86400
            desk.add("complaint_extension", complaint_id=row["id"], at=at_, old_due_at=due,
                     new_due_at=due + 86400, reason="r")  # fmt: skip
            events = sorted([*events, {"type": "extended", "at": at_}], key=lambda e: e["at"])
        for seq, event in enumerate(events, start=1):
            desk.add("complaint_event", complaint_id=row["id"], seq=seq, **event)
    count = len(desk.tables["complaint"])
    pairs = {(rng.randint(1, count), rng.randint(1, count)) for _ in range(3)}
    for later, earlier in sorted(pairs):
        desk.add("detection_verdict", rule="second", complaint_id=later, other_id=earlier,
                 verdict=rng.choice(["confirmed", "denied"]))  # fmt: skip


def _add_answers(rng: Random, desk: Desk) -> None:
    count = len(desk.tables["ticket"])

    def ticket_id(place: int | None) -> int | None:
        return place % count + 1 if place is not None else None

    for number, drawn in enumerate(several(rng, SURVEYS, 2, 6), start=1):
        times = {"sent_at": stamp(drawn["sent_at"]), "responded_at": stamp(drawn["responded_at"])}
        place = ticket_id(drawn.pop("ticket"))
        row = desk.add("survey", survey_no=f"WJ{number:04d}", ticket_id=place, first_at=None,
                       **(decided(rng, drawn) | times))  # fmt: skip
        if row["responded_at"] is not None and rng.random() < 0.5:
            changed_answers(rng, desk, row)
    answers = len(desk.tables["survey"])
    for number, drawn in enumerate(several(rng, CALLBACKS, 2, 7), start=1):
        place, about, answer = drawn.pop("ticket"), drawn.pop("survey"), drawn.pop("answer")
        low = drawn["kind"] == "low_score"
        over = drawn["state"] in {"completed", "unreachable", "refused"}
        desk.add(
            "callback", callback_no=f"HF{number:04d}",
            ticket_id=None if low else ticket_id(place),
            survey_id=about % answers + 1 if low else None,
            answer_id=None if answer is None else answer % answers + 1,
            **(drawn | {"due_at": stamp(drawn["due_at"]),
                        "updated_at": stamp(drawn["updated_at"]),
                        "completed_at": stamp(drawn["completed_at"]) if over else None}),
        )  # fmt: skip
    for seq, drawn in enumerate(several(rng, VISITS, 1, 5), start=1):
        start = START + drawn["window_start"] * 3600
        end = start + drawn.pop("length") * 1800
        times = {n: stamp(drawn[n]) for n in ("promised_at", "arrived_at", "left_at")}
        place = ticket_id(drawn.pop("ticket"))
        desk.add("visit", ticket_id=place, seq=seq,
                 **(decided(rng, drawn) | times | {"window_start": start, "window_end": end}))  # fmt: skip
    for drawn in several(rng, CHECKS, 0, 4):
        desk.add("quality_check", **(drawn | {"at": stamp(drawn["at"]),
                                              "ticket_id": ticket_id(drawn["ticket_id"])}))  # fmt: skip


def _add_loop(rng: Random, desk: Desk) -> None:
    for number, drawn in enumerate(several(rng, ITEMS, 0, 3), start=1):
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
    for day in rng.sample(DAYS, rng.randint(0, 4)):
        offered = rng.randint(0, 9)
        desk.add("channel_daily", date=day.isoformat(), channel_id=2, offered=offered,
                 answered=rng.randint(0, offered))  # fmt: skip


def random_desk(seed: int) -> Desk:
    """A small desk with every kind of record, the same for the same seed."""
    rng, desk = Random(seed), Desk()
    for number in (1, 2):
        desk.add("person", name=f"p{number}")
        desk.add("product", product_no=f"P{number}", name="p")
    for number in (1, 2, 3):
        row = desk.add("customer", customer_no=f"KH{number}", name="c", merged_into_id=None,
                       **pick(rng, CUSTOMERS))  # fmt: skip
        for hour in sorted(rng.sample(HOURS, rng.randint(0, 2))):  # tiers that it had before
            done = desk.add("operation", at=stamp(hour), kind="system", label="tier")
            desk.add("change_log", operation_id=done["id"], tbl="customer", row_id=row["id"],
                     before={"tier": rng.choice(["key", "normal"])}, after={"tier": "?"})  # fmt: skip
    _add_tickets(rng, desk)
    _add_complaints(rng, desk)
    _add_answers(rng, desk)
    _add_loop(rng, desk)
    return desk


# A drawn number instead of drawn rows: a whole desk is too much for hypothesis to vary evenly.
desks = st.integers(0, 2**32).map(random_desk)
_late = START + 90 * 86400
cut_offs = st.sampled_from(
    [START + hour * 3600 + more for hour in MOMENTS[8:] for more in (0, 1)] + [_late] * 20
)
