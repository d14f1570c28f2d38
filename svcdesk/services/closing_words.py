"""Closed months in words: what was judged, what changed since, for the window and the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from svcdesk.domain.evaluation import FINDINGS, VERDICTS, Evaluation, Finding
from svcdesk.domain.metrics.figure import NO_VALUE, Figure
from svcdesk.domain.metrics.registry import BY_ID
from svcdesk.domain.statistics import display_decimals
from svcdesk.i18n.catalog import N_, Translator, current
from svcdesk.i18n.labels import FIELD_LABELS, LABELS
from svcdesk.services import targets
from svcdesk.services.restatements import CAUSES, FigureMove, RecordMove
from svcdesk.store.group_names import DIMENSIONS, item_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from svcdesk.services.desk import Desk
    from svcdesk.store.restatements import FieldChange

ENTITIES = {
    "ticket": N_("Ticket"), "complaint": N_("Complaint"), "survey": N_("Survey"),
    "customer": N_("Customer"), "ticket_event": N_("Event of the ticket"),
    "complaint_event": N_("Event of the complaint"), "visit": N_("Visit"),
    "callback": N_("Callback"), "quality_check": N_("Quality check"),
    "survey_answer": N_("Answer"), "setting": N_("Setting"), "list_item": N_("List"),
    "calendar": N_("Working hours"), "calendar_day": N_("Calendar"),
    "sla_policy": N_("Time limits"), "callback_rule": N_("Callback rule"),
    "order_volume": N_("Order volume by month"), "spare_parts": N_("Spare-part figures by month"),
    "manual_metric": N_("Figures entered by hand"), "channel_daily": N_("Channel figures by day"),
    "improvement_item": N_("Improvement item"), "action": N_("Measure"),
    "complaint_group": N_("Group complaint"),
}  # fmt: skip
DELETED_AT = N_("Deleted")
ENTERED = N_("entered")
REMOVED = N_("deleted")
MOST_NAMED = 3  # changes of one record that a line tells


@dataclass(frozen=True)
class Judged:
    """One line of the evaluation in words."""

    finding: Evaluation
    metric: str
    scope: str
    value: str
    target: str
    threshold: str
    said: str
    before: str
    owner: str


def metric_name(metric_id: str, t: Translator | None = None) -> str:
    """Return the name of a metric, or its code when the program has it no more."""
    words = t or current()
    return words(BY_ID[metric_id].label) if metric_id in BY_ID else metric_id


def value_text(metric_id: str, value: Fraction | None, digits: int | None = None) -> str:
    """Write a value of a metric in its unit."""
    if value is None or metric_id not in BY_ID:
        return NO_VALUE
    return _bare(metric_id).text(value, digits)


def _bare(metric_id: str) -> Figure:
    from svcdesk.domain.period import month

    return Figure(BY_ID[metric_id], month(2000, 1), None, None, None, 0)


def judged(desk: Desk, findings: Sequence[Evaluation], t: Translator | None = None) -> list[Judged]:
    """Return what a closing found in words."""
    words, people = t or current(), desk.reference.people
    found = []
    for one in findings:
        digits = BY_ID[one.metric].decimals if one.metric in BY_ID else 1
        if one.value is not None and one.threshold is not None and str(one.verdict) == "missed":
            digits = display_decimals(one.value, digits, one.threshold, met=False)
        said = words(FINDINGS[one.kind])
        if one.verdict is not None:
            said = words(VERDICTS[one.verdict])
            if one.provisional and str(one.verdict) != "provisional":
                said = words("{verdict} (provisional value)").format(verdict=said)
        owner = people.get(one.owner_id) if one.owner_id is not None else None
        found.append(
            Judged(
                one, metric_name(one.metric, words), targets.named(desk, one.scope, words),
                value_text(one.metric, one.value, digits), value_text(one.metric, one.target),
                value_text(one.metric, one.threshold), said,
                " → ".join(value_text(one.metric, v) for v in one.before),
                owner.name if owner is not None else "",
            )
        )  # fmt: skip
    return found


def is_warning(one: Evaluation) -> bool:
    """Tell whether a finding is an early warning."""
    return one.kind is not Finding.THRESHOLD


# -- restatements ----------------------------------------------------------------------------


def moved(move: FigureMove) -> tuple[str, str]:
    """Return a figure before and now, each with n; more decimals until they differ."""
    digits = BY_ID[move.metric].decimals
    pair = [move.before, move.now]
    values = [None if f is None else f.value for f in pair]
    while digits < MOST_DIGITS and None not in values and values[0] != values[1]:
        texts = [value_text(move.metric, v, digits) for v in values]
        if texts[0] != texts[1]:
            break
        digits += 1
    return _with_n(move.metric, pair[0], digits), _with_n(move.metric, pair[1], digits)


MOST_DIGITS = 6


def _with_n(metric_id: str, figure: Figure | None, digits: int) -> str:
    if figure is None:
        return NO_VALUE
    text = value_text(metric_id, figure.value, digits)
    if not BY_ID[metric_id].is_rate:
        return text
    return f"{text} (n={figure.n})"


def cause(record: RecordMove, t: Translator | None = None) -> str:
    """Return why a record differs."""
    return (t or current())(CAUSES[record.cause])


def effect_lines(record: RecordMove, t: Translator | None = None) -> list[str]:
    """Return what a record alone did to each figure, such as 一次解决率 85.2% → 85.1%."""
    words = t or current()
    lines = []
    for effect in record.effects:
        name = metric_name(effect.metric, words)
        if not effect.told:
            lines.append(words("{figure}: among its records").format(figure=name))
            continue
        digits = BY_ID[effect.metric].decimals
        if effect.before != effect.now and effect.before is not None and effect.now is not None:
            while digits < MOST_DIGITS and value_text(
                effect.metric, effect.before, digits
            ) == value_text(effect.metric, effect.now, digits):
                digits += 1
        before, now = (value_text(effect.metric, v, digits) for v in (effect.before, effect.now))
        if before != now:
            lines.append(f"{name} {before} → {now}")
    return lines


def change_text(desk: Desk, change: FieldChange, t: Translator | None = None) -> str:
    """Return a changed field in words: field, value before, value now."""
    words = t or current()
    entity = words(ENTITIES.get(change.table, change.table))
    if not change.name:
        verb = REMOVED if change.after is None else ENTERED
        return words("{record} {verb}").format(record=entity, verb=words(verb))
    name = field_name(change, words)
    return f"{name}: {_value(desk, change, change.before, words)} → {_value(desk, change, change.after, words)}"


def field_name(change: FieldChange, t: Translator) -> str:
    """Return the name of a changed field."""
    if change.name == "deleted_at":
        return t(DELETED_AT)
    labels = FIELD_LABELS.get(change.table, {})
    for key in (change.name, change.name.removesuffix("_id")):
        if key in labels:
            return t(labels[key])
    return change.name


_KINDS = {"priority": "Priority", "tier": "Tier", "severity": "Severity", "status": "TicketStatus",
          "complexity": "Complexity", "request_type": "RequestType", "liability": "Liability"}  # fmt: skip


def _value(desk: Desk, change: FieldChange, value: Any, t: Translator) -> str:
    if value is None:
        return NO_VALUE
    reference, name = desk.reference, change.name
    if name.endswith("_at") and isinstance(value, int):
        return datetime.fromtimestamp(value, desk.zone).strftime("%Y-%m-%d %H:%M")
    if name.endswith("_id") and isinstance(value, int):
        if value in reference.items:
            return item_name(reference.items[value], t)
        if value in reference.people:
            return reference.people[value].name
    label = LABELS.get(_KINDS.get(name, ""), {}).get(str(value))
    return t(label) if label is not None else str(value)


def group_lines(desk: Desk, record: RecordMove, t: Translator | None = None) -> list[str]:
    """Return between which groups a record moved, such as 渠道: 电话 → 微信."""
    words = t or current()
    lines = []
    for by, (before, after) in record.dims.items():
        if by not in targets.SCOPES:
            continue
        pair = []
        for keys in (before, after):
            names = [targets.named(desk, f"{by}:{key}", words) for key in keys]
            pair.append(", ".join(n.partition(": ")[2] for n in names) or NO_VALUE)
        lines.append(f"{words(DIMENSIONS[by])}: {pair[0]} → {pair[1]}")
    return lines


def what_changed(desk: Desk, record: RecordMove, t: Translator | None = None) -> str:
    """Return the changes of a record on one line; the first few of many."""
    words = t or current()
    lines = list(dict.fromkeys(change_text(desk, c, words) for c in record.changes))
    more = len(lines) - MOST_NAMED
    text = "; ".join(lines[:MOST_NAMED])
    return text if more <= 0 else words("{text}; {n} more").format(text=text, n=more)


def who(desk: Desk, record: RecordMove) -> str:
    """Return who made the last change."""
    last = max(record.changes, key=lambda c: c.at, default=None)
    person = desk.reference.people.get(last.actor_id or 0) if last is not None else None
    return person.name if person is not None else ""
