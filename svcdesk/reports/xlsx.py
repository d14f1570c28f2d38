"""A report as a workbook: a sheet per section, numbers as numbers, charts as Excel's own charts.

The cells hold what the report prints: the same rounded values with the same signs and units, as
numbers that Excel can add. Texts are written as texts, so that nothing becomes a formula.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svcdesk.domain.cause_drawing import ladder, walk
from svcdesk.domain.chart import ChartKind, ChartSpec, step_shares
from svcdesk.i18n.catalog import translator
from svcdesk.reports import model
from svcdesk.reports.into_place import into_place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svcdesk.domain.chart import Series
    from svcdesk.i18n.catalog import Translator
    from svcdesk.reports.model import Block, ReportData, Section
    from svcdesk.system.job import JobContext

SHEET_NAME = 31  # most characters that Excel allows
WIDTHS = (34.0, 16.0)  # of the first column, of the others, in characters
CHART_ROWS = 16
COLORS = ("#2E5AAC", "#78C8F0", "#D55E00", "#009E73", "#882255", "#CC79A7", "#999999", "#E69F00")
# a displayed number: sign, digits, percent or unit behind it; marks such as ※ stay outside
_NUMBER = re.compile(
    r"(?P<arrow>[↑↓]?)(?P<sign>[+\-−±]?)(?P<digits>\d[\d,]*(?:\.\d+)?)(?P<unit>%?[^\d/:]*)"
)
_LINES = frozenset({ChartKind.LINE})
_STACKED = frozenset({ChartKind.STACKED, ChartKind.STACKED_COLUMNS})
_UPRIGHT = frozenset({ChartKind.COLUMNS, ChartKind.STACKED_COLUMNS, ChartKind.PARETO})


@dataclass(frozen=True)
class Cell:
    """A displayed text as a number with the format that displays it so again."""

    value: float
    form: str


@dataclass(frozen=True)
class _Area:
    """Where the data of a chart stand: the page, the row of the headings, the last row."""

    page: str
    head: int
    last: int


def number(text: str) -> Cell | None:
    """Return the number that a displayed text is, ``None`` when it is none.

    ``85.1%`` is 0.851 as ``0.0%``, ``12.6工作分钟`` is 12.6 as ``0.0"工作分钟"``; codes, dates,
    fractions and ranges are texts.
    """
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    digits, unit = found["digits"], found["unit"]
    if re.fullmatch(r"0\d+", digits):  # a code
        return None
    value = float(digits.replace(",", ""))
    places = len(digits.partition(".")[2])
    form = ("#,##0" if "," in digits else "0") + ("." + "0" * places if places else "")
    falls = found["sign"] in {"-", "−"} or found["arrow"] == "↓"
    percent = unit.startswith("%")
    if percent:
        value, form, unit = value / 100, form + "%", unit[1:]
    if unit:
        form += '"' + unit.replace('"', '""') + '"'
    if found["arrow"]:
        form = f'"↑"{form};"↓"{form};{form}'
    elif found["sign"]:
        form = f'"+"{form};"−"{form};{form}'
    return Cell(-value if falls else value, form)


def write(data: ReportData, target: Path, context: JobContext) -> int:
    """Write the report as a workbook and return its number of sheets."""
    import xlsxwriter

    with into_place(target) as draft:
        book = xlsxwriter.Workbook(
            str(draft), {"strings_to_formulas": False, "strings_to_urls": False}
        )
        book.set_properties(
            {"title": data.title, "author": data.author, "company": data.organisation,
             "subject": data.period_range, "comments": f"{data.version}  {data.cutoff}"}
        )  # fmt: skip
        writer = _Writer(book, translator(data.language))
        writer.cover(data)
        for place, section in enumerate(data.sections):
            context.check()
            context.progress(place, len(data.sections), section.title)
            writer.section(section)
        book.close()
    return len(data.sections) + 1


class _Writer:
    """The workbook while it is written, row by row."""

    def __init__(self, book: Any, t: Translator) -> None:
        self.book, self.t = book, t
        self._forms: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._names: set[str] = set()
        self.page: Any = None
        self.row = 0
        self._figures = self._tables = 0

    def form(self, **properties: Any) -> Any:
        """Return a format, each kind once."""
        key = tuple(sorted(properties.items()))
        if key not in self._forms:
            self._forms[key] = self.book.add_format({"valign": "top", **properties})
        return self._forms[key]

    def _begin(self, name: str) -> None:
        base = re.sub(r"[\[\]:*?/\\]", " ", name).strip("' ")[:SHEET_NAME] or "-"
        found, copy = base, 1
        while found.casefold() in self._names:
            copy += 1
            found = base[: SHEET_NAME - len(str(copy)) - 1] + f" {copy}"
        self._names.add(found.casefold())
        self.page = self.book.add_worksheet(found)
        self.page.set_column(0, 0, WIDTHS[0])
        self.page.set_column(1, 12, WIDTHS[1])
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)
        self.page.hide_gridlines(1)
        self.row = 0

    def line(self, *cells: str, **properties: Any) -> None:
        """Write one row of displayed texts."""
        for column, text in enumerate(cells):
            self.cell(column, text, **properties)
        self.row += 1

    def cell(self, column: int, text: str, **properties: Any) -> None:
        """Write a displayed text as the number or text that it is."""
        found = number(text)
        if found is None:
            self.page.write_string(self.row, column, text, self.form(**properties))
        else:
            form = self.form(num_format=found.form, align="right", **properties)
            self.page.write_number(self.row, column, found.value, form)

    def text(self, text: str, **properties: Any) -> None:
        """Write a text over the width of the page; its row is as high as its lines."""
        form = self.form(text_wrap=True, **properties)
        lines = sum(
            max(1, -(-len(part.encode("gbk", "replace")) // 110)) for part in text.split("\n")
        )
        self.page.merge_range(self.row, 0, self.row, 6, "", form)
        self.page.write_string(self.row, 0, text, form)
        self.page.set_row(self.row, 16.0 * lines)
        self.row += 1

    def cover(self, data: ReportData) -> None:
        """Write the first sheet: what the report is, of when, by whom, and its sections."""
        t = self.t
        self._begin(t("Cover"))
        self.line(data.title, bold=True, font_size=18)
        for name, value in (
            (t("Organisation"), data.organisation), (t("Period"), data.period_range),
            (t("Data cut-off"), data.cutoff), (t("Version"), data.version),
            (t("Author"), data.author), (t("Reviewer"), data.reviewer),
            (t("Confidentiality"), data.confidentiality),
        ):  # fmt: skip
            self.page.write_string(self.row, 0, name, self.form(font_color="#5A6472"))
            self.page.write_string(self.row, 1, value, self.form())
            self.row += 1
        self.row += 1
        for figure in data.cover:
            self.line(figure.name, f"{figure.value}{figure.unit}", figure.note)
        self.row += 1
        for section in data.sections:
            number_, gap = section.number, "、" if t.chinese and len(section.number) < 3 else "  "
            head = (
                f"{number_}{gap}"
                if number_ and not section.title.startswith(("附录", "App"))
                else ""
            )
            self.page.write_string(self.row, 0, head + section.title, self.form())
            self.row += 1

    def section(self, section: Section) -> None:
        """Write a section on a sheet of its own."""
        self._begin(section.title)
        self.line(section.title, bold=True, font_size=14)
        self.row += 1
        for block in section.blocks:
            self.block(block)

    def block(self, block: Block) -> None:
        """Write one block."""
        simple: dict[type, Callable[[Any], None]] = {
            model.Heading: lambda b: self.line(b.text, bold=True, font_size=12),
            model.Paragraph: lambda b: self.text(b.text),
            model.Blank: lambda b: self.text(f"[{b.prompt}]", italic=True, font_color="#5A6472"),
            model.Note: lambda b: self.text(b.text, font_color="#5A6472", font_size=9),
            model.Quote: lambda b: self.text(f"“{b.text}”  {b.source}", italic=True),
            model.Numbered: self._numbered,
            model.KpiGrid: self._kpis,
            model.Bullets: self._bullets,
            model.Table: self._table,
            model.Pair: lambda b: self._each(self._table, (b.left, b.right)),
            model.Figure: lambda b: self._figure(b.chart, b.caption),
            model.Multiples: lambda b: self._each(lambda c: self._figure(c, c.title), b.charts),
            model.Ladder: self._ladder,
            model.Fishbone: self._fishbone,
            model.Plan: self._plan,
            model.Picture: self._picture,
            model.Beside: lambda b: self._each(self.block, (*b.left, *b.right)),
            model.NewPage: lambda _b: None,
        }
        simple[type(block)](block)

    def _each(self, write: Callable[[Any], None], parts: Sequence[Any]) -> None:
        for part in parts:
            write(part)

    def _numbered(self, block: model.Numbered) -> None:
        for place, item in enumerate(block.items, start=1):
            self.text(f"{place}. {item}")

    def _caption(self, text: str, *, figure: bool) -> None:
        if figure:
            self._figures += 1
        else:
            self._tables += 1
        count = self._figures if figure else self._tables
        label = self.t("Figure {n}") if figure else self.t("Table {n}")
        self.line(f"{label.format(n=count)}  {text}", bold=True, font_color="#5A6472")

    def _head(self, titles: Sequence[str]) -> None:
        for column, title in enumerate(titles):
            form = self.form(
                bold=True, bottom=1, text_wrap=True, align="left" if not column else "right"
            )
            self.page.write_string(self.row, column, title, form)
        self.row += 1

    def _table(self, table: model.Table) -> None:
        self._caption(table.caption, figure=False)
        self._head([column.title for column in table.columns])
        for place, row in enumerate(table.rows):
            last = table.total and place == len(table.rows) - 1
            look = {"bold": True, "top": 1} if last else {}
            for column, text in enumerate(row):
                if column == 0 or not table.columns[column].right:
                    wrapped = {**look, "text_wrap": True} if table.wrap else look
                    self.page.write_string(self.row, column, text, self.form(**wrapped))
                else:
                    self.cell(column, text, **look)
            self.row += 1
        if not table.rows:
            self.line(self.t("No data in this reporting period."), italic=True)
        for note in table.notes:
            self.text(note, font_color="#5A6472", font_size=9)
        self.row += 1

    def _kpis(self, grid: model.KpiGrid) -> None:
        t = self.t
        self._head([t("Metric"), t("Value"), t("Unit"), t("Details"), t("Compared")])
        for cell in grid.cells:
            self.line(cell.name, cell.value, cell.unit, cell.details, cell.comparison)
        self.row += 1

    def _bullets(self, block: model.Bullets) -> None:
        t = self.t
        self._caption(block.caption, figure=True)
        self._head([t("Metric"), t("Value"), t("Target"), t("Judgement")])
        for row in block.rows:
            verdict = "—" if row.met is None else t("met") if row.met else t("missed")
            self.line(row.name, row.shown, row.shown_target, verdict)
        self.row += 1

    def _ladder(self, block: model.Ladder) -> None:
        t = self.t
        self._caption(block.caption, figure=True)
        self._head([t("Why?"), t("Answer"), t("Evidence"), t("Root cause")])
        for step in ladder(block.whys):
            why = step.why
            root = "●" if why.root else ""
            self.line(f"{step.number} {why.question}", why.answer, why.evidence, root)
        self.row += 1

    def _fishbone(self, block: model.Fishbone) -> None:
        self._caption(block.caption, figure=True)
        self.line(block.diagram.problem, block.diagram.details, bold=True)
        for bone in block.diagram.bones:
            for cause, depth in walk(bone.causes):
                self.line(bone.name, "  " * depth + cause.text, cause.evidence)
        self.row += 1

    def _plan(self, block: model.Plan) -> None:
        t = self.t
        self._caption(block.caption, figure=True)
        self._head([t("Task"), t("Owner"), t("From"), t("To"), t("Progress")])
        groups = dict(block.groups)
        for place, task in enumerate(block.tasks):
            if place in groups:
                self.line(groups[place], bold=True)
            self.line(task.name, task.owner, block.columns[task.first], block.columns[task.last],
                      f"{round(100 * task.done)}%")  # fmt: skip
        self.row += 1

    def _picture(self, block: model.Picture) -> None:
        if Path(block.path).is_file():
            self.page.insert_image(self.row, 0, block.path, {"x_scale": 0.5, "y_scale": 0.5})
            self.row += CHART_ROWS
        if block.caption:
            self._caption(block.caption, figure=True)

    # -- charts ----------------------------------------------------------------------------

    def _figure(self, chart: ChartSpec, caption: str) -> None:
        self._caption(caption, figure=True)
        if chart.empty:
            self.line(self.t("No data in this reporting period."), italic=True)
            self.row += 1
            return
        first = self.row
        self._head(["", *(series.name or chart.title for series in chart.series)])
        for place, category in enumerate(chart.categories):
            self.page.write_string(self.row, 0, category, self.form())
            for column, series in enumerate(chart.series, start=1):
                value = series.values[place]
                if value is not None:
                    form = self.form(
                        num_format="0" + ("." + "0" * chart.decimals if chart.decimals else "")
                    )
                    self.page.write_number(self.row, column, value, form)
            self.row += 1
        if chart.kind is ChartKind.FUNNEL:
            for place, share in enumerate(step_shares(chart)):
                if share is not None:
                    form = self.form(num_format="0.0%")
                    self.page.write_number(first + 1 + place, 2, share / 100, form)
        last = self.row - 1
        self.row += 1
        if chart.kind is ChartKind.HEAT:
            area = (first + 1, 1, last, len(chart.series))
            scale = {"type": "2_color_scale", "min_color": "#EFF4FB", "max_color": "#2E5AAC"}
            self.page.conditional_format(*area, scale)
            return
        self.page.insert_chart(self.row, 0, self._drawn(chart, first, last))
        self.row += CHART_ROWS + 1

    def _drawn(self, chart: ChartSpec, first: int, last: int) -> Any:
        kind = "line" if chart.kind in _LINES else "column" if chart.kind in _UPRIGHT else "bar"
        options: dict[str, Any] = {"type": kind}
        if chart.kind in _STACKED:
            options["subtype"] = "percent_stacked" if chart.share else "stacked"
        drawn = self.book.add_chart(options)
        area = _Area(self.page.get_name(), first, last)
        pareto = chart.kind is ChartKind.PARETO
        for place, series in enumerate(chart.series):
            if pareto and place:
                continue
            self._series(drawn, area, place, series, second=False)
        if pareto and len(chart.series) > 1:
            line = self.book.add_chart({"type": "line"})
            self._series(line, area, 1, chart.series[1], second=True)
            drawn.combine(line)
            line.set_y2_axis({"min": 0, "max": 100})
        drawn.set_title({"name": chart.title, "name_font": {"size": 11}})
        axis = {"num_font": {"size": 9}}
        low = {} if chart.y_min is None else {"min": chart.y_min}
        drawn.set_y_axis({**axis, **low} if kind != "bar" else {**axis, "reverse": True})
        drawn.set_x_axis(axis)
        drawn.set_legend({"none": True} if len(chart.series) == 1 else {"position": "bottom"})
        drawn.set_size({"width": 720, "height": 300})
        return drawn

    def _series(self, drawn: Any, area: _Area, place: int, series: Series, *, second: bool) -> None:
        color = COLORS[place % len(COLORS)]
        line = {"color": color, "dash_type": "round_dot"} if series.dotted else {"color": color}
        page, first, last = area.page, area.head, area.last
        drawn.add_series({
            "name": series.name or [page, first, place + 1],
            "categories": [page, first + 1, 0, last, 0],
            "values": [page, first + 1, place + 1, last, place + 1],
            "line": line, "fill": {"color": color}, "gap": 60, "y2_axis": second,
            "data_labels": {"value": not second, "font": {"size": 8}},
        })  # fmt: skip
