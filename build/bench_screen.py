"""The list of the real window, measured to the moment it is painted (bench.py: screen).

python build/bench_screen.py screen|import|populated DATA_FILE
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench_window import anonymous_mb

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = (1366, 728)
SCROLLS = 60
FRAME_MS = 16
SORTED = (("created_at", ""), ("number", ""), ("customer", ""), ("due_at", " (no index)"),
          ("priority", " (no index)"), ("title", " (no index)"))  # fmt: skip
PATIENCE = 60.0


def loop_until(done: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Let the window work until ``done``."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop, end = QEventLoop(), time.monotonic() + patience
    timer = QTimer()
    timer.setInterval(1)

    def look() -> None:
        if done():
            loop.quit()
        elif time.monotonic() > end:
            raise SystemExit("the list was not shown in time")

    timer.timeout.connect(look)
    timer.start()
    loop.exec()


def bare_scroll(size: tuple[int, int]) -> float:
    """Return the milliseconds that Qt takes for a page of cells without data."""
    from PySide6.QtGui import QStandardItemModel
    from PySide6.QtWidgets import QHeaderView, QTableView

    from ui.theme.tokens import row_height

    view = QTableView()
    view.verticalHeader().hide()
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.setModel(QStandardItemModel(100_000, 9))
    view.verticalHeader().setDefaultSectionSize(row_height())
    view.resize(*size)
    view.show()
    end = time.monotonic() + 0.5
    loop_until(lambda: time.monotonic() > end)  # until it is on the screen
    return statistics.median(_scroll(view))


def _scroll(view: Any) -> list[float]:
    from PySide6.QtWidgets import QApplication

    bar = view.verticalScrollBar()
    page = max(1, view.viewport().height() - 30)
    step = page if bar.singleStep() > 3 else max(1, bar.pageStep())
    taken = []
    for number in range(1, SCROLLS + 1):
        start = time.perf_counter()
        bar.setValue(number * step * 7)  # far enough that every page is new
        QApplication.processEvents()  # noqa: TID251 - until it is painted and on the screen
        taken.append((time.perf_counter() - start) * 1000)
    return taken


class Frames:
    """How long a turn of the event loop takes, the list painted in each of them."""

    def __init__(self, table: Any) -> None:
        from PySide6.QtCore import QTimer

        self.taken: list[float] = []
        self._table = table
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._frame)
        self._timer.start()

    def _frame(self) -> None:
        self._table.viewport().repaint()
        now = time.perf_counter()
        self.taken.append((now - self._last) * 1000)
        self._last = now

    def stop(self) -> list[float]:
        """Return the milliseconds from frame to frame, ascending."""
        self._timer.stop()
        return sorted(self.taken)


class Desk:
    """The ticket page of the program, as a pair of hands sees it."""

    def __init__(self, program: Any) -> None:
        self.window = program.window
        loop_until(lambda: self.window.page is not None)
        from ui.pages.page import Route

        self.window.go(Route("tickets"))
        self.page = self.window.page
        self.pane = self.page.list
        self.pane.show_view("all")
        loop_until(lambda: self.pane.rows.complete)
        self.swaps = 0
        self.pane.rows.swapped.connect(self._count)

    def _count(self) -> None:
        self.swaps += 1

    def _later_than(self, swaps: int) -> Callable[[], bool]:
        return lambda: self.swaps > swaps

    def painted(self, act: Callable[[], object], times: int = 5) -> float:
        """Return the median milliseconds from ``act`` to the first page of rows on the screen."""
        taken = []
        for _ in range(times):
            before = self.swaps
            start = time.perf_counter()
            act()
            loop_until(self._later_than(before))
            self.pane.table.viewport().repaint()
            taken.append((time.perf_counter() - start) * 1000)
            loop_until(lambda: self.pane.rows.complete)
        return statistics.median(taken)


def measure(program: Any) -> dict[str, float]:
    """Return what the window took, in milliseconds."""
    desk = Desk(program)
    pane, table = desk.pane, desk.pane.table
    found: dict[str, float] = {"width": table.width(), "height": table.height()}
    scrolled = _scroll(table)
    found["scroll"] = statistics.median(scrolled)
    found["scroll_p95"] = sorted(scrolled)[int(len(scrolled) * 0.95)]
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum())
    table.viewport().repaint()
    start = time.perf_counter()
    table.selectAll()
    count = table.selected_count()
    found["select_all"] = (time.perf_counter() - start) * 1000
    if count != pane.rows.count:
        raise SystemExit(f"{count} of {pane.rows.count} rows were selected")
    found["anonymous_mb"] = anonymous_mb()
    table.clearSelection()
    for key, note in SORTED:

        def sort(key: str = key) -> None:
            pane.table.sort_by(key)

        frames = Frames(pane.table)
        found[f"painted: sort by {key}{note}"] = desk.painted(sort)
        if note:
            found["sort_frame"] = max(found.get("sort_frame", 0.0), frames.stop()[-1])
    while pane.query().order[0] != ("created_at", True):  # newest first, as it comes
        pane.table.sort_by("created_at")
        loop_until(lambda: pane.rows.complete)
    for name, word in (("rare", "甲醛"), ("middle", "制冷"), ("common", "漏水")):
        found[f"painted: search, {name} word"] = desk.painted(partial(pane.search, word))
    pane.search("")
    loop_until(lambda: pane.rows.complete)
    found["painted: one ticket opened"] = _open(desk)
    return found


def _shows(pane: Any, key: int) -> bool:
    return pane.detail is not None and pane.detail.ticket["id"] == key


def _open(desk: Desk) -> float:
    """Return the milliseconds from choosing a row to its ticket on the screen."""
    taken = []
    for position in range(3, 24):
        key = desk.pane.rows.id_at(position)
        start = time.perf_counter()
        desk.pane.table.go_to(key)
        loop_until(partial(_shows, desk.page.pane, key))
        desk.page.pane.repaint()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def importing(program: Any, data: Path) -> dict[str, float]:
    """Return the time from frame to frame while ``tickets.csv`` beside the file comes in."""
    from dataclasses import replace

    from svcdesk.services import imports
    from ui.jobs.runner import WRITE

    desk = Desk(program)
    mapping = replace(imports.load_mapping(None, "tickets"), create=frozenset({"customer", "user"}))
    ended: list[Any] = []
    frames = Frames(desk.pane.table)
    job = desk.page.place.runner.start(
        lambda context: imports.apply(program.desk, data.parent / "tickets.csv", mapping, context),
        lane=WRITE,
        owner=desk.page,
    )
    job.on_success(ended.append).on_failure(ended.append)
    loop_until(lambda: bool(ended), 1800)
    taken = frames.stop()
    if isinstance(ended[0], BaseException):
        raise SystemExit(str(ended[0]))
    return {"frame_p95": taken[int(len(taken) * 0.95)], "frame_longest": taken[-1],
            "frames": len(taken), "rows": ended[0].value.inserted}  # fmt: skip


def populated(program: Any) -> dict[str, float]:
    """Return the moment at which the list of tickets is on the screen, rows and all."""
    from ui.pages.page import Route

    window = program.window
    loop_until(lambda: window.page is not None)
    if not hasattr(window.page, "list"):
        window.go(Route("tickets"))
    loop_until(lambda: window.page.list.rows.count > 0)
    window.page.list.table.viewport().repaint()
    return {"shown": time.time()}


def main() -> int:
    """Open the program on the file and measure."""
    data = sys.argv[2]
    os.environ["SVCDESK_HOME"] = tempfile.mkdtemp(prefix="svcdesk-bench-")
    from svcdesk.system.clock import SystemClock
    from ui.shell.app import App
    from ui.shell.bootstrap import make_application
    from ui.shell.preferences import Preferences

    app = make_application(["bench"])
    program = App(app, Preferences(), SystemClock())
    program.window.host.resize(*SIZE)
    program.window.host.show()
    program.open(Path(data))
    if sys.argv[1] == "populated":
        found = populated(program)
    elif sys.argv[1] == "import":
        loop_until(lambda: program.desk is not None)
        found = importing(program, Path(data))
    else:
        loop_until(lambda: program.desk is not None)
        found = measure(program)
        found["bare_scroll"] = bare_scroll((int(found.pop("width")), int(found.pop("height"))))
    program.quit()
    print(json.dumps(found), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
