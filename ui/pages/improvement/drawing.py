"""The fishbone on the screen: the same layout as in the printed report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from svcdesk.domain.cause_drawing import (
    FishboneDiagram,
    FishboneLayout,
    FishboneMeasures,
    PlacedBone,
    fishbone,
)
from svcdesk.i18n.catalog import _
from ui.theme.tokens import GAP, RADIUS_TAG, SMALL, colour, font, metrics, px
from ui.widgets.paint import draw_icon, rounded, wrapped

if TYPE_CHECKING:
    from svcdesk.domain.cause_drawing import PlacedCause

LEAST = 480  # width at text of 100 % below which the drawing scrolls sideways
HEAD = 110
MIDDLE = Qt.AlignmentFlag.AlignCenter
START = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class FishboneView(QWidget):
    """Draws a fishbone; what it shows is told as text, too, by the outline beside it."""

    def __init__(self) -> None:
        super().__init__()
        self._diagram: FishboneDiagram | None = None
        self._layout: FishboneLayout | None = None
        self.setMinimumWidth(px(LEAST))
        self.setAccessibleName(_("Fishbone drawing"))

    def show_diagram(self, diagram: FishboneDiagram) -> None:
        """Show another fishbone."""
        self._diagram = diagram
        self.setAccessibleDescription(diagram.problem)
        self._lay_out()

    @property
    def layout_(self) -> FishboneLayout | None:
        """The layout shown."""
        return self._layout

    def sizeHint(self) -> QSize:
        """Return the size of the drawing."""
        return QSize(px(LEAST), self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the width there is."""
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        if self._diagram is None:
            return
        measures = FishboneMeasures(
            width=float(max(self.width(), px(LEAST)) - 2 * GAP), line=float(metrics(SMALL).height()),
            wrap=wrapped, head=float(px(HEAD)), mark=float(px(16)), indent=float(px(12)),
            gap=float(px(5)), least=float(px(120)),
        )  # fmt: skip
        self._layout = fishbone(self._diagram, measures)
        self.setMinimumHeight(int(self._layout.height) + 2 * GAP + 2)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw spines, bones, causes and the problem."""
        layout = self._layout
        if layout is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), colour("surface"))
        painter.translate(GAP, GAP)
        painter.setPen(QPen(colour("text-2"), 1.6))
        for left, right, y in layout.spines:
            painter.drawLine(QPointF(left, y), QPointF(right - 7, y))
            painter.setBrush(colour("text-2"))
            painter.drawPolygon(
                QPolygonF([QPointF(right - 7, y - 4), QPointF(right - 7, y + 4), QPointF(right, y)])
            )
        if len(layout.spines) > 1:
            heights = [y for _left, _right, y in layout.spines]
            x = layout.problem.x
            painter.drawLine(QPointF(x, min(heights)), QPointF(x, max(heights)))
        for bone in layout.bones:
            _draw_bone(painter, bone)
        _draw_problem(painter, layout)


def _draw_bone(painter: QPainter, bone: PlacedBone) -> None:
    painter.setPen(QPen(colour("strong"), 1.2))
    painter.drawLine(QPointF(*bone.start), QPointF(*bone.end))
    box = QRectF(bone.name.x, bone.name.y, bone.name.width, bone.name.height)
    rounded(painter, box, RADIUS_TAG, "neutral-soft")
    painter.setFont(font(SMALL, bold=True))
    painter.setPen(colour("text"))
    painter.drawText(box, MIDDLE, "\n".join(wrapped(bone.bone.name, box.width())))
    for placed in bone.causes:
        _draw_cause(painter, placed)


def _draw_cause(painter: QPainter, placed: PlacedCause) -> None:
    cause, box = placed.cause, placed.box
    painter.setPen(QPen(colour("accent" if cause.root else "border"), 1.6 if cause.root else 1.0))
    painter.drawLine(QPointF(box.x, placed.twig_y), QPointF(placed.twig_end, placed.twig_y))
    line = metrics(SMALL).height()
    name = "target" if cause.root else "circle-check" if cause.verified else ""
    if name:
        draw_icon(painter, name, "accent" if cause.root else "ok", 12, box.x, box.y + line / 2)
    painter.setFont(font(SMALL, bold=cause.root))
    painter.setPen(colour("text"))
    for number, text in enumerate(placed.lines):
        area = QRectF(box.x + px(16), box.y + number * line, box.width, line)
        painter.drawText(area, START, text)


def _draw_problem(painter: QPainter, layout: FishboneLayout) -> None:
    box = QRectF(layout.problem.x, layout.problem.y, layout.problem.width, layout.problem.height)
    rounded(painter, box, RADIUS_TAG, "accent-soft", "accent")
    y = box.y() + px(5)
    line = metrics(SMALL).height()
    for text, bold in [
        *((text, True) for text in layout.problem_lines),
        *((text, False) for text in layout.details_lines),
    ]:
        painter.setFont(font(SMALL, bold=bold))
        painter.setPen(colour("text"))
        painter.drawText(QRectF(box.x(), y, box.width(), line), MIDDLE, text)
        y += line
