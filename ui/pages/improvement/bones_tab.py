"""The fishbone editor: causes by bone as an outline, and the drawing of the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from svcdesk.domain import causes
from svcdesk.domain.causes import BONES, CauseRow
from svcdesk.domain.improvement import Likelihood
from svcdesk.i18n.catalog import _, language
from svcdesk.i18n.labels import code_label
from svcdesk.services import improvement_causes
from ui.jobs.runner import READ
from ui.models.choices import Choice
from ui.pages.improvement.analysis import AnalysisTab
from ui.pages.improvement.drawing import FishboneView
from ui.pages.wording import Words
from ui.theme.tokens import GAP, px
from ui.widgets.button import Button, Kind, icon_button
from ui.widgets.editors import CheckField, ChoiceField
from ui.widgets.labels import label
from ui.widgets.outline import Line, Outline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.services.improvement_causes import Analysis
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

_OF_ROW = {"likelihood": None, "votes": 0, "verified": False, "root": False}


def cause_lines(rows: Sequence[CauseRow], bones: str) -> list[Line]:
    """Return the rows of the outline: each bone with its causes below it."""
    lines = []
    for bone in dict.fromkeys([*BONES[bones], *(row.bone for row in rows)]):
        lines.append(Line(0, [code_label("Bone", bone), ""], {"bone": bone}, fixed=True))
        for row in causes.levelled([r for r in rows if r.bone == bone], 1):
            extra = {name: getattr(row, name) for name in _OF_ROW}
            lines.append(Line(row.depth, [row.text, row.evidence], extra))
    return lines


def cause_rows(lines: Sequence[Line]) -> list[CauseRow]:
    """Return the causes of an outline; each belongs to the bone above it."""
    found, bone = [], ""
    for line in lines:
        if line.fixed:
            bone = str(line.extra["bone"])
            continue
        known = {**_OF_ROW, **line.extra}
        found.append(
            CauseRow(bone, line.texts[0], line.depth, known["likelihood"], int(known["votes"] or 0),
                     bool(known["verified"]), line.texts[1], bool(known["root"]))
        )  # fmt: skip
    return found


class BonesTab(AnalysisTab):
    """Fishbone."""

    evidence_column = 1

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._filling = False
        self.column.addLayout(self._head())
        self.outline = Outline([_("Cause"), _("Evidence")], deeper=False,
                               deepest=causes.DEEPEST_CAUSE)  # fmt: skip
        self.outline.setAccessibleName(_("Fishbone"))
        self.outline.edited.connect(self.keep)
        self.outline.marked.connect(self._mark)
        self.outline.row_changed.connect(self._show_row)
        top = QWidget()
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self.outline, 1)
        column.addWidget(self.named)
        column.addLayout(self._of_row())
        self.view = FishboneView()
        area = QScrollArea()
        area.setWidget(self.view)
        area.setWidgetResizable(True)
        area.setAccessibleName(_("Fishbone drawing"))
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(top)
        self.split.addWidget(area)
        self.split.setSizes([px(300), px(260)])
        self.column.addWidget(self.split, 1)
        self.hint.setText(
            _("Enter: next cause. Tab, Shift+Tab: cause behind a cause, back. Space: root cause. "
              "Delete: remove. Esc: leave.")
        )  # fmt: skip
        self.column.addWidget(self.hint)
        self.column.addWidget(self.advice)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(label(_("Fishbone"), "strong"), 1)
        self.bones = ChoiceField([
            Choice("5m1e", _("Man, machine, material, method, environment, measurement")),
            Choice("service", _("Bones of a service")),
        ])  # fmt: skip
        self.bones.setAccessibleName(_("Bones"))
        self.bones.setMinimumWidth(px(200))
        self.bones.changed.connect(self._on_bones)
        row.addWidget(self.bones)
        self.save_button = icon_button("download", _("Save the drawing as picture or PDF…"))
        self.save_button.clicked.connect(self.ask_picture)
        self.copy_button = icon_button("copy", _("Copy the drawing as picture"))
        self.copy_button.clicked.connect(self.copy_picture)
        row.addWidget(self.copy_button)
        row.addWidget(self.save_button)
        return row

    # --- the drawing elsewhere -----------------------------------------------------------

    def ask_picture(self) -> None:
        """Ask where the drawing goes."""
        if self.detail is None:
            return
        name = f"{self.detail.item['item_no']}-fishbone.svg"
        kinds = "SVG (*.svg);;PNG (*.png);;PDF (*.pdf)"
        dialog = QFileDialog(self, _("Save the drawing"), name, kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("svg")
        dialog.fileSelected.connect(lambda path: self.write_picture(Path(path)))
        dialog.open()

    def write_picture(self, target: Path) -> None:
        """Write the drawing into a file of the kind its name ends with."""
        if self.detail is None:
            return
        desk, key, words = self.place.desk, int(self.detail.item["id"]), language()

        def work(context: JobContext) -> None:
            from svcdesk.services import improvement_sheet

            improvement_sheet.write_fishbone(desk, key, target, words, context)

        told = _("Written: {name}").format(name=target.name)
        handle = self.place.runner.start(work, lane=READ, owner=self)
        handle.on_success(lambda _none: self.place.shell.say(told, undo=False))
        handle.on_failure(self.place.shell.tell)

    def copy_picture(self) -> None:
        """Put the drawing on the clipboard."""
        QGuiApplication.clipboard().setPixmap(self.view.grab())
        self.place.shell.say(_("Copied"), undo=False)

    # --- the outline ---------------------------------------------------------------------

    def _of_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        choices = Words(self.place.desk).codes("Likelihood", [str(one) for one in Likelihood])
        self.likelihood = ChoiceField(choices, _("Likelihood…"))
        self.likelihood.setAccessibleName(_("How likely the cause is"))
        self.likelihood.changed.connect(self._on_row)
        self.verified = CheckField(_("Verified"))
        self.verified.changed.connect(self._on_row)
        self.votes = Button("", icon="thumbs-up", small=True)
        self.votes.setToolTip(_("One more vote for this cause"))
        self.votes.clicked.connect(self._on_vote)
        self.root = Button(_("Root cause"), icon="target", small=True)
        self.root.clicked.connect(self._mark)
        self.remove = Button("", kind=Kind.QUIET, icon="x", small=True)
        self.remove.setToolTip(_("Remove the present row (Delete)"))
        self.remove.setAccessibleName(_("Remove the present row (Delete)"))
        self.remove.clicked.connect(self.outline.remove)
        widgets = (
            self.likelihood,
            self.verified,
            self.votes,
            self.root,
            self.evidence,
            self.remove,
        )
        for widget in widgets:
            row.addWidget(widget)
        row.addStretch(1)
        return row

    def fill(self, *, editable: bool) -> None:
        """Show the causes."""
        wanted = list(self.analysis.causes)
        self._filling = True
        self.bones.set_value(self.analysis.bones)
        now = self.outline.lines()
        if not now or causes.kept(cause_rows(now)) != causes.kept(wanted) or (
            [one.extra["bone"] for one in now if one.fixed][:6] != list(BONES[self.analysis.bones])
        ):  # fmt: skip
            self.outline.show_lines(cause_lines(wanted, self.analysis.bones))
        self._filling = False
        for widget in (self.outline, self.bones, self.root, self.remove, self.votes,
                       self.likelihood, self.verified, self.evidence):  # fmt: skip
            widget.setEnabled(editable)
        self._draw()
        self._show_row()

    def writing(self) -> bool:
        """Tell whether a cell is being edited."""
        return self.outline.writing

    def taken(self) -> Analysis:
        """Return the analysis with the causes of the outline."""
        self._draw()
        return replace(
            self.analysis, causes=tuple(cause_rows(self.outline.lines())),
            bones=str(self.bones.value()),
        )  # fmt: skip

    def _draw(self) -> None:
        if self.detail is None:
            return
        lines = self.outline.lines()
        self.outline.show_marks([bool(one.extra.get("root")) for one in lines])
        rows = tuple(row for row in cause_rows(lines) if row.text)
        found = replace(self.analysis, causes=rows, bones=str(self.bones.value()))
        self.view.show_diagram(improvement_causes.diagram(found, self.detail.item))

    def _on_bones(self) -> None:
        if self._filling:
            return
        rows = cause_rows(self.outline.lines())
        self.outline.show_lines(cause_lines(rows, str(self.bones.value())))
        self.keep()

    # --- the present row -----------------------------------------------------------------

    def _line(self) -> Line | None:
        place = self.outline.place()
        line = self.outline.lines()[place] if place >= 0 else None
        return None if line is None or line.fixed else line

    def _show_row(self) -> None:
        line = self._line()
        self._filling = True
        known = {**_OF_ROW, **(line.extra if line is not None else {})}
        self.likelihood.set_value(known["likelihood"])
        self.verified.set_value(known["verified"])
        self.votes.set_text(_("{n} votes").format(n=known["votes"] or 0))
        self._filling = False
        self.show_named()

    def _on_row(self) -> None:
        if not self._filling and self._line() is not None:
            self.outline.set_extra(self.outline.place(), likelihood=self.likelihood.value(),
                                   verified=self.verified.value())  # fmt: skip
            self.keep()

    def _on_vote(self) -> None:
        line = self._line()
        if line is not None:
            votes = int(line.extra.get("votes") or 0) + 1
            self.outline.set_extra(self.outline.place(), votes=votes)
            self._show_row()
            self.keep()

    def _mark(self) -> None:
        line, place = self._line(), self.outline.place()
        if line is None:
            return
        marked = not line.extra.get("root")
        for number, one in enumerate(self.outline.lines()):
            if not one.fixed:
                self.outline.set_extra(number, root=marked and number == place)
        if marked and not self.analysis.root_cause:
            self.analysis = replace(self.analysis, root_cause=line.texts[0])
        self.keep()
