"""The tags of a ticket: chips that can be taken off, and a field with the tags in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.services import tags
from ui.jobs.runner import WRITE, Latest
from ui.theme.tokens import chip_height, px
from ui.widgets.chips import Chip
from ui.widgets.editors import TextField
from ui.widgets.flow import FlowLayout

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFocusEvent, QKeyEvent

    from svcdesk.services.tickets import TicketDetail
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

LONGEST = 20


class _TagLine(TextField):
    """Where a tag is typed: Enter adds it, Esc or an empty field ends it."""

    def __init__(self, add: Callable[[str], None], end: Callable[[], None]) -> None:
        super().__init__(_("Tag"), LONGEST)
        self._add, self._end = add, end
        self.setAccessibleName(_("New tag"))
        self.setFixedWidth(px(130))
        self.setMinimumHeight(chip_height())
        self.known = QStringListModel(self)
        completer = QCompleter(self.known, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Add on Enter, end on Esc."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._add(str(self.value() or ""))
        elif event.key() == Qt.Key.Key_Escape:
            self._end()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """End when it is left empty; words that were typed stay."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason and not self.text().strip():
            self._end()


class TagStrip(QWidget):
    """Chips and the field."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._latest = Latest(place.runner, self)
        self._ticket = 0
        self._tags: list[str] = []
        self._before: QWidget | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        holder = QWidget()
        self._flow = FlowLayout(holder, gap=5)
        column.addWidget(holder)
        self.line = _TagLine(self._add, self._end)
        self.line.hide()
        column.addWidget(self.line)
        self.add_chip = Chip("")

    def show_detail(self, detail: TicketDetail) -> None:
        """Show the tags of a ticket."""
        if self._ticket != int(detail.ticket["id"]):
            self._ticket = int(detail.ticket["id"])
            self.line.clear()
            self.line.hide()
        self._tags = list(detail.ticket["tags"] or [])
        self._flow.clear()
        for tag in self._tags:
            chip = Chip(tag, self)
            chip.show_condition(tag, is_set=True)
            chip.setToolTip(_("Remove with × or Delete"))
            chip.setProperty("tag", tag)
            chip.removed.connect(self._remove)
            self._flow.addWidget(chip)
            chip.show()
        self.add_chip = Chip(_("Tag"), self, dashed=True)
        self.add_chip.setToolTip(_("Add a tag (#)"))
        self.add_chip.clicked.connect(self.open_line)
        self._flow.addWidget(self.add_chip)
        self.add_chip.show()

    def open_line(self) -> None:
        """Let a tag be typed; those in use are offered."""
        focus = self.window().focusWidget()
        self._before = focus if focus is not self.line else self._before
        self.line.show()
        self.line.setFocus()
        desk = self._place.desk

        def work(_context: JobContext) -> list[str]:
            return tags.in_use(desk)

        self._latest.start(work).on_success(self._offer).on_failure(self._place.shell.tell)

    def _offer(self, known: list[str]) -> None:
        self.line.known.setStringList([tag for tag in known if tag not in self._tags])

    def _add(self, tag: str) -> None:
        self.line.clear()
        if not tag:
            self._end()
            return
        self._write([*self._tags, tag])

    def _remove(self) -> None:
        chip = self.sender()
        if chip is not None:
            gone = str(chip.property("tag"))
            self._write([tag for tag in self._tags if tag != gone])

    def _write(self, wanted: list[str]) -> None:
        desk, key = self._place.desk, self._ticket
        self._tags = list(dict.fromkeys(wanted))  # the next one may be typed before this is written
        handle = self._place.runner.start(
            lambda _context: tags.replace(desk, key, wanted), lane=WRITE, owner=self
        )
        handle.on_failure(self._place.shell.tell)

    def _end(self) -> None:
        had = self.line.hasFocus()
        self.line.clear()
        self.line.hide()
        if had and self._before is not None and self._before.isVisible():
            self._before.setFocus()
