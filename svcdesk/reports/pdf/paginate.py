"""Pieces -> pages: what stays together, what is split, what begins anew."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from svcdesk.reports.pdf.pieces import Break, Kept, Piece, Space

if TYPE_CHECKING:
    from collections.abc import Iterable

SLACK = 0.01


class Page:
    """A page: pieces with the distance of their upper edge from that of the text."""

    def __init__(self) -> None:
        self.placed: list[tuple[Piece, float]] = []
        self.used = 0.0
        self._gap = 0.0

    @property
    def fresh(self) -> bool:
        """Whether nothing stands on the page."""
        return not self.placed

    def start(self, piece: Piece) -> float:
        """Return where ``piece`` would begin."""
        return self.used + (0.0 if self.fresh else max(self._gap, piece.before))

    def put(self, piece: Piece) -> None:
        """Add a piece."""
        start = self.start(piece)
        self.placed.append((piece, start))
        self.used = start + piece.height
        self._gap = piece.after


def paginate(pieces: Iterable[Piece], depth: float) -> list[Page]:
    """Place pieces on pages of ``depth`` points.

    A piece that keeps with the next is never the last of a page; one that does not fit is split
    where it may be, moved to the next page where it fits, and taken apart when it fits on none.
    """
    pages = [Page()]
    queue = deque(pieces)
    while queue:
        piece = queue.popleft()
        if isinstance(piece, Break):
            if not pages[-1].fresh and not (piece.of_one and len(pages) > 1):
                pages.append(Page())
            continue
        if isinstance(piece, Space) and pages[-1].fresh:
            continue
        _place(piece, queue, pages, depth)
    if pages[-1].fresh and len(pages) > 1:
        pages.pop()
    return pages


def _place(piece: Piece, queue: deque[Piece], pages: list[Page], depth: float) -> None:
    page = pages[-1]
    start = page.start(piece)
    if not page.fresh:
        piece = _lowered(piece, queue, depth - start + SLACK)
    room = depth - start + SLACK
    needed = max(_needed(piece, queue), piece.below)
    if not page.fresh and needed <= depth and start + needed > depth + SLACK:
        pages.append(Page())
        queue.appendleft(piece)
        return
    if piece.height <= room:
        # what can be split and keeps with the next leaves a part of itself to go with it
        beyond = start + _with_followers(piece, queue) - depth if _divides(piece) else 0.0
        if not piece.keep or beyond <= SLACK:
            page.put(piece)
            return
        room = piece.height - min(beyond, piece.height / 2)
    halves = piece.split(room)
    if halves is not None:
        page.put(halves[0])
        pages.append(Page())
        queue.appendleft(halves[1])
        return
    parts = piece.parts()
    if len(parts) > 1:
        queue.extendleft(reversed(parts))
        return
    if not page.fresh:
        pages.append(Page())
        queue.appendleft(piece)
        return
    piece.height = min(piece.height, depth)  # taller than a page and whole: drawn smaller
    page.put(piece)


def _lowered(piece: Piece, queue: deque[Piece], room: float) -> Piece:
    """Return a chart less tall where it fits only so; before a heading of its own, that one too.

    A page left in part empty before a chart looks worse than a chart a little lower.
    """
    if isinstance(piece, Kept) and piece.lowered is not None:
        if _with_followers(piece, queue) <= room or piece.lower is None:
            return piece
        return piece.lower if _with_followers(piece.lower, queue) <= room else piece
    if not piece.keep or _with_followers(piece, queue) <= room:
        return piece
    for place, follower in enumerate(queue):
        if isinstance(follower, Kept) and follower.lower is not None:
            queue[place] = follower.lower
            if _with_followers(piece, queue) > room:
                queue[place] = follower
            break
        if not follower.keep or isinstance(follower, Break):
            break
    return piece


def _divides(piece: Piece) -> bool:
    return piece.least() < piece.height


def _needed(piece: Piece, queue: deque[Piece]) -> float:
    """Return the height of ``piece`` with all that must follow it on its page."""
    return piece.least() if _divides(piece) else _with_followers(piece, queue)


def _with_followers(piece: Piece, queue: deque[Piece]) -> float:
    """Return the height of a whole piece with as much as must follow it."""
    total, gap = piece.height, piece.after
    if not piece.keep:
        return total
    for follower in queue:
        if isinstance(follower, Break):
            break
        total += max(gap, follower.before)
        if not follower.keep or _divides(follower):
            return total + follower.least()
        total += follower.height
        gap = follower.after
    return total
