"""The monthly service report, 售后服务月报 (domain.md 5.2): its sections, collected.

Every number comes from the metric engine at one cut-off; sentences are drafted from computed
facts only (5.6, 5.7). What the supervisor typed is added and marked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.reports.appendix import data_quality, definitions
from svcdesk.reports.model import Paragraph
from svcdesk.reports.monthly.common import CHINESE_NUMBERS
from svcdesk.reports.monthly.complaints import complaints
from svcdesk.reports.monthly.ids import USED
from svcdesk.reports.monthly.problems import problems
from svcdesk.reports.monthly.resolution import resolution
from svcdesk.reports.monthly.response import response
from svcdesk.reports.monthly.satisfaction import satisfaction
from svcdesk.reports.monthly.summary import summary
from svcdesk.reports.monthly.team import team
from svcdesk.reports.monthly.volume import volume

if TYPE_CHECKING:
    from svcdesk.reports.figures import Numbers
    from svcdesk.reports.model import Section


def sections(n: Numbers, notes: dict[str, str]) -> list[Section]:
    """Return the sections of the month; ``notes`` holds what was typed, by section."""
    n.prepare(USED)
    n.board.figures(("ticket_created", "ticket_resolved"), n.period.last_months(13))
    n.board.figures(
        ("frt_mean_min", "csat_mean", "nps", "timely_rate", "complex_cycle_wd"),
        n.period.last_months(6),
    )
    body = [
        volume(n), response(n), resolution(n), satisfaction(n), complaints(n), problems(n),
        team(n),
    ]  # fmt: skip
    for index, section in enumerate(body):
        section.number = CHINESE_NUMBERS[index] if n.t.chinese else str(index + 1)
    found = [summary(n), *body, definitions(n, USED), data_quality(n, USED)]
    for section in found:
        if notes.get(section.key):
            section.blocks.append(Paragraph(notes[section.key], typed=True))
    return found
