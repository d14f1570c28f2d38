"""Shows a PDF: pages as pictures, drawn when they come into view; zoom, thumbnails, search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from ui.jobs.runner import READ, Latest
from ui.theme.tokens import GAP, colour, px
from ui.widgets.button import Button, Kind, icon_button
from ui.widgets.editors import TextField
from ui.widgets.pdf_pages import Marks, found_in, page_image, page_sizes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from svcdesk.system.job import JobContext
    from ui.jobs.runner import Runner

SMALL = 0.16  # scale of the thumbnails
ZOOMS = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)
MARKED = (255, 196, 0, 90)  # what was searched for
_SHIFT = Qt.KeyboardModifier.ShiftModifier  # + is above = on many keyboards
KEPT = 24  # pictures of pages kept at hand


class PageCanvas(QWidget):
    """Pages below each other, in points times ``scale``; asks for the pictures it shows."""

    wanted = Signal(int)
    clicked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[tuple[float, float]] = []
        self.scale = 1.0
        self.images: dict[int, QImage] = {}
        self.marks: Marks = {}
        self.current = -1
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_pages(self, sizes: list[tuple[float, float]], scale: float) -> None:
        """Lay out pages of these sizes (points); their pictures come when they are seen."""
        self.sizes, self.scale = sizes, scale
        self.images.clear()
        self.updateGeometry()
        self.resize(self.sizeHint())
        self.update()

    def place(self, page: int) -> QRect:
        """Return where a page lies."""
        top = px(GAP)
        for width, height in self.sizes[:page]:
            del width
            top += round(height * self.scale) + px(GAP)
        wide, tall = self.sizes[page]
        size = QSize(round(wide * self.scale), round(tall * self.scale))
        left = max(px(GAP), (self.width() - size.width()) // 2)
        return QRect(QPoint(left, top), size)

    def sizeHint(self) -> QSize:
        """Return the room of all pages."""
        wide = max((width for width, _height in self.sizes), default=0.0)
        tall = sum(round(height * self.scale) + px(GAP) for _width, height in self.sizes)
        return QSize(round(wide * self.scale) + 2 * px(GAP), tall + px(GAP))

    def take(self, page: int, image: QImage) -> None:
        """Show the picture of a page."""
        self.images[page] = image
        while len(self.images) > KEPT:
            del self.images[next(iter(self.images))]
        self.update(self.place(page))

    def page_at(self, y: int) -> int:
        """Return the page at a height, the last one below all."""
        for page in range(len(self.sizes)):
            if y <= self.place(page).bottom() + px(GAP):
                return page
        return len(self.sizes) - 1

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what is seen, and ask for pictures that are missing."""
        painter = QPainter(self)
        for page in range(len(self.sizes)):
            place = self.place(page)
            if not place.intersects(event.rect()):
                continue
            painter.fillRect(place, QColor("white"))
            image = self.images.get(page)
            if image is None:
                self.wanted.emit(page)
            else:
                painter.drawImage(place, image)
            for mark in self.marks.get(page, ()):
                found = QRectF(
                    place.x() + mark.x() * self.scale, place.y() + mark.y() * self.scale,
                    mark.width() * self.scale, mark.height() * self.scale,
                )  # fmt: skip
                painter.fillRect(found, QColor(*MARKED))
            line = "accent" if page == self.current else "border"
            painter.setPen(colour(line))
            painter.drawRect(place.adjusted(-1, -1, 0, 0))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the page that was clicked."""
        if self.sizes:
            self.clicked.emit(self.page_at(round(event.position().y())))


class PdfView(QWidget):
    """A PDF with thumbnails left, zoom and search on top."""

    page_changed = Signal(int)
    failed = Signal(object)
    _failing = -1  # the generation whose failure was told

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self._runner = runner
        self._path: Path | None = None
        self._opening = Latest(runner, self)
        self._searching = Latest(runner, self)
        self._asked: set[tuple[bool, int]] = set()
        self._generation = 0
        self._zoom: float | None = None  # none: as wide as the view
        self._hits: list[tuple[int, float]] = []
        self._hit = -1
        self._keep = 0  # page to show when the same report comes anew
        self.pages, self.small = PageCanvas(), PageCanvas()
        self.area, self.strip = QScrollArea(), QScrollArea()
        for area, canvas in ((self.area, self.pages), (self.strip, self.small)):
            area.setWidget(canvas)
            area.setWidgetResizable(True)
            area.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            area.setFrameShape(QScrollArea.Shape.NoFrame)
            area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            area.installEventFilter(self)
        self.area.setAccessibleName(_("Pages"))
        self.strip.setAccessibleName(_("Thumbnails"))
        self.strip.setFixedWidth(round(595 * SMALL) + px(3 * GAP) + px(10))
        self.strip.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.pages.wanted.connect(lambda page: self._want(page, small=False))
        self.small.wanted.connect(lambda page: self._want(page, small=True))
        self.small.clicked.connect(self.go_to)
        self.area.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self._fit = QTimer(self)
        self._fit.setSingleShot(True)
        self._fit.setInterval(60)
        self._fit.timeout.connect(self._lay_out)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_bar())
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.strip)
        row.addWidget(self.area, 1)
        column.addLayout(row, 1)

    def _build_bar(self) -> QWidget:
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(px(GAP), px(4), px(GAP), px(4))
        self.number = QLabel("")
        self.number.setAccessibleName(_("Page"))
        row.addWidget(self.number)
        row.addStretch(1)
        for icon, tip, step in (
            ("zoom-out", _("Smaller pages (-, Ctrl and wheel)"), -1),
            ("zoom-in", _("Larger pages (+, Ctrl and wheel)"), 1),
        ):
            button = icon_button(icon, tip)
            button.clicked.connect(lambda *_args, by=step: self.zoom(by))
            row.addWidget(button)
        self.fit = Button(_("Fit width"), kind=Kind.QUIET, small=True)
        self.fit.setToolTip(_("As wide as the view (0)"))
        self.fit.clicked.connect(self.fit_width)
        row.addWidget(self.fit)
        self.search = TextField(_("Search in the pages"), 80)
        self.search.setMaximumWidth(px(170))
        self.search.setToolTip(
            _("Ctrl+F or /; Enter or F3 goes to the next place, Shift+F3 to the one before")
        )
        self.search.returnPressed.connect(self._on_search)
        self.search.textChanged.connect(self._forget_hits)
        self.search.installEventFilter(self)
        row.addWidget(self.search)
        self.hits = QLabel("")
        row.addWidget(self.hits)
        return bar

    # --- document ------------------------------------------------------------------------

    def show_file(self, path: Path | None, *, stay: bool = False) -> None:
        """Show a PDF (none: nothing); ``stay`` keeps the page, as for a new version of it."""
        self._keep = max(0, self.pages.current) if stay else 0
        self._path = path
        self._generation += 1
        self._asked.clear()
        self._forget_hits()
        if path is None:
            for canvas in (self.pages, self.small):
                canvas.show_pages([], 1.0)
            self.number.setText("")
            return

        def work(_context: JobContext) -> list[tuple[float, float]]:
            return page_sizes(path)

        self._opening.start(work).on_success(self._on_opened).on_failure(self._on_failed)

    def _on_opened(self, sizes: list[tuple[float, float]]) -> None:
        self.pages.sizes = sizes
        self.pages.current = self.small.current = -1
        self.small.show_pages(sizes, SMALL)
        self._lay_out()
        self.go_to(min(self._keep, len(sizes) - 1))

    def _lay_out(self) -> None:
        if not self.pages.sizes:
            return
        wide = max(width for width, _height in self.pages.sizes)
        room = max(120, self.area.viewport().width() - 2 * px(GAP))
        scale = self._zoom * px(100) / 75 if self._zoom is not None else room / wide
        keep = self.pages.current
        self._asked = {one for one in self._asked if one[0]}
        self._generation += 1
        self.pages.show_pages(self.pages.sizes, scale)
        self.area.setWidgetResizable(self._zoom is None)
        if keep > 0:
            self.go_to(keep)

    def resizeEvent(self, event: object) -> None:
        """Fit the pages anew, once the size has settled."""
        del event
        if self._zoom is None:
            self._fit.start()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl and the wheel."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
            return
        super().wheelEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys of the pages, the thumbnails and the search."""
        if (
            event.type() is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and self._on_key(watched, event)
        ):
            return True
        return super().eventFilter(watched, event)

    def _on_key(self, watched: QObject, event: QKeyEvent) -> bool:
        """Do what a key asks for and tell whether it asks for something."""
        key = Qt.Key(event.key())
        if event.modifiers() & ~(_SHIFT | Qt.KeyboardModifier.KeypadModifier):
            return False
        if key is Qt.Key.Key_F3:
            self.search_on(-1 if event.modifiers() & _SHIFT else 1)
            return True
        keys = {} if watched is self.search else self._keys()
        if watched is self.strip:
            keys |= {Qt.Key.Key_Down: self.next_page, Qt.Key.Key_Up: self.page_before}
        if key not in keys:
            return False
        keys[key]()
        return True

    def _keys(self) -> dict[Qt.Key, Callable[[], None]]:
        key = Qt.Key
        return {
            key.Key_N: self.next_page, key.Key_P: self.page_before,
            key.Key_Home: lambda: self.go_to(0),
            key.Key_End: lambda: self.go_to(self.page_count - 1),
            key.Key_Plus: lambda: self.zoom(1), key.Key_Equal: lambda: self.zoom(1),
            key.Key_Minus: lambda: self.zoom(-1), key.Key_0: self.fit_width,
            key.Key_Slash: self.search.setFocus,
        }  # fmt: skip

    def next_page(self) -> None:
        """Bring the next page to the top."""
        self.go_to(self.pages.current + 1)

    def page_before(self) -> None:
        """Bring the page before to the top."""
        self.go_to(self.pages.current - 1)

    def zoom(self, step: int) -> None:
        """Show the pages a step larger or smaller."""
        now = self.pages.scale * 75 / px(100)
        larger = [zoom for zoom in ZOOMS if zoom > now + 0.01]
        smaller = [zoom for zoom in ZOOMS if zoom < now - 0.01]
        if step > 0 and larger:
            self._zoom = larger[0]
        elif step < 0 and smaller:
            self._zoom = smaller[-1]
        self._lay_out()

    def fit_width(self) -> None:
        """Make the pages as wide as the view."""
        self._zoom = None
        self._lay_out()

    @property
    def page_count(self) -> int:
        """Return the number of pages."""
        return len(self.pages.sizes)

    def go_to(self, page: int) -> None:
        """Bring a page to the top of the view."""
        if not 0 <= page < self.page_count:
            return
        self._set_current(page)
        self.area.verticalScrollBar().setValue(self.pages.place(page).top() - px(GAP))
        self._set_current(page)

    def _on_scrolled(self, value: int) -> None:
        if self.pages.sizes:
            self._set_current(self.pages.page_at(value + self.area.viewport().height() // 3))

    def _set_current(self, page: int) -> None:
        if page == self.pages.current:
            return
        self.pages.current = self.small.current = page
        self.small.update()
        self.pages.update()
        self.strip.ensureVisible(0, self.small.place(page).center().y(), 0, px(80))
        text = _("Page {n} of {all}").format(n=page + 1, all=self.page_count)
        self.number.setText(text)
        self.page_changed.emit(page)

    # --- pictures ------------------------------------------------------------------------

    def _want(self, page: int, *, small: bool) -> None:
        path, generation = self._path, self._generation
        if path is None or (small, page) in self._asked:
            return
        self._asked.add((small, page))
        canvas = self.small if small else self.pages
        scale = canvas.scale * self.devicePixelRatioF()

        def work(_context: JobContext) -> QImage:
            return page_image(path, page, scale)

        def shown(image: QImage) -> None:
            self._asked.discard((small, page))
            if generation == self._generation or (small and path == self._path):
                canvas.take(page, image)

        handle = self._runner.start(work, lane=READ, owner=self)
        handle.on_success(shown).on_failure(self._on_failed)

    def _on_failed(self, error: object) -> None:
        """Tell once that the file cannot be read, not for each of its pages."""
        if self._failing != self._generation:
            self._failing = self._generation
            self.failed.emit(error)

    # --- search --------------------------------------------------------------------------

    def _forget_hits(self) -> None:
        self._hits, self._hit = [], -1
        self.pages.marks = {}
        self.pages.update()
        self.hits.setText("")

    def _on_search(self) -> None:
        self.search_on(1)

    def search_on(self, step: int) -> None:
        """Search the text, or go to its next (1) or previous (-1) place."""
        text = self.search.text().strip()
        if not text or self._path is None:
            return
        if self._hits:
            self._step(step)
            return
        path = self._path

        def work(context: JobContext) -> Marks:
            return found_in(path, text, context)

        self._searching.start(work).on_success(self._on_found).on_failure(self._on_failed)

    def _on_found(self, marks: Marks) -> None:
        self.pages.marks = marks
        self.pages.update()
        self._hits = [(page, rect.y()) for page in sorted(marks) for rect in marks[page]]
        self._hit = -1
        if self._hits:
            self._step(1)
        else:
            self.hits.setText(_("not found"))

    def _step(self, step: int) -> None:
        self._hit = (self._hit + step) % len(self._hits)
        page, y = self._hits[self._hit]
        place = self.pages.place(page)
        self.area.verticalScrollBar().setValue(
            round(place.top() + y * self.pages.scale) - self.area.viewport().height() // 3
        )
        self.hits.setText(f"{self._hit + 1}/{len(self._hits)}")
