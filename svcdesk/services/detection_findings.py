"""What detection found, with its evidence, for the people who judge it (domain.md 4.1-4.4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from svcdesk.domain.detection import exposure_words, is_exposure
from svcdesk.domain.localtime import DAY
from svcdesk.store import detection_rows as rows
from svcdesk.store import detections
from svcdesk.store.detection_rows import Answer, GroupRow, Side

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.store.connection import Connection

__all__ = ["CONFIRMED", "DENIED", "OPEN", "ORDER", "Answer", "Board", "Finding", "GroupPage",
           "GroupRow", "Side", "board", "chain", "group", "merge_offer", "of_record", "of_ticket",
           "questions"]  # fmt: skip

LOOK_BACK = 365 * DAY  # older questions are no longer asked
LIMIT = 300  # findings of a kind listed at a time
OPEN, CONFIRMED, DENIED = "open", "confirmed", "denied"
# what is asked first: what hurts most if nobody looks
ORDER = ("exposure", "group", "repeat", "second", "duplicate")


@dataclass(frozen=True)
class Finding:
    """One finding: the complaint, what it is compared with, and what a person said to it.

    ``other``: the earlier complaint of a duplicate, repeat or second one. ``group``: of a group
    complaint. ``words``: of a publication, those found in the text.
    """

    rule: str
    side: Side
    other: Side | None = None
    group: GroupRow | None = None
    words: tuple[str, ...] = ()
    answer: Answer | None = None

    @property
    def state(self) -> str:
        """Return whether a person confirmed or denied it, or nobody has said anything yet."""
        return OPEN if self.answer is None else self.answer.verdict

    @property
    def gap(self) -> int | None:
        """Return the seconds from the record it follows: its receipt, for a second its end."""
        if self.other is None:
            return None
        since = self.other.resolved_at if self.rule == "second" else self.other.received_at
        return None if since is None else self.side.received_at - since

    @property
    def other_id(self) -> int | None:
        """Return the key of what it is compared with."""
        if self.other is not None:
            return self.other.id
        return None if self.group is None else self.group.id


@dataclass(frozen=True)
class GroupPage:
    """A group complaint with its members and what was said about it."""

    group: GroupRow
    members: list[Side]
    answers: list[Answer]

    @property
    def state(self) -> str:
        """Return whether a person confirmed it, or nobody has said anything yet."""
        said = [a for a in self.answers if a.verdict == CONFIRMED]
        return CONFIRMED if said else OPEN


@dataclass(frozen=True)
class Board:
    """Everything that the page of findings shows."""

    questions: list[Finding] = field(default_factory=list)
    chains: list[Side] = field(default_factory=list)
    groups: list[GroupPage] = field(default_factory=list)
    exposures: list[Finding] = field(default_factory=list)
    answered: list[Finding] = field(default_factory=list)


def _words(desk: Desk, side: Side) -> tuple[str, ...]:
    used = detections.settings_from(desk.reference.settings).exposure_words
    return tuple(exposure_words(side.text or "", used))


def questions(desk: Desk) -> list[Finding]:
    """Return what nobody has judged yet, the most urgent kind first, the newest of it first."""
    with desk.reading() as connection:
        return _questions(desk, connection)


def _questions(desk: Desk, connection: Connection) -> list[Finding]:
    since = desk.clock.now() - LOOK_BACK
    found = [
        Finding("exposure", side, words=_words(desk, side))
        for side in rows.open_exposures(connection, since, LIMIT)
    ]
    open_groups = rows.open_groups(connection, since, LIMIT)
    triggers = rows.named(connection, {group.trigger_id for group in open_groups})
    found += [
        Finding("group", triggers[group.trigger_id], group=group)
        for group in open_groups
        if group.trigger_id in triggers
    ]
    for rule in ("repeat", "second", "duplicate"):
        sides = rows.open_links(connection, rule, since, LIMIT)
        others = rows.named(connection, {_linked(rule, side) for side in sides})
        found += [
            Finding(rule, side, others[_linked(rule, side)])
            for side in sides
            if _linked(rule, side) in others
        ]
    return found


def _linked(rule: str, side: Side) -> int:
    link = {"repeat": side.repeat_of, "second": side.second_of, "duplicate": side.duplicate_of}
    return link[rule] or 0


def board(desk: Desk) -> Board:
    """Return the open questions, chains, groups, publications and what was answered last."""
    since = desk.clock.now() - LOOK_BACK
    with desk.reading() as connection:
        return Board(
            _questions(desk, connection),
            rows.chain_ends(connection, since, LIMIT),
            [_page(connection, g) for g in rows.recent_groups(connection, since, LIMIT)],
            [
                Finding("exposure", side, words=_words(desk, side),
                        answer=_answer(rows.answers(connection, side.id), "exposure", None))
                for side in rows.exposures(connection, LIMIT)
            ],
            _answered(desk, connection),
        )  # fmt: skip


def _answered(desk: Desk, connection: Connection) -> list[Finding]:
    """Return the newest answers with their records; the latest of each question."""
    seen: set[tuple[str, int, int | None]] = set()
    newest = []
    for said in rows.recent_answers(connection, LIMIT):
        question = (said.rule, said.complaint_id, said.other_id if said.rule == "second" else None)
        if question not in seen:
            seen.add(question)
            newest.append(said)
    keys = {said.complaint_id for said in newest}
    keys |= {said.other_id for said in newest if said.other_id and said.rule != "group"}
    sides = rows.named(connection, keys)
    groups = {
        group.id: group
        for group in rows.groups(connection, {s.other_id for s in newest if s.rule == "group"
                                              and s.other_id})
    }  # fmt: skip
    return [
        Finding(
            said.rule, sides[said.complaint_id], sides.get(said.other_id or 0),
            groups.get(said.other_id or 0), _words(desk, sides[said.complaint_id])
            if said.rule == "exposure" else (), said,
        )
        for said in newest
        if said.complaint_id in sides
    ]  # fmt: skip


def _answer(answers: list[Answer], rule: str, other_id: int | None) -> Answer | None:
    """Return the newest answer to a question; for a link, one about this pair."""
    for said in answers:
        if said.rule == rule and (other_id is None or said.other_id in (other_id, None)):
            return said
    return None


def of_record(desk: Desk, complaint_id: int) -> list[Finding]:
    """Return what was found about a complaint, what a person denied included."""
    with desk.reading() as connection:
        return _of_record(desk, connection, complaint_id)


def _of_record(desk: Desk, connection: Connection, complaint_id: int) -> list[Finding]:
    side = rows.named(connection, {complaint_id}).get(complaint_id)
    if side is None:
        return []
    answers = rows.answers(connection, complaint_id)
    links = {rule: _linked(rule, side) for rule in ("duplicate", "repeat", "second")}
    denied = {
        rule: said
        for rule, link in links.items()
        if not link and (said := _answer(answers, rule, None)) and said.verdict == DENIED
    }
    keys = {link for link in links.values() if link}
    keys |= {said.other_id for said in denied.values() if said.other_id}
    others = rows.named(connection, keys)
    found = [
        Finding(rule, side, others[link], answer=_answer(answers, rule, link))
        for rule, link in links.items()
        if link in others
    ]
    found += [
        Finding(rule, side, others.get(said.other_id or 0), answer=said)
        for rule, said in denied.items()
    ]
    found += _group_of(connection, side, answers)
    found += _exposure_of(desk, side, answers)
    return sorted(found, key=lambda finding: ORDER.index(finding.rule))


def _group_of(connection: Connection, side: Side, answers: list[Answer]) -> list[Finding]:
    said = _answer(answers, "group", None)
    if side.group_id is not None:
        groups = rows.groups(connection, [side.group_id])
        about = rows.group_answers(connection, side.group_id)
        confirmed = next((a for a in about if a.verdict == CONFIRMED), None)
        return [Finding("group", side, group=group, answer=confirmed) for group in groups]
    if said is not None and said.verdict == DENIED:
        return [Finding("group", side, answer=said)]
    return []


def _exposure_of(desk: Desk, side: Side, answers: list[Answer]) -> list[Finding]:
    said = _answer(answers, "exposure", None)
    words = _words(desk, side)
    channel = desk.reference.items.get(side.channel_id)
    public = bool(side.exposed) or (channel is not None and is_exposure(channel.code))
    if not (public or side.suggested or said):
        return []
    return [Finding("exposure", side, words=words, answer=said)]


def of_ticket(desk: Desk, ticket_id: int) -> list[Finding]:
    """Return what was found about the complaints that a ticket is linked to."""
    with desk.reading() as connection:
        return [
            finding
            for key in rows.complaints_of_ticket(connection, ticket_id)
            for finding in _of_record(desk, connection, key)
            if finding.state != DENIED
        ]


def chain(desk: Desk, complaint_id: int) -> list[Side]:
    """Return the chain that a complaint belongs to, the first complaint first."""
    with desk.reading() as connection:
        return rows.chain(connection, complaint_id)


def group(desk: Desk, group_id: int) -> GroupPage | None:
    """Return a group complaint with its members; ``None`` when it does not exist any more."""
    with desk.reading() as connection:
        found = rows.groups(connection, [group_id])
        return _page(connection, found[0]) if found else None


def _page(connection: Connection, found: GroupRow) -> GroupPage:
    return GroupPage(
        found, rows.members(connection, found.id), rows.group_answers(connection, found.id)
    )


def merge_offer(finding: Finding) -> str | None:
    """Return the number of the complaint that a confirmed duplicate is to be merged into."""
    if finding.rule != "duplicate" or finding.other is None or finding.state != CONFIRMED:
        return None
    return None if finding.side.status in {"merged", "rejected"} else finding.other.number
