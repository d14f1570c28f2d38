"""Imports of tickets: narrow row, texts, events from the times, derived columns, AB codes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from svcdesk.domain import detection, sla
from svcdesk.domain.anomalies import bulk_closings
from svcdesk.i18n.catalog import N_
from svcdesk.services import imports_histories as histories
from svcdesk.services.imports_refs import Pending, Resolver
from svcdesk.services.imports_run import COMMON, Row, Run, flags_json, refusal
from svcdesk.services.imports_tables import TableHandler, TableSpec
from svcdesk.store import derived
from svcdesk.store import imports as store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svcdesk.domain.ticket_history import TicketFacts
    from svcdesk.interchange.kinds import Kind
    from svcdesk.interchange.problems import Bad

ISSUE_BLANK = N_("The ticket is solved, but its issue type is blank.")
TITLE_LENGTH = 100

SPEC = TableSpec(
    columns={"order": "order_no", "issue_l1": "issue_id", "issue_l2": "issue_sub_id"},
    left=frozenset({"description", "solution", "knowledge", "customer_phone"}),
    entity="ticket",
    moment="created_at",
)
TEXTS = ("description", "solution")
TIMES = ("created_at", "first_response_at", "first_resolved_at", "resolved_at", "closed_at",
         "cancelled_at", "status")  # fmt: skip
# The columns of a new ticket; those from "first_response_at" on follow from its events.
_GIVEN = ("ticket_no", "external_no", "request_type", "title", "customer_id", "product_id",
          "order_no", "serial_no", "channel_id", "issue_id", "issue_sub_id", "priority",
          "priority_reason", "complexity", "resp_dept_id", "first_owner_id", "owner_id", "region",
          "contact_at", "created_at", "promised_at", "resolution_code", "overdue_reason_id",
          "callback_required", "merged_into_id", "is_test", "tier", "tags")  # fmt: skip


class TicketHandler(TableHandler):
    """Writes tickets with the history that their times tell."""

    def __init__(self, run: Run, kind: Kind, resolver: Resolver) -> None:
        super().__init__(run, kind, resolver, SPEC)
        self._closings: list[tuple[int, int, int]] = []
        self._tiers = not store.is_empty(self.run.connection, "customer")
        self._columns: tuple[str, ...] = ()
        self._policies: dict[tuple[Any, ...], sla.Policy | None] = {}
        self._policies_by_time = any(p.valid_from for p in self.run.reference.policies)

    def check(self, row: Row) -> Iterable[Bad]:
        """Refuse a solved ticket without an issue type (AB08)."""
        values = row.values
        solved = values.get("resolved_at") is not None or values.get("status") in (
            "resolved",
            "closed",
        )
        if solved and values.get("issue_l1") is None:
            yield refusal("AB08", ISSUE_BLANK, "issue_l1")

    def insert(self, rows: list[Row]) -> int:
        """Write new tickets."""
        held = [row.values["ticket_no"] for row in rows if row.values.get("ticket_no")]
        self.run.release("ticket", "ticket_no", held)
        tiers = self._tiers_of(rows)
        real = self.resolver.real
        for row in rows:
            values = row.values
            for name, value in values.items():
                if value.__class__ is Pending:
                    values[name] = real(value)
            self._insert(row, values, tiers.get(values["customer"], "normal"))
        return len(rows)

    def _tiers_of(self, rows: list[Row]) -> dict[int, str]:
        if not self._tiers:
            return {}
        keys = {key for row in rows if isinstance(key := row.values["customer"], int)}
        found = store.columns_by_id(self.run.connection, "customer", ["tier"], sorted(keys))
        return {key: columns["tier"] for key, columns in found.items()}

    def _insert(self, row: Row, values: dict[str, Any], tier: str) -> None:
        run, key = self.run, row.record
        told, facts, odd = histories.ticket_history(values)
        base = {
            "created_at": values["created_at"],
            "priority": values.get("priority") or "normal",
            "tier": tier,
            "issue_id": values.get("issue_l1"),
            "channel_id": values["channel"],
            "promised_at": values.get("promised_at"),
            "product_id": values.get("product"),
        }
        clocks = self._clocks(base, facts)
        flags = histories.ticket_flags(run, {**values, **base}, facts, odd=odd)
        run.plan.flagged.update(flags)
        if run.uow is None:
            return
        columns = derived.columns_of(facts, clocks)
        columns["status"] = facts.status
        columns["data_flags"] = flags_json(flags) if flags else None
        if not self._columns:
            self._columns = (*COMMON, *_GIVEN, *columns)
        common = run.common(key)
        run.add("ticket", self._columns, [(*common, *self._given(values, tier), *columns.values())])
        run.add(
            "ticket_text",
            (*COMMON, *TEXTS),
            [(*common, values.get("description") or "", values.get("solution") or "")],
        )
        run.add(
            "ticket_event", histories.TICKET_EVENT, histories.ticket_rows(run, key, values, told)
        )
        histories.add_ticket_derived(run, key, facts, clocks)
        self._links(key, values)
        owner, closed = values.get("owner"), facts.closed_at
        if owner is not None and closed is not None:
            self._closings.append((key, owner, closed))

    def _clocks(self, base: dict[str, Any], facts: TicketFacts) -> sla.TicketClocks:
        """Return durations and due times; which policy fits is looked up once per combination."""
        if self._policies_by_time:
            return derived.clocks(base, facts, self.run.reference)
        key = (base["priority"], base["tier"], base["issue_id"], base["channel_id"])
        if key not in self._policies:
            record = dict(zip(("priority", "tier", "category", "channel"), key, strict=True))
            self._policies[key] = sla.match(self.run.reference.policies, record, base["created_at"])
        policy, calendar = self._policies[key], self.run.reference.calendar
        return sla.ticket_clocks(base["created_at"], facts, policy, calendar, base["promised_at"])

    def _given(self, values: dict[str, Any], tier: str) -> tuple[Any, ...]:
        get = values.get
        given, external = get("ticket_no"), get("external_no")
        if given is not None and not self.run.is_ours("ticket", given):
            external, given = external or given, None
        owner = get("owner")
        tags = get("tags")
        return (
            given or self.run.number("ticket", values["created_at"]),
            external, get("request_type") or "consult", title_of(values), values["customer"],
            get("product"), get("order"), get("serial_no"), values["channel"], get("issue_l1"),
            get("issue_l2"), get("priority") or "normal", get("priority_reason"),
            get("complexity") or "basic", get("resp_dept"), get("first_owner") or owner, owner,
            get("region"), get("contact_at"), values["created_at"], get("promised_at"),
            get("resolution_code"), get("overdue_reason"), get("callback_required") or 0,
            get("merged_into"), get("is_test") or 0, tier,
            json.dumps(tags, ensure_ascii=False) if tags else None,
        )  # fmt: skip

    def _links(self, key: int, values: dict[str, Any]) -> None:
        for article in values.get("knowledge") or ():
            self.run.add(
                "ticket_knowledge",
                (*COMMON, "ticket_id", "knowledge_id"),
                [(*self.run.common(self.run.new_key()), key, article)],
            )

    # ---- changes -------------------------------------------------------------------------------

    def update(self, row: Row) -> bool:
        """Change what differs; a time that differs changes the event it came from."""
        values, key = row.values, row.key
        if key is None or key < 0:
            return True
        row.changes = True
        given = self.columns_of(row)
        self.run.flush()  # what the row refers to may be new
        for name in (*TIMES, "ticket_no", "external_no", "tags"):
            given.pop(name, None)
        if values.get("tags"):
            given["tags"] = json.dumps(values["tags"], ensure_ascii=False)
        names = [*given, *TIMES]
        stored = store.columns_by_id(self.run.connection, "ticket", names, [key])[key]
        changed = {name: value for name, value in given.items() if stored[name] != value}
        texts = {name: values[name] for name in TEXTS if values.get(name)}
        before = store.columns_by_id(self.run.connection, "ticket_text", TEXTS, [key]).get(key, {})
        new_texts = {name: value for name, value in texts.items() if before.get(name) != value}
        times = {
            n: values[n] for n in TIMES if values.get(n) is not None and values[n] != stored[n]
        }
        self.run.update("ticket", key, changed)
        self.run.update("ticket_text", key, new_texts)
        if times:
            if "created_at" in times:
                self.run.update("ticket", key, {"created_at": times["created_at"]})
            self._move_events(
                key, {**stored, **{n: v for n, v in values.items() if n in TIMES and v}}
            )
        if changed or times:
            self.run.touched_tickets.add(key)
        return bool(changed or times or new_texts)

    def _move_events(self, key: int, values: dict[str, Any]) -> None:
        wanted, _ = histories.ticket_events(values)
        move_events(self, "ticket", key, [(e.at, e.type, e.new) for e in wanted])

    # ---- the batch as a whole ----------------------------------------------------------------------

    def finish(self) -> None:
        """Flag closings in bulk (AB16) and suspected duplicates (AB06) of the batch."""
        run = self.run
        if run.uow is None:
            return
        run.flush()
        found: dict[int, list[str]] = {}
        for key in bulk_closings(self._closings):
            found.setdefault(key, []).append("AB16")
        run.pulse()
        window = int(run.reference.settings["duplicate_ticket_minutes"]) * 60
        near = store.tickets_near_batch(
            run.connection, run.uow.batch_id or 0, run.uow.keys.last, window
        )
        rows: dict[int, store.NearTicket] = {}
        for part in near:
            run.pulse()
            rows.update((row[0], row) for row in part)
        settings = detection.DetectionSettings(duplicate_ticket_minutes=window // 60)
        fresh = {key for key, row in rows.items() if row[5]}
        pairs = detection.find_duplicate_tickets(
            (detection.TicketRow(*row[:5]) for row in rows.values()), settings
        )
        run.pulse()
        for key in pairs:
            if key in fresh:
                found.setdefault(key, []).append("AB06")
        store.add_flags(run.uow, "ticket", found)
        for codes in found.values():
            run.plan.flagged.update(codes)


def title_of(values: dict[str, Any]) -> str:
    """Return the title, or the first line of the description, or the service type."""
    title = values.get("title")
    if title is None:
        title = (values.get("description") or "").strip().split("\n", 1)[0]
    return (title or values.get("request_type") or "consult")[:TITLE_LENGTH]


def move_events(
    handler: TableHandler,
    table: str,
    key: int,
    wanted: list[tuple[int, str, str | None]],
    kinds: tuple[str, ...] = (),
) -> None:
    """Bring a record's imported events to the times that its row now gives.

    With ``kinds`` only events of these are looked at. An event of the same kind that came from an import is moved; one that is missing is added.
    Events that people made are never touched.
    """
    run = handler.run
    events = [
        event
        for event in store.imported_events(run.connection, f"{table}_event", f"{table}_id", key)
        if not kinds or event[2] in kinds
    ]
    here = {(at, kind, new) for _, at, kind, new, _ in events}
    missing = [event for event in wanted if event not in here]
    spare = [e for e in events if e[4] and (e[1], e[2], e[3]) not in set(wanted)]
    seq = store.next_seq(run.connection, f"{table}_event", f"{table}_id", [key]).get(key, 0)
    for at, kind, new in missing:
        same = next((e for e in spare if e[2] == kind and e[3] == new), None)
        if same is not None:
            spare.remove(same)
            run.update(f"{table}_event", same[0], {"at": at})
        else:
            seq += 1
            run.insert(
                f"{table}_event",
                {f"{table}_id": key, "seq": seq, "at": at, "type": kind, "new": new},
            )
