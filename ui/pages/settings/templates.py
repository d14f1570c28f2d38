"""The tab of what spares typing: ticket templates, macros, canned replies, checklists."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from svcdesk.domain.aids import Aid, AidKind
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.services import aids
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE, Latest
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.settings.macro_body import MacroBody
from ui.pages.settings.template_bodies import Body, ChecklistBody, ReplyBody, TicketBody
from ui.pages.wording import say
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind, Segments
from ui.widgets.data_table import DataTable
from ui.widgets.editors import CheckField, TextField
from ui.widgets.flow import FlowLayout
from ui.widgets.form import Form
from ui.widgets.labels import box, label
from ui.widgets.side_by_side import Beside

if TYPE_CHECKING:
    from collections.abc import Callable

    from svcdesk.services.desk import Outcome
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

CARD = 460  # px at 100 %


class TemplatesTab(Beside):
    """List left, editor right; rights are the service's."""

    def __init__(self, place: Workplace) -> None:
        super().__init__((14, 12, 14, 14), 10)
        self._place = place
        self._latest = Latest(place.runner, self)
        self._aids: list[Aid] = []
        self._checklists: list[Aid] = []
        self._current = Aid(0, AidKind.REPLY, "")
        self._wanted: int | None = None  # to be shown once the list is read
        self.add(self._build_list(), 1)
        self.add(self._build_editor())
        self.show_kind(AidKind.REPLY)

    # --- parts ---------------------------------------------------------------------------

    def _build_list(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        names = {AidKind.REPLY: _("Canned replies"), AidKind.MACRO: _("Macros"),
                 AidKind.CHECKLIST: _("Checklists"), AidKind.TICKET: _("Ticket templates")}  # fmt: skip
        self.kinds = Segments([(str(kind), name) for kind, name in names.items()])
        self.kinds.changed.connect(self._on_kind)
        column.addWidget(self.kinds)
        columns = [
            ColumnDef(
                "name", pgettext("template", "Name"), self._name, px(150), stretch=True, elide=True
            ),
            ColumnDef(
                "folder", _("Folder"), lambda a: Cell(a.folder or "—", colour="text-2"), px(90)
            ),
            ColumnDef("shortcut", _("Shortcut"), self._shortcut, px(80)),
            ColumnDef("owner", _("For"), self._owner, px(120)),
        ]
        self._model = RowWindowModel(columns, self._place.runner, self)
        self.table = DataTable(self._model, "templates")
        self.table.current_changed.connect(self._on_current)
        column.addWidget(self.table, 1)
        tools = QWidget()
        flow = FlowLayout(tools, gap=6)
        entries = ((pgettext("template", "New"), "plus", self.start), (_("Copy"), "copy", self._copy),
                   (_("Up"), "chevron-up", self._up), (_("Down"), "chevron-down", self._down),
                   (_("Remove"), "x", self._remove))  # fmt: skip
        for name, sign, act in entries:
            button = Button(name, icon=sign, small=True)
            button.clicked.connect(act)
            flow.addWidget(button)
        column.addWidget(tools)
        return holder

    def _build_editor(self) -> QWidget:
        card = box("card")
        card.setFixedWidth(px(CARD))
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 14)
        self._title = label("", "strong")
        column.addWidget(self._title)
        inner = QWidget()
        body = QVBoxLayout(inner)
        body.setContentsMargins(0, 0, 8, 0)
        body.setSpacing(9)
        self.form = Form(columns=2)
        self.form.add("name", pgettext("template", "Name"), TextField("", 40), required=True)
        self.form.add("folder", _("Folder"), TextField("", 40))
        self.form.add("mine", "", CheckField(_("Only for me")))
        self.form.add("active", "", CheckField(_("In use")))
        self.form.add("shortcut", _("Shortcut (after ::)"), TextField("", 20))
        body.addWidget(self.form)
        self.bodies: dict[AidKind, Body] = {
            AidKind.REPLY: ReplyBody(), AidKind.MACRO: MacroBody(self._place),
            AidKind.CHECKLIST: ChecklistBody(), AidKind.TICKET: TicketBody(self._place),
        }  # fmt: skip
        for editor in self.bodies.values():
            body.addWidget(editor)
        body.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        column.addWidget(area, 1)
        self._wrong = label("", "small", "danger", wrap=True)
        column.addWidget(self._wrong)
        save = Button(_("Save template"), kind=Kind.MAIN)
        save.clicked.connect(self.save)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(save)
        column.addLayout(line)
        return card

    def _name(self, aid: Any) -> Cell:
        if aid.active:
            return Cell(aid.name)
        return Cell(_("{name} (not in use)").format(name=aid.name), colour="text-3")

    def _shortcut(self, aid: Any) -> Cell:
        return Cell(f"::{aid.shortcut}" if aid.shortcut else "—", colour="text-2")

    def _owner(self, aid: Any) -> Cell:
        if aid.owner_id is None:
            return Cell(_("everybody"), "users")
        return Cell(pgettext("template", "me"), "user-round")

    # --- showing -------------------------------------------------------------------------

    @property
    def kind(self) -> AidKind:
        """The kind of template shown."""
        return AidKind(self.kinds.value())

    def show_kind(self, kind: AidKind) -> None:
        """Show the templates of a kind."""
        self.kinds.set_value(str(kind))
        self._on_kind()

    def _on_kind(self) -> None:
        for kind, editor in self.bodies.items():
            editor.setVisible(kind is self.kind)
        self.form.field("shortcut").setVisible(self.kind is AidKind.REPLY)
        self._wanted = None
        self._aids = []
        self._show(Aid(0, self.kind, ""))
        self.show_list()

    def show_list(self) -> None:
        """Read the templates of the kind shown."""
        desk, kind = self._place.desk, self.kind

        def work(_context: JobContext) -> tuple[AidKind, list[Aid], list[Aid]]:
            found = aids.listed(desk, kind, retired=True)
            return kind, found, aids.listed(desk, AidKind.CHECKLIST)

        self._latest.start(work).on_success(self._on_read).on_failure(self._place.shell.tell)

    def _on_read(self, result: tuple[AidKind, list[Aid], list[Aid]]) -> None:
        kind, self._aids, self._checklists = result
        if kind is not self.kind:
            return
        for editor in self.bodies.values():
            editor.show_checklists(self._checklists)
        self._model.show(RecordList(self._aids))
        wanted = self._wanted if self._wanted is not None else self._current.id
        found = next((aid for aid in self._aids if aid.id == wanted), None)
        if found is None and self._aids and not self.form.dirty:
            found = self._aids[0]
        if found is not None:
            self.table.go_to(found.id)
            self._show(found)
        self._wanted = None

    def _on_current(self, key: object) -> None:
        found = next((aid for aid in self._aids if aid.id == key), None)
        if found is not None and found.id != self._current.id:
            self._show(found)

    def _show(self, aid: Aid) -> None:
        self._current = aid
        self._title.setText(aid.name or _("New template"))
        self.form.populate(
            {"name": aid.name, "folder": aid.folder, "shortcut": aid.shortcut,
             "mine": aid.owner_id is not None, "active": aid.active}
        )  # fmt: skip
        self._wrong.setText("")
        self.bodies[aid.kind].show_body(aid.body)

    # --- acting --------------------------------------------------------------------------

    def start(self) -> None:
        """Begin a new template."""
        self._show(Aid(0, self.kind, ""))
        self.form.editor("name").setFocus()

    def _copy(self) -> None:
        """Begin a copy of one's own of the template shown."""
        name = _("Copy of {name}").format(name=self._current.name)
        mine = self._place.desk.actor.id
        self._show(replace(self.entered(), id=0, name=name, shortcut="", owner_id=mine))
        self.form.editor("name").setFocus()

    def entered(self) -> Aid:
        """Return the template as it stands in the editor."""
        values = self.form.values()
        return replace(
            self._current, name=str(values["name"] or ""), folder=str(values["folder"] or ""),
            shortcut=str(values["shortcut"] or ""), active=bool(values["active"]),
            owner_id=self._place.desk.actor.id if values["mine"] else None,
            body=self.bodies[self.kind].body(),
        )  # fmt: skip

    def save(self) -> None:
        """Write the template shown."""
        desk, aid = self._place.desk, self.entered()
        self._write(lambda: aids.save(desk, aid), self._on_saved)

    def _on_saved(self, outcome: Any) -> None:
        self._wanted = int(outcome.value)
        self._place.shell.say(_("Template saved"))
        self.show_list()

    def _remove(self) -> None:
        desk, key = self._place.desk, self._current.id
        if key:
            self._write(lambda: aids.remove(desk, key), self._on_removed)

    def _on_removed(self, _outcome: Any) -> None:
        self._place.shell.say(_("Template removed"))
        self._show(Aid(0, self.kind, ""))
        self.show_list()

    def _up(self) -> None:
        self._move(-1)

    def _down(self) -> None:
        self._move(1)

    def _move(self, step: int) -> None:
        """Put the template one place up or down within its folder."""
        same = [aid.id for aid in self._aids if aid.folder == self._current.folder]
        if self._current.id not in same:
            return
        place = same.index(self._current.id)
        if 0 <= place + step < len(same):
            same.insert(place + step, same.pop(place))
            desk = self._place.desk
            self._write(lambda: aids.reorder(desk, same), self._on_moved)

    def _on_moved(self, _outcome: Any) -> None:
        self.show_list()

    def _write(self, work: Callable[[], Outcome[Any]], done: Callable[[Any], None]) -> None:
        handle = self._place.runner.start(lambda _context: work(), lane=WRITE, owner=self)
        handle.on_success(done).on_failure(self._on_refused)

    def _on_refused(self, error: object) -> None:
        if isinstance(error, ProblemsError):
            self._wrong.setText(" ".join(self.form.show_problems(error.problems, say)))
        else:
            self._place.shell.tell(error)
