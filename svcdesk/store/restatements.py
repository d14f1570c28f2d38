"""What changed in a closed month since: which record, which field, when, by whom.

Records come from comparing the frozen lists with those of now at the same cut-off; what was
changed about them comes from the change log after the closing.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from svcdesk.store import change_log
from svcdesk.store.closing_lists import (
    DAY_OF_MONTH,
    GIVEN,
    MAIN_DIMENSIONS,
    RECORDS,
    RecordList,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svcdesk.store.connection import Connection

_BOOKKEEPING = frozenset({"updated_at", "row_version", "entered_at", "created_by", "batch_id"})
# what figures are computed by, besides the records
RULES = ("calendar", "calendar_day", "sla_policy", "setting", "list_item", "callback_rule")
# table -> when its records begin to exist for a figure
_BEGINS = {"ticket": "created_at", "complaint": "received_at", "survey": "sent_at"}
_NO_FIGURES = frozenset({
    "month_closing", "closing_evaluation", "metric_target", "view", "template", "notification",
    "report", "report_note", "plan_task", "key_event", "draft", "reference_value",
    *RULES,
})  # fmt: skip


@dataclass
class Differing:
    """A record of which a metric makes something else than when the month was closed.

    ``metrics``: cells before and now of each metric that differs; ``dims``: keys before and now
    of each dimension that differs.
    """

    source: str
    number: str
    metrics: dict[str, tuple[list[Any], list[Any]]] = field(default_factory=dict)
    dims: dict[str, tuple[list[Any], list[Any]]] = field(default_factory=dict)


@dataclass(frozen=True)
class FieldChange:
    """One changed value: of which row and field, when, by whom, in which step (msgid, args).

    ``name`` is empty when the row was entered or removed: then ``before`` or ``after`` holds what
    it said.
    """

    table: str
    row_id: int
    name: str
    before: Any
    after: Any
    at: int
    actor_id: int | None
    label: str
    args: dict[str, Any]


def _common(
    one: RecordList, metrics: Sequence[str], dims: Sequence[str]
) -> Counter[tuple[Any, ...]]:
    places = [0, *(one.dims.index(name) + 1 for name in dims)]
    places += [len(one.dims) + 1 + one.metrics.index(name) for name in metrics]
    if places == list(range(1 + len(one.dims) + len(one.metrics))):
        return Counter(one.rows)
    return Counter(tuple([row[i] for i in places]) for row in one.rows)


def _by_number(rows: Counter[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows.elements():
        found[row[0]].append(row)
    return found


def differences(frozen: Iterable[RecordList], live: Iterable[RecordList]) -> list[Differing]:
    """Return the records of which the two readings of a month say something different."""
    now = {(one.source, one.metrics[:1]): one for one in live}
    found: dict[tuple[str, str], Differing] = {}
    for then in frozen:
        other = now.get((then.source, then.metrics[:1]))
        if other is None:
            continue
        metrics = [m for m in then.metrics if m in other.metrics]
        dims = [d for d in then.dims if d in other.dims]
        before, after = _common(then, metrics, dims), _common(other, metrics, dims)
        gone, come = _by_number(before - after), _by_number(after - before)
        for number in dict.fromkeys((*gone, *come)):
            record = found.setdefault(
                (RECORDS.get(then.source, (GIVEN, ""))[0], number), Differing(then.source, number)
            )
            _note(record, gone.get(number, []), come.get(number, []), dims, metrics)
    return [record for record in found.values() if record.metrics or record.dims]


def _note(
    record: Differing, before: list[tuple[Any, ...]], after: list[tuple[Any, ...]],
    dims: Sequence[str], metrics: Sequence[str],
) -> None:  # fmt: skip
    def sides(place: int) -> tuple[list[Any], list[Any]]:
        def cells(rows: list[tuple[Any, ...]]) -> list[Any]:
            return sorted((row[place] for row in rows if row[place] is not None), key=str)

        return cells(before), cells(after)

    moved = {}
    for place, name in enumerate(dims, start=1):
        pair = sides(place)
        if pair[0] != pair[1] and before and after:
            moved[name] = pair
    record.dims.update(moved)
    split = {*MAIN_DIMENSIONS, "tier", DAY_OF_MONTH}  # figures of groups, gaps, figures by day
    for place, name in enumerate(metrics, start=1 + len(dims)):
        pair = sides(place)
        if pair[0] != pair[1] or (pair[0] and split & moved.keys()):
            record.metrics[name] = pair


def record_ids(connection: Connection, table: str, numbers: Sequence[str]) -> dict[str, int]:
    """Return the keys of records by their number, removed ones included."""
    column = next(column for name, column in RECORDS.values() if name == table)
    return {
        row[0]: row[1]
        for row in connection.execute(
            f"SELECT {column}, id FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))",
            (json.dumps(list(numbers)),),
        ).fetchall()
    }


def _children(connection: Connection, table: str) -> list[tuple[str, str]]:
    """Return logged tables that belong to ``table``, each with the column that says to whom."""
    found = []
    for name in change_log.logged_tables(connection):
        for row in connection.execute(f"PRAGMA foreign_key_list({name})").fetchall():
            if row[2] == table and name != table:
                found.append((name, row[3]))
                break
    return found


_LOG = "c.tbl, c.row_id, c.before, c.after, o.at, c.actor_id, o.label, o.args"


def changes_of(
    connection: Connection, table: str, ids: Sequence[int], log_id: int
) -> dict[int, list[FieldChange]]:
    """Return by record what was changed about it and what belongs to it after ``log_id``."""
    found: dict[int, list[FieldChange]] = defaultdict(list)
    keys = json.dumps(list(ids))
    for row in connection.execute(
        f"SELECT c.row_id, {_LOG} FROM change_log c JOIN operation o ON o.id = c.operation_id "
        "WHERE c.row_id IN (SELECT value FROM json_each(?)) AND c.tbl = ? AND c.id > ? "
        "ORDER BY c.id",
        (keys, table, log_id),
    ).fetchall():
        found[row[0]] += _fields(row[1:])
    for child, column in _children(connection, table):
        for row in connection.execute(
            f"SELECT x.{column}, {_LOG} FROM {child} x "
            f"JOIN change_log c ON c.row_id = x.id AND c.tbl = '{child}' AND c.id > ? "
            "JOIN operation o ON o.id = c.operation_id "
            f"WHERE x.{column} IN (SELECT value FROM json_each(?)) ORDER BY c.id",
            (log_id, keys),
        ).fetchall():
            found[row[0]] += _fields(row[1:])
    return found


def _fields(row: tuple[Any, ...]) -> list[FieldChange]:
    table, row_id, before, after, at, actor, label, args = row
    old = None if before is None else json.loads(before)
    new = None if after is None else json.loads(after)
    rest = (at, actor, label, json.loads(args))
    if old is None or new is None:
        return [FieldChange(table, row_id, "", old, new, *rest)]
    return [
        FieldChange(table, row_id, name, old.get(name), new.get(name), *rest)
        for name in old
        if name not in _BOOKKEEPING
    ]


def imported(connection: Connection, table: str, ids: Sequence[int]) -> dict[int, FieldChange]:
    """Return for records that an import brought the step that did; they are not logged singly."""
    return {
        row[0]: FieldChange(table, row[0], "", None, {}, row[1], row[2], row[3], json.loads(row[4]))
        for row in connection.execute(
            f"SELECT x.id, o.at, o.actor_id, o.label, o.args FROM {table} x "
            "JOIN operation o ON o.batch_id = x.batch_id AND o.kind = 'import' "
            "WHERE x.id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        ).fetchall()
    }


def related(
    connection: Connection, table: str, ids: Sequence[int], log_id: int
) -> dict[int, list[FieldChange]]:
    """Return for records what was changed about other records of their customer."""
    if table not in {"ticket", "complaint", "survey"}:
        return {}
    found: dict[int, list[FieldChange]] = {}
    for key in ids:
        others = [
            (other, row[0])
            for other in ("ticket", "complaint")
            for row in connection.execute(
                f"SELECT y.id FROM {table} x JOIN {other} y ON y.customer_id = x.customer_id "
                "WHERE x.id = ? AND y.id <> x.id",
                (key,),
            ).fetchall()
        ]
        for other in ("ticket", "complaint"):
            of_it = [row_id for name, row_id in others if name == other]
            for changes in changes_of(connection, other, of_it, log_id).values():
                found.setdefault(key, []).extend(changes)
            if of_it:
                late = imported(connection, other, of_it)
                found.setdefault(key, []).extend(
                    change for change in late.values() if change.row_id in of_it
                )
    return found


def rule_changes(connection: Connection, log_id: int) -> list[FieldChange]:
    """Return what was changed after ``log_id`` in lists, calendars, limits and settings."""
    marks = ", ".join("?" * len(RULES))
    return [
        change
        for row in connection.execute(
            f"SELECT {_LOG} FROM change_log c JOIN operation o ON o.id = c.operation_id "
            f"WHERE c.id > ? AND c.tbl IN ({marks}) ORDER BY c.id",
            (log_id, *RULES),
        ).fetchall()
        for change in _fields(row)
    ]


def may_differ(connection: Connection, log_id: int, as_of: int) -> bool:
    """Tell, cheaply, whether anything after ``log_id`` can have changed figures up to ``as_of``.

    Records that began at or after the cut-off, and what belongs to them, cannot.
    """
    tables = {
        row[0]
        for row in connection.execute(
            "SELECT DISTINCT tbl FROM change_log WHERE id > ?", (log_id,)
        ).fetchall()
    } - _NO_FIGURES
    for table in sorted(tables):
        if any(table.startswith(f"{owner}_") or table == owner for owner in _BEGINS):
            owner = next(o for o in _BEGINS if table == o or table.startswith(f"{o}_"))
            if not _reaches_back(connection, table, owner, log_id, as_of):
                continue
        return True
    return lists_changed(connection, log_id)


def lists_changed(connection: Connection, log_id: int) -> bool:
    """Tell whether lists were changed: a channel that is live, a department with another parent."""
    return (
        connection.execute(
            "SELECT 1 FROM change_log WHERE id > ? AND tbl = 'list_item' LIMIT 1", (log_id,)
        ).fetchone()
        is not None
    )


def _reaches_back(
    connection: Connection, table: str, owner: str, log_id: int, as_of: int
) -> bool:  # fmt: skip
    """Tell whether a changed row belongs to a record that had begun by ``as_of``."""
    begin = _BEGINS[owner]
    join = "o.id = c.row_id"
    if table != owner:
        if f"{owner}_id" not in change_log.columns(connection, table):
            return True
        join = f"o.id = (SELECT x.{owner}_id FROM {table} x WHERE x.id = c.row_id)"
    row = connection.execute(
        f"SELECT 1 FROM change_log c LEFT JOIN {owner} o ON {join} WHERE c.id > ? AND c.tbl = ? "
        f"AND (o.id IS NULL OR o.{begin} < ? OR c.before ->> '{begin}' < ?) LIMIT 1",
        (log_id, table, as_of, as_of),
    ).fetchone()
    return row is not None


def of_table(connection: Connection, table: str, log_id: int) -> list[FieldChange]:
    """Return what was changed in a table after ``log_id``; for figures that are typed by month."""
    return [
        change
        for row in connection.execute(
            f"SELECT {_LOG} FROM change_log c JOIN operation o ON o.id = c.operation_id "
            "WHERE c.id > ? AND c.tbl = ? ORDER BY c.id",
            (log_id, table),
        ).fetchall()
        for change in _fields(row)
    ]


# columns that say what a record is; the others follow from its events
_SAYS = {
    "ticket": ("created_at", "deleted_at", "is_test", "channel_id", "product_id", "issue_id",
               "issue_sub_id", "resp_dept_id", "owner_id", "priority", "tier", "region",
               "request_type", "complexity", "overdue_reason_id", "resolution_code",
               "customer_id", "promised_at", "data_verdicts"),
    "complaint": ("received_at", "deleted_at", "is_test", "channel_id", "product_id",
                  "category_id", "category_sub_id", "resp_dept_id", "handler_id", "severity",
                  "liability", "customer_id", "satisfaction", "compensation", "social_exposure",
                  "promised_at", "overdue_reason_id", "data_verdicts"),
    "survey": ("deleted_at", "csat", "nps", "invalid", "sent_at", "responded_at", "agent_id",
               "data_verdicts"),
}  # fmt: skip
_TIMES = {
    "ticket": ("created_at", "first_resolved_at", "resolved_at", "closed_at"),
    "complaint": ("received_at", "first_resolved_at", "resolved_at", "closed_at"),
    "survey": ("sent_at", "responded_at"),
}
_EVENTS = frozenset({"ticket_event", "complaint_event"})
MOST_LOOKED_AT = 500  # changed rows; after a larger step nobody needs the hint


def touched_months(connection: Connection, operation_id: int) -> list[str]:
    """Return the closed months that a step may have changed: a hint, cheap and without proof."""
    spans = connection.execute(
        "SELECT month, start_at, end_at FROM month_closing "
        "WHERE deleted_at IS NULL AND reopened_at IS NULL ORDER BY month"
    ).fetchall()
    if not spans:
        return []
    moments: list[int] = []
    for table, row_id, before, after in connection.execute(
        "SELECT tbl, row_id, before, after FROM change_log WHERE operation_id = ? LIMIT ?",
        (operation_id, MOST_LOOKED_AT),
    ).fetchall():
        image = json.loads(after or before)
        if table in _EVENTS and "at" in image:
            moments.append(image["at"])
        elif table in _SAYS and set(_SAYS[table]) & image.keys() and before is not None:
            row = connection.execute(
                f"SELECT {', '.join(_TIMES[table])} FROM {table} WHERE id = ?", (row_id,)
            ).fetchone()
            moments += [moment for moment in row or () if moment is not None]
        elif table in _SAYS and before is None:
            moments += [image[name] for name in _TIMES[table] if image.get(name) is not None]
    return [month for month, low, high in spans if any(low <= m < high for m in moments)]
