"""Comparisons with other periods (``domain.md 3.9``)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from svcdesk.domain.statistics import Number, exact, format_number, round_half_up
from svcdesk.i18n.catalog import N_

if TYPE_CHECKING:
    from svcdesk.i18n.catalog import Translator


class Scale(StrEnum):
    """How a difference is told: relative, in percentage points, in score points, NPS points."""

    RELATIVE = "relative"
    POINTS_OF_PERCENT = "pp"
    SCORE = "score"
    NPS = "nps"


class Direction(StrEnum):
    """Which way is good."""

    UP = "up"
    DOWN = "down"
    NEUTRAL = "neutral"


class State(StrEnum):
    """What a comparison found."""

    UP = "up"
    DOWN = "down"
    FLAT = "flat"
    BASE_ZERO = "base_zero"
    MISSING = "missing"


_DECIMALS = {Scale.RELATIVE: 1, Scale.POINTS_OF_PERCENT: 1, Scale.SCORE: 2, Scale.NPS: 1}
_AMOUNTS = {
    Scale.RELATIVE: "{x}%",
    Scale.POINTS_OF_PERCENT: N_("{x} percentage points"),
    Scale.SCORE: N_("{x} points"),
    Scale.NPS: N_("{x} NPS points"),
}
_SHORT = {
    Scale.RELATIVE: "{x}%",
    Scale.POINTS_OF_PERCENT: N_("{x} pp"),
    Scale.SCORE: N_("{x} pts"),
    Scale.NPS: N_("{x} NPS pts"),
}


@dataclass(frozen=True)
class Change:
    """A difference from unrounded values; ``amount`` in percent or points, signed."""

    state: State
    scale: Scale
    amount: Fraction | None = None
    improved: bool | None = None

    @property
    def arrow(self) -> str:
        """Return the direction of the number: ↑, ↓ or nothing."""
        return {State.UP: "↑", State.DOWN: "↓"}.get(self.state, "")

    def magnitude(self) -> str:
        """Return the rounded absolute amount, digits only."""
        return format_number(abs(self.amount or Fraction(0)), _DECIMALS[self.scale])

    def short(self, t: Translator) -> str:
        """Write it for a cell: ``↑25.0%``, ``↓14.7个百分点``, 持平, — or 无可比数据."""
        if self.state is State.MISSING:
            return t("n/a")
        if self.state is State.BASE_ZERO:
            return "—"
        if self.state is State.FLAT:
            return t("unchanged")
        text = _SHORT[self.scale]
        amount = text if self.scale is Scale.RELATIVE else t(text)
        return self.arrow + amount.format(x=self.magnitude())

    def words(self, t: Translator, *, year: bool = False) -> str:
        """Write it inside a sentence (5.6, p): 上升25.0%, 持平, 不适用（上期为0）, 无可比数据."""
        if self.state is State.MISSING:
            return t("n/a")
        if self.state is State.BASE_ZERO:
            if year:
                return t("n/a (base of last year is 0)")
            return t("n/a (base is 0)")
        if self.state is State.FLAT:
            return t("unchanged")
        text = _AMOUNTS[self.scale]
        amount = (text if self.scale is Scale.RELATIVE else t(text)).format(x=self.magnitude())
        if self.state is State.UP:
            return t("up {x}").format(x=amount)
        return t("down {x}").format(x=amount)


def compare(
    current: Number | None,
    base: Number | None,
    scale: Scale,
    direction: Direction = Direction.NEUTRAL,
) -> Change:
    """Compare two unrounded values.

    A relative change over base 0 does not apply; both 0, or a change that rounds to 0.0, is
    unchanged; a missing value leaves nothing to compare.
    """
    if current is None or base is None:
        return Change(State.MISSING, scale)
    now, then = exact(current), exact(base)
    if now == then:
        return Change(State.FLAT, scale, Fraction(0))
    if scale is Scale.RELATIVE:
        if then == 0:
            return Change(State.BASE_ZERO, scale)
        amount = (now - then) / then * 100
    else:
        amount = now - then
    if round_half_up(amount, _DECIMALS[scale]) == 0:
        return Change(State.FLAT, scale, amount)
    state = State.UP if amount > 0 else State.DOWN
    improved = (
        None if direction is Direction.NEUTRAL else (amount > 0) == (direction is Direction.UP)
    )
    return Change(state, scale, amount, improved)


def trend(values: list[Number | None], direction: Direction) -> tuple[int, bool] | None:
    """Return how many periods the newest values have moved one way, and whether for the better.

    ``values`` run oldest to newest; fewer than three moves in a row are no trend (N-TREND).
    """
    if direction is Direction.NEUTRAL:
        return None
    moves: list[int] = []
    for older, newer in zip(reversed(values[:-1]), reversed(values[1:]), strict=True):
        if older is None or newer is None or older == newer:
            break
        move = 1 if newer > older else -1
        if moves and move != moves[-1]:
            break
        moves.append(move)
    if len(moves) < 3:
        return None
    return len(moves), (moves[0] > 0) == (direction is Direction.UP)
