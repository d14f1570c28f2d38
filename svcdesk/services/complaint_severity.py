"""The severity of a complaint: what the rules propose while it is typed and when it is found out.

A person may choose otherwise; the reasons of the proposal stay with the complaint. What is found
later (a group, an exposure, the third of a chain) is proposed anew, never written by itself.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from svcdesk.domain.complaint_severity import CLOSED, Proposal, SeverityFacts, propose
from svcdesk.domain.detection import is_exposure
from svcdesk.domain.localtime import DAY
from svcdesk.domain.people import Permission
from svcdesk.i18n.catalog import N_
from svcdesk.services.complaint_rows import YUAN, event, settle, stored
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import complaint_parts, records
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.store.unit_of_work import UnitOfWork


def proposal_for(desk: Desk, values: Mapping[str, Any], uow: UnitOfWork | None = None) -> Proposal:
    """Return what the rules propose for a complaint that is being typed, or saved by ``uow`` (2.7).

    A reader would have to read anew what the last write has changed; ``uow`` has it at hand.
    """
    reader = desk.reader if uow is None else uow.connection
    settings = desk.reference.settings
    at = int(values.get("received_at") or desk.clock.now())
    customer_id = int(values.get("customer_id") or 0)
    customer = records.get(reader, "customer", customer_id) if customer_id else None
    chain, category = 1, int(values.get("category_id") or 0)
    if customer_id and category:
        before = complaint_parts.latest_of_customer(reader, customer_id, category, at)
        if before is not None and at - before[1] <= settings["repeat_days"] * DAY:
            chain = before[0] + 1
    product, in_group = int(values.get("product_id") or 0), False
    if product:
        span = (at - settings["group_days"] * DAY, at)
        others = complaint_parts.other_customers_of_product(
            reader, product, customer_id or None, span
        )
        in_group = others + 1 >= settings["group_customers"]
    key = customer is not None and customer["tier"] == "key"
    known = SeverityFacts(in_group=in_group, chain=chain, key_customer=key)
    return _proposal(desk, values, known)


def proposal_of(desk: Desk, complaint: Mapping[str, Any]) -> Proposal:
    """Return what the rules propose for a stored complaint as it is known now."""
    group_id = complaint["group_id"]
    group = records.get(desk.reader, "complaint_group", group_id) if group_id else None
    known = SeverityFacts(
        in_group=group is not None, group=str(group["group_no"]) if group else "",
        chain=int(complaint["chain"]), key_customer=complaint["tier"] == "key",
    )  # fmt: skip
    return _proposal(desk, complaint, known)


def _proposal(desk: Desk, values: Mapping[str, Any], known: SeverityFacts) -> Proposal:
    channel = desk.reference.items.get(int(values.get("channel_id") or 0))
    amount = values.get("demand_amount")
    return propose(
        SeverityFacts(
            text=str(values.get("description") or ""),
            in_group=known.in_group,
            group=known.group,
            exposure=bool(values.get("social_exposure"))
            or (values.get("social_exposure") is None and channel is not None
                and is_exposure(channel.code)),
            demand=None if amount is None else int(amount),
            major_demand=int(desk.reference.settings["complaint_major_demand"]) * YUAN,
            key_customer=known.key_customer,
            chain=known.chain,
        )
    )  # fmt: skip


def columns(proposal: Proposal, *, by_hand: bool) -> dict[str, Any]:
    """Return the columns that keep what was proposed when a severity was chosen."""
    return {
        "severity_proposed": str(proposal.severity),
        "severity_reasons": json.dumps(proposal.codes),
        "severity_by_hand": int(by_hand),
    }


def open_proposal(desk: Desk, complaint: Mapping[str, Any]) -> Proposal | None:
    """Return a proposal that asks for more than the complaint has, for a reason found since."""
    if complaint["status"] in CLOSED:
        return None
    found = proposal_of(desk, complaint)
    known = complaint["severity_reasons"] if complaint["severity_by_hand"] else []
    return found if found.exceeds(str(complaint["severity"]), known) else None


def take_over(desk: Desk, complaint_id: int) -> Outcome[int]:
    """Take the proposed severity over; its limits hold from the receipt on."""
    desk.require(Permission.EDIT_COMPLAINTS)
    complaint = stored(desk, complaint_id)
    found = open_proposal(desk, complaint)
    if found is None:
        raise UserError("Nothing is proposed for this complaint any more.", code="no_proposal")
    with desk.write(
        N_("Take over the severity: {number}"), number=complaint["complaint_no"]
    ) as uow:
        row = {"severity": str(found.severity), **columns(found, by_hand=False)}
        uow.update("complaint", complaint_id, row)
        event(uow, complaint_id, "note", name="severity_taken", old=complaint["severity"],
              new=str(found.severity), text=", ".join(found.codes))  # fmt: skip
        settle(uow, desk, complaint_id, (complaint["customer_id"],))
    return Outcome(complaint_id, uow.changes)
