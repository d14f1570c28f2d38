"""Training: who was expected, who came, who passed, and the figures of that (``domain.md 2.16``).

Shares are pooled over people and courses, never a mean of shares; nothing expected is no value.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

COURSE, ONBOARDING = "course", "onboarding"
KINDS = (COURSE, ONBOARDING)
FULL_SCORE = 100


@dataclass(frozen=True)
class Seat:
    """One person expected at one training.

    ``attended`` and ``typed_passed`` are ``None`` while nobody said so; ``days``: working days of
    a newcomer until working alone.
    """

    person_id: int
    attended: bool | None
    score: int | None
    typed_passed: bool | None
    days: int | None = None


@dataclass(frozen=True)
class Held:
    """A training with the people expected at it; ``day`` is a day as text."""

    id: int
    title: str
    kind: str
    day: str
    pass_mark: int | None
    seats: tuple[Seat, ...]


def passed(seat: Seat, pass_mark: int | None) -> bool | None:
    """Tell whether an exam was passed, ``None`` without one: by the mark where there is one."""
    if seat.score is not None and pass_mark is not None:
        return seat.score >= pass_mark
    return seat.typed_passed


@dataclass(frozen=True)
class Share:
    """A part of a whole; without a whole it has no value."""

    num: int
    den: int

    @property
    def percent(self) -> Fraction | None:
        """Return the share in percent."""
        return Fraction(100 * self.num, self.den) if self.den else None


@dataclass(frozen=True)
class Totals:
    """The figures of a period: trainings held, seats, exams, exams and days of newcomers."""

    trainings: int
    minutes: int
    coverage: Share
    exams: Share
    newcomers: Share
    days: tuple[int, int]  # sum, people

    @property
    def mean_days(self) -> Fraction | None:
        """Return the mean days of newcomers until working alone."""
        total, count = self.days
        return Fraction(total, count) if count else None


def totals(held: Sequence[Held], minutes: int) -> Totals:
    """Return the figures of trainings of a period."""
    seats = [(one, seat) for one in held for seat in one.seats]
    exams = [(one, passed(seat, one.pass_mark)) for one, seat in seats]
    taken = [(one, result) for one, result in exams if result is not None]
    newcomers = [result for one, result in taken if one.kind == ONBOARDING]
    days = [seat.days for one, seat in seats if one.kind == ONBOARDING and seat.days is not None]
    return Totals(
        len(held), minutes,
        Share(sum(seat.attended is True for _one, seat in seats), len(seats)),
        Share(sum(result for _one, result in taken), len(taken)),
        Share(sum(newcomers), len(newcomers)), (sum(days), len(days)),
    )  # fmt: skip


@dataclass(frozen=True)
class Need:
    """A person who still has to attend or to pass a training of this name."""

    person_id: int
    training_id: int  # the newest that was missed or failed
    title: str
    day: str
    failed: bool


def needs(held: Iterable[Held], active: Iterable[int], today: str) -> list[Need]:
    """Return who missed or failed what and did not make up for it, by day and person.

    A later training of the same name makes up for one that was missed, when it was attended (and
    passed, or had no exam). People who no longer work here need nothing; what is still to come is
    not missed.
    """
    working = set(active)
    open_: dict[tuple[int, str], Need] = {}
    for one in sorted(held, key=lambda h: (h.day, h.id)):
        if one.day > today:
            continue
        for seat in one.seats:
            place = (seat.person_id, one.title.strip())
            result = passed(seat, one.pass_mark)
            if seat.attended is True and result is not False:
                open_.pop(place, None)
            elif seat.person_id in working:
                failed = seat.attended is True
                open_[place] = Need(seat.person_id, one.id, one.title.strip(), one.day, failed)
    return sorted(open_.values(), key=lambda n: (n.day, n.title, n.person_id))
