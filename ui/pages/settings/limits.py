"""Limits of the service policies (SLA)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from ui.pages.settings.general import NumberField
from ui.widgets.button import Button, Kind
from ui.widgets.labels import box, label

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk


class LimitsTab(QWidget):
    """One row per policy; the first that fits a ticket holds."""

    save_wanted = Signal(object)  # place of the policy -> (response, resolution) minutes

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 14)
        card = box("card")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(16, 12, 16, 14)
        inner.setSpacing(8)
        inner.addWidget(label(_("Time limits by priority"), "strong"))
        text = _(
            "Working minutes. Waiting for the customer stops the resolution clock; waiting "
            "internally does not. A change holds for open tickets and those to come."
        )
        inner.addWidget(label(text, "small", "2", wrap=True))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        inner.addLayout(self._grid)
        self._editors: dict[int, tuple[NumberField, NumberField]] = {}
        row = QHBoxLayout()
        row.addStretch(1)
        save = Button(_("Save limits"), kind=Kind.MAIN)
        save.clicked.connect(self._on_save)
        row.addWidget(save)
        inner.addLayout(row)
        column.addWidget(card)
        column.addStretch(1)
        self._build_rows()

    def _build_rows(self) -> None:
        heads = (_("Priority"), _("First response (min)"), _("Resolution (min)"), _("Working days"))
        for place, text in enumerate(heads):
            self._grid.addWidget(label(text, "smallstrong", "2"), 0, place)
        self._days = {}
        for number, policy in enumerate(self._desk.reference.policies):
            name = code_label("Priority", policy.name)
            response, resolution = NumberField("", 7), NumberField("", 7)
            self._editors[number] = (response, resolution)
            days = label("", "", "2")
            self._days[number] = days
            for place, widget in enumerate((label(name), response, resolution, days)):
                self._grid.addWidget(widget, number + 1, place)
        self._grid.setColumnStretch(4, 1)
        self.show_limits()

    def show_limits(self) -> None:
        """Fill in what holds now."""
        standard = self._desk.reference.calendar.standard_day_seconds
        for number, policy in enumerate(self._desk.reference.policies):
            response, resolution = self._editors[number]
            response.set_value(policy.response_minutes)
            resolution.set_value(policy.resolution_minutes)
            minutes = policy.resolution_minutes
            text = "—" if minutes is None else f"{minutes * 60 / standard:.1f}"
            self._days[number].setText(text)

    def _on_save(self) -> None:
        self.save_wanted.emit(
            {key: (first.value(), second.value()) for key, (first, second) in self._editors.items()}
        )
