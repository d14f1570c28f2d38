"""Detection as people meet it: windows at their edges, answers, alarms, every way it is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from svcdesk.services import (
    complaint_merging,
    complaints,
    customer_merge,
    detection,
    detection_findings,
    detection_preview,
    detection_settings,
    imports,
    notices,
    settings,
    undo,
)
from svcdesk.store import detections
from svcdesk.system.errors import ProblemsError, UserError
from svcdesk.system.job import Cancelled, ImmediateContext
from tests.services.desks import a_complaint, a_ticket, item

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

MINUTE, HOUR, DAY = 60, 3600, 86400
NOBODY_WAITS = ImmediateContext()


def of(desk: Desk, key: int) -> dict[str, Any]:
    return complaints.get(desk, key).complaint


def product(desk: Desk, name: str = "SD-7 扫地机器人") -> int:
    with desk.write("Add") as uow:
        return uow.insert("product", {"product_no": name[:4], "name": name})


def again(desk: Desk, customer: int, **more: Any) -> int:
    return a_complaint(desk, new_customer=None, customer_id=customer, **more)


def customer_of(desk: Desk, key: int) -> int:
    return int(of(desk, key)["customer_id"])


def group_no(desk: Desk, key: int) -> str | None:
    group = complaints.get(desk, key).group
    return None if group is None else str(group["group_no"])


def consistent(desk: Desk) -> None:
    """Applying the rules to everything finds nothing else."""
    with desk.write("all", kind="system") as uow:
        rules = detections.settings_from(desk.reference.settings)
        detections.recompute(uow, rules, desk.zone, words=True)
    assert uow.changes.is_empty


def three(desk: Desk, clock: FixedClock, **more: Any) -> tuple[int, list[int]]:
    """Three customers complain about one product on three days."""
    thing = product(desk)
    keys = []
    for name in ("甲", "乙", "丙"):
        keys.append(a_complaint(desk, new_customer={"name": name}, product_id=thing, **more))
        clock.advance(DAY)
    return thing, keys


# -- edges ----------------------------------------------------------------------------------------


def test_thirty_days_to_the_second(desk: Desk, clock: FixedClock) -> None:
    now = clock.now()
    first = a_complaint(desk, received_at=now - 61 * DAY)
    customer = customer_of(desk, first)
    second = again(desk, customer, received_at=now - 31 * DAY)
    third = again(desk, customer, received_at=now - DAY + 1)
    assert of(desk, second)["repeat_of_id"] == first  # exactly 30 × 24 h
    assert of(desk, third)["repeat_of_id"] is None  # one second more
    assert (of(desk, second)["chain"], of(desk, third)["chain"]) == (2, 1)


@pytest.mark.parametrize(
    ("minutes", "other", "expected"),
    [
        (60, "same", "duplicate"),
        (60, "another", "repeat"),
        (60, "blank", "repeat"),
        (61, "same", "repeat"),
    ],
)
def test_sixty_minutes_and_the_product(
    desk: Desk, clock: FixedClock, minutes: int, other: str, expected: str
) -> None:
    products = {"same": product(desk), "another": product(desk, "另一款"), "blank": None}
    first = a_complaint(desk, product_id=products["same"])
    clock.advance(minutes * MINUTE)
    stored = of(desk, again(desk, customer_of(desk, first), product_id=products[other]))
    found = "duplicate" if stored["duplicate_of_id"] else "repeat"
    assert (found, stored["repeat_of_id"] or stored["duplicate_of_id"]) == (expected, first)


def test_both_blank_are_the_same_product(desk: Desk, clock: FixedClock) -> None:
    first = a_complaint(desk)
    clock.advance(60 * MINUTE)
    assert of(desk, again(desk, customer_of(desk, first)))["duplicate_of_id"] == first


def test_the_example_of_two_measures(desk: Desk, clock: FixedClock) -> None:
    """32 days after the receipt, 30 days after the end: a second complaint, no repeat (4.2)."""
    first = a_complaint(desk)
    customer = customer_of(desk, first)
    clock.advance(2 * DAY)
    for step, values in (
        ("accept", {"resp_dept_id": item(desk, "department", "service"),
                    "handler_id": desk.actor.id}),
        ("investigate", {}),
        ("respond", {"cause": "排班疏漏", "answer": "已致歉并安排回电"}),
        ("resolve", {"remedy": ["apology"], "liability": "liable"}),
    ):  # fmt: skip
        complaints.step(desk, first, step, values)
    assert of(desk, first)["first_resolved_at"] == clock.now()
    clock.advance(30 * DAY)
    later = of(desk, again(desk, customer))
    assert (later["repeat_of_id"], later["second_of_id"]) == (None, first)
    clock.advance(1)
    assert of(desk, again(desk, customer))["second_of_id"] is None


def test_a_withdrawn_one_is_a_predecessor_a_rejected_one_is_not(
    desk: Desk, clock: FixedClock
) -> None:
    first = a_complaint(desk)
    customer = customer_of(desk, first)
    clock.advance(DAY)
    second = again(desk, customer)
    complaints.step(desk, first, "accept", {"resp_dept_id": item(desk, "department", "service"),
                                            "handler_id": desk.actor.id})  # fmt: skip
    complaints.step(desk, first, "withdraw", {"withdraw_evidence": "电话录音 0311"})
    assert of(desk, second)["repeat_of_id"] == first
    clock.advance(DAY)
    third = again(desk, customer)
    complaints.step(desk, second, "reject", {"reject_reason": "不在服务范围"})
    assert (of(desk, second)["repeat_of_id"], of(desk, second)["chain"]) == (None, 1)
    assert (of(desk, third)["repeat_of_id"], of(desk, third)["chain"]) == (first, 2)
    complaints.step(desk, second, "appeal", {"reason": "属于服务范围"})
    assert (of(desk, third)["repeat_of_id"], of(desk, third)["chain"]) == (second, 3)
    consistent(desk)


def test_seven_days_to_the_second_and_customers_not_complaints(
    desk: Desk, clock: FixedClock
) -> None:
    thing, now = product(desk), clock.now()
    ones = [
        a_complaint(desk, new_customer={"name": "甲"}, product_id=thing, received_at=now - 9 * DAY)
    ]
    ones += [again(desk, customer_of(desk, ones[0]), product_id=thing,
                   received_at=now - 9 * DAY + n * HOUR) for n in (2, 4)]  # fmt: skip
    assert all(of(desk, key)["group_id"] is None for key in ones)  # one customer, three times
    other = a_complaint(
        desk, new_customer={"name": "乙"}, product_id=thing, received_at=now - 8 * DAY
    )
    late = a_complaint(
        desk, new_customer={"name": "丙"}, product_id=thing, received_at=now - 2 * DAY
    )
    group = of(desk, late)["group_id"]
    assert group is not None  # exactly 7 × 24 h after the first
    assert {of(desk, key)["group_id"] for key in (*ones, other, late)} == {group}
    edge = a_complaint(desk, new_customer={"name": "丁"}, product_id=thing, received_at=now)
    assert of(desk, edge)["group_id"] == group
    consistent(desk)


def test_one_second_more_than_seven_days_is_no_group(desk: Desk, clock: FixedClock) -> None:
    thing, now = product(desk), clock.now()
    keys = [
        a_complaint(desk, new_customer={"name": str(at)}, product_id=thing, received_at=at)
        for at in (now - 7 * DAY - 1, now - DAY, now)
    ]
    assert [of(desk, key)["group_id"] for key in keys] == [None, None, None]


def test_a_phone_known_already_is_the_same_customer_in_the_preview(
    desk: Desk, clock: FixedClock
) -> None:
    first = a_complaint(desk, new_customer={"name": "李四", "phones": ["138 1234 5678"]})
    clock.advance(DAY)
    typed = {"new_customer": {"name": "", "phones": ["13812345678"]},
             "category_id": item(desk, "category", "service")}  # fmt: skip
    found = detection_preview.preview(desk, typed)
    assert found.repeat_of is not None
    assert (found.repeat_of.id, found.chain) == (first, 2)


def test_complaints_imported_by_phone_alone_are_one_customer(desk: Desk, tmp_path: Path) -> None:
    source = tmp_path / "投诉.csv"
    source.write_text(
        "受理时间,投诉人,客户电话,渠道,投诉类别,投诉内容\n"
        "2026-03-12 09:00,,13812345678,电话,服务质量,又来投诉\n"
        "2026-03-01 09:00,,138-1234-5678,电话,服务质量,第一次\n",
        encoding="utf-8",
    )
    from dataclasses import replace

    mapping = replace(imports.load_mapping(None, "complaints"), create=frozenset({"customer"}))
    plan = imports.apply(desk, source, mapping, NOBODY_WAITS).value
    assert not plan.problems
    found = desk.reader.execute(
        "SELECT is_repeat, chain FROM complaint ORDER BY received_at"
    ).fetchall()
    assert found == [(0, 1), (1, 2)]


# -- groups keep their number ---------------------------------------------------------------------


def test_a_group_keeps_its_number_and_dissolves_when_customers_are_one(
    desk: Desk, clock: FixedClock
) -> None:
    thing, keys = three(desk, clock)
    number = group_no(desk, keys[2])
    assert number is not None
    assert number.startswith("QT")
    late = a_complaint(desk, new_customer={"name": "丁"}, product_id=thing,
                       received_at=clock.now() - 4 * DAY)  # fmt: skip
    assert {group_no(desk, key) for key in (*keys, late)} == {number}
    complaints.step(desk, keys[2], "reject", {"reject_reason": "不在服务范围"})  # the trigger goes
    assert {group_no(desk, key) for key in (*keys[:2], late)} == {number}
    assert group_no(desk, keys[2]) is None
    one, two = customer_of(desk, keys[0]), customer_of(desk, keys[1])
    customer_merge.merge(desk, two, one)
    assert {group_no(desk, key) for key in (*keys, late)} == {None}
    undo.undo(desk)
    assert {group_no(desk, key) for key in (*keys[:2], late)} == {number}
    undo.redo(desk)
    customer_merge.unmerge(desk, two)
    assert len({group_no(desk, key) for key in (*keys[:2], late)} - {None}) == 1
    consistent(desk)


def test_a_denied_member_leaves_and_a_denied_group_stays_away(
    desk: Desk, clock: FixedClock
) -> None:
    thing, keys = three(desk, clock)
    four = a_complaint(desk, new_customer={"name": "丁"}, product_id=thing)
    group = of(desk, keys[0])["group_id"]
    detection.answer(desk, "group", keys[1], "denied", other_id=group, note="另一种故障")
    assert of(desk, keys[1])["group_id"] is None
    assert {of(desk, key)["group_id"] for key in (keys[0], keys[2], four)} == {group}
    detection.answer_group(desk, group, "denied")
    assert all(of(desk, key)["group_id"] is None for key in (*keys, four))
    five = a_complaint(desk, new_customer={"name": "戊"}, product_id=thing)
    assert of(desk, five)["group_id"] is None
    undo.undo(desk)
    undo.undo(desk)
    assert of(desk, four)["group_id"] == group
    consistent(desk)


def test_a_confirmed_group_is_not_asked_again(desk: Desk, clock: FixedClock) -> None:
    thing, keys = three(desk, clock)
    group = of(desk, keys[0])["group_id"]
    assert [f.rule for f in detection_findings.questions(desk)] == ["group"]
    detection.answer_group(desk, group, "confirmed", "同一批次电池")
    assert detection_findings.questions(desk) == []
    a_complaint(desk, new_customer={"name": "丁"}, product_id=thing)
    assert detection_findings.questions(desk) == []
    page = detection_findings.group(desk, group)
    assert page is not None
    assert (page.state, page.group.customers, len(page.members)) == ("confirmed", 4, 4)
    detection.set_measures(desk, group, " 停售该批次 ", page.group.version)
    with pytest.raises(UserError):  # somebody else was faster
        detection.set_measures(desk, group, "召回", page.group.version)
    detection.take_back_group(desk, group)
    again_asked = detection_findings.group(desk, group)
    assert again_asked is not None
    assert (again_asked.state, again_asked.group.measures) == ("open", "停售该批次")


# -- answers --------------------------------------------------------------------------------------


def test_answers_are_kept_taken_back_and_undone(desk: Desk, clock: FixedClock) -> None:
    first = a_complaint(desk)
    customer = customer_of(desk, first)
    clock.advance(DAY)
    second = again(desk, customer)
    (question,) = detection_findings.questions(desk)
    assert (question.rule, question.side.id, question.other_id, question.gap) == (
        "repeat", second, first, DAY,
    )  # fmt: skip
    detection.answer(desk, "repeat", second, "denied", other_id=first, note="两件事")
    assert of(desk, second)["is_repeat"] == 0
    assert detection_findings.questions(desk) == []
    (kept,) = detection_findings.of_record(desk, second)
    assert kept.answer is not None
    assert (kept.state, kept.answer.note) == ("denied", "两件事")
    detection.recompute_all(desk, NOBODY_WAITS)
    assert of(desk, second)["is_repeat"] == 0
    detection.take_back(desk, "repeat", second)
    assert of(desk, second)["repeat_of_id"] == first
    undo.undo(desk)
    assert of(desk, second)["is_repeat"] == 0
    undo.undo(desk)
    assert of(desk, second)["repeat_of_id"] == first
    with pytest.raises(UserError):
        detection.take_back(desk, "repeat", second)
    consistent(desk)


def test_a_confirmed_link_holds_when_one_comes_between(desk: Desk, clock: FixedClock) -> None:
    first = a_complaint(desk)
    customer = customer_of(desk, first)
    clock.advance(10 * DAY)
    last = again(desk, customer)
    detection.answer(desk, "repeat", last, "confirmed", other_id=first)
    between = again(desk, customer, received_at=clock.now() - 5 * DAY)
    assert (of(desk, between)["repeat_of_id"], of(desk, last)["repeat_of_id"]) == (first, first)
    complaints.step(desk, first, "reject", {"reject_reason": "不在服务范围"})
    assert of(desk, last)["repeat_of_id"] == between  # the one it was linked to does not count
    consistent(desk)


def test_a_duplicate_confirmed_offers_the_merge(desk: Desk, clock: FixedClock) -> None:
    first = a_complaint(desk)
    clock.advance(10 * MINUTE)
    second = again(desk, customer_of(desk, first))
    (asked,) = detection_findings.questions(desk)
    assert (asked.rule, detection_findings.merge_offer(asked)) == ("duplicate", None)
    detection.answer(desk, "duplicate", second, "confirmed", other_id=first)
    (said,) = detection_findings.of_record(desk, second)
    assert detection_findings.merge_offer(said) == of(desk, first)["complaint_no"]
    complaint_merging.merge(desk, second, first, {})
    assert not any(f.rule == "duplicate" for f in detection_findings.of_record(desk, second))
    consistent(desk)


def test_a_duplicate_denied_becomes_a_repeat(desk: Desk, clock: FixedClock) -> None:
    first = a_complaint(desk)
    clock.advance(10 * MINUTE)
    second = again(desk, customer_of(desk, first))
    detection.answer(desk, "duplicate", second, "denied", other_id=first)
    stored = of(desk, second)
    assert (stored["duplicate_of_id"], stored["repeat_of_id"]) == (None, first)


def test_links_by_hand_and_what_cannot_be_linked(desk: Desk, clock: FixedClock) -> None:
    first = a_complaint(desk)
    clock.advance(60 * DAY)
    other = a_complaint(desk, new_customer={"name": "同一家人"})
    number, own = of(desk, first)["complaint_no"], of(desk, other)["complaint_no"]
    detection.link(desk, "repeat", other, f" {number} ")
    assert (of(desk, other)["repeat_of_id"], of(desk, other)["chain"]) == (first, 2)
    for rule, key, wrong in (
        ("repeat", other, "TS000000-0001"),
        ("repeat", other, own),
        ("repeat", first, own),
        ("second", other, number),
    ):
        with pytest.raises(ProblemsError):
            detection.link(desk, rule, key, wrong)
    undo.undo(desk)
    assert of(desk, other)["repeat_of_id"] is None


def test_exposure_by_words_needs_a_click_and_can_be_taken_back(desk: Desk) -> None:
    key = a_complaint(desk, description="再不解决我就去抖音曝光")
    (asked,) = detection_findings.questions(desk)
    assert (asked.rule, asked.words) == ("exposure", ("抖音", "曝光"))
    detection.answer(desk, "exposure", key, "denied", note="只是气话")
    assert detection_findings.questions(desk) == []
    complaints.change(desk, key, {"description": "再不解决我就去抖音曝光，还要找记者"})
    assert of(desk, key)["exposure_suggested"] == 0  # answered
    detection.take_back(desk, "exposure", key)
    assert of(desk, key)["exposure_suggested"] == 1
    detection.answer(desk, "exposure", key, "confirmed")
    assert (of(desk, key)["social_exposure"], of(desk, key)["exposure_state"]) == (1, "watching")
    detection.take_back(desk, "exposure", key)
    assert (of(desk, key)["social_exposure"], of(desk, key)["exposure_suggested"]) == (0, 1)
    consistent(desk)


# -- alarms ---------------------------------------------------------------------------------------


def kinds(desk: Desk) -> list[str]:
    return sorted(n.kind for n in notices.recent(desk) if n.kind.startswith("alarm_"))


def test_supervisors_hear_once_and_not_of_what_was_undone(desk: Desk, clock: FixedClock) -> None:
    first = a_complaint(desk)
    customer = customer_of(desk, first)
    clock.advance(DAY)
    second = again(desk, customer)
    assert kinds(desk) == ["alarm_repeat"]
    complaints.change(desk, second, {"region": "上海"})
    complaints.change(desk, second, {"received_at": clock.now() - HOUR})
    assert kinds(desk) == ["alarm_repeat"]  # once
    clock.advance(DAY)
    again(desk, customer)
    assert kinds(desk) == ["alarm_chain", "alarm_repeat", "alarm_repeat"]
    undo.undo(desk)
    assert kinds(desk) == ["alarm_repeat"]


def test_a_group_and_a_publication_alarm(desk: Desk, clock: FixedClock) -> None:
    _, keys = three(desk, clock)
    assert kinds(desk) == ["alarm_group"]
    told = next(n for n in notices.recent(desk) if n.kind == "alarm_group")
    assert (told.table, told.args["customers"]) == ("complaint_group", 3)
    assert told.record_id == of(desk, keys[0])["group_id"]
    a_complaint(desk, channel_id=item(desk, "channel", "social"))
    assert kinds(desk) == ["alarm_exposure", "alarm_group"]


def test_the_ticket_shows_what_was_found_about_its_complaint(desk: Desk, clock: FixedClock) -> None:
    ticket = a_ticket(desk)
    first = a_complaint(desk)
    clock.advance(DAY)
    second = again(desk, customer_of(desk, first))
    with desk.write("Link") as uow:
        uow.insert("complaint_ticket", {"complaint_id": second, "ticket_id": ticket})
    (found,) = detection_findings.of_ticket(desk, ticket)
    assert (found.rule, found.side.id) == ("repeat", second)


# -- while it is typed ----------------------------------------------------------------------------


def test_the_third_customer_is_told_before_saving(desk: Desk, clock: FixedClock) -> None:
    thing = product(desk)
    for name in ("甲", "乙"):
        a_complaint(desk, new_customer={"name": name}, product_id=thing)
        clock.advance(DAY)
    typed = {"product_id": thing, "category_id": item(desk, "category", "service"),
             "description": "我要找记者", "channel_id": item(desk, "channel", "phone")}  # fmt: skip
    assert not detection_preview.preview(desk, typed).in_group  # nobody named yet
    found = detection_preview.preview(desk, {**typed, "new_customer": {"name": "丙"}})
    assert (found.would_form, found.customers, found.days) == (True, 3, 7)
    assert found.words == ("记者",)
    third = a_complaint(desk, new_customer={"name": "丙"}, product_id=thing)
    joined = detection_preview.preview(desk, {**typed, "new_customer": {"name": "丁"}})
    assert joined.group is not None
    assert (joined.group.id, joined.customers) == (of(desk, third)["group_id"], 4)
    clock.advance(8 * DAY)
    assert not detection_preview.preview(desk, {**typed, "new_customer": {"name": "丁"}}).in_group


# -- every way ------------------------------------------------------------------------------------


def _file(folder: Path, name: str, rows: list[str]) -> Path:
    path = folder / name
    head = "外部单号,受理时间,投诉人,客户电话,渠道,投诉类别,涉及产品,投诉内容\n"
    path.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def _import(desk: Desk, path: Path) -> int:
    from dataclasses import replace

    mapping = replace(
        imports.load_mapping(None, "complaints"), create=frozenset({"customer", "product"})
    )
    plan = imports.apply(desk, path, mapping, NOBODY_WAITS).value
    assert not plan.problems
    return int(plan.inserted)


def test_a_late_import_changes_the_chain_and_is_taken_back(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    def row(number: int, day: int, name: str = "李四", phone: str = "13812345678") -> str:
        return f"X{number},2026-02-{day:02d} 09:00,{name},{phone},电话,服务质量,SD-7,不满意"

    _import(desk, _file(tmp_path, "早.csv", [row(1, 20), row(2, 10)]))
    known = (
        "SELECT external_no, chain, is_repeat FROM complaint WHERE deleted_at IS NULL ORDER BY 1"
    )
    assert desk.reader.execute(known).fetchall() == [("X1", 2, 1), ("X2", 1, 0)]
    late = [row(3, 5), row(4, 11, "王五", "13912345678"), row(5, 12, "赵六", "13712345678")]
    _import(desk, _file(tmp_path, "晚.csv", late))
    assert desk.reader.execute(known).fetchall() == [
        ("X1", 3, 1), ("X2", 2, 1), ("X3", 1, 0), ("X4", 1, 0), ("X5", 1, 0),
    ]  # fmt: skip
    groups = "SELECT count(*) FROM complaint WHERE group_id IS NOT NULL AND deleted_at IS NULL"
    assert desk.reader.execute(groups).fetchone()[0] == 4  # X3 lies exactly 7 × 24 h before
    assert kinds(desk) == []  # history raises no alarm
    consistent(desk)
    undo.undo(desk)
    assert desk.reader.execute(known).fetchall() == [("X1", 2, 1), ("X2", 1, 0)]
    assert desk.reader.execute(groups).fetchone()[0] == 0
    consistent(desk)
    undo.redo(desk)
    assert desk.reader.execute(groups).fetchone()[0] == 4
    consistent(desk)


def test_an_import_that_others_joined_is_taken_back(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    rows = [f"X{n},2026-03-{10 + n} 09:00,客户{n},1391234567{n},电话,服务质量,SD-7,不满意"
            for n in range(3)]  # fmt: skip
    _import(desk, _file(tmp_path, "三条.csv", rows))
    step = undo.undoable(desk)
    assert step is not None
    (thing,) = desk.reader.execute("SELECT id FROM product").fetchone()
    at = desk.reader.execute("SELECT max(received_at) FROM complaint").fetchone()[0] + DAY
    joined = a_complaint(desk, new_customer={"name": "丁"}, received_at=at, serial_no="S1")
    complaints.change(desk, joined, {"serial_no": "S2"})
    assert thing
    undo.undo_operation(desk, step)
    assert of(desk, joined)["group_id"] is None
    consistent(desk)


def test_a_shuffled_import_is_detected_as_the_ordered_one(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    import random

    chance = random.Random(4)
    rows = [
        f"X{n},2026-0{1 + n % 3}-{1 + (n * 7) % 27:02d} {n % 24:02d}:00,客户{n % 9},"
        f"1381234567{n % 9},电话,{('服务质量', '产品性能')[n % 2]},型号{n % 4},不满意"
        for n in range(80)
    ]
    links = (
        "SELECT c.external_no, r.external_no, d.external_no, s.external_no, c.chain, "
        "(SELECT min(m.external_no) FROM complaint m WHERE m.group_id = c.group_id "
        "AND m.deleted_at IS NULL) FROM complaint c LEFT JOIN complaint r ON r.id = c.repeat_of_id "
        "LEFT JOIN complaint d ON d.id = c.duplicate_of_id LEFT JOIN complaint s "
        "ON s.id = c.second_of_id WHERE c.deleted_at IS NULL ORDER BY 1"
    )
    ordered = sorted(rows, key=lambda row: row.split(",")[1])
    _import(desk, _file(tmp_path, "顺序.csv", ordered))
    expected = desk.reader.execute(links).fetchall()
    assert any(row[5] for row in expected)
    undo.undo(desk)
    chance.shuffle(rows)
    for part in range(0, 80, 20):
        _import(desk, _file(tmp_path, f"乱序{part}.csv", rows[part : part + 20]))
    assert desk.reader.execute(links).fetchall() == expected


# -- the rules themselves -------------------------------------------------------------------------


def test_other_rules_are_shown_before_they_are_saved(desk: Desk, clock: FixedClock) -> None:
    first = a_complaint(desk)
    clock.advance(40 * DAY)
    second = again(desk, customer_of(desk, first), description="你们等着上头条")
    found = detection_settings.preview(
        desk, {"repeat_days": 45, "exposure_words": "头条"}, NOBODY_WAITS
    )
    effects = {effect.finding: effect for effect in found.effects}
    assert (effects["repeat"].before, effects["repeat"].after) == (0, 1)
    assert [e.id for e in effects["repeat"].examples_added] == [second]
    assert (effects["exposure"].added, effects["exposure"].lost) == (1, 0)
    assert of(desk, second)["is_repeat"] == 0  # nothing was written
    detection_settings.save(desk, {"repeat_days": 45, "exposure_words": "头条"}, NOBODY_WAITS)
    assert (of(desk, second)["repeat_of_id"], of(desk, second)["exposure_suggested"]) == (first, 1)
    assert kinds(desk) == []
    undo.undo(desk)
    assert (of(desk, second)["repeat_of_id"], of(desk, second)["exposure_suggested"]) == (None, 0)
    assert desk.reference.settings["repeat_days"] == 30
    settings.change(desk, {"repeat_days": 45})  # the same by the general way
    assert of(desk, second)["repeat_of_id"] == first
    consistent(desk)


@pytest.mark.parametrize(
    "values",
    [
        {"repeat_days": 0},
        {"repeat_days": 366},
        {"group_customers": 1},
        {"group_by": "weather"},
        {"exposure_words": "  "},
        {"exposure_words": "抖音 媒"},
        {"group_days": "7"},
    ],
)
def test_bad_rules_are_refused_with_a_sentence(desk: Desk, values: dict[str, Any]) -> None:
    before = dict(desk.reference.settings)
    for act in (detection_settings.preview, detection_settings.save):
        with pytest.raises(ProblemsError) as refused:
            act(desk, values, NOBODY_WAITS)
        assert refused.value.problems[0].field in values
    assert desk.reference.settings == before


def test_groups_of_a_batch_and_of_a_category(desk: Desk, clock: FixedClock) -> None:
    thing = product(desk)
    keys = [
        a_complaint(desk, new_customer={"name": str(n)}, product_id=thing, serial_no=serial)
        for n, serial in enumerate(("AB1201", "AB1202", "CD0001", "AB1203"))
    ]
    assert len({of(desk, key)["group_id"] for key in keys}) == 1
    detection_settings.save(desk, {"group_by": "serial", "group_serial_prefix": 4}, NOBODY_WAITS)
    assert of(desk, keys[2])["group_id"] is None
    page = detection_findings.group(desk, of(desk, keys[0])["group_id"])
    assert page is not None
    assert (page.group.serial, page.group.customers) == ("AB12", 3)
    more = a_complaint(desk, new_customer={"name": "x"}, product_id=thing, serial_no="AB1299")
    assert of(desk, more)["group_id"] == page.group.id
    consistent(desk)


def test_a_full_detection_can_be_stopped(desk: Desk) -> None:
    a_complaint(desk)
    context = ImmediateContext()
    context.cancelled = True
    with pytest.raises(Cancelled):
        detection.recompute_all(desk, context)
    assert not desk.writer.in_transaction


def test_imported_events_are_detected_with(desk: Desk, clock: FixedClock, tmp_path: Path) -> None:
    def row(number: int, day: int) -> str:
        return f"X{number},2026-03-{day:02d} 09:00,李四,13812345678,电话,服务质量,SD-7,不满意"

    _import(desk, _file(tmp_path, "投诉.csv", [row(1, 1), row(2, 12)]))
    seconds = "SELECT count(*) FROM complaint WHERE second_of_id IS NOT NULL"
    assert desk.reader.execute(seconds).fetchone()[0] == 0
    events = tmp_path / "事件.csv"
    events.write_text("投诉编号,时间,事件\nX1,2026-03-04 10:00,resolved\n", encoding="utf-8")
    plan = imports.apply(
        desk, events, imports.load_mapping(None, "complaint-events"), NOBODY_WAITS
    ).value
    assert not plan.problems
    assert desk.reader.execute(seconds).fetchone()[0] == 1
    consistent(desk)
