"""A mapping file: how a foreign table becomes ours (decisions.md 8). What the wizard saves."""

from __future__ import annotations

import dataclasses
import json
import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NoReturn

from svcdesk.i18n.catalog import N_
from svcdesk.interchange.dates import ORDERS
from svcdesk.interchange.kinds import Kind, kind_of, normal
from svcdesk.interchange.kinds.model import CHINESE, Field, FieldType
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

# Lists whose unknown names an import may create, and the reference targets each word covers.
CREATABLE: dict[str, tuple[str, ...]] = {
    "product": ("product",),
    "user": ("person",),
    "person": ("person",),
    "customer": ("customer",),
    "category": ("issue", "category", "product_category"),
    "issue": ("issue",),
    "channel": ("channel",),
    "department": ("department",),
    "overdue_reason": ("overdue_reason",),
    "pain_tag": ("pain_tag",),
    "product_category": ("product_category",),
}


@dataclass(frozen=True)
class Mapping:
    """The parts of a mapping file; every part is optional.

    ``columns``: their header to the English names of our fields (an empty tuple: leave it out).
    ``values``: our field to their value to ours, ``"*"`` for all others, ``""`` for blank cells.
    ``separators``: what stands between two of theirs that feed one of ours.
    """

    kind: str = ""
    encoding: str = ""
    sheet: str = ""
    header_row: int = 0
    timezone: str = ""
    dates: str = ""
    only_good_rows: bool = False
    separator: str = " "
    separators: dict[str, str] = dataclasses.field(default_factory=dict)
    columns: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    values: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)
    constants: dict[str, str] = dataclasses.field(default_factory=dict)
    create: frozenset[str] = frozenset()

    @property
    def creates(self) -> frozenset[str]:
        """The reference targets whose unknown names are created."""
        return frozenset(target for word in self.create for target in CREATABLE[word])


_PLAIN: dict[str, type] = {
    "kind": str, "encoding": str, "sheet": str, "header_row": int, "timezone": str, "dates": str,
    "only_good_rows": bool, "separator": str,
}  # fmt: skip
_TABLES = ("columns", "values", "constants", "separators")


def load(path: Path, kind: Kind | None = None) -> Mapping:
    """Read a mapping file; refuse what it says wrongly, with the key and what would be right."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            N_("The mapping file “{path}” cannot be read: {reason}."),
            code="mapping",
            path=str(path),
            reason=getattr(error, "strerror", None) or str(error),
        ) from error
    return loads(text, kind)


def loads(text: str, kind: Kind | None = None) -> Mapping:
    """Read the text of a mapping file; ``kind`` is used when it names none itself."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(
            N_("The mapping file is not valid TOML: {reason}."), code="mapping", reason=str(error)
        ) from error
    for key in data:
        if key not in _PLAIN and key not in _TABLES and key != "create":
            _refuse(N_("The mapping file has an unknown key “{key}”."), key=key)
    for key, wanted in _PLAIN.items():
        if key in data and type(data[key]) is not wanted:
            _refuse(N_("In the mapping file, “{key}” has the wrong form."), key=key)
    if data.get("dates", "ymd") not in ORDERS:
        _refuse(N_("In the mapping file, “dates” is one of ymd, dmy, mdy."))
    found = kind_of(data["kind"]) if "kind" in data else kind
    if found is None:
        _refuse(N_("The mapping file does not say its kind of import."))
    return Mapping(
        **{key: data[key] for key in _PLAIN if key in data},
        separators={_ours(found, k): str(v) for k, v in _table(data, "separators").items()},
        columns=_columns(found, _table(data, "columns")),
        values=_values(found, _table(data, "values")),
        constants={_ours(found, k): _scalar(v) for k, v in _table(data, "constants").items()},
        create=_create(data.get("create", [])),
    )


def _refuse(text: str, **values: Any) -> NoReturn:
    raise UserError(text, code="mapping", **values)


def _table(data: dict[str, Any], key: str) -> dict[str, Any]:
    table = data.get(key, {})
    if not isinstance(table, dict):
        _refuse(N_("In the mapping file, “{key}” has the wrong form."), key=key)
    return dict(table)


def _ours(kind: Kind, name: str) -> str:
    found = kind.field_named(name)
    if found is None:
        _refuse(
            N_("The mapping names a field “{field}” that {kind} do not have; they have: {fields}."),
            field=name,
            kind=kind.code,
            fields=", ".join(kind.by_name),
        )
    return found.name


def _columns(kind: Kind, table: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    columns = {}
    for theirs, ours in table.items():
        names = ours if isinstance(ours, list) else [ours] if ours else []
        if not all(isinstance(name, str) for name in names):
            _refuse(N_("In the mapping file, “{key}” has the wrong form."), key=theirs)
        columns[theirs] = tuple(_ours(kind, name) for name in names)
    return columns


def _values(kind: Kind, table: dict[str, Any]) -> dict[str, dict[str, str]]:
    values = {}
    for ours, words in table.items():
        if not isinstance(words, dict):
            _refuse(N_("In the mapping file, “{key}” has the wrong form."), key=f"values.{ours}")
        values[_ours(kind, ours)] = {theirs: _scalar(word) for theirs, word in words.items()}
    return values


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, dict | list):
        _refuse(N_("In the mapping file, “{key}” has the wrong form."), key=str(value))
    return str(value)


def _create(words: object) -> frozenset[str]:
    if not isinstance(words, list) or not all(word in CREATABLE for word in words):
        _refuse(
            N_("In the mapping file, “create” is a list of: {words}."), words=", ".join(CREATABLE)
        )
    return frozenset(words)


# ---- writing ----------------------------------------------------------------------------


def _quoted(text: str) -> str:
    # JSON strings are TOML strings, but for the one control character that JSON lets pass
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def dumps(mapping: Mapping) -> str:
    """Return the text of a mapping file; :func:`loads` of it gives the mapping back."""
    default = Mapping()
    lines = []
    for key in _PLAIN:
        value = getattr(mapping, key)
        if value != getattr(default, key):
            shown = _quoted(value) if isinstance(value, str) else str(value).lower()
            lines.append(f"{key} = {shown}")
    if mapping.create:
        lines.append(f"create = [{', '.join(_quoted(word) for word in sorted(mapping.create))}]")
    if mapping.columns:
        lines += ["", "[columns]"]
        for theirs, fields in mapping.columns.items():
            names = ", ".join(map(_quoted, fields))
            lines.append(f"{_quoted(theirs)} = {names if len(fields) == 1 else f'[{names}]'}")
    for title, table in (("separators", mapping.separators), ("constants", mapping.constants)):
        if table:
            lines += ["", f"[{title}]", *(f"{_quoted(k)} = {_quoted(v)}" for k, v in table.items())]
    for ours, words in mapping.values.items():
        lines += ["", f"[values.{ours}]"]
        lines += [f"{_quoted(theirs)} = {_quoted(word)}" for theirs, word in words.items()]
    return "\n".join(lines).strip() + "\n"


# ---- columns of a file -------------------------------------------------------------------


@dataclass(frozen=True)
class Feed:
    """Where a field of ours comes from: columns of the file (from 0) and a constant for blanks."""

    field: Field
    columns: tuple[int, ...]
    headers: tuple[str, ...] = ()
    constant: str = ""
    separator: str = " "
    values: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Columns:
    """The feeds of an import and the headers of the file that feed nothing."""

    feeds: tuple[Feed, ...]
    unused: tuple[str, ...]


def letter(column: int) -> str:
    """Return the name of a column as spreadsheets show it: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def connect(kind: Kind, mapping: Mapping, names: tuple[str, ...]) -> Columns:
    """Connect the headers of a file with the fields of ``kind``, by the mapping and by name.

    Refused: a header of the mapping that the file lacks, a header that is there twice, a required
    field that nothing feeds.
    """
    taken: dict[str, list[int]] = {}
    used: set[int] = set()
    for theirs, ours in mapping.columns.items():
        place = _place(names, theirs)
        used.add(place)
        for name in ours:
            taken.setdefault(name, []).append(place)
    # Beside a mapping only real names count; synonyms are for files that come without one.
    for exact in (True, False) if not mapping.columns else (True,):
        for place, header in enumerate(names):
            found = _recognised(kind, header, exact=exact)
            if found is not None and place not in used and found.name not in taken:
                _refuse_twice(names, header)
                used.add(place)
                taken[found.name] = [place]
    if not mapping.columns:
        _connect_questions(kind, names, taken, used)
    feeds = tuple(
        Feed(
            one,
            tuple(taken.get(one.name, ())),
            tuple(names[place] for place in taken.get(one.name, ())),
            mapping.constants.get(one.name, ""),
            mapping.separators.get(one.name, mapping.separator),
            mapping.values.get(one.name, {}),
        )
        for one in kind.fields
        if one.name in taken or one.name in mapping.constants
    )
    _refuse_incomplete(kind, feeds, names)
    unused = tuple(name for place, name in enumerate(names) if name and place not in used)
    return Columns(feeds, unused)


def _connect_questions(
    kind: Kind, names: tuple[str, ...], taken: dict[str, list[int]], used: set[int]
) -> None:
    """Connect the questions of a questionnaire by the words in them; several texts are joined."""
    for place, header in enumerate(names):
        found = kind.field_hinted(header) if header and place not in used else None
        if found is not None and (found.name not in taken or found.type is FieldType.LONG_TEXT):
            used.add(place)
            taken.setdefault(found.name, []).append(place)


def _recognised(kind: Kind, header: str, *, exact: bool) -> Field | None:
    if not header:
        return None
    # 产品/品牌 of a two-row header is known as a whole or by its lower line.
    candidates = (header, header.rpartition("/")[2]) if "/" in header else (header,)
    for candidate in candidates:
        found = kind.field_named(candidate)
        if found is not None and (not exact or kind.is_name(found, candidate)):
            return found
    return None


def _place(names: tuple[str, ...], theirs: str) -> int:
    wanted = normal(theirs)
    places = [i for i, name in enumerate(names) if normal(name) == wanted]
    if not places:  # the lower line of a two-row header is enough when it is unique
        places = [i for i, name in enumerate(names) if normal(name.rpartition("/")[2]) == wanted]
    if not places:
        _refuse(
            N_("The file has no column “{column}”; its columns are: {columns}."),
            column=theirs,
            columns="、".join(name for name in names if name),
        )
    exact = [i for i in places if names[i] == theirs]
    if len(exact) == 1:
        return exact[0]
    _refuse_twice(names, theirs, places)
    return places[0]


def _refuse_twice(names: tuple[str, ...], header: str, places: list[int] | None = None) -> None:
    if places is None:
        places = [i for i, name in enumerate(names) if name == header]
    if len(places) > 1:
        raise UserError(
            N_("The column “{column}” is there twice ({letters}); rename or delete one of them."),
            code="column_twice",
            column=header,
            letters=", ".join(map(letter, places)),
        )


def _refuse_incomplete(kind: Kind, feeds: tuple[Feed, ...], names: tuple[str, ...]) -> None:
    fed = {feed.field.name for feed in feeds}
    missing = [
        f"{kind.header(one, CHINESE)} ({one.name})"
        for one in kind.fields
        if one.required and one.name not in fed and not (fed & set(_INSTEAD.get(one.name, ())))
    ]
    if missing:
        raise UserError(
            N_("The file has no column for: {fields}. Its columns are: {columns}."),
            code="missing_column",
            fields="、".join(missing),
            columns="、".join(name for name in names if name),
        )


# A customer can be known by his phone alone.
_INSTEAD = {"customer": ("customer_phone",)}


def with_columns(mapping: Mapping, columns: Columns) -> Mapping:
    """Return the mapping with every connection written out, for saving."""
    found: dict[str, list[str]] = {}
    for feed in columns.feeds:
        for header in feed.headers:
            found.setdefault(header, []).append(feed.field.name)
    for header in columns.unused:
        found.setdefault(header, [])
    return replace(mapping, columns={header: tuple(ours) for header, ours in found.items()})
