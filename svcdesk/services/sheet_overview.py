"""The overview's small tables: today's work, best and worst figures, the parts of the score."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from svcdesk.domain.comparisons import Direction
from svcdesk.domain.deadlines import Deadline, Kind
from svcdesk.domain.localtime import local_date, midnight
from svcdesk.domain.metrics.registry import METRICS
from svcdesk.domain.statistics import format_number
from svcdesk.services import deadlines
from svcdesk.services.sheet_tables import GO, SheetRow, SheetTable

if TYPE_CHECKING:
    from svcdesk.domain.metrics.figure import Figure
    from svcdesk.services.sheet_scene import Scene

DAY = 86400
EXTREMES = 3
SAME = frozenset({"complaint_resolution_rate"})  # says the same as another one


def judged(n: Scene) -> list[tuple[Fraction, Figure]]:
    """Return the figures that can be judged, with how near they are to their targets.

    1 is the target itself; more is better, whichever way is good. A sample below five and a
    target of 0 cannot be measured so.
    """
    wanted = [
        m.id for m in METRICS if n.board.target(m, n.period)[0] not in {None, 0} and m.id not in SAME
    ]  # fmt: skip
    found = n.board.figures(wanted, [n.period])
    rows = []
    for metric_id in wanted:
        figure = found[metric_id][n.period.code]
        if figure.met is None or figure.value is None or not figure.target:
            continue
        ratio = figure.value / figure.target
        if figure.metric.direction is Direction.DOWN:
            ratio = Fraction(2) - ratio
        rows.append((ratio, figure))
    return sorted(rows, key=lambda row: row[0], reverse=True)


def extremes(n: Scene) -> SheetTable:
    """Return the three figures furthest above their targets, and the three furthest below."""
    t, rows = n.t, judged(n)
    best = [figure for _, figure in rows if figure.met][:EXTREMES]
    worst = [figure for _, figure in reversed(rows) if not figure.met][:EXTREMES]
    lines = [
        SheetRow(
            (mark + " " + n.name(figure.metric.id), figure.display, n.shown_target(figure)),
            (figure.metric.id, ""),
        )
        for mark, figures in (("●", best), ("◇", worst))
        for figure in figures
    ]
    missed = sum(figure.met is False for _, figure in rows)
    note = t("● met, ◇ missed · {n} of {all} missed").format(n=missed, all=len(rows))
    return SheetTable(
        t("Best and worst"), (t("Metric"), t("Value"), t("Target")), tuple(lines),
        note=note if rows else "", empty=t("No figure can be judged in this period."),
        right=frozenset({1, 2}),
    )  # fmt: skip


def score(n: Scene) -> SheetTable:
    """Return the composite score with its table of parts: value, target, score, weight (3.10)."""
    t = n.t
    found = n.board.composite(n.period)
    rows = []
    for part in found.parts:
        figure = n.figure(part.metric)
        rows.append(
            SheetRow(
                (n.name(part.metric), figure.display + ("※" if figure.small_sample else ""),
                 n.shown_target(figure),
                 "—" if part.score is None else format_number(part.score, 1), str(part.weight),
                 "—" if part.contribution is None else format_number(part.contribution, 1)),
                (part.metric, ""),
            )
        )  # fmt: skip
    if found.total is not None:
        weight = sum(part.weight for part in found.parts if part.score is not None)
        total = format_number(found.total, 1)
        rows.append(SheetRow((t("Total"), "", "", "", str(weight), total), strong=True))
    note = t("less than 60% of the weight has a value") if found.total is None else ""
    if found.band is not None:
        note = t("grade {band}").format(band=t(found.band))
    heads = (t("Metric"), t("Value"), t("Target"), t("Score"), t("Weight"), t("Adds"))
    return SheetTable(
        t("Composite quality score"), heads, tuple(rows), note=note,
        empty=t("No metric has a weight."), right=frozenset({1, 2, 3, 4, 5}),
    )  # fmt: skip


def today(n: Scene) -> SheetTable:
    """Return what presses now: mine due today, what is late, callbacks, figures off target."""
    t, desk = n.t, n.desk
    now, me = desk.clock.now(), desk.actor.id
    zone = n.board.zone
    end = midnight(local_date(now + DAY, zone), zone)
    pressing = deadlines.pressing(desk)
    late = [d for d in pressing if d.late_at <= now]
    ahead = [d for d in pressing if d.late_at > now and d.due_at <= end]
    callbacks = [d for d in pressing if d.kind is Kind.CALLBACK and d.due_at <= end]

    def mine(found: list[Deadline]) -> int:
        return sum(d.owner_id == me for d in found)

    missed = [figure for _, figure in judged(n) if figure.met is False]
    lines = (
        (t("Due today"), mine(ahead), len(ahead), "today"),
        (t("Overdue"), mine(late), len(late), "today"),
        (t("Callbacks due today or earlier"), mine(callbacks), len(callbacks), "callbacks"),
    )
    rows = [
        SheetRow((name, str(own), str(whole)), (GO, place)) for name, own, whole, place in lines
    ]
    below = SheetRow((t("Figures off target"), "", str(len(missed))), (GO, "settings:targets"))
    return SheetTable(
        t("Today's work"), ("", t("Mine"), t("All")), (*rows, below), right=frozenset({1, 2})
    )
