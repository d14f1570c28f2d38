"""A report as JSON and back: what a version said, to compare, to print again, to bring to Excel.

Every value of :mod:`model` is a dataclass of plain values; each is written with the name of its
class, so that what is read is what was written.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from svcdesk.domain import cause_drawing, chart
from svcdesk.reports import model

_KNOWN: dict[str, type] = {
    name: found
    for module in (model, chart, cause_drawing)
    for name, found in vars(module).items()
    if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum))
}


def packed(data: model.ReportData) -> bytes:
    """Return a report as compressed JSON."""
    text = json.dumps(_plain(data), ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode())


def unpacked(content: bytes) -> model.ReportData:
    """Return the report that :func:`packed` wrote."""
    found = _built(json.loads(zlib.decompress(content)))
    if not isinstance(found, model.ReportData):
        raise TypeError("this is not a report")
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return {"=": type(value).__name__, "value": value.value}
    if is_dataclass(value):
        return {"=": type(value).__name__} | {
            f.name: _plain(getattr(value, f.name)) for f in fields(value)
        }
    if isinstance(value, frozenset):
        return {"=": "frozenset", "value": sorted(value)}
    if isinstance(value, tuple):
        return {"=": "tuple", "value": [_plain(one) for one in value]}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value


def _built(value: Any) -> Any:
    if isinstance(value, list):
        return [_built(one) for one in value]
    if not isinstance(value, dict):
        return value
    name = value.pop("=")
    if name == "frozenset":
        return frozenset(value["value"])
    if name == "tuple":
        return tuple(_built(one) for one in value["value"])
    found = _KNOWN[name]
    if issubclass(found, Enum):
        return found(value["value"])
    # fields that a later version added have their defaults
    known = {f.name for f in fields(found)}  # type: ignore[arg-type] # all others are dataclasses
    return found(**{key: _built(one) for key, one in value.items() if key in known})
