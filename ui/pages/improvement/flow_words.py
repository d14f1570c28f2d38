"""The flow of a month in words: cards, arrows, what stands beside the drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label
from svcdesk.services.flow_map import CLOSED, RECEIVED, RESOLVED, hours, node_name, share_text
from ui.models.columns import Cell, ColumnDef
from ui.widgets.flow_map import Arrow, Pain, Place

if TYPE_CHECKING:
    from svcdesk.services.flow_map import Flow, Node, PainNote, Waiting

LEAST_SHARE = 0.02  # of the tickets: rarer steps are told beside the drawing, not drawn
LEAST_TICKETS = 5  # with fewer nothing is judged
CELLS = {
    "new": (0, 0), "assigned": (0, 1), "in_progress": (0, 2), RESOLVED: (0, 3), RECEIVED: (1, 0),
    "pending_customer": (1, 1), "pending_internal": (1, 2), CLOSED: (1, 3),
}  # fmt: skip


def places(found: Flow) -> list[Place]:
    """Return the cards of a flow."""
    return [_place(found, state) for state in CELLS]


def _place(found: Flow, state: str) -> Place:
    row, column = CELLS[state]
    name = node_name(state)
    if state == RECEIVED:
        count = f"{found.tickets:,}"
        return Place(state, row, column, name, count, (), f"{name}: {count}", walked=False)
    node = found.node(state)
    figure, lines = _figures(found, node)
    mark = _("Widest share") if node.widest and found.tickets >= LEAST_TICKETS else ""
    pains = tuple(_pain(one) for one in node.notes)
    told = ". ".join(filter(None, [name, mark, figure, *lines]))
    if pains:
        told += ". " + _("{n} pain notes").format(n=len(pains))
    share = None if state in {RESOLVED, CLOSED} and not node.seconds else float(node.share)
    return Place(state, row, column, name, figure, lines, told, share, mark, pains)


def _figures(found: Flow, node: Node) -> tuple[str, tuple[str, ...]]:
    """Return the main line of a card and the lines below."""
    spent = _("{hours} h, {share}").format(
        hours=hours(node.seconds, 0), share=share_text(node.share)
    )
    if node.state == CLOSED:
        lines = [_("median {hours} h after the resolution").format(
            hours=hours(found.closing.median))] if found.closing.tickets else []  # fmt: skip
        if node.tickets:
            lines.append(_("before a reopening: {spent}").format(spent=spent))
        return _("{n} tickets").format(n=f"{found.closing.tickets:,}"), tuple(lines)
    if node.state == RESOLVED:
        text = _("{n} reopened: {spent}").format(n=f"{node.tickets:,}", spent=spent)
        return _("{n} tickets").format(n=f"{found.tickets:,}"), (text,) if node.tickets else ()
    lines = [_("{n} tickets").format(n=f"{node.tickets:,}")]
    if node.tickets:
        lines += [_("mean {hours} h").format(hours=hours(node.mean)),
                  _("median {hours} h").format(hours=hours(node.median)),
                  _("P90 {hours} h").format(hours=hours(node.p90))]  # fmt: skip
    return spent, tuple(lines)


def _pain(note: PainNote) -> Pain:
    told = _("Pain note {number}: {title} ({stage})").format(
        number=note.number, title=note.title, stage=code_label("ItemStatus", note.status)
    )
    return Pain(note.id, note.number, note.title, told)


def arrows(found: Flow) -> list[Arrow]:
    """Return the steps that are drawn: those of two tickets in a hundred and more."""
    whole = max(found.tickets, 1)
    return [
        Arrow(start, end, f"{n:,}", n / whole)
        for (start, end), n in sorted(found.moves.items())
        if start in CELLS and end in CELLS and n >= LEAST_SHARE * whole
    ]


def told(found: Flow) -> str:
    """Say how many tickets the drawing is about."""
    if not found.tickets:
        text = _("No ticket was resolved in {month}, so there is no way to draw. "
                 "Choose another month.")  # fmt: skip
        if found.filters:
            text = _("No such ticket was resolved in {month}. Choose another month or filter.")
        return text.format(month=found.period.code)
    text = _("{n} tickets resolved in {month}: {hours} h from receipt to the final resolution")
    said = text.format(
        n=f"{found.tickets:,}", month=found.period.code, hours=hours(found.seconds, 0)
    )
    if found.running:
        said += " · " + _("the month is still running")
    rare = [n for n in found.nodes if n.state not in CELLS and n.tickets]
    for node in rare:
        said += " · " + _("{state}, taken back later: {n} tickets, {hours} h ({share})").format(
            state=node_name(node.state), n=node.tickets, hours=hours(node.seconds, 0),
            share=share_text(node.share),
        )  # fmt: skip
    return said


def about(found: Flow, state: str) -> str:
    """Say what stands beside the drawing about a node."""
    node, lines = found.node(state), []
    if node.tickets:
        text = _("{n} tickets spent {hours} h here: {share} of all hours, {working} working hours")
        if state in {RESOLVED, CLOSED}:
            text = _("{n} tickets lay here {hours} h before they were reopened: {share} of all "
                     "hours, {working} working hours")  # fmt: skip
        lines.append(text.format(
            n=f"{node.tickets:,}", hours=hours(node.seconds, 0), share=share_text(node.share),
            working=hours(node.working, 0),
        ))  # fmt: skip
        lines.append(_("Per ticket: mean {mean} h, median {median} h, P90 {p90} h").format(
            mean=hours(node.mean), median=hours(node.median), p90=hours(node.p90)
        ))  # fmt: skip
    if state == CLOSED and found.closing.tickets:
        lines.append(_("{n} of {all} closed, median {hours} h after the resolution; "
                       "that is no part of the hours").format(
            n=f"{found.closing.tickets:,}", all=f"{found.tickets:,}",
            hours=hours(found.closing.median),
        ))  # fmt: skip
    came = _steps({start: n for (start, end), n in found.moves.items() if end == state})
    went = _steps({end: n for (start, end), n in found.moves.items() if start == state})
    if came:
        lines.append(_("Came from: {steps}").format(steps=came))
    if went:
        lines.append(_("Went on to: {steps}").format(steps=went))
    return "\n".join(lines) or _("No ticket spent time here.")


def _steps(counts: dict[str, int]) -> str:
    listed = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return " · ".join(f"{node_name(state)} {n:,}" for state, n in listed)


def waiting_columns() -> list[ColumnDef]:
    """Return the columns of the wait inside by department."""

    def number(text: str) -> Cell:
        return Cell(text)

    def share(row: Waiting) -> Cell:
        return number(share_text(row.share))

    return [
        ColumnDef("name", _("Department"), lambda r: Cell(r.name, tip=r.name), 120, stretch=True,
                  elide=True),
        ColumnDef("tickets", _("Tickets"), lambda r: number(f"{r.tickets:,}"), 56, right=True),
        ColumnDef("hours", _("Hours"), lambda r: number(hours(r.seconds, 0)), 60, right=True),
        ColumnDef("share", _("Share"), share, 60, right=True),
        ColumnDef("median", pgettext("flow", "Median h"), lambda r: number(hours(r.median)), 68,
                  right=True, drop=1),
    ]  # fmt: skip
