"""The page of findings: what is to be judged, chains, groups, publications, what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QPlainTextEdit,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from svcdesk.services import detection
from svcdesk.services import detection_findings as findings
from ui.jobs.runner import WRITE, Latest
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.complaints.detected_evidence import EvidencePane
from ui.pages.complaints.detected_group import GroupPane
from ui.pages.complaints.detected_words import LOOKS, STATES, rule_name, sentence, state_name
from ui.pages.wording import Words
from ui.theme.tokens import metrics, px
from ui.widgets.data_table import DataTable
from ui.widgets.labels import box
from ui.widgets.tabs import TabDef, TabRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from PySide6.QtGui import QKeyEvent

    from svcdesk.services.detection_findings import Board, Finding, GroupPage
    from svcdesk.system.job import JobContext
    from ui.pages.page import Changes, Workplace

ICON_ROOM = 40  # icon and margins of a cell
OPEN, CHAINS, GROUPS, EXPOSED, ANSWERED = "open", "chains", "groups", "exposed", "answered"
TABLES = frozenset({"complaint", "complaint_text", "complaint_group", "detection_verdict",
                    "customer", "setting", "exposure_note"})  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A row of the list: a finding, or a group."""

    id: int
    finding: Finding | None = None
    group: GroupPage | None = None


class DetectedPane(QWidget):
    """List left, evidence right; Y confirms, N denies, and the next one is there."""

    record_wanted = Signal(object)
    merge_wanted = Signal(object, str)  # complaint, number of the one that goes on
    counted = Signal(int)  # questions that are open

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._words = Words(place.desk)
        self._board: Board | None = None
        self._lines: dict[int, Line] = {}
        self._ids: dict[tuple[str, int, int | None], int] = {}
        self._job = Latest(place.runner, self)
        self._detail = Latest(place.runner, self)
        self._wanted: object = None  # group to be shown when everything is read
        self._after = 0  # place in the list to go to when an answered question has left it
        names = ((OPEN, _("To be judged")), (CHAINS, _("Chains")), (GROUPS, _("Groups")),
                 (EXPOSED, _("Exposure")), (ANSWERED, _("Judged")))  # fmt: skip
        self.tabs = TabRow([TabDef(key, name) for key, name in names])
        self.tabs.choose(OPEN)
        self.tabs.chosen.connect(self._show_tab)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = box("surface", "bottom")
        inner = QHBoxLayout(head)
        inner.setContentsMargins(8, 0, 8, 0)
        inner.addWidget(self.tabs, 1)
        column.addWidget(head)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        self.model = RowWindowModel(self._columns(), place.runner, self)
        self.table = DataTable(self.model, "findings")
        self.table.current_changed.connect(self._on_current)
        self.table.opened.connect(self._on_opened)
        self.table.empty.set("circle-check", _("Nothing to be judged."))
        split.addWidget(self.table)
        split.addWidget(self._build_side())
        split.setSizes([px(640), px(480)])
        column.addWidget(split, 1)

    def _build_side(self) -> QWidget:
        self.evidence = EvidencePane(self._place.desk)
        self.evidence.answered.connect(self._on_answered)
        self.evidence.asked_again.connect(self._on_asked_again)
        self.evidence.merge_wanted.connect(self.merge_wanted)
        self.evidence.record_wanted.connect(self.record_wanted)
        self.evidence.group_wanted.connect(self.show_group)
        self.group = GroupPane(self._place.desk)
        self.group.answered.connect(self._on_group_answered)
        self.group.asked_again.connect(self._on_group_asked_again)
        self.group.member_denied.connect(self._on_member_denied)
        self.group.measures_wanted.connect(self._on_measures)
        self.group.record_wanted.connect(self.record_wanted)
        self._side = QStackedWidget()
        self._side.addWidget(self.evidence)
        self._side.addWidget(self.group)
        return self._side

    def _columns(self) -> list[ColumnDef]:
        return [
            ColumnDef("rule", _("Finding"), self._rule, _widest(map(rule_name, LOOKS))),
            ColumnDef("number", _("Complaint no."), self._number, 124),
            ColumnDef("at", _("Received"), self._at, 96),
            ColumnDef("why", _("Evidence"), self._why, 220, stretch=True, elide=True),
            ColumnDef("state", _("State"), self._state, _widest(map(state_name, STATES)), drop=1),
        ]

    # --- cells ---------------------------------------------------------------------------

    def _rule(self, line: Line) -> Cell:
        rule = line.finding.rule if line.finding is not None else "group"
        icon, tone = LOOKS[rule]
        return Cell(rule_name(rule), icon, icon_colour=tone)

    def _number(self, line: Line) -> Cell:
        if line.finding is not None:
            return Cell(line.finding.side.number)
        return Cell(line.group.group.number if line.group is not None else "")

    def _at(self, line: Line) -> Cell:
        if line.finding is not None:
            at = line.finding.side.received_at
        else:
            at = line.group.group.triggered_at if line.group is not None else 0
        return Cell(self._words.time(at), colour="text-2", tip=self._words.full_time(at))

    def _why(self, line: Line) -> Cell:
        if line.finding is not None:
            text = sentence(line.finding, self._words)
        elif line.group is not None:
            text = sentence(_of_page(line.group), self._words)
        else:
            text = ""
        return Cell(text, tip=text)

    def _state(self, line: Line) -> Cell:
        if line.group is not None:
            return Cell(state_name(line.group.state), STATES[line.group.state], "text-2")
        finding = line.finding
        if finding is None:
            return Cell("")
        if finding.rule == "exposure" and finding.side.exposed:
            state = finding.side.exposure_state or "watching"
            return Cell(code_label("ExposureState", state), "eye", "text-2")
        return Cell(state_name(finding.state), STATES[finding.state], "text-2")

    # --- showing -------------------------------------------------------------------------

    def load(self) -> None:
        """Read everything again."""
        desk = self._place.desk

        def work(_context: JobContext) -> Board:
            return findings.board(desk)

        self._job.start(work).on_success(self._on_loaded).on_failure(self._place.shell.tell)

    def refresh(self, changes: Changes) -> None:
        """Show what a write has changed."""
        if changes.tables() & TABLES:
            self.load()

    def open(self, values: Mapping[str, Any]) -> None:
        """Show the findings; ``group``: the page of that group."""
        self._wanted = values.get("group")
        self.tabs.choose(GROUPS if self._wanted else self.tabs.key())
        self.load()
        self.table.setFocus()

    def _on_loaded(self, board: Board) -> None:
        self._board = board
        for key, rows in ((OPEN, board.questions), (CHAINS, board.chains), (GROUPS, board.groups),
                          (EXPOSED, board.exposures)):  # fmt: skip
            self.tabs.set_count(key, len(rows))
        self.counted.emit(len(board.questions))
        self._show_tab(self.tabs.key())
        wanted, self._wanted = self._wanted, None
        if isinstance(wanted, int):
            self.table.go_to(wanted)
            self._on_current(wanted)

    def _show_tab(self, key: str) -> None:
        self.tabs.choose(key)
        if self._board is None:
            return
        lines = self._lines_of(self._board, key)
        before = self.table.current_id()
        self._lines = {line.id: line for line in lines}
        empty = {OPEN: _("Nothing to be judged."), ANSWERED: _("Nothing was answered yet.")}
        self.table.empty.set("circle-check", empty.get(key, _("Nothing found.")))
        self.model.show(RecordList(lines))
        if before not in self._lines and lines:
            before = lines[min(self._after, len(lines) - 1)].id
        if before is not None and before in self._lines:
            self.table.go_to(before)
            self._on_current(before)
        else:
            self._show(None)

    def _lines_of(self, board: Board, key: str) -> list[Line]:
        if key == GROUPS:
            return [Line(page.group.id, group=page) for page in board.groups]
        if key == CHAINS:
            return [
                Line(self._id("repeat", side.id), findings.Finding("repeat", side))
                for side in board.chains
            ]
        found = {OPEN: board.questions, EXPOSED: board.exposures, ANSWERED: board.answered}[key]
        return [Line(self._id(f.rule, f.side.id, f.other_id), f) for f in found]

    def _id(self, rule: str, complaint: int, other: int | None = None) -> int:
        """Return the key of a row: a complaint may have several findings."""
        return self._ids.setdefault((rule, complaint, other), len(self._ids) + 1)

    def _on_current(self, key: object) -> None:
        line = self._lines.get(key) if isinstance(key, int) else None
        if line is not None:
            self._after = list(self._lines).index(line.id)
        self._show(line)

    def _show(self, line: Line | None) -> None:
        if line is not None and line.group is not None:
            self._show_group(line.group)
            return
        self._side.setCurrentWidget(self.evidence)
        finding = line.finding if line is not None else None
        if finding is not None and self.tabs.key() == CHAINS:
            self._load_chain(finding)
        else:
            self.evidence.show_finding(finding)

    def _load_chain(self, finding: Finding) -> None:
        """Show the last link of a chain with its evidence."""
        desk, key = self._place.desk, finding.side.id

        def work(_context: JobContext) -> list[Finding]:
            return [f for f in findings.of_record(desk, key) if f.rule == "repeat"]

        def show(found: list[Finding]) -> None:
            self.evidence.show_finding(found[0] if found else finding)

        self._detail.start(work).on_success(show).on_failure(self._place.shell.tell)

    def show_group(self, key: object) -> None:
        """Show the page of a group."""
        desk = self._place.desk
        if not isinstance(key, int):
            return

        def work(_context: JobContext) -> GroupPage | None:
            return findings.group(desk, key)

        handle = self._detail.start(work)
        handle.on_success(self._show_group).on_failure(self._place.shell.tell)

    def _show_group(self, page: GroupPage | None) -> None:
        if page is not None:
            self.group.show_group(page)
            self._side.setCurrentWidget(self.group)

    # --- answering -----------------------------------------------------------------------

    def _write(self, work: Callable[[], Any], done: str) -> None:
        handle = self._place.runner.start(lambda _context: work(), lane=WRITE, owner=self)
        handle.on_success(lambda _outcome: self._place.shell.say(done))
        handle.on_failure(self._place.shell.tell)

    def _on_answered(self, finding: Finding, verdict: str, note: str) -> None:
        desk = self._place.desk
        number = finding.side.number
        text = _("{number} confirmed") if verdict == findings.CONFIRMED else _("{number} denied")
        done = text.format(number=number)
        if finding.rule == "group" and finding.group is not None:
            group_id = finding.group.id
            self._write(lambda: detection.answer_group(desk, group_id, verdict, note), done)
            return
        rule, key, other = finding.rule, finding.side.id, finding.other_id
        self._write(
            lambda: detection.answer(desk, rule, key, verdict, other_id=other, note=note), done
        )

    def _on_asked_again(self, finding: Finding) -> None:
        desk, rule, key = self._place.desk, finding.rule, finding.side.id
        done = _("{number} is asked again").format(number=finding.side.number)
        if rule == "group" and finding.group is not None:
            group_id = finding.group.id
            self._write(lambda: detection.take_back_group(desk, group_id), done)
            return
        other = finding.other_id if rule == "second" else None
        self._write(lambda: detection.take_back(desk, rule, key, other), done)

    def _on_group_answered(self, key: object, verdict: str, note: str) -> None:
        if isinstance(key, int):
            desk = self._place.desk
            done = _("Group complaint answered")
            self._write(lambda: detection.answer_group(desk, key, verdict, note), done)

    def _on_group_asked_again(self, key: object) -> None:
        if isinstance(key, int):
            desk = self._place.desk
            done = _("The group is asked again")
            self._write(lambda: detection.take_back_group(desk, key), done)

    def _on_member_denied(self, complaint: object, group: object) -> None:
        if isinstance(complaint, int) and isinstance(group, int):
            desk = self._place.desk
            self._write(
                lambda: detection.answer(desk, "group", complaint, "denied", other_id=group),
                _("Taken out of the group"),
            )

    def _on_measures(self, key: object, text: str, version: int) -> None:
        if isinstance(key, int):
            desk = self._place.desk
            self._write(
                lambda: detection.set_measures(desk, key, text, version), _("Measures saved")
            )

    def _on_opened(self, key: object) -> None:
        line = self._lines.get(key) if isinstance(key, int) else None
        if line is not None and line.finding is not None:
            self.record_wanted.emit(line.finding.side.id)

    # --- keys ----------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Y confirms, N denies, U asks again, M merges, G shows the group; J and K go on."""
        letter = event.text().lower()
        typing = isinstance(QApplication.focusWidget(), QPlainTextEdit)
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() == Qt.Key.Key_S:
            self.group.save_measures()
        elif typing or control or not self._act(letter):
            super().keyPressEvent(event)

    def _act(self, letter: str) -> bool:
        on_group = self._side.currentWidget() is self.group
        pane = self.group if on_group else self.evidence
        actions: dict[str, Callable[[], None]] = {
            "y": lambda: pane.answer(findings.CONFIRMED),
            "n": lambda: pane.answer(findings.DENIED),
            "u": pane.ask_again,
            "m": self.evidence.offer_merge,
            "g": self.evidence.open_group,
            "j": lambda: self.table.step(1),
            "k": lambda: self.table.step(-1),
        }
        act = actions.get(letter)
        if act is not None:
            act()
        return act is not None


def _widest(names: Iterable[str]) -> int:
    """Return the width of a column of these names with an icon."""
    return max(metrics().horizontalAdvance(name) for name in names) + ICON_ROOM


def _of_page(page: GroupPage) -> Finding:
    return findings.Finding("group", page.members[0], group=page.group)
