"""The report desk: versions of reports from the first draft to the one that is signed.

A report is *generated* as often as one likes, *reviewed* by a person, and *published*: from then on
nothing of it changes, neither its numbers nor its PDF; a later version supersedes it. What people
wrote into it and how the team set it up are kept beside it and serve every later version.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from svcdesk.domain.people import Permission, may
from svcdesk.i18n.catalog import N_, translator
from svcdesk.reports import snapshot
from svcdesk.reports.draft import Editable
from svcdesk.reports.model import Blank, Picture
from svcdesk.services import reports
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import files
from svcdesk.store import report_versions as store
from svcdesk.store.report_versions import Version
from svcdesk.system.errors import EnvironmentProblem, UserError
from svcdesk.system.job import ImmediateContext

if TYPE_CHECKING:
    from svcdesk.reports.model import Block, ReportData, Section
    from svcdesk.system.job import JobContext

__all__ = ["Editable", "Version"]

CHANGED = N_(
    "The PDF of “{title}” was changed or damaged after it was published. Bring the folder "
    "“{folder}” back from a backup."
)
GONE = N_(
    "The PDF of “{title}” is not beside the data file any more. Bring the folder “{folder}” "
    "back from a backup."
)
LOOKED_AT = 3600  # seconds for which the PDF of an earlier draft stays
_KEPT = re.compile(r"[0-9a-f]{64}$")  # the name of a file kept beside the data file


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
    """Return the versions of reports, the latest first; who makes none sees those published."""
    found = store.listed(desk.reader, kind, period)
    if may(desk.roles, Permission.MAKE_REPORTS):
        return found
    return [version for version in found if version.fixed]


def find(desk: Desk, report_id: int) -> Version:
    """Return a version."""
    found = store.find(desk.reader, report_id)
    if found is None:
        raise UserError("This version of the report is gone. Make it again.", code="report_gone")
    if not found.fixed:
        desk.require(Permission.MAKE_REPORTS)
    return found


def content(desk: Desk, report_id: int) -> ReportData:
    """Return what a version says."""
    found = store.snapshot(desk.reader, report_id)
    if found is None:
        raise UserError("This version of the report is gone. Make it again.", code="report_gone")
    return _at_home(desk, snapshot.unpacked(found))


def _at_home(desk: Desk, data: ReportData) -> ReportData:
    """Return a report with its pictures where the data file is now: it may have been moved."""

    def here(path: str) -> str:
        found = _KEPT.search(path)
        return str(files.path_of(desk.path, found[0])) if found else path

    sections = [
        replace(section, blocks=[
            replace(block, path=here(block.path)) if isinstance(block, Picture) else block
            for block in section.blocks
        ])
        for section in data.sections
    ]  # fmt: skip
    return replace(data, logo=here(data.logo), sections=sections)


def pdf(desk: Desk, version: Version) -> Path:
    """Return where the PDF of a version lies.

    One that is gone or was changed since is drawn again from what the version says, and is taken
    only when it is the same byte for byte (SHA-256).
    """
    sha256 = version.sha256 or ""
    path = files.path_of(desk.path, sha256)
    changed = path.is_file()
    if changed and files.digest(path) == sha256:
        return path
    with suppress(UserError):  # a logo that is gone as well
        again, _pages = _drawing(content(desk, version.id), ImmediateContext())
        if hashlib.sha256(again).hexdigest() == sha256:
            files.keep(desk.path, again)
            return path
    if not version.fixed:
        raise UserError(
            "The PDF of “{title}” is damaged or not beside the data file any more. Make the "
            "report again.",
            code="report_file",
            title=version.title,
        )
    raise UserError(
        CHANGED if changed else GONE, code="report_file", title=version.title,
        folder=files.folder_of(desk.path).name,
    )  # fmt: skip


@dataclass(frozen=True)
class Seal:
    """Who reviewed and published a version, as names and moments; empty: nobody yet."""

    reviewer: str
    reviewed_at: int | None
    publisher: str
    published_at: int | None
    sha256: str


def seal(desk: Desk, version: Version) -> Seal:
    """Return who stands behind a version."""
    people = desk.reference.people

    def name(person: int | None) -> str:
        return people[person].name if person in people else ""

    publisher = store.publisher(desk.reader, version.id) if version.fixed else None
    return Seal(
        name(version.reviewer_id), version.reviewed_at, name(publisher), version.published_at,
        version.sha256 or "",
    )  # fmt: skip


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
    number = 1 + max((v.version for v in known if v.fixed), default=0)
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
    found, pages = _drawing(data, context)
    return files.keep(desk.path, found), pages


def _drawing(data: ReportData, context: JobContext) -> tuple[bytes, int]:
    """Return the PDF of a report and its number of pages."""
    from svcdesk.reports.pdf import document

    with tempfile.TemporaryDirectory(prefix="svcdesk-report-") as folder:
        target = Path(folder) / "report.pdf"
        pages = document.write(data, target, context)
        return target.read_bytes(), pages


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


def discard(desk: Desk, report_id: int) -> Outcome[None]:
    """Take a version that is not published away; its texts stay, and it can be undone."""
    desk.require(Permission.MAKE_REPORTS)
    version = find(desk, report_id)
    _refuse_fixed(version)
    with desk.write(N_("Report {title} removed"), title=version.title) as uow:
        uow.remove("report", report_id)
    return Outcome(None, uow.changes)


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
    known = store.listed(desk.reader, version.kind, version.period)
    if any(v.fixed and v.language == version.language and v.version >= version.version
           for v in known):  # fmt: skip
        raise UserError(
            "A later version of “{title}” is published already. Make the report again.",
            code="report_older",
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
    _clear_away(desk)
    return Outcome(find(desk, report_id), uow.changes)


def _clear_away(desk: Desk) -> None:
    """Take away the PDFs of drafts that were made anew, once nobody looks at them any more."""
    for sha256 in store.left_over(desk.reader, desk.clock.now() - LOOKED_AT):
        with suppress(EnvironmentProblem):  # open in another program: the next time
            files.remove(desk.path, sha256)


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
