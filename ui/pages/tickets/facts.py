"""The facts of a ticket in two columns; name and phone are masked until asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from svcdesk.domain.record_kinds import fields_of
from svcdesk.i18n.catalog import _
from ui.pages.kind_fields import kind_label, kind_value
from ui.pages.wording import Words
from ui.widgets.labels import ElidedLabel, Link, label

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.services.tickets import TicketDetail


class TicketFacts(QWidget):
    """Customer, product, people, channel, times."""

    customer_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._words = Words(desk)
        self._detail: TicketDetail | None = None
        self._unmasked = False
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 2, 0, 2)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        for column in (1, 3):
            grid.setColumnStretch(column, 1)
            grid.setColumnMinimumWidth(column, 60)
        self._facts: dict[str, ElidedLabel] = {}
        self._customer = Link("")
        self._customer.setMinimumWidth(40)
        self._customer.clicked.connect(self._open_customer)
        self._phone = Link("")
        self._phone.clicked.connect(self._show_phone)
        entries: tuple[tuple[str, str, QWidget | None], ...] = (
            ("customer", _("Customer"), self._customer),
            ("phone", _("Phone"), self._phone),
            ("product", _("Product"), None),
            ("serial", _("Serial no."), None),
            ("order", _("Order no."), None),
            ("issue", _("Issue type"), None),
            ("department", _("Department"), None),
            ("first_owner", _("First owner"), None),
            ("owner", _("Owner"), None),
            ("channel", _("Channel"), None),
            ("created", _("Received"), None),
        )
        for number, (key, name, widget) in enumerate(entries):
            row, side = divmod(number, 2)
            grid.addWidget(label(name, "small", "3"), row, side * 2)
            if widget is None:
                self._facts[key] = ElidedLabel("")
                grid.addWidget(self._facts[key], row, side * 2 + 1)
            else:  # aligned: a link's own maximum width must not bound the column
                grid.addWidget(widget, row, side * 2 + 1, Qt.AlignmentFlag.AlignLeft)

        self._grid = grid
        self._fixed = len(entries)
        self._own: list[QWidget] = []

    def _show_kind(self, detail: TicketDetail) -> None:
        """Show the fields that a ticket has by its kind, after the common ones."""
        for widget in self._own:
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._own = []
        details = detail.ticket.get("details") or {}
        own = [f for f in fields_of(str(detail.ticket["request_type"])) if not f.stored]
        for number, field in enumerate(own, self._fixed):
            row, side = divmod(number, 2)
            name = label(kind_label(field.name), "small", "3")
            value = ElidedLabel("")
            value.set_text(kind_value(field.name, details.get(field.name)))
            self._grid.addWidget(name, row, side * 2)
            self._grid.addWidget(value, row, side * 2 + 1)
            self._own += [name, value]

    def show_detail(self, detail: TicketDetail) -> None:
        """Show a ticket; another one is masked again."""
        same = self._detail is not None and self._detail.ticket["id"] == detail.ticket["id"]
        self._unmasked = self._unmasked and same
        self._detail = detail
        ticket, words, customer = detail.ticket, self._words, detail.customer
        name = str(customer["name"])
        if not self._unmasked:
            name = words.customer(name, customer["kind"])
        self._customer.setText(name)
        self._customer.setToolTip(_("Everything about this customer"))
        phones = customer["phones"]
        shown = (phones[0] if self._unmasked else words.phone(phones[0])) if phones else "—"
        self._phone.setText(shown)
        self._phone.setToolTip(_("Click to show name and number"))
        values = {
            "product": str(detail.product["name"]) if detail.product else "—",
            "serial": str(ticket["serial_no"] or "—"),
            "order": str(ticket["order_no"] or "—"),
            "issue": words.item(ticket["issue_sub_id"] or ticket["issue_id"]),
            "department": words.item(ticket["resp_dept_id"]),
            "first_owner": words.person(ticket["first_owner_id"]),
            "owner": words.person(ticket["owner_id"]),
            "channel": words.item(ticket["channel_id"]),
            "created": words.time(ticket["created_at"]),
        }
        for key, value in values.items():
            self._facts[key].set_text(value)
        self._show_kind(detail)

    def _open_customer(self) -> None:
        if self._detail is not None:
            self.customer_wanted.emit(self._detail.ticket["customer_id"])

    def _show_phone(self) -> None:
        self._unmasked = not self._unmasked
        if self._detail is not None:
            self.show_detail(self._detail)
