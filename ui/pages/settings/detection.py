"""The rules of detection, with what other values would have found in the last 12 months."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from svcdesk.domain.settings import BY_KEY
from svcdesk.i18n.catalog import _
from svcdesk.services import detection, detection_settings
from svcdesk.system.errors import ProblemsError
from ui.jobs.progress import ProgressStripe
from ui.jobs.runner import READ, WRITE
from ui.models.choices import Choice
from ui.pages.settings.general import NumberField
from ui.pages.wording import Words, say
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind
from ui.widgets.editors import CheckField, ChoiceField, LongTextField
from ui.widgets.flow import FlowLayout
from ui.widgets.form import Form
from ui.widgets.labels import Tag, box, label
from ui.widgets.side_by_side import Beside

if TYPE_CHECKING:
    from svcdesk.services.desk import Outcome
    from svcdesk.services.detection_settings import Effect, Example, Preview
    from svcdesk.system.job import JobContext
    from ui.jobs.runner import JobHandle
    from ui.pages.page import Workplace

PAUSE_MS = 400  # after the last key, before the past is looked through
LISTED = 8  # examples that are named on each side


def finding_name(finding: str) -> str:
    """Return the name of a finding in the plural."""
    names = {
        "duplicate": _("Suspected duplicates"),
        "repeat": _("Repeat complaints"),
        "chain": _("of these third or later"),
        "second": _("Second complaints"),
        "group": _("Group complaints"),
        "exposure": _("Suggested exposures"),
        "ticket": _("Suspected duplicate tickets"),
    }
    return names[finding]


class DetectionTab(QWidget):
    """Parameters left; what they would have found right."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._words = Words(place.desk)
        self._job: JobHandle | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._progress = ProgressStripe()
        column.addWidget(self._progress)
        both = Beside((14, 12, 14, 14), 10)
        both.add(self._build_form())
        both.add(self._build_preview(), 1)
        column.addWidget(both, 1)
        self.show_settings()

    def _build_form(self) -> QWidget:
        card = box("card")
        card.setFixedWidth(px(400))
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        column.addWidget(label(_("Rules"), "strong"))
        self.form = Form(columns=2)
        for key in detection_settings.PARAMETERS:
            setting = BY_KEY[key]
            editor = self._editor(key)
            text = "" if isinstance(editor, CheckField) else _(setting.label)
            self.form.add(key, text, editor, span=2 if key == "exposure_words" else 1)
        self.form.edited.connect(self._on_edited)
        column.addWidget(self.form)
        column.addWidget(
            label(_("Words are separated by spaces or line ends."), "small", "3", wrap=True)
        )
        self._wrong = label("", "small", "danger", wrap=True)
        column.addWidget(self._wrong)
        column.addStretch(1)
        holder = QWidget()
        buttons = FlowLayout(holder, gap=6)
        self.save = Button(_("Save and detect anew"), kind=Kind.MAIN)
        self.save.clicked.connect(self._on_save)
        self.discard = Button(_("Discard changes"))
        self.discard.clicked.connect(self.show_settings)
        self.again = Button(_("Detect anew"), kind=Kind.QUIET, icon="refresh-cw")
        self.again.setToolTip(_("Apply the rules to all complaints again"))
        self.again.clicked.connect(self._on_again)
        for button in (self.save, self.discard, self.again):
            buttons.addWidget(button)
        column.addWidget(holder)
        return card

    def _editor(self, key: str) -> QWidget:
        setting = BY_KEY[key]
        if key == "group_by":
            names = {"product": _("the product"), "category": _("product and category"),
                     "serial": _("product and batch")}  # fmt: skip
            return ChoiceField([Choice(code, names[code]) for code in setting.choices])
        if key == "exposure_words":
            return LongTextField("", lines=4)
        if isinstance(setting.default, bool):
            return CheckField(_(setting.label))
        return NumberField("", 6)

    def _build_preview(self) -> QWidget:
        area = QScrollArea()
        area.setWidgetResizable(True)
        body = QWidget()
        self._effects = QVBoxLayout(body)
        self._effects.setContentsMargins(4, 0, 4, 0)
        self._effects.setSpacing(8)
        area.setWidget(body)
        return area

    # --- showing -------------------------------------------------------------------------

    def show_settings(self) -> None:
        """Fill the form from the data file."""
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()
        known = self._place.desk.reference.settings
        self.form.populate({key: known[key] for key in detection_settings.PARAMETERS})
        self._wrong.setText("")
        self._show_state()
        self._say(_("Change a value: here stands what it would have found in the last 12 months."))

    def _show_state(self) -> None:
        dirty = self.form.dirty
        self.save.setEnabled(dirty)
        self.discard.setEnabled(dirty)
        by_serial = self.form.editor("group_by").value() == "serial"
        self.form.editor("group_serial_prefix").setEnabled(by_serial)

    def _values(self) -> dict[str, Any]:
        values: dict[str, Any] = self.form.values()
        values["exposure_words"] = " ".join(str(values["exposure_words"] or "").split())
        known = self._place.desk.reference.settings
        return {key: value for key, value in values.items() if known[key] != value}

    def _clear(self) -> None:
        while (item := self._effects.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _say(self, text: str) -> None:
        self._clear()
        self._effects.addWidget(label(text, "", "3", wrap=True))
        self._effects.addStretch(1)

    def _on_edited(self, _key: str) -> None:
        self._wrong.setText("")
        self._show_state()
        self._timer.start()

    # --- the past ------------------------------------------------------------------------

    def _ask(self) -> None:
        values = self._values()
        if not values:
            self.show_settings()
            return
        faults = detection_settings.problems(values)
        if faults:
            self._wrong.setText(" ".join(self.form.show_problems(faults, say)))
            self._say(_("Put the marked values right first."))
            return
        desk = self._place.desk
        if self._job is not None:
            self._job.cancel()

        def work(context: JobContext) -> Preview:
            return detection_settings.preview(desk, values, context)

        self._job = self._place.runner.start(work, lane=READ, owner=self)
        self._progress.watch(self._job, _("Looking through the last 12 months"))
        self._job.on_success(self._on_preview).on_failure(self._on_refused)

    def _on_preview(self, preview: Preview) -> None:
        if not self.form.dirty:
            return
        self._clear()
        text = _("{n} complaints since {day}, with the rules as they are and as typed:")
        self._effects.addWidget(
            label(
                text.format(n=f"{preview.complaints:,}", day=self._words.day(preview.since)),
                "strong", wrap=True,
            )
        )  # fmt: skip
        for effect in preview.effects:
            self._effects.addWidget(self._effect(effect))
        self._effects.addStretch(1)

    def _effect(self, effect: Effect) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.addWidget(label(finding_name(effect.finding), "strong"))
        row.addWidget(
            label(_("{before} → {after}").format(before=effect.before, after=effect.after))
        )
        if effect.added:
            row.addWidget(Tag(_("{n} more").format(n=effect.added), "plus", "warn"))
        if effect.lost:
            row.addWidget(Tag(_("{n} fewer").format(n=effect.lost), "minus"))
        row.addStretch(1)
        column.addLayout(row)
        for text, examples, count in (
            (_("Added: {list}"), effect.examples_added, effect.added),
            (_("Lost: {list}"), effect.examples_lost, effect.lost),
        ):
            if examples:
                shown = text.format(list=self._listed(examples, count))
                column.addWidget(label(shown, "small", "2", wrap=True, selectable=True))
        return card

    def _listed(self, examples: tuple[Example, ...], count: int) -> str:
        named = [f"{example.number} ({self._words.day(example.at)})" for example in
                 examples[:LISTED]]  # fmt: skip
        if count > len(named):
            named.append(_("and {n} more").format(n=count - len(named)))
        return _(", ").join(named)

    # --- saving --------------------------------------------------------------------------

    def _on_save(self) -> None:
        desk, values = self._place.desk, self._values()
        faults = detection_settings.problems(values)
        if faults:
            self._wrong.setText(" ".join(self.form.show_problems(faults, say)))
            return

        def work(context: JobContext) -> Outcome[int]:
            return detection_settings.save(desk, values, context)

        self._run(work)

    def _on_again(self) -> None:
        desk = self._place.desk

        def work(context: JobContext) -> Outcome[int]:
            return detection.recompute_all(desk, context)

        self._run(work)

    def _run(self, work: Any) -> None:
        handle = self._place.runner.start(work, lane=WRITE, owner=self)
        self._progress.watch(handle, _("Detecting anew"))
        handle.on_success(self._on_saved).on_failure(self._on_refused)

    def _on_saved(self, outcome: Outcome[int]) -> None:
        self.show_settings()
        text = _("Detected anew: {n} complaints changed").format(n=f"{outcome.value:,}")
        self._place.shell.say(text)

    def _on_refused(self, error: object) -> None:
        if isinstance(error, ProblemsError):
            self._wrong.setText(" ".join(self.form.show_problems(error.problems, say)))
        else:
            self._place.shell.tell(error)
