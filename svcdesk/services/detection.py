"""Detection over the complaint log: kept up to date with every change, answered by people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.detection import exposure_words
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_
from svcdesk.services import detection_alarms as alarms
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import detection_rows, detections, detections_local
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from svcdesk.store.detections_local import News
    from svcdesk.store.reference import Reference
    from svcdesk.store.unit_of_work import UnitOfWork
    from svcdesk.system.job import JobContext

RULES = ("duplicate", "repeat", "second", "group", "exposure")
VERDICTS = ("confirmed", "denied")


def suggests_exposure(text: str, reference: Reference | None = None) -> bool:
    """Say whether a text sounds like a publication or a threat of one (domain.md 4.4)."""
    if reference is None:
        return bool(exposure_words(text))
    words = detections.settings_from(reference.settings).exposure_words
    return bool(exposure_words(text, words))


def recompute(uow: UnitOfWork, reference: Reference) -> News:
    """Bring the findings 4.1 to 4.4 up to date with what the unit of work has changed so far."""
    settings = detections.settings_from(reference.settings)
    return detections_local.update(uow, settings, reference.zone)


def settle(uow: UnitOfWork, desk: Desk, complaint_id: int | None = None) -> News:
    """Bring the findings up to date and tell the supervisors what is new.

    ``complaint_id``: the record that a person works on; when it is public that is told as well.
    """
    news = recompute(uow, desk.reference)
    told = alarms.of_news(uow, desk, news)
    if complaint_id is not None:
        told += alarms.exposed(uow, complaint_id)
    if told:
        alarms.tell(uow, desk, told)
    return news


def recompute_all(desk: Desk, context: JobContext) -> Outcome[int]:
    """Apply the rules to all complaints, with progress; return how many findings changed."""
    desk.require(Permission.SETTINGS)
    settings = detections.settings_from(desk.reference.settings)
    with desk.write(N_("Detect anew"), kind="system") as uow:
        detections.recompute(uow, settings, desk.zone, words=True, context=context)
    changed = len(uow.changes.touched("complaint"))
    return Outcome(changed, uow.changes)


# --- answers ---------------------------------------------------------------------------------


def answer(desk: Desk, rule: str, complaint_id: int, verdict: str, *, other_id: int | None = None,
           note: str = "") -> Outcome[int]:  # fmt: skip
    """Confirm or deny a detection; the answer is kept over every recomputation.

    ``rule``: duplicate, repeat, second, group or exposure; ``verdict``: confirmed or denied.
    ``other_id``: the record shown as evidence, for ``group`` the group. A confirmed repeat or
    second complaint stays linked to that record, a denied one is not asked again.
    """
    desk.require(Permission.EDIT_COMPLAINTS)
    if rule not in RULES or verdict not in VERDICTS:
        raise UserError("This answer is not possible.", code="verdict")
    with desk.write(N_("Answer a detection")) as uow:
        key = _say(uow, rule, complaint_id, verdict, other_id, note)
        if rule == "exposure":
            _flag(uow, complaint_id, flagged=verdict == "confirmed")
        settle(uow, desk, complaint_id)
    return Outcome(key, uow.changes)


def _say(uow: UnitOfWork, rule: str, complaint_id: int, verdict: str, other_id: int | None,
         note: str) -> int:  # fmt: skip
    return uow.insert(
        "detection_verdict",
        {"rule": rule, "complaint_id": complaint_id, "other_id": other_id, "verdict": verdict,
         "note": note.strip()},
    )  # fmt: skip


def _flag(uow: UnitOfWork, complaint_id: int, *, flagged: bool) -> None:
    stored = detection_rows.named(uow.connection, {complaint_id}).get(complaint_id)
    values: dict[str, Any] = {"exposure_suggested": 0}
    if flagged:
        values["social_exposure"] = 1
        if stored is None or stored.exposure_state is None:
            values["exposure_state"] = "watching"
    elif stored is not None and stored.exposed:
        values |= {"social_exposure": 0, "exposure_state": None}
    uow.update("complaint", complaint_id, values)


def take_back(
    desk: Desk, rule: str, complaint_id: int, other_id: int | None = None
) -> Outcome[int]:
    """Forget what was answered to a question, so that it is asked again; return how many.

    ``other_id`` narrows it to one pair (seconds); else every answer of the rule goes.
    """
    desk.require(Permission.EDIT_COMPLAINTS)
    with desk.write(N_("Ask again about a detection")) as uow:
        found = [
            said
            for said in detection_rows.answers(uow.connection, complaint_id)
            if said.rule == rule and (other_id is None or said.other_id in (other_id, None))
        ]
        if not found:
            raise UserError("There is no answer to take back.", code="no_answer")
        for said in found:
            uow.remove("detection_verdict", said.id)
        if rule == "exposure" and any(said.verdict == "confirmed" for said in found):
            uow.update("complaint", complaint_id, {"social_exposure": 0, "exposure_state": None})
        settle(uow, desk)
    return Outcome(len(found), uow.changes)


def answer_group(desk: Desk, group_id: int, verdict: str, note: str = "") -> Outcome[int]:
    """Confirm a group as a whole, or deny it: its members belong to no group then."""
    desk.require(Permission.EDIT_COMPLAINTS)
    if verdict not in VERDICTS:
        raise UserError("This answer is not possible.", code="verdict")
    found = detection_rows.groups(desk.reader, [group_id])
    if not found:
        raise UserError("This group complaint does not exist any more.", code="gone")
    with desk.write(N_("Answer group complaint {number}"), number=found[0].number) as uow:
        if verdict == "confirmed":
            members = [found[0].trigger_id]
        else:
            members = detection_rows.member_ids(uow.connection, group_id)
        for member in members:
            _say(uow, "group", member, verdict, group_id, note)
        settle(uow, desk)
    return Outcome(len(members), uow.changes)


def take_back_group(desk: Desk, group_id: int) -> Outcome[int]:
    """Forget every answer about a group and its members, so that it is asked again."""
    desk.require(Permission.EDIT_COMPLAINTS)
    with desk.write(N_("Ask again about a detection")) as uow:
        found = detection_rows.group_answers(uow.connection, group_id)
        if not found:
            raise UserError("There is no answer to take back.", code="no_answer")
        for said in found:
            uow.remove("detection_verdict", said.id)
        settle(uow, desk)
    return Outcome(len(found), uow.changes)


def link(desk: Desk, rule: str, complaint_id: int, number: str, note: str = "") -> Outcome[int]:
    """Say by hand that a complaint repeats, or came after the end of, another one."""
    desk.require(Permission.EDIT_COMPLAINTS)
    if rule not in ("repeat", "second"):
        raise UserError("This answer is not possible.", code="verdict")
    other_id = detection_rows.find_number(desk.reader, number.strip())
    if other_id is None:
        text = N_("There is no complaint with the number {number}.")
        raise ProblemsError([Problem("number", "unknown", text, {"number": number.strip()})])
    sides = detection_rows.named(desk.reader, {complaint_id, other_id})
    fault = _link_fault(desk, rule, sides[complaint_id], sides[other_id])
    if fault is not None:
        raise ProblemsError([fault])
    return answer(desk, rule, complaint_id, "confirmed", other_id=other_id, note=note)


def _link_fault(
    desk: Desk, rule: str, side: detection_rows.Side, other: detection_rows.Side
) -> Problem | None:
    """Return why one complaint cannot follow the other."""
    args = {"number": other.number}
    if side.id == other.id:
        return Problem("number", "same", N_("This is the same complaint."))
    if other.status in {"rejected", "merged"}:
        text = N_("{number} does not count: it was rejected or merged.")
        return Problem("number", "invalid", text, args)
    if rule == "repeat":
        if (other.received_at, other.id) > (side.received_at, side.id):
            text = N_("{number} came later. Link the later complaint to the earlier one.")
            return Problem("number", "order", text, args)
        return None
    if other.resolved_at is None:
        return Problem("number", "open", N_("{number} was never resolved."), args)
    days = int(desk.reference.settings["second_days"])
    if not 0 < side.received_at - other.resolved_at <= days * 86400:
        text = N_("A second complaint comes within {days} days after {number} was resolved.")
        return Problem("number", "window", text, {**args, "days": days})
    return None


def set_measures(
    desk: Desk, group_id: int, measures: str, version: int | None = None
) -> Outcome[int]:
    """Write what is done about a group complaint."""
    desk.require(Permission.EDIT_COMPLAINTS)
    found = detection_rows.groups(desk.reader, [group_id])
    if not found:
        raise UserError("This group complaint does not exist any more.", code="gone")
    with desk.write(N_("Measures of {number}"), number=found[0].number) as uow:
        uow.update("complaint_group", group_id, {"measures": measures.strip()}, version=version)
    return Outcome(group_id, uow.changes)
