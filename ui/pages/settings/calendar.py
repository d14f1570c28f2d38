"""Working hours, days off and make-up days; years without a notice are named."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDate, QLocale, QRect, Qt, Signal
from PySide6.QtGui import QBrush, QPainter, QTextCharFormat
from PySide6.QtWidgets import (
    QCalendarWidget,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from svcdesk.i18n.catalog import _, language
from ui.models.choices import Choice
from ui.pages.wording import weekday
from ui.theme.room import room
from ui.theme.tokens import BODY, MICRO, colour, font, metrics
from ui.widgets.banner import Banner
from ui.widgets.button import Button, Kind
from ui.widgets.editors import ChoiceField, TextField
from ui.widgets.form import Field
from ui.widgets.labels import box, label
from ui.widgets.paint import CENTRE, rounded

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk


def _to_date(day: QDate | date) -> date:
    return day if isinstance(day, date) else date(day.year(), day.month(), day.day())


class _Month(QCalendarWidget):
    """A month with its days off hatched and named, make-up days in words."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        chinese = language() == "zh_CN"
        self.setLocale(QLocale(QLocale.Language.Chinese if chinese else QLocale.Language.English))
        self.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.setMinimumSize(room(520, 380))
        plain = QTextCharFormat()
        plain.setForeground(colour("text-2"))
        plain.setBackground(colour("surface"))
        self.setHeaderTextFormat(plain)
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.setWeekdayTextFormat(day, plain)

    def paintCell(self, painter: QPainter, rect: QRect, day: QDate | date) -> None:
        """Draw one day."""
        when = _to_date(day)
        calendar = self._desk.reference.calendar
        work = calendar.is_working_day(when)
        exception = calendar.exceptions.get(when)
        area = rect.adjusted(2, 2, -2, -2)
        chosen = _to_date(self.selectedDate()) == when
        ground = "accent-soft" if chosen else "surface" if work else "sunken"
        rounded(painter, area.toRectF(), 4, ground, "accent" if chosen else "border")
        if not work:
            painter.fillRect(
                area.adjusted(1, 1, -1, -1), QBrush(colour("border"), Qt.BrushStyle.BDiagPattern)
            )
        outside = when.month != self.monthShown()
        painter.setFont(font(BODY, bold=work and not outside))
        painter.setPen(colour("text-3" if outside or not work else "text"))
        half = area.height() // 2
        painter.drawText(
            QRect(area.left(), area.top() + 2, area.width(), half), CENTRE, str(when.day)
        )
        if exception is not None:
            name = exception.name or (_("working day") if exception.work else _("day off"))
            painter.setFont(font(MICRO))
            painter.setPen(colour("warn" if exception.work else "text-2"))
            shown = metrics(MICRO).elidedText(name, Qt.TextElideMode.ElideRight, area.width() - 4)
            below = QRect(area.left(), area.top() + half, area.width(), half - 2)
            painter.drawText(below, CENTRE, shown)


class CalendarTab(QScrollArea):
    """The team's calendar."""

    day_wanted = Signal(object, object, str)  # date, kind or None, name
    pattern_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.setWidgetResizable(True)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(10)
        self._banner = QVBoxLayout()
        column.addLayout(self._banner)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._build_month(), 3)
        side = QVBoxLayout()
        side.setSpacing(10)
        side.addWidget(self._build_day())
        side.addWidget(self._build_pattern())
        side.addStretch(1)
        row.addLayout(side, 2)
        column.addLayout(row)
        column.addStretch(1)
        self.setWidget(inner)
        self.show_calendar()

    def _build_month(self) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        self._month = _Month(self._desk)
        self._month.selectionChanged.connect(self._on_day)
        column.addWidget(self._month)
        return card

    def _build_day(self) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 14)
        self._day = label("", "strong")
        column.addWidget(self._day)
        choices = [
            Choice("", _("follows the weekly hours")),
            Choice("off", _("day off")),
            Choice("work", _("working day")),
        ]
        self._kind = ChoiceField(choices)
        self._name = TextField(_("for example Spring Festival"), 30)
        column.addWidget(Field("kind", _("This day"), self._kind))
        column.addWidget(Field("name", _("Name of the day"), self._name))
        save = Button(_("Save day"), kind=Kind.MAIN)
        save.clicked.connect(self._on_save_day)
        column.addWidget(save, alignment=Qt.AlignmentFlag.AlignRight)
        return card

    def _build_pattern(self) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 14)
        column.addWidget(label(_("Weekly hours"), "strong"))
        column.addWidget(label(_("Several spans: 09:00-12:00, 13:00-18:00"), "small", "3"))
        grid = QGridLayout()
        grid.setVerticalSpacing(4)
        self._spans: list[TextField] = []
        for number in range(7):
            field = TextField(_("off"), 60)
            self._spans.append(field)
            grid.addWidget(label(weekday(number)), number, 0)
            grid.addWidget(field, number, 1)
        column.addLayout(grid)
        save = Button(_("Save weekly hours"))
        save.clicked.connect(self._on_save_pattern)
        column.addWidget(save, alignment=Qt.AlignmentFlag.AlignRight)
        return card

    def show_calendar(self) -> None:
        """Show the calendar as it is now."""
        calendar = self._desk.reference.calendar
        now = self._desk.clock.now()
        for number, field in enumerate(self._spans):
            spans = calendar.pattern[number]
            field.set_value(", ".join(f"{_clock(a)}-{_clock(b)}" for a, b in spans))
        while (item := self._banner.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        years = calendar.missing_years(now, now + 400 * 86400)
        if years:
            text = _(
                "No holiday notice is loaded for {years}. Until then the weekly hours count; import it as “calendar”."
            )
            words = text.format(years=", ".join(map(str, years)))
            self._banner.addWidget(Banner("warn", "triangle-alert", words))
        self._on_day()
        self._month.updateCells()

    def _on_day(self) -> None:
        day = _to_date(self._month.selectedDate())
        exception = self._desk.reference.calendar.exceptions.get(day)
        self._day.setText(f"{day.isoformat()}  {weekday(day.weekday())}")
        kind = "" if exception is None else "work" if exception.work else "off"
        self._kind.set_value(kind)
        self._name.set_value("" if exception is None else exception.name)

    def _on_save_day(self) -> None:
        day = _to_date(self._month.selectedDate())
        self.day_wanted.emit(day, self._kind.value() or None, self._name.value() or "")

    def _on_save_pattern(self) -> None:
        pattern: list[Any] = []
        for field in self._spans:
            text = (field.value() or "").replace("，", ",").replace("–", "-").replace("：", ":")
            spans = [part.strip().split("-") for part in text.split(",") if part.strip()]
            pattern.append([[edge.strip() for edge in span] for span in spans])
        self.pattern_wanted.emit(pattern)


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"
