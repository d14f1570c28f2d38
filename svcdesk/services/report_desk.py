"""The report desk: versions of reports from the first draft to the one that is signed.

A report is *generated* as often as one likes, *reviewed* by a person, and *published*: from then on
nothing of it changes, neither its numbers nor its PDF; a later version supersedes it. What people
wrote into it and how the team set it up are kept beside it and serve every later version.
"""

from __future__ import annotations

import difflib
import tempfile
from dataclasses import asdict, dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from svcdesk.domain.people import Permission
from svcdesk.i18n.catalog import N_, current, translator
from svcdesk.reports import snapshot, template
from svcdesk.reports.chapters import CHAPTERS
from svcdesk.reports.draft import Editable
from svcdesk.reports.model import Blank, block_texts, tables_of
from svcdesk.reports.template import Choice
from svcdesk.services import reports
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import files
from svcdesk.store import report_versions as store
from svcdesk.store.report_versions import Setup, Version
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.reports.model import Block, ReportData, Section
    from svcdesk.system.job import JobContext

__all__ = ["Choice", "Editable", "Setup", "Version"]


@dataclass(frozen=True)
class Made:
    """A version that was made: its row, what it says, the texts that people may write."""

    version: Version
    data: ReportData
    texts: tuple[Editable, ...]


@dataclass(frozen=True)
class Obstacle:
    """Why a report cannot be published: a sentence, and the text to fill in when it is one."""

    sentence: str
    place: str = ""


def versions(desk: Desk, kind: str | None = None, period: str | None = None) -> list[Version]:
    """Return the versions of reports, the latest first."""
    return store.listed(desk.reader, kind, period)


def find(desk: Desk, report_id: int) -> Version:
    """Return a version."""
    found = store.find(desk.reader, report_id)
    if found is None:
        raise UserError("This version of the report is gone. Make it again.", code="report_gone")
    return found


def content(desk: Desk, report_id: int) -> ReportData:
    """Return what a version says."""
    found = store.snapshot(desk.reader, report_id)
    if found is None:
        raise UserError("This version of the report is gone. Make it again.", code="report_gone")
    return snapshot.unpacked(found)


def pdf(desk: Desk, version: Version) -> Path:
    """Return where the PDF of a version lies."""
    path = files.path_of(desk.path, version.sha256 or "")
    if not version.sha256 or not path.is_file():
        raise UserError(
            "The PDF of “{title}” is not beside the data file any more. Bring the folder “{folder}” "
            "back from a backup.",
            code="report_file",
            title=version.title,
            folder=files.folder_of(desk.path).name,
        )
    return path


# -- making ------------------------------------------------------------------------------------


def make(
    desk: Desk, kind: str, period: str, *, language: str, context: JobContext,
    as_of: int | None = None,
) -> Outcome[Made]:  # fmt: skip
    """Make the report anew: figures of one moment, everybody's texts, its PDF.

    It replaces the version that is not published yet; after a published one it is the next.
    """
    collected = reports.collected(
        desk, kind, period, language=language, context=context, as_of=as_of
    )
    code = collected.period.code
    known = [v for v in store.listed(desk.reader, kind, code) if v.language == language]
    current = next((v for v in known if not v.fixed), None)
    number = current.version if current else 1 + max((v.version for v in known), default=0)
    data = replace(collected.data, version=f"V{number}.0", stamp=collected.cutoff)
    context.check()
    sha256, pages = _drawn(desk, data, context)
    # not in the undo menu: it changes nothing but what is derived from records and texts
    with desk.write(N_("Report {title} made"), kind="system", title=data.title) as uow:
        values = {
            "type": kind, "period": code, "language": language, "version": number,
            "status": "generated", "title": data.title, "pages": pages, "sha256": sha256,
            "data_cutoff": collected.cutoff, "made_at": uow.now, "author_id": uow.actor_id,
            "reviewer_id": None, "reviewed_at": None,
        }  # fmt: skip
        report_id = store.save(uow, current.id if current else None, values, snapshot.packed(data))
    return Outcome(Made(find(desk, report_id), data, collected.texts), uow.changes)


def _drawn(desk: Desk, data: ReportData, context: JobContext) -> tuple[str, int]:
    """Draw a report and keep its PDF; return its SHA-256 and its number of pages."""
    from svcdesk.reports.pdf import document

    with tempfile.TemporaryDirectory(prefix="svcdesk-report-") as folder:
        target = Path(folder) / "report.pdf"
        pages = document.write(data, target, context)
        return files.keep(desk.path, target.read_bytes()), pages


# -- texts -------------------------------------------------------------------------------------


def write(desk: Desk, kind: str, period: str, place: str, text: str | None,
          original: str | None = None) -> Outcome[None]:  # fmt: skip
    """Write a text of a report; ``None`` brings the draft back.

    ``original`` is the draft that was edited; typed texts have none. Reports that are published
    keep what they said.
    """
    desk.require(Permission.MAKE_REPORTS)
    code = reports.period_of(desk, period).code
    cleaned = None if text is None or not text.strip() else text.strip()
    with desk.write(N_("Text of the report for {period}"), period=code) as uow:
        store.write(uow, kind, code, place, cleaned, original)
    return Outcome(None, uow.changes)


def texts_before(desk: Desk, kind: str, period: str) -> dict[str, str]:
    """Return what people wrote into the report of the period before, by place."""
    before = reports.period_of(desk, period).previous.code
    return {place: text for place, (_, text, _) in store.texts(desk.reader, kind, before).items()}


# -- the team's setup --------------------------------------------------------------------------


def spec(desk: Desk, kind: str) -> template.ReportSpec:
    """Return a kind of report as the team set it up."""
    return reports.spec_of(desk.reader, kind)


@dataclass(frozen=True)
class SectionView:
    """A section as it can be set up; ``usual`` is the title that the program gives it."""

    key: str
    usual: str
    title: str
    hidden: bool
    own: bool
    text: str
    picture: str


@dataclass(frozen=True)
class SetupView:
    """How a kind of report is set up."""

    sections: tuple[SectionView, ...]
    page_format: str
    logo: str


def setup_of(desk: Desk, kind: str) -> SetupView:
    """Return how the team set up a kind of report."""
    found = store.setup(desk.reader, kind)
    return _view(spec(desk, kind), found.logo)


def usual_setup(desk: Desk, kind: str) -> SetupView:
    """Return how the program has a kind of report; the logo stays."""
    return _view(template.load(kind), store.setup(desk.reader, kind).logo)


def _view(found: template.ReportSpec, logo: str) -> SetupView:
    t = current()
    sections = tuple(
        SectionView(
            section.key, t(CHAPTERS[section.chapter].title) if section.chapter else section.title,
            section.title, section.hidden, not section.chapter, section.text, section.picture,
        )
        for section in found.sections
    )  # fmt: skip
    return SetupView(sections, found.page_format, logo)


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


# -- review and publication --------------------------------------------------------------------


def obstacles(made: Made) -> list[Obstacle]:
    """Return what stands in the way of publishing: faults, and texts that are missing."""
    t = translator(made.data.language)
    found = [Obstacle(fault) for fault in made.data.faults]
    titles = {section.key: section.title for section in made.data.sections}
    for text in made.texts:
        if text.required and not text.text.strip():
            sentence = t("{section}: “{prompt}” is not written yet.").format(
                section=titles.get(text.section, text.section), prompt=text.prompt
            )
            found.append(Obstacle(sentence, text.key))
    return found


def review(desk: Desk, report_id: int) -> Outcome[Version]:
    """Note that the actor has read a generated report and stands behind it."""
    desk.require(Permission.MAKE_REPORTS)
    version = find(desk, report_id)
    _refuse_fixed(version)
    with desk.write(N_("Report {title} reviewed"), title=version.title) as uow:
        uow.update("report", report_id, {
            "status": "reviewed", "reviewer_id": uow.actor_id, "reviewed_at": uow.now,
        })  # fmt: skip
    return Outcome(find(desk, report_id), uow.changes)


def publish(desk: Desk, report_id: int, context: JobContext) -> Outcome[Version]:
    """Publish a version: its numbers and its PDF never change; the one before is superseded.

    It is made once more at its own cut-off, so that the cover names who reviewed it; were a number
    another one by now, it is refused. It cannot be undone: a later version supersedes it.
    """
    desk.require(Permission.PUBLISH_REPORTS)
    version = find(desk, report_id)
    _refuse_fixed(version)
    if version.status != "reviewed":
        raise UserError(
            "“{title}” has not been reviewed yet. Review it, then publish it.",
            code="report_review",
            title=version.title,
        )
    collected = reports.collected(
        desk, version.kind, version.period, language=version.language, context=context,
        as_of=version.cutoff,
    )  # fmt: skip
    old = content(desk, report_id)
    if _said(old) != _said(collected.data):
        raise UserError(
            "“{title}” would say something else now: records or texts were changed since it was "
            "made. Make it again and review it.",
            code="report_changed",
            title=version.title,
        )
    found = obstacles(Made(version, collected.data, collected.texts))
    if found:
        raise UserError(
            "“{title}” cannot be published yet. {first}",
            code="report_obstacle",
            title=version.title,
            first=found[0].sentence,
        )
    reviewer = desk.reference.people[version.reviewer_id].name if version.reviewer_id else ""
    data = replace(
        old, sections=[_without_blanks(s) for s in old.sections], reviewer=reviewer or old.reviewer,
        reviewed_on=_day(desk, version.reviewed_at), stamp=version.cutoff,
    )  # fmt: skip
    sha256, pages = _drawn(desk, data, context)
    # not in the undo menu: what is signed is not taken back, it is superseded
    with desk.write(N_("Report {title} published"), kind="system", title=version.title) as uow:
        for other in store.listed(uow.connection, version.kind, version.period):
            if other.status == "published" and other.language == version.language:
                uow.update("report", other.id, {"status": "superseded"})
        values = {"pages": pages, "sha256": sha256, "status": "published", "published_at": uow.now}
        store.save(uow, report_id, values, snapshot.packed(data))
    return Outcome(find(desk, report_id), uow.changes)


def _without_blanks(section: Section) -> Section:
    """Return a section without the places of texts that nobody wrote."""
    blocks: list[Block] = [block for block in section.blocks if not isinstance(block, Blank)]
    return replace(section, blocks=blocks)


def _refuse_fixed(version: Version) -> None:
    if version.fixed:
        raise UserError(
            "“{title}” is published and does not change. Make a new version.",
            code="report_published",
            title=version.title,
        )


def _said(data: ReportData) -> object:
    """Return what a report says, without who stands on its cover and when."""
    return [(s.key, s.title, s.number, s.blocks) for s in data.sections], data.cover, data.faults


def _day(desk: Desk, moment: int | None) -> str:
    from datetime import datetime

    return "" if moment is None else f"{datetime.fromtimestamp(moment, desk.zone):%Y-%m-%d}"


def export_pdf(desk: Desk, version: Version, target: Path) -> None:
    """Write the PDF of a version to a place of one's own."""
    from svcdesk.reports.into_place import into_place

    source = pdf(desk, version)
    with into_place(target) as draft:
        draft.write_bytes(source.read_bytes())


# -- reading versions --------------------------------------------------------------------------


def texts_of(desk: Desk, version: Version, context: JobContext) -> Made:
    """Return a version with the texts that may be written into it; of a published one none."""
    data = content(desk, version.id)
    if version.fixed:
        return Made(version, data, ())
    collected = reports.collected(
        desk, version.kind, version.period, language=version.language, context=context,
        as_of=version.cutoff,
    )  # fmt: skip
    return Made(version, data, collected.texts)


@dataclass(frozen=True)
class Difference:
    """What another version says differently in a section; an empty side: it is not there."""

    section: str
    before: str
    after: str


def compare(desk: Desk, old_id: int, new_id: int) -> list[Difference]:
    """Return what a version says differently from another one, section by section."""
    old, new = content(desk, old_id), content(desk, new_id)
    before = {section.key: section for section in old.sections}
    after = {section.key: section for section in new.sections}
    found: list[Difference] = []
    for key in dict.fromkeys((*after, *before)):
        title = (after.get(key) or before[key]).title
        left = _lines(before[key]) if key in before else []
        right = _lines(after[key]) if key in after else []
        matcher = difflib.SequenceMatcher(a=left, b=right, autojunk=False)
        for kind, a, b, c, d in matcher.get_opcodes():
            if kind != "equal":
                found += [
                    Difference(title, x, y)
                    for x, y in zip_longest(left[a:b], right[c:d], fillvalue="")
                ]
    return found


def _lines(section: Section) -> list[str]:
    """Return what a section says, a line for each paragraph and each row of a table."""
    lines: list[str] = []
    for block in section.blocks:
        found = tables_of(block)
        for table in found:
            lines += [table.caption, *("  ".join(row) for row in table.rows), *table.notes]
        if not found:
            lines += [text for text in block_texts(block) if text]
    return lines
