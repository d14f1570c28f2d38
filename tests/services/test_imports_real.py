"""Real sets, imported and counted: what the desk says against plain code over the raw file.

The samples in ``tests/data`` run everywhere; the whole sets when ``shared/data`` lies beside the
checkout. The expectations are worked out here from the raw rows with csv and datetime alone.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter, defaultdict
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from svcdesk.services import dashboards, imports
from svcdesk.services.desk import Desk
from svcdesk.system.clock import FixedClock
from svcdesk.system.job import ImmediateContext
from tests.conftest import NOW, SHARED_DATA
from tests.services.every_month import check_months
from tests.services.importing import one, rows
from tests.services.plain_figures import Case, Plain, PlainCalendar, stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DATA = Path(__file__).resolve().parents[1] / "data"
MAPPINGS = DATA / "mappings"
HOLIDAYS = Path(__file__).resolve().parents[2] / "resources" / "calendar" / "cn_holidays.csv"


def shared(*parts: str) -> Path:
    path = SHARED_DATA.joinpath(*parts)
    if not path.exists():
        pytest.skip("the whole sets under shared/data are not here")
    return path


def sample_or_whole(name: str, *whole: str) -> object:
    return pytest.mark.parametrize(
        "find", [lambda: DATA / name, lambda: shared(*whole)], ids=["sample", "whole"]
    )


def raw(path: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


@contextmanager
def desk_in(folder: Path, timezone: str) -> Iterator[Desk]:
    with Desk.create(folder / "d.svcdesk", timezone=timezone, clock=FixedClock(NOW)) as desk:
        yield desk


def take_in(desk: Desk, mapping: str, path: Path) -> imports.ImportPlan:
    """Import a set, and again: the second time nothing may happen."""
    found = imports.load_mapping(MAPPINGS / f"{mapping}.toml")
    plan = imports.apply(desk, path, found, ImmediateContext(), index_now=False).value
    assert plan.applied, [p.text for p in plan.problems[:5]]
    assert not plan.problems
    again = imports.apply(desk, path, found, ImmediateContext(), index_now=False).value
    assert (again.inserted, again.updated, again.skipped) == (0, 0, plan.rows_read)
    return plan


def figure(desk: Desk, metric: str, period: str, as_of: int | None = None) -> object:
    span = dashboards.period_of(desk, period)
    return dashboards.figures(desk, span, as_of, [metric])[metric]


def value(desk: Desk, metric: str, period: str) -> Fraction | None:
    return figure(desk, metric, period).value  # type: ignore[attr-defined]


# ---- plain working time: one loop over days --------------------------------------------------


def off_and_work() -> dict[date, str]:
    with HOLIDAYS.open(encoding="utf-8", newline="") as file:
        return {date.fromisoformat(row["date"]): row["kind"] for row in csv.DictReader(file)}


def worked_minutes(start: datetime, end: datetime, special: dict[date, str]) -> Fraction:
    """Sum the overlap with 09:00–18:00 of every working day."""
    total = timedelta()
    day = start.date()
    while day <= end.date():
        kind = special.get(day, "work" if day.weekday() < 5 else "off")
        if kind == "work":
            opens = datetime(day.year, day.month, day.day, 9, tzinfo=start.tzinfo)
            closes = opens.replace(hour=18)
            total += max(timedelta(), min(end, closes) - max(start, opens))
        day += timedelta(days=1)
    return Fraction(round(total.total_seconds()), 60)


# ---- ServiceNow ---------------------------------------------------------------------------------

SERVICENOW = sample_or_whole(
    "servicenow_tickets_sample.csv", "servicenow-incidents", "incident_tickets_final_state.csv.gz"
)
WAITS = ("Awaiting User Info", "Awaiting Vendor", "Awaiting Problem", "Awaiting Evidence")


def dmy(text: str) -> datetime | None:
    if text == "?":
        return None
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC)


def incident(row: dict[str, str], log: list[dict[str, str]]) -> Case:
    """An incident with its own times, then its log; a state shown again says nothing."""
    opened = dmy(row["opened_at"])
    assert opened is not None
    found = Case(
        row["number"], stamp(opened), customer=row["caller_id"], issue=row["category"],
        channel=row["contact_type"], live=row["contact_type"] == "Phone", agent=row["assigned_to"],
        priority={"1": "urgent", "2": "high", "3": "normal", "4": "low"}[row["priority"][0]],
    )  # fmt: skip
    for place, (name, what) in enumerate((("resolved_at", "resolved"), ("closed_at", "closed"))):
        if (at := dmy(row[name])) is not None:
            found.steps.append((stamp(at), place, what))
    shown = None
    for place, line in enumerate(log, start=2):
        at, state = dmy(line["sys_updated_at"]), line["incident_state"]
        assert at is not None
        if state == "Active":
            found.steps.append((stamp(at), 2 * place, "answer"))
        if state not in (shown, "New"):
            what = {"Resolved": "resolved", "Closed": "closed", "Awaiting User Info": "customer",
                    "Active": "work"}.get(state, "internal")  # fmt: skip
            found.steps.append((stamp(at), 2 * place + 1, what))
        shown = state
    return found


SERVICENOW_NAMES: dict[str, Callable[[str], str]] = {
    "channel": lambda name: {"Phone": "电话", "Email": "邮件"}.get(name, "网站"),
    "issue": lambda name: "其他" if name == "?" else name,
    "priority": lambda name: {"urgent": "紧急", "high": "高", "normal": "普通", "low": "低"}[name],
    "agent": lambda name: "未填写" if name == "?" else name,
}


def servicenow_calendar() -> PlainCalendar:
    """Return the working days that the desk of a new file has, in the set's zone."""
    return PlainCalendar(UTC, off_and_work(), date(2016, 1, 1), date(2026, 12, 31))


@SERVICENOW
def test_servicenow_tickets_alone(find: Callable[[], Path], tmp_path: Path) -> None:
    path = find()
    with desk_in(tmp_path, "UTC") as desk:
        take_in(desk, "servicenow-tickets", path)
        special = off_and_work()
        by_month: dict[str, list[dict[str, str]]] = defaultdict(list)
        resolved: dict[str, list[timedelta]] = defaultdict(list)
        on_time: dict[str, Counter[bool]] = defaultdict(Counter)
        limits = {"1": 240, "2": 540, "3": 1620, "4": 2700}
        for row in raw(path):
            opened = dmy(row["opened_at"])
            end = dmy(row["resolved_at"]) or dmy(row["closed_at"])
            assert opened is not None
            by_month[f"{opened:%Y-%m}"].append(row)
            if end is not None and end >= opened:
                resolved[f"{end:%Y-%m}"].append(end - opened)
                worked = worked_minutes(opened, end, special)
                on_time[f"{end:%Y-%m}"][worked <= limits[row["priority"][0]]] += 1
        for month in ("2016-03", "2016-04"):
            assert value(desk, "ticket_created", month) == len(by_month[month])
            assert value(desk, "ticket_resolved", month) == len(resolved[month])
            hours = sum(resolved[month], timedelta()).total_seconds() / 3600 / len(resolved[month])
            assert float(value(desk, "res_mean_h", month) or 0) == pytest.approx(hours, abs=1e-9)
            share = Fraction(100 * on_time[month][True], on_time[month].total())
            assert value(desk, "res_sla_rate", month) == share
        plain = Plain([incident(row, []) for row in raw(path)], servicenow_calendar())
        compared, ruled = check_months(desk, plain, SERVICENOW_NAMES)
        assert compared > 30 * len(plain.months())
        assert ruled == dict.fromkeys(("AB01", "AB02", "AB03"), 0)
        top = Counter(row["category"] for row in by_month["2016-03"]).most_common(1)[0]
        counted = rows(
            desk,
            "SELECT l.name, count(*) FROM ticket t JOIN list_item l ON l.id = t.issue_id "
            "WHERE t.created_at >= ? AND t.created_at < ? GROUP BY 1 ORDER BY 2 DESC LIMIT 1",
            int(datetime(2016, 3, 1, tzinfo=UTC).timestamp()),
            int(datetime(2016, 4, 1, tzinfo=UTC).timestamp()),
        )
        assert counted == [top]


def walked(ticket: dict[str, str], log: list[dict[str, str]]) -> dict[str, object]:
    """Walk through the history of an incident by hand: its own times, then its log."""
    steps = [(dmy(ticket["resolved_at"]), -2, "Resolved"), (dmy(ticket["closed_at"]), -1, "Closed")]
    shown = None
    for place, row in enumerate(log):
        state = row["incident_state"]
        at = dmy(row["sys_updated_at"])
        if state == "Active":
            steps.append((at, place, "answer"))
        if state not in (shown, "New"):
            steps.append((at, place, state))
        shown = state
    first_answer = first_end = end = None
    is_open, reopened = True, 0
    for at, _, what in sorted((s for s in steps if s[0] is not None), key=lambda s: (s[0], s[1])):
        if what == "answer":
            first_answer = first_answer or at
        elif what in ("Resolved", "Closed"):
            if is_open:
                is_open, end = False, at
                first_end = first_end or at
        elif not is_open:
            is_open, end, reopened = True, None, reopened + 1
    return {"answer": first_answer, "first": first_end, "end": end, "reopened": reopened}


@pytest.mark.parametrize(
    ("tickets", "events"),
    [
        (
            lambda: DATA / "servicenow_tickets_sample.csv",
            lambda: DATA / "servicenow_events_sample.csv",
        ),
        (
            lambda: shared("servicenow-incidents", "incident_tickets_final_state.csv.gz"),
            lambda: shared(
                "servicenow-incidents", "incident_events_2016-02-29_to_2016-04-30.csv.gz"
            ),
        ),
    ],
    ids=["sample", "whole"],
)
def test_servicenow_with_its_log(
    tickets: Callable[[], Path], events: Callable[[], Path], tmp_path: Path
) -> None:
    tickets_path, events_path = tickets(), events()
    with desk_in(tmp_path, "UTC") as desk:
        take_in(desk, "servicenow-tickets", tickets_path)
        take_in(desk, "servicenow-events", events_path)
        # the first file once more: what the log added stays
        again = imports.apply(
            desk, tickets_path, imports.load_mapping(MAPPINGS / "servicenow-tickets.toml"),
            ImmediateContext(),
        ).value  # fmt: skip
        assert (again.inserted, again.updated) == (0, 0)
        logs: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in raw(events_path):
            logs[row["number"]].append(row)
        stamp = lambda at: None if at is None else int(at.timestamp())  # noqa: E731
        expected = {
            row["number"]: (stamp(w["answer"]), stamp(w["first"]), stamp(w["end"]), w["reopened"])
            for row in raw(tickets_path)
            if (w := walked(row, logs[row["number"]]))
        }
        found = {
            row[0]: row[1:]
            for row in rows(
                desk,
                "SELECT external_no, first_response_at, first_resolved_at, resolved_at, "
                "reopen_count FROM ticket",
            )
        }
        assert found == expected
        special = off_and_work()
        answers: dict[str, list[Fraction]] = defaultdict(list)
        ended, reopened = Counter[str](), Counter[str]()
        for row in raw(tickets_path):
            opened = dmy(row["opened_at"])
            answer, _, end, again_open = expected[row["number"]]
            assert opened is not None
            if answer is not None and answer > opened.timestamp():
                moment = datetime.fromtimestamp(answer, UTC)
                answers[f"{opened:%Y-%m}"].append(worked_minutes(opened, moment, special))
            if end is not None and end >= opened.timestamp():
                month = f"{datetime.fromtimestamp(end, UTC):%Y-%m}"
                ended[month] += 1
                reopened[month] += again_open > 0
        cases = [incident(row, logs[row["number"]]) for row in raw(tickets_path)]
        plain = Plain(cases, servicenow_calendar())
        compared, ruled = check_months(desk, plain, SERVICENOW_NAMES)
        assert compared > 30 * len(plain.months())
        assert {"2016-02", "2016-03", "2016-04", "2016-05"} < set(plain.months())
        # two incidents of the whole log were answered before they were opened
        assert ruled == {"AB01": 0, "AB02": 0, "AB03": 2 if len(cases) == 17_136 else 0}
        for month in ("2016-03", "2016-04"):
            mean = value(desk, "frt_mean_min", month)
            assert mean is not None
            assert mean == sum(answers[month], Fraction()) / len(answers[month])
            assert value(desk, "ticket_resolved", month) == ended[month]
            assert value(desk, "reopen_rate", month) == Fraction(
                100 * reopened[month], ended[month]
            )


# ---- Boston -----------------------------------------------------------------------------------------

BOSTON = sample_or_whole(
    "boston311_2017_sample.csv", "boston-311-2017", "boston311_2017_pwd_isd.csv"
)


@BOSTON
def test_boston_on_time_flag_follows_row_by_row(find: Callable[[], Path], tmp_path: Path) -> None:
    path = find()
    with desk_in(tmp_path, "America/New_York") as desk:
        plan = take_in(desk, "boston-311", path)
        table = raw(path)
        outside = {
            row["case_enquiry_id"]
            for row in table
            if not row["sla_target_dt"].strip()  # no promise: our own limit applies
            or (row["closed_dt"].strip() and row["closed_dt"] < row["open_dt"])  # AB02
        }
        assert plan.flagged["AB02"] == 2
        external = dict(rows(desk, "SELECT ticket_no, external_no FROM ticket"))
        as_of = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
        met, due, open_late = set[str](), set[str](), set[str]()
        for year in range(2017, 2027):
            period = dashboards.period_of(desk, str(year))
            met |= set(dashboards.drill(desk, "res_sla_rate", period, "num", as_of))
            due |= set(dashboards.drill(desk, "res_sla_rate", period, "den", as_of))
        last = dashboards.period_of(desk, "2025")
        open_late = set(dashboards.drill(desk, "overdue_open", last, "num", as_of))
        ours = {external[n]: "ONTIME" for n in met}
        ours |= {external[n]: "OVERDUE" for n in (due - met) | open_late}
        theirs = {row["case_enquiry_id"]: row["on_time"] for row in table}
        assert {k: v for k, v in ours.items() if k not in outside} == {
            k: v for k, v in theirs.items() if k not in outside
        }


def request(row: dict[str, str], zone: ZoneInfo) -> Case:
    """A request: received, promised and closed at times without a zone; nobody answers."""

    def at(name: str) -> int | None:
        text = row[name].strip()
        return stamp(datetime.fromisoformat(text).replace(tzinfo=zone)) if text else None

    found = Case(
        row["case_enquiry_id"], at("open_dt") or 0, issue=row["type"], channel=row["source"],
        promised=at("sla_target_dt"), department=row["department"],
        region=row["neighborhood"].strip(), live=row["source"] == "Constituent Call",
    )  # fmt: skip
    closed = at("closed_dt")
    if closed is not None:
        found.steps = [(closed, 0, "resolved"), (closed, 1, "closed")]
    return found


BOSTON_NAMES: dict[str, Callable[[str], str]] = {
    "channel": lambda name: {
        "Constituent Call": "电话", "Twitter": "社交媒体", "Citizens Connect App": "APP",
        "City Worker App": "APP",
    }.get(name, "网站"),
    "issue": lambda name: name,
    "department": lambda name: name,
    "region": lambda name: name or "未填写",
}  # fmt: skip


@BOSTON
def test_boston_months_in_its_own_zone(find: Callable[[], Path], tmp_path: Path) -> None:
    path = find()
    zone = ZoneInfo("America/New_York")
    with desk_in(tmp_path, "America/New_York") as desk:
        take_in(desk, "boston-311", path)
        created, hours = Counter[str](), defaultdict(list)
        channels: dict[str, Counter[str]] = defaultdict(Counter)
        for row in raw(path):
            created[row["open_dt"][:7]] += 1
            channels[row["open_dt"][:7]][row["source"]] += 1
            if row["closed_dt"].strip() and row["closed_dt"] >= row["open_dt"]:
                opened, closed = (
                    datetime.fromisoformat(row[name]).replace(tzinfo=zone).astimezone(UTC)
                    for name in ("open_dt", "closed_dt")
                )
                hours[row["closed_dt"][:7]].append((closed - opened).total_seconds() / 3600)
        for month in (f"2017-{number:02d}" for number in range(1, 13)):
            assert value(desk, "ticket_created", month) == created[month]
            mean = sum(hours[month]) / len(hours[month])
            assert float(value(desk, "res_mean_h", month) or 0) == pytest.approx(mean, abs=1e-9)
        calendar = PlainCalendar(zone, off_and_work(), date(2016, 12, 1), date(2026, 12, 31))
        plain = Plain([request(row, zone) for row in raw(path)], calendar)
        compared, ruled = check_months(desk, plain, BOSTON_NAMES)
        assert compared > 18 * len(plain.months())
        assert ruled == Counter({"AB02": 2, "AB01": 0, "AB03": 0})
        by_phone = sum(c["Constituent Call"] for c in channels.values())
        assert one(desk, "SELECT count(*) FROM ticket t JOIN list_item l ON l.id = t.channel_id "
                   "WHERE l.name = '电话'") == by_phone  # fmt: skip


# ---- CFPB -----------------------------------------------------------------------------------------------


@sample_or_whole(
    "cfpb_2012_2014_sample.csv", "cfpb-complaints-2012-2014", "cfpb_complaints_sample.csv"
)
def test_cfpb_complaints(find: Callable[[], Path], tmp_path: Path) -> None:
    path = find()
    with desk_in(tmp_path, "Asia/Shanghai") as desk:
        plan = take_in(desk, "cfpb-complaints", path)
        table = raw(path)
        assert plan.inserted == len(table)
        months = Counter(row["Date received"][:7] for row in table)
        for month, count in months.items():
            assert value(desk, "complaint_received", month) == count
        products = Counter(row["Product"] for row in table)
        assert dict(rows(desk, "SELECT p.name, count(*) FROM complaint c JOIN product p "
                         "ON p.id = c.product_id GROUP BY 1")) == products  # fmt: skip
        channels = Counter(row["Submitted via"] for row in table)
        found = dict(rows(desk, "SELECT l.name, count(*) FROM complaint c JOIN list_item l "
                          "ON l.id = c.channel_id GROUP BY 1"))  # fmt: skip
        assert found["网站"] == channels["Web"]
        assert found["电话"] == channels["Phone"]
        # nobody who is nameless complains twice
        assert one(desk, "SELECT count(*) FROM complaint WHERE is_repeat = 1") == 0


# ---- sets whose licence is unclear: only when they are here ------------------------------------------------


def minute(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC)  # wall clock of the shop


def contact(row: dict[str, str], zone: ZoneInfo) -> Case:
    """A contact that was answered; nobody says when it was solved."""
    asked, answered = (
        stamp(minute(row[name]).replace(tzinfo=zone))
        for name in ("Issue_reported at", "issue_responded")
    )
    return Case(
        row["Unique id"], asked, [(answered, 0, "answer")], issue=row["category"],
        channel=row["channel_name"], agent=row["Agent_name"].strip(),
        region=row["Customer_City"].strip(),
    )  # fmt: skip


CONTACT_NAMES: dict[str, Callable[[str], str]] = {
    "channel": lambda name: "邮件" if name == "Email" else "在线聊天",
    "issue": lambda name: name,
    "agent": lambda name: name,
    "region": lambda name: name or "未填写",
}


def test_ecommerce_contacts_and_answers(tmp_path: Path) -> None:
    path = shared("ecommerce-csat-2023-08-a", "customer_support_csat.csv")
    with desk_in(tmp_path, "Asia/Kolkata") as desk:
        plan = take_in(desk, "ecommerce-tickets", path)
        take_in(desk, "ecommerce-surveys", path)
        table = raw(path)
        pairs = [
            (minute(row["Issue_reported at"]), minute(row["issue_responded"])) for row in table
        ]
        assert plan.flagged["AB03"] == sum(answered < asked for asked, answered in pairs)
        scores = [
            int(row["CSAT Score"])
            for row in table
            if row["Survey_response_Date"].endswith("Aug-23")
        ]
        assert value(desk, "csat_mean", "2023-08") == Fraction(sum(scores), len(scores))
        assert value(desk, "csat_rate", "2023-08") == Fraction(
            100 * sum(score >= 4 for score in scores), len(scores)
        )
        assert value(desk, "csat_low_rate", "2023-08") == Fraction(
            100 * sum(score <= 2 for score in scores), len(scores)
        )
        special = off_and_work()
        in_august = [(a, b) for a, b in pairs if a.month == 8 and b > a]
        minutes = [worked_minutes(a, b, special) for a, b in in_august]
        assert value(desk, "frt_mean_min", "2023-08") == sum(minutes, Fraction()) / len(minutes)
        assert value(desk, "ticket_created", "2023-08") == sum(a.month == 8 for a, _ in pairs)
        zone = ZoneInfo("Asia/Kolkata")
        calendar = PlainCalendar(zone, off_and_work(), date(2023, 6, 1), date(2026, 12, 31))
        plain = Plain([contact(row, zone) for row in table], calendar)
        assert plain.months() == ["2023-07", "2023-08"]
        _, ruled = check_months(desk, plain, CONTACT_NAMES)
        # answered in the minute of the report, or before it (the hour was lost): no waiting time
        assert ruled == {
            "AB01": sum(a == b for a, b in pairs), "AB03": sum(b < a for a, b in pairs), "AB02": 0,
        }  # fmt: skip
        assert (ruled["AB01"], ruled["AB03"]) == (274, 352)


def test_car_complaints_with_several_faults_in_a_cell(tmp_path: Path) -> None:
    path = shared("zh-car-complaints-202006", "汽车投诉_2020-06_GBK.csv")
    with desk_in(tmp_path, "Asia/Shanghai") as desk:
        take_in(desk, "car-complaints", path)
        table = raw(path, "gb18030")
        assert value(desk, "complaint_received", "2020-06") == len(table) == 600
        faults = Counter(code for row in table for code in set(row["problem"].split(",")) if code)
        names = dict(rows(desk, "SELECT id, name FROM list_item WHERE list = 'pain_tag'"))
        found = Counter(
            names[key]
            for (tags,) in rows(desk, "SELECT pain_tags FROM complaint")
            for key in json.loads(tags)
        )
        assert found == faults
        models = Counter(f"{row['brand'].strip()} {row['car_model'].strip()}" for row in table)
        ours = dict(rows(desk, "SELECT p.name, count(*) FROM complaint c JOIN product p "
                         "ON p.id = c.product_id GROUP BY 1"))  # fmt: skip
        assert sorted(ours.values()) == sorted(models.values())


def test_citizen_messages_and_their_replies(tmp_path: Path) -> None:
    from python_calamine import CalamineWorkbook

    path = shared("zh-citizen-messages-to-2018", "留言与答复_2011-2018.xlsx")
    with desk_in(tmp_path, "Asia/Shanghai") as desk:
        take_in(desk, "citizen-messages", path)
        zone = ZoneInfo("Asia/Shanghai")
        table = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        created, days = Counter[str](), defaultdict(list)
        special = off_and_work()
        for line in table[1:]:
            asked, replied = (
                datetime.strptime(text if " " in text else f"{text} 0:00:00", "%Y/%m/%d %H:%M:%S").replace(tzinfo=zone)
                for text in (str(line[3]), str(line[6]))
            )  # fmt: skip
            created[f"{asked:%Y-%m}"] += 1
            days[f"{replied:%Y-%m}"].append((replied - asked).total_seconds() / 3600)
            if line is table[1]:
                cycle = worked_minutes(asked, replied, special)
        for month in ("2017-06", "2018-03", "2018-12"):
            assert value(desk, "ticket_created", month) == created[month]
            mean = sum(days[month]) / len(days[month])
            assert float(value(desk, "res_mean_h", month) or 0) == pytest.approx(mean, abs=1e-9)
        first = str(int(float(str(table[1][0]))))
        assert (
            one(desk, "SELECT cycle_seconds FROM ticket WHERE external_no = ?", first) == cycle * 60
        )


# ---- layouts that offices keep ---------------------------------------------------------------------------------


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("name", "expected"),
    [("s1_投诉台账_合并表头_序列日期.xlsx", "s1.csv"), ("s2_投诉_全角数字_UTF8BOM.csv", "s2.csv")],
)
def test_traps_give_what_a_careful_import_gives(tmp_path: Path, name: str, expected: str) -> None:
    path = shared("import-traps", name)
    wanted = raw(shared("import-traps", "expected", expected), "utf-8")
    words = {
        "信息审核": "registered",
        "厂家受理": "accepted",
        "处理反馈": "responded",
        "用户评分": "responded",
    }
    with desk_in(tmp_path, "Asia/Shanghai") as desk:
        plan = take_in(desk, "traps-complaints", path)
        assert (plan.rows_read, plan.inserted) == (40, 40)
        found = {
            row[0]: row[1:]
            for row in rows(
                desk,
                "SELECT c.external_no, p.name, x.description, date(c.received_at, 'unixepoch', '+8 hours'), "
                "c.status FROM complaint c JOIN product p ON p.id = c.product_id "
                "JOIN complaint_text x ON x.id = c.id",
            )
        }
        assert found == {
            row["id"]: (
                squeezed(f"{row['brand']} {row['car_model']}"), row["desc"].strip(), row["opened"],
                words[row["status"]],
            )
            for row in wanted
        }  # fmt: skip


def test_traps_with_repeats(tmp_path: Path) -> None:
    path = shared("import-traps", "s3_投诉_重复_GBK.csv")
    told = json.loads(shared("import-traps", "expected", "s3.json").read_text("utf-8"))
    with desk_in(tmp_path, "Asia/Shanghai") as desk:
        plan = take_in(desk, "traps-complaints", path)
        assert plan.rows_read == told["data_rows"]
        assert plan.inserted == told["unique_ids"]
        assert plan.skipped == told["exact_duplicate_rows"]
        assert plan.updated == told["same_id_changed_rows"]
        assert all(
            number.startswith("00") for (number,) in rows(desk, "SELECT external_no FROM complaint")
        )
        assert (
            one(desk, "SELECT status FROM complaint WHERE external_no = ?", told["changed"]["id"])
            == "closed"
        )


# ---- Italian help desk: resolution and closing apart, waits, reopenings -----------------------------

HELPDESK_STATES = {
    "Wait": "customer", "Require upgrade": "internal", "Create SW anomaly": "internal",
    "Resolve ticket": "resolved", "RESOLVED": "resolved", "Closed": "closed",
}  # fmt: skip


def helpdesk_case(number: str, log: list[dict[str, str]]) -> Case:
    """A case begins with its first event; a state shown again says nothing."""
    moments = [stamp(datetime.fromisoformat(row["time:timestamp"])) for row in log]
    found = Case(number, min(moments))
    shown = "new"
    for place, (at, row) in enumerate(zip(moments, log, strict=True)):
        name = row["Activity"]
        if name == "Take in charge ticket":
            found.steps.append((at, 2 * place, "answer"))
        state = "new" if name in {"Insert ticket", "Assign seriousness"} else name
        state = HELPDESK_STATES.get(state, state if state == "new" else "work")
        if state not in (shown, "new"):
            found.steps.append((at, 2 * place + 1, state))
        shown = state
    return found


def test_italian_help_desk_every_month(tmp_path: Path) -> None:
    path = shared("helpdesk-italian-software", "helpdesk_events.csv")
    logs: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in raw(path):
        logs[row["case:concept:name"]].append(row)
    first = tmp_path / "tickets.csv"
    with first.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(raw(path)[0]))
        table.writeheader()
        table.writerows(min(log, key=lambda row: row["time:timestamp"]) for log in logs.values())
    with desk_in(tmp_path, "UTC") as desk:
        assert take_in(desk, "helpdesk-tickets", first).inserted == len(logs) == 4580
        take_in(desk, "helpdesk-events", path)
        calendar = PlainCalendar(UTC, off_and_work(), date(2010, 1, 1), date(2026, 12, 31))
        plain = Plain([helpdesk_case(*pair) for pair in logs.items()], calendar)
        compared, ruled = check_months(desk, plain, {"channel": lambda _: "邮件"})
        assert len(plain.months()) == 49
        assert compared > 49 * 18
        # received and taken in charge in one event: no waiting time that could be measured
        assert ruled == Counter({"AB01": 74, "AB02": 0, "AB03": 0})
