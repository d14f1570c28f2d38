"""Which period, compared with what, and up to when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from svcdesk.i18n.catalog import _, current, ngettext, pgettext
from svcdesk.services import dashboards
from ui.pages.reports.as_of_box import AsOfBox
from ui.pages.reports.compare_box import CompareBox
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind, Segments
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Tag, label

if TYPE_CHECKING:
    from svcdesk.domain.period import Period
    from svcdesk.services.desk import Desk

MONTH, QUARTER, HALF, WHOLE = "month", "quarter", "half", "year"
OFFERED = {MONTH: 24, QUARTER: 8, HALF: 4, WHOLE: 3}
LINE = 30  # high, so that tags stand level with the buttons


def _group(*widgets: QWidget) -> QWidget:
    """Return widgets that stay on one line when the bar wraps."""
    group = QWidget()
    row = QHBoxLayout(group)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
    group.setMinimumHeight(px(LINE))
    return group


class PeriodBar(QWidget):
    """Kind of period, its choice, the comparison, and the data cut-off."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._period = dashboards.this_month(desk).previous
        self.row = groups = FlowLayout(self, gap=10)
        self._kind = Segments(
            [
                (MONTH, pgettext("period", "Month")),
                (QUARTER, pgettext("period", "Quarter")),
                (HALF, pgettext("period", "Half-year")),
                (WHOLE, pgettext("period", "Year")),
            ]
        )
        self._kind.set_value(MONTH)
        self._kind.changed.connect(self._on_kind)
        before = self._arrow("chevron-left", _("Period before"))
        before.clicked.connect(self._on_before)
        self._choose = Button("", icon="calendar", arrow=True)
        self._choose.clicked.connect(self._open)
        after = self._arrow("chevron-right", _("Period after"))
        after.clicked.connect(self._on_after)
        self.compare = CompareBox(desk)
        self.compare.changed.connect(self.changed)
        self.moment = AsOfBox(desk)
        self.moment.changed.connect(self.changed)
        self._remark = Tag(_("Spring Festival shift"), "info")
        self._remark.setToolTip(_("The Spring Festival lies in only one of the two periods."))
        self._remark.hide()
        self._excluded = Tag("", "circle-alert", "warn")
        self._excluded.hide()
        compare = label(_("Compare"), "small", "2")
        groups.addWidget(_group(self._kind, before, self._choose, after))
        groups.addWidget(_group(compare, self.compare))
        groups.addWidget(_group(self.moment, self._excluded, self._remark))
        self._show()

    def _arrow(self, icon: str, name: str) -> Button:
        button = Button("", icon=icon, kind=Kind.NORMAL)
        button.setToolTip(name)
        button.setAccessibleName(name)
        return button

    @property
    def period(self) -> Period:
        """The chosen period."""
        return self._period

    def set(self, code: str) -> None:
        """Choose a period without a signal."""
        self._period = dashboards.period_of(self._desk, code)
        if self._period.kind in OFFERED:
            self._kind.set_value(self._period.kind)
        self._show()

    def show_facts(self, cut_off: int, excluded: int, *, festival: bool) -> None:
        """Show the data cut-off, how many abnormal records were left out, a shift of the festival."""
        self.moment.show_moment(cut_off)
        self._excluded.setVisible(excluded > 0)
        text = ngettext(
            "{n} abnormal record left out", "{n} abnormal records left out", excluded
        ).format(n=excluded)
        self._excluded.set(text, "circle-alert", "warn")
        self._remark.setVisible(festival)
        self.updateGeometry()

    def _show(self) -> None:
        self.compare.set_period(self._period)
        self.moment.set_period(self._period)
        self._choose.set_text(self._period.title(current()))
        self._choose.setToolTip(f"{self._period.start:%Y-%m-%d} – {self._period.last_day:%Y-%m-%d}")

    def _set(self, period: Period) -> None:
        self._period = period
        self._show()
        self.changed.emit()

    def _on_kind(self, _number: int) -> None:
        last = self._period.months()[-1]
        code = {
            MONTH: last.code,
            QUARTER: f"{last.year}-Q{(last.number + 2) // 3}",
            HALF: f"{last.year}-H{1 if last.number <= 6 else 2}",
            WHOLE: str(last.year),
        }[self._kind.value()]
        self._set(dashboards.period_of(self._desk, code))

    def _on_before(self) -> None:
        self._set(self._period.previous)

    def _on_after(self) -> None:
        self._set(self._period.shifted(1))

    def _open(self) -> None:
        menu = QMenu(self)
        latest = dashboards.this_month(self._desk)
        kind = self._kind.value()
        if kind != MONTH:
            latest = dashboards.period_of(self._desk, self._code_of(kind, latest))
        for back in range(OFFERED[kind]):
            period = latest.shifted(-back)
            action = menu.addAction(period.title(current()))
            action.setData(period.code)
            action.setCheckable(True)
            action.setChecked(period.code == self._period.code)
        menu.triggered.connect(self._on_chosen)
        menu.popup(self._choose.mapToGlobal(self._choose.rect().bottomLeft()))

    def _code_of(self, kind: str, month: Period) -> str:
        if kind == QUARTER:
            return f"{month.year}-Q{(month.number + 2) // 3}"
        if kind == HALF:
            return f"{month.year}-H{1 if month.number <= 6 else 2}"
        return str(month.year)

    def _on_chosen(self, action: object) -> None:
        code = str(getattr(action, "data")())  # noqa: B009 - the stubs give triggered(object)
        self._set(dashboards.period_of(self._desk, code))
