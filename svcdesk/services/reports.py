"""Make a report: collect at one cut-off, check its glyphs, draw, move into place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from svcdesk.domain.localtime import local_date
from svcdesk.domain.metrics.definition import Unit
from svcdesk.domain.people import Permission
from svcdesk.domain.period import KIND_LABELS, Period, month_of, parse_period, week_of
from svcdesk.i18n.catalog import N_, Translator, translator
from svcdesk.reports import collect as chapters
from svcdesk.reports import template
from svcdesk.reports.draft import Draft, Written
from svcdesk.reports.model import CoverFigure, Note, PageFormat, ReportData
from svcdesk.store import files
from svcdesk.store import report_versions as store
from svcdesk.store.figures import Board
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.reports.draft import Editable
    from svcdesk.reports.figures import Numbers
    from svcdesk.services.desk import Desk
    from svcdesk.store.connection import Connection
    from svcdesk.system.job import JobContext

KINDS = {  # of the periods that they usually are about
    "monthly": N_("After-sales service monthly report"),
    "complaints": N_("Monthly summary of complaints"),
    "quarterly": N_("After-sales quarterly report and plan"),
    "half_year": N_("Half-year report of after-sales service"),
}
ANY_SPAN = {  # of another span than a month
    "monthly": N_("After-sales service report"),
    "complaints": N_("Summary of complaints"),
}
USUAL = {"quarterly": "last-quarter", "half_year": "last-half-year"}  # others: the last month
_LENGTHS = {
    "last-week": "range", "last-month": "month", "last-quarter": "quarter",
    "last-half-year": "half", "last-year": "year",
}  # fmt: skip
OFFERED = {"month": 12, "quarter": 4, "half": 2, "year": 2, "range": 2}  # range: weeks
COVER = {  # two figures beside the composite score, or three
    "monthly": ("ticket_created", "csat_mean"),
    "complaints": ("complaint_received", "timely_rate", "handling_mean_days"),
    "quarterly": ("csat_rate", "complex_cycle_wd", "second_rate"),
    "half_year": ("ticket_created", "csat_mean"),
}


@dataclass(frozen=True)
class Collected:
    """A report before it is drawn, the texts that people may write, and what it is about."""

    data: ReportData
    texts: tuple[Editable, ...]
    period: Period
    cutoff: int


def spec_of(connection: Connection, kind: str) -> template.ReportSpec:
    """Return a kind of report as the team set it up."""
    found = store.setup(connection, kind)
    spec = template.chosen(
        template.load(kind), [template.Choice(**choice) for choice in found.choices]
    )
    return replace(spec, page_format=found.page_format) if found.page_format else spec


def period_of(desk: Desk, text: str, kind: str = "monthly") -> Period:
    """Return the period that ``text`` names.

    ``last`` is the last whole one that its report is usually about; ``last-week``, ``last-month``,
    ``last-quarter``, ``last-half-year`` and ``last-year`` are the last whole ones of their length.
    """
    settings = desk.reference.settings
    if text == "last":
        text = USUAL.get(kind, "last-month")
    if text not in _LENGTHS:
        return parse_period(text, settings["period_start_day"], settings["timezone"])
    return _running(desk, _LENGTHS[text]).previous


def _running(desk: Desk, length: str) -> Period:
    """Return the period of a length (month, quarter, half, year, range: a week) that is running."""
    settings = desk.reference.settings
    start_day, zone = settings["period_start_day"], settings["timezone"]
    today = local_date(desk.clock.now(), zone)
    month = month_of(today, start_day, zone)
    if length == "range":
        return week_of(today, start_day, zone)
    codes = {
        "month": month.code, "quarter": f"{month.year}-Q{(month.number + 2) // 3}",
        "half": f"{month.year}-H{(month.number + 5) // 6}", "year": str(month.year),
    }  # fmt: skip
    return parse_period(codes[length], start_day, zone)


def offered(desk: Desk, kind: str) -> list[Period]:
    """Return periods to choose from for a kind of report, by length, the running one first."""
    lengths = spec_of(desk.reader, kind).periods
    return [
        _running(desk, length).shifted(-back)
        for length in lengths
        for back in range(OFFERED[length] if len(lengths) > 1 else OFFERED["month"])
    ]


def collect(desk: Desk, kind: str, period_text: str, *, language: str, context: JobContext,
            as_of: int | None = None) -> ReportData:  # fmt: skip
    """Return a report before it is drawn; all figures are of one moment of the file."""
    return collected(desk, kind, period_text, language=language, context=context, as_of=as_of).data


def collected(desk: Desk, kind: str, period_text: str, *, language: str, context: JobContext,
              as_of: int | None = None) -> Collected:  # fmt: skip
    """Return a report before it is drawn, with its texts; all of one moment of the file."""
    desk.require(Permission.MAKE_REPORTS)
    if kind not in KINDS:
        raise UserError("There is no report “{kind}”.", code="report_kind", kind=kind)
    period = period_of(desk, period_text, kind)
    t = translator(language)
    spec = spec_of(desk.reader, kind)
    if period.kind not in spec.periods:
        raise UserError(
            "“{period}” is not what this report is about: it needs {kinds}.",
            code="period",
            period=period_text,
            kinds=", ".join(t(KIND_LABELS[one]) for one in spec.periods),
        )
    cutoff = as_of if as_of is not None else desk.clock.now()
    if cutoff <= period.start_at:
        raise UserError(
            "{period} begins after the data cut-off. Choose an earlier period.",
            code="period",
            period=period.code,
        )
    reference = desk.reference
    with desk.reading() as connection:
        context.on_cancel(connection.interrupt)
        board = Board(connection, reference, cutoff)
        written = {
            place: Written(text, original)
            for place, (_, text, original) in store.texts(connection, kind, period.code).items()
        }
        rankings = bool(reference.settings["show_rankings"])
        draft = Draft(board, period, t, rankings=rankings, written=written)
        sections = chapters.sections(draft, _with_files(desk, spec), context)
        data = _frame(desk, draft, t, kind, cutoff)
        logo = store.setup(connection, kind).logo
    data.sections = sections
    data.page_format = PageFormat(spec.page_format)
    data.logo = str(files.path_of(desk.path, logo)) if logo else ""
    data.faults = (*draft.faults, *_missing_glyphs(data, t))
    return Collected(data, tuple(draft.editable), period, cutoff)


def _with_files(desk: Desk, spec: template.ReportSpec) -> template.ReportSpec:
    """Return a report whose pictures are named by where they lie."""
    return replace(
        spec,
        sections=tuple(
            replace(s, picture=str(files.path_of(desk.path, s.picture))) if s.picture else s
            for s in spec.sections
        ),
    )


def _frame(desk: Desk, n: Numbers, t: Translator, kind: str, cutoff: int) -> ReportData:
    settings = desk.reference.settings
    period = n.period
    usual = KINDS[kind]
    name = t(usual) if period.kind == "month" else t(ANY_SPAN.get(kind, usual))
    # 2025年下半年 + 半年度…: the half-year is named once
    title = (period.title(t) + name).replace("半年半年度", "半年")
    if not t.chinese:
        title = name + ", " + period.title(t)
    span = t("{first} to {last}").format(first=period.start, last=period.last_day)
    if n.incomplete:
        day = datetime.fromtimestamp(cutoff, desk.zone).date()
        title += t(" (up to {day})").format(day=day)
    return ReportData(
        language=t.language,
        organisation=settings["organisation"],
        title=title,
        period_title=period.title(t),
        period_range=span,
        confidentiality=_confidentiality(settings["confidentiality"], t),
        cutoff=datetime.fromtimestamp(cutoff, desk.zone).strftime("%Y-%m-%d %H:%M"),
        version="V1.0",
        author=settings["report_author"],
        reviewer=settings["report_reviewer"],
        written_on=datetime.fromtimestamp(desk.clock.now(), desk.zone).strftime("%Y-%m-%d"),
        cover=_cover(n, kind),
    )


def _confidentiality(word: str, t: Translator) -> str:
    """Return the classification; the one a desk begins with is said in the report's language."""
    usual = N_("Internal document")
    return t(usual) if word == translator("zh_CN")(usual) else word


def _cover(n: Numbers, kind: str) -> tuple[CoverFigure, ...]:
    t = n.t
    found = []
    for metric_id in COVER[kind]:
        figure = n.figure(metric_id)
        note = n.against(n.mom(metric_id).short(t))
        if figure.met is not None:
            note = t("target {target}, {verdict}").format(
                target=n.shown_target(figure), verdict=t("met") if figure.met else t("missed")
            )
        known = figure.value is not None and figure.metric.unit is not Unit.PERCENT
        unit = n.unit_of(figure) if known else ""
        found.append(CoverFigure(n.name(metric_id), figure.display, unit, note))
    if len(found) == 3:
        return tuple(found)
    cell = n.composite_cell()
    found.append(CoverFigure(cell.name, cell.value, cell.unit, n.composite_band()))
    return tuple(found)


def _missing_glyphs(data: ReportData, t: Translator) -> list[str]:
    """Name the characters that the font lacks; they are printed as 〓, never dropped."""
    from svcdesk.reports.pdf.fonts import missing_glyphs

    missing = missing_glyphs(data.texts())
    if not missing:
        return []
    text = t("Characters that the report's font cannot print, shown as 〓: {list}").format(
        list=" ".join(f"U+{ord(character):04X}" for character in missing)
    )
    data.sections[-1].blocks.append(Note(text))
    return [text]


def draw(data: ReportData, target: Path, context: JobContext) -> int:
    """Draw a collected report as PDF and return its number of pages."""
    from svcdesk.reports.pdf import document

    return document.write(data, target, context)
