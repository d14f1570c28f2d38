"""A product as the value of a form: found by name, number or model while somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.services import products
from ui.jobs.runner import Latest
from ui.theme.icons import icon
from ui.theme.tokens import height
from ui.widgets.search_box import SearchBox

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.services.products import Product
    from svcdesk.system.job import JobContext
    from ui.jobs.runner import Runner

USER = Qt.ItemDataRole.UserRole
ROWS = 4
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class ProductField(QWidget):
    """A search line with its matches below; the value is the key of the chosen product."""

    changed = Signal()

    def __init__(self, desk: Desk, runner: Runner) -> None:
        super().__init__()
        self._desk = desk
        self._latest = Latest(runner, self)
        self._chosen: int | None = None
        self._shown = ""  # the words of the chosen product
        self._found: list[Product] = []
        self._asked = ""
        self._waiting = False  # Enter was pressed before the matches came
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self.line = SearchBox(_("Name, number or model"))
        self.line.searched.connect(self._look)
        self.line.textChanged.connect(self._on_text)
        self.line.installEventFilter(self)
        column.addWidget(self.line)
        self.matches = QListWidget()
        self.matches.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.matches.setIconSize(QSize(15, 15))
        self.matches.itemClicked.connect(self._on_clicked)
        self.matches.hide()
        column.addWidget(self.matches)
        self.setFocusProxy(self.line)

    def setAccessibleName(self, name: str) -> None:
        """Name the line, which has the focus, as well."""
        super().setAccessibleName(name)
        self.line.setAccessibleName(name)

    def value(self) -> int | None:
        """Return the key of the product, None without one."""
        return self._chosen

    def set_value(self, value: Any) -> None:
        """Show a product by its key."""
        found = products.get(self._desk, int(value)) if value is not None else None
        self._show(found)

    @property
    def unresolved(self) -> str:
        """What was typed that is no product yet, "" when there is nothing of the kind."""
        text = self.line.text().strip()
        return "" if self._chosen is not None else text

    def _show(self, product: Product | None) -> None:
        self._chosen = product.id if product is not None else None
        self._shown = f"{product.name}  {product.number}" if product is not None else ""
        self._latest.cancel()
        self.line.set_text(self._shown)
        self.line.setCursorPosition(0)  # its beginning tells most
        self.matches.hide()

    def _on_text(self, text: str) -> None:
        if self._chosen is not None and text != self._shown:
            self._chosen = None
            self.changed.emit()
        if not text.strip():
            self.matches.hide()

    def _look(self, text: str) -> None:
        if not text or text == self._shown.strip():
            return
        desk = self._desk

        def work(_context: JobContext) -> tuple[str, list[Product]]:
            return text, products.find(desk, text)

        self._latest.start(work).on_success(self._on_found)

    def _on_found(self, result: tuple[str, list[Product]]) -> None:
        self._asked, self._found = result
        self.matches.clear()
        for product in self._found:
            words = "\u3000".join(p for p in (product.name, product.number, product.model) if p)
            item = QListWidgetItem(icon("box"), words)
            item.setData(USER, product.id)
            item.setSizeHint(QSize(0, height(3)))
            self.matches.addItem(item)
        if not self._found:
            none = QListWidgetItem(_("No product has these words."))
            none.setFlags(Qt.ItemFlag.NoItemFlags)
            self.matches.addItem(none)
        self.matches.setFixedHeight(min(self.matches.count(), ROWS) * height(3) + 4)
        self.matches.setVisible(self.line.hasFocus())
        self.matches.setCurrentRow(0)
        waiting, self._waiting = self._waiting, False
        if waiting or (not self.line.hasFocus() and len(self._found) == 1):
            self._take(self.matches.currentRow())

    def _take(self, row: int) -> None:
        if 0 <= row < len(self._found):
            self._show(self._found[row])
            self.changed.emit()

    def _on_clicked(self, item: QListWidgetItem) -> None:
        self._take(self.matches.row(item))

    # --- keys: the words keep the focus while a match is chosen ------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter takes the match, arrows choose another one, leaving takes the only one."""
        if watched is self.line and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and self._on_key(event):
                return True
        elif watched is self.line and isinstance(event, QFocusEvent) and event.lostFocus():
            self.matches.hide()
            if self.unresolved and self._asked == self.unresolved and len(self._found) == 1:
                self._take(0)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        step = _STEPS.get(Qt.Key(event.key()), 0)
        if step and self.matches.isVisible():
            row = self.matches.currentRow() + step
            self.matches.setCurrentRow(min(max(row, 0), self.matches.count() - 1))
            return True
        if event.key() == Qt.Key.Key_Escape and self.matches.isVisible():
            self.matches.hide()
            return True
        plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and plain and self.unresolved:
            if self.matches.isVisible() and self._asked == self.unresolved:
                self._take(self.matches.currentRow())
            else:
                self._waiting = True
                self._look(self.unresolved)
            return True
        return False
