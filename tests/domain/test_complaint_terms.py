"""Limits of complaints by hand: April 2026, with 清明 off on Mon 6 April."""

from typing import Any

import pytest

from svcdesk.domain.complaint import Severity
from svcdesk.domain.complaint_approval import approval_state, own_limit
from svcdesk.domain.complaint_severity import Proposal, Reason, SeverityFacts, propose
from svcdesk.domain.complaint_terms import (
    DEFAULT_LIMITS,
    TermKind,
    due_times,
    is_overdue,
    limits_from,
    terms,
)
from svcdesk.domain.people import A, S
from svcdesk.domain.settings import SETTINGS
from svcdesk.domain.sla import DueState
from tests.domain.calendars import at, china, wall

DEFAULTS = {setting.key: setting.default for setting in SETTINGS}


@pytest.mark.parametrize(
    ("severity", "received", "ack", "interim", "answer", "closing"),
    [
        # Thu 2 April 10:24: Fri 3, then the holiday weekend to Mon 6, Tue 7, Wed 8 …
        (Severity.NORMAL, "2026-04-02 10:24", "2026-04-03 10:24", None, "2026-04-08 18:00",
         "2026-04-08 18:00"),
        (Severity.MAJOR, "2026-04-02 10:24", "2026-04-02 22:24", "2026-04-07 18:00",
         "2026-04-10 18:00", "2026-04-10 18:00"),
        (Severity.URGENT, "2026-04-02 10:24", "2026-04-02 12:24", None, "2026-04-03 10:24",
         "2026-04-03 10:24"),
        # the day of receipt never counts, however early it came in
        (Severity.NORMAL, "2026-04-02 00:00", "2026-04-03 00:00", None, "2026-04-08 18:00",
         "2026-04-08 18:00"),
        # Fri 25 September, 中秋: Sat 26 and Sun 27 are off with it, Mon 28 to Wed 30 count
        (Severity.NORMAL, "2026-09-25 12:00", "2026-09-26 12:00", None, "2026-09-30 18:00",
         "2026-09-30 18:00"),
        # Sat 10 October is a working day that makes up for the holiday: it counts
        (Severity.NORMAL, "2026-10-08 09:00", "2026-10-09 09:00", None, "2026-10-12 18:00",
         "2026-10-12 18:00"),
    ],
)  # fmt: skip
def test_limits_by_severity(
    severity: Severity, received: str, ack: str, interim: str | None, answer: str, closing: str
) -> None:
    found = due_times(severity, at(received), china())
    assert wall(found.ack) == ack
    assert (None if found.interim is None else wall(found.interim)) == interim
    assert (wall(found.answer), wall(found.closing)) == (answer, closing)


def test_the_settings_hold_the_same_limits() -> None:
    assert limits_from(DEFAULTS) == DEFAULT_LIMITS
    changed = limits_from({**DEFAULTS, "complaint_closing_normal": 1, "complaint_ack_major": 1})
    found = due_times(Severity.NORMAL, at("2026-04-02 10:24"), china(), changed)
    assert wall(found.closing) == "2026-04-03 18:00"
    assert wall(found.answer) == "2026-04-08 18:00"
    major = due_times(Severity.MAJOR, at("2026-04-02 10:24"), china(), changed)
    assert wall(major.ack) == "2026-04-02 11:24"


def complaint(**more: Any) -> dict[str, Any]:
    received = at("2026-04-02 10:24")
    times = due_times(Severity.MAJOR, received, china())
    return {
        "received_at": received, "severity": "major", "status": "investigating",
        "due_at": times.closing, **times.columns(), "contacted_at": None,
        "interim_feedback_at": None, "responded_at": None, "first_resolved_at": None, **more,
    }  # fmt: skip


def states(record: dict[str, Any], now: str) -> dict[TermKind, DueState]:
    return {term.kind: term.clock.state for term in terms(record, china(), at(now))}


def test_a_limit_is_kept_at_its_last_second_and_missed_one_later() -> None:
    due = at("2026-04-02 22:24")
    for done, met in ((due, True), (due + 1, False)):
        first = terms(complaint(contacted_at=done), china(), at("2026-04-30 10:00"))[0]
        assert (first.kind, first.met) == (TermKind.ACK, met)
    late = terms(complaint(contacted_at=due + 90), china(), at("2026-04-30 10:00"))[0]
    assert late.clock.left == -90


def test_open_limits_come_near_and_pass() -> None:
    # 12 hours to the first contact: soon when under 20 % (2 h 24 min) are left
    assert states(complaint(), "2026-04-02 20:00")[TermKind.ACK] is DueState.OK
    assert states(complaint(), "2026-04-02 20:01")[TermKind.ACK] is DueState.DUE_SOON
    now = "2026-04-08 09:30"
    assert states(complaint(), now) == {
        TermKind.ACK: DueState.OVERDUE,
        TermKind.INTERIM: DueState.OVERDUE,
        TermKind.ANSWER: DueState.OK,
        TermKind.CLOSING: DueState.OK,
    }


def test_an_answer_settles_the_interim_feedback() -> None:
    record = complaint(responded_at=at("2026-04-03 09:00"), contacted_at=at("2026-04-02 11:00"))
    assert states(record, "2026-04-30 10:00")[TermKind.INTERIM] is DueState.DONE


def test_a_withdrawn_complaint_owes_nothing() -> None:
    assert terms(complaint(status="withdrawn"), china(), at("2026-04-30 10:00")) == []


def test_overdue_is_after_the_deadline_not_at_it() -> None:
    record = complaint()
    assert not is_overdue(record, record["due_at"])
    assert is_overdue(record, record["due_at"] + 1)
    assert not is_overdue(complaint(status="closed"), record["due_at"] + 1)


# -- severity -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        (SeverityFacts("等了两天没有回电"), []),
        (SeverityFacts("充电时冒烟，要发律师函"), [("safety", "冒烟"), ("legal", "律师函")]),
        (SeverityFacts(demand=499_999), []),
        (SeverityFacts(demand=500_000), [("amount", "¥5,000.00")]),
        (SeverityFacts(demand=500_000, major_demand=500_001), []),
        (SeverityFacts(demand=100, major_demand=100), [("amount", "¥1.00")]),
        (SeverityFacts(chain=2), []),
        (SeverityFacts(chain=3), [("chain", "3")]),
        (SeverityFacts(in_group=True, group="QT-1", exposure=True, key_customer=True),
         [("group", "QT-1"), ("exposure", ""), ("key_customer", "")]),
    ],
)  # fmt: skip
def test_severity_is_proposed_with_every_reason(
    facts: SeverityFacts, reasons: list[tuple[str, str]]
) -> None:
    found = propose(facts)
    assert [(reason.code, reason.evidence) for reason in found.reasons] == reasons
    assert found.severity is (Severity.MAJOR if reasons else Severity.NORMAL)


def test_a_proposal_is_made_anew_for_a_new_reason_only() -> None:
    proposal = Proposal(Severity.MAJOR, (Reason("exposure"),))
    assert proposal.exceeds("normal", [])
    assert not proposal.exceeds("normal", ["exposure"])  # a person chose otherwise knowing it
    assert not proposal.exceeds("major", [])
    assert not proposal.exceeds("urgent", [])


# -- approval -------------------------------------------------------------------------------------


def row(state: str, amount: int = 80_000) -> dict[str, Any]:
    return {"state": state, "amount": amount}


@pytest.mark.parametrize(
    ("amount", "rows", "state"),
    [
        (None, [], "none"),
        (50_000, [], "none"),  # exactly the limit
        (50_001, [], "missing"),
        (80_000, [row("open")], "open"),
        (80_000, [row("granted")], "granted"),
        (80_001, [row("granted")], "missing"),  # more than was granted
        (60_000, [row("granted")], "granted"),
        (80_000, [row("refused")], "refused"),
        (60_000, [row("refused")], "missing"),  # less than was refused: ask again
        (80_000, [row("refused"), row("granted")], "granted"),
        (80_000, [row("granted"), row("dropped")], "granted"),
        (50_000, [row("refused")], "none"),
    ],
)
def test_how_an_approval_stands(amount: int | None, rows: list[Any], state: str) -> None:
    assert approval_state(amount, 50_000, rows) == state


def test_who_grants_how_much_alone() -> None:
    assert own_limit(tuple(A), 50_000, 500_000) == 50_000
    assert own_limit(tuple(S), 50_000, 500_000) == 500_000
    assert own_limit(tuple(S), 50_000, 0) == 50_000
