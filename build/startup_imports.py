"""Fail when starting the window imports what is heavy and not yet needed (architecture.md 2.9)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("pyqtgraph", "reportlab", "python_calamine", "xlsxwriter", "numpy", "sqlite_utils",
         "pypdfium2", "opencc", "pypinyin", "babel")  # fmt: skip
PROBE = f"""
import sys
import ui.launch
import ui.shell.app
import svcdesk.cli
print(",".join(name for name in {HEAVY!r} if name in sys.modules))
"""


def main() -> int:
    """Import the program's entry points in a fresh process and look at what came along."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        capture_output=True,
        text=True,
        env=env,
        cwd=ROOT,
        check=False,
    )
    if done.returncode:
        print(done.stderr)
        return 1
    found = done.stdout.strip()
    print(f"imported at start: {found}" if found else "nothing heavy is imported at start")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
