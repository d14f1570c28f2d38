"""What is kept summed rebuilds to the same figures, whatever was written in between."""

from __future__ import annotations

import json
import re
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
import sqlcipher3
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from svcdesk.domain.metrics.definition import Kind
from svcdesk.domain.metrics.registry import METRICS
from svcdesk.domain.period import parse_period
from svcdesk.services import backups, customers, dashboards, imports, tickets, undo
from svcdesk.store import change_log, kept, kept_follow, measures
from svcdesk.store.connection import open_writer
from svcdesk.store.facts import facts_of
from svcdesk.store.figures import Board
from svcdesk.store.keys import KeyGenerator
from svcdesk.store.unit_of_work import unit_of_work
from tests.metrics.desks import START, TABLES, connection, desks, reference
from tests.metrics.desks import Desk as Drawn
from tests.services.desks import a_resolved_ticket, a_ticket, no_callbacks

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.store.connection import Connection
    from svcdesk.system.clock import FixedClock

DAY = 86400
LATER = START + 60 * DAY  # every month of the drawn desks is over
MONTHS = [parse_period(code) for code in ("2026-01", "2026-02", "2026-03")]
COUNTED = [m for m in METRICS if m.kind is not Kind.OF_OTHERS]
GROUPED = ("channel", "agent")
MUTABLE = [*sorted(kept_follow.FOLLOWED), "person"]
KEYS = KeyGenerator(1, lambda: 1_800_000_000_000, 0)


def counted(board: Board) -> dict[Any, Any]:
    """Every sum of the months as the board has it, kept ones included; peaks by day too."""
    found: dict[Any, Any] = {}
    for by in (None, *GROUPED):
        board.figures([m.id for m in METRICS], MONTHS)
        for metric in COUNTED:
            if by is not None and not metric.per_group:
                continue
            for month in MONTHS:
                groups = (
                    board.tallies(metric.id, month, by)
                    if by
                    else {None: board.tally(metric.id, month)}
                )
                found[metric.id, by, month.code] = {
                    key: (t.n, t.total, t.divisor, t.excluded, t.not_yet_due, sorted(t.values),
                          sorted(t.keys), sorted(t.marked_keys))
                    for key, t in groups.items() if t.n or t.excluded or t.not_yet_due
                }  # fmt: skip
    return found


def figures(board: Board) -> dict[str, Any]:
    """Every figure of the three months and of their sum, composed ones included."""
    spans = [*MONTHS, parse_period("2026-Q1")]
    found = board.figures([m.id for m in METRICS], spans)
    return {
        f"{metric} {code}": (figure.value, figure.num, figure.den, figure.n)
        for metric, by_code in found.items()
        for code, figure in by_code.items()
    }


class Uncounted(Board):
    """A board that knows nothing of the kept sums."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.kept._valid = False  # as if another shape were kept


def change(store: Connection, chance: Random) -> str:
    """Change, add or delete one row of any table that figures read; values of other rows."""
    table = chance.choice(MUTABLE)
    ids = [key for (key,) in store.execute(f"SELECT id FROM {table}").fetchall()]
    if not ids:
        return ""
    row, other = chance.choice(ids), chance.choice(ids)
    names = [n for n in change_log.columns(store, table)
             if n != "id" and not n.endswith("_no") and n not in {"row_version", "batch_id"}]  # fmt: skip
    kind = chance.choice(["copy", "copy", "copy", "remove", "delete", "insert"])
    if kind == "copy":
        chosen = chance.sample(names, min(len(names), chance.randint(1, 4)))
        sets = ", ".join(f"{n} = (SELECT o.{n} FROM {table} o WHERE o.id = :other)" for n in chosen)
        store.execute(f"UPDATE {table} SET {sets} WHERE id = :row", {"row": row, "other": other})
        return f"{table} {chosen}"
    if kind == "remove":
        store.execute(f"UPDATE {table} SET deleted_at = 1 WHERE id = ?", (row,))
    elif kind == "delete":
        store.execute(f"DELETE FROM {table} WHERE id = ?", (row,))
    else:
        every = change_log.columns(store, table)
        values = ", ".join(
            f"(SELECT max(id) + 1 FROM {table})" if n == "id"
            else f"{n} || '-2'" if n.endswith("_no") else n for n in every
        )  # fmt: skip
        store.execute(
            f"INSERT INTO {table} ({', '.join(every)}) SELECT {values} FROM {table} WHERE id = ?",
            (row,),
        )
    return f"{kind} {table}"


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(desks, st.integers(0, 2**32))
def test_kept_sums_are_those_of_the_records_after_any_change(drawn: Drawn, seed: int) -> None:
    store, chance = drawn.store(), Random(seed)
    store.execute("DELETE FROM kept_sum")
    store.execute("DELETE FROM kept_shape")
    store.execute("PRAGMA foreign_keys = OFF")
    try:
        board = Board(store, reference(), LATER)
        counted(board)
        assert kept.store(store, board.kept, kept.top(store)) > 0
        for _ in range(2):
            done = []
            with unit_of_work(store, KEYS, now=LATER, actor_id=None, label="x"):
                for _ in range(chance.randint(1, 3)):
                    try:
                        done.append(change(store, chance))
                    except sqlcipher3.IntegrityError:
                        continue
            left = store.execute("SELECT count(*) FROM kept_sum").fetchone()[0]
            event("some are left" if left else "none is left")
            again = Board(store, reference(), LATER + 5)
            plain = Uncounted(store, reference(), LATER + 5)
            assert figures(again) == figures(plain), done
            assert counted(again) == counted(plain), done
            kept.store(store, again.kept, kept.top(store))
    finally:
        for (name,) in store.execute("SELECT name FROM temp.sqlite_master").fetchall():
            store.execute(f"DROP TRIGGER temp.{name}")  # other tests write without a log
        for table in (*TABLES, "kept_sum", "kept_shape"):  # the rows refer to what is gone
            store.execute(f"DELETE FROM {table}")
        store.execute("PRAGMA foreign_keys = ON")


def test_every_table_the_figures_read_is_followed() -> None:
    read: set[str] = set()
    for metric in COUNTED:
        for facts in facts_of(metric.source, reference(), at_end=metric.cohort is None):
            text = " ".join(
                [facts.table, facts.where, *facts.fields.values(), *facts.dims.values()]
            )
            read |= set(re.findall(r"(?:FROM|JOIN) (\w+) \w+", text))
    derived = {"ticket_episode", "ticket_pause", "complaint_episode"}  # with their events
    logged = set(change_log.logged_tables(connection()))
    assert read - derived <= logged
    assert {"ticket", "survey", "callback", "visit"} <= read
    counted_now = {"action", "improvement_item", "verification"}  # their sums are never kept
    assert not (read - counted_now) & kept_follow.UNREAD
    assert not kept_follow.FOLLOWED & kept_follow.UNREAD


# -- through the services ----------------------------------------------------------------------


def rows(desk: Desk) -> int:
    return int(desk.reader.execute("SELECT count(*) FROM kept_sum").fetchone()[0])


def months_kept(desk: Desk) -> int:
    found = desk.reader.execute("SELECT count(DISTINCT start_at) FROM kept_sum").fetchone()
    return int(found[0])


def value(desk: Desk, metric: str, month: str) -> Any:
    return dashboards.figures(desk, dashboards.period_of(desk, month), None, [metric])[metric].value


def test_a_figure_of_a_month_that_is_over_is_counted_once(
    desk: Desk, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_callbacks(desk)
    a_resolved_ticket(desk)
    clock.advance(40 * DAY)
    assert value(desk, "ticket_created", "2026-04") == 1
    assert rows(desk) == 1
    monkeypatch.setattr(measures, "count", lambda *_: pytest.fail("counted again"))
    assert value(desk, "ticket_created", "2026-04") == 1


def test_the_running_month_is_not_kept(desk: Desk, clock: FixedClock) -> None:
    a_ticket(desk)
    clock.advance(60)
    assert value(desk, "ticket_created", "2026-04") == 1
    assert rows(desk) == 0


def test_what_is_still_to_fall_due_is_not_kept(desk: Desk, clock: FixedClock) -> None:
    clock.advance(29 * DAY + 7 * 3600 + 3000)  # 30 April, 17:50: ten minutes of work are left
    a_ticket(desk)
    clock.advance(8 * 3600 + 180)  # 1 May, a holiday: the answer is due when work begins again
    found = dashboards.figures(desk, dashboards.period_of(desk, "2026-04"), None, ["frt_sla_rate"])
    assert found["frt_sla_rate"].not_yet_due == 1
    assert rows(desk) == 0
    clock.advance(10 * DAY)
    assert value(desk, "frt_sla_rate", "2026-04") == 0
    assert rows(desk) == 1


def test_an_edit_takes_away_what_it_may_have_changed_and_undo_too(
    desk: Desk, clock: FixedClock
) -> None:
    no_callbacks(desk)
    old = a_resolved_ticket(desk)
    clock.advance(70 * DAY)
    young = a_resolved_ticket(desk, new_customer={"name": "李四", "phones": ["13800000001"]})
    clock.advance(40 * DAY)
    for month in ("2026-04", "2026-05", "2026-06"):
        value(desk, "fcr_rate", month)
    assert months_kept(desk) == 3
    tickets.change(desk, young, {"title": "别的"})
    assert months_kept(desk) == 2  # from May on: a follow-up reaches back a week, not to April
    assert value(desk, "fcr_rate", "2026-04") == 100
    tickets.change(desk, old, {"title": "别的"})
    assert months_kept(desk) == 0
    value(desk, "fcr_rate", "2026-04")
    undo.undo(desk)
    assert months_kept(desk) == 0


def test_a_customer_who_wants_no_callbacks_changes_all_months(
    desk: Desk, clock: FixedClock
) -> None:
    key = a_ticket(desk)
    customer = tickets.get(desk, key).ticket["customer_id"]
    clock.advance(70 * DAY)
    value(desk, "callback_rate", "2026-04")
    value(desk, "ticket_created", "2026-05")
    assert rows(desk) > 0
    customers.change(desk, customer, {"notes": "x"})
    assert rows(desk) > 0
    customers.change(desk, customer, {"opt_out": True})
    assert rows(desk) == 0


def test_an_earlier_cut_off_neither_uses_nor_spoils_what_is_kept(
    desk: Desk, clock: FixedClock
) -> None:
    no_callbacks(desk)
    opened = clock.now()
    key = a_ticket(desk)
    clock.advance(3600)
    tickets.say(desk, key, "您好，已收到", "public_reply")
    tickets.step(
        desk, key, "resolve", {"solution": "更换主板，试机正常", "resolution_code": "onsite"}
    )
    clock.advance(40 * DAY)
    month = dashboards.period_of(desk, "2026-04")
    now = dashboards.figures(desk, month, None, ["resolve_rate"])["resolve_rate"]
    assert (now.num, now.den) == (1, 1)
    then = dashboards.figures(desk, month, opened + 1, ["resolve_rate"])["resolve_rate"]
    assert (then.num, then.den) == (0, 1)
    again = dashboards.figures(desk, month, None, ["resolve_rate"])["resolve_rate"]
    assert (again.num, again.den) == (1, 1)


def test_a_time_that_lies_ahead_is_waited_for(desk: Desk, clock: FixedClock) -> None:
    """A clock that was wrong left an event in the future: until then the month is as it was."""
    no_callbacks(desk)
    key = a_ticket(desk)
    clock.advance(40 * DAY)
    ahead = clock.now() + 30 * DAY
    with desk.write("x") as uow:
        uow.insert("ticket_event", {
            "ticket_id": key, "seq": 99, "at": ahead, "type": "resolved", "old": "new",
            "new": "resolved",
        })  # fmt: skip
        uow.update("ticket", key, {"last_event_at": ahead, "status": "resolved",
                                   "resolved_at": ahead, "first_resolved_at": ahead})  # fmt: skip
    assert value(desk, "resolve_rate", "2026-04") == 0
    assert rows(desk) == 1
    clock.advance(30 * DAY + 1)
    assert value(desk, "resolve_rate", "2026-04") == 100


def test_with_another_setting_nothing_kept_is_used(desk: Desk, clock: FixedClock) -> None:
    from svcdesk.services import settings as own

    no_callbacks(desk)
    a_resolved_ticket(desk)
    customer = desk.reader.execute("SELECT id FROM customer").fetchone()[0]
    clock.advance(3 * DAY)
    a_resolved_ticket(desk, new_customer=None, customer_id=customer)
    clock.advance(40 * DAY)
    assert value(desk, "fcr_rate", "2026-04") == 50
    own.change(desk, {"fcr_days": 2})
    assert value(desk, "fcr_rate", "2026-04") == 100


def test_an_import_and_its_undoing_take_everything_away(
    desk: Desk, clock: FixedClock, tmp_path: Any
) -> None:
    a_ticket(desk)
    clock.advance(40 * DAY)
    assert value(desk, "ticket_created", "2026-04") == 1
    file = tmp_path / "t.csv"
    file.write_text(
        "外部单号,标题,客户,客户电话,渠道,受理时间\nA1,x,王五,13800000009,电话,2026-04-02 10:00\n"
    )
    from dataclasses import replace

    from svcdesk.system.job import ImmediateContext

    mapping = replace(imports.load_mapping(None, "tickets"), create=frozenset({"customer"}))
    plan = imports.apply(desk, file, mapping, ImmediateContext()).value
    assert plan.inserted == 1
    assert value(desk, "ticket_created", "2026-04") == 2
    undo.undo(desk)
    assert value(desk, "ticket_created", "2026-04") == 1


def test_a_file_open_for_reading_only_and_a_busy_one_are_counted(
    desk: Desk, clock: FixedClock
) -> None:
    from svcdesk.services.desk import Desk as Opened

    a_ticket(desk)
    clock.advance(40 * DAY)
    with Opened.open(desk.path, write=False, clock=clock) as reading:
        assert value(reading, "ticket_created", "2026-04") == 1
    assert rows(desk) == 0
    other = open_writer(desk.path)
    other.execute("BEGIN IMMEDIATE")  # another program writes: nobody waits, and nothing fails
    assert value(desk, "ticket_created", "2026-04") == 1
    assert rows(desk) == 0
    other.execute("ROLLBACK")
    other.close()
    assert value(desk, "ticket_created", "2026-04") == 1
    assert rows(desk) == 1


def test_rebuilding_shows_a_sum_that_is_wrong(desk: Desk, clock: FixedClock) -> None:
    a_ticket(desk)
    clock.advance(40 * DAY)
    value(desk, "ticket_created", "2026-04")
    assert backups.check(desk) == []
    writer = desk.writer
    groups = json.dumps([[None, 7, 0, 0, 0, 0, 0, 0]])
    writer.execute("UPDATE kept_sum SET groups = ?", (groups,))
    assert backups.check(desk) == ["kept sum ticket_created 2026-04"]
