"""The texts of a report beside its pages: drafted ones to edit, empty ones to write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from ui.theme.tokens import GAP, MARGIN, px
from ui.widgets.button import Button, Kind
from ui.widgets.editors import LongTextField
from ui.widgets.labels import Tag, label
from ui.widgets.scroll_area import FitArea

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svcdesk.services.report_desk import Editable

QUIET = 1500  # ms without a key: then the text is written


class TextBox(QWidget):
    """One text: what it is, its editor, the draft or last period's text beside it."""

    written = Signal(str, object, object)  # key, text (none: the draft again), draft

    def __init__(self, text: Editable, title: str, before: str) -> None:
        super().__init__()
        self.text, self._saved = text, text.text
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        head = QHBoxLayout()
        head.addWidget(label(title, "small", "2", wrap=True), 1)
        self.tag = Tag("")
        head.addWidget(self.tag)
        column.addLayout(head)
        self.editor = LongTextField("", 4 if text.drafted is not None else 3)
        self.editor.setAccessibleName(text.prompt or title)
        self.editor.setPlainText(text.text)
        self.editor.installEventFilter(self)
        column.addWidget(self.editor)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET)
        self._timer.timeout.connect(self.commit)
        self.editor.textChanged.connect(self._on_changed)
        self.draft = label("", "small", "2", wrap=True, selectable=True)
        column.addWidget(self.draft)
        row = QHBoxLayout()
        self.again = Button(_("Take the draft again"), kind=Kind.LINK, small=True)
        self.again.clicked.connect(self._on_again)
        row.addWidget(self.again)
        self.copy = Button(_("Take the last period's text"), kind=Kind.LINK, small=True)
        self.copy.setToolTip(before)
        self.copy.clicked.connect(lambda: self.editor.setPlainText(before))
        self.copy.setVisible(bool(before) and text.drafted is None)
        row.addWidget(self.copy)
        row.addStretch(1)
        column.addLayout(row)
        self._show_state()

    def _show_state(self) -> None:
        text = self.text
        if text.stale:
            self.tag.set(_("the draft has changed"), "triangle-alert", "warn")
        elif text.edited:
            self.tag.set(_("edited"), "pencil", "accent")
        elif text.required and not text.text:
            self.tag.set(_("to be written"), "circle-alert", "danger")
        self.tag.setVisible(text.stale or text.edited or (text.required and not text.text))
        self.again.setVisible(text.edited)
        self.draft.setVisible(text.edited)
        if text.edited:
            self.draft.setText(_("Draft: {text}").format(text=text.drafted or "—"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Write on leaving and on Ctrl+Enter; Tab goes on to the next text."""
        if watched is self.editor:
            if event.type() is QEvent.Type.FocusOut:
                self.commit()
            elif event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
                if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                    self.commit()
                    return True
        return super().eventFilter(watched, event)

    def _on_changed(self) -> None:
        self._timer.start()

    def commit(self) -> None:
        """Write the text when it is another one."""
        self._timer.stop()
        now = self.editor.toPlainText().strip()
        if now == self._saved.strip():
            return
        self._saved = now
        drafted = self.text.drafted
        kept = None if not now or now == drafted else now
        self.written.emit(self.text.key, kept, drafted)

    def _on_again(self) -> None:
        self.editor.setPlainText(self.text.drafted or "")
        self.commit()


class TextsPane(QWidget):
    """All texts of a report, by section, with what stands in the way of publishing."""

    written = Signal(str, object, object)
    section_shown = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.boxes: dict[str, TextBox] = {}
        self.missing = label("", "small", "danger", wrap=True)
        self._inner = QWidget()
        self._area = FitArea(self._inner)
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(MARGIN, GAP, MARGIN, MARGIN)
        self._column.setSpacing(px(10))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.missing)
        self.missing.setContentsMargins(MARGIN, GAP, MARGIN, 0)
        column.addWidget(self._area, 1)

    def show_texts(
        self, texts: Sequence[Editable], titles: Mapping[str, str], before: Mapping[str, str]
    ) -> None:
        """Show the texts; the one that is being written keeps its caret."""
        focused = next((k for k, b in self.boxes.items() if b.editor.hasFocus()), None)
        caret = self.boxes[focused].editor.textCursor().position() if focused else 0
        shown = self.boxes[focused].editor.toPlainText() if focused else ""
        scroll = self._area.verticalScrollBar().value()
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.removeEventFilter(self)
                widget.deleteLater()
        self.boxes = {}
        section = ""
        for text in texts:
            if text.section != section:
                section = text.section
                self._column.addWidget(label(titles.get(section, section), "strong"))
            title = text.prompt or _("Drafted sentence")
            box = TextBox(text, title, before.get(text.key, ""))
            box.written.connect(self.written)
            self.boxes[text.key] = box
            self._column.addWidget(box)
        if not texts:
            self._column.addWidget(
                label(_("A published report does not change. Make a new version to write."), "small", "2", wrap=True)
            )  # fmt: skip
        self._column.addStretch(1)
        if focused in self.boxes:
            editor = self.boxes[focused].editor
            if editor.toPlainText() != shown:
                editor.setPlainText(shown)
            editor.setFocus()
            cursor = editor.textCursor()
            cursor.setPosition(min(caret, len(editor.toPlainText())))
            editor.setTextCursor(cursor)
        self._area.verticalScrollBar().setValue(scroll)

    def show_obstacles(self, sentences: Sequence[str]) -> None:
        """Say what stands in the way of publishing."""
        self.missing.setVisible(bool(sentences))
        text = _("Before publishing ({n}):").format(n=len(sentences))
        self.missing.setText("\n".join([text, *(f"· {one}" for one in sentences[:6])]))

    def go_to(self, key: str) -> None:
        """Bring a text into view and let it be written."""
        if key in self.boxes:
            self._area.ensureWidgetVisible(self.boxes[key])
            self.boxes[key].editor.setFocus()
