"""The complaint log: register, investigate, tell, settle, close (domain.md 2.7, 2.19)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain import lifecycle, lists
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem, blocking
from svcdesk.i18n.catalog import N_
from svcdesk.services import callback_rules, customer_tiers, customers, detection
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import derived, records
from svcdesk.store.numbers import next_number
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from svcdesk.domain.statemachine import Transition
    from svcdesk.store.unit_of_work import UnitOfWork

TEXTS = ("description", "cause", "answer")
JSON_COLUMNS = ("pain_tags", "remedy")
COLUMNS = ("on_behalf", "product_id", "order_no", "serial_no", "channel_id", "category_id",
           "category_sub_id", "pain_tags", "title", "region", "demand", "demand_amount", "severity",
           "severity_reason", "resp_dept_id", "resp_person_id", "handler_id", "promised_at",
           "remedy", "compensation", "liability", "overdue_reason_id", "overdue_plan",
           "social_exposure", "exposure_platform", "exposure_url", "exposure_state",
           "external_case", "external_due_at", "reject_reason", "customer_id")  # fmt: skip
DEFAULTS = {"severity": "normal"}
MAJOR_DEMAND = 500_000  # fen: ¥5,000 (2.7)
# what an action that is not a state change writes to the history
CONTACTS = {"contacted": N_("First contact"), "interim_feedback": N_("Interim feedback"),
            "note": N_("Note")}  # fmt: skip


@dataclass(frozen=True)
class ComplaintDetail:
    """A complaint with everything its page shows."""

    complaint: dict[str, Any]
    customer: dict[str, Any]
    events: list[dict[str, Any]]
    callbacks: list[dict[str, Any]]
    product: dict[str, Any] | None
    chain: list[dict[str, Any]]
    group: dict[str, Any] | None
    steps: list[Transition]


def _stored(desk: Desk, complaint_id: int) -> dict[str, Any]:
    found = records.with_text(desk.reader, "complaint", complaint_id)
    if found is None:
        raise UserError("This complaint does not exist any more.", code="gone")
    return found


def _facts(desk: Desk, complaint: dict[str, Any]) -> dict[str, Any]:
    callback = records.callback_of(desk.reader, "complaint_id", complaint["id"])
    return {**complaint, "callback_result": callback[1] if callback else None}


def get(desk: Desk, complaint_id: int) -> ComplaintDetail:
    """Return a complaint with customer, history, repeat chain, group and the steps open."""
    with desk.reading() as connection:
        complaint = _stored(desk, complaint_id)
        product_id, group_id = complaint["product_id"], complaint["group_id"]
        return ComplaintDetail(
            complaint,
            customers.get(desk, complaint["customer_id"]),
            records.children(connection, "complaint_event", "complaint_id", complaint_id, "seq"),
            records.children(connection, "callback", "complaint_id", complaint_id),
            records.get(connection, "product", product_id) if product_id else None,
            _chain(desk, complaint),
            records.get(connection, "complaint_group", group_id) if group_id else None,
            lifecycle.allowed(
                lifecycle.COMPLAINT, _facts(desk, complaint), desk.roles, desk.clock.now()
            ),
        )


def _chain(desk: Desk, complaint: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the complaints that this one repeats, the first one first."""
    found: list[dict[str, Any]] = []
    before = complaint["repeat_of_id"]
    while before is not None and len(found) < 20:
        earlier = records.get(desk.reader, "complaint", before)
        if earlier is None:
            break
        found.insert(0, earlier)
        before = earlier["repeat_of_id"]
    return found


def problems(desk: Desk, values: Mapping[str, Any]) -> list[Problem]:
    """Return what is missing or wrong in a complaint's form; warnings are advice."""
    known = {**DEFAULTS, "received_at": desk.clock.now(), **values}
    return customers.form_problems(desk, "complaint", known)


def propose_severity(desk: Desk, values: Mapping[str, Any]) -> tuple[str, str]:
    """Return the severity that the rules propose and the msgid of the reason (2.7)."""
    text = str(values.get("description") or "")
    channel = desk.reference.items.get(int(values.get("channel_id") or 0))
    if any(
        word in text
        for word in ("起火", "冒烟", "漏电", "触电", "爆炸", "鼓包", "受伤", "燃气泄漏")
    ):
        return "major", N_("Safety risk in the text")
    if (channel is not None and channel.code == lists.SOCIAL_CHANNEL) or values.get(
        "social_exposure"
    ):
        return "major", N_("Social-media exposure")
    if any(word in text for word in ("律师函", "律师", "起诉")):
        return "major", N_("Legal steps in the text")
    if int(values.get("demand_amount") or 0) >= MAJOR_DEMAND:
        return "major", N_("Demand of ¥5,000 or more")
    customer = records.get(desk.reader, "customer", int(values.get("customer_id") or 0))
    if customer is not None and customer["tier"] == "key":
        return "major", N_("Key customer")
    return "normal", ""


def create(desk: Desk, values: Mapping[str, Any]) -> Outcome[int]:
    """Register a complaint; ``new_customer`` makes its customer in the same step."""
    desk.require(Permission.EDIT_COMPLAINTS)
    faults = blocking(problems(desk, values))
    if faults:
        raise ProblemsError(faults)
    at = int(values.get("received_at") or desk.clock.now())
    title = _title(values)
    with desk.write(N_("Register complaint “{title}”"), title=title) as uow:
        customer_id = customers.of_form(uow, desk, values)
        complaint_id = _insert(uow, desk, {**values, "title": title}, at, customer_id)
        event(uow, complaint_id, "registered", at=at)
        _settle(uow, desk, complaint_id, (customer_id,))
    return Outcome(complaint_id, uow.changes)


def _settle(
    uow: UnitOfWork, desk: Desk, complaint_id: int, customer_ids: Iterable[int | None]
) -> None:
    """Make what follows from a changed complaint: its times, detections, its customers' tiers.

    ``customer_ids``: all that it has belonged to, before and after the change.
    """
    derived.refresh_complaint(uow, complaint_id, desk.reference)
    detection.recompute(uow, desk.reference)
    customer_tiers.refresh(uow, desk, *customer_ids)


def _title(values: Mapping[str, Any]) -> str:
    text = str(values.get("title") or values.get("description") or "").strip()
    return text.splitlines()[0][:100] if text else ""


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    row = {name: values[name] for name in COLUMNS if name in values and values[name] is not None}
    for name in JSON_COLUMNS:
        if name in row:
            row[name] = json.dumps(row[name])
    return row


def _insert(
    uow: UnitOfWork, desk: Desk, values: Mapping[str, Any], at: int, customer_id: int
) -> int:
    customer = records.get(uow.connection, "customer", customer_id) or {}
    row = _columns({**values, "customer_id": customer_id})
    if "severity" not in row:
        row["severity"], row["severity_reason"] = propose_severity(desk, {**values, **row})
    channel = desk.reference.items.get(int(values["channel_id"]))
    if channel is not None and channel.code == lists.SOCIAL_CHANNEL:
        row.update(social_exposure=1, exposure_state="watching")
    row["exposure_suggested"] = int(
        detection.suggests_exposure(str(values.get("description") or ""))
    )
    complaint_id = uow.insert(
        "complaint",
        {
            **row,
            "complaint_no": next_number(uow, "complaint", at, desk.zone),
            "received_at": at,
            "last_event_at": at,
            "tier": customer.get("tier", "normal"),
        },
    )
    texts = {name: str(values.get(name) or "") for name in TEXTS}
    uow.insert("complaint_text", texts, key=complaint_id)
    return complaint_id


def event(uow: UnitOfWork, complaint_id: int, kind: str, *, at: int | None = None, text: str = "",
          **more: Any) -> int:  # fmt: skip
    """Append an event to a complaint's history."""
    return uow.insert(
        "complaint_event",
        {
            "complaint_id": complaint_id,
            "seq": records.next_seq(
                uow.connection, "complaint_event", "complaint_id", complaint_id
            ),
            "at": uow.now if at is None else at,
            "actor_id": uow.actor_id,
            "type": kind,
            "text": text or None,
            **more,
        },
    )


def _write_fields(
    uow: UnitOfWork, complaint_id: int, values: Mapping[str, Any], version: int | None
) -> None:
    columns = _columns(values)
    texts = {name: values[name] for name in TEXTS if values.get(name) is not None}
    if columns:
        uow.update("complaint", complaint_id, columns, version=version)
    if texts:
        uow.update("complaint_text", complaint_id, texts)


def change(
    desk: Desk, complaint_id: int, values: Mapping[str, Any], version: int | None = None
) -> Outcome[int]:
    """Change fields of a complaint; each becomes an event with its old and new value."""
    desk.require(Permission.EDIT_COMPLAINTS)
    before = _stored(desk, complaint_id)
    changed = {
        name: value
        for name, value in values.items()
        if name in (*COLUMNS, *TEXTS) and before.get(name) != value
    }
    if "description" in changed and "title" not in changed:
        changed["title"] = _title(changed)
    faults = blocking(problems(desk, {**before, **changed}))
    if faults:
        raise ProblemsError(faults)
    with desk.write(N_("Change complaint {number}"), number=before["complaint_no"]) as uow:
        _write_fields(uow, complaint_id, changed, version)
        for name, value in changed.items():
            event(uow, complaint_id, "field_changed", name=name, old=_told(before.get(name)),
                  new=_told(value))  # fmt: skip
        if changed:
            _settle(uow, desk, complaint_id, (before["customer_id"], changed.get("customer_id")))
    return Outcome(complaint_id, uow.changes)


def _told(value: Any) -> str | None:
    return None if value is None else str(value)


def missing(desk: Desk, complaint_id: int, to: str, values: Mapping[str, Any]) -> list[Problem]:
    """Return what stands against the step ``to`` (state or action), at its fields."""
    facts = _facts(desk, _stored(desk, complaint_id))
    return lifecycle.check(
        lifecycle.COMPLAINT, facts, to, desk.roles, desk.clock.now(), values, actor=desk.actor.id
    )


def step(desk: Desk, complaint_id: int, to: str, values: Mapping[str, Any] | None = None,
         version: int | None = None) -> Outcome[int]:  # fmt: skip
    """Take one step of the state machine with what was entered for it."""
    desk.require(Permission.EDIT_COMPLAINTS)
    entered = dict(values or {})
    complaint = _stored(desk, complaint_id)
    faults = missing(desk, complaint_id, to, entered)
    if faults:
        raise ProblemsError(faults)
    transition = lifecycle.find(lifecycle.COMPLAINT, complaint["status"], to, desk.roles)
    if transition is None:  # cannot be: the check found a row
        raise UserError("This step is not possible.", code="transition")
    number = complaint["complaint_no"]
    with desk.write(N_("{step}: {number}"), step=transition.label, number=number) as uow:
        row: dict[str, Any] = {"status": transition.target}
        if transition.action == "merge":
            row["merged_into_id"] = entered.get("merged_into_id") or entered.get("merged_into")
        elif transition.action == "unmerge":
            row["merged_into_id"] = None
        # the version is checked by the first write; later ones find the row changed by this step
        uow.update("complaint", complaint_id, row, version=version)
        _write_fields(uow, complaint_id, entered, None)
        text = str(entered.get("reason") or entered.get("withdraw_evidence")
                   or entered.get("reject_reason") or entered.get("answer") or "")  # fmt: skip
        event(uow, complaint_id, transition.event, text=text,
              department_id=entered.get("resp_dept_id"))  # fmt: skip
        _settle(uow, desk, complaint_id, (complaint["customer_id"],))
        if transition.target == "resolved":
            callback_rules.plan_for_complaint(uow, desk, complaint_id)
    return Outcome(complaint_id, uow.changes)


def note(desk: Desk, complaint_id: int, kind: str, text: str) -> Outcome[int]:
    """Record a first contact, an interim feedback or a note."""
    desk.require(Permission.EDIT_COMPLAINTS)
    if kind not in CONTACTS:
        raise UserError("This step is not possible.", code="transition")
    if not text.strip():
        raise ProblemsError([Problem("text", "required", N_("Write something first."))])
    complaint = _stored(desk, complaint_id)
    with desk.write(N_("Note on {number}"), number=complaint["complaint_no"]) as uow:
        event(uow, complaint_id, kind, text=text.strip())
        derived.refresh_complaint(uow, complaint_id, desk.reference)
    return Outcome(complaint_id, uow.changes)


def extend(desk: Desk, complaint_id: int, due_at: int, reason: str) -> Outcome[int]:
    """Extend the deadline: a supervisor's right, with the reason; the original is kept."""
    desk.require(Permission.PUBLISH_REPORTS)
    complaint = _stored(desk, complaint_id)
    faults = []
    if not reason.strip():
        faults.append(Problem("reason", "required", N_("The reason is missing. Write why.")))
    if complaint["due_at"] is not None and due_at <= complaint["due_at"]:
        faults.append(
            Problem("due_at", "order", N_("The new deadline must lie after the old one."))
        )
    if faults:
        raise ProblemsError(faults)
    with desk.write(N_("Extend {number}"), number=complaint["complaint_no"]) as uow:
        uow.update(
            "complaint",
            complaint_id,
            {
                "due_original_at": complaint["due_original_at"] or complaint["due_at"],
                "due_at": due_at,
                "extension_reason": reason.strip(),
            },
        )
        event(uow, complaint_id, "extended", text=reason.strip(),
              old=_told(complaint["due_at"]), new=str(due_at))  # fmt: skip
        derived.refresh_complaint(uow, complaint_id, desk.reference)
    return Outcome(complaint_id, uow.changes)
