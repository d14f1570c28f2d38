"""The desk itself: units of work inside one another, and what is looked up beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.people import Role
from svcdesk.services import settings, tickets, undo
from svcdesk.system.errors import ProblemsError
from tests.services.desks import a_ticket

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.store.changes import Changes


def test_steps_inside_steps_are_one_step_told_once(desk: Desk) -> None:
    key = a_ticket(desk, title="空调制冷效果差")
    heard: list[Changes] = []
    desk.listen(heard.append)
    with desk.together("Outer"):
        with desk.together("Inner"):
            tickets.change(desk, key, {"title": "甲"})
        tickets.change(desk, key, {"title": "乙"})
        assert heard == []
    assert len(heard) == 1
    undo.undo(desk)
    assert tickets.get(desk, key).ticket["title"] == "空调制冷效果差"


def test_a_failure_in_the_middle_leaves_nothing_and_the_desk_usable(desk: Desk) -> None:
    key = a_ticket(desk, title="空调制冷效果差")
    heard: list[Changes] = []
    desk.listen(heard.append)
    known = set(desk.reference.people)

    def half() -> None:
        with desk.together("Half"):
            settings.add_person(desk, "吴娟", [Role.AGENT])
            desk._forget_reference()
            assert len(desk.reference.people) == len(known) + 1  # as the joined step sees it
            tickets.change(desk, key, {"title": ""})

    with pytest.raises(ProblemsError):
        half()
    assert set(desk.reference.people) == known
    assert heard == []
    tickets.change(desk, key, {"title": "改名"})
    assert len(heard) == 1
