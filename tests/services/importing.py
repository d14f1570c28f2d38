"""Short words for the import tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from svcdesk.i18n.catalog import translator
from svcdesk.interchange import mapping as mappings
from svcdesk.interchange.kinds import kind_of
from svcdesk.interchange.mapping import CREATABLE, Mapping
from svcdesk.services import imports
from svcdesk.system.job import ImmediateContext

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.services.desk import Desk

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVERYTHING = frozenset(CREATABLE)


def at(text: str, zone: str = "Asia/Shanghai") -> int:
    """Return the UTC second of a wall clock."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.strip().encode(encoding))
    return path


def mapping_of(kind: str, toml: str = "", *, create: bool = True) -> Mapping:
    found = replace(mappings.loads(toml, kind_of(kind)), kind=kind)
    return replace(found, create=EVERYTHING) if create else found


def bring(
    desk: Desk, path: Path, kind: str, toml: str = "", *, create: bool = True, dry: bool = False
) -> imports.ImportPlan:
    mapping = mapping_of(kind, toml, create=create)
    if dry:
        return imports.dry_run(desk, path, mapping, ImmediateContext())
    return imports.apply(desk, path, mapping, ImmediateContext()).value


def brought(desk: Desk, path: Path, kind: str, toml: str = "") -> imports.ImportPlan:
    """Import what has to come in whole."""
    plan = bring(desk, path, kind, toml)
    assert not plan.problems, [p.sentence(translator("en")) for p in plan.problems[:5]]
    assert plan.applied
    return plan


def rows(desk: Desk, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in desk.reader.execute(sql, parameters).fetchall()]


def one(desk: Desk, sql: str, *parameters: Any) -> Any:
    found = rows(desk, sql, *parameters)
    assert len(found) == 1, found
    return found[0] if len(found[0]) > 1 else found[0][0]


BUSINESS = (
    "customer", "product", "person", "list_item", "ticket", "ticket_text", "ticket_event", "visit",
    "complaint", "complaint_text", "complaint_event", "callback", "survey", "sales_order",
    "quality_check", "knowledge", "calendar_day", "survey_answer", "survey_form", "quality_form",
)  # fmt: skip


def visible(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Return everything that is visible, to compare before and after; bookkeeping left out."""
    found = {}
    for table in BUSINESS:
        names = [row[1] for row in desk.reader.execute(f"PRAGMA table_info({table})")]
        kept = [n for n in names if n not in ("updated_at", "row_version", "deleted_at")]
        found[table] = rows(
            desk, f"SELECT {', '.join(kept)} FROM {table} WHERE deleted_at IS NULL ORDER BY id"
        )
    for table in ("ticket_episode", "ticket_pause"):
        found[table] = rows(
            desk,
            f"SELECT d.* FROM {table} d JOIN ticket t ON t.id = d.ticket_id "
            "WHERE t.deleted_at IS NULL ORDER BY 1, 2",
        )
    return found
