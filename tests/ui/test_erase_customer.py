"""Erasing a customer on the page: the dialog says what goes, and the number has to be typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel

from svcdesk.domain.people import Role
from svcdesk.i18n import catalog
from svcdesk.services import customers, erasure, settings, tickets, undo
from svcdesk.system.job import ImmediateContext
from tests.ui.pages import Workshop, a_ticket, commit
from ui.pages.customers.erase_dialog import EraseDialog, RestrictDialog
from ui.pages.customers.page import CustomersPage
from ui.widgets.banner import Banner

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

CONTROL = Qt.KeyboardModifier.ControlModifier
D = TypeVar("D", bound=QDialog)


def dialog(shop: Workshop, kind: type[D]) -> D:
    """Return the open dialog of a kind, its first look done."""

    def is_open() -> bool:
        return any(isinstance(w, kind) and w.isVisible() for w in QApplication.topLevelWidgets())

    shop.qtbot.waitUntil(is_open)
    shop.settle()
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible())


def opened(shop: Workshop, key: int) -> CustomersPage:
    page = shop.go("customers", record=key)
    assert isinstance(page, CustomersPage)
    return page


def banners(page: CustomersPage) -> list[str]:
    return [b.accessibleName() for b in page.record.findChildren(Banner) if b.isVisible()]


def said(widget: QWidget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


def test_the_number_is_typed_and_then_the_person_is_forgotten(shop: Workshop) -> None:
    key = tickets.get(shop.desk, a_ticket(shop.desk)).customer["id"]
    page = opened(shop, key)
    page.record._erase.click()
    form = dialog(shop, EraseDialog)
    shop.qtbot.waitUntil(lambda: "cannot be undone" in said(form))
    words = said(form)
    for part in ("1 tickets", "every figure of every month stays", "cannot be undone", "Backups"):
        assert part in words, part
    assert "陈静" not in words  # masked here as everywhere
    assert not form.save_button.isEnabled()
    commit(form.form.editor("reason"), "客户来信要求删除")
    commit(form.form.editor("confirmation"), "KH00000")
    assert not form.save_button.isEnabled()
    shop.qtbot.keyClick(form, Qt.Key.Key_Return, CONTROL)
    shop.settle()
    assert customers.get(shop.desk, key)["name"] == "陈静"
    commit(form.form.editor("confirmation"), "1")
    assert form.save_button.isEnabled()
    shop.qtbot.keyClick(form, Qt.Key.Key_Return, CONTROL)
    shop.qtbot.waitUntil(lambda: customers.get(shop.desk, key)["name"] == "erased")
    shop.settle()
    shop.qtbot.waitUntil(lambda: any("is forgotten" in text for text in banners(page)))
    record = page.record
    for button in (record._show, record._edit, record._ticket, record._merge, record._erase):
        assert not button.isVisible()
    step = undo.undoable(shop.desk)
    assert step is None or step.label != "Erase customer {number}"


def test_the_menu_asks_for_a_customer_first(shop: Workshop) -> None:
    shop.go("tickets")
    shop.window.act("customer.erase")
    shop.settle()
    assert shop.window.page is not None
    assert shop.window.page.key == "customers"
    assert not any(isinstance(w, EraseDialog) for w in QApplication.topLevelWidgets())
    key = customers.create(shop.desk, {"name": "孙七", "kind": "person"}).value
    opened(shop, key)
    shop.window.act("customer.erase")
    dialog(shop, EraseDialog).reject()


def test_keeping_is_restricted_and_lifted_with_a_reason(shop: Workshop) -> None:
    key = customers.create(shop.desk, {"name": "孙七", "kind": "person"}).value
    page = opened(shop, key)
    page.record._restrict.click()
    form = dialog(shop, RestrictDialog)
    shop.qtbot.keyClick(form, Qt.Key.Key_Return, CONTROL)
    shop.settle()
    assert form.form.field("reason").problem
    commit(form.form.editor("reason"), "诉讼期间保存")
    shop.qtbot.keyClick(form, Qt.Key.Key_Return, CONTROL)
    shop.qtbot.waitUntil(lambda: customers.get(shop.desk, key)["restricted"] == 1)
    shop.qtbot.waitUntil(lambda: not page.record._erase.isVisible())
    assert not page.record._edit.isVisible()
    assert page.record._restrict.text() == "Lift the restriction…"
    page.record._restrict.click()
    form = dialog(shop, RestrictDialog)
    commit(form.form.editor("reason"), "诉讼结束")
    shop.qtbot.keyClick(form, Qt.Key.Key_Return, CONTROL)
    shop.qtbot.waitUntil(lambda: customers.get(shop.desk, key)["restricted"] == 0)
    shop.qtbot.waitUntil(page.record._erase.isVisible)


def test_who_may_not_is_not_offered_it(shop: Workshop) -> None:
    key = customers.create(shop.desk, {"name": "孙七", "kind": "person"}).value
    agent = settings.add_person(shop.desk, "王芳", [Role.AGENT]).value
    shop.desk.act_as(agent)
    page = opened(shop, key)
    assert not page.record._erase.isVisible()
    assert not page.record._restrict.isVisible()


@pytest.mark.parametrize("language", catalog.LANGUAGES)
def test_both_dialogs_fit_in_both_languages(shop: Workshop, language: str) -> None:
    key = tickets.get(shop.desk, a_ticket(shop.desk)).customer["id"]
    customers.create(shop.desk, {"name": "陈静", "kind": "person"})
    catalog.set_language(language)
    assert erasure.preview(shop.desk, key, ImmediateContext()).shared == ("陈静",)
    page = opened(shop, key)
    page._erase()
    form = dialog(shop, EraseDialog)
    assert form.height() <= 740
    form.grab()
    form.reject()
    page._restrict()
    dialog(shop, RestrictDialog).reject()
