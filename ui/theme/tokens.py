"""Colours and measures of the screen, by name.

Colours come from ``resources/themes/*.toml``; no widget writes a colour of its own. The current
set is read at the moment of painting, so a change of theme needs a repaint and nothing else.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QFont, QFontMetrics

from svcdesk.system.paths import resources

if TYPE_CHECKING:
    from collections.abc import Mapping

FAMILY = "Noto Sans SC"
THEMES = ("light", "dark")

MICRO, SMALL, BODY, TITLE, PAGE, FIGURE = 11, 12, 13, 16, 17, 23  # type sizes, logical px
RADIUS_TAG, RADIUS, RADIUS_CARD, RADIUS_CHIP = 4, 6, 8, 12
GAP, MARGIN = 8, 14
TEXT_SIZES = (100, 125, 150, 175, 200)  # % of the sizes above


@dataclass(frozen=True)
class Tokens:
    """One theme: colours by token name, chart palette in order, the two ends of the heat map."""

    name: str
    colours: Mapping[str, str]
    palette: tuple[str, ...]
    outlined: frozenset[int]
    heat: tuple[str, str]

    def __getitem__(self, token: str) -> str:
        return self.colours[token]

    @property
    def dark(self) -> bool:
        """Whether light text stands on a dark ground."""
        return self.name == "dark"


@cache
def load(name: str) -> Tokens:
    """Read the theme ``name`` (``light`` or ``dark``)."""
    with (resources() / "themes" / f"{name}.toml").open("rb") as file:
        data = tomllib.load(file)
    chart = data["chart"]
    low, high = chart["heat"]
    return Tokens(
        name=data["name"],
        colours=data["colours"],
        palette=tuple(chart["palette"]),
        outlined=frozenset(chart["outlined"]),
        heat=(low, high),
    )


class _Screen:
    """The theme and the text size of the screen."""

    def __init__(self) -> None:
        self.tokens = load("light")
        self.percent = TEXT_SIZES[0]


_screen = _Screen()


def tokens() -> Tokens:
    """Return the theme of the screen."""
    return _screen.tokens


def use(name: str) -> None:
    """Make ``name`` the theme of the screen (see :func:`ui.theme.style.apply` for the whole)."""
    _screen.tokens = load(name)


def use_text_size(percent: int) -> None:
    """Make the text ``percent`` of its usual size; whatever holds text grows with it."""
    _screen.percent = percent
    font.cache_clear()
    metrics.cache_clear()


def text_size() -> int:
    """Return the text size of the screen in percent."""
    return _screen.percent


def px(length: float) -> int:
    """Return a length made for text of 100 % at the text size of the screen, in logical pixels."""
    return round(length * _screen.percent / 100)


@cache
def _colour(value: str) -> QColor:
    return QColor(value)


def colour(token: str) -> QColor:
    """Return the colour of ``token`` in the current theme; do not change the object."""
    return _colour(_screen.tokens.colours[token])


@cache
def font(size: int = BODY, *, bold: bool = False) -> QFont:
    """Return the program's font of a type size; do not change the object."""
    result = QFont(FAMILY)
    result.setPixelSize(px(size))
    result.setBold(bold)
    result.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return result


@cache
def metrics(size: int = BODY, *, bold: bool = False) -> QFontMetrics:
    """Return the metrics of :func:`font`; all heights are made from them."""
    return QFontMetrics(font(size, bold=bold))


def height(padding: int, size: int = BODY) -> int:
    """Return the height of one line of text with ``padding`` above and below.

    The font is generous in line height (19 px at 13 px), so paddings are small.
    """
    return metrics(size).height() + 2 * padding


def row_height() -> int:
    """Return the height of a table row (30 at 100 %)."""
    return height(5) + 1


def control_height() -> int:
    """Return the height of a button, field or search box (30 at 100 %)."""
    return height(5) + 1


def chip_height() -> int:
    """Return the height of a filter chip (24 at 100 %)."""
    return height(3, SMALL)


def tag_height() -> int:
    """Return the height of a tag (20 at 100 %)."""
    return height(1, SMALL)
