"""A QApplication as the program makes it: fonts, theme, settings in a temporary folder."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from tests.ui.pages import Workshop, supervisor
from ui.theme import style

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from svcdesk.services.desk import Desk


@pytest.fixture(scope="session")
def styled(qapp: QApplication) -> QApplication:
    """The application with fonts, once."""
    qapp.setOrganizationName("svcdesk-test")
    qapp.setApplicationName("svcdesk-test")
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    style.load_fonts()
    return qapp


@pytest.fixture(autouse=True)
def dressed(
    styled: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Light theme, and nothing remembered from another test."""
    monkeypatch.setenv("SVCDESK_HOME", str(tmp_path / "home"))
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path))
    QSettings().clear()
    style.apply(styled, "light")
    yield
    left = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    for widget in left:
        widget.close()


@pytest.fixture
def shop(qtbot: QtBot, desk: Desk) -> Iterator[Workshop]:
    """The window, with a supervisor acting."""
    supervisor(desk)
    made = Workshop(qtbot, desk)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def no_garbage_of_other_tests() -> None:
    """Begin without garbage: collected inside a connect, PySide waits for its own lock for ever."""
    gc.collect()
