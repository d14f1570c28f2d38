"""A chart in a card: title, legend, plot, hover, drill-down, and the same figures as a table.

pyqtgraph is imported when the first chart is drawn, not before: it costs a third of a second.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QStackedLayout,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from svcdesk.domain.chart import ChartKind, ChartSpec
from svcdesk.i18n.catalog import _
from ui.widgets import chart_copy
from ui.widgets.button import Button, Kind, icon_button
from ui.widgets.chart_draw import Painter
from ui.widgets.chart_items import places_of, text_of
from ui.widgets.chart_legend import Legend
from ui.widgets.chart_places import nearest_category
from ui.widgets.chart_table import chart_table
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import ElidedLabel, TitleLink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


UNNAMED = {ChartKind.HEAT, ChartKind.PARETO, ChartKind.BULLET, ChartKind.FUNNEL}  # no legend


class ChartView(QFrame):
    """Draws a :class:`~svcdesk.domain.chart.ChartSpec`."""

    drilled = Signal(str, str)  # the link of the category: metric id, group key
    defined = Signal(str)  # the metric whose definition is asked for
    explained = Signal(str, str)  # the metric and link whose records are to be told part by part
    said = Signal(str)  # what was done, in words

    def __init__(self, spec: ChartSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec
        self._plot: Any = None
        self._drawn_width = -1
        self._walk = self._row = -1
        self.setProperty("box", "card")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(spec.title)
        self.setMinimumHeight(176)
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(60)
        self._redraw.timeout.connect(self._draw)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 10, 8)
        column.setSpacing(4)
        column.addLayout(self._header())
        if self._legend is not None and self._legend.parent() is None:
            column.addWidget(self._legend)
        self._body = QWidget()
        self._stack = QStackedLayout(self._body)
        self._canvas = QWidget()
        QVBoxLayout(self._canvas).setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._canvas)
        column.addWidget(self._body, 1)
        if spec.empty:
            self._show_nothing()

    def _header(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        if self.spec.about:
            link = TitleLink(self.spec.title, _("Definition, and how the value came about"))
            link.activated.connect(self._on_title)
            title: ElidedLabel = link
        else:
            title = ElidedLabel(self.spec.title, "strong")
        title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row.addWidget(title)
        if self.spec.note:
            row.addWidget(ElidedLabel(self.spec.note, "small", "3"), 1)
        named = self.spec.series[:2] if self.spec.kind is ChartKind.PAIRS else self.spec.series
        names = [series.name for series in named if series.name]
        plain = self.spec.kind not in UNNAMED
        beside = len(names) <= 2
        places = places_of(self.spec)[: len(names)]
        wanted = plain and 1 < len(names) <= 8
        self._legend = Legend(names, places, wraps=not beside) if wanted else None
        if self._legend is not None and beside:
            row.addWidget(self._legend)
        row.addStretch(1)
        self._toggle = icon_button("table-2", _("Show as table"))
        self._toggle.setCheckable(True)
        self._toggle.setEnabled(not self.spec.empty)
        self._toggle.toggled.connect(self._on_toggled)
        row.addWidget(self._toggle)
        self._menu = Button("", kind=Kind.QUIET, icon="ellipsis", small=True)
        self._menu.setToolTip(_("Copy the chart, its definition"))
        self._menu.setAccessibleName(_("Menu of the chart"))
        self._menu.clicked.connect(self.open_menu)
        row.addWidget(self._menu)
        return row

    # --- out of the program --------------------------------------------------------------

    def _on_title(self) -> None:
        self.defined.emit(self.spec.about)

    def open_menu(self) -> None:
        """Offer the copies, the definition and the records."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self.spec.about:
            menu.addAction(_("Definition\tD")).triggered.connect(self._on_title)
            menu.addAction(_("Explain the value\tE")).triggered.connect(self.explain)
            menu.addSeparator()
        if not self.spec.empty:
            menu.addAction(_("Copy as picture\tP")).triggered.connect(self.copy_picture)
            menu.addAction(_("Copy as data\tCtrl+C")).triggered.connect(self.copy_data)
            menu.addAction(_("Save as PNG (300 dpi)…")).triggered.connect(self.choose_png)
            menu.addAction(_("Save as SVG…")).triggered.connect(self.choose_svg)
        menu.popup(self._menu.mapToGlobal(self._menu.rect().bottomLeft()))

    def explain(self) -> None:
        """Ask for the records of the point walked to, or of all of the chart's figure."""
        link = ""
        if self._walk >= 0:
            place = self._walk
            if self._by_cell():
                place += max(self._row, 0) * len(self.spec.categories)
            if place < len(self.spec.drill):
                link = self.spec.drill[place][1]
        if self.spec.about:
            self.explained.emit(self.spec.about, link)

    def picture(self) -> QImage:
        """Return the chart as it is shown, without its buttons, with 300 dots per inch."""
        with self._without_buttons():
            return chart_copy.picture(self)

    @contextmanager
    def _without_buttons(self) -> Iterator[None]:
        policies = []
        for button in (self._toggle, self._menu):
            policy = button.sizePolicy()
            policies.append(policy)
            kept = QSizePolicy(policy)
            kept.setRetainSizeWhenHidden(True)
            button.setSizePolicy(kept)
            button.hide()
        yield
        for button, policy in zip((self._toggle, self._menu), policies, strict=True):
            button.show()
            button.setSizePolicy(policy)

    def copy_picture(self) -> None:
        """Put the chart on the clipboard as a picture."""
        QGuiApplication.clipboard().setImage(self.picture())
        self.said.emit(_("Picture copied"))

    def copy_data(self) -> None:
        """Put the figures on the clipboard, for a spreadsheet."""
        QGuiApplication.clipboard().setText(chart_copy.data_text(self.spec))
        self.said.emit(_("Data copied, for a spreadsheet"))

    def choose_png(self) -> None:
        """Ask where the picture goes."""
        self._choose("png", self.save_png)

    def choose_svg(self) -> None:
        """Ask where the drawing goes."""
        self._choose("svg", self.save_svg)

    def _choose(self, kind: str, save: Callable[[str], None]) -> None:
        name = chart_copy.file_name(self.spec.title, kind)
        dialog = QFileDialog(self, _("Save chart"), name, f"{kind.upper()} (*.{kind})")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(kind)
        dialog.fileSelected.connect(save)
        dialog.open()

    def save_png(self, name: str) -> None:
        """Write the chart as a picture with 300 dots per inch."""
        self._saved(name, done=self.picture().save(name))

    def save_svg(self, name: str) -> None:
        """Write the chart as a drawing."""
        with self._without_buttons():
            done = chart_copy.save_svg(self, Path(name), self.spec.title)
        self._saved(name, done=done)

    def _saved(self, name: str, *, done: bool) -> None:
        text = (
            _("Saved: {name}") if done else _("“{name}” cannot be written; choose another folder.")
        )
        self.said.emit(text.format(name=Path(name).name))

    def sizeHint(self) -> QSize:
        """Return the usual size."""
        return QSize(480, 220)

    def _show_nothing(self) -> None:
        empty = EmptyState(wrap=False)  # a text that wraps would make the card taller
        empty.set("chart-column", _("No data in this period."))
        self._stack.addWidget(empty)
        self._stack.setCurrentWidget(empty)

    # --- drawing -------------------------------------------------------------------------

    def _make_plot(self) -> Any:
        import pyqtgraph as pg

        widget = pg.PlotWidget(background=None)
        widget.setFrameShape(QFrame.Shape.NoFrame)
        widget.setStyleSheet("background: transparent")
        widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        widget.setMenuEnabled(False)
        widget.hideButtons()
        widget.setMouseEnabled(x=False, y=False)
        widget.getPlotItem().getViewBox().setDefaultPadding(0)
        widget.scene().sigMouseMoved.connect(self._on_hover)
        widget.scene().sigMouseClicked.connect(self._on_click)
        layout = self._canvas.layout()
        if layout is not None:
            layout.addWidget(widget)
        return widget

    def _draw(self) -> None:
        if self.spec.empty or not self.isVisible():
            return
        import pyqtgraph as pg

        if self._plot is None:
            self._plot = self._make_plot()
        item = self._plot.getPlotItem()
        item.clear()
        item.resize(self._canvas.width(), self._canvas.height())
        Painter(pg, item, self.spec).draw()
        self._drawn_width = self.width()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw when first seen."""
        super().showEvent(event)
        if self._plot is None:
            self._redraw.start(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the labels again that fit the new width."""
        super().resizeEvent(event)
        if self._plot is not None and abs(self.width() - self._drawn_width) > 8:
            self._redraw.start()

    # --- reading -------------------------------------------------------------------------

    def tip(self, category: int, row: int = -1) -> str:
        """Return what the tooltip says about a category."""
        spec = self.spec
        lines = [spec.categories[category].replace("\n", " ")]
        for number, series in enumerate(spec.series):
            if row not in {-1, number}:
                continue
            text = text_of(spec, series, category)
            if spec.unit and text != "—":
                text = f"{text} {spec.unit}"
            name = series.name
            if spec.kind is ChartKind.HEAT and number < len(spec.row_names):
                name = spec.row_names[number]
            line = f"{name}: {text}" if name else text
            if category < len(series.n) and series.n[category] is not None:
                line += f"  n={series.n[category]}"
            lines.append(line)
        if spec.drill:
            lines.append(_("Click to see the records"))
        return "\n".join(lines)

    def _on_hover(self, place: QPointF) -> None:
        if self._plot is None:
            return
        box = self._plot.getPlotItem().getViewBox()
        if not box.sceneBoundingRect().contains(place):
            QToolTip.hideText()
            return
        category, row = nearest_category(self.spec, box.mapSceneToView(place))
        if category < 0:
            return
        clickable = category < len(self.spec.drill)
        shape = Qt.CursorShape.PointingHandCursor if clickable else Qt.CursorShape.ArrowCursor
        self._plot.setCursor(shape)
        spot = self._plot.mapToGlobal(QPoint(int(place.x()) + 12, int(place.y()) + 12))
        QToolTip.showText(spot, self.tip(category, row), self._plot)

    def _on_click(self, event: Any) -> None:
        box = self._plot.getPlotItem().getViewBox()
        if box.sceneBoundingRect().contains(event.scenePos()):
            category, row = nearest_category(self.spec, box.mapSceneToView(event.scenePos()))
            self.drill_into(category, row)

    def drill_into(self, category: int, row: int = -1) -> None:
        """Ask for the records behind a category (of one row in a heat map or stacked bar)."""
        place = category
        if self._by_cell():
            if row < 0:
                return
            place = row * len(self.spec.categories) + category
        if 0 <= place < len(self.spec.drill):
            self.drilled.emit(*self.spec.drill[place])

    def _by_cell(self) -> bool:
        """Tell whether each cell has records of its own, not only each category."""
        cells = len(self.spec.categories) * len(self.spec.series)
        kinds = {ChartKind.HEAT, ChartKind.STACKED}
        return self.spec.kind in kinds and len(self.spec.drill) == cells

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk the points (cells both ways), Enter opens their records."""
        key = Qt.Key(event.key())
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(key, 0)
        down = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(key, 0) if self._by_cell() else 0
        count = len(self.spec.categories)
        if (step or down) and count:
            self._walk = (max(self._walk, 0) + step) % count if self._walk >= 0 or down else (
                0 if step > 0 else count - 1)  # fmt: skip
            if self._by_cell():
                self._row = (max(self._row, 0) + down) % len(self.spec.series)
            spot = self.mapToGlobal(QPoint((self._walk * 2 + 1) * self.width() // (2 * count), 40))
            QToolTip.showText(spot, self.tip(self._walk, self._row), self)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._walk >= 0:
            self.drill_into(self._walk, self._row)
        elif not self._by_key(event, key):
            super().keyPressEvent(event)

    def _by_key(self, event: QKeyEvent, key: Qt.Key) -> bool:
        """Do what the menu offers; tell whether the key was one of its keys."""
        if event.matches(QKeySequence.StandardKey.Copy) and not self.spec.empty:
            self.copy_data()
        elif event.modifiers() not in {
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ShiftModifier,
        }:
            return False
        elif key == Qt.Key.Key_D and self.spec.about:
            self._on_title()
        elif key == Qt.Key.Key_E and self.spec.about:
            self.explain()
        elif key == Qt.Key.Key_P and not self.spec.empty:
            self.copy_picture()
        elif key == Qt.Key.Key_Menu:
            self.open_menu()
        else:
            return False
        return True

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the copies."""
        del event
        self.open_menu()

    # --- the table -----------------------------------------------------------------------

    def _on_toggled(self, on: bool) -> None:
        if on and self._stack.count() < 2:
            self._stack.addWidget(chart_table(self.spec))
        self._stack.setCurrentIndex(1 if on else 0)
        if not on:
            self._redraw.start()
