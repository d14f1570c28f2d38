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
MARKS = {"zh_CN": "中", "en": "EN"}
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


def _brief(kind: str) -> str:
    """Return the name of a kind that stands beside a period in the list."""
    names = {
        "monthly": pgettext("report", "Service"), "complaints": pgettext("report", "Complaints"),
        "quarterly": pgettext("report", "Quarter"), "half_year": pgettext("report", "Half-year"),
    }  # fmt: skip
    return names[kind]


def _title(row: Row) -> Cell:
    version = row.version
    first, _dots, last = version.period.partition("..")
    period = f"{first[5:]}–{last[5:]}" if last else first  # the tip has the years
    return Cell(f"{period} {_brief(version.kind)}", bold=not version.fixed, tip=version.title)


def _version(row: Row) -> Cell:
    version = row.version
    other = "" if version.language == language() else MARKS.get(version.language, "")
    return Cell(f"V{version.version} {other}".rstrip(), tip=LANGUAGES.get(version.language, ""))


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
        ColumnDef("version", pgettext("report", "Version"), _version, 52),
        ColumnDef("state", _("State"), _state, 96),
        ColumnDef("made", _("Made on"), lambda row: Cell(row.made, colour="text-2"), 92, drop=1),
    ]  # fmt: skip


def rows(desk: Desk, versions: Sequence[Version]) -> list[Row]:
    """Return the rows of versions."""
    return [
        Row(v.id, v, f"{datetime.fromtimestamp(v.made_at, desk.zone):%m-%d %H:%M}")
        for v in versions
    ]
