"""The last pages of every report: how each figure is defined, and how good the data are (5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain import narrative
from svcdesk.domain.anomalies import ANOMALIES
from svcdesk.domain.metrics.registry import metric
from svcdesk.i18n.catalog import N_
from svcdesk.reports.model import Column, Heading, Note, Paragraph, Section, Table
from svcdesk.store import breakdowns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.reports.figures import Numbers

ENTITIES = {"ticket": N_("Tickets"), "complaint": N_("Complaints"), "survey": N_("Survey answers"),
            "visit": N_("Visits"), "callback": N_("Callbacks")}  # fmt: skip


def definitions(n: Numbers, metric_ids: Sequence[str]) -> Section:
    """Return appendix A: definition, value, numerator, denominator and target of every metric."""
    t = n.t
    columns = (Column(t("Metric"), share=0.17), Column(t("Definition"), share=0.47),
               Column(t("Numerator"), right=True, share=0.11), Column(t("Denominator"), right=True, share=0.11),
               Column(t("Target"), right=True, share=0.14))  # fmt: skip
    rows = []
    for metric_id in metric_ids:
        figure = n.figure(metric_id)
        rows.append(
            (
                n.name(metric_id),
                t(metric(metric_id).note),
                "—" if figure.num is None else str(figure.num),
                "—" if figure.den is None else str(figure.den),
                n.shown_target(figure),
            )
        )
    section = Section("definitions", t("Appendix A  Definitions of the figures"), "A")
    section.blocks = [
        Paragraph(
            t("Every figure on screen, in tables and in charts comes from these definitions. Durations "
              "are counted exactly and rounded half up for display; numerators of durations are seconds.")
        ),
        Table(t("Definitions"), columns, tuple(rows), wrap=True),
    ]  # fmt: skip
    return section


def data_quality(n: Numbers) -> Section:
    """Return appendix B: records, abnormal data, not yet due, provisional, missing calendars."""
    t = n.t
    found = breakdowns.quality(n.board, n.period)
    section = Section("quality", t("Appendix B  Quality of the data"), "B")
    records = tuple((t(ENTITIES[name]), str(count)) for name, count in found.records.items())
    labels = {anomaly.code: t(anomaly.label) for anomaly in ANOMALIES}
    flags = tuple((code, labels[code], str(count)) for code, count in found.flags.items())
    section.blocks = [
        Table(t("Records of the period"), (Column(t("Kind")), Column(t("Records"), right=True)), records),
        Heading(t("Abnormal data"), 3),
        Paragraph(narrative.excluded(t, found.flagged) or t("No abnormal records in this period.")),
    ]  # fmt: skip
    if flags:
        columns = (
            Column(t("Code")),
            Column(t("Meaning"), share=0.7),
            Column(t("Records"), right=True),
        )
        section.blocks.append(Table(t("Abnormal data by code"), columns, flags, wrap=True))
    if found.missing_years:
        years = narrative.join([str(year) for year in found.missing_years], t)
        section.blocks.append(
            Note(
                t("No holidays are known for {years}: the weekly pattern was used.").format(
                    years=years
                )
            )
        )
    return section
