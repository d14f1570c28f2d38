"""The conditions of one's own over a list: chips in words, and the editor that opens for them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.pages.conditions import reads

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svcdesk.domain.query import Part
    from ui.pages.list_pane import ListPane


class OwnConditions(QObject):
    """Keeps the conditions that no chip stands for."""

    def __init__(self, pane: ListPane) -> None:
        super().__init__(pane)
        self._pane = pane
        self.parts: list[Part] = []
        pane.chips.extras_changed.connect(self._drop)
        pane.chips.condition_wanted.connect(self.edit)

    def set(self, parts: Iterable[Part]) -> None:
        """Show other conditions, without asking the list again."""
        self.parts = list(parts)
        self._pane.chips.set_extras([reads(part, self._pane.fields) for part in self.parts])

    def edit(self, place: int) -> None:
        """Open the editor for a new condition (-1) or for one there is."""
        from ui.pages.condition_panel import ConditionPanel

        pane = self._pane
        part = self.parts[place] if 0 <= place < len(self.parts) else None
        panel = ConditionPanel(pane.place.desk, pane.fields, part)
        panel.closed.connect(pane.close_panel)
        panel.applied.connect(partial(self._take, place))
        pane.open_panel(panel)
        panel.focus()

    def _take(self, place: int, part: Part | None) -> None:
        kept = [one for number, one in enumerate(self.parts) if number != place]
        if part is not None:
            kept.insert(place if place >= 0 else len(kept), part)
        self.set(kept)
        self._pane.close_panel()
        self._pane.narrow()

    def _drop(self, place: int) -> None:
        self.set(one for number, one in enumerate(self.parts) if number != place and place >= 0)
        self._pane.narrow()
