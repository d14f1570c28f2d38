"""A drawing as an SVG file, to paste a chart into slides; the same marks as on paper.

Texts stay texts (they can be edited and searched) in the first of usual fonts that is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from svcdesk.reports.pdf.marks import Dot, Line, Path, Rect, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.reports.pdf.canvas import Sheet
    from svcdesk.reports.pdf.marks import Mark

FONTS = "'Noto Sans SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif"


def svg(sheet: Sheet, title: str, description: str = "", language: str = "") -> str:
    """Return a sheet as an SVG document; ``title`` and ``description`` are read out."""
    size = f"{sheet.width:.1f}"
    tall = f"{sheet.height:.1f}"
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<svg xmlns="http://www.w3.org/2000/svg" role="img"',
        f'width="{size}pt" height="{tall}pt" viewBox="0 0 {size} {tall}"',
        f"xml:lang={quoteattr(language.replace('_', '-') or 'und')} font-family={quoteattr(FONTS)}>",
        f"<title>{escape(title)}</title>",
    ]
    if description:
        parts.append(f"<desc>{escape(description)}</desc>")
    parts += [_mark(mark, sheet.height) for mark in sheet.marks]
    return "\n".join([*parts, "</svg>", ""])


def _mark(mark: Mark, height: float) -> str:
    """Return a mark; y grows downwards in SVG."""
    if isinstance(mark, Line):
        path = " ".join(
            f"M{x1:.2f} {height - y1:.2f}L{x2:.2f} {height - y2:.2f}"
            for x1, y1, x2, y2 in mark.strokes
        )
        cap = ' stroke-linecap="round"' if mark.round else ""
        return f'<path d="{path}"{_look(None, mark.tone, mark.thick)}{_dashes(mark.dash)}{cap}/>'
    if isinstance(mark, Path):
        path = "L".join(f"{x:.2f} {height - y:.2f}" for x, y in mark.points)
        end = "Z" if mark.closed else ""
        look = _look(mark.fill, mark.stroke, mark.thick)
        return f'<path d="M{path}{end}"{look}{_dashes(mark.dash)} stroke-linejoin="round"/>'
    if isinstance(mark, Rect):
        corner = f' rx="{mark.radius:g}"' if mark.radius else ""
        return (
            f'<rect x="{mark.x:.2f}" y="{height - mark.y - mark.height:.2f}" width="{mark.width:.2f}" '
            f'height="{mark.height:.2f}"{corner}{_look(mark.fill, mark.stroke, mark.thick)}/>'
        )
    if isinstance(mark, Dot):
        look = _look(mark.fill, mark.stroke, mark.thick)
        return f'<circle cx="{mark.x:.2f}" cy="{height - mark.y:.2f}" r="{mark.radius:g}"{look}/>'
    return _text(mark, height)


def _text(mark: Text, height: float) -> str:
    ahead = mark.length * {"start": 0.0, "middle": 0.5, "end": 1.0}[mark.anchor]
    across, up = (0.0, ahead) if mark.upright else (ahead, 0.0)
    x, y = f"{mark.x + across:.2f}", f"{height - mark.y - up:.2f}"
    anchor = f' text-anchor="{mark.anchor}"' if mark.anchor != "start" else ""
    turned = f' transform="rotate(-90 {x} {y})"' if mark.upright else ""
    bold = ' font-weight="700"' if mark.bold else ""
    return (
        f'<text x="{x}" y="{y}" font-size="{mark.size:g}"{anchor}{bold} fill="{_hex(mark.tone)}"{turned}>'
        f"{escape(mark.text)}</text>"
    )


def _hex(tone: Any) -> str:
    return "#" + str(tone.hexval())[2:]


def _look(fill: Any, stroke: Any, thick: float) -> str:
    shown = _hex(fill) if fill is not None else "none"
    edge = f' stroke="{_hex(stroke)}" stroke-width="{thick:g}"' if stroke is not None else ""
    return f' fill="{shown}"{edge}'


def _dashes(dash: Sequence[float]) -> str:
    return f' stroke-dasharray="{" ".join(f"{part:g}" for part in dash)}"' if dash else ""
