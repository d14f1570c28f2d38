"""Closing and restatements from the command line; the hint about steps into a closed month."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from svcdesk import cli
from svcdesk.domain.people import Role
from svcdesk.services import closings, restatements, tickets
from svcdesk.services import settings as desk_settings
from svcdesk.services.desk import Desk
from svcdesk.system.clock import FixedClock
from svcdesk.system.job import ImmediateContext
from tests.conftest import NOW
from tests.domain.calendars import at
from tests.services.closing_desks import a_month
from tests.services.desks import a_ticket

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = cli.main(list(arguments))
    return status, capsys.readouterr().out


def test_a_month_is_closed_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, clock = tmp_path / "d.svcdesk", FixedClock(NOW)
    with Desk.create(path, clock=clock) as desk:
        keys, _ = a_month(desk, clock)
    status, out = run(capsys, "close", "2026-03", "--data", str(path), "--json")
    answer = json.loads(out)
    assert (status, answer["month"], answer["version"]) == (0, "2026-03", 1)
    assert {"metric", "scope", "verdict", "n", "value", "kind"} <= answer["findings"][0].keys()
    assert run(capsys, "close", "2026-03", "--data", str(path), "--json")[0] != 0  # closed already
    with Desk.open(path, clock=clock) as desk:
        tickets.remove(desk, keys[0])
    status, out = run(capsys, "restatements", "2026-03", "--data", str(path), "--json")
    answer = json.loads(out)
    assert status == 0
    assert [r["cause"] for r in answer["records"] if r["table"] == "ticket"] == ["removed"]
    created = next(
        f for f in answer["figures"] if (f["metric"], f["scope"]) == ("ticket_created", "all")
    )
    assert (created["before"]["num"], created["now"]["num"]) == (6, 5)
    status, out = run(capsys, "restatements", "2026-03", "--data", str(path), "--lang", "en")
    assert "6 → 5" in out


def test_the_hint_names_months_that_a_step_reaches(desk: Desk, clock: FixedClock) -> None:
    keys, _ = a_month(desk, clock)

    def months(changes: object) -> list[str]:
        return restatements.touched(desk, changes.operation_id)  # type: ignore[attr-defined]

    removed = tickets.remove(desk, keys[5]).changes
    assert months(removed) == []  # nothing is closed yet
    closings.close(desk, "2026-03", ImmediateContext())
    clock.advance(60)
    assert months(tickets.say(desk, keys[4], "您好", "public_reply").changes) == []
    assert months(tickets.change(desk, keys[0], {"priority": "low"}).changes) == ["2026-03"]
    assert months(tickets.remove(desk, keys[1]).changes) == ["2026-03"]
    a_ticket(desk, created_at=at("2026-03-20 10:00"))  # entered late
    last = desk.reader.execute("SELECT max(id) FROM operation").fetchone()[0]
    assert restatements.touched(desk, last) == ["2026-03"]
    desk.act_as(desk_settings.add_person(desk, "小李", [Role.AGENT]).value)
    assert restatements.touched(desk, last) == []  # not theirs to answer for
