"""What a template holds, edited: reply, checklist, values of a ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.domain import aids as rules
from svcdesk.domain.record_kinds import details_of
from svcdesk.i18n.catalog import _, language
from ui.models.choices import Choice
from ui.pages.fields import Fields, from_columns, to_columns
from ui.pages.kind_fields import KindFields
from ui.theme.tokens import GAP
from ui.widgets.button import Button, Kind, icon_button
from ui.widgets.editors import CheckField, ChoiceField, LongTextField, ManyField, TextField
from ui.widgets.flow import FlowLayout
from ui.widgets.form import Form
from ui.widgets.labels import label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svcdesk.domain.aids import Aid
    from ui.pages.page import Workplace

VALUES = ("title", "description", "request_type", "priority", "channel", "complexity", "issue_l1",
          "issue_l2", "product", "resp_dept")  # fmt: skip
_WIDE = frozenset({"title", "description"})
_CHOICES = frozenset({"request_type", "priority", "channel", "complexity", "issue_l1", "resp_dept"})


class Body(QWidget):
    """The part of the editor that depends on the kind of template."""

    def body(self) -> dict[str, Any]:
        """Return what stands in the editor."""
        raise NotImplementedError

    def show_body(self, body: Mapping[str, Any]) -> None:
        """Show what a template holds."""
        raise NotImplementedError

    def show_checklists(self, found: Sequence[Aid]) -> None:
        """Take the checklists that may be chosen."""


# -- replies -----------------------------------------------------------------------------------


def placeholder_name(fact: str) -> str:
    """Return the name of a placeholder in the language of the screen."""
    names = rules.PLACEHOLDERS[fact]
    return names[0] if language() == "zh_CN" else next(n for n in names if n.isascii())


def in_braces(fact: str) -> str:
    """Return a placeholder as it stands in a text."""
    return "{" + placeholder_name(fact) + "}"


def example_facts() -> dict[str, str]:
    """Return what the preview fills in."""
    return {
        "customer": _("Ms Zhang"), "ticket": "GD202604-0001", "title": _("Does not cool"),
        "order": "202604010001", "product": _("Air conditioner"), "serial": "SN20260401",
        "due": "2026-04-02 18:00", "visit": "2026-04-02 14:00", "owner": _("Zhou Min"),
        "department": _("Warehouse"), "solution": _("Replaced the board"),
        "organisation": _("Our service desk"), "today": "2026-04-01",
    }  # fmt: skip


class ReplyBody(Body):
    """Text, buttons that put placeholders in, and how it will read."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        self.form = Form(columns=1)
        self.text = LongTextField(_("Dear {name}, …").format(name=in_braces("customer")), lines=6)
        self.form.add("text", _("Text"), self.text, required=True)
        column.addWidget(self.form)
        holder = QWidget()
        flow = FlowLayout(holder, gap=4)
        for fact in rules.PLACEHOLDERS:
            name = placeholder_name(fact)
            button = Button(name, kind=Kind.QUIET, icon="plus", small=True)
            button.setProperty("name", name)
            button.setToolTip(_("Put “{name}” into the text").format(name=f"{{{name}}}"))
            button.clicked.connect(self._insert)
            flow.addWidget(button)
        column.addWidget(holder)
        column.addWidget(label(_("How it reads"), "small", "2"))
        self.preview = label("", "", "2", wrap=True)
        column.addWidget(self.preview)
        self.text.textChanged.connect(self._show_preview)

    def _insert(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.text.insertPlainText(f"{{{sender.property('name')}}}")
            self.text.setFocus()

    def _show_preview(self) -> None:
        self.preview.setText(rules.fill(self.text.toPlainText(), example_facts()).text or "—")

    def body(self) -> dict[str, Any]:
        """Return the text."""
        return {"text": self.text.value() or ""}

    def show_body(self, body: Mapping[str, Any]) -> None:
        """Show the text."""
        self.form.populate({"text": body.get("text")})
        self._show_preview()


# -- rows --------------------------------------------------------------------------------------


class Row(QWidget):
    """A row that can be moved and removed; its content stands in ``room``."""

    move_wanted = Signal(object, int)
    remove_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        self.room = QVBoxLayout()
        self.room.setSpacing(4)
        line.addLayout(self.room, 1)
        entries = (("chevron-up", _("Move up"), -1), ("chevron-down", _("Move down"), 1),
                   ("x", _("Remove"), 0))  # fmt: skip
        for sign, name, step in entries:
            button = icon_button(sign, name)
            button.setProperty("step", step)
            button.clicked.connect(self._on_clicked)
            line.addWidget(button, alignment=Qt.AlignmentFlag.AlignTop)

    def _on_clicked(self) -> None:
        sender = self.sender()
        step = int(sender.property("step")) if sender is not None else 0
        if step:
            self.move_wanted.emit(self, step)
        else:
            self.remove_wanted.emit(self)


class RowsBody(Body):
    """Rows in their order, and a button for one more."""

    def __init__(self, more: str) -> None:
        super().__init__()
        self.rows: list[Any] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.add_button = Button(more, kind=Kind.QUIET, icon="plus", small=True)
        self.add_button.clicked.connect(self.begin_row)
        self._column.addWidget(self.add_button)

    def make_row(self) -> Row:
        """Return an empty row."""
        raise NotImplementedError

    def begin_row(self) -> None:
        """Put an empty row at the end and go to it."""
        self.add_row().setFocus()

    def add_row(self) -> Any:
        """Put an empty row at the end."""
        row = self.make_row()
        row.move_wanted.connect(self._move)
        row.remove_wanted.connect(self._remove)
        self.rows.append(row)
        self._column.insertWidget(len(self.rows) - 1, row)
        return row

    def clear(self) -> None:
        """Take every row away."""
        for row in list(self.rows):
            self._remove(row)

    def _move(self, row: object, step: int) -> None:
        place = self.rows.index(row)
        wanted = place + step
        if 0 <= wanted < len(self.rows):
            self.rows.insert(wanted, self.rows.pop(place))
            self._column.insertWidget(wanted, self.rows[wanted])

    def _remove(self, row: object) -> None:
        if isinstance(row, Row):
            self.rows.remove(row)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()


class ItemRow(Row):
    """One item of a checklist."""

    next_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.text = TextField(_("What is to be done"), 200)
        self.text.setAccessibleName(_("What is to be done"))
        self.text.installEventFilter(self)
        self.blocking = CheckField(_("must be done before closing"))
        self.room.addWidget(self.text)
        self.room.addWidget(self.blocking)
        self.setFocusProxy(self.text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes on with one more item."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and plain:
                self.next_wanted.emit()
                return True
        return super().eventFilter(watched, event)


class ChecklistBody(RowsBody):
    """One item per line."""

    def __init__(self) -> None:
        super().__init__(_("Add item"))

    def make_row(self) -> Row:
        """Return an empty item."""
        row = ItemRow()
        row.next_wanted.connect(self.begin_row)
        return row

    def body(self) -> dict[str, Any]:
        """Return the items that have words."""
        found = ({"text": r.text.value(), "blocking": r.blocking.value()} for r in self.rows)
        return {"items": [item for item in found if item["text"]]}

    def show_body(self, body: Mapping[str, Any]) -> None:
        """Show the items."""
        self.clear()
        items: Sequence[Mapping[str, Any]] = body.get("items") or [{}]
        for item in items:
            row = self.add_row()
            row.text.set_value(item.get("text"))
            row.blocking.set_value(item.get("blocking"))


# -- tickets -----------------------------------------------------------------------------------


class TicketBody(Body):
    """What a new ticket is filled with; an empty field is left as it is."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._fields = Fields(place.desk, place.runner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        self.form = Form(columns=2)
        for name in VALUES:
            editor = (
                self._fields.optional(name) if name in _CHOICES
                else self._fields.editor("ticket", name)
            )  # fmt: skip
            self.form.add(name, self._fields.label("ticket", name), editor,
                          span=2 if name in _WIDE else 1)  # fmt: skip
        self.lists = ManyField([], _("None"))
        self.form.add("checklists", _("Checklists"), self.lists)
        self.form.edited.connect(self._on_edited)
        column.addWidget(self.form)
        self.kinds = KindFields()
        column.addWidget(self.kinds)

    def show_checklists(self, found: Sequence[Aid]) -> None:
        """Offer the checklists."""
        self.lists.set_choices([Choice(aid.id, aid.name) for aid in found])

    def _on_edited(self, key: str) -> None:
        if key == "issue_l1":
            self._children()
        elif key == "request_type":
            self.kinds.show_kind(str(self.form.editor(key).value() or ""))

    def _children(self) -> None:
        editor, parent = self.form.editor("issue_l2"), self.form.editor("issue_l1").value()
        if isinstance(editor, ChoiceField):
            editor.set_choices(self._fields.children("issue", parent))

    def body(self) -> dict[str, Any]:
        """Return the fields that are filled in."""
        values = self.form.values()
        lists = values.pop("checklists")
        filled = {n: v for n, v in {**to_columns(values), **self.kinds.values()}.items() if v}
        return {"values": filled, "checklists": lists}

    def show_body(self, body: Mapping[str, Any]) -> None:
        """Show the fields."""
        values = dict(body.get("values") or {})
        known = {**from_columns(values, list(VALUES)), "checklists": body.get("checklists") or []}
        self.form.populate(known)
        self._children()
        self.form.populate(known)
        self.kinds.show_kind(str(values.get("request_type") or ""))
        self.kinds.populate(details_of(values))
