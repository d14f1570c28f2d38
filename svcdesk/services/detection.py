"""Detection over the complaint log: recomputed with every change, answered by people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.detection import exposure_words
from svcdesk.domain.people import Permission
from svcdesk.i18n.catalog import N_
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import detections

if TYPE_CHECKING:
    from svcdesk.store.reference import Reference
    from svcdesk.store.unit_of_work import UnitOfWork


def suggests_exposure(text: str) -> bool:
    """Say whether a text sounds like a publication or a threat of one (domain.md 4.4)."""
    return bool(exposure_words(text))


def recompute(uow: UnitOfWork, reference: Reference) -> None:
    """Apply the rules 4.1 to 4.3 to all complaints inside a unit of work."""
    detections.recompute(uow, detections.settings_from(reference.settings), reference.zone)


def answer(desk: Desk, rule: str, complaint_id: int, verdict: str, *, other_id: int | None = None,
           note: str = "") -> Outcome[int]:  # fmt: skip
    """Confirm or deny a detection; the answer is kept over every recomputation.

    ``rule``: duplicate, repeat, second, group or exposure; ``verdict``: confirmed or denied.
    """
    desk.require(Permission.EDIT_COMPLAINTS)
    with desk.write(N_("Answer a detection")) as uow:
        key = uow.insert(
            "detection_verdict",
            {
                "rule": rule,
                "complaint_id": complaint_id,
                "other_id": other_id,
                "verdict": verdict,
                "note": note,
            },
        )
        if rule == "exposure":
            flagged = verdict == "confirmed"
            uow.update(
                "complaint",
                complaint_id,
                {
                    "social_exposure": int(flagged),
                    "exposure_suggested": 0,
                    "exposure_state": "watching" if flagged else None,
                },
            )
        recompute(uow, desk.reference)
    return Outcome(key, uow.changes)
