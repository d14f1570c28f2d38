"""What the caller says, by kind of callback: built-in scripts, and those a team has written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from svcdesk.domain import callback_script as rules
from svcdesk.domain.callback import CallbackKind
from svcdesk.domain.callback_script import Step
from svcdesk.domain.people import Permission
from svcdesk.i18n.catalog import N_, current
from svcdesk.i18n.labels import code_label
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import callbacks as store
from svcdesk.system.errors import ProblemsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Step", "defaults", "fill", "of_kind", "reset", "save", "written"]

PURPOSES = {
    CallbackKind.ROUTINE: N_("to ask how you found our last service"),
    CallbackKind.COMPLAINT: N_("to ask how you found the handling of your complaint"),
    CallbackKind.LOW_SCORE: N_("because you gave us a low score and I would like to put it right"),
    CallbackKind.KEY_CARE: N_("to ask whether everything is well with your products"),
    CallbackKind.MYSTERY: N_("to ask how our service met you"),
}
REFUSE = N_("You may decline at any time, and we will not call again if you do not wish it.")
OPENING = N_("Hello, this is {caller} of {organisation}. I am calling {purpose}; it takes a "
             "minute. {refuse}")  # fmt: skip
_SCORES = (
    N_("Satisfaction"),
    N_("Please rate this service from 1 to 5; 5 is very satisfied. And attitude, speed, skill and "
       "result: how many points each?"),
)  # fmt: skip
_NPS = (
    N_("Recommendation"),
    N_("How likely are you to recommend us to friends and family? From 0 to 10."),
)
_END = (
    N_("Comment and end"),
    N_("What could we do better? Do not lead, do not interrupt; repeat the words back."),
)
_LISTEN = (
    N_("What went wrong"),
    N_("What were you dissatisfied with? Let the customer finish; say what you understood."),
)
_OFFER = (
    N_("Offer"),
    N_("We can … (visit, exchange, compensation). Say by when; promise nothing you cannot keep."),
)
STEPS = {
    CallbackKind.ROUTINE: (_SCORES, _NPS, _END),
    CallbackKind.COMPLAINT: (_SCORES, _NPS, _END),
    CallbackKind.LOW_SCORE: (_LISTEN, _OFFER, _SCORES),
    CallbackKind.KEY_CARE: (_SCORES, _NPS, _END),
    CallbackKind.MYSTERY: (_SCORES, _END),
}


def defaults(kind: str) -> list[Step]:
    """Return the built-in script of a kind in the user's language."""
    t = current()
    steps = [Step(t(N_("Opening")), t(OPENING))]
    return steps + [Step(t(title), t(text)) for title, text in STEPS[CallbackKind(kind)]]


def written(desk: Desk, kind: str) -> bool:
    """Tell whether the team has a script of its own for a kind."""
    return kind in store.scripts(desk.reader)


def of_kind(desk: Desk, kind: str) -> list[Step]:
    """Return the script of a kind with its placeholders."""
    own = store.scripts(desk.reader).get(kind)
    return [Step(s["title"], s["text"]) for s in own[1]] if own else defaults(kind)


def fill(desk: Desk, kind: str, steps: Sequence[Step], values: Mapping[str, Any]) -> list[Step]:
    """Put caller, organisation, purpose and what is known of the case into a script."""
    t = current()
    known = {
        "caller": desk.actor.name,
        "organisation": str(desk.reference.settings["organisation"]),
        "purpose": t(PURPOSES[CallbackKind(kind)]),
        "refuse": t(REFUSE),
        **{name: str(value) for name, value in values.items() if value},
    }
    return [Step(step.title, rules.fill(step.text, known)) for step in steps]


def save(desk: Desk, kind: str, steps: Sequence[Step]) -> Outcome[None]:
    """Set the team's script of a kind; it must say who calls, why, and that one may decline."""
    desk.require(Permission.SETTINGS)
    wanted = [step for step in steps if step.title.strip() or step.text.strip()]
    faults = rules.problems(wanted)
    if faults:
        raise ProblemsError(faults)
    body = {"steps": [{"title": s.title.strip(), "text": s.text.strip()} for s in wanted]}
    with desk.write(N_("Change script “{name}”"), name=code_label("CallbackKind", kind)) as uow:
        known = store.scripts(uow.connection).get(kind)
        row = {"kind": "script", "name": kind, "body": json.dumps(body, ensure_ascii=False)}
        if known is None:
            uow.insert("template", row)
        else:
            uow.update("template", known[0], row)
    return Outcome(None, uow.changes)


def reset(desk: Desk, kind: str) -> Outcome[None]:
    """Go back to the built-in script of a kind."""
    desk.require(Permission.SETTINGS)
    with desk.write(N_("Change script “{name}”"), name=code_label("CallbackKind", kind)) as uow:
        known = store.scripts(uow.connection).get(kind)
        if known is not None:
            uow.remove("template", known[0])
    return Outcome(None, uow.changes)
