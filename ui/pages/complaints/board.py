"""The board: received, handled, overdue by type, with causes and plans; numbers open their rows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from svcdesk.domain import spans
from svcdesk.i18n.catalog import _
from svcdesk.services import complaint_board
from ui.jobs.runner import Latest
from ui.pages.complaints.terms import empty_layout
from ui.pages.periods import period_choices
from ui.pages.wording import DASH, Words
from ui.widgets.editors import ChoiceField
from ui.widgets.labels import Link, box, icon_label, label
from ui.widgets.strips import ShareBar

if TYPE_CHECKING:
    from svcdesk.services.complaint_board import Board, BoardRow, OverdueRow
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

FIRST = "days:30"
BAD = {"overdue": "danger", "unplanned": "danger", "late": "warn"}


def figure_names() -> dict[str, str]:
    """Return the names of the figures that can be opened."""
    return {"received": _("Received"), "handled": _("Handled"), "open": _("Open"),
            "overdue": _("Overdue"), "unplanned": _("Without a plan"),
            "late": _("Handled late")}  # fmt: skip


class BoardPane(QScrollArea):
    """A period chosen above; the table of types, the causes, and what is overdue below."""

    rows_wanted = Signal(object, str)  # query, why
    record_wanted = Signal(object)

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._words = Words(place.desk)
        self._latest = Latest(place.runner, self)
        self._board: Board | None = None
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(10)
        head = QHBoxLayout()
        name = label(_("Received"), "small", "2")
        self.period = ChoiceField(period_choices(place.desk))
        self.period.set_value(FIRST)
        self.period.setAccessibleName(_("Period of receipt"))
        self.period.changed.connect(self.reload)
        name.setBuddy(self.period)
        head.addWidget(name)
        head.addWidget(self.period)
        self._span = label("", "small", "3")
        head.addWidget(self._span)
        head.addStretch(1)
        column.addLayout(head)
        self._room = QVBoxLayout()
        self._room.setSpacing(10)
        column.addLayout(self._room)
        column.addStretch(1)
        self.setWidget(inner)

    @property
    def board(self) -> Board | None:
        """The figures shown."""
        return self._board

    def reload(self) -> None:
        """Count again, in the background."""
        desk, word = self._place.desk, str(self.period.value())
        now = desk.clock.now()
        low, high = spans.span(word, now, desk.reference.settings["timezone"])
        start, end = low or 0, now + 1 if high is None else high

        def work(_context: JobContext) -> Board:
            return complaint_board.board(desk, start, end)

        self._latest.start(work).on_success(self._show).on_failure(self._place.shell.tell)

    # --- showing -------------------------------------------------------------------------

    def _show(self, board: Board) -> None:
        self._board = board
        empty_layout(self._room)
        words = self._words
        text = _("{start} to {end}, as it stands now")
        self._span.setText(
            text.format(start=words.full_time(board.start), end=words.full_time(board.end - 1))
        )
        if not board.rows:
            self._room.addWidget(label(_("No complaint was received then."), "", "2"))
            return
        self._room.addWidget(self._table(board))
        if board.reasons:
            self._room.addWidget(self._causes(board))
        if board.overdue:
            self._room.addWidget(self._overdue(board))

    def _card(self, title: str) -> tuple[QWidget, QVBoxLayout]:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(6)
        column.addWidget(label(title, "strong"))
        return card, column

    def _table(self, board: Board) -> QWidget:
        card, column = self._card(_("By type"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(0, 1)
        names = figure_names()
        titles = (_("Type"), names["received"], names["handled"], _("Completion rate"),
                  names["open"], names["overdue"], names["unplanned"], names["late"])  # fmt: skip
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        left = Qt.AlignmentFlag.AlignLeft
        for place, title in enumerate(titles):
            grid.addWidget(label(title, "small", "2"), 0, place, right if place else left)
        for line, row in enumerate((*board.rows, board.total), 1):
            grid.addWidget(label(self._name(row), "strong" if not row.category_id else ""), line, 0)
            for place, widget in enumerate(self._figures(row), 1):
                grid.addWidget(widget, line, place, right)
        column.addLayout(grid)
        return card

    def _name(self, row: BoardRow) -> str:
        return self._words.item(row.category_id) if row.category_id else _("All types")

    def _figures(self, row: BoardRow) -> list[QWidget]:
        rate = complaint_board.rate(row)
        counts = {"open": row.received - row.handled, "overdue": row.overdue,
                  "unplanned": row.unplanned, "late": row.late}  # fmt: skip
        return [
            self._number(row, "received", row.received),
            self._number(row, "handled", row.handled),
            label(DASH if rate is None else f"{rate:.1%}"),
            *(self._number(row, which, count) for which, count in counts.items()),
        ]

    def _number(self, row: BoardRow, which: str, count: int) -> QWidget:
        """Return a number that opens its rows; a bad one has a sign beside it."""
        if not count:
            return label("0", "", "3")
        link = Link(f"{count:,}")
        link.setObjectName(f"{which}-{row.category_id}")
        link.setAccessibleName(f"{self._name(row)}, {figure_names()[which]}: {count}")
        link.clicked.connect(partial(self._open, which, row))
        if which not in BAD:
            return link
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addStretch(1)
        line.addWidget(icon_label("circle-alert", BAD[which], 14))
        line.addWidget(link)
        return holder

    def _open(self, which: str, row: BoardRow) -> None:
        if self._board is not None:
            now = self._place.desk.clock.now()
            query = complaint_board.rows_of(self._board, which, now, row.category_id or None)
            title = _("{type}: {figure}")
            names = {"type": self._name(row), "figure": figure_names()[which]}
            self.rows_wanted.emit(query, title.format(**names))

    def _causes(self, board: Board) -> QWidget:
        card, column = self._card(_("Why it took longer (overdue and handled late)"))
        whole = sum(count for _reason, count in board.reasons)
        for reason, count in board.reasons:
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            name = self._words.item(reason) if reason else _("no reason entered yet")
            line.addWidget(label(name, "", "" if reason else "danger"), 2)
            bar = ShareBar()
            bar.show_share(count / whole)
            line.addWidget(bar, 3)
            line.addWidget(label(f"{count}  ({count / whole:.0%})"), 1)
            column.addWidget(row)
        return card

    def _overdue(self, board: Board) -> QWidget:
        title = _("Overdue and open: cause and plan")
        if board.total.overdue > len(board.overdue):
            title = _("Overdue and open: cause and plan (the first {n})")
            title = title.format(n=len(board.overdue))
        card, column = self._card(title)
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(6, 3)
        for line, row in enumerate(board.overdue):
            for place, widget in enumerate(self._overdue_row(row)):
                grid.addWidget(widget, line, place, Qt.AlignmentFlag.AlignTop)
        column.addLayout(grid)
        return card

    def _overdue_row(self, row: OverdueRow) -> list[QWidget]:
        words = self._words
        link = Link(row.number)
        link.clicked.connect(partial(self.record_wanted.emit, row.id))
        due = _("due {time}").format(time=words.deadline(row.due_at))
        reason = words.item(row.reason_id) if row.reason_id else _("no reason")
        plan = label(row.plan or _("no plan"), "small", "2" if row.plan else "danger", wrap=True)
        return [
            link, label(row.title, "", "2", wrap=True),
            label(words.item(row.category_id), "small", "2"),
            label(words.person(row.handler_id), "small", "2"), label(due, "small", "danger"),
            label(reason, "small", "2" if row.reason_id else "danger"), plan,
        ]  # fmt: skip
