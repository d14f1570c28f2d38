"""Lists as files: the columns of the import of the same kind, and the figures derived per record.

Masked by default. Unmasked exports need a supervisor and a purpose, are marked in every row with
who made them, when and what for, and leave an entry in the audit log (domain.md 2.18, 7.6).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from svcdesk.domain import masking
from svcdesk.domain.customer import QualityItem
from svcdesk.domain.people import Permission, may
from svcdesk.domain.period import parse_period
from svcdesk.domain.query import Op, Query
from svcdesk.i18n.catalog import N_, Translator
from svcdesk.i18n.labels import LABELS
from svcdesk.interchange.kinds import KINDS, Field, FieldType, Kind
from svcdesk.interchange.writers import SheetForm, write_table
from svcdesk.services.queries import DeskRows
from svcdesk.store import exports as store
from svcdesk.store import imports as rows_of
from svcdesk.store import records
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from svcdesk.store.connection import Connection
    from svcdesk.system.job import JobContext

CHUNK = 1000
EXPORTING = N_("Writing rows")
MARK = N_("Export mark")
MARKED = N_("{name}, {at}: {purpose}")
YES, NO = N_("Yes"), N_("No")


@dataclass(frozen=True)
class Extra:
    """A derived column behind those of the import: its label, its column, how it is shown."""

    label: str
    column: str
    show: str = "number"


@dataclass(frozen=True)
class Layout:
    """How a kind is exported: its entity, where it lies in time, and what is added."""

    entity: str
    moment: str
    extras: tuple[Extra, ...] = ()
    texts: tuple[str, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    links: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)
    items: frozenset[str] = frozenset()  # fields that lie in the JSON list ``items``


LAYOUTS: dict[str, Layout] = {
    "tickets": Layout(
        "ticket",
        "created_at",
        (
            Extra(N_("Response due at"), "response_due_at", "moment"),
            Extra(N_("Due at"), "due_at", "moment"),
            Extra(N_("Response (working min)"), "response_seconds", "minutes"),
            Extra(N_("Resolution (net working min)"), "resolution_seconds", "minutes"),
            Extra(N_("Cycle (working min)"), "cycle_seconds", "minutes"),
            Extra(N_("Dispatches"), "dispatch_count"),
            Extra(N_("Transfers"), "transfer_count"),
            Extra(N_("Visits"), "visit_count"),
            Extra(N_("Reopenings"), "reopen_count"),
            Extra(N_("Data flags"), "data_flags", "list"),
        ),
        ("description", "solution"),
        {"order": "order_no", "issue_l1": "issue_id", "issue_l2": "issue_sub_id"},
        {"knowledge": ("ticket_knowledge", "ticket_id", "knowledge", "article_no")},
    ),
    "complaints": Layout(
        "complaint",
        "received_at",
        (
            Extra(N_("Deadline"), "due_at", "moment"),
            Extra(N_("Repeat complaint"), "is_repeat", "yes_no"),
            Extra(N_("Reopenings"), "reopen_count"),
            Extra(N_("Data flags"), "data_flags", "list"),
        ),
        ("description", "cause", "answer"),
        {"order": "order_no", "category_l1": "category_id", "category_l2": "category_sub_id"},
        {"tickets": ("complaint_ticket", "complaint_id", "ticket", "ticket_no")},
    ),
    "customers": Layout("customer", ""),
    "surveys": Layout("survey", "sent_at", (Extra(N_("Data flags"), "data_flags", "list"),)),
    "callbacks": Layout("callback", "due_at"),
    "knowledge": Layout("knowledge", ""),
    "quality-checks": Layout(
        "quality_check",
        "at",
        (
            Extra(N_("Score"), "score_tenths", "tenths"),
            Extra(N_("Reason for voiding"), "void_reason", "text"),
        ),
        columns=dict.fromkeys(map(str, QualityItem), "items"),
        items=frozenset(map(str, QualityItem)),
    ),
}
# Tables that references point to, and the text that stands for a record of theirs.
_NAMED = {"product": "name", "person": "name", "ticket": "ticket_no", "complaint": "complaint_no",
          "survey": "survey_no", "callback": "callback_no"}  # fmt: skip
_PERSONAL: dict[str, Callable[[str], str]] = {
    "address": masking.mask_address,
    "email": masking.mask_email,
    "wechat": lambda text: text[:1] + "***",
    "on_behalf": masking.mask_name,
}


@dataclass(frozen=True)
class Exported:
    """What an export came to."""

    path: Path
    kind: str
    rows: int
    masked: bool


@dataclass(frozen=True)
class Request:
    """What is to be exported.

    ``period`` (2026-03, 2026-Q1, …) keeps the records that came in then; ``query`` is a list as
    the screen shows it; ``purpose`` says what unmasked data are needed for.
    """

    kind: str
    period: str = ""
    query: Query | None = None
    unmask: bool = False
    purpose: str = ""


def export(
    desk: Desk, request: Request, path: Path, t: Translator, context: JobContext
) -> Exported:
    """Write records to a .csv or .xlsx file.

    Headers and words are those of ``t`` and can be imported again.
    """
    kind, purpose = request.kind, request.purpose.strip()
    layout = LAYOUTS.get(kind)
    if layout is None:
        raise UserError(
            N_("“{kind}” cannot be exported; choose one of: {kinds}."),
            code="unknown_kind",
            kind=kind,
            kinds=", ".join(LAYOUTS),
        )
    desk.require(Permission.EXPORT)
    if request.unmask:
        desk.require(Permission.UNMASK)
        if not purpose:
            raise UserError(
                N_("An unmasked export needs its purpose; say what it is for."), code="purpose"
            )
    asked = _asked(desk, layout, request)
    table = _Table(desk, KINDS[kind], layout, t, masked=not request.unmask)
    mark = _mark(desk, t, purpose) if request.unmask else ""
    count = write_table(
        path,
        [*table.header(), *([t(MARK)] if mark else [])],
        (line if not mark else [*line, mark] for line in table.lines(asked, context)),
        form=SheetForm(t(KINDS[kind].label)[:31]),
    )
    with desk.write(N_("Export {kind}"), kind="system", list=kind) as uow:
        store.audit(
            uow,
            "export_unmasked" if request.unmask else "export",
            {"kind": kind, "rows": count, "file": path.name, "period": request.period,
             "purpose": purpose.strip()},
        )  # fmt: skip
    return Exported(path, kind, count, masked=not request.unmask)


def _asked(desk: Desk, layout: Layout, request: Request) -> Query:
    asked = request.query or Query(layout.entity, sort=layout.moment, descending=False)
    rights = (Permission.EDIT_QUALITY, Permission.SEE_RANKINGS)
    if layout.entity == "quality_check" and not any(may(desk.roles, right) for right in rights):
        asked = asked.where("agent_id", Op.IN, desk.actor.id)  # agents see their own checks (7.7)
    if request.period and layout.moment:
        settings = desk.reference.settings
        span = parse_period(
            request.period, int(settings["period_start_day"]), str(settings["timezone"])
        )
        asked = asked.where(layout.moment, Op.BETWEEN, span.start_at, span.end_at)
    return asked


def _mark(desk: Desk, t: Translator, purpose: str) -> str:
    at = datetime.fromtimestamp(desk.clock.now(), desk.zone).strftime("%Y-%m-%d %H:%M")
    return t(MARKED).format(name=desk.actor.name, at=at, purpose=purpose)


class _Table:
    """The lines of an export, chunk by chunk."""

    def __init__(
        self, desk: Desk, kind: Kind, layout: Layout, t: Translator, *, masked: bool
    ) -> None:
        self._desk = desk
        self._kind = kind
        self._layout = layout
        self._t = t
        self._masked = masked
        self._zone = desk.zone
        self._fields = list(kind.fields)
        self._show: dict[FieldType, Callable[[Any], object]] = {
            FieldType.MOMENT: self._moment,
            FieldType.MONEY: lambda fen: fen / 100,
            FieldType.YES_NO: lambda value: t(YES if value else NO),
            FieldType.WORDS: self._words,
        }

    def _words(self, value: str) -> str:
        """Return words as a list in one cell; those of a list of ours by their names."""
        items = self._desk.reference.items
        return "、".join(
            items[word].name if word in items else str(word) for word in json.loads(value)
        )

    def header(self) -> list[str]:
        """Return the headers: those of the import, then the derived columns."""
        names = [self._kind.header(one, self._t) for one in self._fields]
        return names + [self._t(extra.label) for extra in self._layout.extras]

    def lines(self, query: Query, context: JobContext) -> Iterator[list[object]]:
        """Yield the rows of ``query``."""
        with self._desk.reading() as connection:
            keys = DeskRows(self._desk, query).ids(context)
            for start in range(0, len(keys), CHUNK):
                context.check()
                context.progress(start, len(keys), EXPORTING)
                yield from self._chunk(connection, list(keys[start : start + CHUNK]))

    # ---- one chunk ------------------------------------------------------------------------------

    def _column(self, one: Field) -> str:
        found = self._layout.columns.get(one.name)
        if found is not None:
            return found
        return f"{one.name}_id" if one.type is FieldType.REFERENCE else one.name

    def _chunk(self, connection: Connection, keys: list[int]) -> Iterator[list[object]]:
        layout, table = self._layout, self._kind.table
        stored = {
            one.name: self._column(one)
            for one in self._fields
            if one.name not in (*layout.texts, *layout.links, "customer_phone")
        }
        names = [*stored.values(), *(extra.column for extra in layout.extras)]
        rows = rows_of.columns_by_id(connection, table, sorted(set(names)), keys)
        texts = (
            rows_of.columns_by_id(connection, f"{table}_text", layout.texts, keys)
            if layout.texts
            else {}
        )
        names_of = self._references(connection, rows, stored)
        links = {
            name: store.linked_numbers(connection, link, owner, other, number, keys)
            for name, (link, owner, other, number) in layout.links.items()
        }
        for key in keys:
            row = rows[key]
            cells: list[object] = []
            for one in self._fields:
                if one.name in layout.links:
                    cells.append("、".join(links[one.name].get(key, ())))
                elif one.name in layout.texts:
                    cells.append(self._text(texts.get(key, {}).get(one.name)))
                elif one.name in layout.items:
                    cells.append(self._item(one, row["items"]))
                elif one.name == "customer_phone":
                    cells.append(names_of["phones"].get(row["customer_id"], ""))
                else:
                    cells.append(self._cell(one, row[stored[one.name]], row, names_of))
            yield [*cells, *(self._extra(extra, row[extra.column]) for extra in layout.extras)]

    def _references(
        self, connection: Connection, rows: dict[int, dict[str, Any]], stored: dict[str, str]
    ) -> dict[str, dict[int, str]]:
        found: dict[str, dict[int, str]] = {}
        for one in self._fields:
            number = _NAMED.get(one.target)
            if one.type is FieldType.REFERENCE and number is not None:
                keys = {row[stored[one.name]] for row in rows.values()} - {None}
                known = found.setdefault(one.target, {})
                missing = sorted(keys - known.keys())
                known.update(records.numbers_of(connection, one.target, number, missing))
        if any(one.target == "customer" for one in self._fields):
            self._customers(connection, rows, found)
        return found

    def _customers(
        self, connection: Connection, rows: dict[int, dict[str, Any]],
        found: dict[str, dict[int, str]],
    ) -> None:  # fmt: skip
        keys = {row["customer_id"] for row in rows.values()} - {None}
        people = rows_of.columns_by_id(connection, "customer", ("name", "kind", "phones"), keys)
        found["customer"] = {
            key: self._name(person["name"], person["kind"]) for key, person in people.items()
        }
        found["phones"] = {
            key: self._phones(json.loads(person["phones"])) for key, person in people.items()
        }

    def _item(self, one: Field, items: str) -> str:
        """Return the result of one line of a check; lines of own forms have no column."""
        results = {line["item"]: line["result"] for line in json.loads(items)}
        return self._choice(one, results[one.name]) if one.name in results else ""

    # ---- one cell -------------------------------------------------------------------------------

    def _cell(
        self, one: Field, value: Any, row: dict[str, Any], names_of: dict[str, dict[int, str]]
    ) -> object:
        if value is None:
            return ""
        if one.target:
            return self._reference(one, value, names_of)
        if one.choice:
            return self._choice(one, value)
        if one.type is FieldType.PHONES:
            return self._phones(json.loads(value))
        show = self._show.get(one.type)
        if show is not None:
            return show(value)
        if self._kind.table == "customer" and one.name == "name":
            return self._name(value, row["kind"])
        return self._personal(one, value)

    def _reference(self, one: Field, value: Any, names_of: dict[str, dict[int, str]]) -> str:
        if one.target in names_of:
            return names_of[one.target].get(value, "")
        reference = self._desk.reference
        if one.type is FieldType.REFERENCES:
            return "、".join(reference.name(key) for key in json.loads(value))
        return reference.name(value)

    def _choice(self, one: Field, value: Any) -> str:
        codes = json.loads(value) if one.type is FieldType.CHOICES else [value]
        return "、".join(self._t(LABELS[one.choice].get(code, code)) for code in codes)

    def _personal(self, one: Field, value: Any) -> object:
        if self._masked and isinstance(value, str):
            mask = _PERSONAL.get(one.name)
            if mask is not None:
                return mask(value)
            if one.type in (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.NAME):
                return masking.mask_text(value)
        return value

    def _text(self, value: str | None) -> str:
        return masking.mask_text(value or "") if self._masked else value or ""

    def _name(self, name: str, kind: str) -> str:
        return masking.mask_name(name, organisation=kind == "company") if self._masked else name

    def _phones(self, phones: Sequence[str]) -> str:
        return "、".join(masking.mask_phone(phone) if self._masked else phone for phone in phones)

    def _moment(self, at: int) -> str:
        return datetime.fromtimestamp(at, self._zone).strftime("%Y-%m-%d %H:%M:%S")

    def _extra(self, extra: Extra, value: Any) -> object:
        if value is None:
            return ""
        if extra.show == "moment":
            return self._moment(value)
        if extra.show == "minutes":
            return value / 60
        if extra.show == "tenths":
            return value / 10
        if extra.show == "yes_no":
            return self._t(YES if value else NO)
        return "、".join(json.loads(value)) if extra.show == "list" else value


__all__ = ["LAYOUTS", "Exported", "export"]
