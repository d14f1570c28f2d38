"""Figures over many months: a month compared, trends, tabs, records behind, closing (bench.py)."""

from __future__ import annotations

import csv
import random
import statistics
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bench import Bench

    from svcdesk.domain.period import Period
    from svcdesk.services.desk import Desk

MONTH = "2025-06"
HEAD = ["外部单号", "发送时间", "提交时间", "满意度评分"]
SCORES = (5, 5, 5, 4, 4, 3, 2, 1, "")  # the last: never answered
WEEK = date(2025, 6, 23)
CLOSED = "2024-03"  # the first months are closed one after the other, this one is measured


def write_surveys(path: Path, tickets: int, rows: int, seed: int = 3) -> None:
    """Write ``rows`` surveys of as many of the tickets, days after they came in."""
    chance = random.Random(seed)
    start, step = datetime(2024, 1, 1), timedelta(days=730) / tickets  # noqa: DTZ001 - wall clock
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(HEAD)
        for n in range(rows):
            ticket = n * tickets // rows
            sent = start + step * ticket + timedelta(days=chance.randint(3, 6))
            answered = sent + timedelta(hours=chance.randint(1, 60))
            score = chance.choice(SCORES)
            out.writerow(
                [f"B{ticket:07d}", f"{sent:%Y-%m-%d %H:%M:%S}",
                 f"{answered:%Y-%m-%d %H:%M:%S}" if score else "", score]
            )  # fmt: skip


def prepare(bench: Bench) -> Desk:
    """Import tickets, a tenth as many complaints, three tenths as many surveys (or take --data)."""
    import bench_complaints
    from bench import Watch, write_csv

    from svcdesk.services import imports
    from svcdesk.services.desk import Desk

    if bench.given:
        return Desk.open(bench.path)
    desk = Desk.create(bench.folder / "figures.svcdesk")
    tickets, complaints = bench.rows, bench.rows // 10
    surveys = bench.rows * 3 // 10
    sources: list[tuple[str, Callable[[Path], None], frozenset[str]]] = [
        ("tickets", lambda path: write_csv(path, tickets), frozenset({"customer", "user"})),
        ("complaints", lambda path: bench_complaints.write_csv(path, complaints),
         frozenset({"customer", "product"})),
        ("surveys", lambda path: write_surveys(path, tickets, surveys), frozenset()),
    ]  # fmt: skip
    for kind, write, create in sources:
        path = bench.folder / f"figures-{kind}.csv"
        write(path)
        mapping = imports.load_mapping(None, kind)
        mapping = replace(mapping, create=create) if create else mapping
        plan = imports.apply(desk, path, mapping, Watch(), index_now=False).value
        path.unlink()
        if not plan.inserted:
            raise SystemExit(f"no {kind} came in: {plan.problems[:3]}")
    return desk


def run(bench: Bench) -> None:
    """Measure figures as the reports page asks for them, at the size of the run."""
    desk = prepare(bench)
    from svcdesk.services import dashboards

    period = dashboards.period_of(desk, MONTH)
    bare = _bare(desk, period)
    _month(bench, desk, period, bare)
    _tabs(bench, desk, period)
    _behind(bench, desk, period)
    _rising(bench, desk)
    _closing(bench, desk)
    desk.close()


def _spent(work: Callable[[], Any]) -> tuple[float, float]:
    """Return the seconds and the CPU seconds of one call."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _bare(desk: Desk, period: Period) -> float:
    """Return the seconds of one month's plain sums over a covering index, in a file like ours."""
    writer = desk.writer
    writer.execute(
        "CREATE INDEX bare_month ON ticket (created_at, issue_id, response_seconds, resolved_at)"
    )

    def plain() -> None:
        desk.reader.execute(
            "SELECT issue_id, count(*), avg(response_seconds), sum(resolved_at IS NOT NULL) "
            "FROM ticket INDEXED BY bare_month WHERE created_at >= ? AND created_at < ? GROUP BY 1",
            (period.start_at, period.end_at),
        ).fetchall()

    plain()
    seconds = statistics.median(_spent(plain)[0] for _ in range(5))
    writer.execute("DROP INDEX bare_month")
    return seconds


def _month(bench: Bench, desk: Desk, period: Period, bare: float) -> None:
    from svcdesk.services import dashboards

    every = dashboards.all_metric_ids()

    def compared() -> None:
        with dashboards.board(desk) as board:
            board.compared(every, period)

    def trends() -> None:
        with dashboards.board(desk) as board:
            months = period.last_months(6)
            board.begin(every, period, months)
            board.compared(every, period)
            board.series(every, months)

    desk.writer.execute("DELETE FROM kept_sum")
    counted, _ = _spent(compared)
    seconds = statistics.median(_spent(compared)[0] for _ in range(5))
    # counted a second time, the other months of the trend too, as after a change of every record
    desk.writer.execute("DELETE FROM kept_sum")
    _, first = _spent(trends)
    again = statistics.median(_spent(trends)[1] for _ in range(5))
    kept = desk.reader.execute("SELECT count(*) FROM kept_sum").fetchone()[0]
    bench.add(
        f"all {len(every)} figures of a month with MoM, YoY, prev3, again",
        seconds * 1000,
        bare * 1000,
        "ms",
        "≤ 10×",
        seconds / bare <= 10,
    )
    bench.add("the same counted for the first time", counted * 1000, bare * 1000, "ms",
              "—", met=True)  # fmt: skip
    bench.add("the same with six months, again: CPU", again, 3.0, "s", "< 3 s", again < 3)
    bench.add("counted for the first time: CPU", first, 3.0, "s", "< 3 s", first < 3)
    print(f"    {kept} kept sums; they are counted again by “check”:")
    from svcdesk.services import backups

    seconds, _ = _spent(lambda: _agrees(backups.check(desk)))
    print(f"    the same in {seconds:.1f} s")


def _agrees(differences: list[str]) -> None:
    if differences:
        raise SystemExit(f"kept sums are not what the records say: {differences[:3]}")


def _tabs(bench: Bench, desk: Desk, period: Period) -> None:
    """Every tab after a change of the filter: to the cards, to everything."""
    from svcdesk.i18n.catalog import translator
    from svcdesk.services import dashboards, sheets
    from svcdesk.services.sheet_tabs import TABS
    from svcdesk.system.job import ImmediateContext

    with dashboards.board(desk) as board:
        keys = [group.key for group in board.groups("ticket_created", period, "channel")]
    first: dict[str, tuple[float, float]] = {}
    later: dict[str, tuple[float, float]] = {}
    t = translator("zh_CN")
    for tab in TABS:
        for place, key in enumerate(keys[:3]):
            view = sheets.View(period, filters={"channel": (key,)}, brief=True)
            whole = replace(view, brief=False)
            context = ImmediateContext()
            brief, _ = _spent(lambda v=view: sheets.sheet(desk, tab, v, t, context))  # type: ignore[misc] # noqa: B023 - called at once
            full, _ = _spent(lambda v=whole: sheets.sheet(desk, tab, v, t, context))  # type: ignore[misc] # noqa: B023 - called at once
            (first if place == 0 else later)[tab] = (brief, full)
    for found, name in ((first, "for the first time"), (later, "then another channel")):
        slow = max(found, key=lambda tab: found[tab][1])
        print(f"    {name}: " + ", ".join(f"{k} {a:.2f}/{b:.2f} s" for k, (a, b) in found.items()))
        worst, whole_tab = max(brief for brief, _ in found.values()), found[slow][1]
        bench.add(f"filter by a channel, {name}: first figures, slowest tab", worst * 1000, 150,
                  "ms", "≤ 150 ms", worst <= 0.15)  # fmt: skip
        bench.add(f"filter by a channel, {name}: whole tab, slowest ({slow})", whole_tab * 1000,
                  500, "ms", "≤ 500 ms", whole_tab <= 0.5)  # fmt: skip


def _behind(bench: Bench, desk: Desk, period: Period) -> None:
    """Open the list of the records behind each figure: found, and its first page read."""
    from svcdesk.services import queries, sheets
    from svcdesk.services.sheet_tabs import TABS

    shown = list(dict.fromkeys(m for spec in TABS.values() for m in (*spec.cards, *spec.told)))
    seconds: dict[str, float] = {}
    for metric in shown:
        if metric == sheets.COMPOSITE:
            continue

        def opened(metric: str = metric) -> None:
            query = sheets.records_behind(desk, metric, period, "den")
            if query is not None:
                queries.DeskRows(desk, query).first_page(60)

        seconds[metric] = statistics.median(_spent(opened)[0] for _ in range(3))
    middle, slow = statistics.median(seconds.values()), max(seconds, key=lambda m: seconds[m])
    bench.add("the records behind a figure, first page, median of all", middle * 1000, 100, "ms",
              "≤ 100 ms", middle <= 0.1)  # fmt: skip
    bench.add(f"the same, slowest ({slow})", seconds[slow] * 1000, 100, "ms", "≤ 100 ms",
              seconds[slow] <= 0.1)  # fmt: skip


def _rising(bench: Bench, desk: Desk) -> None:
    """Look for what rises in a week, words and all, beside the bare reading of nine weeks."""
    from bench import Watch

    from svcdesk.services import trends

    texts = (
        "SELECT m.id, m.title, x.description FROM ticket m JOIN ticket_text x ON x.id = m.id "
        "WHERE m.created_at >= ? AND m.created_at < ?"
    )
    start = int(datetime(2025, 4, 28, tzinfo=desk.zone).timestamp())
    bare, _ = _spent(lambda: desk.reader.execute(texts, (start, start + 63 * 86400)).fetchall())
    seconds, _ = _spent(lambda: trends.find(desk, "ticket", Watch(), week=WEEK))
    bench.add("what rises in a week, with the words of nine", seconds, bare, "s", "< 10 s",
              seconds < 10)  # fmt: skip


def _closing(bench: Bench, desk: Desk) -> None:
    from bench import Watch
    from bench_window import anonymous_mb

    from svcdesk.services import closings

    for month in ("2024-01", "2024-02"):
        closings.close(desk, month, Watch())
    before = anonymous_mb()
    wall, cpu = _spent(lambda: closings.close(desk, CLOSED, Watch()))
    bench.add("closing a month: CPU", cpu, 10.0, "s", "< 10 s", cpu < 10)
    memory = anonymous_mb()
    print(f"    {wall:.1f} s; {memory:.0f} MB anonymous, {memory - before:.0f} MB of it new")
    bench.add("memory after figures, tabs and closing", memory, 250.0, "MB", "< 250 MB",
              memory < 250)  # fmt: skip
