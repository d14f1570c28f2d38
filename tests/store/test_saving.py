import threading
import time
from pathlib import Path

import sqlcipher3

from svcdesk.store.saving import watched


def test_a_long_commit_tells_how_far_the_file_is(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    connection = sqlcipher3.connect(str(path), isolation_level=None)
    connection.execute("CREATE TABLE t (x BLOB)")
    connection.execute("INSERT INTO t VALUES (zeroblob(1000000))")
    seen: list[tuple[int, int]] = []
    heard = threading.Event()

    def report(done: int, total: int) -> None:
        seen.append((done, total))
        heard.set()

    with watched(connection, report):
        assert heard.wait(10)
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    assert seen[0] == (path.stat().st_size // 1024, pages * 4096 // 1024)
    told = len(seen)
    time.sleep(0.3)
    assert len(seen) == told  # and nothing after the commit
    connection.close()
