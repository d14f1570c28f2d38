"""Names of codes and fields: one English msgid each, Chinese in the catalogue.

``LABELS`` is keyed by the name of the enum class (or of the reference list) and the stored code,
``FIELD_LABELS`` by entity and field. Forms, tables, import templates, exports and reports all take
their words from here (glossary: ``domain.md 1``, headers: ``domain.md 2``).
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from svcdesk.i18n.catalog import N_, Translator, current
from svcdesk.i18n.complaint_labels import COMPLAINT_LABELS
from svcdesk.i18n.field_labels import FIELD_LABELS
from svcdesk.i18n.list_labels import LIST_LABELS
from svcdesk.i18n.ticket_labels import TICKET_LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FIELD_LABELS", "LABELS", "Msg", "code_label", "field_label", "label", "sentence"]

LABELS: dict[str, dict[str, str]] = {
    "Role": {
        "agent": N_("Agent"),
        "tech": N_("Technician"),
        "callback": N_("Callback agent"),
        "supervisor": N_("Supervisor"),
        "dept": N_("Department contact"),
        "quality": N_("Quality specialist"),
        "admin": N_("Administrator"),
        "viewer": N_("Management (read only)"),
        "system": N_("System"),
    },
    "TicketStatus": {
        "new": N_("New"),
        "assigned": N_("Assigned"),
        "in_progress": N_("In progress"),
        "pending_customer": N_("Waiting for customer"),
        "pending_internal": N_("Waiting internally"),
        "resolved": N_("Resolved"),
        "closed": N_("Closed"),
        "cancelled": N_("Cancelled"),
        "merged": N_("Merged"),
    },
    "RequestType": {
        "consult": N_("Consultation"),
        "install": N_("Installation"),
        "repair": N_("Repair"),
        "return": N_("Return"),
        "exchange": N_("Exchange"),
        "parts": N_("Parts supply"),
        "complaint": N_("Complaint transfer"),
        "other": N_("Other"),
    },
    "Priority": {
        "urgent": N_("Urgent"),
        "high": N_("High"),
        "normal": N_("Normal"),
        "low": N_("Low"),
    },
    "Complexity": {
        "basic": N_("Basic"),
        "complex": N_("Complex"),
    },
    "ResolutionCode": {
        "remote": N_("Remote guidance"),
        "onsite": N_("On-site repair"),
        "exchange": N_("Exchange"),
        "refund": N_("Return and refund"),
        "parts": N_("Parts supply"),
        "explained": N_("Explanation given"),
        "factory_repair": N_("Factory repair"),
        "unsolved": N_("Could not be solved"),
        "abandoned": N_("Given up by customer"),
    },
    "TicketEventType": {
        "created": N_("Created"),
        "dispatched": N_("Dispatched"),
        "dispatch_withdrawn": N_("Dispatch withdrawn"),
        "accepted": N_("Accepted"),
        "rejected_back": N_("Returned"),
        "public_reply": N_("Reply to customer"),
        "call_in": N_("Incoming call"),
        "call_out": N_("Outgoing call"),
        "internal_note": N_("Internal note"),
        "transferred": N_("Transferred"),
        "escalated": N_("Escalated"),
        "status_changed": N_("Status changed"),
        "visit_planned": N_("Visit planned"),
        "visit_rescheduled": N_("Visit rescheduled"),
        "visit_arrived": N_("Technician arrived"),
        "visit_done": N_("Visit done"),
        "resolved": N_("Resolved"),
        "reopened": N_("Reopened"),
        "closed": N_("Closed"),
        "cancelled": N_("Cancelled"),
        "merged": N_("Merged"),
        "unmerged": N_("Merge undone"),
        "field_changed": N_("Field changed"),
    },
    "VisitOutcome": {
        "done": N_("Done"),
        "not_done": N_("Not done"),
        "customer_absent": N_("Customer absent"),
        "cancelled": N_("Cancelled"),
    },
    "Party": {
        "customer": N_("Customer"),
        "company": N_("Company"),
    },
    "ComplaintStatus": {
        "registered": N_("Registered"),
        "accepted": N_("Complaint accepted"),
        "investigating": N_("Investigating"),
        "responded": N_("Solution communicated"),
        "resolved": N_("Settled"),
        "closed": N_("Closed"),
        "rejected": N_("Rejected"),
        "withdrawn": N_("Withdrawn"),
        "merged": N_("Merged"),
    },
    "Severity": {
        "normal": N_("Ordinary"),
        "major": N_("Major"),
        "urgent": N_("Urgent"),
    },
    "Demand": {
        "refund": N_("Refund"),
        "exchange": N_("Exchange"),
        "repair": N_("Repair"),
        "compensation": N_("Compensation"),
        "apology": N_("Apology"),
        "explanation": N_("Explanation"),
        "rectification": N_("Rectification"),
        "other": N_("Other"),
    },
    "Remedy": {
        "refund": N_("Refund"),
        "replacement": N_("Replacement"),
        "repair": N_("Repair"),
        "discount": N_("Discount"),
        "gift": N_("Gift"),
        "apology": N_("Apology"),
        "explanation": N_("Explanation"),
        "other": N_("Other"),
    },
    "Liability": {
        "liable": N_("Liable"),
        "partly": N_("Partly liable"),
        "not_liable": N_("Not liable"),
        "pending": N_("Undecided"),
    },
    "ExposureState": {
        "watching": N_("Monitoring"),
        "answered": N_("Answered"),
        "calm": N_("Calmed down"),
    },
    "EscalationLevel": {
        "supervisor": N_("To supervisor"),
        "manager": N_("To manager"),
        "general_manager": N_("To general manager"),
        "external": N_("To external body"),
    },
    "ComplaintClass": {
        "on_time": N_("Settled on time"),
        "late_resolved": N_("Settled late"),
        "overdue_open": N_("Overdue, open"),
        "not_yet_due": N_("Not yet due"),
        "withdrawn": N_("Withdrawn"),
    },
    "CallbackKind": {
        "routine": N_("Regular callback"),
        "complaint": N_("Complaint callback"),
        "low_score": N_("Low-score recovery"),
        "key_care": N_("Key-customer care"),
        "mystery": N_("Mystery-shopper follow-up"),
    },
    "CallbackState": {
        "planned": N_("Planned"),
        "in_progress": N_("Calling"),
        "completed": N_("Completed"),
        "unreachable": N_("Unreachable"),
        "refused": N_("Refused"),
        "cancelled": N_("Cancelled"),
    },
    "AttemptResult": {
        "connected": N_("Connected"),
        "no_answer": N_("No answer"),
        "busy": N_("Busy"),
        "off": N_("Switched off"),
        "wrong_number": N_("Number does not exist"),
        "hung_up": N_("Hung up"),
        "refused": N_("Refused"),
        "call_back_at": N_("Call again at a set time"),
    },
    "CallbackResult": {
        "satisfied": N_("Satisfied"),
        "fair": N_("Neutral"),
        "dissatisfied": N_("Dissatisfied"),
        "new_problem": N_("New issue raised"),
    },
    "RecoveryResult": {
        "fixed": N_("Put right"),
        "not_fixed": N_("Not put right"),
        "not_reached": N_("Could not be reached"),
    },
    "SurveyMethod": {
        "callback": N_("Callback by phone"),
        "sms": N_("Text message"),
        "wechat": N_("WeChat"),
        "form": N_("Online form"),
        "platform": N_("Platform rating"),
        "on_site": N_("On site"),
    },
    "SurveySource": {
        "customer": N_("Customers"),
        "mystery": N_("Mystery customer"),
        "partner": N_("Partner feedback"),
        "third_party": N_("Third party"),
    },
    "SurveyState": {
        "sent": N_("Waiting for answer"),
        "answered": N_("Answer received"),
        "expired": N_("Expired"),
    },
    "SurveyKind": {
        "normal": N_("Normal survey"),
        "recovery": N_("After recovery"),
    },
    "CsatScore": {
        "5": N_("Very satisfied"),
        "4": N_("Satisfied"),
        "3": N_("Neutral"),
        "2": N_("Dissatisfied"),
        "1": N_("Very dissatisfied"),
    },
    "NpsGroup": {
        "promoter": N_("Promoters"),
        "passive": N_("Passives"),
        "detractor": N_("Detractors"),
    },
    "CustomerKind": {
        "person": N_("Person"),
        "company": N_("Organisation"),
    },
    "Tier": {
        "key": N_("Key customer"),
        "normal": N_("Regular"),
    },
    "TierReason": {
        "top_spend": N_("Top 20 % by spend"),
        "spend_amount": N_("Spend above the set amount"),
        "complained": N_("Has complained"),
        "high_unit_price": N_("High order value"),
        "first_complaint": N_("First complaint"),
        "manual": N_("Set by hand"),
    },
    "Platform": {
        "tmall": N_("Tmall"),
        "jd": N_("JD.com"),
        "douyin": N_("Douyin"),
        "own": N_("Own shop"),
        "store": N_("Store"),
        "other": N_("Other"),
    },
    "ArticleKind": {
        "article": N_("Article"),
        "sop": N_("Procedure"),
        "case": N_("Case to copy"),
        "praise": N_("Warm-service story"),
    },
    "ArticleStatus": {
        "draft": N_("Draft"),
        "published": N_("Published"),
        "retired": N_("Retired"),
    },
    "QualityItem": {
        "clothing": N_("Appearance"),
        "script": N_("Script"),
        "process": N_("Process"),
        "credentials": N_("Credentials shown"),
        "records": N_("Complete records"),
        "privacy": N_("Privacy"),
    },
    "QualityResult": {
        "pass": N_("Pass"),
        "fail": N_("Fail"),
        "na": N_("Not applicable"),
    },
    "ItemStatus": {
        "identified": N_("Identified"),
        "analyzing": N_("Analysing"),
        "planned": N_("Measures planned"),
        "executing": N_("Executing"),
        "verifying": N_("Verifying"),
        "closed": N_("Closed"),
        "void": N_("Void"),
        "merged": N_("Merged"),
    },
    "ItemSource": {
        "threshold": N_("Threshold warning"),
        "repeat": N_("Repeat complaint"),
        "group": N_("Group complaint"),
        "exposure": N_("Social-media exposure"),
        "pareto": N_("Frequent problem (Pareto)"),
        "quality": N_("Quality inspection"),
        "manual": N_("Entered by hand"),
        "suggestion": N_("Customer suggestion"),
    },
    "EventKind": {
        "change": N_("Process change"),
        "pilot": N_("Pilot"),
        "promotion": N_("Promotion"),
        "system": N_("System upgrade"),
        "product": N_("New product"),
        "complaints": N_("Many complaints"),
        "other": N_("Other"),
    },
    "ItemScope": {
        "all": N_("Whole desk"),
        "department": N_("Department"),
        "product": N_("Product"),
        "person": N_("Staff member"),
    },
    "ActionState": {
        "todo": N_("To do"),
        "doing": N_("Under way"),
        "blocked": N_("Blocked"),
        "done": N_("Done"),
        "verified": N_("Verified"),
        "cancelled": N_("Cancelled"),
    },
    "ActionKind": {
        "corrective": N_("Corrective"),
        "preventive": N_("Preventive"),
        "interim": N_("Containment"),
    },
    "RcaMethod": {
        "five_why": N_("5 Whys"),
        "fishbone": N_("Fishbone"),
        "both": N_("Both methods"),
    },
    "Bone": {
        "man": N_("Man"),
        "machine": N_("Machine"),
        "material": N_("Material"),
        "method": N_("Method"),
        "environment": N_("Environment"),
        "measurement": N_("Measurement"),
        "surroundings": N_("Surroundings"),
        "suppliers": N_("Suppliers"),
        "systems": N_("Systems"),
        "skills": N_("Skills"),
        "procedures": N_("Procedures"),
    },
    "Likelihood": {
        "high": N_("High"),
        "medium": N_("Medium"),
        "low": N_("Low"),
    },
    "Verdict": {
        "effective": N_("Effective"),
        "ineffective": N_("Ineffective"),
        "watching": N_("Under observation"),
    },
    "ReportKind": {
        "monthly": N_("Monthly service report"),
        "complaints": N_("Monthly complaint summary"),
        "quarterly": N_("Quarterly report with plan"),
        "half_year": N_("Half-year report"),
    },
    "ReportStatus": {
        "draft": N_("Draft"),
        "generated": N_("Generated"),
        "reviewed": N_("Reviewed"),
        "published": N_("Published"),
        "superseded": N_("Superseded"),
    },
    **LIST_LABELS,
    **TICKET_LABELS,
    **COMPLAINT_LABELS,
}


def code_label(kind: str, code: str, t: Translator | None = None) -> str:
    """Return the name of ``code`` of the enum or list ``kind``; an unknown code names itself."""
    text = LABELS.get(kind, {}).get(str(code))
    return (t or current())(text) if text is not None else str(code)


def label(member: Enum, t: Translator | None = None) -> str:
    """Return the name of an enum member in ``t`` (default: the language of the screen)."""
    return code_label(type(member).__name__, str(member.value), t)


class Msg(str):
    """A msgid used as a value of another text: it is translated before it is filled in."""

    __slots__ = ()


def sentence(text: str, values: Mapping[str, Any], t: Translator | None = None) -> str:
    """Translate ``text`` and fill in ``values``; enum members and :class:`Msg` by their names."""
    translate = t or current()
    filled = {
        key: label(value, translate)
        if isinstance(value, Enum)
        else translate(value)
        if isinstance(value, Msg)
        else value
        for key, value in values.items()
    }
    return translate(text).format(**filled)


def field_label(entity: str, field: str, t: Translator | None = None) -> str:
    """Return the name of a field of ``entity``; an unknown field names itself."""
    text = FIELD_LABELS.get(entity, {}).get(field)
    return (t or current())(text) if text is not None else field
