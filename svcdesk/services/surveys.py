"""Survey answers: recorded with their scores, attribution frozen, low scores followed up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem, blocking
from svcdesk.domain.survey import CSAT_MAX, CSAT_MIN, DIMENSIONS, NPS_MAX, NPS_MIN
from svcdesk.i18n.catalog import N_
from svcdesk.services import callback_rules
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import records
from svcdesk.store.numbers import next_number
from svcdesk.system.errors import ProblemsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.store.unit_of_work import UnitOfWork

SCORES = ("csat", *DIMENSIONS, "nps")


def problems(values: Mapping[str, Any], *, low: int = 2) -> list[Problem]:
    """Return what is wrong with answers: scores out of scale (AB07), a low score without words."""
    found = []
    for field in SCORES:
        value = values.get(field)
        bounds = (NPS_MIN, NPS_MAX) if field == "nps" else (CSAT_MIN, CSAT_MAX)
        if value is not None and (type(value) is not int or not bounds[0] <= value <= bounds[1]):
            text = N_("{value} is not on the scale; use whole points from {low} to {high}.")
            found.append(
                Problem(field, "AB07", text,
                        {"value": value, "low": bounds[0], "high": bounds[1]})
            )  # fmt: skip
    score = values.get("csat")
    if (
        type(score) is int
        and CSAT_MIN <= score <= low
        and not str(values.get("comment") or "").strip()
    ):
        found.append(Problem("comment", "required", N_("A low score needs the customer's words.")))
    return found


def time_problems(values: Mapping[str, Any], now: int) -> list[Problem]:
    """Return what is wrong with the times of an answer: in the future, or before it was asked."""
    answered, sent = values.get("responded_at"), values.get("sent_at")
    if answered is not None and answered > now:
        return [Problem("responded_at", "future", N_("The answer lies in the future."))]
    if sent is not None and (now if answered is None else answered) < sent:
        text = N_("The answer is older than the question: it was answered before it was sent.")
        return [Problem("responded_at", "order", text)]
    return []


def write(uow: UnitOfWork, desk: Desk, values: Mapping[str, Any]) -> int:
    """Write an answer inside a unit of work: attributed to who handled the case, and followed up."""
    row = {name: values[name] for name in (*SCORES, "comment", "method", "kind", "customer_id",
           "ticket_id", "complaint_id", "reasons") if values.get(name) is not None}  # fmt: skip
    at = int(values.get("responded_at") or uow.now)
    row.update(_attribution(uow, values))
    if "reasons" in row:
        row["reasons"] = json.dumps(list(row["reasons"]))
    row.setdefault("sent_at", int(values.get("sent_at") or at))
    key = uow.insert(
        "survey",
        {**row, "survey_no": next_number(uow, "survey", at, desk.zone), "responded_at": at},
    )
    callback_rules.plan_recovery(uow, desk, key)
    return key


def _attribution(uow: UnitOfWork, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return agent, channel, type, product and tier as they are at the time of the answer."""
    if values.get("ticket_id"):
        ticket = records.get(uow.connection, "ticket", values["ticket_id"])
        if ticket is not None:
            return {
                "agent_id": ticket["owner_id"], "channel_id": ticket["channel_id"],
                "issue_id": ticket["issue_id"], "product_id": ticket["product_id"],
                "tier": ticket["tier"], "customer_id": ticket["customer_id"],
            }  # fmt: skip
    if values.get("complaint_id"):
        complaint = records.get(uow.connection, "complaint", values["complaint_id"])
        if complaint is not None:
            return {
                "agent_id": complaint["handler_id"], "channel_id": complaint["channel_id"],
                "product_id": complaint["product_id"], "tier": complaint["tier"],
                "customer_id": complaint["customer_id"],
            }  # fmt: skip
    return {}


def record(desk: Desk, values: Mapping[str, Any]) -> Outcome[int]:
    """Record an answer that came in by itself (text message, form, on the spot)."""
    desk.require(Permission.EDIT_CALLBACKS)
    limit = int(desk.reference.settings["comment_score"])
    faults = blocking(problems(values, low=limit)) + time_problems(values, desk.clock.now())
    if all(values.get(field) is None for field in SCORES):
        faults.append(Problem("csat", "required", N_("Enter at least one score.")))
    if faults:
        raise ProblemsError(faults)
    with desk.write(N_("Record survey answer")) as uow:
        key = write(uow, desk, values)
    return Outcome(key, uow.changes)
