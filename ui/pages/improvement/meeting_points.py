"""A point of a meeting as a card: what, about what, who, until when, where it stands."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _, pgettext
from svcdesk.services.improvement_rows import today
from svcdesk.services.meeting_sheet import state_of
from ui.pages.improvement.plan_tab import FACES
from ui.pages.wording import Words
from ui.theme.tokens import GAP, px
from ui.widgets.button import Button, Kind, icon_button
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Link, Tag, box, label

if TYPE_CHECKING:
    from svcdesk.services.meetings import Point
    from ui.pages.page import Workplace


class PointCard(QWidget):
    """One point; ``wanted`` says what is to be done with it."""

    wanted = Signal(str)

    def __init__(self, place: Workplace, number: int, point: Point, *, editable: bool) -> None:
        super().__init__()
        self.point = point
        self.buttons: dict[str, Button] = {}
        self._words = Words(place.desk)
        self._today = today(place.desk).isoformat()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        card = box("card")
        outer.addWidget(card)
        column = QVBoxLayout(card)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.setSpacing(px(4))
        if point.item_number:
            link = Link(f"{point.item_number}  {point.item_title}", "small")
            link.setToolTip(_("Open the improvement item"))
            link.clicked.connect(partial(self.wanted.emit, "item"))
            column.addWidget(link)
        column.addWidget(label(f"{number}. {point.text}", "strong", wrap=True, selectable=True))
        tags = QWidget()
        flow = FlowLayout(tags, gap=6)
        for tag in self._tags():
            flow.addWidget(tag)
        column.addWidget(tags)
        if editable:
            column.addWidget(self._make_buttons(number))

    def _tags(self) -> list[Tag]:
        point = self.point
        if point.kind == "note":
            return [Tag(pgettext("meeting", "Note"), "text")]
        found = [Tag(pgettext("meeting", "Decision"), "circle-arrow-right", "accent")]
        if point.carried_from_id is not None:
            found.append(Tag(_("from the meeting before"), "forward"))
        if point.owner_id is not None:
            found.append(Tag(self._words.person(point.owner_id), "user-round"))
        due = point.action_due or point.due
        if due:
            late = point.is_open and due < self._today
            text = _("late since {day}") if late else _("due {day}")
            found.append(Tag(text.format(day=due), "clock-alert" if late else "calendar",
                             "danger" if late else "neutral"))  # fmt: skip
        icon, tone = FACES[point.action_state or ("done" if point.settled else "todo")]
        found.append(Tag(state_of(point), icon, tone))
        return found

    def _make_buttons(self, number: int) -> QWidget:
        point = self.point
        holder = QWidget()
        flow = FlowLayout(holder, gap=6)
        if point.kind == "decision" and point.action_id is None:
            if not point.settled:
                self._button(_("Make it a measure"), "measure", number, "list-checks")
                self._button(_("Carried out"), "settle", number, "circle-check")
            else:
                self._button(_("Open again"), "reopen", number, "undo-2")
        self._button(_("Edit"), "edit", number, "", Kind.QUIET)
        for act, icon, name in (("up", "arrow-up", _("Move up")), ("down", "arrow-down",
                                _("Move down")), ("remove", "x", _("Remove"))):  # fmt: skip
            self.buttons[act] = icon_button(icon, _("{act}: point {n}").format(act=name, n=number))
        for act, button in self.buttons.items():
            button.clicked.connect(partial(self._on_clicked, act))
            flow.addWidget(button)
        return holder

    def _button(
        self, text: str, act: str, number: int, icon: str, kind: Kind = Kind.NORMAL
    ) -> None:
        button = Button(text, kind=kind, icon=icon, small=True)
        button.setAccessibleName(_("{act}: point {n}").format(act=text, n=number))
        self.buttons[act] = button

    def _on_clicked(self, act: str, *_args: object) -> None:
        self.wanted.emit(act)
