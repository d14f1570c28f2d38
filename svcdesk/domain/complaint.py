"""Words of a complaint (``domain.md 2.7``)."""

from __future__ import annotations

from enum import StrEnum


class ComplaintStatus(StrEnum):
    """Where a complaint stands (``domain.md 2.19``)."""

    REGISTERED = "registered"
    ACCEPTED = "accepted"
    INVESTIGATING = "investigating"
    RESPONDED = "responded"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Severity(StrEnum):
    """How grave; selects the deadline (2.7)."""

    NORMAL = "normal"
    MAJOR = "major"
    URGENT = "urgent"


class Demand(StrEnum):
    """What the complainant asks for."""

    REFUND = "refund"
    EXCHANGE = "exchange"
    REPAIR = "repair"
    COMPENSATION = "compensation"
    APOLOGY = "apology"
    EXPLANATION = "explanation"
    RECTIFICATION = "rectification"
    OTHER = "other"


class Remedy(StrEnum):
    """What was done for the complainant (several are possible)."""

    REFUND = "refund"
    REPLACEMENT = "replacement"
    REPAIR = "repair"
    DISCOUNT = "discount"
    GIFT = "gift"
    APOLOGY = "apology"
    EXPLANATION = "explanation"
    OTHER = "other"


class Liability(StrEnum):
    """Whether we are at fault; a goodwill payment without fault stays NOT_LIABLE."""

    LIABLE = "liable"
    PARTLY = "partly"
    NOT_LIABLE = "not_liable"
    PENDING = "pending"


class ExposureState(StrEnum):
    """State of a publication on a social platform (4.4)."""

    WATCHING = "watching"
    ANSWERED = "answered"
    CALM = "calm"


class EscalationLevel(StrEnum):
    """Where a complaint was raised to."""

    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    GENERAL_MANAGER = "general_manager"
    EXTERNAL = "external"


class EscalationCause(StrEnum):
    """Why a complaint was raised (C13)."""

    OVERDUE = "overdue"
    COMMUNICATION = "communication"
    CUSTOMER = "customer"
    SEVERITY = "severity"
    AUTHORITY = "authority"
    OTHER = "other"


class CaseBody(StrEnum):
    """Where a complaint also has a case (2.7)."""

    HOTLINE_12315 = "12315"
    HOTLINE_12345 = "12345"
    PLATFORM = "platform"
    CONSUMER_ASSOCIATION = "consumer_association"
    REGULATOR = "regulator"
    COURT = "court"
    OTHER = "other"


class ComplaintEventType(StrEnum):
    """What can happen to a complaint."""

    REGISTERED = "registered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    APPEALED = "appealed"
    CONTACTED = "contacted"
    INTERIM_FEEDBACK = "interim_feedback"
    INVESTIGATING = "investigating"
    DEPARTMENT_CHANGED = "department_changed"
    RESPONDED = "responded"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    ESCALATED = "escalated"
    EXTENDED = "extended"
    MERGED = "merged"
    UNMERGED = "unmerged"
    NOTE = "note"
    FIELD_CHANGED = "field_changed"


class ComplaintClass(StrEnum):
    """The one class each received complaint is in at the cut-off (``domain.md 3.7``)."""

    ON_TIME = "on_time"
    LATE_RESOLVED = "late_resolved"
    OVERDUE_OPEN = "overdue_open"
    NOT_YET_DUE = "not_yet_due"
    WITHDRAWN = "withdrawn"
