"""Tables out: CSV that Chinese Excel opens rightly, and .xlsx. Both appear whole or not at all."""

from __future__ import annotations

import csv
import dataclasses
import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

from svcdesk.i18n.catalog import N_
from svcdesk.system.errors import EnvironmentProblem, UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
SHEET_LIMIT = 1_048_576
CELL_LIMIT = 32_767
WIDEST = 60
LONGEST_LIST = 255  # characters that a spreadsheet takes for a list to choose from


def guarded(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula (domain.md 7.6).

    Text that begins with ``= + - @`` gets an apostrophe before it; numbers stay numbers.
    """
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) and not _is_number(cell):
        return "'" + cell
    return cell


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text[0] in "+-" and text[1:2].isdigit() and len(text) < 12


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary file beside ``path`` and move it into place when all went well."""
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "is a folder")
        with NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix, delete=False
        ) as file:
            part = Path(file.name)
    except OSError as error:
        raise _cannot_write(path, error) from error
    try:
        yield part
        part.replace(path)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        part.unlink(missing_ok=True)


def _cannot_write(path: Path, error: OSError) -> EnvironmentProblem:
    return EnvironmentProblem(
        N_("“{path}” cannot be written: {reason}. Choose another folder or free some space."),
        code="cannot_write",
        path=str(path),
        reason=error.strerror or str(error),
    )


@dataclass(frozen=True)
class SheetForm:
    """What a workbook has beside its cells.

    ``name`` of the sheet, ``notes`` on a second one; ``text_columns`` keep what is typed as text
    (phones, order numbers), ``choices`` offer the words of a closed list for a column.
    """

    name: str = ""
    notes: Sequence[Sequence[object]] = ()
    notes_name: str = ""
    text_columns: Sequence[int] = ()
    choices: Mapping[int, Sequence[str]] = dataclasses.field(default_factory=dict)


def write_table(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    guard: bool = True,
    form: SheetForm | None = None,
) -> int:
    """Write a table to a .csv or .xlsx file and return the number of rows.

    ``guard`` prefixes cells that could be taken for formulas; ``form`` is for workbooks.
    """
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise UserError(
            N_("“{name}” ends in neither .csv nor .xlsx; choose one of the two."),
            code="file_type",
            name=path.name,
        )
    with replacing(path) as part:
        if suffix == ".csv":
            return _write_csv(part, header, rows, guard=guard)
        return _write_sheet(part, header, rows, form or SheetForm())


def _write_csv(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], *, guard: bool
) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for row in rows:
            writer.writerow([guarded(cell) for cell in row] if guard else row)
            count += 1
        file.flush()
        os.fsync(file.fileno())
    return count


def _write_sheet(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], form: SheetForm
) -> int:
    """Write rows in constant memory; text is written as text, so nothing becomes a formula."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False,
                                           "strings_to_urls": False})  # fmt: skip
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    page = book.add_worksheet(form.name or None)
    page.freeze_panes(1, 0)
    _lay_out(book, page, header, form)
    _sheet_row(page, 0, header, bold)
    count = 0
    for count, row in enumerate(rows, start=1):
        if count >= SHEET_LIMIT:
            raise UserError(
                N_("A sheet holds 1 048 575 rows; choose a shorter period, or write CSV."),
                code="too_many_rows",
            )
        _sheet_row(page, count, row, None)
    if form.notes:
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        extra = book.add_worksheet(form.notes_name or None)
        for column, width in enumerate((22, 22, 12, 60, 30)):
            extra.set_column(column, column, width)
        for line, cells in enumerate(form.notes):
            _sheet_row(extra, line, cells, bold if line == 0 else wrap)
    book.close()
    return count


def _lay_out(book: Any, page: Any, header: Sequence[str], form: SheetForm) -> None:
    """Set widths, text columns and the lists to choose from."""
    as_text = book.add_format({"num_format": "@"})
    for column, title in enumerate(header):
        width = min(WIDEST, max(10, 2 + 2 * len(title)))
        page.set_column(column, column, width, as_text if column in form.text_columns else None)
    for column, words in form.choices.items():
        if sum(map(len, words)) + len(words) <= LONGEST_LIST:
            page.data_validation(
                1, column, SHEET_LIMIT - 1, column,
                {"validate": "list", "source": list(words), "error_type": "warning"},
            )  # fmt: skip


def _sheet_row(page: Any, line: int, cells: Sequence[object], style: object) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            page.write_number(line, column, cell, style)
        elif cell is not None and cell != "":
            page.write_string(line, column, str(cell)[:CELL_LIMIT], style)
