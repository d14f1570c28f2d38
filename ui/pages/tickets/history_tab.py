"""The timeline tab: filters, words to look for, copies; long histories are shown by parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from ui.pages.tickets.moments import CALLS, CHANGES, CUSTOMER, INTERNAL, Moments
from ui.pages.wording import Words
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind, icon_button
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import label
from ui.widgets.search_box import SearchBox
from ui.widgets.timeline import Timeline

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.services.tickets import TicketDetail
    from ui.widgets.timeline import Moment

PART = 50  # entries shown at first, and brought by each "earlier"


class HistoryTab(QWidget):
    """Everything that happened, the newest at the bottom."""

    copy_wanted = Signal(bool)  # for the customer
    open_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._words = Words(desk)
        self._all: list[Moment] = []
        self._shown = PART
        self._ticket: int | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(7)
        column.addWidget(self._filters())
        self._earlier = Button("", kind=Kind.LINK, small=True)
        self._earlier.clicked.connect(self._more)
        self._earlier.hide()
        column.addWidget(self._earlier)
        self._nothing = label(_("Nothing of this kind."), "small", "3")
        column.addWidget(self._nothing)
        self.timeline = Timeline()
        self.timeline.opened.connect(self.open_wanted)
        column.addWidget(self.timeline)

    def _filters(self) -> QWidget:
        holder = QWidget()
        flow = FlowLayout(holder, gap=4)
        self._kinds: dict[str, Button] = {}
        kinds = (("", _("All")), (CUSTOMER, _("With customer")), (INTERNAL, _("Internal")),
                 (CHANGES, _("Changes")), (CALLS, _("Calls")))  # fmt: skip
        for key, name in kinds:
            button = Button(name, kind=Kind.QUIET, small=True)
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.clicked.connect(self._narrow)
            self._kinds[key] = button
            flow.addWidget(button)
        self._kinds[""].setChecked(True)
        tools = QWidget()
        row = QHBoxLayout(tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self._search = SearchBox(_("Words in the timeline"))
        self._search.setMaximumWidth(px(150))
        self._search.searched.connect(self._narrow)
        self._copy = icon_button("copy", _("Copy for the customer (Ctrl+Shift+C)"))
        self._copy.clicked.connect(self._copy_for_customer)
        self._copy_all = icon_button("file-text", _("Copy all for a colleague (Ctrl+Alt+C)"))
        self._copy_all.clicked.connect(self._copy_for_manager)
        for widget in (self._search, self._copy, self._copy_all):
            row.addWidget(widget)
        flow.addWidget(tools)
        return holder

    def show_detail(self, detail: TicketDetail) -> None:
        """Show the history of a ticket; filters stay, the length starts over with another one."""
        if detail.ticket["id"] != self._ticket:
            self._ticket = int(detail.ticket["id"])
            self._shown = PART
            self._search.set_text("")
        self._all = Moments(detail, self._words).all()
        self._narrow()

    @property
    def count(self) -> int:
        """How many entries there are altogether."""
        return len(self._all)

    def filtered(self) -> list[Moment]:
        """Return the entries that the filters let through."""
        kind = next((key for key, button in self._kinds.items() if button.isChecked()), "")
        words = self._search.text().casefold().split()
        return [
            moment
            for moment in self._all
            if (not kind or kind in moment.groups)
            and all(word in f"{moment.title} {moment.text}".casefold() for word in words)
        ]

    def choose(self, kind: str) -> None:
        """Show one kind of entries, "" all."""
        self._kinds[kind].setChecked(True)
        self._narrow()

    def _narrow(self) -> None:
        found = self.filtered()
        hidden = max(0, len(found) - self._shown)
        self._earlier.setVisible(bool(hidden))
        self._earlier.set_text(_("Show earlier ({n} more)").format(n=hidden))
        self._nothing.setVisible(not found)
        self.timeline.setVisible(bool(found))
        self.timeline.show_moments(found[hidden:])

    def _more(self) -> None:
        self._shown += PART
        self._narrow()

    def _copy_for_customer(self) -> None:
        self.copy_wanted.emit(True)

    def _copy_for_manager(self) -> None:
        self.copy_wanted.emit(False)


def to_clipboard(text: str) -> None:
    """Put ``text`` on the clipboard."""
    QGuiApplication.clipboard().setText(text)
