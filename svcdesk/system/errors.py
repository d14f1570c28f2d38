"""The three kinds of failure: tell the user, advise the user, or report a defect.

A message is a catalogue text (English msgid) plus its arguments, so that one error can be
told in either language; ``str(error)`` gives the English sentence for logs.
"""

from __future__ import annotations

from typing import Any


class AppError(Exception):
    """Base of every failure that the program foresees.

    ``text`` is a msgid with named placeholders (``"Row {row}: …"``), ``args_map`` fills them,
    ``code`` names the kind for programs that read ``--json``.
    """

    exit_status = 1

    def __init__(self, text: str, *, code: str = "refused", **values: Any) -> None:
        super().__init__(text)
        self.text = text
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return self.text.format(**self.values)


class UserError(AppError):
    """The request cannot be done as asked; the sentence says what, where and what to do."""


class ProblemsError(UserError):
    """Several fields are wrong at once; ``problems`` lists them for the form to show."""

    def __init__(self, problems: list[Any]) -> None:
        self.problems = problems
        first = problems[0]
        super().__init__(first.text, code=first.code, **first.values)


class EnvironmentProblem(AppError):  # noqa: N818 - not a defect, so not called an error
    """Disk, permission, lock, damaged file: not a defect of the program, and with advice."""

    exit_status = 3
