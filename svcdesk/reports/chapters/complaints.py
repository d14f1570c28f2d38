"""Complaints: figures, types, results, departments (5.2, chapter 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain import narrative
from svcdesk.domain.chart import ChartKind, ChartSpec, Series
from svcdesk.i18n.labels import code_label
from svcdesk.reports.chapters.ids import COMPLAINTS
from svcdesk.reports.model import (
    Figure,
    Heading,
)
from svcdesk.reports.wording import period_words
from svcdesk.store import report_rows

if TYPE_CHECKING:
    from svcdesk.reports.draft import Draft
    from svcdesk.reports.figures import Numbers
    from svcdesk.reports.model import Block


def complaint_sentence(n: Numbers) -> str:
    """Return N-CMP or N-NIL."""
    compared = n.compared("complaint_received")
    return narrative.complaints(
        n.t,
        period=period_words(n),
        n=n.count("complaint_received"),
        mom=compared.mom,
        yoy=compared.yoy,
        monthly=n.period.kind == "month",
    )


def delay_reasons(n: Numbers) -> list[tuple[str, int]]:
    """Return the reasons for delay that were filled in, the most frequent first."""
    found = n.groups("complaint_overdue", "overdue_reason")
    return [(name, group.figure.n) for name, group in found if group.key is not None]


def complaints(n: Draft) -> list[Block]:
    """Return the chapter."""
    t = n.t
    blocks: list[Block] = []
    second = n.figure("second_rate")
    reasons = delay_reasons(n)
    sentences = [complaint_sentence(n)]
    if n.count("complaint_received"):
        sentences += [
            n.concentration("complaint_received", "category"),
            narrative.kpi(t, n.kpi("timely_rate")),
            narrative.overdue(t, still_open=n.count("complaint_overdue_open"),
                              late=n.count("complaint_late_resolved"), reasons=reasons),
            narrative.repeats(t, n=n.count("repeat_count"), rate=n.figure("repeat_rate").display,
                              second=second.display, provisional=second.provisional),
        ]  # fmt: skip
    sentences += [
        narrative.groups(t, report_rows.group_complaints(n.board, n.period)),
        narrative.exposures(t, n.count("social_count")),
    ]
    blocks += [
        n.say("main", *sentences),
        n.metric_table(t("Complaint figures"), COMPLAINTS),
        Heading(t("Types of complaint")),
        Figure(n.pareto_chart(t("Complaints by category"), "complaint_received", "category"),
               t("Pareto of complaint categories (n={n}; dark: the vital few, dashed line: 80%)").format(
                   n=n.count("complaint_received"))),
        n.share_table(t("Distribution of complaints by category"), t("Category"), "complaint_received", "category"),
        Heading(t("What became of them")),
        Figure(outcomes(n), t("Complaints by result of handling (n={n})").format(n=n.count("complaint_received"))),
        Heading(t("Responsible departments")),
        n.say("departments", department_sentence(n)),
        n.share_table(t("Complaints by responsible department"), t("Department"), "complaint_received", "department"),
    ]  # fmt: skip
    return blocks


def department_sentence(n: Numbers) -> str:
    """Return N-DEP; of complaints whose department nobody filled in only that."""
    t = n.t
    if not n.count("complaint_received"):
        return t("No data in this reporting period.")
    bars, names = n.pareto_bars("complaint_received", "department")
    known = [bar for bar in bars if bar.key != "None"]
    if not known:
        return t("No responsible department was filled in.")
    return narrative.departments(t, known, names)


def outcomes(n: Numbers) -> ChartSpec:
    """Return the five outcomes of the period's complaints as one bar."""
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
