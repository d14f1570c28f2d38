"""Every kind of chart: no label lies on another, nothing leaves the sheet, conventions are kept."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.domain.cause_drawing import Bone, Cause, FishboneDiagram, chain
from svcdesk.domain.chart import Band, ChartKind, ChartSpec, Reference, Series, Sums, step_shares
from svcdesk.i18n.catalog import translator
from svcdesk.reports.model import Plan, Task
from svcdesk.reports.pdf import causes, plan
from svcdesk.reports.pdf.canvas import Sheet
from svcdesk.reports.pdf.charts import draw, multiples
from svcdesk.reports.pdf.marks import Area, Line, Path, Rect, Text

SMALLEST = 7.5  # points: nothing smaller is printed (look.md 6)
MONTHS = tuple(f"2025-{month:02d}" for month in range(1, 13))


def check(sheet: Sheet) -> Sheet:
    """Assert that labels neither meet nor leave the sheet nor are too small."""
    for one, other in combinations(sheet.labels, 2):
        assert not inner(one).meets(inner(other)), (one, other)
    for label in sheet.labels:
        assert -1 <= label.left <= label.right <= sheet.width + 1, label
        assert -1 <= label.bottom <= label.top <= sheet.height + 1, label
    assert all(mark.size >= SMALLEST for mark in sheet.marks if isinstance(mark, Text))
    return sheet


def inner(label: Area) -> Area:
    """Return what ink covers for certain: lines set closely touch with their empty edges."""
    return Area(label.left + 0.2, label.bottom + 0.6, label.right - 0.2, label.top - 0.6)


def texts(sheet: Sheet) -> list[str]:
    return [mark.text for mark in sheet.marks if isinstance(mark, Text)]


def a_chart(
    kind: ChartKind, names: tuple[str, ...], rows: int, values: list[float], **more: object
) -> ChartSpec:
    count = len(names)
    series = tuple(
        Series(f"系列{row}", tuple(values[(row * 7 + k) % len(values)] for k in range(count)))
        for row in range(rows)
    )
    return ChartSpec(kind, "图", names, series, **more)  # type: ignore[arg-type]


def pareto_of(names: tuple[str, ...], values: list[float]) -> ChartSpec:
    counts = sorted(
        (round(abs(values[k % len(values)])) + 1 for k in range(len(names))), reverse=True
    )
    total, running, shares = sum(counts), 0.0, []
    for count in counts:
        running += count
        shares.append(100 * running / total)
    series = (Series("", tuple(map(float, counts))), Series("", tuple(shares)))
    return ChartSpec(
        ChartKind.PARETO,
        "图",
        names,
        series,
        vital=frozenset({0}),
        hatched=frozenset({len(names) - 1}),
    )


NAMES = st.lists(
    st.text("产品性能与售后服务质量abc", min_size=1, max_size=20), min_size=1, max_size=40
).map(tuple)
VALUES = st.lists(
    st.floats(0, 12000, allow_nan=False).map(lambda v: round(v, 1)), min_size=1, max_size=40
)
ROWS = {ChartKind.BARS, ChartKind.STACKED, ChartKind.BULLET, ChartKind.PAIRS}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([k for k in ChartKind if k is not ChartKind.PARETO]), NAMES, st.integers(1, 3), VALUES,
       st.sampled_from((300.0, 482.0, 640.0)))  # fmt: skip
def test_no_labels_meet_whatever_the_data(kind, names, rows, values, room) -> None:  # type: ignore[no-untyped-def]
    if kind is ChartKind.FUNNEL:
        rows, names = 1, names[:8]
    check(draw(a_chart(kind, names, rows, values), room))


@settings(max_examples=40, deadline=None)
@given(NAMES, VALUES)
def test_no_labels_of_a_pareto_meet(names: tuple[str, ...], values: list[float]) -> None:
    check(draw(pareto_of(names, values)))


@pytest.mark.parametrize("kind", list(ChartKind))
def test_forty_categories_of_twenty_characters(kind: ChartKind) -> None:
    names = tuple(f"二十个字那么长的一个问题类别名称之第{k:02d}" for k in range(40))
    values = [float(k * 37 % 101) for k in range(40)]
    if kind is ChartKind.PARETO:
        check(draw(pareto_of(names, values)))
        return
    chart = a_chart(kind, names, 1 if kind is ChartKind.FUNNEL else 2, values, sums=Sums.BOTH)
    sheet = check(draw(chart, 482, most=640))
    if kind in ROWS:
        assert sheet.height <= 640


@pytest.mark.parametrize("kind", list(ChartKind))
def test_one_value_is_drawn(kind: ChartKind) -> None:
    names = ("仅此一类",)
    chart = pareto_of(names, [7]) if kind is ChartKind.PARETO else a_chart(kind, names, 1, [7.0])
    assert any("7" in text or "8" in text for text in texts(check(draw(chart))))


def test_a_missing_month_breaks_the_line() -> None:
    values = (4.0, 4.1, None, 4.2, 4.3, 4.1)
    sheet = draw(
        ChartSpec(ChartKind.LINE, "线", MONTHS[:6], (Series("", values),), y_min=3, y_max=5)
    )
    runs = [mark.points for mark in sheet.marks if isinstance(mark, Path) and not mark.closed]
    assert [len(run) for run in runs] == [2, 3]


def test_a_target_is_dashed_with_its_value_and_the_period_before_dotted() -> None:
    chart = ChartSpec(
        ChartKind.LINE, "线", MONTHS[:3],
        (Series("本期", (1, 2, 3)), Series("上期", (2, 2, 2), dotted=True)),
        references=(Reference(2.5, "目标 2.5"),),
    )  # fmt: skip
    sheet = check(draw(chart))
    assert {"目标 2.5", "本期", "上期"} <= set(texts(sheet))
    assert any(isinstance(mark, Line) and mark.dash == (3, 2) for mark in sheet.marks)
    dotted = [m for m in sheet.marks if isinstance(m, Path) and not m.closed and m.dash]
    assert len(dotted) == 1


def test_bands_lie_behind_their_months_with_their_names_apart() -> None:
    bands = (Band(1, 2, "双11大促期间"), Band(2, 3, "系统升级窗口"), Band(5, 5, "春节"))
    chart = ChartSpec(
        ChartKind.LINE, "线", MONTHS[:6], (Series("", (1, 2, 3, 4, 5, 6)),), bands=bands
    )
    sheet = check(draw(chart))
    assert {"双11大促期间", "系统升级窗口", "春节"} <= set(texts(sheet))
    wide = [mark for mark in sheet.marks if isinstance(mark, Rect)]
    assert wide[0].width == pytest.approx(2 * wide[2].width)


def test_n_stands_under_bars_and_small_groups_are_hatched() -> None:
    series = (Series("", (96.0, 50.0), n=(52, 4)),)
    chart = ChartSpec(ChartKind.COLUMNS, "柱", ("周敏", "王立群"), series, hatched=frozenset({1}))
    sheet = check(draw(chart))
    assert {"n=52", "n=4※"} <= set(texts(sheet))
    hatches = [mark for mark in sheet.marks if isinstance(mark, Line) and len(mark.strokes) > 3]
    assert len(hatches) == 1


def test_three_series_differ_without_colour() -> None:
    series = tuple(Series(name, (10.0, 20.0)) for name in ("甲", "乙", "丙"))
    sheet = draw(ChartSpec(ChartKind.COLUMNS, "柱", ("一", "二"), series))
    patterns = {
        (m.dash, len(m.strokes)) for m in sheet.marks if isinstance(m, Line) and len(m.strokes) > 3
    }
    assert len(patterns) >= 2  # plain, stripes, dots


def test_the_vital_few_are_dark_and_the_end_is_100() -> None:
    sheet = draw(pareto_of(("甲", "乙", "丙", "其他"), [40, 30, 20, 10]))
    assert "100.0%" in texts(sheet)
    assert "80%" in texts(sheet)


def test_a_funnel_tells_the_share_that_went_on() -> None:
    chart = ChartSpec(
        ChartKind.FUNNEL, "漏斗", ("发送", "评价", "差评", "联系"), (Series("", (400, 200, 0, 0)),)
    )
    assert step_shares(chart) == (None, 50.0, 0.0, None)
    found = texts(check(draw(chart)))
    assert "↓ 50.0%" in found
    assert "—" in found


def test_pairs_stand_on_scales_of_their_own() -> None:
    chart = ChartSpec(
        ChartKind.PAIRS, "前后", ("准时率", "首响"),
        (Series("改善前", (50, 30), ("50%", "30")), Series("改善后", (100, 15), ("100%", "15")), Series("目标", (95, 20))),
        scales=(100, 60), verdicts=("有效", "有效"),
    )  # fmt: skip
    sheet = check(draw(chart))
    assert texts(sheet).count("有效") == 2
    bars = [m for m in sheet.marks if isinstance(m, Rect) and m.height == 7 and m.width > 7]
    assert bars[0].width == pytest.approx(bars[2].width)  # 50 of 100 and 30 of 60


def test_sums_of_a_matrix() -> None:
    chart = ChartSpec(
        ChartKind.HEAT,
        "表",
        ("甲", "乙"),
        (Series("售后", (3, 4)), Series("物流", (None, 5))),
        sums=Sums.BOTH,
    )
    found = texts(check(draw(chart)))
    for total in ("7", "5", "3", "9", "12"):
        assert total in found
    assert "12" not in texts(
        draw(ChartSpec(ChartKind.HEAT, "表", ("甲", "乙"), chart.series, sums=Sums.NONE))
    )


def test_small_multiples_keep_their_titles_and_last_values() -> None:
    charts = [ChartSpec(ChartKind.LINE, f"指标{k}", MONTHS[:6], (Series("", (1, 2, 3, 4, 5, 6.5)),), decimals=1,
                        references=(Reference(5, "目标 5"),)) for k in range(6)]  # fmt: skip
    found = texts(check(multiples(charts, 482, 3)))
    assert [text for text in found if text.startswith("指标")] == [f"指标{k}" for k in range(6)]
    assert found.count("6.5") == 6


def test_causes_and_plans_keep_their_labels_apart() -> None:
    t = translator("zh_CN")
    whys = chain(
        (("为什么？" * 12, "因为很长的原因" * 9, "证据" * 20), ("为什么？", "答", "")), root=1
    )
    for sheet, _alt in causes.rungs(whys, t, 482):
        check(sheet)
    bones = tuple(
        Bone(name, tuple(Cause("可能的原因说明" * k) for k in range(1, 6)))
        for name in "人机料法环测"
    )
    check(causes.bones(FishboneDiagram("上门准时率", bones, "86.4% < 95%"), 482))
    tasks = tuple(
        Task("很长的任务名称" * 4, "负责人某某", k % 13, min(12, k % 13 + 3), 0.5)
        for k in range(30)
    )
    weeks = tuple(f"第{k}周" for k in range(1, 14))
    sheets = plan.plans(Plan(weeks, tasks, "计划", ((0, "流程"), (9, "能力"))), t, 482, 300)
    assert len(sheets) > 1
    for sheet in sheets:
        check(sheet)
        assert sheet.height <= 300


def test_no_band_covers_the_name_of_another() -> None:
    bands = (Band(1, 1, "双11大促与系统升级同时进行"), Band(1, 1, "物流停运"))
    chart = ChartSpec(
        ChartKind.LINE, "线", MONTHS[:6], (Series("", (1, 2, 3, 4, 5, 6)),), bands=bands
    )
    sheet = check(draw(chart))
    grounds = [n for n, mark in enumerate(sheet.marks) if isinstance(mark, Rect)]
    names = [
        n
        for n, mark in enumerate(sheet.marks)
        if isinstance(mark, Text) and mark.text in {b.label for b in bands}
    ]
    assert len(names) == 2
    assert max(grounds) < min(names)
