"""Hiding personal data in lists, exports and reports (``domain.md 2.18``)."""

from __future__ import annotations

import re

_MOBILE = re.compile(r"(\+86[\s-]?)?(1[3-9]\d)[\s-]?(\d{4})[\s-]?(\d{4})")
_LANDLINE = re.compile(r"(0\d{2,3})-?(\d{7,8})(-\d{1,6})?")
_SERVICE = re.compile(r"([48]00)-?(\d{3})-?(\d{4})")
_CJK = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_AREA_CODE = re.compile(r"010|02\d|0[3-9]\d{2}")
_DISTRICT = re.compile(r"^.*?(?:[区县旗]|市(?!.*[区县旗])|州(?!.*[区县旗市]))")
# Whole phone numbers inside running text: no digit or letter before or after them.
_IN_TEXT = re.compile(
    r"(?<![0-9A-Za-z-])(?:(?:\+86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}"
    r"|0\d{2,3}-?\d{7,8}|[48]00-?\d{3}-?\d{4})(?![0-9A-Za-z]|-\d)"
)


def mask_phone(phone: str) -> str:
    """Mask one number: ``138****5678``, ``010-****5678``, ``400****678``, else all stars."""
    text = phone.strip()
    if found := _MOBILE.fullmatch(text):
        return f"{'+86' if found[1] else ''}{found[2]}****{found[4]}"
    if found := _SERVICE.fullmatch(text):
        return f"{found[1]}****{found[3][-3:]}"
    digits = text.split("-")
    if _LANDLINE.fullmatch(text):
        area = _AREA_CODE.match(text)
        number = digits[1] if len(digits) > 1 and len(digits[0]) <= 4 else digits[0]
        code = digits[0] if len(digits) > 1 and len(digits[0]) <= 4 else (area or ["0"])[0]
        return f"{code}-****{number[-4:]}"
    return "*" * len(text)


def mask_name(name: str, *, organisation: bool = False) -> str:
    """Mask a person's name: first character, a star for each further; organisations stay."""
    text = name.strip()
    if organisation or not text:
        return text
    if _CJK.search(text):
        return "*" if len(text) == 1 else text[0] + "*" * (len(text) - 1)
    return " ".join(word[0] + "***" for word in text.split())


def mask_email(address: str) -> str:
    """Mask an e-mail address: first letter, stars, domain."""
    name, at, domain = address.strip().partition("@")
    return f"{name[:1]}***@{domain}" if at else "*" * len(address.strip())


def mask_id_number(number: str) -> str:
    """Mask an identity number: only the first and the last character stay."""
    text = number.strip()
    return text if len(text) < 3 else text[0] + "*" * (len(text) - 2) + text[-1]


def mask_address(address: str) -> str:
    """Keep an address down to its district or county."""
    text = address.strip()
    found = _DISTRICT.match(text)
    if found is None:
        return "***" if text else ""
    return found[0] + ("***" if len(found[0]) < len(text) else "")


def mask_text(text: str) -> str:
    """Mask whole phone numbers in running text; order numbers stay untouched."""
    return _IN_TEXT.sub(lambda found: mask_phone(found[0]), text)
