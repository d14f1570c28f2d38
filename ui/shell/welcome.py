"""The first start, or a data file that cannot be opened: what to do next."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import box, icon_label, label


class Welcome(QWidget):
    """Sample data, an empty file, or a file that exists."""

    chosen = Signal(str)  # demo, new, open
    cancelled = Signal()

    def __init__(self, problem: str = "") -> None:
        super().__init__()
        middle = QWidget()
        middle.setMaximumWidth(px(866))
        frame = QVBoxLayout(self)
        frame.addStretch(2)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(middle, 1000)
        line.addStretch(1)
        frame.addLayout(line)
        frame.addStretch(3)
        outer = QVBoxLayout(middle)
        outer.setSpacing(14)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(icon_label("headset", "accent", 32))
        head.addWidget(label(_("Service desk"), "figure"))
        head.addStretch(1)
        outer.addLayout(head)
        if problem:
            row = QHBoxLayout()
            row.addWidget(icon_label("circle-alert", "danger", 16))
            row.addWidget(label(problem, "", "danger", wrap=True, selectable=True), 1)
            outer.addLayout(row)
        else:
            text = _(
                "Tickets, complaints, callbacks and reports of one team, in one file on this computer."
            )
            outer.addWidget(label(text, "", "2", wrap=True))
        shelf = QWidget()
        cards = FlowLayout(shelf, 12)
        self._cards = [
            self._card("demo", "chart-column", _("Look around with sample data"),
                       _("13 months of an invented team: tickets, complaints, callbacks, surveys."),
                       _("Open sample data"), main=True),
            self._card("new", "database", _("Start with an empty file"),
                       _("Lists, calendar and targets are filled in; import your own data next."),
                       _("Create empty file"), main=False),
            self._card("open", "folder-open", _("Open a data file"),
                       _("A file that was made on this computer before, or a restored backup."),
                       _("Choose file…"), main=False),
        ]  # fmt: skip
        for card in self._cards:
            cards.addWidget(card)
        outer.addWidget(shelf)
        outer.addWidget(self._build_busy())

    def _build_busy(self) -> QWidget:
        self._busy = QWidget()
        row = QHBoxLayout(self._busy)
        self._text = label("", "small", "2")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(px(320))
        stop = Button(_("Cancel"), small=True)
        stop.clicked.connect(self.cancelled)
        row.addWidget(self._text)
        row.addWidget(self._bar)
        row.addWidget(stop)
        row.addStretch(1)
        self._busy.hide()
        return self._busy

    def _card(
        self, key: str, icon: str, title: str, text: str, action: str, *, main: bool
    ) -> QWidget:
        card = box("card")
        card.setFixedWidth(px(270))
        card.setMinimumHeight(px(170))
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        column.addWidget(icon_label(icon, "accent", 22))
        column.addWidget(label(title, "strong", wrap=True))
        column.addWidget(label(text, "small", "2", wrap=True))
        column.addStretch(1)
        button = Button(action, kind=Kind.MAIN if main else Kind.NORMAL)
        button.setProperty("choice", key)
        button.clicked.connect(self._on_clicked)
        column.addWidget(button)
        return card

    def _on_clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.chosen.emit(str(sender.property("choice")))

    def show_progress(self, done: int, total: int, text: str) -> None:
        """Show how far the sample data are."""
        for card in self._cards:
            card.setEnabled(False)
        self._busy.show()
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._text.setText(text or _("Working…"))

    def ready(self) -> None:
        """Offer the choices again."""
        for card in self._cards:
            card.setEnabled(True)
        self._busy.hide()
