"""Closed months: what was frozen stays, and every difference to now has its record."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svcdesk.domain.evaluation import Finding, Verdict
from svcdesk.domain.metrics.registry import METRICS
from svcdesk.domain.people import Role
from svcdesk.services import (
    closings,
    complaints,
    dashboards,
    restatements,
    tickets,
    undo,
)
from svcdesk.services import settings as desk_settings
from svcdesk.services.closings import CutOff, MonthState
from svcdesk.services.desk import Desk
from svcdesk.services.restatements import Cause
from svcdesk.store import closing_board, closing_lists, recompute
from svcdesk.store.reference import load
from svcdesk.system.clock import FixedClock
from svcdesk.system.errors import ProblemsError, UserError
from svcdesk.system.job import Cancelled, ImmediateContext
from tests.conftest import NOW
from tests.domain.calendars import at
from tests.services.closing_desks import SOLVED, a_month, other_item
from tests.services.desks import a_ticket, item

CONTEXT = ImmediateContext()
Times = dict[str, list[tuple[object, ...]]]
IDS = [m.id for m in METRICS]


def the_parts(desk: Desk) -> list[tuple[str, bytes]]:
    return desk.reader.execute(
        "SELECT name, body FROM closing_part ORDER BY closing_id, name"
    ).fetchall()


class TestClosing:
    @pytest.mark.parametrize("cut_off", list(CutOff))
    def test_every_figure_is_frozen_as_the_dashboards_show_it(
        self, desk: Desk, clock: FixedClock, cut_off: CutOff
    ) -> None:
        a_month(desk, clock)
        closings.close(desk, "2026-03", CONTEXT, cut_off)
        kept = closings.frozen(desk, "2026-03")
        assert kept.closing.as_of == (
            at("2026-04-01 00:00") if cut_off is CutOff.PERIOD_END else clock.at
        )
        period = dashboards.period_of(desk, "2026-03")
        shown = dashboards.figures(desk, period, kept.closing.as_of, IDS)
        assert kept.figures == shown
        assert kept.figures["ticket_created"].num == 6
        assert kept.figures["ticket_resolved"].num == 4
        assert kept.flow == {
            "opening": 0,
            "created": 6,
            "cancelled": 0,
            "resolved": 4,
            "closing": 2,
        }
        with dashboards.board(desk, kept.closing.as_of) as board:
            for by in closing_lists.MAIN_DIMENSIONS:
                groups = closings.frozen_groups(desk, kept.closing, by)
                for metric in IDS:
                    live = {g.key: g.figure for g in board.groups(metric, period, by)}
                    assert groups.get(metric, {}) == live, (metric, by)
            assert kept.composite == closing_board.composite_row(board, period)
            assert kept.paretos == closing_board.pareto_rows(board, period)
            assert kept.distributions == closing_board.distribution_rows(board, period)

    def test_lists_hold_the_records_of_every_part(self, desk: Desk, clock: FixedClock) -> None:
        a_month(desk, clock)
        closings.close(desk, "2026-03", CONTEXT)
        closing = closings.find(desk, "2026-03")
        cells = {
            (one.source, metric): [(row[0], row[1 + len(one.dims) + place]) for row in one.rows]
            for one in closings.frozen_lists(desk, closing)
            for place, metric in enumerate(one.metrics)
        }
        period = dashboards.period_of(desk, "2026-03")
        for metric in METRICS:
            if metric.formula:
                continue
            rows = cells[str(metric.source), metric.id]
            marks = {"excluded": "x", "not_yet_due": "d"}
            for part, mark in marks.items():
                numbers = sorted({number for number, cell in rows if cell == mark})
                assert numbers == dashboards.drill(desk, metric.id, period, part, closing.as_of)
            counted = sorted({n for n, cell in rows if cell not in {None, "x", "d"}})
            assert counted == dashboards.drill(desk, metric.id, period, "den", closing.as_of)

    def test_it_is_one_step_that_can_be_undone_and_redone(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        a_month(desk, clock)
        closings.close(desk, "2026-03", CONTEXT)
        parts = the_parts(desk)
        undo.undo(desk)
        with pytest.raises(UserError):
            closings.frozen(desk, "2026-03")
        undo.redo(desk)
        assert the_parts(desk) == parts
        assert closings.frozen(desk, "2026-03").figures["ticket_created"].num == 6
        undo.undo(desk)
        closings.close(desk, "2026-03", CONTEXT)
        assert len(the_parts(desk)) == len(parts)  # nothing is left of the one undone

    def test_reopening_needs_a_reason_and_makes_a_new_version(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        keys, _ = a_month(desk, clock)
        closings.close(desk, "2026-03", CONTEXT)
        with pytest.raises(UserError, match="closed already"):
            closings.close(desk, "2026-03", CONTEXT)
        with pytest.raises(UserError, match="Say why"):
            closings.reopen(desk, "2026-03", "  ")
        closings.reopen(desk, "2026-03", "漏录一单")
        assert closings.state(desk, dashboards.period_of(desk, "2026-03")) is None
        tickets.remove(desk, keys[0])
        closings.close(desk, "2026-03", CONTEXT)
        first, second = (closings.frozen(desk, "2026-03", version) for version in (1, 2))
        assert (first.figures["ticket_created"].num, second.figures["ticket_created"].num) == (6, 5)
        assert (first.closing.reason, first.closing.stands, second.closing.stands) == (
            "漏录一单",
            False,
            True,
        )
        assert closings.frozen(desk, "2026-03").closing.version == 2

    def test_what_cannot_be_closed(self, desk: Desk, clock: FixedClock) -> None:
        a_month(desk, clock)
        for month, words in (
            ("2026-04", "not over"),
            ("2026-Q1", "not a month"),
            ("2026-01", "no records"),
        ):
            with pytest.raises(UserError, match=words):
                closings.close(desk, month, CONTEXT)
        agent = desk_settings.add_person(desk, "小李", [Role.AGENT]).value
        desk.act_as(agent)
        with pytest.raises(UserError, match="may not do this"):
            closings.close(desk, "2026-03", CONTEXT)

    def test_cancelling_leaves_nothing(self, desk: Desk, clock: FixedClock) -> None:
        a_month(desk, clock)
        context = ImmediateContext()
        steps = 0

        def stop(_done: int, _total: int, _text: str) -> None:
            nonlocal steps
            steps += 1
            context.cancelled = steps > 5

        context = ImmediateContext(stop)
        with pytest.raises(Cancelled):
            closings.close(desk, "2026-03", context)
        assert the_parts(desk) == []

    def test_months_and_their_states(self, desk: Desk, clock: FixedClock) -> None:
        a_month(desk, clock)
        clock.at = at("2026-05-03 10:00")
        closings.close(desk, "2026-03", CONTEXT)
        assert [(m.period.code, m.state) for m in closings.months(desk)] == [
            ("2026-05", MonthState.RUNNING), ("2026-04", MonthState.READY), ("2026-03", MonthState.CLOSED),
        ]  # fmt: skip
        assert closings.earlier_open(desk, "2026-05") == ["2026-04"]

    def test_a_closed_month_keeps_its_edges(self, desk: Desk, clock: FixedClock) -> None:
        a_month(desk, clock)
        closings.close(desk, "2026-03", CONTEXT)
        desk_settings.change(desk, {"period_start_day": 26})
        kept = closings.frozen(desk, "2026-03")
        assert kept.figures["ticket_created"].period.start.isoformat() == "2026-03-01"
        assert restatements.of_month(desk, "2026-03", CONTEXT).figures == ()

    def test_definitions_are_kept(self, desk: Desk, clock: FixedClock) -> None:
        a_month(desk, clock)
        closings.close(desk, "2026-03", CONTEXT)
        kept = closings.frozen(desk, "2026-03").definitions
        assert kept["params"]["fcr_seconds"] == 7 * 86400
        assert {m["id"] for m in kept["metrics"]} == set(IDS)
        assert len(kept["rules"]["policies"]) == 4
        json.dumps(kept)


def the_times(desk: Desk) -> Times:
    """Return every stored duration and due time."""
    columns = {
        "ticket": "response_limit, response_due_at, response_late_at, response_seconds, "
        "resolution_limit, due_at, late_at, resolution_seconds, cycle_seconds",
        "complaint": "due_at, ack_due_at, interim_due_at, answer_due_at",
    }
    return {
        table: desk.reader.execute(f"SELECT id, {names} FROM {table} ORDER BY id").fetchall()
        for table, names in columns.items()
    }


class TestTimesOfAClosedMonth:
    """A change of hours leaves a closed month; what opens or closes it again brings it in line."""

    @pytest.fixture
    def moved(self, desk: Desk, clock: FixedClock) -> tuple[undo.Step, Times]:
        """Close March, then let work begin at eleven; return the closing and its times."""
        a_month(desk, clock)
        a_ticket(desk)  # of April, open
        closings.close(desk, "2026-03", CONTEXT)
        step = undo.undoable(desk)
        assert step is not None
        before = the_times(desk)
        short = [["11:00", "18:00"]]
        desk_settings.set_pattern(desk, [short] * 5 + [[], []])
        return step, before

    def test_undoing_the_closing_applies_the_hours_of_now(
        self, desk: Desk, moved: tuple[undo.Step, Times]
    ) -> None:
        step, before = moved
        while_closed = the_times(desk)
        assert while_closed["ticket"][0] == before["ticket"][0]  # decided in March
        assert while_closed["ticket"][-1] != before["ticket"][-1]  # open
        undo.undo_operation(desk, step)
        opened = the_times(desk)
        assert opened["ticket"][0] != before["ticket"][0]
        with desk.write("All anew") as uow:  # nothing is left for a full computation to change
            recompute.times(uow, load(uow.connection))
        assert the_times(desk) == opened
        undo.redo(desk)  # closed again: as it was judged
        assert the_times(desk) == while_closed
        assert restatements.of_month(desk, "2026-03", CONTEXT).figures == ()

    def test_taking_back_a_reopening_restores_what_was_judged(
        self, desk: Desk, moved: tuple[undo.Step, Times]
    ) -> None:
        while_closed = the_times(desk)
        closings.reopen(desk, "2026-03", "补录")
        assert the_times(desk) != while_closed
        undo.undo(desk)
        assert the_times(desk) == while_closed

    def test_the_same_hours_leave_every_time(self, desk: Desk, clock: FixedClock) -> None:
        a_month(desk, clock)
        closings.close(desk, "2026-03", CONTEXT)
        before = the_times(desk)
        changes = undo.undo(desk)
        assert the_times(desk) == before
        assert "ticket" not in changes.changes.tables()  # nothing was worked out for nothing


class TestRestatements:
    def test_nothing_changed(self, desk: Desk, clock: FixedClock) -> None:
        a_month(desk, clock)
        closings.close(desk, "2026-03", CONTEXT)
        found = restatements.of_month(desk, "2026-03", CONTEXT)
        assert (found.figures, found.records, found.count) == ((), (), 0)

    def test_ordinary_progress_restates_nothing(self, desk: Desk, clock: FixedClock) -> None:
        keys, cases = a_month(desk, clock)
        closings.close(desk, "2026-03", CONTEXT)
        clock.advance(3600)
        tickets.say(desk, keys[5], "您好，已收到", "public_reply")
        tickets.step(desk, keys[5], "resolve", SOLVED)
        a_ticket(desk)
        assert restatements.of_month(desk, "2026-03", CONTEXT).figures == ()
        department = item(desk, "department", "logistics")
        taken = {"resp_dept_id": department, "handler_id": desk.actor.id}
        complaints.step(desk, cases[0], "accept", taken)  # nobody had been responsible before
        found = restatements.of_month(desk, "2026-03", CONTEXT).figures
        assert {m.scope.partition(":")[0] for m in found} == {"agent", "department"}

    def test_an_edit_is_named_with_its_effect(self, desk: Desk, clock: FixedClock) -> None:
        keys, _ = a_month(desk, clock)
        closings.close(desk, "2026-03", CONTEXT)
        clock.advance(60)
        tickets.remove(desk, keys[0])
        found = restatements.of_month(desk, "2026-03", CONTEXT)
        moved = {m.metric: m for m in found.figures if m.scope == "all"}
        created = moved["ticket_created"]
        assert created.before is not None
        assert created.now is not None
        assert (created.before.num, created.now.num) == (6, 5)
        number = desk.reader.execute(
            "SELECT ticket_no FROM ticket WHERE id = ?", (keys[0],)
        ).fetchone()[0]
        record = next(r for r in found.records if r.number == number)
        assert (record.table, record.record_id, record.cause) == ("ticket", keys[0], Cause.REMOVED)
        assert [
            (c.name, c.before, c.after, c.at) for c in record.changes if c.name == "deleted_at"
        ] == [("deleted_at", None, clock.at, clock.at)]
        effect = next(e for e in record.effects if e.metric == "ticket_created")
        assert (effect.before, effect.now, effect.told) == (6, 5, True)
        undo.undo(desk)
        assert restatements.of_month(desk, "2026-03", CONTEXT).records == ()

    def test_a_change_of_group_restates_the_groups(self, desk: Desk, clock: FixedClock) -> None:
        keys, _ = a_month(desk, clock)
        closings.close(desk, "2026-03", CONTEXT)
        issue = other_item(desk, "issue", "quality")
        tickets.change(desk, keys[1], {"issue_id": issue})
        found = restatements.of_month(desk, "2026-03", CONTEXT)
        moved = {(m.metric, m.scope): m for m in found.figures}
        assert ("ticket_created", "all") not in moved
        group = moved["ticket_created", f"issue:{issue}"]
        assert group.before is None
        assert group.now is not None
        assert group.now.num == 1
        assert [r.dims["issue"] for r in found.records] == [
            ([item(desk, "issue", "quality")], [issue])
        ]

    def test_a_record_entered_late(self, desk: Desk, clock: FixedClock) -> None:
        a_month(desk, clock)
        closings.close(desk, "2026-03", CONTEXT)
        key = a_ticket(desk, created_at=at("2026-03-20 10:00"), new_customer={"name": "补录"})
        found = restatements.of_month(desk, "2026-03", CONTEXT)
        assert [(r.record_id, r.cause) for r in found.records] == [(key, Cause.ENTERED)]

    def test_settings_changed_later_restate_nothing_and_are_told(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        a_month(desk, clock)
        closings.close(desk, "2026-03", CONTEXT)
        desk_settings.change(desk, {"fcr_days": 14})
        found = restatements.of_month(desk, "2026-03", CONTEXT)
        assert (found.figures, found.records) == ((), ())
        assert [c.table for c in found.rules] == ["setting"]


def _case_values(desk: Desk, what: str) -> dict[str, int]:
    if what == "severity":
        return {"demand_amount": 900_000}
    return {"category_id": other_item(desk, "category", "service")}


def _ticket_values(desk: Desk, what: str, place: int) -> dict[str, object]:
    if what == "priority":
        return {"priority": ("low", "urgent")[place % 2]}
    code = "chat" if what == "channel" else "quality"
    return {f"{what}_id": other_item(desk, what, code)}


EDITS = (
    "channel", "priority", "issue", "remove", "late", "severity", "reply", "resolve", "progress",
    "category",
)  # fmt: skip


def edit(desk: Desk, clock: FixedClock, what: str, place: int) -> None:
    """Make one edit that a person could make after the closing."""
    known = "SELECT id FROM {} WHERE deleted_at IS NULL ORDER BY id"
    keys = [row[0] for row in desk.reader.execute(known.format("ticket"))]
    cases = [row[0] for row in desk.reader.execute(known.format("complaint"))]
    key, case = keys[place % len(keys)], cases[place % len(cases)]
    clock.advance(600)
    if what in {"channel", "priority", "issue"}:
        tickets.change(desk, key, _ticket_values(desk, what, place))
    elif what in {"severity", "category"}:
        complaints.change(desk, case, _case_values(desk, what))
    elif what == "remove":
        tickets.remove(desk, key)
    elif what == "late":
        when = at(f"2026-03-{3 + place % 25:02d} 09:30")
        a_ticket(desk, created_at=when, new_customer={"name": f"补录{place}"})
    elif what == "reply":
        tickets.say(desk, key, "已跟进", "public_reply")
    elif what == "resolve":
        tickets.step(desk, key, "resolve", SOLVED)
    else:
        a_ticket(desk)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    edits=st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 30)), min_size=1, max_size=6),
    cut_off=st.sampled_from(CutOff),
)
def test_what_was_closed_stays_and_every_difference_has_its_record(
    edits: list[tuple[str, int]], cut_off: CutOff
) -> None:
    clock = FixedClock(NOW)
    with (
        TemporaryDirectory() as folder,
        Desk.create(Path(folder) / "d.svcdesk", clock=clock) as desk,
    ):
        a_month(desk, clock)
        closings.close(desk, "2026-03", CONTEXT, cut_off)
        kept, parts = closings.frozen(desk, "2026-03"), the_parts(desk)
        first = undo.undoable(desk)
        for what, place in edits:
            try:
                edit(desk, clock, what, place)
            except (UserError, ProblemsError):
                continue  # refused, as a person would be
        assert closings.frozen(desk, "2026-03") == kept
        assert the_parts(desk) == parts

        found = restatements.of_month(desk, "2026-03", CONTEXT)
        period = dashboards.period_of(desk, "2026-03")
        live = dashboards.figures(desk, period, kept.closing.as_of, IDS)
        for metric in IDS:
            one, other = kept.figures[metric], live[metric]
            same = (one.value, one.n, one.excluded, one.not_yet_due) == (
                other.value, other.n, other.excluded, other.not_yet_due
            )  # fmt: skip
            named = [m for m in found.figures if (m.metric, m.scope) == (metric, "all")]
            assert same or [m.now for m in named] == [other], metric
            assert not named or any(metric in r.metrics for r in found.records), metric
        for record in found.records:
            assert record.changes, record

        while undo.undoable(desk) != first:
            undo.undo(desk)
        again = restatements.of_month(desk, "2026-03", CONTEXT)
        assert (again.figures, again.records) == ((), ())


def test_verdicts_come_with_the_closing(desk: Desk, clock: FixedClock) -> None:
    a_month(desk, clock)
    desk_settings.set_target(desk, "ticket_resolved", "2026-01", 3.0)
    desk_settings.set_target(desk, "ticket_resolved", "2026-04", 99.0)  # April's is not March's
    closings.close(desk, "2026-03", CONTEXT)
    found = {
        (e.metric, e.scope): e
        for e in closings.frozen(desk, "2026-03").findings
        if e.kind is Finding.THRESHOLD
    }
    assert found["csat_mean", "all"].verdict is Verdict.SMALL_SAMPLE  # four answers
    resolved = found["ticket_resolved", "all"]
    assert (resolved.verdict, resolved.threshold, resolved.n) == (Verdict.MET, 3, 4)
    assert found["fcr_rate", "all"].provisional
