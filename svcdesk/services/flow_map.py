"""The way of the tickets through their states, where its hours went, and the pain noted there.

The numbers are those of :mod:`svcdesk.store.dwell`, as on the reports page and in the reports:
tickets resolved in the month, from receipt to the final resolution.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from svcdesk.domain.dwell import RECEIVED
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.domain.statistics import format_number
from svcdesk.domain.ticket import OPEN_STATUSES, TicketStatus
from svcdesk.i18n.catalog import N_, current
from svcdesk.i18n.labels import code_label
from svcdesk.services import dashboards, improvements
from svcdesk.services.sheet_drill import numbered
from svcdesk.store import flow_rows
from svcdesk.store.dwell import Share, dwell
from svcdesk.store.flow_rows import PainNote
from svcdesk.store.group_names import group_names
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svcdesk.domain.period import Period
    from svcdesk.domain.query import Query
    from svcdesk.services.desk import Desk, Outcome
    from svcdesk.store.dwell import Dwell
    from svcdesk.store.figures import Board
    from svcdesk.store.measures import Filters
    from svcdesk.system.job import JobContext

__all__ = [
    "CLOSED", "MAIN", "PROPOSAL", "RECEIVED", "RESOLVED", "Flow", "Node", "PainNote", "Waiting", "add_note",
    "flow", "hours", "listed", "months", "node_name", "note_values", "share_text", "slowest", "with_notes",
]  # fmt: skip

PROPOSAL = "flow"  # in the snapshot of an item: it was noted at a node
LINKED = 10  # tickets linked with a pain note as its evidence
MONTHS = 26  # months offered
HOUR = 3600
RESOLVED, CLOSED = str(TicketStatus.RESOLVED), str(TicketStatus.CLOSED)
MAIN = (*(str(one) for one in TicketStatus if one in OPEN_STATUSES), RESOLVED, CLOSED)


@dataclass(frozen=True)
class Node:
    """A state: the tickets that spent time there, and how much; seconds throughout.

    ``share`` is the part of all hours; ``widest`` marks the state with the largest. ``slowest``
    are ticket numbers, the slowest first.
    """

    state: str
    tickets: int
    seconds: int
    working: int
    share: Fraction
    median: Fraction | None
    p90: Fraction | None
    widest: bool
    slowest: tuple[str, ...]
    notes: tuple[PainNote, ...] = ()

    @property
    def mean(self) -> Fraction | None:
        """Return the seconds per ticket that spent time there."""
        return Fraction(self.seconds, self.tickets) if self.tickets else None


@dataclass(frozen=True)
class Waiting:
    """The wait inside for one department; ``department`` None: nobody was named."""

    id: int
    department: int | None
    name: str
    tickets: int
    seconds: int
    share: Fraction
    median: Fraction | None
    slowest: tuple[str, ...]


@dataclass(frozen=True)
class Closing:
    """What lies between final resolution and closing: no part of the hours of the flow."""

    tickets: int
    median: Fraction | None
    slowest: tuple[str, ...]


@dataclass(frozen=True)
class Flow:
    """The flow of a month. ``running``: the month is not over at the cut-off ``as_of``."""

    period: Period
    as_of: int
    running: bool
    filters: Filters
    tickets: int
    seconds: int
    nodes: tuple[Node, ...]
    moves: Mapping[tuple[str, str], int]
    waiting: tuple[Waiting, ...]
    closing: Closing

    def node(self, state: str) -> Node:
        """Return a node; every state of the way has one, with or without tickets."""
        return next(one for one in self.nodes if one.state == state)

    @property
    def widest(self) -> Node | None:
        """Return the node with the largest share."""
        return next((one for one in self.nodes if one.widest), None)


def months(desk: Desk) -> list[Period]:
    """Return the months to choose from, the running one first."""
    running = dashboards.this_month(desk)
    return [running.shifted(-back) for back in range(MONTHS)]


# -- counting --------------------------------------------------------------------------------


def flow(
    desk: Desk, period: Period, context: JobContext, filters: Filters | None = None,
    as_of: int | None = None,
) -> Flow:  # fmt: skip
    """Return the flow of the tickets resolved in ``period``, with the open notes at its nodes."""
    with dashboards.board(desk, as_of, filters) as board:
        context.on_cancel(board.run.connection.interrupt)
        found = dwell(board, period, context.check)
        context.check()
        noted = flow_rows.notes(board.run.connection, PROPOSAL)
        return Flow(
            period, board.as_of, period.incomplete(board.as_of), dict(filters or {}),
            found.tickets, found.seconds, _nodes(found, noted), dict(found.moves),
            _waiting(board, found), _closing(found),
        )  # fmt: skip


def _nodes(found: Dwell, noted: Mapping[str, Sequence[PainNote]]) -> tuple[Node, ...]:
    states = [*MAIN, *sorted(found.by_status.keys() - set(MAIN))]
    shares = {state: found.by_status.get(state, Share()) for state in states}
    most = max(share.seconds for share in shares.values())
    widest = next((state for state in states if most and shares[state].seconds == most), "")
    return tuple(
        Node(
            state, share.tickets, share.seconds, share.working,
            _part(share.seconds, found.seconds), share.percentile(Fraction(1, 2)),
            share.percentile(Fraction(9, 10)), state == widest, tuple(share.numbers),
            tuple(noted.get(state, ())),
        )
        for state, share in shares.items()
    )  # fmt: skip


def _part(seconds: int, whole: int) -> Fraction:
    return Fraction(seconds, whole) if whole else Fraction(0)


def _waiting(board: Board, found: Dwell) -> tuple[Waiting, ...]:
    t = current()
    names = {**group_names(board, "department", found.waiting, t), None: t("nobody named")}
    whole = sum(share.seconds for share in found.waiting.values())
    shown = sorted(found.waiting.items(), key=lambda one: (-one[1].seconds, names[one[0]]))
    return tuple(
        Waiting(
            place, key, names[key], share.tickets, share.seconds, _part(share.seconds, whole),
            share.percentile(Fraction(1, 2)), tuple(share.numbers),
        )
        for place, (key, share) in enumerate(shown, 1)
    )  # fmt: skip


def _closing(found: Dwell) -> Closing:
    share = found.closing
    return Closing(share.tickets, share.percentile(Fraction(1, 2)), tuple(share.numbers))


def with_notes(desk: Desk, found: Flow) -> Flow:
    """Return a flow with the notes as they stand now; nothing is counted again."""
    with desk.reading() as connection:
        noted = flow_rows.notes(connection, PROPOSAL)
    nodes = tuple(replace(one, notes=tuple(noted.get(one.state, ()))) for one in found.nodes)
    return replace(found, nodes=nodes)


# -- words -----------------------------------------------------------------------------------


def node_name(state: str) -> str:
    """Return the name of a node in the language of the screen."""
    return current()("Received") if state == RECEIVED else code_label("TicketStatus", state)


def hours(seconds: Fraction | float | None, decimals: int = 1) -> str:
    """Return seconds as hours, a dash of nothing."""
    return "—" if seconds is None else format_number(
        Fraction(seconds) / HOUR, decimals, thousands=True
    )  # fmt: skip


def share_text(share: Fraction) -> str:
    """Return a share in percent."""
    return format_number(100 * share, 1) + "%"


# -- tickets and notes -----------------------------------------------------------------------


def slowest(found: Flow, state: str) -> list[str]:
    """Return the numbers of the tickets that were longest at a node, the slowest first.

    At the end of the way these are the tickets that waited longest for their closing.
    """
    if state == CLOSED:
        return list(found.closing.slowest)
    return list(found.node(state).slowest)


def listed(numbers: Sequence[str]) -> Query:
    """Return the list of these tickets."""
    return numbered("ticket", list(numbers))


def note_values(found: Flow, state: str) -> dict[str, Any]:
    """Return what an item noted at a node says of itself: when, where, how many; its snapshot."""
    node, t = found.node(state), current()
    closing = state == CLOSED
    tickets = found.closing.tickets if closing else node.tickets
    median = found.closing.median if closing else node.median
    text = N_("{n} tickets, {hours} h, {share} of all hours; median {median} h")
    if closing:
        text = N_("{n} tickets closed; median {median} h after the resolution")
    told = t(text).format(
        n=tickets, hours=hours(node.seconds, 0), share=share_text(node.share), median=hours(median)
    )
    return {
        "source": "manual", "period": found.period.code,
        "problem": {"when": found.period.code, "where": node_name(state), "how_many": told},
        "snapshot": {
            "proposal": PROPOSAL, "subject": f"{PROPOSAL}:{state}", "node": state,
            "period": found.period.code, "n": tickets, "seconds": node.seconds,
            "all_seconds": found.seconds, "share": str(node.share),
            "median_seconds": None if median is None else str(median),
            "filters": {name: list(keys) for name, keys in found.filters.items()},
        },
    }  # fmt: skip


def add_note(desk: Desk, found: Flow, state: str, values: Mapping[str, Any]) -> Outcome[int]:
    """Note a pain at a node: an improvement item with its slowest tickets as evidence.

    ``values``: title, and what else the form of an item has; answers of 5W2H are added to those
    that the node gives.
    """
    desk.require(Permission.EDIT_IMPROVEMENTS)
    if state not in {one.state for one in found.nodes}:
        raise UserError("There is no such state.", code="state")
    if not str(values.get("title") or "").strip():
        raise ProblemsError([Problem("title", "required", N_("Say what hurts here."))])
    made = note_values(found, state)
    with desk.reading() as connection:
        keys = flow_rows.ticket_keys(connection, slowest(found, state)[:LINKED])
    return improvements.create(desk, {
        **made, **values,
        "problem": {**made["problem"], **(values.get("problem") or {})},
        "links": [("ticket", key) for key in keys],
    })  # fmt: skip
