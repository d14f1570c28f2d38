"""One customer: who he is, his figures, what is promised to him, his whole history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.domain.masking import mask_address, mask_email
from svcdesk.domain.people import Permission, may
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.customers.history import History, history_columns, promise_columns, targets
from ui.pages.customers.rows import reasons_text
from ui.pages.wording import DASH, Words, yuan
from ui.theme.tokens import GAP, MARGIN, RADIUS_CHIP, row_height
from ui.widgets.banner import Banner
from ui.widgets.button import Button, Kind
from ui.widgets.data_table import DataTable
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Link, Tag, box, label
from ui.widgets.scroll_area import FitArea
from ui.widgets.side_by_side import SideBySide

if TYPE_CHECKING:
    from svcdesk.services.customer_page import CustomerPage
    from ui.pages.page import Workplace

PROMISE_ROWS = 5


class CustomerRecord(QWidget):
    """Shows one customer; the page acts on its signals."""

    edit_wanted = Signal()
    tier_wanted = Signal()
    merge_wanted = Signal(object)  # key of the other customer, None: still to be chosen
    unmerge_wanted = Signal(object)
    ticket_wanted = Signal()
    erase_wanted = Signal()
    restrict_wanted = Signal()
    shown_in_full = Signal()
    opened = Signal(str, object)  # page, key

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._desk = place.desk
        self._words = Words(place.desk)
        self.detail: CustomerPage | None = None
        self._unmasked = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        names = (_("Customer"), _("History"))
        row.addWidget(SideBySide(self._build_facts(), self._build_history(), (560, 700), names))

    # --- building ------------------------------------------------------------------------

    def _build_facts(self) -> QWidget:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GAP)
        head = QHBoxLayout()
        self._name = label("", "page", selectable=True)
        self._tier = Tag("", "gem", "violet")
        head.addWidget(self._name)
        head.addWidget(self._tier)
        head.addStretch(1)
        column.addLayout(head)
        tools = QWidget()
        flow = FlowLayout(tools, gap=GAP)
        self._show = Button(_("Show"), kind=Kind.QUIET, icon="eye", small=True)
        self._show.setToolTip(_("Show name, phones and address in full; it is noted who saw them"))
        self._edit = Button(_("Edit"), kind=Kind.QUIET, icon="pencil", key="E", small=True)
        self._ticket = Button(_("New ticket"), kind=Kind.QUIET, icon="plus", key="N", small=True)
        self._merge = Button(_("Merge…"), kind=Kind.QUIET, icon="merge", key="M", small=True)
        copy = Button(_("Copy as text"), kind=Kind.QUIET, icon="copy", small=True)
        self._restrict = Button(_("Restrict…"), kind=Kind.QUIET, icon="lock", small=True)
        self._restrict.setToolTip(
            _("The law requires these data to be kept: store them and do nothing else with them")
        )
        self._erase = Button(_("Erase…"), kind=Kind.QUIET, icon="eraser", small=True)
        self._erase.setToolTip(_("Take everything personal away for good; figures stay"))
        for button, slot in (
            (self._show, self._toggle),
            (self._edit, self.edit_wanted),
            (self._ticket, self.ticket_wanted),
            (self._merge, self._on_merge),
            (copy, self._copy),
            (self._restrict, self.restrict_wanted),
            (self._erase, self.erase_wanted),
        ):
            button.clicked.connect(slot)
            flow.addWidget(button)
        column.addWidget(tools)
        self._banners = QVBoxLayout()
        self._banners.setSpacing(GAP)
        column.addLayout(self._banners)
        column.addWidget(self._build_numbers())
        column.addWidget(self._build_tier())
        column.addWidget(self._build_card())
        column.addStretch(1)
        return FitArea(inner)

    def _build_numbers(self) -> QWidget:
        card = box("card")
        grid = QGridLayout(card)
        grid.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        grid.setHorizontalSpacing(RADIUS_CHIP)
        self._numbers: dict[str, Any] = {}
        names = (
            ("tickets", _("Tickets")),
            ("open", pgettext("count", "Open")),
            ("complaints", _("Complaints 12 m")),
            ("csat", _("Satisfaction")),
            ("spend", _("Spend in 12 months")),
            ("orders", _("Orders")),
            ("compensation", _("Compensation 12 m")),
            ("contact", _("Next contact")),
        )
        for place, (key, name) in enumerate(names):
            line, column = divmod(place, 4)
            grid.addWidget(label(name, "small", "3"), 2 * line, column)
            self._numbers[key] = label("", "strong", selectable=True)
            grid.addWidget(self._numbers[key], 2 * line + 1, column)
            grid.setColumnStretch(column, 1)
        return card

    def _build_tier(self) -> QWidget:
        card = box("card")
        row = QHBoxLayout(card)
        row.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        self._reasons = label("", "", "2", wrap=True)
        row.addWidget(label(_("Customer tier"), "strong"))
        row.addWidget(self._reasons, 1)
        change = Link(_("Change…"))
        change.clicked.connect(self.tier_wanted)
        row.addWidget(change)
        return card

    def _build_card(self) -> QWidget:
        card = box("card")
        self._facts = QGridLayout(card)
        self._facts.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        self._facts.setHorizontalSpacing(MARGIN)
        self._facts.setVerticalSpacing(RADIUS_CHIP // 2)
        self._facts.setColumnStretch(1, 1)
        return card

    def _build_history(self) -> QWidget:
        side = box("surface", "left")
        column = QVBoxLayout(side)
        column.setContentsMargins(0, GAP, 0, 0)
        column.setSpacing(GAP)
        self._promised = label("", "strong")
        self._promised.setContentsMargins(MARGIN, 0, MARGIN, 0)
        column.addWidget(self._promised)
        self._promises = self._table("promise", promise_columns(self._desk))
        self._promises.setMaximumHeight((PROMISE_ROWS + 1) * row_height() + GAP)
        column.addWidget(self._promises)
        self._past = label("", "strong")
        self._past.setContentsMargins(MARGIN, 0, MARGIN, 0)
        column.addWidget(self._past)
        self._history = self._table("history", history_columns(self._desk))
        column.addWidget(self._history, 1)
        return side

    def _table(self, name: str, columns: list[Any]) -> DataTable:
        rows = RowWindowModel(columns, self._place.runner, self)
        table = DataTable(rows, f"customer_{name}")
        table.empty.set("inbox", _("Nothing here."), "")
        table.opened.connect(self._on_opened)
        return table

    # --- showing -------------------------------------------------------------------------

    def show_customer(self, detail: CustomerPage) -> None:
        """Show a customer; another one is masked again."""
        if self.detail is None or self.detail.customer["id"] != detail.customer["id"]:
            self._unmasked = False
        self.detail = detail
        customer = detail.customer
        self._tier.setVisible(customer["tier"] == "key")
        self._tier.set(pgettext("tag", "Key customer"), "gem", "violet")
        self._show_tools(customer)
        self._show_numbers(detail)
        self._show_reasons(customer)
        self._show_banners(detail)
        self._show_facts()
        self._promised.setText(_("Promised ({n})").format(n=len(detail.promises)))
        self._promises.setVisible(bool(detail.promises))
        self._promised.setVisible(bool(detail.promises))
        self._promises.rows.show(RecordList(detail.promises))
        self._past.setText(_("History ({n})").format(n=len(detail.history)))
        self._history.rows.show(RecordList([History.of(e) for e in detail.history]))

    def _show_tools(self, customer: dict[str, Any]) -> None:
        """Offer what may be done with the customer as he stands."""
        erased, kept = customer["erased_at"] is not None, bool(customer["restricted"])
        alone = customer["merged_into_id"] is None
        allowed = may(self._desk.roles, Permission.ERASE) and not erased and alone
        self._merge.setVisible(alone and not erased and not kept)
        for button in (self._show, self._edit, self._ticket):
            button.setVisible(not erased and not kept)
        self._restrict.setVisible(allowed)
        self._restrict.set_text(_("Lift the restriction…") if kept else _("Restrict…"))
        self._erase.setVisible(allowed and not kept)

    def _show_numbers(self, detail: CustomerPage) -> None:
        numbers, customer = detail.numbers, detail.customer
        csat = DASH
        if numbers["csat"] is not None:
            csat = _("{value} (n = {n})").format(
                value=f"{numbers['csat']:.2f}", n=numbers["csat_n"]
            )
        contact = detail.next_contact
        texts = {
            "tickets": f"{numbers['tickets']:,}",
            "open": f"{numbers['open']:,}",
            "complaints": f"{numbers['complaints']:,}",
            "csat": csat,
            "spend": yuan(customer["spend_12m"]),
            "orders": f"{numbers['orders'] or customer['order_count_12m'] or 0:,}",
            "compensation": yuan(numbers["compensation"]),
            "contact": self._words.time(contact.at) if contact else DASH,
        }
        for key, text in texts.items():
            self._numbers[key].setText(text)

    def _show_reasons(self, customer: dict[str, Any]) -> None:
        parts = [code_label("Tier", customer["tier"])]
        if customer["tier_reasons"]:
            parts.append(reasons_text(self._desk, customer["tier_reasons"]))
        if customer["tier_manual"]:
            parts.append(_("by hand: {note}").format(note=customer["tier_note"] or DASH))
            if customer["tier_until"]:
                parts.append(_("until {day}").format(day=customer["tier_until"]))
        self._reasons.setText(" · ".join(parts))

    def _show_banners(self, detail: CustomerPage) -> None:
        while (item := self._banners.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for banner in self._banners_of(detail):
            self._banners.addWidget(banner)

    def _banners_of(self, detail: CustomerPage) -> list[Banner]:
        found = [*self._of_privacy(detail.customer)]
        if detail.survivor is not None:
            text = _("Merged into {number}").format(number=detail.survivor["customer_no"])
            banner = Banner(
                "neutral", "git-merge", text,
                actions=(("survivor", _("Open")), ("unmerge", _("Take the merge apart"))),
            )  # fmt: skip
            banner.acted.connect(self._on_banner)
            found.append(banner)
        if detail.may_leave:
            text = _("May leave: a key customer who complained again")
            found.append(Banner("danger", "triangle-alert", text))
        for other in detail.same_phone:
            text = _("{number} has the same phone").format(number=other.number)
            banner = Banner(
                "warn", "users", text,
                actions=((f"merge:{other.id}", _("Merge…")), (f"open:{other.id}", _("Open"))),
            )  # fmt: skip
            banner.acted.connect(self._on_banner)
            found.append(banner)
        for merged in detail.merged:
            text = _("{number} was merged into this customer on {day}").format(
                number=merged.number, day=self._words.day(merged.at)
            )
            banner = Banner(
                "neutral", "git-merge", text,
                actions=((f"unmerge:{merged.id}", _("Take the merge apart")),),
            )  # fmt: skip
            banner.acted.connect(self._on_banner)
            found.append(banner)
        return found

    def _of_privacy(self, customer: dict[str, Any]) -> list[Banner]:
        if customer["erased_at"] is not None:
            text = _("Erased on {day}: the person is forgotten, figures stay").format(
                day=self._words.day(customer["erased_at"])
            )
            return [Banner("neutral", "eraser", text)]
        if customer["restricted"]:
            text = _("Processing restricted: the data are only kept")
            return [Banner("warn", "lock", text)]
        return []

    def facts(self) -> list[tuple[str, str]]:
        """Return the facts as they are shown, masked or in full."""
        if self.detail is None:
            return []
        customer, words, full = self.detail.customer, self._words, self._unmasked
        email, address = customer["email"] or "", customer["address"] or ""
        phones = [p if full else words.phone(p) for p in customer["phones"]]
        bad = "AB11" in customer["data_flags"]
        return [
            (_("Customer no."), customer["customer_no"]),
            (_("Customer type"), code_label("CustomerKind", customer["kind"])),
            (_("Phone"), (_(", ").join(phones) or DASH) + (" ⚠ AB11" if bad else "")),
            (_("WeChat"), customer["wechat"] or DASH),
            (
                pgettext("customer", "E-mail"),
                (email if full else mask_email(email)) if email else DASH,
            ),
            (_("Region"), customer["region"] or DASH),
            (_("Address"), (address if full else mask_address(address)) if address else DASH),
            (_("Service manager"), words.person(customer["manager_id"])),
            (_("Callbacks"), _("refused") if customer["opt_out"] else _("allowed")),
            (_("Informed and agreed"), words.day(customer["consent_at"])),
            (_("Notes"), customer["notes"] or DASH),
        ]

    def _show_facts(self) -> None:
        if self.detail is None:
            return
        customer = self.detail.customer
        name = customer["name"]
        self._name.setText(name if self._unmasked else self._words.customer(name, customer["kind"]))
        self._show.set_text(_("Hide") if self._unmasked else _("Show"))
        while (item := self._facts.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row, (name, text) in enumerate(self.facts()):
            self._facts.addWidget(
                label(name, "small", "3"), row, 0, alignment=Qt.AlignmentFlag.AlignTop
            )
            self._facts.addWidget(label(text, wrap=True, selectable=True), row, 1)

    # --- acting --------------------------------------------------------------------------

    def _toggle(self) -> None:
        self._unmasked = not self._unmasked
        if self._unmasked:
            self.shown_in_full.emit()
        self._show_facts()

    def _on_merge(self) -> None:
        self.merge_wanted.emit(None)

    def _on_banner(self, action: str) -> None:
        kind, _colon, key = action.partition(":")
        detail = self.detail
        if detail is None:
            return
        if kind == "survivor" and detail.survivor is not None:
            self.opened.emit("customers", detail.survivor["id"])
        elif kind == "unmerge":
            self.unmerge_wanted.emit(int(key) if key else detail.customer["id"])
        elif kind == "merge":
            self.merge_wanted.emit(int(key))
        elif kind == "open":
            self.opened.emit("customers", int(key))

    def _on_opened(self, key: object) -> None:
        detail = self.detail
        if detail is None or not isinstance(key, int):
            return
        target = targets(detail).get(key)
        if target is not None:
            self.opened.emit(*target)

    def as_text(self) -> str:
        """Return facts, figures and history as text for a chat, masked as they are shown."""
        if self.detail is None:
            return ""
        lines = [self._name.text(), self._reasons.text()]
        lines += [f"{name}：{text}" for name, text in self.facts() if text != DASH]
        for entry in self.detail.history[:20]:
            shown = History.of(entry)
            lines.append(" ".join((self._words.day(shown.at), shown.number, shown.words())))
        return "\n".join(lines)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.as_text())
        self._place.shell.say(_("Copied"), undo=False)
