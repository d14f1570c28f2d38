"""The sample's people, products, customers and monthly figures."""

from __future__ import annotations

import json
from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from svcdesk.domain import lists
from svcdesk.domain.localtime import DAY, midnight
from svcdesk.services.sample import improvements
from svcdesk.store import configuration, customers
from svcdesk.store.numbers import next_number

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.services.sample.story import Story
    from svcdesk.store.unit_of_work import UnitOfWork


class Records:
    """Writes what the cases refer to."""

    def __init__(self, uow: UnitOfWork, desk: Desk, story: Story, since: int) -> None:
        self.uow, self.desk, self.story, self.since = uow, desk, story, since
        self.reference = desk.reference
        self.people: dict[str, int] = {}
        self.agents: list[int] = []
        self.technicians: list[int] = []
        self.products: list[tuple[int, dict[str, Any]]] = []
        self.launch = 0
        self.categories: dict[str, int] = {}
        self.customers: list[tuple[int, str]] = []  # key, tier
        self.articles: dict[str, list[int]] = {}

    def code(self, list_name: str, code: str) -> int:
        """Return the key of a built-in list item."""
        item = self.reference.by_code(list_name, code)
        if item is None:
            raise KeyError(code)
        return item.id

    def month_start(self, index: int) -> int:
        """Return the first second of month ``index``."""
        return midnight(self.story.months[index], self.reference.settings["timezone"])

    def settle(self) -> None:
        """Write people, products, customers and knowledge."""
        words = self.story.words
        configuration.save_settings(
            self.uow,
            {
                "organisation": words["organisation"],
                "report_author": "周敏",
                "report_reviewer": "陈雨",
            },
        )
        for person in words["people"]:
            self._person(person)
        for product in words["products"]:
            self._product(product)
        for index in range(1500):
            self._customer(index)
        for title, issue, symptom, solution in words["knowledge"]["articles"]:
            key = self.uow.insert(
                "knowledge",
                {"article_no": next_number(self.uow, "knowledge", self.since, self.desk.zone),
                 "title": title, "issue_id": self.code("issue", issue), "symptom": symptom,
                 "solution": solution, "status": "published", "published_at": self.since,
                 "owner_id": self.people["周敏"]},
            )  # fmt: skip
            self.articles.setdefault(issue, []).append(key)

    def _person(self, person: dict[str, Any]) -> None:
        name, roles = person["name"], person["roles"]
        if name == self.desk.actor.name:
            self.people[name] = self.desk.actor.id
            self.uow.update("person", self.desk.actor.id, {"team": person["team"]})
        else:
            self.people[name] = self.uow.insert(
                "person",
                {"person_no": next_number(self.uow, "person", self.since, self.desk.zone),
                 "name": name, "roles": json.dumps(roles), "team": person["team"]},
            )  # fmt: skip
        if "agent" in roles and "supervisor" not in roles:
            self.agents.append(self.people[name])
        if "tech" in roles:
            self.technicians.append(self.people[name])

    def _product(self, product: dict[str, Any]) -> None:
        name = product["category"]
        if name not in self.categories:
            self.categories[name] = self.uow.insert(
                "list_item", {"list": "product_category", "name": name}
            )
        launch = product.get("launch", False)
        left = min(4, len(self.story.months) - 1)
        started = self.story.months[len(self.story.months) - 1 - left] if launch else None
        key = self.uow.insert(
            "product",
            {"product_no": product["no"], "name": product["name"], "category_id": self.categories[name],
             "brand": "北辰", "launch_date": started.isoformat() if started else None},
        )  # fmt: skip
        self.launch = key if launch else self.launch
        self.products.append((key, product))

    def _customer(self, index: int) -> None:
        story = self.story
        companies = story.words["companies"]
        company = index < len(companies)
        spend = int(story.chance.lognormvariate(7.2, 0.8)) * 100
        key_customer = company or spend > 420_000
        tier = "key" if key_customer else "normal"
        reasons = ["top_spend"] if key_customer else []
        values = {
            "name": companies[index] if company else story.person_name(),
            "kind": "company" if company else "person",
            "phones": [story.phone()],
            "region": story.pick(story.words["regions"]),
            "tier": tier,
            "tier_reasons": reasons,
            "spend_12m": spend * (20 if company else 1),
            "order_count_12m": story.chance.randint(1, 6),
            "opt_out": int(story.chance.random() < 0.01),
        }
        key = customers.insert(self.uow, values, self.desk.zone)
        self.customers.append((key, tier))

    # -- figures of a month ----------------------------------------------------------------

    def month(self, index: int) -> None:
        """Write contacts offered and answered, orders, parts and typed figures of one month."""
        first = self.story.months[index]
        label = first.isoformat()[:7]
        days = monthrange(first.year, first.month)[1]
        speed = self.story.mood(index).speed
        for offset in range(days):
            self._contacts(first + timedelta(days=offset), speed)
        orders = 5200 + self.story.chance.randint(-350, 350) + (2400 if first.month == 11 else 0)
        self.uow.insert("order_volume", {"month": label, "orders": orders})
        for part, base in (("压缩机与主板", 180_000), ("易损件", 90_000)):
            opening = int(base * self.story.chance.uniform(0.9, 1.1)) * 100
            closing = int(base * self.story.chance.uniform(0.85, 1.1)) * 100
            self.uow.insert(
                "spare_parts",
                {"month": label, "part_class": part, "opening": opening, "closing": closing,
                 "issued": int(opening * self.story.chance.uniform(4.2, 4.9)),
                 "dead": int(base * 8 * self.story.chance.uniform(0.8, 1.2))},
            )  # fmt: skip
        values = {"training_coverage": 96 + self.story.chance.randint(0, 4),
                  "newcomer_pass": 95, "feedback_accuracy": 88 + self.story.chance.randint(0, 6)}  # fmt: skip
        for metric in lists.MANUAL_METRICS:
            if metric.key in values:
                self.uow.insert(
                    "manual_metric",
                    {"key": metric.key, "name": metric.name, "unit": metric.unit,
                     "direction": metric.direction, "month": label, "value": values[metric.key]},
                )  # fmt: skip
        self._events(index, first)

    def _contacts(self, day: date, speed: float) -> None:
        for code, mean in (("phone", 46), ("chat", 62)):
            working = self.reference.calendar.is_working_day(day)
            offered = max(1, int(self.story.chance.gauss(mean if working else mean * 0.5, 7)))
            answered = min(
                offered, int(offered * self.story.chance.gauss(0.93 / speed**0.25, 0.03))
            )
            self.uow.insert(
                "channel_daily",
                {"date": day.isoformat(), "channel_id": self.code("channel", code),
                 "offered": offered, "answered": answered, "abandoned": offered - answered,
                 "avg_wait_s": int(28 * speed)},
            )  # fmt: skip

    def _events(self, index: int, first: date) -> None:
        found = []
        if first.month == 11:
            found.append((first.replace(day=8), first.replace(day=14), "双11大促", "promotion"))
        if first.month == 6:
            found.append((first.replace(day=14), first.replace(day=20), "618大促", "promotion"))
        if self.story.left(index) == 7:
            found.append((first, first.replace(day=28), "仓库搬迁，出库排队", "change"))
        if self.story.left(index) == 4:
            found.append((first, first.replace(day=10), "SD-7 扫地机器人上市", "product"))
        for start, end, title, kind in found:
            self.uow.insert(
                "key_event",
                {"starts_on": start.isoformat(), "ends_on": end.isoformat(), "title": title,
                 "kind": kind, "state": "已结束"},
            )  # fmt: skip
        tasks = ("完成首响话术复训", "复盘上月超时工单", "更新换货流程说明")
        for position, text in enumerate(tasks):
            done = self.story.left(index) > 0 or position == 0
            self.uow.insert(
                "plan_task",
                {"period": first.isoformat()[:7], "text": text, "owner_id": self.agents[position],
                 "due_date": first.replace(day=25).isoformat(), "state": "done" if done else "open",
                 "result": "已完成" if done else ""},
            )  # fmt: skip

    def improvements(self) -> None:
        """Write the improvement loop of the story."""
        improvements.write(self)

    def day_of(self, at: int) -> str:
        """Return the date of a moment near the story's days."""
        return date.fromordinal(719163 + (at + 8 * 3600) // DAY).isoformat()
