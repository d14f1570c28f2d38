"""The sample's complaint log: ordinary cases, repeats, the battery group and its exposure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from svcdesk.domain.localtime import DAY
from svcdesk.store import derived
from svcdesk.store.numbers import next_number

if TYPE_CHECKING:
    from svcdesk.services.sample.cases import Cases
    from svcdesk.services.sample.story import Mood

HOUR = 3600
CATEGORIES = {"product": 34, "aftersales": 28, "service": 20, "price": 9, "other": 9}
CHANNELS = {"phone": 36, "chat": 22, "wechat": 12, "store": 10, "app": 8, "email": 5, "social": 4,
            "letter": 3}  # fmt: skip
DEPARTMENTS = {"product": ("product", "product.inspection", "product.engineering"),
               "aftersales": ("service", "logistics", "logistics.warehouse"), "service": ("service",),
               "price": ("other.finance", "service"), "other": ("service", "logistics")}  # fmt: skip
REMEDIES = ("repair", "replacement", "refund", "apology", "explanation", "discount")


def write_complaints(cases: Cases, index: int, mood: Mood, start: int, days: int) -> None:
    """Write one month of complaints."""
    story, records = cases.story, cases.records
    moments = sorted(story.moment(start, days, 0.6) for _ in range(mood.complaints))
    for at in moments:
        category = story.weighted(list(CATEGORIES), list(CATEGORIES.values()))
        customer = story.pick(records.customers)
        # one product after the other: groups are the exception
        product = records.products[cases.counts["complaints"] % (len(records.products) - 1)][0]
        text = story.pick(story.words["complaints"][category])
        first = _write(cases, mood, at, customer, category, product, text)
        if story.chance.random() < (0.05 if mood.speed < 1.2 else 0.11):
            again = at + int(story.chance.uniform(4, 26) * DAY)
            if again < start + days * DAY and first is not None:
                text = "上次投诉的问题没有解决，" + text
                _write(cases, mood, again, customer, category, product, text)
    if story.launching(index):
        _battery(cases, mood, start + (9 if story.left(index) == 4 else 2) * DAY)


def _battery(cases: Cases, mood: Mood, start: int) -> None:
    """Write the group: seven customers within days, two of them in public."""
    story, records = cases.story, cases.records
    texts = story.words["complaints"]["battery"]
    for position in range(7 if start else 0):
        at = start + int(position * 0.8 * DAY) + 10 * HOUR
        text = texts[position % len(texts)]
        social = position in {3, 5}
        if social:
            text += "，已发小红书曝光"
        _write(
            cases, mood, at, story.pick(records.customers), "product", records.launch, text,
            channel="social" if social else None, severity="major",
        )  # fmt: skip


def _write(  # noqa: PLR0913, PLR0917 - the parts of one invented case
    cases: Cases, mood: Mood, at: int, customer: tuple[int, str], category: str, product: int,
    text: str, channel: str | None = None, severity: str = "normal",
) -> int | None:  # fmt: skip
    story, records, uow = cases.story, cases.records, cases.uow
    if at >= cases.now:
        return None
    channel = channel or story.weighted(list(CHANNELS), list(CHANNELS.values()))
    if customer[1] == "key":
        severity = "major"
    department = story.pick(DEPARTMENTS[category])
    events, closed = _events(cases, mood, at, severity)
    status = _status(events)
    settled = status in {"resolved", "closed"}
    social = channel == "social"
    tags = [story.pick(records.reference.items_of("pain_tag")).id]
    complaint_id = uow.insert(
        "complaint",
        {
            "complaint_no": next_number(uow, "complaint", at, cases.desk.zone),
            "received_at": at, "customer_id": customer[0], "tier": customer[1], "product_id": product,
            "channel_id": records.code("channel", channel),
            "category_id": records.code("category", category),
            "category_sub_id": _sub(cases, category), "title": text[:100], "severity": severity,
            "resp_dept_id": records.code("department", department), "handler_id": story.pick(records.agents),
            "pain_tags": json.dumps(tags), "demand": story.pick(("refund", "repair", "exchange", "apology")),
            "region": story.pick(story.words["regions"]), "status": status, "last_event_at": at,
            "liability": story.weighted(("liable", "partly", "not_liable"), (50, 25, 25)) if settled else None,
            "remedy": json.dumps([story.pick(REMEDIES)] if settled else []),
            "compensation": story.chance.choice((0, 0, 5000, 10000, 20000)) if settled else None,
            "social_exposure": int(social), "exposure_platform": "小红书" if social else None,
            "exposure_state": ("calm" if settled else "watching") if social else None,
            "exposure_since": at if social else None,
            "told_at": closed if settled else None,
            "told_channel_id": records.code("channel", channel) if settled else None,
        },
    )  # fmt: skip
    uow.insert(
        "complaint_text",
        {"description": "客户反映：" + text + "。",
         "cause": story.pick(story.words["complaints"]["causes"]) if settled else "",
         "answer": story.pick(story.words["complaints"]["answers"]) if settled else ""},
        key=complaint_id,
    )  # fmt: skip
    for seq, (moment, kind) in enumerate(events, start=1):
        uow.insert(
            "complaint_event",
            {"complaint_id": complaint_id, "seq": seq, "at": moment, "type": kind,
             "actor_id": records.agents[0], "entered_at": moment + 90},
        )  # fmt: skip
    derived.refresh_complaint(uow, complaint_id, records.reference)
    _late(cases, complaint_id)
    cases.counts["complaints"] += 1
    if settled:
        _callback(cases, mood, complaint_id, customer, channel, product, closed)
    return complaint_id


def _sub(cases: Cases, category: str) -> int | None:
    parent = cases.records.code("category", category)
    children = cases.records.reference.items_of("category", parent_id=parent)
    return cases.story.pick(children).id if children else None


def _events(cases: Cases, mood: Mood, at: int, severity: str) -> tuple[list[tuple[int, str]], int]:
    """Return the complaint's life up to now, and when it was (or will be) settled."""
    calendar, story = cases.calendar, cases.story
    accepted = calendar.add_business_seconds(at, story.minutes(35, 5))
    contacted = calendar.add_business_seconds(accepted, story.minutes(60 * mood.speed, 5))
    mean = 850 if severity == "normal" else 1250
    answered = calendar.add_business_seconds(contacted, story.minutes(mean * mood.speed**1.3, 90))
    settled = calendar.add_business_seconds(answered, story.minutes(120, 10))
    closed = settled + int(story.chance.uniform(2, 6) * DAY)
    life = [(at, "registered"), (accepted, "accepted"), (accepted + 60, "investigating"),
            (contacted, "contacted"), (answered, "responded"), (settled, "resolved")]  # fmt: skip
    fate = story.chance.random()
    if fate < 0.03:
        life = [*life[:4], (contacted + 4 * HOUR, "withdrawn")]
    elif fate < 0.25 and cases.now - at < 40 * DAY:
        life = life[:4]  # still open
    elif fate < 0.09:
        life += [(closed, "reopened"), (closed + 3 * DAY, "responded"), (closed + 4 * DAY, "resolved"),
                 (closed + 9 * DAY, "closed")]  # fmt: skip
    else:
        life.append((closed, "closed"))
    return sorted(event for event in life if event[0] < cases.now), settled


def _status(events: list[tuple[int, str]]) -> str:
    status = "registered"
    for _at, kind in events:
        status = {"contacted": status, "reopened": "investigating"}.get(kind, kind)
    return status


def _late(cases: Cases, complaint_id: int) -> None:
    """Give a late complaint its reason, and an open overdue one its plan."""
    from svcdesk.store import records as rows

    complaint = rows.get(cases.uow.connection, "complaint", complaint_id)
    if complaint is None or complaint["due_at"] is None:
        return
    if (complaint["first_resolved_at"] or cases.now) <= complaint["due_at"]:
        return
    reason = cases.story.pick(("parts", "inspection", "sync", "process", "approval", "delivery"))
    values: dict[str, Any] = {"overdue_reason_id": cases.records.code("overdue_reason", reason)}
    if complaint["first_resolved_at"] is None:
        values["overdue_plan"] = "已约责任部门本周内给出方案"
    cases.uow.update("complaint", complaint_id, values)


def _callback(
    cases: Cases, mood: Mood, complaint_id: int, customer: tuple[int, str], channel: str,
    product: int, settled: int,
) -> None:  # fmt: skip
    from svcdesk.store import records as rows

    owner = {"complaint_id": complaint_id, "customer_id": customer[0], "tier": customer[1],
             "channel_id": cases.records.code("channel", channel), "product_id": product,
             "agent_id": cases.records.agents[0]}  # fmt: skip
    answer = cases.callback("complaint", owner, settled + 48 * HOUR, mood)
    survey = rows.get(cases.uow.connection, "survey", answer) if answer else None
    if survey is not None:
        cases.uow.update(
            "complaint", complaint_id,
            {"satisfaction": survey["csat"], "satisfaction_at": survey["responded_at"]},
        )  # fmt: skip
