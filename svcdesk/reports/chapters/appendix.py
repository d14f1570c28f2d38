"""The last pages of every report: how each figure is defined, and how good the data are (5.1)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from svcdesk.domain import narrative
from svcdesk.domain.anomalies import ANOMALIES
from svcdesk.domain.metrics.definition import MetricDef, Unit
from svcdesk.domain.metrics.registry import metric
from svcdesk.domain.statistics import format_number
from svcdesk.i18n.catalog import N_
from svcdesk.reports.model import Column, Heading, Note, Pair, Paragraph, Table
from svcdesk.store import data_scope

if TYPE_CHECKING:
    from svcdesk.reports.draft import Draft
    from svcdesk.reports.figures import Numbers
    from svcdesk.reports.model import Block

ENTITIES = {"ticket": N_("Tickets"), "complaint": N_("Complaints"), "survey": N_("Survey answers"),
            "visit": N_("Visits"), "callback": N_("Callbacks")}  # fmt: skip


def definitions(n: Draft) -> list[Block]:
    """Return appendix A: definition, value, numerator, denominator and target of every metric."""
    t = n.t
    # ten characters stand on one line; English names break between words, their heads are wider
    names, sums = (0.205, 0.11) if t.chinese else (0.18, 0.12)
    columns = (Column(t("Metric"), share=names), Column(t("Definition"), share=0.92 - names - 2 * sums),
               Column(t("Numerator"), right=True, share=sums), Column(t("Denominator"), right=True, share=sums),
               Column(t("Target"), right=True, share=0.08))  # fmt: skip
    rows = []
    for metric_id in n.metrics:
        figure = n.figure(metric_id)
        rows.append(
            (
                n.name(metric_id),
                t(metric(metric_id).note),
                _amount(figure.num, *_measure(n, figure.metric)),
                _amount(
                    figure.den,
                    *(_measure(n, figure.metric) if figure.metric.formula == TURNOVER else RECORDS),
                ),
                n.shown_target(figure),
            )
        )
    return [
        Paragraph(
            t("Every figure on screen, in tables and in charts comes from these definitions. Durations "
              "are counted exactly and rounded half up for display; numerators are in the unit of their figure.")
        ),
        Table(t("Definitions"), columns, tuple(rows), wrap=True, anchors=tuple(n.metrics)),
    ]  # fmt: skip


RECORDS = (1, 0)
TURNOVER = "spare_turnover"  # both of its numbers are amounts of money


def _measure(n: Numbers, definition: MetricDef) -> tuple[int, int]:
    """Return by what the sum behind a figure is divided to be in its unit, and its decimals.

    Durations are summed in seconds, amounts in fen; what a figure is a share or a mean of is
    counted.
    """
    if definition.unit is Unit.MONEY or definition.formula == TURNOVER:
        return 100, 2
    if definition.per:
        return int(n.board.run.params[definition.per]), 1
    # the scale turns what was summed into the unit: 1/60 of a second is a minute
    if definition.scale.numerator == 1 and definition.scale.denominator > 1:
        return definition.scale.denominator, 1
    return RECORDS


def _amount(value: int | None, divisor: int, decimals: int) -> str:
    return "—" if value is None else format_number(Fraction(value, divisor), decimals)


ASIDE = {
    "ticket_test": N_("Tickets marked as test or spam"),
    "ticket_merged": N_("Tickets merged into others"),
    "ticket_cancelled": N_("Cancelled tickets (in the volume received only)"),
    "complaint_test": N_("Complaints marked as test or spam"),
    "complaint_merged": N_("Complaints merged into others"),
    "complaint_rejected": N_("Complaints not admitted"),
    "survey_invalid": N_("Survey answers marked invalid"),
    "survey_replaced": N_("Survey answers that do not count"),
}


def data_quality(n: Draft) -> list[Block]:
    """Return appendix B: records, abnormal data, not yet due, provisional, missing calendars."""
    t = n.t
    scope = data_scope.scope(n.board, n.period, n.metrics)
    found = scope.quality
    blocks: list[Block] = []
    records = [(t(ENTITIES[name]), str(count)) for name, count in found.records.items()]
    aside = [(t(ASIDE[name]), str(count)) for name, count in scope.set_aside.items()]
    both = (Column(t("Kind")), Column(t.p("count", "Records"), right=True))
    counted = Table(t("Records of the period"), both, tuple(records))
    kept_out = Table(t("Set aside before counting"), both, tuple(aside))
    blocks.append(Pair(counted, kept_out) if aside else counted)
    blocks += [
        Heading(t("Abnormal data"), 3),
        Paragraph(
            t.n(
                "Left out of the figures as abnormal: {n} record.",
                "Left out of the figures as abnormal: {n} records.",
                found.out,
            ).format(n=found.out)
            if found.out
            else t("Abnormal records were marked; all of them are counted.")
            if found.flagged
            else t("No abnormal records in this period.")
        ),
    ]  # fmt: skip
    if found.codes:
        blocks.append(_codes(n, found))
    blocks += _by_metric(n, scope)
    notes: list[str] = []
    if scope.provisional:
        names = narrative.join([n.name(m) for m in scope.provisional], t)
        notes.append(t("Provisional, may still change: {names}.").format(names=names))
    notes.append(n.begun_later())
    if found.missing_years:
        years = narrative.join([str(year) for year in found.missing_years], t)
        notes.append(
            t("No holidays are known for {years}: the weekly pattern was used.").format(years=years)
        )
    told = tuple(note for note in notes if note)
    if isinstance(blocks[-1], Table):  # on the page of the table they stand under
        blocks[-1] = replace(blocks[-1], notes=(*blocks[-1].notes, *told))
        return blocks
    return [*blocks, *(Note(note) for note in told)]


def _codes(n: Numbers, found: data_scope.Quality) -> Table:
    """Return the records per AB code: out of figures, and what was decided about them."""
    t = n.t
    labels = {anomaly.code: t(anomaly.label) for anomaly in ANOMALIES}
    columns = (
        Column(t("Code"), share=0.09),
        Column(t("Meaning"), share=0.41),
        Column(t.p("count", "Records"), right=True, share=0.1),
        Column(t("Out of figures"), right=True, share=0.1),
        Column(t("Excluded"), right=True, share=0.1),
        Column(t("Accepted"), right=True, share=0.1),
        Column(t("Fixed"), right=True, share=0.1),
    )
    rows = tuple(
        (c.code, labels[c.code], *map(str, (c.n, c.out, c.excluded, c.accepted, c.fixed)))
        for c in found.codes
    )
    return Table(t("Abnormal data by code"), columns, rows, wrap=True)


def _by_metric(n: Numbers, scope: data_scope.Scope) -> list[Block]:
    """Return what each figure leaves out: abnormal records, those not yet due; provisional ones."""
    t = n.t
    blocks: list[Block] = []
    ids = [
        m for m in (*scope.excluded, *scope.not_due) if m in scope.excluded or m in scope.not_due
    ]
    rows = tuple(
        (n.name(m), str(scope.excluded.get(m, 0)), str(scope.not_due.get(m, 0)))
        for m in dict.fromkeys(ids)
    )
    if rows:
        columns = (
            Column(t("Metric"), share=0.6),
            Column(t("Excluded as abnormal"), right=True, share=0.2),
            Column(t("Not yet due"), right=True, share=0.2),
        )
        blocks.append(Table(t("Left out of each figure"), columns, rows, wrap=True))
    return blocks
