"""Times and states of a foreign row as events; derived columns of many records at once.

An imported ticket or complaint has a history like any other: its times become events, and what
follows from events is derived by the same rules as for records entered by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain import anomalies, sla
from svcdesk.domain.complaint import Severity
from svcdesk.domain.complaint_history import ComplaintEvent, ComplaintFacts, fold_complaint
from svcdesk.domain.complaint_terms import due_times
from svcdesk.domain.ticket_history import Episode, TicketEvent, TicketFacts, fold_ticket
from svcdesk.i18n.catalog import N_
from svcdesk.services.imports_run import COMMON, Run, flags_json
from svcdesk.store import derived
from svcdesk.store import imports as store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

DERIVING = N_("Deriving times and states")
OPEN = frozenset({"new", "assigned", "in_progress", "pending_customer", "pending_internal"})

TICKET_EVENT = (*COMMON, "ticket_id", "seq", "at", "actor_id", "type", "name", "old", "new", "text",
                "visible_to_customer", "automatic", "department_id")  # fmt: skip
COMPLAINT_EVENT = (*COMMON, "complaint_id", "seq", "at", "actor_id", "type", "name", "old", "new",
                   "text", "department_id")  # fmt: skip
TICKET_EPISODE = ("ticket_id", "seq", "opened_at", "ended_at", "ended_by", "closed_at")
TICKET_PAUSE = ("ticket_id", "seq", "kind", "department_id", "started_at", "ended_at", "late_at")
COMPLAINT_EPISODE = ("complaint_id", "seq", "opened_at", "ended_at", "ended_by", "closed_at")


# ---- tickets --------------------------------------------------------------------------------


def ticket_events(values: Mapping[str, Any]) -> tuple[list[TicketEvent], bool]:
    """Return the events that a ticket row stands for, and whether its state has no time of its own.

    A state that the times do not lead to is entered at the last time known; when that state needs
    a time (resolved, closed) or contradicts the times, the second value is true: AB15.
    """
    events, reached = _events_of_times(values)
    response, status = values.get("first_response_at"), values.get("status")
    if status is None:  # an answered ticket that nobody calls solved is being worked on
        if response is not None and len(events) == 2:
            events.append(TicketEvent(response, "status_changed", 3, new="in_progress"))
        return events, False
    if status == reached or (status == "resolved" and reached == "closed"):
        return events, False
    latest = max(event.at for event in events)
    kind = status if status in ("resolved", "closed", "cancelled", "merged") else "status_changed"
    events.append(TicketEvent(latest, kind, 8, new=status if kind == "status_changed" else None))
    odd = status in OPEN if reached != "new" else status in ("resolved", "closed")
    return events, odd


def _events_of_times(values: Mapping[str, Any]) -> tuple[list[TicketEvent], str]:
    """Return the events of the times in a row, and the state that they lead to."""
    get = values.get
    events = [TicketEvent(values["created_at"], "created", 1)]
    response = get("first_response_at")
    if response is not None:
        events.append(TicketEvent(response, "public_reply", 2))
    first, last = get("first_resolved_at"), get("resolved_at")
    if first is not None and last is not None and first < last:
        events.append(TicketEvent(first, "resolved", 3))
        events.append(TicketEvent(last, "reopened", 4))
    reached = "new"
    for seq, kind, at in (
        (7, "cancelled", get("cancelled_at")),
        (5, "resolved", first if last is None else last),
        (6, "closed", get("closed_at")),
    ):
        if at is not None:
            events.append(TicketEvent(at, kind, seq))
            reached = kind
    return events, reached


Told = tuple[int, str, str | None]  # an event as a row tells it: time, type, new state


def ticket_history(values: Mapping[str, Any]) -> tuple[list[Told], TicketFacts, bool]:
    """Return the events of a new ticket, its facts, and whether its state is odd (AB15).

    The usual row, whose times follow each other, is told without a walk through its events.
    """
    usual = _usual_history(values)
    if usual is not None:
        return (*usual, False)
    events, odd = ticket_events(values)
    facts = fold_ticket(values["created_at"], events)
    return [(event.at, event.type, event.new) for event in events], facts, odd


def _usual_history(values: Mapping[str, Any]) -> tuple[list[Told], TicketFacts] | None:
    get = values.get
    created, response = values["created_at"], get("first_response_at")
    resolved, closed, status = get("resolved_at"), get("closed_at"), get("status")
    told: list[Told] = [(created, "created", None)]
    latest, reached = created, "new"
    for at, kind in ((response, "public_reply"), (resolved, "resolved"), (closed, "closed")):
        if at is None:
            continue
        if at < latest:
            return None
        told.append((at, kind, None))
        latest = at
        reached = reached if kind == "public_reply" else kind
    first = get("first_resolved_at")
    if (
        (closed is not None and resolved is None)
        or (first is not None and first != resolved)
        or get("cancelled_at") is not None
        or (status is None and reached == "new" and response is not None)
        or (status is not None and status != reached)
    ):
        return None
    ended = "resolved" if resolved is not None else None
    return told, TicketFacts(
        status=reached,
        first_response_at=response,
        first_resolved_at=resolved,
        resolved_at=resolved,
        closed_at=closed,
        last_event_at=latest,
        episodes=[Episode(1, created, resolved, ended, closed)],
    )


def ticket_rows(
    run: Run, key: int, values: Mapping[str, Any], told: Sequence[Told]
) -> list[tuple[Any, ...]]:
    """Return the rows of a new ticket's events; the owner is who answered and resolved."""
    owner, text, new_key, common = (
        values.get("owner"), values.get("solution"), run.new_key, run.common_tail,
    )  # fmt: skip
    return [
        (new_key(), *common, key, seq, at, None if kind == "created" else owner, kind, None, None,
         new, text if kind == "resolved" else None, int(kind == "public_reply"), 0, None)
        for seq, (at, kind, new) in enumerate(told, start=1)
    ]  # fmt: skip


def add_ticket_derived(run: Run, key: int, facts: TicketFacts, clocks: sla.TicketClocks) -> None:
    """Take the tries and waits of a ticket for writing."""
    run.add(
        "ticket_episode",
        TICKET_EPISODE,
        [(key, e.seq, e.opened_at, e.ended_at, e.ended_by, e.closed_at) for e in facts.episodes],
    )
    if facts.pauses:
        run.add(
            "ticket_pause",
            TICKET_PAUSE,
            [
                (key, p.seq, p.kind, p.department_id, p.started_at, p.ended_at, late)
                for p, late in zip(facts.pauses, clocks.pause_late_at, strict=True)
            ],
        )


_TICKET_BASE = ("created_at", "priority", "tier", "issue_id", "channel_id", "promised_at",
                "request_type", "contact_at", "data_flags", "status", "product_id")  # fmt: skip


def refresh_tickets(run: Run, keys: Iterable[int]) -> None:
    """Derive columns, state, tries, waits and flags of tickets whose events changed."""
    if run.uow is None:
        return
    listed = sorted(keys)
    for start in range(0, len(listed), 1000):
        run.beat(DERIVING)
        _refresh_tickets(run, listed[start : start + 1000])


def _refresh_tickets(run: Run, keys: list[int]) -> None:
    uow = run.writing
    run.flush()
    rows = store.columns_by_id(run.connection, "ticket", _TICKET_BASE, keys)
    events = store.events_of(run.connection, "ticket_event", "ticket_id", keys)
    store.clear_derived(uow, "ticket", keys)
    changed: list[tuple[Any, ...]] = []
    names: tuple[str, ...] = ()
    for key, row in rows.items():
        facts = fold_ticket(
            row["created_at"],
            [TicketEvent(at, kind, seq, bool(auto), name, new, department)
             for at, kind, seq, auto, name, new, department in events.get(key, ())],
        )  # fmt: skip
        clocks = derived.clocks(row, facts, run.reference)
        columns = derived.columns_of(facts, clocks)
        columns["status"] = facts.status
        columns["data_flags"] = _new_flags(run, "ticket", row, columns, facts)
        names = tuple(columns)
        changed.append((*columns.values(), key))
        add_ticket_derived(run, key, facts, clocks)
    if changed:
        store.update_many(uow, "ticket", names, changed)
    run.flush()


def _unremarkable(values: Mapping[str, Any], facts: TicketFacts, now: int) -> bool:
    """Tell cheaply that no test of a ticket can apply: nearly all tickets are like that."""
    created, response = values["created_at"], facts.first_response_at
    resolved, closed = facts.resolved_at, facts.closed_at
    if resolved is None:
        solved = facts.first_resolved_at is None and closed is None
    else:
        usual = anomalies.INSTANT_SECONDS < resolved - created <= anomalies.LONG_RESOLUTION
        solved = usual and facts.first_resolved_at == resolved
        solved = solved and (closed is None or closed >= resolved)
    return bool(
        solved
        and created >= anomalies.EARLIEST
        and (response is None or 0 < response - created <= anomalies.LONG_RESPONSE)
        and facts.last_event_at <= now
        and facts.cancelled_at is None
        and values.get("contact_at") is None
    )


def ticket_flags(
    run: Run, values: Mapping[str, Any], facts: TicketFacts, *, odd: bool
) -> list[str]:
    """Return the AB codes of a ticket."""
    launched = run.launched_at(values.get("product_id"))
    usual = launched is None and not odd and not facts.impossible_order
    if usual and _unremarkable(values, facts, run.now):
        return []
    channel = run.reference.items.get(values["channel_id"])
    return anomalies.flags(
        "ticket",
        {
            "created_at": values["created_at"],
            "contact_at": values.get("contact_at"),
            "request_type": values.get("request_type"),
            "first_response_at": facts.first_response_at,
            "first_resolved_at": facts.first_resolved_at,
            "resolved_at": facts.resolved_at,
            "closed_at": facts.closed_at,
            "cancelled_at": facts.cancelled_at,
            "live": channel is not None and channel.live,
            "impossible_order": odd or facts.impossible_order,
            "launched_at": launched,
        },
        run.now,
    )


def _new_flags(
    run: Run, table: str, row: Mapping[str, Any], columns: Mapping[str, Any], facts: Any
) -> str | None:
    import json

    before = set(json.loads(row["data_flags"] or "[]"))
    if table == "ticket":
        found = set(ticket_flags(run, {**row, **columns}, facts, odd=False))
    else:
        found = set(complaint_flags(run, {**row, **columns}, facts, odd=False))
    found |= before & anomalies.KEPT_FLAGS
    run.plan.flagged.update(found - before)
    return flags_json(found)


# ---- complaints ------------------------------------------------------------------------------

_COMPLAINT_STEPS = {"accepted", "investigating", "responded"}
_COMPLAINT_TIMES = (
    ("registered", "received_at"),
    ("rejected", "rejected_at"),
    ("contacted", "contacted_at"),
    ("interim_feedback", "interim_feedback_at"),
    ("escalated", "escalated_at"),
    ("responded", "responded_at"),
)


def complaint_events(values: Mapping[str, Any]) -> tuple[list[ComplaintEvent], bool]:
    """Return the events that a complaint row stands for, as :func:`ticket_events` does."""
    events = [
        ComplaintEvent(values[field], kind, seq)
        for seq, (kind, field) in enumerate(_COMPLAINT_TIMES, start=1)
        if values.get(field) is not None
    ]
    first, last = values.get("first_resolved_at"), values.get("resolved_at")
    if first is not None and last is not None and first < last:
        events.append(ComplaintEvent(first, "resolved", 7))
        events.append(ComplaintEvent(last, "reopened", 8))
    elif last is None:
        last = first
    for seq, (kind, at) in enumerate(
        (("resolved", last), ("closed", values.get("closed_at")),
         ("withdrawn", values.get("withdrawn_at"))), start=9
    ):  # fmt: skip
        if at is not None:
            events.append(ComplaintEvent(at, kind, seq))
    status = values.get("status")
    reached = fold_complaint(values["received_at"], events).status
    if status in (None, reached, "registered") or (status == "resolved" and reached == "closed"):
        return events, False
    if status in _COMPLAINT_STEPS and reached not in ("registered", *_COMPLAINT_STEPS):
        return [*events, ComplaintEvent(max(e.at for e in events), "reopened", 12)], True
    latest = max(event.at for event in events)
    return [*events, ComplaintEvent(latest, status, 12)], status in ("resolved", "closed") and (
        reached not in ("resolved", "closed")
    )


def complaint_rows(
    run: Run, key: int, values: Mapping[str, Any], events: Sequence[ComplaintEvent]
) -> list[tuple[Any, ...]]:
    """Return the rows of a new complaint's events."""
    handler, answer = values.get("handler"), values.get("answer")
    return [
        (*run.common(run.new_key()), key, seq, event.at,
         handler if event.type != "registered" else None, event.type, None, None, None,
         answer if event.type == "responded" else None, None)
        for seq, event in enumerate(events, start=1)
    ]  # fmt: skip


def add_complaint_derived(run: Run, key: int, facts: ComplaintFacts) -> None:
    """Take the tries of a complaint for writing."""
    run.add(
        "complaint_episode",
        COMPLAINT_EPISODE,
        [(key, e.seq, e.opened_at, e.ended_at, e.ended_by, e.closed_at) for e in facts.episodes],
    )


def complaint_columns(facts: ComplaintFacts) -> dict[str, Any]:
    """Return the columns of a complaint that follow from its events."""
    return {
        "contacted_at": facts.contacted_at,
        "interim_feedback_at": facts.interim_feedback_at,
        "responded_at": facts.responded_at,
        "first_resolved_at": facts.first_resolved_at,
        "resolved_at": facts.resolved_at,
        "closed_at": facts.closed_at,
        "withdrawn_at": facts.withdrawn_at,
        "rejected_at": facts.rejected_at,
        "escalated_at": facts.escalated_at,
        "reopen_count": facts.reopen_count,
        "last_event_at": facts.last_event_at,
        "status": facts.status,
    }


def complaint_due(run: Run, values: Mapping[str, Any]) -> dict[str, int | None]:
    """Return the limits of a complaint by severity and calendar; its own deadline wins."""
    reference = run.reference
    severity = Severity(values.get("severity") or "normal")
    times = due_times(
        severity, values["received_at"], reference.calendar, reference.complaint_limits
    )
    closing = values.get("promised_at") or times.closing
    return {"due_at": closing, **times.columns(closing)}


def complaint_flags(
    run: Run, values: Mapping[str, Any], facts: ComplaintFacts, *, odd: bool
) -> list[str]:
    """Return the AB codes of a complaint."""
    record = {
        **complaint_columns(facts),
        "received_at": values["received_at"],
        "impossible_order": odd or facts.impossible_order,
        "launched_at": run.launched_at(values.get("product_id")),
    }
    return anomalies.flags("complaint", record, run.now)


_COMPLAINT_BASE = ("product_id", "received_at", "severity", "promised_at", "due_at", "due_original_at",
                   "data_flags", "status")  # fmt: skip


def refresh_complaints(run: Run, keys: Iterable[int]) -> None:
    """Derive columns, state, tries and flags of complaints whose events changed."""
    uow = run.uow
    listed = sorted(keys)
    if uow is None or not listed:
        return
    run.flush()
    rows = store.columns_by_id(run.connection, "complaint", _COMPLAINT_BASE, listed)
    events = store.events_of(run.connection, "complaint_event", "complaint_id", listed)
    store.clear_derived(uow, "complaint", listed)
    changed: list[tuple[Any, ...]] = []
    names: tuple[str, ...] = ()
    for key, row in rows.items():
        facts = fold_complaint(
            row["received_at"],
            [ComplaintEvent(e[0], e[1], e[2]) for e in events.get(key, ())],
        )
        columns = complaint_columns(facts)
        extended = row["due_original_at"] is not None
        columns |= complaint_due(
            run, {**row, "promised_at": row["due_at"]} if extended else row
        )  # an extended deadline stays
        columns["data_flags"] = _new_flags(run, "complaint", row, columns, facts)
        names = tuple(columns)
        changed.append((*columns.values(), key))
        add_complaint_derived(run, key, facts)
    store.update_many(uow, "complaint", names, changed)
    run.flush()
