"""What the charts of every report show of figures: lines, columns, bars, the vital few."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from svcdesk.domain import narrative
from svcdesk.domain.chart import Band, ChartKind, ChartSpec, Reference, Series
from svcdesk.domain.metrics.definition import Unit
from svcdesk.domain.metrics.registry import metric
from svcdesk.domain.statistics import Bar, pareto
from svcdesk.reports.model import Figure as Drawing
from svcdesk.reports.values import Values
from svcdesk.reports.wording import noted, width
from svcdesk.store import report_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svcdesk.domain.period import Period


MOST_BARS = 8
REST = "rest"  # key of the bar that gathers what is not shown
OTHER, UNFILLED = "other", "None"  # keys of the bars that stand last
SHORT = 20  # half-widths of a name that stands below a column


def upright_or_not(names: Iterable[str]) -> ChartKind:
    """Return columns for short names; long ones stand beside bars, where they can be read."""
    wide = max((width(name) for name in names), default=0) > SHORT
    return ChartKind.BARS if wide else ChartKind.COLUMNS


class Charts(Values):
    """A period's figures as charts show them."""

    def drawn(self, chart: ChartSpec, caption: str) -> Drawing:
        """Return a chart under its caption, which also says what the chart leaves out."""
        if not chart.note:
            return Drawing(chart, caption)
        return Drawing(chart, noted(caption, chart.note, chinese=self.t.chinese))

    def left_out(self, found: Sequence[object], shown: int) -> str:
        """Return how many groups a chart does not show, nothing when it shows them all."""
        left = len(found) - shown
        return self.t("{n} more are not shown").format(n=left) if left > 0 else ""

    def columns_by(self, metric_id: str, by: str, limit: int = 12) -> ChartSpec:
        """Return columns by a dimension, n below; groups below n = 5 are hatched."""
        found = self.groups(metric_id, by)
        groups = found[:limit]
        first = self.figure(metric_id)
        references: tuple[Reference, ...] = ()
        if first.target is not None:
            label = self.t("target {target}").format(target=self._target(first))
            references = (Reference(float(first.target), label),)
        figures = [group.figure for _, group in groups]
        return ChartSpec(
            upright_or_not(name for name, _ in groups), self.name(metric_id),
            tuple(name for name, _ in groups),
            (Series(self.name(metric_id),
                    tuple(None if f.value is None else float(f.value) for f in figures),
                    tuple(f.display.removesuffix("%") for f in figures),
                    tuple(f.n for f in figures) if first.metric.is_rate else ()),),
            unit=self.unit(first.metric), references=references, decimals=first.metric.decimals,
            y_max=100.0 if first.metric.unit is Unit.PERCENT else None,
            hatched=frozenset(i for i, f in enumerate(figures) if f.small_sample),
            drill=tuple((metric_id, f"{by}={group.key}") for _, group in groups),
            note=self.left_out(found, limit),
        )  # fmt: skip

    def labels(self, months: Sequence[Period]) -> tuple[str, ...]:
        """Return axis labels of months: the year stands where it changes.

        25/10 11 12 26/1 … in Chinese, Oct 25 Nov Dec Jan 26 … in English.
        """
        found = []
        for index, month in enumerate(months):
            changes = index == 0 or month.number == 1
            if self.t.chinese:
                found.append(f"{month.year % 100}/{month.number}" if changes else str(month.number))
            else:
                name = month.title(self.t)[:3]
                found.append(f"{name} {month.year % 100}" if changes else name)
        return tuple(found)

    def events(self, periods: Sequence[Period]) -> tuple[Band, ...]:
        """Return the key events of the periods as bands behind a chart over them (3.11)."""
        if not periods:
            return ()
        found = report_rows.key_events(
            self.board.run.connection, str(periods[0].start), str(periods[-1].last_day)
        )
        bands = []
        for first, last, title, _state in found:
            touched = [
                place for place, period in enumerate(periods)
                if str(period.start) <= last and first <= str(period.last_day)
            ]  # fmt: skip
            if touched:
                bands.append(Band(touched[0], touched[-1], title))
        return tuple(bands)

    def trend(self, metric_id: str, months: Sequence[Period], **axis: Any) -> ChartSpec:
        """Return a line over months with its target."""
        figures = self.line(metric_id, months)
        definition = figures[-1].metric
        target = figures[-1].target
        references: tuple[Reference, ...] = ()
        if target is not None:
            label = self.t("target {target}").format(target=self._target(figures[-1]))
            references = (Reference(float(target), label),)
        values = tuple(None if f.value is None else float(f.value) for f in figures)
        shown = tuple("" if f.value is None else f.display for f in figures)
        return ChartSpec(
            ChartKind.LINE,
            self.name(metric_id),
            tuple(month.code for month in months),
            (Series(self.name(metric_id), values, shown,
                    tuple(f.n if f.value is not None else None for f in figures),
                    tuple(f.met is False for f in figures)),),
            unit=self.unit(definition),
            references=references,
            decimals=definition.decimals,
            emphasis=len(months) - 1,
            drill=tuple((metric_id, month.code) for month in months),
            bands=self.events(months),
            **axis,
        )  # fmt: skip

    def bars_by(self, metric_ids: Sequence[str], by: str, limit: int = 8,
                names: Sequence[str] = ()) -> ChartSpec:  # fmt: skip
        """Return horizontal bars by a dimension; groups below n = 5 are hatched."""
        every = self.groups(metric_ids[0], by)
        groups = every[:limit]
        others = [dict(self.groups(m, by)) for m in metric_ids[1:]]
        rows, rate = [], metric(metric_ids[0]).is_rate
        for index, metric_id in enumerate(metric_ids):
            found = [
                group.figure if index == 0
                else (others[index - 1][name].figure if name in others[index - 1] else None)
                for name, group in groups
            ]  # fmt: skip
            rows.append(
                Series(
                    names[index] if names else self.name(metric_id),
                    tuple(None if f is None or f.value is None else float(f.value) for f in found),
                    tuple("—" if f is None else f.display for f in found),
                    tuple(None if f is None or index or not rate else f.n for f in found),
                )
            )
        first = self.figure(metric_ids[0])
        references: tuple[Reference, ...] = ()
        if first.target is not None:
            label = self.t("target {target}").format(target=self._target(first))
            references = (Reference(float(first.target), label),)
        return ChartSpec(
            ChartKind.BARS, self.name(metric_ids[0]), tuple(name for name, _ in groups), tuple(rows),
            unit=self.unit(first.metric), references=references, decimals=first.metric.decimals,
            hatched=frozenset(i for i, (_, g) in enumerate(groups) if g.figure.small_sample),
            drill=tuple((metric_ids[0], f"{by}={group.key}") for _, group in groups),
            note=self.left_out(every, limit),
        )  # fmt: skip

    def pareto_bars(self, metric_id: str, by: str) -> tuple[list[Bar], dict[str, str]]:
        """Return the bars of a Pareto chart and their names by key."""
        groups = self.groups(metric_id, by)
        names, counts = {}, []
        order = {item.id: item.sort for item in self.board.reference.items.values()}
        groups.sort(key=lambda entry: order.get(entry[1].key, 10**6))
        for name, group in groups:
            key = OTHER if self.is_other(by, group.key) else str(group.key)
            names[key] = name
            counts.append((key, group.figure.n))
        return pareto(counts, (OTHER, UNFILLED)), names

    def concentration(self, metric_id: str, by: str) -> str:
        """Return N-PAR: where tickets or complaints concentrate, of what was filled in."""
        bars, names = self.pareto_bars(metric_id, by)
        known = [bar for bar in bars if bar.key != UNFILLED]
        return narrative.concentration(self.t, known, names, tickets=metric_id == "ticket_created")

    def pareto_chart(self, title: str, metric_id: str, by: str) -> ChartSpec:
        """Return a Pareto chart of a count by a dimension: at most eight bars (3.11)."""
        bars, names = self.pareto_bars(metric_id, by)
        if len(bars) > MOST_BARS:
            aside = [bar for bar in bars if bar.key == UNFILLED]  # never hidden among the rest
            most = MOST_BARS - 1 - len(aside)
            bars = [bar for bar in bars if bar.key != UNFILLED]
            shown, rest = bars[:most], bars[most:]
            count = sum(bar.count for bar in rest)
            share = sum((bar.share for bar in rest), Fraction(0))
            known = sum((bar.share for bar in bars), Fraction(0))
            bars = [*shown, Bar(REST, count, share, known, vital=False), *aside]
            names[REST] = self.t("Others ({n})").format(n=len(rest))
        return ChartSpec(
            ChartKind.PARETO,
            title,
            tuple(names[bar.key] for bar in bars),
            (
                Series(self.t("Count"), tuple(float(bar.count) for bar in bars)),
                Series(
                    self.t("Cumulative share"), tuple(float(100 * bar.cumulative) for bar in bars)
                ),
            ),
            vital=frozenset(i for i, bar in enumerate(bars) if bar.vital),
            hatched=frozenset(
                i for i, bar in enumerate(bars) if bar.key in {OTHER, UNFILLED, REST}
            ),
            drill=tuple((metric_id, f"{by}={bar.key}") for bar in bars),
        )
