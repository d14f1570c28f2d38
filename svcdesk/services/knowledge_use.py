"""Articles where they are needed: suggested, used in a ticket, missing (features K1, K3, K4)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain import knowledge as rules
from svcdesk.domain.localtime import DAY
from svcdesk.domain.masking import mask_text
from svcdesk.domain.people import Permission
from svcdesk.i18n.catalog import N_
from svcdesk.services import knowledge, tickets
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import knowledge as store
from svcdesk.store import records
from svcdesk.store.knowledge import Gap
from svcdesk.store.segment import fold
from svcdesk.system.errors import UserError

GAP_DAYS, GAP_LEAST = 90, 5

__all__ = ["Gap", "Suggested", "draft_for", "gaps", "suggest", "unuse", "use", "used_in"]

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Suggested:
    """An article that may answer what is being typed."""

    id: int
    number: str
    title: str
    symptom: str
    solution: str
    uses: int
    score: float


def suggest(desk: Desk, text: str, issue_id: int | None = None, limit: int = 5) -> list[Suggested]:
    """Return published articles with words in common with ``text``, the best first.

    Without any text those of the issue type, the most used first.
    """
    with desk.reading() as connection:
        candidates = store.candidates(connection)
        ranked = rules.rank(fold(text), candidates, issue_id)[:limit]
        uses = {candidate.id: candidate.uses for candidate in candidates}
        found = []
        for score, key in ranked:
            article = records.get(connection, "knowledge", key)
            if article is not None:
                found.append(_suggested(article, uses[key], score))
    return found


def _suggested(article: dict[str, Any], uses: int, score: float) -> Suggested:
    return Suggested(article["id"], article["article_no"], article["title"], article["symptom"],
                     article["solution"], uses, score)  # fmt: skip


def used_in(desk: Desk, ticket_id: int) -> list[Suggested]:
    """Return the articles used in a ticket."""
    with desk.reading() as connection:
        found = [
            records.get(connection, "knowledge", k) for k in store.used_in(connection, ticket_id)
        ]
        return [
            _suggested(article, store.use_count(connection, article["id"]), 0.0)
            for article in found
            if article is not None
        ]


def _both(desk: Desk, ticket_id: int, knowledge_id: int) -> tuple[dict[str, Any], dict[str, Any]]:
    ticket = records.get(desk.reader, "ticket", ticket_id)
    article = records.get(desk.reader, "knowledge", knowledge_id)
    if ticket is None:
        raise UserError("This ticket does not exist any more.", code="gone")
    if article is None:
        raise UserError("This article does not exist any more.", code="gone")
    return ticket, article


def use(desk: Desk, ticket_id: int, knowledge_id: int) -> Outcome[int]:
    """Record that an article helped with a ticket; once per ticket and article."""
    desk.require(Permission.EDIT_TICKETS)
    ticket, article = _both(desk, ticket_id, knowledge_id)
    label = N_("Use article {article} in {number}")
    with desk.write(label, article=article["article_no"], number=ticket["ticket_no"]) as uow:
        if store.link_of(uow.connection, ticket_id, knowledge_id) is None:
            uow.insert("ticket_knowledge", {"ticket_id": ticket_id, "knowledge_id": knowledge_id})
            told = f"{article['article_no']} {article['title']}"
            tickets.event(uow, ticket_id, "field_changed", name="knowledge", new=told)
    return Outcome(knowledge_id, uow.changes)


def unuse(desk: Desk, ticket_id: int, knowledge_id: int) -> Outcome[int]:
    """Take back that an article helped with a ticket."""
    desk.require(Permission.EDIT_TICKETS)
    ticket, article = _both(desk, ticket_id, knowledge_id)
    label = N_("Take article {article} out of {number}")
    with desk.write(label, article=article["article_no"], number=ticket["ticket_no"]) as uow:
        link = store.link_of(uow.connection, ticket_id, knowledge_id)
        if link is not None:
            uow.remove("ticket_knowledge", link)
            told = f"{article['article_no']} {article['title']}"
            tickets.event(uow, ticket_id, "field_changed", name="knowledge", old=told)
    return Outcome(knowledge_id, uow.changes)


def gaps(desk: Desk, *, days: int = GAP_DAYS, least: int = GAP_LEAST) -> list[Gap]:
    """Return the issues asked about often that have no published article, the most asked first."""
    return store.gaps(desk.reader, desk.clock.now() - days * DAY, least)


def draft_for(desk: Desk, issue_id: int, ticket_ids: Sequence[int]) -> Outcome[int]:
    """Write a draft about an issue, prefilled from the best solved of the tickets behind it."""
    desk.require(Permission.EDIT_KNOWLEDGE)
    item = desk.reference.items.get(issue_id)
    best = store.best_solved(desk.reader, json.dumps(list(ticket_ids)))
    name = item.name if item is not None else ""
    row = {
        "title": mask_text(best["title"]) if best else name,
        "issue_id": issue_id,
        "symptom": mask_text(best["description"] or "") if best else "",
        "solution": mask_text(best["solution"]) if best else "",
        "keywords": name,
        "source_ticket_id": best["id"] if best else None,
    }
    with desk.write(N_("New article “{title}”"), title=str(row["title"])) as uow:
        key = knowledge.write(uow, desk, row)
    return Outcome(key, uow.changes)
