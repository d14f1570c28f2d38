"""The process map: where the hours of a month's tickets went, and the pain noted there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QVBoxLayout, QWidget

from svcdesk.domain.people import Permission, may
from svcdesk.i18n.catalog import _, current
from svcdesk.services import dashboards, figure_filters, flow_map
from svcdesk.services.flow_map import CLOSED, node_name
from svcdesk.system.errors import EnvironmentProblem
from ui.jobs.progress import ProgressStripe
from ui.jobs.runner import Latest
from ui.models.choices import Choice
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.form_dialog import FormDialog
from ui.pages.improvement import flow_words
from ui.pages.improvement.view import LoopView
from ui.pages.page import Route
from ui.pages.wording import Words
from ui.theme.tokens import GAP, MARGIN, px, row_height
from ui.widgets.button import Button, Kind, icon_button
from ui.widgets.data_table import DataTable
from ui.widgets.editors import ChoiceField, LongTextField, TextField
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.flow_map import FlowMap
from ui.widgets.labels import box, label
from ui.widgets.scroll_area import FitArea
from ui.widgets.side_by_side import SideBySide

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from svcdesk.services.flow_map import Flow
    from svcdesk.system.job import JobContext
    from ui.pages.page import Changes, Workplace

FILTERS = ("channel", "department")
WATCHED = "improvement_item"


class NoteDialog(FormDialog):
    """What hurts at a node: it becomes an improvement item."""

    def __init__(
        self, parent: QWidget, place: Workplace, found: Flow, state: str, department: int | None
    ) -> None:
        title = _("Pain note at “{state}”").format(state=node_name(state))
        super().__init__(parent, place, title, _("Add the note"))
        self._found, self._state = found, state
        words = Words(place.desk)
        self.form.add("title", _("What hurts here?"), TextField("", 200), span=2, required=True)
        self.form.add("why", _("Why does it matter?"), LongTextField("", 2), span=2)
        owner = ChoiceField(words.people(), _("Nobody yet"))
        self.form.add("owner_id", _("Owner"), owner)
        items = ChoiceField(words.items("department"), _("None"))
        items.set_value(department)
        self.form.add("department_id", _("Department"), items)
        linked = min(len(flow_map.slowest(found, state)), flow_map.LINKED)
        self.advise(_("The {n} slowest tickets of {month} are linked as evidence.").format(
            n=linked, month=found.period.code
        ))  # fmt: skip
        self.form.editor("title").setFocus()

    def save(self) -> None:
        """Make the item."""
        desk, found, state = self.place.desk, self._found, self._state
        values = dict(self.form.values())
        values["problem"] = {"why": values.pop("why") or ""}
        self.write(lambda: flow_map.add_note(desk, found, state, values))


class FlowMapView(LoopView):
    """The drawing left; right the chosen node and the wait inside by department."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._found: Flow | None = None
        self._wanted = ""  # node to choose once it is there
        self._job = Latest(place.runner, self)
        self._after = Latest(place.runner, self)
        self.progress = ProgressStripe()
        self.split = SideBySide(
            self._build_drawing(), self._build_side(), (px(820), px(360)),
            (_("Process map"), _("Node")),
        )  # fmt: skip
        self.stack(self._build_head(), self.progress, self.split)
        self._show_node()

    # --- parts ---------------------------------------------------------------------------

    def _build_head(self) -> QWidget:
        holder = box("surface", "bottom")
        row = FlowLayout(holder, gap=GAP)
        row.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        months = flow_map.months(self.place.desk)
        self.month = ChoiceField([Choice(one.code, one.code) for one in months])
        self.month.setMinimumWidth(px(110))
        self.month.set_value(months[1].code)  # the last whole one
        self.month.setAccessibleName(_("Month"))
        self.month.setToolTip(_("The month in which the tickets were resolved"))
        self.filters = {name: self._filter(name) for name in FILTERS}
        copy = icon_button("copy", _("Copy the drawing as picture"))
        copy.clicked.connect(self.copy_picture)
        save = icon_button("download", _("Save the drawing as a picture…"))
        save.clicked.connect(self.ask_picture)
        for widget in (self.month, *self.filters.values(), copy, save):
            row.addWidget(widget)
        for field in (self.month, *self.filters.values()):
            field.changed.connect(self.reload)
        return holder

    def _filter(self, name: str) -> ChoiceField:
        desk = self.place.desk
        everything = {"channel": _("All channels"), "department": _("All departments")}[name]
        choices = [Choice(key, text) for key, text in figure_filters.options(desk, name)]
        field = ChoiceField([Choice(None, everything), *choices])
        field.set_value(None)
        field.setAccessibleName(figure_filters.name_of(name, current()))
        field.setToolTip(_("Only tickets of this group"))
        field.setMinimumWidth(px(170))
        return field

    def _build_drawing(self) -> QWidget:
        holder = box("surface")
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, GAP, 0, 0)
        column.setSpacing(0)
        self.told = label("", "small", "2", wrap=True, selectable=True)
        self.told.setContentsMargins(MARGIN, 0, MARGIN, 0)
        column.addWidget(self.told)
        self.map = FlowMap(_("Process map"))
        self.map.chosen.connect(self._on_chosen)
        self.map.opened.connect(lambda _state: self.show_slowest())
        self.map.note_opened.connect(self._open_note)
        self.area = FitArea(self.map)
        # the drawing scrolls in its own place, the page around it does not grow with it
        self.area.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.area.setMinimumHeight(3 * row_height())
        column.addWidget(self.area, 1)
        self.nothing = EmptyState()
        self.nothing.hide()
        column.addWidget(self.nothing, 1)
        holder.setFocusProxy(self.map)
        return holder

    def _build_side(self) -> QWidget:
        side = box("surface", "left")
        side.setMinimumWidth(px(300))
        column = QVBoxLayout(side)
        column.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        column.setSpacing(GAP)
        self.name = label("", "title", wrap=True)
        self.about = label("", "small", "2", wrap=True, selectable=True)
        buttons = QWidget()
        row = FlowLayout(buttons, gap=6)
        self.list_button = Button(_("Slowest tickets"), icon="list", key="↵", small=True)
        self.list_button.clicked.connect(self.show_slowest)
        self.note_button = Button(
            _("Add pain note…"), kind=Kind.MAIN, icon="lightbulb", key="N", small=True
        )
        self.note_button.clicked.connect(self.add_note)
        row.addWidget(self.list_button)
        row.addWidget(self.note_button)
        self._waiting = RowWindowModel(flow_words.waiting_columns(), self.place.runner, self)
        self.waiting = DataTable(self._waiting, "flow_waiting")
        self.waiting.setAccessibleName(_("Waiting inside, by department"))
        self.waiting.empty.set("building-2", _("Nobody inside was waited for."))
        self.waiting.opened.connect(self._open_waiting)
        column.addWidget(self.name)
        column.addWidget(self.about)
        column.addWidget(buttons)
        column.addWidget(label(_("Waiting inside, by department"), "strong", wrap=True))
        column.addWidget(self.waiting, 1)
        return side

    # --- view ----------------------------------------------------------------------------

    def show_route(self, route: Route) -> None:
        """Show a month, and a node of it."""
        month = str(route.values.get("month", ""))
        self._wanted = str(route.values.get("node", "")) or self._wanted
        if month and self.month.findData(month) >= 0:
            self._set(self.month, month)
        self.reload()

    @staticmethod
    def _set(field: ChoiceField, value: Any) -> None:
        field.blockSignals(True)
        field.set_value(value)
        field.blockSignals(False)

    def reload(self) -> None:
        """Count the month that is chosen."""
        desk = self.place.desk
        period = dashboards.period_of(desk, str(self.month.value()))
        filters = {name: (field.value(),) for name, field in self.filters.items()
                   if field.value() is not None}  # fmt: skip

        def work(context: JobContext) -> Flow:
            return flow_map.flow(desk, period, context, filters)

        handle = self._job.start(work)
        self.progress.watch(handle, _("Following the tickets of {month}").format(month=period.code))
        handle.on_success(self._on_found).on_failure(self.place.shell.tell)

    def refresh(self, changes: Changes) -> None:
        """Show the notes as they stand; the month is not counted again for them."""
        desk, found = self.place.desk, self._found
        if found is None or WATCHED not in changes.tables():
            return

        def work(_context: JobContext) -> Flow:
            return flow_map.with_notes(desk, found)

        self._after.start(work).on_success(self._on_found).on_failure(self.place.shell.tell)

    def save_state(self) -> dict[str, Any]:
        """Keep month, filters and node."""
        return {
            "month": self.month.value(), "node": self.map.present(),
            "filters": {name: field.value() for name, field in self.filters.items()},
            "shown": self._found is not None,
        }  # fmt: skip

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take them back."""
        self._set(self.month, state["month"])
        for name, field in self.filters.items():
            self._set(field, state["filters"].get(name))
        self._wanted = state["node"]
        if state["shown"]:
            self.reload()

    # --- showing -------------------------------------------------------------------------

    def _on_found(self, found: Flow) -> None:
        self._found = found
        told = flow_words.told(found)
        empty = not found.tickets
        self.nothing.set("calendar", told)
        self.nothing.setVisible(empty)
        self.area.setVisible(not empty)
        self.told.setText("" if empty else told)
        self.told.setVisible(not empty)
        if not empty:
            self.map.show_flow(flow_words.places(found), flow_words.arrows(found), told)
            wanted, self._wanted = self._wanted, ""
            widest = found.widest
            if wanted or (self.map.present() in {"", "new"} and widest is not None):
                self.map.choose(wanted or ("" if widest is None else widest.state))
        self._waiting.show(RecordList(found.waiting))
        self.counted.emit(sum(len(node.notes) for node in found.nodes) or None)
        self._show_node()

    def _on_chosen(self, _state: str) -> None:
        self._show_node()

    def node(self) -> str:
        """Return the state of the chosen node, nothing while none is shown."""
        shown = self._found is not None and self._found.tickets
        return self.map.present() if shown else ""

    def _show_node(self) -> None:
        found, state = self._found, self.node()
        shown = found is not None and bool(state)
        self.name.setText(node_name(state) if shown else "")
        self.about.setText(flow_words.about(found, state) if found is not None and shown else "")
        slow = flow_map.slowest(found, state) if found is not None and shown else []
        self.list_button.setEnabled(bool(slow))
        self.note_button.setEnabled(
            shown and may(self.place.desk.roles, Permission.EDIT_IMPROVEMENTS)
        )

    # --- acting --------------------------------------------------------------------------

    def show_slowest(self) -> None:
        """Open the list of the tickets that were longest at the node."""
        found, state = self._found, self.node()
        numbers = flow_map.slowest(found, state) if found is not None and state else []
        if found is None or not numbers:
            return
        text = _("Slowest in “{state}”, {month}")
        if state == CLOSED:
            text = _("Slowest to be closed, {month}")
        self._open_list(numbers, text.format(state=node_name(state), month=found.period.code))

    def _open_list(self, numbers: list[str], title: str) -> None:
        self.opened.emit(Route("tickets", query=flow_map.listed(numbers), title=title))

    def _open_waiting(self, key: object) -> None:
        found = self._found
        row = next((one for one in found.waiting if one.id == key), None) if found else None
        if found is not None and row is not None:
            text = _("Waited longest for {department}, {month}")
            self._open_list(
                list(row.slowest), text.format(department=row.name, month=found.period.code)
            )

    def _open_note(self, key: object) -> None:
        if isinstance(key, int):
            self.opened.emit(Route("improvement", key))

    def add_note(self) -> None:
        """Ask what hurts at the node."""
        found, state = self._found, self.node()
        if found is None or not self.note_button.isEnabled():
            return
        department = None
        if state == "pending_internal":
            key = self.waiting.current_id()
            department = next((one.department for one in found.waiting if one.id == key), None)
        dialog = NoteDialog(self, self.place, found, state, department)
        dialog.saved.connect(lambda _key: self.place.shell.say(_("Pain note added")))
        dialog.open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """N adds a note; single keys arrive here only while no text field has the focus."""
        plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.text().upper() == "N" and plain:
            self.add_note()
        else:
            super().keyPressEvent(event)

    # --- the drawing elsewhere -----------------------------------------------------------

    def copy_picture(self) -> None:
        """Put the drawing on the clipboard."""
        if self.node():
            QGuiApplication.clipboard().setPixmap(self.map.picture())
            self.place.shell.say(_("Copied"), undo=False)

    def ask_picture(self) -> None:
        """Ask where the drawing goes."""
        if self._found is None or not self.node():
            return
        name = f"{self.map.accessibleName()} {self._found.period.code}.png"
        dialog = QFileDialog(self, _("Save the drawing"), name, "PNG (*.png)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.fileSelected.connect(lambda path: self.write_picture(Path(path)))
        dialog.open()

    def write_picture(self, target: Path) -> None:
        """Write the drawing into a file."""
        if not self.map.picture().save(str(target)):
            self.place.shell.tell(EnvironmentProblem(
                "“{path}” could not be written. Choose another folder.", code="write",
                path=str(target),
            ))  # fmt: skip
            return
        told = _("Written: {name}").format(name=target.name)
        self.place.shell.say(told, undo=False)
