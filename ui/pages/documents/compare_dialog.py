"""What a version of a report says differently from the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from ui.pages.form_dialog import PageDialog
from ui.theme.tokens import GAP, px
from ui.widgets.button import Button, Kind
from ui.widgets.labels import label
from ui.widgets.scroll_area import FitArea

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.services.report_compare import Difference

SHOWN = 300


class CompareDialog(PageDialog):
    """The differences by section: before and after below each other."""

    def __init__(self, parent: QWidget, title: str, found: Sequence[Difference]) -> None:
        super().__init__(parent, _("Differences: {title}").format(title=title), 720)
        self.found = found
        if not found:
            self.column.addWidget(label(_("Both versions say the same.")))
        inner = QWidget()
        area = FitArea(inner)
        column = QVBoxLayout(inner)
        column.setSpacing(px(GAP))
        section = ""
        for one in found[:SHOWN]:
            if one.section != section:
                section = one.section
                column.addWidget(label(section, "strong"))
            if one.before:
                text = _("before: {text}").format(text=one.before)
                column.addWidget(label(text, "small", "2", wrap=True, selectable=True))
            if one.after:
                text = _("now: {text}").format(text=one.after)
                column.addWidget(label(text, "", "", wrap=True, selectable=True))
            else:
                column.addWidget(label(_("now: no longer there"), "", "3"))
        if len(found) > SHOWN:
            column.addWidget(label(_("… and {n} more").format(n=len(found) - SHOWN), "small", "2"))
        column.addStretch(1)
        self.column.addWidget(area, 1)
        close = Button(_("Close"), kind=Kind.MAIN)
        close.clicked.connect(self.accept)
        self.add_buttons(close)
        self.resize(px(760), px(560))
