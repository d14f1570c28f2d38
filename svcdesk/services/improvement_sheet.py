"""One improvement item on one page (A3): problem, causes, measures, effect (domain.md 2.12)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from svcdesk.domain.cause_drawing import chain
from svcdesk.domain.metrics.registry import BY_ID
from svcdesk.domain.people import Permission
from svcdesk.i18n.catalog import Translator, translator
from svcdesk.i18n.labels import code_label
from svcdesk.reports.figures import Numbers
from svcdesk.reports.model import (
    Block,
    Column,
    Figure,
    Heading,
    Ladder,
    Note,
    Paragraph,
    ReportData,
    Section,
    Table,
)
from svcdesk.reports.tables import as_float
from svcdesk.services import dashboards
from svcdesk.store import loop_rows
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from svcdesk.store.loop_rows import Item, Measure
    from svcdesk.system.job import JobContext

MONTHS = 12


def collect(desk: Desk, item_id: int, language: str) -> ReportData:
    """Return the page of an item before it is drawn."""
    desk.require(Permission.MAKE_REPORTS)
    t = translator(language)
    with dashboards.board(desk) as board:
        found = loop_rows.item(board.run.connection, item_id)
        if found is None:
            raise UserError("This improvement item is gone.", code="item_gone")
        measures = loop_rows.measures(board.run.connection, [item_id])
        period = dashboards.this_month(desk).previous
        numbers = Numbers(board, period, t, rankings=False)
        left: list[Block] = [Heading(t("1 Problem")), *_problem(desk, found, t)]
        left += [Heading(t("2 Causes")), *_causes(found, t)]
        right: list[Block] = [Heading(t("3 Measures")), _measures(measures, t)]
        right += [Heading(t("4 Effect")), *_effect(numbers, found, t)]
    stamp = desk.clock.now()
    moment = datetime.fromtimestamp(stamp, desk.zone)
    settings = desk.reference.settings
    return ReportData(
        language, settings["organisation"], f"{found.number} {found.title}", "", "",
        settings["confidentiality"], f"{moment:%Y-%m-%d %H:%M}", "", found.owner, "",
        f"{moment:%Y-%m-%d}",
        sections=[Section("item", f"{found.number}  {found.title}", "", [*left, *right])],
        stamp=stamp,
    )  # fmt: skip


def write(desk: Desk, item_id: int, target: Path, language: str, context: JobContext) -> int:
    """Write the page of an item as PDF and return its number of pages."""
    from svcdesk.reports.pdf import document

    return document.write(collect(desk, item_id, language), target, context, cover=False)


def _problem(desk: Desk, item: Item, t: Translator) -> list[Block]:
    moment = datetime.fromtimestamp(item.created_at, desk.zone)
    name = t(BY_ID[item.metric].label) if item.metric in BY_ID else "—"
    facts = [
        (t("Raised by"), code_label("ItemSource", item.source, t), t("Metric"), name),
        (t("Raised on"), f"{moment:%Y-%m-%d}", t("Before"), _shown(item.baseline)),
        (t("Owner"), item.owner or "—", t("Target"), _shown(item.target)),
        (t("State"), code_label("ItemStatus", item.status, t), t("Target date"),
         item.target_date or "—"),
    ]  # fmt: skip
    columns = (Column(t("Item"), share=0.16), Column("", share=0.34), Column("", share=0.16),
               Column("", share=0.34))  # fmt: skip
    return [Table(item.title, columns, tuple(facts), wrap=True)]


def _shown(value: float | None) -> str:
    return "—" if value is None else f"{value:g}"


def _causes(item: Item, t: Translator) -> list[Block]:
    blocks: list[Block] = []
    if item.whys:
        root = len(item.whys) - 1 if item.root_cause else None
        blocks.append(Ladder(chain(item.whys, root=root), t("5 Whys")))
    if item.root_cause:
        blocks.append(Paragraph(t("Root cause: {text}").format(text=item.root_cause)))
    return blocks or [Note(t("The causes have not been looked into yet."))]


def _measures(measures: list[Measure], t: Translator) -> Table:
    rows = tuple(
        (m.text, code_label("ActionKind", m.kind, t), m.owner or "—", m.due or "—",
         code_label("ActionState", m.state, t))
        for m in measures
    )  # fmt: skip
    columns = (Column(t("Measure"), share=0.44), Column(t("Kind")), Column(t("Owner")),
               Column(t("Due")), Column(t("State")))  # fmt: skip
    return Table(t("Measures and where they stand"), columns, rows, wrap=True)


def _effect(n: Numbers, item: Item, t: Translator) -> list[Block]:
    blocks: list[Block] = []
    if item.metric in BY_ID:
        months = n.period.last_months(MONTHS)
        chart: Any = n.trend(item.metric, months)
        if any(as_float(figure) is not None for figure in n.line(item.metric, months)):
            blocks.append(Figure(chart, t("{name}, {n} months").format(
                name=n.name(item.metric), n=MONTHS)))  # fmt: skip
    verdict = code_label("Verdict", item.verdict, t) if item.verdict else t("not verified yet")
    blocks.append(Paragraph(t("Verdict: {text}").format(text=verdict)))
    if item.standardised:
        blocks.append(Paragraph(t("Made standard: {text}").format(text=item.standardised)))
    return blocks
