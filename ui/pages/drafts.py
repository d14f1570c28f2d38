"""Keeps what is being typed in a form: written soon after each key, back after a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from svcdesk.i18n.catalog import _
from svcdesk.system.drafts import Drafts
from ui.pages.wording import Words
from ui.widgets.banner import Banner

if TYPE_CHECKING:
    from collections.abc import Callable

    from svcdesk.services.desk import Desk
    from svcdesk.system.drafts import Draft

PAUSE_MS = 400  # after the first unsaved key; well under the second that may be lost


class DraftKeeper(QObject):
    """The draft of one form; ``collect`` returns what stands in it, {} when there is nothing."""

    def __init__(self, parent: QObject, desk: Desk, collect: Callable[[], dict[str, Any]]) -> None:
        super().__init__(parent)
        self._desk = desk
        self._drafts = Drafts(desk.path)
        self._collect = collect
        self._key = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.write)

    def open(self, key: str) -> Draft | None:
        """Keep under ``key`` from here on; return what was left there before."""
        self.flush()
        self._key = key
        return self._drafts.get(key) if key else None

    def touch(self) -> None:
        """Note that something was typed: it is on disk within half a second, typing or not."""
        if self._key and not self._timer.isActive():
            self._timer.start()

    def flush(self) -> None:
        """Write at once what waits."""
        if self._timer.isActive():
            self._timer.stop()
            self.write()

    def write(self) -> None:
        """Write what stands in the form; an empty form leaves no draft."""
        if not self._key:
            return
        values = self._collect()
        if values:
            self._drafts.put(self._key, values, self._desk.clock.now())
        else:
            self._drafts.drop(self._key)

    def done(self) -> None:
        """Forget the draft: it was saved or thrown away."""
        self._timer.stop()
        if self._key:
            self._drafts.drop(self._key)

    def banner(self, draft: Draft) -> Banner:
        """Return the banner that says what came back; its action ``discard`` throws it away."""
        time = Words(self._desk).time(draft.at)
        text = _("Draft from {time} restored").format(time=time)
        return Banner("neutral", "pencil", text, actions=(("discard", _("Discard")),), key="Alt+D")
