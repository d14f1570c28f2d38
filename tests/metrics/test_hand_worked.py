"""Figures worked out by hand from domain.md 3, at the edges of their definitions."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from svcdesk.domain.comparisons import State
from svcdesk.domain.period import parse_period
from svcdesk.store import breakdowns
from svcdesk.store.figures import Board
from tests.domain.calendars import at
from tests.metrics.desks import Desk, reference

if TYPE_CHECKING:
    from svcdesk.domain.metrics.figure import Figure

MARCH = parse_period("2026-03")
CUT_OFF = MARCH.end_at
CHAT, PHONE, QUALITY, INSTALL, WAREHOUSE = 1, 2, 3, 4, 8
SERVICE, PRODUCT = 5, 6


@dataclass
class Month:
    """A desk that is written down record by record."""

    desk: Desk = field(default_factory=Desk)

    def __post_init__(self) -> None:
        for number in (1, 2, 3, 4):
            self.desk.add("customer", customer_no=f"KH{number}", name="c", merged_into_id=None,
                          opt_out=0, tier="key" if number == 4 else "normal")  # fmt: skip
        for number in (1, 2):
            self.desk.add("person", name=f"p{number}")
            self.desk.add("product", product_no=f"P{number}", name="p")

    def ticket(
        self, created: str, *events: tuple[str, str] | tuple[str, str, str], **values: Any
    ) -> Any:
        row = {
            "customer_id": 1, "product_id": 1, "channel_id": CHAT, "issue_id": QUALITY,
            "resp_dept_id": None, "owner_id": 1, "priority": "normal", "tier": "normal",
            "complexity": "basic", "request_type": "repair", "resolution_code": "onsite",
            "promised_at": None, "callback_required": 0, "overdue_reason_id": None, "is_test": 0,
            "data_flags": None, "created_at": at(created), "last_event_at": at(created),
            "title": "t", "ticket_no": f"GD{len(self.desk.tables['ticket']) + 1:04d}",
        } | values  # fmt: skip
        made = self.desk.add("ticket", **row)
        for seq, (when, kind, *more) in enumerate([(created, "created"), *events], start=1):
            self.desk.add(
                "ticket_event", ticket_id=made["id"], seq=seq, at=at(when), type=kind,
                name=more[0] if more and kind.startswith("call") else None,
                new=more[0] if more and kind == "status_changed" else None,
                automatic=int("auto" in more), batch_id=None,
            )  # fmt: skip
        return made

    def complaint(self, received: str, *events: tuple[str, str], **values: Any) -> Any:
        from svcdesk.domain import sla
        from tests.domain.calendars import china

        severity = values.get("severity", "normal")
        row = {
            "customer_id": 1, "channel_id": CHAT, "category_id": SERVICE, "resp_dept_id": None,
            "severity": severity, "tier": "normal", "liability": None, "is_repeat": 0,
            "social_exposure": 0, "compensation": None, "satisfaction": None,
            "satisfaction_at": None, "group_id": None, "is_test": 0, "data_flags": None,
            "received_at": at(received), "last_event_at": at(received), "title": "t",
            "due_at": sla.complaint_due(severity, at(received), china()),
            "ack_due_at": at(received) + {"normal": 24, "major": 12, "urgent": 2}[severity] * 3600,
            "complaint_no": f"TS{len(self.desk.tables['complaint']) + 1:04d}",
        } | values  # fmt: skip
        made = self.desk.add("complaint", **row)
        for seq, (when, kind) in enumerate([(received, "registered"), *events], start=1):
            self.desk.add(
                "complaint_event", complaint_id=made["id"], seq=seq, at=at(when), type=kind
            )
        return made

    def survey(self, answered: str | None, csat: int | None, **values: Any) -> Any:
        row = {
            "ticket_id": None, "customer_id": 1, "agent_id": 1, "channel_id": CHAT,
            "tier": "normal", "sent_at": at("2026-03-01 09:00"),
            "responded_at": None if answered is None else at(answered), "csat": csat,
            "dim_attitude": None, "dim_speed": None, "dim_skill": None, "dim_result": None,
            "nps": None, "kind": "normal", "counted": 1, "invalid": 0, "data_flags": None,
            "first_at": None, "team": None, "source": "customer",
            "survey_no": f"WJ{len(self.desk.tables['survey']) + 1:04d}",
        } | values  # fmt: skip
        return self.desk.add("survey", **row)

    def callback(self, completed: str | None, state: str = "completed", **values: Any) -> Any:
        row = {
            "kind": "routine", "ticket_id": None, "survey_id": None, "answer_id": None,
            "customer_id": 1, "due_at": at("2026-03-10 12:00"), "state": state,
            "completed_at": None if completed is None else at(completed),
            "callback_no": f"HF{len(self.desk.tables['callback']) + 1:04d}",
        } | values  # fmt: skip
        return self.desk.add("callback", **row)

    def board(self, as_of: int = CUT_OFF) -> Board:
        return Board(self.desk.store(), reference(), as_of)

    def figure(self, metric: str, as_of: int = CUT_OFF, period: str = "2026-03") -> Figure:
        return self.board(as_of).figure(metric, parse_period(period))


@pytest.fixture
def month() -> Month:
    return Month()


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
