"""Merging two customers: who stays, which value of each field, how much moves."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QScrollArea, QWidget

from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label
from svcdesk.services import customer_merge, customers
from ui.jobs.runner import WRITE, Latest
from ui.models.choices import Choice
from ui.pages.form_dialog import PageDialog
from ui.pages.wording import DASH, Words, yuan
from ui.theme.room import room
from ui.theme.tokens import row_height
from ui.widgets.button import Button, Kind
from ui.widgets.editors import ChoiceField
from ui.widgets.form import Form
from ui.widgets.labels import label
from ui.widgets.search_box import SearchBox

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from svcdesk.services.customer_merge import Preview
    from svcdesk.services.customers import Match
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

USER = Qt.ItemDataRole.UserRole
MATCHES = 6


def field_names() -> dict[str, str]:
    """Return the names of the fields of which a value is chosen."""
    return {
        "name": _("Customer"), "kind": _("Customer type"), "phones": _("Phone"),
        "wechat": _("WeChat"), "email": pgettext("customer", "E-mail"), "address": _("Address"),
        "region": _("Region"), "spend_12m": _("Spend in 12 months"),
        "order_count_12m": _("Orders"), "manager_id": _("Service manager"),
        "notes": _("Notes"), "opt_out": _("Callbacks"), "consent_at": _("Informed and agreed"),
    }  # fmt: skip


def moved_text(moves: dict[str, int]) -> str:
    """Return how many records of which kind move."""
    texts = {
        "ticket": _("{n} tickets"), "complaint": _("{n} complaints"),
        "callback": _("{n} callbacks"), "survey": _("{n} answers"), "sales_order": _("{n} orders"),
        "contact_plan_member": _("{n} places in contact plans"),
    }  # fmt: skip
    found = [texts[name].format(n=n) for name, n in moves.items() if n]
    return _(", ").join(found) or _("nothing: no records name this customer")


class MergeDialog(PageDialog):
    """``target`` stays; the other one is chosen here or given."""

    merged = Signal(object)

    def __init__(
        self, parent: QWidget, place: Workplace, target_id: int, source_id: int | None = None
    ) -> None:
        super().__init__(parent, _("Merge customers"), 720)
        self.resize(room(720, 600))
        self._place = place
        self._words = Words(place.desk)
        self._target, self._source = target_id, source_id
        self._plan: Preview | None = None
        self._job = Latest(place.runner, self)
        self._found = Latest(place.runner, self)
        self._search = SearchBox(_("Phone, name or customer no."))
        self._search.searched.connect(self._look)
        self._matches = QListWidget()
        self._matches.setAccessibleName(_("Customers found"))
        self._matches.setMaximumHeight(MATCHES * row_height())
        self._matches.itemActivated.connect(self._on_match)
        self._matches.itemClicked.connect(self._on_match)
        self._matches.hide()
        self.column.addWidget(self._search)
        self.column.addWidget(self._matches)
        self._head = label("", "strong", wrap=True)
        self.column.addWidget(self._head)
        self._moves = label("", "", "2", wrap=True)
        self.column.addWidget(self._moves)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self.column.addWidget(self._area, 1)
        self._form = Form(columns=1)
        self._area.setWidget(self._form)
        note = _("Undo brings both back at any time; later the merge can also be taken apart.")
        self.column.addWidget(label(note, "small", "3", wrap=True))
        self._build_buttons()
        self._search.setVisible(source_id is None)
        if source_id is None:
            self._search.setFocus()
        self._load()

    def _build_buttons(self) -> None:
        row = QHBoxLayout()
        self._swap = Button(_("Keep the other one"), icon="refresh-cw", kind=Kind.QUIET)
        self._swap.clicked.connect(self._on_swap)
        row.addWidget(self._swap)
        row.addStretch(1)
        cancel = Button(_("Cancel"))
        cancel.clicked.connect(self.reject)
        self.save_button = Button(_("Merge"), kind=Kind.MAIN, key="Ctrl+↵")
        self.save_button.clicked.connect(self.save)
        row.addWidget(cancel)
        row.addWidget(self.save_button)
        self.column.addLayout(row)

    # --- the other one -------------------------------------------------------------------

    def _look(self, text: str) -> None:
        desk, target = self._place.desk, self._target

        def work(_context: JobContext) -> list[Match]:
            found = customers.suggest(desk, text) if text else []
            return [match for match in found if match.id != target]

        self._found.start(work).on_success(self._show_matches).on_failure(self._place.shell.tell)

    def _show_matches(self, matches: list[Match]) -> None:
        self._matches.clear()
        for match in matches:
            item = QListWidgetItem(f"{match.name}  {self._words.phone(match.phone)}")
            item.setData(USER, match.id)
            self._matches.addItem(item)
        self._matches.setVisible(bool(matches))

    def _on_match(self, item: QListWidgetItem) -> None:
        self._source = int(item.data(USER))
        self._matches.hide()
        self._load()

    def _on_swap(self) -> None:
        if self._source is not None:
            self._target, self._source = self._source, self._target
            self._load()

    # --- the preview ---------------------------------------------------------------------

    def _load(self) -> None:
        self.save_button.setEnabled(False)
        self._swap.setEnabled(self._source is not None)
        if self._source is None:
            self._head.setText(_("Find the customer who is the same person."))
            return
        desk, source, target = self._place.desk, self._source, self._target

        def work(_context: JobContext) -> Preview:
            return customer_merge.preview(desk, source, target)

        self._job.start(work).on_success(self._show).on_failure(self._place.shell.tell)

    def _show(self, plan: Preview) -> None:
        self._plan = plan
        text = _("{source} is merged into {target}, who stays.")
        self._head.setText(
            text.format(
                source=f"{plan.source['customer_no']} {plan.source['name']}",
                target=f"{plan.target['customer_no']} {plan.target['name']}",
            )
        )
        self._moves.setText(_("Moves: {list}").format(list=moved_text(plan.moves)))
        form = Form(columns=1)
        names = field_names()
        for field in customer_merge.FIELDS:
            mine, other = plan.target[field], plan.source[field]
            if mine == other or (not mine and not other):
                continue
            choices = [
                Choice("target", _("keep: {value}").format(value=self._shown(field, mine))),
                Choice("source", _("take: {value}").format(value=self._shown(field, other))),
            ]
            if field in customer_merge.JOINED:
                choices.append(Choice("both", _("both")))
            form.add(field, names[field], ChoiceField(choices))
        form.populate(plan.choices)
        self._form = form
        self._area.setWidget(form)
        self.save_button.setEnabled(True)
        self.save_button.setFocus()

    def _shown(self, field: str, value: Any) -> str:
        """Return a value as it is read."""
        show: dict[str, Callable[[Any], str]] = {
            "phones": _(", ").join,
            "kind": partial(code_label, "CustomerKind"),
            "spend_12m": yuan,
            "manager_id": self._words.person,
            "consent_at": self._words.day,
            "opt_out": lambda v: _("refused") if v else _("allowed"),
        }
        if value in (None, "", []):
            return DASH
        return show.get(field, str)(value)

    def save(self) -> None:
        """Merge."""
        if self._source is None or self._plan is None or not self.save_button.isEnabled():
            return
        desk, source, target = self._place.desk, self._source, self._target
        choices = {k: str(v) for k, v in self._form.values().items() if v is not None}
        self.save_button.setEnabled(False)
        handle = self._place.runner.start(
            lambda _context: customer_merge.merge(desk, source, target, choices),
            lane=WRITE, owner=self,
        )  # fmt: skip
        handle.on_success(self._on_merged).on_failure(self._on_failed)

    def _on_merged(self, outcome: Any) -> None:
        self.merged.emit(outcome.value)
        self.accept()

    def _on_failed(self, error: object) -> None:
        self.save_button.setEnabled(True)
        self._place.shell.tell(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter merges; plain Enter does not."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.save()
            return
        super().keyPressEvent(event)
