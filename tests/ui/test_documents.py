"""The report desk in the real window: make, write, review, publish, set up, export."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPageLayout
from PySide6.QtPrintSupport import QPrintPreviewDialog
from PySide6.QtWidgets import QApplication

from svcdesk.domain.people import Role
from svcdesk.services import report_desk, report_material, report_setup, settings, undo
from svcdesk.store import files
from svcdesk.system.job import ImmediateContext
from tests.services.desks import a_resolved_ticket
from ui.pages.documents.compare_dialog import CompareDialog
from ui.pages.documents.days_dialog import DaysDialog
from ui.pages.documents.material import EventDialog, TaskDialog
from ui.pages.documents.page import DocumentsPage
from ui.pages.documents.setup_dialog import SetupDialog

if TYPE_CHECKING:
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
    shop.qtbot.keyClick(page.chooser.period, RETURN)
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
    shop.qtbot.keyClick(page.chooser.make_button, SPACE)
    shop.settle()
    shop.settle()
    shop.qtbot.keyClick(page.head.review, SPACE)
    shop.settle()
    shop.settle()
    assert page.head.publish.isVisibleTo(page)
    shop.qtbot.keyClick(page.head.publish, SPACE)
    shop.settle()
    shop.settle()
    assert page.made is not None
    assert page.made.version.status == "published"
    assert page.made.version.sha256
    assert not page.texts.boxes
    assert not page.head.publish.isVisibleTo(page)
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
    assert dialog.list.count() == len(report_setup.spec(desk, "monthly").sections)
    dialog.list.setCurrentRow(1)
    dialog.move_section(-1)
    dialog.heading.setText("What was planned")
    dialog.add_section()
    dialog.heading.setText("Thanks")
    dialog.text.setPlainText("To everybody.")
    dialog.list.item(3).setCheckState(Qt.CheckState.Unchecked)
    dialog.save()
    shop.settle()
    spec = report_setup.spec(desk, "monthly")
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
    page.chooser.period.setText("next year")
    shop.qtbot.keyClick(page.chooser.period, RETURN)
    shop.settle()
    assert page.made is None
    assert report_desk.versions(desk) == []
    page.chooser.kind.set_value("quarterly")
    assert page.chooser.period.text() == "2026-Q1"


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


# -- what a text needs, periods, people, keys -------------------------------------------------------


def test_a_text_that_the_team_requires_stops_publishing(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:
    page = opened(shop, desk, clock)
    page.set_up()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, SetupDialog)
    dialog.list.setCurrentRow(0)
    shop.qtbot.keyClick(dialog.needed.list, SPACE)
    dialog.add_section()
    assert dialog.needed.isHidden()  # it asks for no text yet
    dialog.heading.setText("Thanks")
    shop.qtbot.keyClick(dialog.asks, SPACE)
    assert dialog.needed.list.count() == 1
    shop.qtbot.keyClick(dialog.needed.list, SPACE)
    dialog.save()
    shop.settle()
    found = made(shop, page)
    needed = {text.key for text in found.texts if text.required}
    assert {"summary.judgement", "own-1.text"} <= needed
    assert "summary.judgement" in {one.place for one in report_desk.obstacles(found)}
    assert page.texts.missing.isVisibleTo(page)
    shop.qtbot.keyClick(page.head.review, SPACE)
    shop.settle()
    shop.settle()
    shop.qtbot.keyClick(page.head.publish, SPACE)
    shop.settle()
    shop.settle()
    assert page.made is not None
    assert page.made.version.status == "reviewed"
    box = page.texts.boxes["summary.judgement"]
    assert shop.window.host.focusWidget() is box.editor
    page.set_up()  # what was ticked is ticked; the program's own way has none
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, SetupDialog)
    assert dialog.entries["summary"].required == {"judgement"}
    assert dialog.entries["own-1"].asks
    dialog.reset()
    assert dialog.entries["summary"].required == set()
    dialog.reject()


def test_a_period_is_chosen_from_the_menu_or_by_its_days(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:
    page = opened(shop, desk, clock)
    names = [action.text() for action in page.chooser.periods().actions()]
    assert names[0] == "May 2026"
    assert {"Q2 2026", "H1 2026", "Year 2026", "From a day to a day…"} <= set(names)
    page.chooser.ask_days()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, DaysDialog)
    dialog.form.enter({"first": "2026-04-20", "last": "2026-04-10"})
    shop.qtbot.keyClick(dialog, RETURN, Qt.KeyboardModifier.ControlModifier)
    assert dialog.isVisible()
    dialog.form.enter({"last": "2026-05-03"})
    shop.qtbot.keyClick(dialog, RETURN, Qt.KeyboardModifier.ControlModifier)
    assert page.chooser.period.text() == "2026-04-20..2026-05-03"
    found = made(shop, page)
    assert found.version.period == "2026-04-20..2026-05-03"
    assert "monthly" not in found.data.title
    for text in ("2026-W17", "2026-Q2", "2026-H1", "2026"):
        page.chooser.period.setText(text)
        assert made(shop, page).data.period_title
    assert page.made is not None
    assert page.made.version.period == "2026"
    page.chooser.kind.set_value("quarterly")
    names = [action.text() for action in page.chooser.periods().actions()]
    assert names[0] == "Q2 2026"
    assert all(name.startswith("Q") for name in names)


def test_an_agent_sees_published_reports_and_no_step(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:
    page = opened(shop, desk, clock)
    made(shop, page)
    agent = settings.add_person(desk, "小林", [Role.AGENT]).value
    boss = desk.actor.id
    desk.act_as(agent)
    shop.window.act("refresh")  # as after choosing another person
    shop.settle()
    shop.settle()
    assert page.made is None
    assert not page.chooser.make_button.isVisibleTo(page)
    desk.act_as(boss)
    version = report_desk.versions(desk)[0]
    report_desk.review(desk, version.id)
    report_desk.publish(desk, version.id, ImmediateContext())
    desk.act_as(agent)
    shop.go("documents")
    shop.settle()
    shop.qtbot.waitUntil(lambda: page.made is not None, timeout=10_000)
    shop.settle()
    for button in (page.head.review, page.head.publish, page.head.discard, page.side):
        assert not button.isVisibleTo(page)
    assert page.view.page_count == report_desk.find(desk, version.id).pages
    assert desk.reference.people[boss].name in page.head.sealed.text()
    assert page.made is not None
    assert page.made.version.sha256 in page.head.sealed.toolTip()
    assert len(page.exporter.entries(page.made)) == 3  # PDF, printer, SHA-256


def test_a_draft_is_removed_and_undone(shop: Workshop, desk: Desk, clock: FixedClock) -> None:
    page = opened(shop, desk, clock)
    made(shop, page)
    shop.qtbot.keyClick(page.head.discard, SPACE)
    shop.settle()
    shop.settle()
    assert page.made is None
    assert report_desk.versions(desk) == []
    shop.qtbot.keyClick(shop.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    shop.settle()
    shop.qtbot.waitUntil(lambda: page.made is not None, timeout=10_000)


def test_the_pages_are_read_by_keyboard(shop: Workshop, desk: Desk, clock: FixedClock) -> None:
    page = opened(shop, desk, clock)
    found = made(shop, page)
    view, key = page.view, Qt.Key
    view.area.setFocus()
    shop.qtbot.keyClick(view.area, key.Key_N)
    shop.qtbot.keyClick(view.area, key.Key_N)
    assert view.pages.current == 2
    shop.qtbot.keyClick(view.area, key.Key_P)
    assert view.pages.current == 1
    shop.qtbot.keyClick(view.strip, key.Key_Down)
    assert view.pages.current == 2
    shop.qtbot.keyClick(view.area, key.Key_End)
    assert view.pages.current == found.version.pages - 1
    shop.qtbot.keyClick(view.strip, key.Key_Home)
    assert view.pages.current == 0
    before = view.pages.scale
    shop.qtbot.keyClick(view.area, key.Key_Plus)
    assert view.pages.scale > before
    shop.qtbot.keyClick(view.area, key.Key_Minus)
    shop.qtbot.keyClick(view.area, key.Key_0)
    assert view._zoom is None
    shop.qtbot.keyClick(shop.window, key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert view.search.hasFocus()
    shop.qtbot.keyClicks(view.search, "ticket")
    shop.qtbot.keyClick(view.search, RETURN)
    shop.settle()
    assert view._hit == 0
    count = len(view._hits)
    assert count > 2
    shop.qtbot.keyClick(view.search, key.Key_F3)
    assert view._hit == 1
    shop.qtbot.keyClick(view.search, key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    shop.qtbot.keyClick(view.search, key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert view._hit == count - 1


def test_the_printer_gets_pages_as_wide_as_the_report(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:
    report_setup.save_setup(desk, "monthly", [], page_format="wide")
    page = opened(shop, desk, clock)
    made(shop, page)
    shop.qtbot.keyClick(shop.window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    shop.settle()
    shop.qtbot.waitUntil(
        lambda: isinstance(QApplication.activeModalWidget(), QPrintPreviewDialog), timeout=20_000
    )
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QPrintPreviewDialog)
    layout = dialog.printer().pageLayout()
    assert layout.orientation() is QPageLayout.Orientation.Landscape
    dialog.close()


# -- bad input in the window -------------------------------------------------------------------------


def test_a_folder_that_vanished_is_told_and_nothing_is_left(
    shop: Workshop, desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    page = opened(shop, desk, clock)
    found = made(shop, page)
    blocked = tmp_path / "drive"
    blocked.write_bytes(b"")  # where the folder was stands something else
    for ending in ("pdf", "xlsx", "txt"):
        shop.window.messages.clear()
        page.exporter.write(found, blocked / "months" / f"r.{ending}")
        shop.settle()
        assert any("choose another folder" in text for text in shop.window.messages.texts()), ending
    page.exporter.write_pictures(found, blocked)
    shop.settle()
    assert any("choose another folder" in text for text in shop.window.messages.texts())
    assert blocked.read_bytes() == b""


@pytest.mark.parametrize("ending", ["pdf", "xlsx", "txt"])
def test_a_file_open_in_another_program_stays_as_it_is(
    shop: Workshop, desk: Desk, clock: FixedClock, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, ending: str,
) -> None:  # fmt: skip
    page = opened(shop, desk, clock)
    found = made(shop, page)
    target = tmp_path / f"r.{ending}"
    target.write_bytes(b"old")

    def locked(_self: Path, _target: Path) -> Path:
        raise PermissionError(errno.EACCES, "used by another process")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", locked)
        page.exporter.write(found, target)
        shop.settle()
    assert any("open in another program" in text for text in shop.window.messages.texts())
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.glob("r.*")] == [target.name]
    assert not list(tmp_path.glob(".r.*"))


def test_pages_whose_file_is_gone_are_told_once(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:
    page = opened(shop, desk, clock)
    found = made(shop, page)
    shop.settle()
    path = report_desk.pdf(desk, found.version)
    path.rename(path.with_suffix(".away"))  # its drive is disconnected
    page.view.area.setFocus()
    shop.qtbot.keyClick(page.view.area, Qt.Key.Key_Plus)
    shop.qtbot.keyClick(page.view.area, Qt.Key.Key_End)
    shop.settle()
    page.view.search.setText("ticket")
    shop.qtbot.keyClick(page.view.search, RETURN)
    shop.settle()
    shop.qtbot.waitUntil(lambda: bool(shop.window.messages.texts()), timeout=10_000)
    assert len([t for t in shop.window.messages.texts() if "gone or damaged" in t]) == 1


def test_a_full_disk_while_making_is_told_and_no_version_is_left(
    shop: Workshop, desk: Desk, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(shop, desk, clock)

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)  # of the kept PDF
        shop.qtbot.keyClick(page.chooser.period, RETURN)
        shop.settle()
        shop.settle()
    assert any("space" in text for text in shop.window.messages.texts())
    assert report_desk.versions(desk) == []
    folder = files.folder_of(desk.path)
    assert not list(folder.rglob("*.part"))
    assert made(shop, page).version.pages  # the next try succeeds


def test_a_logo_of_80_megabytes_is_told_in_the_dialog(
    shop: Workshop, desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    page = opened(shop, desk, clock)
    page.set_up()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, SetupDialog)
    with (tmp_path / "big.png").open("wb") as out:
        out.truncate(80 * 1024 * 1024)
    for name, words in (("big.png", "80 MB"), ("gone.png", "cannot be read")):
        dialog.take_picture(tmp_path / name, logo=True)
        shop.settle()
        assert words in dialog.problem.text()
    assert dialog.logo == ""
    assert not files.folder_of(desk.path).exists()
    dialog.reject()


def test_thirty_pages_of_pasted_text_with_control_characters_are_printed(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:
    page = opened(shop, desk, clock)
    found = made(shop, page)
    text = "\n".join(f"{n:04d}：客户反映设备渗水\x07，技术员到场后确认缺件，返程领取后再次上门，"
                     "问题解决，客户满意。" for n in range(1500))  # fmt: skip
    box = page.texts.boxes["summary.judgement"]
    box.editor.setFocus()
    QGuiApplication.clipboard().setText(text)
    shop.qtbot.keyClick(box.editor, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    shop.qtbot.keyClick(box.editor, RETURN, Qt.KeyboardModifier.ControlModifier)
    shop.settle()
    shop.qtbot.waitUntil(
        lambda: page.made is not None and page.made.version.pages > found.version.pages + 20,
        timeout=30_000,
    )
    shop.settle()
    assert page.made is not None
    paper = PdfReader(report_desk.pdf(desk, page.made.version))
    said = "".join(part.extract_text() for part in paper.pages)
    assert "\x07" not in said
    assert all(f"{n:04d}：" in said for n in (0, 750, 1499))
