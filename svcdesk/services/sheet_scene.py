"""What the charts and tables of a tab are made from: the figures, and the desk around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.reports.figures import Numbers

if TYPE_CHECKING:
    from collections.abc import Callable

    from svcdesk.domain.period import Period
    from svcdesk.i18n.catalog import Translator
    from svcdesk.services.desk import Desk
    from svcdesk.store.dwell import Dwell
    from svcdesk.store.figures import Board


class Scene(Numbers):
    """Figures of a period, with the desk they are shown on."""

    def __init__(
        self, desk: Desk, board: Board, period: Period, t: Translator, *, rankings: bool,
        limits: bool = False, check: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        super().__init__(board, period, t, rankings=rankings)
        self.desk = desk
        self.limits = limits  # control limits on lines
        self.check = check  # raises when the page wants something else
        self.dwell: Dwell | None = None  # where the hours went, once counted
