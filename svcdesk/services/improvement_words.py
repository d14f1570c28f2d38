"""The effect of an item as it is read, on the screen and on paper: chart, sentence, months."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.chart import Band, ChartKind, ChartSpec, Reference, Series
from svcdesk.domain.effectiveness import LEAST_N, Phase
from svcdesk.domain.metrics.registry import BY_ID
from svcdesk.i18n.catalog import N_, Translator, current
from svcdesk.services.improvement_rows import metric_name, value_text

if TYPE_CHECKING:
    from svcdesk.services.improvement_effect import Effect

PHASES = {Phase.BEFORE: N_("before"), Phase.SETTLING: N_("settling"), Phase.AFTER: N_("after")}


def chart(effect: Effect, metric: str, t: Translator | None = None, band: str = "") -> ChartSpec:
    """Return the metric over the months, with its target and the gap, which is named ``band``."""
    t, months = t or current(), effect.months
    values = tuple(None if m.value is None else float(m.value) for m in months)
    references: tuple[Reference, ...] = ()
    if effect.target is not None:
        told = t("Target {value}").format(value=value_text(metric, effect.target))
        references = (Reference(float(effect.target), told),)
    gap = [i for i, m in enumerate(months) if m.phase is Phase.SETTLING]
    bands = (Band(gap[0], gap[-1], band or t("Measures under way")),) if gap else ()
    return ChartSpec(
        ChartKind.LINE, metric_name(metric, t), tuple(m.code for m in months),
        (Series("", values, tuple(value_text(metric, m.value) for m in months),
                tuple(m.n for m in months)),),
        references=references, bands=bands, metric=metric,
        decimals=BY_ID[metric].decimals if metric in BY_ID else 1,
    )  # fmt: skip


def told(effect: Effect, metric: str | None, t: Translator | None = None) -> str:
    """Say before and after over equally many months."""
    t = t or current()
    if not effect.size:
        text = t("No month after the measures counts yet; a month needs {n} records.")
        return text.format(n=LEAST_N)
    text = t("{before} (n={n1}) before, {after} (n={n2}) after: {months} months each").format(
        before=value_text(metric, effect.before[0]), n1=effect.before[1],
        after=value_text(metric, effect.after[0]), n2=effect.after[1], months=effect.size,
    )  # fmt: skip
    if effect.baseline_improved is None:
        return text
    return f"{text} · " + (t("better") if effect.baseline_improved else t("not better"))


def months(effect: Effect, metric: str | None, t: Translator | None = None) -> list[str]:
    """Return a line for each month: phase, value, n, interval, and whether it is skipped."""
    t, lines = t or current(), []
    for month in effect.months:
        line = f"{month.code}  {t(PHASES[month.phase])}  {value_text(metric, month.value)}  "
        line += f"n={month.n}"
        if month.low is not None and month.high is not None:
            line += f"  [{float(month.low):.1f} – {float(month.high):.1f}]"
        if month.value is not None and not month.counts:
            line += "  " + t("too few, skipped")
        lines.append(line)
    return lines
