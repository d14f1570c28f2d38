"""Writing an article: what is typed is kept until it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.knowledge import ArticleKind
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import field_label
from svcdesk.services import knowledge
from ui.pages.drafts import DraftKeeper
from ui.pages.form_dialog import FormDialog
from ui.pages.wording import Words
from ui.theme.room import room
from ui.widgets.editors import ChoiceField, LongTextField, TextField

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.pages.page import Workplace


class ArticleDialog(FormDialog):
    """The form of an article, new or known."""

    def __init__(
        self, parent: QWidget, place: Workplace, article: dict[str, Any] | None = None
    ) -> None:
        title = _("New article") if article is None else _("Edit article")
        super().__init__(parent, place, title, _("Save article"))
        self.resize(room(720, 620))
        self._article = article
        words = Words(place.desk)
        form = self.form
        form.add(
            "title", field_label("knowledge", "title"), TextField("", 200), span=2, required=True
        )
        kinds = words.codes("ArticleKind", ArticleKind)
        form.add("kind", _("Kind"), ChoiceField(kinds))
        issues = words.items("issue", tree=True)
        form.add("issue_id", field_label("knowledge", "issue"), ChoiceField(issues, _("Choose…")))
        form.add("symptom", field_label("knowledge", "symptom"),
                 LongTextField(_("How the customer says it"), 3), span=2)  # fmt: skip
        form.add("solution", field_label("knowledge", "solution"),
                 LongTextField(_("What to do, step by step"), 7), span=2, required=True)  # fmt: skip
        form.add("keywords", field_label("knowledge", "keywords"),
                 TextField(_("Other words for it, divided by spaces"), 200))  # fmt: skip
        form.add(
            "owner_id",
            field_label("knowledge", "owner"),
            ChoiceField(words.people(), pgettext("manager", "Nobody")),
        )
        self._keeper = DraftKeeper(self, place.desk, self._typed)
        form.populate(article or {"kind": "article", "owner_id": place.desk.actor.id})
        draft = self._keeper.open(f"knowledge-{article['id'] if article else 'new'}")
        if draft is not None:
            self._take_draft(draft.values)
            banner = self._keeper.banner(draft)
            banner.acted.connect(self._on_discard)
            self._banner: QWidget | None = banner
            self.column.insertWidget(0, banner)
        form.edited.connect(self._on_edited)
        form.editor("title").setFocus()

    def _typed(self) -> dict[str, Any]:
        return self.form.changes()

    def _take_draft(self, values: dict[str, Any]) -> None:
        for key, value in values.items():
            self.form.editor(key).set_value(value)

    def _on_edited(self, _key: str) -> None:
        self._keeper.touch()

    def _on_discard(self, _action: str) -> None:
        self._keeper.done()
        self.form.populate(self._article or {"kind": "article"})
        if self._banner is not None:
            self._banner.hide()

    def save(self) -> None:
        """Write the article."""
        desk, article = self.place.desk, self._article
        values = {
            k: v if v is not None or k.endswith("_id") else ""
            for k, v in self.form.values().items()
        }
        if article is None:
            self.write(lambda: knowledge.create(desk, values))
            return
        key, version = int(article["id"]), int(article["row_version"])
        self.write(lambda: knowledge.change(desk, key, values, version))

    def _on_saved(self, outcome: Any) -> None:
        self._keeper.done()
        super()._on_saved(outcome)
