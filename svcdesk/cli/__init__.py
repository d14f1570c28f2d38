"""The command line: everything the window's core does, unattended.

With ``--json`` one JSON object goes to standard output and nothing else. Exit status: 0 done,
1 refused (one sentence says why), 2 wrong usage, 3 a problem of the environment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from svcdesk import __version__
from svcdesk.cli import calendar, figures, files, imports, months

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = (
    files.new, files.demo, files.check, files.backup, files.restore,
    imports.template, imports.import_file, imports.undo_import,
    calendar.calendar,
    figures.metrics, figures.drill, figures.report, figures.export,
    months.close, months.restatements,
)  # fmt: skip


@click.group(help="svcdesk: after-sales service desk. Without a command the window opens.")
@click.version_option(__version__, prog_name="svcdesk")
def cli() -> None:
    """Hold the commands."""


for command in COMMANDS:
    cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    try:
        cli.main(args=list(arguments) if arguments is not None else None, standalone_mode=False)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.UsageError as error:
        error.show()
        return 2
    except click.Abort:
        return 1
    except SystemExit as done:
        return int(done.code or 0)
    return 0
