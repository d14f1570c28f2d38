"""What a long task sees of the one who started it: progress out, cancel in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Cancelled(Exception):  # noqa: N818 - not an error: the user asked for it
    """The user stopped the task; nothing half done stays."""


class JobContext(Protocol):
    """Handed to every task that may take longer than 0.6 s."""

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Report ``done`` of ``total`` steps (total 0: unknown) and what is being done."""
        ...

    def check(self) -> None:
        """Raise :class:`Cancelled` when the user asked to stop."""
        ...

    def on_cancel(self, hook: Callable[[], None]) -> None:
        """Call ``hook`` (thread-safe) at the moment of cancelling, e.g. to interrupt a query."""
        ...


class ImmediateContext:
    """A context for the command line and tests: runs here, optionally prints progress."""

    def __init__(self, report: Callable[[int, int, str], None] | None = None) -> None:
        self._report = report
        self.cancelled = False

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Hand the progress on."""
        if self._report is not None:
            self._report(done, total, text)

    def check(self) -> None:
        """Raise when ``cancelled`` was set."""
        if self.cancelled:
            raise Cancelled

    def on_cancel(self, hook: Callable[[], None]) -> None:
        """Keep nothing: this context is cancelled between steps only."""
