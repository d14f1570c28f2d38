"""Masking, key customers, phones (domain.md 2.1, 2.18)."""

from __future__ import annotations

import pytest

from svcdesk.domain import masking
from svcdesk.domain.customer import TierReason
from svcdesk.domain.keycustomer import CustomerRow, key_customers
from svcdesk.domain.people import PERMISSIONS, Permission, Role, may
from svcdesk.domain.text import fold, fold_code, is_phone, normalise_phone


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345678", "138****5678"),
        ("+8613812345678", "+86138****5678"),
        ("010-12345678", "010-****5678"),
        ("01012345678", "010-****5678"),
        ("075512345678", "0755-****5678"),
        ("4001234567", "400****567"),
        ("800-123-4567", "800****567"),
        ("12345", "*****"),
    ],
)
def test_masked_phones(phone: str, masked: str) -> None:
    assert masking.mask_phone(phone) == masked


def test_masked_names_and_addresses() -> None:
    assert masking.mask_name("陈小明") == "陈**"
    assert masking.mask_name("李") == "*"
    assert masking.mask_name("John Smith") == "J*** S***"
    assert masking.mask_name("海天公司", organisation=True) == "海天公司"
    assert masking.mask_email("liming@example.com") == "l***@example.com"
    assert masking.mask_id_number("110101199001011234") == "1" + "*" * 16 + "4"
    assert masking.mask_address("广东省深圳市南山区科技路1号") == "广东省深圳市南山区***"
    assert masking.mask_address("河北省正定县") == "河北省正定县"
    assert masking.mask_address("某处") == "***"


def test_free_text_loses_phone_numbers_and_keeps_order_numbers() -> None:
    text = "订单202603151381234567800，请拨13812345678或010-12345678，工单GD202603-0042"
    assert masking.mask_text(text) == (
        "订单202603151381234567800，请拨138****5678或010-****5678，工单GD202603-0042"
    )


@pytest.mark.parametrize(
    ("text", "stored", "valid"),
    [
        ("138 1234 5678", "13812345678", True),
        ("+86 138-1234-5678", "13812345678", True),
        ("8613812345678", "13812345678", True),
        ("１３８１２３４５６７８", "13812345678", True),
        ("010-12345678", "01012345678", True),
        ("+86 10 1234 5678", "01012345678", True),
        ("(0755) 8123 4567", "075581234567", True),
        ("0755-81234567-801", "075581234567-801", True),
        ("400-123-4567", "4001234567", True),
        ("1.38E+10", "138E+10", False),
        ("12345678901", "12345678901", False),
        ("", "", False),
    ],
)
def test_phones_as_stored(text: str, stored: str, valid: bool) -> None:
    assert normalise_phone(text) == stored
    assert is_phone(stored) is valid
    assert normalise_phone(stored) == stored


def test_full_width_characters_are_folded_but_chinese_punctuation_stays() -> None:
    assert fold("　ＡＢ１２，（坏了）　") == "AB12，（坏了）"
    assert fold_code(" ＧＤ２０２６０３－０００１ ") == "GD202603-0001"


def test_key_customers() -> None:
    rows = [CustomerRow(i, spend) for i, spend in enumerate([500, 400, 400, 100, 0, 0], start=1)]
    # n = ceil(20 % of 6) = 2: the second highest is 400, the tie enters
    assert set(key_customers(rows)) == {1, 2, 3}
    rows = [
        CustomerRow(1, 0), CustomerRow(2, None, complaints=1), CustomerRow(3, 0, manual=True),
        CustomerRow(4, 900, manual=False),
    ]  # fmt: skip
    assert key_customers(rows) == {2: [TierReason.COMPLAINED], 3: [TierReason.MANUAL]}
    assert key_customers([]) == {}


def test_permissions() -> None:
    assert may([Role.AGENT], Permission.EDIT_TICKETS)
    assert not may([Role.VIEWER], Permission.EDIT_TICKETS)
    assert not may([Role.AGENT, Role.QUALITY], Permission.UNMASK)
    assert may([Role.SUPERVISOR], Permission.UNMASK)
    assert set(PERMISSIONS) == set(Role)
