"""The sample's customers and knowledge as a team keeps them: tiers, orders, a contact plan, cases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from svcdesk.domain import contact_plan as plan_rules
from svcdesk.domain import keycustomer
from svcdesk.domain import knowledge as rules
from svcdesk.domain.localtime import DAY, local_date, midnight
from svcdesk.store import contact_plans, customer_tiers, customers
from svcdesk.store import knowledge as articles
from svcdesk.store.numbers import next_number

if TYPE_CHECKING:
    from svcdesk.services.sample.cases import Cases
    from svcdesk.services.sample.records import Records

PLAN_MONTHS = 3
CALLED = 0.84  # of the members of the contact plan
ORDERED = 400  # customers with orders of their own


def write(records: Records, cases: Cases) -> None:
    """Write what the months before have made possible."""
    _knowledge(records)
    _orders(records)
    _details(records)
    now = records.desk.clock.now()
    settings = records.reference.settings
    zone = settings["timezone"]
    since = keycustomer.since(now, settings["key_months"], zone)
    today = local_date(now, zone).isoformat()
    customer_tiers.recompute(records.uow, keycustomer.rules_from(settings), since, today)
    customer_tiers.note_computed(records.uow, today)
    _contact_plan(records, cases)


# -- knowledge -------------------------------------------------------------------------------


def _knowledge(records: Records) -> None:
    uow, story = records.uow, records.story
    zone = records.reference.settings["timezone"]
    for entry in story.words["knowledge"]["entries"]:
        index = len(story.months) - 1 - int(entry["left"])
        if index < 0:
            continue
        at = records.month_start(index) + 9 * DAY
        published = at if entry["status"] != "draft" else None
        row: dict[str, Any] = {
            **{name: entry[name] for name in ("title", "symptom", "solution", "keywords")},
            "kind": entry["kind"], "status": entry["status"],
            "issue_id": records.code("issue", entry["issue"]), "entered_at": at,
            "owner_id": story.pick(records.agents), "published_at": published,
        }  # fmt: skip
        if published is not None:
            row["review_due"] = rules.review_day(local_date(at, zone)).isoformat()
        if entry["kind"] == "praise":
            row["picked_for"] = story.months[index].isoformat()[:7]
        number = next_number(uow, "knowledge", at, records.desk.zone)
        key = uow.insert("knowledge", {"article_no": number, **row})
        _versions(records, key, row, at)
        if entry["status"] == "published" and entry["kind"] in {"article", "sop"}:
            _use(records, key, entry["issue"], at)
    for keys in records.articles.values():  # those of the first day have their review due
        for key in keys:
            day = rules.review_day(local_date(records.since, zone))
            uow.update("knowledge", key, {"review_due": day.isoformat()})


def _versions(records: Records, key: int, row: dict[str, Any], at: int) -> None:
    """Write the versions: every published procedure was made clearer once."""
    first = row["solution"].split("\n")[0] if row["kind"] == "sop" else row["solution"]
    texts = [first, row["solution"]] if first != row["solution"] else [first]
    for number, solution in enumerate(texts, 1):
        records.uow.insert(
            "knowledge_version",
            {"knowledge_id": key, "version": number, "author_id": row["owner_id"],
             "entered_at": at + (number - 1) * 20 * DAY, "solution": solution,
             **{name: row[name] for name in ("title", "symptom", "keywords")}},
        )  # fmt: skip
    records.uow.update("knowledge", key, {"version": len(texts)})


def _use(records: Records, key: int, issue: str, since: int) -> None:
    """Let some later tickets of the issue use an article; the agents say whether it helped."""
    chance, uow = records.story.chance, records.uow
    for ticket in articles.tickets_about(uow.connection, records.code("issue", issue), since):
        if chance.random() < 0.07 and articles.link_of(uow.connection, ticket, key) is None:
            uow.insert("ticket_knowledge", {"ticket_id": ticket, "knowledge_id": key})
    for person in records.agents:
        if chance.random() < 0.6:
            uow.insert(
                "knowledge_vote",
                {"knowledge_id": key, "person_id": person, "useful": int(chance.random() < 0.85)},
            )


# -- customers -------------------------------------------------------------------------------


def _orders(records: Records) -> None:
    """Write orders of customers, as an import from the shop would bring them."""
    story = records.story
    first, last = records.month_start(0), records.desk.clock.now()
    for customer, _tier in records.customers[:ORDERED]:
        for _ in range(story.chance.randint(1, 3)):
            key, product = story.pick(records.products)
            at = first + int(story.chance.random() * (last - first))
            number = f"DD{story.chance.randrange(10**10):010d}"
            records.uow.insert(
                "sales_order",
                {"order_no": number, "customer_id": customer, "product_id": key,
                 "amount": int(product["price"]) * 100, "ordered_at": at,
                 "platform": story.pick(("tmall", "jd", "douyin", "own"))},
            )  # fmt: skip


def _details(records: Records) -> None:
    """Give companies their managers, some people a second entry under the same phone."""
    uow, story = records.uow, records.story
    companies = len(story.words["companies"])
    for place, (customer, _tier) in enumerate(records.customers[:companies]):
        manager = records.agents[place % len(records.agents)]
        note = "设备较多，上门前联系物业登记。" if place % 3 == 0 else ""
        uow.update("customer", customer, {"manager_id": manager, "notes": note})
    for customer, _tier in records.customers[companies : companies + 4]:
        known = customers.get(uow.connection, customer)
        if known is not None:
            row = {"name": known["name"][0] + "先生", "phones": known["phones"][:1]}
            customers.insert(uow, row, records.desk.zone)


def _contact_plan(records: Records, cases: Cases) -> None:
    """Plan contacts with all key customers over the last three months; most were reached."""
    uow, story = records.uow, records.story
    zone = records.reference.settings["timezone"]
    starts = story.months[-min(PLAN_MONTHS, len(story.months))]
    ends = (story.months[-1] + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    plan = uow.insert(
        "contact_plan",
        {"name": f"重点客户回访 {starts:%Y-%m} 至 {ends:%Y-%m}",
         "starts_on": starts.isoformat(), "ends_on": ends.isoformat()},
    )  # fmt: skip
    members = contact_plans.key_customers(uow.connection)
    days = plan_rules.due_days(starts, ends, max(1, len(members)))
    mood = story.mood(len(story.months) - 1)
    for day, member in zip(days, members, strict=False):
        callback = None
        if not member["opt_out"] and story.chance.random() < CALLED:
            callback = _care(records, cases, member["id"], _due(day, zone), mood)
        uow.insert(
            "contact_plan_member",
            {"plan_id": plan, "customer_id": member["id"], "callback_id": callback,
             "assignee_id": member["manager_id"] or records.people["陈雨"]},
        )  # fmt: skip


def _due(day: date, zone: str) -> int:
    return midnight(day, zone) + 18 * 3600


def _care(records: Records, cases: Cases, customer: int, due: int, mood: Any) -> int | None:
    owner = {"customer_id": customer, "tier": "key",
             "channel_id": records.code("channel", "phone")}  # fmt: skip
    cases.callback("key_care", owner, due, mood)
    return contact_plans.last_callback(records.uow.connection, customer)
