"""Words of a ticket (``domain.md 2.4`` to ``2.6``)."""

from __future__ import annotations

from enum import StrEnum


class TicketStatus(StrEnum):
    """Where a ticket stands (``domain.md 2.19``)."""

    NEW = "new"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    PENDING_CUSTOMER = "pending_customer"
    PENDING_INTERNAL = "pending_internal"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MERGED = "merged"


OPEN_STATUSES = frozenset(
    {
        TicketStatus.NEW,
        TicketStatus.ASSIGNED,
        TicketStatus.IN_PROGRESS,
        TicketStatus.PENDING_CUSTOMER,
        TicketStatus.PENDING_INTERNAL,
    }
)


class RequestType(StrEnum):
    """What the customer wants done."""

    CONSULT = "consult"
    INSTALL = "install"
    REPAIR = "repair"
    RETURN = "return"
    EXCHANGE = "exchange"
    PARTS = "parts"
    COMPLAINT = "complaint"
    OTHER = "other"


class Priority(StrEnum):
    """How soon; selects the limits of the SLA policy."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Complexity(StrEnum):
    """Simple request or case of several departments."""

    BASIC = "basic"
    COMPLEX = "complex"


class ResolutionCode(StrEnum):
    """How a ticket was solved."""

    REMOTE = "remote"
    ONSITE = "onsite"
    EXCHANGE = "exchange"
    REFUND = "refund"
    PARTS = "parts"
    EXPLAINED = "explained"
    FACTORY_REPAIR = "factory_repair"
    UNSOLVED = "unsolved"
    ABANDONED = "abandoned"


class TicketEventType(StrEnum):
    """What can happen to a ticket; the append-only source of all its times."""

    CREATED = "created"
    DISPATCHED = "dispatched"
    DISPATCH_WITHDRAWN = "dispatch_withdrawn"
    ACCEPTED = "accepted"
    REJECTED_BACK = "rejected_back"
    PUBLIC_REPLY = "public_reply"
    CALL_IN = "call_in"
    CALL_OUT = "call_out"
    INTERNAL_NOTE = "internal_note"
    TRANSFERRED = "transferred"
    ESCALATED = "escalated"
    STATUS_CHANGED = "status_changed"
    VISIT_PLANNED = "visit_planned"
    VISIT_RESCHEDULED = "visit_rescheduled"
    VISIT_ARRIVED = "visit_arrived"
    VISIT_DONE = "visit_done"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MERGED = "merged"
    UNMERGED = "unmerged"
    FIELD_CHANGED = "field_changed"


# An event of these kinds by a human is a response the customer notices (domain.md 2.5).
RESPONSE_EVENTS = frozenset(
    {
        TicketEventType.PUBLIC_REPLY,
        TicketEventType.CALL_IN,
        TicketEventType.CALL_OUT,
        TicketEventType.VISIT_ARRIVED,
    }
)


class VisitOutcome(StrEnum):
    """How a visit ended."""

    DONE = "done"
    NOT_DONE = "not_done"
    CUSTOMER_ABSENT = "customer_absent"
    CANCELLED = "cancelled"


class Party(StrEnum):
    """Who cancelled or moved an appointment."""

    CUSTOMER = "customer"
    COMPANY = "company"


class LinkKind(StrEnum):
    """How two tickets belong together."""

    RELATED = "related"
    FOLLOW_UP = "follow_up"
    DUPLICATE = "duplicate"
    SPLIT = "split"


class WorkActivity(StrEnum):
    """What time was spent on."""

    PHONE = "phone"
    REPLY = "reply"
    VISIT = "visit"
    RESEARCH = "research"
    COORDINATION = "coordination"
    REMOTE = "remote"
    OTHER = "other"


class BreachKind(StrEnum):
    """Which limit was missed."""

    RESPONSE = "response"
    RESOLUTION = "resolution"
