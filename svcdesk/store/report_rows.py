"""Lists that reports print beside their figures."""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import TYPE_CHECKING

from svcdesk.domain.survey import nps_group

if TYPE_CHECKING:
    from svcdesk.domain.period import Period
    from svcdesk.i18n.catalog import Translator
    from svcdesk.store.connection import Connection
    from svcdesk.store.figures import Board

LISTED = 30


def key_events(connection: Connection, first: str, last: str) -> list[tuple[str, str, str, str]]:
    """Return the key events that touch the days ``first`` … ``last``."""
    return list(
        connection.execute(
            "SELECT starts_on, ends_on, title, state FROM key_event WHERE deleted_at IS NULL "
            "AND starts_on <= ? AND ends_on >= ? ORDER BY starts_on",
            (last, first),
        ).fetchall()
    )


def overdue_tickets(
    board: Board, period: Period, t: Translator
) -> list[tuple[str, str, str, str, str]]:
    """Return the tickets overdue and open at the end of the period, the oldest first."""
    numbers = board.drill("overdue_open", period, "den")[:LISTED]
    if not numbers:
        return []
    marks = ",".join("?" * len(numbers))
    rows = board.run.connection.execute(
        "SELECT t.ticket_no, t.title, p.name, t.due_at, t.overdue_reason_id FROM ticket t "
        f"LEFT JOIN person p ON p.id = t.owner_id WHERE t.ticket_no IN ({marks}) ORDER BY t.due_at",
        numbers,
    ).fetchall()
    zone = board.reference.zone
    return [
        (
            number,
            title,
            owner or "—",
            f"{datetime.fromtimestamp(due, zone):%m-%d %H:%M}" if due else "—",
            board.reference.name(reason) or t("Not filled in"),
        )
        for number, title, owner, due, reason in rows
    ]


def nps_groups(board: Board, period: Period) -> dict[str, int]:
    """Return how many of the counted answers are promoters, passives and detractors."""
    counts = {"promoter": 0, "passive": 0, "detractor": 0}
    numbers = board.drill("nps", period, "den")
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        marks = ",".join("?" * len(part))
        for (score,) in board.run.connection.execute(
            f"SELECT nps FROM survey WHERE survey_no IN ({marks})", part
        ).fetchall():
            with contextlib.suppress(KeyError):
                counts[nps_group(score).value] += 1
    return counts


def group_complaints(board: Board, period: Period) -> list[tuple[str, int, int]]:
    """Return the group complaints triggered in the period: product, members, customers."""
    end = min(period.end_at, board.as_of)
    return list(
        board.run.connection.execute(
            "SELECT p.name, count(*), count(DISTINCT c.customer_id) FROM complaint_group g "
            "JOIN complaint c ON c.group_id = g.id AND c.deleted_at IS NULL AND c.received_at < ? "
            "JOIN product p ON p.id = g.product_id WHERE g.deleted_at IS NULL "
            "AND g.triggered_at >= ? AND g.triggered_at < ? GROUP BY g.id ORDER BY g.triggered_at",
            (board.as_of, period.start_at, end),
        ).fetchall()
    )


def typed_figures(connection: Connection, month: str) -> dict[str, float]:
    """Return key -> value of the figures typed for a month (2.16)."""
    return dict(
        connection.execute(
            "SELECT key, value FROM manual_metric WHERE month = ? AND value IS NOT NULL "
            "AND deleted_at IS NULL",
            (month,),
        ).fetchall()
    )


def products(connection: Connection) -> list[tuple[int, str]]:
    """Return the products in use with their names, by name."""
    return list(
        connection.execute(
            "SELECT id, name FROM product WHERE active = 1 AND deleted_at IS NULL ORDER BY name, id"
        ).fetchall()
    )
