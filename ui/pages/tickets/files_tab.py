"""The attachments of a ticket: added by button, drop or paste, seen, opened safely, saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QMimeData, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QIcon, QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.services import attachments
from svcdesk.system.errors import UserError
from ui.jobs.progress import ProgressStripe
from ui.jobs.runner import READ, WRITE, Latest
from ui.pages.tickets.picture import PictureWindow, scaled
from ui.pages.wording import Words
from ui.theme.icons import icon
from ui.theme.tokens import GAP, px
from ui.widgets.banner import Banner
from ui.widgets.button import Button, Kind
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from svcdesk.services.attachments import Added
    from svcdesk.services.tickets import TicketDetail
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

THUMBNAIL = 56  # px at 100 %
ROWS = 5
KEY = Qt.ItemDataRole.UserRole
PICTURE_BYTES = 30 << 20  # larger pictures are not looked into


def size_text(size: int) -> str:
    """Return a file's size as people say it."""
    if size < 1 << 10:
        return _("{n} bytes").format(n=size)
    if size < 1 << 20:
        return _("{n} KB").format(n=f"{size / (1 << 10):.0f}")
    return _("{n} MB").format(n=f"{size / (1 << 20):.1f}")


def is_picture(row: dict[str, Any]) -> bool:
    """Tell whether an attachment can be shown as a picture here."""
    kind = str(row["mime"])
    return kind.startswith("image/") and kind != "image/svg+xml" and row["size"] <= PICTURE_BYTES


class _Files(QListWidget):
    """The list; Enter opens, Space previews, Delete removes."""

    pressed_key = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand the keys over that act on the current file."""
        keys = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Delete}
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if Qt.Key(event.key()) in keys and not control and self.currentItem() is not None:
            self.pressed_key.emit(event.key())
        else:
            super().keyPressEvent(event)


class FilesTab(QWidget):
    """Rows with a thumbnail or an icon, and what can be done with them."""

    added = Signal()  # something is being attached: show the tab

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._words = Words(place.desk)
        self._pictures = Latest(place.runner, self)
        self._ticket = 0
        self._rows: list[dict[str, Any]] = []
        self._icons: dict[str, QIcon] = {}
        self._refused = 0  # the program that was not opened
        self._banner: Banner | None = None
        self.picture: PictureWindow | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP)
        self.progress = ProgressStripe()
        self._column.addWidget(self.progress)
        self._nothing = label(
            _("No files yet. Add some, drop them here, or paste a screenshot with Ctrl+V."),
            "small", "3", wrap=True,
        )  # fmt: skip
        self._column.addWidget(self._nothing)
        self.list = _Files()
        self.list.setIconSize(QSize(px(THUMBNAIL), px(THUMBNAIL)))
        self.list.setAccessibleName(_("Attachments"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.pressed_key.connect(self._on_key)
        self.list.itemDoubleClicked.connect(self._open)
        self.list.currentRowChanged.connect(self._follow)
        self._column.addWidget(self.list)
        self._column.addWidget(self._make_buttons())

    def _make_buttons(self) -> QWidget:
        holder = QWidget()
        flow = FlowLayout(holder, gap=6)
        self.add_button = Button(_("Add files…"), icon="paperclip", small=True)
        self.add_button.clicked.connect(self.choose)
        flow.addWidget(self.add_button)
        self._on_file: list[Button] = []
        entries: tuple[tuple[str, str, str, Callable[[], None]], ...] = (
            (_("Preview"), "eye", _("Space"), self._preview),
            (_("Open"), "folder-open", "↵", self._open),
            (_("Save as…"), "save", "", self._save_as),
            (_("Remove"), "x", "Del", self._remove),
        )
        for name, sign, key, act in entries:
            button = Button(name, kind=Kind.QUIET, icon=sign, key=key, small=True)
            button.clicked.connect(act)
            flow.addWidget(button)
            self._on_file.append(button)
        return holder

    # --- showing -------------------------------------------------------------------------

    def show_detail(self, detail: TicketDetail) -> int:
        """Show the files of a ticket; return how many there are."""
        if self._ticket != int(detail.ticket["id"]):
            self._ticket = int(detail.ticket["id"])
            self._drop_banner()
        current = self._current()
        self._rows = detail.attachments
        self.list.clear()
        for row in self._rows:
            picture = is_picture(row)
            shown = self._icons.get(str(row["sha256"])) or icon("eye" if picture else "file-text")
            more = _("{size}, {who}, {time}").format(
                size=size_text(int(row["size"])), who=self._words.person(row["created_by"]),
                time=self._words.time(row["entered_at"]),
            )  # fmt: skip
            item = QListWidgetItem(shown, f"{row['name']}\n{more}")
            item.setData(KEY, int(row["id"]))
            item.setToolTip(str(row["name"]))
            item.setSizeHint(QSize(0, px(THUMBNAIL) + 8))
            self.list.addItem(item)
        places = {int(row["id"]): place for place, row in enumerate(self._rows)}
        self.list.setCurrentRow(places.get(int(current["id"]) if current else 0, 0))
        self.list.setFixedHeight(min(len(self._rows), ROWS) * (px(THUMBNAIL) + 8) + 6)
        self.list.setVisible(bool(self._rows))
        self._nothing.setVisible(not self._rows)
        for button in self._on_file:
            button.setVisible(bool(self._rows))
        self._read_thumbnails()
        return len(self._rows)

    def _read_thumbnails(self) -> None:
        """Read the pictures that are not known yet, in the background."""
        wanted = {str(r["sha256"]): int(r["id"]) for r in self._rows
                  if is_picture(r) and str(r["sha256"]) not in self._icons}  # fmt: skip
        if not wanted:
            return
        desk, side = self._place.desk, px(THUMBNAIL) * 2

        def work(context: JobContext) -> dict[str, QImage]:
            found = {}
            for sha256, key in wanted.items():
                context.check()
                found[sha256] = scaled(attachments.content(desk, key), QSize(side, side))
            return found

        handle = self._pictures.start(work)
        handle.on_success(self._on_thumbnails).on_failure(self._place.shell.tell)

    def _on_thumbnails(self, found: dict[str, QImage]) -> None:
        for sha256, image in found.items():
            if not image.isNull():
                self._icons[sha256] = QIcon(QPixmap.fromImage(image))
        for place, row in enumerate(self._rows):
            known = self._icons.get(str(row["sha256"]))
            if known is not None and place < self.list.count():
                self.list.item(place).setIcon(known)

    def _current(self) -> dict[str, Any] | None:
        place = self.list.currentRow()
        return self._rows[place] if 0 <= place < len(self._rows) else None

    # --- adding ----------------------------------------------------------------------------

    @staticmethod
    def takes(data: QMimeData) -> bool:
        """Tell whether there is something to attach: files or a picture."""
        return any(url.isLocalFile() for url in data.urls()) or data.hasImage()

    def add_data(self, data: object) -> bool:
        """Attach files or a picture that were dropped or pasted; return whether there were any."""
        if not isinstance(data, QMimeData) or not self._ticket:
            return False
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        if paths:
            self.add_paths(paths)
            return True
        image = data.imageData() if data.hasImage() else None
        if isinstance(image, QImage) and not image.isNull():
            self._add_picture(QImage(image))
            return True
        return False

    def choose(self) -> None:
        """Ask which files to attach."""
        names, _kind = QFileDialog.getOpenFileNames(self, _("Attach files"))
        if names:
            self.add_paths([Path(name) for name in names])

    def add_paths(self, paths: list[Path]) -> None:
        """Attach files; each that is refused is told, the others are attached."""
        desk, key = self._place.desk, self._ticket

        def work(context: JobContext) -> Added:
            return attachments.add_files(desk, key, paths, context)

        handle = self._place.runner.start(work, lane=WRITE, owner=self)
        self.progress.watch(handle, _("Attaching files"))
        handle.on_success(self._on_added).on_failure(self._place.shell.tell)
        self.added.emit()

    def _add_picture(self, image: QImage) -> None:
        desk, key = self._place.desk, self._ticket
        time = self._words.local(self._words.now()).strftime("%Y-%m-%d %H.%M.%S")
        name = _("Screenshot {time}").format(time=time) + ".png"

        def work(_context: JobContext) -> Added:
            buffer = QBuffer()
            buffer.open(QBuffer.OpenModeFlag.WriteOnly)
            image.save(buffer, "PNG")  # type: ignore[call-overload]
            attachments.add(desk, key, name, bytes(buffer.data().data()))
            return attachments.Added(1, [])

        handle = self._place.runner.start(work, lane=WRITE, owner=self)
        handle.on_success(self._on_added).on_failure(self._place.shell.tell)
        self.added.emit()

    def _on_added(self, result: Added) -> None:
        for error in result.refused:
            self._place.shell.tell(error)
        if result.count:
            self._place.shell.say(_("{n} files attached").format(n=result.count))

    # --- one file ------------------------------------------------------------------------

    def _on_key(self, key: int) -> None:
        if key == Qt.Key.Key_Space:
            self._preview()
        elif key == Qt.Key.Key_Delete:
            self._remove()
        else:
            self._open()

    def _preview(self) -> None:
        """Show the picture large; another file is opened."""
        row = self._current()
        if row is None:
            return
        if not is_picture(row):
            self._open()
            return
        if self.picture is None:
            self.picture = PictureWindow(self._place, self)
            self.picture.step_wanted.connect(self._step)
        self.picture.show_picture(int(row["id"]), str(row["name"]))

    def _step(self, step: int) -> None:
        """Go to the next or previous picture."""
        places = [place for place, row in enumerate(self._rows) if is_picture(row)]
        later = [p for p in places if (p - self.list.currentRow()) * step > 0]
        if later:
            self.list.setCurrentRow(min(later) if step > 0 else max(later))

    def _follow(self, _place: int) -> None:
        row = self._current()
        if self.picture is not None and self.picture.isVisible() and row and is_picture(row):
            self.picture.show_picture(int(row["id"]), str(row["name"]))

    def _open(self) -> None:
        row, desk = self._current(), self._place.desk
        if row is None:
            return
        key = int(row["id"])
        self._refused = key
        handle = self._place.runner.start(
            lambda _context: attachments.to_open(desk, key), lane=READ, owner=self
        )
        handle.on_success(open_path).on_failure(self._on_refused)

    def _on_refused(self, error: object) -> None:
        """Tell why a file is not opened; a program may be saved, on one's own decision."""
        self._drop_banner()
        if not isinstance(error, UserError) or error.code != "program":
            self._place.shell.tell(error)
            return
        text = _(error.text).format(**error.values)
        self._banner = Banner("warn", "triangle-alert", text, actions=(("save", _("Save as…")),))
        self._banner.acted.connect(self._save_refused)
        self._column.insertWidget(0, self._banner)

    def _drop_banner(self) -> None:
        if self._banner is not None:
            self._banner.hide()
            self._banner.deleteLater()
            self._banner = None

    @property
    def told(self) -> str:
        """The sentence about a file that was not opened, "" for none."""
        return self._banner.accessibleName() if self._banner is not None else ""

    def _save_refused(self, _action: str) -> None:
        row = next((row for row in self._rows if row["id"] == self._refused), None)
        if row is not None:
            self._save(row)

    def _save_as(self) -> None:
        row = self._current()
        if row is not None:
            self._save(row)

    def _save(self, row: dict[str, Any]) -> None:
        name, _kind = QFileDialog.getSaveFileName(self, _("Save attachment"), str(row["name"]))
        if not name:
            return
        desk, key, target = self._place.desk, int(row["id"]), Path(name)
        handle = self._place.runner.start(
            lambda _context: attachments.save_as(desk, key, target), lane=READ, owner=self
        )
        handle.on_success(self._on_saved).on_failure(self._place.shell.tell)

    def _on_saved(self, path: Path) -> None:
        self._drop_banner()
        self._place.shell.say(_("Saved: {path}").format(path=str(path)), undo=False)

    def _remove(self) -> None:
        row, desk = self._current(), self._place.desk
        if row is None:
            return
        key, name = int(row["id"]), str(row["name"])
        handle = self._place.runner.start(
            lambda _context: attachments.remove(desk, key), lane=WRITE, owner=self
        )
        handle.on_failure(self._place.shell.tell)
        self._place.shell.say(_("“{name}” removed").format(name=name))


def open_path(path: Path) -> None:
    """Show a file in the program the system has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
