"""Rows and words of the report desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from svcdesk.i18n.catalog import N_, _, language, pgettext
from ui.models.columns import Cell, ColumnDef

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.services.desk import Desk
    from svcdesk.services.report_desk import Version

KINDS = {  # short names of the four reports
    "monthly": N_("Monthly service report"),
    "complaints": N_("Monthly complaint summary"),
    "quarterly": N_("Quarterly report and plan"),
    "half_year": N_("Half-year report"),
}
STATES: dict[str, tuple[str, str, str]] = {  # word, icon, colour
    "generated": (N_("made"), "circle-dashed", "text-3"),
    "reviewed": (N_("reviewed"), "eye", "warn"),
    "published": (N_("published"), "circle-check", "ok"),
    "superseded": (N_("superseded"), "history", "text-3"),
}
LANGUAGES = {"zh_CN": "中文", "en": "English"}


@dataclass(frozen=True)
class Row:
    """One version in the list."""

    id: int
    version: Version
    made: str


def state_of(version: Version) -> tuple[str, str, str]:
    """Return word, icon and colour of a version's state."""
    word, icon, colour = STATES.get(version.status, STATES["generated"])
    return _(word), icon, colour


def _title(row: Row) -> Cell:
    version = row.version
    text = f"{version.period} {_(KINDS[version.kind])}"
    if version.language != language():
        text += f" ({LANGUAGES.get(version.language, version.language)})"
    return Cell(text, bold=not version.fixed, tip=version.title)


def _state(row: Row) -> Cell:
    word, icon, colour = state_of(row.version)
    return Cell(word, icon, icon_colour=colour)


def columns() -> list[ColumnDef]:
    """Return the columns of the list of versions."""
    return [
        ColumnDef(
            "title", _("Report"),
            _title, 190,
            stretch=True, elide=True,
        ),
        ColumnDef("version", pgettext("report", "Version"), lambda row: Cell(f"V{row.version.version}"), 44),
        ColumnDef("state", _("State"), _state, 96),
        ColumnDef("made", _("Made on"), lambda row: Cell(row.made, colour="text-2"), 92, drop=1),
    ]  # fmt: skip


def rows(desk: Desk, versions: Sequence[Version]) -> list[Row]:
    """Return the rows of versions."""
    return [
        Row(v.id, v, f"{datetime.fromtimestamp(v.made_at, desk.zone):%m-%d %H:%M}")
        for v in versions
    ]
