"""Small lists as they are shown, written to a spreadsheet or CSV file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.people import Permission
from svcdesk.i18n.catalog import N_
from svcdesk.interchange.writers import SheetForm, write_table
from svcdesk.store import exports

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from svcdesk.system.job import JobContext


def write(desk: Desk, path: Path, lines: Sequence[Sequence[str]], kind: str,
          context: JobContext) -> int:  # fmt: skip
    """Write ``lines``, the first one its header, and note it in the audit log; return the rows.

    The lines come as they are shown: with names and phones masked.
    """
    desk.require(Permission.EXPORT)
    context.progress(0, 0, "")
    header, *rows = lines
    count = write_table(path, list(header), rows, form=SheetForm(kind))
    with desk.write(N_("Export {kind}"), kind="system", list=kind) as uow:
        exports.audit(uow, "export", {"kind": kind, "rows": count, "file": path.name})
    return count
