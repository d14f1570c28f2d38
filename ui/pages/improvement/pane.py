"""One item: its head with the next steps, and its tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label
from svcdesk.services import improvements
from ui.jobs.runner import WRITE
from ui.models.choices import Choice
from ui.pages.improvement.bones_tab import BonesTab
from ui.pages.improvement.dialogs import ItemDialog
from ui.pages.improvement.effect_tab import EffectTab
from ui.pages.improvement.forms_tab import FormsTab
from ui.pages.improvement.item_tab import HistoryTab, ItemTab
from ui.pages.improvement.plan_tab import PlanTab
from ui.pages.improvement.rows import FACES
from ui.pages.improvement.why_tab import WhyTab
from ui.pages.page import Route
from ui.pages.steps import StepBar
from ui.pages.wording import Words, say
from ui.theme.tokens import GAP, MARGIN, px
from ui.widgets.banner import Banner
from ui.widgets.button import Button, Kind
from ui.widgets.editors import ChoiceField, LongTextField, TextField
from ui.widgets.flow import FlowLayout
from ui.widgets.form import Form
from ui.widgets.labels import Tag, box, label
from ui.widgets.scroll_area import FitArea
from ui.widgets.tabs import TabDef, TabRow

if TYPE_CHECKING:
    from svcdesk.domain.statemachine import Transition
    from svcdesk.services.improvements import ItemDetail, ListRow
    from ui.pages.page import Workplace

ITEM, WHYS, BONES, PLAN, EFFECT, FORMS, HISTORY = TABS = (
    "item", "whys", "bones", "plan", "effect", "forms", "history",
)  # fmt: skip
ASKS: dict[str, tuple[str, ...]] = {  # step -> what is asked for before it is taken
    "analyse": ("owner_id",), "void": ("reason",), "merge": ("merged_into_id",),
    "close": ("standardised",),
}  # fmt: skip


class StepForm(QWidget):
    """What a step needs, asked for in place; what is missing stands below."""

    wanted = Signal(str, object)

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._words = Words(place.desk)
        self._action = ""
        self._form: Form | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP)
        row = QHBoxLayout()
        self.go = Button("", kind=Kind.MAIN, small=True)
        self.go.clicked.connect(self.submit)
        cancel = Button(_("Cancel"), kind=Kind.QUIET, small=True)
        cancel.clicked.connect(self.hide)
        row.addWidget(self.go)
        row.addWidget(cancel)
        row.addStretch(1)
        self._column.addLayout(row)
        self.hide()

    def ask(self, step: Transition, item: dict[str, Any], others: list[ListRow]) -> None:
        """Ask for what ``step`` needs."""
        if self._form is not None:
            self._column.removeWidget(self._form)
            self._form.hide()
            self._form.deleteLater()
        form = Form(columns=2)
        for name in ASKS[step.action]:
            if name == "owner_id":
                editor: QWidget = ChoiceField(self._words.people(), _("Choose…"))
                form.add("owner", _("In charge"), editor, required=True)
            elif name == "merged_into_id":
                choices = [Choice(row.id, f"{row.number} {row.title}") for row in others]
                form.add("merged_into", _("Merge into"), ChoiceField(choices, _("Choose…")),
                         span=2, required=True)  # fmt: skip
            elif name == "standardised":
                hint = _("SOP or article, such as “Route planning V1”")
                form.add("standardised", _("Standardised into"), TextField(hint, 200), span=2)
            else:
                form.add("reason", _("Reason"), LongTextField("", 2), span=2, required=True)
        form.populate({"owner": item["owner_id"], "standardised": item["standardised"]})
        self._column.insertWidget(0, form)
        self._form, self._action = form, step.action
        self.go.set_text(_(step.label))
        self.show()
        form.editor(next(iter(form.values()))).setFocus()

    def submit(self) -> None:
        """Hand over what was entered."""
        if self._form is None:
            return
        columns = {"owner": "owner_id", "merged_into": "merged_into_id"}
        values = {columns.get(name, name): v for name, v in self._form.values().items()}
        self.wanted.emit(self._action, values)

    def show_problems(self, problems: list[Any]) -> list[str]:
        """Put problems at their fields; return those without one."""
        if self._form is None or not self.isVisible():
            return [say(problem) for problem in problems]
        return self._form.show_problems(problems, say)


class ItemPane(QWidget):
    """Shows an item."""

    written = Signal(str)
    opened = Signal(object)  # Route

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place = place
        self.detail: ItemDetail | None = None
        self.others: list[ListRow] = []
        self._steps: list[Transition] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.setMinimumWidth(px(420))
        self._all = box("surface", "left")
        inner = QVBoxLayout(self._all)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self._build_head())
        self.tabs = TabRow([
            TabDef(ITEM, _("Facts")), TabDef(WHYS, _("5 Whys")), TabDef(BONES, _("Fishbone")),
            TabDef(PLAN, pgettext("improvement", "Plan")),
            TabDef(EFFECT, pgettext("improvement", "Effect")), TabDef(FORMS, _("PDCA and 8D")),
            TabDef(HISTORY, _("History")),
        ])  # fmt: skip
        self.tabs.chosen.connect(self.show_tab)
        inner.addWidget(self.tabs)
        self.facts, self.whys, self.bones = ItemTab(place), WhyTab(place), BonesTab(place)
        self.plan, self.effect, self.history = PlanTab(place), EffectTab(place), HistoryTab(place)
        self.forms = FormsTab(place)
        for source in (self.facts, self.whys, self.bones):
            source.opened.connect(self.opened)
        self._stack = QStackedWidget()
        for tab in (self.facts, self.whys, self.bones, self.plan, self.effect, self.forms,
                    self.history):  # fmt: skip
            self._stack.addWidget(tab if tab in (self.whys, self.bones) else FitArea(tab))
        inner.addWidget(self._stack, 1)
        column.addWidget(self._all)
        self.tabs.choose(ITEM)
        self._all.hide()

    def _build_head(self) -> QWidget:
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        column.setSpacing(GAP)
        self.title = label("", "title", wrap=True, selectable=True)
        column.addWidget(self.title)
        tags = QWidget()
        self._tags = FlowLayout(tags, gap=6)
        column.addWidget(tags)
        self._banners = QVBoxLayout()
        column.addLayout(self._banners)
        row = QHBoxLayout()
        self.steps = StepBar()
        self.steps.chosen.connect(self.step)
        self.edit_button = Button(_("Edit"), kind=Kind.QUIET, icon="pencil", key="E", small=True)
        self.edit_button.clicked.connect(self.edit)
        row.addWidget(self.steps, 1)
        row.addWidget(self.edit_button)
        column.addLayout(row)
        self.form = StepForm(self.place)
        self.form.wanted.connect(self._take)
        column.addWidget(self.form)
        self.missing = label("", "small", "danger", wrap=True)
        self.missing.hide()
        column.addWidget(self.missing)
        return head

    # --- showing -------------------------------------------------------------------------

    def show_item(self, detail: ItemDetail) -> None:
        """Show an item."""
        same = self.detail is not None and self.detail.item["id"] == detail.item["id"]
        moved = not same or (
            self.detail is not None and self.detail.item["status"] != detail.item["status"]
        )
        self.detail = detail
        item = detail.item
        self._all.show()
        self.title.setText(item["title"])
        self._show_tags(item)
        self._show_banner(detail)
        self._steps = improvements.steps(self.place.desk, item)
        self.steps.show_steps(self._steps)
        self.edit_button.setVisible(item["status"] not in {"merged", "void"})
        if moved:
            self.form.hide()
            self.missing.hide()
        for tab in (self.facts, self.whys, self.bones, self.plan, self.history):
            tab.show_item(detail)
        self.effect.detail = detail
        self.show_tab(self.tabs.key() or ITEM)

    def _show_tags(self, item: dict[str, Any]) -> None:
        self._tags.clear()
        icon, ink = FACES[item["status"]]
        tone = ink if ink in {"ok", "warn"} else "neutral"
        tags = [Tag(item["item_no"]), Tag(code_label("ItemStatus", item["status"]), icon, tone)]
        if item["verdict"]:
            tags.append(Tag(code_label("Verdict", item["verdict"]), "eye"))
        for tag in tags:
            self._tags.addWidget(tag)
            tag.show()

    def _show_banner(self, detail: ItemDetail) -> None:
        while (one := self._banners.takeAt(0)) is not None:
            if widget := one.widget():
                widget.hide()
                widget.deleteLater()
        before = detail.recurs_of
        if before is not None:
            self._banners.addWidget(self._came_back(detail, before))

    def _came_back(self, detail: ItemDetail, before: dict[str, Any]) -> Banner:
        """Return the warning that the same was closed before, with the way to go on with that."""
        number = before["item_no"]
        text = _("This came back: {number} was closed for the same not six months ago.")
        ways: list[tuple[str, str]] = [("look", _("Look at it"))]
        fresh = detail.item["status"] == "identified" and before["status"] == "closed"
        if fresh:
            ways.insert(0, ("reopen", _("Reopen {number}").format(number=number)))
        banner = Banner("warn", "repeat", text.format(number=number), actions=tuple(ways))
        banner.acted.connect(lambda way: self._on_came_back(way, detail, int(before["id"])))
        return banner

    def _on_came_back(self, way: str, detail: ItemDetail, before: int) -> None:
        if way == "look":
            self.opened.emit(Route("improvement", before))
            return
        desk, key = self.place.desk, int(detail.item["id"])
        version = int(detail.item["row_version"])
        handle = self.place.runner.start(
            lambda _context: improvements.reopen_former(desk, key, version),
            lane=WRITE, owner=self,
        )  # fmt: skip
        handle.on_success(self._on_reopened).on_failure(self._on_failed)

    def _on_reopened(self, outcome: Any) -> None:
        self.written.emit(_("Opened again; this item was merged into it"))
        self.opened.emit(Route("improvement", int(outcome.value)))

    def show_tab(self, key: str) -> None:
        """Show a tab."""
        self.tabs.choose(key)
        self._stack.setCurrentIndex(TABS.index(key))
        if self.detail is not None and key in {EFFECT, FORMS}:  # these count, only when looked at
            (self.effect if key == EFFECT else self.forms).show_item(self.detail)

    # --- acting --------------------------------------------------------------------------

    def edit(self) -> None:
        """Open the form of the item."""
        if self.detail is not None:
            ItemDialog(self, self.place, self.detail.item).open()

    def step(self, action: str) -> None:
        """Take a step, or ask for what it needs."""
        found = next((one for one in self._steps if one.action == action), None)
        if found is None or self.detail is None:
            return
        self.missing.hide()
        if action in ASKS:
            others = [
                row for row in self.others
                if row.id != self.detail.item["id"] and row.status not in {"closed", "void", "merged"}
            ]  # fmt: skip
            self.form.ask(found, self.detail.item, others)
        else:
            self.form.hide()
            self._take(action, {})

    def _take(self, action: str, values: object) -> None:
        if self.detail is None or not isinstance(values, dict):
            return
        desk, key = self.place.desk, int(self.detail.item["id"])
        version = int(self.detail.item["row_version"])
        handle = self.place.runner.start(
            lambda _context: improvements.step(desk, key, action, values, version),
            lane=WRITE, owner=self,
        )  # fmt: skip
        handle.on_success(self._on_taken).on_failure(self._on_failed)

    def _on_taken(self, _outcome: Any) -> None:
        self.form.hide()
        self.written.emit(_("Stage changed"))

    def _on_failed(self, error: object) -> None:
        problems = getattr(error, "problems", None)
        if not problems:
            self.place.shell.tell(error)
            return
        left = self.form.show_problems(list(problems))
        self.missing.setText(" ".join(left))
        self.missing.setVisible(bool(left))
