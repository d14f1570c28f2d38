"""Rows of a delimited text file, one by one."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, cast

from svcdesk.i18n.catalog import N_
from svcdesk.interchange import sniff
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# A cell may hold a long conversation; one of more than 2 million characters is a lost quote.
LONGEST_CELL = 2_000_000


def rows(
    path: Path, form: sniff.TextForm, on_bytes: Callable[[int], None] | None = None
) -> Iterator[tuple[int, list[object]]]:
    """Yield (row number as a spreadsheet shows it, cells) in file order.

    A record that spans several lines is one row, as in Excel. ``on_bytes`` hears now and then how
    many bytes of the file have been read.
    """
    csv.field_size_limit(LONGEST_CELL)
    number = 0
    with sniff.open_bytes(path) as stream, sniff.open_text(stream, form.encoding) as file:
        try:
            for number, cells in enumerate(csv.reader(file, delimiter=form.delimiter), start=1):
                if number == 1 and len(cells) <= 2 and cells and cells[0].lower()[:4] == "sep=":
                    continue
                if on_bytes is not None and number % 500 == 0:
                    on_bytes(sniff.position(stream))
                yield number, cast("list[object]", cells)
        except csv.Error:
            raise UserError(
                N_("Row {row} of “{name}” cannot be read; a quotation mark is probably missing."),
                code="csv",
                row=number + 1,
                name=path.name,
            ) from None
