"""Tables of the reports page: each row opens its records, or the record it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.domain.metrics.definition import Kind
from svcdesk.domain.metrics.registry import metric
from svcdesk.domain.period import Period
from svcdesk.domain.statistics import format_number
from svcdesk.i18n.catalog import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.reports.figures import Numbers

LISTED = 50  # records named on the page; the log has all
# links to one record, with its key
COMPLAINT, CALLBACK, GROUP = "@complaint", "@callback", "@group"
RECORDS = frozenset({COMPLAINT, CALLBACK, GROUP})
TICKETS = "@tickets"  # a link to tickets named one by one, divided by commas
GO = "@go"  # a link to a page: its key, a colon and its tab


@dataclass(frozen=True)
class SheetRow:
    """One row; ``link`` is (metric id or @record, group or key), empty: nothing to open.

    ``due``: UTC seconds until which the time left is counted down in the table's ``due_column``.
    """

    cells: tuple[str, ...]
    link: tuple[str, str] = ("", "")
    due: int | None = None
    strong: bool = False


@dataclass(frozen=True)
class SheetTable:
    """A table with everything to show it; ``right`` are the columns that hold numbers."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    note: str = ""
    empty: str = ""
    right: frozenset[int] = frozenset()
    due_column: int = -1
    wide: bool = False  # takes the whole width
    first: bool = False  # stands above the charts
    most: int = 0  # rows at a time, when not as many as usual


def so_far(numbers: Numbers) -> Period:
    """Return the span from before the first record to the end of the period."""
    period = numbers.period
    start = period.start.replace(year=2000, month=1, day=1)
    return Period("range", start.year, 0, start, period.end, period.start_day, period.zone)


def ratios(numbers: Numbers, title: str, metric_ids: Sequence[str]) -> SheetTable:
    """Return figures with sample, target, comparisons and marks; each opens its records."""
    t = numbers.t
    numbers.prepare(metric_ids)
    rows = []
    for metric_id in metric_ids:
        found = numbers.compared(metric_id)
        figure = found.figure
        left = [t("not yet due {n}").format(n=figure.not_yet_due)] if figure.not_yet_due else []
        if figure.excluded:
            left.append(t("left out {n}").format(n=figure.excluded))
        rows.append(
            SheetRow(
                (
                    numbers.name(metric_id), numbers.marked(figure), numbers.sample(figure),
                    numbers.shown_target(figure), numbers.verdict(figure), found.mom.short(t),
                    found.yoy.short(t), found.prev3.short(t), t(", ").join(left),
                ),
                (metric_id, ""),
            )
        )  # fmt: skip
    heads = (
        N_("Metric"),
        N_("Value"),
        N_("Sample"),
        N_("Target"),
        N_("Judgement"),
        N_("MoM"),
        N_("YoY"),
        N_("vs 3 months"),
    )
    return SheetTable(
        title, (*(t(head) for head in heads), t("Not counted")), tuple(rows),
        right=frozenset({1, 2, 3, 5, 6, 7}), wide=True,
    )  # fmt: skip


def distribution(
    numbers: Numbers, title: str, head: str, metric_ids: Sequence[str], link: str = ""
) -> SheetTable:
    """Return counts that add up: this period, share, the period before, the change; with total."""
    t = numbers.t
    numbers.prepare(metric_ids)
    whole = sum(numbers.count(metric_id) for metric_id in metric_ids)
    before = sum(numbers.count(m, numbers.period.previous) for m in metric_ids)
    rows = []
    for metric_id in metric_ids:
        found = numbers.compared(metric_id)
        share = numbers.share_text(found.figure.n, whole)
        rows.append(
            SheetRow(
                (numbers.name(metric_id), found.figure.display, share, found.previous.display,
                 found.mom.short(t), found.yoy.short(t)),
                (metric_id, ""),
            )
        )  # fmt: skip
    known = numbers.board.has_data(numbers.period.previous)
    if link:
        total = numbers.compared(link)
        rows.append(
            SheetRow(
                (t("Total"), str(whole), numbers.share_text(whole, whole),
                 str(before) if known else "—", total.mom.short(t), total.yoy.short(t)),
                (link, ""), strong=True,
            )
        )  # fmt: skip
    heads = (head, t("This period"), t("Share"), t("Last period"), t("MoM"), t("YoY"))
    return SheetTable(title, heads, tuple(rows), right=frozenset({1, 2, 3, 4, 5}))


def by_groups(
    numbers: Numbers, title: str, dimensions: Sequence[str], metric_ids: Sequence[str],
    limit: int = 8,
) -> SheetTable:  # fmt: skip
    """Return figures side by side for the groups of several dimensions, each over its own n."""
    t = numbers.t
    rows = []
    for by in dimensions:
        numbers.board.begin_groups(metric_ids, [numbers.period], by)
        found = [dict(numbers.groups(metric_id, by)) for metric_id in metric_ids]
        names = list(dict.fromkeys(name for groups in found for name in groups))[:limit]
        for name in names:
            cells = []
            for metric_id, groups in zip(metric_ids, found, strict=True):
                group = groups.get(name)
                counted = metric(metric_id).kind is Kind.COUNT
                missing = "0" if counted else "—"
                text = missing if group is None else numbers.marked(group.figure)
                if group is not None and not counted:
                    text += f" {numbers.sample(group.figure)}"
                cells.append(text.strip())
            key = next(groups[name].key for groups in found if name in groups)
            rows.append(
                SheetRow(
                    (numbers.dimension(by), name, *cells),
                    (metric_ids[0], f"{by}={'' if key is None else key}"),
                )
            )
    heads = (
        t.p("column", "By"),
        t("Group"),
        *(numbers.name(metric_id) for metric_id in metric_ids),
    )
    right = frozenset(range(2, 2 + len(metric_ids)))
    return SheetTable(title, heads, tuple(rows), right=right, wide=True)


def money(fen: int) -> str:
    """Write an amount in yuan."""
    from fractions import Fraction

    return format_number(Fraction(fen, 100), 2, thousands=True)
