"""How a due time came about, day by day: what ran, what was off, what a pause took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from svcdesk.services import deadlines
from ui.jobs.runner import Latest
from ui.pages.wording import Words, weekday
from ui.theme.room import room
from ui.widgets.button import Button, Kind
from ui.widgets.labels import label
from ui.widgets.tabs import TabDef, TabRow

if TYPE_CHECKING:
    from svcdesk.domain.workcalendar import DayShare
    from svcdesk.services.deadlines import Account, Line
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

WIDTH, HEIGHT = 560, 460
AT_MOST = 120  # days shown; a longer account is cut in words


def day_name(share: DayShare) -> str:
    """Return why a day counted as it did."""
    names = {
        "work": _("working day"), "weekend": _("weekend"), "holiday": _("holiday"),
        "makeup": _("make-up working day"),
    }  # fmt: skip
    name = names[share.reason]
    return f"{share.name} ({name})" if share.name else name


def spans_text(line: Line) -> str:
    """Return the working spans of a day."""
    return ", ".join(
        f"{a // 3600:02d}:{a // 60 % 60:02d}–{b // 3600:02d}:{b // 60 % 60:02d}"
        for a, b in line.spans
    )


def headline(found: Account, words: Words) -> list[str]:
    """Return which rule gave the limit, and what it is."""
    lines = []
    if found.promised:
        lines.append(_("A time was promised for this ticket; no policy applies."))
    elif not found.policy:
        lines.append(_("No policy fits this ticket: it has no time limit."))
    else:
        name = code_label("Priority", found.policy)
        lines.append(
            _("Policy no. {n} “{name}” fits first: {limit} of working time ({minutes} min).").format(
                n=found.position, name=name, limit=words.working(found.limit),
                minutes=found.limit // 60,
            )
        )  # fmt: skip
    if found.always:
        lines.append(_("It counts day and night, every day."))
    lines.append(_("Received {time}.").format(time=words.full_time(found.start)))
    for begin, end in found.pauses:
        text = _("Waited for the customer from {begin} to {end}; the clock stood still.")
        until = words.full_time(end) if end is not None else _("now")
        lines.append(text.format(begin=words.full_time(begin), end=until))
    if found.missing_years:
        years = ", ".join(map(str, found.missing_years))
        lines.append(_("No holiday list for {years} yet: weekends only.").format(years=years))
    return lines


def account_text(found: Account, words: Words) -> str:
    """Return the account as plain text."""
    lines = headline(found, words)
    for line in found.lines:
        counted = _("{n} min").format(n=line.share.counted // 60)
        total = _("sum {n} min").format(n=line.total // 60)
        parts = [f"{line.share.date:%Y-%m-%d} {weekday(line.share.date.weekday())}", day_name(line.share),
                 spans_text(line), counted]  # fmt: skip
        if line.share.paused:
            parts.append(_("{n} min paused").format(n=line.share.paused // 60))
        lines.append("\t".join([*parts, total]))
    if found.due_at is not None:
        lines.append(_("Due {time}.").format(time=words.full_time(found.due_at)))
    return "\n".join(lines)


class DueAccount(QFrame):
    """The account of one ticket, over its due box; Esc closes."""

    def __init__(self, parent: QWidget, place: Workplace, ticket_id: int) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("box", "card")
        self._place = place
        self._ticket = ticket_id
        self._words = Words(place.desk)
        self._found: Account | None = None
        self._latest = Latest(place.runner, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.addWidget(label(_("How this deadline came about"), "strong"))
        row.addStretch(1)
        copy = Button(_("Copy as text"), kind=Kind.QUIET, icon="copy", small=True)
        copy.clicked.connect(self.copy)
        row.addWidget(copy)
        column.addLayout(row)
        self.tabs = TabRow(
            [TabDef("resolution", _("Time to resolve")), TabDef("response", _("Time to respond"))]
        )
        self.tabs.choose("resolution")
        self.tabs.chosen.connect(self._load)
        column.addWidget(self.tabs)
        self._head = label("", "", wrap=True, selectable=True)
        column.addWidget(self._head)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        column.addWidget(self._scroll, 1)
        self._foot = label("", "strong", selectable=True)
        column.addWidget(self._foot)
        self.setFixedSize(room(WIDTH, HEIGHT))
        self._load("resolution")

    def open_at(self, widget: QWidget) -> None:
        """Show it beside ``widget``, inside the screen."""
        corner = widget.mapToGlobal(widget.rect().bottomRight())
        self.move(max(0, corner.x() - WIDTH), corner.y() + 4)
        self.show()

    def _load(self, which: str) -> None:
        self.tabs.choose(which)
        desk, key = self._place.desk, self._ticket

        def work(_context: JobContext) -> Account:
            return deadlines.account(desk, key, response=which == "response")

        self._latest.start(work).on_success(self._show).on_failure(self._place.shell.tell)

    def _show(self, found: Account) -> None:
        self._found = found
        self._head.setText("\n".join(headline(found, self._words)))
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(3)
        heads = (
            _("Date"),
            _("Kind of day"),
            _("Working time"),
            _("Counted"),
            _("Paused"),
            _("Sum"),
        )
        for column, text in enumerate(heads):
            grid.addWidget(label(text, "smallstrong", "2"), 0, column)
        for number, line in enumerate(found.lines[:AT_MOST], 1):
            self._add(grid, number, line)
        if len(found.lines) > AT_MOST:
            text = _("… {n} more days").format(n=len(found.lines) - AT_MOST)
            grid.addWidget(label(text, "small", "2"), AT_MOST + 1, 0, 1, 6)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(grid.rowCount(), 1)
        self._scroll.setWidget(holder)
        due = found.due_at
        self._foot.setText(
            _("No time limit") if due is None
            else _("Due {time}.").format(time=self._words.full_time(due))
        )  # fmt: skip

    def _add(self, grid: QGridLayout, number: int, line: Line) -> None:
        share = line.share
        counts = share.counted > 0
        tone = "" if counts else "3"
        paused = _("{n} min").format(n=share.paused // 60) if share.paused else ""
        texts = (
            f"{share.date:%Y-%m-%d} {weekday(share.date.weekday())}", day_name(line.share),
            spans_text(line), _("{n} min").format(n=share.counted // 60), paused,
            _("{n} min").format(n=f"{line.total // 60:,}"),
        )  # fmt: skip
        for column, text in enumerate(texts):
            side = Qt.AlignmentFlag.AlignRight if column >= 3 else Qt.AlignmentFlag.AlignLeft
            grid.addWidget(label(text, "small", tone), number, column, side)

    def copy(self) -> None:
        """Put the account on the clipboard."""
        if self._found is not None:
            QGuiApplication.clipboard().setText(account_text(self._found, self._words))
            self._place.shell.say(_("Copied"), undo=False)
