"""Which report is made: its kind, its period, its language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from svcdesk.domain.people import Permission, may
from svcdesk.i18n.catalog import _, current, language
from svcdesk.services import reports
from ui.models.choices import Choice
from ui.pages.documents import rows
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind, icon_button
from ui.widgets.editors import ChoiceField, TextField

if TYPE_CHECKING:
    from svcdesk.domain.period import Period
    from ui.pages.page import Workplace


class Chooser(QWidget):
    """Kind, period and language above the button that makes the report."""

    make_wanted = Signal()
    setup_wanted = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        self.kind = ChoiceField([Choice(key, _(name)) for key, name in rows.KINDS.items()])
        self.kind.setAccessibleName(_("Kind of report"))
        self.kind.set_value("monthly")
        self.kind.changed.connect(self._on_kind)
        column.addWidget(self.kind)
        column.addLayout(self._build_period())
        self.words = ChoiceField([Choice(k, name) for k, name in rows.LANGUAGES.items()])
        self.words.setAccessibleName(_("Language of the report"))
        self.words.set_value(language())
        buttons = QHBoxLayout()
        self.make_button = Button(_("Make the report"), kind=Kind.MAIN, icon="file-text")
        self.make_button.setToolTip(_("Count the figures of now and draw the pages (Enter)"))
        self.make_button.clicked.connect(self.make_wanted)
        self.setup_button = Button(_("Sections…"), kind=Kind.QUIET, icon="settings")
        self.setup_button.setToolTip(_("Hide, rename, move sections; add texts and pictures"))
        self.setup_button.clicked.connect(self.setup_wanted)
        buttons.addWidget(self.make_button)
        buttons.addWidget(self.setup_button)
        buttons.addStretch(1)
        line = QHBoxLayout()
        line.addWidget(self.words, 1)
        column.addLayout(line)
        column.addLayout(buttons)
        self.allow()

    def _build_period(self) -> QHBoxLayout:
        line = QHBoxLayout()
        self.period = TextField(_("Period, such as 2026-03"), 40)
        self.period.setToolTip(
            _("2026-03, 2026-Q1, 2026-H1, 2026, the week 2026-W12, or days: "
              "2026-03-01..2026-03-15; Enter makes the report")
        )  # fmt: skip
        self.period.returnPressed.connect(self.make_wanted)
        self.pick = icon_button("calendar", _("Choose a period (Alt+Down)"))
        self.pick.setShortcut("Alt+Down")
        self.pick.clicked.connect(self.open_periods)
        before = icon_button("chevron-left", _("Period before"))
        before.clicked.connect(lambda: self._shift(-1))
        after = icon_button("chevron-right", _("Period after"))
        after.clicked.connect(lambda: self._shift(1))
        line.addWidget(before)
        line.addWidget(self.period, 1)
        line.addWidget(after)
        line.addWidget(self.pick)
        return line

    def allow(self) -> None:
        """Show what the acting person may do."""
        roles = self._place.desk.roles
        self.make_button.setVisible(may(roles, Permission.MAKE_REPORTS))
        self.setup_button.setVisible(may(roles, Permission.SETTINGS))

    def show_report(self, kind: str, period: str, words: str = "") -> None:
        """Show a kind, its period and language without choosing another period."""
        self.kind.blockSignals(True)
        self.kind.set_value(kind)
        self.kind.blockSignals(False)
        self.period.setText(period)
        if words:
            self.words.set_value(words)

    def wanted(self) -> tuple[str, str, str]:
        """Return kind, period and language."""
        return (
            str(self.kind.value()), self.period.text().strip() or "last", str(self.words.value())
        )  # fmt: skip

    def usual(self) -> str:
        """Return the period that the chosen kind is usually about."""
        return reports.period_of(self._place.desk, "last", str(self.kind.value())).code

    def _on_kind(self) -> None:
        self.period.setText(self.usual())

    def _shift(self, by: int) -> None:
        kind, period, _words = self.wanted()
        try:
            found = reports.period_of(self._place.desk, period, kind)
        except Exception as error:  # noqa: BLE001 - told in a sentence, whatever was typed
            self._place.shell.tell(error)
            return
        self.period.setText(found.shifted(by).code)

    # --- periods to choose from ----------------------------------------------------------

    def periods(self) -> QMenu:
        """Return the periods of the kind: the running one and those before, and any days."""
        kind = str(self.kind.value())
        menu = QMenu(self)
        length = ""
        for period in reports.offered(self._place.desk, kind):
            if length and period.kind != length:
                menu.addSeparator()
            length = period.kind
            action = menu.addAction(_menu_text(period))
            action.triggered.connect(lambda *_args, code=period.code: self._take(code))
        if length == "range":
            menu.addAction(_("From a day to a day…")).triggered.connect(self.ask_days)
        return menu

    def open_periods(self) -> None:
        """Open the periods to choose from."""
        self.periods().popup(self.pick.mapToGlobal(self.pick.rect().bottomLeft()))

    def ask_days(self) -> None:
        """Ask for the first and the last day."""
        from ui.pages.documents.days_dialog import DaysDialog

        kind, period, _words = self.wanted()
        try:
            shown = reports.period_of(self._place.desk, period, kind)
        except Exception:  # noqa: BLE001 - what was typed is no period: begin with the usual one
            shown = reports.period_of(self._place.desk, "last", kind)
        dialog = DaysDialog(self, self._place, shown)
        dialog.saved.connect(self._take)
        dialog.open()

    def _take(self, code: str) -> None:
        self.period.setText(code)
        self.period.setFocus()


def _menu_text(period: Period) -> str:
    if period.kind == "range":
        return _("Week {days}").format(days=period.title(current()))
    return period.title(current())
