"""Attached files: beside the data file, under their SHA-256, each content once.

A file is written under a temporary name and moved into place, so that a name stands only for whole
contents; what is there already is not written again, what was damaged is.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from typing import TYPE_CHECKING

from svcdesk.store.connection import speaking
from svcdesk.system.errors import EnvironmentProblem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

CHUNK = 1 << 20


def folder_of(data_file: Path) -> Path:
    """Return where the attachments of a data file lie."""
    return data_file.with_name(data_file.name + ".files")


def path_of(data_file: Path, sha256: str) -> Path:
    """Return where the content ``sha256`` lies."""
    return folder_of(data_file) / sha256[:2] / sha256


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    found = hashlib.sha256()
    with speaking(path), path.open("rb") as file:
        while part := file.read(CHUNK):
            found.update(part)
    return found.hexdigest()


def keep(data_file: Path, content: bytes) -> str:
    """Keep ``content`` and return its SHA-256."""
    sha256 = hashlib.sha256(content).hexdigest()
    target = path_of(data_file, sha256)
    if target.exists() and digest(target) == sha256:
        return sha256
    draft = target.with_name(f".{sha256}.{os.getpid()}.part")
    try:
        with speaking(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return sha256


def remove(data_file: Path, sha256: str) -> None:
    """Overwrite a content and take it away; that it is gone already is no fault."""
    path = path_of(data_file, sha256)
    with speaking(path):
        if path.exists():
            with path.open("r+b") as file:
                file.write(b"\0" * path.stat().st_size)
                file.flush()
                os.fsync(file.fileno())
            path.unlink()


def copy_out(data_file: Path, sha256: str, target: Path) -> None:
    """Copy a content to ``target``; one that is gone or changed is told in a sentence."""
    source = path_of(data_file, sha256)
    if not source.exists() or digest(source) != sha256:
        raise EnvironmentProblem(
            "The attachment is missing or damaged: “{path}”. Restore it from a backup.",
            code="attachment",
            path=str(source),
        )
    with speaking(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def missing(data_file: Path, digests: Iterable[str]) -> list[str]:
    """Return which contents are not there whole."""
    return [
        sha256
        for sha256 in digests
        if not (path := path_of(data_file, sha256)).exists() or digest(path) != sha256
    ]
