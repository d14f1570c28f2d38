"""The top bar: page title or breadcrumb, search, at most two buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from ui.theme.tokens import control_height, px
from ui.widgets.button import Button, Kind
from ui.widgets.labels import icon_label, label
from ui.widgets.search_box import SearchBox, search_hint

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

LEAST, SEARCH_LEAST = 240, 130  # widths at text of 100 %


class TopBar(QFrame):
    """46 px of title, search and tools; the tools belong to the page shown."""

    searched = Signal(str)
    search_left = Signal()
    palette_wanted = Signal()
    notices_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("box", "surface")
        self.setProperty("line", "bottom")
        self.setFixedHeight(control_height() + 16)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(14, 0, 14, 0)
        self._row.setSpacing(10)
        self._trail = QWidget()
        self._trail_row = QHBoxLayout(self._trail)
        self._trail_row.setContentsMargins(0, 0, 0, 0)
        self._trail_row.setSpacing(8)
        self._row.addWidget(self._trail)
        self._row.addStretch(1)
        self.search = SearchBox(search_hint(), "Ctrl+F")
        self.search.setMaximumWidth(px(330))
        self.search.searched.connect(self.searched)
        self.search.left.connect(self.search_left)
        self._row.addWidget(self.search, 2)
        self._everything = Button(
            _("Find everything"), kind=Kind.NORMAL, icon="search", key="Ctrl+K"
        )
        self._everything.clicked.connect(self.palette_wanted)
        self._row.addWidget(self._everything)
        self._tools: list[QWidget] = []
        self._between: list[QWidget] = []  # parts of the trail that a narrow window does without
        self._searchable = False
        self.bell = Button("", kind=Kind.QUIET, icon="bell")
        self.bell.clicked.connect(self.notices_wanted)
        self._row.addWidget(self.bell)
        self.show_unseen(0)

    def show_title(self, title: str, trail: list[str]) -> None:
        """Show where we are."""
        while self._trail_row.count():
            item = self._trail_row.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        self._trail_row.addWidget(label(title, "page"))
        self._between = []
        for number, part in enumerate(trail):
            sign = icon_label("chevron-right", "text-3", 15)
            last = number == len(trail) - 1
            name = label(part, "strong" if last else "", "" if last else "2")
            self._trail_row.addWidget(sign)
            self._trail_row.addWidget(name)
            name.ensurePolished()  # its width counts below, in the type of the stylesheet
            if not last:
                self._between += [sign, name]
        self._fit()

    def show_tools(self, tools: list[QWidget], *, searchable: bool) -> None:
        """Show the page's buttons; pages without a list have no list search."""
        for widget in self._tools:
            self._row.removeWidget(widget)
            widget.setParent(None)
        self._tools = tools
        for widget in tools:  # before the bell, which stays at the end
            place = self._row.indexOf(self.bell)
            self._row.insertWidget(place, widget, alignment=Qt.AlignmentFlag.AlignVCenter)
            widget.show()
        self._searchable = searchable
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow window; what has no room is left out."""
        return QSize(px(LEAST), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what has no room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave out, in this order: parts of the trail, the search box (Ctrl+F still searches)."""
        for part in self._between:
            part.setVisible(True)
        search = self._searchable
        self.search.setVisible(search)
        self._everything.setVisible(not search)
        if self._needed() > self.width():
            for part in self._between:
                part.setVisible(False)
        if self._needed() > self.width():
            self.search.setVisible(False)
            self._everything.setVisible(False)

    def _needed(self) -> int:
        self._trail_row.invalidate()
        shown = [self._trail, self._everything, *self._tools, self.bell]
        widths = [widget.sizeHint().width() for widget in shown if not widget.isHidden()]
        widths += [px(SEARCH_LEAST)] * (not self.search.isHidden())
        return sum(widths) + 10 * len(widths) + 28

    def show_unseen(self, count: int) -> None:
        """Show how many notices the acting person has not seen."""
        self.bell.set_text(f"{count:,}" if count else "")
        text = _("Notices: {n} unseen").format(n=f"{count:,}") if count else _("Notices")
        self.bell.setAccessibleName(text)
        self.bell.setToolTip(f"{text}  (Ctrl+Shift+M)")
