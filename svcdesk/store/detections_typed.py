"""The neighbourhood of a complaint that is not saved yet."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from svcdesk.domain.detection import NO_VERDICTS, GroupWalk, Repeat, group_key, judge
from svcdesk.domain.localtime import DAY
from svcdesk.store.detections import ROW, VALID, row_of
from svcdesk.store.detections_groups import within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.detection import ComplaintRow, DetectionSettings
    from svcdesk.store.connection import Connection

UNSAVED = (1 << 63) - 1  # after every saved complaint of the same moment


class Look(NamedTuple):
    """What the rules say: keys of complaints and of the group."""

    repeat_of: int | None = None
    duplicate_of: int | None = None
    second_of: int | None = None
    chain: int = 1
    group: int | None = None
    would_form: bool = False
    customers: int = 0


def look(connection: Connection, row: ComplaintRow, settings: DetectionSettings) -> Look:
    """Say what a complaint would be found to be when it is saved."""
    repeat, second = Repeat(), None
    if isinstance(row.customer, int) and row.category:
        repeat = _repeat(connection, row, settings)
        second = _second(connection, row, settings)
    group, would_form, customers = _group(connection, row, settings)
    return Look(
        repeat.repeat_of, repeat.duplicate_of, second, repeat.chain, group, would_form, customers
    )


def _repeat(connection: Connection, row: ComplaintRow, settings: DetectionSettings) -> Repeat:
    same = settings.repeat_same_product
    if same and row.product is None:
        return Repeat()
    found = connection.execute(
        f"SELECT {ROW}, c.chain FROM complaint c INDEXED BY complaint_matter WHERE "
        f"c.customer_id = ? AND c.category_id = ? AND {VALID} AND c.received_at <= ? AND c.id <> ? "
        + ("AND c.product_id = ? " if same else "")
        + "ORDER BY c.received_at DESC, c.id DESC LIMIT 1",
        (row.customer, row.category, row.received_at, row.id, *((row.product,) if same else ())),
    ).fetchone()
    if found is None:
        return Repeat()
    return judge(row, row_of(found), lambda _key: int(found[7]), settings, NO_VERDICTS)


def _second(connection: Connection, row: ComplaintRow, settings: DetectionSettings) -> int | None:
    found = connection.execute(
        "SELECT c.id FROM complaint c INDEXED BY complaint_settled WHERE c.customer_id = ? "
        f"AND c.category_id = ? AND {VALID} AND c.id <> ? AND c.first_resolved_at >= ? "
        "AND c.first_resolved_at < ? ORDER BY c.first_resolved_at DESC, c.received_at DESC, "
        "c.id DESC LIMIT 1",
        (row.customer, row.category, row.id, row.received_at - settings.second_days * DAY,
         row.received_at),
    ).fetchone()  # fmt: skip
    return int(found[0]) if found else None


def _group(
    connection: Connection, row: ComplaintRow, settings: DetectionSettings
) -> tuple[int | None, bool, int]:
    """Return the group that it would join, whether it would form one, and how many customers."""
    key = group_key(row, settings)
    if key is None:
        return None, False, 0
    where, chosen = within(key, settings)
    near = connection.execute(
        f"SELECT {ROW}, c.group_id FROM complaint c INDEXED BY complaint_product WHERE {where} "
        "AND c.received_at >= ? AND c.received_at <= ? AND c.id <> ? "
        "ORDER BY c.received_at, c.id",
        (*chosen, row.received_at - settings.group_days * DAY, row.received_at, row.id),
    ).fetchall()
    customers = len({found[2] for found in near} | ({row.customer} if row.customer else set()))
    if near and near[-1][7] is not None:
        return int(near[-1][7]), False, customers
    if row.customer is None:  # nobody chosen yet: cannot be told from the others
        return None, False, customers
    walk = GroupWalk(key, settings, [row_of(found) for found in near])
    return None, walk.step(row) is not None, customers


def customer_of_phones(connection: Connection, phones: Sequence[str]) -> int | None:
    """Return the customer on the list who has one of the phones, the first one there was."""
    found = connection.execute(
        "SELECT min(c.id) FROM customer_phone p JOIN customer c ON c.id = p.customer_id "
        "WHERE p.phone IN (SELECT value FROM json_each(?)) AND c.deleted_at IS NULL "
        "AND c.merged_into_id IS NULL",
        (json.dumps(list(phones)),),
    ).fetchone()
    return found[0] if found else None
