"""How the team sets a kind of report up: sections, titles, own texts and pictures, logo, format.

One data file is one team's: its setup is kept in the file, beside the records that its reports are
about, and travels with it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from svcdesk.domain.people import Permission
from svcdesk.i18n.catalog import N_, current
from svcdesk.reports import collect, template
from svcdesk.reports.chapters import CHAPTERS
from svcdesk.reports.template import Choice
from svcdesk.services import reports
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import files
from svcdesk.store import report_versions as store
from svcdesk.store.report_versions import Setup
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["Choice", "Setup"]


@dataclass(frozen=True)
class SlotView:
    """The place of a typed text; ``when_missed``: needed whenever a target was missed."""

    key: str
    prompt: str
    required: bool
    when_missed: bool


@dataclass(frozen=True)
class SectionView:
    """A section as it can be set up; ``usual`` is the title that the program gives it.

    ``slots``: its typed texts. ``asks``: a section of the team's own whose text is typed anew for
    every period; ``text``: one that stands in every report.
    """

    key: str
    usual: str
    title: str
    hidden: bool
    own: bool
    text: str
    picture: str
    asks: bool
    slots: tuple[SlotView, ...]


@dataclass(frozen=True)
class SetupView:
    """How a kind of report is set up."""

    sections: tuple[SectionView, ...]
    page_format: str
    logo: str


def spec(desk: Desk, kind: str) -> template.ReportSpec:
    """Return a kind of report as the team set it up."""
    return reports.spec_of(desk.reader, kind)


def setup_of(desk: Desk, kind: str) -> SetupView:
    """Return how the team set up a kind of report."""
    found = store.setup(desk.reader, kind)
    return _view(spec(desk, kind), found.logo)


def usual_setup(desk: Desk, kind: str) -> SetupView:
    """Return how the program has a kind of report; the logo stays."""
    return _view(template.load(kind), store.setup(desk.reader, kind).logo)


def own_slot() -> SlotView:
    """Return the typed text of a section of the team's own."""
    slot = collect.OWN_TEXT
    return SlotView(slot.key, current()(slot.prompt), required=False, when_missed=False)


def _view(found: template.ReportSpec, logo: str) -> SetupView:
    return SetupView(
        tuple(_section(section) for section in found.sections), found.page_format, logo
    )


def _section(section: template.SectionSpec) -> SectionView:
    t = current()
    chapter = CHAPTERS.get(section.chapter)
    slots = (collect.OWN_TEXT,) if chapter is None else chapter.slots
    return SectionView(
        section.key, section.title if chapter is None else t(chapter.title), section.title,
        section.hidden, chapter is None, section.text, section.picture, section.asks,
        tuple(SlotView(s.key, t(s.prompt), s.key in section.required, s.when_missed) for s in slots),
    )  # fmt: skip


def keep_picture(desk: Desk, path: Path) -> str:
    """Keep a picture beside the data file and return its SHA-256; what is no picture is refused."""
    desk.require(Permission.SETTINGS)
    from svcdesk.reports.pdf import pictures

    pictures.load(str(path))
    return files.keep(desk.path, path.read_bytes())


def save_setup(
    desk: Desk, kind: str, choices: Sequence[Choice], *, page_format: str = "",
    logo: str = "",
) -> Outcome[None]:  # fmt: skip
    """Keep how the team sets up a kind of report: order, titles, hidden and own sections."""
    desk.require(Permission.SETTINGS)
    own = [choice for choice in choices if choice.own]
    if len({choice.key for choice in choices}) != len(choices) or any(
        not choice.title.strip() for choice in own
    ):
        raise UserError(
            "Every section of your own needs a title. Name the one without.", code="report_setup"
        )
    rows = tuple(asdict(choice) for choice in choices)
    with desk.write(N_("Sections of a report")) as uow:
        store.save_setup(uow, kind, Setup(rows, page_format, logo))
    return Outcome(None, uow.changes)
