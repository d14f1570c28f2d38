"""Backups and checks of the data file."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from svcdesk.store import backup
from svcdesk.store.connection import speaking

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from svcdesk.system.job import JobContext


def default_target(desk: Desk) -> Path:
    """Return where a backup of this moment goes: a folder beside the data file."""
    stamp = datetime.fromtimestamp(desk.clock.now(), desk.zone).strftime("%Y%m%d-%H%M%S")
    return desk.path.parent / "backups" / f"{desk.path.stem}-{stamp}{desk.path.suffix}"


def make(desk: Desk, target: Path, context: JobContext) -> Path:
    """Write a verified copy of the open data file, with its attachments, to ``target``."""
    connection = desk.reader
    with speaking(target):
        backup.copy(connection, target, context)
        backup.copy_attachments(desk.path, target, connection, context)
    return target


def restore(source: Path, target: Path, context: JobContext) -> Path:
    """Make a new data file ``target`` from a backup."""
    backup.restore(source, target, context)
    return target


def check(desk: Desk) -> list[str]:
    """Return what is wrong with the data file; empty: it is sound."""
    from svcdesk.services import attachments

    with speaking(desk.path):
        return backup.check_file(desk.path) + attachments.check(desk) + _kept_sums(desk)


def _kept_sums(desk: Desk) -> list[str]:
    """Count the kept sums again; what differs would be a wrong figure."""
    from svcdesk.services import dashboards
    from svcdesk.store import kept_check

    with dashboards.board(desk) as board:
        return [f"kept sum {name}" for name in kept_check.differences(board)]
