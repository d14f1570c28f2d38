"""Charts as files: SVG with the texts of the paper, PNG in print quality."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from svcdesk.reports.model import Figure, Fishbone, Multiples
from svcdesk.reports.pdf import pictures_out
from svcdesk.reports.pdf.marks import Text
from svcdesk.system.errors import EnvironmentProblem
from tests.reports.specimens import specimen

DRAWN = [
    block
    for section in specimen().sections
    for block in section.blocks
    if isinstance(block, Figure | Multiples | Fishbone) and pictures_out.picture_of(block)
]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("block", DRAWN, ids=lambda block: block.caption[:12])
def test_an_svg_has_every_text_of_the_drawing(block: Figure, tmp_path: Path) -> None:
    found = pictures_out.picture_of(block)
    assert found is not None
    sheet, words = found
    target = tmp_path / "chart.svg"
    pictures_out.write_svg(sheet, target, block.caption, words)
    root = ET.fromstring(target.read_text(encoding="utf-8"))  # noqa: S314 - our own file
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert texts == [mark.text for mark in sheet.marks if isinstance(mark, Text)]
    assert root.findtext(f"{SVG}title") == block.caption
    assert root.findtext(f"{SVG}desc") == words
    left, top, width, height = map(float, root.get("viewBox", "").split())
    assert (left, top) == (0, 0)
    assert (width, height) == pytest.approx((sheet.width, sheet.height), abs=0.1)


def test_a_png_has_300_dots_per_inch(tmp_path: Path) -> None:
    found = pictures_out.picture_of(DRAWN[0])
    assert found is not None
    sheet, _words = found
    target = tmp_path / "chart.png"
    pictures_out.write_png(sheet, target)
    with Image.open(target) as image:
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        wide = (sheet.width + 2 * pictures_out.EDGE) / 72 * 300
        assert image.width == pytest.approx(wide, abs=2)
        assert image.getpixel((0, 0)) == (255, 255, 255)
        assert len(image.getcolors(1 << 24) or ()) > 20


def test_a_chart_becomes_two_files(tmp_path: Path) -> None:
    chart = next(block.chart for block in DRAWN if isinstance(block, Figure))
    files = pictures_out.write_chart(chart, tmp_path / "01 v1.0 chart", "zh_CN")
    assert [file.name for file in files] == ["01 v1.0 chart.png", "01 v1.0 chart.svg"]
    assert all(file.stat().st_size > 1000 for file in files)
    assert 'xml:lang="zh-CN"' in files[1].read_text(encoding="utf-8")
    empty = next(
        b for s in specimen().sections for b in s.blocks if isinstance(b, Figure) and b.chart.empty
    )
    assert pictures_out.write_chart(empty.chart, tmp_path / "02") == []


def test_a_block_without_a_drawing_has_no_picture() -> None:
    plain = [
        b
        for s in specimen().sections
        for b in s.blocks
        if not isinstance(b, Figure | Multiples | Fishbone)
    ]
    assert all(pictures_out.picture_of(block) is None for block in plain)
    empty = next(
        b for s in specimen().sections for b in s.blocks if isinstance(b, Figure) and b.chart.empty
    )
    assert pictures_out.picture_of(empty) is None


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    found = pictures_out.picture_of(DRAWN[0])
    assert found is not None
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    for write in (pictures_out.write_png, lambda s, t: pictures_out.write_svg(s, t, "x")):
        with pytest.raises(EnvironmentProblem, match="is not there any more"):
            write(found[0], blocked / "chart")
