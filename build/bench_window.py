"""One window in a process of its own, for bench.py: when it is painted, how much memory it holds.

python build/bench_window.py empty|program|bare-program|list DATA_FILE
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def anonymous_mb() -> float:
    """Return the anonymous memory of this process in MB (Linux)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return 0.0


def tell(shown: float) -> None:
    """Print what was measured."""
    print(json.dumps({"shown": shown, "anonymous_mb": anonymous_mb()}), flush=True)


def watch(window: QWidget, then: str) -> object:
    """Tell the moment of the first paint of ``window``, then end."""
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication

    class Eye(QObject):
        def __init__(self) -> None:
            super().__init__(window)
            self.shown = 0.0

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and not self.shown:
                self.shown = time.time()
                wait = 0 if then == "now" else 4000
                QTimer.singleShot(wait, self.finish)
            return super().eventFilter(watched, event)

        def finish(self) -> None:
            tell(self.shown)
            QApplication.exit(0)

    eye = Eye()
    window.installEventFilter(eye)
    return eye


def empty() -> int:
    """Show an empty main window that imports the same Qt modules as the program."""
    from PySide6 import QtCore, QtGui, QtSvg, QtWidgets

    app = QtWidgets.QApplication(sys.argv[:1])
    del QtCore, QtGui, QtSvg
    window = QtWidgets.QMainWindow()
    window.resize(1366, 728)
    eye = watch(window, "now")
    window.show()
    status = app.exec()
    del eye
    return status


def program(data: Path | None, then: str) -> int:
    """Show the program's own window, with a data file or without."""
    # a home of its own: no last file is opened, no geometry restored
    os.environ["SVCDESK_HOME"] = tempfile.mkdtemp(prefix="svcdesk-bench-")
    from ui.shell.start import begin

    app, start = begin(str(data) if data is not None else None)
    eye = watch(start.window, then)
    start.window.show()
    status = app.exec()
    if start.program is not None:
        start.program.quit()
    del eye
    return status


def main() -> int:
    """Run one kind of window."""
    what, data = sys.argv[1], Path(sys.argv[2])
    if what == "empty":
        return empty()
    if what == "bare-program":
        return program(None, "later")
    return program(data, "now" if what == "program" else "later")


if __name__ == "__main__":
    sys.exit(main())
