"""The saved views of a list beside those that come with the program: tabs, keys, menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu

from svcdesk.i18n.catalog import _
from svcdesk.services import views
from ui.jobs.runner import WRITE
from ui.widgets.button import Button, Kind
from ui.widgets.tabs import TabDef

if TYPE_CHECKING:
    from PySide6.QtWidgets import QHBoxLayout

    from svcdesk.domain.query import Query
    from svcdesk.services.views import View
    from ui.pages.list_pane import ListPane

FIRST = 5  # tabs of the program that stand before the saved ones
KEYS = 9


class ListViews(QObject):
    """Keeps the tab row of a list: Alt+1 … Alt+9 choose its tabs."""

    def __init__(self, pane: ListPane, head: QHBoxLayout) -> None:
        super().__init__(pane)
        self._pane = pane
        self._built_in: list[TabDef] = list(pane.built_in())
        self._views: dict[str, View] = {}
        self._button = Button(_("Views"), pane, kind=Kind.QUIET, icon="view", small=True)
        self._button.setToolTip(_("Save what is shown as a view, or change the views"))
        self._button.clicked.connect(self._open_menu)
        head.addWidget(self._button)
        for number in range(1, KEYS + 1):
            shortcut = QShortcut(QKeySequence(f"Alt+{number}"), pane)
            shortcut.setProperty("place", number - 1)
            shortcut.activated.connect(self._on_key)
        self.reload()

    def reload(self) -> None:
        """Offer the views as they are now."""
        found = views.saved(self._pane.place.desk, self._pane.entity)
        self._views = {view.key: view for view in found}
        mine = [TabDef(v.key, v.name, "users" if v.shared else "", "text-2") for v in found]
        tabs = [*self._built_in[:FIRST], *mine, *self._built_in[FIRST:]]
        if [tab for tab in tabs if tab.key] != self._shown():
            self._tabs = tabs
            self._pane.tabs.set_tabs(tabs)
        from ui.pages.view_panel import ManageViewsPanel

        if isinstance(self._pane.panel, ManageViewsPanel):
            self._pane.panel.reload()

    def _shown(self) -> list[TabDef]:
        return getattr(self, "_tabs", [])

    def query(self, key: str) -> Query | None:
        """Return the query of a saved view, None when ``key`` is none."""
        view = self._views.get(key)
        return None if view is None else view.query

    def name(self) -> str:
        """Return the name of the view that is shown, "" for none."""
        key = self._pane.tabs.key()
        return next((tab.label for tab in self._shown() if tab.key == key), "")

    def _on_key(self) -> None:
        place = int(self.sender().property("place"))
        keys = self._pane.tabs.all_keys()
        if place < len(keys):
            self._pane.show_view(keys[place])
            self._pane.table.setFocus()

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.popup(self._button.mapToGlobal(QPoint(0, self._button.height())))

    def menu(self) -> QMenu:
        """Return the menu of the views."""
        menu = QMenu(self._button)
        menu.addAction(_("Save as new view…")).triggered.connect(self.save_as)
        current = self._views.get(self._pane.tabs.key())
        update = menu.addAction(_("Update this view"))
        update.setEnabled(current is not None and current.editable)
        update.triggered.connect(self._update)
        menu.addAction(_("Manage views…")).triggered.connect(self.manage)
        return menu

    def save_as(self) -> None:
        """Ask for the name of a new view."""
        from ui.pages.view_panel import SaveViewPanel

        panel = SaveViewPanel(self._pane.place, self._pane.to_save())
        panel.closed.connect(self._pane.close_panel)
        panel.saved.connect(self._on_saved)
        self._pane.open_panel(panel)
        panel.focus()

    def _on_saved(self, key: object) -> None:
        self.reload()
        self._pane.tabs.choose(f"view:{key}")
        self._pane.place.shell.say(_("View saved"))

    def _update(self) -> None:
        view, desk, query = (
            self._views.get(self._pane.tabs.key()), self._pane.place.desk, self._pane.to_save(),
        )  # fmt: skip
        if view is not None and view.id is not None:
            key = view.id
            handle = self._pane.place.runner.start(
                lambda _context: views.replace_query(desk, key, query), lane=WRITE, owner=self
            )
            handle.on_success(self._on_updated).on_failure(self._pane.place.shell.tell)

    def _on_updated(self, _outcome: object) -> None:
        self._pane.place.shell.say(_("View saved"))

    def manage(self) -> None:
        """Open the list of saved views."""
        from ui.pages.view_panel import ManageViewsPanel

        panel = ManageViewsPanel(self._pane.place, self._pane.entity)
        panel.closed.connect(self._pane.close_panel)
        self._pane.open_panel(panel)
        panel.focus()
