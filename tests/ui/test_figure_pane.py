"""Definitions, explanations and copies of figures by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage

from svcdesk.domain.chart import ChartKind
from svcdesk.services import tickets
from tests.ui.pages import Workshop, a_complaint, a_ticket, item, reports_tab
from ui.pages.tickets.page import TicketsPage
from ui.widgets import chart_copy

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock
    from ui.pages.reports.page import ReportsPage
    from ui.widgets.chart_view import ChartView

HOUR = 3600


def answered(desk: Desk, clock: FixedClock, minutes: int) -> int:
    """A ticket by web form (not live) that is answered after so many minutes."""
    key = a_ticket(desk, channel_id=item(desk, "channel", "email"))
    clock.advance(minutes * 60)
    tickets.say(desk, key, "您好，已收到", "public_reply")
    return key


def texts(page: ReportsPage) -> str:
    from PySide6.QtWidgets import QLabel

    return "\n".join(label.text() for label in page.pane.findChildren(QLabel))


def test_d_on_a_card_opens_its_definition_with_the_teams_own_records(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:  # fmt: skip
    for minutes in (10, 30):
        answered(desk, clock, minutes)
    clock.advance(60)
    page = reports_tab(shop, "response")
    card = page.view("response")._cards[0]
    assert card.kpi.key == "frt_mean_min"
    card.setFocus()
    shop.qtbot.keyClick(card, Qt.Key.Key_D)
    shop.settle()
    assert page.pane.isVisible()
    found = page.pane.definition
    assert found is not None
    assert found.name == "Mean first response time"
    assert "40.0 working minutes ÷ 2 = 20.0 working minutes" in found.example[0]
    first, second = (tickets.stored(desk, k)["ticket_no"] for k in _keys(desk))
    assert f"{first}, {second}" in found.example[1]
    assert "merged duplicates" in texts(page)
    page.pane.copy_definition()
    assert first in QGuiApplication.clipboard().text()
    shop.qtbot.keyClick(page.pane, Qt.Key.Key_Escape)
    assert not page.pane.isVisible()
    assert card.hasFocus()


def _keys(desk: Desk) -> list[int]:
    return [row[0] for row in desk.reader.execute("SELECT id FROM ticket ORDER BY ticket_no")]


def test_e_lists_the_records_and_how_a_duration_adds_up(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:  # fmt: skip
    key = answered(desk, clock, 25)
    clock.advance(60)
    page = reports_tab(shop, "response")
    card = page.view("response")._cards[0]
    card.setFocus()
    shop.qtbot.keyClick(card, Qt.Key.Key_E)
    shop.settle()
    assert page.pane.tabs.key() == "den"
    model = page.pane._model
    assert model is not None
    [line] = model.lines
    assert (line.number, line.amount) == (tickets.stored(desk, key)["ticket_no"], "25.0")
    rows = page.pane.rows
    rows.setFocus()
    rows.setCurrentIndex(model.index(0, 0))
    shop.settle()
    account = page.pane._account.account
    assert account is not None
    assert account.seconds == 25 * 60
    assert sum(part.share.counted for part in account.parts) == 25 * 60
    shop.qtbot.keyClick(rows, Qt.Key.Key_Return)
    shop.settle()
    opened = shop.window.page
    assert isinstance(opened, TicketsPage)
    assert opened.record_shown() == ("ticket", key)


def test_the_parts_of_a_rate_are_listed_and_exported(
    shop: Workshop, desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:  # fmt: skip
    answered(desk, clock, 5)
    waiting = a_ticket(desk, channel_id=item(desk, "channel", "email"))
    clock.advance(60)
    page = reports_tab(shop, "response")
    page.explain("frt_sla_rate")
    shop.settle()
    counts = {key: page.pane.tabs._tabs[key].count for key in page.pane.tabs.all_keys()[1:]}
    assert counts == {"num": 1, "den": 1, "not_yet_due": 1}  # nothing left out: no tab
    page.pane.tabs.setFocus()
    shop.qtbot.keyClick(page.pane.tabs, Qt.Key.Key_Right)
    shop.settle()
    assert page.pane.tabs.key() == "not_yet_due"
    model = page.pane._model
    assert model is not None
    assert [line.number for line in model.lines] == [tickets.stored(desk, waiting)["ticket_no"]]
    due = tickets.stored(desk, waiting)["response_late_at"]
    assert model.lines[0].due_at == due
    target = tmp_path / "rows.csv"
    page.pane.export("den", target)
    shop.settle()
    lines = target.read_text("utf-8-sig").splitlines()
    assert lines[0].split(",")[0] == "No."
    assert len(lines) == 2


def columns(page: ReportsPage) -> ChartView:
    """The tickets of 13 months."""
    return next(
        c for c in page.view("overview")._charts
        if c.spec.kind is ChartKind.COLUMNS and c.spec.about == "ticket_created"
    )  # fmt: skip


def test_a_chart_is_copied_as_data_and_as_picture(
    shop: Workshop, desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:  # fmt: skip
    for _ in range(3):
        a_ticket(desk)
    clock.advance(60)
    page = reports_tab(shop, "overview")
    chart = columns(page)
    chart.setFocus()
    shop.qtbot.keyClick(chart, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == 15  # title, heads, 13 months
    assert lines[1].split("\t") == ["", "received", "resolved"]
    assert lines[-1].split("\t")[1:] == ["3", "0"]
    assert lines[2].split("\t")[1:] == ["", ""]  # before the data begin: nothing, not 0
    shop.qtbot.keyClick(chart, Qt.Key.Key_P)
    image = QGuiApplication.clipboard().image()
    assert not image.isNull()
    assert image.width() == round(chart.width() * 300 / 96)
    png, svg = tmp_path / "chart.png", tmp_path / "chart.svg"
    chart.save_png(str(png))
    chart.save_svg(str(svg))
    stored = QImage(str(png))
    assert (stored.width(), stored.dotsPerMeterX()) == (image.width(), 11811)
    drawing = svg.read_text("utf-8")
    assert drawing.count("<path") + drawing.count("<rect") > 10


def test_d_on_a_chart_opens_its_definition_and_e_the_records_of_the_point(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:  # fmt: skip
    for code in ("phone", "chat"):
        a_complaint(desk, channel_id=item(desk, "channel", code))
    clock.advance(60)
    page = reports_tab(shop, "overview")
    chart = next(c for c in page.view("overview")._charts if c.spec.kind is ChartKind.PARETO)
    chart.setFocus()
    shop.qtbot.keyClick(chart, Qt.Key.Key_D)
    shop.settle()
    assert page.pane.definition is not None
    assert page.pane.definition.metric_id == "complaint_received"
    chart.setFocus()
    shop.qtbot.keyClick(chart, Qt.Key.Key_Right)
    shop.qtbot.keyClick(chart, Qt.Key.Key_E)
    shop.settle()
    model = page.pane._model
    assert model is not None
    assert model.total == 2


@pytest.mark.parametrize(
    ("title", "expected"), [("a/b: c", "a b c.svg"), ("投诉 × 8", "投诉 8.svg")]
)
def test_names_of_files_are_taken_by_every_system(title: str, expected: str) -> None:
    assert chart_copy.file_name(title, "svg") == expected


def test_figures_and_pane_take_turns_in_a_narrow_window(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:  # fmt: skip
    answered(desk, clock, 10)
    clock.advance(60)
    page = reports_tab(shop, "response")
    shop.window.host.resize(900, 740)
    shop.settle()
    card = page.view("response")._cards[0]
    card.setFocus()
    shop.qtbot.keyClick(card, Qt.Key.Key_D)
    shop.settle()
    assert page.pane.isVisible()
    assert not page._stack.isVisible()
    shop.qtbot.keyClick(page.pane, Qt.Key.Key_Escape)
    assert page._stack.isVisible()
    assert card.hasFocus()
    shop.qtbot.keyClick(card, Qt.Key.Key_D)
    shop.settle()
    page.tabs.chosen.emit("resolution")  # another tab: its figures are to be seen
    shop.settle()
    assert page._stack.isVisible()
    assert not page.pane.isVisible()
