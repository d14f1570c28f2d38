"""Columns, views and filters of the articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.customer import ArticleStatus
from svcdesk.domain.knowledge import ArticleKind
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from svcdesk.services import knowledge
from svcdesk.services.queries import KnowledgeRow, Op, Query
from ui.models.columns import Cell, ColumnDef
from ui.pages.wording import DASH, Words
from ui.widgets.filter_bar import FilterDef
from ui.widgets.tabs import TabDef

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk

STATUS_FACES: dict[str, tuple[str, str]] = {
    "draft": ("pencil", "text-2"),
    "published": ("circle-check", "ok"),
    "retired": ("circle-x", "text-3"),
}
KIND_FACES: dict[str, tuple[str, str]] = {
    "article": ("book-open", "text-2"),
    "sop": ("list", "text-2"),
    "case": ("copy", "accent"),
    "praise": ("heart-handshake", "violet"),
}


class ArticleCells:
    """Makes the cells of one article row."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._words = Words(desk)

    def number(self, row: KnowledgeRow) -> Cell:
        """Return the number."""
        return Cell(row.number, colour="text-3" if row.status == "retired" else "text-2")

    def title(self, row: KnowledgeRow) -> Cell:
        """Return the title with the mark of its kind."""
        icon, ink = KIND_FACES[row.kind]
        return Cell(
            row.title, icon, "text-3" if row.status == "retired" else "text", ink,
            tip=f"{code_label('ArticleKind', row.kind)}: {row.title}",
        )  # fmt: skip

    def issue(self, row: KnowledgeRow) -> Cell:
        """Return the issue type."""
        return Cell(self._words.item(row.issue_id), colour="text-2")

    def status(self, row: KnowledgeRow) -> Cell:
        """Return the status."""
        icon, ink = STATUS_FACES[row.status]
        return Cell(code_label("ArticleStatus", row.status), icon, icon_colour=ink)

    def review(self, row: KnowledgeRow) -> Cell:
        """Return when it must be looked at again."""
        if row.review_due is None or row.status != "published":
            return Cell(DASH, colour="text-3")
        if row.review_due <= knowledge.today(self._desk):
            tip = _("To be reviewed since {day}").format(day=row.review_due)
            return Cell(row.review_due, "clock-alert", "warn", tip=tip)
        return Cell(row.review_due, colour="text-2")

    def used(self, row: KnowledgeRow) -> Cell:
        """Return in how many tickets it was used."""
        return Cell(f"{row.used:,}", colour="text" if row.used else "text-3")

    def owner(self, row: KnowledgeRow) -> Cell:
        """Return who looks after it."""
        return Cell(self._words.person(row.owner_id), colour="text-2")


def columns(desk: Desk) -> list[ColumnDef]:
    """Return the columns of the list."""
    cells = ArticleCells(desk)
    return [
        ColumnDef("number", _("Article no."), cells.number, 86, sort="number", drop=2),
        ColumnDef("title", _("Title"), cells.title, 200, stretch=True, sort="title", elide=True),
        ColumnDef("issue", _("Issue type"), cells.issue, 96, sort="issue_id", elide=True, drop=1),
        ColumnDef("status", _("Status"), cells.status, 100, sort="status"),
        ColumnDef("used", _("Used"), cells.used, 60, right=True, sort="used"),
        ColumnDef("review", _("Review due"), cells.review, 116, right=True, sort="review_due"),
        ColumnDef("owner", _("Article owner"), cells.owner, 96, sort="owner_id", elide=True, drop=3),
    ]  # fmt: skip


def views() -> list[TabDef]:
    """Return the saved views."""
    return [
        TabDef("published", _("Published")),
        TabDef("draft", _("Drafts"), "pencil"),
        TabDef("review", _("Review due"), "clock-alert", "warn"),
        TabDef("case", _("Cases"), "copy", "accent"),
        TabDef("praise", _("Praise"), "heart-handshake", "violet"),
        TabDef("most", _("Most used")),
        TabDef("unused", _("Never used")),
        TabDef("all", _("All articles")),
    ]


def view_query(view: str) -> Query:
    """Return the query of a saved view."""
    base = Query("knowledge", sort="updated_at", descending=True)
    published = base.where("status", Op.IN, "published")
    if view == "draft":
        return base.where("status", Op.IN, "draft")
    if view == "review":
        return base.where("review_due", Op.YES).ordered("review_due", descending=False)
    if view in {"case", "praise"}:
        return base.where("kind", Op.IN, view)
    if view == "most":
        return published.ordered("used", descending=True)
    if view == "unused":
        return base.where("unused", Op.YES)
    return base if view == "all" else published


def filters(desk: Desk) -> list[FilterDef]:
    """Return the conditions that can be set as chips."""
    words = Words(desk)
    return [
        FilterDef("issue_id", _("Issue type"), lambda: words.items("issue", tree=True), pinned=True),
        FilterDef("kind", _("Kind"), lambda: words.codes("ArticleKind", ArticleKind), pinned=True),
        FilterDef("status", _("Status"), lambda: words.codes("ArticleStatus", ArticleStatus)),
        FilterDef("owner_id", _("Article owner"), words.people),
    ]  # fmt: skip
