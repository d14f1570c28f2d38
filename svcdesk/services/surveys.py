"""Survey answers: one survey per closing, its counted answer, attribution frozen, low scores."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem, blocking
from svcdesk.domain.survey import (
    CSAT_MAX,
    CSAT_MIN,
    DIMENSIONS,
    NPS_MAX,
    NPS_MIN,
    SurveyKind,
    SurveySource,
    SurveyState,
    counted_answer,
    survey_state,
)
from svcdesk.i18n.catalog import N_
from svcdesk.services import callback_rules
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import records
from svcdesk.store import surveys as store
from svcdesk.store.numbers import next_number
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.store.unit_of_work import UnitOfWork

SCORES = ("csat", *DIMENSIONS, "nps")
SAID = (*SCORES, "comment", "reasons")  # what an answer consists of
BAD_ORDER = "AB14"


def problems(values: Mapping[str, Any], *, low: int = 2) -> list[Problem]:
    """Return what is wrong with answers: scores out of scale (AB07), a low score without words."""
    found = []
    for field in SCORES:
        value = values.get(field)
        bounds = (NPS_MIN, NPS_MAX) if field == "nps" else (CSAT_MIN, CSAT_MAX)
        if value is not None and (type(value) is not int or not bounds[0] <= value <= bounds[1]):
            text = N_("{value} is not on the scale; use whole points from {low} to {high}.")
            found.append(
                Problem(field, "AB07", text,
                        {"value": value, "low": bounds[0], "high": bounds[1]})
            )  # fmt: skip
    score = values.get("csat")
    if (
        type(score) is int
        and CSAT_MIN <= score <= low
        and not str(values.get("comment") or "").strip()
    ):
        found.append(Problem("comment", "required", N_("A low score needs the customer's words.")))
    return found


def time_problems(values: Mapping[str, Any], now: int) -> list[Problem]:
    """Return what is wrong with the times of an answer: in the future, or before it was asked."""
    answered, sent = values.get("responded_at"), values.get("sent_at")
    if answered is not None and answered > now:
        return [Problem("responded_at", "future", N_("The answer lies in the future."))]
    if sent is not None and (now if answered is None else answered) < sent:
        text = N_("The answer is older than the question: it was answered before it was sent.")
        return [Problem("responded_at", "order", text)]
    return []


# -- writing -----------------------------------------------------------------------------------


def case_of(values: Mapping[str, Any]) -> tuple[str, int] | None:
    """Return kind and key of the case that values are about."""
    for case in store.CASES:
        if values.get(f"{case}_id"):
            return case, int(values[f"{case}_id"])
    return None


def write(uow: UnitOfWork, desk: Desk, values: Mapping[str, Any]) -> int:
    """Write an answer inside a unit of work and return its survey.

    A closing that was asked about already gets no second survey: the answer is one more of the
    first (V10). Recoveries and voices other than the customer's are surveys of their own.
    """
    at = int(values.get("responded_at") or uow.now)
    case = case_of(values)
    closed = store.closing(uow.connection, *case, at) if case else None
    asked = None
    if case and values.get("kind") != SurveyKind.RECOVERY and is_customer(values):
        asked = store.of_closing(uow.connection, *case, closed)
    if asked is not None:
        add_answer(uow, desk, asked["id"], {**values, "responded_at": at})
        return int(asked["id"])
    key = open_survey(uow, desk, {**values, "sent_at": values.get("sent_at") or at}, closed)
    add_answer(uow, desk, key, {**values, "responded_at": at})
    return key


def is_customer(values: Mapping[str, Any]) -> bool:
    """Tell whether a customer speaks, no mystery customer, partner or third party."""
    return (values.get("source") or SurveySource.CUSTOMER) == SurveySource.CUSTOMER


def open_survey(
    uow: UnitOfWork, desk: Desk, values: Mapping[str, Any], closed: store.Closing | None
) -> int:
    """Write a survey that has no answer yet, attributed as the case stood when it was closed."""
    wanted = ("method", "kind", "source", "customer_id", "ticket_id", "complaint_id", "form_id",
              "sent_by_id", "agent_id", "channel_id", "product_id", "external_no")  # fmt: skip
    row = {name: values[name] for name in wanted if values.get(name) is not None}
    case = case_of(values)
    if case:
        frozen = store.attribution(uow.connection, *case, closed)
        row.update({name: value for name, value in frozen.items() if value is not None})
    sent = int(values["sent_at"])
    row |= {"sent_at": sent, "survey_no": next_number(uow, "survey", sent, desk.zone)}
    row.setdefault("form_id", active_form(uow, desk))
    return uow.insert("survey", row)


def active_form(uow: UnitOfWork, desk: Desk) -> int | None:
    """Return the form that is in use: the newest version of the first form."""
    del desk
    return next((f["id"] for f in store.forms(uow.connection) if f["active"]), None)


def add_answer(uow: UnitOfWork, desk: Desk, survey_id: int, values: Mapping[str, Any],
               *, answer_id: int | None = None, by_hand: bool = True) -> int:  # fmt: skip
    """Write one more answer of a survey and let the right one count; return the answer's key.

    ``answer_id``: the answer is in the file already and only finds its survey now. Not
    ``by_hand``: an import, which starts no recovery.
    """
    survey = records.get(uow.connection, "survey", survey_id)
    if survey is None:
        raise UserError(N_("This survey no longer exists."), code="gone")
    if survey["responded_at"] is not None and not store.answers(uow.connection, survey_id):
        _write_answer(uow, survey_id, survey)  # the only one so far stood in the survey alone
    flags = [BAD_ORDER] if values["responded_at"] < survey["sent_at"] else []
    if answer_id is None:
        row = {**values, "method": values.get("method") or survey["method"]}
        answer_id = _write_answer(uow, survey_id, row, flags)
    else:
        uow.update("survey_answer", answer_id, {"survey_id": survey_id, "data_flags": _json(flags)})
    recount(uow, survey_id)
    if by_hand:
        _keyed(uow, survey_id)
        callback_rules.plan_recovery(uow, desk, survey_id)
    return answer_id


def _json(flags: list[str]) -> str | None:
    return json.dumps(flags) if flags else None


def _write_answer(
    uow: UnitOfWork, survey_id: int, values: Mapping[str, Any], flags: list[str] | None = None
) -> int:
    row = {name: values[name] for name in (*SCORES, "comment", "method", "source", "responded_at")
           if values.get(name) is not None}  # fmt: skip
    row["reasons"] = json.dumps(list(values.get("reasons") or []), ensure_ascii=False)
    return uow.insert(
        "survey_answer",
        {**row, "survey_id": survey_id,
         "data_flags": _json(list(values.get("data_flags") or []) if flags is None else flags)},
    )  # fmt: skip


def recount(uow: UnitOfWork, survey_id: int) -> None:
    """Let a survey show the answer that counts: the last within 7 days of the first."""
    known = store.answers(uow.connection, survey_id)
    counted = counted_answer((answer["responded_at"], answer["id"]) for answer in known)
    if counted is None:
        blank: dict[str, Any] = dict.fromkeys((*SCORES, "responded_at", "first_at", "data_flags"))
        uow.update("survey", survey_id, {**blank, "comment": "", "reasons": "[]"})
        return
    answer = next(a for a in known if a["id"] == counted[1])
    row = {name: answer[name] for name in (*SCORES, "comment", "responded_at")}
    row["reasons"] = json.dumps(answer["reasons"], ensure_ascii=False)
    row["data_flags"] = _json(answer["data_flags"])
    row["first_at"] = min(a["responded_at"] for a in known)
    uow.update("survey", survey_id, row)


def _keyed(uow: UnitOfWork, survey_id: int) -> None:
    """Note who keyed the answer, and whether it was the one whom it is about (V12)."""
    survey = records.get(uow.connection, "survey", survey_id) or {}
    own = uow.actor_id is not None and survey["agent_id"] == uow.actor_id
    uow.update("survey", survey_id, {"keyed_by_id": uow.actor_id, "own_case": int(own)})


# -- by hand -----------------------------------------------------------------------------------


def record(desk: Desk, values: Mapping[str, Any]) -> Outcome[int]:
    """Record an answer that came in by itself (text message, form, on the spot)."""
    desk.require(Permission.EDIT_CALLBACKS)
    case = case_of(values)
    asked = None
    if case and is_customer(values):
        at = int(values.get("responded_at") or desk.clock.now())
        closed = store.closing(desk.reader, *case, at)
        asked = store.of_closing(desk.reader, *case, closed)
    _refuse(desk, {"sent_at": asked["sent_at"] if asked else None, **_given(values)})
    _refuse_before_case(desk, case, values)
    with desk.write(N_("Record survey answer")) as uow:
        key = write(uow, desk, values)
    return Outcome(key, uow.changes)


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def answer(desk: Desk, survey_id: int, values: Mapping[str, Any]) -> Outcome[int]:
    """Enter the answer of a survey that was sent, or a changed one; every one is kept."""
    desk.require(Permission.EDIT_CALLBACKS)
    survey = stored(desk, survey_id)
    if survey["invalid"]:
        text = N_("This survey is invalid; make it valid again before an answer is entered.")
        raise UserError(text, code="invalid")
    _refuse(desk, {**values, "sent_at": survey["sent_at"]})
    with desk.write(N_("Answer of survey {number}"), number=survey["survey_no"]) as uow:
        at = int(values.get("responded_at") or uow.now)
        key = add_answer(uow, desk, survey_id, {**values, "responded_at": at})
    return Outcome(key, uow.changes)


def _refuse(desk: Desk, values: Mapping[str, Any]) -> None:
    limit = int(desk.reference.settings["comment_score"])
    faults = blocking(problems(values, low=limit)) + time_problems(values, desk.clock.now())
    if all(values.get(field) is None for field in SCORES):
        faults.append(Problem("csat", "required", N_("Enter at least one score.")))
    if faults:
        raise ProblemsError(faults)


def _refuse_before_case(
    desk: Desk, case: tuple[str, int] | None, values: Mapping[str, Any]
) -> None:
    """Refuse an answer that is older than the case it is about (AB14)."""
    if case is None or values.get("responded_at") is None:
        return
    row = records.get(desk.reader, *case)
    begun = row["created_at" if case[0] == "ticket" else "received_at"] if row else None
    if begun is not None and values["responded_at"] < begun:
        text = N_("The answer is older than the case that it is about.")
        raise ProblemsError([Problem("responded_at", BAD_ORDER, text)])


def set_invalid(desk: Desk, survey_id: int, reason: str) -> Outcome[int]:
    """Take a survey out of the figures, with the reason; it stays listed. Blank: make it valid."""
    desk.require(Permission.EDIT_CALLBACKS)
    survey = stored(desk, survey_id)
    if not reason.strip() and not survey["invalid"]:
        text = N_("Say why the survey is invalid.")
        raise ProblemsError([Problem("invalid_reason", "required", text)])
    valid = not reason.strip()
    label = N_("Survey {number} is valid again") if valid else N_("Survey {number} is invalid")
    with desk.write(label, number=survey["survey_no"]) as uow:
        row = {"invalid": int(not valid), "invalid_reason": None if valid else reason.strip()}
        uow.update("survey", survey_id, row)
    return Outcome(survey_id, uow.changes)


def stored(desk: Desk, survey_id: int) -> dict[str, Any]:
    """Return a survey; refuse one that is gone."""
    found = records.get(desk.reader, "survey", survey_id)
    if found is None:
        raise UserError(N_("This survey no longer exists."), code="gone")
    return found


# -- showing -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class SurveyDetail:
    """A survey with everything about it: case, wording, every answer, what became of it."""

    survey: dict[str, Any]
    state: SurveyState
    expires_at: int
    customer: dict[str, Any] | None
    ticket: dict[str, Any] | None
    complaint: dict[str, Any] | None
    form: dict[str, Any] | None
    answers: list[dict[str, Any]]
    counted: int | None  # key of the answer that counts
    recoveries: list[dict[str, Any]]
    changes: list[tuple[int, int | None, str]]


def get(desk: Desk, survey_id: int) -> SurveyDetail:
    """Return a survey with everything about it."""
    with desk.reading() as connection:
        survey = stored(desk, survey_id)
        days = int(desk.reference.settings["survey_days"])
        answers = store.answers(connection, survey_id)
        counted = counted_answer((a["responded_at"], a["id"]) for a in answers)
        form = (
            records.get(connection, "survey_form", survey["form_id"]) if survey["form_id"] else None
        )
        if form is not None:
            form["questions"] = json.loads(form["questions"])

        def of(table: str) -> dict[str, Any] | None:
            key = survey[f"{table}_id"]
            return records.get(connection, table, key) if key else None

        return SurveyDetail(
            survey=survey,
            state=survey_state(
                survey["sent_at"], survey["responded_at"], desk.clock.now(), days
            ),
            expires_at=survey["sent_at"] + days * 86400,
            customer=of("customer"), ticket=of("ticket"), complaint=of("complaint"),
            form=form, answers=answers, counted=counted[1] if counted else None,
            recoveries=store.recoveries(connection, survey_id),
            changes=store.changes_of(connection, survey_id),
        )  # fmt: skip
