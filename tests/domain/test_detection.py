"""Detection rules at their edges (domain.md 4.1 to 4.6), and against slow versions of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.domain.detection import (
    ComplaintRow,
    DetectionSettings,
    Repeat,
    TicketRow,
    Verdicts,
    exposure_words,
    find_duplicate_tickets,
    find_groups,
    find_repeats,
    find_seconds,
    is_exposure,
    keep_numbers,
    major_reasons,
)

if TYPE_CHECKING:
    import random

DAY, MINUTE = 86400, 60


def row(
    key: int, at: int, customer: int = 1, category: int = 1, product: int | None = 1, **more: object
) -> ComplaintRow:
    return ComplaintRow(key, at, customer, category, product, **more)


def test_the_same_record_typed_twice_is_no_repeat() -> None:
    found = find_repeats([row(1, 0), row(2, 60 * MINUTE), row(3, 60 * MINUTE + 1, product=2)])
    assert found[1] == Repeat()
    assert found[2] == Repeat(duplicate_of=1)
    assert found[3] == Repeat(repeat_of=2, chain=2)  # another product
    found = find_repeats([row(1, 0), row(2, 60 * MINUTE + 1)])
    assert found[2] == Repeat(repeat_of=1, chain=2)


def test_thirty_days_inclusive_and_chains() -> None:
    found = find_repeats([row(1, 0), row(2, 30 * DAY), row(3, 60 * DAY), row(4, 90 * DAY + 1)])
    assert (found[2].repeat_of, found[2].chain) == (1, 2)
    assert (found[3].repeat_of, found[3].chain) == (2, 3)
    assert found[4] == Repeat()
    other = find_repeats([row(1, 0), row(2, DAY, category=2), row(3, DAY, customer=2)])
    assert all(r == Repeat() for r in other.values())


def test_same_product_can_be_required() -> None:
    strict = DetectionSettings(repeat_same_product=True)
    found = find_repeats([row(1, 0), row(2, DAY, product=2), row(3, 2 * DAY)], strict)
    assert found[2] == Repeat()
    assert found[3] == Repeat(repeat_of=1, chain=2)


def test_people_have_the_last_word_on_repeats() -> None:
    rows = [row(1, 0), row(2, DAY), row(3, 2 * DAY, customer=2), row(4, 2 * DAY)]
    denied = find_repeats(rows, verdicts=Verdicts(repeat_denied=frozenset({2})))
    assert denied[2] == Repeat()
    assert denied[4] == Repeat(repeat_of=2, chain=2)
    named = find_repeats(rows, verdicts=Verdicts(repeat_of={3: 2}))
    assert named[3] == Repeat(repeat_of=2, chain=3)


def test_second_but_not_repeat() -> None:
    """Received 32 days after the first one, 30 days after it was resolved (4.2)."""
    rows = [row(1, 0, first_resolved_at=2 * DAY), row(2, 32 * DAY)]
    assert find_repeats(rows)[2] == Repeat()
    seconds = find_seconds(rows)
    assert seconds.second_of == {2: 1}
    assert seconds.after == {1: 32 * DAY}
    assert find_seconds([rows[0], row(2, 32 * DAY + 1)]).after == {}
    assert find_seconds([rows[0], row(2, 2 * DAY)]).after == {}  # 0 < t - r


def test_a_reopening_is_a_second_complaint_and_links_count() -> None:
    reopened = row(1, 0, first_resolved_at=DAY, reopened=(40 * DAY, 3 * DAY))
    assert find_seconds([reopened]).after == {1: 3 * DAY}
    linked = [row(1, 0, first_resolved_at=DAY), row(2, 5 * DAY, customer=9)]
    assert find_seconds(linked, verdicts=Verdicts(second_of={2: 1})).second_of == {2: 1}
    pair = [row(1, 0, first_resolved_at=DAY), row(2, 5 * DAY)]
    assert find_seconds(pair, verdicts=Verdicts(second_denied=frozenset({(2, 1)}))).after == {}


def test_the_latest_resolution_owns_the_second_complaint() -> None:
    rows = [
        row(1, 0, first_resolved_at=2 * DAY), row(2, DAY, first_resolved_at=4 * DAY),
        row(3, 10 * DAY),
    ]  # fmt: skip
    seconds = find_seconds(rows)
    assert seconds.second_of == {3: 2}
    assert seconds.after == {1: 10 * DAY, 2: 10 * DAY}


def test_three_customers_within_seven_days_make_a_group() -> None:
    rows = [
        row(1, 0, 1), row(2, DAY, 1), row(3, 7 * DAY, 2), row(4, 7 * DAY, 3, category=5),
        row(5, 14 * DAY, 1), row(6, 21 * DAY + 1, 2), row(7, 7 * DAY, 4, product=2),
        row(8, 7 * DAY, 5, product=None),
    ]  # fmt: skip
    (group,) = find_groups(rows)
    assert (group.trigger, group.triggered_at, group.members) == (4, 7 * DAY, [1, 2, 3, 4, 5])
    assert find_groups([row(i, i, 1) for i in range(9)]) == []  # customers, not complaints
    assert find_groups([row(1, 0, 1), row(2, 1, 2), row(3, 7 * DAY + 1, 3)]) == []
    by_category = DetectionSettings(group_by_category=True)
    assert find_groups(rows, by_category) == []
    assert find_groups(rows, verdicts=Verdicts(group_denied=frozenset({4})))[0:1] == []


def test_a_group_may_arise_again_after_a_quiet_week() -> None:
    rows = [row(i, (i % 3) * MINUTE + (i // 3) * 30 * DAY, i) for i in range(6)]
    assert [g.members for g in find_groups(rows)] == [[0, 1, 2], [3, 4, 5]]


def test_groups_keep_their_numbers() -> None:
    found = find_groups([row(i, (i % 3) * MINUTE + (i // 3) * 30 * DAY, i) for i in range(6)])
    assert keep_numbers({7: [3, 4], 8: [0], 9: [1, 2]}, found) == [9, 7]
    assert keep_numbers({}, found) == [None, None]


def test_exposure() -> None:
    assert exposure_words("我要去黑猫投诉，还要打12315") == ["黑猫", "12315"]
    assert exposure_words("b站见") == ["B站"]
    assert exposure_words("空调不制冷") == []
    assert is_exposure("social")
    assert not is_exposure("phone")


def test_reasons_for_a_major_complaint() -> None:
    assert major_reasons(demand_fen=500_000, chain=3) == ["amount", "chain"]
    assert major_reasons(demand_fen=499_999, chain=2) == []
    assert major_reasons(safety=True, in_group=True, exposure=True, legal_letter=True,
                         key_customer=True) == [
        "safety", "group", "exposure", "legal", "key_customer",
    ]  # fmt: skip


def test_duplicate_tickets() -> None:
    def ticket(key: int, at: int, product: int | None = 1, issue: int | None = 1) -> TicketRow:
        return TicketRow(key, at, "c", issue, product)

    found = find_duplicate_tickets(
        [ticket(1, 0), ticket(2, 30 * MINUTE), ticket(3, 61 * MINUTE), ticket(4, 62 * MINUTE, None)]
    )
    assert found == {2: 1, 4: 3}
    assert find_duplicate_tickets([ticket(1, 0), ticket(2, 1, product=2)]) == {}
    assert find_duplicate_tickets([ticket(1, 0, issue=None), ticket(2, 1, issue=None)]) == {}


rows_drawn = st.lists(
    st.tuples(
        st.integers(0, 50 * 24),  # hours
        st.integers(1, 4),
        st.integers(1, 2),
        st.none() | st.integers(1, 2),
        st.none() | st.integers(0, 20 * 24),
    ),
    max_size=25,
).map(
    lambda rows: [
        ComplaintRow(i, h * 3600, c, k, p, None if r is None else (h + r) * 3600)
        for i, (h, c, k, p, r) in enumerate(rows, start=1)
    ]
)


@settings(max_examples=60, deadline=None)
@given(rows_drawn)
def test_repeats_as_the_rule_says_it(rows: list[ComplaintRow]) -> None:
    found = find_repeats(rows)
    ordered = sorted(rows, key=lambda r: (r.received_at, r.id))
    for i, c in enumerate(ordered):
        earlier = [p for p in ordered[:i] if (p.customer, p.category) == (c.customer, c.category)]
        if not earlier:
            assert found[c.id] == Repeat()
            continue
        p = earlier[-1]
        gap = c.received_at - p.received_at
        if gap <= 3600 and c.product == p.product:
            assert found[c.id].duplicate_of == p.id
        elif gap <= 30 * DAY:
            assert found[c.id].repeat_of == p.id
            assert found[c.id].chain == found[p.id].chain + 1
        else:
            assert found[c.id] == Repeat()


@settings(max_examples=60, deadline=None)
@given(rows_drawn)
def test_seconds_as_the_rule_says_it(rows: list[ComplaintRow]) -> None:
    expected = {}
    for k in rows:
        if k.first_resolved_at is not None:
            later = [
                c.received_at
                for c in rows
                if c.id != k.id
                and (c.customer, c.category) == (k.customer, k.category)
                and 0 < c.received_at - k.first_resolved_at <= 30 * DAY
            ]
            if later:
                expected[k.id] = min(later)
    assert find_seconds(rows).after == expected


@settings(max_examples=60, deadline=None)
@given(rows_drawn)
def test_groups_as_the_rule_says_it(rows: list[ComplaintRow]) -> None:
    expected: list[list[int]] = []
    for product in (1, 2):
        seen: list[ComplaintRow] = []
        members: list[int] = []
        last = None
        for c in sorted(rows, key=lambda r: (r.received_at, r.id)):
            if c.product != product:
                continue
            seen.append(c)
            if last is not None and c.received_at - last <= 7 * DAY:
                members.append(c.id)
                last = c.received_at
                continue
            near = [s for s in seen if c.received_at - s.received_at <= 7 * DAY]
            if len({s.customer for s in near}) >= 3:
                members = [s.id for s in near]
                expected.append(members)
                last = c.received_at
    assert sorted(g.members for g in find_groups(rows)) == sorted(expected)


def test_a_link_by_hand_counts_while_its_record_is_valid_and_earlier() -> None:
    rows = [row(1, 0), row(2, 90 * DAY, customer=2), row(3, 95 * DAY, customer=2)]
    linked = Verdicts(repeat_of={2: 1, 3: 1})
    found = find_repeats(rows, verdicts=linked)
    assert (found[2], found[3]) == (Repeat(repeat_of=1, chain=2), Repeat(repeat_of=1, chain=2))
    found = find_repeats(rows[1:], verdicts=linked)  # rejected: the rule decides again
    assert (found[2], found[3]) == (Repeat(), Repeat(repeat_of=2, chain=2))
    assert (
        find_repeats([row(1, DAY), row(2, 0)], verdicts=Verdicts(repeat_of={2: 1}))[2] == Repeat()
    )


def test_groups_of_a_batch() -> None:
    rows = [
        ComplaintRow(n, n, n, 1, 1, serial=serial)
        for n, serial in enumerate(("AB1201", "AB1202", "CD0001", "AB1203", ""))
    ]
    (group,) = find_groups(rows, DetectionSettings(group_serial_prefix=4))
    assert (group.members, group.serial) == ([0, 1, 3], "AB12")


@settings(max_examples=60, deadline=None)
@given(rows_drawn, st.randoms(use_true_random=False))
def test_the_order_of_entry_does_not_matter(
    rows: list[ComplaintRow], chance: random.Random
) -> None:
    shuffled = chance.sample(rows, len(rows))
    assert find_repeats(shuffled) == find_repeats(rows)
    assert find_seconds(shuffled) == find_seconds(rows)
    assert find_groups(shuffled) == find_groups(rows)


@settings(max_examples=60, deadline=None)
@given(rows_drawn, st.integers(0, 50 * 24))
def test_an_unrelated_complaint_changes_no_other_link(rows: list[ComplaintRow], hour: int) -> None:
    stranger = ComplaintRow(999, hour * 3600, "stranger", 9, 9, hour * 3600 + DAY)
    repeats, seconds = find_repeats(rows), find_seconds(rows)
    more = [*rows, stranger]
    found = find_repeats(more)
    assert found.pop(999) == Repeat()
    assert found == repeats
    assert find_seconds(more) == seconds
    assert find_groups(more) == find_groups(rows)
