"""Undo and redo in the menu, with the name of the step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from svcdesk.i18n.catalog import _
from ui.jobs.runner import WRITE, JobRunner

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.pages.page import Workplace
    from ui.shell.actions import Actions


class UndoMenu(QObject):
    """Takes steps back and does them again, in the write lane."""

    def __init__(self, window: QWidget, runner: JobRunner, actions: Actions) -> None:
        super().__init__(window)
        self._runner = runner
        self._actions = actions
        self.place: Workplace | None = None

    def undo(self) -> None:
        """Take the latest step back."""
        self._step(back=True)

    def redo(self) -> None:
        """Do again what was taken back."""
        self._step(back=False)

    def _step(self, *, back: bool) -> None:
        from svcdesk.services import undo

        place = self.place
        if place is None:
            return
        desk = place.desk
        function = undo.undo if back else undo.redo
        handle = self._runner.start(lambda _context: function(desk), lane=WRITE, owner=self)
        handle.on_success(self._on_undone if back else self._on_redone).on_failure(place.shell.tell)

    def _on_undone(self, outcome: Any) -> None:
        self._say(_("Undone: {step}").format(step=step_name(outcome.value)), undo=False)

    def _on_redone(self, outcome: Any) -> None:
        self._say(_("Done again: {step}").format(step=step_name(outcome.value)))

    def show(self) -> None:
        """Name the steps in the menu."""
        from svcdesk.services import undo

        if self.place is None:
            return
        for key, find, plain, named in (
            ("undo", undo.undoable, _("Undo"), _("Undo “{step}”")),
            ("redo", undo.redoable, _("Redo"), _("Redo “{step}”")),
        ):
            step = find(self.place.desk)
            action = self._actions.get(key)
            action.setEnabled(step is not None)
            action.setText(plain if step is None else named.format(step=step_name(step)))

    def _say(self, text: str, *, undo: bool = True) -> None:
        if self.place is not None:
            self.place.shell.say(text, undo=undo)


def step_name(step: Any) -> str:
    """Return the name of an undo step in the user's language."""
    from svcdesk.i18n.labels import Msg, sentence

    values = dict(step.args)
    if "step" in values:  # a step of the state machine is kept by its English name
        values["step"] = Msg(values["step"])
    return sentence(step.label, values)
