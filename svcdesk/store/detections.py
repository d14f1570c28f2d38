"""Repeat, second and group complaints as rows: read what the rules need, write what they found."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from svcdesk.domain.detection import (
    ComplaintRow,
    DetectionSettings,
    GroupFound,
    Repeat,
    Verdicts,
    find_groups,
    find_repeats,
    find_seconds,
    keep_numbers,
)
from svcdesk.store.numbers import next_number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

# valid: not rejected, merged or test; customers merged into others count as the survivor (4.1)
_VALID = (
    "SELECT c.id, c.received_at, coalesce(u.merged_into_id, c.customer_id), c.category_id, "
    "c.product_id, c.first_resolved_at FROM complaint c JOIN customer u ON u.id = c.customer_id "
    "WHERE c.status NOT IN ('rejected', 'merged') AND c.is_test = 0 AND c.deleted_at IS NULL"
)


def settings_from(values: Mapping[str, Any]) -> DetectionSettings:
    """Return the parameters that the data file's settings give."""
    return DetectionSettings(
        duplicate_minutes=values["duplicate_minutes"],
        repeat_days=values["repeat_days"],
        repeat_same_product=values["repeat_same_product"],
        second_days=values["second_days"],
        group_days=values["group_days"],
        group_customers=values["group_customers"],
        duplicate_ticket_minutes=values["duplicate_ticket_minutes"],
    )


def valid_complaints(connection: Connection) -> list[ComplaintRow]:
    """Return every valid complaint with the times of its reopenings."""
    reopened: dict[int, list[int]] = defaultdict(list)
    for complaint_id, at in connection.execute(
        "SELECT complaint_id, opened_at FROM complaint_episode WHERE seq > 1 ORDER BY opened_at"
    ).fetchall():
        reopened[complaint_id].append(at)
    return [
        ComplaintRow(key, at, customer, category, product, resolved, tuple(reopened.get(key, ())))
        for key, at, customer, category, product, resolved in connection.execute(_VALID).fetchall()
    ]


def verdicts(connection: Connection) -> Verdicts:
    """Return what people confirmed or denied; the newest answer counts."""
    answers: dict[tuple[str, int, int | None], str] = {}
    for rule, complaint_id, other_id, verdict in connection.execute(
        "SELECT rule, complaint_id, other_id, verdict FROM detection_verdict "
        "WHERE deleted_at IS NULL AND complaint_id IS NOT NULL ORDER BY id"
    ).fetchall():
        answers[rule, complaint_id, other_id] = verdict

    def chosen(rule: str, verdict: str) -> list[tuple[int, int | None]]:
        return [(c, o) for (r, c, o), v in answers.items() if r == rule and v == verdict]

    return Verdicts(
        repeat_denied=frozenset(c for c, _ in chosen("repeat", "denied")),
        repeat_of={c: o for c, o in chosen("repeat", "confirmed") if o is not None},
        duplicate_denied=frozenset(c for c, _ in chosen("duplicate", "denied")),
        second_denied=frozenset((c, o) for c, o in chosen("second", "denied") if o is not None),
        second_of={c: o for c, o in chosen("second", "confirmed") if o is not None},
        group_denied=frozenset(c for c, _ in chosen("group", "denied")),
    )


def recompute(
    uow: UnitOfWork, settings: DetectionSettings, zone: ZoneInfo
) -> tuple[dict[int, Repeat], list[GroupFound]]:
    """Apply the rules to all valid complaints and write what changed."""
    connection = uow.connection
    rows, answers = valid_complaints(connection), verdicts(connection)
    repeats = find_repeats(rows, settings, answers)
    seconds = find_seconds(rows, settings, answers).second_of
    groups = find_groups(rows, settings, answers)
    members = _write_groups(uow, groups, zone)
    known = {
        row[0]: row[1:]
        for row in connection.execute(
            "SELECT id, repeat_of_id, is_repeat, chain, second_of_id, duplicate_of_id, group_id "
            "FROM complaint WHERE deleted_at IS NULL"
        ).fetchall()
    }
    for complaint_id, before in known.items():
        found = repeats.get(complaint_id, Repeat())
        after = (
            found.repeat_of,
            int(found.repeat_of is not None),
            found.chain,
            seconds.get(complaint_id),
            found.duplicate_of,
            members.get(complaint_id),
        )
        if after != before:
            names = (
                "repeat_of_id",
                "is_repeat",
                "chain",
                "second_of_id",
                "duplicate_of_id",
                "group_id",
            )
            uow.update("complaint", complaint_id, dict(zip(names, after, strict=True)))
    return repeats, groups


def _write_groups(uow: UnitOfWork, groups: list[GroupFound], zone: ZoneInfo) -> dict[int, int]:
    """Write the groups; those that go on keep their number. Return complaint -> group."""
    existing: dict[int, list[int]] = defaultdict(list)
    for group_id, complaint_id in uow.execute(
        "SELECT group_id, id FROM complaint WHERE group_id IS NOT NULL AND deleted_at IS NULL"
    ).fetchall():
        existing[group_id].append(complaint_id)
    stored = {
        row[0]: row[1:]
        for row in uow.execute(
            "SELECT id, product_id, category_id, triggered_at, trigger_id FROM complaint_group "
            "WHERE deleted_at IS NULL"
        ).fetchall()
    }
    kept = keep_numbers({key: existing.get(key, []) for key in stored}, groups)
    members: dict[int, int] = {}
    for found, going_on in zip(groups, kept, strict=True):
        values = (found.product, found.category, found.triggered_at, found.trigger)
        row = dict(
            zip(("product_id", "category_id", "triggered_at", "trigger_id"), values, strict=True)
        )
        known = going_on
        if known is None:
            number = next_number(uow, "complaint_group", found.triggered_at, zone)
            known = uow.insert("complaint_group", {"group_no": number, **row})
        elif stored[known] != values:
            uow.update("complaint_group", known, row)
        members.update(dict.fromkeys(found.members, known))
    for gone in stored.keys() - set(members.values()):
        uow.remove("complaint_group", gone)
    return members
