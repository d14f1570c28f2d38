"""A list of rules read from the top, the first that fits holds: edited in place, saved as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.wording import say
from ui.widgets.button import Button, Kind
from ui.widgets.data_table import DataTable
from ui.widgets.labels import label
from ui.widgets.side_by_side import Beside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.problem import Problem
    from ui.jobs.runner import Runner
    from ui.models.columns import ColumnDef
    from ui.widgets.form import Form

Item = TypeVar("Item")


class Line(Generic[Item]):
    """An item at its place, as a row of the table; its key is the place, counted from 1."""

    def __init__(self, place: int, item: Item) -> None:
        self.id = place + 1
        self.item = item


class OrderedList(Beside, Generic[Item]):
    """The items left, in their order; the form of one of them right.

    A class of it says how an item is shown (:meth:`columns`), made (:meth:`blank`), read from the
    form and saved.
    """

    form: Form

    def __init__(self, margins: tuple[int, int, int, int]) -> None:
        super().__init__(margins, 10)
        self.items: list[Item] = []
        self.place = 0

    # --- what differs --------------------------------------------------------------------

    def columns(self) -> list[ColumnDef]:
        """Return the columns; a row is a :class:`Line`."""
        raise NotImplementedError

    def blank(self) -> Item:
        """Return a new item, to be filled in."""
        raise NotImplementedError

    def hints(self) -> list[str]:
        """Return advice on the list as it is."""
        raise NotImplementedError

    def show_item(self) -> None:
        """Fill the form with the item at :attr:`place`."""
        raise NotImplementedError

    def field_of(self, name: str) -> str:
        """Return the form's field for a field of an item."""
        return name

    def on_save(self) -> None:
        """Save the items."""
        raise NotImplementedError

    # --- the list ------------------------------------------------------------------------

    def build_list(
        self, runner: Runner, name: str, intro: str, save: str, *more: QWidget
    ) -> QWidget:
        """Return the left side: ``intro``, the table ``name``, ``more``, advice, the buttons."""
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(label(intro, "small", "2", wrap=True))
        self._model = RowWindowModel(self.columns(), runner, self)
        self.table = DataTable(self._model, name)
        self.table.current_changed.connect(self.go_to)
        column.addWidget(self.table, 1)
        for widget in more:
            column.addWidget(widget)
        self.advice = label("", "small", "warn", wrap=True)
        column.addWidget(self.advice)
        buttons = QHBoxLayout()
        for text, icon, act in (
            (_("Add"), "plus", self._add),
            (_("Remove"), "x", self._remove),
            (_("Up"), "arrow-up", lambda: self._move(-1)),
            (_("Down"), "arrow-down", lambda: self._move(1)),
        ):
            button = Button(text, icon=icon, small=True)
            button.clicked.connect(act)
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.save = Button(save, kind=Kind.MAIN)
        self.save.clicked.connect(self.on_save)
        buttons.addWidget(self.save)
        column.addLayout(buttons)
        return holder

    def show_items(self, items: Sequence[Item]) -> None:
        """Show the items as they are stored."""
        self.items = list(items)
        self.place = min(self.place, max(0, len(self.items) - 1))
        self.show_list()
        self._show_form()

    def show_list(self) -> None:
        """Show the items as they were edited, and the advice on them."""
        self.show_rows()
        advice = self.hints()
        self.advice.setText("\n".join(advice))
        self.advice.setVisible(bool(advice))

    def show_rows(self) -> None:
        """Show the rows again."""
        self._model.show(RecordList([Line(n, item) for n, item in enumerate(self.items)]))

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show the item of the first problem, and the problem at its field ("0.name")."""
        for problem in problems:
            place, _dot, name = problem.field.partition(".")
            if place.isdigit():
                self.place = int(place)
                self._show_form()
                self.table.go_to(self.place + 1)
                self.form.field(self.field_of(name)).show_problem(say(problem))
                return

    def go_to(self, key: object) -> None:
        """Show the item at a row of the table in the form."""
        if isinstance(key, int) and 0 < key <= len(self.items):
            self.place = key - 1
            self._show_form()

    def _show_form(self) -> None:
        self.form.setEnabled(bool(self.items))
        if self.items:
            self.show_item()

    # --- editing -------------------------------------------------------------------------

    def _add(self) -> None:
        self.items.insert(0, self.blank())
        self.place = 0
        self.show_list()
        self._show_form()
        self.form.editor("name").setFocus()

    def _remove(self) -> None:
        if self.items:
            del self.items[self.place]
            self.show_items(self.items)

    def _move(self, by: int) -> None:
        to = self.place + by
        if 0 <= to < len(self.items):
            self.items.insert(to, self.items.pop(self.place))
            self.place = to
            self.show_list()
            self.table.go_to(to + 1)


def kept_name(shown: Any, before: str, name: str) -> str:
    """Return the name to keep: a built-in one carries its code while it is shown in words."""
    return before if str(shown or "") == name else str(shown or "")
