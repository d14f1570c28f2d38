"""Erasing a customer, and restricting what is done with his data (``domain.md 7.3``, PIPL art. 47).

Erasing cannot be undone: the change log forgets with the rows. Every figure of every month stays
as it was, because numbers, dates, categories and scores stay.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain.erasure import Mentions
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_, pgettext
from svcdesk.services import customers
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import erasure as store
from svcdesk.store import exports, files
from svcdesk.system.drafts import Drafts
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from svcdesk.domain.erasure import Traits
    from svcdesk.store.connection import Connection
    from svcdesk.store.erasure import Records
    from svcdesk.system.job import JobContext


@dataclass(frozen=True)
class Preview:
    """What erasing a customer would do; nothing is written.

    ``counts``: his rows by table; ``open_work``: what is not over yet; ``mentions``: texts of
    other records in which he is named; ``shared``: what others are known by too, so that texts
    of other records keep it.
    """

    customer: dict[str, Any]
    merged: tuple[str, ...]
    counts: dict[str, int]
    open_work: dict[str, int]
    mentions: int
    shared: tuple[str, ...]


def preview(desk: Desk, customer_id: int, context: JobContext) -> Preview:
    """Return what erasing would take away and what stays."""
    desk.require(Permission.ERASE)
    with desk.reading() as connection:
        customer = _erasable(desk, customer_id)
        records = store.records_of(connection, customer_id)
        traits, shared = _known_by(connection, records)
        own = {(table, key) for table, keys in records.ids.items() for key in keys}
        found = {
            (table, key)
            for table, key, _new in store.mentions(
                connection, Mentions(traits.without(shared), _mark()), context.check
            )
            if table not in {"change_log", "operation", "notification"}
        }
        merged = [customers.number_of(connection, key) for key in records.customers]
        return Preview(
            customer,
            tuple(number for number in merged if number != customer["customer_no"]),
            records.counts(),
            store.open_work(connection, records),
            len(found - own),
            tuple(sorted(shared)),
        )


def erase(
    desk: Desk, customer_id: int, confirmation: str, reason: str, context: JobContext
) -> Outcome[int]:
    """Erase a customer for good; ``confirmation`` is his number, typed by whoever does it.

    Backups made before, and files that were exported or printed, are not reached.
    """
    desk.require(Permission.ERASE)
    customer = _erasable(desk, customer_id)
    _confirmed(customer, confirmation, reason)
    mark = _mark()
    with store.overwriting(desk.writer):
        with desk.write(N_("Erase customer {number}"), kind="system",
                        number=customer["customer_no"]) as uow:  # fmt: skip
            connection = uow.connection
            records = store.records_of(connection, customer_id)
            traits, shared = _known_by(connection, records)
            everything = Mentions(traits, mark)
            contents = store.contents(connection, records)
            context.check()
            said = store.wipe(uow, records, mark)
            store.wipe_numbers(uow, records, everything)
            store.relabel(connection, records, said, mark)
            swept = store.sweep(uow, Mentions(traits.without(shared), mark), context.check)
            tails = {phone[-4:] for phone in traits.phones}
            store.forget_samples(connection, said | traits.all | tails)
            counts = records.counts()
            exports.audit(uow, "erase", {
                "customer_id": customer_id, "number": customer["customer_no"],
                "reason": everything.replaced(reason.strip()), "rows": counts,
                "mentions": sum(map(len, swept.values())),
            })  # fmt: skip
            store.finish(uow, (records.ids, swept))
        for sha256 in contents:
            files.remove(desk.path, sha256)
        _forget_drafts(desk, records, everything)
    return Outcome(customer_id, uow.changes)


def _mark() -> str:
    return pgettext("in place of personal data", "erased")


def _erasable(desk: Desk, customer_id: int) -> dict[str, Any]:
    customer = customers.get(desk, customer_id)
    if customer["merged_into_id"] is not None:
        raise UserError(
            "{number} was merged into another customer. Erase the one who stands for it now.",
            code="merged_already", number=customer["customer_no"],
        )  # fmt: skip
    if customer["erased_at"] is not None:
        raise UserError("{number} is erased already.", code="erased",
                        number=customer["customer_no"])  # fmt: skip
    if customer["restricted"]:
        raise UserError(
            "The data of {number} must be kept: their processing is restricted. Lift the "
            "restriction first when the duty to keep them has ended.",
            code="restricted", number=customer["customer_no"],
        )  # fmt: skip
    return customer


def _confirmed(customer: dict[str, Any], confirmation: str, reason: str) -> None:
    problems = []
    if confirmation.strip().casefold() != str(customer["customer_no"]).casefold():
        text = N_("Type the customer number exactly as it is shown.")
        problems.append(Problem("confirmation", "confirmation", text))
    problems += _reasoned(reason)
    if problems:
        raise ProblemsError(problems)


def _reasoned(reason: str) -> list[Problem]:
    if reason.strip():
        return []
    return [Problem("reason", "required", N_("Write why; it is kept in the audit log."))]


def _known_by(connection: Connection, records: Records) -> tuple[Traits, frozenset[str]]:
    traits = store.traits_of(connection, records)
    return traits, store.shared(connection, records, traits)


def _forget_drafts(desk: Desk, records: Records, finder: Mentions) -> None:
    """Drop what somebody was typing about the customer on this PC."""
    ids = {str(key) for keys in records.ids.values() for key in keys}

    def is_about(key: str, text: str) -> bool:
        return any(part in ids for part in key.replace("_", ".").split(".")) or (
            finder.replaced(text) != text
        )

    with contextlib.suppress(OSError):  # the data file is what counts; a draft is for one PC
        Drafts(desk.path).drop_where(is_about)


# -- restricting -------------------------------------------------------------------------------


def restrict(desk: Desk, customer_id: int, reason: str) -> Outcome[int]:
    """Restrict processing: the data must be kept, and nothing else is done with them."""
    return _set_restricted(desk, customer_id, reason, on=True)


def lift(desk: Desk, customer_id: int, reason: str) -> Outcome[int]:
    """End a restriction."""
    return _set_restricted(desk, customer_id, reason, on=False)


def _set_restricted(desk: Desk, customer_id: int, reason: str, *, on: bool) -> Outcome[int]:
    desk.require(Permission.ERASE)
    problems = _reasoned(reason)
    if problems:
        raise ProblemsError(problems)
    customer = customers.get(desk, customer_id)
    customers.refuse_erased(customer)
    label = N_("Restrict processing of {number}") if on else N_("Lift restriction of {number}")
    with desk.write(label, number=customer["customer_no"]) as uow:
        if bool(customer["restricted"]) != on:
            uow.update("customer", customer_id, {"restricted": int(on)})
            exports.audit(uow, "restrict" if on else "lift", {
                "customer_id": customer_id, "number": customer["customer_no"],
                "reason": reason.strip(),
            })  # fmt: skip
    return Outcome(customer_id, uow.changes)
