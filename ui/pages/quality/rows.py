"""Columns, views and filters of the quality checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.i18n.catalog import _, pgettext
from svcdesk.services import quality
from svcdesk.services.queries import Op, QualityRow, Query
from ui.models.choices import Choice
from ui.models.columns import Cell, ColumnDef
from ui.pages.periods import period_choices
from ui.pages.wording import DASH, Words
from ui.widgets.filter_bar import FilterDef
from ui.widgets.tabs import TabDef

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk


def points(tenths: int | None) -> str:
    """Return a score 0–100 with one decimal, a dash when nothing applied."""
    return DASH if tenths is None else f"{tenths // 10}.{tenths % 10}"


class QualityCells:
    """Makes the cells of one check."""

    def __init__(self, desk: Desk) -> None:
        self._words = Words(desk)

    def customer(self, row: QualityRow) -> Cell:
        """Return the masked customer."""
        return Cell(self._words.customer(row.customer, row.customer_kind))

    def verdict(self, row: QualityRow) -> Cell:
        """Return whether it was passed, or that it is void."""
        if row.voided:
            return Cell(_("Void"), "ban", "text-3")
        if row.passed is None:
            return Cell(_("Nothing applied"), "minus", "text-3")
        if row.critical_fail:
            return Cell(_("Critical failure"), "circle-alert", "danger", icon_colour="danger")
        if row.passed:
            return Cell(pgettext("quality", "Passed"), "circle-check", icon_colour="ok")
        return Cell(_("Not passed"), "circle-x", icon_colour="danger")

    def agent(self, row: QualityRow) -> Cell:
        """Return who was checked."""
        return Cell(self._words.person(row.agent_id))

    def inspector(self, row: QualityRow) -> Cell:
        """Return who checked."""
        return Cell(self._words.person(row.inspector_id), colour="text-2")

    def at(self, row: QualityRow) -> Cell:
        """Return when."""
        return Cell(self._words.time(row.at), colour="text-2")


def columns(desk: Desk) -> list[ColumnDef]:
    """Return the columns of the list."""
    cells = QualityCells(desk)
    return [
        ColumnDef("number", _("Ticket no."), lambda r: Cell(r.number), 118, sort="number"),
        ColumnDef("agent", _("Agent checked"), cells.agent, 90, sort="agent_id", elide=True),
        ColumnDef("verdict", pgettext("quality", "Verdict"), cells.verdict, 130, sort="passed"),
        ColumnDef("score", _("Score"), lambda r: Cell(points(r.score_tenths)), 66, right=True,
                  sort="score"),
        ColumnDef("failed", _("Failed items"), lambda r: Cell(str(r.failed or "")), 90,
                  right=True),
        ColumnDef("title", _("Case"), lambda r: Cell(r.title, tip=r.title), 160, stretch=True,
                  elide=True),
        ColumnDef("customer", _("Customer"), cells.customer, 90, elide=True, drop=3),
        ColumnDef("inspector", _("Inspector"), cells.inspector, 90, sort="inspector_id", drop=1),
        ColumnDef("at", pgettext("column", "Checked"), cells.at, 96, right=True, sort="at"),
    ]  # fmt: skip


def views() -> list[TabDef]:
    """Return the views."""
    return [
        TabDef("valid", _("Checks")),
        TabDef("failed", _("Not passed"), "circle-alert", "danger"),
        TabDef("critical", _("Critical failures")),
        TabDef("void", _("Void")),
    ]


def view_query(desk: Desk, view: str) -> Query:
    """Return the query of a view; who may not see everybody's checks sees those of his own."""
    found = Query("quality_check", sort="at", descending=True)
    if not quality.sees_all(desk):
        found = found.where("agent_id", Op.IN, desk.actor.id)
    if view == "void":
        return found.where("voided", Op.IN, 1)
    found = found.where("voided", Op.IN, 0)
    if view == "failed":
        return found.where("passed", Op.IN, 0)
    return found.where("critical_fail", Op.IN, 1) if view == "critical" else found


def filters(desk: Desk) -> list[FilterDef]:
    """Return the conditions."""
    words = Words(desk)
    verdicts = [Choice(1, pgettext("quality", "Passed")), Choice(0, _("Not passed"))]
    return [
        FilterDef("agent_id", _("Agent checked"), words.people, pinned=True),
        FilterDef("inspector_id", _("Inspector"), words.people),
        FilterDef("passed", pgettext("quality", "Verdict"), lambda: verdicts, pinned=True),
        FilterDef("at", pgettext("column", "Checked"), lambda: period_choices(desk), many=False,
                  pinned=True),
    ]  # fmt: skip
