"""Figures of tickets worked out by hand from domain.md 3.3 and 3.4, at their edges."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from svcdesk.domain.comparisons import State
from svcdesk.store import breakdowns
from tests.domain.calendars import at
from tests.metrics.month import (
    CUT_OFF,
    INSTALL,
    MARCH,
    PHONE,
    Month,
)

REPLY = ("2026-03-02 10:20", "public_reply")


class TestResponse:
    def test_business_minutes_to_the_first_human_response(self, month: Month) -> None:
        month.ticket("2026-03-02 10:00", ("2026-03-02 10:01", "public_reply", "auto"), REPLY)
        month.ticket("2026-03-02 17:50", ("2026-03-03 09:20", "call_out", "answered"))
        figure = month.figure("frt_mean_min")
        assert (figure.num, figure.den, figure.value) == (3000, 2, 25)
        assert (figure.display, figure.met, figure.small_sample) == ("25.0", None, True)

    def test_the_weekend_counts_nothing_and_is_valid(self, month: Month) -> None:
        month.ticket("2026-03-07 10:00", ("2026-03-07 15:00", "public_reply"))
        figure = month.figure("frt_mean_min")
        assert (figure.value, figure.n, figure.excluded) == (0, 1, 0)

    def test_a_live_channel_answered_at_once_has_no_waiting_time(self, month: Month) -> None:
        month.ticket(
            "2026-03-02 10:00", ("2026-03-02 10:00", "call_in", "answered"), channel_id=PHONE
        )
        month.ticket("2026-03-02 10:00", ("2026-03-02 10:10", "call_out"), channel_id=PHONE)
        assert month.figure("frt_mean_min").n == 1

    def test_elapsed_zero_on_other_channels_is_excluded_and_listed(self, month: Month) -> None:
        month.ticket("2026-03-02 10:00", ("2026-03-02 10:00", "public_reply"), data_flags=["AB01"])
        month.ticket("2026-03-02 10:00", REPLY)
        figure = month.figure("frt_mean_min")
        assert (figure.n, figure.excluded) == (1, 1)
        assert month.board().drill("frt_mean_min", MARCH, "excluded") == ["GD0001"]
        assert month.figure("ticket_created").value == 2  # volumes keep it

    def test_rate_with_unanswered_beyond_the_limit_and_not_yet_due(self, month: Month) -> None:
        month.ticket("2026-03-31 10:00", ("2026-03-31 10:30", "public_reply"))  # at the limit
        month.ticket("2026-03-31 10:00", ("2026-03-31 10:31", "public_reply"))
        month.ticket("2026-03-31 10:00")  # unanswered, late since 10:30
        month.ticket("2026-03-31 17:30")  # its 30 minutes end at closing: not beyond at midnight
        month.ticket("2026-03-31 10:00", ("2026-03-31 11:00", "cancelled"))
        figure = month.figure("frt_sla_rate")
        assert (figure.num, figure.den, figure.not_yet_due) == (1, 3, 1)
        assert figure.value == Fraction(100, 3)
        assert month.board().drill("frt_sla_rate", MARCH, "not_yet_due") == ["GD0004"]
        assert month.figure("frt_unresponded").value == 2

    def test_percentiles_as_excel(self, month: Month) -> None:
        for minute in (5, 15, 25, 50, 55):
            month.ticket("2026-03-02 10:00", (f"2026-03-02 10:{minute:02d}", "public_reply"))
        assert month.figure("frt_median_min").value == 25
        assert month.figure("frt_p90_min").value == 53  # 50 + 0.6 × 5
        assert month.figure("frt_p90_min").met is True

    def test_reopening_does_not_reset_the_response(self, month: Month) -> None:
        month.ticket(
            "2026-03-02 10:00", REPLY, ("2026-03-02 12:00", "resolved"),
            ("2026-03-03 12:00", "reopened"), ("2026-03-03 13:00", "public_reply"),
        )  # fmt: skip
        assert month.figure("frt_mean_min").value == 20

    def test_gap_between_channels_of_five_and_more(self, month: Month) -> None:
        for _ in range(5):
            month.ticket("2026-03-02 10:00", ("2026-03-02 10:10", "public_reply"))
            month.ticket("2026-03-02 10:00", ("2026-03-02 10:31", "call_out"), channel_id=PHONE)
        gap = month.figure("frt_channel_gap")
        assert (gap.value, gap.met) == (21, False)
        assert month.figure("frt_channel_gap", period="2026-02").value is None


class TestResolution:
    def test_calendar_hours_to_the_final_resolution(self, month: Month) -> None:
        month.ticket(
            "2026-03-02 10:00", ("2026-03-02 12:00", "resolved"), ("2026-03-03 09:00", "reopened"),
            ("2026-03-04 10:00", "resolved"),
        )  # fmt: skip
        month.ticket(
            "2026-03-02 10:00", ("2026-03-02 12:00", "resolved"), ("2026-03-03 09:00", "reopened")
        )
        figure = month.figure("res_mean_h")
        assert (figure.value, figure.n) == (48, 1)  # the other one is open again
        assert month.figure("ticket_resolved").value == 1
        assert month.figure("reopen_rate").value == 100

    def test_sla_rests_on_the_first_resolution_net_of_customer_waits(self, month: Month) -> None:
        # high: 540 minutes. 09:00 to 18:00 next day less a wait of nine working hours: exactly 540
        month.ticket(
            "2026-03-02 09:00", ("2026-03-02 10:00", "status_changed", "pending_customer"),
            ("2026-03-03 10:00", "status_changed", "in_progress"), ("2026-03-03 18:00", "resolved"),
            priority="high",
        )  # fmt: skip
        month.ticket(
            "2026-03-02 09:00", ("2026-03-02 10:00", "status_changed", "pending_internal"),
            ("2026-03-03 18:00", "resolved"), priority="high",
        )  # fmt: skip
        figure = month.figure("res_sla_rate")
        assert (figure.num, figure.den) == (1, 2)
        assert month.board().drill("res_sla_rate", MARCH, "num") == ["GD0001"]
        assert month.figure("overdue_total").value == 1

    def test_a_promise_of_its_own_overrides_the_limit(self, month: Month) -> None:
        promise = {"promised_at": at("2026-03-20 12:00"), "priority": "urgent"}
        month.ticket("2026-03-02 09:00", ("2026-03-20 12:00", "resolved"), **promise)
        month.ticket("2026-03-02 09:00", ("2026-03-20 12:01", "resolved"), **promise)
        assert month.board().drill("res_sla_rate", MARCH, "num") == ["GD0001"]

    def test_complex_cycle_in_standard_days(self, month: Month) -> None:
        month.ticket("2026-03-02 09:00", ("2026-03-04 18:00", "resolved"), complexity="complex")
        month.ticket("2026-03-02 09:00", ("2026-03-03 13:30", "resolved"), complexity="complex")
        figure = month.figure("complex_cycle_wd")
        assert figure.value == Fraction(9, 4)
        assert figure.display == "2.3"  # half up

    @pytest.mark.parametrize(
        ("created", "more", "counts"),
        [
            ("2026-03-05 12:00", {}, True),  # 2 × 24 h after: inclusive
            ("2026-03-05 12:01", {}, False),
            ("2026-03-03 12:00", {}, False),  # not after
            ("2026-03-04 12:00", {"product_id": 2}, False),
            ("2026-03-04 12:00", {"product_id": None}, True),
            ("2026-03-04 12:00", {"issue_id": INSTALL}, False),
            ("2026-03-04 12:00", {"customer_id": 2}, False),
            ("2026-03-04 12:00", {"is_test": 1}, False),
        ],
    )
    def test_a_follow_up_ticket_spoils_one_time_resolution(
        self, month: Month, created: str, more: dict[str, Any], counts: bool
    ) -> None:
        month.ticket("2026-03-02 09:00", ("2026-03-03 12:00", "resolved"))
        month.ticket(created, **more)
        figure = month.figure("fcr_rate")
        assert (figure.num, figure.den) == (0 if counts else 1, 1)

    def test_visits_reopenings_and_given_up_tickets(self, month: Month) -> None:
        done = ("2026-03-03 12:00", "resolved")
        visit = ("2026-03-03 10:00", "visit_done")
        month.ticket("2026-03-02 09:00", visit, done)
        month.ticket("2026-03-02 09:00", visit, visit, done, customer_id=2)
        month.ticket("2026-03-02 09:00", done, customer_id=3, resolution_code="abandoned")
        month.ticket(
            "2026-03-02 09:00", done, ("2026-03-04 12:00", "reopened"), ("2026-03-05 12:00", "resolved"),
            customer_id=4, resolution_code=None,
        )  # fmt: skip
        figure = month.figure("fcr_rate")
        assert (figure.num, figure.den) == (1, 3)
        second = month.figure("followup_resolve_rate")
        assert (second.num, second.den) == (2, 2)
        assert (
            month.figure("first_visit_fix_rate").num,
            month.figure("first_visit_fix_rate").den,
        ) == (1, 2)

    def test_one_time_resolution_matures_after_its_window(self, month: Month) -> None:
        month.ticket("2026-03-02 09:00", ("2026-03-03 12:00", "resolved"))
        week = 7 * 86400
        assert month.figure("fcr_rate", CUT_OFF + week - 1).provisional is True
        assert month.figure("fcr_rate", CUT_OFF + week).provisional is False

    def test_dispatches(self, month: Month) -> None:
        one = ("2026-03-02 10:00", "dispatched")
        month.ticket("2026-03-02 09:00", one, ("2026-03-02 10:10", "dispatch_withdrawn"), one)
        month.ticket("2026-03-02 09:00", one, ("2026-03-02 11:00", "dispatched"))
        month.ticket("2026-03-02 09:00")
        figure = month.figure("repeat_dispatch_rate")
        assert (figure.num, figure.den) == (1, 2)


class TestStock:
    def test_backlog_ages_and_overdue_at_period_end(self, month: Month) -> None:
        month.ticket("2026-03-31 00:00")  # exactly one day: the first class
        month.ticket("2026-03-30 23:59")
        month.ticket("2026-03-01 09:00", overdue_reason_id=9)
        month.ticket("2026-03-02 09:00", ("2026-04-01 09:00", "resolved"))
        month.ticket("2026-03-02 09:00", ("2026-03-05 09:00", "cancelled"))
        board = month.board(CUT_OFF + 86400)
        assert board.figure("backlog_end", MARCH).value == 4
        ages = {g.key: g.figure.n for g in board.groups("backlog_ageing", MARCH, "age")}
        assert ages == {"1": 1, "3": 1, "more": 2}
        assert board.figure("overdue_open", MARCH).value == 2
        reasons = {
            g.key: g.figure.n for g in board.groups("overdue_reasons", MARCH, "overdue_reason")
        }
        assert reasons == {9: 1, None: 1}

    def test_reconciliation_with_reopening_and_cancelling(self, month: Month) -> None:
        month.ticket("2026-02-20 09:00", ("2026-03-03 09:00", "resolved"))
        month.ticket(
            "2026-02-20 09:00", ("2026-02-21 09:00", "resolved"), ("2026-03-03 09:00", "reopened")
        )
        month.ticket("2026-03-02 09:00", ("2026-03-03 09:00", "cancelled"))
        month.ticket("2026-03-02 09:00")
        line = breakdowns.flow(month.board(), MARCH)
        assert line == breakdowns.Flow(opening=1, created=2, cancelled=1, resolved=0, closing=2)
        assert line.holds

    def test_handled_per_working_day_and_agent(self, month: Month) -> None:
        for day in range(2, 13):
            month.ticket(
                "2026-03-01 09:00", (f"2026-03-{day:02d} 09:00", "resolved"), owner_id=1 + day % 2
            )
        assert month.figure("daily_avg_handled").value == Fraction(11, 22)  # March 2026: 22 days
        assert month.figure("per_agent_handled").value == Fraction(11, 2)
        assert month.figure("per_agent_handled").display == "5.5"
        # at noon of 12 March nine working days have begun
        partial = month.figure("daily_avg_handled", at("2026-03-12 12:00"))
        assert (partial.num, partial.den) == (11, 9)

    def test_peak_days(self, month: Month) -> None:
        for day, tickets in ((2, 6), (3, 1)):
            for _ in range(tickets):
                month.ticket(
                    f"2026-03-{day:02d} 09:00", (f"2026-03-{day:02d} 09:40", "public_reply")
                )
        assert month.figure("peak_ratio").value == Fraction(6 * 31, 7)
        # both days have at least twice the mean of 7/31 a day; all 7 answered after 30 minutes
        delay = month.figure("peak_delay_rate")
        assert (delay.num, delay.den, delay.value) == (7, 7, 100)


class TestCutOff:
    def test_events_at_or_after_the_cut_off_do_not_exist(self, month: Month) -> None:
        month.ticket(
            "2026-03-02 09:00",
            ("2026-03-02 09:10", "public_reply"),
            ("2026-03-03 12:00", "resolved"),
        )
        before, exactly, later = (
            at("2026-03-03 11:59"),
            at("2026-03-03 12:00"),
            at("2026-03-03 12:00") + 1,
        )
        assert month.figure("ticket_resolved", before).value == 0
        assert month.figure("ticket_resolved", exactly).value == 0
        assert month.figure("ticket_resolved", later).value == 1
        assert month.figure("resolve_rate", before).value == 0
        assert month.figure("backlog_end", before).value == 1
        assert month.figure("frt_mean_min", at("2026-03-02 09:05")).value is None

    def test_a_later_reopening_leaves_the_month_end_alone(self, month: Month) -> None:
        month.ticket(
            "2026-03-02 09:00", ("2026-03-03 12:00", "resolved"), ("2026-04-02 09:00", "reopened")
        )
        assert month.figure("ticket_resolved", CUT_OFF).value == 1
        assert month.figure("ticket_resolved", CUT_OFF + 9 * 86400).value == 0

    def test_a_later_merge_leaves_the_month_end_alone(self, month: Month) -> None:
        month.ticket("2026-03-02 09:00", ("2026-04-02 09:00", "merged"))
        assert month.figure("ticket_created", CUT_OFF).value == 1
        assert month.figure("ticket_created", CUT_OFF + 9 * 86400).value == 0

    def test_periods_outside_the_data_have_no_value(self, month: Month) -> None:
        month.ticket("2026-03-02 09:00")
        assert month.figure("ticket_created", period="2026-02").value is None
        assert month.figure("ticket_created", period="2026-04").value is None
        assert month.figure("complaint_received").value == 0  # the desk lived: really none
        compared = month.board().compared(["ticket_created"], MARCH)["ticket_created"]
        assert compared.mom.state is State.MISSING

    def test_an_impossible_date_does_not_make_the_desk_older(self, month: Month) -> None:
        month.ticket("1999-03-02 09:00", data_flags=["AB13"])
        month.ticket("2026-03-02 09:00")
        assert month.figure("ticket_created", period="2026-02").value is None
        assert month.figure("ticket_created").value == 1

    def test_counts_are_never_too_small_to_judge(self, month: Month) -> None:
        month.ticket("2026-03-02 09:00")
        total = month.figure("overdue_total")
        assert (total.value, total.small_sample) == (1, False)
