from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from svcdesk.domain.people import Role
from svcdesk.domain.query import Op, Query
from svcdesk.domain.selection import Selection
from svcdesk.services import bulk, settings, tickets, undo
from svcdesk.services.queries import DeskRows
from svcdesk.store import derived
from svcdesk.system.errors import UserError
from svcdesk.system.job import Cancelled, ImmediateContext
from tests.services.desks import a_resolved_ticket, a_ticket

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk

NOBODY_WAITS = ImmediateContext()


def a_colleague(desk: Desk, name: str = "王芳") -> int:
    return settings.add_person(desk, name, [Role.AGENT]).value


def everything(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Return what a change may touch, but the bookkeeping of each row."""
    kept = {}
    for name in ("ticket", "ticket_event", "ticket_episode", "ticket_pause", "search_doc"):
        names = [r[1] for r in desk.reader.execute(f"PRAGMA table_info({name})").fetchall()]
        shown = ", ".join(n for n in names if n not in {"row_version", "updated_at"})
        kept[name] = desk.reader.execute(f"SELECT {shown} FROM {name} ORDER BY 1, 2").fetchall()
    return kept


def some(desk: Desk) -> list[int]:
    """Enter one ticket of each state that matters: new, assigned, begun, resolved."""
    other = a_colleague(desk, "李强")
    return [
        a_ticket(desk, owner_id=None),
        a_ticket(desk, owner_id=other),
        a_ticket(desk),
        a_resolved_ticket(desk),
    ]


def test_handing_over_shows_who_changes_who_stays_and_why(desk: Desk) -> None:
    keys, person = some(desk), a_colleague(desk)
    found = bulk.preview(
        desk, Selection.of("ticket", keys), bulk.Assign(person, "休假"), NOBODY_WAITS
    )
    assert (found.found, found.changed, found.unchanged) == (4, 3, 0)
    assert sorted(old.count for old in found.before) == [1, 1, 1]
    (refusal,) = found.refused
    number = tickets.get(desk, keys[3]).ticket["ticket_no"]
    assert (refusal.count, refusal.numbers) == (1, (number,))


def test_handing_over_writes_what_one_by_one_would_write(desk: Desk) -> None:
    keys, person = some(desk), a_colleague(desk)
    done = bulk.apply(desk, Selection.of("ticket", keys), bulk.Assign(person, "休假"), NOBODY_WAITS)
    assert done.value == bulk.Done(3, 1)
    for key in keys[:3]:
        detail = tickets.get(desk, key)
        assert (detail.ticket["owner_id"], detail.ticket["status"]) == (person, "assigned")
    assert [tickets.get(desk, key).events[-1]["type"] for key in keys[:3]] == [
        "dispatched", "dispatched", "transferred",
    ]  # fmt: skip
    assert tickets.get(desk, keys[2]).events[-1]["text"] == "休假"
    before = everything(desk)
    with desk.write("derive anew") as uow:
        for key in keys:
            derived.refresh_ticket(uow, key, desk.reference)
    assert everything(desk) == before  # the columns were what the events give


def test_work_that_has_begun_is_not_handed_over_without_a_reason(desk: Desk) -> None:
    keys, person = some(desk), a_colleague(desk)
    chosen = Selection.of("ticket", keys)
    found = bulk.preview(desk, chosen, bulk.Assign(person), NOBODY_WAITS)
    assert found.changed == 2
    assert sum(refusal.count for refusal in found.refused) == 2
    assert bulk.apply(desk, chosen, bulk.Assign(person), NOBODY_WAITS).value.changed == 2
    assert tickets.get(desk, keys[2]).ticket["owner_id"] == desk.actor.id


def test_all_found_except_some_and_one_undo(desk: Desk) -> None:
    keys = [a_ticket(desk, owner_id=None) for _ in range(5)]
    person = a_colleague(desk)
    query = Query("ticket").where("status", Op.IN, "new")
    before = everything(desk)
    chosen = Selection.everything(query, but=[keys[0]])
    assert bulk.apply(desk, chosen, bulk.Assign(person), NOBODY_WAITS).value.changed == 4
    assert DeskRows(desk, query).count() == 1
    undo.undo(desk)
    assert everything(desk) == before
    undo.redo(desk)
    assert DeskRows(desk, query.where("owner_id", Op.IN, person)).count() == 0
    assert DeskRows(desk, Query("ticket").where("owner_id", Op.IN, person)).count() == 4


def test_nobody_who_left_gets_work(desk: Desk) -> None:
    with pytest.raises(UserError):
        bulk.preview(desk, Selection.of("ticket", [a_ticket(desk)]), bulk.Assign(1), NOBODY_WAITS)


def test_closing_many_by_mistake_comes_back_with_one_undo(desk: Desk) -> None:
    keys = [a_resolved_ticket(desk, callback_required=0) for _ in range(12)]
    keys.append(a_ticket(desk))  # not resolved: stays
    before = everything(desk)
    close = bulk.TakeStep("close")
    found = bulk.preview(desk, Selection.of("ticket", keys), close, NOBODY_WAITS)
    assert (found.changed, sum(r.count for r in found.refused)) == (12, 1)
    changed = {(old.value, old.count, old.new) for old in found.before}
    assert changed == {("resolved", 12, "closed")}  # what stays as it is is told as refused
    done = bulk.apply(desk, Selection.of("ticket", keys), close, NOBODY_WAITS)
    assert done.value == bulk.Done(12, 1)
    closed = Query("ticket").where("status", Op.IN, "closed")
    assert DeskRows(desk, closed).count() == 12
    undo.undo(desk)
    assert everything(desk) == before


def test_stopping_leaves_nothing_changed(desk: Desk) -> None:
    keys = [a_resolved_ticket(desk, callback_required=0) for _ in range(60)]
    context = ImmediateContext(lambda done, _total, _text: stop(done))

    def stop(done: int) -> None:
        context.cancelled = done >= 50

    before = everything(desk)
    with pytest.raises(Cancelled):
        bulk.apply(desk, Selection.of("ticket", keys), bulk.TakeStep("close"), context)
    assert everything(desk) == before
    step = undo.undoable(desk)
    assert step is not None
    assert "several" not in step.label


def test_fields_are_checked_ticket_by_ticket_and_the_deadline_follows(desk: Desk) -> None:
    keys = [a_ticket(desk), a_ticket(desk, priority="urgent", priority_reason="漏电")]
    chosen = Selection.of("ticket", keys)
    urgent = bulk.SetFields({"priority": "urgent"})
    found = bulk.preview(desk, chosen, urgent, NOBODY_WAITS)
    assert (found.changed, found.unchanged) == (0, 1)  # urgent needs its reason
    assert found.refused[0].count == 1
    due = tickets.get(desk, keys[0]).ticket["due_at"]
    high = bulk.SetFields({"priority": "high"})
    assert bulk.apply(desk, chosen, high, NOBODY_WAITS).value == bulk.Done(2, 0)
    detail = tickets.get(desk, keys[0])
    assert detail.ticket["due_at"] < due
    assert (detail.events[-1]["old"], detail.events[-1]["new"]) == ("normal", "high")


def test_tags_are_added_and_removed_as_a_set(desk: Desk) -> None:
    keys = [a_ticket(desk) for _ in range(3)]
    chosen = Selection.of("ticket", keys)
    add = bulk.Tag(add=("急", "回访"))
    assert bulk.preview(desk, chosen, add, NOBODY_WAITS).changed == 3
    assert bulk.apply(desk, chosen, add, NOBODY_WAITS).value.changed == 3
    assert bulk.preview(desk, chosen, add, NOBODY_WAITS).unchanged == 3
    assert tickets.get(desk, keys[0]).ticket["tags"] == sorted(["急", "回访"])
    one = Selection.of("ticket", keys[:1])
    swap = bulk.Tag(add=("VIP",), remove=("急",))
    assert bulk.apply(desk, one, swap, NOBODY_WAITS).value.changed == 1
    detail = tickets.get(desk, keys[0])
    assert detail.ticket["tags"] == sorted(["VIP", "回访"])
    assert (detail.events[-1]["type"], detail.events[-1]["name"]) == ("field_changed", "tags")
    tagged = Query("ticket").where("tags", Op.IN, "急")
    assert DeskRows(desk, tagged).count() == 2
    gone = bulk.Tag(remove=("急", "回访", "VIP"))
    before = everything(desk)
    bulk.apply(desk, chosen, gone, NOBODY_WAITS)
    undo.undo(desk)
    assert everything(desk) == before
    undo.redo(desk)
    assert desk.reader.execute("SELECT count(*) FROM ticket WHERE tags IS NULL").fetchone() == (3,)


def test_several_become_one(desk: Desk) -> None:
    keys = [a_ticket(desk) for _ in range(3)]
    merge = bulk.TakeStep("merge", {"merged_into_id": keys[0]})
    found = bulk.preview(desk, Selection.of("ticket", keys), merge, NOBODY_WAITS)
    assert (found.changed, found.unchanged) == (2, 1)
    before = everything(desk)
    bulk.apply(desk, Selection.of("ticket", keys), merge, NOBODY_WAITS)
    for key in keys[1:]:
        row = tickets.get(desk, key).ticket
        assert (row["status"], row["merged_into_id"]) == ("merged", keys[0])
    undo.undo(desk)
    assert everything(desk) == before


def test_search_finds_changed_words_and_only_those_are_indexed_anew(desk: Desk) -> None:
    keys = [a_ticket(desk, title="旧标题甲") for _ in range(2)]
    chosen = Selection.of("ticket", keys)
    bulk.apply(desk, chosen, bulk.SetFields({"order_no": "D-778899"}), NOBODY_WAITS)
    assert DeskRows(desk, Query("ticket").searching("D-778899")).count() == 2
    bulk.apply(desk, chosen, bulk.Tag(add=("急",)), NOBODY_WAITS)
    assert DeskRows(desk, Query("ticket").searching("旧标题")).count() == 2


def test_ten_closings_at_once_are_flagged_for_good_and_nine_are_not(desk: Desk) -> None:
    keys = [a_resolved_ticket(desk, callback_required=0) for _ in range(19)]
    close = bulk.TakeStep("close")
    bulk.apply(desk, Selection.of("ticket", keys[:9]), close, NOBODY_WAITS)
    assert all("AB16" not in tickets.get(desk, key).ticket["data_flags"] for key in keys[:9])
    bulk.apply(desk, Selection.of("ticket", keys[9:]), close, NOBODY_WAITS)
    assert all("AB16" in tickets.get(desk, key).ticket["data_flags"] for key in keys)
    tickets.say(desk, keys[0], "复核")
    assert "AB16" in tickets.get(desk, keys[0]).ticket["data_flags"]
    undo.undo(desk)  # the note
    undo.undo(desk)  # the second closing; the first one is no bulk then
    assert all("AB16" not in tickets.get(desk, key).ticket["data_flags"] for key in keys)
