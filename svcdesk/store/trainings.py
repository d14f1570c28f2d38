"""Trainings and the people expected at them as rows."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from svcdesk.domain.training import Held, Seat
from svcdesk.store import records

if TYPE_CHECKING:
    from svcdesk.store.connection import Connection


class TrainingRow(NamedTuple):
    """A training with its seats; ``item_number`` is the improvement item behind it."""

    id: int
    title: str
    held_on: str
    kind: str
    minutes: int | None
    trainer: str
    pass_mark: int | None
    item_id: int | None
    item_number: str
    held: Held


def listed(
    connection: Connection, first: str = "", last: str = "9999-12-31", training_id: int | None = None
) -> list[TrainingRow]:  # fmt: skip
    """Return the trainings held from ``first`` to ``last`` (days), the newest first."""
    found = connection.execute(
        "SELECT t.id, t.title, t.held_on, t.kind, t.minutes, t.trainer, t.pass_mark, i.id, "
        "ifnull(i.item_no, '') FROM training t "
        "LEFT JOIN improvement_item i ON i.id = t.item_id AND i.deleted_at IS NULL "
        "WHERE t.deleted_at IS NULL AND t.held_on BETWEEN :first AND :last "
        "AND (:id IS NULL OR t.id = :id) ORDER BY t.held_on DESC, t.id DESC",
        {"first": first, "last": last, "id": training_id},
    ).fetchall()
    seats: dict[int, list[Seat]] = defaultdict(list)
    for row in connection.execute(
        "SELECT s.training_id, s.person_id, s.attended, s.score, s.passed, s.days "
        "FROM training_person s JOIN training t ON t.id = s.training_id AND t.deleted_at IS NULL "
        "WHERE s.deleted_at IS NULL AND t.held_on BETWEEN ? AND ? ORDER BY s.id",
        (first, last),
    ).fetchall():
        seats[row[0]].append(Seat(row[1], _flag(row[2]), row[3], _flag(row[4]), row[5]))
    return [
        TrainingRow._make(
            (*row, Held(row[0], row[1], row[3], row[2], row[6], tuple(seats[row[0]])))
        )
        for row in found
    ]


def _flag(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def training(connection: Connection, training_id: int) -> dict[str, Any] | None:
    """Return a training as its form shows it."""
    return records.get(connection, "training", training_id)


def seat_keys(connection: Connection, training_id: int) -> dict[int, int]:
    """Return person → key of the seat at a training."""
    return dict(
        connection.execute(
            "SELECT person_id, id FROM training_person WHERE training_id = ? "
            "AND deleted_at IS NULL ORDER BY id",
            (training_id,),
        ).fetchall()
    )
