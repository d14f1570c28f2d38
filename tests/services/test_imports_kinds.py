"""Every kind of import: in, again without effect, changed, and taken back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from svcdesk.i18n.catalog import translator
from svcdesk.interchange.kinds import KINDS
from svcdesk.interchange.plan import Action
from svcdesk.services import customer_tiers, exports, imports
from svcdesk.system.errors import UserError
from svcdesk.system.job import ImmediateContext
from tests.services.importing import at, bring, brought, one, rows, visible, written

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.services.desk import Desk

CASES = """外部单号,客户,客户电话,渠道,问题类型,产品,受理时间,首次响应时间,解决时间,关闭时间,当前处理人
A1,李明,13800005678,在线聊天,产品质量缺陷,W60,2026-03-02 09:00,2026-03-02 09:20,2026-03-03 10:00,,王芳
A2,陈静,13800001111,微信,安装指导不足,W60,2026-03-05 09:00,,,,赵刚
"""
GRIEVANCES = """外部单号,受理时间,投诉人,涉及产品,渠道,投诉类别,投诉内容,处理人,办结时间,关闭时间,投诉等级
C1,2026-03-02 09:00,李明,W60,电话,产品性能,洗不干净,王芳,2026-03-04 17:00,2026-03-05 09:00,一般
C2,2026-03-20 09:00,李明,W60,电话,产品性能,还是洗不干净,王芳,,,重大
"""

# kind → (table of the data file, its rows, a change in the text, what the change must show)
TABLES: dict[str, tuple[str, str, tuple[str, str]]] = {
    "customers": (
        "customer",
        ("客户编号,客户名称,客户类型,电话,邮箱,客户等级,近12个月消费额,拒绝回访\n"
        "KH000900,孙丽,个人,139 1234 5678、010-12345678,sl@example.com,重点,1.2万,否\n"
        ",海星贸易,企业,400-800-1234,,普通,,是\n"),
        ("1.2万", "1.5万"),
    ),
    "products": (
        "product",
        ("产品编号,产品名称,产品类别,型号,品牌,保修月数,三包,上市日期,在售\n"
        "SKU-1,洗碗机 W70,厨电,W70,海星,24,是,2025-09-01,是\n,净水器,厨电,J1,海星,,否,,是\n"),
        ("W70,海星,24", "W70,海星,36"),
    ),
    "orders": (
        "sales_order",
        ("订单号,客户,客户电话,产品,数量,金额,下单时间,签收时间,下单平台\n"
        '2026030500001,李明,13800005678,W60,1,"1,299.00",2026-02-01 10:00,2026-02-04 10:00,京东\n'),
        ("1,299.00", "999.00"),
    ),
    "users": (
        "person",
        "工号,姓名,角色,部门,班组,在职\nA07,何洁,客服专员、回访专员,客服,早班,是\n,许强,技术员,技术,,是\n",
        ("早班", "晚班"),
    ),
    "visits": (
        "visit",
        ("工单号,序号,技术员,预约开始,预约结束,派单时间,到达时间,离开时间,上门结果\n"
        "A2,1,赵刚,2026-03-06 14:00,2026-03-06 15:00,2026-03-06 09:00,2026-03-06 14:10,2026-03-06 15:20,未完成\n"
        "A2,2,赵刚,2026-03-07 14:00,,,2026-03-07 14:10,2026-03-07 15:20,完成\n"),
        ("15:20,未完成", "15:25,未完成"),
    ),
    "callbacks": (
        "callback",
        ("外部单号,回访类型,工单号,投诉编号,客户,回访人,应回访时间,状态,完成时间,回访结果,备注\n"
        "H1,常规,A1,,,何洁,2026-03-06 10:00,已完成,2026-03-05 11:00,满意,很好\n"
        "H2,,,C1,,何洁,2026-03-06 17:00,,,,\n"),
        ("满意,很好", "一般,还行"),
    ),
    "surveys": (
        "survey",
        ("外部单号,工单号,调查方式,发送时间,答复时间,满意度,服务态度,NPS,评价内容,低分原因\n"
        "S1,A1,短信,2026-03-03 12:00,2026-03-03 13:00,非常满意,5,10,不错,\n"
        "S2,A2,问卷星,2026-03-06 12:00,2026-03-07,2,3,0,太慢,响应慢、态度差\n"),
        ("2,3,0,太慢", "1,3,0,太慢"),
    ),
    "questionnaires": (
        "survey_answer",
        ("答卷编号,提交答卷时间,工单号,手机号,总体满意度,1、您对服务态度满意吗,您有什么建议,其他想说的话\n"
        "W1,2026-03-04 10:00,旧单9,,非常满意,5星,很好,谢谢\n"
        "W2,2026-03-06 10:00,,13800001111,2分,3,太慢,\n"),
        ("2分,3,太慢", "1分,3,太慢"),
    ),
    "quality-checks": (
        "quality_check",
        ("外部单号,工单号,质检员,质检时间,着装,话术,流程,资质出示,严重不合格\n"
        "Q1,A1,何洁,2026-03-10 10:00,合格,合格,不合格,不适用,否\n"),
        ("不合格,不适用", "合格,不适用"),
    ),
    "knowledge": (
        "knowledge",
        "知识编号,标题,问题类型,现象,解决方案,关键词,状态\nZS00090,不制冷怎么办,产品质量缺陷,不冷,先检查滤网,滤网,已发布\n",
        ("先检查滤网", "先清洗滤网"),
    ),
    "targets": (
        "metric_target",
        "指标,范围,生效月份,目标值,阈值,权重\ncsat_mean,,2026-01,4.2,4.0,30\n",
        ("4.2", "4.3"),
    ),
    "calendar": (
        "calendar_day",
        "日期,名称,类型,工作时段\n2027-01-01,元旦,休,\n2027-01-03,元旦调休,班,09:00-12:00 13:00-18:00\n".replace(" 13", "、13"),
        ("元旦,休", "新年,休"),
    ),
    "channel-daily": (
        "channel_daily",
        "日期,渠道,呼入量,接通量,时限内接通量,平均等待(秒)\n2026-03-05,电话,120,100,90,15\n2026/3/6,电话,80,80,,\n",
        ("120,100", "120,110"),
    ),
    "order-volume": (
        "order_volume",
        "月份,产品,订单数\n2026-03,,1200\n2026年3月,W60,300\n",
        ("1200", "1250"),
    ),
    "spare-parts": (
        "spare_parts",
        "月份,备件类别,期初金额,期末金额,领用金额,呆滞金额\n2026-03,压缩机,10000,8000,45000.5,1200\n",
        ("45000.5", "46000"),
    ),
    "manual-metrics": (
        "manual_metric",
        "指标代码,月份,数值,说明\n培训覆盖率,2026-03,96%,\nown_figure,2026-03,3,自定义\n",
        ("96%", "98%"),
    ),
    "callback-attempts": (
        "callback_attempt",
        "回访编号,时间,操作人,拨打结果,备注\nH1,2026-03-04 10:00,何洁,无人接听,\nH1,2026-03-05 11:00,何洁,接通,\n",
        ("无人接听", "占线"),
    ),
    "complaint-events": (
        "complaint_event",
        "投诉编号,时间,事件,操作人,内容\nC2,2026-03-20 10:00,首次联系,王芳,已致电\nC2,2026-03-23 10:00,已办结,王芳,\n",
        ("", ""),
    ),
}  # fmt: skip
NEEDS = {"callback-attempts": ("callbacks",)}
HISTORIES = {"tickets", "ticket-events", "complaints"}  # have tests of their own


def prepared(desk: Desk, tmp_path: Path, kind: str) -> None:
    brought(desk, written(tmp_path / "cases.csv", CASES), "tickets")
    brought(desk, written(tmp_path / "grievances.csv", GRIEVANCES), "complaints")
    for needed in NEEDS.get(kind, ()):
        brought(desk, written(tmp_path / f"{needed}.csv", TABLES[needed][1]), needed)


def test_every_kind_is_tested() -> None:
    assert set(TABLES) | HISTORIES == set(KINDS)


@pytest.mark.parametrize("kind", TABLES)
def test_in_again_changed_and_back(desk: Desk, tmp_path: Path, kind: str) -> None:
    table, text, (old, new) = TABLES[kind]
    prepared(desk, tmp_path, kind)
    before = visible(desk)
    count = one(desk, f"SELECT count(*) FROM {table} WHERE deleted_at IS NULL")
    path = written(tmp_path / "x.csv", text)
    lines = len(text.strip().splitlines()) - 1
    dry = bring(desk, path, kind, dry=True)
    assert (dry.inserted, dry.rejected_rows) == (lines, 0)
    plan = brought(desk, path, kind)
    assert plan.inserted == lines
    assert one(desk, f"SELECT count(*) FROM {table} WHERE deleted_at IS NULL") == count + lines
    inside = visible(desk)
    again = bring(desk, path, kind)
    assert (again.inserted, again.updated, again.skipped) == (0, 0, lines)
    assert visible(desk) == inside
    if old:
        assert old in text
        changed = brought(desk, written(tmp_path / "y.csv", text.replace(old, new)), kind)
        assert (changed.inserted, changed.updated, changed.skipped) == (0, 1, lines - 1)
        assert bring(desk, tmp_path / "y.csv", kind).skipped == lines
        imports.undo_import(desk, changed.batch)
        assert visible(desk) == inside
    imports.undo_import(desk, plan.batch)
    assert visible(desk) == before
    assert brought(desk, path, kind).inserted == lines


def test_values_arrive_where_they_belong(desk: Desk, tmp_path: Path) -> None:
    prepared(desk, tmp_path, "")
    for kind, (_, text, _) in TABLES.items():
        if kind not in NEEDS:
            brought(desk, written(tmp_path / f"{kind}.csv", text), kind)
    assert one(desk, "SELECT phones, tier, spend_12m, initials FROM customer WHERE name = '孙丽'") == (
        '["13912345678", "01012345678"]', "key", 1_200_000, "sl",
    )  # fmt: skip
    assert one(desk, "SELECT kind, opt_out FROM customer WHERE name = '海星贸易'") == ("company", 1)
    assert one(desk, "SELECT p.warranty_months, p.three_guarantee, l.name FROM product p JOIN list_item l "
               "ON l.id = p.category_id WHERE p.product_no = 'SKU-1'") == (24, 1, "厨电")  # fmt: skip
    assert one(desk, "SELECT amount, platform FROM sales_order") == (129_900, "jd")
    assert json.loads(one(desk, "SELECT roles FROM person WHERE person_no = 'A07'")) == [
        "agent",
        "callback",
    ]
    # a visit is also an event of its ticket: the technician's arrival is the first response
    assert one(desk, "SELECT visit_count, first_response_at FROM ticket WHERE external_no = 'A2'") == (
        1, at("2026-03-06 14:10"),
    )  # fmt: skip
    assert one(desk, "SELECT window_end FROM visit WHERE seq = 2") == at("2026-03-07 14:30")
    assert one(desk, "SELECT c.kind, c.state, k.external_no FROM callback c JOIN complaint k "
               "ON k.id = c.complaint_id") == ("complaint", "planned", "C1")  # fmt: skip
    assert one(desk, "SELECT callback_required FROM ticket WHERE external_no = 'A1'") == 1
    survey = one(desk, "SELECT csat, nps, dim_attitude, method, agent_id IS NOT NULL, channel_id IS NOT NULL, "
                 "product_id IS NOT NULL, customer_id IS NOT NULL, data_flags FROM survey WHERE external_no = 'S1'")  # fmt: skip
    assert survey == (5, 10, 5, "sms", 1, 1, 1, 1, None)
    assert one(desk, "SELECT nps, reasons FROM survey WHERE external_no = 'S2'") == (
        0,
        '["响应慢", "态度差"]',
    )
    assert one(desk, "SELECT score_tenths, passed FROM quality_check") == (667, 0)
    assert one(desk, "SELECT scope, target, threshold, weight FROM metric_target WHERE valid_from = '2026-01'") == (
        "all", 4.2, 4.0, 30,
    )  # fmt: skip
    assert rows(desk, "SELECT kind, spans FROM calendar_day WHERE date LIKE '2027%' ORDER BY date") == [
        ("off", None), ("work", '[["09:00", "12:00"], ["13:00", "18:00"]]'),
    ]  # fmt: skip
    assert one(desk, "SELECT orders FROM order_volume WHERE product_id IS NULL") == 1200
    assert one(desk, "SELECT issued FROM spare_parts") == 4_500_050
    assert rows(
        desk, "SELECT key, name, unit, direction, value FROM manual_metric ORDER BY key"
    ) == [
        ("own_figure", "own_figure", "", "up", 3.0),
        ("training_coverage", "培训覆盖率", "%", "up", 96.0),
    ]
    assert one(desk, "SELECT contacted_at, resolved_at, status FROM complaint WHERE external_no = 'C2'") == (
        at("2026-03-20 10:00"), at("2026-03-23 10:00"), "resolved",
    )  # fmt: skip


# ---- complaints ---------------------------------------------------------------------------------


def test_complaints_get_deadline_history_and_detection(desk: Desk, tmp_path: Path) -> None:
    path = written(tmp_path / "c.csv", GRIEVANCES)
    before = visible(desk)
    plan = brought(desk, path, "complaints")
    first = one(desk, "SELECT id, complaint_no, status, due_at, first_resolved_at, is_repeat, chain "
                "FROM complaint WHERE external_no = 'C1'")  # fmt: skip
    # ordinary: three working days after Monday 2026-03-02, at close of business
    assert first[1:] == (
        "TS202603-0001",
        "closed",
        at("2026-03-05 18:00"),
        at("2026-03-04 17:00"),
        0,
        1,
    )
    second = one(desk, "SELECT due_at, is_repeat, chain, repeat_of_id, second_of_id FROM complaint "
                 "WHERE external_no = 'C2'")  # fmt: skip
    # major: five working days after Friday 2026-03-20
    assert second == (at("2026-03-27 18:00"), 1, 2, first[0], first[0])
    assert bring(desk, path, "complaints").skipped == 2
    changed = GRIEVANCES.replace("王芳,,,重大", "王芳,2026-03-24 10:00,,重大")
    again = brought(desk, written(tmp_path / "d.csv", changed), "complaints")
    assert (again.updated, again.skipped) == (1, 1)
    assert one(desk, "SELECT status, resolved_at FROM complaint WHERE external_no = 'C2'") == (
        "resolved", at("2026-03-24 10:00"),
    )  # fmt: skip
    imports.undo_import(desk, again.batch)
    imports.undo_import(desk, plan.batch)
    assert visible(desk) == before


def test_a_group_complaint_is_found_in_a_file(desk: Desk, tmp_path: Path) -> None:
    text = "外部单号,受理时间,投诉人,涉及产品,渠道,投诉类别,投诉内容\n" + "".join(
        f"G{i},2026-03-0{i} 09:00,客户{i},W60,电话,产品性能,漏水\n" for i in (1, 2, 3)
    )
    brought(desk, written(tmp_path / "g.csv", text), "complaints")
    assert one(desk, "SELECT count(*) FROM complaint WHERE group_id IS NOT NULL") == 3
    assert one(desk, "SELECT triggered_at FROM complaint_group") == at("2026-03-03 09:00")


def test_social_media_is_an_exposure(desk: Desk, tmp_path: Path) -> None:
    text = """外部单号,受理时间,投诉人,渠道,投诉类别,投诉内容
E1,2026-03-02,甲,社交媒体,产品性能,漏水
E2,2026-03-02,乙,电话,产品性能,再不处理就发抖音曝光
"""
    brought(desk, written(tmp_path / "e.csv", text), "complaints")
    assert rows(desk, "SELECT social_exposure, exposure_suggested, severity, exposure_state FROM complaint "
                "ORDER BY external_no") == [
        (1, 0, "major", "watching"), (0, 1, "normal", None),
    ]  # fmt: skip


def test_a_reopened_complaint_by_events(desk: Desk, tmp_path: Path) -> None:
    brought(desk, written(tmp_path / "c.csv", GRIEVANCES), "complaints")
    text = """投诉编号,时间,事件
C1,2026-03-09 09:00,reopened
C1,2026-03-10 09:00,resolved
"""
    brought(desk, written(tmp_path / "e.csv", text), "complaint-events")
    assert one(desk, "SELECT status, reopen_count, first_resolved_at, resolved_at, closed_at FROM complaint "
               "WHERE external_no = 'C1'") == (
        "resolved", 1, at("2026-03-04 17:00"), at("2026-03-10 09:00"), None,
    )  # fmt: skip


# ---- what bad input gets --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "text", "row", "field", "code"),
    [
        ("surveys", "答复时间,满意度\n2026-03-05,6\n", 2, "csat", "AB07"),
        ("surveys", "答复时间,满意度\n2026-03-05,5\n2026-03-05,0\n", 3, "csat", "AB07"),
        ("surveys", "答复时间,满意度\n2026-03-05,4.5\n", 2, "csat", "AB07"),
        ("surveys", "答复时间,NPS\n2026-03-05,11\n", 2, "nps", "AB07"),
        ("surveys", "满意度\n5\n", 2, "responded_at", "AB08"),
        ("customers", "客户名称,电话\n李明,1.38E+10\n", 2, "phones", "scientific"),
        ("channel-daily", "日期,渠道,呼入量,接通量\n2026-03-05,电话,10,11\n", 2, "answered", "AB17"),
        ("calendar", "日期,类型,工作时段\n2027-01-01,班,整天\n", 2, "spans", "not_a_span"),
        ("callbacks", "应回访时间\n2026-03-05\n", 2, "customer", "AB08"),
        ("orders", "订单号,金额\n1,很多\n", 2, "amount", "not_a_number"),
        ("products", "产品名称,保修月数\n甲,130\n", 2, "warranty_months", "out_of_range"),
        ("complaints", "受理时间,投诉人,渠道,投诉类别,诉求金额\n2026-3-5,甲,电话,其他,-5\n", 2, "demand_amount",
         "out_of_range"),
        ("customers", "客户名称\n" + "长" * 51 + "\n", 2, "name", "too_long"),
    ],
)  # fmt: skip
def test_rows_that_cannot_come_in(
    desk: Desk, tmp_path: Path, kind: str, text: str, row: int, field: str, code: str
) -> None:
    before = visible(desk)
    plan = bring(desk, written(tmp_path / "x.csv", text), kind)
    assert [(p.row, p.field, p.code) for p in plan.problems] == [(row, field, code)]
    assert not plan.applied
    for language in ("en", "zh_CN"):
        assert plan.problems[0].sentence(translator(language))
    assert visible(desk) == before


def test_an_inspector_does_not_check_himself(desk: Desk, tmp_path: Path) -> None:
    prepared(desk, tmp_path, "")
    text = "工单号,质检员,质检时间,着装\nA1,王芳,2026-03-05,合格\n"
    plan = bring(desk, written(tmp_path / "q.csv", text), "quality-checks")
    assert [p.code for p in plan.problems] == ["same_person"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("客户,渠道\n甲,电话\n", "missing_column"),
        ("受理时间,客户,渠道,渠道\n2026-3-5,甲,电话,电话\n", "column_twice"),
        ("", "empty_file"),
    ],
)
def test_files_that_cannot_come_in(desk: Desk, tmp_path: Path, text: str, code: str) -> None:
    before = visible(desk)
    with pytest.raises(UserError) as caught:
        bring(desk, written(tmp_path / "x.csv", text), "tickets")
    assert caught.value.code == code
    assert visible(desk) == before


def test_an_invalid_phone_is_flagged_and_names_nobody(desk: Desk, tmp_path: Path) -> None:
    text = "客户名称,电话\n甲,12345\n乙,12345\n"
    plan = brought(desk, written(tmp_path / "x.csv", text), "customers")
    assert plan.inserted == 2
    assert plan.flagged["AB11"] == 2


def test_a_workbook_of_an_office_comes_in(desk: Desk, tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "台账.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("台账")
    page.merge_range("A1:F1", "三月投诉台账")
    page.merge_range("A2:A3", "外部单号")
    page.merge_range("B2:C2", "客户")
    page.write_row("B3", ["姓名", "电话"])
    for column, title in zip("DEF", ["受理时间", "渠道", "投诉类别"], strict=True):
        page.merge_range(f"{column}2:{column}3", title)
    page.write_row("A4", [1001, "甲", 13812345678, 46086.5, "电话", "其他"])
    page.write_row("A5", [1002, "乙", 13912345678, 46087, "门店", "其他"])
    page.write_row("A7", ["合计", "", "", "", "", 2])
    book.close()
    plan = brought(desk, path, "complaints")
    assert (plan.inserted, plan.left_out.counts) == (2, {"title": 1, "empty": 1, "total": 1})
    assert one(desk, "SELECT k.received_at, c.phones FROM complaint k JOIN customer c ON c.id = k.customer_id "
               "WHERE k.external_no = '1001'") == (at("2026-03-05 12:00"), '["13812345678"]')  # fmt: skip


def test_what_happened_before_the_launch_and_closings_in_bulk(desk: Desk, tmp_path: Path) -> None:
    brought(desk, written(tmp_path / "p.csv", "产品名称,上市日期\nW90,2026-03-10\n"), "products")
    text = "外部单号,客户,渠道,产品,问题类型,受理时间,当前处理人,解决时间,关闭时间\n"
    text += "L1,甲,邮件,W90,其他,2026-03-09 10:00,,,\nL2,甲,邮件,W90,其他,2026-03-10 10:00,,,\n"
    text += "".join(
        f"B{i},客{i},邮件,,其他,2026-03-02 1{i}:00,王芳,2026-03-05 10:00,2026-03-06 10:00:0{i}\n"
        for i in range(10)
    )
    plan = brought(desk, written(tmp_path / "t.csv", text), "tickets")
    assert (plan.flagged["AB13"], plan.flagged["AB16"]) == (1, 10)
    head = "工单号,时间,事件,操作人\n"
    closings = head + "".join(f"B{i},2026-03-20 10:00:0{i},closed,王芳\n" for i in range(10))
    assert (
        brought(desk, written(tmp_path / "e.csv", closings), "ticket-events").flagged["AB16"] == 10
    )


def test_holidays_that_are_there_already_change_nothing(desk: Desk, tmp_path: Path) -> None:
    text = "date,name,kind\n" + "".join(
        f"{day},{name},{kind}\n" for day, name, kind in rows(
            desk, "SELECT date, name, kind FROM calendar_day ORDER BY date"
        )
    )  # fmt: skip
    plan = bring(desk, written(tmp_path / "days.csv", text), "calendar")
    assert (plan.inserted, plan.updated, plan.rejected_rows) == (0, 0, 0)
    path = tmp_path / "2027.json"
    path.write_text(
        '{"days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}', encoding="utf-8"
    )
    assert brought(desk, path, "calendar").inserted == 1
    assert 2027 in desk.reference.calendar.years


def test_what_is_known_of_customers_and_articles_goes_out_and_comes_in_again(
    desk: Desk, tmp_path: Path
) -> None:
    people = "客户编号,客户名称,电话,客服经理,备注\nKH000900,孙丽,13912345678,新来的,爱打电话 13800005678\n"
    articles = "文章编号,标题,文章类型,解决方案\nZS0900,救急安装,可复制案例,当天上门安装调试\nZS0901,怎样退货,,七天内寄回\n"
    brought(desk, written(tmp_path / "people.csv", people), "customers")
    brought(desk, written(tmp_path / "articles.csv", articles), "knowledge")
    stored = (
        "SELECT p.name, c.notes FROM customer c JOIN person p ON p.id = c.manager_id",
        "SELECT article_no, kind FROM knowledge ORDER BY article_no",
    )
    known = [rows(desk, sql) for sql in stored]
    assert known == [
        [("新来的", "爱打电话 13800005678")],
        [("ZS0900", "case"), ("ZS0901", "article")],
    ]
    desk.clock.advance(60)  # type: ignore[attr-defined]
    for kind in ("customers", "knowledge"):
        out = tmp_path / f"{kind}.csv"
        request = exports.Request(kind, unmask=True, purpose="测试")
        exports.export(desk, request, out, translator("zh_CN"), ImmediateContext())
        again = bring(desk, out, kind)
        assert not again.problems
        assert again.counts[Action.UPDATE] + again.counts[Action.INSERT] == 0
    masked = tmp_path / "masked.csv"
    exports.export(
        desk, exports.Request("customers"), masked, translator("zh_CN"), ImmediateContext()
    )
    text = masked.read_text(encoding="utf-8-sig")
    assert "新来的" in text
    assert "13800005678" not in text
    assert "孙丽" not in text
    assert [rows(desk, sql) for sql in stored] == known


def test_a_tier_of_a_file_is_not_ended_by_an_older_last_day(desk: Desk, tmp_path: Path) -> None:
    brought(desk, written(tmp_path / "a.csv", "客户编号,客户名称\nKH000900,孙丽\n"), "customers")
    key = one(desk, "SELECT id FROM customer WHERE customer_no = 'KH000900'")
    customer_tiers.set_override(desk, key, "normal", "暂不", until="2026-04-01")
    desk.clock.advance(3 * 86400)  # type: ignore[attr-defined]
    text = "客户编号,客户名称,客户等级\nKH000900,孙丽,重点\n"
    brought(desk, written(tmp_path / "b.csv", text), "customers")
    assert rows(desk, "SELECT tier, tier_manual, tier_until FROM customer WHERE id = ?", key) == [
        ("key", "key", None)
    ]
