"""The ticket page: views, list, detail, next steps."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _, pgettext
from ui.pages.entry_dialog import EntryDialog
from ui.pages.list_pane import ListPane
from ui.pages.page import Changes, Page, Route, Workplace
from ui.pages.tickets.detail_pane import TicketPane
from ui.pages.tickets.entry import ticket_defaults, ticket_spec
from ui.pages.tickets.own_window import TicketWindow
from ui.pages.tickets.pane_actions import PaneActions, typing
from ui.pages.tickets.rows import columns, filters, offer, view_query, views
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind
from ui.widgets.side_by_side import SideBySide

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QShowEvent

FIRST_VIEW = "open"
SPLIT = "split/tickets"
PANE_WIDTH = 364


class TicketsPage(Page):
    """Tickets."""

    key = "tickets"
    searchable = True

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        desk = place.desk
        self.list = ListPane(
            place, "ticket", columns(desk), views(), filters(desk), partial(view_query, desk),
            offer=offer(desk),
        )  # fmt: skip
        self.list.current_changed.connect(self._on_current)
        self.list.opened.connect(self._on_opened)
        self.list.counted.connect(self._on_counted)
        self.pane = TicketPane(place)
        self.pane.customer_wanted.connect(self._show_customer)
        self.pane.move_wanted.connect(self.list.table.step)
        self.pane.window_wanted.connect(self._open_window)
        self.actions_ = PaneActions(self.pane, place)
        self.actions_.loaded.connect(self._on_loaded)
        self.actions_.open_wanted.connect(self._open_ticket)
        self._windows: list[TicketWindow] = []
        names = (pgettext("pane", "List"), pgettext("pane", "Ticket"))
        self._split = SideBySide(self.list, self.pane, (866, px(PANE_WIDTH)), names)
        self._split.split.splitterMoved.connect(self._keep_split)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._split)
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
            self.actions_.load(route.record)
        self.list.table.setFocus()
        self._split.bring(detail=route.record is not None)

    def search(self, text: str) -> None:
        """Narrow the list to words."""
        self.list.search(text)

    def refresh(self, changes: Changes) -> None:
        """Show what a write has changed."""
        self.list.refresh(changes)
        self.actions_.refresh(changes)
        for window in self._windows:
            window.refresh(changes)

    def save_state(self) -> dict[str, Any]:
        """Return the list's state and the windows that are open."""
        self._flush()
        return {
            "list": self.list.save_state(),
            "split": self._split.save_state(),
            "windows": [window.key for window in self._windows],
        }

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take the list's state back."""
        self.list.restore_state(state["list"])
        self._split.restore_state(state["split"])
        for key in state["windows"]:
            self._show_window(key)
        self._shown = True

    def can_leave(self) -> bool:
        """Words being typed are kept on disk; leaving loses nothing."""
        self._flush()
        return True

    def _flush(self) -> None:
        for pane in (self.pane, *(window.pane for window in self._windows)):
            pane.talk.draft.flush()
            pane.draft.flush()

    def record_shown(self) -> tuple[str, int] | None:
        """Return the ticket in the pane."""
        detail = self.pane.detail
        return None if detail is None else ("ticket", int(detail.ticket["id"]))

    def act(self, action: str) -> bool:
        """Run a page action."""
        if action == "ticket.new":
            self._new()
        elif action == "ticket.window":
            self._open_window()
        elif action == "ticket.complaint":
            self._complain()
        elif action == "ticket.survey":
            self._send_survey()
        elif action == "ticket.check":
            self._check_quality()
        elif not action.startswith("ticket.") or not self.actions_.act(action):
            return False
        else:
            self._split.bring(detail=True)
        return True

    def _send_survey(self) -> None:
        """Send surveys to the customers of the selected tickets, or of the one shown."""
        from ui.pages.surveys.send_panel import SendPanel

        several = self.list.table.selected_count() > 1
        chosen = self.list.table.chosen()[0] if several else None
        shown = self.record_shown()
        keys = chosen or ([shown[1]] if shown is not None else [])
        if not keys:
            self.place.shell.say(_("Choose a ticket first."), undo=False)
            return
        panel = SendPanel(self.place, keys)
        panel.closed.connect(self.list.close_panel)
        self.list.open_panel(panel)
        panel.begin()

    def _check_quality(self) -> None:
        shown = self.record_shown()
        if shown is None:
            self.place.shell.say(_("Choose a ticket first."), undo=False)
        else:
            self.place.shell.go(Route("quality", values={"ticket": shown[1]}))

    def _complain(self) -> None:
        """Register a complaint that takes over what the current ticket knows."""
        shown = self.record_shown()
        if shown is None:
            self.place.shell.say(_("Choose a ticket first."), undo=False)
        else:
            self.place.shell.go(Route("complaints", values={"from_ticket": shown[1]}))

    def _keep_split(self) -> None:
        QSettings().setValue(SPLIT, self._split.split.sizes()[1])

    def showEvent(self, event: QShowEvent) -> None:
        """Give the pane the width that it had the last time."""
        super().showEvent(event)
        kept = str(QSettings().value(SPLIT) or "")
        if kept.isdecimal() and not self._split.narrow:
            self._split.split.setSizes([max(self.width() - int(kept), 1), int(kept)])

    # --- one ticket ----------------------------------------------------------------------

    def _on_current(self, key: object) -> None:
        if isinstance(key, int):
            self.actions_.load(key)

    def _on_counted(self, count: int) -> None:
        if self.isVisible():
            self.place.shell.set_status(_("{n} tickets shown").format(n=f"{count:,}"))
        self._show_position()

    def _on_loaded(self, _detail: object) -> None:
        self._show_position()

    def _on_opened(self, _key: object) -> None:
        self._split.bring(detail=True)
        self.actions_.edit()

    def _show_position(self) -> None:
        rows = self.list.rows
        key = self.actions_.key
        position = self.list.table.currentIndex().row()
        if key is not None and rows.id_at(position) != key:
            position = rows.position_of(key)
        self.pane.show_position(position, rows.count)

    def _show_customer(self, customer_id: object) -> None:
        if isinstance(customer_id, int):
            self.place.shell.go(Route("customers", customer_id))

    def _open_ticket(self, key: object) -> None:
        """Show another ticket in the pane; the way back is in the history."""
        if isinstance(key, int):
            self.place.shell.go(Route("tickets", key))

    # --- windows of their own --------------------------------------------------------------

    def _open_window(self) -> None:
        if self.actions_.key is not None:
            self._show_window(self.actions_.key)

    def _show_window(self, key: int) -> None:
        known = next((window for window in self._windows if window.key == key), None)
        if known is not None:
            known.raise_()
            known.activateWindow()
            return
        window = TicketWindow(self, self.place, key)
        window.open_wanted.connect(self._open_ticket)
        window.customer_wanted.connect(self._show_customer)
        window.closed.connect(self._on_window_closed)
        self._windows.append(window)
        window.show()

    def _on_window_closed(self, window: object) -> None:
        self._windows = [known for known in self._windows if known is not window]

    # --- dialogs -------------------------------------------------------------------------

    def _new(self) -> None:
        defaults = ticket_defaults(self.place.desk)
        dialog = EntryDialog(self, self.place, ticket_spec(), defaults=defaults)
        dialog.saved.connect(self._on_saved)
        dialog.open()

    def _on_saved(self, key: object) -> None:
        if isinstance(key, int):
            self.place.shell.say(_("Ticket saved"))
            self.list.table.go_to(key)
            self.actions_.load(key)
            self.list.table.setFocus()

    def _import(self) -> None:
        self.place.shell.go(Route("import"))

    # --- keys ----------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Single keys: they arrive here only while no text field has the focus."""
        if event.matches(QKeySequence.StandardKey.Paste) and not typing() and self.pane.paste():
            return
        modifiers = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        if event.modifiers() & ~modifiers or typing():
            super().keyPressEvent(event)
            return
        step = {"J": 1, "K": -1}.get(event.text().upper(), 0)
        if step:
            self.list.table.step(step)
        elif self.actions_.press(event):
            self._split.bring(detail=True)
        else:
            super().keyPressEvent(event)
