"""Figures, the records behind them, and what is made of them: reports and exports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from svcdesk.cli.session import Session, common, cutoff
from svcdesk.i18n import catalog
from svcdesk.i18n.catalog import _


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
@click.option("--out", required=True, type=click.Path(path_type=Path))
@click.option("--as-of", default=None)
@common
def report(session: Session, kind: str, period: str, out: Path, as_of: str | None) -> None:
    """Write a report as PDF; PERIOD is a month, or “last” for the last whole one."""
    from svcdesk.services import reports

    with session.open() as desk:
        pages = reports.produce(
            desk, kind, period, out, language=catalog.language(), context=session.context(),
            as_of=cutoff(desk, as_of),
        )  # fmt: skip
    session.tell(
        {"report": str(out), "pages": pages},
        _("Report written: “{path}”, {n} pages.").format(path=out, n=pages),
    )


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
