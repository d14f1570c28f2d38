"""Who reviews and publishes reports, and what becomes of the versions: kept, gone, superseded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.people import Role
from svcdesk.services import (
    attachments,
    closings,
    report_compare,
    report_desk,
    report_setup,
    settings,
    undo,
)
from svcdesk.store import files
from svcdesk.system.errors import UserError
from svcdesk.system.job import ImmediateContext
from tests.services.desks import a_resolved_ticket, a_ticket
from tests.services.test_report_desk import DAY, MONTH, made

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">'
    '<rect width="40" height="20" fill="#2E5AAC"/></svg>'
)


def reviewed(desk: Desk, clock: FixedClock) -> report_desk.Version:
    """Make the report of a month with one ticket and review it."""
    a_resolved_ticket(desk, callback_required=0)
    clock.advance(40 * DAY)
    found = made(desk)
    assert report_desk.obstacles(found) == []
    return report_desk.review(desk, found.version.id).value


def published_one(desk: Desk, clock: FixedClock) -> report_desk.Version:
    return report_desk.publish(desk, reviewed(desk, clock).id, ImmediateContext()).value


class TestWhoMayWhat:
    def test_an_agent_reads_what_is_published_and_makes_nothing(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        published = published_one(desk, clock)
        draft = made(desk)
        desk.act_as(settings.add_person(desk, "小林", [Role.AGENT]).value)
        assert [v.id for v in report_desk.versions(desk)] == [published.id]
        assert report_desk.pdf(desk, published).is_file()
        for refused in (
            lambda: report_desk.find(desk, draft.version.id),
            lambda: report_desk.review(desk, published.id),
            lambda: report_desk.publish(desk, draft.version.id, ImmediateContext()),
            lambda: report_desk.discard(desk, draft.version.id),
            lambda: made(desk),
        ):
            with pytest.raises(UserError, match="may not do this"):
                refused()

    def test_an_inspector_makes_and_reviews_and_a_supervisor_publishes(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        supervisor = desk.actor.id
        a_resolved_ticket(desk, callback_required=0)
        clock.advance(40 * DAY)
        desk.act_as(settings.add_person(desk, "何静", [Role.QUALITY]).value)
        version = report_desk.review(desk, made(desk).version.id).value
        with pytest.raises(UserError, match="may not do this"):
            report_desk.publish(desk, version.id, ImmediateContext())
        desk.act_as(supervisor)
        clock.advance(60)
        published = report_desk.publish(desk, version.id, ImmediateContext()).value
        seal = report_desk.seal(desk, published)
        assert (seal.reviewer, seal.publisher) == ("何静", desk.reference.people[supervisor].name)
        assert seal.published_at == (seal.reviewed_at or 0) + 60
        assert report_desk.content(desk, published.id).reviewer == "何静"

    def test_undoing_the_review_does_not_reach_what_is_published(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        published = published_one(desk, clock)
        with pytest.raises(UserError, match="later steps built on it"):
            undo.undo(desk)
        assert report_desk.find(desk, published.id) == published


class TestKeptPdf:
    def test_a_pdf_that_was_changed_is_drawn_again_the_same(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        version = published_one(desk, clock)
        path = report_desk.pdf(desk, version)
        whole = path.read_bytes()
        path.write_bytes(whole.replace(b"%PDF-1", b"%PDF-2"))
        assert report_desk.pdf(desk, version) == path
        assert path.read_bytes() == whole
        path.unlink()
        assert report_desk.pdf(desk, version).read_bytes() == whole

    def test_one_that_cannot_be_drawn_the_same_is_told(
        self, desk: Desk, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        version = published_one(desk, clock)
        path = report_desk.pdf(desk, version)
        path.write_bytes(path.read_bytes()[:-9])
        real = report_desk.content
        monkeypatch.setattr(  # as a later program would draw it
            report_desk, "content", lambda d, key: replace(real(d, key), title="Another title")
        )
        with pytest.raises(UserError, match="changed or damaged"):
            report_desk.pdf(desk, version)
        path.unlink()
        with pytest.raises(UserError, match="not beside the data file"):
            report_desk.export_pdf(desk, version, desk.path.with_name("out.pdf"))
        assert not desk.path.with_name("out.pdf").exists()

    def test_the_pictures_of_a_file_that_moved_are_found(
        self, desk: Desk, clock: FixedClock, tmp_path: Path
    ) -> None:
        logo = tmp_path / "logo.svg"
        logo.write_text(LOGO)
        kept = report_setup.keep_picture(desk, logo)
        report_setup.save_setup(desk, "monthly", [], logo=kept)
        a_ticket(desk)
        clock.advance(40 * DAY)
        found = made(desk)
        elsewhere = "D:\\old folder\\team.svcdesk.files\\" + found.data.logo[-67:].replace(
            "/", "\\"
        )
        data = report_desk._at_home(desk, replace(found.data, logo=elsewhere))
        assert data.logo == found.data.logo
        assert report_desk._at_home(desk, replace(data, logo="")).logo == ""


def test_pdfs_of_earlier_drafts_are_cleared_away_when_one_is_published(
    desk: Desk, clock: FixedClock
) -> None:
    a_resolved_ticket(desk, callback_required=0)
    clock.advance(40 * DAY)
    first = made(desk)
    attached = made(desk, language="zh_CN")
    key = a_ticket(desk)
    attachments.add_file(desk, key, report_desk.pdf(desk, attached.version))
    clock.advance(60)
    for language in ("en", "zh_CN"):  # the ticket is in them
        made(desk, language=language)
    clock.advance(7200)
    found = made(desk)
    kept = files.folder_of(desk.path)
    assert len([path for path in kept.rglob("*") if path.is_file()]) == 5
    report_desk.review(desk, found.version.id)
    report_desk.publish(desk, found.version.id, ImmediateContext())
    left = {path.name for path in kept.rglob("*") if path.is_file()}
    assert first.version.sha256 not in left
    assert found.version.sha256 in left  # somebody may be looking at it
    assert attached.version.sha256 in left  # it hangs at a ticket
    assert {v.sha256 for v in report_desk.versions(desk)} <= left


class TestDiscarding:
    def test_a_draft_goes_and_comes_back(self, desk: Desk, clock: FixedClock) -> None:
        a_ticket(desk)
        clock.advance(40 * DAY)
        found = made(desk)
        report_desk.write(desk, "monthly", MONTH, "summary.judgement", "A quiet month.")
        report_desk.discard(desk, found.version.id)
        assert report_desk.versions(desk) == []
        undo.undo(desk)
        assert [v.id for v in report_desk.versions(desk)] == [found.version.id]
        report_desk.discard(desk, found.version.id)
        assert "A quiet month." in made(desk).data.texts()  # the texts stay

    def test_what_is_published_stays(self, desk: Desk, clock: FixedClock) -> None:
        published = published_one(desk, clock)
        with pytest.raises(UserError, match="does not change"):
            report_desk.discard(desk, published.id)

    def test_a_draft_that_came_back_after_a_later_one_was_published_is_not_published(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        version = reviewed(desk, clock)
        report_desk.discard(desk, version.id)
        step = undo.undoable(desk)
        assert step is not None
        again = made(desk)
        report_desk.review(desk, again.version.id)
        report_desk.publish(desk, again.version.id, ImmediateContext())
        undo.undo_operation(desk, step)  # from the list of steps, past later ones
        with pytest.raises(UserError, match="published already"):
            report_desk.publish(desk, version.id, ImmediateContext())
        assert report_desk.find(desk, again.version.id).status == "published"


def test_a_month_that_was_reopened_gives_a_new_version_that_says_what_changed(
    desk: Desk, clock: FixedClock
) -> None:
    published = published_one(desk, clock)
    said = report_desk.content(desk, published.id)
    closings.close(desk, MONTH, ImmediateContext())
    clock.advance(-40 * DAY)
    a_ticket(desk)
    clock.advance(40 * DAY)
    closings.reopen(desk, MONTH, "A ticket was entered late")
    second = made(desk)
    assert second.version.version == 2
    assert report_desk.content(desk, published.id) == said
    before = report_compare.earlier(desk, second.version)
    assert before is not None
    assert before.id == published.id
    told = report_compare.compare(desk, before.id, second.version.id)
    assert any(one.before and one.after and one.before != one.after for one in told)
