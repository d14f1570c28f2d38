"""A plan by week: tasks as bars over the weeks of a quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.reports.pdf.canvas import Sheet
from svcdesk.reports.pdf.fonts import fit, width, wrap
from svcdesk.reports.pdf.styles import MICRO, SMALL, colour, series_colour

if TYPE_CHECKING:
    from svcdesk.i18n.catalog import Translator
    from svcdesk.reports.model import Plan, Task

ROW, GROUP, HEAD = 17.0, 18.0, 16.0
NAMES, OWNERS = 0.3, 0.11


class _Grid:
    def __init__(self, plan: Plan, room: float) -> None:
        self.room = room
        widest = max([width(task.name, SMALL) for task in plan.tasks] + [60.0]) + 10
        owners = max([width(task.owner, SMALL) for task in plan.tasks] + [20.0]) + 10
        self.names = min(widest, room * NAMES)
        self.owners = min(owners, room * OWNERS)
        self.left = self.names + self.owners
        self.week = (room - self.left) / max(1, len(plan.columns))

    def x(self, column: float) -> float:
        return self.left + self.week * column


def plans(plan: Plan, t: Translator, room: float, most: float) -> list[Sheet]:
    """Return the plan as drawings of at most ``most`` points, each with the weeks on top."""
    grid = _Grid(plan, room)
    headings = dict(plan.groups)
    parts: list[list[tuple[str | Task, float]]] = [[]]
    used = HEAD
    for place, task in enumerate(plan.tasks):
        lines = min(2, len(wrap(task.name, SMALL, grid.names - 8)))
        height = ROW + (lines - 1) * 11
        heading = headings.get(place)
        if parts[-1] and used + height + (GROUP if heading else 0) > most:
            parts.append([])
            used = HEAD
        if heading:
            parts[-1].append((heading, GROUP))
            used += GROUP
        parts[-1].append((task, height))
        used += height
    return [_sheet(plan, grid, part, t) for part in parts if part]


def _sheet(plan: Plan, grid: _Grid, part: list[tuple[str | Task, float]], t: Translator) -> Sheet:
    sheet = Sheet(grid.room, HEAD + sum(height for _one, height in part) + 2)
    top = sheet.height - HEAD
    sheet.text(2, top + 5, t("Task"), MICRO, "text", bold=True)
    sheet.text(grid.names, top + 5, t.p("plan", "Owner"), MICRO, "text", bold=True)
    for column, name in enumerate(plan.columns):
        x = grid.x(column)
        sheet.text(x + grid.week / 2, top + 5, fit(name, 7.5, grid.week), 7.5, "text-2", "middle")
        sheet.line(x, 1, x, top, colour("grid"), 0.4)
    sheet.line(0, top, grid.room, top, colour("text"), 0.6)
    if plan.today is not None:
        x = grid.x(plan.today)
        sheet.line(x, 1, x, top, colour("text-2"), 0.8, dash=(3, 2))
    y = top
    for one, height in part:
        y -= height
        if isinstance(one, str):
            sheet.text(2, y + 5, fit(one, SMALL, grid.room, bold=True), SMALL, "text", bold=True)
        else:
            _task(sheet, grid, one, y, height)
        sheet.line(0, y, grid.room, y, colour("border"), 0.3)
    return sheet


def _task(sheet: Sheet, grid: _Grid, task: Task, y: float, height: float) -> None:
    lines = wrap(task.name, SMALL, grid.names - 8)
    if len(lines) > 2:
        lines = [lines[0], fit("".join(lines[1:]), SMALL, grid.names - 8)]
    at = y + height - 12
    for line in lines:
        sheet.text(2, at, line, SMALL)
        at -= 11
    sheet.text(
        grid.names, y + height - 12, fit(task.owner, SMALL, grid.owners - 6), SMALL, "text-2"
    )
    x1, x2 = grid.x(task.first) + 1.5, grid.x(task.last + 1) - 1.5
    middle = y + height / 2
    sheet.box(x1, middle - 4, x2 - x1, 8, series_colour(4), outline=True)
    done = max(0.0, min(1.0, task.done))
    if done:
        sheet.box(x1, middle - 4, (x2 - x1) * done, 8, series_colour(0))
        told = f"{100 * done:.0f}%"
        room = grid.room - x2 - 2
        if width(told, 7.5) < room:
            sheet.box(x2 + 1.5, middle - 4, width(told, 7.5) + 2, 8, colour("surface"))
            sheet.text(x2 + 2.5, middle - 2.8, told, 7.5, "text-2")
