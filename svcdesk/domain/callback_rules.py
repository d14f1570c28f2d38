"""Which cases are called back, decided by rules and a fair sample (``domain.md 2.8, 4.9``).

The sample depends on the key of the record alone: neither the agent nor the minute decides who is
called, the same case is decided the same way whenever it is asked, and a share of 30 % contains
the cases of a share of 20 %.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from svcdesk.domain.callback import CALLBACK_DUE_SECONDS, HOUR, CallbackKind
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TICKET, COMPLAINT = "ticket", "complaint"
RECORDS = (TICKET, COMPLAINT)
KINDS = (CallbackKind.ROUTINE, CallbackKind.COMPLAINT, CallbackKind.KEY_CARE, CallbackKind.MYSTERY)
# what a rule may ask about a case, by kind of record; the values are those of the record's row
CONDITIONS: dict[str, tuple[str, ...]] = {
    TICKET: ("request_type", "category", "channel", "tier"),
    COMPLAINT: ("severity", "category", "channel", "tier"),
}
MAX_HOURS = 720
BUCKETS = 10_000


@dataclass(frozen=True)
class Rule:
    """One rule; ``conditions`` maps a name of CONDITIONS to the accepted values (empty: all)."""

    id: int
    name: str
    record: str = TICKET
    conditions: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    kind: str = str(CallbackKind.ROUTINE)
    percent: int = 100
    delay_hours: int = 72
    active: bool = True

    def matches(self, case: Case) -> bool:
        """Tell whether the rule is about ``case``."""
        return (
            self.active
            and self.record == case.record
            and all(
                case.facts.get(name) in wanted for name, wanted in self.conditions.items() if wanted
            )
        )


@dataclass(frozen=True)
class Case:
    """A ticket or complaint as the rules see it; ``facts`` by the names of CONDITIONS."""

    record: str
    key: int
    facts: Mapping[str, object]

    @property
    def always(self) -> bool:
        """Whether no sample may leave it out: complaints, and cases of key customers (4.9)."""
        return self.record == COMPLAINT or self.facts.get("tier") == "key"


@dataclass(frozen=True)
class Decision:
    """What the rules say about a case; ``rule`` None: no rule is about it."""

    rule: Rule | None
    wanted: bool
    kind: str
    delay_seconds: int


def case_of(record: str, row: Mapping[str, Any]) -> Case:
    """Return a stored ticket or complaint as a case."""
    category = row["issue_id"] if record == TICKET else row["category_id"]
    facts = {"category": category, "channel": row["channel_id"], "tier": row["tier"],
             "request_type": row.get("request_type"), "severity": row.get("severity")}  # fmt: skip
    return Case(record, int(row["id"]), facts)


def bucket(record: str, key: int) -> int:
    """Return the place of a record in the sample, 0 to 9999, from its key alone."""
    digest = hashlib.sha256(f"{record}:{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % BUCKETS


def sampled(record: str, key: int, percent: int) -> bool:
    """Tell whether a record is in a sample of ``percent`` of all."""
    return bucket(record, key) < percent * (BUCKETS // 100)


def decide(rules: Sequence[Rule], case: Case) -> Decision:
    """Return whether, as what and after how long a settled case is called back.

    The first rule that matches decides; the sample never leaves out complaints and key customers.
    """
    rule = next((one for one in rules if one.matches(case)), None)
    if rule is None:
        kind = CallbackKind.COMPLAINT if case.record == COMPLAINT else CallbackKind.ROUTINE
        return Decision(None, case.always, str(kind), CALLBACK_DUE_SECONDS[kind])
    wanted = case.always or sampled(case.record, case.key, rule.percent)
    return Decision(rule, wanted, rule.kind, rule.delay_hours * HOUR)


def problems(rules: Sequence[Rule]) -> list[Problem]:
    """Return what is wrong with a list of rules; the field is ``place.name``."""
    found = []
    for place, rule in enumerate(rules):
        if not rule.name.strip():
            found.append(Problem(f"{place}.name", "required", N_("Give the rule a name.")))
        if not (isinstance(rule.percent, int) and 0 <= rule.percent <= 100):
            text = N_("“{value}” is no share; use whole per cent from 0 to 100.")
            found.append(Problem(f"{place}.percent", "range", text, {"value": rule.percent}))
        if not (isinstance(rule.delay_hours, int) and 1 <= rule.delay_hours <= MAX_HOURS):
            text = N_("“{value}” is no time; use whole hours from 1 to {high}.")
            found.append(Problem(f"{place}.delay_hours", "range", text,
                                 {"value": rule.delay_hours, "high": MAX_HOURS}))  # fmt: skip
    return found


def hidden(rules: Sequence[Rule]) -> list[tuple[int, int]]:
    """Return ``(place, place above)`` of each rule that one above it leaves nothing to."""
    found = []
    for place, rule in enumerate(rules):
        for above in range(place):
            if _covers(rules[above], rule):
                found.append((place, above))
                break
    return found


def _covers(first: Rule, second: Rule) -> bool:
    if not (first.active and second.active) or first.record != second.record:
        return False
    for name in CONDITIONS[first.record]:
        accepted = set(first.conditions.get(name) or ())
        wanted = set(second.conditions.get(name) or ())
        if accepted and (not wanted or not wanted <= accepted):
            return False
    return True
