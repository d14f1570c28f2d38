"""The list of the real window, measured to the moment it is painted (bench.py: screen).

python build/bench_screen.py screen DATA_FILE
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
SORTED = (("created_at", ""), ("number", ""), ("customer", ""), ("due_at", " (no index)"),
          ("priority", " (no index)"), ("title", " (no index)"))  # fmt: skip
PATIENCE = 60.0


def loop_until(done: Callable[[], bool]) -> None:
    """Let the window work until ``done``."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop, end = QEventLoop(), time.monotonic() + PATIENCE
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

        found[f"painted: sort by {key}{note}"] = desk.painted(sort)
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
    loop_until(lambda: program.desk is not None)
    found = measure(program)
    found["bare_scroll"] = bare_scroll((int(found.pop("width")), int(found.pop("height"))))
    program.quit()
    print(json.dumps(found), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
