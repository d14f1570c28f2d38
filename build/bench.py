"""Measure beside the bare equivalent in the same run: medians, ratios, a table and JSON.

    python3 build/dev.py bench [--rows 100000] [--only import,list,…] [--json F] [--markdown F]

Ratios are what counts: a slow machine moves both sides.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
HEAD = ["外部单号", "标题", "问题描述", "客户", "客户电话", "渠道", "问题类型", "优先级", "处理人",
        "受理时间", "首次响应时间", "解决时间", "关闭时间"]  # fmt: skip
WORDS = ("客户 订单 物流 快递 商品 产品 服务 电话 支付 地址 收货 发货 仓库 配送 签收 破损 换货 退货 维修 安装 "
         "师傅 上门 预约 时间 昨天 上周 客服 态度 建议 反馈 问题 处理 解决 回复 等待 确认 审核 取消 更换 系统 "
         "版本 显示 错误 无法 打开 设置 网络 断开 重启 屏幕 充电 噪音 异味 冰箱 洗衣机 空调 热水器 说明书 保修 "
         "退款 发票 优惠券 差价 扣款 重复 验证码 门店 质量 检测 照片 希望 尽快 安排 已经 没有 多次 需要 结果 原因").split()  # fmt: skip
# how often a ticket speaks of them: rare, middle, common
FRAMES_ROWS = 100_000
MARKED = (("甲醛", 0.0002), ("制冷", 0.01), ("漏水", 0.3))
LATIN = "order delivery refund invoice screen battery replace warranty error message visit".split()
ISSUES = ("产品质量缺陷", "安装指导不足", "物流配送延误", "售后响应滞后", "其他")
CHANNELS = ("电话", "在线聊天", "微信", "门店", "邮件", "APP")


@dataclass
class Result:
    """One line of the table: ours beside the bare equivalent, in ``unit``."""

    name: str
    ours: float
    bare: float
    unit: str
    goal: str
    met: bool
    higher_is_better: bool = False

    @property
    def ratio(self) -> float:
        """Return ours over bare."""
        return self.ours / self.bare if self.bare else float("nan")


def write_csv(path: Path, rows: int, seed: int = 7) -> None:
    """Write ``rows`` tickets over 24 months."""
    chance = random.Random(seed)
    start = datetime(2024, 1, 1)  # noqa: DTZ001 - wall-clock time of the team, as a file has it
    step = timedelta(days=730) / rows
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(HEAD)
        for n in range(rows):
            kind = chance.random()  # 60 % Chinese, 30 % English, 10 % mixed
            words = chance.choices(WORDS, k=150 if kind < 0.6 else 12 if kind < 0.9 else 80)
            latin = chance.choices(LATIN, k=6 if kind < 0.6 else 50 if kind < 0.9 else 20)
            words += [word for word, share in MARKED if chance.random() < share]
            at = start + step * n
            first = at + timedelta(minutes=chance.randint(1, 90))
            done = first + timedelta(minutes=chance.randint(20, 4000))
            closed = done + timedelta(hours=chance.randint(1, 72))
            open_still = chance.random() < 0.03
            out.writerow(
                [f"B{n:07d}", "".join(words[:12]), "".join(words[12:]) + " ".join(latin),
                 f"客户{n % (rows // 8 + 1)}", f"138{n % (rows // 8 + 1):08d}", chance.choice(CHANNELS),
                 chance.choice(ISSUES), chance.choice(("紧急", "高", "普通", "普通", "低")), f"客服{n % 12}",
                 f"{at:%Y-%m-%d %H:%M:%S}", f"{first:%Y-%m-%d %H:%M:%S}",
                 "" if open_still else f"{done:%Y-%m-%d %H:%M:%S}",
                 "" if open_still else f"{closed:%Y-%m-%d %H:%M:%S}"]
            )  # fmt: skip


def timed(action: Callable[[], object], times: int = 7) -> float:
    """Return the median seconds of ``action``."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def shown(figure: float) -> str:
    """Return a figure with three digits that count, never with an exponent."""
    return f"{figure:,.0f}" if figure >= 1000 else f"{figure:.3g}"


class Watch:
    """A job context that notes the longest silence between two reports of progress."""

    def __init__(self) -> None:
        self.last = time.perf_counter()
        self.longest = 0.0
        self.reports = 0

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Note a report."""
        del done, total, text
        now = time.perf_counter()
        self.longest = max(self.longest, now - self.last)
        self.last = now
        self.reports += 1

    def check(self) -> None:
        """Never cancelled."""

    def on_cancel(self, hook: Callable[[], None]) -> None:
        """Never cancelled."""


class Bench:
    """Prepares the data once and runs the measurements."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.folder, self.rows = folder, rows
        self.results: list[Result] = []
        self.path = folder / "desk.svcdesk"
        self.prepared = False
        self.given = False  # a data file of an earlier run

    def add(self, *args: Any, **kwargs: Any) -> None:
        """Keep and show one result."""
        result = Result(*args, **kwargs)
        self.results.append(result)
        print(f"  {result.name}: {shown(result.ours)} {result.unit}, bare {shown(result.bare)}, "
              f"ratio {result.ratio:.2f} (goal {result.goal}: {'met' if result.met else 'MISSED'})")  # fmt: skip

    # -- import --------------------------------------------------------------------------

    def prepare(self) -> None:
        """Import the tickets, timing it, unless done already."""
        if self.prepared:
            return
        if self.path.exists():
            self.reopen()
            return
        from dataclasses import replace

        from svcdesk.services import imports
        from svcdesk.services.desk import Desk

        source = self.folder / "tickets.csv"
        write_csv(source, self.rows)
        self.desk = Desk.create(self.path)
        mapping = replace(
            imports.load_mapping(None, "tickets"), create=frozenset({"customer", "user"})
        )
        self.watch = Watch()
        start = time.perf_counter()
        plan = imports.apply(self.desk, source, mapping, self.watch, index_now=False).value
        self.visible = time.perf_counter() - start
        if plan.inserted != self.rows:
            raise SystemExit(
                f"only {plan.inserted} of {self.rows} rows came in: {plan.problems[:3]}"
            )
        start = time.perf_counter()
        imports.index(self.desk, Watch())
        self.indexed = time.perf_counter() - start
        self.prepared = True

    def bench_import(self) -> None:
        """Measure import against bare inserts of the same rows with the same indexes."""
        self.prepare()
        bare = self._bare_insert()
        ours = self.rows / self.visible
        self.add("import CSV to visible rows", ours, self.rows / bare, "rows/s", "≥ 0.5×",
                 ours * bare / self.rows >= 0.5, higher_is_better=True)  # fmt: skip
        plain = self._bare_index()
        self.add("index for search", self.rows / self.indexed, self.rows / plain, "rows/s", "≥ 0.8×",
                 plain / self.indexed >= 0.8, higher_is_better=True)  # fmt: skip
        per_second = 1 / self.watch.longest
        self.add("progress reports at the slowest moment", per_second, 4.0, "per s", "≥ 4 per s",
                 per_second >= 4, higher_is_better=True)  # fmt: skip

    def _bare_insert(self) -> float:
        """Insert the very rows that the import wrote into an empty file of the same schema."""
        from svcdesk.store import migrations
        from svcdesk.store.connection import open_writer

        tables = ("ticket", "ticket_text", "ticket_event", "ticket_episode", "customer", "person")
        rows = {t: self.desk.reader.execute(f"SELECT * FROM {t}").fetchall() for t in tables}
        taken = []
        for number in range(3 if self.rows <= 200_000 else 1):  # a million fills the memory
            target = open_writer(self.folder / f"bare{number}.db", create=True)
            migrations.make_tables(target)
            target.execute("PRAGMA foreign_keys = OFF")
            start = time.perf_counter()
            target.execute("BEGIN")
            for table in tables:
                if rows[table]:
                    marks = ",".join("?" * len(rows[table][0]))
                    target.executemany(f"INSERT INTO {table} VALUES ({marks})", rows[table])
            target.execute("COMMIT")
            taken.append(time.perf_counter() - start)
            target.close()
        return statistics.median(taken)

    def _bare_index(self) -> float:
        """Build a full-text table from texts that are segmented already."""
        import sqlcipher3

        from svcdesk.store.documents import DOCUMENTS
        from svcdesk.store.segment import segment

        texts = self.desk.reader.execute(
            DOCUMENTS["ticket"].select + "(SELECT id FROM ticket)"
        ).fetchall()
        prepared = [(key, segment(text)) for key, text in texts]
        target = sqlcipher3.connect(str(self.folder / "fts.db"), isolation_level=None)
        target.execute("PRAGMA journal_mode = WAL")
        target.execute(
            "CREATE VIRTUAL TABLE f USING fts5 (body, content = '', contentless_delete = 1, "
            'tokenize = "unicode61 remove_diacritics 0")'
        )
        start = time.perf_counter()
        for position in range(0, len(prepared), 4000):
            target.execute("BEGIN")
            target.executemany(
                "INSERT INTO f (rowid, body) VALUES (?, ?)", prepared[position : position + 4000]
            )
            target.execute("COMMIT")
        return time.perf_counter() - start

    # -- list, search, one step --------------------------------------------------------------

    def bench_list(self) -> None:
        """Measure the first page, a filter and a search against bare queries."""
        self.prepare()
        from svcdesk.domain.query import Op, Query
        from svcdesk.services.queries import DeskRows
        from svcdesk.store.index_rows import sql_key
        from svcdesk.store.row_source import ENTITIES
        from svcdesk.store.segment import match_query

        reader = self.desk.reader
        select = ENTITIES["ticket"].select
        query = Query("ticket")

        def bare() -> None:
            reader.execute(
                f"{select} WHERE m.deleted_at IS NULL ORDER BY m.created_at DESC, m.id DESC LIMIT 100"
            ).fetchall()

        self._pair("first page of the list", DeskRows(self.desk, query).first_page, bare, 3)
        person = next(iter(self.desk.reference.people))
        filtered = query.where("status", Op.IN, "closed").where("owner_id", Op.IN, person)

        def bare_filter() -> None:
            reader.execute(
                f"{select} WHERE m.status = 'closed' AND m.owner_id = ? AND m.deleted_at IS NULL "
                "ORDER BY m.created_at DESC LIMIT 100", (person,)).fetchall()  # fmt: skip

        self._pair(
            "filter by status and owner",
            DeskRows(self.desk, filtered).first_page,
            bare_filter,
            3,
        )
        for word in ("退款", "invoice"):
            searched = query.searching(word)

            def bare_search(word: str = word) -> None:
                reader.execute(
                    f"{select} WHERE m.id IN (SELECT {sql_key()} FROM search_index WHERE search_index MATCH ?) "
                    "AND m.deleted_at IS NULL ORDER BY m.created_at DESC LIMIT 100", (match_query(word),)).fetchall()  # fmt: skip

            self._pair(f"search {word}", DeskRows(self.desk, searched).first_page, bare_search, 4)

    def _pair(
        self, name: str, page: Callable[[int], object], bare: Callable[[], object], goal: float
    ) -> None:
        def ours() -> None:
            page(100)

        ours()
        bare()
        a, b = timed(ours, 15) * 1000, timed(bare, 15) * 1000
        self.add(name, a, b, "ms", f"≤ {goal:g}×", a / b <= goal)

    # -- the agents' desk: bench_desk.py -------------------------------------------------------

    def bench_desk(self) -> None:
        """Measure search, single changes, bulk changes and counts of the agents' desk."""
        self.prepare()
        import bench_desk

        bench_desk.run(self)

    def bench_screen(self) -> None:
        """Measure the list on the screen: scroll, sort, search and open, to painted."""
        self.prepare()
        self.desk.close()
        self.prepared = False
        import bench_desk

        found = self._child("screen", "bench_screen.py")
        found["populated"] = statistics.median(
            self._child("populated", "bench_screen.py")["seconds"] for _ in range(7)
        )
        found["empty"] = statistics.median(self._start("empty") for _ in range(7))
        found["memory"] = found["anonymous_mb"] - self._child("bare-program")["anonymous_mb"]
        bench_desk.screen(self, found)

    def bench_frames(self) -> None:
        """Measure how the window answers while tickets are imported and indexed behind it."""
        from svcdesk.services.desk import Desk

        folder = self.folder / "frames"
        folder.mkdir()
        write_csv(folder / "tickets.csv", min(self.rows, FRAMES_ROWS))
        Desk.create(folder / "desk.svcdesk").close()
        found = self._child("import", "bench_screen.py", folder / "desk.svcdesk")
        self.add(f"from frame to frame while {found['rows']:,.0f} rows come in, 95th percentile",
                 found["frame_p95"], 50.0, "ms", "≤ 50 ms", found["frame_p95"] <= 50)  # fmt: skip
        print(f"    longest {found['frame_longest']:.0f} ms of {found['frames']:.0f}")

    def reopen(self) -> None:
        """Open the data file again after a window in another process had it."""
        from svcdesk.services.desk import Desk

        self.desk = Desk.open(self.path)
        self.prepared = True

    def bench_step(self) -> None:
        """Measure one change with history and search index against a bare durable commit."""
        self.prepare()
        from svcdesk.services import tickets

        ids = [
            row[0] for row in self.desk.reader.execute("SELECT id FROM ticket LIMIT 60").fetchall()
        ]
        chosen = iter(ids)
        tickets.say(self.desk, next(chosen), "备注", "internal_note")
        ours = (
            timed(lambda: tickets.say(self.desk, next(chosen), "备注", "internal_note"), 25) * 1000
        )
        writer = self.desk.writer
        writer.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, text TEXT) STRICT")

        def bare() -> None:
            writer.execute("BEGIN IMMEDIATE")
            writer.execute("INSERT INTO bare (text) VALUES ('x')")
            writer.execute("COMMIT")

        b = timed(bare, 25) * 1000
        writer.execute("DROP TABLE bare")
        self.add(
            "note on a ticket, history and times derived, power-safe",
            ours,
            b,
            "ms",
            "≤ 10 ms",
            ours <= 10,
        )

    # -- report ------------------------------------------------------------------------------

    def bench_report(self) -> None:
        """Measure the monthly report: drawing against reportlab alone, and CPU in all."""
        self.prepare()
        from svcdesk.reports.pdf import document
        from svcdesk.services import reports
        from svcdesk.system.job import ImmediateContext

        target = self.folder / "report.pdf"
        period = "2025-11"
        start = time.process_time()
        data = reports.collect(
            self.desk, "monthly", period, language="zh_CN", context=ImmediateContext()
        )
        collected = time.process_time() - start
        document.write(data, target, ImmediateContext())
        total = time.process_time() - start
        drawing = timed(lambda: document.write(data, target, ImmediateContext()), 5)

        from bench_pages import Recording, replay

        pages = Recording.of(data)

        def bare() -> None:
            replay(pages, self.folder / "bare.pdf")

        b = timed(bare, 5)
        self.add("monthly report: drawing", drawing, b, "s", "≤ 2×", drawing / b <= 2)
        self.add("monthly report: CPU with all figures", total, 3.0, "s", "< 3 s", total < 3)
        print(f"    of which figures {collected:.2f} s")
        few, many = (self._appendix(rows) for rows in (500, 4000))
        self.add(
            "appendix of 4 000 rows: per row, against 500",
            many,
            few,
            "ms",
            "≤ 1.5×",
            many <= 1.5 * few,
        )

    def _appendix(self, rows: int) -> float:
        """Return the milliseconds per row of a report that is one long table."""
        from svcdesk.reports.model import Column, ReportData, Section, Table
        from svcdesk.reports.pdf import document
        from svcdesk.system.job import ImmediateContext

        columns = tuple(
            Column(name, right=name == "分钟")
            for name in ("工单", "客户", "标题", "处理人", "分钟")
        )
        cells = tuple(
            (f"GD202603-{n:04d}", "陈*", "出风口温度25℃，制冷效果差", "周敏", str(n))
            for n in range(rows)
        )
        text = ("", "", "", "", "", "", "", "", "")
        data = ReportData(
            "zh_CN", *text, "", sections=[Section("c", "清单", "", [Table("清单", columns, cells)])]
        )
        target = self.folder / "appendix.pdf"
        return timed(lambda: document.write(data, target, ImmediateContext()), 3) / rows * 1000

    # -- complaints --------------------------------------------------------------------------

    def bench_complaints(self) -> None:
        """Measure the complaint log in a file of its own (bench_complaints.py)."""
        import bench_complaints

        bench_complaints.run(self)

    # -- figures -----------------------------------------------------------------------------

    def bench_figures(self) -> None:
        """Measure figures, tabs and closing in a file of their own (bench_figures.py)."""
        import bench_figures

        bench_figures.run(self)

    def bench_loop(self) -> None:
        """Measure the improvement loop (bench_loop.py)."""
        import bench_loop

        bench_loop.run(self)

    # -- window ------------------------------------------------------------------------------

    def bench_window(self) -> None:
        """Measure the window's start against an empty one, and the memory of the list."""
        self.prepare()
        self.desk.close()
        self.prepared = False
        ours = statistics.median(self._start("program") for _ in range(7))
        bare = statistics.median(self._start("empty") for _ in range(7))
        self.add("window on screen", ours * 1000, bare * 1000, "ms", "≤ 1.5×", ours / bare <= 1.5)
        memory = self._memory()
        self.add(
            "memory of the list over the empty window", memory, 40.0, "MB", "< 40 MB", memory < 40
        )

    def _child(
        self, what: str, script_name: str = "bench_window.py", data: Path | None = None
    ) -> dict[str, float]:
        env = {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "PATH": "/usr/bin:/bin",
               "SVCDESK_HOME": str(self.folder / "home"), "HOME": str(self.folder)}  # fmt: skip
        script = ROOT / "build" / script_name
        start = time.time()
        done = subprocess.run([sys.executable, str(script), what, str(data or self.path)], env=env,
                              capture_output=True, text=True, check=True)  # fmt: skip
        answer: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
        answer["seconds"] = answer.get("shown", start) - start
        return answer

    def _start(self, what: str) -> float:
        return self._child(what)["seconds"]

    def _memory(self) -> float:
        return self._child("list")["anonymous_mb"] - self._child("bare-program")["anonymous_mb"]


def table(results: list[Result]) -> str:
    """Return the results as a Markdown table."""
    lines = [
        "| operation | svcdesk | bare equivalent | ratio | goal |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {r.name} | {shown(r.ours)} {r.unit} | {shown(r.bare)} {r.unit} | {r.ratio:.2f} | "
        f"{r.goal} {'✓' if r.met else '✗'} |"
        for r in results
    ]
    return "\n".join(lines)


def main() -> int:
    """Run the measurements that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    every = "import,list,step,desk,complaints,figures,loop,report,window,screen,frames"
    parser.add_argument("--only", default=every)
    parser.add_argument("--data", type=Path, help="a data file of an earlier run (--keep)")
    parser.add_argument("--keep", type=Path, help="keep the data file that was made here")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--markdown", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="svcdesk-bench-") as folder:
        bench = Bench(Path(folder), options.rows)
        if options.data:  # a file made by an earlier run, copied so that it stays as it is
            shutil.copy(options.data, bench.path)
            bench.given = True
        for name in options.only.split(","):
            print(f"— {name}", flush=True)
            getattr(bench, f"bench_{name}")()
        if options.keep:
            shutil.copy(bench.path, options.keep)
    text = table(bench.results)
    print("\n" + text)
    print(
        f"\n{options.rows} tickets; peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
    )
    if options.json:
        options.json.write_text(
            json.dumps([vars(r) for r in bench.results], ensure_ascii=False, indent=1)
        )
    if options.markdown:
        options.markdown.write_text(text + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
