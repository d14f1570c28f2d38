"""Texts in the user's language.

English source texts are the keys; ``zh_CN`` is shipped complete. ``_()`` translates into the
language of the screen, a :class:`Translator` into any language (a Chinese report from an English
window). ``N_()`` only marks a text for the catalogue.
"""

from __future__ import annotations

import gettext
import locale
from functools import lru_cache
from typing import TYPE_CHECKING

from svcdesk.system.paths import resources

if TYPE_CHECKING:
    from collections.abc import Callable

LANGUAGES = ("zh_CN", "en")


def N_(text: str) -> str:  # noqa: N802 - the usual name in gettext
    """Mark ``text`` for the catalogue and return it unchanged."""
    return text


class Translator:
    """One language: ``t("text")``, ``t.n("{n} row", "{n} rows", n)``, ``t.p("context", "text")``."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = gettext.translation(
            "svcdesk", resources() / "i18n", languages=[language], fallback=True
        )

    def __call__(self, text: str) -> str:
        """Translate ``text``."""
        return self._catalogue.gettext(text) if text else ""

    def n(self, one: str, many: str, count: int) -> str:
        """Translate a text that depends on a number."""
        return self._catalogue.ngettext(one, many, count)

    def p(self, context: str, text: str) -> str:
        """Translate ``text`` as it is meant in ``context``."""
        return self._catalogue.pgettext(context, text)

    @property
    def chinese(self) -> bool:
        """Whether this language is Chinese (full-width punctuation, no plural)."""
        return self.language.startswith("zh")


@lru_cache(maxsize=8)
def translator(language: str) -> Translator:
    """Return the shared translator of ``language``."""
    return Translator(language)


class _Screen:
    """The language of the screen and who wants to know when it changes."""

    def __init__(self) -> None:
        self.translator = translator("en")
        self.listeners: list[Callable[[], None]] = []


_screen = _Screen()


def shipped(name: str) -> str:
    """Return the shipped language that fits a name such as ``zh`` or ``Chinese_China``."""
    return "zh_CN" if name.lower().startswith(("zh", "chinese")) else "en"


def preferred_language() -> str:
    """Return the shipped language that fits the system: Chinese for Chinese systems."""
    import os

    name = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    if not name:
        name = locale.getlocale()[0] or ""
    return shipped(name)


def set_language(language: str) -> None:
    """Switch the language of the screen and tell the listeners."""
    _screen.translator = translator(shipped(language))
    for listener in list(_screen.listeners):
        listener()


def language() -> str:
    """Return the language of the screen."""
    return _screen.translator.language


def current() -> Translator:
    """Return the translator of the screen's language."""
    return _screen.translator


def listen(listener: Callable[[], None]) -> None:
    """Call ``listener`` after each change of the language."""
    _screen.listeners.append(listener)


def _(text: str) -> str:
    """Translate ``text`` into the language of the screen."""
    return _screen.translator(text)


def ngettext(one: str, many: str, count: int) -> str:
    """Translate a text that depends on a number, into the language of the screen."""
    return _screen.translator.n(one, many, count)


def pgettext(context: str, text: str) -> str:
    """Translate ``text`` as meant in ``context``, into the language of the screen."""
    return _screen.translator.p(context, text)
