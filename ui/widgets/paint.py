"""Drawing shared by the widgets that paint themselves."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from ui.theme import icons
from ui.theme.tokens import MICRO, RADIUS_TAG, SMALL, colour, font, metrics, px, text_size

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
NEVER_FIRST = frozenset("，。；：！？、）》”’」』】％%,.;:!?)]")  # of a line


def rounded(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    fill: str = "",
    line: str = "",
    width: float = 1.0,
) -> None:
    """Fill and outline ``rect`` in token colours; the line stays inside and sharp."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inset = width / 2 if line else 0
    painter.setPen(QPen(colour(line), width) if line else Qt.PenStyle.NoPen)
    painter.setBrush(colour(fill) if fill else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)


def draw_icon(
    painter: QPainter, name: str, ink: str, size: int, left: float, middle: float
) -> None:
    """Draw icon ``name`` with its left edge at ``left``, centred on the line ``middle``."""
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(QPointF(left, middle - px(size) / 2), icons.pixmap(name, ink, size, ratio))


def text_width(text: str, size: int, *, bold: bool = False) -> int:
    """Return the width of ``text`` in the program's font."""
    return metrics(size, bold=bold).horizontalAdvance(text)


def key_width(text: str) -> int:
    """Return the width of the drawn key ``text``."""
    return max(metrics(MICRO).horizontalAdvance(text) + 10, px(18))


def draw_key(painter: QPainter, text: str, left: float, middle: float, *, on_fill: bool) -> None:
    """Draw a key cap; ``on_fill``: on the ground of a main button."""
    cap_height = metrics(MICRO).height() + 1
    rect = QRectF(left, middle - cap_height / 2, key_width(text), cap_height)
    if on_fill:
        rounded(painter, rect, RADIUS_TAG, "", "on-fill")
        painter.setPen(colour("on-fill"))
    else:
        rounded(painter, rect, RADIUS_TAG, "surface", "border")
        painter.setPen(QPen(colour("strong"), 1))
        bottom = rect.bottom() - 0.5
        painter.drawLine(QPointF(rect.left() + 3, bottom), QPointF(rect.right() - 3, bottom))
        painter.setPen(colour("text-2"))
    painter.setFont(font(MICRO))
    painter.drawText(rect, CENTRE, text)


def draw_focus(painter: QPainter, rect: QRectF, radius: float) -> None:
    """Draw the focus ring inside the edge of ``rect``."""
    rounded(painter, rect, radius, "", "accent", 2.0)


def tag_width(text: str, icon_name: str) -> int:
    """Return the width of a tag."""
    return text_width(text, SMALL) + (px(17) if icon_name else 0) + 12


def wrapped(text: str, room: float, size: int = SMALL, *, bold: bool = False) -> list[str]:
    """Break a text into lines of at most ``room``: after spaces, and between Chinese signs."""
    wide = _signs(size, bold, text_size())
    lines: list[str] = []
    line, used = "", 0.0
    for word in _pieces(text):
        word_width = sum(wide[sign] for sign in word)
        ended = word_width - (wide[" "] if word.endswith(" ") else 0.0)  # a space may hang over
        if line and used + ended > room:
            lines.append(line.rstrip())
            line, used = word.lstrip(), word_width
        else:
            line, used = line + word, used + word_width
        while used > room and len(line) > 1 and line.rstrip() == line:
            fits = max(1, bisect_right(list(accumulate(wide[sign] for sign in line)), room))
            lines.append(line[:fits])
            line = line[fits:]
            used = sum(wide[sign] for sign in line)
    return [*lines, line.rstrip()] if line or not lines else lines


class _Signs(dict[str, float]):
    """Widths of single characters, measured when first asked for."""

    def __init__(self, size: int, *, bold: bool) -> None:
        super().__init__()
        self._ruler = QFontMetricsF(font(size, bold=bold))

    def __missing__(self, sign: str) -> float:
        found = self[sign] = self._ruler.horizontalAdvance(sign)
        return found


@lru_cache(maxsize=32)
def _signs(size: int, bold: bool, percent: int) -> _Signs:
    """Return the widths of characters at a type size; ``percent`` is the text size they hold for."""
    del percent
    return _Signs(size, bold=bold)


def _pieces(text: str) -> list[str]:
    found: list[str] = []
    for sign in text:
        last = found[-1][-1] if found else " "
        of_a_word = sign.isascii() and last.isascii() and not (sign.isspace() or last.isspace())
        if found and (of_a_word or sign in NEVER_FIRST):
            found[-1] += sign
        else:
            found.append(sign)
    return found
