"""Bad input: a clear sentence or a visible mark, and never half a file."""

import errno
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from svcdesk.domain.chart import ChartKind, ChartSpec, Series
from svcdesk.reports.model import Column, Figure, Paragraph, Picture, ReportData, Section, Table
from svcdesk.reports.pdf import document, pictures
from svcdesk.reports.pdf.fonts import missing_glyphs, printable
from svcdesk.system.errors import EnvironmentProblem, UserError
from svcdesk.system.job import ImmediateContext
from tests.reports.specimens import specimen

SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40">
<defs><title>x</title></defs>
<g transform="translate(10 4) scale(0.5)" style="fill:#1F5DB8">
<path d="M0 0h40v40H0z M50,10 q10,-10 20,0 t20,0 l-5 20 a10 10 0 0 1 -20 0 c0 5 -5 5 -10 0 s-5,-5 -5,-20"/>
<circle cx="120" cy="20" r="18" fill="none" stroke="#f00" stroke-width="3"/><rect x="150" y="2" width="30" height="30" rx="4"/>
<polygon points="190,2 210,2 200,30" fill-opacity="0.5"/></g></svg>"""


def report(*blocks: object, **more: object) -> ReportData:
    data = specimen()
    data.sections[:] = [Section("s", "摘要", "", list(blocks))]  # type: ignore[arg-type]
    for name, value in more.items():
        setattr(data, name, value)
    return data


def text_of(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def write(data: ReportData, folder: Path) -> Path:
    target = folder / "report.pdf"
    document.write(data, target, ImmediateContext())
    return target


def refused(data: ReportData, folder: Path, words: str) -> None:
    before = sorted(folder.iterdir())
    with pytest.raises(UserError, match=words):
        document.write(data, folder / "report.pdf", ImmediateContext())
    assert sorted(folder.iterdir()) == before


# -- texts -----------------------------------------------------------------------------------------


def test_control_characters_go_and_line_ends_stay() -> None:
    assert printable("a\x00b\x07c\u200b\u202ed\ufeffe") == "abcde"
    assert printable("a\r\nb\rc\u2028d\te\xa0f") == "a\nb\nc\nd e f"
    assert printable("\ud800") == "〓"
    assert missing_glyphs(["a\x00\u200b", "𠮷\n", "😀"]) == ["𠮷", "😀"]


def test_texts_with_anything_in_them_are_printed(tmp_path: Path) -> None:
    nasty = "正常\x00\x08文字<b>&amp;\u202e%s {x}\r\n第二行 𠮷 😀\ud83d"
    chart = ChartSpec(ChartKind.COLUMNS, nasty, (nasty, "b"), (Series(nasty, (1.0, 2.0)),))
    table = Table(nasty, (Column(nasty), Column("n", right=True)), ((nasty, "1"),))
    data = report(
        Paragraph(nasty), table, Figure(chart, nasty), title=nasty, author=nasty, organisation=nasty
    )
    found = text_of(write(data, tmp_path))
    assert "正常文字<b>&amp;%s {x}" in found
    assert "第二行 〓 〓" in found
    assert "\x08" not in found


def test_thirty_pages_of_pasted_text_are_all_there(tmp_path: Path) -> None:
    lines = [
        f"第{n:04d}段：客户反映设备渗水，技术员到场后确认缺件，返程领取后再次上门，问题解决。"
        for n in range(1200)
    ]
    target = write(report(Paragraph("\n".join(lines), typed=True)), tmp_path)
    reader = PdfReader(target)
    assert len(reader.pages) >= 30
    found = "".join(text_of(target).split())
    assert all(f"第{n:04d}段" in found for n in range(1200))
    assert target.stat().st_size < 1_500_000


def test_one_word_of_ten_thousand_letters(tmp_path: Path) -> None:
    found = "".join(text_of(write(report(Paragraph("x" * 10_000)), tmp_path)).split())
    assert found.count("x") >= 10_000


def test_names_of_fifty_characters_stay_on_the_page(tmp_path: Path) -> None:
    import pypdfium2

    name = (
        "内蒙古自治区呼和浩特市赛罕区智能家居设备销售与售后服务有限责任公司第一分公司综合业务部门"
    )
    data = report(
        Paragraph(name), organisation=name * 2, title=name, author=name, reviewer=name, confidentiality="机密★一年",
        version="V1.0（" + name + "）", period_title=name,
    )  # fmt: skip
    paper = pypdfium2.PdfDocument(write(data, tmp_path))
    for page in paper:
        text = page.get_textpage()
        for index in range(text.count_rects()):
            left, _bottom, right, _top = text.get_rect(index)
            assert left >= 50
            assert right <= 595 - 50
    paper.close()


# -- pictures --------------------------------------------------------------------------------------


def test_logos_are_drawn(tmp_path: Path) -> None:
    png, jpeg, svg = tmp_path / "l.png", tmp_path / "l.jpg", tmp_path / "l.svg"
    Image.new("RGBA", (300, 100), (20, 90, 180, 128)).save(png)
    Image.new("RGB", (100, 300), "red").save(jpeg)
    svg.write_text(SVG, encoding="utf-8")
    for file, images in ((png, 1), (jpeg, 1), (svg, 0)):
        page = PdfReader(write(report(logo=str(file)), tmp_path)).pages[0]
        assert len(page.images) == images
        if images:
            assert "/SMask" not in str(page["/Resources"])


def test_an_svg_keeps_its_shapes() -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "l.svg"
        file.write_text(SVG, encoding="utf-8")
        drawing = pictures.load(str(file)).svg
    assert (drawing.width, drawing.height) == (120, 40)
    assert len(drawing.shapes) == 4
    assert drawing.shapes[0].matrix == (0.5, 0, 0, 0.5, 10, 4)
    assert drawing.shapes[1].fill is None
    names = [name for name, _values in drawing.shapes[0].steps]
    assert names.count("M") == 2
    end = [values for name, values in drawing.shapes[0].steps if name == "C"][1][-2:]
    assert end == pytest.approx((90, 10))  # q and its mirrored t


def test_a_logo_that_is_no_picture(tmp_path: Path) -> None:
    for name, content in (("l.png", b"GIF89a not"), ("l.jpg", b""), ("l.svg", b"<html/>"), ("x.svg", b"\xff\xfe"),
                          ("e.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]><svg/>'), ("n.svg", b"<svg><path d='M0'/></svg>")):  # fmt: skip
        file = tmp_path / name
        file.write_bytes(content)
        refused(report(logo=str(file)), tmp_path, "no picture that can be printed")
    cut = tmp_path / "cut.png"
    Image.effect_noise((200, 200), 50).save(cut)
    cut.write_bytes(cut.read_bytes()[:5000])
    refused(report(logo=str(cut)), tmp_path, "no picture that can be printed")


def test_a_logo_of_80_megabytes(tmp_path: Path) -> None:
    file = tmp_path / "big.png"
    with file.open("wb") as out:
        out.truncate(80 * 1024 * 1024)
    refused(report(logo=str(file)), tmp_path, "has 80 MB; at most 10 MB")


def test_a_logo_with_too_many_pixels(tmp_path: Path) -> None:
    file = tmp_path / "wide.png"
    Image.new("1", (20_000, 3_000)).save(file)
    refused(report(logo=str(file)), tmp_path, "20000 × 3000 pixels")


def test_a_logo_that_is_gone_or_a_folder(tmp_path: Path) -> None:
    refused(report(logo=str(tmp_path / "gone.png")), tmp_path, "cannot be read")
    refused(report(logo=str(tmp_path)), tmp_path, "cannot be read")
    refused(report(Picture(str(tmp_path / "gone.png"), "图")), tmp_path, "cannot be read")


def test_an_svg_with_what_cannot_be_drawn_is_named(tmp_path: Path) -> None:
    file = tmp_path / "l.svg"
    file.write_text('<svg viewBox="0 0 9 9"><text>a</text></svg>', encoding="utf-8")
    refused(report(logo=str(file)), tmp_path, r"cannot be printed \(text\)")
    file.write_text(
        '<svg viewBox="0 0 9 9"><rect width="9" height="9" fill="url(#g)"/></svg>', encoding="utf-8"
    )
    refused(report(logo=str(file)), tmp_path, r"cannot be printed \(gradient\)")


# -- the target ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "no space left on the disk"),
        (errno.EACCES, "cannot be written"),
        (errno.EIO, "cannot be written"),
    ],
)
def test_what_the_disk_says_is_told_and_the_old_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    target = tmp_path / "report.pdf"
    target.write_bytes(b"old")

    def fail(self: Path, other: Path) -> Path:
        raise OSError(number, "what the system says")

    monkeypatch.setattr(Path, "replace", fail)  # open in another program, full, broken
    with pytest.raises(EnvironmentProblem, match=words):
        document.write(report(), target, ImmediateContext())
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.pdf"]


def test_a_disk_that_fills_while_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from reportlab.pdfbase.pdfdoc import PDFDocument

    def fill(self: object, filename: str, canvas: object) -> None:
        Path(filename).write_bytes(b"%PDF-1.7 half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(PDFDocument, "SaveToFile", fill)
    with pytest.raises(EnvironmentProblem, match="no space left") as caught:
        document.write(report(), tmp_path / "report.pdf", ImmediateContext())
    assert caught.value.code == "disk_full"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_vanished(tmp_path: Path) -> None:
    blocked = tmp_path / "drive"
    blocked.write_bytes(b"")  # where the folder was stands something else
    with pytest.raises(EnvironmentProblem, match="choose another folder"):
        document.write(report(), blocked / "months" / "report.pdf", ImmediateContext())
    assert [path.name for path in tmp_path.iterdir()] == ["drive"]
