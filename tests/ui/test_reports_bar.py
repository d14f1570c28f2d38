"""The bar of the reports page: comparisons, the moment of knowledge, the trend explorer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from svcdesk.domain.basis import Against
from svcdesk.services import tickets
from tests.ui.pages import Workshop, a_ticket, item, reports_tab
from ui.pages.reports.page import ReportsPage
from ui.pages.tickets.page import TicketsPage
from ui.widgets.chips import ChoicePopup

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

DAY = 86400


def menu_of(shop: Workshop, button: object) -> QMenu:
    shop.qtbot.keyClick(button, Qt.Key.Key_Space)
    menus = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMenu) and w.isVisible()]
    assert menus
    return menus[0]


def choose(shop: Workshop, menu: QMenu, text: str) -> None:
    """Walk to the entry with the arrow keys and take it."""
    for _ in range(len(menu.actions()) + 1):
        if menu.activeAction() is not None and menu.activeAction().text() == text:
            break
        shop.qtbot.keyClick(menu, Qt.Key.Key_Down)
    shop.qtbot.keyClick(menu, Qt.Key.Key_Return)
    shop.settle()


def test_a_baseline_and_control_limits_are_chosen_by_key_and_kept(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:  # fmt: skip
    a_ticket(desk)
    clock.advance(60)
    page = reports_tab(shop, "overview")
    choose(shop, menu_of(shop, page.bar.compare.more), "Rolling 3 months")
    assert page.bar.compare.basis.against is Against.ROLL3
    assert page.view("overview")._cards[0].kpi.change.startswith("3 months rolling")
    choose(shop, menu_of(shop, page.bar.compare.more), "Control limits on lines (12 months ± 2σ)")
    assert page._view().limits
    again = ReportsPage(page.place)  # as after a restart
    assert again.bar.compare.basis.against is Against.ROLL3
    assert again.bar.compare.limits
    again.deleteLater()


def test_figures_as_they_were_known_at_the_end_of_the_period(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:  # fmt: skip
    key = a_ticket(desk)
    page = reports_tab(shop, "resolution")
    end = page.bar.period.end_at
    clock.advance(end - clock.now() + DAY)
    tickets.say(desk, key, "您好，已收到", "public_reply")
    tickets.step(
        desk, key, "resolve", {"solution": "更换主板，试机正常", "resolution_code": "onsite"}
    )
    clock.advance(60)
    page.reload()
    shop.settle()
    choose(shop, menu_of(shop, page.bar.moment), "End of the period")
    assert page.bar.moment.as_of == end
    assert page.bar.moment.text().startswith("As known at")
    card = next(c for c in page.view("resolution")._cards if c.kpi.key == "backlog_end")
    assert card.kpi.value == "1"
    choose(shop, menu_of(shop, page.bar.moment), "Now")
    assert page.bar.moment.as_of is None


def test_the_explorer_takes_another_metric_and_dimension_by_key(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:  # fmt: skip
    for code in ("email", "email", "chat"):
        a_ticket(desk, channel_id=item(desk, "channel", code))
    clock.advance(60)
    page = reports_tab(shop, "trend")
    assert page.explorer.isVisible()
    pick(shop, page.explorer.which, "Tickets received")
    pick(shop, page.explorer.by, "Channel")
    charts = page.view("trend")._charts
    assert [c.spec.about for c in charts] == ["ticket_created"] * 3
    assert charts[1].spec.series[0].values == (2.0, 1.0)
    charts[1].setFocus()
    shop.qtbot.keyClick(charts[1], Qt.Key.Key_Right)
    shop.qtbot.keyClick(charts[1], Qt.Key.Key_Return)
    shop.settle()
    shop.qtbot.waitUntil(lambda: isinstance(shop.window.page, TicketsPage))
    shop.settle()
    assert shop.window.page.list.rows.count == 2
    back = shop.go("reports", values={"tab": "overview"})
    assert isinstance(back, ReportsPage)
    assert not back.explorer.isVisible()
    again = ReportsPage(page.place)
    assert (again.explorer.explore.metric, again.explorer.explore.by) == (
        "ticket_created",
        "channel",
    )
    again.deleteLater()


def pick(shop: Workshop, button: object, name: str) -> None:
    shop.qtbot.keyClick(button, Qt.Key.Key_Space)
    popup = next(
        w for w in QApplication.topLevelWidgets() if isinstance(w, ChoicePopup) and w.isVisible()
    )
    names = [popup._list.item(place).text() for place in range(popup._list.count())]
    popup._list.setCurrentRow(names.index(name))
    shop.qtbot.keyClick(popup._list, Qt.Key.Key_Return)
    shop.settle()
