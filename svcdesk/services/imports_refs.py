"""Names and numbers in a file as keys of records: found, to be created, or refused.

A name that may be created stays a :class:`Pending` until a row that needs it is really written, so
that a file imported twice creates nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain.text import is_phone
from svcdesk.i18n.catalog import N_
from svcdesk.i18n.labels import LABELS, Msg
from svcdesk.interchange.cleaning import fold
from svcdesk.interchange.columns import REQUIRED, Chunk
from svcdesk.interchange.kinds import Field, FieldType, Kind
from svcdesk.interchange.problems import Bad, shown
from svcdesk.services.imports_run import COMMON, Row, Run, flags_json
from svcdesk.store import imports as store
from svcdesk.store.segment import initials

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

UNKNOWN_NAME = N_(
    "“{value}” is not on the list ({list}); add it there, or allow the import to create it."
)
UNKNOWN_NUMBER = N_("There is no {list} “{value}”; import it first.")
SEVERAL = N_("{count} customers are called “{value}”; give the customer no. or the phone.")

LISTS = frozenset(
    {"channel", "issue", "category", "department", "overdue_reason", "pain_tag", "product_category"}
)
TARGET_NAMES: dict[str, str] = {
    "channel": N_("Channels"), "issue": N_("Issue types"), "category": N_("Complaint categories"),
    "department": N_("Departments"), "overdue_reason": N_("Reasons for delay"),
    "pain_tag": N_("Pain points"), "product_category": N_("Product categories"),
    "product": N_("Products"), "person": N_("Users"), "customer": N_("Customers"),
    "ticket": N_("ticket"), "complaint": N_("complaint"), "callback": N_("callback"),
    "survey": N_("survey"), "knowledge": N_("article"),
}  # fmt: skip
_NUMBERED = {
    "ticket": ("ticket_no", "external_no"),
    "complaint": ("complaint_no", "external_no"),
    "callback": ("callback_no", "external_no"),
    "survey": ("survey_no", "external_no"),
    "knowledge": ("article_no", "title"),
}
# A customer who gave no name is a person of his own each time: one shared record would turn every
# second anonymous complaint into a repeat of the first.
ANONYMOUS = frozenset(
    {"匿名", "匿名客户", "匿名用户", "未知", "未知客户", "不详", "anonymous", "anonymous customer", "unknown"}
)  # fmt: skip
ANONYMOUS_NAME = "匿名客户"


@dataclass(eq=False, slots=True)
class Pending:
    """A name that will get a record when a row needs it."""

    target: str
    name: str
    parent: Any = None
    phones: tuple[str, ...] = ()
    key: int | None = None

    @property
    def nameless(self) -> bool:
        """Whether it stands for somebody who gave no name."""
        return self.target == "customer" and self.name == ANONYMOUS_NAME


def _first_phone(phones: object) -> str:
    """Return the first number that tells who somebody is, "" for none."""
    found = phones if isinstance(phones, list) else []
    return next((phone for phone in found if is_phone(phone)), "")


class Resolver:
    """Finds what the references of a file point to."""

    def __init__(
        self, run: Run, kind: Kind, fields: Iterable[Field], creates: frozenset[str]
    ) -> None:
        self._run = run
        self._creates = creates
        self._fields = [f for f in fields if f.type in (FieldType.REFERENCE, FieldType.REFERENCES)]
        self._kind = kind
        self._lists: dict[str, _Names] = {}
        self._numbers: dict[str, dict[str, int | None]] = {}
        self._customers: dict[str, list[int]] = {}
        self._phones: dict[str, list[int]] = {}
        self._known: dict[str, dict[Any, Any]] = {}
        self._lone: dict[str, str] = {}
        self._pending: dict[tuple[Any, ...], Pending] = {}
        self._no_customers = store.is_empty(run.connection, "customer")

    def resolve(self, rows: list[Row], chunk: Chunk) -> None:
        """Replace names by keys or pending names; refuse the rows that name what is not there."""
        for one in self._fields:
            if one.target == "customer":
                continue
            if one.target in _NUMBERED:
                self._look_up(one, rows)
            self._resolve_field(one, rows, chunk)
        if "customer" in self._kind.by_name:
            self._resolve_customers(rows, chunk)

    def _resolve_field(self, one: Field, rows: list[Row], chunk: Chunk) -> None:
        """Resolve one field of a chunk; what was found once is not looked up again."""
        known = self._known.setdefault(one.name, {})
        first_level = one.name.endswith("_l1")
        nested = one.name.replace("_l2", "_l1") if one.name.endswith("_l2") else ""
        for row in rows:
            value = row.values.get(one.name)
            if value is None:
                continue
            if value.__class__ is list:
                found = self._one(one, value, row)
            else:
                key = (value, row.values.get(nested)) if nested else value
                found = known.get(key)
                if found is None:
                    found = self._named(one, value, row)
                    # a name of the second level fills two fields, each time anew
                    if found.__class__ is Pending or (found.__class__ is int and not first_level):
                        known[key] = found
            if found.__class__ is Bad:
                chunk.reject(row.place, one, found, one.name)
            else:
                row.values[one.name] = found

    def _one(self, one: Field, value: Any, row: Row) -> Any:
        if one.type is FieldType.REFERENCES:
            found = [self._named(one, word, row) for word in value]
            return next((f for f in found if isinstance(f, Bad)), found)
        return self._named(one, value, row)

    def _named(self, one: Field, name: str, row: Row) -> Any:
        if one.target in _NUMBERED:
            found = self._numbers[one.target].get(name)
            if found is None:
                return Bad("unknown_number", UNKNOWN_NUMBER, value=shown(name),
                           list=Msg(TARGET_NAMES[one.target]))  # fmt: skip
            return found
        parent = (
            row.values.get(one.name.replace("_l2", "_l1")) if one.name.endswith("_l2") else None
        )
        names = self._names(one.target)
        known = names.find(
            name, parent if isinstance(parent, int) else None, nested=parent is not None
        )
        if known is not None:
            if one.name.endswith("_l1") and names.parents.get(known) is not None:
                row.values.setdefault(one.name.replace("_l1", "_l2"), None)
                if row.values[one.name.replace("_l1", "_l2")] is None:
                    row.values[one.name.replace("_l1", "_l2")] = known
                return names.root(known)
            return known
        if one.target in self._creates:
            return self._to_create(one.target, name, parent)
        return Bad("unknown_name", UNKNOWN_NAME, value=shown(name),
                   list=Msg(TARGET_NAMES[one.target]))  # fmt: skip

    def _to_create(self, target: str, name: str, parent: Any) -> Pending:
        key = (target, fold(name), id(parent) if isinstance(parent, Pending) else parent)
        if key not in self._pending:
            self._pending[key] = Pending(target, name, parent)
        return self._pending[key]

    def _names(self, target: str) -> _Names:
        if target not in self._lists:
            self._lists[target] = _Names(self._run, target)
        return self._lists[target]

    def _look_up(self, one: Field, rows: list[Row]) -> None:
        cache = self._numbers.setdefault(one.target, {})
        wanted: set[str] = set()
        for row in rows:
            value = row.values.get(one.name)
            words = value if isinstance(value, list) else [value] if value else []
            wanted.update(word for word in words if isinstance(word, str) and word not in cache)
        for column in _NUMBERED[one.target]:
            missing = sorted(word for word in wanted if cache.get(word) is None)
            if missing:
                found = store.by_text(self._run.connection, one.target, column, missing)
                cache.update({word: keys[0] for word, keys in found.items()})
        for word in wanted:
            cache.setdefault(word, None)

    # ---- customers --------------------------------------------------------------------------

    @property
    def learns(self) -> bool:
        """Whether rows of the file say of each other who their customer is."""
        return "customer" in self._creates and self._kind.table != "customer"

    def learn(self, look: Callable[[], Iterable[tuple[object, object]]]) -> None:
        """Note whom a name without a phone means: the only one whom the file gives a phone.

        Known before the first row, so that the order of the rows decides nothing. ``look`` gives
        name and phones of every row, as often as it is called.
        """
        bare = {
            fold(name)
            for name, phones in look()
            if isinstance(name, str) and not _first_phone(phones)
        } - ANONYMOUS
        if not bare:
            return
        for name, phones in look():
            phone, key = _first_phone(phones), fold(str(name))
            if phone and key in bare and self._lone.setdefault(key, phone) != phone:
                self._lone[key] = ""  # several: none of them is meant
        self._lone = {key: phone for key, phone in self._lone.items() if phone}

    def _resolve_customers(self, rows: list[Row], chunk: Chunk) -> None:
        if "customer" in self._kind.by_name and self._kind.table == "customer":
            return
        if not self._no_customers:
            self._look_up_customers(rows)
        required = self._kind.by_name["customer"].required
        for row in rows:
            found = self._customer(row.values.get("customer"), row.values.get("customer_phone"))
            if found is None and required:
                found = Bad("AB08", REQUIRED)
            if isinstance(found, Bad):
                chunk.reject(row.place, self._kind.by_name["customer"], found, "customer")
            else:
                row.values["customer"] = found

    def _look_up_customers(self, rows: list[Row]) -> None:
        connection = self._run.connection
        said = {str(name) for r in rows if (name := r.values.get("customer")) is not None}
        names = said - self._customers.keys()
        if names:
            missing = sorted(names)
            for column in ("customer_no", "external_no", "name"):
                found = store.by_text(connection, "customer", column, missing)
                self._customers.update(found)
                missing = [name for name in missing if name not in found]
            self._customers.update({name: [] for name in missing})
        phones = {p for r in rows for p in r.values.get("customer_phone") or ()}
        phones |= {self._lone[key] for name in said if (key := fold(name)) in self._lone}
        phones -= self._phones.keys()
        if phones:
            wanted = sorted(phones)
            found = store.customers_by_phone(connection, wanted)
            self._phones.update({phone: found.get(phone, []) for phone in wanted})

    def _customer(self, name: str | None, phones: list[str] | None) -> Any:
        """Find by number, by phone (his identity, domain.md 2.1), by a name that only one has."""
        valid = [phone for phone in phones or () if is_phone(phone)]
        if name is None and not phones:
            return None
        if name is not None and not valid and fold(name) in ANONYMOUS:
            return Pending("customer", ANONYMOUS_NAME, phones=tuple(phones or ()))
        for phone in valid:
            if self._phones.get(phone):
                return self._phones[phone][0]
            known = self._pending.get(("phone", phone))
            if known is not None:
                return known
        same_name = self._customers.get(name, []) if name is not None else []
        if len(same_name) == 1 and not valid:
            return same_name[0]
        if len(same_name) > 1 and not valid:
            return Bad("several", SEVERAL, value=shown(name), count=len(same_name))
        if "customer" in self._creates:
            return self._new_customer(name or ANONYMOUS_NAME, phones or [], valid)
        if same_name:
            return same_name[0]
        return Bad("unknown_name", UNKNOWN_NAME, value=shown(name or phones),
                   list=Msg(TARGET_NAMES["customer"]))  # fmt: skip

    def _new_customer(self, name: str, phones: list[str], valid: list[str]) -> Any:
        lone = "" if valid else self._lone.get(fold(name), "")
        if lone:  # a row of this file names him with his phone
            if self._phones.get(lone):
                return self._phones[lone][0]
            phones = valid = [lone]
        key = ("phone", valid[0]) if valid else ("customer", fold(name))
        known = self._pending.get(key)
        if known is None:
            known = self._pending[key] = Pending("customer", name, phones=tuple(phones))
            for phone in valid[1:]:
                self._pending.setdefault(("phone", phone), known)
        return known

    # ---- making what is pending ---------------------------------------------------------------

    def real(self, value: Any) -> Any:
        """Return the key of a reference, making its record now when it is still pending."""
        if value.__class__ is not Pending:
            return value
        if value.key is None:
            value.key = self._make(value)
            if not value.nameless:
                self._run.plan.new_names.setdefault(value.target, []).append(value.name)
        return value.key

    def _make(self, pending: Pending) -> int:
        run = self._run
        if pending.target == "customer":
            return make_customer(run, {"name": pending.name, "phones": list(pending.phones)})
        if pending.target == "product":
            number = run.next_plain_number("product")
            return run.insert("product", {"product_no": number, "name": pending.name})
        if pending.target == "person":
            number = run.next_plain_number("person")
            return run.insert("person", {"person_no": number, "name": pending.name})
        names = self._names(pending.target)
        parent = self.real(pending.parent)
        key = run.insert(
            "list_item",
            {"list": pending.target, "name": pending.name, "parent_id": parent,
             "sort": names.next_sort()},
        )  # fmt: skip
        names.add(key, pending.name, parent)
        return key


CUSTOMER_COLUMNS = (*COMMON, "customer_no", "external_no", "name", "initials", "kind", "phones",
                    "wechat", "email", "address", "region", "tier", "tier_manual", "spend_12m", "order_count_12m",
                    "opt_out", "consent_at", "manager_id", "notes", "data_flags")  # fmt: skip


def make_customer(run: Run, values: dict[str, Any], key: int | None = None) -> int:
    """Take a new customer for writing; invalid phones are flagged AB11, not refused."""
    key = run.new_key() if key is None else key
    phones = values.get("phones") or []
    flags = ["AB11"] if any(not is_phone(phone) for phone in phones) else []
    run.plan.flagged.update(flags)
    given = values.get("customer_no")
    if given is not None:
        run.is_ours("customer", given)  # never given out again
    number = given if given is not None else run.number("customer", run.now)
    run.add(
        "customer",
        CUSTOMER_COLUMNS,
        [(*run.common(key), number, values.get("external_no"), values["name"],
          initials(values["name"]) or None, values.get("kind") or "person",
          json.dumps(phones, ensure_ascii=False), values.get("wechat"), values.get("email"),
          values.get("address"), values.get("region"), values.get("tier") or "normal",
          "key" if values.get("tier") == "key" else None,  # somebody decided it elsewhere
          values.get("spend_12m"), values.get("order_count_12m"), values.get("opt_out") or 0,
          values.get("consent_at"), values.get("manager"), values.get("notes") or "",
          flags_json(flags))],
    )  # fmt: skip
    return key


class _Names:
    """The names of one list, of the staff or of the products."""

    def __init__(self, run: Run, target: str) -> None:
        self.parents: dict[int, int | None] = {}
        self._by_name: dict[str, list[int]] = {}
        self._sort = 0
        if target in LISTS:
            self._load_list(run, target)
        elif target == "person":
            for key, person in run.reference.people.items():
                self._note(key, person.name)
            self._load(run, "person", ("person_no",))
        else:
            self._load(run, "product", ("product_no", "name", "model"))

    def _load_list(self, run: Run, target: str) -> None:
        for item in run.reference.items.values():
            if item.list == target:
                self.add(item.id, item.name, item.parent_id)
                if item.code:
                    self._note(item.id, item.code)
                    self._note(item.id, LABELS.get(target, {}).get(item.code, item.code))
                self._sort = max(self._sort, item.sort)

    def _load(self, run: Run, table: str, columns: tuple[str, ...]) -> None:
        for column in columns:
            for key, text in store.names_of(run.connection, table, column):
                self._note(key, text)

    def _note(self, key: int, name: str) -> None:
        keys = self._by_name.setdefault(fold(name), [])
        if key not in keys:
            keys.append(key)

    def add(self, key: int, name: str, parent: int | None) -> None:
        """Take a name in."""
        self.parents[key] = parent
        self._note(key, name)

    def next_sort(self) -> int:
        """Return the place of a new item: at the end."""
        self._sort += 1
        return self._sort

    def root(self, key: int) -> int:
        """Return the first-level ancestor."""
        parent = self.parents.get(key)
        return key if parent is None else self.root(parent)

    def find(self, name: str, parent: int | None, *, nested: bool) -> int | None:
        """Return the key of a name: below ``parent``, or on the first level before deeper ones."""
        keys = self._by_name.get(fold(name), [])
        if nested:
            return next(
                (k for k in keys if parent is not None and self.parents.get(k) == parent), None
            )
        top = [key for key in keys if self.parents.get(key) is None]
        return top[0] if top else keys[0] if keys else None
