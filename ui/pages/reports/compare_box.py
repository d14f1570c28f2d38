"""What the figures are compared with: the three usual ones at once, the others in a menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from svcdesk.domain.basis import MONTHLY, Against, Basis, parse_basis
from svcdesk.i18n.catalog import _, current, pgettext
from svcdesk.services import dashboards
from svcdesk.services.sheet_cards import BASIS_NAMES
from ui.widgets.button import Button, Segments

if TYPE_CHECKING:
    from svcdesk.domain.period import Period
    from svcdesk.services.desk import Desk

OFFERED = 24  # periods to be compared with
SHOWN = (Against.MOM, Against.YOY, Against.PREV3)
SAME_DAYS, LIMITS = "same_days", "limits"


class CompareBox(QWidget):
    """Chooses a :class:`~svcdesk.domain.basis.Basis`."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._period: Period | None = None
        self.basis = Basis()
        self.limits = False  # control limits on lines
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        names = (
            pgettext("compare", "Previous"), pgettext("compare", "Last year"),
            pgettext("compare", "3-month mean"),
        )  # fmt: skip
        self.usual = Segments([(str(a), name) for a, name in zip(SHOWN, names, strict=True)])
        self.usual.changed.connect(self._on_usual)
        row.addWidget(self.usual)
        self.more = Button("", icon="ellipsis")
        self.more.clicked.connect(self.choose)
        row.addWidget(self.more)
        self._show()

    def set(self, code: str, *, same_days: bool = False) -> None:
        """Choose without a signal."""
        self.basis = parse_basis(code, same_days=same_days)
        self._show()

    def set_period(self, period: Period) -> None:
        """Say which period is compared: months alone have means of months."""
        self._period = period
        if period.kind != "month" and self.basis.against in MONTHLY:
            self.basis = Basis(Against.MOM, "", self.basis.same_days)
            self._show()

    def _show(self) -> None:
        against = self.basis.against
        usual = against in SHOWN
        self.usual.set_value(str(against) if usual else "")
        text = "" if usual else _(BASIS_NAMES[against])
        if against is Against.OWN:
            text = dashboards.period_of(self._desk, self.basis.other).title(current())
        self.more.set_text(text)  # nothing but its icon while a usual one is chosen
        self.more.setToolTip(_("Compare with something else"))
        chosen = text or _(BASIS_NAMES[against])
        self.more.setAccessibleName(_("Compare with: {what}").format(what=chosen))

    def _take(self, basis: Basis) -> None:
        self.basis = basis
        self._show()
        self.changed.emit()

    def _on_usual(self, _number: int) -> None:
        against = Against(self.usual.value())
        if against in MONTHLY and self._period is not None and self._period.kind != "month":
            against = Against.MOM
        self._take(Basis(against, "", self.basis.same_days))

    def choose(self) -> None:
        """Offer everything that figures can be compared with."""
        menu = QMenu(self)
        group = QActionGroup(menu)
        months = self._period is None or self._period.kind == "month"
        for against in Against:
            if against is Against.OWN or (against in MONTHLY and not months):
                continue
            self._add(menu, group, _(BASIS_NAMES[against]), Basis(against))
        others = menu.addMenu(_("Another period"))
        if self._period is not None:
            for back in range(-1, OFFERED):
                period = self._period.shifted(-back)
                if back and dashboards.begun(self._desk, period):
                    basis = Basis(Against.OWN, period.code)
                    self._add(others, group, period.title(current()), basis)
        menu.addSeparator()
        same = menu.addAction(_("Unfinished period: the same number of days"))
        same.setData(SAME_DAYS)
        same.setCheckable(True)
        same.setChecked(self.basis.same_days)
        limits = menu.addAction(_("Control limits on lines (12 months ± 2σ)"))
        limits.setData(LIMITS)
        limits.setCheckable(True)
        limits.setChecked(self.limits)
        menu.triggered.connect(self._on_chosen)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _add(self, menu: QMenu, group: QActionGroup, text: str, basis: Basis) -> None:
        action = menu.addAction(text)
        action.setData(basis.code)
        action.setCheckable(True)
        action.setChecked(basis.code == self.basis.code)
        group.addAction(action)

    def _on_chosen(self, action: QAction) -> None:
        code = str(action.data())
        if code == SAME_DAYS:
            basis = self.basis
            self._take(Basis(basis.against, basis.other, not basis.same_days))
        elif code == LIMITS:
            self.limits = not self.limits
            self.changed.emit()
        else:
            self._take(parse_basis(code, same_days=self.basis.same_days))
