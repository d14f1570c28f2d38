"""What happens in which month of the sample, and chance."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from svcdesk.system.paths import resources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

T = TypeVar("T")
HOURS = (1, 1, 0, 0, 0, 1, 2, 3, 8, 15, 17, 14, 8, 9, 14, 15, 14, 12, 7, 6, 6, 5, 3, 2)


@dataclass(frozen=True)
class Mood:
    """One month: volume, share of delivery trouble, speed (1 = normal), scores 1 … 5 as weights."""

    tickets: int
    complaints: int
    delivery: float
    speed: float
    scores: tuple[int, int, int, int, int]


CALM = (2, 3, 9, 36, 50)
SLUMP = (8, 10, 16, 34, 32)
RECOVERY = (3, 4, 10, 37, 46)


class Story:
    """The months counted from the end: the story always ends in recovery."""

    def __init__(self, seed: int, months: Sequence[date]) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a story, not a secret
        self.months = list(months)
        path = resources() / "sample" / "story.toml"
        self.words: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))

    def left(self, index: int) -> int:
        """Return how many months follow month ``index``."""
        return len(self.months) - 1 - index

    def mood(self, index: int) -> Mood:
        """Return what month ``index`` is like."""
        month, left = self.months[index].month, self.left(index)
        tickets = 250 + (60 if month == 11 else 35 if month == 6 else -30 if month == 2 else 0)
        tickets += self.chance.randint(-14, 14)
        if left in {7, 6, 5}:  # the warehouse falls behind
            return Mood(tickets + 15, 15, 0.36, 1.5, (4, 6, 13, 38, 39))
        if left == 4:  # launch
            return Mood(tickets + 45, 18, 0.2, 1.7, SLUMP)
        if left == 3:
            return Mood(tickets + 25, 20, 0.18, 1.5, SLUMP)
        if left == 2:
            return Mood(tickets, 13, 0.15, 1.15, RECOVERY)
        if left < 2:
            return Mood(tickets, 10, 0.13, 0.9, CALM)
        return Mood(tickets, 11, 0.15, 1.0, CALM)

    def launching(self, index: int) -> bool:
        """Say whether the new robot's battery troubles fall into month ``index``."""
        return self.left(index) in {4, 3}

    def pick(self, options: Sequence[T]) -> T:
        """Choose one of ``options``."""
        return options[self.chance.randrange(len(options))]

    def weighted(self, options: Sequence[T], weights: Sequence[float]) -> T:
        """Choose one of ``options`` by weight."""
        return self.chance.choices(options, weights)[0]

    def moment(self, start: int, days: int, weekend: float = 0.45) -> int:
        """Return a second within ``days`` from ``start`` (Monday 0), weighted as customers call."""
        while True:
            day = self.chance.randrange(days)
            weekday = (start // 86400 + 4 + day) % 7  # of the UTC day: near enough for a story
            if weekday < 5 or self.chance.random() < weekend:
                break
        hour = self.weighted(range(24), HOURS)
        return start + day * 86400 + hour * 3600 + self.chance.randrange(3600)

    def minutes(self, mean: float, least: float = 1) -> int:
        """Return seconds of a waiting time with ``mean`` minutes."""
        return int(60 * (least + self.chance.expovariate(1 / max(mean - least, 0.1))))

    def person_name(self) -> str:
        """Return an invented name."""
        given = self.words["given"]
        start = self.chance.randrange(len(given) - 2)
        return str(
            self.pick(self.words["surnames"]) + given[start : start + self.chance.choice((1, 2, 2))]
        )

    def phone(self) -> str:
        """Return an invented mobile number."""
        head = self.pick(("138", "139", "136", "150", "158", "186", "188", "177"))
        return head + f"{self.chance.randrange(10**8):08d}"
