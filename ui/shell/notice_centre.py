"""The notice centre: what the acting person should hear of, kept until it is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from svcdesk.domain.loop_reminders import TABS as LOOP_TABS
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import sentence
from svcdesk.services import notices
from ui.jobs.runner import WRITE, Latest
from ui.pages.page import Route, Workplace
from ui.pages.wording import Words
from ui.theme.icons import icon
from ui.theme.room import room
from ui.theme.tokens import font, height, px
from ui.widgets.button import Button, Kind
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import label

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from svcdesk.services.notices import Notice
    from svcdesk.system.job import JobContext

USER = Qt.ItemDataRole.UserRole
WIDTH, HEIGHT = 460, 480
TABS = {str(kind): tab for kind, tab in LOOP_TABS.items()}
PAGES = {"ticket": "tickets", "complaint": "complaints", "callback": "callbacks"}


def notice_text(notice: Notice, words: Words) -> str:
    """Return the sentence of a notice, its times in the team's zone."""
    args = dict(notice.args)
    if isinstance(args.get("due"), int):
        args["due"] = words.deadline(args["due"])
    return sentence(notice.text, args)


def notice_icon(notice: Notice) -> str:
    """Return the sign of a notice."""
    if notice.kind.startswith("alarm_"):
        return "siren"
    if notice.kind.endswith("_late"):
        return "circle-alert"
    return "building-2" if notice.kind.startswith("hand") else "clock-alert"


def route_of(notice: Notice) -> Route | None:
    """Return where a notice leads, ``None`` for nowhere."""
    if notice.kind == "hand_over":
        return Route("today", values={"tab": "hand_over"})
    if notice.table == "complaint_group":
        return Route("complaints", values={"tab": "findings", "group": notice.record_id})
    if notice.table == "improvement_item":
        tab = TABS.get(notice.kind, "plan")
        return Route("improvement", notice.record_id, values={"tab": tab})
    page = PAGES.get(notice.table)
    return Route(page, notice.record_id) if page and notice.record_id else None


class NoticeCentre(QFrame):
    """A list under the bell; Enter opens the record, Esc closes."""

    chosen = Signal(object)  # Route

    def __init__(self, window: QWidget, place: Workplace) -> None:
        super().__init__(window, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("box", "card")
        self._place = place
        self._window = window
        self._words = Words(place.desk)
        self._latest = Latest(place.runner, self)
        self._found: dict[int, Notice] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 10)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.addWidget(label(_("Notices"), "strong"))
        row.addStretch(1)
        self._all = Button(_("Mark all as seen"), kind=Kind.QUIET, icon="circle-check", small=True)
        self._all.clicked.connect(self._see_all)
        row.addWidget(self._all)
        column.addLayout(row)
        self.list = QListWidget()
        self.list.setIconSize(QSize(px(16), px(16)))
        self.list.setWordWrap(True)
        self.list.setAccessibleName(_("Notices"))
        self.list.itemClicked.connect(self._open)
        self.list.itemActivated.connect(self._open)
        column.addWidget(self.list, 1)
        self._empty = EmptyState(self.list.viewport())
        self._empty.set("bell", _("No notices. Deadlines that come near are told here."))
        self._empty.hide()
        self.setFixedSize(room(WIDTH, HEIGHT))
        self.reload()

    def open_under(self, widget: QWidget) -> None:
        """Show the centre under its bell, inside the window."""
        place = widget.mapToGlobal(widget.rect().bottomRight())
        self.move(place.x() - self.width(), place.y() + 4)
        self.show()
        self.list.setFocus()

    def reload(self) -> None:
        """Read the notices."""
        desk = self._place.desk

        def work(_context: JobContext) -> list[Notice]:
            return notices.recent(desk)

        self._latest.start(work).on_success(self._show).on_failure(self._place.shell.tell)

    def _show(self, found: list[Notice]) -> None:
        self.list.clear()
        self._found = {notice.id: notice for notice in found}
        for notice in found:
            text = f"{notice_text(notice, self._words)}\n{self._words.time(notice.at)}"
            title = str(notice.args.get("title", ""))
            if title:
                text += f"  ·  {title}"
            item = QListWidgetItem(icon(notice_icon(notice)), text)
            item.setFont(font(bold=notice.seen_at is None))
            if notice.seen_at is None:
                item.setData(Qt.ItemDataRole.AccessibleTextRole, _("New: {text}").format(text=text))
            item.setData(USER, notice.id)
            item.setSizeHint(QSize(0, height(10)))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._all.setEnabled(any(notice.seen_at is None for notice in found))
        self._empty.setVisible(not found)
        self._empty.place()

    def _open(self, item: QListWidgetItem) -> None:
        notice = self._found.get(item.data(USER))
        if notice is None:
            return
        if notice.seen_at is None:
            desk, key = self._place.desk, notice.id
            handle = self._place.runner.start(  # the window owns it: this list closes now
                lambda _context: notices.mark_seen(desk, [key]), lane=WRITE, owner=self._window
            )
            handle.on_failure(self._place.shell.tell)
        route = route_of(notice)
        self.close()
        if route is not None:
            self.chosen.emit(route)

    def _see_all(self) -> None:
        desk = self._place.desk
        handle = self._place.runner.start(
            lambda _context: notices.mark_all_seen(desk), lane=WRITE, owner=self
        )
        handle.on_success(self._on_seen).on_failure(self._place.shell.tell)

    def _on_seen(self, _outcome: object) -> None:
        self.reload()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the current notice."""
        item = self.list.currentItem()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and item is not None:
            self._open(item)
        else:
            super().keyPressEvent(event)
