"""The kinds of import that are plain tables: their columns, defaults and checks."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from svcdesk.domain.customer import QualityItem, QualityResult
from svcdesk.domain.lists import MANUAL_METRICS
from svcdesk.domain.metrics.registry import BY_ID
from svcdesk.domain.quality import FormItem, verdict
from svcdesk.domain.text import is_phone
from svcdesk.i18n.catalog import N_
from svcdesk.services import imports_surveys, quality_forms, targets
from svcdesk.services.imports_refs import make_customer
from svcdesk.services.imports_run import Row, Run, refusal
from svcdesk.services.imports_tables import TableHandler, TableSpec
from svcdesk.services.imports_tickets import move_events
from svcdesk.store import imports as store
from svcdesk.store.given_figures import WHOLE_DESK
from svcdesk.store.segment import initials
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svcdesk.interchange.problems import Bad

HALF_HOUR = 1800
NO_CUSTOMER = N_("The customer is blank, and no ticket or complaint names one.")
NO_TIME = N_("Neither the time of sending nor the time of the answer is given.")
NO_METRIC = N_("There is no metric “{value}”; the metric list names them.")
MORE_ANSWERED = N_("More contacts answered ({answered}) than offered ({offered}).")
SAME_PERSON = N_("Inspector and inspected are the same person.")
WINDOW_ORDER = N_("The window ends before it starts.")
SPANS = N_("“{value}” is not a working span; write it as 09:00-12:00.")
PHONE_FIELDS = frozenset({"customer_phone"})


def _channel_daily(run: Run, values: dict[str, Any]) -> Iterable[Bad]:
    del run
    offered, answered = values["offered"], values["answered"]
    if offered < answered:
        yield refusal("AB17", MORE_ANSWERED, "answered", offered=offered, answered=answered)


def _targets(run: Run, values: dict[str, Any]) -> Iterable[Bad]:
    text = values.get("scope") or WHOLE_DESK
    try:
        values["scope"] = targets.scope_code(run.connection, run.reference, str(text))
    except UserError as error:
        yield refusal("scope", error.text, "scope", **error.values)
    if values["metric"] not in BY_ID:
        yield refusal("metric", NO_METRIC, "metric", value=values["metric"])


def _manual(run: Run, values: dict[str, Any]) -> None:
    del run
    known = next((m for m in MANUAL_METRICS if values["key"] in (m.key, m.name)), None)
    if known is not None:
        values["key"] = known.key
        for name in ("name", "unit", "direction"):
            if values.get(name) is None:
                values[name] = getattr(known, name)
    values["name"] = values.get("name") or values["key"]


def _calendar(run: Run, values: dict[str, Any]) -> Iterable[Bad]:
    values["calendar_id"] = run.reference.default_calendar_id
    spans = []
    for word in values.get("spans") or ():
        start, dash, end = word.replace("—", "-").replace("~", "-").partition("-")
        if not dash or not start.strip() or not end.strip():
            yield refusal("not_a_span", SPANS, "spans", value=word)
        spans.append([start.strip().zfill(5), end.strip().zfill(5)])
    values["spans"] = spans or None


def _visits(run: Run, values: dict[str, Any]) -> Iterable[Bad]:
    del run
    start = values["window_start"]
    if values.get("window_end") is None:
        values["window_end"] = start + HALF_HOUR
    if values["window_end"] <= start:
        yield refusal("order", WINDOW_ORDER, "window_end")


def _quality(run: Run, values: dict[str, Any]) -> Iterable[Bad]:
    if values.get("agent") is None:
        found = store.columns_by_id(run.connection, "ticket", ["owner_id"], [values["ticket"]])
        values["agent"] = found[values["ticket"]]["owner_id"]
    if values.get("inspector") is not None and values["inspector"] == values["agent"]:
        yield refusal("same_person", SAME_PERSON, "inspector")
    form = quality_forms.current(run.desk)
    known = {item.item: item for item in form.items}
    lines = []
    for name in QualityItem:
        if values.get(name):
            plain = FormItem(str(name), "", "")  # an item that the form has no longer
            lines.append({**known.get(str(name), plain).as_dict(), "result": str(values[name])})
    judged = verdict(
        [(QualityResult(x["result"]), x["weight"], x["critical"]) for x in lines],
        int(run.reference.settings["quality_pass"]),
    )
    critical = judged.critical_fail or bool(values.get("critical_fail"))
    values["critical_fail"] = int(critical)
    values["items"] = lines
    values["form"] = form.id
    values["score_tenths"] = judged.tenths
    values["passed"] = int(bool(judged.passed)) if judged.passed is not None else None
    if critical:
        values["passed"] = 0


def _from_case(run: Run, values: dict[str, Any], names: dict[str, str]) -> None:
    """Take what the row does not say from its ticket or complaint (attribution)."""
    for case, number in (("ticket", values.get("ticket")), ("complaint", values.get("complaint"))):
        wanted = {f: c for f, c in names.items() if values.get(f) is None and _has(case, c)}
        if number is None or not wanted:
            continue
        found = store.columns_by_id(run.connection, case, list(wanted.values()), [number])
        for field, column in wanted.items():
            values[field] = found[number][column]


def _has(case: str, column: str) -> bool:
    return not (
        (case == "complaint" and column in ("owner_id", "issue_id", "created_at"))
        or (case == "ticket" and column == "handler_id")
    )


def _callbacks(run: Run, values: dict[str, Any]) -> Iterable[Bad]:
    _from_case(run, values, {"customer": "customer_id"})
    if values.get("customer") is None and values.get("survey") is not None:
        found = store.columns_by_id(run.connection, "survey", ["customer_id"], [values["survey"]])
        values["customer"] = found[values["survey"]]["customer_id"]
    if values.get("customer") is None:
        yield refusal("AB08", NO_CUSTOMER, "customer")
    if values.get("kind") is None:
        values["kind"] = (
            "low_score"
            if values.get("survey")
            else "complaint"
            if values.get("complaint")
            else "routine"
        )
    if values.get("state") is None:
        values["state"] = "completed" if values.get("completed_at") else "planned"


def _surveys(run: Run, values: dict[str, Any]) -> Iterable[Bad]:
    if values.get("sent_at") is None:
        values["sent_at"] = values.get("responded_at")
    if values["sent_at"] is None:
        yield refusal("AB08", NO_TIME, "responded_at")
    imports_surveys.freeze(run, values)
    _within_day(run, values)
    imports_surveys.name_reasons(run, values)


def _within_day(run: Run, values: dict[str, Any]) -> None:
    """Read an answer that has a date but no time as given on that day, after what it answers.

    Midnight would lie before a ticket of the same day and flag a good answer AB14.
    """
    answered = values.get("responded_at")
    starts = [s for n in ("sent_at", "ticket_created_at") if (s := values.get(n)) is not None]
    if answered is None or not starts or max(starts) <= answered:
        return
    wall, start = (datetime.fromtimestamp(at, run.zone) for at in (answered, max(starts)))
    if wall.time() == time() and wall.date() == start.date():
        values["responded_at"] = max(starts)


SPECS: dict[str, TableSpec] = {
    "customers": TableSpec(entity="customer"),
    "products": TableSpec(
        entity="product", defaults={"warranty_months": 12, "three_guarantee": 0, "active": 1}
    ),
    "orders": TableSpec(left=PHONE_FIELDS, defaults={"qty": 1}),
    "users": TableSpec(
        entity="person", defaults={"roles": '["agent"]', "active": 1},
    ),
    "knowledge": TableSpec(
        entity="knowledge",
        defaults={"kind": "article", "symptom": "", "keywords": "", "status": "published",
                  "version": 1},
    ),
    "visits": TableSpec(flags=True, derive=_visits),
    "callbacks": TableSpec(
        left=PHONE_FIELDS, entity="callback", moment="due_at", defaults={"notes": ""}, flags=True,
        derive=_callbacks,
    ),
    "callback-attempts": TableSpec(defaults={"note": ""}),
    "surveys": TableSpec(
        left=PHONE_FIELDS | {"ticket_created_at", "derived"}, entity="survey", moment="sent_at",
        defaults={"comment": "", "method": "form", "kind": "normal", "invalid": 0, "reasons": "[]",
                  "source": "customer", "tier": "normal", "team": None, "closing_seq": None,
                  "closing_at": None, "participants": "[]", "first_at": None},
        flags=True, derive=_surveys,
    ),
    "questionnaires": imports_surveys.SPEC,
    "quality-checks": TableSpec(
        left=frozenset(map(str, QualityItem)),
        columns={"form": "form_id"},
        defaults={"form_id": None, "items": "[]", "score_tenths": None, "passed": None, "critical_fail": 0,
                  "voided": 0, "note": ""},
        derive=_quality,
    ),
    "targets": TableSpec(defaults={"weight": 0}, derive=_targets),
    "calendar": TableSpec(
        defaults={"calendar_id": None, "name": "", "source": ""}, derive=_calendar
    ),
    "channel-daily": TableSpec(derive=_channel_daily),
    "order-volume": TableSpec(),
    "spare-parts": TableSpec(),
    "manual-metrics": TableSpec(
        defaults={"unit": "", "direction": "up", "note": ""}, derive=_manual
    ),
}  # fmt: skip


class ProductHandler(TableHandler):
    """Products: known by number, else by name."""

    def identify(self, rows: list[Row]) -> None:
        """Find by number; a row without one by the name and model."""
        super().identify(rows)
        unnamed = [row for row in rows if not row.identity]
        keys = [(row.values["name"], row.values.get("model")) for row in unnamed]
        found = store.by_key(self.run.connection, "product", ("name", "model"), keys)
        for row, key in zip(unnamed, keys, strict=True):
            row.identity, row.key = key, found.get(key)


class CustomerHandler(TableHandler):
    """Customers: known by number, else by a valid phone (domain.md 2.1)."""

    def named(self, fields: dict[str, Any]) -> bool:
        """Take a valid phone for a name, as good as a number."""
        return super().named(fields) or any(is_phone(p) for p in fields.get("phones") or ())

    def identify(self, rows: list[Row]) -> None:
        """Find by number or phone."""
        super().identify(rows)
        unnamed = [row for row in rows if not row.identity]
        first = {row.place: next(p for p in row.values["phones"] if is_phone(p)) for row in unnamed}
        found = store.customers_by_phone(self.run.connection, sorted(set(first.values())))
        for row in unnamed:
            phone = first[row.place]
            row.identity = ("phone", phone)
            row.key = next(iter(found.get(phone, ())), None)

    def insert(self, rows: list[Row]) -> int:
        """Write new customers."""
        held = [row.values["customer_no"] for row in rows if row.values.get("customer_no")]
        self.run.release("customer", "customer_no", held)
        for row in rows:
            manager = self.resolver.real(row.values.get("manager"))
            make_customer(self.run, {**row.values, "manager": manager}, row.key)
        return len(rows)

    def changing(self, row: Row, changed: dict[str, Any]) -> None:
        """Keep the initials true to the name; a tier that somebody decided overrules the rule."""
        del row
        if "tier" in changed:
            changed |= {"tier_manual": changed["tier"], "tier_until": None}
        if "name" in changed:
            changed["initials"] = initials(changed["name"]) or None


class CallbackHandler(TableHandler):
    """Callbacks: a ticket that was called back is one that needed it."""

    def insert(self, rows: list[Row]) -> int:
        """Write new callbacks and mark their tickets."""
        written = super().insert(rows)
        tickets = {row.values["ticket"] for row in rows if row.values.get("ticket") is not None}
        known = store.columns_by_id(
            self.run.connection, "ticket", ["callback_required"], sorted(tickets)
        )
        for key, columns in known.items():
            if not columns["callback_required"]:
                self.run.update("ticket", key, {"callback_required": 1})
        return written


class SequenceHandler(TableHandler):
    """Visits and attempts: each has a place in the order of its owner."""

    owner = "ticket"

    def identify(self, rows: list[Row]) -> None:
        """Find by the place that the file gives, or by what the row says."""
        owners = sorted({row.values[self.owner] for row in rows})
        column = f"{self.owner}_id"
        if self.owner == "ticket":
            taken = store.seq_taken(self.run.connection, self.kind.table, column, owners)
            starts = store.moments(self.run.connection, "visit", column, "window_start", owners)
            for row in rows:
                owner, seq = row.values["ticket"], row.values.get("seq")
                if seq is not None:
                    row.identity, row.key = (owner, seq), taken.get((owner, seq))
                else:
                    start = (owner, row.values["window_start"])
                    row.identity, row.key = (*start, "at"), starts.get(start)
        else:
            starts = store.moments(self.run.connection, self.kind.table, column, "at", owners)
            for row in rows:
                key = (row.values[self.owner], row.values["at"])
                row.identity, row.key = key, starts.get(key)

    def insert(self, rows: list[Row]) -> int:
        """Write new rows, each at the end of its owner's order when the file gives no place."""
        column = f"{self.owner}_id"
        last = store.next_seq(
            self.run.connection, self.kind.table, column, {row.values[self.owner] for row in rows}
        )
        for row in rows:
            owner = row.values[self.owner]
            seq = row.values.get("seq")
            if seq is None or seq <= last.get(owner, 0):
                seq = row.values["seq"] = last.get(owner, 0) + 1
            last[owner] = max(seq, last.get(owner, 0))
        return super().insert(rows)


class VisitHandler(SequenceHandler):
    """Visits: what happened at the door is also an event of the ticket."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._tickets: set[int] = set()

    def insert(self, rows: list[Row]) -> int:
        """Write new visits."""
        self._tickets.update(row.values["ticket"] for row in rows)
        return super().insert(rows)

    def changing(self, row: Row, changed: dict[str, Any]) -> None:
        """Follow a changed visit with its events."""
        del changed
        self._tickets.add(row.values["ticket"])

    def finish(self) -> None:
        """Bring the tickets' events to what their visits say."""
        if self.run.uow is None:
            return
        self.run.flush()
        for key in sorted(self._tickets):
            wanted: list[tuple[int, str, str | None]] = []
            for arrived, left, done, end in store.visits_of(self.run.connection, key):
                if arrived is not None:
                    wanted.append((arrived, "visit_arrived", None))
                if done:
                    wanted.append((left or arrived or end, "visit_done", None))
            move_events(self, "ticket", key, wanted, kinds=("visit_arrived", "visit_done"))
        self.run.touched_tickets |= self._tickets


class AttemptHandler(SequenceHandler):
    """Attempts of callbacks."""

    owner = "callback"


HANDLERS: dict[str, type[TableHandler]] = {
    "customers": CustomerHandler,
    "products": ProductHandler,
    "callbacks": CallbackHandler,
    "visits": VisitHandler,
    "callback-attempts": AttemptHandler,
    "surveys": imports_surveys.SurveyHandler,
    "questionnaires": imports_surveys.QuestionnaireHandler,
}
