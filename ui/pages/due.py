"""The due box of a record, and the sum behind it day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.sla import Clock, DueState, complaint_clock, ticket_clock
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from ui.pages.wording import weekday
from ui.widgets.strips import Due

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from ui.pages.wording import Words

NOT_RUNNING = frozenset({"withdrawn", "rejected", "merged"})  # no term any more
_FACE = {
    DueState.OK: ("neutral", "clock"),
    DueState.DUE_SOON: ("warn", "clock-alert"),
    DueState.OVERDUE: ("danger", "circle-alert"),
    DueState.PAUSED: ("neutral", "circle-pause"),
    DueState.DONE: ("ok", "circle-check"),
    DueState.NONE: ("neutral", "clock"),
}


def _headline(clock: Clock, words: Words, *, ended: bool) -> str:
    time = words.working(clock.left) if clock.working else words.calendar_time(clock.left)
    if clock.state is DueState.OVERDUE:
        text = _("Resolved late by {time}") if ended else _("Overdue {time}")
        return text.format(time=time)
    if clock.state is DueState.DONE:
        return _("Resolved on time")
    if clock.state is DueState.PAUSED:
        return _("Paused, {time} left").format(time=time)
    if clock.state is DueState.NONE:
        return _("No time limit")
    return _("{time} left").format(time=time)


def ticket_due(
    desk: Desk, ticket: dict[str, Any], pauses: list[tuple[int, int | None]], words: Words
) -> Due:
    """Return the due box of a ticket."""
    if ticket["status"] in {"cancelled", "merged"}:
        name = code_label("TicketStatus", str(ticket["status"]))
        return Due(name, "", "", -1, "neutral", "circle-x")
    calendar = desk.reference.calendar
    ended = ticket["first_resolved_at"] if ticket["status"] in {"resolved", "closed"} else None
    clock = ticket_clock(
        ticket["created_at"], ticket["resolution_limit"], pauses, calendar, words.now(),
        promised_at=ticket["promised_at"], ended_at=ended,
    )  # fmt: skip
    tone, icon = _FACE[clock.state]
    lines = []
    if clock.limit:
        unit = _("{used} of {limit} working minutes used")
        if not clock.working:
            unit = _("{used} of {limit} minutes used (promised time)")
        lines.append(unit.format(used=clock.used // 60, limit=clock.limit // 60))
    lines.append(_response(ticket, words))
    how = "" if clock.due_at is None else explain(desk, ticket["created_at"], clock.due_at, pauses)
    return Due(
        _headline(clock, words, ended=ended is not None),
        "" if clock.due_at is None else _("due {time}").format(time=words.deadline(clock.due_at)),
        "  ·  ".join(line for line in lines if line),
        clock.share if clock.limit else -1,
        tone,
        icon,
        how,
    )


def _response(ticket: dict[str, Any], words: Words) -> str:
    limit = ticket["response_limit"]
    used = ticket["response_seconds"]
    if ticket["first_response_at"] is None:
        due = ticket["response_due_at"]
        if due is None:
            return _("no response yet")
        return _("no response yet, due {time}").format(time=words.deadline(due))
    if used is None or limit is None:
        return _("first response {time}").format(time=words.time(ticket["first_response_at"]))
    text = _("first response {n} min (limit {limit}), met")
    if used > limit:
        text = _("first response {n} min (limit {limit}), missed")
    return text.format(n=used // 60, limit=limit // 60)


def explain(
    desk: Desk, start: int, due: int, pauses: list[tuple[int, int | None]] | None = None
) -> str:
    """Return the days between receipt and due time, one a line, with the minutes that count."""
    shares = desk.reference.calendar.explain(start, due, pauses or [])
    reasons = {
        "work": "",
        "weekend": _("weekend"),
        "holiday": _("holiday"),
        "makeup": _("make-up working day"),
    }
    lines = []
    for share in shares[:16]:
        reason = share.name or reasons.get(share.reason, "")
        text = _("{n} min").format(n=share.counted // 60)
        if share.paused:
            text += "  " + _("({n} min paused)").format(n=share.paused // 60)
        name = f"{share.date:%m-%d} {weekday(share.date.weekday())}"
        lines.append(f"{name}  {text}  {reason}".rstrip())
    if len(shares) > 16:
        lines.append(_("… {n} more days").format(n=len(shares) - 16))
    return "\n".join(lines)


def complaint_due(desk: Desk, complaint: dict[str, Any], words: Words) -> Due:
    """Return the due box of a complaint."""
    if complaint["status"] in NOT_RUNNING:
        name = code_label("ComplaintStatus", str(complaint["status"]))
        return Due(name, "", "", -1, "neutral", "circle-x")
    ended = complaint["first_resolved_at"]
    clock = complaint_clock(
        complaint["received_at"], complaint["due_at"], desk.reference.calendar, words.now(),
        ended_at=ended,
    )  # fmt: skip
    tone, icon = _FACE[clock.state]
    how = ""
    due = ""
    if clock.due_at is not None:
        due = _("due {time}").format(time=words.deadline(clock.due_at))
        how = explain(desk, complaint["received_at"], clock.due_at)
    detail = ""
    if complaint["due_original_at"]:
        original = words.deadline(complaint["due_original_at"])
        detail = _("extended; before: {time}").format(time=original)
    share = clock.share if clock.limit else -1
    return Due(
        _headline(clock, words, ended=ended is not None), due, detail, share, tone, icon, how
    )
