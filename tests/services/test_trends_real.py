"""The trend finder over real sets: its counts and records against plain code over the raw file.

And false alarms: the weeks of records are dealt anew with totals kept, so that nothing rises but by
accident; the rule promises that at most 5 of 100 such weeks show anything.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from svcdesk.domain import trends as rule
from svcdesk.services import trends
from svcdesk.system.job import ImmediateContext
from tests.services.importing import rows
from tests.services.test_imports_real import (
    DATA,
    SERVICENOW,
    desk_in,
    raw,
    sample_or_whole,
    shared,
    take_in,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from svcdesk.services.trends import Finding, Look

WEEK = timedelta(days=7)
Plain = dict[tuple[str, str], list[tuple[date, str]]]  # kind, name -> weeks and numbers of records


def monday(text: str, form: str) -> date:
    day = datetime.strptime(text, form).replace(tzinfo=UTC).date()
    return day - timedelta(days=day.weekday())


def looks(desk: Desk, scope: str, first: date, last: date) -> list[Look]:
    found = []
    week = first
    while week <= last:
        found.append(trends.find(desk, scope, ImmediateContext(), week=week))
        week += WEEK
    return [look for look in found if look.weeks]


def check(look: Look, plain: Plain, numbers: dict[int, str]) -> int:
    """Compare volumes, what was tested, and each finding with the raw rows; return how many."""
    span = set(look.weeks)
    everything = {(week, number) for of in plain.values() for week, number in of}
    volumes = Counter(week for week, _number in everything)
    assert look.volumes == tuple(volumes[week] for week in look.weeks)
    testable = Counter(
        kind for (kind, _name), of in plain.items()
        if sum(week in span for week, _number in of) >= 5
    )  # fmt: skip
    assert {kind: n for kind, n in look.tested.items() if kind != "word"} == dict(testable)
    checked = 0
    for found in flat(look.findings):
        if found.kind in ("word", "volume"):
            continue
        of = plain[found.kind, found.name]
        counts = Counter(week for week, _number in of)
        assert found.counts == tuple(counts[week] for week in look.weeks), found.name
        behind = {number for week, number in of if week == look.week}
        assert {numbers[key] for key in found.cases} == behind
        checked += 1
    return checked


def flat(findings: Iterable[Finding]) -> list[Finding]:
    return [one for found in findings for one in (found, *found.also)]


def servicenow(path: Path) -> Plain:
    plain: Plain = defaultdict(list)
    for row in raw(path):
        at = (monday(row["opened_at"], "%d/%m/%Y %H:%M"), row["number"])
        category = "Other" if row["category"] == "?" else row["category"]
        plain["issue", category].append(at)
        if row["subcategory"] != "?":
            plain["issue_sub", f"{category} / {row['subcategory']}"].append(at)
    return plain


@SERVICENOW
def test_servicenow(find: Callable[[], Path], tmp_path: Path) -> None:
    path = find()
    with desk_in(tmp_path, "UTC") as desk:
        take_in(desk, "servicenow-tickets", path)
        numbers = dict(rows(desk, "SELECT id, external_no FROM ticket"))
        found = looks(desk, trends.TICKET, date(2016, 2, 29), date(2016, 4, 25))
        assert [len(look.weeks) for look in found] == [5, 6, 7, 8, 9]
        plain = servicenow(path)
        checked = sum(check(look, plain, numbers) for look in found)
        if len(numbers) < 17_136:
            return
        assert checked == 4
        told = [(str(look.week), one.name, one.count) for look in found
                for one in flat(look.findings)]  # fmt: skip
        assert told == [
            ("2016-04-04", "Category 24 / Subcategory 77", 13),
            ("2016-04-11", "Category 35 / Subcategory 28", 152),
            ("2016-04-11", "Category 35", 160),
            ("2016-04-11", "Category 53 / Subcategory 114", 46),
        ]


def cfpb(path: Path, numbers: dict[int, str]) -> Plain:
    plain: Plain = defaultdict(list)
    for number, row in zip(sorted(numbers.values()), raw(path), strict=True):
        at = (monday(row["Date received"], "%Y-%m-%d"), number)
        plain["category", row["Product"]].append(at)
        plain["product", row["Product"]].append(at)
        if row["Sub-product"].strip():
            plain["category_sub", f"{row['Product']} / {row['Sub-product']}"].append(at)
    return plain


@sample_or_whole(
    "cfpb_2012_2014_sample.csv", "cfpb-complaints-2012-2014", "cfpb_complaints_sample.csv"
)
def test_cfpb(find: Callable[[], Path], tmp_path: Path) -> None:
    """Its new products show in the week they came: bank accounts, credit reporting, collection."""
    path = find()
    with desk_in(tmp_path, "Asia/Shanghai") as desk:
        take_in(desk, "cfpb-complaints", path)
        # no number in the raw rows: what is counted twice is the order in which they were read
        numbers = {
            key: f"{place:06d}"
            for place, (key,) in enumerate(rows(desk, "SELECT id FROM complaint ORDER BY id"))
        }
        found = looks(desk, trends.COMPLAINT, date(2012, 1, 2), date(2014, 12, 29))
        assert len(found) > 140
        plain = cfpb(path, numbers)
        checked = sum(check(look, plain, numbers) for look in found)
        if len(numbers) < 9_852:
            return
        assert checked >= 10
        news = {
            (str(look.week), one.name) for look in found for one in look.findings
            if one.rise is trends.Rise.NEW
        }  # fmt: skip
        assert {
            ("2012-02-27", "Bank account or service"), ("2012-10-22", "Credit reporting"),
            ("2013-07-08", "Debt collection"),
        } <= news  # fmt: skip


def test_csat_of_one_month(tmp_path: Path) -> None:
    """Four whole weeks and then one of four days: half the records, and nothing rose."""
    path = shared("ecommerce-csat-2023-08-a", "customer_support_csat.csv")
    with desk_in(tmp_path, "Asia/Kolkata") as desk:
        take_in(desk, "ecommerce-tickets", path)
        (look,) = looks(desk, trends.TICKET, date(2023, 7, 24), date(2023, 8, 28))
        numbers = dict(rows(desk, "SELECT id, external_no FROM ticket"))
        plain: Plain = defaultdict(list)
        for row in raw(path):
            at = (monday(row["Issue_reported at"], "%d/%m/%Y %H:%M"), row["Unique id"])
            plain["issue", row["category"]].append(at)
            plain["issue_sub", f"{row['category']} / {row['Sub-category']}"].append(at)
            if row["Product_category"].strip():
                plain["product", row["Product_category"]].append(at)
        check(look, plain, numbers)
        assert look.findings == ()


# -- false alarms ----------------------------------------------------------------------------

Record = tuple[rule.Subject, ...]


def dealt(records: list[Record], weeks: list[int]) -> list[tuple[rule.Subject, rule.Judged]]:
    """Judge the last of nine weeks when record ``i`` lies in week ``weeks[i]``."""
    series: dict[rule.Subject, list[int]] = defaultdict(lambda: [0] * 9)
    volumes = [0] * 9
    for record, week in zip(records, weeks, strict=True):
        volumes[week] += 1
        for subject in record:
            series[subject][week] += 1
    tested = {one: counts for one, counts in series.items() if rule.testable(counts)}
    return rule.standing_out(tested, volumes)


@pytest.fixture(scope="module")
def nine_weeks() -> tuple[list[Record], list[int]]:
    """The incidents of the sample with their categories, and the week of each."""
    plain = servicenow(DATA / "servicenow_tickets_sample.csv")
    records: dict[str, list[rule.Subject]] = defaultdict(list)
    weeks = {}
    for subject, of in plain.items():
        for week, number in of:
            records[number].append(subject)
            weeks[number] = (week - date(2016, 2, 29)).days // 7
    return [tuple(records[number]) for number in records], [weeks[number] for number in records]


def test_false_alarms_on_shuffled_weeks(nine_weeks: tuple[list[Record], list[int]]) -> None:
    records, weeks = nine_weeks
    deal = random.Random(20260401)
    alarms = 0
    for _round in range(400):
        deal.shuffle(weeks)
        alarms += bool(dealt(records, weeks))
    assert alarms <= 0.05 * 400


def test_what_is_planted_is_found_on_shuffled_weeks(
    nine_weeks: tuple[list[Record], list[int]],
) -> None:
    """A rule that finds nothing would raise no false alarm either: 12 more of one subject."""
    records, weeks = nine_weeks
    subject = ("issue_sub", "Category 99 / planted")
    more = [*records, *[(subject,)] * 12]
    deal = random.Random(20260402)
    for _round in range(100):
        deal.shuffle(weeks)
        assert [one for one, _judged in dealt(more, [*weeks, *[8] * 12])] == [subject]
