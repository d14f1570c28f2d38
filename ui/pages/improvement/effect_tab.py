"""Did it work? The bound metric before and after, the verdict, the rechecks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.domain.improvement import Verdict
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from svcdesk.services import improvement_effect, improvement_words, improvements
from ui.jobs.runner import WRITE, Latest
from ui.pages.wording import Words, say
from ui.theme.tokens import GAP, MARGIN, px
from ui.widgets.button import Button, Kind
from ui.widgets.chart_view import ChartView
from ui.widgets.editors import ChoiceField, TextField
from ui.widgets.labels import Tag, box, label

if TYPE_CHECKING:
    from svcdesk.services.improvement_effect import Effect
    from svcdesk.services.improvements import ItemDetail
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

VERDICT_FACES = {
    "effective": ("circle-check", "ok"), "ineffective": ("circle-x", "danger"),
    "watching": ("eye", "neutral"),
}  # fmt: skip


class EffectTab(QWidget):
    """Before and after."""

    written = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place = place
        self.detail: ItemDetail | None = None
        self.effect: Effect | None = None
        self._words = Words(place.desk)
        self._job = Latest(place.runner, self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(MARGIN, GAP, MARGIN, MARGIN)
        self._column.setSpacing(GAP)
        self._top = QVBoxLayout()
        self._top.setSpacing(GAP)
        self._column.addLayout(self._top)
        self._column.addWidget(self._build_verdict())
        self._below = QVBoxLayout()
        self._below.setSpacing(GAP)
        self._column.addLayout(self._below)
        self._column.addStretch(1)

    def _build_verdict(self) -> QWidget:
        self.form = QWidget()
        column = QVBoxLayout(self.form)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        self.verdict = ChoiceField(self._words.codes("Verdict", Verdict))
        self.verdict.setAccessibleName(_("Verdict"))
        self.note = TextField(_("Why, when it is not what the figures propose"), 300)
        self.confirm = Button(_("Confirm the verdict"), kind=Kind.MAIN, icon="circle-check",
                              small=True)  # fmt: skip
        self.confirm.clicked.connect(self._confirm)
        row.addWidget(self.verdict)
        row.addWidget(self.note, 1)
        row.addWidget(self.confirm)
        column.addLayout(row)
        self.wrong = label("", "small", "danger", wrap=True)
        self.wrong.hide()
        column.addWidget(self.wrong)
        return self.form

    def show_item(self, detail: ItemDetail) -> None:
        """Read the effect of an item and show it."""
        self.detail = detail
        desk, key = self.place.desk, int(detail.item["id"])

        def work(_context: JobContext) -> Effect:
            return improvement_effect.of(desk, key)

        self._job.start(work).on_success(self._show).on_failure(self.place.shell.tell)

    def _show(self, effect: Effect) -> None:
        if self.detail is None:
            return
        self.effect = effect
        item = self.detail.item
        _empty(self._top)
        _empty(self._below)
        self.wrong.hide()
        self.note.set_value("")
        self.verdict.set_value(str(effect.proposed))
        self.form.setVisible(item["status"] == "verifying")
        if not item["metric"]:
            self._top.addWidget(label(
                _("No metric is bound to this item: nothing can be counted. Choose one under "
                  "“Edit”, or confirm a verdict with a reason."), "", "2", wrap=True))  # fmt: skip
        else:
            view = ChartView(improvement_words.chart(effect, item["metric"]))
            view.setFixedHeight(px(220))
            self._top.addWidget(view)
            self._top.addWidget(
                label(
                    improvement_words.told(effect, item["metric"]),
                    "",
                    "",
                    wrap=True,
                    selectable=True,
                )
            )
            self._top.addWidget(label(
                "\n".join(improvement_words.months(effect, item["metric"])), "small", "2", wrap=True,
                selectable=True,
            ))  # fmt: skip
            row = QHBoxLayout()
            icon, tone = VERDICT_FACES[effect.proposed]
            row.addWidget(label(_("The figures propose:"), "strong"))
            row.addWidget(Tag(code_label("Verdict", effect.proposed), icon, tone))
            row.addStretch(1)
            self._top.addLayout(row)
        self._show_rechecks()

    def _show_rechecks(self) -> None:
        if self.detail is None or not self.detail.rechecks:
            return
        self._below.addWidget(label(_("Does it last?"), "strong"))
        for one in self.detail.rechecks:
            card = box("card")
            row = QHBoxLayout(card)
            row.setContentsMargins(GAP, 4, GAP, 4)
            text = _("After {n} days, on {day}").format(n=one["days"], day=one["due_date"])
            row.addWidget(label(text, wrap=True), 1)
            if one["done_at"] is not None:
                word = _("holds") if one["held"] else _("came back")
                row.addWidget(Tag(word, "circle-check" if one["held"] else "circle-x",
                                  "ok" if one["held"] else "danger"))  # fmt: skip
            else:
                for held, word in ((True, _("Holds")), (False, _("Came back"))):
                    button = Button(word, small=True)
                    button.setAccessibleName(f"{word} {text}")
                    button.clicked.connect(partial(self._recheck, int(one["id"]), held))
                    row.addWidget(button)
            self._below.addWidget(card)

    def _confirm(self) -> None:
        if self.detail is None:
            return
        desk, key = self.place.desk, int(self.detail.item["id"])
        verdict, note = Verdict(self.verdict.value()), str(self.note.value() or "")
        handle = self.place.runner.start(
            lambda _context: improvement_effect.confirm(desk, key, verdict, note),
            lane=WRITE, owner=self,
        )  # fmt: skip
        handle.on_success(self._on_written).on_failure(self._on_failed)

    def _recheck(self, key: int, held: bool, *_args: object) -> None:
        desk = self.place.desk
        note = "" if held else _("Came back")
        handle = self.place.runner.start(
            lambda _context: improvements.recheck(desk, key, held=held, note=note),
            lane=WRITE, owner=self,
        )  # fmt: skip
        handle.on_success(self._on_written).on_failure(self._on_failed)

    def _on_failed(self, error: object) -> None:
        problems = getattr(error, "problems", None)
        if problems:
            self.wrong.setText(" ".join(say(problem) for problem in problems))
            self.wrong.show()
            self.form.show()
        else:
            self.place.shell.tell(error)

    def _on_written(self, _outcome: Any) -> None:
        self.written.emit()


def _empty(layout: QVBoxLayout | QHBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif isinstance(inner, QVBoxLayout | QHBoxLayout):
            _empty(inner)
