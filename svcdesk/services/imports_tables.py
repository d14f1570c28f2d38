"""Imports of tables whose columns are their fields: one declaration per kind, one handler.

Tickets, complaints and events, which have histories, build on it in modules of their own.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from svcdesk.domain import anomalies
from svcdesk.services.imports_refs import Pending, Resolver
from svcdesk.services.imports_run import COMMON, Row, Run, flags_json
from svcdesk.store import imports as store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from svcdesk.interchange.kinds import Kind
    from svcdesk.interchange.problems import Bad


class Handler(Protocol):
    """What is done with the rows of one kind."""

    def named(self, fields: dict[str, Any]) -> bool:
        """Tell whether a row carries a number or a key of its own."""
        ...

    def check(self, row: Row) -> Iterable[Bad]:
        """Return why a row cannot come in although every cell is good."""
        ...

    def identify(self, rows: list[Row]) -> None:
        """Set the identity of each row and, when its record exists, its key."""
        ...

    def insert(self, rows: list[Row]) -> int:
        """Write new records; every row has its key. Return how many were written."""
        ...

    def update(self, row: Row) -> bool:
        """Change the record of a row; tell whether anything differed."""
        ...

    def finish(self) -> None:
        """Do what concerns the batch as a whole, after the last row."""
        ...


@dataclass(frozen=True)
class TableSpec:
    """How the fields of a kind lie in its table.

    ``columns`` maps fields to columns that are called otherwise, ``left`` are fields without a
    column, ``defaults`` what a new row has when the file says nothing, ``entity`` names its number series.
    ``derive`` may complete a new row, ``flags`` tells that the table keeps AB codes.
    """

    columns: dict[str, str] = dataclasses.field(default_factory=dict)
    left: frozenset[str] = frozenset()
    defaults: dict[str, Any] = dataclasses.field(default_factory=dict)
    entity: str = ""
    moment: str = ""
    flags: bool = False
    derive: Callable[[Run, dict[str, Any]], Iterable[Bad] | None] | None = None


class TableHandler:
    """The handler of a kind that is one table."""

    def __init__(self, run: Run, kind: Kind, resolver: Resolver, spec: TableSpec) -> None:
        self.run = run
        self.kind = kind
        self.resolver = resolver
        self.spec = spec
        self.number = spec.columns.get(kind.number, kind.number)
        self._names: tuple[str, ...] = ()
        # in a table that was empty, a number that is not of ours is known from this file alone
        self._was_empty = store.is_empty(run.connection, kind.table)

    # ---- who a row is -----------------------------------------------------------------------

    def named(self, fields: dict[str, Any]) -> bool:
        """Tell whether a row carries a number or a key of its own."""
        if self.kind.number and fields.get(self.kind.number) is not None:
            return True
        return fields.get("external_no") is not None or bool(self.kind.natural)

    def check(self, row: Row) -> Iterable[Bad]:
        """Let the kind complete and judge the row."""
        if self.spec.derive is not None:
            return self.spec.derive(self.run, row.values) or ()
        return ()

    def identify(self, rows: list[Row]) -> None:
        """Find records by our number, by the other system's, or by the natural key."""
        if self.kind.number or self.kind.has_external:
            self._by_numbers(rows)
        unnamed = [row for row in rows if not row.identity]
        if self.kind.natural:
            self._by_natural_key(unnamed)

    def _by_numbers(self, rows: list[Row]) -> None:
        """Find records by the number given: ours before the other system's, or the reverse.

        Which comes first follows the column that the number stands in.
        """
        ours, theirs = self.kind.number, "external_no" if self.kind.has_external else ""
        given = [
            (row, name, row.values[name])
            for row in rows
            for name in [
                next((n for n in (ours, theirs) if n and row.values.get(n) is not None), "")
            ]
            if name
        ]
        wanted = sorted({value for _, _, value in given})
        hits: dict[str, dict[str, list[int]]] = {}
        if theirs and not self._was_empty:
            hits[theirs] = store.by_text(self.run.connection, self.kind.table, theirs, wanted)
        if ours and self._was_empty and self.spec.entity:  # only numbers that this run gave out
            wanted = [value for value in wanted if self.run.is_ours(self.spec.entity, value)]
        if ours and wanted:
            hits[ours] = store.by_text(self.run.connection, self.kind.table, self.number, wanted)
        for row, name, value in given:
            row.identity = (value,)
            other = theirs if name == ours else ours
            found = hits.get(name, {}).get(value) or hits.get(other, {}).get(value)
            row.key = found[0] if found else None

    def _by_natural_key(self, rows: list[Row]) -> None:
        names = [self._column(name) for name in self.kind.natural]
        keys = []
        for row in rows:
            values = tuple(self._stored(row.values.get(name)) for name in self.kind.natural)
            row.identity = values
            keys.append(values)
        known = [key for key in keys if not any(isinstance(value, Pending) for value in key)]
        found = store.by_key(self.run.connection, self.kind.table, names, known)
        for row, key in zip(rows, keys, strict=True):
            row.key = found.get(key)  # a pending name has no record yet

    # ---- columns ------------------------------------------------------------------------------

    def _column(self, name: str) -> str:
        column = self.spec.columns.get(name)
        if column is not None:
            return column
        field = self.kind.by_name.get(name)
        return f"{name}_id" if field is not None and field.target else name

    @staticmethod
    def _stored(value: Any) -> Any:
        return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value

    def columns_of(self, row: Row) -> dict[str, Any]:
        """Return the columns that a row gives, references made real."""
        found = {}
        for name, value in row.values.items():
            if value is None or name in self.spec.left:
                continue
            if row.changes and isinstance(value, Pending) and value.nameless:
                continue  # a record keeps the nameless customer it has
            if isinstance(value, list):
                parts = [self.resolver.real(part) for part in value]
                found[self._column(name)] = self._stored(parts)
            else:
                found[self._column(name)] = self._stored(self.resolver.real(value))
        return found

    # ---- writing -------------------------------------------------------------------------------

    def insert(self, rows: list[Row]) -> int:
        """Write new rows."""
        held = [row.values[self.kind.number] for row in rows if row.values.get(self.kind.number)]
        self.run.release(self.kind.table, self.number, held)
        for row in rows:
            values = {**self.spec.defaults, **self.columns_of(row)}
            self._give_number(values)
            if self.spec.flags:
                self._flag(row, values)
            self._write(row, values)
        return len(rows)

    def _give_number(self, values: dict[str, Any]) -> None:
        if not self.spec.entity:
            return
        given = values.get(self.number)
        at = values.get(self.spec.moment) or self.run.now
        if (
            given is not None
            and self.kind.has_external
            and not self.run.is_ours(self.spec.entity, given)
        ):
            values.setdefault("external_no", given)
            given = None
        values[self.number] = given or self.run.number(self.spec.entity, at)

    def _flag(self, row: Row, values: dict[str, Any]) -> None:
        flags = anomalies.flags(self.kind.table, {**values, **row.values}, self.run.now)
        if flags:
            self.run.plan.flagged.update(flags)
            values["data_flags"] = flags_json(flags)

    def _write(self, row: Row, values: dict[str, Any]) -> None:
        if not self._names:
            self._names = self._all_columns()
        self.run.add(
            self.kind.table,
            (*COMMON, *self._names),
            [(*self.run.common(row.record), *(values.get(name) for name in self._names))],
        )

    def _all_columns(self) -> tuple[str, ...]:
        """Return every column that a row of this kind may fill, once and in order."""
        names = [self._column(f.name) for f in self.kind.fields if f.name not in self.spec.left]
        names += list(self.spec.defaults)
        if self.number:
            names.append(self.number)
        if self.spec.flags:
            names.append("data_flags")
        return tuple(dict.fromkeys(names))

    def update(self, row: Row) -> bool:
        """Change what differs; blank cells leave what is there."""
        row.changes = True
        given = self.columns_of(row)
        self.run.flush()  # what the row refers to may be new
        given.pop(self.number, None)
        given.pop("external_no", None)
        if row.key is None or not given:
            return False
        stored = store.columns_by_id(self.run.connection, self.kind.table, list(given), [row.key])
        before = stored.get(row.key)
        if before is None:  # new in this dry run
            return True
        changed = {name: value for name, value in given.items() if before[name] != value}
        if changed:
            self.changing(row, changed)
            self.run.update(self.kind.table, row.key, changed)
        return bool(changed)

    def changing(self, row: Row, changed: dict[str, Any]) -> None:
        """Let a kind complete a change."""
        del row, changed

    def finish(self) -> None:
        """Nothing concerns the batch as a whole."""
