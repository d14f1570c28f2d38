"""What a figure means, in words, and how it came about, with the team's own records (Q1)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain.anomalies import ANOMALIES
from svcdesk.domain.comparisons import Direction
from svcdesk.domain.localtime import local
from svcdesk.domain.metrics.definition import UNIT_LABELS, Kind, MetricDef, Unit
from svcdesk.domain.metrics.expression import NO, YES
from svcdesk.domain.metrics.registry import metric
from svcdesk.domain.people import Permission, may
from svcdesk.domain.statistics import format_number
from svcdesk.i18n.catalog import N_
from svcdesk.interchange import writers
from svcdesk.reports.figures import Numbers
from svcdesk.services import dashboards, sheet_cards
from svcdesk.services.metric_words import Wording
from svcdesk.store import comparing, explain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from svcdesk.domain.metrics.figure import Figure
    from svcdesk.i18n.catalog import Translator
    from svcdesk.services.desk import Desk
    from svcdesk.services.sheets import View
    from svcdesk.store.explain import Chunk, Row
    from svcdesk.system.job import JobContext

SHOWN = 3  # records named in an example
EXPORTED = 5000  # rows read at a time
PARTS = ("num", "den", "excluded", "not_yet_due")
PART_NAMES = {
    "num": N_("Numerator"),
    "den": N_("Denominator"),
    "excluded": N_("Left out"),
    "not_yet_due": N_("Not yet due"),
}
_KINDS = {
    Kind.COUNT: N_("number of records"),
    Kind.RATIO: N_("numerator ÷ denominator"),
    Kind.SUM: N_("sum of the amounts"),
    Kind.QUOTIENT: N_("sum of the numerators ÷ sum of the denominators (pooled)"),
    Kind.PERCENTILE: N_("percentile {share} of the values, linear between neighbours as "
                        "PERCENTILE.INC"),
    Kind.PER_KEY: N_("records ÷ number of different {key}"),
    Kind.KEY_SHARE: N_("different {key} with the condition ÷ different {key}"),
}  # fmt: skip
_MEANS = N_("sum of the amounts ÷ number of records")
_FORMULAS = {
    "per_working_day": N_("{a} ÷ working days of the period"),
    "peak_ratio": N_("most {a} on one day ÷ mean per calendar day"),
    "peak_delay": N_("late of {b} ÷ due, on days with at least twice the mean of {a}"),
    "per_orders": N_("{a} × 1,000 ÷ orders of the same months"),
    "quotient": N_("{a} ÷ {b}"),
    "gap": N_("largest − smallest {a} of the channels with n ≥ 5"),
    "sum": N_("{a} + {b}"),
    "key_gap": N_("{a} of key customers − {a} of the others, each n ≥ 5"),
    "clearance": N_("({a} + {b}) ÷ {c}"),
    "complement": N_("100% − {a}"),
    "spare_turnover": N_("issued ÷ ((opening + closing stock) ÷ 2)"),
    "dead_stock": N_("value entered for the last month"),
    "typed_alone": N_("value typed for the month"),
    "typed_sum": N_("sum of the values typed for the months"),
}
_DIRECTIONS = {
    Direction.UP: N_("higher is better"),
    Direction.DOWN: N_("lower is better"),
    Direction.NEUTRAL: N_("neither is better"),
}
# why a record is left out, by the field of the declaration that says so
REASONS = {
    "response_seconds": N_("no working time of the response is known"),
    "first_response_at": N_("no working time of the response is known"),
    "cycle_seconds": N_("no working time of the resolution is known"),
}


@dataclass(frozen=True)
class Definition:
    """A definition in words: ``facts`` are name and text; ``example`` how the value came about."""

    metric_id: str
    name: str
    value: str
    note: str
    facts: tuple[tuple[str, str], ...]
    example: tuple[str, ...]
    parts: tuple[tuple[str, int], ...]  # part and number of records
    sentences: tuple[str, ...]  # interval, comparison


def define(desk: Desk, metric_id: str, view: View, t: Translator) -> Definition:
    """Return a metric's definition with an example from the figures that ``view`` shows."""
    definition = metric(metric_id)
    rankings = may(desk.roles, Permission.SEE_RANKINGS)
    with dashboards.board(desk, view.as_of, view.filters) as board:
        n = Numbers(board, view.period, t, rankings=rankings)
        found = comparing.beside(board, [metric_id], view.period, view.basis)[metric_id]
        figure = found.figure
        chunks = {
            part: explain.rows(board, metric_id, view.period, part, limit=SHOWN)
            for part in PARTS if _has(definition, part)
        }  # fmt: skip
        sentences = [
            sheet_cards.change_text(view.basis, found.change, t),
            *sheet_cards.beside_lines(found, view.basis, n),
            *sheet_cards.sureness(figure, t),
        ]
        if figure.provisional:
            sentences.append(t("Provisional: it may still change until it has matured."))
        return Definition(
            metric_id,
            n.name(metric_id),
            n.value(figure),
            t(definition.note),
            tuple(_facts(n, figure)),
            tuple(_example(n, figure, chunks)),
            tuple((part, chunk.total) for part, chunk in chunks.items()),
            tuple(sentences),
        )


def _has(definition: MetricDef, part: str) -> bool:
    """Tell whether a metric has this part at all."""
    if part == "num":
        return definition.is_rate and definition.unit in {Unit.PERCENT, Unit.PER_100}
    if part == "excluded":
        return definition.excluded is not None or bool(definition.parts)
    if part == "not_yet_due":
        return definition.not_yet_due is not None or bool(definition.parts)
    return True


def version(definition: MetricDef) -> str:
    """Return the mark of a declaration: it changes exactly when the declaration does."""
    return hashlib.sha256(repr(definition).encode()).hexdigest()[:8]


def formula(definition: MetricDef, t: Translator, words: Wording) -> str:
    """Return how the value is computed."""
    if definition.kind is Kind.OF_OTHERS:
        names = [t(metric(part).label) for part in definition.parts]
        return t(_FORMULAS[definition.formula]).format(**dict(zip("abc", names, strict=False)))
    text = _KINDS[definition.kind]
    if definition.kind is Kind.RATIO and definition.unit is not Unit.PERCENT:
        text = _MEANS
    return t(text).format(
        share=f"{float(definition.share):g}",
        key=words.field(definition.key) if definition.key else "",
    )


def _facts(n: Numbers, figure: Figure) -> list[tuple[str, str]]:
    """Return name and text of everything that defines a figure."""
    t, definition, board = n.t, figure.metric, n.board
    words = Wording(definition.source, t, board.run.params)
    target, threshold, weight = board.target(definition, n.period)
    rows = [(t("Formula"), formula(definition, t, words))]
    if definition.kind is not Kind.OF_OTHERS:
        percent = definition.unit in {Unit.PERCENT, Unit.NPS}
        head = t("Numerator") if percent else t("Amount per record")
        if definition.weight is not YES:
            rows.append((head, words.say(definition.weight)))
        scope = t("all records of the period") if definition.scope is YES else ""
        rows.append((t("Denominator") if definition.is_rate else t("Counted"),
                     scope or words.say(definition.scope)))  # fmt: skip
        if definition.excluded not in {None, NO}:
            rows.append((t("Left out"), words.say(definition.excluded or NO)))
        if definition.not_yet_due is not None:
            rows.append((t("Not yet due"), words.say(definition.not_yet_due)))
        cohort = definition.cohort
        rows.append((t("Belongs to the period by"), t("state at the end of the period")
                     if cohort is None else words.field(cohort)))  # fmt: skip
    always = t("merged duplicates, test records and deleted records")
    rows += [
        (t("Never counted"), always),
        (t("Direction"), t(_DIRECTIONS[definition.direction])),
        (t("Unit"), t(UNIT_LABELS[definition.unit])),
        (t("Target"), n.shown_target(figure) if target is not None else t("no target")),
    ]
    if threshold is not None and threshold != target:
        rows.append((t("Threshold"), figure.text(threshold)))
    rows += [
        (t("Weight in the score"), str(weight) if weight else "—"),
        (t("Id and version"), f"{definition.id} · {version(definition)}"),
    ]
    return rows


# -- the worked example ------------------------------------------------------------------------


def _named(chunk: Chunk | None) -> str:
    """Return up to three record numbers."""
    if chunk is None or not chunk.rows:
        return ""
    names = ", ".join(row.number for row in chunk.rows[:SHOWN])
    return names + (", …" if chunk.total > SHOWN else "")


def _example(n: Numbers, figure: Figure, chunks: dict[str, Chunk]) -> list[str]:
    """Return how the value of the period came about, part by part, with real records."""
    t = n.t
    if figure.value is None:
        return [t("{period}: there is nothing to count, so there is no value.").format(
            period=n.period.title(t))]  # fmt: skip
    lines = []
    if figure.num is not None and figure.den:
        text = t("{period}: {num} of {den} = {value}")
        if not _is_share(figure.metric):
            text = t("{period}: {num} ÷ {den} = {value}")
    else:
        text = t("{period}: {n} records, value {value}")
    lines.append(
        text.format(
            period=n.period.title(t), num=_amount(n, figure), den=f"{figure.den or 0:,}",
            n=f"{figure.n:,}", value=n.value(figure),
        )
    )  # fmt: skip
    for part, chunk in chunks.items():
        if not chunk.total:
            continue
        head = t("{part} {n}").format(part=t(PART_NAMES[part]), n=f"{chunk.total:,}")
        why = _reasons_told(chunk, t) if part == "excluded" else ""
        lines.append(t("{head}{why}: {records}").format(head=head, why=why, records=_named(chunk)))
    return lines


def _is_share(definition: MetricDef) -> bool:
    return definition.unit is Unit.PERCENT and definition.kind in {Kind.RATIO, Kind.KEY_SHARE}


def _amount(n: Numbers, figure: Figure) -> str:
    """Return the numerator in the unit of the figure: minutes of seconds, days, yuan of fen."""
    definition, num, t = figure.metric, figure.num or 0, n.t
    if definition.kind is not Kind.RATIO or _is_share(definition) or definition.scale > 1:
        return f"{num:,}"
    amount = definition.scale * num
    if definition.per is not None:
        amount /= n.board.run.params[definition.per]
    unit = t(UNIT_LABELS[definition.unit])
    if definition.unit is Unit.SCORE:
        return format_number(amount, 0, thousands=True)
    return format_number(amount, 1, thousands=True) + (unit if t.chinese else f" {unit}")


def _reasons_told(chunk: Chunk, t: Translator) -> str:
    told = list(dict.fromkeys(code for row in chunk.rows for code in row.reasons))
    return " (" + t(", ").join(told) + ")" if told else ""


def reason_text(code: str, t: Translator) -> str:
    """Return why a record is left out: the code with its words."""
    found = next((a for a in ANOMALIES if a.code == code), None)
    if found is not None:
        return f"{code} {t(found.label)}"
    return t(REASONS.get(code, N_("left out by the definition")))


# -- the lists ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One record behind a figure, ready to be shown; times are UTC seconds."""

    number: str
    entity: str
    id: int
    at: int | None
    amount: str
    reason: str
    due_at: int | None


@dataclass(frozen=True)
class Listing:
    """A window of lines, and how many there are in all."""

    lines: tuple[Line, ...]
    total: int


def records(
    desk: Desk, metric_id: str, view: View, part: str, t: Translator, *, offset: int = 0,
    limit: int = 200,
) -> Listing:  # fmt: skip
    """Return a window of the records behind a part of a figure: what each adds, and why not."""
    definition = metric(metric_id)
    with dashboards.board(desk, view.as_of, view.filters) as board:
        found = explain.rows(board, metric_id, view.period, part, offset=offset, limit=limit)
        params = board.run.params
    lines = tuple(
        Line(
            row.number, row.entity, row.id, row.at, _amount_text(definition, row, params, t),
            t("; ").join(reason_text(code, t) for code in row.reasons), row.due_at,
        )
        for row in found.rows
    )  # fmt: skip
    return Listing(lines, found.total)


def _amount_text(definition: MetricDef, row: Row, params: Mapping[str, Any], t: Translator) -> str:
    """Return what a record adds: minutes, hours, a score, or yes and no."""
    if definition.kind in {Kind.COUNT, Kind.PER_KEY, Kind.OF_OTHERS}:
        return ""
    if row.amount is None:
        return "—"
    if definition.unit is Unit.PERCENT and definition.kind is not Kind.QUOTIENT:
        return t("yes") if row.amount else t("no")
    if definition.unit in {Unit.PERCENT, Unit.NPS}:
        return str(row.amount)
    scaled = definition.scale * row.amount
    if definition.per is not None:
        scaled /= params[definition.per]
    return format_number(scaled, definition.decimals)


def export(
    desk: Desk, metric_id: str, view: View, part: str, path: Path, t: Translator,
    context: JobContext,
) -> int:  # fmt: skip
    """Write all records of a part of a figure as CSV; return how many."""
    heads = (t("No."), t("Time"), t("Adds"), t("Why"), t("Due"))
    written = 0

    def told(moment: int | None) -> str:
        return "" if moment is None else f"{local(moment, zone):%Y-%m-%d %H:%M}"

    def cells() -> Iterator[tuple[str, ...]]:
        nonlocal written
        while True:
            context.check()
            found = records(desk, metric_id, view, part, t, offset=written, limit=EXPORTED)
            for line in found.lines:
                yield line.number, told(line.at), line.amount, line.reason, told(line.due_at)
            written += len(found.lines)
            if not found.lines or written >= found.total:
                return

    zone = str(desk.reference.settings["timezone"])
    desk.require(Permission.EXPORT)
    writers.write_table(path, heads, cells())
    return written
