"""Duplicates, merging with a choice per field, the exact way back, links and splitting."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svcdesk.domain.people import Role
from svcdesk.services import dashboards, duplicates, merging, ticket_links, tickets, undo
from svcdesk.services import settings as desk_settings
from svcdesk.services.desk import Desk
from svcdesk.store import ticket_parts
from svcdesk.system.clock import FixedClock
from svcdesk.system.errors import ProblemsError, UserError
from tests.conftest import NOW
from tests.services.desks import a_ticket, item
from tests.services.test_undo_story import dump


@pytest.fixture(autouse=True)
def supervisor(request: pytest.FixtureRequest) -> None:
    if "desk" in request.fixturenames:
        be_supervisor(request.getfixturevalue("desk"))


def be_supervisor(desk: Desk) -> None:
    roles = [Role.SUPERVISOR, Role.AGENT, Role.ADMIN]
    desk_settings.change_person(desk, desk.actor.id, "周敏", roles)


def two(desk: Desk, clock: FixedClock, **more: object) -> tuple[int, int]:
    """Return an earlier ticket and a later one of the same customer."""
    first = a_ticket(desk, title="空调不制冷")
    clock.advance(600)
    customer = tickets.get(desk, first).ticket["customer_id"]
    values = {"title": "空调坏了，快来", "priority": "high", "new_customer": None, **more}
    return first, a_ticket(desk, customer_id=customer, **values)


def test_the_window_of_suspicion_is_exact(desk: Desk, clock: FixedClock) -> None:
    first, second = two(desk, clock)
    customer = tickets.get(desk, first).ticket["customer_id"]
    quality = item(desk, "issue", "quality")
    base = {"customer_id": customer, "issue_id": quality}
    at = {"created_at": NOW + 1800}
    assert [s.id for s in duplicates.similar(desk, {**base, **at})] == [second, first]
    assert [s.id for s in duplicates.similar(desk, {**base, "created_at": NOW + 1801})] == [second]
    other = item(desk, "issue", "delivery")
    assert duplicates.similar(desk, {**base, **at, "issue_id": other}) == []
    assert duplicates.similar(desk, {**base, **at, "customer_id": customer + 1}) == []
    # the channel is irrelevant, a product counts only where both name one
    with desk.write("x") as uow:
        a = uow.insert("product", {"product_no": "P1", "name": "空调"})
        b = uow.insert("product", {"product_no": "P2", "name": "冰箱"})
        uow.update("ticket", first, {"product_id": a})
    assert [s.id for s in duplicates.similar(desk, {**base, **at, "product_id": b})] == [second]
    assert len(duplicates.similar(desk, {**base, **at, "product_id": a})) == 2


def test_a_verdict_is_kept(desk: Desk, clock: FixedClock) -> None:
    first, second = two(desk, clock)
    assert [s.id for s in tickets.get(desk, second).suspects] == [first]
    assert [s.id for s in tickets.get(desk, first).suspects] == [second]
    duplicates.deny(desk, second, first)
    assert tickets.get(desk, first).suspects == []
    assert tickets.get(desk, second).suspects == []
    undo.undo(desk)
    assert len(tickets.get(desk, first).suspects) == 1


def test_the_same_external_number_is_refused(desk: Desk) -> None:
    a_ticket(desk, external_no="WX-7")
    with pytest.raises(ProblemsError, match="GD202604-0001 has this external number"):
        a_ticket(desk, external_no="WX-7")
    key = a_ticket(desk, external_no="WX-8")
    tickets.change(desk, key, {"title": "改名"})  # its own number is no conflict


def test_linking_while_entering(desk: Desk) -> None:
    first = a_ticket(desk)
    second = a_ticket(desk, related_to=[first])
    assert [(k["other_id"], k["kind"]) for k in tickets.get(desk, first).links] == [
        (second, "related")
    ]
    assert [k["other_id"] for k in tickets.get(desk, second).links] == [first]


def test_preview_and_choice_per_field(desk: Desk, clock: FixedClock) -> None:
    first, second = two(desk, clock)
    found = merging.preview(desk, second, first)
    differing = {d.name: (d.source, d.target) for d in found.differences}
    assert differing == {
        "title": ("空调坏了，快来", "空调不制冷"),
        "priority": ("high", "normal"),
        "created_at": (NOW + 600, NOW),
    }
    assert found.parts == {"ticket_event": 2}
    before = tickets.get(desk, first)
    assert merging.merge(desk, second, first, {"priority": "source"}).value == first
    target, source = tickets.get(desk, first), tickets.get(desk, second)
    assert (target.ticket["priority"], target.ticket["title"]) == ("high", "空调不制冷")
    assert source.ticket["status"] == "merged"
    assert source.merged_into == (first, "GD202604-0001")
    assert [m.id for m in target.merged_in] == [second]
    # the history of the target goes on where it was; the other one stays its own
    kept = [e["id"] for e in before.events]
    assert [e["id"] for e in target.events][: len(kept)] == kept


def test_the_earlier_receipt_can_be_taken(desk: Desk, clock: FixedClock) -> None:
    first, second = two(desk, clock)
    due = tickets.get(desk, second).ticket["due_at"]
    merging.merge(desk, first, second, {"created_at": "source"})
    ticket = tickets.get(desk, second).ticket
    assert ticket["created_at"] == NOW
    assert ticket["due_at"] == due - 600
    merging.unmerge(desk, first)
    assert tickets.get(desk, second).ticket["created_at"] == NOW + 600
    assert tickets.get(desk, second).ticket["due_at"] == due


def test_merged_tickets_leave_the_figures(desk: Desk, clock: FixedClock) -> None:
    first, second = two(desk, clock)
    clock.advance(60)
    period = dashboards.period_of(desk, "2026-04")

    def created() -> int:
        found = dashboards.figures(desk, period, metric_ids=["ticket_created"])
        return int(found["ticket_created"].num or 0)

    assert created() == 2
    merging.merge(desk, second, first, {})
    clock.advance(60)
    assert created() == 1
    merging.unmerge(desk, second)
    clock.advance(60)
    assert created() == 2


def test_undoing_a_merge_is_exact(desk: Desk, clock: FixedClock) -> None:
    first, second = two(desk, clock)
    before = dump(desk)
    merging.merge(desk, second, first, {"priority": "source", "created_at": "source"})
    merged = dump(desk)
    undo.undo(desk)
    assert dump(desk) == before
    undo.redo(desk)
    assert dump(desk) == merged


def test_unmerging_gives_back_only_what_nobody_changed_since(desk: Desk, clock: FixedClock) -> None:
    first, second = two(desk, clock)
    merging.merge(desk, second, first, {"priority": "source", "title": "source"})
    tickets.change(desk, first, {"title": "第三个标题"})
    tickets.step(desk, second, "unmerge", {})
    ticket = tickets.get(desk, first).ticket
    assert (ticket["priority"], ticket["title"]) == ("normal", "第三个标题")
    source = tickets.get(desk, second).ticket
    assert (source["status"], source["merged_into_id"]) == ("new", None)
    assert tickets.get(desk, first).merged_in == []


def test_only_a_supervisor_unmerges(desk: Desk, clock: FixedClock) -> None:
    first, second = two(desk, clock)
    merging.merge(desk, second, first, {})
    agent = desk_settings.add_person(desk, "小王", [Role.AGENT]).value
    desk.act_as(agent)
    with pytest.raises(ProblemsError, match="not open to this role"):
        merging.unmerge(desk, second)


def test_words_on_a_merged_ticket_go_where_it_went(desk: Desk, clock: FixedClock) -> None:
    first, second = two(desk, clock)
    third = a_ticket(desk, new_customer={"name": "丁"})
    merging.merge(desk, second, first, {})
    merging.merge(desk, first, third, {})
    assert tickets.say(desk, second, "您好", "public_reply").value == third
    assert tickets.get(desk, third).events[-1]["text"] == "您好"
    assert [m.id for m in tickets.get(desk, third).merged_in] == [first, second]


def test_what_cannot_be_merged_is_told(desk: Desk, clock: FixedClock) -> None:
    first, second = two(desk, clock)
    with pytest.raises(ProblemsError, match="into itself"):
        merging.merge(desk, first, first, {})
    merging.merge(desk, second, first, {})
    with pytest.raises(ProblemsError, match="into itself"):  # second stands for first now
        merging.merge(desk, first, second, {})
    assert merging.preview(desk, a_ticket(desk), second).followed
    with pytest.raises(ProblemsError, match="no step"):
        merging.merge(desk, second, a_ticket(desk), {})
    gone = a_ticket(desk)
    tickets.step(desk, gone, "cancel", {"reason": "误报"})
    with pytest.raises(ProblemsError, match="is cancelled"):
        merging.merge(desk, first, gone, {})


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["merge", "unmerge", "undo"]), st.integers(0, 4),
                  st.integers(0, 4), st.sets(st.sampled_from(["title", "priority", "created_at"]))),
        max_size=14,
    )
)  # fmt: skip
def test_no_order_of_merges_makes_a_circle(
    steps: list[tuple[str, int, int, set[str]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = FixedClock(NOW)
        with Desk.create(Path(folder) / "d.svcdesk", clock=clock) as desk:
            be_supervisor(desk)
            keys = [a_ticket(desk, title=f"第{n}张") for n in range(5)]
            before = dump(desk)
            done = 0
            for action, one, other, chosen in steps:
                clock.advance(60)
                try:
                    if action == "merge":
                        choices = dict.fromkeys(chosen, "source")
                        merging.merge(desk, keys[one], keys[other], choices)
                        done += 1
                    elif action == "unmerge":
                        merging.unmerge(desk, keys[one])
                        done += 1
                    elif done:
                        undo.undo(desk)
                        done -= 1
                except ProblemsError:
                    continue
                into = dict(desk.reader.execute("SELECT id, merged_into_id FROM ticket").fetchall())
                for key in keys:
                    seen = {key}
                    at = into[key]
                    while at is not None:
                        assert at not in seen
                        seen.add(at)
                        at = into[at]
                    end = ticket_parts.merge_target(desk.reader, key)
                    assert tickets.get(desk, end).ticket["status"] != "merged"
            for _ in range(done):
                undo.undo(desk)
            assert dump(desk) == before


def test_links_are_refused_with_a_sentence(desk: Desk) -> None:
    first, second = a_ticket(desk), a_ticket(desk)
    key = ticket_links.add(desk, first, " gd202604-0002 ", "follow_up").value
    (link,) = tickets.get(desk, second).links
    assert (link["number"], link["kind"]) == ("GD202604-0001", "follow_up")
    for number, text in (("GD202604-0001", "itself"), ("GD9", "no ticket"),
                         ("GD202604-0002", "already")):  # fmt: skip
        with pytest.raises(ProblemsError, match=text):
            ticket_links.add(desk, first, number, "follow_up")
    ticket_links.add(desk, second, "GD202604-0001", "related")  # another kind is another link
    ticket_links.remove(desk, key)
    assert [k["kind"] for k in tickets.get(desk, first).links] == ["related"]
    with pytest.raises(UserError, match="does not exist"):
        ticket_links.remove(desk, key)


def test_splitting_carries_customer_product_and_channel(desk: Desk, clock: FixedClock) -> None:
    first = a_ticket(desk, order_no="D1")
    clock.advance(600)
    second = ticket_links.split(
        desk, first, {"title": "另要求开发票", "description": "客户还要求补开发票一张"}
    ).value
    before, made = tickets.get(desk, first), tickets.get(desk, second)
    for name in ("customer_id", "product_id", "channel_id", "order_no"):
        assert made.ticket[name] == before.ticket[name]
    assert made.ticket["created_at"] == NOW + 600
    assert [(k["kind"], k["other_id"]) for k in made.links] == [("split", first)]
    assert before.events[-1]["name"] == "split"
    assert made.suspects == []  # the two were told apart by hand
    undo.undo(desk)
    assert tickets.get(desk, first).links == []
    with pytest.raises(ProblemsError):
        ticket_links.split(desk, first, {"title": " "})


def test_escalating_keeps_state_and_owner_and_tells_supervisors(desk: Desk) -> None:
    key = a_ticket(desk)
    boss = desk_settings.add_person(desk, "陈雨", [Role.SUPERVISOR]).value
    tickets.escalate(desk, key, "supervisor", "客户要求尽快处理")
    detail = tickets.get(desk, key)
    assert detail.ticket["status"] == "in_progress"
    assert detail.ticket["escalated_at"] == NOW
    assert (detail.events[-1]["name"], detail.events[-1]["text"]) == (
        "supervisor",
        "客户要求尽快处理",
    )
    rows = desk.reader.execute("SELECT person_id, kind FROM notification").fetchall()
    assert rows == [(boss, "escalated")]
    with pytest.raises(ProblemsError) as caught:
        tickets.escalate(desk, key, "external", " ")
    assert {p.field for p in caught.value.problems} == {"level", "reason"}


def test_a_verdict_is_kept_once(desk: Desk, clock: FixedClock) -> None:
    one, other = two(desk, clock)
    duplicates.deny(desk, one, other)
    duplicates.deny(desk, other, one)
    count = desk.reader.execute("SELECT count(*) FROM detection_verdict").fetchone()[0]
    assert count == 1
