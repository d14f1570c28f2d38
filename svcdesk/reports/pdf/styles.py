"""Colours and type sizes of the printed report (look.md 6: light tokens on white)."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import Any

from svcdesk.system.paths import resources

MM = 72 / 25.4
TEXT, SMALL, MICRO = 10.5, 9.0, 8.0


@lru_cache(maxsize=1)
def theme() -> dict[str, Any]:
    """Return the light theme's tokens: paper is always light."""
    path = resources() / "themes" / "light.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=64)
def colour(name: str) -> Any:
    """Return a token as a reportlab colour."""
    from reportlab.lib.colors import HexColor

    return HexColor(theme()["colours"].get(name, name))


@lru_cache(maxsize=16)
def series_colour(index: int) -> Any:
    """Return the chart colour ``index`` (from 0, in palette order)."""
    from reportlab.lib.colors import HexColor

    palette = theme()["chart"]["palette"]
    return HexColor(palette[index % len(palette)])


def is_light(index: int) -> bool:
    """Say whether a chart colour is too light to stand without an outline."""
    return (index % 8) + 1 in theme()["chart"]["outlined"]


def heat_colour(share: float) -> Any:
    """Return the colour of a heat-map cell: 0 lightest, 1 darkest."""
    from reportlab.lib.colors import HexColor, linearlyInterpolatedColor

    low, high = theme()["chart"]["heat"]
    return linearlyInterpolatedColor(HexColor(low), HexColor(high), 0, 1, max(0.0, min(1.0, share)))


def contrast_text(fill: Any) -> Any:
    """Return black or white text, whichever contrasts more with ``fill``."""

    def part(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    luminance = 0.2126 * part(fill.red) + 0.7152 * part(fill.green) + 0.0722 * part(fill.blue)
    return (
        colour("surface")
        if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.06
        else colour("text")
    )
