"""A report as a short text for a chat group: title, main figures, what the chapters say first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.i18n.catalog import translator
from svcdesk.reports.model import KpiGrid, Numbered, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svcdesk.reports.model import ReportData, Section

MOST = 1800  # characters: a message that chat programs do not cut
ELLIPSIS = "…"


def short(data: ReportData) -> str:
    """Return the text; it never holds names or lists, only what the report says in sentences."""
    t = translator(data.language)
    lines = [f"【{data.title}】" if t.chinese else data.title,
             t("{range}, data up to {cutoff}").format(range=data.period_range, cutoff=data.cutoff)]  # fmt: skip
    lines += [f"· {line}" for line in _figures(data)]
    for section in data.sections:
        said = list(_said(section))
        if said:
            lines += ["", f"{section.title}" + ("：" if t.chinese else ":"), *said]
    return _cut(lines)


def _figures(data: ReportData) -> Iterator[str]:
    """Yield the main figures: those of the summary, else those of the cover."""
    for section in data.sections:
        for block in section.blocks:
            if isinstance(block, KpiGrid):
                for cell in block.cells:
                    if cell.value != "—":
                        yield f"{cell.name} {cell.value}{cell.unit}  {cell.details}".rstrip()
                return
    for figure in data.cover:
        yield f"{figure.name} {figure.value}{figure.unit}  {figure.note}".rstrip()


def _said(section: Section) -> Iterator[str]:
    """Yield the points of a summary, else the first paragraph of a chapter."""
    if section.number in {"A", "B", "C"}:
        return
    for block in section.blocks:
        if isinstance(block, Numbered):
            yield from (f"{n}. {text}" for n, text in enumerate(block.items, start=1))
            return
    for block in section.blocks:
        if isinstance(block, Paragraph) and block.text and not block.typed:
            yield block.text
            return


def _cut(lines: list[str]) -> str:
    """Return as many whole lines as a message holds."""
    kept: list[str] = []
    size = 0
    for line in lines:
        size += len(line) + 1
        if size > MOST:
            kept.append(ELLIPSIS)
            break
        kept.append(line)
    while kept and not kept[-1]:
        kept.pop()
    return "\n".join(kept) + "\n"
