"""Open a data file, safely, and speak of its failures in words.

One SQLite on every system: that inside sqlcipher3. Writers use WAL with ``synchronous=FULL``, so
what was reported as saved survives a power cut; readers are read-only connections of their own.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote

import sqlcipher3

from svcdesk.i18n.catalog import N_
from svcdesk.system.errors import AppError, EnvironmentProblem, UserError
from svcdesk.system.job import Cancelled
from svcdesk.system.volumes import Volume, classify

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    Connection = sqlite3.Connection  # the same interface; sqlcipher3 ships no types
else:
    Connection = sqlcipher3.Connection

APPLICATION_ID = 0x53564344  # "SVCD"
HEADER_BYTES = 100
StoreError = sqlcipher3.Error
IntegrityError = sqlcipher3.IntegrityError


def _problem(error: Exception, path: str) -> AppError | None:
    """Translate a failure of SQLite that has its cause outside the program."""
    text = str(error).lower()
    if "interrupted" in text:
        return None
    for marks, code, sentence in (
        (("disk is full", "database or disk is full"), "disk_full",
         N_("There is no space left on the disk of “{path}”. Nothing was saved; free some space and try again.")),
        (("malformed", "disk image", "corrupt"), "damaged",
         N_("“{path}” is damaged. Restore the latest backup (svcdesk restore) into a new file.")),
        (("not a database", "file is encrypted"), "not_a_data_file",
         N_("“{path}” is not a svcdesk data file. Choose a file that svcdesk made.")),
        (("is locked", "busy"), "locked",
         N_("“{path}” is being written by another program. Close it there and try again.")),
        (("readonly", "read-only", "attempt to write"), "permission",
         N_("“{path}” cannot be written. Choose a folder that you may write to.")),
        (("unable to open",), "cannot_open",
         N_("“{path}” cannot be opened. Check the folder, its permissions and the disk.")),
        (("i/o error", "disk i/o"), "io_error",
         N_("The disk of “{path}” reported an error. Nothing was saved; check the disk and try again.")),
    ):  # fmt: skip
        if any(mark in text for mark in marks):
            return EnvironmentProblem(sentence, code=code, path=path)
    return None


@contextmanager
def speaking(path: Path | str) -> Iterator[None]:
    """Turn SQLite's failures inside the block into our errors."""
    try:
        yield
    except StoreError as error:
        if "interrupted" in str(error).lower():
            raise Cancelled from error
        problem = _problem(error, str(path))
        if problem is None:
            raise
        raise problem from error
    except OSError as error:
        raise _os_problem(error, path) from error


def _os_problem(error: OSError, path: Path | str) -> EnvironmentProblem:
    """Translate a failure of the file system."""
    import errno

    if error.errno == errno.ENOSPC:
        return EnvironmentProblem(
            "There is no space left on the disk of “{path}”. Nothing was saved; free some space and try again.",
            code="disk_full",
            path=str(path),
        )
    return EnvironmentProblem(
        "“{path}” cannot be used: {reason}. Check the folder and its permissions.",
        code="permission",
        path=str(path),
        reason=error.strerror or str(error),
    )


def refuse_unsafe(path: Path) -> None:
    """Refuse to write where a live database gets damaged: network drives and sync folders."""
    volume = classify(path)
    if volume is Volume.NETWORK:
        raise EnvironmentProblem(
            "“{path}” lies on a network drive, where data files get damaged. "
            "Put the file on a disk of this PC and keep only backups on the network.",
            code="network_volume",
            path=str(path),
        )
    if volume is Volume.SYNC:
        raise EnvironmentProblem(
            "“{path}” lies in a cloud-sync folder, where data files get damaged. "
            "Put the file in a folder that is not synchronised and keep only backups there.",
            code="sync_folder",
            path=str(path),
        )


def check_file(path: Path) -> None:
    """Refuse a file that cannot be ours before SQLite touches it: missing, foreign, cut off."""
    if path.is_dir():
        raise UserError("“{path}” is a folder. Choose a data file.", code="folder", path=str(path))
    if not path.exists():
        raise UserError(
            "“{path}” does not exist. Make a new data file with “svcdesk new”, or choose another one.",
            code="missing_file",
            path=str(path),
        )
    with speaking(path), path.open("rb") as file:
        header = file.read(HEADER_BYTES)
        size = os.fstat(file.fileno()).st_size
    if len(header) < HEADER_BYTES or not header.startswith(b"SQLite format 3\x00"):
        raise EnvironmentProblem(
            "“{path}” is not a svcdesk data file. Choose a file that svcdesk made.",
            code="not_a_data_file",
            path=str(path),
        )
    page_size = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    wal = path.with_name(path.name + "-wal")
    unfinished = wal.exists() and wal.stat().st_size > 0
    if size < pages * (65536 if page_size == 1 else page_size) and not unfinished:
        raise EnvironmentProblem(
            "“{path}” is damaged: its end is missing. "
            "Restore the latest backup (svcdesk restore) into a new file.",
            code="damaged",
            path=str(path),
        )


# Statements kept prepared. Saving one complaint runs through about a hundred, and those that write
# carry the triggers of the change log, which take ten times longer to prepare than to run; what a
# list asks is put together anew each time and only takes memory.
WRITTEN, READ = 512, 64


def _connect(path: Path, mode: str) -> Connection:
    statements = READ if mode == "ro" else WRITTEN
    uri = f"file:{quote(str(path.absolute()))}?mode={mode}"
    connection: Connection = sqlcipher3.connect(
        uri, uri=True, isolation_level=None, timeout=5.0, cached_statements=statements
    )
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.create_function("holds", 2, _holds, deterministic=True)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA mmap_size = 2147418112")
    return connection


def _holds(text: str, body: str | None) -> bool:
    """Compare a hit of a search with what was typed; for SQL."""
    from svcdesk.store.segment import holds

    return holds(text, body)


def _check_ours(connection: Connection, path: Path) -> None:
    found = connection.execute("PRAGMA application_id").fetchone()[0]
    if found != APPLICATION_ID:
        raise EnvironmentProblem(
            "“{path}” was made by another program. Choose a file that svcdesk made.",
            code="foreign_file",
            path=str(path),
        )


def open_writer(path: Path, *, create: bool = False) -> Connection:
    """Open ``path`` for reading and writing (``create``: make an empty database)."""
    with speaking(path):
        connection = _connect(path, "rwc" if create else "rw")
        try:
            if not create:
                _check_ours(connection, path)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            # what a row no longer says must not stay in the gaps of its page (erasure.py)
            connection.execute("PRAGMA secure_delete = FAST")
            connection.execute("PRAGMA cache_size = -65536")
        except BaseException:
            connection.close()
            raise
    return connection


def open_keeper(path: Path) -> Connection:
    """Open ``path`` for writing what can be made again: it neither waits for others nor syncs."""
    with speaking(path):
        connection = _connect(path, "rw")
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def open_reader(path: Path) -> Connection:
    """Open ``path`` read-only."""
    with speaking(path):
        connection = _connect(path, "ro")
        try:
            _check_ours(connection, path)
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA cache_size = -2048")
        except BaseException:
            connection.close()
            raise
    return connection
