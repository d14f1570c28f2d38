"""5-Why ladder and fishbone as plain values, and where their parts lie (domain.md 2.12, look 3).

The editor of the improvement loop, the screen and the printed report lay out the same values; a
measure of text is handed in, so that nothing here knows fonts. Lengths are in the unit of that
measure; x grows to the right and y downwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class Likelihood(Enum):
    """How likely a cause is held to be: 高 / 中 / 低."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True)
class Why:
    """One answer of the ladder: question, answer, evidence; several ``whys`` branch below it."""

    question: str
    answer: str
    evidence: str = ""
    root: bool = False
    whys: tuple[Why, ...] = ()


@dataclass(frozen=True)
class Cause:
    """A cause on a bone; ``causes`` are the causes behind it."""

    text: str
    likelihood: Likelihood | None = None
    verified: bool = False
    root: bool = False
    evidence: str = ""
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True)
class Bone:
    """One of 人 机 料 法 环 测, with its causes."""

    name: str
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True)
class FishboneDiagram:
    """What is to be explained (``problem``, its value against the target) and the bones."""

    problem: str
    bones: tuple[Bone, ...]
    details: str = ""  # e.g. 86.4% < 95%


def chain(answers: Sequence[tuple[str, str, str]], root: int | None = None) -> tuple[Why, ...]:
    """Return a ladder without branches from (question, answer, evidence); ``root`` is a place."""
    below: tuple[Why, ...] = ()
    for place in range(len(answers) - 1, -1, -1):
        question, answer, evidence = answers[place]
        below = (Why(question, answer, evidence, root=place == root, whys=below),)
    return below


def why_texts(whys: Sequence[Why]) -> list[str]:
    """Return every text of a ladder."""
    return [
        text
        for step in ladder(whys)
        for text in (step.why.question, step.why.answer, step.why.evidence)
        if text
    ]


def cause_texts(diagram: FishboneDiagram) -> list[str]:
    """Return every text of a fishbone."""
    found = [diagram.problem, diagram.details]
    for bone in diagram.bones:
        found.append(bone.name)
        found += [cause.text for cause, _depth in walk(bone.causes)]
    return [text for text in found if text]


@dataclass(frozen=True)
class Step:
    """A rung of the ladder: its number (1, 2, 2.1 where it branches) and how far it is indented."""

    number: str
    depth: int
    why: Why


def ladder(whys: Sequence[Why]) -> list[Step]:
    """Return the rungs from top to bottom.

    A chain is numbered 1, 2, 3 …; where an answer has several causes each branch counts on
    behind the number of that answer: 2.1, 2.2.
    """
    return list(_rungs(whys, "", 0, 0))


def _rungs(whys: Sequence[Why], branch: str, counted: int, depth: int) -> Iterator[Step]:
    several = len(whys) > 1
    for place, why in enumerate(whys, 1):
        prefix = f"{branch}{counted}." if several and counted else branch
        number = f"{prefix}{place if several else counted + 1}"
        yield Step(number, depth, why)
        if several:
            yield from _rungs(why.whys, f"{number}.", 0, depth + 1)
        else:
            yield from _rungs(why.whys, branch, counted + 1, depth + 1)


def walk(causes: Sequence[Cause], depth: int = 0) -> Iterator[tuple[Cause, int]]:
    """Yield causes with their depth, each before those behind it."""
    for cause in causes:
        yield cause, depth
        yield from walk(cause.causes, depth + 1)


# -- the fishbone ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Box:
    """A rectangle: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: Box) -> bool:
        """Whether two rectangles share more than an edge."""
        return (
            self.x < other.x + other.width - 1e-9
            and other.x < self.x + self.width - 1e-9
            and self.y < other.y + other.height - 1e-9
            and other.y < self.y + self.height - 1e-9
        )


@dataclass(frozen=True)
class PlacedCause:
    """A cause on the drawing: its lines of text in ``box``, the twig from it to the bone."""

    cause: Cause
    depth: int
    lines: tuple[str, ...]
    box: Box
    twig_y: float  # height of the line under the text
    twig_end: float  # where that line meets its bone


@dataclass(frozen=True)
class PlacedBone:
    """A bone: its name box, and the line from it to the spine."""

    bone: Bone
    above: bool
    name: Box
    start: tuple[float, float]
    end: tuple[float, float]
    causes: tuple[PlacedCause, ...]


@dataclass(frozen=True)
class FishboneLayout:
    """A fishbone laid out; one ``spine`` per row of bones, each leading to the problem."""

    width: float
    height: float
    bones: tuple[PlacedBone, ...]
    spines: tuple[tuple[float, float, float], ...]  # left, right, y
    problem: Box
    problem_lines: tuple[str, ...]
    details_lines: tuple[str, ...]


@dataclass(frozen=True)
class FishboneMeasures:
    """Sizes the layout works with; ``wrap`` breaks a text into lines of at most a width."""

    width: float
    line: float  # height of a line of text
    wrap: Callable[[str, float], Sequence[str]]
    head: float = 84.0  # width of the problem box
    mark: float = 11.0  # room of the sign before a cause
    indent: float = 10.0  # of a cause behind a cause
    gap: float = 5.0  # below the line of a twig
    slant: float = 0.32  # how far a bone leans per unit of height
    least: float = 92.0  # narrowest column of a bone that can be read


def fishbone(diagram: FishboneDiagram, m: FishboneMeasures) -> FishboneLayout:
    """Lay out a fishbone so that no two texts overlap, however many causes there are.

    Bones hang alternately above and below a spine, three pairs to a spine when there is room;
    each bone's side is as tall as its causes need.
    """
    room = m.width - m.head - 2 * m.gap
    columns = max(1, min((len(diagram.bones) + 1) // 2, int(room // m.least) or 1))
    per_spine = columns * 2
    rows = [diagram.bones[i : i + per_spine] for i in range(0, len(diagram.bones), per_spine)]
    placed: list[PlacedBone] = []
    spines: list[tuple[float, float, float]] = []
    top = 0.0
    slot = room / columns
    for row in rows or [()]:
        half = (len(row) + 1) // 2
        above, below = row[:half], row[half:]
        up, down = _side_height(above, slot, m), _side_height(below, slot, m)
        spine = top + up
        for place, bone in enumerate(above):
            placed.append(_bone(bone, place, slot, spine, up, m, above=True))
        for place, bone in enumerate(below):
            placed.append(_bone(bone, place, slot, spine, down, m, above=False))
        spines.append((0.0, m.width - m.head, spine))
        top += up + down + 2 * m.gap
    height = max(top - 2 * m.gap, 1.0)
    return _with_problem(diagram, m, placed, spines, height)


def _with_problem(diagram: FishboneDiagram, m: FishboneMeasures, placed: list[PlacedBone],
                  spines: list[tuple[float, float, float]], height: float) -> FishboneLayout:  # fmt: skip
    lines = tuple(m.wrap(diagram.problem, m.head - 2 * m.gap))
    details = tuple(m.wrap(diagram.details, m.head - 2 * m.gap)) if diagram.details else ()
    tall = (len(lines) + len(details)) * m.line + 2 * m.gap
    middle = (spines[0][2] + spines[-1][2]) / 2
    y = middle - tall / 2
    shift = max(0.0, -y)
    box = Box(m.width - m.head, y + shift, m.head, tall)
    if shift:
        placed = [_moved(bone, shift) for bone in placed]
        spines = [(left, right, at + shift) for left, right, at in spines]
    return FishboneLayout(
        m.width, max(height + shift, box.y + tall), tuple(placed), tuple(spines), box, lines, details
    )  # fmt: skip


def _moved(bone: PlacedBone, dy: float) -> PlacedBone:
    def down(box: Box) -> Box:
        return Box(box.x, box.y + dy, box.width, box.height)

    causes = tuple(
        PlacedCause(c.cause, c.depth, c.lines, down(c.box), c.twig_y + dy, c.twig_end)
        for c in bone.causes
    )
    return PlacedBone(
        bone.bone, bone.above, down(bone.name), (bone.start[0], bone.start[1] + dy),
        (bone.end[0], bone.end[1] + dy), causes,
    )  # fmt: skip


def _lean(height: float, slot: float, m: FishboneMeasures) -> float:
    """Return how far a bone of ``height`` leans: never so far that its texts have no room."""
    return min(height * m.slant, slot * 0.3)


def _indent(slot: float, m: FishboneMeasures, depth: int) -> float:
    """Return how far a cause stands in behind those it lies behind."""
    return min(m.indent * min(depth, 3), slot * 0.15)


def _text_room(slot: float, m: FishboneMeasures, depth: int) -> float:
    """Return the width of a cause's text: what a slot leaves beside the widest lean."""
    return max(slot * 0.66 - m.mark - m.gap - _indent(slot, m, depth), 1.0)


def _cause_height(cause: Cause, slot: float, depth: int, m: FishboneMeasures) -> float:
    return len(m.wrap(cause.text, _text_room(slot, m, depth))) * m.line + m.gap


def _side_height(bones: Sequence[Bone], slot: float, m: FishboneMeasures) -> float:
    """Return the height of the tallest bone of one side of a spine, its name included."""
    name = 2 * m.gap + m.line
    tallest = 0.0
    for bone in bones:
        causes = sum(_cause_height(cause, slot, depth, m) for cause, depth in walk(bone.causes))
        lines = len(m.wrap(bone.name, slot - 2 * m.gap))
        tallest = max(tallest, causes + (lines - 1) * m.line)
    return tallest + name + 2 * m.gap + m.line if bones else m.gap


def _bone(bone: Bone, place: int, slot: float, spine: float, height: float, m: FishboneMeasures,
          *, above: bool) -> PlacedBone:  # fmt: skip
    """Place a bone and its causes in its slot, right end on the spine."""
    foot = slot * (place + 1) - m.gap
    lean = _lean(height, slot, m)
    name_lines = m.wrap(bone.name, slot - 2 * m.gap)
    name_height = len(name_lines) * m.line + m.gap
    far = spine - height if above else spine + height
    name_y = far if above else far - name_height
    edge = far + name_height if above else far - name_height
    top_x = foot - lean
    name_width = min(slot - 2 * m.gap, max(lean, slot * 0.5))
    name_x = max(slot * place + m.gap, min(top_x - name_width / 2, foot - name_width))

    def bone_x(y: float) -> float:
        share = abs(y - edge) / max(abs(spine - edge), 1e-9)
        return top_x + (foot - top_x) * min(1.0, share)

    causes: list[PlacedCause] = []
    y = edge + m.gap if above else spine + m.gap
    left = slot * place
    for cause, depth in walk(bone.causes):
        room = _text_room(slot, m, depth)
        lines = tuple(m.wrap(cause.text, room))
        tall = len(lines) * m.line
        twig = y + tall + m.gap * 0.3
        x = left + _indent(slot, m, depth)
        causes.append(
            PlacedCause(
                cause, depth, lines, Box(x, y, m.mark + room, tall), twig, bone_x(twig)
            )
        )  # fmt: skip
        y += tall + m.gap
    return PlacedBone(
        bone, above, Box(name_x, name_y, name_width, name_height), (top_x, edge), (foot, spine),
        tuple(causes),
    )  # fmt: skip
