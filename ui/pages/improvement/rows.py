"""Columns and views of the improvement items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label
from svcdesk.services.improvement_rows import metric_name
from ui.models.columns import Cell, ColumnDef
from ui.pages.wording import Words
from ui.widgets.tabs import TabDef

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.services.improvements import ListRow

STAGES = ("identified", "analyzing", "planned", "executing", "verifying", "closed")
FACES: dict[str, tuple[str, str]] = {  # icon, colour
    "identified": ("circle-dashed", "text-3"),
    "analyzing": ("search", "warn"),
    "planned": ("list-checks", "warn"),
    "executing": ("wrench", "warn"),
    "verifying": ("eye", "warn"),
    "closed": ("circle-check", "ok"),
    "void": ("ban", "text-3"),
    "merged": ("git-merge", "text-3"),
}
_GONE = frozenset({"void", "merged"})
_OVER = _GONE | {"closed"}


def views() -> list[TabDef]:
    """Return the views: whose and which, then the stages."""
    return [
        TabDef("open", _("All open")),
        TabDef("mine", _("Mine")),
        TabDef("late", _("Overdue"), "clock-alert", "danger"),
        *(TabDef(stage, code_label("ItemStatus", stage)) for stage in STAGES),
        TabDef("gone", _("Void and merged")),
    ]


def shows(view: str, row: ListRow, me: int, today: str) -> bool:
    """Tell whether a view holds an item; ``today`` decides what is overdue."""
    if view == "gone":
        return row.status in _GONE
    if view in STAGES:
        return row.status == view
    if view == "late":
        return is_late(row, today)
    return row.status not in _OVER and (view == "open" or row.owner_id == me)


def is_late(row: ListRow, today: str) -> bool:
    """Tell whether an item waits for something past its day: measure, target or recheck."""
    if row.status in _GONE:
        return False
    if row.status == "closed":
        return row.recheck_due is not None and row.recheck_due < today
    return bool(row.late) or (row.target_date is not None and row.target_date < today)


def ordered(rows: list[ListRow]) -> list[ListRow]:
    """Return items by stage, in a stage those that matter most first."""
    place = {stage: number for number, stage in enumerate(STAGES)}
    return sorted(
        rows, key=lambda r: (place.get(r.status, len(place)), -priority(r), -r.created_at, -r.id)
    )


def priority(row: ListRow) -> int:
    """Return impact × ease, 1 to 9; 0 while nobody has rated it."""
    if row.impact is None or row.effort is None:
        return 0
    return row.impact * (4 - row.effort)


class ItemCells:
    """Makes the cells of one item."""

    def __init__(self, desk: Desk, today: str) -> None:
        self._words = Words(desk)
        self.today = today

    def stage(self, row: ListRow) -> Cell:
        """Return the stage."""
        icon, ink = FACES[row.status]
        return Cell(code_label("ItemStatus", row.status), icon, icon_colour=ink)

    def title(self, row: ListRow) -> Cell:
        """Return what is wrong; the metric is in the tooltip."""
        tip = f"{row.number}  {row.title}"
        if row.metric:
            tip += f"\n{metric_name(row.metric)}"
        return Cell(row.title, tip=tip)

    def owner(self, row: ListRow) -> Cell:
        """Return who is in charge."""
        return Cell(self._words.person(row.owner_id))

    def measures(self, row: ListRow) -> Cell:
        """Return how many measures are done."""
        if not row.measures:
            return Cell("")
        text = f"{row.measures_done}/{row.measures}"
        if row.late:
            tip = _("{n} measures are late").format(n=row.late)
            return Cell(text, "clock-alert", "danger", icon_colour="danger", tip=tip)
        return Cell(text)

    def due(self, row: ListRow) -> Cell:
        """Return the next day that something is due."""
        day = row.recheck_due if row.status == "closed" else row.next_due or row.target_date
        if day is None or row.status in _GONE:
            return Cell("")
        late = day < self.today
        return Cell(day, "clock-alert" if late else "", "danger" if late else "text-2",
                    icon_colour="danger")  # fmt: skip

    def months(self, row: ListRow) -> Cell:
        """Return in how many periods it was found."""
        return Cell(str(row.occurrences or ""))


def columns(cells: ItemCells) -> list[ColumnDef]:
    """Return the columns of the list."""
    return [
        ColumnDef("number", _("Item no."), lambda r: Cell(r.number), 108, drop=5),
        ColumnDef("stage", _("Stage"), cells.stage, 104),
        ColumnDef("title", _("Problem"), cells.title, 150, stretch=True, elide=True),
        ColumnDef("owner", _("In charge"), cells.owner, 72, elide=True, drop=3),
        ColumnDef("measures", pgettext("improvement", "Measures"), cells.measures, 76, drop=2),
        ColumnDef("due", _("Next day"), cells.due, 108, drop=1),
        ColumnDef("months", _("Months"), cells.months, 68, right=True, drop=4),
    ]
