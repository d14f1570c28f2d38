"""Attachments: photos, recordings, documents of a record; kept once, opened safely (T33).

What could run as a program is kept but never opened from here.
"""

from __future__ import annotations

import mimetypes
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svcdesk.domain.people import Permission
from svcdesk.i18n.catalog import N_
from svcdesk.services import improvement_measures
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.ticket_rows import event, stored
from svcdesk.store import backup, files, records
from svcdesk.store.connection import speaking
from svcdesk.system.errors import AppError, UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svcdesk.store.unit_of_work import UnitOfWork
    from svcdesk.system.job import JobContext

TICKET, MEASURE = "ticket", "action"  # the tables whose records have attachments
MAX_BYTES = 50 << 20
# Windows and scripts: what a double click would run
PROGRAMS = frozenset(
    [
        "exe",
        "msi",
        "bat",
        "cmd",
        "com",
        "scr",
        "pif",
        "vbs",
        "vbe",
        "js",
        "jse",
        "wsf",
        "wsh",
        "ps1",
        "psm1",
        "jar",
        "lnk",
        "reg",
        "hta",
        "cpl",
        "msc",
        "app",
        "sh",
        "bash",
        "command",
        "desktop",
        "py",
        "pyw",
        "rb",
        "pl",
        "dll",
        "sys",
        "inf",
        "url",
        "scf",
        "chm",
        "appx",
        "msix",
        "apk",
    ]
)


@dataclass(frozen=True)
class _Owner:
    """What a kind of record says of its attachments.

    ``number`` gives the number a record is known by and refuses one that is gone or over;
    ``told`` leaves a trace with the record.
    """

    permission: Permission
    number: Callable[[Desk, int], str]
    told: Callable[[UnitOfWork, int, str], None]


def _ticket_number(desk: Desk, key: int) -> str:
    return str(stored(desk, key)["ticket_no"])


def _ticket_told(uow: UnitOfWork, key: int, name: str) -> None:
    event(uow, key, "internal_note", name="attachment", text=name, automatic=True)


def _measure_number(desk: Desk, key: int) -> str:
    return improvement_measures.of_open_item(desk, key)


def _nothing(_uow: UnitOfWork, _key: int, _name: str) -> None:
    """Leave no trace: the list of its files stands in the measure's card."""


_OWNERS = {
    TICKET: _Owner(Permission.EDIT_TICKETS, _ticket_number, _ticket_told),
    MEASURE: _Owner(Permission.EDIT_IMPROVEMENTS, _measure_number, _nothing),
}


def of_record(desk: Desk, table: str, record_id: int) -> list[dict[str, Any]]:
    """Return the attachments of a record, oldest first."""
    found = records.children(desk.reader, "attachment", "owner_id", record_id)
    return [row for row in found if row["owner_table"] == table]


def of_records(
    desk: Desk, table: str, record_ids: Sequence[int]
) -> dict[int, list[dict[str, Any]]]:
    """Return the attachments of several records, each oldest first."""
    return {key: of_record(desk, table, key) for key in record_ids}


def _name(name: str) -> str:
    """Return a file name without folders and without what no file system takes."""
    plain = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join("_" if c in '<>:"|?*' or ord(c) < 32 else c for c in plain).strip(" .")
    return plain[-120:] or "attachment"


def add(desk: Desk, owner_id: int, name: str, content: bytes, table: str = TICKET) -> Outcome[int]:
    """Attach ``content`` to a record under ``name``; the same content again is not doubled."""
    owner = _OWNERS[table]
    desk.require(owner.permission)
    number = owner.number(desk, owner_id)
    name = _name(name)
    if not content:
        raise UserError("“{name}” is empty; nothing was attached.", code="empty", name=name)
    if len(content) > MAX_BYTES:
        raise UserError(
            "“{name}” has {size} MB; at most {limit} MB can be attached.",
            code="too_big", name=name, size=len(content) >> 20, limit=MAX_BYTES >> 20,
        )  # fmt: skip
    sha256 = files.keep(desk.path, content)
    same = [row for row in of_record(desk, table, owner_id) if row["sha256"] == sha256]
    with desk.write(N_("Attach “{name}” to {number}"), name=name, number=number) as uow:
        if same:
            return Outcome(int(same[0]["id"]), uow.changes)
        key = uow.insert(
            "attachment",
            {
                "owner_table": table, "owner_id": owner_id, "sha256": sha256, "name": name,
                "size": len(content),
                "mime": mimetypes.guess_type(name)[0] or "application/octet-stream",
            },
        )  # fmt: skip
        owner.told(uow, owner_id, name)
    return Outcome(key, uow.changes)


def add_file(desk: Desk, owner_id: int, path: Path, table: str = TICKET) -> Outcome[int]:
    """Attach a file from disk; the file itself stays where it is."""
    with speaking(path):
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UserError(
                "“{name}” has {size} MB; at most {limit} MB can be attached.",
                code="too_big", name=path.name, size=size >> 20, limit=MAX_BYTES >> 20,
            )  # fmt: skip
        content = path.read_bytes()
    return add(desk, owner_id, path.name, content, table)


@dataclass(frozen=True)
class Added:
    """What came of attaching several files: how many are there now, and what was refused."""

    count: int
    refused: list[AppError]


def add_files(
    desk: Desk, owner_id: int, paths: Sequence[Path], context: JobContext, table: str = TICKET
) -> Added:
    """Attach several files, each in a step of its own: one that is refused stops no other."""
    count = 0
    refused: list[AppError] = []
    for place, path in enumerate(paths):
        context.check()
        context.progress(place, len(paths))
        try:
            add_file(desk, owner_id, path, table)
        except AppError as error:
            refused.append(error)
        else:
            count += 1
    return Added(count, refused)


def _row(desk: Desk, attachment_id: int) -> dict[str, Any]:
    found = records.get(desk.reader, "attachment", attachment_id)
    if found is None:
        raise UserError("This attachment does not exist any more.", code="gone")
    return found


def remove(desk: Desk, attachment_id: int) -> Outcome[int]:
    """Take an attachment off; its content stays, so that undo brings it back."""
    row = _row(desk, attachment_id)
    owner = _OWNERS[str(row["owner_table"])]
    desk.require(owner.permission)
    owner.number(desk, int(row["owner_id"]))
    with desk.write(N_("Remove attachment “{name}”"), name=row["name"]) as uow:
        uow.remove("attachment", attachment_id)
    return Outcome(attachment_id, uow.changes)


def is_program(name: str) -> bool:
    """Tell whether opening a file of this name would run it."""
    return name.rsplit(".", 1)[-1].lower() in PROGRAMS if "." in name else False


def to_open(desk: Desk, attachment_id: int) -> Path:
    """Return a read-only copy that the system's viewer may open; the kept content is not touched.

    What could run as a program is refused: it can be saved, on the user's own decision.
    """
    row = _row(desk, attachment_id)
    if is_program(str(row["name"])):
        raise UserError(
            "“{name}” could run as a program and is not opened. Save it and have it checked first.",
            code="program",
            name=row["name"],
        )
    target = Path(tempfile.mkdtemp(prefix="svcdesk-")) / str(row["name"])
    files.copy_out(desk.path, str(row["sha256"]), target)
    target.chmod(0o400)
    return target


def save_as(desk: Desk, attachment_id: int, target: Path) -> Path:
    """Copy an attachment to a place of the user's choice."""
    files.copy_out(desk.path, str(_row(desk, attachment_id)["sha256"]), target)
    return target


def content(desk: Desk, attachment_id: int) -> bytes:
    """Return the bytes of an attachment, for a preview."""
    row = _row(desk, attachment_id)
    path = files.path_of(desk.path, str(row["sha256"]))
    with speaking(path):
        return path.read_bytes()


def check(desk: Desk) -> list[str]:
    """Return a sentence for every attachment whose content is missing or damaged."""
    kept = backup.attachment_digests(desk.reader)
    return [
        f"attachment {sha256[:12]}… is missing or damaged"
        for sha256 in files.missing(desk.path, kept)
    ]
