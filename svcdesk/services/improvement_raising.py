"""Items that the close of a month raises, and the causes it proposes (``domain.md 4.7``).

A breach appends to the open item of its metric and scope, or makes one. Each period counts once:
closing a month again, after it was reopened or undone, never makes a second item or occurrence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.evaluation import Evaluation, Finding, Verdict
from svcdesk.domain.metrics.definition import RECURS_WITHIN
from svcdesk.i18n.catalog import N_, Translator, current
from svcdesk.services import targets
from svcdesk.services.improvement_rows import OVER, metric_name, value_text
from svcdesk.store import improvements as rows
from svcdesk.store.numbers import next_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.services.desk import Desk
    from svcdesk.store.unit_of_work import UnitOfWork

_MISSED = N_("{metric}: {value} instead of {goal}")
_MISSED_IN = N_("{metric}, {scope}: {value} instead of {goal}")


def breaches(findings: Sequence[Evaluation]) -> list[Evaluation]:
    """Return what missed its threshold among the findings of a close."""
    return [
        one for one in findings if one.kind is Finding.THRESHOLD and one.verdict is Verdict.MISSED
    ]


def raise_found(
    uow: UnitOfWork, desk: Desk, month: str, findings: Sequence[Evaluation]
) -> list[int]:
    """Raise an item, or append to the open one, for every breach; return the items touched."""
    return [key for one in breaches(findings) if (key := _raise(uow, desk, month, one)) is not None]


def _raise(uow: UnitOfWork, desk: Desk, month: str, one: Evaluation) -> int | None:
    known = rows.about(uow.connection, one.metric, one.scope)
    before = rows.occurrence(uow.connection, [item["id"] for item in known], month)
    value = None if one.value is None else float(one.value)
    if before is not None:
        if (before["value"], before["n"]) != (value, one.n):
            uow.update("improvement_occurrence", before["id"], {"value": value, "n": one.n})
        return int(before["item_id"])
    item = next((i for i in known if i["status"] not in OVER), None)
    key = int(item["id"]) if item is not None else _new(uow, desk, month, one, known)
    uow.insert(
        "improvement_occurrence", {"item_id": key, "period": month, "value": value, "n": one.n}
    )
    return key


def _new(
    uow: UnitOfWork, desk: Desk, month: str, one: Evaluation, known: Sequence[dict[str, Any]]
) -> int:
    closed = [
        i for i in known
        if i["status"] == "closed" and is_recent(uow.now, i["closed_at"])
    ]  # fmt: skip
    goal = one.target if one.target is not None else one.threshold
    by, _colon, group = one.scope.partition(":")
    return uow.insert(
        "improvement_item",
        {
            "item_no": next_number(uow, "improvement_item", uow.now, desk.zone),
            "title": title(desk, one), "source": "threshold", "metric": one.metric,
            "scope": one.scope, "period": month,
            "baseline": None if one.value is None else float(one.value), "baseline_n": one.n,
            "snapshot": rows.as_json(snapshot(month, one)), "owner_id": one.owner_id,
            "department_id": int(group) if by == "department" and group.isdigit() else None,
            "target": None if goal is None else float(goal),
            "created_at": uow.now, "recurs_of_id": closed[0]["id"] if closed else None,
        },
    )  # fmt: skip


def is_recent(now: int, closed_at: int | None) -> bool:
    """Tell whether an item was closed so lately that the same again is a recurrence (3.8)."""
    return closed_at is not None and 0 <= now - closed_at <= RECURS_WITHIN


def snapshot(month: str, one: Evaluation) -> dict[str, Any]:
    """Return a figure as it was when it was judged, exact values as fractions."""

    def exact(value: object) -> str | None:
        return None if value is None else str(value)

    return {
        "metric": one.metric, "scope": one.scope, "period": month, "value": exact(one.value),
        "n": one.n, "target": exact(one.target), "threshold": exact(one.threshold),
        "provisional": one.provisional,
    }  # fmt: skip


def title(desk: Desk, one: Evaluation, t: Translator | None = None) -> str:
    """Return the title of an item raised by a breach, e.g. “上门准时率：86.4% 未达 95%”."""
    words = t or current()
    goal = one.threshold if one.threshold is not None else one.target
    named = {
        "metric": metric_name(one.metric, words),
        "value": value_text(one.metric, one.value, missed=goal),
        "goal": value_text(one.metric, goal),
    }
    if one.scope == targets.WHOLE_DESK:
        return words(_MISSED).format(**named)
    return words(_MISSED_IN).format(scope=targets.named(desk, one.scope, words), **named)
