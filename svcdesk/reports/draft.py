"""A report while it is written: its figures, drafted sentences, and what people wrote.

Drafted sentences hold computed facts only (domain.md 5.6, 5.7). A person may edit them: the edited
text is printed and marked, its draft is kept beside it and a new draft never overwrites it. What
only a person can say (causes, plans, judgement) has its place, which is empty until it is typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.reports.figures import Numbers
from svcdesk.reports.model import Blank, Note, Numbered, Paragraph
from svcdesk.reports.wording import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from svcdesk.domain.period import Period
    from svcdesk.i18n.catalog import Translator
    from svcdesk.reports.model import Block
    from svcdesk.store.figures import Board


@dataclass(frozen=True)
class Written:
    """What a person wrote; ``original`` is the draft that was edited, none of a typed text."""

    text: str
    original: str | None = None


@dataclass(frozen=True)
class Slot:
    """The place of a typed text: its key within the section, what is asked, how much room.

    ``when_missed``: it must be written once a figure of the section missed its target.
    """

    key: str
    prompt: str
    lines: int = 3
    when_missed: bool = False


@dataclass(frozen=True)
class Editable:
    """A text of the report that a person may write.

    ``key`` names it within its kind of report (``volume.main``); ``drafted``: what the program
    says today (``None``: only a person can say it); ``text``: what is printed. ``stale``: the
    draft that was edited is no longer the draft of today. ``required``: not published without it.
    """

    key: str
    section: str
    prompt: str
    drafted: str | None
    text: str
    edited: bool = False
    stale: bool = False
    required: bool = False


class Draft(Numbers):
    """The figures of a report, and its texts as they are written section by section."""

    def __init__(
        self, board: Board, period: Period, t: Translator, *, rankings: bool,
        written: Mapping[str, Written] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(board, period, t, rankings=rankings)
        self.written = dict(written or {})
        self.editable: list[Editable] = []
        self.kind = "monthly"
        self.metrics: tuple[str, ...] = ()  # of the whole report, for its appendices
        self._section = ""
        self._slots: dict[str, Slot] = {}
        self._required: frozenset[str] = frozenset()
        self.faults: list[str] = []

    def begin(
        self, section: str, slots: tuple[Slot, ...] = (), required: frozenset[str] = frozenset(),
        metrics: Iterable[str] = (),
    ) -> None:  # fmt: skip
        """Begin a section about ``metrics`` whose typed texts have the places ``slots``."""
        self._section = section
        self._slots = {slot.key: slot for slot in slots}
        missed = any(self.figure(metric).met is False for metric in metrics)
        self._required = required | {s.key for s in slots if s.when_missed and missed}

    def check(self, holds: bool, sentence: str) -> None:  # noqa: FBT001 - what is checked
        """Note a fault of the report itself: what must hold and does not (5.8)."""
        if not holds:
            self.faults.append(sentence)

    def say(self, key: str, *sentences: str) -> Paragraph:
        """Return a drafted paragraph, or what a person made of it.

        ``key`` is stable: edited texts are found by it, in each language of their own.
        """
        drafted = joined(self.t.chinese, *sentences)
        return self._said(key, drafted or self.t("No data in this reporting period."))

    def _said(self, key: str, drafted: str) -> Paragraph:
        full = f"{self._section}.{key}@{self.t.language}"
        found = self.written.get(full)
        text = drafted if found is None else found.text
        stale = found is not None and found.original is not None and found.original != drafted
        self.editable.append(
            Editable(full, self._section, "", drafted, text, found is not None, stale)
        )
        return Paragraph(text, edited=found is not None)

    def say_points(self, key: str, *sentences: str) -> list[Block]:
        """Return drafted sentences as numbered points; edited, each line is a point."""
        said = self._said(key, "\n".join(sentence for sentence in sentences if sentence))
        points = tuple(line.strip() for line in said.text.splitlines() if line.strip())
        found: list[Block] = [Numbered(points)] if points else []
        if said.edited:
            found.append(Note(self.t("(edited by hand)").strip()))
        return found

    def ask(self, key: str) -> Block:
        """Return a typed text, or its empty place with the prompt; each slot is asked once."""
        slot = self._slots.pop(key)
        full = f"{self._section}.{key}"
        found = self.written.get(full)
        text = "" if found is None else found.text
        self.editable.append(
            Editable(full, self._section, self.t(slot.prompt), None, text,
                     required=key in self._required)
        )  # fmt: skip
        return Paragraph(text, typed=True) if text else Blank(self.t(slot.prompt), slot.lines)

    def ask_the_rest(self) -> list[Block]:
        """Return the typed texts that the chapter did not place itself."""
        return [self.ask(key) for key in list(self._slots)]
