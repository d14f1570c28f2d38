"""What can be done at a ticket beside the steps of its state machine: form, key and service.

A move asks for its fields in place; one without fields is done at once. Steps of the state machine
are in :mod:`ui.pages.steps`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain.ticket import OPEN_STATUSES
from svcdesk.i18n.catalog import N_, _
from svcdesk.services import handoffs, ticket_links, tickets, time_spent, visits

if TYPE_CHECKING:
    from collections.abc import Callable

    from svcdesk.services.desk import Desk, Outcome
    from svcdesk.services.tickets import TicketDetail
    from ui.pages.wording import Words

    Run = Callable[[Desk, TicketDetail, int, dict[str, Any]], Outcome[int]]
    Fill = Callable[[Desk, TicketDetail, int], dict[str, Any]]


@dataclass(frozen=True)
class Move:
    """One thing to do; ``row`` moves act on a row of the ticket (a hand-off, a visit)."""

    key: str
    label: str
    names: tuple[str, ...]
    run: Run
    icon: str = ""
    letter: str = ""
    only_open: bool = True
    fill: Fill | None = None
    row: bool = False


def _nothing(_desk: Desk, _detail: TicketDetail, _row: int) -> dict[str, Any]:
    return {}


def _id(detail: TicketDetail) -> int:
    return int(detail.ticket["id"])


# --- forms filled beforehand ------------------------------------------------------------------


def _ask_defaults(desk: Desk, detail: TicketDetail, _row: int) -> dict[str, Any]:
    return {"ask_department": detail.ticket["resp_dept_id"], "due_at": handoffs.default_due(desk)}


def _visit_defaults(desk: Desk, detail: TicketDetail, _row: int) -> dict[str, Any]:
    """Suggest the next opening with the technician of the last visit."""
    start = desk.reference.calendar.add_business_seconds(desk.clock.now(), 3600) // 1800 * 1800
    last = detail.visits[-1]["technician_id"] if detail.visits else None
    return {
        "technician": last,
        "window_start": start,
        "window_end": start + visits.WINDOW_SECONDS,
        "promised": True,
    }


def _move_defaults(_desk: Desk, detail: TicketDetail, row: int) -> dict[str, Any]:
    visit = next(v for v in detail.visits if v["id"] == row)
    return {"window_start": visit["window_start"], "window_end": visit["window_end"],
            "technician": visit["technician_id"]}  # fmt: skip


def _split_defaults(_desk: Desk, detail: TicketDetail, _row: int) -> dict[str, Any]:
    return {"description": detail.ticket["description"]}


# --- what is done -------------------------------------------------------------------------------


def _ask(desk: Desk, detail: TicketDetail, _row: int, values: dict[str, Any]) -> Outcome[int]:
    return handoffs.ask(
        desk, _id(detail),
        {"department_id": values.get("ask_department"), "person_id": values.get("person"),
         "request": values.get("request"), "due_at": values.get("due_at")},
    )  # fmt: skip


def _plan(desk: Desk, detail: TicketDetail, _row: int, values: dict[str, Any]) -> Outcome[int]:
    return visits.plan(desk, _id(detail), {**values, "technician_id": values.get("technician")})


def _move_visit(
    desk: Desk, _detail: TicketDetail, row: int, values: dict[str, Any]
) -> Outcome[int]:
    return visits.move(desk, row, {**values, "technician_id": values.get("technician")})


def _text(values: dict[str, Any], name: str) -> str:
    return str(values.get(name) or "")


MOVES: dict[str, Move] = {
    move.key: move
    for move in (
        Move("handoff", N_("Ask a department"), ("ask_department", "due_at", "request", "person"),
             _ask, "building-2", "H", fill=_ask_defaults),
        Move("visit", N_("Plan a visit"),
             ("technician", "promised", "window_start", "window_end"), _plan, "wrench", "V",
             fill=_visit_defaults),
        Move("escalate", N_("Escalate"), ("level", "reason"),
             lambda d, t, _r, v: tickets.escalate(d, _id(t), _text(v, "level"), _text(v, "reason")),
             "chevrons-up", "X",
             fill=lambda _d, _t, _r: {"level": "supervisor"}),
        Move("time", N_("Time spent"), ("minutes", "activity", "note"),
             lambda d, t, _r, v: time_spent.add(
                 d, _id(t), v.get("minutes") or 0, _text(v, "activity"), _text(v, "note")),
             "clock", "G", only_open=False,
             fill=lambda _d, _t, _r: {"minutes": time_spent.QUICK_MINUTES, "activity": "phone"}),
        Move("quick_time", N_("+15 min on the phone"), (),
             lambda d, t, _r, _v: time_spent.add(d, _id(t), time_spent.QUICK_MINUTES),
             "clock", "+", only_open=False),
        Move("link", N_("Link with another ticket"), ("number", "kind"),
             lambda d, t, _r, v: ticket_links.add(
                 d, _id(t), _text(v, "number"), _text(v, "kind")),
             "link", "L", only_open=False, fill=lambda _d, _t, _r: {"kind": "related"}),
        Move("split", N_("Split off a ticket"), ("title", "description"),
             lambda d, t, _r, v: ticket_links.split(d, _id(t), v), "split", "S",
             only_open=False, fill=_split_defaults),
        Move("answer", N_("Answer the request"), ("handoff_answer",),
             lambda d, _t, r, v: handoffs.answer(d, r, _text(v, "handoff_answer")),
             "building-2", "Y", row=True),
        Move("promise", N_("Promised for a date"), ("promised_on",),
             lambda d, _t, r, v: handoffs.promise(d, r, _text(v, "promised_on")),
             "calendar", "P", row=True),
        Move("take_back", N_("Take the request back"), (),
             lambda d, _t, r, _v: handoffs.cancel(d, r), "undo-2", row=True),
        Move("arrived", N_("Technician arrived"), (),
             lambda d, _t, r, _v: visits.arrive(d, r), "wrench", row=True),
        Move("finish", N_("Visit ended"), ("outcome", "parts_used", "note"),
             lambda d, _t, r, v: visits.finish(d, r, v), "wrench", row=True,
             fill=lambda _d, _t, _r: {"outcome": "done"}),
        Move("reschedule", N_("Move the visit"),
             ("technician", "by", "window_start", "window_end", "note"), _move_visit, "calendar",
             row=True, fill=_move_defaults),
        Move("cancel_visit", N_("Cancel the visit"), ("by", "note"),
             lambda d, _t, r, v: visits.cancel(d, r, _text(v, "by"), _text(v, "note")), "circle-x",
             row=True),
        Move("unlink", N_("Remove the link"), (),
             lambda d, _t, r, _v: ticket_links.remove(d, r), "x", only_open=False, row=True),
        Move("remove_time", N_("Remove time spent"), (),
             lambda d, _t, r, _v: time_spent.remove(d, r), "x", only_open=False, row=True),
    )
}  # fmt: skip
MENU = ("handoff", "visit", "escalate", "quick_time", "time", "link", "split")
# a problem's field -> the field of the form that it stands at
AT_FIELD = {"department": "ask_department", "answer": "handoff_answer", "arrived_at": "outcome",
            "left_at": "outcome"}  # fmt: skip


def open_to(detail: TicketDetail) -> list[Move]:
    """Return the moves that make sense for a ticket as it stands."""
    is_open = detail.ticket["status"] in OPEN_STATUSES
    merged = detail.ticket["status"] == "merged"
    return [MOVES[key] for key in MENU if not merged and (is_open or not MOVES[key].only_open)]


def by_letter(detail: TicketDetail, letter: str) -> tuple[Move, int] | None:
    """Return the move of a single key and the row it acts on.

    V goes on with the visit that is planned: arrived, then ended.
    """
    if letter == "V" and detail.next_visit is not None:
        visit = detail.next_visit
        return MOVES["arrived" if visit["arrived_at"] is None else "finish"], int(visit["id"])
    if letter in {"Y", "P"}:
        waiting = detail.open_handoffs
        move = MOVES["answer" if letter == "Y" else "promise"]
        return (move, int(waiting[0]["id"])) if waiting else None
    for move in open_to(detail):
        if move.letter == letter:
            return move, 0
    return None


def title(move: Move, words: Words, detail: TicketDetail, row: int) -> str:
    """Return the heading of a move's form; an answer names who was asked."""
    asked = next((request for request in detail.handoffs if request["id"] == row), None)
    if move.key != "answer" or asked is None:
        return _(move.label)
    return _("Answer of {department}").format(department=words.item(asked["department_id"]))


def fill(move: Move, desk: Desk, detail: TicketDetail, row: int) -> dict[str, Any]:
    """Return what the form of a move starts with."""
    return (move.fill or _nothing)(desk, detail, row)
