"""A tab of the reports page that is more than cards, charts and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from ui.pages.page import Route, Workplace


class OwnTab(QWidget):
    """Shows and does what it likes, below the row of tabs; the bar of the sheets is not shown.

    ``watched`` are the tables whose changes make :meth:`reload` be called again.
    """

    watched: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place = place

    def reload(self) -> None:
        """Read again what is shown: the tab was opened, or the data changed."""

    def show_route(self, route: Route) -> None:
        """Show the part of the tab that an address asks for."""
