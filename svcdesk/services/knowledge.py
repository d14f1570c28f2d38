"""The knowledge base: articles with versions and review, cases and praise, votes (domain.md 2.11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain import knowledge as rules
from svcdesk.domain.localtime import local_date
from svcdesk.domain.masking import mask_text
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem, blocking
from svcdesk.domain.validation import validate
from svcdesk.i18n.catalog import N_
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import knowledge as store
from svcdesk.store import records
from svcdesk.store.numbers import next_number
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.store.knowledge import Use
    from svcdesk.store.unit_of_work import UnitOfWork

COLUMNS = ("title", "kind", "issue_id", "symptom", "solution", "keywords", "owner_id",
           "source_ticket_id", "source_complaint_id", "review_due")  # fmt: skip
_BLANK = frozenset({"symptom", "solution", "keywords"})


@dataclass(frozen=True)
class ArticleDetail:
    """An article with everything its pane shows; ``versions`` newest first."""

    article: dict[str, Any]
    versions: list[dict[str, Any]]
    uses: list[Use]
    useful: int
    useless: int
    my_vote: bool | None
    source: dict[str, Any] | None
    stale: bool


def _stored(desk: Desk, knowledge_id: int) -> dict[str, Any]:
    found = records.get(desk.reader, "knowledge", knowledge_id)
    if found is None:
        raise UserError("This article does not exist any more.", code="gone")
    return found


def today(desk: Desk) -> str:
    """Return the present day of the team as ISO date."""
    return local_date(desk.clock.now(), desk.reference.settings["timezone"]).isoformat()


def get(desk: Desk, knowledge_id: int) -> ArticleDetail:
    """Return an article with its versions, uses and votes."""
    with desk.reading() as connection:
        article = _stored(desk, knowledge_id)
        versions = records.children(
            connection, "knowledge_version", "knowledge_id", knowledge_id, "version DESC"
        )
        useful, useless = store.votes(connection, knowledge_id)
        mine = store.vote_of(connection, knowledge_id, desk.actor.id)
        return ArticleDetail(
            article,
            versions,
            store.uses(connection, knowledge_id),
            useful,
            useless,
            None if mine is None else bool(mine[1]),
            _source(desk, article),
            article["status"] == "published" and (article["review_due"] or "9") <= today(desk),
        )


def _source(desk: Desk, article: Mapping[str, Any]) -> dict[str, Any] | None:
    for table, page in (("ticket", "tickets"), ("complaint", "complaints")):
        key = article[f"source_{table}_id"]
        found = records.get(desk.reader, table, key) if key else None
        if found is not None:
            return {"page": page, "id": key, "number": found[f"{table}_no"]}
    return None


# -- writing ---------------------------------------------------------------------------------


def problems(desk: Desk, values: Mapping[str, Any]) -> list[Problem]:
    """Return what is missing or wrong in an article's form."""
    return validate("knowledge", values, desk.clock.now())


def _checked(desk: Desk, values: Mapping[str, Any]) -> dict[str, Any]:
    faults = blocking(problems(desk, values))
    if faults:
        raise ProblemsError(faults)
    row = {name: values[name] for name in COLUMNS if name in values}
    return {k: (v or "") if k in _BLANK else v for k, v in row.items()}


def create(desk: Desk, values: Mapping[str, Any]) -> Outcome[int]:
    """Write a new draft, its first version with it."""
    desk.require(Permission.EDIT_KNOWLEDGE)
    row = _checked(desk, values)
    with desk.write(N_("New article “{title}”"), title=str(values["title"])) as uow:
        key = write(uow, desk, row)
    return Outcome(key, uow.changes)


def write(uow: UnitOfWork, desk: Desk, row: Mapping[str, Any]) -> int:
    """Write an article and its first version inside a unit of work of somebody else."""
    row = {"owner_id": desk.actor.id, **row}
    number = next_number(uow, "knowledge", uow.now, desk.zone)
    key = uow.insert("knowledge", {"article_no": number, **row})
    _write_version(uow, key, 1, row)
    return key


def _write_version(uow: UnitOfWork, key: int, version: int, row: Mapping[str, Any],
                   note: str = "") -> None:  # fmt: skip
    texts = {name: str(row.get(name) or "") for name in rules.TEXTS}
    uow.insert(
        "knowledge_version",
        {"knowledge_id": key, "version": version, "author_id": uow.actor_id, "note": note, **texts},
    )


def change(desk: Desk, knowledge_id: int, values: Mapping[str, Any], version: int | None = None,
           *, note: str = "") -> Outcome[int]:  # fmt: skip
    """Change an article; new texts are a new version, the old ones stay to read and restore.

    ``version`` is the row_version that the caller saw.
    """
    desk.require(Permission.EDIT_KNOWLEDGE)
    before = _stored(desk, knowledge_id)
    row = _checked(desk, {**before, **values})
    changed = {name: value for name, value in row.items() if before[name] != value}
    with desk.write(N_("Change article {number}"), number=before["article_no"]) as uow:
        _change(uow, before, changed, version, note)
    return Outcome(knowledge_id, uow.changes)


def _change(uow: UnitOfWork, before: Mapping[str, Any], changed: dict[str, Any],
            version: int | None, note: str) -> None:  # fmt: skip
    key = int(before["id"])
    if not changed:
        return
    if set(changed) & set(rules.TEXTS):
        known = records.children(uow.connection, "knowledge_version", "knowledge_id", key)
        if not known:  # imported, or older than versions
            _write_version(uow, key, before["version"], before)
        changed["version"] = before["version"] + 1
        _write_version(uow, key, changed["version"], {**before, **changed}, note)
    uow.update("knowledge", key, changed, version=version)


def restore(desk: Desk, knowledge_id: int, version_id: int) -> Outcome[int]:
    """Make the texts of an earlier version the present ones, as a new version."""
    old = records.get(desk.reader, "knowledge_version", version_id)
    if old is None or old["knowledge_id"] != knowledge_id:
        raise UserError("This version does not exist any more.", code="gone")
    texts = {name: old[name] for name in rules.TEXTS}
    return change(desk, knowledge_id, texts, note=f"← {old['version']}")


def publish(desk: Desk, knowledge_id: int) -> Outcome[int]:
    """Publish an article, or confirm that it is still right: review is due 180 days from today."""
    desk.require(Permission.EDIT_KNOWLEDGE)
    article = _stored(desk, knowledge_id)
    _checked(desk, article)
    day = local_date(desk.clock.now(), desk.reference.settings["timezone"])
    row: dict[str, Any] = {"review_due": rules.review_day(day).isoformat()}
    if article["status"] != "published":
        row |= {"status": "published", "published_at": desk.clock.now()}
    with desk.write(N_("Publish article {number}"), number=article["article_no"]) as uow:
        uow.update("knowledge", knowledge_id, row)
    return Outcome(knowledge_id, uow.changes)


def retire(desk: Desk, knowledge_id: int) -> Outcome[int]:
    """Take an article out of use; it stays to read and its uses stay counted."""
    desk.require(Permission.EDIT_KNOWLEDGE)
    article = _stored(desk, knowledge_id)
    with desk.write(N_("Retire article {number}"), number=article["article_no"]) as uow:
        uow.update("knowledge", knowledge_id, {"status": "retired"})
    return Outcome(knowledge_id, uow.changes)


def vote(desk: Desk, knowledge_id: int, *, useful: bool | None) -> Outcome[int]:
    """Say whether the article helped; ``None`` takes the answer back. Everybody has one vote."""
    article = _stored(desk, knowledge_id)
    with desk.write(N_("Vote on article {number}"), number=article["article_no"]) as uow:
        known = store.vote_of(uow.connection, knowledge_id, desk.actor.id)
        if useful is None and known is not None:
            uow.remove("knowledge_vote", known[0])
        elif useful is not None and known is not None and known[1] != int(useful):
            uow.update("knowledge_vote", known[0], {"useful": int(useful)})
        elif useful is not None and known is None:
            row = {"knowledge_id": knowledge_id, "person_id": desk.actor.id, "useful": int(useful)}
            uow.insert("knowledge_vote", row)
    return Outcome(knowledge_id, uow.changes)


# -- cases and praise ------------------------------------------------------------------------


def make_case(desk: Desk, kind: str, *, ticket_id: int | None = None,
              complaint_id: int | None = None) -> Outcome[int]:  # fmt: skip
    """Make a case to copy (``case``) or a story of praise (``praise``) of a ticket or complaint.

    Phone numbers in its texts are masked: the article is read by everybody.
    """
    desk.require(Permission.EDIT_KNOWLEDGE)
    table, key = ("ticket", ticket_id) if ticket_id is not None else ("complaint", complaint_id)
    found = store.text_of(desk.reader, table, key) if key is not None else None
    if found is None:
        raise UserError("The record of this case does not exist any more.", code="gone")
    row = {
        "kind": rules.ArticleKind(kind).value,
        "title": mask_text(found["title"]),
        "issue_id": found["issue_id"],
        "symptom": mask_text(found["description"]),
        "solution": mask_text(found["solution"]) or mask_text(found["description"]),
        f"source_{table}_id": key,
    }
    _checked(desk, row)
    with desk.write(N_("Make a case of {number}"), number=found["number"]) as uow:
        made = write(uow, desk, row)
    return Outcome(made, uow.changes)


def pick(desk: Desk, knowledge_id: int, month: str | None) -> Outcome[int]:
    """Pick a case for the report of ``month`` (2026-03), or take it out again."""
    desk.require(Permission.EDIT_KNOWLEDGE)
    article = _stored(desk, knowledge_id)
    if article["kind"] not in {"case", "praise"}:
        raise UserError("Only cases and stories of praise go into the report.", code="no_case")
    with desk.write(N_("Pick {number} for the report"), number=article["article_no"]) as uow:
        uow.update("knowledge", knowledge_id, {"picked_for": month})
    return Outcome(knowledge_id, uow.changes)
