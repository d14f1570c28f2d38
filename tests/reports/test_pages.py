"""The specimen on paper: layout, line breaks, headings, tables, fonts, links, and the same bytes."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, Destination, DictionaryObject

from svcdesk.domain.chart import ChartKind, ChartSpec, Series
from svcdesk.i18n.catalog import translator
from svcdesk.reports.model import (
    Beside,
    Column,
    Figure,
    Heading,
    Note,
    PageFormat,
    Paragraph,
    ReportData,
    Section,
    Table,
)
from svcdesk.reports.pdf import document
from svcdesk.reports.pdf.blocks import Composer
from svcdesk.reports.pdf.fonts import NOT_FIRST, NOT_LAST, missing_glyphs, width
from svcdesk.reports.pdf.grid import grid_of
from svcdesk.reports.pdf.paginate import Page, paginate
from svcdesk.reports.pdf.pieces import Break, Piece, Space, Words, words
from svcdesk.reports.pdf.slides import arranged
from svcdesk.reports.pdf.tabular import Rows, lay_out
from svcdesk.system.job import ImmediateContext
from tests.reports.specimens import module, specimen

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "paper-layout.json"
NEAR = 3.0  # points
CASES = [(language, page) for language in ("zh_CN", "en") for page in PageFormat]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]}-{case[1].value}")
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ReportData, Path]:
    language, page = request.param
    target = tmp_path_factory.mktemp("paper") / "specimen.pdf"
    data = specimen(language, page)
    document.write(data, target, ImmediateContext())
    return data, target


def pages_of(data: ReportData) -> list[Page]:
    """Return the body of a report laid out, without cover and contents."""
    composer = Composer(translator(data.language), grid_of(data.page_format), data.anchors())
    pieces: list[Piece] = []
    for section in data.sections:
        pieces.append(words(section.title, "h1", composer.grid.room, keep=True))
        for block in section.blocks:
            pieces += composer.pieces(block)
        if not section.blocks:
            pieces += composer.nothing()
    return paginate(pieces, composer.grid.depth)


def flat(pieces: list[Piece]) -> Iterator[Piece]:
    for piece in pieces:
        inner = list(piece.parts())
        if inner == [piece]:
            yield piece
        else:
            yield from flat(inner)


# -- layout --------------------------------------------------------------------------------------


def test_the_layout_is_the_one_that_was_looked_at(tmp_path: Path) -> None:
    target = tmp_path / "specimen.pdf"
    document.write(specimen(), target, ImmediateContext())
    kept, found = json.loads(GOLDEN.read_text(encoding="utf-8")), module().layout(target)
    assert found["pages"] == kept["pages"]
    for number, runs in kept.items():
        if number == "pages":
            continue
        assert [run[0] for run in found[number]] == [run[0] for run in runs], number
        for now, then in zip(found[number], runs, strict=True):
            assert now[1:] == pytest.approx(then[1:], abs=NEAR), (number, then[0])


def test_nothing_leaves_the_text_area(made: tuple[ReportData, Path]) -> None:
    import pypdfium2

    data, target = made
    grid = grid_of(data.page_format)
    paper = pypdfium2.PdfDocument(target)
    for page in paper:
        assert page.get_size() == pytest.approx((grid.width, grid.height), abs=0.1)
        text = page.get_textpage()
        for index in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(index)
            assert left >= grid.side - 1
            assert right <= grid.right + 1
            assert bottom >= grid.footer - 3
            assert top <= grid.height - 5
    paper.close()


def test_no_heading_is_the_last_of_its_page(made: tuple[ReportData, Path]) -> None:
    data, _target = made
    pages = pages_of(data)
    assert len(pages) > 10
    for page in pages:
        last = next(p for p, _top in reversed(page.placed) if not isinstance(p, Space))
        assert not last.keep or isinstance(last, Rows), last
        used = [(top, piece) for piece, top in page.placed]
        assert used[-1][0] + used[-1][1].height <= grid_of(data.page_format).depth + 0.1
        for (top, piece), (below, _other) in pairwise(used):
            assert below >= top + piece.height - 0.01


def test_no_line_begins_or_ends_with_the_wrong_punctuation(made: tuple[ReportData, Path]) -> None:
    data, _target = made
    roomy = data.page_format in {PageFormat.ACROSS, PageFormat.A3}
    least = 0 if roomy else 4  # few lines break where there is room
    seen = 0
    for page in pages_of(data):
        for piece in flat([p for p, _top in page.placed]):
            groups: list[tuple[str, ...]] = []
            if isinstance(piece, Words):
                groups = [piece.lines]
            if isinstance(piece, Rows) and piece.layout is not None:
                groups = [lines for row in piece.layout.rows for lines in row]
            for lines in groups:
                for before, line in pairwise(lines):
                    assert not line or line[0] not in NOT_FIRST, line
                    assert not before or before[-1] not in NOT_LAST, before
                    seen += 1
    assert seen > least


@pytest.mark.parametrize("room", range(60, 240, 13))
def test_full_stops_and_commas_never_begin_a_line(room: int) -> None:
    text = "解决及时率为82.2%，未达目标（≥95%）。一次性解决率为96.0%，达到目标（≥85%）；差距“12.8”个百分点！"
    for line in words(text, "text", room).lines:
        assert line[0] not in "，。）；”！%"
        assert line[-1] not in "（“≥"


def test_justified_lines_fill_their_width_but_the_last() -> None:
    piece = words("客户满意度均分未达目标，已列为待改善项，请各组分析原因。" * 6, "text", 300)
    spread = [piece._spread(n, line, width(line, 10.5)) for n, line in enumerate(piece.lines)]
    assert any(spread[:-1])
    assert spread[-1] == 0
    for line, more in zip(piece.lines[:-1], spread[:-1], strict=True):
        if more:
            assert width(line, 10.5) + more * (len(line) - 1) == pytest.approx(300)


# -- tables ------------------------------------------------------------------------------------


def long_table(rows: int, *, wrap: bool = False) -> Table:
    columns = (Column("工单号"), Column("标题"), Column("分钟", right=True))
    cells = tuple(
        (f"GD202603-{n:04d}", "空调制冷效果差，出风口温度25℃" * (1 + n % 3), f"{n * 7:,}")
        for n in range(rows)
    )
    return Table("清单", columns, cells, wrap=wrap)


def test_rows_are_never_split_and_every_part_repeats_the_header() -> None:
    layout = lay_out(long_table(200, wrap=True), 300, 700)
    pages = paginate([Rows(layout=layout, last=len(layout.rows))], 700)
    parts = [piece for page in pages for piece, _top in page.placed if isinstance(piece, Rows)]
    assert len(parts) == len(pages) > 5
    assert parts[0].first == 0
    assert parts[-1].last == 200
    assert all(one.last == other.first for one, other in pairwise(parts))
    assert all(part.height > layout.head_height for part in parts)


def test_a_cell_taller_than_a_page_goes_on_in_a_row_of_its_own() -> None:
    table = Table(
        "长",
        (Column("一", share=0.5), Column("二")),
        (("长文" * 3000, "x"), ("短", "y")),
        wrap=True,
    )
    layout = lay_out(table, 300, 700)
    pages = paginate([Rows(layout=layout, last=len(layout.rows))], 700)
    assert len(pages) > 5
    whole = "".join(line for row in layout.rows for line in row[0])
    assert whole == "长文" * 3000 + "短"


def test_numbers_are_not_broken_where_another_column_has_room() -> None:
    columns = (Column("编号", share=0.08), Column("问题", share=0.72), Column("状态", share=0.2))
    table = Table(
        "项",
        columns,
        (("GS202602-001", "复杂问题解决周期超过3个工作日" * 6, "执行中"),) * 3,
        wrap=True,
    )
    layout = lay_out(table, 482, 700)
    assert all(row[0] == ("GS202602-001",) for row in layout.rows)
    assert layout.room == pytest.approx(482)


def test_figures_end_at_one_edge(tmp_path: Path) -> None:
    import pypdfium2

    data = specimen()
    data.sections[:] = [Section("s", "一", "", [long_table(20)])]
    target = tmp_path / "t.pdf"
    document.write(data, target, ImmediateContext(), cover=False)
    text = pypdfium2.PdfDocument(target)[0].get_textpage()
    ends = [
        text.get_rect(n)[2]
        for n in range(text.count_rects())
        if re.fullmatch(r"[\d,]+", text.get_text_bounded(*text.get_rect(n)).strip())
    ]
    assert len(ends) == 20
    assert max(ends) - min(ends) < 1.0  # digits differ in the white beside them, not in width
    assert len({width(digit, 9) for digit in "0123456789"}) == 1


def annotations(reader: PdfReader, page: int) -> list[DictionaryObject]:
    found = reader.pages[page]["/Annots"]
    assert isinstance(found, ArrayObject)
    return [cast("DictionaryObject", one.get_object()) for one in found]


def target_page(reader: PdfReader, place: object) -> int:
    """Return the number of the page that a destination names."""
    assert isinstance(place, ArrayObject)
    wanted = place[0].idnum
    return next(n for n, p in enumerate(reader.pages) if p.indirect_reference.idnum == wanted)  # type: ignore[union-attr]


# -- the file ------------------------------------------------------------------------------------


def test_fonts_are_embedded_subsets_and_no_glyph_is_missing(made: tuple[ReportData, Path]) -> None:
    data, target = made
    reader = PdfReader(target)
    names = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            entry = font.get_object()
            names.add(entry["/BaseFont"])
            assert entry["/FontDescriptor"]["/FontFile2"]
            assert entry["/ToUnicode"]
    assert names
    assert all(re.fullmatch(r"/[A-Z]{6}\+NotoSansSC-(Regular|Bold)", name) for name in names)
    text = "".join(page.extract_text() for page in reader.pages)
    assert "\ufffd" not in text
    assert missing_glyphs(data.texts()) == ["𠮷"]
    assert "〓" in text
    assert target.stat().st_size < 1_500_000


def test_text_comes_out_in_reading_order(made: tuple[ReportData, Path]) -> None:
    data, target = made
    reader = PdfReader(target)
    whole = re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))
    at = 0
    for section in data.sections[1:]:
        for block in section.blocks:
            if isinstance(block, Heading | Paragraph):
                found = whole.find(re.sub(r"\s", "", block.text), at)
                assert found >= 0, block.text
                at = found
    figures = [
        n for n in range(1, 38) if f"{'图' if data.language == 'zh_CN' else 'Figure'}{n}" in whole
    ]
    assert figures == list(range(1, max(figures) + 1))


def test_bookmarks_contents_and_links_lead_to_their_pages(made: tuple[ReportData, Path]) -> None:
    data, target = made
    reader = PdfReader(target)

    def titles(entries: list[object]) -> Iterator[Destination]:
        for entry in entries:
            if isinstance(entry, list):
                yield from titles(entry)
            elif isinstance(entry, Destination):
                yield entry

    marks = list(titles(list(reader.outline)))
    headings = [
        b for s in data.sections for b in s.blocks if isinstance(b, Heading) and b.level == 2
    ]
    assert len(marks) == len(data.sections) + len(headings)
    contents = re.sub(r"\s", "", reader.pages[1].extract_text())
    for mark in marks:
        number = reader.get_destination_page_number(mark)
        assert number is not None
        title = re.sub(r"\s", "", str(mark.title))
        assert title in re.sub(r"\s", "", reader.pages[number].extract_text())
        assert f"{title}{number + 1}" in contents
    links = annotations(reader, 1)
    assert len(links) == len(marks)
    assert all(int(str(link["/F"])) == 4 for link in links)  # printed, too


def test_figures_link_to_their_definition(tmp_path: Path) -> None:
    data = specimen()
    target = tmp_path / "t.pdf"
    document.write(data, target, ImmediateContext())
    reader = PdfReader(target)
    number = next(n for n, page in enumerate(reader.pages) if "指标口径" in page.extract_text())
    targets = [link["/Dest"] for link in annotations(reader, 2)]
    assert len(targets) == 14  # eight KPI cells and six bullet bars
    assert {target_page(reader, one) for one in targets} == {number}


def test_a_link_without_a_definition_is_no_link(tmp_path: Path) -> None:
    data = specimen()
    data.sections[:] = data.sections[:1]
    target = tmp_path / "t.pdf"
    document.write(data, target, ImmediateContext())
    assert "/Annots" not in PdfReader(target).pages[2]


def test_the_same_report_is_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "a.pdf", tmp_path / "b.pdf"
    document.write(specimen(), first, ImmediateContext())
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    document.write(specimen(), second, ImmediateContext())
    assert first.read_bytes() == second.read_bytes()
    data = specimen()
    data.stamp = 1775088001
    document.write(data, second, ImmediateContext())
    assert first.read_bytes() != second.read_bytes()


def test_blocks_stand_beside_each_other_on_wide_pages_only() -> None:
    data = specimen()
    block = next(b for s in data.sections for b in s.blocks if isinstance(b, Beside))
    heights = {}
    for page in PageFormat:
        composer = Composer(translator("zh_CN"), grid_of(page))
        heights[page] = len(composer.pieces(block))
        assert (composer.figures, composer.tables) == (1, 1)
    assert heights[PageFormat.WIDE] == 1
    assert heights[PageFormat.A4] > 1


def test_slides_put_a_chart_beside_its_table_where_both_keep_their_size() -> None:
    chart = ChartSpec(ChartKind.COLUMNS, "c", ("一", "二"), (Series("", (1, 2)),))
    narrow = Table(
        "t", (Column("渠道"), Column("件", right=True)), (("电话", "80"), ("微信", "20"))
    )
    broad = Table("t", (Column("渠道"), Column("说明")), (("电话", "很长的说明" * 20),))
    many = replace(chart, categories=tuple("一二三四五六七八九"), series=(Series("", (1,) * 9),))
    wide, paper = grid_of(PageFormat.WIDE), grid_of(PageFormat.A4)
    figure, note = Figure(chart, "图"), Note("※")
    assert arranged([figure, narrow, note], wide) == [Beside((figure,), (narrow,), 0.52), note]
    assert arranged([narrow, narrow], wide) == [Beside((narrow,), (narrow,))]
    for blocks in ([figure, broad], [Figure(many, "图"), narrow], [narrow, note], [narrow]):
        assert arranged(blocks, wide) == blocks
    assert arranged([figure, narrow], paper) == [figure, narrow]


def test_a_chart_without_values_says_so() -> None:
    data = specimen()
    chart = next(
        b for s in data.sections for b in s.blocks if isinstance(b, Figure) and b.chart.empty
    )
    composer = Composer(translator("en"), grid_of(PageFormat.A4))
    lines = [line for p in flat(composer.pieces(chart)) if isinstance(p, Words) for line in p.lines]
    assert any(line.endswith("No data in this reporting period.") for line in lines)


def test_words_are_not_cut_where_names_can_break() -> None:
    titles = ("Metric", "Value", "Sample", "Target", "Judgement", "MoM", "YoY", "vs 3 months")
    columns = tuple(Column(title, right=0 < n != 4) for n, title in enumerate(titles))
    row = ("Response gap between the channels of a day", "10.4 working minutes", "152/157", "≥90%", "◇ missed",
           "unchanged", "unchanged", "unchanged")  # fmt: skip
    layout = lay_out(Table("t", columns, (row,) * 4), 482, 700)
    assert layout.room == pytest.approx(482)
    for text, lines in zip((*titles, *row), (*layout.head, *layout.rows[0]), strict=True):
        assert " ".join(lines) == text


@pytest.mark.parametrize("count", range(25, 50))
def test_a_heading_stays_with_a_table_that_has_notes(count: int) -> None:
    """Also where the whole table with its note fits on a page, but the heading besides not."""
    composer = Composer(translator("zh_CN"), grid_of(PageFormat.A4), frozenset())
    rows = tuple((str(row), "x") for row in range(count))
    pieces: list[Piece] = [Words(height=300, lines=())]
    table = Table("t", (Column("a"), Column("b")), rows, notes=("n",))
    for block in (Heading("h"), table):
        pieces += composer.pieces(block)
    pages = paginate(pieces, composer.grid.depth)
    for page in pages:
        assert not page.placed[-1][0].keep, "the last piece of a page announces the next"
    drawn = [piece for page in pages for piece, _ in page.placed if isinstance(piece, Rows)]
    assert sum(piece.last - piece.first for piece in drawn) == count
    assert [place for piece in drawn for place in (piece.first, piece.last)][1:-1] == [
        place for piece in drawn[1:] for place in (piece.first, piece.first)
    ]


@pytest.mark.parametrize(("height", "pages"), [(300.0, 2), (1000.0, 2)])
def test_a_summary_has_its_page_alone_unless_it_spills_over(height: float, pages: int) -> None:
    depth = 700.0
    parts = [Words(height=height / 2, lines=()), Words(height=height / 2, lines=())]
    after = Words(height=100, lines=())
    found = paginate([*parts, Break(of_one=True), after], depth)
    assert len(found) == pages
    assert (found[1].placed[0][0] is after) == (height < depth)
