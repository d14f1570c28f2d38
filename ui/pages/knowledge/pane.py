"""One article to read: texts, where it helped, votes, versions with their differences."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from svcdesk.domain.knowledge import differences
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label, field_label
from ui.pages.knowledge.rows import KIND_FACES, STATUS_FACES
from ui.pages.wording import Words
from ui.theme.tokens import GAP, MARGIN
from ui.widgets.banner import Banner
from ui.widgets.button import Button, Kind
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Link, Tag, box, divider, label
from ui.widgets.scroll_area import FitArea

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.services.knowledge import ArticleDetail

# how a stretch that is new or gone is marked: by line and weight, not by colour
_MARKS = {"same": "{}", "new": "<b><u>{}</u></b>", "gone": "<s>{}</s>"}


def difference_html(old: str, new: str) -> str:
    """Return the change from ``old`` to ``new``: new underlined, gone struck through."""
    return "".join(
        _MARKS[change.kind].format(escape(change.text).replace("\n", "<br>"))
        for change in differences(old, new)
    )


class ArticlePane(QWidget):
    """Shows one article; the page acts on its signals."""

    edit_wanted = Signal()
    publish_wanted = Signal()
    retire_wanted = Signal()
    voted = Signal(object)  # True, False, None: taken back
    restore_wanted = Signal(object)  # key of the version
    uses_wanted = Signal()
    source_wanted = Signal(str, object)
    pick_wanted = Signal(object)  # month or None

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._words = Words(desk)
        self.detail: ArticleDetail | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        inner = box("surface", "left")
        self._body = QVBoxLayout(inner)
        self._body.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self._body.setSpacing(GAP)
        self._build()
        area = FitArea(inner)
        column.addWidget(area)
        self._all = inner
        inner.hide()

    # --- building ------------------------------------------------------------------------

    def _build(self) -> None:
        self._title = label("", "page", wrap=True, selectable=True)
        self._body.addWidget(self._title)
        tags = QWidget()
        self._tags = FlowLayout(tags, gap=GAP)
        self._body.addWidget(tags)
        tools = QWidget()
        self._tools = FlowLayout(tools, gap=GAP)
        self._edit = Button(_("Edit"), kind=Kind.QUIET, icon="pencil", key="E", small=True)
        self._publish = Button(_("Publish"), icon="circle-check", key="P", small=True)
        self._retire = Button(_("Retire"), kind=Kind.QUIET, icon="circle-x", small=True)
        self._pick = Button("", kind=Kind.QUIET, icon="file-text", small=True)
        for button, slot in (
            (self._edit, self.edit_wanted),
            (self._publish, self.publish_wanted),
            (self._retire, self.retire_wanted),
            (self._pick, self._on_pick),
        ):
            button.clicked.connect(slot)
            self._tools.addWidget(button)
        self._body.addWidget(tools)
        self._banner = QVBoxLayout()
        self._body.addLayout(self._banner)
        self._texts: dict[str, QLabel] = {}
        for name in ("symptom", "solution", "keywords"):
            self._body.addWidget(label(field_label("knowledge", name), "small", "3"))
            self._texts[name] = label("", wrap=True, selectable=True)
            self._body.addWidget(self._texts[name])
        self._body.addWidget(divider())
        self._build_use()
        self._body.addWidget(divider())
        self._body.addWidget(label(_("Versions"), "strong"))
        self._versions = QVBoxLayout()
        self._versions.setSpacing(GAP)
        self._body.addLayout(self._versions)
        self._body.addStretch(1)

    def _build_use(self) -> None:
        row = QHBoxLayout()
        self._uses = Link("")
        self._uses.clicked.connect(self.uses_wanted)
        row.addWidget(self._uses)
        row.addStretch(1)
        self._useful = Button("", icon="thumbs-up", key="+", small=True)
        self._useless = Button("", icon="thumbs-down", key="-", small=True)
        for button, slot in ((self._useful, self._on_useful), (self._useless, self._on_useless)):
            button.setCheckable(True)
            button.clicked.connect(slot)
            row.addWidget(button)
        self._body.addLayout(row)
        line = QHBoxLayout()
        self._facts = label("", "small", "2", wrap=True)
        self._source = Link("", "small")
        self._source.clicked.connect(self._on_source)
        line.addWidget(self._facts, 1)
        line.addWidget(self._source)
        self._body.addLayout(line)

    # --- showing -------------------------------------------------------------------------

    def show_article(self, detail: ArticleDetail) -> None:
        """Show an article."""
        self.detail = detail
        self._all.show()
        article = detail.article
        self._title.setText(article["title"])
        self._show_tags(article)
        for name, text in self._texts.items():
            text.setText(article[name] or "—")
        published = article["status"] == "published"
        self._publish.set_text(_("Still right") if published else _("Publish"))
        self._retire.setVisible(published)
        case = article["kind"] in {"case", "praise"}
        self._pick.setVisible(case)
        if case:
            month = article["picked_for"]
            self._pick.set_text(
                _("Take out of the report of {month}").format(month=month)
                if month
                else _("Pick for the report of {month}").format(month=self.month())
            )
        self._show_banner(detail)
        self._show_use(detail)
        self._show_versions(detail)

    def month(self) -> str:
        """Return the month whose report a case is picked for: the one that was last whole."""
        return _previous_month(self._words.local(self._words.now()).strftime("%Y-%m"))

    def _show_tags(self, article: dict[str, Any]) -> None:
        self._tags.clear()
        icon, ink = STATUS_FACES[article["status"]]
        tone = ink if ink == "ok" else "neutral"
        kind_icon, _ink = KIND_FACES[article["kind"]]
        tags = [
            Tag(article["article_no"]),
            Tag(code_label("ArticleStatus", article["status"]), icon, tone),
            Tag(code_label("ArticleKind", article["kind"]), kind_icon),
            Tag(_("Version {n}").format(n=article["version"]), "history"),
        ]
        if article["issue_id"]:
            tags.append(Tag(self._words.path(article["issue_id"]), "tag"))
        for tag in tags:
            self._tags.addWidget(tag)
            tag.show()

    def _show_banner(self, detail: ArticleDetail) -> None:
        while (item := self._banner.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if detail.stale:
            text = _("To be reviewed since {day}").format(day=detail.article["review_due"])
            banner = Banner("warn", "clock-alert", text, actions=(("ok", _("Still right")),))
            banner.acted.connect(self._on_still_right)
            self._banner.addWidget(banner)

    def _show_use(self, detail: ArticleDetail) -> None:
        article = detail.article
        self._uses.setText(_("Used in {n} tickets").format(n=len(detail.uses)))
        self._uses.setEnabled(bool(detail.uses))
        self._useful.set_text(_("Useful {n}").format(n=detail.useful))
        self._useless.set_text(_("Not useful {n}").format(n=detail.useless))
        self._useful.setChecked(detail.my_vote is True)
        self._useless.setChecked(detail.my_vote is False)
        parts = [
            _("Article owner: {name}").format(name=self._words.person(article["owner_id"])),
        ]
        if article["published_at"]:
            day = self._words.day(article["published_at"])
            parts.append(_("published on {day}").format(day=day))
        if article["review_due"] and article["status"] == "published":
            parts.append(_("review by {day}").format(day=article["review_due"]))
        self._facts.setText(" · ".join(parts))
        source = detail.source
        self._source.setVisible(source is not None)
        if source is not None:
            self._source.setText(_("From {number}").format(number=source["number"]))

    def _show_versions(self, detail: ArticleDetail) -> None:
        while (item := self._versions.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        versions = detail.versions
        for place, version in enumerate(versions):
            before = versions[place + 1] if place + 1 < len(versions) else None
            self._versions.addWidget(self._version(version, before, latest=place == 0))
        if not versions:
            self._versions.addWidget(label(_("Only the present one."), "small", "3"))

    def _version(
        self, version: dict[str, Any], before: dict[str, Any] | None, *, latest: bool
    ) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        row = QHBoxLayout()
        head = _("Version {n}").format(n=version["version"])
        who = self._words.person(version["author_id"])
        text = " · ".join((head, who, self._words.time(version["entered_at"]), version["note"]))
        row.addWidget(label(text.rstrip(" ·"), "small", "2"), 1)
        if not latest:
            restore = Link(_("Restore"), "small")
            restore.setProperty("version", version["id"])
            restore.setToolTip(_("Make these texts the present ones, as a new version"))
            restore.clicked.connect(self._on_restore)
            row.addWidget(restore)
        column.addLayout(row)
        if before is not None:
            for name in ("title", "symptom", "solution", "keywords"):
                if before[name] != version[name]:
                    shown = QLabel(difference_html(before[name], version[name]))
                    shown.setTextFormat(Qt.TextFormat.RichText)
                    shown.setWordWrap(True)
                    shown.setAccessibleName(
                        _("Changed: {field}").format(field=field_label("knowledge", name))
                    )
                    shown.setToolTip(_("Underlined: new. Struck through: gone."))
                    column.addWidget(label(field_label("knowledge", name), "micro", "3"))
                    column.addWidget(shown)
        return card

    # --- acting --------------------------------------------------------------------------

    def vote(self, *, useful: bool) -> None:
        """Vote, or take the same vote back."""
        if self.detail is not None:
            self.voted.emit(None if self.detail.my_vote is useful else useful)

    def _on_useful(self) -> None:
        self.vote(useful=True)

    def _on_useless(self) -> None:
        self.vote(useful=False)

    def _on_still_right(self, _action: str) -> None:
        self.publish_wanted.emit()

    def _on_pick(self) -> None:
        if self.detail is not None:
            picked = self.detail.article["picked_for"]
            self.pick_wanted.emit(None if picked else self.month())

    def _on_source(self) -> None:
        if self.detail is not None and self.detail.source is not None:
            source = self.detail.source
            self.source_wanted.emit(source["page"], source["id"])

    def _on_restore(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.restore_wanted.emit(sender.property("version"))


def _previous_month(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"
