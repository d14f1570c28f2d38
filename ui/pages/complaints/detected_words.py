"""How findings are said: what was found, with which evidence, how far apart in time."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from svcdesk.i18n.catalog import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svcdesk.services.detection_findings import Finding
    from svcdesk.services.detection_preview import Expected
    from ui.pages.wording import Words

HOUR, DAY = 3600, 86400
# rule → icon and status colour
LOOKS = {
    "exposure": ("siren", "danger"),
    "group": ("users", "danger"),
    "repeat": ("repeat", "warn"),
    "second": ("history", "warn"),
    "duplicate": ("copy", "warn"),
}
STATES = {"open": "circle-dashed", "confirmed": "circle-check", "denied": "circle-x"}
ESCALATED = 3  # chain number from which severity and escalation are proposed (4.1)


def rule_name(rule: str) -> str:
    """Return the name of a finding."""
    names = {
        "duplicate": _("Suspected duplicate"),
        "repeat": _("Repeat complaint"),
        "second": _("Second complaint"),
        "group": _("Group complaint"),
        "exposure": _("Social-media exposure"),
    }
    return names[rule]


def state_name(state: str) -> str:
    """Return what a person said to a finding."""
    names = {"open": _("To be judged"), "confirmed": _("Confirmed"), "denied": _("Denied")}
    return names[state]


def gap(seconds: int) -> str:
    """Return a time between two records: 12 days 3 h, 3 h 20 min, 40 min."""
    days, rest = divmod(abs(seconds), DAY)
    hours, rest = divmod(rest, HOUR)
    if days:
        return _("{n} days {h} h").format(n=days, h=hours)
    if hours:
        return _("{h} h {m} min").format(h=hours, m=rest // 60)
    return _("{n} min").format(n=rest // 60)


def sentence(finding: Finding, words: Words) -> str:
    """Return the evidence of a finding in one sentence."""
    if finding.rule == "group":
        return _group(finding, words)
    if finding.rule == "exposure":
        if finding.words:
            return _("The text says: {words}").format(words=listed(finding.words))
        channel = words.item(finding.side.channel_id)
        return _("Came through {channel}").format(channel=channel)
    other = finding.other
    if other is None or finding.gap is None:
        return _("A person said that it does not belong to an earlier one.")
    values = {"gap": gap(finding.gap), "number": other.number}
    if finding.rule == "second":
        return _("{gap} after {number} was resolved, same customer and category").format(**values)
    if finding.rule == "repeat":
        return _("{gap} after {number}, same customer and category: no. {n}").format(
            **values, n=finding.side.chain
        )
    return _("{gap} after {number}, same customer, category and product").format(**values)


def _group(finding: Finding, words: Words) -> str:
    found = finding.group
    if found is None:
        return _("A person said that it belongs to no group.")
    return _("{number}: {customers} customers, {n} complaints about {product}, {first} to {last}").format(
        number=found.number, customers=found.customers, n=found.complaints,
        product=found.product or words.product(found.product_id or 0),
        first=words.day(found.first_at), last=words.day(found.last_at),
    )  # fmt: skip


def listed(words: Iterable[str]) -> str:
    """Return words with the sign that lists them."""
    return _(", ").join(words)


def marked(text: str, words: Iterable[str]) -> str:
    """Return a text as rich text with the words bold and underlined."""
    wanted = sorted((re.escape(word) for word in words if word), key=len, reverse=True)
    if not wanted:
        return html.escape(text).replace("\n", "<br>")
    parts = re.split(f"({'|'.join(wanted)})", text, flags=re.IGNORECASE)
    shown = [
        f"<b><u>{html.escape(part)}</u></b>" if place % 2 else html.escape(part)
        for place, part in enumerate(parts)
    ]
    return "".join(shown).replace("\n", "<br>")


def expected(found: Expected, product: str) -> list[tuple[str, str, str]]:
    """Return what would be found if a complaint were saved: icon, colour, sentence."""
    lines = []
    if found.group is not None:
        text = _("Joins group complaint {number}: customer no. {n} of {product} in {days} days")
        values = {"number": found.group.number, "n": found.customers}
        lines.append(("users", "danger", text.format(**values, product=product, days=found.days)))
    elif found.would_form:
        text = _("Would be customer no. {n} of {product} in {days} days: a group complaint")
        values = {"n": found.customers, "product": product, "days": found.days}
        lines.append(("users", "danger", text.format(**values)))
    if found.duplicate_of is not None:
        text = _("May be the same record as {number}: {title}")
        side = found.duplicate_of
        lines.append(("copy", "warn", text.format(number=side.number, title=side.title)))
    if found.repeat_of is not None:
        text = _("Complaint no. {n} about the same matter, after {number}: {title}")
        side = found.repeat_of
        text = text.format(n=found.chain, number=side.number, title=side.title)
        tone = "danger" if found.chain >= ESCALATED else "warn"
        lines.append(("repeat", tone, text))
    if found.second_of is not None:
        text = _("Comes after {number} was resolved: a second complaint")
        lines.append(("history", "warn", text.format(number=found.second_of.number)))
    if found.exposed:
        lines.append(("siren", "danger", _("Came through social media: exposure")))
    elif found.words:
        text = _("The text says: {words}. Is it public?")
        lines.append(("siren", "warn", text.format(words=listed(found.words))))
    return lines
