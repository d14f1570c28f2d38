"""One process writes a data file at a time.

The lock is the operating system's (it ends with the process, so none is ever stale); the text in
the lock file only says who holds it.
"""

from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING

from svcdesk.system.errors import EnvironmentProblem

if TYPE_CHECKING:
    from pathlib import Path


class FileLock:
    """Hold ``<data file>-lock`` from ``acquire`` to ``release``."""

    def __init__(self, data_file: Path) -> None:
        self._data_file = data_file
        self.path = data_file.with_name(data_file.name + "-lock")
        self._handle: int | None = None

    def acquire(self) -> None:
        """Take the lock or say who has it."""
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise EnvironmentProblem(
                "“{path}” cannot be written: {reason}. Choose a folder that you may write to.",
                code="permission",
                path=str(self._data_file.parent),
                reason=error.strerror or str(error),
            ) from error
        if not _try_lock(handle):
            owner = _read_owner(handle)
            os.close(handle)
            raise EnvironmentProblem(
                "“{path}” is open in another window or program ({owner}). "
                "Close it there and try again.",
                code="locked",
                path=str(self._data_file),
                owner=owner,
            )
        text = f"{os.getpid()} {socket.gethostname()}".encode()
        os.ftruncate(handle, 0)
        os.pwrite(handle, text, 0) if hasattr(os, "pwrite") else os.write(handle, text)
        self._handle = handle

    def release(self) -> None:
        """Give the lock back."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _try_lock(handle: int) -> bool:
    """Take the system's lock on ``handle``; ``False`` when another process has it."""
    if sys.platform == "win32":
        import msvcrt

        # a byte far behind the text: Windows forbids others to read locked bytes
        os.lseek(handle, 1 << 20, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _read_owner(handle: int) -> str:
    """Return "process 123, PC name" from the lock file."""
    os.lseek(handle, 0, os.SEEK_SET)
    words = os.read(handle, 200).decode("utf-8", "replace").split()
    return f"PID {words[0]}, {words[1]}" if len(words) == 2 else "?"
