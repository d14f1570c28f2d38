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
    from svcdesk.interchange.plan import ImportPlan
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


@cli.command()
@click.argument("kind", required=False)
@click.option("--out", type=click.Path(path_type=Path), default=None, help="F.csv or F.xlsx")
@click.option("--list", "listing", is_flag=True, help="List the kinds of import.")
@common
def template(session: Session, kind: str | None, out: Path | None, *, listing: bool) -> None:
    """Write the import template of an entity."""
    from svcdesk.services import imports

    t = catalog.current()
    if listing or kind is None:
        kinds = imports.listing(t)
        lines = [f"{entry['kind']:18} {entry['label']}" for entry in kinds]
        session.tell({"kinds": kinds}, "\n".join(lines))
        return
    target = out or Path(f"{kind}.xlsx")
    imports.write_template(kind, target, t)
    session.tell({"template": str(target)}, _("Template written: “{path}”.").format(path=target))


@cli.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "kind", default="", help="Kind of records; see “template --list”.")
@click.option("--map", "map_file", type=click.Path(path_type=Path), default=None)
@click.option("--encoding", default="")
@click.option("--dry-run", is_flag=True)
@click.option(
    "--rejected",
    type=click.Path(path_type=Path),
    default=None,
    help="Write the rejected rows here, to correct.",
)
@common
def import_file(
    session: Session, file: Path, kind: str, map_file: Path | None, encoding: str, *,
    dry_run: bool, rejected: Path | None,
) -> None:  # fmt: skip
    """Import a CSV file or a spreadsheet."""
    from dataclasses import replace

    from svcdesk.services import imports

    mapping = imports.load_mapping(map_file, kind)
    if encoding:
        mapping = replace(mapping, encoding=encoding)
    with session.open(write=True) as desk:
        if dry_run:
            plan = imports.dry_run(desk, file, mapping, session.context())
        else:
            plan = imports.apply(desk, file, mapping, session.context()).value
    if rejected is not None and plan.problems:
        imports.write_rejected(plan, rejected, catalog.current())
    answer = plan.as_json(catalog.current())
    session.tell(answer, _summary(plan, answer))
    if plan.problems and not (plan.applied or dry_run):
        sys.exit(1)


def _summary(plan: ImportPlan, answer: dict[str, Any]) -> str:
    """Return what an import did, with its first problems, as a text."""
    lines = [
        _("{read} rows read: {inserted} new, {updated} changed, {skipped} known, {rejected} rejected.").format(
            read=answer["rows_read"], inserted=answer["inserted"], updated=answer["updated"],
            skipped=answer["skipped"], rejected=len({entry["row"] for entry in answer["rejected"]}),
        )
    ]  # fmt: skip
    for entry in answer["rejected"][:20]:
        field = plan.kind.field_named(entry["field"])
        name = plan.kind.header(field, catalog.current()) if field else entry["field"]
        lines.append(
            _("Row {row}, “{field}”: {text}").format(
                row=entry["row"], field=name, text=entry["text"]
            )
        )
    if len(answer["rejected"]) > 20:
        lines.append(_("… and {n} more").format(n=len(answer["rejected"]) - 20))
    if answer.get("batch"):
        lines.append(_("Batch {batch}").format(batch=answer["batch"]))
    return "\n".join(lines)


@cli.command("undo-import")
@click.argument("batch")
@common
def undo_import(session: Session, batch: str) -> None:
    """Take an import back whole."""
    from svcdesk.services import imports

    with session.open(write=True) as desk:
        undone = imports.undo_import(desk, batch).value
    session.tell(
        {"batch": undone.batch_no},
        _("The import {batch} was taken back.").format(batch=undone.batch_no),
    )


def _moment(desk: Desk, text: str) -> int:
    from svcdesk.domain.localtime import parse_instant

    return parse_instant(text, desk.reference.settings["timezone"])


@cli.group()
def calendar() -> None:
    """Working time: minutes between, add minutes, deadline in days."""


@calendar.command("minutes")
@click.argument("a")
@click.argument("b")
@common
def calendar_minutes(session: Session, a: str, b: str) -> None:
    """Print the working minutes from A to B."""
    from svcdesk.services import times

    with session.open() as desk:
        answer = times.minutes(desk, _moment(desk, a), _moment(desk, b))
    session.tell(answer.data, answer.text)


@calendar.command("add")
@click.argument("a")
@click.argument("minutes", type=float)
@common
def calendar_add(session: Session, a: str, minutes: float) -> None:
    """Print the earliest moment with MINUTES of working time after A."""
    from svcdesk.services import times

    with session.open() as desk:
        answer = times.add(desk, _moment(desk, a), minutes)
    session.tell(answer.data, answer.text)


@calendar.command("deadline")
@click.argument("a")
@click.argument("days", type=click.IntRange(0, 400))
@common
def calendar_deadline(session: Session, a: str, days: int) -> None:
    """Print the close of the DAYS-th working day after the day of A."""
    from svcdesk.services import times

    with session.open() as desk:
        answer = times.deadline(desk, _moment(desk, a), days)
    session.tell(answer.data, answer.text)


def _cutoff(desk: Desk, text: str | None) -> int | None:
    return None if text is None else _moment(desk, text)


@cli.command()
@click.option("--period", "-p", required=True, help="2026-03, 2026-Q1, 2026-H1, 2026 or a range.")
@click.option("--as-of", default=None, help="Data cut-off, ISO 8601 (default: now).")
@click.option("--by", default=None, help="Dimension, such as channel.")
@click.option("--only", default=None, help="Metric ids, divided by commas.")
@click.option("--where", multiple=True, help="Filter such as channel=phone; may be repeated.")
@common
def metrics(
    session: Session, period: str, as_of: str | None, by: str | None, only: str | None,
    where: tuple[str, ...],
) -> None:  # fmt: skip
    """Print the figures of a period."""
    from svcdesk.services import dashboards, figure_filters

    with session.open() as desk:
        answer = dashboards.answer(
            desk,
            dashboards.period_of(desk, period),
            _cutoff(desk, as_of),
            by=by,
            only=only.split(",") if only else None,
            filters=figure_filters.read(desk, where),
        )
    session.tell(answer["metrics"], _figures_text(answer["metrics"]))


def _figures_text(found: dict[str, Any]) -> str:
    """Return figures, or their groups, as lines."""
    from svcdesk.domain.metrics.registry import metric

    lines = []
    for metric_id, entry in found.items():
        name = _(metric(metric_id).label)
        rows = entry if isinstance(entry, list) else [{"group": "", **entry}]
        lines += [
            f"{metric_id:26} {row['display']:>12}  n={row['n']:<7} {name} {row['group']}".rstrip()
            + _marks(row)
            for row in rows
        ]
    return "\n".join(lines)


def _marks(row: dict[str, Any]) -> str:
    """Return what a reader must know of a figure: small, provisional, not yet due, left out."""
    marks = ["※"] if row["small_sample"] else []
    if row["provisional"]:
        marks.append(_("provisional"))
    if row["not_yet_due"]:
        marks.append(_("not yet due {n}").format(n=row["not_yet_due"]))
    if row["excluded"]:
        marks.append(_("left out {n}").format(n=row["excluded"]))
    return f"  [{', '.join(marks)}]" if marks else ""


@cli.command()
@click.argument("metric")
@click.option("--period", "-p", required=True)
@click.option("--as-of", default=None)
@click.option(
    "--part",
    type=click.Choice(["num", "den", "excluded", "not_yet_due"]),
    default="den",
    show_default=True,
)
@click.option("--where", multiple=True, help="Filter such as channel=phone; may be repeated.")
@common
def drill(
    session: Session, metric: str, period: str, as_of: str | None, part: str,
    where: tuple[str, ...],
) -> None:  # fmt: skip
    """Print the record numbers behind a figure."""
    from svcdesk.services import dashboards, figure_filters

    with session.open() as desk:
        numbers = dashboards.drill(
            desk, metric, dashboards.period_of(desk, period), part, _cutoff(desk, as_of),
            filters=figure_filters.read(desk, where),
        )  # fmt: skip
    session.tell({"metric": metric, "part": part, "records": numbers}, "\n".join(numbers))


@cli.command()
@click.argument("kind")
@click.argument("period")
@click.option("--out", required=True, type=click.Path(path_type=Path))
@click.option("--as-of", default=None)
@common
def report(session: Session, kind: str, period: str, out: Path, as_of: str | None) -> None:
    """Write a report as PDF; PERIOD is a month, or “last” for the last whole one."""
    from svcdesk.services import reports

    with session.open() as desk:
        pages = reports.produce(
            desk, kind, period, out, language=catalog.language(), context=session.context(),
            as_of=_cutoff(desk, as_of),
        )  # fmt: skip
    session.tell(
        {"report": str(out), "pages": pages},
        _("Report written: “{path}”, {n} pages.").format(path=out, n=pages),
    )


@cli.command()
@click.argument("kind")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="F.csv or F.xlsx")
@click.option("--period", "-p", default=None)
@click.option("--unmask", is_flag=True, help="Names and phones in full; needs --purpose.")
@click.option("--purpose", default="", help="Why they are needed in full; kept in the audit log.")
@common
def export(
    session: Session, kind: str, out: Path, period: str | None, *, unmask: bool, purpose: str
) -> None:
    """Write records to a CSV file or a workbook, masked unless a purpose is given."""
    from svcdesk.services import exports

    with session.open(write=True) as desk:  # every export is audited
        request = exports.Request(kind, period=period or "", unmask=unmask, purpose=purpose)
        done = exports.export(desk, request, out, catalog.current(), session.context())
    session.tell(
        {"export": str(out), "rows": done.rows, "masked": done.masked},
        _("{n} rows written: “{path}”.").format(n=done.rows, path=out),
    )


@cli.command()
@click.argument("month")
@click.option("--now", is_flag=True, help="Figures as of now instead of the end of the month.")
@common
def close(session: Session, month: str, *, now: bool) -> None:
    """Close a month: freeze its figures, lists and definitions, and judge it."""
    from svcdesk.services import closing_words, closings

    with session.open(write=True) as desk:
        cut_off = closings.CutOff.NOW if now else closings.CutOff.PERIOD_END
        closings.close(desk, month, session.context(), cut_off)
        found = closings.frozen(desk, month)
        lines = [_("{month} is closed").format(month=month)]
        lines += [
            f"{row.finding.metric:26} {row.value:>12}  {row.threshold:>10}  {row.said}  {row.scope}"
            for row in closing_words.judged(desk, found.findings)
        ]
    answer = [
        {"metric": e.metric, "scope": e.scope, "kind": str(e.kind), "n": e.n,
         "verdict": None if e.verdict is None else str(e.verdict),
         "value": None if e.value is None else float(e.value)}
        for e in found.findings
    ]  # fmt: skip
    session.tell(
        {"month": month, "version": found.closing.version, "findings": answer}, "\n".join(lines)
    )


@cli.command()
@click.argument("month")
@common
def restatements(session: Session, month: str) -> None:
    """Print what changed in a closed month since it was closed."""
    from svcdesk.services import closing_words, targets
    from svcdesk.services import restatements as service

    with session.open() as desk:
        found = service.of_month(desk, month, session.context())
        lines = [
            f"{m.metric:26} {targets.named(desk, m.scope)}  {' → '.join(closing_words.moved(m))}"
            for m in found.figures
        ]
        lines += [
            f"{r.number}  {closing_words.cause(r)}  {closing_words.what_changed(desk, r)}  "
            f"{closing_words.who(desk, r)}"
            for r in found.records
        ]
    session.tell(
        service.as_json(found),
        "\n".join(lines) or _("Nothing has changed since this month was closed."),
    )


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
