"""What detection would say of a complaint that is being typed, before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.services import detection_preview, products
from ui.jobs.runner import Latest
from ui.pages.complaints.detected_words import expected
from ui.pages.entry_dialog import EntryExtra
from ui.widgets.labels import icon_label, label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.services.detection_preview import Expected
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

PAUSE_MS = 250  # after the last key
LOOKED_AT = ("customer_id", "new_customer", "category_id", "product_id", "received_at",
             "channel_id", "serial_no", "description")  # fmt: skip


class DetectedStrip(QWidget):
    """Lines under the form; hidden while there is nothing to tell."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._values: dict[str, Any] = {}
        self._job = Latest(place.runner, self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._ask)
        self.lines: list[str] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.setAccessibleName(_("What this complaint would be found to be"))
        self.hide()

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Follow what stands in the form (columns of a complaint), a moment after the last key."""
        seen = {name: values.get(name) for name in LOOKED_AT}
        if seen != self._values:
            self._values = seen
            self._timer.start()

    def _ask(self) -> None:
        desk, values = self._place.desk, dict(self._values)

        def work(_context: JobContext) -> tuple[Expected, str]:
            found = detection_preview.preview(desk, values)
            product = products.get(desk, int(values["product_id"])) if found.in_group else None
            return found, product.name if product is not None else ""

        self._job.start(work).on_success(self._on_found).on_failure(self._place.shell.tell)

    def _on_found(self, answer: tuple[Expected, str]) -> None:
        found, product = answer
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        lines = expected(found, product)
        self.lines = [text for _icon, _tone, text in lines]
        for icon, tone, text in lines:
            row = QWidget()
            inner = QHBoxLayout(row)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.setSpacing(6)
            inner.addWidget(icon_label(icon, tone, 16))
            inner.addWidget(label(text, "small", tone, wrap=True), 1)
            self._column.addWidget(row)
        self.setVisible(bool(lines))


class DetectedExtra(EntryExtra):
    """What stands under the form of a complaint: the severity, then what would be found."""

    def __init__(self, severity: EntryExtra, strip: DetectedStrip) -> None:
        super().__init__()
        self.severity = severity
        self.strip = strip
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(severity)
        column.addWidget(strip)

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Follow what stands in the form."""
        self.severity.show_values(values)
        self.strip.show_values(values)

    def values(self) -> dict[str, Any]:
        """Return the severity chosen."""
        return self.severity.values()
