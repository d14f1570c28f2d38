"""Progress while a large transaction is written to the disk.

Committing an import moves everything into the file in one call of SQLite, which says nothing for
many seconds. What can be seen is the file that grows towards the size it will have.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from svcdesk.store.connection import Connection

STEP_SECONDS = 0.2
KB = 1 << 10  # what is counted: the steps of a progress bar are 32 bits wide


@contextmanager
def watched(connection: Connection, report: Callable[[int, int], None]) -> Iterator[None]:
    """Report ``(kilobytes in the file, kilobytes it will have)`` from a thread of its own.

    To be held around the COMMIT of ``connection``; nothing is reported of a short one.
    """
    path = Path(connection.execute("PRAGMA database_list").fetchone()[2])
    pages, size = (
        connection.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_count", "page_size")
    )
    total = pages * size // KB
    done = threading.Event()

    def look() -> None:
        while not done.wait(STEP_SECONDS):
            report(min(path.stat().st_size // KB, total), total)

    thread = threading.Thread(target=look, name="svcdesk-saving", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
