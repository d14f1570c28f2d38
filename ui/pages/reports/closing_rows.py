"""Rows and columns of the tab of closed months: plain cells, made from the services' words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain.evaluation import Evaluation, Verdict
from svcdesk.i18n.catalog import N_, _, pgettext
from svcdesk.services import closing_words, targets
from svcdesk.services.closings import Month, MonthState
from ui.models.columns import Cell, ColumnDef

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.services.closings import Frozen
    from svcdesk.services.desk import Desk
    from svcdesk.services.restatements import RecordMove, Restatements
    from ui.pages.wording import Words

STATES: dict[MonthState, tuple[str, str, str]] = {  # word, icon, colour
    MonthState.RUNNING: (N_("running"), "clock", "text-3"),
    MonthState.READY: (N_("ready to close"), "circle-dashed", "warn"),
    MonthState.REOPENED: (N_("reopened"), "refresh-cw", "warn"),
    MonthState.CLOSED: (N_("closed"), "circle-check", "ok"),
}
VERDICT_LOOK: dict[Verdict, tuple[str, str]] = {  # icon, colour
    Verdict.MET: ("circle-check", "ok"),
    Verdict.MISSED: ("circle-x", "danger"),
    Verdict.SMALL_SAMPLE: ("minus", "text-3"),
    Verdict.NO_VALUE: ("minus", "text-3"),
    Verdict.PROVISIONAL: ("clock", "warn"),
}


@dataclass(frozen=True)
class Row:
    """One line: its cells in the order of the columns, and what stands behind it."""

    id: int
    cells: tuple[Cell, ...]
    behind: Any = None


def columns(*defs: tuple[str, str, int, str]) -> list[ColumnDef]:
    """Return columns of ``(key, label, width, marks)``; marks: r right, s stretch, e elide."""
    return [
        ColumnDef(
            key, text, _picker(place), width, right="r" in marks, stretch="s" in marks,
            elide="e" in marks,
        )
        for place, (key, text, width, marks) in enumerate(defs)
    ]  # fmt: skip


def _picker(place: int) -> Any:
    def cell(row: Row) -> Cell:
        return row.cells[place]

    return cell


def month_columns() -> list[ColumnDef]:
    """Return month, state, what changed since."""
    return columns(
        ("month", _("Month"), 84, ""),
        ("state", _("State"), 150, "se"),
        ("restated", _("Restated"), 74, "r"),
    )


def month_rows(months: Sequence[Month], restated: dict[str, int]) -> list[Row]:
    """Return the months; ``restated``: month → records that changed since it was closed."""
    rows = []
    for number, month in enumerate(months):
        word, icon, colour = STATES[month.state]
        closing = month.closing
        text = _(word) if closing is None else _("closed, version {n}").format(n=closing.version)
        count = restated.get(month.period.code)
        later = Cell("", colour="text-3")
        if closing is not None:
            later = Cell("…" if count is None else str(count) if count else "0",
                         colour="warn" if count else "text-3", bold=bool(count))  # fmt: skip
        rows.append(
            Row(number, (Cell(month.period.code, bold=True), Cell(text, icon, icon_colour=colour), later),
                month)
        )  # fmt: skip
    return rows


def judged_columns() -> list[ColumnDef]:
    """Return the columns of the evaluation."""
    return columns(
        ("metric", _("Metric"), 170, "se"), ("scope", _("Holds for"), 120, "e"),
        ("value", _("Value"), 90, "r"), ("n", "n", 60, "r"), ("target", _("Target"), 90, "r"),
        ("threshold", _("Threshold"), 90, "r"), ("said", _("Judgement"), 150, "e"),
        ("owner", _("Target owner"), 80, "e"),
    )  # fmt: skip


def warning_columns() -> list[ColumnDef]:
    """Return the columns of the early warnings."""
    return columns(
        ("metric", _("Metric"), 170, "se"), ("scope", _("Holds for"), 130, "e"),
        ("said", _("Why"), 190, "e"), ("before", _("Months before"), 150, "re"),
        ("value", _("Value"), 90, "r"), ("threshold", _("Threshold"), 90, "r"),
    )  # fmt: skip


def _look(one: Evaluation) -> tuple[str, str]:
    return VERDICT_LOOK[one.verdict] if one.verdict is not None else ("triangle-alert", "warn")


def judged_rows(desk: Desk, frozen: Frozen, *, warnings: bool) -> list[Row]:
    """Return the verdicts, the missed ones first, or the early warnings."""
    order = [
        Verdict.MISSED,
        Verdict.PROVISIONAL,
        Verdict.MET,
        Verdict.SMALL_SAMPLE,
        Verdict.NO_VALUE,
    ]
    found = [f for f in frozen.findings if closing_words.is_warning(f) is warnings]
    if not warnings:
        found.sort(key=lambda f: order.index(f.verdict) if f.verdict in order else 9)
    rows = []
    for number, one in enumerate(closing_words.judged(desk, found)):
        icon, colour = _look(one.finding)
        said = Cell(one.said, icon, icon_colour=colour, tip=one.said)
        cells: tuple[Cell, ...]
        plain = (Cell(one.metric, tip=one.metric), Cell(one.scope, tip=one.scope))
        if warnings:
            cells = (
                *plain,
                said,
                Cell(one.before, colour="text-2"),
                Cell(one.value),
                Cell(one.threshold),
            )
        else:
            cells = (*plain, Cell(one.value, bold=True), Cell(str(one.finding.n), colour="text-2"),
                     Cell(one.target), Cell(one.threshold), said, Cell(one.owner))  # fmt: skip
        rows.append(Row(number, cells, one.finding))
    return rows


def figure_columns() -> list[ColumnDef]:
    """Return the columns of the figures that moved."""
    return columns(
        ("metric", _("Metric"), 180, "se"), ("scope", _("Holds for"), 140, "e"),
        ("before", _("As closed"), 140, "r"), ("now", _("Now"), 140, "r"),
        ("records", pgettext("count", "Records"), 80, "r"),
    )  # fmt: skip


def figure_rows(desk: Desk, found: Restatements, metric: str) -> list[Row]:
    """Return the figures that moved, of one metric when it is named."""
    counts: dict[str, int] = {}
    for record in found.records:
        for name in record.metrics:
            counts[name] = counts.get(name, 0) + 1
    rows = []
    for number, move in enumerate(m for m in found.figures if not metric or m.metric == metric):
        before, now = closing_words.moved(move)
        scope = targets.named(desk, move.scope)
        name = closing_words.metric_name(move.metric)
        cells = (Cell(name, tip=name), Cell(scope, tip=scope), Cell(before, colour="text-2"),
                 Cell(now, bold=True), Cell(str(counts.get(move.metric, 0))))  # fmt: skip
        rows.append(Row(number, cells, move))
    return rows


def record_columns() -> list[ColumnDef]:
    """Return the columns of the records that moved figures."""
    return columns(
        ("number", _("No."), 130, ""), ("cause", _("Why"), 120, "e"),
        ("changed", _("What was changed"), 230, "se"), ("effect", _("Effect"), 210, "e"),
        ("at", _("Changed at"), 120, ""), ("who", _("Changed by"), 80, "e"),
    )  # fmt: skip


def record_rows(
    desk: Desk, words: Words, found: Restatements, metric: str, text: str
) -> list[Row]:  # fmt: skip
    """Return the records that moved figures, narrowed to a metric and to a part of the number."""
    rows = []
    wanted = text.strip().casefold()
    for number, record in enumerate(found.records):
        if (metric and metric not in record.metrics) or wanted not in record.number.casefold():
            continue
        rows.append(Row(number, _record_cells(desk, words, record), record))
    return rows


def _record_cells(desk: Desk, words: Words, record: RecordMove) -> tuple[Cell, ...]:
    changed = closing_words.what_changed(desk, record)
    effects = closing_words.effect_lines(record) + closing_words.group_lines(desk, record)
    effect = effects[0] if effects else ""
    if len(effects) > 1:
        effect = _("{text}; {n} more").format(text=effect, n=len(effects) - 1)
    return (
        Cell(record.number, bold=True),
        Cell(closing_words.cause(record)),
        Cell(changed, tip="\n".join(
            dict.fromkeys(closing_words.change_text(desk, c) for c in record.changes)
        )),
        Cell(effect, tip="\n".join(effects)),
        Cell(words.full_time(record.at) if record.at else "—", colour="text-2"),
        Cell(closing_words.who(desk, record)),
    )  # fmt: skip


def definition_columns() -> list[ColumnDef]:
    """Return the columns of the frozen definitions."""
    return columns(
        ("metric", _("Metric"), 170, "e"), ("value", _("Value"), 90, "r"),
        ("num", _("Numerator"), 90, "r"), ("den", _("Denominator"), 90, "r"),
        ("excluded", _("Left out"), 80, "r"), ("due", _("Not yet due"), 80, "r"),
        ("note", _("Definition"), 260, "se"),
    )  # fmt: skip


def definition_rows(frozen: Frozen) -> list[Row]:
    """Return every figure as it was frozen, with its definition."""
    notes = {m["id"]: m for m in frozen.definitions["metrics"]}
    rows = []
    for number, (metric, figure) in enumerate(frozen.figures.items()):
        known = notes.get(metric, {})
        note = _(known.get("note", "")) if known.get("note") else ""
        label = _(known.get("label", metric))

        def amount(value: int | None) -> Cell:
            return Cell("—" if value is None else f"{value:,}", colour="text-2")

        rows.append(
            Row(
                number,
                (Cell(label, tip=f"{label} ({metric})"), Cell(figure.display, bold=True),
                 amount(figure.num), amount(figure.den), amount(figure.excluded),
                 amount(figure.not_yet_due), Cell(note, colour="text-2", tip=note)),
                figure,
            )
        )  # fmt: skip
    return rows
