"""How failures are told: one sentence in a bar under the top bar, until it is put away."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.system.errors import AppError, EnvironmentProblem
from ui.widgets.button import icon_button
from ui.widgets.labels import icon_label, label

AT_MOST = 2


def sentence(error: object) -> str:
    """Return what to tell about a failure, in the user's language."""
    if isinstance(error, AppError):
        from svcdesk.i18n.labels import sentence as fill_in

        return fill_in(error.text, error.values)
    return str(error)


class _Message(QFrame):
    """One sentence with its way out."""

    def __init__(self, text: str, tone: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.text = text
        self.setObjectName("message")
        self.setProperty("box", "surface")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 5, 8, 5)
        row.setSpacing(8)
        row.addWidget(icon_label("circle-alert", tone, 16))
        row.addWidget(label(text, "", tone, wrap=True, selectable=True), 1)
        close = icon_button("x", _("Close"))
        close.clicked.connect(self.deleteLater)
        row.addWidget(close)


class MessageBar(QFrame):
    """At most two messages; the oldest goes first."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)

    def tell(self, error: object) -> None:
        """Show a failure."""
        text = sentence(error)
        if any(message.text == text for message in self.findChildren(_Message)):
            return
        tone = "warn" if isinstance(error, EnvironmentProblem) else "danger"
        messages = self.findChildren(_Message)
        for message in messages[: max(0, len(messages) - AT_MOST + 1)]:
            message.deleteLater()
        self._column.addWidget(_Message(text, tone, self))

    def clear(self) -> None:
        """Put all messages away."""
        for message in self.findChildren(_Message):
            message.deleteLater()

    def texts(self) -> list[str]:
        """Return the sentences shown."""
        return [message.text for message in self.findChildren(_Message)]
