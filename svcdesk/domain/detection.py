"""Repeat, second and group complaints, exposure words, duplicate tickets (``domain.md 4``).

Pure functions over plain records, each one pass over sorted lists. Callers give records after
customer merges: ``customer`` is the key of the surviving customer (or of the phone).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from svcdesk.domain.lists import EXPOSURE_WORDS, SOCIAL_CHANNEL
from svcdesk.domain.localtime import DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

MINUTE = 60
MAJOR_DEMAND_FEN = 500_000  # ¥5,000 (2.7)
ESCALATE_FROM_CHAIN = 3  # the second link: third complaint (4.1)


@dataclass(frozen=True)
class DetectionSettings:
    """The bold parameters of ``domain.md 4``."""

    duplicate_minutes: int = 60
    repeat_days: int = 30
    repeat_same_product: bool = False
    second_days: int = 30
    group_days: int = 7
    group_customers: int = 3
    group_by_category: bool = False
    group_serial_prefix: int = 0  # characters of the serial number that tell a batch, 0: not used
    duplicate_ticket_minutes: int = 30
    exposure_words: tuple[str, ...] = EXPOSURE_WORDS


DEFAULTS = DetectionSettings()


@dataclass(frozen=True, slots=True)
class ComplaintRow:
    """A valid complaint: not rejected, merged or test; withdrawn ones belong here.

    ``reopened`` are the times at which it was reopened.
    """

    id: int
    received_at: int
    customer: Hashable
    category: int
    product: int | None = None
    first_resolved_at: int | None = None
    reopened: tuple[int, ...] = ()
    serial: str = ""


@dataclass(frozen=True, slots=True)
class Repeat:
    """What 4.1 says of a complaint; ``chain`` is 1 for a first complaint, 2 for its repeat."""

    repeat_of: int | None = None
    duplicate_of: int | None = None
    chain: int = 1


@dataclass(frozen=True)
class Verdicts:
    """Answers of people, kept over every recomputation: complaint → record confirmed or denied."""

    repeat_denied: frozenset[int] = frozenset()
    repeat_of: Mapping[int, int] = field(default_factory=dict)
    duplicate_denied: frozenset[int] = frozenset()
    second_denied: frozenset[tuple[int, int]] = frozenset()  # (later, earlier)
    second_of: Mapping[int, int] = field(default_factory=dict)
    group_denied: frozenset[int] = frozenset()


NO_VERDICTS = Verdicts()


def _in_order(rows: Iterable[ComplaintRow]) -> list[ComplaintRow]:
    return sorted(rows, key=lambda row: (row.received_at, row.id))


def judge(
    row: ComplaintRow, previous: ComplaintRow | None, chain_of: Callable[[int], int | None],
    settings: DetectionSettings, verdicts: Verdicts,
) -> Repeat:  # fmt: skip
    """Say what 4.1 makes of a complaint.

    ``previous`` is the latest earlier one of the same customer and category; ``chain_of`` gives
    the chain number of a valid earlier complaint, ``None`` for any other. A link that a person
    made holds as long as the record it names is valid and earlier.
    """
    named = verdicts.repeat_of.get(row.id)
    chain = None if named is None else chain_of(named)
    if chain is not None:
        return Repeat(repeat_of=named, chain=chain + 1)
    if previous is None:
        return Repeat()
    gap = row.received_at - previous.received_at
    chain = chain_of(previous.id) or 1
    same_record = gap <= settings.duplicate_minutes * MINUTE and row.product == previous.product
    if same_record and row.id not in verdicts.duplicate_denied:
        return Repeat(duplicate_of=previous.id, chain=chain)
    if gap <= settings.repeat_days * DAY and row.id not in verdicts.repeat_denied:
        return Repeat(repeat_of=previous.id, chain=chain + 1)
    return Repeat()


def find_repeats(
    rows: Iterable[ComplaintRow],
    settings: DetectionSettings = DEFAULTS,
    verdicts: Verdicts = NO_VERDICTS,
) -> dict[int, Repeat]:
    """Return the repeat state of every complaint (4.1)."""
    latest: dict[Hashable, ComplaintRow] = {}
    found: dict[int, Repeat] = {}

    def chain_of(key: int) -> int | None:
        return found[key].chain if key in found else None

    for row in _in_order(rows):
        product: Hashable = None
        if settings.repeat_same_product:  # an unknown product equals no other
            product = ("unknown", row.id) if row.product is None else row.product
        key = (row.customer, row.category, product)
        found[row.id] = judge(row, latest.get(key), chain_of, settings, verdicts)
        latest[key] = row
    return found


@dataclass(frozen=True)
class Seconds:
    """What 4.2 finds.

    ``second_of`` names for a complaint the resolved one it follows (the latest), ``after`` gives
    for each resolved complaint the moment of its first second complaint.
    """

    second_of: dict[int, int]
    after: dict[int, int]


def _links(rows: Sequence[ComplaintRow], verdicts: Verdicts) -> dict[int, list[ComplaintRow]]:
    """Return complaints that people linked as seconds, by the earlier one."""
    by_earlier: dict[int, list[ComplaintRow]] = defaultdict(list)
    for row in rows:
        if row.id in verdicts.second_of:
            by_earlier[verdicts.second_of[row.id]].append(row)
    return by_earlier


def find_seconds(
    rows: Iterable[ComplaintRow],
    settings: DetectionSettings = DEFAULTS,
    verdicts: Verdicts = NO_VERDICTS,
) -> Seconds:
    """Find complaints that came again after we resolved (4.2)."""
    ordered = _in_order(rows)
    groups: dict[Hashable, list[ComplaintRow]] = defaultdict(list)
    for row in ordered:
        groups[row.customer, row.category].append(row)
    window = settings.second_days * DAY
    linked = _links(ordered, verdicts)
    chosen: dict[int, tuple[tuple[int, int, int], int]] = {}  # later → (rank, earlier)
    after: dict[int, int] = {}
    for members in groups.values():
        times = [row.received_at for row in members]
        for row in members:
            resolved = row.first_resolved_at
            if resolved is None:
                continue
            low, high = bisect_right(times, resolved), bisect_right(times, resolved + window)
            later = [m for m in members[low:high] if m.id != row.id] + [
                m for m in linked.get(row.id, ()) if 0 < m.received_at - resolved <= window
            ]
            later = [m for m in later if (m.id, row.id) not in verdicts.second_denied]
            moments = [m.received_at for m in later]
            moments += [t for t in row.reopened if 0 < t - resolved <= window]
            if moments:
                after[row.id] = min(moments)
            rank = second_rank(row)
            for m in later:
                if m.id not in chosen or chosen[m.id][0] < rank:
                    chosen[m.id] = (rank, row.id)
    return Seconds({later: earlier for later, (_, earlier) in chosen.items()}, after)


def second_rank(earlier: ComplaintRow) -> tuple[int, int, int]:
    """Return what decides which resolved complaint a second one follows: the latest resolved."""
    return earlier.first_resolved_at or 0, earlier.received_at, earlier.id


@dataclass
class GroupFound:
    """A group complaint: members in order of receipt; ``trigger`` completed it."""

    product: int
    category: int | None
    trigger: int
    triggered_at: int
    members: list[int]
    last_at: int
    serial: str | None = None

    @property
    def key(self) -> GroupKey:
        """Return what its members share."""
        return GroupKey(self.product, self.category, self.serial)


class GroupKey(NamedTuple):
    """What the members of a group share: the product, by option its category or serial prefix."""

    product: int
    category: int | None = None
    serial: str | None = None


def group_key(row: ComplaintRow, settings: DetectionSettings) -> GroupKey | None:
    """Return what a complaint is grouped by; one without a product is in no group."""
    if row.product is None:
        return None
    prefix = settings.group_serial_prefix
    return GroupKey(
        row.product,
        row.category if settings.group_by_category else None,
        row.serial[:prefix] if prefix else None,
    )


class GroupWalk:
    """The running state of one group key: the active group, else what the last days brought.

    While a group is active every complaint joins it, so nothing else needs to be remembered;
    when it has ended, the days before are empty.
    """

    def __init__(
        self, key: GroupKey, settings: DetectionSettings, recent: Iterable[ComplaintRow] = (),
        active: GroupFound | None = None,
    ) -> None:  # fmt: skip
        self.active = active
        self._key = key
        self._least = settings.group_customers
        self._window = settings.group_days * DAY
        self._recent: deque[ComplaintRow] = deque()
        self._customers: Counter[Hashable] = Counter()
        for row in recent:
            self._remember(row)

    def _remember(self, row: ComplaintRow) -> None:
        self._recent.append(row)
        self._customers[row.customer] += 1
        while row.received_at - self._recent[0].received_at > self._window:
            gone = self._recent.popleft()
            self._customers[gone.customer] -= 1
            if not self._customers[gone.customer]:
                del self._customers[gone.customer]

    @property
    def customers(self) -> int:
        """Return how many customers complained within the window, before a group is formed."""
        return len(self._customers)

    def step(self, row: ComplaintRow) -> GroupFound | None:
        """Take the next complaint; return the group it belongs to now, new or old."""
        active = self.active
        if active is not None and row.received_at - active.last_at <= self._window:
            active.members.append(row.id)
            active.last_at = row.received_at
            return active
        self.active = None
        self._remember(row)
        if len(self._customers) < self._least:
            return None
        members = [member.id for member in self._recent]
        self.active = GroupFound(
            self._key.product, self._key.category, row.id, row.received_at, members,
            row.received_at, self._key.serial,
        )  # fmt: skip
        self._recent.clear()
        self._customers.clear()
        return self.active


def find_groups(
    rows: Iterable[ComplaintRow],
    settings: DetectionSettings = DEFAULTS,
    verdicts: Verdicts = NO_VERDICTS,
) -> list[GroupFound]:
    """Find group complaints (4.3), in the order in which they were triggered."""
    walks: dict[GroupKey, GroupWalk] = {}
    groups: list[GroupFound] = []
    for row in _in_order(rows):
        key = group_key(row, settings)
        if key is None or row.id in verdicts.group_denied:
            continue
        walk = walks.get(key)
        if walk is None:
            walk = walks[key] = GroupWalk(key, settings)
        found = walk.step(row)
        if found is not None and found.trigger == row.id:
            groups.append(found)
    return groups


def keep_numbers(
    existing: Mapping[int, Iterable[int]], found: Sequence[GroupFound]
) -> list[int | None]:
    """Return for each found group the existing group it continues: the one sharing most members.

    Groups keep their number when complaints are edited, merged or imported late.
    """
    owner = {member: group for group, members in existing.items() for member in members}
    return keep_by_shares([Counter(owner[m] for m in g.members if m in owner) for g in found])


def keep_by_shares(shares: Sequence[Mapping[int, int]]) -> list[int | None]:
    """Return which group each found one continues; ``shares``: existing group → shared members."""
    claims = sorted(
        (-count, index, group)
        for index, owners in enumerate(shares)
        for group, count in owners.items()
        if count
    )
    kept: list[int | None] = [None] * len(shares)
    taken: set[int] = set()
    for _, index, group in claims:
        if kept[index] is None and group not in taken:
            kept[index] = group
            taken.add(group)
    return kept


def exposure_words(text: str, words: Sequence[str] = EXPOSURE_WORDS) -> list[str]:
    """Return the words in ``text`` that suggest a publication (4.4)."""
    lowered = text.lower()
    return [word for word in words if word.lower() in lowered]


def is_exposure(channel_code: str | None) -> bool:
    """Tell whether the channel itself is an exposure: social media (4.4)."""
    return channel_code == SOCIAL_CHANNEL


def major_reasons(
    *,
    safety: bool = False,
    in_group: bool = False,
    exposure: bool = False,
    legal_letter: bool = False,
    demand_fen: int | None = None,
    key_customer: bool = False,
    chain: int = 1,
) -> list[str]:
    """Return the codes of the reasons to propose severity ``major`` (2.7, 4.1)."""
    reasons = {
        "safety": safety,
        "group": in_group,
        "exposure": exposure,
        "legal": legal_letter,
        "amount": demand_fen is not None and demand_fen >= MAJOR_DEMAND_FEN,
        "key_customer": key_customer,
        "chain": chain >= ESCALATE_FROM_CHAIN,
    }
    return [code for code, holds in reasons.items() if holds]


@dataclass(frozen=True, slots=True)
class TicketRow:
    """What the duplicate rule looks at."""

    id: int
    created_at: int
    customer: Hashable
    issue: int | None
    product: int | None = None


def find_duplicate_tickets(
    rows: Iterable[TicketRow], settings: DetectionSettings = DEFAULTS
) -> dict[int, int]:
    """Return suspected duplicates, each with the latest earlier ticket it repeats (4.6)."""
    window = settings.duplicate_ticket_minutes * MINUTE
    groups: dict[Hashable, list[TicketRow]] = defaultdict(list)
    for row in rows:
        if row.issue is not None:
            groups[row.customer, row.issue].append(row)
    found: dict[int, int] = {}
    for members in groups.values():
        members.sort(key=lambda row: (row.created_at, row.id))
        times = [row.created_at for row in members]
        for i, row in enumerate(members):
            for j in range(i - 1, bisect_left(times, row.created_at - window) - 1, -1):
                other = members[j]
                if row.product == other.product or None in {row.product, other.product}:
                    found[row.id] = other.id
                    break
    return found
