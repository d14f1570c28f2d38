"""What is being typed is on disk within a second and comes back after a killed process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from svcdesk.services import tickets
from svcdesk.services.desk import Desk
from svcdesk.system.drafts import Drafts
from tests.conftest import NOW
from tests.ui.pages import Workshop, a_ticket
from ui.pages.entry_dialog import EntryDialog
from ui.pages.tickets.page import TicketsPage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from svcdesk.system.clock import FixedClock

ROOT = Path(__file__).resolve().parents[2]
CHILD = ROOT / "tests" / "support" / "typist.py"


def entry_form() -> EntryDialog:
    (found,) = [
        w for w in QApplication.topLevelWidgets() if isinstance(w, EntryDialog) and w.isVisible()
    ]
    return found


def test_a_draft_is_whole_or_the_one_before(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "a.svcdesk", tmp_path / "drafts")
    assert drafts.get("x") is None
    assert drafts.put("x", {"text": "漏水"}, 7)
    found = drafts.get("x")
    assert found is not None
    assert (found.at, found.values) == (7, {"text": "漏水"})
    (file,) = drafts.folder.iterdir()
    file.write_text("{half", encoding="utf-8")
    assert drafts.get("x") is None
    drafts.drop("x")
    drafts.drop("x")
    assert list(drafts.folder.iterdir()) == []
    # another data file has drafts of its own; a disk that is full loses nothing else
    assert Drafts(tmp_path / "b.svcdesk", tmp_path / "drafts").get("x") is None
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert not Drafts(tmp_path / "a.svcdesk", blocked).put("x", {}, 1)


def type_and_be_killed(path: Path, key: int) -> int:
    """Let a process type until it is killed; return how many ticks are a second old by then."""
    child = subprocess.Popen(
        [sys.executable, str(CHILD), str(path), str(key)],
        stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert child.stdout is not None
    said = []
    while len(said) < 40:
        line = child.stdout.readline()
        assert line, "the typing process ended by itself"
        said.append(time.monotonic())
    child.send_signal(signal.SIGKILL)
    killed = time.monotonic()
    child.wait()
    child.stdout.close()
    return sum(killed - moment > 1 for moment in said)


@pytest.fixture
def typed(tmp_path: Path, dressed: None, clock: FixedClock) -> Iterator[tuple[Desk, int, int]]:
    """A data file whose program was killed while somebody typed: desk, ticket, sure ticks."""
    path = tmp_path / "typed.svcdesk"
    with Desk.create(path, person="周敏", clock=clock) as desk:
        key = a_ticket(desk)
    sure = type_and_be_killed(path, key)
    with Desk.open(path, clock=clock) as desk:
        yield desk, key, sure


@pytest.fixture
def shops(qtbot: QtBot) -> Iterator[Callable[[Desk], Workshop]]:
    """Open windows; each is closed in the end."""
    made: list[Workshop] = []

    def start(desk: Desk) -> Workshop:
        made.append(Workshop(qtbot, desk))
        return made[-1]

    yield start
    for shop in made:
        shop.close()


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a signal of Unix systems")
def test_a_killed_process_loses_at_most_a_second(
    typed: tuple[Desk, int, int], shops: Callable[[Desk], Workshop]
) -> None:
    desk, key, sure = typed
    assert sure > 0
    drafts = Drafts(desk.path)
    for form, name in (("ticket-new", "漏水"), (f"ticket-{key}-reply", "您好"),
                       (f"ticket-{key}-step", "请查")):  # fmt: skip
        found = drafts.get(form)
        assert found is not None, form
        assert str(found.values).count(name) >= sure, form
    shop = shops(desk)
    page = shop.go("tickets", record=key)
    assert isinstance(page, TicketsPage)
    shop.qtbot.waitUntil(lambda: page.actions_.key == key)
    assert str(page.pane.words_box.value()).startswith("您好")
    assert page.pane.panel.open_action == "handoff"
    assert str(page.pane.panel.values()["request"]).startswith("请查")
    page.act("ticket.new")
    entry = entry_form()
    assert str(entry.form.values()["description"]).startswith("漏水")
    assert "restored" in entry._banner.accessibleName()
    entry._banner.acted.emit("discard")
    assert entry.form.values()["description"] is None
    entry.reject()
    page.pane.close_forms()
    page.pane.talk.empty()
    assert list(drafts.folder.glob("*.json")) == []
    assert tickets.get(desk, key).handoffs == []


def test_a_draft_belongs_to_its_ticket_and_goes_when_it_is_saved(
    shops: Callable[[Desk], Workshop], desk: Desk
) -> None:
    first, second = a_ticket(desk), a_ticket(desk, "冰箱异响")
    shop = shops(desk)
    page = shop.go("tickets", record=first)
    assert isinstance(page, TicketsPage)
    page.pane.words_box.setPlainText("写到一半")
    page.actions_.make("split")
    form = page.pane.panel._form
    assert form is not None
    form.editor("title").setText("另一件事")
    shop.go("tickets", record=second)
    assert page.pane.words_box.value() is None
    assert not page.pane.busy
    shop.go("tickets", record=first)
    assert page.pane.words_box.value() == "写到一半"
    assert page.pane.panel.values()["title"] == "另一件事"
    page.pane.panel.submit()
    shop.settle()
    page.pane.talk.send()
    shop.settle()
    folder = Drafts(desk.path).folder
    shop.qtbot.waitUntil(lambda: not list(folder.glob("*.json")))
    assert tickets.get(desk, first).events[-1]["text"] == "写到一半"


def test_an_edit_keeps_only_what_was_changed(shops: Callable[[Desk], Workshop], desk: Desk) -> None:
    key = a_ticket(desk)
    shop = shops(desk)
    page = shop.go("tickets", record=key)
    assert isinstance(page, TicketsPage)
    page.actions_.edit()
    entry_form().form.editor("title").setText("空调完全不制冷")
    entry_form().reject()
    kept = Drafts(desk.path).get(f"ticket-{key}-edit")
    assert kept is not None
    assert kept.values == {"form": {"title": "空调完全不制冷"}}
    assert kept.at == NOW
    page.actions_.edit()
    form = entry_form()
    assert form.form.changes() == {"title": "空调完全不制冷"}
    form.save()
    shop.settle()
    shop.qtbot.waitUntil(lambda: Drafts(desk.path).get(f"ticket-{key}-edit") is None)
    assert tickets.get(desk, key).ticket["title"] == "空调完全不制冷"
