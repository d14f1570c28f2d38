"""The program's entry: words on the command line are for the command line, none opens the window."""

from __future__ import annotations

import sys

WINDOW_OPTIONS = ("--data", "--lang")


def _for_window(words: list[str]) -> dict[str, str] | None:
    """Return the options of the window, or None when the words are a command."""
    options: dict[str, str] = {}
    rest = list(words)
    while rest:
        name, _equals, value = rest.pop(0).partition("=")
        if name not in WINDOW_OPTIONS:
            return None
        if not value:
            if not rest:
                return None
            value = rest.pop(0)
        options[name] = value
    return options


def main(arguments: list[str] | None = None) -> int:
    """Start the window, or hand the words to the command line; return the exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    options = _for_window(words)
    if options is None:
        from svcdesk.cli import main as command_line

        return int(command_line(words) or 0)
    from ui.shell.start import run

    return run(data=options.get("--data"), language=options.get("--lang"))
