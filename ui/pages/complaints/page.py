"""The complaint page: the log, and one complaint at a time."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.services import complaint_merging, complaints
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE, Latest
from ui.pages.complaints import moves
from ui.pages.complaints.detected import DetectedPane
from ui.pages.complaints.entry import complaint_defaults, complaint_spec
from ui.pages.complaints.record import ComplaintRecord
from ui.pages.complaints.rows import columns, filters, offer, view_query, views
from ui.pages.entry_dialog import EntryDialog
from ui.pages.fields import to_columns
from ui.pages.list_pane import ListPane
from ui.pages.page import Changes, Page, Route, Workplace
from ui.widgets.button import Button, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent

    from svcdesk.domain.problem import Problem
    from svcdesk.services.complaints import ComplaintDetail
    from svcdesk.services.desk import Outcome
    from svcdesk.system.job import JobContext

STEP_FIELDS: dict[str, tuple[str, ...]] = {
    "accept": ("resp_dept", "handler"),
    "reject": ("reject_reason",),
    "investigate": ("resp_dept",),
    "respond": ("cause", "answer"),
    "change_department": ("resp_dept", "reason"),
    "resolve": ("remedy", "compensation", "answer"),
    "withdraw": ("withdraw_evidence",),
    "disagree": ("reason",),
    "reopen": ("reason",),
    "appeal": ("reason",),
}
ASKABLE = frozenset({"told_at", "told_channel", "compensation", "resp_dept", "handler", "cause", "answer", "overdue_reason", "reason",
                     "reject_reason", "withdraw_evidence", "remedy"})  # fmt: skip


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
        self.record.step_wanted.connect(self._take_step)
        self.record.step_filled.connect(self._take_filled_step)
        self.record.save_wanted.connect(self._save)
        self.record.note_wanted.connect(self._note)
        self.record.record_wanted.connect(self._open)
        self.record.page_wanted.connect(lambda page, key: place.shell.go(Route(page, key)))
        self.record.move_wanted.connect(self._move)
        self.record.merging.merged.connect(self._merge)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.record)
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
        self._target = ""  # number of the complaint that the next one shown is merged into

    # --- Page ----------------------------------------------------------------------------

    def title(self) -> str:
        """Return the page's name."""
        return _("Complaints")

    def trail(self) -> list[str]:
        """Return the log and the number of the record that is open."""
        if self._stack.currentWidget() is self.detected:
            return [_("Complaint log"), _("Findings")]
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
        return [self._back, self._findings, new]

    def show_route(self, route: Route) -> None:
        """Show the log or one complaint."""
        self._key = route.record
        findings = route.values.get("tab") == "findings"
        if self._back is not None and self._findings is not None:
            self._back.setVisible(route.record is not None or findings)
            self._findings.setVisible(route.record is None and not findings)
        if route.record is not None:
            self._load(route.record)
            return
        if findings:
            self._stack.setCurrentWidget(self.detected)
            self.detected.open(route.values)
            self.trail_changed.emit()
            return
        self._stack.setCurrentWidget(self.list)
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
            faults = self._faults()
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

    def _start(self, work: Callable[[JobContext], Outcome[int]], done: str) -> None:
        self._done = done
        handle = self.place.runner.start(work, lane=WRITE, owner=self)
        handle.on_success(self._on_done).on_failure(self._on_refused)

    _done = ""

    def _on_done(self, _outcome: Any) -> None:
        if self._done == "save":
            self.record.saved()
        elif self._done == "note":
            self.record.words_box.clear()
        else:
            self.record.close_panels()
        detail = self.record.detail
        if detail is not None:
            self.place.shell.say(
                _("{number} updated").format(number=detail.complaint["complaint_no"])
            )

    def _on_refused(self, error: object) -> None:
        if isinstance(error, ProblemsError) and self.record.panel.open_action:
            self.record.panel.show_problems(self._at_fields(error.problems))
        elif isinstance(error, ProblemsError):
            self.record.show_problems(error.problems)
        else:
            self.place.shell.tell(error)

    # --- saving --------------------------------------------------------------------------

    def _faults(self) -> list[Problem]:
        detail = self.record.detail
        if detail is None:
            return []
        values = {**detail.complaint, **to_columns(self.record.form.values())}
        return [p for p in complaints.problems(self.place.desk, values) if not p.warning]

    def _save(self, changes: dict[str, Any]) -> None:
        detail = self.record.detail
        if detail is None:
            return
        faults = self._faults()
        if faults:
            self.record.show_problems(faults)
            return
        desk, key = self.place.desk, int(detail.complaint["id"])
        version = int(detail.complaint["row_version"])
        self._start(lambda _context: complaints.change(desk, key, changes, version), "save")

    def _note(self, kind: str, text: str) -> None:
        desk, key = self.place.desk, self._key
        if key is not None:
            self._start(lambda _context: complaints.note(desk, key, kind, text), "note")

    # --- steps ---------------------------------------------------------------------------

    def _take_step(self, action: str) -> None:
        detail = self.record.detail
        if action == "merge":
            self.record.open_merge()
            return
        step = next((s for s in detail.steps if s.action == action), None) if detail else None
        if detail is None or step is None:
            return
        missing = complaints.missing(self.place.desk, int(detail.complaint["id"]), action, {})
        names = list(STEP_FIELDS.get(action, ()))
        names += [p.field for p in missing if p.field in ASKABLE and p.field not in names]
        if names:
            self.record.open_step(action, _(step.label), tuple(names))
            self.record.panel.show_problems([p for p in missing if p.field not in names])
        elif missing:
            self.place.shell.tell(ProblemsError(missing))
        else:
            self._run_step(action, {})

    def _take_filled_step(self, action: str, entered: dict[str, Any]) -> None:
        detail = self.record.detail
        if detail is None:
            return
        if self.record.open_for[0] == action:
            self._run_move(action, self.record.open_for[1], entered)
            return
        values = {k: v for k, v in to_columns(entered).items() if v is not None and v != []}
        missing = complaints.missing(self.place.desk, int(detail.complaint["id"]), action, values)
        if missing:
            self.record.panel.show_problems(missing)
        else:
            self._run_step(action, values)

    def _merge(self, target: object, choices: dict[str, str]) -> None:
        desk, key = self.place.desk, self._key
        if key is not None and isinstance(target, int):
            self._start(lambda _c: complaint_merging.merge(desk, key, target, choices), "merge")

    def _move(self, key: str, row: object) -> None:
        """Do a move at once, or open its form."""
        detail, move = self.record.detail, moves.MOVES[key]
        if detail is None or not moves.may_take(self.place.desk, detail, move):
            return
        number = row if isinstance(row, int) else 0
        if move.names:
            self.record.open_move(move, number)
        else:
            text = self.record.words_box.value() or ""
            self._run_move(key, number, {"text": text})

    def _run_move(self, key: str, row: int, entered: dict[str, Any]) -> None:
        detail, move = self.record.detail, moves.MOVES[key]
        if detail is None:
            return
        desk, values = self.place.desk, move.stored(entered)
        done = "note" if key in {"contacted", "interim"} else "move"
        self._start(lambda _context: move.run(desk, detail, row, values), done)

    def _at_fields(self, problems: Sequence[Problem]) -> list[Problem]:
        """Return problems at the fields of the open form."""
        key = self.record.open_for[0]
        if key != self.record.panel.open_action or key not in moves.MOVES:
            return list(problems)
        move = moves.MOVES[key]
        return [replace(problem, field=move.at_field(problem.field)) for problem in problems]

    def _run_step(self, action: str, values: dict[str, Any]) -> None:
        detail = self.record.detail
        if detail is None:
            return
        desk, key = self.place.desk, int(detail.complaint["id"])
        version = int(detail.complaint["row_version"])
        self._start(lambda _context: complaints.step(desk, key, action, values, version), "step")

    # --- entry and keys ------------------------------------------------------------------

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
            self._take_step(action)
        elif letter == "E":
            self.record.form.show_section("case")
            self.record.form.editor("description").setFocus()
        elif letter == "N":
            self.record.words_box.setFocus()
        elif (found := moves.by_letter(self.place.desk, detail, letter)) is not None:
            self._move(found[0].key, found[1])
        else:
            return False
        return True
