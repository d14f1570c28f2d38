"""Complaints of an older file have the limits that the figures judge them by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.services import complaints
from svcdesk.services.desk import Desk
from svcdesk.store import change_log, migrations
from tests.conftest import NOW
from tests.services.desks import item
from tests.support.old_program import keeps_no_sums

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from svcdesk.system.clock import FixedClock

HOUR = 3600


def test_limits_are_worked_out_by_the_upgrade(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.svcdesk"
    with monkeypatch.context() as older:
        older.setattr(migrations, "SCRIPTS", migrations.SCRIPTS[:2])
        older.setattr(migrations, "VERSION", 2)
        keeps_no_sums(older)
        Desk.create(path, clock=clock).close()
        with Desk.open(path, clock=clock) as old:
            values = {
                "complaint_no": "TS202604-0001", "received_at": NOW, "title": "x", "tier": "normal",
                "channel_id": item(old, "channel", "phone"), "severity": "major", "due_at": NOW + 9,
                "category_id": item(old, "category", "service"), "last_event_at": NOW,
            }  # fmt: skip
            with old.write("Old") as uow:
                customer = uow.insert("customer", {"customer_no": "KH1", "name": "李四"})
                key = uow.insert("complaint", {**values, "customer_id": customer})
                uow.insert("complaint_text", {}, key=key)
            assert "ack_due_at" not in change_log.columns(old.reader, "complaint")
    with Desk.open(path, clock=clock) as desk:
        complaint = complaints.get(desk, key).complaint
        # major: 12 calendar hours; 2 working days after Wednesday 1 April end on Friday 18:00
        assert complaint["ack_due_at"] == NOW + 12 * HOUR
        assert complaint["interim_due_at"] == NOW + 56 * HOUR
        assert complaint["due_at"] == NOW + 9  # as it was
        assert complaint["row_version"] == 1
