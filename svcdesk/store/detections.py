"""Repeat, second and group complaints as rows: read what the rules need, write what they found.

:func:`recompute` applies the rules to every complaint; ``detections_local`` only to the
neighbourhood of what changed, with the same result.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from svcdesk.domain.detection import (
    ComplaintRow,
    DetectionSettings,
    GroupFound,
    Repeat,
    Verdicts,
    exposure_words,
    find_groups,
    find_repeats,
    find_seconds,
    keep_numbers,
)
from svcdesk.store.numbers import next_number
from svcdesk.system.job import ImmediateContext

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork
    from svcdesk.system.job import JobContext

BATCH = 5000  # rows written between two reports of progress
STEPS = 6  # stages of a full recomputation before the writing
# valid: not rejected, merged or test (4.1). The complaints of merged customers name the survivor.
VALID = "c.status NOT IN ('rejected', 'merged') AND c.is_test = 0 AND c.deleted_at IS NULL"
ROW = (
    "c.id, c.received_at, c.customer_id, c.category_id, c.product_id, c.first_resolved_at, "
    "coalesce(c.serial_no, '')"
)
DERIVED = ("repeat_of_id", "is_repeat", "chain", "second_of_id", "duplicate_of_id", "group_id")
GROUP_COLUMNS = ("product_id", "category_id", "serial_prefix", "triggered_at", "trigger_id")
PARAMETERS = ("duplicate_minutes", "repeat_days", "repeat_same_product", "second_days",
              "group_days", "group_customers", "group_by", "group_serial_prefix",
              "exposure_words")  # fmt: skip


def settings_from(values: Mapping[str, Any]) -> DetectionSettings:
    """Return the parameters that the data file's settings give."""
    group_by = values["group_by"]
    return DetectionSettings(
        duplicate_minutes=values["duplicate_minutes"],
        repeat_days=values["repeat_days"],
        repeat_same_product=values["repeat_same_product"],
        second_days=values["second_days"],
        group_days=values["group_days"],
        group_customers=values["group_customers"],
        group_by_category=group_by == "category",
        group_serial_prefix=values["group_serial_prefix"] if group_by == "serial" else 0,
        duplicate_ticket_minutes=values["duplicate_ticket_minutes"],
        exposure_words=tuple(str(values["exposure_words"]).split()),
    )


def row_of(row: Sequence[Any]) -> ComplaintRow:
    """Return a complaint as the rules see it, from the columns of :data:`ROW`."""
    return ComplaintRow(row[0], row[1], row[2], row[3], row[4], row[5], (), row[6])


def valid_complaints(connection: Connection) -> list[ComplaintRow]:
    """Return every valid complaint."""
    return [
        row_of(row)
        for row in connection.execute(f"SELECT {ROW} FROM complaint c WHERE {VALID}").fetchall()
    ]


def verdicts(connection: Connection, complaints: Iterable[int] | None = None) -> Verdicts:
    """Return what people confirmed or denied, of all or of some complaints.

    The newest answer to a question counts; for second complaints a question is about a pair.
    """
    sql = (
        "SELECT rule, complaint_id, other_id, verdict FROM detection_verdict "
        "WHERE deleted_at IS NULL AND complaint_id IS NOT NULL"
    )
    chosen: tuple[str, ...] = ()
    if complaints is not None:
        sql += " AND complaint_id IN (SELECT value FROM json_each(?))"
        chosen = (json.dumps(list(complaints)),)
    answers: dict[tuple[str, int, int | None], tuple[int | None, str]] = {}
    for rule, complaint, other, verdict in connection.execute(f"{sql} ORDER BY id", chosen):
        pair = other if rule == "second" else None
        answers[rule, complaint, pair] = (other, verdict)

    def said(rule: str, verdict: str) -> list[tuple[int, int | None]]:
        return [
            (complaint, other)
            for (asked, complaint, _), (other, answer) in answers.items()
            if asked == rule and answer == verdict
        ]

    return Verdicts(
        repeat_denied=frozenset(c for c, _ in said("repeat", "denied")),
        repeat_of={c: o for c, o in said("repeat", "confirmed") if o is not None},
        duplicate_denied=frozenset(c for c, _ in said("duplicate", "denied")),
        second_denied=frozenset((c, o) for c, o in said("second", "denied") if o is not None),
        second_of=_latest_links(said("second", "confirmed")),
        group_denied=frozenset(c for c, _ in said("group", "denied")),
    )


def _latest_links(pairs: Iterable[tuple[int, int | None]]) -> dict[int, int]:
    return {complaint: other for complaint, other in pairs if other is not None}


def recompute(
    uow: UnitOfWork, settings: DetectionSettings, zone: ZoneInfo, *, words: bool = False,
    context: JobContext | None = None,
) -> tuple[dict[int, Repeat], list[GroupFound]]:  # fmt: skip
    """Apply the rules to all valid complaints and write what changed.

    ``words``: also look through all texts for words of a publication, after their list changed.
    """
    context = context or ImmediateContext()

    def stage(done: int) -> None:
        context.check()
        context.progress(done, STEPS)

    connection = uow.connection
    rows, answers = valid_complaints(connection), verdicts(connection)
    rows.sort(key=lambda row: (row.received_at, row.id))
    stage(1)
    repeats = find_repeats(rows, settings, answers)
    stage(2)
    seconds = find_seconds(rows, settings, answers).second_of
    stage(3)
    groups = find_groups(rows, settings, answers)
    stage(4)
    members = _write_groups(uow, groups, zone)
    stage(5)
    changed = []
    nothing = Repeat()
    for stored in connection.execute(
        f"SELECT id, {', '.join(DERIVED)} FROM complaint WHERE deleted_at IS NULL"
    ).fetchall():
        key = stored[0]
        found = repeats.get(key, nothing)
        after = (
            found.repeat_of, int(found.repeat_of is not None), found.chain, seconds.get(key),
            found.duplicate_of, members.get(key),
        )  # fmt: skip
        if after != stored[1:]:
            changed.append((*after, uow.now, key))
    stage(6)
    _write(uow, changed, context)
    if words:
        suggest_exposures(uow, settings, context=context)
    return repeats, groups


def _write(uow: UnitOfWork, changed: list[tuple[Any, ...]], context: JobContext) -> None:
    """Write the derived columns in batches."""
    sets = ", ".join(f"{name} = ?" for name in DERIVED)
    for start in range(0, len(changed), BATCH):
        context.check()
        uow.connection.executemany(
            f"UPDATE complaint SET {sets}, updated_at = ?, row_version = row_version + 1 "
            "WHERE id = ?",
            changed[start : start + BATCH],
        )
        context.progress(min(start + BATCH, len(changed)), len(changed))


def suggest_exposures(
    uow: UnitOfWork, settings: DetectionSettings, complaints: Iterable[int] | None = None,
    context: JobContext | None = None,
) -> list[int]:  # fmt: skip
    """Mark what sounds like a publication and was neither flagged nor answered (4.4).

    Return the complaints newly marked. Those whose question was answered stay as they are.
    """
    sql = (
        "SELECT c.id, c.exposure_suggested, c.social_exposure, t.description FROM complaint c "
        "JOIN complaint_text t ON t.id = c.id WHERE c.deleted_at IS NULL AND NOT EXISTS ("
        "SELECT 1 FROM detection_verdict v WHERE v.complaint_id = c.id AND v.rule = 'exposure' "
        "AND v.deleted_at IS NULL)"
    )
    chosen: tuple[str, ...] = ()
    if complaints is not None:
        sql += " AND c.id IN (SELECT value FROM json_each(?))"
        chosen = (json.dumps(list(complaints)),)
    changed = []
    for place, (key, before, flagged, text) in enumerate(uow.execute(sql, chosen).fetchall()):
        if context is not None and place % BATCH == 0:
            context.check()
            context.progress(place, 0)
        after = int(not flagged and bool(exposure_words(text, settings.exposure_words)))
        if after != before:
            changed.append((after, uow.now, key))
    uow.connection.executemany(
        "UPDATE complaint SET exposure_suggested = ?, updated_at = ?, "
        "row_version = row_version + 1 WHERE id = ?",
        changed,
    )
    return [key for after, _, key in changed if after]


def group_columns(found: GroupFound) -> dict[str, Any]:
    """Return the columns of a group that follow from its members."""
    return {
        "product_id": found.product,
        "category_id": found.category,
        "serial_prefix": found.serial,
        "triggered_at": found.triggered_at,
        "trigger_id": found.trigger,
    }


def stored_groups(
    connection: Connection, keys: Iterable[int] | None = None
) -> dict[int, dict[str, Any]]:
    """Return the groups that there are with their columns."""
    sql = f"SELECT id, {', '.join(GROUP_COLUMNS)} FROM complaint_group WHERE deleted_at IS NULL"
    chosen: tuple[str, ...] = ()
    if keys is not None:
        sql += " AND id IN (SELECT value FROM json_each(?))"
        chosen = (json.dumps(list(keys)),)
    return {
        row[0]: dict(zip(GROUP_COLUMNS, row[1:], strict=True))
        for row in connection.execute(sql, chosen).fetchall()
    }


def write_group(
    uow: UnitOfWork, found: GroupFound, going_on: int | None, stored: dict[int, dict[str, Any]],
    zone: ZoneInfo,
) -> int:  # fmt: skip
    """Write a group, going on under its number or with a new one; return its key."""
    row = group_columns(found)
    if going_on is None:
        number = next_number(uow, "complaint_group", found.triggered_at, zone)
        return uow.insert("complaint_group", {"group_no": number, **row})
    if stored[going_on] != row:
        uow.update("complaint_group", going_on, row)
    return going_on


def _write_groups(uow: UnitOfWork, groups: list[GroupFound], zone: ZoneInfo) -> dict[int, int]:
    """Write the groups; those that go on keep their number. Return complaint -> group."""
    existing: dict[int, list[int]] = defaultdict(list)
    for group_id, complaint_id in uow.execute(
        "SELECT group_id, id FROM complaint WHERE group_id IS NOT NULL AND deleted_at IS NULL"
    ).fetchall():
        existing[group_id].append(complaint_id)
    stored = stored_groups(uow.connection)
    kept = keep_numbers({key: existing.get(key, []) for key in stored}, groups)
    members: dict[int, int] = {}
    for found, going_on in zip(groups, kept, strict=True):
        known = write_group(uow, found, going_on, stored, zone)
        members.update(dict.fromkeys(found.members, known))
    for gone in stored.keys() - set(members.values()):
        uow.remove("complaint_group", gone)
    return members
