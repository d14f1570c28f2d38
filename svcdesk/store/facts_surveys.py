"""Surveys as they can be counted: as stored, and as they stood when an answer changed later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.anomalies import Group
from svcdesk.domain.survey import ANSWER_WINDOW, DIMENSIONS
from svcdesk.store.fact_shape import Facts, flagged

if TYPE_CHECKING:
    from collections.abc import Mapping

# a case has one open recovery: it also answers a low score that came while it was open
_LOOP = (
    "(SELECT {{what}} FROM callback k{{join}} WHERE (k.survey_id = s.id "
    "OR (k.ticket_id = s.ticket_id AND k.completed_at >= {answered}) "
    "OR (k.complaint_id = s.complaint_id AND k.completed_at >= {answered})) "
    "AND k.kind = 'low_score' "
    "AND k.state = 'completed' AND k.completed_at < :as_of AND k.deleted_at IS NULL{{order}})"
)
_CHANGING = ("responded_at", "csat", "nps", *DIMENSIONS)
_KEPT = (
    "s.deleted_at IS NULL AND ifnull(t.is_test, 0) = 0 AND ifnull(c.is_test, 0) = 0 "
    "AND s.sent_at < :as_of"
)
_JOINS = (
    "LEFT JOIN ticket t ON t.id = s.ticket_id LEFT JOIN complaint c ON c.id = s.complaint_id "
    "LEFT JOIN customer u ON u.id = s.customer_id"
)
# an answer that was changed after the cut-off: the one that counted then stands beside the survey
_CHANGED_LATER = (
    "(s.first_at < s.responded_at AND s.first_at < :as_of AND s.responded_at >= :as_of)"
)
_THE_ANSWER = (
    "(SELECT b.id FROM survey_answer b WHERE b.survey_id = s.id AND b.deleted_at IS NULL "
    f"AND b.responded_at < :as_of AND b.responded_at <= s.first_at + {ANSWER_WINDOW} "
    "ORDER BY b.responded_at DESC, b.id DESC LIMIT 1)"
)


def _fields(changed: Mapping[str, str], row: str) -> dict[str, str]:
    loop = _LOOP.format(answered=f"{row}.responded_at")
    return {
        **changed,
        **{name: f"s.{name}" for name in ("sent_at", "kind", "source", "counted", "invalid")},
        "opt_out": "ifnull(u.opt_out, 0)",
        # a decision is about the answer that counts, not about one before it
        "bad_survey": flagged(
            f"{row}.data_flags", Group.SURVEY, "s.data_verdicts" if row == "s" else None
        ),
        "loop_at": loop.format(what="min(k.completed_at)", join="", order=""),
        "recovery_csat": loop.format(
            what="r.csat", join=" JOIN survey r ON r.id = k.answer_id",
            order=" ORDER BY k.completed_at DESC, k.id DESC LIMIT 1",
        ),
    }  # fmt: skip


def _dims(row: str) -> dict[str, str]:
    department = "coalesce(t.resp_dept_id, c.resp_dept_id)"
    return {
        "channel": "s.channel_id", "channel_group": "s.channel_id", "issue": "s.issue_id",
        "product": "s.product_id", "agent": "s.agent_id", "team": "s.team", "tier": "s.tier",
        "method": "s.method", "voice": "s.source", "csat": f"{row}.csat", "survey": "s.id",
        "issue_sub": "t.issue_sub_id", "category": "c.category_id",
        "category_sub": "c.category_sub_id", "department": department,
        "department_detail": department, "region": "coalesce(t.region, c.region)",
        "nps_group": f"CASE WHEN {row}.nps >= 9 THEN 'promoter' "
        f"WHEN {row}.nps >= 7 THEN 'passive' WHEN {row}.nps >= 0 THEN 'detractor' END",
    }  # fmt: skip


def surveys() -> tuple[Facts, Facts]:
    """Return surveys as stored, and those whose counted answer was another one at the cut-off."""
    stored = {n: f"CASE WHEN s.responded_at < :as_of THEN s.{n} END" for n in _CHANGING}
    return (
        Facts(
            f"survey s {_JOINS}", f"{_KEPT} AND NOT ifnull({_CHANGED_LATER}, 0)",
            _fields(stored, "s"), "s.survey_no", _dims("s"), {"low_reason": "s.reasons"},
            stored_in={"responded_at": lambda within: within("s.responded_at")},
        ),
        Facts(
            f"survey s JOIN survey_answer a ON a.id = {_THE_ANSWER} {_JOINS}",
            f"{_KEPT} AND {_CHANGED_LATER}",
            _fields({n: f"a.{n}" for n in _CHANGING}, "a"), "s.survey_no", _dims("a"),
            {"low_reason": "a.reasons"},
        ),
    )  # fmt: skip
