"""Handing out the callbacks that nobody has: callers, span, preview, one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _, ngettext
from svcdesk.i18n.labels import code_label
from svcdesk.services import callbacks, callbacks_hand_out
from ui.jobs.runner import Latest
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.callbacks.queue import KIND_FACE
from ui.pages.wording import Words
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind, Segments
from ui.widgets.data_table import DataTable
from ui.widgets.editors import CheckField
from ui.widgets.labels import box, label

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from svcdesk.domain.callback_share import Share
    from svcdesk.services.callbacks_hand_out import Caller, Preview, Unassigned
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

DAY = 86400


class _Line:
    """One callback with whom it would go to."""

    def __init__(self, share: Share, task: Unassigned) -> None:
        self.id = task.id
        self.share = share
        self.task = task


class HandOutPanel(QWidget):
    """Left who calls and what for, right who would get what; Enter hands out."""

    closed = Signal()
    wanted = Signal(object)  # the preview that is to be carried out

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._words = Words(place.desk)
        self._job = Latest(place.runner, self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Hand out callbacks"))
        self._preview: Preview | None = None
        self._callers: list[Caller] = []
        self._checks: dict[int, CheckField] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 12, 14, 12)
        row.setSpacing(12)
        row.addWidget(self._build_choice())
        row.addWidget(self._build_preview(), 1)

    def _build_choice(self) -> QWidget:
        card = box("card")
        card.setFixedWidth(px(300))
        column = QVBoxLayout(card)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(8)
        column.addWidget(label(_("Hand out callbacks"), "strong"))
        column.addWidget(label(_("Those that nobody has and that fall due"), "small", "2"))
        spans = [("today", _("Today")), ("week", _("7 days")), ("all", _("All"))]
        self.span = Segments(spans, small=True)
        self.span.set_value("week")
        self.span.changed.connect(self._on_changed)
        column.addWidget(self.span)
        column.addWidget(label(_("Who calls"), "small", "2"))
        self._people = QVBoxLayout()
        self._people.setSpacing(2)
        column.addLayout(self._people)
        self._result = label("", "", wrap=True)
        column.addWidget(self._result)
        column.addStretch(1)
        buttons = QHBoxLayout()
        close = Button(_("Close"), key="Esc")
        close.clicked.connect(self.closed)
        self.go = Button(_("Hand out"), kind=Kind.MAIN, key="Ctrl+↵")
        self.go.clicked.connect(self._on_go)
        buttons.addWidget(close)
        buttons.addStretch(1)
        buttons.addWidget(self.go)
        column.addLayout(buttons)
        return card

    def _build_preview(self) -> QWidget:
        words = self._words
        columns = [
            ColumnDef("number", _("Callback no."), lambda r: Cell(r.task.number), 118),
            ColumnDef("kind", _("Kind"), self._kind, 140, elide=True),
            ColumnDef("customer", _("Customer"),
                      lambda r: Cell(words.customer(r.task.customer, r.task.customer_kind)), 100,
                      stretch=True, elide=True),
            ColumnDef("due", _("Due"), lambda r: Cell(words.time(r.task.due_at)), 96, right=True),
            ColumnDef("who", _("Caller"), self._who, 150, elide=True),
        ]  # fmt: skip
        self._model = RowWindowModel(columns, self._place.runner, self)
        self.table = DataTable(self._model, "hand-out")
        return self.table

    def _kind(self, line: _Line) -> Cell:
        icon, tone = KIND_FACE[line.task.kind]
        ink = "text-2" if tone == "neutral" else tone
        return Cell(code_label("CallbackKind", line.task.kind), icon, icon_colour=ink)

    def _who(self, line: _Line) -> Cell:
        name = self._words.person(line.share.person_id)
        if line.share.own:
            tip = _("This caller handled the case; nobody else was chosen.")
            return Cell(_("{name} (own case)").format(name=name), "triangle-alert",
                        icon_colour="warn", tip=tip)  # fmt: skip
        return Cell(name)

    # --- showing -------------------------------------------------------------------------

    def open(self) -> None:
        """Offer the callers as they are now and show what would be."""
        while (item := self._people.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._checks = {}
        self._callers = callbacks_hand_out.callers(self._place.desk)
        usual = any(caller.usual for caller in self._callers)
        for caller in self._callers:
            text = _("{name} (has {n})").format(name=caller.name, n=caller.load)
            if caller.away_until:
                text = _("{name}, on leave until {day}").format(
                    name=caller.name, day=caller.away_until
                )
            check = CheckField(text)
            check.set_value((caller.usual or not usual) and caller.away_until is None)
            check.setEnabled(caller.away_until is None)
            check.changed.connect(self._show)
            self._people.addWidget(check)
            self._checks[caller.id] = check
        self._show()
        self.setFocus()

    def _on_changed(self, _number: int) -> None:
        self._show()

    def _until(self) -> int | None:
        span = self.span.value()
        if span == "all":
            return None
        tomorrow = callbacks.today(self._place.desk)[1]
        return tomorrow if span == "today" else tomorrow + 6 * DAY

    def _show(self) -> None:
        desk, until = self._place.desk, self._until()
        people = [key for key, check in self._checks.items() if check.value()]

        def work(_context: JobContext) -> Preview:
            return callbacks_hand_out.preview(desk, people, until)

        self._job.start(work).on_success(self._on_preview).on_failure(self._place.shell.tell)

    def _on_preview(self, preview: Preview) -> None:
        self._preview = preview
        rows = [_Line(share, preview.tasks[share.task_id]) for share in preview.shares]
        self._model.show(RecordList(rows))
        parts = [
            _("{name}: {before} + {given} = {after}").format(
                name=self._words.person(person), before=preview.before[person],
                given=preview.given(person), after=after,
            )
            for person, after in preview.after.items()
        ]  # fmt: skip
        if preview.own:
            text = ngettext("{n} goes to the one who handled the case.",
                            "{n} go to those who handled the case.", preview.own)  # fmt: skip
            parts.append(text.format(n=preview.own))
        if not preview.shares:
            parts.append(_("There is nothing to hand out, or nobody is chosen."))
        self._result.setText("\n".join(parts))
        self.go.set_text(_("Hand out {n}").format(n=len(preview.shares)))
        self.go.setEnabled(bool(preview.shares))

    def _on_go(self) -> None:
        if self._preview is not None and self._preview.shares:
            self.wanted.emit(self._preview)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter hands out, Escape closes."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._on_go()
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
