"""Imports as the window and the command line use them: look, try, do, take back.

Everything of one import is one unit of work: all rows, or the good ones, or nothing. Historical
times stay as they are; imported rows start no timers, alarms or callbacks.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from svcdesk.domain.anomalies import FUTURE_SECONDS
from svcdesk.domain.localtime import zone as checked_zone
from svcdesk.domain.people import Permission
from svcdesk.i18n.catalog import N_, Translator
from svcdesk.interchange import mapping as mappings
from svcdesk.interchange import plan as plans
from svcdesk.interchange import templates
from svcdesk.interchange.columns import RowReader
from svcdesk.interchange.kinds import KINDS, Kind, kind_of, normal
from svcdesk.interchange.mapping import Columns, Mapping
from svcdesk.interchange.plan import Action, ImportPlan
from svcdesk.interchange.source import Choices, Row, Source, open_source, preview
from svcdesk.services import customer_tiers, undo
from svcdesk.services import imports_histories as histories
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.imports_complaints import ComplaintHandler
from svcdesk.services.imports_events import EventHandler
from svcdesk.services.imports_kinds import HANDLERS, SPECS
from svcdesk.services.imports_refs import Resolver
from svcdesk.services.imports_run import Engine, Run
from svcdesk.services.imports_tables import Handler, TableHandler
from svcdesk.services.imports_tickets import TicketHandler
from svcdesk.store import configuration, detections, documents, search
from svcdesk.store import imports as store
from svcdesk.store.changes import Changes
from svcdesk.store.connection import speaking
from svcdesk.store.imports import Batch
from svcdesk.store.unit_of_work import LOG_CHANGED, LOG_NONE, UnitOfWork
from svcdesk.system.errors import UserError
from svcdesk.system.job import Cancelled, JobContext

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["KINDS", "Batch", "ImportPlan", "Inspection", "Mapping", "apply", "batches", "dry_run",
           "index", "inspect", "listing", "load_mapping", "save_mapping", "undo_import",
           "write_rejected", "write_template"]  # fmt: skip

REFUSED = N_(
    "{rejected} of {rows} rows cannot be imported, so nothing was written. Correct them, or import"
    " the good rows only."
)
# Tables whose rows come by the thousand.
BULK_TABLES = ("customer", "ticket", "ticket_text", "ticket_event", "complaint", "complaint_text",
               "complaint_event", "survey", "callback", "sales_order")  # fmt: skip
OPENING = N_("Opening the file")
CHECKING = N_("Checking the new records")
SAVING = N_("Saving")
INDEXING = N_("Making rows searchable")


@dataclass(frozen=True)
class Inspection:
    """A file as the wizard shows it: its form, the connections found, and its first records."""

    kind: Kind
    source: Source
    mapping: Mapping
    columns: Columns | None
    refusal: UserError | None
    rows: list[Row]


class _NotDoneError(Exception):
    """Ends the unit of work without writing; never seen outside."""


# ---- looking ------------------------------------------------------------------------------------


def load_mapping(path: Path | None, kind: str = "") -> Mapping:
    """Return a mapping from its file, or an empty one for ``kind``."""
    if path is None:
        return Mapping(kind=kind_of(kind).code)
    mapping = mappings.load(path, kind_of(kind) if kind else None)
    if kind and mapping.kind and kind_of(kind).code != mapping.kind:
        raise UserError(
            N_("The mapping is for {theirs}, but the import is of {ours}."),
            code="mapping",
            theirs=mapping.kind,
            ours=kind_of(kind).code,
        )
    return replace(mapping, kind=mapping.kind or kind)


def save_mapping(mapping: Mapping, path: Path) -> None:
    """Write a mapping file."""
    path.write_text(mappings.dumps(mapping), encoding="utf-8")


def _open(path: Path, mapping: Mapping) -> tuple[Kind, Source]:
    kind = kind_of(mapping.kind)
    wanted = {normal(header) for header in mapping.columns}

    def known(header: str) -> bool:
        parts = (header, header.rpartition("/")[2])
        return any(normal(p) in wanted or kind.field_named(p) is not None for p in parts)

    choices = Choices(mapping.encoding, mapping.sheet, mapping.header_row)
    return kind, open_source(path, known, choices)


def inspect(path: Path, mapping: Mapping, rows: int = 20) -> Inspection:
    """Open a file and connect its columns; a refusal is returned, so that a person can mend it."""
    kind, source = _open(path, mapping)
    try:
        columns, refusal = mappings.connect(kind, mapping, source.names), None
    except UserError as error:
        columns, refusal = None, error
    full = mappings.with_columns(mapping, columns) if columns is not None else mapping
    return Inspection(kind, source, full, columns, refusal, preview(source, rows))


# ---- trying and doing -----------------------------------------------------------------------------


def dry_run(desk: Desk, path: Path, mapping: Mapping, context: JobContext) -> ImportPlan:
    """Return what an import would do, without writing anything."""
    desk.require(Permission.IMPORT)
    kind, source = _open(path, mapping)
    plan = ImportPlan(kind, path.name, source.names)
    with desk.reading():
        _work(Run(desk, plan, None, context), source, mapping)
    return plan


def apply(
    desk: Desk, path: Path, mapping: Mapping, context: JobContext, *, index_now: bool = True
) -> Outcome[ImportPlan]:
    """Import a file: all of it, or its good rows when the mapping says so, or nothing.

    A file that brings nothing new leaves no trace. With ``index_now`` the new rows are made
    searchable at the end; otherwise :func:`index` does it behind the visible rows.
    """
    desk.require(Permission.IMPORT)
    context.progress(0, 0, OPENING)
    kind, source = _open(path, mapping)
    context.progress(0, 0, OPENING)
    plan = ImportPlan(kind, path.name, source.names)
    context.on_cancel(desk.writer.interrupt)
    changes = Changes()
    try:
        with desk.write(N_("Import {file}"), kind="import", file=path.name) as uow:
            _import(desk, uow, plan, source, mapping, context)
            changes = uow.changes
    except _NotDoneError:
        return Outcome(plan, Changes())
    plan.applied = True
    customer_tiers.follow(desk, changes, context)
    if index_now:
        with suppress(Cancelled):  # the rows are in; the next indexing makes them searchable
            index(desk, context)
    return Outcome(plan, changes)


def _import(
    desk: Desk, uow: UnitOfWork, plan: ImportPlan, source: Source, mapping: Mapping,
    context: JobContext,
) -> None:  # fmt: skip
    uow.bulk(LOG_CHANGED)
    run = Run(desk, plan, uow, context)
    number = run.next_plain_number("import_batch")
    batch = store.open_batch(uow, number, plan.kind.code, plan.file_name, source.sha256())
    run.begin(batch)
    with store.without_insert_log(uow.connection, BULK_TABLES):
        _work(run, source, mapping)
    if plan.rejected_rows and not mapping.only_good_rows:
        plan.counts[Action.INSERT] = plan.counts[Action.UPDATE] = 0
        raise _NotDoneError
    if not plan.inserted and not plan.updated:
        raise _NotDoneError
    run.beat(SAVING)
    run.finish()
    for table, count in run.written.items():
        uow.note_batch(table, count)
    uow.bulk(LOG_NONE)
    counts = {"rows_read": plan.rows_read, "inserted": plan.inserted, "updated": plan.updated,
              "skipped": plan.skipped, "rejected": plan.rejected_rows}  # fmt: skip
    store.close_batch(uow, counts, json.dumps(dict(plan.flagged)), mappings.dumps(mapping))
    for table in run.written.keys() & documents.DOCUMENTS.keys():
        run.beat(SAVING)
        search.postpone(uow.connection, table, batch, uow.keys.last)
    run.beat(SAVING)
    uow.bulk(LOG_CHANGED)
    uow.on_saving = lambda done, total: context.progress(done, total, SAVING)
    plan.batch = number


def _work(run: Run, source: Source, mapping: Mapping) -> None:
    kind, plan = run.plan.kind, run.plan
    columns = mappings.connect(kind, mapping, source.names)
    plan.unused = columns.unused
    zone = mapping.timezone or str(run.reference.settings["timezone"])
    run.zone = checked_zone(zone)
    reader = RowReader(
        kind, columns, zone=zone, dates=mapping.dates, latest=run.now + FUTURE_SECONDS
    )
    resolver = Resolver(run, kind, [feed.field for feed in columns.feeds], mapping.creates)
    handler = _handler(run, kind, resolver)
    Engine(run, kind, source, reader, resolver, handler).work()
    run.beat(CHECKING)
    handler.finish()
    if run.uow is not None:
        run.flush()
        histories.refresh_tickets(run, run.touched_tickets)
        histories.refresh_complaints(run, run.touched_complaints)
        if run.touched_complaints or run.written.get("complaint"):
            # last: what was resolved when decides on second complaints (4.1-4.3)
            rules = detections.settings_from(run.reference.settings)
            detections.recompute(run.uow, rules, run.reference.zone)
            detections.suggest_exposures(run.uow, rules, run.touched_complaints)


def _handler(run: Run, kind: Kind, resolver: Resolver) -> Handler:
    if kind.code == "tickets":
        return TicketHandler(run, kind, resolver)
    if kind.code == "complaints":
        return ComplaintHandler(run, kind, resolver)
    if kind.code in ("ticket-events", "complaint-events"):
        return EventHandler(run, kind, resolver)
    return HANDLERS.get(kind.code, TableHandler)(run, kind, resolver, SPECS[kind.code])


def index(desk: Desk, context: JobContext) -> int:
    """Make imported rows searchable, chunk by chunk; return how many.

    SQLite's statistics follow: a planner that knows nothing of a million rows chooses badly.
    """
    with speaking(desk.path):
        count = search.index_pending(desk.writer, _Named(context, INDEXING))
    configuration.optimize(desk.writer, everything=True)
    return count


class _Named:
    """A context whose progress carries a text."""

    def __init__(self, context: JobContext, text: str) -> None:
        self._context = context
        self._text = text
        self.check = context.check
        self.on_cancel = context.on_cancel

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Report progress under the text."""
        self._context.progress(done, total, text or self._text)


# ---- afterwards -------------------------------------------------------------------------------------


def batches(desk: Desk) -> list[Batch]:
    """Return the imports done, newest first."""
    return store.batches(desk.reader)


def undo_import(desk: Desk, number: str) -> Outcome[Batch]:
    """Take a batch back whole; refused when its records were changed or are used since."""
    desk.require(Permission.IMPORT)
    batch = store.batch_named(desk.reader, number.strip())
    if batch is None:
        raise UserError(N_("There is no import “{number}”."), code="no_batch", number=number)
    if batch.undone:
        raise UserError(
            N_("The import {number} was taken back already."),
            code="undone_already",
            number=batch.batch_no,
        )
    step = store.step_of(desk.reader, batch)
    outcome = undo.undo_operation(desk, step)
    return Outcome(batch, outcome.changes)


def write_rejected(plan: ImportPlan, path: Path, t: Translator) -> None:
    """Write the rejected rows, with their reasons, to correct and import again."""
    plans.write_rejected(plan, path, t)


def write_template(kind: str, path: Path, t: Translator) -> None:
    """Write the template of a kind."""
    templates.write_template(kind_of(kind), path, t)


def listing(t: Translator) -> list[dict[str, object]]:
    """Return every kind of import with its columns."""
    return templates.listing(t)
