"""What a version is and what may be done with it: state, who stands behind it, its steps."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.domain.people import Permission, may
from svcdesk.i18n.catalog import _, pgettext
from ui.pages.documents import rows
from ui.theme.tokens import GAP, px
from ui.widgets.button import Button, Kind, icon_button
from ui.widgets.labels import Tag, label

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.services.report_desk import Seal, Version

SHOWN = 8  # characters of a SHA-256 in the line; its tooltip has all


class VersionHead(QWidget):
    """One line of state and buttons, and one of who reviewed and published it."""

    asked = Signal(str)  # review, publish, compare, export, discard

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(px(GAP), px(GAP), px(GAP), 0)
        column.setSpacing(px(2))
        row = QHBoxLayout()
        self.state = Tag("")
        self.told = label("", "small", "2", wrap=True)
        row.addWidget(self.state)
        row.addWidget(self.told, 1)
        self.review = Button(pgettext("action", "Review"), icon="eye", small=True)
        self.review.setToolTip(_("I have read this report and stand behind it"))
        self.publish = Button(_("Publish"), kind=Kind.MAIN, icon="lock", small=True)
        self.publish.setToolTip(_("Its numbers and its PDF never change afterwards"))
        self.compare = Button(_("Compare"), kind=Kind.QUIET, icon="split", small=True)
        self.compare.setToolTip(_("What this version says differently from the one before"))
        self.export = Button(_("Export"), icon="download", small=True, arrow=True)
        self.export.setToolTip(_("PDF, Excel, pictures, text for a chat group, printer"))
        self.discard = icon_button("x", _("Remove this draft; its texts stay"))
        for name, button in (
            ("review", self.review), ("publish", self.publish), ("compare", self.compare),
            ("export", self.export), ("discard", self.discard),
        ):  # fmt: skip
            button.clicked.connect(lambda *_args, what=name: self.asked.emit(what))
            row.addWidget(button)
        column.addLayout(row)
        self.sealed = label("", "small", "2", wrap=True, selectable=True)
        column.addWidget(self.sealed)

    def show_version(self, desk: Desk, version: Version, seal: Seal) -> None:
        """Show a version and the steps that the acting person may take with it."""
        word, icon, colour = rows.state_of(version)
        tone = {"ok": "ok", "warn": "warn"}.get(colour, "neutral")
        self.state.set(word, icon, tone)
        self.told.setText(
            _("{title}, V{n}, {pages} pages").format(
                title=version.title, n=version.version, pages=version.pages
            )
        )
        said = " · ".join(_told(desk, version, seal))
        self.sealed.setText(said)
        self.sealed.setToolTip(f"SHA-256 {seal.sha256}" if version.fixed else "")
        self.sealed.setVisible(bool(said))
        makes = may(desk.roles, Permission.MAKE_REPORTS)
        self.review.setVisible(makes and version.status == "generated")
        self.publish.setVisible(
            version.status == "reviewed" and may(desk.roles, Permission.PUBLISH_REPORTS)
        )
        self.compare.setVisible(version.version > 1)
        self.discard.setVisible(makes and not version.fixed)


def _told(desk: Desk, version: Version, seal: Seal) -> list[str]:
    """Return who reviewed and published a version, and its SHA-256."""

    def moment(at: int) -> str:
        return f"{datetime.fromtimestamp(at, desk.zone):%Y-%m-%d %H:%M}"

    said = []
    if seal.reviewed_at is not None:
        text = _("reviewed by {name}, {moment}")
        said.append(text.format(name=seal.reviewer, moment=moment(seal.reviewed_at)))
    if seal.published_at is not None:
        text = _("published by {name}, {moment}")
        said.append(text.format(name=seal.publisher, moment=moment(seal.published_at)))
    if version.fixed:
        said.append(f"SHA-256 {seal.sha256[:SHOWN]}…")
    return said
