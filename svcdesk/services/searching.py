"""Search: what is typed becomes a query; one box finds every kind of record.

Names are looked up in both languages: ``状态:新建`` and ``status:new`` mean the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from svcdesk.domain.query import ME, Condition, Op, Query
from svcdesk.domain.search_words import PREFIXES, Prefixed, parse
from svcdesk.i18n.catalog import N_, current, translator
from svcdesk.i18n.labels import LABELS
from svcdesk.services.queries import DeskRows, moment
from svcdesk.store import search
from svcdesk.store.connection import speaking
from svcdesk.store.rows import ENTITIES
from svcdesk.store.search import MANY
from svcdesk.store.segment import fold, initials

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from svcdesk.services.desk import Desk
    from svcdesk.system.job import JobContext

__all__ = ["MANY", "Found", "Narrowed", "Note", "Query", "everywhere", "hit_spans", "narrow"]

KINDS = ("ticket", "complaint", "customer", "knowledge")
LANGUAGES = ("zh_CN", "en")
ME_WORDS = frozenset({"me", "我"})
NOTE_PREFIX = N_("“{name}:” is no known prefix and was searched for as it stands.")
NOTE_VALUE = N_("Nothing is called “{value}” here.")
NOTE_FIELD = N_("“{name}:” does not narrow this list.")


@dataclass(frozen=True)
class Note:
    """A sentence under the search box: its msgid and what fills it."""

    text: str
    values: dict[str, str]


@dataclass(frozen=True)
class Narrowed:
    """A query with what was typed; ``words`` are left to be highlighted."""

    query: Query
    words: str
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Found:
    """The newest hits of one kind and how many there are in all."""

    entity: str
    query: Query
    rows: tuple[Any, ...]
    count: int


# -- prefixes ------------------------------------------------------------------------------------


def _codes(kind: str, value: str) -> list[str]:
    """Return the codes whose name in either language, or themselves, begin with ``value``."""
    wanted = fold(value)
    names = [
        (code, {fold(code), *(fold(translator(one)(text)) for one in LANGUAGES)})
        for code, text in LABELS[kind].items()
    ]
    exact = [code for code, known in names if wanted in known]
    return exact or [code for code, known in names if any(n.startswith(wanted) for n in known)]


def _named(pairs: Iterable[tuple[int, str]], value: str) -> list[int]:
    """Return the keys whose name is, else contains, else abbreviates to ``value``."""
    wanted, known = fold(value), [(key, fold(name)) for key, name in pairs]
    return (
        [key for key, name in known if name == wanted]
        or [key for key, name in known if wanted in name]
        or [key for key, name in known if initials(name).startswith(wanted)]
    )


def _people(desk: Desk, value: str) -> list[Any]:
    if value.lower() in ME_WORDS:
        return [ME]
    return list(_named(((p.id, p.name) for p in desk.reference.people.values()), value))


def _channels(desk: Desk, value: str) -> list[Any]:
    items = desk.reference.items_of("channel", all_levels=True, retired=True)
    pairs = [(item.id, item.name) for item in items]
    labels = LABELS.get("channel", {})
    for item in items:
        if item.code in labels:
            pairs.extend((item.id, translator(one)(labels[item.code])) for one in LANGUAGES)
    return list(dict.fromkeys(_named(pairs, value)))


_STATUS = {"ticket": "TicketStatus", "complaint": "ComplaintStatus", "callback": "CallbackState"}
_OWNER = {"ticket": "owner_id", "complaint": "handler_id", "callback": "assignee_id",
          "customer": "manager_id", "knowledge": "owner_id", "survey": "agent_id"}  # fmt: skip
_PRIORITY = {"ticket": ("priority", "Priority"), "complaint": ("severity", "Severity")}


def _status(desk: Desk, entity: str, value: str) -> tuple[str, list[Any]]:
    del desk
    return ("state" if entity == "callback" else "status"), list(_codes(_STATUS[entity], value))


def _owner(desk: Desk, entity: str, value: str) -> tuple[str, list[Any]]:
    return _OWNER[entity], _people(desk, value)


def _channel(desk: Desk, entity: str, value: str) -> tuple[str, list[Any]]:
    del entity
    return "channel_id", _channels(desk, value)


def _priority(desk: Desk, entity: str, value: str) -> tuple[str, list[Any]]:
    del desk
    field, kind = _PRIORITY[entity]
    return field, list(_codes(kind, value))


_LOOKED_UP: dict[str, Callable[[Desk, str, str], tuple[str, list[Any]]]] = {
    "status": _status,
    "owner": _owner,
    "channel": _channel,
    "priority": _priority,
}


def _can(entity: str, field: str) -> bool:
    """Tell whether a list knows the field of a prefix."""
    known = ENTITIES[entity].fields
    return {
        "status": entity in _STATUS,
        "owner": entity in _OWNER,
        "channel": "channel_id" in known,
        "priority": entity in _PRIORITY,
        "tag": "tags" in known,
        "number": "number" in known,
        "customer": ENTITIES[entity].search_customers or entity == "customer",
        "phone": ENTITIES[entity].search_customers or entity == "customer",
    }[field]


def _condition(desk: Desk, entity: str, one: Prefixed) -> tuple[Condition | None, list[Note]]:
    """Return what a prefix asks for, and the sentences about values that nothing has."""
    if not _can(entity, one.field):
        name = PREFIXES[one.field][0 if current().chinese else 1]
        return None, [Note(NOTE_FIELD, {"name": name})]
    if one.field == "customer":
        return Condition("customer_words", Op.CONTAINS, one.values), []
    if one.field == "phone":
        digits = ("".join(filter(str.isdecimal, value)) for value in one.values)
        return Condition("customer_phone", Op.CONTAINS, tuple(digits)), []
    if one.field == "number":
        return Condition("number", Op.CONTAINS, one.values), []
    if one.field == "tag":
        return Condition("tags", Op.IN, one.values), []
    field, wanted, notes = "", [], []
    for value in one.values:
        field, found = _LOOKED_UP[one.field](desk, entity, value)
        wanted.extend(found)
        if not found:
            notes.append(Note(NOTE_VALUE, {"value": value}))
    return Condition(field, Op.IN, tuple(dict.fromkeys(wanted))), notes


def narrow(desk: Desk, query: Query, typed: str) -> Narrowed:
    """Return ``query`` narrowed to what was typed, prefixes and words."""
    words = parse(typed)
    notes = [Note(NOTE_PREFIX, {"name": name}) for name in words.unknown]
    conditions = []
    for one in words.prefixed:
        condition, said = _condition(desk, query.entity, one)
        notes.extend(said)
        if condition is not None:
            conditions.append(condition)
    return Narrowed(query.narrowed(*conditions).searching(words.text), words.text, tuple(notes))


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    return fold(character)


def hit_spans(text: str, words: str) -> list[tuple[int, int]]:
    """Return where the words stand in ``text``, folded as the search folds them."""
    places: list[int] = []
    pieces: list[str] = []
    for place, character in enumerate(text):
        piece = _folded(character)
        pieces.append(piece)
        places.extend([place] * len(piece))
    folded = "".join(pieces)
    marked: set[int] = set()
    for word in words.split():
        wanted = fold(word)
        start = folded.find(wanted) if wanted else -1
        while start >= 0:
            marked.update(places[start : start + len(wanted)])
            start = folded.find(wanted, start + 1)
    spans: list[tuple[int, int]] = []
    for place in sorted(marked):
        if spans and spans[-1][1] == place:
            spans[-1] = (spans[-1][0], place + 1)
        else:
            spans.append((place, place + 1))
    return spans


# -- everything ----------------------------------------------------------------------------------


def everywhere(desk: Desk, typed: str, context: JobContext, limit: int = 5) -> list[Found]:
    """Return the newest hits of every kind, each with its count; kinds without hits are left out.

    Counting stops at :data:`svcdesk.store.search.MANY`.
    """
    context.on_cancel(desk.reader.interrupt)
    words = parse(typed)
    if not words.text and not words.prefixed:
        return []
    found = []
    for entity in KINDS:
        if any(not _can(entity, one.field) for one in words.prefixed):
            continue
        context.check()
        query = narrow(desk, Query(entity), typed).query
        rows = DeskRows(desk, query).first_page(limit)
        if rows:
            count = len(rows) if len(rows) < limit else _count(desk, query)
            found.append(Found(entity, query, tuple(rows), count))
    return found


def _count(desk: Desk, query: Query) -> int:
    with speaking(desk.path):
        return search.count_up_to(desk.reader, query, moment(desk))
