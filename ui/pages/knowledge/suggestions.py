"""Articles for the ticket that is typed or shown: read, insert the solution, vote, open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.services import knowledge, knowledge_use
from ui.jobs.runner import WRITE, Latest
from ui.theme.icons import icon
from ui.theme.tokens import GAP, row_height
from ui.widgets.button import Button, Kind
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from svcdesk.services.desk import Outcome
    from svcdesk.services.knowledge_use import Suggested
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

USER = Qt.ItemDataRole.UserRole
PAUSE_MS = 250  # after the last key
ROWS = 5


class _Articles(QListWidget):
    """The list; Enter inserts."""

    chosen = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter inserts the solution of the current article."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.chosen.emit()
        else:
            super().keyPressEvent(event)


class Suggestions(QWidget):
    """Suggested and used articles. With a ticket, inserting one records its use there.

    ``inserted`` carries the solution's text and the article's key; ``found`` how many there are.
    """

    inserted = Signal(str, object)
    opened = Signal(object)
    found = Signal(int)

    def __init__(self, place: Workplace, rows: int = ROWS) -> None:
        super().__init__()
        self._place = place
        self._rows = rows
        self._ticket: int | None = None
        self._text = ""
        self._issue: int | None = None
        self._articles: dict[int, Suggested] = {}
        self._used: set[int] = set()
        self._job = Latest(place.runner, self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        self.list = _Articles()
        self.list.setAccessibleName(_("Suggested articles"))
        self.list.setMaximumHeight(rows * row_height() + GAP)
        self.list.chosen.connect(self.insert)
        self.list.itemDoubleClicked.connect(self.insert)
        self.list.currentItemChanged.connect(self._on_current)
        column.addWidget(self.list)
        self._empty = label(_("No article fits."), "small", "3")
        column.addWidget(self._empty)
        self._solution = label("", "small", "2", wrap=True, selectable=True)
        column.addWidget(self._solution)
        column.addWidget(self._build_tools())
        self._show_tools()

    def _build_tools(self) -> QWidget:
        tools = QWidget()
        flow = FlowLayout(tools, gap=GAP)
        self._insert = Button(_("Insert"), icon="arrow-down", key="↵", small=True)
        self._insert.setToolTip(_("Insert the solution and note that the article was used"))
        self._open = Button(_("Open"), kind=Kind.QUIET, icon="book-open", small=True)
        self._useful = Button(_("Useful"), kind=Kind.QUIET, icon="thumbs-up", small=True)
        self._useless = Button(_("Not useful"), kind=Kind.QUIET, icon="thumbs-down", small=True)
        self._unuse = Button(_("Not used after all"), kind=Kind.QUIET, icon="x", small=True)
        for button, slot in (
            (self._insert, self.insert),
            (self._open, self._on_open),
            (self._useful, self._on_useful),
            (self._useless, self._on_useless),
            (self._unuse, self._on_unuse),
        ):
            button.clicked.connect(slot)
            flow.addWidget(button)
        return tools

    # --- what is asked -------------------------------------------------------------------

    def show_ticket(self, ticket_id: int | None, text: str, issue_id: int | None) -> None:
        """Suggest for a ticket that is shown; ``None``: one that is not saved yet."""
        self._ticket, self._text, self._issue = ticket_id, text, issue_id
        self._ask()

    def show_typing(self, text: str, issue_id: int | None) -> None:
        """Suggest for what is being typed, a moment after the last key."""
        if (text, issue_id) != (self._text, self._issue):
            self._text, self._issue = text, issue_id
            self._timer.start()

    def _ask(self) -> None:
        desk, ticket, text, issue = self._place.desk, self._ticket, self._text, self._issue
        limit = self._rows

        def work(_context: JobContext) -> tuple[list[Suggested], list[Suggested]]:
            used = knowledge_use.used_in(desk, ticket) if ticket is not None else []
            if not text.strip() and issue is None:
                return used, []
            return used, knowledge_use.suggest(desk, text, issue, limit)

        self._job.start(work).on_success(self._show).on_failure(self._place.shell.tell)

    def _show(self, answer: tuple[list[Suggested], list[Suggested]]) -> None:
        used, fitting = answer
        before = self.current()
        self._used = {article.id for article in used}
        rest = [article for article in fitting if article.id not in self._used]
        self._articles = {article.id: article for article in [*used, *rest]}
        self.list.clear()
        for article in self._articles.values():
            text = _("{title} · used {n} times").format(title=article.title, n=article.uses)
            if article.id in self._used:
                text = _("Used here: {title}").format(title=article.title)
            mark = "circle-check" if article.id in self._used else "book-open"
            item = QListWidgetItem(icon(mark), text)
            item.setToolTip(f"{article.number} {article.title}\n{article.symptom}")
            item.setData(USER, article.id)
            self.list.addItem(item)
            if before is not None and article.id == before.id:
                self.list.setCurrentItem(item)
        if self.list.currentItem() is None and self.list.count():
            self.list.setCurrentRow(0)
        self._on_current()
        self.found.emit(len(self._articles))

    # --- the current one -----------------------------------------------------------------

    def current(self) -> Suggested | None:
        """Return the article that is chosen."""
        item = self.list.currentItem()
        return None if item is None else self._articles.get(int(item.data(USER)))

    def _on_current(self, *_items: object) -> None:
        article = self.current()
        self._solution.setText(article.solution if article is not None else "")
        self._show_tools()

    def _show_tools(self) -> None:
        article = self.current()
        self.list.setVisible(bool(self._articles))
        self._empty.setVisible(not self._articles)
        self._solution.setVisible(article is not None)
        for button in (self._insert, self._open, self._useful, self._useless):
            button.setVisible(article is not None)
        self._unuse.setVisible(article is not None and article.id in self._used)

    def insert(self, *_args: object) -> None:
        """Hand the solution on; record the use in the ticket there is."""
        article = self.current()
        if article is None:
            return
        self.inserted.emit(article.solution, article.id)
        ticket, desk = self._ticket, self._place.desk
        if ticket is not None and article.id not in self._used:
            self._write(lambda: knowledge_use.use(desk, ticket, article.id))

    def _write(self, work: Callable[[], Outcome[Any]]) -> None:
        handle = self._place.runner.start(lambda _context: work(), lane=WRITE, owner=self)
        handle.on_success(self._on_written).on_failure(self._place.shell.tell)

    def _on_written(self, _outcome: Any) -> None:
        self._ask()

    def _on_open(self) -> None:
        article = self.current()
        if article is not None:
            self.opened.emit(article.id)

    def _on_useful(self) -> None:
        self._vote(useful=True)

    def _on_useless(self) -> None:
        self._vote(useful=False)

    def _vote(self, *, useful: bool) -> None:
        article, desk = self.current(), self._place.desk
        if article is not None:
            self._write(lambda: knowledge.vote(desk, article.id, useful=useful))
            self._place.shell.say(_("Vote noted"))

    def _on_unuse(self) -> None:
        article, desk, ticket = self.current(), self._place.desk, self._ticket
        if article is not None and ticket is not None:
            self._write(lambda: knowledge_use.unuse(desk, ticket, article.id))
