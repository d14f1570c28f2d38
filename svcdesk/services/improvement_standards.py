"""What worked becomes the way it is done: an article or a procedure of the knowledge base (8D D7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.improvement import QUESTIONS, ActionState, ItemStatus
from svcdesk.domain.knowledge import ArticleKind
from svcdesk.domain.people import Permission
from svcdesk.i18n.catalog import N_, Translator, current
from svcdesk.services import improvements, knowledge
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.improvement_rows import stored
from svcdesk.store import records
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.services.improvements import ItemDetail

READY = frozenset({ItemStatus.VERIFYING, ItemStatus.CLOSED})
_CAUSE = N_("Root cause: {cause}")
_STEP = N_("{n}. {measure}")
_FROM = N_("From {number}, proven effective.")
_TRIED = N_("From {number}.")


def article_of(desk: Desk, item_id: int) -> dict[str, Any] | None:
    """Return the article that an item was standardised into."""
    key = stored(desk, item_id)["knowledge_id"]
    return None if key is None else records.get(desk.reader, "knowledge", int(key))


def standardise(
    desk: Desk, item_id: int, kind: ArticleKind = ArticleKind.SOP, t: Translator | None = None
) -> Outcome[int]:
    """Write the draft of an article from problem, root cause and measures; return its key.

    The item names it as what it was standardised into. One item has one article.
    """
    desk.require(Permission.EDIT_IMPROVEMENTS)
    desk.require(Permission.EDIT_KNOWLEDGE)
    words, detail = t or current(), improvements.get(desk, item_id)
    item = detail.item
    if item["status"] not in READY:
        raise UserError(
            "{number} is not verified yet: what is standardised must have worked.", code="stage",
            number=item["item_no"],
        )  # fmt: skip
    if article_of(desk, item_id) is not None:
        raise UserError("{number} has its article already.", code="doubled", number=item["item_no"])
    done = [a for a in detail.actions
            if a["state"] in {ActionState.DONE, ActionState.VERIFIED} and a["kind"] != "interim"]  # fmt: skip
    if not done:
        raise UserError("{number} has no finished measure to describe.", code="empty",
                        number=item["item_no"])  # fmt: skip
    row = {
        "kind": kind.value, "title": item["title"], "symptom": _symptom(detail),
        "solution": _solution(detail, done, words),
    }  # fmt: skip
    with desk.write(N_("Standardise {number}"), number=item["item_no"]) as uow:
        key = knowledge.write(uow, desk, row)
        article = records.get(uow.connection, "knowledge", key) or {}
        told = item["standardised"] or f"{article['article_no']} {item['title']}"
        uow.update("improvement_item", item_id, {"knowledge_id": key, "standardised": told})
    return Outcome(key, uow.changes)


def _symptom(detail: ItemDetail) -> str:
    answers = detail.item["problem"]
    known = (answers.get(q, "") for q in QUESTIONS)
    return "\n".join(dict.fromkeys(text for text in known if text)) or detail.item["title"]


def _solution(detail: ItemDetail, done: Sequence[dict[str, Any]], t: Translator) -> str:
    lines = []
    cause = (detail.rca or {}).get("root_cause", "")
    if cause:
        lines.append(t(_CAUSE).format(cause=cause))
    lines += [t(_STEP).format(n=n, measure=a["text"]) for n, a in enumerate(done, start=1)]
    told = _FROM if detail.item["verdict"] == "effective" else _TRIED
    lines.append(t(told).format(number=detail.item["item_no"]))
    return "\n".join(lines)
