"""A report before it is drawn: sections of blocks, complete with texts, figures and charts.

Collected once, then drawn as PDF, workbook or text. Nothing in here has colours or pixels; every
text is in the report's language and every number is already displayed as it will be read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from svcdesk.domain.cause_drawing import cause_texts, why_texts

if TYPE_CHECKING:
    from svcdesk.domain.cause_drawing import FishboneDiagram, Why
    from svcdesk.domain.chart import ChartSpec


class PageFormat(Enum):
    """The page a report is set for: paper, or slides to be shown."""

    A4 = "a4"  # portrait
    WIDE = "wide"  # 16:9 landscape
    ACROSS = "across"  # A4 landscape, for lists
    A3 = "a3"  # landscape, two columns beside each other: one improvement item


@dataclass(frozen=True)
class Heading:
    """A heading inside a section: level 2 （一） or 3 1."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """A drafted or typed text; a line break begins a new paragraph.

    ``typed``: written by the supervisor, marked （人工填写）; ``edited``: a drafted text that was
    changed by hand, marked （已人工修改）.
    """

    text: str
    typed: bool = False
    edited: bool = False


@dataclass(frozen=True)
class Blank:
    """The place of a text that nobody has typed yet: its prompt over ``lines`` ruled lines."""

    prompt: str
    lines: int = 3


@dataclass(frozen=True)
class Quote:
    """A customer's words picked by hand, masked, and where they come from."""

    text: str
    source: str = ""


@dataclass(frozen=True)
class Note:
    """A footnote directly under what it explains."""

    text: str


@dataclass(frozen=True)
class Numbered:
    """Drafted sentences, numbered with hanging indent."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class KpiCell:
    """One KPI of the summary: value, unit, n, target and comparison as they are read.

    ``met``: ``None`` is not judged (no target, no value, or too few).
    """

    name: str
    value: str
    unit: str
    details: str
    comparison: str
    met: bool | None = None
    improved: bool | None = None
    metric: str = ""  # the id whose definition the name links to


@dataclass(frozen=True)
class KpiGrid:
    """The KPI cells, four a row."""

    cells: tuple[KpiCell, ...]


@dataclass(frozen=True)
class BulletRow:
    """Value against target and last period, on a scale from 0 to ``scale``."""

    name: str
    value: float | None
    target: float | None
    previous: float | None
    scale: float
    shown: str
    shown_target: str
    met: bool | None
    metric: str = ""  # the id whose definition the name links to


@dataclass(frozen=True)
class Bullets:
    """Bullet bars with a caption."""

    rows: tuple[BulletRow, ...]
    caption: str


@dataclass(frozen=True)
class Column:
    """A column of a table; ``share`` is its part of the width (0: from the contents).

    ``adds``: its cells are counts that come to the one in the total row; ``names``: its cells name
    what stands beside them, as headings of their rows.
    """

    title: str
    right: bool = False
    share: float = 0.0
    adds: bool = False
    names: bool = False


@dataclass(frozen=True)
class Table:
    """A table with caption, or without one; ``total`` sets the last row in bold.

    Where no column has a title, the table has no header: facts in pairs of name and value.

    ``links`` and ``anchors`` hold a metric id (or nothing) per row: a link leads from the row's
    first cell to its definition, an anchor makes the row the place that links lead to.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: bool = False
    notes: tuple[str, ...] = ()
    wrap: bool = False  # long texts: cells break into lines
    links: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pair:
    """Two small tables side by side."""

    left: Table
    right: Table


@dataclass(frozen=True)
class Figure:
    """A chart with its caption (n and axis note included).

    The caption links to the definition of the chart's metric where an appendix holds it.
    """

    chart: ChartSpec
    caption: str


@dataclass(frozen=True)
class Multiples:
    """Small charts of one kind under one caption, e.g. six KPI lines; each under its title."""

    charts: tuple[ChartSpec, ...]
    caption: str
    columns: int = 3


@dataclass(frozen=True)
class Ladder:
    """A 5-Why ladder: questions, answers and evidence step by step, the root cause marked."""

    whys: tuple[Why, ...]
    caption: str


@dataclass(frozen=True)
class Fishbone:
    """A fishbone of causes, drawn from its data."""

    diagram: FishboneDiagram
    caption: str


@dataclass(frozen=True)
class Task:
    """One row of a plan: from column ``first`` to ``last``, both included; ``done`` of 1."""

    name: str
    owner: str
    first: int
    last: int
    done: float = 0.0


@dataclass(frozen=True)
class Plan:
    """Tasks over the weeks of a quarter (Gantt); ``columns`` are the names of the weeks."""

    columns: tuple[str, ...]
    tasks: tuple[Task, ...]
    caption: str
    groups: tuple[tuple[int, str], ...] = ()  # a heading before the task at that place
    today: float | None = None  # where a dashed line says today, in columns


@dataclass(frozen=True)
class Picture:
    """A picture from a file (PNG or JPEG), as wide as ``share`` of the text at most."""

    path: str
    caption: str = ""
    share: float = 1.0


@dataclass(frozen=True)
class Beside:
    """Blocks side by side on a wide page (a chart and its table); below each other on A4."""

    left: tuple[Block, ...]
    right: tuple[Block, ...]
    share: float = 0.5  # of the width for the left


@dataclass(frozen=True)
class NewPage:
    """What follows begins on a new page."""


Block = (
    Heading | Paragraph | Blank | Quote | Note | Numbered | KpiGrid | Bullets | Table | Pair
    | Figure | Multiples | Ladder | Fishbone | Plan | Picture | Beside | NewPage
)  # fmt: skip


@dataclass
class Section:
    """One chapter; ``number`` is 一 … or A for an appendix, empty for the summary."""

    key: str
    title: str
    number: str = ""
    blocks: list[Block] = field(default_factory=list)


@dataclass(frozen=True)
class CoverFigure:
    """One of the three figures on the cover."""

    name: str
    value: str
    unit: str
    note: str


@dataclass
class ReportData:
    """A whole report.

    ``logo``: path of a picture for the cover (PNG, JPEG or SVG), or empty; ``stamp``: the moment
    of making in epoch seconds, written into the file: with it the same report is the same bytes.
    """

    language: str
    organisation: str
    title: str
    period_title: str
    period_range: str
    confidentiality: str
    cutoff: str
    version: str
    author: str
    reviewer: str
    written_on: str
    cover: tuple[CoverFigure, ...] = ()
    sections: list[Section] = field(default_factory=list)
    page_format: PageFormat = PageFormat.A4
    logo: str = ""
    reviewed_on: str = ""
    subject: str = ""
    keywords: tuple[str, ...] = ()
    stamp: int | None = None
    faults: tuple[str, ...] = ()  # sums that do not hold, characters that cannot be printed

    def texts(self) -> list[str]:
        """Return every text that will be printed, to check its glyphs."""
        found = [
            self.organisation, self.title, self.period_title, self.period_range, self.author,
            self.reviewer, self.confidentiality, self.version, self.cutoff, self.written_on,
        ]  # fmt: skip
        for figure in self.cover:
            found += [figure.name, figure.value, figure.unit, figure.note]
        for section in self.sections:
            found += [section.number, section.title]
            for block in section.blocks:
                found.extend(block_texts(block))
        return found

    def anchors(self) -> frozenset[str]:
        """Return the metric ids that some table of the report defines."""
        return frozenset(
            anchor
            for section in self.sections
            for block in section.blocks
            for table in tables_of(block)
            for anchor in table.anchors
            if anchor
        )


def tables_of(block: Block) -> list[Table]:
    """Return the tables of a block, those side by side included."""
    if isinstance(block, Table):
        return [block]
    if isinstance(block, Pair):
        return [block.left, block.right]
    if isinstance(block, Beside):
        return [table for one in (*block.left, *block.right) for table in tables_of(one)]
    return []


def _table_texts(table: Table) -> list[str]:
    cells = [cell for row in table.rows for cell in row]
    return [table.caption, *(column.title for column in table.columns), *cells, *table.notes]


def block_texts(block: Block) -> list[str]:
    """Return every text of a block."""
    if isinstance(block, Table | Pair):
        return [text for table in tables_of(block) for text in _table_texts(table)]
    if isinstance(block, Beside):
        return [text for one in (*block.left, *block.right) for text in block_texts(one)]
    if isinstance(block, Numbered):
        return list(block.items)
    if isinstance(block, Heading | Paragraph | Note):
        return [block.text]
    if isinstance(block, Quote):
        return [block.text, block.source]
    if isinstance(block, Blank):
        return [block.prompt]
    if isinstance(block, NewPage):
        return []
    return [block.caption, *_drawn_texts(block)] if not isinstance(block, KpiGrid) else [
        text
        for cell in block.cells
        for text in (cell.name, cell.value, cell.unit, cell.details, cell.comparison)
    ]  # fmt: skip


def _drawn_texts(
    block: Bullets | Figure | Multiples | Ladder | Fishbone | Plan | Picture,
) -> list[str]:
    """Return the texts inside a drawing."""
    if isinstance(block, Figure):
        return block.chart.texts()
    if isinstance(block, Multiples):
        return [text for chart in block.charts for text in chart.texts()]
    if isinstance(block, Ladder):
        return why_texts(block.whys)
    if isinstance(block, Fishbone):
        return cause_texts(block.diagram)
    if isinstance(block, Plan):
        names = [text for task in block.tasks for text in (task.name, task.owner)]
        return [*block.columns, *names, *(name for _place, name in block.groups)]
    if isinstance(block, Picture):
        return []
    return [text for row in block.rows for text in (row.name, row.shown, row.shown_target)]
