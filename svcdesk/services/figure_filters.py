"""Filters of figures: which dimensions, which groups of each, in words and from words.

A filter holds for a whole page or answer, in numerator and denominator alike (features V13). A
figure whose records lack the dimension has no value under it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.i18n.catalog import Translator, current, translator
from svcdesk.i18n.labels import LABELS, code_label
from svcdesk.store import report_rows
from svcdesk.store.group_names import CODES, DIMENSIONS, ORDERED, item_name, ordered_name
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.services.desk import Desk
    from svcdesk.store.measures import Filters

LISTS = {
    "channel": "channel", "category": "category", "issue": "issue", "department": "department",
    "category_sub": "category", "issue_sub": "issue", "department_detail": "department",
    "overdue_reason": "overdue_reason",
}  # fmt: skip
_LOWER = frozenset({"category_sub", "issue_sub", "department_detail"})  # second level as well
_PEOPLE = frozenset({"agent", "handler", "technician"})
# what the pages offer, in their order
OFFERED = ("channel", "channel_group", "department", "category", "issue", "product", "tier",
           "priority", "agent", "technician", "team", "severity", "method", "weekday", "hour")  # fmt: skip
NONE = "-"  # the group of the records without a value, in words


def options(desk: Desk, dimension: str, t: Translator | None = None) -> list[tuple[Any, str]]:
    """Return the groups of a dimension that can be filtered by, with their names."""
    words, reference = t or current(), desk.reference
    if dimension in LISTS:
        items = reference.items_of(LISTS[dimension], all_levels=dimension in _LOWER)
        return [(item.id, item_name(item, words)) for item in items]
    if dimension in _PEOPLE:
        return [(p.id, p.name) for p in reference.people.values() if p.active and not p.is_bot]
    if dimension == "team":
        teams = {p.team for p in reference.people.values() if p.team}
        return [(team, team) for team in sorted(teams)]
    if dimension == "product":
        return report_rows.products(desk.reader)
    if dimension in ORDERED:
        return [(key, ordered_name(dimension, key, words)) for key in ORDERED[dimension]]
    kind = CODES.get(dimension)
    return [] if kind is None else [(code, code_label(kind, code, words)) for code in LABELS[kind]]


def read(desk: Desk, texts: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """Return the filters that words like ``channel=电话,邮件`` name; ``-`` is “not filled in”.

    Groups are named as in either language, by code, or by key.
    """
    found: dict[str, tuple[Any, ...]] = {}
    for text in texts:
        dimension, equals, wanted = text.partition("=")
        if not equals or dimension not in DIMENSIONS:
            raise UserError(
                "“{value}” is no filter. Write dimension=group, with one of: {list}.",
                code="filter", value=text, list=", ".join(DIMENSIONS),
            )  # fmt: skip
        keys = [_key(desk, dimension, name.strip()) for name in wanted.split(",")]
        found[dimension] = (*found.get(dimension, ()), *keys)
    return found


def _key(desk: Desk, dimension: str, name: str) -> Any:
    if name == NONE:
        return None
    for language in ("zh_CN", "en"):
        for key, shown in options(desk, dimension, translator(language)):
            item = desk.reference.items.get(key) if dimension in LISTS else None
            if name in {shown, str(key), item.name if item else None, item.code if item else None}:
                return key
    raise UserError(
        "“{value}” is not a group of “{dimension}”.", code="filter", value=name,
        dimension=dimension,
    )  # fmt: skip


def shown(desk: Desk, filters: Filters, t: Translator) -> str:
    """Return filters in words: Channel: phone, e-mail; Tier: key customer."""
    parts = []
    for dimension, keys in filters.items():
        names = dict(options(desk, dimension, t))
        listed = ", ".join(names.get(key, "—" if key is None else str(key)) for key in keys)
        parts.append(f"{t(DIMENSIONS[dimension])}: {listed}")
    return "; ".join(parts)


def name_of(dimension: str, t: Translator) -> str:
    """Return the name of a dimension."""
    return t(DIMENSIONS[dimension])
