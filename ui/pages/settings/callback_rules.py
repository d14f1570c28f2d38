"""Rules that make callbacks: their order, whom they are about, how many, when; with a try-out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from svcdesk.domain import callback_rules as rules
from svcdesk.domain.callback_rules import Rule
from svcdesk.domain.complaint import Severity
from svcdesk.domain.customer import Tier
from svcdesk.domain.ticket import RequestType
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from svcdesk.services import callback_rules
from ui.jobs.runner import WRITE, Latest
from ui.models.choices import Choice
from ui.models.columns import Cell, ColumnDef
from ui.pages.settings.general import NumberField
from ui.pages.settings.ordered import Line, OrderedList, kept_name
from ui.pages.wording import Words
from ui.theme.tokens import px
from ui.widgets.editors import CheckField, ChoiceField, ManyField, TextField
from ui.widgets.form import Form
from ui.widgets.labels import box, label

if TYPE_CHECKING:
    from svcdesk.services.callback_rules import Trial
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace


def built_in_names() -> dict[str, str]:
    """Return code → name of the rules of a new file."""
    return {
        "repair": _("Installations, repairs, returns"),
        "other": _("All other tickets"),
        "complaint": _("Every complaint"),
    }


class CallbackRulesPane(OrderedList[Rule]):
    """The rules left, in their order; one of them right."""

    def __init__(self, place: Workplace) -> None:
        super().__init__((0, 0, 0, 0))
        self._shell = place.shell
        self._runner = place.runner
        self._desk = place.desk
        self._words = Words(place.desk)
        self._job = Latest(place.runner, self)
        self._trial: Trial | None = None
        intro = _(
            "When a case is settled, the first rule that fits makes its callback. The sample "
            "depends on the record alone, neither on the agent nor on the minute. Complaints and "
            "key customers are always called. Low scores go to a supervisor by the settings."
        )
        self.result = label("", "", wrap=True)
        left = self.build_list(place.runner, "callback-rules", intro, _("Save rules"), self.result)
        self.add(left, 1)
        self.add(self._build_form())
        self.show_rules()

    # --- parts ---------------------------------------------------------------------------

    def columns(self) -> list[ColumnDef]:
        """Return place, name, whom it holds for, what it makes, and what it would have made."""
        return [
            ColumnDef("place", "", lambda r: Cell(str(r.id), colour="text-3"), 34, right=True),
            ColumnDef("name", _("Rule"), lambda r: self._named(r.item), 150, elide=True),
            ColumnDef("for", _("Holds for"), lambda r: Cell(self._holds_for(r.item)), 150,
                      stretch=True, elide=True),
            ColumnDef("kind", _("Kind"),
                      lambda r: Cell(code_label("CallbackKind", r.item.kind)), 110, elide=True),
            ColumnDef("percent", _("Share"), lambda r: Cell(f"{r.item.percent} %"), 64, right=True),
            ColumnDef("delay", _("Due after"), lambda r: Cell(f"{r.item.delay_hours} h"), 76,
                      right=True),
            ColumnDef("trial", _("Last 30 days"), self._tried, 110, right=True),
        ]  # fmt: skip

    def _build_form(self) -> QWidget:
        card = box("card")
        card.setFixedWidth(px(340))
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        words, any_ = self._words, _("all")
        self.form = Form(columns=2)
        self.form.add("name", _("Rule"), TextField("", 60), span=2, required=True)
        records = [Choice("ticket", _("Tickets")), Choice("complaint", _("Complaints"))]
        self.form.add("record", _("Settled"), ChoiceField(records))
        self.form.add("kind", _("Kind"), ChoiceField(words.codes("CallbackKind", rules.KINDS)))
        self.form.add("request_type", _("Request type"),
                      ManyField(words.codes("RequestType", list(RequestType)), any_))  # fmt: skip
        self.form.add("severity", _("Severity"),
                      ManyField(words.codes("Severity", list(Severity)), any_))  # fmt: skip
        self.form.add("issue", _("Issue type"), ManyField(words.items("issue"), any_))
        self.form.add("category", _("Category"), ManyField(words.items("category"), any_))
        self.form.add("channel", _("Channel"), ManyField(words.items("channel"), any_))
        self.form.add("tier", _("Customer tier"),
                      ManyField(words.codes("Tier", list(Tier)), any_))  # fmt: skip
        self.form.add("percent", _("Share called (%)"), NumberField("", 3))
        self.form.add("delay_hours", _("Due after (calendar hours)"), NumberField("", 3))
        self.form.add("active", "", CheckField(_("In use")), span=2)
        self.form.edited.connect(self._on_edited)
        column.addWidget(self.form)
        column.addStretch(1)
        return card

    # --- words ---------------------------------------------------------------------------

    def _name(self, rule: Rule) -> str:
        return built_in_names().get(rule.name, rule.name) or _("(new rule)")

    def _named(self, rule: Rule) -> Cell:
        if rule.active:
            return Cell(self._name(rule))
        return Cell(_("{name} (not in use)").format(name=self._name(rule)), "circle-pause",
                    "text-3")  # fmt: skip

    def _holds_for(self, rule: Rule) -> str:
        kinds = {"request_type": "RequestType", "severity": "Severity", "tier": "Tier"}
        parts = []
        for key, values in rule.conditions.items():
            if not values:
                continue
            names = [
                code_label(kinds[key], str(value)) if key in kinds
                else self._words.item(int(str(value)))
                for value in values
            ]  # fmt: skip
            parts.append(_(", ").join(names))
        everything = _("all tickets") if rule.record == "ticket" else _("all complaints")
        return "  +  ".join(parts) or everything

    def _tried(self, line: Line[Rule]) -> Cell:
        if self._trial is None or line.id > len(self._trial.made):
            return Cell("…", colour="text-3")
        made, matched = self._trial.made[line.id - 1], self._trial.matched[line.id - 1]
        return Cell(_("{n} of {count}").format(n=made, count=matched))

    # --- showing -------------------------------------------------------------------------

    def show_rules(self) -> None:
        """Fill in what holds now."""
        self.show_items(callback_rules.listed(self._desk))

    def hints(self) -> list[str]:
        """Return the rules that are never reached."""
        return [
            _("“{name}” is never reached: “{other}” above it takes all its cases.").format(
                name=self._name(self.items[place]), other=self._name(self.items[above])
            )
            for place, above in rules.hidden(self.items)
        ]

    def show_list(self) -> None:
        """Show the rules, the advice, and what they would have made."""
        super().show_list()
        if not callback_rules.problems(self.items):
            self._try()

    def _try(self) -> None:
        desk, wanted = self._desk, list(self.items)

        def work(_context: JobContext) -> Trial:
            return callback_rules.try_out(desk, wanted)

        self._job.start(work).on_success(self._on_trial).on_failure(self._shell.tell)

    def _on_trial(self, trial: Trial) -> None:
        self._trial = trial
        self.show_rows()
        text = _("Of {cases} cases settled in the last 30 days these rules make {n} callbacks.")
        text = text.format(cases=trial.cases, n=trial.total)
        if trial.opted_out:
            text += " " + _("{n} refuse callbacks.").format(n=trial.opted_out)
        if trial.without:
            text += " " + _("No rule fits {n}.").format(n=trial.without)
        self.result.setText(text)

    def show_item(self) -> None:
        """Fill the form with a rule."""
        rule = self.items[self.place]
        values: dict[str, Any] = {key: list(v) for key, v in rule.conditions.items()}
        if rule.record == "ticket":
            values["issue"] = values.pop("category", [])
        self.form.populate(
            {
                **values,
                "name": self._name(rule) if rule.name else None,
                "record": rule.record,
                "kind": rule.kind,
                "percent": rule.percent,
                "delay_hours": rule.delay_hours,
                "active": rule.active,
            }
        )
        self._show_fields(rule.record)

    def _show_fields(self, record: str) -> None:
        ticket = record == "ticket"
        for name, wanted in (("request_type", ticket), ("issue", ticket),
                             ("severity", not ticket), ("category", not ticket)):  # fmt: skip
            self.form.field(name).setVisible(wanted)

    # --- editing -------------------------------------------------------------------------

    def _on_edited(self, _key: str) -> None:
        if not self.items:
            return
        values: dict[str, Any] = self.form.values()
        before = self.items[self.place]
        name = kept_name(values["name"], before.name, self._name(before))
        record = str(values["record"])
        conditions: dict[str, tuple[object, ...]] = {key: tuple(values[key]) for key in ("request_type", "severity", "channel",
                      "tier") if values[key] and key in rules.CONDITIONS[record]}  # fmt: skip
        category = values["issue"] if record == "ticket" else values["category"]
        if category:
            conditions["category"] = tuple(category)
        self.items[self.place] = replace(
            before, name=name, record=record, kind=str(values["kind"]), conditions=conditions,
            percent=values["percent"], delay_hours=values["delay_hours"],
            active=bool(values["active"]),
        )  # fmt: skip
        self._show_fields(record)
        self.show_list()

    def blank(self) -> Rule:
        """Return a rule without a name."""
        return Rule(0, "")

    def on_save(self) -> None:
        """Save the rules."""
        desk, wanted = self._desk, list(self.items)
        handle = self._runner.start(
            lambda _context: callback_rules.save(desk, wanted), lane=WRITE, owner=self
        )
        handle.on_success(self._on_saved).on_failure(self._on_refused)

    def _on_saved(self, _outcome: Any) -> None:
        self._shell.say(_("Settings saved"))

    def _on_refused(self, error: object) -> None:
        from svcdesk.system.errors import ProblemsError

        if isinstance(error, ProblemsError):
            self.show_problems(error.problems)
        else:
            self._shell.tell(error)
