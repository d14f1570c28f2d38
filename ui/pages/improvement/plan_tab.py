"""The plan of an item: its measures with who, until when, how far."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label
from svcdesk.services import attachments, improvement_measures, plan_board
from svcdesk.services.improvement_measures import is_late, percent_of
from svcdesk.services.improvement_rows import metric_name, today, value_text
from ui.jobs.runner import WRITE, Latest
from ui.pages.improvement.dialogs import MeasureDialog, ProgressDialog
from ui.pages.improvement.measure_files import FileCard, MeasureFiles
from ui.pages.improvement.plan_links import PlanLinks
from ui.pages.wording import Words, yuan
from ui.theme.tokens import GAP, MARGIN, px, row_height
from ui.widgets.bar_plan import BarPlan
from ui.widgets.button import Button, Kind, Segments
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Tag, box, label

if TYPE_CHECKING:
    from svcdesk.services.improvements import ItemDetail
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

FACES = {
    "todo": ("circle-dashed", "neutral"), "doing": ("wrench", "neutral"),
    "blocked": ("circle-pause", "warn"), "done": ("circle-check", "ok"),
    "verified": ("circle-check", "ok"), "cancelled": ("ban", "neutral"),
}  # fmt: skip
OVER = frozenset({"closed", "void", "merged"})
LIST, BARS = "list", "bars"
MOST_ROWS = 8  # of the picture before it scrolls


class PlanTab(QWidget):
    """Measures."""

    written = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place = place
        self.detail: ItemDetail | None = None
        self._cards: dict[int, QWidget] = {}
        self.files: dict[int, MeasureFiles] = {}  # by measure
        self._reading = Latest(place.runner, self)
        self._words = Words(place.desk)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, GAP, MARGIN, MARGIN)
        column.setSpacing(GAP)
        row = QHBoxLayout()
        row.addWidget(label(pgettext("improvement", "Measures"), "strong"), 1)
        self.looks = Segments([(LIST, _("List")), (BARS, _("Weeks"))], small=True)
        self.looks.set_value(LIST)
        self.looks.changed.connect(self._on_look)
        row.addWidget(self.looks)
        self.add = Button(_("New measure"), icon="plus", small=True)
        self.add.clicked.connect(self.new)
        row.addWidget(self.add)
        column.addLayout(row)
        self._goal = label("", "small", "2", wrap=True, selectable=True)
        column.addWidget(self._goal)
        self.bars = BarPlan(_("Measures over the weeks"))
        self.bars.chosen.connect(self._on_bar)
        self.bars.opened.connect(self._on_opened)
        column.addWidget(self.bars)
        self._list = QVBoxLayout()
        self._list.setSpacing(GAP)
        column.addLayout(self._list)
        self._nothing = EmptyState()
        self._nothing.set("list-checks", _("No measure yet. At least one with a person in charge "
                                           "and a day is needed to start."))  # fmt: skip
        column.addWidget(self._nothing)
        self.links = PlanLinks(place)
        column.addWidget(self.links)
        column.addStretch(1)

    def show_item(self, detail: ItemDetail) -> None:
        """Show the measures of an item."""
        self.detail = detail
        while (item := self._list.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self._goal.setText("  ·  ".join(self._goals(detail)))
        self._goal.setVisible(bool(self._goal.text()))
        self.files = {}
        self._cards = {int(action["id"]): self._card(action) for action in detail.actions}
        self._read_files()
        for card in self._cards.values():
            self._list.addWidget(card)
        bars = plan_board.of_item(self.place.desk, detail.item, detail.actions)
        self.bars.show_bars(bars, today(self.place.desk))
        shown = min(len(bars), MOST_ROWS) * row_height()
        self.bars.setFixedHeight(self.bars.horizontalHeader().sizeHint().height() + shown + px(4))
        self._nothing.setVisible(not detail.actions)
        self.looks.setVisible(bool(detail.actions))
        self._arrange()
        self.links.show_item(int(detail.item["id"]))
        self.add.setVisible(detail.item["status"] not in OVER)

    def _read_files(self) -> None:
        """Read the files of the measures and show them in their cards."""
        desk, keys = self.place.desk, list(self.files)
        if not keys:
            self._reading.cancel()
            return

        def work(_context: JobContext) -> dict[int, list[dict[str, Any]]]:
            return attachments.of_records(desk, attachments.MEASURE, keys)

        self._reading.start(work).on_success(self._on_files).on_failure(self.place.shell.tell)

    def _on_files(self, found: dict[int, list[dict[str, Any]]]) -> None:
        for key, files in found.items():
            if key in self.files:
                self.files[key].show_files(files)

    def _goals(self, detail: ItemDetail) -> list[str]:
        """Return the SMART target, and what the measures take together."""
        item, found = detail.item, []
        if item["target"] is not None and item["metric"]:
            goal = value_text(item["metric"], Fraction(str(item["target"])))
            text = _("Goal: {metric} at {value}")
            if item["baseline"] is not None:
                text = _("Goal: {metric} from {before} to {value}")
            before = Fraction(str(item["baseline"] or 0))
            found.append(
                text.format(metric=metric_name(item["metric"]), value=goal,
                            before=value_text(item["metric"], before))
            )  # fmt: skip
            if item["target_date"]:
                found.append(_("due {day}").format(day=item["target_date"]))
        live = [a for a in detail.actions if a["state"] != "cancelled"]
        cost, hours = sum(a["cost"] or 0 for a in live), sum(a["hours"] or 0 for a in live)
        if cost:
            found.append(_("money {amount}").format(amount=yuan(cost)))
        if hours:
            found.append(_("{n} hours").format(n=hours))
        return found

    def _arrange(self) -> None:
        """Show all measures, or the picture and below it the measure chosen in it."""
        as_bars = self.looks.value() == BARS and bool(self._cards)
        self.bars.setVisible(as_bars)
        present = self.bars.bar()
        for key, card in self._cards.items():
            card.setVisible(not as_bars or (present is not None and present.id == key))

    def _on_look(self, _number: int) -> None:
        self._arrange()
        if self.looks.value() == BARS:
            self.bars.setFocus()

    def _on_bar(self, _bar: object) -> None:
        self._arrange()

    def _on_opened(self, bar: object) -> None:
        action = next((a for a in self._actions() if a["id"] == getattr(bar, "id", None)), None)
        if action is not None and action["state"] in {"todo", "doing", "blocked"}:
            self._log(action)

    def _actions(self) -> list[dict[str, Any]]:
        over = self.detail is None or self.detail.item["status"] in OVER
        return [] if over or self.detail is None else self.detail.actions

    def _card(self, action: dict[str, Any]) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.setSpacing(4)
        column.addWidget(label(action["text"], "strong", wrap=True, selectable=True))
        tags = QWidget()
        flow = FlowLayout(tags, gap=6)
        for tag in self._tags(action):
            flow.addWidget(tag)
        column.addWidget(tags)
        facts = self._facts(action)
        if facts:
            column.addWidget(label(facts, "small", "2", wrap=True))
        if action["blocked_by"]:
            text = _("Blocked: {reason}").format(reason=action["blocked_by"])
            column.addWidget(label(text, "small", "warn", wrap=True))
        log = label("", "small", "3", wrap=True, selectable=True)
        column.addWidget(log)
        over = self.detail is None or self.detail.item["status"] in OVER
        files = MeasureFiles(self.place, action, editable=not over)
        self.files[int(action["id"])] = files
        column.addWidget(files)
        buttons = self._buttons(action)
        column.addWidget(buttons)
        self._show_log(log, action, whole=False)
        if len(action["progress"]) > 1:
            more = Button(_("Log ({n})").format(n=len(action["progress"])), kind=Kind.QUIET,
                          icon="history", small=True)  # fmt: skip
            more.setCheckable(True)
            more.setToolTip(_("Every entry of progress, the newest first"))
            more.toggled.connect(lambda on: self._show_log(log, action, whole=on))
            layout = buttons.layout()
            if layout is not None:
                layout.addWidget(more)
        return FileCard(card, files)

    def _show_log(self, log: QLabel, action: dict[str, Any], *, whole: bool) -> None:
        """Show the newest remark of a measure, or its whole log."""
        entries = [e for e in reversed(action["progress"]) if whole or e.get("note")]
        log.setText("\n".join(self._entry(entry) for entry in entries[: None if whole else 1]))
        log.setVisible(bool(entries))

    def _entry(self, entry: dict[str, Any]) -> str:
        parts = [self._words.time(entry["at"]), f"{entry.get('percent', 0)}%"]
        if entry.get("state"):
            parts.append(code_label("ActionState", entry["state"]))
        return "  ".join([*parts, *filter(None, [entry.get("note")])])

    def _tags(self, action: dict[str, Any]) -> list[Tag]:
        icon, tone = FACES[action["state"]]
        found = [
            Tag(action["action_no"]),
            Tag(code_label("ActionState", action["state"]), icon, tone),
            Tag(code_label("ActionKind", action["kind"]), "tag"),
            Tag(self._words.person(action["owner_id"]), "user-round"),
            Tag(f"{percent_of(action)}%", "trending-up"),
        ]
        if action["due_date"]:
            late = is_late(self.place.desk, action)
            text = _("due {day}").format(day=action["due_date"])
            if late:
                text = _("late since {day}").format(day=action["due_date"])
            found.append(Tag(text, "clock-alert" if late else "calendar",
                             "danger" if late else "neutral"))  # fmt: skip
        return found

    def _facts(self, action: dict[str, Any]) -> str:
        parts = []
        if action["resources"]:
            parts.append(action["resources"])
        if action["cost"]:
            parts.append(yuan(action["cost"]))
        if action["hours"]:
            parts.append(_("{n} hours").format(n=action["hours"]))
        if action["evidence"]:
            parts.append(_("proof: {text}").format(text=action["evidence"]))
        return "  ·  ".join(parts)

    def _buttons(self, action: dict[str, Any]) -> QWidget:
        holder = QWidget()
        flow = FlowLayout(holder, gap=6)
        if self.detail is None or self.detail.item["status"] in OVER:
            return holder
        number = action["action_no"]
        for step in improvement_measures.steps(self.place.desk, action):
            button = Button(_(step.label), small=True)
            button.setAccessibleName(f"{_(step.label)} {number}")
            button.clicked.connect(partial(self._step, action, step.action))
            flow.addWidget(button)
        if action["state"] in {"todo", "doing", "blocked"}:
            for text, slot in ((_("Progress…"), self._log), (_("Edit"), self._edit)):
                button = Button(text, kind=Kind.QUIET, small=True)
                button.setAccessibleName(f"{text} {number}")
                button.clicked.connect(partial(slot, action))
                flow.addWidget(button)
        attach = Button(_("Attach…"), kind=Kind.QUIET, icon="paperclip", small=True)
        attach.setAccessibleName(_("Attach files to {number}").format(number=number))
        attach.setToolTip(_("Files that show what was done; they can be dropped here as well"))
        attach.clicked.connect(self.files[int(action["id"])].choose)
        flow.addWidget(attach)
        return holder

    def new(self) -> None:
        """Add a measure."""
        if self.detail is not None:
            MeasureDialog(self, self.place, int(self.detail.item["id"])).open()

    def _edit(self, action: dict[str, Any], *_args: object) -> None:
        MeasureDialog(self, self.place, int(action["item_id"]), action).open()

    def _log(self, action: dict[str, Any], *_args: object) -> None:
        ProgressDialog(self, self.place, action, blocks=False).open()

    def _step(self, action: dict[str, Any], step: str, *_args: object) -> None:
        if step == "block":
            ProgressDialog(self, self.place, action, blocks=True).open()
            return
        desk, key = self.place.desk, int(action["id"])
        handle = self.place.runner.start(
            lambda _context: improvement_measures.step(desk, key, step), lane=WRITE, owner=self
        )
        handle.on_success(self._on_written).on_failure(self.place.shell.tell)

    def _on_written(self, _outcome: Any) -> None:
        self.written.emit()
