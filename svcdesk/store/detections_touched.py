"""What a unit of work changed that detection depends on, read from its change log.

Whoever writes complaints needs to say nothing: an edit, a merge, a merged customer, an answer and
an undo all leave the same traces.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from svcdesk.store.change_log import BY_OPERATION
from svcdesk.store.detections import PARAMETERS, ROW, VALID, row_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svcdesk.domain.detection import ComplaintRow
    from svcdesk.store.connection import Connection

MANY = 400  # complaints in one step from which applying the rules to all is not slower
_PLACES = ("received_at", "customer_id", "category_id", "product_id", "first_resolved_at",
           "serial_no")  # fmt: skip
_VALIDITY = ("is_test", "deleted_at")
_FOUND = ("repeat_of_id", "is_repeat", "chain", "second_of_id", "duplicate_of_id", "group_id")
_DECISIVE = frozenset((*_PLACES, *_VALIDITY, *_FOUND))
_INVALID = frozenset({"rejected", "merged"})
_TABLES = ("complaint", "complaint_text", "detection_verdict", "setting")


class Position(NamedTuple):
    """The place of a complaint in the order of receipt."""

    at: int
    id: int


def position(row: ComplaintRow) -> Position:
    """Return where a complaint stands."""
    return Position(row.received_at, row.id)


@dataclass
class Touched:
    """The complaints that changed: as they were, as they are, and those that do not count now."""

    before: list[ComplaintRow] = field(default_factory=list)
    after: list[ComplaintRow] = field(default_factory=list)
    void: list[int] = field(default_factory=list)
    pairs: set[int] = field(default_factory=set)  # their second complaint was answered
    reworded: set[int] = field(default_factory=set)
    fresh: set[int] = field(default_factory=set)  # new in this step: nobody refers to them yet
    everything: bool = False  # more than is worth following
    words: bool = False  # the list of words changed

    def places(self) -> list[ComplaintRow]:
        """Return every place where a complaint was or is."""
        return self.before + self.after

    def __bool__(self) -> bool:
        """Whether the rules may find anything else than before."""
        return bool(self.before or self.after or self.void or self.pairs or self.everything)


def touched(connection: Connection, operation_id: int, many: int = MANY) -> Touched:
    """Return what the operation changed so far."""
    result = Touched()
    old: dict[int, dict[str, Any] | None] = {}  # None: it was not there before
    asked: set[int] = set()
    for table, row_id, before, after in connection.execute(
        f"SELECT tbl, row_id, before, after FROM change_log {BY_OPERATION} "
        f"WHERE operation_id = ? AND (tbl IN {_TABLES} OR tbl GLOB 'import_batch:complaint*') ORDER BY id",
        (operation_id,),
    ).fetchall():
        if table == "complaint":
            _complaint(old, row_id, before, after)
        elif table == "complaint_text":
            result.reworded.add(row_id)
        elif table == "detection_verdict":
            asked.add(row_id)
        elif table == "setting":
            _setting(connection, result, row_id, before if after is None else None)
        else:
            result.everything = True
    if asked:
        _answers(connection, asked, old, result)
    changed = {key: image for key, image in old.items() if image is None or _decides(image)}
    result.fresh = {key for key, image in old.items() if image is None}
    result.reworded -= result.fresh  # whoever enters a complaint looks at its words
    if len(changed) > many:
        result.everything = True
    if changed and not result.everything:
        _load(connection, changed, result)
    return result


def _complaint(
    old: dict[int, dict[str, Any] | None], row_id: int, before: str | None, after: str | None
) -> None:
    if before is None:
        old.setdefault(row_id, None)
        return
    image = old.setdefault(row_id, {})
    if image is None:
        return  # new in this step
    for name, value in json.loads(before).items():
        image.setdefault(name, value)
    if after is not None and "status" in image:
        image["status_now"] = json.loads(after).get("status", image.get("status_now"))


def _decides(image: dict[str, Any]) -> bool:
    if not _DECISIVE.isdisjoint(image):
        return True
    return "status" in image and (image["status"] in _INVALID) != (
        image.get("status_now") in _INVALID
    )


def _setting(connection: Connection, result: Touched, row_id: int, gone: str | None) -> None:
    """Note a changed rule; ``gone``: the row's last image when it was taken away."""
    if gone is not None:
        name = json.loads(gone)["key"]
    else:
        row = connection.execute("SELECT key FROM setting WHERE id = ?", (row_id,)).fetchone()
        name = row[0] if row else ""
    if name in PARAMETERS:
        result.everything = True
        result.words = result.words or name == "exposure_words"


def _answers(
    connection: Connection, asked: Iterable[int], old: dict[int, dict[str, Any] | None],
    result: Touched,
) -> None:  # fmt: skip
    """Add the complaints whose questions were answered, or whose answers were taken back."""
    logged = connection.execute(
        "SELECT v.rule, v.complaint_id FROM detection_verdict v "
        "WHERE v.id IN (SELECT value FROM json_each(:ids)) UNION "
        "SELECT l.before ->> 'rule', l.before ->> 'complaint_id' FROM change_log l "
        "WHERE l.row_id IN (SELECT value FROM json_each(:ids)) AND l.tbl = 'detection_verdict' "
        "AND l.after IS NULL",
        {"ids": json.dumps(list(asked))},
    ).fetchall()
    for rule, complaint in logged:
        if complaint is None:
            continue
        if rule == "second":
            result.pairs.add(int(complaint))
        elif rule == "exposure":
            result.reworded.add(int(complaint))
        else:
            image = old.setdefault(int(complaint), {})
            if image is not None:
                image.setdefault("group_id", None)  # makes it count as changed


def _load(
    connection: Connection, changed: dict[int, dict[str, Any] | None], result: Touched
) -> None:
    found = connection.execute(
        f"SELECT {ROW}, {VALID}, c.deleted_at FROM complaint c "
        "WHERE c.id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(changed)),),
    ).fetchall()
    now = {row[0]: row for row in found}
    for key, image in changed.items():
        row = now.get(key)
        if row is not None and row[7]:
            result.after.append(row_of(row))
        elif row is not None and row[8] is None:
            result.void.append(key)
        if image is not None:
            result.before.append(_as_it_was(key, image, row))


def _as_it_was(key: int, image: dict[str, Any], row: tuple[Any, ...] | None) -> ComplaintRow:
    now = dict(zip(_PLACES, row[1:7], strict=True)) if row is not None else {}
    was = {**now, **{name: image[name] for name in _PLACES if name in image}}
    return row_of((key, *(was[name] for name in _PLACES[:5]), was["serial_no"] or ""))
