"""PySide6 must not lose references to None and True (6.12.0 does on Python 3.11)."""

import sys

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot


class Source(QObject):
    told = Signal(object)


def test_singletons_keep_their_references(qtbot: QtBot) -> None:
    label, source = QLabel(), Source()
    qtbot.addWidget(label)
    application = QCoreApplication.instance()
    assert application is not None
    watched = (None, True, False)
    for _ in range(20):  # caches fill
        label.setText("x")
    before = [sys.getrefcount(one) for one in watched]
    for number in range(200):
        label.setText(str(number))
        source.told.emit(None)
        label.setEnabled(True)
        label.repaint()
    after = [sys.getrefcount(one) for one in watched]
    # a leak or a loss of one reference per call would show as hundreds
    assert all(abs(b - a) < 50 for a, b in zip(before, after, strict=True))
