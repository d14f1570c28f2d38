"""What was found about the record that is shown: a banner for each, answered where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.services import detection
from svcdesk.services import detection_findings as findings
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE, Latest
from ui.models.choices import Choice
from ui.pages.complaints.detected_words import ESCALATED, LOOKS, rule_name, sentence, state_name
from ui.pages.wording import Words, say
from ui.widgets.banner import Banner
from ui.widgets.button import Button, Kind
from ui.widgets.editors import ChoiceField, TextField
from ui.widgets.labels import label

if TYPE_CHECKING:
    from collections.abc import Callable

    from svcdesk.services.detection_findings import Finding
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace


class DetectedBanners(QWidget):
    """Reads the findings of a complaint or of a ticket's complaints, and takes the answers."""

    record_wanted = Signal(object)
    group_wanted = Signal(object)
    merge_wanted = Signal(str)  # number of the complaint that goes on

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._words = Words(place.desk)
        self._key: int | None = None
        self._ticket = False
        self._job = Latest(place.runner, self)
        self.findings: list[Finding] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._banners = QVBoxLayout()
        self._banners.setSpacing(8)
        self._column.addLayout(self._banners)
        self.link = LinkBox(place)
        self.link.hide()
        self._column.addWidget(self.link)
        self.hide()

    def show_complaint(self, complaint_id: int) -> None:
        """Show what was found about a complaint."""
        self._load(complaint_id, ticket=False)

    def show_ticket(self, ticket_id: int) -> None:
        """Show what was found about the complaints that a ticket is linked to."""
        self._load(ticket_id, ticket=True)

    def open_link(self) -> None:
        """Ask for the complaint that this one repeats or follows."""
        if self._key is not None and not self._ticket:
            self.show()
            self.link.open_for(self._key)

    def _load(self, key: int, *, ticket: bool) -> None:
        if (key, ticket) != (self._key, self._ticket):
            self._clear()
            self.link.hide()
        self._key, self._ticket = key, ticket
        desk = self._place.desk

        def work(_context: JobContext) -> tuple[int, list[Finding]]:
            found = findings.of_ticket(desk, key) if ticket else findings.of_record(desk, key)
            return key, found

        self._job.start(work).on_success(self._on_loaded).on_failure(self._place.shell.tell)

    def _on_loaded(self, loaded: tuple[int, list[Finding]]) -> None:
        key, found = loaded
        if key != self._key:
            return
        self.findings = found
        self._clear()
        for finding in found:
            self._banners.addWidget(self._banner(finding))
        self.setVisible(bool(found) or not self.link.isHidden())

    def _clear(self) -> None:
        while (item := self._banners.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    # --- one banner ----------------------------------------------------------------------

    def _banner(self, finding: Finding) -> Banner:
        icon, tone = LOOKS[finding.rule]
        if finding.state == findings.DENIED:
            tone = "neutral"
        title = rule_name(finding.rule)
        if self._ticket:
            title = _("{finding}: {number}").format(finding=title, number=finding.side.number)
        elif finding.answer is not None:
            title = _("{finding} ({state})").format(
                finding=title, state=state_name(finding.state).lower()
            )
        banner = Banner(tone, icon, title, self._more(finding), tuple(self._actions(finding)))
        banner.acted.connect(lambda action, f=finding: self._act(f, action))
        return banner

    def _more(self, finding: Finding) -> str:
        parts = [sentence(finding, self._words)]
        if finding.state == findings.DENIED:
            return parts[0]
        if finding.rule == "repeat" and finding.side.chain >= ESCALATED:
            parts.append(_("Third complaint or more: severity major and escalation proposed."))
        if finding.rule == "repeat" and finding.side.department_id is None:
            parts.append(_("Enter the responsible department and person."))
        return " ".join(parts)

    def _actions(self, finding: Finding) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        if self._ticket:
            return [("record", _("Open the complaint"))]
        asked = finding.answer is None and not (finding.rule == "exposure" and finding.side.exposed)
        if asked:
            found += [("confirmed", _("Confirm")), ("denied", _("Deny"))]
        if findings.merge_offer(finding) is not None:
            found.append(("merge", _("Merge the two…")))
        if finding.other is not None:
            found.append(("other", _("Open {number}").format(number=finding.other.number)))
        if finding.group is not None:
            found.append(("group", _("Show the group")))
        if finding.answer is not None:
            found.append(("again", _("Ask again")))
        return found

    def _act(self, finding: Finding, action: str) -> None:
        if action == "record":
            self.record_wanted.emit(finding.side.id)
        elif action == "other" and finding.other is not None:
            self.record_wanted.emit(finding.other.id)
        elif action == "group" and finding.group is not None:
            self.group_wanted.emit(finding.group.id)
        elif action == "merge":
            self.merge_wanted.emit(findings.merge_offer(finding) or "")
        elif action == "again":
            self._ask_again(finding)
        else:
            self._answer(finding, action)

    # --- answers -------------------------------------------------------------------------

    def _answer(self, finding: Finding, verdict: str) -> None:
        desk, rule, key, other = self._place.desk, finding.rule, finding.side.id, finding.other_id
        if rule == "group" and verdict == findings.CONFIRMED and finding.group is not None:
            group_id = finding.group.id
            self._write(lambda: detection.answer_group(desk, group_id, verdict))
            return
        self._write(lambda: detection.answer(desk, rule, key, verdict, other_id=other))

    def _ask_again(self, finding: Finding) -> None:
        desk, rule, key = self._place.desk, finding.rule, finding.side.id
        if rule == "group" and finding.group is not None:
            group_id = finding.group.id
            self._write(lambda: detection.take_back_group(desk, group_id))
            return
        other = finding.other_id if rule == "second" else None
        self._write(lambda: detection.take_back(desk, rule, key, other))

    def _write(self, work: Callable[[], Any]) -> None:
        handle = self._place.runner.start(lambda _context: work(), lane=WRITE, owner=self)
        handle.on_success(self._on_answered).on_failure(self._place.shell.tell)

    def _on_answered(self, _outcome: Any) -> None:
        self._place.shell.say(_("Answer kept"))
        if self._key is not None:
            self._load(self._key, ticket=self._ticket)


class LinkBox(QWidget):
    """Links a complaint by hand: it repeats, or came after the end of, another one."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._key: int | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        row = QHBoxLayout()
        self.rule = ChoiceField(
            [Choice("repeat", _("Repeats")), Choice("second", _("Came after the end of"))]
        )
        self.rule.setAccessibleName(_("Kind of link"))
        self.number = TextField("TS202611-0001", 40)
        self.number.setAccessibleName(_("Number of the earlier complaint"))
        self.number.returnPressed.connect(self._save)
        save = Button(_("Link"), kind=Kind.MAIN, icon="link", small=True)
        save.clicked.connect(self._save)
        cancel = Button(_("Cancel"), kind=Kind.QUIET, small=True)
        cancel.clicked.connect(self.hide)
        row.addWidget(label(_("This complaint"), "small", "2"))
        row.addWidget(self.rule)
        row.addWidget(self.number, 1)
        row.addWidget(save)
        row.addWidget(cancel)
        column.addLayout(row)
        self.wrong = label("", "small", "danger", wrap=True)
        self.wrong.hide()
        column.addWidget(self.wrong)

    def open_for(self, complaint_id: int) -> None:
        """Ask for the other complaint of ``complaint_id``."""
        self._key = complaint_id
        self.rule.set_value("repeat")
        self.number.clear()
        self.wrong.hide()
        self.show()
        self.number.setFocus()

    def _save(self) -> None:
        desk, key = self._place.desk, self._key
        number, rule = str(self.number.value() or ""), str(self.rule.value())
        if key is None:
            return
        handle = self._place.runner.start(
            lambda _context: detection.link(desk, rule, key, number), lane=WRITE, owner=self
        )
        handle.on_success(self._on_linked).on_failure(self._on_refused)

    def _on_linked(self, _outcome: Any) -> None:
        self.hide()
        self._place.shell.say(_("Linked"))

    def _on_refused(self, error: object) -> None:
        if isinstance(error, ProblemsError):
            self.wrong.setText(" ".join(say(problem) for problem in error.problems))
            self.wrong.show()
        else:
            self._place.shell.tell(error)
