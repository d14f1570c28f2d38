"""The settings page: one tab per subject."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from svcdesk.domain.people import Role
from svcdesk.i18n.catalog import _
from svcdesk.services import backups, customer_tiers, policies, settings, targets, what_if
from svcdesk.system.errors import ProblemsError
from ui.jobs.progress import ProgressStripe
from ui.jobs.runner import READ, WRITE, Latest
from ui.pages.page import Changes, Page, Route, Workplace
from ui.pages.settings.calendar import CalendarTab
from ui.pages.settings.callbacks import CallbacksTab
from ui.pages.settings.detection import DetectionTab
from ui.pages.settings.general import GeneralTab
from ui.pages.settings.limits import LimitsTab
from ui.pages.settings.people import PeopleTab
from ui.pages.settings.safety import SafetyTab
from ui.pages.settings.surveys import SurveysTab
from ui.pages.settings.targets import TargetsTab
from ui.pages.settings.templates import TemplatesTab
from ui.pages.settings.what_if_panel import WhatIfPanel
from ui.widgets.tabs import TabDef, TabRow, tab_head

if TYPE_CHECKING:
    from collections.abc import Callable

    from svcdesk.services.policies import PolicyRow
    from svcdesk.system.job import JobContext

EXPORT_KINDS = "Excel (*.xlsx);;CSV (*.csv)"


class SettingsPage(Page):
    """Settings."""

    key = "settings"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        desk = place.desk
        self.general = GeneralTab(desk, place.shell.preference("theme"))
        self.people = PeopleTab(desk, place.runner)
        self.calendar = CalendarTab(desk)
        self.limits = LimitsTab(desk, place.runner)
        self.callbacks = CallbacksTab(place)
        self.surveys = SurveysTab(place)
        self.detection = DetectionTab(place)
        self.targets = TargetsTab(desk, place.runner)
        self.templates = TemplatesTab(place)
        self.safety = SafetyTab(desk)
        tabs: dict[str, QWidget] = {
            "general": self.general,
            "people": self.people,
            "calendar": self.calendar,
            "limits": self.limits,
            "callbacks": self.callbacks,
            "surveys": self.surveys,
            "detection": self.detection,
            "targets": self.targets,
            "templates": self.templates,
            "safety": self.safety,
        }
        # each scrolls for itself: the tallest one makes the others no taller
        self._tabs = {key: _scrolled(tab) for key, tab in tabs.items()}
        names = (_("General"), _("People"), _("Work calendar"), _("Time limits"), _("Callbacks"),
                 _("Surveys and checks"), _("Detection"), _("Targets"), _("Templates"), _("Backup and check"))  # fmt: skip
        self.tabs = TabRow([TabDef(key, name) for key, name in zip(self._tabs, names, strict=True)])
        self.tabs.choose("general")
        self.tabs.chosen.connect(self._show_tab)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(tab_head(self.tabs))
        self._progress = ProgressStripe()
        column.addWidget(self._progress)
        self.what_if = WhatIfPanel(place.runner)
        column.addWidget(self.what_if)
        self._stack = QStackedWidget()
        for widget in self._tabs.values():
            self._stack.addWidget(widget)
        column.addWidget(self._stack, 1)
        self._connect()

    def _connect(self) -> None:
        self._preview = Latest(self.place.runner, self)
        self._try_out = Latest(self.place.runner, self)
        self._pending: Callable[[], Any] | None = None  # saves what was tried
        self.what_if.confirmed.connect(self._on_confirmed)
        self.what_if.refused.connect(self._on_left)
        self.general.save_wanted.connect(self._save_settings)
        self.general.preview_wanted.connect(self._preview_key_customers)
        self.general.language_wanted.connect(self._on_language)
        self.general.theme_wanted.connect(self._on_theme)
        self.people.save_wanted.connect(self._save_person)
        self.calendar.day_wanted.connect(self._save_day)
        self.calendar.pattern_wanted.connect(self._save_pattern)
        self.limits.save_wanted.connect(self._save_limits)
        self.targets.save_wanted.connect(self._save_target)
        self.targets.remove_wanted.connect(self._remove_target)
        self.targets.paste_wanted.connect(self._paste_targets)
        self.targets.export_wanted.connect(self._export_targets)
        self.targets.setting_wanted.connect(self._save_settings)
        self.safety.backup_wanted.connect(self._back_up)
        self.safety.restore_wanted.connect(self._restore)
        self.safety.check_wanted.connect(self._check)

    # --- Page ----------------------------------------------------------------------------

    def title(self) -> str:
        """Return the page's name."""
        return _("Settings")

    def show_route(self, route: Route) -> None:
        """Show a tab."""
        tab = str(route.values.get("tab", "")) or self.tabs.key()
        self._show_tab(tab)

    def refresh(self, changes: Changes) -> None:
        """Show what a write has changed."""
        tables = changes.tables()
        if "setting" in tables:
            self.general.show_settings()
            self.detection.show_settings()
        if "person" in tables:
            self.people.show_people()
        if tables & {"calendar", "calendar_day"}:
            self.calendar.show_calendar()
        if "sla_policy" in tables:
            self.limits.show_limits()
        self.callbacks.refresh(tables)
        self.surveys.refresh(tables)
        if "template" in tables:
            self.templates.show_list()
        if "metric_target" in tables:
            self.targets.show_targets()

    def save_state(self) -> dict[str, Any]:
        """Return the tab."""
        return {"tab": self.tabs.key()}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take the tab back."""
        self._show_tab(state["tab"])

    def _show_tab(self, tab: str) -> None:
        self.tabs.choose(tab)
        self._stack.setCurrentWidget(self._tabs[tab])

    # --- saving --------------------------------------------------------------------------

    def _write(self, work: Callable[[], Any]) -> None:
        handle = self.place.runner.start(lambda _context: work(), lane=WRITE, owner=self)
        handle.on_success(self._on_saved).on_failure(self._on_refused)

    def _on_saved(self, _outcome: Any) -> None:
        self.place.shell.say(_("Settings saved"))

    def _on_refused(self, error: object) -> None:
        if isinstance(error, ProblemsError):
            shown = self._stack.currentWidget()
            if shown is self._tabs["general"]:
                self.general.show_problems(error.problems)
                return
            if shown is self.limits:
                self.limits.show_problems(error.problems)
                return
            if shown is self._tabs["targets"]:
                self.targets.form.show_problems(error.problems)
                return
            if shown is self.people:
                self.people.show_problems(error.problems)
                return
        self.place.shell.tell(error)

    def _save_settings(self, values: dict[str, Any]) -> None:
        desk = self.place.desk
        self._write(lambda: settings.change(desk, values))

    def _preview_key_customers(self, values: dict[str, Any]) -> None:
        desk = self.place.desk

        def work(_context: JobContext) -> tuple[int, int]:
            return customer_tiers.preview(desk, values)

        handle = self._preview.start(work)
        handle.on_success(self.general.show_preview).on_failure(self.place.shell.tell)

    def _save_person(self, key: object, values: dict[str, Any]) -> None:
        desk = self.place.desk
        name, team = str(values["name"] or ""), values["team"]
        roles = [Role(role) for role in values["roles"]]
        department = values["department"]
        if isinstance(key, int):
            active = bool(values["active"])
            self._write(
                lambda: settings.change_person(
                    desk, key, name, roles, active=active, team=team, department_id=department
                )
            )
        else:
            self._write(
                lambda: settings.add_person(desk, name, roles, team=team, department_id=department)
            )

    # --- calendar and limits: tried on the past before they are saved --------------------------

    def _save_day(self, day: object, kind: object, name: str) -> None:
        desk = self.place.desk
        if isinstance(day, date):
            wanted = str(kind) if kind else None
            change = what_if.Change(day=(day, wanted, name, None))
            self._try(change, lambda: settings.set_day(desk, day, wanted, name))

    def _save_pattern(self, pattern: list[Any]) -> None:
        desk = self.place.desk
        self._try(what_if.Change(pattern=pattern), lambda: settings.set_pattern(desk, pattern))

    def _save_limits(self, wanted: list[PolicyRow]) -> None:
        desk = self.place.desk
        self._try(what_if.Change(policies=wanted), lambda: policies.save(desk, wanted))

    def _try(self, change: what_if.Change, save: Callable[[], Any]) -> None:
        """Show what a change makes of the past; without a difference it is saved at once."""
        desk = self.place.desk
        self._pending = save
        self.what_if.hide()
        handle = self._try_out.start(lambda context: what_if.preview(desk, change, context))
        self._progress.watch(handle, _("Trying the change on the last 12 months"))
        handle.on_success(self._on_tried).on_failure(self._on_refused)

    def _on_tried(self, found: what_if.WhatIf) -> None:
        if found.changed:
            self.what_if.show_found(found)
        else:
            self._on_confirmed()

    def _on_confirmed(self) -> None:
        save, self._pending = self._pending, None
        if save is not None:
            self._write(save)

    def _on_left(self) -> None:
        self._pending = None
        self.calendar.show_calendar()
        self.place.shell.say(_("Nothing was changed"), undo=False)

    def _save_target(self, values: dict[str, Any]) -> None:
        desk = self.place.desk
        self._write(lambda: targets.save(desk, **values))

    def _remove_target(self, key: object) -> None:
        desk = self.place.desk
        if isinstance(key, int):
            self._write(lambda: targets.remove(desk, key))

    def _paste_targets(self, text: str) -> None:
        desk = self.place.desk
        handle = self.place.runner.start(
            lambda _context: targets.paste(desk, text).value, lane=WRITE, owner=self
        )
        handle.on_success(self._on_pasted).on_failure(self._on_refused)

    def _on_pasted(self, count: int) -> None:
        if count:
            self.place.shell.say(_("{n} targets pasted").format(n=count))
            return
        text = _("There are no rows with targets to paste. Copy them in the spreadsheet first.")
        self.place.shell.say(text, undo=False)

    def _export_targets(self) -> None:
        dialog = QFileDialog(self, _("Export targets"), _("Targets") + ".xlsx", EXPORT_KINDS)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("xlsx")
        dialog.fileSelected.connect(self.export_targets)
        dialog.open()

    def export_targets(self, name: str) -> None:
        """Write all targets to a file."""
        desk, path = self.place.desk, Path(name)
        handle = self.place.runner.start(
            lambda _context: targets.export(desk, path), lane=READ, owner=self
        )
        text = _("Targets exported: {name}").format(name=path.name)
        handle.on_success(lambda _n: self.place.shell.say(text, undo=False))
        handle.on_failure(self.place.shell.tell)

    # --- this computer -------------------------------------------------------------------

    def _on_language(self, code: str) -> None:
        self.place.shell.act(f"language.{code}")

    def _on_theme(self, choice: str) -> None:
        self.place.shell.act(f"theme.{choice}")

    # --- safety --------------------------------------------------------------------------

    def _back_up(self, target: object) -> None:
        desk = self.place.desk
        if not isinstance(target, Path):
            return

        def work(context: JobContext) -> Path:
            target.parent.mkdir(parents=True, exist_ok=True)
            return backups.make(desk, target, context)

        handle = self.place.runner.start(work, lane=READ, owner=self)
        self._progress.watch(handle, _("Backing up"))
        handle.on_success(self._on_backed_up).on_failure(self.place.shell.tell)

    def _on_backed_up(self, path: Path) -> None:
        text = _("Backed up and verified: {name}").format(name=path.name)
        self.place.shell.say(text, undo=False)

    def _restore(self, source: object, target: object) -> None:
        if not (isinstance(source, Path) and isinstance(target, Path)):
            return

        def work(context: JobContext) -> Path:
            return backups.restore(source, target, context)

        handle = self.place.runner.start(work, lane=READ, owner=self)
        self._progress.watch(handle, _("Restoring"))
        handle.on_success(self._on_restored).on_failure(self.place.shell.tell)

    def _on_restored(self, path: Path) -> None:
        text = _("Restored: {name}. Open it from the File menu.").format(name=path.name)
        self.place.shell.say(text, undo=False)

    def _check(self) -> None:
        desk = self.place.desk
        handle = self.place.runner.start(
            lambda _context: backups.check(desk), lane=READ, owner=self
        )
        self._progress.watch(handle, _("Checking the data file"))
        handle.on_success(self.safety.show_result).on_failure(self.place.shell.tell)


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(widget)
    return area
