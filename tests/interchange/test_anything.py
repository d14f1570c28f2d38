"""Whatever a file holds, it comes in or is refused with a sentence; nothing else happens."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from svcdesk.interchange import mapping as m
from svcdesk.interchange.columns import RowReader
from svcdesk.interchange.kinds import KINDS, kind_of
from svcdesk.interchange.problems import Bad
from svcdesk.interchange.source import open_source
from svcdesk.system.errors import AppError

CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["", " ", "1e5", "1.38E+10", "-", "=1", "４", "2026-13-45", "#REF!", "∞", "NaN", "１２月",
                     "9" * 400, "(1)", "1,,2", "%", "0x1F", "1_000", "²", "٣", "2026-03-05T24:00:00+99:99"]),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.booleans(),
    st.datetimes(datetime(1900, 1, 1), datetime(9999, 12, 31)),  # noqa: DTZ001 - as workbooks give them
    st.dates(date(1900, 1, 1), date(9999, 12, 31)),
    st.times(),
    st.timedeltas(timedelta(), timedelta(days=9999)),
    st.none(),
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
@settings(max_examples=15, deadline=None)
@given(st.data())
def test_any_cell_gives_a_value_or_a_reason(kind: m.Kind, data: st.DataObject) -> None:
    columns = m.connect(kind, m.Mapping(), tuple(field.name for field in kind.fields))
    reader = RowReader(kind, columns, zone="Asia/Shanghai", dates="ymd", latest=2**31)
    row = data.draw(st.lists(CELLS, min_size=len(kind.fields), max_size=len(kind.fields)))
    chunk = reader.read([(2, list(row))])
    for values in chunk.data.values():
        assert not any(isinstance(value, Bad) for value in values)
    for problem in chunk.problems:
        assert problem.text.format(**problem.values)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"{",
                     "工单号,客户\n".encode(), "工单号;客户\r\n".encode("gb18030"), b'"a","b\n']),
    st.binary(max_size=300),
)  # fmt: skip
@example("工单号,客户\n".encode(), b"\x00\x00\x00")
@example(b"\xff\xfe", b"\x00")
def test_any_file_gives_a_table_or_a_sentence(head: bytes, tail: bytes) -> None:
    kind = kind_of("tickets")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(head + tail)
        with suppress(AppError):
            source = open_source(path, lambda header: kind.field_named(header) is not None)
            for number, cells in source.records():
                assert number > 0
                assert len(cells) >= len(source.names)


def test_times_of_workbooks_are_no_dates() -> None:
    kind = kind_of("tickets")
    columns = m.connect(kind, m.Mapping(), ("created_at", "customer", "channel"))
    reader = RowReader(kind, columns, zone="Asia/Shanghai", dates="ymd", latest=None)
    for cell in (time(9, 30), timedelta(hours=3), True):
        chunk = reader.read([(2, [cell, "甲", "电话"])])
        assert [p.code for p in chunk.problems] == ["not_a_date"]
    moment = datetime(2026, 3, 5, 6, tzinfo=UTC)
    assert reader.read([(2, [moment, "甲", "电话"])]).data["created_at"] == [
        int(moment.timestamp())
    ]
