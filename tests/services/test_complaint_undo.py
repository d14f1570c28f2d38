"""Whatever is done to a complaint is taken back whole, in any order."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.domain.people import Role
from svcdesk.services import (
    complaint_approvals,
    complaint_cases,
    complaint_departments,
    complaint_exposure,
    complaint_links,
    complaint_terms,
    complaint_trace,
    complaints,
    undo,
)
from svcdesk.services import settings as desk_settings
from svcdesk.services.desk import Desk
from svcdesk.system.clock import FixedClock
from tests.services.desks import a_complaint, a_ticket, item

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = 1_775_008_800
DAY = 86_400
TABLES = ("complaint", "complaint_text", "complaint_event", "complaint_department",
          "complaint_extension", "complaint_approval", "complaint_case", "complaint_escalation",
          "complaint_ticket", "complaint_trace", "exposure_note", "ticket_event")  # fmt: skip
_UNLIKE = {"updated_at", "row_version"}  # every write moves them on


def shown(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row that is not deleted."""
    found = {}
    for table in TABLES:
        names = [
            row[1] for row in desk.reader.execute(f"PRAGMA table_info({table})").fetchall()
            if row[1] not in _UNLIKE
        ]  # fmt: skip
        found[table] = desk.reader.execute(
            f"SELECT {', '.join(names)} FROM {table} WHERE deleted_at IS NULL ORDER BY id"
        ).fetchall()
    return found


def _due(desk: Desk, key: int) -> int:
    return int(complaints.get(desk, key).complaint["due_at"])


def _task(desk: Desk, key: int) -> None:
    service = item(desk, "department", "service")
    row = complaint_departments.ask(desk, key, {"department_id": service, "task": "核对"}).value
    complaint_departments.answer(desk, row, "已核对")


def last_step(desk: Desk) -> int:
    """Return which step would be undone now."""
    step = undo.undoable(desk)
    assert step is not None
    return step.operation_id


ACTIONS: dict[str, Callable[[Desk, int], object]] = {
    "change": lambda d, k: complaints.change(d, k, {"region": "宁波", "compensation": 600_000}),
    "contact": lambda d, k: complaints.note(d, k, "contacted", ""),
    "task": _task,
    "extend": lambda d, k: complaints.extend(d, k, _due(d, k) + DAY, "等待鉴定"),
    "escalate": lambda d, k: complaint_terms.escalate(
        d, k, {"level": "supervisor", "cause": "customer", "reason": "客户要求"}),
    "case": lambda d, k: complaint_cases.save(
        d, k, {"body": "12345", "case_no": f"N{len(complaints.get(d, k).cases)}",
               "received_at": NOW}),
    "exposure": lambda d, k: complaint_exposure.note(d, k, {"text": "观察", "state": "answered"}),
    "trace": lambda d, k: complaint_trace.save(
        d, k, {"cause": "漏记", "department_id": item(d, "department", "service"),
               "penalty_note": "提醒"}),
    "tell": lambda d, k: complaint_terms.tell(
        d, k, {"told_at": NOW, "told_channel_id": item(d, "channel", "phone")}),
    "reject": lambda d, k: complaints.step(d, k, "reject", {"reject_reason": "重复登记"}),
}  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(sorted(set(ACTIONS) - {"reject"})), min_size=1, max_size=6),
       st.booleans())  # fmt: skip
def test_everything_done_is_undone(names: list[str], reject: bool) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        Desk.create(Path(folder) / "d.svcdesk", clock=FixedClock(NOW)) as desk,
    ):
        key = a_complaint(desk, channel_id=item(desk, "channel", "social"))
        first, before = last_step(desk), shown(desk)
        for name in [*names, *(["reject"] if reject else [])]:
            ACTIONS[name](desk, key)
        after, steps = shown(desk), 0
        while last_step(desk) != first:
            undo.undo(desk)
            steps += 1
        assert shown(desk) == before
        for _step in range(steps):
            undo.redo(desk)
        assert shown(desk) == after


def test_an_approval_and_a_link_are_undone(tmp_path: Path) -> None:
    with Desk.create(tmp_path / "d.svcdesk", clock=FixedClock(NOW)) as desk:
        boss = desk.actor.id
        key, ticket = a_complaint(desk), a_ticket(desk)
        agent = desk_settings.add_person(desk, "小周", [Role.AGENT]).value
        desk.act_as(agent)
        complaints.change(desk, key, {"compensation": 90_000})
        desk.act_as(boss)
        before = shown(desk)
        request = complaints.get(desk, key).approvals[0]["id"]
        complaint_approvals.decide(desk, request, grant=True)
        number = desk.reader.execute(
            "SELECT ticket_no FROM ticket WHERE id = ?", (ticket,)
        ).fetchone()[0]
        complaint_links.add(desk, key, number.lower())
        undo.undo(desk)
        undo.undo(desk)
        assert shown(desk) == before
