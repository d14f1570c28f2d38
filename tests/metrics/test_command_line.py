"""The monthly complaint figures from the command line: by every dimension, under filters, marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from svcdesk.services.desk import Desk
from tests.test_cli import as_json, data, run

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["data"]

# Two by phone: one settled in time, one late; one by chat: open and, on the 6th, not yet due.
LEDGER = (
    "外部单号,客户,渠道,投诉类别,二级类别,责任部门,处理人,严重程度,地区,问题描述,受理时间,首次解决时间,解决时间\n"
    "A1,张三,电话,服务质量,,物流,,一般,北京,慢,2026-03-02 10:00,2026-03-03 10:00,2026-03-03 10:00\n"
    "A2,李四,电话,产品性能,,产品,,一般,上海,坏,2026-02-26 10:00,2026-03-05 10:00,2026-03-05 10:00\n"
    "A3,王五,在线聊天,产品性能,,产品,,一般,北京,坏,2026-03-05 10:00,,\n"
    "A4,赵六,电话,产品性能,,产品,,一般,北京,坏,2026-03-02 11:00,2026-03-06 11:00,2026-03-06 11:00\n"
)


@pytest.fixture
def ledger(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    source, mapping = tmp_path / "c.csv", tmp_path / "m.toml"
    source.write_text(LEDGER, encoding="utf-8-sig")
    mapping.write_text('kind = "complaints"\ncreate = ["customer"]\n', encoding="utf-8")
    done: Any = as_json(capsys, "import", source, "--map", mapping, "--data", data)
    assert (done["inserted"], done["rejected"]) == (4, [])
    return data


def metrics(capsys: pytest.CaptureFixture[str], path: Path, *more: object) -> Any:
    words = ("metrics", "-p", "2026-03", "--as-of", "2026-03-07", "--data", path, "--lang", "zh_CN")
    return as_json(capsys, *words, *more)


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("category", {"服务质量": 1, "产品性能": 2}),
        ("department", {"物流": 1, "产品": 2}),
        ("channel", {"电话": 2, "在线聊天": 1}),
        ("channel_group", {"线下": 2, "线上": 1}),
        ("severity", {"一般": 3}),
        ("tier", {"普通": 3}),
        ("region", {"北京": 3}),
        ("product", {"未填写": 3}),
        ("category_sub", {"未填写": 3}),
        ("handler", {"未填写": 3}),
    ],
)
def test_received_by_every_dimension(
    ledger: Path, capsys: pytest.CaptureFixture[str], by: str, expected: dict[str, int]
) -> None:
    found = metrics(capsys, ledger, "--by", by, "--only", "complaint_received")
    groups = found["complaint_received"]
    assert {group["group"]: group["num"] for group in groups} == expected


def test_classes_rates_and_filters(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    only = ("--only", "timely_rate,complaint_not_yet_due,complaint_received,second_rate")
    found = metrics(capsys, ledger, *only)
    rate = found["timely_rate"]
    # A1 in time; A4 due on Thursday the 5th at 18:00, settled on the 6th; A3 not yet due
    assert (rate["num"], rate["den"], rate["not_yet_due"]) == (1, 2, 1)
    assert found["complaint_not_yet_due"]["num"] == 1
    assert found["second_rate"]["provisional"] is True
    phone = metrics(capsys, ledger, *only, "--where", "channel=phone")
    assert (phone["timely_rate"]["num"], phone["timely_rate"]["den"]) == (1, 2)
    assert (phone["timely_rate"]["not_yet_due"], phone["complaint_received"]["num"]) == (0, 2)
    both = metrics(
        capsys, ledger, *only, "--where", "channel=电话,在线聊天", "--where", "category=产品性能"
    )
    assert (both["timely_rate"]["num"], both["timely_rate"]["den"]) == (0, 1)
    nowhere = metrics(capsys, ledger, *only, "--where", "product=-")
    assert nowhere["complaint_received"]["num"] == 3


def test_lines_carry_their_marks(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(
        capsys, "metrics", "-p", "2026-03", "--as-of", "2026-03-07", "--only",
        "timely_rate,second_rate", "--data", ledger, "--lang", "zh_CN",
    )  # fmt: skip
    timely, second = out.splitlines()
    assert timely.endswith("[※, 未到期1]")
    assert second.endswith("[※, 暂定]")


def test_drill_under_a_filter(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("drill", "timely_rate", "-p", "2026-03", "--as-of", "2026-03-07", "--data", ledger)
    whole: Any = as_json(capsys, *words)
    phone: Any = as_json(capsys, *words, "--where", "category=服务质量")
    assert len(whole["records"]) == 2
    assert len(phone["records"]) == 1
    assert set(phone["records"]) < set(whole["records"])


@pytest.mark.parametrize(
    ("where", "said"),
    [("channel", "channel"), ("colour=red", "colour=red"), ("channel=传真机", "传真机")],
)
def test_what_is_no_filter_is_refused_in_a_sentence(
    ledger: Path, capsys: pytest.CaptureFixture[str], where: str, said: str
) -> None:
    status, out, err = run(
        capsys, "metrics", "-p", "2026-03", "--data", ledger, "--where", where, "--lang", "zh_CN"
    )
    assert (status, out) == (1, "")
    assert said in err
    assert err.count("\n") == 1


def test_every_option_of_a_filter_is_understood_by_its_name(ledger: Path) -> None:
    from svcdesk.i18n.catalog import translator
    from svcdesk.services import figure_filters

    with Desk.open(ledger, write=False) as desk:
        for dimension in figure_filters.OFFERED:
            for language in ("zh_CN", "en"):
                for key, name in figure_filters.options(desk, dimension, translator(language)):
                    found = figure_filters.read(desk, [f"{dimension}={name}"])
                    assert found == {dimension: (key,)}, (dimension, name)
