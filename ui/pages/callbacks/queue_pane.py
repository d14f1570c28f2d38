"""The queue with its entry: chips and tasks left, context and entry right, hand-out over them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from svcdesk.i18n.catalog import _
from svcdesk.services import callbacks, callbacks_follow, callbacks_hand_out
from svcdesk.services.queries import DeskRows, Op, Query
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE, Latest
from ui.pages.callbacks.context_pane import ContextPane
from ui.pages.callbacks.entry_pane import EntryPane
from ui.pages.callbacks.hand_out import HandOutPanel
from ui.pages.callbacks.queue import Queue
from ui.pages.callbacks.queue_head import QueueHead
from ui.pages.page import Changes, Route, Workplace
from ui.theme.tokens import px
from ui.widgets.labels import KeyHint, box, label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from svcdesk.services.callbacks import CallbackDetail, Counts
    from svcdesk.services.callbacks_hand_out import Preview
    from svcdesk.services.desk import Outcome
    from svcdesk.system.job import JobContext

ROOM_FOR_QUEUE = 1100
FUNCTION_KEYS = (Qt.Key.Key_F1, Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_F5,
                 Qt.Key.Key_F6)  # fmt: skip
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
# columns of a callback whose records, when changed, change what is shown beside it
PARTS = (("callback", "id"), ("customer", "customer_id"), ("ticket", "ticket_id"),
         ("complaint", "complaint_id"))  # fmt: skip


class QueuePane(QWidget):
    """Where callbacks are made, with nothing but keys."""

    counted = Signal(int, int, int)  # done today, left today, open

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place = place
        desk = place.desk
        self.head = QueueHead(desk)
        self.head.changed.connect(self.show_queue)
        self.queue = Queue(desk, place.runner)
        self.queue.current_changed.connect(self._on_current)
        self.queue.rows.counted.connect(self._on_counted)
        self.context = ContextPane(desk)
        self.context.take_wanted.connect(self._take)
        self.context.opt_out_wanted.connect(self._opt_out)
        self.context.cancel_wanted.connect(self._cancel)
        self.context.open_wanted.connect(self._open_case)
        self.entry = EntryPane(desk)
        self.entry.save_wanted.connect(self._save)
        self.entry.ticket_wanted.connect(self._new_ticket)
        self.entry.complaint_wanted.connect(self._new_complaint)
        self.entry.give_up_wanted.connect(self._give_up)
        self.context.add_follow(self.entry.follow)
        self.hand_out = HandOutPanel(place)
        self.hand_out.closed.connect(self._close_hand_out)
        self.hand_out.wanted.connect(self._hand_out)
        self._build()
        self._detail_job = Latest(place.runner, self)
        self._count_job = Latest(place.runner, self)
        self.detail: CallbackDetail | None = None
        self._next: int | None = None
        self._text = ""
        for number, chip in enumerate(callbacks.CHIPS, start=1):
            shortcut = QShortcut(QKeySequence(f"Alt+{number}"), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self.head.choose, chip))

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        left = QFrame()
        left.setProperty("box", "surface")
        left.setProperty("line", "right")
        left.setFixedWidth(px(262))
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.queue.empty.set("phone", _("No callback is due."))
        column.addWidget(self.head)
        column.addWidget(self.queue, 1)
        foot = box("sunken", "top")
        keys = QHBoxLayout(foot)
        keys.setContentsMargins(12, 5, 12, 5)
        keys.addWidget(KeyHint("J"))
        keys.addWidget(KeyHint("K"))
        keys.addWidget(label(_("next and previous"), "small", "2"))
        keys.addStretch(1)
        column.addWidget(foot)
        row.addWidget(left)
        self._left = left
        work = QWidget()
        inner = QHBoxLayout(work)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self.context, 1)
        inner.addWidget(self.entry)
        self._work = QStackedWidget()
        self._work.addWidget(work)
        self._work.addWidget(self.hand_out)
        row.addWidget(self._work, 1)

    # --- showing -------------------------------------------------------------------------

    def show_queue(self) -> None:
        """Show the tasks that the chips leave."""
        kinds = tuple(self.head.kinds.value())
        query = callbacks.queue(self.place.desk, self.head.chip, kinds)
        self.queue.rows.show(DeskRows(self.place.desk, query.searching(self._text)))

    def search(self, text: str) -> None:
        """Narrow the queue."""
        self._text = text
        self.show_queue()

    def refresh(self, changes: Changes) -> None:
        """Show what a write has changed; the task shown is read again when it is concerned."""
        self.queue.rows.refresh_rows(changes.touched("callback"))
        self.queue.rows.requery()
        self.count()
        self.reload(changes)

    def reload(self, changes: Changes | None = None) -> None:
        """Read the task shown again: when one of its records changed, or at any rate."""
        if self.detail is None:
            return
        callback = self.detail.callback
        if changes is None or any(callback[c] in changes.touched(t) for t, c in PARTS):
            self._on_current(int(callback["id"]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the room to context and entry when the window is narrow; J and K still move."""
        super().resizeEvent(event)
        self._left.setVisible(self.width() >= px(ROOM_FOR_QUEUE))

    def _on_counted(self, _count: int) -> None:
        if self.isVisible():
            self.place.shell.set_status(
                _("Entry by keyboard is on. Press F1–F6, then digits; ? shows all keys.")
            )

    def open_record(self, key: int) -> None:
        """Show a task, whether the chips leave it or not."""
        self._work.setCurrentIndex(0)
        self.queue.go_to(key)
        self._on_current(key)

    def count(self) -> None:
        """Count what is done, left and open."""
        desk = self.place.desk
        start, tomorrow = callbacks.today(desk)

        def work(_context: JobContext) -> tuple[int, int, Counts]:
            done = Query("callback").where("completed_at", Op.BETWEEN, start, None)
            left = callbacks.queue().where("due_at", Op.BETWEEN, None, tomorrow)
            return (
                DeskRows(desk, done).count(),
                DeskRows(desk, left).count(),
                callbacks.counts(desk),
            )

        self._count_job.start(work).on_success(self._show_counts)

    def _show_counts(self, found: tuple[int, int, Counts]) -> None:
        done, left, counts = found
        self.head.show_counts(counts)
        self.counted.emit(done, left, counts.all)

    def _on_current(self, key: object) -> None:
        if not isinstance(key, int):
            focus = QApplication.focusWidget()
            if focus is not None and self.entry.isAncestorOf(focus):
                self.queue.setFocus()  # the keys go on working when nothing is left
            self.entry.setEnabled(False)
            return
        desk = self.place.desk

        def work(_context: JobContext) -> CallbackDetail:
            return callbacks.get(desk, key)

        self._detail_job.start(work).on_success(self._on_loaded).on_failure(self.place.shell.tell)

    def _on_loaded(self, detail: CallbackDetail) -> None:
        known = self.detail is not None and self.detail.callback["id"] == detail.callback["id"]
        self.detail = detail
        self.context.show_callback(detail)
        if self.entry.show_callback(detail):
            self.place.shell.say(_("What you had typed is back."), undo=False)
        if self.isVisible() and not known and self._work.currentIndex() == 0:
            self.entry.scores.setFocus()

    def _open_case(self, page: str, key: object) -> None:
        if isinstance(key, int):
            self.place.shell.go(Route(page, key))

    # --- saving --------------------------------------------------------------------------

    def _write(self, work: Callable[[], Outcome[Any]], done: Callable[[Any], None]) -> None:
        handle = self.place.runner.start(lambda _context: work(), lane=WRITE, owner=self)
        handle.on_success(done).on_failure(self._on_refused)

    def _save(self, result: str, values: dict[str, Any]) -> None:
        detail = self.detail
        if detail is None:
            return
        position = self.queue.rows.position_of(int(detail.callback["id"]))
        after = self.queue.rows.id_at(position + 1)
        self._next = after if after is not None else self.queue.rows.id_at(position - 1)
        desk, key = self.place.desk, int(detail.callback["id"])
        values = {name: value for name, value in values.items() if value is not None}
        values["phone_place"] = self.context.phone_place
        self._write(lambda: callbacks.record(desk, key, result, values),
                    partial(self._on_saved, key, result))  # fmt: skip

    def _on_saved(self, key: int, result: str, _outcome: Any) -> None:
        self.entry.empty()
        detail = self.detail
        if detail is not None and detail.callback["id"] == key:
            self.place.shell.say(_("{number} saved").format(number=detail.callback["callback_no"]))
        go_on = bool(self.place.desk.reference.settings["callback_next"])
        failed = result not in {"connected", "refused", "call_back_at"}
        enough = failed and detail is not None and callbacks.enough_with(
            self.place.desk, detail, self.place.desk.clock.now())  # fmt: skip
        if go_on and self._next is not None and not enough:
            self.queue.go_to(self._next)
        elif enough:
            self._on_current(key)

    def _on_refused(self, error: object) -> None:
        if isinstance(error, ProblemsError):
            self.entry.show_problems(error.problems)
        else:
            self.place.shell.tell(error)

    def _with_current(self, work: Callable[[int], Outcome[Any]], done: str) -> None:
        """Run a service on the task shown and say so."""
        if self.detail is None or not self.detail.open:
            return
        key = int(self.detail.callback["id"])
        text = done.format(number=self.detail.callback["callback_no"])
        self._write(lambda: work(key), lambda _outcome: self.place.shell.say(text))

    def _new_ticket(self, words: str) -> None:
        desk = self.place.desk
        self.entry.choose_outcome("new_problem")
        self._with_current(lambda key: callbacks_follow.new_ticket(desk, key, words),
                           _("Ticket made from {number}"))  # fmt: skip

    def _new_complaint(self, words: str) -> None:
        desk = self.place.desk
        self._with_current(lambda key: callbacks_follow.new_complaint(desk, key, words),
                           _("Complaint made from {number}"))  # fmt: skip

    def _give_up(self) -> None:
        desk = self.place.desk
        self._with_current(partial(callbacks.give_up, desk), _("{number} cannot be reached"))

    def _opt_out(self) -> None:
        desk = self.place.desk
        self._with_current(partial(callbacks.opt_out, desk),
                           _("Noted: no more callbacks. Open ones are cancelled."))  # fmt: skip

    def _cancel(self) -> None:
        desk = self.place.desk
        self._with_current(lambda key: callbacks.cancel(desk, key, ""), _("{number} is cancelled"))

    def _take(self) -> None:
        if self.detail is None:
            return
        desk = self.place.desk
        if self.detail.callback["assignee_id"] == desk.actor.id:
            self._with_current(lambda key: callbacks.assign(desk, key, None),
                               _("{number} is put back for everybody"))  # fmt: skip
        else:
            self._with_current(partial(callbacks.take, desk), _("{number} is yours"))

    # --- handing out ---------------------------------------------------------------------

    def open_hand_out(self) -> None:
        """Show who would get what."""
        self._work.setCurrentIndex(1)
        self.hand_out.open()

    def _close_hand_out(self) -> None:
        self._work.setCurrentIndex(0)
        (self.entry.scores if self.entry.isEnabled() else self.queue).setFocus()

    def _hand_out(self, preview: Preview) -> None:
        desk = self.place.desk
        self._write(lambda: callbacks_hand_out.apply(desk, preview), self._on_handed_out)

    def _on_handed_out(self, outcome: Outcome[int]) -> None:
        self._close_hand_out()
        self.place.shell.say(_("Handed out: {n}").format(n=outcome.value))

    # --- keys ----------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of the entry; they arrive here only while no text field has the focus."""
        key = event.key()
        if self._work.currentIndex() == 1:
            super().keyPressEvent(event)
            return
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and key in ENTER:
            self.entry.save()
        elif key in FUNCTION_KEYS and self.entry.isEnabled():
            self.entry.choose_result(FUNCTION_KEYS.index(Qt.Key(key)))
        elif not self._letter(event):
            super().keyPressEvent(event)

    def _letter(self, event: QKeyEvent) -> bool:
        entry = self.entry
        actions: dict[Qt.Key, Callable[[], Any]] = {
            Qt.Key.Key_J: partial(self.queue.step, 1),
            Qt.Key.Key_K: partial(self.queue.step, -1),
            Qt.Key.Key_PageUp: partial(self.context.move_script, -1),
            Qt.Key.Key_PageDown: partial(self.context.move_script, 1),
            Qt.Key.Key_A: self._take,
            Qt.Key.Key_P: self.context.next_phone,
        }
        if entry.isEnabled():
            actions |= {Qt.Key(ord(letter)): act for letter, act in entry.keys().items()}
            actions |= dict.fromkeys(ENTER, entry.save)
            actions[Qt.Key.Key_O] = entry.save_opt_out if entry.refusing else self._opt_out
        action = actions.get(Qt.Key(event.key()))
        if action is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        action()
        return True
