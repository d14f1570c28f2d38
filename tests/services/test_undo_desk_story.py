"""Random work at the agents' desk, with what the program writes by itself in between.

Undoing every step restores each state, redoing brings each back; what the program notes by itself
(missed limits, notices, tiers by rule) never stands in the way.
"""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from svcdesk.domain.aids import Aid, AidKind
from svcdesk.domain.selection import Selection
from svcdesk.services import (
    aids,
    attachments,
    backups,
    breaches,
    bulk,
    checklists,
    contact_plans,
    customer_merge,
    customer_tiers,
    customers,
    deadlines,
    duplicates,
    handoffs,
    knowledge,
    knowledge_use,
    merging,
    notices,
    tags,
    ticket_links,
    tickets,
    time_spent,
    undo,
    visits,
)
from svcdesk.services.desk import Desk
from svcdesk.store import change_log, search
from svcdesk.store.documents import DOCUMENTS
from svcdesk.system.clock import FixedClock
from svcdesk.system.errors import ProblemsError, UserError
from svcdesk.system.job import ImmediateContext
from tests.conftest import NOW
from tests.services.desks import a_ticket, item

WORDS = ("空调", "退款", "发票")
# what the program writes by itself, not as a step of a person
OWN = {"sla_breach": None, "notification": None, "customer": {"tier", "tier_reasons"}}
DERIVED = ("ticket_episode", "ticket_pause", "customer_phone")
SOLVED = {"solution": "更换主板，试机正常", "resolution_code": "onsite"}
STEPS = ("wait_customer", "resume", "resolve", "reopen", "cancel", "close", "transfer", "accept")


def dump(desk: Desk) -> str:
    """Every row that people wrote and what is derived from it, without bookkeeping."""
    found = {}
    for table in change_log.logged_tables(desk.writer):
        left_out = OWN.get(table, set())
        if left_out is None:
            continue
        skipped = {"updated_at", "row_version"} | left_out
        names = [n for n in change_log.columns(desk.writer, table) if n not in skipped]
        found[table] = desk.writer.execute(
            f"SELECT {', '.join(names)} FROM {table} ORDER BY id"
        ).fetchall()
    for table in DERIVED:
        found[table] = desk.writer.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
    return json.dumps(found)


class DeskWork(RuleBasedStateMachine):
    """One desk and what agents do at it."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.clock = FixedClock(NOW)
        self.desk = Desk.create(Path(self.folder.name) / "d.svcdesk", clock=self.clock)
        actions = [
            {"do": "say", "kind": "public_reply", "text": "您好"},
            {"do": "tag", "add": "急"},
            {"do": "step", "action": "wait_customer"},
        ]
        self.macro = aids.save(
            self.desk, Aid(0, AidKind.MACRO, "等客户", body={"actions": actions})
        ).value
        items = [{"text": "核对序列号", "blocking": True}]
        self.list = aids.save(
            self.desk, Aid(0, AidKind.CHECKLIST, "安装", body={"items": items})
        ).value
        self.tickets = [a_ticket(self.desk, title="空调有问题"), a_ticket(self.desk)]
        self.start = undo.undoable(self.desk)
        self.states = [dump(self.desk)]

    def teardown(self) -> None:
        if not hasattr(self, "desk"):
            return
        for expected in reversed(self.states[:-1]):
            undo.undo(self.desk)
            assert dump(self.desk) == expected
        assert undo.undoable(self.desk) == self.start
        for expected in self.states[1:]:
            undo.redo(self.desk)
            assert dump(self.desk) == expected
        assert backups.check(self.desk) == []
        self.search_equals_contains()
        self.desk.close()
        self.folder.cleanup()

    def search_equals_contains(self) -> None:
        connection = self.desk.reader
        texts = connection.execute(
            DOCUMENTS["ticket"].select + "(SELECT id FROM ticket)"
        ).fetchall()
        for word in WORDS[:2]:
            expected = {key for key, text in texts if search.contains(text, word)}
            assert {key for key, _ in search.find(connection, word, ["ticket"])} == expected

    def do(self, work: Callable[[], Any]) -> Any:
        """Do something that may be refused; refused, it leaves no trace."""
        self.clock.advance(600)
        try:
            outcome = work()
        except (ProblemsError, UserError):
            assert dump(self.desk) == self.states[-1]
            return None
        state = dump(self.desk)
        if state != self.states[-1]:
            self.states.append(state)
        return outcome

    def one(self, data: st.DataObject) -> int:
        return data.draw(st.sampled_from(self.tickets))

    # -- the rules -----------------------------------------------------------------------------

    @rule(word=st.sampled_from(WORDS))
    def enter(self, word: str) -> None:
        made = self.do(lambda: a_ticket(self.desk, title=f"{word}有问题", checklists=[self.list]))
        self.tickets.append(made)

    @rule(data=st.data(), action=st.sampled_from(STEPS))
    def step(self, data: st.DataObject, action: str) -> None:
        key = self.one(data)
        values = {**SOLVED, "reason": "客户要求", "owner": self.desk.actor.id}
        self.do(lambda: tickets.step(self.desk, key, action, values))

    @rule(data=st.data(), kind=st.sampled_from(["public_reply", "call_in", "internal_note"]))
    def say(self, data: st.DataObject, kind: str) -> None:
        key = self.one(data)
        self.do(lambda: tickets.say(self.desk, key, "您好，已收到", kind))

    @rule(data=st.data(), department=st.sampled_from(["logistics", "product.inspection"]))
    def ask(self, data: st.DataObject, department: str) -> None:
        key = self.one(data)
        values = {"department_id": item(self.desk, "department", department), "request": "请核对"}
        self.do(lambda: handoffs.ask(self.desk, key, values))

    @rule(data=st.data(), what=st.sampled_from(["answer", "cancel", "promise"]))
    def answer(self, data: st.DataObject, what: str) -> None:
        waiting = tickets.get(self.desk, self.one(data)).open_handoffs
        if not waiting:
            return
        key = waiting[0]["id"]
        if what == "answer":
            self.do(lambda: handoffs.answer(self.desk, key, "已出库"))
        elif what == "cancel":
            self.do(lambda: handoffs.cancel(self.desk, key))
        else:
            self.do(lambda: handoffs.promise(self.desk, key, "2026-04-02"))

    @rule(data=st.data(), choice=st.sampled_from([{}, {"title": "source", "created_at": "source"}]))
    def merge(self, data: st.DataObject, choice: dict[str, str]) -> None:
        one, other = self.one(data), self.one(data)
        self.do(lambda: merging.merge(self.desk, one, other, choice))

    @rule(data=st.data())
    def unmerge(self, data: st.DataObject) -> None:
        key = self.one(data)
        self.do(lambda: merging.unmerge(self.desk, key))

    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:
        key = self.one(data)
        values = {"title": "发票另开", "description": "客户要求另开发票，抬头见备注"}
        made = self.do(lambda: ticket_links.split(self.desk, key, values))
        if made is not None:
            self.tickets.append(made.value)

    @rule(data=st.data())
    def different(self, data: st.DataObject) -> None:
        one, other = self.one(data), self.one(data)
        if one != other:
            self.do(lambda: duplicates.deny(self.desk, one, other))

    @rule(data=st.data(), what=st.sampled_from(["plan", "move", "arrive", "finish", "cancel"]))
    def visit(self, data: st.DataObject, what: str) -> None:
        desk, key = self.desk, self.one(data)
        planned = tickets.get(desk, key).next_visit
        window = {"window_start": desk.clock.now() + 3600, "technician_id": desk.actor.id}
        if what == "plan" or planned is None:
            self.do(lambda: visits.plan(desk, key, window))
        elif what == "move":
            self.do(lambda: visits.move(desk, planned["id"], {**window, "by": "company"}))
        elif what == "arrive":
            self.do(lambda: visits.arrive(desk, planned["id"]))
        elif what == "finish":
            self.do(lambda: visits.finish(desk, planned["id"], {"outcome": "done"}))
        else:
            self.do(lambda: visits.cancel(desk, planned["id"], "customer"))

    @rule(data=st.data(), what=st.sampled_from(["macro", "list", "tick", "time", "tag", "file"]))
    def aid(self, data: st.DataObject, what: str) -> None:
        desk, key = self.desk, self.one(data)
        checks = tickets.get(desk, key).checks
        works: dict[str, Callable[[], Any]] = {
            "macro": lambda: aids.run_macro(desk, key, self.macro),
            "list": lambda: checklists.add_list(desk, key, self.list),
            "tick": lambda: checklists.tick(desk, checks[0]["id"], done=True),
            "time": lambda: time_spent.add(desk, key, 15),
            "tag": lambda: tags.add(desk, key, "急"),
            "file": lambda: attachments.add(desk, key, "照片.txt", b"x" * (len(self.states))),
        }
        if what != "tick" or checks:
            self.do(works[what])

    @rule(
        data=st.data(),
        change=st.sampled_from(
            [
                bulk.Tag(add=("批量",), remove=("急",)),
                bulk.SetFields({"title": "退款改名"}),
                bulk.TakeStep("resolve", SOLVED),
                bulk.TakeStep("close", {}),
                bulk.TakeStep("wait_customer", {}),
            ]
        ),
    )
    def many(self, data: st.DataObject, change: bulk.Change) -> None:
        chosen = data.draw(st.lists(st.sampled_from(self.tickets), unique=True, min_size=1))
        selection = Selection.of("ticket", chosen)
        first = [tickets.get(self.desk, key).ticket["first_owner_id"] for key in chosen]
        self.do(lambda: bulk.apply(self.desk, selection, change, ImmediateContext()))
        assert first == [tickets.get(self.desk, key).ticket["first_owner_id"] for key in chosen]

    @rule(data=st.data(), what=st.sampled_from(["tier", "free", "merge", "apart", "plan", "phone"]))
    def customer(self, data: st.DataObject, what: str) -> None:
        desk = self.desk
        one = tickets.get(desk, self.one(data)).ticket["customer_id"]
        other = tickets.get(desk, self.one(data)).ticket["customer_id"]
        gone = desk.reader.execute(
            "SELECT id FROM customer WHERE merged_into_id IS NOT NULL ORDER BY id"
        ).fetchone()
        works: dict[str, Callable[[], Any]] = {
            "tier": lambda: customer_tiers.set_override(desk, one, "key", "大客户"),
            "free": lambda: customer_tiers.set_override(desk, one, None),
            "merge": lambda: customer_merge.merge(desk, one, other),
            "apart": lambda: customer_merge.unmerge(desk, gone[0] if gone else one),
            "plan": lambda: contact_plans.create(
                desk, "季度", "2026-04-01", "2026-06-30", people=[desk.actor.id]
            ),
            "phone": lambda: customers.change(desk, one, {"phones": ["13900001111"]}),
        }
        self.do(works[what])

    @rule(data=st.data())
    def article(self, data: st.DataObject) -> None:
        desk, key = self.desk, self.one(data)
        known = desk.reader.execute("SELECT id FROM knowledge WHERE deleted_at IS NULL").fetchone()
        if known is None:
            self.do(lambda: knowledge.make_case(desk, "case", ticket_id=key))
        else:
            self.do(lambda: knowledge_use.use(desk, key, known[0]))

    @rule(hours=st.integers(1, 60))
    def by_itself(self, hours: int) -> None:
        """What the program notes while time passes and somebody reads it."""
        self.clock.advance(hours * 3600)
        breaches.note_due(self.desk)
        notices.watch(self.desk)
        notices.mark_all_seen(self.desk)
        customer_tiers.recompute_daily(self.desk)
        assert deadlines.complete_warnings(self.desk) == 0
        assert breaches.note_due(self.desk) == 0
        assert notices.watch(self.desk) == []
        assert dump(self.desk) == self.states[-1]

    @rule(times=st.integers(1, 3), again=st.booleans())
    def take_back(self, times: int, again: bool) -> None:
        """Go back some steps, and forward again or on from there."""
        steps = min(times, len(self.states) - 1)
        for back in range(steps):
            undo.undo(self.desk)
            assert dump(self.desk) == self.states[-2 - back]
        if again:
            for forth in range(steps):
                undo.redo(self.desk)
                assert dump(self.desk) == self.states[len(self.states) - steps + forth]
        elif steps:
            del self.states[-steps:]
            there = {row[0] for row in self.desk.reader.execute("SELECT id FROM ticket").fetchall()}
            self.tickets = [key for key in self.tickets if key in there]


TestDeskWork = DeskWork.TestCase
TestDeskWork.settings = settings(
    max_examples=20, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck)
)
