"""What may be the same case, shown in the form while it is typed: open, link, or go on (4.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from ui.pages.wording import STATUS_ICONS, Words
from ui.widgets.button import Button, Kind
from ui.widgets.labels import ElidedLabel, KeyHint, Link, icon_label, label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.services.desk import Desk
    from svcdesk.services.duplicates import Suspect


OPEN_KEYS, LINK_KEYS = "Alt+O", "Alt+L"  # of the first one


class DuplicateBox(QWidget):
    """Up to five tickets; hidden while there are none or after "go on"."""

    open_wanted = Signal(object)
    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._words = Words(desk)
        self._related: set[int] = set()
        self._passed: frozenset[int] = frozenset()
        self._found: Sequence[Suspect] = ()
        self._links: list[Button] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(icon_label("git-merge", "warn", 16))
        head.addWidget(label(_("Perhaps the same case"), "strong"), 1)
        self._go_on = Button(_("Go on, it is another case"), kind=Kind.QUIET, small=True)
        self._go_on.clicked.connect(self._pass)
        head.addWidget(self._go_on)
        column.addLayout(head)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        column.addLayout(self._rows)
        for keys, act in ((OPEN_KEYS, self._open_first), (LINK_KEYS, self._link_first)):
            QShortcut(QKeySequence(keys), self, act)
        self.hide()

    @property
    def related(self) -> list[int]:
        """The tickets that the new one is to be linked with."""
        return sorted(self._related)

    def show_found(self, found: Sequence[Suspect]) -> None:
        """Show ``found``; those that were passed over before stay away."""
        self._found = found
        self._related &= {suspect.id for suspect in found}
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._links = []
        for number, suspect in enumerate(found):
            self._rows.addWidget(self._row(suspect, first=number == 0))
        self.setVisible(bool({suspect.id for suspect in found} - self._passed))
        self.setAccessibleName(", ".join(f"{s.number} {s.title}" for s in found))

    def _row(self, suspect: Suspect, *, first: bool) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(22, 0, 0, 0)
        line.setSpacing(6)
        icon, ink = STATUS_ICONS[suspect.status]
        status = icon_label(icon, ink, 16)
        status.setToolTip(code_label("TicketStatus", suspect.status))
        number = Link(suspect.number)
        tip = _("Open this ticket; what you typed is kept as a draft")
        number.setToolTip(f"{tip}  ({OPEN_KEYS})" if first else tip)
        number.setProperty("ticket", suspect.id)
        number.clicked.connect(self._on_open)
        link = Button(
            _("Link it"), kind=Kind.NORMAL, icon="link", small=True, key=LINK_KEYS if first else ""
        )
        self._links.append(link)
        link.setCheckable(True)
        link.setChecked(suspect.id in self._related)
        link.setToolTip(_("Link the new ticket with this one"))
        link.setProperty("ticket", suspect.id)
        link.toggled.connect(self._on_link)
        line.addWidget(status)
        line.addWidget(number)
        if first:
            line.addWidget(KeyHint(OPEN_KEYS))
        line.addWidget(ElidedLabel(suspect.title, "small", "2"), 1)
        who = f"{self._words.time(suspect.created_at)}  {self._words.person(suspect.owner_id)}"
        line.addWidget(label(who, "small", "3"))
        line.addWidget(link)
        return row

    def _on_open(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.open_wanted.emit(sender.property("ticket"))

    def _open_first(self) -> None:
        if self.isVisible() and self._found:
            self.open_wanted.emit(self._found[0].id)

    def _link_first(self) -> None:
        if self.isVisible() and self._links:
            self._links[0].click()

    def _on_link(self, on: bool) -> None:
        sender = self.sender()
        if sender is None:
            return
        key = int(sender.property("ticket"))
        if on:
            self._related.add(key)
        else:
            self._related.discard(key)
        self.changed.emit()

    def _pass(self) -> None:
        self._passed = frozenset(suspect.id for suspect in self._found)
        self._related.clear()
        self.hide()
