"""5-Why ladders are numbered, and a fishbone never lets two texts overlap."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.domain.cause_drawing import (
    Bone,
    Box,
    Cause,
    FishboneDiagram,
    FishboneMeasures,
    Why,
    cause_texts,
    chain,
    fishbone,
    ladder,
    walk,
)


def lines_of(text: str, room: float) -> list[str]:
    """Break a text as a typewriter does: six points a character."""
    count = max(1, int(room // 6))
    return [text[at : at + count] for at in range(0, len(text), count)] or [""]


def measures(width: float = 480.0) -> FishboneMeasures:
    return FishboneMeasures(width=width, line=10.0, wrap=lines_of)


def test_a_chain_counts_from_one_and_goes_deeper() -> None:
    steps = ladder(chain((("a?", "b", ""), ("b?", "c", "seen"), ("c?", "d", "")), root=2))
    assert [step.number for step in steps] == ["1", "2", "3"]
    assert [step.depth for step in steps] == [0, 1, 2]
    assert [step.why.root for step in steps] == [False, False, True]


def test_branches_carry_the_number_they_come_from() -> None:
    whys = (Why("a?", "b", whys=(Why("b?", "c"), Why("b?", "d", whys=(Why("d?", "e"),)))),)
    assert [step.number for step in ladder(whys)] == ["1", "1.1", "1.2", "1.2.1"]


def test_no_cause_at_all_is_still_a_drawing() -> None:
    found = fishbone(FishboneDiagram("late", ()), measures())
    assert found.bones == ()
    assert found.problem.x + found.problem.width == 480
    assert found.problem.y >= 0


CAUSES = st.recursive(
    st.builds(Cause, st.text("原因迟到 abcdef", min_size=1, max_size=40)),
    lambda inner: st.builds(
        Cause,
        st.text("原因迟到 abcdef", min_size=1, max_size=40),
        causes=st.lists(inner, max_size=3).map(tuple),
    ),
    max_leaves=6,
)
BONES = st.lists(
    st.builds(Bone, st.text("人机料法环测", min_size=1, max_size=12), st.lists(CAUSES, max_size=33).map(tuple)),
    min_size=1, max_size=8,
)  # fmt: skip


def check(diagram: FishboneDiagram, width: float = 480.0) -> int:
    """Assert that nothing overlaps; return how many causes were placed."""
    found = fishbone(diagram, measures(width))
    boxes = [found.problem]
    for bone in found.bones:
        boxes.append(bone.name)
        boxes += [cause.box for cause in bone.causes]
    for one, other in combinations(boxes, 2):
        assert not one.meets(other), (one, other)
    for box in boxes:
        assert -1e-6 <= box.x <= box.x + box.width <= width + 1e-6
        assert -1e-6 <= box.y <= box.y + box.height <= found.height + 1e-6
    for bone in found.bones:
        for cause in bone.causes:
            assert not crosses(cause.box, bone.start, bone.end), cause
    return sum(len(bone.causes) for bone in found.bones)


def crosses(box: Box, start: tuple[float, float], end: tuple[float, float]) -> bool:
    """Whether a bone runs through a text: looked at in small steps."""
    for step in range(101):
        x = start[0] + (end[0] - start[0]) * step / 100
        y = start[1] + (end[1] - start[1]) * step / 100
        if box.x < x < box.x + box.width and box.y < y < box.y + box.height:
            return True
    return False


@settings(max_examples=40, deadline=None)
@given(BONES, st.sampled_from((320.0, 480.0, 640.0)))
def test_no_text_overlaps_and_no_cause_is_lost(bones: list[Bone], width: float) -> None:
    diagram = FishboneDiagram("上门准时率", tuple(bones), "86.4% < 95%")
    wanted = sum(1 for bone in bones for _cause in walk(bone.causes))
    assert check(diagram, width) == wanted


def test_two_hundred_causes_with_long_texts() -> None:
    bones = tuple(
        Bone(name, tuple(Cause("一个说明很长、需要占好几行的可能原因" * 2) for _ in range(34)))
        for name in ("人", "机", "料", "法", "环", "测")
    )
    assert check(FishboneDiagram("问题的描述也很长" * 6, bones)) == 204


def test_every_text_is_named_for_the_check_of_glyphs() -> None:
    diagram = FishboneDiagram("p", (Bone("b", (Cause("c", causes=(Cause("d"),)),)),), "x")
    assert cause_texts(diagram) == ["p", "x", "b", "c", "d"]
