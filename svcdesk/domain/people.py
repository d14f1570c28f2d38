"""Roles of the people at the desk and what each may do (``domain.md 2.17``)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Role(StrEnum):
    """What a person acts as; one person may hold several. ``SYSTEM`` is the program itself."""

    AGENT = "agent"
    TECH = "tech"
    CALLBACK = "callback"
    SUPERVISOR = "supervisor"
    DEPT = "dept"
    QUALITY = "quality"
    ADMIN = "admin"
    VIEWER = "viewer"
    SYSTEM = "system"


class Permission(StrEnum):
    """A right that is not a step of a state machine."""

    VIEW = "view"
    EDIT_TICKETS = "edit_tickets"
    ANSWER_HANDOFFS = "answer_handoffs"
    EDIT_COMPLAINTS = "edit_complaints"
    EDIT_CALLBACKS = "edit_callbacks"
    EDIT_QUALITY = "edit_quality"
    EDIT_IMPROVEMENTS = "edit_improvements"
    EDIT_KNOWLEDGE = "edit_knowledge"
    EDIT_CUSTOMERS = "edit_customers"
    IMPORT = "import"
    EXPORT = "export"
    UNMASK = "unmask"
    SEE_RANKINGS = "see_rankings"
    MAKE_REPORTS = "make_reports"
    PUBLISH_REPORTS = "publish_reports"
    SETTINGS = "settings"
    USERS = "users"
    ERASE = "erase"


_P = Permission
_WORK = frozenset(
    {
        _P.VIEW,
        _P.EDIT_TICKETS,
        _P.ANSWER_HANDOFFS,
        _P.EDIT_COMPLAINTS,
        _P.EDIT_CALLBACKS,
        _P.EDIT_CUSTOMERS,
        _P.EDIT_KNOWLEDGE,
        _P.EXPORT,
    }
)

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.AGENT: _WORK | {_P.EDIT_IMPROVEMENTS},
    Role.TECH: _WORK,
    Role.CALLBACK: _WORK,
    Role.SUPERVISOR: frozenset(Permission) - {_P.USERS},
    Role.DEPT: frozenset({_P.VIEW, _P.ANSWER_HANDOFFS, _P.EDIT_COMPLAINTS, _P.EDIT_IMPROVEMENTS}),
    Role.QUALITY: frozenset(
        {
            _P.VIEW,
            _P.EDIT_QUALITY,
            _P.EDIT_IMPROVEMENTS,
            _P.EDIT_KNOWLEDGE,
            _P.MAKE_REPORTS,
            _P.EXPORT,
        }
    ),
    Role.ADMIN: frozenset(Permission),
    Role.VIEWER: frozenset({_P.VIEW}),
    Role.SYSTEM: frozenset(Permission),
}

# The letters of domain.md 2.19: A works on tickets, S supervises, Q inspects, sys is automatic.
A = frozenset({Role.AGENT, Role.TECH, Role.CALLBACK})
S = frozenset({Role.SUPERVISOR, Role.ADMIN})
Q = frozenset({Role.QUALITY})
SYS = frozenset({Role.SYSTEM})


def may(roles: Iterable[Role], permission: Permission) -> bool:
    """Tell whether any of ``roles`` carries ``permission``."""
    return any(permission in PERMISSIONS[role] for role in roles)
