"""The line under an entry form: how many articles may help; opened, it shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.services import knowledge_use
from ui.jobs.runner import WRITE
from ui.pages.knowledge.suggestions import Suggestions
from ui.theme.tokens import GAP
from ui.widgets.labels import Link, icon_label, label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ui.pages.page import Workplace

ROWS = 3


class ArticleStrip(QWidget):
    """Suggests while a ticket is typed; what is inserted becomes the ticket's solution."""

    changed = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._texts: list[str] = []
        self._used: list[int] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        row = QHBoxLayout()
        self._bulb = icon_label("book-open", "accent", 16)
        self._link = Link("", "small")
        self._link.clicked.connect(self._toggle)
        self._taken = label("", "small", "ok")
        row.addWidget(self._bulb)
        row.addWidget(self._link)
        row.addWidget(self._taken)
        row.addStretch(1)
        column.addLayout(row)
        self.suggestions = Suggestions(place, ROWS)
        self.suggestions.found.connect(self._on_found)
        self.suggestions.inserted.connect(self._on_inserted)
        self.suggestions.opened.connect(self._on_opened)
        self.suggestions.hide()
        column.addWidget(self.suggestions)
        self.hide()

    def show_typing(self, values: Mapping[str, Any]) -> None:
        """Suggest for the title, the description and the issue type of a form."""
        texts = (values.get("title"), values.get("description"))
        text = " ".join(str(part) for part in texts if part)
        self.suggestions.show_typing(text, values.get("issue_l1"))

    def values(self) -> dict[str, str]:
        """Return what the ticket is to be saved with."""
        return {"solution": "\n".join(self._texts)} if self._texts else {}

    def record(self, ticket_id: int) -> None:
        """Note in the saved ticket which articles were used."""
        desk, used, runner = self._place.desk, list(self._used), self._place.runner

        def work(_context: object) -> None:
            for article in used:
                knowledge_use.use(desk, ticket_id, article)

        if used:  # the form closes meanwhile: its parent page owns the job
            owner = self.window().parent() or self
            runner.start(work, lane=WRITE, owner=owner).on_failure(self._place.shell.tell)

    def _on_found(self, count: int) -> None:
        self.setVisible(bool(count) or bool(self._used))
        self._link.setVisible(bool(count))
        self._link.setText(_("{n} articles may help").format(n=count))
        if not count:
            self.suggestions.hide()

    def _toggle(self) -> None:
        self.suggestions.setVisible(not self.suggestions.isVisible())
        if self.suggestions.isVisible():
            self.suggestions.list.setFocus()

    def _on_inserted(self, text: str, key: object) -> None:
        if isinstance(key, int) and key not in self._used:
            self._used.append(key)
            self._texts.append(text)
            self._taken.setText(_("Article used"))
            self.changed.emit()

    def _on_opened(self, key: object) -> None:
        from ui.pages.page import Route

        if isinstance(key, int):
            self._place.shell.go(Route("knowledge", key))
