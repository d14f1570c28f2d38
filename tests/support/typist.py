"""A process that types into the ticket page and is killed: ``typist.py FILE TICKET``."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from svcdesk.services.desk import Desk
from ui.jobs.runner import JobRunner
from ui.pages.entry_dialog import EntryDialog
from ui.pages.page import Route
from ui.shell.main_window import MainWindow
from ui.shell.preferences import Preferences
from ui.theme import style


def main() -> None:
    """Type a little every 50 ms until the end."""
    app = QApplication([])
    style.load_fonts()
    style.apply(app, "light")
    window = MainWindow(JobRunner(), Preferences())
    window.host.show()
    window.attach(Desk.open(Path(sys.argv[1])))
    key = int(sys.argv[2])
    window.go(Route("tickets", key))
    typed = 0

    def begin() -> None:
        page = window.page
        if page.actions_.key != key:
            QTimer.singleShot(20, begin)
            return
        page.actions_.make("handoff")
        page.act("ticket.new")
        ticking.start(50)

    def tick() -> None:
        nonlocal typed
        typed += 1
        page = window.page
        (form,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, EntryDialog)]
        form.form.editor("description").insertPlainText("漏水 ")
        page.pane.talk.words_box.insertPlainText("您好 ")
        page.pane.panel._form.editor("request").insertPlainText("请查 ")
        print(typed, flush=True)

    ticking = QTimer()
    ticking.timeout.connect(tick)
    begin()
    app.exec()


main()
