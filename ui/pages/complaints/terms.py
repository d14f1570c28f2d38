"""The terms of a complaint: group, deadline, its days, what was done by when, history."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QToolTip, QVBoxLayout, QWidget

from svcdesk.domain.sla import DueState
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label
from ui.pages.complaints.moments import moment
from ui.pages.due import complaint_due
from ui.pages.wording import Words, weekday
from ui.widgets.banner import Banner
from ui.widgets.labels import divider, icon_label, label
from ui.widgets.strips import Day, DayStrip, DueBox
from ui.widgets.timeline import Timeline

if TYPE_CHECKING:
    from svcdesk.domain.complaint_terms import Term
    from svcdesk.services.complaints import ComplaintDetail
    from svcdesk.services.desk import Desk

MAX_DAYS = 9
TERM_FACES = {
    DueState.OK: ("clock", "text-2"),
    DueState.DUE_SOON: ("clock-alert", "warn"),
    DueState.OVERDUE: ("circle-alert", "danger"),
    DueState.DONE: ("circle-check", "ok"),
}


class TermsView(QScrollArea):
    """The upper right of a complaint."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._words = Words(desk)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(8)
        self._group = QVBoxLayout()
        column.addLayout(self._group)
        self._due = DueBox(_("How it is counted"))
        self._due.how.clicked.connect(self._explain)
        column.addWidget(self._due)
        self._days = DayStrip()
        column.addWidget(self._days)
        self._terms = QVBoxLayout()
        self._terms.setSpacing(6)
        column.addLayout(self._terms)
        column.addWidget(label(_("History"), "strong"))
        self._history = Timeline()
        column.addWidget(self._history)
        column.addStretch(1)
        self.setWidget(inner)

    def show_complaint(self, detail: ComplaintDetail) -> None:
        """Show a complaint."""
        empty_layout(self._group)
        if detail.group is not None:
            text = _("Group complaint {number}").format(number=detail.group["group_no"])
            self._group.addWidget(Banner("danger", "siren", text))
        self._show_terms(detail)
        self._history.show_moments([moment(e, self._words) for e in reversed(detail.events)])

    def _show_terms(self, detail: ComplaintDetail) -> None:
        complaint = detail.complaint
        self._due.show_due(complaint_due(self._desk, complaint, self._words))
        self._days.show_days(self._term_days(complaint))
        empty_layout(self._terms)
        for term in detail.terms:
            self._terms.addWidget(self._term(term))
        told = complaint["told_at"]
        if told or complaint["status"] in {"resolved", "closed"}:
            self._terms.addWidget(self._told(complaint))
        self._terms.addWidget(divider())

    def _line(self, name: str, icon: str, ink: str, text: str, tip: str) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(label(name, "strong"))
        line.addStretch(1)
        line.addWidget(icon_label(icon, ink, 15))
        line.addWidget(label(text, "", {"danger": "danger", "warn": "warn"}.get(ink, "2")))
        row.setToolTip(tip)
        row.setAccessibleName(f"{name}: {text}. {tip}")
        return row

    def _term(self, term: Term) -> QWidget:
        """Return a limit: time left or lateness as words, icon and colour."""
        words, clock = self._words, term.clock
        span = words.working if clock.working else words.calendar_time
        icon, ink = TERM_FACES[clock.state]
        if clock.state is DueState.OVERDUE:
            late = span(-clock.left) if clock.left else words.calendar_time(
                max(1, (term.done_at or words.now()) - term.due_at))  # fmt: skip
            text = (_("late by {time}") if term.done_at else _("overdue {time}")).format(time=late)
        elif clock.state is DueState.DONE:
            text = words.time(term.done_at)
        else:
            text = _("{time} left").format(time=span(clock.left))
        tip = _("due {time}").format(time=words.deadline(term.due_at))
        return self._line(code_label("TermKind", str(term.kind)), icon, ink, text, tip)

    def _told(self, complaint: dict[str, Any]) -> QWidget:
        name = _("Result told")
        if complaint["told_at"] is None:
            tip = _("Closing waits for it.")
            return self._line(name, "circle-dashed", "warn", _("not yet"), tip)
        channel = self._words.item(complaint["told_channel_id"])
        text = " ".join(p for p in (self._words.time(complaint["told_at"]), channel) if p)
        return self._line(name, "circle-check", "ok", text, "")

    def _term_days(self, complaint: dict[str, Any]) -> list[Day]:
        due_at = complaint["due_at"]
        if due_at is None:
            return []
        calendar = self._desk.reference.calendar
        first = self._words.local(complaint["received_at"]).date()
        last = self._words.local(due_at).date()
        today = self._words.local(self._words.now()).date()
        if (last - first).days >= 3 * MAX_DAYS:
            return []
        found: list[Day] = []
        day, counted = first, 0
        while day <= last:
            work = calendar.is_working_day(day)
            counted += int(work and day > first)
            exception = calendar.exceptions.get(day)
            below = _("day {n}").format(n=counted) if work else ""
            if not work:
                below = exception.name if exception is not None else _("off")
            kind = "work" if work else "off"
            if day == first:
                below = pgettext("day", "received")
            if day == last:
                kind, below = "due", _("due")
            elif day == today:
                kind, below = "today", _("today")
            found.append(Day(weekday(day.weekday()), str(day.day), below, kind))
            day += timedelta(days=1)
        return found[-MAX_DAYS:]

    def _explain(self) -> None:
        link = self._due.how
        QToolTip.showText(link.mapToGlobal(QPoint(0, link.height())), link.toolTip(), link)


def empty_layout(layout: QVBoxLayout) -> None:
    """Take every widget out of ``layout``."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
