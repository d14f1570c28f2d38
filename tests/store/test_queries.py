"""The SQL of a query against a second, plain evaluation of it on random small desks."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svcdesk.domain.query import ME, Condition, Group, Match, Op, Part, Query
from svcdesk.domain.spans import span
from svcdesk.services.queries import moment
from svcdesk.store.compile_query import Moment, compile_query
from svcdesk.store.row_source import RowReader
from svcdesk.system.errors import UserError
from tests.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svcdesk.services.desk import Desk
    from svcdesk.store.unit_of_work import UnitOfWork

DAY = 86400
OPEN = {"new", "assigned", "in_progress", "pending_customer", "pending_internal"}
STATUSES = ["new", "assigned", "pending_customer", "pending_internal", "resolved", "closed"]
RANK = {"urgent": 0, "high": 1, "normal": 2, "low": 3}


class _BackError(Exception):
    """Leaves the file as it was."""


@contextmanager
def taken_back(desk: Desk) -> Iterator[UnitOfWork]:
    """Write without keeping anything."""
    with suppress(_BackError), desk.write("x") as uow:
        yield uow
        raise _BackError


moments = st.one_of(st.none(), st.integers(-20, 20).map(lambda n: NOW + n * DAY // 2))
tickets = st.fixed_dictionaries(
    {
        "status": st.sampled_from(STATUSES),
        "priority": st.sampled_from(sorted(RANK)),
        "mine": st.sampled_from([None, True, False]),
        "title": st.sampled_from(["空调不制冷", "ABC 退款", "abc", "发票"]),
        "created_at": st.integers(-20, 0).map(lambda n: NOW + n * DAY // 2),
        "late_at": moments,
        "warn_at": moments,
        "due_at": moments,
        "closed_at": moments,
        "tags": st.sampled_from([None, "[]", '["急"]', '["急", "VIP"]']),
        "deleted": st.booleans(),
        "order_no": st.sampled_from([None, "", "D1"]),
    }
)
leaves = st.one_of(
    st.builds(
        Condition,
        st.just("status"),
        st.sampled_from([Op.IN, Op.NOT_IN]),
        st.lists(st.sampled_from(STATUSES), max_size=3).map(tuple),
    ),
    st.builds(
        Condition,
        st.just("owner_id"),
        st.sampled_from([Op.IN, Op.NOT_IN]),
        st.sampled_from([(ME,), (None,), (ME, None)]),
    ),
    st.builds(
        Condition,
        st.just("tags"),
        st.just(Op.IN),
        st.sampled_from([("急",), ("VIP",), (None,), ("急", None)]),
    ),
    st.builds(
        Condition,
        st.sampled_from(["created_at", "closed_at"]),
        st.just(Op.WITHIN),
        st.sampled_from([("today",), ("days:3",), ("last_week",), ("older_days:4",)]),
    ),
    st.builds(
        Condition,
        st.just("due_at"),
        st.just(Op.BETWEEN),
        st.sampled_from([(None, NOW), (NOW - DAY, NOW + DAY), (None, None)]),
    ),
    st.just(Condition("title", Op.CONTAINS, ("aBc",))),
    st.just(Condition("order_no", Op.EMPTY)),
    st.sampled_from([Condition("x", op) for op in (Op.OPEN, Op.OVERDUE, Op.DUE_SOON)]),
    st.just(Condition("waiting_department", Op.YES)),
)
parts: st.SearchStrategy[Part] = st.recursive(
    leaves,
    lambda inner: st.builds(Group, st.sampled_from(Match), st.lists(inner, max_size=3).map(tuple)),
    max_leaves=5,
)
orders = st.lists(
    st.tuples(st.sampled_from(["priority", "due_at", "created_at"]), st.booleans()),
    max_size=2,
    unique_by=lambda pair: pair[0],
)


def is_late(row: dict[str, Any], at: Moment) -> bool:
    """Tell whether it is overdue; these desks have no waits, so who waits is not late."""
    late = row["late_at"] is not None and row["late_at"] <= at.now
    return late and row["status"] in OPEN - {"pending_customer"}


def is_soon(row: dict[str, Any], at: Moment) -> bool:
    """Tell whether more than 80 % of the time is used, but not all."""
    warned = row["warn_at"] is not None and row["warn_at"] <= at.now
    return warned and row["status"] in OPEN - {"pending_customer"} and not is_late(row, at)


def lies_in(value: int | None, low: Any, high: Any) -> bool:
    if low is None and high is None:
        return True
    return value is not None and (low is None or value >= low) and (high is None or value < high)


def is_one_of(condition: Condition, row: dict[str, Any], at: Moment) -> bool:
    wanted = [at.actor_id if one == ME else one for one in condition.values]
    value = row.get(condition.field)
    if condition.field != "tags":
        return value in wanted
    if value in (None, "[]"):
        return None in wanted
    return any(f'"{one}"' in str(value) for one in wanted)


TESTS: dict[Op, Any] = {
    Op.OPEN: lambda c, row, at: row["status"] in OPEN,
    Op.OVERDUE: lambda c, row, at: is_late(row, at),
    Op.DUE_SOON: lambda c, row, at: is_soon(row, at),
    Op.YES: lambda c, row, at: row["status"] == "pending_internal",
    Op.EMPTY: lambda c, row, at: row[c.field] in (None, "", "[]"),
    Op.CONTAINS: lambda c, row, at: any(w.lower() in row[c.field].lower() for w in c.values),
    Op.WITHIN: lambda c, row, at: lies_in(row[c.field], *span(c.values[0], at.now, at.zone)),
    Op.BETWEEN: lambda c, row, at: lies_in(row[c.field], *c.values),
    Op.IN: is_one_of,
    Op.NOT_IN: lambda c, row, at: not is_one_of(c, row, at),
}
COMBINED: dict[Match, Any] = {
    Match.ALL: all,
    Match.ANY: any,
    Match.NONE: lambda found: not any(found),
}


def holds(part: Part, row: dict[str, Any], at: Moment) -> bool:
    if isinstance(part, Group):
        return bool(COMBINED[part.match]([holds(inner, row, at) for inner in part.parts]))
    return bool(TESTS[part.op](part, row, at))


def plain_order(rows: list[dict[str, Any]], order: list[tuple[str, bool]]) -> list[int]:
    """Sort by the last key first: the sort is stable; empty values come last either way."""
    down = order[0][1]
    rows = sorted(rows, key=lambda row: row["id"], reverse=down)
    for name, descending in reversed(order):

        def key(row: dict[str, Any], name: str = name, descending: bool = descending) -> Any:
            value = RANK[row["priority"]] if name == "priority" else row[name]
            sign = -1 if descending else 1
            return (value is None, 0 if value is None else sign * value)

        rows = sorted(rows, key=key)
    return [row["id"] for row in rows]


def put(uow: UnitOfWork, desk: Desk, drawn: list[dict[str, Any]]) -> list[dict[str, Any]]:
    channel = desk.reference.items_of("channel")[0].id
    customer = uow.insert("customer", {"customer_no": "KH1", "name": "张晓明"})
    other = uow.insert("person", {"name": "李"})
    kept = []
    for number, one in enumerate(drawn):
        row = {name: value for name, value in one.items() if name not in {"mine", "deleted"}}
        row["owner_id"] = {True: desk.actor.id, False: other, None: None}[one["mine"]]
        row["id"] = uow.insert(
            "ticket",
            {
                **row,
                "ticket_no": f"GD{number}",
                "customer_id": customer,
                "channel_id": channel,
                "last_event_at": NOW,
                "deleted_at": NOW if one["deleted"] else None,
            },
        )
        if not one["deleted"]:
            kept.append(row)
    return kept


@given(st.lists(tickets, max_size=8), st.lists(parts, max_size=2), orders)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_sql_gives_what_the_plain_reading_gives(
    desk: Desk, drawn: list[dict[str, Any]], wanted: list[Part], order: list[tuple[str, bool]]
) -> None:
    at = moment(desk)
    query = Query("ticket", tuple(wanted)).sorted_by(order)
    with taken_back(desk) as uow:
        rows = [r for r in put(uow, desk, drawn) if all(holds(p, r, at) for p in wanted)]
        reader = RowReader(query, at)
        expected = plain_order(rows, order or [("created_at", True)])
        assert list(reader.ids(uow.connection)) == expected
        assert reader.count(uow.connection) == len(rows)
        assert [row.id for row in reader.first_page(uow.connection, 3)] == expected[:3]
        counted = dict(reader.groups(uow.connection, "status"))
        statuses = {row["status"] for row in rows}
        assert counted == {s: sum(r["status"] == s for r in rows) for s in statuses}


def test_days_are_counted_in_the_teams_zone(desk: Desk) -> None:
    base = {"status": "new", "priority": "low", "mine": None, "title": "t", "late_at": None,
            "warn_at": None, "due_at": None, "closed_at": None, "tags": None, "deleted": False,
            "order_no": None}  # fmt: skip
    midnight = moment(desk).year_ago  # some midnight in Shanghai
    drawn = [{**base, "created_at": midnight + shift} for shift in (-1, 0, 5)]
    with taken_back(desk) as uow:
        put(uow, desk, drawn)
        groups = RowReader(Query("ticket"), moment(desk)).groups(
            uow.connection, "created_at", 28800
        )
        day = (midnight + 28800) // DAY
        assert groups == [(day, 2), (day - 1, 1)]


@pytest.mark.parametrize(
    "query",
    [
        Query("ticket").where("no_such", Op.IN, 1),
        Query("ticket").where("no_such", Op.YES),
        Query("ticket", sort="no_such"),
        Query("ticket").sorted_by([("title", True), ("1; DROP TABLE ticket", True)]),
    ],
)
def test_unknown_fields_are_refused(query: Query) -> None:
    with pytest.raises(UserError):
        compile_query(query)


def test_what_a_person_typed_never_becomes_sql() -> None:
    evil = "x'); DROP TABLE ticket; --"
    query = Query("ticket").where("title", Op.CONTAINS, evil).where("status", Op.IN, evil)
    compiled = compile_query(query.searching(evil))
    assert "DROP" not in compiled.where + compiled.source + compiled.order
    assert evil in compiled.parameters.values()


def test_every_list_can_be_asked(desk: Desk) -> None:
    for entity in ("ticket", "complaint", "callback", "survey", "customer", "knowledge"):
        for condition in (Op.OPEN, Op.OVERDUE, Op.DUE_SOON):
            reader = RowReader(Query(entity).where("x", condition), moment(desk))
            assert reader.first_page(desk.reader, 5) == []
            assert reader.count(desk.reader) == 0


@pytest.mark.parametrize("op", [Op.OPEN, Op.OVERDUE, Op.DUE_SOON])
def test_nothing_chosen_among_open_ones_is_nothing(desk: Desk, op: Op) -> None:
    query = Query("ticket", (Condition("status", Op.IN, ()), Condition("x", op)))
    assert RowReader(query, moment(desk)).first_page(desk.reader, 10) == []
    assert RowReader(query, moment(desk)).count(desk.reader) == 0
    words = Query("ticket", (Condition("x", op),)).searching("。")
    assert RowReader(words, moment(desk)).count(desk.reader) == 0
