"""The composition root: builds runner, theme, window and desk; nothing else constructs these."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QFileDialog

from svcdesk.i18n import catalog
from svcdesk.i18n.catalog import _
from svcdesk.system.clock import Clock, SystemClock
from svcdesk.system.paths import data_dir, default_data_file
from ui.jobs.runner import READ, WRITE, JobHandle, JobRunner
from ui.shell.bootstrap import QtTexts
from ui.shell.main_window import MainWindow
from ui.shell.messages import sentence
from ui.shell.window_state import restore_window
from ui.theme.style import ThemeFollower
from ui.theme.tokens import TEXT_SIZES, text_size

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.system.crash import CrashRecord
    from svcdesk.system.job import JobContext
    from ui.shell.bare_window import BareWindow
    from ui.shell.preferences import Preferences
    from ui.shell.welcome import Welcome

FILE_FILTER = "svcdesk (*.svcdesk)"


class ChangeBridge(QObject):
    """Carries what was written from the writing thread to the UI thread."""

    changed = Signal(object)

    def take(self, changes: object) -> None:
        """Pass on; called in the thread that wrote."""
        if shiboken6.isValid(self):
            self.changed.emit(changes)


class App(QObject):
    """One running program with one window and at most one open data file."""

    def __init__(
        self,
        app: QApplication,
        preferences: Preferences,
        clock: Clock | None = None,
        host: BareWindow | None = None,
    ) -> None:
        super().__init__(app)
        self._app = app
        self.clock = clock or SystemClock()
        self.preferences = preferences
        self.desk: Desk | None = None
        catalog.set_language(preferences.language or catalog.preferred_language())
        self._qt_texts = QtTexts(app)
        self._qt_texts.load()
        self.theme = ThemeFollower(app, preferences.theme, _text_size(preferences.text_size))
        self.runner = JobRunner(self)
        self.window = MainWindow(self.runner, preferences, host)
        self.bridge = ChangeBridge(self)
        self.bridge.changed.connect(self.window.refresh)
        self.theme.changed.connect(self.window.rebuild)
        self.window.closing.connect(self.quit)
        self._welcome: Welcome | None = None
        self._demo: JobHandle | None = None
        self._closing = False
        self.window.handlers.update(
            {
                "quit": self._close_window,
                "file.open": self._choose_file,
                "file.new": self._choose_new,
                "backup": self._back_up,
                "language.zh_CN": partial(self.set_language, "zh_CN"),
                "language.en": partial(self.set_language, "en"),
                "theme.system": partial(self.set_theme, "system"),
                "theme.light": partial(self.set_theme, "light"),
                "theme.dark": partial(self.set_theme, "dark"),
                **{f"text.{size}": partial(self.set_text_size, size) for size in TEXT_SIZES},
                "text.larger": partial(self._step_text_size, 1),
                "text.smaller": partial(self._step_text_size, -1),
                "shortcuts": self._show_keys,
                "about": self._show_about,
            }
        )
        self._mark_choices()

    # --- start and end -------------------------------------------------------------------

    def show(self) -> None:
        """Show the window in its last place."""
        restore_window(self.window.host)
        self.window.host.show()

    def open_first(self, path: Path | None) -> None:
        """Open ``path``, else the last file, else offer how to begin."""
        last = Path(self.preferences.data_file) if self.preferences.data_file else None
        for candidate in (path, last, default_data_file()):
            if candidate is not None and (candidate == path or candidate.exists()):
                self.open(candidate)
                return
        self.welcome()

    def quit(self) -> None:
        """End: stop jobs, close the connections in their own threads, free the file."""
        if self._closing:
            return
        self._closing = True
        self._let_go()
        self.runner.shutdown()
        self._app.quit()

    def _close_window(self) -> None:
        self.window.host.close()

    def _let_go(self) -> None:
        desk, self.desk = self.desk, None
        if desk is not None:
            self.runner.cancel_all()
            self.window.detach()
            self.runner.in_every_thread(READ, desk.close_thread)
            self.runner.in_every_thread(WRITE, desk.close_thread)
            desk.close()

    # --- the data file -------------------------------------------------------------------

    def welcome(self, problem: str = "") -> None:
        """Offer how to begin."""
        from ui.shell.welcome import Welcome

        self._welcome = Welcome(problem)
        self._welcome.chosen.connect(self._on_welcome)
        self._welcome.cancelled.connect(self._cancel_demo)
        self.window.show_other(self._welcome)

    def _on_welcome(self, choice: str) -> None:
        {"demo": self._make_demo, "new": self._make_empty, "open": self._choose_file}[choice]()

    def open(self, path: Path) -> None:
        """Open a data file in the write lane."""
        self._let_go()
        clock = self.clock

        def work(_context: JobContext) -> Desk:
            from svcdesk.services import desk

            return desk.Desk.open(path, clock=clock)

        handle = self.runner.start(work, lane=WRITE, owner=self.window)
        handle.on_success(self._on_opened).on_failure(self._on_open_failed)

    def _on_opened(self, desk: Desk) -> None:
        self.desk = desk
        desk.listen(self.bridge.take)
        self.preferences.data_file = str(desk.path)
        self.preferences.save()
        self._welcome = None
        self.window.attach(desk)
        self._show_facts()
        self._finish_index(desk)

    def _finish_index(self, desk: Desk) -> None:
        """Make searchable what an ended import had left; once a day, compute key customers."""

        def work(context: JobContext) -> None:
            if desk.unsearchable():
                from svcdesk.services import imports

                imports.index(desk, context)
            from svcdesk.services import customer_tiers

            customer_tiers.recompute_daily(desk, context)

        self.runner.start(work, lane=WRITE, owner=self.window).on_failure(self.window.tell)

    def _on_open_failed(self, error: object) -> None:
        self.welcome(sentence(error))

    def _show_facts(self) -> None:
        if self.desk is None:
            return
        now = datetime.fromtimestamp(self.clock.now(), self.desk.zone)
        missing = self.desk.reference.calendar.missing_years(
            self.clock.now(), self.clock.now() + 30 * 86400
        )
        if missing:
            text = _("No holiday list for {years} yet").format(years=", ".join(map(str, missing)))
        else:
            text = _("Work calendar {year} complete").format(year=now.year)
        self.window.set_facts(self.desk.path.name, text)

    def _make_empty(self) -> None:
        self._create(_free(default_data_file()), demo=False)

    def _make_demo(self) -> None:
        self._create(_free(data_dir() / "sample.svcdesk"), demo=True)

    def _create(self, path: Path, *, demo: bool) -> None:
        clock = self.clock

        def work(context: JobContext) -> Path:
            from svcdesk.services import desk

            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                if demo:
                    from svcdesk.services import sample_data

                    sample_data.create(path, months=13, seed=1, context=context, clock=clock)
                else:
                    desk.Desk.create(path, clock=clock).close()
            except BaseException:
                path.unlink(missing_ok=True)
                raise
            return path

        self._demo = self.runner.start(work, lane=WRITE, owner=self.window)
        if self._welcome is not None:
            self._demo.progressed.connect(self._welcome.show_progress)
            self._demo.cancelled.connect(self._welcome.ready)
            self._welcome.show_progress(0, 0, "")
        self._demo.on_success(self.open).on_failure(self._on_open_failed)

    def _cancel_demo(self) -> None:
        if self._demo is not None and shiboken6.isValid(self._demo):
            self._demo.cancel()

    def _choose_file(self) -> None:
        dialog = QFileDialog(self.window, _("Open data file"), str(data_dir()), FILE_FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._on_file)
        dialog.open()

    def _choose_new(self) -> None:
        dialog = QFileDialog(self.window, _("New data file"), str(data_dir()), FILE_FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("svcdesk")
        dialog.fileSelected.connect(self._on_new_file)
        dialog.open()

    def _on_file(self, name: str) -> None:
        self.open(Path(name))

    def _on_new_file(self, name: str) -> None:
        self._create(Path(name), demo=False)

    def _back_up(self) -> None:
        from svcdesk.services import backups

        desk = self.desk
        if desk is None:
            return
        target = backups.default_target(desk)

        def work(context: JobContext) -> Path:
            target.parent.mkdir(parents=True, exist_ok=True)
            return backups.make(desk, target, context)

        handle = self.runner.start(work, lane=READ, owner=self.window)
        handle.on_success(self._on_backed_up).on_failure(self.window.tell)

    def _on_backed_up(self, path: Path) -> None:
        self.window.say(_("Backed up and verified: {name}").format(name=path.name), undo=False)

    # --- choices -------------------------------------------------------------------------

    def set_language(self, language: str) -> None:
        """Switch the language of the screen."""
        catalog.set_language(language)
        self._qt_texts.load()
        self.preferences.language = language
        self.preferences.save()
        self.window.rebuild()
        if self.desk is None:
            self.welcome()
        self._mark_choices()
        self._show_facts()

    def set_theme(self, choice: str) -> None:
        """Choose light, dark, or what the system has."""
        self.preferences.theme = choice
        self.preferences.save()
        self.theme.choose(choice)
        self._mark_choices()

    def set_text_size(self, percent: int) -> None:
        """Choose how large the text is, in percent of the usual size."""
        self.preferences.text_size = str(percent)
        self.preferences.save()
        self.theme.resize(percent)
        self._mark_choices()
        self.window.say(_("Text size {n} %").format(n=percent), undo=False)

    def _step_text_size(self, by: int) -> None:
        place = TEXT_SIZES.index(text_size()) + by
        self.set_text_size(TEXT_SIZES[min(max(place, 0), len(TEXT_SIZES) - 1)])

    def _mark_choices(self) -> None:
        for name in catalog.LANGUAGES:
            self.window.actions_.get(f"language.{name}").setChecked(name == catalog.language())
        for name in ("system", "light", "dark"):
            self.window.actions_.get(f"theme.{name}").setChecked(name == self.theme.choice)
        for size in TEXT_SIZES:
            self.window.actions_.get(f"text.{size}").setChecked(size == text_size())

    # --- dialogs -------------------------------------------------------------------------

    def _show_keys(self) -> None:

        from ui.shell.cheat_sheet import CheatSheet

        CheatSheet(self.window).open()

    def _show_about(self) -> None:
        from ui.dialogs.frame import AboutDialog

        path = str(self.desk.path) if self.desk is not None else ""
        AboutDialog(self.window, path).open()

    def show_crash(self, record: CrashRecord) -> None:
        """Tell a defect once."""
        from ui.dialogs.frame import CrashDialog

        CrashDialog(self.window, record).open()


def _text_size(chosen: str) -> int:
    """Return a kept text size as a number; what is not offered counts as 100."""
    return int(chosen) if chosen in {str(size) for size in TEXT_SIZES} else TEXT_SIZES[0]


def _free(path: Path) -> Path:
    """Return ``path``, or the first numbered name beside it that is not taken."""
    number = 2
    free = path
    while free.exists():
        free = path.with_stem(f"{path.stem}-{number}")
        number += 1
    return free
