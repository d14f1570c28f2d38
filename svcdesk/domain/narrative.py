"""Drafted sentences of the reports (``domain.md 5.6``), in the language of the translator.

Drafts hold computed facts only: never a cause, never praise (5.7). Values come in displayed form
(already rounded); the wording decides what to say when something is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from svcdesk.domain.comparisons import Change, Direction
from svcdesk.domain.statistics import Bar, format_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.i18n.catalog import Translator

SCATTERED_BELOW = Fraction(30, 100)
NAMED = 3


@dataclass(frozen=True)
class Kpi:
    """A figure as a sentence needs it; ``value`` is ``None`` where there is no data.

    ``n`` is the sample, ``small`` tells that it is too small to judge, ``gap`` the displayed
    distance to the target, ``item_no`` the improvement item opened for it.
    """

    name: str
    value: str | None
    direction: Direction
    target: str | None = None
    met: bool | None = None
    n: int = 0
    small: bool = False
    provisional: bool = False
    gap: str | None = None
    item_no: str | None = None


def join(items: Sequence[str], t: Translator) -> str:
    """Join names: A、B和C, or A, B and C."""
    if len(items) < 2:
        return "".join(items)
    comma, last = ("、", "和") if t.chinese else (", ", " and ")
    return comma.join(items[:-1]) + last + items[-1]


def percent(share: Fraction) -> str:
    """Write a share 0–1 as a percentage with one decimal."""
    return format_number(share * 100, 1) + "%"


def volume(  # noqa: PLR0913 - what the sentence says
    t: Translator, *, period: str, n: int, mom: Change, yoy: Change, resolved: int, backlog: int,
    monthly: bool = True,
) -> str:  # fmt: skip
    """N-VOL: tickets received, resolved and open; ``monthly``: the period is a month."""
    text = t.n(
        "{n} ticket was received in {period}: {mom} month on month, {yoy} year on year; "
        "{resolved} resolved, {backlog} open at period end.",
        "{n} tickets were received in {period}: {mom} month on month, {yoy} year on year; "
        "{resolved} resolved, {backlog} open at period end.",
        n,
    ) if monthly else t.n(
        "{n} ticket was received in {period}: {mom} against the period before, {yoy} year on "
        "year; {resolved} resolved, {backlog} open at period end.",
        "{n} tickets were received in {period}: {mom} against the period before, {yoy} year on "
        "year; {resolved} resolved, {backlog} open at period end.",
        n,
    )  # fmt: skip
    return text.format(
        n=n, period=period, mom=mom.words(t), yoy=yoy.words(t, year=True),
        resolved=resolved, backlog=backlog,
    )  # fmt: skip


def complaints(
    t: Translator, *, period: str, n: int, mom: Change, yoy: Change, monthly: bool = True
) -> str:
    """N-CMP, or N-NIL when there was none; ``monthly``: the period is a month."""
    if n == 0:
        return t("No complaints were received in {period}.").format(period=period)
    text = t.n(
        "{n} complaint was received in {period}: {mom} month on month, {yoy} year on year.",
        "{n} complaints were received in {period}: {mom} month on month, {yoy} year on year.",
        n,
    ) if monthly else t.n(
        "{n} complaint was received in {period}: {mom} against the period before, {yoy} year on "
        "year.",
        "{n} complaints were received in {period}: {mom} against the period before, {yoy} year "
        "on year.",
        n,
    )  # fmt: skip
    return text.format(n=n, period=period, mom=mom.words(t), yoy=yoy.words(t, year=True))


def kpi(t: Translator, figure: Kpi) -> str:
    """N-KPI: met, missed, too few to judge, no data."""
    if figure.value is None:
        return t("{name}: no data in this period.").format(name=figure.name)
    suffix = t(" (provisional)") if figure.provisional else ""
    value = figure.value + suffix
    if figure.small:
        said = t("{name}: {value} (n={n}, too few to judge).").format(
            name=figure.name, value=value, n=figure.n
        )
        return said.replace("）（", "；").replace(") (", "; ")  # both remarks in one bracket
    if figure.target is None or figure.met is None:
        return t("{name}: {value}.").format(name=figure.name, value=value)
    target = ("≤" if figure.direction is Direction.DOWN else "≥") + figure.target
    if figure.met:
        return t("{name}: {value}, target met ({target}).").format(
            name=figure.name, value=value, target=target
        )
    if figure.item_no:
        return t(
            "{name}: {value}, target missed ({target}) by {gap}; improvement item {item} opened."
        ).format(name=figure.name, value=value, target=target, gap=figure.gap, item=figure.item_no)
    return t("{name}: {value}, target missed ({target}) by {gap}.").format(
        name=figure.name, value=value, target=target, gap=figure.gap
    )


def _named(bar: Bar, names: dict[str, str], t: Translator, *, tickets: bool) -> str:
    text = (
        t.p("ticket", "{name} ({n}, {share})")
        if tickets
        else t.p("complaint", "{name} ({n}, {share})")
    )
    return text.format(name=names.get(bar.key, bar.key), n=bar.count, share=percent(bar.share))


def concentration(
    t: Translator, bars: Sequence[Bar], names: dict[str, str], *, tickets: bool = False
) -> str:
    """N-PAR: where complaints or tickets concentrate; empty when there are none.

    ``bars`` come from :func:`svcdesk.domain.statistics.pareto`.
    """
    if not bars:
        return ""
    top = max(bars, key=lambda bar: bar.count)
    if top.share == 1:
        text = (
            t.p("ticket", "All tickets concern {name} ({n}).")
            if tickets
            else t.p("complaint", "All complaints concern {name} ({n}).")
        )
        return text.format(name=names.get(top.key, top.key), n=top.count)
    vital = [bar for bar in bars if bar.vital]
    if len(vital) > NAMED and top.share < SCATTERED_BELOW:
        text = (
            t("Tickets are spread out; the largest type is {top}.")
            if tickets
            else t("Complaints are spread out; the largest type is {top}.")
        )
        return text.format(top=_named(top, names, t, tickets=tickets))
    named = (vital or [top])[:NAMED]
    listed = join([_named(bar, names, t, tickets=tickets) for bar in named], t)
    if len(named) == 1:
        text = (
            t("Tickets concentrate on {list}.")
            if tickets
            else t("Complaints concentrate on {list}.")
        )
        return text.format(list=listed)
    together = percent(sum((bar.share for bar in named), Fraction(0)))
    text = (
        t("Tickets concentrate on {list}, together {share}.")
        if tickets
        else t("Complaints concentrate on {list}, together {share}.")
    )
    return text.format(list=listed, share=together)


def departments(t: Translator, bars: Sequence[Bar], names: dict[str, str]) -> str:
    """N-DEP: the responsible department with most complaints, or those that share the place."""
    if not bars:
        return ""
    ordered = sorted(bars, key=lambda bar: -bar.count)
    top = [bar for bar in ordered if bar.count == ordered[0].count]
    if len(top) > 1:
        return t(
            "By responsible department, {names} rank first together ({n} each, {share})."
        ).format(
            names=join([names.get(b.key, b.key) for b in top], t),
            n=top[0].count,
            share=percent(top[0].share),
        )
    first = _named(top[0], names, t, tickets=False)
    if len(ordered) == 1:
        return t("By responsible department, {first} ranks first.").format(first=first)
    return t("By responsible department, {first} ranks first, followed by {second}.").format(
        first=first, second=_named(ordered[1], names, t, tickets=False)
    )


def overdue(
    t: Translator, *, still_open: int, late: int, reasons: Sequence[tuple[str, int]]
) -> str:
    """N-OVD: overdue complaints and their main reasons (name, count), or none."""
    if still_open + late == 0:
        return t("No overdue complaints in this period.")
    total = still_open + late
    if not reasons:
        return t.n(
            "{n} overdue complaint ({open} still open, {late} settled late).",
            "{n} overdue complaints ({open} still open, {late} settled late).",
            total,
        ).format(n=total, open=still_open, late=late)
    separator = "、" if t.chinese else ", "
    listed = separator.join(
        t.p("reason", "{name} ({n})").format(name=name, n=n) for name, n in reasons[:NAMED]
    )
    return t.n(
        "{n} overdue complaint ({open} still open, {late} settled late). Main reasons: {reasons}.",
        "{n} overdue complaints ({open} still open, {late} settled late). Main reasons: {reasons}.",
        total,
    ).format(n=total, open=still_open, late=late, reasons=listed)


def repeats(t: Translator, *, n: int, rate: str, second: str, provisional: bool) -> str:
    """N-REP: repeat complaints and the second-complaint rate, which may have no data (—)."""
    if second == "—":
        return t.n(
            "{n} repeat complaint ({rate}).", "{n} repeat complaints ({rate}).", n
        ).format(n=n, rate=rate)  # fmt: skip
    suffix = t(" (provisional)") if provisional else ""
    return t.n(
        "{n} repeat complaint ({rate}); second-complaint rate {second}.",
        "{n} repeat complaints ({rate}); second-complaint rate {second}.",
        n,
    ).format(n=n, rate=rate, second=second + suffix)


def groups(t: Translator, found: Sequence[tuple[str, int, int]]) -> str:
    """N-GRP: group complaints as (product, members, customers), or none."""
    if not found:
        return t("No group complaint identified.")
    listed = [
        t("product {product}, {members} complaints of {customers} customers").format(
            product=product, members=members, customers=customers
        )
        for product, members, customers in found[:NAMED]
    ]
    if len(found) > NAMED:
        listed.append(t("and others"))
    separator = "；" if t.chinese else "; "
    return t.n(
        "{n} group complaint identified: {list}.",
        "{n} group complaints identified: {list}.",
        len(found),
    ).format(n=len(found), list=separator.join(listed))


def exposures(t: Translator, n: int) -> str:
    """N-SOC: exposures on social media, or none."""
    if n == 0:
        return t("No social-media exposure found.")
    return t.n("{n} social-media exposure.", "{n} social-media exposures.", n).format(n=n)


def channel_gap(
    t: Translator, *, slow: str, slow_minutes: str, fast: str, fast_minutes: str, gap: str
) -> str:
    """N-GAP: the slowest against the fastest channel."""
    return t(
        "{slow}: mean first response {a} minutes, {gap} minutes slower than {fast} ({b} minutes)."
    ).format(slow=slow, a=slow_minutes, fast=fast, b=fast_minutes, gap=gap)


def low_scores(t: Translator, *, n: int, closed: int, rate: str, not_due: int) -> str:
    """N-LOW: low scores and their 48-hour loop; empty when there was none."""
    if n == 0:
        return ""
    return t.n(
        "{n} low score; {closed} followed up within 48 hours ({rate}), {not_due} not yet due.",
        "{n} low scores; {closed} followed up within 48 hours ({rate}), {not_due} not yet due.",
        n,
    ).format(n=n, closed=closed, rate=rate, not_due=not_due)


def trend(t: Translator, *, name: str, months: int, improved: bool) -> str:
    """N-TREND: months in a row in one direction."""
    if improved:
        return t("{name} has improved for {k} months.").format(name=name, k=months)
    return t("{name} has worsened for {k} months.").format(name=name, k=months)


def improvements(
    t: Translator, *, new: int, closed: int, effective: int, still_open: int, overdue_actions: int
) -> str:
    """N-IMP: the state of the improvement loop."""
    return t.n(
        "Improvement items: {new} new, {closed} closed ({effective} effective), {open} open; "
        "{late} measure overdue.",
        "Improvement items: {new} new, {closed} closed ({effective} effective), {open} open; "
        "{late} measures overdue.",
        overdue_actions,
    ).format(new=new, closed=closed, effective=effective, open=still_open, late=overdue_actions)


def excluded(t: Translator, n: int) -> str:
    """N-ANOM: abnormal records left out; empty when there is none."""
    if n == 0:
        return ""
    return t.n(
        "{n} abnormal record was excluded (see appendix B).",
        "{n} abnormal records were excluded (see appendix B).",
        n,
    ).format(n=n)
