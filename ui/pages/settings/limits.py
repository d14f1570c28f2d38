"""Policies of the time limits (SLA): their order, whom they hold for, and a try-out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.domain.customer import Tier
from svcdesk.domain.ticket import Priority
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from svcdesk.services import policies
from svcdesk.services.policies import PolicyRow
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.settings.general import NumberField
from ui.pages.wording import Words, say
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind
from ui.widgets.data_table import DataTable
from ui.widgets.editors import CheckField, ChoiceField, ManyField, TextField
from ui.widgets.form import Form
from ui.widgets.labels import box, label
from ui.widgets.side_by_side import Beside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.problem import Problem
    from svcdesk.services.desk import Desk
    from ui.jobs.runner import Runner


class _Line:
    """A policy at its place, as a row of the table."""

    def __init__(self, place: int, policy: PolicyRow) -> None:
        self.id = place + 1
        self.policy = policy


class LimitsTab(Beside):
    """The policies left, in their order; one of them right, with a try-out below."""

    save_wanted = Signal(object)  # the list of policies

    def __init__(self, desk: Desk, runner: Runner) -> None:
        super().__init__((14, 12, 14, 14), 10)
        self._desk = desk
        self._words = Words(desk)
        self._policies: list[PolicyRow] = []
        self._place = 0
        self.add(self._build_list(runner), 1)
        self.add(self._build_form())
        self.show_limits()

    # --- parts ---------------------------------------------------------------------------

    def _build_list(self, runner: Runner) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        text = _(
            "The first policy that fits a ticket holds. Working minutes; waiting for the customer "
            "stops the resolution clock, waiting internally does not. A change holds for open "
            "tickets and those to come."
        )
        column.addWidget(label(text, "small", "2", wrap=True))
        columns = [
            ColumnDef("place", "", lambda r: Cell(str(r.id), colour="text-3"), 34, right=True),
            ColumnDef("name", _("Policy"), lambda r: Cell(self._name(r.policy)), 120),
            ColumnDef("for", _("Holds for"), lambda r: Cell(self._holds_for(r.policy)), 160,
                      stretch=True, elide=True),
            ColumnDef("response", _("Time to respond"), lambda r: self._time(r, "response"), 110,
                      right=True),
            ColumnDef("resolution", _("Time to resolve"), lambda r: self._time(r, "resolution"), 110,
                      right=True),
        ]  # fmt: skip
        self._model = RowWindowModel(columns, runner, self)
        self._table = DataTable(self._model, "policies")
        self._table.current_changed.connect(self._on_current)
        column.addWidget(self._table, 1)
        self._advice = label("", "small", "warn", wrap=True)
        column.addWidget(self._advice)
        buttons = QHBoxLayout()
        for text_, icon, act in (
            (_("Add"), "plus", self._add),
            (_("Remove"), "x", self._remove),
            (_("Up"), "arrow-up", self._up),
            (_("Down"), "arrow-down", self._down),
        ):
            button = Button(text_, icon=icon, small=True)
            button.clicked.connect(act)
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._save = Button(_("Save limits"), kind=Kind.MAIN)
        self._save.clicked.connect(self._on_save)
        buttons.addWidget(self._save)
        column.addLayout(buttons)
        return holder

    def _build_form(self) -> QWidget:
        card = box("card")
        card.setFixedWidth(px(340))
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        self._title = label("", "strong")
        column.addWidget(self._title)
        words, any_ = self._words, _("all")
        self.form = Form(columns=2)
        self.form.add("name", _("Policy"), TextField("", 40), span=2, required=True)
        self.form.add("priority", _("Priority"),
                      ManyField(words.codes("Priority", list(Priority)), any_))  # fmt: skip
        self.form.add("tier", _("Customer tier"), ManyField(words.codes("Tier", list(Tier)), any_))
        self.form.add("category", _("Issue type"), ManyField(words.items("issue"), any_))
        self.form.add("channel", _("Channel"), ManyField(words.items("channel"), any_))
        self.form.add("response", _("First response (min)"), NumberField("", 6))
        self.form.add("resolution", _("Resolution (min)"), NumberField("", 6))
        self.form.add("always", "", CheckField(_("Counts day and night, every day")), span=2)
        self.form.edited.connect(self._on_edited)
        column.addWidget(self.form)
        self._days = label("", "small", "2", wrap=True)
        column.addWidget(self._days)
        column.addSpacing(8)
        column.addWidget(label(_("Try out: which policy holds for …"), "strong"))
        self.trial = Form(columns=2)
        self.trial.add(
            "priority", _("Priority"), ChoiceField(words.codes("Priority", list(Priority)))
        )
        self.trial.add("tier", _("Customer tier"), ChoiceField(words.codes("Tier", list(Tier))))
        self.trial.add("category", _("Issue type"), ChoiceField(words.items("issue"), "—"))
        self.trial.add("channel", _("Channel"), ChoiceField(words.items("channel")))
        self.trial.populate({"priority": "normal", "tier": "normal", "channel":
                             next((c.value for c in words.items("channel")), None)})  # fmt: skip
        self.trial.edited.connect(self._try)
        column.addWidget(self.trial)
        self._result = label("", "", wrap=True)
        column.addWidget(self._result)
        column.addStretch(1)
        return card

    # --- words ---------------------------------------------------------------------------

    def _name(self, policy: PolicyRow) -> str:
        """Return the name; the built-in ones carry the code of their priority."""
        return code_label("Priority", policy.name) if policy.name else _("(new policy)")

    def _holds_for(self, policy: PolicyRow) -> str:
        parts = []
        for key, values in policy.conditions.items():
            if not values:
                continue
            if key in {"category", "channel"}:
                names = [self._words.item(int(str(value))) for value in values]
            else:
                names = [code_label("Priority" if key == "priority" else "Tier", str(value))
                         for value in values]  # fmt: skip
            parts.append(_(", ").join(names))
        return "  +  ".join(parts) or _("all tickets")

    def _time(self, line: _Line, which: str) -> Cell:
        minutes = getattr(line.policy, f"{which}_minutes")
        if minutes is None:
            return Cell(_("no limit"), colour="text-3")
        if not isinstance(minutes, int):
            return Cell(str(minutes), "circle-alert", "danger")
        if line.policy.always:
            return Cell(self._words.calendar_time(minutes * 60), "clock", icon_colour="text-3",
                        tip=_("Counts day and night, every day"))  # fmt: skip
        return Cell(self._words.working(minutes * 60))

    # --- showing -------------------------------------------------------------------------

    def show_limits(self) -> None:
        """Fill in what holds now."""
        self._policies = policies.listed(self._desk)
        self._place = min(self._place, max(0, len(self._policies) - 1))
        self._show_list()
        self._show_form()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show the first problem's policy, and the problem at its field."""
        for problem in problems:
            place, _dot, name = problem.field.partition(".")
            if place.isdigit():
                self._place = int(place)
                self._show_form()
                self._table.go_to(self._place + 1)
                self.form.field(name.removesuffix("_minutes")).show_problem(say(problem))
                return

    def _show_list(self) -> None:
        self._model.show(RecordList([_Line(n, p) for n, p in enumerate(self._policies)]))
        advice = [say(problem) for problem in policies.advice(self._policies)]
        self._advice.setText("\n".join(advice))
        self._advice.setVisible(bool(advice))
        self._try("")

    def _show_form(self) -> None:
        self.form.setEnabled(bool(self._policies))
        if not self._policies:
            return
        policy = self._policies[self._place]
        self._title.setText(self._name(policy))
        self.form.populate(
            {
                **{key: list(values) for key, values in policy.conditions.items()},
                "name": self._name(policy) if policy.name else None,
                "response": policy.response_minutes,
                "resolution": policy.resolution_minutes,
                "always": policy.always,
            }
        )
        self._show_days(policy)

    def _show_days(self, policy: PolicyRow) -> None:
        minutes = policy.resolution_minutes
        text = ""
        if isinstance(minutes, int) and not policy.always:
            days = minutes * 60 / self._desk.reference.calendar.standard_day_seconds
            text = _("Resolution within {n} working days").format(n=f"{days:.1f}")
        self._days.setText(text)

    def _on_current(self, key: object) -> None:
        if isinstance(key, int) and 0 < key <= len(self._policies):
            self._place = key - 1
            self._show_form()

    # --- editing -------------------------------------------------------------------------

    def _on_edited(self, _key: str) -> None:
        if not self._policies:
            return
        values: dict[str, Any] = self.form.values()
        before = self._policies[self._place]
        name = str(values["name"] or "")
        if name == self._name(before):  # a built-in name keeps its code
            name = before.name
        self._policies[self._place] = replace(
            before,
            name=name,
            conditions={key: tuple(values[key]) for key in policies.CONDITIONS if values[key]},
            response_minutes=values["response"] if values["response"] != "" else None,
            resolution_minutes=values["resolution"] if values["resolution"] != "" else None,
            always=bool(values["always"]),
        )
        self._show_days(self._policies[self._place])
        self._show_list()

    def _try(self, _key: str) -> None:
        values = self.trial.values()
        found = policies.match(self._policies, values)
        if found is None:
            self._result.setText(_("None: such a ticket has no time limit."))
            return
        place = self._policies.index(found) + 1
        text = _("No. {n}, “{name}”").format(n=place, name=self._name(found))
        self._result.setText(text)

    def _add(self) -> None:
        self._policies.insert(0, PolicyRow(0, ""))
        self._place = 0
        self._show_list()
        self._show_form()
        self.form.editor("name").setFocus()

    def _remove(self) -> None:
        if self._policies:
            del self._policies[self._place]
            self._place = min(self._place, max(0, len(self._policies) - 1))
            self._show_list()
            self._show_form()

    def _up(self) -> None:
        self._move(-1)

    def _down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        to = self._place + by
        if 0 <= to < len(self._policies):
            chosen = self._policies.pop(self._place)
            self._policies.insert(to, chosen)
            self._place = to
            self._show_list()
            self._table.go_to(to + 1)

    def _on_save(self) -> None:
        self.save_wanted.emit(list(self._policies))
