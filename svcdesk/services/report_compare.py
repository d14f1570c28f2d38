"""What a version of a report says differently from another one."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from svcdesk.reports.model import block_texts, tables_of
from svcdesk.services import report_desk

if TYPE_CHECKING:
    from svcdesk.reports.model import Section
    from svcdesk.services.desk import Desk
    from svcdesk.services.report_desk import Version


@dataclass(frozen=True)
class Difference:
    """What another version says differently in a section; an empty side: it is not there."""

    section: str
    before: str
    after: str


def earlier(desk: Desk, version: Version) -> Version | None:
    """Return the version of the same report and language before this one."""
    return next(
        (
            other
            for other in report_desk.versions(desk, version.kind, version.period)
            if other.language == version.language and other.version < version.version
        ),
        None,
    )


def compare(desk: Desk, old_id: int, new_id: int) -> list[Difference]:
    """Return what a version says differently from another one, section by section."""
    old, new = report_desk.content(desk, old_id), report_desk.content(desk, new_id)
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
