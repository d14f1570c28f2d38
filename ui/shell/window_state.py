"""Size and place of the window and its splitters, kept between starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings

from svcdesk.system.paths import config_dir

if TYPE_CHECKING:
    from PySide6.QtWidgets import QSplitter, QWidget


def use_own_file() -> None:
    """Keep geometry in the program's own folder, in one text file."""
    folder = config_dir()
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder))


def restore_window(window: QWidget) -> bool:
    """Give the window its last size and place; False when there is none."""
    state = QSettings().value("window/geometry")
    return isinstance(state, QByteArray) and window.restoreGeometry(state)


def save_window(window: QWidget) -> None:
    """Remember size and place."""
    QSettings().setValue("window/geometry", window.saveGeometry())


def restore_splitter(splitter: QSplitter, name: str) -> bool:
    """Give a splitter its last division."""
    state = QSettings().value(f"splitters/{name}")
    return isinstance(state, QByteArray) and splitter.restoreState(state)


def save_splitter(splitter: QSplitter, name: str) -> None:
    """Remember the division."""
    QSettings().setValue(f"splitters/{name}", splitter.saveState())
