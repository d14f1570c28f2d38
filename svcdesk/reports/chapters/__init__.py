"""The chapters that reports are made of (domain.md 5.2–5.5): what each says, in order.

A chapter returns its blocks from the figures of one moment; which report has which chapters is
declared in ``resources/report_templates``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.i18n.catalog import N_
from svcdesk.reports.chapters import (
    callbacks,
    complaint_progress,
    complaint_spread,
    complaint_totals,
    field,
    half_year,
    ids,
    improvement,
    listing,
    plan,
    quarter,
)
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
    ``trends`` are drawn over the months of the report's longest chart. ``any_span``: its title
    in a report that is not about a month, where that is another one.
    """

    title: str
    write: Callable[[Draft], list[Block]]
    metrics: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    trends: tuple[str, ...] = ()
    any_span: str = ""


def _typed_only(n: Draft) -> list[Block]:
    """Return nothing: the chapter is what people type into it."""
    del n
    return []


CAUSE = Slot(
    "cause", N_("Why were targets missed? Only causes that were looked into."), when_missed=True
)
COMPLAINTS = (*ids.COMPLAINTS, *ids.COMPLAINT_CLASSES, *ids.REPEATED)
LOOP = ("items_new", "items_closed", "items_open", "action_ontime_rate")

MONTHLY: dict[str, Chapter] = {
    "summary": Chapter(
        N_("Summary"), summary, ids.SUMMARY,
        (Slot("judgement", N_("The judgement of the period in one paragraph"), lines=2),),
    ),
    "plan_review": Chapter(
        N_("Work of the period: what was planned"), plan.review, (),
        (Slot("notes", N_("What is to be said about the progress?")),),
        any_span=N_("What was planned, and what was done"),
    ),
    "volume": Chapter(
        N_("Overview of tickets"), volume, ids.VOLUME, trends=("ticket_created", "ticket_resolved")
    ),
    "response": Chapter(N_("Response times"), response, ids.RESPONSE, (CAUSE,)),
    "resolution": Chapter(
        N_("Problem resolution"), resolution, (*ids.RESOLUTION, "overdue_open", "late_resolved"),
        (Slot("measures", N_("Which measures were taken, which are to come?")),),
    ),
    "field": Chapter(N_("On-site service and compliance"), field.field, field.FIELD),
    "satisfaction": Chapter(
        N_("Customer satisfaction"), satisfaction, (*ids.SATISFACTION, "low_score_count")
    ),
    "complaints": Chapter(N_("State of complaints"), complaints, COMPLAINTS),
    "callbacks": Chapter(
        N_("Callbacks and customers' feedback"), callbacks.callbacks, callbacks.CALLBACKS,
        (Slot("themes", N_("What do customers keep saying?")),),
    ),
    "problems": Chapter(
        N_("Problems and challenges"), problems,
        ("return_rate_share", "compensation_sum", "complaint_per_1k"),
        (Slot("analysis", N_("What lies behind the main problems?")),),
    ),
    "improvements": Chapter(N_("Improvement measures"), improvement.improvements, LOOP),
    "plan_ahead": Chapter(
        N_("Plan and goals of the next period"), plan.ahead, (),
        (Slot("plan", N_("What will be done in the next period, by whom, until when?")),),
    ),
    "team": Chapter(
        N_("The team"), team, (), (Slot("text", N_("What is to be said of the team?")),)
    ),
}  # fmt: skip
COMPLAINT_SUMMARY: dict[str, Chapter] = {
    "complaint_totals": Chapter(
        N_("Complaints at a glance"), complaint_totals.totals,
        (*complaint_totals.TOTALS, *ids.COMPLAINT_CLASSES), trends=("complaint_received",),
    ),
    "complaint_channels": Chapter(N_("Channels of complaints"), complaint_totals.channels),
    "complaint_types": Chapter(N_("Types of problems"), complaint_spread.types),
    "complaint_repeats": Chapter(
        N_("Frequent complaints"), complaint_spread.repeated, complaint_spread.REPEATED
    ),
    "complaint_departments": Chapter(
        N_("Departments responsible"), complaint_spread.departments
    ),
    "complaint_progress": Chapter(
        N_("Progress of handling"), complaint_progress.progress, complaint_progress.PROGRESS,
        (CAUSE,),
    ),
    "complaint_feedback": Chapter(
        N_("What complainants say of the handling"), complaint_progress.feedback,
        complaint_progress.FEEDBACK,
        (Slot("reasons", N_("Why were customers dissatisfied (scores of 2 and less)?")),),
    ),
    "complaint_measures": Chapter(
        N_("Plan of improvement measures"), improvement.from_complaints, (),
        (Slot("short", N_("Immediate response: what is done at once?")),
         Slot("process", N_("Process: what is changed for good?")),
         Slot("training", N_("Training: what is practised with whom?"))),
    ),
    "complaint_tracking": Chapter(
        N_("How the effect is tracked"), complaint_progress.tracking, complaint_progress.TRACKED,
        (Slot("effect", N_("What did the measures bring, what did second complaints come from?")),),
    ),
    "complaint_goals": Chapter(
        N_("Goals of the next period"), plan.complaint_goals, plan.COMPLAINT_GOALS,
    ),
}  # fmt: skip
QUARTERLY: dict[str, Chapter] = {
    "quarter_review": Chapter(
        N_("Where we stand"), quarter.quarter_review, quarter.KPIS,
        (Slot("issues", N_("Which are the key issues, and why?")),),
    ),
    "quarter_goals": Chapter(
        N_("Core goals"), quarter.goals, (*quarter.GOALS, *quarter.SUPPORT),
        (Slot("goals", N_("Which goals are set beyond the figures?")),),
    ),
    "quarter_actions": Chapter(
        N_("Measures and the way there"), quarter.actions, (),
        (Slot("process", N_("Process: what is changed?")),
         Slot("skills", N_("Skills: who learns what?")),
         Slot("care", N_("Customer care: what is done for whom?")),
         Slot("tools", N_("Tools and knowledge base: what is built?"))),
    ),
    "quarter_resources": Chapter(
        N_("Resources and budget"), _typed_only, (),
        (Slot("resources", N_("Which people, tools and money are needed?")),),
    ),
    "quarter_risks": Chapter(
        N_("Risks and answers"), _typed_only, (),
        (Slot("risks", N_("What may go wrong, and what is done then?")),),
    ),
    "quarter_checkpoints": Chapter(N_("Rhythm of the reviews"), quarter.checkpoints),
}  # fmt: skip
HALF_YEAR: dict[str, Chapter] = {
    "half_overview": Chapter(
        N_("Overview of the work"), half_year.overview, ids.VOLUME,
        (Slot("work", N_("What was the work of the half-year about?")),),
    ),
    "half_performance": Chapter(
        N_("Analysis of the figures"), half_year.performance, half_year.PERFORMANCE, (CAUSE,)
    ),
    "half_results": Chapter(
        N_("Results of the service"), half_year.results, (),
        (Slot("innovations", N_("What was new, what are we proud of?")),),
    ),
    "half_challenges": Chapter(
        N_("Challenges and problems"), half_year.challenges, ("peak_ratio", "backlog_end"),
        (Slot("challenges", N_("What was hard, and what helped?")),),
    ),
    "half_improvements": Chapter(
        N_("Improvement measures"), improvement.of_half_year,
        (*LOOP, "recurrence_count", "effective_rate"),
    ),
    "half_plan": Chapter(
        N_("Plan of the next half-year"), plan.ahead, (),
        (Slot("plan", N_("Goals and measures of the next half-year")),),
    ),
}  # fmt: skip
APPENDICES: dict[str, Chapter] = {
    "definitions": Chapter(N_("Definitions of the figures"), definitions),
    "data_quality": Chapter(N_("Quality of the data"), data_quality),
    "ticket_list": Chapter(N_("List of tickets"), listing.tickets, ("ticket_created",)),
    "complaint_list": Chapter(
        N_("List of complaints"), listing.complaints, ("complaint_received",)
    ),
}
CHAPTERS = {**MONTHLY, **COMPLAINT_SUMMARY, **QUARTERLY, **HALF_YEAR, **APPENDICES}
