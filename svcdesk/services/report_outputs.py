"""A report in other forms: workbook, pictures of its charts, short text; all say the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from svcdesk.domain.people import Permission
from svcdesk.i18n.catalog import N_
from svcdesk.reports.into_place import into_place
from svcdesk.reports.model import Figure, Fishbone, Multiples

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.reports.model import ReportData
    from svcdesk.services.desk import Desk
    from svcdesk.system.job import JobContext

DRAWING = N_("Drawing the charts")


def workbook(desk: Desk, data: ReportData, target: Path, context: JobContext) -> int:
    """Write a report as a workbook and return its number of sheets."""
    desk.require(Permission.MAKE_REPORTS)
    from svcdesk.reports import xlsx

    return xlsx.write(data, target, context)


def pictures(desk: Desk, data: ReportData, folder: Path, context: JobContext) -> list[Path]:
    """Write each chart as PNG (300 dpi) and SVG into ``folder`` and return the files."""
    desk.require(Permission.MAKE_REPORTS)
    from svcdesk.reports.pdf.pictures_out import picture_of, write_png, write_svg

    blocks = [block for section in data.sections for block in section.blocks]
    written: list[Path] = []
    for place, block in enumerate(blocks):
        context.check()
        context.progress(place, len(blocks), DRAWING)
        drawn = picture_of(block)
        if drawn is None or not isinstance(block, Figure | Multiples | Fishbone):
            continue
        sheet, description = drawn
        name = f"{len(written) // 2 + 1:02d} {_file_name(block.caption)}"
        written += [folder / f"{name}.png", folder / f"{name}.svg"]
        write_png(sheet, written[-2])
        write_svg(sheet, written[-1], block.caption, description)
    return written


def short_text(desk: Desk, data: ReportData) -> str:
    """Return a report as a short text for a chat group."""
    desk.require(Permission.MAKE_REPORTS)
    from svcdesk.reports.text import short

    return short(data)


def text(desk: Desk, data: ReportData, target: Path) -> None:
    """Write a report as a short text for a chat group."""
    found = short_text(desk, data)
    with into_place(target) as draft:
        draft.write_text(found, encoding="utf-8")


def _file_name(title: str) -> str:
    return re.sub(r'[\\/:*?"<>|\s]+', " ", title).strip(" .")[:60] or "chart"
