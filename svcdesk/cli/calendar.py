"""Working time between moments."""

from __future__ import annotations

import click

from svcdesk.cli.session import Session, common, moment


@click.group()
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
        answer = times.minutes(desk, moment(desk, a), moment(desk, b))
    session.tell(answer.data, answer.text)


@calendar.command("add")
@click.argument("a")
@click.argument("minutes", type=float)
@common
def calendar_add(session: Session, a: str, minutes: float) -> None:
    """Print the earliest moment with MINUTES of working time after A."""
    from svcdesk.services import times

    with session.open() as desk:
        answer = times.add(desk, moment(desk, a), minutes)
    session.tell(answer.data, answer.text)


@calendar.command("deadline")
@click.argument("a")
@click.argument("days", type=click.IntRange(0, 400))
@common
def calendar_deadline(session: Session, a: str, days: int) -> None:
    """Print the close of the DAYS-th working day after the day of A."""
    from svcdesk.services import times

    with session.open() as desk:
        answer = times.deadline(desk, moment(desk, a), days)
    session.tell(answer.data, answer.text)
