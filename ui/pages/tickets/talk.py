"""The box in which replies, notes and calls are written; what is typed survives a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from ui.pages.drafts import DraftKeeper
from ui.pages.tickets.reply_picker import ReplyPicker
from ui.widgets.button import Button, Kind
from ui.widgets.editors import LongTextField
from ui.widgets.flow import FlowLayout

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

    from ui.pages.page import Workplace
    from ui.widgets.banner import Banner

KINDS = (
    ("public_reply", "message-square-reply"),
    ("internal_note", "lock"),
    ("call_out", "phone-call"),
)


class _Words(LongTextField):
    """The field; a picture or files on the clipboard are attached instead of pasted as text."""

    files_pasted = Signal(object)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste text; hand everything else over."""
        if source.hasText() and not any(url.isLocalFile() for url in source.urls()):
            super().insertFromMimeData(source)
        else:
            self.files_pasted.emit(source)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Take pictures and files as well."""
        return source.hasImage() or source.hasUrls() or super().canInsertFromMimeData(source)


class TalkBox(QWidget):
    """Kind, words, send."""

    said = Signal(str, str)  # kind, text
    files_pasted = Signal(object)  # what was pasted or dropped and is no text
    field_wanted = Signal(str)  # what a canned reply lacks

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._banner: Banner | None = None
        kinds = QWidget()
        row = FlowLayout(kinds, gap=5)
        self._kinds: dict[str, Button] = {}
        names = (_("Reply to customer"), _("Internal note"), _("Call made"))
        for (kind, icon), name in zip(KINDS, names, strict=True):
            button = Button(name, icon=icon, small=True)
            button.setCheckable(True)
            button.setAutoExclusive(True)
            self._kinds[kind] = button
            row.addWidget(button)
        self._kinds["public_reply"].setChecked(True)
        self._column.addWidget(kinds)
        canned = Button("", kind=Kind.QUIET, icon="message-square-reply", key="::", small=True)
        canned.setAccessibleName(_("Canned replies"))
        canned.setToolTip(_("Canned replies: type :: or press Ctrl+;"))
        row.addWidget(canned)
        self.words_box = _Words(_("What was said or done…"), lines=2)
        self.words_box.setAccessibleName(_("Reply, note or call"))
        self.words_box.files_pasted.connect(self.files_pasted)
        self.replies = ReplyPicker(place, self.words_box)
        self.replies.field_wanted.connect(self.field_wanted)
        canned.clicked.connect(self.replies.begin)
        self._column.addWidget(self.replies)
        self._column.addWidget(self.words_box)
        self._send = Button(_("Record"), kind=Kind.MAIN, key="Ctrl+↵")
        self._send.clicked.connect(self.send)
        self._send.hide()
        self._column.addWidget(self._send, alignment=Qt.AlignmentFlag.AlignRight)
        self.draft = DraftKeeper(self, place.desk, self._typed)
        self.words_box.textChanged.connect(self._on_words)
        for button in self._kinds.values():
            button.toggled.connect(self._on_words)

    def open(self, ticket_id: int) -> None:
        """Take the box for a ticket, with what was left in it."""
        self.draft.flush()
        self.draft.open("")
        self._show_banner(None)
        self.words_box.clear()
        self.replies.open_for(ticket_id)
        left = self.draft.open(f"ticket-{ticket_id}-reply")
        if left is not None:
            self.choose(str(left.values.get("kind", "")))
            self.words_box.set_value(left.values.get("text"))
            self._show_banner(self.draft.banner(left))

    def _show_banner(self, banner: Banner | None) -> None:
        if self._banner is not None:
            self._banner.hide()
            self._banner.deleteLater()
        self._banner = banner
        if banner is not None:
            banner.acted.connect(self.empty)
            self._column.insertWidget(0, banner)

    def _typed(self) -> dict[str, Any]:
        text = self.words_box.toPlainText()
        return {"kind": self.kind(), "text": text} if text.strip() else {}

    def kind(self) -> str:
        """Return what is being written: a reply, a note or a call."""
        return next((k for k, button in self._kinds.items() if button.isChecked()), KINDS[0][0])

    def choose(self, kind: str) -> None:
        """Write ``kind`` from here on."""
        if kind in self._kinds:
            self._kinds[kind].setChecked(True)

    def focus(self, kind: str = "") -> None:
        """Go to the words."""
        self.choose(kind)
        self.words_box.setFocus()

    def send(self) -> None:
        """Hand over the words."""
        text = self.words_box.value()
        if text:
            self.said.emit(self.kind(), text)

    def empty(self) -> None:
        """Clear the box: its words were saved or thrown away."""
        self.words_box.clear()
        self.draft.done()
        self._show_banner(None)

    def _on_words(self) -> None:
        self._send.setVisible(self.words_box.value() is not None)
        self.draft.touch()
