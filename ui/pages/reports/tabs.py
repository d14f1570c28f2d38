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


@dataclass(frozen=True)
class ReportTab:
    """One tab; ``name`` is asked in the language of the moment."""

    key: str
    name: Callable[[], str]
    own: Callable[[Workplace], OwnTab] | None = None


def _quality(place: Workplace) -> OwnTab:
    from ui.pages.reports.quality_tab import QualityTab

    return QualityTab(place)


TABS: tuple[ReportTab, ...] = (
    ReportTab("overview", lambda: _("Overview")),
    ReportTab("response", lambda: pgettext("tab", "Response")),
    ReportTab("resolution", lambda: pgettext("tab", "Resolution")),
    ReportTab("complaints", lambda: _("Complaints")),
    ReportTab("satisfaction", lambda: pgettext("tab", "Satisfaction")),
    ReportTab("data_quality", lambda: _("Data quality"), _quality),
)
