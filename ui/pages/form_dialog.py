"""Dialogs of pages: title, content, buttons; a form that writes on Ctrl+Enter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE
from ui.pages.wording import say
from ui.theme.room import on_screen, room
from ui.widgets.button import Button, Kind
from ui.widgets.form import Form
from ui.widgets.labels import label
from ui.widgets.scroll_area import FitArea

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QShowEvent

    from svcdesk.services.desk import Outcome
    from ui.pages.page import Workplace


class PageDialog(QDialog):
    """A dialog over a page; content goes into ``column``."""

    def __init__(self, parent: QWidget, title: str, width: int) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(room(width, 0).width())
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 14, 16, 14)
        self.column.setSpacing(10)

    def showEvent(self, event: QShowEvent) -> None:
        """Take the room that the content wishes for, as far as the screen has it."""
        if not self.testAttribute(Qt.WidgetAttribute.WA_Resized):
            self.resize(on_screen(self.sizeHint()))
        super().showEvent(event)

    def add_buttons(self, *buttons: Button) -> None:
        """Put buttons at the right, the main one last."""
        if not any(self.column.stretch(place) for place in range(self.column.count())):
            self.column.addStretch(1)  # nothing else takes the spare room
        row = QHBoxLayout()
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        self.column.addLayout(row)


class FormDialog(PageDialog):
    """A form that writes on Ctrl+Enter; problems stand at their fields."""

    saved = Signal(object)

    def __init__(self, parent: QWidget, place: Workplace, title: str, save: str) -> None:
        super().__init__(parent, title, 620)
        self.place = place
        self.form = Form(columns=2)
        self.column.addWidget(FitArea(self.form), 1)
        self._advice = label("", "small", "2", wrap=True)
        self._wrong = label("", "small", "danger", wrap=True)
        self._foot = QVBoxLayout()
        self._foot.addWidget(self._advice)
        self._foot.addWidget(self._wrong)
        self.column.addLayout(self._foot)
        cancel = Button(_("Cancel"))
        cancel.clicked.connect(self.reject)
        self.save_button = Button(save, kind=Kind.MAIN, key="Ctrl+↵")
        self.save_button.clicked.connect(self.save)
        self.add_buttons(cancel, self.save_button)

    def advise(self, text: str) -> None:
        """Show a sentence under the form."""
        self._advice.setText(text)

    def save(self) -> None:
        """Check and write; for the dialog made of this."""
        raise NotImplementedError

    def write(self, work: Callable[[], Outcome[Any]]) -> None:
        """Write in the background; close when it is done."""
        self.save_button.setEnabled(False)
        handle = self.place.runner.start(lambda _context: work(), lane=WRITE, owner=self)
        handle.on_success(self._on_saved).on_failure(self._on_failed)

    def _on_saved(self, outcome: Any) -> None:
        self.saved.emit(outcome.value)
        self.accept()

    def _on_failed(self, error: object) -> None:
        self.save_button.setEnabled(True)
        if isinstance(error, ProblemsError):
            self._wrong.setText(" ".join(self.form.show_problems(error.problems, say)))
        else:
            self.place.shell.tell(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter saves; plain Enter does not."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.save()
            return
        super().keyPressEvent(event)
