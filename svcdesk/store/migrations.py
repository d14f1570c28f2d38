"""The schema of a data file and the way to it from every older one.

A new file is made under a temporary name and moved into place, so a half-made one never exists.
An older one is upgraded after a verified backup, each step in one transaction; one written by a
newer program is refused and left as it is.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from svcdesk.store import change_log
from svcdesk.store.connection import (
    APPLICATION_ID,
    Connection,
    check_file,
    open_writer,
    refuse_unsafe,
    speaking,
)
from svcdesk.system.errors import AppError, EnvironmentProblem, UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

SCHEMA_FOLDER = Path(__file__).parent / "schema"
# One script per migration, in order; names are never changed after a release.
SCRIPTS = (
    "0001_initial", "0002_agents_desk", "0003_customers_voice", "0004_defended_figures",
    "0005_signed_reports", "0006_improvement_loop",
)  # fmt: skip
VERSION = len(SCRIPTS)  # PRAGMA user_version: the number of migrations


def _script(name: str) -> str:
    return (SCHEMA_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def run_script(connection: Connection, script: str) -> None:
    """Run the statements of ``script`` one by one, inside the caller's transaction."""
    import sqlite3

    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""


def make_tables(connection: Connection) -> None:
    """Run every script on an empty file, without the guards of the change log."""
    for name in SCRIPTS:
        run_script(connection, _script(name))


def migrations() -> Migrations:
    """Return the ordered migrations."""
    from sqlite_utils.migrations import Migrations

    steps = Migrations("svcdesk")
    for version, script in enumerate(SCRIPTS, 1):
        steps(name=f"m{script}")(_step(version, script))
    return steps


def _step(version: int, script: str) -> Callable[[Database], None]:
    def apply_script(db: Database) -> None:
        run_script(_bare(db), _script(script))
        change_log.make_guards(_bare(db))
        mark(db, version)

    return apply_script


def mark(db: Database, version: int) -> None:
    """Note the version that a migration reaches, in the migration's own transaction."""
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {version}")


def _bare(db: Database) -> Connection:
    connection: Connection = db.conn
    return connection


def _database(connection: Connection) -> Database:
    from sqlite_utils import Database

    return Database(connection, execute_plugins=False, strict=True)


def apply(connection: Connection, steps: Migrations | None = None) -> None:
    """Apply what is pending; each step commits or leaves the file as it was."""
    steps = steps or migrations()
    steps.apply(_database(connection))


def create(path: Path, fill: Callable[[Connection], None]) -> None:
    """Make a new data file; ``fill`` puts the first rows in. Nothing stays after a failure."""
    if path.exists():
        raise UserError(
            "“{path}” exists already. Choose another name; nothing was changed.",
            code="exists",
            path=str(path),
        )
    with speaking(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    refuse_unsafe(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with speaking(path):
            connection = open_writer(draft, create=True)
            try:
                apply(connection)
                fill(connection)
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.execute("PRAGMA journal_mode = DELETE")
            finally:
                connection.close()
            draft.replace(path)
    except AppError as error:
        if error.values.get("path") == str(draft):  # the name that the user knows
            error.values["path"] = str(path)
        raise
    finally:
        for leftover in (
            draft,
            Path(f"{draft}-wal"),
            Path(f"{draft}-shm"),
            Path(f"{draft}-journal"),
        ):
            leftover.unlink(missing_ok=True)


def version_of(connection: Connection) -> int:
    """Return the schema version that a file carries."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def upgrade(connection: Connection, path: Path, backup: Callable[[Path], Path]) -> bool:
    """Bring an open file up to this program; say whether anything was done.

    ``backup`` makes a verified copy and is called before the first step.
    """
    found = version_of(connection)
    if found == VERSION:
        return False
    if found > VERSION:
        raise EnvironmentProblem(
            "“{path}” was written by a newer version of svcdesk. "
            "Install the newer version on this PC; the file was not changed.",
            code="newer_file",
            path=str(path),
        )
    steps = migrations()
    known = {step.name for step in steps.pending(_database(connection))}
    if known:
        backup(path)
    with speaking(path):
        apply(connection, steps)
        if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise EnvironmentProblem(
                "“{path}” is damaged. Restore the latest backup (svcdesk restore) into a new file.",
                code="damaged",
                path=str(path),
            )
    return True


def ready(path: Path) -> None:
    """Refuse what cannot be opened for writing, before SQLite touches it."""
    check_file(path)
    refuse_unsafe(path)
