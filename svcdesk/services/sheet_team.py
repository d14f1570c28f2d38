"""The team: an agent sees own figures beside the team's, a supervisor the comparison (Q11, Q14).

Only who may see rankings sees the figures of others by name. Agents stand in the order of their
names; case mix stands beside the figures, because unlike work gives unlike figures.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from svcdesk.domain.chart import ChartKind, ChartSpec, Series
from svcdesk.domain.comparisons import Direction
from svcdesk.domain.metrics.registry import metric
from svcdesk.domain.statistics import FEW, format_number
from svcdesk.services.sheet_cards import interval
from svcdesk.services.sheet_charts import link_of
from svcdesk.services.sheet_tables import SheetRow, SheetTable
from svcdesk.store import measures
from svcdesk.store.group_names import group_names

if TYPE_CHECKING:
    from svcdesk.domain.metrics.figure import Figure
    from svcdesk.services.sheet_scene import Scene

CARDS = ("ticket_resolved", "per_agent_handled", "fcr_rate", "frt_sla_rate", "csat_mean",
         "res_sla_rate", "complaint_received", "low_score_count")  # fmt: skip
COUNTS = ("ticket_resolved", "complaint_received", "low_score_count")
RATES = ("fcr_rate", "frt_mean_min", "res_sla_rate", "csat_mean", "csat_low_rate", "reopen_rate")
_HARD, _HIGH = "complex", frozenset({"urgent", "high"})


@dataclass
class Mix:
    """What kind of work somebody had: tickets, complex ones, those of high priority, live ones."""

    tickets: int = 0
    complex: int = 0
    high: int = 0
    live: int = 0


def agents(n: Scene) -> list[tuple[Any, str]]:
    """Return the agents of the period with their names, those that may be seen, by name."""
    n.board.begin_groups((*COUNTS, *RATES), [n.period], "agent")
    keys: dict[Any, None] = {}
    for metric_id in (*COUNTS, *RATES):
        keys.update(dict.fromkeys(g.key for g in n.board.groups(metric_id, n.period, "agent")))
    keys.pop(None, None)
    names = group_names(n.board, "agent", keys, n.t)
    me = n.desk.actor.id
    seen = [key for key in keys if n.rankings or key == me]
    return sorted(((key, names[key]) for key in seen), key=lambda one: (one[1], one[0]))


def figures(n: Scene, metric_id: str) -> dict[Any, Figure]:
    """Return a metric's figure of each agent."""
    return {g.key: g.figure for g in n.board.groups(metric_id, n.period, "agent")}


def mixes(n: Scene) -> dict[Any, Mix]:
    """Return the case mix of each agent: of the tickets resolved in the period."""
    found: dict[Any, Mix] = defaultdict(Mix)
    run, definition = n.board.run, metric("ticket_resolved")
    live = {i.id for i in n.board.reference.items.values() if i.list == "channel" and i.live}
    for (agent, kind), count in measures.cross(
        run, definition, n.period, "agent", "complexity"
    ).items():
        found[agent].tickets += count
        found[agent].complex += count if kind == _HARD else 0
    for (agent, kind), count in measures.cross(
        run, definition, n.period, "agent", "priority"
    ).items():
        found[agent].high += count if kind in _HIGH else 0
    for (agent, channel), count in measures.cross(
        run, definition, n.period, "agent", "channel"
    ).items():
        found[agent].live += count if channel in live else 0
    return found


def _cell(figure: Figure | None) -> str:
    if figure is None or figure.value is None:
        return "—"
    text = figure.display + ("※" if figure.small_sample else "")
    if figure.metric.is_rate:
        text += f" ({figure.n})"
    return text


def _count(figure: Figure | None) -> str:
    """Return how many records a person has; nobody's name among the groups means none."""
    return "0" if figure is None else figure.display


def comparison(n: Scene) -> SheetTable:
    """Return the agents side by side, each value with its n; the team below."""
    t, known = n.t, agents(n)
    found = {m: figures(n, m) for m in (*COUNTS, *RATES)}
    rows = [
        SheetRow(
            (name, *(_count(found[m].get(key)) for m in COUNTS),
             *(_cell(found[m].get(key)) for m in RATES)),
            ("ticket_resolved", link_of(agent=key)), strong=key == n.desk.actor.id,
        )
        for key, name in known
    ]  # fmt: skip
    heads = max(1, _heads(n))
    mean = tuple(format_number(Fraction(n.count(m), heads), 1) for m in COUNTS)
    team = (t("Team ({n})").format(n=heads), *mean, *(_cell(n.figure(m)) for m in RATES))
    rows.append(SheetRow(team, ("ticket_resolved", ""), strong=True))
    title = t("Agents side by side") if n.rankings else t("My figures beside the team's")
    note = t("in brackets: n; ※ n < 5; counts of the team: mean per head")
    return SheetTable(
        title, (t("Agent"), *(n.name(m) for m in (*COUNTS, *RATES))), tuple(rows), note=note,
        right=frozenset(range(1, 1 + len(COUNTS) + len(RATES))), wide=True, first=True, most=12,
    )  # fmt: skip


def _heads(n: Scene) -> int:
    """Return how many agents resolved something."""
    return len(n.board.tally("per_agent_handled", n.period).keys)


def case_mix(n: Scene) -> SheetTable:
    """Return what kind of work each agent had, and the team."""
    t, found = n.t, mixes(n)
    whole = Mix()
    for one in found.values():
        whole.tickets += one.tickets
        whole.complex += one.complex
        whole.high += one.high
        whole.live += one.live
    rows = [
        _mix_row(n, name, found[key], whole.tickets, link_of(agent=key))
        for key, name in agents(n)
        if key in found
    ]
    if rows:
        rows.append(_mix_row(n, t("Team"), whole, whole.tickets, "", strong=True))
    heads = (t("Agent"), t("Tickets resolved"), t("Share of all"), t("Complex"),
             t("High priority"), t("Live channels"))  # fmt: skip
    return SheetTable(
        t("Case mix"), heads, tuple(rows), note=t("of the tickets resolved in the period"),
        right=frozenset(range(1, 6)),
    )  # fmt: skip


def _mix_row(
    n: Scene, name: str, mix: Mix, whole: int, link: str, *, strong: bool = False
) -> SheetRow:
    cells = (
        name, str(mix.tickets), n.share_text(mix.tickets, whole),
        n.share_text(mix.complex, mix.tickets), n.share_text(mix.high, mix.tickets),
        n.share_text(mix.live, mix.tickets),
    )  # fmt: skip
    return SheetRow(cells, ("ticket_resolved", link), strong=strong)


def needs(n: Scene) -> SheetTable:
    """Return where training would pay: shares that lie below target beyond chance.

    A share counts when even the better end of its 95 % interval misses the target.
    """
    t, rows = n.t, []
    names = dict(agents(n))
    for metric_id in RATES:
        for key, figure in figures(n, metric_id).items():
            found = interval(figure)
            if key not in names or found is None or figure.target is None:
                continue
            down = figure.metric.direction is Direction.DOWN
            if found[0] > figure.target if down else found[1] < figure.target:
                span = f"{format_number(found[0], 1)}–{format_number(found[1], 1)}%"
                rows.append(
                    SheetRow(
                        (names[key], n.name(metric_id), _cell(figure), span,
                         n.shown_target(figure)),
                        (metric_id, link_of(agent=key)),
                    )
                )  # fmt: skip
    heads = (t("Agent"), t("Metric"), t("Value"), t("95% interval"), t("Target"))
    return SheetTable(
        t("Where training would pay"), heads, tuple(rows),
        empty=t("Nobody lies below a target beyond what chance explains."),
        right=frozenset({2, 3, 4}),
    )  # fmt: skip


def per_head(n: Scene, metric_id: str, title: str) -> ChartSpec:
    """Return a count of each agent that may be seen, the largest first."""
    found, names = figures(n, metric_id), dict(agents(n))
    counts = Counter({key: found[key].n for key in names if key in found})
    shown = counts.most_common(8)
    heads = _heads(n)
    note = ""
    if heads:
        mean = format_number(Fraction(n.count(metric_id), heads), 1)
        note = n.t("mean per head {mean}").format(mean=mean)
    if len(counts) > len(shown):
        note += n.t(", {n} agents not shown").format(n=len(counts) - len(shown))
    return ChartSpec(
        ChartKind.BARS, title, tuple(names[key] for key, _ in shown),
        (Series("", tuple(float(count) for _, count in shown)),), note=note,
        drill=tuple((metric_id, link_of(agent=key)) for key, _ in shown), metric=metric_id,
    )  # fmt: skip


def fairness(n: Scene) -> str:
    """Return what has to be minded when agents are compared."""
    few = sum(f.n < FEW for f in figures(n, "fcr_rate").values() if f.value is not None)
    text = n.t(
        "Compare with care: {n} of the agents have fewer than 30 cases, and case mix, channels "
        "and shifts differ. A difference inside the 95% interval is chance."
    )
    return text.format(n=few) if n.rankings else ""
