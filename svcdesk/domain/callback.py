"""Words of a callback task (``domain.md 2.8``)."""

from __future__ import annotations

from enum import StrEnum

HOUR = 3600


class CallbackKind(StrEnum):
    """Why we call."""

    ROUTINE = "routine"
    COMPLAINT = "complaint"
    LOW_SCORE = "low_score"
    KEY_CARE = "key_care"
    MYSTERY = "mystery"


# Calendar seconds after the deciding moment until the callback is due (domain.md 2.8).
CALLBACK_DUE_SECONDS: dict[CallbackKind, int] = {
    CallbackKind.ROUTINE: 72 * HOUR,
    CallbackKind.COMPLAINT: 48 * HOUR,
    CallbackKind.LOW_SCORE: 48 * HOUR,
    CallbackKind.KEY_CARE: 72 * HOUR,
    CallbackKind.MYSTERY: 72 * HOUR,
}


class CallbackState(StrEnum):
    """Where a callback task stands (``domain.md 2.19``)."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class AttemptResult(StrEnum):
    """What one call attempt met."""

    CONNECTED = "connected"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    OFF = "off"
    WRONG_NUMBER = "wrong_number"
    HUNG_UP = "hung_up"
    REFUSED = "refused"
    CALL_BACK_AT = "call_back_at"


class CallbackResult(StrEnum):
    """What the customer said."""

    SATISFIED = "satisfied"
    FAIR = "fair"
    DISSATISFIED = "dissatisfied"
    NEW_PROBLEM = "new_problem"


class RecoveryResult(StrEnum):
    """What came of a recovery callback (features V9)."""

    FIXED = "fixed"
    NOT_FIXED = "not_fixed"
    NOT_REACHED = "not_reached"


NPS_LOW = 6  # detractors: 0 to 6
