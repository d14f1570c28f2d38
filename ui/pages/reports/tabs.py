"""The tabs of the reports page, in their order.

A tab without a widget of its own is a sheet of cards, charts and tables
(:mod:`svcdesk.services.sheets`), which shares period, filters and comparison with the other
sheets. Keys are remembered between runs: they stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.i18n.catalog import _, pgettext

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.pages.page import Workplace
    from ui.pages.reports.own_tab import OwnTab


TREND = "trend"  # a sheet with a second bar, of what is explored


@dataclass(frozen=True)
class ReportTab:
    """One tab; ``name`` is asked in the language of the moment."""

    key: str
    name: Callable[[], str]
    own: Callable[[Workplace], OwnTab] | None = None


def _quality(place: Workplace) -> OwnTab:
    from ui.pages.reports.quality_tab import QualityTab

    return QualityTab(place)


def _closing(place: Workplace) -> OwnTab:
    from ui.pages.reports.closing_tab import ClosingTab

    return ClosingTab(place)


def _typed(place: Workplace) -> OwnTab:
    from ui.pages.reports.typed_tab import TypedTab

    return TypedTab(place)


TABS: tuple[ReportTab, ...] = (
    ReportTab("overview", lambda: _("Overview")),
    ReportTab("response", lambda: pgettext("tab", "Response")),
    ReportTab("resolution", lambda: pgettext("tab", "Resolution")),
    ReportTab("complaints", lambda: _("Complaints")),
    ReportTab("satisfaction", lambda: pgettext("tab", "Satisfaction")),
    ReportTab("field", lambda: pgettext("tab", "Field and quality")),
    ReportTab("team", lambda: pgettext("tab", "Team")),
    ReportTab("peaks", lambda: pgettext("tab", "Peaks")),
    ReportTab(TREND, lambda: pgettext("tab", "Trends")),
    ReportTab("data_quality", lambda: _("Data quality"), _quality),
    ReportTab("typed", lambda: _("Typed figures"), _typed),
    ReportTab("closing", lambda: _("Closed months"), _closing),
)
