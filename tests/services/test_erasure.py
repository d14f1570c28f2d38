"""Erasing a customer: nothing personal is left anywhere in the file, and no figure moves."""

from __future__ import annotations

import json
import re
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from svcdesk.domain.metrics.registry import METRICS
from svcdesk.domain.people import Role
from svcdesk.services import (
    attachments,
    backups,
    callbacks,
    closings,
    complaints,
    customer_merge,
    customer_page,
    customers,
    dashboards,
    erasure,
    handoffs,
    imports,
    knowledge,
    restatements,
    settings,
    surveys,
    tickets,
    undo,
    views,
)
from svcdesk.store import files, search
from svcdesk.store.connection import open_reader
from svcdesk.system.drafts import Drafts
from svcdesk.system.errors import ProblemsError, UserError
from svcdesk.system.job import ImmediateContext
from tests.services.closing_desks import a_month
from tests.services.desks import a_complaint, a_ticket, item

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

CONTEXT = ImmediateContext()
REASON = "客户来信要求删除"
NAME, OLD_NAME, PHONE, OLD_PHONE = "欧阳若溪", "欧阳惜若", "13912340987", "13687650912"
WECHAT, EMAIL, ADDRESS = "ruoxi_oy", "ruoxi.ouyang@example.cn", "金水区花园路八十八号三单元"
# what somebody wrote about him: each word occurs in no other text of a new file
WORDS = ("漏水殃及楼下", "急用请速", "补偿两百", "已换阀芯甲", "孙女要上网课", "去她家里看", "门口有恶犬",
         "她说很生气", "转寄到单位", "改约周末乙", "邻居代签收", "口碑好评返现")  # fmt: skip
PERSONAL = (NAME, OLD_NAME, PHONE, PHONE[-4:], OLD_PHONE, WECHAT, EMAIL, ADDRESS, *WORDS)


def everything(path: Path) -> Iterator[tuple[str, str]]:
    """Give every cell of every table as text, packed ones unpacked."""
    connection = open_reader(path)
    try:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
        ).fetchall()
        for (table,) in tables:
            for row in connection.execute(f"SELECT * FROM {table}").fetchall():
                for cell in row:
                    yield table, _text(cell)
    finally:
        connection.close()


def _text(cell: Any) -> str:
    if not isinstance(cell, bytes):
        return str(cell)
    with suppress(zlib.error):
        cell = zlib.decompress(cell)
    return cell.decode("utf-8", "replace")


def _stands(word: str, text: str) -> bool:
    """Tell whether a word stands in a text; the end of a phone number not within a longer one.

    Keys of rows are long numbers, which hold any four digits by chance.
    """
    if word.isdigit():
        return re.search(rf"(?<!\d){word}(?!\d)", text) is not None or (
            len(word) > 4 and word in text
        )
    return word in text


def left(desk: Desk) -> list[tuple[str, str]]:
    """Return where personal words still stand: (table or file, word)."""
    found = [
        (table, word)
        for table, text in everything(desk.path)
        for word in PERSONAL
        if _stands(word, text)
        or (json.dumps(word)[1:-1] != word and json.dumps(word)[1:-1] in text)
    ]
    for file in desk.path.parent.rglob("*"):
        if file.is_file():
            body = file.read_bytes()
            found += [(file.name, w) for w in PERSONAL if len(w) > 4 and w.encode() in body]
            found += [(f"name of {file.name}", w) for w in PERSONAL if w in file.name]
    return found


def the_customer(desk: Desk, clock: FixedClock, tmp_path: Path) -> int:
    """Enter a customer with every kind of record in which something about him can stand."""
    (old,) = (
        customers.create(desk, {"name": OLD_NAME, "phones": [OLD_PHONE], "kind": "person"}).value,
    )
    values = {"name": NAME, "phones": [PHONE], "wechat": WECHAT, "email": EMAIL,
              "address": ADDRESS, "notes": f"{WORDS[4]}", "kind": "person", "region": "河南"}  # fmt: skip
    key = customers.create(desk, values).value
    customer_merge.merge(desk, old, key, {"name": "target"})
    ticket = a_ticket(desk, new_customer=None, customer_id=key, title=WORDS[0],
                      description=f"{NAME}来电：{WORDS[1]}")  # fmt: skip
    tickets.change(desk, ticket, {"title": WORDS[0] + "！"})
    tickets.say(desk, ticket, WORDS[5], "public_reply")
    tickets.say(desk, ticket, WORDS[6], "internal_note")
    attachments.add(desk, ticket, f"{NAME}.txt", f"照片：{WORDS[10]}".encode())
    department = item(desk, "department", "logistics")
    handoffs.ask(desk, ticket, {"department_id": department, "request": WORDS[8],
                                "due_at": clock.now() + 7200})  # fmt: skip
    clock.advance(3600)
    tickets.step(desk, ticket, "resolve", {"solution": WORDS[3], "resolution_code": "onsite"})
    case = a_complaint(desk, new_customer=None, customer_id=key, description=WORDS[2],
                       on_behalf=OLD_NAME)  # fmt: skip
    complaints.change(desk, case, {"overdue_plan": WORDS[9]})
    surveys.record(desk, {"ticket_id": ticket, "csat": 2, "method": "sms", "comment": WORDS[7],
                          "responded_at": clock.now(), "sent_at": clock.now()})  # fmt: skip
    # said of him elsewhere
    other = a_ticket(desk, new_customer={"name": "赵六", "phones": ["13500001111"]},
                     title="转述", description=f"{NAME}（{PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}）介绍来的")  # fmt: skip
    knowledge.create(desk, {"title": "案例", "symptom": "滴水", "solution": f"见{NAME}一单"})
    views.save(desk, f"找{NAME}", _named(NAME))
    removed = a_ticket(desk, new_customer=None, customer_id=key, title=WORDS[11])
    assert removed
    undo.undo(desk)  # the row is gone for good: only the log knows it
    Drafts(desk.path).put(f"customer.{key}", {"notes": WORDS[4]}, 1)
    assert tickets.get(desk, other).ticket["title"] == "转述"
    return key


def _named(words: str) -> Any:
    from svcdesk.domain.query import Query

    return Query("customer", text=words)


@pytest.fixture
def drafts_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("svcdesk.system.drafts.data_dir", lambda: tmp_path)


def figures(desk: Desk, months: tuple[str, ...]) -> dict[str, Any]:
    found = {}
    for month in months:
        span = dashboards.period_of(desk, month)
        for key, figure in dashboards.figures(desk, span, None, [m.id for m in METRICS]).items():
            found[month, key] = (figure.value, figure.num, figure.den, figure.n, figure.excluded,
                                 figure.not_yet_due)  # fmt: skip
    return found


def erase(desk: Desk, key: int) -> None:
    erasure.erase(desk, key, customers.get(desk, key)["customer_no"], REASON, CONTEXT)


@pytest.mark.usefixtures("drafts_here")
def test_nothing_personal_is_left_in_the_file_and_beside_it(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    key = the_customer(desk, clock, tmp_path)
    clock.advance(86400)
    before = figures(desk, ("2026-04",))
    assert {word for _, word in left(desk)} == set(PERSONAL)
    erase(desk, key)
    assert left(desk) == []
    assert figures(desk, ("2026-04",)) == before
    row = customers.get(desk, key)
    assert (row["name"], row["phones"], row["region"]) == ("erased", [], "河南")
    assert row["erased_at"] == clock.now()
    assert search.find(desk.reader, WORDS[0], ["ticket"]) == []
    assert backups.check(desk) == []
    assert list((files.folder_of(desk.path)).rglob("*.*")) == []


@pytest.mark.usefixtures("drafts_here")
def test_others_keep_what_is_theirs(desk: Desk, clock: FixedClock, tmp_path: Path) -> None:
    key = the_customer(desk, clock, tmp_path)
    twin = customers.create(desk, {"name": NAME, "phones": ["13311112222"], "kind": "person"}).value
    told = erasure.preview(desk, key, CONTEXT)
    assert (told.shared, told.merged) == ((NAME,), ("KH000001",))
    assert told.mentions == 2  # the phone in the text and the first event of another ticket
    assert (told.counts["ticket"], told.counts["complaint"], told.counts["survey"]) == (2, 1, 1)
    assert told.open_work["complaint"] == 1
    erase(desk, key)
    assert customers.get(desk, twin)["name"] == NAME
    text = desk.reader.execute("SELECT description FROM ticket_text ORDER BY id").fetchall()
    assert (f"{NAME}（erased）介绍来的",) in text
    article = desk.reader.execute("SELECT solution FROM knowledge").fetchone()
    assert article == (f"见{NAME}一单",)


def test_it_is_asked_for_twice_with_a_reason_and_by_a_supervisor(desk: Desk) -> None:
    key = customers.create(
        desk, {"name": "孙七", "phones": ["13800002222"], "kind": "person"}
    ).value
    number = customers.get(desk, key)["customer_no"]
    for typed, reason, field in (("KH9", REASON, "confirmation"), (number, " ", "reason")):
        with pytest.raises(ProblemsError) as caught:
            erasure.erase(desk, key, typed, reason, CONTEXT)
        assert [p.field for p in caught.value.problems] == [field]
    agent = settings.add_person(desk, "王芳", [Role.AGENT]).value
    desk.act_as(agent)
    with pytest.raises(UserError, match="may not do this"):
        erasure.erase(desk, key, number, REASON, CONTEXT)
    with pytest.raises(UserError, match="may not do this"):
        erasure.preview(desk, key, CONTEXT)
    assert customers.get(desk, key)["name"] == "孙七"


def test_what_was_done_is_audited_and_cannot_be_undone(desk: Desk) -> None:
    key = customers.create(
        desk, {"name": "孙七", "phones": ["13800002222"], "kind": "person"}
    ).value
    erasure.erase(desk, key, "kh000001", "孙七要求删除", CONTEXT)
    (detail,) = desk.reader.execute("SELECT detail FROM audit WHERE action = 'erase'").fetchone()
    said = json.loads(detail)
    assert (said["number"], said["reason"]) == ("KH000001", "erased要求删除")
    assert undo.undoable(desk).label == "Add customer {name}"  # type: ignore[union-attr]
    assert undo.undoable(desk).args == {"name": "erased"}  # type: ignore[union-attr]
    undo.undo(desk)  # the step before: its customer goes, and comes back as he is
    undo.redo(desk)
    assert customers.get(desk, key)["name"] == "erased"
    with pytest.raises(UserError, match="erased already"):
        erasure.erase(desk, key, "KH000001", REASON, CONTEXT)


def test_steps_before_are_undone_without_bringing_anything_back(desk: Desk) -> None:
    key = customers.create(
        desk, {"name": "孙七", "phones": ["13800002222"], "kind": "person"}
    ).value
    ticket = a_ticket(desk, new_customer=None, customer_id=key, title="旧题目")
    tickets.change(desk, ticket, {"title": "新题目", "priority": "high", "priority_reason": "急"})
    customers.change(desk, key, {"phones": ["13800003333"], "region": "华东"})
    erase(desk, key)
    undo.undo(desk)
    row = customers.get(desk, key)
    assert (row["name"], row["phones"], row["region"]) == ("erased", [], None)
    undo.undo(desk)
    now = tickets.get(desk, ticket).ticket
    assert (now["title"], now["priority"]) == ("erased", "normal")
    undo.redo(desk)
    assert tickets.get(desk, ticket).ticket["priority"] == "high"
    assert tickets.get(desk, ticket).ticket["title"] == "erased"


def test_a_form_that_was_open_cannot_write_it_back(desk: Desk) -> None:
    key = a_ticket(desk)
    shown = tickets.get(desk, key).ticket
    erase(desk, shown["customer_id"])
    with pytest.raises(UserError, match="somebody else"):
        tickets.change(desk, key, {"title": shown["title"] + "？"}, shown["row_version"])
    with pytest.raises(UserError, match="was erased"):
        customers.change(desk, shown["customer_id"], {"name": "张晓明"})
    with pytest.raises(UserError, match="was erased"):
        a_ticket(desk, new_customer=None, customer_id=shown["customer_id"])
    with pytest.raises(UserError, match="was erased"):
        customer_page.note_unmasked(desk, shown["customer_id"])


def test_a_merged_one_is_erased_with_who_stands_for_him(desk: Desk) -> None:
    one = customers.create(desk, {"name": "孙七", "kind": "person"}).value
    two = customers.create(desk, {"name": "孙小七", "kind": "person"}).value
    customer_merge.merge(desk, one, two)
    with pytest.raises(UserError, match="was merged"):
        erase(desk, one)
    erase(desk, two)
    names = desk.reader.execute("SELECT DISTINCT name FROM customer").fetchall()
    assert names == [("erased",)]
    customer_merge.unmerge(desk, one)
    assert desk.reader.execute("SELECT DISTINCT name FROM customer").fetchall() == [("erased",)]


def test_an_import_does_not_bring_it_back(desk: Desk, tmp_path: Path) -> None:
    from dataclasses import replace

    def take(text: str) -> Any:
        file = tmp_path / "t.csv"
        file.write_text(f"外部单号,标题,客户,客户电话,渠道,受理时间\n{text}\n", "utf-8")
        mapping = replace(imports.load_mapping(None, "tickets"), create=frozenset({"customer"}))
        return imports.apply(desk, file, mapping, CONTEXT).value

    row = "A1,厨房漏水,王五五,13800000009,电话,2026-03-02 10:00"
    assert take(row).inserted == 1
    key = desk.reader.execute("SELECT id FROM customer").fetchone()[0]
    erase(desk, key)
    again = take(row)
    assert (again.inserted, again.updated, again.skipped) == (0, 0, 1)
    changed = take(row.replace("厨房", "卫生间"))
    assert not changed.applied
    assert [p.code for p in changed.problems] == ["erased"]
    assert [table for table, text in everything(desk.path) if "王五五" in text] == []
    assert take(f"{row.replace('A1', 'A2')}").inserted == 1  # a new case of a person met anew
    assert desk.reader.execute("SELECT count(*) FROM customer").fetchone() == (2,)


def test_closed_months_have_nothing_to_restate(desk: Desk, clock: FixedClock) -> None:
    keys, _cases = a_month(desk, clock)
    closings.close(desk, "2026-03", CONTEXT)
    before = closings.frozen(desk, "2026-03")
    for key in keys[:3]:
        erase(desk, tickets.get(desk, key).ticket["customer_id"])
    found = restatements.of_month(desk, "2026-03", CONTEXT)
    assert (found.figures, found.records) == ((), ())
    assert closings.frozen(desk, "2026-03") == before


def test_a_duty_to_keep_restricts_instead(desk: Desk) -> None:
    key = customers.create(
        desk, {"name": "孙七", "phones": ["13800002222"], "kind": "person"}
    ).value
    with pytest.raises(ProblemsError):
        erasure.restrict(desk, key, "")
    erasure.restrict(desk, key, "诉讼期间保存")
    assert customers.get(desk, key)["restricted"] == 1
    refused: list[Any] = [
        lambda: customers.change(desk, key, {"region": "华东"}),
        lambda: a_ticket(desk, new_customer=None, customer_id=key),
        lambda: customer_page.note_unmasked(desk, key),
        lambda: erase(desk, key),
    ]
    for step in refused:
        with pytest.raises(UserError, match=r"restrict"):
            step()
    erasure.lift(desk, key, "诉讼结束")
    erase(desk, key)
    told = desk.reader.execute("SELECT action FROM audit ORDER BY id").fetchall()
    assert told == [("restrict",), ("lift",), ("erase",)]


def test_callbacks_keep_their_results(desk: Desk, clock: FixedClock) -> None:
    ticket = a_ticket(desk, callback_required=1)
    tickets.say(desk, ticket, "您好", "public_reply")
    tickets.step(
        desk, ticket, "resolve", {"solution": "更换主板后正常", "resolution_code": "onsite"}
    )
    task = desk.reader.execute("SELECT id FROM callback").fetchone()[0]
    said = {"result": "satisfied", "csat": 5, "notes": "邻居也想买"}
    callbacks.record(desk, task, "connected", said)
    clock.advance(86400)
    before = figures(desk, ("2026-04",))
    erase(desk, tickets.get(desk, ticket).ticket["customer_id"])
    assert figures(desk, ("2026-04",)) == before
    row = desk.reader.execute("SELECT state, result, notes FROM callback").fetchone()
    assert row == ("completed", "satisfied", "erased")
