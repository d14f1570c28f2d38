"""Scripts of callbacks: steps with placeholders; identity, purpose and the right to refuse.

The information duty (``domain.md 7`` no. 8): whoever is called hears who calls, why, and that they
may decline. A script that leaves one of them out is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PLACEHOLDERS = ("caller", "organisation", "purpose", "refuse", "customer", "number", "product",
                "resolved")  # fmt: skip
DUTY = {
    "organisation": N_("Say who calls: the script needs {organisation}."),
    "purpose": N_("Say why you call: the script needs {purpose}."),
    "refuse": N_("Say that the customer may decline: the script needs {refuse}."),
}
MAX_STEPS, MAX_TEXT = 8, 400
_MARK = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Step:
    """One step: its heading and what is said."""

    title: str
    text: str


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in the places of known placeholders; anything else stays as it was typed."""
    return _MARK.sub(lambda found: values.get(found[1], found[0]), text)


def problems(steps: Sequence[Step]) -> list[Problem]:
    """Return what is wrong with a script; the field is ``place.text`` or ``place.title``."""
    found = []
    used: set[str] = set()
    for place, step in enumerate(steps):
        if not step.text.strip():
            found.append(Problem(f"{place}.text", "required", N_("Write what is said.")))
        for name in _MARK.findall(step.text):
            used.add(name)
            if name not in PLACEHOLDERS:
                text = N_("“{name}” is no placeholder. Use one of: {names}.")
                found.append(Problem(f"{place}.text", "placeholder", text,
                                     {"name": "{" + name + "}",
                                      "names": " ".join("{" + n + "}" for n in PLACEHOLDERS)}))  # fmt: skip
        if len(step.text) > MAX_TEXT:
            text = N_("Use at most {n} characters.")
            found.append(Problem(f"{place}.text", "too_long", text, {"n": MAX_TEXT}))
    for name, text in DUTY.items():
        if name not in used:
            # the sentence names the placeholder itself
            found.append(Problem("0.text", f"duty_{name}", text, {name: "{" + name + "}"}))
    return found
