"""Undo and redo of any operation, by the name of its step."""

from __future__ import annotations

from svcdesk.services import customer_tiers
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import undo as steps
from svcdesk.store.connection import IntegrityError
from svcdesk.store.undo import Step
from svcdesk.system.errors import UserError

__all__ = ["Step", "redo", "redoable", "undo", "undo_operation", "undoable"]


def undoable(desk: Desk) -> Step | None:
    """Return the step that Undo would take back."""
    return steps.undoable(desk.reader)


def redoable(desk: Desk) -> Step | None:
    """Return the step that Redo would do again."""
    return steps.redoable(desk.reader)


def undo(desk: Desk) -> Outcome[Step]:
    """Take the latest step back."""
    step = steps.undoable(desk.writer)
    if step is None:
        raise UserError("There is nothing to undo.", code="nothing_to_undo")
    return undo_operation(desk, step)


def undo_operation(desk: Desk, step: Step) -> Outcome[Step]:
    """Take a certain step back."""
    kind = "undo_import" if step.kind == "import" else "undo"
    return _revert(desk, step, kind)


def _revert(desk: Desk, step: Step, kind: str) -> Outcome[Step]:
    rules = {name: desk.reference.settings[name] for name in customer_tiers.PARAMETERS}
    try:
        with desk.write(step.label, kind=kind, undoes_id=step.operation_id, **step.args) as uow:
            steps.revert(uow, step.operation_id)
    except IntegrityError as error:  # a later row refers to one that would go
        raise steps.refused() from error
    if any(desk.reference.settings[name] != value for name, value in rules.items()):
        customer_tiers.recompute(desk)
    else:
        customer_tiers.follow(desk, uow.changes)  # a batch came or went: the rule is about all
    return Outcome(step, uow.changes)


def redo(desk: Desk) -> Outcome[Step]:
    """Do again what was undone last."""
    step = steps.redoable(desk.writer)
    if step is None:
        raise UserError("There is nothing to do again.", code="nothing_to_redo")
    return _revert(desk, step, "redo")
