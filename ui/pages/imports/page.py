"""The import page: file → mapping → check → result."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from svcdesk.i18n.catalog import _, current
from svcdesk.services import imports
from svcdesk.services.queries import Op, Query
from ui.jobs.progress import ProgressStripe
from ui.jobs.runner import READ, WRITE, JobHandle, Latest
from ui.pages.imports.step_file import FileStep
from ui.pages.imports.step_mapping import MappingStep
from ui.pages.imports.step_result import ResultStep
from ui.pages.page import Changes, Page, Route, Workplace
from ui.widgets.labels import box
from ui.widgets.strips import CURRENT, DONE, FUTURE, ProgressStrip, Step

if TYPE_CHECKING:
    from svcdesk.services.imports import Batch, ImportPlan, Inspection, Mapping
    from svcdesk.system.job import JobContext

# kind of import -> page and entity that show its rows
SHOWN = {
    "tickets": ("tickets", "ticket"), "ticket-events": ("tickets", "ticket"),
    "complaints": ("complaints", "complaint"), "callbacks": ("callbacks", "callback"),
    "surveys": ("surveys", "survey"), "questionnaires": ("surveys", "survey"),
    "quality-checks": ("quality", "quality_check"),
}  # fmt: skip


class ImportPage(Page):
    """Imports."""

    key = "import"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._path: Path | None = None
        self._mapping: Mapping | None = None
        self._plan: ImportPlan | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = box("surface", "bottom")
        inner = QVBoxLayout(head)
        inner.setContentsMargins(4, 0, 4, 0)
        self._strip = ProgressStrip()
        inner.addWidget(self._strip)
        column.addWidget(head)
        self._progress = ProgressStripe()
        column.addWidget(self._progress)
        self._file = FileStep(place.desk)
        self._file.file_chosen.connect(self._on_file)
        self._file.template_wanted.connect(self._write_template)
        self._file.undo_wanted.connect(self._undo)
        self._map = MappingStep()
        self._map.read_again.connect(self._inspect)
        self._map.check_wanted.connect(self._check)
        self._map.back_wanted.connect(self._to_file)
        self._result = ResultStep(place.runner)
        self._result.back_wanted.connect(self._to_mapping)
        self._result.import_wanted.connect(self._apply)
        self._result.undo_wanted.connect(self._undo)
        self._result.rejected_wanted.connect(self._write_rejected)
        self._result.show_wanted.connect(self._show_records)
        self._result.another_wanted.connect(self._to_file)
        self._stack = QStackedWidget()
        for step in (self._file, self._map, self._result):
            self._stack.addWidget(step)
        column.addWidget(self._stack, 1)
        self._job = Latest(place.runner, self)
        self._show_way(0)

    # --- Page ----------------------------------------------------------------------------

    def title(self) -> str:
        """Return the page's name."""
        return _("Import")

    def show_route(self, route: Route) -> None:
        """Show the step that was reached; a kind of records may be asked for."""
        if route.values.get("kind") in imports.KINDS:
            self._file.set_kind(str(route.values["kind"]))
        self._list_batches()

    def refresh(self, changes: Changes) -> None:
        """Show new batches."""
        if changes.tables() & {"import_batch"}:
            self._list_batches()

    def save_state(self) -> dict[str, Any]:
        """Return nothing: a file is read again."""
        return {}

    # --- steps ---------------------------------------------------------------------------

    def _show_way(self, now: int) -> None:
        names = (_("File"), _("Columns"), _("Check"), _("Result"))
        below = ("", _("theirs and ours"), _("nothing is written"), "")
        steps = []
        for number, name in enumerate(names):
            state = DONE if number < now else CURRENT if number == now else FUTURE
            steps.append(Step(name, below[number], state))
        self._strip.show_steps(steps)

    def _to_file(self) -> None:
        self._stack.setCurrentWidget(self._file)
        self._show_way(0)
        self._list_batches()

    def _to_mapping(self) -> None:
        self._stack.setCurrentWidget(self._map)
        self._show_way(1)

    def _list_batches(self) -> None:
        desk = self.place.desk

        def work(_context: JobContext) -> list[Batch]:
            return imports.batches(desk)

        handle = self.place.runner.start(work, lane=READ, owner=self)
        handle.on_success(self._file.show_batches)

    def _on_file(self, name: str) -> None:
        self._path = Path(name)
        self._inspect(imports.load_mapping(None, self._file.kind()))

    def _inspect(self, mapping: object) -> None:
        path = self._path
        if path is None or not isinstance(mapping, imports.Mapping):
            return
        wanted = mapping

        def work(_context: JobContext) -> Inspection:
            return imports.inspect(path, wanted)

        self._run(self._job.start(work), self._on_inspected, _("Reading the file"))

    def _on_inspected(self, inspection: Inspection) -> None:
        self._map.show_inspection(inspection)
        self._to_mapping()

    def _check(self, mapping: object) -> None:
        path, desk = self._path, self.place.desk
        if path is None or not isinstance(mapping, imports.Mapping):
            return
        self._mapping = wanted = mapping

        def work(context: JobContext) -> ImportPlan:
            return imports.dry_run(desk, path, wanted, context)

        self._run(self._job.start(work), self._on_plan, _("Checking the rows"))

    def _apply(self) -> None:
        path, mapping, desk = self._path, self._mapping, self.place.desk
        if path is None or mapping is None:
            return

        def work(context: JobContext) -> ImportPlan:
            return imports.apply(desk, path, mapping, context, index_now=False).value

        self._run(self._job.start(work, lane=WRITE), self._on_applied, _("Importing"))

    def _run(self, handle: JobHandle, done: Any, text: str) -> None:
        self._progress.watch(handle, text)
        handle.on_success(done).on_failure(self.place.shell.tell)

    def _on_plan(self, plan: ImportPlan) -> None:
        self._plan = plan
        only_good = self._mapping is not None and self._mapping.only_good_rows
        self._result.show_plan(plan, only_good=only_good)
        self._stack.setCurrentWidget(self._result)
        self._show_way(4 if plan.applied else 2)

    def _on_applied(self, plan: ImportPlan) -> None:
        self._on_plan(plan)
        if plan.batch:
            self.place.shell.say(
                _("{n} rows imported").format(n=f"{plan.inserted + plan.updated:,}")
            )
        desk = self.place.desk

        def work(context: JobContext) -> int:
            return imports.index(desk, context)

        handle = self.place.runner.start(work, lane=WRITE, owner=self)
        self._progress.watch(handle, _("Making rows searchable"))

    # --- files and undo ------------------------------------------------------------------

    def _undo(self, batch: str) -> None:
        desk = self.place.desk
        handle = self.place.runner.start(
            lambda _context: imports.undo_import(desk, batch), lane=WRITE, owner=self
        )
        self._progress.watch(handle, _("Taking back"))
        handle.on_success(self._on_undone).on_failure(self.place.shell.tell)

    def _on_undone(self, outcome: Any) -> None:
        number = outcome.value.batch_no
        self.place.shell.say(_("{batch} taken back").format(batch=number), undo=False)
        self._to_file()

    def _write_template(self, name: str) -> None:
        kind, t = self._file.kind(), current()
        handle = self.place.runner.start(
            lambda _context: imports.write_template(kind, Path(name), t), lane=READ, owner=self
        )
        handle.on_success(self._on_written).on_failure(self.place.shell.tell)

    def _write_rejected(self, name: str) -> None:
        plan, t = self._plan, current()
        if plan is None:
            return
        handle = self.place.runner.start(
            lambda _context: imports.write_rejected(plan, Path(name), t), lane=READ, owner=self
        )
        handle.on_success(self._on_written).on_failure(self.place.shell.tell)

    def _on_written(self, _result: Any) -> None:
        self.place.shell.say(_("File written"), undo=False)

    def _show_records(self) -> None:
        plan = self._plan
        if plan is None:
            return
        page, entity = SHOWN.get(plan.kind.code, ("tickets", "ticket"))
        batch = next(
            (b for b in imports.batches(self.place.desk) if b.batch_no == plan.batch), None
        )
        if batch is not None:
            query = Query(entity).where("batch_id", Op.IN, batch.id)
            title = _("Import {batch}").format(batch=plan.batch)
            self.place.shell.go(Route(page, query=query, title=title))
