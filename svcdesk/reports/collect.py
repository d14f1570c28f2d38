"""Write a report's sections: every number from one board, in the order of its template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.i18n.catalog import N_
from svcdesk.reports import template
from svcdesk.reports.chapters import CHAPTERS
from svcdesk.reports.draft import Slot
from svcdesk.reports.model import Paragraph, Picture, Section, Table, tables_of
from svcdesk.reports.wording import chinese_number, numbered

if TYPE_CHECKING:
    from svcdesk.domain.period import Period
    from svcdesk.reports.draft import Draft
    from svcdesk.reports.model import Block
    from svcdesk.reports.template import ReportSpec, SectionSpec
    from svcdesk.system.job import JobContext

LETTERS = "ABCDEFGH"
HISTORY = 13  # months of the longest chart
OWN_TEXT = Slot("text", N_("What is to be said here this time?"), lines=4)  # of a team's section


def sections(draft: Draft, spec: ReportSpec, context: JobContext) -> list[Section]:
    """Return the sections of a report with their numbers."""
    t, shown = draft.t, spec.shown
    draft.kind = spec.kind
    used = [CHAPTERS[section.chapter].metrics for section in shown if section.chapter]
    draft.metrics = tuple(dict.fromkeys(metric for metrics in used for metric in metrics))
    compared = _counted_one_by_one(draft.period)
    steps = len(shown) + 1 + len(compared)
    context.progress(0, steps, t("Counting figures"))
    for place, period in enumerate(compared):
        context.check()
        context.progress(
            place, steps, t("Counting figures: {period}").format(period=period.title(t))
        )
        draft.board.figures(draft.metrics, [period])
    draft.prepare(draft.metrics)
    trends = [m for section in shown if section.chapter for m in CHAPTERS[section.chapter].trends]
    draft.board.figures(trends, draft.period.last_months(HISTORY))
    found: list[Section] = []
    body = letters = 0
    for place, section in enumerate(shown):
        context.check()
        title = section.title or t(_usual_title(section, draft.period))
        context.progress(len(compared) + place + 1, steps, title)
        number = ""
        if section.mark == template.NUMBERED:
            body += 1
            number = chinese_number(body) if t.chinese else str(body)
        elif section.mark == template.APPENDIX:
            number = LETTERS[letters]
            letters += 1
            title = t("Appendix {letter}  {title}").format(letter=number, title=title)
        found.append(Section(section.key, title, number, numbered(t, _blocks(draft, section))))
    for table in [t for s in found for block in s.blocks for t in tables_of(block)]:
        draft.check(
            _adds_up(table), t("{table}: the parts do not add up.").format(table=table.caption)
        )
    return found


def _usual_title(section: SectionSpec, period: Period) -> str:
    chapter = CHAPTERS[section.chapter]
    return chapter.title if period.kind == "month" else chapter.any_span or chapter.title


def _counted_one_by_one(period: Period) -> list[Period]:
    """Return the long periods that are counted apart: the progress tells of each."""
    if period.kind in {"month", "range"}:
        return []
    return [period, period.previous, period.year_ago]


def _adds_up(table: Table) -> bool:
    """Tell whether the counts of a table come to its total (5.8); a dash is no count."""
    if not (table.total and table.rows):
        return True
    *parts, total = table.rows
    for place, column in enumerate(table.columns):
        cells = [row[place] for row in (*parts, total)]
        counts = [int(cell) for cell in cells if column.adds and cell.isdigit()]
        if len(counts) == len(cells) and sum(counts[:-1]) != counts[-1]:
            return False
    return True


def _blocks(draft: Draft, section: SectionSpec) -> list[Block]:
    """Return what a section says; a chapter ends with the typed texts it has no other place for."""
    if section.chapter:
        chapter = CHAPTERS[section.chapter]
        draft.begin(section.key, chapter.slots, section.required, chapter.metrics)
        blocks = chapter.write(draft)
        return [*blocks, *draft.ask_the_rest()]
    draft.begin(section.key, (OWN_TEXT,) if section.asks else (), section.required)
    own: list[Block] = [Paragraph(section.text, typed=True)] if section.text else []
    own += draft.ask_the_rest()
    if section.picture:
        own.append(Picture(section.picture))
    return own
