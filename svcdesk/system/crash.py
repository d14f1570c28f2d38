"""Records of defects: one per cause, personal data masked, kept on this PC only.

Every hook that can see an unexpected exception ends here. The same traceback is told once; a
hundred repetitions during one repaint are counted, not shown.
"""

from __future__ import annotations

import re
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk import __version__
from svcdesk.system.paths import log_dir

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_QUOTED_CJK = re.compile(r"[\u3400-\u9fff]+")
KEEP = 20  # crash files


@dataclass(frozen=True)
class CrashRecord:
    """One cause: ``key`` is the hash of its traceback, ``text`` the masked report."""

    key: str
    summary: str
    text: str
    file: Path | None


def mask(text: str) -> str:
    """Hide phone numbers and Chinese words (names, contents) of a traceback."""
    text = _PHONE.sub(r"\1****\2", text)
    return _QUOTED_CJK.sub(lambda found: found.group()[0] + "*" * (len(found.group()) - 1), text)


def key_of(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Return what makes two failures the same: the kind and the places it went through."""
    import hashlib

    places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(trace)]
    return hashlib.sha256(repr((kind.__name__, places)).encode()).hexdigest()[:16]


class CrashRecorder:
    """Takes failures from any thread and tells each cause once."""

    def __init__(self, tell: Callable[[CrashRecord], None], folder: Path | None = None) -> None:
        self._tell = tell
        self._folder = folder
        self._seen: dict[str, int] = {}
        self._lock = threading.Lock()

    def take(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> CrashRecord | None:
        """Record a failure; return the record when its cause is new."""
        key = key_of(kind, trace)
        with self._lock:
            self._seen[key] = self._seen.get(key, 0) + 1
            if self._seen[key] > 1:
                return None
        import platform

        summary = mask(f"{kind.__name__}: {error}")
        body = mask("".join(traceback.format_exception(kind, error, trace)))
        text = (
            f"svcdesk {__version__}\nPython {sys.version.split()[0]} on {platform.platform()}\n"
            f"{time.strftime('%Y-%m-%d %H:%M:%S')}\nkey {key}\n\n{body}"
        )
        record = CrashRecord(key, summary, text, self._write(key, text))
        self._tell(record)
        return record

    def count(self, key: str) -> int:
        """Return how often the cause ``key`` was seen."""
        return self._seen.get(key, 0)

    def _write(self, key: str, text: str) -> Path | None:
        folder = self._folder or log_dir()
        file = folder / f"crash-{key}.txt"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            old = sorted(folder.glob("crash-*.txt"), key=lambda path: path.stat().st_mtime)
            for path in old[:-KEEP]:
                path.unlink()
        except OSError:
            return None  # a full disk must not hide the failure itself
        return file
