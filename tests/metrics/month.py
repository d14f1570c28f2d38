"""A month of a desk, written down record by record for figures that are worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from svcdesk.domain.period import parse_period
from svcdesk.store.figures import Board
from tests.domain.calendars import at
from tests.metrics.desks import Desk, reference

if TYPE_CHECKING:
    from svcdesk.domain.metrics.figure import Figure

MARCH = parse_period("2026-03")
CUT_OFF = MARCH.end_at
CHAT, PHONE, QUALITY, INSTALL, WAREHOUSE = 1, 2, 3, 4, 8
SERVICE, PRODUCT = 5, 6


@dataclass
class Month:
    """A desk that is written down record by record."""

    desk: Desk = field(default_factory=Desk)

    def __post_init__(self) -> None:
        for number in (1, 2, 3, 4):
            self.desk.add("customer", customer_no=f"KH{number}", name="c", merged_into_id=None,
                          opt_out=0, tier="key" if number == 4 else "normal")  # fmt: skip
        for number in (1, 2):
            self.desk.add("person", name=f"p{number}")
            self.desk.add("product", product_no=f"P{number}", name="p")

    def ticket(
        self, created: str, *events: tuple[str, str] | tuple[str, str, str], **values: Any
    ) -> Any:
        row = {
            "customer_id": 1, "product_id": 1, "channel_id": CHAT, "issue_id": QUALITY,
            "resp_dept_id": None, "owner_id": 1, "priority": "normal", "tier": "normal",
            "complexity": "basic", "request_type": "repair", "resolution_code": "onsite",
            "promised_at": None, "callback_required": 0, "overdue_reason_id": None, "is_test": 0,
            "data_flags": None, "created_at": at(created), "last_event_at": at(created),
            "title": "t", "ticket_no": f"GD{len(self.desk.tables['ticket']) + 1:04d}",
        } | values  # fmt: skip
        made = self.desk.add("ticket", **row)
        for seq, (when, kind, *more) in enumerate([(created, "created"), *events], start=1):
            self.desk.add(
                "ticket_event", ticket_id=made["id"], seq=seq, at=at(when), type=kind,
                name=more[0] if more and kind.startswith("call") else None,
                new=more[0] if more and kind == "status_changed" else None,
                automatic=int("auto" in more), batch_id=None,
            )  # fmt: skip
        return made

    def complaint(self, received: str, *events: tuple[str, str], **values: Any) -> Any:
        from svcdesk.domain import sla
        from tests.domain.calendars import china

        severity = values.get("severity", "normal")
        row = {
            "customer_id": 1, "channel_id": CHAT, "category_id": SERVICE, "resp_dept_id": None,
            "severity": severity, "tier": "normal", "liability": None, "is_repeat": 0,
            "social_exposure": 0, "compensation": None, "satisfaction": None,
            "satisfaction_at": None, "group_id": None, "is_test": 0, "data_flags": None,
            "received_at": at(received), "last_event_at": at(received), "title": "t",
            "due_at": sla.complaint_due(severity, at(received), china()),
            "ack_due_at": at(received) + {"normal": 24, "major": 12, "urgent": 2}[severity] * 3600,
            "complaint_no": f"TS{len(self.desk.tables['complaint']) + 1:04d}",
        } | values  # fmt: skip
        made = self.desk.add("complaint", **row)
        for seq, (when, kind) in enumerate([(received, "registered"), *events], start=1):
            self.desk.add(
                "complaint_event", complaint_id=made["id"], seq=seq, at=at(when), type=kind
            )
        return made

    def survey(self, answered: str | None, csat: int | None, **values: Any) -> Any:
        row = {
            "ticket_id": None, "customer_id": 1, "agent_id": 1, "channel_id": CHAT,
            "tier": "normal", "sent_at": at("2026-03-01 09:00"),
            "responded_at": None if answered is None else at(answered), "csat": csat,
            "dim_attitude": None, "dim_speed": None, "dim_skill": None, "dim_result": None,
            "nps": None, "kind": "normal", "counted": 1, "invalid": 0, "data_flags": None,
            "first_at": None, "team": None, "source": "customer",
            "survey_no": f"WJ{len(self.desk.tables['survey']) + 1:04d}",
        } | values  # fmt: skip
        return self.desk.add("survey", **row)

    def callback(self, completed: str | None, state: str = "completed", **values: Any) -> Any:
        row = {
            "kind": "routine", "ticket_id": None, "survey_id": None, "answer_id": None,
            "customer_id": 1, "due_at": at("2026-03-10 12:00"), "state": state,
            "completed_at": None if completed is None else at(completed),
            "callback_no": f"HF{len(self.desk.tables['callback']) + 1:04d}",
        } | values  # fmt: skip
        return self.desk.add("callback", **row)

    def board(self, as_of: int = CUT_OFF) -> Board:
        return Board(self.desk.store(), reference(), as_of)

    def figure(self, metric: str, as_of: int = CUT_OFF, period: str = "2026-03") -> Figure:
        return self.board(as_of).figure(metric, parse_period(period))
