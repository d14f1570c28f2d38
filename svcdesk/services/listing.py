"""Small lists as they are shown, written to a spreadsheet or CSV file."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from svcdesk.domain.people import Permission
from svcdesk.i18n.catalog import N_, Translator, translator
from svcdesk.interchange.writers import SheetForm, write_table
from svcdesk.store import exports

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from svcdesk.system.job import JobContext


def write(desk: Desk, path: Path, lines: Sequence[Sequence[str]], kind: str, context: JobContext,
          *, title: str = "", t: Translator | None = None) -> int:  # fmt: skip
    """Write ``lines``, the first one its header, and note it in the audit log; return the rows.

    The lines come as they are shown: with names and phones masked. A path that ends in ``.pdf``
    gets a list on paper under ``title``.
    """
    desk.require(Permission.EXPORT)
    context.progress(0, 0, "")
    header, *rows = lines
    if path.suffix.lower() == ".pdf":
        _on_paper(desk, path, lines, title or kind, t or translator("zh_CN"), context)
    else:
        write_table(path, list(header), rows, form=SheetForm(kind))
    with desk.write(N_("Export {kind}"), kind="system", list=kind) as uow:
        exports.audit(uow, "export", {"kind": kind, "rows": len(rows), "file": path.name})
    return len(rows)


def _on_paper(desk: Desk, path: Path, lines: Sequence[Sequence[str]], title: str, t: Translator,
              context: JobContext) -> None:  # fmt: skip
    from svcdesk.reports.pdf import listing as paper

    header, *rows = lines
    widths = [max(len(line[place]) for line in lines) for place in range(len(header))]
    at = datetime.fromtimestamp(desk.clock.now(), desk.zone).strftime("%Y-%m-%d %H:%M")
    columns = tuple(
        paper.PaperColumn(name, (width + 4) / (sum(widths) + 4 * len(widths)))
        for name, width in zip(header, widths, strict=True)
    )
    paper.write(
        paper.Listing(
            title, (), desk.reference.settings["organisation"],
            desk.reference.settings["confidentiality"],
            t("printed {at} by {name}").format(at=at, name=desk.actor.name), at, columns,
            len(rows), iter(rows),
        ),
        path, t, context,
    )  # fmt: skip
