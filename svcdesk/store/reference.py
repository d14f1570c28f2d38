"""What every screen and rule looks up: lists, people, calendars, policies, settings.

Read once into an immutable snapshot; the Desk drops it when one of these tables changes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from svcdesk.domain import settings as setting_rules
from svcdesk.domain.complaint_terms import ComplaintLimits, limits_from
from svcdesk.domain.localtime import zone
from svcdesk.domain.people import Role
from svcdesk.domain.sla import Policy
from svcdesk.domain.workcalendar import CalendarDay, WorkCalendar, parse_pattern, parse_spans

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from svcdesk.store.connection import Connection

TABLES = frozenset({"list_item", "person", "calendar", "calendar_day", "sla_policy", "setting"})


@dataclass(frozen=True)
class Item:
    """One item of a reference list."""

    id: int
    list: str
    code: str | None
    name: str
    parent_id: int | None
    sort: int
    group: str | None
    live: bool
    active: bool


@dataclass(frozen=True)
class Person:
    """Somebody who works at the desk."""

    id: int
    name: str
    roles: tuple[Role, ...]
    department_id: int | None
    team: str | None
    is_bot: bool
    active: bool


@dataclass(frozen=True)
class Reference:
    """The snapshot."""

    items: dict[int, Item]
    people: dict[int, Person]
    calendars: dict[int, WorkCalendar]
    default_calendar_id: int
    policies: tuple[Policy, ...]
    settings: dict[str, Any]
    _by_code: dict[tuple[str, str], Item] = field(default_factory=dict)
    _by_name: dict[tuple[str, str], list[Item]] = field(default_factory=dict)

    @property
    def calendar(self) -> WorkCalendar:
        """Return the team's calendar."""
        return self.calendars[self.default_calendar_id]

    @property
    def zone(self) -> ZoneInfo:
        """Return the team's time zone."""
        return zone(self.settings["timezone"])

    @property
    def complaint_limits(self) -> ComplaintLimits:
        """Return the limits of complaints by severity."""
        return limits_from(self.settings)

    def items_of(self, name: str, *, parent_id: int | None = None, all_levels: bool = False,
                 retired: bool = False) -> list[Item]:  # fmt: skip
        """Return the items of a list in order: the first level, or the children of ``parent_id``."""
        found = [
            item
            for item in self.items.values()
            if item.list == name
            and (all_levels or item.parent_id == parent_id)
            and (item.active or retired)
        ]
        return sorted(found, key=lambda item: (item.sort, item.id))

    def by_code(self, list_name: str, code: str) -> Item | None:
        """Return the built-in item with ``code``."""
        return self._by_code.get((list_name, code))

    def by_name(self, list_name: str, name: str) -> list[Item]:
        """Return the items of a list that are called ``name`` (several levels may share a name)."""
        return self._by_name.get((list_name, name), [])

    def name(self, item_id: int | None) -> str:
        """Return the stored name of an item, ``""`` without one."""
        item = self.items.get(item_id) if item_id is not None else None
        return item.name if item else ""

    def root(self, item_id: int | None) -> Item | None:
        """Return the first-level ancestor (reports roll departments up to it)."""
        item = self.items.get(item_id) if item_id is not None else None
        while item is not None and item.parent_id is not None:
            item = self.items.get(item.parent_id)
        return item


@dataclass(frozen=True)
class TimeRules:
    """Calendars and policies as rows: what durations and due times follow from, kept as JSON."""

    calendars: list[list[Any]]
    days: list[list[Any]]
    policies: list[list[Any]]

    def built(self) -> tuple[dict[int, WorkCalendar], int, tuple[Policy, ...]]:
        """Return the calendars by key, the key of the team's, and the policies in their order."""
        calendars, default = _calendars(self.calendars, self.days)
        policies = tuple(
            Policy(row[0], row[3], row[4], json.loads(row[1]), calendars.get(row[2]), row[5])
            for row in self.policies
        )
        return calendars, default, policies


def time_rules(connection: Connection) -> TimeRules:
    """Read calendars and policies as they are stored."""
    return TimeRules(
        *(
            [list(row) for row in connection.execute(query).fetchall()]
            for query in (
                (
                    "SELECT id, timezone, pattern, standard_day_minutes, always, is_default "
                    "FROM calendar WHERE deleted_at IS NULL ORDER BY id"
                ),
                (
                    "SELECT calendar_id, date, kind, name, spans FROM calendar_day "
                    "WHERE deleted_at IS NULL ORDER BY date"
                ),
                (
                    "SELECT name, conditions, calendar_id, response_minutes, resolution_minutes, "
                    "valid_from FROM sla_policy WHERE deleted_at IS NULL AND active = 1 "
                    "ORDER BY position, id"
                ),
            )
        )
    )


def _calendars(
    rows: list[list[Any]], day_rows: list[list[Any]]
) -> tuple[dict[int, WorkCalendar], int]:
    days: dict[int, list[CalendarDay]] = {}
    for calendar_id, day, kind, name, spans in day_rows:
        days.setdefault(calendar_id, []).append(
            CalendarDay(
                date.fromisoformat(day),
                kind == "work",
                name,
                parse_spans(json.loads(spans)) if spans else None,
            )
        )
    calendars: dict[int, WorkCalendar] = {}
    default = 0
    for row_id, timezone, pattern, minutes, always, is_default in rows:
        calendars[row_id] = WorkCalendar(
            timezone=timezone,
            pattern=parse_pattern(json.loads(pattern)),
            days=days.get(row_id, []),
            standard_day_minutes=minutes,
            always=bool(always),
        )
        default = row_id if is_default or not default else default
    return calendars, default


def load(connection: Connection) -> Reference:
    """Read the snapshot."""
    items = {
        row[0]: Item(
            row[0], row[1], row[2], row[3], row[4], row[5], row[6], bool(row[7]), bool(row[8])
        )
        for row in connection.execute(
            "SELECT id, list, code, name, parent_id, sort, grp, live, active FROM list_item "
            "WHERE deleted_at IS NULL ORDER BY list, sort, id"
        ).fetchall()
    }
    people = {
        row[0]: Person(
            row[0], row[1], tuple(Role(role) for role in json.loads(row[2])), row[3], row[4],
            bool(row[5]), bool(row[6]),
        )
        for row in connection.execute(
            "SELECT id, name, roles, department_id, team, is_bot, active FROM person "
            "WHERE deleted_at IS NULL ORDER BY name, id"
        ).fetchall()
    }  # fmt: skip
    settings = {setting.key: setting.default for setting in setting_rules.SETTINGS}
    settings.update(
        (key, json.loads(value))
        for key, value in connection.execute(
            "SELECT key, value FROM setting WHERE deleted_at IS NULL"
        ).fetchall()
    )
    calendars, default, policies = time_rules(connection).built()
    by_name: dict[tuple[str, str], list[Item]] = {}
    for item in items.values():
        by_name.setdefault((item.list, item.name), []).append(item)
    by_code = {(item.list, item.code): item for item in items.values() if item.code}
    return Reference(items, people, calendars, default, policies, settings, by_code, by_name)
