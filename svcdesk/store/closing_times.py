"""Times of a month that is closed or open again by undoing, when other rules hold now than then.

While a month is closed a change of calendars and limits leaves its times alone
(:mod:`svcdesk.store.recompute`). Once it is open again they follow the rules of now; once it is
closed again they are those by which it was judged.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from svcdesk.store import closings, recompute
from svcdesk.store.recompute import ALWAYS, Settled
from svcdesk.store.reference import TimeRules, load, time_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from svcdesk.store.reference import Reference
    from svcdesk.store.unit_of_work import UnitOfWork


def frozen_reference(reference: Reference, definitions: Mapping[str, Any]) -> Reference:
    """Return the reference data with the calendars, limits and settings of a closing."""
    calendars, default, policies = TimeRules(**definitions["rules"]).built()
    return replace(
        reference, calendars=calendars, default_calendar_id=default, policies=policies,
        settings={**reference.settings, **definitions["settings"]},
    )  # fmt: skip


def differ(uow: UnitOfWork, reference: Reference, definitions: Mapping[str, Any]) -> bool:
    """Tell whether times follow from other rules now than in a closing."""
    limits = frozen_reference(reference, definitions).complaint_limits
    rules = asdict(time_rules(uow.connection))
    return bool(definitions["rules"] != rules) or limits != reference.complaint_limits


def opened(uow: UnitOfWork, closing_id: int) -> None:
    """Let the times of a month that was opened again follow the rules of now."""
    reference = load(uow.connection)
    if differ(uow, reference, closings.content(uow.connection, closing_id, "definitions")):
        recompute.times(uow, reference)


def follow(uow: UnitOfWork, closing_ids: Iterable[int]) -> None:
    """Bring times in line after a step put closings, or their reopening, back."""
    reference, stale = load(uow.connection), False
    for key in sorted(closing_ids):
        definitions = closings.content(uow.connection, key, "definitions")
        if not differ(uow, reference, definitions):
            continue
        stale = True
        span = uow.execute(
            "SELECT start_at, end_at FROM month_closing "
            "WHERE id = ? AND deleted_at IS NULL AND reopened_at IS NULL",
            (key,),
        ).fetchone()
        if span is not None:  # closed again: as it was judged, whatever lies outside it
            outside = Settled(((-ALWAYS, span[0]), (span[1], ALWAYS)))
            recompute.apply(uow, frozen_reference(reference, definitions), outside)
    if stale:
        recompute.times(uow, reference)
