"""Settings of the data file, generated from their declarations, and of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.domain.settings import SETTINGS, Setting, check
from svcdesk.i18n.catalog import LANGUAGES, _, language
from ui.models.choices import Choice
from ui.pages.wording import say
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind
from ui.widgets.editors import CheckField, ChoiceField, TextField
from ui.widgets.form import Field, Form
from ui.widgets.labels import box, label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.problem import Problem
    from svcdesk.services.desk import Desk

ELSEWHERE = frozenset({"detection", "surveys", "quality"})  # settings with a tab of their own
CHOICE_WIDTH = 170  # the longest choice in English


class NumberField(TextField):
    """A whole number; anything else is handed on as text for the rule to refuse."""

    def value(self) -> Any:
        """Return the number."""
        text = self.text().strip()
        return int(text) if text.isdigit() else text


def group_names() -> dict[str, str]:
    """Return the headings of the groups of settings."""
    return {
        "general": _("Organisation and reports"),
        "complaints": _("Complaints: limits and amounts"),
        "callbacks": _("Callbacks and scores"),
        "key_customers": _("Key customers"),
    }


class GeneralTab(QWidget):
    """All declared settings."""

    save_wanted = Signal(object)
    preview_wanted = Signal(object)  # parameters of key customers being typed
    language_wanted = Signal(str)
    theme_wanted = Signal(str)

    def __init__(self, desk: Desk, theme: str) -> None:
        super().__init__()
        self._desk = desk
        self._chosen_theme = theme
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(10)
        column.addWidget(self._build_program())
        self._forms: list[Form] = []
        names = group_names()
        groups = dict.fromkeys(s.group for s in SETTINGS if s.group not in ELSEWHERE)
        for group in groups:
            card = box("card")
            inner = QVBoxLayout(card)
            inner.setContentsMargins(16, 12, 16, 14)
            inner.setSpacing(8)
            inner.addWidget(label(names.get(group, group), "strong"))
            form = Form(columns=3)
            for setting in SETTINGS:
                if setting.group == group:
                    editor = _editor(setting)
                    text = "" if isinstance(editor, CheckField) else _(setting.label)
                    form.add(setting.key, text, editor)
            form.dirty_changed.connect(self._on_dirty)
            inner.addWidget(form)
            if group == "key_customers":
                self._key_form = form
                self._preview = label("", "small", "2")
                inner.addWidget(self._preview)
                form.edited.connect(self._on_key_edited)
            self._forms.append(form)
            column.addWidget(card)
        row = QHBoxLayout()
        row.addStretch(1)
        self._save = Button(_("Save settings"), kind=Kind.MAIN)
        self._save.clicked.connect(self._on_save)
        row.addWidget(self._save)
        column.addLayout(row)
        column.addStretch(1)
        self.show_settings()

    def _build_program(self) -> QWidget:
        card = box("card")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(16, 12, 16, 14)
        inner.addWidget(label(_("This computer"), "strong"))
        row = QHBoxLayout()
        names = {"zh_CN": "中文", "en": "English"}
        self._language = ChoiceField([Choice(code, names[code]) for code in LANGUAGES])
        self._language.set_value(language())
        self._language.activated.connect(self._on_language)
        self._theme = ChoiceField(
            [
                Choice("system", _("As the system")),
                Choice("light", _("Light")),
                Choice("dark", _("Dark")),
            ]
        )
        self._theme.set_value(self._chosen_theme)
        self._theme.activated.connect(self._on_theme)
        for choice in (self._language, self._theme):
            choice.setMinimumWidth(px(CHOICE_WIDTH))
        row.addWidget(Field("language", _("Language"), self._language))
        row.addWidget(Field("theme", _("Theme"), self._theme))
        row.addStretch(1)
        inner.addLayout(row)
        return card

    def show_settings(self) -> None:
        """Fill the forms from the data file."""
        values = self._desk.reference.settings
        for form in self._forms:
            form.populate(values)
        self._preview.setText("")
        self._save.setEnabled(False)

    def _on_key_edited(self, _key: str) -> None:
        values = self._key_form.values()
        good = not any(check(key, value) for key, value in values.items())
        self._preview.setText("")
        if good and self._key_form.dirty:
            self.preview_wanted.emit(values)

    def show_preview(self, counts: tuple[int, int]) -> None:
        """Say how many key customers the typed parameters would give."""
        now, new = counts
        text = _("With these values: {n} key customers (now {now})")
        self._preview.setText(text.format(n=f"{new:,}", now=f"{now:,}"))

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Put problems at their settings."""
        for form in self._forms:
            form.show_problems(list(problems), say)

    def _on_dirty(self, _dirty: bool) -> None:
        self._save.setEnabled(any(form.dirty for form in self._forms))

    def _on_save(self) -> None:
        changed: dict[str, Any] = {}
        for form in self._forms:
            changed.update({key: "" if v is None else v for key, v in form.changes().items()})
        if changed:
            self.save_wanted.emit(changed)

    def _on_language(self) -> None:
        self.language_wanted.emit(str(self._language.value()))

    def _on_theme(self) -> None:
        self.theme_wanted.emit(str(self._theme.value()))


def _editor(setting: Setting) -> QWidget:
    if isinstance(setting.default, bool):
        return CheckField(_(setting.label))
    if isinstance(setting.default, int):
        return NumberField("", 6)
    return TextField("", 60)
