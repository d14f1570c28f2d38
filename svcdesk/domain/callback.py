"""Words of a callback task (``domain.md 2.8``)."""

from __future__ import annotations

from enum import StrEnum

HOUR = 3600


class CallbackKind(StrEnum):
    """Why we call."""

    REGULAR = "regular"
    COMPLAINT = "complaint"
    RECOVERY = "recovery"
    KEY_CARE = "key_care"
    MYSTERY = "mystery"


# Calendar seconds after the deciding moment until the callback is due (domain.md 2.8).
CALLBACK_DUE_SECONDS: dict[CallbackKind, int] = {
    CallbackKind.REGULAR: 72 * HOUR,
    CallbackKind.COMPLAINT: 48 * HOUR,
    CallbackKind.RECOVERY: 48 * HOUR,
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


ATTEMPTED_STATES = frozenset(
    {CallbackState.COMPLETED, CallbackState.UNREACHABLE, CallbackState.REFUSED}
)


class AttemptResult(StrEnum):
    """What one call attempt met."""

    CONNECTED = "connected"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    OFF = "off"
    INVALID_NUMBER = "invalid_number"
    HUNG_UP = "hung_up"


class CallbackResult(StrEnum):
    """What the customer said."""

    SATISFIED = "satisfied"
    NEUTRAL = "neutral"
    DISSATISFIED = "dissatisfied"
    NEW_ISSUE = "new_issue"
