"""Size, place and page of the window, kept between starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings

from svcdesk.system.paths import config_dir

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def use_own_file() -> None:
    """Keep geometry in the program's own folder, in one text file."""
    folder = config_dir()
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder))


def restore_window(window: QWidget) -> bool:
    """Give the window its last size and place; False when there is none."""
    state = QSettings().value("window/geometry")
    return isinstance(state, QByteArray) and window.restoreGeometry(state)


def save_window(window: QWidget, page: str) -> None:
    """Remember size, place and the page that is shown ("": none)."""
    QSettings().setValue("window/geometry", window.saveGeometry())
    if page:
        QSettings().setValue("window/page", page)


def last_page() -> str:
    """Return the page that was shown when the window was closed, "" when there is none."""
    return str(QSettings().value("window/page") or "")
