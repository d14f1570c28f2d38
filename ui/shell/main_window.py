"""What fills the window: rail, top bar, messages, page stack; it is the Shell of its pages."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QHBoxLayout,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from svcdesk.i18n.catalog import _, pgettext
from ui.pages.page import Changes, Page, Route, Workplace
from ui.shell.actions import Actions
from ui.shell.bare_window import BareWindow
from ui.shell.case_maker import CaseMaker
from ui.shell.closing_hint import ClosingHint
from ui.shell.messages import MessageBar
from ui.shell.navigation import History
from ui.shell.pages import PAGES, open_counts
from ui.shell.rail import Place, Rail
from ui.shell.top_bar import TopBar
from ui.shell.undo_menu import UndoMenu
from ui.shell.watcher import Watcher
from ui.shell.window_state import last_page, save_window
from ui.theme.tokens import px
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.scroll_area import PageArea
from ui.widgets.tabs import TabRow
from ui.widgets.toast import Toast

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent

    from svcdesk.services.desk import Desk
    from ui.jobs.runner import JobRunner
    from ui.shell.preferences import Preferences

NARROW, WIDE = 1200, 1600
COUNT_DELAY_MS = 400
# actions of one page that open it from everywhere
PAGE_OF = {"customer.new": "customers", "customer.erase": "customers",
           "customer.restrict": "customers", "contact_plan.new": "customers", "article.new": "knowledge",
           "improvement.new": "improvement",
           "report.monthly": "documents", "report.print": "documents",
           "callback.hand_out": "callbacks", "complaint.findings": "complaints",
           "complaint.board": "complaints", "complaint.new": "complaints"}  # fmt: skip


class MainWindow(QWidget):
    """The frame around the pages of one open data file."""

    closing = Signal()

    def __init__(
        self, runner: JobRunner, preferences: Preferences, host: BareWindow | None = None
    ) -> None:
        super().__init__()
        self.host = host if host is not None else BareWindow()
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._root: QWidget | None = None
        self._runner = runner
        self.preferences = preferences
        self.place: Workplace | None = None
        self.actions_ = Actions(self)
        self.actions_.allow(desk=False)
        self.actions_.asked.connect(self.act)
        self.handlers: dict[str, Callable[[], None]] = {}
        self._cases = CaseMaker(self, runner)
        self.steps = UndoMenu(self, runner, self.actions_)
        self.watcher = Watcher(runner, self)
        self.watcher.counted.connect(self._on_unseen)
        self.watcher.wanted.connect(self._on_notice)
        self.watcher.failed.connect(self.tell)
        self._pages: dict[str, Page] = {}
        self._areas: dict[str, PageArea] = {}
        self._facts = ("", "")
        self._said: dict[str, str] = {}  # what the status bar says, by page
        self._states: dict[str, dict[str, Any]] = {}
        self._page: Page | None = None
        self._history = History()
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting.setInterval(COUNT_DELAY_MS)
        self._counting.timeout.connect(self._count)
        self.handlers.update(
            {
                "undo": self.steps.undo,
                "redo": self.steps.redo,
                "back": self._back,
                "forward": self._forward,
                "palette": self._open_palette,
                "search": self._focus_search,
                "refresh": self._refresh_all,
                "case.improve": self._cases.improve,
                "case.case": partial(self._cases.make, "case"),
                "case.praise": partial(self._cases.make, "praise"),
                "notices": self._open_notices,
                "people": self._open_people,
                "tab.next": partial(self._step_tab, 1),
                "tab.previous": partial(self._step_tab, -1),
            }
        )
        self._build()
        self.host.setCentralWidget(self)
        self.host.resized.connect(self._fit)
        self.host.close_asked.connect(self._on_close)

    # --- the frame -----------------------------------------------------------------------

    def _build(self) -> None:
        """Make the frame in the present language and theme."""
        self.actions_.translate()
        self.actions_.fill(self.host.menuBar())
        self.host.setWindowTitle(_("Service desk"))
        root = QWidget(self)
        if self._root is not None:
            self._root.hide()
            self._root.deleteLater()
        self._root = root
        self._outer.addWidget(root)
        row = QHBoxLayout(root)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.rail = Rail(
            [
                Place("today", _("Today"), "calendar-clock"),
                Place("tickets", _("Tickets"), "inbox"),
                Place("complaints", _("Complaints"), "message-square-warning"),
                Place("callbacks", _("Callbacks"), "phone"),
                Place("surveys", pgettext("page", "Surveys"), "thumbs-up"),
                Place("quality", pgettext("page", "Quality"), "list-checks"),
                Place("customers", _("Customers"), "users"),
                Place("knowledge", _("Knowledge"), "book-open"),
                Place("reports", _("Reports"), "chart-column"),
                Place("documents", pgettext("page", "Documents"), "file-text"),
                Place("improvement", pgettext("page", "Improve"), "trending-up"),
            ],
            [Place("settings", _("Settings"), "settings")],
        )
        self.rail.chosen.connect(self._on_rail)
        self.rail.person_clicked.connect(self._open_people)
        row.addWidget(self.rail)
        column = QVBoxLayout()
        column.setSpacing(0)
        self.top = TopBar()
        self.top.searched.connect(self._on_search)
        self.top.search_left.connect(self._into_list)
        self.top.palette_wanted.connect(self._open_palette)
        self.top.notices_wanted.connect(self._open_notices)
        self.messages = MessageBar()
        self.stack = QStackedWidget()
        column.addWidget(self.top)
        column.addWidget(self.messages)
        column.addWidget(self.stack, 1)
        row.addLayout(column, 1)
        self.toast = Toast(root)
        self.toast.undo_requested.connect(self.steps.undo)
        self._build_status()
        self._show_frame()

    def _build_status(self) -> None:
        bar = self.host.statusBar()
        for old in bar.findChildren(QWidget):
            if old.property("status"):
                bar.removeWidget(old)
                old.deleteLater()
        self._status = ElidedLabel("", "small", "2")
        saved, calendar = self._facts
        self._saved = label(saved, "small", "2")
        self._calendar = label(calendar, "small", "2")
        for widget in (self._status, self._saved, self._calendar):
            widget.setProperty("status", True)
        self._status.setContentsMargins(12, 0, 0, 0)
        self._calendar.setContentsMargins(8, 0, 12, 0)
        bar.addWidget(self._status, 1)
        bar.addPermanentWidget(self._saved)
        bar.addPermanentWidget(self._calendar)
        bar.setSizeGripEnabled(False)

    def _show_frame(self) -> None:
        open_ = self.place is not None
        self.rail.setVisible(open_)
        self.top.setVisible(open_)
        self.host.statusBar().setVisible(open_)

    def rebuild(self) -> None:
        """Build everything again, after a change of language or theme."""
        for key, page in self._pages.items():
            self._states[key] = page.save_state()
        self._pages.clear()
        self._areas.clear()
        self._said.clear()
        self._page = None
        self._build()
        if self.place is not None:
            self._attach_frame()
            self.show_route(self._history.current or Route("tickets"))

    def show_other(self, widget: QWidget) -> None:
        """Show something that is no page (welcome, opening)."""
        while (old := self.stack.widget(0)) is not None:
            self.stack.removeWidget(old)
            old.deleteLater()
        self.stack.addWidget(PageArea(widget))
        self._show_frame()

    # --- the data file -------------------------------------------------------------------

    def attach(self, desk: Desk) -> None:
        """Show the pages of ``desk``."""
        self.show_other(QWidget())
        self.place = Workplace(desk, self._runner, self)
        self.steps.place = self.place
        self.closing_hint = ClosingHint(self.place, self)
        self._history = History()
        self._states.clear()
        self._pages.clear()
        self._areas.clear()
        self._said.clear()
        self._page = None
        self.actions_.allow(desk=True)
        self._attach_frame()
        last = last_page()
        self.go(Route(last if last in PAGES else "tickets"))

    def detach(self) -> None:
        """Let go of the data file."""
        self.watcher.watch(None)
        self.place = self.steps.place = None
        self._page = None
        self._pages.clear()
        self._areas.clear()
        self._said.clear()
        self.actions_.allow(desk=False)
        self.show_other(QWidget())

    def _attach_frame(self) -> None:
        self._show_frame()
        self._show_desk_facts()
        self.steps.show()
        self._counting.start(0)
        self.watcher.watch(self.place.desk if self.place is not None else None)
        self._fit()

    def _show_desk_facts(self) -> None:
        if self.place is None:
            return
        from svcdesk.i18n.labels import label as code

        desk = self.place.desk
        name = str(desk.reference.settings["organisation"])
        self.host.setWindowTitle(_("Service desk – {name}").format(name=name))
        actor = desk.actor
        self.rail.person.show_person(actor.name, code(actor.roles[0]) if actor.roles else "")

    # --- Shell ---------------------------------------------------------------------------

    def go(self, route: Route) -> None:
        """Open a place, remembering the present one."""
        if self._page is not None and not self._page.can_leave():
            return
        self._history.visit(route)
        self.show_route(route)

    def show_route(self, route: Route) -> None:
        """Show a place without touching the history."""
        page = self._page_for(route.page)
        if page is None:
            return
        if self._page is not page:
            self._page = page
            self.stack.setCurrentWidget(self._areas[route.page])
            self.rail.choose(route.page)
            self.top.search.set_text("")
            self.top.show_tools(page.tools(), searchable=page.searchable)
            self.set_status(self._said.get(route.page, ""))
            self.messages.clear()
        page.setFocus()
        page.show_route(route)
        self._show_trail()
        self.actions_.get("back").setEnabled(self._history.can_back)
        self.actions_.get("forward").setEnabled(self._history.can_forward)

    def _page_for(self, key: str) -> Page | None:
        if self.place is None:
            return None
        page = self._pages.get(key)
        if page is None and key in PAGES:
            page = PAGES[key](self.place)
            page.trail_changed.connect(self._show_trail)
            page.tools_changed.connect(self._show_tools)
            self._pages[key] = page
            _name_parts(page)
            self._areas[key] = PageArea(page)
            self.stack.addWidget(self._areas[key])
            if key in self._states:
                page.restore_state(self._states.pop(key))
        return page

    @property
    def page(self) -> Page | None:
        """The page shown."""
        return self._page

    def _show_tools(self) -> None:
        if self._page is not None and self._page is self.sender():
            self.top.show_tools(self._page.tools(), searchable=self._page.searchable)

    def _show_trail(self) -> None:
        if self._page is not None:
            self.top.show_title(self._page.title(), self._page.trail())

    def say(self, text: str, *, undo: bool = True) -> None:
        """Show a toast."""
        self.toast.say(text, undo=undo)

    def tell(self, error: object) -> None:
        """Tell a failure."""
        self.messages.tell(error)

    def preference(self, name: str) -> str:
        """Return what the user chose for this computer."""
        return str(getattr(self.preferences, name))

    def set_status(self, text: str) -> None:
        """Show a sentence in the status bar, left."""
        self._status.set_text(text)
        if self._page is not None:
            self._said[self._page.key] = text

    def set_facts(self, saved: str, calendar: str) -> None:
        """Show when was saved and which calendar holds, right."""
        self._facts = (saved, calendar)
        self._saved.setText(saved)
        self._calendar.setText(calendar)

    def act(self, action: str) -> None:
        """Run an action: the page's, the window's, or the program's."""
        if self._page is not None and self._page.act(action):
            return
        if action.startswith("go."):
            self.go(Route(action.removeprefix("go.")))
            return
        if action.startswith("list."):
            shown = getattr(self._page, "list", None)
            if shown is None or not shown.isVisible():
                self.say(_("Open a list first."), undo=False)
            else:
                shown.act(action.removeprefix("list."))
            return
        page = PAGE_OF.get(action)
        if page is not None and page != getattr(self._page, "key", ""):
            self.go(Route(page))
            if self._page is not None and self._page.key == page:
                self._page.act(action)
            return
        handler = self.handlers.get(action)
        if handler is not None:
            handler()

    # --- actions -------------------------------------------------------------------------

    def _on_rail(self, key: str) -> None:
        self.go(Route(key))
        if self._page is not None:
            self.rail.choose(self._page.key)

    def _back(self) -> None:
        route = self._history.back()
        if route is not None:
            self.show_route(route)

    def _forward(self) -> None:
        route = self._history.forward()
        if route is not None:
            self.show_route(route)

    def _step_tab(self, by: int) -> None:
        """Go to the next or previous tab of the page, or view of its list."""
        shown = getattr(self._page, "list", None)
        for row in (getattr(self._page, "tabs", None), getattr(shown, "tabs", None)):
            if isinstance(row, TabRow):
                row.step(by)
                return

    def _on_search(self, text: str) -> None:
        if self._page is not None:
            self._page.search(text)

    def _into_list(self) -> None:
        """Go from the search to what it found, so that the keys of the list work."""
        if self._page is not None:
            for view in self._page.findChildren(QAbstractItemView):
                if view.isVisible() and view.focusPolicy() != Qt.FocusPolicy.NoFocus:
                    view.setFocus()
                    return

    def _focus_search(self) -> None:
        if self.top.search.isVisible():
            self.top.search.setFocus()
            self.top.search.selectAll()
        else:
            self._open_palette()

    def _open_palette(self) -> None:

        from ui.shell.palette import Palette

        palette = Palette(self, self.place)
        palette.asked.connect(self.act)
        palette.chosen.connect(self.go)
        palette.open()

    def _open_notices(self) -> None:
        if self.place is None:
            return
        from ui.shell.notice_centre import NoticeCentre

        centre = NoticeCentre(self, self.place)
        centre.chosen.connect(self.go)
        centre.open_under(self.top.bell)

    def _on_unseen(self, count: int) -> None:
        self.top.show_unseen(count)

    def _on_notice(self, route: Route) -> None:
        self.host.raise_()
        self.host.activateWindow()
        self.go(route)

    def _open_people(self) -> None:
        if self.place is None:
            return
        menu = QMenu(self)
        desk = self.place.desk
        for person in desk.reference.people.values():
            if person.active and not person.is_bot:
                action = menu.addAction(person.name)
                action.setData(person.id)
                action.setCheckable(True)
                action.setChecked(person.id == desk.actor.id)
                if action.isChecked():
                    menu.setActiveAction(action)
        menu.triggered.connect(self._on_person)
        menu.popup(self.rail.person.mapToGlobal(self.rail.person.rect().topLeft()))

    def _on_person(self, action: Any) -> None:
        if self.place is not None:
            self.place.desk.act_as(int(action.data()))
            self._show_desk_facts()
            self.watcher.count()
            self._refresh_all()

    # --- changes -------------------------------------------------------------------------

    def refresh(self, changes: Changes) -> None:
        """Show everywhere what a write has changed."""
        for page in self._pages.values():
            page.refresh(changes)
        self.closing_hint.follow(changes)
        self.steps.show()
        if changes.tables() & {"setting", "person", "calendar_day"}:
            self._show_desk_facts()
        if "notification" in changes.tables():
            self.watcher.count()
        self._counting.start()

    def _refresh_all(self) -> None:
        if self._page is not None and self._history.current is not None:
            self._page.show_route(self._history.current)
        self.steps.show()
        self._counting.start()

    def _count(self) -> None:
        if self.place is None:
            return
        desk = self.place.desk
        handle = self._runner.start(lambda _context: open_counts(desk), lane="read", owner=self)
        handle.on_success(self._on_counts)

    def _on_counts(self, counts: dict[str, int]) -> None:
        for key, count in counts.items():
            self.rail.set_count(key, count)

    # --- the window ----------------------------------------------------------------------

    def _fit(self) -> None:
        """Collapse the rail in a narrow window."""
        width = self.host.width()
        self.rail.set_width(narrow=width < px(NARROW), wide=width >= px(WIDE))

    def _on_close(self, event: QCloseEvent) -> None:
        """Ask the page, keep the geometry, let the program end."""
        if self._page is not None and not self._page.can_leave():
            event.ignore()
            return
        save_window(self.host, self._page.key if self._page is not None else "")
        self.closing.emit()


def _name_parts(page: Page) -> None:
    """Give the page and its unnamed lists and scrolled parts its name, for screen readers."""
    title = page.title()
    page.setAccessibleName(title)
    for part in page.findChildren(QAbstractScrollArea):
        if not part.accessibleName() and part.focusPolicy() != Qt.FocusPolicy.NoFocus:
            part.setAccessibleName(title)
