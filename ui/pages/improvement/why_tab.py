"""The 5-Why editor: questions and answers as an outline, the root cause below it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout

from svcdesk.domain import causes
from svcdesk.domain.causes import WhyRow
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import field_label
from svcdesk.services import improvement_causes
from ui.pages.improvement.analysis import AnalysisTab
from ui.widgets.button import Button, Kind
from ui.widgets.editors import TextField
from ui.widgets.form import Field
from ui.widgets.labels import label
from ui.widgets.outline import Line, Outline

if TYPE_CHECKING:
    from svcdesk.services.improvement_causes import Analysis
    from ui.pages.page import Workplace


class WhyOutline(Outline):
    """Proposes the next question."""

    def __init__(self) -> None:
        super().__init__(
            [_("Why?"), _("Because"), _("Evidence")], deeper=True, deepest=causes.MOST_WHYS + 1
        )
        self.title = ""
        self.setAccessibleName(_("5 Whys"))

    def wanted(self) -> None:
        """Add the question that follows the answer of the present row."""
        place = self.place()
        rows = why_rows(self.lines()[: place + 1])
        self.add([improvement_causes.next_question(rows, self.title)])


def why_rows(lines: list[Line]) -> list[WhyRow]:
    """Return the rungs of an outline."""
    return [
        WhyRow(one.texts[0], one.texts[1], one.texts[2], one.depth, bool(one.extra.get("root")))
        for one in lines
    ]


class WhyTab(AnalysisTab):
    """5 Whys."""

    evidence_column = 2
    outline: WhyOutline

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        row = QHBoxLayout()
        row.addWidget(label(_("5 Whys"), "strong"), 1)
        self.next = Button(_("Next why"), icon="plus", small=True)
        self.next.setToolTip(_("Ask why the present answer is so (Enter)"))
        self.root = Button(_("Root cause"), icon="target", small=True)
        self.root.setToolTip(_("The present answer is the root cause (Space)"))
        self.remove = Button("", kind=Kind.QUIET, icon="x", small=True)
        self.remove.setToolTip(_("Remove the present row (Delete)"))
        self.remove.setAccessibleName(_("Remove the present row (Delete)"))
        for button in (self.next, self.root, self.evidence, self.remove):
            row.addWidget(button)
        self.column.addLayout(row)
        self.outline = WhyOutline()
        self.outline.edited.connect(self.keep)
        self.outline.marked.connect(self._mark)
        self.outline.row_changed.connect(self.show_named)
        self.next.clicked.connect(self.outline.wanted)
        self.root.clicked.connect(self._mark)
        self.remove.clicked.connect(self.outline.remove)
        self.column.addWidget(self.outline, 1)
        self.column.addWidget(self.named)
        self.hint.setText(
            _("Enter: next why. Tab, Shift+Tab: deeper, higher (a branch). Space: root cause. "
              "Delete: remove. Esc: leave.")
        )  # fmt: skip
        self.column.addWidget(self.hint)
        self.cause = TextField(_("In one sentence"), 300)
        self.cause.editingFinished.connect(self._on_cause)
        self.column.addWidget(
            Field("root_cause", field_label("improvement_item", "root_cause"), self.cause)
        )
        self.column.addWidget(self.advice)

    def fill(self, *, editable: bool) -> None:
        """Show the rungs."""
        item = self.detail.item if self.detail is not None else {}
        self.outline.title = str(item.get("title", ""))
        wanted = list(self.analysis.whys)
        if causes.kept(why_rows(self.outline.lines())) != causes.kept(wanted):
            self.outline.show_lines([
                Line(row.depth, [row.question, row.answer, row.evidence], {"root": row.root})
                for row in wanted
            ])  # fmt: skip
        self._show_root()
        self.cause.setText(self.analysis.root_cause)
        widgets = (self.outline, self.next, self.root, self.evidence, self.remove, self.cause)
        for widget in widgets:
            widget.setEnabled(editable)
        self.show_named()

    def writing(self) -> bool:
        """Tell whether a cell is being edited."""
        return self.outline.writing

    def taken(self) -> Analysis:
        """Return the analysis with the rungs of the outline."""
        rows = causes.levelled(why_rows(self.outline.lines()))
        return replace(self.analysis, whys=tuple(rows), root_cause=self.cause.text().strip())

    def _on_cause(self) -> None:
        if self.cause.text().strip() != self.analysis.root_cause and self.detail is not None:
            self.keep()

    def _mark(self) -> None:
        place = self.outline.place()
        rows = why_rows(self.outline.lines())
        if not 0 <= place < len(rows):
            return
        before = causes.root_text(rows, ())
        rows = causes.rooted(rows, place)
        for number, row in enumerate(rows):
            self.outline.set_extra(number, root=row.root)
        if self.cause.text().strip() in {"", before}:
            self.cause.setText(causes.root_text(rows, ()))
        self._show_root()
        self.keep()

    def _show_root(self) -> None:
        """Set the root cause off."""
        self.outline.show_marks([row.root for row in why_rows(self.outline.lines())])
