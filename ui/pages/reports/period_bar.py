"""Which period, compared with what, and up to when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from svcdesk.i18n.catalog import _, current, ngettext, pgettext
from svcdesk.services import dashboards
from ui.pages.reports.as_of_box import AsOfBox
from ui.pages.reports.closing_mark import ClosingMark
from ui.pages.reports.compare_box import CompareBox
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind, Segments, icon_button
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import label
from ui.widgets.mark import Mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from svcdesk.domain.period import Period
    from svcdesk.services.desk import Desk
    from ui.pages.page import Workplace

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


def containing(desk: Desk, kind: str, month: Period) -> Period:
    """Return the month, quarter, half-year or year that ``month`` lies in."""
    code = {
        MONTH: month.code,
        QUARTER: f"{month.year}-Q{(month.number + 2) // 3}",
        HALF: f"{month.year}-H{1 if month.number <= 6 else 2}",
        WHOLE: str(month.year),
    }[kind]
    return dashboards.period_of(desk, code)


def offered(desk: Desk, kind: str) -> list[Period]:
    """Return the periods of a kind to choose from, the present one first."""
    latest = containing(desk, kind, dashboards.this_month(desk))
    return [latest.shifted(-back) for back in range(OFFERED[kind])]


class PeriodBar(QWidget):
    """Kind of period, its choice, the comparison, and the data cut-off."""

    changed = Signal()

    excluded_wanted = Signal()  # the abnormal records that figures leave out

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        desk = place.desk
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
        before = icon_button("chevron-left", _("Period before"), kind=Kind.NORMAL, small=False)
        before.clicked.connect(self._on_before)
        self._choose = Button("", icon="calendar", arrow=True)
        self._choose.clicked.connect(self._open)
        after = icon_button("chevron-right", _("Period after"), kind=Kind.NORMAL, small=False)
        after.clicked.connect(self._on_after)
        self.compare = CompareBox(desk)
        self.compare.changed.connect(self.changed)
        self.moment = AsOfBox(desk)
        self.moment.changed.connect(self.changed)
        self.closing = ClosingMark(place)
        self.closing.changed.connect(self.fit)
        self.excluded = Mark("circle-alert", "warn")
        self.excluded.clicked.connect(self.excluded_wanted)
        self._remark = Mark("info", "neutral")
        self._remark.clicked.connect(self.compare.choose)
        compare = label(pgettext("figures", "vs"), "small", "2")
        groups.addWidget(_group(self._kind, before, self._choose, after))
        groups.addWidget(_group(compare, self.compare))
        self._facts = _group(self.moment, self.closing, self.excluded, self._remark)
        groups.addWidget(self._facts)
        self._show()

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
        if excluded:
            text = ngettext(
                "{n} abnormal record left out", "{n} abnormal records left out", excluded
            ).format(n=f"{excluded:,}")
            self.excluded.set(text, f"{excluded:,}", _("Show them with what is wrong with each"))
        else:
            self.excluded.hide()
        if festival:
            tip = [_("The Spring Festival lies in only one of the two periods."),
                   _("Compare with something else")]  # fmt: skip
            self._remark.set(_("Spring Festival shift"), "", "\n".join(tip))
        else:
            self._remark.hide()
        self.fit()

    def fit(self) -> None:
        """Say as many marks in full as need no further line."""
        marks = (self._remark, self.excluded, self.closing)
        heights = []
        for short in range(len(marks), -1, -1):
            heights.append(self._height(marks[:short], marks[short:]))
            if heights[-1] > heights[0]:
                self._height(marks[: short + 1], marks[short + 1 :])
                break
        self.updateGeometry()

    def _height(self, short: Sequence[Mark], full: Sequence[Mark]) -> int:
        """Return how high the bar is with some marks in short."""
        for mark in (*short, *full):
            mark.set_brief(brief=mark in short)
        inner = self._facts.layout()
        if inner is not None:
            inner.activate()  # its width counts now
        return self.row.heightForWidth(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say as much as fits."""
        super().resizeEvent(event)
        self.fit()

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
        self._set(containing(self._desk, self._kind.value(), self._period.months()[-1]))

    def _on_before(self) -> None:
        self._set(self._period.previous)

    def _on_after(self) -> None:
        self._set(self._period.shifted(1))

    def _open(self) -> None:
        menu = QMenu(self)
        for period in offered(self._desk, self._kind.value()):
            action = menu.addAction(period.title(current()))
            action.setData(period.code)
            action.setCheckable(True)
            action.setChecked(period.code == self._period.code)
        menu.triggered.connect(self._on_chosen)
        menu.popup(self._choose.mapToGlobal(self._choose.rect().bottomLeft()))

    def _on_chosen(self, action: object) -> None:
        code = str(getattr(action, "data")())  # noqa: B009 - the stubs give triggered(object)
        self._set(dashboards.period_of(self._desk, code))
