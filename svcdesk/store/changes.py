"""What a unit of work touched, for everyone who shows it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Changes:
    """Per table the keys inserted, updated and deleted.

    ``many`` lists tables in which more changed than is worth naming (an import): whoever shows
    them asks again.
    """

    inserted: dict[str, set[int]] = field(default_factory=dict)
    updated: dict[str, set[int]] = field(default_factory=dict)
    deleted: dict[str, set[int]] = field(default_factory=dict)
    many: set[str] = field(default_factory=set)
    operation_id: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was touched."""
        return not (self.inserted or self.updated or self.deleted or self.many)

    def tables(self) -> set[str]:
        """Return the tables touched."""
        return self.inserted.keys() | self.updated.keys() | self.deleted.keys() | self.many

    def touched(self, table: str) -> set[int]:
        """Return the keys of ``table`` that were inserted, updated or deleted."""
        none: set[int] = set()
        return (
            self.inserted.get(table, none)
            | self.updated.get(table, none)
            | self.deleted.get(table, none)
        )

    def add(self, table: str, row_id: int, *, existed: bool, exists: bool) -> None:
        """Note one row: whether it was there before and is there now."""
        if existed and exists:
            if row_id not in self.inserted.get(table, ()):
                self.updated.setdefault(table, set()).add(row_id)
        elif exists:
            self.inserted.setdefault(table, set()).add(row_id)
        else:
            self.deleted.setdefault(table, set()).add(row_id)
            for group in (self.inserted, self.updated):
                group.get(table, set()).discard(row_id)
