"""Cases to copy and stories of praise on paper: PDF or spreadsheet (features K6, C21)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from svcdesk.domain.masking import mask_name, mask_text
from svcdesk.domain.people import Permission
from svcdesk.domain.query import Op
from svcdesk.i18n.catalog import N_, Translator
from svcdesk.reports.model import Heading, Paragraph, ReportData, Section
from svcdesk.services import listing
from svcdesk.services.queries import DeskRows
from svcdesk.store import exports
from svcdesk.store import knowledge as store
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.domain.query import Query
    from svcdesk.services.desk import Desk
    from svcdesk.store.knowledge import CaseRow
    from svcdesk.system.job import JobContext

HEADER = (N_("Article no."), N_("Title"), N_("Customer"), N_("Symptom"), N_("Solution"),
          N_("Article owner"), N_("Source"))  # fmt: skip


def write(desk: Desk, query: Query, path: Path, t: Translator, context: JobContext) -> int:
    """Write the cases and stories among the articles of ``query``; return how many.

    The file's ending chooses: ``.pdf`` a document with one chapter per case, else a table.
    """
    desk.require(Permission.EXPORT)
    if query.condition("kind") is None:
        query = query.where("kind", Op.IN, "case", "praise")
    ids = list(DeskRows(desk, query).ids(context))
    rows = store.cases(desk.reader, json.dumps(ids))
    if not rows:
        raise UserError("There are no cases in this list.", code="no_cases")
    if path.suffix.lower() == ".pdf":
        _pdf(desk, rows, path, t, context)
        with desk.write(N_("Export {kind}"), kind="system", list="cases") as uow:
            exports.audit(uow, "export", {"kind": "cases", "rows": len(rows), "file": path.name})
    else:
        lines = [[t(name) for name in HEADER], *(_line(row) for row in rows)]
        listing.write(desk, path, lines, "cases", context)
    return len(rows)


def customer_of(row: CaseRow) -> str:
    """Return the masked name of the customer a case came from, "" when it came from none."""
    if row.customer is None:
        return ""
    return mask_name(row.customer, organisation=row.customer_kind == "company")


def _line(row: CaseRow) -> list[str]:
    return [row.number, mask_text(row.title), customer_of(row), mask_text(row.symptom),
            mask_text(row.solution), row.owner or "", row.source_number or ""]  # fmt: skip


def _pdf(desk: Desk, rows: list[CaseRow], path: Path, t: Translator, context: JobContext) -> None:
    from svcdesk.reports.pdf import document

    sections = []
    for place, row in enumerate(rows, 1):
        number, title, customer, symptom, solution, owner, source = _line(row)
        section = Section(number, title, str(place))
        facts = [number, owner, customer, source]
        section.blocks += [
            Paragraph(" · ".join(fact for fact in facts if fact)),
            Heading(t("Symptom")),
            Paragraph(symptom or "—"),
            Heading(t("Solution")),
            Paragraph(solution),
        ]
        sections.append(section)
    now = datetime.fromtimestamp(desk.clock.now(), desk.zone)
    settings = desk.reference.settings
    data = ReportData(
        language=t.language, organisation=settings["organisation"], title=t("Case library"),
        period_title=f"{now:%Y-%m-%d}", period_range=f"{now:%Y-%m-%d}",
        confidentiality=settings["confidentiality"], cutoff=f"{now:%Y-%m-%d %H:%M}", version="",
        author=desk.actor.name, reviewer="", written_on=f"{now:%Y-%m-%d}", sections=sections,
    )  # fmt: skip
    document.write(data, path, context, cover=False)
