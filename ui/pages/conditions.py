"""Conditions of one's own: what may be asked of a list, and how a condition reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.i18n.catalog import _
from svcdesk.services.queries import Condition, Group, Match, Op, negated
from ui.pages.periods import span_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svcdesk.domain.query import Part
    from ui.models.choices import Choice
    from ui.widgets.filter_bar import FilterDef

CHOICE, TEXT, TIME, FLAG, LIST = "choice", "text", "time", "flag", "list"


def no_choices() -> Sequence[Choice]:
    """Return nothing: the field is typed."""
    return ()


@dataclass(frozen=True)
class FieldDef:
    """One field that a condition may ask about; ``kind`` decides what can be asked."""

    key: str
    label: str
    kind: str = CHOICE
    choices: Callable[[], Sequence[Choice]] = no_choices

    @classmethod
    def of(cls, found: FilterDef) -> FieldDef:
        """Return the field behind a chip."""
        kind = TIME if found.key.endswith("_at") else CHOICE
        return cls(found.key, found.label, kind, found.choices)


@dataclass(frozen=True)
class Offer:
    """What a list offers beyond columns, views and chips.

    ``groups`` are pairs of a field and its name; ``group_name`` names one value of a field.
    """

    fields: tuple[FieldDef, ...] = ()
    groups: tuple[tuple[str, str], ...] = ()
    group_name: Callable[[str, Any], str] = lambda _field, value: str(value)


@dataclass(frozen=True)
class Asked:
    """An operator as it is offered: its name, whether it takes a value, and what it makes."""

    key: str
    label: str
    takes: str  # "choice", "text", "span" or "" for nothing
    op: Op
    opposite: bool = False


def operators(kind: str) -> list[Asked]:
    """Return what can be asked of a field."""
    empty = [
        Asked("empty", _("is empty"), "", Op.EMPTY),
        Asked("filled", _("is not empty"), "", Op.EMPTY, opposite=True),
    ]
    if kind == CHOICE:
        return [
            Asked("in", _("is one of"), "choice", Op.IN),
            Asked("not_in", _("is none of"), "choice", Op.NOT_IN),
            *empty,
        ]
    if kind == TIME:
        return [
            Asked("within", _("lies in"), "span", Op.WITHIN),
            Asked("outside", _("does not lie in"), "span", Op.WITHIN, opposite=True),
            *empty,
        ]
    if kind == FLAG:
        return [
            Asked("yes", _("holds"), "", Op.YES),
            Asked("no", _("does not hold"), "", Op.YES, opposite=True),
        ]
    contains = Op.IN if kind == LIST else Op.CONTAINS
    return [
        Asked("contains", _("contains"), "text", contains),
        Asked("lacks", _("does not contain"), "text", contains, opposite=True),
        *empty,
    ]


def build(asked: Asked, field: str, values: Sequence[Any]) -> Part:
    """Return the condition that a line of the editor stands for."""
    condition = Condition(field, asked.op, tuple(values))
    return negated(condition) if asked.opposite else condition


def take_apart(part: Part, fields: Sequence[FieldDef]) -> tuple[FieldDef, Asked, Condition] | None:
    """Return the line of the editor for a condition, None when it has none."""
    opposite = isinstance(part, Group) and part.match is Match.NONE and len(part.parts) == 1
    inner = part.parts[0] if opposite and isinstance(part, Group) else part
    if not isinstance(inner, Condition):
        return None
    field = next((one for one in fields if one.key == inner.field), None)
    if field is None:
        return None
    for asked in operators(field.kind):
        if asked.op is inner.op and asked.opposite == opposite:
            return field, asked, inner
    return None


def combined(match: Match, parts: Sequence[Part]) -> Part | None:
    """Return the conditions as one, None when there is none."""
    if not parts:
        return None
    if len(parts) == 1 and match is not Match.NONE:
        return parts[0]
    return Group(match, tuple(parts))


def lines(part: Part) -> tuple[Match, tuple[Part, ...]]:
    """Return how the lines of a condition count, and the lines."""
    if isinstance(part, Group) and not (part.match is Match.NONE and len(part.parts) == 1):
        return part.match, part.parts
    return Match.ALL, (part,)


def reads(part: Part, fields: Sequence[FieldDef]) -> str:
    """Return a condition in words."""
    line = take_apart(part, fields)
    if line is not None:
        field, asked, condition = line
        text = _("{field} {operator} {values}")
        return text.format(
            field=field.label, operator=asked.label, values=_value_text(field, asked, condition)
        ).strip()
    if isinstance(part, Condition):
        field_name = next((one.label for one in fields if one.key == part.field), part.field)
        return _PLAIN.get(part.op, lambda: field_name)()
    words = {Match.ALL: _(" and "), Match.ANY: _(" or "), Match.NONE: _(" or ")}
    inner = words[part.match].join(_inner(one, fields) for one in part.parts)
    return (
        _("none of: {conditions}").format(conditions=inner) if part.match is Match.NONE else inner
    )


def _inner(part: Part, fields: Sequence[FieldDef]) -> str:
    text = reads(part, fields)
    return _("({conditions})").format(conditions=text) if isinstance(part, Group) else text


_PLAIN: dict[Op, Callable[[], str]] = {
    Op.OPEN: lambda: _("All open"),
    Op.OVERDUE: lambda: _("Overdue"),
    Op.DUE_SOON: lambda: _("Due soon"),
}


def _value_text(field: FieldDef, asked: Asked, condition: Condition) -> str:
    if asked.takes == "span":
        return span_name(str(condition.values[0]))
    if asked.takes == "choice":
        names = {choice.value: choice.label for choice in field.choices()}
        return " + ".join(names.get(value, str(value)) for value in condition.values)
    return _(", ").join(f"“{value}”" for value in condition.values)
