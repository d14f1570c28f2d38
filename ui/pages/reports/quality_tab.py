"""The data quality centre: abnormal data, and how promptly and completely data are entered."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from svcdesk.i18n.catalog import _
from ui.pages.reports.own_tab import OwnTab
from ui.pages.reports.quality_entry import EntryView
from ui.pages.reports.quality_findings import FindingsView
from ui.theme.tokens import GAP, MARGIN
from ui.widgets.button import Segments

if TYPE_CHECKING:
    from ui.pages.page import Route, Workplace

FINDINGS, ENTRY = "findings", "entry"


class QualityTab(OwnTab):
    """Two views: findings and data entry."""

    watched: ClassVar[frozenset[str]] = frozenset({
        "ticket", "complaint", "survey", "visit", "customer", "data_decision", "detection_verdict",
        "ticket_event", "complaint_event", "callback", "survey_answer", "setting", "person",
    })  # fmt: skip

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.views = Segments([(FINDINGS, _("Abnormal data")), (ENTRY, _("Data entry"))])
        self.views.set_value(FINDINGS)
        self.views.changed.connect(self._on_view)
        self.findings = FindingsView(place)
        self.findings.said.connect(place.shell.say)
        self.entry = EntryView(place)
        self.entry.said.connect(place.shell.say)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.findings)
        self._stack.addWidget(self.entry)
        head = QHBoxLayout()
        head.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        head.addWidget(self.views)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._stack, 1)

    def show_route(self, route: Route) -> None:
        """Show the view and the filters that an address asks for."""
        view = str(route.values.get("view", ""))
        if view in {FINDINGS, ENTRY} and view != self.views.value():
            self.views.set_value(view)
            self._on_view(0)
        if "filter" in route.values or "numbers" in route.values:
            self.findings.narrow(
                {key: list(values) for key, values in route.values.get("filter", {}).items()},
                tuple(route.values.get("numbers", ())),
            )

    def reload(self) -> None:
        """Read what is shown again."""
        if self.views.value() == FINDINGS:
            self.findings.load()
            self.findings.table.setFocus()
        else:
            self.entry.load()

    def _on_view(self, _number: int) -> None:
        self._stack.setCurrentIndex(0 if self.views.value() == FINDINGS else 1)
        self.reload()
