"""What belongs to a ticket: requests to departments, visits, callbacks, links, time spent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label
from svcdesk.services import time_spent, visits
from ui.pages.wording import STATUS_ICONS, Words
from ui.widgets.button import Button, Kind, icon_button
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Link, Tag, icon_label, label

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.services.tickets import TicketDetail


class WorkTab(QWidget):
    """Sections with their rows; a row offers what can be done with it."""

    move_wanted = Signal(str, object)  # move, row
    open_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._words = Words(desk)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._body: QWidget | None = None

    def show_detail(self, detail: TicketDetail) -> int:
        """Show what belongs to a ticket; return how many rows there are."""
        if self._body is not None:
            self._body.hide()
            self._body.deleteLater()
        self._body = QWidget()
        room = QVBoxLayout(self._body)
        room.setContentsMargins(0, 0, 0, 0)
        room.setSpacing(5)
        count = 0
        for title, rows in self._sections(detail):
            if rows:
                room.addWidget(label(title, "strong"))
                for row in rows:
                    room.addWidget(row)
                count += len(rows)
        if not count:
            room.addWidget(label(_("No requests, visits, callbacks or links yet."), "small", "3"))
        self._column.addWidget(self._body)
        return count

    def _sections(self, detail: TicketDetail) -> list[tuple[str, list[QWidget]]]:
        spent = self._words.calendar_time(time_spent.total(detail.work) * 60)
        return [
            (_("Asked of departments"), [self._handoff(row) for row in detail.handoffs]),
            (_("Visits"), [self._visit(row) for row in detail.visits]),
            (_("Linked tickets"), [self._link(row) for row in detail.links]),
            (_("Callbacks"), [self._callback(row) for row in detail.callbacks]),
            (_("Time spent: {time}").format(time=spent), [self._work(r) for r in detail.work]),
        ]

    # --- rows ----------------------------------------------------------------------------

    def _row(self, icon: str, ink: str, text: str, more: str, buttons: list[QWidget],
             end: QWidget | None = None) -> QWidget:  # fmt: skip
        """Return a row: a line with a sign and ``end`` at its right, more below, then buttons."""
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 2)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(icon_label(icon, ink, 16))
        head.addWidget(label(text, wrap=True, selectable=True), 1)
        if end is not None:
            head.addWidget(end)
        column.addLayout(head)
        if more:
            column.addWidget(label(more, "small", "2", wrap=True, selectable=True))
        if buttons:
            line = QWidget()
            flow = FlowLayout(line, gap=4)
            for button in buttons:
                flow.addWidget(button)
            column.addWidget(line)
        return holder

    def _button(self, move: str, row: int, text: str, key: str = "") -> Button:
        button = Button(text, kind=Kind.NORMAL, small=True, key=key)
        button.setProperty("move", move)
        button.setProperty("row", row)
        button.clicked.connect(self._on_clicked)
        return button

    def _remove(self, move: str, row: int, name: str) -> Button:
        button = icon_button("x", name)
        button.setProperty("move", move)
        button.setProperty("row", row)
        button.clicked.connect(self._on_clicked)
        return button

    def _on_clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.move_wanted.emit(str(sender.property("move")), sender.property("row"))

    def _handoff(self, row: dict[str, Any]) -> QWidget:
        words = self._words
        who = words.person(row["person_id"]) if row["person_id"] else ""
        department = " ".join(part for part in (words.item(row["department_id"]), who) if part)
        if row["answered_at"] is not None:
            answer = _("{who} at {time}: {text}").format(
                who=words.person(row["answered_by_id"]),
                time=words.time(row["answered_at"]),
                text=row["answer"],
            )
            return self._row("circle-check", "ok", f"{department}: {row['request']}", answer, [])
        if row["cancelled_at"] is not None:
            taken = _("Taken back at {time}").format(time=words.time(row["cancelled_at"]))
            return self._row("circle-x", "text-3", f"{department}: {row['request']}", taken, [])
        late = row["due_at"] < words.now()
        due = _("answer due {time}").format(time=words.time(row["due_at"]))
        if row["promised_on"]:
            due += "  ·  " + _("promised for {day}").format(day=row["promised_on"])
        tag = Tag(_("Overdue"), "circle-alert", "danger") if late else None
        buttons: list[QWidget] = [
            self._button("answer", row["id"], pgettext("request", "Answer"), "Y"),
            self._button("promise", row["id"], _("Promised…"), "P"),
            self._button("take_back", row["id"], _("Take back")),
        ]
        return self._row("building-2", "warn", f"{department}: {row['request']}", due, buttons, tag)

    def _visit(self, row: dict[str, Any]) -> QWidget:
        words = self._words
        outcome = code_label("VisitOutcome", str(row["outcome"] or "")) or _("planned")
        window = f"{words.time(row['window_start'])}–{words.local(row['window_end']):%H:%M}"
        title = _("{window} {who}: {outcome}").format(
            window=window, who=words.person(row["technician_id"]), outcome=outcome
        )
        more = []
        if row["arrived_at"] is not None:
            more.append(_("arrived {time}").format(time=words.time(row["arrived_at"])))
        if row["rescheduled_by"]:
            by = code_label("Party", row["rescheduled_by"])
            more.append(_("moved by: {by}").format(by=by))
        if row["parts_used"]:
            more.append(_("parts: {parts}").format(parts=row["parts_used"]))
        if row["note"]:
            more.append(str(row["note"]))
        late = visits.lateness(row, words.now())
        tag = None
        if late:
            text = _("Late by {time}").format(time=words.calendar_time(late))
            tag = Tag(text, "circle-alert", "danger")
        return self._row("wrench", "text-2", title, "  ·  ".join(more), self._steps(row), tag)

    def _steps(self, row: dict[str, Any]) -> list[QWidget]:
        """Return what can be done with a visit that is not over."""
        if row["outcome"] is not None:
            return []
        if row["arrived_at"] is None:
            return [
                self._button("arrived", row["id"], _("Arrived"), "V"),
                self._button("reschedule", row["id"], _("Move…")),
                self._button("finish", row["id"], _("Ended…")),
                self._button("cancel_visit", row["id"], _("Cancel…")),
            ]
        return [self._button("finish", row["id"], _("Ended…"), "V")]

    def _callback(self, row: dict[str, Any]) -> QWidget:
        state = code_label("CallbackState", str(row["state"]))
        kind = code_label("CallbackKind", str(row["kind"]))
        due = _("due {time}").format(time=self._words.time(row["due_at"]))
        return self._row("phone", "text-2", f"{kind}: {state}", f"{row['callback_no']}  {due}", [])

    def _link(self, row: dict[str, Any]) -> QWidget:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        icon, ink = STATUS_ICONS[str(row["status"])]
        line.addWidget(Tag(code_label("LinkKind", row["kind"]), "link"))
        link = Link(str(row["number"]))
        link.setProperty("ticket", row["other_id"])
        link.clicked.connect(self._on_link)
        line.addWidget(link)
        line.addWidget(icon_label(icon, ink, 16))
        line.addWidget(label(str(row["title"]), "small", "2", wrap=True), 1)
        line.addWidget(self._remove("unlink", row["id"], _("Remove the link")))
        return holder

    def _on_link(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.open_wanted.emit(sender.property("ticket"))

    def _work(self, row: dict[str, Any]) -> QWidget:
        words = self._words
        activity = code_label("WorkActivity", row["activity"])
        text = _("{n} min, {activity} ({who}, {time})").format(
            n=row["minutes"], activity=activity, who=words.person(row["person_id"]),
            time=words.time(row["at"]),
        )  # fmt: skip
        remove = self._remove("remove_time", row["id"], _("Remove time spent"))
        return self._row("clock", "text-3", text, str(row["note"]), [], remove)
