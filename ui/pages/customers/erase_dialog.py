"""Erasing a customer for good: what goes, what stays, confirmed by typing his number.

And the other way, when the law requires keeping: processing is restricted, or freed again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _, ngettext
from svcdesk.services import erasure
from ui.jobs.runner import WRITE, Latest
from ui.pages.form_dialog import FormDialog
from ui.pages.wording import Words
from ui.theme.room import room
from ui.theme.tokens import GAP, MARGIN
from ui.widgets.banner import Banner
from ui.widgets.button import Kind
from ui.widgets.editors import LongTextField, TextField
from ui.widgets.labels import box, label

if TYPE_CHECKING:
    from svcdesk.services.erasure import Preview
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace


def counted(counts: dict[str, int]) -> str:
    """Return how many records of which kind, as a list in words."""
    texts = {
        "ticket": _("{n} tickets"), "complaint": _("{n} complaints"),
        "callback": _("{n} callbacks"), "survey": _("{n} answers"),
        "attachment": _("{n} attachments"),
    }  # fmt: skip
    found = [text.format(n=f"{counts[k]:,}") for k, text in texts.items() if counts.get(k)]
    return _(", ").join(found) or _("no records")


class EraseDialog(FormDialog):
    """Shows what erasing does, and does it when the number was typed."""

    erased = Signal(object)

    def __init__(self, parent: QWidget, place: Workplace, customer: dict[str, Any]) -> None:
        super().__init__(parent, place, _("Erase customer"), _("Erase for good"))
        self._customer = customer
        self._words = Words(place.desk)
        self._looking = Latest(place.runner, self)
        self.resize(room(660, 560))  # it is told later what goes; the room for it is there
        told = QWidget()
        self._told = QVBoxLayout(told)
        self._told.setContentsMargins(0, 0, 0, 0)
        self._told.setSpacing(GAP)
        self._waiting = label(_("Looking for everything about this customer…"), "", "2")
        self._told.addWidget(self._waiting)
        self.form.add_widget(told, span=2)
        number = str(customer["customer_no"])
        typed = _("Type {number} to confirm").format(number=number)
        self.form.add("confirmation", typed, TextField(number, 40), required=True, span=2)
        self.form.add("reason", _("Reason"), LongTextField("", 2), required=True, span=2)
        self.form.edited.connect(self._on_edited)
        self.save_button.kind = Kind.DANGER
        self.save_button.setEnabled(False)
        self._ready = False
        desk, key = place.desk, int(customer["id"])

        def look(context: JobContext) -> Preview:
            return erasure.preview(desk, key, context)

        self._looking.start(look).on_success(self._show).on_failure(self._on_refused)

    # --- what it does --------------------------------------------------------------------

    def _show(self, plan: Preview) -> None:
        self._waiting.hide()
        customer = plan.customer
        name = self._words.customer(customer["name"], customer["kind"])
        self._told.addWidget(label(f"{customer['customer_no']} {name}", "strong"))
        card = box("card")
        grid = QGridLayout(card)
        grid.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        grid.setHorizontalSpacing(MARGIN)
        grid.setColumnStretch(1, 1)
        for row, (head, text) in enumerate(self._lines(plan)):
            grid.addWidget(label(head, "strong"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(text, wrap=True), row, 1)
        self._told.addWidget(card)
        for icon, text in self._warnings(plan):
            self._told.addWidget(Banner("warn", icon, text))
        self._ready = True
        self._on_edited("")
        self.form.editor("confirmation").setFocus()

    def _lines(self, plan: Preview) -> list[tuple[str, str]]:
        goes = [
            _("Name, phones, WeChat, e-mail, address and notes."),
            _("Every text in {list}; contents of attachments are overwritten.").format(
                list=counted(plan.counts)
            ),
        ]
        if plan.mentions:
            text = ngettext(
                "Mentions in {n} other record.", "Mentions in {n} other records.", plan.mentions
            )
            goes.append(text.format(n=f"{plan.mentions:,}"))
        if plan.merged:
            text = _("With the customers merged into this one: {list}.")
            goes.append(text.format(list=_(", ").join(plan.merged)))
        stays = _("Customer no., region, dates, categories, scores, amounts and numbers of orders and "
                  "goods: every figure of every month stays as it is.")  # fmt: skip
        kept = _("Backups made before, and files exported or printed before, still hold the data. "
                 "Delete them where you must.")  # fmt: skip
        return [(_("Erased"), "\n".join(goes)), (_("Stays"), stays), (_("Not reached"), kept)]

    def _warnings(self, plan: Preview) -> list[tuple[str, str]]:
        found = [("triangle-alert", _("This cannot be undone."))]
        if any(plan.open_work.values()):
            text = _("Not over yet: {list}. They stay open, without a person to reach.")
            found.append(("clock-alert", text.format(list=counted(plan.open_work))))
        if plan.shared:
            text = _("Others are known by the same, so texts of other records keep it: {list}.")
            found.append(("users", text.format(list=_(", ").join(plan.shared))))
        return found

    def _on_refused(self, error: object) -> None:
        self.place.shell.tell(error)
        self.reject()

    # --- doing it ------------------------------------------------------------------------

    def _on_edited(self, _key: str) -> None:
        values = self.form.values()
        typed = str(values["confirmation"] or "").strip().casefold()
        right = typed == str(self._customer["customer_no"]).casefold()
        self.save_button.setEnabled(self._ready and right and bool(values["reason"]))

    def save(self) -> None:
        """Erase the customer."""
        if not self.save_button.isEnabled():
            return
        desk, key, values = self.place.desk, int(self._customer["id"]), self.form.values()
        self.save_button.setEnabled(False)
        typed, reason = str(values["confirmation"]), str(values["reason"])
        handle = self.place.runner.start(
            lambda context: erasure.erase(desk, key, typed, reason, context), lane=WRITE, owner=self
        )
        handle.on_success(self._on_erased).on_failure(self._on_failed)

    def _on_erased(self, outcome: Any) -> None:
        self.erased.emit(outcome.value)
        self.accept()


class RestrictDialog(FormDialog):
    """Why processing is restricted, or free again."""

    def __init__(self, parent: QWidget, place: Workplace, customer: dict[str, Any]) -> None:
        on = not customer["restricted"]
        title = _("Restrict processing") if on else _("Lift the restriction")
        super().__init__(parent, place, title, title)
        self._customer, self._on = customer, on
        self.form.add("reason", _("Reason"), LongTextField("", 2), required=True, span=2)
        text = _("For data that the law requires to be kept: they are stored and protected, nobody "
                 "changes them, shows them in full or enters new records. Figures stay as they are.")  # fmt: skip
        self.advise(
            text if on else _("From then on the data can be used, changed and erased again.")
        )
        self.form.editor("reason").setFocus()

    def save(self) -> None:
        """Write it, with its reason."""
        desk, key = self.place.desk, int(self._customer["id"])
        reason = str(self.form.values()["reason"] or "")
        change = erasure.restrict if self._on else erasure.lift
        self.write(lambda: change(desk, key, reason))
