"""The people of the desk, with their roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.domain.people import Role
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import label as code
from ui.models.choices import Choice
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.wording import Words, say
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind
from ui.widgets.data_table import DataTable
from ui.widgets.editors import CheckField, ChoiceField, ManyField, TextField
from ui.widgets.form import Form
from ui.widgets.labels import box, label
from ui.widgets.side_by_side import Beside

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from svcdesk.domain.problem import Problem
    from svcdesk.services.desk import Desk
    from ui.jobs.runner import Runner


class PeopleTab(Beside):
    """List left, form right."""

    save_wanted = Signal(object, object)  # key or None, values

    def __init__(self, desk: Desk, runner: Runner) -> None:
        super().__init__((14, 12, 14, 14), 10)
        self._desk = desk
        self._key: int | None = None
        columns = [
            ColumnDef(
                "name",
                _("Name"),
                lambda p: Cell(p.name, colour="text" if p.active else "text-3"),
                120,
            ),
            ColumnDef("roles", _("Roles"), self._roles, 220, stretch=True, elide=True),
            ColumnDef("team", _("Team"), lambda p: Cell(p.team or "—", colour="text-2"), 120),
            ColumnDef("active", _("In service"), self._active, 90),
        ]
        self._model = RowWindowModel(columns, runner, self)
        self._table = DataTable(self._model, "people")
        self._table.current_changed.connect(self._on_current)
        self.add(self._table, 1)
        self.add(self._build_form())
        self.show_people()

    def _build_form(self) -> QWidget:
        card = box("card")
        card.setFixedWidth(px(340))
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 14)
        self._title = label(_("New person"), "strong")
        column.addWidget(self._title)
        self.form = Form(columns=1)
        roles = [Choice(role.value, code(role)) for role in Role if role is not Role.SYSTEM]
        self.form.add("name", _("Name"), TextField("", 40), required=True)
        self.form.add("roles", _("Roles"), ManyField(roles, _("Choose…")), required=True)
        self.form.add("team", _("Team"), TextField("", 40))
        departments = Words(self._desk).items("department", tree=True)
        self.form.add("department", _("Department"), ChoiceField(departments, "—"))
        self.form.add("active", "", CheckField(_("In service")))
        column.addWidget(self.form)
        buttons = QHBoxLayout()
        new = Button(_("New person"), icon="plus")
        new.clicked.connect(self._on_new)
        save = Button(_("Save person"), kind=Kind.MAIN)
        save.clicked.connect(self._on_save)
        buttons.addWidget(new)
        buttons.addStretch(1)
        buttons.addWidget(save)
        column.addLayout(buttons)
        column.addStretch(1)
        return card

    def _roles(self, person: Any) -> Cell:
        return Cell(_(", ").join(code(role) for role in person.roles))

    def _active(self, person: Any) -> Cell:
        if person.active:
            return Cell(_("yes"), "circle-check", icon_colour="ok")
        return Cell(_("no"), colour="text-3")

    def show_people(self) -> None:
        """List everybody."""
        people = [p for p in self._desk.reference.people.values() if not p.is_bot]
        self._model.show(RecordList(people))
        if self._key is None:
            self._on_new()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Put problems at their fields."""
        self.form.show_problems(list(problems), say)

    def _on_current(self, key: object) -> None:
        person = self._desk.reference.people.get(key) if isinstance(key, int) else None
        if person is None:
            return
        self._key = person.id
        self._title.setText(person.name)
        self.form.populate(
            {
                "name": person.name,
                "roles": [role.value for role in person.roles],
                "team": person.team,
                "department": person.department_id,
                "active": person.active,
            }
        )

    def _on_new(self) -> None:
        self._key = None
        self._title.setText(_("New person"))
        self.form.populate({"active": True, "roles": ["agent"]})

    def _on_save(self) -> None:
        self.save_wanted.emit(self._key, self.form.values())
