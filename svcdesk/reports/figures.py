"""What every report shows of figures: cells and tables, in one language."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from svcdesk.domain import narrative
from svcdesk.domain.comparisons import Direction, Scale, compare
from svcdesk.domain.metrics.definition import SMALL_SAMPLE, Kind, MetricDef, Unit
from svcdesk.domain.metrics.registry import metric
from svcdesk.domain.statistics import format_number, shares_add_up
from svcdesk.reports.chart_specs import Charts
from svcdesk.reports.model import Column, KpiCell, Table
from svcdesk.store.group_names import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svcdesk.domain.metrics.figure import Figure


_GIVEN = frozenset({"spare_turnover", "dead_stock"})  # of amounts of money, not of records
# units that a metric's name says already, or that stand with the value
_UNSAID = frozenset({Unit.PERCENT, Unit.TICKETS, Unit.COMPLAINTS, Unit.CASES, Unit.NPS, Unit.TIMES,
                     Unit.PER_100, Unit.PER_1000, Unit.ITEMS, Unit.SCORE, Unit.NONE})  # fmt: skip
_JUDGED = frozenset({3, 4})  # columns of a metric table: target and judgement
LISTED = 15  # rows of a distribution


def signed(difference: int) -> str:
    """Return a difference with its sign; none without one."""
    return f"{difference:+d}".replace("-", "−") if difference else "0"


class Numbers(Charts):
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
            t("{n} figures").format(n=weighed) + "　" + self.composite_band() if weighed else "",
            self.against(arrow),
            None,
            change.improved,
        )

    def composite_band(self) -> str:
        """Return the band of the composite score in words."""
        band = self.board.composite(self.period).band
        return self.t("band {name}").format(name=self.t(band)) if band else ""

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
        name, unit = self.name(metric_id), self.unit(definition)
        return name if f" {unit} " in f" {name} " else self.counted(name, unit)

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
        # by key: two products may have one name
        found = [(name, group.key, group.figure.n) for name, group in self.groups(metric_id, by)]
        then = self.groups(metric_id, by, self.period.previous)
        before = {group.key: group.figure.n for _, group in then}
        last_names = self.last_names(by)
        behind = [one for one in found if one[0] in last_names]  # 其他, not filled in
        named = found[: len(found) - len(behind)]
        if not self.incomplete:  # what was there last period and is not there now
            counted = {key for _, key, _ in found}
            gone = [(name, group.key, 0) for name, group in then if group.key not in counted]
            named += [one for one in gone if one[0] not in last_names]
            behind += [one for one in gone if one[0] in last_names]
        total = sum(count for *_, count in found)
        rows = []
        shown = named[:limit] if limit and len(named) > limit else named
        for name, key, count in shown:
            rows.append(self._share_row(name, count, total, before.get(key, 0)))
        if len(shown) < len(named):
            rest = sum(count for *_, count in named[limit:])
            base_rest = sum(before.get(key, 0) for _, key, _ in named[limit:])
            label = t("Others ({n})").format(n=len(named) - limit)
            rows.append(self._share_row(label, rest, total, base_rest))
        for name, key, count in behind:
            rows.append(self._share_row(name, count, total, before.get(key, 0)))
        last = sum(before.values())
        if rows:
            rows.append(self._share_row(t("Total"), total, total, last))
        columns = (
            Column(head), Column(t("This period"), right=True, adds=True), Column(t("Share"), right=True),
            Column(t("Last period"), right=True, adds=True), Column(t("Change"), right=True),
            Column(t("Change rate"), right=True),
        )  # fmt: skip
        shares = [Fraction(count, total) for *_, count in found] if total else []
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
        there = self.board.has_data(self.period.previous) and not self.incomplete
        share = self.share_text(n, total)
        return (name, str(n), share, str(base) if there else "—",
                signed(n - base) if self.known_before() else "—",
                self.change_rate(n, base))  # fmt: skip

    def known_before(self) -> bool:
        """Tell whether counts are compared with the period before: it and this one are whole."""
        return self.board.compares_with(self.period.previous) and not self.incomplete

    def change_rate(self, n: int, base: int) -> str:
        """Return the relative change of a part's count, a dash over a base too small for one.

        Of the 3 tickets of a product last month a percentage says less than both counts do.
        """
        change = compare(
            n, base if self.known_before() else None, metric("ticket_created").comparison
        )
        if change.arrow and base < SMALL_SAMPLE:
            return "—"
        return change.short(self.t)
