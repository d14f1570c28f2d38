"""What somebody is typing, on disk: it survives a crash and a killed process.

One small JSON file per form, written aside and moved into its place, so that a file is whole or
the one before. The key names the form and the record; a data file has its own folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.system.paths import data_dir

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_PLAIN = re.compile(r"[^A-Za-z0-9_.-]")


@dataclass(frozen=True)
class Draft:
    """What was typed, and when (UTC seconds)."""

    at: int
    values: dict[str, Any]


class Drafts:
    """The drafts of one data file."""

    def __init__(self, data_file: Path, folder: Path | None = None) -> None:
        name = hashlib.sha256(str(data_file.resolve()).encode()).hexdigest()[:16]
        self.folder = (data_dir() / "drafts" if folder is None else folder) / name

    def _file(self, key: str) -> Path:
        return self.folder / f"{_PLAIN.sub('_', key)}.json"

    def get(self, key: str) -> Draft | None:
        """Return a draft, ``None`` when there is none or its file is damaged."""
        try:
            data = json.loads(self._file(key).read_text(encoding="utf-8"))
            return Draft(int(data["at"]), dict(data["values"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, values: dict[str, Any], at: int) -> bool:
        """Keep ``values``; return whether it could be written (a full disk stops nobody's work)."""
        file = self._file(key)
        aside = file.with_suffix(".tmp")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            text = json.dumps({"at": at, "values": values}, ensure_ascii=False)
            aside.write_text(text, encoding="utf-8")
            aside.replace(file)
        except OSError:
            return False
        return True

    def drop(self, key: str) -> None:
        """Forget a draft."""
        with contextlib.suppress(OSError):
            self._file(key).unlink(missing_ok=True)

    def drop_where(self, is_about: Callable[[str, str], bool]) -> None:
        """Forget every draft of which ``is_about`` (its key, its text) says so."""
        if not self.folder.is_dir():
            return
        for file in [*self.folder.glob("*.json"), *self.folder.glob("*.tmp")]:
            if is_about(file.stem, file.read_text(encoding="utf-8", errors="replace")):
                file.unlink(missing_ok=True)
