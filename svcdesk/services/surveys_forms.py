"""Forms of surveys in versions: a form that was sent is never changed, a new version follows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.domain.people import Permission
from svcdesk.domain.survey import FormQuestion, form_problems, question_of
from svcdesk.i18n.catalog import N_
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.surveys_sending import INVITE
from svcdesk.store import records
from svcdesk.store import surveys as store
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class SurveyForm:
    """A version of a form; ``used``: surveys that were sent with it."""

    id: int
    root_id: int
    name: str
    version: int
    questions: tuple[FormQuestion, ...]
    invite: str
    active: bool
    used: int


def listed(desk: Desk) -> list[SurveyForm]:
    """Return every version of every form, the newest version of a form first."""
    with desk.reading() as connection:
        return [
            SurveyForm(
                row["id"], row["root_id"] or row["id"], row["name"], row["version"],
                tuple(question_of(q) for q in json.loads(row["questions"])),
                row["invite"] or INVITE, bool(row["active"]),
                store.form_use(connection, row["id"]),
            )
            for row in store.forms(connection)
        ]  # fmt: skip


def save(desk: Desk, form_id: int | None, name: str, questions: Sequence[FormQuestion],
         invite: str) -> Outcome[int]:  # fmt: skip
    """Keep a form. One that was sent already gets a new version and keeps its own wording.

    Only the newest version can be changed. Nothing different: nothing is written.
    """
    desk.require(Permission.SETTINGS)
    faults = form_problems(name, questions, invite)
    if faults:
        raise ProblemsError(faults)
    row = {
        "name": name.strip(), "invite": invite.strip(),
        "questions": json.dumps([q.as_dict() for q in questions], ensure_ascii=False),
    }  # fmt: skip
    before = records.get(desk.reader, "survey_form", form_id) if form_id else None
    with desk.write(N_("Survey form “{name}”"), name=name.strip()) as uow:
        if before is None:
            key = uow.insert("survey_form", {**row, "version": 1})
            uow.update("survey_form", key, {"root_id": key})
            return Outcome(key, uow.changes)
        if not before["active"]:
            text = N_("This version was replaced; change the newest one.")
            raise UserError(text, code="replaced")
        if store.form_use(uow.connection, before["id"]) == 0:
            uow.update("survey_form", before["id"], row)
            return Outcome(int(before["id"]), uow.changes)
        uow.update("survey_form", before["id"], {"active": 0})
        root = before["root_id"] or before["id"]
        newest = {**row, "version": before["version"] + 1, "root_id": root}
        return Outcome(uow.insert("survey_form", newest), uow.changes)
