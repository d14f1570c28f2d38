"""Names of the groups of a dimension, in the language of the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.i18n.catalog import N_, Translator, translator
from svcdesk.i18n.labels import LABELS, code_label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svcdesk.store.figures import Board
    from svcdesk.store.reference import Item, Reference

# Dimensions whose keys are codes, and the kind that names them.
CODES = {
    "channel_group": "channel_group",
    "priority": "Priority",
    "tier": "Tier",
    "request_type": "RequestType",
    "complexity": "Complexity",
    "severity": "Severity",
    "liability": "Liability",
    "method": "SurveyMethod",
    "csat": "CsatScore",
    "handling_csat": "CsatScore",
    "nps_group": "NpsGroup",
    "source": "ItemSource",
    "voice": "SurveySource",
}
_AGES = {
    "1": N_("up to 1 day"),
    "3": N_("1–3 days"),
    "7": N_("3–7 days"),
    "15": N_("7–15 days"),
    "more": N_("over 15 days"),
}
AGE_ORDER = tuple(_AGES)
_RESPONSES = {
    "5": N_("up to 5 min"), "10": N_("5–10 min"), "20": N_("10–20 min"), "60": N_("20–60 min"),
    "240": N_("1–4 h"), "more": N_("over 4 h"),
}  # fmt: skip
_RESOLUTIONS = {
    "4": N_("up to 4 h"), "8": N_("4–8 h"), "24": N_("8–24 h"), "72": N_("1–3 days"),
    "168": N_("3–7 days"), "more": N_("over 7 days"),
}  # fmt: skip
WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
_CLASSES: dict[str, dict[str, str]] = {
    "age": _AGES, "response_class": _RESPONSES, "resolution_class": _RESOLUTIONS,
}  # fmt: skip
# dimensions whose groups keep an order of their own
ORDERED: dict[str, tuple[Any, ...]] = {
    **{by: tuple(names) for by, names in _CLASSES.items()},
    "hour": tuple(range(24)),
    "weekday": tuple(range(1, 8)),
}


def ordered_name(by: str, key: Any, t: Translator) -> str:
    """Return the name of a group of a dimension with an order of its own."""
    if by == "hour":
        return f"{key:02d}:00"
    return t(WEEKDAYS[key - 1]) if by == "weekday" else t(_CLASSES[by][key])


def in_order(by: str, key: Any) -> tuple[int, str]:
    """Return where a group stands among those of a dimension with an order of its own."""
    order = ORDERED[by]
    return (order.index(key) if key in order else len(order), str(key))


_TABLES = {"product": "product", "agent": "person", "handler": "person", "technician": "person"}
DIMENSIONS: dict[str, str] = {
    "channel": N_("Channel"),
    "channel_group": N_("Online or offline"),
    "product": N_("Product"),
    "issue": N_("Issue type"),
    "issue_sub": N_("Issue subtype"),
    "category": N_("Complaint category"),
    "category_sub": N_("Complaint subcategory"),
    "department": N_("Department"),
    "department_detail": N_("Department in detail"),
    "agent": N_("Agent"),
    "handler": N_("Handler"),
    "technician": N_("Technician"),
    "team": N_("Team"),
    "priority": N_("Priority"),
    "severity": N_("Severity"),
    "tier": N_("Customer tier"),
    "region": N_("Region"),
    "request_type": N_("Service type"),
    "complexity": N_("Complexity"),
    "overdue_reason": N_("Reason for delay"),
    "liability": N_("Liability"),
    "method": N_("Survey method"),
    "csat": N_("Satisfaction score"),
    "handling_csat": N_("Handling satisfaction score"),
    "nps_group": N_("NPS group"),
    "age": N_("Age"),
    "response_class": N_("Time to the first response"),
    "resolution_class": N_("Time to the resolution"),
    "hour": N_("Hour"),
    "weekday": N_("Weekday"),
    "source": N_("Source"),
    "voice": N_("Who speaks"),
    "day": N_("Day"),
    "week": N_("Week"),
    "month": N_("Month"),
}
NOT_FILLED = N_("Not filled in")


def item_name(item: Item, t: Translator) -> str:
    """Return the name of a list item: a built-in one that was not renamed is translated."""
    kind = LABELS.get(item.list, {})
    if t.chinese or item.code is None or item.code not in kind:
        return item.name
    renamed = item.name != translator("zh_CN")(kind[item.code])
    return item.name if renamed else t(kind[item.code])


def _list_name(reference: Reference, key: Any, t: Translator) -> str:
    item = reference.items.get(key)
    return str(key) if item is None else item_name(item, t)


def group_names(board: Board, by: str, keys: Iterable[Any], t: Translator) -> dict[Any, str]:
    """Return the name of each group key of dimension ``by``."""
    known = [key for key in keys if key is not None]
    names: dict[Any, str] = {None: t(NOT_FILLED)}
    if by in _TABLES and known:
        marks = ", ".join("?" for _ in known)
        names |= dict(
            board.run.connection.execute(
                f"SELECT id, name FROM {_TABLES[by]} WHERE id IN ({marks})", known
            ).fetchall()
        )
    for key in known:
        if by in CODES:
            names[key] = code_label(CODES[by], str(key), t)
        elif by in ORDERED:
            names[key] = ordered_name(by, key, t)
        elif by in _TABLES:
            names.setdefault(key, str(key))
        elif isinstance(key, int):
            names[key] = _list_name(board.reference, key, t)
        else:
            names[key] = str(key)
    return names


def code_of(board: Board, by: str, key: Any) -> str:
    """Return a stable code for a group: that of a built-in list item, else the key itself."""
    item = board.reference.items.get(key) if isinstance(key, int) else None
    if key is None:
        return ""
    return item.code if item is not None and item.code and by not in CODES else str(key)
