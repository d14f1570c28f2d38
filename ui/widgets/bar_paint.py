"""How the picture of :mod:`ui.widgets.bar_plan` is painted: its rows, and the weeks over them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPen
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from svcdesk.domain.plan_bars import GIVEN_UP, PlanBar, weeks
from ui.theme.tokens import MICRO, RADIUS_TAG, SMALL, colour, font, height, metrics, px
from ui.widgets.bar_model import BARS, TITLE, AnyIndex, BarModel
from ui.widgets.paint import LEFT, draw_icon, rounded

STATE_ICONS = {
    "todo": ("circle-dashed", "text-2"), "open": ("circle-dashed", "text-2"),
    "doing": ("circle-dot", "accent"), "blocked": ("circle-pause", "warn"),
    "done": ("circle-check", "ok"), "verified": ("circle-check", "ok"),
    "cancelled": ("ban", "text-3"), "dropped": ("ban", "text-3"),
}  # fmt: skip


class _Scale:
    """Where a day lies in the painted column."""

    def __init__(self, model: BarModel, left: float, width: float) -> None:
        self.first, self.left = model.first, left
        self.days = (model.last - model.first).days + 1
        self.day = width / self.days

    def x(self, day: date) -> float:
        """Return the left edge of a day."""
        return self.left + (day - self.first).days * self.day

    def after(self, day: date) -> float:
        """Return the right edge of a day."""
        return self.x(day) + self.day


class BarPainter(QStyledItemDelegate):
    """Draws headings, names and bars."""

    def __init__(self, view: QTableView, model: BarModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw one cell."""
        model = self._model
        rect = QRectF(option.rect)
        state = option.state
        row = model.rows[index.row()]
        painter.save()
        painter.setClipRect(rect)
        if isinstance(row, str):
            painter.fillRect(rect, colour("sunken"))
            if index.column() == TITLE:
                painter.setPen(colour("text-2"))
                painter.setFont(font(SMALL, bold=True))
                painter.drawText(rect.adjusted(px(8), 0, -4, 0), LEFT, metrics(
                    SMALL, bold=True).elidedText(row, Qt.TextElideMode.ElideRight,
                                                 int(rect.width()) - px(12)))  # fmt: skip
        else:
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            painter.fillRect(rect, colour("selected" if chosen else "surface"))
            if index.column() == BARS:
                self._bars(painter, rect, row)
            else:
                self._words(painter, rect, row, index.column())
            if chosen and self._view.hasFocus() and index.column() == TITLE:
                painter.fillRect(QRectF(rect.left(), rect.top(), px(3), rect.height()),
                                 colour("accent"))  # fmt: skip
        painter.setPen(colour("grid"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.restore()

    def _words(self, painter: QPainter, rect: QRectF, bar: PlanBar, column: int) -> None:
        left = rect.left() + px(8)
        if column == TITLE:
            icon, ink = STATE_ICONS[bar.state]
            draw_icon(painter, icon, ink, 14, left, rect.center().y())
            left += px(20)
        painter.setFont(font())
        painter.setPen(colour("text-3" if bar.state in GIVEN_UP else "text"))
        text = bar.title if column == TITLE else bar.owner or "—"
        room = rect.right() - left - px(4)
        painter.drawText(QRectF(left, rect.top(), room, rect.height()), LEFT,
                         metrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room)))  # fmt: skip

    def _bars(self, painter: QPainter, rect: QRectF, bar: PlanBar) -> None:
        model = self._model
        scale = _Scale(model, rect.left(), rect.width())
        painter.setPen(colour("grid"))
        for week in weeks(model.first, model.last):
            painter.drawLine(
                QPointF(scale.x(week), rect.top()), QPointF(scale.x(week), rect.bottom())
            )
        self._one(painter, rect, scale, bar)
        for day, _name in model.marks:
            painter.setPen(QPen(colour("violet"), 1, Qt.PenStyle.DotLine))
            painter.drawLine(
                QPointF(scale.x(day), rect.top()), QPointF(scale.x(day), rect.bottom())
            )
        if model.first <= model.today <= model.last:
            x = scale.x(model.today) + scale.day / 2
            painter.setPen(QPen(colour("danger"), 1.4, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()))

    def _one(self, painter: QPainter, rect: QRectF, scale: _Scale, bar: PlanBar) -> None:
        model = self._model
        tall = rect.height() * 0.5
        top = rect.top() + (rect.height() - tall) / 2
        edge, end = rect.left() + 1, rect.right() - 1
        if bar.last(model.today) < model.first or bar.start > model.last:
            return
        right = min(scale.after(bar.planned_last(model.today)), end)
        if right > edge:
            right = self._planned(painter, QRectF(scale.x(bar.start), top, 0, tall), bar, right)
        late = bar.late_from(model.today)
        if late is not None:
            box = QRectF(max(right, edge), top, 0, tall)
            box.setRight(max(min(scale.after(bar.last(model.today)), end), box.left() + px(3)))
            right = self._late(painter, box)
        self._signs(painter, rect, bar, right, late=late is not None)

    def _planned(self, painter: QPainter, box: QRectF, bar: PlanBar, right: float) -> float:
        """Draw the planned span with its progress, and return where it ends."""
        box.setRight(max(right, box.left() + px(4)))
        ground, line = self._colours(bar)
        rounded(painter, box, RADIUS_TAG, ground, line)
        part = bar.percent / 100 if bar.table == "action" else float(bar.state == "done")
        if part and bar.state not in GIVEN_UP:
            done = QRectF(box.left(), box.top(), box.width() * part, box.height())
            rounded(painter, done, RADIUS_TAG, line)
        return box.right()

    def _colours(self, bar: PlanBar) -> tuple[str, str]:
        if bar.state in GIVEN_UP:
            return "neutral-soft", "strong"
        if bar.blocked:
            return "warn-soft", "warn"
        return ("ok-soft", "ok") if bar.finished else ("accent-soft", "accent")

    def _late(self, painter: QPainter, box: QRectF) -> float:
        """Draw what lies beyond the due day hatched, and return where it ends."""
        painter.fillRect(box, colour("danger-soft"))
        painter.fillRect(box, QBrush(colour("danger"), Qt.BrushStyle.BDiagPattern))
        painter.setPen(QPen(colour("danger"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)
        return box.right()

    def _signs(self, painter: QPainter, rect: QRectF, bar: PlanBar, right: float, *,
               late: bool) -> None:  # fmt: skip
        """Draw what the colours say as signs, too, and how far it is."""
        signs = []
        if late:
            signs.append(("clock-alert", "danger"))
        if bar.blocked:
            signs.append(("circle-pause", "warn"))
        text = f"{bar.percent}%" if bar.table == "action" and not bar.finished else ""
        width = len(signs) * px(17) + (
            metrics(MICRO).horizontalAdvance(text) + px(4) if text else 0
        )
        left = right + px(4)
        if left + width > rect.right():
            left = max(rect.left() + px(4), rect.right() - width - px(4))
            painter.fillRect(QRectF(left - px(2), rect.center().y() - px(8), width + px(4), px(16)),
                             colour("surface"))  # fmt: skip
        for name, ink in signs:
            draw_icon(painter, name, ink, 14, left, rect.center().y())
            left += px(17)
        if text:
            painter.setFont(font(MICRO))
            painter.setPen(colour("text-2"))
            painter.drawText(QRectF(left, rect.top(), width, rect.height()), LEFT, text)


class BarHead(QHeaderView):
    """The names of the columns; over the bars the weeks."""

    def __init__(self, view: QTableView, model: BarModel) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._view, self._model = view, model
        self.setSectionsClickable(False)

    def sizeHint(self) -> QSize:
        """Return the height of two lines."""
        return QSize(super().sizeHint().width(), 2 * height(1, MICRO) + px(4))

    def paintSection(self, painter: QPainter, rect: Any, index: int) -> None:
        """Draw a name, or the weeks."""
        area = QRectF(rect)
        painter.save()
        painter.setClipRect(area)
        painter.fillRect(area, colour("sunken"))
        painter.setPen(colour("border"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if index == BARS:
            self._weeks(painter, area)
        else:
            painter.setFont(font(SMALL, bold=True))
            painter.setPen(colour("text-2"))
            name = self._model.headerData(index, Qt.Orientation.Horizontal)
            painter.drawText(area.adjusted(px(8), 0, 0, 0), LEFT, str(name))
        painter.restore()

    def _weeks(self, painter: QPainter, area: QRectF) -> None:
        model = self._model
        scale = _Scale(model, area.left(), area.width())
        half = area.height() / 2
        painter.setFont(font(MICRO))
        free = named_to = area.left()
        month = ""
        for place, week in enumerate(weeks(model.first, model.last)):
            x = scale.x(week)
            painter.setPen(colour("grid"))
            painter.drawLine(QPointF(x, area.top() + half), QPointF(x, area.bottom()))
            painter.setPen(colour("text-2"))
            named = model.names[place] if place < len(model.names) else ""
            middle = week + timedelta(days=3)
            room = metrics(MICRO).horizontalAdvance(f"{middle:%Y-%m}") + px(6)
            if f"{middle:%Y-%m}" != month and free <= x <= area.right() - room:
                month, free = f"{middle:%Y-%m}", x + room
                painter.drawText(QRectF(x + px(3), area.top(), room, half), LEFT, month)
            text = named if model.names else f"{week:%d}"
            wide = metrics(MICRO).horizontalAdvance(text) + px(5)
            if x >= named_to and x + wide <= area.right() + px(2):
                painter.drawText(QRectF(x + px(3), area.top() + half, wide, half), LEFT, text)
                named_to = x + wide  # in narrow weeks not every one is named
