"""What the picture of :mod:`ui.widgets.bar_plan` shows: headings, bars, days, each row in words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from svcdesk.domain.plan_bars import PlanBar
from svcdesk.i18n.catalog import _, ngettext, pgettext
from svcdesk.i18n.labels import code_label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
TITLE, OWNER, BARS = range(3)
DISPLAY = Qt.ItemDataRole.DisplayRole


def state_name(bar: PlanBar) -> str:
    """Return the state of a measure or task in words."""
    if bar.table == "action":
        return code_label("ActionState", bar.state)
    return {"open": pgettext("task", "Open"), "done": pgettext("task", "Done"),
            "dropped": _("Dropped")}[bar.state]  # fmt: skip


def told(bar: PlanBar, today: date) -> str:
    """Return everything a bar shows, in words, a line each."""
    lines = [" ".join(part for part in (bar.number, bar.title) if part)]
    facts = [bar.owner, state_name(bar)]
    if bar.table == "action":
        facts.append(f"{bar.percent}%")
    lines.append(" · ".join(fact for fact in facts if fact))
    if bar.due is None:
        lines.append(_("from {day}, without a due day").format(day=bar.start))
    else:
        lines.append(_("from {day} to {due}").format(day=bar.start, due=bar.due))
    days = bar.late_days(today)
    if bar.is_late(today):
        lines.append(ngettext("{n} day late", "{n} days late", days).format(n=days))
    elif days:
        lines.append(ngettext("done {n} day late", "done {n} days late", days).format(n=days))
    if bar.blocked and bar.note:
        lines.append(_("Blocked: {reason}").format(reason=bar.note))
    return "\n".join(lines)


class BarModel(QAbstractTableModel):
    """Headings and bars, and the days they are drawn over."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[PlanBar | str] = []
        self.today = self.first = self.last = date(2000, 1, 3)
        self.names: tuple[str, ...] = ()
        self.marks: tuple[tuple[date, str], ...] = ()

    def show(self, rows: list[PlanBar | str]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def bar(self, row: int) -> PlanBar | None:
        """Return the bar of a row, ``None`` for a heading."""
        found = self.rows[row] if 0 <= row < len(self.rows) else None
        return found if isinstance(found, PlanBar) else None

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: AnyIndex = _ROOT) -> int:
        """Return three: what, who, when."""
        return 0 if parent.isValid() else 3

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Headings are passed over by the arrow keys."""
        if self.bar(index.row()) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: AnyIndex, role: int = DISPLAY) -> Any:
        """Return the words of a cell; the painted one has them for screen readers."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if isinstance(row, str):
            return row if index.column() == TITLE and role == DISPLAY else None
        if role == DISPLAY:
            return (row.title, row.owner or "—", "")[index.column()]
        if role in {Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole}:
            return told(row, self.today)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        """Return the names of the columns."""
        if orientation == Qt.Orientation.Vertical:
            return None
        if role in {DISPLAY, Qt.ItemDataRole.AccessibleTextRole}:
            return (pgettext("plan", "What"), pgettext("plan", "Who"), _("Weeks"))[section]
        return None
