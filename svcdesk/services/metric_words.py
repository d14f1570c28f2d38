"""A metric's declaration in words: conditions and amounts as sentences, for definition panes.

The words are made from the very trees that are counted with, so that they cannot drift apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.metrics import expression as ex
from svcdesk.domain.metrics.definition import Source
from svcdesk.domain.statistics import format_number
from svcdesk.i18n.catalog import N_
from svcdesk.i18n.labels import LABELS, code_label, field_label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.i18n.catalog import Translator

_ENTITIES = {
    Source.TICKET: "ticket", Source.OPEN_TICKET: "ticket", Source.COMPLAINT: "complaint",
    Source.SURVEY: "survey", Source.VISIT: "visit", Source.QUALITY_CHECK: "quality_check",
    Source.CHANNEL_DAY: "channel_daily", Source.KEY_CUSTOMER: "customer",
    Source.ITEM: "improvement_item", Source.ACTION: "action",
}  # fmt: skip
# what the declarations name beyond the fields of the records
FIELDS = {
    "live": N_("the channel is answered live"),
    "cancelled": N_("cancelled"),
    "bad_response": N_("abnormal time of response"),
    "bad_resolution": N_("abnormal time of resolution"),
    "bad_visit": N_("abnormal times of the visit"),
    "bad_survey": N_("abnormal answer"),
    "response_seconds": N_("working time to the first response"),
    "resolution_seconds": N_("working time to the first resolution, waits deducted"),
    "cycle_seconds": N_("working time to the resolution"),
    "response_limit": N_("limit of the first response"),
    "resolution_limit": N_("limit of the resolution"),
    "response_late_at": N_("moment the response is late"),
    "visit_count": N_("visits done"),
    "follow_ups": N_("follow-up tickets of the same customer and issue"),
    "knowledge_count": N_("articles linked"),
    "closing_entered_at": N_("closing entered at"),
    "opt_out": N_("the customer refuses callbacks"),
    "callback_required": N_("a callback is needed"),
    "callback_completed_at": N_("callback done at"),
    "callback_due_at": N_("callback due at"),
    "callback_attempted": N_("callback tried to the end"),
    "overdue": N_("past its limit"),
    "open": N_("open"),
    "reached": N_("reached in the period"),
    "second": N_("followed by a reopening or another complaint"),
    "loop_at": N_("recovery callback done at"),
    "recovery_csat": N_("score of the recovery"),
    "counted": N_("the answer counts"),
    "invalid": N_("invalid"),
    "group_triggered_at": N_("the group was found at"),
    "triggered_at": N_("found at"),
    "target_at": N_("target date"),
    "verdict_at": N_("verdict at"),
    "day_at": N_("day of the statistics"),
    "offered": N_("contacts offered"),
    "answered": N_("contacts answered"),
    "is_repeat": N_("repeat complaint"),
    "social_exposure": N_("published on social media"),
    "satisfaction_at": N_("satisfaction given at"),
    "voided": N_("voided"),
    "passed": N_("passed"),
    "reopen_count": N_("reopenings"),
    "transfer_count": N_("transfers"),
    "dispatch_count": N_("dispatches"),
    "first_dispatch_at": N_("first dispatched at"),
    "escalated_at": N_("escalated at"),
    "withdrawn_at": N_("withdrawn at"),
    "contacted_at": N_("first contact at"),
    "ack_due_at": N_("first contact due at"),
    "due_at": N_("due at"),
    "done_at": N_("done at"),
    "at": N_("checked at"),
    "recurs": N_("one about the same metric and scope was closed within 183 days before"),
    "agent": N_("agent"),
    "customer": N_("customer"),
    "kind": N_("kind of answer"),
    "source": N_("who speaks"),
    "state": N_("state"),
    "status": N_("state"),
    "verdict": N_("verdict"),
    "cancelled_by": N_("cancelled by"),
    "rescheduled_by": N_("rescheduled by"),
    "window_start": N_("start of the visit's window"),
    "window_end": N_("end of the visit's window"),
    "arrived_at": N_("arrived at"),
    "promised_at": N_("promised at"),
    "sent_at": N_("sent at"),
    "responded_at": N_("answered at"),
    "csat": N_("satisfaction score"),
    "nps": N_("recommendation 0–10"),
    "created_at": N_("received at"),
}  # fmt: skip
_PARAMS = {
    "as_of": N_("the cut-off"),
    "low_score": N_("the low score ({value})"),
    "low_score_seconds": N_("{value} hours"),
    "fcr_seconds": N_("{value} hours"),
    "second_seconds": N_("{value} hours"),
    "callback_seconds": N_("{value} hours"),
}
_CODES = {
    "request_type": "RequestType", "complexity": "Complexity", "resolution_code": "ResolutionCode",
    "liability": "Liability", "cancelled_by": "Party", "rescheduled_by": "Party",
    "verdict": "Verdict", "kind": "SurveyKind", "source": "SurveySource", "state": "ActionState",
    "status": "ItemStatus",
}  # fmt: skip
_SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "=": "=", "+": "+", "-": "−"}


def _flat(node: ex.All | ex.Any_) -> list[ex.Expr]:
    """Return the parts of a condition, those of nested conditions of its kind in their place."""
    found: list[ex.Expr] = []
    for part in node.parts:
        same = isinstance(part, type(node))
        found += _flat(part) if same else [part]  # type: ignore[arg-type]  # of the same type
    return [part for part in found if part is not ex.YES]


class Wording:
    """Words of one metric's trees in one language; ``params`` are the values of the settings."""

    def __init__(self, source: Source, t: Translator, params: Mapping[str, Any]) -> None:
        self._entity = _ENTITIES.get(source, "")
        self._t = t
        self._params = params

    def field(self, name: str) -> str:
        """Return the name of a field."""
        if name in FIELDS:
            return self._t(FIELDS[name])
        return field_label(self._entity, name, self._t)

    def say(self, node: ex.Expr) -> str:  # noqa: C901 - one line per node
        """Return a condition or an amount in words."""
        t = self._t
        if isinstance(node, ex.Field):
            return self.field(node.name)
        if isinstance(node, ex.Const):
            return str(node.value)
        if isinstance(node, ex.Param):
            return self._param(node.name)
        if isinstance(node, ex.Compare | ex.Arithmetic):
            left, right = self.say(node.left), self._right(node)
            sign = _SIGNS[node.sign]
            if sign == "≤" and right == "0":  # a number of something
                sign = "="
            return f"{left} {sign} {right}"
        if isinstance(node, ex.In):
            names = [self._code(node.of, value) for value in node.values]
            return t("{field} is {list}").format(
                field=self.say(node.of), list=t(" or ").join(names)
            )
        if isinstance(node, ex.Known):
            return t("{field} is known").format(field=self.say(node.of))
        if isinstance(node, ex.All | ex.Any_):
            return self._joined(node)
        if isinstance(node, ex.Not):
            return self._not(node.of)
        if isinstance(node, ex.If):
            return t("{then} if {condition}, else {otherwise}").format(
                then=self.say(node.then), condition=self.say(node.condition),
                otherwise=self.say(node.otherwise),
            )  # fmt: skip
        return ""

    def _joined(self, node: ex.All | ex.Any_) -> str:
        """Return all parts of a condition; what the settings decide is not said again."""
        t, together = self._t, isinstance(node, ex.All)
        parts = [part for part in _flat(node) if self._decided(part) is not together]
        word = t(", and ") if together else t(" or ")
        return word.join(self._inner(part) for part in parts)

    def _decided(self, node: ex.Expr) -> bool | None:
        """Return what the settings alone make of a condition, none when records decide."""
        if isinstance(node, ex.All):
            found = [self._decided(part) for part in node.parts]
            return False if False in found else None
        if isinstance(node, ex.Compare) and isinstance(node.left, ex.Param):
            value = self._params.get(node.left.name)
            if isinstance(value, int) and isinstance(node.right, ex.Const):
                return bool(ex.evaluate(node, {}, self._params))
        return None

    def _inner(self, node: ex.Expr) -> str:
        text = self.say(node)
        several = isinstance(node, ex.Any_ | ex.All) and len(
            [part for part in node.parts if self._decided(part) is None]
        ) > 1  # fmt: skip
        return f"({text})" if several else text

    def _not(self, node: ex.Expr) -> str:
        t = self._t
        if isinstance(node, ex.Known):
            return t("{field} is missing").format(field=self.say(node.of))
        if isinstance(node, ex.Not):
            return self.say(node.of)
        return t("not {condition}").format(condition=self._inner(node))

    def _right(self, node: ex.Compare | ex.Arithmetic) -> str:
        if isinstance(node.right, ex.Const):
            return self._code(node.left, node.right.value)
        return self.say(node.right)

    def _code(self, of: ex.Expr, value: int | str) -> str:
        """Return a code by its name; numbers of seconds in hours."""
        names = {part.name for part in ex.walk(of) if isinstance(part, ex.Field)}
        for name in names & _CODES.keys():
            kind = _CODES[name]
            if str(value) in LABELS.get(kind, {}):
                return code_label(kind, str(value), self._t)
        timed = any(name.endswith(("_at", "_seconds", "_limit", "_end")) for name in names)
        if timed and isinstance(value, int) and value >= 60:
            t = self._t
            return t("{value} hours").format(value=format_number(value / 3600, 0))
        return str(value)

    def _param(self, name: str) -> str:
        value = self._params.get(name)
        if name.endswith("_seconds") and isinstance(value, int):
            value = format_number(value / 3600, 0)
        text = _PARAMS.get(name)
        return self._t(text).format(value=value) if text else f"{name} ({value})"
