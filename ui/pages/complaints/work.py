"""What the complaint shown is asked to do: saving, steps, moves, merges, and what came of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from svcdesk.i18n.catalog import _
from svcdesk.services import complaint_merging, complaints
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE
from ui.pages.complaints import moves
from ui.pages.fields import to_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from svcdesk.domain.problem import Problem
    from svcdesk.services.desk import Outcome
    from svcdesk.system.job import JobContext
    from ui.pages.complaints.record import ComplaintRecord
    from ui.pages.page import Workplace

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


class ComplaintWork(QObject):
    """Writes for a record pane; problems stand at their fields."""

    def __init__(self, place: Workplace, record: ComplaintRecord, page: QWidget) -> None:
        super().__init__(page)
        self._place = place
        self._record = record
        self._page = page
        record.step_wanted.connect(self.take_step)
        record.step_filled.connect(self._take_filled_step)
        record.save_wanted.connect(self._save)
        record.note_wanted.connect(self._note)
        record.move_wanted.connect(self.move)
        record.merging.merged.connect(self._merge)

    def _key(self) -> int | None:
        detail = self._record.detail
        return None if detail is None else int(detail.complaint["id"])

    def _start(self, work: Callable[[JobContext], Outcome[int]], done: str) -> None:
        self._done = done
        handle = self._place.runner.start(work, lane=WRITE, owner=self._page)
        handle.on_success(self._on_done).on_failure(self._on_refused)

    _done = ""

    def _on_done(self, _outcome: Any) -> None:
        if self._done == "save":
            self._record.saved()
        elif self._done == "note":
            self._record.words_box.clear()
        else:
            self._record.close_panels()
        detail = self._record.detail
        if detail is not None:
            self._place.shell.say(
                _("{number} updated").format(number=detail.complaint["complaint_no"])
            )

    def _on_refused(self, error: object) -> None:
        if isinstance(error, ProblemsError) and self._record.panel.open_action:
            self._record.panel.show_problems(self._at_fields(error.problems))
        elif isinstance(error, ProblemsError):
            self._record.show_problems(error.problems)
        else:
            self._place.shell.tell(error)

    # --- saving --------------------------------------------------------------------------

    def faults(self) -> list[Problem]:
        """Return what stands against saving what was typed."""
        detail = self._record.detail
        if detail is None:
            return []
        values = {**detail.complaint, **to_columns(self._record.form.values())}
        return [p for p in complaints.problems(self._place.desk, values) if not p.warning]

    def _save(self, changes: dict[str, Any]) -> None:
        detail = self._record.detail
        if detail is None:
            return
        faults = self.faults()
        if faults:
            self._record.show_problems(faults)
            return
        desk, key = self._place.desk, int(detail.complaint["id"])
        version = int(detail.complaint["row_version"])
        self._start(lambda _context: complaints.change(desk, key, changes, version), "save")

    def _note(self, kind: str, text: str) -> None:
        desk, key = self._place.desk, self._key()
        if key is not None:
            self._start(lambda _context: complaints.note(desk, key, kind, text), "note")

    # --- steps ---------------------------------------------------------------------------

    def take_step(self, action: str) -> None:
        """Take a step, or ask in place for what it needs."""
        detail = self._record.detail
        if action == "merge":
            self._record.open_merge()
            return
        step = next((s for s in detail.steps if s.action == action), None) if detail else None
        if detail is None or step is None:
            return
        missing = complaints.missing(self._place.desk, int(detail.complaint["id"]), action, {})
        names = list(STEP_FIELDS.get(action, ()))
        names += [p.field for p in missing if p.field in ASKABLE and p.field not in names]
        if names:
            self._record.open_step(action, _(step.label), tuple(names))
            self._record.panel.show_problems([p for p in missing if p.field not in names])
        elif missing:
            self._place.shell.tell(ProblemsError(missing))
        else:
            self._run_step(action, {})

    def _take_filled_step(self, action: str, entered: dict[str, Any]) -> None:
        detail = self._record.detail
        if detail is None:
            return
        if self._record.open_for[0] == action:
            self._run_move(action, self._record.open_for[1], entered)
            return
        values = {k: v for k, v in to_columns(entered).items() if v is not None and v != []}
        missing = complaints.missing(self._place.desk, int(detail.complaint["id"]), action, values)
        if missing:
            self._record.panel.show_problems(missing)
        else:
            self._run_step(action, values)

    def _merge(self, target: object, choices: dict[str, str]) -> None:
        desk, key = self._place.desk, self._key()
        if key is not None and isinstance(target, int):
            self._start(lambda _c: complaint_merging.merge(desk, key, target, choices), "merge")

    def move(self, key: str, row: object) -> None:
        """Do a move at once, or open its form."""
        detail, move = self._record.detail, moves.MOVES[key]
        if detail is None or not moves.may_take(self._place.desk, detail, move):
            return
        number = row if isinstance(row, int) else 0
        if not number and key in {"approve", "refuse"}:
            number = moves.open_request(detail)
        if move.names:
            self._record.open_move(move, number)
        else:
            text = self._record.words_box.value() or ""
            self._run_move(key, number, {"text": text})

    def _run_move(self, key: str, row: int, entered: dict[str, Any]) -> None:
        detail, move = self._record.detail, moves.MOVES[key]
        if detail is None:
            return
        desk, values = self._place.desk, move.stored(entered)
        done = "note" if key in {"contacted", "interim"} else "move"
        self._start(lambda _context: move.run(desk, detail, row, values), done)

    def _at_fields(self, problems: Sequence[Problem]) -> list[Problem]:
        """Return problems at the fields of the open form."""
        key = self._record.open_for[0]
        if key != self._record.panel.open_action or key not in moves.MOVES:
            return list(problems)
        move = moves.MOVES[key]
        return [replace(problem, field=move.at_field(problem.field)) for problem in problems]

    def _run_step(self, action: str, values: dict[str, Any]) -> None:
        detail = self._record.detail
        if detail is None:
            return
        desk, key = self._place.desk, int(detail.complaint["id"])
        version = int(detail.complaint["row_version"])
        self._start(lambda _context: complaints.step(desk, key, action, values, version), "step")
