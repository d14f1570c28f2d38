"""Changes and pilots left; right a figure before and after the chosen one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.domain.improvement import EventKind
from svcdesk.domain.people import Permission, may
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label
from svcdesk.services import change_effects, improvement_words
from svcdesk.services.improvement_rows import metric_name
from ui.jobs.runner import WRITE, Latest
from ui.models.choices import Choice
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.documents.material import EventDialog
from ui.pages.improvement.view import LoopView
from ui.pages.wording import Words
from ui.theme.tokens import GAP, MARGIN, px
from ui.widgets.button import Button, Kind
from ui.widgets.chart_view import ChartView
from ui.widgets.data_table import DataTable
from ui.widgets.editors import ChoiceField
from ui.widgets.labels import box, label
from ui.widgets.side_by_side import SideBySide

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from svcdesk.services.improvement_effect import Effect
    from svcdesk.services.report_material import Event
    from svcdesk.system.job import JobContext
    from ui.pages.page import Changes, Workplace

WATCHED = frozenset({"key_event"})
FIRST = "csat_rate"
ICONS = {
    "change": "split", "pilot": "lightbulb", "promotion": "gem", "system": "database",
    "product": "box", "complaints": "siren", "other": "circle-dot",
}  # fmt: skip


class ChangesView(LoopView):
    """Changes and pilots."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._words = Words(place.desk)
        self._found: dict[int, Event] = {}
        self._shown = False
        self._wanted: int | None = None
        self._job = Latest(place.runner, self)
        self._counting = Latest(place.runner, self)
        self._model = RowWindowModel(columns(), place.runner, self)
        self.table = DataTable(self._model, "key_events")
        self.table.setAccessibleName(_("Changes and pilots"))
        self.table.current_changed.connect(lambda _key: self._count())
        self.table.opened.connect(lambda _key: self.edit())
        text = _("Write down what was changed or tried: its effect on any figure is shown here.")
        self.table.empty.set("split", text)
        names = (_("List"), pgettext("improvement", "Effect"))
        self.stack(SideBySide(self.table, self._build_effect(), (520, 640), names))

    def _build_effect(self) -> QWidget:
        side = box("surface", "left")
        side.setMinimumWidth(px(420))
        column = QVBoxLayout(side)
        column.setContentsMargins(MARGIN, GAP, MARGIN, MARGIN)
        column.setSpacing(GAP)
        self.title = label("", "title", wrap=True, selectable=True)
        column.addWidget(self.title)
        row = QHBoxLayout()
        choices = [Choice(key, metric_name(key)) for key in change_effects.judged_metrics()]
        self.figure = ChoiceField(choices)
        self.figure.set_value(FIRST)
        self.figure.setAccessibleName(_("Figure"))
        self.figure.setMinimumWidth(px(240))
        self.figure.setToolTip(_("The figure that is compared before and after"))
        self.figure.changed.connect(self._count)
        row.addWidget(self.figure)
        row.addStretch(1)
        self.change = Button(_("Edit"), kind=Kind.QUIET, icon="pencil", key="E", small=True)
        self.change.clicked.connect(self.edit)
        self.gone = Button(_("Remove"), kind=Kind.QUIET, icon="x", small=True)
        self.gone.setToolTip(_("Remove the event (Delete); it can be undone"))
        self.gone.clicked.connect(self.remove)
        row.addWidget(self.change)
        row.addWidget(self.gone)
        column.addLayout(row)
        self._chart = QVBoxLayout()
        column.addLayout(self._chart)
        self.told = label("", "strong", wrap=True, selectable=True)
        self.months = label("", "small", "2", wrap=True, selectable=True)
        column.addWidget(self.told)
        column.addWidget(self.months)
        column.addStretch(1)
        return side

    # --- view ----------------------------------------------------------------------------

    def tools(self) -> list[QWidget]:
        """Return the form of a new event."""
        if not may(self.place.desk.roles, Permission.MAKE_REPORTS):
            return []
        new = Button(_("New change or pilot"), kind=Kind.MAIN, icon="plus")
        new.clicked.connect(self.new)
        return [new]

    def reload(self) -> None:
        """Read the events."""
        self._shown = True
        desk = self.place.desk

        def work(_context: JobContext) -> list[Event]:
            return change_effects.events(desk)

        self._job.start(work).on_success(self._on_listed).on_failure(self.place.shell.tell)

    def refresh(self, changes: Changes) -> None:
        """Read again when an event was written."""
        if self._shown and changes.tables() & WATCHED:
            self.reload()

    def save_state(self) -> dict[str, Any]:
        """Keep what is shown."""
        return {"metric": self.figure.value(), "event": self.table.current_id(),
                "shown": self._shown}  # fmt: skip

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take it back."""
        self.figure.set_value(state["metric"])
        self._wanted = state["event"]
        if state["shown"]:
            self.reload()

    # --- showing -------------------------------------------------------------------------

    def _on_listed(self, found: list[Event]) -> None:
        chosen = self._wanted or self.table.current_id()
        self._wanted = None
        self._found = {event.id: event for event in found}
        self._model.show(RecordList(found))
        if found:
            self.table.go_to(chosen if chosen in self._found else found[0].id)
        self._count()

    def current(self) -> Event | None:
        """Return the event that is chosen."""
        key = self.table.current_id()
        return None if key is None else self._found.get(key)

    def _count(self) -> None:
        """Count the figure around the chosen event."""
        event = self.current()
        editor = may(self.place.desk.roles, Permission.MAKE_REPORTS)
        self.change.setEnabled(event is not None and editor)
        self.gone.setEnabled(event is not None and editor)
        self.figure.setEnabled(event is not None)
        self.title.setText("" if event is None else event.title)
        if event is None:
            self._show(None, "")
            return
        desk, metric, one = self.place.desk, str(self.figure.value()), event

        def work(context: JobContext) -> Effect:
            context.on_cancel(desk.reader.interrupt)
            return change_effects.effect(desk, one, metric)

        handle = self._counting.start(work)
        handle.on_success(lambda effect: self._show(effect, metric))
        handle.on_failure(self.place.shell.tell)

    def _show(self, effect: Effect | None, metric: str) -> None:
        while (one := self._chart.takeAt(0)) is not None:
            if widget := one.widget():
                widget.hide()
                widget.deleteLater()
        self.told.setText("")
        self.months.setText("")
        if effect is None:
            return
        view = ChartView(improvement_words.chart(effect, metric, band=_("Changed")))
        view.setFixedHeight(px(230))
        self._chart.addWidget(view)
        self.told.setText(improvement_words.told(effect, metric))
        self.months.setText("\n".join(improvement_words.months(effect, metric)))

    # --- acting --------------------------------------------------------------------------

    def new(self) -> None:
        """Open the form of a new change."""
        day = self._words.local(self._words.now()).date().isoformat()
        self._open(EventDialog(self, self.place, None, day, EventKind.CHANGE))

    def edit(self) -> None:
        """Open the form of the chosen event."""
        event = self.current()
        if event is not None and self.change.isEnabled():
            self._open(EventDialog(self, self.place, event, event.starts_on))

    def _open(self, dialog: EventDialog) -> None:
        dialog.saved.connect(self._on_saved)
        dialog.open()

    def _on_saved(self, key: object) -> None:
        self._wanted = key if isinstance(key, int) else None
        self.place.shell.say(_("Saved"))
        self.reload()

    def remove(self) -> None:
        """Take the chosen event away."""
        event, desk = self.current(), self.place.desk
        if event is None or not self.gone.isEnabled():
            return
        handle = self.place.runner.start(
            lambda _context: change_effects.remove(desk, event.id), lane=WRITE, owner=self
        )
        handle.on_success(lambda _outcome: self.place.shell.say(_("Key event removed")))
        handle.on_failure(self.place.shell.tell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Single keys: they arrive here only while no text field has the focus."""
        act = {"N": self.new, "E": self.edit}.get(event.text().upper())
        if event.key() == Qt.Key.Key_Delete:
            self.remove()
        elif act is not None and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            act()
        else:
            super().keyPressEvent(event)


def columns() -> list[ColumnDef]:
    """Return the columns of the list."""

    def days(event: Event) -> Cell:
        if event.starts_on == event.ends_on:
            return Cell(event.starts_on)
        return Cell(f"{event.starts_on} – {event.ends_on}")

    def kind(event: Event) -> Cell:
        known = event.kind if event.kind in ICONS else str(EventKind.OTHER)
        return Cell(code_label("EventKind", known), ICONS[known], icon_colour="text-2")

    return [
        ColumnDef("days", pgettext("event", "Days"), days, 176),
        ColumnDef("kind", _("Kind"), kind, 100, drop=2),
        ColumnDef("title", _("Event"), lambda e: Cell(e.title, tip=e.title), 180, stretch=True,
                  elide=True),
        ColumnDef("state", _("How it was handled"), lambda e: Cell(e.state, tip=e.state), 130,
                  elide=True, drop=1),
    ]  # fmt: skip
