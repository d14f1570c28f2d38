"""Figures of answers, complaints and visits worked out by hand from domain.md 3.5 to 3.7."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tests.domain.calendars import at
from tests.metrics.month import (
    CUT_OFF,
    MARCH,
    PRODUCT,
    Month,
)


class TestSatisfaction:
    def test_the_answer_date_decides_and_blank_is_not_zero(self, month: Month) -> None:
        month.survey("2026-03-05 10:00", 5, nps=10)
        month.survey("2026-03-05 10:00", 4, nps=8)
        month.survey("2026-03-05 10:00", 1, nps=0)
        month.survey("2026-03-05 10:00", None, nps=9)
        month.survey(None, None)
        month.survey("2026-04-05 10:00", 1)
        month.survey("2026-03-05 10:00", 1, kind="recovery")
        month.survey("2026-03-05 10:00", 1, invalid=1)
        month.survey("2026-03-05 10:00", 1, counted=0)
        month.survey("2026-03-05 10:00", 1, data_flags=["AB14"])
        mean = month.figure("csat_mean", CUT_OFF + 30 * 86400)
        assert (mean.num, mean.den, mean.display, mean.excluded) == (10, 3, "3.33", 1)
        assert month.figure("csat_rate").value == Fraction(200, 3)
        assert month.figure("csat_very_rate").value == Fraction(100, 3)
        nps = month.figure("nps")
        assert (nps.num, nps.den, nps.value) == (1, 4, 25)
        rate = month.figure("survey_response_rate")
        assert (rate.num, rate.den) == (4, 6)  # one never answered, one answers after the cut-off

    def test_forty_eight_hours_inclusive(self, month: Month) -> None:
        for _ in range(4):
            month.survey("2026-03-05 10:00", 2)
        month.survey("2026-03-31 10:00", 2)  # due after the cut-off
        month.survey("2026-03-05 10:00", 5, kind="recovery")
        low = {"kind": "low_score"}
        month.callback("2026-03-07 10:00", survey_id=1, answer_id=6, **low)
        month.callback("2026-03-07 10:01", survey_id=2, **low)
        month.callback("2026-03-06 10:00", "unreachable", survey_id=3, **low)
        loop = month.figure("low_score_loop48_rate")
        assert (loop.num, loop.den, loop.not_yet_due) == (1, 4, 1)
        recovery = month.figure("low_score_recovery_rate")
        assert (recovery.num, recovery.den) == (1, 2)
        assert month.figure("low_score_count").value == 5

    def test_callbacks_of_resolved_tickets(self, month: Month) -> None:
        done = ("2026-03-05 10:00", "resolved")
        for customer in (1, 2, 3, 4):
            month.ticket("2026-03-02 09:00", done, callback_required=1, customer_id=customer)
        month.ticket("2026-03-02 09:00", done)
        month.ticket("2026-03-02 09:00", ("2026-03-31 10:00", "resolved"), callback_required=1)
        month.callback("2026-03-10 12:00", ticket_id=1)
        month.callback("2026-03-10 12:01", ticket_id=2)
        month.callback("2026-03-06 12:00", "refused", ticket_id=3)
        rate = month.figure("callback_rate")
        assert (rate.num, rate.den, rate.not_yet_due) == (2, 4, 1)
        assert month.figure("callback_attempt_rate").num == 3
        assert month.figure("callback_reach_rate").value == Fraction(200, 3)
        assert month.figure("callback_ontime_rate").num == 1

    def test_key_customers(self, month: Month) -> None:
        for score in (5, 5, 5, 5, 1):
            month.survey("2026-03-05 10:00", score, tier="key", customer_id=4)
            month.survey("2026-03-05 10:00", 3)
        assert month.figure("key_csat_gap").value == 80
        assert (month.figure("key_reach_rate").num, month.figure("key_reach_rate").den) == (1, 1)


class TestComplaints:
    def test_the_five_classes(self, month: Month) -> None:
        # received Monday 2 March 10:00: due Thursday 5 March 18:00, inclusive
        month.complaint("2026-03-02 10:00", ("2026-03-05 18:00", "resolved"))
        month.complaint("2026-03-02 10:00", ("2026-03-05 18:01", "resolved"))
        month.complaint("2026-03-02 10:00")
        month.complaint("2026-03-30 10:00")
        month.complaint("2026-03-02 10:00", ("2026-03-03 10:00", "withdrawn"))
        month.complaint("2026-03-02 10:00", ("2026-03-03 10:00", "rejected"))
        classes = ("on_time", "late_resolved", "overdue_open", "not_yet_due", "withdrawn")
        assert [month.figure(f"complaint_{c}").value for c in classes] == [1, 1, 1, 1, 1]
        assert month.figure("complaint_received").value == 5
        timely = month.figure("timely_rate")
        assert (timely.num, timely.den, timely.not_yet_due) == (1, 3, 1)
        assert month.figure("completion_rate").value == 60
        assert month.figure("complaint_overdue").value == 2

    def test_a_reopened_complaint_stays_on_time_but_is_not_complete(self, month: Month) -> None:
        month.complaint(
            "2026-03-02 10:00", ("2026-03-03 10:00", "resolved"), ("2026-03-10 10:00", "reopened")
        )
        assert month.figure("timely_rate").num == 1
        assert month.figure("completion_rate").value == 0
        second = month.figure("second_rate")
        assert (second.num, second.den) == (0, 1)  # reopened later than the window of this desk
        assert month.figure("second_rate").provisional is True

    def test_second_complaints_within_the_window(self, month: Month) -> None:
        month.complaint("2026-03-02 10:00", ("2026-03-03 10:00", "resolved"))
        month.complaint("2026-03-06 10:00")  # three days after the settlement, inclusive
        month.complaint("2026-03-02 10:00", ("2026-03-03 10:00", "resolved"), customer_id=2)
        month.complaint("2026-03-06 10:01", customer_id=2)
        month.complaint("2026-03-02 10:00", ("2026-03-03 10:00", "resolved"), customer_id=3)
        month.complaint("2026-03-05 10:00", customer_id=3, category_id=PRODUCT)
        figure = month.figure("second_rate")
        assert (figure.num, figure.den) == (1, 3)
        assert month.figure("complaint_resolution_rate").value == Fraction(200, 3)
        assert month.board().drill("second_rate", MARCH, "num") == ["TS0001"]

    def test_first_contact_by_severity(self, month: Month) -> None:
        late = ("2026-03-02 12:01", "contacted")
        month.complaint("2026-03-02 10:00", ("2026-03-02 12:00", "contacted"), severity="urgent")
        month.complaint("2026-03-02 10:00", late, severity="urgent")
        month.complaint("2026-03-02 10:00", late)
        month.complaint("2026-03-31 10:00")
        figure = month.figure("ack_rate")
        assert (figure.num, figure.den, figure.not_yet_due) == (2, 3, 1)

    def test_flow_ratio_may_exceed_a_hundred(self, month: Month) -> None:
        month.complaint("2026-02-25 10:00", ("2026-03-03 10:00", "resolved"))
        month.complaint("2026-02-25 10:00", ("2026-03-03 10:00", "withdrawn"))
        month.complaint("2026-03-03 10:00")
        assert month.figure("clearance_ratio").value == 200
        assert month.figure("handling_mean_h").value == 144
        assert month.figure("handling_mean_days").value == 6

    def test_repeaters_and_liability(self, month: Month) -> None:
        month.complaint("2026-03-02 10:00", liability="liable")
        month.complaint("2026-03-03 10:00", is_repeat=1, liability="pending")
        month.complaint("2026-03-03 10:00", customer_id=2, liability="not_liable")
        assert month.figure("repeat_rate").value == Fraction(100, 3)
        assert month.figure("repeat_customer_rate").value == 50
        assert month.figure("upheld_rate").value == 50


class TestVisits:
    def visit(self, month: Month, arrived: str | None, **values: Any) -> None:
        month.desk.add(
            "visit",
            **{
                "ticket_id": 1, "seq": len(month.desk.tables["visit"]) + 1, "technician_id": 1,
                "window_start": at("2026-03-05 09:00"), "window_end": at("2026-03-05 09:30"),
                "promised_at": None, "arrived_at": None if arrived is None else at(arrived),
                "left_at": None, "outcome": None, "cancelled_by": None, "rescheduled_by": None,
                "data_flags": None,
            } | values,
        )  # fmt: skip

    def test_on_time_by_the_end_of_the_window(self, month: Month) -> None:
        month.ticket("2026-03-02 09:00")
        self.visit(month, "2026-03-05 09:30")
        self.visit(month, "2026-03-05 09:31")
        self.visit(month, None)
        self.visit(month, None, cancelled_by="customer", outcome="cancelled")
        self.visit(
            month, "2026-03-05 09:00", rescheduled_by="company", promised_at=at("2026-03-01")
        )
        self.visit(month, "2026-03-05 09:00", data_flags=["AB12"])
        end = {"window_start": CUT_OFF - 900, "window_end": CUT_OFF}
        self.visit(month, None, **end)
        figure = month.figure("ontime_visit_rate")
        assert (figure.num, figure.den) == (1, 4)
        assert (figure.excluded, figure.not_yet_due) == (1, 1)
