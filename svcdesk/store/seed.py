"""The first rows of a new data file: lists, calendar, service levels, survey form (domain.md 2)."""

from __future__ import annotations

import csv
import json
import secrets
from typing import TYPE_CHECKING

from svcdesk.domain import lists
from svcdesk.domain.lists import Channel, ListItem
from svcdesk.domain.localtime import DEFAULT_ZONE
from svcdesk.i18n.catalog import N_
from svcdesk.store.keys import STATION_BITS, KeyGenerator
from svcdesk.store.numbers import next_number
from svcdesk.store.unit_of_work import UnitOfWork, unit_of_work
from svcdesk.system.paths import resources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.store.connection import Connection
    from svcdesk.system.clock import Clock

# minutes to the first response and to the resolution, by priority (domain.md 2.14)
SERVICE_LEVELS = {"urgent": (15, 240), "high": (30, 540), "normal": (30, 1620), "low": (120, 2700)}

QUESTIONS = [
    {"field": "csat", "zh": "您对本次服务的总体评价是？", "en": "How satisfied are you overall?", "scale": "1-5"},
    {"field": "dim_attitude", "zh": "服务态度", "en": "Attitude", "scale": "1-5"},
    {"field": "dim_speed", "zh": "响应速度", "en": "Speed", "scale": "1-5"},
    {"field": "dim_skill", "zh": "专业能力", "en": "Skill", "scale": "1-5"},
    {"field": "dim_result", "zh": "解决结果", "en": "Result", "scale": "1-5"},
    {"field": "nps", "zh": "您向亲友推荐我们的可能性有多大？", "en": "How likely are you to recommend us?", "scale": "0-10"},
]  # fmt: skip


def _list(uow: UnitOfWork, name: str, items: Sequence[ListItem]) -> None:
    ids: dict[str, int] = {}
    for position, item in enumerate(items):
        channel = item if isinstance(item, Channel) else None
        ids[item.code] = uow.insert(
            "list_item",
            {
                "list": name,
                "code": item.code,
                "name": item.name,
                "parent_id": ids[item.parent] if item.parent else None,
                "sort": position,
                "grp": channel.group if channel else None,
                "live": int(channel.live) if channel else 0,
            },
        )


def holidays() -> list[tuple[str, str, str]]:
    """Return the built-in days off and make-up working days: (date, name, 'off' or 'work')."""
    path = resources() / "calendar" / "cn_holidays.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["date"], row["name"], row["kind"]) for row in csv.DictReader(file)]


def _calendar(uow: UnitOfWork, timezone: str) -> int:
    day = [["09:00", "18:00"]]
    key = uow.insert(
        "calendar",
        {
            "name": "标准工作日历",
            "timezone": timezone,
            "pattern": json.dumps([day] * 5 + [[], []]),
            "is_default": 1,
        },
    )
    for date, name, kind in holidays():
        uow.insert(
            "calendar_day",
            {
                "calendar_id": key,
                "date": date,
                "kind": kind,
                "name": name,
                "source": "国务院办公厅通知",
            },
        )
    return key


def _settle(uow: UnitOfWork, person: str, timezone: str) -> int:
    _list(uow, "channel", lists.CHANNELS)
    _list(uow, "issue", lists.TICKET_ISSUES)
    _list(uow, "category", lists.COMPLAINT_CATEGORIES)
    _list(uow, "department", lists.DEPARTMENTS)
    _list(uow, "pain_tag", lists.PAIN_TAGS)
    _list(uow, "overdue_reason", lists.OVERDUE_REASONS)
    calendar_id = _calendar(uow, timezone)
    if timezone != DEFAULT_ZONE:
        uow.insert("setting", {"key": "timezone", "value": json.dumps(timezone)})
    for position, (priority, (response, resolution)) in enumerate(SERVICE_LEVELS.items()):
        uow.insert(
            "sla_policy",
            {
                "name": priority,
                "position": position,
                "conditions": json.dumps({"priority": [priority]}),
                "calendar_id": calendar_id,
                "response_minutes": response,
                "resolution_minutes": resolution,
            },
        )
    uow.insert(
        "survey_form",
        {
            "name": "服务满意度问卷",
            "version": 1,
            "questions": json.dumps(QUESTIONS, ensure_ascii=False),
        },
    )
    from svcdesk.domain.localtime import zone

    return uow.insert(
        "person",
        {
            "person_no": next_number(uow, "person", uow.now, zone(timezone)),
            "name": person,
            "roles": json.dumps(["admin", "supervisor", "agent", "callback"]),
        },
    )


def fill(connection: Connection, clock: Clock, *, person: str, timezone: str) -> None:
    """Put the first rows into a new, empty file."""
    station = secrets.randbelow(1 << STATION_BITS)
    meta = {"station": str(station), "station_letter": "", "created_at": str(clock.now())}
    connection.executemany("INSERT INTO meta (key, value) VALUES (?, ?)", list(meta.items()))
    keys = KeyGenerator(station, clock.now_ms)
    with unit_of_work(
        connection, keys, now=clock.now(), actor_id=None, label=N_("Make data file"), kind="system"
    ) as uow:
        person_id = _settle(uow, person, timezone)
    connection.execute("INSERT INTO meta (key, value) VALUES ('person', ?)", (str(person_id),))
