"""The improvement loop: a fishbone of many causes, a close that judges many targets (bench.py)."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench import Bench

    from svcdesk.services.desk import Desk

CAUSES = 200
FRAME = 1000 / 60  # ms
METRICS, SCOPES = 50, 20
SINCE, MONTH = "2024-01", "2024-04"


def run(bench: Bench) -> None:
    """Measure the drawing, then the close of a month with a thousand targets."""
    import bench_figures

    _fishbone(bench)
    desk = bench_figures.prepare(bench)
    _judging(bench, desk)
    desk.close()


def _fishbone(bench: Bench) -> None:
    """Lay out causes as the window does; bare: measuring and breaking the same texts."""
    from PySide6.QtWidgets import QApplication

    from svcdesk.domain import causes
    from svcdesk.domain.causes import CauseRow
    from svcdesk.i18n.catalog import translator
    from ui.pages.improvement.drawing import FishboneView
    from ui.widgets.paint import wrapped

    app = QApplication.instance() or QApplication([])
    bones = causes.BONES["5m1e"]
    rows = [
        CauseRow(bones[n % len(bones)], f"原因{n}：派单只看空闲，没有考虑路程与路况", 1 + n % 3 % 2)
        for n in range(CAUSES)
    ]
    rows.sort(key=lambda row: bones.index(row.bone))
    names = causes.bone_names(translator("zh_CN"))
    diagram = causes.fishbone(rows, "5m1e", names, "上门准时率仅85%")
    view = FishboneView()
    view.resize(900, 700)

    def ours() -> None:
        view.show_diagram(diagram)

    def bare() -> None:
        for row in rows:
            wrapped(row.text, 120.0)

    laid, plain = (_median(work) for work in (ours, bare))
    bench.add(f"fishbone of {CAUSES} causes laid out", laid, plain, "ms", "< 16.7 ms (a frame)",
              laid < FRAME)  # fmt: skip
    del app


def _median(work: Callable[[], None]) -> float:
    spent = []
    for _round in range(15):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


def _judging(bench: Bench, desk: Desk) -> None:
    """Close a month with 50 targets in each of 20 scopes."""
    from bench import Watch

    from svcdesk.domain.comparisons import Direction
    from svcdesk.domain.metrics.registry import METRICS as ALL
    from svcdesk.services import closings, improvements, targets
    from svcdesk.store import targets as rows

    judged = [m.id for m in ALL if m.per_group and m.direction is not Direction.NEUTRAL][:METRICS]
    scopes = [scope for by in ("issue", "department", "category", "channel", "agent")
              for scope, _name in targets.groups_of(desk, by)][:SCOPES]  # fmt: skip
    with desk.write("Targets") as uow:
        for metric in judged:
            for scope in scopes:
                rows.save(uow, metric, scope, SINCE, {"target": 99.0, "threshold": 99.0})
    seen: list[float] = []

    class Told(Watch):
        def progress(self, done: int, total: int, text: str = "") -> None:
            del done, total, text
            seen.append(time.perf_counter())

    cpu, wall = time.process_time(), time.perf_counter()
    closings.close(desk, MONTH, Told())
    cpu, end = time.process_time() - cpu, time.perf_counter()
    found = len([r for r in improvements.listed(desk) if r.source == "threshold"])
    gaps = [b - a for a, b in zip([wall, *seen], [*seen, end], strict=True)]
    print(f"    {len(judged)} metrics × {len(scopes)} scopes, {found} items raised; "
          f"{end - wall:.1f} s, {len(seen)} times told, longest silence {max(gaps):.1f} s")  # fmt: skip
    bench.add(f"closing a month with {len(judged)} × {len(scopes)} targets: CPU", cpu, 20.0, "s",
              "< 20 s", cpu < 20)  # fmt: skip
