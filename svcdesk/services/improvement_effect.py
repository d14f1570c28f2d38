"""Before and after: the bound metric of an item over the months, and the verdict (3.8).

Closed months speak with their frozen figures, open ones as counted now. Each close of a month
works the proposal out again; a person other than those who did the work confirms it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from svcdesk.domain import effectiveness
from svcdesk.domain.comparisons import Direction
from svcdesk.domain.effectiveness import Month, Phase
from svcdesk.domain.improvement import ItemStatus, Verdict
from svcdesk.domain.localtime import local_date
from svcdesk.domain.metrics.definition import Unit
from svcdesk.domain.metrics.registry import BY_ID
from svcdesk.domain.people import Permission, Q, S
from svcdesk.domain.period import Period, month_of
from svcdesk.domain.problem import Problem
from svcdesk.domain.statistics import wilson
from svcdesk.i18n.catalog import N_
from svcdesk.services import dashboards, targets
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.improvement_rows import first_work, last_done, stored
from svcdesk.store import closing_board, closings
from svcdesk.store import improvements as rows
from svcdesk.store.closing_lists import MAIN_DIMENSIONS
from svcdesk.store.given_figures import scope_of
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svcdesk.domain.metrics.figure import Figure
    from svcdesk.store.figures import Board
    from svcdesk.store.unit_of_work import UnitOfWork

MONTHS_BEFORE = 6
MOST_MONTHS = 24


@dataclass(frozen=True)
class Effect:
    """The months of an item's metric, what they come to, and the verdict they speak for.

    ``before`` and ``after`` are value and n of equally many counted months on both sides of the
    settling gap; ``size`` is how many.
    """

    months: tuple[Month, ...]
    target: Fraction | None
    direction: Direction
    proposed: Verdict
    size: int = 0
    before: tuple[Fraction | None, int] = (None, 0)
    after: tuple[Fraction | None, int] = (None, 0)
    baseline_improved: bool | None = None


NOTHING = Effect((), None, Direction.NEUTRAL, Verdict.WATCHING)


def of(desk: Desk, item_id: int) -> Effect:
    """Return the effect of an item as it stands now, over all months that are over."""
    with dashboards.board(desk) as board:
        item = stored(desk, item_id)
        return effect(board, item, rows.parts(board.run.connection, item_id, "action"),
                      board.as_of)  # fmt: skip


def effect(
    board: Board, item: Mapping[str, Any], actions: Sequence[Mapping[str, Any]], until: int
) -> Effect:
    """Return the effect of an item over the months that ended by ``until``."""
    definition = BY_ID.get(item["metric"] or "")
    if definition is None:
        return NOTHING
    started, ended = first_work(actions), last_done(actions)
    periods = _periods(board, item, started, until)
    found = figures_of(board, definition.id, item["scope"], periods)
    months = tuple(
        _month(p, found.get(p.code), effectiveness.phase_of(p.start_at, p.end_at, started, ended))
        for p in periods
    )
    goal = None if item["target"] is None else Fraction(str(item["target"]))
    after = [m for m in months if m.phase is Phase.AFTER]
    proposed = Verdict.WATCHING
    if goal is not None and definition.direction is not Direction.NEUTRAL:
        proposed = effectiveness.propose(after, goal, definition.direction)
    earlier, later = effectiveness.windows(months)
    before, now = effectiveness.pooled(earlier), effectiveness.pooled(later)
    improved = None
    if before[0] is not None and now[0] is not None and before[0] != now[0]:
        improved = (now[0] > before[0]) is (definition.direction is not Direction.DOWN)
    return Effect(months, goal, definition.direction, proposed, len(later), before, now, improved)


def _periods(
    board: Board, item: Mapping[str, Any], started: int | None, until: int
) -> list[Period]:
    """Return the months from some before the work to the last that is over, oldest first."""
    settings = board.reference.settings
    zone, start_day = settings["timezone"], settings["period_start_day"]
    anchor = month_of(local_date(started or item["created_at"], zone), start_day, zone)
    first = anchor.shifted(-MONTHS_BEFORE)
    found = []
    while first.end_at <= until:
        if board.has_data(first):
            found.append(first)
        first = first.shifted(1)
    return found[-MOST_MONTHS:]


def figures_of(
    board: Board, metric_id: str, scope: str, periods: Sequence[Period]
) -> dict[str, Figure]:
    """Return the figures of a metric and scope by month: frozen where closed, else counted."""
    connection = board.run.connection
    by, _colon, _key = scope.partition(":")
    whole = scope == targets.WHOLE_DESK
    part = "figures" if whole else f"groups:{by}"
    found: dict[str, Figure] = {}
    counted: list[Period] = []
    for period in periods:
        closing = closings.standing(connection, period.code)
        kept = closing is not None and (closing.start_at, closing.end_at) == (
            period.start_at, period.end_at,
        )  # fmt: skip
        if closing is None or not kept or not (whole or by in MAIN_DIMENSIONS):
            counted.append(period)
            continue
        content = closings.content(connection, closing.id, part)
        row = content.get(metric_id) if whole else _group(content.get(metric_id, []), by, scope)
        if row is not None:
            found[period.code] = closing_board.figure_from(metric_id, period, row)
    if whole:
        live = board.figures([metric_id], counted)[metric_id] if counted else {}
        return found | {p.code: live[p.code] for p in counted}
    if counted and BY_ID[metric_id].per_group:
        board.begin_groups([metric_id], counted, by)
        for period in counted:
            for group in board.groups(metric_id, period, by):
                if scope_of(by, group.key) == scope:
                    found[period.code] = group.figure
    return found


def _group(groups: Sequence[Any], by: str, scope: str) -> Any:
    return next((row for key, row in groups if scope_of(by, key) == scope), None)


def _month(period: Period, figure: Figure | None, phase: Phase) -> Month:
    if figure is None:
        return Month(period.code, None, 0, phase)
    low = high = None
    if (
        figure.metric.unit is Unit.PERCENT and figure.num is not None and figure.den
        and 0 <= figure.num <= figure.den == figure.n
    ):  # fmt: skip
        ends = wilson(figure.num, figure.den)
        if ends is not None:
            low, high = (Fraction(end).limit_denominator(10**6) * 100 for end in ends)
    return Month(period.code, figure.value, figure.n, phase, low, high)


# -- recomputed at every close -----------------------------------------------------------------


def followed(board: Board, until: int) -> list[tuple[int, Effect]]:
    """Return the effect of every item whose measures are in the works or over."""
    connection = board.run.connection
    return [
        (item["id"], effect(board, item, rows.parts(connection, item["id"], "action"), until))
        for item in rows.watched(connection)
    ]


def write(uow: UnitOfWork, found: Sequence[tuple[int, Effect]]) -> None:
    """Keep the proposals of a close: one open verification per item, replaced each time."""
    for item_id, one in found:
        _pending(uow, item_id, one)


def _pending(uow: UnitOfWork, item_id: int, one: Effect) -> int:
    values = {"series": rows.as_json(series(one)), "proposed": str(one.proposed)}
    for row in rows.parts(uow.connection, item_id, "verification"):
        if row["verdict"] is None:
            if (row["series"], row["proposed"]) != (series(one), values["proposed"]):
                uow.update("verification", row["id"], values)
            return int(row["id"])
    return uow.insert("verification", {"item_id": item_id, **values})


def series(one: Effect) -> list[dict[str, Any]]:
    """Return the months after the measures as a verification keeps them, values exact."""
    return [
        {"period": m.code, "value": None if m.value is None else str(m.value), "n": m.n}
        for m in one.months
        if m.phase is Phase.AFTER
    ]


# -- confirmed by a person -----------------------------------------------------------------------


def confirm(desk: Desk, item_id: int, verdict: Verdict, note: str = "") -> Outcome[int]:
    """Confirm a verdict; another one than proposed needs a note.

    Quality or a supervisor confirms, never who was in charge of the item or of a measure.
    """
    desk.require(Permission.EDIT_IMPROVEMENTS)
    item = stored(desk, item_id)
    if item["status"] != ItemStatus.VERIFYING:
        raise UserError(
            "{number} is not being verified: its measures come first.", code="stage",
            number=item["item_no"],
        )  # fmt: skip
    actions = rows.parts(desk.reader, item_id, "action")
    faults = []
    if not set(desk.roles) & (Q | S):
        faults.append(Problem("verdict", "role", N_(
            "A verdict is confirmed by quality or a supervisor.")))  # fmt: skip
    if desk.actor.id in {item["owner_id"], *(a["owner_id"] for a in actions)}:
        faults.append(Problem("verifier", "same_person", N_(
            "Who fixes it does not check it: another person must verify.")))  # fmt: skip
    found = of(desk, item_id)
    if verdict is not found.proposed and not note.strip():
        faults.append(Problem("note", "required", N_(
            "This is not what the figures propose. Write why."), {}))  # fmt: skip
    if faults:
        raise ProblemsError(faults)
    with desk.write(N_("Verdict on {number}"), number=item["item_no"]) as uow:
        key = _pending(uow, item_id, found)
        uow.update("verification", key, {
            "verdict": str(verdict), "verifier_id": desk.actor.id, "at": uow.now,
            "note": note.strip(),
        })  # fmt: skip
        uow.update("improvement_item", item_id, {"verdict": str(verdict)})
    return Outcome(key, uow.changes)
