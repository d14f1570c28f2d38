"""The customer and the knowledge page: what a user does by keys, and what the services then hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog

from svcdesk.i18n import catalog
from svcdesk.services import (
    callbacks,
    contact_plans,
    customer_tiers,
    customers,
    knowledge,
    knowledge_use,
    tickets,
    undo,
)
from tests.ui.pages import Workshop, a_complaint, a_ticket, commit, item, supervisor
from ui.pages.customers.dialogs import CustomerDialog, TierDialog
from ui.pages.customers.merge_dialog import MergeDialog
from ui.pages.customers.page import CustomersPage
from ui.pages.customers.plans import PlanDialog
from ui.pages.entry_dialog import EntryDialog
from ui.pages.knowledge.dialog import ArticleDialog
from ui.pages.knowledge.page import KnowledgePage
from ui.pages.knowledge.pane import difference_html
from ui.pages.knowledge.suggestions import Suggestions
from ui.pages.settings.page import SettingsPage
from ui.pages.tickets.page import TicketsPage
from ui.theme import style

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TypeVar

    from pytestqt.qtbot import QtBot

    from svcdesk.services.desk import Desk

    D = TypeVar("D", bound=QDialog)

CONTROL = Qt.KeyboardModifier.ControlModifier


def dialog(shop: Workshop, kind: type[D]) -> D:
    """Return the open dialog of a kind."""

    def is_open() -> bool:
        return any(isinstance(w, kind) and w.isVisible() for w in QApplication.topLevelWidgets())

    shop.qtbot.waitUntil(is_open)
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible())


def customer_page(shop: Workshop, record: int | None = None) -> CustomersPage:
    page = shop.go("customers", record=record)
    assert isinstance(page, CustomersPage)
    shop.settle()
    return page


def knowledge_page(shop: Workshop, record: int | None = None) -> KnowledgePage:
    page = shop.go("knowledge", record=record)
    assert isinstance(page, KnowledgePage)
    shop.settle()
    return page


def an_article(desk: Desk, **more: object) -> int:
    texts = {"title": "空调不制冷", "symptom": "出风不冷", "solution": "清洗滤网", **more}
    key = knowledge.create(desk, texts).value
    knowledge.publish(desk, key)
    return key


@pytest.mark.parametrize("language", catalog.LANGUAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_pages_open_everywhere_and_write_nothing(
    qtbot: QtBot, desk: Desk, language: str, theme: str
) -> None:
    supervisor(desk)
    ticket, _complaint, article = a_ticket(desk), a_complaint(desk), an_article(desk)
    customer = tickets.get(desk, ticket).customer["id"]
    contact_plans.create(desk, "回访", "2026-04-01", "2026-06-30")
    before = undo.undoable(desk)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    catalog.set_language(language)
    style.apply(app, theme)
    shop = Workshop(qtbot, desk)
    page = customer_page(shop)
    for tab in ("plans", "same", "list"):
        page._show_tab(tab)
        shop.settle()
        page.grab()
    customer_page(shop, customer)
    page.grab()
    other = knowledge_page(shop, article)
    for tab in ("gaps", "articles"):
        other._show_tab(tab)
        shop.settle()
        other.grab()
    assert undo.undoable(desk) == before
    shop.close()


def test_a_customer_is_masked_until_asked_for_and_that_is_noted(shop: Workshop) -> None:
    key = tickets.get(shop.desk, a_ticket(shop.desk)).customer["id"]
    page = customer_page(shop, key)
    facts = dict(page.record.facts())
    assert "138****5678" in facts.values()
    assert "13812345678" not in page.record.as_text()
    page.record._show.click()
    shop.settle()
    assert "13812345678" in dict(page.record.facts()).values()
    rows = shop.desk.reader.execute("SELECT action FROM audit").fetchall()
    assert rows == [("unmask",)]
    customer_page(shop, customers.create(shop.desk, {"name": "别人"}).value)
    customer_page(shop, key)
    assert "13812345678" not in dict(page.record.facts()).values()


def test_a_customer_is_edited_by_keys_and_odd_phones_are_pointed_at(shop: Workshop) -> None:
    one = customers.create(shop.desk, {"name": "王丽", "phones": ["13800000001"]}).value
    other = customers.create(shop.desk, {"name": "王莉", "phones": ["13800000002"]}).value
    page = customer_page(shop, one)
    shop.qtbot.keyClick(page, Qt.Key.Key_E)
    form = dialog(shop, CustomerDialog)
    phones = form.form.editor("phones")
    phones.setFocus()
    phones.selectAll()
    shop.qtbot.keyClicks(phones, "+86 138-0000-0002, 123")
    number = customers.get(shop.desk, other)["customer_no"]
    assert number in form._advice.text()
    assert "123" in form._advice.text()
    shop.qtbot.keyClick(form, Qt.Key.Key_Return, CONTROL)
    shop.settle()
    assert customers.get(shop.desk, one)["phones"] == ["13800000002", "123"]
    # the page now says so too, with the way to merge
    assert [same.id for same in page.record.detail.same_phone] == [other]  # type: ignore[union-attr]


def test_customers_are_merged_with_a_choice_and_undone(shop: Workshop) -> None:
    desk = shop.desk
    one = customers.create(desk, {"name": "王丽", "phones": ["13800000001"]}).value
    ticket = a_ticket(desk, new_customer={"name": "王莉", "phones": ["13800000002"]})
    other = tickets.get(desk, ticket).customer["id"]
    page = customer_page(shop, one)
    shop.qtbot.keyClick(page, Qt.Key.Key_M)
    form = dialog(shop, MergeDialog)
    commit(form._search, "王莉")
    shop.qtbot.waitUntil(lambda: form._matches.count() == 1)
    form._matches.setCurrentRow(0)
    shop.qtbot.keyClick(form._matches, Qt.Key.Key_Return)
    shop.qtbot.waitUntil(form.save_button.isEnabled)
    assert "1" in form._moves.text()
    form._form.editor("name").set_value("source")
    shop.qtbot.keyClick(form, Qt.Key.Key_Return, CONTROL)
    shop.settle()
    found = customers.get(desk, one)
    assert (found["name"], found["phones"]) == ("王莉", ["13800000001", "13800000002"])
    assert tickets.get(desk, ticket).customer["id"] == one
    shop.settle()
    assert page.record.detail is not None
    assert [m.id for m in page.record.detail.merged] == [other]
    shop.window.act("undo")
    shop.settle()
    assert tickets.get(desk, ticket).customer["id"] == other
    assert customers.get(desk, one)["name"] == "王丽"


def test_a_tier_needs_its_reason(shop: Workshop) -> None:
    key = customers.create(shop.desk, {"name": "宏远物业", "kind": "company"}).value
    page = customer_page(shop, key)
    shop.qtbot.keyClick(page, Qt.Key.Key_T)
    form = dialog(shop, TierDialog)
    form.form.editor("tier_manual").set_value("key")
    form.save()
    shop.settle()
    assert form.form.field("tier_note").problem
    commit(form.form.editor("tier_note"), "集团客户")
    shop.qtbot.keyClick(form, Qt.Key.Key_Return, CONTROL)
    shop.settle()
    assert customers.get(shop.desk, key)["tier"] == "key"
    assert "集团客户" in page.record._reasons.text()


def test_a_ticket_is_begun_from_the_customer_and_history_opens_records(shop: Workshop) -> None:
    ticket = a_ticket(shop.desk)
    customer = tickets.get(shop.desk, ticket).customer["id"]
    page = customer_page(shop, customer)
    shop.qtbot.keyClick(page, Qt.Key.Key_N)
    form = dialog(shop, EntryDialog)
    shop.settle()
    assert form.picker.values()["customer_id"] == customer
    form.reject()
    page.record._history.opened.emit(ticket)
    shop.settle()
    assert shop.window.page is not None
    assert shop.window.page.key == "tickets"


def test_a_contact_plan_fills_the_callback_queue(shop: Workshop) -> None:
    desk = shop.desk
    for name in ("甲", "乙"):
        key = customers.create(desk, {"name": name}).value
        customer_tiers.set_override(desk, key, "key", "试点")
    shut = customers.create(desk, {"name": "丙", "opt_out": 1}).value
    customer_tiers.set_override(desk, shut, "key", "试点")
    page = customer_page(shop)
    shop.window.act("contact_plan.new")
    form = dialog(shop, PlanDialog)
    shop.settle()
    shop.qtbot.keyClick(form, Qt.Key.Key_Return, CONTROL)
    shop.settle()
    (plan,) = contact_plans.plans(desk)
    assert (plan.members, plan.due, plan.reached) == (3, 2, 0)
    assert [len(page.plans.lines()), page.plans.lines()[1][0]] == [4, "*"]
    first = callbacks.next_task(desk)
    assert first is not None
    assert callbacks.get(desk, first).callback["kind"] == "key_care"
    callbacks.record(desk, first, "connected", {"result": "satisfied", "csat": 5})
    (plan,) = contact_plans.plans(desk)
    assert (plan.due, plan.reached) == (2, 1)
    undo.undo(desk)
    undo.undo(desk)
    assert contact_plans.plans(desk) == []
    assert callbacks.next_task(desk) is None
    shop.qtbot.waitUntil(lambda: page.plans.table.rows.count == 0)  # the window follows
    shop.settle()


def test_a_plan_for_the_customers_of_the_list(shop: Workshop) -> None:
    for name, opt_out in (("甲", 0), ("乙", 1)):
        customers.create(shop.desk, {"name": name, "opt_out": opt_out, "consent_at": 1})
    page = customer_page(shop)
    page.list.show_view("opt_out")
    shop.settle()
    shop.window.act("contact_plan.new")
    form = dialog(shop, PlanDialog)
    form.form.editor("members").set_value("listed")
    shop.settle()
    assert form._advice.text().startswith("1 customers; 1 ")
    shop.qtbot.keyClick(form, Qt.Key.Key_Return, CONTROL)
    shop.settle()
    (plan,) = contact_plans.plans(shop.desk)
    assert (plan.members, plan.due) == (1, 0)


def test_an_article_is_written_kept_as_draft_published_and_voted_for(shop: Workshop) -> None:
    page = knowledge_page(shop)
    shop.window.act("article.new")
    form = dialog(shop, ArticleDialog)
    commit(form.form.editor("title"), "门封条变形的处理")
    form._keeper.flush()
    form.reject()
    shop.window.act("article.new")
    form = dialog(shop, ArticleDialog)
    assert form.form.editor("title").value() == "门封条变形的处理"  # what was typed came back
    commit(form.form.editor("solution"), "热敷五分钟后复查")
    shop.qtbot.keyClick(form, Qt.Key.Key_Return, CONTROL)
    shop.settle()
    shop.qtbot.waitUntil(lambda: page.pane.detail is not None)
    shop.settle()
    assert page.pane.detail is not None
    assert page.pane.detail.article["status"] == "draft"
    page.list.table.setFocus()
    shop.qtbot.keyClick(page, Qt.Key.Key_P)
    shop.settle()
    shop.qtbot.keyClick(page, Qt.Key.Key_Plus)
    shop.settle()
    detail = knowledge.get(shop.desk, page.pane.detail.article["id"])
    assert (detail.article["status"], detail.useful, detail.my_vote) == ("published", 1, True)


def test_a_gap_becomes_a_draft(shop: Workshop) -> None:
    for _ in range(5):
        a_ticket(shop.desk)
    page = knowledge_page(shop)
    page._show_tab("gaps")
    shop.settle()
    gap = next(iter(page.gaps._gaps.values()))
    assert gap.asked == 5
    page.gaps.table.step(0)
    shop.qtbot.keyClick(page.gaps.table, Qt.Key.Key_Return)
    shop.settle()
    shop.qtbot.waitUntil(lambda: page.pane.detail is not None)
    assert page.pane.detail is not None
    assert page.pane.detail.article["issue_id"] == item(shop.desk, "issue", "quality")


def test_cases_go_out_masked(shop: Workshop, tmp_path: Path) -> None:
    complaint = a_complaint(shop.desk, description="来电13587657720表扬师傅")
    knowledge.make_case(shop.desk, "praise", complaint_id=complaint)
    page = knowledge_page(shop)
    page.list.show_view("praise")
    shop.settle()
    page.export_to(str(tmp_path / "cases.csv"))
    shop.settle()
    text = (tmp_path / "cases.csv").read_text(encoding="utf-8-sig")
    assert "135****7720" in text
    assert "谢*" in text
    assert "13587657720" not in text
    page.export_to(str(tmp_path / "cases.pdf"))
    shop.settle()
    assert (tmp_path / "cases.pdf").read_bytes().startswith(b"%PDF")


def test_suggestions_insert_the_solution_and_record_the_use(shop: Workshop) -> None:
    key, ticket = an_article(shop.desk), a_ticket(shop.desk)
    assert shop.window.place is not None
    widget = Suggestions(shop.window.place)
    shop.qtbot.addWidget(widget)
    widget.show()
    texts: list[str] = []
    widget.inserted.connect(lambda text, _key: texts.append(text))
    widget.show_typing("空调不制冷", None)
    shop.qtbot.waitUntil(lambda: widget.list.count() == 1)
    shop.qtbot.keyClick(widget.list, Qt.Key.Key_Return)
    assert texts == ["清洗滤网"]
    shop.settle()
    assert knowledge.get(shop.desk, key).uses == []  # no ticket yet
    widget.show_ticket(ticket, "空调不制冷", None)
    shop.settle()
    shop.qtbot.keyClick(widget.list, Qt.Key.Key_Return)
    shop.settle()
    assert [a.id for a in knowledge_use.used_in(shop.desk, ticket)] == [key]
    shop.settle()
    widget._unuse.click()
    shop.settle()
    assert knowledge_use.used_in(shop.desk, ticket) == []
    widget.show_typing("", None)
    shop.qtbot.waitUntil(lambda: widget.list.count() == 0)


def test_differences_are_marked_without_colour_and_escaped() -> None:
    html = difference_html("a<b 旧", "a<b 新")
    assert html == "a&lt;b <s>旧</s><b><u>新</u></b>"


def test_the_ticket_form_proposes_articles_and_the_ticket_keeps_what_was_used(
    shop: Workshop,
) -> None:
    key = an_article(shop.desk)
    shop.go("tickets")
    shop.window.act("ticket.new")
    form = dialog(shop, EntryDialog)
    assert not form.articles.isVisible()
    form.picker.restore({"new_customer": {"name": "陈静", "phones": ["13812345678"]}})
    commit(form.form.editor("title"), "空调不制冷怎么办")
    shop.qtbot.waitUntil(form.articles.isVisible)
    shop.qtbot.keyClick(form.articles._link, Qt.Key.Key_Return)
    shop.qtbot.keyClick(form.articles.suggestions.list, Qt.Key.Key_Return)
    shop.qtbot.keyClick(form, Qt.Key.Key_Return, CONTROL)
    shop.settle()
    shop.qtbot.waitUntil(lambda: bool(knowledge.get(shop.desk, key).uses))
    (use,) = knowledge.get(shop.desk, key).uses
    assert tickets.get(shop.desk, use.id).ticket["solution"] == "清洗滤网"


def test_the_ticket_pane_offers_the_solution_where_it_is_asked_for(shop: Workshop) -> None:
    key, ticket = an_article(shop.desk), a_ticket(shop.desk, title="空调不制冷")
    page = shop.go("tickets", record=ticket)
    assert isinstance(page, TicketsPage)
    shop.settle()
    page.pane.show_tab("knowledge")
    shop.qtbot.waitUntil(lambda: page.pane.knowledge.list.count() == 1)
    shop.qtbot.keyClick(page.pane.knowledge.list, Qt.Key.Key_Return)
    assert page.pane.words_box.value() == "清洗滤网"
    shop.settle()
    assert [u.id for u in knowledge.get(shop.desk, key).uses] == [ticket]
    page.pane.words_box.set_value(None)
    page.pane.open_step("resolve", "Resolve", ("solution", "resolution_code"))
    shop.qtbot.keyClick(page.pane.knowledge.list, Qt.Key.Key_Return)
    assert page.pane.panel.values()["solution"] == "清洗滤网"
    assert page.pane.words_box.value() is None


def test_a_case_is_made_of_the_ticket_shown(shop: Workshop) -> None:
    ticket = a_ticket(shop.desk)
    shop.go("tickets", record=ticket)
    shop.settle()
    shop.window.act("case.praise")
    shop.settle()
    row = shop.desk.reader.execute("SELECT kind, source_ticket_id FROM knowledge").fetchone()
    assert row == ("praise", ticket)


def test_parameters_say_what_they_would_give(shop: Workshop) -> None:
    for spend in (100, 200, 300, 400, 500):
        customers.create(shop.desk, {"name": "客户", "spend_12m": spend})
    page = shop.go("settings")
    assert isinstance(page, SettingsPage)
    editor = page.general._key_form.editor("key_share")
    editor.setFocus()
    editor.selectAll()
    shop.qtbot.keyClicks(editor, "60")
    shop.settle()
    shop.qtbot.waitUntil(lambda: "3" in page.general._preview.text())
    assert "1" in page.general._preview.text()
