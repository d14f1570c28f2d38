"""Half a year: figures month by month, what was achieved, what was hard (5.5)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from svcdesk.domain.chart import ChartKind, ChartSpec, Reference, Series
from svcdesk.domain.localtime import DAY
from svcdesk.domain.masking import mask_text
from svcdesk.domain.statistics import format_number
from svcdesk.reports import tables
from svcdesk.reports.model import Column, Figure, Heading, Note, Table
from svcdesk.reports.wording import joined
from svcdesk.store import report_lists, report_rows

if TYPE_CHECKING:
    from svcdesk.reports.draft import Draft
    from svcdesk.reports.model import Block

RESPONSE = ("frt_mean_min", "frt_p90_min", "frt_sla_rate", "connect_rate")
SATISFACTION = ("csat_mean", "csat_rate", "nps", "survey_response_rate")
RESOLUTION = ("res_mean_h", "res_sla_rate", "fcr_rate", "first_line_rate", "reopen_rate",
              "complex_cycle_wd")  # fmt: skip
COMPLAINTS = ("complaint_received", "timely_rate", "second_rate", "handling_csat_rate")
PERFORMANCE = (*RESPONSE, *SATISFACTION, *RESOLUTION, *COMPLAINTS)
LINES = ("frt_mean_min", "csat_mean", "nps", "res_sla_rate", "fcr_rate")
PEAKS, LONG = 10, 15


def overview(n: Draft) -> list[Block]:
    """Return the chapter: scope of the half-year, its key events in their order."""
    t = n.t
    from svcdesk.reports.chapters.volume import volume_sentence

    events = report_rows.key_events(
        n.board.run.connection, str(n.period.start), str(n.period.last_day)
    )
    columns = (Column(t("From"), share=0.14), Column(t("To"), share=0.14),
               Column(t("Event"), share=0.5), Column(t("State"), share=0.22))  # fmt: skip
    table = Table(t("Key events of the half-year"), columns, tuple(events), wrap=True)
    months = n.period.months()
    begun = n.begun_later()
    return [
        n.say("main", volume_sentence(n)),
        *([Note(begun)] if begun else []),
        Figure(
            tables.columns_over(
                n, t("Tickets"),
                [("ticket_created", t("Received")), ("ticket_resolved", t("Resolved"))], months,
            ),
            t("Tickets received and resolved by month"),
        ),
        Heading(t("Key events")),
        table if events else Note(t("No key events were entered.")),
    ]  # fmt: skip


def performance(n: Draft) -> list[Block]:
    """Return the chapter: response, satisfaction, resolution; this and the last half-year."""
    t = n.t
    blocks: list[Block] = [n.say("main", *n.kpi_sentences(("csat_mean", "nps", "fcr_rate")))]
    for heading, metric_ids, lines in (
        (t("Response"), RESPONSE, ("frt_mean_min",)),
        (t("Satisfaction and recommendation"), SATISFACTION, ("csat_mean", "nps")),
        (t.p("chapter", "Resolution"), RESOLUTION, ("res_sla_rate", "fcr_rate")),
        (t("Complaints"), COMPLAINTS, ()),
    ):
        blocks.append(Heading(heading))
        blocks.append(tables.changes(n, heading, metric_ids, difference=False))
        for metric_id in lines:
            before = n.line(metric_id, n.period.previous.months())
            caption = t("{name} by month").format(name=n.name(metric_id))
            if any(figure.value is not None for figure in before):
                caption = t("{name} by month (dotted: the half-year before)").format(
                    name=n.name(metric_id)
                )
            blocks.append(Figure(_two_lines(n, metric_id), caption))
    blocks.append(Heading(t("Month by month")))
    months = [(month.code, month) for month in n.period.months()]
    blocks.append(tables.side_by_side(n, t("Figures by month"), PERFORMANCE, months, target=True))
    return blocks


def _two_lines(n: Draft, metric_id: str) -> ChartSpec:
    """Return a line over the months, with those of the half-year before dotted."""
    from dataclasses import replace

    chart = n.trend(metric_id, n.period.months())
    before = n.line(metric_id, n.period.previous.months())
    values = tuple(tables.as_float(figure) for figure in before)
    dotted = Series(n.period.previous.title(n.t), values, dotted=True)
    first = replace(chart.series[0], name=n.period.title(n.t))
    return replace(chart, series=(first, dotted))


def results(n: Draft) -> list[Block]:
    """Return the chapter: what became of complaints by category, key customers and others."""
    t = n.t
    changed: Block = Note(n.begun_later() or t("There is no period before to compare with."))
    if n.known_before():
        changed = n.drawn(
            tables.change_bars(n, t("Complaints by category"), "complaint_received", "category"),
            t("Complaints by category: change against the half-year before"),
        )
    return [
        changed,
        n.share_table(t("Distribution of complaints by category"), t("Category"), "complaint_received", "category"),
        Heading(t("Key customers and others")),
        tables.by_group(n, t("Satisfaction by customer tier"), t("Customer tier"), "tier",
                        ("csat_mean", "csat_rate", "csat_low_rate")),
    ]  # fmt: skip


def challenges(n: Draft) -> list[Block]:
    """Return the chapter: peak days, long cases, what is still open."""
    t = n.t
    sentence, chart = _peaks(n)
    blocks: list[Block] = [
        n.say(
            "main", joined(t.chinese, sentence, *n.kpi_sentences(("peak_ratio", "peak_delay_rate")))
        )
    ]
    if chart is not None:
        blocks.append(Figure(chart, t("The {n} busiest days (tickets received)").format(n=PEAKS)))
    return [
        *blocks, Heading(t("Cases that took long")), _long(n), Heading(t("Still open")), _open(n),
    ]  # fmt: skip


def _peaks(n: Draft) -> tuple[str, ChartSpec | None]:
    t = n.t
    counted = n.board.count_days("ticket_created", n.period)
    days = {code.partition("..")[0]: tally for code, tally in counted.items()}
    total = sum(tally.n for tally in days.values())
    if not total:
        return "", None
    mean = Fraction(total, len(n.period.days_list()))
    average = t("a day's mean {n}").format(n=format_number(mean, 1))
    top = sorted(days.items(), key=lambda one: (-one[1].n, one[0]))[:PEAKS]
    top.sort()
    busiest, most = max(days.items(), key=lambda one: one[1].n)
    sentence = t("The busiest day was {day} with {n} tickets; a mean day had {mean}.").format(
        day=busiest, n=most.n, mean=format_number(mean, 1)
    )
    chart = ChartSpec(
        ChartKind.COLUMNS, t("Busiest days"), tuple(day[5:] for day, _ in top),
        (Series(t("Received"), tuple(float(tally.n) for _, tally in top)),),
        metric="peak_ratio", references=(Reference(float(mean), average),),
    )  # fmt: skip
    return sentence, chart


def _long(n: Draft) -> Table:
    t = n.t
    rows = tuple(
        (row.number, mask_text(row.title), n.listed(row.issue_id) or "—",
         format_number(Fraction(row.seconds, DAY), 1), n.person(row.owner) or "—")
        for row in report_lists.longest(n.board, n.period, LONG)
    )  # fmt: skip
    columns = (
        Column(t("Ticket"), share=0.16), Column(t("Title"), share=0.4),
        Column(t("Issue type"), share=0.18), Column(t("Days"), right=True, share=0.1),
        Column(t("Owner"), share=0.16),
    )  # fmt: skip
    return Table(t("The tickets that took longest, calendar days"), columns, rows, wrap=True)


def _open(n: Draft) -> Table:
    t = n.t
    groups = n.groups("backlog_ageing", "age")
    total = sum(group.figure.n for _, group in groups)
    rows = [(name, str(g.figure.n), n.share_text(g.figure.n, total)) for name, g in groups]
    rows.append((t("Total"), str(total), n.share_text(total, total)))
    columns = (Column(t("Age in calendar days")), Column(t.p("state", "Open"), right=True, adds=True),
               Column(t("Share"), right=True))  # fmt: skip
    return Table(t("Tickets open at the end of the half-year"), columns, tuple(rows), total=True)
