"""The PDCA and 8D views of an item for the screen: the same blocks as on paper, in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from svcdesk.domain.cause_drawing import ladder, walk
from svcdesk.i18n.catalog import N_, Translator, translator
from svcdesk.reports.model import Fishbone, Heading, Ladder, Note, Paragraph, Table
from svcdesk.services import improvement_sheet
from svcdesk.services.improvement_sheet import Form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svcdesk.reports.model import Block
    from svcdesk.services.desk import Desk

__all__ = ["Form", "Part", "parts"]


@dataclass
class Part:
    """A step of the cycle or a discipline: its title, and lines of (name, text).

    A line without a name is a sentence of its own; a ``rows`` line is a row of a table.
    """

    title: str
    lines: list[tuple[str, str]] = field(default_factory=list)


def parts(desk: Desk, item_id: int, language: str, form: Form) -> list[Part]:
    """Return an item in the parts of a form."""
    found: list[Part] = []
    for block in improvement_sheet.blocks(desk, item_id, language, form):
        if isinstance(block, Heading):
            found.append(Part(block.text))
        elif found:
            found[-1].lines += _lines(block, translator(language))
    return found


def _lines(block: Block, t: Translator) -> Iterator[tuple[str, str]]:
    if isinstance(block, Paragraph | Note):
        yield "", block.text
    elif isinstance(block, Table):
        yield from _rows(block)
    elif isinstance(block, Ladder):
        for step in ladder(block.whys):
            told = step.why.answer + (f" ({step.why.evidence})" if step.why.evidence else "")
            mark = "\u25c6 " if step.why.root else ""
            yield f"{step.number} {step.why.question}".strip(), mark + told
    elif isinstance(block, Fishbone):
        for bone in block.diagram.bones:
            told = t(N_("; ")).join(cause.text for cause, _depth in walk(bone.causes))
            if told:
                yield bone.name, told


def _rows(table: Table) -> Iterator[tuple[str, str]]:
    if not any(column.title for column in table.columns):  # pairs of name and value
        for row in table.rows:
            yield from (
                (name, text) for name, text in zip(row[::2], row[1::2], strict=True) if name
            )
        return
    for row in table.rows:
        yield row[0], "  ·  ".join(cell for cell in row[1:] if cell and cell != "\u2014")
