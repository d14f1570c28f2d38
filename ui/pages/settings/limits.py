"""Policies of the time limits (SLA): their order, whom they hold for, and a try-out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from svcdesk.domain.customer import Tier
from svcdesk.domain.ticket import Priority
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from svcdesk.services import policies
from svcdesk.services.policies import PolicyRow
from ui.models.columns import Cell, ColumnDef
from ui.pages.settings.general import NumberField
from ui.pages.settings.ordered import OrderedList, kept_name
from ui.pages.wording import Words, say
from ui.theme.tokens import px
from ui.widgets.editors import CheckField, ChoiceField, ManyField, TextField
from ui.widgets.form import Form
from ui.widgets.labels import box, label

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from ui.jobs.runner import Runner


class LimitsTab(OrderedList[PolicyRow]):
    """The policies left, in their order; one of them right, with a try-out below."""

    save_wanted = Signal(object)  # the list of policies

    def __init__(self, desk: Desk, runner: Runner) -> None:
        super().__init__((14, 12, 14, 14))
        self._desk = desk
        self._words = Words(desk)
        intro = _(
            "The first policy that fits a ticket holds. Working minutes; waiting for the customer "
            "stops the resolution clock, waiting internally does not. A change holds for open "
            "tickets and those to come."
        )
        self.add(self.build_list(runner, "policies", intro, _("Save limits")), 1)
        self.add(self._build_form())
        self.show_limits()

    # --- parts ---------------------------------------------------------------------------

    def columns(self) -> list[ColumnDef]:
        """Return place, name, whom it holds for, the two limits."""
        return [
            ColumnDef("place", "", lambda r: Cell(str(r.id), colour="text-3"), 34, right=True),
            ColumnDef("name", _("Policy"), lambda r: Cell(self._name(r.item)), 120),
            ColumnDef("for", _("Holds for"), lambda r: Cell(self._holds_for(r.item)), 160,
                      stretch=True, elide=True),
            ColumnDef("response", _("Time to respond"), lambda r: self._time(r.item, "response"),
                      110, right=True),
            ColumnDef("resolution", _("Time to resolve"),
                      lambda r: self._time(r.item, "resolution"), 110, right=True),
        ]  # fmt: skip

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

    def _time(self, policy: PolicyRow, which: str) -> Cell:
        minutes = getattr(policy, f"{which}_minutes")
        if minutes is None:
            return Cell(_("no limit"), colour="text-3")
        if not isinstance(minutes, int):
            return Cell(str(minutes), "circle-alert", "danger")
        if policy.always:
            return Cell(self._words.calendar_time(minutes * 60), "clock", icon_colour="text-3",
                        tip=_("Counts day and night, every day"))  # fmt: skip
        return Cell(self._words.working(minutes * 60))

    # --- showing -------------------------------------------------------------------------

    def show_limits(self) -> None:
        """Fill in what holds now."""
        self.show_items(policies.listed(self._desk))

    def field_of(self, name: str) -> str:
        """Return the form's field: the limits stand there without their unit."""
        return name.removesuffix("_minutes")

    def hints(self) -> list[str]:
        """Return advice on policies that are never reached."""
        return [say(problem) for problem in policies.advice(self.items)]

    def show_list(self) -> None:
        """Show the policies, the advice, and what the try-out says now."""
        super().show_list()
        self._try("")

    def show_item(self) -> None:
        """Fill the form with a policy."""
        policy = self.items[self.place]
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

    # --- editing -------------------------------------------------------------------------

    def _on_edited(self, _key: str) -> None:
        if not self.items:
            return
        values: dict[str, Any] = self.form.values()
        before = self.items[self.place]
        self.items[self.place] = replace(
            before,
            name=kept_name(values["name"], before.name, self._name(before)),
            conditions={key: tuple(values[key]) for key in policies.CONDITIONS if values[key]},
            response_minutes=values["response"] if values["response"] != "" else None,
            resolution_minutes=values["resolution"] if values["resolution"] != "" else None,
            always=bool(values["always"]),
        )
        self._show_days(self.items[self.place])
        self.show_list()

    def _try(self, _key: str) -> None:
        values = self.trial.values()
        found = policies.match(self.items, values)
        if found is None:
            self._result.setText(_("None: such a ticket has no time limit."))
            return
        place = self.items.index(found) + 1
        text = _("No. {n}, “{name}”").format(n=place, name=self._name(found))
        self._result.setText(text)

    def blank(self) -> PolicyRow:
        """Return a policy without a name."""
        return PolicyRow(0, "")

    def on_save(self) -> None:
        """Hand the policies over."""
        self.save_wanted.emit(list(self.items))
