"""Erasing customers moves no figure of any month, whatever their records are (domain.md 7.3)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svcdesk.domain.erasure import Mentions
from svcdesk.domain.metrics.registry import METRICS
from svcdesk.domain.period import parse_period
from svcdesk.store import erasure, kept
from svcdesk.store.figures import Board
from svcdesk.store.unit_of_work import unit_of_work
from tests.metrics.desks import TABLES, cut_offs, desks, reference
from tests.metrics.desks import Desk as Drawn
from tests.metrics.test_kept import KEYS, LATER, Uncounted, counted, figures

if TYPE_CHECKING:
    from svcdesk.store.connection import Connection

PERIODS = [parse_period(code) for code in ("2026-02", "2026-03", "2026-Q1")]
TEXTS = (
    ("customer", "name", "'客户' || id || '号'"),
    ("customer", "phones", "'[\"1390000' || printf('%04d', id) || '\"]'"),
    ("customer", "address", "'花园路' || id || '号楼'"),
    ("ticket", "title", "'客户' || customer_id || '号说'"),
    ("complaint", "title", "'客户' || customer_id || '号投诉'"),
    ("complaint", "on_behalf", "'客户' || customer_id || '号之子'"),
    ("ticket_event", "text", "'电话1390000' || printf('%04d', 1 + id % 3)"),
    ("complaint_event", "text", "'客户' || (1 + id % 3) || '号来电'"),
    ("survey", "comment", "'客户' || customer_id || '号：慢'"),
    ("callback", "notes", "'客户' || customer_id || '号不在'"),
    ("visit", "note", "'花园路' || (1 + id % 3) || '号楼'"),
    ("quality_check", "note", "'客户' || (1 + id % 3) || '号'"),
)


def speak(store: Connection) -> None:
    """Let the drawn records say who they are about."""
    with unit_of_work(store, KEYS, now=LATER, actor_id=None, label="x"):
        for table, column, words in TEXTS:
            store.execute(f"UPDATE {table} SET {column} = {words} WHERE {words} IS NOT NULL")


def erase(store: Connection, customer: int) -> None:
    with unit_of_work(store, KEYS, now=LATER + 10, actor_id=None, label="y", kind="system") as uow:
        records = erasure.records_of(store, customer)
        traits = erasure.traits_of(store, records)
        shared = erasure.shared(store, records, traits)
        said = erasure.wipe(uow, records, "已删除")
        erasure.relabel(store, records, said, "已删除")
        swept = erasure.sweep(uow, Mentions(traits.without(shared), "已删除"), lambda: None)
        erasure.finish(uow, (records.ids, swept))


def forget(store: Connection) -> None:
    for (name,) in store.execute("SELECT name FROM temp.sqlite_master").fetchall():
        store.execute(f"DROP TRIGGER temp.{name}")  # other tests write without a log
    store.execute("PRAGMA foreign_keys = OFF")
    for table in (*TABLES, "kept_sum", "kept_shape", "search_doc"):
        store.execute(f"DELETE FROM {table}")
    for index in ("search_index", "customer_index"):
        store.execute(f"INSERT INTO {index} ({index}) VALUES ('delete-all')")
    store.execute("PRAGMA foreign_keys = ON")


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(desks, cut_offs, st.sets(st.integers(1, 3), min_size=1))
def test_all_metrics_of_all_periods_stay_identical(
    drawn: Drawn, as_of: int, gone: set[int]
) -> None:
    store = drawn.store()
    store.execute("DELETE FROM kept_sum")
    store.execute("DELETE FROM kept_shape")
    try:
        speak(store)
        early = Board(store, reference(), as_of)
        then = figures_of(early)
        board = Board(store, reference(), LATER)
        before, sums = figures(board), counted(board)
        kept.store(store, board.kept, kept.top(store))
        kept_rows = store.execute("SELECT count(*) FROM kept_sum").fetchone()
        for customer in sorted(gone):
            erase(store, customer)
        assert figures_of(Board(store, reference(), as_of)) == then
        again, plain = Board(store, reference(), LATER), Uncounted(store, reference(), LATER)
        assert figures(again) == figures(plain) == before
        assert counted(again) == counted(plain) == sums
        # nothing that figures read was written: what was kept is still there
        assert store.execute("SELECT count(*) FROM kept_sum").fetchone() == kept_rows
        names = store.execute("SELECT name, phones, erased_at FROM customer ORDER BY id").fetchall()
        for key, row in enumerate(names, start=1):
            assert (row == ("已删除", "[]", LATER + 10)) == (key in gone)
        left = json.dumps(
            [store.execute(f"SELECT {c} FROM {t} WHERE {c} <> ''").fetchall() for t, c, _ in TEXTS]
            + [store.execute("SELECT before, after FROM change_log").fetchall()],
            ensure_ascii=False,
        )
        for key in gone:
            assert f"客户{key}号" not in left
            assert f"1390000{key:04d}" not in left
            assert f"花园路{key}号楼" not in left
    finally:
        forget(store)


def figures_of(board: Board) -> dict[str, object]:
    found = board.figures([m.id for m in METRICS], PERIODS)
    return {
        f"{metric} {code}": (f.value, f.num, f.den, f.n, f.excluded, f.not_yet_due)
        for metric, by_code in found.items()
        for code, f in by_code.items()
    }
