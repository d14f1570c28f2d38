"""What every report shows of figures: cells, tables and charts, in one language."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from svcdesk.domain import narrative
from svcdesk.domain.chart import Band, ChartKind, ChartSpec, Reference, Series
from svcdesk.domain.comparisons import Direction, Scale, compare
from svcdesk.domain.metrics.definition import Kind, MetricDef, Unit
from svcdesk.domain.metrics.registry import metric
from svcdesk.domain.statistics import Bar, format_number, pareto, shares_add_up
from svcdesk.reports.model import Column, KpiCell, Table
from svcdesk.reports.model import Figure as Drawing
from svcdesk.reports.values import Values
from svcdesk.reports.wording import noted, width
from svcdesk.store import report_rows
from svcdesk.store.group_names import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svcdesk.domain.metrics.figure import Figure
    from svcdesk.domain.period import Period


MOST_BARS = 8
_GIVEN = frozenset({"spare_turnover", "dead_stock"})  # of amounts of money, not of records
# units that a metric's name says already, or that stand with the value
_UNSAID = frozenset({Unit.PERCENT, Unit.TICKETS, Unit.COMPLAINTS, Unit.CASES, Unit.NPS, Unit.TIMES,
                     Unit.PER_100, Unit.PER_1000, Unit.ITEMS, Unit.SCORE, Unit.NONE})  # fmt: skip
_JUDGED = frozenset({3, 4})  # columns of a metric table: target and judgement
REST = "rest"  # key of the bar that gathers what is not shown
OTHER, UNFILLED = "other", "None"  # keys of the bars that stand last
LISTED = 15  # rows of a distribution
SHORT = 20  # half-widths of a name that stands below a column


def upright_or_not(names: Iterable[str]) -> ChartKind:
    """Return columns for short names; long ones stand beside bars, where they can be read."""
    wide = max((width(name) for name in names), default=0) > SHORT
    return ChartKind.BARS if wide else ChartKind.COLUMNS


def signed(difference: int) -> str:
    """Return a difference with its sign; none without one."""
    return f"{difference:+d}".replace("-", "−") if difference else "0"


class Numbers(Values):
    """A period's figures as cells, tables and charts show them."""

    # -- cells and tables ----------------------------------------------------------------------

    def cell(self, metric_id: str) -> KpiCell:
        """Return the KPI cell of the summary."""
        figure = self.figure(metric_id)
        change = self.mom(metric_id)
        details = [self.sample(figure)]
        if figure.target is not None:
            details.append(self.t("target {target}").format(target=self.shown_target(figure)))
        unit = "" if figure.value is None else self.unit_of(figure)
        if unit and not self.t.chinese:  # as narrow as the cell
            narrow = {Unit.SCORE: self.t("of 5"), Unit.MINUTES: self.t("working min")}
            unit = narrow.get(figure.metric.unit, unit)
        return KpiCell(
            self.name(metric_id),
            figure.display.removesuffix("%"),
            unit + self.marks(figure),
            "　".join(text for text in details if text),
            self.against(change.short(self.t)),
            figure.met,
            change.improved,
        )

    def composite_cell(self) -> KpiCell:
        """Return the cell of the composite quality score (3.10)."""
        t = self.t
        now = self.board.composite(self.period)
        before = None if self.incomplete else self.board.composite(self.period.previous).total
        change = compare(now.total, before, Scale.NPS, Direction.UP)
        weighed = sum(1 for part in now.parts if part.contribution is not None)
        shown = "—" if now.total is None else format_number(now.total, 1)
        arrow = change.short(t)
        if change.arrow:
            arrow = change.arrow + change.magnitude() + (t("points") if t.chinese else "")
        return KpiCell(
            t("Composite quality score"),
            shown,
            "" if now.total is None else t("points"),
            t("{n} figures").format(n=weighed) + "　" + self.composite_band(),
            self.against(arrow),
            None,
            change.improved,
        )

    def composite_band(self) -> str:
        """Return the band of the composite score in words."""
        band = self.board.composite(self.period).band
        return self.t("band {name}").format(name=self.t(band)) if band else ""

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

    def sample(self, figure: Figure) -> str:
        """Return what a figure rests on: 342/406 for shares of records, else n=268."""
        if not figure.metric.is_rate or figure.value is None or figure.metric.formula in _GIVEN:
            return ""
        counts = (
            figure.metric.unit is Unit.PERCENT and figure.num is not None and figure.den is not None
        )
        if counts and figure.metric.kind in {Kind.RATIO, Kind.QUOTIENT, Kind.KEY_SHARE}:
            return f"{figure.num}/{figure.den}"
        return f"n={figure.n}"

    def metric_table(self, caption: str, metric_ids: Sequence[str]) -> Table:
        """Return a table of metrics with sample, target and the three comparisons."""
        t = self.t
        rows = []
        shown = [self.compared(metric_id) for metric_id in metric_ids]
        if all(c.figure.value is None and c.previous.value is None for c in shown):
            metric_ids = ()  # a table of dashes says less than one sentence
        known = [m for m in metric_ids if not self.unknown(m)]
        missing = [m for m in metric_ids if m not in known]
        metric_ids = known
        for metric_id in metric_ids:
            figure = self.figure(metric_id)
            rows.append(
                (
                    self.labelled(metric_id),
                    self.in_cell(figure),
                    self.sample(figure) or "—",
                    self.shown_target(figure),
                    self.verdict(figure),
                    self.mom(metric_id).short(t),
                    self.compared(metric_id).yoy.short(t),
                    self.compared(metric_id).prev3.short(t),
                )
            )
        columns = (
            Column(t("Metric")), Column(t("Value"), right=True), Column(t("Sample"), right=True),
            Column(t("Target"), right=True), Column(t("Judgement")),
            Column(t("MoM") if self.period.kind == "month" else t("Change rate"), right=True),
            Column(t("YoY"), right=True), Column(t("vs 3 months"), right=True),
        )  # fmt: skip
        # which three months, of a longer period? and nothing to judge without a target
        judged = any(self.figure(metric_id).target is not None for metric_id in metric_ids)
        shown_columns = [
            place for place in range(len(columns))
            if (judged or place not in _JUDGED) and (place < 7 or self.period.kind == "month")
        ]  # fmt: skip
        return Table(
            caption, tuple(columns[place] for place in shown_columns),
            tuple(tuple(row[place] for place in shown_columns) for row in rows),
            notes=(*self.notes(metric_ids), *self.without_data(missing)),
        )  # fmt: skip

    def unknown(self, metric_id: str) -> bool:
        """Tell whether nothing is known of a metric: not now, not before, not a year ago."""
        found = self.compared(metric_id)
        return all(f.value is None for f in (found.figure, found.previous, found.year_ago))

    def without_data(self, metric_ids: Sequence[str]) -> list[str]:
        """Return the sentence about metrics that a table leaves out because nothing is known."""
        if not metric_ids:
            return []
        names = narrative.join([self.name(metric_id) for metric_id in metric_ids], self.t)
        return [self.t("{name}: no data in this period.").format(name=names)]

    def marked(self, figure: Figure) -> str:
        """Return the displayed value with its unit and marks."""
        text = self.value(figure)
        if figure.small_sample:
            text += "※"
        return text + (self.t(" (prov.)") if figure.provisional else "")

    @staticmethod
    def marks(figure: Figure) -> str:
        """Return the marks that footnotes explain: ※ small sample, * provisional."""
        return ("※" if figure.small_sample else "") + ("*" if figure.provisional else "")

    def marks_told(self, cells: Iterable[str]) -> list[str]:
        """Return the footnotes for the marks that cells of figures carry."""
        found = list(cells)
        notes = []
        if any("※" in cell for cell in found):
            notes.append(self.t("※ Fewer than 5 records: not judged."))
        if any(cell.endswith("*") and cell[0].isdigit() for cell in found if cell):
            notes.append(self.t("* Provisional, the observation period is not over."))
        return notes

    # English units are words too long for a column: there they stand behind the metric's name

    def labelled(self, metric_id: str) -> str:
        """Return a metric's name as tables print it."""
        definition = metric(metric_id)
        if self.t.chinese or definition.unit in _UNSAID:
            return self.name(metric_id)
        return self.counted(self.name(metric_id), self.unit(definition))

    def in_cell(self, figure: Figure, *, marks: bool = True) -> str:
        """Return a displayed value as tables print it beside its ``labelled`` name."""
        text = self.value(figure) if self.t.chinese else figure.display
        return text + (self.marks(figure) if marks else "")

    def gap(self, definition: MetricDef, amount: Fraction) -> str:
        """Return a difference as tables print it beside its ``labelled`` name."""
        text = self.distance(definition, amount)
        if self.t.chinese:
            return text
        number = text.partition(" ")[0]
        return f"{number} pp" if definition.unit is Unit.PERCENT else number

    def verdict(self, figure: Figure) -> str:
        """Return sign and word of the judgement."""
        if figure.met is None:
            return "—"
        return "● " + self.t("met") if figure.met else "◇ " + self.t("missed")

    def notes(self, metric_ids: Sequence[str]) -> list[str]:
        """Return the footnotes that these figures need."""
        figures = [self.figure(metric_id) for metric_id in metric_ids]
        found = []
        if any(figure.small_sample for figure in figures):
            found.append(self.t("※ Fewer than 5 records: not judged."))
        if any(figure.provisional for figure in figures):
            found.append(self.t("* Provisional, the observation period is not over."))
        late = [f for f in figures if f.not_yet_due]
        if late:
            listed = narrative.join(
                [self.counted(self.t(f.metric.label), f.not_yet_due) for f in late], self.t
            )
            found.append(self.t("Not yet due and left out: {list}.").format(list=listed))
        gone = [f for f in figures if f.excluded]
        if gone:
            listed = narrative.join(
                [self.counted(self.t(f.metric.label), f.excluded) for f in gone], self.t
            )
            found.append(self.t("Abnormal data left out (appendix B): {list}.").format(list=listed))
        return found

    def share_table(
        self, caption: str, head: str, metric_id: str, by: str, limit: int = LISTED
    ) -> Table:
        """Return the distribution of a count: this period, share, the last one, the change."""
        t = self.t
        now = [(name, group.figure.n) for name, group in self.groups(metric_id, by)]
        before = {
            name: group.figure.n for name, group in self.groups(metric_id, by, self.period.previous)
        }
        counted = dict(now)
        if not self.incomplete:  # what was there last period and is not there now
            gone = [(name, 0) for name in before if name not in counted]
            aside = [one for one in now if one[0] in self.last_names(by)]
            now = [*now[: len(now) - len(aside)], *gone, *aside]
        total = sum(count for _, count in now)
        rows = []
        behind = [one for one in now if one[0] in self.last_names(by)]  # 其他, not filled in
        named = now[: len(now) - len(behind)]
        shown = named[:limit] if limit and len(named) > limit else named
        for name, count in shown:
            rows.append(self._share_row(name, count, total, before.get(name, 0)))
        if len(shown) < len(named):
            rest = sum(count for _, count in named[limit:])
            base_rest = sum(before.get(name, 0) for name, _ in named[limit:])
            label = t("Others ({n})").format(n=len(named) - limit)
            rows.append(self._share_row(label, rest, total, base_rest))
        for name, count in behind:
            rows.append(self._share_row(name, count, total, before.get(name, 0)))
        last = sum(before.values())
        if rows:
            rows.append(self._share_row(t("Total"), total, total, last))
        columns = (
            Column(head), Column(t("This period"), right=True, adds=True), Column(t("Share"), right=True),
            Column(t("Last period"), right=True, adds=True), Column(t("Change"), right=True),
            Column(t("Change rate"), right=True),
        )  # fmt: skip
        shares = [Fraction(count, total) for _, count in now] if total else []
        notes = () if shares_add_up(shares) or not shares else (
            t("Because of rounding, the parts may not add up to 100%."),)  # fmt: skip
        return Table(caption, columns, tuple(rows), total=bool(rows), notes=notes)

    def share_text(self, n: int, total: int) -> str:
        """Return a share of a total, a dash of nothing."""
        return format_number(Fraction(100 * n, total), 1) + "%" if total else "—"

    def counted(self, name: str, shown: object) -> str:
        """Return a name with a number behind it, in the brackets of the language."""
        return f"{name}（{shown}）" if self.t.chinese else f"{name} ({shown})"

    def dimension(self, by: str) -> str:
        """Return the name of a dimension."""
        return self.t(DIMENSIONS[by])

    def _share_row(self, name: str, n: int, total: int, base: int) -> tuple[str, ...]:
        known = self.board.has_data(self.period.previous) and not self.incomplete
        change = compare(n, base if known else None, metric("ticket_created").comparison)
        share = self.share_text(n, total)
        return (name, str(n), share, str(base) if known else "—",
                signed(n - base) if known else "—", change.short(self.t))  # fmt: skip

    # -- charts --------------------------------------------------------------------------------

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
