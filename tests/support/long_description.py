"""The program with somebody typing a long description until it is killed: ``… FILE``."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ui.pages.entry_dialog import EntryDialog
from ui.shell.app import App
from ui.shell.preferences import Preferences
from ui.shell.window_state import use_own_file
from ui.theme import style


def main() -> None:
    """Open the form with its key, go to the description with Tab, type until the end."""
    qapp = QApplication([])
    style.load_fonts()
    use_own_file()
    program = App(qapp, Preferences.load())
    program.show()
    program.open_first(Path(sys.argv[1]))
    typed = 0

    def form() -> EntryDialog | None:
        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, EntryDialog)]
        return found[0] if found else None

    def step() -> None:
        nonlocal typed
        focus = QApplication.focusWidget()
        if program.desk is None or program.runner.busy or focus is None:
            return
        entry = form()
        if entry is None:
            QTest.keyClick(focus, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        elif focus is not entry.form.editor("description"):
            QTest.keyClick(focus, Qt.Key.Key_Tab)
        else:
            typed += 1
            QTest.keyClicks(focus, f"{typed} ")
            print(typed, flush=True)

    ticking = QTimer()
    ticking.timeout.connect(step)
    ticking.start(25)
    qapp.exec()


main()
