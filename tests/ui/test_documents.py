"""The report desk in the real window: make, write, review, publish, set up, export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from svcdesk.services import report_desk, report_material, undo
from tests.services.desks import a_resolved_ticket
from ui.pages.documents.compare_dialog import CompareDialog
from ui.pages.documents.material import EventDialog, TaskDialog
from ui.pages.documents.page import DocumentsPage
from ui.pages.documents.setup_dialog import SetupDialog

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock
    from tests.ui.pages import Workshop

DAY = 86400
RETURN, SPACE = Qt.Key.Key_Return, Qt.Key.Key_Space
MONTH = "2026-04"


def opened(shop: Workshop, desk: Desk, clock: FixedClock) -> DocumentsPage:
    """Open the desk of reports a month after a ticket."""
    a_resolved_ticket(desk, callback_required=0)
    clock.advance(40 * DAY)
    page = shop.go("documents", values={"kind": "monthly", "period": MONTH})
    assert isinstance(page, DocumentsPage)
    return page


def made(shop: Workshop, page: DocumentsPage) -> report_desk.Made:
    """Make the report by pressing Enter in the period."""
    shop.qtbot.keyClick(page.period, RETURN)
    shop.settle()
    shop.settle()
    assert page.made is not None
    return page.made


def test_a_report_is_made_shown_and_searched(shop: Workshop, desk: Desk, clock: FixedClock) -> None:
    page = opened(shop, desk, clock)
    assert not page.view.isVisible()
    found = made(shop, page)
    assert (found.version.kind, found.version.period) == ("monthly", MONTH)
    assert page.view.page_count == found.version.pages
    shop.qtbot.waitUntil(lambda: 0 in page.view.pages.images, timeout=10_000)
    page.view.go_to(3)
    assert page.view.pages.current == 3
    page.view.search.setText(found.data.sections[2].title)
    shop.qtbot.keyClick(page.view.search, RETURN)
    shop.settle()
    assert page.view.pages.marks
    page.view.search.setText("no such words")
    shop.qtbot.keyClick(page.view.search, RETURN)
    shop.settle()
    assert page.view.hits.text()
    assert not page.view.pages.marks
    before = page.view.pages.scale
    page.view.zoom(1)
    assert page.view.pages.scale > before


def test_texts_are_written_beside_the_pages_and_come_back(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:
    page = opened(shop, desk, clock)
    first = made(shop, page)
    box = page.texts.boxes["summary.judgement"]
    box.editor.setFocus()
    shop.qtbot.keyClicks(box.editor, "A quiet month.")
    shop.qtbot.keyClick(box.editor, RETURN, Qt.KeyboardModifier.ControlModifier)
    shop.settle()
    shop.qtbot.waitUntil(
        lambda: page.made is not None and page.made.version.sha256 != first.version.sha256,
        timeout=20_000,
    )
    shop.settle()
    assert page.made is not None
    assert "A quiet month." in [t.text for t in page.made.texts]
    drafted = next(key for key in page.texts.boxes if key.startswith("volume.main"))
    box = page.texts.boxes[drafted]
    draft = box.text.drafted
    box.editor.setPlainText("Another sentence.")
    box.commit()
    shop.settle()
    shop.settle()
    shop.qtbot.waitUntil(lambda: page.texts.boxes[drafted].again.isVisibleTo(page), timeout=20_000)
    box = page.texts.boxes[drafted]
    assert box.again.isVisibleTo(page)
    shop.qtbot.keyClick(box.again, SPACE)
    shop.settle()
    shop.qtbot.waitUntil(lambda: not page.texts.boxes[drafted].text.edited, timeout=20_000)
    assert page.texts.boxes[drafted].editor.toPlainText() == draft


def test_from_the_report_to_the_published_version(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:
    """A newcomer's way: make, review, publish: three clicks when nothing is missing."""
    page = opened(shop, desk, clock)
    shop.qtbot.keyClick(page.make_button, SPACE)
    shop.settle()
    shop.settle()
    shop.qtbot.keyClick(page.review_button, SPACE)
    shop.settle()
    shop.settle()
    assert page.publish_button.isVisibleTo(page)
    shop.qtbot.keyClick(page.publish_button, SPACE)
    shop.settle()
    shop.settle()
    assert page.made is not None
    assert page.made.version.status == "published"
    assert page.made.version.sha256
    assert not page.texts.boxes
    assert not page.publish_button.isVisibleTo(page)
    made(shop, page)
    shop.settle()
    assert [v.status for v in report_desk.versions(desk)] == ["generated", "published"]
    page.compare()
    shop.settle()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, CompareDialog)
    dialog.accept()


def test_sections_are_set_up_by_keyboard(shop: Workshop, desk: Desk, clock: FixedClock) -> None:
    page = opened(shop, desk, clock)
    made(shop, page)
    page.set_up()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, SetupDialog)
    assert dialog.list.count() == len(report_desk.spec(desk, "monthly").sections)
    dialog.list.setCurrentRow(1)
    dialog.move_section(-1)
    dialog.heading.setText("What was planned")
    dialog.add_section()
    dialog.heading.setText("Thanks")
    dialog.text.setPlainText("To everybody.")
    dialog.list.item(3).setCheckState(Qt.CheckState.Unchecked)
    dialog.save()
    shop.settle()
    spec = report_desk.spec(desk, "monthly")
    assert [s.key for s in spec.sections][:4] == ["plan_review", "own-1", "summary", "volume"]
    assert spec.sections[0].title == "What was planned"
    assert spec.sections[3].hidden
    shop.settle()
    shop.qtbot.waitUntil(
        lambda: page.made is not None and page.made.data.sections[1].title == "Thanks",
        timeout=20_000,
    )


def test_a_file_that_is_no_picture_is_told_in_the_dialog(
    shop: Workshop, desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    page = opened(shop, desk, clock)
    page.set_up()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, SetupDialog)
    (tmp_path / "logo.png").write_text("no picture")
    dialog.take_picture(tmp_path / "logo.png", logo=True)
    shop.settle()
    assert dialog.problem.text()
    assert dialog.logo == ""
    drawing = tmp_path / "logo.svg"
    drawing.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">'
                       '<rect width="40" height="20" fill="#2E5AAC"/></svg>')  # fmt: skip
    dialog.take_picture(drawing, logo=True)
    shop.settle()
    assert len(dialog.logo) == 64
    dialog.save()
    shop.settle()
    found = made(shop, page)
    assert found.data.logo.endswith(dialog.logo)


def test_every_form_is_written(
    shop: Workshop, desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    page = opened(shop, desk, clock)
    found = made(shop, page)
    for ending in ("pdf", "xlsx", "txt"):
        page.exporter.write(found, tmp_path / f"r.{ending}")
        shop.settle()
        assert (tmp_path / f"r.{ending}").stat().st_size > 100
    page.exporter.write_pictures(found, tmp_path)
    shop.settle()
    assert list(tmp_path.glob("*/*.svg"))
    page.exporter.copy_text(found)
    assert found.data.title in QGuiApplication.clipboard().text()


def test_a_period_that_is_none_is_told(shop: Workshop, desk: Desk, clock: FixedClock) -> None:
    page = opened(shop, desk, clock)
    page.period.setText("next year")
    shop.qtbot.keyClick(page.period, RETURN)
    shop.settle()
    assert page.made is None
    assert report_desk.versions(desk) == []
    page.kind.set_value("quarterly")
    assert page.period.text() == "2026-Q1"


def test_events_tasks_and_words_are_brought_in_beside_the_report(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:
    page = opened(shop, desk, clock)
    made(shop, page)
    page._show_side("events")
    shop.settle()
    page.events.open_event(None)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, EventDialog)
    dialog.form.enter({"title": "Sale week", "starts_on": "2026-04-10", "ends_on": "2026-04-01"})
    dialog.save()
    shop.settle()
    assert dialog.isVisible()  # the last day lies before the first one
    dialog.form.enter({"ends_on": "2026-04-16", "state": "over"})
    dialog.save()
    shop.settle()
    shop.qtbot.waitUntil(lambda: page.events.entries.list.count() == 1, timeout=10_000)
    page._show_side("plan")
    shop.settle()
    page.plan.open_task(None, ahead=True)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, TaskDialog)
    dialog.form.enter({"text": "Call every key customer", "due_date": "2026-05-20"})
    dialog.save()
    shop.settle()
    shop.qtbot.waitUntil(lambda: page.plan.ahead.list.count() == 1, timeout=10_000)
    assert page.plan.now.list.count() == 0
    shop.qtbot.waitUntil(
        lambda: page.made is not None and "Sale week" in page.made.data.texts(), timeout=20_000
    )
    shop.settle()
    assert page.made is not None
    assert "Call every key customer" in page.made.data.texts()
    page.plan.ahead.list.setCurrentRow(0)
    shop.qtbot.keyClick(page.plan.ahead.remove, SPACE)
    shop.settle()
    shop.qtbot.waitUntil(lambda: page.plan.ahead.list.count() == 0, timeout=10_000)
    undo.undo(desk)
    assert len(report_material.plans(desk, MONTH).ahead) == 1
