"""Complaints as rows: their columns, texts and events, and what follows from a change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from svcdesk.domain.complaint_approval import ApprovalState, approval_state
from svcdesk.services import customer_tiers, detection
from svcdesk.store import derived, records
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from svcdesk.services.desk import Desk
    from svcdesk.store.unit_of_work import UnitOfWork

TEXTS = ("description", "cause", "answer")
JSON_COLUMNS = ("pain_tags", "remedy")
COLUMNS = ("on_behalf", "product_id", "order_no", "serial_no", "channel_id", "category_id",
           "category_sub_id", "pain_tags", "title", "region", "demand", "demand_amount", "severity",
           "severity_reason", "resp_dept_id", "resp_person_id", "handler_id", "complained_of_id",
           "promised_at", "remedy", "compensation", "liability", "overdue_reason_id",
           "overdue_plan", "social_exposure", "exposure_platform", "exposure_url",
           "exposure_state", "exposure_reach", "exposure_handler_id", "reject_reason",
           "withdraw_evidence", "told_at", "told_channel_id", "customer_id", "impact_lost",
           "impact_lost_amount", "impact_reputation", "impact_cost", "impact_compliance",
           "impact_guarantees", "impact_legal", "impact_legal_cost")  # fmt: skip
_FLAGS = frozenset({"social_exposure", "impact_lost", "impact_reputation", "impact_compliance",
                    "impact_guarantees", "impact_legal"})  # fmt: skip
# columns that always hold something: emptied, they keep what they had
_FILLED = frozenset({"channel_id", "category_id", "title", "severity", "customer_id",
                     "social_exposure", *JSON_COLUMNS})  # fmt: skip
YUAN = 100  # fen


def stored(desk: Desk, complaint_id: int) -> dict[str, Any]:
    """Return a complaint with its texts; refuse one that is gone."""
    found = records.with_text(desk.reader, "complaint", complaint_id)
    if found is None:
        raise UserError("This complaint does not exist any more.", code="gone")
    return found


def facts(
    desk: Desk, complaint: Mapping[str, Any], entered: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return a complaint with the facts that the guards of its steps name."""
    callback = records.callback_of(desk.reader, "complaint_id", complaint["id"])
    trace = trace_of(desk, complaint["id"])
    amount = (entered or {}).get("compensation", complaint["compensation"])
    return {
        **complaint,
        "callback_result": callback[1] if callback else None,
        "traced": bool(trace and trace["cause"].strip() and trace["department_id"]),
        "approval": str(approval_of(desk, complaint["id"], amount)),
    }


def trace_of(desk: Desk, complaint_id: int) -> dict[str, Any] | None:
    """Return the trace of responsibility of a complaint, None while there is none."""
    found = records.children(desk.reader, "complaint_trace", "complaint_id", complaint_id)
    return found[-1] if found else None


def approval_of(desk: Desk, complaint_id: int, amount: int | None) -> ApprovalState:
    """Return how the approval of a compensation of ``amount`` (fen) stands."""
    rows = records.children(desk.reader, "complaint_approval", "complaint_id", complaint_id)
    return approval_state(amount, desk.reference.settings["compensation_agent"] * YUAN, rows)


def columns_of(values: Mapping[str, Any], *, clear: bool = False) -> dict[str, Any]:
    """Return the columns among ``values``; with ``clear`` emptied ones become NULL."""
    row: dict[str, Any] = {}
    for name in COLUMNS:
        if name not in values:
            continue
        value = values[name]
        if value is None and not (clear and name not in _FILLED):
            continue
        if name in JSON_COLUMNS:
            value = json.dumps(value)
        elif name in _FLAGS and value is not None:
            value = int(value)
        row[name] = value
    return row


def title_of(values: Mapping[str, Any]) -> str:
    """Return the summary: as given, or the first line of the description."""
    text = str(values.get("title") or values.get("description") or "").strip()
    return text.splitlines()[0][:100] if text else ""


def told(value: Any) -> str | None:
    """Return a value as the history keeps it."""
    if value is None:
        return None
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)


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


def write_fields(
    uow: UnitOfWork, complaint_id: int, values: Mapping[str, Any], version: int | None,
    *, clear: bool = False,
) -> None:  # fmt: skip
    """Write columns and texts of a complaint."""
    columns = columns_of(values, clear=clear)
    texts = {
        name: values[name] or "" for name in TEXTS
        if name in values and (clear or values[name] is not None)
    }  # fmt: skip
    if columns:
        uow.update("complaint", complaint_id, columns, version=version)
    if texts:
        uow.update("complaint_text", complaint_id, texts)


def settle(
    uow: UnitOfWork, desk: Desk, complaint_id: int, customer_ids: Iterable[int | None]
) -> None:
    """Make what follows from a changed complaint: its times, detections, its customers' tiers.

    ``customer_ids``: all that it has belonged to, before and after the change.
    """
    derived.refresh_complaint(uow, complaint_id, desk.reference)
    detection.settle(uow, desk, complaint_id)
    customer_tiers.refresh(uow, desk, *customer_ids)
