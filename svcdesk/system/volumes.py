"""Tell whether a folder is safe for a live database.

SQLite's WAL does not work over network file systems, and cloud clients copy half-written files
(architecture.md, pitfall 3). Files are opened for writing on local volumes only.
"""

from __future__ import annotations

import os
import sys
from enum import Enum
from pathlib import Path, PurePath, PureWindowsPath

NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "ncpfs", "9p", "fuse.sshfs",
     "davfs", "fuse.davfs2", "fuse.rclone", "webdav", "glusterfs", "fuse.glusterfs", "ceph", "lustre"}
)  # fmt: skip

# Folder names that the clients of synchronisation services make (the first words of the name).
SYNC_FOLDERS = (
    "onedrive", "dropbox", "google drive", "googledrive", "my drive", "icloud drive", "iclouddrive",
    "com~apple~clouddocs", "nextcloud", "owncloud", "nutstore", "坚果云", "baidunetdisk",
    "baidusyncdisk", "百度网盘", "百度网盘同步空间", "wps云盘", "wpsdrive", "box sync", "syncthing",
    "seafile", "megasync", "yandex.disk", "腾讯微云", "阿里云盘",
)  # fmt: skip


class Volume(Enum):
    """What kind of place a file lies in."""

    LOCAL = "local"
    NETWORK = "network"
    SYNC = "sync"


def sync_folder(path: PurePath) -> str | None:
    """Return the part of ``path`` that a synchronisation client keeps, or ``None``."""
    for part in path.parts:
        name = part.lower().strip()
        if any(name == mark or name.startswith((mark + " ", mark + "-")) for mark in SYNC_FOLDERS):
            return part
    return None


def _mounted_type(path: Path) -> str:
    """Return the file-system type of the longest mount point above ``path`` (Linux)."""
    best, kind = "", ""
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    text = str(path)
    for line in lines:
        fields = line.split()
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        inside = text == point or text.startswith(point.rstrip("/") + "/")
        if inside and len(point) > len(best):
            best, kind = point, fields[2]
    return kind


def _windows_remote(path: Path) -> bool:
    """Whether ``path`` is a UNC path or lies on a mapped network drive (Windows)."""
    drive = PureWindowsPath(path).drive
    if drive.startswith("\\\\"):
        return True
    if sys.platform == "win32":
        import ctypes

        remote = 4  # DRIVE_REMOTE
        return bool(ctypes.windll.kernel32.GetDriveTypeW(drive + "\\") == remote)
    return False


def classify(path: Path) -> Volume:
    """Say whether ``path`` lies on a local volume, a network volume or in a sync folder."""
    resolved = Path(os.path.realpath(path))
    if _windows_remote(path):
        return Volume.NETWORK
    if sys.platform.startswith("linux") and _mounted_type(resolved) in NETWORK_FILE_SYSTEMS:
        return Volume.NETWORK
    if sync_folder(resolved) is not None or sync_folder(path) is not None:
        return Volume.SYNC
    return Volume.LOCAL
