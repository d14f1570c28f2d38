"""Items made by hand from a figure on the screen, with the figure as it is then (Q4, 2.12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.people import Permission
from svcdesk.i18n.catalog import N_
from svcdesk.services import dashboards, improvements, targets
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.improvement_rows import OVER, metric_name, value_text
from svcdesk.store import improvements as rows
from svcdesk.store.given_figures import scope_of
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from svcdesk.domain.metrics.figure import Figure
    from svcdesk.services.sheets import View
    from svcdesk.store.measures import Filters


def scope_shown(filters: Filters) -> str:
    """Return the scope that filters name: the whole desk, or one group of one dimension."""
    named = {by: list(keys) for by, keys in filters.items() if keys}
    if not named:
        return targets.WHOLE_DESK
    by, keys = next(iter(named.items()))
    if len(named) > 1 or len(keys) != 1 or by not in targets.SCOPES:
        raise UserError(
            "An improvement item follows the whole desk or one group, such as one department. "
            "Take filters away until one with one value is left.", code="scope",
        )  # fmt: skip
    return scope_of(by, keys[0])


def of_view(desk: Desk, metric_id: str, view: View) -> Outcome[int]:
    """Make an item of the figure of a metric that a page shows."""
    scope = scope_shown(view.filters)
    with dashboards.board(desk, view.as_of, view.filters) as board:
        figure = board.figures([metric_id], [view.period])[metric_id][view.period.code]
    return from_figure(desk, figure, scope)


def from_figure(desk: Desk, figure: Figure, scope: str = targets.WHOLE_DESK) -> Outcome[int]:
    """Make an item of a figure on the screen, with the figure as it is now.

    An open item about the same metric and scope gets the period instead of a second item.
    """
    desk.require(Permission.EDIT_IMPROVEMENTS)
    metric, period = figure.metric.id, figure.period.code
    known = rows.about(desk.reader, metric, scope)
    item = next((i for i in known if i["status"] not in OVER), None)
    value = None if figure.value is None else float(figure.value)
    if item is not None:
        with desk.write(N_("Add {period} to {number}"), period=period,
                        number=item["item_no"]) as uow:  # fmt: skip
            if rows.occurrence(uow.connection, [item["id"]], period) is None:
                uow.insert("improvement_occurrence", {"item_id": item["id"], "period": period,
                                                      "value": value, "n": figure.n})  # fmt: skip
        return Outcome(int(item["id"]), uow.changes)
    goal = figure.target
    name, told = metric_name(metric), value_text(metric, figure.value)
    return improvements.create(
        desk,
        {
            "title": f"{name} {told} ({period})", "source": "manual", "metric": metric,
            "scope": scope, "period": period, "baseline": value, "baseline_n": figure.n,
            "target": None if goal is None else float(goal),
            "snapshot": {
                "metric": metric, "scope": scope, "period": period,
                "value": None if figure.value is None else str(figure.value), "n": figure.n,
                "target": None if goal is None else str(goal), "provisional": figure.provisional,
            },
        },
    )  # fmt: skip
