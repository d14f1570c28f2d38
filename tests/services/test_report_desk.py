"""Reports from the first draft to the signed version: texts stay, published numbers never change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlcipher3

from svcdesk.reports import snapshot, template
from svcdesk.reports.model import Blank, Column, Paragraph, Section, Table
from svcdesk.services import report_desk, report_setup, reports, tickets, undo
from svcdesk.system.errors import UserError
from svcdesk.system.job import ImmediateContext
from tests.services.desks import a_resolved_ticket, a_ticket

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

DAY = 86400
MONTH = "2026-04"  # the clock of the desk stands at the end of it


def made(desk: Desk, period: str = MONTH, language: str = "en") -> report_desk.Made:
    return report_desk.make(
        desk, "monthly", period, language=language, context=ImmediateContext()
    ).value


def paragraph(found: report_desk.Made, section: str) -> Paragraph:
    blocks = next(s for s in found.data.sections if s.key == section).blocks
    return next(b for b in blocks if isinstance(b, Paragraph))


def test_making_again_replaces_the_version_that_is_not_published(
    desk: Desk, clock: FixedClock
) -> None:
    a_ticket(desk)
    clock.advance(40 * DAY)
    first = made(desk)
    assert (first.version.version, first.version.status) == (1, "generated")
    assert report_desk.pdf(desk, first.version).read_bytes().startswith(b"%PDF")
    a_ticket(desk)
    again = made(desk)
    assert again.version.id == first.version.id
    assert [v.version for v in report_desk.versions(desk)] == [1]
    assert snapshot.unpacked(snapshot.packed(again.data)) == again.data


def test_an_edited_sentence_stays_and_says_when_its_draft_changed(
    desk: Desk, clock: FixedClock
) -> None:
    a_ticket(desk)
    clock.advance(40 * DAY)
    text = next(x for x in made(desk).texts if x.key == "volume.main@en")
    assert text.drafted == text.text
    assert not text.edited
    report_desk.write(desk, "monthly", MONTH, text.key, "One ticket only.", text.drafted)
    edited = made(desk)
    assert paragraph(edited, "volume") == Paragraph("One ticket only.", edited=True)
    assert not next(x for x in edited.texts if x.key == text.key).stale
    other = made(desk, language="zh_CN")  # another language has its own sentence
    assert not paragraph(other, "volume").edited
    clock.advance(-40 * DAY)
    a_ticket(desk)
    clock.advance(40 * DAY)
    later = next(x for x in made(desk).texts if x.key == text.key)
    assert later.stale
    assert later.text == "One ticket only."
    assert later.drafted != text.drafted
    report_desk.write(desk, "monthly", MONTH, text.key, None)
    assert paragraph(made(desk), "volume").text == later.drafted
    undo.undo(desk)
    assert paragraph(made(desk), "volume").text == "One ticket only."


def test_typed_texts_have_a_place_and_last_months_beside_it(desk: Desk, clock: FixedClock) -> None:
    a_ticket(desk)
    clock.advance(40 * DAY)
    blocks = made(desk).data.sections[0].blocks
    assert any(isinstance(block, Blank) for block in blocks)
    report_desk.write(desk, "monthly", MONTH, "summary.judgement", "A quiet month.")
    blocks = made(desk).data.sections[0].blocks
    assert Paragraph("A quiet month.", typed=True) in blocks
    assert report_desk.texts_before(desk, "monthly", "2026-05") == {
        "summary.judgement": "A quiet month."
    }


class TestPublishing:
    def reviewed(self, desk: Desk, clock: FixedClock) -> report_desk.Version:
        a_resolved_ticket(desk, callback_required=0)
        clock.advance(40 * DAY)
        found = made(desk)
        for obstacle in report_desk.obstacles(found):
            report_desk.write(desk, "monthly", MONTH, obstacle.place, "Looked into.")
        found = made(desk)
        assert report_desk.obstacles(found) == []
        return report_desk.review(desk, found.version.id).value

    def test_a_published_version_never_changes(self, desk: Desk, clock: FixedClock) -> None:
        version = self.reviewed(desk, clock)
        published = report_desk.publish(desk, version.id, ImmediateContext()).value
        assert published.status == "published"
        said = report_desk.content(desk, published.id)
        assert said.reviewed_on
        before = report_desk.pdf(desk, published).read_bytes()
        clock.advance(-40 * DAY)
        a_ticket(desk)
        clock.advance(40 * DAY)
        following = made(desk)
        assert following.version.version == 2
        assert report_desk.content(desk, published.id) == said
        assert report_desk.pdf(desk, published).read_bytes() == before
        with pytest.raises(UserError):
            report_desk.review(desk, published.id)
        with pytest.raises(sqlcipher3.dbapi2.IntegrityError):
            desk.writer.execute("UPDATE report SET sha256 = '' WHERE id = ?", (published.id,))
        undo.undo(desk)  # the ticket; no undo reaches the publication
        assert report_desk.find(desk, published.id).status == "published"

    def test_the_next_published_version_supersedes_it(self, desk: Desk, clock: FixedClock) -> None:
        first = report_desk.publish(desk, self.reviewed(desk, clock).id, ImmediateContext()).value
        second = made(desk)
        report_desk.review(desk, second.version.id)
        report_desk.publish(desk, second.version.id, ImmediateContext())
        assert [(v.version, v.status) for v in report_desk.versions(desk)] == [
            (2, "published"), (1, "superseded"),
        ]  # fmt: skip
        assert report_desk.find(desk, first.id).sha256 == first.sha256

    def test_what_was_not_reviewed_or_changed_since_is_refused(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        a_resolved_ticket(desk, callback_required=0)
        clock.advance(40 * DAY)
        with pytest.raises(UserError, match="reviewed"):
            report_desk.publish(desk, made(desk).version.id, ImmediateContext())
        version = self.reviewed_again(desk)
        report_desk.write(desk, "monthly", MONTH, "summary.judgement", "Another judgement.")
        with pytest.raises(UserError, match="something else"):
            report_desk.publish(desk, version.id, ImmediateContext())

    def reviewed_again(self, desk: Desk) -> report_desk.Version:
        found = made(desk)
        return report_desk.review(desk, found.version.id).value

    def test_a_missed_target_without_a_cause_stops_it(self, desk: Desk, clock: FixedClock) -> None:
        for _ in range(5):  # five, so that it is judged; answered long after the target
            key = a_ticket(desk)
            clock.advance(5 * 3600)
            tickets.say(desk, key, "您好", "public_reply")
        clock.advance(40 * DAY)
        found = made(desk)
        assert "response.cause" in [o.place for o in report_desk.obstacles(found)]
        version = report_desk.review(desk, found.version.id).value
        with pytest.raises(UserError, match="not written yet"):
            report_desk.publish(desk, version.id, ImmediateContext())


def test_a_broken_sum_is_a_fault(desk: Desk) -> None:
    from svcdesk.reports.collect import _adds_up

    columns = (Column("Channel"), Column("Count", adds=True), Column("Minutes"))
    rows = (("A", "3", "5"), ("B", "4", "9"))
    assert _adds_up(Table("t", columns, (*rows, ("Total", "7", "6")), total=True))
    assert not _adds_up(Table("t", columns, (*rows, ("Total", "8", "6")), total=True))
    assert _adds_up(Table("t", columns, (*rows, ("Total", "—", "6")), total=True))


class TestSetup:
    def test_sections_are_moved_renamed_hidden_and_added(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        a_ticket(desk)
        clock.advance(40 * DAY)
        keys = [s.key for s in report_setup.spec(desk, "monthly").sections]
        choices = [
            template.Choice("response", title="How fast we answer"),
            template.Choice("own-1", title="Thanks", text="To everybody.", own=True),
            *(template.Choice(key, hidden=key == "team") for key in keys if key != "response"),
        ]
        report_setup.save_setup(desk, "monthly", choices)
        sections = made(desk).data.sections
        assert [s.key for s in sections][:3] == ["response", "own-1", "summary"]
        assert (sections[0].title, sections[0].number) == ("How fast we answer", "1")
        assert sections[1].blocks == [Paragraph("To everybody.", typed=True)]
        assert "team" not in {s.key for s in sections}
        undo.undo(desk)
        assert [s.key for s in reports.spec_of(desk.reader, "monthly").sections] == keys

    def test_a_section_of_a_later_program_comes_after_its_neighbour(self) -> None:
        spec = template.load("monthly")
        choices = [template.Choice(s.key) for s in spec.sections if s.key != "response"]
        found = template.chosen(spec, list(reversed(choices)))
        keys = [s.key for s in found.sections]
        assert keys[keys.index("volume") - 1] != "response"
        assert "response" in keys

    def test_a_section_of_ones_own_needs_a_title(self, desk: Desk) -> None:
        with pytest.raises(UserError):
            report_setup.save_setup(desk, "monthly", [template.Choice("own-1", own=True)])


def test_every_block_comes_back_from_its_snapshot(desk: Desk, clock: FixedClock) -> None:
    a_ticket(desk)
    clock.advance(40 * DAY)
    data = made(desk, language="zh_CN").data
    assert snapshot.unpacked(snapshot.packed(data)) == data
    assert all(isinstance(section, Section) for section in data.sections)


def test_a_character_that_cannot_be_printed_stops_publishing(desk: Desk, clock: FixedClock) -> None:
    a_ticket(desk)
    clock.advance(40 * DAY)
    report_desk.write(desk, "monthly", MONTH, "summary.judgement", "The 𠮷野 team did well.")
    found = report_desk.obstacles(made(desk))
    assert any("U+20BB7" in obstacle.sentence for obstacle in found)
    report_desk.write(desk, "monthly", MONTH, "summary.judgement", "The Yoshino team did well.")
    assert not any("U+20BB7" in one.sentence for one in report_desk.obstacles(made(desk)))


def test_a_text_that_the_template_requires_stops_publishing(
    desk: Desk, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_ticket(desk)
    clock.advance(40 * DAY)
    spec = template.load("monthly")
    first = replace(spec.sections[0], required=frozenset({"judgement"}))
    monkeypatch.setattr(
        template, "load", lambda _kind: replace(spec, sections=(first, *spec.sections[1:]))
    )
    found = report_desk.obstacles(made(desk))
    assert "summary.judgement" in {obstacle.place for obstacle in found}
    report_desk.write(desk, "monthly", MONTH, "summary.judgement", "Done.")
    left = report_desk.obstacles(made(desk))
    assert "summary.judgement" not in {obstacle.place for obstacle in left}
