"""Cards of the reports page: a figure with everything that is needed to read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.domain.basis import Against, Basis
from svcdesk.domain.comparisons import Change, Direction, Scale, State, compare
from svcdesk.domain.metrics.definition import Kind, Unit
from svcdesk.domain.statistics import FEW, format_number, wilson
from svcdesk.i18n.catalog import N_
from svcdesk.store import comparing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.metrics.figure import Figure
    from svcdesk.domain.period import Period
    from svcdesk.i18n.catalog import Translator
    from svcdesk.reports.figures import Numbers
    from svcdesk.store.comparing import Beside

COMPOSITE = "composite"
COURSE = 6  # months in the small line of a card
COMPARE_LABELS = {
    Against.MOM: N_("MoM {change}"),
    Against.YOY: N_("YoY {change}"),
    Against.PREV3: N_("vs 3 months {change}"),
    Against.ROLL3: N_("3 months rolling {change}"),
    Against.BASELINE: N_("vs baseline {change}"),
    Against.INDUSTRY: N_("vs industry {change}"),
    Against.OWN: N_("vs {period} {change}"),
}
BASIS_NAMES = {
    Against.MOM: N_("Period before"),
    Against.YOY: N_("Last year"),
    Against.PREV3: N_("Mean of the 3 months before"),
    Against.ROLL3: N_("Rolling 3 months"),
    Against.BASELINE: N_("Baseline value"),
    Against.INDUSTRY: N_("Industry value"),
    Against.OWN: N_("Another period"),
}


@dataclass(frozen=True)
class Card:
    """One figure; texts are ready."""

    key: str
    name: str
    value: str
    unit: str
    sample: str
    met: bool | None
    target: str
    change: str
    better: bool | None
    rising: bool
    course: tuple[float | None, ...]
    course_target: float | None
    tip: str


def as_float(figure: Figure) -> float | None:
    """Return a value for drawing, nothing where there is none."""
    return None if figure.value is None else float(figure.value)


def change_text(basis: Basis, change: Change, t: Translator) -> str:
    """Return a comparison as it stands on a card: what with, and how much."""
    return t(COMPARE_LABELS[basis.against]).format(change=change.short(t), period=basis.other)


def interval(figure: Figure) -> tuple[float, float] | None:
    """Return the 95 % Wilson interval of a share of records in percent; other figures: none."""
    if figure.metric.unit is not Unit.PERCENT or figure.num is None or not figure.den:
        return None
    if figure.metric.kind not in {Kind.RATIO, Kind.KEY_SHARE} or not 0 <= figure.num <= figure.den:
        return None
    found = wilson(figure.num, figure.den)
    return None if found is None else (100 * found[0], 100 * found[1])


def sureness(figure: Figure, t: Translator) -> list[str]:
    """Return what is to be said about the sample of a figure: interval, small sample."""
    found = interval(figure)
    lines = []
    if found is not None:
        text = t("95% interval {low}%–{high}% (Wilson)")
        lines.append(text.format(low=format_number(found[0], 1), high=format_number(found[1], 1)))
        if figure.n < FEW:
            lines.append(t("Small sample (n < 30): read with care."))
    if figure.small_sample:
        lines.append(t("※ Fewer than 5 records: not judged."))
    return lines


def beside_lines(found: Beside, basis: Basis, n: Numbers) -> list[str]:
    """Return what is to be said about a comparison: the other value, its source, its marks."""
    t, lines = n.t, []
    if found.base is not None:
        base = found.figure.text(found.base)
        lines.append(t("{name}: {value}").format(name=t(BASIS_NAMES[basis.against]), value=base))
    if found.source:
        lines.append(t("Source: {source}").format(source=found.source))
    if found.days:
        lines.append(t("Compared over the first {n} days of both.").format(n=found.days))
    elif found.to_date and found.base_period is not None:
        lines.append(t("The period is not over: not compared with a whole one."))
    if found.festival:
        lines.append(t("The Spring Festival lies in only one of the two periods."))
    return lines


def cards(
    n: Numbers, metric_ids: Sequence[str], basis: Basis
) -> tuple[tuple[Card, ...], bool]:  # fmt: skip
    """Return the cards of ``metric_ids``, and whether the festival lies in one period only."""
    plain = [metric_id for metric_id in metric_ids if metric_id != COMPOSITE]
    found = comparing.beside(n.board, plain, n.period, basis)
    made = tuple(
        composite_card(n, basis) if metric_id == COMPOSITE
        else card(n, metric_id, found[metric_id], basis)
        for metric_id in metric_ids
    )  # fmt: skip
    return made, any(one.festival for one in found.values())


def card(n: Numbers, metric_id: str, found: Beside, basis: Basis) -> Card:
    """Return the card of one metric."""
    t, figure = n.t, found.figure
    sample = n.sample(figure)
    if figure.provisional:
        sample = (sample + " " + t("provisional")).strip()
    target = t("target {target}").format(target=n.shown_target(figure))
    months = n.period.last_months(COURSE)
    lines = [t(figure.metric.note), *sureness(figure, t), *beside_lines(found, basis, n)]
    return Card(
        metric_id,
        n.name(metric_id),
        figure.display.removesuffix("%") + ("※" if figure.small_sample else ""),
        "" if figure.value is None else n.unit(figure.metric),
        sample,
        figure.met,
        t("no target") if figure.target is None else target,
        change_text(basis, found.change, t),
        None if figure.small_sample else found.change.improved,  # too few to judge (3.2)
        found.change.state is State.UP,
        tuple(as_float(f) for f in n.line(metric_id, months)),
        None if figure.target is None else float(figure.target),
        "\n".join(lines),
    )


def _composite_before(n: Numbers, basis: Basis) -> Period | None:
    """Return the period whose score the composite is compared with."""
    if n.incomplete:
        return None
    return {Against.MOM: n.period.previous, Against.YOY: n.period.year_ago}.get(basis.against)


def composite_card(n: Numbers, basis: Basis) -> Card:
    """Return the card of the composite score; it is compared with last month's or last year's."""
    t, board = n.t, n.board
    found = board.composite(n.period)
    before = _composite_before(n, basis)
    change = compare(
        found.total, None if before is None else board.composite(before).total, Scale.SCORE,
        Direction.UP,
    )  # fmt: skip
    totals = [board.composite(month).total for month in n.period.last_months(COURSE)]
    parts = [part for part in found.parts if part.score is not None]
    value = "—" if found.total is None else format_number(found.total, 1)
    band = "" if found.band is None else t("grade {band}").format(band=t(found.band))
    count = t("{n} of {all} metrics").format(n=len(parts), all=len(found.parts))
    note = t("Weighted score of the metrics with a weight, capped at their targets.")
    return Card(
        COMPOSITE, t("Composite quality score"), value, t("points"), count, None, band,
        change_text(basis, change, t) if before is not None else "", change.improved,
        rising=change.state is State.UP,
        course=tuple(None if total is None else float(total) for total in totals),
        course_target=None, tip=note,
    )  # fmt: skip
