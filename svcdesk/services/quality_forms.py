"""Forms of quality checks in versions: a form that was used is never changed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.domain.people import Permission
from svcdesk.domain.quality import FormItem, form_problems, item_of
from svcdesk.i18n.catalog import N_
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import quality as store
from svcdesk.store import records, surveys
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class QualityForm:
    """A version of a form; ``used``: checks that were made with it."""

    id: int
    name: str
    version: int
    items: tuple[FormItem, ...]
    active: bool
    used: int


def listed(desk: Desk) -> list[QualityForm]:
    """Return every version of every form, the newest version of a form first."""
    with desk.reading() as connection:
        return [
            QualityForm(
                row["id"], row["name"], row["version"],
                tuple(item_of(one) for one in json.loads(row["items"])), bool(row["active"]),
                store.form_use(connection, row["id"]),
            )
            for row in surveys.forms(connection, "quality_form")
        ]  # fmt: skip


def current(desk: Desk) -> QualityForm:
    """Return the form that is in use."""
    found = next((form for form in listed(desk) if form.active), None)
    if found is None:
        raise UserError(N_("There is no form for quality checks; make one in the settings."),
                        code="no_form")  # fmt: skip
    return found


def save(desk: Desk, form_id: int | None, name: str, items: Sequence[FormItem]) -> Outcome[int]:
    """Keep a form; one that was used gets a new version, its checks keep items and weights."""
    desk.require(Permission.SETTINGS)
    faults = form_problems(name, items)
    if faults:
        raise ProblemsError(faults)
    row = {
        "name": name.strip(),
        "items": json.dumps([item.as_dict() for item in items], ensure_ascii=False),
    }
    before = records.get(desk.reader, "quality_form", form_id) if form_id else None
    with desk.write(N_("Quality form “{name}”"), name=name.strip()) as uow:
        if before is None:
            key = uow.insert("quality_form", {**row, "version": 1})
            uow.update("quality_form", key, {"root_id": key})
            return Outcome(key, uow.changes)
        if not before["active"]:
            text = N_("This version was replaced; change the newest one.")
            raise UserError(text, code="replaced")
        if store.form_use(uow.connection, before["id"]) == 0:
            uow.update("quality_form", before["id"], row)
            return Outcome(int(before["id"]), uow.changes)
        uow.update("quality_form", before["id"], {"active": 0})
        newest = {**row, "version": before["version"] + 1, "root_id": before["root_id"]}
        return Outcome(uow.insert("quality_form", newest), uow.changes)
