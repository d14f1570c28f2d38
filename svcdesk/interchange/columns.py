"""From the cells of a file to the values of our fields, column by column.

A :class:`RowReader` is compiled once for a file: per field one converter with its value table,
its constant and its source columns. Rows go through it in chunks that are turned on their side,
so that the work per cell is one dictionary look-up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from svcdesk.i18n.catalog import N_
from svcdesk.interchange import cleaning
from svcdesk.interchange.cleaning import Converter, Memo
from svcdesk.interchange.dates import DateReader
from svcdesk.interchange.kinds import Field, FieldType, Kind, choice_names
from svcdesk.interchange.kinds.model import CSAT_WORDS, NPS_WORDS, choice_words
from svcdesk.interchange.problems import Bad, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from svcdesk.interchange.mapping import Columns, Feed

CHUNK = 500
T = FieldType

REQUIRED = N_("The field is blank but required.")
FUTURE = N_("The time {value} lies in the future; correct it.")

# Columns in which nearly every cell differs: remembering them would only cost memory.
_UNLIKE = frozenset({T.CODE, T.LONG_TEXT, T.MOMENT, T.TEXT})


@dataclass
class Chunk:
    """Some rows of a file, converted.

    ``numbers`` are row numbers of the file, ``data`` one list per field, ``raw`` the cells as they
    came. Rows in ``rejected`` (places within the chunk) have at least one problem.
    """

    numbers: list[int]
    raw: list[list[object]]
    data: dict[str, list[object]]
    problems: list[Problem] = field(default_factory=list)
    rejected: set[int] = field(default_factory=set)
    _told: set[tuple[int, str]] = field(default_factory=set)

    def reject(self, place: int, one: Field | None, bad: Bad, column: str = "") -> None:
        """Note why the row at ``place`` cannot come in; a field is complained about once."""
        where = (place, one.name if one else "")
        if where in self._told:
            return
        self._told.add(where)
        self.problems.append(
            Problem(
                self.numbers[place], one.name if one else "", bad.code, bad.text, bad.values, column
            )
        )
        self.rejected.add(place)


class RowReader:
    """Converts rows of one file into chunks of values."""

    def __init__(
        self, kind: Kind, columns: Columns, *, zone: str, dates: str, latest: int | None
    ) -> None:
        """``latest``: times of things that happened lie at most here (AB05); ``None``: no limit."""
        self.kind = kind
        self.feeds = columns.feeds
        self._latest = latest
        reader = DateReader(zone, dates or "ymd")
        self._columns = [_Column(feed, reader) for feed in columns.feeds]

    def read(self, rows: list[tuple[int, list[object]]]) -> Chunk:
        """Convert some rows."""
        raw = [cells for _, cells in rows]
        chunk = Chunk([number for number, _ in rows], raw, {})
        sideways = list(zip(*raw, strict=False))  # cells beyond the header have no name
        for column in self._columns:
            values = column.convert(sideways, len(raw))
            one = column.field
            chunk.data[one.name] = values
            if column.bad or (one.type is T.MOMENT and one.happened) or one.required:
                self._check(chunk, column, values)
        return chunk

    def look(
        self, names: tuple[str, str], rows: list[tuple[int, list[object]]]
    ) -> list[tuple[object, object]]:
        """Convert two fields of some rows and nothing else, to learn from them beforehand."""
        raw = [cells for _, cells in rows]
        sideways = list(zip(*raw, strict=False))
        found = {c.field.name: c for c in self._columns if c.field.name in names}
        first, second = (found[name].convert(sideways, len(raw)) for name in names)
        return list(zip(first, second, strict=True))

    def fills(self, name: str) -> bool:
        """Tell whether a field comes from columns of the file."""
        return any(feed.field.name == name and feed.columns for feed in self.feeds)

    def _check(self, chunk: Chunk, column: _Column, values: list[object]) -> None:
        one, headers = column.field, column.headers
        if column.bad:
            for place, value in enumerate(values):
                if isinstance(value, Bad):
                    chunk.reject(place, one, value, headers)
                    values[place] = None
        if one.required and not all(values) and one.name != "customer":
            for place, value in enumerate(values):
                if value is None:
                    chunk.reject(place, one, Bad("AB08", REQUIRED), headers)
        if one.happened and self._latest is not None:
            self._check_future(chunk, column, values, self._latest)

    @staticmethod
    def _check_future(chunk: Chunk, column: _Column, values: list[object], latest: int) -> None:
        found = [value for value in values if value.__class__ is int]
        if found and max(found) > latest:
            for place, value in enumerate(values):
                if isinstance(value, int) and value > latest:
                    shown = cleaning.plain(_joined(column, chunk.raw[place]))
                    chunk.reject(
                        place, column.field, Bad("AB05", FUTURE, value=shown), column.headers
                    )


def _joined(column: _Column, cells: list[object]) -> object:
    return " ".join(cleaning.plain(cells[i]) for i in column.places if i < len(cells))


class _Column:
    """One field of ours: its source columns and the compiled converter."""

    def __init__(self, feed: Feed, dates: DateReader) -> None:
        self.field = feed.field
        self.places = feed.columns
        self.headers = " + ".join(feed.headers)
        self.bad = False
        self._separator = feed.separator
        convert = converter(feed.field, dates)
        if feed.values:
            convert = _through_table(convert, feed.field, feed.values)
        self._constant: object = None
        if feed.constant:
            self._constant = convert(feed.constant)
        self._convert = convert
        self._memo = None if feed.field.type in _UNLIKE and not feed.values else Memo(convert)

    def convert(self, sideways: list[tuple[object, ...]], count: int) -> list[object]:
        """Return the values of the field for ``count`` rows; sets ``bad`` when any is wrong."""
        places = self.places
        if not places:
            self.bad = isinstance(self._constant, Bad)
            return [self._constant] * count
        if len(places) == 1:
            cells: list[object] | tuple[object, ...] = sideways[places[0]]
        else:
            cells = [
                self._join(parts) for parts in zip(*(sideways[p] for p in places), strict=True)
            ]
        if self._memo is not None:
            before = self._memo.bad
            values = list(map(self._memo.__getitem__, cells))
            self.bad = self._memo.bad != before
        else:
            values = list(map(self._convert, cells))
            self.bad = Bad in set(map(type, values))
        if self._constant is not None:
            values = [self._constant if value is None else value for value in values]
            self.bad = self.bad or isinstance(self._constant, Bad)
        return values

    def _join(self, parts: tuple[object, ...]) -> str:
        texts = (cleaning.plain(part).strip() for part in parts)
        return self._separator.join(text for text in texts if text)


def _through_table(convert: Converter, one: Field, values: dict[str, str]) -> Converter:
    """Put the value table of a mapping before a converter."""
    table = {cleaning.fold(theirs): ours for theirs, ours in values.items()}
    other = table.pop("*", None)
    blank = table.pop("", None)
    several = one.type in (T.CHOICES, T.REFERENCES, T.WORDS)

    def translated(cell: str) -> str | None:
        word = cleaning.fold(cell)
        if not word:
            return blank if blank is not None else ""
        return table.get(word, other)

    def through(value: object) -> object:
        cell = cleaning.plain(value)
        if several:
            parts = cleaning.words(cell) or [""]
            found = [word if (word := translated(part)) is not None else part for part in parts]
            return convert("\n".join(found))
        word = translated(cell)
        return convert(value if word is None else word)

    return through


def converter(one: Field, dates: DateReader) -> Converter:
    """Return the converter of a field."""
    simple: dict[FieldType, Converter] = {
        T.LONG_TEXT: cleaning.text,
        T.TEXT: cleaning.text,
        T.NAME: cleaning.name,
        T.CODE: cleaning.code,
        T.PHONES: cleaning.phones,
        T.MOMENT: dates.moment,
        T.DAY: dates.day,
        T.MONTH: dates.month,
        T.DECIMAL: cleaning.decimal,
        T.YES_NO: cleaning.boolean,
        T.WORDS: cleaning.words,
        T.REFERENCE: cleaning.label,
        T.REFERENCES: cleaning.words,
    }
    if one.type in simple:
        found = simple[one.type]
        return cleaning.limited(found, one.length) if one.length else found
    return _built(one)


def _built(one: Field) -> Converter:
    builders: dict[FieldType, Callable[[], Converter]] = {
        T.INTEGER: lambda: cleaning.integer(one.low, one.high),
        T.MONEY: lambda: cleaning.money_from(one.low),
        T.CSAT: lambda: cleaning.score(1, 5, CSAT_WORDS),
        T.NPS: lambda: cleaning.score(0, 10, NPS_WORDS),
        T.CHOICE: lambda: cleaning.choice(choice_words(one.choice), choice_names(one.choice)),
        T.CHOICES: lambda: cleaning.choices(choice_words(one.choice), choice_names(one.choice)),
    }
    return builders[one.type]()
