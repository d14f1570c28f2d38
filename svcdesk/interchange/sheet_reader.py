"""Rows of a workbook (.xlsx, .xls, .ods) through python-calamine."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING

from svcdesk.i18n.catalog import N_
from svcdesk.interchange import sniff
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from python_calamine import CalamineSheet, CalamineWorkbook

# The reader unpacks a sheet into memory; more than this is no office workbook.
LARGEST_SHEET = 1_500_000_000
SPARSE_CELLS = 60_000_000
_ENCRYPTED_MARK = "EncryptedPackage".encode("utf-16-le")

Merge = tuple[int, int, int, int]  # first row, first column, last row, last column; from 0


class Workbook:
    """An open workbook; refuses what cannot be read, each with its own sentence."""

    def __init__(self, path: Path) -> None:
        from python_calamine import CalamineError, CalamineWorkbook, PasswordError

        self._path = path
        _refuse_locked(path)
        _refuse_bomb(path)
        try:
            self._book: CalamineWorkbook = CalamineWorkbook.from_path(str(path))
        except PasswordError:
            raise _locked(path) from None
        except CalamineError as error:
            raise UserError(
                N_(
                    "“{name}” is not a workbook that can be read; open it in Excel or WPS and save"
                    " it again as .xlsx."
                ),
                code="not_workbook",
                name=path.name,
            ) from error

    @property
    def names(self) -> list[str]:
        """The names of the sheets with cells, visible ones first, in the order of the tabs."""
        from python_calamine import SheetTypeEnum, SheetVisibleEnum

        shown: list[str] = []
        hidden: list[str] = []
        for sheet in self._book.sheets_metadata:
            if sheet.typ is SheetTypeEnum.WorkSheet:
                visible = sheet.visible is SheetVisibleEnum.Visible
                (shown if visible else hidden).append(sheet.name)
        return shown + hidden

    def sheet(self, name: str = "") -> Sheet:
        """Return the named sheet, or the first one that has any content."""
        names = self.names
        if name and name not in names:
            raise UserError(
                N_("“{name}” has no sheet “{sheet}”; it has: {sheets}."),
                code="no_sheet",
                name=self._path.name,
                sheet=name,
                sheets="、".join(names),
            )
        for candidate in [name] if name else names:
            sheet = Sheet(self._book.get_sheet_by_name(candidate))
            if sheet.height or name:
                return sheet
        raise UserError(
            N_("The workbook “{name}” has no rows; there is nothing to import."),
            code="empty_file",
            name=self._path.name,
        )

    def close(self) -> None:
        """Let go of the file."""
        self._book.close()


class Sheet:
    """One sheet: rows by number and the ranges of merged cells."""

    def __init__(self, sheet: CalamineSheet) -> None:
        self._sheet = sheet
        self.name = sheet.name
        self.height = sheet.end[0] + 1 if sheet.end is not None else 0
        self.merges: list[Merge] = [
            (top, left, bottom, right)
            for (top, left), (bottom, right) in (sheet.merged_cell_ranges or [])
        ]

    def rows(self) -> Iterator[tuple[int, list[object]]]:
        """Yield (row number as the spreadsheet shows it, cells); column A is always the first."""
        start = self._sheet.start
        if start is None:
            return
        # The library counts rows from the first of the sheet, but columns from the first filled.
        pad: list[object] = [""] * start[1]
        for number, cells in enumerate(self._sheet.iter_rows(), start=1):
            yield number, [*pad, *cells]


def _locked(path: Path) -> UserError:
    return UserError(
        N_(
            "“{name}” is protected by a password; open it in Excel or WPS, remove the password and"
            " save it again."
        ),
        code="password",
        name=path.name,
    )


def _refuse_locked(path: Path) -> None:
    """Refuse an encrypted .xlsx, which is an OLE file with a stream named EncryptedPackage."""
    if sniff.container(path) is sniff.Container.OLE:
        with path.open("rb") as file:
            while piece := file.read(sniff.PIECE):
                if _ENCRYPTED_MARK in piece:
                    raise _locked(path)
                if len(piece) == sniff.PIECE:
                    file.seek(-len(_ENCRYPTED_MARK), 1)


def _refuse_bomb(path: Path) -> None:
    """Refuse what would fill the memory: a giant part, or a sheet stretched by a cell far away."""
    if sniff.container(path) is not sniff.Container.ZIP:
        return
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if entry.file_size > LARGEST_SHEET:
                    raise UserError(
                        N_("“{name}” unpacks to more than 1.5 GB; split it, or save it as CSV."),
                        code="too_large",
                        name=path.name,
                    )
                if entry.filename.startswith("xl/worksheets/"):
                    with archive.open(entry) as part:
                        _refuse_stretched(path, part.read(4096), entry.file_size)
    except zipfile.BadZipFile:
        raise UserError(
            N_("“{name}” is damaged: it ends in the middle; fetch it again."),
            code="truncated",
            name=path.name,
        ) from None


_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:([A-Z]+)(\d+)"')


def _refuse_stretched(path: Path, head: bytes, size: int) -> None:
    """Refuse a sheet whose area is far larger than its cells: the reader would lay it out whole."""
    found = _DIMENSION.search(head)
    if found is None:
        return
    columns = 0
    for letter in found[1]:
        columns = columns * 26 + letter - 64
    # a written cell takes ten bytes and more, so a dense sheet never has more cells than bytes
    if columns * int(found[2]) > max(SPARSE_CELLS, size):
        raise UserError(
            N_(
                "“{name}” has a cell far away from its table ({cell}); delete the rows and columns"
                " around the table and save it again."
            ),
            code="too_large",
            name=path.name,
            cell=(found[1] + found[2]).decode(),
        )
