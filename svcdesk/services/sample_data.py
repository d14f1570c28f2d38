"""A data file with a believable story: 13 months of one team (decisions.md 8, ``demo``).

The story: a quiet year; a warehouse that falls behind for three months; a launch whose battery
fails, with a group complaint and exposure; satisfaction slumps and recovers after the measures.
Same seed, same story. Everything is invented.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from svcdesk.domain.localtime import midnight
from svcdesk.i18n.catalog import N_
from svcdesk.services.desk import Desk
from svcdesk.services.sample import aids, improvements, people, team_work, voices
from svcdesk.services.sample.cases import Cases
from svcdesk.services.sample.desk_work import DeskWork
from svcdesk.services.sample.records import Records
from svcdesk.services.sample.story import Story
from svcdesk.store import derived, detections, search
from svcdesk.store.unit_of_work import LOG_NONE

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.system.clock import Clock
    from svcdesk.system.job import JobContext


def months_until(now: datetime, count: int) -> list[date]:
    """Return the first days of the last ``count`` whole months before ``now``."""
    year, month = now.year, now.month
    found: list[date] = []
    for _ in range(count):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
        found.insert(0, date(year, month, 1))
    return found


def create(path: Path, *, months: int, seed: int, context: JobContext,
           clock: Clock | None = None) -> dict[str, int]:  # fmt: skip
    """Make a data file with the sample; return how many records of each kind it holds."""
    with Desk.create(path, person="周敏", clock=clock) as desk:
        now = datetime.fromtimestamp(desk.clock.now(), desk.zone)
        starts = months_until(now, months)
        first = starts[0]
        story = Story(seed, starts)
        with desk.write(N_("Make sample data"), kind="system", months=months) as uow:
            uow.bulk(LOG_NONE)
            records = Records(uow, desk, story, midnight(first))
            records.settle()
            cases = Cases(uow, desk, story, records)
            for index in range(len(starts)):
                context.check()
                context.progress(index, len(starts), N_("Making sample data"))
                cases.month(index)
                records.month(index)
            records.improvements()
            team_work.write(records)
            people.write(records, cases)
            DeskWork(cases).write()
            aids.write(cases)
            voices.write(cases)
            cases.finish()
            detections.recompute(uow, detections.settings_from(desk.reference.settings), desk.zone)
            for table in ("customer", "product", "knowledge", "ticket", "complaint"):
                search.postpone(uow.connection, table, 0, uow.keys.last)
            derived.date_back(uow.connection)
            uow.bulk(0)
        improvements.settle(desk)
        search.index_pending(desk.writer, context)
        context.progress(len(starts), len(starts), "")
        return cases.counts
