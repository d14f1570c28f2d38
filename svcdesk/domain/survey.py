"""Scales and words of a survey response (``domain.md 2.9``)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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


class SurveySource(StrEnum):
    """Who speaks; only customers enter the satisfaction figures unless a setting ticks it."""

    CUSTOMER = "customer"
    MYSTERY = "mystery"
    PARTNER = "partner"
    THIRD_PARTY = "third_party"


class SurveyState(StrEnum):
    """What became of a survey; derived, never stored."""

    SENT = "sent"
    ANSWERED = "answered"
    EXPIRED = "expired"


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


def survey_state(sent_at: int, responded_at: int | None, now: int, days: int) -> SurveyState:
    """Return what became of a survey; without an answer it expires ``days`` × 24 h after sending.

    The last second of its time still belongs to it. Who answers later has answered.
    """
    if responded_at is not None:
        return SurveyState.ANSWERED
    return SurveyState.SENT if now <= sent_at + days * 86400 else SurveyState.EXPIRED


def counted_answer(answers: Iterable[tuple[int, int]]) -> tuple[int, int] | None:
    """Return the one of ``(answered at, key)`` that counts: the last within 7 days of the first.

    Exactly 7 × 24 h is within (``domain.md 2.9``). The order they were entered in is no matter.
    """
    known = sorted(answers)
    if not known:
        return None
    limit = known[0][0] + ANSWER_WINDOW
    return max(one for one in known if one[0] <= limit)


# -- forms -------------------------------------------------------------------------------------

FIELDS = ("csat", *DIMENSIONS, "nps", "comment")
PLACEHOLDERS = ("customer", "ticket", "subject", "organisation", "agent", "days")


@dataclass(frozen=True)
class FormQuestion:
    """One question: the field it fills, its wording, the words of its points from low to high."""

    field: str
    zh: str
    en: str
    points: tuple[str, ...] = ()

    @property
    def scale(self) -> tuple[int, int] | None:
        """The lowest and the highest point; ``None`` for words."""
        if self.field == "comment":
            return None
        return (NPS_MIN, NPS_MAX) if self.field == "nps" else (CSAT_MIN, CSAT_MAX)

    def as_dict(self) -> dict[str, Any]:
        """Return the question as it is stored."""
        low_high = self.scale
        return {"field": self.field, "zh": self.zh, "en": self.en, "points": list(self.points),
                "scale": list(low_high) if low_high else None}  # fmt: skip


def question_of(stored: Mapping[str, Any]) -> FormQuestion:
    """Return a question from its stored form."""
    return FormQuestion(
        str(stored["field"]), str(stored.get("zh", "")), str(stored.get("en", "")),
        tuple(str(word) for word in stored.get("points") or ()),
    )  # fmt: skip


def form_problems(name: str, questions: Sequence[FormQuestion], invite: str) -> list[Problem]:
    """Return why a form cannot be used."""
    found = []
    if not name.strip():
        found.append(Problem("name", "required", N_("Give the form a name.")))
    fields = [question.field for question in questions]
    if not set(fields) & {"csat", "nps"}:
        text = N_("Ask for the satisfaction or the recommendation; other questions alone give "
                  "no figure.")  # fmt: skip
        found.append(Problem("questions", "required", text))
    if len(set(fields)) < len(fields):
        found.append(Problem("questions", "double", N_("A question is asked twice.")))
    for question in questions:
        if not question.zh.strip() or not question.en.strip():
            text = N_("Write the question in both languages.")
            found.append(Problem(question.field, "required", text))
        wanted = 0 if question.scale is None else question.scale[1] - question.scale[0] + 1
        if question.points and len(question.points) != wanted:
            text = N_("Write a word for each of the {count} points, or none.")
            found.append(Problem(question.field, "points", text, {"count": wanted}))
    try:
        invite.format(**dict.fromkeys(PLACEHOLDERS, ""))
    except (KeyError, IndexError, ValueError, AttributeError):
        text = N_("The text has a placeholder that is not known; known are: {names}.")
        names = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        found.append(Problem("invite", "placeholder", text, {"names": names}))
    return found
