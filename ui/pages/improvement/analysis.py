"""What both outlines of a root-cause analysis share: they are written as they are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.services import improvement_causes
from svcdesk.services.improvement_causes import Analysis, analysis_of
from ui.jobs.runner import WRITE
from ui.pages.improvement.evidence import EvidenceDialog, NamedRecords
from ui.pages.wording import say
from ui.theme.tokens import GAP, MARGIN
from ui.widgets.button import Button
from ui.widgets.labels import label

if TYPE_CHECKING:
    from svcdesk.domain.problem import Problem
    from svcdesk.services.improvements import ItemDetail
    from ui.pages.page import Workplace
    from ui.widgets.outline import Outline

OPEN = frozenset({"identified", "analyzing"})


class AnalysisTab(QWidget):
    """Keeps an analysis: one save at a time, what is typed meanwhile is saved after it."""

    saved = Signal()
    opened = Signal(object)  # Route of a record that is named as evidence
    outline: Outline
    evidence_column = 0  # of the outline

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place = place
        self.detail: ItemDetail | None = None
        self.analysis = Analysis()
        self._saving = self._again = False
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(MARGIN, GAP, MARGIN, MARGIN)
        self.column.setSpacing(GAP)
        self.hint = label("", "small", "3", wrap=True)
        self.advice = label("", "small", "warn", wrap=True)
        self.named = NamedRecords(place)
        self.named.opened.connect(self.opened)
        self.evidence = Button(_("Evidence…"), icon="link", small=True)
        self.evidence.setToolTip(_("Link records to the present row (Ctrl+L)"))
        self.evidence.clicked.connect(self.link_evidence)
        keys = QShortcut(QKeySequence("Ctrl+L"), self)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys.activated.connect(self.link_evidence)

    def show_item(self, detail: ItemDetail) -> None:
        """Show the analysis of an item; what is being typed is not overwritten."""
        same = self.detail is not None and self.detail.item["id"] == detail.item["id"]
        self.detail = detail
        if same and (self._saving or self._again or self.writing()):
            return
        self.analysis = analysis_of(detail.rca)
        self.setEnabled(True)
        self.fill(editable=detail.item["status"] in OPEN)
        self._advise()

    def fill(self, *, editable: bool) -> None:
        """Put the analysis into the widgets."""
        raise NotImplementedError

    def writing(self) -> bool:
        """Tell whether a cell is being edited."""
        raise NotImplementedError

    def taken(self) -> Analysis:
        """Return the analysis as it stands in the widgets."""
        raise NotImplementedError

    # --- evidence ------------------------------------------------------------------------

    def link_evidence(self) -> None:
        """Choose the records that prove the present row; their numbers go into its evidence."""
        if self._evidence_place() is None or not self.evidence.isEnabled():
            self.place.shell.say(_("Choose a row first."), undo=False)
            return
        dialog = EvidenceDialog(self, self.place, noted=False)
        dialog.chosen.connect(self._on_evidence)
        dialog.open()

    def _evidence_place(self) -> int | None:
        place = self.outline.place()
        return None if place < 0 or self.outline.lines()[place].fixed else place

    def _on_evidence(self, records: object, _note: str) -> None:
        place = self._evidence_place()
        if place is None or not isinstance(records, list):
            return
        known = self.outline.lines()[place].texts[self.evidence_column].strip()
        added = [number for _entity, _key, number in records if number not in known]
        text = " ".join([known, *added] if known else added)
        self.outline.write(place, self.evidence_column, text)

    def show_named(self) -> None:
        """Show links to the records that the evidence of the present row names."""
        place = self._evidence_place()
        lines = self.outline.lines()
        self.named.show_text("" if place is None else lines[place].texts[self.evidence_column])

    def keep(self) -> None:
        """Write what was typed."""
        self.show_named()
        if self.detail is None:
            return
        self.analysis = self.taken()
        if self._saving:
            self._again = True
            return
        self._saving = True
        desk, key, found = self.place.desk, int(self.detail.item["id"]), self.analysis
        handle = self.place.runner.start(
            lambda _context: improvement_causes.save(desk, key, found), lane=WRITE, owner=self
        )
        handle.on_success(self._on_saved).on_failure(self._on_failed)

    def _on_saved(self, _outcome: Any) -> None:
        self._saving = False
        if self._again:
            self._again = False
            self.keep()
        else:
            self.saved.emit()
            self._advise()

    def _on_failed(self, error: object) -> None:
        self._saving = self._again = False
        self.place.shell.tell(error)

    def _advise(self) -> None:
        """Say what is weak about the analysis."""
        if self.detail is None:
            return
        from svcdesk.domain import causes

        found: list[Problem] = causes.advice(
            self.analysis.whys, self.analysis.causes, self.analysis.root_cause,
            linked=len(self.detail.links),
        )  # fmt: skip
        word = _("Advice")
        self.advice.setText("\n".join(f"{word}: {say(problem)}" for problem in found))
        self.advice.setVisible(bool(found))
