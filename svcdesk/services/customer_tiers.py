"""Key customers by rule, with their reasons, and by hand (``domain.md 2.1``).

The rule looks at everybody, so the whole list is computed at once: after imports, after a change
of the parameters, and once a day. In between a complaint or an override changes the one customer
it is about. A ticket keeps the tier that its customer had when it was made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain import keycustomer
from svcdesk.domain.localtime import local_date
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import customer_tiers as store
from svcdesk.store import records
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from svcdesk.store.changes import Changes
    from svcdesk.store.unit_of_work import UnitOfWork
    from svcdesk.system.job import JobContext

SOURCES = frozenset({"customer", "sales_order", "complaint", "ticket"})
PARAMETERS = ("key_share", "key_amount", "key_months")


def today(desk: Desk) -> date:
    """Return the present day of the team."""
    return local_date(desk.clock.now(), desk.reference.settings["timezone"])


def since(desk: Desk, settings: Mapping[str, Any] | None = None) -> int:
    """Return the beginning of the months that the rule looks at."""
    values = settings or desk.reference.settings
    return keycustomer.since(desk.clock.now(), int(values["key_months"]), values["timezone"])


def recompute(desk: Desk, context: JobContext | None = None) -> Outcome[int]:
    """Compute every customer's tier anew; return how many changed. Not a step of undo."""
    if context is not None:
        context.progress(0, 0, N_("Key customers"))
    rules = keycustomer.rules_from(desk.reference.settings)
    day = today(desk).isoformat()
    with desk.write(N_("Compute key customers"), kind="system") as uow:
        changed = store.recompute(uow, rules, since(desk), day)
        store.note_computed(uow, day)
    return Outcome(changed, uow.changes)


def recompute_daily(desk: Desk, context: JobContext | None = None) -> int:
    """Compute once a day: months pass and overrides expire. Return how many changed."""
    if store.computed_on(desk.reader) == today(desk).isoformat():
        return 0
    return recompute(desk, context).value


def follow(desk: Desk, changes: Changes, context: JobContext | None = None) -> None:
    """Compute anew after ``changes`` brought or took away many of the rows it is about."""
    if changes.many & SOURCES:
        recompute(desk, context)


def refresh(uow: UnitOfWork, desk: Desk, *customer_ids: int | None) -> None:
    """Bring the tier of single customers up inside a unit of work of somebody else."""
    day = today(desk).isoformat()
    for customer_id in dict.fromkeys(customer_ids):
        if customer_id is not None:
            store.refresh_one(uow, customer_id, since(desk), day)


def preview(desk: Desk, values: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many key customers there are by the stored parameters and by ``values``."""
    day, settings = today(desk).isoformat(), desk.reference.settings
    wanted = {**settings, **values}
    with desk.reading() as connection:
        now = store.count(connection, keycustomer.rules_from(settings), since(desk), day)
        new = store.count(
            connection, keycustomer.rules_from(wanted), since(desk, wanted), day
        )  # fmt: skip
    return now, new


def set_override(desk: Desk, customer_id: int, tier: str | None, note: str = "",
                 until: str | None = None) -> Outcome[int]:  # fmt: skip
    """Set a customer's tier by hand with its reason and last day; ``None`` gives it back to the rule.

    ``tier``: key or normal; ``until``: ISO date, the override holds through that day.
    """
    desk.require(Permission.EDIT_CUSTOMERS)
    customer = records.get(desk.reader, "customer", customer_id)
    if customer is None:
        raise UserError("This customer does not exist any more.", code="gone")
    faults = []
    if tier is not None and not note.strip():
        text = N_("Write why the tier was set by hand.")
        faults.append(Problem("tier_note", "required", text))
    if tier is not None and until is not None and until < today(desk).isoformat():
        text = N_("The last day lies in the past; choose today or later.")
        faults.append(Problem("tier_until", "order", text))
    if faults:
        raise ProblemsError(faults)
    with desk.write(N_("Set tier of {name}"), name=customer["name"]) as uow:
        uow.update(
            "customer",
            customer_id,
            {
                "tier_manual": tier,
                "tier_note": note.strip() if tier is not None else None,
                "tier_until": until if tier is not None else None,
            },
        )
        if tier is None and customer["tier_manual"] == "normal":
            # his place by spend was not kept while the rule was overruled
            rules = keycustomer.rules_from(desk.reference.settings)
            store.recompute(uow, rules, since(desk), today(desk).isoformat())
        else:
            refresh(uow, desk, customer_id)
    return Outcome(customer_id, uow.changes)
