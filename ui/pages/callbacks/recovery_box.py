"""What came of a recovery: put right or not, and what was given."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.domain.callback import RecoveryResult
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from ui.widgets.button import Segments
from ui.widgets.editors import MoneyField, TextField
from ui.widgets.labels import KeyHint, label

RESULTS = (RecoveryResult.FIXED, RecoveryResult.NOT_FIXED)


class RecoveryBox(QWidget):
    """Result by one key, gift in words and money."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(label(_("Recovery"), "strong"))
        options = [(str(code), code_label("RecoveryResult", str(code))) for code in RESULTS]
        self.result = Segments(options, small=True)
        self.result.setAccessibleName(_("Result of the recovery"))
        self.result.changed.connect(self._on_changed)
        head.addWidget(self.result)
        head.addWidget(KeyHint("F"))
        head.addWidget(KeyHint("W"))
        head.addStretch(1)
        column.addLayout(head)
        row = QHBoxLayout()
        self.given = TextField(_("What was given (voucher, visit, spare part …)"), 200)
        self.given.setToolTip(_("What was given to put it right"))
        self.amount = MoneyField()
        self.amount.setPlaceholderText("¥")
        self.amount.setAccessibleName(_("Amount given"))
        self.amount.setToolTip(_("Amount given in yuan, when money was given"))
        self.given.textChanged.connect(self._on_changed)
        self.amount.textChanged.connect(self._on_changed)
        row.addWidget(self.given, 3)
        row.addWidget(self.amount, 1)
        row.addWidget(KeyHint("V"))
        column.addLayout(row)

    def _on_changed(self, *_args: object) -> None:
        self.changed.emit()

    def choose(self, value: str) -> None:
        """Choose the result."""
        self.result.set_value(value)
        self.changed.emit()

    def values(self) -> dict[str, Any]:
        """Return what was entered; blanks are None."""
        return {
            "recovery_result": self.result.value() or None,
            "given": self.given.value() or None,
            "given_amount": self.amount.value(),
        }

    def set_values(self, values: dict[str, Any]) -> None:
        """Show ``values``."""
        self.result.set_value(str(values.get("recovery_result") or ""))
        self.given.set_value(values.get("given"))
        self.amount.set_value(values.get("given_amount"))
