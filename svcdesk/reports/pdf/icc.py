"""The colour profile of sRGB, computed from the numbers of IEC 61966-2-1.

Made here and not taken from a file, so that no foreign licence comes with it: an ICC profile of
version 2.1 with primaries adapted to D50 and the tone curve as a table.
"""

from __future__ import annotations

import struct
from functools import lru_cache

PRIMARIES = {  # XYZ adapted to D50, as ICC profiles hold them
    b"rXYZ": (0.43607, 0.22249, 0.01392),
    b"gXYZ": (0.38515, 0.71687, 0.09708),
    b"bXYZ": (0.14307, 0.06061, 0.71410),
}
WHITE = (0.95045, 1.0, 1.08905)  # D65, the white of the medium
D50 = (0.9642, 1.0, 0.8249)
STEPS = 1024
NAME = "sRGB IEC61966-2.1"
RIGHTS = "No rights reserved: numbers of a public standard."


@lru_cache(maxsize=1)
def srgb() -> bytes:
    """Return the profile."""
    curve = _curve()
    tags = [(b"desc", _description(NAME)), (b"cprt", _text(RIGHTS)), (b"wtpt", _xyz(WHITE))]
    tags += [(name, _xyz(value)) for name, value in PRIMARIES.items()]
    tags += [(b"rTRC", curve), (b"gTRC", curve), (b"bTRC", curve)]
    start = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    places: dict[bytes, int] = {}
    for name, content in tags:
        if content not in places:
            places[content] = start + len(body)
            body += content + b"\0" * (-len(content) % 4)
        table += name + struct.pack(">II", places[content], len(content))
    size = start + len(body)
    return _header(size) + table + body


def _header(size: int) -> bytes:
    made = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    return b"".join((
        struct.pack(">I", size), b"\0" * 4, bytes((2, 0x10, 0, 0)), b"mntrRGB XYZ ", made, b"acsp",
        b"\0" * 28, _numbers(D50), b"\0" * 48,
    ))  # fmt: skip


def _number(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _numbers(values: tuple[float, ...]) -> bytes:
    return b"".join(_number(value) for value in values)


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ \0\0\0\0" + _numbers(values)


def _text(text: str) -> bytes:
    return b"text\0\0\0\0" + text.encode("ascii") + b"\0"


def _description(text: str) -> bytes:
    shown = text.encode("ascii") + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(shown)) + shown + b"\0" * (4 + 4 + 2 + 1 + 67)


def _curve() -> bytes:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    steps = [round(65535 * linear(step / (STEPS - 1))) for step in range(STEPS)]
    return b"curv\0\0\0\0" + struct.pack(f">I{STEPS}H", STEPS, *steps)
