"""The complaint log: a new complaint with all detection, detection over everything (bench.py)."""

from __future__ import annotations

import csv
import os
import random
import statistics
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from bench import Bench

    from svcdesk.services.desk import Desk

COMPLAINTS = 100_000
TASKS = 20_000
WARM, TIMES = 20, 61
# the rows of one complaint: itself, its texts, its history, its tries; the same indexes as ours
TABLES = ("complaint", "complaint_text", "complaint_event", "complaint_episode")
HEAD = ["外部单号", "受理时间", "投诉人", "客户电话", "渠道", "投诉类别", "涉及产品", "投诉内容", "首次办结"]  # fmt: skip
CATEGORIES = ("服务质量", "产品性能", "售后服务", "价格与费用", "其他")
CHANNELS = ("电话", "在线聊天", "邮件", "门店")
TEXT = (
    "客户反映设备使用三天后出现异响，联系客服两次没有得到明确答复，要求尽快安排上门检查并说明原因。"
)


def write_csv(path: Path, rows: int, seed: int = 7) -> None:
    """Write ``rows`` complaints over 24 months: one customer in five again, few busy products."""
    chance = random.Random(seed)
    start = datetime(2024, 1, 1)  # noqa: DTZ001 - wall-clock time of the team, as a file has it
    step = timedelta(days=730) / rows
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(HEAD)
        for n in range(rows):
            # three in a hundred are of one customer, one in twenty of one product
            customer = 0 if chance.random() < 0.03 else chance.randint(1, rows * 4 // 5)
            product = 0 if chance.random() < 0.05 else chance.randint(1, 2000)
            at = start + step * n + timedelta(seconds=chance.randint(0, 86400))
            done = at + timedelta(hours=chance.randint(2, 200))
            out.writerow(
                [f"C{n:07d}", f"{at:%Y-%m-%d %H:%M:%S}", f"客户{customer}", f"139{customer:08d}",
                 chance.choice(CHANNELS), chance.choice(CATEGORIES), f"型号{product}", TEXT,
                 f"{done:%Y-%m-%d %H:%M:%S}"]
            )  # fmt: skip


def prepare(bench: Bench) -> Desk:
    """Import the complaints into a file of their own."""
    from dataclasses import replace

    from svcdesk.services import imports
    from svcdesk.services.desk import Desk

    source = bench.folder / "complaints.csv"
    write_csv(source, COMPLAINTS)
    desk = Desk.create(bench.folder / "complaints.svcdesk")
    mapping = replace(
        imports.load_mapping(None, "complaints"), create=frozenset({"customer", "product"})
    )
    from bench import Watch

    plan = imports.apply(desk, source, mapping, Watch(), index_now=True).value
    if plan.inserted != COMPLAINTS:
        raise SystemExit(f"only {plan.inserted} complaints came in: {plan.problems[:3]}")
    return desk


def run(bench: Bench) -> None:
    """Measure a new complaint, a full detection and the opening of the callback queue."""
    desk = prepare(bench)
    _full(bench, desk)
    _new(bench, desk)
    _queue(bench, desk)
    desk.close()


def _values(desk: Desk, customer: int, product: int, number: int) -> dict[str, Any]:
    channel = desk.reference.by_code("channel", "phone")
    category = desk.reference.by_code("category", "service")
    if channel is None or category is None:
        raise SystemExit("the lists of a new file are not there")
    return {
        "customer_id": customer, "product_id": product, "channel_id": channel.id,
        "category_id": category.id, "description": f"{TEXT}（{number}）",
        "received_at": int(datetime(2026, 1, 1).timestamp()) + number * 60,  # noqa: DTZ001 - any moment will do
    }  # fmt: skip


def _new(bench: Bench, desk: Desk) -> None:
    from svcdesk.services import complaints
    from svcdesk.store.segment import segment

    reader = desk.reader
    chance = random.Random(11)
    customers = [row[0] for row in reader.execute("SELECT id FROM customer ORDER BY id").fetchall()]
    products = [row[0] for row in reader.execute("SELECT id FROM product ORDER BY id").fetchall()]
    drawn = [(chance.choice(customers), chance.choice(products)) for _ in range(WARM + TIMES)]
    target, record = _bare_file(bench, desk)
    prepared = segment(f"{TEXT}（0）")  # the full-text index is one of the indexes
    moment = int(datetime(2026, 1, 1).timestamp())  # noqa: DTZ001 - any moment will do

    def bare(number: int) -> None:
        customer, product = drawn[number]
        key = (1 << 61) + number
        own = {
            "complaint": {
                "id": key, "complaint_no": f"X{number}", "external_no": f"Y{number}",
                "customer_id": customer, "product_id": product,
                "received_at": moment + number * 60,
            },
            "complaint_text": {"id": key},
            "complaint_event": {"id": key, "complaint_id": key},
            "complaint_episode": {"complaint_id": key},
        }  # fmt: skip
        target.execute("BEGIN IMMEDIATE")
        for table, (insert, values) in record.items():
            target.execute(insert, tuple({**values, **own[table]}.values()))
        target.execute("INSERT INTO search_index (rowid, body) VALUES (?, ?)", (key, prepared))
        target.execute("COMMIT")

    ours, plain = [], []
    os.sync()  # what was written before must not be waited for here: it would hide the difference
    for number in range(WARM + TIMES):  # by turns, so that both see the same disk
        start = time.perf_counter()
        bare(number)
        middle = time.perf_counter()
        complaints.create(desk, _values(desk, *drawn[number], number))
        end = time.perf_counter()
        if number >= WARM:
            plain.append(middle - start)
            ours.append(end - middle)
    a, b = statistics.median(ours) * 1000, statistics.median(plain) * 1000
    name = f"a new complaint among {COMPLAINTS:,}, saved with all detection"
    bench.add(name, a, b, "ms", "≤ 3×", a / b <= 3)
    target.close()


def _bare_file(bench: Bench, desk: Desk) -> tuple[Any, dict[str, tuple[str, dict[str, Any]]]]:
    """Copy the file without its triggers; return how a row of each table is inserted there."""
    from svcdesk.store.connection import open_writer

    path = bench.folder / "bare.svcdesk"
    desk.writer.execute("VACUUM INTO ?", (str(path),))
    target = open_writer(path)
    for (name,) in target.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall():
        target.execute(f"DROP TRIGGER {name}")
    found = {}
    for table in TABLES:
        names = [row[1] for row in target.execute(f"PRAGMA table_info({table})").fetchall()]
        first = target.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()
        marks = ", ".join("?" * len(names))
        insert = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"
        found[table] = (insert, dict(zip(names, first, strict=True)))
    return target, found


def _full(bench: Bench, desk: Desk) -> None:
    """Detect over everything: as it is, and after the rules have changed."""
    from bench import Watch

    from svcdesk.services import detection, detection_settings

    watch = Watch()
    start = time.process_time()
    detection.recompute_all(desk, watch)
    cpu = time.process_time() - start
    bench.add(f"detection over {COMPLAINTS:,} complaints, CPU", cpu, 5.0, "s", "< 5 s", cpu < 5)
    watch = Watch()
    start = time.process_time()
    changed = detection_settings.save(desk, {"repeat_days": 60, "group_days": 3}, watch).value
    cpu = time.process_time() - start
    bench.add(f"… with other rules, {changed:,} rows changed", cpu, 5.0, "s", "< 5 s", cpu < 5)
    detection_settings.save(desk, {"repeat_days": 30, "group_days": 7}, Watch())
    slowest = 1 / watch.longest
    bench.add("… progress reports at the slowest moment", slowest, 1.0, "per s", "≥ 1 per s",
              slowest >= 1, higher_is_better=True)  # fmt: skip


def _queue(bench: Bench, desk: Desk) -> None:
    """Open the queue of callbacks with 20 000 open tasks: its first page."""
    from svcdesk.services import callbacks
    from svcdesk.services.queries import DeskRows

    chance = random.Random(5)
    with desk.write("Tasks", kind="system") as uow:
        uow.bulk(2)
        found = uow.execute(
            "SELECT id, customer_id, received_at FROM complaint ORDER BY received_at DESC LIMIT ?",
            (TASKS,),
        ).fetchall()
        for number, (complaint, customer, at) in enumerate(found):
            uow.insert(
                "callback",
                {"callback_no": f"B{number}", "kind": chance.choice(("routine", "complaint")),
                 "complaint_id": complaint, "customer_id": customer,
                 "due_at": at + chance.randint(1, 90) * 86400},
            )  # fmt: skip
    query = callbacks.queue(desk)
    taken = []
    for _ in range(15):
        start = time.perf_counter()
        DeskRows(desk, query).first_page(100)
        taken.append(time.perf_counter() - start)
    ours = statistics.median(taken) * 1000
    bench.add(f"callback queue of {TASKS:,} tasks opened", ours, 30.0, "ms", "≤ 30 ms", ours <= 30)
