"""The frame of small dialogs, and those of the program itself: about, crash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from svcdesk import __version__
from svcdesk.i18n.catalog import _
from ui.theme.room import room
from ui.widgets.button import Button, Kind
from ui.widgets.labels import icon_label, label

if TYPE_CHECKING:
    from svcdesk.system.crash import CrashRecord


class FrameDialog(QDialog):
    """A dialog with a title, content and one closing button."""

    def __init__(self, parent: QWidget | None, title: str, width: int = 480) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(room(width, 0).width())
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 14, 16, 14)
        self.column.setSpacing(10)

    def add_buttons(self, *buttons: Button) -> None:
        """Put buttons at the right, the last one closes by default."""
        if not any(self.column.stretch(place) for place in range(self.column.count())):
            self.column.addStretch(1)  # nothing else takes the spare room
        row = QHBoxLayout()
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        self.column.addLayout(row)


class AboutDialog(FrameDialog):
    """Name, version, licences."""

    def __init__(self, parent: QWidget | None, data_file: str) -> None:
        super().__init__(parent, _("About svcdesk"))
        head = QHBoxLayout()
        head.addWidget(icon_label("headset", "accent", 32))
        head.addWidget(label(_("Service desk"), "page"))
        head.addStretch(1)
        self.column.addLayout(head)
        lines = [
            _("Version {version}").format(version=__version__),
            _("Data file: {path}").format(path=data_file or "—"),
            _("Everything stays on this computer; nothing is sent anywhere."),
            _("Font: Noto Sans SC (OFL 1.1). Icons: Lucide (ISC)."),
        ]
        for line in lines:
            self.column.addWidget(label(line, wrap=True, selectable=True))
        close = Button(_("Close"), kind=Kind.MAIN)
        close.clicked.connect(self.accept)
        self.add_buttons(close)


class CrashDialog(FrameDialog):
    """A defect, told once: the report is shown before anyone can copy it."""

    def __init__(self, parent: QWidget | None, record: CrashRecord) -> None:
        super().__init__(parent, _("Something went wrong"), 640)
        head = QHBoxLayout()
        head.addWidget(icon_label("triangle-alert", "danger", 20))
        text = _(
            "The program made a mistake. What was saved is safe; the last step may be missing."
        )
        head.addWidget(label(text, "strong", wrap=True), 1)
        self.column.addLayout(head)
        self.column.addWidget(
            label(
                _("The report below stays on this computer. Names and phone numbers are hidden."),
                "small", "2", wrap=True,
            )
        )  # fmt: skip
        self._report = QPlainTextEdit(record.text)
        self._report.setReadOnly(True)
        self._report.setMinimumHeight(240)
        self.column.addWidget(self._report)
        copy = Button(_("Copy report"), icon="copy")
        copy.clicked.connect(self._copy)
        close = Button(_("Close"), kind=Kind.MAIN)
        close.clicked.connect(self.accept)
        self.add_buttons(copy, close)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report.toPlainText())
