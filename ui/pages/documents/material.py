"""Key events, the plan and customers' words beside a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from svcdesk.domain.improvement import EventKind
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.services import report_material
from ui.jobs.runner import READ, WRITE, Latest
from ui.models.choices import Choice
from ui.pages.customers.dialogs import DateField
from ui.pages.form_dialog import FormDialog
from ui.pages.wording import Words
from ui.theme.tokens import GAP, MARGIN, px
from ui.widgets.button import Button, Kind, icon_button
from ui.widgets.editors import ChoiceField, LongTextField, TextField
from ui.widgets.labels import label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svcdesk.services.report_material import Event, Plans, Quotable, Task
    from ui.pages.page import Workplace

ROLE = Qt.ItemDataRole.UserRole


class EventDialog(FormDialog):
    """A key event: what happened, on which days, how it was handled."""

    def __init__(
        self, parent: QWidget, place: Workplace, event: Event | None, day: str,
        kind: str = EventKind.OTHER,
    ) -> None:  # fmt: skip
        super().__init__(parent, place, _("Key event"), _("Save"))
        self._key = event.id if event else None
        form = self.form
        form.add("title", _("Event"), TextField("", report_material.LONGEST), required=True, span=2)
        for name, text in (("starts_on", _("First day")), ("ends_on", _("Last day"))):
            field = DateField(text)
            field.require()
            form.add(name, text, field)
        kinds = Words(place.desk).codes("EventKind", [str(one) for one in EventKind])
        form.add("kind", _("Kind"), ChoiceField(kinds))
        form.add("state", _("How it was handled"), TextField("", 100))
        known = {"starts_on": day, "ends_on": day, "kind": kind}
        if event is not None:  # kinds of older files that are none any more are others
            kind = event.kind if event.kind in set(EventKind) else EventKind.OTHER
            known = {**event._asdict(), "kind": kind}
        form.populate(known)
        form.editor("title").setFocus()

    def save(self) -> None:
        """Write the event."""
        desk, key, values = self.place.desk, self._key, self.form.values()
        self.write(lambda: report_material.save_event(desk, key, values))


class TaskDialog(FormDialog):
    """A task of a plan."""

    def __init__(
        self, parent: QWidget, place: Workplace, task: Task | None, period: str
    ) -> None:  # fmt: skip
        super().__init__(
            parent, place, _("Task of the plan for {period}").format(period=period), _("Save")
        )
        self._key, self._period = (task.id if task else None), period
        form = self.form
        form.add("text", _("Task"), TextField("", report_material.LONGEST), required=True, span=2)
        people = Words(place.desk).people()
        form.add("owner_id", _("Owner"), ChoiceField(people, pgettext("manager", "Nobody")))
        form.add("due_date", _("Due"), DateField(_("no day")))
        states = [
            Choice("open", pgettext("task", "Open")), Choice("done", pgettext("task", "Done")),
            Choice("dropped", _("Dropped")),
        ]  # fmt: skip
        form.add("state", _("State"), ChoiceField(states))
        form.add("result", _("Result"), LongTextField("", 2), span=2)
        form.populate(task._asdict() if task else {"state": "open", "due_date": None})
        form.editor("text").setFocus()

    def save(self) -> None:
        """Write the task."""
        desk, key = self.place.desk, self._key
        values = {**self.form.values(), "period": self._period}
        self.write(lambda: report_material.save_task(desk, key, values))


class ShortList(QWidget):
    """A list of a few entries with what can be done to them; Enter edits, Delete removes."""

    wanted = Signal(object)  # the entry to edit, none: a new one
    removed = Signal(object)

    def __init__(self, title: str, add: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        row = QHBoxLayout()
        self.title = label(title, "strong")
        row.addWidget(self.title, 1)
        self.add = Button(add, kind=Kind.QUIET, icon="plus", small=True)
        self.add.clicked.connect(lambda: self.wanted.emit(None))
        self.edit = icon_button("pencil", _("Edit (Enter)"))
        self.edit.clicked.connect(self._on_edit)
        self.remove = icon_button("x", _("Remove"))
        self.remove.clicked.connect(self._on_remove)
        for button in (self.add, self.edit, self.remove):
            row.addWidget(button)
        column.addLayout(row)
        self.list = QListWidget()
        self.list.setAccessibleName(title)
        self.list.setWordWrap(True)
        self.list.itemActivated.connect(self._on_edit)
        self.list.itemSelectionChanged.connect(self._on_selection)
        column.addWidget(self.list, 1)
        self._on_selection()

    def show_entries(self, entries: Sequence[tuple[str, object]]) -> None:
        """Show entries as ``(text, behind)``."""
        self.list.clear()
        for text, behind in entries:
            item = QListWidgetItem(text)
            item.setData(ROLE, behind)
            self.list.addItem(item)
        self._on_selection()

    def _chosen(self) -> object:
        items = self.list.selectedItems()
        return items[0].data(ROLE) if items else None

    def _on_selection(self) -> None:
        some = self._chosen() is not None
        self.edit.setEnabled(some)
        self.remove.setEnabled(some)

    def _on_edit(self, *_args: object) -> None:
        if (chosen := self._chosen()) is not None:
            self.wanted.emit(chosen)

    def _on_remove(self) -> None:
        if (chosen := self._chosen()) is not None:
            self.removed.emit(chosen)


class Material(QWidget):
    """Something brought to a report: read for its period, told when it was written."""

    written = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place, self._period, self._kind = place, "", "monthly"
        self._reading = Latest(place.runner, self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(MARGIN, GAP, MARGIN, MARGIN)

    def load(self, kind: str, period: str) -> None:
        """Read what belongs to a report's period."""
        self._kind, self._period = kind, period
        handle = self._reading.start(lambda _context: self._read(kind, period), lane=READ)
        handle.on_success(self._show).on_failure(self._place.shell.tell)

    def _read(self, kind: str, period: str) -> Any:
        raise NotImplementedError

    def _show(self, found: Any) -> None:
        raise NotImplementedError

    def _write(self, work: Callable[[], Any]) -> None:
        handle = self._place.runner.start(lambda _context: work(), lane=WRITE, owner=self)
        handle.on_success(self._on_written).on_failure(self._place.shell.tell)

    def _on_written(self, _value: object = None) -> None:
        self.load(self._kind, self._period)
        self.written.emit()


class EventsPane(Material):
    """The key events of the report's period: bands in its charts and a table."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        column = self._column
        text = _("Promotions, system changes, large complaints: they stand behind the lines of "
                 "charts and in a table of their own.")  # fmt: skip
        column.addWidget(label(text, "small", "2", wrap=True))
        self.entries = ShortList(_("Key events"), _("New event"))
        self.entries.wanted.connect(self.open_event)
        self.entries.removed.connect(self._remove)
        column.addWidget(self.entries, 1)

    def _read(self, kind: str, period: str) -> list[Event]:
        return report_material.events(self._place.desk, period, kind)

    def _show(self, found: list[Event]) -> None:
        self.entries.show_entries([
            (f"{e.starts_on} – {e.ends_on}\n{e.title}" + (f"（{e.state}）" if e.state else ""), e)
            for e in found
        ])  # fmt: skip

    def open_event(self, event: Event | None) -> None:
        """Edit an event, or make one."""
        from svcdesk.services import reports

        day = str(reports.period_of(self._place.desk, self._period or "last", self._kind).start)
        dialog = EventDialog(self, self._place, event, day)
        dialog.saved.connect(self._on_written)
        dialog.open()

    def _remove(self, event: Event) -> None:
        desk = self._place.desk
        self._write(lambda: report_material.remove_event(desk, event.id))


class PlanPane(Material):
    """The tasks of the report's period with what came of them, and those of the next one."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.found: Plans | None = None
        column = self._column
        self.now = ShortList(_("Tasks of this period"), _("New task"))
        self.ahead = ShortList(_("Tasks of the next period"), _("New task"))
        for part, later in ((self.now, False), (self.ahead, True)):
            part.wanted.connect(lambda task, ahead=later: self.open_task(task, ahead=ahead))
            part.removed.connect(self._remove)
            column.addWidget(part, 1)

    def _read(self, kind: str, period: str) -> Plans:
        return report_material.plans(self._place.desk, period, kind)

    def _show(self, found: Plans) -> None:
        self.found = found
        states = {
            "open": pgettext("task", "Open"), "done": pgettext("task", "Done"),
            "dropped": _("Dropped"),
        }  # fmt: skip

        def entry(task: Task) -> tuple[str, object]:
            facts = [states[task.state], task.owner, task.due_date or "", task.result]
            return "\n".join([task.text, " · ".join(fact for fact in facts if fact)]), task

        self.now.show_entries([entry(task) for task in found.tasks])
        self.ahead.show_entries([entry(task) for task in found.ahead])

    def open_task(self, task: Task | None, *, ahead: bool) -> None:
        """Edit a task, or make one."""
        if self.found is None:
            return
        period = self.found.following if ahead else self.found.period
        dialog = TaskDialog(self, self._place, task, task.period if task else period)
        dialog.saved.connect(self._on_written)
        dialog.open()

    def _remove(self, task: Task) -> None:
        desk = self._place.desk
        self._write(lambda: report_material.remove_task(desk, task.id))


class QuotesPane(Material):
    """Customers' words to be ticked; they are printed masked."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        column = self._column
        text = _("Tick what is to be printed. Names and numbers are masked; nothing is chosen by "
                 "the program.")  # fmt: skip
        column.addWidget(label(text, "small", "2", wrap=True))
        self.list = QListWidget()
        self.list.setAccessibleName(_("Customers' words"))
        self.list.setWordWrap(True)
        self.list.itemChanged.connect(self._on_ticked)
        column.addWidget(self.list, 1)
        self.empty = label(_("No answer of this period has a comment."), "small", "2", wrap=True)
        column.addWidget(self.empty)

    def _read(self, kind: str, period: str) -> list[Quotable]:
        return report_material.quotable(self._place.desk, kind, period)

    def _show(self, found: list[Quotable]) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for one in found:
            score = "" if one.score is None else _("{n} points").format(n=one.score)
            item = QListWidgetItem(f"{one.text}\n{one.number}  {one.customer}  {score}".rstrip())
            item.setData(ROLE, one.id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if one.picked else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.empty.setVisible(not found)

    def _on_ticked(self, _item: QListWidgetItem) -> None:
        keys = [
            item.data(ROLE)
            for item in (self.list.item(row) for row in range(self.list.count()))
            if item.checkState() is Qt.CheckState.Checked
        ]
        desk, kind, period = self._place.desk, self._kind, self._period
        self._write(lambda: report_material.pick(desk, kind, period, keys))

    def _on_written(self, _value: object = None) -> None:
        self.written.emit()  # the list stays as it is while somebody ticks
