"""The program's figures of every month against those of plain code over the raw file."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from svcdesk.i18n.catalog import translator
from svcdesk.services import dashboards

if TYPE_CHECKING:
    from collections.abc import Callable

    from svcdesk.services.desk import Desk
    from svcdesk.store.figures import Board
    from tests.services.plain_figures import Plain

ZH = translator("zh_CN")
# domain.md 4.5: which rule takes cases out of which figure
RULES = {
    "frt_mean_min": ("AB01", "AB03"), "frt_median_min": ("AB01", "AB03"),
    "frt_p90_min": ("AB01", "AB03"), "frt_sla_rate": ("AB01", "AB03"),
    "res_mean_h": ("AB02",), "res_median_h": ("AB02",), "res_p90_h": ("AB02",),
    "fcr_rate": ("AB02",),
}  # fmt: skip
COUNTS = frozenset({
    "ticket_created", "ticket_resolved", "ticket_closed", "frt_unresponded", "late_resolved",
    "backlog_end", "overdue_open",
})  # fmt: skip


def by_name(b: Board, metric: str, period: Any, by: str) -> dict[str, Any]:
    """Return the counts of a metric's groups by the name a Chinese reader sees."""
    return {g.name: g.figure.value for g in dashboards.groups(b, metric, period, by, ZH)}


def check_months(
    desk: Desk, plain: Plain, splits: dict[str, Callable[[str], str]]
) -> tuple[int, Counter[str]]:
    """Compare every figure of every month; return how many, and what each rule took out.

    ``splits``: dimension → how its plain groups are called here. Every case that the program
    leaves out of a figure must be one that a rule names, and there are exactly as many.
    """
    now = desk.clock.now()
    months = plain.months()
    spans = {month: dashboards.period_of(desk, month) for month in months}
    ruled: Counter[str] = Counter()
    compared = 0
    with dashboards.board(desk) as b:
        names = [*plain.figures(months[0], now)]
        names.remove("ages")
        ours = b.figures(names, list(spans.values()))
        for month, span in spans.items():
            wanted, out = plain.figures(month, now), plain.excluded(month)
            ages = wanted.pop("ages")
            for metric, value in wanted.items():
                figure = ours[metric][month]
                nothing = metric in COUNTS and not value
                assert figure.value == value or (nothing and not figure.value), (
                    metric, month, figure.value, value)  # fmt: skip
                left_out = sum(out[rule] for rule in RULES.get(metric, ()))
                if metric in RULES:
                    assert figure.excluded == left_out, (metric, month, out)
                compared += 1
            ruled.update(out)
            told = {g.key: g.figure.value for g in b.groups("backlog_ageing", span, "age")}
            assert {k: v for k, v in told.items() if v} == ages, month
            for by, name in splits.items():
                groups: Counter[str] = Counter()
                for key, n in plain.split(month, by).items():
                    groups[name(key)] += n
                assert by_name(b, "ticket_created", span, by) == dict(groups), (month, by)
                compared += len(groups)
            compared += len(ages)
    return compared, ruled
