"""What is wrong with an abnormal record, in a sentence with the values, and where to put it right.

Texts are msgids with named placeholders; ``Told.values`` are moments (seconds), numbers or words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from svcdesk.domain.data_quality import BY_CODE
from svcdesk.domain.localtime import DAY
from svcdesk.i18n.catalog import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

MOMENTS = frozenset({"a", "b"})  # placeholders that are moments
_TEXTS: dict[tuple[str, str], str] = {
    ("AB01", ""): N_("First response {b} at the very moment of receipt {a}"),
    ("AB02", ""): N_("Resolved {b}, before the receipt {a}"),
    ("AB03", ""): N_("First response {b}, before the receipt {a}"),
    ("AB04", ""): N_("Closed {b}, before the resolution {a}"),
    ("AB05", ""): N_("“{field}” {b} was in the future when it came in {a}"),
    ("AB06", ""): N_("Received {b}; {number} of the same customer and issue type {a}"),
    ("AB09", ""): N_("Resolved {b}, within a minute of the receipt {a}"),
    ("AB10", "first_response_at"): N_("First response {b}, {days} days after the receipt {a}"),
    ("AB10", "resolved_at"): N_("Resolved {b}, {days} days after the receipt {a}"),
    ("AB11", ""): N_("{phones}: not a valid phone number"),
    ("AB12", "arrived_at"): N_("Arrived {b}, before the dispatch {a}"),
    ("AB12", "left_at"): N_("Left {b}, before the arrival {a}"),
    ("AB13", ""): N_("“{field}” {b} lies before 2000 or before the product launch"),
    ("AB14", ""): N_("Answered {b}, before it was sent or the ticket began ({a})"),
    ("AB15", ""): N_("The steps follow each other in an impossible order"),
    ("AB16", ""): N_("Closed {b} with ten or more others by one person within a minute"),
}
_PAIRS: dict[tuple[str, str], tuple[str, str]] = {  # (code, field): fields of {a} and {b}
    ("AB01", ""): ("created_at", "first_response_at"),
    ("AB02", ""): ("created_at", "resolved_at"),
    ("AB03", ""): ("created_at", "first_response_at"),
    ("AB04", ""): ("resolved_at", "closed_at"),
    ("AB09", ""): ("created_at", "resolved_at"),
    ("AB10", "first_response_at"): ("created_at", "first_response_at"),
    ("AB10", "resolved_at"): ("created_at", "resolved_at"),
    ("AB12", "arrived_at"): ("dispatched_at", "arrived_at"),
    ("AB12", "left_at"): ("arrived_at", "left_at"),
    ("AB14", ""): ("sent_at", "responded_at"),
    ("AB16", ""): ("closed_at", "closed_at"),
}
# codes that cannot be put right by giving another time
WITHOUT_TIME = frozenset({"AB06", "AB11", "AB15", "AB16"})


@dataclass(frozen=True)
class Told:
    """A sentence, what fills it, and the field that it is about (empty: the record as a whole)."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    field: str = ""


def _shown_at(entity: str, code: str, record: Mapping[str, Any]) -> str:
    """Return the field at which an anomaly shows; tested as at the time it came in."""
    anomaly = BY_CODE.get(code)
    if anomaly is None or anomaly.test is None or code in WITHOUT_TIME:
        return ""
    return anomaly.test(entity, record, int(record.get("entered_at") or 0)) or ""


def told(entity: str, code: str, record: Mapping[str, Any]) -> Told:
    """Return what is wrong with ``record`` (its times as stored, or as they were when judged)."""
    values = {**record, "created_at": record.get("received_at", record.get("created_at"))}
    at = _shown_at(entity, code, record)
    key = (code, at) if (code, at) in _TEXTS else (code, "")
    if key not in _TEXTS:
        return Told(BY_CODE[code].label if code in BY_CODE else code, field=at)
    early, late = _PAIRS.get(key, ("entered_at", at))
    if code == "AB02" and values.get("resolved_at") is None:
        late = "first_resolved_at"
    a, b = values.get(early), values.get(late) if late else None
    filled = {"a": a, "b": b, "field": at}
    if code == "AB10" and a is not None and b is not None:
        filled["days"] = (b - a) // DAY
    if code == "AB11":
        filled["phones"] = record.get("phones")
    usual = "" if code in WITHOUT_TIME else _PAIRS.get(key, ("", ""))[1]
    return Told(_TEXTS[key], filled, at or usual)
