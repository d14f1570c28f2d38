"""Records counted by two dimensions at once, as heat tables of screen and report show them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain.chart import Series
from svcdesk.domain.metrics.registry import metric
from svcdesk.i18n.labels import code_label
from svcdesk.store import measures
from svcdesk.store.group_names import group_names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svcdesk.reports.figures import Numbers


@dataclass(frozen=True)
class Crossed:
    """Counts of the rows and columns that are shown; ``left``: records in others."""

    rows: tuple[Any, ...]
    columns: tuple[Any, ...]
    row_names: tuple[str, ...]
    column_names: tuple[str, ...]
    series: tuple[Series, ...]
    total: int
    left: int


def crossed(
    n: Numbers, metric_id: str, first: str, second: str,
    shown: Callable[[str, Counter[Any]], Sequence[Any]],
) -> Crossed:  # fmt: skip
    """Return a count by two dimensions; ``shown`` gives the groups of one, in their order."""
    found = measures.cross(n.board.run, metric(metric_id), n.period, first, second)
    by_row, by_column = Counter[Any](), Counter[Any]()
    for (one, other), count in found.items():
        by_row[one] += count
        by_column[other] += count
    rows, columns = tuple(shown(first, by_row)), tuple(shown(second, by_column))
    names = group_names(n.board, first, rows, n.t)
    column_names = group_names(n.board, second, columns, n.t)
    return Crossed(
        rows, columns, tuple(names[key] for key in rows), tuple(column_names[key] for key in columns),
        tuple(Series(names[r], tuple(float(found[r, c]) for c in columns)) for r in rows),
        sum(found.values()),
        sum(found.values()) - sum(found[r, c] for r in rows for c in columns),
    )  # fmt: skip


@dataclass(frozen=True)
class ChannelRow:
    """A channel's complaints: now, in the period before, and its most frequent category."""

    key: Any
    name: str
    side: str  # online or offline, in words; "—": not known
    count: int
    before: int
    category: str
    times: int


def complaint_channels(n: Numbers) -> list[ChannelRow]:
    """Return the complaints of the period by channel (5.3, 2)."""
    found = n.groups("complaint_received", "channel")
    before = complaints_before(n)
    usual: dict[Any, Counter[Any]] = {}
    pairs = measures.cross(
        n.board.run, metric("complaint_received"), n.period, "channel", "category"
    )
    for (channel, category), count in pairs.items():
        usual.setdefault(channel, Counter())[category] += count
    names = group_names(n.board, "category", {key for c in usual.values() for key in c}, n.t)
    rows = []
    for name, group in found:
        category, times = usual[group.key].most_common(1)[0]
        rows.append(
            ChannelRow(group.key, name, channel_side(n, group.key), group.figure.n,
                       before.get(group.key, 0), names[category], times)
        )  # fmt: skip
    return rows


def complaints_before(n: Numbers) -> dict[Any, int]:
    """Return the complaints of the period before by channel."""
    groups = n.groups("complaint_received", "channel", n.period.previous)
    return {group.key: group.figure.n for _, group in groups}


def channel_side(n: Numbers, channel: Any) -> str:
    """Return whether a channel is online or offline, in words."""
    item = n.board.reference.items.get(channel)
    return code_label("channel_group", item.group, n.t) if item and item.group else "—"
