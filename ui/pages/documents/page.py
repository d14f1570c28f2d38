"""The report desk: the versions left, the pages in the middle, the texts right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from svcdesk.domain.people import Permission, may
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.services import report_compare, report_desk, reports
from ui.jobs.progress import ProgressStripe
from ui.jobs.runner import READ, WRITE, Latest
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.documents import rows
from ui.pages.documents.chooser import Chooser
from ui.pages.documents.exporting import Exporter
from ui.pages.documents.material import EventsPane, PlanPane, QuotesPane
from ui.pages.documents.opened import Opened, opened
from ui.pages.documents.texts import TextsPane
from ui.pages.documents.version_head import VersionHead
from ui.pages.page import Changes, Page, Route, Workplace
from ui.theme.tokens import GAP, MARGIN, px
from ui.widgets.data_table import DataTable
from ui.widgets.empty_state import EmptyState
from ui.widgets.pdf_view import PdfView
from ui.widgets.side_by_side import SideBySide
from ui.widgets.tabs import TabDef, TabRow

if TYPE_CHECKING:
    from svcdesk.services.report_desk import Made, Version
    from svcdesk.system.job import JobContext

MONTHLY = {"kind": "monthly", "open": True}
WATCHED = frozenset({"report", "report_note", "report_setup", "report_pick"})


class DocumentsPage(Page):
    """Reports from the first draft to the signed version."""

    key = "documents"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.made: Made | None = None
        self._wanted: int | None = None
        self._asked: tuple[str, str, str] | None = None  # kind, period, language: open or make it
        self._route: Route | None = None
        self._listing = Latest(place.runner, self)
        self._opening = Latest(place.runner, self)
        self._again = False  # texts were written while the report was being made
        self._making = False
        self.exporter = Exporter(place, self)
        self.progress = ProgressStripe()
        self.view = PdfView(place.runner)
        self.view.setMinimumWidth(px(360))
        self.view.failed.connect(place.shell.tell)
        self.texts = TextsPane()
        self.texts.written.connect(self._on_written)
        self.side = self._build_side()
        self._middle = QWidget()
        middle = QVBoxLayout(self._middle)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        self.head = VersionHead()
        self.head.asked.connect(self._on_asked)
        middle.addWidget(self.head)
        middle.addWidget(self.view, 1)
        self._blank = QWidget()
        self._nothing = EmptyState(self._blank)
        middle.addWidget(self._blank, 1)
        self.side.setMinimumWidth(px(280))
        self.both = SideBySide(
            self._middle, self.side, (px(600), px(320)), (_("Pages"), _("Texts"))
        )
        self.split = SideBySide(
            self._build_list(),
            self.both,
            (px(350), px(900)),
            (_("Versions of reports"), _("Report")),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.progress)
        column.addWidget(self.split, 1)
        self._show_blank()

    # --- parts ---------------------------------------------------------------------------

    def _build_list(self) -> QWidget:
        side = QWidget()
        side.setMinimumWidth(px(250))
        column = QVBoxLayout(side)
        column.setContentsMargins(MARGIN, GAP, GAP, MARGIN)
        column.setSpacing(px(6))
        self.chooser = Chooser(self.place)
        self.chooser.make_wanted.connect(self.make)
        self.chooser.setup_wanted.connect(self.set_up)
        column.addWidget(self.chooser)
        self._model = RowWindowModel(rows.columns(), self.place.runner, self)
        self.versions = DataTable(self._model, "report_versions")
        self.versions.setAccessibleName(_("Versions of reports"))
        self.versions.current_changed.connect(self._on_version)
        column.addWidget(self.versions, 1)
        return side

    def _build_side(self) -> QWidget:
        side = QWidget()
        self.tabs = TabRow([
            TabDef("texts", _("Texts")), TabDef("events", _("Events")),
            TabDef("plan", pgettext("report", "Plan")), TabDef("quotes", _("Words")),
        ])  # fmt: skip
        self.tabs.chosen.connect(self._show_side)
        self.events, self.plan = EventsPane(self.place), PlanPane(self.place)
        self.quotes = QuotesPane(self.place)
        self._sides = QStackedWidget()
        for widget in (self.texts, self.events, self.plan, self.quotes):
            self._sides.addWidget(widget)
        for pane in (self.events, self.plan, self.quotes):
            pane.written.connect(self._make_again)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self._sides, 1)
        return side

    def _show_side(self, key: str) -> None:
        self.tabs.choose(key)
        keys = ("texts", "events", "plan", "quotes")
        self._sides.setCurrentIndex(keys.index(key))
        if self.made is not None and key != "texts":
            load = {"events": self.events.load, "plan": self.plan.load, "quotes": self.quotes.load}
            load[key](self.made.version.kind, self.made.version.period)

    # --- Page ----------------------------------------------------------------------------

    def title(self) -> str:
        """Return the page's name."""
        return _("Report desk")

    def show_route(self, route: Route) -> None:
        """Show a kind of report and a period, or a version.

        With ``open``: the latest version of that report, made when there is none.
        """
        kind, period, words = self.chooser.wanted()
        if route.values.get("kind") in rows.KINDS:
            kind = str(route.values["kind"])
        asked = str(route.values.get("period", ""))
        if asked or not self.chooser.period.text():
            period = asked or reports.period_of(self.place.desk, "last", kind).code
        self.chooser.show_report(kind, period)
        if route.record is not None:
            self._wanted = route.record
        if route.values.get("open") and route is not self._route:  # once, not on every refresh
            self._asked = kind, period, words
        self._route = route
        self.reload()

    def refresh(self, changes: Changes) -> None:
        """Read the versions again when one of them, or a text, was written."""
        if changes.tables() & WATCHED:
            self.reload()

    def save_state(self) -> dict[str, Any]:
        """Keep what is shown."""
        kind, period, _words = self.chooser.wanted()
        return {"kind": kind, "period": period}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take it back."""
        if state.get("kind") in rows.KINDS:
            self.chooser.show_report(state["kind"], str(state.get("period", "")))

    def act(self, action: str) -> bool:
        """Run a page action."""
        if action == "report.monthly":
            self.show_route(Route(self.key, values={**MONTHLY, "period": self._last_month()}))
        elif action == "report.print":
            self.print()
        elif action == "search":
            self.view.search.setFocus()
        else:
            return False
        return True

    def _last_month(self) -> str:
        return reports.period_of(self.place.desk, "last-month").code

    def print(self) -> None:
        """Open the print preview of the version that is shown."""
        if self.made is None:
            self.place.shell.say(_("Open or make a report first."), undo=False)
        else:
            self.exporter.print(self.made)

    # --- versions ------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the versions."""
        desk = self.place.desk
        self.chooser.allow()  # another person may act now
        handle = self._listing.start(lambda _context: report_desk.versions(desk))
        handle.on_success(self._on_versions).on_failure(self.place.shell.tell)

    def _on_versions(self, found: list[Version]) -> None:
        self._model.show(RecordList(rows.rows(self.place.desk, found)))
        if self._asked is not None:
            self._open_or_make(found)
        wanted, self._wanted = self._wanted, None
        current = self.versions.current_id()
        keys = [version.id for version in found]
        chosen = wanted if wanted in keys else current if current in keys else None
        if chosen is None and keys:
            chosen = keys[0]
        if chosen is None:
            self._show_blank()
        else:
            self.versions.go_to(chosen)
            self._on_version(chosen)

    def _open_or_make(self, found: list[Version]) -> None:
        """Show the latest version of the report that was asked for, or make its first one."""
        if self._asked is None:
            return
        (kind, period, words), self._asked = self._asked, None
        latest = [v.id for v in found if (v.kind, v.period, v.language) == (kind, period, words)]
        if latest:
            self._wanted = latest[0]
        elif may(self.place.desk.roles, Permission.MAKE_REPORTS):
            self._make(kind, period, words)
        else:
            self.place.shell.say(_("This report has not been published yet."), undo=False)

    def _on_version(self, key: object) -> None:
        if not isinstance(key, int) or self._making:
            return
        desk = self.place.desk
        handle = self._opening.start(lambda context: opened(desk, key, context))
        handle.on_success(self._show).on_failure(self.place.shell.tell)

    def _show(self, found: Opened) -> None:
        made, version = found.made, found.made.version
        same = self.made is not None and self.made.version.id == version.id
        if not (same and self.made is not None and self.made.version.sha256 == version.sha256):
            self.view.show_file(found.pdf, stay=same)
        if found.problem is not None:
            self.place.shell.tell(found.problem)
        self.made = made
        self._blank.hide()
        self.head.show()
        self.view.show()
        self.side.setVisible(may(self.place.desk.roles, Permission.MAKE_REPORTS))
        if not same:
            self._show_side(self.tabs.key() or "texts")
        self.head.show_version(self.place.desk, version, found.seal)
        titles = {section.key: section.title for section in made.data.sections}
        self.texts.show_texts(made.texts, titles, found.before)
        obstacles = [] if version.fixed else report_desk.obstacles(made)
        self.texts.show_obstacles([one.sentence for one in obstacles])

    def _show_blank(self) -> None:
        self.made = None
        for widget in (self.head, self.view, self.side):
            widget.hide()
        self._blank.show()
        self._nothing.set(
            "file-text",
            _(
                "No report has been made yet. Choose a report and a period on the left, then make it."
            )
            if may(self.place.desk.roles, Permission.MAKE_REPORTS)
            else _("No report has been published yet."),
        )
        self._nothing.place()

    # --- making and writing ----------------------------------------------------------------

    def make(self) -> None:
        """Make the chosen report."""
        if may(self.place.desk.roles, Permission.MAKE_REPORTS):
            self._make(*self.chooser.wanted())

    def _make(self, kind: str, period: str, words: str) -> None:
        if self._making:
            self._again = True
            return
        desk = self.place.desk

        def work(context: JobContext) -> Made:
            return report_desk.make(desk, kind, period, language=words, context=context).value

        self._making = True
        self._opening.cancel()
        handle = self.place.runner.start(work, lane=WRITE, owner=self)
        self.progress.watch(handle, _("Making the report"))
        handle.on_success(self._on_made).on_failure(self._on_not_made)

    def _on_made(self, made: Made) -> None:
        self._making = False
        self._wanted = made.version.id
        self.chooser.show_report(made.version.kind, made.version.period, made.version.language)
        if self._again:
            self._again = False
            self._make_again()
        else:
            self.reload()

    def _on_not_made(self, error: object) -> None:
        self._making = False
        self.place.shell.tell(error)

    def _make_again(self) -> None:
        if self.made is not None or self._wanted is not None:
            version = self.made.version if self.made is not None else None
            if version is not None and not version.fixed:
                self._make(version.kind, version.period, version.language)

    def _on_written(self, key: str, text: object, drafted: object) -> None:
        if self.made is None:
            return
        desk, version = self.place.desk, self.made.version
        kept = text if isinstance(text, str) else None
        original = drafted if isinstance(drafted, str) and kept is not None else None

        def work(_context: JobContext) -> object:
            return report_desk.write(desk, version.kind, version.period, key, kept, original)

        handle = self.place.runner.start(work, lane=WRITE, owner=self)
        handle.on_success(lambda _outcome: self._make_again()).on_failure(self.place.shell.tell)

    def _on_asked(self, step: str) -> None:
        steps = {
            "review": self.review, "publish": self.publish, "compare": self.compare,
            "export": self._open_exports, "discard": self.discard,
        }  # fmt: skip
        steps[step]()

    def discard(self) -> None:
        """Take the draft away; Undo brings it back."""
        self._step(
            lambda desk, key, _context: report_desk.discard(desk, key),
            _("The draft is removed; its texts are kept."), undo=True,
        )  # fmt: skip

    def review(self) -> None:
        """Note that the actor stands behind the version."""
        self._step(lambda desk, key, _context: report_desk.review(desk, key), _("Reviewed."))

    def publish(self) -> None:
        """Publish the version, or say what is missing."""
        if self.made is not None:
            found = report_desk.obstacles(self.made)
            if found and found[0].place:
                self._show_side("texts")
                self.both.bring(detail=True)
                self.texts.go_to(found[0].place)
        self._step(
            report_desk.publish, _("Published; it does not change any more.")
        )  # fmt: skip

    def _step(self, function: Any, said: str, *, undo: bool = False) -> None:
        if self.made is None or self._making:
            return
        desk, key = self.place.desk, self.made.version.id
        handle = self.place.runner.start(
            lambda context: function(desk, key, context), lane=WRITE, owner=self
        )
        self.progress.watch(handle, _("Publishing"))

        def done(_outcome: object) -> None:
            self._wanted = key
            self.place.shell.say(said, undo=undo)
            self.reload()

        handle.on_success(done).on_failure(self.place.shell.tell)

    def compare(self) -> None:
        """Show what this version says differently from the one before."""
        if self.made is None:
            return
        from ui.pages.documents.compare_dialog import CompareDialog

        desk, version = self.place.desk, self.made.version

        def work(_context: JobContext) -> list[report_compare.Difference]:
            before = report_compare.earlier(desk, version)
            return [] if before is None else report_compare.compare(desk, before.id, version.id)

        def shown(found: list[report_compare.Difference]) -> None:
            CompareDialog(self, version.title, found).open()

        handle = self.place.runner.start(work, lane=READ, owner=self)
        handle.on_success(shown).on_failure(self.place.shell.tell)

    def set_up(self) -> None:
        """Open the sections of the chosen kind of report."""
        from ui.pages.documents.setup_dialog import SetupDialog

        dialog = SetupDialog(self, self.place, self.chooser.wanted()[0])
        dialog.saved.connect(self._make_again)
        dialog.open()

    def _open_exports(self) -> None:
        if self.made is None:
            return
        menu = QMenu(self)
        for icon_text, function in self.exporter.entries(self.made):
            menu.addAction(icon_text).triggered.connect(function)
        menu.popup(self.head.export.mapToGlobal(self.head.export.rect().bottomLeft()))
