"""Every widget opens in both languages and themes; icons and tokens are complete."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget

from svcdesk.domain.chart import Band, ChartKind, ChartSpec, Reference, Series, Sums
from svcdesk.i18n import catalog
from svcdesk.system.paths import resources
from ui.models.choices import Choice
from ui.theme import icons, style, tokens
from ui.widgets.banner import Banner
from ui.widgets.button import Button, Kind, Segments
from ui.widgets.chart_items import axis_texts, fixed_ticks, nice_ticks, two_lines
from ui.widgets.chart_view import ChartView
from ui.widgets.chips import Chip, ChoicePopup
from ui.widgets.empty_state import EmptyState
from ui.widgets.filter_bar import FilterBar, FilterDef
from ui.widgets.kpi_card import Kpi, KpiCard
from ui.widgets.labels import ElidedLabel, KeyHint, Link, Tag
from ui.widgets.strips import (
    CURRENT,
    DONE,
    Day,
    DayStrip,
    Due,
    DueBox,
    ProgressStrip,
    ShareBar,
    Step,
)
from ui.widgets.tabs import TabDef, TabRow
from ui.widgets.timeline import Moment, Timeline
from ui.widgets.toast import Toast

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

ROOT = Path(__file__).resolve().parents[2]


def _strip() -> QWidget:
    made = ProgressStrip()
    made.show_steps(
        [Step("已登记", "04-01", DONE), Step("调查处理", "进行中", CURRENT), Step("已关闭", "")]
    )
    return made


def _days() -> QWidget:
    made = DayStrip()
    made.show_days(
        [Day("三", "1", "受理"), Day("六", "4", "清明", "off"), Day("四", "9", "到期", "due")]
    )
    return made


def _due() -> QWidget:
    made = DueBox("how")
    made.show_due(Due("余 41分", "到期 11:05", "已用 499 / 540", 0.92, "warn", "clock-alert", "x"))
    return made


def _timeline() -> QWidget:
    made = Timeline()
    made.show_moments([Moment("lock", "周敏 备注", "一段较长的文字。" * 12, "10:22")])
    return made


def _tabs() -> QWidget:
    made = TabRow([TabDef(str(n), f"view {n}", "clock") for n in range(12)])
    made.choose("3")
    made.set_count("3", 17)
    return made


def _bar() -> QWidget:
    choices = [Choice(n, f"entry {n}") for n in range(12)]
    made = FilterBar(
        [
            FilterDef("a", "Status", lambda: choices, pinned=True),
            FilterDef("b", "Other", lambda: choices),
        ]
    )
    made.set_values({"a": [1, 2]})
    return made


KPI = Kpi("a", "Mean first response", "17.6", "min", "n=421", met=True, target="≤20", change="↓8.3%",
          better=True, rising=False, course=(20.0, None, 19.0, 17.6), course_target=20.0)  # fmt: skip

WIDGETS: dict[str, Callable[[], QWidget]] = {
    "banner": lambda: Banner("warn", "repeat", "Same again", "more", (("a", "Do"), ("b", "Leave"))),
    "button": lambda: Button("New ticket", kind=Kind.MAIN, icon="plus", key="Ctrl+N"),
    "chip": lambda: Chip("Filter", dashed=True),
    "days": _days,
    "due": _due,
    "elided": lambda: ElidedLabel("a long text " * 20),
    "empty": EmptyState,
    "filters": _bar,
    "key": lambda: KeyHint("Ctrl+/"),
    "kpi": lambda: KpiCard(KPI),
    "link": lambda: Link("open"),
    "segments": lambda: Segments([("a", "A"), ("b", "B")]),
    "share": ShareBar,
    "strip": _strip,
    "tabs": _tabs,
    "tag": lambda: Tag("处理中", "circle-dot", "accent"),
    "timeline": _timeline,
}


@pytest.mark.parametrize("theme", tokens.THEMES)
@pytest.mark.parametrize("language", catalog.LANGUAGES)
@pytest.mark.parametrize("name", WIDGETS)
def test_widget_opens_and_paints(
    qtbot: QtBot, styled: QApplication, name: str, language: str, theme: str
) -> None:
    catalog.set_language(language)
    style.apply(styled, theme)
    widget = WIDGETS[name]()
    qtbot.addWidget(widget)
    widget.resize(420, max(widget.sizeHint().height(), 30))
    widget.show()
    assert not widget.grab().isNull()


MONTHS = ("10", "11", "12", "1", "2", "3")
LINE = Series(
    "CSAT", (4.2, None, 4.3, 4.1, 4.2, 4.18), n=(9, None, 9, 9, 9, 9), missed=(False,) * 5 + (True,)
)
SPECS = {
    "line": ChartSpec(ChartKind.LINE, "l", MONTHS, (LINE,), references=(Reference(4.2, "target"),), y_min=3, y_max=5, decimals=2),
    "columns": ChartSpec(ChartKind.COLUMNS, "c", MONTHS, (LINE, LINE), emphasis=5),
    "bars": ChartSpec(ChartKind.BARS, "b", MONTHS, (LINE,), hatched=frozenset({1}), references=(Reference(2, "t"),)),
    "bullet": ChartSpec(ChartKind.BULLET, "b", MONTHS, (LINE, LINE)),
    "pareto": ChartSpec(ChartKind.PARETO, "p", ("A", "B", "其他"), (Series("", (5, 3, 1)),), vital=frozenset({0}), hatched=frozenset({2})),
    "stacked": ChartSpec(ChartKind.STACKED, "s", MONTHS, tuple(Series(str(n), (1, 2, 3, 4, 5, 6)) for n in range(8))),
    "bands": ChartSpec(ChartKind.LINE, "l", MONTHS, (LINE, replace(LINE, dotted=True)), bands=(Band(1, 2, "sale"), Band(2, 4, "upgrade"))),
    "delta": ChartSpec(ChartKind.BARS, "b", MONTHS, (Series("", (3, 2, 1, -1, -2, -5)),)),
    "piles": ChartSpec(ChartKind.STACKED_COLUMNS, "s", MONTHS, (LINE, LINE, LINE)),
    "grades": ChartSpec(ChartKind.STACKED, "s", MONTHS, (LINE,) * 5, graded=True, share=True),
    "pairs": ChartSpec(ChartKind.PAIRS, "p", MONTHS, (LINE, LINE, LINE), scales=(5,) * 6, verdicts=("ok",) * 6),
    "bullets": ChartSpec(ChartKind.BULLET, "b", MONTHS, (LINE, LINE, LINE), scales=(5,) * 6),
    "funnel": ChartSpec(ChartKind.FUNNEL, "f", MONTHS, (Series("", (60, 50, 20, 10, None, 1)),)),
    "matrix": ChartSpec(ChartKind.HEAT, "h", MONTHS, (LINE, LINE), sums=Sums.BOTH),
    "heat": ChartSpec(ChartKind.HEAT, "h", MONTHS, (LINE, LINE), row_names=("Mon", "Tue")),
}  # fmt: skip


@pytest.mark.parametrize("theme", tokens.THEMES)
@pytest.mark.parametrize("kind", SPECS)
def test_chart_draws_in_both_themes(
    qtbot: QtBot, styled: QApplication, kind: str, theme: str
) -> None:
    style.apply(styled, theme)
    view = ChartView(SPECS[kind])
    qtbot.addWidget(view)
    view.resize(480, 240)
    blank = view.grab().toImage()
    view.show()
    qtbot.waitUntil(lambda: view._drawn_width > 0)
    assert view.grab().toImage() != blank


def test_chart_without_values_says_so(qtbot: QtBot) -> None:
    view = ChartView(ChartSpec(ChartKind.LINE, "l", MONTHS, (Series("a", (None,) * 6),)))
    qtbot.addWidget(view)
    view.show()
    assert view.findChildren(EmptyState)[0].text == "No data in this period."


def test_chart_tip_has_value_and_n(qtbot: QtBot) -> None:
    view = ChartView(SPECS["line"])
    qtbot.addWidget(view)
    assert view.tip(0) == "10\nCSAT: 4.20  n=9"
    assert view.tip(1) == "11\nCSAT: —"


def test_chart_category_opens_its_records(qtbot: QtBot) -> None:
    spec = ChartSpec(
        ChartKind.COLUMNS,
        "c",
        ("a", "b"),
        (Series("", (1, 2)),),
        drill=(("m", "x=1"), ("m", "x=2")),
    )
    view = ChartView(spec)
    qtbot.addWidget(view)
    view.show()
    view.setFocus()
    with qtbot.waitSignal(view.drilled) as caught:
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return):
            qtbot.keyClick(view, key)
    assert caught.args == ["m", "x=2"]


def test_card_opens_its_records(qtbot: QtBot) -> None:
    card = KpiCard(KPI)
    qtbot.addWidget(card)
    card.resize(260, 80)
    with qtbot.waitSignal(card.clicked) as caught:
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(20, 50))
    assert caught.args == ["a"]
    with qtbot.waitSignal(card.defined) as caught:  # the name opens the definition
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(20, 15))
    assert caught.args == ["a"]
    assert "17.6" in card.accessibleName()


@pytest.mark.parametrize(
    ("low", "high", "last"), [(0, 512, 600), (0, 7, 8), (3, 5, 5), (0, 0.4, 0.4), (-20, 60, 60)]
)
def test_axis_has_round_values_that_cover(low: float, high: float, last: float) -> None:
    ticks = nice_ticks(low, high)
    assert ticks[0] <= low
    assert ticks[-1] == pytest.approx(last)
    assert 3 <= len(ticks) <= 7


@pytest.mark.parametrize(
    ("ticks", "texts"),
    [
        ((3.25, 3.5, 3.75), ["3.25", "3.50", "3.75"]),
        ((0, 2.5, 5), ["0.0", "2.5", "5.0"]),
        ((0, 1000, 2000), ["0", "1,000", "2,000"]),
        ((0, 0.1, 0.2), ["0.0", "0.1", "0.2"]),
    ],
)
def test_axis_figures_are_where_they_say(ticks: tuple[float, ...], texts: list[str]) -> None:
    """4.25 is not 4.2: the dashed line of a target of 4.2 would lie below it."""
    assert axis_texts(ticks) == texts


@pytest.mark.parametrize(
    ("low", "high"), [(50, 100), (0, 100), (70, 100), (80, 100), (3, 5), (90, 100), (60, 100)]
)
def test_a_fixed_axis_has_both_its_ends(low: float, high: float) -> None:
    """A note says that the axis is cut at 50: then nothing is drawn from 60 on."""
    ticks = fixed_ticks(low, high)
    assert (ticks[0], ticks[-1]) == (low, high)
    assert 4 <= len(ticks) <= 7
    steps = {round(b - a, 6) for a, b in pairwise(ticks)}
    assert len(steps) == 1


def test_long_category_names_take_two_lines() -> None:
    first, second = two_lines("Cumbersome process", 60).split("\n")
    assert second == "process"
    assert first.startswith("Cum")
    assert first.endswith("…")  # shortened, not broken
    assert two_lines("短", 100) == "短"
    assert two_lines("跨部门信息同步慢", 60).count("\n") == 1
    assert two_lines("Slow information between departments", 90).startswith("Slow")


def test_filter_chip_opens_is_set_and_removed(qtbot: QtBot) -> None:
    bar = FilterBar(
        [FilterDef("s", "Status", lambda: [Choice("a", "A"), Choice("b", "B")], pinned=True)]
    )
    qtbot.addWidget(bar)
    bar.show()
    chip = bar._chips["s"]
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    popup = bar._popup
    assert isinstance(popup, ChoicePopup)
    popup._list.itemClicked.emit(popup._list.item(1))
    assert bar.values() == {"s": ["b"]}
    assert chip.text() == "Status: B"
    popup.close()
    chip.setFocus()
    with qtbot.waitSignal(bar.changed):
        qtbot.keyClick(chip, Qt.Key.Key_Delete)
    assert bar.values() == {}


def test_tabs_without_room_go_into_a_menu(qtbot: QtBot) -> None:
    row = _tabs()
    qtbot.addWidget(row)
    row.resize(300, 36)
    row.show()
    assert isinstance(row, TabRow)
    assert row._more.isVisible()
    assert row._tabs["3"].isVisible()  # the active one always shows


def test_toast_says_and_undoes(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 500)
    window.show()
    toast = Toast(window)
    toast.say("3 tickets closed")
    assert toast.isVisible()
    with qtbot.waitSignal(toast.undo_requested):
        qtbot.mouseClick(toast, Qt.MouseButton.LeftButton, pos=QPoint(toast.width() - 60, 15))
    assert not toast.isVisible()


def test_every_icon_that_is_named_is_there() -> None:
    known = {path.stem for path in (resources() / "icons").glob("*.svg")}
    pattern = re.compile(
        r'(?:icon|icon_label|Cell|Moment|pixmap)\(\s*"([a-z0-9-]+)"|icon="([a-z0-9-]+)"'
    )
    named = set()
    for file in (ROOT / "ui").rglob("*.py"):
        for first, second in pattern.findall(file.read_text(encoding="utf-8")):
            name = first or second
            if "-" in name or name in known:
                named.add(name)
    assert named - known == set()


def test_no_icon_lies_about_unused() -> None:
    words: set[str] = set()
    for file in (ROOT / "ui").rglob("*.py"):
        words |= set(re.findall(r'"([a-z0-9-]+)"', file.read_text(encoding="utf-8")))
    assert {path.stem for path in (resources() / "icons").glob("*.svg")} - words == set()


def test_icons_are_recoloured_and_sharp() -> None:
    normal = icons.pixmap("inbox", "accent", 16, 1.0)
    double = icons.pixmap("inbox", "accent", 16, 2.0)
    assert (normal.width(), double.width()) == (16, 32)
    image = double.toImage()
    inks = {
        image.pixelColor(x, y).name()
        for x in range(32)
        for y in range(32)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert QColor(tokens.tokens()["accent"]).name() in inks


def test_themes_have_the_same_tokens() -> None:
    light, dark = tokens.load("light"), tokens.load("dark")
    assert light.colours.keys() == dark.colours.keys()
    assert len(light.palette) == len(dark.palette) == 8


def _luminance(value: str) -> float:
    colour = QColor(value)
    parts = [colour.redF(), colour.greenF(), colour.blueF()]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", tokens.THEMES)
@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [("text", "selected", 7), ("text-2", "selected", 4.5), ("text-3", "surface", 4.5),
     ("accent", "surface", 4.5), ("on-fill", "fill", 4.5), ("danger", "danger-soft", 4.5),
     ("warn", "warn-soft", 4.5), ("ok", "ok-soft", 4.5), ("violet", "violet-soft", 4.5),
     ("strong", "surface", 3)],
)  # fmt: skip
def test_contrast_is_enough(theme: str, ink: str, ground: str, least: float) -> None:
    found = tokens.load(theme)
    assert _contrast(found[ink], found[ground]) >= least


@pytest.mark.parametrize(("value", "below"), [(94.0, True), (96.0, False), (90.0, False)])
def test_no_figure_of_a_line_stands_on_the_line_of_the_target(
    qtbot: QtBot, value: float, below: bool
) -> None:
    spec = ChartSpec(
        ChartKind.LINE, "准时率", ("1", "2", "3"), (Series("", (99.0, 89.0, value)),),
        references=(Reference(95.0, "目标"),),
    )  # fmt: skip
    view = ChartView(spec)
    qtbot.addWidget(view)
    view.resize(600, 260)
    view.show()
    qtbot.waitUntil(lambda: view._drawn_width > 0)
    items = view._plot.getPlotItem().items
    (told,) = [i for i in items if hasattr(i, "anchor") and i.pos().x() == 2 and i.textItem]
    assert (told.anchor.y() < 0) is below
