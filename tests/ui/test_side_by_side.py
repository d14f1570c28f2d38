from PySide6.QtWidgets import QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.side_by_side import Beside, SideBySide

WIDE, TIGHT = 900, 500


def part() -> QWidget:
    widget = QWidget()
    widget.setMinimumSize(300, 80)
    return widget


def shown(qtbot: QtBot, inner: QWidget) -> QScrollArea:
    """Return the inner widget as a page of the window holds it: in an area that may scroll."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(inner)
    qtbot.addWidget(area)
    area.resize(WIDE, 300)
    area.show()
    return area


def test_one_part_at_a_time_where_both_do_not_fit(qtbot: QtBot) -> None:
    first, second = part(), part()
    pair = SideBySide(first, second, (400, 400), ("List", "Ticket"))
    area = shown(qtbot, pair)
    assert first.isVisible()
    assert second.isVisible()
    area.resize(TIGHT, 300)
    qtbot.waitUntil(lambda: pair.narrow)
    assert (first.isVisible(), second.isVisible()) == (True, False)
    assert area.horizontalScrollBar().maximum() == 0
    pair.bring(detail=True)
    assert (first.isVisible(), second.isVisible()) == (False, True)
    first.show()  # a part that shows itself stays behind
    qtbot.waitUntil(lambda: not first.isVisible())
    area.resize(WIDE, 300)
    qtbot.waitUntil(lambda: first.isVisible() and second.isVisible())


def test_a_row_becomes_a_column(qtbot: QtBot) -> None:
    first, second = part(), part()
    row = Beside((10, 0, 10, 0), 8)
    row.add(first, 1)
    row.add(second)
    area = shown(qtbot, row)
    qtbot.waitUntil(lambda: second.x() > first.geometry().right())
    area.resize(TIGHT, 300)
    qtbot.waitUntil(lambda: second.y() > first.geometry().bottom())
    assert area.horizontalScrollBar().maximum() == 0
