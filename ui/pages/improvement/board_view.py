"""Items as cards: by stage, or by impact and effort; moving a card is a step or a rating."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label
from svcdesk.services import improvements
from svcdesk.services.improvement_rows import metric_name
from ui.jobs.runner import WRITE, Latest
from ui.pages.improvement import rows
from ui.pages.improvement.pane import ASKS
from ui.pages.improvement.view import LoopView, strip
from ui.pages.page import Route
from ui.pages.wording import Words, say
from ui.theme.tokens import px
from ui.widgets.button import Segments
from ui.widgets.card_grid import CardDef, CardGrid
from ui.widgets.editors import ChoiceField
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import label

if TYPE_CHECKING:
    from svcdesk.services.improvements import ListRow
    from svcdesk.system.job import JobContext
    from ui.pages.page import Changes, Workplace

WATCHED = frozenset({
    "improvement_item", "improvement_occurrence", "improvement_recheck", "action", "person",
})  # fmt: skip
STAGES, MATRIX = "stages", "matrix"
CLOSED_SHOWN = 30  # days: what was closed longer ago leaves the board
DAY = 86400


class BoardView(LoopView):
    """Board and matrix."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._words = Words(place.desk)
        self._job = Latest(place.runner, self)
        self._found: dict[int, ListRow] = {}
        self._shown = False
        self.kinds = Segments([(STAGES, _("By stage")), (MATRIX, _("By impact and effort"))])
        self.kinds.set_value(STAGES)
        self.kinds.changed.connect(lambda _number: self._show())
        self.owner = ChoiceField(self._words.people(), _("Everybody"))
        self.owner.setAccessibleName(_("In charge"))
        self.owner.setMinimumWidth(px(130))
        self.owner.changed.connect(self._show)
        self.told = label("", "small", "danger", wrap=True)
        self.stages, self.matrix = CardGrid(), CardGrid()
        self.stages.set_shape([(s, code_label("ItemStatus", s)) for s in rows.STAGES])
        grades = {3: pgettext("grade", "High"), 2: pgettext("grade", "Medium"),
                  1: pgettext("grade", "Low")}  # fmt: skip
        efforts = [(str(n), _("{grade} effort").format(grade=grades[n])) for n in (1, 2, 3)]
        impacts = [(str(n), _("{grade} impact").format(grade=grades[n])) for n in (3, 2, 1)]
        self.matrix.set_shape([*efforts, ("", _("Not rated"))], impacts, frozenset({""}))
        for grid in (self.stages, self.matrix):
            grid.opened.connect(self._open)
        self.stages.moved.connect(self._on_stage)
        self.matrix.moved.connect(self._on_rating)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.stages)
        self._stack.addWidget(self.matrix)
        self._nothing = EmptyState(self._stack)
        self._nothing.set("trending-up", _("No improvement item here."))
        self._nothing.hide()
        self.stack(self._head(), self._stack)

    def _head(self) -> QWidget:
        head, row = strip()
        row.addWidget(self.kinds)
        row.addWidget(self.owner)
        row.addWidget(self.told, 1)
        hint = _("Ctrl with an arrow, or the mouse, moves a card")
        row.addWidget(label(hint, "small", "3"))
        return head

    # --- view ----------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the items."""
        self._shown = True
        desk = self.place.desk

        def work(_context: JobContext) -> list[ListRow]:
            return improvements.listed(desk)

        self._job.start(work).on_success(self._on_listed).on_failure(self.place.shell.tell)

    def refresh(self, changes: Changes) -> None:
        """Read the items again when one was written."""
        if self._shown and changes.tables() & WATCHED:
            self.reload()

    def save_state(self) -> dict[str, Any]:
        """Keep which of the two is shown."""
        return {"kind": self.kinds.value(), "owner": self.owner.value(), "shown": self._shown}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take it back."""
        self.kinds.set_value(state["kind"])
        self.owner.set_value(state["owner"])
        if state["shown"]:
            self.reload()

    def record_shown(self) -> tuple[str, int] | None:
        """Return the item of the card with the focus."""
        grid = self.matrix if self.kinds.value() == MATRIX else self.stages
        return None if grid.current is None else ("improvement_item", grid.current)

    # --- cards ---------------------------------------------------------------------------

    def _on_listed(self, found: list[ListRow]) -> None:
        self._found = {row.id: row for row in found}
        self._show()

    def _show(self) -> None:
        now, owner = self._words.now(), self.owner.value()
        today = self._words.local(now).date().isoformat()
        live = [
            row for row in rows.ordered(list(self._found.values()))
            if row.status in rows.STAGES and (owner is None or row.owner_id == owner)
        ]  # fmt: skip
        late = {row.id: rows.is_late(row, today) for row in live}
        board = [
            row for row in live
            if row.closed_at is None or row.closed_at >= now - CLOSED_SHOWN * DAY or late[row.id]
        ]  # fmt: skip
        self.stages.show_cards([self._card(r, r.status, "", late=late[r.id]) for r in board])
        ranked = [row for row in live if row.status != "closed"]
        self.matrix.show_cards([
            self._card(r, str(r.effort), str(r.impact), late=late[r.id]) if rows.priority(r)
            else self._card(r, "", "", late=late[r.id])
            for r in ranked
        ])  # fmt: skip
        shown = self.kinds.value() == MATRIX
        self._stack.setCurrentWidget(self.matrix if shown else self.stages)
        self._nothing.setVisible(not (ranked if shown else board))
        self._nothing.place()

    def _card(self, row: ListRow, column: str, line: str, *, late: bool) -> CardDef:
        mark = f"{row.measures_done}/{row.measures}" if row.measures else ""
        due = row.recheck_due if row.status == "closed" else row.next_due or row.target_date
        tip = [f"{row.number}  {row.title}"]
        if row.metric:
            tip.append(metric_name(row.metric))
        if due:
            tip.append(_("Next day: {day}").format(day=due))
        return CardDef(
            row.id, column, line, row.title, self._words.person(row.owner_id),
            mark or (due or "" if late else ""), "clock-alert" if late else "",
            "danger" if late else "text-2", "\n".join(tip),
        )  # fmt: skip

    def _open(self, key: object) -> None:
        if isinstance(key, int):
            self.opened.emit(Route("improvement", key))

    # --- moving --------------------------------------------------------------------------

    def _on_stage(self, key: object, stage: str, _row: str) -> None:
        """Take the step that leads to a stage; what it asks for is asked in the item."""
        row = self._found.get(key) if isinstance(key, int) else None
        if row is None:
            return
        desk = self.place.desk
        step = improvements.step_to(desk, {"status": row.status, "id": row.id}, stage)
        self.told.setText("")
        if step is None:
            self.told.setText(_("{number} cannot go from “{before}” to “{after}” in one step.").format(
                number=row.number, before=code_label("ItemStatus", row.status),
                after=code_label("ItemStatus", stage)))  # fmt: skip
        elif step.action in ASKS:
            self.opened.emit(Route("improvement", row.id, values={"step": step.action}))
        else:
            self._write(
                lambda: improvements.step(desk, row.id, step.action), row, _("Stage changed")
            )

    def _on_rating(self, key: object, effort: str, impact: str) -> None:
        """Rate an item by the cell it was moved to."""
        row = self._found.get(key) if isinstance(key, int) else None
        if row is None:
            return
        desk, known = self.place.desk, {"effort": None, "impact": None}
        values = {"effort": int(effort), "impact": int(impact)} if effort else known
        self._write(lambda: improvements.change(desk, row.id, values), row, _("Priority changed"))

    def _write(self, work: Any, row: ListRow, told: str) -> None:
        self.told.setText("")
        handle = self.place.runner.start(lambda _context: work(), lane=WRITE, owner=self)
        handle.on_success(lambda _outcome: self.place.shell.say(told))
        handle.on_failure(lambda error: self._on_failed(error, row))

    def _on_failed(self, error: object, row: ListRow) -> None:
        problems = getattr(error, "problems", None)
        if not problems:
            self.place.shell.tell(error)
            return
        told = " ".join(say(problem) for problem in problems)
        self.told.setText(f"{row.number}: {told}")
