"""The command line of decisions.md 8: everything the window's core does, unattended.

With ``--json`` one JSON object goes to standard output and nothing else. Exit status: 0 done,
1 refused (one sentence says why), 2 wrong usage, 3 a problem of the environment.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from svcdesk import __version__
from svcdesk.i18n import catalog
from svcdesk.i18n.catalog import _
from svcdesk.system.errors import AppError, ProblemsError
from svcdesk.system.job import ImmediateContext
from svcdesk.system.paths import default_data_file

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk

F = TypeVar("F", bound=Callable[..., Any])


class Session:
    """What every command shares: data file, language, form of the answer."""

    def __init__(self, data: Path, *, as_json: bool) -> None:
        self.data = data
        self.as_json = as_json

    def open(self, *, write: bool = False) -> Desk:
        """Open the data file."""
        from svcdesk.services.desk import Desk

        return Desk.open(self.data, write=write)

    def context(self) -> ImmediateContext:
        """Return a context that shows progress on a terminal."""
        if self.as_json or not sys.stderr.isatty():
            return ImmediateContext()

        def report(done: int, total: int, text: str) -> None:
            share = f"{100 * done // total:3d}%" if total else f"{done}"
            click.echo(f"\r{share} {text}\x1b[K", nl=False, err=True)

        return ImmediateContext(report)

    def tell(self, data: dict[str, Any], text: str) -> None:
        """Print the answer: an object for programs, a text for people."""
        if self.as_json:
            click.echo(json.dumps(data, ensure_ascii=False))
        elif text:
            click.echo(text)


def common(function: F) -> F:
    """Give a command ``--data``, ``--lang`` and ``--json``, and speak its errors."""

    @click.option(
        "--data",
        "-d",
        type=click.Path(path_type=Path),
        default=None,
        help="Data file (default: the user's own).",
    )
    @click.option(
        "--lang",
        type=click.Choice(["zh", "zh_CN", "en"]),
        default=None,
        help="Language of texts and documents.",
    )
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
    @wraps(function)
    def command(
        *args: Any, data: Path | None, lang: str | None, as_json: bool, **kwargs: Any
    ) -> Any:
        language = {"zh": "zh_CN", None: catalog.preferred_language()}.get(lang, lang)
        catalog.set_language(str(language))
        session = Session(data or default_data_file(), as_json=as_json)
        try:
            return function(session, *args, **kwargs)
        except AppError as error:
            sys.exit(_fail(session, error))

    return command  # type: ignore[return-value]  # click turns the function into a command


def sentence(error: AppError) -> str:
    """Return an error's sentence in the language of the screen."""
    from svcdesk.i18n.labels import sentence as told

    return told(error.text, error.values)


def _fail(session: Session, error: AppError) -> int:
    text = sentence(error)
    if session.as_json:
        answer: dict[str, Any] = {"error": text, "code": error.code}
        if isinstance(error, ProblemsError):
            from svcdesk.i18n.labels import sentence as told

            answer["problems"] = [
                {"field": p.field, "code": p.code, "text": told(p.text, p.values)}
                for p in error.problems
            ]
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        click.echo(text, err=True)
    return error.exit_status


@click.group(help="svcdesk: after-sales service desk. Without a command the window opens.")
@click.version_option(__version__, prog_name="svcdesk")
def cli() -> None:
    """Hold the commands."""


@cli.command()
@click.option("--person", default=None, help="Name of the person who works first.")
@click.option("--timezone", default="Asia/Shanghai", show_default=True)
@common
def new(session: Session, person: str | None, timezone: str) -> None:
    """Make an empty data file."""
    from svcdesk.services.desk import Desk

    Desk.create(session.data, person=person or _("Administrator"), timezone=timezone).close()
    session.tell({"data": str(session.data)}, _("Made “{path}”.").format(path=session.data))


@cli.command()
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


@cli.command()
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


@cli.command()
@click.option("--out", required=True, type=click.Path(path_type=Path))
@common
def backup(session: Session, out: Path) -> None:
    """Write a verified backup while the desk works."""
    from svcdesk.services import backups

    with session.open() as desk:
        backups.make(desk, out, session.context())
    session.tell({"backup": str(out)}, _("Backup written and verified: “{path}”.").format(path=out))


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--to", "target", required=True, type=click.Path(path_type=Path))
@common
def restore(session: Session, file: Path, target: Path) -> None:
    """Make a new data file from a backup."""
    from svcdesk.services import backups

    backups.restore(file, target, session.context())
    session.tell({"data": str(target)}, _("Restored into “{path}”.").format(path=target))


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
