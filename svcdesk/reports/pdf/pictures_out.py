"""Charts as files to paste into slides: SVG, and PNG in print quality."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.reports.into_place import into_place
from svcdesk.reports.model import Figure, Fishbone, Multiples
from svcdesk.reports.pdf import causes, told
from svcdesk.reports.pdf.blocks import says_nothing
from svcdesk.reports.pdf.charts import draw, multiples
from svcdesk.reports.pdf.grid import A4
from svcdesk.reports.pdf.svg_out import svg

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.domain.chart import ChartSpec
    from svcdesk.reports.model import Block
    from svcdesk.reports.pdf.canvas import Sheet

DOTS = 300  # per inch
EDGE = 6.0  # points of white around a picture


def picture_of(block: Block) -> tuple[Sheet, str] | None:
    """Return the drawing of a block and what it shows in words; nothing for other blocks."""
    if isinstance(block, Figure) and not says_nothing(block.chart):
        return draw(block.chart), told.of_chart(block.chart)
    if isinstance(block, Multiples) and block.charts:
        words = " ".join(told.of_chart(chart) for chart in block.charts)
        return multiples(block.charts, A4.room, block.columns), words
    if isinstance(block, Fishbone):
        return causes.bones(block.diagram, A4.room), told.of_bones(block.diagram)
    return None


def write_chart(chart: ChartSpec, stem: Path, language: str = "") -> list[Path]:
    """Write a chart as ``stem``.png and ``stem``.svg; one that shows nothing gives no file."""
    found = picture_of(Figure(chart, chart.title))
    if found is None:
        return []
    sheet, words = found
    png, drawing = (stem.with_name(f"{stem.name}.{kind}") for kind in ("png", "svg"))
    write_png(sheet, png)
    write_svg(sheet, drawing, chart.title, words, language)
    return [png, drawing]


def write_svg(
    sheet: Sheet, target: Path, title: str, description: str = "", language: str = ""
) -> None:
    """Write a drawing as SVG."""
    with into_place(target) as draft:
        draft.write_text(svg(sheet, title, description, language), encoding="utf-8")


def write_png(sheet: Sheet, target: Path) -> None:
    """Write a drawing as PNG with 300 dots per inch on white."""
    import io

    import pypdfium2

    from svcdesk.reports.pdf.sheets import canvas_class

    size = (sheet.width + 2 * EDGE, sheet.height + 2 * EDGE)
    paper = io.BytesIO()
    canvas = canvas_class()(paper, size)
    sheet.paint(canvas, EDGE, EDGE)
    canvas.showPage()
    canvas.save()
    document = pypdfium2.PdfDocument(paper.getvalue())
    try:
        image = document[0].render(scale=DOTS / 72).to_pil()
    finally:
        document.close()
    with into_place(target) as draft:
        image.save(draft, format="PNG", dpi=(DOTS, DOTS), optimize=True)
