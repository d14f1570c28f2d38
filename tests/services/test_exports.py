"""Lists as files: masked, marked when not, audited, and good to be imported again."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.query import Op, Query
from svcdesk.i18n.catalog import translator
from svcdesk.services import exports, knowledge
from svcdesk.services.desk import Desk
from svcdesk.services.exports import Request
from svcdesk.system.errors import EnvironmentProblem, UserError
from svcdesk.system.job import ImmediateContext
from tests.services.importing import brought, one, rows, visible, written

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.system.clock import FixedClock

ZH = translator("zh_CN")
TICKETS = """外部单号,客户,客户电话,渠道,问题类型,产品,优先级,当前处理人,受理时间,首次响应时间,解决时间,状态,标题,问题描述,标签
A1,李明,13800005678,在线聊天,产品质量缺陷,W60,普通,王芳,2026-03-02 09:00,2026-03-02 09:20,2026-03-03 10:00,已解决,=1+1,客户电话13912345678要求回电,加急、老客户
A2,海星贸易,,电话,其他,,紧急,,2026-04-01 09:00,,,,,没有货,
"""
COMPLAINTS = """外部单号,受理时间,投诉人,涉及产品,渠道,投诉类别,投诉内容,处理人,办结时间,诉求金额,处理措施
C1,2026-03-02 09:00,李明,W60,电话,产品性能,洗不干净,王芳,2026-03-04 17:00,1299.5,退款、道歉
"""


@pytest.fixture
def filled(desk: Desk, tmp_path: Path) -> Desk:
    brought(
        desk,
        written(
            tmp_path / "k.csv",
            "客户名称,客户类型,地址\n海星贸易,企业,浙江省宁波市鄞州区中山路1号\n",
        ),
        "customers",
    )
    brought(desk, written(tmp_path / "t.csv", TICKETS), "tickets")
    brought(desk, written(tmp_path / "c.csv", COMPLAINTS), "complaints")
    brought(
        desk,
        written(
            tmp_path / "s.csv",
            "外部单号,工单号,答复时间,满意度,评价内容\nS1,A1,2026-03-03 12:00,5,好\n",
        ),
        "surveys",
    )
    brought(
        desk,
        written(
            tmp_path / "b.csv",
            "外部单号,工单号,应回访时间,完成时间\nH1,A1,2026-03-06 10:00,2026-03-05 09:00\n",
        ),
        "callbacks",
    )
    brought(
        desk,
        written(
            tmp_path / "q.csv",
            "外部单号,工单号,质检员,质检时间,话术,流程\nQ1,A1,何洁,2026-03-10 10:00,合格,不合格\n",
        ),
        "quality-checks",
    )
    return desk


def exported(desk: Desk, path: Path, kind: str, **more: object) -> list[dict[str, str]]:
    exports.export(desk, Request(kind, **more), path, ZH, ImmediateContext())  # type: ignore[arg-type]
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_masked_by_default(filled: Desk, tmp_path: Path) -> None:
    first, second = exported(filled, tmp_path / "x.csv", "tickets")
    assert first["客户"] == "李*"
    assert first["客户电话"] == "138****5678"
    assert first["问题描述"] == "客户电话139****5678要求回电"
    assert first["标题"] == "'=1+1"
    assert second["客户"] == "海星贸易"  # organisations are not personal data
    assert (first["受理时间"], first["状态"], first["渠道"]) == (
        "2026-03-02 09:00:00",
        "已解决",
        "在线聊天",
    )
    assert first["标签"] == "加急、老客户"
    derived = first[ZH("Resolution (net working min)")]
    assert float(derived) == 600
    firm = exported(filled, tmp_path / "k.csv", "customers")
    assert {row["地址"] for row in firm} == {"", "浙江省宁波市鄞州区***"}
    assert one(
        filled, "SELECT action, json_extract(detail, '$.rows') FROM audit ORDER BY id LIMIT 1"
    ) == ("export", 2)


def test_unmasked_needs_a_purpose_and_is_marked(filled: Desk, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="purpose"):
        exports.export(
            filled, Request("tickets", unmask=True), tmp_path / "x.csv", ZH, ImmediateContext()
        )
    assert not (tmp_path / "x.csv").exists()
    first, _ = exported(filled, tmp_path / "x.csv", "tickets", unmask=True, purpose="客户要求")
    assert first["客户"] == "李明"
    assert first["客户电话"] == "13800005678"
    mark = list(first.values())[-1]
    assert "周敏" in mark
    assert "2026-04-01" in mark
    assert "客户要求" in mark
    (action, detail), = rows(filled, "SELECT action, detail FROM audit")  # fmt: skip
    assert action == "export_unmasked"
    assert json.loads(detail)["purpose"] == "客户要求"


def test_a_period_and_a_query_choose(filled: Desk, tmp_path: Path) -> None:
    assert [
        r["外部单号"] for r in exported(filled, tmp_path / "p.csv", "tickets", period="2026-03")
    ] == ["A1"]
    urgent = Query("ticket").where("priority", Op.IN, "urgent")
    assert [
        r["外部单号"] for r in exported(filled, tmp_path / "q.csv", "tickets", query=urgent)
    ] == ["A2"]


def test_words_come_in_the_language_asked_for(filled: Desk, tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    exports.export(filled, Request("complaints"), path, translator("en"), ImmediateContext())
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["Remedy"] == "Refund、Apology"
    assert float(row["Amount demanded (¥)"]) == 1299.5


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_what_goes_out_unmasked_comes_in_again(
    filled: Desk, tmp_path: Path, clock: FixedClock, language: str, suffix: str
) -> None:
    t = translator(language)
    files = {}
    for kind in ("customers", "tickets", "complaints", "surveys", "callbacks"):
        files[kind] = tmp_path / f"{kind}{suffix}"
        request = Request(kind, unmask=True, purpose="迁移")
        exports.export(filled, request, files[kind], t, ImmediateContext())
    with Desk.create(tmp_path / "other.svcdesk", clock=clock) as other:
        for kind, path in files.items():
            brought(other, path, kind)
        for table, columns in (
            ("customer", "customer_no, name, phones, kind, address"),
            ("ticket", ("ticket_no, external_no, status, priority, created_at, first_response_at, "
             "resolved_at, response_seconds, resolution_seconds, tags")),
            ("complaint", "complaint_no, status, received_at, resolved_at, due_at, demand_amount, remedy"),
            ("survey", "survey_no, csat, responded_at, comment"),
            ("callback", "callback_no, state, due_at, completed_at"),
        ):  # fmt: skip
            sql = f"SELECT {columns} FROM {table} ORDER BY 1"
            assert rows(other, sql) == rows(filled, sql), table
        before = visible(other)
        for kind, path in files.items():
            brought_again = brought_nothing(other, path, kind)
            assert brought_again
        assert visible(other) == before


def brought_nothing(desk: Desk, path: Path, kind: str) -> bool:
    from tests.services.importing import bring

    plan = bring(desk, path, kind)
    return (plan.inserted, plan.updated, plan.rejected_rows) == (0, 0, 0)


def test_what_cannot_be_exported(filled: Desk, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="planets"):
        exports.export(filled, Request("planets"), tmp_path / "x.csv", ZH, ImmediateContext())
    with pytest.raises(EnvironmentProblem):
        exports.export(
            filled, Request("tickets"), tmp_path / "no" / "x.csv", ZH, ImmediateContext()
        )
    with pytest.raises(UserError, match="neither"):
        exports.export(filled, Request("tickets"), tmp_path / "x.pdf", ZH, ImmediateContext())
    assert rows(filled, "SELECT * FROM audit") == []


def test_every_kind_is_exported(filled: Desk, tmp_path: Path) -> None:
    knowledge.create(filled, {"title": "空调不制冷", "solution": "清洗滤网后复位"})
    for kind in exports.LAYOUTS:
        done = exports.export(
            filled, Request(kind), tmp_path / f"{kind}.xlsx", ZH, ImmediateContext()
        )
        assert done.rows > 0
        assert done.masked


def test_reasons_go_out_by_name_and_come_in_again(filled: Desk, tmp_path: Path) -> None:
    slow = filled.reference.by_code("low_reason", "slow")
    assert slow is not None
    with filled.write("reasons") as uow:
        uow.update("survey", rows(filled, "SELECT id FROM survey")[0][0],
                   {"reasons": f'[{slow.id}, "别的"]'})  # fmt: skip
    (row,) = exported(filled, tmp_path / "s.csv", "surveys", unmask=True, purpose="迁移")
    assert row["低分原因"] == f"{slow.name}、别的"
    before = visible(filled)
    assert brought_nothing(filled, tmp_path / "s.csv", "surveys")
    assert visible(filled) == before


def test_checks_go_out_item_by_item(filled: Desk, tmp_path: Path) -> None:
    (row,) = exported(filled, tmp_path / "q.csv", "quality-checks")
    assert (row["话术"], row["流程"], row["着装"], float(row["得分"])) == ("合格", "不合格", "", 50)
    before = visible(filled)
    assert brought_nothing(filled, tmp_path / "q.csv", "quality-checks")
    assert visible(filled) == before


def test_articles_go_out_as_they_come_in(filled: Desk, tmp_path: Path) -> None:
    knowledge.create(filled, {"title": "空调不制冷", "solution": "清洗滤网，联系 13800005678"})
    (row,) = exported(filled, tmp_path / "k.csv", "knowledge")
    assert row["标题"] == "空调不制冷"
    assert "13800005678" not in row["解决方案"]  # masked as every text
