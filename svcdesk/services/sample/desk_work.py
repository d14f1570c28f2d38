"""What agents do around the sample's tickets: requests, links, time spent, a merge, duplicates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.localtime import DAY, local_date
from svcdesk.services.ticket_rows import event, note_missed
from svcdesk.store import breaches, derived, ticket_parts
from svcdesk.store import records as rows
from svcdesk.store.numbers import next_number

if TYPE_CHECKING:
    from svcdesk.services.sample.cases import Cases

HOUR = 3600
_COPIED = ("request_type", "customer_id", "product_id", "issue_id", "issue_sub_id", "tier",
           "region", "priority", "first_owner_id", "owner_id")  # fmt: skip
REQUESTS = {
    "logistics.warehouse": ("请核对出库记录与物流单号", "已核对，今天补发，单号稍后回填"),
    "product.inspection": (
        "请鉴定退回的整机是否属于质量问题",
        "已鉴定：电路板受潮，按质量问题处理",
    ),
    "product.engineering": ("请判断故障代码并给出处理方案", "更换驱动板即可，已备货"),
}


class DeskWork:
    """Writes them on tickets that are there already."""

    def __init__(self, cases: Cases) -> None:
        self.cases, self.uow, self.records = cases, cases.uow, cases.records
        self.chance = cases.story.chance
        self.now = cases.now
        self.zone = str(cases.records.reference.settings["timezone"])

    def write(self) -> None:
        """Write everything."""
        recent = self._recent()
        self._handoffs(recent)
        self._time(recent)
        self._links(recent)
        self._duplicates([t for t in recent if t["status"] == "in_progress"])
        for ticket_id in breaches.missed(self.uow.connection):
            note_missed(self.uow, ticket_id)

    def _recent(self) -> list[dict[str, Any]]:
        keys = ticket_parts.received_since(self.uow.connection, self.now - 45 * DAY)
        found = (rows.get(self.uow.connection, "ticket", key) for key in keys)
        return [ticket for ticket in found if ticket is not None]

    # -- requests to departments ---------------------------------------------------------------

    def _handoffs(self, tickets: list[dict[str, Any]]) -> None:
        """Ask the department that a ticket waited for; some late, some promised, most answered."""
        for ticket in tickets:
            waits = ticket_parts.internal_waits(self.uow.connection, ticket["id"])
            for started, ended, department in waits:
                if department is not None:
                    self._handoff(ticket, started, ended, department)

    def _handoff(self, ticket: dict[str, Any], asked: int, answered: int | None,
                 department: int) -> None:  # fmt: skip
        item = self.records.reference.items[department]
        request, answer = REQUESTS.get(item.code or "", ("请协助处理并回复结果", "已处理"))
        calendar = self.cases.calendar
        due = calendar.add_business_seconds(asked, 2 * HOUR)
        row = {
            "ticket_id": ticket["id"], "department_id": department, "request": request,
            "asked_at": asked, "asked_by_id": ticket["owner_id"], "due_at": due,
            "entered_at": asked,
        }  # fmt: skip
        if answered is not None:
            people = [p.id for p in self.records.reference.people.values()]
            row |= {"answered_at": answered, "answer": answer,
                    "answered_by_id": self.chance.choice(people)}  # fmt: skip
        elif self.chance.random() < 0.5:
            day = self.now + DAY * self.chance.randint(0, 2)
            row["promised_on"] = local_date(day, self.zone).isoformat()
        self.uow.insert("handoff", row)

    # -- time, links ------------------------------------------------------------------------------

    def _time(self, tickets: list[dict[str, Any]]) -> None:
        for ticket in tickets:
            if self.chance.random() > 0.35 or ticket["first_response_at"] is None:
                continue
            at = int(ticket["first_response_at"])
            for activity in self.chance.sample(("phone", "reply", "coordination", "research"), 2):
                at = min(at + 20 * 60, self.now)
                self.uow.insert(
                    "work_entry",
                    {"ticket_id": ticket["id"], "person_id": ticket["owner_id"], "at": at,
                     "minutes": self.chance.choice((5, 10, 15, 20, 30)), "activity": activity},
                )  # fmt: skip

    def _links(self, tickets: list[dict[str, Any]]) -> None:
        """Link what one customer brought in twice."""
        before: dict[int, int] = {}
        for ticket in tickets:
            first = before.setdefault(ticket["customer_id"], ticket["id"])
            if first != ticket["id"]:
                self.uow.insert(
                    "ticket_link",
                    {"ticket_id": ticket["id"], "other_id": first, "kind": "follow_up",
                     "entered_at": ticket["created_at"]},
                )  # fmt: skip

    # -- the same case twice ---------------------------------------------------------------------

    def _duplicates(self, tickets: list[dict[str, Any]]) -> None:
        """Let two customers write in a second time: one is merged, the other waits for a look."""
        for number, ticket in enumerate(tickets[-2:]):
            key = self._again(ticket)
            if number == 0:
                self.uow.update("ticket", key, {"status": "merged", "merged_into_id": ticket["id"]})
                at = int(ticket["created_at"]) + 25 * 60
                event(self.uow, key, "merged", at=at, new=str(ticket["id"]))
                event(self.uow, ticket["id"], "internal_note", at=at, name="merged_in",
                      new=str(key))  # fmt: skip
            for touched in (key, int(ticket["id"])):
                derived.refresh_ticket(self.uow, touched, self.records.reference)

    def _again(self, ticket: dict[str, Any]) -> int:
        at = int(ticket["created_at"]) + 8 * 60
        text = "我刚才打电话说过了，再补一张照片，麻烦尽快处理。"
        key = self.uow.insert(
            "ticket",
            {
                **{name: ticket[name] for name in _COPIED},
                "ticket_no": next_number(self.uow, "ticket", at, self.cases.desk.zone),
                "title": f"再次反映：{ticket['title']}"[:100],
                "channel_id": self.records.code("channel", "chat"),
                "created_at": at, "entered_at": at, "last_event_at": at,
                "status": "in_progress", "callback_required": 0,
            },
        )  # fmt: skip
        self.uow.insert("ticket_text", {"description": text, "solution": ""}, key=key)
        event(self.uow, key, "created", at=at, text=text)
        event(self.uow, key, "accepted", at=at + 120)
        event(
            self.uow,
            key,
            "public_reply",
            at=at + 150,
            text="收到，照片已转给工程师。",
            visible=True,
        )
        self.cases.counts["tickets"] += 1
        return key
