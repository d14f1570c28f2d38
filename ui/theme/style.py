"""Fusion with the program's palette and a small stylesheet; follows the system's light or dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication

from svcdesk.system.paths import resources
from ui.theme import icons, tokens
from ui.theme.ground import SYSTEM, palette

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

_SHEET = """
QToolTip {{ background: {text}; color: {surface}; border: 0; padding: 5px 8px; font-size: {type-small}px; }}
QMainWindow {{ background: {window}; }}
QDialog {{ background: {surface}; }}
QMenuBar {{ background: {rail}; color: {text-2}; padding: 1px 6px; border-bottom: 1px solid {border}; }}
QMenuBar::item {{ padding: 3px 9px; border-radius: 4px; background: transparent; }}
QMenuBar::item:selected {{ background: {neutral-soft}; color: {text}; }}
QMenu {{ background: {surface}; border: 1px solid {border}; padding: 4px; }}
QMenu::item {{ padding: 5px 24px 5px 10px; border-radius: 4px; color: {text}; }}
QMenu::item:selected {{ background: {selected}; }}
QMenu::item:disabled {{ color: {text-3}; }}
QMenu::separator {{ height: 1px; background: {grid}; margin: 4px 6px; }}
QMenu::icon {{ padding-left: 8px; }}
QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox {{
    background: {surface}; color: {text}; border: 1px solid {strong}; border-radius: 6px;
    padding: 4px 8px; selection-background-color: {fill}; selection-color: {on-fill}; }}
QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover, QAbstractSpinBox:hover, QComboBox:hover {{
    border-color: {text-2}; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {{
    border: 2px solid {accent}; padding: 3px 7px; }}
QLineEdit[invalid="true"], QPlainTextEdit[invalid="true"], QComboBox[invalid="true"],
QAbstractSpinBox[invalid="true"] {{ border-color: {danger}; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {{
    background: {sunken}; color: {text-3}; border-color: {border}; }}
QLineEdit[readOnly="true"] {{ border-color: transparent; background: transparent; }}
QComboBox {{ padding-right: 24px; }}
QComboBox::drop-down {{ border: 0; width: 22px; }}
QComboBox::down-arrow {{ image: url({assets}/chevron-down.svg); width: 14px; height: 14px; }}
QComboBox QAbstractItemView {{ background: {surface}; border: 1px solid {border}; padding: 3px;
    selection-background-color: {selected}; selection-color: {text}; outline: 0; }}
QComboBox QLineEdit {{ border: 0; padding: 0; background: transparent; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: 0; width: 18px; background: transparent; }}
QAbstractSpinBox::up-arrow {{ image: url({assets}/chevron-up.svg); width: 11px; height: 11px; }}
QAbstractSpinBox::down-arrow {{ image: url({assets}/chevron-down.svg); width: 11px; height: 11px; }}
QDateTimeEdit::drop-down, QDateEdit::drop-down {{ border: 0; width: 22px; image: url({assets}/calendar.svg); }}
QCheckBox, QRadioButton {{ color: {text}; spacing: 7px; }}
QCheckBox::indicator, QListView::indicator {{ width: {mark}px; height: {mark}px; border: 1px solid {strong}; border-radius: 4px; background: {surface}; }}
QCheckBox::indicator:checked, QListView::indicator:checked {{ background: {fill}; border-color: {fill}; image: url({assets}/check.svg); }}
QCheckBox::indicator:focus, QRadioButton::indicator:focus {{ border: 2px solid {accent}; }}
QRadioButton::indicator {{ width: {mark}px; height: {mark}px; border: 1px solid {strong}; border-radius: {half}px; background: {surface}; }}
QRadioButton::indicator:checked {{ background: {fill}; border-color: {fill}; image: url({assets}/dot.svg); }}
QTableView, QListView, QTreeView {{ background: {surface}; border: 0; outline: 0; color: {text};
    selection-background-color: {selected}; selection-color: {text}; gridline-color: {grid}; }}
QTableWidget::item, QTableView[padded="true"]::item {{ padding: 0 5px; }}
QHeaderView {{ background: {sunken}; border: 0; }}
QHeaderView::section {{ background: {sunken}; color: {text-2}; border: 0; font-size: {type-small}px;
    border-bottom: 1px solid {border}; padding: 4px 8px; }}
QTableWidget[compact="true"]::item {{ padding: 0 1px; }}
QTableWidget[compact="true"] QHeaderView::section {{ padding: 2px 4px; }}
QScrollBar:vertical {{ background: transparent; width: 11px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 11px; margin: 0; }}
QScrollBar::handle {{ background: {border}; border-radius: 4px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 28px; }}
QScrollBar::handle:horizontal {{ min-width: 28px; }}
QScrollBar::handle:hover {{ background: {strong}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QSplitter::handle {{ background: {border}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
QSplitter::handle:vertical {{ height: 1px; }}
QProgressBar {{ background: {neutral-soft}; border: 0; border-radius: 3px; max-height: 6px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 3px; }}
QScrollArea {{ background: transparent; border: 0; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}
QStatusBar {{ background: {rail}; color: {text-2}; border-top: 1px solid {border}; font-size: {type-small}px; }}
QStatusBar::item {{ border: 0; }}
QLabel[tone="2"] {{ color: {text-2}; }}
QLabel[tone="3"] {{ color: {text-3}; }}
QLabel[tone="danger"] {{ color: {danger}; }}
QLabel[tone="warn"] {{ color: {warn}; }}
QLabel[tone="ok"] {{ color: {ok}; }}
QLabel[type="micro"] {{ font-size: {type-micro}px; }}
QLabel[type="small"] {{ font-size: {type-small}px; }}
QLabel[type="strong"] {{ font-weight: 700; }}
QLabel[type="smallstrong"] {{ font-size: {type-small}px; font-weight: 700; }}
QLabel[type="title"] {{ font-size: {type-title}px; font-weight: 700; }}
QLabel[type="page"] {{ font-size: {type-page}px; font-weight: 700; }}
QLabel[type="figure"] {{ font-size: {type-figure}px; font-weight: 700; }}
QFrame[box="surface"] {{ background: {surface}; }}
QFrame[box="sunken"] {{ background: {sunken}; }}
QFrame[box="rail"] {{ background: {rail}; }}
QFrame[box="window"] {{ background: {window}; }}
QCalendarWidget QWidget#qt_calendar_navigationbar {{ background: {sunken}; }}
QCalendarWidget QToolButton {{ color: {text}; background: transparent; border: 0; padding: 5px 8px; font-weight: 700; }}
QCalendarWidget QToolButton:hover {{ background: {hover}; border-radius: 4px; }}
QCalendarWidget QToolButton::menu-indicator {{ image: none; }}
QCalendarWidget QToolButton#qt_calendar_prevmonth {{ qproperty-icon: url({assets}/chevron-left.svg); }}
QCalendarWidget QToolButton#qt_calendar_nextmonth {{ qproperty-icon: url({assets}/chevron-right.svg); }}
QFrame[box="drop"] {{ background: {sunken}; border: 1px dashed {strong}; border-radius: 8px; }}
QPushButton {{ background: {surface}; color: {text}; border: 1px solid {strong}; border-radius: 6px; padding: 3px 12px; }}
QPushButton:hover {{ background: {hover}; }}
QPushButton:focus {{ border: 2px solid {accent}; padding: 2px 11px; }}
QFrame[box="active"] {{ background: {accent-soft}; border-left: 3px solid {accent}; border-radius: 4px; }}
QLabel[type="script"] {{ font-size: {type-title}px; }}
QFrame[box="card"] {{ background: {surface}; border: 1px solid {border}; border-radius: 8px; }}
QFrame[line="bottom"] {{ border-bottom: 1px solid {border}; }}
QFrame[line="top"] {{ border-top: 1px solid {border}; }}
QFrame[line="left"] {{ border-left: 1px solid {border}; }}
QFrame[line="right"] {{ border-right: 1px solid {border}; }}
"""


def load_fonts() -> None:
    """Register the bundled font; without it Chinese depends on what the system has."""
    for face in ("Regular", "Bold"):
        QFontDatabase.addApplicationFont(str(resources() / "fonts" / f"NotoSansSC-{face}.ttf"))


def apply(app: QApplication, theme: str, percent: int | None = None) -> None:
    """Give the whole program the theme ``light`` or ``dark``, and text of ``percent``."""
    tokens.use(theme)
    if percent is not None:
        tokens.use_text_size(percent)
    icons.forget()
    app.setStyle("Fusion")
    app.setPalette(palette())
    app.setFont(tokens.font())
    assets = (resources() / "themes" / theme).as_posix()
    app.setStyleSheet(_SHEET.format(assets=assets, **_sizes(), **tokens.tokens().colours))


def _sizes() -> dict[str, int]:
    """Return the measures of the stylesheet at the present text size."""
    types = {"micro": tokens.MICRO, "small": tokens.SMALL, "title": tokens.TITLE,
             "page": tokens.PAGE, "figure": tokens.FIGURE}  # fmt: skip
    mark = tokens.px(14)
    return {**{f"type-{name}": tokens.px(size) for name, size in types.items()},
            "mark": mark, "half": mark // 2 + 1}  # fmt: skip


def system_theme() -> str:
    """Return what the system prefers now."""
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return "dark" if dark else "light"


class ThemeFollower(QObject):
    """Applies the chosen theme and text size, and the system's changes when the choice is ``system``."""

    changed = Signal()

    def __init__(self, app: QApplication, choice: str = SYSTEM, percent: int = 100) -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice
        apply(app, self._wanted(), percent)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_change)

    @property
    def choice(self) -> str:
        """What the user chose: ``system``, ``light`` or ``dark``."""
        return self._choice

    def choose(self, choice: str) -> None:
        """Take over the user's choice."""
        self._choice = choice
        self._refresh()

    def resize(self, percent: int) -> None:
        """Make all text ``percent`` of its usual size."""
        if percent != tokens.text_size():
            apply(self._app, self._wanted(), percent)
            self.changed.emit()

    def _wanted(self) -> str:
        return system_theme() if self._choice == SYSTEM else self._choice

    def _on_system_change(self) -> None:
        self._refresh()

    def _refresh(self) -> None:
        if self._wanted() != tokens.tokens().name:
            apply(self._app, self._wanted())
            self.changed.emit()
