"""Mapping files and the connection of headers with fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.interchange import mapping as m
from svcdesk.interchange.columns import RowReader
from svcdesk.interchange.kinds import KINDS, choice_names, kind_of
from svcdesk.interchange.kinds.model import CHINESE, ENGLISH, choice_words
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

TICKETS = kind_of("tickets")
EXAMPLE = """
kind = "tickets"
encoding = "gb18030"
header_row = 2
timezone = "America/New_York"
dates = "dmy"
only_good_rows = true
create = ["product", "user"]
[columns]
"number" = "external_no"
"sla_target_dt" = "promised_at"
"来源" = "渠道"
"cat" = ["issue_l1", "title"]
"sub" = "title"
"开单" = "created_at"
[separators]
title = " / "
[values.channel]
"Phone" = "电话"
"*" = "网站"
[constants]
request_type = "其他"
customer = "匿名"
"""


def read(
    kind: str, text: str, names: tuple[str, ...], *rows: list[object]
) -> dict[str, list[object]]:
    mapping = m.loads(text, kind_of(kind))
    columns = m.connect(kind_of(kind), mapping, names)
    reader = RowReader(
        kind_of(kind), columns, zone="Asia/Shanghai", dates=mapping.dates, latest=None
    )
    chunk = reader.read([(number, row) for number, row in enumerate(rows, start=2)])
    assert not chunk.problems
    return chunk.data


def test_the_example_of_the_decisions() -> None:
    found = m.loads(EXAMPLE)
    assert (found.kind, found.encoding, found.header_row, found.dates) == (
        "tickets",
        "gb18030",
        2,
        "dmy",
    )
    assert found.only_good_rows
    assert found.columns["来源"] == ("channel",)
    assert found.creates == {"product", "person"}
    assert m.loads(m.dumps(found)) == found


def test_columns_constants_values_and_joined_columns() -> None:
    names = ("number", "sla_target_dt", "来源", "cat", "sub", "开单")
    data = read(
        "tickets",
        EXAMPLE,
        names,
        ["7", "", "Phone", "A", "b", "5/3/2016"],
        ["8", "", "Fax", "A", "", "29/2/2016"],
    )
    assert data["channel"] == ["电话", "网站"]
    assert data["title"] == ["A / b", "A"]
    assert data["issue_l1"] == ["A", "A"]
    assert data["customer"] == ["匿名", "匿名"]
    assert data["request_type"] == ["other", "other"]


def test_blank_cells_take_the_constant_and_the_blank_value() -> None:
    text = '[constants]\nseverity = "重大"\n[values.channel]\n"" = "邮件"\n'
    names = ("受理时间", "投诉人", "渠道", "投诉类别", "投诉等级")
    data = read(
        "complaints",
        text,
        names,
        ["2026-3-5", "李明", "", "其他", ""],
        ["2026-3-5", "李明", "电话", "其他", "一般"],
    )
    assert data["severity"] == ["major", "normal"]
    assert data["channel"] == ["邮件", "电话"]


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_template_header_is_recognised_in_both_languages(kind: m.Kind) -> None:
    for language in (CHINESE, ENGLISH):
        headers = tuple(kind.header(field, language) for field in kind.fields)
        assert all(headers)
        assert len(set(headers)) == len(headers)
        columns = m.connect(kind, m.Mapping(), headers)
        assert {feed.field.name for feed in columns.feeds} == set(kind.by_name)
        assert columns.unused == ()
    columns = m.connect(kind, m.Mapping(), tuple(field.name for field in kind.fields))
    assert {feed.field.name for feed in columns.feeds} == set(kind.by_name)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_label_of_a_closed_list_can_be_imported(kind: m.Kind) -> None:
    for field in kind.fields:
        if field.choice:
            words = choice_words(field.choice)
            assert all(name in words for name in choice_names(field.choice))
            assert all(name in words for name in choice_names(field.choice, ENGLISH))


def test_synonyms_count_without_a_mapping_only() -> None:
    names = ("编号", "登记时间", "客户姓名", "来源", "备用")
    columns = m.connect(TICKETS, m.Mapping(), names)
    assert {f.field.name for f in columns.feeds} == {
        "ticket_no",
        "created_at",
        "customer",
        "channel",
    }
    assert columns.unused == ("备用",)
    with pytest.raises(UserError, match="受理时间"):
        m.connect(TICKETS, m.loads('[columns]\n"编号" = "external_no"', TICKETS), names)


def test_real_names_win_over_synonyms() -> None:
    names = ("创建时间", "受理时间", "客户", "渠道")
    feeds = {f.field.name: f.headers for f in m.connect(TICKETS, m.Mapping(), names).feeds}
    assert feeds["created_at"] == ("受理时间",)


def test_a_two_line_header_is_known_by_its_lower_line() -> None:
    names = ("受理时间", "客户/客户姓名", "来源/渠道", "客户/电话")
    feeds = {f.field.name: f.headers for f in m.connect(TICKETS, m.Mapping(), names).feeds}
    assert feeds["customer"] == ("客户/客户姓名",)
    assert feeds["channel"] == ("来源/渠道",)
    assert feeds["customer_phone"] == ("客户/电话",)


def refusal(text: str, names: tuple[str, ...] = ("受理时间", "客户", "渠道")) -> UserError:
    with pytest.raises(UserError) as caught:
        m.connect(TICKETS, m.loads(text, TICKETS), names)
    assert "{" not in str(caught.value).replace("{}", "")
    return caught.value


def test_refusals_name_what_is_wrong() -> None:
    assert refusal("", ("受理时间", "客户")).values["fields"] == "渠道 (channel)"
    assert refusal("", ("受理时间", "客户", "渠道", "渠道")).values["letters"] == "C, D"
    assert refusal('[columns]\n"来电" = "channel"').values["column"] == "来电"
    assert refusal('[columns]\n"渠道" = "chanel"').values["field"] == "chanel"
    assert refusal('kind = "tocket"').code == "unknown_kind"
    assert refusal("dates = 'ydm'").code == "mapping"
    assert refusal("header_row = '2'").values["key"] == "header_row"
    assert refusal("header_row = true").values["key"] == "header_row"
    assert refusal("colums = 1").values["key"] == "colums"
    assert refusal("create = ['planets']").code == "mapping"
    assert refusal("[columns").code == "mapping"
    assert refusal("columns = 3").values["key"] == "columns"


def test_a_mapping_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        m.load(tmp_path / "no.toml")


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs",), exclude_characters="\x00"), max_size=12
)


@settings(max_examples=60)
@given(st.dictionaries(WORDS, WORDS, max_size=4), WORDS, st.booleans())
def test_a_written_mapping_reads_back(table: dict[str, str], word: str, only: bool) -> None:
    given_mapping = m.Mapping(
        kind="tickets",
        only_good_rows=only,
        separator=word,
        columns=dict.fromkeys(table, ("title",)),
        values={"channel": table} if table else {},
        constants={"region": word},
    )
    assert m.loads(m.dumps(given_mapping)) == given_mapping


def test_saving_writes_every_connection_out() -> None:
    names = ("受理时间", "客户", "渠道", "备用")
    columns = m.connect(TICKETS, m.Mapping(kind="tickets"), names)
    saved = m.with_columns(m.Mapping(kind="tickets"), columns)
    assert saved.columns == {
        "受理时间": ("created_at",),
        "客户": ("customer",),
        "渠道": ("channel",),
        "备用": (),
    }
    assert m.connect(TICKETS, m.loads(m.dumps(saved)), names).feeds == columns.feeds
