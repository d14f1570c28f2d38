"""The root-cause analysis of an item: 5-Why ladder, fishbone, the cause they lead to (2.12)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from svcdesk.domain import causes
from svcdesk.domain.improvement import ItemStatus, RcaMethod
from svcdesk.domain.people import Permission
from svcdesk.i18n.catalog import N_, Translator, current
from svcdesk.services import improvement_evidence
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.improvement_rows import stored, value_text
from svcdesk.store import improvements as rows
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svcdesk.domain.cause_drawing import FishboneDiagram
    from svcdesk.domain.causes import CauseRow, WhyRow
    from svcdesk.domain.problem import Problem

WHY_OF = N_("Why: {what}?")
WHY_FIRST = N_("Why does “{what}” happen?")


@dataclass(frozen=True)
class Analysis:
    """What was found: both outlines and the root cause in words."""

    whys: tuple[WhyRow, ...] = ()
    causes: tuple[CauseRow, ...] = ()
    bones: str = "5m1e"
    root_cause: str = ""
    root_bone: str | None = None
    controllable: bool | None = None

    @property
    def method(self) -> RcaMethod:
        """Return the method by what was filled in."""
        if self.whys and self.causes:
            return RcaMethod.BOTH
        return RcaMethod.FISHBONE if self.causes else RcaMethod.FIVE_WHY


def analysis_of(rca: Mapping[str, Any] | None) -> Analysis:
    """Read an analysis as it is kept."""
    if rca is None:
        return Analysis()
    controllable = rca["controllable"]
    return Analysis(
        tuple(causes.why_rows(rca["whys"])), tuple(causes.cause_rows(rca["causes"])),
        rca["bones"], rca["root_cause"], rca["root_bone"],
        None if controllable is None else bool(controllable),
    )  # fmt: skip


def save(desk: Desk, item_id: int, analysis: Analysis) -> Outcome[list[Problem]]:
    """Keep an analysis; the outcome holds advice: what is weak about it.

    Records that the evidence names by their numbers are linked to the item.
    The words of the marked row are the root cause where none were written. A root cause that
    changed after it was confirmed has to be confirmed again: the step back is the person's.
    """
    desk.require(Permission.EDIT_IMPROVEMENTS)
    item = stored(desk, item_id)
    if item["status"] not in {ItemStatus.IDENTIFIED, ItemStatus.ANALYZING}:
        raise UserError(
            "The root cause of {number} is confirmed. Go back to analysis to change it.",
            code="confirmed", number=item["item_no"],
        )  # fmt: skip
    root = analysis.root_cause.strip() or causes.root_text(analysis.whys, analysis.causes)
    bone = analysis.root_bone or next((c.bone for c in analysis.causes if c.root), None)
    with desk.write(N_("Analysis of {number}"), number=item["item_no"]) as uow:
        rows.save_rca(uow, item_id, {
            "method": str(analysis.method),
            "whys": causes.kept(causes.levelled(analysis.whys)),
            "causes": causes.kept(causes.levelled(analysis.causes, 1, causes.DEEPEST_CAUSE)),
            "bones": analysis.bones, "root_cause": root, "root_bone": bone,
            "controllable": None if analysis.controllable is None else int(analysis.controllable),
        })  # fmt: skip
        texts = [*(w.evidence for w in analysis.whys), *(c.evidence for c in analysis.causes)]
        improvement_evidence.link_texts(uow, item_id, texts)
    return Outcome(warnings(desk, item_id), uow.changes)


def warnings(desk: Desk, item_id: int) -> list[Problem]:
    """Return what is weak about the analysis of an item."""
    with desk.reading() as connection:
        kept = analysis_of(rows.rca(connection, item_id))
        linked = len(rows.parts(connection, item_id, "improvement_link"))
    return causes.advice(kept.whys, kept.causes, kept.root_cause, linked=linked)


def next_question(whys: Sequence[WhyRow], title: str, t: Translator | None = None) -> str:
    """Return the question that follows the last answer, as a proposal."""
    words = t or current()
    for row in reversed(whys):
        if row.answer.strip():
            return words(WHY_OF).format(what=row.answer.strip().rstrip("。.?？"))
    return words(WHY_FIRST).format(what=title)


def diagram(
    analysis: Analysis, item: Mapping[str, Any], t: Translator | None = None
) -> FishboneDiagram:
    """Return the fishbone of an item as the drawing takes it."""
    words = t or current()
    details = ""
    if item["baseline"] is not None:
        value, goal = Fraction(str(item["baseline"])), item["target"]
        details = value_text(item["metric"], value)
        if goal is not None:
            details += f" → {value_text(item['metric'], Fraction(str(goal)))}"
    names = causes.bone_names(words)
    return causes.fishbone(analysis.causes, analysis.bones, names, item["title"], details)
