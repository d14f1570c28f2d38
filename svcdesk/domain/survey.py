"""Scales and words of a survey response (``domain.md 2.9``)."""

from __future__ import annotations

from enum import StrEnum

CSAT_MIN, CSAT_MAX = 1, 5
NPS_MIN, NPS_MAX = 0, 10
DIMENSIONS = ("dim_attitude", "dim_speed", "dim_skill", "dim_result")
ANSWER_WINDOW = 7 * 86400  # the last answer within 7 days of the first one counts


class SurveyMethod(StrEnum):
    """How the answer came."""

    CALLBACK = "callback"
    SMS = "sms"
    WECHAT = "wechat"
    FORM = "form"
    PLATFORM = "platform"
    ON_SITE = "on_site"


class SurveyKind(StrEnum):
    """Normal survey, or the one after a recovery; the latter never enters CSAT or NPS."""

    NORMAL = "normal"
    RECOVERY = "recovery"


class NpsGroup(StrEnum):
    """Promoter 9–10, passive 7–8, detractor 0–6."""

    PROMOTER = "promoter"
    PASSIVE = "passive"
    DETRACTOR = "detractor"


def nps_group(score: int) -> NpsGroup:
    """Return the group of an NPS answer 0–10."""
    if score >= 9:
        return NpsGroup.PROMOTER
    return NpsGroup.PASSIVE if score >= 7 else NpsGroup.DETRACTOR
