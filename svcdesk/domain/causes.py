"""The root-cause analysis of an item: 5-Why ladder and fishbone as rows of an outline (2.12).

Both are kept and edited as rows with a depth, as an outline shows them; :mod:`cause_drawing`
gets them as trees. Advice warns and never blocks.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from svcdesk.domain import cause_drawing
from svcdesk.domain.improvement import Bone
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_
from svcdesk.i18n.labels import code_label

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from svcdesk.i18n.catalog import Translator

FEWEST_WHYS, MOST_WHYS, USUAL_WHYS = 2, 7, 5
ADVISED_WHYS = 3
DEEPEST_CAUSE = 3
# "careless", "not serious", "weak sense of duty": a person is blamed, nothing is explained
BLAME = (
    "粗心", "马虎", "不认真", "不仔细", "责任心", "态度不好", "态度差", "不负责", "疏忽", "大意",
    "偷懒", "不用心", "意识不强", "意识淡薄", "careless", "negligen", "lazy", "inattentive",
    "not careful", "irresponsible",
)  # fmt: skip
BONES: dict[str, tuple[str, ...]] = {
    "5m1e": (
        Bone.MAN,
        Bone.MACHINE,
        Bone.MATERIAL,
        Bone.METHOD,
        Bone.ENVIRONMENT,
        Bone.MEASUREMENT,
    ),
    "service": (
        Bone.SURROUNDINGS,
        Bone.SUPPLIERS,
        Bone.SYSTEMS,
        Bone.SKILLS,
        Bone.PROCEDURES,
        Bone.MEASUREMENT,
    ),
}


@dataclass(frozen=True)
class WhyRow:
    """One rung: the answer to ``question``; ``depth`` 0 is the first why, a branch shares one."""

    question: str
    answer: str = ""
    evidence: str = ""
    depth: int = 0
    root: bool = False


@dataclass(frozen=True)
class CauseRow:
    """A cause on a bone (``depth`` 1) or behind the cause above it (2, 3)."""

    bone: str
    text: str
    depth: int = 1
    likelihood: str | None = None
    votes: int = 0
    verified: bool = False
    evidence: str = ""
    root: bool = False


R = TypeVar("R", WhyRow, CauseRow)
T = TypeVar("T")


# -- rows as they are kept -----------------------------------------------------------------------


def why_rows(kept: Sequence[Mapping[str, Any]]) -> list[WhyRow]:
    """Read rungs as they are kept; without depths they are a chain, its last the root."""
    chain = all("depth" not in one for one in kept)
    return levelled([
        WhyRow(
            str(one.get("question", "")), str(one.get("answer", "")), str(one.get("evidence", "")),
            place if chain else int(one.get("depth", 0)),
            bool(one.get("root", False)),
        )
        for place, one in enumerate(kept)
    ])  # fmt: skip


def cause_rows(kept: Sequence[Mapping[str, Any]]) -> list[CauseRow]:
    """Read causes as they are kept."""
    return [
        CauseRow(
            str(one["bone"]), str(one.get("text", "")), max(1, int(one.get("depth", 1))),
            one.get("likelihood") or None, int(one.get("votes", 0)),
            bool(one.get("verified", False)), str(one.get("evidence", "")),
            bool(one.get("root", False)),
        )
        for one in kept
    ]  # fmt: skip


def kept(rows: Sequence[WhyRow] | Sequence[CauseRow]) -> list[dict[str, Any]]:
    """Return rows as they are kept: plain values, empty rows left out."""
    return [
        asdict(row)
        for row in rows
        if (row.question or row.answer if isinstance(row, WhyRow) else row.text)
    ]


def levelled(rows: Sequence[R], first: int = 0, deepest: int | None = None) -> list[R]:
    """Return rows of which none stands more than one level below the one before it."""
    found: list[R] = []
    allowed = first
    for row in rows:
        depth = max(first, min(row.depth, allowed))
        if deepest is not None:
            depth = min(depth, deepest)
        found.append(replace(row, depth=depth))
        allowed = depth + 1
    return found


# -- outline steps -------------------------------------------------------------------------------


def subtree(rows: Sequence[WhyRow] | Sequence[CauseRow], place: int) -> int:
    """Return the place behind a row and all that stands below it."""
    end = place + 1
    while end < len(rows) and rows[end].depth > rows[place].depth:
        end += 1
    return end


def shifted(rows: Sequence[R], place: int, by: int, first: int = 0) -> list[R]:
    """Move a row with what is below it one level deeper or higher, where that is possible."""
    row = rows[place]
    most = rows[place - 1].depth + 1 if place else first
    depth = row.depth + by
    if not first <= depth <= most:
        return list(rows)
    end = subtree(rows, place)
    return [
        replace(one, depth=one.depth + by) if place <= index < end else one
        for index, one in enumerate(rows)
    ]


def rooted(rows: Sequence[R], place: int) -> list[R]:
    """Mark one row as the root cause; marking it again takes the mark away."""
    return [replace(row, root=index == place and not row.root) for index, row in enumerate(rows)]


# -- trees for the drawing -----------------------------------------------------------------------


def _grown(rows: Sequence[R], depth: int, make: Callable[[R, tuple[T, ...]], T]) -> tuple[T, ...]:
    found: list[T] = []
    place = 0
    while place < len(rows):
        end = place + 1
        while end < len(rows) and rows[end].depth > depth:
            end += 1
        found.append(make(rows[place], _grown(rows[place + 1 : end], depth + 1, make)))
        place = end
    return tuple(found)


def ladder(rows: Sequence[WhyRow]) -> tuple[cause_drawing.Why, ...]:
    """Return the ladder as the drawing takes it."""
    return _grown(
        levelled(rows), 0,
        lambda row, below: cause_drawing.Why(
            row.question, row.answer, row.evidence, root=row.root, whys=below
        ),
    )  # fmt: skip


def _cause(row: CauseRow, below: tuple[cause_drawing.Cause, ...]) -> cause_drawing.Cause:
    likelihood = cause_drawing.Likelihood(row.likelihood) if row.likelihood else None
    return cause_drawing.Cause(
        row.text, likelihood, row.verified, row.root, row.evidence, causes=below
    )


def bone_names(t: Translator) -> dict[str, str]:
    """Return what the bones are called, those of both sets."""
    known = dict.fromkeys(bone for bones in BONES.values() for bone in bones)
    return {bone: code_label("Bone", bone, t) for bone in known}


def fishbone(
    rows: Sequence[CauseRow], bones: str, names: Mapping[str, str], problem: str, details: str = ""
) -> cause_drawing.FishboneDiagram:
    """Return the fishbone as the drawing takes it; ``names`` are the bones in words."""
    known = [*BONES[bones], *(row.bone for row in rows)]
    return cause_drawing.FishboneDiagram(
        problem,
        tuple(
            cause_drawing.Bone(
                names.get(bone, bone),
                _grown(levelled([r for r in rows if r.bone == bone], 1), 1, _cause),
            )
            for bone in dict.fromkeys(known)
        ),
        details,
    )


# -- advice --------------------------------------------------------------------------------------


def deepest(rows: Sequence[WhyRow]) -> int:
    """Return how many whys the longest line of questions has."""
    return max((row.depth + 1 for row in levelled(rows) if row.answer), default=0)


def evidence_of(whys: Sequence[WhyRow], causes: Sequence[CauseRow]) -> str:
    """Return the evidence of the marked root cause, else any evidence there is."""
    every: list[WhyRow | CauseRow] = [*whys, *causes]
    marked = [row.evidence for row in every if row.root and row.evidence]
    return next(iter(marked or [row.evidence for row in every if row.evidence]), "")


def root_text(whys: Sequence[WhyRow], causes: Sequence[CauseRow]) -> str:
    """Return the words of the marked root cause, "" while none is marked."""
    answers = [row.answer for row in whys if row.root]
    return next(iter([*answers, *(row.text for row in causes if row.root)]), "")


def blames(text: str) -> str:
    """Return the words by which a text blames a person, "" for none."""
    folded = text.casefold()
    return next((word for word in BLAME if word in folded), "")


def advice(
    whys: Sequence[WhyRow], causes: Sequence[CauseRow], root_cause: str, *, linked: int = 0
) -> list[Problem]:
    """Return what is weak about an analysis (2.12); ``linked`` counts records that prove it."""
    found: list[Problem] = []
    steps = deepest(whys)
    if whys and steps < ADVISED_WHYS:
        found.append(Problem("whys", "few_whys", N_(
            "Only {n} whys. Ask on: a cause that can be put right is seldom found before the third."
        ), {"n": steps}, warning=True))  # fmt: skip
    if steps > MOST_WHYS:
        found.append(Problem("whys", "many_whys", N_(
            "{n} whys in a row. Past the seventh a cause mostly lies outside your reach."
        ), {"n": steps}, warning=True))  # fmt: skip
    word = blames(root_cause)
    if word:
        found.append(Problem("root_cause", "blame", N_(
            "“{word}” blames a person. Ask why the process let it happen."
        ), {"word": word}, warning=True))  # fmt: skip
    if root_cause.strip() and not evidence_of(whys, causes) and not linked:
        found.append(Problem("evidence", "no_evidence", N_(
            "Nothing proves this root cause yet. Write what was seen, or link records."
        ), warning=True))  # fmt: skip
    return found
