"""The minutes of a meeting: as text for a chat group, and as a page (PDF)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from svcdesk.i18n.catalog import Translator, current, translator
from svcdesk.i18n.labels import code_label
from svcdesk.reports.model import (
    Block,
    Column,
    Heading,
    Note,
    Paragraph,
    ReportData,
    Section,
    Table,
)
from svcdesk.services import meetings
from svcdesk.services.plan_board import person

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from svcdesk.services.meetings import MeetingDetail, Point
    from svcdesk.system.job import JobContext


def state_of(point: Point, t: Translator | None = None) -> str:
    """Return where a decision stands, in words; "" for a note."""
    words = t or current()
    if point.kind != "decision":
        return ""
    if point.action_id is not None:
        return f"{point.action_number} {code_label('ActionState', point.action_state, words)}"
    return words.p("decision", "Carried out") if point.settled else words.p("decision", "Open")


def _names(desk: Desk, detail: MeetingDetail, t: Translator) -> str:
    names = [person(desk, key) for key in detail.meeting["people"]]
    names.append(detail.meeting["guests"])
    return t(", ").join(name for name in names if name)


def minutes(desk: Desk, meeting_id: int, t: Translator | None = None) -> str:
    """Return the minutes as text, a line a point, as they are sent to a chat group."""
    t = t or current()
    detail = meetings.get(desk, meeting_id)
    meeting = detail.meeting
    lines = [f"{meeting['title']} {meeting['held_on']}"]
    if chair := person(desk, meeting["chair_id"]):
        lines.append(t("Chair: {name}").format(name=chair))
    if names := _names(desk, detail, t):
        lines.append(t("Present: {names}").format(names=names))
    for number, point in enumerate(detail.points, start=1):
        lines.append(f"{number}. {_line(desk, point, t)}")
    if meeting["note"]:
        lines.append(meeting["note"])
    return "\n".join(lines)


def _line(desk: Desk, point: Point, t: Translator) -> str:
    parts = []
    if point.item_number:
        parts.append(f"[{point.item_number}]")
    parts.append(point.text)
    if point.kind == "decision":
        facts = [person(desk, point.owner_id), point.action_due or point.due or "",
                 state_of(point, t)]  # fmt: skip
        told = t("; ").join(fact for fact in facts if fact)
        parts.append(t("({text})").format(text=told))
    return " ".join(parts)


def collect(desk: Desk, meeting_id: int, language: str) -> ReportData:
    """Return the minutes as a page before it is drawn."""
    t = translator(language)
    detail = meetings.get(desk, meeting_id)
    meeting, settings = detail.meeting, desk.reference.settings
    stamp = desk.clock.now()
    moment = datetime.fromtimestamp(stamp, desk.zone)
    return ReportData(
        language, settings["organisation"], f"{meeting['title']} {meeting['held_on']}", "", "",
        settings["confidentiality"], f"{moment:%Y-%m-%d %H:%M}", "",
        person(desk, meeting["chair_id"]), "", f"{moment:%Y-%m-%d}",
        sections=[Section("meeting", meeting["title"], "", _blocks(desk, detail, t))],
        stamp=stamp,
    )  # fmt: skip


def _blocks(desk: Desk, detail: MeetingDetail, t: Translator) -> list[Block]:
    meeting = detail.meeting
    facts = [
        (t.p("date", "Day"), date.fromisoformat(meeting["held_on"]).isoformat()),
        (t.p("meeting", "Chair"), person(desk, meeting["chair_id"]) or "—"),
        (t.p("meeting", "People"), _names(desk, detail, t) or "—"),
    ]
    wide = (Column(t.p("meeting", "Fact"), share=0.18), Column("", share=0.82))
    blocks: list[Block] = [Table(t("The meeting"), wide, tuple(facts), wrap=True)]
    said = [p for p in detail.points if p.kind == "note"]
    decided = [p for p in detail.points if p.kind == "decision"]
    blocks.append(Heading(t.p("meeting", "Looked at")))
    if said:
        rows = tuple((p.item_number or "—", p.item_title or "—", p.text) for p in said)
        columns = (Column(t("Item no."), share=0.16), Column(t("Problem"), share=0.32),
                   Column(t.p("meeting", "What was said"), share=0.52))  # fmt: skip
        blocks.append(Table(t("What was looked at"), columns, rows, wrap=True))
    else:
        blocks.append(Note(t("Nothing was noted.")))
    blocks.append(Heading(t("Decisions")))
    if decided:
        found = tuple(
            (p.text, p.item_number or "—", person(desk, p.owner_id) or "—",
             p.action_due or p.due or "—", state_of(p, t))
            for p in decided
        )  # fmt: skip
        heads = (Column(t.p("meeting", "Decision"), share=0.36),
                 Column(t("Item no."), share=0.15), Column(t("In charge"), share=0.12),
                 Column(t("Due"), share=0.13), Column(t("State"), share=0.24))  # fmt: skip
        blocks.append(Table(t("Decisions and where they stand"), heads, found, wrap=True))
    else:
        blocks.append(Note(t("Nothing was decided.")))
    if meeting["note"]:
        blocks += [Heading(t("Remark")), Paragraph(meeting["note"], typed=True)]
    return blocks


def write(desk: Desk, meeting_id: int, target: Path, language: str, context: JobContext) -> int:
    """Write the minutes as PDF and return the number of pages."""
    from svcdesk.reports.pdf import document

    return document.write(collect(desk, meeting_id, language), target, context, cover=False)
