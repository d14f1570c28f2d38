"""Callbacks and what customers fed back: the loop of low scores (5.2, chapter 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain import narrative
from svcdesk.domain.chart import ChartKind, ChartSpec, Series
from svcdesk.domain.localtime import local
from svcdesk.domain.masking import mask_name, mask_text
from svcdesk.i18n.labels import code_label
from svcdesk.reports.model import Column, Figure, Heading, Quote, Table
from svcdesk.store import report_lists
from svcdesk.store import report_versions as store

if TYPE_CHECKING:
    from svcdesk.reports.draft import Draft
    from svcdesk.reports.model import Block

CALLBACKS = ("callback_rate", "key_reach_rate", "survey_response_rate", "low_score_count",
             "low_score_loop48_rate", "low_score_recovery_rate")  # fmt: skip
FUNNEL = ("funnel_sent", "funnel_rated", "funnel_low", "funnel_contacted", "funnel_recovered")
LISTED = 20


def callbacks(n: Draft) -> list[Block]:
    """Return the chapter."""
    t = n.t
    low = n.figure("low_score_loop48_rate")
    return [
        n.say(
            "main",
            *n.kpi_sentences(("callback_rate", "key_reach_rate")),
            narrative.low_scores(
                t, n=n.count("low_score_count"), closed=int(low.num or 0), rate=low.display,
                not_due=low.not_yet_due,
            ),
        ),
        n.metric_table(t("Callbacks and low scores"), CALLBACKS),
        Figure(_funnel(n), t("From the survey sent to the customer won back")),
        Heading(t("Low scores of the period")),
        _low_scores(n),
    ]  # fmt: skip


def _funnel(n: Draft) -> ChartSpec:
    figures = [n.figure(metric_id) for metric_id in FUNNEL]
    return ChartSpec(
        ChartKind.FUNNEL, n.t("Sent, rated, low, contacted, recovered"),
        tuple(n.name(metric_id).rpartition("：")[2].rpartition(": ")[2] for metric_id in FUNNEL),
        (Series("", tuple(None if f.value is None else float(f.value) for f in figures)),),
        metric="survey_response_rate",
    )  # fmt: skip


def _low_scores(n: Draft) -> Table:
    t, zone = n.t, n.board.zone
    numbers = n.board.drill("low_score_count", n.period, "den")
    seconds = int(n.board.run.params["low_score_seconds"])
    found = report_lists.low_scores(n.board.run.connection, numbers, seconds, n.board.as_of, LISTED)
    ends = report_lists.recoveries(n.board.run.connection, [row.number for row in found])
    rows = []
    for row in found:
        state, ended, caller = ends.get(row.number, ("", None, ""))
        told = code_label("CallbackState", state, t) if state else t("None planned")
        if ended is not None:
            told = f"{told} {local(ended, zone):%m-%d}"
        customer = mask_name(row.customer, organisation=row.customer_kind == "company")
        rows.append(
            (row.number, customer or "—", str(row.score), f"{local(row.answered_at, zone):%m-%d}",
             mask_text(row.comment) or "—", told, n.person(caller) or "—")
        )  # fmt: skip
    columns = (
        Column(t("Survey no."), share=0.16), Column(t("Customer"), share=0.1),
        Column(t("Score"), right=True, share=0.08), Column(t.p("column", "Answered"), share=0.11),
        Column(t("Comment"), share=0.25), Column(t("Callback"), share=0.19),
        Column(t("Assignee"), share=0.11),
    )  # fmt: skip
    left = len(numbers) - len(found)
    notes = (t("… and {n} more").format(n=left),) if left > 0 else ()
    return Table(
        t("Low scores and who follows them up"), columns, tuple(rows), wrap=True, notes=notes
    )


def quotes(n: Draft) -> list[Block]:
    """Return the customers' words that were picked by hand, masked (5.7)."""
    found = report_lists.words(
        n.board.run.connection, store.picks(n.board.run.connection, n.kind, n.period.code)
    )
    if not found:
        return []
    return [
        Heading(n.t("In the customers' words")),
        *(
            Quote(mask_text(text), f"{number}  {mask_name(customer)}".strip())
            for number, customer, text in found
        ),
    ]
