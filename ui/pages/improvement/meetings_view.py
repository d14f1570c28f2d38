"""Quality meetings: the list, and the one chosen with its points, as minutes."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from svcdesk.domain.people import Permission, may
from svcdesk.i18n.catalog import _, language, pgettext
from svcdesk.services import meetings
from ui.jobs.runner import READ, WRITE, Latest
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.improvement.meeting_dialogs import MeetingDialog, PointDialog
from ui.pages.improvement.meeting_points import PointCard
from ui.pages.improvement.view import LoopView
from ui.pages.page import Changes, Route, Workplace
from ui.pages.wording import Words, say
from ui.theme.tokens import GAP, MARGIN
from ui.widgets.button import Button, Kind
from ui.widgets.data_table import DataTable
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Tag, label
from ui.widgets.scroll_area import FitArea
from ui.widgets.side_by_side import SideBySide

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from svcdesk.services.meetings import MeetingDetail, MeetingRow, Point
    from svcdesk.system.job import JobContext

WATCHED = frozenset({"meeting", "meeting_point", "action", "improvement_item", "person"})


class MeetingPane(QWidget):
    """One meeting: its facts, its points in order, what can be done."""

    opened = Signal(object)  # Route

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place = place
        self.detail: MeetingDetail | None = None
        self._cards: list[PointCard] = []
        self._words = Words(place.desk)
        self._may = may(place.desk.roles, Permission.EDIT_IMPROVEMENTS)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GAP)
        self.title = label("", "title", wrap=True, selectable=True)
        column.addWidget(self.title)
        tags = QWidget()
        self._tags = FlowLayout(tags, gap=6)
        column.addWidget(tags)
        self._people = label("", "small", "2", wrap=True, selectable=True)
        column.addWidget(self._people)
        self._note = label("", "", "2", wrap=True, selectable=True)
        column.addWidget(self._note)
        column.addWidget(self._make_buttons())
        self.wrong = label("", "small", "danger", wrap=True)
        self.wrong.hide()
        column.addWidget(self.wrong)
        self._points = QVBoxLayout()
        self._points.setSpacing(GAP)
        column.addLayout(self._points)
        self.nothing = EmptyState()
        self.nothing.set("list-checks", _("No point yet. Write down what was said and decided."))
        column.addWidget(self.nothing)
        column.addStretch(1)

    def _make_buttons(self) -> QWidget:
        holder = QWidget()
        flow = FlowLayout(holder, gap=6)
        self.add = Button(_("New point"), icon="plus", small=True, key="N")
        self.add.clicked.connect(self.new_point)
        self.edit = Button(_("Edit"), icon="pencil", small=True, key="E")
        self.edit.clicked.connect(self.edit_meeting)
        self.copy = Button(_("Copy minutes"), kind=Kind.QUIET, icon="copy", small=True)
        self.copy.setToolTip(_("As text, for a chat group"))
        self.copy.clicked.connect(self.copy_minutes)
        self.paper = Button(_("PDF…"), kind=Kind.QUIET, icon="printer", small=True)
        self.paper.setToolTip(_("The minutes as a page"))
        self.paper.clicked.connect(self.ask_paper)
        self.away = Button(_("Remove"), kind=Kind.QUIET, icon="x", small=True)
        self.away.setToolTip(_("Remove the meeting; measures made in it stay"))
        self.away.clicked.connect(self.remove)
        for button in (self.add, self.edit, self.copy, self.paper, self.away):
            flow.addWidget(button)
        for button in (self.add, self.edit, self.away):
            button.setVisible(self._may)
        return holder

    # --- showing -------------------------------------------------------------------------

    def show_meeting(self, detail: MeetingDetail) -> None:
        """Show a meeting."""
        same = self.detail is not None and self.detail.meeting["id"] == detail.meeting["id"]
        focused = self._focused() if same else None
        self.detail = detail
        meeting = detail.meeting
        self.title.setText(meeting["title"])
        self._tags.clear()
        found = [Tag(meeting["held_on"], "calendar")]
        if meeting["chair_id"] is not None:
            chair = _("Chair: {name}").format(name=self._words.person(meeting["chair_id"]))
            found.append(Tag(chair, "user-round"))
        names = [self._words.person(key) for key in meeting["people"]]
        present = _(", ").join([*names, *filter(None, [meeting["guests"]])])
        self._people.setText(_("Present: {names}").format(names=present))
        self._people.setVisible(bool(present))
        for tag in found:
            self._tags.addWidget(tag)
            tag.show()
        self._note.setText(meeting["note"])
        self._note.setVisible(bool(meeting["note"]))
        if not same:
            self.wrong.hide()
        self._show_points(detail)
        if focused is not None:
            self._focus_again(*focused)

    def _show_points(self, detail: MeetingDetail) -> None:
        for card in self._cards:
            self._points.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = []
        for number, point in enumerate(detail.points, start=1):
            card = PointCard(self.place, number, point, editable=self._may)
            card.wanted.connect(partial(self._on_wanted, point))
            self._points.addWidget(card)
            self._cards.append(card)
        self.nothing.setVisible(not detail.points)

    def cards(self) -> list[PointCard]:
        """Return the cards of the points in order."""
        return list(self._cards)

    def _focused(self) -> tuple[int, str] | None:
        """Return point and action of the button that has the focus, to give it back."""
        for card in self.cards():
            for name, button in card.buttons.items():
                if button.hasFocus():
                    return card.point.id, name
        return None

    def _focus_again(self, key: int, name: str) -> None:
        for card in self.cards():
            if card.point.id == key:
                wanted = card.buttons.get(name) or next(iter(card.buttons.values()), None)
                if wanted is not None:
                    wanted.setFocus()

    # --- acting --------------------------------------------------------------------------

    def new_point(self) -> None:
        """Open the form of a new point."""
        if self.detail is not None and self._may:
            PointDialog(self, self.place, int(self.detail.meeting["id"])).open()

    def edit_meeting(self) -> None:
        """Open the form of the meeting."""
        if self.detail is not None and self._may:
            MeetingDialog(self, self.place, self.detail.meeting).open()

    def remove(self) -> None:
        """Take the meeting away."""
        if self.detail is not None:
            desk, key = self.place.desk, int(self.detail.meeting["id"])
            self._write(lambda: meetings.remove(desk, key), _("Meeting removed"))

    def copy_minutes(self) -> None:
        """Put the minutes on the clipboard as text."""
        if self.detail is None:
            return
        from svcdesk.services import meeting_sheet

        desk, key = self.place.desk, int(self.detail.meeting["id"])
        QGuiApplication.clipboard().setText(meeting_sheet.minutes(desk, key))
        self.place.shell.say(_("Minutes copied"), undo=False)

    def ask_paper(self) -> None:
        """Ask where the page of the minutes goes."""
        if self.detail is None:
            return
        meeting = self.detail.meeting
        name = f"{meeting['held_on']} {meeting['title']}.pdf".replace("/", "-")
        dialog = QFileDialog(self, _("Save the minutes"), name, "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(lambda path: self.write_paper(Path(path)))
        dialog.open()

    def write_paper(self, target: Path) -> None:
        """Write the minutes as PDF."""
        if self.detail is None:
            return
        desk, key, words = self.place.desk, int(self.detail.meeting["id"]), language()

        def work(context: JobContext) -> Path:
            from svcdesk.services import meeting_sheet

            meeting_sheet.write(desk, key, target, words, context)
            return target

        def done(path: Path) -> None:
            self.place.shell.say(_("Written: {name}").format(name=path.name), undo=False)

        handle = self.place.runner.start(work, lane=READ, owner=self)
        handle.on_success(done).on_failure(self.place.shell.tell)

    def _on_wanted(self, point: Point, act: str) -> None:
        desk, key = self.place.desk, point.id
        if act == "item":
            self.opened.emit(Route("improvement", point.item_id, values={"tab": "plan"}))
        elif act == "edit":
            PointDialog(self, self.place, point.meeting_id, point).open()
        elif act == "measure":
            self._write(lambda: meetings.make_measure(desk, key), _("Measure made"))
        elif act in {"settle", "reopen"}:
            done = act == "settle"
            text = _("Decision carried out") if done else _("Decision open again")
            self._write(lambda: meetings.settle(desk, key, settled=done), text)
        elif act in {"up", "down"}:
            by = -1 if act == "up" else 1
            self._write(lambda: meetings.move(desk, key, by), _("Order changed"))
        elif act == "remove":
            self._write(lambda: meetings.remove_point(desk, key), _("Point removed"))

    def _write(self, work: Any, told: str) -> None:
        self.wrong.hide()

        def done(_outcome: Any) -> None:
            self.place.shell.say(told)

        handle = self.place.runner.start(lambda _context: work(), lane=WRITE, owner=self)
        handle.on_success(done).on_failure(self._on_failed)

    def _on_failed(self, error: object) -> None:
        problems = getattr(error, "problems", None)
        if not problems:
            self.place.shell.tell(error)
            return
        self.wrong.setText(" ".join(say(problem) for problem in problems))
        self.wrong.show()


class MeetingsView(LoopView):
    """The meetings, the newest first, and the one chosen."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._words = Words(place.desk)
        self._may = may(place.desk.roles, Permission.EDIT_IMPROVEMENTS)
        self._listing = Latest(place.runner, self)
        self._opening = Latest(place.runner, self)
        self._shown = False
        self._wanted: int | None = None
        self._model = RowWindowModel(self._columns(), place.runner, self)
        self.table = DataTable(self._model, "meetings")
        self.table.setAccessibleName(_("Meetings"))
        self.table.current_changed.connect(self._on_current)
        self.table.empty.set("users", _("No meeting yet. The agenda of a new one is proposed from "
                                        "what is overdue, blocked or new."), _("New meeting"))  # fmt: skip
        self.table.empty.acted.connect(self.new)
        self.pane = MeetingPane(place)
        self.pane.opened.connect(self.opened)
        self._area = FitArea(self.pane)
        names = (pgettext("pane", "List"), pgettext("pane", "Meeting"))
        split = SideBySide(self.table, self._area, (440, 780), names)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(split)
        self._area.hide()

    def _columns(self) -> list[ColumnDef]:
        words = self._words
        return [
            ColumnDef("day", pgettext("date", "Day"), lambda r: Cell(r.held_on), 100),
            ColumnDef("title", pgettext("meeting", "Name"), lambda r: Cell(r.title), 140,
                      stretch=True, elide=True),
            ColumnDef("chair", pgettext("meeting", "Chair"),
                      lambda r: Cell(words.person(r.chair_id)), 80, drop=2, elide=True),
            ColumnDef("open", pgettext("meeting", "Open decisions"), self._open_cell, 116),
        ]  # fmt: skip

    def _open_cell(self, row: MeetingRow) -> Cell:
        if not row.decisions:
            return Cell("")
        tip = _("{open} of {n} decisions are not carried out").format(
            open=row.open, n=row.decisions
        )
        if row.open:
            return Cell(f"{row.open}/{row.decisions}", "circle-dot", icon_colour="warn", tip=tip)
        return Cell(f"0/{row.decisions}", "circle-check", icon_colour="ok", tip=tip)

    def tools(self) -> list[QWidget]:
        """Return the form of a new meeting."""
        if not self._may:
            return []
        make = Button(_("New meeting"), kind=Kind.MAIN, icon="plus")
        make.clicked.connect(self.new)
        return [make]

    def show_route(self, route: Route) -> None:
        """Show the meetings, or the one a route names."""
        key = route.values.get("meeting")
        self._wanted = key if isinstance(key, int) else self._wanted
        self.reload()

    def record_shown(self) -> tuple[str, int] | None:
        """Return the meeting in the pane."""
        detail = self.pane.detail
        return None if detail is None else ("meeting", int(detail.meeting["id"]))

    def reload(self) -> None:
        """Read the meetings."""
        self._shown = True
        desk = self.place.desk

        def work(_context: JobContext) -> list[MeetingRow]:
            return meetings.listed(desk)

        self._listing.start(work).on_success(self._on_listed).on_failure(self.place.shell.tell)

    def refresh(self, changes: Changes) -> None:
        """Read again when a meeting, or a measure made in one, was written."""
        if self._shown and changes.tables() & WATCHED:
            self.reload()

    def save_state(self) -> dict[str, Any]:
        """Keep the meeting shown."""
        return {"key": self.table.current_id()}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take it back."""
        self._wanted = state["key"]
        self.reload()

    def show_meeting(self, key: int) -> None:
        """Show one meeting."""
        self._wanted = key
        self.reload()

    def _on_listed(self, found: list[MeetingRow]) -> None:
        wanted, self._wanted = self._wanted, None
        keys = [row.id for row in found]
        present = self.table.current_id()
        self._model.show(RecordList(found))
        chosen = next((key for key in (wanted, present) if key in keys), None)
        if chosen is None:
            chosen = keys[0] if keys else None
        self._area.setVisible(chosen is not None)
        if chosen is not None:
            self.table.go_to(chosen)
            self._load(chosen)

    def _on_current(self, key: object) -> None:
        shown = self.pane.detail
        if isinstance(key, int) and (shown is None or shown.meeting["id"] != key):
            self._load(key)

    def _load(self, key: int) -> None:
        desk = self.place.desk

        def work(_context: JobContext) -> MeetingDetail:
            return meetings.get(desk, key)

        self._opening.start(work).on_success(self.pane.show_meeting).on_failure(self._on_gone)

    def _on_gone(self, error: object) -> None:
        if getattr(error, "code", "") != "gone":  # undo took the meeting that was shown
            self.place.shell.tell(error)

    def new(self) -> None:
        """Open the form of a new meeting."""
        dialog = MeetingDialog(self, self.place)
        dialog.saved.connect(self._on_made)
        dialog.open()

    def _on_made(self, key: object) -> None:
        if isinstance(key, int):
            self.place.shell.say(_("Meeting written down"))
            self.show_meeting(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Single keys: they arrive here only while no text field has the focus."""
        key = event.text().upper()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        elif key in {"J", "K"}:
            self.table.step(1 if key == "J" else -1)
        elif key == "N":
            self.pane.new_point()
        elif key == "E":
            self.pane.edit_meeting()
        else:
            super().keyPressEvent(event)
