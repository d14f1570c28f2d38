"""Figures, the records behind them, and what is made of them: reports and exports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from svcdesk.cli.session import Session, common, cutoff
from svcdesk.i18n import catalog
from svcdesk.i18n.catalog import _
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from svcdesk.reports.model import ReportData
    from svcdesk.services.desk import Desk
    from svcdesk.system.job import JobContext


@click.command()
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
            cutoff(desk, as_of),
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


@click.command()
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
            desk, metric, dashboards.period_of(desk, period), part, cutoff(desk, as_of),
            filters=figure_filters.read(desk, where),
        )  # fmt: skip
    session.tell({"metric": metric, "part": part, "records": numbers}, "\n".join(numbers))


@click.command()
@click.argument("kind")
@click.argument("period")
@click.option("--out", type=click.Path(path_type=Path), default=None, help="F.pdf")
@click.option("--xlsx", type=click.Path(path_type=Path), default=None, help="The same as workbook.")
@click.option("--text", type=click.Path(path_type=Path), default=None, help="A short text (F.txt).")
@click.option("--pictures", type=click.Path(path_type=Path), default=None, help="Charts: a folder.")
@click.option("--as-of", default=None)
@click.option(
    "--publish", is_flag=True, help="Review and publish it; refused when texts are missing."
)
@click.option("--by", default=None, help="Who publishes: a name (default: who used the file last).")
@common
def report(
    session: Session, kind: str, period: str, as_of: str | None, by: str | None, *,
    publish: bool, **files: Path | None,
) -> None:  # fmt: skip
    """Write a report.

    KIND is monthly, complaints, quarterly or half-year. PERIOD is 2026-03, 2026-Q1, 2026-H1, 2026,
    2026-W12 or 2026-03-01..2026-03-15, or one that is over: last (what the report is usually
    about), last-week, last-month, last-quarter, last-half-year, last-year.
    """
    from svcdesk.services import reports

    if not (publish or any(files.values())):
        raise UserError("Name a file: --out, --xlsx, --text or --pictures.", code="report_out")
    context = session.context()
    with session.open(write=publish) as desk:
        if by is not None:
            desk.act_as(_person(desk, by))
        wanted = kind.replace("-", "_"), period, cutoff(desk, as_of)
        if publish:
            answer, data = _published(desk, *wanted, files["out"], context)
        else:
            data = reports.collect(
                desk, *wanted[:2], language=catalog.language(), context=context, as_of=wanted[2]
            )
            answer = {}
            if files["out"]:
                answer["pages"] = reports.draw(data, files["out"], context)
        answer |= _other_forms(desk, data, files, context)
    named = [str(files[form]) for form in ("out", "xlsx", "text", "pictures") if files[form]]
    told = [_("Report written: “{path}”.").format(path=path) for path in named]
    if publish:
        told.append(_("Published as version {n}.").format(n=answer["version"]))
    session.tell({"report": named[0] if named else None, "files": named, **answer}, "\n".join(told))


def _person(desk: Desk, name: str) -> int:
    found = [key for key, person in desk.reference.people.items() if person.name == name]
    if not found:
        raise UserError("Nobody is called “{name}”.", code="unknown_person", name=name)
    return found[0]


def _published(
    desk: Desk, kind: str, period: str, as_of: int | None, out: Path | None, context: JobContext
) -> tuple[dict[str, Any], ReportData]:
    """Make, review and publish a report; with a text missing it stays a draft at the desk."""
    from svcdesk.services import report_desk

    made = report_desk.make(
        desk, kind, period, language=catalog.language(), context=context, as_of=as_of
    ).value
    for obstacle in report_desk.obstacles(made)[:1]:
        raise UserError(
            "“{title}” cannot be published yet. {first} It waits as a draft at the report desk.",
            code="report_obstacle",
            title=made.version.title,
            first=obstacle.sentence,
        )
    report_desk.review(desk, made.version.id)
    version = report_desk.publish(desk, made.version.id, context).value
    if out:
        report_desk.export_pdf(desk, version, out)
    answer = {"version": version.version, "sha256": version.sha256, "pages": version.pages}
    return answer, report_desk.content(desk, version.id)


def _other_forms(
    desk: Desk, data: ReportData, files: dict[str, Path | None], context: JobContext
) -> dict[str, Any]:
    """Write the forms beside the PDF that were asked for."""
    from svcdesk.services import report_outputs

    answer: dict[str, Any] = {}
    if book := files["xlsx"]:
        answer["sheets"] = report_outputs.workbook(desk, data, book, context)
    if text := files["text"]:
        report_outputs.text(desk, data, text)
    if folder := files["pictures"]:
        answer["pictures"] = len(report_outputs.pictures(desk, data, folder, context))
    return answer


@click.command()
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
