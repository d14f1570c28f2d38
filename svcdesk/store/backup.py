"""Backups: made by SQLite's backup interface while the desk works, verified, moved into place."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import sqlcipher3

from svcdesk.store import files
from svcdesk.store.connection import Connection, open_reader, speaking
from svcdesk.store.connection import check_file as refuse_foreign
from svcdesk.system.errors import EnvironmentProblem, UserError

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.system.job import JobContext

PAGES_PER_STEP = 4096


def copy(source: Connection, target: Path, context: JobContext) -> None:
    """Write a verified copy of an open file to ``target``, whole or not at all."""
    if target.exists():
        raise UserError(
            "“{path}” exists already. Choose another name; nothing was changed.",
            code="exists",
            path=str(target),
        )
    with speaking(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}.new")

    def step(_status: int, remaining: int, total: int) -> None:
        context.check()
        context.progress(total - remaining, total)

    try:
        with speaking(target):
            copied: Connection = sqlcipher3.connect(str(draft), isolation_level=None)
            try:
                source.backup(copied, pages=PAGES_PER_STEP, progress=step)
                copied.execute("PRAGMA journal_mode = DELETE")
                verify(copied, target)
            finally:
                copied.close()
            handle = os.open(draft, os.O_RDONLY)
            try:
                if os.name != "nt":
                    os.fsync(handle)
            finally:
                os.close(handle)
            draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def verify(connection: Connection, path: Path) -> None:
    """Refuse a copy that SQLite does not find sound."""
    found = check(connection, full=False)
    if found:
        raise EnvironmentProblem(
            "“{path}” is damaged: {detail}. Restore the latest backup (svcdesk restore) into a new file.",
            code="damaged",
            path=str(path),
            detail=found[0],
        )


def check(connection: Connection, *, full: bool) -> list[str]:
    """Return what is wrong with an open file: structure, references, search index; empty: sound."""
    pragma = "integrity_check" if full else "quick_check"
    found = [str(row[0]) for row in connection.execute(f"PRAGMA {pragma}(20)").fetchall()]
    problems = [] if found == ["ok"] else found
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    problems += [
        f"{table} {row_id}: reference to {parent} is broken"
        for table, row_id, parent, _ in broken[:20]
    ]
    return problems


def check_file(path: Path) -> list[str]:
    """Return what is wrong with the file, seen through a connection of its own.

    A connection that has searched before may hold an older map of the search index, which its
    integrity check would take for damage.
    """
    connection = open_reader(path)
    try:
        return check(connection, full=True)
    finally:
        connection.close()


def attachment_digests(connection: Connection) -> list[str]:
    """Return the contents that attachments refer to, each once; removed ones may come back."""
    rows = connection.execute(
        "SELECT DISTINCT sha256 FROM attachment WHERE sha256 <> ''"
    ).fetchall()
    return [str(row[0]) for row in rows]


def copy_attachments(source: Path, target: Path, connection: Connection,
                     context: JobContext) -> int:  # fmt: skip
    """Copy the contents that lie beside ``source`` to lie beside ``target``; return how many.

    What is missing at the source is left out: the check of the data file names it.
    """
    done = 0
    wanted = attachment_digests(connection)
    for place, sha256 in enumerate(wanted):
        context.check()
        context.progress(place, len(wanted))
        copied = files.path_of(target, sha256)
        if files.path_of(source, sha256).exists() and not copied.exists():
            files.copy_out(source, sha256, copied)
            done += 1
    return done


def restore(source: Path, target: Path, context: JobContext) -> None:
    """Make a new data file from a backup; the backup and every existing file stay as they are."""
    refuse_foreign(source)
    connection = open_reader(source)
    try:
        with speaking(source):
            verify(connection, source)
            copy(connection, target, context)
            copy_attachments(source, target, connection, context)
    finally:
        connection.close()
