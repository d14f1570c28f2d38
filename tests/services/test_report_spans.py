"""Reports about any span: which report takes which, what it is compared with, what it is called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from svcdesk.reports.model import Figure, KpiGrid, Paragraph
from svcdesk.services import reports
from svcdesk.system.errors import UserError
from svcdesk.system.job import ImmediateContext
from tests.services.desks import a_ticket

if TYPE_CHECKING:
    from svcdesk.reports.model import ReportData
    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

DAY = 86400
SPANS = (
    "2026-W14",
    "2026-03-30..2026-04-12",
    "2026-Q2",
    "2026-H1",
    "2026",
    "2025-06-01..2026-05-31",
)


def collected(desk: Desk, kind: str, period: str, language: str = "en") -> ReportData:
    return reports.collect(desk, kind, period, language=language, context=ImmediateContext())


def texts(data: ReportData) -> str:
    return "\n".join(data.texts())


@pytest.mark.parametrize("kind", ["monthly", "complaints"])
@pytest.mark.parametrize("span", SPANS)
def test_the_service_report_and_the_complaint_summary_take_any_span(
    desk: Desk, clock: FixedClock, kind: str, span: str
) -> None:
    a_ticket(desk)
    clock.advance(40 * DAY)
    data = collected(desk, kind, span)
    said = texts(data)
    assert not data.faults
    assert "onthly" not in data.title
    assert not re.search(r"month on month|[Tt]his month|MoM", said)
    chinese = texts(collected(desk, kind, span, "zh_CN"))
    assert "月报" not in chinese
    assert not re.search(r"本月|上月|月度工作概述", chinese)


def test_reports_of_their_own_span_name_it_when_another_is_asked_for(desk: Desk) -> None:
    for kind, needed in (("quarterly", "2026-Q1"), ("half_year", "2026-H1")):
        with pytest.raises(UserError, match="is not what this report is about") as caught:
            collected(desk, kind, "2026-03")
        assert needed in str(caught.value.values["kinds"])


def test_a_week_is_compared_with_the_week_before_and_the_same_days_of_last_year(
    desk: Desk, clock: FixedClock
) -> None:
    first = clock.now()
    week = reports.period_of(desk, "last-week")
    clock.advance(week.start_at - first + 3600)
    for _ in range(3):  # three in the week, one in the week before
        a_ticket(desk)
    clock.advance(-7 * DAY)
    a_ticket(desk)
    clock.advance(first - clock.now() + 40 * DAY)
    data = collected(desk, "monthly", week.code)
    cells = [c for s in data.sections for b in s.blocks if isinstance(b, KpiGrid) for c in b.cells]
    received = next(cell for cell in cells if cell.name == "Tickets received")
    assert received.value == "3"
    assert "200.0%" in received.comparison  # (3 − 1) / 1
    volume = next(s for s in data.sections if s.key == "volume")
    sentence = next(b.text for b in volume.blocks if isinstance(b, Paragraph))
    assert "up 200.0% against the period before, n/a year on year" in sentence


def test_the_lines_of_a_long_period_show_all_its_months(desk: Desk, clock: FixedClock) -> None:
    a_ticket(desk)
    clock.advance(40 * DAY)
    for span, months in (("2026-W14", 6), ("2026-Q2", 6), ("2026", 12)):
        section = next(s for s in collected(desk, "monthly", span).sections if s.key == "response")
        figure = next(block for block in section.blocks if isinstance(block, Figure))
        assert len(figure.chart.categories) == months
        assert f"{months} months" in figure.caption


def test_names_of_the_last_whole_spans(desk: Desk) -> None:
    # the desk's clock stands on 2026-04-01
    for name, code in (
        ("last", "2026-03"), ("last-month", "2026-03"), ("last-quarter", "2026-Q1"),
        ("last-half-year", "2025-H2"), ("last-year", "2025"),
        ("last-week", "2026-03-23..2026-03-29"),
    ):  # fmt: skip
        assert reports.period_of(desk, name).code == code
    assert reports.period_of(desk, "last", "quarterly").code == "2026-Q1"
    assert reports.period_of(desk, "last", "half_year").code == "2025-H2"
    offered = [period.code for period in reports.offered(desk, "complaints")]
    assert offered[0] == "2026-04"
    assert {"2026-03", "2026-Q1", "2025-H2", "2025", "2026-03-23..2026-03-29"} <= set(offered)
