"""Imports of events: what one row cannot say of a ticket or complaint (decisions.md 8).

An event row may also be a snapshot, as audit logs of other desks are: it says in which state the
ticket was. A snapshot of the state that the ticket already had adds nothing.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from svcdesk.domain.anomalies import bulk_closings
from svcdesk.domain.ticket import RESPONSE_EVENTS
from svcdesk.i18n.catalog import N_
from svcdesk.interchange.kinds.model import TO_STATUS
from svcdesk.services import imports_histories as histories
from svcdesk.services.imports_refs import Pending, Resolver
from svcdesk.services.imports_run import Row, Run, fingerprint, refusal
from svcdesk.store import imports as store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svcdesk.interchange.kinds import Kind
    from svcdesk.interchange.problems import Bad

NOTHING_SAID = N_("The row names neither an event nor a new state.")


def _moment(row: Row) -> int:
    at: int = row.values["at"]
    return at


_OF_STATUS = {"resolved": "resolved", "closed": "closed", "cancelled": "cancelled"}


class EventHandler:
    """Events of tickets or complaints: found again by what they say."""

    def __init__(self, run: Run, kind: Kind, resolver: Resolver) -> None:
        self.run = run
        self.kind = kind
        self.resolver = resolver
        self.owner = "ticket" if kind.table == "ticket_event" else "complaint"
        self._core = (self.owner, "at", "type", "to", "connected", "field", "new")
        self._known = store.fingerprints_of(run.connection, kind.table, run.undone)
        self._said: Counter[int] = Counter()
        self._seq: dict[int, int] = {}
        self._states: dict[int, str] = {}
        self._latest: dict[int, int] = {}
        self._created: set[int] = set()
        self._closings: list[tuple[int, int, int]] = []

    def named(self, fields: dict[str, Any]) -> bool:
        """Events carry no number; what they say identifies them."""
        del fields
        return True

    def check(self, row: Row) -> Iterable[Bad]:
        """Refuse a row that says nothing; a state given as an event is a change to it."""
        kind = row.values.get("type")
        if kind is not None and kind.startswith(TO_STATUS):
            row.values["type"] = "status_changed"
            row.values.setdefault("to", None)
            row.values["to"] = row.values["to"] or kind.removeprefix(TO_STATUS)
        if row.values.get("type") is None and row.values.get("to") is None:
            yield refusal("AB08", NOTHING_SAID, "type")

    def identify(self, rows: list[Row]) -> None:
        """Find events by what they say and how often that was said.

        Who did it and in which words does not count: a file read again with more columns
        connected brings no event twice.
        """
        for row in rows:
            said = fingerprint([row.values.get(name) for name in self._core], self.kind.code)
            self._said[said] += 1
            row.fingerprint = fingerprint((said, self._said[said]), self.kind.code)
            row.key = self._known.get(row.fingerprint)

    def insert(self, rows: list[Row]) -> int:
        """Write new events in the order of their times; snapshots that say nothing new add none.

        Many desks write their log newest first, and what a snapshot says depends on the one
        before it. Rows are put in order as far as they are read together; where rows read later
        lie before those read earlier, they begin a series of their own.
        """
        rows = sorted(rows, key=_moment)
        owners = {row.values[self.owner] for row in rows}
        self._begin_anew(rows)
        fresh = sorted(owners - self._seq.keys())
        column = f"{self.owner}_id"
        last = store.next_seq(self.run.connection, self.kind.table, column, fresh)
        self._seq.update({key: last.get(key, 0) for key in fresh})
        if self.owner == "ticket" and fresh:
            self._created |= store.with_event(self.run.connection, "created", fresh)
        written = 0
        for row in rows:
            for name, value in row.values.items():
                if value.__class__ is Pending:
                    row.values[name] = self.resolver.real(value)
            events = self._events(row.values)
            written += bool(events)
            key = row.key
            for event in events:
                self._add(row.values, event, self.run.new_key() if key is None else key)
                key = None
        touched = (
            self.run.touched_tickets if self.owner == "ticket" else self.run.touched_complaints
        )
        touched |= owners
        return written

    def _begin_anew(self, rows: list[Row]) -> None:
        """Forget the states of records whose rows, in order, begin before what was read of them."""
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        for row in rows:
            owner, at = row.values[self.owner], row.values["at"]
            first.setdefault(owner, at)
            last[owner] = at
        for owner, at in last.items():
            known = self._latest.get(owner)
            if known is not None and first[owner] < known:
                self._states.pop(owner, None)
            self._latest[owner] = at if known is None else max(known, at)

    def update(self, row: Row) -> bool:
        """Events are never changed."""
        del row
        return False

    def _events(self, values: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the events of a row: the one it names, and a change of state it shows."""
        kind, to = values.get("type"), values.get("to")
        if self.owner == "complaint":
            return [{"type": kind, "new": values.get("new")}]
        owner = values["ticket"]
        found: list[dict[str, Any]] = []
        if kind == "created":
            if owner not in self._created:
                found.append({"type": kind})
                self._created.add(owner)
        elif kind is not None and kind != "status_changed":
            found.append({"type": kind, "new": values.get("new")})
        if to is not None and self._states.get(owner) != to:
            self._states[owner] = to
            meaning = _OF_STATUS.get(to)
            if meaning is None and to != "new":
                found.append({"type": "status_changed", "new": to, "old": values.get("from")})
            elif meaning is not None and meaning != kind:
                found.append({"type": meaning})
        return found

    def _add(self, values: dict[str, Any], event: dict[str, Any], key: int) -> None:
        run, owner = self.run, values[self.owner]
        self._seq[owner] += 1
        if event["type"] == "closed" and isinstance(values.get("actor"), int):
            self._closings.append((owner, values["actor"], values["at"]))
        kind = event["type"]
        answered = values.get("connected")
        name = values.get("field")
        if kind in ("call_in", "call_out") and answered is not None:
            name = "answered" if answered else "missed"
        old = event.get("old", values.get("old"))
        common = (*run.common(key), owner, self._seq[owner], values["at"], values.get("actor"),
                  kind, name, old, event.get("new"), values.get("text"))  # fmt: skip
        department = values.get("department")
        if self.owner == "complaint":
            run.add(self.kind.table, histories.COMPLAINT_EVENT, [(*common, department)])
            return
        visible = values.get("visible_to_customer")
        if visible is None:
            visible = int(kind in RESPONSE_EVENTS)
        run.add(
            self.kind.table,
            histories.TICKET_EVENT,
            [(*common, visible, values.get("automatic") or 0, department)],
        )

    def finish(self) -> None:
        """Flag the tickets that one person closed in bulk (AB16)."""
        run = self.run
        if run.uow is None or self.owner != "ticket":
            return
        run.flush()
        found = {key: ["AB16"] for key in bulk_closings(self._closings)}
        store.add_flags(run.uow, "ticket", found)
        run.plan.flagged["AB16"] += len(found)
