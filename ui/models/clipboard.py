"""Rows of a list as text for a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.models.columns import text_for_copy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ui.models.columns import ColumnDef
    from ui.models.row_window import RowWindowModel

COPY_LIMIT = 20_000  # rows; more belongs into an export


def as_table(
    rows: RowWindowModel, columns: Sequence[ColumnDef], ranges: Iterable[tuple[int, int]]
) -> str:
    """Return the rows of ``ranges`` (first, last) under their headers, tabs between the values."""
    lines = ["\t".join(column.label for column in columns)]
    for top, bottom in ranges:
        for position in range(top, bottom + 1):
            if len(lines) > COPY_LIMIT:
                return "\n".join(lines)
            row = rows.row_at(position)
            if row is not None:
                lines.append("\t".join(one_cell(text_for_copy(c, row)) for c in columns))
    return "\n".join(lines)


def one_cell(text: str) -> str:
    """Return a value that fills one cell of a spreadsheet and is no formula there."""
    line = " ".join(text.split())
    is_number = line[1:].replace(".", "", 1).replace(",", "").isdecimal()
    return f"'{line}" if line[:1] in {"=", "+", "-", "@"} and not is_number and line[1:] else line
