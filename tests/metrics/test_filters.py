"""A filter holds above and below the line: what it leaves equals the group told alone."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svcdesk.domain.metrics.definition import Kind
from svcdesk.domain.metrics.figure import Tally
from svcdesk.domain.metrics.registry import METRICS, metric
from svcdesk.domain.period import parse_period
from svcdesk.store import measures
from svcdesk.store.facts import facts_of
from svcdesk.store.figures import Board
from tests.domain.calendars import at
from tests.metrics.desks import Desk, cut_offs, desks, reference
from tests.metrics.month import CHAT, PHONE, PRODUCT, SERVICE, Month

COUNTED = [m for m in METRICS if m.kind is not Kind.OF_OTHERS]
QUARTER = parse_period("2026-Q1")
MARCH = parse_period("2026-03")
QUIET = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def told(tally: Tally | None) -> tuple[Any, ...]:
    found = tally or Tally()
    return (
        found.n, found.total, found.divisor, found.excluded, found.not_yet_due,
        sorted(found.values), sorted(found.keys), sorted(found.marked_keys),
    )  # fmt: skip


@QUIET
@given(desks, cut_offs, st.sampled_from(("channel", "department", "tier", "agent", "team")))
def test_a_filter_leaves_what_its_group_counts(desk: Desk, as_of: int, by: str) -> None:
    connection = desk.store()
    whole = measures.Run(connection, as_of, reference())
    metrics = [
        m for m in COUNTED
        if all(by in f.dims for f in facts_of(m.source, reference(), at_end=m.cohort is None))
    ]  # fmt: skip
    groups = measures.count(whole, metrics, [QUARTER], by)
    keys = {key for found in groups.values() for key in found.get(QUARTER.code, {})}
    for key in keys:
        narrowed = measures.Run(connection, as_of, reference(), {by: (key,)})
        found = measures.count(narrowed, metrics, [QUARTER])
        for m in metrics:
            alone = found[m.id].get(QUARTER.code, {}).get(None)
            group = groups[m.id].get(QUARTER.code, {}).get(key)
            assert told(alone) == told(group), (m.id, by, key)
            if m.kind in {Kind.COUNT, Kind.RATIO} and m.source in {"complaint", "survey"}:
                assert len(measures.drill(narrowed, m, QUARTER, "den")) == told(group)[0], m.id


@settings(QUIET, max_examples=15)
@given(desks, cut_offs, st.sampled_from(("channel", "department", "tier", "agent")), st.data())
def test_a_board_under_one_filter_shows_what_the_records_say(
    desk: Desk, as_of: int, by: str, draw: st.DataObject
) -> None:
    """It takes whole months from the sums by that dimension; counting anew must agree."""
    connection = desk.store()
    received = Board(connection, reference(), as_of).groups("ticket_created", QUARTER, by)
    keys = [group.key for group in received] or [None]
    chosen = tuple(draw.draw(st.lists(st.sampled_from(keys), min_size=1, max_size=2, unique=True)))
    board = Board(connection, reference(), as_of, {by: chosen})
    board.figures([m.id for m in METRICS], [MARCH, QUARTER])
    plain = measures.Run(connection, as_of, reference(), {by: chosen})
    for place in (None, by):
        found = measures.count(plain, COUNTED, [MARCH, QUARTER], place)
        for m in [m for m in COUNTED if m.per_group and board.covers(m)]:
            for period in (MARCH, QUARTER):
                shown = (
                    board.tallies(m.id, period, by) if place
                    else {None: board.tally(m.id, period)}
                )  # fmt: skip
                counted = found[m.id].get(period.code, {})
                for key in shown.keys() | counted.keys():
                    assert told(shown.get(key)) == told(counted.get(key)), (m.id, place, key)


@QUIET
@given(desks, cut_offs)
def test_cells_of_two_dimensions_add_up_to_each(desk: Desk, as_of: int) -> None:
    run = measures.Run(desk.store(), as_of, reference())
    received = metric("complaint_received")
    cells = measures.cross(run, received, QUARTER, "department", "category")
    rows, columns = Counter[Any](), Counter[Any]()
    for (row, column), n in cells.items():
        rows[row] += n
        columns[column] += n
    for by, sums in (("department", rows), ("category", columns)):
        found = measures.count(run, [received], [QUARTER], by)[received.id].get(QUARTER.code, {})
        assert {key: tally.n for key, tally in found.items()} == dict(sums)


def test_both_sides_of_the_response_rate_are_narrowed(month: Month) -> None:
    """Three asked by chat of whom one answered, one by phone who answered: 1/3, not 1/4 (V13)."""
    month.survey("2026-03-02 10:00", 5)
    month.survey(None, None)
    month.survey(None, None)
    month.survey("2026-03-02 11:00", 4, channel_id=PHONE)
    connection = month.desk.store()
    told_of = {
        channel: Board(connection, reference(), MARCH.end_at, {"channel": (channel,)}).figure(
            "survey_response_rate", MARCH
        )
        for channel in (CHAT, PHONE)
    }
    assert (told_of[CHAT].num, told_of[CHAT].den) == (1, 3)
    assert (told_of[PHONE].num, told_of[PHONE].den) == (1, 1)
    both = Board(connection, reference(), MARCH.end_at, {"channel": (CHAT, PHONE)})
    assert both.figure("survey_response_rate", MARCH).den == 4


def test_a_figure_without_the_dimension_has_no_value_under_the_filter(month: Month) -> None:
    month.complaint("2026-03-02 10:00")
    month.ticket("2026-03-02 10:00")
    board = Board(month.desk.store(), reference(), MARCH.end_at, {"category": (SERVICE,)})
    assert board.figure("complaint_received", MARCH).value == 1
    tickets = board.figure("ticket_created", MARCH)
    assert (tickets.value, tickets.display) == (None, "—")
    assert board.figure("complaint_share", MARCH).value is None  # one of its parts lacks it
    other = Board(month.desk.store(), reference(), MARCH.end_at, {"category": (PRODUCT,)})
    assert other.figure("complaint_received", MARCH).value == 0


def test_pain_tags_and_remedies_are_filters_too(month: Month) -> None:
    month.complaint("2026-03-02 10:00", ("2026-03-03 10:00", "resolved"), remedy=["refund", "gift"],
                    compensation=5000)  # fmt: skip
    month.complaint("2026-03-02 11:00", ("2026-03-03 10:00", "resolved"), remedy=["refund"],
                    compensation=2000)  # fmt: skip
    run = measures.Run(month.desk.store(), MARCH.end_at, reference())
    paid = measures.spread(run, metric("compensation_sum"), MARCH, "remedy")
    assert {kind: (tally.n, tally.total) for kind, tally in paid.items()} == {
        "refund": (2, 7000), "gift": (1, 5000),
    }  # fmt: skip
    gifts = measures.Run(run.connection, MARCH.end_at, reference(), {"remedy": ("gift",)})
    assert measures.drill(gifts, metric("complaint_received"), MARCH, "den") == ["TS0001"]


class TestAsOf:
    def test_an_extension_granted_later_does_not_exist_yet(self, month: Month) -> None:
        """Due on the 6th, extended on the 9th to the 20th: overdue until the 9th, then not."""
        row = month.complaint("2026-03-02 10:00", ("2026-03-09 10:00", "extended"),
                              due_at=at("2026-03-20 18:00"))  # fmt: skip
        month.desk.add("complaint_extension", complaint_id=row["id"], at=at("2026-03-09 10:00"),
                       old_due_at=at("2026-03-06 18:00"), new_due_at=at("2026-03-20 18:00"),
                       reason="r")  # fmt: skip
        before, after = at("2026-03-09 10:00"), at("2026-03-09 10:01")
        assert month.figure("complaint_overdue_open", before).value == 1
        assert month.figure("complaint_not_yet_due", before).value == 0
        assert month.figure("complaint_overdue_open", after).value == 0
        assert month.figure("complaint_not_yet_due", after).value == 1

    def test_a_callback_cancelled_later_was_planned(self, month: Month) -> None:
        ticket = month.ticket("2026-03-02 10:00", ("2026-03-02 11:00", "resolved"),
                              callback_required=1)  # fmt: skip
        month.callback(None, "cancelled", ticket_id=ticket["id"], batch_id=None,
                       due_at=at("2026-03-04 12:00"), updated_at=at("2026-03-05 09:00"))  # fmt: skip
        late = month.figure("callback_rate", at("2026-03-04 13:00"))
        assert (late.num, late.den, late.not_yet_due) == (0, 1, 0)  # its own time was over
        gone = month.figure("callback_rate", at("2026-03-05 09:01"))
        assert (gone.den, gone.not_yet_due) == (0, 1)  # the usual 72 h end at 11:00
        assert month.figure("callback_rate", at("2026-03-05 11:01")).den == 1
        soon = month.figure("callback_rate", at("2026-03-04 12:00"))
        assert (soon.den, soon.not_yet_due) == (0, 1)

    def test_who_was_a_key_customer_at_the_end_of_the_period(self, month: Month) -> None:
        """Customer 4 is one since the 10th of April; customer 1 was one until then."""
        month.ticket("2026-03-02 10:00")
        done = month.desk.add("operation", at=at("2026-04-10 09:00"), kind="system", label="tier")
        for customer, before in ((4, "normal"), (1, "key")):
            month.desk.add("change_log", operation_id=done["id"], tbl="customer", row_id=customer,
                           before={"tier": before}, after={"tier": "?"})  # fmt: skip
        month.callback("2026-03-10 09:00", customer_id=1)
        later = at("2026-05-01 00:00")
        march = month.figure("key_reach_rate", later)
        assert (march.num, march.den) == (1, 1)
        april = month.figure("key_reach_rate", later, "2026-04")
        assert (april.num, april.den) == (0, 1)


def test_contact_is_judged_by_the_limit_that_is_stored(month: Month) -> None:
    """Two hours were allowed instead of 24: contacted after 2 h exactly in time, a second more late."""
    received = "2026-03-02 10:00"
    limit = at("2026-03-02 12:00")
    month.complaint(received, ("2026-03-02 12:00", "contacted"), ack_due_at=limit)
    month.complaint(received, ("2026-03-02 12:01", "contacted"), ack_due_at=limit)
    month.complaint(received, ack_due_at=limit)
    figure = month.figure("ack_rate")
    assert (figure.num, figure.den, figure.not_yet_due) == (1, 3, 0)
    assert month.figure("ack_rate", limit).not_yet_due == 3  # events at the cut-off do not exist


def test_the_funnel_narrows_step_by_step(month: Month) -> None:
    for csat in (5, 4, 2, 1):
        month.survey("2026-03-02 10:00", csat)
    month.survey(None, None)
    answer = month.survey("2026-03-03 10:00", 5, kind="recovery")
    for survey, back in ((3, answer["id"]), (4, None)):
        month.callback("2026-03-03 10:00", kind="low_score", survey_id=survey, answer_id=back)
    steps = ("sent", "rated", "low", "contacted", "recovered")
    assert [month.figure(f"funnel_{step}").value for step in steps] == [5, 4, 2, 2, 1]
