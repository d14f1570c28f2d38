"""Detection around a change gives what applying the rules to everything gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svcdesk.domain.detection import (
    DetectionSettings,
    Repeat,
    find_groups,
    find_repeats,
    find_seconds,
    keep_numbers,
)
from svcdesk.services.desk import Desk
from svcdesk.store import detections, detections_local
from svcdesk.system.clock import FixedClock

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.store.unit_of_work import UnitOfWork

HOUR, DAY = 3600, 86400
T0 = 1_700_000_000
RULES = {
    "default": DetectionSettings(),
    "by category": DetectionSettings(group_by_category=True, repeat_same_product=True),
    "by serial": DetectionSettings(group_serial_prefix=2, group_customers=2, group_days=3),
}

# near the edges of the windows as often as anywhere else
moments = st.one_of(
    st.integers(0, 60).map(lambda n: T0 + n * DAY // 2),
    st.sampled_from([0, HOUR, HOUR + 1, 7 * DAY, 7 * DAY + 1, 30 * DAY, 30 * DAY + 1]).map(
        lambda n: T0 + n
    ),
)
small = st.integers(0, 3)
which = st.integers(0, 40)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), moments, small, small, small, st.booleans()),
        st.tuples(st.just("move"), which, moments),
        st.tuples(st.just("edit"), which, st.sampled_from(["customer", "category", "product"]), small),
        st.tuples(st.just("serial"), which, small),
        st.tuples(st.just("resolve"), which, st.none() | st.integers(0, 32)),
        st.tuples(st.just("status"), which, st.sampled_from(
            ["registered", "withdrawn", "rejected", "merged"])),
        st.tuples(st.just("remove"), which, st.booleans()),
        st.tuples(st.just("answer"), which, which, st.sampled_from(
            ["repeat", "duplicate", "second", "group"]), st.booleans()),
        st.tuples(st.just("forget"), which),
        st.tuples(st.just("customers"), small, small),
        st.tuples(st.just("bulk"), st.lists(which, max_size=6), small),
    ),
    min_size=1,
    max_size=14,
)  # fmt: skip


class World:
    """A data file with few customers, categories and products, and complaints among them."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk.create(folder / "t.db", clock=FixedClock(T0 + 200 * DAY))
        self.items = [i.id for i in self.desk.reference.items.values() if i.list == "category"][:4]
        self.channel = next(i.id for i in self.desk.reference.items.values() if i.list == "channel")
        with self.desk.write("w") as uow:
            self.customers = [
                uow.insert("customer", {"customer_no": f"K{n}", "name": f"客户{n}"})
                for n in range(4)
            ]
            self.products = [
                uow.insert("product", {"product_no": f"P{n}", "name": f"产品{n}"}) for n in range(3)
            ]
        self.keys: list[int] = []

    def clear(self) -> None:
        """Take everything out again between two examples."""
        self.keys = []
        with self.desk.write("w", kind="system") as uow:
            for table in ("detection_verdict", "complaint_text", "complaint", "complaint_group"):
                if table == "complaint":
                    uow.execute("UPDATE complaint SET repeat_of_id = NULL, second_of_id = NULL, "
                                "duplicate_of_id = NULL, group_id = NULL")  # fmt: skip
                uow.execute(f"DELETE FROM {table}")

    def insert(self, uow: UnitOfWork, at: int, customer: int, category: int, product: int,
               late: bool) -> int:  # fmt: skip
        number = len(self.keys)
        key = uow.insert(
            "complaint",
            {
                "complaint_no": f"T{uow.keys.last}-{number}", "received_at": at, "title": "x",
                "customer_id": self.customers[customer], "category_id": self.items[category % 2],
                "product_id": self.products[product] if product < 3 else None,
                "channel_id": self.channel, "last_event_at": at,
                "serial_no": "AB1" if late else None,
                "first_resolved_at": at + 2 * DAY if late else None,
            },
        )  # fmt: skip
        uow.insert("complaint_text", {"description": ""}, key=key)
        self.keys.append(key)
        return key

    def step(self, uow: UnitOfWork, step: tuple[Any, ...]) -> None:  # noqa: C901, PLR0912
        kind = step[0]
        if kind == "insert":
            self.insert(uow, *step[1:])
            return
        if kind == "customers":
            source, target = (self.customers[n] for n in step[1:])
            uow.execute(
                "UPDATE complaint SET customer_id = ?, row_version = row_version + 1 "
                "WHERE customer_id = ?", (target, source))  # fmt: skip
            return
        if not self.keys:
            return
        if kind == "bulk":
            for n in set(step[1]):
                uow.update("complaint", self.keys[n % len(self.keys)],
                           {"product_id": self.products[step[2] % 3]})  # fmt: skip
            return
        key = self.keys[step[1] % len(self.keys)]
        if kind == "move":
            uow.update("complaint", key, {"received_at": step[2]})
        elif kind == "edit":
            pools: dict[str, list[Any]] = {
                "customer": self.customers, "category": self.items,
                "product": [*self.products, None],
            }  # fmt: skip
            pool = pools[step[2]]
            uow.update("complaint", key, {f"{step[2]}_id": pool[step[3]]})
        elif kind == "serial":
            uow.update("complaint", key, {"serial_no": ["AB1", "AB2", "CD", None][step[2]]})
        elif kind == "resolve":
            at = uow.execute("SELECT received_at FROM complaint WHERE id = ?", (key,)).fetchone()[0]
            days = step[2]
            uow.update("complaint", key,
                       {"first_resolved_at": None if days is None else at + days * DAY})  # fmt: skip
        elif kind == "status":
            uow.update("complaint", key, {"status": step[2]})
        elif kind == "remove":
            uow.update("complaint", key, {"deleted_at": uow.now if step[2] else None})
        elif kind == "answer":
            other = self.keys[step[2] % len(self.keys)]
            uow.insert("detection_verdict", {
                "rule": step[3], "complaint_id": key, "other_id": other,
                "verdict": "confirmed" if step[4] else "denied"})  # fmt: skip
        elif kind == "forget":
            for (row,) in uow.execute(
                "SELECT id FROM detection_verdict WHERE complaint_id = ?", (key,)
            ).fetchall():
                uow.remove("detection_verdict", row)

    def stored(self) -> dict[int, tuple[Any, ...]]:
        """Return what is stored of every complaint."""
        return {
            row[0]: row[1:]
            for row in self.desk.reader.execute(
                "SELECT id, repeat_of_id, is_repeat, chain, second_of_id, duplicate_of_id "
                "FROM complaint WHERE deleted_at IS NULL"
            ).fetchall()
        }

    def groups(self) -> dict[int, list[int]]:
        """Return the members by group as stored."""
        found: dict[int, list[int]] = {}
        for key, group in self.desk.reader.execute(
            "SELECT c.id, c.group_id FROM complaint c JOIN complaint_group g ON g.id = c.group_id "
            "WHERE c.deleted_at IS NULL AND g.deleted_at IS NULL ORDER BY c.id"
        ).fetchall():
            found.setdefault(group, []).append(key)
        return found

    def check(self, rules: DetectionSettings, before: dict[int, list[int]]) -> None:
        """Compare what is stored with the pure rules over everything."""
        reader = self.desk.reader
        rows, answers = detections.valid_complaints(reader), detections.verdicts(reader)
        repeats = find_repeats(rows, rules, answers)
        seconds = find_seconds(rows, rules, answers).second_of
        for key, (repeat_of, is_repeat, chain, second, duplicate) in self.stored().items():
            repeat = repeats.get(key, Repeat())
            assert Repeat(repeat_of, duplicate, chain) == repeat
            assert bool(is_repeat) == (repeat_of is not None)
            assert second == seconds.get(key)
        groups = find_groups(rows, rules, answers)
        stored = self.groups()
        assert sorted(sorted(g.members) for g in groups) == sorted(
            sorted(m) for m in stored.values()
        )
        owner = {member: group for group, members in stored.items() for member in members}
        for found, kept in zip(groups, keep_numbers(before, groups), strict=True):
            now = owner[found.members[0]]
            if kept is not None:
                assert now == kept
            else:
                assert now not in before
            row = detections.stored_groups(reader, [now])[now]
            assert row == detections.group_columns(found)
        used = {row[0] for row in reader.execute(
            "SELECT id FROM complaint_group WHERE deleted_at IS NULL").fetchall()}  # fmt: skip
        assert used == set(stored)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Any:
    made = World(tmp_path_factory.mktemp("world"))
    yield made
    made.desk.close()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps, st.sampled_from(sorted(RULES)))
def test_around_a_change_as_over_everything(
    world: World, drawn: list[tuple[Any, ...]], name: str
) -> None:
    world.clear()
    rules, zone = RULES[name], world.desk.zone
    for step in drawn:
        before = world.groups()
        with world.desk.write("w") as uow:
            world.step(uow, step)
            detections_local.update(uow, rules, zone)
        world.check(rules, before)
    with world.desk.write("w") as uow:
        detections.recompute(uow, rules, zone)
    assert uow.changes.is_empty
