"""What the caller says, by kind of callback; domain.md 7.8: identity, purpose, right to refuse."""

from __future__ import annotations

from dataclasses import dataclass

from svcdesk.i18n.catalog import _


@dataclass(frozen=True)
class Line:
    """One step of the script."""

    title: str
    text: str


def script(kind: str, caller: str, organisation: str) -> list[Line]:
    """Return the steps of the script."""
    return [
        Line(_("Opening"), _opening(kind).format(caller=caller, organisation=organisation)),
        Line(
            _("Satisfaction"),
            _(
                "“Please rate this service from 1 to 5; 5 is very satisfied. "
                "And attitude, speed, skill and result: how many points each?”"
            ),
        ),
        Line(
            _("Recommendation"),
            _("“How likely are you to recommend us to friends and family? From 0 to 10.”"),
        ),
        Line(
            _("Comment and end"),
            _("“What could we do better?” Do not lead, do not interrupt; repeat the words back."),
        ),
    ]


def _opening(kind: str) -> str:
    if kind == "complaint":
        return _(
            "Hello, this is {caller} of {organisation}. Your complaint has been settled; may I ask "
            "for a minute how you found it? You can decline at any time."
        )
    if kind == "low_score":
        return _(
            "Hello, this is {caller} of {organisation}. You gave us a low score; I would like to "
            "hear what went wrong and put it right. You can decline at any time."
        )
    return _(
        "Hello, this is {caller} of {organisation}. May I take a minute to ask about our last "
        "service? You can decline at any time."
    )
