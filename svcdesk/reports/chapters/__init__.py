"""The chapters that reports are made of (domain.md 5.2–5.5): what each says, in order.

A chapter returns its blocks from the figures of one moment; which report has which chapters is
declared in ``resources/report_templates``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.i18n.catalog import N_
from svcdesk.reports.chapters import ids
from svcdesk.reports.chapters.appendix import data_quality, definitions
from svcdesk.reports.chapters.complaints import complaints
from svcdesk.reports.chapters.problems import problems
from svcdesk.reports.chapters.resolution import resolution
from svcdesk.reports.chapters.response import response
from svcdesk.reports.chapters.satisfaction import satisfaction
from svcdesk.reports.chapters.summary import summary
from svcdesk.reports.chapters.team import team
from svcdesk.reports.chapters.volume import volume
from svcdesk.reports.draft import Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from svcdesk.reports.draft import Draft
    from svcdesk.reports.model import Block


@dataclass(frozen=True)
class Chapter:
    """A chapter: its title, how it is written, the metrics it names, what is typed into it.

    ``metrics`` are counted in one go before the first chapter and defined in appendix A;
    ``trends`` are drawn over the months of the report's longest chart.
    """

    title: str
    write: Callable[[Draft], list[Block]]
    metrics: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    trends: tuple[str, ...] = ()


CAUSE = Slot(
    "cause", N_("Why were targets missed? Only causes that were looked into."), when_missed=True
)
CHAPTERS: dict[str, Chapter] = {
    "summary": Chapter(
        N_("Summary"), summary, ids.SUMMARY,
        (Slot("judgement", N_("The judgement of the period in one paragraph")),),
    ),
    "volume": Chapter(
        N_("Overview of tickets"), volume, ids.VOLUME, trends=("ticket_created", "ticket_resolved")
    ),
    "response": Chapter(N_("Response times"), response, ids.RESPONSE, (CAUSE,)),
    "resolution": Chapter(
        N_("Problem resolution"), resolution, (*ids.RESOLUTION, "overdue_open", "late_resolved"),
        (Slot("measures", N_("Which measures were taken, which are to come?")),),
    ),
    "satisfaction": Chapter(N_("Customer satisfaction"), satisfaction, (*ids.SATISFACTION, "low_score_count")),
    "complaints": Chapter(N_("State of complaints"), complaints, (*ids.COMPLAINTS, *ids.COMPLAINT_CLASSES, *ids.REPEATED)),
    "problems": Chapter(
        N_("Problems and challenges"), problems, ("return_rate_share", "compensation_sum", "complaint_per_1k"),
        (Slot("analysis", N_("What lies behind the main problems?")),),
    ),
    "team": Chapter(
        N_("The team"), team, (), (Slot("text", N_("What is to be said of the team?")),)
    ),
    "definitions": Chapter(N_("Definitions of the figures"), definitions),
    "data_quality": Chapter(N_("Quality of the data"), data_quality),
}  # fmt: skip
