"""One check: its items, score, notes; voided with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from svcdesk.domain.people import Permission, may
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label
from svcdesk.services import quality
from ui.jobs.runner import WRITE, Latest
from ui.pages.page import Route, Workplace
from ui.pages.quality.entry import item_name
from ui.pages.quality.rows import points
from ui.pages.wording import Words
from ui.theme.tokens import px
from ui.widgets.button import Button
from ui.widgets.editors import TextField
from ui.widgets.labels import Tag, divider, label

if TYPE_CHECKING:
    from svcdesk.services.quality import CheckDetail
    from svcdesk.system.job import JobContext

FACES = {"pass": ("circle-check", "ok"), "fail": ("circle-x", "danger"), "na": ("minus", "neutral")}


class CheckPane(QScrollArea):
    """Shows a check."""

    written = Signal(str)

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place = place
        self.detail: CheckDetail | None = None
        self._words = Words(place.desk)
        self._job = Latest(place.runner, self)
        self.setWidgetResizable(True)
        self.setMinimumWidth(px(360))
        self._holder = QWidget()
        column = QVBoxLayout(self._holder)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(10)
        self._facts = QVBoxLayout()
        column.addLayout(self._facts)
        column.addWidget(divider())
        row = QHBoxLayout()
        self.reason = TextField(_("Reason"), 200)
        self.reason.setAccessibleName(_("Reason for voiding"))
        self.void = Button(_("Void this check"), icon="ban", small=True)
        self.void.clicked.connect(self._void)
        self.open_case = Button(_("Open the case"), icon="arrow-right", small=True)
        self.open_case.clicked.connect(self._open)
        row.addWidget(self.reason, 1)
        row.addWidget(self.void)
        row.addWidget(self.open_case)
        column.addLayout(row)
        column.addStretch(1)
        self.setWidget(self._holder)
        self._holder.setEnabled(False)

    def load(self, key: int) -> None:
        """Show a check."""
        desk = self.place.desk

        def work(_context: JobContext) -> CheckDetail:
            return quality.get(desk, key)

        self._job.start(work).on_success(self._show).on_failure(self.place.shell.tell)

    def reload(self) -> None:
        """Show the same check as it is now."""
        if self.detail is not None:
            self.load(int(self.detail.check["id"]))

    def _show(self, detail: CheckDetail) -> None:
        self.detail = detail
        self._holder.setEnabled(True)
        while part := self._facts.takeAt(0):
            if widget := part.widget():
                widget.hide()
                widget.deleteLater()
        self._facts.addWidget(self._told(detail))
        voided = bool(detail.check["voided"])
        self.void.set_text(_("Take it in again") if voided else _("Void this check"))
        self.reason.setVisible(not voided)
        self.reason.set_value("")
        allowed = may(self.place.desk.roles, Permission.EDIT_QUALITY)
        self.void.setVisible(allowed)
        self.reason.setEnabled(allowed)

    def _told(self, detail: CheckDetail) -> QWidget:
        check, words = detail.check, self._words
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(label(points(check["score_tenths"]), "figure"))
        head.addWidget(self._verdict(check))
        head.addStretch(1)
        column.addLayout(head)
        column.addWidget(label(f"{detail.ticket.get('ticket_no', '')}  "
                               f"{detail.ticket.get('title', '')}", "strong", wrap=True))  # fmt: skip
        who = _("{agent}, checked by {inspector} on {time}").format(
            agent=words.person(check["agent_id"]), inspector=words.person(check["inspector_id"]),
            time=words.full_time(check["at"]),
        )  # fmt: skip
        column.addWidget(label(who, "small", "2", wrap=True))
        critical = _("critical")
        for line in detail.lines:
            row = QHBoxLayout()
            icon, tone = FACES[line["result"]]
            row.addWidget(Tag(code_label("QualityResult", line["result"]), icon, tone))
            name = item_name(line) if line.get("zh") else code_label("QualityItem", line["item"])
            row.addWidget(label(name), 1)
            weight = _("weight {n}").format(n=line["weight"])
            extra = "  ·  ".join([weight, critical] if line.get("critical") else [weight])
            row.addWidget(label(extra, "small", "2"))
            column.addLayout(row)
        if check["note"]:
            column.addWidget(label(_("Notes for the agent"), "strong"))
            column.addWidget(label(check["note"], "", "", wrap=True, selectable=True))
        if check["voided"]:
            text = _("Left out of the figures: {reason}").format(reason=check["void_reason"])
            column.addWidget(label(text, "", "warn", wrap=True))
        return holder

    @staticmethod
    def _verdict(check: dict[str, Any]) -> Tag:
        if check["voided"]:
            return Tag(_("Void"), "ban")
        if check["passed"] is None:
            return Tag(_("Nothing applied"), "minus")
        if check["critical_fail"]:
            return Tag(_("Critical failure"), "circle-alert", "danger")
        if check["passed"]:
            return Tag(pgettext("quality", "Passed"), "circle-check", "ok")
        return Tag(_("Not passed"), "circle-x", "danger")

    def _void(self) -> None:
        if self.detail is None:
            return
        desk, key = self.place.desk, int(self.detail.check["id"])
        reason = "" if self.detail.check["voided"] else str(self.reason.value() or "")
        handle = self.place.runner.start(
            lambda _context: quality.void(desk, key, reason), lane=WRITE, owner=self
        )
        handle.on_success(self._on_voided).on_failure(self.place.shell.tell)

    def _on_voided(self, _outcome: Any) -> None:
        self.written.emit(_("Check changed"))
        self.reload()

    def _open(self) -> None:
        if self.detail is not None:
            self.place.shell.go(Route("tickets", int(self.detail.check["ticket_id"])))
