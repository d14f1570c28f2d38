"""The records that prove a cause: named by their numbers in the evidence, linked to the item."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.domain.people import Permission
from svcdesk.i18n.catalog import N_
from svcdesk.services import improvements
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.improvement_rows import stored
from svcdesk.store import record_numbers
from svcdesk.store.record_numbers import Named
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svcdesk.store.unit_of_work import UnitOfWork

__all__ = ["Named", "Read", "link_records", "link_texts", "named", "read", "words_of"]

# A number has a digit, and letters, digits, dashes, dots or slashes around it; a bare figure of
# three digits or less ("85", "120") is none.
_WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]*[0-9A-Za-z]")
SHORTEST = 4


@dataclass(frozen=True)
class Read:
    """What a text names: records, and numbers that no record has."""

    records: list[Named]
    unknown: list[str]


def words_of(text: str) -> list[str]:
    """Return the words of a text that can be numbers of records."""
    words = dict.fromkeys(_WORD.findall(text))
    return [w for w in words if len(w) >= SHORTEST and any(sign.isdigit() for sign in w)]


def named(desk: Desk, text: str) -> list[Named]:
    """Return the records whose numbers stand in a text, in the order they are named."""
    return read(desk, text).records


def read(desk: Desk, text: str) -> Read:
    """Read a text of numbers, e.g. pasted from a sheet: what they name, and which name nothing."""
    words = words_of(text)
    found = record_numbers.find(desk.reader, words) if words else {}
    return Read(
        list(dict.fromkeys(found[word] for word in words if word in found)),
        [word for word in words if word not in found],
    )


def link_records(
    desk: Desk, item_id: int, records: Sequence[tuple[str, int]], note: str = ""
) -> Outcome[int]:
    """Link records ``(entity, key)`` as evidence, in one step; return how many there are."""
    desk.require(Permission.EDIT_IMPROVEMENTS)
    item = stored(desk, item_id)
    if any(improvements.record_of(desk, entity, key) is None for entity, key in records):
        raise UserError("This record was deleted.", code="gone")
    with desk.write(N_("Link evidence with {number}"), number=item["item_no"]) as uow:
        for entity, key in records:
            improvements.link_row(uow, item_id, entity, key, note.strip())
    return Outcome(len(records), uow.changes)


def link_texts(uow: UnitOfWork, item_id: int, texts: Iterable[str]) -> None:
    """Link the records that the evidence of an analysis names, in a step that is going on."""
    words = [word for text in texts for word in words_of(text)]
    if not words:
        return
    known = improvements.linked(uow.connection, item_id)
    for one in dict.fromkeys(record_numbers.find(uow.connection, words).values()):
        if (one.entity, one.id) not in known:
            improvements.link_row(uow, item_id, one.entity, one.id, "")
