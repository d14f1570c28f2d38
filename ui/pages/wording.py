"""How pages write times, durations, people and codes, in the user's language."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from svcdesk.domain.masking import mask_name, mask_phone
from svcdesk.i18n.catalog import _, language
from svcdesk.i18n.labels import LABELS, code_label, sentence
from svcdesk.services import products
from ui.models.choices import Choice
from ui.models.columns import Cell
from ui.theme.tokens import SMALL, metrics

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svcdesk.domain.problem import Problem
    from svcdesk.services.desk import Desk
    from svcdesk.services.searching import Note

HOUR, DAY = 3600, 86400
SOON_SHARE = 0.2  # of the limit
SOON_SECONDS = 4 * HOUR  # of working time
DASH = "—"

STATUS_ICONS: dict[str, tuple[str, str]] = {
    # status -> icon, ink
    "new": ("circle-dashed", "text-2"),
    "assigned": ("circle-arrow-right", "text-2"),
    "in_progress": ("circle-dot", "accent"),
    "pending_customer": ("user-round", "text-2"),
    "pending_internal": ("building-2", "warn"),
    "resolved": ("circle-check", "ok"),
    "closed": ("circle-check", "ok"),
    "cancelled": ("circle-x", "text-3"),
    "merged": ("git-merge", "text-3"),
    "registered": ("circle-dashed", "text-2"),
    "accepted": ("circle-arrow-right", "text-2"),
    "investigating": ("circle-dot", "accent"),
    "responded": ("message-square-reply", "accent"),
    "rejected": ("circle-x", "text-3"),
    "withdrawn": ("undo-2", "text-3"),
}
PRIORITY_ICONS: dict[str, tuple[str, str]] = {
    "urgent": ("chevrons-up", "danger"),
    "high": ("chevron-up", "warn"),
    "normal": ("minus", "text-3"),
    "low": ("chevron-down", "text-3"),
}
SEVERITY_ICONS: dict[str, tuple[str, str]] = {
    "urgent": ("chevrons-up", "danger"),
    "major": ("triangle-alert", "danger"),
    "normal": ("minus", "text-3"),
}


def say(problem: Problem) -> str:
    """Return the sentence of a problem in the user's language."""
    return sentence(problem.text, problem.values)


def told_note(note: Note) -> str:
    """Return a sentence about what was typed into a search box."""
    return sentence(note.text, note.values)


class Words:
    """Writes for one desk: its zone, its lists, its calendar, its clock."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # --- times ---------------------------------------------------------------------------

    def now(self) -> int:
        """Return the present moment of the desk."""
        return self._desk.clock.now()

    def local(self, stamp: int) -> datetime:
        """Return ``stamp`` on the team's wall clock."""
        return datetime.fromtimestamp(stamp, self._desk.zone)

    def time(self, stamp: int | None) -> str:
        """Return 10:22 today, 04-02 10:22 this year, 2025-12-08 before."""
        if stamp is None:
            return DASH
        moment, today = self.local(stamp), self.local(self.now())
        if moment.date() == today.date():
            return moment.strftime("%H:%M")
        if moment.year == today.year:
            return moment.strftime("%m-%d %H:%M")
        return moment.strftime("%Y-%m-%d")

    def full_time(self, stamp: int | None) -> str:
        """Return date and time with the year."""
        return DASH if stamp is None else self.local(stamp).strftime("%Y-%m-%d %H:%M")

    def day(self, stamp: int | None) -> str:
        """Return the date with the year."""
        return DASH if stamp is None else self.local(stamp).strftime("%Y-%m-%d")

    def deadline(self, stamp: int) -> str:
        """Return 04-09（周四）18:00, with the year when it is another one."""
        moment = self.local(stamp)
        form = "%m-%d" if moment.year == self.local(self.now()).year else "%Y-%m-%d"
        return _("{date} ({weekday}) {time}").format(
            date=moment.strftime(form),
            weekday=weekday(moment.weekday()),
            time=moment.strftime("%H:%M"),
        )

    def working(self, seconds: int) -> str:
        """Return a working time: minutes under an hour, hours under a day, then working days."""
        standard = self._desk.reference.calendar.standard_day_seconds
        seconds = abs(seconds)
        if seconds < HOUR:
            return _("{n} min").format(n=seconds // 60)
        if seconds < standard:
            return _("{h} h {m} min").format(h=seconds // HOUR, m=seconds % HOUR // 60)
        return _("{n} working days").format(n=f"{seconds / standard:.1f}")

    def calendar_time(self, seconds: int) -> str:
        """Return a calendar time: minutes, hours, days."""
        seconds = abs(seconds)
        if seconds < HOUR:
            return _("{n} min").format(n=seconds // 60)
        if seconds < DAY:
            return _("{h} h {m} min").format(h=seconds // HOUR, m=seconds % HOUR // 60)
        return _("{n} days").format(n=f"{seconds / DAY:.1f}")

    def remaining(
        self,
        due_at: int | None,
        limit: int | None,
        *,
        ended_at: int | None,
        paused: bool = False,
        closed: bool = False,
        strict: bool = False,
    ) -> Cell:
        """Return the cell of the time left until a deadline in working time.

        A limit of working time is kept until work begins again after its due time; ``strict``
        deadlines (complaints, promised times) pass at their minute.
        """
        if ended_at is not None and due_at is not None:
            late = self._late(due_at, ended_at, strict=strict)
            if not late:
                return Cell(_("On time"), "circle-check", "ok")
            return Cell(_("Late by {time}").format(time=late), "circle-x", "danger")
        if due_at is None or closed:
            return Cell(DASH, colour="text-3")
        if paused:
            return Cell(_("Paused"), "circle-pause", "text-2")
        now = self.now()
        late = self._late(due_at, now, strict=strict)
        if late:
            text = _("Overdue {time}").format(time=late)
            return Cell(text, "circle-alert", "danger", bold=True)
        left = self._desk.reference.calendar.business_seconds(now, max(now, due_at))
        text = _("{time} left").format(time=self.working(left))
        soon = left < SOON_SHARE * limit if limit else left < SOON_SECONDS
        return Cell(text, "clock-alert" if soon else "clock", "warn" if soon else "text-2")

    def _late(self, due_at: int, moment: int, *, strict: bool) -> str:
        """Return by how much ``moment`` is too late, "" when it is not."""
        if moment <= due_at:
            return ""
        seconds = self._desk.reference.calendar.business_seconds(due_at, moment)
        if seconds:
            return self.working(seconds)
        return self.calendar_time(moment - due_at) if strict else ""

    # --- people and codes ----------------------------------------------------------------

    def customer(self, name: str | None, kind: str | None) -> str:
        """Return a customer's name as lists show it."""
        return mask_name(name, organisation=kind == "company") if name else DASH

    def phone(self, phone: str | None) -> str:
        """Return a phone as lists show it."""
        return mask_phone(phone) if phone else DASH

    def person(self, person_id: int | None) -> str:
        """Return a colleague's name."""
        people = self._desk.reference.people
        return people[person_id].name if person_id in people else DASH

    def item(self, item_id: int | None) -> str:
        """Return an item of a reference list; built-in ones in the user's language."""
        item = self._desk.reference.items.get(item_id) if item_id is not None else None
        if item is None:
            return DASH
        if item.code and language() != "zh_CN":
            return code_label(item.list, item.code)
        return item.name

    def product(self, product_id: int) -> str:
        """Return a product's name, a dash when it is gone."""
        found = products.get(self._desk, product_id)
        return found.name if found is not None else DASH

    def path(self, item_id: int | None) -> str:
        """Return an item with its parents."""
        parts: list[str] = []
        item = self._desk.reference.items.get(item_id) if item_id is not None else None
        while item is not None:
            parts.insert(0, self.item(item.id))
            item = self._desk.reference.items.get(item.parent_id) if item.parent_id else None
        return " / ".join(parts) or DASH

    def items(self, name: str, *, parent_id: int | None = None, tree: bool = False) -> list[Choice]:
        """Return the entries of a reference list, with their children when ``tree``."""
        found = []
        for item in self._desk.reference.items_of(name, parent_id=parent_id):
            found.append(Choice(item.id, self.item(item.id)))
            if tree:
                children = self.items(name, parent_id=item.id, tree=True)
                found.extend(Choice(c.value, c.label, c.icon, c.indent + 1) for c in children)
        return found

    def people(self) -> list[Choice]:
        """Return the people who work at the desk now."""
        return [
            Choice(person.id, person.name)
            for person in self._desk.reference.people.values()
            if person.active and not person.is_bot
        ]

    def codes(self, kind: str, values: Iterable[str]) -> list[Choice]:
        """Return the entries of an enum by its codes."""
        return [Choice(str(value), code_label(kind, str(value))) for value in values]


def weekday(number: int) -> str:
    """Return the short name of a weekday, Monday = 0."""
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return names[number]


def fit(kind: str, header: str) -> int:
    """Return the width of a column of codes: the longest name and the header fit."""
    names = [_(text) for text in LABELS[kind].values()]
    widest = max(metrics().horizontalAdvance(name) for name in names) + 19
    head = metrics(SMALL, bold=True).horizontalAdvance(header) + 17
    return max(widest, head) + 17


def due_width() -> int:
    """Return the width of a column of remaining times: they are never cut."""
    time = _("{n} working days").format(n="188.8")
    texts = (_("Overdue {time}").format(time=time), _("{time} left").format(time=time))
    return max(metrics(bold=True).horizontalAdvance(text) for text in texts) + 36


def yuan(fen: int | None) -> str:
    """Return an amount of money."""
    return DASH if fen is None else f"¥{fen / 100:,.2f}"
