"""The knowledge page: articles with the one that is read, and what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout

from svcdesk.i18n.catalog import _, current, pgettext
from svcdesk.services import knowledge
from ui.jobs.runner import WRITE, Latest
from ui.pages.knowledge.dialog import ArticleDialog
from ui.pages.knowledge.gaps import GapsView
from ui.pages.knowledge.pane import ArticlePane
from ui.pages.knowledge.rows import columns, filters, view_query, views
from ui.pages.list_pane import ListPane
from ui.pages.page import Changes, Page, Route, Workplace
from ui.widgets.button import Button, Kind
from ui.widgets.side_by_side import SideBySide
from ui.widgets.tabs import TabDef, TabRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

    from svcdesk.services.desk import Outcome
    from svcdesk.services.knowledge import ArticleDetail
    from svcdesk.system.job import JobContext

LIST, GAPS = "articles", "gaps"


class KnowledgePage(Page):
    """Knowledge."""

    key = "knowledge"
    searchable = True

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        desk = place.desk
        self.tabs = TabRow(
            [
                TabDef(LIST, _("Articles"), "book-open"),
                TabDef(GAPS, _("Missing articles"), "lightbulb", "warn"),
            ]
        )
        self.tabs.chosen.connect(self._show_tab)
        self.list = ListPane(
            place, "knowledge", columns(desk), views(), filters(desk), view_query
        )  # fmt: skip
        self.list.current_changed.connect(self._on_current)
        self.list.opened.connect(self._edit)
        self.list.counted.connect(self._on_counted)
        self.pane = ArticlePane(desk)
        self._connect_pane()
        names = (pgettext("pane", "List"), pgettext("pane", "Article"))
        self._split = SideBySide(self.list, self.pane, (720, 500), names)
        self.gaps = GapsView(place)
        self.gaps.tickets_wanted.connect(self._show_tickets)
        self.gaps.drafted.connect(self._on_drafted)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._split)
        self._stack.addWidget(self.gaps)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self._stack, 1)
        self._detail = Latest(place.runner, self)
        self._shown = False
        self._tab = LIST

    def _connect_pane(self) -> None:
        pane = self.pane
        pane.edit_wanted.connect(self._edit)
        pane.publish_wanted.connect(self._publish)
        pane.retire_wanted.connect(self._retire)
        pane.voted.connect(self._vote)
        pane.restore_wanted.connect(self._restore)
        pane.uses_wanted.connect(self._show_uses)
        pane.source_wanted.connect(self._show_source)
        pane.pick_wanted.connect(self._pick)

    # --- Page ----------------------------------------------------------------------------

    def title(self) -> str:
        """Return the page's name."""
        return _("Knowledge")

    def tools(self) -> list[QWidget]:
        """Return the export of cases and the form of a new article."""
        export = Button(_("Export cases…"), icon="download")
        export.setToolTip(_("The cases and stories of this list as PDF or spreadsheet"))
        export.clicked.connect(self._choose_file)
        new = Button(_("New article"), kind=Kind.MAIN, icon="plus")
        new.clicked.connect(self._new)
        return [export, new]

    def show_route(self, route: Route) -> None:
        """Show a view, a tab or one article."""
        if route.query is not None:
            self.list.show_query(route.query, route.title)
        elif not self._shown or "view" in route.values:
            self.list.show_view(str(route.values.get("view", "published")))
        else:
            self.list.reload()
        self._shown = True
        self._show_tab(str(route.values.get("tab", LIST if route.record else self._tab)))
        if route.record is not None:
            self.list.select(route.record)
            self._load(route.record)

    def _show_tab(self, key: str) -> None:
        self._tab = key
        self.tabs.choose(key)
        if key == GAPS:
            self._stack.setCurrentWidget(self.gaps)
            self.place.shell.set_status("")
            self.gaps.load()
            self.gaps.table.setFocus()
        else:
            self._stack.setCurrentWidget(self._split)
            self.list.table.setFocus()
            self._on_counted(self.list.rows.count)

    def search(self, text: str) -> None:
        """Narrow the list to words."""
        self._show_tab(LIST)
        self.list.search(text)

    def refresh(self, changes: Changes) -> None:
        """Show what a write has changed."""
        self.list.refresh(changes)
        about = {"knowledge", "knowledge_version", "knowledge_vote", "ticket_knowledge", "ticket"}
        if not changes.tables() & about:
            return
        if self._tab == GAPS:
            self.gaps.load()
        key = self._key()
        if key is not None:
            self._load(key)

    def save_state(self) -> dict[str, Any]:
        """Return the list's state."""
        return {
            "list": self.list.save_state(), "split": self._split.save_state(),
            "shown": self._shown, "tab": self._tab,
        }  # fmt: skip

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take the list's state back."""
        if state["shown"]:
            self.list.restore_state(state["list"])
            self._split.restore_state(state["split"])
            self._shown, self._tab = True, state["tab"]

    def act(self, action: str) -> bool:
        """Run a page action."""
        if action == "article.new":
            self._new()
            return True
        return False

    # --- one article ---------------------------------------------------------------------

    def _key(self) -> int | None:
        return None if self.pane.detail is None else int(self.pane.detail.article["id"])

    def _on_current(self, key: object) -> None:
        if isinstance(key, int):
            self._load(key)

    def _on_counted(self, count: int) -> None:
        if self._tab == LIST and self.isVisible():
            self.place.shell.set_status(_("{n} articles shown").format(n=f"{count:,}"))

    def _load(self, key: int) -> None:
        desk = self.place.desk

        def work(_context: JobContext) -> ArticleDetail:
            return knowledge.get(desk, key)

        handle = self._detail.start(work)
        handle.on_success(self.pane.show_article).on_failure(self._on_gone)

    def _on_gone(self, error: object) -> None:
        if getattr(error, "code", "") != "gone":  # undo took the article that was shown
            self.place.shell.tell(error)

    def _start(self, work: Callable[[], Outcome[Any]], done: str) -> None:
        self._done = done
        handle = self.place.runner.start(lambda _context: work(), lane=WRITE, owner=self)
        handle.on_success(self._on_done).on_failure(self.place.shell.tell)

    _done = ""

    def _on_done(self, _outcome: Any) -> None:
        if self._done:
            self.place.shell.say(self._done)

    def _publish(self) -> None:
        desk, key = self.place.desk, self._key()
        if key is not None:
            text = _("Published; to be reviewed in 180 days")
            self._start(lambda: knowledge.publish(desk, key), text)

    def _retire(self) -> None:
        desk, key = self.place.desk, self._key()
        if key is not None:
            self._start(lambda: knowledge.retire(desk, key), _("Article retired"))

    def _vote(self, useful: object) -> None:
        desk, key = self.place.desk, self._key()
        if key is not None:
            wanted = useful if isinstance(useful, bool) else None
            self._start(lambda: knowledge.vote(desk, key, useful=wanted), "")

    def _restore(self, version: object) -> None:
        desk, key = self.place.desk, self._key()
        if key is not None and isinstance(version, int):
            self._start(lambda: knowledge.restore(desk, key, version), _("Version restored"))

    def _pick(self, month: object) -> None:
        desk, key = self.place.desk, self._key()
        if key is not None:
            wanted = month if isinstance(month, str) else None
            text = _("Picked for the report") if wanted else _("Taken out of the report")
            self._start(lambda: knowledge.pick(desk, key, wanted), text)

    def _show_uses(self) -> None:
        detail = self.pane.detail
        if detail is not None:
            number = detail.article["article_no"]
            title = _("Used {article}").format(article=number)
            self._show_tickets([use.id for use in detail.uses], title)

    def _show_tickets(self, ids: Any, title: str) -> None:
        from svcdesk.services.queries import Query

        query = Query("ticket", sort="created_at").among(ids)
        self.place.shell.go(Route("tickets", query=query, title=title))

    def _show_source(self, page: str, key: object) -> None:
        if isinstance(key, int):
            self.place.shell.go(Route(page, key))

    # --- writing -------------------------------------------------------------------------

    def _new(self) -> None:
        dialog = ArticleDialog(self, self.place)
        dialog.saved.connect(self._on_written)
        dialog.open()

    def _edit(self) -> None:
        if self.pane.detail is not None:
            ArticleDialog(self, self.place, self.pane.detail.article).open()

    def _on_written(self, key: object) -> None:
        if isinstance(key, int):
            self.place.shell.say(_("Article saved as a draft"))
            self.place.shell.go(Route("knowledge", key, values={"view": "draft"}))

    def _on_drafted(self, key: object) -> None:
        self._on_written(key)

    # --- export --------------------------------------------------------------------------

    def _choose_file(self) -> None:
        kinds = "PDF (*.pdf);;Excel (*.xlsx);;CSV (*.csv)"
        dialog = QFileDialog(self, _("Export cases"), "cases.pdf", kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(self.export_to)
        dialog.open()

    def export_to(self, name: str) -> None:
        """Write the cases of the list as it is shown."""
        from svcdesk.services import case_export

        desk, query, t = self.place.desk, self.list.query(), current()
        handle = self.place.runner.start(
            lambda context: case_export.write(desk, query, Path(name), t, context),
            lane=WRITE, owner=self,
        )  # fmt: skip
        handle.on_success(self._on_exported).on_failure(self.place.shell.tell)

    def _on_exported(self, count: int) -> None:
        text = _("{n} cases written; names and phones are masked")
        self.place.shell.say(text.format(n=count), undo=False)

    # --- keys ----------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Single keys: they arrive here only while no text field has the focus."""
        key = event.text().upper()
        step = {"J": 1, "K": -1}.get(key, 0)
        keys = {"E": self._edit, "P": self._publish}
        if self._tab != LIST or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        elif step:
            self.list.table.step(step)
        elif key in keys:
            keys[key]()
        elif key in {"+", "-"}:
            self.pane.vote(useful=key == "+")
        else:
            super().keyPressEvent(event)
