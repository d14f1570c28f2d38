"""Chips over the queue: whose tasks, which are late, low scores, those to call again today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from svcdesk.domain.callback import CallbackKind
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.services.callbacks import CHIPS
from ui.pages.wording import Words
from ui.widgets.button import Button
from ui.widgets.editors import ManyField
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import box

if TYPE_CHECKING:
    from svcdesk.services.callbacks import Counts
    from svcdesk.services.desk import Desk


class QueueHead(QWidget):
    """One chip at a time, kinds beside it; each chip says how many it stands for."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._names = {
            "all": (pgettext("chip", "All"), ""),
            "mine": (pgettext("chip", "Mine"), "circle-user"),
            "unassigned": (pgettext("chip", "Unassigned"), "circle-dashed"),
            "overdue": (pgettext("chip", "Overdue"), "circle-alert"),
            "low": (pgettext("chip", "Low scores"), "heart-handshake"),
            "again": (pgettext("chip", "Again today"), "phone"),
        }
        self.chip = "all"
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        frame = box("surface", "bottom")
        outer.addWidget(frame)
        column = QVBoxLayout(frame)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(4)
        holder = QWidget()
        flow = FlowLayout(holder, 4)
        self._buttons: dict[str, Button] = {}
        for place, name in enumerate(CHIPS, start=1):
            text, icon = self._names[name]
            button = Button(text, icon=icon, small=True)
            button.setCheckable(True)
            button.setChecked(name == "all")
            button.setToolTip(f"{text} (Alt+{place})")
            button.setProperty("chip", name)
            button.clicked.connect(self._on_clicked)
            self._buttons[name] = button
            flow.addWidget(button)
        column.addWidget(holder)
        kinds = Words(desk).codes("CallbackKind", list(CallbackKind))
        self.kinds = ManyField(kinds, _("All kinds"))
        self.kinds.setAccessibleName(_("Kinds of callbacks shown"))
        self.kinds.setToolTip(_("Kinds of callbacks shown"))
        self.kinds.changed.connect(self.changed)
        column.addWidget(self.kinds)

    def choose(self, chip: str) -> None:
        """Choose a chip."""
        self.chip = chip
        for name, button in self._buttons.items():
            button.setChecked(name == chip)
        self.changed.emit()

    def show_counts(self, counts: Counts) -> None:
        """Show how many each chip stands for."""
        for name, button in self._buttons.items():
            count = getattr(counts, name)
            button.set_text(f"{self._names[name][0]} {count}")

    def _on_clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.choose(str(sender.property("chip")))
