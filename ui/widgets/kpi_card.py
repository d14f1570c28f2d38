"""One figure with everything needed to read it: unit, n, target, judgement, course, change."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from svcdesk.i18n.catalog import _
from ui.theme.tokens import (
    FIGURE,
    RADIUS_CARD,
    RADIUS_TAG,
    SMALL,
    colour,
    font,
    metrics,
    px,
    tag_height,
)
from ui.widgets.paint import LEFT, RIGHT, draw_focus, draw_icon, rounded, tag_width

SPARK_WIDTH, SPARK_HEIGHT = 70, 22
PAD = 10


@dataclass(frozen=True)
class Kpi:
    """What a card shows; texts are ready to read, ``None`` in ``course`` is a gap."""

    key: str
    name: str
    value: str
    unit: str = ""
    sample: str = ""  # n or numerator/denominator, with 暂定 where it applies
    met: bool | None = None
    target: str = ""
    change: str = ""
    better: bool | None = None
    rising: bool = True
    course: tuple[float | None, ...] = ()
    course_target: float | None = None
    tip: str = ""


class KpiCard(QWidget):
    """A card; all of it opens the records behind the figure."""

    clicked = Signal(str)
    defined = Signal(str)  # its definition is asked for: the name was clicked, or D pressed
    explained = Signal(str)  # the records of each part are asked for

    def __init__(self, kpi: Kpi, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kpi = kpi
        self._hover = self._named = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_kpi(kpi)

    def show_kpi(self, kpi: Kpi) -> None:
        """Show another figure."""
        self.kpi = kpi
        words = (kpi.name, f"{kpi.value} {kpi.unit}", kpi.sample, self._verdict(), kpi.target)
        self.setAccessibleName(", ".join(word for word in words if word))
        self.setToolTip(kpi.tip)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of three lines."""
        small, figure = metrics(SMALL).height(), metrics(FIGURE, bold=True).height()
        return QSize(px(250), 2 * small + figure + 12)

    def minimumSizeHint(self) -> QSize:
        """Return the least width that is readable."""
        return QSize(px(200), self.sizeHint().height())

    def _verdict(self) -> str:
        if self.kpi.met is None:
            return ""
        return _("Met") if self.kpi.met else _("Missed")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        rounded(painter, rect, RADIUS_CARD, "hover" if self._hover else "surface", "border")
        if self.hasFocus():
            draw_focus(painter, rect, RADIUS_CARD)
        small = metrics(SMALL).height()
        inner = rect.adjusted(PAD + 1, 7, -PAD - 1, -6)
        top = QRectF(inner.left(), inner.top(), inner.width(), small)
        self._draw_head(painter, top)
        base = inner.top() + small + metrics(FIGURE, bold=True).ascent() - 3
        self._draw_value(painter, inner.left(), base)
        spark_top = inner.top() + small + 2
        self._draw_course(
            painter, QRectF(inner.right() - SPARK_WIDTH, spark_top, SPARK_WIDTH, SPARK_HEIGHT)
        )
        bottom = QRectF(inner.left(), inner.bottom() - small, inner.width(), small)
        self._draw_foot(painter, bottom)

    def _draw_head(self, painter: QPainter, area: QRectF) -> None:
        verdict = self._verdict()
        room = area.width()
        if verdict:
            ink = "ok" if self.kpi.met else "danger"
            width = metrics(SMALL).horizontalAdvance(verdict)
            painter.setFont(font(SMALL))
            painter.setPen(colour(ink))
            painter.drawText(area, RIGHT, verdict)
            name = "circle-check" if self.kpi.met else "circle-x"
            draw_icon(painter, name, ink, 14, area.right() - width - px(18), area.center().y())
            room -= width + px(18) + 6
        shape = font(SMALL, bold=True)
        shape.setUnderline(self._named)
        painter.setFont(shape)
        painter.setPen(colour("text"))
        shown = metrics(SMALL, bold=True).elidedText(
            self.kpi.name, Qt.TextElideMode.ElideRight, int(room)
        )
        painter.drawText(area, LEFT, shown)

    def _draw_value(self, painter: QPainter, left: float, base: float) -> None:
        painter.setFont(font(FIGURE, bold=True))
        painter.setPen(colour("text"))
        painter.drawText(QPointF(left, base), self.kpi.value)
        left += metrics(FIGURE, bold=True).horizontalAdvance(self.kpi.value) + 5
        painter.setFont(font(SMALL))
        painter.setPen(colour("text-2"))
        painter.drawText(QPointF(left, base), self.kpi.unit)
        left += metrics(SMALL).horizontalAdvance(self.kpi.unit) + 7
        room = self.width() - PAD - 8 - left - (SPARK_WIDTH if len(self.kpi.course) > 1 else 0)
        shown = metrics(SMALL).elidedText(
            self.kpi.sample, Qt.TextElideMode.ElideRight, max(int(room), 0)
        )
        painter.drawText(QPointF(left, base), shown)

    def _draw_course(self, painter: QPainter, area: QRectF) -> None:
        values = [value for value in self.kpi.course if value is not None]
        if len(values) < 2:
            return
        target = self.kpi.course_target
        low = min(values if target is None else [*values, target])
        high = max(values if target is None else [*values, target])
        span = (high - low) or 1.0

        def point(place: int, value: float) -> QPointF:
            x = area.left() + 3 + place * (area.width() - 6) / (len(self.kpi.course) - 1)
            return QPointF(x, area.bottom() - 3 - (value - low) / span * (area.height() - 6))

        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if target is not None:
            painter.setPen(QPen(colour("text-3"), 1, Qt.PenStyle.DotLine))
            level = point(0, target).y()
            painter.drawLine(QPointF(area.left(), level), QPointF(area.right(), level))
        painter.setPen(QPen(colour("text-2"), 1.2))
        before: QPointF | None = None
        for place, value in enumerate(self.kpi.course):
            here = None if value is None else point(place, value)
            if here is not None and before is not None:
                painter.drawLine(before, here)
            before = here
        if before is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent"))
            painter.drawEllipse(before, 3, 3)

    def _draw_foot(self, painter: QPainter, area: QRectF) -> None:
        right = area.right()
        if self.kpi.better is not None:
            word = _("Better") if self.kpi.better else _("Worse")
            ink = "ok" if self.kpi.better else "danger"
            name = "trending-up" if self.kpi.rising else "trending-down"
            width = tag_width(word, name)
            box = QRectF(
                right - width, area.center().y() - tag_height() / 2 + 1, width, tag_height() - 1
            )
            rounded(painter, box, RADIUS_TAG, f"{ink}-soft")
            draw_icon(painter, name, ink, 13, box.left() + 6, box.center().y())
            painter.setFont(font(SMALL))
            painter.setPen(colour(ink))
            painter.drawText(box.adjusted(px(17) + 6, 0, 0, 0), LEFT, word)
            right -= width + 6
        painter.setFont(font(SMALL))
        painter.setPen(colour("text-2"))
        painter.drawText(
            QRectF(area.left(), area.top(), right - area.left(), area.height()),
            RIGHT,
            self.kpi.change,
        )
        painter.drawText(area, LEFT, self.kpi.target)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be opened."""
        self._hover = True
        self.update()

    def leaveEvent(self, event: object) -> None:
        """Back to rest."""
        self._hover = self._named = False
        self.update()

    def _on_name(self, place: QPointF) -> bool:
        """Tell whether a point lies on the name."""
        width = metrics(SMALL, bold=True).horizontalAdvance(self.kpi.name)
        head = QRectF(PAD, 0, width + PAD, metrics(SMALL).height() + PAD)
        return head.contains(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Underline the name while the pointer is on it."""
        named = self._on_name(event.position())
        if named is not self._named:
            self._named = named
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the definition on the name, the records elsewhere."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._on_name(event.position()):
            self.defined.emit(self.kpi.key)
        elif self.rect().contains(event.position().toPoint()):
            self.clicked.emit(self.kpi.key)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what the keys do."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Open the records\tEnter")).triggered.connect(self._open)
        menu.addAction(_("Definition\tD")).triggered.connect(self._define)
        menu.addAction(_("Explain the value\tE")).triggered.connect(self._explain)
        menu.popup(event.globalPos())

    def _open(self) -> None:
        self.clicked.emit(self.kpi.key)

    def _define(self) -> None:
        self.defined.emit(self.kpi.key)

    def _explain(self) -> None:
        self.explained.emit(self.kpi.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the records with Enter or Space, the definition with D, its records with E."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self._open()
        elif event.key() == Qt.Key.Key_D:
            self._define()
        elif event.key() == Qt.Key.Key_E:
            self._explain()
        else:
            super().keyPressEvent(event)
