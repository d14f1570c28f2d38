"""The form of quality checks: items with weights, the critical ones marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.domain.quality import FormItem
from svcdesk.i18n.catalog import _
from svcdesk.services import quality_forms
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE
from ui.pages.settings.general import NumberField
from ui.pages.wording import say
from ui.widgets.button import Button, Kind
from ui.widgets.editors import CheckField, TextField
from ui.widgets.labels import box, label

if TYPE_CHECKING:
    from svcdesk.services.quality_forms import QualityForm
    from ui.pages.page import Workplace


class QualityFormPane(QWidget):
    """The items in their order; each has a name in both languages, a weight, and may be critical."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._form: QualityForm | None = None
        self._items: list[FormItem] = []
        self._editors: list[tuple[TextField, TextField, NumberField, CheckField]] = []
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        text = _(
            "Score = 100 × weight passed / weight applicable. Failing a critical item fails the "
            "check whatever the score. A form that was used gets a new version; checks keep theirs."
        )
        column.addWidget(label(text, "small", "2", wrap=True))
        head = QHBoxLayout()
        self.name = TextField("", 60)
        self.name.setAccessibleName(_("Name of the form"))
        self._version = label("", "small", "2")
        head.addWidget(label(_("Name of the form"), "small", "2"))
        head.addWidget(self.name, 1)
        head.addWidget(self._version)
        column.addLayout(head)
        self._holder = QWidget()
        self._grid = QGridLayout(self._holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._holder)
        row = QHBoxLayout()
        add = Button(_("Add item"), icon="plus", small=True)
        add.clicked.connect(self._add)
        self.save = Button(_("Save form"), kind=Kind.MAIN)
        self.save.clicked.connect(self._on_save)
        self.wrong = label("", "small", "danger", wrap=True)
        row.addWidget(add)
        row.addWidget(self.wrong, 1)
        row.addWidget(self.save)
        column.addLayout(row)
        column.addStretch(1)
        outer.addWidget(card)
        self.show_form()

    def show_form(self) -> None:
        """Fill in the newest version."""
        known = quality_forms.listed(self._place.desk)
        self._form = next((form for form in known if form.active), None)
        if self._form is None:
            return
        self.name.set_value(self._form.name)
        text = _("version {version}, used {n} times")
        self._version.setText(text.format(version=self._form.version, n=self._form.used))
        self._items = list(self._form.items)
        self._build()

    def _build(self) -> None:
        while part := self._grid.takeAt(0):
            if widget := part.widget():
                widget.hide()
                widget.deleteLater()
        self._editors = []
        for place, text in enumerate(("中文", "English", _("Weight"))):
            self._grid.addWidget(label(text, "small", "2"), 0, place)
        for line, item in enumerate(self._items, start=1):
            zh, en, weight = TextField("", 60), TextField("", 60), NumberField("", 3)
            critical = CheckField(_("critical"))
            for editor, name in ((zh, "中文"), (en, "English"), (weight, _("Weight"))):
                editor.setAccessibleName(f"{line} {name}")
            zh.set_value(item.zh)
            en.set_value(item.en)
            weight.set_value(item.weight)
            critical.set_value(item.critical)
            remove = Button(_("Remove"), icon="x", small=True)
            remove.clicked.connect(lambda _on=False, at=line - 1: self._remove(at))
            for place, widget in enumerate((zh, en, weight, critical, remove)):
                self._grid.addWidget(widget, line, place)
            self._editors.append((zh, en, weight, critical))
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)

    def items(self) -> list[FormItem]:
        """Return the items as they are entered."""
        return [
            FormItem(item.item, str(zh.value() or ""), str(en.value() or ""),
                     _whole(weight.value()), bool(critical.value()))
            for item, (zh, en, weight, critical) in zip(self._items, self._editors, strict=True)
        ]  # fmt: skip

    def _add(self) -> None:
        self._items = self.items()
        taken = {item.item for item in self._items}
        number = next(n for n in range(1, len(taken) + 2) if f"own{n}" not in taken)
        self._items.append(FormItem(f"own{number}", "", ""))
        self._build()
        self._editors[-1][0].setFocus()

    def _remove(self, place: int) -> None:
        self._items = self.items()
        del self._items[place]
        self._build()

    def _on_save(self) -> None:
        desk, key = self._place.desk, self._form.id if self._form else None
        name, items = str(self.name.value() or ""), self.items()
        self.wrong.setText("")
        handle = self._place.runner.start(
            lambda _context: quality_forms.save(desk, key, name, items), lane=WRITE, owner=self
        )
        handle.on_success(self._on_saved).on_failure(self._on_refused)

    def _on_saved(self, _outcome: Any) -> None:
        self._place.shell.say(_("Settings saved"))

    def _on_refused(self, error: object) -> None:
        if isinstance(error, ProblemsError):
            self.wrong.setText(" ".join(dict.fromkeys(say(p) for p in error.problems)))
        else:
            self._place.shell.tell(error)


def _whole(value: object) -> int:
    """Return a weight; what is no number is 0, which the rule refuses with a sentence."""
    return value if isinstance(value, int) else 0
