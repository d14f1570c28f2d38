"""The hand-over sheet of a department: what waits on it, what it promised today, what is done.

Looked at twice a day (每日10:00、16:00 售后进度同步会); printed, or copied into a chat.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from svcdesk.domain.localtime import local_date, midnight
from svcdesk.domain.masking import mask_text
from svcdesk.i18n.catalog import N_
from svcdesk.i18n.labels import code_label
from svcdesk.reports.model import Column, Paragraph, ReportData, Section, Table
from svcdesk.store import exports
from svcdesk.store import hand_over as rows
from svcdesk.store.hand_over import Waiting

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.i18n.catalog import Translator
    from svcdesk.services.desk import Desk
    from svcdesk.system.job import JobContext

__all__ = ["Sheet", "Waiting", "as_text", "sheets", "write_pdf"]


@dataclass(frozen=True)
class Sheet:
    """One department at one moment."""

    department_id: int
    at: int
    waiting: tuple[Waiting, ...]  # open, not promised for today; the earliest due first
    promised: tuple[Waiting, ...]  # open, promised for today
    done: tuple[Waiting, ...]  # answered today

    @property
    def late(self) -> int:
        """Return how many of the open ones are overdue."""
        return sum(
            1 for item in (*self.waiting, *self.promised)
            if item.due_at is not None and item.due_at < self.at
        )  # fmt: skip


def sheets(desk: Desk) -> list[Sheet]:
    """Return the sheets of the departments that have anything on them, in their order."""
    now = desk.clock.now()
    zone = desk.reference.settings["timezone"]
    today = local_date(now, zone)
    with desk.reading() as connection:
        found = rows.waiting(connection, midnight(today, zone))
    order = {item.id: place for place, item in enumerate(
        desk.reference.items_of("department", all_levels=True, retired=True))}  # fmt: skip
    return [
        Sheet(
            department,
            now,
            tuple(i for i in mine if i.answered_at is None and i.promised_on != today.isoformat()),
            tuple(i for i in mine if i.answered_at is None and i.promised_on == today.isoformat()),
            tuple(i for i in mine if i.answered_at is not None),
        )
        for department in sorted({i.department_id for i in found}, key=lambda d: order.get(d, d))
        for mine in [[i for i in found if i.department_id == department]]
    ]


class _Writer:
    """Writes one desk's sheets in one language."""

    def __init__(self, desk: Desk, t: Translator) -> None:
        self.desk, self.t = desk, t

    def time(self, stamp: int | None) -> str:
        """Return month, day and time."""
        if stamp is None:
            return "—"
        return datetime.fromtimestamp(stamp, self.desk.zone).strftime("%m-%d %H:%M")

    def person(self, key: int | None) -> str:
        """Return a colleague's name."""
        people = self.desk.reference.people
        return people[key].name if key in people else "—"

    def department(self, key: int) -> str:
        """Return a department's name."""
        item = self.desk.reference.items[key]
        if item.code and not self.t.chinese:
            return code_label("department", item.code, self.t)
        return item.name

    def heading(self, sheet: Sheet) -> str:
        """Return the counts of a sheet in a line."""
        t = self.t
        return t("{waiting} waiting, of these {late} overdue; {promised} promised today; {done} done today").format(
            waiting=len(sheet.waiting) + len(sheet.promised), late=sheet.late,
            promised=len(sheet.promised), done=len(sheet.done),
        )  # fmt: skip

    def groups(self, sheet: Sheet) -> list[tuple[str, tuple[Waiting, ...]]]:
        """Return the three parts of a sheet with their names."""
        t = self.t
        return [(t("Waiting on the department"), sheet.waiting),
                (t("Promised for today"), sheet.promised), (t("Done today"), sheet.done)]  # fmt: skip


def as_text(desk: Desk, found: list[Sheet], t: Translator) -> str:
    """Return sheets as plain text for a chat; phone numbers in it are masked (2.18)."""
    w = _Writer(desk, t)
    lines = []
    for sheet in found:
        head = t("[{department}] hand-over {time}")
        lines.append(
            head.format(department=w.department(sheet.department_id), time=w.time(sheet.at))
        )
        lines.append(w.heading(sheet))
        for name, items in w.groups(sheet):
            if not items:
                continue
            lines.append(t("{name}:").format(name=name))
            for place, item in enumerate(items, 1):
                told = item.answer if item.answered_at is not None else item.request or item.title
                late = (
                    item.answered_at is None and item.due_at is not None and item.due_at < sheet.at
                )
                when = t("overdue since {time}") if late else t("to be done by {time}")
                moment = item.due_at if item.answered_at is None else item.answered_at
                if item.answered_at is not None:
                    when = t("answered {time}")
                lines.append(
                    f"{place}. {item.number} {mask_text(item.title)} | "
                    f"{mask_text(' '.join(told.split()))} | "
                    f"{when.format(time=w.time(moment))}"
                )
        lines.append("")
    return "\n".join(lines).strip()


def _table(w: _Writer, name: str, items: tuple[Waiting, ...], at: int) -> Table:
    t = w.t
    rows_ = tuple(
        (
            item.number, mask_text(item.title),
            mask_text(item.request if item.answered_at is None else item.answer),
            w.person(item.asked_by_id),
            w.time(item.due_at if item.answered_at is None else item.answered_at)
            + (t(" overdue") if item.answered_at is None and item.due_at and item.due_at < at else ""),
            "□" if item.answered_at is None else "■",
        )
        for item in items
    )  # fmt: skip
    last = t("Answered at") if items and items[0].answered_at is not None else t("Time limit")
    return Table(
        name,
        (Column(t("Ticket no."), share=0.16), Column(t("Title"), share=0.26), Column(t("Request or answer"), share=0.28),
         Column(t("Asked by"), share=0.1), Column(last, share=0.14), Column(t("Done"), share=0.06)),
        rows_, wrap=True,
    )  # fmt: skip


def write_pdf(desk: Desk, found: list[Sheet], target: Path, t: Translator,
              context: JobContext) -> int:  # fmt: skip
    """Write the sheets, one department after the other, and return the number of pages."""
    from svcdesk.reports.pdf import document

    w = _Writer(desk, t)
    now = datetime.fromtimestamp(desk.clock.now(), desk.zone)
    sections = []
    for sheet in found:
        section = Section(f"d{sheet.department_id}", w.department(sheet.department_id))
        section.blocks.append(Paragraph(w.heading(sheet)))
        for name, items in w.groups(sheet):
            if items:
                section.blocks.append(_table(w, name, items, sheet.at))
        sections.append(section)
    if not sections:
        sections.append(Section("none", t("Nothing waits on a department.")))
    settings = desk.reference.settings
    title = t("Hand-over sheet")
    data = ReportData(
        language=t.language, organisation=settings["organisation"], title=title,
        period_title=f"{now:%Y-%m-%d}", period_range=f"{now:%Y-%m-%d %H:%M}",
        confidentiality=settings["confidentiality"], cutoff=f"{now:%Y-%m-%d %H:%M}", version="",
        author="", reviewer="", written_on=f"{now:%Y-%m-%d}", sections=sections,
    )  # fmt: skip
    pages = document.write(data, target, context, cover=False)
    with desk.write(N_("Print {list}"), kind="system", list="hand_over") as uow:
        count = sum(len(s.waiting) + len(s.promised) + len(s.done) for s in found)
        exports.audit(uow, "print", {"kind": "hand_over", "rows": count, "file": target.name})
    return pages
