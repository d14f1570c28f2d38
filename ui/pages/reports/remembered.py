"""What the reports page showed when the program was closed, per data file."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk

# period and cut-off are not kept: figures of an old moment must not greet anybody as today's
KEPT = ("tab", "against", "same_days", "limits", "explore", "filters")


def _key(desk: Desk) -> str:
    return "reports/" + hashlib.sha256(str(desk.path).encode()).hexdigest()[:16]


def keep(desk: Desk, state: dict[str, Any]) -> None:
    """Keep the parts of a page's state that outlive the program."""
    text = json.dumps({name: state[name] for name in KEPT})
    QSettings().setValue(_key(desk), text)


def found(desk: Desk) -> dict[str, Any]:
    """Return what was kept, nothing when there is none or it cannot be read."""
    try:
        state = json.loads(str(QSettings().value(_key(desk)) or "{}"))
    except ValueError:
        return {}
    whole = isinstance(state, dict) and set(KEPT) <= set(state)
    return state if whole else {}
