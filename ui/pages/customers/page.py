"""The customer page: the list, everything about one customer, contact plans, who may be one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QStackedWidget, QVBoxLayout

from svcdesk.i18n.catalog import _
from svcdesk.services import customer_merge, customer_page
from ui.jobs.runner import WRITE, Latest
from ui.pages.customers.dialogs import CustomerDialog, TierDialog
from ui.pages.customers.erase_dialog import EraseDialog, RestrictDialog
from ui.pages.customers.merge_dialog import MergeDialog
from ui.pages.customers.plans import PlansView
from ui.pages.customers.record import CustomerRecord
from ui.pages.customers.rows import columns, filters, view_query, views
from ui.pages.customers.same_phone import SamePhoneView
from ui.pages.list_pane import ListPane
from ui.pages.page import Changes, Page, Route, Workplace
from ui.widgets.button import Button, Kind
from ui.widgets.tabs import TabDef, TabRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

    from svcdesk.services.customer_page import CustomerPage
    from svcdesk.system.job import JobContext

LIST, PLANS, SAME = "list", "plans", "same"


class CustomersPage(Page):
    """Customers."""

    key = "customers"
    searchable = True

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        desk = place.desk
        self.tabs = TabRow(
            [
                TabDef(LIST, _("Customers"), "users"),
                TabDef(PLANS, _("Contact plans"), "phone-call"),
                TabDef(SAME, _("Same phone"), "merge"),
            ]
        )
        self.tabs.chosen.connect(self._show_tab)
        self.list = ListPane(
            place, "customer", columns(desk), views(), filters(desk), view_query
        )  # fmt: skip
        self.list.opened.connect(self._open)
        self.list.counted.connect(self._on_counted)
        self.plans = PlansView(place, self.list.query)
        self.plans.customer_wanted.connect(self._open)
        self.same = SamePhoneView(place)
        self.same.merge_wanted.connect(self._merge_pair)
        self.record = CustomerRecord(place)
        self._connect_record()
        self._stack = QStackedWidget()
        for widget in (self.list, self.plans, self.same, self.record):
            self._stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self._stack, 1)
        self._detail = Latest(place.runner, self)
        self._shown = False
        self._tab = LIST
        self._key: int | None = None
        self._back: Button | None = None
        self._new: Button | None = None

    def _connect_record(self) -> None:
        record = self.record
        record.edit_wanted.connect(self._edit)
        record.tier_wanted.connect(self._tier)
        record.merge_wanted.connect(self._merge)
        record.unmerge_wanted.connect(self._unmerge)
        record.ticket_wanted.connect(self._new_ticket)
        record.erase_wanted.connect(self._erase)
        record.restrict_wanted.connect(self._restrict)
        record.shown_in_full.connect(self._note_shown)
        record.opened.connect(self._go)

    # --- Page ----------------------------------------------------------------------------

    def title(self) -> str:
        """Return the page's name."""
        return _("Customers")

    def trail(self) -> list[str]:
        """Return the number of the customer that is open."""
        detail = self.record.detail
        if self._key is None or detail is None or detail.customer["id"] != self._key:
            return []
        return [str(detail.customer["customer_no"])]

    def tools(self) -> list[QWidget]:
        """Return the way back, and what is new on this tab."""
        self._back = Button(_("All customers"), icon="chevron-left")
        self._back.clicked.connect(self._back_to_list)
        self._new = Button("", kind=Kind.MAIN, icon="plus")
        self._new.clicked.connect(self._on_new)
        self._show_tools()
        return [self._back, self._new]

    def _show_tools(self) -> None:
        if self._back is not None and self._new is not None:
            self._back.setVisible(self._key is not None)
            self._new.set_text(_("New contact plan") if self._tab == PLANS else _("New customer"))
            self._new.setVisible(self._key is None and self._tab != SAME)

    def show_route(self, route: Route) -> None:
        """Show the list, a tab, or one customer."""
        self._key = route.record
        self.tabs.setVisible(route.record is None)
        if route.record is not None:
            self._show_tools()
            self.place.shell.set_status("")
            self._load(route.record)
            return
        if route.query is not None:
            self.list.show_query(route.query, route.title)
            self._tab = LIST
        elif not self._shown or "view" in route.values:
            self.list.show_view(str(route.values.get("view", "all")))
        self._shown = True
        self._show_tab(str(route.values.get("tab", self._tab)))
        self.trail_changed.emit()

    def _show_tab(self, key: str) -> None:
        self._tab = key
        self.tabs.choose(key)
        self.place.shell.set_status("")
        if key == PLANS:
            self._stack.setCurrentWidget(self.plans)
            self.plans.load()
            self.plans.table.setFocus()
        elif key == SAME:
            self._stack.setCurrentWidget(self.same)
            self.same.load()
            self.same.table.setFocus()
        else:
            self._stack.setCurrentWidget(self.list)
            self.list.table.setFocus()
            self._on_counted(self.list.rows.count)
        self._show_tools()

    def search(self, text: str) -> None:
        """Narrow the list to words."""
        if self._key is not None or self._tab != LIST:
            self.place.shell.go(Route("customers", values={"tab": LIST}))
        self.list.search(text)

    def refresh(self, changes: Changes) -> None:
        """Show what a write has changed."""
        self.list.refresh(changes)
        tables = changes.tables()
        if tables & {"contact_plan", "contact_plan_member", "callback", "customer"}:
            self.plans.load()
        if "customer" in tables and self._tab == SAME:
            self.same.load()
        about = {"customer", "ticket", "complaint", "callback", "survey", "visit", "sales_order"}
        if self._key is not None and tables & about:
            self._load(self._key)

    def save_state(self) -> dict[str, Any]:
        """Return the list's state."""
        return {"list": self.list.save_state(), "shown": self._shown, "tab": self._tab}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take the list's state back."""
        if state["shown"]:
            self.list.restore_state(state["list"])
            self._shown = True
            self._tab = state["tab"]

    def act(self, action: str) -> bool:
        """Run a page action."""
        if action == "customer.new":
            self._new_customer()
        elif action == "contact_plan.new":
            self.place.shell.go(Route("customers", values={"tab": PLANS}))
            self.plans.new_plan()
        elif action in {"customer.erase", "customer.restrict"}:
            self._on_one(self._erase if action == "customer.erase" else self._restrict)
        else:
            return False
        return True

    def _on_one(self, act: Callable[[], None]) -> None:
        if self._key is None:
            self.place.shell.say(_("Open a customer first."), undo=False)
        else:
            act()

    # --- one customer --------------------------------------------------------------------

    def _open(self, key: object) -> None:
        if isinstance(key, int):
            self.place.shell.go(Route("customers", key))

    def _go(self, page: str, key: object) -> None:
        if isinstance(key, int):
            self.place.shell.go(Route(page, key))

    def _back_to_list(self) -> None:
        self.place.shell.go(Route("customers"))

    def _on_counted(self, count: int) -> None:
        if self._key is None and self._tab == LIST and self.isVisible():
            self.place.shell.set_status(_("{n} customers shown").format(n=f"{count:,}"))

    def _load(self, key: int) -> None:
        desk = self.place.desk

        def work(_context: JobContext) -> CustomerPage:
            return customer_page.get(desk, key)

        self._detail.start(work).on_success(self._on_loaded).on_failure(self.place.shell.tell)

    def _on_loaded(self, detail: CustomerPage) -> None:
        if detail.customer["id"] != self._key:
            return
        fresh = self._stack.currentWidget() is not self.record
        self.record.show_customer(detail)
        self._stack.setCurrentWidget(self.record)
        if fresh:
            self.setFocus()
        self.trail_changed.emit()

    def _note_shown(self) -> None:
        desk, key = self.place.desk, self._key
        if key is not None:
            self.place.runner.start(
                lambda _context: customer_page.note_unmasked(desk, key), lane=WRITE, owner=self
            ).on_failure(self.place.shell.tell)

    # --- dialogs -------------------------------------------------------------------------

    def _on_new(self) -> None:
        if self._tab == PLANS:
            self.plans.new_plan()
        else:
            self._new_customer()

    def _new_customer(self) -> None:
        dialog = CustomerDialog(self, self.place)
        dialog.saved.connect(self._open)
        dialog.open()

    def _edit(self) -> None:
        if self.record.detail is not None and self._key is not None:
            self._note_shown()  # the form shows everything in full
            CustomerDialog(self, self.place, self.record.detail.customer).open()

    def _tier(self) -> None:
        if self.record.detail is not None:
            TierDialog(self, self.place, self.record.detail.customer).open()

    def _merge(self, other: object) -> None:
        if self._key is not None:
            source = other if isinstance(other, int) else None
            self._open_merge(self._key, source)

    def _merge_pair(self, target: object, source: object) -> None:
        if isinstance(target, int) and isinstance(source, int):
            self._open_merge(target, source)

    def _open_merge(self, target: int, source: int | None) -> None:
        dialog = MergeDialog(self, self.place, target, source)
        dialog.merged.connect(self._on_merged)
        dialog.open()

    def _on_merged(self, key: object) -> None:
        self.place.shell.say(_("Customers merged"))
        if self._key is not None:
            self._open(key)

    def _unmerge(self, key: object) -> None:
        desk = self.place.desk
        if isinstance(key, int):
            handle = self.place.runner.start(
                lambda _context: customer_merge.unmerge(desk, key), lane=WRITE, owner=self
            )
            handle.on_success(self._on_unmerged).on_failure(self.place.shell.tell)

    def _on_unmerged(self, _outcome: Any) -> None:
        self.place.shell.say(_("The merge was taken apart"))

    def _erase(self) -> None:
        """Ask for the number, then erase; refused in words to whoever may not."""
        if self.record.detail is not None:
            dialog = EraseDialog(self, self.place, self.record.detail.customer)
            dialog.erased.connect(self._on_erased)
            dialog.open()

    def _on_erased(self, _key: object) -> None:
        self.place.shell.say(_("The customer was erased"), undo=False)

    def _restrict(self) -> None:
        if self.record.detail is not None:
            dialog = RestrictDialog(self, self.place, self.record.detail.customer)
            dialog.saved.connect(self._on_restricted)
            dialog.open()

    def _on_restricted(self, _key: object) -> None:
        self.place.shell.say(_("Noted in the audit log"))

    def _new_ticket(self) -> None:
        from ui.pages.entry_dialog import EntryDialog
        from ui.pages.tickets.entry import ticket_defaults, ticket_spec

        detail = self.record.detail
        if detail is None or detail.customer["merged_into_id"] is not None:
            return
        if detail.customer["restricted"] or detail.customer["erased_at"] is not None:
            return
        defaults = ticket_defaults(self.place.desk)
        dialog = EntryDialog(self, self.place, ticket_spec(), defaults=defaults)
        dialog.choose_customer(int(detail.customer["id"]))
        dialog.saved.connect(self._on_ticket)
        dialog.open()

    def _on_ticket(self, _key: object) -> None:
        self.place.shell.say(_("Ticket saved"))

    # --- keys ----------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Single keys about the customer shown, while no text field has the focus."""
        typing = isinstance(QApplication.focusWidget(), QLineEdit | QPlainTextEdit)
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        keys = {"E": self._edit, "N": self._new_ticket, "T": self._tier}
        key = event.text().upper()
        if self._key is not None and plain and not typing and key in keys:
            keys[key]()
        elif self._key is not None and plain and not typing and key == "M":
            self._merge(None)
        elif self._key is not None and event.key() == Qt.Key.Key_Escape:
            self._back_to_list()
        else:
            super().keyPressEvent(event)
