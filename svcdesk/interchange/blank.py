"""What people and programs write into a cell to say that there is nothing to say."""

from __future__ import annotations

MISSING = frozenset(
    {"?", "??", "-", "--", "---", "—", "——", "/", "\\", "n/a", "na", "null", "none", "nil", "nan",
     "#n/a", "无", "暂无", "空", "无数据", "(null)", "(blank)"}
)  # fmt: skip


def is_missing(text: str) -> bool:
    """Tell whether a cell, folded and trimmed, says that there is no value."""
    return len(text) <= 7 and text.lower() in MISSING
