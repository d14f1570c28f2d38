"""A period's figures in one language: values with units, names, the sentences about them."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from svcdesk.domain import masking, narrative
from svcdesk.domain.comparisons import Change, Direction
from svcdesk.domain.localtime import local
from svcdesk.domain.metrics.definition import UNIT_LABELS, MetricDef, Unit
from svcdesk.domain.metrics.registry import metric
from svcdesk.domain.statistics import format_number
from svcdesk.store import loop_rows, report_rows
from svcdesk.store.group_names import AGE_ORDER, NOT_FILLED, ORDERED, group_names, item_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.metrics.figure import Figure
    from svcdesk.domain.period import Period
    from svcdesk.i18n.catalog import Translator
    from svcdesk.store.figures import Board, Compared, GroupFigure


# dimensions whose keys are rows of the editable lists
_LISTED = frozenset({"channel", "issue", "issue_sub", "category", "category_sub", "department",
                     "department_detail", "overdue_reason"})  # fmt: skip
_STAFF = frozenset({"agent", "handler", "technician"})  # dimensions whose groups are people


class Values:
    """A period's figures with their comparisons and names."""

    def __init__(self, board: Board, period: Period, t: Translator, *, rankings: bool) -> None:
        self.board, self.period, self.t = board, period, t
        self.rankings = rankings
        self._compared: dict[str, Compared] = {}
        self.incomplete = period.incomplete(board.as_of)
        end = min(period.end_at, board.as_of)
        # the item that each metric's miss was taken up in, named in its sentence
        self.items = loop_rows.item_numbers(board.run.connection, period.start_at, end)

    # -- values ------------------------------------------------------------------------------

    def figure(self, metric_id: str, period: Period | None = None) -> Figure:
        """Return one figure (default: of the reported period)."""
        return self.board.figure(metric_id, period or self.period)

    def count(self, metric_id: str, period: Period | None = None) -> int:
        """Return the value of a count, 0 without data."""
        value = self.figure(metric_id, period).value
        return int(value) if value is not None else 0

    def line(self, metric_id: str, months: Sequence[Period]) -> list[Figure]:
        """Return one figure for each month."""
        found = self.board.figures([metric_id], months)[metric_id]
        return [found[month.code] for month in months]

    def compared(self, metric_id: str) -> Compared:
        """Return a figure with its comparisons: MoM, YoY, against the three months before."""
        if metric_id not in self._compared:
            self._compared.update(self.board.compared([metric_id], self.period))
        return self._compared[metric_id]

    def prepare(self, metric_ids: Sequence[str]) -> None:
        """Count many metrics at once, with what they are compared with."""
        self._compared.update(self.board.compared(metric_ids, self.period))

    def mom(self, metric_id: str) -> Change:
        """Compare with the period before; none while the period is not over (3.1)."""
        return self.compared(metric_id).mom

    def begun_later(self) -> str:
        """Say so when records begin within a period that figures are compared with."""
        first = report_rows.first_record(self.board.run.connection)
        if first is None:
            return ""
        for other in (self.period.previous, self.period.year_ago):
            if other.start_at < first < other.end_at:
                day = local(first, self.board.zone).date()
                if day > other.start:
                    return self.t("Records begin on {day}: {period} is covered in part only.").format(
                        day=day, period=other.title(self.t))  # fmt: skip
        return ""

    def recent(self, least: int = 6) -> list[Period]:
        """Return the months that a line shows: the last six, or all of a longer period."""
        return self.period.last_months(min(13, max(least, len(self.period.months()))))

    def whole_months(self) -> str:
        """Say so when charts over months show more than a period that begins or ends within one."""
        if self.period.kind != "range":
            return ""
        months = self.period.months()
        if (months[0].start, months[-1].end) == (self.period.start, self.period.end):
            return ""
        return self.t("Charts over months show whole months.")

    def against(self, change: str) -> str:
        """Return a change with what it is against: MoM, or the period before a longer one."""
        if self.period.kind == "month":
            return self.t("MoM {change}").format(change=change)
        return self.t("last period {change}").format(change=change)

    # -- names -------------------------------------------------------------------------------

    def name(self, metric_id: str) -> str:
        """Return a metric's name."""
        return self.t(metric(metric_id).label)

    def unit(self, definition: MetricDef) -> str:
        """Return the unit as it stands behind a value."""
        return self.t(UNIT_LABELS[definition.unit])

    def unit_of(self, figure: Figure) -> str:
        """Return the unit behind a figure's value: one ticket is not said in the plural."""
        unit = self.unit(figure.metric)
        return unit if self.t.chinese or figure.display != "1" else unit.removesuffix("s")

    def value(self, figure: Figure) -> str:
        """Return a value with its unit as it stands in a sentence: 86.0%, 11.4分钟, 4.18分."""
        if figure.value is None or figure.metric.unit is Unit.PERCENT:
            return figure.display
        behind = self._behind(figure.metric)
        if not self.t.chinese and figure.display == "1":
            behind = behind.removesuffix("s")
        return figure.display + behind

    def _behind(self, definition: MetricDef) -> str:
        """Return the unit as it follows a number in a sentence."""
        if self.t.chinese:
            return self.unit(definition)
        return " " + (self.t("of 5") if definition.unit is Unit.SCORE else self.unit(definition))

    def groups(
        self, metric_id: str, by: str, period: Period | None = None
    ) -> list[tuple[str, GroupFigure]]:
        """Return ``(name, figure)`` of the groups of a dimension, largest first."""
        found = self.board.groups(metric_id, period or self.period, by)
        names = group_names(self.board, by, [group.key for group in found], self.t)
        if by in _STAFF:
            names = self._initials(names)
        if by == "age":
            found.sort(key=lambda group: AGE_ORDER.index(group.key))
        if by in _LISTED:  # ties in list order; 其他, then what nobody filled in, last (3.11)
            items = self.board.reference.items
            found.sort(
                key=lambda group: (
                    group.key is None, self.is_other(by, group.key), -group.figure.n,
                    items[group.key].sort if group.key in items else 0,
                )
            )  # fmt: skip
        elif by not in ORDERED:
            found.sort(key=lambda group: group.key is None)
        if by in _LISTED:
            names = self._told_apart(names)
        return [(names[group.key], group) for group in found]

    def _told_apart(self, names: dict[Any, str]) -> dict[Any, str]:
        """Return names of list items; behind those that several have stands their parent's."""
        times, items = Counter(names.values()), self.board.reference.items

        def shown(key: Any) -> str:
            item = items.get(key)
            parent = items.get(item.parent_id) if item and item.parent_id is not None else None
            if times[names[key]] == 1 or parent is None:
                return names[key]
            above = item_name(parent, self.t)
            return f"{names[key]}（{above}）" if self.t.chinese else f"{names[key]} ({above})"

        return {key: shown(key) for key in names}

    def listed(self, item_id: int | None) -> str:
        """Return the name of a list item in the language of the report, nothing without one."""
        item = self.board.reference.items.get(item_id) if item_id is not None else None
        return item_name(item, self.t) if item else ""

    def last_names(self, by: str) -> set[str]:
        """Return the names of the groups that stand behind all others."""
        found = {self.t(NOT_FILLED)}
        if by in _LISTED:
            items = self.board.reference.items.values()
            found |= {item_name(item, self.t) for item in items if item.code == "other"}
        return found

    def is_other(self, by: str, key: Any) -> bool:
        """Tell whether a group of a dimension is the list's own 其他."""
        item = self.board.reference.items.get(key) if by in _LISTED else None
        return item is not None and item.code == "other"

    def person(self, name: str) -> str:
        """Return who did something as lists print it: by initials, unless names are switched on."""
        return name if self.rankings or not name else masking.mask_name(name)

    def _initials(self, names: dict[Any, str]) -> dict[Any, str]:
        """Return people by initials (5.7); those who share theirs are told apart by a number."""
        if self.rankings:
            return names
        found: dict[Any, str] = {}
        times: Counter[str] = Counter()
        for key in sorted(names, key=str):
            if key is None:
                found[key] = names[key]
                continue
            shown = masking.mask_name(names[key])
            times[shown] += 1
            found[key] = shown if times[shown] == 1 else f"{shown}{times[shown]}"
        return found

    # -- sentences ---------------------------------------------------------------------------

    def kpi(self, metric_id: str) -> narrative.Kpi:
        """Return a figure as the sentences need it."""
        figure = self.figure(metric_id)
        definition = figure.metric
        gap = target = None
        if figure.value is not None and figure.target is not None:
            target = self._target(figure)
            distance = abs(figure.value - figure.target)
            gap = self.distance(definition, distance)
        return narrative.Kpi(
            self.name(metric_id),
            None if figure.value is None else self.value(figure),
            definition.direction,
            target=target,
            met=figure.met,
            n=figure.n,
            small=figure.small_sample,
            provisional=figure.provisional,
            gap=gap,
            item_no=self.items.get(metric_id) if figure.met is False else None,
        )

    def distance(self, definition: MetricDef, amount: Fraction) -> str:
        """Return a difference in the unit of the metric: 0.02分, 4.5个百分点."""
        digits = definition.decimals
        shown = format_number(amount, digits)
        while amount and Fraction(shown.replace(",", "")) == 0 and digits < 6:
            digits += 1
            shown = format_number(amount, digits)
        if definition.unit is Unit.PERCENT:
            return self.t("{x} percentage points").format(x=shown)
        if definition.unit is Unit.SCORE and not self.t.chinese:
            return self.t("{x} points").format(x=shown)
        return shown + self._behind(definition)

    def _target(self, figure: Figure) -> str:
        digits = figure.metric.decimals
        target = figure.target
        if target is None:
            return "—"
        if target.denominator == 1:
            digits = 2 if figure.metric.unit is Unit.SCORE else 0
        text = format_number(target, digits)
        return text + "%" if figure.metric.unit is Unit.PERCENT else text

    def shown_target(self, figure: Figure) -> str:
        """Return a target with its sign: ≥95%, ≤20."""
        if figure.target is None:
            return "—"
        sign = "≤" if figure.metric.direction is Direction.DOWN else "≥"
        return sign + self._target(figure)

    def kpi_sentences(self, metric_ids: Sequence[str]) -> list[str]:
        """Return a drafted sentence for each metric; those without data share one, the last."""
        known = [m for m in metric_ids if self.figure(m).value is not None]
        found = [narrative.kpi(self.t, self.kpi(metric_id)) for metric_id in known]
        if len(known) < len(metric_ids):
            names = [self.name(m) for m in metric_ids if m not in known]
            found.append(
                self.t("{name}: no data in this period.").format(name=narrative.join(names, self.t))
            )
        return found
