"""Where the user has been."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.pages.page import Route

LIMIT = 100


class History:
    """Routes back and forth, like a browser's."""

    def __init__(self) -> None:
        self._routes: list[Route] = []
        self._at = -1

    def visit(self, route: Route) -> None:
        """Note a place; what lay forward is forgotten."""
        if self._at >= 0 and self._routes[self._at] == route:
            return
        del self._routes[self._at + 1 :]
        self._routes.append(route)
        del self._routes[:-LIMIT]
        self._at = len(self._routes) - 1

    def back(self) -> Route | None:
        """Go one place back."""
        return self._step(-1)

    def forward(self) -> Route | None:
        """Go one place forward."""
        return self._step(1)

    def _step(self, by: int) -> Route | None:
        if not 0 <= self._at + by < len(self._routes):
            return None
        self._at += by
        return self._routes[self._at]

    @property
    def current(self) -> Route | None:
        """The place we are at."""
        return self._routes[self._at] if self._at >= 0 else None

    @property
    def can_back(self) -> bool:
        """Whether there is a place to go back to."""
        return self._at > 0

    @property
    def can_forward(self) -> bool:
        """Whether there is a place to go forward to."""
        return self._at < len(self._routes) - 1
