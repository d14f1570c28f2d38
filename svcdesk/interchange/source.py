"""A foreign table, opened: header names and a stream of records, whatever the file's format."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from svcdesk.i18n.catalog import N_
from svcdesk.interchange import csv_reader, json_reader, layout, sheet_reader, sniff
from svcdesk.interchange.layout import LeftOut
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Row = tuple[int, list[object]]


@dataclass(frozen=True)
class Choices:
    """What a person or a mapping says about a file instead of letting it be found."""

    encoding: str = ""
    sheet: str = ""
    header_row: int = 0


@dataclass
class Source:
    """One table of a file. :meth:`records` can be run through again and again.

    ``total`` is a size for progress: bytes of a text file, rows of a sheet.
    """

    path: Path
    names: tuple[str, ...]
    header_rows: tuple[int, int]
    total: int
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    left_out: LeftOut = field(default_factory=LeftOut)
    _open: Callable[[Callable[[int], None] | None], Iterator[Row]] = field(
        default=lambda _: iter(()), repr=False
    )
    _merges: tuple[sheet_reader.Merge, ...] = ()

    def records(self, on_progress: Callable[[int], None] | None = None) -> Iterator[Row]:
        """Yield (row number, cells) of the rows that are records; the others go to ``left_out``."""
        self.left_out = LeftOut()
        leave = self.left_out.add
        first, last = self.header_rows
        header = [layout.header_text(name) for name in self.names]
        width = len(header)
        fill = _Fill(self._merges, last)
        for number, found in self._open(on_progress):
            if number <= last:
                if number < first:
                    leave(number, "empty" if layout.is_empty(found) else "title")
                continue
            head = found[0] if found else ""
            if layout.is_blank(head) and layout.is_empty(found):
                leave(number, "empty")
                continue
            cells = fill(number, found) if fill.active else found
            if self._no_record(number, cells, header):
                continue
            if len(cells) < width:
                cells = [*cells, *[""] * (width - len(cells))]
            yield number, cells

    def _no_record(self, number: int, cells: list[object], header: list[str]) -> bool:
        """Leave out totals and repeated headers; cheap for the rows that are neither."""
        head = cells[0]
        if layout.is_blank(head):
            head = next(cell for cell in cells if not layout.is_blank(cell))
        if not isinstance(head, str) or len(head) > 24:
            return False
        if layout.is_total_word(head) and layout.is_total(cells):
            self.left_out.add(number, "total")
            return True
        if head in header and self._repeats_header(cells, header):
            self.left_out.add(number, "header")
            return True
        return False

    @staticmethod
    def _repeats_header(cells: list[object], header: list[str]) -> bool:
        """Recognise the header printed again, as in lists pasted together page by page."""
        return [layout.header_text(cell) for cell in cells[: len(header)]] == header

    def sha256(self) -> str:
        """Return the fingerprint of the file's bytes."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


class _Fill:
    """Repeats the value of cells merged downwards, as people merge a name over its rows."""

    def __init__(self, merges: tuple[sheet_reader.Merge, ...], header_end: int) -> None:
        self._tall = {
            (row, left): top
            for top, left, bottom, right in merges
            if bottom > top >= header_end and left == right
            for row in range(top + 1, bottom + 1)
        }
        self._tops: dict[tuple[int, int], object] = {}
        self._needed = {(top, left) for (_, left), top in self._tall.items()}
        self.active = bool(self._tall)

    def __call__(self, number: int, cells: list[object]) -> list[object]:
        if not self.active:
            return cells
        filled = list(cells)
        for column, cell in enumerate(cells):
            place = (number - 1, column)
            if place in self._needed:
                self._tops[place] = cell
            elif place in self._tall and layout.is_blank(cell):
                filled[column] = self._tops.get((self._tall[place], column), cell)
        return filled


def open_source(path: Path, known: Callable[[str], bool], choices: Choices | None = None) -> Source:
    """Open ``path``: check it, find its form and its header. ``known`` recognises header names."""
    choices = choices or Choices()
    sniff.check_file(path)
    container = sniff.container(path)
    if container in (sniff.Container.ZIP, sniff.Container.OLE):
        return _open_sheet(path, known, choices)
    if container is sniff.Container.JSON:
        return _open_json(path)
    return _open_text(path, known, choices)


def _open_text(path: Path, known: Callable[[str], bool], choices: Choices) -> Source:
    form = sniff.text_form(path, choices.encoding)

    def read(on_progress: Callable[[int], None] | None) -> Iterator[Row]:
        return csv_reader.rows(path, form, on_progress)

    found = _layout(path, read(None), known, (), choices)
    return Source(
        path,
        found.names,
        (found.first_header_row, found.last_header_row),
        path.stat().st_size,
        encoding=form.encoding,
        delimiter=form.delimiter,
        _open=read,
    )


def _open_json(path: Path) -> Source:
    read = json_reader.rows
    _, names = next(read(path))
    return Source(
        path,
        tuple(str(name) for name in names),
        (1, 1),
        path.stat().st_size,
        encoding="utf-8",
        _open=lambda _: read(path),
    )


def _open_sheet(path: Path, known: Callable[[str], bool], choices: Choices) -> Source:
    book = sheet_reader.Workbook(path)
    sheet = book.sheet(choices.sheet)

    def read(on_progress: Callable[[int], None] | None) -> Iterator[Row]:
        for number, cells in sheet.rows():
            if on_progress is not None and number % 500 == 0:
                on_progress(number)
            yield number, cells

    found = _layout(path, read(None), known, sheet.merges, choices)
    return Source(
        path,
        found.names,
        (found.first_header_row, found.last_header_row),
        sheet.height,
        sheet=sheet.name,
        sheets=tuple(book.names),
        _open=read,
        _merges=tuple(sheet.merges),
    )


def _layout(
    path: Path,
    rows: Iterator[Row],
    known: Callable[[str], bool],
    merges: list[sheet_reader.Merge] | tuple[()],
    choices: Choices,
) -> layout.Layout:
    reach = max(layout.LOOK_AHEAD, choices.header_row + 2)
    # Rows that are only empty do not use up the look-ahead: a table may begin at row 200.
    filled = (row for row in rows if choices.header_row or not layout.is_empty(row[1]))
    head = list(islice(filled, reach))
    found = layout.find_layout(head, known, merges, choices.header_row)
    if found is None or not any(found.names):
        raise UserError(
            N_("“{name}” has no header row; there is nothing to import."),
            code="no_header",
            name=path.name,
        )
    return found


def preview(source: Source, limit: int = 20) -> list[Row]:
    """Return the first records, for a person to look at."""
    return list(islice(source.records(), limit))
