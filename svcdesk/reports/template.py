"""What a report holds, declared in ``resources/report_templates``: sections, order, typed texts.

A team may hide, rename and reorder sections and add texts and pictures of its own; its choices
are kept beside the template (``Choice``), so that a new version of the program brings new sections
without undoing them.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from svcdesk.reports.chapters import CHAPTERS
from svcdesk.system.paths import resources

if TYPE_CHECKING:
    from collections.abc import Sequence

KINDS = ("monthly", "complaints", "quarterly", "half_year")
NUMBERED, PLAIN, APPENDIX = "numbered", "plain", "appendix"


@dataclass(frozen=True)
class SectionSpec:
    """One section: a chapter of :data:`CHAPTERS`, or a text and picture of the team's own.

    ``key`` is stable and unique in its report; ``title``: the team's own, else the chapter's.
    ``required``: typed texts without which the report is not published. ``picture``: the name of
    a file kept with the data file. ``asks``: a text of the team's own is typed for every period.
    """

    key: str
    chapter: str = ""
    title: str = ""
    mark: str = NUMBERED
    optional: bool = False
    hidden: bool = False
    required: frozenset[str] = frozenset()
    text: str = ""
    picture: str = ""
    asks: bool = False


@dataclass(frozen=True)
class ReportSpec:
    """A kind of report: the periods it can be about, its page format, its sections in order."""

    kind: str
    periods: tuple[str, ...]
    page_format: str
    sections: tuple[SectionSpec, ...]

    @property
    def shown(self) -> tuple[SectionSpec, ...]:
        """Return the sections that are printed."""
        return tuple(section for section in self.sections if not section.hidden)


@dataclass(frozen=True)
class Choice:
    """What a team chose about one section, in the order of the report.

    ``required``: the typed texts without which it is not published; none: those of the template.
    """

    key: str
    hidden: bool = False
    title: str = ""
    text: str = ""
    picture: str = ""
    own: bool = field(default=False)  # a section that the team added
    asks: bool = False
    required: tuple[str, ...] | None = None


@cache
def load(kind: str) -> ReportSpec:
    """Return a report as the program declares it."""
    path = resources() / "report_templates" / f"{kind}.toml"
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    sections = tuple(
        SectionSpec(
            key=row.get("key", row["chapter"]),
            chapter=row["chapter"],
            mark=row.get("mark", NUMBERED),
            optional=row.get("optional", False),
            hidden=row.get("hidden", False),
            required=frozenset(row.get("required", ())),
        )
        for row in found["section"]
    )
    unknown = [s.chapter for s in sections if s.chapter not in CHAPTERS]
    if unknown:
        raise ValueError(f"{kind}.toml names unknown chapters: {unknown}")
    return ReportSpec(kind, tuple(found["periods"]), found.get("format", "a4"), sections)


def chosen(spec: ReportSpec, choices: Sequence[Choice]) -> ReportSpec:
    """Return a report as a team set it up; sections that it says nothing about keep their place."""
    if not choices:
        return spec
    known = {section.key: section for section in spec.sections}
    ordered: list[SectionSpec] = []
    for choice in choices:
        required = None if choice.required is None else frozenset(choice.required)
        if choice.own:
            ordered.append(
                SectionSpec(choice.key, "", choice.title, NUMBERED, optional=True,
                            hidden=choice.hidden, required=required or frozenset(),
                            text=choice.text, picture=choice.picture, asks=choice.asks)
            )  # fmt: skip
        elif choice.key in known:
            section = known.pop(choice.key)
            if required is None:
                required = section.required
            ordered.append(
                replace(section, title=choice.title, hidden=choice.hidden, required=required)
            )
    for section in known.values():  # new since the choice: after the one before it
        place = [s.key for s in spec.sections].index(section.key)
        before = {s.key for s in spec.sections[:place]}
        at = max((i for i, s in enumerate(ordered) if s.key in before), default=-1) + 1
        ordered.insert(at, section)
    return replace(spec, sections=tuple(ordered))
