"""What makes a PDF last: PDF/A-2 metadata, colours with a profile, language, structure.

ISO 19005-2 wants embedded fonts, a profile for device colours, metadata as XMP that agrees with the
document's information, an identifier, and no encryption, transparency or references to the outside;
the structure of a tagged PDF (:mod:`svcdesk.reports.pdf.tags`) comes on top of its level B.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from svcdesk.reports.pdf.icc import srgb
from svcdesk.reports.pdf.tags import raw_class

if TYPE_CHECKING:
    from svcdesk.reports.model import ReportData

PRODUCER = "svcdesk (ReportLab PDF Library)"


class Moment:
    """A moment as reportlab wants to know it; in UTC, so that the bytes say it everywhere alike."""

    def __init__(self, stamp: float) -> None:
        self.t = float(stamp)
        moment = datetime.fromtimestamp(stamp, UTC)
        self.lt = tuple(moment.timetuple())
        self.YMDhms = self.lt[:6]
        self.dhh = self.dmm = 0
        self.tzname = "UTC"


def prepare(canvas: Any, data: ReportData, stamp: float) -> None:
    """Set the document's information; call before anything is drawn."""
    document = canvas._doc  # noqa: SLF001 - reportlab gives no other way to what is below
    document._timeStamp = Moment(stamp)  # noqa: SLF001
    document.info.producer = PRODUCER
    canvas.setTitle(_plain(data.title))
    canvas.setAuthor(_plain(data.author or data.organisation))
    canvas.setSubject(_plain(data.subject or data.period_range))
    canvas.setKeywords(_plain(", ".join(data.keywords)))
    canvas.setCreator("svcdesk")
    canvas.showOutline()
    document.Catalog.Lang = _string(data.language.replace("_", "-"))


def finish(canvas: Any, structure: Any, stamp: float) -> None:
    """Add profile, metadata and structure; call before the document is saved."""
    from reportlab.pdfbase.pdfdoc import (
        PDFArray,
        PDFDictionary,
        PDFName,
        PDFStream,
        PDFZCompress,
    )

    document = canvas._doc  # noqa: SLF001
    catalog = document.Catalog
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]
    profile = PDFStream(PDFDictionary({"N": 3}), srgb(), filters=[PDFZCompress])
    intent = PDFDictionary({
        "Type": PDFName("OutputIntent"), "S": PDFName("GTS_PDFA1"),
        "OutputConditionIdentifier": _string("sRGB IEC61966-2.1"),
        "Info": _string("sRGB IEC61966-2.1"),
        "DestOutputProfile": document.Reference(profile, "profile"),
    })  # fmt: skip
    catalog.OutputIntents = PDFArray([document.Reference(intent, "intent")])
    told = _xmp(document.info, stamp, str(catalog.Lang.s)).encode("utf-8")
    metadata = raw_class()()  # not compressed, so that any program finds it
    head = f"<</Type/Metadata/Subtype/XML/Length {len(told)}>>\nstream\n"
    metadata.content = head.encode("ascii") + told + b"\nendstream"
    catalog.Metadata = document.Reference(metadata, "metadata")
    catalog.MarkInfo = PDFDictionary({"Marked": "true"})
    catalog.ViewerPreferences = PDFDictionary({"DisplayDocTitle": "true"})
    catalog.StructTreeRoot = structure


def _plain(text: str) -> str:
    """Return a text without what XML and readers cannot hold: controls, halves of characters."""
    kept = (c if unicodedata.category(c) not in {"Cc", "Cs", "Cn", "Co"} else " " for c in text)
    return " ".join("".join(kept).split())


def _string(text: str) -> Any:
    from reportlab.pdfbase.pdfdoc import PDFString

    return PDFString(text)


def _xmp(info: Any, stamp: float, language: str) -> str:
    """Return the metadata as XMP; what the information says stands here in the same words."""
    made = datetime.fromtimestamp(stamp, UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    title, author, subject, keywords, creator, producer = (
        escape(str(text))
        for text in (
            info.title,
            info.author,
            info.subject,
            info.keywords,
            info.creator,
            info.producer,
        )
    )
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{escape(language)}</rdf:li></rdf:Bag></dc:language>
<pdf:Keywords>{keywords}</pdf:Keywords>
<pdf:Producer>{producer}</pdf:Producer>
<xmp:CreatorTool>{creator}</xmp:CreatorTool>
<xmp:CreateDate>{made}</xmp:CreateDate>
<xmp:ModifyDate>{made}</xmp:ModifyDate>
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
