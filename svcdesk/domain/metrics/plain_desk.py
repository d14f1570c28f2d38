"""A desk as plain rows, and its records as they stood at a cut-off; for :mod:`fold`.

Written for clarity, not for speed, from raw rows and events alone: no derived column is read.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from svcdesk.domain.data_quality import leaves
from svcdesk.domain.localtime import local
from svcdesk.domain.metrics.definition import MORE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from svcdesk.domain.anomalies import Group
    from svcdesk.domain.workcalendar import WorkCalendar

Row = dict[str, Any]
HUMAN = {"public_reply", "call_in", "call_out", "visit_arrived"}
TICKET_ENDS = {"resolved": "resolved", "cancelled": "cancelled", "merged": "merged"}
COMPLAINT_ENDS = {**TICKET_ENDS, "withdrawn": "withdrawn", "rejected": "rejected"}


@dataclass
class RawDesk:
    """A desk as plain rows: tables by name, events by record, all with the schema's columns.

    ``limits`` gives the working seconds allowed to response and resolution of a ticket;
    ``live`` are the channels answered while recorded; ``params`` as for SQL; ``midnight`` turns
    a date into its first second; ``root`` rolls a department up.
    """

    calendar: WorkCalendar
    limits: Callable[[Row], tuple[int | None, int | None]]
    params: Mapping[str, Any]
    midnight: Callable[[str | None], int | None]
    live: frozenset[int] = frozenset()
    root: Callable[[int | None], int | None] = lambda key: key
    tables: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    _read: dict[Any, list[Row]] = field(default_factory=dict)

    def once(self, key: Any, read: Callable[[], Iterable[Row | None]]) -> list[Row]:
        """Return the records that ``read`` gives; read them once."""
        if key not in self._read:
            self._read[key] = [row for row in read() if row is not None]
        return self._read[key]

    @property
    def as_of(self) -> int:
        """Return the cut-off."""
        cut_off: int = self.params["as_of"]
        return cut_off

    def of(self, table: str, **where: Any) -> list[Row]:
        """Return the rows of ``table`` that are not deleted and equal ``where``."""
        return [
            row
            for row in self.tables[table]
            if row.get("deleted_at") is None and all(row[k] == v for k, v in where.items())
        ]


def flagged(row: Row, group: Group) -> int:
    """Tell whether a row carries a code that takes it out of ``group``."""
    return int(leaves(row.get("data_flags") or (), row.get("data_verdicts") or (), group))


def moment_dims(desk: RawDesk, moment: int | None) -> Row:
    """Return the hour and the weekday (Monday 1) in which a record began."""
    if moment is None:
        return {"hour": None, "weekday": None}
    begun = local(moment, desk.calendar.timezone)
    return {"hour": begun.hour, "weekday": begun.isoweekday()}


def class_of(amount: int | None, unit: int, bounds: Iterable[int]) -> str | None:
    """Return the class of a duration: the first bound, in ``unit`` seconds, not exceeded."""
    if amount is None:
        return None
    return next((str(bound) for bound in bounds if amount <= bound * unit), MORE)


def known_before(moment: int | None, cut_off: int) -> int | None:
    """Return ``moment`` when it lies before the cut-off."""
    return moment if moment is not None and moment < cut_off else None


# -- histories ---------------------------------------------------------------------------------


def events_of(desk: RawDesk, table: str, owner: str, key: int, before: int) -> list[Row]:
    """Return the events of a record before a moment, creation first."""
    found = [e for e in desk.of(table, **{owner: key}) if e["at"] < before]
    found.sort(key=lambda e: (e["type"] not in {"created", "registered"}, e["at"], e["seq"]))
    return found


def tries_of(start: int, events: Iterable[Row], ends: Mapping[str, str]) -> list[Row]:
    """Return the tries of a record: opened, ended, by what, closed."""
    tries: list[Row] = [{"opened": start, "ended": None, "by": None, "closed": None}]
    for event in events:
        kind, now = event["type"], tries[-1]
        if kind == "status_changed" and event.get("new") in {*ends, "closed"}:
            kind = event["new"]
        if kind == "closed":
            if now["ended"] is None:
                now["ended"], now["by"] = event["at"], "resolved"
            if now["by"] == "resolved" and now["closed"] is None:
                now["closed"] = event["at"]
        elif kind in ends and now["ended"] is None:
            now["ended"], now["by"] = event["at"], ends[kind]
        elif now["ended"] is not None and _opens(kind, now["by"]):
            tries.append({"opened": event["at"], "ended": None, "by": None, "closed": None})
    return tries


def _opens(kind: str, ended_by: str) -> bool:
    if kind == "status_changed":
        return True
    if kind == "reopened":
        return ended_by in {"resolved", "withdrawn", "cancelled"}
    return (kind, ended_by) in {("unmerged", "merged"), ("appealed", "rejected")}


def waits_of(events: Iterable[Row]) -> list[tuple[int, int | None]]:
    """Return the waits for the customer."""
    waits: list[tuple[int, int | None]] = []
    moving = {
        "dispatched", "accepted", "rejected_back", "transferred", "status_changed", "resolved",
        "closed", "cancelled", "merged",
    }  # fmt: skip
    for event in events:
        if event["type"] in moving:
            if waits and waits[-1][1] is None:
                waits[-1] = (waits[-1][0], event["at"])
            if event["type"] == "status_changed" and event["new"] == "pending_customer":
                waits.append((event["at"], None))
    return waits


def dispatches_of(events: Iterable[Row]) -> list[int]:
    """Return the dispatches; one withdrawn within 10 minutes never happened."""
    found: list[int] = []
    for event in events:
        if event["type"] == "dispatched":
            found.append(event["at"])
        elif event["type"] == "dispatch_withdrawn" and found and event["at"] - found[-1] <= 600:
            found.pop()
    return found


def reopenings_of(tries: list[Row]) -> int:
    """Count the tries that followed a resolution."""
    return sum(before["by"] == "resolved" for before in tries[:-1])


def closing_of(last: Row) -> int | None:
    """Return when the last try was closed, not before its end (AB04)."""
    return None if last["closed"] is None else max(last["closed"], last["ended"])


def still_valid(tries: list[Row], bad: frozenset[str]) -> bool:
    """Tell whether the last try did not end in one of the ``bad`` ways."""
    return tries[-1]["by"] not in bad
