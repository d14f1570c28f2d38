"""Bringing records in: templates, imports, taking an import back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from svcdesk.cli.session import Session, common
from svcdesk.i18n import catalog
from svcdesk.i18n.catalog import _

if TYPE_CHECKING:
    from svcdesk.interchange.plan import ImportPlan


@click.command()
@click.argument("kind", required=False)
@click.option("--out", type=click.Path(path_type=Path), default=None, help="F.csv or F.xlsx")
@click.option("--list", "listing", is_flag=True, help="List the kinds of import.")
@common
def template(session: Session, kind: str | None, out: Path | None, *, listing: bool) -> None:
    """Write the import template of an entity."""
    from svcdesk.services import imports

    t = catalog.current()
    if listing or kind is None:
        kinds = imports.listing(t)
        lines = [f"{entry['kind']:18} {entry['label']}" for entry in kinds]
        session.tell({"kinds": kinds}, "\n".join(lines))
        return
    target = out or Path(f"{kind}.xlsx")
    imports.write_template(kind, target, t)
    session.tell({"template": str(target)}, _("Template written: “{path}”.").format(path=target))


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "kind", default="", help="Kind of records; see “template --list”.")
@click.option("--map", "map_file", type=click.Path(path_type=Path), default=None)
@click.option("--encoding", default="")
@click.option("--dry-run", is_flag=True)
@click.option(
    "--rejected",
    type=click.Path(path_type=Path),
    default=None,
    help="Write the rejected rows here, to correct.",
)
@common
def import_file(
    session: Session, file: Path, kind: str, map_file: Path | None, encoding: str, *,
    dry_run: bool, rejected: Path | None,
) -> None:  # fmt: skip
    """Import a CSV file or a spreadsheet."""
    from dataclasses import replace

    from svcdesk.services import imports

    mapping = imports.load_mapping(map_file, kind)
    if encoding:
        mapping = replace(mapping, encoding=encoding)
    with session.open(write=True) as desk:
        if dry_run:
            plan = imports.dry_run(desk, file, mapping, session.context())
        else:
            plan = imports.apply(desk, file, mapping, session.context()).value
    if rejected is not None and plan.problems:
        imports.write_rejected(plan, rejected, catalog.current())
    answer = plan.as_json(catalog.current())
    session.tell(answer, _summary(plan, answer))
    if plan.problems and not (plan.applied or dry_run):
        sys.exit(1)


def _summary(plan: ImportPlan, answer: dict[str, Any]) -> str:
    """Return what an import did, with its first problems, as a text."""
    lines = [
        _("{read} rows read: {inserted} new, {updated} changed, {skipped} known, {rejected} rejected.").format(
            read=answer["rows_read"], inserted=answer["inserted"], updated=answer["updated"],
            skipped=answer["skipped"], rejected=len({entry["row"] for entry in answer["rejected"]}),
        )
    ]  # fmt: skip
    for entry in answer["rejected"][:20]:
        field = plan.kind.field_named(entry["field"])
        name = plan.kind.header(field, catalog.current()) if field else entry["field"]
        lines.append(
            _("Row {row}, “{field}”: {text}").format(
                row=entry["row"], field=name, text=entry["text"]
            )
        )
    if len(answer["rejected"]) > 20:
        lines.append(_("… and {n} more").format(n=len(answer["rejected"]) - 20))
    if answer.get("batch"):
        lines.append(_("Batch {batch}").format(batch=answer["batch"]))
    return "\n".join(lines)


@click.command("undo-import")
@click.argument("batch")
@common
def undo_import(session: Session, batch: str) -> None:
    """Take an import back whole."""
    from svcdesk.services import imports

    with session.open(write=True) as desk:
        undone = imports.undo_import(desk, batch).value
    session.tell(
        {"batch": undone.batch_no},
        _("The import {batch} was taken back.").format(batch=undone.batch_no),
    )
