"""Asking customers: whom a survey may go to, the text, that it was sent, a file for a sender."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from svcdesk.domain.masking import mask_name, mask_phone
from svcdesk.domain.people import Permission
from svcdesk.domain.survey import SurveyMethod
from svcdesk.domain.text import is_phone
from svcdesk.i18n.catalog import N_
from svcdesk.interchange.writers import SheetForm, write_table
from svcdesk.services import surveys
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import exports, records
from svcdesk.store import surveys as store
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

INVITE = (
    "您好，这里是{organisation}。您的服务单 {ticket} 已处理完成，请回复 1–5 分评价本次服务"
    "（5 非常满意，1 非常不满意）。如不愿接收，请回复 T 退订。"
)
NEEDS_PHONE = frozenset({SurveyMethod.SMS})
NOT_SETTLED = N_("The case is not settled yet.")
REFUSES = N_("The customer refuses surveys and callbacks.")
ASKED = N_("Survey {number} already asks about this closing.")
TOO_SOON = N_("Asked less than {days} days ago (survey {number}).")
TWICE = N_("The customer stands in this selection more than once; one survey is enough.")
NO_PHONE = N_("The customer has no valid phone number.")
LEFT_OUT = N_("The ticket was merged, cancelled or is a test.")


@dataclass(frozen=True)
class Prospect:
    """A ticket whose customer might be asked; ``refusal`` says why not (msgid with values)."""

    ticket_id: int
    ticket_no: str
    customer_id: int
    name: str
    kind: str
    phone: str
    text: str
    refusal: str = ""
    values: tuple[tuple[str, Any], ...] = ()

    @property
    def goes(self) -> bool:
        """Whether the survey can be sent."""
        return not self.refusal


def prospects(
    desk: Desk, tickets: Sequence[int], method: SurveyMethod, form_id: int | None = None
) -> list[Prospect]:
    """Return who of the customers of some tickets can be asked, and the text for each."""
    desk.require(Permission.EDIT_CALLBACKS)
    form = _form(desk, form_id)
    taken: set[int] = set()
    found = []
    with desk.reading():
        for key in tickets:
            one = _prospect(desk, key, method, form, taken)
            if one is None:
                continue
            if one.goes:
                taken.add(one.customer_id)
            found.append(one)
    return found


def _form(desk: Desk, form_id: int | None) -> dict[str, Any] | None:
    known = store.forms(desk.reader)
    if form_id is not None:
        return next((f for f in known if f["id"] == form_id), None)
    return next((f for f in known if f["active"]), None)


def _prospect(desk: Desk, key: int, method: SurveyMethod, form: dict[str, Any] | None,
              taken: set[int]) -> Prospect | None:  # fmt: skip
    ticket = records.get(desk.reader, "ticket", key)
    if ticket is None:
        return None
    customer = records.get(desk.reader, "customer", ticket["customer_id"]) or {}
    phone = next((p for p in customer.get("phones") or [] if is_phone(p)), "")
    refusal, values = _refusal(desk, ticket, customer, phone, method, taken)
    return Prospect(
        key, str(ticket["ticket_no"]), int(ticket["customer_id"]), str(customer.get("name", "")),
        str(customer.get("kind", "person")), phone,
        _text(desk, ticket, customer, form), refusal, tuple(values.items()),
    )  # fmt: skip


def _refusal(desk: Desk, ticket: dict[str, Any], customer: dict[str, Any], phone: str,
             method: SurveyMethod, taken: set[int]) -> tuple[str, dict[str, Any]]:  # fmt: skip
    now = desk.clock.now()
    if ticket["is_test"] or ticket["status"] in {"merged", "cancelled"}:
        return LEFT_OUT, {}
    if customer.get("opt_out"):
        return REFUSES, {}
    closed = store.closing(desk.reader, "ticket", ticket["id"], now)
    if closed is None or ticket["status"] not in {"resolved", "closed"}:
        return NOT_SETTLED, {}
    asked = store.of_closing(desk.reader, "ticket", ticket["id"], closed)
    if asked is not None:
        return ASKED, {"number": asked["survey_no"]}
    days = int(desk.reference.settings["survey_gap_days"])
    last = store.last_sent(desk.reader, ticket["customer_id"])
    if last is not None and now < last[0] + days * 86400:
        return TOO_SOON, {"days": days, "number": last[1]}
    if ticket["customer_id"] in taken:
        return TWICE, {}
    if method in NEEDS_PHONE and not phone:
        return NO_PHONE, {}
    return "", {}


def _text(desk: Desk, ticket: dict[str, Any], customer: dict[str, Any],
          form: dict[str, Any] | None) -> str:  # fmt: skip
    """Return what is sent to one customer; it goes to nobody else, so the name is in full."""
    owner = desk.reference.people.get(ticket["owner_id"] or 0)
    settings = desk.reference.settings
    return str((form or {}).get("invite") or INVITE).format(
        customer=customer.get("name", ""), ticket=ticket["ticket_no"], subject=ticket["title"],
        organisation=settings["organisation"], agent=owner.name if owner else "",
        days=settings["survey_days"],
    )  # fmt: skip


def send(desk: Desk, tickets: Sequence[int], method: SurveyMethod,
         form_id: int | None = None) -> Outcome[list[int]]:  # fmt: skip
    """Note that surveys were sent to all who may be asked; return their keys."""
    found = [one for one in prospects(desk, tickets, method, form_id) if one.goes]
    if not found:
        raise UserError(N_("None of these customers can be asked now."), code="nobody")
    form = _form(desk, form_id)
    label = N_("Send {count} surveys")
    keys = []
    with desk.write(label, count=len(found)) as uow:
        for one in found:
            closed = store.closing(uow.connection, "ticket", one.ticket_id, uow.now)
            values = {
                "ticket_id": one.ticket_id, "method": str(method), "sent_at": uow.now,
                "sent_by_id": uow.actor_id, "form_id": form["id"] if form else None,
            }  # fmt: skip
            keys.append(surveys.open_survey(uow, desk, values, closed))
    return Outcome(keys, uow.changes)


def write_numbers(desk: Desk, path: Path, found: Sequence[Prospect], *,
                  purpose: str = "") -> int:  # fmt: skip
    """Write numbers and texts for a bulk sender; masked unless a purpose is given (7.6).

    In full it needs the right to unmask; the audit log keeps purpose and count.
    """
    desk.require(Permission.EXPORT)
    full = bool(purpose.strip())
    if full:
        desk.require(Permission.UNMASK)
    header = ["工单号", "客户", "手机号", "短信内容"]
    rows = []
    for one in found:
        if not one.goes:
            continue
        company = one.kind == "company"
        text = one.text if full else one.text.replace(
            one.name, mask_name(one.name, organisation=company)
        )  # fmt: skip
        rows.append([
            one.ticket_no,
            one.name if full else mask_name(one.name, organisation=company),
            one.phone if full else mask_phone(one.phone),
            text,
        ])  # fmt: skip
    if full:
        at = datetime.fromtimestamp(desk.clock.now(), desk.zone).strftime("%Y-%m-%d %H:%M")
        header.append("导出标记")
        rows = [[*row, f"{desk.actor.name} {at} {purpose.strip()}"] for row in rows]
    write_table(path, header, rows, form=SheetForm("surveys"))
    with desk.write(N_("Export {kind}"), kind="system", list="surveys") as uow:
        entry = {"kind": "survey_numbers", "rows": len(rows), "file": path.name}
        exports.audit(uow, "export", entry | ({"purpose": purpose.strip()} if full else {}))
    return len(rows)


def questions_of(form: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Return the questions of a stored form."""
    if form is None:
        return []
    stored = form["questions"]
    return list(json.loads(stored) if isinstance(stored, str) else stored)
