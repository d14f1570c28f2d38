import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.domain.search_words import PREFIXES, Prefixed, Words, parse, write


@pytest.mark.parametrize(
    ("typed", "text", "prefixed"),
    [
        ("空调 退款", "空调 退款", ()),
        ("客户:张晓明", "", (Prefixed("customer", ("张晓明",)),)),
        ("客户：张 不制冷", "不制冷", (Prefixed("customer", ("张",)),)),
        ("状态:新建,处理中", "", (Prefixed("status", ("新建", "处理中")),)),
        ("状态:新建、处理中 甲", "甲", (Prefixed("status", ("新建", "处理中")),)),
        ('customer:"ACME Ltd, Beijing"', "", (Prefixed("customer", ("ACME Ltd, Beijing",)),)),
        ("处理人:“王 芳”", "", (Prefixed("owner", ("王 芳",)),)),
        ("OWNER:me Tag:急", "", (Prefixed("owner", ("me",)), Prefixed("tag", ("急",)))),
        ("电话:5678 单号:GD202604", "", (Prefixed("phone", ("5678",)), Prefixed("number", ("GD202604",)))),
        ("10:30 开会", "10:30 开会", ()),
        ("客户:", "", ()),
        ("", "", ()),
    ],
)  # fmt: skip
def test_what_is_typed(typed: str, text: str, prefixed: tuple[Prefixed, ...]) -> None:
    assert parse(typed) == Words(text, prefixed)


def test_an_unknown_prefix_is_searched_for_and_told() -> None:
    assert parse("颜色:红 甲") == Words("颜色:红 甲", (), ("颜色",))


def test_no_name_means_two_fields() -> None:
    names = [name for group in PREFIXES.values() for name in group]
    assert len(names) == len(set(names))


values = st.text(
    st.characters(exclude_characters='"“”', exclude_categories=("Cs", "Cc", "Z")), min_size=1
)
texts = st.lists(
    st.text(st.characters(categories=("Lu", "Ll", "Lo", "Nd")), min_size=1), max_size=3
).map(" ".join)


@given(
    st.lists(
        st.builds(
            Prefixed,
            st.sampled_from(sorted(PREFIXES)),
            st.lists(values, min_size=1, max_size=3).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
    texts,
    st.booleans(),
)
@settings(max_examples=60)
def test_what_is_written_is_read_again(
    prefixed: tuple[Prefixed, ...], text: str, chinese: bool
) -> None:
    words = Words(text, prefixed)
    assert parse(write(words, chinese=chinese)) == words


@given(st.text(max_size=40))
@settings(max_examples=60)
def test_anything_can_be_typed(typed: str) -> None:
    words = parse(typed)
    assert all(one.values and one.field in PREFIXES for one in words.prefixed)
