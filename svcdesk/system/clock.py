"""The one place that reads the time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol


class Clock(Protocol):
    """Where a Desk gets its time from."""

    def now(self) -> int:
        """Return UTC seconds since 1970-01-01."""
        ...

    def now_ms(self) -> int:
        """Return UTC milliseconds since 1970-01-01."""
        ...


class SystemClock:
    """The computer's clock."""

    def now(self) -> int:
        """Return UTC seconds since 1970-01-01."""
        return int(time.time())

    def now_ms(self) -> int:
        """Return UTC milliseconds since 1970-01-01."""
        return time.time_ns() // 1_000_000


@dataclass
class FixedClock:
    """A clock that stands still until it is moved; for tests and for sample data."""

    at: int

    def now(self) -> int:
        """Return the set second."""
        return self.at

    def now_ms(self) -> int:
        """Return the set second in milliseconds."""
        return self.at * 1000

    def advance(self, seconds: int) -> None:
        """Move forward by ``seconds``."""
        self.at += seconds
