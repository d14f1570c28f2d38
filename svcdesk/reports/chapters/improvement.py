"""The improvement loop: items, measures, causes, what they brought (5.2 ch. 10, 5.3 ch. 8)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from svcdesk.domain import causes, narrative
from svcdesk.domain.chart import ChartKind, ChartSpec, Series
from svcdesk.domain.comparisons import compare
from svcdesk.domain.improvement import ItemStatus
from svcdesk.domain.localtime import local_date
from svcdesk.domain.metrics.definition import Unit
from svcdesk.domain.metrics.registry import BY_ID as METRICS_BY_ID
from svcdesk.domain.period import parse_period
from svcdesk.i18n.labels import code_label
from svcdesk.reports import tables
from svcdesk.reports.model import Column, Figure, Fishbone, Heading, Ladder, Note, Table
from svcdesk.reports.wording import joined
from svcdesk.store import loop_rows
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.metrics.figure import Figure as MetricFigure
    from svcdesk.reports.draft import Draft
    from svcdesk.reports.model import Block
    from svcdesk.store.loop_rows import Item, Measure

LISTED = 30
DRAWN = 2  # 5-Why ladders, and fishbones
FROM_COMPLAINTS = ("repeat", "group", "exposure", "pareto")
DONE = frozenset({"done", "verified"})


def improvements(n: Draft) -> list[Block]:
    """Return the chapter of all items."""
    return _chapter(n, ())


def from_complaints(n: Draft) -> list[Block]:
    """Return the chapter of the items that complaints raised."""
    return _chapter(n, FROM_COMPLAINTS)


def of_half_year(n: Draft) -> list[Block]:
    """Return the chapter of all items with those about what had been closed before (5.5)."""
    t, effective = n.t, n.figure("effective_rate")
    numbers = sorted(n.board.drill("recurrence_count", n.period, "den"))
    rows = tuple(
        (one.number, one.title, _day(n, one.created_at), one.former or "—",
         "—" if one.former_closed_at is None else _day(n, one.former_closed_at), one.owner or "—")
        for one in loop_rows.recurred(n.board.run.connection, numbers)
    )  # fmt: skip
    told = t("No closed problem came back in this period.")
    if rows:
        told = t.n(
            "{n} problem came back within six months of being closed.",
            "{n} problems came back within six months of being closed.",
            len(rows),
        ).format(n=len(rows))
    shown = narrative.kpi(t, n.kpi("effective_rate")) if effective.value is not None else ""
    columns = (
        Column(t("No."), share=0.14), Column(t("Problem"), share=0.32),
        Column(t("Came back on"), share=0.14), Column(t("Closed before as"), share=0.14),
        Column(t("Closed on"), share=0.14), Column(t.p("plan", "Owner"), share=0.12),
    )  # fmt: skip
    return [
        *_chapter(n, ()), Heading(t("Effect and recurrence")),
        n.say("recurrence", joined(t.chinese, shown, told)),
        *([Table(t("Problems that came back"), columns, rows, wrap=True)] if rows else []),
    ]  # fmt: skip


def _day(n: Draft, moment: int) -> str:
    return local_date(moment, n.board.zone).isoformat()


def _chapter(n: Draft, sources: Sequence[str]) -> list[Block]:
    t, connection = n.t, n.board.run.connection
    end = min(n.period.end_at, n.board.as_of)
    found = loop_rows.items(connection, n.period.start_at, end, sources)
    measures = loop_rows.measures(connection, [item.id for item in found])
    today = local_date(end - 1, n.board.zone).isoformat()
    late = [m for m in measures if m.due and m.due < today and m.state not in DONE]
    new = [item for item in found if item.created_at >= n.period.start_at]
    closed = [i for i in found if i.closed_at is not None and i.closed_at < end]
    sentence = narrative.improvements(
        t, new=len(new), closed=len(closed),
        effective=sum(i.verdict == "effective" for i in closed),
        still_open=len(found) - len(closed), overdue_actions=len(late),
    )  # fmt: skip
    if not found:
        return [n.say("main", sentence)]
    by_item: dict[int, list[Measure]] = {}
    for measure in measures:
        by_item.setdefault(measure.item_id, []).append(measure)
    return [
        n.say("main", sentence),
        Figure(_states(n, found), t("Improvement items by state (n={n})").format(n=len(found))),
        _table(n, found, by_item),
        Heading(t("Measures")),
        _measures(n, found, measures, today),
        *_before_after(n, closed),
        *_ladders(n, found),
    ]


def _later(n: Draft, item: Item) -> bool:
    """Tell whether an item was closed after the period: its end is not of this report."""
    end = min(n.period.end_at, n.board.as_of)
    return item.closed_at is not None and item.closed_at >= end


def _states(n: Draft, found: Sequence[Item]) -> ChartSpec:
    counts = Counter(item.status for item in found if not _later(n, item))
    shown = [state for state in ItemStatus if counts[state]]
    later = sum(_later(n, item) for item in found)
    states = [
        Series(code_label("ItemStatus", state, n.t), (float(counts[state]),)) for state in shown
    ]
    if later:
        states.append(Series(n.t("Closed later"), (float(later),)))
    return ChartSpec(
        ChartKind.STACKED, n.t("Improvement items by state"), ("",),
        tuple(states),
        metric="items_open",
    )  # fmt: skip


def _table(n: Draft, found: Sequence[Item], by_item: dict[int, list[Measure]]) -> Table:
    t = n.t
    rows = []
    for item in found[:LISTED]:
        own = by_item.get(item.id, [])
        done = sum(m.state in DONE for m in own)
        judged = item.verdict and not _later(n, item)
        verdict = code_label("Verdict", item.verdict or "", t) if judged else "—"
        rows.append(
            (item.number, item.title, item.root_cause or "—", item.owner or "—",
             item.target_date or "—", f"{done}/{len(own)}" if own else "—",
             t("Closed later") if _later(n, item)
             else code_label("ItemStatus", item.status, t), verdict)
        )  # fmt: skip
    columns = (
        Column(t("No."), share=0.12), Column(t("Problem"), share=0.2),
        Column(t("Root cause"), share=0.19), Column(t.p("plan", "Owner"), share=0.09),
        Column(t("Target date"), share=0.11), Column(t("Measures done"), right=True, share=0.09),
        Column(t("State"), share=0.11), Column(t("Verdict"), share=0.09),
    )  # fmt: skip
    left = len(found) - LISTED
    notes = (t("… and {n} more").format(n=left),) if left > 0 else ()
    return Table(t("Improvement items"), columns, tuple(rows), wrap=True, notes=notes)


def _measures(
    n: Draft, found: Sequence[Item], measures: Sequence[Measure], today: str
) -> Table | Note:
    t = n.t
    if not measures:
        return Note(t("No measures have been planned yet."))
    numbers = {item.id: item.number for item in found}
    late = t("overdue")
    rows = tuple(
        (numbers[m.item_id], m.text, code_label("ActionKind", m.kind, t), m.owner or "—",
         m.due or "—",
         n.counted(code_label("ActionState", m.state, t), late)
         if m.due and m.due < today and m.state not in DONE
         else code_label("ActionState", m.state, t))
        for m in measures[:LISTED]
    )  # fmt: skip
    columns = (
        Column(t("Item"), share=0.13), Column(t("Measure"), share=0.37), Column(t("Kind")),
        Column(t.p("plan", "Owner")), Column(t("Due")), Column(t("State")),
    )  # fmt: skip
    left = len(measures) - LISTED
    notes = (t("… and {n} more").format(n=left),) if left > 0 else ()
    return Table(t("Measures and where they stand"), columns, rows, wrap=True, notes=notes)


def _before_after(n: Draft, closed: Sequence[Item]) -> list[Block]:
    """Return the figure of each closed item in its month and in the last one reported."""
    t = n.t
    settings = n.board.reference.settings
    after = n.period.last_months(1)[0]
    rows = []
    for item in closed:
        definition = METRICS_BY_ID.get(item.metric or "")
        if definition is None or item.scope != "all" or not item.period:
            continue
        try:
            month = parse_period(item.period, settings["period_start_day"], settings["timezone"])
        except UserError:
            continue
        before, now = n.figure(definition.id, month), n.figure(definition.id, after)
        if before.value is not None and now.value is not None:
            rows.append((item, before, now))
    if not rows:
        return []
    pairs = [(before, now) for _, before, now in rows]
    chart = ChartSpec(
        ChartKind.PAIRS, t("Before and after"),
        tuple(n.counted(n.name(now.metric.id), item.number) for item, _, now in rows),
        (Series(t("When the item was raised"), tuple(tables.as_float(b) for b, _ in pairs),
                tuple(n.value(b) for b, _ in pairs)),
         Series(after.title(t), tuple(tables.as_float(f) for _, f in pairs),
                tuple(n.value(f) for _, f in pairs)),
         Series(t("Target"), tuple(None if f.target is None else float(f.target) for _, f in pairs))),
        scales=tuple(_scale(b, f) for b, f in pairs),
        verdicts=tuple(_change(n, before, now) for _, before, now in rows),
        metric=rows[0][2].metric.id,
    )  # fmt: skip
    return [
        Heading(t("Effect of closed items")),
        Figure(chart, t("Figures when the item was raised and in {month}").format(
            month=after.title(t))),
    ]  # fmt: skip


def _change(n: Draft, before: MetricFigure, after: MetricFigure) -> str:
    """Return the word of the change: better, worse, unchanged."""
    t = n.t
    change = compare(after.value, before.value, after.metric.comparison, after.metric.direction)
    if change.improved is None:
        return t("unchanged") if after.value == before.value else "—"
    return t("better") if change.improved else t("worse")


def _scale(before: MetricFigure, after: MetricFigure) -> float:
    """Return the end of the scale of a pair: 100 %, five points, or a fifth above the largest."""
    unit = before.metric.unit
    if unit in {Unit.PERCENT, Unit.SCORE}:
        return 100.0 if unit is Unit.PERCENT else 5.0
    values = [v for v in (before.value, after.value, after.target) if v is not None]
    return float(max(values, default=1)) * 1.2 or 1.0


def _ladders(n: Draft, found: Sequence[Item]) -> list[Block]:
    """Return ladders and fishbones of the items that have one, the newest first."""
    t = n.t
    whys = [item for item in reversed(found) if item.whys][:DRAWN]
    bones = [item for item in reversed(found) if item.causes][:DRAWN]
    if not whys and not bones:
        return []
    names = causes.bone_names(t)
    return [
        Heading(t("Causes")),
        *(
            Ladder(
                causes.ladder(item.whys),
                t("5-Why of {number} {title}").format(number=item.number, title=item.title),
            )
            for item in whys
        ),
        *(
            Fishbone(
                causes.fishbone(item.causes, item.bones, names, item.title),
                t("Fishbone of {number} {title}").format(number=item.number, title=item.title),
            )
            for item in bones
        ),
    ]
