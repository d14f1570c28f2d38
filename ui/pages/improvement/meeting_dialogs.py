"""Forms of meetings: the meeting with its proposed agenda, a point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from svcdesk.domain.agenda import Reason
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.services import improvements, meetings
from ui.jobs.runner import Latest
from ui.models.choices import Choice
from ui.pages.customers.dialogs import DateField
from ui.pages.form_dialog import FormDialog
from ui.pages.wording import Words
from ui.theme.icons import icon
from ui.theme.tokens import px
from ui.widgets.editors import ChoiceField, LongTextField, ManyField, TextField
from ui.widgets.labels import label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from svcdesk.services.meetings import AgendaEntry, Point
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

ROLE = Qt.ItemDataRole.UserRole
ICONS = {
    Reason.CARRIED: ("forward", "accent"), Reason.OVERDUE: ("clock-alert", "danger"),
    Reason.BLOCKED: ("circle-pause", "warn"), Reason.RECHECK: ("repeat", "warn"),
    Reason.VERIFYING: ("eye", "accent"), Reason.NEW: ("circle-plus", "text-2"),
}  # fmt: skip
OVER = frozenset({"closed", "void", "merged"})
AGENDA_HEIGHT = 150


class MeetingDialog(FormDialog):
    """A meeting; a new one shows the agenda proposed for it, every entry ticked."""

    def __init__(
        self, parent: QWidget, place: Workplace, meeting: dict[str, Any] | None = None
    ) -> None:
        title = _("New meeting") if meeting is None else _("Edit the meeting")
        super().__init__(parent, place, title, _("Save"))
        self._meeting = meeting
        self._job = Latest(place.runner, self)
        words, form = Words(place.desk), self.form
        form.add("title", pgettext("meeting", "Name"),
                 TextField("", meetings.LONGEST_TITLE), required=True)  # fmt: skip
        day = DateField(pgettext("date", "Day"))
        day.require()
        form.add("held_on", pgettext("date", "Day"), day, required=True)
        form.add("chair_id", pgettext("meeting", "Chair"),
                 ChoiceField(words.people(), pgettext("manager", "Nobody")))  # fmt: skip
        form.add("people", pgettext("meeting", "People"),
                 ManyField(words.people(), pgettext("meeting", "Nobody")))  # fmt: skip
        form.add("guests", _("Guests"), TextField(_("Names of others, with their department"), 200),
                 span=2)  # fmt: skip
        form.add("note", _("Remark"), LongTextField("", 2), span=2)
        self.agenda = QListWidget()
        self.agenda.setAccessibleName(_("Proposed agenda"))
        self.agenda.setWordWrap(True)
        self.agenda.setFixedHeight(px(AGENDA_HEIGHT))
        self._head = label(_("Proposed agenda: untick what is not spoken of"), "small", "2")
        if meeting is None:
            self.column.insertWidget(1, self._head)
            self.column.insertWidget(2, self.agenda)
            self._read()
        today = words.local(words.now()).date().isoformat()
        form.populate(
            meeting or {"title": _("Quality review"), "held_on": today,
                        "people": meetings.last_people(place.desk),
                        "chair_id": place.desk.actor.id}
        )  # fmt: skip
        form.editor("title").setFocus()

    def _read(self) -> None:
        desk = self.place.desk

        def work(_context: JobContext) -> list[AgendaEntry]:
            return meetings.agenda(desk)

        self._job.start(work).on_success(self._show).on_failure(self.place.shell.tell)

    def _show(self, found: list[AgendaEntry]) -> None:
        self.agenda.clear()
        for entry in found:
            head = " ".join(part for part in (entry.number, entry.title) if part)
            text = entry.text
            if entry.reason is Reason.CARRIED:
                text = _("Open decision: {text}").format(text=entry.text)
            name, ink = ICONS[entry.reason]
            item = QListWidgetItem(icon(name, ink), f"{head}\n{text}" if head else text)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            item.setData(ROLE, entry)
            self.agenda.addItem(item)
        self.agenda.setVisible(bool(found))
        if not found:
            self._head.setText(_("Nothing is overdue, blocked, being verified or new."))

    def entries(self) -> list[AgendaEntry]:
        """Return the entries of the agenda that are ticked."""
        items = [self.agenda.item(place) for place in range(self.agenda.count())]
        return [i.data(ROLE) for i in items if i.checkState() == Qt.CheckState.Checked]

    def save(self) -> None:
        """Write the meeting."""
        desk, values, meeting = self.place.desk, self.form.values(), self._meeting
        if meeting is None:
            entries = self.entries()
            self.write(lambda: meetings.save(desk, None, values, entries=entries))
            return
        key, version = int(meeting["id"]), int(meeting["row_version"])
        self.write(lambda: meetings.save(desk, key, values, version))


class PointDialog(FormDialog):
    """A point: a note, or a decision with who and until when; about an item or none."""

    def __init__(
        self, parent: QWidget, place: Workplace, meeting_id: int, point: Point | None = None
    ) -> None:
        title = _("New point") if point is None else _("Edit the point")
        super().__init__(parent, place, title, _("Save"))
        self._meeting, self._point = meeting_id, point
        words, form = Words(place.desk), self.form
        kinds = [Choice("decision", pgettext("meeting", "Decision")),
                 Choice("note", pgettext("meeting", "Note"))]  # fmt: skip
        form.add("kind", _("Kind"), ChoiceField(kinds))
        present = None if point is None else point.item_id
        items = [
            Choice(row.id, f"{row.number} {row.title}") for row in improvements.listed(place.desk)
            if row.status not in OVER or row.id == present
        ]  # fmt: skip
        form.add("item_id", _("Improvement item"), ChoiceField(items, _("none")))
        form.add("text", _("What was said or decided"), LongTextField("", 3), span=2,
                 required=True)  # fmt: skip
        form.add("owner_id", _("In charge"),
                 ChoiceField(words.people(), pgettext("manager", "Nobody")))  # fmt: skip
        form.add("due_date", _("Due"), DateField(_("no day")))
        form.edited.connect(self._on_edited)
        known: dict[str, Any] = {"kind": "decision", "due_date": None}
        if point is not None:
            known = {**point._asdict(), "due_date": point.due}
        form.populate(known)
        form.editor("text").setFocus()
        self._on_edited("kind")

    def _on_edited(self, key: str) -> None:
        if key == "kind":
            decided = self.form.editor("kind").value() == "decision"
            for name in ("owner_id", "due_date"):
                self.form.field(name).setVisible(decided)

    def save(self) -> None:
        """Write the point."""
        desk, meeting, point = self.place.desk, self._meeting, self._point
        values = self.form.values()
        if values["kind"] == "note":
            values |= {"owner_id": None, "due_date": None}
        key = None if point is None else point.id
        version = None if point is None else point.row_version
        self.write(lambda: meetings.save_point(desk, meeting, key, values, version))
