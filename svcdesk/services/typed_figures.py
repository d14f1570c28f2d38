"""Figures that are typed: one grid for each kind, edited cell by cell or pasted as a block.

Channel days, order volume, spare parts, figures by month, industry values and baselines
(``domain.md 2.16, 3.9``). What is good is written as one undo step; what is not comes back with a
sentence, so that the grid keeps it. An emptied cell is a gap, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from svcdesk.domain.lists import MANUAL_METRICS
from svcdesk.domain.metrics.manual import MANUAL, metric_id
from svcdesk.domain.metrics.registry import METRICS
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_, Translator, current
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import given_figures, typed_rows
from svcdesk.store.group_names import item_name
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from svcdesk.domain.period import Period

MANUAL_GRID, CHANNELS, ORDERS, PARTS = "manual", "channels", "orders", "parts"
INDUSTRY, BASELINE = "industry", "baseline"
GRIDS = (MANUAL_GRID, CHANNELS, ORDERS, PARTS, INDUSTRY, BASELINE)
LABELS = {
    MANUAL_GRID: N_("Figures by month"),
    CHANNELS: N_("Channels by day"),
    ORDERS: N_("Order volume"),
    PARTS: N_("Spare parts"),
    INDUSTRY: N_("Industry values"),
    BASELINE: N_("Baselines"),
}
ALL_PRODUCTS = "all"
NEW_ROWS = 3  # blank rows at the end of a list of values
YUAN = 100


@dataclass(frozen=True)
class GridColumn:
    """A column; ``kind`` is integer, decimal, money, text, month or metric."""

    key: str
    label: str
    kind: str
    tip: str = ""


@dataclass(frozen=True)
class Grid:
    """A grid: rows (key, label), columns, and the texts of the filled cells."""

    kind: str
    scope: str
    rows: tuple[tuple[str, str], ...]
    columns: tuple[GridColumn, ...]
    cells: dict[tuple[str, str], str]


# -- what the grids look like ------------------------------------------------------------------


def scopes(desk: Desk, kind: str, t: Translator | None = None) -> list[tuple[str, str]]:
    """Return what a grid shows one of at a time: channels, part classes; else nothing."""
    words = t or current()
    if kind == CHANNELS:
        return [(str(i.id), item_name(i, words)) for i in desk.reference.items_of("channel")]
    if kind == PARTS:
        return [(name, name) for name in typed_rows.classes(desk.reader)]
    return []


def grid(desk: Desk, kind: str, period: Period, scope: str = "",
         t: Translator | None = None) -> Grid:  # fmt: skip
    """Return a grid over ``period``: days of channels, months of the rest (values with none)."""
    words = t or current()
    if kind not in GRIDS:
        raise UserError(N_("There is no grid “{name}”."), code="grid", name=kind)
    return _READERS[kind](desk, period, scope, words)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def _fen(value: int | None) -> str:
    return "" if value is None else _number(value / YUAN)


def _months(period: Period) -> tuple[tuple[str, str], ...]:
    return tuple((month.code, month.code) for month in period.months())


def figures(desk: Desk) -> list[tuple[str, str, str, str]]:
    """Return the typed figures in use: key, name (as the list or the file names it), unit, way."""
    own = given_figures.own_figures(desk.reader)
    found = [(m.key, m.name, m.unit, m.direction) for m in MANUAL_METRICS]
    return found + [(o.key, o.name, o.unit, o.direction) for o in own if not o.retired]


def _manual(desk: Desk, period: Period, scope: str, t: Translator) -> Grid:
    known = {m.key: t(m.label) for m in MANUAL}
    columns = tuple(
        GridColumn(key, known.get(key, name) + (f" ({unit})" if unit else ""), "decimal")
        for key, name, unit, _ in figures(desk)
    )
    months = [code for code, _ in _months(period)]
    rows = typed_rows.rows(desk.reader, "manual_metric", ("key", "month", "value", "note"), {},
                           ("month", months[0], months[-1]))  # fmt: skip
    cells = {(r["month"], r["key"]): _number(r["value"]) for r in rows if r["value"] is not None}
    return Grid(MANUAL_GRID, scope, _months(period), columns, cells)


CHANNEL_FIELDS = (
    ("offered", N_("Contacts offered"), "integer"),
    ("answered", N_("Contacts answered"), "integer"),
    ("answered_in_target", N_("Answered within the target"), "integer"),
    ("abandoned", N_("Abandoned"), "integer"),
    ("avg_wait_s", N_("Mean wait (seconds)"), "integer"),
)
PART_FIELDS = (
    ("opening", N_("Stock at the beginning (yuan)"), "money"),
    ("closing", N_("Stock at the end (yuan)"), "money"),
    ("issued", N_("Issued at cost (yuan)"), "money"),
    ("dead", N_("Dead stock (yuan)"), "money"),
)


def _columns(fields: Iterable[tuple[str, str, str]], t: Translator) -> tuple[GridColumn, ...]:
    return tuple(GridColumn(key, t(label), kind) for key, label, kind in fields)


def _channels(desk: Desk, period: Period, scope: str, t: Translator) -> Grid:
    scope = scope or next((key for key, _ in scopes(desk, CHANNELS, t)), "0")
    days = [day.start.isoformat() for day in period.days_list()]
    names = [key for key, *_ in CHANNEL_FIELDS]
    rows = typed_rows.rows(desk.reader, "channel_daily", ("date", *names),
                           {"channel_id": int(scope)}, ("date", days[0], days[-1]))  # fmt: skip
    cells = {(r["date"], name): _number(r[name]) for r in rows for name in names
             if r[name] is not None}  # fmt: skip
    return Grid(CHANNELS, scope, tuple((d, d) for d in days), _columns(CHANNEL_FIELDS, t), cells)


def _orders(desk: Desk, period: Period, scope: str, t: Translator) -> Grid:
    columns = (
        GridColumn(ALL_PRODUCTS, t(N_("All products")), "integer"),
        *(GridColumn(str(key), name, "integer")
          for key, name in typed_rows.ordered_products(desk.reader)),
    )  # fmt: skip
    months = [code for code, _ in _months(period)]
    rows = typed_rows.rows(desk.reader, "order_volume", ("month", "product_id", "orders"), {},
                           ("month", months[0], months[-1]))  # fmt: skip
    cells = {(r["month"], str(r["product_id"] or ALL_PRODUCTS)): _number(r["orders"]) for r in rows}
    return Grid(ORDERS, scope, _months(period), columns, cells)


def _parts(desk: Desk, period: Period, scope: str, t: Translator) -> Grid:
    scope = scope or next((key for key, _ in scopes(desk, PARTS, t)), "")
    months = [code for code, _ in _months(period)]
    names = [key for key, *_ in PART_FIELDS]
    rows = typed_rows.rows(desk.reader, "spare_parts", ("month", *names), {"part_class": scope},
                           ("month", months[0], months[-1]))  # fmt: skip
    cells = {(r["month"], name): _fen(r[name]) for r in rows for name in names}
    return Grid(PARTS, scope, _months(period), _columns(PART_FIELDS, t), cells)


def _references(kind: str) -> Callable[[Desk, Period, str, Translator], Grid]:
    def read(desk: Desk, period: Period, scope: str, t: Translator) -> Grid:
        del period
        source = N_("Source") if kind == INDUSTRY else N_("Note")
        columns = (
            GridColumn("metric", t(N_("Metric")), "metric"),
            GridColumn("value", t(N_("Value")), "decimal"),
            GridColumn("month", t(N_("Valid from month")), "month",
                       t(N_("Empty: from the beginning."))),
            GridColumn("source", t(source), "text"),
        )  # fmt: skip
        found = [v for v in given_figures.reference_values(desk.reader) if v.kind == kind]
        names = metric_names(desk, t)
        cells: dict[tuple[str, str], str] = {}
        for value in found:
            row = str(value.id)
            cells[row, "metric"] = names.get(value.metric, value.metric)
            cells[row, "value"] = _number(value.value)
            cells[row, "month"] = value.month or ""
            cells[row, "source"] = value.source
        rows = [(str(v.id), str(i)) for i, v in enumerate(found, start=1)]
        rows += [(f"new{i}", "") for i in range(NEW_ROWS)]
        return Grid(kind, scope, tuple(rows), columns, {k: v for k, v in cells.items() if v})

    return read


_READERS: dict[str, Callable[[Desk, Period, str, Translator], Grid]] = {
    MANUAL_GRID: _manual,
    CHANNELS: _channels,
    ORDERS: _orders,
    PARTS: _parts,
    INDUSTRY: _references(INDUSTRY),
    BASELINE: _references(BASELINE),
}


def metric_names(desk: Desk, t: Translator | None = None) -> dict[str, str]:
    """Return the names of all figures that values can be given for, by metric id."""
    words = t or current()
    own = given_figures.own_figures(desk.reader)
    return {m.id: words(m.label) for m in METRICS} | {metric_id(o.key): o.name for o in own}


# -- figures of one's own ----------------------------------------------------------------------


def declare(desk: Desk, name: str, unit: str, direction: str, decimals: int = 1) -> Outcome[str]:
    """Add a figure of the team's own, to be typed by month; return its key."""
    desk.require(Permission.MAKE_REPORTS)
    wanted = name.strip()
    problems = []
    if not wanted:
        problems.append(Problem("name", "required", N_("Give the figure a name.")))
    taken = {one[1] for one in figures(desk)} | set(metric_names(desk).values())
    if wanted in taken:
        problems.append(Problem("name", "twice", N_("There is a figure of this name already.")))
    if direction not in {"up", "down", "neutral"}:
        problems.append(Problem("direction", "choice", N_("Choose which way is better.")))
    if problems:
        raise ProblemsError(problems)
    with desk.write(N_("Add a typed figure: {name}"), name=wanted) as uow:
        uow.insert("manual_figure", {"key": wanted, "name": wanted, "unit": unit.strip(),
                                     "direction": direction, "decimals": decimals})  # fmt: skip
    return Outcome(wanted, uow.changes)


def retire(desk: Desk, key: str) -> Outcome[str]:
    """Take a figure of the team's own out of use; its values stay."""
    desk.require(Permission.MAKE_REPORTS)
    own = {one.key: one for one in given_figures.own_figures(desk.reader)}
    if key not in own:
        raise UserError(N_("Figures known beforehand stay in the list."), code="built_in")
    figure = replace(own[key], retired=True)
    with desk.write(N_("Retire a typed figure: {name}"), name=figure.name) as uow:
        typed_rows.put(uow, "manual_figure", {"key": key}, {
            "name": figure.name, "unit": figure.unit, "direction": figure.direction,
            "decimals": figure.decimals, "retired": 1,
        })  # fmt: skip
    return Outcome(key, uow.changes)


def note_of(desk: Desk, key: str, month: str) -> str:
    """Return the source note of a typed figure's month."""
    found = typed_rows.rows(desk.reader, "manual_metric", ("note",), {"key": key, "month": month})
    return str(found[0]["note"]) if found else ""


def set_note(desk: Desk, keys: Sequence[tuple[str, str]], note: str) -> Outcome[int]:
    """Give the values of ``(key, month)`` their source note, as one step."""
    desk.require(Permission.MAKE_REPORTS)
    with desk.write(N_("Note the source of typed figures")) as uow:
        known = [
            {"key": key, "month": month}
            for key, month in keys
            if typed_rows.rows(uow.connection, "manual_metric", ("id",),
                               {"key": key, "month": month})
        ]  # fmt: skip
        for place in known:
            typed_rows.put(uow, "manual_metric", place, {"note": note.strip()})
    return Outcome(len(known), uow.changes)
