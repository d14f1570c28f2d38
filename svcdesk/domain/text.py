"""Cleaning of typed and imported text (``domain.md 2``, common rules, and 2.1)."""

from __future__ import annotations

import re
import unicodedata

# Full-width digits, letters and the ideographic space become ASCII; Chinese punctuation stays.
_FULL_WIDTH: dict[int, int | None] = {c: c - 0xFEE0 for c in range(0xFF10, 0xFF1A)}
_FULL_WIDTH |= {code: code - 0xFEE0 for code in range(0xFF21, 0xFF3B)}
_FULL_WIDTH |= {code: code - 0xFEE0 for code in range(0xFF41, 0xFF5B)}
_FULL_WIDTH |= {0x3000: 0x20, 0xA0: 0x20, 0xFEFF: None, 0x200B: None}

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}\d{7,8}(-\d{1,6})?")
_SERVICE = re.compile(r"[48]00\d{7}")
_EXTENSION = re.compile(r"^(0\d{2,3}-?\d{7,8})(?:-|转|ext\.?|x|#)(\d{1,6})$", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s\-().]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def fold(text: str) -> str:
    """Fold full-width digits, letters and spaces, compose accents, trim."""
    return unicodedata.normalize("NFC", text.translate(_FULL_WIDTH)).strip()


def fold_code(text: str) -> str:
    """Fold a number or code completely (NFKC) and trim it."""
    return unicodedata.normalize("NFKC", text).strip()


def normalise_phone(text: str) -> str:
    """Return ``text`` as phones are stored: no spaces, no dashes, no +86.

    The dash before an extension stays, so that the number can still be dialled.
    """
    folded = re.sub(r"\s+", "", fold_code(text))
    country = re.match(r"^(?:\+|00)86", folded)
    if country:
        folded = folded[country.end() :].lstrip("-")
    extension = _EXTENSION.match(folded)
    tail = ""
    if extension:
        folded, tail = extension[1], "-" + extension[2]
    digits = _SEPARATORS.sub("", folded)
    if country and digits and not _MOBILE.fullmatch(digits) and not _SERVICE.fullmatch(digits):
        digits = digits if digits.startswith("0") else "0" + digits
    if len(digits) == 13 and digits.startswith("86") and _MOBILE.fullmatch(digits[2:]):
        digits = digits[2:]
    if len(digits) == 12 and digits.startswith("0") and _MOBILE.fullmatch(digits[1:]):
        digits = digits[1:]  # 0 dialled before a mobile number of another place
    return digits + tail


def is_phone(normalised: str) -> bool:
    """Tell whether a normalised phone is a mobile, landline or 400/800 number (2.1)."""
    return any(p.fullmatch(normalised) for p in (_MOBILE, _LANDLINE, _SERVICE))


def is_email(text: str) -> bool:
    """Tell whether ``text`` looks like an e-mail address."""
    return _EMAIL.fullmatch(text) is not None
