"""The form of a target: for whom, from when, how much, who answers for it – and its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from svcdesk.domain.settings import BY_KEY
from svcdesk.i18n.catalog import _
from svcdesk.services import targets
from svcdesk.services.targets import SCOPE_NAMES, WHOLE_DESK
from ui.models.choices import Choice
from ui.pages.settings.general import NumberField
from ui.pages.wording import say
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind
from ui.widgets.editors import CheckField, ChoiceField, TextField
from ui.widgets.flow import FlowLayout
from ui.widgets.form import Form
from ui.widgets.labels import box, label

if TYPE_CHECKING:
    from svcdesk.domain.metrics.definition import MetricDef
    from svcdesk.domain.problem import Problem
    from svcdesk.services.desk import Desk

WIDTH = 360
JUDGED = ("evaluate_department", "evaluate_product", "evaluate_agent")


class DecimalField(TextField):
    """A number with decimals."""

    def value(self) -> float | None:
        """Return the number, None when empty or not a number."""
        text = self.text().replace(",", "").strip()
        try:
            return float(text)
        except ValueError:
            return None

    def set_value(self, value: Any) -> None:
        """Show a number without needless decimals."""
        self.setText("" if value is None else f"{float(value):g}")


class TargetForm(QWidget):
    """One target, its history, and which groups a closing judges."""

    save_wanted = Signal(object)
    remove_wanted = Signal(object)
    setting_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._metric: MetricDef | None = None
        self._latest: int | None = None
        self.setFixedWidth(px(WIDTH))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._build_target())
        column.addWidget(self._build_judged())
        column.addStretch(1)

    def _build_target(self) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 14)
        self._title = label("", "strong", wrap=True)
        self._note = label("", "small", "2", wrap=True)
        column.addWidget(self._title)
        column.addWidget(self._note)
        names = [
            Choice(WHOLE_DESK, _(targets.WHOLE)),
            *(Choice(s, _(name)) for s, name in SCOPE_NAMES.items()),
        ]
        people = [Choice(p.id, p.name) for p in self._desk.reference.people.values() if p.active]
        self.fields = Form(columns=2)
        self.by = ChoiceField(names)
        self.group = ChoiceField([], "—")
        self.fields.add("by", _("Holds for"), self.by)
        self.fields.add("group", _("Which"), self.group)
        self.fields.add("target", _("Target (warns)"), DecimalField("", 12))
        self.fields.add("threshold", _("Threshold (alarms)"), DecimalField("", 12))
        self.fields.add("month", _("From month"), TextField("2026-04", 7), required=True)
        self.fields.add("weight", _("Weight (0–100)"), NumberField("", 3))
        self.fields.add("owner", _("Target owner"), ChoiceField(people, "—"), span=2)
        self.by.changed.connect(self._on_by)
        self.group.changed.connect(self.show_history)
        column.addWidget(self.fields)
        holder = QWidget()
        buttons = FlowLayout(holder, gap=6)
        self.save = Button(_("Save target"), kind=Kind.MAIN)
        self.save.clicked.connect(self._on_save)
        self.remove = Button(_("Remove the last entry"), kind=Kind.QUIET)
        self.remove.setToolTip(_("What held before it holds on"))
        self.remove.clicked.connect(lambda: self.remove_wanted.emit(self._latest))
        buttons.addWidget(self.save)
        buttons.addWidget(self.remove)
        column.addWidget(holder)
        self.history = label("", "small", "2", wrap=True)
        column.addWidget(self.history)
        return card

    def _build_judged(self) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 14)
        column.addWidget(label(_("When a month is closed"), "strong"))
        text = _("The whole desk and every scope with a target of its own are judged.")
        column.addWidget(label(text, "small", "2", wrap=True))
        self.judged: dict[str, CheckField] = {}
        for key in JUDGED:
            field = CheckField(_(BY_KEY[key].label))
            self.judged[key] = field
            field.clicked.connect(lambda on, key=key: self.setting_wanted.emit({key: bool(on)}))
            column.addWidget(field)
        return card

    # --- showing -------------------------------------------------------------------------

    def show_settings(self) -> None:
        """Show which groups are judged."""
        for key, field in self.judged.items():
            field.set_value(bool(self._desk.reference.settings[key]))

    def show_target(
        self, metric: MetricDef, scope: str, month: str, values: dict[str, Any]
    ) -> None:
        """Show what holds for a metric and scope; saving sets it from ``month`` on."""
        self._metric = metric
        self._title.setText(_(metric.label))
        self._note.setText(_(metric.note))
        by = scope.partition(":")[0]
        self.by.set_value(by)
        self._offer_groups(by)
        entry = targets.valid(self._desk, month).get((metric.id, scope))
        owner = None if entry is None else entry.owner_id
        self.fields.populate({**values, "by": by, "month": month, "owner": owner})
        self.group.set_value(scope)
        self.show_history()

    def _on_by(self) -> None:
        self._offer_groups(str(self.by.value()))
        self.show_history()

    def _offer_groups(self, by: str) -> None:
        whole = by == WHOLE_DESK
        found = [] if whole else targets.groups_of(self._desk, by)
        self.group.set_choices([Choice(scope, name) for scope, name in found])
        self.group.setEnabled(not whole)
        self.fields.editor("weight").setEnabled(whole)

    def scope(self) -> str:
        """Return the scope that is chosen, "" while none is."""
        if self.by.value() == WHOLE_DESK:
            return WHOLE_DESK
        return str(self.group.value() or "")

    def show_history(self) -> None:
        """Tell what held when for the metric and scope."""
        scope = self.scope()
        known = [] if self._metric is None else targets.entries(self._desk, self._metric.id)
        own = [e for e in known if e.scope == scope]
        self._latest = own[-1].id if own else None
        self.remove.setEnabled(bool(own))
        lines = []
        for entry in own:
            line = _("from {month}: target {target}, threshold {threshold}, weight {weight}")
            lines.append(line.format(
                month=entry.month, target=_short(entry.target), threshold=_short(entry.threshold),
                weight=entry.weight,
            ))  # fmt: skip
        if not own and scope and scope != WHOLE_DESK:
            lines.append(_("No target of its own: that of the whole desk holds."))
        elif not own and scope and self._metric is not None:
            lines.append(_("As built in; nothing was set yet."))
        self.history.setText("\n".join(lines))

    def show_problems(self, problems: list[Problem]) -> None:
        """Show what is wrong at its field."""
        for problem in problems:
            name = (
                problem.field
                if problem.field in {"month", "weight", "target", "threshold"}
                else "group"
            )
            self.fields.field(name).show_problem(say(problem))

    def _on_save(self) -> None:
        if self._metric is None:
            return
        values = self.fields.values()
        if not self.scope():
            self.fields.field("group").show_problem(_("Choose for which one it holds."))
            return
        for key in ("target", "threshold"):
            if values[key] is None and self.fields.editor(key).text().strip():
                self.fields.field(key).show_problem(_("Write a number, such as 4.2."))
                return
        weight = values["weight"] if isinstance(values["weight"], int) else 0
        self.save_wanted.emit({
            "metric": self._metric.id, "scope": self.scope(), "month": str(values["month"] or ""),
            "target": values["target"], "threshold": values["threshold"],
            "weight": weight if self.scope() == WHOLE_DESK else 0, "owner_id": values["owner"],
        })  # fmt: skip


def _short(value: float | None) -> str:
    return "—" if value is None else f"{value:g}"
