"""The whole program with real threads, in a home of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from ui.shell.app import App
from ui.shell.preferences import Preferences
from ui.shell.window_state import use_own_file
from ui.theme import style

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from svcdesk.system.clock import FixedClock


@pytest.fixture(scope="session", autouse=True)
def fonts(qapp: QApplication) -> None:
    style.load_fonts()


@pytest.fixture
def program(
    qtbot: QtBot, qapp: QApplication, clock: FixedClock, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., App]]:  # fmt: skip
    """Start the program as often as a test needs it."""
    monkeypatch.setenv("SVCDESK_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(QApplication, "quit", lambda *_: None)
    use_own_file()
    running: list[App] = []

    def start(path: Path | None = None, language: str = "en") -> App:
        preferences = Preferences.load()
        preferences.language = language
        made = App(qapp, preferences, clock)
        running.append(made)
        made.show()
        made.open_first(path)
        return made

    yield start
    for made in running:
        made.quit()
        made.window.host.deleteLater()
        made.deleteLater()
