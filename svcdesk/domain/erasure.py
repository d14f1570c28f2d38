"""What erasing a person leaves of his records (``domain.md 7.3``): which texts go, which stay.

Texts that people wrote about a case go whole, because any of them may say who the customer is.
Numbers, dates, categories and scores stay, so that every figure stays as it was. Names and ways to
reach the customer are also taken out of the texts of other records.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# Columns with texts about one case or one customer, by table.
WIPED: dict[str, frozenset[str]] = {
    table: frozenset(columns.split())
    for table, columns in {
        "customer": "name initials phones wechat email address tier_note notes",
        "ticket": "title priority_reason",
        "ticket_text": "description solution details",
        "ticket_event": "text",
        "visit": "note parts_used",
        "handoff": "request answer",
        "work_entry": "note",
        "quality_check": "note void_reason",
        "complaint": "on_behalf title severity_reason extension_reason overdue_plan "
        "exposure_url reject_reason withdraw_evidence",
        "complaint_text": "description cause answer",
        "complaint_event": "text",
        "complaint_department": "task answer",
        "complaint_extension": "reason",
        "complaint_approval": "reason note",
        "complaint_case": "outcome",
        "complaint_escalation": "reason to_name",
        "complaint_trace": "cause measure penalty_note",
        "exposure_note": "text",
        "detection_verdict": "note",
        "callback": "notes given",
        "callback_attempt": "note",
        "survey": "comment invalid_reason",
        "survey_answer": "comment phone respondent",
        "attachment": "name sha256",
        "data_decision": "reason",
    }.items()
}
# How a record hangs on others: table -> columns that name its owner, and the owner's table.
OWNERS: dict[str, dict[str, str]] = {
    "ticket": {"customer_id": "customer"},
    "complaint": {"customer_id": "customer"},
    "callback": {"customer_id": "customer", "ticket_id": "ticket", "complaint_id": "complaint"},
    "survey": {"customer_id": "customer", "ticket_id": "ticket", "complaint_id": "complaint"},
    "ticket_text": {"id": "ticket"},
    "complaint_text": {"id": "complaint"},
    **{name: {"ticket_id": "ticket"}
       for name in ("ticket_event", "visit", "handoff", "work_entry", "quality_check")},
    **{name: {"complaint_id": "complaint"}
       for name in ("complaint_event", "complaint_department", "complaint_extension",
                    "complaint_approval", "complaint_case", "complaint_escalation",
                    "complaint_trace", "exposure_note")},
    "detection_verdict": {"complaint_id": "complaint", "ticket_id": "ticket"},
    "callback_attempt": {"callback_id": "callback"},
    "survey_answer": {"survey_id": "survey"},
}  # fmt: skip
# Ends of an event that name a record, not a person: they stay.
_LINKS = frozenset({"merged", "unmerged"})
# Names in the history of a field whose old and new value were texts.
_TEXTS = frozenset().union(*WIPED.values())
_NO_TEXT: dict[str, Any] = {"phones": "[]", "initials": None, "sha256": ""}


def remains(table: str, row: Mapping[str, Any], mark: str) -> dict[str, Any]:
    """Return the columns of a row, or of its image in the change log, that are to be overwritten.

    A blank stays blank: whether a field was filled in is no personal data, and figures ask it.
    """
    found: dict[str, Any] = {}
    for name in WIPED[table] & row.keys():
        value = row[name]
        if value in (None, "") or (table in _EVENTS and row.get("type") in _LINKS):
            continue
        new = _NO_TEXT.get(name, mark)
        if name == "details":
            new = _details(str(value), mark)
        if new != value:
            found[name] = new
    of_field = table in _EVENTS and row.get("type", "field_changed") == "field_changed"
    if of_field and row.get("name", "text") in _TEXTS:
        found |= {n: mark for n in ("old", "new") if row.get(n) not in (None, "", mark)}
    return found


_EVENTS = frozenset({"ticket_event", "complaint_event"})
# Answers of a choice among the details: codes, no texts.
_CHOSEN = frozenset({"warranty", "return_reason", "goods_checked"})


def _details(text: str, mark: str) -> str:
    values = json.loads(text)
    kept = {
        name: mark if isinstance(value, str) and value and name not in _CHOSEN else value
        for name, value in values.items()
    }
    return json.dumps(kept, ensure_ascii=False)


# -- mentions elsewhere ------------------------------------------------------------------------

LEAST_NAME, LEAST_PHONE, LEAST_ADDRESS = 2, 7, 6


@dataclass(frozen=True)
class Traits:
    """What a person is known by: every name, number and address he was ever recorded with."""

    names: frozenset[str]
    phones: frozenset[str]
    others: frozenset[str]

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> Traits:
        """Gather them from rows of the customer, present and former."""
        names: set[str] = set()
        phones: set[str] = set()
        others: set[str] = set()
        for row in rows:
            names |= {str(row[name]).strip() for name in ("name",) if row.get(name)}
            others |= {str(row[n]).strip() for n in ("wechat", "email", "address") if row.get(n)}
            phones |= {str(phone).strip() for phone in json.loads(row.get("phones") or "[]")}
        return cls(
            frozenset(n for n in names if len(n) >= LEAST_NAME),
            frozenset(p for p in phones if len(p) >= LEAST_PHONE),
            frozenset(o for o in others if len(o) >= LEAST_ADDRESS),
        )

    def without(self, shared: Iterable[str]) -> Traits:
        """Return what is left when others bear some of them too."""
        gone = frozenset(shared)
        return Traits(self.names - gone, self.phones - gone, self.others - gone)

    @property
    def all(self) -> frozenset[str]:
        """Return every one of them."""
        return self.names | self.phones | self.others


class Mentions:
    """Finds the traits of a person in texts of others and replaces them."""

    def __init__(self, traits: Traits, mark: str) -> None:
        self._mark = mark
        # what a text must contain to be looked at; a phone may be written in groups
        words = [form for text in traits.names | traits.others for form in _forms(text)]
        self.hints = sorted({*words, *(phone[-4:] for phone in traits.phones)})
        parts = [_bounded(re.escape(word), word) for word in words]
        parts += [rf"(?<![0-9]){_grouped(phone)}(?![0-9])" for phone in traits.phones]
        longest = sorted(parts, key=len, reverse=True)
        self._pattern = re.compile("|".join(longest), re.IGNORECASE) if parts else None

    def replaced(self, text: str) -> str:
        """Return the text without them."""
        return text if self._pattern is None else self._pattern.sub(self._mark, text)


def _forms(text: str) -> set[str]:
    """Return a word as it stands in texts and in JSON, once or twice escaped."""
    found = {text}
    for ascii_only in (False, True):
        once = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
        found |= {once, json.dumps(once)[1:-1]}
    return found


def _bounded(pattern: str, word: str) -> str:
    """Keep words of letters from being found inside longer ones (Anna in Savannah)."""
    before = r"(?<![0-9A-Za-z])" if word[0].isascii() and word[0].isalnum() else ""
    after = r"(?![0-9A-Za-z])" if word[-1].isascii() and word[-1].isalnum() else ""
    return f"{before}{pattern}{after}"


def _grouped(phone: str) -> str:
    plain = [re.escape(c) for c in phone if c not in " -"]
    return r"(?:\+86[\s-]?)?" + r"[\s-]?".join(plain)


def scrubbed(image: Any, replace: Callable[[str], str]) -> Any:
    """Return a JSON value with every string in it replaced."""
    if isinstance(image, str):
        return replace(image)
    if isinstance(image, dict):
        return {key: scrubbed(value, replace) for key, value in image.items()}
    if isinstance(image, list):
        return [scrubbed(value, replace) for value in image]
    return image
