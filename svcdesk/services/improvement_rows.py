"""What every service of the improvement loop shares: the stored item and its derived facts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from svcdesk.domain import causes
from svcdesk.domain.improvement import ActionState, ItemStatus
from svcdesk.domain.localtime import local_date
from svcdesk.domain.metrics.figure import NO_VALUE, Figure
from svcdesk.domain.metrics.registry import BY_ID
from svcdesk.domain.period import month
from svcdesk.domain.statistics import display_decimals
from svcdesk.i18n.catalog import Translator, current
from svcdesk.store import improvements as rows
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from svcdesk.services.desk import Desk
    from svcdesk.store.connection import Connection

OVER = frozenset({ItemStatus.CLOSED, ItemStatus.VOID, ItemStatus.MERGED})
FINISHED = frozenset({ActionState.DONE, ActionState.VERIFIED, ActionState.CANCELLED})


def stored(desk: Desk, item_id: int) -> dict[str, Any]:
    """Return an item, or refuse one that is gone."""
    found = rows.item(desk.reader, item_id)
    if found is None:
        raise UserError("This improvement item was deleted.", code="gone")
    return found


def facts(connection: Connection, item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item with what the guards ask of it: measures, root cause, evidence."""
    key = int(item["id"])
    rca = rows.rca(connection, key) or {}
    whys = causes.why_rows(rca.get("whys", []))
    bones = causes.cause_rows(rca.get("causes", []))
    proof = causes.evidence_of(whys, bones)
    if not proof and rows.parts(connection, key, "improvement_link"):
        proof = "linked"
    return {
        **item, "actions": rows.parts(connection, key, "action"),
        "root_cause": rca.get("root_cause", ""), "evidence": proof,
        "confirmed_by_id": rca.get("confirmed_by_id"),
    }  # fmt: skip


def today(desk: Desk) -> date:
    """Return the present day in the team's zone."""
    return local_date(desk.clock.now(), desk.reference.settings["timezone"])


def is_day(text: object) -> bool:
    """Tell whether a text is a day, such as 2026-03-31."""
    try:
        date.fromisoformat(str(text))
    except ValueError:
        return False
    return len(str(text)) == len("2026-03-31")


def day_after(desk: Desk, at: int, days: int) -> str:
    """Return the day ``days`` after the one of ``at``."""
    return (local_date(at, desk.reference.settings["timezone"]) + timedelta(days=days)).isoformat()


def last_done(actions: Sequence[Mapping[str, Any]]) -> int | None:
    """Return when the last measure was done; ``None`` while one is open or none was done."""
    live = [a for a in actions if a["state"] != ActionState.CANCELLED]
    if not live or any(a["state"] not in FINISHED for a in live):
        return None
    return max((a["done_at"] for a in live if a["done_at"] is not None), default=None)


def first_work(actions: Sequence[Mapping[str, Any]]) -> int | None:
    """Return when work on the measures began: the first entry of progress, else the first done."""
    moments = [int(entry["at"]) for a in actions for entry in a["progress"] if "at" in entry]
    moments += [int(a["done_at"]) for a in actions if a["done_at"] is not None]
    return min(moments, default=None)


def metric_name(metric_id: str | None, t: Translator | None = None) -> str:
    """Return the name of a metric, or its code when the program has it no more."""
    words = t or current()
    known = BY_ID.get(metric_id or "")
    return words(known.label) if known is not None else metric_id or ""


def value_text(
    metric_id: str | None, value: Fraction | None, missed: Fraction | None = None
) -> str:
    """Write a value of a metric in its unit; one that ``missed`` a goal never looks like it."""
    known = BY_ID.get(metric_id or "")
    if value is None:
        return NO_VALUE
    if known is None:
        return f"{float(value):g}"
    digits = known.decimals
    if missed is not None:
        digits = display_decimals(value, digits, missed, met=False)
    return Figure(known, month(2000, 1), None, None, None, 0).text(value, digits)
