"""A file that is there whole or not at all: written under a temporary name, then moved."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from svcdesk.system.errors import EnvironmentProblem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def into_place(target: Path) -> Iterator[Path]:
    """Give the name to write under; at the end of the block the file stands at ``target``.

    A failure leaves ``target`` as it was; one of the disk is told in a sentence.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield draft
        draft.replace(target)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise EnvironmentProblem(
                "There is no space left on the disk of “{path}”. Nothing was saved; free some space and "
                "try again.",
                code="disk_full",
                path=str(target),
            ) from error
        if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.EEXIST}:
            raise EnvironmentProblem(
                "The folder of “{path}” is not there any more. Connect its drive or choose another "
                "folder.",
                code="no_folder",
                path=str(target),
            ) from error
        if error.errno in {errno.EACCES, errno.EPERM, errno.EBUSY, errno.EROFS}:
            raise EnvironmentProblem(
                "“{path}” cannot be written: it is open in another program, or nothing may be "
                "written there. Close it in the other program or choose another folder.",
                code="cannot_write",
                path=str(target),
            ) from error
        raise EnvironmentProblem(
            "“{path}” cannot be written: {reason}. "
            "Close it in other programs or choose another folder.",
            code="cannot_write",
            path=str(target),
            reason=error.strerror or str(error),
        ) from error
    finally:
        with suppress(OSError):  # a folder that is none has no draft either
            draft.unlink(missing_ok=True)
