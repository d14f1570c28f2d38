"""A ticket in a window of its own, beside the list; it follows changes and ends with its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.pages.tickets.detail_pane import TicketPane
from ui.pages.tickets.pane_actions import PaneActions
from ui.theme.room import room

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from svcdesk.services.tickets import TicketDetail
    from ui.pages.page import Changes, Workplace

GEOMETRY = "ticket_window/geometry"
FIRST_SIZE = QSize(560, 720)


class TicketWindow(QWidget):
    """One ticket."""

    open_wanted = Signal(object)
    customer_wanted = Signal(object)
    closed = Signal(object)  # itself

    def __init__(self, parent: QWidget, place: Workplace, key: int) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.key = key
        self.pane = TicketPane(place)
        for button in (self.pane.head.up, self.pane.head.down, self.pane.head.own):
            button.hide()
        self.actions_ = PaneActions(self.pane, place)
        self.actions_.loaded.connect(self._on_loaded)
        self.actions_.open_wanted.connect(self.open_wanted)
        self.pane.customer_wanted.connect(self.customer_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pane)
        for keys, undo in (("Ctrl+Z", "undo"), ("Ctrl+Y", "redo")):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setProperty("action", undo)
            shortcut.activated.connect(self._on_shortcut)
        self._place = place
        state = QSettings().value(GEOMETRY)
        if not (isinstance(state, QByteArray) and self.restoreGeometry(state)):
            self.resize(room(FIRST_SIZE.width(), FIRST_SIZE.height()))
        self.actions_.load(key)

    def refresh(self, changes: Changes) -> None:
        """Show what a write has changed."""
        self.actions_.refresh(changes)

    def _on_loaded(self, detail: TicketDetail) -> None:
        self.setWindowTitle(f"{detail.ticket['ticket_no']}  {detail.ticket['title']}")

    def _on_shortcut(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._place.shell.act(str(sender.property("action")))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Single keys act as in the page; Esc closes the window."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() == Qt.Key.Key_Escape and plain:
            self.close()
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier or not self.actions_.press(
            event
        ):
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember size and place; write what is being typed."""
        QSettings().setValue(GEOMETRY, self.saveGeometry())
        self.pane.talk.draft.flush()
        self.pane.draft.flush()
        self.closed.emit(self)
        super().closeEvent(event)
