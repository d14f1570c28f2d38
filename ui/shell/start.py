"""Starting the window: on the screen first, everything else after its first picture."""

from __future__ import annotations

import builtins
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from ui.shell.bare_window import BareWindow
from ui.shell.preferences import Preferences
from ui.shell.window_state import restore_window, use_own_file
from ui.theme.ground import lay_ground

if TYPE_CHECKING:
    from ui.shell.app import App


class Start(QObject):
    """Keeps what lives as long as the program."""

    def __init__(self, app: QApplication, preferences: Preferences, data: Path | None) -> None:
        super().__init__(app)
        self._app = app
        self._preferences = preferences
        self._data = data
        self._kept: list[Any] = []
        self.program: App | None = None
        self.window = BareWindow()
        restore_window(self.window)
        self.window.first_painted.connect(self._go_on)

    def _go_on(self) -> None:
        """Import the program, take over errors, fill the window, open the data file."""
        from ui.shell import bootstrap
        from ui.shell.app import App

        fault_file = bootstrap.start_faulthandler()
        crashes = bootstrap.CrashBridge()
        crashes.install()
        self._kept += [fault_file, crashes]
        bootstrap.dress(self._app)
        self.program = App(self._app, self._preferences, host=self.window)
        crashes.recorded.connect(self.program.show_crash)
        bootstrap.stop_on_interrupt(self.program.quit)
        beat = QTimer(self)  # lets Python see signals while Qt waits
        beat.start(500)
        beat.timeout.connect(self._beat)
        QTimer.singleShot(0, self.program, partial(self.program.open_first, self._data))

    def _beat(self) -> None:
        """Give Python its turn."""


def _import_plainly() -> None:
    """Import our modules without the hook of PySide that looks for feature switches.

    It reads the source of every module for ``from __feature__ import``, which nothing here uses:
    a tenth of the time until the list is on the screen.
    """
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


def begin(data: str | None = None, language: str | None = None) -> tuple[QApplication, Start]:
    """Make the application and its bare window, not shown yet."""
    _import_plainly()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("svcdesk")
    app.setOrganizationName("svcdesk")
    app.setDesktopFileName("svcdesk")
    use_own_file()
    preferences = Preferences.load()
    if language:
        preferences.language = language
    lay_ground(app, preferences.theme)
    return app, Start(app, preferences, Path(data) if data else None)


def run(data: str | None = None, language: str | None = None) -> int:
    """Run the window until it is closed; return the exit status."""
    app, start = begin(data, language)
    start.window.show()
    return int(app.exec())
