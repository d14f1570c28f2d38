"""Where the program finds its resources and keeps the user's files."""

from __future__ import annotations

import os
import sys
from pathlib import Path

APP = "svcdesk"


def resources() -> Path:
    """Return the folder of fonts, icons, catalogues and templates: frozen, installed or source."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / "resources"
    package = Path(__file__).resolve().parent.parent
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"


def _portable() -> Path | None:
    """Return the folder beside the program when it holds a file named ``portable``."""
    if getattr(sys, "frozen", False):
        folder = Path(sys.executable).parent
        if (folder / "portable").exists():
            return folder / "data"
    return None


def data_dir() -> Path:
    """Return the folder of the default data file (``SVCDESK_HOME`` overrides)."""
    home = os.environ.get("SVCDESK_HOME")
    if home:
        return Path(home)
    portable = _portable()
    if portable is not None:
        return portable
    import platformdirs

    return Path(platformdirs.user_data_dir(APP, appauthor=False))


def config_dir() -> Path:
    """Return the folder of the per-user settings."""
    home = os.environ.get("SVCDESK_HOME")
    if home:
        return Path(home)
    portable = _portable()
    if portable is not None:
        return portable
    import platformdirs

    return Path(platformdirs.user_config_dir(APP, appauthor=False))


def log_dir() -> Path:
    """Return the folder of log files and crash records."""
    return data_dir() / "logs"


def default_data_file() -> Path:
    """Return the data file that opens when none is named."""
    return data_dir() / "desk.svcdesk"
