import json
import threading

import pytest

from svcdesk.services import tickets, undo
from svcdesk.services.desk import Desk
from svcdesk.store import change_log
from svcdesk.store.connection import StoreError
from svcdesk.system.clock import FixedClock
from svcdesk.system.errors import EnvironmentProblem, UserError
from tests.services.desks import a_ticket


def dump(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    """Every business row, without the bookkeeping that undo may advance."""
    found = {}
    for table in change_log.logged_tables(desk.writer):
        names = [
            n
            for n in change_log.columns(desk.writer, table)
            if n not in {"updated_at", "row_version"}
        ]
        rows = desk.writer.execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY id").fetchall()
        found[table] = rows
    return found


def test_a_unit_of_work_is_whole_or_nothing(desk: Desk) -> None:
    before = dump(desk)

    def half_way() -> None:
        with desk.write("Add two") as uow:
            uow.insert("product", {"product_no": "A", "name": "a"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_way()
    assert dump(desk) == before
    assert desk.writer.execute("SELECT operation_id FROM unit_of_work").fetchone() == (None,)


def test_nothing_is_written_outside_a_unit_of_work(desk: Desk) -> None:
    for statement in (
        "UPDATE person SET name = 'x'",
        "DELETE FROM person",
        "INSERT INTO product (id, entered_at, updated_at, product_no, name) VALUES (1, 0, 0, '', '')",
    ):
        with pytest.raises(StoreError, match="outside a unit of work"):
            desk.writer.execute(statement)


def test_every_change_is_logged_with_both_images(desk: Desk) -> None:
    with desk.write("Add") as uow:
        key = uow.insert("product", {"product_no": "A", "name": "空调"})
    with desk.write("Change") as uow:
        uow.update("product", key, {"name": "空调 2", "brand": "北辰"})
    (_, inserted), (_, changed) = desk.history(key)
    assert inserted.before is None
    assert inserted.after is not None
    assert inserted.after["name"] == "空调"
    assert changed.before == {"name": "空调", "brand": None, "row_version": 1}
    assert changed.after == {"name": "空调 2", "brand": "北辰", "row_version": 2}
    assert changed.actor_id == desk.actor.id


def test_an_empty_unit_of_work_leaves_no_step(desk: Desk) -> None:
    with desk.write("Nothing"):
        pass
    assert undo.undoable(desk) is None


def test_undo_and_redo_restore_every_row(desk: Desk) -> None:
    states = [dump(desk)]
    with desk.write("Add {name}", name="a") as uow:
        key = uow.insert("product", {"product_no": "A", "name": "a"})
    states.append(dump(desk))
    with desk.write("Rename") as uow:
        uow.update("product", key, {"name": "b"})
    states.append(dump(desk))
    with desk.write("Delete") as uow:
        uow.remove("product", key)
    states.append(dump(desk))
    for expected in reversed(states[:-1]):
        undo.undo(desk)
        assert dump(desk) == expected
    with pytest.raises(UserError):
        undo.undo(desk)
    for expected in states[1:]:
        undo.redo(desk)
        assert dump(desk) == expected
    with pytest.raises(UserError):
        undo.redo(desk)


def test_a_new_step_ends_the_redo(desk: Desk) -> None:
    with desk.write("Add") as uow:
        uow.insert("product", {"product_no": "A", "name": "a"})
    undo.undo(desk)
    assert undo.redoable(desk) is not None
    with desk.write("Other") as uow:
        uow.insert("product", {"product_no": "B", "name": "b"})
    assert undo.redoable(desk) is None


def test_undo_of_a_step_that_others_built_on_is_refused_whole(desk: Desk) -> None:
    with desk.write("Add") as uow:
        key = uow.insert("product", {"product_no": "A", "name": "a"})
    step = undo.undoable(desk)
    assert step is not None
    with desk.write("Rename") as uow:
        uow.update("product", key, {"name": "b"})
    before = dump(desk)
    with pytest.raises(UserError, match="later steps built on it"):
        undo.undo_operation(desk, step)
    assert dump(desk) == before


def test_optimistic_conflict_is_told(desk: Desk) -> None:
    with desk.write("Add") as uow:
        key = uow.insert("product", {"product_no": "A", "name": "a"})
    with desk.write("Mine") as uow:
        uow.update("product", key, {"name": "b"}, version=1)
    with pytest.raises(UserError, match="changed by somebody else"), desk.write("Theirs") as uow:
        uow.update("product", key, {"name": "c"}, version=1)
    assert desk.reader.execute("SELECT name FROM product").fetchone() == ("b",)


def test_changes_equal_the_difference(desk: Desk) -> None:
    with desk.write("Add") as uow:
        a = uow.insert("product", {"product_no": "A", "name": "a"})
        b = uow.insert("product", {"product_no": "B", "name": "b"})
        uow.update("product", b, {"name": "bb"})
    assert uow.changes.inserted == {"product": {a, b}}
    assert uow.changes.updated == {}
    with desk.write("Touch") as uow:
        uow.update("product", a, {"brand": "x"})
    assert uow.changes.updated == {"product": {a}}


def test_audit_cannot_be_changed(desk: Desk) -> None:
    desk.writer.execute(
        "INSERT INTO audit (at, actor_id, action, detail) VALUES (1, NULL, 'export', ?)",
        (json.dumps({"rows": 3}),),
    )
    for statement in ("UPDATE audit SET action = 'x'", "DELETE FROM audit"):
        with pytest.raises(StoreError, match="never"):
            desk.writer.execute(statement)


def test_a_connection_belongs_to_its_thread(desk: Desk) -> None:
    connection, caught = desk.reader, []

    def use() -> None:
        try:
            connection.execute("SELECT 1")
        except StoreError as error:
            caught.append(str(error))

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert caught
    assert "thread" in caught[0]


def test_a_second_process_is_told_who_has_the_file(desk: Desk, clock: FixedClock) -> None:
    with pytest.raises(EnvironmentProblem, match="open in another window") as caught:
        Desk.open(desk.path, clock=clock)
    assert caught.value.code == "locked"
    with Desk.open(desk.path, write=False, clock=clock) as reader:  # reading is always possible
        assert reader.actor.name == "周敏"
        with pytest.raises(UserError, match="reading only"):
            _ = reader.writer


def test_the_log_holds_just_the_columns_that_changed_as_they_were(desk: Desk) -> None:
    key = a_ticket(desk, title="a")
    with desk.write("Odd words") as uow:
        uow.update(
            "ticket", key, {"title": '"},{", \\ ，一\n', "product_id": None, "serial_no": "00123"}
        )
    with desk.write("Odd words again") as uow:
        uow.update("ticket", key, {"title": "", "serial_no": None, "tags": '["甲"]'})
    first, second = (
        change_log.entries_of(desk.reader, row[0])[0]
        for row in desk.reader.execute(
            "SELECT id FROM operation ORDER BY id DESC LIMIT 2"
        ).fetchall()[::-1]
    )
    assert first.after is not None
    assert second.before is not None
    assert second.after is not None
    plain = {"updated_at", "row_version"}
    assert {k: v for k, v in first.after.items() if k not in plain} == {
        "title": '"},{", \\ ，一\n', "serial_no": "00123",
    }  # fmt: skip
    assert {k: v for k, v in second.before.items() if k not in plain} == {
        "title": '"},{", \\ ，一\n', "serial_no": "00123", "tags": None,
    }  # fmt: skip
    assert {k: v for k, v in second.after.items() if k not in plain} == {
        "title": "", "serial_no": None, "tags": '["甲"]',
    }  # fmt: skip
    undo.undo(desk)
    undo.undo(desk)
    assert tickets.get(desk, key).ticket["title"] == "a"


def test_a_step_reads_its_own_part_of_the_log_only(desk: Desk) -> None:
    with desk.write("Many") as uow:
        for n in range(3000):
            uow.insert("product", {"product_no": f"P{n}", "name": "x"})
    desk.writer.execute("ANALYZE")  # few operations, thousands of rows each
    plan = desk.writer.execute(
        f"EXPLAIN QUERY PLAN SELECT tbl FROM change_log {change_log.BY_OPERATION} "
        "WHERE operation_id = ? AND tbl = ? ORDER BY id",
        (1, "product"),
    ).fetchall()
    assert [row[3] for row in plan] == [
        "SEARCH change_log USING INDEX change_log_operation (operation_id=?)"
    ]
