"""Entering and editing a record; the customer is found or made while the phone is typed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from svcdesk.domain import record_kinds
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_, _
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE, Latest
from ui.pages.customer_picker import CustomerPicker
from ui.pages.drafts import DraftKeeper
from ui.pages.duplicate_box import DuplicateBox
from ui.pages.entry_templates import TemplateButton
from ui.pages.fields import Fields, from_columns, to_columns
from ui.pages.kind_fields import KindFields
from ui.pages.knowledge.strip import ArticleStrip
from ui.pages.wording import Words, say
from ui.theme.room import room
from ui.widgets.button import Button, Kind
from ui.widgets.editors import ChoiceField
from ui.widgets.form import Form
from ui.widgets.labels import icon_label, label

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtGui import QKeyEvent

    from svcdesk.domain.aids import Aid
    from svcdesk.services.desk import Desk, Outcome
    from svcdesk.services.duplicates import Suspect
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace


BEFORE_KIND = "priority"  # the field after which the fields of the kind stand


class EntryExtra(QWidget):
    """What a form shows of its own beside its fields; it follows what is typed."""

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Follow what stands in the form."""
        raise NotImplementedError

    def values(self) -> dict[str, Any]:
        """Return what it adds to the values of the form."""
        return {}


@dataclass(frozen=True)
class EntrySpec:
    """What a form of an entity asks for, and the services behind it.

    ``subtypes`` maps a parent field to its child field and the reference list of both.
    """

    entity: str
    title_new: str
    title_edit: str
    save: str
    names: tuple[str, ...]
    names_edit: tuple[str, ...]
    wide: frozenset[str]
    required: frozenset[str]
    hints: Mapping[str, str]
    subtypes: Mapping[str, tuple[str, str]]
    problems: Callable[[Desk, dict[str, Any]], list[Problem]]
    create: Callable[[Desk, dict[str, Any]], Outcome[int]]
    change: Callable[[Desk, int, dict[str, Any], int], Outcome[int]]
    similar: Callable[[Desk, Mapping[str, Any]], list[Suspect]] | None = None
    page: str = ""
    extra: Callable[[Workplace], EntryExtra] | None = None  # shown under the form, follows it
    kinds: bool = False  # asks for the fields of the chosen request type, and offers templates


class EntryDialog(QDialog):
    """One form; problems stand at their fields; nothing typed is lost."""

    saved = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        place: Workplace,
        spec: EntrySpec,
        record: dict[str, Any] | None = None,
        defaults: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._place = place
        self._spec = spec
        self._record = record
        self._defaults = dict(defaults or {})
        self._words = Words(place.desk)
        self._similar = Latest(place.runner, self)
        self.setWindowTitle(spec.title_edit if record else spec.title_new)
        self.resize(room(680, 600))
        self._fields = Fields(place.desk, place.runner)
        self._names = list(spec.names_edit if record else spec.names)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        self.picker = CustomerPicker(place)
        self.picker.changed.connect(self._on_edited)
        self.picker.picked.connect(self._on_picked)
        self.duplicates = DuplicateBox(place.desk)
        self.duplicates.open_wanted.connect(self._open_suspect)
        self.duplicates.changed.connect(self._keep_draft)
        self.draft = DraftKeeper(self, place.desk, self._typed)
        self._make_kinds()
        self.form = self._make_form()
        column.addWidget(self._make_body(), 1)
        fresh = spec.extra if record is None else None
        self.extra = fresh(place) if fresh is not None else None
        if self.extra is not None:
            column.addWidget(self.extra)  # in sight however long the form is
        column.addLayout(self._make_advice())
        column.addLayout(self._make_buttons())
        self._fill()

    # --- building ------------------------------------------------------------------------

    def _make_body(self) -> QScrollArea:
        inner = QWidget()
        self._body = body = QVBoxLayout(inner)
        body.setContentsMargins(2, 0, 8, 0)
        body.setSpacing(10)
        if self._record is None:
            body.addWidget(self.picker)
            body.addWidget(self.duplicates)
        body.addWidget(self.form)
        body.addWidget(self.articles)
        body.addStretch(1)
        area = QScrollArea()
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields take the focus
        area.setWidgetResizable(True)
        area.setWidget(inner)
        return area

    def _make_kinds(self) -> None:
        """Make what a ticket's kind asks for, and the way to its templates."""
        self._checklists: list[int] = []
        self.kinds = KindFields()
        self.kinds.edited.connect(self._on_kind_edited)
        self.templates = TemplateButton(self._place)
        self.templates.picked.connect(self._use_template)

    def _make_form(self) -> Form:
        spec = self._spec
        self.articles = ArticleStrip(self._place)
        form = Form(columns=2)
        for name in self._names:
            self._fields.add(
                form, spec.entity, name, span=2 if name in spec.wide else 1,
                required=name in spec.required, hint=spec.hints.get(name, ""),
            )  # fmt: skip
            if name == BEFORE_KIND and spec.kinds:
                form.add_widget(self.kinds, 2)
        form.edited.connect(self._on_edited)
        form.left_with.connect(self._check_field)
        return form

    def _make_advice(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._bulb = icon_label("lightbulb", "warn", 16)
        self._advice = label("", "small", "2", wrap=True)
        row.addWidget(self._bulb)
        row.addWidget(self._advice, 1)
        for widget in (self._bulb, self._advice):
            widget.hide()
        return row

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.templates.setVisible(self._spec.kinds and self._record is None)
        row.addWidget(self.templates)
        row.addWidget(label(_("* needed"), "small", "3"))
        self._other = label("", "small", "danger", wrap=True)
        row.addWidget(self._other, 1)
        cancel = Button(_("Cancel"))
        cancel.clicked.connect(self.reject)
        self.save_button = Button(self._spec.save, kind=Kind.MAIN, key="Ctrl+↵")
        self.save_button.clicked.connect(self.save)
        row.addWidget(cancel)
        row.addWidget(self.save_button)
        return row

    def _fill(self) -> None:
        known = dict(self._defaults)
        if self._record is not None:
            known = from_columns(self._record, self._names)
        self.form.populate(known)
        for parent in self._spec.subtypes:
            self._subtypes(parent)
        self.form.populate(known)  # subtypes can be chosen only now
        self.kinds.populate((self._record or {}).get("details") or {})
        self._checklists = []
        self._follow_kind()
        if self._record is not None:
            self.form.editor(self._names[0]).setFocus()
        else:
            self.picker.setFocus()
        self._restore()

    def focus_field(self, name: str) -> None:
        """Go to a field."""
        if name in self._names:
            self.form.editor(name).setFocus()

    def choose_customer(self, customer_id: int) -> None:
        """Take a known customer."""
        self.picker.choose_key(customer_id)

    # --- drafts --------------------------------------------------------------------------

    def _draft_key(self) -> str:
        record = "new" if self._record is None else f"{self._record['id']}-edit"
        return f"{self._spec.entity}-{record}"

    def _typed(self) -> dict[str, Any]:
        """Return what the user changed; a new record also keeps its customer."""
        found: dict[str, Any] = {}
        changes, kinds = self.form.changes(), self.kinds.typed()
        if changes:
            found["form"] = changes
        if kinds:
            found["kind"] = kinds
        if self._checklists:
            found["checklists"] = self._checklists
        customer = self.picker.values() if self._record is None else {}
        if customer:
            found["customer"] = customer
        return found

    def _restore(self) -> None:
        """Bring back what was typed before a crash, and say so."""
        left = self.draft.open(self._draft_key())
        if left is None:
            return
        self._enter(dict(left.values.get("form", {})), dict(left.values.get("kind", {})))
        self._checklists = [int(key) for key in left.values.get("checklists", ())]
        customer = dict(left.values.get("customer", {}))
        if customer and self._record is None:
            self.picker.restore(customer)
            self._on_picked()
        self._banner = self.draft.banner(left)
        self._banner.acted.connect(self._discard)
        self._body.insertWidget(0, self._banner)

    def _enter(self, values: Mapping[str, Any], kinds: Mapping[str, Any]) -> None:
        """Put values into their fields as if they had been typed; parents before children."""
        self.form.enter({key: values[key] for key in self._spec.subtypes if key in values})
        for parent in self._spec.subtypes:
            self._subtypes(parent)
        self.form.enter(values)
        self._follow_kind()
        self.kinds.enter(kinds)
        self._show_needs()

    def _discard(self) -> None:
        self._banner.hide()
        self.draft.done()
        self.draft.open("")
        self.picker.reset()
        self._fill()

    def _keep_draft(self) -> None:
        self.draft.touch()

    # --- editing -------------------------------------------------------------------------

    def _subtypes(self, parent: str) -> None:
        """Offer the children of the chosen parent."""
        child, name = self._spec.subtypes[parent]
        editor = self.form.editor(child)
        chosen = self.form.editor(parent).value()
        if isinstance(editor, ChoiceField):
            choices = self._words.items(name, parent_id=chosen) if chosen else []
            editor.set_choices(choices)
            editor.setEnabled(bool(choices))

    def _follow_kind(self) -> None:
        """Ask for what the chosen request type needs."""
        if self._spec.kinds:
            self.kinds.show_kind(str(self.form.editor("request_type").value() or ""))
            self._order_tabs()
            self._show_needs()

    def _order_tabs(self) -> None:
        """Let Tab go through the fields of the kind where they stand."""
        place = self._names.index(BEFORE_KIND) + 1
        own = self.kinds.form
        chain = [self.form.editor(name) for name in self._names[:place]]
        chain += [own.editor(name) for name in own.values()] if own is not None else []
        chain += [self.form.editor(name) for name in self._names[place:]]
        for one, other in pairwise(chain):
            QWidget.setTabOrder(one, other)

    def _show_needs(self) -> None:
        if self._spec.kinds:
            self.kinds.show_needs(to_columns(self.form.values()))

    def _on_kind_edited(self, _key: str) -> None:
        self._show_needs()
        self._keep_draft()

    def _use_template(self, template: Aid) -> None:
        """Fill in what a template says; words that stand there already stay."""
        values = dict(template.body.get("values") or {})
        stored = from_columns(values, self._names)
        known = self.form.values()
        fresh = {
            name: value
            for name, value in stored.items()
            if value is not None and not (known[name] and name in self._spec.wide)
        }
        self._enter(fresh, record_kinds.details_of(values))
        self._checklists = [int(key) for key in template.body.get("checklists") or ()]
        self._keep_draft()
        self._on_picked()

    def _on_edited(self, key: str = "") -> None:
        if key in self._spec.subtypes:
            self._subtypes(key)
        if key == "request_type":
            self._follow_kind()
        self._show_needs()
        self._other.setText("")
        self._keep_draft()
        self._follow_extra()
        if self._record is None and self._spec.entity == "ticket":
            self.articles.show_typing(self.form.values())
        if not key or key in {"product", *self._spec.subtypes}:
            self._look_for_similar()

    def _follow_extra(self) -> None:
        if self.extra is not None:
            self.extra.show_values(self._values())

    def _check_field(self, key: str) -> None:
        found = self._spec.problems(self._place.desk, self._values())
        mine = [problem for problem in found if problem.field == key and not problem.warning]
        self.form.field(key).show_problem(" ".join(say(problem) for problem in mine))
        self._advise([problem for problem in found if problem.warning and problem.field == key])

    def _advise(self, advice: list[Problem]) -> None:
        text = " ".join(say(problem) for problem in advice)
        self._advice.setText(text)
        self._advice.setVisible(bool(text))
        self._bulb.setVisible(bool(text))

    def _look_for_similar(self) -> None:
        similar = self._spec.similar
        if self._record is not None or similar is None:
            return
        desk, values = self._place.desk, self._values()

        def work(_context: JobContext) -> list[Suspect]:
            return similar(desk, values)

        self._similar.start(work).on_success(self.duplicates.show_found)

    def _open_suspect(self, key: object) -> None:
        """Go to an existing record; what was typed stays as a draft."""
        from ui.pages.page import Route

        if isinstance(key, int):
            self.draft.write()
            self.reject()
            self._place.shell.go(Route(self._spec.page, key))

    def _on_picked(self) -> None:
        """Go on with the first field that is empty once the customer is known."""
        self._follow_extra()
        empty = [name for name in self._names if self.form.editor(name).value() in (None, "")]
        self.form.editor((empty or self._names)[0]).setFocus()

    # --- saving --------------------------------------------------------------------------

    def _values(self) -> dict[str, Any]:
        values = to_columns(self.form.values())
        values |= self.kinds.values()
        if self._record is not None:
            return {**self._record, **values}
        related = {"related_to": self.duplicates.related} if self.duplicates.related else {}
        lists = {"checklists": self._checklists} if self._checklists else {}
        extra = self.extra.values() if self.extra is not None else {}
        return {**values, **extra, **self.articles.values(), **self.picker.values(), **related,
                **lists}  # fmt: skip

    def _unresolved(self) -> list[Problem]:
        """Return what was typed to be found and is nothing that exists."""
        text = N_("No product is called “{text}”. Choose one of the list, or leave it empty.")
        typed = {n: getattr(self.form.editor(n), "unresolved", "") for n in self._names}
        return [Problem(n, "unknown", text, {"text": words}) for n, words in typed.items() if words]

    def save(self) -> None:
        """Check, write, close."""
        values = self._values()
        found = [p for p in self._spec.problems(self._place.desk, values) if not p.warning]
        found += self._unresolved()
        if found:
            self._show(found)
            return
        desk, spec = self._place.desk, self._spec
        if self._record is None:
            self._start(lambda _context: spec.create(desk, values))
            return
        key, version = int(self._record["id"]), int(self._record["row_version"])
        changes = {**to_columns(self.form.changes()), **self.kinds.changes()}
        if changes:
            self._start(lambda _context: spec.change(desk, key, changes, version))
        else:
            self.accept()

    def _start(self, work: Callable[[JobContext], Outcome[int]]) -> None:
        self.save_button.setEnabled(False)
        handle = self._place.runner.start(work, lane=WRITE, owner=self)
        handle.on_success(self._on_saved).on_failure(self._on_failed)

    def _show(self, problems: list[Problem]) -> None:
        self.picker.show_problem("")
        rest = []
        for problem in problems:
            about_customer = problem.field == "customer" or problem.field.startswith("new_customer")
            if about_customer and self._record is None:
                self.picker.show_problem(say(problem))
            else:
                rest.append(problem)
        rest = self.kinds.show_problems(rest, say)
        self._other.setText(" ".join(self.form.show_problems(rest, say)))

    def _on_saved(self, outcome: Any) -> None:
        self.draft.done()
        self.draft.open("")
        self.articles.record(int(outcome.value))
        self.saved.emit(outcome.value)
        self.accept()

    def _on_failed(self, error: object) -> None:
        self.save_button.setEnabled(True)
        if isinstance(error, ProblemsError):
            self._show(error.problems)
        else:
            self._place.shell.tell(error)

    def reject(self) -> None:
        """Close; what was typed comes back when the form is opened again."""
        self.draft.flush()
        super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter saves; plain Enter does not."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.save()
            return
        super().keyPressEvent(event)
