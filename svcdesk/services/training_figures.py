"""Figures by month that the training records know already: offered where figures are typed (2.16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.domain.people import Permission
from svcdesk.domain.statistics import format_number
from svcdesk.i18n.catalog import N_, Translator, current
from svcdesk.services import dashboards, trainings, typed_figures
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import typed_rows

if TYPE_CHECKING:
    from fractions import Fraction

COVERAGE, NEWCOMERS, DAYS = "training_coverage", "newcomer_pass", "newcomer_days"
DECIMALS = 1  # of a typed figure


@dataclass(frozen=True)
class Recorded:
    """What the records say of a typed figure in a month: its key, its value, what it is made of."""

    key: str
    value: Fraction
    of: str

    @property
    def shown(self) -> str:
        """Return the value as it is typed, without its unit."""
        return format_number(self.value, DECIMALS)


def recorded(desk: Desk, month: str) -> list[Recorded]:
    """Return what the training records of a month say; nothing where nothing was held."""
    found = trainings.summary(desk, dashboards.period_of(desk, month))
    _days, people = found.days
    values = [
        (COVERAGE, found.coverage.percent, f"{found.coverage.num}/{found.coverage.den}"),
        (NEWCOMERS, found.newcomers.percent, f"{found.newcomers.num}/{found.newcomers.den}"),
        (DAYS, found.mean_days, f"n={people}"),
    ]
    return [Recorded(key, value, of) for key, value, of in values if value is not None]


def news(desk: Desk, month: str) -> list[Recorded]:
    """Return what the records say otherwise than what is typed for a month."""
    rows = typed_rows.rows(desk.reader, "manual_metric", ("key", "value"), {"month": month})
    typed = {row["key"]: row["value"] for row in rows}
    return [one for one in recorded(desk, month) if typed.get(one.key) != _stored(one)]


def _stored(one: Recorded) -> float:
    return float(one.shown.replace(",", ""))


def take_over(desk: Desk, month: str, t: Translator | None = None) -> Outcome[int]:
    """Type what the training records of a month say, each figure with its source; one step."""
    desk.require(Permission.MAKE_REPORTS)
    t = t or current()
    about = {key: (name, unit, way) for key, name, unit, way in typed_figures.figures(desk)}
    count = 0
    with desk.write(N_("Take over the training records of {month}"), month=month) as uow:
        for one in recorded(desk, month):
            name, unit, way = about[one.key]
            count += typed_rows.put(
                uow, "manual_metric", {"key": one.key, "month": month},
                {"name": name, "unit": unit, "direction": way, "value": _stored(one),
                 "note": t("Training records: {of}").format(of=one.of)},
            )  # fmt: skip
    return Outcome(count, uow.changes)
