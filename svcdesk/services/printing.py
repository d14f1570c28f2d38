"""A list as it is shown, on paper; it leaves a trace in the audit log as an export does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from svcdesk.domain.people import Permission
from svcdesk.i18n.catalog import N_, Translator
from svcdesk.reports.pdf import listing
from svcdesk.reports.pdf.listing import PaperColumn
from svcdesk.services.queries import DeskRows, Query
from svcdesk.store import exports as store
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from svcdesk.system.job import JobContext

__all__ = ["PaperColumn", "Sheet", "print_list"]

CHUNK = 500
LIMIT = 20_000  # records: a thousand pages and more belong into a file


@dataclass(frozen=True)
class Sheet:
    """What is printed: the query, its words, and the cells of each column.

    ``cells`` makes the texts of one row, masked as the screen masks them.
    """

    query: Query
    title: str
    conditions: tuple[str, ...]
    columns: tuple[PaperColumn, ...]
    cells: Callable[[Any], Sequence[str]]


def print_list(desk: Desk, sheet: Sheet, path: Path, t: Translator, context: JobContext) -> int:
    """Write the list to a PDF and return its number of pages."""
    desk.require(Permission.EXPORT)
    rows = DeskRows(desk, sheet.query)
    keys = rows.ids(context)
    if len(keys) > LIMIT:
        raise UserError(
            N_("{n} records are too many to print; narrow the list to {limit}, or export it."),
            code="too_many",
            n=f"{len(keys):,}",
            limit=f"{LIMIT:,}",
        )

    def lines() -> Iterator[Sequence[str]]:
        for start in range(0, len(keys), CHUNK):
            context.check()
            found = {row.id: row for row in rows.rows(list(keys[start : start + CHUNK]))}
            for key in keys[start : start + CHUNK]:
                row = found.get(key)
                yield sheet.cells(row) if row is not None else [""] * len(sheet.columns)

    at = datetime.fromtimestamp(desk.clock.now(), desk.zone).strftime("%Y-%m-%d %H:%M")
    paper = listing.Listing(
        sheet.title, sheet.conditions, desk.reference.settings["organisation"],
        desk.reference.settings["confidentiality"],
        t(N_("printed {at} by {name}")).format(at=at, name=desk.actor.name), at, sheet.columns,
        len(keys), lines(),
    )  # fmt: skip
    pages = listing.write(paper, path, t, context)
    with desk.write(N_("Print {list}"), kind="system", list=sheet.query.entity) as uow:
        store.audit(
            uow, "print", {"kind": sheet.query.entity, "rows": len(keys), "file": path.name}
        )
    return pages
