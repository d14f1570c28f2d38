"""Every code that can be stored has a name in both languages."""

from __future__ import annotations

import enum
import importlib

import pytest

from svcdesk.domain import lists
from svcdesk.i18n.catalog import translator
from svcdesk.i18n.labels import FIELD_LABELS, LABELS, code_label, field_label, label

MODULES = ("people", "ticket", "complaint", "callback", "survey", "customer", "improvement")


def enums() -> list[type[enum.Enum]]:
    found = []
    for name in MODULES:
        module = importlib.import_module(f"svcdesk.domain.{name}")
        found += [
            c
            for c in vars(module).values()
            if isinstance(c, type) and issubclass(c, enum.Enum) and c.__module__ == module.__name__
        ]
    return [c for c in found if c.__name__ != "Permission"]


@pytest.mark.parametrize("kind", enums(), ids=lambda c: c.__name__)
def test_every_member_has_a_label(kind: type[enum.Enum]) -> None:
    assert set(LABELS[kind.__name__]) == {m.value for m in kind}


@pytest.mark.parametrize(
    ("kind", "items"),
    [
        ("channel", lists.CHANNELS),
        ("issue", lists.TICKET_ISSUES),
        ("category", lists.COMPLAINT_CATEGORIES),
        ("department", lists.DEPARTMENTS),
        ("pain_tag", lists.PAIN_TAGS),
        ("overdue_reason", lists.OVERDUE_REASONS),
    ],
)
def test_built_in_items_carry_the_name_of_the_catalogue(
    kind: str, items: tuple[lists.ListItem, ...]
) -> None:
    chinese = translator("zh_CN")
    assert list(LABELS[kind]) == [item.code for item in items]
    for item in items:
        assert code_label(kind, item.code, chinese) == item.name
        assert item.parent is None or item.parent in LABELS[kind]


def test_labels_follow_the_glossary() -> None:
    from svcdesk.domain.complaint import ComplaintStatus
    from svcdesk.domain.ticket import TicketStatus

    chinese = translator("zh_CN")
    assert label(TicketStatus.RESOLVED, chinese) == "已解决"
    assert label(ComplaintStatus.RESOLVED, chinese) == "已办结"
    assert field_label("ticket", "created_at", chinese) == "受理时间"
    assert field_label("ticket", "no such field", chinese) == "no such field"
    assert code_label("channel", "phone", translator("en")) == "Phone"


def test_no_two_fields_of_an_entity_share_a_column_header() -> None:
    chinese = translator("zh_CN")
    for entity, fields in FIELD_LABELS.items():
        headers = [chinese(text) for text in fields.values()]
        assert len(headers) == len(set(headers)), entity
