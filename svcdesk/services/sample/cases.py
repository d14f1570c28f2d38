"""The sample's tickets, visits, complaints, callbacks and answers, each with its whole history."""

from __future__ import annotations

import json
from calendar import monthrange
from collections import Counter
from typing import TYPE_CHECKING, Any

from svcdesk.domain.localtime import DAY
from svcdesk.services.sample.complaint_story import write_grave_case
from svcdesk.services.sample.complaints import write_complaints
from svcdesk.store import derived
from svcdesk.store import records as rows
from svcdesk.store.numbers import next_number

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.services.sample.records import Records
    from svcdesk.services.sample.story import Mood, Story
    from svcdesk.store.unit_of_work import UnitOfWork

HOUR = 3600
ISSUES = {"quality": 0.34, "install": 0.15, "delivery": 0.15, "response": 0.08, "other": 0.28}
CHANNELS = {"phone": 34, "chat": 26, "wechat": 14, "app": 8, "web": 5, "store": 6, "email": 4,
            "miniprogram": 3}  # fmt: skip
TYPES = {"quality": ("repair", "repair", "repair", "exchange", "return"), "install": ("install",),
         "delivery": ("consult", "parts", "other"), "response": ("other", "exchange"),
         "other": ("consult",)}  # fmt: skip
CODES = {"repair": "onsite", "install": "onsite", "exchange": "exchange", "return": "refund",
         "parts": "parts", "consult": "explained", "other": "explained"}  # fmt: skip
SOLUTIONS = {"onsite": "onsite", "exchange": "exchange", "refund": "refund", "parts": "parts",
             "explained": "explained", "remote": "remote"}  # fmt: skip


class Cases:
    """Writes the cases month by month; nothing happens after ``now``."""

    def __init__(self, uow: UnitOfWork, desk: Desk, story: Story, records: Records) -> None:
        self.uow, self.desk, self.story, self.records = uow, desk, story, records
        self.now = desk.clock.now()
        self.calendar = desk.reference.calendar
        self.counts: Counter[str] = Counter()
        self.closed: list[tuple[int, int, Mood]] = []
        self.latest: tuple[int, dict[str, Any], int] | None = None  # last answer by phone

    def month(self, index: int) -> None:
        """Write one month."""
        start = self.records.month_start(index)
        first = self.story.months[index]
        days = monthrange(first.year, first.month)[1]
        mood = self.story.mood(index)
        for at in sorted(self.story.moment(start, days) for _ in range(mood.tickets)):
            Ticket(self, mood, at, launching=self.story.launching(index)).write()
        write_complaints(self, index, mood, start, days)
        self._key_care(mood, start, days)
        self._inspections(start, days)

    def finish(self) -> None:
        """Let the last answer be a low one whose 48 hours still run; the counts are complete."""
        write_grave_case(self)
        if self.latest is not None and self.latest[2] > self.now - 40 * HOUR:
            answer, owner, at = self.latest
            words = self.story.words["comments"]["bad"]
            self.uow.update("survey", answer, {"csat": 2, "comment": self.story.pick(words)})
            self.recover(answer, owner, at, self.story.mood(len(self.story.months) - 1))
        self.closed.clear()

    def _key_care(self, mood: Mood, start: int, days: int) -> None:
        """Call most key customers once a month."""
        keys = [key for key, tier in self.records.customers if tier == "key"]
        reached = 0.62 if mood.speed > 1.2 else 0.8
        for customer in keys:
            if self.story.chance.random() < reached:
                owner = {"customer_id": customer, "tier": "key",
                         "channel_id": self.records.code("channel", "phone")}  # fmt: skip
                due = self.story.moment(start + 2 * DAY, days - 3, 0.1)
                self.callback("key_care", owner, due, mood)

    def _inspections(self, start: int, days: int) -> None:
        recent = [entry for entry in self.closed if start <= entry[1] < start + days * DAY]
        for ticket_id, at, _mood in recent[::12]:
            failed = self.story.chance.random() < 0.07
            items = [
                {
                    "item": item,
                    "result": "fail" if failed and item == "script" else "pass",
                    "weight": weight,
                }
                for item, weight in (("script", 30), ("process", 40), ("records", 30))
            ]
            score = 1000 if not failed else 700
            if at + DAY < self.now:
                self.uow.insert(
                    "quality_check",
                    {"ticket_id": ticket_id, "inspector_id": self.records.people["周敏"],
                     "agent_id": self.records.agents[0], "at": at + DAY,
                     "items": json.dumps(items), "score_tenths": score, "passed": int(score >= 900)},
                )  # fmt: skip
                self.counts["quality_checks"] += 1

    # -- answers ---------------------------------------------------------------------------

    def scores(self, mood: Mood, *, lift: int = 0) -> dict[str, int]:
        """Return the scores of one answer in the mood of its month."""
        chance = self.story.chance
        csat = min(5, self.story.weighted((1, 2, 3, 4, 5), mood.scores) + lift)
        found = {"csat": csat}
        for name in ("dim_attitude", "dim_speed", "dim_skill", "dim_result"):
            found[name] = min(5, max(1, csat + self.story.weighted((-1, 0, 1), (15, 65, 20))))
        low, high = {5: (8, 10), 4: (7, 10), 3: (5, 8), 2: (2, 6), 1: (0, 4)}[csat]
        found["nps"] = chance.randint(low, high)
        return found

    def answer(self, owner: dict[str, Any], at: int, method: str, scores: dict[str, int],
               kind: str = "normal") -> int:  # fmt: skip
        """Write one survey answer for the record ``owner``."""
        csat = scores["csat"]
        words = self.story.words["comments"]
        comment = self.story.pick(
            words["good"] if csat >= 4 else words["fair"] if csat == 3 else words["bad"]
        )
        self.counts["surveys"] += 1
        return self.uow.insert(
            "survey",
            {
                "survey_no": next_number(self.uow, "survey", at, self.desk.zone),
                "method": method, "kind": kind, "sent_at": at if method == "callback" else at - 5 * HOUR,
                "responded_at": at, "comment": comment, **scores,
                **{name: owner.get(name) for name in ("ticket_id", "complaint_id", "customer_id",
                   "agent_id", "channel_id", "issue_id", "product_id")},
                "tier": owner.get("tier", "normal"),
            },
        )  # fmt: skip

    def callback(self, kind: str, owner: dict[str, Any], due_at: int, mood: Mood,
                 survey_id: int | None = None) -> int | None:  # fmt: skip
        """Write a callback with its attempts, as far as it has come; return the answer's key."""
        chance = self.story.chance
        at = self.calendar.add_business_seconds(
            due_at - int(chance.uniform(0.3, 1.02) * 40 * HOUR), 600
        )
        row: dict[str, Any] = {
            "callback_no": next_number(self.uow, "callback", min(due_at, self.now), self.desk.zone),
            "kind": kind, "due_at": due_at, "survey_id": survey_id,
            "planned_by_id": self.records.people["周敏"],
            "assignee_id": self.records.people["周敏" if kind == "low_score" else "陈雨"],
            **{name: owner.get(name) for name in ("ticket_id", "complaint_id", "customer_id")},
        }  # fmt: skip
        key = self.uow.insert("callback", row)
        self.counts["callbacks"] += 1
        answer, caller = None, row["assignee_id"]
        fate = chance.random()
        failures = 0 if fate < 0.72 else 1 if fate < 0.88 else 3
        attempts = [at + n * 5 * HOUR + (n // 2) * DAY for n in range(failures)]
        reached = attempts[-1] + 4 * HOUR if attempts else at
        results = ["no_answer" if chance.random() < 0.7 else "busy" for _ in attempts]
        end: dict[str, Any] = {}
        if failures == 3 and attempts[-1] < self.now:
            end = {"state": "unreachable", "completed_at": attempts[-1]}
        elif (
            failures < 3
            and reached < self.now
            and not (kind == "low_score" and due_at > self.now)  # its 48 hours still run
            and not (kind != "low_score" and chance.random() < 0.1 and self.now - due_at < 30 * DAY)
        ):
            attempts.append(reached)
            refused = chance.random() < 0.02
            results.append("refused" if refused else "connected")
            end = {"state": "refused" if refused else "completed", "completed_at": reached}
            if not refused:
                end |= self._reached(kind, owner, reached, mood)
                answer = end["answer_id"]
                if end["own_ticket"]:
                    caller = owner["agent_id"]
        for seq, (moment, result) in enumerate(zip(attempts, results, strict=False), start=1):
            if moment < self.now:
                self.uow.insert(
                    "callback_attempt",
                    {"callback_id": key, "seq": seq, "at": moment, "result": result,
                     "actor_id": caller, "entered_at": moment + 90},
                )  # fmt: skip
        if kind == "low_score" and end.get("state") in {"unreachable", "refused"}:
            end["recovery_result"] = "not_reached"
        if end:
            self.uow.update("callback", key, end)
        else:
            self._wait(key, kind, [moment for moment in attempts if moment < self.now])
        if answer is not None and kind != "low_score":
            self.recover(answer, owner, end["completed_at"], mood)
        return answer

    def _reached(self, kind: str, owner: dict[str, Any], at: int, mood: Mood) -> dict[str, Any]:
        """Write the answer of a customer who was reached; return what the callback keeps."""
        recovery = kind == "low_score"
        lift = 2 if recovery and self.story.chance.random() < 0.5 else 0
        scores = self.scores(mood, lift=lift)
        answer = self.answer(owner, at, "callback", scores, "recovery" if recovery else "normal")
        csat, number = scores["csat"], self.counts["callbacks"]
        end: dict[str, Any] = {
            "answer_id": answer,
            "result": "satisfied" if csat >= 4 else "fair" if csat == 3 else "dissatisfied",
            # now and then the agent who handled the case called, for want of anybody else
            "own_ticket": int(
                kind == "routine" and bool(owner.get("agent_id")) and number % 90 == 0
            ),
        }
        if recovery:
            end |= recovered(number, put_right=csat >= 4)
        elif self.latest is None or at > self.latest[2]:
            self.latest = (answer, owner, at)
        return end

    def _wait(self, key: int, kind: str, attempts: list[int]) -> None:
        """Let an open callback wait: for its next try, for an appointment, or for somebody."""
        if attempts:
            agreed = self.counts["callbacks"] % 2 == 0
            again = self.calendar.add_business_seconds(max(attempts[-1], self.now), 2 * HOUR)
            self.uow.update("callback", key, {"retry_at": again, "agreed": int(agreed)})
        elif kind != "low_score" and self.counts["callbacks"] % 3 == 0:
            self.uow.update("callback", key, {"assignee_id": None})

    def recover(self, answer: int, owner: dict[str, Any], at: int, mood: Mood) -> None:
        """Plan and play the recovery of a low score."""
        survey = rows.get(self.uow.connection, "survey", answer)
        if survey is not None and survey["csat"] <= 2:
            codes = ("slow", "unsolved", "attitude", "again", "visit")
            reasons = [self.records.code("low_reason", codes[self.counts["surveys"] % len(codes)])]
            self.uow.update("survey", answer, {"reasons": json.dumps(reasons)})
            self.callback("low_score", owner, at + 48 * HOUR, mood, survey_id=answer)


def recovered(number: int, *, put_right: bool) -> dict[str, Any]:
    """Return what came of a recovery, and what it gave: a different thing each time."""
    gifts = (("免费上门复检", None), ("延长保修 3 个月", None), ("赠送清洗服务券", None),
             ("补偿运费", 3_000), ("退还上门费", 8_000))  # fmt: skip
    given, amount = gifts[number % len(gifts)]
    result = "fixed" if put_right else "not_fixed"
    return {"recovery_result": result, "given": given, "given_amount": amount}


class Ticket:
    """One sample ticket on its way."""

    def __init__(self, cases: Cases, mood: Mood, at: int, *, launching: bool) -> None:
        self.cases, self.mood, self.at = cases, mood, at
        story, records = cases.story, cases.records
        weights = dict(ISSUES)
        weights["delivery"] = mood.delivery
        self.issue = story.weighted(list(weights), list(weights.values()))
        robots = launching and self.issue in {"quality", "install"} and story.chance.random() < 0.3
        pool = [entry for entry in records.products if robots or entry[0] != records.launch]
        self.product, self.details = (
            (records.launch, records.products[-1][1]) if robots else story.pick(pool)
        )
        self.channel = story.weighted(list(CHANNELS), list(CHANNELS.values()))
        self.kind = story.pick(TYPES[self.issue])
        self.customer, self.tier = story.pick(records.customers)
        self.agent = story.weighted(records.agents, (30, 26, 18, 20, 6)[: len(records.agents)])
        self.complex = self.issue in {"response", "quality"} and story.chance.random() < 0.3
        self.events: list[tuple[int, str, dict[str, Any]]] = []
        self.promised: int | None = None

    def event(self, at: int, kind: str, **more: Any) -> None:
        """Note an event; what lies in the future does not happen."""
        if at < self.cases.now:
            self.events.append((at, kind, more))

    def write(self) -> None:
        """Live through the case and write it."""
        end = self._live()
        uow, records, story = self.cases.uow, self.cases.records, self.cases.story
        title = story.pick(story.words["titles"][self.issue]["titles"]).format(
            p=self.details["name"]
        )
        subs = [
            i.id
            for i in records.reference.items_of(
                "issue", parent_id=records.code("issue", self.issue)
            )
        ]
        code = CODES[self.kind]
        ticket_id = uow.insert(
            "ticket",
            {
                "ticket_no": next_number(uow, "ticket", self.at, self.cases.desk.zone),
                "title": title[:100], "request_type": self.kind, "customer_id": self.customer,
                "product_id": self.product, "channel_id": records.code("channel", self.channel),
                "issue_id": records.code("issue", self.issue),
                "issue_sub_id": story.pick(subs) if subs else None,
                "priority": self._priority(), "complexity": "complex" if self.complex else "basic",
                "priority_reason": "影响安全" if self._priority() == "urgent" else None,
                "first_owner_id": self.agent, "owner_id": self.agent, "tier": self.tier,
                "region": story.pick(story.words["regions"]), "created_at": self.at, "entered_at": self.at, "promised_at": self.promised,
                "status": self._status(), "last_event_at": self.at,
                "resolution_code": code if end else None,
                "callback_required": int(self.kind != "consult"),
            },
        )  # fmt: skip
        description = story.pick(story.words["descriptions"]["lines"]).format(
            t=title, n=story.chance.randint(2, 30)
        )
        solution = story.pick(story.words["solutions"][SOLUTIONS[code]]) if end else ""
        uow.insert("ticket_text", {"description": description, "solution": solution}, key=ticket_id)
        self._write_events(ticket_id, description, solution)
        derived.refresh_ticket(uow, ticket_id, records.reference)
        self._overdue_reason(ticket_id)
        self.cases.counts["tickets"] += 1
        self._after(ticket_id, end)

    def _priority(self) -> str:
        if not hasattr(self, "_chosen"):
            weights = (3, 22, 70, 5) if self.tier == "normal" else (6, 94, 0, 0)
            self._chosen = self.cases.story.weighted(("urgent", "high", "normal", "low"), weights)
        return self._chosen

    def _live(self) -> int | None:
        """Make the events; return the final resolution, or ``None`` while it is open."""
        calendar, story, mood = self.cases.calendar, self.cases.story, self.mood
        live = self.channel in {"phone", "store"}
        self.event(self.at, "created")
        first = self.at
        if live:
            self.event(self.at, "call_in", name="answered", visible_to_customer=1)
        else:
            first = calendar.add_business_seconds(self.at, story.minutes(13 * mood.speed, 2))
            if story.chance.random() < 0.012:  # answered by a robot that was logged as a person
                first = self.at
        self.event(first, "accepted")
        if not live:
            self.event(
                first,
                "public_reply",
                visible_to_customer=1,
                text="您好，已收到您的问题，正在为您处理。",
            )
        if story.chance.random() < 0.13 and self.cases.now - self.at < 40 * DAY:
            self._linger(first)
            return None
        done = self._work(first)
        if done is None or done >= self.cases.now:
            return None
        self.event(done, "resolved")
        if story.chance.random() < (0.035 if mood.speed < 1.2 else 0.07):
            again = calendar.add_business_seconds(done, story.minutes(1500, 60))
            self.event(again, "reopened", text="客户反映问题再次出现。")
            done = calendar.add_business_seconds(again, story.minutes(500 * mood.speed, 60))
            if done >= self.cases.now:
                return None
            self.event(done, "resolved")
        return done

    def _linger(self, since: int) -> None:
        """Let a case of the last weeks be open still: promised, waiting, or simply late."""
        calendar, story, records = self.cases.calendar, self.cases.story, self.cases.records
        at = calendar.add_business_seconds(since, story.minutes(90, 20))
        fate = story.weighted(("promised", "customer", "internal", "late"), (45, 20, 20, 15))
        if fate == "promised":
            hours = story.chance.randint(2, 50)
            self.promised = calendar.add_business_seconds(self.cases.now, hours * HOUR)
            self.event(at, "public_reply", visible_to_customer=1, text="配件已订购，到货后即上门。")
        elif fate == "customer":
            self.event(
                at,
                "status_changed",
                old="in_progress",
                new="pending_customer",
                text="等待客户提供购买凭证",
            )
        elif fate == "internal":
            self.event(at, "status_changed", old="in_progress", new="pending_internal", text="等待质检鉴定",
                       department_id=records.code("department", "product.inspection"))  # fmt: skip

    def _work(self, since: int) -> int | None:
        """Make transfers, waits and visits; return when it is solved."""
        calendar, story, mood = self.cases.calendar, self.cases.story, self.mood
        records = self.cases.records
        at = since
        if self.kind in {"repair", "install"}:
            at = self._visit(at)
        if self.complex or (self.issue == "delivery" and story.chance.random() < 0.75):
            warehouse = self.issue == "delivery"
            department = "logistics.warehouse" if warehouse else "product.engineering"
            at = calendar.add_business_seconds(at, story.minutes(60, 10))
            self.event(at, "status_changed", old="in_progress", new="pending_internal",
                       text="等待仓库核对出库" if warehouse else "等待技术判断",
                       department_id=records.code("department", department))  # fmt: skip
            at = calendar.add_business_seconds(
                at, story.minutes((700 if warehouse else 640) * mood.speed, 60)
            )
            self.event(at, "status_changed", old="pending_internal", new="in_progress")
        elif story.chance.random() < 0.12:
            at = calendar.add_business_seconds(at, story.minutes(50, 5))
            self.event(
                at,
                "status_changed",
                old="in_progress",
                new="pending_customer",
                text="等待客户提供照片",
            )
            at += story.minutes(1300, 60)
            self.event(at, "status_changed", old="pending_customer", new="in_progress")
        if story.chance.random() < 0.09:
            other = story.pick(records.agents)
            at = calendar.add_business_seconds(at, story.minutes(40, 5))
            self.event(at, "transferred", new=str(other), text="转专业组处理")
            at = calendar.add_business_seconds(at, story.minutes(30, 3))
            self.event(at, "accepted")
        if story.chance.random() < 0.03 * mood.speed:
            self.event(at, "escalated", text="客户要求尽快处理")
        mean = 45 if self.kind == "consult" else 260
        return calendar.add_business_seconds(at, story.minutes(mean * mood.speed, 8))

    def _visit(self, at: int) -> int:
        calendar, story = self.cases.calendar, self.cases.story
        at = calendar.add_business_seconds(at, story.minutes(25, 3))
        technician = story.pick(self.cases.records.technicians)
        self.event(at, "dispatched", new=str(technician))
        if story.chance.random() < 0.06 * self.mood.speed:
            at = calendar.add_business_seconds(at, story.minutes(90, 15))
            self.event(at, "dispatched", new=str(story.pick(self.cases.records.technicians)))
        self.event(calendar.add_business_seconds(at, 600), "accepted")
        planned = calendar.add_business_seconds(at, story.minutes(460 * self.mood.speed, 120))
        self.event(at + 900, "visit_planned")
        late = story.chance.random() < 0.055 * self.mood.speed
        arrived = (
            planned
            + (story.chance.randint(35, 120) if late else story.chance.randint(-10, 25)) * 60
        )
        self.visit = (planned, arrived, arrived + story.minutes(50, 20), technician, at)
        self.event(arrived, "visit_arrived", visible_to_customer=1)
        self.event(self.visit[2], "visit_done")
        return self.visit[2]

    def _status(self) -> str:
        """Return the status after the last event."""
        status = "new"
        for _at, kind, more in sorted(self.events, key=lambda entry: entry[0]):
            status = {"accepted": "in_progress", "dispatched": "assigned", "transferred": "assigned",
                      "resolved": "resolved", "reopened": "in_progress"}.get(kind, status)  # fmt: skip
            if kind == "status_changed":
                status = more["new"]
        return status

    def _write_events(self, ticket_id: int, description: str, solution: str) -> None:
        uow = self.cases.uow
        for seq, (at, kind, more) in enumerate(sorted(self.events, key=lambda e: e[0]), start=1):
            text = {"created": description, "resolved": solution}.get(kind)
            uow.insert(
                "ticket_event",
                {"ticket_id": ticket_id, "seq": seq, "at": at, "type": kind, "entered_at": at + 90,
                 "actor_id": self.agent, "text": text, **more},
            )  # fmt: skip
        if not hasattr(self, "visit") or self.visit[0] >= self.cases.now:
            return
        planned, arrived, left, technician, dispatched = self.visit
        uow.insert(
            "visit",
            {"ticket_id": ticket_id, "seq": 1, "technician_id": technician, "window_start": planned,
             "window_end": planned + 1800, "promised_at": dispatched, "dispatched_at": dispatched,
             "arrived_at": arrived, "left_at": left, "outcome": "done"},
        )  # fmt: skip
        self.cases.counts["visits"] += 1

    def _overdue_reason(self, ticket_id: int) -> None:
        uow, records = self.cases.uow, self.cases.records
        ticket = rows.get(uow.connection, "ticket", ticket_id)
        if ticket is None or ticket["first_resolved_at"] is None or ticket["due_at"] is None:
            return
        if (
            ticket["first_resolved_at"] > ticket["due_at"]
            and self.cases.story.chance.random() < 0.9
        ):
            reason = "delivery" if self.issue == "delivery" else self.cases.story.pick(
                ("parts", "sync", "process", "inspection", "sync", "approval"))  # fmt: skip
            uow.update(
                "ticket", ticket_id, {"overdue_reason_id": records.code("overdue_reason", reason)}
            )

    def _after(self, ticket_id: int, end: int | None) -> None:
        """Write what follows a resolution: knowledge, callback, answer, closing."""
        if end is None:
            return
        cases, story = self.cases, self.cases.story
        owner = {"ticket_id": ticket_id, "customer_id": self.customer, "agent_id": self.agent,
                 "channel_id": cases.records.code("channel", self.channel), "tier": self.tier,
                 "issue_id": cases.records.code("issue", self.issue), "product_id": self.product}  # fmt: skip
        articles = cases.records.articles.get(self.issue, [])
        if articles and story.chance.random() < 0.42:
            cases.uow.insert(
                "ticket_knowledge", {"ticket_id": ticket_id, "knowledge_id": story.pick(articles)}
            )
        closed = end + int(story.chance.uniform(3.1, 6) * DAY)
        if self.kind != "consult":
            cases.callback("routine", owner, end + 72 * HOUR, self.mood)
        elif story.chance.random() < 0.8:
            self._text_survey(owner, end)
        if closed < cases.now:
            seq = rows.next_seq(cases.uow.connection, "ticket_event", "ticket_id", ticket_id)
            cases.uow.insert(
                "ticket_event",
                {"ticket_id": ticket_id, "seq": seq, "at": closed, "type": "closed",
                 "actor_id": self.agent,
                 "entered_at": closed + (26 * HOUR if story.chance.random() < 0.04 else 90)},
            )  # fmt: skip
            cases.uow.update("ticket", ticket_id, {"status": "closed"})
            derived.refresh_ticket(cases.uow, ticket_id, cases.records.reference)
            cases.closed.append((ticket_id, closed, self.mood))

    def _text_survey(self, owner: dict[str, Any], end: int) -> None:
        """Send a text-message survey; about a third is answered."""
        cases, story = self.cases, self.cases.story
        sent = end + HOUR
        if sent >= cases.now:
            return
        answered = sent + story.minutes(400, 5)
        if story.chance.random() < 0.38 and answered < cases.now:
            key = cases.answer(owner, answered, "sms", cases.scores(self.mood))
            cases.uow.update("survey", key, {"sent_at": sent})
            cases.recover(key, owner, answered, self.mood)
            return
        cases.uow.insert(
            "survey",
            {"survey_no": next_number(cases.uow, "survey", sent, cases.desk.zone), "method": "sms",
             "sent_at": sent, "ticket_id": owner["ticket_id"], "customer_id": owner["customer_id"],
             "agent_id": owner["agent_id"], "channel_id": owner["channel_id"], "tier": owner["tier"]},
        )  # fmt: skip
        cases.counts["surveys"] += 1
