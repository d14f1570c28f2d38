"""Columns of a list, declared as data: what a cell shows, how wide, by what it sorts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Cell:
    """What is painted in one cell; colours are token names."""

    text: str
    icon: str = ""
    colour: str = "text"
    icon_colour: str = ""
    bold: bool = False
    tip: str = ""  # tooltip and accessible text when they say more than ``text``


@dataclass(frozen=True)
class ColumnDef:
    """One column.

    ``cell`` makes the cell from a row object; ``sort`` is the sort key of the query ("" = not
    sortable); ``stretch`` gives the column the spare width; columns with a higher ``drop`` vanish
    first in a narrow window (0 = never); ``fixed`` columns cannot be hidden.
    """

    key: str
    label: str
    cell: Callable[[Any], Cell]
    width: int
    right: bool = False
    stretch: bool = False
    sort: str = ""
    drop: int = 0
    hidden: bool = False
    elide: bool = False
    copy: Callable[[Any], str] | None = None  # text for the clipboard when the shown one is short


def text_for_copy(column: ColumnDef, row: object) -> str:
    """Return what a spreadsheet should get for this cell."""
    if column.copy is not None:
        return column.copy(row)
    return column.cell(row).text
