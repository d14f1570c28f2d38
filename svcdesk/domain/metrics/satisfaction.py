"""Satisfaction, callbacks, key customers (``domain.md 3.6``)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from svcdesk.domain.comparisons import Direction
from svcdesk.domain.metrics.definition import Kind, MetricDef, Source, Unit
from svcdesk.domain.metrics.expression import AS_OF, Expr, Field, If, Param, lift
from svcdesk.i18n.catalog import N_

HUNDRED = Fraction(100)
_CSAT, _NPS = Field("csat"), Field("nps")
_BAD = Field("bad_survey")
_SOURCE = Field("source")
# other voices than the customers' count when a setting ticks them (1.3 V15)
_HEARD = _SOURCE.is_("customer")
for _name in ("mystery", "partner", "third_party"):
    _HEARD = _HEARD | (_SOURCE.is_(_name) & (Param(f"count_{_name}") >= 1))
_VALID = Field("kind").is_("normal") & Field("counted") & ~Field("invalid") & _HEARD
_RATED = _VALID & _CSAT.known
_LOW = _RATED & (Param("low_score") >= _CSAT)
_LOOP_AT, _ANSWERED = Field("loop_at"), Field("responded_at")
_DUE = _ANSWERED + Param("low_score_seconds")
_LOOPED = _LOOP_AT.known & (_LOOP_AT <= _DUE)

CSAT_MEAN = MetricDef(
    "csat_mean", N_("Mean satisfaction score"), Unit.SCORE, Direction.UP,
    N_("Mean of the satisfaction scores 1 to 5 answered in the period; blank, invalid and "
       "recovery answers left out."),
    source=Source.SURVEY, cohort="responded_at", kind=Kind.RATIO, scope=_RATED, excluded=_BAD,
    weight=_CSAT, target=Fraction(42, 10), score_weight=30,
)  # fmt: skip


def _share(metric: str, label: str, note: str, weight: Expr, target: int | None,
           direction: Direction = Direction.UP) -> MetricDef:  # fmt: skip
    return replace(
        CSAT_MEAN, id=metric, label=label, note=note, unit=Unit.PERCENT, direction=direction,
        weight=weight, scale=HUNDRED, target=None if target is None else Fraction(target),
        score_weight=0,
    )  # fmt: skip


def _dimension(field: str, label: str) -> MetricDef:
    return replace(
        CSAT_MEAN, id=f"csat_{field}", label=label,
        note=N_("Mean of this dimension's scores answered in the period."),
        scope=_VALID & Field(field).known, weight=Field(field), target=None, score_weight=0,
    )  # fmt: skip


_NEEDED = Field("callback_required") & ~Field("opt_out")
_CB_DONE, _CB_DUE = Field("callback_completed_at"), Field("callback_due_at")
_ATTEMPTED = Field("callback_attempted")
_NOT_PAST_DUE = ~_ATTEMPTED & (_CB_DUE >= AS_OF)
CALLBACK_RATE = MetricDef(
    "callback_rate", N_("Proactive callback rate"), Unit.PERCENT, Direction.UP,
    N_("Resolved tickets of the period with a completed callback divided by those that need "
       "one; customers who refuse callbacks and callbacks not yet due left out."),
    cohort="resolved_at", kind=Kind.RATIO, scope=_NEEDED, not_yet_due=_NOT_PAST_DUE,
    weight=_CB_DONE.known, scale=HUNDRED, target=Fraction(90), score_weight=5,
)  # fmt: skip

# each step is a part of the one before: all are of the surveys sent in the period
_FUNNEL = (
    ("sent", N_("Surveys sent"), N_("Surveys sent in the period."), _VALID),
    (
        "rated",
        N_("Surveys with a score"),
        N_("Surveys sent in the period that were given a satisfaction score by the cut-off."),
        _RATED,
    ),
    (
        "low",
        N_("Surveys with a low score"),
        N_("Surveys sent in the period that were given a low score."),
        _LOW,
    ),
    (
        "contacted",
        N_("Low scores called back"),
        N_("Low scores of the surveys sent in the period with a completed recovery callback."),
        _LOW & _LOOP_AT.known,
    ),
    (
        "recovered",
        N_("Low scores recovered"),
        N_("Low scores of the surveys sent in the period whose recovery answer is 4 or 5."),
        _LOW & _LOOP_AT.known & (Field("recovery_csat") >= 4),
    ),
)

SATISFACTION: tuple[MetricDef, ...] = (
    CSAT_MEAN,
    _share(
        "csat_rate", N_("Satisfaction rate"),
        N_("Scores 4 and 5 divided by all scores answered in the period."), _CSAT >= 4, 90,
    ),
    _share(
        "csat_very_rate", N_("Very-satisfied share"),
        N_("Scores 5 divided by all scores answered in the period."), _CSAT >= 5, None,
    ),
    _share(
        "csat_low_rate", N_("Low-score rate"),
        N_("Scores 1 and 2 divided by all scores answered in the period."),
        Param("low_score") >= _CSAT, 5, Direction.DOWN,
    ),
    _dimension("dim_attitude", N_("Satisfaction: service attitude")),
    _dimension("dim_speed", N_("Satisfaction: response speed")),
    _dimension("dim_skill", N_("Satisfaction: expertise")),
    _dimension("dim_result", N_("Satisfaction: result")),
    MetricDef(
        "survey_response_rate", N_("Survey response rate"), Unit.PERCENT, Direction.UP,
        N_("Surveys sent in the period that were answered by the cut-off divided by the surveys "
           "sent."),
        source=Source.SURVEY, cohort="sent_at", kind=Kind.RATIO,
        scope=_VALID, excluded=_BAD,
        weight=_ANSWERED.known & (_CSAT.known | _NPS.known), scale=HUNDRED,
    ),
    MetricDef(
        "nps", N_("Net Promoter Score"), Unit.NPS, Direction.UP,
        N_("Share of answers 9 and 10 minus share of answers 0 to 6, × 100."),
        source=Source.SURVEY, cohort="responded_at", kind=Kind.RATIO, scope=_VALID & _NPS.known,
        excluded=_BAD, weight=If(_NPS >= 9, lift(1), If(_NPS <= 6, lift(-1), lift(0))),
        scale=HUNDRED,
    ),
    MetricDef(
        "low_score_count", N_("Low scores"), Unit.CASES, Direction.DOWN,
        N_("Low satisfaction scores answered in the period."),
        source=Source.SURVEY, cohort="responded_at", scope=_LOW, excluded=_BAD,
    ),
    MetricDef(
        "low_score_loop48_rate", N_("48-hour low-score loop rate"), Unit.PERCENT, Direction.UP,
        N_("Low scores with a completed recovery callback within 48 hours divided by the low "
           "scores; customers who refuse callbacks and cases not yet due left out."),
        source=Source.SURVEY, cohort="responded_at", kind=Kind.RATIO,
        scope=_LOW & ~Field("opt_out"), excluded=_BAD,
        not_yet_due=~_LOOPED & (_DUE >= AS_OF), weight=_LOOPED, scale=HUNDRED,
        target=HUNDRED,
    ),
    MetricDef(
        "low_score_recovery_rate", N_("Low-score recovery rate"), Unit.PERCENT, Direction.UP,
        N_("Low scores whose recovery answer is 4 or 5 divided by those with a completed "
           "recovery callback."),
        source=Source.SURVEY, cohort="responded_at", kind=Kind.RATIO,
        scope=_LOW & _LOOP_AT.known, excluded=_BAD, weight=Field("recovery_csat") >= 4,
        scale=HUNDRED, target=Fraction(35),
    ),
    *(
        MetricDef(
            f"funnel_{code}", label, Unit.CASES, Direction.NEUTRAL, note, source=Source.SURVEY,
            cohort="sent_at", scope=scope, excluded=_BAD,
        )
        for code, label, note, scope in _FUNNEL
    ),
    CALLBACK_RATE,
    replace(
        CALLBACK_RATE, id="callback_attempt_rate", label=N_("Callback attempt rate"),
        note=N_("Callbacks completed, unreachable or refused divided by the tickets that need "
                "one."),
        weight=_ATTEMPTED, target=HUNDRED, score_weight=0,
    ),
    replace(
        CALLBACK_RATE, id="callback_reach_rate", label=N_("Callback reach rate"),
        note=N_("Callbacks completed divided by those attempted to the end."),
        scope=_NEEDED & _ATTEMPTED, not_yet_due=None, target=None, score_weight=0,
    ),
    replace(
        CALLBACK_RATE, id="callback_ontime_rate", label=N_("On-time callback rate"),
        note=N_("Callbacks completed by their due time divided by the tickets that need one."),
        weight=_CB_DONE <= _CB_DUE, target=None, score_weight=0,
    ),
    MetricDef(
        "key_reach_rate", N_("Key-customer reach rate"), Unit.PERCENT, Direction.UP,
        N_("Key customers with a completed callback or a survey answer in the period divided by "
           "all key customers who do not refuse callbacks."),
        source=Source.KEY_CUSTOMER, kind=Kind.RATIO, scope=~Field("opt_out"),
        weight=Field("reached"), scale=HUNDRED, target=HUNDRED, per_group=False,
    ),
    MetricDef(
        "key_csat_gap", N_("Satisfaction gap of key customers"), Unit.PERCENT_POINTS,
        Direction.UP,
        N_("Satisfaction rate of key customers minus that of the others, each with at least 5 "
           "answers."),
        kind=Kind.OF_OTHERS, formula="key_gap", parts=("csat_rate",), by="tier",
        per_group=False,
    ),
)  # fmt: skip
