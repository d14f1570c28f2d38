"""The lower part of the ticket pane: words, next steps, and the forms that take their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QMenu, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from ui.pages.drafts import DraftKeeper
from ui.pages.steps import StepBar, StepPanel
from ui.pages.tickets import moves
from ui.pages.tickets.fields import TicketFields
from ui.pages.tickets.merge_panel import MergePanel
from ui.pages.tickets.talk import TalkBox
from ui.widgets.button import Button, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.services.tickets import TicketDetail
    from ui.pages.page import Workplace
    from ui.widgets.banner import Banner


class PaneBottom(QFrame):
    """What is written and done; a form in it is a draft until it is recorded."""

    step_wanted = Signal(str)
    step_filled = Signal(str, object)
    move_wanted = Signal(str, object)  # a move, its row
    form_wanted = Signal(str, object)  # open the form of a step or move, do nothing yet
    macro_wanted = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.setProperty("box", "sunken")
        self.setProperty("line", "top")
        self._detail: TicketDetail | None = None
        self._row = 0
        self._before: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 8, 14, 10)
        self._column.setSpacing(8)
        self.talk = TalkBox(place)
        self._column.addWidget(self.talk)
        self.panel = StepPanel(TicketFields(place.desk, place.runner), "ticket")
        self.panel.submitted.connect(self._on_submitted)
        self.panel.closed.connect(self._on_closed)
        self._column.addWidget(self.panel)
        self.draft = DraftKeeper(self, place.desk, self._typed)
        self.panel.edited.connect(self.draft.touch)
        self._draft_banner: Banner | None = None
        self.merging = MergePanel(place)
        self.merging.closed.connect(self._on_closed)
        self._column.addWidget(self.merging)
        self.steps = StepBar()
        self.steps.chosen.connect(self.step_wanted)
        self._column.addWidget(self.steps)

    # --- showing -------------------------------------------------------------------------

    def show_detail(self, detail: TicketDetail) -> None:
        """Show a ticket; a form for the same one stays, for another one it becomes a draft."""
        known = self._detail
        same = known is not None and known.ticket["id"] == detail.ticket["id"]
        if not same:
            self._keep_form()
        self._detail = detail
        if not same:
            self.talk.open(int(detail.ticket["id"]))
        if not self.busy:
            self._show_steps()

    @property
    def busy(self) -> bool:
        """Whether a form is open."""
        return bool(self.panel.open_action) or self.merging.is_open

    def _show_steps(self) -> None:
        detail = self._detail
        if detail is None:
            return
        self.steps.show_steps(detail.steps, fold=True)
        macro = Button("", kind=Kind.QUIET, icon="zap", key="M")
        macro.setAccessibleName(_("Macros"))
        macro.setToolTip(_("Run a macro (M)"))
        macro.clicked.connect(self.macro_wanted)
        self.steps.add(macro)
        self.macro_button = macro
        if moves.open_to(detail) or self.steps.folded:
            more = Button(_("More"), kind=Kind.QUIET, arrow=True)
            more.clicked.connect(self._open_more)
            self.steps.add(more)
            self._more_button = more

    def _open_more(self) -> None:
        if self._detail is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for move in moves.open_to(self._detail):
            action = menu.addAction(f"{_(move.label)}\t{move.letter}")
            action.setData(move.key)
        if self.steps.folded:
            menu.addSeparator()
        for step in self.steps.folded:
            action = menu.addAction(f"{_(step.label)}\t{self.steps.key_of(step.action)}")
            action.setData(step.action)
        menu.triggered.connect(self._on_more)
        menu.popup(self._more_button.mapToGlobal(self._more_button.rect().bottomLeft()))

    def _on_more(self, action: Any) -> None:
        key = str(action.data())
        if key in moves.MOVES:
            self.move_wanted.emit(key, 0)
        else:
            self.step_wanted.emit(key)

    # --- forms -----------------------------------------------------------------------------

    def open_step(
        self, action: str, title: str, names: tuple[str, ...],
        record: Mapping[str, Any] | None = None, row: int = 0,
    ) -> None:  # fmt: skip
        """Ask in place for what a step or a move needs."""
        if self._detail is None:
            return
        self._row = row
        self._remember_focus()
        self._drop_banner()
        self.talk.hide()
        self.steps.hide()
        self.merging.hide()
        self.panel.open_for(action, title, names, self._detail.ticket if record is None else record)
        self.draft.open(self._draft_key())

    def open_merge(self, target: int | None = None) -> None:
        """Prepare a merge in place."""
        if self._detail is not None:
            self._put_form_away()
            self._remember_focus()
            self.talk.hide()
            self.steps.hide()
            self.merging.open_for(self._detail, target)

    def _on_submitted(self, action: str, entered: dict[str, Any]) -> None:
        if action in moves.MOVES:
            self.step_filled.emit(f"move:{action}:{self._row}", entered)
        else:
            self.step_filled.emit(action, entered)

    def close_forms(self) -> None:
        """Put every open form away: what it asked for is done, or is not wanted."""
        self.draft.done()
        self.draft.open("")
        if self.panel.open_action:
            self.panel.close_panel()
        if self.merging.is_open:
            self.merging.close_panel()

    def _on_closed(self) -> None:
        self._drop_banner()
        self.draft.done()
        self.draft.open("")
        self.talk.show()
        self._show_steps()
        before, self._before = self._before, None
        if before is not None and shiboken6.isValid(before) and before.isVisible():
            before.setFocus()
        else:
            (self.parentWidget() or self).setFocus()

    def _remember_focus(self) -> None:
        """Note where the keys went, to give them back when the form is put away."""
        widget = QApplication.focusWidget()
        if widget is not None and not self.isAncestorOf(widget):
            self._before = widget

    def submit(self) -> None:
        """Record what is open: a form, a merge, or the words."""
        if self.panel.open_action:
            self.panel.submit()
        elif self.merging.is_open:
            self.merging.submit()
        else:
            self.talk.send()

    # --- drafts ----------------------------------------------------------------------------

    def _draft_key(self) -> str:
        return f"ticket-{self._detail.ticket['id']}-step" if self._detail is not None else ""

    def _typed(self) -> dict[str, Any]:
        if not self.panel.open_action:
            return {}
        values = self.panel.values()
        return (
            {"action": self.panel.open_action, "row": self._row, "values": values} if values else {}
        )

    def _keep_form(self) -> None:
        """Leave the open form of a ticket as a draft when another ticket is shown."""
        self.draft.flush()
        self.draft.open("")
        self._put_form_away()

    def _put_form_away(self) -> None:
        if self.panel.open_action:
            self.draft.open("")  # the draft stays on disk
            self.panel.close_panel()
        if self.merging.is_open:
            self.merging.close_panel()

    def restore_form(self) -> None:
        """Open the form that was left of the ticket shown, with what stood in it."""
        left = self.draft.open(self._draft_key())
        if left is None or self._detail is None:
            self.draft.open("")
            return
        action, row = str(left.values.get("action", "")), int(left.values.get("row", 0))
        self.draft.open("")  # opening the form must not write over what was left
        self.form_wanted.emit(action, row)
        if self.panel.open_action != action:
            return
        self.panel.restore(dict(left.values.get("values", {})))
        self._draft_banner = self.draft.banner(left)
        self._draft_banner.acted.connect(self.close_forms)
        self._column.insertWidget(0, self._draft_banner)
        self.draft.open(self._draft_key())

    def _drop_banner(self) -> None:
        if self._draft_banner is not None:
            self._draft_banner.hide()
            self._draft_banner.deleteLater()
            self._draft_banner = None
