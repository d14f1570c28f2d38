"""A real window over a real data file, with jobs delivered by the event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget

from svcdesk.domain.people import Role
from svcdesk.services import callbacks, complaints, settings, tickets
from tests.services.desks import no_callbacks
from ui.jobs.runner import JobRunner
from ui.pages.page import Page, Route
from ui.pages.reports.page import ReportsPage
from ui.shell.app import ChangeBridge
from ui.shell.main_window import MainWindow
from ui.shell.preferences import Preferences

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from svcdesk.services.desk import Desk


class Workshop:
    """The window of one test."""

    def __init__(self, qtbot: QtBot, desk: Desk) -> None:
        self.qtbot = qtbot
        self.desk = desk
        self.runner = JobRunner()
        self.window = MainWindow(self.runner, Preferences())
        qtbot.addWidget(self.window.host)
        self.bridge = ChangeBridge()
        self.bridge.changed.connect(self.window.refresh)
        desk.listen(self.bridge.take)
        self.window.host.resize(1366, 740)
        self.window.host.show()
        self.window.attach(desk)
        self.settle()

    def settle(self) -> None:
        """Wait until no job is under way."""
        self.qtbot.waitUntil(lambda: self.runner.busy == 0, timeout=10_000)

    def go(self, page: str, **more: Any) -> Page:
        """Open a page and wait for its data."""
        self.window.go(Route(page, **more))
        self.settle()
        found = self.window.page
        assert found is not None
        return found

    def close(self) -> None:
        """End jobs and connections."""
        self.settle()
        if shiboken6.isValid(self.window):  # closed by the test's end, deleted while jobs ended
            self.window.detach()
        for lane in ("read", "write"):
            self.runner.in_every_thread(lane, self.desk.close_thread)
        self.runner.shutdown()


def reports_tab(shop: Workshop, tab: str) -> ReportsPage:
    """Open a tab of the reports for the month that is running, that of new records."""
    page = shop.go("reports", values={"tab": tab})
    assert isinstance(page, ReportsPage)
    page.bar._set(page.bar.period.shifted(1))
    shop.settle()
    return page


def commit(editor: QWidget, text: str) -> None:
    """Write ``text`` as an input method does."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(editor, event)


def item(desk: Desk, name: str, code: str) -> int:
    """Return the key of a built-in list item."""
    found = desk.reference.by_code(name, code)
    assert found is not None
    return found.id


def supervisor(desk: Desk) -> None:
    """Let the acting person be agent, supervisor and administrator."""
    settings.change_person(desk, desk.actor.id, "周敏", [Role.SUPERVISOR, Role.AGENT, Role.ADMIN])


def a_ticket(desk: Desk, title: str = "空调制冷效果差，出风口温度25℃", **more: Any) -> int:
    """Enter a ticket that the actor takes; see :func:`tests.services.desks.a_ticket`."""
    if more.get("callback_required") == 0:
        no_callbacks(desk)
    values: dict[str, Any] = {
        "title": title,
        "description": "客户反映空调制冷效果差，已清洗滤网。",
        "channel_id": item(desk, "channel", "chat"),
        "issue_id": item(desk, "issue", "quality"),
        "new_customer": {"name": "陈静", "phones": ["13812345678"]},
        "owner_id": desk.actor.id,
        **more,
    }
    return tickets.create(desk, values).value


def a_complaint(desk: Desk, **more: Any) -> int:
    """Register a complaint."""
    values: dict[str, Any] = {
        "description": "净水器接口第三次渗水，要求赔偿。",
        "channel_id": item(desk, "channel", "phone"),
        "category_id": item(desk, "category", "product"),
        "new_customer": {"name": "谢芳", "phones": ["13587657720"]},
        "handler_id": desk.actor.id,
        **more,
    }
    return complaints.create(desk, values).value


def a_callback(desk: Desk) -> int:
    """Resolve a ticket so that its callback is planned; return the callback."""
    key = a_ticket(desk, callback_required=1)
    tickets.say(desk, key, "您好，已收到。", "public_reply")
    tickets.step(
        desk, key, "resolve", {"solution": "更换启动电容，运行正常。", "resolution_code": "onsite"}
    )
    found = callbacks.next_task(desk)
    assert found is not None
    return found
