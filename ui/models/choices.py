"""What a combo box or a filter offers: pairs of a stored value and its label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ui.theme.icons import icon as make_icon

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QComboBox


@dataclass(frozen=True)
class Choice:
    """One entry: ``value`` is stored, ``label`` is shown."""

    value: Any
    label: str
    icon: str = ""
    indent: int = 0  # level in a tree of categories


def fill(box: QComboBox, choices: Iterable[Choice], empty: str | None = None) -> None:
    """Put ``choices`` into ``box``; ``empty`` adds a first entry for "not set" (value None)."""
    keep = box.currentData()
    was_blocked = box.blockSignals(True)
    box.clear()
    if empty is not None:
        box.addItem(empty, None)
    for choice in choices:
        label = "\u3000" * choice.indent + choice.label
        if choice.icon:
            box.addItem(make_icon(choice.icon), label, choice.value)
        else:
            box.addItem(label, choice.value)
    select(box, keep)
    box.blockSignals(was_blocked)


def select(box: QComboBox, value: object) -> None:
    """Choose the entry whose stored value is ``value`` (the first one for None)."""
    place = box.findData(value)
    if place < 0 and value is None:
        place = 0 if box.count() and box.itemData(0) is None else -1
    box.setCurrentIndex(place)
