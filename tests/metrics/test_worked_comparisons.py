"""Comparisons, targets and scores worked out by hand from domain.md 3.9 and 3.10."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from svcdesk.domain.comparisons import State
from svcdesk.store.figures import Board
from tests.domain.calendars import at
from tests.metrics.desks import reference
from tests.metrics.month import (
    CUT_OFF,
    MARCH,
    Month,
)


class TestComparisonsAndTargets:
    def test_prev3_averages_counts_and_pools_rates(self, month: Month) -> None:
        month.ticket("2025-11-02 09:00")
        for code, scores in (("12", (5, 5)), ("01", (1,)), ("02", (4,)), ("03", (5,))):
            year = 2025 if code == "12" else 2026
            for score in scores:
                month.ticket(f"{year}-{code}-02 09:00")
                month.survey(f"{year}-{code}-05 10:00", score, sent_at=at(f"{year}-{code}-01"))
        found = month.board().compared(["ticket_created", "csat_mean"], MARCH)
        assert found["ticket_created"].prev3_value == Fraction(4, 3)
        assert found["csat_mean"].prev3_value == Fraction(15, 4)  # pooled, not (5 + 1 + 4) / 3
        assert found["csat_mean"].mom.amount == 1
        month.complaint("2026-02-10 10:00")
        share = month.board().compared(["complaint_share"], MARCH)["complaint_share"]
        assert share.prev3_value == Fraction(100, 4)  # 1 complaint, 4 tickets in three months
        assert found["ticket_created"].yoy.state is State.MISSING

    def test_an_incomplete_month_is_not_compared_with_a_whole_one(self, month: Month) -> None:
        month.ticket("2026-02-02 09:00")
        month.ticket("2026-03-02 09:00")
        found = month.board(at("2026-03-15")).compared(["ticket_created"], MARCH)
        assert found["ticket_created"].mom.state is State.MISSING
        assert (
            month.board().compared(["ticket_created"], MARCH)["ticket_created"].mom.state
            is State.FLAT
        )

    def test_targets_hold_from_their_month(self, month: Month) -> None:
        for value, valid_from in ((90, "2026-02"), (99, "2026-04")):
            month.desk.add("metric_target", metric="timely_rate", scope="all", valid_from=valid_from,
                           target=value, threshold=None, weight=20)  # fmt: skip
        for _ in range(5):
            month.complaint("2026-03-02 10:00", ("2026-03-05 18:00", "resolved"))
        figure = month.figure("timely_rate")
        assert (figure.target, figure.met, figure.threshold) == (90, True, 90)
        assert month.figure("timely_rate", period="2026-01").target == 95  # the default

    def test_missing_its_target_by_a_hair_shows(self, month: Month) -> None:
        scores = [4] * 81 + [5] * 19
        for score in scores:
            month.survey("2026-03-05 10:00", score)
        month.survey("2026-03-05 10:00", 5)
        figure = month.figure("csat_mean")  # 424 / 101 = 4.198…
        assert (figure.display, figure.met) == ("4.198", False)

    def test_typed_months(self, month: Month) -> None:
        month.complaint("2026-03-02 10:00")
        month.desk.add("order_volume", month="2026-03", product_id=None, orders=400)
        month.desk.add("spare_parts", month="2026-03", part_class="a", opening=100, closing=300,
                       issued=900, dead=50)  # fmt: skip
        assert month.figure("complaint_per_1k").value == Fraction(5, 2)
        assert (
            month.figure("complaint_per_1k", period="2026-Q1").value is None
        )  # a month is missing
        part = "2026-03-01..2026-03-15"  # typed by month: nothing is known of half a one
        assert month.figure("complaint_per_1k", period=part).value is None
        assert month.figure("spare_turnover", period=part).value is None
        assert month.figure("spare_turnover").value == Fraction(9, 2)
        assert month.figure("dead_stock").display == "0.50"
        assert month.figure("complaint_share").value is None  # no tickets

    def test_composite_needs_enough_weight(self, month: Month) -> None:
        for _ in range(5):
            month.survey("2026-03-05 10:00", 4)
        assert month.board().composite(MARCH).total is None  # 30 of 100
        month.ticket(
            "2026-03-02 09:00",
            ("2026-03-02 09:10", "public_reply"),
            ("2026-03-03 12:00", "resolved"),
        )
        total = month.board().composite(MARCH).total
        assert total == (Fraction(400, 42) * 10 * 30 + 100 * 25 + 100 * 10) / 65


def test_answers_for_programs_are_plain_numbers() -> None:
    month = Month()
    for _ in range(3):
        month.complaint("2026-03-02 10:00", ("2026-03-05 18:00", "resolved"))
    assert month.figure("timely_rate").to_json() == {
        "value": 100, "num": 3, "den": 3, "n": 3, "display": "100.0%", "unit": "percent",
        "target": 95, "met": None, "provisional": False, "small_sample": True, "not_yet_due": 0,
        "excluded": 0,
    }  # fmt: skip
    assert month.figure("csat_mean").to_json()["value"] is None
    assert month.figure("csat_mean").display == "—"


def test_a_recurrence_is_the_same_metric_and_scope_again_within_183_days() -> None:
    """Closed on 1 September: 3 March is day 183 and recurs, 4 March does not; another metric not."""
    month = Month()

    def item(number: int, created: str, **values: Any) -> None:
        row = {
            "status": "identified", "metric": "fcr_rate", "scope": "all", "closed_at": None,
            "target_date": None, "verdict": None,
        } | values  # fmt: skip
        month.desk.add(
            "improvement_item", item_no=f"GS{number}", title="i", source="manual",
            created_at=at(created), **row,
        )  # fmt: skip

    month.ticket("2026-03-01 09:00")  # the data have begun
    item(1, "2025-08-01 09:00", closed_at=at("2025-09-01 09:00"), status="closed")
    item(2, "2026-03-03 09:00")
    item(3, "2026-03-03 09:01")
    item(4, "2026-03-02 09:00", metric="csat_mean")
    item(5, "2026-03-02 09:00", scope="department:7")
    item(6, "2026-03-02 09:00", status="void")
    board = Board(month.desk.store(), reference(), CUT_OFF)
    assert board.drill("recurrence_count", MARCH, "den") == ["GS2"]
    assert board.figure("recurrence_count", MARCH).value == 1
