"""Parameters of detection: what other values would have found, and saving them (domain.md 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain import settings as rules
from svcdesk.domain.detection import (
    exposure_words,
    find_duplicate_tickets,
    find_groups,
    find_repeats,
    find_seconds,
    keep_numbers,
)
from svcdesk.domain.localtime import DAY
from svcdesk.domain.people import Permission
from svcdesk.i18n.catalog import N_
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import configuration, detection_rows, detections
from svcdesk.system.errors import ProblemsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.domain.detection import ComplaintRow, DetectionSettings, Verdicts
    from svcdesk.store.connection import Connection
    from svcdesk.system.job import JobContext

LOOK_BACK = 365 * DAY
SHOWN = 60  # examples listed on each side of a finding
FINDINGS = ("duplicate", "repeat", "chain", "second", "group", "exposure", "ticket")
PARAMETERS = (*detections.PARAMETERS, "duplicate_ticket_minutes")


@dataclass(frozen=True)
class Example:
    """A record that would be found, or would not be any more."""

    id: int
    table: str
    number: str
    at: int
    title: str


@dataclass(frozen=True)
class Effect:
    """What a finding would come to: counts now and then, the first of what comes and goes."""

    finding: str
    before: int
    after: int
    added: int
    lost: int
    examples_added: tuple[Example, ...]
    examples_lost: tuple[Example, ...]


@dataclass(frozen=True)
class Preview:
    """The effect of other parameters on what was received since ``since``."""

    since: int
    complaints: int
    effects: tuple[Effect, ...]


def problems(values: Mapping[str, Any]) -> list[Any]:
    """Return what is wrong with parameters, at their fields."""
    return [problem for key, value in values.items() for problem in rules.check(key, value)]


def preview(desk: Desk, values: Mapping[str, Any], context: JobContext) -> Preview:
    """Return what the parameters would have found in the last 12 months; nothing is written."""
    faults = problems(values)
    if faults:
        raise ProblemsError(faults)
    now = desk.clock.now()
    since = now - LOOK_BACK
    known = desk.reference.settings
    old = detections.settings_from(known)
    new = detections.settings_from({**known, **values})
    with desk.reading() as connection:
        rows, answers = detections.valid_complaints(connection), detections.verdicts(connection)
        recent = {row.id for row in rows if row.received_at >= since}
        context.progress(1, 4)
        found_old, groups = _found(rows, old, answers, recent)
        context.check()
        context.progress(2, 4)
        found_new, _ = _found(rows, new, answers, recent, groups)
        context.check()
        context.progress(3, 4)
        if old.exposure_words != new.exposure_words:
            texts = detection_rows.texts_since(connection, since)
            for found, used in ((found_old, old), (found_new, new)):
                found["exposure"] = {
                    key for key, text in texts if exposure_words(text, used.exposure_words)
                }
        if old.duplicate_ticket_minutes != new.duplicate_ticket_minutes:
            tickets = detection_rows.tickets_since(connection, since)
            for found, used in ((found_old, old), (found_new, new)):
                found["ticket"] = set(find_duplicate_tickets(tickets, used))
        context.check()
        effects = tuple(
            _effect(connection, finding, found_old[finding], found_new[finding])
            for finding in FINDINGS
            if finding in found_old
        )
    return Preview(since, len(recent), effects)


def _found(
    rows: list[ComplaintRow], settings: DetectionSettings, answers: Verdicts, recent: set[int],
    known: Mapping[int, list[int]] | None = None,
) -> tuple[dict[str, set[int]], dict[int, list[int]]]:  # fmt: skip
    """Return the complaints by finding, and the groups with their members.

    A group stands for the complaint that completed it; one that goes on from a ``known`` group
    stands for that one's.
    """
    repeats = find_repeats(rows, settings, answers)
    seconds = find_seconds(rows, settings, answers).second_of
    groups = find_groups(rows, settings, answers)
    found = {
        "duplicate": {key for key, repeat in repeats.items() if repeat.duplicate_of is not None},
        "repeat": {key for key, repeat in repeats.items() if repeat.repeat_of is not None},
        "chain": {key for key, r in repeats.items() if r.repeat_of is not None and r.chain > 2},
        "second": set(seconds),
    }
    going_on = keep_numbers(known or {}, groups)
    named = {
        kept or group.trigger: group.members
        for kept, group in zip(going_on, groups, strict=True)
        if group.trigger in recent
    }
    found = {finding: keys & recent for finding, keys in found.items()}
    return found | {"group": set(named)}, named


def _effect(connection: Connection, finding: str, old: set[int], new: set[int]) -> Effect:
    added, lost = new - old, old - new
    return Effect(
        finding, len(old), len(new), len(added), len(lost),
        _examples(connection, finding, added), _examples(connection, finding, lost),
    )  # fmt: skip


def _examples(connection: Connection, finding: str, keys: set[int]) -> tuple[Example, ...]:
    table = "ticket" if finding == "ticket" else "complaint"
    return tuple(
        Example(key, table, number, at, title)
        for key, number, at, title in detection_rows.headings(connection, table, keys, SHOWN)
    )


def save(desk: Desk, values: Mapping[str, Any], context: JobContext) -> Outcome[int]:
    """Save parameters and apply them to everything, as one step; return how many rows changed.

    Nothing is told to the supervisors: what other rules find in the past is not news.
    """
    desk.require(Permission.SETTINGS)
    faults = problems(values)
    if faults:
        raise ProblemsError(faults)
    known = desk.reference.settings
    changed = {key: value for key, value in values.items() if known[key] != value}
    with desk.write(N_("Change the rules of detection")) as uow:
        configuration.save_settings(uow, changed)
        if changed.keys() & set(detections.PARAMETERS):
            settings = detections.settings_from({**known, **changed})
            words = "exposure_words" in changed
            detections.recompute(uow, settings, desk.zone, words=words, context=context)
    return Outcome(len(uow.changes.touched("complaint")), uow.changes)
