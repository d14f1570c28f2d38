"""5-Why ladder and fishbone on paper, drawn from their data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.cause_drawing import (
    FishboneMeasures,
    Likelihood,
    PlacedBone,
    PlacedCause,
    Step,
    fishbone,
    ladder,
    walk,
)
from svcdesk.i18n.catalog import N_
from svcdesk.reports.model import Column, Table
from svcdesk.reports.pdf import told
from svcdesk.reports.pdf.canvas import Sheet
from svcdesk.reports.pdf.fonts import printable, width, wrap
from svcdesk.reports.pdf.styles import SMALL, colour

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.cause_drawing import Box, FishboneDiagram, FishboneLayout, Why
    from svcdesk.i18n.catalog import Translator

LINE = 12.6
TEXT = 8.0
TWIG = 10.0
INDENT = 9.0
PAD = 6.0
DEEPEST = 8  # rungs that are indented; deeper ones stay at that edge
LIKELIHOODS = {
    Likelihood.HIGH: N_("high"),
    Likelihood.MEDIUM: N_("medium"),
    Likelihood.LOW: N_("low"),
}


# -- the ladder --------------------------------------------------------------------------------


def rungs(whys: Sequence[Why], t: Translator, room: float) -> list[tuple[Sheet, str]]:
    """Return a drawing per rung, and the rung in words; the root cause stands out."""
    return [(_rung(step, t, room), told.of_step(step)) for step in ladder(whys)]


def _rung(step: Step, t: Translator, room: float) -> Sheet:
    why = step.why
    left = INDENT * min(step.depth, DEEPEST)
    numbers = max(18.0, width(step.number, SMALL, bold=True) + 8)
    start = left + PAD + numbers
    evidence = (
        wrap(t("Evidence: {text}").format(text=why.evidence), TEXT, room * 0.3)
        if why.evidence
        else []
    )
    evidence = [printable(line) for line in evidence]
    noted = max((width(line, TEXT) for line in evidence), default=0.0)
    root = "◆ " + t("Root cause") if why.root else ""
    noted = max(noted, width(root, TEXT, bold=True))
    free = room - start - PAD - (noted + 12 if noted else 0)
    question = wrap(printable(why.question), TEXT, free)
    answer = wrap(printable(why.answer) or "—", SMALL, free, bold=why.root)
    right = ([root] if root else []) + evidence
    height = max(len(question) * 11 + len(answer) * LINE, len(right) * 11.0) + 2 * PAD - 2
    sheet = Sheet(room, height)
    ground = colour("accent-soft") if why.root else colour("surface")
    sheet.box(left, 0.3, room - left, height - 0.6, ground)
    edge = colour("fill") if why.root else colour("border")
    sheet.outline(left, 0.3, room - left, height - 0.6, edge, 0.6)
    sheet.line(left + 1, 0, left + 1, height, colour("fill") if why.root else colour("strong"), 2)
    sheet.text(left + PAD + 2, height - PAD - 7, step.number, SMALL, "text", bold=True)
    y = height - PAD - 6.5
    for line in question:
        sheet.text(start, y, line, TEXT, "text-2")
        y -= 11
    y -= 0.8
    for line in answer:
        sheet.text(start, y, line, SMALL, "text", bold=why.root)
        y -= LINE
    y = height - PAD - 6.5
    for place, line in enumerate(right):
        first = bool(root) and place == 0
        sheet.text(room - PAD, y, line, TEXT, "accent" if first else "text-2", "end", bold=first)
        y -= 11
    return sheet


# -- the fishbone ------------------------------------------------------------------------------


def bones(diagram: FishboneDiagram, room: float) -> Sheet:
    """Return the fishbone with its problem at the right."""
    measures = FishboneMeasures(width=room, line=TWIG, wrap=_wrapped)
    layout = fishbone(diagram, measures)
    sheet = Sheet(room, layout.height + 2)

    def y(down: float) -> float:
        return sheet.height - 1 - down

    for left, right, at in layout.spines:
        sheet.line(left, y(at), right - 5, y(at), colour("text-2"), 1.4)
        sheet.polygon(
            [(right - 6, y(at) + 3), (right - 6, y(at) - 3), (right, y(at))], colour("text-2")
        )
    _joint(sheet, layout, y)
    for bone in layout.bones:
        _bone(sheet, bone, y)
    _problem(sheet, layout, y)
    return sheet


def _wrapped(text: str, room: float) -> list[str]:
    return wrap(printable(text), TEXT, room) or [""]


def _joint(sheet: Sheet, layout: FishboneLayout, y) -> None:  # type: ignore[no-untyped-def]
    """Join several spines before the problem."""
    heights = [at for _left, _right, at in layout.spines]
    if len(heights) > 1:
        x = layout.problem.x
        sheet.line(x, y(min(heights)), x, y(max(heights)), colour("text-2"), 1.4)


def _bone(sheet: Sheet, bone: PlacedBone, y) -> None:  # type: ignore[no-untyped-def]
    (x1, y1), (x2, y2) = bone.start, bone.end
    sheet.line(x1, y(y1), x2, y(y2), colour("strong"), 1.0)
    box = bone.name
    lines = _wrapped(bone.bone.name, box.width)
    sheet.box(box.x, y(box.y + box.height), box.width, box.height, colour("neutral-soft"), radius=2)
    at = box.y + (box.height - len(lines) * TWIG) / 2
    for line in lines:
        sheet.text(
            box.x + box.width / 2, y(at + TWIG * 0.76), line, TEXT, "text", "middle", bold=True
        )
        at += TWIG
    for cause in bone.causes:
        _cause(sheet, cause, y)


def _cause(sheet: Sheet, placed: PlacedCause, y) -> None:  # type: ignore[no-untyped-def]
    cause, box = placed.cause, placed.box
    tone = colour("fill") if cause.root else colour("grid") if placed.depth else colour("border")
    sheet.line(
        box.x, y(placed.twig_y), placed.twig_end, y(placed.twig_y), tone, 0.9 if cause.root else 0.6
    )
    middle = y(box.y + TWIG * 0.5)
    sign = box.x + 4
    if cause.root:
        sheet.diamond(sign, middle, colour("fill"), filled=True)
    elif cause.verified:
        sheet.dot(sign, middle, colour("text"), 2.4)
    else:
        sheet.ring(sign, middle, colour("text-2"))
    at = box.y
    for line in placed.lines:
        sheet.text(box.x + 11, y(at + TWIG * 0.78), line, TEXT,
                   "accent" if cause.root else "text", bold=cause.root)  # fmt: skip
        at += TWIG


def _problem(sheet: Sheet, layout: FishboneLayout, y) -> None:  # type: ignore[no-untyped-def]
    box: Box = layout.problem
    sheet.box(box.x, y(box.y + box.height), box.width, box.height, colour("danger-soft"), radius=2)
    sheet.outline(box.x, y(box.y + box.height), box.width, box.height, colour("danger"), 0.8, 2)
    at = box.y + 5
    for line in layout.problem_lines:
        sheet.text(
            box.x + box.width / 2, y(at + TWIG * 0.78), line, TEXT, "text", "middle", bold=True
        )
        at += TWIG
    for line in layout.details_lines:
        sheet.text(
            box.x + box.width / 2, y(at + TWIG * 0.78), line, TEXT, "danger", "middle", bold=True
        )
        at += TWIG


def key(t: Translator) -> str:
    """Return what the signs of a fishbone mean."""
    return t("● verified  ○ not verified  ◆ root cause")


def as_table(diagram: FishboneDiagram, caption: str, t: Translator) -> Table:
    """Return the causes bone by bone, for a diagram that no page holds."""
    columns = (Column(t("Bone"), share=0.16), Column(t("Cause"), share=0.5),
               Column(t("Likelihood"), share=0.14), Column(t("State"), share=0.2))  # fmt: skip
    rows = []
    for bone in diagram.bones:
        for cause, depth in walk(bone.causes):
            state = (
                t("Root cause")
                if cause.root
                else t("verified")
                if cause.verified
                else t("not verified")
            )
            rows.append(
                (
                    bone.name,
                    "　" * min(depth, 4) + cause.text,
                    t(LIKELIHOODS[cause.likelihood]) if cause.likelihood else "—",
                    ("◆ " if cause.root else "● " if cause.verified else "○ ") + state,
                )
            )
    return Table(caption, columns, tuple(rows), wrap=True)
