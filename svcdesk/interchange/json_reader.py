"""Rows of a JSON file: a list of flat objects, or an object that holds one, as in holiday-cn.

The State Council's days off are published per year in that form (domain.md 2.14):
``{"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from svcdesk.i18n.catalog import N_
from svcdesk.interchange import sniff
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST = 64 << 20  # read whole; longer lists come as CSV
OFF_DAY = "isOffDay"


def rows(path: Path) -> Iterator[tuple[int, list[object]]]:
    """Yield (row number, cells): the names of the members first, then one row per object."""
    records = _records(path)
    names = list(dict.fromkeys(name for record in records for name in record))
    yield 1, ["kind" if name == OFF_DAY else name for name in names]
    for number, record in enumerate(records, start=2):
        yield number, [_cell(name, record.get(name)) for name in names]


def _cell(name: str, value: Any) -> object:
    if name == OFF_DAY and value is not None:
        return "off" if value else "work"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else value


def _records(path: Path) -> list[dict[str, Any]]:
    if path.stat().st_size > LARGEST:
        raise UserError(
            N_("“{name}” is longer than 64 MB; save it as CSV."), code="too_large", name=path.name
        )
    try:
        with sniff.open_bytes(path) as stream:
            data = json.loads(stream.read().decode("utf-8-sig"))
    except ValueError as error:
        raise UserError(
            N_("“{name}” is not valid JSON: {reason}."),
            code="json",
            name=path.name,
            reason=str(error),
        ) from error
    if isinstance(data, dict):
        data = next((value for value in data.values() if _is_table(value)), None)
    if not _is_table(data):
        raise UserError(
            N_("“{name}” holds no list of records; there is nothing to import."),
            code="json",
            name=path.name,
        )
    return list(data)


def _is_table(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)
