"""The sentences about one survey: what it is about, its wording, its answers, what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.survey import DIMENSIONS, SurveyState
from svcdesk.i18n.catalog import _, language
from svcdesk.i18n.labels import code_label, field_label, sentence
from ui.pages.wording import DASH, Words

if TYPE_CHECKING:
    from svcdesk.services.surveys import SurveyDetail


def about(detail: SurveyDetail, words: Words) -> list[tuple[str, str]]:
    """Return ``(name, text)`` of the facts that were frozen when the case was closed."""
    survey = detail.survey
    customer = detail.customer or {}
    case = (detail.ticket or {}).get("ticket_no") or (detail.complaint or {}).get("complaint_no")
    found = [
        (_("Customer"), words.customer(customer.get("name"), customer.get("kind"))),
        (_("Case"), str(case or DASH)),
        (_("Agent rated"), words.person(survey["agent_id"])),
        (_("Team"), str(survey["team"] or DASH)),
        (_("Survey method"), code_label("SurveyMethod", survey["method"])),
        (_("Who speaks"), code_label("SurveySource", survey["source"])),
        (_("Sent at"), words.full_time(survey["sent_at"])),
    ]
    if survey["closing_at"]:
        found.append((_("Closing asked about"), words.full_time(survey["closing_at"])))
    if detail.state is not SurveyState.ANSWERED:
        found.append((_("Expires"), words.full_time(detail.expires_at)))
    return found


def wording(detail: SurveyDetail) -> list[str]:
    """Return the questions in the wording that was sent."""
    form = detail.form
    if form is None:
        return []
    key = "zh" if language().startswith("zh") else "en"
    lines = []
    for question in form["questions"]:
        scale = question.get("scale")
        tail = f"  {scale[0]}–{scale[1]}" if scale else ""
        points = question.get("points") or []
        ends = f"  ({points[0]} … {points[-1]})" if points else ""
        lines.append(f"{question.get(key) or question.get('zh', '')}{tail}{ends}")
    return lines


def scores(answer: dict[str, Any]) -> str:
    """Return the scores of an answer in one line."""
    parts = []
    if answer["csat"] is not None:
        parts.append(f"{answer['csat']} {code_label('CsatScore', str(answer['csat']))}")
    parts += [
        f"{field_label('survey', name)} {answer[name]}"
        for name in DIMENSIONS
        if answer[name] is not None
    ]
    if answer["nps"] is not None:
        parts.append(f"NPS {answer['nps']}")
    return "  ·  ".join(parts)


def answers(detail: SurveyDetail, words: Words) -> list[tuple[str, str, bool]]:
    """Return ``(when and what, comment, counts)`` of every answer that was given."""
    given = detail.answers or ([detail.survey] if detail.survey["responded_at"] else [])
    return [
        (
            f"{words.full_time(answer['responded_at'])}   {scores(answer)}",
            str(answer["comment"]),
            len(given) == 1 or answer["id"] == detail.counted,
        )
        for answer in given
    ]


def recovery(detail: SurveyDetail, words: Words) -> list[str]:
    """Return what was done about a low score."""
    lines = []
    for call in detail.recoveries:
        if call["completed_at"]:
            result = code_label("RecoveryResult", call["recovery_result"] or "not_fixed")
            score = "" if call["csat"] is None else f"  ·  {call['csat']}"
            lines.append(f"{call['callback_no']}  {words.full_time(call['completed_at'])}  "
                         f"{result}{score}")  # fmt: skip
        else:
            due = _("due {time}").format(time=words.full_time(call["due_at"]))
            lines.append(f"{call['callback_no']}  {due}  {words.person(call['assignee_id'])}")
    return lines


def history(detail: SurveyDetail, words: Words) -> list[str]:
    """Return the steps that changed the survey."""
    number = {"number": detail.survey["survey_no"], "count": 1}
    known = {**dict.fromkeys(("kind", "name"), ""), **number}
    return [
        f"{words.full_time(at)}  {words.person(actor)}  {sentence(text, known)}"
        for at, actor, text in detail.changes
    ]
