"""Desks with weeks of tickets or complaints, for what looks at weeks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.services.importing import brought

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from svcdesk.services.desk import Desk

LAST = date(2026, 3, 23)  # the last whole week on 2026-04-01
SHANGHAI = ZoneInfo("Asia/Shanghai")
TICKET_HEAD = "外部单号,客户,渠道,受理时间,问题类型,产品,标题,问题描述"
COMPLAINT_HEAD = "外部单号,客户,渠道,受理时间,投诉类别,产品,投诉内容"


class Week:
    """Writes the records of weeks: each line as (issue, product, title, text)."""

    def __init__(self, head: str = TICKET_HEAD) -> None:
        self.lines = [head]

    def add(self, back: int, n: int, *cells: str) -> None:
        """Add ``n`` records ``back`` weeks before the last, spread over its days."""
        monday = datetime.combine(LAST - timedelta(weeks=back), datetime.min.time(), SHANGHAI)
        for place in range(n):
            number = len(self.lines)
            moment = monday + timedelta(days=place % 7, hours=9, minutes=place // 7)
            at = moment.strftime("%Y-%m-%d %H:%M")
            self.lines.append(f"W{number},客户{number % 9},电话,{at},{','.join(cells)}")

    def every(self, weeks: Iterable[int], n: int, *cells: str) -> None:
        for back in weeks:
            self.add(back, n, *cells)

    def bring(self, desk: Desk, folder: Path, kind: str = "tickets") -> None:
        path = folder / f"{kind}.csv"
        path.write_text("\n".join(self.lines), encoding="utf-8")
        brought(desk, path, kind)


def leaking(desk: Desk, folder: Path) -> None:
    """Nine weeks of 20 quiet tickets; in the last one 12 of a leaking purifier come in as well."""
    week = Week()
    week.every(range(9), 12, "安装指导不足", "空调", "不会安装", "说明书看不懂怎么装")
    week.every(range(9), 8, "物流配送延误", "洗衣机", "没有送到", "约好的时间没到货")
    week.every(range(1, 9), 1, "产品质量缺陷", "净水器", "噪音大", "运行声音很吵")
    week.add(0, 12, "产品质量缺陷", "净水器", "接口漏水问题", "净水器接口一直漏水")
    week.bring(desk, folder)
