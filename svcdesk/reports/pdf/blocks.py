"""Blocks of a report -> what reportlab lays out on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from svcdesk.domain.chart import ChartKind, ChartSpec
from svcdesk.reports.model import (
    Block,
    Bullets,
    Column,
    Figure,
    Heading,
    KpiGrid,
    Note,
    Numbered,
    Pair,
    Paragraph,
    Table,
)
from svcdesk.reports.pdf import styles
from svcdesk.reports.pdf.canvas import Sheet
from svcdesk.reports.pdf.charts import draw
from svcdesk.reports.pdf.fonts import BOLD, REGULAR, fit, is_cjk, printable, width, wrap
from svcdesk.reports.pdf.styles import MICRO, SMALL, colour, paragraph_style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.i18n.catalog import Translator

CHUNK = 400  # rows of one layout table: longer ones get slow out of proportion
SHORT = 12  # rows of a table that is kept on one page
PADDING = 3.0


class Counters:
    """Numbers figures and tables through the report: 图1, 表1."""

    def __init__(self, t: Translator) -> None:
        self.t = t
        self.figures = 0
        self.tables = 0

    def figure(self) -> str:
        """Return the next figure's number."""
        self.figures += 1
        return self.t("Figure {n}").format(n=self.figures)

    def table(self) -> str:
        """Return the next table's number."""
        self.tables += 1
        return self.t("Table {n}").format(n=self.tables)


def flow(block: Block, counters: Counters) -> list[Any]:
    """Return the flowables of one block."""
    if isinstance(block, Heading):
        return [_heading(block)]
    if isinstance(block, Paragraph):
        return [_paragraph(block, counters.t)]
    if isinstance(block, Note):
        return [_text(block.text, "note")]
    if isinstance(block, Numbered):
        return [_text(text, "numbered", bullet=f"{n}.") for n, text in enumerate(block.items, 1)]
    if isinstance(block, KpiGrid):
        return [_kpis(block, counters.t)]
    if isinstance(block, Bullets):
        return [_kept([_bullets(block, counters.t), _caption(counters.figure(), block.caption)])]
    if isinstance(block, Figure):
        return [_figure(block, counters)]
    if isinstance(block, Pair):
        return [_pair(block, counters)]
    if not isinstance(block, Table):
        raise TypeError(type(block).__name__)  # a block that paper does not draw
    return _table(block, counters, styles.WIDTH)


def _text(text: str, style: str, bullet: str | None = None, room: float = styles.WIDTH) -> Any:
    """Return a text, broken into lines by the rules of Chinese typesetting."""
    from reportlab.platypus import Paragraph as Flowable

    look = paragraph_style(style)
    lines = wrap(printable(text), look.fontSize, room - look.leftIndent)
    return Flowable("<br/>".join(escape(line) for line in lines), look, bulletText=bullet)


def _paragraph(block: Paragraph, t: Translator) -> Any:
    if not block.typed:
        return _text(block.text, "text")
    from reportlab.platypus import Table as Grid

    mark = _text(block.text + t("  (typed by the supervisor)"), "typed")
    return Grid([[mark]], colWidths=[styles.WIDTH],
                style=[("LINEBEFORE", (0, 0), (0, 0), 2, colour("strong")),
                       ("LEFTPADDING", (0, 0), (0, 0), 2), ("BOTTOMPADDING", (0, 0), (0, 0), 0)])  # fmt: skip


def _heading(block: Heading) -> Any:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph as Flowable

    size = styles.H2 if block.level == 2 else styles.TEXT
    style = ParagraphStyle(
        f"h{block.level}", fontName=BOLD, fontSize=size, leading=size * 1.4, textColor=colour("text"),
        spaceBefore=8, spaceAfter=4, keepWithNext=1, wordWrap="CJK",
    )  # fmt: skip
    return Flowable(escape(printable(block.text)), style)


def _kept(flowables: list[Any]) -> Any:
    from reportlab.platypus import KeepTogether

    return KeepTogether(flowables)


def _caption(number: str, text: str, *, left: bool = False, kept: bool = True) -> Any:
    from reportlab.lib.enums import TA_CENTER, TA_LEFT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph as Flowable

    style = ParagraphStyle(
        "caption", fontName=REGULAR, fontSize=SMALL, leading=SMALL * 1.4, textColor=colour("text-2"),
        alignment=TA_LEFT if left else TA_CENTER, spaceBefore=3 if left else 2,
        spaceAfter=3 if left else 9, keepWithNext=int(left and kept), wordWrap="CJK",
    )  # fmt: skip
    return Flowable(f'<font name="{BOLD}">{number}</font>　{escape(printable(text))}', style)


def _says_nothing(chart: ChartSpec) -> bool:
    """Whether a chart would show only its axes: no value, or nothing but zeros."""
    if chart.kind is ChartKind.LINE:
        return chart.empty
    return chart.empty or not any(v for series in chart.series for v in series.values)


def _figure(block: Figure, counters: Counters) -> Any:
    if _says_nothing(block.chart):
        return _kept([_text(counters.t("No data in this reporting period."), "note"),
                      _caption(counters.figure(), block.caption)])  # fmt: skip
    return _kept([draw(block.chart), _caption(counters.figure(), block.caption)])


# -- tables ----------------------------------------------------------------------------------


def _widths(table: Table, room: float) -> list[float]:
    """Return the column widths: fixed shares, the rest by what the cells need."""
    natural = []
    for index, column in enumerate(table.columns):
        cells = [column.title, *(row[index] for row in table.rows[:200])]
        natural.append(max(width(cell, SMALL, bold=True) for cell in cells) + 2 * PADDING + 1)
    fixed = {i: c.share * room for i, c in enumerate(table.columns) if c.share}
    left = room - sum(fixed.values())
    free = [i for i in range(len(table.columns)) if i not in fixed]
    needed = sum(natural[i] for i in free)
    result = [fixed.get(i, 0.0) for i in range(len(table.columns))]
    if needed <= left:
        extra = (left - needed) / max(1, len(free))
        for i in free:
            result[i] = natural[i] + extra
    else:
        # names keep their room (up to a third), narrow columns too; the widest others give way
        kept = free[0] if free and natural[free[0]] <= room * 0.31 else None
        if kept is not None:
            result[kept] = natural[kept]
            left -= natural[kept]
        others = [i for i in free if i != kept]
        limit = _level([natural[i] for i in others], left)
        for i in others:
            result[i] = min(natural[i], limit)
    return result


def _level(needs: Sequence[float], room: float) -> float:
    """Return the width at which the widest columns are cut so that all fit ``room``."""
    ordered = sorted(needs)
    for position, need in enumerate(ordered):
        share = room / (len(ordered) - position)
        if need > share:
            return share
        room -= need
    return max(ordered, default=0.0)


def _style(table: Table, rows: int, *, head: bool, foot: bool) -> list[Any]:
    line = colour("text")
    style: list[Any] = [
        ("FONT", (0, 0), (-1, -1), REGULAR, SMALL, SMALL * 1.4),
        ("TEXTCOLOR", (0, 0), (-1, -1), colour("text")),
        ("LEFTPADDING", (0, 0), (-1, -1), PADDING), ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
        ("VALIGN", (0, 0), (-1, -1), "TOP" if table.wrap else "MIDDLE"),
        ("LINEBELOW", (0, 1), (-1, rows - 1), 0.3, colour("border")),
        ("FONT", (0, 0), (-1, 0), BOLD, SMALL, SMALL * 1.4),
        ("LINEABOVE", (0, 0), (-1, 0), 1 if head else 0.5, line),
        ("LINEBELOW", (0, 0), (-1, 0), 0.5, line),
    ]  # fmt: skip
    if foot:
        style.append(("LINEBELOW", (0, rows), (-1, rows), 1, line))
        if table.total:
            style.append(("FONT", (0, rows), (-1, rows), BOLD, SMALL, SMALL * 1.4))
    for index, column in enumerate(table.columns):
        if column.right:
            style.append(("ALIGN", (index, 0), (index, -1), "RIGHT"))
    return style


def _cells(
    table: Table, widths: Sequence[float], row: Sequence[str], *, bold: bool = False
) -> list[Any]:
    if table.wrap and not bold:
        return [
            _text(cell, "cell-right" if column.right else "cell", room=room - 2 * PADDING)
            for cell, column, room in zip(row, table.columns, widths, strict=True)
        ]
    return [
        _in_two_lines(printable(cell), room - 2 * PADDING, bold=bold)
        for cell, room in zip(row, widths, strict=True)
    ]


def _in_two_lines(text: str, room: float, *, bold: bool) -> str:
    """Return a cell's text broken into two lines at most."""
    if width(text, SMALL, bold=bold) <= room:
        return text
    first, *rest = wrap(text, SMALL, room, bold=bold)
    gap = "" if not rest or is_cjk(first[-1]) else " "
    return first + "\n" + fit(gap.join(rest), SMALL, room, bold=bold) if rest else first


def _table(table: Table, counters: Counters, room: float, *, kept: bool = True) -> list[Any]:
    from reportlab.platypus import CondPageBreak, Spacer
    from reportlab.platypus import Table as Grid

    short = len(table.rows) <= SHORT
    found: list[Any] = [_caption(counters.table(), table.caption, left=True, kept=short)]
    if not short and kept:
        found.insert(0, CondPageBreak(110))
    if not table.rows:
        return [*found, _text(counters.t("No data in this reporting period."), "note")]
    widths = _widths(table, room)
    head = _cells(table, widths, [column.title for column in table.columns], bold=True)
    for start in range(0, len(table.rows), CHUNK):
        part = table.rows[start : start + CHUNK]
        last = start + CHUNK >= len(table.rows)
        body = [
            _cells(table, widths, row, bold=table.total and last and index == len(part) - 1)
            for index, row in enumerate(part)
        ]
        found.append(
            Grid([head, *body], colWidths=widths, repeatRows=1, splitByRow=1, hAlign="LEFT",
                 style=_style(table, len(part), head=start == 0, foot=last))
        )  # fmt: skip
    found.extend(_text(note, "note") for note in table.notes)
    found.append(Spacer(1, 6))
    return [_kept(found)] if kept and short else found


def _pair(pair: Pair, counters: Counters) -> Any:
    from reportlab.platypus import Table as Grid

    gap = 14.0
    room = (styles.WIDTH - gap) / 2
    cells = [_table(one, counters, room, kept=False) for one in (pair.left, pair.right)]
    return Grid([[cells[0], "", cells[1]]], colWidths=[room, gap, room], hAlign="LEFT",
                style=[("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                       ("VALIGN", (0, 0), (-1, -1), "TOP"),
                       ("FONT", (0, 0), (-1, -1), REGULAR, SMALL)])  # fmt: skip


# -- KPI cells and bullets ---------------------------------------------------------------------


def judgement(t: Translator, *, met: bool | None) -> tuple[str, str]:
    """Return sign and word of a judgement, and its colour token."""
    if met is None:
        return "", "text-3"
    return ("● " + t("met"), "ok") if met else ("◇ " + t("missed"), "danger")


def _kpis(grid: KpiGrid, t: Translator) -> Any:
    rows = (len(grid.cells) + 3) // 4
    cell_height, gap = 72.0, 12.0
    cell_width = (styles.WIDTH - 3 * gap) / 4
    sheet = Sheet(styles.WIDTH, rows * cell_height)
    for index, cell in enumerate(grid.cells):
        x = (index % 4) * (cell_width + gap)
        top = sheet.height - (index // 4) * cell_height
        rule = colour("danger") if cell.met is False else colour("strong")
        sheet.line(x, top - 2, x + cell_width, top - 2, rule, 1.5)
        word, tone = judgement(t, met=cell.met)
        taken = width(cell.value, 17, bold=True) + 3 + width(cell.unit, SMALL)
        change = "" if cell.improved is None else t("better") if cell.improved else t("worse")
        offset = width(cell.comparison, MICRO) + 8
        room = cell_width - width(word, MICRO, bold=True) - 5
        # the verdict stands where there is room: by the name, the value, the comparison, or below
        lines = (
            (15, width(cell.name, SMALL, bold=True)),
            (34, taken),
            (59, offset + width(change, MICRO, bold=True)),
        )
        down = next((down for down, used in lines if used <= room), 68)
        sheet.text(x + cell_width, top - down, word, MICRO, tone, "end", bold=True)
        size = SMALL
        while width(cell.name, size, bold=True) > cell_width and size > 7.5:
            size -= 0.25
        name = fit(cell.name, size, cell_width, bold=True)
        sheet.text(x, top - 15, name, size, "text", bold=True)
        sheet.text(x, top - 35, cell.value, 17, "text", bold=True)
        sheet.text(x + width(cell.value, 17, bold=True) + 3, top - 35, cell.unit, SMALL, "text-3")
        sheet.text(x, top - 48, fit(cell.details, MICRO, cell_width), MICRO, "text-2")
        sheet.text(x, top - 59, cell.comparison, MICRO, "text-2")
        if change:
            tone = "ok" if cell.improved else "danger"
            sheet.text(x + offset, top - 59, change, MICRO, tone, bold=True)
    return sheet.drawing


def _bullets(block: Bullets, t: Translator) -> Any:
    row_height = 17.0
    sheet = Sheet(styles.WIDTH, row_height * len(block.rows) + 4)
    left = max([width(row.name, SMALL) for row in block.rows] + [40]) + 10
    words = max(width(judgement(t, met=met)[0], SMALL, bold=True) for met in (True, False))
    targets = max([width(row.shown_target, SMALL) for row in block.rows] + [10])
    values = max([width(row.shown, SMALL, bold=True) for row in block.rows] + [10])
    right = styles.WIDTH - words - targets - values - 32
    for index, row in enumerate(block.rows):
        y = sheet.height - (index + 1) * row_height + 2
        sheet.text(left - 8, y + 3, row.name, SMALL, "text", "end")
        sheet.box(left, y, right - left, 12, colour("neutral-soft"))

        def x(value: float, row: Any = row) -> float:
            return left + max(0.0, min(1.0, value / row.scale if row.scale else 0.0)) * (
                right - left
            )

        if row.value is not None:
            sheet.box(left, y + 3, x(row.value) - left, 6, styles.series_colour(0))
        if row.previous is not None:
            sheet.ring(x(row.previous), y + 6, styles.series_colour(1))
        if row.target is not None:
            sheet.line(x(row.target), y - 1, x(row.target), y + 13, colour("text"), 1.6)
        end = right + 12 + values
        sheet.text(end, y + 3, row.shown, SMALL, "text", "end", bold=True)
        sheet.text(end + 8 + targets, y + 3, row.shown_target, SMALL, "text-2", "end")
        word, tone = judgement(t, met=row.met)
        sheet.text(styles.WIDTH, y + 3, word, SMALL, tone, "end", bold=True)
    return sheet.drawing


def column(title: str, *, right: bool = False, share: float = 0.0) -> Column:
    """Return a table column; short for the collectors."""
    return Column(title, right, share)
