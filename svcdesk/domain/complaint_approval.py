"""Compensation above what somebody may grant alone: who approves, and how it stands (C12)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from svcdesk.domain.people import Role, S

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


class ApprovalState(StrEnum):
    """How the approval of a compensation stands."""

    NONE = "none"  # nobody needs to approve it
    MISSING = "missing"  # nobody has asked yet
    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"


def own_limit(roles: Collection[Role], agent_fen: int, supervisor_fen: int) -> int:
    """Return up to which amount (fen) somebody with ``roles`` grants without asking."""
    return max(agent_fen, supervisor_fen) if S & set(roles) else agent_fen


def may_approve(roles: Collection[Role]) -> bool:
    """Tell whether somebody with ``roles`` may approve what others asked for."""
    return bool(S & set(roles))


def approval_state(
    amount: int | None, agent_fen: int, rows: Iterable[Mapping[str, Any]]
) -> ApprovalState:
    """Return how the approval of ``amount`` (fen) stands; ``rows`` in order of asking.

    The newest answer counts: a grant covers its amount and less, a refusal its amount and more.
    """
    if not amount or amount <= agent_fen:
        return ApprovalState.NONE
    newest = next((row for row in reversed(list(rows)) if row["state"] != "dropped"), None)
    if newest is None:
        return ApprovalState.MISSING
    if newest["state"] == "granted":
        covered = amount <= newest["amount"]
        return ApprovalState.GRANTED if covered else ApprovalState.MISSING
    if newest["state"] == "refused":
        covered = amount >= newest["amount"]
        return ApprovalState.REFUSED if covered else ApprovalState.MISSING
    return ApprovalState.OPEN if amount == newest["amount"] else ApprovalState.MISSING
