"""Changes and pilots in the window, with real keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from svcdesk.services import change_effects
from tests.domain.calendars import at
from tests.services.desks import no_callbacks
from tests.services.test_improvement_effect import a_month_of_answers
from tests.ui.pages import Workshop, commit
from ui.pages.documents.material import EventDialog
from ui.pages.improvement.changes_view import ChangesView
from ui.pages.improvement.page import ImprovementPage

if TYPE_CHECKING:
    from svcdesk.system.clock import FixedClock

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


def the_view(shop: Workshop) -> ChangesView:
    page = shop.go("improvement", values={"place": "changes"})
    shop.settle()
    assert isinstance(page, ImprovementPage)
    found = page.view("changes")
    assert isinstance(found, ChangesView)
    return found


def test_a_pilot_is_written_down_and_its_effect_shown(shop: Workshop, clock: FixedClock) -> None:
    desk = shop.desk
    no_callbacks(desk)
    for month, good in (("2026-02", 6), ("2026-04", 9)):
        a_month_of_answers(desk, clock, month, good=good, bad=10 - good)
    clock.at = at("2026-05-02 10:00")
    view = the_view(shop)
    assert view.table.empty.text
    QTest.keyClick(view, KEY.Key_N)
    dialog = view.findChild(EventDialog)
    assert dialog is not None
    commit(dialog.form.editor("title"), "视频客服试点")
    dialog.form.editor("kind").set_value("pilot")
    for name, day in (("starts_on", "2026-03-05"), ("ends_on", "2026-03-20")):
        dialog.form.editor(name).set_value(day)
    QTest.keyClick(dialog, KEY.Key_Return, CTRL)
    shop.qtbot.waitUntil(lambda: "60.0%" in view.told.text())
    assert "90.0%" in view.told.text()
    assert "2026-03" in view.months.text()
    (event,) = change_effects.events(desk)
    assert (event.kind, event.title) == ("pilot", "视频客服试点")


def test_another_figure_and_taken_away(shop: Workshop) -> None:
    values = {"title": "简化报修", "starts_on": "2026-03-01", "ends_on": "2026-03-01"}
    change_effects.save(shop.desk, None, values)
    view = the_view(shop)
    shop.qtbot.waitUntil(lambda: view.title.text() == "简化报修")
    shop.settle()
    view.figure.set_value("fcr_rate")
    view.figure.changed.emit()
    shop.settle()
    assert "month" in view.told.text()  # nothing after it counts yet, and it says so
    QTest.keyClick(view, KEY.Key_Delete)
    shop.settle()
    shop.settle()
    assert change_effects.events(shop.desk) == []
    assert view.title.text() == ""
