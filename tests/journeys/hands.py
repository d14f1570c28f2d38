"""The hands of a user: real key presses at whatever has the focus; keys that are no text count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from tests.ui.pages import commit
from ui.shell.actions import PAGE_KEYS

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.shell.app import App

NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
Key = Qt.Key


class Hands:
    """Types at the program; ``keys`` is what was pressed beside the text."""

    def __init__(self, qtbot: QtBot, app: App) -> None:
        self.qtbot = qtbot
        self.app = app
        self.keys = 0
        self.settle()

    def settle(self) -> None:
        """Wait until no job is under way."""
        self.qtbot.waitUntil(lambda: self.app.runner.busy == 0, timeout=30_000)

    def focus(self) -> QWidget:
        """Return what has the focus; a window manager gives it back when a form has closed."""
        popup = QApplication.activePopupWidget()
        if popup is not None:
            return popup.focusWidget() or popup
        top = QApplication.activeModalWidget() or self._own_window()
        if QApplication.activeWindow() is not top:
            top.activateWindow()

        def there() -> bool:
            focus = QApplication.focusWidget()
            return focus is not None and focus.window() is top

        self.qtbot.waitUntil(there)
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def _own_window(self) -> QWidget:
        """Return the window that the user works in: one that was opened beside, or the first."""
        active = QApplication.activeWindow()
        closed = active is None or isinstance(active, QMenu) or not active.isVisible()
        return self.app.window.host if active is None or closed else active

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, times: int = 1) -> None:
        """Press a key, and wait for what it starts."""
        for _time in range(times):
            self.keys += 1
            QTest.keyClick(self.focus(), key, modifiers)
            self.settle()

    def letter(self, letter: str) -> None:
        """Press a key that has a letter."""
        self.press(Key(ord(letter)))

    def told(self, text: str) -> None:
        """Press the key that the cheat sheet tells for ``text``."""
        keys = next(keys for _page, keys, words in PAGE_KEYS if words == text)
        self.letter(keys.split("/")[0].strip())

    def type(self, text: str) -> None:
        """Type text: Chinese as an input method does, with its composition before."""
        if text.isascii():
            QTest.keyClicks(self.focus(), text)
        else:
            commit(self.focus(), text)
        self.settle()

    def tab_to(self, editor: QWidget, at_most: int = 20) -> None:
        """Press Tab until ``editor`` has the focus."""
        for _time in range(at_most):
            focus = self.focus()
            if focus is editor or editor.isAncestorOf(focus) or editor.focusProxy() is focus:
                return
            self.press(Key.Key_Tab)
        raise AssertionError(f"Tab does not come to {editor.accessibleName()}")

    def choose(self, field: Any, value: object, at_most: int = 60) -> None:
        """Go through a list of choices with the arrow until ``value`` is chosen."""
        for _time in range(at_most):
            if field.value() == value:
                return
            self.press(Key.Key_Down)
        raise AssertionError(f"{value} is not among the choices")

    def choose_in_menu(self, text: str) -> None:
        """Go down a menu to the entry ``text`` and take it."""
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        for _time in range(40):
            active = menu.activeAction()
            if active is not None and active.text() == text:
                self.press(Key.Key_Return)
                return
            self.press(Key.Key_Down)
        raise AssertionError(f"no entry {text}")
