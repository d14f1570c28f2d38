"""The complaint page: the log, and one complaint at a time."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.services import complaint_links, complaints
from ui.jobs.runner import Latest
from ui.pages.complaints import moves
from ui.pages.complaints.board import BoardPane
from ui.pages.complaints.detected import DetectedPane
from ui.pages.complaints.entry import ENTRY_FIELDS, complaint_defaults, complaint_spec
from ui.pages.complaints.print_dialog import PrintDialog
from ui.pages.complaints.record import ComplaintRecord
from ui.pages.complaints.rows import columns, filters, offer, view_query, views
from ui.pages.complaints.work import ComplaintWork
from ui.pages.entry_dialog import EntryDialog
from ui.pages.fields import from_columns
from ui.pages.list_pane import ListPane
from ui.pages.page import Changes, Page, Route, Workplace
from ui.widgets.button import Button, Kind

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from svcdesk.services.complaints import ComplaintDetail
    from svcdesk.services.queries import Query
    from svcdesk.system.job import JobContext


class ComplaintsPage(Page):
    """Complaints."""

    key = "complaints"
    searchable = True

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        desk = place.desk
        self.list = ListPane(
            place, "complaint", columns(desk), views(), filters(desk), partial(view_query, desk),
            offer=offer(desk),
        )  # fmt: skip
        self.list.opened.connect(self._open)
        self.list.counted.connect(self._on_counted)
        self.record = ComplaintRecord(place)
        self.work = ComplaintWork(place, self.record, self)
        self.record.record_wanted.connect(self._open)
        self.record.page_wanted.connect(lambda page, key: place.shell.go(Route(page, key)))
        self.board = BoardPane(place)
        self.board.rows_wanted.connect(self._show_rows)
        self.board.record_wanted.connect(self._open)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.record)
        self._stack.addWidget(self.board)
        self.detected = DetectedPane(place)
        self.detected.record_wanted.connect(self._open)
        self.detected.merge_wanted.connect(self._open_merge)
        self.record.detected.group_wanted.connect(self._open_group)
        self._stack.addWidget(self.detected)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._detail = Latest(place.runner, self)
        self._shown = False
        self._key: int | None = None
        self._back: Button | None = None
        self._findings: Button | None = None
        self._boards: Button | None = None
        self._target = ""  # number of the complaint that the next one shown is merged into

    # --- Page ----------------------------------------------------------------------------

    def title(self) -> str:
        """Return the page's name."""
        return _("Complaints")

    def trail(self) -> list[str]:
        """Return the log and the number of the record that is open."""
        if self._stack.currentWidget() is self.detected:
            return [_("Complaint log"), _("Findings")]
        if self._stack.currentWidget() is self.board:
            return [_("Complaint log"), _("Board")]
        detail = self.record.detail
        if self._key is None or detail is None or detail.complaint["id"] != self._key:
            return []
        return [_("Complaint log"), str(detail.complaint["complaint_no"])]

    def tools(self) -> list[QWidget]:
        """Return the way back, or to the findings, and the entry form."""
        self._back = Button(_("Complaint log"), icon="chevron-left")
        self._back.clicked.connect(self._back_to_list)
        new = Button(_("Register complaint"), kind=Kind.MAIN, icon="plus")
        new.clicked.connect(self._new)
        self._findings = Button(_("Findings"), icon="eye")
        self._findings.setToolTip(_("Repeats, second complaints, groups, exposure: judge them"))
        self._findings.clicked.connect(self._show_findings)
        self._boards = Button(_("Board"), icon="table-2")
        self._boards.setToolTip(_("Received, handled and overdue by type, with causes and plans"))
        self._boards.clicked.connect(self._show_board)
        return [self._back, self._boards, self._findings, new]

    def show_route(self, route: Route) -> None:
        """Show the log or one complaint."""
        self._key = route.record
        tab = route.values.get("tab")
        findings, board = tab == "findings", tab == "board"
        if self._back is not None and self._findings is not None and self._boards is not None:
            self._back.setVisible(route.record is not None or findings or board)
            self._findings.setVisible(route.record is None and not findings)
            self._boards.setVisible(route.record is None and not board)
        if route.record is not None:
            self._load(route.record)
            return
        if findings:
            self._stack.setCurrentWidget(self.detected)
            self.detected.open(route.values)
            self.trail_changed.emit()
            return
        if board:
            self._stack.setCurrentWidget(self.board)
            self.board.reload()
            self.board.period.setFocus()
            self.trail_changed.emit()
            return
        self._stack.setCurrentWidget(self.list)
        if route.values.get("from_ticket"):
            self._from_ticket(int(route.values["from_ticket"]))
        if route.query is not None:
            self.list.show_query(route.query, route.title)
        elif not self._shown:
            self.list.show_view("open")
        self._shown = True
        self.list.table.setFocus()
        self.trail_changed.emit()

    def search(self, text: str) -> None:
        """Narrow the log to words."""
        if self._key is not None:
            self.place.shell.go(Route("complaints"))
        self.list.search(text)

    def refresh(self, changes: Changes) -> None:
        """Show what a write has changed."""
        self.list.refresh(changes)
        if self._stack.currentWidget() is self.detected:
            self.detected.refresh(changes)
        if self._stack.currentWidget() is self.board and "complaint" in changes.tables():
            self.board.reload()
        tables = {"complaint", "complaint_text", "complaint_event", "callback", "customer",
                  "complaint_approval", "complaint_trace", "complaint_group",
                  "detection_verdict"}  # fmt: skip
        if self._key is not None and changes.tables() & tables:
            self._load(self._key)

    def save_state(self) -> dict[str, Any]:
        """Return the list's state."""
        return {"list": self.list.save_state(), "shown": self._shown}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take the list's state back."""
        if state["shown"]:
            self.list.restore_state(state["list"])
            self._shown = True

    def can_leave(self) -> bool:
        """Save what was changed before going elsewhere; stay when that is refused."""
        if self._key is not None and self.record.form.dirty:
            faults = self.work.faults()
            if faults:
                self.record.show_problems(faults)
                return False
            self.record.save()
        return True

    def record_shown(self) -> tuple[str, int] | None:
        """Return the complaint that is open, or the one chosen in the log."""
        key = self._key if self._key is not None else self.list.table.current_id()
        return None if key is None else ("complaint", int(key))

    def act(self, action: str) -> bool:
        """Run a page action."""
        if action == "complaint.new":
            self._new()
            return True
        if action == "complaint.board":
            self._show_board()
            return True
        if action == "complaint.print" and self._key is not None:
            self._print()
            return True
        if action == "complaint.findings":
            self._show_findings()
            return True
        if action == "complaint.link" and self._key is not None:
            self.record.detected.open_link()
            return True
        return False

    # --- one complaint -------------------------------------------------------------------

    def _open(self, key: object) -> None:
        if isinstance(key, int):
            self.place.shell.go(Route("complaints", key))

    def _show_findings(self) -> None:
        self.place.shell.go(Route("complaints", values={"tab": "findings"}))

    def _show_board(self) -> None:
        self.place.shell.go(Route("complaints", values={"tab": "board"}))

    def _show_rows(self, query: Query, title: str) -> None:
        self.place.shell.go(Route("complaints", query=query, title=title))

    def _print(self) -> None:
        if self.record.detail is not None:
            PrintDialog(self, self.place, self.record.detail).open()

    def _open_group(self, key: object) -> None:
        self.place.shell.go(Route("complaints", values={"tab": "findings", "group": key}))

    def _open_merge(self, key: object, number: str) -> None:
        self._target = number
        self._open(key)

    def _back_to_list(self) -> None:
        self.place.shell.go(Route("complaints"))

    def _on_counted(self, count: int) -> None:
        if self._key is None and self.isVisible():
            self.place.shell.set_status(_("{n} complaints shown").format(n=f"{count:,}"))

    def _load(self, key: int) -> None:
        desk = self.place.desk

        def work(_context: JobContext) -> ComplaintDetail:
            return complaints.get(desk, key)

        self._detail.start(work).on_success(self._on_loaded).on_failure(self.place.shell.tell)

    def _on_loaded(self, detail: ComplaintDetail) -> None:
        if detail.complaint["id"] != self._key:
            return
        self.record.show_complaint(detail)
        self._stack.setCurrentWidget(self.record)
        self.trail_changed.emit()
        if self._target:
            self.record.merge_with(self._target)
            self._target = ""

    # --- entry and keys ------------------------------------------------------------------

    def _from_ticket(self, ticket_id: int) -> None:
        """Register a complaint that a ticket became: what the ticket knows is filled in."""
        desk = self.place.desk
        taken = complaint_links.from_ticket(desk, ticket_id)
        customer, tickets = taken.pop("customer_id"), tuple(taken.pop("ticket_ids"))
        known = from_columns(taken, list(ENTRY_FIELDS))
        defaults = complaint_defaults(desk) | {k: v for k, v in known.items() if v is not None}
        dialog = EntryDialog(self, self.place, complaint_spec(tickets), defaults=defaults)
        dialog.saved.connect(self._on_registered)
        if customer is not None:
            dialog.choose_customer(int(customer))
        dialog.open()

    def _new(self) -> None:
        defaults = complaint_defaults(self.place.desk)
        dialog = EntryDialog(self, self.place, complaint_spec(), defaults=defaults)
        dialog.saved.connect(self._on_registered)
        dialog.open()

    def _on_registered(self, key: object) -> None:
        self.place.shell.say(_("Complaint registered"))
        self._open(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Single keys of the next steps, while no text field has the focus."""
        typing = isinstance(QApplication.focusWidget(), QPlainTextEdit)
        record = self.record
        idle = not (typing or record.panel.open_action or record.merging.is_open)
        if self._key is None or not idle or not self._by_key(event.text()):
            super().keyPressEvent(event)

    def _by_key(self, text: str) -> bool:
        """Do what a single key stands for; return whether it stands for anything."""
        detail, letter = self.record.detail, text.upper()
        action = self.record.steps.by_key(text)
        if detail is None or not letter:
            return False
        if action:
            self.work.take_step(action)
        elif letter == "E":
            self.record.form.show_section("case")
            self.record.form.editor("description").setFocus()
        elif letter == "P":
            self._print()
        elif letter == "N":
            self.record.words_box.setFocus()
        elif (found := moves.by_letter(self.place.desk, detail, letter)) is not None:
            self.work.move(found[0].key, found[1])
        else:
            return False
        return True
