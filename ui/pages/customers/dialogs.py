"""Forms about a customer: his facts, his tier."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QWidget

from svcdesk.domain.customer import CustomerKind, Tier
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label
from svcdesk.services import customer_tiers, customers
from ui.models.choices import Choice
from ui.pages.form_dialog import FormDialog
from ui.pages.wording import Words, say
from ui.theme.tokens import control_height
from ui.widgets.editors import CheckField, ChoiceField, LongTextField, MoneyField, TextField

if TYPE_CHECKING:
    from ui.pages.page import Workplace

_BETWEEN = re.compile(r"[,，;；、\n]+")


class PhonesField(TextField):
    """Several phones, divided by commas; the value is a list."""

    def value(self) -> Any:
        """Return the phones as they were typed."""
        return [part.strip() for part in _BETWEEN.split(self.text()) if part.strip()]

    def set_value(self, value: Any) -> None:
        """Show a list."""
        self.setText(", ".join(value or []))


class DateField(QWidget):
    """A day, or none; the value is an ISO date or ``None``."""

    changed = Signal()

    def __init__(self, none: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self._on = CheckField(none)
        self._day = QDateEdit()
        self._day.setDisplayFormat("yyyy-MM-dd")
        self._day.setCalendarPopup(True)
        self._day.setMinimumHeight(control_height())
        self._day.setAccessibleName(none)
        self._on.changed.connect(self._on_changed)
        self._day.dateChanged.connect(self.changed)
        row.addWidget(self._on)
        row.addWidget(self._day, 1)

    def _on_changed(self) -> None:
        self._day.setVisible(not self._on.isChecked())
        self.changed.emit()

    def value(self) -> str | None:
        """Return the day."""
        if self._on.isChecked():
            return None
        return self._day.date().toString(Qt.DateFormat.ISODate)

    def set_value(self, value: Any) -> None:
        """Show a day; ``None`` for none."""
        self._on.setChecked(value is None)
        self._day.setVisible(value is not None)
        if value is not None:
            self._day.setDate(QDate.fromString(str(value), Qt.DateFormat.ISODate))

    def require(self) -> None:
        """Take the choice of no day away."""
        self._on.hide()

    def offer(self, day: str) -> None:
        """Show ``day`` when a day is wanted."""
        self._day.setDate(QDate.fromString(day, Qt.DateFormat.ISODate))


class CustomerDialog(FormDialog):
    """The facts of a customer, new or known."""

    def __init__(
        self, parent: QWidget, place: Workplace, customer: dict[str, Any] | None = None
    ) -> None:
        title = _("New customer") if customer is None else _("Edit customer")
        super().__init__(parent, place, title, _("Save customer"))
        self._customer = customer
        words = Words(place.desk)
        form = self.form
        form.add("name", _("Customer"), TextField("", 50), required=True)
        kinds = words.codes("CustomerKind", CustomerKind)
        form.add("kind", _("Customer type"), ChoiceField(kinds))
        form.add("phones", _("Phone"), PhonesField(_("Several: divide by commas"), 200), span=2)
        form.add("wechat", _("WeChat"), TextField("", 50))
        form.add("email", pgettext("customer", "E-mail"), TextField("", 100))
        form.add("region", _("Region"), TextField("", 50))
        form.add("address", _("Address"), TextField("", 200))
        manager = ChoiceField(words.people(), pgettext("manager", "Nobody"))
        form.add("manager_id", _("Service manager"), manager)
        form.add("spend_12m", _("Spend in 12 months"), MoneyField())
        form.add("notes", _("Notes"), LongTextField("", 3), span=2)
        form.add("opt_out", "", CheckField(_("Refuses callbacks and surveys")), span=2)
        form.add("consent", "", CheckField(pgettext("check", "Informed and agreed")), span=2)
        form.edited.connect(self._on_edited)
        known = dict(customer or {"kind": "person"})
        form.populate({**known, "consent": known.get("consent_at") is not None})
        form.editor("name").setFocus()
        self._on_edited("phones")

    def _on_edited(self, key: str) -> None:
        if key != "phones":
            return
        desk, phones = self.place.desk, self.form.editor("phones").value()
        own = self._customer["id"] if self._customer else 0
        odd = [p for p in customers.problems(desk, {"name": "-", "phones": phones}) if p.warning]
        same = customers.same_phone(desk, own, phones) if phones else []
        texts = [say(problem) for problem in odd]
        texts += [_("{number} has the same phone").format(number=s.number) for s in same]
        self.advise(" ".join(texts))

    def save(self) -> None:
        """Write what was changed, or the new customer."""
        desk, customer = self.place.desk, self._customer
        if customer is None:
            values = {k: v for k, v in self.form.values().items() if v is not None}
            if values.pop("consent"):
                values["consent_at"] = desk.clock.now()
            self.write(
                lambda: customers.create(
                    desk, {"name": "", **values, "opt_out": int(values["opt_out"])}
                )
            )
            return
        changes = self.form.changes()
        if "consent" in changes:
            changes["consent_at"] = desk.clock.now() if changes.pop("consent") else None
        if "opt_out" in changes:
            changes["opt_out"] = int(changes["opt_out"])
        if "notes" in changes:
            changes["notes"] = changes["notes"] or ""
        if not changes:
            self.accept()
            return
        key, version = int(customer["id"]), int(customer["row_version"])
        if changes.get("name", "") is None:
            changes["name"] = ""
        self.write(lambda: customers.change(desk, key, changes, version))


class TierDialog(FormDialog):
    """The tier chosen by hand, with its reason and last day."""

    def __init__(self, parent: QWidget, place: Workplace, customer: dict[str, Any]) -> None:
        super().__init__(parent, place, _("Customer tier"), _("Set tier"))
        self._customer = customer
        choices = [Choice(None, _("By rule"))]
        choices += [Choice(tier.value, code_label("Tier", tier.value)) for tier in Tier]
        self.form.add("tier_manual", _("Customer tier"), ChoiceField(choices))
        until = DateField(_("Without end"))
        until.offer(str(customer_tiers.today(place.desk)))
        self.form.add("tier_until", _("Last day"), until)
        self.form.add("tier_note", _("Reason"), LongTextField("", 2), span=2)
        self.form.populate(customer)
        self.advise(_("The rule: first by annual spend, or a complaint in the last 12 months."))

    def save(self) -> None:
        """Write the tier."""
        desk, key, values = self.place.desk, int(self._customer["id"]), self.form.values()
        tier, note, until = values["tier_manual"], values["tier_note"] or "", values["tier_until"]
        self.write(lambda: customer_tiers.set_override(desk, key, tier, note, until))
