"""The monthly service report, 售后服务月报 (domain.md 5.2): its sections, collected.

Every number comes from the metric engine at one cut-off; sentences are drafted from computed
facts only (5.6, 5.7). What the supervisor typed is added and marked.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from svcdesk.domain import narrative
from svcdesk.domain.chart import ChartKind, ChartSpec, Series
from svcdesk.domain.comparisons import Direction, compare, trend
from svcdesk.domain.metrics.registry import metric
from svcdesk.domain.statistics import format_number
from svcdesk.i18n.labels import code_label
from svcdesk.reports.appendix import data_quality, definitions
from svcdesk.reports.figures import Numbers
from svcdesk.reports.model import (
    BulletRow,
    Bullets,
    Column,
    Figure,
    Heading,
    KpiGrid,
    Note,
    Numbered,
    Pair,
    Paragraph,
    Section,
    Table,
)
from svcdesk.store import breakdowns, report_rows

if TYPE_CHECKING:
    from svcdesk.domain.metrics.figure import Figure as MetricFigure

SUMMARY = ("ticket_created", "csat_mean", "fcr_rate", "timely_rate", "ontime_visit_rate",
           "frt_mean_min", "callback_rate")  # fmt: skip
VOLUME = ("ticket_created", "ticket_resolved", "ticket_closed", "backlog_end", "daily_avg_handled",
          "per_agent_handled", "peak_ratio", "complaint_share", "return_rate_share")  # fmt: skip
RESPONSE = ("frt_mean_min", "frt_median_min", "frt_p90_min", "frt_sla_rate", "frt_unresponded",
            "frt_channel_gap", "peak_delay_rate", "connect_rate", "abandon_rate")  # fmt: skip
RESOLUTION = ("res_mean_h", "res_median_h", "res_p90_h", "res_sla_rate", "fcr_rate",
              "first_line_rate", "followup_resolve_rate", "reopen_rate", "transfer_rate",
              "repeat_dispatch_rate", "complex_cycle_wd", "basic_resolve_rate",
              "overdue_total", "escalation_rate", "knowledge_use_rate")  # fmt: skip
SATISFACTION = ("csat_mean", "csat_rate", "csat_very_rate", "csat_low_rate", "csat_dim_attitude",
                "csat_dim_speed", "csat_dim_skill", "csat_dim_result", "nps",
                "survey_response_rate", "low_score_loop48_rate", "low_score_recovery_rate")  # fmt: skip
COMPLAINTS = ("complaint_received", "timely_rate", "completion_rate", "closure_rate", "ack_rate",
              "handling_mean_h", "handling_csat_rate", "repeat_rate", "second_rate", "upheld_rate",
              "compensation_sum", "complaint_per_1k")  # fmt: skip
OTHERS = ("ontime_visit_rate", "first_visit_fix_rate", "service_compliance_rate", "callback_rate",
          "complaint_late_resolved", "complaint_overdue_open", "complaint_on_time",
          "complaint_not_yet_due", "complaint_withdrawn", "repeat_count", "social_count",
          "low_score_count", "low_score_loop48_rate", "overdue_open", "late_resolved")  # fmt: skip
USED = tuple(
    dict.fromkeys((*SUMMARY, *VOLUME, *RESPONSE, *RESOLUTION, *SATISFACTION, *COMPLAINTS, *OTHERS))
)
CHINESE_NUMBERS = "一二三四五六七八九十"


def sections(n: Numbers, notes: dict[str, str]) -> list[Section]:
    """Return the sections of the month; ``notes`` holds what was typed, by section."""
    n.prepare(USED)
    n.board.figures(("ticket_created", "ticket_resolved"), n.period.last_months(13))
    n.board.figures(
        ("frt_mean_min", "csat_mean", "nps", "timely_rate", "complex_cycle_wd"),
        n.period.last_months(6),
    )
    body = [
        _volume(n), _response(n), _resolution(n), _satisfaction(n), _complaints(n), _problems(n),
    ]  # fmt: skip
    for index, section in enumerate(body):
        section.number = CHINESE_NUMBERS[index] if n.t.chinese else str(index + 1)
    found = [_summary(n), *body, definitions(n, USED), data_quality(n)]
    for section in found:
        if notes.get(section.key):
            section.blocks.append(Paragraph(notes[section.key], typed=True))
    return found


def _heads(n: Numbers, section: Section) -> None:
    """Number the headings of a section: （一）…, or (1) …"""
    index = 0
    for position, block in enumerate(section.blocks):
        if isinstance(block, Heading):
            mark = f"（{CHINESE_NUMBERS[index]}）" if n.t.chinese else f"({index + 1}) "
            section.blocks[position] = Heading(mark + block.text, block.level)
            index += 1


# -- 0 ---------------------------------------------------------------------------------------


def _summary(n: Numbers) -> Section:
    t = n.t
    section = Section("summary", t("Summary"))
    cells = [n.cell(metric_id) for metric_id in SUMMARY]
    cells.append(n.composite_cell())
    section.blocks += [KpiGrid(tuple(cells)), *_summary_notes(n)]
    section.blocks += [
        Heading(t("Figures and targets")),
        Bullets(
            tuple(_bullet(n, m) for m in SUMMARY if n.figure(m).target is not None),
            t(
                "Main figures against their targets (line: target, circle: last period; scales from 0)"
            ),
        ),
        Heading(t("Points of the period")),
        Numbered(tuple(_points(n))),
    ]
    best, worst = _ranked(n)
    if best or worst:
        section.blocks.append(
            Pair(
                _ranking(n, t("Furthest above target"), best),
                _ranking(n, t("Furthest below target"), worst),
            )
        )
    _heads(n, section)
    return section


def _summary_notes(n: Numbers) -> list[Note]:
    t, found = n.t, []
    late = [n.name(m) for m in SUMMARY if n.figure(m).provisional]
    if late:
        found.append(t("{list}: provisional, the observation period is not over.").format(
            list=narrative.join(late, t)))  # fmt: skip
    if n.incomplete:
        found.append(t("The period is not over; comparisons with whole periods are left out."))
    found += n.notes(SUMMARY)
    return [Note(text) for text in found]


def _bullet(n: Numbers, metric_id: str) -> BulletRow:
    figure = n.figure(metric_id)
    previous = n.compared(metric_id).previous.value
    values = [v for v in (figure.value, figure.target, previous) if v is not None]
    unit = str(figure.metric.unit)
    scale = {"percent": 100.0, "score": 5.0}.get(
        unit, float(max(values, default=Fraction(1))) * 1.4
    )
    return BulletRow(
        n.name(metric_id),
        None if figure.value is None else float(figure.value),
        None if figure.target is None else float(figure.target),
        None if previous is None else float(previous),
        scale,
        figure.display,
        n.shown_target(figure),
        figure.met,
    )


def _points(n: Numbers) -> list[str]:
    """Return the drafted sentences of the summary: volume, satisfaction, complaints, trends."""
    t = n.t
    found = [_volume_sentence(n), narrative.kpi(t, n.kpi("csat_mean"))]
    bars, names = n.pareto_bars("complaint_received", "category")
    text = _complaint_sentence(n)
    found.append(_joined(t.chinese, text, narrative.concentration(t, bars, names)))
    found.append(narrative.kpi(t, n.kpi("timely_rate")))
    for metric_id in ("csat_mean", "fcr_rate", "timely_rate", "frt_mean_min", "res_sla_rate"):
        values = [f.value for f in n.line(metric_id, n.period.last_months(6))]
        moving = trend(list(values), metric(metric_id).direction)
        if moving is not None and not n.incomplete:
            months, improved = moving
            found.append(
                narrative.trend(t, name=n.name(metric_id), months=months, improved=improved)
            )
    return found


def _joined(chinese: bool, *texts: str) -> str:  # noqa: FBT001 - the language of the sentence
    return ("" if chinese else " ").join(text for text in texts if text)


def _ranked(n: Numbers) -> tuple[list[MetricFigure], list[MetricFigure]]:
    """Return the three figures furthest above and below their targets, relative to them."""
    judged = []
    for metric_id in USED:
        figure = n.figure(metric_id)
        if figure.met is None or not figure.target or figure.value is None:
            continue
        ratio = figure.value / figure.target
        if figure.metric.direction is Direction.DOWN:
            ratio = Fraction(2) - ratio
        judged.append((ratio, figure))
    judged.sort(key=lambda pair: pair[0], reverse=True)
    best = [figure for _, figure in judged if figure.met][:3]
    worst = [figure for _, figure in reversed(judged) if not figure.met][:3]
    return best, worst


def _ranking(n: Numbers, caption: str, figures: Sequence[MetricFigure]) -> Table:
    t = n.t
    columns = (
        Column(t("Metric")),
        Column(t("Actual"), right=True),
        Column(t("Target"), right=True),
    )
    rows = [(t(f.metric.label), n.value(f), n.shown_target(f)) for f in figures]
    return Table(caption, columns, tuple(rows))


# -- 2 ---------------------------------------------------------------------------------------


def _period_words(n: Numbers) -> str:
    """Return the period as a sentence begins with it: 3月, or March 2026."""
    if n.t.chinese and n.period.kind == "month":
        return f"{n.period.number}月"
    return n.period.title(n.t)


def _volume_sentence(n: Numbers) -> str:
    compared = n.compared("ticket_created")
    return narrative.volume(
        n.t, period=_period_words(n), n=n.count("ticket_created"), mom=compared.mom, yoy=compared.yoy,
        resolved=n.count("ticket_resolved"), backlog=n.count("backlog_end"),
    )  # fmt: skip


def _volume(n: Numbers) -> Section:
    t = n.t
    section = Section("volume", t("Overview of tickets"))
    months = n.period.last_months(13)
    bars, names = n.pareto_bars("ticket_created", "issue")
    flow = breakdowns.flow(n.board, n.period)
    section.blocks += [
        Paragraph(_joined(t.chinese, _volume_sentence(n), narrative.concentration(t, bars, names, tickets=True))),
        Paragraph(
            t("Opening backlog {opening} + received {created} − cancelled {cancelled} − net resolved "
              "{resolved} = closing backlog {closing}.").format(
                opening=flow.opening, created=flow.created, cancelled=flow.cancelled,
                resolved=flow.resolved, closing=flow.closing)
        ),
        n.metric_table(t("Volume of tickets"), VOLUME),
        Heading(t("Received and resolved")),
        Figure(_created_resolved(n, months), t("Tickets received and resolved, 13 months")),
        Heading(t("Where they come from")),
        Figure(_on_offline(n), t("Tickets by online and offline channels (n={n})").format(n=n.count("ticket_created"))),
        n.share_table(t("Tickets by channel"), t("Channel"), "ticket_created", "channel"),
        Heading(t("What they are about")),
        Figure(n.pareto_chart(t("Tickets by issue type"), "ticket_created", "issue"),
               t("Pareto of issue types (dark: the vital few, dashed line: 80%)")),
        n.share_table(t("Tickets by issue type"), t("Issue type"), "ticket_created", "issue"),
        n.share_table(t("Products with most tickets"), t("Product"), "ticket_created", "product", 10),
        n.share_table(t("Tickets by region"), t("Region"), "ticket_created", "region", 10),
        Heading(t("When they come")),
        *_heat(n),
        *_key_events(n),
    ]  # fmt: skip
    _heads(n, section)
    return section


def _created_resolved(n: Numbers, months: Sequence[object]) -> ChartSpec:
    periods = n.period.last_months(13)
    created, resolved = n.line("ticket_created", periods), n.line("ticket_resolved", periods)
    return ChartSpec(
        ChartKind.COLUMNS,
        n.t("Received and resolved"),
        n.labels(periods),
        tuple(
            Series(name, tuple(None if f.value is None else float(f.value) for f in line))
            for name, line in ((n.t("Received"), created), (n.t("Resolved"), resolved))
        ),
        emphasis=len(months) - 1,
        drill=tuple(("ticket_created", period.code) for period in periods),
    )


def _on_offline(n: Numbers) -> ChartSpec:
    groups = n.groups("ticket_created", "channel_group")
    return ChartSpec(
        ChartKind.STACKED,
        n.t("Online and offline"),
        ("",),
        tuple(Series(name, (float(g.figure.n),)) for name, g in groups),
        drill=tuple(("ticket_created", f"channel_group={g.key}") for _, g in groups),
    )


def _heat(n: Numbers) -> list[Figure | Note]:
    t = n.t
    grid = breakdowns.heat(n.board, n.period)
    total = sum(map(sum, grid))
    used = [hour for hour in range(24) if any(row[hour] for row in grid)]
    if not used:
        return [Note(t("No data in this period."))]
    hours = range(min(used), max(used) + 1)
    days = [t("Mon"), t("Tue"), t("Wed"), t("Thu"), t("Fri"), t("Sat"), t("Sun")]
    top = max((grid[d][h], -d, -h) for d in range(7) for h in hours)
    chart = ChartSpec(
        ChartKind.HEAT,
        t("Weekday × hour"),
        tuple(str(hour) for hour in hours),
        tuple(Series(days[d], tuple(float(grid[d][h]) for h in hours)) for d in range(7)),
        unit=t("Total"),
    )
    caption = t("Tickets by weekday and hour (n={n}; most on {day} at {hour}: {top})").format(
        n=total, day=days[-top[1]], hour=f"{-top[2]}:00", top=top[0]
    )
    return [Figure(chart, caption)]


def _key_events(n: Numbers) -> list[Heading | Table]:
    t = n.t
    events = report_rows.key_events(
        n.board.run.connection, str(n.period.start), str(n.period.last_day)
    )
    if not events:
        return []
    columns = (Column(t("From")), Column(t("To")), Column(t("Event")), Column(t("State")))
    return [Heading(t("Key events")), Table(t("Key events of the period"), columns, tuple(events))]


# -- 3 ---------------------------------------------------------------------------------------


def _response(n: Numbers) -> Section:
    t = n.t
    section = Section("response", t("Response times"))
    sentences = n.kpi_sentences(("frt_mean_min", "frt_sla_rate", "connect_rate"))
    gap = _gap_sentence(n)
    section.blocks += [
        Paragraph(_joined(t.chinese, *sentences, gap)),
        n.metric_table(t("Response figures"), RESPONSE),
        Heading(t("Trend of the first response")),
        Figure(n.trend("frt_mean_min", n.period.last_months(6)),
               t("Mean first response in working minutes, 6 months (open diamond: target missed)")),
        Heading(t("By channel")),
        Figure(n.bars_by(("frt_mean_min", "frt_p90_min"), "channel", names=(t("Mean"), t("P90"))),
               t("First response by channel, working minutes (n beside the bar, hatched: n < 5)")),
        _channel_response(n),
    ]  # fmt: skip
    _heads(n, section)
    return section


def _gap_sentence(n: Numbers) -> str:
    gap = n.figure("frt_channel_gap")
    if gap.value is None or gap.target is None or gap.value <= gap.target:
        return ""
    groups = [
        (name, g.figure) for name, g in n.groups("frt_mean_min", "channel") if g.figure.n >= 5
    ]
    groups.sort(key=lambda pair: pair[1].value or Fraction(0))
    (fast, low), (slow, high) = groups[0], groups[-1]
    return narrative.channel_gap(
        n.t,
        slow=slow,
        slow_minutes=high.display,
        fast=fast,
        fast_minutes=low.display,
        gap=gap.display,
    )


def _channel_response(n: Numbers) -> Table:
    t = n.t
    ids = ("frt_mean_min", "frt_median_min", "frt_p90_min", "frt_sla_rate")
    columns = (Column(t("Channel")), Column(t("Answered"), right=True),
               *(Column(n.name(m), right=True) for m in ids))  # fmt: skip
    by = {m: dict(n.groups(m, "channel")) for m in ids}
    rows = []
    for name, group in by["frt_mean_min"].items():
        cells = [by[m][name].figure.display if name in by[m] else "—" for m in ids]
        rows.append((name + ("※" if group.figure.n < 5 else ""), str(group.figure.n), *cells))
    total = [n.figure(m).display for m in ids]
    rows.append((t("Total"), str(n.figure("frt_mean_min").n), *total))
    return Table(t("First response by channel (live channels without waiting left out)"), columns,
                 tuple(rows), total=True)  # fmt: skip


# -- 4 ---------------------------------------------------------------------------------------


def _resolution(n: Numbers) -> Section:
    t = n.t
    section = Section("resolution", t("Problem resolution"))
    sentences = n.kpi_sentences(("res_sla_rate", "fcr_rate", "first_line_rate", "complex_cycle_wd"))
    section.blocks += [
        Paragraph(_joined(t.chinese, *sentences)),
        n.metric_table(t("Resolution figures"), RESOLUTION),
        Heading(t("One-time resolution by agent")),
        Figure(n.columns_by("fcr_rate", "agent"),
               t("One-time resolution rate by agent, % (n below the column, hatched: n < 5)")),
        Heading(t("Complex issues")),
        Figure(n.trend("complex_cycle_wd", n.period.last_months(6)),
               t("Resolution cycle of complex issues in working days, 6 months")),
        Heading(t("Overdue tickets")),
        *_overdue(n),
    ]  # fmt: skip
    _heads(n, section)
    return section


def _overdue(n: Numbers) -> list[Paragraph | Figure | Table]:
    t = n.t
    count = n.count("overdue_total")
    if not count:
        return [Paragraph(t("No breached ticket in this period."))]
    text = t("{n} breached tickets: {open} still open at the end of the period, {late} resolved late.").format(
        n=count, open=n.count("overdue_open"), late=n.count("late_resolved"))  # fmt: skip
    blocks: list[Paragraph | Figure | Table] = [
        Paragraph(text),
        Figure(n.pareto_chart(t("Reasons for delay"), "overdue_reasons", "overdue_reason"),
               t("Pareto of the reasons for delay (n={n})").format(n=count)),
    ]  # fmt: skip
    rows = report_rows.overdue_tickets(n.board, n.period, t)
    columns = (Column(t("Ticket")), Column(t("Title"), share=0.34), Column(t("Owner")), Column(t("Due")),
               Column(t("Reason for delay")))  # fmt: skip
    if not n.rankings:
        from svcdesk.domain.masking import mask_name

        rows = [(a, b, mask_name(c) if c != "—" else c, d, e) for a, b, c, d, e in rows]
    blocks.append(Table(t("Overdue and open at the end of the period"), columns, tuple(rows)))
    return blocks


# -- 6 ---------------------------------------------------------------------------------------


def _satisfaction(n: Numbers) -> Section:
    t = n.t
    section = Section("satisfaction", t("Customer satisfaction"))
    sentences = n.kpi_sentences(("csat_mean", "csat_rate", "csat_low_rate", "nps"))
    low = n.figure("low_score_loop48_rate")
    sentences.append(
        narrative.low_scores(
            t,
            n=n.count("low_score_count"),
            closed=low.num or 0,
            rate=low.display,
            not_due=low.not_yet_due,
        )  # fmt: skip
    )
    months = n.period.last_months(6)
    section.blocks += [
        Paragraph(_joined(t.chinese, *sentences)),
        n.metric_table(t("Satisfaction figures"), SATISFACTION),
        Heading(t("Trend of satisfaction")),
        Figure(_csat_trend(n, months), t("Mean satisfaction, 6 months (axis 3–5; open diamond: target missed)")
               if _cut(n, months) else t("Mean satisfaction, 6 months (axis 1–5; open diamond: target missed)")),
        Heading(t("Distribution of scores")),
        Figure(_levels(n), t("Scores in five levels (n={n})").format(n=n.figure("csat_mean").n)),
        Heading(t("Willingness to recommend")),
        Figure(_nps(n), t("Promoters (9–10), passives (7–8) and detractors (0–6), n={n}").format(n=n.figure("nps").n)),
        Heading(t("By channel and customer tier")),
        _csat_table(n, "channel", t("Satisfaction by channel"), t("Channel")),
        _csat_table(n, "tier", t("Satisfaction by customer tier"), t("Customer tier")),
    ]  # fmt: skip
    _heads(n, section)
    return section


def _cut(n: Numbers, months: Sequence[object]) -> bool:
    """Say whether the satisfaction axis may begin at 3: no value lies below."""
    values = [
        f.value
        for f in n.line("csat_mean", n.period.last_months(len(months)))
        if f.value is not None
    ]
    return all(value >= 3 for value in values)


def _csat_trend(n: Numbers, months: Sequence[object]) -> ChartSpec:
    periods = n.period.last_months(len(months))
    return n.trend("csat_mean", periods, y_min=3.0 if _cut(n, months) else 1.0, y_max=5.0)


def _levels(n: Numbers) -> ChartSpec:
    counts = {group.key: group.figure.n for _, group in n.groups("csat_mean", "csat")}
    return ChartSpec(
        ChartKind.STACKED,
        n.t("Scores"),
        ("",),
        tuple(
            Series(code_label("CsatScore", str(score), n.t), (float(counts.get(score, 0)),))
            for score in (5, 4, 3, 2, 1)
        ),
        drill=tuple(("csat_mean", f"csat={score}") for score in (5, 4, 3, 2, 1)),
    )


def _nps(n: Numbers) -> ChartSpec:
    groups = report_rows.nps_groups(n.board, n.period)
    return ChartSpec(
        ChartKind.STACKED,
        n.t("Net Promoter Score"),
        ("",),
        tuple(
            Series(code_label("NpsGroup", code, n.t), (float(groups[code]),))
            for code in ("promoter", "passive", "detractor")
        ),
    )


def _csat_table(n: Numbers, by: str, caption: str, head: str) -> Table:
    t = n.t
    rates = dict(n.groups("csat_rate", by))
    columns = (Column(head), Column(t("Answers"), right=True), Column(t("Mean"), right=True),
               Column(t("4–5 points"), right=True), Column(t("Satisfaction rate"), right=True), Column(t("Remark")))  # fmt: skip
    rows = []
    for name, group in n.groups("csat_mean", by):
        rate = rates[name].figure if name in rates else None
        remark = "※" if group.figure.n < 5 else t("small sample") if group.figure.n < 30 else ""
        share = f"{rate.num}/{rate.den}" if rate else "—"
        rows.append(
            (
                name,
                str(group.figure.n),
                group.figure.display,
                share,
                rate.display if rate else "—",
                remark,
            )
        )
    whole, rate = n.figure("csat_mean"), n.figure("csat_rate")
    if rows:
        rows.append(
            (t("Total"), str(whole.n), whole.display, f"{rate.num}/{rate.den}", rate.display, "")
        )
    note = t("Fewer than 30 answers: marked as a small sample, not ranked.")
    return Table(caption, columns, tuple(rows), total=bool(rows), notes=(note,) if rows else ())


# -- 7 ---------------------------------------------------------------------------------------


def _complaint_sentence(n: Numbers) -> str:
    compared = n.compared("complaint_received")
    return narrative.complaints(
        n.t,
        period=_period_words(n),
        n=n.count("complaint_received"),
        mom=compared.mom,
        yoy=compared.yoy,
    )


def _complaints(n: Numbers) -> Section:
    t = n.t
    section = Section("complaints", t("State of complaints"))
    bars, names = n.pareto_bars("complaint_received", "category")
    second = n.figure("second_rate")
    reasons = [(name, g.figure.n) for name, g in n.groups("complaint_overdue", "overdue_reason")]
    sentences = [
        _complaint_sentence(n),
        narrative.concentration(t, bars, names),
        narrative.kpi(t, n.kpi("timely_rate")),
        narrative.overdue(t, still_open=n.count("complaint_overdue_open"),
                          late=n.count("complaint_late_resolved"), reasons=reasons),
        narrative.repeats(t, n=n.count("repeat_count"), rate=n.figure("repeat_rate").display,
                          second=second.display, provisional=second.provisional),
        narrative.groups(t, report_rows.group_complaints(n.board, n.period)),
        narrative.exposures(t, n.count("social_count")),
    ]  # fmt: skip
    section.blocks += [
        Paragraph(_joined(t.chinese, *sentences)),
        n.metric_table(t("Complaint figures"), COMPLAINTS),
        Heading(t("Types of complaint")),
        Figure(n.pareto_chart(t("Complaints by category"), "complaint_received", "category"),
               t("Pareto of complaint categories (n={n}; dark: the vital few, dashed line: 80%)").format(
                   n=n.count("complaint_received"))),
        n.share_table(t("Complaints by category"), t("Category"), "complaint_received", "category"),
        Heading(t("What became of them")),
        Figure(_classes(n), t("Complaints by result of handling (n={n})").format(n=n.count("complaint_received"))),
        Heading(t("Responsible departments")),
        Paragraph(_department_sentence(n)),
        n.share_table(t("Complaints by responsible department"), t("Department"), "complaint_received", "department"),
    ]  # fmt: skip
    _heads(n, section)
    return section


def _department_sentence(n: Numbers) -> str:
    bars, names = n.pareto_bars("complaint_received", "department")
    return narrative.departments(n.t, bars, names) or n.t("No data in this period.")


def _classes(n: Numbers) -> ChartSpec:
    codes = ("on_time", "late_resolved", "overdue_open", "not_yet_due", "withdrawn")
    return ChartSpec(
        ChartKind.STACKED,
        n.t("Result of handling"),
        ("",),
        tuple(
            Series(code_label("ComplaintClass", code, n.t), (float(n.count(f"complaint_{code}")),))
            for code in codes
        ),
        hatched=frozenset({4}),
        drill=tuple((f"complaint_{code}", "") for code in codes),
    )


# -- 9 ---------------------------------------------------------------------------------------


def _problems(n: Numbers) -> Section:
    t = n.t
    section = Section("problems", t("Problems and challenges"))
    rows = _problem_rows(n)
    tags = [
        (n.board.reference.name(key), count)
        for key, count in breakdowns.pain_tags(n.board, n.period)
    ]
    total = sum(count for _, count in tags)
    section.blocks += [
        Paragraph(_top_sentence(n, rows)),
        Heading(t("Main problems")),
        Figure(_problem_chart(n, rows), t("Issue types, this and last period")),
        _problem_table(n, rows),
        Heading(t("What hurts customers")),
        Table(t("Pain points named in complaints"),
              (Column(t("Pain point")), Column(t("Count"), right=True), Column(t("Share"), right=True)),
              tuple((name, str(count), format_number(Fraction(100 * count, total), 1) + "%") for name, count in tags)),
        Heading(t("Impact")),
        n.metric_table(t("Impact on the business"), ("return_rate_share", "compensation_sum", "complaint_per_1k")),
    ]  # fmt: skip
    _heads(n, section)
    return section


ProblemRow = tuple[str, int, int]


def _problem_rows(n: Numbers) -> list[ProblemRow]:
    """Return the second-level issue types with most tickets: name, this and last period."""
    before = dict(n.groups("ticket_created", "issue_sub", n.period.previous))
    found = [
        (name, g.figure.n, before[name].figure.n if name in before else 0)
        for name, g in n.groups("ticket_created", "issue_sub")
        if g.key is not None
    ]
    if not found:
        before = dict(n.groups("ticket_created", "issue", n.period.previous))
        found = [
            (name, g.figure.n, before[name].figure.n if name in before else 0)
            for name, g in n.groups("ticket_created", "issue")
            if g.key is not None
        ]
    return found[:8]


def _top_sentence(n: Numbers, rows: Sequence[ProblemRow]) -> str:
    t = n.t
    if not rows:
        return t("No data in this period.")
    name, count, before = rows[0]
    known = n.board.has_data(n.period.previous) and not n.incomplete
    change = compare(count, before if known else None, metric("ticket_created").comparison)
    return t(
        "The most frequent problem is {name} with {n} tickets, {change} month on month."
    ).format(name=name, n=count, change=change.words(t))


def _problem_chart(n: Numbers, rows: Sequence[ProblemRow]) -> ChartSpec:
    return ChartSpec(
        ChartKind.BARS,
        n.t("Main problems"),
        tuple(name for name, _, _ in rows),
        (
            Series(n.t("This period"), tuple(float(now) for _, now, _ in rows)),
            Series(n.t("Last period"), tuple(float(last) for _, _, last in rows)),
        ),
    )


def _problem_table(n: Numbers, rows: Sequence[ProblemRow]) -> Table:
    t = n.t
    known = n.board.has_data(n.period.previous) and not n.incomplete
    scale = metric("ticket_created").comparison
    columns = (Column(t("Problem")), Column(t("This period"), right=True), Column(t("Last period"), right=True),
               Column(t("Change rate"), right=True))  # fmt: skip
    cells = tuple(
        (
            name,
            str(now),
            str(last) if known else "—",
            compare(now, last if known else None, scale).short(t),
        )
        for name, now, last in rows
    )
    return Table(t("Problems with most tickets"), columns, cells)
