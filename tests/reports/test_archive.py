"""What PDF/A-2b and a tagged PDF ask for, read back from the file."""

import re
import struct
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader

from svcdesk.reports.model import PageFormat
from svcdesk.reports.pdf import document
from svcdesk.reports.pdf.icc import srgb
from svcdesk.system.job import ImmediateContext
from tests.reports.specimens import specimen

NAMES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmp": "http://ns.adobe.com/xap/1.0/",
}
# the structure types of ISO 32000-1, 14.8.4 that are used: none needs a role map
STANDARD = {
    "/Document", "/P", "/H1", "/H2", "/H3", "/TOC", "/TOCI", "/L", "/LI", "/LBody", "/BlockQuote",
    "/Caption", "/Table", "/TR", "/TH", "/TD", "/Note", "/Figure",
}  # fmt: skip


@pytest.fixture(scope="module", params=list(PageFormat), ids=lambda page: page.value)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target: Path = tmp_path_factory.mktemp("archive") / "specimen.pdf"
    data = specimen("zh_CN", request.param)
    data.keywords = ("售后", "月报 & <年报>")
    document.write(data, target, ImmediateContext())
    return target


def root_of(path: Path) -> Any:
    return PdfReader(path).trailer["/Root"].get_object()


def test_the_file_says_what_it_is(made: Path) -> None:
    content = made.read_bytes()
    assert content.startswith(b"%PDF-1.7\n%")
    assert all(byte > 127 for byte in content[10:14])  # transfer programs see that it is binary
    reader = PdfReader(made)
    assert reader.trailer["/ID"]
    assert "/Encrypt" not in reader.trailer
    root = root_of(made)
    assert root["/Lang"] == "zh-CN"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert not {"/OCProperties", "/AA", "/OpenAction", "/Names"} & set(root)


def test_streams_end_on_a_line_of_their_own_after_their_length(made: Path) -> None:
    content = made.read_bytes()
    starts = list(re.finditer(rb"/Length (\d+)(?:(?!stream).)*?>>\s*stream\n", content, re.DOTALL))
    assert len(starts) == content.count(b"\nendstream\nendobj") == content.count(b"endstream") > 10
    for start in starts:
        end = start.end() + int(start.group(1))
        assert content[end : end + 18] == b"\nendstream\nendobj\n"
    assert content.count(b" obj\n") == content.count(b"\nendobj\n")


def test_metadata_and_information_agree(made: Path) -> None:
    stream = root_of(made)["/Metadata"]
    assert "/Filter" not in stream
    packet = ET.fromstring(stream.get_data().decode("utf-8"))  # noqa: S314 - our own file
    told: Any = PdfReader(made).metadata

    def text(path: str) -> str:
        found = packet.find(f".//{path}", NAMES)
        assert found is not None
        return found.text or ""

    assert text("pdfaid:part") == "2"
    assert text("pdfaid:conformance") == "B"
    assert text("dc:title/rdf:Alt/rdf:li") == told.title == "2026年3月售后服务月报"
    assert text("dc:creator/rdf:Seq/rdf:li") == told.author == "周敏"
    assert text("dc:description/rdf:Alt/rdf:li") == told.subject
    assert text("dc:language/rdf:Bag/rdf:li") == "zh-CN"
    assert text("pdf:Keywords") == told["/Keywords"] == "售后, 月报 & <年报>"
    assert text("pdf:Producer") == told.producer
    assert text("xmp:CreatorTool") == told.creator == "svcdesk"
    assert text("xmp:CreateDate") == "2026-04-02T00:00:00+00:00"
    assert told["/CreationDate"] == "D:20260402000000+00'00'"


def test_device_colours_have_a_profile(made: Path) -> None:
    (intent,) = root_of(made)["/OutputIntents"]
    intent = intent.get_object()
    assert intent["/S"] == "/GTS_PDFA1"
    profile = intent["/DestOutputProfile"]
    assert profile["/N"] == 3
    assert profile.get_data() == srgb()


def test_the_profile_is_srgb() -> None:
    import io

    from PIL import ImageCms

    content = srgb()
    assert struct.unpack(">I", content[:4])[0] == len(content)
    assert content[12:24] == b"mntrRGB XYZ "
    assert content[36:40] == b"acsp"
    ours = ImageCms.getOpenProfile(io.BytesIO(content))
    assert "sRGB" in ImageCms.getProfileName(ours)
    # colours that go through ours and come back through the reference stay what they were
    from PIL import Image

    colours = Image.new("RGB", (4, 1))
    colours.putdata([(47, 88, 174), (182, 70, 14), (255, 255, 255), (26, 32, 39)])
    changed = ImageCms.profileToProfile(colours, ours, ImageCms.createProfile("sRGB"))
    assert changed is not None
    for before, after in zip(pixels(colours), pixels(changed), strict=True):
        assert before == pytest.approx(after, abs=1)


def pixels(image: Any) -> list[tuple[int, ...]]:
    return [image.getpixel((x, 0)) for x in range(image.width)]


def test_nothing_that_an_archive_forbids(made: Path) -> None:
    reader = PdfReader(made)
    page: Any
    for page in reader.pages:
        assert "/Trans" not in page
        assert "/Group" not in page
        resources: Any = page["/Resources"]
        for state in resources.get("/ExtGState", {}).values():
            assert not {"/SMask", "/CA", "/ca", "/BM"} & set(state.get_object())
        for font in resources["/Font"].values():
            entry = font.get_object()
            assert entry["/Subtype"] == "/TrueType"
            assert "/Encoding" not in entry  # a symbolic font has none
            assert entry["/FontDescriptor"]["/Flags"] & 4
            assert len(entry["/Widths"]) == entry["/LastChar"] - entry["/FirstChar"] + 1
        for link in page.get("/Annots", []):
            entry = link.get_object()
            assert entry["/Subtype"] == "/Link"
            assert entry["/F"] & 4
            assert not entry["/F"] & 0b100011
            assert "/A" not in entry  # within the document only
        contents = page["/Contents"].get_object()
        assert contents["/Filter"] in ("/FlateDecode", ["/FlateDecode"])


def test_every_mark_on_a_page_is_content_or_furniture(made: Path) -> None:
    """Operators that draw stand between BDC or BMC and EMC, never within each other."""
    page: Any
    for page in PdfReader(made).pages:
        code = page["/Contents"].get_object().get_data().decode("latin-1")
        depth, seen = 0, []
        for token in re.finditer(
            r"\((?:\\.|[^\\)])*\)|/MCID (\d+)|\b(BDC|BMC|EMC|Tj|TJ|f|S|B|b|s|Do)\b\*?", code
        ):
            word = token.group(2)
            if token.group(1):
                seen.append(int(token.group(1)))
            elif word in {"BDC", "BMC"}:
                depth += 1
            elif word == "EMC":
                depth -= 1
            elif word:
                assert depth == 1, (word, code[max(0, token.start() - 80) : token.end()])
            assert 0 <= depth <= 1
        assert depth == 0
        assert seen == list(range(len(seen)))


def test_the_structure_names_every_piece_once(made: Path) -> None:
    reader = PdfReader(made)
    tree: Any = root_of(made)["/StructTreeRoot"]
    owners = {}
    numbers = tree["/ParentTree"]["/Nums"]
    for key, value in zip(numbers[::2], numbers[1::2], strict=True):
        owners[int(key)] = value.get_object()
    pages = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages)}  # type: ignore[union-attr]
    assert [int(str(page["/StructParents"])) for page in reader.pages] == list(range(len(pages)))
    pieces: dict[tuple[int, int], int] = {}
    types = set()
    waiting = [tree["/K"]]
    while waiting:
        element = waiting.pop()
        types.add(element["/S"])
        if element["/S"] == "/Figure":
            assert "/Alt" in element
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            one = kid.get_object()
            if isinstance(one, int):
                page = pages[element.raw_get("/Pg").idnum]
                pieces[page, int(one)] = pieces.get((page, int(one)), 0) + 1
            elif "/MCID" in one:
                place = (pages[one.raw_get("/Pg").idnum], int(one["/MCID"]))
                pieces[place] = pieces.get(place, 0) + 1
            else:
                assert one.raw_get("/P").get_object() == element
                waiting.append(one)
    assert types <= STANDARD
    assert {
        "/H1",
        "/H2",
        "/P",
        "/Table",
        "/TR",
        "/TH",
        "/TD",
        "/Figure",
        "/Caption",
        "/TOCI",
    } <= types
    assert set(pieces.values()) == {1}
    assert len(pieces) == sum(len(marked) for marked in owners.values())
