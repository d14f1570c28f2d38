"""What each field must be (``domain.md 2``): one table for forms and imports.

Values are typed already: text, whole numbers, UTC seconds, lists of text, codes. A reference may
be given as ``customer`` or as ``customer_id``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain import anomalies, complaint, customer, improvement, survey, ticket
from svcdesk.domain.callback import CallbackKind
from svcdesk.domain.people import Role
from svcdesk.domain.problem import Problem
from svcdesk.domain.text import is_email, is_phone
from svcdesk.i18n.catalog import N_
from svcdesk.i18n.labels import FIELD_LABELS, Msg

if TYPE_CHECKING:
    from enum import StrEnum

Values = Mapping[str, Any]
_COLUMNS = {"issue_l1": "issue_id", "category_l1": "category_id"}
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Rule:
    """What one field must be; ``missing`` is the code of an empty required field."""

    field: str
    required: bool = False
    choices: type[StrEnum] | None = None
    low: int | None = None
    high: int | None = None
    longest: int | None = None
    advised: int | None = None  # fewer characters are warned about, not refused
    pattern: re.Pattern[str] | None = None
    missing: str = "required"
    out_of_range: str = "range"


def _score(field: str, low: int = survey.CSAT_MIN, high: int = survey.CSAT_MAX) -> Rule:
    return Rule(field, low=low, high=high, out_of_range="AB07")


def _key(field: str) -> Rule:
    """Return the rule of a field without which a record means nothing (AB08)."""
    return Rule(field, required=True, missing="AB08")


RULES: dict[str, tuple[Rule, ...]] = {
    "customer": (
        Rule("name", required=True, longest=50),
        Rule("kind", choices=customer.CustomerKind),
        Rule("tier", choices=customer.Tier),
        Rule("spend_12m", low=0),
        Rule("order_count_12m", low=0),
    ),
    "product": (
        Rule("product_no", required=True),
        Rule("name", required=True),
        Rule("warranty_months", low=0, high=120),
        Rule("launch_date", pattern=_DATE),
    ),
    "order": (
        Rule("order_no", required=True),
        Rule("qty", low=0),
        Rule("amount", low=0),
        Rule("platform", choices=customer.Platform),
    ),
    "ticket": (
        _key("customer"),
        _key("channel"),
        _key("created_at"),
        Rule("title", required=True, longest=100),
        Rule("description", advised=10),
        Rule("request_type", required=True, choices=ticket.RequestType),
        Rule("priority", required=True, choices=ticket.Priority),
        Rule("complexity", required=True, choices=ticket.Complexity),
        Rule("status", choices=ticket.TicketStatus),
        Rule("resolution_code", choices=ticket.ResolutionCode),
    ),
    "ticket_event": (
        _key("ticket"),
        _key("at"),
        Rule("type", required=True, choices=ticket.TicketEventType),
    ),
    "visit": (
        _key("ticket"),
        _key("window_start"),
        _key("window_end"),
        Rule("outcome", choices=ticket.VisitOutcome),
        Rule("cancelled_by", choices=ticket.Party),
        Rule("rescheduled_by", choices=ticket.Party),
    ),
    "complaint": (
        _key("customer"),
        _key("channel"),
        _key("received_at"),
        _key("category_l1"),
        Rule("description", required=True, advised=10),
        Rule("severity", required=True, choices=complaint.Severity),
        Rule("status", choices=complaint.ComplaintStatus),
        Rule("demand", choices=complaint.Demand),
        Rule("demand_amount", low=0),
        Rule("compensation", low=0),
        Rule("liability", choices=complaint.Liability),
        Rule("exposure_state", choices=complaint.ExposureState),
        Rule("escalated_to", choices=complaint.EscalationLevel),
        Rule("exposure_reach", low=0),
        Rule("impact_lost_amount", low=0),
        Rule("impact_cost", low=0),
        Rule("impact_legal_cost", low=0),
        _score("satisfaction"),
    ),
    "complaint_event": (
        _key("complaint"),
        _key("at"),
        Rule("type", required=True, choices=complaint.ComplaintEventType),
    ),
    "callback": (
        _key("customer"),
        _key("due_at"),
        Rule("kind", required=True, choices=CallbackKind),
    ),
    "callback_attempt": (_key("callback"), _key("at"), Rule("result", required=True)),
    "survey": (
        _key("sent_at"),
        _score("csat"),
        *(_score(field) for field in survey.DIMENSIONS),
        _score("nps", survey.NPS_MIN, survey.NPS_MAX),
        Rule("method", choices=survey.SurveyMethod),
        Rule("kind", choices=survey.SurveyKind),
    ),
    "quality_check": (_key("ticket"), _key("at"), Rule("score", low=0, high=100)),
    "knowledge": (
        Rule("title", required=True, longest=200),
        Rule("solution", required=True),
        Rule("status", choices=customer.ArticleStatus),
    ),
    "user": (Rule("name", required=True, longest=50),),
    "target": (
        Rule("metric", required=True),
        Rule("valid_from", required=True, pattern=_MONTH),
        Rule("weight", low=0, high=100),
    ),
    "calendar": (
        Rule("date", required=True, pattern=_DATE),
        Rule("kind", required=True),
    ),
    "channel_daily": (
        Rule("date", required=True, pattern=_DATE),
        Rule("channel", required=True),
        Rule("offered", required=True, low=0),
        Rule("answered", required=True, low=0),
        Rule("abandoned", low=0),
        Rule("answered_in_target", low=0),
        Rule("avg_wait_s", low=0),
    ),
    "order_volume": (
        Rule("month", required=True, pattern=_MONTH),
        Rule("orders", required=True, low=0),
    ),
    "spare_part": (
        Rule("month", required=True, pattern=_MONTH),
        Rule("part_class", required=True),
        *(Rule(f, required=True, low=0) for f in ("opening", "closing", "issued", "dead")),
    ),
    "manual_metric": (
        Rule("key", required=True),
        Rule("name", required=True),
        Rule("month", required=True, pattern=_MONTH),
    ),
    "improvement_item": (
        Rule("title", required=True, longest=200),
        Rule("source", required=True, choices=improvement.ItemSource),
    ),
    "action": (
        Rule("text", required=True),
        Rule("kind", required=True, choices=improvement.ActionKind),
        Rule("owner", required=True),
        Rule("due_date", required=True, pattern=_DATE),
    ),
}


def value_of(values: Values, field: str) -> Any:
    """Return the value of ``field``, given by its own name or by its column's."""
    for name in (field, _COLUMNS.get(field, ""), f"{field}_id"):
        if values.get(name) is not None:
            return values[name]
    return None


def _name(entity: str, field: str) -> Msg:
    return Msg(FIELD_LABELS.get(entity, {}).get(field, field))


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _check_rule(entity: str, rule: Rule, values: Values) -> Problem | None:
    value = value_of(values, rule.field)
    name = _name(entity, rule.field)
    if _is_empty(value):
        if rule.required:
            return Problem(rule.field, rule.missing, N_("“{field}” is missing."), {"field": name})
        value = "" if rule.advised is not None else None
        if value is None:
            return None
    if isinstance(value, int | float):
        return _check_number(rule, value, name)
    return _check_text(rule, str(value).strip(), name)


def _check_number(rule: Rule, value: float, name: Msg) -> Problem | None:
    """Check the bounds of a number; a half point of a score is none of its scale."""
    low, high = rule.low, rule.high
    if low is None and high is None:
        return None
    whole = value == int(value)
    if whole and (low is None or value >= low) and (high is None or value <= high):
        return None
    if high is None:
        text = N_("“{field}” is {value}; it must be {low} or more.")
    else:
        text = N_("“{field}” is {value}; use whole numbers from {low} to {high}.")
    return Problem(
        rule.field, rule.out_of_range, text,
        {"field": name, "value": value, "low": low, "high": high},
    )  # fmt: skip


def _check_text(rule: Rule, value: str, name: Msg) -> Problem | None:
    details: dict[str, Any] = {"field": name, "value": value}
    if rule.choices is not None and value not in set(rule.choices):
        return Problem(
            rule.field,
            "choice",
            N_("“{field}” cannot be “{value}”. Choose from the list."),
            details,
        )
    if rule.longest is not None and len(value) > rule.longest:
        details |= {"n": len(value), "high": rule.longest}
        return Problem(
            rule.field, "too_long",
            N_("“{field}” has {n} characters; {high} are allowed."), details,
        )  # fmt: skip
    if rule.pattern is not None and not rule.pattern.fullmatch(value):
        return Problem(rule.field, "format", N_("“{field}” cannot be “{value}”."), details)
    if rule.advised is not None and len(value) < rule.advised:
        return Problem(
            rule.field, "short",
            N_("Describe the symptom, e.g. “cools poorly, outlet air 25 °C”."), details,
            warning=True,
        )  # fmt: skip
    return None


# -- rules over several fields -----------------------------------------------------------------


def _customer(values: Values) -> list[Problem]:
    problems = [
        Problem(
            "phones", "AB11",
            N_("“{value}” is not a phone number; it cannot identify the customer."),
            {"value": phone}, warning=True,
        )
        for phone in values.get("phones") or ()
        if not is_phone(phone)
    ]  # fmt: skip
    email = values.get("email")
    if email and not is_email(email):
        problems.append(
            Problem("email", "format", N_("“{value}” is not an e-mail address."), {"value": email},
                    warning=True)
        )  # fmt: skip
    return problems


def _ticket(values: Values) -> list[Problem]:
    problems = []
    if values.get("priority") == "urgent" and _is_empty(values.get("priority_reason")):
        problems.append(Problem("priority_reason", "required", N_("Write why it is urgent.")))
    if values.get("status") in {"resolved", "closed"} and value_of(values, "issue_l1") is None:
        problems.append(Problem("issue_l1", "AB08", N_("Choose the issue type.")))
    return problems


def _visit(values: Values) -> list[Problem]:
    start, end = values.get("window_start"), values.get("window_end")
    if start is not None and end is not None and end <= start:
        return [Problem("window_end", "order", N_("The window must end after it starts."))]
    return []


def _complaint(values: Values) -> list[Problem]:
    problems = []
    handler = value_of(values, "handler")
    if handler is not None and handler == value_of(values, "complained_of"):
        problems.append(
            Problem(
                "handler", "same_person",
                N_("The person complained about cannot handle the complaint. Choose another one."),
            )
        )  # fmt: skip
    told, received = values.get("told_at"), values.get("received_at")
    if told is not None and received is not None and told < received:
        problems.append(
            Problem("told_at", "order", N_("This cannot lie before the receipt of the complaint."))
        )
    return problems


def _quality_check(values: Values) -> list[Problem]:
    inspector = value_of(values, "inspector")
    if inspector is not None and inspector == value_of(values, "agent"):
        return [Problem("inspector", "same_person", N_("Nobody inspects their own work."))]
    return []


def _user(values: Values) -> list[Problem]:
    wrong = [r for r in values.get("roles") or () if r not in set(Role) - {Role.SYSTEM}]
    return [
        Problem("roles", "choice", N_("“{value}” is not a role."), {"value": role})
        for role in wrong
    ]


_TOGETHER: dict[str, Callable[[Values], list[Problem]]] = {
    "customer": _customer,
    "ticket": _ticket,
    "visit": _visit,
    "complaint": _complaint,
    "quality_check": _quality_check,
    "user": _user,
}


def validate(entity: str, values: Values, now: int, *, imported: bool = False) -> list[Problem]:
    """Return everything that is wrong with ``values``, at its field.

    By hand, abnormal data that the catalogue refuses (4.5) is refused here as well; an import
    flags it instead (:func:`svcdesk.domain.anomalies.flags`). Warnings never block.
    """
    problems = [
        problem
        for rule in RULES.get(entity, ())
        if (problem := _check_rule(entity, rule, values)) is not None
    ]
    together = _TOGETHER.get(entity)
    if together is not None:
        problems += together(values)
    problems += anomalies.refusals(entity, values, now, imported=imported)
    return problems
