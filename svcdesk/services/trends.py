"""What rises among tickets and complaints, found offline, with the records behind it (Q15).

The rule is :mod:`svcdesk.domain.trends`. A finding can become an improvement item with its records
as evidence and its weeks as snapshot, or be declined for its week.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from svcdesk.domain import trend_words
from svcdesk.domain import trends as rule
from svcdesk.domain.localtime import local_date, midnight
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.domain.trends import VOLUME, WORD, Rise, Subject
from svcdesk.i18n.catalog import N_, current, language
from svcdesk.i18n.labels import code_label
from svcdesk.services import improvements
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import trend_rows as rows
from svcdesk.store.segment import is_cjk
from svcdesk.store.trend_rows import Case
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svcdesk.domain.trends import Judged
    from svcdesk.store.connection import Connection
    from svcdesk.system.job import JobContext

__all__ = [
    "COMPLAINT", "TICKET", "Case", "Finding", "Look", "Rise", "cases", "decline", "find",
    "last_week", "make_item", "settled", "take_back", "title",
]  # fmt: skip

TICKET, COMPLAINT = "ticket", "complaint"
LINKED = 50  # records linked with an item as its evidence; the snapshot tells how many there were
COUNTING = N_("Counting categories and products")
READING = N_("Reading the words of nine weeks")
GATHERING = N_("Gathering the records behind")


@dataclass(frozen=True)
class Finding:
    """A subject that stands out in a week.

    ``counts`` has a number for each of ``weeks`` (Mondays), the week in question last; ``cases``
    are the keys of that week's records; ``also`` are findings about the same records.
    """

    scope: str
    kind: str
    key: str
    name: str
    rise: Rise
    weeks: tuple[date, ...]
    counts: tuple[int, ...]
    expected: float
    ratio: float | None
    chance: float
    since: date
    cases: tuple[int, ...] = ()
    also: tuple[Finding, ...] = ()
    declined: tuple[int, str] | None = None  # key and reason
    item: tuple[int, str] | None = None  # an open item about the same subject: key and number

    @property
    def subject(self) -> str:
        """Return what it is about, as an item and a declined finding name it."""
        return f"{self.scope}:{self.kind}:{self.key}"

    @property
    def count(self) -> int:
        """Return the records of the week."""
        return self.counts[-1]

    @property
    def period(self) -> str:
        """Return the week as a range of days."""
        return _code(self.weeks[-1])


@dataclass(frozen=True)
class Look:
    """What was looked at and what was found; no ``weeks``: the records are too young."""

    scope: str
    week: date
    weeks: tuple[date, ...]
    volumes: tuple[int, ...]
    tested: Mapping[str, int]  # kind of subject -> how many
    findings: tuple[Finding, ...]

    @property
    def subjects(self) -> int:
        """Return how many categories and products were tested."""
        return sum(n for kind, n in self.tested.items() if kind not in {WORD, VOLUME})


def _code(week: date) -> str:
    return f"{week}..{date.fromordinal(week.toordinal() + 6)}"


# -- finding ---------------------------------------------------------------------------------


def last_week(desk: Desk, as_of: int | None = None) -> date:
    """Return the Monday of the last whole week."""
    now = desk.clock.now() if as_of is None else as_of
    return rule.last_whole_week(local_date(now, desk.reference.settings["timezone"]))


def find(desk: Desk, scope: str, context: JobContext, *, week: date | None = None) -> Look:
    """Judge every subject of a week (the last whole one) against the eight weeks before it."""
    monday = week or last_week(desk)
    if monday > last_week(desk):
        raise UserError("The week of {day} is not over yet.", code="not_over", day=str(monday))
    zone = desk.reference.settings["timezone"]
    with desk.reading() as connection:
        context.on_cancel(connection.interrupt)
        first = rows.first_moment(connection, scope)
        weeks = rule.weeks_of(monday, None if first is None else local_date(first, zone))
        if not weeks:
            return Look(scope, monday, (), (), {}, ())
        search = _Search(desk, connection, scope, weeks, context)
        return search.look()


class _Search:
    """One look at the weeks of a scope."""

    def __init__(
        self, desk: Desk, connection: Connection, scope: str, weeks: Sequence[date],
        context: JobContext,
    ) -> None:  # fmt: skip
        self._desk = desk
        self._connection = connection
        self._scope = scope
        self._weeks = tuple(weeks)
        self._context = context
        zone = desk.reference.settings["timezone"]
        edges = [*weeks, date.fromordinal(weeks[-1].toordinal() + 7)]
        stamps = [midnight(day, zone) for day in edges]
        self._spans = list(pairwise(stamps))
        self._volumes: tuple[int, ...] = ()
        self._done = 0

    def _step(self, text: str) -> None:
        self._context.check()
        self._context.progress(self._done, 2 * len(self._weeks) + 1, text)
        self._done += 1

    def look(self) -> Look:
        """Count, judge, gather the records, put together what is about the same ones."""
        named = self._named()
        words = self._words()
        self._step(GATHERING)
        tested = Counter(kind for kind, _key in [*named, *words])
        chosen = self._chosen({(VOLUME, ""): self._volumes, **named})
        top = [one for one in chosen if one.kind == VOLUME]
        chosen = [one for one in chosen if one.kind != VOLUME]
        chosen += self._words_named(self._chosen(words))
        # categories and products lead: they go by one name from week to week
        chosen.sort(key=lambda one: (one.kind == WORD, one.chance, -one.count, one.name))
        joined = rule.clusters([frozenset(one.cases) for one in chosen])
        found = [
            replace(chosen[group[0]], also=tuple(chosen[place] for place in group[1:]))
            for group in joined
        ]
        settled = _settled(self._connection, [*self._unexplained(top, found), *found])
        return Look(self._scope, self._weeks[-1], self._weeks, self._volumes,
                    dict(tested), tuple(settled))  # fmt: skip

    # counting

    def _named(self) -> dict[Subject, tuple[int, ...]]:
        weeks, volumes = [], []
        for start, end in self._spans:
            self._step(COUNTING)
            volume, found = rows.counts(self._connection, self._scope, start, end)
            volumes.append(volume)
            weeks.append({(kind, str(key)): n for kind, of in found.items()
                          for key, n in of.items()})  # fmt: skip
        self._volumes = tuple(volumes)
        return _series(weeks)

    def _words(self) -> dict[Subject, tuple[int, ...]]:
        weeks = []
        for start, end in self._spans:
            self._step(READING)
            found = rows.word_counts(self._connection, self._scope, start, end,
                                     self._context.check)  # fmt: skip
            weeks.append({(WORD, word): n for word, n in found.items()
                          if trend_words.is_word(word, is_cjk)})  # fmt: skip
        return _series(weeks)

    # judging

    def _chosen(self, series: Mapping[Subject, tuple[int, ...]]) -> list[Finding]:
        """Return what stands out of one family of subjects, with its records."""
        return [
            self._finding(kind, key, series[kind, key], judged)
            for (kind, key), judged in rule.standing_out(series, self._volumes)
        ]

    def _finding(self, kind: str, key: str, counts: tuple[int, ...], judged: Judged) -> Finding:
        start, end = self._spans[-1]
        keys: list[int] = []
        if kind != WORD:
            keys = rows.subject_cases(self._connection, self._scope, start, end, kind,
                                      int(key) if key else None)  # fmt: skip
        return Finding(
            self._scope, kind, key, self._name(kind, key), judged.rise or Rise.RISING,
            self._weeks, counts, judged.expected, judged.ratio, judged.chance,
            rule.since(self._weeks, counts), tuple(keys),
        )  # fmt: skip

    def _unexplained(self, top: list[Finding], found: Sequence[Finding]) -> list[Finding]:
        """Return the rise of the volume, unless what the findings have too many explains it."""
        excess = sum(one.count - one.expected for one in found)
        rest = rule.judge([*self._volumes[:-1], max(0, round(self._volumes[-1] - excess))])
        return top if rest.rise is not None and rest.chance <= rule.FALSE_SHARE / 2 else []

    def _name(self, kind: str, key: str) -> str:
        if kind == VOLUME:
            return ""
        if kind == WORD:
            return key
        if kind == "product":
            return rows.product_names(self._connection, [int(key)]).get(int(key), "")
        reference = self._desk.reference
        parts: list[str] = []
        item = reference.items.get(int(key))
        while item is not None:
            builtin = item.code and language() != "zh_CN"
            parts.insert(0, code_label(item.list, str(item.code)) if builtin else item.name)
            item = reference.items.get(item.parent_id) if item.parent_id else None
        return " / ".join(parts)

    def _words_named(self, found: list[Finding]) -> list[Finding]:
        """Give words their records and the phrases they belong to; parts of others go."""
        start, end = self._spans[-1]
        texts = rows.word_cases(self._connection, self._scope, start, end,
                                [one.key for one in found])  # fmt: skip
        named = []
        for one in found:
            own = texts[one.key]
            name = one.key
            if is_cjk(name[0]):
                name = trend_words.phrase(name, list(own.values()), is_cjk)
            named.append(replace(one, name=name, cases=tuple(own)))
        kept = trend_words.same_words([(one.name, frozenset(one.cases)) for one in named])
        return [named[place] for place in kept]


def _series(
    weeks: Sequence[Mapping[Subject, int]],
) -> dict[Subject, tuple[int, ...]]:
    """Return the counts per week of every subject that comes up often enough to be tested."""
    sums: Counter[Subject] = Counter()
    for week in weeks:
        sums.update(week)
    return {
        subject: tuple(week.get(subject, 0) for week in weeks)
        for subject, n in sums.items()
        if rule.testable((n,))
    }


def _settled(connection: Connection, found: Sequence[Finding]) -> list[Finding]:
    """Add what was declined, and the open items about the same subjects."""
    if not found:
        return []
    no = rows.declined(connection, found[0].period)
    items = rows.open_items(connection, "trend")
    return [
        replace(one, declined=no.get(one.subject), item=items.get(one.subject)) for one in found
    ]


def settled(desk: Desk, look: Look) -> Look:
    """Return a look with what became of its findings since; nothing is counted again."""
    with desk.reading() as connection:
        return replace(look, findings=tuple(_settled(connection, look.findings)))


def cases(desk: Desk, scope: str, ids: Sequence[int]) -> list[Case]:
    """Return the records behind a finding as a list shows them."""
    return rows.cases(desk.reader, scope, ids)


# -- what becomes of a finding -----------------------------------------------------------------

_TITLES = {
    VOLUME: N_("More records came in: {n} in a week instead of {expected}"),
    WORD: N_("“{name}” comes up: {n} in a week instead of {expected}"),
}
_TITLE = N_("{name} rises: {n} in a week instead of {expected}")
_NEW = N_("{name} is new: {n} in a week, {before} in the {weeks} weeks before")
_NEW_WORD = N_("“{name}” is new: {n} in a week, {before} in the {weeks} weeks before")


def title(found: Finding) -> str:
    """Return a finding as the title of an item."""
    text = _TITLES.get(found.kind, _TITLE)
    if found.rise is Rise.NEW:
        text = _NEW_WORD if found.kind == WORD else _NEW
    return current()(text).format(
        name=found.name, n=found.count, expected=f"{found.expected:.1f}",
        before=sum(found.counts[:-1]), weeks=len(found.weeks) - 1,
    )  # fmt: skip


def make_item(desk: Desk, found: Finding) -> Outcome[int]:
    """Make an item of a finding, or go on with the open one about the same subject.

    That one gets the week as an occurrence and the week's records as evidence; nothing doubles.
    """
    desk.require(Permission.EDIT_IMPROVEMENTS)
    with desk.together(N_("Make an item of “{name}”"), name=title(found)) as uow:
        known = rows.open_items(uow.connection, "trend").get(found.subject)
        links = [(found.scope, key) for key in found.cases[:LINKED]]
        if known is None:
            key = improvements.create(desk, _item(found, links)).value
        else:
            key = known[0]
            if not rows.has_occurrence(uow.connection, key, found.period):
                uow.insert("improvement_occurrence", {
                    "item_id": key, "period": found.period, "value": float(found.count),
                    "n": found.count,
                })  # fmt: skip
            for entity, record in links:
                improvements.link(desk, key, entity, record)
    return Outcome(key, uow.changes)


def _item(found: Finding, links: list[tuple[str, int]]) -> dict[str, Any]:
    return {
        "title": title(found), "source": "manual", "period": found.period,
        "baseline": float(found.count), "baseline_n": found.count, "links": links,
        "snapshot": {
            "proposal": "trend", "subject": found.subject, "name": found.name,
            "period": found.period, "value": str(found.count), "n": found.count,
            "expected": found.expected, "chance": found.chance,
            "weeks": [str(monday) for monday in found.weeks], "counts": list(found.counts),
        },
    }  # fmt: skip


def decline(desk: Desk, found: Finding, reason: str) -> Outcome[int]:
    """Say no to a finding of a week, with the reason."""
    desk.require(Permission.EDIT_IMPROVEMENTS)
    if not reason.strip():
        raise ProblemsError([Problem("reason", "required", N_("Write why nothing is needed."))])
    with desk.write(N_("Decline “{title}”"), title=title(found)) as uow:
        known = rows.declined(uow.connection, found.period).get(found.subject)
        if known is not None:
            key = known[0]
            uow.update("improvement_declined", key, {"reason": reason.strip()})
        else:
            key = uow.insert("improvement_declined", {
                "kind": "trend", "subject": found.subject, "period": found.period,
                "reason": reason.strip(),
            })  # fmt: skip
    return Outcome(key, uow.changes)


def take_back(desk: Desk, declined_id: int) -> Outcome[None]:
    """Take a no back: the finding is open again."""
    desk.require(Permission.EDIT_IMPROVEMENTS)
    with desk.write(N_("Take the no back")) as uow:
        uow.remove("improvement_declined", declined_id)
    return Outcome(None, uow.changes)
