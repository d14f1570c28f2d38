"""Grids of typed figures: cells, blocks, refusals with a sentence, one step (2.16, 3.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from svcdesk.services import dashboards, typed_figures, typed_saving, undo
from svcdesk.store import given_figures
from svcdesk.system.errors import ProblemsError, UserError
from tests.services.desks import item

if TYPE_CHECKING:
    from svcdesk.domain.period import Period
    from svcdesk.services.desk import Desk


def year(desk: Desk) -> Period:
    return dashboards.period_of(desk, "2026")


def cells(desk: Desk, kind: str, scope: str = "", code: str = "2026") -> dict[tuple[str, str], str]:
    return typed_figures.grid(desk, kind, dashboards.period_of(desk, code), scope).cells


def test_a_block_is_one_step(desk: Desk) -> None:
    edits = {("2026-01", "retention"): "92.5%", ("2026-02", "retention"): "９３",
             ("2026-01", "reverse_logistics"): "1,200.50"}  # fmt: skip
    assert typed_saving.save(desk, "manual", "", edits).value == []
    assert cells(desk, "manual") == {
        ("2026-01", "retention"): "92.5", ("2026-02", "retention"): "93",
        ("2026-01", "reverse_logistics"): "1200.5",
    }  # fmt: skip
    undo.undo(desk)
    assert cells(desk, "manual") == {}
    undo.redo(desk)
    assert len(cells(desk, "manual")) == 3


def test_bad_cells_come_back_and_good_ones_are_written(desk: Desk) -> None:
    edits = {("2026-01", "retention"): "高", ("2026-02", "retention"): "93"}
    (bad,) = typed_saving.save(desk, "manual", "", edits).value
    assert (bad.row, bad.column, bad.text) == ("2026-01", "retention", "高")
    assert bad.sentence == "“高” is not a number."
    assert cells(desk, "manual") == {("2026-02", "retention"): "93"}


def test_an_emptied_cell_is_a_gap(desk: Desk) -> None:
    typed_saving.save(desk, "manual", "", {("2026-02", "retention"): "93"})
    typed_saving.save(desk, "manual", "", {("2026-02", "retention"): ""})
    assert cells(desk, "manual") == {}
    period = dashboards.period_of(desk, "2026-02")
    found = dashboards.figures(desk, period, metric_ids=["manual.retention"])
    assert found["manual.retention"].value is None


def test_more_answered_than_offered_is_refused(desk: Desk) -> None:
    """AB17: the row stays in the grid; the connect rate is not touched."""
    phone = str(item(desk, "channel", "phone"))
    edits = {("2026-03-02", "offered"): "40", ("2026-03-02", "answered"): "41",
             ("2026-03-03", "offered"): "50", ("2026-03-03", "answered"): "45"}  # fmt: skip
    bad = typed_saving.save(desk, "channels", phone, edits).value
    assert {(b.row, b.column) for b in bad} == {
        ("2026-03-02", "offered"),
        ("2026-03-02", "answered"),
    }
    assert bad[0].sentence == "More contacts answered (41) than offered (40)."
    assert cells(desk, "channels", phone, "2026-03") == {
        ("2026-03-03", "offered"): "50", ("2026-03-03", "answered"): "45",
    }  # fmt: skip
    # a later change of one number alone is looked at with the stored other one
    (bad_one,) = typed_saving.save(
        desk, "channels", phone, {("2026-03-03", "answered"): "51"}
    ).value
    assert bad_one.column == "answered"


def test_a_row_is_written_when_it_is_whole(desk: Desk) -> None:
    phone = str(item(desk, "channel", "phone"))
    first = {("2026-03-02", "offered"): "40"}
    (bad,) = typed_saving.save(desk, "channels", phone, first).value
    assert bad.sentence == "Enter the rest of the row as well: Contacts answered."
    both = first | {("2026-03-02", "answered"): "38"}
    assert typed_saving.save(desk, "channels", phone, both).value == []
    emptied = dict.fromkeys(both, "")
    assert typed_saving.save(desk, "channels", phone, emptied).value == []
    assert cells(desk, "channels", phone, "2026-03") == {}


def test_spare_parts_are_four_numbers_of_a_class(desk: Desk) -> None:
    names = ("opening", "closing", "issued", "dead")
    texts = ("¥1,000", "3000", "9000.00", "1.5万")
    row = {("2026-03", name): text for name, text in zip(names, texts, strict=True)}
    assert typed_saving.save(desk, "parts", "易损件", row).value == []
    assert cells(desk, "parts", "易损件")["2026-03", "dead"] == "15000"
    found = given_figures.spare_parts(desk.reader, ["2026-03"])
    assert found == (1_000_00, 3_000_00, 9_000_00, 15_000_00)  # fen
    assert typed_figures.scopes(desk, "parts") == [("易损件", "易损件")]


def test_orders_of_all_and_negative_numbers(desk: Desk) -> None:
    edits = {("2026-03", "all"): "5,200", ("2026-02", "all"): "-1"}
    (bad,) = typed_saving.save(desk, "orders", "", edits).value
    assert bad.row == "2026-02"
    assert given_figures.order_volume(desk.reader, ["2026-03"]) == 5200


def test_industry_values_need_a_metric_and_a_source(desk: Desk) -> None:
    row = {
        ("new0", "metric"): "Connect rate",
        ("new0", "value"): "85",
        ("new0", "month"): "2026年1月",
    }
    bad = typed_saving.save(desk, "industry", "", row).value
    assert "An industry value needs its source." in {b.sentence for b in bad}
    assert len(bad) == 3  # the whole row stays in the grid
    row["new0", "source"] = "行业白皮书 2025"
    assert typed_saving.save(desk, "industry", "", row).value == []
    (value,) = given_figures.reference_values(desk.reader)
    assert (value.metric, value.kind, value.month, value.value, value.source) == (
        "connect_rate", "industry", "2026-01", 85.0, "行业白皮书 2025",
    )  # fmt: skip
    (twice,) = {b.sentence for b in typed_saving.save(desk, "industry", "", row).value
                if "another row" in b.sentence}  # fmt: skip
    assert twice == "There is another row for this figure and month."
    shown = cells(desk, "industry")
    assert shown[str(value.id), "metric"] == "Connect rate"
    typed_saving.save(
        desk,
        "industry",
        "",
        {(str(value.id), c): "" for c in ("metric", "value", "month", "source")},
    )
    assert given_figures.reference_values(desk.reader) == []


def test_a_baseline_needs_no_month(desk: Desk) -> None:
    row = {("new0", "metric"): "csat_mean", ("new0", "value"): "4.05", ("new0", "source"): "改善前"}
    assert typed_saving.save(desk, "baseline", "", row).value == []
    (value,) = given_figures.reference_values(desk.reader)
    assert (value.metric, value.kind, value.month, value.value) == (
        "csat_mean",
        "baseline",
        None,
        4.05,
    )


def test_a_figure_of_ones_own(desk: Desk) -> None:
    key = typed_figures.declare(desk, "转介绍客户数", "人", "up", 0).value
    with pytest.raises(ProblemsError, match="already"):
        typed_figures.declare(desk, "转介绍客户数", "人", "up")
    typed_saving.save(desk, "manual", "", {("2026-03", key): "12"})
    period = dashboards.period_of(desk, "2026-03")
    figure = dashboards.figures(desk, period, metric_ids=["manual.转介绍客户数"])[
        "manual.转介绍客户数"
    ]
    assert (figure.value, figure.display) == (12, "12")
    assert key in {c.key for c in typed_figures.grid(desk, "manual", year(desk)).columns}
    typed_figures.retire(desk, key)
    assert key not in {c.key for c in typed_figures.grid(desk, "manual", year(desk)).columns}
    with pytest.raises(UserError, match="stay in the list"):
        typed_figures.retire(desk, "retention")


def test_the_source_of_a_value(desk: Desk) -> None:
    typed_saving.save(desk, "manual", "", {("2026-03", "retention"): "93"})
    done = typed_figures.set_note(
        desk, [("retention", "2026-03"), ("retention", "2026-02")], "CRM 月报第 3 页"
    )
    assert done.value == 1
    typed_saving.save(desk, "manual", "", {("2026-03", "retention"): "94"})
    assert typed_figures.note_of(desk, "retention", "2026-03") == "CRM 月报第 3 页"
    assert typed_figures.note_of(desk, "retention", "2026-02") == ""
