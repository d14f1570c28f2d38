"""Up to which moment things are known: now, or as they were known at an earlier one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout

from svcdesk.i18n.catalog import _
from ui.pages.wording import Words
from ui.widgets.button import Button, Kind
from ui.widgets.editors import TimeField
from ui.widgets.labels import label

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QKeyEvent

    from svcdesk.domain.period import Period
    from svcdesk.services.desk import Desk

DAY = 86400
# days after the end of the period, when late answers and reopened tickets have come in
LATER = (0, 7, 30)


class AsOfBox(Button):
    """Shows the data cut-off and offers others."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__("", kind=Kind.QUIET, icon="clock", small=True, arrow=True)
        self._desk = desk
        self._words = Words(desk)
        self._period: Period | None = None
        self._shown = 0
        self.as_of: int | None = None
        self.setToolTip(
            _("Up to which moment things are known; choose an earlier one to see figures as they "
              "were known then")
        )  # fmt: skip
        self.clicked.connect(self._open)
        self.show_moment(desk.clock.now())

    def set_period(self, period: Period) -> None:
        """Say which period is shown: moments are offered from its end on."""
        self._period = period

    def set(self, as_of: int | None) -> None:
        """Choose without a signal; ``None`` is now."""
        self.as_of = as_of

    def show_moment(self, cut_off: int) -> None:
        """Show up to when the figures go."""
        self._shown = cut_off
        text = _("Data up to {time}") if self.as_of is None else _("As known at {time}")
        self.set_text(text.format(time=self._words.time(cut_off)))
        self.setAccessibleName(self.text())

    def _open(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._offer(menu, _("Now"), None)
        now = self._desk.clock.now()
        for days in LATER if self._period is not None else ():
            moment = self._period.end_at + days * DAY if self._period is not None else 0
            if moment < now:
                text = _("End of the period") if not days else _("{n} days after its end")
                self._offer(menu, text.format(n=days), moment)
        menu.addSeparator()
        own = menu.addAction(_("Another moment…"))
        own.setData(-1)
        menu.triggered.connect(self._on_chosen)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _offer(self, menu: QMenu, text: str, moment: int | None) -> None:
        action = menu.addAction(text)
        action.setData(moment)
        action.setCheckable(True)
        action.setChecked(moment == self.as_of)

    def _on_chosen(self, action: QAction) -> None:
        moment = action.data()
        if moment == -1:
            _MomentPopup(self, self._desk.reference.settings["timezone"], self._shown).open()
            return
        self.take(moment)

    def take(self, moment: int | None) -> None:
        """Show figures as they were known at ``moment``; never later than now."""
        now = self._desk.clock.now()
        self.as_of = None if moment is None or moment >= now else moment
        self.changed.emit()


class _MomentPopup(QFrame):
    """A moment to type; Enter takes it."""

    def __init__(self, box: AsOfBox, zone: str, moment: int) -> None:
        super().__init__(box, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("box", "card")
        self._box = box
        column = QVBoxLayout(self)
        column.addWidget(label(_("Figures as they were known at"), "small", "2"))
        self.field = TimeField(zone)
        self.field.setAccessibleName(_("Moment"))
        self.field.set_value(moment)
        row = QHBoxLayout()
        row.addWidget(self.field, 1)
        take = Button(_("Show"), kind=Kind.MAIN, key="Enter")
        take.clicked.connect(self._take)
        row.addWidget(take)
        column.addLayout(row)

    def open(self) -> None:
        """Show it below the box."""
        self.adjustSize()
        self.move(self._box.mapToGlobal(QPoint(0, self._box.height() + 3)))
        self.show()
        self.field.setFocus()

    def _take(self) -> None:
        moment = self.field.value()
        self.close()
        self._box.take(moment)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take it with Enter, leave with Esc."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._take()
        else:
            super().keyPressEvent(event)
