"""What every command shares: the data file, the language, the form of answers and refusals."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from svcdesk.i18n import catalog
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
        catalog.set_language(lang or catalog.preferred_language())
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


def moment(desk: Desk, text: str) -> int:
    """Return the UTC second of an ISO 8601 moment; without a zone it is in the team's."""
    from svcdesk.domain.localtime import parse_instant

    return parse_instant(text, desk.reference.settings["timezone"])


def cutoff(desk: Desk, text: str | None) -> int | None:
    """Return the data cut-off that was asked for, none: now."""
    return None if text is None else moment(desk, text)
