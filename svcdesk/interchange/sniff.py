"""What kind of file is this: container, encoding, delimiter.

Nothing here reads a file whole: the encoding check streams through it in pieces, so that a
200 MB file costs time but no memory, and a wrong byte near the end is found before any row is
taken over.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, TYPE_CHECKING, cast

from svcdesk.i18n.catalog import N_
from svcdesk.system.errors import EnvironmentProblem, UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PIECE = 1 << 20
SAMPLE_CHARS = 200_000
DELIMITERS = (",", ";", "\t")
BIG5 = ("big5", "big5-hkscs", "big5hkscs", "cp950")
_GBK = ("gbk", "gb2312", "gb18030", "cp936", "hz-gb-2312", "ansi")


class Container(StrEnum):
    """How the bytes are wrapped."""

    TEXT = "text"
    GZIP = "gzip"
    ZIP = "zip"  # .xlsx, .ods
    OLE = "ole"  # .xls, and password-protected .xlsx
    JSON = "json"


_PICTURES = {
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
}


@dataclass(frozen=True)
class TextForm:
    """How a text file is to be read: codec name of Python and the delimiter."""

    encoding: str
    delimiter: str


def check_file(path: Path) -> None:
    """Refuse what is no readable file with content, each with its own sentence."""
    if path.is_dir():
        raise UserError(
            N_("“{path}” is a folder; choose the file inside it."), code="is_folder", path=str(path)
        )
    try:
        size = path.stat().st_size
        with path.open("rb"):
            pass
    except FileNotFoundError:
        raise UserError(
            N_("The file “{path}” does not exist; check its name and folder."),
            code="no_file",
            path=str(path),
        ) from None
    except PermissionError:
        raise EnvironmentProblem(
            N_("The file “{path}” may not be read; ask for the right to read it, or copy it."),
            code="no_permission",
            path=str(path),
        ) from None
    except OSError as error:
        raise EnvironmentProblem(
            N_("The file “{path}” cannot be read: {reason}."),
            code="unreadable",
            path=str(path),
            reason=error.strerror or str(error),
        ) from error
    if size == 0:
        raise UserError(
            N_("The file “{name}” is empty; there is nothing to import."),
            code="empty_file",
            name=path.name,
        )


def container(path: Path) -> Container:
    """Tell text from workbook by the first bytes; refuse pictures, PDFs and other programs' files.

    The file's name is not trusted: exports are often named .xls and hold text.
    """
    with path.open("rb") as file:
        head = file.read(256)
    if head.startswith(b"PK\x03\x04"):
        return Container.ZIP
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return Container.OLE
    if head.startswith(b"\x1f\x8b"):
        return Container.GZIP
    for magic, kind in _PICTURES.items():
        # "BM" alone could begin a text; a bitmap has zero bytes after it.
        if head.startswith(magic) and (magic != b"BM" or b"\x00" in head[:8]):
            raise UserError(
                N_(
                    "“{name}” is a picture ({kind}), not a table; export the table as .xlsx or CSV."
                ),
                code="picture",
                name=path.name,
                kind=kind,
            )
    if head.startswith(b"%PDF"):
        raise UserError(
            N_("“{name}” is a PDF, not a table; export the table as .xlsx or CSV."),
            code="pdf",
            name=path.name,
        )
    text = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if text.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")):
        raise UserError(
            N_("“{name}” is a web page under another name; open it in Excel or WPS and save it as"
               " .xlsx."),
            code="web_page",
            name=path.name,
        )  # fmt: skip
    return Container.JSON if text.startswith((b"{", b"[{", b"[\n")) else Container.TEXT


def open_bytes(path: Path) -> IO[bytes]:
    """Open a text file for reading, unpacking gzip on the way."""
    if container(path) is Container.GZIP:
        return cast("IO[bytes]", gzip.open(path, "rb"))
    return path.open("rb")


def open_text(stream: IO[bytes], encoding: str) -> io.TextIOWrapper:
    """Read ``stream`` as text with the line ends kept, as the csv module wants them."""
    return io.TextIOWrapper(stream, encoding, newline="")


def position(stream: IO[bytes]) -> int:
    """Return how many bytes of the file on disk have been read; of a gzip, of the packed file."""
    packed = getattr(stream, "fileobj", None)
    return int((packed or stream).tell())


def codec_name(encoding: str) -> str:
    """Return the codec for a name that a user or a mapping gives; GBK is read as GB18030."""
    name = encoding.strip().lower().replace("_", "-")
    if name in _GBK:
        return "gb18030"
    if name in BIG5:
        return "big5"
    if name in ("utf-8", "utf8", "utf-8-sig", "utf-8-bom"):
        return "utf-8-sig"
    try:
        info = codecs.lookup(name)
    except LookupError:
        info = None
    if info is None or not getattr(info, "_is_text_encoding", True):
        raise UserError(
            N_("The encoding “{encoding}” is not known; use utf-8, gb18030, utf-16 or big5."),
            code="unknown_encoding",
            encoding=encoding,
        )
    return info.name


def find_encoding(path: Path, chosen: str = "") -> str:
    """Return the codec that reads the whole file without an error.

    Order: byte order mark, UTF-16 by its zero bytes, strict UTF-8, strict GB18030. Big5 only when
    it is ``chosen``: nearly every Big5 text is also valid GB18030, with other characters.
    """
    if chosen:
        name = codec_name(chosen)
        if name == "big5":
            return _first_that_reads(path, ("cp950", "big5hkscs"), chosen)
        return _first_that_reads(path, (name,), chosen)
    with open_bytes(path) as file:
        head = file.read(4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _first_that_reads(path, ("utf-16",), "UTF-16")
    if head.startswith(codecs.BOM_UTF8):
        return _first_that_reads(path, ("utf-8-sig",), "UTF-8")
    wide = _wide_without_mark(head)
    if wide:
        return _first_that_reads(path, (wide,), "UTF-16")
    if b"\x00" in head:
        raise UserError(
            N_("“{name}” is not a text file; export the table as .xlsx or CSV."),
            code="not_text",
            name=path.name,
        )
    return _first_that_reads(path, ("utf-8-sig", "gb18030"), "UTF-8, GB18030")


def _wide_without_mark(head: bytes) -> str:
    """Recognise UTF-16 without a mark: line ends and commas leave zeros in every second byte."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    pairs = max(1, len(head) // 2)
    if odd > pairs * 0.05 and even == 0:
        return "utf-16-le"
    if even > pairs * 0.05 and odd == 0:
        return "utf-16-be"
    return ""


def _first_that_reads(path: Path, names: tuple[str, ...], told: str) -> str:
    reached = []
    for name in names:
        line = first_bad_line(path, name)
        if not line:
            return name
        reached.append(line)
    raise UserError(
        N_("Line {line} of “{name}” is not {encoding} text; choose the encoding it was saved in."),
        code="encoding",
        line=max(reached),  # the encoding that read most is the likely one
        name=path.name,
        encoding=told,
    )


def first_bad_line(path: Path, encoding: str) -> int:
    """Return the number of the first line that ``encoding`` cannot read, 0 when all can."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    try:
        with open_bytes(path) as file:
            while piece := file.read(PIECE):
                try:
                    lines += decoder.decode(piece).count("\n")
                except UnicodeDecodeError as error:
                    return lines + bytes(error.object[: error.start]).count(b"\n")
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return lines
    return 0


@contextmanager
def _unpacking(path: Path) -> Iterator[None]:
    """Say so when a packed file is damaged."""
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UserError(
            N_("“{name}” is damaged: it ends in the middle; fetch it again."),
            code="truncated",
            name=path.name,
        ) from error


def find_delimiter(sample: str) -> str:
    """Return comma, semicolon or tab: the one that cuts the most lines into equally many cells."""
    first = sample.lstrip("\ufeff").split("\n", 1)[0].strip().lower()
    if first.startswith("sep=") and len(first) == 5:
        return first[4]
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        counts = Counter[int]()
        try:
            for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
                counts[len(row)] += 1
        except csv.Error:
            continue
        del counts[0]
        wide = [(count, width) for width, count in counts.items() if width > 1]
        if not wide:
            continue
        count, width = max(wide)
        score = count / counts.total() * min(width, 8)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def text_form(path: Path, encoding: str = "") -> TextForm:
    """Find encoding and delimiter of a text file; ``encoding`` overrides the detection."""
    with _unpacking(path):
        codec = find_encoding(path, encoding)
    with open_bytes(path) as stream, open_text(stream, codec) as file:
        sample = file.read(SAMPLE_CHARS)
    if len(sample) == SAMPLE_CHARS:  # the last line of the sample is cut in the middle
        sample = sample[: sample.rfind("\n") + 1] or sample
    return TextForm(codec, find_delimiter(sample))
