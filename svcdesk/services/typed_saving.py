"""Writing typed figures: what is good is one undo step, what is not comes back with a sentence."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain.people import Permission
from svcdesk.i18n.catalog import N_, Translator, current
from svcdesk.interchange import cleaning
from svcdesk.interchange.problems import Bad
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.typed_figures import (
    ALL_PRODUCTS,
    CHANNEL_FIELDS,
    CHANNELS,
    INDUSTRY,
    LABELS,
    MANUAL_GRID,
    ORDERS,
    PART_FIELDS,
    PARTS,
    figures,
    metric_names,
)
from svcdesk.store import typed_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from svcdesk.store.unit_of_work import UnitOfWork

MORE_ANSWERED = N_("More contacts answered ({answered}) than offered ({offered}).")
INCOMPLETE = N_("Enter the rest of the row as well: {names}.")
NO_METRIC = N_("“{value}” is not the name of a figure.")
NOT_A_MONTH = N_("“{value}” is not a month; write it as 2026-03.")
TWICE = N_("There is another row for this figure and month.")
NO_SOURCE = N_("An industry value needs its source.")

Edits = dict[tuple[str, str], str]  # (row, column) → text as typed


@dataclass(frozen=True)
class BadCell:
    """A cell that was not written, and why, in a sentence."""

    row: str
    column: str
    text: str
    sentence: str


_READ: dict[str, Callable[[object], Any]] = {
    "integer": cleaning.integer(0),
    "decimal": cleaning.decimal,
    "money": cleaning.money_from(0),
    "text": cleaning.text,
}


def save(
    desk: Desk, kind: str, scope: str, edits: Edits, t: Translator | None = None
) -> Outcome[list[BadCell]]:
    """Write the cells of ``edits`` as one step; return those that were not good, with a sentence.

    ``edits`` holds every cell of the grid that is not in the file as shown: typed, pasted, or
    refused before.
    """
    desk.require(Permission.MAKE_REPORTS)
    words = t or current()
    work = _Saving(desk, kind, scope, words)
    by_row: dict[str, Edits] = defaultdict(dict)
    for place, text in edits.items():
        by_row[place[0]][place] = text
    with desk.write(N_("Type figures: {grid}"), grid=words(LABELS[kind])) as uow:
        for row, cells in by_row.items():
            work.row(uow, row, cells)
    return Outcome(work.bad, uow.changes)


class _Saving:
    """One paste or typed cell on its way into the file."""

    def __init__(self, desk: Desk, kind: str, scope: str, t: Translator) -> None:
        self.desk, self.kind, self.scope, self.t = desk, kind, scope, t
        self.bad: list[BadCell] = []
        self._ids = {name: metric for metric, name in metric_names(desk, t).items()}
        self._figures = {key: (name, unit, way) for key, name, unit, way in figures(desk)}

    def _refuse(self, place: tuple[str, str], text: str, sentence: str, **values: Any) -> None:
        self.bad.append(BadCell(*place, text, self.t(sentence).format(**values)))

    def _value(self, place: tuple[str, str], text: str, kind: str) -> tuple[bool, Any]:
        """Return whether a cell can be read, and what it says (``None``: empty)."""
        found = _READ[kind](text)
        if isinstance(found, Bad):
            self._refuse(place, text, found.text, **found.values)
            return False, None
        return True, found

    def row(self, uow: UnitOfWork, row: str, cells: Edits) -> None:
        """Write the cells of one row."""
        if self.kind == MANUAL_GRID:
            for place, text in cells.items():
                good, value = self._value(place, text, "decimal")
                if good:
                    self._put_manual(uow, place, value)
        elif self.kind == ORDERS:
            for place, text in cells.items():
                good, value = self._value(place, text, "integer")
                if good:
                    product = None if place[1] == ALL_PRODUCTS else int(place[1])
                    keys = {"month": row, "product_id": product}
                    typed_rows.put(uow, "order_volume", keys,
                                   None if value is None else {"orders": value})  # fmt: skip
        elif self.kind in {CHANNELS, PARTS}:
            self._whole_row(uow, row, cells)
        else:
            self._reference(uow, row, cells)

    def _put_manual(self, uow: UnitOfWork, place: tuple[str, str], value: float | None) -> None:
        keys = {"key": place[1], "month": place[0]}
        name, unit, way = self._figures.get(place[1], (place[1], "", "up"))
        about = {"name": name, "unit": unit, "direction": way}
        typed_rows.put(uow, "manual_metric", keys,
                       None if value is None else {**about, "value": value})  # fmt: skip

    def _whole_row(self, uow: UnitOfWork, row: str, cells: Edits) -> None:
        """Write a row whose numbers belong together."""
        channels = self.kind == CHANNELS
        table = "channel_daily" if channels else "spare_parts"
        fields = CHANNEL_FIELDS if channels else PART_FIELDS
        needed = ("offered", "answered") if channels else tuple(f[0] for f in fields)
        keys = ({"date": row, "channel_id": int(self.scope)} if channels
                else {"month": row, "part_class": self.scope})  # fmt: skip
        names = [f[0] for f in fields]
        stored = typed_rows.rows(uow.connection, table, names, keys)
        values: dict[str, Any] = dict.fromkeys(names) | (stored[0] if stored else {})
        kinds = {key: kind for key, _, kind in fields}
        read = {place: self._value(place, text, kinds[place[1]]) for place, text in cells.items()}
        values |= {place[1]: value for place, (good, value) in read.items() if good}
        if all(value is None for value in values.values()):
            typed_rows.put(uow, table, keys, None)
            return
        good = {place: text for place, text in cells.items() if read[place][0]}
        missing = [self.t(label) for key, label, _ in fields
                   if key in needed and values[key] is None]  # fmt: skip
        if missing:
            for place, text in good.items():
                self._refuse(place, text, INCOMPLETE, names=", ".join(missing))
        elif channels and values["offered"] < values["answered"]:  # AB17
            for place, text in good.items():
                if place[1] in needed:
                    self._refuse(place, text, MORE_ANSWERED, offered=values["offered"],
                                 answered=values["answered"])  # fmt: skip
        else:
            typed_rows.put(uow, table, keys, values)

    def _reference(self, uow: UnitOfWork, row: str, cells: Edits) -> None:
        """Write one industry value or baseline."""
        names = ("id", "metric", "month", "value", "source")
        fresh = row.startswith("new")
        stored = [] if fresh else typed_rows.rows(
            uow.connection, "reference_value", names, {"id": int(row)}
        )  # fmt: skip
        values: dict[str, Any] = dict.fromkeys(names[1:]) | (stored[0] if stored else {})
        values["source"] = values["source"] or ""
        before = len(self.bad)
        for place, text in cells.items():
            values[place[1]] = self._reference_value(place, text)
        if len(self.bad) > before:
            self._keep(cells, before)
            return
        if values["metric"] is None and values["value"] is None and not values["source"]:
            if stored:
                uow.remove("reference_value", int(row))
            return
        missing = [label for key, label in (("metric", N_("Metric")), ("value", N_("Value")))
                   if values[key] is None]  # fmt: skip
        first = next(iter(cells.items()))
        others = typed_rows.rows(
            uow.connection, "reference_value", ("id",),
            {"metric": values["metric"], "kind": self.kind, "month": values["month"]},
        )  # fmt: skip
        if missing:
            self._refuse(*first, INCOMPLETE, names=", ".join(self.t(m) for m in missing))
        elif self.kind == INDUSTRY and not values["source"]:
            self._refuse(*first, NO_SOURCE)
        elif any(str(o["id"]) != row for o in others):
            self._refuse(*first, TWICE)
        else:
            written = {name: values[name] for name in names[1:]} | {"kind": self.kind}
            if stored:
                uow.update("reference_value", int(row), written)
            else:
                uow.insert("reference_value", written)
            return
        self._keep(cells, before)

    def _keep(self, cells: Edits, before: int) -> None:
        """Give back the other cells of a row that cannot be written as a whole."""
        told = {(b.row, b.column) for b in self.bad[before:]}
        self.bad += [
            BadCell(*place, text, self.t(N_("Not written: see the other cells of this row.")))
            for place, text in cells.items()
            if place not in told
        ]

    def _reference_value(self, place: tuple[str, str], text: str) -> Any:
        column, cell = place[1], cleaning.text(text)
        if column == "source":
            return cell or ""
        if cell is None:
            return None
        if column == "metric":
            metric = cell if cell in self._ids.values() else self._ids.get(cell)
            if metric is None:
                self._refuse(place, text, NO_METRIC, value=cell)
            return metric
        if column == "month":
            month = month_of(cell)
            if month is None:
                self._refuse(place, text, NOT_A_MONTH, value=cell)
            return month
        return self._value(place, text, "decimal")[1]


def month_of(text: str) -> str | None:
    """Return a month as 2026-03 from 2026-3, 2026/03, 2026.3, 2026年3月 or 202603."""
    found = re.fullmatch(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*月?", cleaning.plain(text))
    if found is None or not 1 <= int(found[2]) <= 12:
        return None
    return f"{found[1]}-{int(found[2]):02d}"
