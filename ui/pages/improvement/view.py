"""What the views of the improvement page have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.tokens import GAP, MARGIN
from ui.widgets.labels import box

if TYPE_CHECKING:
    from ui.pages.page import Changes, Route, Workplace


class LoopView(QWidget):
    """One view of the improvement page; it reads nothing before it is shown for the first time."""

    opened = Signal(object)  # Route: a place to go to
    counted = Signal(object)  # how many wait here, or None

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place = place

    def stack(self, *parts: QWidget) -> None:
        """Lay parts out below each other without gaps; the last takes the room that is left."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in parts:
            column.addWidget(part, int(part is parts[-1]))

    def tools(self) -> list[QWidget]:
        """Return the view's own buttons of the top bar."""
        return []

    def show_route(self, route: Route) -> None:
        """Show what a route names."""
        del route
        self.reload()

    def reload(self) -> None:
        """Read again what is shown."""
        raise NotImplementedError

    def refresh(self, changes: Changes) -> None:
        """Take up what was written elsewhere."""
        raise NotImplementedError

    def save_state(self) -> dict[str, Any]:
        """Return what is shown, to come back to it."""
        return {}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take it back."""
        del state

    def record_shown(self) -> tuple[str, int] | None:
        """Return the record that the actions of the menus are about."""
        return None

    def act(self, action: str) -> bool:
        """Run an action of the page; tell whether it is one of this view."""
        del action
        return False


def strip(line: str = "bottom") -> tuple[QWidget, QHBoxLayout]:
    """Return a strip at the edge of a view, with the row its parts go into."""
    holder = box("surface", line)
    row = QHBoxLayout(holder)
    row.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
    row.setSpacing(GAP)
    return holder, row
