"""Day by day, how the duration of a ticket adds up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _, current
from svcdesk.services import durations
from ui.jobs.runner import Latest
from ui.pages.due_account import day_name
from ui.pages.wording import Words, weekday
from ui.theme.tokens import px
from ui.widgets.labels import label

if TYPE_CHECKING:
    from svcdesk.services.durations import Account, Part
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

DAYS = 40  # shown; a longer account is cut in words
HEIGHT = 130


class DurationBox(QFrame):
    """The account of one ticket."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._words = Words(place.desk)
        self._job = Latest(place.runner, self)
        self.account: Account | None = None
        self.setProperty("box", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 6, 6)
        column.setSpacing(2)
        self._title = label("", "smallstrong", wrap=True)
        self._text = label("", "small", "2", wrap=True, selectable=True)
        column.addWidget(self._title)
        column.addWidget(self._text)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setAccessibleName(_("Account of the working time"))
        column.addWidget(self._area)

    def show_ticket(self, ticket_id: int, kind: str, as_of: int | None) -> None:
        """Work out and show a ticket's account."""
        desk = self._place.desk

        def work(_context: JobContext) -> Account | None:
            return durations.account(desk, ticket_id, kind, as_of)

        self._job.start(work).on_success(self._show).on_failure(self._place.shell.tell)

    def _show(self, found: Account | None) -> None:
        self.account = found
        if found is None:
            self._title.setText(_("The times of this ticket contradict each other."))
            self._text.setText("")
            self._area.setWidget(QWidget())
            return
        self._title.setText(f"{found.number}  {current()(durations.KINDS[found.kind])}")
        text = (
            _("{begin} – {end}: {sum}") if found.over else _("{begin} – {end} (still open): {sum}")
        )
        lines = [text.format(begin=self._words.full_time(found.start),
                             end=self._words.full_time(found.end), sum=self._sum(found))]  # fmt: skip
        for begin, end in found.pauses:
            until = self._words.full_time(end) if end is not None else _("now")
            lines.append(
                _("Waited for the customer from {begin} to {end}; the clock stood still.").format(
                    begin=self._words.full_time(begin), end=until)
            )  # fmt: skip
        if found.missing_years:
            years = ", ".join(map(str, found.missing_years))
            lines.append(_("No holiday list for {years} yet: weekends only.").format(years=years))
        self._text.setText("\n".join(lines))
        self._area.setVisible(found.kind != durations.FULL)
        days = self._days(found)
        self._area.setWidget(days)
        self._area.setFixedHeight(min(px(HEIGHT), days.sizeHint().height() + 6))

    def _sum(self, found: Account) -> str:
        minutes = _("{n} min").format(n=f"{found.seconds // 60:,}")
        if found.kind == durations.FULL:
            return _("{h} h").format(h=f"{found.seconds / 3600:,.1f}")
        return f"{minutes} ({self._words.working(found.seconds)})"

    def _days(self, found: Account) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 2, 6, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(1)
        for number, part in enumerate(found.parts[:DAYS]):
            self._add(grid, number, part)
        if len(found.parts) > DAYS:
            text = _("… {n} more days").format(n=len(found.parts) - DAYS)
            grid.addWidget(label(text, "small", "2"), DAYS, 0, 1, 4)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(grid.rowCount(), 1)
        return holder

    def _add(self, grid: QGridLayout, number: int, part: Part) -> None:
        share = part.share
        tone = "" if share.counted else "3"
        counted = _("{n} min").format(n=share.counted // 60)
        if share.paused:
            counted += " " + _("({n} min paused)").format(n=share.paused // 60)
        texts = (f"{share.date:%m-%d} {weekday(share.date.weekday())}", day_name(share), counted,
                 _("sum {n} min").format(n=f"{part.total // 60:,}"))  # fmt: skip
        for column, text in enumerate(texts):
            side = Qt.AlignmentFlag.AlignRight if column >= 2 else Qt.AlignmentFlag.AlignLeft
            grid.addWidget(label(text, "small", tone), number, column, side)
