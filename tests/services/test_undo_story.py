"""Random work at a desk: undoing every step restores each state, redoing brings each back."""

import json
import tempfile
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from svcdesk.services import backups, callbacks, complaints, customers, tickets, undo
from svcdesk.services.desk import Desk
from svcdesk.store import change_log, search
from svcdesk.store.documents import DOCUMENTS
from svcdesk.system.clock import FixedClock
from svcdesk.system.errors import ProblemsError, UserError
from tests.conftest import NOW
from tests.services.desks import a_complaint, a_ticket

WORDS = ("空调", "退款", "发票", "冰箱", "甲醛")
DERIVED = ("ticket_episode", "ticket_pause", "complaint_episode", "customer_phone")


def dump(desk: Desk) -> str:
    """Every business row and every derived one, without bookkeeping."""
    found = {}
    for table in change_log.logged_tables(desk.writer):
        names = [
            n
            for n in change_log.columns(desk.writer, table)
            if n not in {"updated_at", "row_version"}
        ]
        found[table] = desk.writer.execute(
            f"SELECT {', '.join(names)} FROM {table} ORDER BY id"
        ).fetchall()
    for table in DERIVED:
        found[table] = desk.writer.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
    return json.dumps(found)


class Work(RuleBasedStateMachine):
    """One desk and what is done at it."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.clock = FixedClock(NOW)
        self.desk = Desk.create(Path(self.folder.name) / "d.svcdesk", clock=self.clock)
        self.states = [dump(self.desk)]
        self.tickets: list[int] = []
        self.complaints: list[int] = []

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.unwind()
            self.desk.close()
            self.folder.cleanup()

    def unwind(self) -> None:
        """Undo everything, then redo everything."""
        for expected in reversed(self.states[:-1]):
            undo.undo(self.desk)
            assert dump(self.desk) == expected
        assert undo.undoable(self.desk) is None
        for expected in self.states[1:]:
            undo.redo(self.desk)
            assert dump(self.desk) == expected
        assert backups.check(self.desk) == []

    def done(self) -> None:
        state = dump(self.desk)
        if state != self.states[-1]:
            self.states.append(state)

    @rule(word=st.sampled_from(WORDS), minutes=st.integers(0, 600))
    def enter(self, word: str, minutes: int) -> None:
        self.clock.advance(minutes * 60)
        self.tickets.append(a_ticket(self.desk, title=f"{word}有问题"))
        self.done()

    @precondition(lambda self: getattr(self, "tickets", None))
    @rule(
        data=st.data(),
        action=st.sampled_from(["reply", "wait_customer", "resume", "resolve", "reopen", "cancel"]),
    )
    def work(self, data: st.DataObject, action: str) -> None:
        key = data.draw(st.sampled_from(self.tickets))
        self.clock.advance(600)
        try:
            if action == "reply":
                tickets.say(self.desk, key, "您好，已收到", "public_reply")
            else:
                entered = {
                    "solution": "更换主板，试机正常",
                    "resolution_code": "onsite",
                    "reason": "客户取消",
                }
                tickets.step(self.desk, key, action, entered)
        except ProblemsError:
            return
        self.done()

    @precondition(lambda self: getattr(self, "tickets", None))
    @rule(data=st.data(), word=st.sampled_from(WORDS))
    def rename(self, data: st.DataObject, word: str) -> None:
        key = data.draw(st.sampled_from(self.tickets))
        self.clock.advance(60)
        tickets.change(self.desk, key, {"title": f"{word}改名"})
        self.done()

    @rule(same=st.booleans())
    def complain(self, same: bool) -> None:
        self.clock.advance(7200)
        more = {}
        if same and self.complaints:
            known = complaints.get(self.desk, self.complaints[-1]).complaint["customer_id"]
            more = {"new_customer": None, "customer_id": known}
        self.complaints.append(a_complaint(self.desk, **more))
        self.done()

    @precondition(lambda self: getattr(self, "desk", None) and callbacks.next_task(self.desk))
    @rule(score=st.integers(1, 5))
    def call(self, score: int) -> None:
        task = callbacks.next_task(self.desk)
        assert task is not None
        self.clock.advance(3600)
        callbacks.record(
            self.desk, task, "connected",
            {"result": "satisfied", "csat": score, "comment": "还可以", "nps": 8},
        )  # fmt: skip
        self.done()

    @rule(name=st.text("张王李赵晓明", min_size=1, max_size=3))
    def meet(self, name: str) -> None:
        customers.create(self.desk, {"name": name, "phones": ["13900001111"]})
        self.done()

    @invariant()
    def search_equals_contains(self) -> None:
        if not hasattr(self, "desk"):
            return
        connection = self.desk.reader
        texts = connection.execute(
            DOCUMENTS["ticket"].select + "(SELECT id FROM ticket)"
        ).fetchall()
        for word in WORDS[:2]:
            expected = {key for key, text in texts if search.contains(text, word)}
            assert {key for key, _ in search.find(connection, word, ["ticket"])} == expected


TestWork = Work.TestCase
TestWork.settings = settings(
    max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_undo_of_nothing_says_so(desk: Desk) -> None:
    with pytest.raises(UserError, match="nothing to undo"):
        undo.undo(desk)
