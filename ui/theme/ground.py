"""The ground of the window: Fusion and the colours of the theme, before anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPalette

from ui.theme import tokens
from ui.theme.tokens import colour

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

SYSTEM = "system"
HALF = 128  # of the lightness of a colour


def palette() -> QPalette:
    """Return Qt's colours from the theme's tokens."""
    result = QPalette()
    role = QPalette.ColorRole
    pairs = {
        role.Window: "window", role.WindowText: "text", role.Base: "surface",
        role.AlternateBase: "sunken", role.Text: "text", role.Button: "surface",
        role.ButtonText: "text", role.BrightText: "on-fill", role.Link: "accent",
        role.LinkVisited: "accent", role.Highlight: "fill", role.HighlightedText: "on-fill",
        role.ToolTipBase: "text", role.ToolTipText: "surface", role.PlaceholderText: "text-3",
        role.Light: "surface", role.Midlight: "sunken", role.Mid: "border", role.Dark: "strong",
        role.Shadow: "border", role.Accent: "accent",
    }  # fmt: skip
    for which, token in pairs.items():
        result.setColor(which, colour(token))
    for which in (role.Text, role.WindowText, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, which, colour("text-3"))
    return result


def lay_ground(app: QApplication, choice: str) -> None:
    """Give the bare window the colours of the chosen theme.

    What the system prefers is read from the palette it gives Fusion: naming the namespace ``Qt``
    here would cost a fifth of the time until the window is seen.
    """
    app.setStyle("Fusion")
    dark = app.palette().color(QPalette.ColorRole.Window).lightness() < HALF
    tokens.use(("dark" if dark else "light") if choice == SYSTEM else choice)
    app.setPalette(palette())
