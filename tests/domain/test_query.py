from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.domain.query import ME, Condition, Group, Match, Op, Part, Query, negated
from svcdesk.domain.spans import COUNTED, NAMED, span
from svcdesk.system.errors import UserError

ZONE = "Asia/Shanghai"
NOW = int(datetime(2026, 3, 31, 16, 30, tzinfo=UTC).timestamp())  # 2026-04-01 00:30, Wednesday


def local(year: int, month: int, day: int) -> int:
    """Return midnight in Shanghai: eight hours before that of UTC."""
    return int(datetime(year, month, day, tzinfo=UTC).timestamp()) - 8 * 3600


values = st.one_of(st.none(), st.integers(), st.text(max_size=4), st.just(ME))
conditions = st.builds(
    Condition,
    st.sampled_from(["status", "owner_id", "created_at"]),
    st.sampled_from(Op),
    st.lists(values, max_size=3).map(tuple),
)
parts: st.SearchStrategy[Part] = st.recursive(
    conditions,
    lambda inner: st.builds(Group, st.sampled_from(Match), st.lists(inner, max_size=3).map(tuple)),
    max_leaves=6,
)
queries = st.builds(
    Query,
    st.just("ticket"),
    st.lists(parts, max_size=3).map(tuple),
    st.text(max_size=5),
    st.one_of(st.none(), st.lists(st.integers(), max_size=3).map(tuple)),
    st.sampled_from(["", "due_at"]),
    st.booleans(),
    st.lists(st.tuples(st.sampled_from(["title", "status"]), st.booleans()), max_size=2).map(tuple),
    st.sampled_from(["", "status"]),
)


@given(queries)
@settings(max_examples=60)
def test_a_query_survives_being_written_down(query: Query) -> None:
    assert Query.from_json(query.to_json()) == query


@given(parts)
@settings(max_examples=40)
def test_negating_twice_gives_the_same(part: Part) -> None:
    if not (isinstance(part, Group) and part.match is Match.NONE and len(part.parts) == 1):
        assert negated(negated(part)) == part


def test_a_query_of_an_older_file_is_read() -> None:
    text = (
        '{"entity": "ticket", "conditions": [{"field": "status", "op": "in", "values": ["new"]}], '
        '"text": "", "ids": null, "sort": "due_at", "descending": false}'
    )
    query = Query.from_json(text)
    assert query == Query("ticket", sort="due_at", descending=False).where("status", Op.IN, "new")
    assert query.order == (("due_at", False),)


def test_a_condition_replaces_the_one_on_its_field_and_leaves_groups() -> None:
    either = Group(Match.ANY, (Condition("status", Op.IN, ("new",)), Condition("x", Op.OPEN)))
    query = Query("ticket").narrowed(either).where("status", Op.IN, "closed")
    query = query.where("status", Op.IN, "new")
    assert query.conditions == (either, Condition("status", Op.IN, ("new",)))
    assert query.without("status").conditions == (either,)
    assert [leaf.field for leaf in query.leaves()] == ["status", "x", "status"]


def test_several_orders() -> None:
    query = Query("ticket").sorted_by([("priority", False), ("due_at", True)])
    assert (query.sort, query.descending, query.then) == ("priority", False, (("due_at", True),))
    assert query.ordered("title", descending=True).order == (("title", True),)
    assert query.sorted_by([]).order == ()


@pytest.mark.parametrize(
    ("word", "low", "high"),
    [
        ("today", local(2026, 4, 1), local(2026, 4, 2)),
        ("yesterday", local(2026, 3, 31), local(2026, 4, 1)),
        ("tomorrow", local(2026, 4, 2), local(2026, 4, 3)),
        ("this_week", local(2026, 3, 30), local(2026, 4, 6)),
        ("last_week", local(2026, 3, 23), local(2026, 3, 30)),
        ("next_week", local(2026, 4, 6), local(2026, 4, 13)),
        ("this_month", local(2026, 4, 1), local(2026, 5, 1)),
        ("last_month", local(2026, 3, 1), local(2026, 4, 1)),
        ("this_year", local(2026, 1, 1), local(2027, 1, 1)),
        ("before_today", None, local(2026, 4, 1)),
        ("days:7", local(2026, 3, 26), None),
        ("next_days:2", local(2026, 4, 1), local(2026, 4, 3)),
        ("older_days:30", None, local(2026, 3, 2)),
        ("hours:24", NOW - 86400, NOW + 1),
        ("next_hours:24", NOW, NOW + 86400),
        ("month:2025-12", local(2025, 12, 1), local(2026, 1, 1)),
    ],
)
def test_spans_in_words(word: str, low: int | None, high: int | None) -> None:
    assert span(word, NOW, ZONE) == (low, high)


def test_every_named_span_is_read() -> None:
    for word in (*NAMED, *(f"{kind}:3" for kind in COUNTED)):
        low, high = span(word, NOW, ZONE)
        assert low is not None or high is not None


@pytest.mark.parametrize(
    "word", ["", "soon", "days", "days:0", "days:x", "month:2026-13", "today:2"]
)
def test_an_unknown_span_is_refused(word: str) -> None:
    with pytest.raises(UserError):
        span(word, NOW, ZONE)
