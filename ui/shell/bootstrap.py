"""From a bare process to a QApplication: attributes, fonts, theme, and all error hooks."""

from __future__ import annotations

import faulthandler
import logging
import signal
import sys
import threading
from typing import IO, TYPE_CHECKING, Any

from PySide6.QtCore import (
    QLibraryInfo,
    QMessageLogContext,
    QObject,
    QtMsgType,
    QTranslator,
    Signal,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from svcdesk.i18n import catalog
from svcdesk.system.crash import CrashRecord, CrashRecorder
from svcdesk.system.paths import log_dir
from ui.shell.window_state import use_own_file
from ui.theme import style
from ui.theme.icons import icon

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

LOG = logging.getLogger(__name__)
QT_NOISE = ("propagateSizeHints",)


class CrashBridge(QObject):
    """Carries crash records from any thread to the UI thread."""

    recorded = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.recorder = CrashRecorder(self._tell)
        self._qt_text = ""

    def _tell(self, record: CrashRecord) -> None:
        self.recorded.emit(record)

    def install(self) -> None:
        """Take over every hook that sees an unexpected exception."""
        sys.excepthook = self._take
        threading.excepthook = self._take_thread
        sys.unraisablehook = self._take_unraisable
        qInstallMessageHandler(self._take_message)

    def _take(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        record = self.recorder.take(kind, error, trace)
        if record is not None:
            LOG.error("%s", record.text)

    def _take_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._take(args.exc_type, args.exc_value, args.exc_traceback)

    def _take_unraisable(self, args: Any) -> None:
        if args.exc_value is not None:
            self._take(args.exc_type, args.exc_value, args.exc_traceback)

    def _take_message(self, kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if any(noise in text for noise in QT_NOISE):
            return
        serious = kind in {QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg}
        LOG.log(logging.ERROR if serious else logging.WARNING, "Qt: %s", text)


def start_faulthandler() -> IO[str] | None:
    """Write the stacks of a hard crash to a file; the caller keeps it open."""
    try:
        folder = log_dir()
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "fault.txt").open("w", encoding="utf-8")
    except OSError:
        return None
    faulthandler.enable(file)
    return file


class QtTexts:
    """Qt's own words (menus of text fields, standard buttons) in the user's language."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._translator = QTranslator(app)

    def load(self) -> None:
        """Follow the language of the screen."""
        self._app.removeTranslator(self._translator)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        name = f"qtbase_{catalog.language()}"
        if catalog.language() != "en" and self._translator.load(name, folder):
            self._app.installTranslator(self._translator)


def dress(app: QApplication) -> None:
    """Give the program its fonts and icon."""
    style.load_fonts()
    app.setWindowIcon(icon("headset", "accent", 32))


def make_application(arguments: list[str]) -> QApplication:
    """Return a QApplication with name, fonts and icon, for pictures and tests."""
    app = QApplication(arguments)
    app.setApplicationName("svcdesk")
    app.setOrganizationName("svcdesk")
    use_own_file()
    dress(app)
    return app


def stop_on_interrupt(stop: Callable[[], None]) -> None:
    """End in order when the terminal says so."""
    signal.signal(signal.SIGINT, lambda *_: stop())
