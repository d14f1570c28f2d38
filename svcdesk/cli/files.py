"""Data files: a new one, a sample, checks, backups."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from svcdesk.cli.session import Session, common
from svcdesk.i18n.catalog import _


@click.command()
@click.option("--person", default=None, help="Name of the person who works first.")
@click.option("--timezone", default="Asia/Shanghai", show_default=True)
@common
def new(session: Session, person: str | None, timezone: str) -> None:
    """Make an empty data file."""
    from svcdesk.services.desk import Desk

    Desk.create(session.data, person=person or _("Administrator"), timezone=timezone).close()
    session.tell({"data": str(session.data)}, _("Made “{path}”.").format(path=session.data))


@click.command()
@click.option("--months", default=13, show_default=True, type=click.IntRange(1, 36))
@click.option("--seed", default=1, show_default=True, type=int)
@common
def demo(session: Session, months: int, seed: int) -> None:
    """Make a data file with realistic sample data."""
    from svcdesk.services import sample_data

    counts = sample_data.create(session.data, months=months, seed=seed, context=session.context())
    session.tell(
        {"data": str(session.data), **counts},
        _("Made “{path}” with {n} sample tickets.").format(path=session.data, n=counts["tickets"]),
    )


@click.command()
@common
def check(session: Session) -> None:
    """Check the data file's integrity."""
    from svcdesk.services import backups

    with session.open() as desk:
        found = backups.check(desk)
    session.tell(
        {"ok": not found, "problems": found},
        "\n".join(found) if found else _("“{path}” is sound.").format(path=session.data),
    )
    if found:
        sys.exit(3)


@click.command()
@click.option("--out", required=True, type=click.Path(path_type=Path))
@common
def backup(session: Session, out: Path) -> None:
    """Write a verified backup while the desk works."""
    from svcdesk.services import backups

    with session.open() as desk:
        backups.make(desk, out, session.context())
    session.tell({"backup": str(out)}, _("Backup written and verified: “{path}”.").format(path=out))


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--to", "target", required=True, type=click.Path(path_type=Path))
@common
def restore(session: Session, file: Path, target: Path) -> None:
    """Make a new data file from a backup."""
    from svcdesk.services import backups

    backups.restore(file, target, session.context())
    session.tell({"data": str(target)}, _("Restored into “{path}”.").format(path=target))
