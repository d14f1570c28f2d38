"""Alarms of detection: what a supervisor must hear of on the day it happens (domain.md 4.1-4.4).

Written in the unit of work that made them, once per occasion and person: undoing the step takes
its alarms away, detecting the same again says nothing. Imported history raises none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain.detection import ESCALATE_FROM_CHAIN
from svcdesk.domain.people import Role
from svcdesk.i18n.catalog import N_
from svcdesk.store import detection_rows, notices

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.store.detections_local import News
    from svcdesk.store.unit_of_work import UnitOfWork

SUPERVISING = frozenset({Role.SUPERVISOR, Role.ADMIN})
SENTENCES = {
    "repeat": N_("{number} repeats {other}: {title}. Enter the responsible department and person."),
    "chain": N_("{number} is complaint no. {chain} about the same matter: {title}. Escalate it."),
    "second": N_("{number} came after {other} was resolved: {title}"),
    "duplicate": N_("{number} may be the same record as {other}: {title}"),
    "group": N_("Group complaint {group}: {customers} customers of {product} in {days} days"),
    "exposure": N_("{number} is public: {title}"),
}


@dataclass(frozen=True)
class Alarm:
    """One thing to be told: kind, what it is about, what fills its sentence."""

    kind: str
    table: str
    record_id: int
    args: dict[str, Any]


def audience(desk: Desk) -> list[int]:
    """Return the people whose centre gets alarms: supervisors and administrators at work."""
    return [
        person.id
        for person in desk.reference.people.values()
        if person.active and not person.is_bot and SUPERVISING & set(person.roles)
    ]


def tell(uow: UnitOfWork, desk: Desk, alarms: list[Alarm]) -> list[int]:
    """Write the alarms that were not given before; return the keys of the new notices."""
    drafts = [
        (alarm, person, f"alarm:{alarm.kind}:{alarm.record_id}:{person}")
        for alarm in alarms
        for person in audience(desk)
    ]
    told = notices.known(uow.connection, [occasion for _, _, occasion in drafts])
    return [
        notices.insert(
            uow, person_id=person, kind=f"alarm_{alarm.kind}", at=uow.now, table=alarm.table,
            record_id=alarm.record_id, text=SENTENCES[alarm.kind], args=alarm.args,
            occasion=occasion,
        )
        for alarm, person, occasion in drafts
        if occasion not in told
    ]  # fmt: skip


def of_news(uow: UnitOfWork, desk: Desk, news: News) -> list[Alarm]:
    """Return the alarms for what was found just now."""
    pairs = [("repeat", key, other) for key, other in news.repeats.items()]
    pairs += [("second", key, other) for key, other in news.seconds.items()]
    pairs += [("duplicate", key, other) for key, other in news.duplicates.items()]
    groups = news.formed
    if not pairs and not groups:
        return []
    found = detection_rows.named(uow.connection, {key for pair in pairs for key in pair[1:]})
    alarms = []
    for kind, key, other in pairs:
        if key not in found or other not in found:
            continue
        row = found[key]
        args = {"number": row.number, "title": row.title, "other": found[other].number}
        alarms.append(Alarm(kind, "complaint", key, args))
        if kind == "repeat" and row.chain >= ESCALATE_FROM_CHAIN:
            alarms.append(Alarm("chain", "complaint", key, {**args, "chain": row.chain}))
    days = desk.reference.settings["group_days"]
    alarms += [
        Alarm(
            "group", "complaint_group", group.id,
            {"group": group.number, "customers": group.customers, "product": group.product,
             "days": days},
        )
        for group in detection_rows.groups(uow.connection, sorted(groups))
    ]  # fmt: skip
    return alarms


def exposed(uow: UnitOfWork, complaint_id: int) -> list[Alarm]:
    """Return the alarm for a complaint that is public; none when it is not."""
    if not detection_rows.is_public(uow.connection, complaint_id):
        return []
    row = detection_rows.named(uow.connection, {complaint_id})[complaint_id]
    args = {"number": row.number, "title": row.title}
    return [Alarm("exposure", "complaint", complaint_id, args)]
