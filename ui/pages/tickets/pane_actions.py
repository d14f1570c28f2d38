"""Acts on the ticket that a pane shows: loads it, takes its steps, tells what came of it.

The page and every window of its own have one each; they know of each other only by the changes
that every write announces.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtWidgets import QApplication

from svcdesk.domain import record_kinds
from svcdesk.i18n.catalog import _
from svcdesk.services import duplicates, merging, tickets
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE, Latest
from ui.pages.entry_dialog import EntryDialog
from ui.pages.fields import to_columns
from ui.pages.page import Route
from ui.pages.steps import TICKET_FIELDS
from ui.pages.tickets import moves
from ui.pages.tickets.entry import ticket_spec
from ui.pages.tickets.history_tab import to_clipboard
from ui.pages.tickets.macros import Macros
from ui.pages.tickets.moments import for_customer, for_manager
from ui.pages.wording import Words, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtGui import QKeyEvent

    from svcdesk.domain.problem import Problem
    from svcdesk.domain.statemachine import Transition
    from svcdesk.services.desk import Outcome
    from svcdesk.services.tickets import TicketDetail
    from svcdesk.system.job import JobContext
    from ui.pages.page import Changes, Workplace
    from ui.pages.tickets.detail_pane import TicketPane

ASKABLE = frozenset({"solution", "resolution_code", "issue_l1", "overdue_reason", "reason", "owner",
                     "department", "resp_dept", "merged_into"})  # fmt: skip
KIND_FIELDS = frozenset(record_kinds.FIELDS)
TABLES = frozenset({"checklist_item", "attachment", "ticket_event", "callback", "visit", "customer", "handoff", "work_entry",
                    "ticket_link", "sla_breach", "detection_verdict", "survey"})  # fmt: skip
# how a kind of request usually ends; what was chosen last for it wins
USUAL = {"consult": "explained", "install": "onsite", "repair": "onsite", "return": "refund",
         "exchange": "exchange", "parts": "parts"}  # fmt: skip


def typing() -> bool:
    """Tell whether keys belong to a text: single keys must not act then (input methods)."""
    widget = QApplication.focusWidget()
    return widget is not None and widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


class PaneActions(QObject):
    """What happens when something is done in a pane."""

    loaded = Signal(object)  # detail
    open_wanted = Signal(object)  # another ticket

    def __init__(self, pane: TicketPane, place: Workplace) -> None:
        super().__init__(pane)
        self._pane = pane
        self._place = place
        self._detail = Latest(place.runner, self)
        self.macros = Macros(pane, place)
        pane.step_wanted.connect(self.take_step)
        pane.step_filled.connect(self._on_filled)
        pane.form_wanted.connect(self._open_form)
        pane.made_wanted.connect(self.make)
        pane.say_wanted.connect(self._say)
        pane.edit_wanted.connect(self.edit)
        pane.field_wanted.connect(self._go_to_field)
        pane.macro_wanted.connect(self.macros.open_list)
        pane.merge_chosen.connect(self._merge)
        pane.not_the_same.connect(self._deny)
        pane.open_wanted.connect(self.open_wanted)
        pane.copy_wanted.connect(self.copy)

    # --- reading ---------------------------------------------------------------------------

    @property
    def key(self) -> int | None:
        """The ticket shown."""
        detail = self._pane.detail
        return None if detail is None else int(detail.ticket["id"])

    def load(self, key: int) -> None:
        """Read a ticket and show it."""
        desk = self._place.desk

        def work(_context: JobContext) -> TicketDetail:
            return tickets.get(desk, key)

        self._detail.start(work).on_success(self._on_loaded).on_failure(self._place.shell.tell)

    def _on_loaded(self, detail: TicketDetail) -> None:
        self._pane.show_ticket(detail)
        self.loaded.emit(detail)

    def refresh(self, changes: Changes) -> None:
        """Read again when something that the pane shows was written."""
        key = self.key
        touched = changes.touched("ticket") | changes.touched("ticket_text")
        if key is not None and (
            key in touched or "ticket" in changes.many or bool(changes.tables() & TABLES)
        ):
            self.load(key)

    def copy(self, customer: bool) -> None:
        """Put the case on the clipboard, for the customer or for a colleague."""
        detail = self._pane.detail
        if detail is None:
            return
        words = Words(self._place.desk)
        to_clipboard(for_customer(detail, words) if customer else for_manager(detail, words))
        text = _("Copied for the customer") if customer else _("Copied with everything")
        self._place.shell.say(text, undo=False)

    # --- steps -----------------------------------------------------------------------------

    def _transition(self, action: str) -> Transition | None:
        detail = self._pane.detail
        if detail is None:
            return None
        return next((step for step in detail.steps if step.action == action), None)

    def take_step(self, action: str) -> None:
        """Take a step at once when nothing is missing, else ask for it in place."""
        step, detail = self._transition(action), self._pane.detail
        if step is None or detail is None:
            return
        if action == "merge":
            self._pane.open_merge()
            return
        names, others = self._asked(action)
        if names:
            self._open_step(step, names)
            self._pane.panel.show_problems(others)
        elif others:
            self._tell(others)
        else:
            self._run_step(action, {})

    def _tell(self, problems: list[Problem]) -> None:
        """Tell what stands against a step; go to where it can be put right."""
        self._place.shell.tell(ProblemsError(problems))
        if any(problem.code == "open_checks" for problem in problems):
            text = _("Still open: {items}").format(
                items=_(", ").join(self._pane.checks.open_items())
            )
            self._place.shell.say(text, undo=False)
            self._pane.show_checks()

    def _asked(self, action: str) -> tuple[tuple[str, ...], list[Problem]]:
        """Return the fields that a step asks for, and what else stands against it."""
        missing = tickets.missing(self._place.desk, self.key or 0, action, {})
        names = list(TICKET_FIELDS.get(action, ()))
        names += [p.field for p in missing
                  if p.field in ASKABLE | KIND_FIELDS and p.field not in names]  # fmt: skip
        return tuple(names), [p for p in missing if p.field not in names]

    def _open_step(self, step: Transition, names: tuple[str, ...]) -> None:
        detail = self._pane.detail
        if detail is None:
            return
        record: dict[str, Any] = {**(detail.ticket["details"] or {}), **detail.ticket}
        if step.action == "resolve" and not record["resolution_code"]:
            kind = str(record["request_type"])
            usual = QSettings().value(f"defaults/resolution/{kind}") or USUAL.get(kind)
            record["resolution_code"] = usual
        self._pane.open_step(step.action, _(step.label), names, record)

    def _open_form(self, action: str, row: object) -> None:
        """Open the form of a step or move without taking it."""
        if action in moves.MOVES:
            if moves.MOVES[action].names:
                self.make(action, row)
            return
        step = self._transition(action)
        if step is not None and action != "merge":
            names, _others = self._asked(action)
            if names:
                self._open_step(step, names)

    def _on_filled(self, action: str, entered: dict[str, Any]) -> None:
        if action.startswith("move:"):
            _sign, key, row = action.split(":")
            self._run_move(moves.MOVES[key], int(row), entered)
            return
        values = self._step_values(entered)
        missing = tickets.missing(self._place.desk, self.key or 0, action, values)
        if missing:
            self._pane.panel.show_problems(missing)
        else:
            self._remember(action, values)
            self._run_step(action, values)

    def _remember(self, action: str, values: Mapping[str, Any]) -> None:
        detail, code = self._pane.detail, values.get("resolution_code")
        if action == "resolve" and code and detail is not None:
            QSettings().setValue(f"defaults/resolution/{detail.ticket['request_type']}", code)

    def _step_values(self, entered: dict[str, Any]) -> dict[str, Any]:
        values = {name: value for name, value in to_columns(entered).items() if value is not None}
        if "resp_dept_id" in values:
            values.setdefault("department_id", values["resp_dept_id"])
        return values

    def _run_step(self, action: str, values: dict[str, Any]) -> None:
        detail = self._pane.detail
        if detail is None:
            return
        desk, key = self._place.desk, int(detail.ticket["id"])
        version = int(detail.ticket["row_version"])
        self._write(lambda _context: tickets.step(desk, key, action, values, version))

    # --- moves -----------------------------------------------------------------------------

    def make(self, key: str, row: object = 0) -> None:
        """Do something beside the state machine, or ask in place for what it needs."""
        detail = self._pane.detail
        if detail is None:
            return
        move, number = moves.MOVES[key], int(str(row or 0))
        if not move.names:
            self._run_move(move, number, {})
            return
        record = moves.fill(move, self._place.desk, detail, number)
        title = moves.title(move, Words(self._place.desk), detail, number)
        self._pane.open_step(key, title, move.names, record, number)

    def _run_move(self, move: moves.Move, row: int, entered: dict[str, Any]) -> None:
        detail, desk = self._pane.detail, self._place.desk
        if detail is not None:
            self._write(lambda _context: move.run(desk, detail, row, entered))

    def _merge(self, target: object, choices: object) -> None:
        detail, desk = self._pane.detail, self._place.desk
        if detail is None or not isinstance(target, int) or not isinstance(choices, dict):
            return
        own, version = int(detail.ticket["id"]), int(detail.ticket["row_version"])
        number = str(detail.ticket["ticket_no"])
        handle = self._place.runner.start(
            lambda _context: merging.merge(desk, own, target, choices, version),
            lane=WRITE, owner=self,
        )  # fmt: skip
        handle.on_success(lambda _outcome: self._on_merged(number, target))
        handle.on_failure(self._on_refused)

    def _on_merged(self, number: str, target: int) -> None:
        """Go on with the ticket that goes on."""
        self._pane.close_forms()
        self._place.shell.say(_("{number} was merged into this").format(number=number))
        self._pane.open_wanted.emit(target)

    def _deny(self, other: object) -> None:
        key, desk = self.key, self._place.desk
        if key is not None and isinstance(other, int):
            self._write(lambda _context: duplicates.deny(desk, key, other))

    def _write(self, work: Callable[[JobContext], Outcome[int]]) -> None:
        handle = self._place.runner.start(work, lane=WRITE, owner=self)
        handle.on_success(self._on_done).on_failure(self._on_refused)

    def _on_done(self, _outcome: Any) -> None:
        self._pane.close_forms()
        detail = self._pane.detail
        if detail is not None:
            self._place.shell.say(_("{number} updated").format(number=detail.ticket["ticket_no"]))

    def _on_refused(self, error: object) -> None:
        pane = self._pane
        if isinstance(error, ProblemsError) and pane.panel.open_action:
            found = error.problems
            if pane.panel.open_action in moves.MOVES:
                found = [replace(p, field=moves.AT_FIELD.get(p.field, p.field)) for p in found]
            pane.panel.show_problems(found)
        elif isinstance(error, ProblemsError) and pane.merging.is_open:
            pane.merging.show_problem(" ".join(say(problem) for problem in error.problems))
        else:
            self._place.shell.tell(error)

    # --- words -----------------------------------------------------------------------------

    def _say(self, kind: str, text: str) -> None:
        key = self.key
        if key is None:
            return
        desk = self._place.desk
        handle = self._place.runner.start(
            lambda _context: tickets.say(desk, key, text, kind), lane=WRITE, owner=self
        )
        handle.on_success(self._on_said).on_failure(self._place.shell.tell)

    def _on_said(self, outcome: Any) -> None:
        self._pane.talk.empty()
        detail = self._pane.detail
        if detail is not None and outcome.value != detail.ticket["id"] and detail.merged_into:
            text = _("{number} was merged; recorded on {target}").format(
                number=detail.ticket["ticket_no"], target=detail.merged_into[1]
            )
            self._place.shell.say(text)

    def edit(self, field: str = "") -> None:
        """Edit the ticket's fields, beginning with ``field``."""
        if self._pane.detail is not None:
            window = self._pane.window()
            form = EntryDialog(window, self._place, ticket_spec(), self._pane.detail.ticket)
            form.open()
            form.focus_field(field)

    def _go_to_field(self, where: str) -> None:
        """Open the place where something that is missing is entered."""
        kind, _sign, name = where.partition(":")
        if kind == "move":
            self.make(name)
        elif kind == "step":
            self.take_step(name)
        elif kind == "settings":
            self._place.shell.go(Route("settings", values={"tab": "general"}))
        else:
            self.edit(where)

    # --- keys ------------------------------------------------------------------------------

    def press(self, event: QKeyEvent) -> bool:
        """Act on a single key; return whether it was one.

        Never while a form is open or a text has the focus: its letters belong to the text.
        """
        detail = self._pane.detail
        text = event.text().upper()
        if detail is None or not text or self._pane.busy or typing():
            return False
        if text == "E":
            self.edit()
            return True
        if self._pane.steps.by_key(text):
            self.take_step(self._pane.steps.by_key(text))
            return True
        found = moves.by_letter(detail, text)
        if found is not None:
            self.make(found[0].key, found[1])
            return True
        if text in self._tools():
            self._tools()[text]()
            return True
        kinds = {"N": "internal_note", "/": "public_reply"}
        if text in kinds:
            self._pane.talk.focus(kinds[text])
            return True
        return False

    def _tools(self) -> dict[str, Callable[[], None]]:
        """Return what single keys open beside steps and moves."""
        return {"M": self.macros.open_list, "#": self._pane.tags.open_line,
                "Q": self._pane.show_checks, "F": self._attach}  # fmt: skip

    def _attach(self) -> None:
        self._pane.go_to_tab("files")
        self._pane.files.choose()

    def act(self, action: str) -> bool:
        """Run an action of the menus or the palette."""
        name = action.removeprefix("ticket.")
        if name in {"copy_customer", "copy_all"}:
            self.copy(name == "copy_customer")
            return True
        if name == "merge":
            self.take_step("merge")
            return True
        tools = {"macro": "M", "tag": "#", "checklist": "Q", "attach": "F"}
        if name in tools and self._pane.detail is not None:
            self._tools()[tools[name]]()
            return True
        if name in moves.MENU and self._pane.detail is not None:
            if any(move.key == name for move in moves.open_to(self._pane.detail)):
                self.make(name)
            return True
        return False
