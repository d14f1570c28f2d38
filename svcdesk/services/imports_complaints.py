"""Imports of complaints: row, texts, events from the times, deadline, exposure, AB codes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from svcdesk.domain import detection, lists
from svcdesk.domain.complaint_history import fold_complaint
from svcdesk.services import imports_histories as histories
from svcdesk.services.imports_refs import Pending, Resolver
from svcdesk.services.imports_run import COMMON, Row, Run, flags_json
from svcdesk.services.imports_tables import TableHandler, TableSpec
from svcdesk.services.imports_tickets import TITLE_LENGTH, move_events
from svcdesk.store import detections
from svcdesk.store import imports as store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svcdesk.interchange.kinds import Kind
    from svcdesk.interchange.problems import Bad

TIMES = ("received_at", "contacted_at", "interim_feedback_at", "responded_at", "first_resolved_at",
         "resolved_at", "closed_at", "escalated_at", "withdrawn_at", "rejected_at", "status")  # fmt: skip
TEXTS = ("description", "cause", "answer")
SPEC = TableSpec(
    columns={"order": "order_no", "category_l1": "category_id", "category_l2": "category_sub_id",
             "pain_tags": "pain_tags"},
    left=frozenset({*TEXTS, *TIMES, "tickets", "customer_phone"}),
    entity="complaint",
    moment="received_at",
)  # fmt: skip


class ComplaintHandler(TableHandler):
    """Writes complaints with the history that their times tell, and detects over all of them."""

    def __init__(self, run: Run, kind: Kind, resolver: Resolver) -> None:
        super().__init__(run, kind, resolver, SPEC)
        self._columns: tuple[str, ...] = ()
        self._rules = detections.settings_from(run.reference.settings)
        self._tiers = not store.is_empty(self.run.connection, "customer")

    def check(self, row: Row) -> Iterable[Bad]:
        """Nothing beyond the cells can be wrong but a rating without its scale."""
        if row.values.get("status") == "rejected" and not row.values.get("reject_reason"):
            row.values["reject_reason"] = ""
        return ()

    def insert(self, rows: list[Row]) -> int:
        """Write new complaints."""
        held = [row.values["complaint_no"] for row in rows if row.values.get("complaint_no")]
        self.run.release("complaint", "complaint_no", held)
        tiers = self._tiers_of(rows)
        for row in rows:
            values = row.values
            for name, value in values.items():
                if value.__class__ is Pending:
                    values[name] = self.resolver.real(value)
                elif value.__class__ is list:
                    values[name] = [self.resolver.real(part) for part in value]
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
        events, odd = histories.complaint_events(values)
        facts = fold_complaint(values["received_at"], events)
        told = {**values, "product_id": values.get("product")}
        flags = histories.complaint_flags(run, told, facts, odd=odd)
        run.plan.flagged.update(flags)
        if run.uow is None:
            return
        columns = {
            **self._given(values),
            **self._exposure(values),
            **histories.complaint_columns(facts),
            "received_at": values["received_at"],
            "tier": tier,
            **histories.complaint_due(run, values),
            "data_flags": flags_json(flags) if flags else None,
        }
        common = run.common(key)
        if not self._columns:
            self._columns = tuple(columns)
        run.add(
            "complaint", (*COMMON, *self._columns), [(*common, *map(columns.get, self._columns))]
        )
        texts = tuple(values.get(name) or "" for name in TEXTS)
        run.add("complaint_text", (*COMMON, *TEXTS), [(*common, *texts)])
        run.add(
            "complaint_event", histories.COMPLAINT_EVENT,
            histories.complaint_rows(run, key, values, events),
        )  # fmt: skip
        histories.add_complaint_derived(run, key, facts)
        for ticket in values.get("tickets") or ():
            run.add(
                "complaint_ticket",
                (*COMMON, "complaint_id", "ticket_id"),
                [(*run.common(run.new_key()), key, ticket)],
            )

    def _given(self, values: dict[str, Any]) -> dict[str, Any]:
        get = values.get
        given, external = get("complaint_no"), get("external_no")
        if given is not None and not self.run.is_ours("complaint", given):
            external, given = external or given, None
        return {
            "complaint_no": given or self.run.number("complaint", values["received_at"]),
            "external_no": external, "customer_id": values["customer"],
            "on_behalf": get("on_behalf"), "product_id": get("product"), "order_no": get("order"),
            "serial_no": get("serial_no"), "channel_id": values["channel"],
            "category_id": values["category_l1"], "category_sub_id": get("category_l2"),
            "pain_tags": json.dumps(get("pain_tags") or []), "title": title_of(values),
            "region": get("region"), "demand": get("demand"),
            "demand_amount": get("demand_amount"), "severity": get("severity") or "normal",
            "severity_reason": get("severity_reason"), "resp_dept_id": get("resp_dept"),
            "resp_person_id": get("resp_person"), "handler_id": get("handler"),
            "complained_of_id": get("complained_of"), "told_at": get("told_at"),
            "told_channel_id": get("told_channel"), "exposure_reach": get("exposure_reach"),
            "withdraw_evidence": get("withdraw_evidence"),
            "promised_at": get("promised_at"), "remedy": json.dumps(get("remedy") or []),
            "compensation": get("compensation"), "liability": get("liability"),
            "overdue_reason_id": get("overdue_reason"), "overdue_plan": get("overdue_plan"),
            "exposure_platform": get("exposure_platform"), "exposure_url": get("exposure_url"),
            "escalated_to": get("escalated_to"), "external_case": get("external_case"),
            "external_due_at": get("external_due_at"), "reject_reason": get("reject_reason"),
            "satisfaction": get("satisfaction"), "satisfaction_at": _rated_at(values),
            "is_test": get("is_test") or 0,
        }  # fmt: skip

    def _exposure(self, values: dict[str, Any]) -> dict[str, Any]:
        """Flag what came through social media, suggest what sounds like it (domain.md 4.4)."""
        channel = self.run.reference.items.get(values["channel"])
        by_channel = channel is not None and channel.code == lists.SOCIAL_CHANNEL
        flagged = values.get("social_exposure")
        flagged = int(by_channel) if flagged is None else flagged
        words = detection.exposure_words(
            values.get("description") or "", self._rules.exposure_words
        )
        state = values.get("exposure_state") or ("watching" if flagged else None)
        found: dict[str, Any] = {
            "social_exposure": flagged,
            "exposure_suggested": int(bool(words) and not flagged),
            "exposure_state": state,
            "exposure_since": values["received_at"] if flagged else None,
        }
        if flagged and values.get("severity") in (None, "normal"):
            found["severity"] = "major"
            values["severity"] = "major"
        return found

    # ---- changes -------------------------------------------------------------------------------

    def update(self, row: Row) -> bool:
        """Change what differs; a time that differs changes the event it came from."""
        values, key = row.values, row.key
        if key is None or key < 0:
            return True
        row.changes = True
        given = self.columns_of(row)
        self.run.flush()  # what the row refers to may be new
        given.pop("complaint_no", None)
        given.pop("external_no", None)
        names = [*given, *TIMES]
        stored = store.columns_by_id(self.run.connection, "complaint", names, [key])[key]
        changed = {name: value for name, value in given.items() if stored[name] != value}
        texts = {name: values[name] for name in TEXTS if values.get(name)}
        before = store.columns_by_id(self.run.connection, "complaint_text", TEXTS, [key]).get(
            key, {}
        )
        new_texts = {name: value for name, value in texts.items() if before.get(name) != value}
        times = {
            n: values[n] for n in TIMES if values.get(n) is not None and values[n] != stored[n]
        }
        self.run.update("complaint", key, changed)
        self.run.update("complaint_text", key, new_texts)
        if times:
            if "received_at" in times:
                self.run.update("complaint", key, {"received_at": times["received_at"]})
            now = {**stored, **{n: v for n, v in values.items() if n in TIMES and v}}
            wanted, _ = histories.complaint_events(now)
            move_events(self, "complaint", key, [(e.at, e.type, None) for e in wanted])
        if changed or times or new_texts:
            self.run.touched_complaints.add(key)
        return bool(changed or times or new_texts)


def title_of(values: dict[str, Any]) -> str:
    """Return the summary, or the first line of the description."""
    title = values.get("title") or (values.get("description") or "").strip().split("\n", 1)[0]
    return str(title)[:TITLE_LENGTH]


def _rated_at(values: dict[str, Any]) -> int | None:
    if values.get("satisfaction") is None:
        return None
    at = values.get("satisfaction_at") or values.get("closed_at") or values.get("resolved_at")
    return int(at) if at is not None else None
