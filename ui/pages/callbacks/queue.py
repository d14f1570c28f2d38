"""The queue of callbacks: two lines each, the most urgent first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from ui.models.columns import Cell, ColumnDef
from ui.models.row_window import AnyIndex, RowWindowModel
from ui.pages.wording import Words
from ui.theme.tokens import BODY, RADIUS_TAG, SMALL, colour, font, metrics, px, tag_height
from ui.widgets.empty_state import EmptyState
from ui.widgets.paint import LEFT, RIGHT, draw_icon, rounded, tag_width

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter

    from svcdesk.services.desk import Desk
    from svcdesk.services.queries import CallbackRow
    from ui.jobs.runner import Runner

KIND_FACE: dict[str, tuple[str, str]] = {
    "routine": ("phone", "neutral"),
    "complaint": ("message-square-warning", "danger"),
    "low_score": ("heart-handshake", "warn"),
    "key_care": ("gem", "violet"),
    "mystery": ("eye", "neutral"),
}
ROW = 53
SELECTED = QStyle.StateFlag.State_Selected


class _Delegate(QStyledItemDelegate):
    """Paints one callback."""

    def __init__(self, view: Queue, words: Words) -> None:
        super().__init__(view)
        self._view = view
        self._words = words

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """Return the height of two lines."""
        return QSize(200, max(ROW, 2 * metrics(BODY).height() + 14))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw name, kind, due time; subject and time left below."""
        rect: QRect = option.rect
        row: CallbackRow | None = self._view.rows.row_at(index.row())
        selected = bool(option.state & SELECTED)
        if selected:
            painter.fillRect(rect, colour("selected"))
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), colour("accent"))
        elif index.row() == self._view.hovered:
            painter.fillRect(rect, colour("hover"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, colour("grid"))
        if row is None:
            return
        line = metrics(BODY).height()
        top = QRect(rect.left() + 12, rect.top() + 6, rect.width() - 24, line)
        below = top.translated(0, line + 2)
        self._draw_top(painter, top, row)
        self._draw_below(painter, below, row, selected=selected)

    def _draw_top(self, painter: QPainter, area: QRect, row: CallbackRow) -> None:
        due = self._words.time(row.due_at)
        painter.setFont(font(SMALL))
        painter.setPen(colour("text-2"))
        painter.drawText(area, RIGHT, due)
        room = area.width() - metrics(SMALL).horizontalAdvance(due) - 8
        icon, tone = KIND_FACE[row.kind]
        kind = code_label("CallbackKind", row.kind)
        name = self._words.customer(row.customer, row.customer_kind)
        name_room = room - tag_width("", icon) - px(30)
        name = metrics(BODY, bold=True).elidedText(name, Qt.TextElideMode.ElideRight, name_room)
        painter.setFont(font(BODY, bold=True))
        painter.setPen(colour("text"))
        painter.drawText(area, LEFT, name)
        left = area.left() + metrics(BODY, bold=True).horizontalAdvance(name) + 7
        width = min(tag_width(kind, icon), area.left() + room - left)
        if width < px(30):
            return
        box = QRect(left, area.center().y() - tag_height() // 2 + 1, width, tag_height() - 1)
        rounded(painter, box.toRectF(), RADIUS_TAG, f"{tone}-soft")
        ink = "text-2" if tone == "neutral" else tone
        draw_icon(painter, icon, ink, 13, box.left() + 5, box.center().y())
        painter.setFont(font(SMALL))
        painter.setPen(colour(ink))
        shown = metrics(SMALL).elidedText(kind, Qt.TextElideMode.ElideRight, width - px(17) - 9)
        painter.drawText(box.adjusted(px(17) + 5, 0, 0, 0), LEFT, shown)

    def _draw_below(
        self, painter: QPainter, area: QRect, row: CallbackRow, *, selected: bool
    ) -> None:
        cell = due_cell(row, self._words)
        painter.setFont(font(SMALL))
        width = metrics(SMALL).horizontalAdvance(cell.text)
        painter.setPen(colour(cell.colour))
        painter.drawText(area, RIGHT, cell.text)
        if cell.icon:
            draw_icon(
                painter,
                cell.icon,
                cell.colour,
                13,
                area.right() - width - px(17),
                area.center().y(),
            )
        painter.setPen(colour("text-2"))
        room = area.width() - width - px(17) - 9
        text = row.title or row.number
        if is_own(row):
            draw_icon(painter, "triangle-alert", "warn", 13, area.left(), area.center().y())
            area = area.adjusted(px(17), 0, 0, 0)
            room -= px(17)
            text = _("own case: {title}").format(title=text)
        painter.drawText(
            area, LEFT, metrics(SMALL).elidedText(text, Qt.TextElideMode.ElideRight, room)
        )


def is_own(row: CallbackRow) -> bool:
    """Tell whether the caller is the one who handled the case."""
    if row.own_ticket:
        return True
    return row.assignee_id is not None and row.assignee_id == row.handler_id


def due_cell(row: CallbackRow, words: Words) -> Cell:
    """Return the calendar time left, an appointment, or which attempt comes next."""
    left = row.due_at - words.now()
    if left < 0:
        return Cell(
            _("Overdue {time}").format(time=words.calendar_time(left)), "circle-alert", "danger"
        )
    if row.retry_at is not None:
        text = _("Agreed {time}") if row.agreed else _("Again {time}")
        ready = row.retry_at <= words.now()
        return Cell(text.format(time=words.time(row.retry_at)), "phone",
                    "accent" if ready else "text-2")  # fmt: skip
    if row.attempts:
        return Cell(_("Attempt {n}").format(n=row.attempts + 1), "clock", "text-2")
    soon = left < 4 * 3600
    text = _("{time} left").format(time=words.calendar_time(left))
    return Cell(text, "clock-alert" if soon else "clock", "warn" if soon else "text-2")


class Queue(QListView):
    """The list of open callbacks."""

    current_changed = Signal(object)

    def __init__(self, desk: Desk, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = Words(desk)
        self.hovered = -1
        self._wanted: int | None = None
        column = ColumnDef("callback", "", lambda row: Cell(f"{row.number} {row.customer}"), 200)
        self.rows = RowWindowModel([column], runner, self)
        self.empty = EmptyState(self.viewport())
        self.empty.hide()
        self.setModel(self.rows)
        self.setItemDelegate(_Delegate(self, words))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._on_current)
        self.rows.swapped.connect(self._on_swapped)

    def current_id(self) -> int | None:
        """Return the key of the current callback."""
        index = self.currentIndex()
        return self.rows.id_at(index.row()) if index.isValid() else None

    def go_to(self, key: int | None) -> None:
        """Make a callback current, now or when it is loaded; None: the first."""
        self._wanted = key
        self._on_swapped()

    def step(self, by: int) -> None:
        """Move up or down."""
        position = min(max(self.currentIndex().row() + by, 0), self.rows.count - 1)
        if position >= 0:
            self._set(position)

    def _set(self, position: int) -> None:
        index = self.rows.index(position, 0)
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(index, flag)
        self.scrollTo(index)

    def _on_swapped(self) -> None:
        if self._wanted is not None:
            position = self.rows.position_of(self._wanted)
            if position >= 0:
                self._wanted = None
                self._set(position)
        elif not self.currentIndex().isValid() and self.rows.count:
            self._set(0)
        self.empty.setVisible(self.rows.count == 0)
        self.empty.place()
        if self.rows.count == 0:
            self.current_changed.emit(None)

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.current_changed.emit(self.rows.id_at(current.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave single keys to the page."""
        if event.text() and not event.modifiers():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        self.hovered = self.indexAt(event.position().toPoint()).row()
        self.viewport().update()
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Drop the hover ground."""
        self.hovered = -1
        self.viewport().update()
        super().leaveEvent(event)

    def resizeEvent(self, event: object) -> None:
        """Keep the empty state in place."""
        super().resizeEvent(event)  # type: ignore[arg-type]  # QResizeEvent
        self.empty.place()
