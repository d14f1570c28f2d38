"""Saving and keeping the views of a list, in place above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
)

from svcdesk.i18n.catalog import _
from svcdesk.services import views
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE
from ui.pages.wording import say
from ui.theme.tokens import height
from ui.widgets.button import Button, Kind
from ui.widgets.editors import TextField
from ui.widgets.labels import label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from svcdesk.domain.query import Query
    from svcdesk.services.views import View
    from ui.pages.page import Workplace

USER = Qt.ItemDataRole.UserRole
ROWS = 5


class _Panel(QFrame):
    """What both panels share: the problem under the field, the way out, the writing."""

    closed = Signal()
    saved = Signal(object)  # key of the view

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.setProperty("box", "sunken")
        self._place = place
        self._problem = label("", "small", "danger", wrap=True)
        self._problem.hide()

    def _write(self, work: Callable[[], Any], *, close: bool = False) -> None:
        handle = self._place.runner.start(lambda _context: work(), lane=WRITE, owner=self)
        handle.on_success(self._on_closing if close else self._on_done).on_failure(self._on_refused)

    def _on_closing(self, outcome: Any) -> None:
        self.saved.emit(outcome.value)
        self.closed.emit()

    def _on_done(self, _outcome: Any) -> None:
        self._problem.hide()

    def _on_refused(self, error: Any) -> None:
        if isinstance(error, ProblemsError):
            self._problem.setText(" ".join(say(problem) for problem in error.problems))
            self._problem.show()
        else:
            self._place.shell.tell(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


class SaveViewPanel(_Panel):
    """The name of a new view, and whether everybody sees it."""

    def __init__(self, place: Workplace, query: Query) -> None:
        super().__init__(place)
        self._query = query
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label(_("Name of the view"), "small", "2"))
        self.name = TextField()
        self.name.setAccessibleName(_("Name of the view"))
        self.name.returnPressed.connect(self.save)
        row.addWidget(self.name, 1)
        self.shared = QCheckBox(_("Everybody sees it"))
        row.addWidget(self.shared)
        leave = Button(_("Cancel"), small=True)
        leave.clicked.connect(self.closed)
        row.addWidget(leave)
        keep = Button(_("Save view"), kind=Kind.MAIN, small=True)
        keep.clicked.connect(self.save)
        row.addWidget(keep)
        column.addLayout(row)
        column.addWidget(self._problem)

    def focus(self) -> None:
        """Begin with the name."""
        self.name.setFocus()

    def save(self) -> None:
        """Save the view."""
        desk, query, name = self._place.desk, self._query, self.name.text()
        shared = self.shared.isChecked()
        self._write(lambda: views.save(desk, name, query, shared=shared), close=True)


class ManageViewsPanel(_Panel):
    """All saved views of a list: rename, order, share, delete."""

    def __init__(self, place: Workplace, entity: str) -> None:
        super().__init__(place)
        self._entity = entity
        self._views: list[View] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        left = QVBoxLayout()
        self.list = QListWidget()
        self.list.setAccessibleName(_("Saved views"))
        self.list.setFixedHeight(ROWS * height(4) + 6)
        self.list.currentRowChanged.connect(self._on_current)
        left.addWidget(self.list)
        self.none = label(_("There are no saved views yet."), "small", "3")
        left.addWidget(self.none)
        row.addLayout(left, 1)
        row.addLayout(self._side(), 1)
        self.reload()

    def _side(self) -> QVBoxLayout:
        side = QVBoxLayout()
        side.setSpacing(6)
        self.name = TextField()
        self.name.setAccessibleName(_("Name of the view"))
        self.name.returnPressed.connect(self._rename)
        side.addWidget(self.name)
        side.addWidget(self._problem)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        self._buttons = {}
        for key, text, slot in (
            ("rename", _("Rename"), self._rename),
            ("up", _("Move up"), self._up),
            ("down", _("Move down"), self._down),
            ("share", _("Share with all"), self._share),
            ("delete", _("Delete"), self._delete),
        ):
            button = Button(text, small=True)
            button.clicked.connect(slot)
            self._buttons[key] = button
            buttons.addWidget(button)
        buttons.addStretch(1)
        side.addLayout(buttons)
        end = QHBoxLayout()
        end.addStretch(1)
        leave = Button(_("Close"), small=True)
        leave.clicked.connect(self.closed)
        end.addWidget(leave)
        side.addLayout(end)
        side.addStretch(1)
        return side

    def reload(self) -> None:
        """Show the views as they are now."""
        keep = self.list.currentRow()
        self._views = views.saved(self._place.desk, self._entity)
        self.list.clear()
        for view in self._views:
            text = _("{name} (shared)").format(name=view.name) if view.shared else view.name
            item = QListWidgetItem(text)
            item.setSizeHint(QSize(0, height(4)))
            self.list.addItem(item)
        self.none.setVisible(not self._views)
        self.list.setVisible(bool(self._views))
        self.list.setCurrentRow(min(max(keep, 0), len(self._views) - 1))
        self._on_current(self.list.currentRow())

    def focus(self) -> None:
        """Begin with the list."""
        self.list.setFocus()

    def _view(self) -> View | None:
        row = self.list.currentRow()
        return self._views[row] if 0 <= row < len(self._views) else None

    def _on_current(self, _row: int) -> None:
        view = self._view()
        self.name.setText(view.name if view is not None else "")
        self.name.setEnabled(view is not None and view.editable)
        for key, button in self._buttons.items():
            button.setEnabled(view is not None and (view.editable or key in {"up", "down"}))
        if view is not None:
            text = _("Make private") if view.shared else _("Share with all")
            self._buttons["share"].set_text(text)

    def _rename(self) -> None:
        view, desk, name = self._view(), self._place.desk, self.name.text()
        if view is not None and view.id is not None:
            key = view.id
            self._write(lambda: views.rename(desk, key, name))

    def _share(self) -> None:
        view, desk = self._view(), self._place.desk
        if view is not None and view.id is not None:
            key, shared = view.id, not view.shared
            self._write(lambda: views.share(desk, key, shared=shared))

    def _delete(self) -> None:
        view, desk = self._view(), self._place.desk
        if view is not None and view.id is not None:
            key = view.id
            handle = self._place.runner.start(
                lambda _context: views.remove(desk, key), lane=WRITE, owner=self
            )
            handle.on_success(self._on_deleted).on_failure(self._on_refused)

    def _on_deleted(self, _outcome: Any) -> None:
        self._place.shell.say(_("View deleted"))

    def _up(self) -> None:
        self._move(-1)

    def _down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        row, desk = self.list.currentRow(), self._place.desk
        order = [view.id for view in self._views if view.id is not None]
        if 0 <= row + by < len(order):
            order[row], order[row + by] = order[row + by], order[row]
            self.list.setCurrentRow(row + by)
            self._write(lambda: views.reorder(desk, order))
