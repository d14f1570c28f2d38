"""What stands beside the period: a closed month and what was restated, abnormal records left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from svcdesk.i18n import catalog
from svcdesk.services import closings, tickets
from svcdesk.system.job import ImmediateContext
from tests.services.closing_desks import a_month
from tests.services.importing import brought, written
from ui.pages.reports.page import ReportsPage

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock
    from tests.ui.pages import Workshop

ENTER = Qt.Key.Key_Return
ABNORMAL = (
    "外部单号,客户,客户电话,渠道,问题类型,服务类型,受理时间,首次响应时间,解决时间\n"
    "A1,王一,13800000001,网站,产品质量缺陷,咨询,2026-03-02 10:00,2026-03-02 10:00,2026-03-02 11:00\n"  # AB01
    "A2,王二,13800000002,网站,产品质量缺陷,咨询,2026-03-03 10:00,2026-03-03 09:00,2026-03-03 09:30\n"  # 02, 03
    "A3,王三,13800000003,网站,产品质量缺陷,维修,2026-03-04 10:00,2026-03-04 10:00,2026-03-04 10:00\n"  # 01, 09
    "B1,王四,13800000004,网站,产品质量缺陷,咨询,2026-02-04 10:00,2026-02-04 10:00,2026-02-04 11:00\n"  # AB01
)


def march(shop: Workshop) -> ReportsPage:
    """The overview of March 2026, the month before the present one."""
    page = shop.go("reports", values={"tab": "overview"})
    assert isinstance(page, ReportsPage)
    assert page.bar.period.code == "2026-03"
    return page


def test_a_closed_month_is_marked_and_opens_what_was_restated(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:  # fmt: skip
    keys, _cases = a_month(desk, clock)
    page = march(shop)
    mark = page.bar.closing
    assert not mark.isVisible()
    closings.close(desk, "2026-03", ImmediateContext())
    shop.settle()
    assert mark.isVisible()
    assert mark.accessibleName() == "Closed on 2026-04-02"
    tickets.remove(desk, keys[5])  # neither answered nor resolved: one ticket received less
    shop.settle()
    assert mark.accessibleName() == "Closed on 2026-04-02, 1 record restated later"
    page._show_tab("response")
    shop.settle()
    assert mark.isVisible()
    mark.setFocus()
    shop.qtbot.keyClick(mark, ENTER)
    shop.settle()
    tab = page._own["closing"]
    assert tab._month == "2026-03"  # type: ignore[attr-defined]
    assert tab.detail.views.value() == "records"  # type: ignore[attr-defined]


def test_an_open_month_and_a_quarter_are_not_marked(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:  # fmt: skip
    a_month(desk, clock)
    closings.close(desk, "2026-03", ImmediateContext())
    page = march(shop)
    assert page.bar.closing.isVisible()
    for code in ("2026-04", "2026-Q1"):
        page.bar.set(code)
        page.reload()
        shop.settle()
        assert not page.bar.closing.isVisible(), code
    page.bar.set("2026-03")
    page.reload()
    shop.settle()
    assert page.bar.closing.isVisible()
    closings.reopen(desk, "2026-03", "补录")
    shop.settle()
    assert not page.bar.closing.isVisible()


def test_the_mark_speaks_chinese(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:  # fmt: skip
    keys, _cases = a_month(desk, clock)
    closings.close(desk, "2026-03", ImmediateContext())
    tickets.remove(desk, keys[5])
    before = catalog.current().language
    catalog.set_language("zh_CN")
    try:
        assert march(shop).bar.closing.accessibleName() == "已关账 2026-04-02，其后变动 1 条"
    finally:
        catalog.set_language(before)


def test_records_left_out_open_as_a_list(
    shop: Workshop, desk: Desk, tmp_path: Path
) -> None:  # fmt: skip
    brought(desk, written(tmp_path / "t.csv", ABNORMAL), "tickets")
    page = march(shop)
    mark = page.bar.excluded
    assert mark.accessibleName() == "3 abnormal records left out"
    mark.setFocus()
    shop.qtbot.keyClick(mark, Qt.Key.Key_Space)
    shop.settle()
    findings = page._own["data_quality"].findings  # type: ignore[attr-defined]
    assert page.tabs.key() == "data_quality"
    listed = sorted(key.code for key in findings._source.keys.values())
    assert listed == ["AB01", "AB01", "AB02", "AB03"]  # not AB09, which leaves nothing out


def test_marks_are_short_where_the_line_is_full(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:  # fmt: skip
    keys, _cases = a_month(desk, clock)
    closings.close(desk, "2026-03", ImmediateContext())
    tickets.remove(desk, keys[5])
    bar = march(shop).bar
    shop.window.host.resize(2200, 740)
    shop.settle()
    assert bar.closing.text() == "Closed on 2026-04-02, 1 record restated later"
    shop.window.host.resize(1000, 740)
    shop.settle()
    assert bar.closing.text() == "1"
    assert bar.closing.accessibleName() == "Closed on 2026-04-02, 1 record restated later"
