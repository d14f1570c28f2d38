"""What belongs to a complaint: departments, tickets, cases, exposure, escalations, approvals, trace."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from svcdesk.domain.complaint_approval import ApprovalState, may_approve
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from ui.pages.wording import STATUS_ICONS, Words, yuan
from ui.widgets.button import Button, Kind
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Link, Tag, icon_label, label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.services.complaint_detail import ComplaintDetail
    from svcdesk.services.desk import Desk

IN_A_ROW = 3  # buttons that stand side by side; more of them wrap
APPROVAL_FACES = {
    "open": ("clock-alert", "warn"), "missing": ("circle-alert", "danger"),
    "granted": ("circle-check", "ok"), "refused": ("circle-x", "danger"),
    "dropped": ("minus", "text-3"),
}  # fmt: skip


class Parts(QWidget):
    """The rows of one tab, in groups; a row offers what can be done with it."""

    move_wanted = Signal(str, object)  # move, row
    record_wanted = Signal(str, object)  # page, key

    def __init__(self, desk: Desk, section: str) -> None:
        super().__init__()
        self._desk = desk
        self._words = Words(desk)
        self._section = section
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._body: QWidget | None = None

    def show_detail(self, detail: ComplaintDetail) -> int:
        """Show a complaint's rows; return how many there are."""
        if self._body is not None:
            self._body.hide()
            self._body.deleteLater()
        self._body = QWidget()
        room = QVBoxLayout(self._body)
        room.setContentsMargins(0, 0, 0, 0)
        room.setSpacing(6)
        build = {
            "parts": self._departments_and_tickets, "outside": self._outside,
            "impact": self._traced, "handling": self._granted,
        }[self._section]  # fmt: skip
        count = 0
        for title, button, rows, none in build(detail):
            head = QHBoxLayout()
            head.addWidget(label(title, "strong"))
            head.addStretch(1)
            if button is not None:
                head.addWidget(button)
            room.addLayout(head)
            for row in rows:
                room.addWidget(row)
            if not rows and none:
                room.addWidget(label(none, "small", "3", wrap=True))
            count += len(rows)
        self._column.addWidget(self._body)
        return count

    # --- groups --------------------------------------------------------------------------

    def _departments_and_tickets(self, detail: ComplaintDetail) -> Sequence[Any]:
        ask = self._add("ask", _("Ask a department"), "H")
        link = self._add("link", _("Link a ticket"), "L")
        departments = [self._department(detail, row) for row in detail.departments]
        tickets = [self._ticket(row) for row in detail.tickets]
        return [
            (_("Departments"), ask, departments, _("No department has been asked yet.")),
            (_("Linked tickets"), link, tickets, _("No ticket is linked.")),
        ]

    def _outside(self, detail: ComplaintDetail) -> Sequence[Any]:
        notes = None
        exposed = detail.complaint["social_exposure"]
        if exposed and detail.complaint["exposure_state"] != "calm":
            notes = self._add("exposure", _("Note of the day"), "B")
        return [
            (_("Notes on the publication"), notes,
             [self._note(row) for row in reversed(detail.exposure_notes)],
             _("No note yet; one a day until it is calm.") if exposed else
             _("Not published, as far as is known.")),
            (_("External cases"), self._add("case", _("External case"), "K"),
             [self._case(row) for row in detail.cases], _("No case at an authority or platform.")),
            (_("Escalations"), self._add("escalate", _("Escalate"), "X"),
             [self._escalation(row) for row in reversed(detail.escalations)],
             _("Not escalated.")),
        ]  # fmt: skip

    def _traced(self, detail: ComplaintDetail) -> Sequence[Any]:
        button = self._add("trace", _("Trace responsibility"), "Q")
        rows = [self._trace(detail.trace)] if detail.trace else []
        none = _("Not traced yet.")
        if detail.complaint["is_repeat"]:
            none = _("It came again: enter why, and which department answers for it.")
        return [(_("Responsibility"), button, rows, none)]

    def _granted(self, detail: ComplaintDetail) -> Sequence[Any]:
        button = None
        if detail.approval in {ApprovalState.MISSING, ApprovalState.REFUSED}:
            button = self._add("ask_approval", _("Ask for approval"), "G")
        rows = [self._approval(row) for row in reversed(detail.approvals)]
        if detail.approval is ApprovalState.MISSING:
            rows.insert(0, self._row("circle-alert", "danger", code_label(
                "ApprovalState", "missing"), "", []))  # fmt: skip
        extensions = [self._extension(row) for row in reversed(detail.extensions)]
        found = []
        if rows or button:
            found.append((_("Approval of the compensation"), button, rows, ""))
        if extensions:
            found.append((_("Extensions"), None, extensions, ""))
        return found

    # --- rows ----------------------------------------------------------------------------

    def _row(self, icon: str, ink: str, text: str, more: str, buttons: Sequence[QWidget],
             end: QWidget | None = None) -> QWidget:  # fmt: skip
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 2)
        line.setSpacing(8)
        line.addWidget(icon_label(icon, ink, 16))
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(label(text, wrap=True, selectable=True))
        if more:
            words.addWidget(label(more, "small", "2", wrap=True, selectable=True))
        line.addLayout(words, 1)
        if end is not None:
            line.addWidget(end)
        if buttons:
            offered = QWidget()
            many = len(buttons) > IN_A_ROW
            flow: QLayout = FlowLayout(offered, gap=4) if many else QHBoxLayout(offered)
            flow.setContentsMargins(0, 0, 0, 0)
            for button in buttons:
                flow.addWidget(button)
            line.addWidget(offered, int(many))
        return holder

    def _add(self, move: str, text: str, key: str = "") -> Button:
        button = Button(text, icon="plus", small=True, key=key)
        button.clicked.connect(partial(self.move_wanted.emit, move, 0))
        return button

    def _act(self, move: str, row: int, text: str, key: str = "") -> Button:
        button = Button(text, kind=Kind.NORMAL, small=True, key=key)
        button.clicked.connect(partial(self.move_wanted.emit, move, row))
        return button

    def _department(self, detail: ComplaintDetail, row: dict[str, Any]) -> QWidget:
        words, main = self._words, row["department_id"] == detail.complaint["resp_dept_id"]
        who = words.person(row["person_id"]) if row["person_id"] else ""
        name = " ".join(part for part in (words.item(row["department_id"]), who) if part)
        text = f"{name}: {row['task']}" if row["task"] else name
        tag = Tag(_("Main"), "circle-dot", "accent") if main else None
        if row["answered_at"] is not None:
            answer = _("{who} at {time}: {text}").format(
                who=words.person(row["answered_by_id"]), time=words.time(row["answered_at"]),
                text=row["answer"],
            )  # fmt: skip
            return self._row("circle-check", "ok", text, answer, [], tag)
        late = row["due_at"] is not None and row["due_at"] < words.now()
        due = ""
        if row["due_at"] is not None:
            due = _("answer due {time}").format(time=words.deadline(row["due_at"]))
            if late:
                due = _("Overdue: {text}").format(text=due)
        buttons = [self._act("answer", row["id"], _("Enter the answer"), "Y")]
        if not main:
            buttons.append(self._act("make_main", row["id"], _("Make it the main one")))
        buttons.append(self._act("take_back", row["id"], _("Take back")))
        icon, ink = ("circle-alert", "danger") if late else ("building-2", "text-2")
        return self._row(icon, ink, text, due, buttons, tag)

    def _ticket(self, row: dict[str, Any]) -> QWidget:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        icon, ink = STATUS_ICONS[str(row["status"])]
        line.addWidget(icon_label(icon, ink, 16))
        link = Link(str(row["number"]))
        link.clicked.connect(partial(self.record_wanted.emit, "tickets", row["ticket_id"]))
        line.addWidget(link)
        line.addWidget(label(str(row["title"]), "small", "2", wrap=True), 1)
        line.addWidget(self._act("unlink", row["id"], _("Remove the link")))
        return holder

    def _note(self, row: dict[str, Any]) -> QWidget:
        state = code_label("ExposureState", str(row["state"]))
        reach = "" if row["reach"] is None else _("{n} views").format(n=f"{row['reach']:,}")
        who = self._words.person(row["person_id"])
        more = "  ·  ".join(part for part in (row["day"], who, state, reach) if part)
        calm = row["state"] == "calm"
        return self._row("circle-check" if calm else "siren", "ok" if calm else "warn",
                         str(row["text"]), more, [])  # fmt: skip

    def _case(self, row: dict[str, Any]) -> QWidget:
        words = self._words
        text = f"{code_label('CaseBody', row['body'])}  {row['case_no']}"
        parts = [_("received {time}").format(time=words.time(row["received_at"]))]
        if row["accepted_at"] is not None:
            parts.append(_("accepted {time}").format(time=words.time(row["accepted_at"])))
        elif row["accept_due_at"] is not None:
            due = words.deadline(row["accept_due_at"])
            parts.append(_("acceptance due {time}").format(time=due))
        if row["due_at"] is not None:
            parts.append(_("mediation due {time}").format(time=words.deadline(row["due_at"])))
        if row["closed_at"] is not None:
            parts.append(_("closed {time}: {outcome}").format(
                time=words.time(row["closed_at"]), outcome=row["outcome"]))  # fmt: skip
            return self._row("circle-check", "ok", text, "  ·  ".join(parts), [])
        key = int(row["id"])
        buttons = [self._act("case_edit", key, _("Change…"))]
        if key:
            if row["accepted_at"] is None:
                buttons.append(self._act("case_accept", key, _("Accepted there")))
            buttons.append(self._act("case_close", key, _("Closed there…")))
            buttons.append(self._act("case_remove", key, _("Remove")))
        limits = [row[n] for n in ("accept_due_at", "due_at") if row[n] is not None]
        if row["accepted_at"] is not None:
            limits = [row["due_at"]] if row["due_at"] is not None else []
        late = bool(limits) and min(limits) < words.now()
        tag = Tag(_("Overdue"), "circle-alert", "danger") if late else None
        return self._row("landmark", "text-2", text, "  ·  ".join(parts), buttons, tag)

    def _escalation(self, row: dict[str, Any]) -> QWidget:
        words = self._words
        to = words.person(row["to_id"]) if row["to_id"] else str(row["to_name"])
        head = " ".join(p for p in (code_label("EscalationLevel", row["level"]), to) if p)
        cause = code_label("EscalationCause", row["cause"])
        more = _("{who} at {time}: {text}").format(
            who=words.person(row["from_id"]), time=words.time(row["at"]),
            text=f"{cause} – {row['reason']}",
        )  # fmt: skip
        return self._row("chevrons-up", "danger", head, more, [])

    def _approval(self, row: dict[str, Any]) -> QWidget:
        words, state = self._words, str(row["state"])
        icon, ink = APPROVAL_FACES[state]
        text = f"{yuan(row['amount'])}  {code_label('ApprovalState', state)}"
        parts = [_("asked by {who} at {time}").format(
            who=words.person(row["requested_by_id"]), time=words.time(row["requested_at"]))]  # fmt: skip
        own = row["requested_by_id"] == row["decided_by_id"]
        if state == "granted" and own:
            who = words.person(row["decided_by_id"])
            parts = [_("within the authority of {who}").format(who=who)]
        elif row["decided_by_id"] is not None:
            parts.append(_("decided by {who} at {time}").format(
                who=words.person(row["decided_by_id"]), time=words.time(row["decided_at"])))  # fmt: skip
        parts += [str(row[name]) for name in ("reason", "note") if row[name]]
        buttons: list[QWidget] = []
        if state == "open" and may_approve(self._desk.roles):
            buttons = [self._act("approve", row["id"], _("Approve…"), "G"),
                       self._act("refuse", row["id"], _("Refuse…"))]  # fmt: skip
        return self._row(icon, ink, text, "  ·  ".join(parts), buttons)

    def _extension(self, row: dict[str, Any]) -> QWidget:
        words = self._words
        text = _("{old} → {new}").format(
            old=words.full_time(row["old_due_at"]), new=words.full_time(row["new_due_at"])
        )
        more = _("{who} at {time}: {text}").format(
            who=words.person(row["granted_by_id"]), time=words.time(row["at"]), text=row["reason"]
        )
        return self._row("calendar", "warn", text, more, [])

    def _trace(self, row: dict[str, Any]) -> QWidget:
        words = self._words
        who = words.person(row["person_id"]) if row["person_id"] else ""
        head = " ".join(p for p in (words.item(row["department_id"]), who) if p)
        if row["personal_fault"] is not None:
            fault = _("personal fault") if row["personal_fault"] else _("no personal fault")
            head = f"{head}  ·  {fault}"
        lines = [_("Cause: {text}").format(text=row["cause"])]
        if row["measure"]:
            lines.append(_("Measure: {text}").format(text=row["measure"]))
        if row["penalty_note"]:
            text = row["penalty_note"]
            lines.append(_("Penalty (supervisors only): {text}").format(text=text))
        return self._row("repeat", "warn", head, "\n".join(lines), [])
