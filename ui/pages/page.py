"""What every page is and what it may ask of the window around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.domain.query import Query
    from svcdesk.services.desk import Desk
    from ui.jobs.runner import Runner


class Changes(Protocol):
    """What a unit of work touched (of the store, as pages see it)."""

    @property
    def many(self) -> set[str]:
        """Tables in which too much changed to name it."""
        ...

    operation_id: int  # of the step, 0 when nothing was touched

    def tables(self) -> set[str]:
        """Return the tables touched."""
        ...

    def touched(self, table: str) -> set[int]:
        """Return the keys touched in ``table``."""
        ...


@dataclass(frozen=True)
class Route:
    """A place in the program: page, record, and a query when the list is narrowed."""

    page: str
    record: int | None = None
    query: Query | None = None
    title: str = ""  # why the list is narrowed, e.g. the name of the figure
    values: Mapping[str, Any] = field(default_factory=dict)


class Shell(Protocol):
    """What the window does for its pages."""

    def go(self, route: Route) -> None:
        """Open a place, remembering the present one."""
        ...

    def say(self, text: str, *, undo: bool = True) -> None:
        """Show a toast."""
        ...

    def tell(self, error: object) -> None:
        """Tell a failure in a sentence: what, where, what to do."""
        ...

    def act(self, action: str) -> None:
        """Run the action with this id."""
        ...

    def preference(self, name: str) -> str:
        """Return what the user chose for this computer."""
        ...

    def set_status(self, text: str) -> None:
        """Show a sentence in the status bar, left."""
        ...


@dataclass
class Workplace:
    """Everything a page gets."""

    desk: Desk
    runner: Runner
    shell: Shell


class Page(QWidget):
    """One page of the stack."""

    key = ""
    trail_changed = Signal()  # title or breadcrumb changed
    tools_changed = Signal()  # another view of the page has other buttons in the top bar
    searchable = False

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place = place
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def title(self) -> str:
        """Return the page's name in the user's language."""
        return ""

    def trail(self) -> list[str]:
        """Return the breadcrumb after the title, e.g. a record's number."""
        return []

    def tools(self) -> list[QWidget]:
        """Return the buttons of the top bar, at most two, the main one last."""
        return []

    def show_route(self, route: Route) -> None:
        """Show the place."""

    def refresh(self, changes: Changes) -> None:
        """Show what a write has changed."""

    def search(self, text: str) -> None:
        """Narrow the list to ``text``."""

    def save_state(self) -> dict[str, Any]:
        """Return what is needed to build the page again as it is."""
        return {}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take back what :meth:`save_state` gave."""

    def can_leave(self) -> bool:
        """Tell whether nothing typed would be lost."""
        return True

    def record_shown(self) -> tuple[str, int] | None:
        """Return entity and key of the record that actions are about, ``None`` without one."""
        return None

    def act(self, action: str) -> bool:
        """Run a page action; return False when it is not the page's."""
        return False
