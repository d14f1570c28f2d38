"""What a table is made of: how a cell, the header and the progress line are painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.theme.tokens import BODY, SMALL, colour, font, height, metrics, px, row_height
from ui.widgets.paint import LEFT, RIGHT, draw_icon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.models.row_window import AnyIndex
    from ui.widgets.data_table import DataTable

PADDING = 8
ICON = 14
SELECTED = QStyle.StateFlag.State_Selected


class CellDelegate(QStyledItemDelegate):
    """Paints a cell straight from the row object: one Python call a cell instead of seven."""

    def __init__(self, table: DataTable) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw ground, hairline, icon and text of one cell."""
        rect: QRect = option.rect
        row = index.row()
        table = self._table
        selected = bool(option.state & SELECTED)
        if selected:
            painter.fillRect(rect, colour("selected"))
        elif row == table.hovered:
            painter.fillRect(rect, colour("hover"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, colour("grid"))
        cell = table.rows.cell(row, index.column())
        if cell is None:
            return
        left, right = rect.left() + PADDING, rect.right() - PADDING
        column = table.rows.columns[index.column()]
        if cell.icon:
            ink = cell.icon_colour or cell.colour
            width = 0
            if column.right:
                width = metrics(BODY, bold=cell.bold).horizontalAdvance(cell.text) + px(ICON) + 5
            start = right - width if column.right else left
            draw_icon(painter, cell.icon, ink, ICON, start, rect.center().y())
            left += px(ICON) + 5
        ink = "text-2" if selected and cell.colour == "text-3" else cell.colour
        painter.setPen(colour(ink))
        painter.setFont(font(BODY, bold=cell.bold))
        text = cell.text
        room = right - left
        measure = metrics(BODY, bold=cell.bold)
        if column.elide and measure.horizontalAdvance(text) > room:
            text = measure.elidedText(text, Qt.TextElideMode.ElideRight, room)
        area = QRect(left, rect.top(), max(room, 0), rect.height() - 1)
        if table.highlight is not None and not column.right:
            spans = table.highlight(text)
            if spans:
                draw_highlighted(painter, area, text, spans, bold=cell.bold)
                return
        painter.drawText(area, RIGHT if column.right else LEFT, text)

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """Return the fixed height; widths come from the columns."""
        return QSize(80, row_height())


def draw_highlighted(
    painter: QPainter, area: QRect, text: str, spans: Sequence[tuple[int, int]], *, bold: bool
) -> None:
    """Draw one line with the parts in ``spans`` bold on a soft ground."""
    left, place = area.left(), 0
    for start, end in [*spans, (len(text), len(text))]:
        for piece, hit in ((text[place:start], False), (text[start:end], True)):
            if not piece or left >= area.right():
                continue
            strong = hit or bold
            width = metrics(BODY, bold=strong).horizontalAdvance(piece)
            part = QRect(left, area.top(), min(width, area.right() - left), area.height())
            if hit:
                painter.fillRect(part.adjusted(-1, 5, 1, -5), colour("warn-soft"))
            painter.setFont(font(BODY, bold=strong))
            painter.drawText(part, LEFT, piece)
            left += width
        place = end


class TableHeader(QHeaderView):
    """The header row: the sorted column is bold and carries an arrow."""

    def __init__(self, table: DataTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(36)
        self.setFixedHeight(height(4, SMALL) + 2)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803
        """Draw one label."""
        column = self._table.rows.columns[logicalIndex]
        keys = [key for key, _descending in self._table.order]
        place = keys.index(column.sort) if column.sort and column.sort in keys else -1
        sorted_now = place >= 0
        painter.save()
        painter.fillRect(rect, colour("sunken"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, colour("border"))
        painter.setFont(font(SMALL, bold=sorted_now))
        painter.setPen(colour("text" if sorted_now else "text-2"))
        area = rect.adjusted(PADDING, 0, -PADDING, -1)
        measure = metrics(SMALL, bold=sorted_now)
        rank = str(place + 1) if sorted_now and len(keys) > 1 else ""
        arrow = px(13) + 3 + metrics(SMALL).horizontalAdvance(rank) if sorted_now else 0
        if column.right:
            area.setRight(area.right() - arrow)
        text = measure.elidedText(column.label, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, RIGHT if column.right else LEFT, text)
        if sorted_now:
            name = "arrow-down" if self._table.order[place][1] else "arrow-up"
            left = (
                area.right() + 3
                if column.right
                else area.left() + measure.horizontalAdvance(text) + 4
            )
            draw_icon(painter, name, "text", 13, left, rect.center().y())
            if rank:
                painter.setFont(font(SMALL))
                painter.drawText(
                    rect.adjusted(int(left) + px(13) - rect.left(), 0, 0, -1), LEFT, rank
                )
        painter.restore()


class ProgressLine(QWidget):
    """The thin line under the header while a query runs; appears after 150 ms."""

    def __init__(self, table: DataTable) -> None:
        super().__init__(table)
        self._table = table
        self._step = 0
        self._timer = QTimer(self)
        self._timer.setInterval(60)
        self._timer.timeout.connect(self._advance)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(150)
        self._delay.timeout.connect(self._appear)
        self.hide()

    def run(self, on: bool) -> None:
        """Start or stop."""
        if on:
            self._delay.start()
        else:
            self._delay.stop()
            self._timer.stop()
            self.hide()

    def place(self) -> None:
        """Lie on the lower edge of the header."""
        top = self._table.horizontalHeader().height() - 1
        self.setGeometry(0, top, self._table.width(), 2)

    def _appear(self) -> None:
        self.place()
        self.show()
        self.raise_()
        self._timer.start()

    def _advance(self) -> None:
        self._step = (self._step + 4) % 100
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a moving quarter."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("accent-soft"))
        width = self.width() / 4
        left = (self.width() + width) * self._step / 100 - width
        painter.fillRect(QRectF(left, 0, width, 2), colour("accent"))
