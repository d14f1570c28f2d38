"""Merging in place: find the other ticket, see what differs, choose whose value wins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label, field_label
from svcdesk.services import merging, queries, tickets
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import Latest
from ui.pages.fields import COLUMNS
from ui.pages.wording import Words, say
from ui.theme.icons import icon
from ui.theme.tokens import height, metrics
from ui.widgets.button import Button, Kind
from ui.widgets.labels import label
from ui.widgets.search_box import SearchBox

if TYPE_CHECKING:
    from svcdesk.services.merging import MergePreview
    from svcdesk.services.tickets import TicketDetail
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

USER = Qt.ItemDataRole.UserRole
SHOWN = 6
SIGN = 44  # room for the round sign, the gap and the scroll bar
_STORED = {column: name for name, column in COLUMNS.items()}
_ENUMS = {"priority": "Priority", "request_type": "RequestType", "complexity": "Complexity"}


class MergePanel(QWidget):
    """First the other ticket, then the table of differences."""

    merged = Signal(object, object)  # target, choices
    closed = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._words = Words(place.desk)
        self._latest = Latest(place.runner, self)
        self._detail: TicketDetail | None = None
        self._preview: MergePreview | None = None
        self._groups: dict[str, QButtonGroup] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._title = label("", "strong", wrap=True)
        column.addWidget(self._title)
        self._search = SearchBox(_("Number or words of the other ticket"))
        self._search.searched.connect(self._look)
        self._search.installEventFilter(self)
        self._asked = ""  # the words that the tickets shown belong to
        self._waiting = False  # Enter was pressed before they came
        column.addWidget(self._search)
        self._found = QListWidget()
        self._found.setAccessibleName(_("Tickets found"))
        self._found.itemActivated.connect(self._on_item)
        self._found.itemClicked.connect(self._on_item)
        column.addWidget(self._found)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.hide()
        column.addWidget(self._area)
        self._note = label("", "small", "2", wrap=True)
        column.addWidget(self._note)
        self._problem = label("", "small", "danger", wrap=True)
        self._problem.hide()
        column.addWidget(self._problem)
        column.addLayout(self._buttons())
        self.hide()

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._go = Button(_("Merge"), kind=Kind.MAIN, key="Ctrl+↵")
        self._go.clicked.connect(self.submit)
        cancel = Button(_("Cancel"), key="Esc")
        cancel.clicked.connect(self.close_panel)
        row.addWidget(self._go)
        row.addWidget(cancel)
        row.addStretch(1)
        return row

    @property
    def is_open(self) -> bool:
        """Whether a merge is being prepared."""
        return self._detail is not None

    def open_for(self, detail: TicketDetail, target: int | None = None) -> None:
        """Prepare the merge of a ticket, into ``target`` when that is chosen already."""
        self._detail, self._preview, self._asked = detail, None, ""
        self._title.setText(
            _("Merge {number} into another ticket").format(number=detail.ticket["ticket_no"])
        )
        self._problem.hide()
        self._note.setText("")
        self._area.hide()
        self._go.setEnabled(False)
        self._search.set_text("")
        self._show_found(
            [(s.id, s.number, s.title) for s in detail.suspects], _("Perhaps the same case:")
        )
        self.show()
        self._search.setFocus()
        if target is not None:
            self._choose(target)

    def close_panel(self) -> None:
        """Put it away."""
        self._detail = None
        self.hide()
        self.closed.emit()

    # --- the other ticket ------------------------------------------------------------------

    def _look(self, text: str) -> None:
        detail = self._detail
        if detail is None or not text:
            return
        desk, own = self._place.desk, int(detail.ticket["id"])

        self._asked = text

        def work(_context: JobContext) -> list[tuple[int, str, str]]:
            exact = tickets.find_by_number(desk, text)
            query = queries.Query("ticket").searching(text)
            rows = queries.DeskRows(desk, query).first_page(SHOWN + 1)
            found = [(row.id, row.number, row.title) for row in rows if row.id != own]
            found.sort(key=lambda row: row[0] != exact)
            return found[:SHOWN]

        self._latest.start(work).on_success(self._on_found).on_failure(self._place.shell.tell)

    def _on_found(self, found: list[tuple[int, str, str]]) -> None:
        self._show_found(found, "" if found else _("No ticket fits these words."))
        waiting, self._waiting = self._waiting, False
        if waiting:
            self._pick_first()

    def _show_found(self, found: list[tuple[int, str, str]], note: str) -> None:
        self._found.clear()
        for key, number, title in found:
            item = QListWidgetItem(icon("inbox"), f"{number}\u3000{title}")
            item.setData(USER, key)
            item.setSizeHint(QSize(0, height(3)))
            self._found.addItem(item)
        self._found.setFixedHeight(min(max(len(found), 1), 4) * height(3) + 4)
        self._found.setVisible(bool(found))
        self._note.setText(note if found or self._search.text() else "")

    def _pick_first(self) -> None:
        item = self._found.currentItem() or self._found.item(0)
        if item is not None:
            self._on_item(item)

    def _on_item(self, item: QListWidgetItem) -> None:
        self._choose(int(item.data(USER)))

    def _choose(self, target: int) -> None:
        detail = self._detail
        if detail is None:
            return
        desk, own = self._place.desk, int(detail.ticket["id"])

        def work(_context: JobContext) -> MergePreview:
            return merging.preview(desk, own, target)

        self._latest.start(work).on_success(self._show_preview).on_failure(self._on_refused)

    def _on_refused(self, error: object) -> None:
        if isinstance(error, ProblemsError):
            self.show_problem(" ".join(say(problem) for problem in error.problems))
        else:
            self._place.shell.tell(error)

    def show_problem(self, text: str) -> None:
        """Tell why it cannot be."""
        self._problem.setText(text)
        self._problem.setVisible(bool(text))

    # --- the preview -----------------------------------------------------------------------

    def _show_preview(self, preview: MergePreview) -> None:
        self._preview = preview
        self.show_problem("")
        self._found.hide()
        number = preview.target["ticket_no"]
        self._title.setText(
            _("Merge {number} into {target}").format(
                number=preview.source["ticket_no"], target=number
            )
        )
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 4, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        stays, goes = preview.target["ticket_no"], preview.source["ticket_no"]
        grid.addWidget(label(_("{number} (stays)").format(number=stays), "small", "2"), 0, 0)
        grid.addWidget(label(_("{number} (merged)").format(number=goes), "small", "2"), 0, 1)
        self._groups.clear()
        for number, difference in enumerate(preview.differences):
            self._difference(grid, 2 * number + 1, difference)
        self._area.setWidget(table)
        tall = 2 * len(preview.differences) + 1
        self._area.setFixedHeight(min(tall, 9) * height(2) + 8)
        self._area.setVisible(bool(preview.differences))
        self._note.setText(self._says(preview))
        self._go.setEnabled(True)
        self._go.setFocus()

    def _difference(self, grid: QGridLayout, row: int, difference: merging.Difference) -> None:
        name = field_label("ticket", _STORED.get(difference.name, difference.name))
        grid.addWidget(label(name, "small", "3"), row, 0, 1, 2)
        group = QButtonGroup(grid.parentWidget())
        for column, side in enumerate(("target", "source")):
            text = self._value(difference.name, getattr(difference, side))
            room = max(self.width() // 2 - SIGN, SIGN)
            shown = metrics().elidedText(text.replace("\n", " "), Qt.TextElideMode.ElideRight, room)
            radio = QRadioButton(shown)
            radio.setToolTip(text)
            radio.setAccessibleName(f"{name}: {text}")
            radio.setProperty("side", side)
            radio.setChecked(side == "target")
            group.addButton(radio)
            grid.addWidget(radio, row + 1, column)
        self._groups[difference.name] = group

    def _value(self, name: str, value: Any) -> str:
        words = self._words
        if value in (None, ""):
            return "—"
        if name.endswith("_at"):
            return words.full_time(int(value))
        if name in _ENUMS:
            return code_label(_ENUMS[name], str(value))
        if name == "product_id":
            return self._preview.products.get(int(value), "—") if self._preview else "—"
        return words.item(int(value)) if name.endswith("_id") else str(value)

    def _says(self, preview: MergePreview) -> str:
        lines = []
        if preview.followed:
            number = preview.target["ticket_no"]
            lines.append(
                _("The ticket chosen was merged itself; it goes on as {number}.").format(
                    number=number
                )
            )
        if preview.other_customer:
            lines.append(_("The two tickets are of different customers."))
        rows = sum(preview.parts.values())
        lines.append(
            _("{n} entries of its history stay with it and are shown here as well.").format(n=rows)
        )
        return " ".join(lines)

    def choices(self) -> dict[str, str]:
        """Return field -> whose value wins."""
        return {
            name: str(button.property("side"))
            for name, group in self._groups.items()
            if (button := group.checkedButton()) is not None
        }

    def submit(self) -> None:
        """Hand over the target and the choices."""
        if self._preview is not None:
            self.merged.emit(int(self._preview.target["id"]), self.choices())
        else:
            self._pick_first()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter takes the first ticket found, Down goes to the list."""
        if (
            watched is self._search
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
        ):
            if event.key() == Qt.Key.Key_Down and self._found.isVisible():
                self._found.setFocus()
                self._found.setCurrentRow(0)
                return True
            plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and plain:
                text = self._search.text().strip()
                if self._asked == text or not text:
                    self._pick_first()
                else:
                    self._waiting = True
                    self._look(text)
                return True
        return super().eventFilter(watched, event)
