"""When customers come, and how late they are answered then (G13)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from svcdesk.domain.chart import ChartKind, ChartSpec, Reference, Series
from svcdesk.domain.statistics import format_number
from svcdesk.services import dashboards
from svcdesk.services.sheet_charts import link_of
from svcdesk.services.sheet_tables import SheetRow, SheetTable
from svcdesk.store import breakdowns
from svcdesk.store.group_names import WEEKDAYS

if TYPE_CHECKING:
    from svcdesk.domain.metrics.figure import Tally
    from svcdesk.services.sheet_scene import Scene

CARDS = ("ticket_created", "peak_ratio", "peak_delay_rate", "frt_sla_rate")
BUSIEST = 10
SMALL = 5
PEAK = 2  # times the mean of a day (domain.md 3.3)


def _grid(n: Scene, metric_id: str) -> dict[tuple[Any, Any], Tally]:
    return breakdowns.cross_tally(n.board, metric_id, n.period, "weekday", "hour")


def _hours(found: dict[tuple[Any, Any], Tally]) -> range:
    busy = [hour for (_, hour), tally in found.items() if tally.n]
    return range(min(busy), max(busy) + 1) if busy else range(9, 18)


def received(n: Scene, metric_id: str = "ticket_created") -> ChartSpec:
    """Return how many records came in by weekday and hour; each cell opens its own."""
    t, found = n.t, _grid(n, metric_id)
    hours = _hours(found)
    days = range(1, 8)
    rows = tuple(
        Series(t(WEEKDAYS[day - 1]),
               tuple(float(found[day, h].n if (day, h) in found else 0) for h in hours))
        for day in days
    )  # fmt: skip
    total = sum(tally.n for tally in found.values())
    note = t("{n} records").format(n=total)
    if total:
        (day, hour), top = max(found.items(), key=lambda one: one[1].n)
        note += t(", most {day} {hour}:00 with {n}").format(
            day=t(WEEKDAYS[day - 1]), hour=hour, n=top.n
        )
    return ChartSpec(
        ChartKind.HEAT, t("{metric}: weekday × hour").format(metric=n.name(metric_id)),
        tuple(str(h) for h in hours), rows if total else (), note=note,
        row_names=tuple(t(WEEKDAYS[day - 1]) for day in days),
        drill=tuple((metric_id, link_of(weekday=day, hour=h)) for day in days for h in hours),
    )  # fmt: skip


def delays(n: Scene) -> ChartSpec:
    """Return the share of late or missing responses by weekday and hour; below n = 5 no cell."""
    t, found = n.t, _grid(n, "frt_sla_rate")
    hours, days = _hours(found), range(1, 8)

    def rate(day: int, hour: int) -> float | None:
        tally = found.get((day, hour))
        if tally is None or tally.n < SMALL:
            return None
        return float(100 * Fraction(tally.n - tally.total, tally.n))

    rows = tuple(Series(t(WEEKDAYS[d - 1]), tuple(rate(d, h) for h in hours)) for d in days)
    known = any(value is not None for row in rows for value in row.values)
    return ChartSpec(
        ChartKind.HEAT, t("Late responses in %: weekday × hour"),
        tuple(str(h) for h in hours), rows if known else (), unit="%",
        note=t("share of those due; empty below n = 5"),
        row_names=tuple(t(WEEKDAYS[day - 1]) for day in days),
        drill=tuple(("frt_sla_rate", link_of(weekday=d, hour=h)) for d in days for h in hours),
    )  # fmt: skip


def by_day(n: Scene) -> ChartSpec:
    """Return tickets received by day, with their mean and twice the mean: a peak."""
    t = n.t
    found = dashboards.groups(n.board, "ticket_created", n.period, "day", t)
    values = tuple(None if g.figure.value is None else float(g.figure.value) for g in found)
    known = [value for value in values if value is not None]
    references: tuple[Reference, ...] = ()
    if any(known):
        mean = sum(known) / len(known)
        references = (
            Reference(mean, t("mean {n}").format(n=format_number(mean, 1))),
            Reference(PEAK * mean, t("peak {n}").format(n=format_number(PEAK * mean, 1))),
        )
    return ChartSpec(
        ChartKind.COLUMNS, t("Tickets received by day"),
        tuple(g.name[8:].lstrip("0") for g in found), (Series("", values),),
        references=references, drill=tuple(("ticket_created", str(g.key)) for g in found),
    )  # fmt: skip


def by_hour(n: Scene) -> ChartSpec:
    """Return tickets received by hour of the day."""
    found = dashboards.groups(n.board, "ticket_created", n.period, "hour", n.t)
    return ChartSpec(
        ChartKind.COLUMNS, n.t("Tickets received by hour"),
        tuple(g.name[:2].lstrip("0") or "0" for g in found),
        (Series("", tuple(float(g.figure.n) for g in found)),),
        drill=tuple(("ticket_created", link_of(hour=g.key)) for g in found),
    )  # fmt: skip


def busiest(n: Scene) -> SheetTable:
    """Return the busiest hours of the week with how late they were answered."""
    t = n.t
    found, due = _grid(n, "ticket_created"), _grid(n, "frt_sla_rate")
    total = sum(tally.n for tally in found.values())
    top = sorted(found.items(), key=lambda one: (-one[1].n, one[0]))[:BUSIEST]
    rows = []
    for (day, hour), tally in top:
        judged = due.get((day, hour))
        late = "—"
        if judged is not None and judged.n:
            late = n.share_text(judged.n - judged.total, judged.n)
            late += f" ({judged.n - judged.total}/{judged.n})" + ("※" if judged.n < SMALL else "")
        rows.append(
            SheetRow(
                (f"{t(WEEKDAYS[day - 1])} {hour:02d}:00", str(tally.n),
                 n.share_text(tally.n, total), late),
                ("ticket_created", link_of(weekday=day, hour=hour)),
            )
        )  # fmt: skip
    heads = (t("Hour"), t("Tickets"), t("Share"), t("Late responses"))
    return SheetTable(
        t("Busiest hours"), heads, tuple(rows), right=frozenset({1, 2, 3}),
        empty=t("No tickets in this period."),
    )  # fmt: skip


def complaints(n: Scene) -> ChartSpec:
    """Return when complaints came in."""
    return replace(received(n, "complaint_received"), metric="complaint_received")
