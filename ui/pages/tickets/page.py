"""The ticket page: views, list, detail, next steps."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.services import tickets
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE, Latest
from ui.pages.entry_dialog import EntryDialog
from ui.pages.fields import to_columns
from ui.pages.list_pane import ListPane
from ui.pages.page import Changes, Page, Route, Workplace
from ui.pages.steps import TICKET_FIELDS
from ui.pages.tickets.detail_pane import TicketPane
from ui.pages.tickets.entry import ticket_defaults, ticket_spec
from ui.pages.tickets.rows import columns, filters, view_query, views
from ui.widgets.button import Button, Kind

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from svcdesk.domain.statemachine import Transition
    from svcdesk.services.tickets import TicketDetail
    from svcdesk.system.job import JobContext

FIRST_VIEW = "open"


class TicketsPage(Page):
    """Tickets."""

    key = "tickets"
    searchable = True

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        desk = place.desk
        self.list = ListPane(
            place, "ticket", columns(desk), views(), filters(desk), partial(view_query, desk)
        )
        self.list.current_changed.connect(self._on_current)
        self.list.opened.connect(self._edit)
        self.list.counted.connect(self._on_counted)
        self.pane = TicketPane(desk)
        self.pane.step_wanted.connect(self._take_step)
        self.pane.step_filled.connect(self._take_filled_step)
        self.pane.say_wanted.connect(self._say)
        self.pane.edit_wanted.connect(self._edit)
        self.pane.customer_wanted.connect(self._show_customer)
        self.pane.move_wanted.connect(self.list.table.step)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.addWidget(self.list)
        self._split.addWidget(self.pane)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 0)
        self._split.setCollapsible(0, False)
        self._split.setSizes([866, 364])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._split)
        self._detail = Latest(place.runner, self)
        self._shown = False

    # --- Page ----------------------------------------------------------------------------

    def title(self) -> str:
        """Return the page's name."""
        return _("Tickets")

    def tools(self) -> list[QWidget]:
        """Return import and new."""
        bring = Button(_("Import"), icon="upload")
        bring.clicked.connect(self._import)
        new = Button(_("New ticket"), kind=Kind.MAIN, icon="plus", key="Ctrl+N")
        new.clicked.connect(self._new)
        return [bring, new]

    def show_route(self, route: Route) -> None:
        """Show a view, the records behind a figure, or one ticket."""
        if route.query is not None:
            self.list.show_query(route.query, route.title)
        elif not self._shown or not route.record:
            if not self._shown:
                self.list.show_view(str(route.values.get("view", FIRST_VIEW)))
            else:
                self.list.reload()
        self._shown = True
        if route.record is not None:
            self.list.select(route.record)
            self._load(route.record)
        self.list.table.setFocus()

    def search(self, text: str) -> None:
        """Narrow the list to words."""
        self.list.search(text)

    def refresh(self, changes: Changes) -> None:
        """Show what a write has changed."""
        self.list.refresh(changes)
        key = self._key()
        touched = changes.touched("ticket") | changes.touched("ticket_text")
        if key is not None and (
            key in touched or "ticket" in changes.many or self._event_of(changes)
        ):
            self._load(key)

    def _event_of(self, changes: Changes) -> bool:
        tables = {"ticket_event", "callback", "visit", "customer"}
        return bool(changes.tables() & tables)

    def save_state(self) -> dict[str, Any]:
        """Return the list's state."""
        return {"list": self.list.save_state(), "split": self._split.saveState()}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take the list's state back."""
        self.list.restore_state(state["list"])
        self._split.restoreState(state["split"])
        self._shown = True

    def can_leave(self) -> bool:
        """Words being typed are kept by the pane; leaving loses nothing."""
        return True

    def act(self, action: str) -> bool:
        """Run a page action."""
        if action == "ticket.new":
            self._new()
            return True
        return False

    # --- one ticket ----------------------------------------------------------------------

    def _key(self) -> int | None:
        detail = self.pane.detail
        return None if detail is None else int(detail.ticket["id"])

    def _on_current(self, key: object) -> None:
        if isinstance(key, int):
            self._load(key)

    def _on_counted(self, count: int) -> None:
        self.place.shell.set_status(_("{n} tickets shown").format(n=f"{count:,}"))
        self._show_position()

    def _load(self, key: int) -> None:
        desk = self.place.desk

        def work(_context: JobContext) -> TicketDetail:
            return tickets.get(desk, key)

        self._detail.start(work).on_success(self._on_loaded).on_failure(self.place.shell.tell)

    def _on_loaded(self, detail: TicketDetail) -> None:
        self.pane.show_ticket(detail)
        self._show_position()

    def _show_position(self) -> None:
        rows = self.list.rows
        key = self._key()
        position = self.list.table.currentIndex().row()
        if key is not None and rows.id_at(position) != key:
            position = rows.position_of(key)
        self.pane.show_position(position, rows.count)

    def _show_customer(self, customer_id: object) -> None:
        from svcdesk.services.queries import Op, Query

        if isinstance(customer_id, int) and self.pane.detail is not None:
            customer = self.pane.detail.customer
            query = Query("ticket", sort="created_at").where("customer_id", Op.IN, customer_id)
            title = _("Customer {number}").format(number=customer["customer_no"])
            self.place.shell.go(Route("tickets", query=query, title=title))

    # --- steps ---------------------------------------------------------------------------

    def _transition(self, action: str) -> Transition | None:
        detail = self.pane.detail
        if detail is None:
            return None
        return next((step for step in detail.steps if step.action == action), None)

    def _take_step(self, action: str) -> None:
        """Take a step at once when nothing is missing, else ask for it in place."""
        step = self._transition(action)
        detail = self.pane.detail
        if step is None or detail is None:
            return
        missing = tickets.missing(self.place.desk, int(detail.ticket["id"]), action, {})
        names = list(TICKET_FIELDS.get(action, ()))
        names += [p.field for p in missing if p.field in ASKABLE and p.field not in names]
        if names:
            self.pane.open_step(action, _(step.label), tuple(names))
            others = [p for p in missing if p.field not in names]
            self.pane.panel.show_problems(others)
        elif missing:
            self.place.shell.tell(ProblemsError(missing))
        else:
            self._run_step(action, {})

    def _take_filled_step(self, action: str, entered: dict[str, Any]) -> None:
        detail = self.pane.detail
        if detail is None:
            return
        values = self._step_values(entered)
        missing = tickets.missing(self.place.desk, int(detail.ticket["id"]), action, values)
        if missing:
            self.pane.panel.show_problems(missing)
        else:
            self._run_step(action, values)

    def _step_values(self, entered: dict[str, Any]) -> dict[str, Any]:
        values = {name: value for name, value in to_columns(entered).items() if value is not None}
        if "merged_into_id" in values:
            found = tickets.find_by_number(self.place.desk, str(values["merged_into_id"]))
            values.pop("merged_into_id")
            if found is not None:
                values["merged_into_id"] = found
        if "resp_dept_id" in values:
            values.setdefault("department_id", values["resp_dept_id"])
        return values

    def _run_step(self, action: str, values: dict[str, Any]) -> None:
        detail = self.pane.detail
        if detail is None:
            return
        desk, key = self.place.desk, int(detail.ticket["id"])
        version = int(detail.ticket["row_version"])
        handle = self.place.runner.start(
            lambda _context: tickets.step(desk, key, action, values, version),
            lane=WRITE,
            owner=self,
        )
        handle.on_success(self._on_stepped).on_failure(self._on_refused)

    def _on_stepped(self, _outcome: Any) -> None:
        if self.pane.panel.open_action:
            self.pane.panel.close_panel()
        detail = self.pane.detail
        if detail is not None:
            self.place.shell.say(_("{number} updated").format(number=detail.ticket["ticket_no"]))

    def _on_refused(self, error: object) -> None:
        if isinstance(error, ProblemsError) and self.pane.panel.open_action:
            self.pane.panel.show_problems(error.problems)
        else:
            self.place.shell.tell(error)

    def _say(self, kind: str, text: str) -> None:
        key = self._key()
        if key is None:
            return
        desk = self.place.desk
        handle = self.place.runner.start(
            lambda _context: tickets.say(desk, key, text, kind), lane=WRITE, owner=self
        )
        handle.on_success(self._on_said).on_failure(self.place.shell.tell)

    def _on_said(self, _outcome: Any) -> None:
        self.pane.words_box.clear()

    # --- dialogs -------------------------------------------------------------------------

    def _new(self) -> None:
        defaults = ticket_defaults(self.place.desk)
        dialog = EntryDialog(self, self.place, ticket_spec(), defaults=defaults)
        dialog.saved.connect(self._on_saved)
        dialog.open()

    def _edit(self) -> None:
        if self.pane.detail is not None:
            EntryDialog(self, self.place, ticket_spec(), self.pane.detail.ticket).open()

    def _on_saved(self, key: object) -> None:
        if isinstance(key, int):
            self.place.shell.say(_("Ticket saved"))
            self.list.table.go_to(key)
            self._load(key)

    def _import(self) -> None:
        self.place.shell.go(Route("import"))

    # --- keys ----------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Single keys: they arrive here only while no text field has the focus."""
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        text = event.text().upper()
        step = {"J": 1, "K": -1}.get(text, 0)
        if step:
            self.list.table.step(step)
        elif text == "E":
            self._edit()
        elif text and self.pane.steps.by_key(text) and not self.pane.panel.open_action:
            self._take_step(self.pane.steps.by_key(text))
        else:
            super().keyPressEvent(event)


ASKABLE = frozenset({"solution", "resolution_code", "issue_l1", "overdue_reason", "reason", "owner",
                     "department", "resp_dept", "merged_into"})  # fmt: skip
