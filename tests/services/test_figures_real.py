"""Complaint and satisfaction figures of real sets against plain code over the raw files.

Every expectation is worked out from the raw rows with csv and datetime alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from svcdesk.i18n.catalog import translator
from svcdesk.services import dashboards, figure_filters, imports
from svcdesk.system.job import ImmediateContext
from tests.services.every_month import by_name
from tests.services.test_imports_real import (
    MAPPINGS,
    desk_in,
    off_and_work,
    raw,
    sample_or_whole,
    shared,
    take_in,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from svcdesk.services.desk import Desk

ZH = translator("zh_CN")


def told(desk: Desk, metric: str, period: str, by: str = "", *where: str) -> Any:
    """What the command line answers: (num, den), or these by the name of the group."""
    answer = dashboards.answer(
        desk, dashboards.period_of(desk, period), by=by or None, only=[metric], t=ZH,
        filters=figure_filters.read(desk, where),
    )["metrics"]  # fmt: skip
    found = answer.get(metric, [])
    if by:
        return {row["group"]: (row["num"], row["den"]) for row in found}
    return found["num"], found["den"]


def counts(rows: list[Any]) -> dict[str, tuple[int, None]]:
    return {name: (n, None) for name, n in Counter(rows).items()}


# ---- CFPB: received, on time, closed, by everything it carries -------------------------------------

VIA = {"Web": "网站", "Phone": "电话", "Email": "邮件"}


@sample_or_whole(
    "cfpb_2012_2014_sample.csv", "cfpb-complaints-2012-2014", "cfpb_complaints_sample.csv"
)
def test_cfpb_by_every_dimension(find: Callable[[], Path], tmp_path: Path) -> None:
    path = find()
    table = raw(path)
    with desk_in(tmp_path, "Asia/Shanghai") as desk:
        take_in(desk, "cfpb-complaints", path)
        cfpb_months(desk, table)
        for period in ("2012", "2013-Q2", "2014-03"):
            span = dashboards.period_of(desk, period)
            rows = [
                row for row in table
                if span.start <= date.fromisoformat(row["Date received"]) < span.end
            ]  # fmt: skip
            late = [row["Company response to consumer"] == "Untimely response" for row in rows]
            settled = (len(rows) - sum(late), len(rows))
            assert told(desk, "complaint_received", period) == (len(rows), None)
            for metric in ("timely_rate", "completion_rate", "closure_rate"):
                assert told(desk, metric, period) == settled, (metric, period)
            for by, column in (("category", "Product"), ("product", "Product"),
                               ("region", "State")):  # fmt: skip
                expected = counts([row[column].strip() or "未填写" for row in rows])
                assert told(desk, "complaint_received", period, by) == expected, (by, period)
            via = [VIA.get(row["Submitted via"], "来信") for row in rows]
            assert told(desk, "complaint_received", period, "channel") == counts(via)
            on_time: dict[str, list[int]] = defaultdict(lambda: [0, 0])
            for channel, untimely in zip(via, late, strict=True):
                on_time[channel][0] += not untimely
                on_time[channel][1] += 1
            found = told(desk, "timely_rate", period, "channel")
            assert found == {name: tuple(pair) for name, pair in on_time.items()}
            for name, pair in on_time.items():  # the filter narrows both sides
                assert told(desk, "timely_rate", period, "", f"channel={name}") == tuple(pair)


DIMENSIONS = {"category": "Product", "product": "Product", "region": "State"}


def cfpb_months(desk: Desk, table: list[dict[str, str]]) -> None:
    """Compare every month: received, on time, completed, closed, and how each splits up."""
    months = sorted({row["Date received"][:7] for row in table})
    spans = {month: dashboards.period_of(desk, month) for month in months}
    metrics = ("complaint_received", "timely_rate", "completion_rate", "closure_rate",
               "complaint_overdue_open")  # fmt: skip
    with dashboards.board(desk) as b:
        ours = b.figures(metrics, list(spans.values()))
        for month, span in spans.items():
            rows = [row for row in table if row["Date received"].startswith(month)]
            late = sum(row["Company response to consumer"] == "Untimely response" for row in rows)
            share = Fraction(100 * (len(rows) - late), len(rows))
            assert ours["complaint_received"][month].value == len(rows), month
            for metric in metrics[1:4]:
                assert ours[metric][month].value == share, (metric, month)
            assert (ours["complaint_overdue_open"][month].value or 0) == late, month
            for by, column in DIMENSIONS.items():
                expected = Counter(row[column].strip() or "未填写" for row in rows)
                assert by_name(b, "complaint_received", span, by) == expected, (by, month)
            via = Counter(VIA.get(row["Submitted via"], "来信") for row in rows)
            assert by_name(b, "complaint_received", span, "channel") == via, month
            groups = dashboards.groups(b, "complaint_received", span, "product", ZH)
            assert sum((g.share or Fraction(0)) for g in groups) == 1


# ---- citizens' messages as complaints: deadlines, handling time, repeats, second complaints ---------

AS_COMPLAINTS = """
kind = "complaints"
create = ["customer", "category"]
[columns]
"留言编号" = "external_no"
"留言用户" = "customer"
"留言详情" = "description"
"留言时间" = "received_at"
"答复时间" = "resolved_at"
[constants]
channel = "网站"
category_l1 = "服务质量"
severity = "一般"
"""


def close_of(day: date, days: int, special: dict[date, str]) -> datetime:
    """18:00 of the so-manieth working day after ``day``."""
    while days:
        day += timedelta(days=1)
        kind = special.get(day, "work" if day.weekday() < 5 else "off")
        days -= kind == "work"
    return datetime(day.year, day.month, day.day, 18, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_citizen_messages_as_complaints(tmp_path: Path) -> None:
    from python_calamine import CalamineWorkbook

    path = shared("zh-citizen-messages-to-2018", "留言与答复_2011-2018.xlsx")
    mapping = tmp_path / "messages.toml"
    mapping.write_text(AS_COMPLAINTS, "utf-8")
    zone, special = ZoneInfo("Asia/Shanghai"), off_and_work()
    messages = []
    for line in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[1:]:
        asked, replied = (
            datetime.strptime(text if " " in text else f"{text} 0:00:00", "%Y/%m/%d %H:%M:%S")
            .replace(tzinfo=zone)
            for text in (str(line[3]), str(line[6]))
        )  # fmt: skip
        messages.append((asked, int(float(str(line[0]))), str(line[1]).strip(), replied))
    messages.sort()
    repeats: set[int] = set()
    seconds: set[int] = set()
    last: dict[str, datetime] = {}
    by_sender: dict[str, list[datetime]] = defaultdict(list)
    for asked, number, sender, _ in messages:
        before = last.get(sender)
        if before is not None and timedelta(hours=1) < asked - before <= timedelta(days=30):
            repeats.add(number)
        last[sender] = asked
        by_sender[sender].append(asked)
    for _, number, sender, replied in messages:
        if any(timedelta() < x - replied <= timedelta(days=30) for x in by_sender[sender]):
            seconds.add(number)
    with desk_in(tmp_path, "Asia/Shanghai") as desk:
        plan = imports.apply(
            desk, path, imports.load_mapping(mapping), ImmediateContext(), index_now=False
        ).value
        assert plan.inserted == len(messages), [p.text for p in plan.problems[:5]]
        for period in ("2017", "2018", "2018-Q3", "2018-11"):
            span = dashboards.period_of(desk, period)
            of = [m for m in messages if span.start <= m[0].date() < span.end]
            ended = [m for m in messages if span.start <= m[3].date() < span.end]
            assert told(desk, "complaint_received", period) == (len(of), None)
            due = sum(m[3] <= close_of(m[0].date(), 3, special) for m in of)
            assert told(desk, "timely_rate", period) == (due, len(of)), period
            assert told(desk, "complaint_late_resolved", period) == (len(of) - due, None)
            total = sum(int((m[3] - m[0]).total_seconds()) for m in ended)
            assert told(desk, "handling_mean_h", period) == (total, len(ended))
            assert told(desk, "repeat_rate", period) == (
                sum(m[1] in repeats for m in of), len(of),
            )  # fmt: skip
            again = {m[2] for m in of if m[1] in repeats}
            assert told(desk, "repeat_customer_rate", period) == (
                len(again), len({m[2] for m in of}),
            )  # fmt: skip
            assert told(desk, "second_rate", period) == (
                sum(m[1] in seconds for m in ended), len(ended),
            )  # fmt: skip


# ---- car complaints: products, states, nothing due yet and everything overdue -----------------------


def test_car_complaints_before_and_after_their_deadline(tmp_path: Path) -> None:
    path = shared("zh-car-complaints-202006", "汽车投诉_2020-06_GBK.csv")
    table = raw(path, "gb18030")
    special = off_and_work()
    with desk_in(tmp_path, "Asia/Shanghai") as desk:
        take_in(desk, "car-complaints", path)
        models = [f"{row['brand'].strip()} {row['car_model'].strip()}" for row in table]
        assert told(desk, "complaint_received", "2020-06", "product") == counts(models)
        days = [date(*map(int, row["datetime"].split("/"))) for row in table]
        june = dashboards.period_of(desk, "2020-06")
        for cut in ("2020-06-09", "2020-06-11", "2020-06-12", "2020-07-01"):
            moment = datetime.fromisoformat(cut).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
            overdue = sum(moment > close_of(day, 3, special) for day in days)
            found = dashboards.figures(
                desk, june, int(moment.timestamp()),
                ["complaint_overdue_open", "complaint_not_yet_due", "timely_rate"],
            )  # fmt: skip
            assert found["complaint_overdue_open"].num == overdue, cut
            assert found["complaint_not_yet_due"].num == len(days) - overdue, cut
            assert found["timely_rate"].not_yet_due == len(days) - overdue, cut


# ---- a shop's answers: means and shares by channel, agent and type --------------------------------


def test_answers_by_channel_agent_and_type(tmp_path: Path) -> None:
    path = shared("ecommerce-csat-2023-08-a", "customer_support_csat.csv")
    table = [row for row in raw(path) if row["Survey_response_Date"].endswith("Aug-23")]
    tickets = (MAPPINGS / "ecommerce-tickets.toml").read_text("utf-8")
    mapping = tmp_path / "tickets.toml"
    mapping.write_text(
        tickets.replace('"*" = "在线聊天"', '"Outcall" = "电话"\n"*" = "在线聊天"'), "utf-8"
    )
    channels = {"Email": "邮件", "Outcall": "电话", "Inbound": "在线聊天"}
    with desk_in(tmp_path, "Asia/Kolkata") as desk:
        plan = imports.apply(
            desk, path, imports.load_mapping(mapping), ImmediateContext(), index_now=False
        ).value
        assert plan.applied
        take_in(desk, "ecommerce-surveys", path)
        scores: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row in table:
            score = int(row["CSAT Score"])
            for by, name in (
                ("channel", channels[row["channel_name"]]), ("agent", row["Agent_name"].strip()),
                ("issue", row["category"].strip()), ("csat", ""), ("", ""),
            ):  # fmt: skip
                scores[by, name].append(score)
        whole = scores["", ""]
        tests: dict[str, Callable[[int], int]] = {
            "csat_mean": lambda score: score,
            "csat_rate": lambda score: int(score >= 4),
            "csat_very_rate": lambda score: int(score == 5),
            "csat_low_rate": lambda score: int(score <= 2),
        }
        for metric, of in tests.items():
            assert told(desk, metric, "2023-08") == (sum(map(of, whole)), len(whole))
            for by in ("channel", "agent", "issue"):
                expected = {
                    name: (sum(map(of, some)), len(some))
                    for (dimension, name), some in scores.items()
                    if dimension == by
                }
                assert told(desk, metric, "2023-08", by) == expected, (metric, by)
        assert told(desk, "low_score_count", "2023-08") == (sum(s <= 2 for s in whole), None)
        split = told(desk, "csat_mean", "2023-08", "csat")
        assert sorted(den for _, den in split.values()) == sorted(Counter(whole).values())
        # nobody called back about a low score, and the time for it is long over
        assert told(desk, "low_score_loop48_rate", "2023-08") == (0, sum(s <= 2 for s in whole))
        rate = dashboards.figures(
            desk, dashboards.period_of(desk, "2023-08"), None, ["csat_mean"]
        )["csat_mean"]  # fmt: skip
        assert rate.value == Fraction(sum(whole), len(whole))
