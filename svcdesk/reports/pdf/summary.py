"""KPI cells and bullet bars of the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.reports.pdf.canvas import Sheet
from svcdesk.reports.pdf.charts.rows import Names
from svcdesk.reports.pdf.charts.sideways import bullet
from svcdesk.reports.pdf.fonts import fit, width
from svcdesk.reports.pdf.styles import MICRO, SMALL, colour

if TYPE_CHECKING:
    from svcdesk.i18n.catalog import Translator
    from svcdesk.reports.model import Bullets, KpiCell, KpiGrid

VALUE = 17.0
CELL, GAP, ACROSS = 72.0, 12.0, 4
Links = tuple[tuple[float, float, float, float, str], ...]


def judgement(t: Translator, *, met: bool | None) -> tuple[str, str]:
    """Return sign and word of a judgement, and its colour token."""
    if met is None:
        return "", "text-3"
    return ("● " + t("met"), "ok") if met else ("◇ " + t("missed"), "danger")


def kpis(grid: KpiGrid, t: Translator, room: float) -> tuple[Sheet, Links]:
    """Return the KPI cells, four a row, and where their names lead."""
    rows = -(-len(grid.cells) // ACROSS)
    wide = (room - (ACROSS - 1) * GAP) / ACROSS
    down = _verdict_line(grid, t, wide)
    tall = CELL + (8.0 if down > CELL - 10 else 0.0)
    sheet = Sheet(room, rows * tall)
    links = []
    for index, cell in enumerate(grid.cells):
        x = (index % ACROSS) * (wide + GAP)
        top = sheet.height - (index // ACROSS) * tall
        _cell(sheet, cell, t, (x, top, wide), down)
        if cell.metric:
            links.append((x, top - 20, x + wide, top - 3, f"m:{cell.metric}"))
    return sheet, tuple(links)


def _verdict_line(grid: KpiGrid, t: Translator, wide: float) -> float:
    """Return how far below its cell's top every verdict stands: beside all names, else all values.

    Where neither has room for the longest, a line of their own.
    """
    judged = [cell for cell in grid.cells if cell.met is not None]
    words = [width(judgement(t, met=cell.met)[0], MICRO, bold=True) + 6 for cell in judged]
    for down, used in (
        (15.0, [width(cell.name, SMALL, bold=True) for cell in judged]),
        (34.0, [width(c.value, VALUE, bold=True) + 3 + width(c.unit, SMALL) for c in judged]),
    ):
        if all(one + word <= wide for one, word in zip(used, words, strict=True)):
            return down
    return 69.0


def _cell(sheet: Sheet, cell: KpiCell, t: Translator, at: tuple[float, float, float],
          down: float) -> None:  # fmt: skip
    x, top, wide = at
    rule = colour("danger") if cell.met is False else colour("strong")
    sheet.line(x, top - 2, x + wide, top - 2, rule, 1.5)
    size = SMALL
    while width(cell.name, size, bold=True) > wide and size > 7.5:
        size -= 0.25
    sheet.text(x, top - 15, fit(cell.name, size, wide, bold=True), size, "text", bold=True)
    number = VALUE
    while width(cell.value, number, bold=True) + 3 + width(cell.unit, SMALL) > wide and number > 9:
        number -= 0.5
    sheet.text(x, top - 35, cell.value, number, "text", bold=True)
    unit = x + width(cell.value, number, bold=True) + 3
    sheet.text(unit, top - 35, fit(cell.unit, SMALL, max(x + wide - unit, 8)), SMALL, "text-3")
    details = cell.details
    if width(details, MICRO) > wide:
        details = details.replace("　", " ")
    sheet.text(x, top - 48, fit(details, MICRO, wide), MICRO, "text-2")
    change = "" if cell.improved is None else t("better") if cell.improved else t("worse")
    told = fit(cell.comparison, MICRO, wide - width(change, MICRO, bold=True) - 8)
    sheet.text(x, top - 59, told, MICRO, "text-2")
    tone = "ok" if cell.improved else "danger"
    sheet.text(x + width(told, MICRO) + 8, top - 59, change, MICRO, tone, bold=True)
    word, tone = judgement(t, met=cell.met)
    if down < CELL - 10:
        sheet.text(x + wide, top - down, word, MICRO, tone, "end", bold=True)
    else:
        sheet.text(x, top - down, word, MICRO, tone, bold=True)


def bullets(block: Bullets, t: Translator, room: float) -> tuple[Sheet, Links]:
    """Return the bullet bars with value, target and verdict, and where their names lead."""
    names = Names([row.name for row in block.rows], room)
    height = max(17.0, names.tallest + 4)
    sheet = Sheet(room, height * len(block.rows) + 4)
    words = max(width(judgement(t, met=met)[0], SMALL, bold=True) for met in (True, False))
    targets = max([width(row.shown_target, SMALL) for row in block.rows] + [10])
    values = max([width(row.shown, SMALL, bold=True) for row in block.rows] + [10])
    right = room - words - targets - values - 32
    links = []
    for index, row in enumerate(block.rows):
        middle = sheet.height - 2 - (index + 0.5) * height
        names.write(sheet, index, middle)
        where = (names.left, right, middle)
        bullet(sheet, where, row.scale, [row.value, row.target, row.previous])
        end = right + 12 + values
        sheet.text(end, middle - 3, row.shown, SMALL, "text", "end", bold=True)
        sheet.text(end + 8 + targets, middle - 3, row.shown_target, SMALL, "text-2", "end")
        word, tone = judgement(t, met=row.met)
        sheet.text(room, middle - 3, word, SMALL, tone, "end", bold=True)
        if row.metric:
            half = height / 2
            links.append((0.0, middle - half, names.left, middle + half, f"m:{row.metric}"))
    return sheet, tuple(links)
