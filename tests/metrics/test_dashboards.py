"""Figures through the Desk: what screen, command line and reports ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.complaint import ComplaintClass
from svcdesk.domain.metrics.definition import Kind
from svcdesk.domain.metrics.registry import METRICS
from svcdesk.i18n.catalog import translator
from svcdesk.services import dashboards, sample_data
from svcdesk.services.desk import Desk
from svcdesk.system.clock import FixedClock
from svcdesk.system.errors import UserError
from svcdesk.system.job import ImmediateContext
from tests.domain.calendars import at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svcdesk.domain.period import Period

ZH, EN = translator("zh_CN"), translator("en")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    path = tmp_path_factory.mktemp("desk") / "sample.svcdesk"
    clock = FixedClock(at("2026-04-02 09:00"))
    sample_data.create(path, months=4, seed=3, context=ImmediateContext(), clock=clock)
    with Desk.open(path, write=False, clock=clock) as opened:
        yield opened


@pytest.fixture
def march(desk: Desk) -> Period:
    return dashboards.period_of(desk, "2026-03")


def test_every_metric_answers_and_every_drill_down_has_its_length(
    desk: Desk, march: Period
) -> None:
    found = dashboards.figures(desk, march)
    assert list(found) == dashboards.all_metric_ids()
    with dashboards.board(desk) as board:
        for metric in METRICS:
            figure = found[metric.id]
            if metric.kind in {Kind.COUNT, Kind.RATIO, Kind.PERCENTILE} and metric.source not in {
                "visit", "quality_check", "channel_day", "action",
            }:  # fmt: skip
                assert len(board.drill(metric.id, march, "den")) == figure.n, metric.id
                assert len(board.drill(metric.id, march, "excluded")) == figure.excluded
                assert len(board.drill(metric.id, march, "not_yet_due")) == figure.not_yet_due
            if figure.met is not None:
                assert figure.target is not None


def test_groups_add_up_to_the_whole_and_have_names(desk: Desk, march: Period) -> None:
    whole = dashboards.figures(desk, march, metric_ids=["ticket_created", "frt_mean_min"])
    for by in ("channel", "issue", "department", "agent", "priority", "tier", "product",
               "request_type", "complexity", "channel_group", "day", "week", "month"):  # fmt: skip
        groups = dashboards.by_dimension(desk, "ticket_created", march, by, t=ZH)
        assert sum(g.figure.n for g in groups) == whole["ticket_created"].n, by
        means = dashboards.by_dimension(desk, "frt_mean_min", march, by, t=ZH)
        assert sum(g.figure.num or 0 for g in means) == whole["frt_mean_min"].num, by
        assert all(g.name for g in groups)
    channels = dashboards.by_dimension(desk, "ticket_created", march, "channel", t=EN)
    assert {g.code for g in channels} <= {"chat", "app", "web", "social", "miniprogram", "wechat",
                                         "phone", "email", "store", "letter"}  # fmt: skip
    assert sum(g.share or 0 for g in channels) == 1
    assert {g.name for g in channels} & {"Phone", "Live chat"}
    online = dashboards.by_dimension(desk, "ticket_created", march, "channel_group", t=ZH)
    assert {g.name for g in online} == {"线上", "线下"}


def test_drilling_into_a_group(desk: Desk, march: Period) -> None:
    for group in dashboards.by_dimension(desk, "ticket_created", march, "channel"):
        numbers = dashboards.drill(desk, "ticket_created", march, filters={"channel": [group.key]})
        assert len(numbers) == group.figure.n


def test_pareto_ends_at_a_hundred_and_keeps_other_last(desk: Desk, march: Period) -> None:
    with dashboards.board(desk) as board:
        data = dashboards.pareto_of(board, "complaint_received", march, "category", ZH)
        assert data.bars[-1].cumulative == 1
        assert data.total == board.figure("complaint_received", march).value
        others = [i for i, bar in enumerate(data.bars) if bar.key == "other"]
        assert others in ([], [len(data.bars) - 1])
        classes = dashboards.complaint_classes(board, march)
        assert list(classes) == list(ComplaintClass)
        assert sum(classes.values()) == data.total


def test_flow_heat_and_quality(desk: Desk, march: Period) -> None:
    line = dashboards.flow(desk, march)
    assert line.holds
    heat = dashboards.heat(desk, march)
    assert (len(heat), len(heat[0])) == (7, 24)
    assert sum(map(sum, heat)) == line.created
    quality = dashboards.quality(desk, march)
    assert quality.records["ticket"] >= line.created
    assert quality.missing_years == []


def test_trends_and_comparisons(desk: Desk, march: Period) -> None:
    series = dashboards.trends(desk, march, ["ticket_created", "csat_mean"], 6)
    assert [f.period.code for f in series["csat_mean"]] == [
        "2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03",
    ]  # fmt: skip
    assert series["ticket_created"][0].value is None
    compared = dashboards.compared(desk, march, ["ticket_created"])["ticket_created"]
    assert compared.previous.value == series["ticket_created"][-2].value
    assert compared.mom.amount is not None
    assert dashboards.composite_score(desk, march).total is not None


def test_the_answer_for_programs(desk: Desk, march: Period) -> None:
    answer = dashboards.answer(desk, march, only=["csat_rate"])
    assert set(answer["metrics"]["csat_rate"]) == {
        "value", "num", "den", "n", "display", "unit", "target", "met", "provisional",
        "small_sample", "not_yet_due", "excluded",
    }  # fmt: skip
    grouped = dashboards.answer(
        desk, march, by="channel", only=["ticket_created", "peak_ratio"], t=ZH
    )
    assert set(grouped["metrics"]) == {"ticket_created"}
    assert {"group", "code", "share", "value"} <= set(grouped["metrics"]["ticket_created"][0])


def test_questions_that_cannot_be_answered_are_refused(desk: Desk, march: Period) -> None:
    with pytest.raises(UserError, match="dimension"):
        dashboards.by_dimension(desk, "ticket_created", march, "colour")
    with pytest.raises(UserError, match="part"):
        dashboards.drill(desk, "ticket_created", march, "half")
    with pytest.raises(UserError, match="no metric"):
        dashboards.figures(desk, march, metric_ids=["happiness"])
    with pytest.raises(UserError, match="period"):
        dashboards.period_of(desk, "next month")


def test_the_dictionary_is_complete_in_both_languages() -> None:
    chinese, english = dashboards.definition_rows(ZH), dashboards.definition_rows(EN)
    assert len(chinese) == len(english) == len(METRICS)
    for zh, en in zip(chinese, english, strict=True):
        assert zh["name"] != en["name"] or zh["id"] == "nps", zh["id"]
        assert zh["note"] != en["note"], zh["id"]
