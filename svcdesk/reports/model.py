"""A report before it is drawn: sections of blocks, complete with texts, figures and charts.

Collected once, then drawn as PDF, workbook or text. Nothing in here has colours or pixels; every
text is in the report's language and every number is already displayed as it will be read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from svcdesk.domain.chart import ChartSpec


@dataclass(frozen=True)
class Heading:
    """A heading inside a section: level 2 （一） or 3 1."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """A drafted or typed text. ``typed``: written by the supervisor, marked as such."""

    text: str
    typed: bool = False


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


@dataclass(frozen=True)
class Bullets:
    """Bullet bars with a caption."""

    rows: tuple[BulletRow, ...]
    caption: str


@dataclass(frozen=True)
class Column:
    """A column of a table; ``share`` is its part of the width (0: from the contents)."""

    title: str
    right: bool = False
    share: float = 0.0


@dataclass(frozen=True)
class Table:
    """A table with caption; ``total`` sets the last row in bold."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: bool = False
    notes: tuple[str, ...] = ()
    wrap: bool = False  # long texts: cells break into lines


@dataclass(frozen=True)
class Pair:
    """Two small tables side by side."""

    left: Table
    right: Table


@dataclass(frozen=True)
class Figure:
    """A chart with its caption (n and axis note included)."""

    chart: ChartSpec
    caption: str


Block = Heading | Paragraph | Note | Numbered | KpiGrid | Bullets | Table | Pair | Figure


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
    """A whole report."""

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

    def texts(self) -> list[str]:
        """Return every text that will be printed, to check its glyphs."""
        found = [self.organisation, self.title, self.author, self.reviewer, self.confidentiality]
        for section in self.sections:
            found.append(section.title)
            for block in section.blocks:
                found.extend(_texts(block))
        return found


def _table_texts(table: Table) -> list[str]:
    cells = [cell for row in table.rows for cell in row]
    return [table.caption, *(column.title for column in table.columns), *cells, *table.notes]


def _texts(block: Block) -> list[str]:
    if isinstance(block, Table):
        return _table_texts(block)
    if isinstance(block, Pair):
        return _table_texts(block.left) + _table_texts(block.right)
    if isinstance(block, Figure):
        chart = block.chart
        return [block.caption, chart.title, *chart.categories, *(s.name for s in chart.series)]
    if isinstance(block, Numbered):
        return list(block.items)
    if isinstance(block, Heading | Paragraph | Note):
        return [block.text]
    if isinstance(block, KpiGrid):
        return [text for cell in block.cells for text in (cell.name, cell.value, cell.details)]
    return [row.name for row in block.rows]
