"""Conditions and amounts over the fields of a record, as a tree.

One tree is compiled to SQL (``store/compile.py``) and evaluated in Python (``fold.py``); both
read a comparison with a missing value as false.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


class Expr:
    """A node; conditions combine with ``&``, ``|`` and ``~``, amounts with ``+`` and ``-``."""

    __slots__ = ()

    def __and__(self, other: Expr) -> Expr:
        return All((self, other))

    def __or__(self, other: Expr) -> Expr:
        return Any_((self, other))

    def __invert__(self) -> Expr:
        return Not(self)

    def __lt__(self, other: Expr | int) -> Expr:
        return Compare("<", self, lift(other))

    def __le__(self, other: Expr | int) -> Expr:
        return Compare("<=", self, lift(other))

    def __gt__(self, other: Expr | int) -> Expr:
        return Compare(">", self, lift(other))

    def __ge__(self, other: Expr | int) -> Expr:
        return Compare(">=", self, lift(other))

    def __add__(self, other: Expr | int) -> Expr:
        return Arithmetic("+", self, lift(other))

    def __sub__(self, other: Expr | int) -> Expr:
        return Arithmetic("-", self, lift(other))

    def is_(self, value: int | str) -> Expr:
        """Return the condition that this equals ``value``."""
        return Compare("=", self, Const(value))

    def isin(self, *values: int | str) -> Expr:
        """Return the condition that this is one of ``values``."""
        return In(self, values)

    @property
    def known(self) -> Expr:
        """Return the condition that this has a value."""
        return Known(self)

    @property
    def missing(self) -> Expr:
        """Return the condition that this has no value."""
        return Not(Known(self))


@dataclass(frozen=True, eq=False, slots=True)
class Field(Expr):
    """A field of the record."""

    name: str


@dataclass(frozen=True, eq=False, slots=True)
class Param(Expr):
    """A value of the run: ``as_of`` or a setting."""

    name: str


@dataclass(frozen=True, eq=False, slots=True)
class Const(Expr):
    """A fixed number or code."""

    value: int | str


@dataclass(frozen=True, eq=False, slots=True)
class Compare(Expr):
    """A comparison; false when a side is missing."""

    sign: str
    left: Expr
    right: Expr


@dataclass(frozen=True, eq=False, slots=True)
class Arithmetic(Expr):
    """A sum or difference; missing when a side is missing."""

    sign: str
    left: Expr
    right: Expr


@dataclass(frozen=True, eq=False, slots=True)
class In(Expr):
    """Membership in fixed values."""

    of: Expr
    values: tuple[int | str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Known(Expr):
    """Whether there is a value."""

    of: Expr


@dataclass(frozen=True, eq=False, slots=True)
class All(Expr):
    """All of the parts hold."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Any_(Expr):  # noqa: N801 - All and Any belong together; Any is typing's
    """At least one of the parts holds."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Not(Expr):
    """The part does not hold."""

    of: Expr


@dataclass(frozen=True, eq=False, slots=True)
class If(Expr):
    """One of two amounts."""

    condition: Expr
    then: Expr
    otherwise: Expr


def lift(value: Expr | int | str) -> Expr:
    """Return ``value`` as a node."""
    return value if isinstance(value, Expr) else Const(value)


YES = Const(1)
NO = Const(0)
AS_OF = Param("as_of")


def walk(node: Expr) -> Iterator[Expr]:
    """Give ``node`` and everything below it."""
    yield node
    below: tuple[Expr, ...] = ()
    if isinstance(node, Compare | Arithmetic):
        below = (node.left, node.right)
    elif isinstance(node, In | Known | Not):
        below = (node.of,)
    elif isinstance(node, All | Any_):
        below = node.parts
    elif isinstance(node, If):
        below = (node.condition, node.then, node.otherwise)
    for part in below:
        yield from walk(part)


def fields_of(node: Expr) -> set[str]:
    """Return the names of the fields that ``node`` reads."""
    return {part.name for part in walk(node) if isinstance(part, Field)}


def names_param(node: Expr, name: str) -> bool:
    """Tell whether ``node`` depends on the value ``name`` of the run."""
    return any(isinstance(part, Param) and part.name == name for part in walk(node))


_SIGNS = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
}


def evaluate(node: Expr, row: Row, params: Row) -> Any:  # noqa: C901, PLR0911 - one line per node
    """Return the value of ``node`` for ``row``; conditions give 0 or 1."""
    if isinstance(node, Field):
        return row[node.name]
    if isinstance(node, Const):
        return node.value
    if isinstance(node, Param):
        return params[node.name]
    if isinstance(node, Compare | Arithmetic):
        left, right = evaluate(node.left, row, params), evaluate(node.right, row, params)
        if left is None or right is None:
            return 0 if isinstance(node, Compare) else None
        found = _SIGNS[node.sign](left, right)
        return int(found) if isinstance(node, Compare) else found
    if isinstance(node, In):
        return int(evaluate(node.of, row, params) in node.values)
    if isinstance(node, Known):
        return int(evaluate(node.of, row, params) is not None)
    if isinstance(node, All):
        return int(all(evaluate(part, row, params) for part in node.parts))
    if isinstance(node, Any_):
        return int(any(evaluate(part, row, params) for part in node.parts))
    if isinstance(node, Not):
        return int(not evaluate(node.of, row, params))
    if isinstance(node, If):
        chosen = node.then if evaluate(node.condition, row, params) else node.otherwise
        return evaluate(chosen, row, params)
    raise TypeError(type(node).__name__)
