"""Closed months: closing one, and what changed in it since."""

from __future__ import annotations

import click

from svcdesk.cli.session import Session, common
from svcdesk.i18n.catalog import _


@click.command()
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


@click.command()
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
