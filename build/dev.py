"""Set up, run, test, check and measure svcdesk. Needs only Python 3.11.

python3 build/dev.py run            set everything up and start the program
python3 build/dev.py test [ARGS]    set everything up and run the tests
python3 build/dev.py lint           format, rules, types, layers, catalogue
python3 build/dev.py bench [ARGS]   measure beside the bare equivalent
python3 build/dev.py i18n           take new texts into the catalogue and compile it
python3 build/dev.py screenshots    every page in both languages as pictures
python3 build/dev.py pin            write the installed versions to build/constraints.txt
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
CONSTRAINTS = ROOT / "build" / "constraints.txt"
STAMP = VENV / "svcdesk-installed"

# what Qt loads on Linux: a library to look for, and the Debian package that has it
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1", "libGL.so.1": "libgl1", "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0", "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1", "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4", "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0", "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-image.so.0": "libxcb-image0", "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-randr.so.0": "libxcb-randr0", "libxcb-xkb.so.1": "libxcb-xkb1",
    "libglib-2.0.so.0": "libglib2.0-0",
}  # fmt: skip


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)


def run(*command: str | Path, env: dict[str, str] | None = None) -> None:
    """Run a command and stop with its status when it fails."""
    status = subprocess.call([str(part) for part in command], cwd=ROOT, env=env)
    if status:
        sys.exit(status)


def is_root() -> bool:
    """Whether this process may install system packages."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_system(packages: list[str], why: str) -> None:
    """Install Debian packages as root; otherwise print the line to run and stop."""
    if not is_root():
        say(
            f"{why}\nRun this line, then try again:\n  sudo apt-get install -y {' '.join(packages)}"
        )
        sys.exit(3)
    say(f"{why} Installing {' '.join(packages)} …")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.call(["apt-get", "update", "-qq"], env=env, stdout=subprocess.DEVNULL)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    if subprocess.call(command, env=env, stdout=subprocess.DEVNULL):
        say("The system packages could not be installed. Check the network and try again.")
        sys.exit(3)


def loads(library: str) -> bool:
    """Whether the system has ``library``."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def need_qt_libraries() -> None:
    """See that Qt finds what it loads (Linux)."""
    if not sys.platform.startswith("linux"):
        return
    missing = sorted({package for name, package in QT_LIBRARIES.items() if not loads(name)})
    if missing:
        install_system(missing, "Some system libraries that Qt needs are missing.")


def wanted(extra: str) -> str:
    """Return what an installation is made from, as a hash."""
    text = (ROOT / "pyproject.toml").read_bytes() + CONSTRAINTS.read_bytes()
    return hashlib.sha256(text + extra.encode() + sys.version.encode()).hexdigest()


def installed() -> dict[str, str]:
    """Return extra -> hash of what is in the environment."""
    if not STAMP.exists():
        return {}
    pairs = (line.split("=", 1) for line in STAMP.read_text().splitlines() if "=" in line)
    return dict(pairs)


def make_environment() -> None:
    """Make ``.venv`` when there is none."""
    if PYTHON.exists():
        return
    say("Making the environment .venv …")
    try:
        importlib.import_module("ensurepip")  # Debian splits it off into python3-venv
    except ImportError:
        version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        install_system([version], "This Python cannot make environments.")
    run(sys.executable, "-m", "venv", VENV)


def setup(extra: str = "") -> None:
    """Install what ``extra`` needs, unless nothing changed since the last time."""
    make_environment()
    state = installed()
    if state.get(extra) == wanted(extra) or (not extra and state.get("test") == wanted("test")):
        return
    say("Installing the packages (a few minutes the first time) …")
    names = requirements(extra)
    with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as file:
        file.write("\n".join(names))
    try:
        run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
            "-c", CONSTRAINTS, "-r", file.name)  # fmt: skip
    finally:
        Path(file.name).unlink()
    state[extra] = wanted(extra)
    STAMP.write_text("".join(f"{key}={value}\n" for key, value in state.items()))


def requirements(extra: str) -> list[str]:
    """Return the packages of ``pyproject.toml``, with those of ``extra``."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names: list[str] = list(project["dependencies"])
    if extra:
        names += project["optional-dependencies"][extra]
    return names


def environment(**more: str) -> dict[str, str]:
    """Return the environment of the program's processes."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def has_display() -> bool:
    """Whether a window can open here."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def command_run(arguments: list[str]) -> None:
    """Start the program; without a display do its main job headless."""
    setup()
    need_qt_libraries()
    if has_display() or arguments:
        run(PYTHON, ROOT / "main.py", *arguments, env=environment())
        return
    say("There is no display, so no window can open. Doing the main job without one:")
    folder = Path(tempfile.mkdtemp(prefix="svcdesk-"))
    data, report = folder / "sample.svcdesk", folder / "monthly.pdf"
    run(PYTHON, ROOT / "main.py", "demo", "--data", data, env=environment())
    run(PYTHON, ROOT / "main.py", "report", "monthly", "last", "--out", report, "--data", data,
        env=environment())  # fmt: skip
    say(f"Sample data file:  {data}\nMonthly report:    {report}")


def command_test(arguments: list[str]) -> None:
    """Run the tests on both cores, without a screen."""
    setup("test")
    need_qt_libraries()
    parallel = (
        [] if any(a.startswith("-n") for a in arguments) else ["-n", "auto", "--dist", "worksteal"]
    )
    run(PYTHON, "-m", "pytest", *parallel, *arguments,
        env=environment(QT_QPA_PLATFORM="offscreen"))  # fmt: skip


def command_lint(_: list[str]) -> None:
    """Run every gate that needs no test."""
    setup("test")
    need_qt_libraries()
    env = environment()
    for title, command in (
        ("format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
        ("rules", [PYTHON, "-m", "ruff", "check", "."]),
        ("types", [PYTHON, "-m", "mypy"]),
        ("layers", [VENV / PYTHON.parent.name / "lint-imports"]),
        ("catalogue", [PYTHON, ROOT / "build" / "i18n.py", "check"]),
        ("start-up imports", [PYTHON, ROOT / "build" / "startup_imports.py"]),
    ):
        say(f"— {title}")
        run(*command, env=env)


def command_script(name: str, extra: str) -> Callable[[list[str]], None]:
    """Return a command that runs one of the scripts beside this file."""

    def command(arguments: list[str]) -> None:
        setup(extra)
        need_qt_libraries()
        run(PYTHON, ROOT / "build" / name, *arguments, env=environment())

    return command


def command_i18n(arguments: list[str]) -> None:
    """Take new texts into the catalogue and compile it."""
    setup("test")
    run(PYTHON, ROOT / "build" / "i18n.py", *(arguments or ["update"]))


def command_pin(_: list[str]) -> None:
    """Write the installed versions down."""
    setup("test")
    frozen = subprocess.run(
        [str(PYTHON), "-m", "pip", "freeze"], capture_output=True, text=True, check=True
    ).stdout
    lines = [line for line in frozen.splitlines() if "==" in line]
    head = (
        "# Every package by version, for repeatable installs. Renewed by: python build/dev.py pin"
    )
    CONSTRAINTS.write_text("\n".join([head, *lines]) + "\n")
    say(f"{len(lines)} packages pinned")


def main() -> None:
    """Run one command."""
    commands: dict[str, Callable[[list[str]], None]] = {
        "run": command_run,
        "test": command_test,
        "lint": command_lint,
        "bench": command_script("bench.py", "test"),
        "screenshots": command_script("screenshots.py", "test"),
        "i18n": command_i18n,
        "pin": command_pin,
    }
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        say(__doc__ or "")
        sys.exit(2)
    commands[sys.argv[1]](sys.argv[2:])


if __name__ == "__main__":
    main()
