"""The report desk: the versions left, the pages in the middle, the texts right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from svcdesk.domain.people import Permission, may
from svcdesk.i18n.catalog import _, language, pgettext
from svcdesk.services import report_desk, reports
from ui.jobs.progress import ProgressStripe
from ui.jobs.runner import READ, WRITE, Latest
from ui.models.choices import Choice
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.documents import rows
from ui.pages.documents.exporting import Exporter
from ui.pages.documents.material import EventsPane, PlanPane, QuotesPane
from ui.pages.documents.texts import TextsPane
from ui.pages.page import Changes, Page, Route, Workplace
from ui.theme.tokens import GAP, MARGIN, px
from ui.widgets.button import Button, Kind, icon_button
from ui.widgets.data_table import DataTable
from ui.widgets.editors import ChoiceField, TextField
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import Tag, label
from ui.widgets.pdf_view import PdfView
from ui.widgets.side_by_side import SideBySide
from ui.widgets.tabs import TabDef, TabRow

if TYPE_CHECKING:
    from svcdesk.services.report_desk import Made, Version
    from svcdesk.system.job import JobContext

WATCHED = frozenset({"report", "report_note", "report_setup", "report_pick"})


class DocumentsPage(Page):
    """Reports from the first draft to the signed version."""

    key = "documents"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.made: Made | None = None
        self._wanted: int | None = None
        self._listing = Latest(place.runner, self)
        self._opening = Latest(place.runner, self)
        self._again = False  # texts were written while the report was being made
        self._making = False
        self.exporter = Exporter(place, self)
        self.progress = ProgressStripe()
        self.view = PdfView(place.runner)
        self.view.setMinimumWidth(px(360))
        self.texts = TextsPane()
        self.texts.written.connect(self._on_written)
        self.side = self._build_side()
        self._middle = QWidget()
        middle = QVBoxLayout(self._middle)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self._build_head())
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
            (px(330), px(920)),
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
        self.kind = ChoiceField([Choice(key, _(name)) for key, name in rows.KINDS.items()])
        self.kind.setAccessibleName(_("Kind of report"))
        self.kind.set_value("monthly")
        self.kind.changed.connect(self._on_kind)
        column.addWidget(self.kind)
        column.addLayout(self._build_period())
        buttons = QHBoxLayout()
        self.make_button = Button(_("Make the report"), kind=Kind.MAIN, icon="file-text")
        self.make_button.setToolTip(_("Count the figures of now and draw the pages (Enter)"))
        self.make_button.clicked.connect(self.make)
        buttons.addWidget(self.make_button)
        self.setup_button = Button(_("Sections…"), kind=Kind.QUIET, icon="settings")
        self.setup_button.setToolTip(_("Hide, rename, move sections; add texts and pictures"))
        self.setup_button.clicked.connect(self.set_up)
        self.setup_button.setVisible(may(self.place.desk.roles, Permission.SETTINGS))
        buttons.addWidget(self.setup_button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self._model = RowWindowModel(rows.columns(), self.place.runner, self)
        self.versions = DataTable(self._model, "report_versions")
        self.versions.setAccessibleName(_("Versions of reports"))
        self.versions.current_changed.connect(self._on_version)
        column.addWidget(self.versions, 1)
        return side

    def _build_period(self) -> QHBoxLayout:
        line = QHBoxLayout()
        self.period = TextField(_("Period, such as 2026-03"), 40)
        self.period.setToolTip(
            _("2026-03, 2026-Q1, 2026-H1, or days: 2026-03-01..2026-03-15; Enter makes the report")
        )
        self.period.returnPressed.connect(self.make)
        for icon, tip, step in (
            ("chevron-left", _("Period before"), -1), ("chevron-right", _("Period after"), 1),
        ):  # fmt: skip
            button = icon_button(icon, tip)
            button.clicked.connect(lambda *_args, by=step: self._shift(by))
            line.addWidget(button)
            if step < 0:
                line.addWidget(self.period, 1)
        self.language = ChoiceField([Choice(k, name) for k, name in rows.LANGUAGES.items()])
        self.language.setAccessibleName(_("Language of the report"))
        self.language.set_value(language())
        line.addWidget(self.language)
        return line

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

    def _build_head(self) -> QWidget:
        self.head = QWidget()
        row = QHBoxLayout(self.head)
        row.setContentsMargins(px(GAP), px(GAP), px(GAP), 0)
        self.state = Tag("")
        self.told = label("", "small", "2", wrap=True)
        row.addWidget(self.state)
        row.addWidget(self.told, 1)
        self.review_button = Button(pgettext("action", "Review"), icon="eye", small=True)
        self.review_button.setToolTip(_("I have read this report and stand behind it"))
        self.review_button.clicked.connect(self.review)
        self.publish_button = Button(_("Publish"), kind=Kind.MAIN, icon="lock", small=True)
        self.publish_button.setToolTip(_("Its numbers and its PDF never change afterwards"))
        self.publish_button.clicked.connect(self.publish)
        self.compare_button = Button(_("Compare"), kind=Kind.QUIET, icon="split", small=True)
        self.compare_button.setToolTip(_("What this version says differently from the one before"))
        self.compare_button.clicked.connect(self.compare)
        self.export_button = Button(_("Export"), icon="download", small=True, arrow=True)
        self.export_button.setToolTip(_("PDF, Excel, pictures, text for a chat group, printer"))
        self.export_button.clicked.connect(self._open_exports)
        for button in (
            self.review_button, self.publish_button, self.compare_button, self.export_button,
        ):  # fmt: skip
            row.addWidget(button)
        return self.head

    # --- Page ----------------------------------------------------------------------------

    def title(self) -> str:
        """Return the page's name."""
        return _("Report desk")

    def show_route(self, route: Route) -> None:
        """Show a kind of report and a period, or a version."""
        kind = str(route.values.get("kind", ""))
        if kind in rows.KINDS:
            self.kind.set_value(kind)
        period = str(route.values.get("period", ""))
        if period or not self.period.text():
            self.period.setText(period or self._usual())
        if route.record is not None:
            self._wanted = route.record
        self.reload()

    def refresh(self, changes: Changes) -> None:
        """Read the versions again when one of them, or a text, was written."""
        if changes.tables() & WATCHED:
            self.reload()

    def save_state(self) -> dict[str, Any]:
        """Keep what is shown."""
        return {"kind": self.kind.value(), "period": self.period.text()}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take it back."""
        if state.get("kind") in rows.KINDS:
            self.kind.set_value(state["kind"])
        self.period.setText(str(state.get("period", "")))

    def act(self, action: str) -> bool:
        """Run a page action."""
        known = {"report.make": self.make, "report.publish": self.publish}
        if action in known:
            known[action]()
            return True
        return False

    # --- periods -------------------------------------------------------------------------

    def _usual(self) -> str:
        return reports.period_of(self.place.desk, "last", str(self.kind.value())).code

    def _on_kind(self) -> None:
        self.period.setText(self._usual())

    def _shift(self, by: int) -> None:
        try:
            period = reports.period_of(
                self.place.desk, self.period.text() or "last", str(self.kind.value())
            )
        except Exception as error:  # noqa: BLE001 - told in a sentence, whatever was typed
            self.place.shell.tell(error)
            return
        self.period.setText(period.shifted(by).code)

    # --- versions ------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the versions."""
        desk = self.place.desk
        handle = self._listing.start(lambda _context: report_desk.versions(desk))
        handle.on_success(self._on_versions).on_failure(self.place.shell.tell)

    def _on_versions(self, found: list[Version]) -> None:
        self._model.show(RecordList(rows.rows(self.place.desk, found)))
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

    def _on_version(self, key: object) -> None:
        if not isinstance(key, int) or self._making:
            return
        desk = self.place.desk

        def work(context: JobContext) -> tuple[Made, dict[str, str]]:
            version = report_desk.find(desk, key)
            made = report_desk.texts_of(desk, version, context)
            return made, report_desk.texts_before(desk, version.kind, version.period)

        handle = self._opening.start(work)
        handle.on_success(self._on_opened).on_failure(self.place.shell.tell)

    def _on_opened(self, found: tuple[Made, dict[str, str]]) -> None:
        self._show(*found)

    def _show(self, made: Made, before: dict[str, str]) -> None:
        version = made.version
        same = self.made is not None and self.made.version.id == version.id
        if not (same and self.made is not None and self.made.version.sha256 == version.sha256):
            try:
                self.view.show_file(report_desk.pdf(self.place.desk, version), stay=same)
            except Exception as error:  # noqa: BLE001 - told in a sentence
                self.place.shell.tell(error)
                self.view.show_file(None)
        self.made = made
        self._blank.hide()
        self.head.show()
        self.view.show()
        self.side.show()
        if not same:
            self._show_side(self.tabs.key() or "texts")
        word, icon, colour = rows.state_of(version)
        tone = {"ok": "ok", "warn": "warn"}.get(colour, "neutral")
        self.state.set(word, icon, tone)
        self.told.setText(
            _("{title}, V{n}, {pages} pages").format(
                title=version.title, n=version.version, pages=version.pages
            )
        )
        titles = {section.key: section.title for section in made.data.sections}
        self.texts.show_texts(made.texts, titles, before)
        obstacles = [] if version.fixed else report_desk.obstacles(made)
        self.texts.show_obstacles([one.sentence for one in obstacles])
        desk = self.place.desk
        self.review_button.setVisible(version.status == "generated")
        self.publish_button.setVisible(
            version.status == "reviewed" and may(desk.roles, Permission.PUBLISH_REPORTS)
        )
        self.compare_button.setVisible(version.version > 1)

    def _show_blank(self) -> None:
        self.made = None
        for widget in (self.head, self.view, self.side):
            widget.hide()
        self._blank.show()
        self._nothing.set(
            "file-text",
            _(
                "No report has been made yet. Choose a report and a period on the left, then make it."
            ),
        )
        self._nothing.place()

    # --- making and writing ----------------------------------------------------------------

    def make(self) -> None:
        """Make the chosen report."""
        self._make(str(self.kind.value()), self.period.text() or "last", str(self.language.value()))

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
        self.kind.blockSignals(True)
        self.kind.set_value(made.version.kind)
        self.kind.blockSignals(False)
        self.period.setText(made.version.period)
        self.language.set_value(made.version.language)
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
            report_desk.publish, _("Published. It does not change any more; a new version supersedes it.")
        )  # fmt: skip

    def _step(self, function: Any, said: str) -> None:
        if self.made is None or self._making:
            return
        desk, key = self.place.desk, self.made.version.id
        handle = self.place.runner.start(
            lambda context: function(desk, key, context), lane=WRITE, owner=self
        )
        self.progress.watch(handle, _("Publishing"))

        def done(_outcome: object) -> None:
            self._wanted = key
            self.place.shell.say(said, undo=False)
            self.reload()

        handle.on_success(done).on_failure(self.place.shell.tell)

    def compare(self) -> None:
        """Show what this version says differently from the one before."""
        if self.made is None:
            return
        from ui.pages.documents.compare_dialog import CompareDialog

        desk, version = self.place.desk, self.made.version

        def work(_context: JobContext) -> list[report_desk.Difference]:
            earlier = [
                v for v in report_desk.versions(desk, version.kind, version.period)
                if v.language == version.language and v.version < version.version
            ]  # fmt: skip
            return report_desk.compare(desk, earlier[0].id, version.id) if earlier else []

        def shown(found: list[report_desk.Difference]) -> None:
            CompareDialog(self, version.title, found).open()

        handle = self.place.runner.start(work, lane=READ, owner=self)
        handle.on_success(shown).on_failure(self.place.shell.tell)

    def set_up(self) -> None:
        """Open the sections of the chosen kind of report."""
        from ui.pages.documents.setup_dialog import SetupDialog

        dialog = SetupDialog(self, self.place, str(self.kind.value()))
        dialog.saved.connect(self._make_again)
        dialog.open()

    def _open_exports(self) -> None:
        if self.made is None:
            return
        menu = QMenu(self)
        for icon_text, function in self.exporter.entries(self.made):
            menu.addAction(icon_text).triggered.connect(function)
        menu.popup(self.export_button.mapToGlobal(self.export_button.rect().bottomLeft()))
