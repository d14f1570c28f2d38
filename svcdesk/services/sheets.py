"""What the reports page shows: per tab its cards and charts, all of one moment of the file.

Charts are the same declarations that the reports draw; a figure on the screen and one in the PDF
come from the same board (domain.md 0.1, rule 1). What each tab holds is declared in
:mod:`sheet_tabs`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from svcdesk.domain.basis import Basis
from svcdesk.domain.people import Permission, may
from svcdesk.services import dashboards, sheet_cards
from svcdesk.services.sheet_cards import COMPOSITE, COURSE, Card
from svcdesk.services.sheet_drill import records_behind
from svcdesk.services.sheet_scene import Scene
from svcdesk.services.sheet_tabs import TABS, explored
from svcdesk.store import breakdowns, comparing, data_scope

if TYPE_CHECKING:
    from svcdesk.domain.chart import ChartSpec
    from svcdesk.domain.period import Period
    from svcdesk.i18n.catalog import Translator
    from svcdesk.services.desk import Desk
    from svcdesk.services.sheet_tables import SheetTable
    from svcdesk.services.sheet_trend import Explore
    from svcdesk.store.measures import Filters
    from svcdesk.system.job import JobContext

__all__ = ["COMPOSITE", "Card", "Sheet", "View", "records_behind", "sheet"]


@dataclass(frozen=True)
class View:
    """What a page shows: period, what it is compared with, the filters.

    ``as_of`` is the moment up to which things are known (none: now); ``limits``: control limits
    are drawn on lines; a ``brief`` view has the cards alone.
    """

    period: Period
    basis: Basis = field(default_factory=Basis)
    filters: Filters = field(default_factory=dict)
    brief: bool = False
    as_of: int | None = None
    limits: bool = False
    explore: Explore | None = None  # of the trend explorer


@dataclass(frozen=True)
class Sheet:
    """One tab; ``flow`` is the reconciliation line, ``excluded`` the abnormal records left out.

    ``panels`` are small tables beside each other below the cards; ``remarks`` hold for the whole
    tab; ``festival``: the Spring Festival lies in only one of the two periods compared.
    """

    cards: tuple[Card, ...]
    charts: tuple[ChartSpec, ...]
    tables: tuple[SheetTable, ...]
    flow: str
    excluded: int
    cut_off: int
    panels: tuple[SheetTable, ...] = ()
    remarks: tuple[str, ...] = ()
    festival: bool = False


def sheet(
    desk: Desk, tab: str, view: View, t: Translator, context: JobContext
) -> Sheet:  # fmt: skip
    """Return the cards, charts and tables of ``tab`` as ``view`` asks for them."""
    spec = explored(view.explore, view.basis) if view.explore is not None else TABS[tab]
    period = view.period
    rankings = may(desk.roles, Permission.SEE_RANKINGS)
    with dashboards.board(desk, view.as_of, view.filters) as board:
        scene = Scene(
            desk, board, period, t, rankings=rankings, limits=view.limits, check=context.check
        )
        wanted = [m for m in spec.cards if m != COMPOSITE]
        needed = comparing.periods_needed(period, view.basis, board.as_of)
        months = period.last_months(COURSE)
        if view.brief:
            board.figures(wanted, [*needed, *months])
        else:
            board.begin([*wanted, *spec.told], period, [*needed, *months])
        context.check()
        cards, festival = sheet_cards.cards(scene, spec.cards, view.basis)
        charts: list[ChartSpec] = []
        panels: list[SheetTable] = []
        tables: list[SheetTable] = []
        remarks: list[str] = []
        if not view.brief:
            for panel in spec.panels:
                context.check()
                panels.append(panel(scene))
            for chart in spec.charts:
                context.check()
                charts.append(chart(scene))
            for table in spec.tables:
                context.check()
                tables.append(table(scene))
            remarks = [text for remark in spec.remarks if (text := remark(scene))]
        return Sheet(
            cards,
            tuple(charts),
            tuple(tables),
            "" if view.filters or view.brief else flow_line(scene),
            data_scope.quality(board, period).out,
            board.as_of,
            tuple(panels),
            tuple(remarks),
            festival,
        )


def flow_line(scene: Scene) -> str:
    """Return the reconciliation of open tickets in words (3.3)."""
    found = breakdowns.flow(scene.board, scene.period)
    return scene.t(
        "Open before {opening} + received {created} − cancelled {cancelled} − resolved {resolved} "
        "= open at the end {closing}"
    ).format(
        opening=found.opening, created=found.created, cancelled=found.cancelled,
        resolved=found.resolved, closing=found.closing,
    )  # fmt: skip
